//! Dates and durations in templates. The clock is the seed's, and the local zone is UTC.
mod civil;
mod duration;
mod layout;
mod object;
mod parse;
mod zone;

use self::duration::Duration;
use self::object::GoTime;
use self::zone::{Time, Zone};
use super::hashes::bytes;
use crate::engines::gotemplate::{Failure, Func, IntType, Ty, Value, Vm};
use crate::engines::helm::host::Host;
use std::rc::Rc;

pub(super) static FUNCS: &[Func] = &[
    Func { name: "now", params: &[], variadic: None, call: now },
    Func { name: "date", params: &[Ty::String, Ty::Any], variadic: None, call: date },
    Func { name: "dateInZone", params: &[Ty::String, Ty::Any, Ty::String], variadic: None, call: date_in_zone },
    Func { name: "date_in_zone", params: &[Ty::String, Ty::Any, Ty::String], variadic: None, call: date_in_zone },
    Func { name: "htmlDate", params: &[Ty::Any], variadic: None, call: html_date },
    Func { name: "htmlDateInZone", params: &[Ty::Any, Ty::String], variadic: None, call: html_date_in_zone },
    Func { name: "dateModify", params: &[Ty::String, Ty::Time], variadic: None, call: date_modify },
    Func { name: "date_modify", params: &[Ty::String, Ty::Time], variadic: None, call: date_modify },
    Func { name: "mustDateModify", params: &[Ty::String, Ty::Time], variadic: None, call: must_date_modify },
    Func { name: "must_date_modify", params: &[Ty::String, Ty::Time], variadic: None, call: must_date_modify },
    Func { name: "ago", params: &[Ty::Any], variadic: None, call: ago },
    Func { name: "duration", params: &[Ty::Any], variadic: None, call: duration },
    Func { name: "durationRound", params: &[Ty::Any], variadic: None, call: duration_round },
    Func { name: "toDate", params: &[Ty::String, Ty::String], variadic: None, call: to_date },
    Func { name: "mustToDate", params: &[Ty::String, Ty::String], variadic: None, call: must_to_date },
    Func { name: "unixEpoch", params: &[Ty::Time], variadic: None, call: unix_epoch },
];

fn clock(vm: &mut Vm<'_>) -> Time {
    let seconds = vm.host::<Host>().map_or(0, Host::now);
    Time { ticking: true, ..Time::unix(seconds) }
}

fn object(time: Time) -> Value {
    Value::Object(Rc::new(GoTime(time)))
}

fn now(vm: &mut Vm<'_>, _args: &[Value]) -> Result<Value, Failure> {
    Ok(object(clock(vm)))
}

/// A time, or whole seconds of Unix time as `int`, `int64` and, where it is taken, `int32`; anything else is the present.
fn moment(vm: &mut Vm<'_>, value: &Value, short: bool) -> Time {
    match value {
        Value::Int(seconds, IntType::Int | IntType::Int64) => Time::unix(*seconds),
        Value::Int(seconds, IntType::Int32) if short => Time::unix(*seconds),
        value => match value.as_object::<GoTime>() {
            Some(GoTime(time)) => time.clone(),
            None => clock(vm),
        },
    }
}

fn formatted(vm: &mut Vm<'_>, layout: &[u8], value: &Value, zone: &str) -> Result<Value, Failure> {
    vm.spend(1 + layout.len() as u64 / 8, layout.len() as u64 * 4)?;
    let time = moment(vm, value, true).in_zone(Zone::load(zone).unwrap_or(Zone::Utc));
    Ok(Value::text(layout::format(&time, layout)))
}

fn date(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    formatted(vm, &bytes(args, 0), args.get(1).unwrap_or(&Value::Nil), "Local")
}

fn date_in_zone(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    formatted(vm, &bytes(args, 0), args.get(1).unwrap_or(&Value::Nil), &bytes(args, 2).lossy())
}

fn html_date(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    formatted(vm, b"2006-01-02", args.first().unwrap_or(&Value::Nil), "Local")
}

fn html_date_in_zone(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    formatted(vm, b"2006-01-02", args.first().unwrap_or(&Value::Nil), &bytes(args, 1).lossy())
}

/// The time of an argument that was checked to be one.
fn time(args: &[Value], at: usize) -> Result<Time, Failure> {
    let time = args.get(at).and_then(|value| value.as_object::<GoTime>());
    time.map(|GoTime(time)| time.clone()).ok_or_else(|| {
        Failure::new(format!(
            "wrong type for value; expected time.Time; got {}",
            args.get(at).map_or_else(String::new, Value::type_name)
        ))
    })
}

fn date_modify(_vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let time = time(args, 1)?;
    Ok(object(match Duration::parse(&bytes(args, 0)) {
        Ok(duration) => time.plus(duration),
        Err(_) => time,
    }))
}

fn must_date_modify(_vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let time = time(args, 1)?;
    Duration::parse(&bytes(args, 0)).map(|duration| object(time.plus(duration))).map_err(Failure::Error)
}

fn ago(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let time = moment(vm, args.first().unwrap_or(&Value::Nil), false);
    Ok(Value::from(clock(vm).minus(&time).round(Duration::SECOND).to_string()))
}

fn duration(_vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let seconds = match args.first() {
        Some(Value::Int(seconds, IntType::Int64)) => *seconds,
        Some(Value::String(text)) => whole(text),
        _ => 0,
    };
    Ok(Value::from(Duration(seconds.wrapping_mul(1_000_000_000)).to_string()))
}

/// A decimal number; 0 when it is none, the nearest when it is too large.
fn whole(text: &[u8]) -> i64 {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let mut number = 0i128;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return 0;
        }
        number = number * 10 + i128::from(digit - b'0');
        // What follows is not looked at any more.
        if number > u64::MAX.into() {
            break;
        }
    }
    let number = if negative { -number } else { number };
    number.clamp(i64::MIN.into(), i64::MAX.into()) as i64
}

fn duration_round(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let duration = match args.first() {
        Some(Value::Int(nanoseconds, IntType::Int64)) => Duration(*nanoseconds),
        Some(Value::String(text)) => Duration::parse(text).unwrap_or(Duration(0)),
        Some(value) => match value.as_object::<GoTime>() {
            Some(GoTime(time)) => clock(vm).minus(time),
            None => Duration(0),
        },
        None => Duration(0),
    };
    let length = duration.0.unsigned_abs();
    const HOUR: u64 = 3_600_000_000_000;
    let units = [
        (HOUR * 24 * 365, "y"),
        (HOUR * 24 * 30, "mo"),
        (HOUR * 24, "d"),
        (HOUR, "h"),
        (HOUR / 60, "m"),
        (HOUR / 3600, "s"),
    ];
    let unit = units.iter().find(|(unit, _)| length > *unit);
    Ok(Value::from(unit.map_or_else(|| "0s".to_owned(), |(unit, name)| format!("{}{name}", length / unit))))
}

fn to_date(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    match must_to_date(vm, args) {
        Err(Failure::Error(_)) => Ok(object(Time::zero())),
        other => other,
    }
}

fn must_to_date(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let (layout, text) = (bytes(args, 0), bytes(args, 1));
    vm.spend(1 + (layout.len() + text.len()) as u64 / 8, (layout.len() + text.len()) as u64)?;
    parse::parse(&layout, &text).map(object).map_err(Failure::Error)
}

fn unix_epoch(_vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    Ok(Value::from(time(args, 0)?.seconds.to_string()))
}

/// A moment as certificates write it: `20060102150405Z`.
pub(super) fn stamp(seconds: i64) -> String {
    String::from_utf8_lossy(&layout::format(&Time::unix(seconds), b"20060102150405Z")).into_owned()
}

#[cfg(test)]
mod tests;
