//! Schemas, extensions, types, sequences, what is compared by its text, comments, and what goes last.
use super::Writer;
use super::table::ordered;
use super::text::{self, full, ident, literal};
use crate::engines::schema::catalog::{DataType, Expression, Key, Kind, Name, Sequence, UserType, UserTypeKind};
use std::collections::BTreeMap;

/// The key and the word of a type.
fn type_key(name: &Name, one: &UserType) -> (Key, &'static str) {
    match one.kind {
        UserTypeKind::Domain { .. } => (Key::top(Kind::Domain, name), "DOMAIN"),
        UserTypeKind::Composite(_) => (Key::top(Kind::Composite, name), "TYPE"),
        UserTypeKind::Range { .. } => (Key::top(Kind::Range, name), "TYPE"),
        UserTypeKind::Other(_) => (Key::top(Kind::Other, name), "TYPE"),
        UserTypeKind::Enum(_) => (Key::top(Kind::Enum, name), "TYPE"),
    }
}

/// Types of the database that a type is made of.
fn needs(one: &UserType) -> Vec<Name> {
    let own = |data_type: &DataType| data_type.schema.as_ref().map(|schema| Name::new(&**schema, &*data_type.name));
    match &one.kind {
        UserTypeKind::Domain { base, .. } => own(base).into_iter().collect(),
        UserTypeKind::Composite(fields) => fields.iter().filter_map(|(_, data_type)| own(data_type)).collect(),
        UserTypeKind::Range { subtype, .. } => own(subtype).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// What is compared of a type.
fn shape(one: &UserType) -> UserTypeKind {
    let bare = |expression: &Expression| Expression::plain(&*expression.normal);
    match &one.kind {
        UserTypeKind::Domain { base, not_null, default, collation, checks } => UserTypeKind::Domain {
            base: base.clone(),
            not_null: *not_null,
            default: default.as_ref().map(bare),
            collation: collation.clone(),
            checks: checks.iter().map(|(name, check)| (name.clone(), bare(check))).collect(),
        },
        other => other.clone(),
    }
}

/// Whether a type cannot be changed in place.
fn is_replaced(old: &UserType, new: &UserType) -> bool {
    match (&old.kind, &new.kind) {
        (UserTypeKind::Enum(before), UserTypeKind::Enum(after)) => added(before, after).is_none(),
        (UserTypeKind::Domain { base: a, collation: c, .. }, UserTypeKind::Domain { base: b, collation: d, .. }) => {
            a != b || c != d
        }
        (UserTypeKind::Composite(_), UserTypeKind::Composite(_)) => false,
        _ => shape(old) != shape(new),
    }
}

impl Writer<'_> {
    /// Types that are made anew.
    pub(super) fn find_replaced_types(&mut self) {
        let (before, after) = (self.before, self.after);
        let replaced =
            before.types.iter().filter(|(name, old)| after.types.get(*name).is_some_and(|new| is_replaced(old, new)));
        self.replaced = replaced.map(|(name, _)| name.clone()).collect();
    }

    pub(super) fn create_schemas(&mut self) {
        for name in self.after.schemas.keys().filter(|name| !self.before.schemas.contains_key(*name)) {
            let key = Key::top(Kind::Schema, &Name::new("", &**name));
            self.script.push(&key, format!("CREATE SCHEMA {}", ident(name)));
        }
    }

    pub(super) fn create_extensions(&mut self) {
        for (name, new) in &self.after.extensions {
            let key = Key::top(Kind::Extension, &Name::new("", &**name));
            match self.before.extensions.get(name) {
                None => {
                    let schema =
                        if new.schema.is_empty() { String::new() } else { format!(" SCHEMA {}", ident(&new.schema)) };
                    let version = new
                        .version
                        .as_ref()
                        .map(|version| format!(" VERSION {}", literal(version)))
                        .unwrap_or_default();
                    self.script.push(&key, format!("CREATE EXTENSION IF NOT EXISTS {}{schema}{version}", ident(name)));
                }
                Some(old) if old.schema != new.schema && !new.schema.is_empty() => {
                    self.script
                        .push(&key, format!("ALTER EXTENSION {} SET SCHEMA {}", ident(name), ident(&new.schema)));
                }
                Some(_) => {}
            }
        }
    }

    pub(super) fn types(&mut self) {
        let (before, after) = (self.before, self.after);
        let new = after.types.keys().filter(|name| !before.types.contains_key(*name));
        for name in ordered(new, |name| after.types.get(name).map(needs).unwrap_or_default()) {
            if let Some(one) = after.types.get(&name) {
                let (key, _) = type_key(&name, one);
                self.script.push(&key, create_type(&name, one));
            }
        }
        for (name, new) in &after.types {
            if let Some(old) = before.types.get(name).filter(|old| shape(old) != shape(new)) {
                self.alter_type(name, old, new);
            }
        }
    }

    fn alter_type(&mut self, name: &Name, old: &UserType, new: &UserType) {
        let (key, _) = type_key(name, new);
        let own = full(name);
        match (&old.kind, &new.kind) {
            (UserTypeKind::Enum(before), UserTypeKind::Enum(after)) => match added(before, after) {
                Some(added) => {
                    for (label, place) in added {
                        self.script.push(&key, format!("ALTER TYPE {own} ADD VALUE {}{place}", literal(&label)));
                    }
                }
                None => self.replace_type(name, new),
            },
            (UserTypeKind::Composite(before), UserTypeKind::Composite(after)) => {
                for (field, _) in before.iter().filter(|(field, _)| !after.iter().any(|(known, _)| known == field)) {
                    self.script.push(&key, format!("ALTER TYPE {own} DROP ATTRIBUTE {} CASCADE", ident(field)));
                }
                for (field, data_type) in after {
                    let verb = match before.iter().find(|(known, _)| known == field) {
                        None => "ADD ATTRIBUTE",
                        Some((_, known)) if known != data_type => "ALTER ATTRIBUTE",
                        Some(_) => continue,
                    };
                    let word = if verb.starts_with("ALTER") { "TYPE " } else { "" };
                    self.script.push(
                        &key,
                        format!(
                            "ALTER TYPE {own} {verb} {} {word}{} CASCADE",
                            ident(field),
                            text::data_type(data_type)
                        ),
                    );
                }
            }
            (UserTypeKind::Domain { .. }, UserTypeKind::Domain { .. }) => self.alter_domain(name, old, new),
            _ => self.replace_type(name, new),
        }
    }

    fn alter_domain(&mut self, name: &Name, old: &UserType, new: &UserType) {
        let (
            UserTypeKind::Domain { not_null: was, default: old_default, checks: old_checks, .. },
            UserTypeKind::Domain { not_null, default, checks, .. },
        ) = (&old.kind, &new.kind)
        else {
            return;
        };
        if self.replaced.contains(name) {
            return self.replace_type(name, new);
        }
        let key = Key::top(Kind::Domain, name);
        let mut say = |what: String| self.script.push(&key, format!("ALTER DOMAIN {} {what}", full(name)));
        for (check, condition) in old_checks {
            if !checks.iter().any(|(known, other)| known == check && other.normal == condition.normal) {
                say(format!("DROP CONSTRAINT {}", ident(check)));
            }
        }
        for (check, condition) in checks {
            if !old_checks.iter().any(|(known, other)| known == check && other.normal == condition.normal) {
                say(format!("ADD CONSTRAINT {} CHECK ({})", ident(check), condition.text));
            }
        }
        let normal = |one: &Option<Expression>| one.as_ref().map(|one| one.normal.clone());
        if normal(old_default) != normal(default) {
            say(default.as_ref().map_or("DROP DEFAULT".to_owned(), |default| format!("SET DEFAULT {}", default.text)));
        }
        if was != not_null {
            say(if *not_null { "SET NOT NULL" } else { "DROP NOT NULL" }.to_owned());
        }
    }

    /// A type that cannot be changed in place: the old one steps aside, columns are moved over, and it is dropped.
    fn replace_type(&mut self, name: &Name, new: &UserType) {
        let (key, word) = type_key(name, new);
        let aside = Name::new(&*name.schema, format!("{}__old", name.name));
        self.script.push(&key, format!("ALTER {word} {} RENAME TO {}", full(name), ident(&aside.name)));
        self.script.push(&key, create_type(name, new));
        let after = self.after;
        for (table, one) in &self.before.tables {
            for column in &one.columns {
                let same =
                    column.data_type.name == name.name && column.data_type.schema.as_deref() == Some(&*name.schema);
                let stays = after
                    .tables
                    .get(table)
                    .and_then(|one| one.column(&column.name))
                    .is_some_and(|known| known.data_type == column.data_type);
                if !same || !stays {
                    continue;
                }
                let name_of = table;
                let (table, own, kind) = (full(table), ident(&column.name), text::data_type(&column.data_type));
                let mut say =
                    |what: String| self.script.push(&key, format!("ALTER TABLE {table} ALTER COLUMN {own} {what}"));
                if column.default.is_some() {
                    say("DROP DEFAULT".to_owned());
                }
                let by = if column.data_type.array { "::text[]" } else { "::text" };
                say(format!("TYPE {kind} USING {own}{by}::{kind}"));
                let kept = after
                    .tables
                    .get(name_of)
                    .and_then(|one| one.column(&column.name))
                    .and_then(|one| one.default.as_ref());
                // Another default is set with the other changes of the column.
                if let Some(default) =
                    kept.filter(|kept| column.default.as_ref().is_some_and(|old| old.normal == kept.normal))
                {
                    say(format!("SET DEFAULT {}", default.text));
                }
            }
        }
        self.aside.push((key, format!("DROP {word} {}", full(&aside))));
    }

    pub(super) fn sequences(&mut self) {
        for (name, new) in &self.after.sequences {
            let key = Key::top(Kind::Sequence, name);
            let options = text::sequence_options(&new.options).join(" ");
            match self.before.sequences.get(name) {
                None => {
                    let word = if new.unlogged { "UNLOGGED SEQUENCE" } else { "SEQUENCE" };
                    let sql = format!("CREATE {word} {} AS {} {options}", full(name), new.data_type);
                    self.script.push(&key, sql.trim_end());
                }
                Some(old) if (&old.data_type, &old.options) != (&new.data_type, &new.options) => {
                    let kind =
                        if old.data_type == new.data_type { String::new() } else { format!(" AS {}", new.data_type) };
                    let options = sequence_changes(old, new);
                    self.script.push(&key, format!("ALTER SEQUENCE {}{kind}{options}", full(name)));
                }
                Some(_) => {}
            }
        }
    }

    pub(super) fn own_sequences(&mut self) {
        for (name, new) in &self.after.sequences {
            let old = self.before.sequences.get(name).and_then(|old| old.owned_by.as_ref());
            if old == new.owned_by.as_ref() {
                continue;
            }
            let owner = match &new.owned_by {
                Some((table, column)) => format!("{}.{}", full(table), ident(column)),
                None => "NONE".to_owned(),
            };
            self.script
                .push(&Key::top(Kind::Sequence, name), format!("ALTER SEQUENCE {} OWNED BY {owner}", full(name)));
        }
    }

    /// What nothing needs any more: tables, then what they were made of.
    pub(super) fn drop_rest(&mut self) {
        let (before, after) = (self.before, self.after);
        let gone = before.tables.keys().filter(|name| !after.tables.contains_key(*name));
        // Children go before the tables that they are made of.
        let mut order = ordered(gone, |name| {
            let table = before.tables.get(name);
            table
                .map(|table| table.inherits.iter().chain(&table.partitioning.parent).cloned().collect())
                .unwrap_or_default()
        });
        order.reverse();
        for name in order {
            let foreign = before.tables.get(&name).is_some_and(|table| table.options.contains_key("server"));
            self.script.push(
                &Key::top(Kind::Table, &name),
                format!("DROP {}TABLE {}", if foreign { "FOREIGN " } else { "" }, full(&name)),
            );
        }
        for (name, old) in before.sequences.iter().filter(|(name, _)| !after.sequences.contains_key(*name)) {
            // One that a column owned went with it.
            let with_column = old.owned_by.as_ref().is_some_and(|(table, column)| {
                after.tables.get(table).is_none_or(|table| table.column(column).is_none())
            });
            if !with_column {
                self.script.push(&Key::top(Kind::Sequence, name), format!("DROP SEQUENCE {}", full(name)));
            }
        }
        self.drop_other_rest();
        self.drop_routines();
        for (key, sql) in std::mem::take(&mut self.aside) {
            self.script.push(&key, sql);
        }
        let gone: Vec<&Name> = before.types.keys().filter(|name| !after.types.contains_key(*name)).collect();
        let mut order = ordered(gone.into_iter(), |name| before.types.get(name).map(needs).unwrap_or_default());
        order.reverse();
        for name in order {
            if let Some(old) = before.types.get(&name) {
                let (key, word) = type_key(&name, old);
                self.script.push(&key, format!("DROP {word} {}", full(&name)));
            }
        }
        for name in before.extensions.keys().filter(|name| !after.extensions.contains_key(*name)) {
            self.script
                .push(&Key::top(Kind::Extension, &Name::new("", &**name)), format!("DROP EXTENSION {}", ident(name)));
        }
        for name in before.schemas.keys().filter(|name| !after.schemas.contains_key(*name)) {
            self.script.push(&Key::top(Kind::Schema, &Name::new("", &**name)), format!("DROP SCHEMA {}", ident(name)));
        }
    }
}

fn create_type(name: &Name, one: &UserType) -> String {
    let own = full(name);
    match &one.kind {
        UserTypeKind::Enum(labels) => {
            let labels: Vec<String> = labels.iter().map(|label| literal(label)).collect();
            format!("CREATE TYPE {own} AS ENUM ({})", labels.join(", "))
        }
        UserTypeKind::Composite(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(field, data_type)| format!("{} {}", ident(field), text::data_type(data_type)))
                .collect();
            format!("CREATE TYPE {own} AS ({})", fields.join(", "))
        }
        UserTypeKind::Range { subtype, options } => {
            let more: Vec<String> = options.iter().map(|(name, value)| format!(", {name} = {value}")).collect();
            format!("CREATE TYPE {own} AS RANGE (subtype = {}{})", text::data_type(subtype), more.concat())
        }
        UserTypeKind::Domain { base, not_null, default, collation, checks } => {
            let mut sql = format!("CREATE DOMAIN {own} AS {}", text::data_type(base));
            if let Some(name) = collation {
                sql.push_str(&format!(" COLLATE {}", text::collation(name)));
            }
            if let Some(default) = default {
                sql.push_str(&format!(" DEFAULT {}", default.text));
            }
            if *not_null {
                sql.push_str(" NOT NULL");
            }
            for (check, condition) in checks {
                sql.push_str(&format!(" CONSTRAINT {} CHECK ({})", ident(check), condition.text));
            }
            sql
        }
        UserTypeKind::Other(text) if text.is_empty() => format!("CREATE TYPE {own}"),
        UserTypeKind::Other(text) => {
            format!("-- not written: CREATE TYPE {own}: {}", text.split_whitespace().collect::<Vec<_>>().join(" "))
        }
    }
}

/// Labels that are new, with the place that each gets; `None` when the old labels do not stay in their order.
fn added(before: &[String], after: &[String]) -> Option<Vec<(String, String)>> {
    let kept: Vec<&String> = after.iter().filter(|label| before.contains(label)).collect();
    if kept.len() != before.len() || kept.iter().zip(before).any(|(a, b)| *a != b) {
        return None;
    }
    let mut new = Vec::new();
    for (at, label) in after.iter().enumerate().filter(|(_, label)| !before.contains(label)) {
        let place = match (at.checked_sub(1).and_then(|at| after.get(at)), before.first()) {
            (Some(left), _) => format!(" AFTER {}", literal(left)),
            (None, Some(first)) => format!(" BEFORE {}", literal(first)),
            (None, None) => String::new(),
        };
        new.push((label.clone(), place));
    }
    Some(new)
}

/// Options that differ; what was set and is not any more goes back to the default of the type.
fn sequence_changes(old: &Sequence, new: &Sequence) -> String {
    let mut out = String::new();
    for name in old.options.keys().filter(|name| !new.options.contains_key(*name)) {
        out.push_str(match name.as_str() {
            "minvalue" => " NO MINVALUE",
            "maxvalue" => " NO MAXVALUE",
            "cycle" => " NO CYCLE",
            "cache" => " CACHE 1",
            "increment" => " INCREMENT BY 1",
            "start" => " START WITH 1",
            _ => "",
        });
    }
    let changed = new.options.iter().filter(|(name, value)| old.options.get(*name) != Some(value));
    let changed: BTreeMap<String, String> = changed.map(|(name, value)| (name.clone(), value.clone())).collect();
    for option in text::sequence_options(&changed) {
        out.push_str(&format!(" {option}"));
    }
    out
}
