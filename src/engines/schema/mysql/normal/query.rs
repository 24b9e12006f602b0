//! Queries: the names and origins of what they give, and their normal form.
use super::token_form;
use crate::engines::schema::catalog::Column;
use crate::engines::schema::mysql::text::{Cursor, Kind, Token};

/// A column that a query gives, with the column that it comes from, where that is known.
pub(in crate::engines::schema::mysql) type Given = (String, Option<Column>);

/// Finds the columns of a table or view.
pub(in crate::engines::schema::mysql) type Lookup<'l> = &'l dyn Fn(&(Option<String>, String)) -> Option<Vec<Given>>;

const DEEPEST: u32 = 12;
/// The server takes no more, and a few queries of `WITH` that double them would fill any memory.
const MOST_COLUMNS: usize = 4_096;
const AFTER_FROM: [&str; 12] = [
    "WHERE",
    "GROUP",
    "HAVING",
    "ORDER",
    "LIMIT",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "WINDOW",
    "FOR",
    "INTO",
    "PROCEDURE",
];
const JOINS: [&str; 8] = ["JOIN", "INNER", "CROSS", "LEFT", "RIGHT", "STRAIGHT_JOIN", "NATURAL", "OUTER"];

/// The query in the form in which it is compared: its tokens.
pub(in crate::engines::schema::mysql) fn normal_query(tokens: &[Token<'_>]) -> String {
    token_form(tokens)
}

/// What a query gives; `None` when that cannot be told.
pub(in crate::engines::schema::mysql) fn columns_of(cursor: Cursor<'_, '_>, lookup: Lookup<'_>) -> Option<Vec<Given>> {
    query(cursor, lookup, 0)
}

fn query(mut cursor: Cursor<'_, '_>, lookup: Lookup<'_>, depth: u32) -> Option<Vec<Given>> {
    if depth > DEEPEST {
        return None;
    }
    let mut named: Vec<(String, Vec<Given>)> = Vec::new();
    if cursor.word("WITH") {
        let recursive = cursor.word("RECURSIVE");
        loop {
            let name = cursor.name().ok()?;
            let columns = if cursor.sees_symbol(0, "(") { Some(names(cursor.group().ok()?)?) } else { None };
            cursor.need("AS").ok()?;
            let inner = cursor.group().ok()?;
            let given = query(inner, &|one| find(&named, one, lookup), depth + 1);
            let given = match (given, columns) {
                (Some(given), Some(columns)) => {
                    columns.into_iter().zip(given.into_iter().map(|(_, origin)| origin)).collect()
                }
                (Some(given), None) => given,
                (None, Some(columns)) if recursive => columns.into_iter().map(|name| (name, None)).collect(),
                _ => return None,
            };
            named.push((name, given));
            if !cursor.symbol(",") {
                break;
            }
        }
    }
    let with = |one: &(Option<String>, String)| find(&named, one, lookup);
    if cursor.sees_symbol(0, "(") {
        return query(cursor.group().ok()?, &with, depth + 1);
    }
    cursor.need("SELECT").ok()?;
    select(cursor, &with, depth)
}

fn find(named: &[(String, Vec<Given>)], one: &(Option<String>, String), lookup: Lookup<'_>) -> Option<Vec<Given>> {
    let found = named.iter().find(|(name, _)| one.0.is_none() && name.eq_ignore_ascii_case(&one.1));
    found.map_or_else(|| lookup(one), |(_, given)| Some(given.clone()))
}

fn names(mut group: Cursor<'_, '_>) -> Option<Vec<String>> {
    let mut all = Vec::new();
    while !group.done() {
        all.push(group.name().ok()?);
        group.symbol(",");
    }
    Some(all)
}

/// Moves to the next token on this level for which `stop` holds, or to the end.
fn skip_to(cursor: &mut Cursor<'_, '_>, stop: impl Fn(&Cursor<'_, '_>) -> bool) {
    let mut depth = 0_i32;
    while let Some(token) = cursor.peek(0) {
        if depth == 0 && stop(cursor) {
            return;
        }
        if token.kind == Kind::Symbol {
            depth += i32::from(token.text == "(") - i32::from(token.text == ")");
        }
        cursor.at += 1;
    }
}

fn select(mut cursor: Cursor<'_, '_>, lookup: Lookup<'_>, depth: u32) -> Option<Vec<Given>> {
    while cursor
        .one_of(&[
            "ALL",
            "DISTINCT",
            "DISTINCTROW",
            "HIGH_PRIORITY",
            "STRAIGHT_JOIN",
            "SQL_SMALL_RESULT",
            "SQL_BIG_RESULT",
            "SQL_BUFFER_RESULT",
            "SQL_NO_CACHE",
            "SQL_CALC_FOUND_ROWS",
        ])
        .is_some()
    {}
    let mut items = Vec::new();
    loop {
        let from = cursor.at;
        skip_to(&mut cursor, |at| at.sees_symbol(0, ",") || at.sees(0, "FROM") || at.sees_any(&AFTER_FROM));
        let tokens = cursor.tokens.get(from..cursor.at)?;
        items.push(Cursor { tokens, source: cursor.source, at: 0 });
        if !cursor.symbol(",") {
            break;
        }
    }
    let mut tables = Vec::new();
    if cursor.word("FROM") {
        from_clause(&mut cursor, lookup, depth, &mut tables)?;
    }
    let mut given = Vec::new();
    for item in items {
        output(item, &tables, &mut given)?;
        if given.len() > MOST_COLUMNS {
            return None;
        }
    }
    Some(given)
}

/// Tables of `FROM`: alias and columns.
fn from_clause(
    cursor: &mut Cursor<'_, '_>,
    lookup: Lookup<'_>,
    depth: u32,
    tables: &mut Vec<(String, Option<Vec<Given>>)>,
) -> Option<()> {
    loop {
        while cursor.one_of(&JOINS).is_some() || cursor.word("LATERAL") {}
        if cursor.sees_symbol(0, "(") {
            let mut group = cursor.group().ok()?;
            if group.sees_any(&["SELECT", "WITH"]) || group.sees_symbol(0, "(") {
                let given = query(group, lookup, depth + 1);
                cursor.word("AS");
                let alias = cursor.name().ok()?;
                tables.push((alias, given));
            } else {
                from_clause(&mut group, lookup, depth + 1, tables)?;
            }
        } else if cursor.word("DUAL") {
        } else {
            let name = cursor.qualified().ok()?;
            let columns = lookup(&name);
            if cursor.sees(0, "PARTITION") {
                cursor.at += 1;
                cursor.group().ok()?;
            }
            let explicit = cursor.word("AS");
            let words = ["ON", "USING", "USE", "FORCE", "IGNORE"];
            let alias = explicit
                || (cursor.peek(0).is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Quoted))
                    && !cursor.sees_any(&JOINS)
                    && !cursor.sees_any(&AFTER_FROM)
                    && !cursor.sees_any(&words));
            let alias = if alias { cursor.name().ok()? } else { name.1 };
            tables.push((alias, columns));
        }
        // Conditions of joins.
        skip_to(cursor, |at| {
            at.sees_symbol(0, ",") || at.sees_any(&AFTER_FROM) || (at.sees_any(&JOINS) && !at.sees_symbol(1, "("))
        });
        if cursor.done() || cursor.sees_any(&AFTER_FROM) {
            return Some(());
        }
        cursor.symbol(",");
    }
}

fn same(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}

/// Columns that a star stands for.
fn visible(columns: &[Given]) -> Vec<Given> {
    let hidden = |column: &Option<Column>| column.as_ref().is_some_and(|one| one.options.contains_key("invisible"));
    columns.iter().filter(|(_, column)| !hidden(column)).cloned().collect()
}

/// What one item of the list gives.
fn output(mut item: Cursor<'_, '_>, tables: &[(String, Option<Vec<Given>>)], given: &mut Vec<Given>) -> Option<()> {
    if item.sees_symbol(0, "*") {
        for (_, columns) in tables {
            given.extend(visible(columns.as_ref()?));
        }
        return Some(());
    }
    let last_star = item.tokens.last().is_some_and(|token| token.kind == Kind::Symbol && token.text == "*");
    if last_star
        && item.tokens.len() >= 3
        && item.tokens.get(item.tokens.len() - 2).is_some_and(|token| token.text == ".")
    {
        let table = item.tokens.get(item.tokens.len() - 3)?;
        let (_, columns) = tables.iter().find(|(alias, _)| same(alias, &table.text))?;
        given.extend(visible(columns.as_ref()?));
        return Some(());
    }
    let (expression, alias) = aliased(item);
    let mut parts = Vec::new();
    let plain = loop {
        match item.name() {
            Ok(part) => parts.push(part),
            Err(_) => break false,
        }
        if item.at >= expression {
            break true;
        }
        if !item.symbol(".") {
            break false;
        }
    };
    let origin = if plain { origin(&parts, tables) } else { None };
    let name = match (alias, plain) {
        (Some(alias), _) => alias,
        (None, true) => origin
            .as_ref()
            .map_or_else(|| parts.last().cloned().unwrap_or_default(), |_| parts.last().cloned().unwrap_or_default()),
        (None, false) => {
            let tokens = item.tokens.get(..expression)?;
            // A string goes by what is in it, anything else by how it is written.
            match tokens {
                [only] if only.kind == Kind::Text => only.text.to_string(),
                _ => item.source.get(tokens.first()?.start..tokens.last()?.end)?.to_owned(),
            }
        }
    };
    given.push((name, origin));
    Some(())
}

/// Where the expression ends, and the alias behind it.
fn aliased(item: Cursor<'_, '_>) -> (usize, Option<String>) {
    let count = item.tokens.len();
    let at = |from_end: usize| count.checked_sub(from_end).and_then(|at| item.tokens.get(at));
    let Some(last) = at(1).filter(|last| matches!(last.kind, Kind::Word | Kind::Quoted | Kind::Text)) else {
        return (count, None);
    };
    let Some(before) = at(2) else { return (count, None) };
    if before.kind == Kind::Word && before.text.eq_ignore_ascii_case("AS") {
        return (count - 2, Some(last.text.to_string()));
    }
    let ends = match before.kind {
        Kind::Symbol => before.text == ")",
        Kind::Word => {
            before.text.eq_ignore_ascii_case("END")
                || !OPERATORS.iter().any(|word| before.text.eq_ignore_ascii_case(word))
        }
        _ => true,
    };
    let keyword =
        last.kind == Kind::Word && (last.text.eq_ignore_ascii_case("END") || last.text.eq_ignore_ascii_case("NULL"));
    if ends && !keyword && last.kind != Kind::Text { (count - 1, Some(last.text.to_string())) } else { (count, None) }
}

/// Words behind which an expression goes on.
const OPERATORS: [&str; 22] = [
    "AND", "OR", "NOT", "XOR", "IS", "IN", "LIKE", "REGEXP", "RLIKE", "BETWEEN", "DIV", "MOD", "THEN", "ELSE", "WHEN",
    "CASE", "INTERVAL", "BINARY", "COLLATE", "DISTINCT", "ESCAPE", "OVER",
];

fn origin(parts: &[String], tables: &[(String, Option<Vec<Given>>)]) -> Option<Column> {
    let column = parts.last()?;
    let table = parts.len().checked_sub(2).and_then(|at| parts.get(at));
    for (alias, columns) in tables {
        if table.is_some_and(|table| !same(table, alias)) {
            continue;
        }
        if let Some((_, found)) = columns.iter().flatten().find(|(name, _)| same(name, column)) {
            return found.clone();
        }
    }
    None
}
