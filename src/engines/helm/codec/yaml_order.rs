//! The order of keys in YAML: letters by their number, runs of digits as numbers, and letters behind everything else.
use super::yaml_emit::Dialect;
use regex::Regex;
use std::cmp::Ordering;
use std::sync::LazyLock;

/// Sorts entries by their keys. The order is not a total one for strange keys, which the sort of the standard library
/// punishes with a panic; so this one merges by hand.
pub(super) fn sort<T>(entries: Vec<(String, T)>, dialect: Dialect) -> Vec<(String, T)> {
    if entries.len() < 2 {
        return entries;
    }
    let mut left = entries;
    let right = left.split_off(left.len() / 2);
    let (left, right) = (sort(left, dialect), sort(right, dialect));
    let mut out = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(one), Some(other)) = (left.peek(), right.peek()) {
        let next = if compare(&other.0, &one.0, dialect) == Ordering::Less { right.next() } else { left.next() };
        out.extend(next);
    }
    out.extend(left);
    out.extend(right);
    out
}

fn compare(one: &str, other: &str, dialect: Dialect) -> Ordering {
    let mut same = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    while !one.is_char_boundary(same) || !other.is_char_boundary(same) {
        same -= 1;
    }
    let (before, rest_one) = one.split_at(same);
    let (_, rest_other) = other.split_at(same);
    let (Some(a), Some(b)) = (rest_one.chars().next(), rest_other.chars().next()) else {
        return one.len().cmp(&other.len());
    };
    match (is_letter(a), is_letter(b)) {
        (true, true) => return a.cmp(&b),
        (false, false) => (),
        (a_letter, _) => {
            // Version 3 puts a letter behind a digit before the longer number.
            let digits = dialect == Dialect::Three && before.chars().next_back().is_some_and(is_digit);
            return if a_letter == digits { Ordering::Less } else { Ordering::Greater };
        }
    }
    // A zero inside of a number is no leading zero.
    let inside =
        (a == '0' || b == '0') && before.chars().rev().take_while(|char| is_digit(*char)).any(|char| char != '0');
    let (a_number, a_digits) = number(rest_one, inside);
    let (b_number, b_digits) = number(rest_other, inside);
    a_number.cmp(&b_number).then(a_digits.cmp(&b_digits)).then(a.cmp(&b))
}

/// The digits at the front as a number that wraps around, and how many.
fn number(text: &str, inside: bool) -> (i64, usize) {
    let start = (i64::from(inside), 0);
    text.chars().take_while(|char| is_digit(*char)).fold(start, |(number, count), digit| {
        let digit = i64::from(u32::from(digit)) - i64::from(u32::from('0'));
        (number.wrapping_mul(10).wrapping_add(digit), count + 1)
    })
}

static LETTER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{L}$").ok());
static DIGIT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{Nd}$").ok());

fn is_letter(char: char) -> bool {
    char.is_ascii_alphabetic() || (!char.is_ascii() && matches(&LETTER, char))
}

fn is_digit(char: char) -> bool {
    char.is_ascii_digit() || (!char.is_ascii() && matches(&DIGIT, char))
}

fn matches(class: &LazyLock<Option<Regex>>, char: char) -> bool {
    class.as_ref().is_some_and(|class| class.is_match(char.encode_utf8(&mut [0; 4])))
}
