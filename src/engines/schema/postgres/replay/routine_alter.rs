//! ALTER and DROP of functions, procedures and aggregates.
use super::routine::{parameters, routine_key};
use super::run::Done;
use super::state::State;
use super::words::Words;
use crate::engines::schema::catalog::{DataType, Kind, Name, RoutineKind};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

impl State {
    /// Reads `name [(types)]` and finds the routine.
    pub(super) fn routine_signature(&self, words: &mut Words) -> Option<(Name, String)> {
        let (schema, name) = words.qualified()?;
        let types = self.signature_types(words);
        if let Some(types) = &types
            && let Some(found) = self.routine_of(schema.as_deref(), &name, Some(types))
        {
            return Some(found);
        }
        match types {
            Some(_) => None,
            None => self.routine_of(schema.as_deref(), &name, None),
        }
    }

    /// Types in the parentheses that come next, those of results left out; `None` without parentheses.
    pub(super) fn signature_types(&self, words: &mut Words) -> Option<Vec<DataType>> {
        let list = words.parens()?;
        if list.trim() == "*" {
            return Some(Vec::new());
        }
        let all = parameters(&list);
        Some(all.iter().filter(|one| one.mode != "OUT").map(|one| self.parameter_type(&one.data_type)).collect())
    }

    /// `ALTER FUNCTION | PROCEDURE | ROUTINE | AGGREGATE`.
    pub(super) fn alter_routine(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("ALTER");
        words.next();
        let Some(key) = self.routine_signature(&mut words) else { return self.unknown_routine() };
        if words.eat("RENAME TO") {
            let Some(name) = words.name() else { return State::not_understood() };
            let name = Name::new(&key.0.schema, name);
            return self.move_routine(&key, name);
        }
        if words.eat("SET SCHEMA") {
            let Some(schema) = words.name() else { return State::not_understood() };
            let name = Name::new(schema, &key.0.name);
            return self.move_routine(&key, name);
        }
        if words.eat_any(&["OWNER TO", "DEPENDS ON", "NO DEPENDS ON"]).is_some() {
            return Ok(());
        }
        let Some(mut routine) = self.catalog.routines.get(&key).cloned() else { return Ok(()) };
        self.touch_routine(&key);
        if let Some(list) = node.children().find_map(ast::FuncOptionList::cast) {
            self.routine_options(list.syntax(), &mut routine);
        }
        self.catalog.routines.insert(key, routine);
        Ok(())
    }

    fn move_routine(&mut self, key: &(Name, String), name: Name) -> Done {
        let moved = (name.clone(), key.1.clone());
        if self.catalog.routines.contains_key(&moved) {
            return State::fails("a routine of this name exists already");
        }
        self.touch_routine(key);
        self.touch_routine(&moved);
        let Some(routine) = self.catalog.routines.remove(key) else { return Ok(()) };
        let before = routine_key(&key.0, &key.1, routine.kind);
        let after = routine_key(&name, &key.1, routine.kind);
        self.catalog.routines.insert(moved, routine);
        self.grants_renamed(&before, &after);
        self.routine_renamed(&key.0, &name);
        Ok(())
    }

    /// `DROP FUNCTION | PROCEDURE | ROUTINE | AGGREGATE`.
    pub(super) fn drop_routine(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("DROP");
        words.next();
        let conditional = words.eat("IF EXISTS");
        self.now.flags.conditional |= conditional;
        loop {
            match self.routine_signature(&mut words) {
                Some(key) => self.remove_routine(&key),
                None if conditional => self.now.flags.skipped = true,
                None => return self.unknown_routine(),
            }
            if !words.eat(",") {
                break;
            }
        }
        self.now.flags.cascade |= words.eat("CASCADE");
        Ok(())
    }

    /// Takes a routine away, and what needs it.
    pub(super) fn remove_routine(&mut self, key: &(Name, String)) {
        self.touch_routine(key);
        let Some(routine) = self.catalog.routines.remove(key) else { return };
        let at = routine_key(&key.0, &key.1, routine.kind);
        self.grants_dropped(&at);
        self.routine_dropped(&key.0, &routine);
    }

    /// A routine that is named is not there: made by something that could not be modelled, or the statement fails.
    fn unknown_routine(&mut self) -> Done {
        State::lost("the routine that it names is not known")
    }

    /// The kind of a routine by its key in the catalog.
    pub(super) fn routine_kind(kind: RoutineKind) -> Kind {
        match kind {
            RoutineKind::Function => Kind::Function,
            RoutineKind::Procedure => Kind::Procedure,
            RoutineKind::Aggregate => Kind::Aggregate,
        }
    }
}
