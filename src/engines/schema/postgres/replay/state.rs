//! The state of a replay: the catalog, the search path, and the statement that is being applied.
use super::run::Saved;
use super::undo::Before;
use crate::engines::schema::catalog::{Catalog, ConstraintKind, Id, Key, Kind, Meta, Name, Place, Touches, Unmodelled};
use crate::engines::schema::{Act, Class, Options, Replay, Statement, Step, What};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The state of a replay.
#[derive(Clone)]
pub(super) struct State {
    /// What there is.
    pub(super) catalog: Catalog,
    /// What was done.
    pub(super) log: Vec<Statement>,
    /// What the caller wants.
    pub(super) options: Options,
    /// `search_path` of the session, without `"$user"`.
    pub(super) path: Vec<String>,
    /// Tables of the session alone: they hide others and end with it.
    pub(super) temporary: BTreeSet<String>,
    /// The statement that is being applied.
    pub(super) now: Statement,
    /// Sequences of identity columns: they are part of the column, but their names are taken and can be named.
    pub(super) identities: BTreeMap<Name, (Name, String)>,
    /// Whether a transaction is open.
    pub(super) in_transaction: bool,
    /// Whether the script takes something back, so that it must be kept.
    pub(super) may_roll_back: bool,
    /// What `ROLLBACK` goes back to: the transaction, then its savepoints.
    pub(super) saved: Vec<Saved>,
    /// What the statement touched, as it was before.
    pub(super) undo: Vec<Before>,
    /// Where in `undo` the part begins that is being applied.
    pub(super) mark: usize,
    /// How deep statements within statements are nested.
    pub(super) depth: u32,
    /// What the prelude made; it is no part of the schema.
    pub(super) platform: BTreeSet<Key>,
    /// What texts of views and policies name.
    pub(super) dependencies: super::dependents::Dependencies,
    /// Triggers that a partition has from its parent.
    pub(super) inherited_triggers: BTreeSet<(Name, String)>,
    /// Settings of the session that are no server's own (`app.tenant`).
    pub(super) settings: BTreeMap<String, String>,
    /// Owners other than the role that runs the migrations, by kind (as in `Grant::on`) and name.
    pub(super) owners: BTreeMap<(String, Name), String>,
    /// Roles that the chain makes, and `postgres`; whether others are there is not known.
    pub(super) roles: BTreeSet<String>,
    /// The role that `SET ROLE` says.
    pub(super) role: Option<String>,
    /// The search path to go back to when the transaction ends.
    pub(super) outer_path: Option<Vec<String>>,
    /// Objects that were copied for `ROLLBACK` to go back to.
    pub(super) copied: usize,
    /// What blocks of code and what they call may still do.
    pub(super) fuel: super::block::Fuel,
    /// Steps begun.
    steps: u32,
    /// Version and name of the step, for identities.
    step: Arc<str>,
    /// How often a key was created in this step.
    created: BTreeMap<Key, u32>,
}

impl State {
    /// A state before the first step.
    pub(super) fn new(catalog: Catalog, options: Options) -> State {
        let path = match options.search_path.is_empty() {
            true => vec!["public".to_owned()],
            false => options.search_path.clone(),
        };
        let now = State::statement(Place { file: Arc::from(""), line: 0 }, 0);
        State {
            catalog,
            log: Vec::new(),
            options,
            path,
            temporary: BTreeSet::new(),
            now,
            identities: BTreeMap::new(),
            in_transaction: false,
            may_roll_back: false,
            saved: Vec::new(),
            undo: Vec::new(),
            mark: 0,
            depth: 0,
            platform: BTreeSet::new(),
            dependencies: super::dependents::Dependencies::default(),
            inherited_triggers: BTreeSet::new(),
            outer_path: None,
            settings: BTreeMap::new(),
            owners: BTreeMap::new(),
            roles: BTreeSet::from(["postgres".to_owned()]),
            role: None,
            copied: 0,
            fuel: super::block::Fuel::default(),
            steps: 0,
            step: Arc::from(""),
            created: BTreeMap::new(),
        }
    }

    fn statement(place: Place, step: u32) -> Statement {
        Statement {
            place,
            step,
            class: Class::Unmodelled,
            verb: String::new(),
            text: String::new(),
            flags: crate::engines::schema::Flags::default(),
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

    /// Begins a statement. Its class is `Structure` until somebody says otherwise.
    pub(super) fn start(&mut self, place: Place, verb: &str, text: &str) {
        self.now = State::statement(place, self.steps.saturating_sub(1));
        self.now.class = Class::Structure;
        self.now.verb = verb.to_owned();
        self.now.text = text.chars().take(2000).collect();
    }

    /// Ends the statement and keeps it.
    pub(super) fn finish(&mut self) {
        let place = self.now.place.clone();
        let done = std::mem::replace(&mut self.now, State::statement(place, self.steps.saturating_sub(1)));
        self.log.push(done);
    }

    /// Identity and place of something new, and the act that says so.
    pub(super) fn create(&mut self, key: &Key) -> Meta {
        let nth = self.created.entry(key.clone()).or_default();
        let id = Id::new(&self.step, key, *nth);
        *nth += 1;
        self.now.acts.push(Act { key: key.clone(), id, what: What::Created });
        self.note_creator(key);
        self.default_grants(key);
        Meta::new(id, self.now.place.clone())
    }

    /// Says that the statement did something to an object. The caller adds the place to the object (`Meta::places`).
    pub(super) fn act(&mut self, key: Key, id: Id, what: What) {
        self.now.acts.push(Act { key, id, what });
    }

    /// The statement, or a part of it, cannot be applied.
    pub(super) fn unmodelled(&mut self, reason: impl Into<String>, touches: Touches) {
        self.now.class = Class::Unmodelled;
        let entry =
            Unmodelled { place: self.now.place.clone(), verb: self.now.verb.clone(), reason: reason.into(), touches };
        self.catalog.unmodelled.push(entry);
    }

    /// The name that something new gets: in the schema that is written, or the first of the search path.
    pub(super) fn new_name(&self, schema: Option<&str>, name: &str) -> Name {
        let schema = schema
            .map(str::to_owned)
            .or_else(|| self.path.iter().find(|one| self.catalog.schemas.contains_key(*one)).cloned());
        Name::new(schema.unwrap_or_else(|| "public".to_owned()), name)
    }

    /// The first schema of the search path for which `there` holds, or the schema that is written.
    pub(super) fn find(
        &self,
        schema: Option<&str>,
        name: &str,
        there: impl Fn(&Catalog, &Name) -> bool,
    ) -> Option<Name> {
        let schemas = match schema {
            Some(schema) => vec![schema.to_owned()],
            None => self.path.clone(),
        };
        schemas.into_iter().map(|schema| Name::new(schema, name)).find(|name| there(&self.catalog, name))
    }

    /// The table of this name, through the search path.
    pub(super) fn table(&self, schema: Option<&str>, name: &str) -> Option<Name> {
        self.find(schema, name, |catalog, name| catalog.tables.contains_key(name))
    }

    /// Runs what the platform runs before the chain; what it makes is remembered, to be left out.
    pub(super) fn prelude(&mut self) {
        let scripts = std::mem::take(&mut self.options.prelude);
        if scripts.is_empty() {
            return;
        }
        for script in &scripts {
            self.script(script);
        }
        self.options.prelude = scripts;
        self.platform =
            self.catalog.objects().into_iter().map(|one| one.key).filter(|key| key.table.is_empty()).collect();
        self.platform.remove(&Key::top(Kind::Schema, &Name::new("", "public")));
        self.catalog.unmodelled.clear();
        self.log.clear();
    }

    /// What came out so far.
    pub(super) fn replay(&mut self) -> Replay {
        let mut catalog = self.catalog.clone();
        catalog.tables.retain(|name, _| {
            !self.options.ignore.contains(&name.name) && !self.platform.contains(&State::table_key(name))
        });
        // Constraints that only say `NOT NULL` are told by the columns.
        for table in catalog.tables.values_mut() {
            table.constraints.retain(|one| !matches!(one.kind, ConstraintKind::NotNull(_)));
        }
        if !self.platform.is_empty() {
            self.without_platform(&mut catalog);
        }
        crate::engines::schema::postgres::normal::catalog(&mut catalog);
        Replay { catalog, log: self.log.clone() }
    }

    fn without_platform(&self, catalog: &mut Catalog) {
        let made = |kind: Kind, name: &Name| self.platform.contains(&Key::top(kind, name));
        catalog.schemas.retain(|name, _| !made(Kind::Schema, &Name::new("", name)));
        catalog.extensions.retain(|name, _| !made(Kind::Extension, &Name::new("", name)));
        catalog.types.retain(|name, _| {
            ![Kind::Enum, Kind::Domain, Kind::Composite, Kind::Range, Kind::Other].iter().any(|kind| made(*kind, name))
        });
        catalog.sequences.retain(|name, _| !made(Kind::Sequence, name));
        catalog.views.retain(|name, _| !made(Kind::View, name) && !made(Kind::MaterializedView, name));
        catalog.routines.retain(|(name, arguments), _| {
            let name = Name::new(&*name.schema, format!("{}({arguments})", name.name));
            ![Kind::Function, Kind::Procedure, Kind::Aggregate].iter().any(|kind| made(*kind, &name))
        });
        catalog.grants.retain(|key, _| !self.platform.contains(key));
        catalog.others.retain(|key, _| !self.platform.contains(key));
    }

    /// The key of a table.
    pub(super) fn table_key(name: &Name) -> Key {
        Key::top(Kind::Table, name)
    }
}
