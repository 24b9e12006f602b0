//! Statements that change or read data, and calls of functions that may change the structure.
use super::run::{Done, Refusal};
use super::state::State;
use super::words::unquoted;
use crate::engines::schema::Class;
use crate::engines::schema::catalog::{Key, Name, Touches};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};
use std::collections::BTreeSet;

/// Functions of extensions that make or change objects, by what their names begin with.
const CHANGING: [&str; 15] = [
    "create_hypertable",
    "create_distributed_table",
    "create_reference_table",
    "undistribute_table",
    "create_parent",
    "addgeometrycolumn",
    "dropgeometrycolumn",
    "add_compression_policy",
    "create_graph",
    "drop_graph",
    "audit_table",
    "partition_data",
    "run_maintenance",
    "create_time_partitions",
    "dblink_exec",
];

/// What a call may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Effect {
    /// Nothing that is kept.
    None,
    /// Data, sequences.
    Data,
    /// The structure, perhaps.
    Structure,
}

impl State {
    /// `INSERT`, `UPDATE`, `DELETE`, `MERGE`, `TRUNCATE`, `COPY`, `REFRESH MATERIALIZED VIEW`.
    pub(super) fn data(&mut self, node: &SyntaxNode) -> Done {
        self.now.class = Class::Data;
        self.now.tables = self.tables_in(node);
        self.calls(node)?;
        Ok(())
    }

    /// A query of its own.
    pub(super) fn select(&mut self, node: &SyntaxNode) -> Done {
        self.now.tables = self.tables_in(node);
        let changes = node.descendants().any(|one| {
            ast::Insert::can_cast(one.kind()) || ast::Update::can_cast(one.kind()) || ast::Delete::can_cast(one.kind())
        });
        let acts = self.now.acts.len() + self.undo.len();
        let effect = self.calls(node)?;
        if self.now.acts.len() + self.undo.len() > acts {
            self.now.class = Class::Structure;
            return Ok(());
        }
        self.now.class = match changes || effect == Effect::Data {
            true => Class::Data,
            false if self.now.class == Class::Session => Class::Session,
            false => Class::Query,
        };
        Ok(())
    }

    /// `CALL procedure(…)`.
    pub(super) fn call_statement(&mut self, node: &SyntaxNode) -> Done {
        self.now.class = Class::Data;
        self.calls(node)?;
        Ok(())
    }

    /// Tables and views that a statement names.
    pub(super) fn tables_in(&self, node: &SyntaxNode) -> Vec<Key> {
        let mut keys: Vec<Key> = Vec::new();
        for name in node
            .descendants()
            .filter(|one| ast::RelationNameRef::can_cast(one.kind()) || ast::TableNameRef::can_cast(one.kind()))
        {
            let mut words = super::words::Words::of(&name);
            let Some((schema, name)) = words.qualified() else { continue };
            let Some(found) = self.relation(schema.as_deref(), &name) else { continue };
            let key = self.view_key(&found).unwrap_or_else(|| State::table_key(&found));
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }

    /// Looks at every call; refuses when one may change the structure in a way that is not known.
    fn calls(&mut self, node: &SyntaxNode) -> Result<Effect, Refusal> {
        let mut worst = Effect::None;
        for call in node.descendants().filter_map(ast::CallExpr::cast) {
            let Some(target) = call.expr() else { continue };
            let mut words = super::words::Words::of(target.syntax());
            let Some((schema, name)) = words.qualified() else { continue };
            if name == "set_config" {
                self.config_call(&call);
                continue;
            }
            let effect = self.effect(schema.as_deref(), &name, &mut BTreeSet::new());
            if effect == Effect::Structure && self.run_routine(schema.as_deref(), &name, &call)? {
                worst = Effect::Data;
                continue;
            }
            if effect == Effect::Structure {
                let touches = self.named_in_strings(call.syntax());
                return Err(Refusal::unmodelled(format!("calls {name}, which may change the structure"), touches));
            }
            worst = worst.max(effect);
        }
        Ok(worst)
    }

    /// `set_config('search_path', …)`.
    fn config_call(&mut self, call: &ast::CallExpr) {
        let list = call.arg_list().map(|list| list.syntax().text().to_string()).unwrap_or_default();
        let mut words = super::words::Words::parse(list.trim_start_matches('(').trim_end_matches(')'));
        let Some(name) = words.string() else { return };
        words.eat(",");
        let Some(value) = words.string() else { return };
        words.eat(",");
        let local = words.is("true");
        self.now.class = Class::Session;
        self.set_config(&name, &value, local);
    }

    /// Whether a function may change the structure.
    pub(super) fn may_change(&self, schema: Option<&str>, name: &str) -> bool {
        self.effect(schema, name, &mut BTreeSet::new()) == Effect::Structure
    }

    /// What a function may do, by its name and, when the schema defines it, by its body and those of what that calls; each is looked at once.
    fn effect(&self, schema: Option<&str>, name: &str, seen: &mut BTreeSet<(Name, String)>) -> Effect {
        let lower = name.to_ascii_lowercase();
        if CHANGING.iter().any(|one| lower.starts_with(one)) {
            return Effect::Structure;
        }
        if matches!(lower.as_str(), "setval" | "nextval" | "lo_import" | "lo_create" | "lo_unlink") {
            return Effect::Data;
        }
        let found = self.routines_named(schema, name);
        let mut worst = Effect::None;
        for key in found {
            let Some(routine) = self.catalog.routines.get(&key) else { continue };
            if !seen.insert(key) {
                continue;
            }
            let one = match routine.language.as_str() {
                "plpgsql" | "sql" => {
                    stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || self.body_effect(&routine.body.text, seen))
                }
                _ if routine.options.contains_key("volatility") => Effect::None,
                _ => Effect::Structure,
            };
            worst = worst.max(one);
        }
        worst
    }

    /// What a body may do, by its words.
    fn body_effect(&self, body: &str, seen: &mut BTreeSet<(Name, String)>) -> Effect {
        let words = super::words::Words::parse(body);
        let mut worst = Effect::None;
        let mut before = String::new();
        let mut all = words.ahead().iter().peekable();
        while let Some(word) = all.next() {
            let upper = word.text.to_ascii_uppercase();
            // EXECUTE FUNCTION stands in CREATE TRIGGER, which is found by itself.
            let begins =
                matches!(before.as_str(), "" | ";" | "BEGIN" | "THEN" | "ELSE" | "LOOP" | "ATOMIC" | ")" | ">>" | ">");
            match upper.as_str() {
                "CREATE" | "ALTER" | "DROP" | "GRANT" | "REVOKE" | "COMMENT" if begins => {
                    let temporary = all.peek().is_some_and(|next| {
                        matches!(next.text.to_ascii_uppercase().as_str(), "TEMP" | "TEMPORARY" | "LOCAL")
                    });
                    if !temporary {
                        return Effect::Structure;
                    }
                }
                "EXECUTE" if begins => return Effect::Structure,
                "INSERT" | "UPDATE" | "DELETE" | "TRUNCATE" if begins => worst = Effect::Data,
                _ if all.peek().is_some_and(|next| next.text == "(") => {
                    worst = worst.max(match self.routines_named(None, &word.text.to_lowercase()).is_empty() {
                        true => Effect::None,
                        false => self.effect(None, &word.text.to_lowercase(), seen),
                    });
                    if worst == Effect::Structure {
                        return worst;
                    }
                }
                _ => {}
            }
            before = upper;
        }
        worst
    }

    /// Tables that strings of a text name; anything when none does.
    pub(super) fn named_in_strings(&self, node: &SyntaxNode) -> Touches {
        let mut keys = Vec::new();
        for token in super::words::tokens(node) {
            let Some(text) = unquoted(token.text()) else { continue };
            let Some((schema, name)) = super::lookup::split_name(&text) else { continue };
            if let Some(found) = self.relation(schema.as_deref(), &name) {
                keys.push(self.view_key(&found).unwrap_or_else(|| State::table_key(&found)));
            }
        }
        match keys.is_empty() {
            true => Touches::Anything,
            false => Touches::Objects(keys),
        }
    }
}
