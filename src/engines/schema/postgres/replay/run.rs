//! Runs the scripts of a step: statement after statement, with transactions, and with what the server would refuse left out.
use super::parse;
use super::split::{Piece, PieceKind, split};
use super::state::State;
use crate::engines::schema::catalog::{Catalog, Key, Place, Touches};
use crate::engines::schema::postgres::source;
use crate::engines::schema::{Class, Script, Step};
use squawk_syntax::ast;

/// Why the server would not take a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The name of its error, as `EXCEPTION WHEN` writes it: `duplicate_object`, `undefined_table`; empty for what is merely not modelled.
    pub(super) code: &'static str,
    /// In the server's words.
    pub(super) reason: String,
    /// What the statement may have changed.
    pub(super) touches: Touches,
}

/// A statement that is applied, or refused.
pub(super) type Done = Result<(), Refusal>;

impl Refusal {
    /// The server gives this error.
    pub(super) fn new(
        code: &'static str,
        reason: impl Into<String>,
        touches: impl IntoIterator<Item = Key>,
    ) -> Refusal {
        Refusal { code, reason: reason.into(), touches: Touches::Objects(touches.into_iter().collect()) }
    }

    /// It is not modelled.
    pub(super) fn unmodelled(reason: impl Into<String>, touches: Touches) -> Refusal {
        Refusal { code: "", reason: reason.into(), touches }
    }
}

/// What `ROLLBACK` goes back to.
#[derive(Clone)]
pub(super) struct Saved {
    /// Of a savepoint; empty for the transaction.
    name: String,
    catalog: Catalog,
    path: Vec<String>,
    temporary: std::collections::BTreeSet<String>,
    /// Statements in the log at that time.
    log: usize,
}

/// Objects that are copied in all, and at one time, for `ROLLBACK` to go back to.
const COPIED: usize = 4_000_000;
const HELD: usize = 100_000;
/// Statements that are given up before the rest of a file is, when quotes or parentheses never close.
const RECOVERIES: u32 = 64;

impl State {
    /// Applies a step.
    pub(super) fn step(&mut self, step: &Step) {
        self.begin(step);
        for script in &step.up {
            self.script(script);
        }
    }

    /// Applies a script.
    pub(super) fn script(&mut self, script: &Script) {
        // Only a script that takes something back needs what was before.
        let lower = script.text.to_ascii_lowercase();
        self.may_roll_back = lower.contains("rollback") || lower.contains("abort");
        self.in_transaction = script.transaction;
        self.saved.clear();
        if script.transaction && self.may_roll_back {
            self.save(String::new());
        }
        let mut text: &str = &script.text;
        let mut line = script.line;
        let mut left = RECOVERIES;
        loop {
            let mut rest = None;
            for piece in split(text) {
                let at = line.saturating_add(piece.line);
                let place = Place { file: script.path.clone(), line: at };
                self.piece(&piece, place, false);
                if piece.open && left > 0 {
                    // Quotes or parentheses swallowed what follows: go on behind the first semicolon at the end of a line.
                    left -= 1;
                    rest = after_line_end(piece.text).map(|rest| {
                        let skipped = piece.text.len().saturating_sub(rest.len());
                        let lines = piece.text.get(..skipped).unwrap_or_default().matches('\n').count();
                        (rest, at.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX)))
                    });
                }
            }
            let Some((next, at)) = rest else { break };
            (text, line) = (next, at);
        }
        self.saved.clear();
        self.in_transaction = false;
        self.transaction_ended();
    }

    /// Applies a piece as a statement of its own, which stands in the log.
    fn piece(&mut self, piece: &Piece<'_>, place: Place, quiet: bool) {
        let assumed = self.options.assume.get(&format!("{}:{}", place.file, place.line)).cloned();
        let verb = match piece.kind {
            PieceKind::Meta => piece.text.split_whitespace().next().unwrap_or_default().to_owned(),
            PieceKind::Sql => parse::verb(piece.text),
        };
        if quiet && verb.is_empty() {
            return;
        }
        let line = place.line;
        self.start(place, &verb, piece.text);
        self.now.flags.transaction = self.in_transaction;
        let done = match assumed {
            Some(sql) => self.nested(&sql, line),
            None => self.guarded(piece),
        };
        if let Err(refusal) = done {
            self.unmodelled(refusal.reason, refusal.touches);
        }
        self.settle();
        self.finish();
    }

    /// Applies the statements of a text within the statement that is being applied (a `DO` block, `EXECUTE` of a literal): they are not in the
    /// log, what they did is. Stops at the first that the server would refuse; nothing of that one stands.
    pub(super) fn nested(&mut self, sql: &str, line: u32) -> Done {
        let outer = std::mem::replace(&mut self.now.place.line, line);
        if self.depth > 16 {
            self.now.place.line = outer;
            return Err(Refusal::unmodelled("statements are nested too deep", Touches::Anything));
        }
        self.depth += 1;
        let mut done = Ok(());
        for piece in split(sql) {
            self.now.place.line = line.saturating_add(piece.line);
            done = self.guarded(&piece);
            if done.is_err() {
                break;
            }
        }
        self.depth -= 1;
        self.now.place.line = outer;
        done
    }

    /// Applies a piece; when it is refused, nothing of it stands.
    fn guarded(&mut self, piece: &Piece<'_>) -> Done {
        let part = self.begin_part();
        let done = match piece.kind {
            PieceKind::Meta => self.meta(piece.text),
            PieceKind::Sql => self.sql(piece),
        };
        match done {
            Ok(()) => self.keep_part(part),
            Err(_) => self.undo_part(part),
        }
        done
    }

    fn sql(&mut self, piece: &Piece<'_>) -> Done {
        if piece.placeholder {
            return Err(Refusal::unmodelled("a placeholder of a template stands in it", Touches::Anything));
        }
        if piece.depth > source::DEEPEST {
            let data = matches!(parse::verb(piece.text).as_str(), "INSERT" | "UPDATE" | "DELETE");
            let touches = if data { Touches::Nothing } else { Touches::Anything };
            return Err(Refusal::unmodelled("nested deeper than is parsed", touches));
        }
        source::with_stack(piece.depth, || {
            let statement = parse::statement(piece.text)?;
            self.dispatch(&statement)
        })
    }

    /// A command of psql.
    fn meta(&mut self, text: &str) -> Done {
        self.now.class = Class::Session;
        let command = text.trim_start_matches('\\').split_whitespace().next().unwrap_or_default();
        match command {
            "i" | "ir" | "include" | "include_relative" => {
                Err(Refusal::unmodelled(format!("runs another file: {text}"), Touches::Anything))
            }
            "if" | "elif" | "else" | "endif" | "gexec" | "g" | "gx" | "gset" => {
                Err(Refusal::unmodelled(format!("depends on what psql knows: {text}"), Touches::Anything))
            }
            "copy" => {
                self.now.class = Class::Data;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Begins, ends or takes back a transaction. False for other statements.
    pub(super) fn transaction(&mut self, statement: &ast::Stmt) -> bool {
        match statement {
            ast::Stmt::Begin(_) => {
                if self.may_roll_back && self.saved.is_empty() {
                    self.save(String::new());
                }
                self.in_transaction = true;
            }
            ast::Stmt::Commit(_) | ast::Stmt::PrepareTransaction(_) => {
                self.transaction_ended();
                self.saved.clear();
                self.in_transaction = false;
                self.transaction_ended();
            }
            ast::Stmt::Rollback(ast::Rollback::RollbackToSavepoint(to)) => {
                let name = parse::name(to).unwrap_or_default();
                if let Some(at) = self.saved.iter().rposition(|one| one.name == name) {
                    self.saved.truncate(at + 1);
                    self.restore();
                }
            }
            ast::Stmt::Rollback(_) => {
                self.transaction_ended();
                if !self.saved.is_empty() {
                    self.saved.truncate(1);
                    self.restore();
                }
                self.saved.clear();
                self.in_transaction = false;
                self.transaction_ended();
            }
            ast::Stmt::SavepointCreate(made) => {
                if self.may_roll_back {
                    self.save(parse::name(made).unwrap_or_default());
                }
            }
            ast::Stmt::ReleaseSavepoint(_) | ast::Stmt::SetTransaction(_) => {}
            _ => return false,
        }
        self.now.class = Class::Transaction;
        true
    }

    /// Keeps the state, unless the text asks for it so often that memory or time would run out.
    fn save(&mut self, name: String) {
        let one = &self.catalog;
        let size = 1 + one.tables.len() + one.views.len() + one.routines.len() + one.types.len() + one.sequences.len();
        self.copied = self.copied.saturating_add(size);
        if self.copied > COPIED || self.saved.len().saturating_mul(size) > HELD {
            return self.unmodelled("too many savepoints or transactions that may be taken back", Touches::Anything);
        }
        self.saved.push(Saved {
            name,
            catalog: self.catalog.clone(),
            path: self.path.clone(),
            temporary: self.temporary.clone(),
            log: self.log.len(),
        });
    }

    /// Goes back to the last state that was saved. What the statements since then did never was.
    fn restore(&mut self) {
        let Some(saved) = self.saved.last() else { return };
        self.catalog = saved.catalog.clone();
        self.path = saved.path.clone();
        self.temporary = saved.temporary.clone();
        let log = saved.log;
        for one in self.log.iter_mut().skip(log) {
            one.acts.clear();
        }
    }
}

/// What follows the first semicolon that ends a line.
fn after_line_end(text: &str) -> Option<&str> {
    let unix = text.find(";\n").map(|at| at + 2);
    let dos = text.find(";\r\n").map(|at| at + 3);
    text.get([unix, dos].into_iter().flatten().min()?..)
}
