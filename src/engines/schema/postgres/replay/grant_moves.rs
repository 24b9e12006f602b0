//! Privileges go with an object that is renamed or dropped.
use super::state::State;
use super::words::quoted;
use crate::engines::schema::catalog::{Grant, Key, Name};

impl State {
    /// Privileges go with an object that has another name.
    fn move_grants(&mut self, fits: &dyn Fn(&Key, &Grant) -> bool, moved: &dyn Fn(&Key, &Grant) -> Key) {
        let keys: Vec<Key> =
            self.catalog.grants.iter().filter(|(key, grant)| fits(key, grant)).map(|(key, _)| key.clone()).collect();
        for key in keys {
            self.touch_grant(&key);
            if let Some(grant) = self.catalog.grants.remove(&key) {
                let after = moved(&key, &grant);
                self.touch_grant(&after);
                self.catalog.grants.insert(after, grant);
            }
        }
    }

    /// A table, view, sequence or type has another name.
    pub(super) fn grants_moved(&mut self, before: &Name, after: &Name) {
        let fits = |key: &Key, grant: &Grant| {
            key.schema == before.schema
                && key.table == before.name
                && matches!(grant.on.as_str(), "table" | "sequence" | "column" | "type")
        };
        self.move_grants(&fits, &|key, _| Key {
            schema: after.schema.clone(),
            table: after.name.clone(),
            ..key.clone()
        });
    }

    /// A routine has another name.
    pub(super) fn grants_renamed(&mut self, before: &Key, after: &Key) {
        let fits = |key: &Key, grant: &Grant| {
            key.schema == before.schema
                && key.table == before.name
                && matches!(grant.on.as_str(), "function" | "procedure")
        };
        self.move_grants(&fits, &|key, _| Key {
            schema: after.schema.clone(),
            table: after.name.clone(),
            ..key.clone()
        });
    }

    /// A column has another name.
    pub(super) fn column_grants_renamed(&mut self, table: &Name, before: &str, after: &str) {
        let fits = |key: &Key, grant: &Grant| {
            grant.on == "column" && *key == Grant::key("column", table, Some(before), &grant.grantee)
        };
        self.move_grants(&fits, &|_, grant| Grant::key("column", table, Some(after), &grant.grantee));
    }

    fn drop_grants(&mut self, fits: &dyn Fn(&Key, &Grant) -> bool) {
        let keys: Vec<Key> =
            self.catalog.grants.iter().filter(|(key, grant)| fits(key, grant)).map(|(key, _)| key.clone()).collect();
        for key in keys {
            self.touch_grant(&key);
            self.catalog.grants.remove(&key);
        }
    }

    /// Privileges of a routine that is gone.
    pub(super) fn grants_dropped(&mut self, routine: &Key) {
        self.drop_grants(&|key, grant| {
            key.schema == routine.schema
                && key.table == routine.name
                && matches!(grant.on.as_str(), "function" | "procedure")
        });
    }

    /// Privileges of a relation or type that is gone.
    pub(super) fn grants_of_dropped(&mut self, name: &Name) {
        self.drop_grants(&|key, grant| {
            key.schema == name.schema
                && key.table == name.name
                && matches!(grant.on.as_str(), "table" | "sequence" | "column" | "type")
        });
    }

    /// Privileges of a column that is gone.
    pub(super) fn column_grants_dropped(&mut self, table: &Name, column: &str) {
        self.drop_grants(&|key, grant| {
            grant.on == "column" && *key == Grant::key("column", table, Some(column), &grant.grantee)
        });
    }

    /// What a new owner was granted before is no privilege of its own any more.
    pub(super) fn forget_grants_to(&mut self, on: &str, name: &Name, role: &str) {
        self.drop_grants(&|key, grant| {
            (grant.on == on || (on == "table" && grant.on == "column"))
                && grant.grantee == role
                && key.schema == name.schema
                && key.table == name.name
        });
    }

    /// A name as it is printed in definitions.
    pub(super) fn printed(name: &Name) -> String {
        format!("{}.{}", quoted(&name.schema), quoted(&name.name))
    }
}
