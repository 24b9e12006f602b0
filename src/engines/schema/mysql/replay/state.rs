//! The state of a replay: the catalog, the session, and the statement that is being applied, which can be taken back.
use super::names::same;
use super::session::Session;
use crate::engines::schema::catalog::{
    Catalog, Key, Kind, Name, Other, Place, Routine, Sequence, Server, Table, Touches, Unmodelled, View,
};
use crate::engines::schema::mysql::normal::Charsets;
use crate::engines::schema::{Class, Flags, Options, Statement, Step};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What things were before the statement; `None` for what was not there.
#[derive(Clone, Default)]
pub(super) struct Journal {
    pub(super) tables: BTreeMap<Name, Option<Table>>,
    pub(super) views: BTreeMap<Name, Option<View>>,
    pub(super) routines: BTreeMap<(Name, String), Option<Routine>>,
    pub(super) sequences: BTreeMap<Name, Option<Sequence>>,
    pub(super) others: BTreeMap<Key, Option<Other>>,
}

/// The state of a replay. Collations of columns are absolute here; `finished` makes them relative to their table.
#[derive(Clone)]
pub(super) struct State {
    /// What there is.
    pub(super) catalog: Catalog,
    /// What was done.
    pub(super) log: Vec<Statement>,
    /// What the caller wants.
    pub(super) options: Options,
    /// What statements have set.
    pub(super) session: Session,
    /// The statement that is being applied.
    pub(super) now: Statement,
    /// What it has changed so far.
    pub(super) journal: Journal,
    /// Steps begun.
    steps: u32,
    /// Version and name of the step, for identities.
    pub(super) step: Arc<str>,
    /// Whether the script that runs does so in a transaction.
    pub(super) transaction: bool,
    /// How often a key was created in this step.
    pub(super) created: BTreeMap<Key, u32>,
}

impl State {
    /// A state before the first step.
    pub(super) fn new(server: Server, options: Options) -> State {
        let session = Session::new(server, &options);
        State {
            catalog: Catalog::new(server),
            log: Vec::new(),
            options,
            session,
            now: State::statement(Place { file: Arc::from(""), line: 0 }, 0),
            journal: Journal::default(),
            steps: 0,
            step: Arc::from(""),
            transaction: false,
            created: BTreeMap::new(),
        }
    }

    fn statement(place: Place, step: u32) -> Statement {
        Statement {
            place,
            step,
            class: Class::Structure,
            verb: String::new(),
            text: String::new(),
            flags: Flags::default(),
            acts: Vec::new(),
            tables: Vec::new(),
        }
    }

    /// Begins a step: identities are made of it.
    pub(super) fn begin(&mut self, step: &Step) {
        self.steps += 1;
        self.step = Arc::from(format!("{}\0{}", step.version, step.name));
        self.created.clear();
    }

    /// Begins a statement.
    pub(super) fn start(&mut self, place: Place, verb: &str, text: &str) {
        self.now = State::statement(place, self.steps.saturating_sub(1));
        self.now.flags.transaction = self.transaction;
        self.now.verb = verb.to_owned();
        self.now.text = text.chars().take(2000).collect();
        self.journal = Journal::default();
    }

    /// Ends the statement and keeps it; a reason why it cannot be applied takes back what it did.
    pub(super) fn end(&mut self, outcome: Result<(), String>) {
        match outcome {
            Ok(()) => self.settle(),
            Err(reason) => {
                let touched: Vec<Key> = self.journal.tables.keys().map(|name| Key::top(Kind::Table, name)).collect();
                let touches = match self.now.tables.is_empty() && touched.is_empty() {
                    true => Touches::Anything,
                    false => Touches::Objects(self.now.tables.drain(..).chain(touched).collect()),
                };
                self.take_back();
                self.unmodelled(reason, touches);
            }
        }
        let place = self.now.place.clone();
        let mut done = std::mem::replace(&mut self.now, State::statement(place, self.steps.saturating_sub(1)));
        if done.class != Class::Data {
            done.tables.clear();
        }
        self.log.push(done);
    }

    /// Takes back what the statement did so far.
    pub(super) fn take_back(&mut self) {
        fn put<K: Ord, V>(map: &mut BTreeMap<K, V>, old: BTreeMap<K, Option<V>>) {
            for (key, value) in old {
                match value {
                    Some(value) => map.insert(key, value),
                    None => map.remove(&key),
                };
            }
        }
        let old = std::mem::take(&mut self.journal);
        put(&mut self.catalog.tables, old.tables);
        put(&mut self.catalog.views, old.views);
        put(&mut self.catalog.routines, old.routines);
        put(&mut self.catalog.sequences, old.sequences);
        put(&mut self.catalog.others, old.others);
    }

    /// The statement, or a part of it, cannot be applied.
    pub(super) fn unmodelled(&mut self, reason: impl Into<String>, touches: Touches) {
        self.now.class = Class::Unmodelled;
        let entry =
            Unmodelled { place: self.now.place.clone(), verb: self.now.verb.clone(), reason: reason.into(), touches };
        self.catalog.unmodelled.push(entry);
    }

    /// Says what the statement is about, in case that it cannot be applied.
    pub(super) fn about(&mut self, name: &Name) {
        let key = Key::top(Kind::Table, name);
        if !self.now.tables.contains(&key) {
            self.now.tables.push(key);
        }
    }

    /// A table to change.
    pub(super) fn table_mut(&mut self, name: &Name) -> Option<&mut Table> {
        let table = self.catalog.tables.get_mut(name)?;
        self.journal.tables.entry(name.clone()).or_insert_with(|| Some(table.clone()));
        Some(table)
    }

    /// Puts a table there, or takes it away.
    pub(super) fn put_table(&mut self, name: &Name, table: Option<Table>) -> Option<Table> {
        let old = match table {
            Some(table) => self.catalog.tables.insert(name.clone(), table),
            None => self.catalog.tables.remove(name),
        };
        self.journal.tables.entry(name.clone()).or_insert_with(|| old.clone());
        old
    }

    /// Puts a view there, or takes it away.
    pub(super) fn put_view(&mut self, name: &Name, view: Option<View>) -> Option<View> {
        let old = match view {
            Some(view) => self.catalog.views.insert(name.clone(), view),
            None => self.catalog.views.remove(name),
        };
        self.journal.views.entry(name.clone()).or_insert_with(|| old.clone());
        old
    }

    /// Puts a routine there, or takes it away.
    pub(super) fn put_routine(&mut self, key: &(Name, String), routine: Option<Routine>) -> Option<Routine> {
        let old = match routine {
            Some(routine) => self.catalog.routines.insert(key.clone(), routine),
            None => self.catalog.routines.remove(key),
        };
        self.journal.routines.entry(key.clone()).or_insert_with(|| old.clone());
        old
    }

    /// Puts a sequence there, or takes it away.
    pub(super) fn put_sequence(&mut self, name: &Name, sequence: Option<Sequence>) -> Option<Sequence> {
        let old = match sequence {
            Some(sequence) => self.catalog.sequences.insert(name.clone(), sequence),
            None => self.catalog.sequences.remove(name),
        };
        self.journal.sequences.entry(name.clone()).or_insert_with(|| old.clone());
        old
    }

    /// Puts something else there, or takes it away.
    pub(super) fn put_other(&mut self, key: &Key, other: Option<Other>) -> Option<Other> {
        let old = match other {
            Some(other) => self.catalog.others.insert(key.clone(), other),
            None => self.catalog.others.remove(key),
        };
        self.journal.others.entry(key.clone()).or_insert_with(|| old.clone());
        old
    }

    /// What the server knows of character sets.
    pub(super) fn charsets(&self) -> Charsets {
        Charsets(self.catalog.server)
    }

    /// The name of an object as written. The database that the chain is about has the empty name.
    pub(super) fn name(&mut self, written: &(Option<String>, String)) -> Name {
        let (database, name) = written;
        let lower = self.session.lower_case_table_names;
        let name = if lower { name.to_lowercase() } else { name.clone() };
        let database = match database {
            None => self.session.current.clone(),
            Some(database) => match &self.session.main {
                Some(main) => (!same(main, database)).then(|| database.clone()),
                None => {
                    let known = self.catalog.tables.contains_key(&Name::new("", &*name)) || self.is_empty();
                    if known {
                        self.session.main = Some(database.clone());
                        None
                    } else {
                        Some(database.clone())
                    }
                }
            },
        };
        Name::new(database.unwrap_or_default(), name)
    }

    /// Whether nothing has been made so far.
    pub(super) fn is_empty(&self) -> bool {
        self.catalog.tables.is_empty() && self.catalog.views.is_empty() && self.catalog.routines.is_empty()
    }
}
