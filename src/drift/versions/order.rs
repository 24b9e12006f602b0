//! How the two versions of a comparison stand to each other, and whether a module belongs into an environment at all.
use crate::drift::Comparison;
use crate::model::config::{Module, VersionScheme, Versions};
use crate::model::{Commit, Order, compare_versions};

/// The version rules of the module.
pub(super) fn rules_of<'a>(c: &Comparison<'a>) -> &'a Versions {
    c.module.spec.versions.as_ref().unwrap_or(&c.catalog.project.value.spec.versions)
}

/// How the version of `to` stands to the version of `from`: by the version scheme, else by ancestry of their commits.
pub(super) fn of_target(c: &Comparison<'_>, from: &str, to: &str) -> Order {
    match compare_versions(rules_of(c).scheme, to, from) {
        Order::Unknown => by_ancestry(c),
        known => known,
    }
}

fn by_ancestry(c: &Comparison<'_>) -> Order {
    let Some(Ok(range)) = c.code else { return Order::Unknown };
    if range.from == range.to {
        return Order::Same;
    }
    match (range.merge_bases.contains(&range.from), range.merge_bases.contains(&range.to)) {
        (true, false) => Order::Newer,
        (false, true) => Order::Older,
        _ => match [&range.only_from, &range.only_to].map(|side| side.iter().all(Commit::is_merge)).into() {
            (true, false) => Order::Newer,
            (false, true) => Order::Older,
            _ => Order::Unknown,
        },
    }
}

/// Why the module is not missed in an environment without it: the environment is at a version before `since` or from
/// `until` on. The version of the environment is the newest one of its other modules of the same repository.
pub(super) fn outside(c: &Comparison<'_>, environment: &str) -> Option<String> {
    if c.module.spec.since.is_none() && c.module.spec.until.is_none() {
        return None;
    }
    let version = newest(c, environment, rules_of(c).scheme)?;
    not_at(c, version).map(|why| format!("{why}, and {environment} is at {version}"))
}

/// Why there is no module at this version: it came later (`since`) or is gone (`until`).
pub(in crate::drift) fn not_at(c: &Comparison<'_>, version: &str) -> Option<String> {
    let (since, until) = (c.module.spec.since.as_deref(), c.module.spec.until.as_deref());
    let order = |bound: &str| compare_versions(rules_of(c).scheme, version, bound);
    let name = &c.module.metadata.name;
    if let Some(since) = since.filter(|since| order(since) == Order::Older) {
        return Some(format!("{name} exists since {since}"));
    }
    let until = until.filter(|until| matches!(order(until), Order::Same | Order::Newer))?;
    Some(format!("{name} no longer exists since {until}"))
}

fn newest<'a>(c: &Comparison<'a>, environment: &str, scheme: VersionScheme) -> Option<&'a str> {
    let catalog = c.catalog;
    let alike = |module: &Module| module.spec.repo == c.module.spec.repo;
    let versions = catalog.cells.iter().filter(|((module, env), _)| {
        env == environment && catalog.modules.get(module).is_some_and(|module| alike(&module.value))
    });
    versions
        .map(|(_, cell)| cell.value.version.as_str())
        .filter(|version| compare_versions(scheme, version, "0") != Order::Unknown)
        .reduce(|best, next| if compare_versions(scheme, next, best) == Order::Newer { next } else { best })
}

/// The environment that mirrors this one and has the module: then the module is here too, and its cell is only not recorded.
pub(super) fn mirrored_with<'a>(c: &Comparison<'a>, environment: &str) -> Option<&'a str> {
    let module = &c.module.metadata.name;
    c.catalog
        .environments
        .iter()
        .map(|env| &env.value)
        .filter(|env| env.spec.mirrors.as_deref() == Some(environment))
        .find(|env| c.catalog.cells.contains_key(&(module.clone(), env.metadata.name.clone())))
        .map(|env| env.metadata.name.as_str())
}
