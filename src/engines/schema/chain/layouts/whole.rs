//! The whole schema as files: init scripts, `schema.sql`, dumps, `structure.sql`.
use super::whole_file;
use crate::engines::schema::StepKind;
use crate::engines::schema::catalog::Dialect;
use crate::engines::schema::chain::files::{Files, name_of};
use crate::engines::schema::chain::{Chain, Layout};

/// The files, in the order in which they are given.
pub(super) fn steps(files: &mut Files<'_>, chain: &mut Chain) {
    for path in files.paths.clone() {
        let name = name_of(&path).to_owned();
        if let Some(step) = whole_file(files, &path, StepKind::Schema, &name, "", false) {
            chain.steps.push(step);
        }
    }
    if chain.layout == Layout::Rails && chain.dialect.is_none() {
        let dumped = |text: &str| text.contains("PostgreSQL database dump");
        let postgres = chain.steps.iter().flat_map(|step| &step.up).any(|script| dumped(&script.text));
        chain.dialect = postgres.then_some(Dialect::Postgres);
    }
    if let [one] = chain.steps.as_slice() {
        chain.root = one.path.to_string();
    }
}
