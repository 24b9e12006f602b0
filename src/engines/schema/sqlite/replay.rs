//! Migrations run in SQLite, statement by statement.
use super::engine::{Engine, pragma};
use super::head::{self, Head, head};
use super::pieces::{Piece, Pieces};
use super::state::{Now, Shape};
use crate::engines::schema::catalog::{Catalog, Key, Kind, Name, Place, Touches, Unmodelled};
use crate::engines::schema::{Class, Flags, Options, Replay, Replayer, Script, Statement, Step, StepKind, What};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Rows that stand in statements are run up to this size: one statement, and all.
const ROWS_OF_ONE: usize = 256 * 1024;
const ROWS_OF_ALL: usize = 8 * 1024 * 1024;

/// Replays migrations in SQLite, in memory.
pub struct Sqlite {
    engine: Engine,
    shape: Shape,
    /// What there was when transactions and savepoints (by name) began.
    saved: Vec<(String, Shape)>,
    log: Vec<Statement>,
    unmodelled: Vec<Unmodelled>,
    assume: BTreeMap<String, String>,
    /// Tables that are left out, lower case.
    ignored: BTreeSet<String>,
    /// Steps begun.
    steps: u32,
    step: String,
    kind: StepKind,
    created: BTreeMap<Key, u32>,
    /// Bytes of rows that were run.
    rows: usize,
    /// The catalog since the last change.
    catalog: Option<Catalog>,
}

impl Sqlite {
    /// A replay that begins with an empty database, or with what the prelude makes.
    pub fn new(options: &Options) -> Result<Sqlite, String> {
        let mut sqlite = Sqlite {
            engine: Engine::new()?,
            shape: Shape::default(),
            saved: Vec::new(),
            log: Vec::new(),
            unmodelled: Vec::new(),
            assume: options.assume.clone(),
            ignored: BTreeSet::new(),
            steps: 0,
            step: String::new(),
            kind: StepKind::Versioned,
            created: BTreeMap::new(),
            rows: 0,
            catalog: None,
        };
        for script in &options.prelude {
            sqlite.script(script);
        }
        sqlite.ignored = sqlite.shape.names();
        sqlite.ignored.extend(options.ignore.iter().map(|name| name.to_lowercase()));
        sqlite.shape = Shape::default();
        sqlite.log.clear();
        Ok(sqlite)
    }

    fn script(&mut self, script: &Script) {
        let mut skipped: Option<Vec<String>> = None;
        for piece in Pieces::new(&script.text) {
            let place = Place { file: Arc::clone(&script.path), line: script.line + piece.line };
            if let Some(instead) = self.assume.get(&format!("{}:{}", place.file, place.line)).cloned() {
                for piece in Pieces::new(&instead) {
                    self.statement(&piece, place.clone(), script);
                }
                continue;
            }
            // The rows of a dump are many: one entry stands for those of a table.
            if (self.kind == StepKind::Schema || self.rows > ROWS_OF_ALL) && !piece.command && piece.text.len() > 6 {
                let head = head(piece.text);
                if head.literal_rows && !self.schema_row(piece.text) {
                    let tables = head::tables(beginning(piece.text, 200));
                    if skipped.as_ref() == Some(&tables) {
                        continue;
                    }
                    skipped = Some(tables);
                } else {
                    skipped = None;
                }
            }
            self.statement(&piece, place, script);
        }
        // A tool commits what a script leaves open.
        if self.engine.in_transaction() {
            let _ = self.engine.run("COMMIT").or_else(|_| self.engine.run("ROLLBACK"));
        }
        self.saved.clear();
    }

    /// Whether it writes into SQLite's own table: how dumps make virtual tables.
    fn schema_row(&self, text: &str) -> bool {
        let head = beginning(text, 60).to_ascii_lowercase();
        head.starts_with("insert") && (head.contains("sqlite_schema") || head.contains("sqlite_master"))
    }

    fn statement(&mut self, piece: &Piece<'_>, place: Place, script: &Script) {
        let virtual_table = self.schema_row(piece.text).then(|| in_schema_row(piece.text)).flatten();
        let text = virtual_table.as_deref().unwrap_or(piece.text);
        let mut head = head(text);
        if piece.command {
            head.verb = piece.text.split_whitespace().next().unwrap_or_default().to_owned();
            head.class = if matches!(head.verb.as_str(), ".read" | ".import" | ".restore" | ".open") {
                Class::Unmodelled
            } else {
                Class::Session
            };
        }
        let mut done = Statement {
            place: place.clone(),
            step: self.steps.saturating_sub(1),
            class: head.class,
            verb: head.verb.clone(),
            text: text.chars().take(2000).collect(),
            flags: Flags {
                conditional: head.conditional,
                transaction: script.transaction || self.engine.in_transaction(),
                ..Flags::default()
            },
            acts: Vec::new(),
            tables: Vec::new(),
        };
        if head.class == Class::Data {
            done.tables = self.tables(text);
        }
        self.log.push(done);
        match self.execute(text, &head, piece.command, script) {
            Ok(()) => self.changed(text, &head, place),
            Err(reason) => self.failed(text, &head, place, reason, script),
        }
    }

    /// Runs a statement, unless it needs not to be run.
    fn execute(&mut self, text: &str, head: &Head, command: bool, script: &Script) -> Result<(), String> {
        if command {
            return match head.class {
                Class::Unmodelled => Err("a command of the sqlite3 shell that reads another file".to_owned()),
                _ => Ok(()),
            };
        }
        match head.class {
            Class::Data if head.literal_rows => {
                self.rows += text.len();
                if self.kind == StepKind::Schema || text.len() > ROWS_OF_ONE || self.rows > ROWS_OF_ALL {
                    return Ok(());
                }
                self.engine.run(text)
            }
            Class::Session => self.session(text, head, script),
            Class::Transaction => {
                self.transaction(text, head);
                Ok(())
            }
            Class::Unmodelled if matches!(head.verb.as_str(), "ATTACH" | "DETACH") => {
                Err("other databases are not attached".to_owned())
            }
            _ => self.engine.run(text),
        }
    }

    fn session(&self, text: &str, head: &Head, script: &Script) -> Result<(), String> {
        let Some(name) = head.verb.strip_prefix("PRAGMA ") else {
            // `VACUUM` and `REINDEX` change nothing that is compared.
            return if head.verb == "ANALYZE" { self.engine.run(text) } else { Ok(()) };
        };
        match name {
            // SQLite takes no notice of it in a transaction.
            "foreign_keys" if script.transaction => Ok(()),
            name if pragma(name) && !LIMITS.contains(&name) => self.engine.run(text),
            _ => Ok(()),
        }
    }

    /// Begins, ends or takes back a transaction. Tools have their own: that one more cannot begin is no error here.
    fn transaction(&mut self, text: &str, head: &Head) {
        let shape = self.shape.clone();
        if self.engine.run(text).is_err() {
            return;
        }
        let words: Vec<String> = text
            .split_whitespace()
            .map(|word| word.trim_matches(['"', '\'', '`', '[', ']', ';']).to_lowercase())
            .collect();
        let name = words.last().cloned().unwrap_or_default();
        let back_to = |saved: &[(String, Shape)]| saved.iter().rposition(|(one, _)| *one == name);
        match head.verb.as_str() {
            "BEGIN" => self.saved = vec![(String::new(), shape)],
            "SAVEPOINT" => self.saved.push((name, shape)),
            "RELEASE" => {
                let at = back_to(&self.saved).unwrap_or(self.saved.len());
                self.saved.truncate(at);
            }
            "ROLLBACK" => {
                let at = if words.iter().any(|word| word == "to") { back_to(&self.saved) } else { Some(0) };
                if let Some((at, (_, shape))) = at.and_then(|at| Some((at, self.saved.get(at)?.clone()))) {
                    self.shape = shape;
                    self.catalog = None;
                    self.saved.truncate(at + 1);
                }
            }
            _ => self.saved.clear(),
        }
    }

    /// Notes what a statement did.
    fn changed(&mut self, text: &str, head: &Head, place: Place) {
        let step = self.step.clone();
        let mut back = Vec::new();
        let mut now =
            Now { step: &step, place, created: &mut self.created, rename: head.rename.as_ref(), back: &mut back };
        if matches!(head.class, Class::Structure | Class::Data)
            && let Some(target) = head.target.as_ref().filter(|key| head.temporary && key.kind == Kind::Table)
        {
            match head.verb.as_str() {
                "CREATE TABLE" => self.shape.keep_temporary(&self.engine, &target.name, &mut now),
                _ => {
                    if let Some(held) = self.shape.temporary.remove(&target.name.to_lowercase()) {
                        self.shape.lineage.gone.insert(held.id(), held);
                    }
                }
            }
        }
        if head.verb == "DROP TABLE"
            && let Some(target) = &head.target
            && let Some(held) = self.shape.temporary.remove(&target.name.to_lowercase())
        {
            self.shape.lineage.gone.insert(held.id(), held);
        }
        let mut acts = Vec::new();
        let mut moved = false;
        if head.class == Class::Structure {
            match self.shape.refresh(&self.engine, &mut now, &self.ignored) {
                Ok(Some(found)) => {
                    (acts, moved) = (found, true);
                    self.catalog = None;
                }
                Ok(None) => {
                    if let Some(last) = self.log.last_mut() {
                        last.flags.skipped = head.conditional;
                    }
                }
                Err(error) => {
                    let reason = super::engine::words(&error);
                    self.unmodelled.push(Unmodelled {
                        place: now.place.clone(),
                        verb: head.verb.clone(),
                        reason,
                        touches: Touches::Anything,
                    });
                }
            }
        }
        let moves = matches!(head.class, Class::Structure | Class::Data) && !head.literal_rows;
        moved |= moves && self.shape.moved(text);
        for id in now.back.drain(..) {
            self.log.iter_mut().for_each(|one| one.acts.retain(|act| act.id != id || act.what != What::Dropped));
        }
        if let Some(last) = self.log.last_mut() {
            last.acts = acts;
            if head.temporary && last.acts.is_empty() {
                last.class = Class::Session;
            }
        }
        if moved {
            let mut taken = self.shape.take_over(&mut now);
            taken.extend(self.shape.take_over_columns(&mut now));
            for one in taken {
                self.catalog = None;
                for statement in &mut self.log {
                    statement.acts.retain(|act| !one.ids.contains(&act.id) || matches!(act.what, What::Altered(_)));
                }
                self.log.last_mut().into_iter().for_each(|last| last.acts.extend(one.acts.iter().cloned()));
            }
        }
    }

    /// Notes that a statement could not be applied.
    fn failed(&mut self, text: &str, head: &Head, place: Place, reason: String, script: &Script) {
        if head.class == Class::Data && !head.literal_rows {
            self.shape.moved(text);
        }
        // An error may end the transaction that it stands in.
        if !self.engine.in_transaction()
            && let Some((_, shape)) = self.saved.drain(..).next()
        {
            self.shape = shape;
            self.catalog = None;
        }
        let names = |table: &String| self.ignored.contains(&table.to_lowercase());
        let target = head.target.as_ref().map(|key| &key.name);
        let own = target.is_some_and(names) || head.class == Class::Data && head::tables(text).iter().any(names);
        // Tables of the tool itself are not there; what is done to them is no part of the schema. Nor are those that keep virtual tables.
        if own || target.is_some_and(|name| self.is_shadow(name)) {
            return;
        }
        let touches = match head.class {
            // Who writes into SQLite's own tables changes the structure.
            Class::Data if own_tables(text) => Touches::Anything,
            Class::Data | Class::Query | Class::Session => Touches::Nothing,
            _ => match &head.target {
                Some(_) if head.temporary => Touches::Nothing,
                Some(key) => Touches::Objects(vec![self.complete(key)]),
                None => Touches::Anything,
            },
        };
        let effect = match (script.transaction, self.engine.in_transaction()) {
            (true, _) => "; the tool runs this file in one transaction, of which nothing would be applied",
            (false, _) if head.class == Class::Unmodelled => "",
            _ => "; what stands before it in the file stays applied",
        };
        if let Some(last) = self.log.last_mut() {
            last.class = Class::Unmodelled;
        }
        self.unmodelled.push(Unmodelled {
            place,
            verb: head.verb.clone(),
            reason: format!("{reason}{effect}"),
            touches,
        });
    }

    fn is_shadow(&self, name: &str) -> bool {
        let connection = &self.engine.connection;
        let rows = super::inspect::rows(connection).unwrap_or_default();
        super::inspect::shadows(connection, &rows).iter().any(|one| one.eq_ignore_ascii_case(name))
    }

    /// A key with the table that it belongs to, and names as they are in the database.
    fn complete(&self, key: &Key) -> Key {
        let stored = |name: &str| {
            self.shape.held.get(&name.to_lowercase()).map_or_else(|| name.to_owned(), |held| held.name.clone())
        };
        match key.kind {
            Kind::Table | Kind::View => Key::top(key.kind, &Name::new("", stored(&key.name))),
            _ if key.table.is_empty() => {
                let table = self.shape.owner(key.kind, &key.name).unwrap_or_default();
                Key { table, ..key.clone() }
            }
            _ => Key { table: stored(&key.table), ..key.clone() },
        }
    }

    /// Tables that a statement on data names.
    fn tables(&self, text: &str) -> Vec<Key> {
        let mut keys: Vec<Key> = Vec::new();
        let text = if text.len() > ROWS_OF_ONE { beginning(text, 1000) } else { text };
        for name in head::tables(text) {
            if let Some((key, _)) = self.shape.held.get(&name.to_lowercase()).and_then(|held| held.parts.first())
                && !keys.contains(key)
            {
                keys.push(key.clone());
            }
        }
        keys
    }
}

/// The first bytes of a text, whole characters.
fn beginning(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or("")
}

/// Whether a statement names the tables in which SQLite keeps the structure.
fn own_tables(text: &str) -> bool {
    let own = |name: &String| name.eq_ignore_ascii_case("sqlite_schema") || name.eq_ignore_ascii_case("sqlite_master");
    head::tables(beginning(text, ROWS_OF_ONE)).iter().any(own)
}

/// Pragmas that would lift the limits.
const LIMITS: &[&str] = &["max_page_count", "temp_store", "hard_heap_limit", "schema_version"];

/// The statement that a dump writes into SQLite's own table instead of running it.
fn in_schema_row(text: &str) -> Option<String> {
    let tokens = super::token::tokens(text);
    let last = tokens.iter().rev().find(|token| token.kind == super::token::Kind::Text)?;
    Some(last.plain().into_owned()).filter(|sql| head(sql).verb == "CREATE TABLE")
}

impl Replayer for Sqlite {
    fn apply(&mut self, step: &Step) {
        self.steps += 1;
        self.step = format!("{}\0{}", step.version, step.name);
        self.kind = step.kind;
        self.created.clear();
        if step.kind == StepKind::Code {
            self.unmodelled.push(Unmodelled {
                place: Place { file: Arc::clone(&step.path), line: 0 },
                verb: "program".to_owned(),
                reason: "a migration that is a program: what it does cannot be known".to_owned(),
                touches: Touches::Anything,
            });
        }
        for script in &step.up {
            self.script(script);
        }
    }

    fn replay(&mut self) -> Replay {
        let mut catalog = match self.catalog.take() {
            Some(catalog) => catalog,
            None => self.shape.catalog(&self.engine),
        };
        catalog.unmodelled = self.unmodelled.clone();
        self.catalog = Some(catalog.clone());
        Replay { catalog, log: self.log.clone() }
    }

    fn unmodelled(&self) -> &[Unmodelled] {
        &self.unmodelled
    }
}

#[cfg(test)]
#[path = "replay_tests.rs"]
mod tests;
