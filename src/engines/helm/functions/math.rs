//! Functions of numbers. Whole numbers are `int64` and wrap around; sums of fractions are done in decimals.
use super::args::{any, int, panic, spend_text};
use super::cast::{to_float64, to_int64};
use super::decimal::Decimal;
use super::{fixed, open};
use crate::engines::gotemplate::{Element, Failure, Func, List, Ty, Value, Vm};

/// The table.
pub(super) static FUNCS: &[Func] = &[
    open("add", &[], Ty::Any, |_, args| fold(0, args, i64::wrapping_add)),
    fixed("add1", &[Ty::Any], |_, args| fold(1, args, i64::wrapping_add)),
    fixed("sub", &[Ty::Any, Ty::Any], |_, args| fold(to_int64(any(args, 0)), &args[1..], i64::wrapping_sub)),
    open("mul", &[Ty::Any], Ty::Any, |_, args| fold(1, args, i64::wrapping_mul)),
    fixed("div", &[Ty::Any, Ty::Any], |_, args| divide(args, i64::wrapping_div)),
    fixed("mod", &[Ty::Any, Ty::Any], |_, args| divide(args, i64::wrapping_rem)),
    open("max", &[Ty::Any], Ty::Any, |_, args| fold(i64::MIN, args, i64::max)),
    open("biggest", &[Ty::Any], Ty::Any, |_, args| fold(i64::MIN, args, i64::max)),
    open("min", &[Ty::Any], Ty::Any, |_, args| fold(i64::MAX, args, i64::min)),
    open("maxf", &[Ty::Any], Ty::Any, |_, args| extreme(args, true)),
    open("minf", &[Ty::Any], Ty::Any, |_, args| extreme(args, false)),
    open("addf", &[], Ty::Any, |vm, args| decimals(vm, 0.0, args, |a, b| Ok(a.add(b)))),
    fixed("add1f", &[Ty::Any], |vm, args| {
        decimals(vm, to_float64(any(args, 0)), &[Value::int(1)], |a, b| Ok(a.add(b)))
    }),
    open("subf", &[Ty::Any], Ty::Any, |vm, args| from_first(vm, args, |a, b| Ok(a.add(&b.negated())))),
    open("mulf", &[Ty::Any], Ty::Any, |vm, args| from_first(vm, args, |a, b| Ok(a.mul(b)))),
    open("divf", &[Ty::Any], Ty::Any, |vm, args| {
        from_first(vm, args, |a, b| a.div(b).ok_or_else(|| panic("decimal division by 0")))
    }),
    fixed("ceil", &[Ty::Any], |_, args| Ok(Value::Float(to_float64(any(args, 0)).ceil()))),
    fixed("floor", &[Ty::Any], |_, args| Ok(Value::Float(to_float64(any(args, 0)).floor()))),
    open("round", &[Ty::Any, Ty::Int], Ty::Float64, round),
    fixed("until", &[Ty::Int], |vm, args| {
        let count = int(args, 0);
        let numbers = steps(vm, 0, count, if count < 0 { -1 } else { 1 })?;
        Ok(integers(numbers))
    }),
    fixed("untilStep", &[Ty::Int, Ty::Int, Ty::Int], |vm, args| {
        let numbers = steps(vm, int(args, 0), int(args, 1), int(args, 2))?;
        Ok(integers(numbers))
    }),
    open("seq", &[], Ty::Int, seq),
];

fn fold(first: i64, args: &[Value], with: fn(i64, i64) -> i64) -> Result<Value, Failure> {
    Ok(Value::int64(args.iter().map(to_int64).fold(first, with)))
}

fn divide(args: &[Value], with: fn(i64, i64) -> i64) -> Result<Value, Failure> {
    let (left, right) = (to_int64(any(args, 0)), to_int64(any(args, 1)));
    if right == 0 {
        return Err(panic("runtime error: integer divide by zero"));
    }
    Ok(Value::int64(with(left, right)))
}

/// The biggest or smallest; NaN wins over all but an infinity of the sought kind.
fn extreme(args: &[Value], biggest: bool) -> Result<Value, Failure> {
    let limit = if biggest { f64::INFINITY } else { f64::NEG_INFINITY };
    let best = |left: f64, right: f64| {
        if left == limit || right == limit {
            limit
        } else if left.is_nan() || right.is_nan() {
            f64::NAN
        } else if left == 0.0 && right == 0.0 {
            // Zeros have signs.
            if left.is_sign_negative() == biggest { right } else { left }
        } else if (left > right) == biggest {
            left
        } else {
            right
        }
    };
    Ok(Value::Float(args.iter().map(to_float64).reduce(best).unwrap_or_default()))
}

type Operation = fn(&Decimal, &Decimal) -> Result<Decimal, Failure>;

fn from_first(vm: &mut Vm<'_>, args: &[Value], with: Operation) -> Result<Value, Failure> {
    decimals(vm, to_float64(any(args, 0)), args.get(1..).unwrap_or_default(), with)
}

fn decimals(vm: &mut Vm<'_>, first: f64, args: &[Value], with: Operation) -> Result<Value, Failure> {
    let mut result = decimal(first)?;
    for value in args {
        let operand = decimal(to_float64(value))?;
        // The work is about the product of the lengths.
        vm.spend(1 + result.cost(&operand) / 16, result.cost(&operand))?;
        result = with(&result, &operand)?;
    }
    Ok(Value::Float(result.to_float()))
}

fn decimal(value: f64) -> Result<Decimal, Failure> {
    let name = match value {
        _ if value.is_finite() => return Ok(Decimal::new(value)),
        _ if value.is_nan() => "NaN",
        _ if value > 0.0 => "+Inf",
        _ => "-Inf",
    };
    Err(panic(format!("Cannot create a Decimal from {name}")))
}

/// Rounds to places after the point; what is left over counts as up from `on` (a half) on. Negative numbers always go down.
fn round(_: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let on = args.get(2).map_or(0.5, to_float64);
    let power = power_of_ten(int(args, 1));
    let shifted = power * to_float64(any(args, 0));
    let up = if shifted.is_finite() { shifted.fract() >= on } else { false };
    Ok(Value::Float(if up { shifted.ceil() } else { shifted.floor() } / power))
}

/// 10 to a whole power by squaring, with the rounding errors that this has in Go.
fn power_of_ten(exponent: i64) -> f64 {
    let mut left = exponent.unsigned_abs();
    let (mut result, mut binary) = (1.0, 0i64);
    // 10 is 0.625 times 2 to the 4th.
    let (mut factor, mut factor_binary) = (0.625, 4i64);
    while left != 0 {
        if factor_binary.abs() > 1 << 12 {
            // Far out of the range of numbers already.
            binary += factor_binary;
            break;
        }
        if left & 1 == 1 {
            result *= factor;
            binary += factor_binary;
        }
        factor *= factor;
        factor_binary <<= 1;
        if factor < 0.5 {
            factor += factor;
            factor_binary -= 1;
        }
        left >>= 1;
    }
    if exponent < 0 {
        (result, binary) = (1.0 / result, -binary);
    }
    scaled(result, binary)
}

/// `value` times 2 to the `exponent`.
fn scaled(value: f64, exponent: i64) -> f64 {
    let (mut value, mut exponent) = (value, exponent.clamp(-4096, 4096));
    while exponent > 1000 {
        value *= 2f64.powi(1000);
        exponent -= 1000;
    }
    while exponent < -900 {
        // One rounding at most: what is left after the first steps is still normal or already 0.
        value *= 2f64.powi(-900);
        exponent += 900;
    }
    value * 2f64.powi(i32::try_from(exponent).unwrap_or_default())
}

/// The numbers from `start` to before `stop`.
fn steps(vm: &mut Vm<'_>, start: i64, stop: i64, step: i64) -> Result<Vec<i64>, Failure> {
    let (down, mut at) = (stop < start, start);
    let mut numbers = Vec::new();
    if (down && step >= 0) || (!down && step <= 0) {
        return Ok(numbers);
    }
    while if down { at > stop } else { at < stop } {
        vm.spend(1, size_of::<Value>() as u64)?;
        numbers.push(at);
        at = at.wrapping_add(step);
    }
    Ok(numbers)
}

fn integers(numbers: Vec<i64>) -> Value {
    Value::List(List::of(Element::Int, numbers.into_iter().map(Value::int).collect()))
}

fn seq(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let (start, step, end) = match args.len() {
        1 => (1, None, int(args, 0)),
        2 => (int(args, 0), None, int(args, 1)),
        3 => (int(args, 0), Some(int(args, 1)), int(args, 2)),
        _ => return Ok(Value::text("")),
    };
    let direction = if end < start { -1 } else { 1 };
    if direction < 0 && step.is_some_and(|step| step > 0) {
        return Ok(Value::text(""));
    }
    let numbers = steps(vm, start, end.wrapping_add(direction), step.unwrap_or(direction))?;
    spend_text(vm, numbers.len() * 4)?;
    let words: Vec<String> = numbers.iter().map(i64::to_string).collect();
    Ok(Value::from(words.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_ten_are_those_of_go() {
        for exponent in 0..=22 {
            assert_eq!(power_of_ten(exponent), 10f64.powi(i32::try_from(exponent).unwrap()));
        }
        assert_eq!(power_of_ten(-1), 0.1);
        assert_eq!(power_of_ten(-3), 0.001);
        assert_eq!(power_of_ten(400), f64::INFINITY);
        assert_eq!(power_of_ten(-400), 0.0);
        assert_eq!(power_of_ten(i64::MIN), 0.0);
    }
}
