//! The normal form of expressions, defaults and queries: what a migration says and what a server prints become equal.
mod atoms;
mod charset;
mod default;
mod expression;
mod print;
mod query;
mod rewrite;
mod simple;
#[cfg(test)]
mod tests;
mod tokens;

pub(super) use charset::Charsets;
pub(super) use default::of_column;
pub(super) use expression::{Expr, Parser};
pub(super) use print::quote;
pub(super) use query::{columns_of, normal_query};
pub(super) use simple::simple_form;
pub(super) use tokens::body;
pub(super) use tokens::token_form;

use super::text::{Cursor, Lexer, Token};
use crate::engines::schema::catalog::{Expression, Server};

/// The normal form of an expression of which these are all tokens.
pub(super) fn of_tokens(tokens: &[Token<'_>], source: &str) -> String {
    let mut cursor = Cursor::new(tokens, source);
    match Parser::new(&mut cursor).whole() {
        Ok(expr) => expr.to_string(),
        Err(_) => token_form(tokens),
    }
}

/// An expression as a server prints it.
pub(super) fn of_text(text: &str, server: Server) -> Expression {
    let tokens = Lexer::new(text, server).all();
    Expression { text: text.to_owned(), normal: of_tokens(&tokens, text) }
}
