//! New names in the texts of expressions: columns, types, sequences, functions, labels. Words are looked at one by one; strings and what is no name
//! stay as they are.
use super::expr::{quote, unquote};
use super::state::State;
use crate::engines::schema::catalog::{Column, ConstraintKind, Expression, IndexKey, Name, Table};

/// A piece of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A name, in quotes or not.
    Name(String),
    /// A string in quotes.
    Text(String),
    /// White space.
    Blank(String),
    /// Anything else.
    Other(String),
}

impl Token {
    fn text(&self) -> &str {
        match self {
            Token::Name(text) | Token::Text(text) | Token::Blank(text) | Token::Other(text) => text,
        }
    }
}

/// Cuts an expression into pieces; nothing is lost.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (length, make): (usize, fn(String) -> Token) = match first {
            '\'' => (quoted(rest, '\''), Token::Text),
            '"' => (quoted(rest, '"'), Token::Name),
            'e' | 'E' if rest.get(1..2) == Some("'") => (1 + escaped(rest.get(1..).unwrap_or_default()), Token::Text),
            '$' => dollar(rest),
            one if one.is_whitespace() => {
                (rest.find(|one: char| !one.is_whitespace()).unwrap_or(rest.len()), Token::Blank)
            }
            one if one.is_alphabetic() || one == '_' => (
                rest.find(|one: char| !(one.is_alphanumeric() || one == '_' || one == '$')).unwrap_or(rest.len()),
                Token::Name,
            ),
            one if one.is_ascii_digit() => (
                rest.find(|one: char| !(one.is_alphanumeric() || one == '_' || one == '.')).unwrap_or(rest.len()),
                Token::Other,
            ),
            ':' if rest.starts_with("::") => (2, Token::Other),
            one => (one.len_utf8(), Token::Other),
        };
        let (piece, after) = rest.split_at_checked(length.max(first.len_utf8())).unwrap_or((rest, ""));
        out.push(make(piece.to_owned()));
        rest = after;
    }
    out
}

fn quoted(text: &str, quote: char) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, one)) = chars.next() {
        if one == quote {
            match chars.peek() {
                Some((_, next)) if *next == quote => drop(chars.next()),
                _ => return at + 1,
            }
        }
    }
    text.len()
}

fn escaped(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    while let Some((at, one)) = chars.next() {
        match one {
            '\\' => drop(chars.next()),
            '\'' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn dollar(text: &str) -> (usize, fn(String) -> Token) {
    let tag = text.get(1..).and_then(|rest| rest.find('$')).map(|at| at + 2).and_then(|end| text.get(..end));
    match tag.filter(|tag| tag.chars().all(|one| one == '$' || one == '_' || one.is_alphanumeric())) {
        Some(tag) => {
            let end = text.get(tag.len()..).and_then(|rest| rest.find(tag)).map_or(text.len(), |at| at + 2 * tag.len());
            (end, Token::Text)
        }
        None => (1, Token::Other),
    }
}

/// Rewrites the names of an expression: `change` sees the name, the pieces before it (blanks left out, the nearest last) and the next piece.
pub(super) fn names(text: &str, mut change: impl FnMut(&str, &[&Token], Option<&Token>) -> Option<String>) -> String {
    let all = tokens(text);
    let mut out = String::with_capacity(text.len());
    let mut before: Vec<&Token> = Vec::new();
    for (at, token) in all.iter().enumerate() {
        let next = all.iter().skip(at + 1).find(|one| !matches!(one, Token::Blank(_)));
        let changed = match token {
            Token::Name(name) => change(&unquote(name), &before, next),
            _ => None,
        };
        out.push_str(changed.as_deref().unwrap_or(token.text()));
        if !matches!(token, Token::Blank(_)) {
            before.push(token);
        }
    }
    out
}

fn is(token: Option<&&Token>, text: &str) -> bool {
    token.is_some_and(|one| one.text() == text)
}

/// Another name for a column of `table`.
pub(super) fn column(text: &str, table: &str, old: &str, new: &str) -> String {
    names(text, |name, before, next| {
        let called = next.is_some_and(|next| next.text() == "(");
        let cast = is(before.last(), "::");
        let qualified = is(before.last(), ".");
        let of_table = qualified
            && before.len() >= 2
            && before.get(before.len() - 2).is_some_and(|one| unquote(one.text()) == table);
        let qualifier = next.is_some_and(|next| next.text() == ".");
        (name == old && !called && !cast && (!qualified || of_table) && !qualifier).then(|| quote(new))
    })
}

/// Another name for a type, where a cast names it.
pub(super) fn data_type(text: &str, old: &Name, new: &Name) -> String {
    let renamed = names(text, |name, before, _| {
        let nearest = before.last().map(|one| one.text().to_ascii_lowercase()).unwrap_or_default();
        let schema = (nearest == ".")
            .then(|| before.len().checked_sub(2).and_then(|at| before.get(at)).map(|one| unquote(one.text())))
            .flatten();
        let start = if schema.is_some() {
            before
                .len()
                .checked_sub(3)
                .and_then(|at| before.get(at))
                .map(|one| one.text().to_ascii_lowercase())
                .unwrap_or_default()
        } else {
            nearest
        };
        let cast = start == "::" || start == "as";
        (name == old.name && cast && schema.is_none_or(|schema| schema == old.schema || schema == new.schema))
            .then(|| quote(&new.name))
    });
    if old.schema == new.schema {
        return renamed;
    }
    // The schema before it changes too.
    let all = tokens(&renamed);
    names(&renamed, |name, before, next| {
        let cast = is(before.last(), "::");
        let follows = next.is_some_and(|next| next.text() == ".")
            && all.windows(3).any(|three| matches!(three, [a, b, c] if unquote(a.text()) == name && b.text() == "." && unquote(c.text()) == new.name));
        (name == old.schema && cast && follows).then(|| quote(&new.schema))
    })
}

/// Another name for a function, where it is called.
pub(super) fn function(text: &str, old: &Name, new: &Name) -> String {
    names(text, |name, before, next| {
        let called = next.is_some_and(|next| next.text() == "(");
        let schema = is(before.last(), ".")
            .then(|| before.len().checked_sub(2).and_then(|at| before.get(at)).map(|one| unquote(one.text())))
            .flatten();
        if name == old.name && called && schema.as_ref().is_none_or(|schema| *schema == old.schema) {
            return Some(quote(&new.name));
        }
        // The schema before the function, when it moves.
        let qualifies = name == old.schema
            && old.schema != new.schema
            && next.is_some_and(|next| next.text() == ".")
            && !is(before.last(), ".");
        qualifies
            .then(|| quote(&new.schema))
            .filter(|_| text.contains(&format!("{}.{}(", quote(&old.schema), quote(&old.name))))
    })
}

/// Another label of an enum, where it stands as a string.
pub(super) fn label(text: &str, old: &str, new: &str) -> String {
    let (old, new) = (format!("'{}'", old.replace('\'', "''")), format!("'{}'", new.replace('\'', "''")));
    tokens(text)
        .iter()
        .map(|one| if matches!(one, Token::Text(text) if *text == old) { new.as_str() } else { one.text() })
        .collect()
}

/// The sequence that `nextval('…')` names, when a text is that.
pub(super) fn sequence_name(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find("nextval")?;
    let rest = text.get(at + "nextval".len()..)?;
    let rest = rest.trim_start().strip_prefix('(')?.trim_start();
    let rest = rest.trim_start_matches('(').trim_start();
    let end = quoted(rest, '\'');
    let inner = rest.get(..end)?.strip_prefix('\'')?.strip_suffix('\'')?;
    // `'name'::text` is looked up when it is used.
    let after = rest.get(end..).unwrap_or_default().trim_start();
    (!after.starts_with("::text") && !after.starts_with(":: text")).then(|| inner.replace("''", "'"))
}

/// Schema and name of a name as it is written.
pub(super) fn split_name(written: &str) -> (Option<String>, String) {
    let parts: Vec<String> =
        tokens(written).iter().filter(|one| matches!(one, Token::Name(_))).map(|one| unquote(one.text())).collect();
    match parts.as_slice() {
        [name] => (None, name.clone()),
        [.., schema, name] => (Some(schema.clone()), name.clone()),
        [] => (None, String::new()),
    }
}

/// The text with another sequence.
pub(super) fn with_sequence(text: &str, name: &Name) -> String {
    let Some(old) = sequence_name(text) else { return text.to_owned() };
    let written = format!("'{}.{}'", quote(&name.schema), quote(&name.name).replace('\'', "''"));
    text.replacen(&format!("'{}'", old.replace('\'', "''")), &written, 1)
}

impl State {
    /// Applies a change of texts to every expression of a table, and makes their normal forms anew.
    pub(super) fn rewrite_table(&mut self, name: &Name, change: &dyn Fn(&str) -> String) {
        let Some(table) = self.catalog.tables.get(name) else { return };
        let mut differs = false;
        let mut copy = table.clone();
        each_expression(&mut copy, &mut |expression| {
            let text = change(&expression.text);
            differs |= text != expression.text;
            *expression = Expression::plain(text);
        });
        if differs {
            self.touch_table(name);
            self.catalog.tables.insert(name.clone(), copy);
        }
    }

    /// A function has another name: what tables hold follows.
    pub(super) fn rewrite_function(&mut self, before: &Name, after: &Name) {
        let tables: Vec<Name> = self.catalog.tables.keys().cloned().collect();
        for table in tables {
            self.rewrite_table(&table, &|text| function(text, before, after));
        }
    }
}

fn index_expressions(index: &mut crate::engines::schema::catalog::Index, visit: &mut dyn FnMut(&mut Expression)) {
    for key in index.keys.iter_mut().filter(|key| !key.column) {
        visit(&mut key.expression);
    }
    if let Some(predicate) = &mut index.predicate {
        visit(predicate);
    }
}

/// Visits every expression of a table, keys of partitions and policies apart (what the latter name is kept elsewhere).
pub(super) fn each_expression(table: &mut Table, visit: &mut dyn FnMut(&mut Expression)) {
    for Column { default, generated, .. } in &mut table.columns {
        if let Some(default) = default {
            visit(default);
        }
        if let Some(generated) = generated {
            visit(&mut generated.expression);
        }
    }
    for constraint in &mut table.constraints {
        match &mut constraint.kind {
            ConstraintKind::Check(condition) => visit(condition),
            kind => {
                if let Some(index) = super::foreign::index_of_mut(kind) {
                    index_expressions(index, visit);
                }
            }
        }
    }
    table.indexes.iter_mut().for_each(|index| index_expressions(index, visit));
}

/// Whether a key is this column.
pub(super) fn is_column(key: &IndexKey, column: &str) -> bool {
    key.column && key.expression.text == column
}
