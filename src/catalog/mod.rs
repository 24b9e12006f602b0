//! Reads what the config repository defines: the catalog, and everything that is wrong with it.
pub mod baselines;
mod check;
mod document;
mod file;
mod load;
mod names;
mod pairs;
mod patterns;
mod rules;
mod schema;
mod secrets;

pub use schema::{KINDS, schema};

use crate::model::config::{
    Accepted, Baseline, BaselinePair, Deployment, Environment, Integration, Module, Policy, Project, Release, Snapshot,
    Source, Tenant,
};
use crate::model::{Diagnostic, Place, Result};
use crate::tree::Tree;
use std::collections::BTreeMap;

/// A document and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Located<T> {
    /// The document.
    pub value: T,
    /// Its first line (the line of `kind:`).
    pub place: Place,
}

/// Everything that a config repository defines, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalog {
    /// The project.
    pub project: Located<Project>,
    /// Modules by name, with the project's defaults applied (`repo`, `refTemplate`, `env`, `codeRefs`, `versions`).
    pub modules: BTreeMap<String, Located<Module>>,
    /// Environments along the promotion path, then those outside it by name.
    pub environments: Vec<Located<Environment>>,
    /// The Master Manifest: cells by (module, environment).
    pub cells: BTreeMap<(String, String), Located<Deployment>>,
    /// Policies by name.
    pub policies: BTreeMap<String, Located<Policy>>,
    /// Baselines by name.
    pub baselines: BTreeMap<String, Located<Baseline>>,
    /// Snapshots by name.
    pub snapshots: BTreeMap<String, Located<Snapshot>>,
    /// Sources by name.
    pub sources: BTreeMap<String, Located<Source>>,
    /// Releases by name.
    pub releases: BTreeMap<String, Located<Release>>,
    /// Integrations by name.
    pub integrations: BTreeMap<String, Located<Integration>>,
    /// Tenants by name.
    pub tenants: BTreeMap<String, Located<Tenant>>,
    /// All accepted findings of all baselines, by file and line.
    pub accepted: Vec<AcceptedEntry>,
}

/// An accepted finding, and where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct AcceptedEntry {
    /// The entry.
    pub value: Accepted,
    /// The place of its first key.
    pub place: Place,
    /// The pair of its baseline; all pairs when absent.
    pub pair: Option<BaselinePair>,
    /// Name of its baseline.
    pub baseline: String,
    /// Its position in `spec.accepted` of the baseline, counted from 0.
    pub index: usize,
}

/// Reads all documents of the tree. The catalog is there as soon as a project could be read, whatever else is wrong.
/// Diagnostics are sorted by place.
///
/// A document with an error is left out; the others are there. A config repository holds one project: a second one is
/// refused with PL0016.
pub fn load(tree: &dyn Tree) -> (Option<Catalog>, Vec<Diagnostic>) {
    load::load(tree)
}

/// Files and folders of the config repository that documents are read from; in folders every `.yaml` and `.yml` file is.
pub fn places() -> impl Iterator<Item = &'static str> {
    document::places()
}

impl Catalog {
    /// The environment with this name.
    ///
    /// # Errors
    /// PL0104 with a suggestion and all names.
    pub fn environment(&self, name: &str) -> Result<&Environment> {
        self.environments.iter().map(|env| &env.value).find(|env| env.metadata.name == name).ok_or_else(|| {
            let names: Vec<&str> = self.environments.iter().map(|env| env.value.metadata.name.as_str()).collect();
            Box::new(
                Diagnostic::error(
                    &crate::model::codes::PL0104,
                    format!("there is no environment '{name}' in project {}", self.project.value.metadata.name),
                )
                .did_you_mean(name, names.iter().copied())
                .hint(format!("environments: {}", names.join(" "))),
            )
        })
    }

    /// The module with this name.
    ///
    /// # Errors
    /// PL0102 with a suggestion and all names.
    pub fn module(&self, name: &str) -> Result<&Module> {
        self.modules.get(name).map(|module| &module.value).ok_or_else(|| {
            Box::new(
                Diagnostic::error(
                    &crate::model::codes::PL0102,
                    format!("there is no module '{name}' in project {}", self.project.value.metadata.name),
                )
                .did_you_mean(name, self.modules.keys().map(String::as_str))
                .hint(format!("modules: {}", self.modules.keys().map(String::as_str).collect::<Vec<_>>().join(" "))),
            )
        })
    }
}

#[cfg(test)]
mod tests;

/// How many files of the config repository are read, and how many documents they hold.
pub fn count(tree: &dyn Tree) -> (usize, usize) {
    document::totals(tree)
}
