//! What a replay knows of the database: what there is, with its identity, and what a statement did to it.
use super::carry::{Giver, GoneColumn, by_name, changed};
use super::copy::{assignments, copy};
use super::engine::Engine;
use super::facts::{Facts, Row};
use super::head::Rename;
use super::held::{Attributes, Body, Held};
use super::inspect;
use super::lineage::Lineage;
use super::read::{self, internal};
use crate::engines::schema::catalog::{Catalog, Dialect, Id, Key, Kind, Meta, Name, Place, Server};
use crate::engines::schema::{Act, What};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything that a transaction can take back.
#[derive(Clone, Default)]
pub(super) struct Shape {
    /// Rows of `sqlite_schema` by the table or view that they belong to, lower case.
    groups: BTreeMap<String, Vec<Row>>,
    /// Tables and views by name, lower case.
    pub(super) held: BTreeMap<String, Arc<Held>>,
    /// Tables of the session, by name, lower case.
    pub(super) temporary: BTreeMap<String, Arc<Held>>,
    pub(super) lineage: Lineage,
    lost: BTreeMap<(Id, Kind, String), (Meta, Attributes)>,
    /// Columns that were dropped while their table stayed.
    columns: BTreeMap<Id, GoneColumn>,
    /// SQLite's own number of the structure.
    version: i64,
}

/// The statement that is applied.
pub(super) struct Now<'s> {
    pub(super) step: &'s str,
    pub(super) place: Place,
    pub(super) created: &'s mut BTreeMap<Key, u32>,
    pub(super) rename: Option<&'s Rename>,
    /// Parts of rebuilt tables that are there again.
    pub(super) back: &'s mut Vec<Id>,
}

/// A table that took another's place: what is to be told of it instead of what was.
pub(super) struct Taken {
    /// Identities whose creation, renaming or dropping was only a way to rebuild the table.
    pub(super) ids: BTreeSet<Id>,
    /// What happened on the whole.
    pub(super) acts: Vec<Act>,
}

impl Shape {
    /// Reads what a statement changed. `None` when it changed nothing.
    pub(super) fn refresh(
        &mut self,
        engine: &Engine,
        now: &mut Now<'_>,
        ignored: &BTreeSet<String>,
    ) -> rusqlite::Result<Option<Vec<Act>>> {
        let version = engine.version();
        if version == self.version {
            return Ok(None);
        }
        self.version = version;
        let groups = groups(engine, ignored)?;
        let mut dirty: BTreeSet<String> = groups
            .iter()
            .filter(|(owner, rows)| self.groups.get(*owner) != Some(rows))
            .map(|(owner, _)| owner.clone())
            .collect();
        dirty.extend(self.groups.keys().filter(|owner| !groups.contains_key(*owner)).cloned());
        let renamed = match now.rename {
            Some(Rename::Table(from, to)) => Some((from.to_lowercase(), to.to_lowercase())),
            _ => None,
        };
        let before = self.held.clone();
        let mut acts = Vec::new();
        for owner in &dirty {
            let later = groups.get(owner).map(|rows| held(engine, rows)).transpose()?.flatten();
            let came =
                renamed.as_ref().filter(|(_, to)| to == owner && later.is_some()).map_or(owner, |(from, _)| from);
            let left = renamed.as_ref().is_some_and(|(from, to)| from == owner && from != to);
            let earlier = before.get(came).filter(|_| came != owner || !left);
            match later {
                Some(mut later) => {
                    let same = earlier.map(|earlier| same(earlier, &later, now.rename)).unwrap_or_default();
                    let mut giver = Giver {
                        step: now.step,
                        place: now.place.clone(),
                        created: now.created,
                        lost: &mut self.lost,
                        columns: &mut self.columns,
                        back: now.back,
                    };
                    acts.extend(giver.carry(earlier.map(|one| &**one), &mut later, &same));
                    self.lineage.named(later.id(), &later.name);
                    self.held.insert(owner.clone(), Arc::new(later));
                }
                None => {
                    if let Some(old) = self.held.remove(owner).filter(|_| !left) {
                        acts.extend(old.acts(&What::Dropped));
                        self.lineage.gone.insert(old.id(), old);
                    }
                }
            }
        }
        if let Some((from, _)) = renamed.filter(|(from, to)| from != to && !groups.contains_key(from)) {
            self.held.remove(&from);
        }
        self.groups = groups;
        Ok(Some(acts))
    }

    /// A table or view by name, those of the session first.
    pub(super) fn find(&self, name: &str) -> Option<Arc<Held>> {
        let name = name.to_lowercase();
        self.temporary.get(&name).or_else(|| self.held.get(&name)).cloned()
    }

    /// Notes where a statement on data moved values to; whether it did. It counts also when it failed: what it was for does not depend on that.
    pub(super) fn moved(&mut self, text: &str) -> bool {
        if let Some(copied) = copy(text) {
            let mut lineage = std::mem::take(&mut self.lineage);
            lineage.copied(&copied, |name| self.find(name));
            self.lineage = lineage;
            return true;
        }
        match assignments(text).and_then(|(table, pairs)| Some((self.find(&table)?, pairs))) {
            Some((held, pairs)) if !pairs.is_empty() => {
                self.lineage.filled(&held, &pairs);
                true
            }
            _ => false,
        }
    }

    /// Keeps a table of the session: rows may go through it.
    pub(super) fn keep_temporary(&mut self, engine: &Engine, name: &str, now: &mut Now<'_>) {
        let row = Row { kind: "table".to_owned(), name: name.to_owned(), table: name.to_owned(), sql: String::new() };
        let facts = Facts { columns: inspect::temporary_columns(engine, name), ..Facts::default() };
        let mut held = Held::new(name, Body::Table(Box::new(read::table(&row, &facts, std::iter::empty()))));
        let mut giver = Giver {
            step: "temporary",
            place: now.place.clone(),
            created: now.created,
            lost: &mut self.lost,
            columns: &mut self.columns,
            back: now.back,
        };
        giver.carry(None, &mut held, &[]);
        self.temporary.insert(name.to_lowercase(), Arc::new(held));
    }

    /// Tables that now stand for others that are gone take their identity.
    pub(super) fn take_over(&mut self, now: &mut Now<'_>) -> Vec<Taken> {
        let mut all = Vec::new();
        if self.lineage.is_empty() {
            return all;
        }
        let owners: Vec<String> = self.held.keys().cloned().collect();
        for owner in owners {
            let Some(heir) = self.held.get(&owner) else { continue };
            let Some(found) = self.lineage.heir(heir) else { continue };
            let mut later = (**heir).clone();
            let heir = heir.id();
            let Some(earlier) = self.lineage.taken(found.of, heir) else { continue };
            let same = by_name(&earlier, &later, &found.columns);
            let mut ids: BTreeSet<Id> =
                earlier.body.metas().iter().chain(&later.body.metas()).map(|meta| meta.id).collect();
            ids.insert(heir);
            let mut giver = Giver {
                step: now.step,
                place: now.place.clone(),
                created: now.created,
                lost: &mut self.lost,
                columns: &mut self.columns,
                back: now.back,
            };
            let mut acts = giver.carry(Some(&earlier), &mut later, &same);
            // Its indexes and triggers went with the old table and are made again after it.
            for (at, ((key, attributes), meta)) in earlier.parts.iter().zip(earlier.body.metas()).enumerate() {
                if matches!(key.kind, Kind::Index | Kind::Trigger) && !same.contains(&Some(at)) {
                    self.lost
                        .insert((later.id(), key.kind, key.name.to_lowercase()), (meta.clone(), attributes.clone()));
                }
            }
            acts.retain(|act| !matches!(act.what, What::Renamed(_)) || act.key.kind != Kind::Table);
            // It may have had another name while it was rebuilt.
            for act in &mut acts {
                let key = if let What::Renamed(key) = &mut act.what { key } else { &mut act.key };
                if !key.table.is_empty() {
                    key.table.clone_from(&later.name);
                }
            }
            self.lineage.named(later.id(), &later.name);
            self.held.insert(owner, Arc::new(later));
            all.push(Taken { ids, acts });
        }
        all
    }

    /// Columns that were filled from one that is gone and have its name now are that column: SQLite cannot change a type in another way.
    pub(super) fn take_over_columns(&mut self, now: &mut Now<'_>) -> Vec<Taken> {
        let mut all = Vec::new();
        if self.columns.is_empty() || !self.lineage.columns_copied() {
            return all;
        }
        for held in self.held.values_mut() {
            let table = held.id();
            for (name, id) in held.columns() {
                let is = |gone: &Id| {
                    self.columns.get(gone).is_some_and(|one| one.table == table && one.name == name.to_lowercase())
                };
                let Some(gone) = self.lineage.column_before(id, is).and_then(|gone| self.columns.remove(&gone)) else {
                    continue;
                };
                let ids = BTreeSet::from([id, gone.meta.id]);
                let held = Arc::make_mut(held);
                let parts = &held.parts;
                for (meta, (key, attributes)) in
                    held.body.metas_mut().into_iter().zip(parts).filter(|(meta, _)| meta.id == id)
                {
                    *meta = gone.meta.clone();
                    let changed = changed(&gone.attributes, attributes);
                    let mut acts = Vec::new();
                    if !changed.is_empty() {
                        meta.places.push(now.place.clone());
                        acts.push(Act { key: key.clone(), id: meta.id, what: What::Altered(changed) });
                    }
                    all.push(Taken { ids: ids.clone(), acts });
                }
            }
        }
        all
    }

    /// The catalog.
    pub(super) fn catalog(&self, engine: &Engine) -> Catalog {
        let mut catalog = Catalog::new(Server { dialect: Dialect::Sqlite, version: inspect::version() });
        for held in self.held.values() {
            let name = Name::new("", &*held.name);
            match &held.body {
                Body::Table(table) => {
                    catalog.tables.insert(name, (**table).clone());
                }
                Body::View(view) => {
                    let mut view = (**view).clone();
                    let columns = inspect::columns(&engine.connection, &held.name).unwrap_or_default();
                    view.columns = read::view_columns(&Facts { columns, ..Facts::default() });
                    catalog.views.insert(name, view);
                }
            }
        }
        read::resolve(&mut catalog);
        catalog
    }

    /// The name of everything there is, lower case.
    pub(super) fn names(&self) -> BTreeSet<String> {
        self.groups.keys().cloned().collect()
    }

    /// The table that an index or trigger belongs to.
    pub(super) fn owner(&self, kind: Kind, name: &str) -> Option<String> {
        let kind = if kind == Kind::Index { "index" } else { "trigger" };
        let mut rows = self.groups.values().flatten();
        rows.find(|row| row.kind == kind && row.name.eq_ignore_ascii_case(name)).map(|row| row.table.clone())
    }
}

/// Which parts are the same after a statement.
fn same(earlier: &Held, later: &Held, rename: Option<&Rename>) -> Vec<Option<usize>> {
    // A renaming changes texts and nothing else: everything stands where it stood.
    let kinds = |held: &Held| held.parts.iter().map(|(key, _)| key.kind).collect::<Vec<_>>();
    match rename {
        Some(_) if kinds(earlier) == kinds(later) => (0..later.parts.len()).map(Some).collect(),
        _ => by_name(earlier, later, &BTreeMap::new()),
    }
}

/// Rows of `sqlite_schema` by their table or view.
fn groups(engine: &Engine, ignored: &BTreeSet<String>) -> rusqlite::Result<BTreeMap<String, Vec<Row>>> {
    let rows = inspect::rows(&engine.connection)?;
    let shadows = inspect::shadows(&engine.connection, &rows);
    let mut groups: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows {
        let owner = if matches!(row.kind.as_str(), "table" | "view") { &row.name } else { &row.table };
        let lower = owner.to_lowercase();
        if !internal(owner) && !shadows.contains(owner) && !ignored.contains(&lower) {
            groups.entry(lower).or_default().push(row);
        }
    }
    Ok(groups)
}

/// The table or view that rows make.
fn held(engine: &Engine, rows: &[Row]) -> rusqlite::Result<Option<Held>> {
    let Some(row) = rows.iter().find(|row| matches!(row.kind.as_str(), "table" | "view")) else { return Ok(None) };
    let body = if row.kind == "view" {
        Body::View(Box::new(read::view(row, rows.iter())))
    } else {
        let facts = inspect::facts(&engine.connection, &row.name)?;
        Body::Table(Box::new(read::table(row, &facts, rows.iter())))
    };
    Ok(Some(Held::new(&row.name, body)))
}
