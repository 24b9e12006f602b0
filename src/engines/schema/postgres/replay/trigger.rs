//! Triggers on tables and views; event triggers stand with the rest.
use super::run::Done;
use super::state::State;
use super::words::Words;
use crate::engines::schema::catalog::{Expression, Key, Kind, Name, Trigger};
use crate::engines::schema::postgres::normal;
use squawk_syntax::SyntaxNode;

impl State {
    /// `CREATE [OR REPLACE] [CONSTRAINT] TRIGGER`.
    pub(super) fn create_trigger(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("CREATE");
        let replace = words.eat("OR REPLACE");
        let constraint = words.eat("CONSTRAINT");
        words.eat("TRIGGER");
        let Some(name) = words.name() else { return State::not_understood() };
        let mut trigger = Trigger { name, ..Trigger::default() };
        if constraint {
            trigger.options.insert("constraint".to_owned(), "yes".to_owned());
        }
        let timing = words.eat_any(&["BEFORE", "AFTER", "INSTEAD OF"]).unwrap_or_default();
        trigger.timing = timing.to_lowercase();
        events(&mut words, &mut trigger);
        words.eat("ON");
        let Some((schema, table)) = words.qualified() else { return State::not_understood() };
        let Some(table) = self.relation(schema.as_deref(), &table) else {
            if self.temporary.contains(&table) {
                return Ok(());
            }
            return State::lost("the table of the trigger is not known");
        };
        self.trigger_clauses(&mut words, &table, &mut trigger);
        if !words.eat("EXECUTE FUNCTION") && !words.eat("EXECUTE PROCEDURE") {
            return State::not_understood();
        }
        let Some((schema, function)) = words.qualified() else { return State::not_understood() };
        let function = self.routine_text(schema.as_deref(), &function);
        let arguments = trigger_arguments(&words.parens().unwrap_or_default());
        trigger.action = action(&function, &arguments);
        self.put_trigger(&table, trigger, replace)
    }

    fn trigger_clauses(&mut self, words: &mut Words, table: &Name, trigger: &mut Trigger) {
        let mut set = |name: &str, value: String| {
            trigger.options.insert(name.to_owned(), value);
        };
        loop {
            if words.eat("FROM") {
                let from = words.qualified().and_then(|(schema, name)| self.relation(schema.as_deref(), &name));
                from.into_iter().for_each(|from| set("from", from.to_string()));
            } else if words.eat_any(&["NOT DEFERRABLE", "INITIALLY IMMEDIATE"]).is_some() {
            } else if words.eat("DEFERRABLE") {
                set("deferrable", "yes".to_owned());
            } else if words.eat("INITIALLY DEFERRED") {
                set("deferrable", "yes".to_owned());
                set("deferred", "yes".to_owned());
            } else if words.eat("REFERENCING") || words.is("OLD TABLE") || words.is("NEW TABLE") {
                while let Some(which) = words.eat_any(&["OLD TABLE", "NEW TABLE", "OLD ROW", "NEW ROW"]) {
                    words.eat("AS");
                    set(&which.to_lowercase(), words.name().unwrap_or_default());
                }
            } else if words.eat("FOR") {
                words.eat("EACH");
                trigger.for_each_row = words.eat("ROW");
                words.eat("STATEMENT");
                break;
            } else {
                break;
            }
        }
        if words.eat("WHEN") {
            let text = words.parens().unwrap_or_default();
            trigger.condition = Some(self.trigger_condition(table, &text));
        }
    }

    fn trigger_condition(&self, table: &Name, text: &str) -> Expression {
        let columns = self.columns_of_table(table);
        let pairs: Vec<(&str, &_)> = columns.iter().map(|(name, data_type)| (name.as_str(), data_type)).collect();
        let text = whole_rows(text);
        normal::expression(
            &text,
            normal::Context { columns: &pairs, catalog: Some(&self.catalog), ..normal::Context::default() },
        )
    }

    fn put_trigger(&mut self, table: &Name, mut trigger: Trigger, replace: bool) -> Done {
        let key = Key::part(Kind::Trigger, table, &trigger.name);
        self.touch_relation(table);
        let before = self.triggers(table).iter().find(|one| one.name == trigger.name).cloned();
        match before {
            Some(before) if replace => {
                // A replaced trigger keeps its state: switched off it stays so.
                if let Some(state) = before.options.get("enabled") {
                    trigger.options.insert("enabled".to_owned(), state.clone());
                }
                trigger.meta = before.meta.clone();
            }
            Some(_) => return State::fails("a trigger of this name exists already"),
            None => trigger.meta = self.create(&key),
        }
        let name = trigger.name.clone();
        let rows = trigger.for_each_row;
        let clone = trigger.clone();
        if let Some(all) = self.triggers_mut(table) {
            all.retain(|one| one.name != name);
            all.push(trigger);
            all.sort_by(|a, b| a.name.cmp(&b.name));
        }
        if rows {
            for child in self.partitions_of(table) {
                self.clone_trigger(&child, &clone);
            }
        }
        Ok(())
    }

    /// Triggers for each row of a partitioned table hold on its partitions.
    fn clone_trigger(&mut self, table: &Name, trigger: &Trigger) {
        let mut copy = trigger.clone();
        self.touch_relation(table);
        self.inherited_triggers.insert((table.clone(), trigger.name.clone()));
        copy.meta = self.create(&Key::part(Kind::Trigger, table, &trigger.name));
        if let Some(all) = self.triggers_mut(table) {
            all.retain(|one| one.name != copy.name);
            all.push(copy);
            all.sort_by(|a, b| a.name.cmp(&b.name));
        }
        for child in self.partitions_of(table) {
            self.clone_trigger(&child, trigger);
        }
    }

    /// A table became a partition: the triggers of its parent hold on it.
    pub(super) fn partition_attached(&mut self, parent: &Name, child: &Name) {
        let all: Vec<Trigger> = self.triggers(parent).iter().filter(|one| one.for_each_row).cloned().collect();
        for trigger in all {
            self.clone_trigger(child, &trigger);
        }
    }

    /// A table is no partition any more: the triggers that it had from its parent go.
    pub(super) fn partition_detached(&mut self, child: &Name) {
        let names: Vec<String> = self.triggers(child).iter().map(|one| one.name.clone()).collect();
        for name in names {
            if self.inherited_triggers.contains(&(child.clone(), name.clone())) {
                self.remove_trigger(child, &name);
            }
        }
    }

    /// Direct partitions of a table.
    fn partitions_of(&self, table: &Name) -> Vec<Name> {
        let of = |one: &&Name| {
            self.catalog.tables.get(*one).is_some_and(|found| found.partitioning.parent.as_ref() == Some(table))
        };
        self.catalog.tables.keys().filter(of).cloned().collect()
    }

    /// Triggers of a table or view.
    pub(super) fn triggers(&self, table: &Name) -> &[Trigger] {
        if let Some(table) = self.catalog.tables.get(table) {
            return &table.triggers;
        }
        self.catalog.views.get(table).map_or(&[], |view| &view.triggers)
    }

    /// Triggers of a table or view, to change them.
    pub(super) fn triggers_mut(&mut self, table: &Name) -> Option<&mut Vec<Trigger>> {
        if self.catalog.tables.contains_key(table) {
            return self.catalog.tables.get_mut(table).map(|table| &mut table.triggers);
        }
        self.catalog.views.get_mut(table).map(|view| &mut view.triggers)
    }

    /// Takes a trigger away, also from the partitions that have it from here.
    pub(super) fn remove_trigger(&mut self, table: &Name, name: &str) -> bool {
        self.touch_relation(table);
        self.inherited_triggers.remove(&(table.clone(), name.to_owned()));
        let Some(all) = self.triggers_mut(table) else { return false };
        let Some(at) = all.iter().position(|one| one.name == name) else { return false };
        let trigger = all.remove(at);
        if trigger.for_each_row {
            for child in self.partitions_of(table) {
                if self.inherited_triggers.contains(&(child.clone(), name.to_owned())) {
                    self.remove_trigger(&child, name);
                }
            }
        }
        true
    }

    /// `DROP TRIGGER [IF EXISTS] name ON table`.
    pub(super) fn drop_trigger(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("DROP TRIGGER");
        let conditional = words.eat("IF EXISTS");
        self.now.flags.conditional |= conditional;
        let Some(name) = words.name() else { return State::not_understood() };
        words.eat("ON");
        let Some((schema, table)) = words.qualified() else { return State::not_understood() };
        let found = self.relation(schema.as_deref(), &table);
        let gone = found.is_some_and(|table| self.remove_trigger(&table, &name));
        if !gone && conditional {
            self.now.flags.skipped = true;
        } else if !gone && !self.temporary.contains(&table) {
            return State::lost("the trigger that it names is not known");
        }
        Ok(())
    }

    /// `ALTER TRIGGER name ON table RENAME TO other`.
    pub(super) fn alter_trigger(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("ALTER TRIGGER");
        let name = words.name();
        words.eat("ON");
        let table = words.qualified().and_then(|(schema, table)| self.relation(schema.as_deref(), &table));
        if !words.eat("RENAME TO") {
            return Ok(());
        }
        match (name, table, words.name()) {
            (Some(name), Some(table), Some(after)) => self.rename_trigger(&table, &name, &after),
            _ => State::lost("the trigger that it names is not known"),
        }
    }

    fn rename_trigger(&mut self, table: &Name, before: &str, after: &str) -> Done {
        self.touch_relation(table);
        let Some(all) = self.triggers_mut(table) else { return Ok(()) };
        let Some(trigger) = all.iter_mut().find(|one| one.name == before) else {
            return State::lost("the trigger that it names is not known");
        };
        trigger.name = after.to_owned();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        for child in self.partitions_of(table) {
            if self.inherited_triggers.remove(&(child.clone(), before.to_owned())) {
                self.inherited_triggers.insert((child.clone(), after.to_owned()));
                self.rename_trigger(&child, before, after)?;
            }
        }
        Ok(())
    }

    /// `ENABLE | DISABLE [REPLICA | ALWAYS] TRIGGER name | ALL | USER` of ALTER TABLE. False when the words say something else.
    pub(super) fn trigger_switch(&mut self, table: &Name, words: &mut Words) -> bool {
        let start = words.here();
        let state = match words.eat_any(&[
            "ENABLE REPLICA TRIGGER",
            "ENABLE ALWAYS TRIGGER",
            "ENABLE TRIGGER",
            "DISABLE TRIGGER",
        ]) {
            Some("ENABLE REPLICA TRIGGER") => Some("replica"),
            Some("ENABLE ALWAYS TRIGGER") => Some("always"),
            Some("ENABLE TRIGGER") => None,
            Some(_) => Some("disabled"),
            None => {
                words.back(start);
                return false;
            }
        };
        let all = words.is("ALL") || words.is("USER");
        let name = words.name().unwrap_or_default();
        let mut tables = vec![table.clone()];
        let mut at = 0;
        while let Some(one) = tables.get(at).cloned() {
            tables.extend(self.partitions_of(&one));
            at += 1;
        }
        for table in tables {
            self.switch_triggers(&table, if all { None } else { Some(&name) }, state);
        }
        true
    }

    fn switch_triggers(&mut self, table: &Name, name: Option<&str>, state: Option<&str>) {
        self.touch_relation(table);
        for trigger in self.triggers_mut(table).into_iter().flatten() {
            if name.is_some_and(|name| name != trigger.name) {
                continue;
            }
            if trigger.options.get("enabled").map(String::as_str) == state {
                continue;
            }
            match state {
                Some(state) => trigger.options.insert("enabled".to_owned(), state.to_owned()),
                None => trigger.options.remove("enabled"),
            };
        }
    }
}

/// The whole row is `old.*` in the server's own words.
fn whole_rows(text: &str) -> String {
    let words = Words::parse(text);
    let all = words.ahead();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (nth, word) in all.iter().enumerate() {
        let row = word.text.eq_ignore_ascii_case("old") || word.text.eq_ignore_ascii_case("new");
        let dotted = all.get(nth + 1).is_some_and(|next| next.text == ".")
            || nth.checked_sub(1).and_then(|before| all.get(before)).is_some_and(|before| before.text == ".");
        if row && !dotted {
            out.push_str(text.get(at..word.end).unwrap_or_default());
            out.push_str(".*");
            at = word.end;
        }
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

fn events(words: &mut Words, trigger: &mut Trigger) {
    while let Some(event) = words.eat_any(&["INSERT", "UPDATE", "DELETE", "TRUNCATE"]) {
        trigger.events.push(event.to_lowercase());
        if event == "UPDATE" && words.eat("OF") {
            trigger.columns = words.names();
        }
        if !words.eat("OR") {
            break;
        }
    }
    let order = ["insert", "update", "delete", "truncate"];
    trigger.events.sort_by_key(|event| order.iter().position(|one| one == event));
}

/// Arguments as the texts that the function gets.
fn trigger_arguments(text: &str) -> Vec<String> {
    let mut words = Words::parse(text);
    let mut all = Vec::new();
    while !words.done() {
        let sign = if words.eat("-") { "-" } else { "" };
        // Words and numbers are taken as they are written: the server makes texts of them.
        let value = words.string().or_else(|| words.name()).or_else(|| words.next()).unwrap_or_default();
        all.push(format!("{sign}{value}"));
        if !words.eat(",") {
            break;
        }
    }
    all
}

/// What a trigger runs, as one text.
pub(super) fn action(function: &Name, arguments: &[String]) -> Expression {
    Expression::plain(normal::trigger_action(function, arguments))
}
