//! Constraints on versions: alternatives of conditions that all must hold.
use super::Version;
use crate::engines::gotemplate::fmt;
use crate::engines::helm::Compat;
use regex::Regex;
use std::cmp::Ordering;
use std::sync::LazyLock;

/// A constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engines::helm) struct Constraint {
    alternatives: Vec<Vec<Condition>>,
    compat: Compat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Same,
    Not,
    Above,
    Below,
    AtLeast,
    AtMost,
    Tilde,
    Caret,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Condition {
    operator: Operator,
    bound: Version,
    /// How many of the three numbers were given; the others were `x`, `*` or missing.
    given: usize,
    /// The bound was empty: any version.
    any: bool,
}

struct Patterns {
    /// One condition.
    one: Regex,
    /// `1 - 2`.
    range: Regex,
    /// Conditions in a row.
    find: Regex,
    /// A whole alternative, new rules and old rules.
    valid: Regex,
    valid_old: Regex,
}

/// `None` never happens: the patterns are constants that a test compiles.
static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    let white = r"[\t\n\f\r ]";
    let ids = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*";
    // The bar among the digits is that library's, and so is the empty operator before the longer ones.
    let number = r"[0-9|xX*]+";
    let bare = format!(r"v?{number}(?:\.{number})?(?:\.{number})?(?:-{ids})?(?:\+{ids})?");
    let operator = r"(?:=||!=|>|<|>=|=>|<=|=<|~|~>|\^)";
    let condition = format!("{white}*{operator}{white}*{bare}{white}*");
    let parts = format!(r"v?(?P<a>{number})(?P<b>\.{number})?(?P<c>\.{number})?(?P<pre>-{ids})?(?:\+{ids})?");
    Some(Patterns {
        one: Regex::new(&format!("^{white}*(?P<operator>{operator}){white}*(?P<bound>{parts}){white}*$")).ok()?,
        range: Regex::new(&format!("{white}*({bare}){white}+-{white}+({bare}){white}*")).ok()?,
        find: Regex::new(&format!("{operator}{white}*{bare}")).ok()?,
        valid: Regex::new(&format!("^{condition}(?:(?:{white}+|,{white}*){operator}{white}*{bare}{white}*)*$")).ok()?,
        valid_old: Regex::new(&format!("^(?:{condition},?)+$")).ok()?,
    })
});

impl Constraint {
    /// Reads a constraint by the rules of this Helm.
    ///
    /// # Errors
    /// `improper constraint: …`, as that library says it.
    pub(in crate::engines::helm) fn parse_as(text: &str, compat: Compat) -> Result<Constraint, String> {
        let improper = |part: &str| match compat {
            Compat::Helm3 => format!("improper constraint: {part}"),
            Compat::Helm4 => format!("improper constraint: {}", fmt::quote_text(part)),
        };
        let Some(patterns) = PATTERNS.as_ref() else { return Err(improper(text)) };
        let text = spell_ranges(patterns, text, compat);
        let mut alternatives = Vec::new();
        for part in text.split("||") {
            let valid = if compat == Compat::Helm3 { &patterns.valid_old } else { &patterns.valid };
            if !valid.is_match(part) {
                return Err(improper(part));
            }
            let conditions =
                patterns.find.find_iter(part).map(|found| Condition::parse(patterns, found.as_str(), compat));
            alternatives.push(
                conditions
                    .map(|condition| condition.map_err(|flaw| flaw.unwrap_or_else(|| improper(part))))
                    .collect::<Result<_, _>>()?,
            );
        }
        Ok(Constraint { alternatives, compat })
    }

    /// Whether the version satisfies the constraint. A pre-release does so only where the constraint names one.
    pub(in crate::engines::helm) fn check(&self, version: &Version) -> bool {
        self.alternatives.iter().any(|conditions| {
            let named = conditions.iter().any(|condition| !condition.bound.pre.is_empty());
            conditions.iter().all(|condition| match self.compat {
                Compat::Helm4 => (version.pre.is_empty() || named) && condition.holds(version, Compat::Helm4),
                Compat::Helm3 => {
                    let exempt = condition.operator == Operator::Not && condition.given == 3;
                    (version.pre.is_empty() || exempt || !condition.bound.pre.is_empty())
                        && condition.holds(version, Compat::Helm3)
                }
            })
        })
    }
}

/// `1.2 - 3` becomes `>= 1.2, <= 3`.
fn spell_ranges(patterns: &Patterns, text: &str, compat: Compat) -> String {
    let end = if compat == Compat::Helm3 { "" } else { " " };
    patterns
        .range
        .replace_all(text, |found: &regex::Captures<'_>| format!(">= {}, <= {}{end}", &found[1], &found[2]))
        .into_owned()
}

impl Condition {
    fn parse(patterns: &Patterns, text: &str, compat: Compat) -> Result<Condition, Option<String>> {
        let Some(found) = patterns.one.captures(text) else { return Err(None) };
        let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
        let operator = match part("operator") {
            "!=" => Operator::Not,
            ">" => Operator::Above,
            "<" => Operator::Below,
            ">=" | "=>" => Operator::AtLeast,
            "<=" | "=<" => Operator::AtMost,
            "~" | "~>" => Operator::Tilde,
            "^" => Operator::Caret,
            _ => Operator::Same,
        };
        let open = |number: &str| matches!(number.trim_start_matches('.'), "" | "x" | "X" | "*");
        let (a, b, c, pre) = (part("a"), part("b"), part("c"), part("pre"));
        let (given, spelled) = match (open(a), open(b), open(c)) {
            (true, _, _) if compat == Compat::Helm3 => (0, "0.0.0".to_owned()),
            (true, _, _) => (0, format!("0.0.0{pre}")),
            (_, true, _) => (1, format!("{a}.0.0{pre}")),
            (_, _, true) => (2, format!("{a}{b}.0{pre}")),
            _ => (3, part("bound").to_owned()),
        };
        let flaw = if compat == Compat::Helm3 { "constraint Parser Error" } else { "constraint parser error" };
        let bound = Version::read(&spelled).map_err(|_| Some(flaw.to_owned()))?;
        Ok(Condition { operator, bound, given, any: given == 0 })
    }

    /// Whether it holds, pre-releases apart.
    fn holds(&self, version: &Version, compat: Compat) -> bool {
        let bound = &self.bound;
        let order = version.precedence(bound);
        // With `x` for the first number the rules treat the bound as three zeros of which the second counts.
        let (minor_open, patch_open) = (self.given == 1, self.given == 2);
        match self.operator {
            Operator::Same if self.given < 3 => self.tilde(version),
            Operator::Same => order.is_eq(),
            Operator::Not if self.given < 3 => {
                if bound.major != version.major {
                    return true;
                }
                if minor_open {
                    return false;
                }
                if bound.minor != version.minor {
                    return true;
                }
                if patch_open {
                    let pre = !version.pre.is_empty() || !bound.pre.is_empty();
                    return pre && version.pre != bound.pre;
                }
                bound.patch != version.patch || order.is_ne()
            }
            Operator::Not => order.is_ne(),
            Operator::Above if self.given == 3 => order.is_gt(),
            Operator::Above => match version.major.cmp(&bound.major) {
                Ordering::Greater => true,
                Ordering::Less => false,
                Ordering::Equal if minor_open => false,
                Ordering::Equal if patch_open => version.minor > bound.minor,
                Ordering::Equal => order.is_gt(),
            },
            Operator::Below => order.is_lt(),
            Operator::AtLeast => order.is_ge(),
            Operator::AtMost if self.given == 3 => order.is_le(),
            Operator::AtMost => {
                version.major <= bound.major
                    && (version.major != bound.major || version.minor <= bound.minor || minor_open)
            }
            Operator::Tilde => self.tilde(version),
            Operator::Caret => order.is_ge() && self.caret(version, compat),
        }
    }

    fn tilde(&self, version: &Version) -> bool {
        let bound = &self.bound;
        if version.precedence(bound).is_lt() {
            return false;
        }
        let zero = (bound.major, bound.minor, bound.patch) == (0, 0, 0);
        if zero && (self.any || self.given == 3) {
            return true;
        }
        version.major == bound.major && (version.minor == bound.minor || self.given == 1)
    }

    /// For a version that is not below the bound.
    fn caret(&self, version: &Version, compat: Compat) -> bool {
        let bound = &self.bound;
        if bound.major > 0 || self.given == 1 || version.major > 0 {
            return version.major == bound.major;
        }
        if bound.minor > 0 || self.given == 2 {
            return version.minor == bound.minor;
        }
        if version.minor > 0 && compat == Compat::Helm4 {
            return false;
        }
        version.patch == bound.patch
    }
}
