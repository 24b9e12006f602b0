//! Certificates, version 3: what names, dates and uses say is right, the signature is chance.
use super::der::{INTEGER, OCTETS, OID, SEQUENCE, SET, bits, group, integer, items, sequence, wrap};
use super::key::{Key, KeyKind};
use crate::engines::helm::functions::dates;
use sha1::{Digest, Sha1};

/// What a certificate shall say.
pub(super) struct Request<'a> {
    pub(super) name: &'a str,
    pub(super) ips: &'a [Vec<u8>],
    pub(super) hosts: &'a [String],
    /// From when, in Unix time, and for how many days.
    pub(super) now: i64,
    pub(super) days: i64,
    pub(super) authority: bool,
}

/// Who signs, out of a certificate.
pub(super) struct Issuer {
    name: Vec<u8>,
    public: Vec<u8>,
    key_id: Vec<u8>,
}

impl Issuer {
    /// Reads the parts that matter out of a certificate.
    ///
    /// # Errors
    /// When it is none.
    pub(super) fn parse(der: &[u8]) -> Result<Issuer, String> {
        Issuer::read(der).ok_or_else(|| "x509: malformed certificate".to_owned())
    }

    fn read(der: &[u8]) -> Option<Issuer> {
        let outer = sequence(der)?;
        let [body, algorithm, signature] = &outer[..] else { return None };
        if body.tag != SEQUENCE || algorithm.tag != SEQUENCE || signature.tag != super::der::BITS {
            return None;
        }
        let parts = items(body.content)?;
        let parts = if parts.first()?.tag == 0xa0 { parts.get(1..)? } else { &parts };
        let [serial, _, _, _, subject, public, extensions @ ..] = parts else { return None };
        if serial.tag != INTEGER || subject.tag != SEQUENCE || public.tag != SEQUENCE {
            return None;
        }
        let mut key_id = Vec::new();
        for extension in extensions.iter().filter(|part| part.tag == 0xa3) {
            for extension in sequence(extension.content)? {
                let parts = items(extension.content)?;
                if parts.first()?.content == [0x55, 0x1d, 0x0e] {
                    key_id = super::der::read(parts.last()?.content)?.0.content.to_vec();
                }
            }
        }
        Some(Issuer { name: subject.whole.to_vec(), public: public.whole.to_vec(), key_id })
    }
}

/// The certificate in DER.
///
/// # Errors
/// What Go's `CreateCertificate` refuses.
pub(super) fn certificate(
    request: &Request<'_>,
    key: &Key,
    issuer: Option<&Issuer>,
    signing: &Key,
    chance: &[u8],
) -> Result<Vec<u8>, String> {
    if signing.kind == KeyKind::Dsa {
        return Err("x509: certificate private key does not implement crypto.Signer".to_owned());
    }
    if key.kind == KeyKind::Dsa {
        return Err("x509: unsupported public key type: *dsa.PublicKey".to_owned());
    }
    if issuer.is_some_and(|issuer| !signing.public.is_empty() && issuer.public != signing.public) {
        return Err("x509: provided PrivateKey doesn't match parent's PublicKey".to_owned());
    }
    let (serial, noise) = chance.split_at(chance.len().min(16));
    let subject = name(request.name);
    let issued_by = issuer.map_or_else(|| subject.clone(), |issuer| issuer.name.clone());
    let end = request.now.saturating_add(request.days.saturating_mul(86_400));
    let validity = group(SEQUENCE, &[time(request.now), time(end)]);
    let parent = issuer.filter(|issuer| issuer.name != subject).map(|issuer| &issuer.key_id[..]).unwrap_or_default();
    let method = signature_algorithm(signing.kind);
    let body = group(
        SEQUENCE,
        &[
            wrap(0xa0, &integer(&[2])),
            integer(serial),
            method.clone(),
            issued_by,
            validity,
            subject,
            public(key, noise),
            wrap(0xa3, &group(SEQUENCE, &extensions(request, key, parent))),
        ],
    );
    Ok(group(SEQUENCE, &[body, method, bits(&signature(signing, noise))]))
}

/// The public half, or one of right form when the key does not tell its own.
fn public(key: &Key, chance: &[u8]) -> Vec<u8> {
    match (key.public.is_empty(), key.kind) {
        (false, _) => key.public.clone(),
        (true, KeyKind::Ed25519) => Key::ed25519(chance).public,
        (true, _) => Key::ecdsa(chance).public,
    }
}

fn signature(signing: &Key, chance: &[u8]) -> Vec<u8> {
    let part = |from: usize, length: usize| chance.get(from..from + length).unwrap_or(chance);
    match signing.kind {
        // As long as the modulus; the public half has little beside it.
        KeyKind::Rsa => part(0, if signing.public.len() > 400 { 512 } else { 256 }).to_vec(),
        KeyKind::Ed25519 => part(0, 64).to_vec(),
        KeyKind::Ec | KeyKind::Dsa => group(SEQUENCE, &[integer(part(0, 32)), integer(part(32, 32))]),
    }
}

fn signature_algorithm(kind: KeyKind) -> Vec<u8> {
    match kind {
        KeyKind::Rsa => {
            group(SEQUENCE, &[wrap(OID, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b]), vec![5, 0]])
        }
        KeyKind::Ed25519 => group(SEQUENCE, &[wrap(OID, &[0x2b, 0x65, 0x70])]),
        KeyKind::Ec | KeyKind::Dsa => group(SEQUENCE, &[wrap(OID, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02])]),
    }
}

/// A name that has a common name alone, or nothing.
fn name(common: &str) -> Vec<u8> {
    if common.is_empty() {
        return group(SEQUENCE, &[]);
    }
    // What fits into a PrintableString, to which Go adds `*` and `&`.
    let printable = |byte: u8| byte.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(&byte);
    let tag = if common.bytes().all(printable) { 0x13 } else { 0x0c };
    let pair = group(SEQUENCE, &[wrap(OID, &[0x55, 0x04, 0x03]), wrap(tag, common.as_bytes())]);
    group(SEQUENCE, &[wrap(SET, &pair)])
}

/// `UTCTime` for the years 1950 to 2049, `GeneralizedTime` for others.
fn time(seconds: i64) -> Vec<u8> {
    let text = dates::stamp(seconds.clamp(-62_135_596_800, 253_402_300_799));
    let short = ("1950".."2050").contains(&text.get(..4).unwrap_or_default());
    if short { wrap(0x17, text.as_bytes().get(2..).unwrap_or_default()) } else { wrap(0x18, text.as_bytes()) }
}

fn extensions(request: &Request<'_>, key: &Key, parent: &[u8]) -> Vec<Vec<u8>> {
    let extension = |oid: u8, critical: bool, content: Vec<u8>| {
        let mut parts = vec![wrap(OID, &[0x55, 0x1d, oid])];
        parts.extend(critical.then(|| vec![1, 1, 0xff]));
        parts.push(wrap(OCTETS, &content));
        group(SEQUENCE, &parts)
    };
    // Signing and encipherment of keys; authorities sign certificates too.
    let usage = if request.authority { vec![3, 2, 2, 0xa4] } else { vec![3, 2, 5, 0xa0] };
    let purpose = |last: u8| wrap(OID, &[0x2b, 6, 1, 5, 5, 7, 3, last]);
    let basic = if request.authority { vec![vec![1, 1, 0xff]] } else { Vec::new() };
    let mut out = vec![
        extension(15, true, usage),
        extension(37, false, group(SEQUENCE, &[purpose(1), purpose(2)])),
        extension(19, true, group(SEQUENCE, &basic)),
    ];
    if request.authority {
        out.push(extension(14, false, wrap(OCTETS, &Sha1::digest(&key.public))));
    }
    if !parent.is_empty() {
        out.push(extension(35, false, group(SEQUENCE, &[wrap(0x80, parent)])));
    }
    let mut names: Vec<Vec<u8>> = request.hosts.iter().map(|host| wrap(0x82, host.as_bytes())).collect();
    names.extend(request.ips.iter().map(|ip| wrap(0x87, ip)));
    if !names.is_empty() {
        out.push(extension(17, false, group(SEQUENCE, &names)));
    }
    out
}
