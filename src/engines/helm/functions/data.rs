//! Values to JSON, YAML and TOML, and back: Helm's own functions and those of Sprig that Helm leaves.
use super::{Call, fixed};
use crate::engines::gotemplate::{Bytes, Failure, Func, List, Map, Ty, Value, Vm};
use crate::engines::helm::codec;
use crate::engines::helm::host::{Compat, Host};

pub(super) static FUNCS: &[Func] = &[
    encoder("toYaml", |vm, args| quiet(vm, args, codec::to_yaml)),
    encoder("mustToYaml", |vm, args| strict(vm, args, codec::to_yaml)),
    encoder("toYamlPretty", |vm, args| quiet(vm, args, codec::to_yaml_pretty)),
    encoder("toJson", |vm, args| quiet(vm, args, codec::encode)),
    encoder("mustToJson", |vm, args| strict(vm, args, codec::encode)),
    encoder("toPrettyJson", |vm, args| quiet(vm, args, codec::encode_pretty)),
    encoder("mustToPrettyJson", |vm, args| strict(vm, args, codec::encode_pretty)),
    encoder("toRawJson", |vm, args| strict(vm, args, codec::encode_raw)),
    encoder("mustToRawJson", |vm, args| strict(vm, args, codec::encode_raw)),
    encoder("toToml", to_toml),
    encoder("mustToToml", |vm, args| strict(vm, args, codec::to_toml)),
    decoder("fromYaml", |vm, args| map(vm, args, codec::from_yaml)),
    decoder("fromYamlArray", |vm, args| array(vm, args, codec::from_yaml_array)),
    decoder("fromJson", |vm, args| map(vm, args, codec::decode_map)),
    decoder("fromJsonArray", |vm, args| array(vm, args, codec::decode_array)),
    decoder("mustFromJson", |vm, args| read(vm, args, codec::decode)?.map_err(Failure::Error)),
    decoder("fromToml", |vm, args| map(vm, args, codec::from_toml)),
];

const fn encoder(name: &'static str, call: Call) -> Func {
    fixed(name, &[Ty::Any], call)
}

const fn decoder(name: &'static str, call: Call) -> Func {
    fixed(name, &[Ty::String], call)
}

/// The text of a value.
fn write(
    vm: &mut Vm<'_>,
    args: &[Value],
    write: fn(&Value) -> Result<Vec<u8>, String>,
) -> Result<Result<Vec<u8>, String>, Failure> {
    let value = args.first().unwrap_or(&Value::Nil);
    // The writers are bounded themselves. One that failed may have worked for long.
    let text = write(value);
    let (steps, bytes) = text.as_ref().map_or((100_000, 1 << 20), |text| (text.len() as u64 / 32, text.len() as u64));
    vm.spend(1 + steps, bytes)?;
    Ok(text)
}

fn quiet(vm: &mut Vm<'_>, args: &[Value], how: fn(&Value) -> Result<Vec<u8>, String>) -> Result<Value, Failure> {
    Ok(Value::text(write(vm, args, how)?.unwrap_or_default()))
}

fn strict(vm: &mut Vm<'_>, args: &[Value], how: fn(&Value) -> Result<Vec<u8>, String>) -> Result<Value, Failure> {
    write(vm, args, how)?.map(Value::text).map_err(Failure::Error)
}

fn to_toml(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    // The older encoder of Helm 3 writes nothing but maps.
    if vm.host::<Host>().is_some_and(|host| host.compat == Compat::Helm3) {
        match args {
            [Value::Nil] => {
                return Err(Failure::Panic("reflect: call of reflect.Value.Interface on zero Value".to_owned()));
            }
            [Value::Map(_) | Value::Object(_)] => {}
            _ => return Ok(Value::from("toml: top-level values must be Go maps or structs")),
        }
    }
    Ok(Value::text(write(vm, args, codec::to_toml)?.unwrap_or_else(String::into_bytes)))
}

/// The value of a text.
fn read(
    vm: &mut Vm<'_>,
    args: &[Value],
    read: fn(&[u8]) -> Result<Value, String>,
) -> Result<Result<Value, String>, Failure> {
    let text: &[u8] = args.first().and_then(Value::as_string).map_or(b"", |text| text);
    let size = text.len() as u64;
    // Some values take many times the room of their texts.
    vm.spend(1 + size / 16, size.saturating_mul(8))?;
    Ok(read(text))
}

/// A map, or one with the error in it.
fn map(vm: &mut Vm<'_>, args: &[Value], how: fn(&[u8]) -> Result<Value, String>) -> Result<Value, Failure> {
    Ok(read(vm, args, how)?
        .unwrap_or_else(|error| Value::Map(Map::from_iter([(Bytes::from("Error"), Value::from(error))]))))
}

/// A list, or one with nothing but the error in it.
fn array(vm: &mut Vm<'_>, args: &[Value], how: fn(&[u8]) -> Result<Value, String>) -> Result<Value, Failure> {
    Ok(read(vm, args, how)?.unwrap_or_else(|error| Value::List(List::new(vec![Value::from(error)]))))
}
