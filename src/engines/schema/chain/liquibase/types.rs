//! The generic types of Liquibase as each server's own.
use crate::engines::schema::catalog::Dialect;

/// A type taken apart: `varchar(20) character set utf8`.
struct Parts {
    name: String,
    parameters: Option<String>,
    rest: String,
}

fn parts(text: &str) -> Parts {
    let text = text.trim();
    let (head, parameters, rest) = match text.split_once('(') {
        Some((head, tail)) => match tail.split_once(')') {
            Some((inside, rest)) => (head.trim(), Some(inside.trim().to_owned()), rest.trim()),
            None => (text, None, ""),
        },
        None => (text, None, ""),
    };
    let words = head.strip_prefix("java.sql.Types.").or_else(|| head.strip_prefix("java.sql.types.")).unwrap_or(head);
    let lower = words.to_ascii_lowercase();
    for two in ["double precision", "character varying", "national character varying", "long varchar", "long varbinary"]
    {
        if let Some(more) = lower.strip_prefix(two) {
            let more = words.get(words.len() - more.len()..).unwrap_or_default();
            return Parts { name: two.to_owned(), parameters, rest: joined(more, rest) };
        }
    }
    match words.split_once(char::is_whitespace) {
        Some((name, more)) => Parts { name: name.to_ascii_lowercase(), parameters, rest: joined(more, rest) },
        None => Parts { name: lower, parameters, rest: rest.to_owned() },
    }
}

fn joined(a: &str, b: &str) -> String {
    format!("{} {}", a.trim(), b.trim()).trim().to_owned()
}

/// A type of a changelog as the server of the dialect is given it; whether it counts by itself (`serial`).
pub(super) fn translated(text: &str, dialect: Dialect) -> (String, bool) {
    let parts = parts(text);
    let counts =
        matches!(parts.name.as_str(), "serial" | "serial4" | "bigserial" | "serial8" | "smallserial" | "serial2");
    let sql = match dialect {
        Dialect::Postgres => postgres(text, &parts),
        Dialect::MySql | Dialect::MariaDb => mysql(text, &parts, dialect == Dialect::MariaDb),
        Dialect::Sqlite => sqlite(text, &parts),
    };
    (sql, counts)
}

fn with(name: &str, parts: &Parts) -> String {
    match parts.parameters.as_deref() {
        Some(inside) if !inside.is_empty() => format!("{name}({inside})"),
        _ => name.to_owned(),
    }
}

fn and_rest(text: String, parts: &Parts) -> String {
    if parts.rest.is_empty() { text } else { format!("{text} {}", parts.rest) }
}

/// The time zone that a text asks for.
fn zoned(rest: &str) -> bool {
    let words = rest.to_ascii_lowercase();
    words.starts_with("with time") && !words.starts_with("without")
}

fn postgres(text: &str, parts: &Parts) -> String {
    let zone = |name: &str| {
        let zone = if zoned(&parts.rest) { "WITH TIME ZONE" } else { "WITHOUT TIME ZONE" };
        format!("{} {zone}", with(name, parts))
    };
    match parts.name.as_str() {
        "bigint" | "integer8" | "int8" | "bigserial" | "serial8" | "java.lang.long" | "java.math.biginteger" => {
            and_rest("BIGINT".to_owned(), parts)
        }
        "int" | "integer" | "int4" | "serial" | "serial4" | "java.lang.integer" => "INTEGER".to_owned(),
        "smallint" | "int2" | "smallserial" | "serial2" | "java.lang.short" | "tinyint" => "SMALLINT".to_owned(),
        "blob" => "OID".to_owned(),
        "longblob" | "varbinary" | "binary" | "image" | "mediumblob" | "tinyblob" | "longvarbinary"
        | "long varbinary" => "BYTEA".to_owned(),
        "bit" => with("BIT", parts),
        "boolean" | "bool" | "java.lang.boolean" => "BOOLEAN".to_owned(),
        "char" | "character" => with("CHAR", parts),
        "clob" | "text" | "longtext" | "tinytext" | "mediumtext" | "longvarchar" | "long varchar" | "nclob"
        | "longnvarchar" | "ntext" => "TEXT".to_owned(),
        "currency" | "money" | "smallmoney" => "DECIMAL".to_owned(),
        "datetime" | "datetime2" | "smalldatetime" | "java.util.date" => zone("TIMESTAMP"),
        "timestamp" => zone("TIMESTAMP"),
        "timestamptz" => format!("{} WITH TIME ZONE", with("TIMESTAMP", parts)),
        "time" => zone("TIME"),
        "timetz" => format!("{} WITH TIME ZONE", with("TIME", parts)),
        "decimal" | "java.math.bigdecimal" => with("DECIMAL", parts),
        "double" | "double precision" | "java.lang.double" => "DOUBLE PRECISION".to_owned(),
        "float" | "java.lang.float" => with("FLOAT", parts),
        "number" | "numeric" => with("NUMERIC", parts),
        "uuid" | "uniqueidentifier" | "java.util.uuid" => "UUID".to_owned(),
        "varchar"
        | "varchar2"
        | "nvarchar"
        | "nvarchar2"
        | "character varying"
        | "national character varying"
        | "java.lang.string" => {
            let size = parts.parameters.as_deref().map(|inside| inside.split_whitespace().next().unwrap_or_default());
            let plain = size
                .filter(|size| !size.is_empty() && *size != "2147483647")
                .map_or("VARCHAR".to_owned(), |size| format!("VARCHAR({size})"));
            and_rest(plain, parts)
        }
        _ => text.trim().to_owned(),
    }
}

fn mysql(text: &str, parts: &Parts, maria: bool) -> String {
    let unsigned = || and_unsigned(parts);
    match parts.name.as_str() {
        "bigint" | "integer8" | "int8" | "bigserial" | "serial8" | "java.lang.long" | "java.math.biginteger" => {
            format!("BIGINT{}", unsigned())
        }
        "int" | "integer" | "int4" | "serial" | "serial4" | "java.lang.integer" => format!("INT{}", unsigned()),
        "mediumint" => format!("MEDIUMINT{}", unsigned()),
        "smallint" | "int2" | "smallserial" | "serial2" | "java.lang.short" => format!("SMALLINT{}", unsigned()),
        "blob" => "BLOB".to_owned(),
        "longblob" | "image" | "longvarbinary" | "long varbinary" => "LONGBLOB".to_owned(),
        "binary" if parts.parameters.is_none() => "LONGBLOB".to_owned(),
        "bit" => with("BIT", parts),
        "boolean" | "bool" | "java.lang.boolean" => if maria { "TINYINT(1)" } else { "TINYINT" }.to_owned(),
        "char" | "character" => and_rest(with("CHAR", parts), parts),
        "text" => "TEXT".to_owned(),
        "clob" | "longtext" | "longvarchar" | "long varchar" | "xml" => "LONGTEXT".to_owned(),
        "nclob" | "longnvarchar" | "ntext" => "LONGTEXT CHARACTER SET utf8".to_owned(),
        "currency" | "money" | "smallmoney" => "DECIMAL".to_owned(),
        "datetime" | "datetime2" | "smalldatetime" | "java.util.date" => with("DATETIME", parts),
        "timestamptz" => with("TIMESTAMP", parts),
        "time" => "TIME".to_owned(),
        "decimal" | "java.math.bigdecimal" => and_rest(with("DECIMAL", parts), parts),
        "double" if parts.parameters.as_deref().is_none_or(|inside| !inside.contains(',')) => {
            and_rest("DOUBLE".to_owned(), parts)
        }
        "java.lang.double" => "DOUBLE".to_owned(),
        "java.lang.float" => "FLOAT".to_owned(),
        "number" => and_rest(with("NUMERIC", parts), parts),
        "uuid" | "uniqueidentifier" | "java.util.uuid" => if maria { "UUID" } else { "CHAR(36)" }.to_owned(),
        "varchar2" | "character varying" | "java.lang.string" => and_rest(with("VARCHAR", parts), parts),
        "nvarchar2" | "national character varying" => and_rest(with("NVARCHAR", parts), parts),
        // What both know goes as it is, without what Java calls it.
        _ => text.trim().trim_start_matches("java.sql.Types.").to_owned(),
    }
}

fn and_unsigned(parts: &Parts) -> String {
    if parts.rest.is_empty() { String::new() } else { format!(" {}", parts.rest) }
}

fn sqlite(text: &str, parts: &Parts) -> String {
    match parts.name.as_str() {
        "int" | "integer" | "int4" | "serial" | "serial4" | "java.lang.integer" => "INTEGER".to_owned(),
        "bigint" | "integer8" | "int8" | "bigserial" | "serial8" | "java.lang.long" | "java.math.biginteger" => {
            and_rest(with("BIGINT", parts), parts)
        }
        "smallint" | "int2" | "smallserial" | "java.lang.short" => with("SMALLINT", parts),
        "blob" | "longblob" | "varbinary" | "binary" | "image" | "mediumblob" | "tinyblob" | "longvarbinary" => {
            with("BLOB", parts)
        }
        "bit" | "boolean" | "bool" | "java.lang.boolean" => with("BOOLEAN", parts),
        "char" | "character" => with("CHAR", parts),
        "clob" | "text" | "longtext" | "tinytext" | "mediumtext" | "longvarchar" | "nclob" | "ntext" | "xml"
        | "uuid" | "uniqueidentifier" | "java.util.uuid" | "datetime" | "datetime2" | "smalldatetime"
        | "java.util.date" | "timestamp" | "timestamptz" => "TEXT".to_owned(),
        "currency" | "money" => "REAL".to_owned(),
        "date" => "date".to_owned(),
        "time" => "time".to_owned(),
        "java.math.bigdecimal" | "decimal" => with("DECIMAL", parts),
        "java.lang.double" => "DOUBLE".to_owned(),
        "real" | "java.lang.float" => "FLOAT".to_owned(),
        "number" | "numeric" => with("NUMBER", parts),
        "varchar2" | "character varying" | "java.lang.string" => and_rest(with("VARCHAR", parts), parts),
        "nvarchar2" => with("NVARCHAR", parts),
        _ => text.trim().trim_start_matches("java.sql.Types.").to_owned(),
    }
}

/// Whether values of a type are written without quotes.
pub(super) fn is_number(text: &str) -> bool {
    matches!(
        parts(text).name.as_str(),
        "int"
            | "integer"
            | "bigint"
            | "smallint"
            | "tinyint"
            | "mediumint"
            | "int2"
            | "int4"
            | "int8"
            | "serial"
            | "bigserial"
            | "decimal"
            | "numeric"
            | "number"
            | "double"
            | "double precision"
            | "float"
            | "real"
            | "currency"
            | "java.lang.long"
            | "java.lang.integer"
            | "java.math.bigdecimal"
    )
}

/// Whether it is a truth value in the changelog.
pub(super) fn is_boolean(text: &str) -> bool {
    matches!(parts(text).name.as_str(), "boolean" | "bool" | "bit" | "java.lang.boolean")
}

#[cfg(test)]
mod tests {
    use super::translated;
    use crate::engines::schema::catalog::Dialect;

    /// What Liquibase 4.28 prints for each server (update-sql, offline).
    #[test]
    fn types_are_those_that_liquibase_gives_to_servers() {
        let table = [
            ("java.sql.Types.BIGINT", "BIGINT", "BIGINT", "BIGINT"),
            ("blob", "OID", "BLOB", "BLOB"),
            ("longblob", "BYTEA", "LONGBLOB", "BLOB"),
            ("varbinary(16)", "BYTEA", "varbinary(16)", "BLOB(16)"),
            ("bit(8)", "BIT(8)", "BIT(8)", "BOOLEAN(8)"),
            ("boolean", "BOOLEAN", "TINYINT", "BOOLEAN"),
            ("clob", "TEXT", "LONGTEXT", "TEXT"),
            ("currency", "DECIMAL", "DECIMAL", "REAL"),
            ("datetime", "TIMESTAMP WITHOUT TIME ZONE", "DATETIME", "TEXT"),
            ("datetime(3)", "TIMESTAMP(3) WITHOUT TIME ZONE", "DATETIME(3)", "TEXT"),
            ("timestamp(6) with time zone", "TIMESTAMP(6) WITH TIME ZONE", "timestamp(6) with time zone", "TEXT"),
            ("timestamptz", "TIMESTAMP WITH TIME ZONE", "TIMESTAMP", "TEXT"),
            ("double(10,2)", "DOUBLE PRECISION", "double(10,2)", "double(10,2)"),
            ("int(11)", "INTEGER", "INT", "INTEGER"),
            ("int(10) unsigned", "INTEGER", "INT unsigned", "INTEGER"),
            ("number(10,2)", "NUMERIC(10,2)", "NUMERIC(10,2)", "NUMBER(10,2)"),
            ("tinyint(1)", "SMALLINT", "tinyint(1)", "tinyint(1)"),
            ("uuid", "UUID", "CHAR(36)", "TEXT"),
            ("varchar2(30)", "VARCHAR(30)", "VARCHAR(30)", "VARCHAR(30)"),
            ("varchar(2147483647)", "VARCHAR", "varchar(2147483647)", "varchar(2147483647)"),
            ("varchar(12 char)", "VARCHAR(12)", "varchar(12 char)", "varchar(12 char)"),
            ("nvarchar(50)", "VARCHAR(50)", "nvarchar(50)", "nvarchar(50)"),
            ("jsonb", "jsonb", "jsonb", "jsonb"),
            ("geometry(Point, 4326)", "geometry(Point, 4326)", "geometry(Point, 4326)", "geometry(Point, 4326)"),
        ];
        for (generic, postgres, mysql, sqlite) in table {
            let of = |dialect| translated(generic, dialect).0;
            assert_eq!(
                (of(Dialect::Postgres), of(Dialect::MySql), of(Dialect::Sqlite)),
                (postgres.into(), mysql.into(), sqlite.into()),
                "{generic}"
            );
        }
        assert!(translated("bigserial", Dialect::Postgres).1);
    }
}
