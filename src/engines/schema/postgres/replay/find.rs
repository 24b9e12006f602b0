//! Finding what a statement names, and refusing it as the server does when it is not there, or there already.
use super::run::{Done, Refusal};
use super::state::State;
use crate::engines::schema::catalog::{Column, Key, Kind, Name, Table, Touches};

/// Schemas that are always there.
pub(super) const SYSTEM: &[&str] = &["pg_catalog", "information_schema", "pg_toast"];

impl State {
    /// Notes `IF [NOT] EXISTS`; true when it holds the statement back.
    pub(super) fn conditional(&mut self, written: bool, holds_back: bool) -> bool {
        self.now.flags.conditional |= written;
        let back = written && holds_back;
        self.now.flags.skipped |= back;
        back
    }

    /// The name of a new relation; its schema must be there.
    pub(super) fn new_relation(&self, schema: Option<&str>, name: &str) -> Result<Name, Refusal> {
        if let Some(schema) = schema {
            self.must_find_schema(schema)?;
        }
        Ok(self.new_name(schema, name))
    }

    /// A schema that must be there.
    pub(super) fn must_find_schema(&self, schema: &str) -> Result<String, Refusal> {
        let there = self.catalog.schemas.contains_key(schema)
            || SYSTEM.contains(&schema)
            || self
                .catalog
                .extensions
                .iter()
                .any(|(name, one)| one.schema == schema || super::extension::makes_schema(name, schema));
        match there {
            true => Ok(schema.to_owned()),
            false => {
                let key = Key::top(Kind::Schema, &Name::new("", schema));
                Err(Refusal::new("invalid_schema_name", format!("schema \"{schema}\" does not exist"), [key]))
            }
        }
    }

    /// The name must not be taken by another relation.
    pub(super) fn must_be_free(&self, name: &Name) -> Done {
        match self.relation_exists(name) {
            false => Ok(()),
            true => {
                let key = State::table_key(name);
                Err(Refusal::new("duplicate_table", format!("relation \"{}\" already exists", name.name), [key]))
            }
        }
    }

    /// A table that must be there.
    pub(super) fn must_find_table(&self, schema: Option<&str>, name: &str) -> Result<Name, Refusal> {
        self.table(schema, name).ok_or_else(|| {
            let written = schema.map_or_else(|| name.to_owned(), |schema| format!("{schema}.{name}"));
            let key = State::table_key(&self.new_name(schema, name));
            Refusal::new("undefined_table", format!("relation \"{written}\" does not exist"), [key])
        })
    }

    /// A table by its full name.
    pub(super) fn must_be_table(&self, name: &Name) -> Result<&Table, Refusal> {
        self.catalog.tables.get(name).ok_or_else(|| {
            Refusal::new(
                "undefined_table",
                format!("relation \"{}\" does not exist", name.name),
                [State::table_key(name)],
            )
        })
    }

    /// A column that must be there.
    pub(super) fn must_have_column(&self, table: &Name, column: &str) -> Result<&Column, Refusal> {
        self.must_be_table(table)?.column(column).ok_or_else(|| {
            let reason = format!("column \"{column}\" of relation \"{}\" does not exist", table.name);
            Refusal::new("undefined_column", reason, [State::table_key(table)])
        })
    }

    /// Says that something is beyond what is modelled, and that it concerns this table.
    pub(super) fn beyond(&self, table: &Name, reason: impl Into<String>) -> Refusal {
        Refusal::unmodelled(reason, Touches::Objects(vec![State::table_key(table)]))
    }

    /// Partitions and children of a table, direct ones.
    pub(super) fn children(&self, table: &Name) -> Vec<Name> {
        self.catalog
            .tables
            .iter()
            .filter(|(_, one)| one.partitioning.parent.as_ref() == Some(table) || one.inherits.contains(table))
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// A table cannot descend from what descends from it.
    pub(super) fn must_not_be_circular(&self, child: &Name, parent: &Name) -> Result<(), Refusal> {
        match self.family(child).contains(parent) {
            true => Err(Refusal::new(
                "duplicate_table",
                "circular inheritance not allowed",
                [State::table_key(child), State::table_key(parent)],
            )),
            false => Ok(()),
        }
    }

    /// A table and everything that descends from it, parents first.
    pub(super) fn family(&self, table: &Name) -> Vec<Name> {
        let mut all = vec![table.clone()];
        let mut at = 0;
        while let Some(one) = all.get(at).cloned() {
            for child in self.children(&one) {
                if !all.contains(&child) {
                    all.push(child);
                }
            }
            at += 1;
        }
        all
    }
}
