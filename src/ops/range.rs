//! `A..B` on the command line: what each side names.
use crate::catalog::Catalog;
use crate::model::{Diagnostic, Mode, Pair, Result, codes};

/// What one side of a range names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// An environment.
    Environment(String),
    /// A snapshot.
    Snapshot(String),
    /// A version or ref, to be looked up in each module's repository.
    Ref(String),
}

impl Named {
    /// The name as reports show it.
    pub(super) fn name(&self) -> &str {
        match self {
            Named::Environment(name) | Named::Snapshot(name) | Named::Ref(name) => name,
        }
    }
}

/// Two sides and how they relate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Range {
    /// Left side.
    pub(super) from: Named,
    /// Right side.
    pub(super) to: Named,
    /// How they relate.
    pub(super) mode: Mode,
}

impl Range {
    /// The pair for reports.
    pub(super) fn pair(&self) -> Pair {
        Pair { from: self.from.name().to_owned(), to: self.to.name().to_owned(), mode: self.mode }
    }

    /// Every pair of the promotion path.
    pub(super) fn all(catalog: &Catalog) -> Vec<Range> {
        let pairs = catalog.pairs().into_iter();
        pairs.map(|p| Range { from: Named::Environment(p.from), to: Named::Environment(p.to), mode: p.mode }).collect()
    }
}

/// Splits `A..B`.
///
/// # Errors
/// PL0106 for everything else.
pub(super) fn split(text: &str) -> Result<(&str, &str)> {
    if let Some((from, to)) = text.split_once("...") {
        return Err(Box::new(
            Diagnostic::error(&codes::PL0106, format!("'{text}' has three dots, and a range has two"))
                .hint(format!("write {from}..{}", to.trim_start_matches('.'))),
        ));
    }
    match text.split_once("..") {
        Some((from, to)) if !from.is_empty() && !to.is_empty() && !to.contains("..") => Ok((from, to)),
        _ => Err(Box::new(
            Diagnostic::error(&codes::PL0106, format!("'{text}' is not a range"))
                .hint("a range is A..B: two environments (staging..prod) or two versions (v1.2..v1.3)"),
        )),
    }
}

/// What a range means in this config repository.
///
/// # Errors
/// PL0106, PL0104 and PL0103 for names that must exist, PL0105 for a name with two meanings.
pub(super) fn parse(catalog: &Catalog, text: &str, environments_only: bool) -> Result<Range> {
    let (from, to) = split(text)?;
    let (from, to) = (side(catalog, from, environments_only)?, side(catalog, to, environments_only)?);
    if !environments_only {
        // One side an environment and the other nothing known is far more often a slip than a ref.
        for (one, other) in [(&from, &to), (&to, &from)] {
            if let (Named::Ref(name), Named::Environment(_)) = (one, other) {
                let near = crate::model::closest(name, environment_names(catalog));
                if near.is_some() {
                    catalog.environment(name)?;
                }
            }
        }
    }
    let mode = match (&from, &to) {
        (Named::Ref(_), _) | (_, Named::Ref(_)) => Mode::Refs,
        (Named::Environment(a), Named::Environment(b)) => mode_of(catalog, a, b),
        // A frozen state neither receives promotions nor has to stay equal to anything: what differs are changes.
        (Named::Snapshot(_), _) | (_, Named::Snapshot(_)) => Mode::Refs,
    };
    Ok(Range { from, to, mode })
}

fn environment_names(catalog: &Catalog) -> impl Iterator<Item = &str> {
    catalog.environments.iter().map(|environment| environment.value.metadata.name.as_str())
}

fn mode_of(catalog: &Catalog, from: &str, to: &str) -> Mode {
    let known = catalog.pairs().into_iter().find(|pair| pair.from == from && pair.to == to);
    known.map_or(Mode::Promote, |pair| pair.mode)
}

fn side(catalog: &Catalog, text: &str, environments_only: bool) -> Result<Named> {
    if let Some(name) = text.strip_prefix("env:") {
        return catalog.environment(name).map(|_| Named::Environment(name.to_owned()));
    }
    if environments_only {
        return catalog.environment(text).map(|_| Named::Environment(text.to_owned()));
    }
    if let Some(name) = text.strip_prefix("snap:") {
        return snapshot(catalog, name).map(|()| Named::Snapshot(name.to_owned()));
    }
    if let Some(name) = text.strip_prefix("ref:") {
        return Ok(Named::Ref(name.to_owned()));
    }
    let environment = environment_names(catalog).any(|name| name == text);
    match (environment, catalog.snapshots.contains_key(text)) {
        (true, true) => Err(Box::new(
            Diagnostic::error(&codes::PL0105, format!("'{text}' is an environment and a snapshot"))
                .hint(format!("write env:{text} or snap:{text}")),
        )),
        (true, false) => Ok(Named::Environment(text.to_owned())),
        (false, true) => Ok(Named::Snapshot(text.to_owned())),
        (false, false)
            if text.contains('@') && environment_names(catalog).any(|n| text.starts_with(&format!("{n}@"))) =>
        {
            Err(Box::new(
                Diagnostic::error(&codes::PL0106, format!("'{text}': a side of a range has no past of its own"))
                    .hint("--at REV|DATE answers the whole command for a past state"),
            ))
        }
        (false, false) => Ok(Named::Ref(text.to_owned())),
    }
}

/// Whether a snapshot is there.
///
/// # Errors
/// PL0103 with a suggestion.
pub(super) fn snapshot(catalog: &Catalog, name: &str) -> Result<()> {
    if catalog.snapshots.contains_key(name) {
        return Ok(());
    }
    let mut diagnostic = Diagnostic::error(&codes::PL0103, format!("there is no snapshot '{name}'"))
        .did_you_mean(name, catalog.snapshots.keys().map(String::as_str));
    if !catalog.snapshots.is_empty() {
        let names: Vec<&str> = catalog.snapshots.keys().map(String::as_str).collect();
        diagnostic = diagnostic.hint(format!("snapshots: {}", names.join(" ")));
    }
    Err(Box::new(diagnostic))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn two_dots_and_two_sides_make_a_range() {
        assert_eq!(split("a..b").unwrap(), ("a", "b"));
        assert_eq!(split("v1.2..v1.3").unwrap(), ("v1.2", "v1.3"));
        assert_eq!(split("release/1.x..main").unwrap(), ("release/1.x", "main"));
        for text in ["", "a", "a..", "..b", "..", "a...b", "a..b..c"] {
            assert_eq!(split(text).unwrap_err().code.id, "PL0106", "{text}");
        }
    }
}
