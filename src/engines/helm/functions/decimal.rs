//! Decimal numbers of any length, with as much arithmetic as the functions for fractions need.
use crate::engines::gotemplate::fmt::format_float;

/// A number: the sign, digits and a power of ten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    /// Digits from the highest to the lowest, without leading zeros; none for zero.
    digits: Vec<u8>,
    exponent: i64,
}

/// Digits after the point of a quotient.
const PLACES: i64 = 16;

impl Decimal {
    /// The shortest decimal that stands for this finite number.
    pub(super) fn new(value: f64) -> Decimal {
        let text = format_float(value.abs(), b'e', None);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = whole.bytes().chain(fraction.bytes()).map(|digit| digit - b'0').collect();
        let exponent = exponent.parse::<i64>().unwrap_or_default() - fraction.len() as i64;
        Decimal { negative: value < 0.0, digits: trimmed(digits), exponent }
    }

    /// About how long an operation with `other` takes.
    pub(super) fn cost(&self, other: &Decimal) -> u64 {
        let far = self.exponent.abs_diff(other.exponent);
        let (long, short) = (self.digits.len() as u64 + 32, other.digits.len() as u64 + 32);
        (long + short + far).saturating_mul(short + far.min(64))
    }

    /// The number with the other sign.
    pub(super) fn negated(&self) -> Decimal {
        Decimal { negative: !self.negative, ..self.clone() }
    }

    /// The sum.
    pub(super) fn add(&self, other: &Decimal) -> Decimal {
        let exponent = self.exponent.min(other.exponent);
        let (left, right) = (self.shifted(exponent), other.shifted(exponent));
        if self.negative == other.negative {
            return Decimal { negative: self.negative, digits: sum(&left, &right), exponent };
        }
        match less(&left, &right) {
            true => Decimal { negative: other.negative, digits: difference(&right, &left), exponent },
            false => Decimal { negative: self.negative, digits: difference(&left, &right), exponent },
        }
    }

    /// The product.
    pub(super) fn mul(&self, other: &Decimal) -> Decimal {
        let mut cells = vec![0u32; self.digits.len() + other.digits.len()];
        for (at, left) in self.digits.iter().enumerate().rev() {
            let mut carry = 0;
            for (to, right) in other.digits.iter().enumerate().rev() {
                let cell = cells[at + to + 1] + u32::from(*left) * u32::from(*right) + carry;
                cells[at + to + 1] = cell % 10;
                carry = cell / 10;
            }
            cells[at] += carry;
        }
        let digits = trimmed(cells.into_iter().map(|cell| cell as u8).collect());
        Decimal { negative: self.negative != other.negative, digits, exponent: self.exponent + other.exponent }
    }

    /// The quotient with 16 places, the last one rounded, a half away from zero; `None` for a division by zero.
    pub(super) fn div(&self, other: &Decimal) -> Option<Decimal> {
        if other.digits.is_empty() {
            return None;
        }
        let shift = self.exponent - other.exponent + PLACES;
        let (mut above, mut below) = (self.digits.clone(), other.digits.clone());
        let zeros = usize::try_from(shift.unsigned_abs()).unwrap_or_default();
        if !above.is_empty() && shift > 0 {
            above.resize(above.len() + zeros, 0);
        } else if shift < 0 {
            below.resize(below.len() + zeros, 0);
        }
        let (mut quotient, rest) = divided(&above, &below);
        if !less(&sum(&rest, &rest), &below) {
            quotient = sum(&quotient, &[1]);
        }
        Some(Decimal { negative: self.negative != other.negative, digits: quotient, exponent: -PLACES })
    }

    /// The nearest floating point number.
    pub(super) fn to_float(&self) -> f64 {
        if self.digits.is_empty() {
            return 0.0;
        }
        let digits: String = self.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{digits}e{}", self.exponent).parse().unwrap_or_default()
    }

    /// The digits, when the power of ten is this smaller one.
    fn shifted(&self, exponent: i64) -> Vec<u8> {
        let mut digits = self.digits.clone();
        if !digits.is_empty() {
            let zeros = usize::try_from(self.exponent - exponent).unwrap_or_default();
            digits.resize(digits.len() + zeros, 0);
        }
        digits
    }
}

fn trimmed(mut digits: Vec<u8>) -> Vec<u8> {
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    digits.drain(..zeros);
    digits
}

fn less(left: &[u8], right: &[u8]) -> bool {
    (left.len(), left) < (right.len(), right)
}

/// The digit at this place from the right.
fn digit(digits: &[u8], place: usize) -> u8 {
    digits.len().checked_sub(place + 1).map_or(0, |at| digits[at])
}

fn sum(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(left.len().max(right.len()) + 1);
    let mut carry = 0;
    for place in 0..=left.len().max(right.len()) {
        let cell = digit(left, place) + digit(right, place) + carry;
        out.push(cell % 10);
        carry = cell / 10;
    }
    out.reverse();
    trimmed(out)
}

/// `left` less `right`, which is not bigger.
fn difference(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(left.len());
    let mut borrowed = 0;
    for place in 0..left.len() {
        let (have, take) = (digit(left, place), digit(right, place) + borrowed);
        borrowed = u8::from(have < take);
        out.push(have + 10 * borrowed - take);
    }
    out.reverse();
    trimmed(out)
}

/// Quotient and rest, by long division.
fn divided(above: &[u8], below: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (mut quotient, mut rest) = (Vec::with_capacity(above.len()), Vec::new());
    for &next in above {
        rest.push(next);
        rest = trimmed(rest);
        let mut count = 0;
        while !less(&rest, below) {
            rest = difference(&rest, below);
            count += 1;
        }
        quotient.push(count);
    }
    (trimmed(quotient), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calculate(left: f64, operation: char, right: f64) -> f64 {
        let (left, right) = (Decimal::new(left), Decimal::new(right));
        match operation {
            '+' => left.add(&right),
            '-' => left.add(&right.negated()),
            '*' => left.mul(&right),
            _ => left.div(&right).unwrap(),
        }
        .to_float()
    }

    #[test]
    fn decimals_are_exact() {
        for (left, operation, right, result) in [
            (0.1, '+', 0.2, 0.3),
            (0.1, '-', 0.3, -0.2),
            (1.1, '*', 1.1, 1.21),
            (10.0, '/', 4.0, 2.5),
            (1.0, '/', 3.0, 0.3333333333333333),
            (2.0, '/', 3.0, 0.6666666666666667),
            (-2.0, '/', 3.0, -0.6666666666666667),
            (1e300, '*', 1e-300, 1.0),
            (1e300, '*', 1e300, f64::INFINITY),
            (1e-300, '/', 7.0, 0.0),
            (0.0, '/', 7.0, 0.0),
            (-1.0, '*', 0.0, 0.0),
            (123456.789, '-', 123456.789, 0.0),
        ] {
            assert_eq!(calculate(left, operation, right).to_bits(), f64::to_bits(result), "{left} {operation} {right}");
        }
        assert!(Decimal::new(1.0).div(&Decimal::new(0.0)).is_none());
    }
}
