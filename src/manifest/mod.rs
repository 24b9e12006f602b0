//! The Master Manifest: which version is in which cell, since when, and what stands out about it.
mod history;
mod matrix;

pub use history::{CellVersion, FileChange, Histories, cells_of, histories};
pub use matrix::matrix;

use crate::catalog::Catalog;
use crate::model::Result;
use crate::model::config::Module;

/// The Git ref of a version, by the module's `refTemplate`.
///
/// # Errors
/// PL0019 when the template cannot be used.
pub fn resolve_ref(catalog: &Catalog, module: &Module, version: &str) -> Result<String> {
    crate::drift::resolve_ref(catalog, module, version)
}
