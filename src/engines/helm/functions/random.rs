//! Chance in templates. All of it comes out of the seed of the rendering, so that the same seed gives the same manifests.
use crate::engines::gotemplate::{Failure, Func, Ty, Value, Vm};
use crate::engines::helm::host::Host;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

pub(super) static FUNCS: &[Func] = &[
    Func { name: "randAlphaNum", params: &[Ty::Int], variadic: None, call: rand_alpha_num },
    Func { name: "randAlpha", params: &[Ty::Int], variadic: None, call: rand_alpha },
    Func { name: "randAscii", params: &[Ty::Int], variadic: None, call: rand_ascii },
    Func { name: "randNumeric", params: &[Ty::Int], variadic: None, call: rand_numeric },
    Func { name: "randBytes", params: &[Ty::Int], variadic: None, call: rand_bytes },
    Func { name: "randInt", params: &[Ty::Int, Ty::Int], variadic: None, call: rand_int },
    Func { name: "uuidv4", params: &[], variadic: None, call: uuidv4 },
];

/// Bytes of chance for a function with these arguments, paid for before they are made.
pub(super) fn draw(vm: &mut Vm<'_>, function: &str, arguments: &[u8], length: usize) -> Result<Vec<u8>, Failure> {
    vm.spend(1 + length as u64 / 32, length as u64)?;
    match vm.host::<Host>() {
        Some(host) => Ok(host.draw(function, arguments, length)),
        None => Err(Failure::new("no source of chance")),
    }
}

fn int(value: Option<&Value>) -> i64 {
    match value {
        Some(Value::Int(value, _)) => *value,
        _ => 0,
    }
}

/// So many characters of an alphabet; a negative number gives nothing.
fn pick(vm: &mut Vm<'_>, function: &str, args: &[Value], alphabet: &[u8]) -> Result<Value, Failure> {
    let count = int(args.first());
    let length = usize::try_from(count).unwrap_or(0);
    if length == 0 {
        return Ok(Value::from(""));
    }
    vm.spend(length as u64 / 8, length as u64)?;
    // Two bytes for each character, so that no letter is much likelier than another.
    let bytes = draw(vm, function, &count.to_le_bytes(), length.saturating_mul(2))?;
    let letter = |pair: &[u8]| {
        let number = usize::from(pair[0]) << 8 | usize::from(pair.get(1).copied().unwrap_or(0));
        alphabet.get(number % alphabet.len().max(1)).copied().unwrap_or(b'0')
    };
    Ok(Value::text(bytes.chunks(2).map(letter).collect::<Vec<u8>>()))
}

const ALPHA_NUM: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn rand_alpha_num(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    pick(vm, "randAlphaNum", args, ALPHA_NUM)
}

fn rand_alpha(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    pick(vm, "randAlpha", args, &ALPHA_NUM[10..])
}

fn rand_numeric(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    pick(vm, "randNumeric", args, &ALPHA_NUM[..10])
}

fn rand_ascii(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let printable: Vec<u8> = (b' '..=b'~').collect();
    pick(vm, "randAscii", args, &printable)
}

fn rand_bytes(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let count = int(args.first());
    let length =
        usize::try_from(count).map_err(|_| Failure::Panic("runtime error: makeslice: len out of range".to_owned()))?;
    vm.spend(length as u64 / 8, (length as u64).saturating_mul(2))?;
    let bytes = draw(vm, "randBytes", &count.to_le_bytes(), length)?;
    Ok(Value::from(STANDARD.encode(bytes)))
}

fn rand_int(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let (least, end) = (int(args.first()), int(args.get(1)));
    let width = end.wrapping_sub(least);
    if width <= 0 {
        return Err(Failure::Panic("invalid argument to Intn".to_owned()));
    }
    let mut arguments = least.to_le_bytes().to_vec();
    arguments.extend_from_slice(&end.to_le_bytes());
    let bytes = draw(vm, "randInt", &arguments, 8)?;
    let number = bytes.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte)) % width.unsigned_abs();
    Ok(Value::int(least.wrapping_add(number.cast_signed())))
}

fn uuidv4(vm: &mut Vm<'_>, _args: &[Value]) -> Result<Value, Failure> {
    let mut bytes = draw(vm, "uuidv4", &[], 16)?;
    for (at, keep, set) in [(6, 0x0f, 0x40), (8, 0x3f, 0x80)] {
        if let Some(byte) = bytes.get_mut(at) {
            *byte = *byte & keep | set;
        }
    }
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| hex.get(range).unwrap_or_default().to_owned());
    Ok(Value::from(parts.join("-")))
}
