//! Queries that read the structure of a live database out of `pg_catalog`, for PostgreSQL 12 to 18.

/// Each query and the name under which its rows stand in a record. A query is one `SELECT` without a semicolon; it is to be run with an empty
/// `search_path`, so that names come with their schema, as `SELECT to_jsonb(x) FROM (…) x`.
const QUERIES: &[(&str, &str)] = &[
    ("collations", include_str!("introspect/collations.sql")),
    ("columns", include_str!("introspect/columns.sql")),
    ("constraints", include_str!("introspect/constraints.sql")),
    ("default_privileges", include_str!("introspect/default_privileges.sql")),
    ("event_triggers", include_str!("introspect/event_triggers.sql")),
    ("extensions", include_str!("introspect/extensions.sql")),
    ("grants", include_str!("introspect/grants.sql")),
    ("indexes", include_str!("introspect/indexes.sql")),
    ("others", include_str!("introspect/others.sql")),
    ("policies", include_str!("introspect/policies.sql")),
    ("publications", include_str!("introspect/publications.sql")),
    ("routines", include_str!("introspect/routines.sql")),
    ("rules", include_str!("introspect/rules.sql")),
    ("schemas", include_str!("introspect/schemas.sql")),
    ("sequences", include_str!("introspect/sequences.sql")),
    ("server", include_str!("introspect/server.sql")),
    ("statistics", include_str!("introspect/statistics.sql")),
    ("tables", include_str!("introspect/tables.sql")),
    ("triggers", include_str!("introspect/triggers.sql")),
    ("types", include_str!("introspect/types.sql")),
    ("views", include_str!("introspect/views.sql")),
];

/// The queries whose rows `read` turns into a catalog: name in the record and SQL.
pub fn introspection() -> &'static [(&'static str, &'static str)] {
    QUERIES
}
