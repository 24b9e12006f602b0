//! Decides what migrations compute before they alter something: conditions on `information_schema`, prepared texts, small procedures.
//! Whatever cannot be decided gives `None`, and the statement is listed as not modelled.
use super::names::same;
use super::schema_tables::rows;
use super::state::State;
use crate::engines::schema::mysql::normal::{Expr, Parser};
use crate::engines::schema::mysql::text::{Cursor, Kind, Lexer};
use std::collections::BTreeMap;

/// A value: text, or null.
pub(super) type Value = Option<String>;
/// Local variables by name in lower case.
pub(super) type Scope = BTreeMap<String, Option<Value>>;
/// Where names are looked up.
#[derive(Clone, Copy)]
pub(super) struct Names<'n> {
    /// A row of `information_schema`.
    pub(super) row: Option<&'n BTreeMap<&'static str, Value>>,
    /// Variables of a procedure.
    pub(super) scope: &'n Scope,
}

/// Bytes beyond which no value grows.
const LARGE: usize = 1024 * 1024;
/// Parentheses in a query within an expression, each of which may be one more within.
const NESTED: usize = 60;

fn truth(value: bool) -> Option<Value> {
    Some(Some(if value { "1" } else { "0" }.to_owned()))
}

/// Whether a value counts as true.
pub(super) fn is_true(value: &Value) -> bool {
    value.as_deref().and_then(|text| text.parse::<f64>().ok()).is_some_and(|number| number != 0.0)
}

/// What an expression gives, where it can be decided; null is `Some(None)`.
pub(super) fn evaluate(state: &State, expr: &Expr, names: Names<'_>) -> Option<Value> {
    let value = |one: &Expr| evaluate(state, one, names);
    match expr {
        Expr::Text(text) | Expr::Number(text) => Some(Some(text.clone())),
        Expr::Raw(raw) => raw_value(state, raw, names),
        Expr::Name(parts) => {
            let name = parts.last()?.to_lowercase();
            names
                .row
                .and_then(|row| row.get(name.as_str()).cloned())
                .or_else(|| names.scope.get(&name).cloned().flatten())
        }
        Expr::Cast(inner, _) | Expr::Convert(inner, _) | Expr::Collate(inner, _) => value(inner),
        Expr::Binary(operator, left, right) => compare(operator, &value(left)?, &value(right)?),
        Expr::Many(operator, sides) => {
            let sides = sides.iter().map(value).collect::<Vec<_>>();
            let decides = *operator == "or";
            if sides.iter().flatten().any(|side| is_true(side) == decides && (decides || side.is_some())) {
                return truth(decides);
            }
            sides.iter().all(Option::is_some).then(|| truth(!decides)).flatten()
        }
        Expr::Is(inner, what, negated) => {
            let inner = value(inner)?;
            let holds = match *what {
                "null" => inner.is_none(),
                "true" => is_true(&inner),
                _ => inner.is_some() && !is_true(&inner),
            };
            truth(holds != *negated)
        }
        Expr::In(inner, list, negated) => {
            let inner = value(inner)?;
            let mut found = false;
            for one in list {
                found |= is_true(&compare("=", &inner, &value(one)?)?);
            }
            truth(found != *negated)
        }
        Expr::Call(name, list) => call(state, name, list, names),
        Expr::Case(None, branches, otherwise) => {
            for (when, then) in branches {
                if is_true(&value(when)?) {
                    return value(then);
                }
            }
            otherwise.as_ref().map_or(Some(None), |one| value(one))
        }
        _ => None,
    }
}

fn call(state: &State, name: &str, list: &[Expr], names: Names<'_>) -> Option<Value> {
    let value = |one: &Expr| evaluate(state, one, names);
    match (name, list) {
        ("concat", list) => {
            let parts = list.iter().map(value).collect::<Option<Vec<_>>>()?;
            // What is put to itself again and again would fill any memory.
            let size = parts.iter().flatten().map(String::len).sum::<usize>();
            (size <= LARGE).then(|| parts.into_iter().collect::<Option<Vec<_>>>().map(|parts| parts.concat()))
        }
        ("if", [condition, then, otherwise]) => value(if is_true(&value(condition)?) { then } else { otherwise }),
        ("ifnull" | "coalesce", list) => {
            for one in list {
                if let Some(found) = value(one)? {
                    return Some(Some(found));
                }
            }
            Some(None)
        }
        ("lcase", [one]) => Some(value(one)?.map(|text| text.to_lowercase())),
        ("ucase", [one]) => Some(value(one)?.map(|text| text.to_uppercase())),
        ("database", []) => Some(Some(database(state))),
        _ => None,
    }
}

/// The name of the database; a mark that equals only itself while nobody has named it.
pub(super) fn database(state: &State) -> String {
    state.session.current.clone().or_else(|| state.session.main.clone()).unwrap_or_else(|| "\u{1}".to_owned())
}

fn compare(operator: &str, left: &Value, right: &Value) -> Option<Value> {
    let (Some(left), Some(right)) = (left, right) else { return Some(None) };
    let marked = |one: &str| one == "\u{1}";
    if marked(left) != marked(right) {
        return None;
    }
    let order = match (left.trim().parse::<f64>(), right.trim().parse::<f64>()) {
        (Ok(left), Ok(right)) => left.partial_cmp(&right)?,
        _ => left.to_lowercase().cmp(&right.to_lowercase()),
    };
    truth(match operator {
        "=" | "<=>" => order.is_eq(),
        "<>" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        _ => return None,
    })
}

fn raw_value(state: &State, raw: &str, names: Names<'_>) -> Option<Value> {
    if raw == "NULL" {
        return Some(None);
    }
    if let Some(name) = raw.strip_prefix('@') {
        return state.session.variables.get(&name.to_ascii_lowercase()).cloned().map(Some);
    }
    let (inner, exists) = match raw.strip_prefix("exists(") {
        Some(rest) => (rest, true),
        None => (raw.strip_prefix('(')?, false),
    };
    if inner.bytes().filter(|byte| *byte == b'(').count() > NESTED {
        return None;
    }
    let tokens = Lexer::new(inner.strip_suffix(')')?, state.catalog.server).all();
    let mut cursor = Cursor::new(&tokens, inner);
    let (first, count) = query(state, &mut cursor, names)?;
    if exists { truth(count > 0) } else { Some(first) }
}

/// A query on `information_schema`: the value of its first column in its first row, and how many rows there are.
pub(super) fn query(state: &State, cursor: &mut Cursor<'_, '_>, names: Names<'_>) -> Option<(Value, usize)> {
    cursor.need("SELECT").ok()?;
    cursor.word("DISTINCT");
    let item = Parser::new(cursor).part().ok()?;
    while !cursor.done() && !cursor.sees_any(&["FROM", "INTO"]) {
        // Further columns and aliases do not matter.
        if cursor.sees_symbol(0, "(") { drop(cursor.group()) } else { cursor.at += 1 }
    }
    if cursor.word("INTO") {
        while !cursor.done() && !cursor.sees(0, "FROM") {
            cursor.at += 1;
        }
    }
    if !cursor.word("FROM") {
        return Some((evaluate(state, &item, names)?, 1));
    }
    let (schema, table) = cursor.qualified().ok()?;
    if !schema.is_some_and(|schema| same(&schema, "information_schema")) {
        return None;
    }
    if cursor.word("AS") || (!cursor.done() && !cursor.sees_any(&["WHERE", "LIMIT"])) {
        cursor.name().ok()?;
    }
    let condition = if cursor.word("WHERE") { Some(Parser::new(cursor).part().ok()?) } else { None };
    if cursor.word("LIMIT") {
        cursor.number().ok()?;
    }
    if !(cursor.done() || cursor.sees(0, "INTO")) {
        return None;
    }
    let mut found = Vec::new();
    for row in rows(state, &table)? {
        let names = Names { row: Some(&row), ..names };
        let holds =
            condition.as_ref().map_or(Some(true), |condition| Some(is_true(&evaluate(state, condition, names)?)))?;
        if holds {
            found.push(row);
        }
    }
    let value = match &item {
        Expr::Call(name, _) if name == "count" => Some(found.len().to_string()),
        Expr::Raw(star) if star == "*" => found.first().map(|_| "1".to_owned()),
        item => match found.first() {
            Some(row) => evaluate(state, item, Names { row: Some(row), ..names })?,
            None => None,
        },
    };
    let aggregate = matches!(&item, Expr::Call(name, _) if name == "count");
    Some((value, if aggregate { 1 } else { found.len() }))
}

/// `SELECT … INTO variables …`: the names behind `INTO`.
pub(super) fn targets(tokens: &[crate::engines::schema::mysql::text::Token<'_>]) -> Vec<(bool, String)> {
    let mut list = Vec::new();
    let Some(at) = tokens.iter().position(|token| token.kind == Kind::Word && token.text.eq_ignore_ascii_case("INTO"))
    else {
        return list;
    };
    for token in tokens.get(at + 1..).unwrap_or(&[]) {
        match token.kind {
            Kind::Variable => list.push((true, token.text.to_ascii_lowercase())),
            Kind::Word | Kind::Quoted if !token.text.eq_ignore_ascii_case("FROM") => {
                list.push((false, token.text.to_lowercase()))
            }
            Kind::Symbol if token.text == "," => {}
            _ => break,
        }
    }
    list
}
