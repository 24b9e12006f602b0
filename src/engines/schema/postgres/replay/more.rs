//! Statements about views, routines, triggers, policies, privileges, comments, blocks of code, data and the session: each to its file.
use super::state::State;
use squawk_syntax::ast;

impl State {
    /// Applies a statement that is not about tables, types, sequences, indexes, schemas or extensions. False when it does not know its kind.
    pub(super) fn more(&mut self, statement: &ast::Stmt) -> bool {
        let _ = statement;
        false
    }
}
