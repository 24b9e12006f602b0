//! Checksums and password hashes.
use super::random::draw;
use crate::engines::gotemplate::{Bytes, Failure, Func, Ty, Value, Vm};
use sha2::Digest;

pub(super) static FUNCS: &[Func] = &[
    Func { name: "sha1sum", params: &[Ty::String], variadic: None, call: sha1sum },
    Func { name: "sha256sum", params: &[Ty::String], variadic: None, call: sha256sum },
    Func { name: "sha512sum", params: &[Ty::String], variadic: None, call: sha512sum },
    Func { name: "adler32sum", params: &[Ty::String], variadic: None, call: adler32sum },
    Func { name: "bcrypt", params: &[Ty::String], variadic: None, call: bcrypt },
    Func { name: "htpasswd", params: &[Ty::String, Ty::String], variadic: None, call: htpasswd },
];

/// The argument at this place; nothing when it is no string.
pub(super) fn bytes(args: &[Value], at: usize) -> Bytes {
    args.get(at).and_then(Value::as_string).cloned().unwrap_or_default()
}

fn hex<D: Digest>(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let input = bytes(args, 0);
    vm.spend(1 + input.len() as u64 / 16, 128)?;
    Ok(Value::from(D::digest(&*input).iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
}

fn sha1sum(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    hex::<sha1::Sha1>(vm, args)
}

fn sha256sum(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    hex::<sha2::Sha256>(vm, args)
}

fn sha512sum(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    hex::<sha2::Sha512>(vm, args)
}

/// Adler-32, as a decimal number.
fn adler32sum(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    const MODULUS: u32 = 65_521;
    let input = bytes(args, 0);
    vm.spend(1 + input.len() as u64 / 64, 16)?;
    let (mut low, mut high) = (1u32, 0u32);
    // So many bytes can be added before the sums leave 32 bits.
    for part in input.chunks(5552) {
        for byte in part {
            low += u32::from(*byte);
            high += low;
        }
        (low, high) = (low % MODULUS, high % MODULUS);
    }
    Ok(Value::from((high << 16 | low).to_string()))
}

/// A text of the form of a bcrypt hash with the usual cost. It hashes nothing: a real one has a random salt and differs each
/// time, so nothing may depend on it, and it costs a tenth of a second.
fn placeholder(vm: &mut Vm<'_>, password: &[u8]) -> Result<String, Failure> {
    const ALPHABET: &[u8] = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    if password.len() > 72 {
        return Ok("failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes".to_owned());
    }
    let chance = draw(vm, "bcrypt", password, 53)?;
    let mut out = "$2a$10$".to_owned();
    for (at, byte) in chance.iter().enumerate() {
        // 16 bytes of salt are 22 characters and 23 bytes of hash are 31: the last of each carries two and four bits.
        let mask = match at {
            21 => 0x30,
            52 => 0x3c,
            _ => 0x3f,
        };
        out.push(char::from(ALPHABET.get(usize::from(byte & mask)).copied().unwrap_or(b'.')));
    }
    Ok(out)
}

fn bcrypt(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    placeholder(vm, &bytes(args, 0)).map(Value::from)
}

fn htpasswd(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let (user, password) = (bytes(args, 0), bytes(args, 1));
    vm.spend(1, user.len() as u64 + 64)?;
    let mut out = user.to_vec();
    if user.contains(&b':') {
        out.splice(..0, b"invalid username: ".iter().copied());
    } else {
        out.push(b':');
        out.extend_from_slice(placeholder(vm, &password)?.as_bytes());
    }
    Ok(Value::text(out))
}
