//! Versions and constraints as the Go library that Helm uses understands them: `v1.2` is a version, `^1.x || ~2-0` a constraint.
mod constraint;

pub(super) use constraint::Constraint;

use crate::engines::gotemplate::fmt::quote_text;
use crate::engines::helm::Compat;
use std::cmp::Ordering;
use std::fmt;

/// A version. Two versions that differ in metadata alone are equal for `precedence`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    /// The first number.
    pub(super) major: u64,
    /// The second number; 0 when not given.
    pub(super) minor: u64,
    /// The third number; 0 when not given.
    pub(super) patch: u64,
    /// What follows `-`, or nothing.
    pub(super) pre: String,
    /// What follows `+`, or nothing.
    pub(super) metadata: String,
    /// The text it was read from.
    pub(super) original: String,
}

/// What can be wrong with a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It does not look like one.
    Invalid,
    /// `01`.
    LeadingZero,
    /// After `+`.
    Metadata,
    /// After `-`.
    Prerelease,
    /// A number above 64 bits: its digits.
    Range(String),
}

impl Flaw {
    /// The words of that library, in the release which that Helm carries.
    pub(super) fn text(&self, compat: Compat) -> String {
        let old = compat == Compat::Helm3;
        let pick = |three: &str, four: &str| if old { three.to_owned() } else { four.to_owned() };
        match self {
            Flaw::Invalid => pick("Invalid Semantic Version", "invalid semantic version"),
            Flaw::LeadingZero => pick("Version segment starts with 0", "version segment starts with 0"),
            Flaw::Metadata => pick("Invalid Metadata string", "invalid metadata string"),
            Flaw::Prerelease => pick("Invalid Prerelease string", "invalid prerelease string"),
            Flaw::Range(digits) => {
                let cause = format!("strconv.ParseUint: parsing {}: value out of range", quote_text(digits));
                format!("{} parsing version segment: {cause}", pick("Error", "error"))
            }
        }
    }
}

impl Version {
    /// Reads a version leniently: a leading `v`, one or two numbers and leading zeros are taken.
    ///
    /// # Errors
    /// In Helm 4's words.
    pub(super) fn parse(text: &str) -> Result<Version, String> {
        Version::read(text).map_err(|flaw| flaw.text(Compat::Helm4))
    }

    /// As `parse`, with the reason as a value.
    ///
    /// # Errors
    /// When the text is no version.
    pub(super) fn read(text: &str) -> Result<Version, Flaw> {
        let rest = text.strip_prefix('v').unwrap_or(text);
        let (major, mut rest) = digits(rest);
        if major.is_empty() {
            return Err(Flaw::Invalid);
        }
        let mut numbers = [major, "0", "0"];
        for number in &mut numbers[1..] {
            let Some((found, after)) = rest.strip_prefix('.').map(digits).filter(|(found, _)| !found.is_empty()) else {
                break;
            };
            (*number, rest) = (found, after);
        }
        let (mut pre, mut metadata) = ("", "");
        if let Some(after) = rest.strip_prefix('-') {
            (pre, rest) = after.find('+').map_or((after, ""), |at| after.split_at(at));
            if !identifiers(pre) {
                return Err(Flaw::Invalid);
            }
        }
        if let Some(after) = rest.strip_prefix('+') {
            (metadata, rest) = (after, "");
            if !identifiers(metadata) {
                return Err(Flaw::Invalid);
            }
        }
        if !rest.is_empty() {
            return Err(Flaw::Invalid);
        }
        let [major, minor, patch] = numbers;
        let number = |digits: &str| digits.parse::<u64>().map_err(|_| Flaw::Range(digits.to_owned()));
        let (major, minor, patch) = (number(major)?, number(minor)?, number(patch)?);
        check_pre(pre)?;
        Ok(Version {
            major,
            minor,
            patch,
            pre: pre.to_owned(),
            metadata: metadata.to_owned(),
            original: text.to_owned(),
        })
    }

    /// Which comes first. Metadata does not count, and a version before its release comes before it.
    pub(super) fn precedence(&self, other: &Version) -> Ordering {
        let numbers = |version: &Version| (version.major, version.minor, version.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| match (self.pre.is_empty(), other.pre.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => precedence_of_pre(&self.pre, &other.pre),
        })
    }

    /// The same numbers and parts under a new original, which keeps the `v` of the old one.
    pub(super) fn renewed(mut self) -> Version {
        let prefix = if self.original.starts_with('v') { "v" } else { "" };
        self.original = format!("{prefix}{self}");
        self
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.pre.is_empty() {
            write!(f, "-{}", self.pre)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

/// The leading digits, and what follows.
fn digits(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

/// Whether the text is identifiers with dots between them, none empty.
pub(super) fn identifiers(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    text.split('.').all(|part| !part.is_empty() && part.bytes().all(fits))
}

/// What a pre-release may look like, apart from being absent.
///
/// # Errors
/// `Prerelease` or `LeadingZero`.
pub(super) fn check_pre(text: &str) -> Result<(), Flaw> {
    for part in text.split('.').filter(|_| !text.is_empty()) {
        if !identifiers(part) {
            return Err(Flaw::Prerelease);
        }
        if part.len() > 1 && part.starts_with('0') && part.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Flaw::LeadingZero);
        }
    }
    Ok(())
}

fn precedence_of_pre(one: &str, other: &str) -> Ordering {
    let (mut ones, mut others) = (one.split('.'), other.split('.'));
    loop {
        let order = match (ones.next(), others.next()) {
            (None, None) => return Ordering::Equal,
            (one, other) => precedence_of_part(one.unwrap_or_default(), other.unwrap_or_default()),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Numbers come before words, and nothing before all; a number too large for 64 bits counts as a word.
fn precedence_of_part(one: &str, other: &str) -> Ordering {
    if one == other {
        return Ordering::Equal;
    }
    let number =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten();
    match (one.is_empty(), other.is_empty()) {
        (true, _) => return Ordering::Less,
        (_, true) => return Ordering::Greater,
        _ => {}
    }
    match (number(one), number(other)) {
        (Some(one), Some(other)) if one > other => Ordering::Greater,
        // Also when both are equal (`1` and `01`), as there.
        (Some(_), _) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => one.cmp(other),
    }
}

#[cfg(test)]
mod tests;
