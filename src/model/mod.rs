//! The words of the domain: plain values, no input or output, nothing below them.
mod code;
pub mod codes;
pub mod config;
mod diagnostic;
mod drift_report;
mod finding;
mod manifests;
mod matrix;
mod release_notes;
mod rule;
mod schema_report;
mod score;
mod secret;
mod vars;
mod version;

pub use code::{Blob, CodeRange, Commit, CommitId, FileChange, FileStatus, Person, Twin};
pub use diagnostic::{Class, Code, Diagnostic, Level, Place, Result, closest};
pub use drift_report::{Coverage, CoverageState, DriftReport, Exit, PairReport, Unchecked};
pub use finding::{Evidence, Finding, Mode, Pair, Shown, State};
pub use manifests::{ObjectPatch, RenderReport, RenderedManifest};
pub use matrix::{Cell, CellSign, MatrixReport, MatrixRow};
pub use release_notes::{
    Contributor, EnvChange, LeftOut, ModuleCommit, ModuleRange, NotesEntry, NotesSection, ReleaseNotes, Statistics,
    Ticket,
};
pub use rule::{Kind, Rule};
pub use schema_report::{
    AttributeChange, Migration, MigrationStatement, ModuleDoubt, SchemaChange, SchemaDiff, SchemaDiffReport,
    SchemaEffect, SchemaLayout, SchemaObject, SchemaReport,
};
pub use score::{Modifier, Score, Severity};
pub use secret::Secret;
pub use vars::{Value, Variable, VariableSet};
pub use version::{Order, compare_versions};
