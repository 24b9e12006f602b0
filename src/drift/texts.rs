//! Texts of the config repository filled for one module, version and environment, and why a file was not read.
use crate::drift::{Comparison, Side};
use crate::model::codes::{PL0019, PL0204, PL0210, PL0211, PL0212, PL0213, PL0216, PL0302};
use crate::model::config::Environment;
use crate::model::{Diagnostic, Place};
use crate::tree::TreeError;

/// What templates of paths see: `env.name`, `env.tier`, `module.name`, `version`.
pub(super) fn context(c: &Comparison<'_>, side: &Side<'_>, environment: Option<&Environment>) -> minijinja::Value {
    let module = minijinja::context! { name => c.module.metadata.name.clone() };
    let version = side.version.unwrap_or_default();
    match environment {
        Some(env) => {
            let env = minijinja::context! { name => env.metadata.name.clone(), tier => env.spec.tier.word() };
            minijinja::context! { env => env, module => module, version => version }
        }
        None => minijinja::context! { module => module, version => version },
    }
}

/// Renders a template such as `deploy/{{ env.name }}.env`; an unknown name is an error.
pub(super) fn render(template: &str, context: &minijinja::Value) -> crate::model::Result<String> {
    if !template.contains('{') {
        return Ok(template.to_owned());
    }
    let mut engine = minijinja::Environment::new();
    engine.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    engine.set_fuel(Some(10_000));
    engine.render_str(template, context).map_err(|error| {
        Box::new(Diagnostic::error(&PL0019, format!("the pattern `{template}` cannot be filled: {error}")))
    })
}

/// The code that says why a file was not read.
pub(super) fn tree_error(path: &str, error: &TreeError) -> Diagnostic {
    let code = match error {
        TreeError::TooLarge { .. } => &PL0210,
        TreeError::BadLink => &PL0211,
        TreeError::LfsPointer { .. } => &PL0212,
        TreeError::Submodule => &PL0213,
        TreeError::Missing => &PL0204,
        TreeError::NotUtf8 => &PL0216,
        TreeError::Other(_) => &PL0302,
    };
    Diagnostic::error(code, format!("{path} was not read: {error}"))
}

/// The place without its text.
pub(super) fn hidden(place: Place) -> Place {
    Place { text: "***".to_owned(), column: 1, width: 3, ..place }
}

/// The place of a whole line.
pub(super) fn line_of(file: &str, text: &str, line: u32) -> Place {
    let line = usize::try_from(line).unwrap_or(1).max(1);
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    let content = rest.lines().next().unwrap_or_default();
    let indent = content.len() - content.trim_start().len();
    Place::of(file, text, start + indent, start + content.len())
}
