//! One compose file after another: services as specifications that can be laid over one another.
use super::{Error, Read, Variable, folder, join};
use crate::engines::envfile;
use crate::engines::yaml::{self, Limits, Node, Span};
use std::collections::BTreeMap;

/// How many services may extend one another.
const EXTENDS: usize = 16;

/// An entry of `env_file`.
#[derive(Debug, Clone)]
pub(super) struct EnvFile {
    path: String,
    required: bool,
    raw: bool,
    file: String,
    span: Span,
}

/// What a service says before `env_file`s are read.
#[derive(Debug, Clone, Default)]
pub(super) struct Spec {
    env: BTreeMap<String, Option<Variable>>,
    env_replaces: bool,
    files: Vec<EnvFile>,
    files_replace: bool,
}

impl Spec {
    /// Lays `over` upon this one.
    pub(super) fn overlay(&mut self, over: Spec) {
        self.env_replaces |= over.env_replaces;
        self.files_replace |= over.files_replace;
        if over.env_replaces {
            self.env.clear();
        }
        if over.files_replace {
            self.files.clear();
        }
        self.env.extend(over.env);
        self.files.extend(over.files);
    }
}

/// Reads files and collects what is wrong.
pub(super) struct Loader<'a> {
    shell: &'a dyn Fn(&str) -> Option<String>,
    read: &'a Read<'a>,
    /// What is wrong.
    pub(super) errors: Vec<Error>,
}

impl<'a> Loader<'a> {
    pub(super) fn new(shell: &'a dyn Fn(&str) -> Option<String>, read: &'a Read<'a>) -> Loader<'a> {
        Loader { shell, read, errors: Vec::new() }
    }

    fn error(&mut self, file: &str, span: Option<Span>, message: impl Into<String>) {
        let error = Error { file: file.to_owned(), span, message: message.into() };
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    fn open(&mut self, file: &str) -> Option<Node> {
        let text = match (self.read)(file) {
            Ok(Some(text)) => text,
            Ok(None) => {
                self.error(file, None, "the file is not there");
                return None;
            }
            Err(message) => {
                self.error(file, None, message);
                return None;
            }
        };
        let (documents, errors) = yaml::parse(&text, &Limits::default());
        for error in errors {
            self.error(file, Some(error.span), error.message);
        }
        documents.into_iter().next()
    }

    /// All services of a file; `base` is the folder that its `env_file`s are relative to.
    pub(super) fn file(&mut self, file: &str, base: &str) -> Vec<(String, Spec)> {
        let Some(root) = self.open(file) else { return Vec::new() };
        let Some(services) = root.get("services") else { return Vec::new() };
        let mut found = Vec::new();
        for (name, node) in services.as_map() {
            if let Some(name) = name.scalar_text() {
                let spec = self.service(&root, node, (file, base), 0);
                found.push((name, spec));
            }
        }
        found
    }

    fn service(&mut self, root: &Node, node: &Node, (file, base): (&str, &str), depth: usize) -> Spec {
        let mut spec = Spec::default();
        if let Some(extends) = node.get("extends") {
            if depth >= EXTENDS {
                self.error(file, Some(extends.span), "services extend one another in a circle, or too often");
            } else {
                spec = self.extended(root, extends, (file, base), depth);
            }
        }
        spec.overlay(self.own(node, file, base));
        spec
    }

    fn extended(&mut self, root: &Node, extends: &Node, (file, base): (&str, &str), depth: usize) -> Spec {
        let name = extends.scalar_text().or_else(|| extends.get("service").and_then(Node::scalar_text));
        let Some(name) = name else {
            self.error(file, Some(extends.span), "`extends` names no service");
            return Spec::default();
        };
        let other = extends.get("file").and_then(Node::scalar_text);
        let (path, loaded) = match other {
            None => (file.to_owned(), None),
            Some(other) => match join(&folder(file), &other) {
                Some(path) => {
                    let Some(loaded) = self.open(&path) else { return Spec::default() };
                    (path, Some(loaded))
                }
                None => {
                    self.error(file, Some(extends.span), "the file of `extends` is outside the repository");
                    return Spec::default();
                }
            },
        };
        let home = if loaded.is_some() { folder(&path) } else { base.to_owned() };
        let root = loaded.as_ref().unwrap_or(root);
        match root.get("services").and_then(|services| services.get(&name)) {
            Some(service) => self.service(root, service, (&path, &home), depth + 1),
            None => {
                self.error(file, Some(extends.span), format!("`extends` names the service {name}, which is not there"));
                Spec::default()
            }
        }
    }

    fn own(&mut self, node: &Node, file: &str, base: &str) -> Spec {
        let mut spec = Spec::default();
        let tagged = |node: &Node| matches!(node.tag.as_deref(), Some("!reset" | "!override"));
        if let Some(env) = node.get("environment") {
            spec.env_replaces = tagged(env);
            if env.tag.as_deref() != Some("!reset") {
                self.environment(env, file, &mut spec.env);
            }
        }
        if let Some(files) = node.get("env_file") {
            spec.files_replace = tagged(files);
            if files.tag.as_deref() != Some("!reset") {
                let single = std::slice::from_ref(files);
                let list = if files.as_list().is_empty() && !files.is_null() { single } else { files.as_list() };
                for item in list {
                    self.env_file(item, file, base, &mut spec.files);
                }
            }
        }
        spec
    }

    fn environment(&mut self, env: &Node, file: &str, into: &mut BTreeMap<String, Option<Variable>>) {
        for (key, value) in env.as_map() {
            let Some(name) = key.scalar_text() else { continue };
            if value.tag.as_deref() == Some("!reset") {
                into.insert(name, None);
                continue;
            }
            let raw = if value.is_null() { None } else { value.scalar_text() };
            let span = Span { start: key.span.start, end: value.span.end.max(key.span.end) };
            self.put(into, (name, raw), file, span);
        }
        for item in env.as_list() {
            let Some(text) = item.scalar_text() else {
                self.error(file, Some(item.span), "an item of `environment` that is no text");
                continue;
            };
            let (name, raw) = match text.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (text, None),
            };
            self.put(into, (name, raw), file, item.span);
        }
    }

    fn put(
        &mut self,
        into: &mut BTreeMap<String, Option<Variable>>,
        (name, raw): (String, Option<String>),
        file: &str,
        span: Span,
    ) {
        let value = match raw {
            None => (self.shell)(&name),
            Some(raw) => match envfile::interpolate(&raw, self.shell) {
                Ok(value) => Some(value),
                Err(error) => {
                    self.error(file, Some(span), error.message);
                    return;
                }
            },
        };
        into.insert(name, Some(Variable { value, file: file.to_owned(), span }));
    }

    fn env_file(&mut self, item: &Node, file: &str, base: &str, into: &mut Vec<EnvFile>) {
        let path = item.scalar_text().or_else(|| item.get("path").and_then(Node::scalar_text));
        let path = path.and_then(|path| envfile::interpolate(&path, self.shell).ok());
        match path.and_then(|path| join(base, &path)) {
            Some(path) => into.push(EnvFile {
                path,
                required: item.get("required").and_then(Node::scalar_text).as_deref() != Some("false"),
                raw: item.get("format").and_then(Node::scalar_text).as_deref() == Some("raw"),
                file: file.to_owned(),
                span: item.span,
            }),
            None => self.error(file, Some(item.span), "an `env_file` without a path inside the repository"),
        }
    }

    /// Variables of the `env_file`s, and those of `environment` over them.
    pub(super) fn finish(&mut self, spec: Spec) -> BTreeMap<String, Variable> {
        let mut vars = BTreeMap::new();
        for item in &spec.files {
            match (self.read)(&item.path) {
                Ok(Some(text)) => self.read_env_file(item, &text, &mut vars),
                Ok(None) if !item.required => (),
                Ok(None) => {
                    self.error(&item.file, Some(item.span), format!("the env_file {} is not there", item.path));
                }
                Err(message) => self.error(&item.path, None, message),
            }
        }
        for (name, variable) in spec.env {
            match variable {
                Some(variable) => vars.insert(name, variable),
                None => vars.remove(&name),
            };
        }
        vars
    }

    fn read_env_file(&mut self, item: &EnvFile, text: &str, vars: &mut BTreeMap<String, Variable>) {
        let (mut entries, errors) = envfile::parse(text);
        if item.raw {
            entries.iter_mut().for_each(|entry| entry.literal = true);
        }
        let (values, more) = envfile::resolve(&entries, self.shell);
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
