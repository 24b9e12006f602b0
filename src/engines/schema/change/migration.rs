//! Migrations as such: what each statement of each does, what waits for it, and whether it can be undone.
use super::types::{Certainty, Change, Difference, Evidence, Lock, Loss, Work};
use super::weigh::{short, weigh};
use crate::engines::schema::catalog::{Catalog, Id, Key, Kind, Object, Place};
use crate::engines::schema::{Act, Class, Statement, What};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a migration changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MigrationKind {
    /// The structure.
    Structure,
    /// Data.
    Data,
    /// Both.
    Mixed,
    /// Nothing.
    Empty,
}

/// Whether a migration can be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reversible {
    /// By its down part, without loss.
    Yes,
    /// The structure can be made again, the data that went are gone.
    DataLost,
    /// Nothing is lost, but it comes without a down part.
    NoDown,
}

/// A statement in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Described {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub class: Class,
    /// What it does, each in words: `adds column orders.note`.
    pub does: Vec<String>,
    /// The strongest lock on something that was there before.
    pub lock: Lock,
    /// How long.
    pub work: Work,
    /// What is lost.
    pub loss: Loss,
}

/// A migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Migration {
    /// Number of the step in what was applied, from 0.
    pub step: u32,
    /// Its first file.
    pub file: Arc<str>,
    /// What it changes.
    pub kind: MigrationKind,
    /// What it does.
    pub statements: Vec<Described>,
    /// The strongest lock.
    pub lock: Lock,
    /// The longest work.
    pub work: Work,
    /// What is lost.
    pub loss: Loss,
    /// Whether all of it runs in a transaction.
    pub transaction: bool,
    /// What needs care beyond the single statements, one line each.
    pub notes: Vec<String>,
}

impl Migration {
    /// Whether it can be undone; `down` when it comes with a part that undoes it.
    pub fn reversible(&self, down: bool) -> Reversible {
        match (self.loss, down) {
            (Loss::Data, _) => Reversible::DataLost,
            (_, true) => Reversible::Yes,
            (_, false) => Reversible::NoDown,
        }
    }
}

/// The migrations of a log, in order. The catalogs are those before and after it.
pub fn statements(log: &[Statement], before: &Catalog, after: &Catalog) -> Vec<Migration> {
    let weighed = Weighed::new(log, before, after);
    let mut migrations: Vec<Migration> = Vec::new();
    for (number, statement) in log.iter().enumerate() {
        let described = describe(statement, weighed.of(number));
        match migrations.last_mut().filter(|last| last.step == statement.step) {
            Some(last) => last.statements.extend(described),
            None => migrations.push(Migration::new(statement, described)),
        }
    }
    let mut rest = log;
    for migration in &mut migrations {
        let length = rest.iter().take_while(|one| one.step == migration.step).count();
        let (mine, others) = rest.split_at(length.min(rest.len()));
        rest = others;
        migration.finish(mine);
    }
    migrations
}

impl Migration {
    fn new(first: &Statement, described: Option<Described>) -> Migration {
        Migration {
            step: first.step,
            file: first.place.file.clone(),
            kind: MigrationKind::Empty,
            statements: described.into_iter().collect(),
            lock: Lock::None,
            work: Work::Instant,
            loss: Loss::None,
            transaction: true,
            notes: Vec::new(),
        }
    }

    fn finish(&mut self, log: &[Statement]) {
        let has = |class: Class| self.statements.iter().any(|one| one.class == class);
        self.kind = match (has(Class::Structure) || has(Class::Unmodelled), has(Class::Data)) {
            (true, true) => MigrationKind::Mixed,
            (true, false) => MigrationKind::Structure,
            (false, true) => MigrationKind::Data,
            (false, false) => MigrationKind::Empty,
        };
        self.lock = self.statements.iter().map(|one| one.lock).max().unwrap_or_default();
        // Work that nobody waits for does not count beside work that somebody does.
        let waits = self.statements.iter().filter(|one| one.lock == self.lock);
        self.work = waits.map(|one| one.work).max().unwrap_or_default();
        self.loss = self.statements.iter().map(|one| one.loss).max().unwrap_or_default();
        let acting = |one: &&Statement| matches!(one.class, Class::Structure | Class::Data | Class::Unmodelled);
        self.transaction = log.iter().filter(acting).all(|one| one.flags.transaction);
        self.add_notes(log);
    }

    /// Rows that are changed while a lock of the same transaction keeps others away.
    fn add_notes(&mut self, log: &[Statement]) {
        let mut held: Option<&Described> = None;
        let mut notes = Vec::new();
        for statement in log {
            if statement.class == Class::Transaction || !statement.flags.transaction {
                held = None;
                continue;
            }
            let Some(one) = self.statements.iter().find(|one| one.place == statement.place) else { continue };
            match (one.class, held) {
                (Class::Data, Some(lock)) => notes.push(format!(
                    "line {} {} while the lock of line {} is held",
                    one.place.line,
                    one.does.join(", "),
                    lock.place.line
                )),
                (Class::Structure, None) if one.lock >= Lock::Writes => held = Some(one),
                _ => {}
            }
        }
        self.notes = notes;
    }
}

/// What statements cost.
struct Weighed(BTreeMap<usize, Vec<Change>>);

impl Weighed {
    /// Takes every act for a change of its own, as far as the catalogs know the object.
    fn new(log: &[Statement], before: &Catalog, after: &Catalog) -> Weighed {
        let (old, new) = (before.objects(), after.objects());
        let (old, new) = (Known::new(&old), Known::new(&new));
        let mut numbers = Vec::new();
        let mut changes = Vec::new();
        for (number, statement) in log.iter().enumerate().filter(|(_, one)| !one.flags.skipped) {
            for act in whole(&statement.acts) {
                if let Some(difference) = difference(act, statement, &old, &new) {
                    let key = match difference.0 {
                        Difference::Dropped => old.key(act),
                        _ => new.key(act),
                    };
                    numbers.push(number);
                    changes.push(Change {
                        key: key.unwrap_or_else(|| act.key.clone()),
                        difference: difference.0,
                        places: vec![statement.place.clone()],
                        certainty: Certainty::Exact,
                        effects: Vec::new(),
                    });
                }
            }
        }
        weigh(&mut changes, before, after, log);
        let mut weighed: BTreeMap<usize, Vec<Change>> = BTreeMap::new();
        for (number, change) in numbers.into_iter().zip(changes) {
            weighed.entry(number).or_default().push(change);
        }
        Weighed(weighed)
    }

    fn of(&self, number: usize) -> &[Change] {
        self.0.get(&number).map_or(&[][..], Vec::as_slice)
    }
}

/// Objects by identity.
struct Known<'a>(BTreeMap<(Id, Kind), &'a Object>, BTreeMap<&'a Key, &'a Object>);

impl<'a> Known<'a> {
    fn new(objects: &'a [Object]) -> Known<'a> {
        let ids = objects.iter().filter(|one| one.id.0 != 0).map(|one| ((one.id, one.key.kind), one)).collect();
        Known(ids, objects.iter().map(|one| (&one.key, one)).collect())
    }

    fn find(&self, act: &Act) -> Option<&'a Object> {
        match act.id.0 {
            0 => self.1.get(&act.key).copied(),
            _ => self.0.get(&(act.id, act.key.kind)).copied(),
        }
    }

    /// Whether the table of a part is known.
    fn has_table(&self, key: &Key) -> bool {
        !key.table.is_empty() && key.table_name().is_some_and(|name| self.1.contains_key(&Key::top(Kind::Table, &name)))
    }

    fn key(&self, act: &Act) -> Option<Key> {
        self.find(act).map(|one| one.key.clone())
    }
}

/// What an act is as a change; nothing for what came and went within the log.
fn difference(act: &Act, statement: &Statement, old: &Known<'_>, new: &Known<'_>) -> Option<(Difference,)> {
    Some((match &act.what {
        What::Created => {
            new.find(act)?;
            Difference::Created
        }
        What::Dropped => {
            old.find(act)?;
            Difference::Dropped
        }
        What::Renamed(from) => {
            // What is new in this log may have any name.
            old.find(act)?;
            let seen = Evidence::Seen(statement.place.clone());
            Difference::Altered { renamed_from: Some((from.clone(), seen)), attributes: Vec::new() }
        }
        What::Altered(names) => {
            let (before, after) = (old.find(act), new.find(act)?);
            // A new part of a table that was there; nobody waits for what happens to a new table.
            if before.is_none() && !old.has_table(&act.key) {
                return None;
            }
            let value = |one: &Object, name: &String| one.attributes.get(name).cloned();
            let changed =
                names.iter().map(|name| (name.clone(), before.and_then(|one| value(one, name)), value(after, name)));
            Difference::Altered { renamed_from: None, attributes: changed.collect() }
        }
    },))
}

/// Acts without the parts of a table that is made or dropped by the same statement.
fn whole(acts: &[Act]) -> impl Iterator<Item = &Act> {
    let tops = acts.iter().filter(|act| matches!(act.what, What::Created | What::Dropped) && act.key.table.is_empty());
    let tables: BTreeSet<_> = tops.filter_map(|act| act.key.table_name()).collect();
    acts.iter().filter(move |act| {
        act.key.table.is_empty() || act.key.table_name().is_none_or(|table| !tables.contains(&table))
    })
}

/// A statement in words; nothing for what only looks or changes the session.
fn describe(statement: &Statement, changes: &[Change]) -> Option<Described> {
    let does = match statement.class {
        Class::Session | Class::Transaction | Class::Query => return None,
        Class::Unmodelled => vec![format!("does something that is not modelled ({})", statement.verb)],
        Class::Data => vec![data(statement)],
        Class::Structure if statement.flags.skipped => vec!["does nothing, it is done already".to_owned()],
        Class::Structure => {
            let does: Vec<String> = whole(&statement.acts).map(act).collect();
            if does.is_empty() { vec![format!("runs {}", statement.verb)] } else { does }
        }
    };
    let effects = || changes.iter().flat_map(|change| &change.effects);
    let (lock, work) = effects().map(|one| (one.lock, one.work)).max().unwrap_or_default();
    let lost = effects().map(|one| one.loss).max().unwrap_or_default();
    let gone = statement.class == Class::Data && matches!(first_word(statement), "DELETE" | "TRUNCATE");
    Some(Described {
        place: statement.place.clone(),
        class: statement.class,
        does,
        lock,
        work,
        loss: if gone { Loss::Data } else { lost },
    })
}

fn first_word(statement: &Statement) -> &str {
    statement.verb.split(' ').next().unwrap_or_default()
}

fn data(statement: &Statement) -> String {
    let tables: Vec<String> = statement.tables.iter().map(short).collect();
    let tables = if tables.is_empty() { "some table".to_owned() } else { tables.join(", ") };
    match first_word(statement) {
        "UPDATE" => format!("updates rows of {tables}"),
        "INSERT" | "COPY" | "LOAD" => format!("adds rows to {tables}"),
        "DELETE" => format!("deletes rows of {tables}"),
        "TRUNCATE" => format!("empties {tables}"),
        "MERGE" | "REPLACE" => format!("merges rows into {tables}"),
        "REFRESH" => format!("fills {tables} again"),
        verb => format!("changes rows of {tables} ({verb})"),
    }
}

fn act(act: &Act) -> String {
    let word = act.key.kind.word();
    let name = short(&act.key);
    match &act.what {
        What::Created if act.key.table.is_empty() => format!("creates {word} {name}"),
        What::Created => format!("adds {word} {name}"),
        What::Dropped => format!("drops {word} {name}"),
        What::Renamed(from) if from.schema != act.key.schema => format!("moves {word} {} to {name}", short(from)),
        What::Renamed(from) => format!("renames {word} {} to {}", short(from), act.key.name),
        What::Altered(names) if names.is_empty() => format!("changes {word} {name}"),
        What::Altered(names) => format!("changes {} of {word} {name}", names.join(", ")),
    }
}
