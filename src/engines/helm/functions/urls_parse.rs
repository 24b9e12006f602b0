//! Go's reading of URLs: which parts there are, and how each of them is escaped.
use super::strings::find;
use super::urls::complaint;
use crate::engines::gotemplate::fmt;
use core::net::IpAddr;

/// A part of a URL; each has its own characters that need no escape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The path.
    Path,
    /// Host and port.
    Host,
    /// The zone of an IPv6 address.
    Zone,
    /// User name and password.
    User,
    /// What follows `#`.
    Fragment,
}

/// A user, and perhaps a password.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct User {
    name: Vec<u8>,
    password: Option<Vec<u8>>,
}

/// A URL in its parts, unescaped where Go has them so.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Url {
    pub(super) scheme: Vec<u8>,
    pub(super) opaque: Vec<u8>,
    pub(super) user: Option<User>,
    pub(super) host: Vec<u8>,
    pub(super) path: Vec<u8>,
    pub(super) query: Vec<u8>,
    pub(super) fragment: Vec<u8>,
}

impl User {
    /// `name:password`, escaped.
    pub(super) fn text(&self) -> Vec<u8> {
        let mut out = escape(&self.name, Part::User);
        if let Some(password) = &self.password {
            out.push(b':');
            out.extend_from_slice(&escape(password, Part::User));
        }
        out
    }
}

/// The two sides of the first `byte`.
fn cut(text: &[u8], byte: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|other| *other == byte) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

/// Whether a byte must be escaped in this part.
fn needs_escape(byte: u8, part: Part) -> bool {
    let free = match byte {
        b'-' | b'_' | b'.' | b'~' => true,
        _ if byte.is_ascii_alphanumeric() => true,
        b'!' | b'(' | b')' | b'*' => matches!(part, Part::Host | Part::Zone | Part::Fragment),
        b'"' | b'\'' | b'<' | b'>' | b'[' | b']' => matches!(part, Part::Host | Part::Zone),
        b'$' | b'&' | b'+' | b',' | b';' | b'=' => true,
        b':' => part != Part::User,
        b'/' => matches!(part, Part::Path | Part::Fragment),
        b'@' => matches!(part, Part::Path | Part::Fragment),
        b'?' => part == Part::Fragment,
        _ => false,
    };
    !free
}

/// Escapes a text for a part.
pub(super) fn escape(text: &[u8], part: Part) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        match needs_escape(byte, part) {
            true => out.extend_from_slice(format!("%{byte:02X}").as_bytes()),
            false => out.push(byte),
        }
    }
    out
}

fn hex(byte: Option<&u8>) -> Option<u8> {
    byte.and_then(|byte| char::from(*byte).to_digit(16)).and_then(|digit| u8::try_from(digit).ok())
}

/// Takes escapes out of a part.
fn unescape(text: &[u8], part: Part) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if byte != b'%' {
            if matches!(part, Part::Host | Part::Zone) && byte.is_ascii() && needs_escape(byte, part) {
                return Err(format!("invalid character {} in host name", fmt::quote_text([byte])));
            }
            out.push(byte);
            at += 1;
            continue;
        }
        let escape = &text[at..text.len().min(at + 3)];
        let bad = || Err(format!("invalid URL escape {}", fmt::quote_text(escape)));
        let (Some(high), Some(low)) = (hex(text.get(at + 1)), hex(text.get(at + 2))) else { return bad() };
        let value = high << 4 | low;
        let percent = escape == b"%25";
        // A host may only escape what is not ASCII, a zone only what it could also say plainly.
        if part == Part::Host && high < 8 && !percent {
            return bad();
        }
        if part == Part::Zone && !percent && value != b' ' && needs_escape(value, Part::Host) {
            return bad();
        }
        out.push(value);
        at += 3;
    }
    Ok(out)
}

/// The scheme and what follows it.
fn scheme(text: &[u8]) -> Result<(&[u8], &[u8]), String> {
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Ok((b"", text))
}

impl Url {
    /// Reads a URL.
    ///
    /// # Errors
    /// Go's text: `parse "URL": WHAT IS WRONG`.
    pub(super) fn parse(text: &[u8]) -> Result<Url, String> {
        let (main, fragment) = cut(text, b'#');
        let mut url = Url::parse_main(main).map_err(|problem| complaint(main, &problem))?;
        if let Some(fragment) = fragment {
            url.fragment = unescape(fragment, Part::Fragment).map_err(|problem| complaint(text, &problem))?;
        }
        Ok(url)
    }

    fn parse_main(text: &[u8]) -> Result<Url, String> {
        if text.iter().any(u8::is_ascii_control) {
            return Err("net/url: invalid control character in URL".to_owned());
        }
        let mut url = Url::default();
        if text == b"*" {
            url.path = b"*".to_vec();
            return Ok(url);
        }
        let (scheme, rest) = scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        let (mut rest, query) = cut(rest, b'?');
        url.query = query.unwrap_or_default().to_vec();
        if !rest.starts_with(b"/") {
            if !scheme.is_empty() {
                url.opaque = rest.to_vec();
                return Ok(url);
            }
            if cut(rest, b'/').0.contains(&b':') {
                return Err("first path segment in URL cannot contain colon".to_owned());
            }
        }
        if rest.starts_with(b"//") && (!scheme.is_empty() || !rest.starts_with(b"///")) {
            let end = rest[2..].iter().position(|byte| *byte == b'/').map_or(rest.len(), |at| at + 2);
            (url.user, url.host) = authority(&url.scheme, &rest[2..end])?;
            rest = &rest[end..];
        }
        url.path = unescape(rest, Part::Path)?;
        Ok(url)
    }

    /// The host without port and brackets.
    pub(super) fn hostname(&self) -> &[u8] {
        let host = match self.host.iter().rposition(|byte| *byte == b':') {
            Some(colon) if is_port(&self.host[colon..]) => &self.host[..colon],
            _ => &self.host,
        };
        host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]")).unwrap_or(host)
    }
}

fn authority(scheme: &[u8], text: &[u8]) -> Result<(Option<User>, Vec<u8>), String> {
    let Some(at) = text.iter().rposition(|byte| *byte == b'@') else { return Ok((None, host(scheme, text)?)) };
    let (user, name) = (&text[..at], host(scheme, &text[at + 1..])?);
    let known = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte);
    if !user.iter().all(known) {
        return Err("net/url: invalid userinfo".to_owned());
    }
    let (user, password) = cut(user, b':');
    let user = unescape(user, Part::User)?;
    let password = password.map(|password| unescape(password, Part::User)).transpose()?;
    Ok((Some(User { name: user, password }), name))
}

/// `:` and digits, or nothing.
fn is_port(text: &[u8]) -> bool {
    match text {
        [] => true,
        [b':', digits @ ..] => digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

fn host(scheme: &[u8], text: &[u8]) -> Result<Vec<u8>, String> {
    match text.iter().rposition(|byte| *byte == b'[') {
        Some(0) => return literal(text),
        Some(_) => return Err("invalid IP-literal".to_owned()),
        None => {}
    }
    if let Some(first) = text.iter().position(|byte| *byte == b':') {
        // Lists of hosts with ports are let through, but not for the web.
        let strict = matches!(scheme, b"http" | b"https");
        let last = text.iter().rposition(|byte| *byte == b':').unwrap_or(first);
        port(&text[if strict { first } else { last }..])?;
    }
    unescape(text, Part::Host)
}

fn port(text: &[u8]) -> Result<(), String> {
    match is_port(text) {
        true => Ok(()),
        false => Err(format!("invalid port {} after host", fmt::quote_text(text))),
    }
}

/// An address in brackets, and perhaps a port.
fn literal(text: &[u8]) -> Result<Vec<u8>, String> {
    let Some(close) = text.iter().rposition(|byte| *byte == b']') else { return Err("missing ']' in host".to_owned()) };
    let after = &text[close + 1..];
    port(after)?;
    let after = unescape(after, Part::Host)?;
    let inner = &text[1..close];
    let name = match find(inner, b"%25") {
        Some(zone) => [unescape(&inner[..zone], Part::Host)?, unescape(&inner[zone..], Part::Zone)?].concat(),
        None => unescape(inner, Part::Host)?,
    };
    check_address(&name)?;
    Ok([b"[", name.as_slice(), b"]", &after].concat())
}

fn check_address(name: &[u8]) -> Result<(), String> {
    let (address, zone) = cut(name, b'%');
    match std::str::from_utf8(address).ok().and_then(|address| address.parse::<IpAddr>().ok()) {
        Some(IpAddr::V6(_)) if zone != Some(b"") => Ok(()),
        Some(IpAddr::V4(_)) if zone.is_none() => Err("invalid IP-literal".to_owned()),
        _ => Err(format!("invalid host: ParseAddr({}): unable to parse IP", fmt::quote_text(name))),
    }
}
