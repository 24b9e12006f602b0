//! Versions in names of files, compared as their tools compare them.
use std::cmp::Ordering;

/// Numbers and words of a version, so that `2.10` is behind `2.9` and `v1_2_3` is three numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Natural(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// Digits without leading zeros: longer is larger, whatever their number.
    Number(String),
    Word(String),
}

impl Natural {
    pub(super) fn of(text: &str) -> Natural {
        let (mut parts, mut digits, mut word) = (Vec::new(), String::new(), String::new());
        for c in text.chars().chain(['\0']) {
            if !c.is_ascii_digit() && !digits.is_empty() {
                parts.push(Part::Number(bare(&std::mem::take(&mut digits))));
            }
            if (!c.is_ascii_alphabetic()) && !word.is_empty() {
                parts.push(Part::Word(std::mem::take(&mut word).to_ascii_lowercase()));
            }
            match c {
                c if c.is_ascii_digit() => digits.push(c),
                c if c.is_ascii_alphabetic() => word.push(c),
                _ => {}
            }
        }
        Natural(parts)
    }
}

fn bare(digits: &str) -> String {
    let bare = digits.trim_start_matches('0');
    if bare.is_empty() { "0".to_owned() } else { bare.to_owned() }
}

impl Ord for Natural {
    fn cmp(&self, other: &Natural) -> Ordering {
        for (a, b) in self.0.iter().zip(&other.0) {
            let order = match (a, b) {
                (Part::Number(a), Part::Number(b)) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
                (Part::Word(a), Part::Word(b)) => a.cmp(b),
                (Part::Number(_), Part::Word(_)) => Ordering::Greater,
                (Part::Word(_), Part::Number(_)) => Ordering::Less,
            };
            if order != Ordering::Equal {
                return order;
            }
        }
        self.0.len().cmp(&other.0.len())
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Natural) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A number compared by its value, however many digits it has.
pub(super) fn number(digits: &str) -> (usize, String) {
    let bare = bare(digits);
    (bare.len(), bare)
}

/// The digits that a name begins with, and what follows after `_`, `-` or `.`; `None` when it does not begin so.
pub(super) fn numbered(name: &str) -> Option<(&str, &str)> {
    let end = name.find(|c: char| !c.is_ascii_digit()).unwrap_or(name.len());
    let (digits, rest) = (name.get(..end)?, name.get(end..)?);
    if digits.is_empty() {
        return None;
    }
    match rest.chars().next() {
        None => Some((digits, "")),
        Some('_' | '-' | '.') => Some((digits, rest.get(1..).unwrap_or_default())),
        Some(_) => None,
    }
}

/// Whether a folder is named like a version: `12`, `0.31`, `v1.2`, `2024-01-02`.
pub(super) fn is_version(name: &str) -> bool {
    let bare = name.strip_prefix(['v', 'V']).unwrap_or(name);
    bare.starts_with(|c: char| c.is_ascii_digit())
        && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '_' | '-'))
}

/// Flyway's version: `2_7_3` and `2.7.3` are numbers one after the other; zeros at the end do not count.
pub(super) fn flyway(text: &str) -> Vec<(usize, String)> {
    let mut parts: Vec<(usize, String)> = text.split(['.', '_']).map(number).collect();
    while parts.last().is_some_and(|part| part.1 == "0") {
        parts.pop();
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::{Natural, flyway, is_version, numbered};

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(Natural::of("0.9") < Natural::of("0.10"));
        assert!(Natural::of("v1.2") < Natural::of("v1.2.1"));
        assert!(Natural::of("10_a") > Natural::of("9_b"));
        assert!(flyway("2_7_3") > flyway("2.7"));
        assert_eq!(flyway("1.0"), flyway("1"));
        assert_eq!(numbered("0001-init"), Some(("0001", "init")));
        assert_eq!(numbered("1abc"), None);
        assert!(is_version("v1.19") && is_version("2024-01-02") && !is_version("v") && !is_version("vendor"));
    }
}
