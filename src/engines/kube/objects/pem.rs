//! Certificates: whom they name, until when, and by which key, as a node that is compared like any other.
use crate::engines::yaml::{Data, Node, Span};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The certificates of a text, or of a text in base64; nothing when it holds anything else.
pub(super) fn certificates(text: &str) -> Option<Node> {
    if text.trim_start().starts_with(BEGIN) {
        return all(text);
    }
    // `LS0tLS1CRUdJTi` is base64 of the first bytes of every PEM text.
    if !text.starts_with("LS0tLS1CRUdJTi") {
        return None;
    }
    let compact: String = text.split_whitespace().collect();
    all(&String::from_utf8(STANDARD.decode(compact).ok()?).ok()?)
}

fn all(text: &str) -> Option<Node> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (body, tail) = rest.strip_prefix(BEGIN)?.split_once(END)?;
        let body: String = body.split_whitespace().collect();
        found.push(certificate(&STANDARD.decode(body).ok()?)?);
        rest = tail.trim();
    }
    match found.len() {
        0 => None,
        1 => found.pop(),
        _ => Some(node(Data::List(found))),
    }
}

/// A value of DER: its tag, what it holds, and what follows it.
fn read(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = if *first < 0x80 {
        (usize::from(*first), rest)
    } else {
        let count = usize::from(first & 0x7f);
        let digits = rest.get(..count).filter(|_| (1..=4).contains(&count))?;
        (digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit)), rest.get(count..)?)
    };
    Some((*tag, rest.get(..length)?, rest.get(length..)?))
}

fn certificate(bytes: &[u8]) -> Option<Node> {
    let (_, outer, _) = read(bytes)?;
    let (_, mut rest, _) = read(outer)?;
    let mut parts: Vec<(u8, &[u8])> = Vec::new();
    while let Some((tag, value, tail)) = read(rest) {
        parts.push((tag, value));
        rest = tail;
    }
    // The version is written only when it is not the first one.
    let start = usize::from(parts.first()?.0 == 0xa0);
    let part = |at: usize| parts.get(start + at).map(|(_, value)| *value);
    let (issuer, validity, subject, key) = (part(2)?, part(3)?, part(4)?, part(5)?);
    let (_, after, times) = read(validity)?;
    let (_, before, _) = read(times)?;
    let extensions = parts.iter().find(|(tag, _)| *tag == 0xa3).map(|(_, value)| *value).unwrap_or_default();
    let names = alternatives(extensions).into_iter().map(text).collect();
    let entries = [
        ("subject", text(name(subject))),
        ("issuer", text(name(issuer))),
        ("names", node(Data::List(names))),
        ("notBefore", text(String::from_utf8_lossy(after).into_owned())),
        ("notAfter", text(String::from_utf8_lossy(before).into_owned())),
        ("key", text(digest(key))),
    ];
    Some(node(Data::Map(entries.into_iter().map(|(key, value)| (text(key.to_owned()), value)).collect())))
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The texts of a distinguished name, in order.
fn name(mut bytes: &[u8]) -> String {
    let mut parts = Vec::new();
    while let Some((_, set, tail)) = read(bytes) {
        let value = read(set).and_then(|(_, pair, _)| read(pair)).and_then(|(_, _, value)| read(value));
        parts.extend(value.map(|(_, value, _)| String::from_utf8_lossy(value).into_owned()));
        bytes = tail;
    }
    parts.join(", ")
}

/// The other names that a certificate is for.
fn alternatives(bytes: &[u8]) -> Vec<String> {
    const OID: &[u8] = &[0x06, 0x03, 0x55, 0x1d, 0x11];
    let Some((_, mut list, _)) = read(bytes) else { return Vec::new() };
    let mut found = Vec::new();
    while let Some((_, extension, tail)) = read(list) {
        list = tail;
        let Some(mut value) = extension.strip_prefix(OID) else { continue };
        // A mark that it is critical may stand before the value.
        if value.first() == Some(&0x01) {
            value = read(value).map(|(_, _, tail)| tail).unwrap_or_default();
        }
        let names = read(value).and_then(|(_, value, _)| read(value)).map(|(_, names, _)| names);
        let mut names = names.unwrap_or_default();
        while let Some((tag, value, tail)) = read(names) {
            names = tail;
            found.push(match (tag, value) {
                (0x87, [a, b, c, d]) => format!("{a}.{b}.{c}.{d}"),
                (0x81 | 0x82 | 0x86, _) => String::from_utf8_lossy(value).into_owned(),
                _ => digest(value),
            });
        }
    }
    found.sort_unstable();
    found
}

fn node(data: Data) -> Node {
    Node { span: Span::default(), tag: None, data, written: None }
}

fn text(text: String) -> Node {
    Node::from_text(text, Span::default())
}
