//! Reports to text, Markdown and JSON (contract; the renderers follow).
use crate::model::{Code, Diagnostic, DriftReport, MatrixReport, Result, Rule, Severity};
use crate::ops;

/// How text is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// Columns.
    pub width: usize,
    /// Whether ANSI colours are written.
    pub color: bool,
    /// Whether only ASCII is written.
    pub ascii: bool,
    /// Whether links are written.
    pub links: bool,
    /// How much more is told.
    pub verbose: u8,
}

/// What of a drift report is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DriftView {
    /// Only findings at or above this.
    pub min: Option<Severity>,
    /// List pending ones.
    pub pending: bool,
    /// List accepted ones.
    pub accepted: bool,
    /// List expected ones.
    pub expected: bool,
    /// One line each.
    pub oneline: bool,
    /// With the next commands.
    pub next: bool,
}

macro_rules! stubs {
    ($($name:ident($($arg:ident: $kind:ty),*);)*) => {
        $(/// To come.
        pub fn $name($($arg: $kind),*) -> String { $(let _ = $arg;)* String::new() })*
    };
}
stubs! {
    drift_text(report: &DriftReport, view: &DriftView, style: &Style);
    drift_md(report: &DriftReport, view: &DriftView);
    status_text(report: &MatrixReport, style: &Style);
    status_md(report: &MatrixReport);
    explanation_text(value: &ops::Explanation, style: &Style);
    explanation_md(value: &ops::Explanation);
    rule_text(rule: &Rule, style: &Style);
    code_text(code: &Code, style: &Style);
    index_text(rows: &[(&str, &str)], style: &Style);
    lint_text(report: &ops::LintReport, style: &Style);
    repos_text(repos: &[ops::RepoState], style: &Style);
    acceptances_text(list: &[ops::Acceptance], revoked: bool, dry_run: bool, style: &Style);
    demo_text(report: &ops::DemoReport, style: &Style);
}

/// An error or warning.
pub fn diagnostic_text(value: &Diagnostic, style: &Style) -> String {
    let _ = style;
    let mut text = format!("error[{}]: {}\n", value.code.id, value.message);
    for hint in &value.hints {
        text.push_str(&format!("  hint: {hint}\n"));
    }
    text
}

/// A value as JSON.
///
/// # Errors
/// PL0900.
pub fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string_pretty(value)
        .map(|text| text + "\n")
        .map_err(|error| Box::new(Diagnostic::error(&crate::model::codes::PL0900, error.to_string())))
}

/// Release notes.
pub mod notes {
    use crate::model::{ReleaseNotes, Result};

    /// Markdown.
    ///
    /// # Errors
    /// PL0401.
    pub fn markdown(notes: &ReleaseNotes, template: Option<(&str, &str)>) -> Result<String> {
        let _ = (notes, template);
        Ok(String::new())
    }

    /// The sum.
    pub fn summary(notes: &ReleaseNotes) -> String {
        let _ = notes;
        String::new()
    }
}
