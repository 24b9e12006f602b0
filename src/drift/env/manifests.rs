//! One source of Kubernetes manifests read: the containers that are wanted, or the keys of ConfigMaps and Secrets.
use super::material::{Names, Unknown};
use super::read::Sink;
use super::sources::Reader;
use super::values::literal;
use crate::drift::texts::hidden;
use crate::drift::tokens::{own, without};
use crate::engines::{kube, yaml};
use crate::model::codes::{PL0302, PL0307, PL0308};
use crate::model::config::EnvSourceType;
use crate::model::{Diagnostic, Place, Secret, Value};
use std::collections::{BTreeMap, BTreeSet};

impl Sink<'_> {
    pub(super) fn manifests(&mut self, reader: &Reader<'_>, files: &[String]) {
        let mut raw = Raw::default();
        let parsed: Vec<kube::File> =
            files.iter().filter_map(|file| Some((file.clone(), documents(reader, file, &mut raw)?))).collect();
        raw.tell(reader);
        let namespace = self.placed.environment.and_then(|env| env.spec.cluster.as_ref()?.namespace.clone());
        // A namespace chooses only where there is a choice: files of one environment need not name it rightly.
        let namespace = namespace.filter(|_| kube::several_namespaces(&parsed));
        if self.source.source_type == EnvSourceType::Configmap {
            return self.keys(reader, kube::keys(&parsed, namespace.as_deref()));
        }
        let Ok(wanted) = self.service(reader) else { return };
        let mut all = kube::containers(&parsed, namespace.as_deref());
        if let Some(wanted) = wanted {
            let tokens = own(self.placed.environment);
            let named = |c: &kube::Container| c.name == wanted;
            let owned = |c: &kube::Container| c.object == wanted || without(&c.object, &tokens) == wanted;
            let by_name = all.iter().any(named);
            all.retain(|c| if by_name { named(c) } else { owned(c) });
            if all.is_empty() {
                return self.no_service(reader, files, &wanted);
            }
        }
        for (label, container) in self.labelled(reader, all) {
            for missing in &container.missing {
                self.missing(reader, &label, missing);
            }
            for (name, variable) in container.vars {
                self.kube(reader, &label, &name, variable);
            }
        }
    }

    /// Containers with their labels: `object/container`, the environment's own words left out of the object.
    fn labelled(&mut self, reader: &Reader<'_>, all: Vec<kube::Container>) -> Vec<(String, kube::Container)> {
        let tokens = own(self.placed.environment);
        let plain = |c: &kube::Container| format!("{}/{}", without(&c.object, &tokens), c.name);
        let mut kinds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for container in &all {
            kinds.entry(plain(container)).or_default().insert(container.kind.clone());
        }
        let label = |c: &kube::Container| match kinds.get(&plain(c)).is_some_and(|kinds| kinds.len() > 1) {
            true => format!("{}-{}", c.kind.to_lowercase(), plain(c)),
            false => plain(c),
        };
        let mut labelled: Vec<(String, kube::Container)> = all.into_iter().map(|c| (label(&c), c)).collect();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let twice: BTreeSet<String> =
            labelled.iter().map(|(label, _)| label.clone()).filter(|label| !seen.insert(label.clone())).collect();
        for (label, container) in labelled.iter().filter(|(label, _)| twice.contains(label)) {
            let message = format!("container {label} is there more than once");
            let place = reader.place(&container.file, container.span.start, container.span.end);
            self.note(Diagnostic::error(&PL0308, message).at(place).hint(NAMESPACE));
            self.unknown.push(Unknown { container: Some(label.clone()), names: Names::Prefix(String::new()) });
        }
        labelled.retain(|(label, _)| !twice.contains(label));
        labelled
    }

    fn note(&mut self, diagnostic: Diagnostic) {
        if !self.notes.iter().any(|known| known.code == diagnostic.code && known.message == diagnostic.message) {
            self.notes.push(diagnostic);
        }
    }

    fn missing(&mut self, reader: &Reader<'_>, label: &str, missing: &kube::Missing) {
        let names = match &missing.names {
            kube::Names::Prefix(prefix) => Names::Prefix(prefix.clone()),
            kube::Names::One(name) => Names::One(name.clone()),
        };
        self.unknown.push(Unknown { container: Some(label.to_owned()), names });
        let object = format!("{} {}", missing.kind, missing.object);
        let place = reader.place(&missing.file, missing.span.start, missing.span.end);
        if missing.several {
            let message = format!("{object} is there more than once, and {label} takes variables from it");
            self.note(Diagnostic::error(&PL0308, message).at(place).hint(NAMESPACE));
        } else if !missing.optional {
            let message = format!("{label} takes all keys of {object}, which is not in the files");
            self.note(Diagnostic::error(&PL0307, message).at(place));
        }
    }

    /// Every key is a variable; the same object twice is a choice that nobody made.
    fn keys(&mut self, reader: &Reader<'_>, all: Vec<kube::Key>) {
        let mut known: BTreeMap<(String, String), usize> = BTreeMap::new();
        for key in &all {
            let first = *known.entry((key.kind.to_owned(), key.object.clone())).or_insert(key.number);
            if first != key.number {
                let message = format!("{} {} is there more than once", key.kind, key.object);
                let place = reader.place(&key.variable.file, key.variable.span.start, key.variable.span.end);
                reader.fail(Diagnostic::error(&PL0308, message).at(hidden(place)).hint(NAMESPACE));
                return;
            }
        }
        for key in all {
            self.kube(reader, "", &key.name, key.variable);
        }
    }

    fn kube(&mut self, reader: &Reader<'_>, container: &str, name: &str, variable: kube::Variable) {
        let place = reader.place(&variable.file, variable.span.start, variable.span.end);
        let (value, open) = match variable.value {
            kube::Value::Literal(text) => (literal(name, text), true),
            kube::Value::Secret(text) => (Value::Secret(Secret::new(text)), false),
            kube::Value::SecretRef(text) => (Value::SecretRef(text), false),
            kube::Value::Reference(text) => (Value::Reference(text), false),
        };
        self.put(container, name, (value, place, open));
    }
}

const NAMESPACE: &str = "name the environment's namespace (`cluster.namespace`), or only the files of one environment";

const RENDER: &str = "templates must be rendered (`helm template`): name the rendered files";
const BUILD: &str = "kustomizations must be built (`kubectl kustomize`): name the built files";

/// Files that are no manifests yet: what they are, where it shows, and how many there are.
#[derive(Default)]
struct Raw {
    templates: Vec<Place>,
    kustomizations: Vec<(Place, &'static str)>,
}

impl Raw {
    /// Says it once for all files.
    fn tell(self, reader: &Reader<'_>) {
        let more = |count: usize| if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() };
        if let Some(place) = self.templates.first() {
            let message = format!("{} is a template, not a manifest{}", place.file, more(self.templates.len()));
            reader.fail(Diagnostic::error(&PL0302, message).at(hidden(place.clone())).hint(RENDER));
        }
        if let Some((place, key)) = self.kustomizations.first() {
            let more = more(self.kustomizations.len());
            let message = format!("{}: `{key}` of a kustomization changes what the manifests say{more}", place.file);
            reader.fail(Diagnostic::error(&PL0302, message).at(hidden(place.clone())).hint(BUILD));
        }
    }
}

/// The documents of a file, unless it is a template.
fn documents(reader: &Reader<'_>, file: &str, raw: &mut Raw) -> Option<Vec<yaml::Node>> {
    let Ok(Some(text)) = reader.text(file) else { return None };
    let (documents, errors) = yaml::parse(&text, &yaml::Limits::default());
    let place = |span: yaml::Span| reader.place(file, span.start, span.end);
    let broken = errors.first().filter(|_| text.contains("{{")).map(|error| error.span);
    if let Some(span) = broken.or_else(|| documents.iter().find_map(kube::unrendered)) {
        raw.templates.push(place(span));
        return None;
    }
    for error in &errors {
        reader.broken(file, Some((error.span.start, error.span.end)), &error.message);
    }
    let changes = documents.iter().find_map(|document| Some((document.span, kube::changes_variables(document)?)));
    raw.kustomizations.extend(changes.map(|(span, key)| (place(span), key)));
    Some(documents)
}
