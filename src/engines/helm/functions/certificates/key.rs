//! Private keys: made-up ones of right form, and given ones, of which only the form is looked at.
use super::der::{BITS, INTEGER, Item, OCTETS, OID, SEQUENCE, bits, group, integer, items, sequence, wrap};
use super::pem;

/// How much chance the largest key takes.
pub(super) const RSA_CHANCE: usize = 2400;

const OID_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const OID_EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const OID_P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const OID_ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// What kind of key, which says how certificates are signed with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyKind {
    Rsa,
    Dsa,
    Ec,
    Ed25519,
}

/// A private key in its own DER form (PKCS #1, SEC 1, PKCS #8 for Ed25519).
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) kind: KeyKind,
    der: Vec<u8>,
    /// The public half, as certificates carry it; empty when the key does not tell.
    pub(super) public: Vec<u8>,
}

/// Numbers of exact length out of one piece of chance.
struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    /// So many bytes, the first and the last bit set.
    fn take(&mut self, length: usize) -> Vec<u8> {
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        let mut number = taken.to_vec();
        number.resize(length, 0x5a);
        if let Some(first) = number.first_mut() {
            *first |= 0x80;
        }
        if let Some(last) = number.last_mut() {
            *last |= 1;
        }
        number
    }
}

fn algorithm(oid: &[u8], parameters: &[u8]) -> Vec<u8> {
    wrap(SEQUENCE, &[&wrap(OID, oid)[..], parameters].concat())
}

fn rsa_public(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let key = group(SEQUENCE, &[modulus.to_vec(), exponent.to_vec()]);
    group(SEQUENCE, &[algorithm(OID_RSA, &[5, 0]), bits(&key)])
}

impl Key {
    /// RSA with a modulus of so many bits.
    pub(super) fn rsa(size: usize, chance: &[u8]) -> Key {
        let mut numbers = Numbers(chance);
        let (long, short) = (size / 8, size / 16);
        let modulus = integer(&numbers.take(long));
        let exponent = integer(&[1, 0, 1]);
        let mut parts = vec![integer(&[0]), modulus.clone(), exponent.clone(), integer(&numbers.take(long))];
        parts.extend((0..5).map(|_| integer(&numbers.take(short))));
        Key { kind: KeyKind::Rsa, der: group(SEQUENCE, &parts), public: rsa_public(&modulus, &exponent) }
    }

    /// DSA with 2048 and 256 bits.
    pub(super) fn dsa(chance: &[u8]) -> Key {
        let mut numbers = Numbers(chance);
        let parts = [256, 32, 256, 256, 32].map(|length| integer(&numbers.take(length)));
        let der = [vec![integer(&[0])], parts.to_vec()].concat();
        Key { kind: KeyKind::Dsa, der: group(SEQUENCE, &der), public: Vec::new() }
    }

    /// A key on the curve P-256.
    pub(super) fn ecdsa(chance: &[u8]) -> Key {
        let mut numbers = Numbers(chance);
        let mut secret = numbers.take(32);
        // Above the order of the curve, so that no program takes it for a key.
        for byte in secret.iter_mut().take(8) {
            *byte = 0xff;
        }
        let point = bits(&[&[4], &numbers.take(32)[..], &numbers.take(32)].concat());
        let curve = wrap(OID, OID_P256);
        let der = group(SEQUENCE, &[integer(&[1]), wrap(OCTETS, &secret), wrap(0xa0, &curve), wrap(0xa1, &point)]);
        Key { kind: KeyKind::Ec, der, public: group(SEQUENCE, &[algorithm(OID_EC, &curve), point]) }
    }

    /// An Ed25519 key.
    pub(super) fn ed25519(chance: &[u8]) -> Key {
        let mut numbers = Numbers(chance);
        // Any 32 bytes would be a key; as a bit string, which it must not be, they are none.
        let secret = wrap(OCTETS, &wrap(BITS, &numbers.take(32)));
        let public = group(SEQUENCE, &[algorithm(OID_ED25519, &[]), bits(&numbers.take(32))]);
        Key {
            kind: KeyKind::Ed25519,
            der: group(SEQUENCE, &[integer(&[0]), algorithm(OID_ED25519, &[]), secret]),
            public,
        }
    }

    /// What stands after `BEGIN`.
    pub(super) fn label(&self) -> &'static str {
        match self.kind {
            KeyKind::Rsa => "RSA PRIVATE KEY",
            KeyKind::Dsa => "DSA PRIVATE KEY",
            KeyKind::Ec => "EC PRIVATE KEY",
            KeyKind::Ed25519 => "PRIVATE KEY",
        }
    }

    /// The content of the PEM block.
    pub(super) fn der(&self) -> Vec<u8> {
        self.der.clone()
    }

    /// Reads a private key from PEM.
    ///
    /// # Errors
    /// What Sprig says; the reasons that Go's ASN.1 reader would add are shortened.
    pub(super) fn parse(text: &[u8]) -> Result<Key, String> {
        let Some((label, der)) = pem::decode(text) else { return Err("no PEM data in input".to_owned()) };
        if label == "PRIVATE KEY" {
            return pkcs8(&der).ok_or_else(|| format!("decoding PEM as PKCS#8: {}", hint(&der, "PKCS8")));
        }
        let Some(kind) = label.strip_suffix(" PRIVATE KEY") else {
            return Err(format!("no private key data in PEM block of type {label}"));
        };
        match kind {
            "RSA" => pkcs1(&der).ok_or_else(|| format!("parsing RSA private key from PEM: {}", hint(&der, "PKCS1"))),
            "EC" => sec1(&der, None).ok_or_else(|| format!("parsing EC private key from PEM: {}", hint(&der, "EC"))),
            "DSA" => dsa(&der).ok_or_else(|| format!("parsing DSA private key from PEM: {}", hint(&der, "DSA"))),
            _ => Err(format!("invalid private key type {label}")),
        }
    }
}

/// Why a key is not of the wanted form; Go names the right reader when it would be another one.
fn hint(der: &[u8], wanted: &str) -> String {
    let instead = [("PKCS8", pkcs8(der).is_some()), ("PKCS1", pkcs1(der).is_some()), ("EC", sec1(der, None).is_some())];
    match instead.iter().find(|(name, fits)| *fits && *name != wanted) {
        Some((name, _)) if wanted != "DSA" => {
            format!("x509: failed to parse private key (use Parse{name}PrivateKey instead for this key format)")
        }
        _ => "asn1: structure error: tags don't match".to_owned(),
    }
}

fn pkcs1(der: &[u8]) -> Option<Key> {
    let parts = sequence(der)?;
    let numbers = parts.len() >= 9 && parts.iter().take(9).all(|part| part.tag == INTEGER);
    let [_, modulus, exponent, ..] = &parts[..] else { return None };
    numbers.then(|| Key { kind: KeyKind::Rsa, der: der.to_vec(), public: rsa_public(modulus.whole, exponent.whole) })
}

fn dsa(der: &[u8]) -> Option<Key> {
    let parts = sequence(der)?;
    let numbers = parts.len() == 6 && parts.iter().all(|part| part.tag == INTEGER);
    numbers.then(|| Key { kind: KeyKind::Dsa, der: der.to_vec(), public: Vec::new() })
}

/// An EC key; the curve may be named outside.
fn sec1(der: &[u8], curve: Option<&[u8]>) -> Option<Key> {
    let parts = sequence(der)?;
    let [version, secret, rest @ ..] = &parts[..] else { return None };
    if version.tag != INTEGER || version.content != [1] || secret.tag != OCTETS {
        return None;
    }
    let tagged = |tag: u8| rest.iter().find(|part| part.tag == tag).map(|part| part.content);
    let curve = curve.or_else(|| tagged(0xa0))?;
    let public = tagged(0xa1).map(|point| group(SEQUENCE, &[algorithm(OID_EC, curve), point.to_vec()]));
    let mut der = vec![version.whole.to_vec(), secret.whole.to_vec(), wrap(0xa0, curve)];
    der.extend(tagged(0xa1).map(|point| wrap(0xa1, point)));
    Some(Key { kind: KeyKind::Ec, der: group(SEQUENCE, &der), public: public.unwrap_or_default() })
}

fn pkcs8(der: &[u8]) -> Option<Key> {
    let parts = sequence(der)?;
    let [version, algorithm, secret, ..] = &parts[..] else { return None };
    if version.tag != INTEGER || algorithm.tag != SEQUENCE || secret.tag != OCTETS {
        return None;
    }
    let names = items(algorithm.content)?;
    let (oid, parameters): (&Item<'_>, _) = (names.first()?, names.get(1));
    match oid.content {
        OID_RSA => pkcs1(secret.content),
        OID_EC => sec1(secret.content, Some(parameters?.whole)),
        OID_ED25519 => {
            let public = parts
                .iter()
                .find(|part| part.tag == 0x81)
                .map(|part| group(SEQUENCE, &[self::algorithm(OID_ED25519, &[]), wrap(BITS, part.content)]));
            Some(Key { kind: KeyKind::Ed25519, der: der.to_vec(), public: public.unwrap_or_default() })
        }
        _ => None,
    }
}
