//! Sends each statement to the code that knows its kind.
use super::run::{Done, Refusal};
use super::state::State;
use crate::engines::schema::catalog::Touches;
use squawk_syntax::ast;

impl State {
    /// Applies a statement.
    pub(super) fn dispatch(&mut self, statement: &ast::Stmt) -> Done {
        if self.transaction(statement) {
            return Ok(());
        }
        match statement {
            ast::Stmt::EmptyStmt(_) => Ok(()),
            other => self.more(other).unwrap_or_else(|| {
                Err(Refusal::unmodelled("this kind of statement is not modelled", Touches::Anything))
            }),
        }
    }
}
