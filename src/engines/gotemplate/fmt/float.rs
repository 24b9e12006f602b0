//! `strconv.FormatFloat` for `float64`.

/// Digits of an exact decimal fraction of a `float64` end before this; everything behind is zeros.
const EXACT: usize = 1100;

/// Significant decimal digits, and where the point stands: 0.d1d2d3... times ten to the power of `point`.
struct Decimal {
    digits: Vec<u8>,
    point: i64,
}

/// A float as `strconv.FormatFloat(value, format, precision, 64)` writes it: formats `e E f g G b x X`; without precision as
/// many digits as are needed to read the same number back. Any other format gives `%` and that letter, as in Go.
pub fn format_float(value: f64, format: u8, precision: Option<usize>) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value.is_infinite() {
        return if value < 0.0 { "-Inf" } else { "+Inf" }.to_owned();
    }
    let size = value.abs();
    let body = match format {
        b'e' | b'E' => {
            let decimal = decimal(size, precision.map(|digits| digits.saturating_add(1)));
            scientific(&decimal, precision.unwrap_or(decimal.digits.len().max(1) - 1), format)
        }
        b'f' => plain(size, precision),
        b'g' | b'G' => general(size, precision, format),
        b'b' => binary(size),
        b'x' | b'X' => hexadecimal(size, precision, format == b'X'),
        other => return format!("%{}", char::from(other)),
    };
    format!("{sign}{body}")
}

/// The digits, rounded to `count` of them, without zeros at the end.
fn decimal(size: f64, count: Option<usize>) -> Decimal {
    if size == 0.0 {
        return Decimal { digits: Vec::new(), point: 0 };
    }
    let text = match count {
        None => shortest(size),
        Some(count) => format!("{size:.*e}", count.clamp(1, EXACT) - 1),
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mut digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
    while digits.last() == Some(&b'0') {
        digits.pop();
    }
    Decimal { digits, point: exponent.parse::<i64>().unwrap_or(0) + 1 }
}

/// The fewest digits that give the same number again. Of two that are equally near Go takes the even one, Rust the bigger.
fn shortest(size: f64) -> String {
    let text = format!("{size:e}");
    let count = text.bytes().take_while(|byte| *byte != b'e').filter(u8::is_ascii_digit).count();
    if count >= 15 {
        let even = format!("{size:.*e}", count - 1);
        if even != text && even.parse() == Ok(size) {
            return even;
        }
    }
    text
}

/// `1.5e+06` with this many digits behind the point.
fn scientific(decimal: &Decimal, fraction: usize, letter: u8) -> String {
    let mut out = String::with_capacity(fraction + 8);
    let mut digits = decimal.digits.iter().copied();
    out.push(char::from(digits.next().unwrap_or(b'0')));
    if fraction > 0 {
        out.push('.');
        out.extend((0..fraction).map(|_| char::from(digits.next().unwrap_or(b'0'))));
    }
    let exponent = if decimal.digits.is_empty() { 0 } else { decimal.point - 1 };
    let sign = if exponent < 0 { '-' } else { '+' };
    out.push(char::from(letter));
    out.push(sign);
    out.push_str(&format!("{:02}", exponent.unsigned_abs()));
    out
}

/// `1500000.25`
fn plain(size: f64, precision: Option<usize>) -> String {
    match precision {
        None if size == 0.0 => "0".to_owned(),
        None => fixed(&decimal(size, None)),
        Some(precision) => {
            let mut out = format!("{size:.*}", precision.min(EXACT));
            out.extend(std::iter::repeat_n('0', precision.saturating_sub(EXACT)));
            out
        }
    }
}

/// `%g`: scientific for exponents below -4 or not below the precision.
fn general(size: f64, precision: Option<usize>, letter: u8) -> String {
    let wanted = precision.map(|digits| digits.max(1));
    let decimal = decimal(size, wanted);
    let have = decimal.digits.len();
    let have_wide = i64::try_from(have).unwrap_or(i64::MAX);
    let limit = match wanted {
        None => 6,
        Some(wanted) if wanted > have && have_wide >= decimal.point => have_wide,
        Some(wanted) => i64::try_from(wanted).unwrap_or(i64::MAX),
    };
    // The shortest form of an integer keeps its digits up to 21 of them nowhere in `fmt`; JSON does that on its own.
    let exponent = decimal.point - 1;
    if exponent < -4 || exponent >= limit {
        let letter = if letter == b'G' { b'E' } else { b'e' };
        let digits = wanted.unwrap_or(have).min(have).max(1);
        return scientific(&decimal, digits - 1, letter);
    }
    fixed(&decimal)
}

/// The digits around a point, without zeros at the end.
fn fixed(decimal: &Decimal) -> String {
    let mut out = String::new();
    let digit =
        |at: i64| usize::try_from(at).ok().and_then(|at| decimal.digits.get(at)).map_or('0', |d| char::from(*d));
    if decimal.point <= 0 {
        out.push('0');
    }
    out.extend((0..decimal.point).map(digit));
    let fraction = i64::try_from(decimal.digits.len()).unwrap_or(i64::MAX) - decimal.point;
    if fraction > 0 && !decimal.digits.is_empty() {
        out.push('.');
        out.extend((0..fraction).map(|at| digit(decimal.point + at)));
    }
    out
}

/// Mantissa and exponent: the value is the first times two to the power of the second.
fn parts(size: f64) -> (u64, i64) {
    let bits = size.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let exponent = i64::try_from(bits >> 52 & 0x7ff).unwrap_or(0);
    if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) }
}

/// `4503599627370496p-52`
fn binary(size: f64) -> String {
    let (mantissa, exponent) = parts(size);
    format!("{mantissa}p{exponent:+}")
}

/// `0x1.8p+01`
fn hexadecimal(size: f64, precision: Option<usize>, upper: bool) -> String {
    let (mut mantissa, mut exponent) = parts(size);
    if mantissa == 0 {
        exponent = 0;
    } else {
        // The leading one goes to bit 60, so that fifteen whole hexadecimal digits stand behind it.
        let shift = mantissa.leading_zeros() - 3;
        mantissa <<= shift;
        exponent += 60 - i64::from(shift);
    }
    if let Some(digits) = precision.filter(|digits| *digits < 15) {
        let drop = 60 - 4 * digits;
        let rest = mantissa & ((1 << drop) - 1);
        let mut kept = mantissa >> drop;
        let half = 1u64 << (drop - 1);
        if rest > half || (rest == half && kept & 1 == 1) {
            kept += 1;
        }
        mantissa = kept << drop;
        if mantissa & 1 << 61 != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let mut digits: Vec<u8> = (0..15)
        .map(|at| mantissa >> (56 - 4 * at) & 15)
        .map(|nibble| b"0123456789abcdef"[nibble as usize & 15])
        .collect();
    match precision {
        None => {
            while digits.last() == Some(&b'0') {
                digits.pop();
            }
        }
        Some(precision) => digits.resize(precision, b'0'),
    }
    let point = if digits.is_empty() { "" } else { "." };
    let fraction = String::from_utf8(digits).unwrap_or_default();
    let sign = if exponent < 0 { '-' } else { '+' };
    let text = format!("0x{}{point}{fraction}p{sign}{:02}", mantissa >> 60, exponent.unsigned_abs());
    if upper { text.to_ascii_uppercase() } else { text }
}
