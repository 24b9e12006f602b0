//! What a service says before `env_file`s are read, and how one text is laid over another.
use super::Variable;
use crate::engines::yaml::{Node, Span};
use std::collections::{BTreeMap, BTreeSet};

/// An entry of `env_file`.
#[derive(Debug, Clone)]
pub(super) struct EnvFile {
    /// From the root.
    pub(super) path: String,
    pub(super) required: bool,
    /// `format: raw`: no quotes, no `${…}`.
    pub(super) raw: bool,
    /// The compose file that names it, and where.
    pub(super) file: String,
    pub(super) span: Span,
}

/// What a service says.
#[derive(Debug, Clone, Default)]
pub(super) struct Spec {
    pub(super) env: BTreeMap<String, Variable>,
    pub(super) files: Vec<EnvFile>,
    /// Names with `!reset`, and whether `environment` or `env_file` as a whole had `!reset` or `!override`.
    pub(super) resets: BTreeSet<String>,
    pub(super) env_replaces: bool,
    pub(super) files_replace: bool,
    /// The tag of the service itself.
    pub(super) tag: Tag,
}

/// `!reset` takes away what earlier texts said, `!override` takes its place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Tag {
    #[default]
    None,
    Reset,
    Override,
}

impl Tag {
    pub(super) fn of(node: &Node) -> Tag {
        match node.tag.as_deref() {
            Some("!reset") => Tag::Reset,
            Some("!override") => Tag::Override,
            _ => Tag::None,
        }
    }
}

impl Spec {
    /// Lays `over` upon this one. What `over` resets is remembered: with `extends` it counts for earlier files too.
    pub(super) fn overlay(&mut self, over: Spec) {
        if over.tag == Tag::Override {
            *self = over;
            return;
        }
        if over.env_replaces {
            self.env.clear();
        }
        if over.files_replace {
            self.files.clear();
        }
        self.env.retain(|name, _| !over.resets.contains(name));
        self.env.extend(over.env);
        for file in over.files {
            match self.files.iter_mut().find(|known| known.path == file.path) {
                Some(known) => *known = file,
                None => self.files.push(file),
            }
        }
        self.resets = over.resets;
        self.env_replaces = over.env_replaces;
        self.files_replace = over.files_replace;
        self.tag = over.tag;
    }
}
