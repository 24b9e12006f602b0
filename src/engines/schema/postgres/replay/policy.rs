//! Row-level security policies.
use super::dependents::Holder;
use super::run::{Done, Refusal};
use super::state::State;
use super::words::{Words, folded};
use crate::engines::schema::catalog::{DataType, Expression, Key, Kind, Name, Policy};
use crate::engines::schema::postgres::normal;
use squawk_syntax::SyntaxNode;

impl State {
    /// Names and types of the columns of a table or view.
    pub(super) fn columns_of_table(&self, table: &Name) -> Vec<(String, DataType)> {
        if let Some(table) = self.catalog.tables.get(table) {
            return table.columns.iter().map(|one| (one.name.clone(), one.data_type.clone())).collect();
        }
        self.catalog.views.get(table).map(|view| view.columns.clone()).unwrap_or_default()
    }

    /// `CREATE POLICY`.
    pub(super) fn create_policy(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("CREATE POLICY");
        let Some(name) = words.name() else { return State::not_understood() };
        words.eat("ON");
        let table = self.policy_table(&mut words)?;
        let mut policy = Policy { name, command: "all".to_owned(), permissive: true, ..Policy::default() };
        if words.eat("AS") {
            policy.permissive = !words.is("RESTRICTIVE");
            words.next();
        }
        if words.eat("FOR") {
            policy.command = words.next().unwrap_or_default().to_lowercase();
        }
        self.policy_clauses(&mut words, &table, &mut policy);
        if policy.roles.is_empty() {
            policy.roles.push("public".to_owned());
        }
        if self.catalog.tables.get(&table).is_some_and(|found| found.policies.iter().any(|one| one.name == policy.name))
        {
            return State::fails("a policy of this name exists already");
        }
        policy.meta = self.create(&Key::part(Kind::Policy, &table, &policy.name));
        if let Some(found) = self.catalog.tables.get_mut(&table) {
            found.policies.push(policy);
            found.policies.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Ok(())
    }

    fn policy_table(&mut self, words: &mut Words) -> Result<Name, Refusal> {
        let found = words.qualified().and_then(|(schema, table)| self.table(schema.as_deref(), &table));
        let lost = || Refusal::new("undefined_table", "the table of the policy is not known", Vec::<Key>::new());
        let found = found.ok_or_else(lost)?;
        self.touch_table(&found);
        Ok(found)
    }

    fn policy_clauses(&mut self, words: &mut Words, table: &Name, policy: &mut Policy) {
        if words.eat("TO") {
            policy.roles = roles(words);
        }
        if words.eat("USING") {
            let text = words.parens().unwrap_or_default();
            policy.using =
                Some(self.policy_expression(table, &text, Holder::Using(table.clone(), policy.name.clone())));
        }
        if words.eat("WITH CHECK") {
            let text = words.parens().unwrap_or_default();
            policy.check =
                Some(self.policy_expression(table, &text, Holder::Check(table.clone(), policy.name.clone())));
        }
    }

    fn policy_expression(&mut self, table: &Name, text: &str, holder: Holder) -> Expression {
        let uses = self.analyse_expression(text, &[(table.name.as_str(), table)]).uses;
        let expression = self.table_expression(table, text);
        self.depend(holder, &expression.text, uses);
        expression
    }

    /// An expression over the columns of a table.
    pub(super) fn table_expression(&self, table: &Name, text: &str) -> Expression {
        let columns = self.columns_of_table(table);
        let pairs: Vec<(&str, &DataType)> =
            columns.iter().map(|(name, data_type)| (name.as_str(), data_type)).collect();
        normal::expression(
            text,
            normal::Context { columns: &pairs, catalog: Some(&self.catalog), ..normal::Context::default() },
        )
    }

    /// `ALTER POLICY`.
    pub(super) fn alter_policy(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("ALTER POLICY");
        let Some(name) = words.name() else { return State::not_understood() };
        words.eat("ON");
        let table = self.policy_table(&mut words)?;
        let found =
            self.catalog.tables.get(&table).and_then(|found| found.policies.iter().find(|one| one.name == name));
        let Some(mut policy) = found.cloned() else {
            return State::lost("the policy that it names is not known");
        };
        if words.eat("RENAME TO") {
            policy.name = words.name().unwrap_or_default();
            self.policy_renamed(&table, &name, &policy.name);
        } else {
            self.policy_clauses(&mut words, &table, &mut policy);
        }
        if let Some(found) = self.catalog.tables.get_mut(&table) {
            found.policies.retain(|one| one.name != name);
            found.policies.push(policy);
            found.policies.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Ok(())
    }

    /// `DROP POLICY`.
    pub(super) fn drop_policy(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("DROP POLICY");
        let conditional = words.eat("IF EXISTS");
        self.now.flags.conditional |= conditional;
        let Some(name) = words.name() else { return State::not_understood() };
        words.eat("ON");
        let table = words.qualified().and_then(|(schema, table)| self.table(schema.as_deref(), &table));
        let gone = table.is_some_and(|table| self.remove_policy(&table, &name));
        if !gone && !conditional {
            return State::lost("the policy that it names is not known");
        }
        self.now.flags.skipped |= !gone;
        Ok(())
    }

    /// Takes a policy away.
    pub(super) fn remove_policy(&mut self, table: &Name, name: &str) -> bool {
        self.touch_table(table);
        let Some(found) = self.catalog.tables.get_mut(table) else { return false };
        let Some(at) = found.policies.iter().position(|one| one.name == name) else { return false };
        found.policies.remove(at);
        self.undepend(&Holder::Using(table.clone(), name.to_owned()));
        self.undepend(&Holder::Check(table.clone(), name.to_owned()));
        true
    }
}

/// Roles, sorted; the words for the current user are kept as they are.
pub(super) fn roles(words: &mut Words) -> Vec<String> {
    let mut roles = Vec::new();
    while let Some(word) = words.next() {
        // Old grammar: GROUP before a role.
        if word.eq_ignore_ascii_case("group") && !matches!(words.peek(0), "," | "") {
            continue;
        }
        roles.push(folded(&word).unwrap_or(word));
        if !words.eat(",") {
            break;
        }
    }
    roles.sort();
    roles.dedup();
    roles
}
