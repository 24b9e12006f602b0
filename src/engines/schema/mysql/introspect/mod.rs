//! What is asked of a live server. Files whose name ends in `_optional` ask for what only one of the servers, or only newer versions, have: they may fail.

/// Stem and text of every query.
pub fn introspection() -> &'static [(&'static str, &'static str)] {
    &[
        ("checks_mariadb_optional", include_str!("checks_mariadb_optional.sql")),
        ("checks_mysql_optional", include_str!("checks_mysql_optional.sql")),
        ("columns", include_str!("columns.sql")),
        ("columns_mysql_optional", include_str!("columns_mysql_optional.sql")),
        ("events", include_str!("events.sql")),
        ("foreign_key_columns", include_str!("foreign_key_columns.sql")),
        ("foreign_keys", include_str!("foreign_keys.sql")),
        ("indexes", include_str!("indexes.sql")),
        ("indexes_mariadb_optional", include_str!("indexes_mariadb_optional.sql")),
        ("indexes_mysql_optional", include_str!("indexes_mysql_optional.sql")),
        ("parameters", include_str!("parameters.sql")),
        ("partitions", include_str!("partitions.sql")),
        ("routines", include_str!("routines.sql")),
        ("sequences_mariadb_optional", include_str!("sequences_mariadb_optional.sql")),
        ("server", include_str!("server.sql")),
        ("tables", include_str!("tables.sql")),
        ("triggers", include_str!("triggers.sql")),
        ("views", include_str!("views.sql")),
        ("views_mariadb_optional", include_str!("views_mariadb_optional.sql")),
    ]
}
