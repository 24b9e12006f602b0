//! Compose files: includes, services that extend one another, one file laid over another.
use super::spec::{EnvFile, Spec, Tag};
use super::{Error, Read, Request, Variable, folder, scalar};
use crate::engines::envfile;
use crate::engines::yaml::{self, Limits, Node, Span};
use crate::tree::join;
use std::collections::BTreeMap;

/// How many services may extend one another, and how deep files may include one another.
const NESTED: usize = 16;
/// How many files may be included in all.
const INCLUDES: usize = 256;

/// Where paths start, and what an included file's own `.env` adds to the shell.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    base: String,
    env: BTreeMap<String, String>,
}

impl Scope {
    pub(super) fn project(base: String) -> Scope {
        Scope { base, env: BTreeMap::new() }
    }
}

/// A file that is being read.
struct At<'a> {
    file: &'a str,
    scope: &'a Scope,
    /// Services that it includes.
    included: &'a BTreeMap<String, Spec>,
}

/// Reads files and collects what is wrong.
pub(super) struct Loader<'a> {
    service: Option<&'a str>,
    pub(super) shell: &'a dyn Fn(&str) -> Option<String>,
    pub(super) read: &'a Read<'a>,
    includes: usize,
    /// What is wrong.
    pub(super) errors: Vec<Error>,
}

impl<'a> Loader<'a> {
    pub(super) fn new(request: &Request<'a>) -> Loader<'a> {
        let (service, shell, read) = (request.service, request.shell, request.read);
        Loader { service, shell, read, includes: 0, errors: Vec::new() }
    }

    pub(super) fn error(&mut self, file: &str, span: Option<Span>, message: impl Into<String>) {
        let error = Error { file: file.to_owned(), span, message: message.into() };
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    fn get(&self, scope: &Scope, name: &str) -> Option<String> {
        (self.shell)(name).or_else(|| scope.env.get(name).cloned())
    }

    fn fill(&self, scope: &Scope, text: &str) -> Result<String, envfile::Error> {
        envfile::interpolate(text, &|name| self.get(scope, name))
    }

    fn open(&mut self, file: &str) -> Vec<Node> {
        let text = match (self.read)(file) {
            Ok(Some(text)) => text,
            Ok(None) => {
                self.error(file, None, "the file is not there");
                return Vec::new();
            }
            Err(message) => {
                self.error(file, None, message);
                return Vec::new();
            }
        };
        let (documents, errors) = yaml::parse(&text, &Limits::default());
        for error in errors {
            self.error(file, Some(error.span), error.message);
        }
        documents
    }

    /// The services of several files, each laid over those before it.
    pub(super) fn files(&mut self, files: &[String], scope: &Scope, depth: usize) -> BTreeMap<String, Spec> {
        let mut specs: BTreeMap<String, Spec> = BTreeMap::new();
        for file in files {
            for root in self.open(file) {
                self.document(&root, (file, scope), depth, &mut specs);
            }
        }
        specs
    }

    fn document(
        &mut self,
        root: &Node,
        (file, scope): (&str, &Scope),
        depth: usize,
        specs: &mut BTreeMap<String, Spec>,
    ) {
        let included = self.included(root, (file, scope), depth);
        let at = At { file, scope, included: &included };
        let services = root.get("services");
        if services.is_some_and(|services| Tag::of(services) != Tag::None) {
            specs.clear();
        }
        let mut found: BTreeMap<String, Spec> = BTreeMap::new();
        for (name, node) in services.map(Node::as_map).unwrap_or_default() {
            let Some(name) = name.scalar_text() else { continue };
            if self.service.is_none_or(|wanted| wanted == name) {
                let spec = self.service(root, (&name, node), &at, 0);
                found.insert(name, spec);
            }
        }
        for (name, spec) in &included {
            if self.service.is_none_or(|wanted| wanted == *name) {
                found.entry(name.clone()).or_insert_with(|| spec.clone());
            }
        }
        for (name, spec) in found {
            match spec.tag {
                Tag::Reset => {
                    specs.remove(&name);
                }
                Tag::None | Tag::Override => specs.entry(name).or_default().overlay(spec),
            }
        }
    }

    /// The services of `include`d files.
    fn included(&mut self, root: &Node, (file, scope): (&str, &Scope), depth: usize) -> BTreeMap<String, Spec> {
        let mut all: BTreeMap<String, Spec> = BTreeMap::new();
        for item in root.get("include").map(Node::as_list).unwrap_or_default() {
            self.includes += 1;
            if depth >= NESTED || self.includes > INCLUDES {
                self.error(file, Some(item.span), "files include one another in a circle, or too often");
                break;
            }
            let Some((files, inner)) = self.include(item, (file, scope)) else { continue };
            // What an included file says of a service is extended here, so no service is left out on the way.
            let wanted = self.service.take();
            for (name, spec) in self.files(&files, &inner, depth + 1) {
                match all.get_mut(&name) {
                    // An earlier include is laid over a later one, as compose does.
                    Some(known) => {
                        let over = std::mem::replace(known, spec);
                        known.overlay(over);
                    }
                    None => {
                        all.insert(name, spec);
                    }
                }
            }
            self.service = wanted;
        }
        all
    }

    /// Files and scope of one entry of `include`.
    fn include(&mut self, item: &Node, (file, scope): (&str, &Scope)) -> Option<(Vec<String>, Scope)> {
        let paths = if item.scalar_str().is_some() { Some(item) } else { item.get("path") };
        let mut files = Vec::new();
        for path in paths.map(texts).unwrap_or_default() {
            files.push(self.inside(&path, (file, scope), item.span)?);
        }
        let Some(first) = files.first() else {
            self.error(file, Some(item.span), "an `include` without a path");
            return None;
        };
        let base = match item.get("project_directory").and_then(Node::scalar_text) {
            Some(folder) => self.inside(&folder, (file, scope), item.span)?,
            None => folder(first),
        };
        let mut inner = Scope { base, env: scope.env.clone() };
        let named = item.get("env_file").map(texts);
        for path in named.iter().flatten().filter(|path| *path != "/dev/null") {
            let path = self.inside(path, (file, scope), item.span)?;
            self.dotenv(&path, &mut inner, Some((file, item.span)));
        }
        if named.is_none()
            && let Some(path) = join(&inner.base, ".env")
        {
            self.dotenv(&path, &mut inner, None);
        }
        Some((files, inner))
    }

    fn inside(&mut self, path: &str, (file, scope): (&str, &Scope), span: Span) -> Option<String> {
        let filled = self.fill(scope, path).ok();
        let joined = filled.and_then(|path| join(&scope.base, &path));
        if joined.is_none() {
            self.error(file, Some(span), "a path that leads out of the repository");
        }
        joined
    }

    /// Adds a `.env` file to the scope; what the scope has already stays.
    fn dotenv(&mut self, path: &str, scope: &mut Scope, required: Option<(&str, Span)>) {
        let text = match (self.read)(path) {
            Ok(Some(text)) => text,
            Ok(None) => {
                if let Some((file, span)) = required {
                    self.error(file, Some(span), format!("the env_file {path} is not there"));
                }
                return;
            }
            Err(message) => return self.error(path, None, message),
        };
        let (entries, errors) = envfile::parse(&text);
        let mut known = BTreeMap::new();
        let (_, more) = envfile::resolve_onto(&entries, &|name| self.get(scope, name), &mut known);
        for error in errors.into_iter().chain(more) {
            self.error(path, Some(Span { start: error.span.start, end: error.span.end }), error.message);
        }
        for (name, value) in known {
            scope.env.entry(name).or_insert(value);
        }
    }

    fn service(&mut self, root: &Node, (name, node): (&str, &Node), at: &At<'_>, depth: usize) -> Spec {
        let mut spec = Spec::default();
        if let Some(extends) = node.get("extends") {
            if depth >= NESTED {
                self.error(at.file, Some(extends.span), "services extend one another in a circle, or too often");
            } else {
                spec = self.extended(root, extends, at, depth);
            }
        }
        if spec.env.is_empty() && spec.files.is_empty() {
            // The service of an included file is what this one is laid over.
            spec = at.included.get(name).cloned().unwrap_or_default();
        }
        spec.overlay(self.own(node, at));
        spec
    }

    fn extended(&mut self, root: &Node, extends: &Node, at: &At<'_>, depth: usize) -> Spec {
        let name = extends.scalar_text().or_else(|| extends.get("service").and_then(Node::scalar_text));
        let Some(name) = name else {
            self.error(at.file, Some(extends.span), "`extends` names no service");
            return Spec::default();
        };
        let Some(other) = extends.get("file").and_then(Node::scalar_text) else {
            return match root.get("services").and_then(|services| services.get(&name)) {
                Some(service) => self.service(root, (&name, service), at, depth + 1),
                None => match at.included.get(&name) {
                    Some(spec) => spec.clone(),
                    None => self.no_base(at.file, extends, &name),
                },
            };
        };
        let Some(path) = self.inside(&other, (at.file, at.scope), extends.span) else { return Spec::default() };
        let Some(loaded) = self.open(&path).into_iter().next() else { return Spec::default() };
        let scope = Scope { base: folder(&path), env: at.scope.env.clone() };
        let inner = At { file: &path, scope: &scope, included: &BTreeMap::new() };
        match loaded.get("services").and_then(|services| services.get(&name)) {
            Some(service) => self.service(&loaded, (&name, service), &inner, depth + 1),
            None => self.no_base(at.file, extends, &name),
        }
    }

    fn no_base(&mut self, file: &str, extends: &Node, name: &str) -> Spec {
        self.error(file, Some(extends.span), format!("`extends` names the service {name}, which is not there"));
        Spec::default()
    }

    fn own(&mut self, node: &Node, at: &At<'_>) -> Spec {
        let mut spec = Spec { tag: Tag::of(node), ..Spec::default() };
        if let Some(env) = node.get("environment") {
            spec.env_replaces = Tag::of(env) != Tag::None;
            if Tag::of(env) != Tag::Reset {
                self.environment(env, at, &mut spec);
            }
        }
        if let Some(files) = node.get("env_file") {
            spec.files_replace = Tag::of(files) != Tag::None;
            if Tag::of(files) != Tag::Reset {
                let single = std::slice::from_ref(files);
                let list = if files.as_list().is_empty() && !files.is_null() { single } else { files.as_list() };
                for item in list {
                    self.env_file(item, at, &mut spec.files);
                }
            }
        }
        spec
    }

    fn environment(&mut self, env: &Node, at: &At<'_>, spec: &mut Spec) {
        if env.scalar_str().is_some() {
            return self.error(at.file, Some(env.span), "`environment` is neither a mapping nor a list");
        }
        for (key, value) in env.as_map() {
            let Some(name) = key.scalar_text() else { continue };
            if Tag::of(value) == Tag::Reset {
                spec.resets.insert(name);
                continue;
            }
            let span = Span { start: key.span.start, end: value.span.end.max(key.span.end) };
            if value.scalar_str().is_none() {
                self.error(at.file, Some(span), "a value of `environment` that is no text");
                continue;
            }
            self.put(spec, (name, scalar::text(value)), at, span);
        }
        for item in env.as_list() {
            let Some(text) = item.scalar_text() else {
                self.error(at.file, Some(item.span), "an item of `environment` that is no text");
                continue;
            };
            // Filled before it is split: `${…}` may make the name, too.
            let text = match self.fill(at.scope, &text) {
                Ok(text) => text,
                Err(error) => {
                    self.error(at.file, Some(item.span), error.message);
                    continue;
                }
            };
            let (name, value) = match text.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (text.clone(), self.get(at.scope, &text)),
            };
            spec.env.insert(name, Variable { value, file: at.file.to_owned(), span: item.span });
        }
    }

    fn put(&mut self, spec: &mut Spec, (name, raw): (String, Option<String>), at: &At<'_>, span: Span) {
        let value = match raw {
            None => self.get(at.scope, &name),
            Some(raw) => match self.fill(at.scope, &raw) {
                Ok(value) => Some(value),
                Err(error) => return self.error(at.file, Some(span), error.message),
            },
        };
        spec.env.insert(name, Variable { value, file: at.file.to_owned(), span });
    }

    fn env_file(&mut self, item: &Node, at: &At<'_>, into: &mut Vec<EnvFile>) {
        let path = item.scalar_text().or_else(|| item.get("path").and_then(Node::scalar_text));
        let path = path.and_then(|path| self.fill(at.scope, &path).ok());
        let format = item.get("format").and_then(Node::scalar_text);
        match path.and_then(|path| join(&at.scope.base, &path)) {
            _ if !matches!(format.as_deref(), None | Some("raw")) => {
                self.error(at.file, Some(item.span), "an `env_file` in a format that is not known");
            }
            Some(path) => into.push(EnvFile {
                path,
                required: item.get("required").and_then(Node::scalar_text).as_deref() != Some("false"),
                raw: format.is_some(),
                file: at.file.to_owned(),
                span: item.span,
            }),
            None => self.error(at.file, Some(item.span), "an `env_file` without a path inside the repository"),
        }
    }
}

/// A text, or the texts of a list.
fn texts(node: &Node) -> Vec<String> {
    match node.scalar_text() {
        Some(text) => vec![text],
        None => node.as_list().iter().filter_map(Node::scalar_text).collect(),
    }
}
