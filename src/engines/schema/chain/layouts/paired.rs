//! `1_name.up.sql` and `1_name.down.sql`: golang-migrate, sqlx, pop, and runners of their own that name files so.
use super::{code, sum, whole_file};
use crate::engines::schema::catalog::Dialect;
use crate::engines::schema::chain::files::{Files, folder_of, name_of};
use crate::engines::schema::chain::{Chain, Layout, version};
use crate::engines::schema::{Script, StepKind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Words in pop's names that say for which dialect a file is.
const DIALECTS: [(&str, Dialect); 8] = [
    ("postgres", Dialect::Postgres),
    ("postgresql", Dialect::Postgres),
    ("cockroach", Dialect::Postgres),
    ("cockroachdb", Dialect::Postgres),
    ("mysql", Dialect::MySql),
    ("mariadb", Dialect::MySql),
    ("sqlite3", Dialect::Sqlite),
    ("sqlite", Dialect::Sqlite),
];

/// A name taken apart.
struct Parts<'a> {
    digits: &'a str,
    name: &'a str,
    /// For which dialect alone; `None` for all.
    dialect: Option<&'a str>,
    autocommit: bool,
    up: bool,
    code: bool,
}

fn parts(file: &str) -> Option<Parts<'_>> {
    let (stem, code) = match (file.strip_suffix(".sql"), file.strip_suffix(".fizz")) {
        (Some(stem), _) => (stem, false),
        (None, Some(stem)) => (stem, true),
        (None, None) => return None,
    };
    let (mut stem, up) = match (stem.strip_suffix(".up"), stem.strip_suffix(".down")) {
        (Some(stem), _) => (stem, true),
        (None, Some(stem)) => (stem, false),
        (None, None) => return None,
    };
    let (mut dialect, mut autocommit) = (None, false);
    while let Some((head, tail)) = stem.rsplit_once('.') {
        match tail {
            "autocommit" => autocommit = true,
            word if DIALECTS.iter().any(|(known, _)| *known == word) => dialect = Some(tail),
            _ => break,
        }
        stem = head;
    }
    let bare = stem.strip_prefix(['V', 'v']).unwrap_or(stem);
    let (digits, name) = version::numbered(bare)?;
    Some(Parts { digits, name, dialect, autocommit, up, code })
}

/// Whether any file says by its name that it is for one dialect or runs by itself: that is pop.
pub(in crate::engines::schema::chain) fn is_pop(names: &[&str]) -> bool {
    names.iter().filter_map(|name| parts(name)).any(|parts| parts.dialect.is_some() || parts.autocommit || parts.code)
}

/// The dialects that files are written for alone.
pub(in crate::engines::schema::chain) fn dialects(names: &[&str]) -> Vec<Dialect> {
    let words = names.iter().filter_map(|name| parts(name)?.dialect.map(str::to_owned));
    let mut found: Vec<Dialect> = words
        .filter_map(|word| DIALECTS.iter().find(|(known, _)| *known == word).map(|(_, dialect)| *dialect))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

pub(super) fn steps(files: &mut Files<'_>, chain: &mut Chain) {
    // Of several files of one step the one for the dialect wins over the one for all.
    type Chosen = BTreeMap<((usize, String), String, String), (String, bool)>;
    let (mut ups, mut downs): (Chosen, Chosen) = (BTreeMap::new(), BTreeMap::new());
    for path in files.paths.clone() {
        let Some(parts) = parts(name_of(&path)) else { continue };
        let fits = parts.dialect.is_none_or(|word| fits(word, chain.dialect));
        if !fits {
            continue;
        }
        let key = (version::number(parts.digits), parts.name.to_owned(), folder_of(&path).to_owned());
        let side = if parts.up { &mut ups } else { &mut downs };
        let own = parts.dialect.is_some();
        if side.get(&key).is_none_or(|(_, known)| own && !known) {
            side.insert(key, (path.clone(), own));
        }
    }
    for (key, (path, _)) in ups {
        let Some(parts) = parts(name_of(&path)) else { continue };
        if parts.code {
            let step = code(files, &path, parts.digits, parts.name, chain);
            chain.steps.push(step);
            continue;
        }
        let Some(mut step) = whole_file(
            files,
            &path,
            StepKind::Versioned,
            &shown(chain.layout, parts.digits),
            parts.name,
            !parts.autocommit,
        ) else {
            continue;
        };
        if chain.layout == Layout::Sqlx {
            step.checksum = sum(Layout::Sqlx, files.bytes(&path));
            let free = step.up.first().is_some_and(|script| script.text.starts_with("-- no-transaction"));
            step.up.iter_mut().for_each(|script| script.transaction = !free);
        }
        if let Some((down, _)) = downs.get(&key)
            && let Some(text) = files.text(down)
        {
            step.down.push(Script { path: Arc::from(files.full(down)), line: 1, text, transaction: true });
        }
        chain.steps.push(step);
    }
}

/// The version as the tool keeps it: golang-migrate and sqlx count, pop keeps the text.
fn shown(layout: Layout, digits: &str) -> String {
    match layout {
        Layout::GolangMigrate | Layout::Sqlx => version::number(digits).1,
        _ => digits.to_owned(),
    }
}

fn fits(word: &str, dialect: Option<Dialect>) -> bool {
    let of = DIALECTS.iter().find(|(known, _)| *known == word).map(|(_, dialect)| *dialect);
    // CockroachDB speaks PostgreSQL, but its files are not for PostgreSQL.
    if word.starts_with("cockroach") {
        return false;
    }
    match (of, dialect) {
        (Some(of), Some(dialect)) => of == dialect || (of.is_mysql() && dialect.is_mysql()),
        _ => true,
    }
}
