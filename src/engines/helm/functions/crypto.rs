//! Passwords derived from a master password, and AES.
use super::hashes::bytes;
use super::random::draw;
use crate::engines::gotemplate::{Failure, Func, Ty, Value, Vm};
use aes::Aes256;
use base64::Engine;
use base64::alphabet::STANDARD as STANDARD_ALPHABET;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub(super) static FUNCS: &[Func] = &[
    Func {
        name: "derivePassword",
        params: &[Ty::Int, Ty::String, Ty::String, Ty::String, Ty::String],
        variadic: None,
        call: derive_password,
    },
    Func { name: "encryptAES", params: &[Ty::String, Ty::String], variadic: None, call: encrypt_aes },
    Func { name: "decryptAES", params: &[Ty::String, Ty::String], variadic: None, call: decrypt_aes },
];

/// The name that the Master Password algorithm mixes in.
const SCOPE: &[u8] = b"com.lyndir.masterpassword";

/// What passwords of a kind look like; the first byte of the seed picks one, each letter stands for a class.
fn shapes(kind: &[u8]) -> &'static [&'static str] {
    match kind {
        b"maximum" => &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        b"long" => &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
        b"medium" => &["CvcnoCvc", "CvcCvcno"],
        b"short" => &["Cvcn"],
        b"basic" => &["aaanaaan", "aannaaan", "aaannaaa"],
        b"pin" => &["nnnn"],
        _ => &[],
    }
}

fn class(letter: u8) -> &'static [u8] {
    match letter {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

fn length_of(bytes: &[u8]) -> [u8; 4] {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes()
}

fn derive_password(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let counter = match args.first() {
        Some(Value::Int(counter, _)) => counter.cast_unsigned(),
        Some(Value::Uint(counter, _)) => *counter,
        _ => 0,
    };
    let (kind, password, user, site) = (bytes(args, 1), bytes(args, 2), bytes(args, 3), bytes(args, 4));
    vm.spend(1, kind.len() as u64 + user.len() as u64 + site.len() as u64 + 256)?;
    let shapes = shapes(&kind);
    if shapes.is_empty() {
        return Ok(Value::text([b"cannot find password template ", &kind[..]].concat()));
    }
    // 32 MiB and a fifth of a second, each time.
    vm.spend(400_000, 32 << 20)?;
    let salt = [SCOPE, &length_of(&user), &user].concat();
    let mut key = [0; 64];
    let wrong = |what: &dyn std::fmt::Display| Failure::new(format!("failed to derive password: {what}"));
    let params = scrypt::Params::new(15, 8, 2).map_err(|error| wrong(&error))?;
    scrypt::scrypt(&password, &salt, &params, &mut key).map_err(|error| wrong(&error))?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|error| wrong(&error))?;
    for part in [SCOPE, &length_of(&site), &site, &(counter as u32).to_be_bytes()] {
        mac.update(part);
    }
    let seed = mac.finalize().into_bytes();
    let at = |index: usize| usize::from(seed.get(index).copied().unwrap_or(0));
    let shape = shapes.get(at(0) % shapes.len()).copied().unwrap_or_default();
    let letter = |(index, letter): (usize, u8)| {
        let class = class(letter);
        class.get(at(index + 1) % class.len()).copied().unwrap_or(b'0')
    };
    Ok(Value::text(shape.bytes().enumerate().map(letter).collect::<Vec<u8>>()))
}

/// The password itself is the key, cut or filled up with zeros.
fn key(password: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    for (to, from) in key.iter_mut().zip(password) {
        *to = *from;
    }
    key
}

fn encrypt_aes(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let (password, plain) = (bytes(args, 0), bytes(args, 1));
    if plain.is_empty() {
        return Ok(Value::from(""));
    }
    vm.spend(1 + plain.len() as u64 / 32, (plain.len() as u64 + 64).saturating_mul(3))?;
    let iv = draw(vm, "encryptAES", &[&password[..], b"\0", &plain].concat(), 16)?;
    let padding = 16 - plain.len() % 16;
    let mut content = plain.to_vec();
    content.resize(plain.len() + padding, padding as u8);
    let cipher = cbc::Encryptor::<Aes256>::new_from_slices(&key(&password), &iv)
        .map_err(|error| Failure::new(error.to_string()))?;
    let mut out = iv;
    out.extend_from_slice(&cipher.encrypt_padded_vec::<NoPadding>(&content));
    Ok(Value::from(STANDARD.encode(out)))
}

fn decrypt_aes(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let (password, text) = (bytes(args, 0), bytes(args, 1));
    if text.is_empty() {
        return Ok(Value::from(""));
    }
    vm.spend(1 + text.len() as u64 / 32, (text.len() as u64).saturating_mul(2))?;
    let data = decode(&text).map_err(Failure::Error)?;
    let Some((iv, data)) = data.split_at_checked(16) else {
        return Err(Failure::Panic(format!(
            "runtime error: slice bounds out of range [:16] with capacity {}",
            text.len() / 4 * 3
        )));
    };
    if data.len() % 16 != 0 {
        return Err(Failure::Panic("crypto/cipher: input not full blocks".to_owned()));
    }
    let cipher = cbc::Decryptor::<Aes256>::new_from_slices(&key(&password), iv)
        .map_err(|error| Failure::new(error.to_string()))?;
    let mut plain = cipher.decrypt_padded_vec::<NoPadding>(data).map_err(|error| Failure::new(error.to_string()))?;
    let Some(padding) = plain.last().map(|last| usize::from(*last)) else {
        return Err(Failure::Panic("runtime error: index out of range [-1]".to_owned()));
    };
    let Some(length) = plain.len().checked_sub(padding) else {
        return Err(Failure::Panic(format!(
            "runtime error: slice bounds out of range [:{}]",
            plain.len() as i64 - padding as i64
        )));
    };
    plain.truncate(length);
    Ok(Value::text(plain))
}

/// Standard base64 as Go decodes it: line ends do not count, nor do the bits of the last character that make no byte.
///
/// # Errors
/// Go's text, with the place of the first byte that does not fit.
pub(super) fn decode(text: &[u8]) -> Result<Vec<u8>, String> {
    let marked = text.iter().enumerate().filter(|(_, byte)| !matches!(byte, b'\r' | b'\n'));
    let (places, kept): (Vec<usize>, Vec<u8>) = marked.map(|(place, byte)| (place, *byte)).unzip();
    let place = |at: usize| places.get(at).copied().unwrap_or(text.len());
    let corrupt = |place: usize| Err(format!("illegal base64 data at input byte {place}"));
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let end = kept.iter().position(|byte| !fits(byte)).unwrap_or(kept.len());
    let after = match (end % 4, kept.get(end), kept.get(end + 1)) {
        (0, None, _) => end,
        (_, None, _) => return corrupt(place(end).saturating_sub(end % 4)),
        (2, Some(b'='), Some(b'=')) => end + 2,
        (2, Some(b'='), None) => return corrupt(text.len()),
        (2, Some(b'='), _) => return corrupt(place(end + 1).saturating_sub(1)),
        (3, Some(b'='), _) => end + 1,
        _ => return corrupt(place(end)),
    };
    if after < kept.len() {
        return corrupt(place(after));
    }
    let lenient = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
    GeneralPurpose::new(&STANDARD_ALPHABET, lenient).decode(&kept).or_else(|_| corrupt(text.len()))
}

#[cfg(test)]
mod tests;
