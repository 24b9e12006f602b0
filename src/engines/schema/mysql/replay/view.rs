//! Views.
use super::state::State;
use crate::engines::schema::catalog::{Column, DataType, Expression, Key, Kind, Meta, Name, Touches, View};
use crate::engines::schema::mysql::normal::{columns_of, normal_query, simple_form};
use crate::engines::schema::mysql::text::{Cursor, Lexer, Outcome, Token};

/// What stands before `VIEW`.
#[derive(Debug, Clone, Default)]
pub(super) struct Header {
    pub(super) replace: bool,
    pub(super) algorithm: Option<String>,
    pub(super) security: Option<String>,
    /// `ALTER VIEW`: it must be there.
    pub(super) alter: bool,
}

/// Names and origins of what a query gives.
pub(super) fn output(state: &State, cursor: Cursor<'_, '_>) -> Option<Vec<(String, Option<Column>)>> {
    let lookup = |written: &(Option<String>, String)| {
        let main = state.session.main.as_deref();
        let schema = match &written.0 {
            None => state.session.current.clone().unwrap_or_default(),
            Some(database) if main.is_none_or(|main| main.eq_ignore_ascii_case(database)) => String::new(),
            Some(database) => database.clone(),
        };
        let name = Name::new(schema, written.1.clone());
        if let Some(table) = state.catalog.tables.get(&name) {
            return Some(table.columns.iter().map(|column| (column.name.clone(), Some(column.clone()))).collect());
        }
        let view = state.catalog.views.get(&name)?;
        let typed = |(name, data_type): &(String, DataType)| {
            let known = (data_type.name != "?").then(|| Column { data_type: data_type.clone(), ..Column::default() });
            (name.clone(), known)
        };
        Some(view.columns.iter().map(typed).collect())
    };
    columns_of(cursor, &lookup)
}

/// The types of a view's columns, as the tables beneath are now.
pub(super) fn refresh(state: &State, view: &mut View) {
    let tokens = Lexer::new(&view.query.text, state.catalog.server).all();
    let Some(given) = output(state, Cursor::new(&tokens, &view.query.text)) else { return };
    if given.len() != view.columns.len() {
        return;
    }
    for ((_, data_type), (_, origin)) in view.columns.iter_mut().zip(given) {
        *data_type = origin.map_or_else(|| DataType::plain("?"), |one| one.data_type);
    }
}

/// A view of one table has a form that can be compared.
fn settle(state: &State, name: &Name, view: &mut View, tokens: &[Token<'_>], source: &str) {
    let from = tokens.iter().position(|token| token.text.eq_ignore_ascii_case("FROM"));
    let table = from.and_then(|at| tokens.get(at + 1)).map(|token| Name::new(&*name.schema, &*token.text));
    let table = table.and_then(|table| state.catalog.tables.get(&table));
    if let Some(table) = table {
        let given: Vec<String> = view.columns.iter().map(|(name, _)| name.clone()).collect();
        let of_table: Vec<String> = table
            .columns
            .iter()
            .filter(|column| !column.options.contains_key("invisible"))
            .map(|column| column.name.clone())
            .collect();
        if let Some(normal) = simple_form(tokens, source, &given, &of_table) {
            view.query.normal = normal;
            view.comparable = true;
        }
    }
}

/// Everything from the name on.
pub(super) fn create(state: &mut State, cursor: &mut Cursor<'_, '_>, header: Header) -> Outcome<()> {
    let optional = cursor.words(&["IF", "NOT", "EXISTS"]);
    let written = cursor.qualified()?;
    let name = state.name(&written);
    state.about(&name);
    state.now.flags.conditional = optional;
    let old = state.catalog.views.get(&name).cloned();
    if old.is_some() && optional {
        state.now.flags.skipped = true;
        return Ok(());
    }
    if old.is_some() && !header.replace && !header.alter {
        return Err(format!("there is a view `{name}` already"));
    }
    if state.catalog.tables.contains_key(&name) {
        return Err(format!("there is a table `{name}` already"));
    }
    let mut columns = Vec::new();
    if cursor.sees_symbol(0, "(") {
        let mut group = cursor.group()?;
        while !group.done() {
            columns.push(group.name()?);
            group.symbol(",");
        }
    }
    cursor.need("AS")?;
    let mut view =
        View { meta: old.map(|old| Meta { comment: None, ..old.meta }).unwrap_or_default(), ..View::default() };
    let mut tokens = cursor.tokens.get(cursor.at..).unwrap_or(&[]);
    view.options = options(&header, &mut tokens);
    let query = Cursor { tokens, source: cursor.source, at: 0 };
    let given = output(state, query);
    let unknown = || DataType::plain("?");
    view.columns = match (given, columns.is_empty()) {
        (Some(given), true) => {
            given.into_iter().map(|(name, origin)| (name, origin.map_or_else(unknown, |one| one.data_type))).collect()
        }
        (Some(given), false) => columns
            .into_iter()
            .zip(given)
            .map(|(name, (_, origin))| (name, origin.map_or_else(unknown, |one| one.data_type)))
            .collect(),
        (None, false) => columns.into_iter().map(|name| (name, unknown())).collect(),
        (None, true) => {
            let key = Key::top(Kind::View, &name);
            state.unmodelled("the columns of the query are not known", Touches::Objects(vec![key]));
            Vec::new()
        }
    };
    view.query = Expression { text: query.source_rest().to_owned(), normal: normal_query(tokens) };
    settle(state, &name, &mut view, tokens, query.source);
    state.put_view(&name, Some(view));
    Ok(())
}

/// Options, `WITH CHECK OPTION` at the end included, which is taken off the query.
fn options(
    header: &Header,
    tokens: &mut &[crate::engines::schema::mysql::text::Token<'_>],
) -> std::collections::BTreeMap<String, String> {
    let mut options = std::collections::BTreeMap::new();
    let word = |from_end: usize, text: &str| {
        tokens
            .len()
            .checked_sub(from_end)
            .and_then(|at| tokens.get(at))
            .is_some_and(|token| token.text.eq_ignore_ascii_case(text))
    };
    if word(1, "OPTION") && word(2, "CHECK") {
        let (length, kind) = match (word(3, "LOCAL"), word(3, "CASCADED")) {
            (true, _) => (4, "local"),
            (_, true) => (4, "cascaded"),
            _ => (3, "cascaded"),
        };
        options.insert("check option".to_owned(), kind.to_owned());
        *tokens = tokens.get(..tokens.len().saturating_sub(length)).unwrap_or(&[]);
    }
    if let Some(algorithm) = header.algorithm.as_deref().filter(|one| *one != "undefined") {
        options.insert("algorithm".to_owned(), algorithm.to_owned());
    }
    if let Some(security) = header.security.as_deref().filter(|one| *one != "definer") {
        options.insert("security".to_owned(), security.to_owned());
    }
    options
}
