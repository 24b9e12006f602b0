//! Versions in templates: `semver` and `semverCompare`.
use crate::engines::gotemplate::{Element, Failure, Func, Kind, List, Object, Ty, UintType, Value, Vm};
use crate::engines::helm::Compat;
use crate::engines::helm::host::Host;
use crate::engines::helm::semver::{Constraint, Flaw, Version, check_pre, identifiers};
use std::any::Any;
use std::cmp::Ordering;
use std::rc::Rc;

pub(super) static FUNCS: &[Func] = &[
    Func { name: "semver", params: &[Ty::String], variadic: None, call: semver },
    Func { name: "semverCompare", params: &[Ty::String, Ty::String], variadic: None, call: semver_compare },
];

fn compat(vm: &mut Vm<'_>) -> Compat {
    vm.host::<Host>().map_or(Compat::Helm4, |host| host.compat)
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_string).map(|text| text.lossy().into_owned()).unwrap_or_default()
}

fn semver(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let text = text(args.first());
    vm.spend(1, text.len() as u64)?;
    let compat = compat(vm);
    let version = Version::read(&text).map_err(|flaw| Failure::new(flaw.text(compat)))?;
    Ok(Value::Object(Rc::new(SemVer { version, pointer: true, compat })))
}

fn semver_compare(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let (constraint, version) = (text(args.first()), text(args.get(1)));
    vm.spend(1 + constraint.len() as u64 / 16, constraint.len() as u64)?;
    let compat = compat(vm);
    let constraint = Constraint::parse_as(&constraint, compat).map_err(Failure::Error)?;
    let version = Version::read(&version).map_err(|flaw| Failure::new(flaw.text(compat)))?;
    Ok(Value::Bool(constraint.check(&version)))
}

/// A version as templates see it.
pub(super) struct SemVer {
    version: Version,
    /// `*semver.Version`; what `IncMajor` gives is no pointer, and lacks the methods of pointers.
    pointer: bool,
    compat: Compat,
}

impl SemVer {
    fn value(&self, version: Version) -> Value {
        Value::Object(Rc::new(SemVer { version, pointer: false, compat: self.compat }))
    }

    fn next(&self, part: usize) -> Result<Value, Failure> {
        let old = &self.version;
        let step = |number: u64, name: &str| match number.checked_add(1) {
            Some(next) => Ok(next),
            None if self.compat == Compat::Helm3 => Ok(0),
            None => Err(Failure::Panic(format!("{name} version increment would overflow uint64"))),
        };
        let (major, minor, patch) = match part {
            0 => (step(old.major, "major")?, 0, 0),
            1 => (old.major, step(old.minor, "minor")?, 0),
            // What comes before a release becomes that release.
            _ if !old.pre.is_empty() => (old.major, old.minor, old.patch),
            _ => (old.major, old.minor, step(old.patch, "patch")?),
        };
        let original = old.original.clone();
        Ok(self.value(Version { major, minor, patch, pre: String::new(), metadata: String::new(), original }.renewed()))
    }

    fn with_part(&self, name: &str, args: &[Value]) -> Result<Value, Failure> {
        let [Value::String(part)] = args else { return Err(wrong_arguments(name, args, "string")) };
        let part = part.lossy().into_owned();
        let mut version = self.version.clone();
        if name == "SetPrerelease" {
            check_pre(&part).map_err(|flaw| Failure::new(flaw.text(self.compat)))?;
            version.pre = part;
        } else {
            if !part.is_empty() && !identifiers(&part) {
                return Err(Failure::new(Flaw::Metadata.text(self.compat)));
            }
            version.metadata = part;
        }
        Ok(self.value(version.renewed()))
    }

    fn compare(&self, name: &str, args: &[Value]) -> Result<Value, Failure> {
        let other = match args {
            [other] => other.as_object::<SemVer>().filter(|other| other.pointer),
            _ => None,
        };
        let Some(other) = other else { return Err(wrong_arguments(name, args, "*semver.Version")) };
        let order = self.version.precedence(&other.version);
        Ok(match name {
            "Compare" => Value::int(match order {
                Ordering::Less => -1,
                Ordering::Equal => 0,
                Ordering::Greater => 1,
            }),
            "LessThan" => Value::Bool(order.is_lt()),
            "LessThanEqual" => Value::Bool(order.is_le()),
            "GreaterThan" => Value::Bool(order.is_gt()),
            "GreaterThanEqual" => Value::Bool(order.is_ge()),
            _ => Value::Bool(order.is_eq()),
        })
    }
}

/// A `[]byte`.
fn raw(text: String) -> Value {
    Value::List(List::of(Element::Uint8, text.bytes().map(|byte| Value::Uint(byte.into(), UintType::Uint8)).collect()))
}

/// What Go says of a method called with something else than the one argument it takes.
fn wrong_arguments(name: &str, args: &[Value], expected: &str) -> Failure {
    match args {
        [Value::Nil] if expected == "string" => Failure::new(format!("invalid value; expected {expected}")),
        [Value::Nil] => Failure::Panic("runtime error: invalid memory address or nil pointer dereference".to_owned()),
        [one] => Failure::new(format!("wrong type for value; expected {expected}; got {}", one.type_name())),
        _ => Failure::new(format!("wrong number of args for {name}: want 1 got {}", args.len())),
    }
}

impl Object for SemVer {
    fn type_name(&self) -> &str {
        if self.pointer { "*semver.Version" } else { "semver.Version" }
    }

    fn kind(&self) -> Kind {
        if self.pointer { Kind::Ptr } else { Kind::Struct }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn call(&self, _vm: &mut Vm<'_>, name: &str, args: &[Value]) -> Option<Result<Value, Failure>> {
        let version = &self.version;
        let number = |number: u64| Value::Uint(number, UintType::Uint64);
        let plain = match name {
            "Major" => number(version.major),
            "Minor" => number(version.minor),
            "Patch" => number(version.patch),
            "Prerelease" => Value::from(version.pre.clone()),
            "Metadata" => Value::from(version.metadata.clone()),
            "String" | "Value" => Value::from(version.to_string()),
            "MarshalText" => raw(version.to_string()),
            "MarshalJSON" => raw(format!("\"{version}\"")),
            "Original" if self.pointer => Value::from(version.original.clone()),
            "IncMajor" | "IncMinor" | "IncPatch" if !args.is_empty() => Value::Nil,
            "IncMajor" => return Some(self.next(0)),
            "IncMinor" => return Some(self.next(1)),
            "IncPatch" => return Some(self.next(2)),
            "SetPrerelease" | "SetMetadata" => return Some(self.with_part(name, args)),
            "LessThanEqual" | "GreaterThanEqual" if self.compat == Compat::Helm3 => return None,
            "Compare" | "LessThan" | "LessThanEqual" | "GreaterThan" | "GreaterThanEqual" | "Equal" if self.pointer => {
                return Some(self.compare(name, args));
            }
            _ => return None,
        };
        if args.is_empty() {
            return Some(Ok(plain));
        }
        Some(Err(Failure::new(format!("wrong number of args for {name}: want 0 got {}", args.len()))))
    }

    fn display(&self) -> String {
        self.version.to_string()
    }
}
