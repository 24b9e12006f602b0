//! Constraints, indexes, triggers and policies of tables; partitions.
use super::Writer;
use super::text::{self, full, ident};
use crate::engines::schema::catalog::{
    Catalog, Column, Constraint, ConstraintKind, Index, Key, Kind, Name, Policy, Table, Trigger,
};
use std::collections::BTreeSet;

/// Constraints as they are compared: without their places.
fn same_constraint(a: &Constraint, b: &Constraint) -> bool {
    let kinds = match (&a.kind, &b.kind) {
        (ConstraintKind::PrimaryKey(a), ConstraintKind::PrimaryKey(b))
        | (ConstraintKind::Unique(a), ConstraintKind::Unique(b))
        | (ConstraintKind::Exclude(a), ConstraintKind::Exclude(b)) => same_index(a, b),
        (ConstraintKind::Check(a), ConstraintKind::Check(b)) => a.normal == b.normal,
        (a, b) => a == b,
    };
    let flags = |one: &Constraint| (one.deferrable, one.deferred, one.not_enforced, one.no_inherit);
    kinds && flags(a) == flags(b)
}

pub(super) fn same_index(a: &Index, b: &Index) -> bool {
    let keys = |index: &Index| index.keys.iter().map(|key| key.normal()).collect::<Vec<_>>();
    let predicate = |index: &Index| index.predicate.as_ref().map(|one| one.normal.clone());
    (a.unique, &a.method, &a.include, a.nulls_not_distinct, &a.options)
        == (b.unique, &b.method, &b.include, b.nulls_not_distinct, &b.options)
        && keys(a) == keys(b)
        && predicate(a) == predicate(b)
}

pub(super) fn same_trigger(a: &Trigger, b: &Trigger) -> bool {
    let condition = |one: &Trigger| one.condition.as_ref().map(|one| one.normal.clone());
    (&a.timing, &a.events, &a.columns, a.for_each_row, &a.action.normal, &a.options)
        == (&b.timing, &b.events, &b.columns, b.for_each_row, &b.action.normal, &b.options)
        && condition(a) == condition(b)
}

fn same_policy(a: &Policy, b: &Policy) -> bool {
    let rows = |one: &Policy| {
        (one.using.as_ref().map(|one| one.normal.clone()), one.check.as_ref().map(|one| one.normal.clone()))
    };
    (&a.command, a.permissive, &a.roles) == (&b.command, b.permissive, &b.roles) && rows(a) == rows(b)
}

/// Whether a constraint comes with the table's parent, so that it is not written for the table itself.
fn comes_with_parent(table: &Table, constraint: &Constraint) -> bool {
    let key = matches!(constraint.kind, ConstraintKind::ForeignKey(_));
    constraint.inherited && (key || table.partitioning.parent.is_none())
}

/// Every name that an index of a table or view takes.
fn index_names(catalog: &Catalog) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    for (name, table) in &catalog.tables {
        let behind = table.constraints.iter().filter(|one| has_index(one)).map(|one| &one.name);
        names.extend(
            table.indexes.iter().map(|one| &one.name).chain(behind).map(|own| Name::new(&*name.schema, &**own)),
        );
    }
    for (name, view) in &catalog.views {
        names.extend(view.indexes.iter().map(|one| Name::new(&*name.schema, &*one.name)));
    }
    names
}

pub(super) fn has_index(one: &Constraint) -> bool {
    matches!(one.kind, ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_) | ConstraintKind::Exclude(_))
}

impl Writer<'_> {
    /// Whether a column that something names gets another type or collation, or is new or gone.
    fn touches_retyped(&self, old: &Table, new: &Table, names: &dyn Fn(&str) -> bool) -> bool {
        let gone = old.columns.iter().filter(|column| new.column(&column.name).is_none());
        gone.map(|column| &column.name).any(|column| names(column))
            || new.columns.iter().any(|column| {
                old.column(&column.name).is_none_or(|known| self.retyped(known, column)) && names(&column.name)
            })
    }

    fn index_goes(&self, old: &Table, new: &Table, index: &Index) -> bool {
        let Some(known) = new.indexes.iter().find(|known| known.name == index.name) else { return true };
        let over = |column: &str| {
            let keys =
                index.keys.iter().filter(|key| !key.column).any(|key| text::mentions(&key.expression.normal, column));
            keys || index.predicate.as_ref().is_some_and(|predicate| text::mentions(&predicate.normal, column))
        };
        // A column that is dropped takes its indexes along, and a computed one is dropped when it changes.
        let dropped = |column: &str| {
            index.keys.iter().any(|key| key.column && key.expression.normal == column)
                || index.include.iter().any(|one| one == column)
        };
        let regenerated = new.columns.iter().any(|column| {
            let generated = |one: &Column| one.generated.as_ref().map(|one| one.expression.normal.clone());
            column.generated.is_some()
                && old.column(&column.name).is_some_and(|known| generated(known) != generated(column))
                && dropped(&column.name)
        });
        let lost = old.columns.iter().any(|column| new.column(&column.name).is_none() && dropped(&column.name));
        let calls = index.keys.iter().map(|key| &key.expression).chain(&index.predicate);
        let called = calls.into_iter().any(|one| self.calls_lost(&one.normal));
        called || regenerated || lost || !same_index(known, index) || self.touches_retyped(old, new, &over)
    }

    /// Whether a trigger is dropped: it is gone or another one, or names columns that change.
    pub(super) fn trigger_goes(&self, old: &Table, new: &Table, trigger: &Trigger) -> bool {
        let names = |column: &str| {
            trigger.columns.iter().any(|one| one == column)
                || trigger.condition.as_ref().is_some_and(|condition| {
                    text::mentions(&condition.normal, column) || text::mentions(&condition.text, "*")
                })
        };
        !new.triggers.iter().any(|known| known.name == trigger.name && same_trigger(known, trigger))
            || self.touches_retyped(old, new, &names)
    }

    fn policy_goes(&self, old: &Table, new: &Table, policy: &Policy) -> bool {
        let rows = || policy.using.iter().chain(&policy.check);
        let names = |column: &str| rows().any(|one| text::mentions(&one.normal, column));
        !new.policies.iter().any(|known| known.name == policy.name && same_policy(known, policy))
            || self.touches_retyped(old, new, &names)
            || rows().any(|one| self.calls_lost(&one.normal))
            || self.touched.iter().any(|table| rows().any(|one| text::mentions(&one.text, &table.name)))
    }

    /// What a partition keeps of its parent when it is detached, unless the parent lost it before.
    fn drop_kept(&mut self, name: &Name, old: &Table, new: &Table) {
        for one in old.constraints.iter().filter(|one| one.inherited && !matches!(one.kind, ConstraintKind::NotNull(_)))
        {
            if !new.constraints.iter().any(|known| known.name == one.name) {
                let sql = format!("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}", full(name), ident(&one.name));
                self.script.push(&Key::part(Kind::Constraint, name, &*one.name), sql);
            }
        }
        for one in old.indexes.iter().filter(|one| one.implied) {
            if !new.indexes.iter().any(|known| known.name == one.name) {
                let sql = format!("DROP INDEX IF EXISTS {}", full(&Name::new(&*name.schema, &*one.name)));
                self.script.push(&Key::part(Kind::Index, name, &*one.name), sql);
            }
        }
    }

    /// Whether a text calls a function that is dropped together with what depends on it.
    pub(super) fn calls_lost(&self, text: &str) -> bool {
        self.lost_functions.iter().any(|name| text::mentions(text, name))
    }

    /// Indexes of tables that go, whose names others take.
    fn free_names(&mut self) {
        let (before, after) = (self.before, self.after);
        let taken = index_names(after);
        for (name, old) in before.tables.iter().filter(|(name, _)| !after.tables.contains_key(*name)) {
            let clash = |own: &str| taken.contains(&Name::new(&*name.schema, own));
            for one in old.constraints.iter().filter(|one| has_index(one) && clash(&one.name)) {
                let sql = format!("ALTER TABLE {} DROP CONSTRAINT {}", full(name), ident(&one.name));
                self.script.push(&Key::part(Kind::Constraint, name, &*one.name), sql);
            }
            for one in old.indexes.iter().filter(|one| clash(&one.name)) {
                let sql = format!("DROP INDEX {}", full(&Name::new(&*name.schema, &*one.name)));
                self.script.push(&Key::part(Kind::Index, name, &*one.name), sql);
            }
        }
    }

    /// What stands in the way of other changes goes first: foreign keys, then constraints and indexes, triggers, policies, rules, views.
    pub(super) fn drop_dependents(&mut self) {
        self.drop_code();
        self.drop_views();
        let (before, after) = (self.before, self.after);
        for pass in [true, false] {
            for (name, old) in &before.tables {
                let new = after.tables.get(name);
                for constraint in &old.constraints {
                    let key = matches!(constraint.kind, ConstraintKind::ForeignKey(_));
                    if key == pass && self.constraint_goes(name, old, new, constraint) {
                        let part = Key::part(Kind::Constraint, name, &*constraint.name);
                        self.script.push(
                            &part,
                            format!("ALTER TABLE {} DROP CONSTRAINT {}", full(name), ident(&constraint.name)),
                        );
                    }
                }
            }
        }
        self.free_names();
        for (name, old) in &before.tables {
            let Some(new) = after.tables.get(name) else { continue };
            for parent in old.inherits.iter().filter(|parent| !new.inherits.contains(parent)) {
                let key = Key::top(Kind::Table, name);
                self.script.push(&key, format!("ALTER TABLE {} NO INHERIT {}", full(name), full(parent)));
            }
            for index in &old.indexes {
                if index.implied || !self.index_goes(old, new, index) {
                    continue;
                }
                let part = Key::part(Kind::Index, name, &*index.name);
                self.script.push(&part, format!("DROP INDEX {}", full(&Name::new(&*name.schema, &*index.name))));
            }
            if old.partitioning.parent.is_some()
                && old.partitioning.parent != new.partitioning.parent
                && let Some(parent) = &old.partitioning.parent
            {
                let key = Key::top(Kind::Table, name);
                self.script.push(&key, format!("ALTER TABLE {} DETACH PARTITION {}", full(parent), full(name)));
                self.drop_kept(name, old, new);
            }
        }
    }

    /// A constraint that another one replaces, that is gone, or whose table is gone while others refer to it.
    fn constraint_goes(&self, name: &Name, old: &Table, new: Option<&Table>, constraint: &Constraint) -> bool {
        if matches!(constraint.kind, ConstraintKind::NotNull(_))
            || comes_with_parent(old, constraint)
            || (constraint.inherited && new.is_some())
        {
            return false;
        }
        let Some(new) = new else { return matches!(constraint.kind, ConstraintKind::ForeignKey(_)) };
        let _ = name;
        let Some(known) = new.constraints.iter().find(|known| known.name == constraint.name) else { return true };
        if !same_constraint(known, constraint) || (known.not_valid && !constraint.not_valid) {
            return true;
        }
        // A foreign key is made anew around a change of the key that it refers to, and a check around its columns.
        match &constraint.kind {
            ConstraintKind::ForeignKey(key) => {
                let own = self.touches_retyped(old, new, &|column| key.columns.iter().any(|one| one == column));
                let there = self.before.tables.get(&key.table).zip(self.after.tables.get(&key.table));
                own || there.is_none_or(|(before, after)| {
                    self.touches_retyped(before, after, &|column| key.references.iter().any(|one| one == column))
                        || key_goes(before, after, &key.references)
                })
            }
            ConstraintKind::Check(condition) => {
                self.calls_lost(&condition.normal)
                    || self.touches_retyped(old, new, &|column| text::mentions(&condition.normal, column))
            }
            _ => false,
        }
    }

    /// Constraints and indexes that are new, and those that went above.
    pub(super) fn table_parts(&mut self) {
        let (before, after) = (self.before, self.after);
        for (name, new) in &after.tables {
            let old = before.tables.get(name);
            for constraint in new.constraints.iter().filter(|one| !matches!(one.kind, ConstraintKind::ForeignKey(_))) {
                self.add_constraint(name, old, new, constraint);
            }
            for index in &new.indexes {
                let known = old.and_then(|old| {
                    old.indexes.iter().find(|known| known.name == index.name).map(|known| (old, known))
                });
                let attached = old.is_some_and(|old| {
                    old.partitioning.parent.is_some() && old.partitioning.parent == new.partitioning.parent
                });
                let skip = index.implied && attached;
                if !skip && known.is_none_or(|(old, known)| self.index_goes(old, new, known)) {
                    self.script.push(&Key::part(Kind::Index, name, &*index.name), text::index(name, index));
                }
            }
            if let Some(identity) = new
                .options
                .get("replica identity")
                .filter(|value| old.and_then(|old| old.options.get("replica identity")) != Some(*value))
            {
                let key = Key::top(Kind::Table, name);
                let how = match identity.as_str() {
                    "full" | "nothing" => identity.to_uppercase(),
                    index => format!("USING INDEX {}", ident(index.strip_prefix("index ").unwrap_or(index))),
                };
                self.script.push(&key, format!("ALTER TABLE {} REPLICA IDENTITY {how}", full(name)));
            }
        }
        for (name, new) in &after.tables {
            let old = before.tables.get(name);
            let had = old.is_some_and(|old| old.options.contains_key("replica identity"));
            if had && !new.options.contains_key("replica identity") {
                let sql = format!("ALTER TABLE {} REPLICA IDENTITY DEFAULT", full(name));
                self.script.push(&Key::top(Kind::Table, name), sql);
            }
            for constraint in new.constraints.iter().filter(|one| matches!(one.kind, ConstraintKind::ForeignKey(_))) {
                self.add_constraint(name, old, new, constraint);
            }
        }
    }

    fn add_constraint(&mut self, name: &Name, old: Option<&Table>, new: &Table, constraint: &Constraint) {
        if matches!(constraint.kind, ConstraintKind::NotNull(_)) || comes_with_parent(new, constraint) {
            return;
        }
        let part = Key::part(Kind::Constraint, name, &*constraint.name);
        let known = old.and_then(|old| {
            old.constraints.iter().find(|known| known.name == constraint.name).map(|known| (old, known))
        });
        let (table, own) = (full(name), ident(&constraint.name));
        match known {
            Some((old, known)) if !self.constraint_goes(name, old, Some(new), known) => {
                if known.not_valid && !constraint.not_valid {
                    self.script.push(&part, format!("ALTER TABLE {table} VALIDATE CONSTRAINT {own}"));
                }
            }
            None if constraint.inherited
                && old.is_some_and(|old| old.partitioning.parent == new.partitioning.parent) => {}
            _ => self
                .script
                .push(&part, format!("ALTER TABLE {table} ADD CONSTRAINT {own} {}", text::constraint(constraint))),
        }
    }

    /// Partitions are made as tables of their own and attached when they have all that the parent asks for.
    pub(super) fn attach_partitions(&mut self) {
        let (before, after) = (self.before, self.after);
        for (name, table) in &after.tables {
            let (Some(parent), Some(bound)) = (&table.partitioning.parent, &table.partitioning.bound) else { continue };
            if before.tables.get(name).is_some_and(|old| old.partitioning.parent.as_ref() == Some(parent)) {
                continue;
            }
            let key = Key::top(Kind::Table, name);
            self.script
                .push(&key, format!("ALTER TABLE {} ATTACH PARTITION {} {}", full(parent), full(name), bound.text));
        }
    }

    pub(super) fn policies(&mut self) {
        let (before, after) = (self.before, self.after);
        for (name, new) in &after.tables {
            for policy in &new.policies {
                let old = before.tables.get(name);
                let known =
                    old.and_then(|old| Some((old, old.policies.iter().find(|known| known.name == policy.name)?)));
                if known.is_none_or(|(old, known)| self.policy_goes(old, new, known)) {
                    self.script.push(&Key::part(Kind::Policy, name, &*policy.name), create_policy(name, policy));
                }
            }
        }
    }

    /// Triggers, policies and rules that go or are made anew.
    fn drop_code(&mut self) {
        let (before, after) = (self.before, self.after);
        for (name, old) in &before.tables {
            let Some(new) = after.tables.get(name) else { continue };
            for policy in &old.policies {
                if self.policy_goes(old, new, policy) {
                    let part = Key::part(Kind::Policy, name, &*policy.name);
                    self.script.push(&part, format!("DROP POLICY {} ON {}", ident(&policy.name), full(name)));
                }
            }
            for trigger in &old.triggers {
                if !self.cloned(name, trigger) && self.trigger_goes(old, new, trigger) {
                    let part = Key::part(Kind::Trigger, name, &*trigger.name);
                    self.script.push(&part, format!("DROP TRIGGER {} ON {}", ident(&trigger.name), full(name)));
                }
            }
        }
    }

    /// Whether a trigger of a partition is its parent's.
    pub(super) fn cloned(&self, name: &Name, trigger: &Trigger) -> bool {
        [self.before, self.after].iter().any(|catalog| {
            let parent = catalog.tables.get(name).and_then(|table| table.partitioning.parent.as_ref());
            let parent = parent.and_then(|parent| catalog.tables.get(parent));
            parent.is_some_and(|parent| parent.triggers.iter().any(|one| one.name == trigger.name))
        })
    }
}

/// Whether the key over these columns goes or is made anew.
fn key_goes(before: &Table, after: &Table, columns: &[String]) -> bool {
    let of = |table: &Table| {
        let keys = table.constraints.iter().filter_map(|one| match &one.kind {
            ConstraintKind::PrimaryKey(index) | ConstraintKind::Unique(index) => {
                Some((one.name.clone(), index.keys.iter().map(|key| key.normal()).collect::<Vec<_>>()))
            }
            _ => None,
        });
        let mut keys: Vec<_> = keys
            .filter(|(_, keys)| keys.len() == columns.len() && keys.iter().all(|key| columns.contains(key)))
            .collect();
        keys.sort();
        keys
    };
    of(before) != of(after)
}

fn create_policy(table: &Name, policy: &Policy) -> String {
    let mut sql = format!("CREATE POLICY {} ON {}", ident(&policy.name), full(table));
    if !policy.permissive {
        sql.push_str(" AS RESTRICTIVE");
    }
    if policy.command != "all" {
        sql.push_str(&format!(" FOR {}", policy.command.to_uppercase()));
    }
    let roles: Vec<String> =
        policy.roles.iter().map(|role| if role == "public" { "PUBLIC".to_owned() } else { ident(role) }).collect();
    if !roles.is_empty() {
        sql.push_str(&format!(" TO {}", roles.join(", ")));
    }
    if let Some(using) = &policy.using {
        sql.push_str(&format!(" USING ({})", using.text));
    }
    if let Some(check) = &policy.check {
        sql.push_str(&format!(" WITH CHECK ({})", check.text));
    }
    sql
}
