//! Parameters of routines, triggers, and statements that are compared by their words.
use super::names::{quote, unquote};
use super::parse::{blank, pieces, too_deep};
use super::tree::{self, Tree};
use super::types::data_type;
use super::{Context, joined};
use crate::engines::schema::catalog::{Catalog, DataType, Expression, Name};
use crate::engines::schema::postgres::source;
use squawk_syntax::{SyntaxKind, SyntaxNode};

/// A parameter of a routine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameter {
    /// `OUT`, `INOUT`, `VARIADIC`; empty for `IN`.
    pub mode: String,
    /// Its name; empty when it has none.
    pub name: String,
    /// Its type.
    pub data_type: DataType,
    /// Its default.
    pub default: Option<String>,
}

/// Parameters as one text: `a integer, OUT b text, c integer DEFAULT 1`.
pub fn parameters(parameters: &[Parameter]) -> String {
    let one = |one: &Parameter| {
        let mut words = Vec::new();
        if !one.mode.is_empty() && one.mode != "IN" {
            words.push(one.mode.clone());
        }
        if !one.name.is_empty() {
            words.push(quote(&one.name));
        }
        words.push(super::choose_display(&one.data_type));
        if let Some(default) = &one.default {
            let context = Context { data_type: Some(&one.data_type), ..Context::default() };
            words.push(format!("DEFAULT {}", super::default(default, context).normal));
        }
        words.join(" ")
    };
    parameters.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Types of parameters as part of a routine's name: `integer, text[]`. Lengths do not count.
pub fn signature(types: &[DataType]) -> String {
    types.iter().map(super::choose_display).collect::<Vec<_>>().join(", ")
}

/// A routine's name with its types as the server prints them, in canonical form.
pub fn signature_of(text: &str) -> String {
    let Some((name, types)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) else {
        return text.to_owned();
    };
    let mut all = Vec::new();
    let mut depth = 0_i32;
    let mut part = String::new();
    for next in types.chars() {
        match next {
            ',' if depth == 0 => all.push(std::mem::take(&mut part)),
            other => {
                depth += match other {
                    '(' => 1,
                    ')' => -1,
                    _ => 0,
                };
                part.push(other);
            }
        }
    }
    if !part.trim().is_empty() {
        all.push(part);
    }
    let all: Vec<DataType> = all.iter().map(|one| data_type(one)).collect();
    format!("{name}({})", signature(&all))
}

/// What the text of a trigger says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TriggerParts {
    /// `WHEN (…)`.
    pub condition: Option<String>,
    /// Arguments of its function.
    pub arguments: Vec<String>,
}

/// Condition and arguments of `CREATE TRIGGER`.
pub fn trigger(definition: &str) -> TriggerParts {
    let mut parts = TriggerParts::default();
    if too_deep(definition) {
        return parts;
    }
    let root = source::parse(definition).syntax_node();
    let Some(create) = root.children().find(|node| node.kind() == SyntaxKind::CREATE_TRIGGER) else { return parts };
    for child in create.children() {
        if child.kind() == SyntaxKind::WHEN_CONDITION {
            parts.condition = child.first_child().map(|inner| inner.text().to_string().trim().to_owned());
        }
    }
    parts.arguments = trigger_arguments(&create);
    parts
}

/// Constants in the last parentheses of a trigger.
fn trigger_arguments(create: &SyntaxNode) -> Vec<String> {
    let mut found = Vec::new();
    let mut after = false;
    for token in create.descendants_with_tokens().filter_map(|one| one.into_token()).filter(|token| !blank(token)) {
        match token.kind() {
            SyntaxKind::EXECUTE_KW => after = true,
            _ if !after => {}
            SyntaxKind::L_PAREN => found.clear(),
            SyntaxKind::STRING | SyntaxKind::ESC_STRING => found.push(unquote(token.text())),
            SyntaxKind::INT_NUMBER | SyntaxKind::NUMERIC_NUMBER => found.push(token.text().to_owned()),
            _ => {}
        }
    }
    found
}

/// What a trigger runs: `app.touch('a', 'b')`.
pub fn trigger_action(function: &Name, arguments: &[String]) -> String {
    let arguments: Vec<String> = arguments.iter().map(|one| tree::literal(one)).collect();
    let name = match function.schema.as_str() {
        "" => quote(&function.name),
        schema => format!("{}.{}", quote(schema), quote(&function.name)),
    };
    format!("{name}({})", arguments.join(", "))
}

/// A statement in its own words: names folded, white space joined, expressions in normal form.
pub fn statement(text: &str) -> String {
    if too_deep(text) {
        return joined(text);
    }
    let root = source::parse(text).syntax_node();
    let mut to = String::new();
    let context = Context { qualified: true, ..Context::default() };
    let (tree, _) = context.resolve(Tree::Other(pieces(&root)));
    if let Tree::Other(parts) = tree {
        tree::pieces(&parts, &mut to);
    }
    to
}

/// A body in standard SQL (`RETURN …`, `BEGIN ATOMIC … END`), which the server keeps as a tree and prints anew. `None` when it is a text.
pub(super) fn standard_body(text: &str, catalog: &Catalog) -> Option<Expression> {
    let trimmed = text.trim();
    let context = Context { catalog: Some(catalog), ..Context::default() };
    let word = |word: &str| {
        let head = trimmed.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word))?;
        trimmed.get(head.len()..).filter(|rest| rest.starts_with(char::is_whitespace))
    };
    let normal = if let Some(value) = word("return") {
        format!("return {}", super::expression(value.trim_end_matches(';'), context).normal)
    } else {
        let inner = word("begin").map(str::trim_start).and_then(|rest| {
            let (atomic, rest) = rest.split_at_checked(6)?;
            atomic.eq_ignore_ascii_case("atomic").then_some(rest)
        })?;
        let end = inner.len().checked_sub(3).filter(|end| inner.is_char_boundary(*end))?;
        let (inner, last) = inner.split_at_checked(end)?;
        if !last.eq_ignore_ascii_case("end") || too_deep(inner) {
            return None;
        }
        let root = source::parse(inner).syntax_node();
        let parts: Vec<String> = root
            .children()
            .map(|node| {
                let text = node.text().to_string();
                let (normal, _) = super::query::view(text.trim().trim_end_matches(';'), &[], catalog);
                normal
            })
            .collect();
        format!("begin atomic {}; end", parts.join("; "))
    };
    Some(Expression { text: text.to_owned(), normal })
}

/// Kinds and columns of `CREATE STATISTICS`.
pub fn statistics(definition: &str) -> (Vec<String>, Vec<String>) {
    let head = definition.split(" ON ").next().unwrap_or_default();
    let mut kinds: Vec<String> = head
        .rsplit_once('(')
        .and_then(|(_, kinds)| kinds.split_once(')'))
        .map(|(kinds, _)| kinds.split(',').map(|kind| kind.trim().to_lowercase()).collect())
        .unwrap_or_default();
    kinds.sort();
    let on = definition.split_once(" ON ").and_then(|(_, rest)| rest.rsplit_once(" FROM ")).map(|(on, _)| on);
    let mut columns = Vec::new();
    let mut depth = 0_i32;
    let mut part = String::new();
    for next in on.unwrap_or_default().chars() {
        match next {
            ',' if depth == 0 => columns.push(std::mem::take(&mut part)),
            other => {
                depth += match other {
                    '(' => 1,
                    ')' => -1,
                    _ => 0,
                };
                part.push(other);
            }
        }
    }
    if !part.trim().is_empty() {
        columns.push(part);
    }
    let columns = columns.iter().map(|one| super::expression(one, Context::default()).normal).collect();
    (kinds, columns)
}
