//! Compares the cells of two environments, or two refs. One file or folder per kind; `DETECTORS` is the only list of them.
/// The rules of a kind as statics by their id, and the table of all of them.
macro_rules! rules {
    ($kind:ident $($name:ident $base:literal $title:literal $help:literal)*) => {
        $(pub(super) static $name: &Rule = &RULES[Index::$name as usize];)*
        #[allow(clippy::upper_case_acronyms, reason = "the names are the ids of the rules")]
        enum Index { $($name),* }
        /// All rules, by id.
        pub(super) static RULES: &[Rule] =
            &[$(Rule { id: stringify!($name), kind: Kind::$kind, title: $title, base: $base, help: $help }),*];
    };
}

mod baseline;
mod code;
pub mod env;
pub mod helm;
mod policy;
mod reference;
mod report;
pub mod schema;
mod score;
mod side;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod texts;
mod tokens;
mod versions;

pub use baseline::Acceptances;
pub use code::shipped;
pub use policy::Policies;
pub use reference::resolve_ref;
pub use report::{ALL_MODULES, Judge, assign_ids, compare};
pub use side::{CellEvent, Comparison, Side};

use crate::model::{Diagnostic, Evidence, Kind, Modifier, Rule, Shown, State};
use jiff::Timestamp;

/// A finding before policy, baseline and id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The rule.
    pub rule: &'static Rule,
    /// What differs within module and pair.
    pub key: String,
    /// What is the case, one line, no full stop.
    pub title: String,
    /// Value on the left.
    pub from: Option<Shown>,
    /// Value on the right.
    pub to: Option<Shown>,
    /// `Drift`, `Change`, `Pending` or `Expected`.
    pub state: State,
    /// Why it is pending or expected.
    pub because: Option<String>,
    /// Parts of the score besides the base and those of the receiving environment, which `compare` adds.
    pub modifiers: Vec<Modifier>,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Further lines.
    pub details: Vec<String>,
    /// Tickets of the commits behind it.
    pub tickets: Vec<String>,
    /// Lines that show it.
    pub evidence: Vec<Evidence>,
    /// Whether it is about the environments as a whole, so that every module tells it: then it is reported once.
    pub for_all: bool,
}

/// What a detector says about one comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Differences.
    pub drafts: Vec<Draft>,
    /// What could not be compared.
    pub unchecked: Vec<Diagnostic>,
    /// Things compared.
    pub compared: usize,
    /// Things equal.
    pub equal: usize,
    /// Why there is nothing to compare, when that is so by design.
    pub not_applicable: Option<String>,
}

/// One kind of drift.
pub trait Detector: Sync {
    /// The word after `--check`.
    fn kind(&self) -> Kind;
    /// Everything it can report.
    fn rules(&self) -> &'static [Rule];
    /// Compares the two sides.
    fn compare(&self, comparison: &Comparison<'_>) -> Outcome;
}

/// The kinds of drift.
pub static DETECTORS: &[&dyn Detector] = &[&versions::Versions, &code::Code, &env::Env, &helm::Helm, &schema::Schemata];

/// The rule with this id, any case.
pub fn rule(id: &str) -> Option<&'static Rule> {
    DETECTORS.iter().flat_map(|detector| detector.rules()).find(|rule| rule.id.eq_ignore_ascii_case(id))
}

impl Draft {
    /// A difference of this rule, nothing said about it yet but its title.
    pub(crate) fn new(rule: &'static Rule, key: impl Into<String>, state: State, title: impl Into<String>) -> Draft {
        Draft {
            rule,
            key: key.into(),
            title: title.into(),
            from: None,
            to: None,
            state,
            because: None,
            modifiers: Vec::new(),
            since: None,
            details: Vec::new(),
            tickets: Vec::new(),
            evidence: Vec::new(),
            for_all: false,
        }
    }

    /// Adds a part to its score.
    pub(crate) fn modifier(mut self, name: &str, tenths: i32, reason: impl Into<String>) -> Draft {
        self.modifiers.push(Modifier { name: name.to_owned(), tenths, reason: reason.into() });
        self
    }

    /// Shows both values.
    pub(crate) fn shown(mut self, from: Shown, to: Shown) -> Draft {
        (self.from, self.to) = (Some(from), Some(to));
        self
    }

    /// Says why it is pending or expected.
    pub(crate) fn because(mut self, reason: impl Into<String>) -> Draft {
        self.because = Some(reason.into());
        self
    }
}

impl Outcome {
    /// Nothing to compare, by design.
    pub(crate) fn not_applicable(because: impl Into<String>) -> Outcome {
        Outcome { not_applicable: Some(because.into()), ..Outcome::default() }
    }
}
