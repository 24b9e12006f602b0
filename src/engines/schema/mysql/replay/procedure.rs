//! Runs procedures that only decide and alter: `IF`, variables, prepared statements. Loops, cursors and handlers are not followed.
use super::interpret::{Names, Scope, evaluate, is_true, query, targets};
use super::state::State;
use super::statement::dispatch;
use crate::engines::schema::Class;
use crate::engines::schema::mysql::normal::Parser;
use crate::engines::schema::mysql::text::{Cursor, Kind, Lexer, Outcome, Token};

/// Statements that one call may run, those of the procedures that it calls with it.
pub(super) const MOST: u32 = 2_000;

/// Why a body is not followed.
const NOT_FOLLOWED: &str = "what a procedure does cannot be decided";

/// `CALL name(…)`, from the name on.
pub(super) fn call(state: &mut State, cursor: &mut Cursor<'_, '_>) -> Outcome<()> {
    let written = cursor.qualified()?;
    let name = state.name(&written);
    let found = state.catalog.routines.iter().find(|((one, kind), _)| {
        kind == "procedure" && one.schema == name.schema && super::names::same(&one.name, &name.name)
    });
    let Some(routine) = found.map(|(_, routine)| routine.clone()) else {
        return Err(format!("there is no procedure `{name}`"));
    };
    let mut values = Vec::new();
    if cursor.sees_symbol(0, "(") {
        let mut group = cursor.group()?;
        while !group.done() {
            let expr = Parser::new(&mut group).part()?;
            values.push(evaluate(state, &expr, Names { row: None, scope: &Scope::new() }));
            group.symbol(",");
        }
    }
    let mut scope = Scope::new();
    let tokens = Lexer::new(&routine.arguments, state.catalog.server).all();
    for (parameter, value) in parameters(&tokens)?.into_iter().zip(values) {
        scope.insert(parameter, value);
    }
    let outcome = body(state, &routine.body.text, scope);
    state.now.class = Class::Structure;
    if outcome.is_err() {
        // Nothing of it is certain.
        state.take_back();
        state.now.tables.clear();
    }
    outcome
}

/// Names of parameters; those that give something back are not followed.
fn parameters(tokens: &[Token<'_>]) -> Outcome<Vec<String>> {
    let mut names = Vec::new();
    let (mut depth, mut first) = (0_i32, true);
    for token in tokens {
        if token.kind == Kind::Symbol {
            depth += i32::from(token.text == "(") - i32::from(token.text == ")");
            first |= depth == 0 && token.text == ",";
            continue;
        }
        if std::mem::take(&mut first) {
            if ["OUT", "INOUT"].iter().any(|word| token.text.eq_ignore_ascii_case(word)) {
                return Err("parameters that give something back are not followed".to_owned());
            }
            names.push(token.text.to_lowercase());
        }
    }
    Ok(names)
}

/// Runs a body.
pub(super) fn body(state: &mut State, text: &str, mut scope: Scope) -> Outcome<()> {
    if state.session.depth >= 4 {
        return Err(NOT_FOLLOWED.to_owned());
    }
    let tokens = Lexer::new(text, state.catalog.server).all();
    let mut cursor = Cursor::new(&tokens, text);
    state.session.depth += 1;
    // What it calls has what it leaves.
    let mut left = state.session.left;
    let outcome = block(state, &mut cursor, &mut scope, &mut left, true, 0);
    state.session.left = left;
    state.session.depth -= 1;
    outcome
}

/// Statements up to what ends them, which stays; `live` is false in branches that are not taken.
fn block(
    state: &mut State,
    cursor: &mut Cursor<'_, '_>,
    scope: &mut Scope,
    left: &mut u32,
    live: bool,
    depth: u32,
) -> Outcome<()> {
    if depth > 30 {
        return Err("nested too deeply".to_owned());
    }
    while !cursor.done() && !cursor.sees_any(&["END", "ELSE", "ELSEIF"]) {
        *left = left.checked_sub(1).ok_or(NOT_FOLLOWED)?;
        if cursor.symbol(";") {
            continue;
        }
        if cursor.word("BEGIN") {
            let _atomic = cursor.words(&["NOT", "ATOMIC"]);
            block(state, cursor, scope, left, live, depth + 1)?;
            cursor.need("END")?;
        } else if cursor.sees(0, "IF") && !cursor.sees_symbol(2, ".") {
            cursor.at += 1;
            branches(state, cursor, scope, left, live, depth)?;
        } else if cursor.sees_any(&[
            "LOOP", "WHILE", "REPEAT", "CASE", "LEAVE", "ITERATE", "OPEN", "FETCH", "CLOSE", "RETURN", "SIGNAL", "FOR",
        ]) || cursor.sees_symbol(1, ":")
        {
            return Err(NOT_FOLLOWED.to_owned());
        } else {
            let from = cursor.at;
            while !cursor.done() && !cursor.sees_symbol(0, ";") {
                cursor.at += 1;
            }
            let tokens = cursor.tokens.get(from..cursor.at).unwrap_or(&[]);
            if live {
                state.session.left = *left;
                single(state, Cursor::new(tokens, cursor.source), scope)?;
                *left = state.session.left;
            }
        }
    }
    Ok(())
}

fn branches(
    state: &mut State,
    cursor: &mut Cursor<'_, '_>,
    scope: &mut Scope,
    left: &mut u32,
    live: bool,
    depth: u32,
) -> Outcome<()> {
    let mut taken = false;
    loop {
        let condition = Parser::new(cursor).part()?;
        cursor.need("THEN")?;
        let holds = match live && !taken {
            true => is_true(&evaluate(state, &condition, Names { row: None, scope }).ok_or(NOT_FOLLOWED)?),
            false => false,
        };
        block(state, cursor, scope, left, live && holds, depth + 1)?;
        taken |= holds;
        if cursor.word("ELSEIF") {
            continue;
        }
        if cursor.word("ELSE") {
            block(state, cursor, scope, left, live && !taken, depth + 1)?;
        }
        cursor.need("END")?;
        return cursor.need("IF");
    }
}

/// One statement that is not a block.
fn single(state: &mut State, mut cursor: Cursor<'_, '_>, scope: &mut Scope) -> Outcome<()> {
    if cursor.word("DECLARE") {
        return declare(state, cursor, scope);
    }
    if cursor.sees(0, "SET") {
        return assign(state, cursor, scope);
    }
    if cursor.sees(0, "SELECT") {
        let targets = targets(cursor.tokens);
        let value = query(state, &mut cursor, Names { row: None, scope }).map(|(value, _)| value);
        let value = if targets.len() == 1 { value } else { None };
        for (user, name) in targets {
            match user {
                true => super::session::store(state, name, value.clone()),
                false => drop(scope.insert(name, value.clone())),
            }
        }
        return Ok(());
    }
    if cursor.sees(0, "CALL") {
        return Err(NOT_FOLLOWED.to_owned());
    }
    let before = state.catalog.unmodelled.len();
    dispatch(state, &mut cursor)?;
    if state.catalog.unmodelled.len() > before { Err(NOT_FOLLOWED.to_owned()) } else { Ok(()) }
}

fn declare(state: &State, mut cursor: Cursor<'_, '_>, scope: &mut Scope) -> Outcome<()> {
    let mut names = vec![cursor.name()?.to_lowercase()];
    while cursor.symbol(",") {
        names.push(cursor.name()?.to_lowercase());
    }
    if cursor.tokens.iter().any(|token| {
        ["HANDLER", "CURSOR", "CONDITION"]
            .iter()
            .any(|word| token.kind == Kind::Word && token.text.eq_ignore_ascii_case(word))
    }) {
        return Err(NOT_FOLLOWED.to_owned());
    }
    let mut value = Some(None);
    while !cursor.done() {
        if cursor.word("DEFAULT") {
            let expr = Parser::new(&mut cursor).part()?;
            value = evaluate(state, &expr, Names { row: None, scope });
        } else {
            cursor.at += 1;
        }
    }
    for name in names {
        scope.insert(name, value.clone());
    }
    Ok(())
}

fn assign(state: &mut State, mut cursor: Cursor<'_, '_>, scope: &mut Scope) -> Outcome<()> {
    let whole = cursor;
    cursor.at += 1;
    loop {
        let Some(token) = cursor.take() else { return Ok(()) };
        let user = token.kind == Kind::Variable && !token.text.starts_with('@');
        let name = token.text.to_lowercase();
        if !user && !scope.contains_key(&name) {
            let mut all = whole;
            all.at = 1;
            return super::session::set(state, &mut all);
        }
        if !cursor.equals() {
            return Err(NOT_FOLLOWED.to_owned());
        }
        let expr = Parser::new(&mut cursor).part()?;
        let value = evaluate(state, &expr, Names { row: None, scope });
        match user {
            true => super::session::store(state, name, value),
            false => drop(scope.insert(name, value)),
        }
        if !cursor.symbol(",") {
            return Ok(());
        }
    }
}
