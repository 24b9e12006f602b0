//! What differs between two catalogs: one change for each object.
use super::fold;
use super::pair::{Pair, Paired, pair};
use super::side::Side;
use super::types::{Certainty, Change, Difference, Evidence};
use super::{differ, doubt, places, same};
use crate::engines::schema::catalog::{Catalog, Key, Kind};
use crate::engines::schema::{Statement, catalog::Object};

/// What is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompareOptions {
    /// Comments.
    pub comments: bool,
    /// Privileges and default privileges.
    pub grants: bool,
    /// Order of columns.
    pub column_order: bool,
    /// Objects that are left out with what belongs to them: names as `public.users`, `users.email`, `audit_*`, or with a kind as `index:tmp_*`.
    /// A `*` stands for any characters.
    pub ignore: Vec<String>,
}

impl Default for CompareOptions {
    fn default() -> CompareOptions {
        CompareOptions { comments: true, grants: false, column_order: false, ignore: Vec::new() }
    }
}

/// What differs, in an order in which it could be applied.
pub fn compare(before: &Catalog, after: &Catalog, options: &CompareOptions) -> Vec<Change> {
    compare_with_logs(before, after, options, &[])
}

/// The same with the statements that made the later catalog: places of what was dropped or renamed come from there, and whether something was
/// dropped and made anew.
pub fn compare_with_logs(
    before: &Catalog,
    after: &Catalog,
    options: &CompareOptions,
    log: &[Statement],
) -> Vec<Change> {
    let same = same::tables(before, after);
    let shared = same.iter().any(|name| same::has_id(before, after, name));
    let (before, after) = (Side::new(before, options, &same), Side::new(after, options, &same));
    let paired = pair(&before, &after, log, shared);
    let folded = fold::Folded::new(&before, &after, &paired);
    let mut changes = Vec::new();
    for pair in &paired.pairs {
        changes.extend(altered(&before, &after, &paired, &folded, pair));
    }
    for &gone in paired.gone.iter().filter(|gone| !folded.is_gone(**gone)) {
        let Some(object) = before.objects.get(gone).filter(|one| !before.is_implied(&one.key)) else { continue };
        changes.push(change(object, Difference::Dropped));
    }
    for &new in paired.new.iter().filter(|new| !folded.is_new(**new)) {
        let Some(object) = after.objects.get(new).filter(|one| !after.is_implied(&one.key)) else { continue };
        changes.push(change(object, Difference::Created));
    }
    if options.column_order {
        fold::column_order(&before, &after, &paired, &mut changes);
    }
    places::fill(&mut changes, &before, &after, &paired, log);
    doubt::fill(&mut changes, &before, &after);
    changes.sort_by_cached_key(order);
    changes
}

fn change(object: &Object, difference: Difference) -> Change {
    Change { key: object.key.clone(), difference, places: Vec::new(), certainty: Certainty::Exact, effects: Vec::new() }
}

/// The change of an object that both have, when there is one.
fn altered(before: &Side<'_>, after: &Side<'_>, paired: &Paired, folded: &fold::Folded, pair: &Pair) -> Option<Change> {
    let (old, new) = (before.objects.get(pair.before)?, after.objects.get(pair.after)?);
    if folded.is_inside(pair) {
        return None;
    }
    let mut attributes = differ::attributes(old, new, &paired.renames);
    if pair.replaced {
        if let Kind::Table | Kind::View | Kind::MaterializedView = new.key.kind {
            attributes.extend(fold::parts(before, after, &new.key));
        }
        // What holds nothing is as good as before when it looks as before.
        let holds = matches!(new.key.kind, Kind::Table | Kind::Column | Kind::Sequence);
        return (holds || !attributes.is_empty()).then(|| change(new, Difference::Replaced { attributes }));
    }
    if attributes.is_empty() && pair.renamed.is_none() {
        return None;
    }
    let guessed = matches!(pair.renamed, Some(Evidence::Alike { .. }));
    let renamed_from = pair.renamed.clone().map(|evidence| (old.key.clone(), evidence));
    let mut change = change(new, Difference::Altered { renamed_from, attributes });
    if guessed {
        change.certainty = Certainty::Guess;
    }
    Some(change)
}

/// What comes first when changes are applied: what depends goes before what it depends on is dropped, and comes after it is made.
fn order(change: &Change) -> (u8, u8, Key) {
    let rank = rank(&change.key);
    match &change.difference {
        Difference::Dropped => (0, u8::MAX - rank, change.key.clone()),
        _ => (1, rank, change.key.clone()),
    }
}

fn rank(key: &Key) -> u8 {
    match key.kind {
        Kind::Schema => 0,
        Kind::Extension => 1,
        Kind::Collation => 2,
        Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range => 3,
        Kind::Sequence => 4,
        Kind::Table => 5,
        Kind::Column => 6,
        Kind::Constraint => 7,
        Kind::Index => 8,
        Kind::Statistics => 9,
        Kind::Function | Kind::Procedure | Kind::Aggregate => 10,
        Kind::View | Kind::MaterializedView | Kind::ViewColumn => 11,
        Kind::Other => 12,
        Kind::Trigger | Kind::Rule | Kind::EventTrigger | Kind::Event => 13,
        Kind::Policy | Kind::Publication => 14,
        Kind::Grant | Kind::DefaultPrivileges => 15,
    }
}

impl CompareOptions {
    /// Whether an object is compared.
    pub(super) fn wants(&self, key: &Key) -> bool {
        if !self.grants && matches!(key.kind, Kind::Grant | Kind::DefaultPrivileges) {
            return false;
        }
        self.ignore.iter().all(|pattern| !ignores(pattern, key))
    }
}

/// Whether a pattern names the object, or what it belongs to.
fn ignores(pattern: &str, key: &Key) -> bool {
    let pattern = match pattern.split_once(':') {
        Some((kind, rest)) if kind == key.kind.word() => rest,
        Some(_) => return false,
        None => pattern,
    };
    let full = key.to_string();
    let owner = key.table_name().map(|table| (table.to_string(), table.name));
    let short = match (&owner, key.table.is_empty()) {
        (Some((_, table)), false) => format!("{table}.{}", key.name),
        _ => key.name.clone(),
    };
    let owned = owner.is_some_and(|(full, name)| matches(pattern, &full) || matches(pattern, &name));
    owned || matches(pattern, &full) || matches(pattern, &short)
}

/// Whether a text fits a pattern in which `*` stands for any characters.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut last = None;
    for part in parts {
        if let Some(middle) = last.replace(part) {
            let Some((_, after)) = split_at(rest, middle) else { return false };
            rest = after;
        }
    }
    match last {
        Some(end) => rest.ends_with(end),
        None => rest.is_empty(),
    }
}

fn split_at<'t>(text: &'t str, part: &str) -> Option<(&'t str, &'t str)> {
    if part.is_empty() { Some(("", text)) } else { text.split_once(part) }
}
