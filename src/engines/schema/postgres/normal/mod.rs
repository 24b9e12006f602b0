//! The normal form of types, defaults and expressions, the same for what migrations say and for what the server prints.
//!
//! An expression is parsed into a small tree (`parse`), gets every cast that the server would add by its own rules about types (`resolve`, `choose`,
//! with what the server brings along in `tables`), its constants in one form (`literal`, `moments`), and is written back (`tree`). So the two texts
//! `price > 0` and `(price > (0)::numeric)` give one, while casts that change the meaning stay.
mod bounds;
mod choose;
mod finish;
mod from;
mod literal;
mod moments;
mod names;
mod output;
mod parse;
mod precedence;
mod query;
mod resolve;
mod routine;
mod tables;
#[cfg(test)]
mod tests;
mod tree;
mod types;

pub use finish::catalog;
pub use names::quote;
pub use query::{Scope, Shared};
pub use routine::{
    Parameter, TriggerParts, parameters, signature, signature_of, statement, statistics, trigger, trigger_action,
};
pub use types::data_type;

use crate::engines::schema::catalog::{Catalog, DataType, Expression};

/// What an expression stands in: decides which casts are implied.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// Type of the column that a default is for, or of the `VALUE` of a domain.
    pub data_type: Option<&'a DataType>,
    /// Columns that can be named, with their types.
    pub columns: &'a [(&'a str, &'a DataType)],
    /// Where types and functions of the database are looked up.
    pub catalog: Option<&'a Catalog>,
    /// Keep what columns are qualified by (expressions over several tables).
    pub qualified: bool,
    /// Tables that columns are looked up in, within queries.
    pub scope: Option<&'a Scope<'a>>,
}

/// An expression with its normal form. What cannot be parsed is its own normal form, white space joined.
pub fn expression(text: &str, context: Context<'_>) -> Expression {
    let normal = stacker::maybe_grow(256 * 1024, 16 * 1024 * 1024, || {
        parse::parse(text).map(|tree| context.resolve(tree).0.write())
    });
    Expression { text: text.trim().to_owned(), normal: normal.unwrap_or_else(|| joined(text)) }
}

/// The default of a column of the type in the context: a constant is what the column stores.
pub fn default(text: &str, context: Context<'_>) -> Expression {
    let normal = stacker::maybe_grow(256 * 1024, 16 * 1024 * 1024, || {
        let (tree, kind) = context.resolve(parse::parse(text)?);
        let Some(to) = context.data_type else { return Some(tree.write()) };
        let base = context.beneath(to);
        let tree = match kind {
            Some(kind) if matches!(tree, tree::Tree::Text(_)) && (kind.name == "unknown" || choose::is_text(&kind)) => {
                context.made(tree, &DataType::plain("unknown"), &base)
            }
            _ => tree,
        };
        let tree = literal::stored(tree, to);
        let tree = if base == *to { tree } else { literal::stored(tree, &base) };
        Some(tree.write())
    });
    Expression { text: text.trim().to_owned(), normal: normal.unwrap_or_else(|| joined(text)) }
}

/// The column that an expression is, when it is nothing else: in parentheses, or with a cast to the type that it has.
fn plain_column(text: &str, context: Context<'_>) -> Option<String> {
    let mut tree = parse::parse(text)?;
    while let tree::Tree::Cast(inner, to) = tree {
        let (_, kind) = context.resolve((*inner).clone());
        kind.filter(|kind| to.modifiers.is_empty() && choose::same(kind, &to))?;
        tree = *inner;
    }
    match tree {
        tree::Tree::Name(mut parts) if parts.len() == 1 => parts.pop(),
        _ => None,
    }
}

/// A query: its normal form is that of its words.
pub fn query(text: &str) -> Expression {
    Expression { text: text.trim().to_owned(), normal: statement(text) }
}

/// A text with its white space joined.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The body of a routine: its normal form has white space at the ends removed and line ends made equal, nothing else.
pub fn body(text: &str) -> Expression {
    Expression { text: text.to_owned(), normal: text.replace("\r\n", "\n").trim().to_owned() }
}

/// A type as part of a signature: routines do not look at lengths.
fn choose_display(kind: &DataType) -> String {
    let bare = choose::bare(kind);
    let name = if bare.name == "bpchar" { "character".to_owned() } else { bare.name.clone() };
    DataType { name, ..bare }.to_string()
}
