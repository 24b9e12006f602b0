//! Sends each statement to the code that knows its kind.
use super::parse::{self, Look};
use super::run::{Done, Refusal};
use super::state::State;
use crate::engines::schema::catalog::Touches;
use squawk_syntax::ast::{self, AstNode};

impl State {
    /// Applies a statement.
    pub(super) fn dispatch(&mut self, statement: &ast::Stmt) -> Done {
        if self.transaction(statement) {
            return Ok(());
        }
        let text = statement.syntax().text();
        if (text.len() < 2000.into()) && owns(&text.to_string()) {
            self.note_owner(statement.syntax());
        }
        match statement {
            ast::Stmt::EmptyStmt(_) => Ok(()),
            ast::Stmt::CreateTable(one) => self.create_like(one.syntax()),
            ast::Stmt::CreateForeignTable(one) => self.create_like(one.syntax()),
            ast::Stmt::AlterTable(one) => self.alter_or_more(one, statement),
            ast::Stmt::AlterForeignTable(one) => self.alter_or_more(one, statement),
            ast::Stmt::DropTable(one) => self.drop_tables(one),
            ast::Stmt::DropForeignTable(one) => self.drop_tables(one),
            ast::Stmt::CreateIndex(one) => self.create_index(one),
            ast::Stmt::AlterIndex(one) => self.alter_index(one),
            ast::Stmt::DropIndex(one) => self.drop_indexes(one),
            ast::Stmt::CreateSequence(one) => self.create_sequence(one),
            ast::Stmt::AlterSequence(one) => self.alter_sequence(one),
            ast::Stmt::DropSequence(one) => self.drop_sequences(one),
            ast::Stmt::CreateSchema(one) => self.create_schema(one),
            ast::Stmt::AlterSchema(one) => self.alter_schema(one),
            ast::Stmt::DropSchema(one) => self.drop_schemas(one),
            ast::Stmt::CreateType(one) => self.create_type(one),
            ast::Stmt::AlterType(one) => self.alter_type(one),
            ast::Stmt::DropType(one) => {
                let names = one.all::<ast::TypeNameRef>().iter().filter_map(parse::path).collect();
                self.drop_types(one, names)
            }
            ast::Stmt::CreateDomain(one) => self.create_domain(one),
            ast::Stmt::AlterDomain(one) => self.alter_domain(one),
            ast::Stmt::DropDomain(one) => {
                let names = one.all::<ast::DomainRef>().iter().filter_map(parse::path).collect();
                self.drop_types(one, names)
            }
            ast::Stmt::CreateExtension(one) => self.create_extension(one),
            ast::Stmt::AlterExtension(one) => self.alter_extension(one),
            ast::Stmt::DropExtension(one) => self.drop_extensions(one),
            _ => self.others(statement),
        }
    }

    fn create_like(&mut self, node: &squawk_syntax::SyntaxNode) -> Done {
        match ast::CreateTableLike::cast(node.clone()) {
            Some(one) => self.create_table(&one),
            None => Ok(()),
        }
    }

    /// `ALTER TABLE` may name a view.
    fn alter_or_more(&mut self, one: &impl AstNode, statement: &ast::Stmt) -> Done {
        match self.alter_table(one)? {
            true => Ok(()),
            false => self.others(statement),
        }
    }

    /// Statements of other kinds.
    fn others(&mut self, statement: &ast::Stmt) -> Done {
        self.more(statement)
            .unwrap_or_else(|| Err(Refusal::unmodelled("this kind of statement is not modelled", Touches::Anything)))
    }
}

/// Whether a statement may say who owns something.
fn owns(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains("owner") || lower.contains("authorization")
}
