//! Gives each statement to the file that knows its kind.
use super::interpret::{Names, Scope, query, targets};
use super::state::State;
use super::{alter, create, data, drop, procedure, programs, rename, routine, sequence, session, view};
use crate::engines::schema::Class;
use crate::engines::schema::catalog::{Kind, Place, Touches};
use crate::engines::schema::mysql::parse;
use crate::engines::schema::mysql::text::{Cursor, Kind as TokenKind, Outcome, Piece, Splitter};

/// Statements within statements.
const DEEPEST: u32 = 4;

/// Runs one statement.
pub(super) fn run(state: &mut State, piece: &Piece<'_>, source: &str, place: Place) {
    let start = piece.tokens.first().map_or(0, |token| token.start);
    let text = source.get(start..piece.end).unwrap_or_default();
    state.start(place, &verb(piece), text);
    state.session.left = procedure::MOST;
    let mut cursor = Cursor::new(&piece.tokens, source);
    let outcome = match piece.open {
        true => Err("its body never ends".to_owned()),
        false => dispatch(state, &mut cursor),
    };
    state.end(outcome);
}

/// The first words, enough to tell the kind.
fn verb(piece: &Piece<'_>) -> String {
    const PASSED: [&str; 11] = [
        "OR",
        "REPLACE",
        "TEMPORARY",
        "ONLINE",
        "IGNORE",
        "UNIQUE",
        "FULLTEXT",
        "SPATIAL",
        "DEFINER",
        "ALGORITHM",
        "AGGREGATE",
    ];
    const OBJECTS: [&str; 19] = [
        "TABLE",
        "TABLES",
        "VIEW",
        "INDEX",
        "TRIGGER",
        "PROCEDURE",
        "FUNCTION",
        "EVENT",
        "DATABASE",
        "SCHEMA",
        "SEQUENCE",
        "USER",
        "ROLE",
        "SERVER",
        "TABLESPACE",
        "PACKAGE",
        "TRANSACTION",
        "PREPARE",
        "LOGFILE",
    ];
    let Some(first) = piece.tokens.first() else { return String::new() };
    let first = first.text.to_ascii_uppercase();
    if !matches!(
        first.as_str(),
        "CREATE" | "ALTER" | "DROP" | "RENAME" | "LOCK" | "UNLOCK" | "START" | "TRUNCATE" | "DEALLOCATE"
    ) {
        return first;
    }
    let words = piece.tokens.iter().skip(1).take(24).filter(|token| token.kind == TokenKind::Word);
    for word in words.map(|token| token.text.to_ascii_uppercase()) {
        if OBJECTS.contains(&word.as_str()) {
            return format!("{first} {word}");
        }
        if !PASSED.contains(&word.as_str())
            && !matches!(
                word.as_str(),
                "SQL" | "SECURITY" | "INVOKER" | "MERGE" | "TEMPTABLE" | "UNDEFINED" | "CURRENT_USER"
            )
            && first != "CREATE"
        {
            break;
        }
    }
    first
}

/// Gives a statement to the file that knows its kind.
pub(super) fn dispatch(state: &mut State, cursor: &mut Cursor<'_, '_>) -> Outcome<()> {
    let Some(first) = cursor.peek(0) else { return Ok(()) };
    let word = if first.kind == TokenKind::Word { first.text.to_ascii_uppercase() } else { first.text.to_string() };
    match word.as_str() {
        "INSERT" | "REPLACE" | "UPDATE" | "DELETE" | "LOAD" | "TRUNCATE" => {
            data::list(state, cursor);
            return Ok(());
        }
        "WITH" => {
            let writes = cursor.tokens.iter().any(|token| {
                token.kind == TokenKind::Word
                    && (token.text.eq_ignore_ascii_case("UPDATE") || token.text.eq_ignore_ascii_case("DELETE"))
            });
            if writes {
                data::list(state, cursor);
            } else {
                state.now.class = Class::Query;
            }
            return Ok(());
        }
        "SELECT" | "SHOW" | "EXPLAIN" | "DESCRIBE" | "DESC" | "VALUES" | "TABLE" | "HELP" | "DO" | "CHECK"
        | "CHECKSUM" | "(" => {
            state.now.class = Class::Query;
            select_into(state, cursor);
            return Ok(());
        }
        "ANALYZE" | "OPTIMIZE" | "REPAIR" | "FLUSH" | "RESET" | "KILL" | "CACHE" | "LOCK" | "UNLOCK" | "HANDLER" => {
            state.now.class = Class::Session;
            return Ok(());
        }
        "START" | "BEGIN" | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" | "XA"
            if !(word == "BEGIN" && cursor.tokens.len() > 2) =>
        {
            state.now.class = Class::Transaction;
            return Ok(());
        }
        _ => {}
    }
    cursor.at += 1;
    match word.as_str() {
        "CREATE" => created(state, cursor),
        "ALTER" => altered(state, cursor),
        "DROP" => dropped(state, cursor),
        "RENAME" if cursor.word("TABLE") || cursor.word("TABLES") => rename::statement(state, cursor),
        "SET" => session::set(state, cursor),
        "USE" => session::use_database(state, cursor),
        "PREPARE" => prepare(state, cursor),
        "EXECUTE" => execute(state, cursor),
        "DEALLOCATE" => {
            state.now.class = Class::Session;
            Ok(())
        }
        "GRANT" | "REVOKE" | "RENAME" => accounts(state),
        "CALL" => procedure::call(state, cursor),
        "BEGIN" => {
            let text = cursor.tokens.first().and_then(|first| cursor.source.get(first.start..)).unwrap_or_default();
            let end = cursor
                .tokens
                .last()
                .map_or(0, |last| last.end)
                .saturating_sub(cursor.tokens.first().map_or(0, |first| first.start));
            let text = text.get(..end).unwrap_or_default().to_owned();
            procedure::body(state, &text, Default::default())
        }
        _ => Err("a statement of a kind that is not known".to_owned()),
    }
}

/// `SELECT … INTO @name` sets variables: to what can be decided, or to what nobody knows.
fn select_into(state: &mut State, cursor: &Cursor<'_, '_>) {
    let names: Vec<String> =
        targets(cursor.tokens).into_iter().filter(|(user, _)| *user).map(|(_, name)| name).collect();
    if !names.is_empty() {
        let value = query(state, &mut { *cursor }, Names { row: None, scope: &Scope::new() }).map(|(value, _)| value);
        let value = if names.len() == 1 { value } else { None };
        for name in names {
            session::store(state, name, value.clone());
        }
    }
    // `@x := …` within a query.
    for pair in cursor.tokens.windows(2) {
        if let [variable, sign] = pair
            && variable.kind == TokenKind::Variable
            && sign.text == ":="
        {
            state.session.variables.remove(&variable.text.to_ascii_lowercase());
        }
    }
}

/// Accounts and privileges are not in the catalog of these servers.
fn accounts(state: &mut State) -> Outcome<()> {
    state.unmodelled("accounts and privileges are not in the catalog", Touches::Nothing);
    Ok(())
}

/// What stands between `CREATE` and the kind of object.
fn header(cursor: &mut Cursor<'_, '_>) -> Outcome<(view::Header, bool)> {
    let mut header = view::Header::default();
    let mut temporary = false;
    loop {
        if cursor.words(&["OR", "REPLACE"]) {
            header.replace = true;
        } else if cursor.word("TEMPORARY") {
            temporary = true;
        } else if cursor.word("ALGORITHM") {
            cursor.equals();
            header.algorithm = Some(cursor.name()?.to_ascii_lowercase());
        } else if cursor.word("DEFINER") {
            cursor.equals();
            cursor.name_or_text()?;
            if cursor.sees_symbol(0, "(") {
                cursor.group()?;
            }
            if cursor.peek(0).is_some_and(|token| token.kind == TokenKind::Variable) {
                cursor.at += 1;
            }
        } else if cursor.words(&["SQL", "SECURITY"]) {
            header.security = Some(cursor.name()?.to_ascii_lowercase());
        } else if !(cursor.word("AGGREGATE") || cursor.word("ONLINE") || cursor.word("OFFLINE")) {
            return Ok((header, temporary));
        }
    }
}

fn created(state: &mut State, cursor: &mut Cursor<'_, '_>) -> Outcome<()> {
    let aggregate = cursor
        .tokens
        .iter()
        .take(6)
        .any(|token| token.kind == TokenKind::Word && token.text.eq_ignore_ascii_case("AGGREGATE"));
    let (header, temporary) = header(cursor)?;
    let server = state.catalog.server;
    if cursor.sees_any(&["INDEX", "UNIQUE", "FULLTEXT", "SPATIAL"]) {
        return drop::create_index(state, cursor, header.replace);
    }
    let Some(kind) = cursor.take().map(|token| token.text.to_ascii_uppercase()) else {
        return Err("ends too early".to_owned());
    };
    match kind.as_str() {
        "TABLE" => {
            let written = { *cursor };
            match parse::table(cursor, server) {
                Ok(mut created) => {
                    (created.replace, created.temporary) = (header.replace, temporary);
                    create::table(state, created, *cursor)
                }
                Err(reason) => {
                    let mut ahead = written;
                    ahead.words(&["IF", "NOT", "EXISTS"]);
                    if let Ok(name) = ahead.qualified() {
                        let name = state.name(&name);
                        state.about(&name);
                    }
                    Err(reason)
                }
            }
        }
        "VIEW" => view::create(state, cursor, header),
        "TRIGGER" => programs::trigger(state, cursor, header.replace),
        "PROCEDURE" | "FUNCTION" if aggregate => {
            Err(format!("an aggregate {} is not modelled", kind.to_ascii_lowercase()))
        }
        "PROCEDURE" | "FUNCTION" => routine::create(state, cursor, &kind.to_ascii_lowercase(), header.replace),
        "EVENT" => programs::event(state, cursor, header.replace),
        "SEQUENCE" => sequence::create(state, cursor, header.replace),
        "DATABASE" | "SCHEMA" => session::database(state, cursor, "CREATE"),
        "USER" | "ROLE" => accounts(state),
        _ => Err(format!("`CREATE {kind}` is not modelled")),
    }
}

fn altered(state: &mut State, cursor: &mut Cursor<'_, '_>) -> Outcome<()> {
    let _online = cursor.word("ONLINE");
    let _ignore = cursor.word("IGNORE");
    let (mut header, _) = header(cursor)?;
    let Some(kind) = cursor.take().map(|token| token.text.to_ascii_uppercase()) else {
        return Err("ends too early".to_owned());
    };
    match kind.as_str() {
        "TABLE" => {
            let optional = cursor.words(&["IF", "EXISTS"]);
            let written = cursor.qualified()?;
            let name = state.name(&written);
            state.about(&name);
            if state.session.temporary.contains(&name.name) {
                state.now.class = Class::Session;
                return Ok(());
            }
            let actions = parse::actions(cursor, state.catalog.server)?;
            state.now.flags.conditional = optional;
            if optional && !state.catalog.tables.contains_key(&name) {
                state.now.flags.skipped = true;
                return Ok(());
            }
            alter::table(state, &name, &actions)
        }
        "VIEW" => {
            header.alter = true;
            view::create(state, cursor, header)
        }
        "EVENT" => programs::alter_event(state, cursor),
        "PROCEDURE" | "FUNCTION" => routine::alter(state, cursor, &kind.to_ascii_lowercase()),
        "SEQUENCE" => sequence::alter(state, cursor),
        "DATABASE" | "SCHEMA" => session::database(state, cursor, "ALTER"),
        "USER" | "ROLE" => accounts(state),
        _ => Err(format!("`ALTER {kind}` is not modelled")),
    }
}

fn dropped(state: &mut State, cursor: &mut Cursor<'_, '_>) -> Outcome<()> {
    let temporary = cursor.word("TEMPORARY");
    let Some(kind) = cursor.take().map(|token| token.text.to_ascii_uppercase()) else {
        return Err("ends too early".to_owned());
    };
    match kind.as_str() {
        "TABLE" | "TABLES" => drop::relations(state, cursor, Kind::Table, temporary),
        "VIEW" => drop::relations(state, cursor, Kind::View, false),
        "SEQUENCE" => drop::relations(state, cursor, Kind::Sequence, temporary),
        "INDEX" => drop::index(state, cursor),
        "TRIGGER" => drop::trigger(state, cursor),
        "PROCEDURE" => drop::routine(state, cursor, "procedure"),
        "FUNCTION" => drop::routine(state, cursor, ""),
        "EVENT" => drop::event(state, cursor),
        "DATABASE" | "SCHEMA" => session::database(state, cursor, "DROP"),
        "PREPARE" => {
            state.now.class = Class::Session;
            Ok(())
        }
        "USER" | "ROLE" => accounts(state),
        _ => Err(format!("`DROP {kind}` is not modelled")),
    }
}

/// `PREPARE name FROM text`.
fn prepare(state: &mut State, cursor: &mut Cursor<'_, '_>) -> Outcome<()> {
    state.now.class = Class::Session;
    let name = cursor.name()?.to_lowercase();
    cursor.need("FROM")?;
    let text = parse_known(state, cursor);
    state.session.prepared.insert(name, text);
    Ok(())
}

fn parse_known(state: &State, cursor: &mut Cursor<'_, '_>) -> Option<String> {
    let expr = crate::engines::schema::mysql::normal::Parser::new(cursor).part().ok()?;
    session::known(state, &expr)
}

/// `EXECUTE name`: the statement itself, when its text is known.
fn execute(state: &mut State, cursor: &mut Cursor<'_, '_>) -> Outcome<()> {
    let immediate = cursor.word("IMMEDIATE");
    let text = match immediate {
        true => parse_known(state, cursor),
        false => state.session.prepared.get(&cursor.name()?.to_lowercase()).cloned().flatten(),
    };
    let Some(text) = text else { return Err("the text of a prepared statement is not known".to_owned()) };
    if state.session.depth >= DEEPEST {
        return Err("statements within statements".to_owned());
    }
    let mut splitter = Splitter::new(&text, state.catalog.server, state.session.ansi_quotes);
    let Some(piece) = splitter.next_piece() else { return Ok(()) };
    state.session.depth += 1;
    let mut inner = Cursor::new(&piece.tokens, &text);
    let outcome = dispatch(state, &mut inner);
    state.session.depth -= 1;
    outcome
}
