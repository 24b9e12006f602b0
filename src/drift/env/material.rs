//! What is known of the variables of one side: what is set, what may be set by something that could not be read.
use crate::model::{Diagnostic, Secret, Value, Variable, VariableSet};
use std::collections::{BTreeMap, BTreeSet};

/// What was found, and what could not be looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Material {
    /// The variables. A container of a manifest is `object/container`, with the environment's own words left out.
    pub set: VariableSet,
    /// Declared for the whole environment and named by none of the module's sources.
    pub spare: BTreeMap<String, Variable>,
    /// What could not be looked at.
    pub unchecked: Vec<Diagnostic>,
    /// What may be set otherwise, by what could not be looked at.
    pub(super) unknown: Vec<Unknown>,
    /// Secrets that values may be made of: no text that holds one is shown.
    pub(super) secrets: Vec<Secret>,
}

/// Variables that something unread may set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unknown {
    /// The container; any when `None`.
    pub(super) container: Option<String>,
    /// The name, or what it begins with.
    pub(super) names: Names,
}

/// Which names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Names {
    Prefix(String),
    One(String),
}

impl Unknown {
    /// Anything at all.
    pub(super) fn all() -> Unknown {
        Unknown { container: None, names: Names::Prefix(String::new()) }
    }

    fn covers(&self, container: &str, name: &str) -> bool {
        let here = self.container.as_deref().is_none_or(|known| container.is_empty() || known == container);
        let named = match &self.names {
            Names::Prefix(prefix) => name.starts_with(prefix),
            Names::One(one) => name == one,
        };
        here && named
    }
}

impl Material {
    /// Sets a variable. Without container it is set in all that are known, as a later source wins.
    pub(super) fn insert(&mut self, container: &str, name: &str, variable: Variable) {
        if let Value::Secret(secret) = &variable.value {
            self.hide(secret.expose());
        }
        if container.is_empty() {
            for (_, old) in self.set.vars.iter_mut().filter(|(key, _)| key.1 == name) {
                *old = variable.clone();
            }
        }
        self.set.vars.insert((container.to_owned(), name.to_owned()), variable);
    }

    /// Remembers a secret. Shorter ones would hide everything.
    pub(super) fn hide(&mut self, text: &str) {
        if text.len() >= 4 && !self.secrets.iter().any(|known| known.expose() == text) {
            self.secrets.push(Secret::new(text));
        }
    }

    /// Forgets what something unread may have set otherwise. What is set afterwards is certain again.
    pub(super) fn doubt(&mut self, unknown: Unknown) {
        self.set.vars.retain(|(container, name), _| !unknown.covers(container, name));
        if !self.unknown.contains(&unknown) {
            self.unknown.push(unknown);
        }
    }

    /// Whether the variable may be set although it is not in the set.
    pub(super) fn may_set(&self, container: &str, name: &str) -> bool {
        self.unknown.iter().any(|unknown| unknown.covers(container, name))
    }

    /// Whether a source or the module's own part of the environment names it.
    pub(super) fn names(&self, name: &str) -> bool {
        self.set.vars.keys().any(|key| key.1 == name)
    }

    /// The material with what the whole environment declares and the other side's sources name.
    pub(super) fn beside(&self, other: &Material) -> Material {
        let mut joined = self.clone();
        for (name, variable) in self.spare.iter().filter(|(name, _)| other.names(name)) {
            joined.insert("", name, variable.clone());
        }
        joined
    }

    fn containers(&self) -> BTreeSet<String> {
        self.set.vars.keys().map(|key| key.0.clone()).filter(|name| !name.is_empty()).collect()
    }
}

/// A variable of one of two sides: container, name, what it is.
pub(super) type Keyed<'a> = BTreeMap<String, (&'a str, &'a str, &'a Variable)>;

/// Both sides by the key that a finding has: `NAME`, `container/NAME` when a side has several containers, and
/// `object/container/NAME` when a side has several objects. Variables without container are in every container that
/// either side has, unless it sets them itself.
pub(super) fn keyed<'a>(left: &'a Material, right: &'a Material) -> (Keyed<'a>, Keyed<'a>) {
    let sides = [left.containers(), right.containers()];
    let objects = |side: &BTreeSet<String>| side.iter().map(|name| parts(name).0.to_owned()).collect::<BTreeSet<_>>();
    let wide = sides.iter().any(|side| objects(side).len() > 1);
    let several = sides.iter().any(|side| side.len() > 1);
    let all: BTreeSet<&String> = sides.iter().flatten().collect();
    let key = |container: &str, name: &str| {
        let (object, inner) = parts(container);
        match (several, wide) {
            _ if container.is_empty() || !several => name.to_owned(),
            (_, true) if object == inner => format!("{object}/{name}"),
            (_, true) => format!("{container}/{name}"),
            (_, false) => format!("{inner}/{name}"),
        }
    };
    let side = |material: &'a Material| {
        let mut keyed: Keyed<'a> = BTreeMap::new();
        for ((container, name), variable) in &material.set.vars {
            if !container.is_empty() || all.is_empty() {
                keyed.insert(key(container, name), (container, name, variable));
            } else {
                for known in &all {
                    if !material.set.vars.contains_key(&((*known).clone(), name.clone())) {
                        keyed.insert(key(known, name), (container, name, variable));
                    }
                }
            }
        }
        keyed
    };
    (side(left), side(right))
}

/// Object and container; a service of Compose is both.
fn parts(container: &str) -> (&str, &str) {
    container.split_once('/').unwrap_or((container, container))
}
