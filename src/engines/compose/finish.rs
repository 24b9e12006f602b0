//! The last step: `env_file`s are read, and `environment` is laid over them.
use super::Variable;
use super::load::Loader;
use super::spec::{EnvFile, Spec};
use crate::engines::envfile;
use crate::engines::yaml::Span;
use std::collections::BTreeMap;

impl Loader<'_> {
    /// Variables of the `env_file`s, and those of `environment` over them.
    pub(super) fn finish(&mut self, spec: Spec) -> BTreeMap<String, Variable> {
        let (mut vars, mut known) = (BTreeMap::new(), BTreeMap::new());
        for item in &spec.files {
            match (self.read)(&item.path) {
                Ok(Some(text)) => self.read_env_file((item, &text), &spec.env, &mut known, &mut vars),
                Ok(None) if !item.required => (),
                Ok(None) => {
                    self.error(&item.file, Some(item.span), format!("the env_file {} is not there", item.path));
                }
                Err(message) => self.error(&item.path, None, message),
            }
        }
        vars.extend(spec.env);
        vars
    }

    /// `${…}` sees the shell first, then `environment`, then this file and those before it.
    fn read_env_file(
        &mut self,
        (item, text): (&EnvFile, &str),
        env: &BTreeMap<String, Variable>,
        known: &mut BTreeMap<String, String>,
        vars: &mut BTreeMap<String, Variable>,
    ) {
        let (entries, errors) = if item.raw { (envfile::parse_raw(text), Vec::new()) } else { envfile::parse(text) };
        let outer = |name: &str| (self.shell)(name).or_else(|| env.get(name)?.value.clone());
        let (values, more) = envfile::resolve_onto(&entries, &outer, known);
        for error in errors.into_iter().chain(more) {
            let span = Span { start: error.span.start, end: error.span.end };
            self.error(&item.path, Some(span), error.message);
        }
        for (entry, value) in values {
            let span = Span { start: entry.name_span.start, end: entry.value_span.end };
            vars.insert(entry.name, Variable { value, file: item.path.clone(), span });
        }
    }
}
