//! What a detector gets: the two sides of one module, and what lies between them.
use crate::catalog::Catalog;
use crate::drift::helm::Renders;
use crate::drift::schema::{Reader, Schemas};
use crate::drift::versions;
use crate::model::config::{Deployment, Environment, Module};
use crate::model::{CodeRange, CommitId, Diagnostic, Mode, Pair, Secret, codes};
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
    /// Renderings of all modules, kept for the whole answer.
    pub renders: &'a Renders,
    /// Database schemas of all modules, kept for the whole answer.
    pub schemas: &'a Schemas,
    /// Modules whose deployed code may use the module's database schema; empty for modules without one.
    pub readers: &'a [Reader<'a>],
    /// Whether secret values may be shown as `from` and `to` of a finding. Nothing else ever holds one.
    pub show_secrets: bool,
}

impl Comparison<'_> {
    /// Why a range of plain refs is not about this module: its repository has neither of them, so it speaks of another one.
    pub(super) fn elsewhere(&self) -> Option<String> {
        let unknown = |side: &Side<'_>| side.tree.is_err_and(|why| why.code.id == codes::PL0203.id);
        let neither = self.pair.mode == Mode::Refs && unknown(&self.from) && unknown(&self.to);
        let repository = self.module.spec.repo.as_deref().unwrap_or("its repository");
        neither.then(|| format!("{repository} has neither {} nor {}", self.pair.from, self.pair.to))
    }

    /// Why there are not two sides. That a module is missing is told by the version rules.
    pub(super) fn absent(&self) -> Option<String> {
        let not_at = |version| versions::not_at(self, version);
        match (self.from.version, self.to.version) {
            (Some(from), Some(to)) if self.pair.mode == Mode::Refs => {
                self.elsewhere().or_else(|| not_at(from).filter(|_| not_at(to).is_some()))
            }
            _ if self.pair.mode == Mode::Refs => None,
            (None, None) => Some("it is deployed in neither environment".to_owned()),
            (None, Some(_)) => Some(format!("it is not in {}", self.from.name)),
            (Some(_), None) if self.pair.mode == Mode::Mirror => Some(format!("it is not in {}", self.to.name)),
            _ => None,
        }
    }
}
