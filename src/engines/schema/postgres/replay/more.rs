//! Statements about views, routines, triggers, policies, privileges, comments, blocks of code, data and the session: each to its file.
use super::run::{Done, Refusal};
use super::state::State;
use crate::engines::schema::catalog::{Key, Touches};
use squawk_syntax::ast::{self, AstNode, Stmt};

impl State {
    /// Applies a statement that is not about tables, types, sequences, indexes, schemas or extensions. `None` when it does not know its kind.
    pub(super) fn more(&mut self, statement: &ast::Stmt) -> Option<Done> {
        let node = statement.syntax();
        Some(match statement {
            Stmt::CreateView(_) | Stmt::CreateMaterializedView(_) => self.create_view(node),
            Stmt::AlterTable(_) | Stmt::AlterView(_) | Stmt::AlterMaterializedView(_) => self.alter_view(node),
            Stmt::DropView(_) | Stmt::DropMaterializedView(_) => self.drop_view(node),
            Stmt::CreateTableAs(_) | Stmt::SelectInto(_) => self.create_table_as(node),
            Stmt::CreateFunction(_) | Stmt::CreateProcedure(_) => self.create_routine(node),
            Stmt::CreateAggregate(_) => self.create_aggregate(node),
            Stmt::AlterFunction(_) | Stmt::AlterProcedure(_) | Stmt::AlterRoutine(_) | Stmt::AlterAggregate(_) => {
                self.alter_routine(node)
            }
            Stmt::DropFunction(_) | Stmt::DropProcedure(_) | Stmt::DropRoutine(_) | Stmt::DropAggregate(_) => {
                self.drop_routine(node)
            }
            Stmt::CreateTrigger(_) => self.create_trigger(node),
            Stmt::AlterTrigger(_) => self.alter_trigger(node),
            Stmt::DropTrigger(_) => self.drop_trigger(node),
            Stmt::CreatePolicy(_) => self.create_policy(node),
            Stmt::AlterPolicy(_) => self.alter_policy(node),
            Stmt::DropPolicy(_) => self.drop_policy(node),
            Stmt::Grant(_) | Stmt::Revoke(_) => self.grant(node),
            Stmt::AlterDefaultPrivileges(_) => self.default_privileges(node),
            Stmt::CommentOn(_) => self.comment(node),
            Stmt::Do(_) => self.block(node),
            Stmt::Set(_) | Stmt::Reset(_) => self.set(node),
            other => return self.rest(other).or_else(|| self.other(other)),
        })
    }

    /// Data, the session, the server as a whole.
    fn rest(&mut self, statement: &ast::Stmt) -> Option<Done> {
        let node = statement.syntax();
        Some(match statement {
            Stmt::Insert(_)
            | Stmt::Update(_)
            | Stmt::Delete(_)
            | Stmt::Merge(_)
            | Stmt::Truncate(_)
            | Stmt::Copy(_)
            | Stmt::Refresh(_) => self.data(node),
            Stmt::Select(_) | Stmt::CompoundSelect(_) | Stmt::ParenSelect(_) | Stmt::Values(_) | Stmt::Table(_) => {
                self.select(node)
            }
            Stmt::Call(_) => self.call_statement(node),
            Stmt::CreateRole(_)
            | Stmt::CreateUser(_)
            | Stmt::CreateGroup(_)
            | Stmt::DropRole(_)
            | Stmt::DropUser(_)
            | Stmt::DropGroup(_) => self.change_roles(node),
            Stmt::SetRole(_) | Stmt::ResetRole(_) | Stmt::SetSessionAuth(_) | Stmt::ResetSessionAuth(_) => {
                self.set_role(node)
            }
            Stmt::Notify(_)
            | Stmt::Lock(_)
            | Stmt::Load(_)
            | Stmt::SetConstraints(_)
            | Stmt::Listen(_)
            | Stmt::Unlisten(_)
            | Stmt::Discard(_)
            | Stmt::Deallocate(_)
            | Stmt::Declare(_)
            | Stmt::Close(_)
            | Stmt::Fetch(_)
            | Stmt::Move(_)
            | Stmt::Prepare(_)
            | Stmt::Show(_)
            | Stmt::Checkpoint(_)
            | Stmt::AlterRole(_)
            | Stmt::AlterUser(_)
            | Stmt::AlterGroup(_)
            | Stmt::CreateDatabase(_)
            | Stmt::AlterDatabase(_)
            | Stmt::DropDatabase(_)
            | Stmt::CreateTablespace(_)
            | Stmt::AlterTablespace(_)
            | Stmt::DropTablespace(_)
            | Stmt::AlterSystem(_)
            | Stmt::CreateSubscription(_)
            | Stmt::AlterSubscription(_)
            | Stmt::DropSubscription(_)
            | Stmt::AlterLargeObject(_)
            | Stmt::Reassign(_)
            | Stmt::Analyze(_)
            | Stmt::Vacuum(_)
            | Stmt::Reindex(_)
            | Stmt::Cluster(_) => self.of_the_server(),
            Stmt::Explain(_) => {
                self.now.class = crate::engines::schema::Class::Query;
                Ok(())
            }
            Stmt::DropOwned(_) => Err(Refusal::unmodelled("what a role owns is not modelled", Touches::Anything)),
            Stmt::SecurityLabel(_) => Err(Refusal::unmodelled("security labels are not modelled", Touches::Nothing)),
            Stmt::ImportForeignSchema(_) => {
                Err(Refusal::unmodelled("what stands on another server is not known", Touches::Anything))
            }
            Stmt::Execute(_) => Err(Refusal::unmodelled("runs a prepared statement", Touches::Anything)),
            _ => return None,
        })
    }

    /// The statement is not understood, though its kind is known.
    pub(super) fn not_understood() -> Done {
        Err(Refusal::unmodelled("this form of the statement is not understood", Touches::Anything))
    }

    /// The server refuses it: something of the name is there.
    pub(super) fn fails(reason: &str) -> Done {
        Err(Refusal::new("duplicate_object", reason, Vec::<Key>::new()))
    }

    /// The server refuses it: what it names is not there.
    pub(super) fn lost(reason: &str) -> Done {
        Err(Refusal::new("undefined_object", reason, Vec::<Key>::new()))
    }
}
