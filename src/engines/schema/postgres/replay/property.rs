//! Properties of tables that `ALTER TABLE` sets: row security, options, triggers on and off, replica identity.
use super::parse::{self, Look};
use super::run::{Done, Refusal};
use super::state::State;
use super::table;
use super::written;
use crate::engines::schema::catalog::{Key, Kind, Name, Table};
use squawk_syntax::ast;

impl State {
    /// Sets a property.
    pub(super) fn table_property(&mut self, name: &Name, action: &ast::AlterTableAction) -> Done {
        use ast::AlterTableAction as Of;
        let text = action.words().to_lowercase();
        match action {
            Of::EnableRls(_) => self.change(name, |one| one.row_security = true),
            Of::DisableRls(_) => self.change(name, |one| one.row_security = false),
            Of::ForceRls(_) => self.change(name, |one| one.force_row_security = true),
            Of::NoForceRls(_) => self.change(name, |one| one.force_row_security = false),
            Of::SetLogged(_) => self.set_unlogged(name, false),
            Of::SetUnlogged(_) => self.set_unlogged(name, true),
            Of::SetOptions(set) => {
                let options = table::table_options(set);
                self.change(name, |one| one.options.extend(options));
            }
            Of::ResetOptions(reset) => {
                let options = written::options(reset);
                self.change(name, |one| one.options.retain(|word, _| !options.contains_key(word)));
            }
            Of::AlterOptionList(list) => self.change(name, |one| table::foreign_options(list, &mut one.options)),
            Of::SetTablespace(to) => {
                let space = to.one::<ast::TablespaceRef>().map(|one| parse::own_name(&one)).unwrap_or_default();
                self.change(name, |one| {
                    one.options.remove("tablespace");
                    super::index::tablespace(&mut one.options, &space);
                });
            }
            Of::SetAccessMethod(to) => {
                let method =
                    to.one::<ast::AccessMethodRef>().map(|one| parse::own_name(&one)).filter(|one| one != "heap");
                self.change(name, |one| {
                    one.options.remove("access method");
                    one.options.extend(method.map(|method| ("access method".to_owned(), method)));
                });
            }
            Of::OfType(of) => {
                let found = self.resolve_type(&of.one::<ast::Type>().map(|one| one.words()).unwrap_or_default())?;
                self.change(name, |one| drop(one.options.insert("of".to_owned(), found.to_string())));
            }
            Of::NotOf(_) => self.change(name, |one| drop(one.options.remove("of"))),
            Of::ReplicaIdentity(identity) => return self.replica_identity(name, identity),
            Of::ClusterOn(on) => {
                let index = parse::path(on).map(|(_, index)| index).unwrap_or_default();
                return self.cluster_on(name, Some(&index));
            }
            Of::SetWithoutCluster(_) => return self.cluster_on(name, None),
            Of::EnableTrigger(_) | Of::EnableAlwaysTrigger(_) | Of::EnableReplicaTrigger(_) | Of::DisableTrigger(_) => {
                let state = enabled(&text);
                let of = action.deep::<ast::TriggerRef>().map(|one| parse::own_name(&one));
                return self.switch_trigger(name, of.as_deref(), state);
            }
            Of::EnableRule(_) | Of::EnableAlwaysRule(_) | Of::EnableReplicaRule(_) | Of::DisableRule(_) => {
                let state = enabled(&text);
                let rule = action.deep::<ast::RuleRef>().map(|one| parse::own_name(&one)).unwrap_or_default();
                let key = Key::part(Kind::Rule, name, rule);
                if let Some(one) = self.catalog.others.get_mut(&key) {
                    one.attributes.remove("enabled");
                    one.attributes.extend(state.map(|state| ("enabled".to_owned(), state.to_owned())));
                }
            }
            // Who owns it is not part of the structure; WITHOUT OIDS is always so.
            Of::OwnerTo(_) | Of::SetWithoutOids(_) => {}
            _ => {
                return Err(self.beyond(
                    name,
                    format!("this action is not modelled: {}", text.chars().take(80).collect::<String>()),
                ));
            }
        }
        Ok(())
    }

    /// Changes a table.
    pub(super) fn change(&mut self, name: &Name, change: impl FnOnce(&mut Table)) {
        self.touch_table(name);
        if let Some(table) = self.catalog.tables.get_mut(name) {
            change(table);
        }
    }

    fn set_unlogged(&mut self, name: &Name, unlogged: bool) {
        self.change(name, |one| one.unlogged = unlogged);
        if self.catalog.server.version.0 < 15 {
            return;
        }
        let owned: Vec<Name> = self
            .catalog
            .sequences
            .iter()
            .filter(|(_, one)| one.owned_by.as_ref().is_some_and(|(table, _)| table == name))
            .map(|(name, _)| name.clone())
            .collect();
        for sequence in owned {
            self.touch_sequence(&sequence);
            self.catalog.sequences.entry(sequence).and_modify(|one| one.unlogged = unlogged);
        }
    }

    fn replica_identity(&mut self, name: &Name, identity: &ast::ReplicaIdentity) -> Done {
        let value = match identity.one::<ast::ReplicaIdentityOption>() {
            Some(ast::ReplicaIdentityOption::ReplicaIdentityFull(_)) => Some("full".to_owned()),
            Some(ast::ReplicaIdentityOption::ReplicaIdentityNothing(_)) => Some("nothing".to_owned()),
            Some(ast::ReplicaIdentityOption::UsingIndexName(one)) => {
                parse::path(&one).map(|(_, index)| format!("using index {index}"))
            }
            _ => None,
        };
        self.change(name, |one| {
            one.options.remove("replica identity");
            one.options.extend(value.map(|value| ("replica identity".to_owned(), value)));
        });
        Ok(())
    }

    fn cluster_on(&mut self, name: &Name, index: Option<&str>) -> Done {
        let table = self.must_be_table(name)?;
        let all: Vec<String> = table
            .indexes
            .iter()
            .map(|one| one.name.clone())
            .chain(table.constraints.iter().filter(|one| super::names::is_index(&one.kind)).map(|one| one.name.clone()))
            .collect();
        if let Some(index) = index.filter(|index| !all.iter().any(|one| one == index)) {
            let reason = format!("index \"{index}\" for table \"{}\" does not exist", name.name);
            return Err(Refusal::new("undefined_object", reason, [State::table_key(name)]));
        }
        for one in all {
            let on = Some(one.as_str()) == index;
            self.change_index(name, &one, |index| {
                index.options.remove("clustered");
                if on {
                    index.options.insert("clustered".to_owned(), "yes".to_owned());
                }
            });
        }
        Ok(())
    }

    fn switch_trigger(&mut self, name: &Name, trigger: Option<&str>, state: Option<&str>) -> Done {
        if let Some(trigger) = trigger
            && !self.must_be_table(name)?.triggers.iter().any(|one| one.name == trigger)
        {
            let reason = format!("trigger \"{trigger}\" for table \"{}\" does not exist", name.name);
            return Err(Refusal::new("undefined_object", reason, [State::table_key(name)]));
        }
        for table in self.family_of_partitions(name) {
            self.change(&table, |table| {
                for one in table.triggers.iter_mut().filter(|one| trigger.is_none_or(|trigger| trigger == one.name)) {
                    one.options.remove("enabled");
                    one.options.extend(state.map(|state| ("enabled".to_owned(), state.to_owned())));
                }
            });
        }
        Ok(())
    }

    /// A table and its partitions at any depth.
    fn family_of_partitions(&self, name: &Name) -> Vec<Name> {
        let mut all = vec![name.clone()];
        let mut at = 0;
        while let Some(one) = all.get(at).cloned() {
            all.extend(self.partitions(&one));
            at += 1;
        }
        all
    }
}

/// The state that a switch brings about; `None` for the usual one.
fn enabled(text: &str) -> Option<&'static str> {
    match text.split_whitespace().take(2).collect::<Vec<_>>().as_slice() {
        ["disable", ..] => Some("disabled"),
        ["enable", "replica"] => Some("replica"),
        ["enable", "always"] => Some("always"),
        _ => None,
    }
}
