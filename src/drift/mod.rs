//! Compares the cells of two environments, or two refs. One file or folder per kind; `DETECTORS` is the only list of them.
pub mod env;

use crate::catalog::Catalog;
use crate::model::config::{Deployment, Environment, Module};
use crate::model::{
    CodeRange, CommitId, Diagnostic, Evidence, Kind, Modifier, Pair, PairReport, Rule, Secret, Shown, State,
};
use crate::tree::Tree;
use jiff::Timestamp;

/// One side of a comparison: a version of a module, and the environment it is in, if any.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// Environment, snapshot or ref as it was asked for.
    pub name: &'a str,
    /// The environment; `None` for plain refs.
    pub environment: Option<&'a Environment>,
    /// The cell; `None` when nothing is recorded, or for plain refs.
    pub deployment: Option<&'a Deployment>,
    /// The version in the cell, or the ref; `None` when nothing is recorded.
    pub version: Option<&'a str>,
    /// The commit that the version resolves to.
    pub commit: Option<&'a CommitId>,
    /// The module's repository at that commit, or why it cannot be read. The error when nothing is recorded has code PL0203.
    pub tree: Result<&'a dyn Tree, &'a Diagnostic>,
    /// The versions that were ever in this cell, oldest first; `None` when the history is not known.
    pub history: Option<&'a [CellEvent]>,
}

/// A change of a cell in the history of the config repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellEvent {
    /// The version that the cell got; `None` when the cell was removed.
    pub version: Option<String>,
    /// Commit of the config repository.
    pub commit: CommitId,
    /// Commit time.
    pub at: Timestamp,
    /// Author name.
    pub by: String,
}

/// Everything that is compared for one module and pair.
pub struct Comparison<'a> {
    /// All definitions.
    pub catalog: &'a Catalog,
    /// The module, defaults applied.
    pub module: &'a Module,
    /// The pair.
    pub pair: &'a Pair,
    /// What `to` should be like.
    pub from: Side<'a>,
    /// What is looked at.
    pub to: Side<'a>,
    /// The config repository.
    pub config: &'a dyn Tree,
    /// Commits between the two versions under the module's paths (`only_from` are those that `to` lacks), or why they
    /// are not known; `None` when a side has no version.
    pub code: Option<Result<&'a CodeRange, &'a Diagnostic>>,
    /// The moment the report speaks of.
    pub now: Timestamp,
    /// Key and key id for digests of secrets; `None` when the user has none: then an own key of this run is used, and
    /// digests in the config repository cannot be compared with values.
    pub hmac: Option<(&'a str, &'a Secret)>,
    /// Whether secret values may be shown.
    pub show_secrets: bool,
}

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
pub static DETECTORS: &[&dyn Detector] = &[];

/// Runs the detectors of `kinds` (empty: all) over the comparisons of one pair, applies policy and baselines, and
/// gives the findings their ids.
pub fn compare(comparisons: &[Comparison<'_>], kinds: &[Kind]) -> Option<PairReport> {
    let _ = (comparisons, kinds);
    None
}

/// The rule with this id, any case.
pub fn rule(id: &str) -> Option<&'static Rule> {
    DETECTORS.iter().flat_map(|detector| detector.rules()).find(|rule| rule.id.eq_ignore_ascii_case(id))
}
