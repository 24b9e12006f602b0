//! Times, durations, months, weekdays and zones as templates see them, with their methods.
use super::civil::{DAYS, MONTHS};
use super::duration::Duration;
use super::layout;
use super::zone::{Time, Zone};
use crate::engines::gotemplate::{Element, Failure, IntType, Kind, List, Object, Ty, UintType, Value, Vm};
use std::any::Any;
use std::rc::Rc;

/// `time.Time`.
pub(super) struct GoTime(pub(super) Time);

/// `time.Duration`.
pub(super) struct GoDuration(pub(super) Duration);

/// `time.Month` or `time.Weekday`: the type, the number, its name.
struct Named(&'static str, i64, &'static str);

/// `*time.Location`.
struct Location(Zone);

fn duration(duration: Duration) -> Value {
    Value::Object(Rc::new(GoDuration(duration)))
}

fn counted(name: &str, args: &[Value], want: usize) -> Result<(), Failure> {
    if args.len() == want {
        return Ok(());
    }
    Err(Failure::new(format!("wrong number of args for {name}: want {want} got {}", args.len())))
}

fn wrong_type(value: &Value, expected: &str) -> Failure {
    match value {
        Value::Nil => Failure::new(format!("invalid value; expected {expected}")),
        value => Failure::new(format!("wrong type for value; expected {expected}; got {}", value.type_name())),
    }
}

fn duration_of(value: &Value) -> Result<Duration, Failure> {
    match (value, value.as_object::<GoDuration>()) {
        (_, Some(GoDuration(duration))) => Ok(*duration),
        // A number in the template itself is taken for nanoseconds.
        (Value::Int(nanoseconds, IntType::Int), _) => Ok(Duration(*nanoseconds)),
        _ => Err(wrong_type(value, "time.Duration")),
    }
}

impl GoTime {
    fn wrap(time: Time) -> Value {
        Value::Object(Rc::new(GoTime(time)))
    }

    /// `String`, with the second clock of a time that was read from the clock.
    fn text(&self) -> String {
        let text = layout::format(&self.0, b"2006-01-02 15:04:05.999999999 -0700 MST");
        let clock = if self.0.ticking { " m=+0.000000001" } else { "" };
        format!("{}{clock}", String::from_utf8_lossy(&text))
    }

    /// RFC 3339, or why JSON cannot have it.
    fn json(&self) -> Result<String, Failure> {
        if !(0..10_000).contains(&self.0.civil().year) {
            return Err(Failure::new("Time.MarshalJSON: year outside of range [0,9999]"));
        }
        Ok(String::from_utf8_lossy(&layout::format(&self.0, b"2006-01-02T15:04:05.999999999Z07:00")).into_owned())
    }

    fn go_string(&self) -> String {
        let civil = self.0.civil();
        let month = MONTHS.get(civil.month.wrapping_sub(1)).copied().unwrap_or_default();
        let zone = match &self.0.zone {
            Zone::Utc => "time.UTC".to_owned(),
            Zone::Local => "time.Local".to_owned(),
            other => format!("time.Location({})", super::duration::quote(other.name().as_bytes())),
        };
        let (year, day, hour, minute, second) = (civil.year, civil.day, civil.hour, civil.minute, civil.second);
        format!("time.Date({year}, time.{month}, {day}, {hour}, {minute}, {second}, {}, {zone})", self.0.nanoseconds)
    }

    /// Methods without arguments.
    fn plain(&self, name: &str) -> Option<Result<Value, Failure>> {
        let time = &self.0;
        let civil = || time.civil();
        let scaled = |parts: i64| {
            time.seconds.wrapping_mul(parts).wrapping_add(i64::from(time.nanoseconds) / (1_000_000_000 / parts))
        };
        let bytes = |text: String| {
            Value::List(List::of(
                Element::Uint8,
                text.bytes().map(|byte| Value::Uint(byte.into(), UintType::Uint8)).collect(),
            ))
        };
        Some(Ok(match name {
            "Year" => Value::int(civil().year),
            "Month" => {
                let month = civil().month;
                Value::Object(Rc::new(Named(
                    "time.Month",
                    month as i64,
                    MONTHS.get(month.wrapping_sub(1)).copied().unwrap_or_default(),
                )))
            }
            "Weekday" => {
                let day = civil().weekday;
                Value::Object(Rc::new(Named("time.Weekday", day as i64, DAYS.get(day).copied().unwrap_or_default())))
            }
            "Day" => Value::int(civil().day),
            "YearDay" => Value::int(civil().yday),
            "Hour" => Value::int(civil().hour),
            "Minute" => Value::int(civil().minute),
            "Second" => Value::int(civil().second),
            "Nanosecond" => Value::int(time.nanoseconds.into()),
            "Unix" => Value::int64(time.seconds),
            "UnixMilli" => Value::int64(scaled(1_000)),
            "UnixMicro" => Value::int64(scaled(1_000_000)),
            "UnixNano" => Value::int64(scaled(1_000_000_000)),
            "IsZero" => Value::Bool(time.key() == Time::zero().key()),
            "IsDST" => Value::Bool(time.zone.at(time.seconds).2),
            "UTC" => GoTime::wrap(time.clone().in_zone(Zone::Utc)),
            "Local" => GoTime::wrap(time.clone().in_zone(Zone::Local)),
            "Location" => Value::Object(Rc::new(Location(time.zone.clone()))),
            "String" => Value::from(self.text()),
            "GoString" => Value::from(self.go_string()),
            "MarshalText" => {
                return Some(
                    self.json()
                        .map_err(|_| Failure::new("Time.MarshalText: year outside of range [0,9999]"))
                        .map(bytes),
                );
            }
            "MarshalJSON" => return Some(self.json().map(|text| bytes(format!("\"{text}\"")))),
            _ => return None,
        }))
    }

    fn with_arguments(&self, vm: &mut Vm<'_>, name: &str, args: &[Value]) -> Option<Result<Value, Failure>> {
        let want = match name {
            "Format" | "Add" | "Sub" | "Before" | "After" | "Equal" | "Compare" | "Round" | "Truncate" | "In" => 1,
            "AddDate" => 3,
            _ => return None,
        };
        Some(counted(name, args, want).and_then(|()| self.one(vm, name, args)))
    }

    fn one(&self, vm: &mut Vm<'_>, name: &str, args: &[Value]) -> Result<Value, Failure> {
        let Some(first) = args.first() else { return Err(wrong_type(&Value::Nil, "time.Time")) };
        let time = self.0.clone();
        let other = || {
            first.as_object::<GoTime>().map(|GoTime(other)| other.clone()).ok_or_else(|| wrong_type(first, "time.Time"))
        };
        Ok(match name {
            "Format" => {
                let layout = first.as_string().ok_or_else(|| wrong_type(first, "string"))?;
                vm.spend(1 + layout.len() as u64 / 8, layout.len() as u64 * 4)?;
                Value::text(layout::format(&time, layout))
            }
            "Add" => GoTime::wrap(time.plus(duration_of(first)?)),
            "Sub" => duration(time.minus(&other()?)),
            "Before" => Value::Bool(time.key() < other()?.key()),
            "After" => Value::Bool(time.key() > other()?.key()),
            "Equal" => Value::Bool(time.key() == other()?.key()),
            "Compare" => Value::int(time.key().cmp(&other()?.key()) as i64),
            "Round" => GoTime::wrap(time.multiple(duration_of(first)?, true)),
            "Truncate" => GoTime::wrap(time.multiple(duration_of(first)?, false)),
            "In" => match first.as_object::<Location>() {
                Some(Location(zone)) => GoTime::wrap(time.in_zone(zone.clone())),
                None => return Err(wrong_type(first, "*time.Location")),
            },
            _ => {
                let mut steps = [0; 3];
                for (step, value) in steps.iter_mut().zip(args) {
                    let Value::Int(number, _) = value else { return Err(wrong_type(value, "int")) };
                    *step = *number;
                }
                let civil = time.civil();
                let add = |number: i64, step: i64| number.saturating_add(step);
                let date = (add(civil.year, steps[0]), add(civil.month as i64, steps[1]), add(civil.day, steps[2]));
                GoTime::wrap(Time::date(date, (civil.hour, civil.minute, civil.second), time.nanoseconds, time.zone))
            }
        })
    }
}

impl Object for GoTime {
    fn type_name(&self) -> &str {
        "time.Time"
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn params(&self, name: &str) -> Option<&'static [Ty]> {
        match name {
            "Format" => Some(&[Ty::String]),
            "Sub" | "Before" | "After" | "Equal" | "Compare" => Some(&[Ty::Time]),
            "AddDate" => Some(&[Ty::Int, Ty::Int, Ty::Int]),
            _ => None,
        }
    }

    fn call(&self, vm: &mut Vm<'_>, name: &str, args: &[Value]) -> Option<Result<Value, Failure>> {
        if let Some(result) = self.plain(name) {
            return Some(counted(name, args, 0).and(result));
        }
        self.with_arguments(vm, name, args)
    }

    fn display(&self) -> String {
        self.text()
    }

    fn to_data(&self) -> Value {
        Value::from(self.json().unwrap_or_default())
    }
}

impl Object for GoDuration {
    fn type_name(&self) -> &str {
        "time.Duration"
    }

    fn kind(&self) -> Kind {
        Kind::Int(IntType::Int64)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn is_true(&self) -> bool {
        self.0.0 != 0
    }

    fn call(&self, _vm: &mut Vm<'_>, name: &str, args: &[Value]) -> Option<Result<Value, Failure>> {
        let nanoseconds = self.0.0;
        let parts = |unit: i64| Value::Float((nanoseconds / unit) as f64 + (nanoseconds % unit) as f64 / unit as f64);
        let plain = match name {
            "Hours" => parts(3_600_000_000_000),
            "Minutes" => parts(60_000_000_000),
            "Seconds" => parts(1_000_000_000),
            "Milliseconds" => Value::int64(nanoseconds / 1_000_000),
            "Microseconds" => Value::int64(nanoseconds / 1_000),
            "Nanoseconds" => Value::int64(nanoseconds),
            "Abs" => duration(Duration(nanoseconds.saturating_abs())),
            "String" => Value::from(self.0.to_string()),
            "Round" | "Truncate" => {
                let unit = counted(name, args, 1).and_then(|()| duration_of(args.first().unwrap_or(&Value::Nil)));
                return Some(
                    unit.map(|unit| duration(if name == "Round" { self.0.round(unit) } else { self.0.truncate(unit) })),
                );
            }
            _ => return None,
        };
        Some(counted(name, args, 0).map(|()| plain))
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::int64(self.0.0))
    }

    fn display(&self) -> String {
        self.0.to_string()
    }
}

impl Object for Named {
    fn type_name(&self) -> &str {
        self.0
    }

    fn kind(&self) -> Kind {
        Kind::Int(IntType::Int)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn is_true(&self) -> bool {
        self.1 != 0
    }

    fn call(&self, _vm: &mut Vm<'_>, name: &str, args: &[Value]) -> Option<Result<Value, Failure>> {
        (name == "String").then(|| counted(name, args, 0).map(|()| Value::from(self.2)))
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::int(self.1))
    }

    fn display(&self) -> String {
        self.2.to_owned()
    }
}

impl Object for Location {
    fn type_name(&self) -> &str {
        "*time.Location"
    }

    fn kind(&self) -> Kind {
        Kind::Ptr
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn call(&self, _vm: &mut Vm<'_>, name: &str, args: &[Value]) -> Option<Result<Value, Failure>> {
        (name == "String").then(|| counted(name, args, 0).map(|()| Value::from(self.0.name())))
    }

    fn display(&self) -> String {
        self.0.name()
    }
}
