//! From text to statements: tokens with their places, and where a statement ends.
mod cursor;
mod lexer;
mod split;
#[cfg(test)]
mod tests;

pub(super) use cursor::{Cursor, Outcome};
pub(super) use lexer::{Kind, Lexer, Token};
pub(super) use split::{Piece, Splitter};
