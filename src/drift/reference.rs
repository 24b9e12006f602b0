//! From a version to the Git ref that it stands for, by the module's `refTemplate`.
use crate::catalog::Catalog;
use crate::model::config::Module;
use crate::model::{Diagnostic, Result, codes::PL0019};
use minijinja::{Environment, UndefinedBehavior, context};

/// The Git ref of a version: `refTemplate` with `version`, `module.name` and `project.name` filled in.
///
/// # Errors
/// PL0019 when the template does not parse, names something unknown, or gives nothing.
pub fn resolve_ref(catalog: &Catalog, module: &Module, version: &str) -> Result<String> {
    let Some(template) = module.spec.ref_template.as_deref() else { return Ok(version.to_owned()) };
    let mut engine = Environment::empty();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_fuel(Some(10_000));
    let name = &module.metadata.name;
    let values = context! {
        version,
        module => context! { name => name.as_str() },
        project => context! { name => catalog.project.value.metadata.name.as_str() },
    };
    let refused = |why: String| {
        Box::new(
            Diagnostic::error(&PL0019, format!("refTemplate of module {name} cannot be used: {why}"))
                .note(format!("the template is `{template}`"))
                .hint("it may use {{ version }}, {{ module.name }} and {{ project.name }}"),
        )
    };
    let text = engine.render_str(template, values).map_err(|error| refused(error.to_string()))?;
    match text.trim() {
        "" => Err(refused("it gives an empty ref".to_owned())),
        text => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::resolve_ref;
    use crate::drift::testing::{catalog, module};

    #[test]
    fn templates_fill_in_names_and_refuse_what_they_do_not_know() {
        let catalog = catalog();
        for (template, expected) in [
            (None, Ok("1.2.0")),
            (Some("v{{ version }}"), Ok("v1.2.0")),
            (Some("{{ project.name }}/{{ module.name }}-{{ version }}"), Ok("shop/payments-1.2.0")),
            (Some("{{ versoin }}"), Err("PL0019")),
            (Some("{{ version"), Err("PL0019")),
            (Some("{% if false %}x{% endif %}"), Err("PL0019")),
            (Some("{{ 'x' * 99999999999 }}"), Err("PL0019")),
        ] {
            let mut module = module("payments");
            module.spec.ref_template = template.map(str::to_owned);
            let got = resolve_ref(&catalog, &module, "1.2.0");
            assert_eq!(got.as_deref().map_err(|error| error.code.id), expected, "{template:?}");
        }
    }
}
