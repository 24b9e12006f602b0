//! `DO` blocks.
use super::run::{Done, Refusal};
use super::state::State;
use crate::engines::schema::catalog::Touches;
use squawk_syntax::SyntaxNode;

impl State {
    /// `DO`.
    pub(super) fn block(&mut self, node: &SyntaxNode) -> Done {
        let _ = node;
        Err(Refusal::unmodelled("blocks of code are not modelled", Touches::Anything))
    }
}
