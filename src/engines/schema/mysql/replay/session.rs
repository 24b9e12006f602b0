//! What statements set for those after them.
use super::interpret::{Names, Scope, Value, evaluate};
use super::names::same;
use super::state::State;
use crate::engines::schema::catalog::{Dialect, Server};
use crate::engines::schema::mysql::normal::{Charsets, Expr, Parser};
use crate::engines::schema::mysql::text::{Cursor, Kind, Outcome};
use crate::engines::schema::{Class, Options};
use std::collections::{BTreeMap, BTreeSet};

/// The session.
#[derive(Clone)]
pub(super) struct Session {
    /// The database that the chain is about, once a statement has named it.
    pub(super) main: Option<String>,
    /// Another database that `USE` has named.
    pub(super) current: Option<String>,
    /// Collations of databases, by name; the empty name is the main one.
    pub(super) collations: BTreeMap<String, String>,
    /// `TIMESTAMP` has no defaults of its own.
    pub(super) explicit_timestamps: bool,
    /// Double quotes enclose identifiers.
    pub(super) ansi_quotes: bool,
    /// Names of tables are kept in lower case.
    pub(super) lower_case_table_names: bool,
    /// The engine of tables that name none.
    pub(super) engine: String,
    /// Tables of the session alone.
    pub(super) temporary: BTreeSet<String>,
    /// Texts of user variables, where they are known.
    pub(super) variables: BTreeMap<String, String>,
    /// Prepared statements: their texts, where they are known.
    pub(super) prepared: BTreeMap<String, Option<String>>,
    /// Statements within statements.
    pub(super) depth: u32,
    /// Statements that the procedures that run may still run.
    pub(super) left: u32,
}

fn on(value: &str) -> bool {
    value.eq_ignore_ascii_case("on") || value == "1" || value.eq_ignore_ascii_case("true")
}

impl Session {
    /// A session on a server of which this is known.
    pub(super) fn new(server: Server, options: &Options) -> Session {
        let variable = |name: &str| options.variables.get(name);
        let explicit = match server.dialect {
            Dialect::MariaDb => server.version >= (10, 10),
            _ => server.version >= (8, 0),
        };
        let charsets = Charsets(server);
        let collation =
            variable("collation_database").map_or_else(|| charsets.of_server(), |one| charsets.canonical(one));
        Session {
            main: None,
            current: None,
            collations: BTreeMap::from([(String::new(), collation)]),
            explicit_timestamps: variable("explicit_defaults_for_timestamp").map_or(explicit, |value| on(value)),
            ansi_quotes: variable("sql_mode").is_some_and(|mode| mode.to_ascii_uppercase().contains("ANSI")),
            lower_case_table_names: variable("lower_case_table_names").is_some_and(|value| value != "0"),
            engine: variable("default_storage_engine")
                .map_or_else(|| "innodb".to_owned(), |name| name.to_ascii_lowercase()),
            temporary: BTreeSet::new(),
            variables: BTreeMap::new(),
            prepared: BTreeMap::new(),
            depth: 0,
            left: 0,
        }
    }
}

/// `SET …`.
pub(super) fn set(state: &mut State, cursor: &mut Cursor<'_, '_>) -> Outcome<()> {
    state.now.class = Class::Session;
    loop {
        let _scope = cursor.one_of(&["GLOBAL", "SESSION", "LOCAL", "PERSIST"]);
        if cursor.sees_any(&[
            "NAMES",
            "CHARACTER",
            "TRANSACTION",
            "PASSWORD",
            "ROLE",
            "CHARSET",
            "STATEMENT",
            "DEFAULT",
            "RESOURCE",
        ]) {
            return Ok(());
        }
        let Some(token) = cursor.take() else { return Ok(()) };
        let (user, mut name) = (
            token.kind == Kind::Variable && !token.text.starts_with('@'),
            token.text.trim_start_matches('@').to_ascii_lowercase(),
        );
        for scope in ["session.", "local.", "global."] {
            name = name.strip_prefix(scope).unwrap_or(&name).to_owned();
        }
        while cursor.symbol(".") {
            name = cursor.name()?.to_ascii_lowercase();
        }
        if !cursor.equals() {
            return Ok(());
        }
        let value = value(state, cursor);
        match user {
            true => match value {
                Some(value) => drop(state.session.variables.insert(name, value)),
                None => drop(state.session.variables.remove(&name)),
            },
            false => assign(state, &name, value.as_deref()),
        }
        // What is not understood of a value ends at the next comma.
        let mut depth = 0_i32;
        while let Some(token) = cursor.peek(0) {
            match &*token.text {
                "(" if token.kind == Kind::Symbol => depth += 1,
                ")" if token.kind == Kind::Symbol => depth -= 1,
                "," if token.kind == Kind::Symbol && depth == 0 => break,
                _ => {}
            }
            cursor.at += 1;
        }
        if !cursor.symbol(",") {
            return Ok(());
        }
    }
}

/// The text of a value, where it is known.
fn value(state: &State, cursor: &mut Cursor<'_, '_>) -> Option<String> {
    let mut ahead = *cursor;
    let expr = match ahead.sees_any(&["ON", "OFF", "DEFAULT"]) {
        true => return cursor.take().map(|token| token.text.to_string()),
        false => Parser::new(&mut ahead).part().ok()?,
    };
    *cursor = ahead;
    known(state, &expr)
}

/// What an expression gives, where it can be decided and is not null.
pub(super) fn known(state: &State, expr: &Expr) -> Option<String> {
    // Names that stand for values (`SET sql_mode = ANSI`).
    if let Expr::Name(parts) = expr {
        return parts.first().cloned();
    }
    evaluate(state, expr, Names { row: None, scope: &Scope::new() }).flatten()
}

/// Keeps the value of a user variable; null and what is not known are the same here.
pub(super) fn store(state: &mut State, name: String, value: Option<Value>) {
    match value.flatten() {
        Some(value) => drop(state.session.variables.insert(name, value)),
        None => drop(state.session.variables.remove(&name)),
    }
}

fn assign(state: &mut State, name: &str, value: Option<&str>) {
    match (name, value) {
        ("sql_mode", Some(mode)) => state.session.ansi_quotes = mode.to_ascii_uppercase().contains("ANSI"),
        ("explicit_defaults_for_timestamp", Some(value)) => state.session.explicit_timestamps = on(value),
        ("default_storage_engine" | "storage_engine", Some(value)) => state.session.engine = value.to_ascii_lowercase(),
        _ => {}
    }
}

/// `USE …`.
pub(super) fn use_database(state: &mut State, cursor: &mut Cursor<'_, '_>) -> Outcome<()> {
    state.now.class = Class::Session;
    let name = cursor.name_or_text()?;
    if state.session.main.is_none() {
        state.session.main = Some(name.clone());
    }
    let main = state.session.main.as_deref().is_some_and(|main| same(main, &name));
    state.session.current = (!main).then_some(name);
    Ok(())
}

/// `CREATE`, `ALTER` and `DROP DATABASE`, from the name on.
pub(super) fn database(state: &mut State, cursor: &mut Cursor<'_, '_>, verb: &str) -> Outcome<()> {
    let _condition = cursor.words(&["IF", "NOT", "EXISTS"]) || cursor.words(&["IF", "EXISTS"]);
    let named = !cursor.done()
        && !cursor.sees_any(&["CHARACTER", "DEFAULT", "COLLATE", "CHARSET", "COMMENT", "ENCRYPTION", "READ"]);
    let name = if named { Some(cursor.name()?) } else { None };
    if let (Some(name), None, true, true) = (&name, &state.session.main, state.is_empty(), verb == "CREATE") {
        state.session.main = Some(name.clone());
    }
    let key = match &name {
        None => state.session.current.clone().unwrap_or_default(),
        Some(name) => match &state.session.main {
            Some(main) if same(main, name) => String::new(),
            None if verb == "ALTER" => String::new(),
            _ => name.clone(),
        },
    };
    if verb == "DROP" {
        let tables: Vec<_> = state.catalog.tables.keys().filter(|table| table.schema == key).cloned().collect();
        let views: Vec<_> = state.catalog.views.keys().filter(|view| view.schema == key).cloned().collect();
        let routines: Vec<_> = state.catalog.routines.keys().filter(|(name, _)| name.schema == key).cloned().collect();
        tables.iter().for_each(|name| drop(state.put_table(name, None)));
        views.iter().for_each(|name| drop(state.put_view(name, None)));
        routines.iter().for_each(|name| drop(state.put_routine(name, None)));
        return Ok(());
    }
    let options = crate::engines::schema::mysql::parse::table_options(cursor)?;
    let charsets = state.charsets();
    let collation = match (options.collation, options.charset) {
        (Some(collation), _) => Some(charsets.canonical(&collation)),
        (None, Some(charset)) => Some(charsets.collation(&charset)),
        _ => None,
    };
    match collation {
        Some(collation) => drop(state.session.collations.insert(key, collation)),
        None if verb == "CREATE" => {
            let own = state.session.collations.get("").cloned().unwrap_or_default();
            state.session.collations.entry(key).or_insert(own);
        }
        None => {}
    }
    Ok(())
}
