//! Names and values as Liquibase writes them for each server.
use super::element::Element;
use super::types;
use crate::engines::schema::catalog::Dialect;

/// Words that PostgreSQL does not take as names without quotes.
const RESERVED: [&str; 90] = [
    "ALL",
    "ANALYSE",
    "ANALYZE",
    "AND",
    "ANY",
    "ARRAY",
    "AS",
    "ASC",
    "ASYMMETRIC",
    "AUTHORIZATION",
    "BINARY",
    "BOTH",
    "CASE",
    "CAST",
    "CHECK",
    "COLLATE",
    "COLLATION",
    "COLUMN",
    "CONCURRENTLY",
    "CONSTRAINT",
    "CREATE",
    "CROSS",
    "CURRENT_CATALOG",
    "CURRENT_DATE",
    "CURRENT_ROLE",
    "CURRENT_SCHEMA",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_USER",
    "DEFAULT",
    "DEFERRABLE",
    "DESC",
    "DISTINCT",
    "DO",
    "ELSE",
    "END",
    "EXCEPT",
    "FALSE",
    "FETCH",
    "FOR",
    "FOREIGN",
    "FREEZE",
    "FROM",
    "FULL",
    "GRANT",
    "GROUP",
    "HAVING",
    "ILIKE",
    "IN",
    "INITIALLY",
    "INNER",
    "INTERSECT",
    "INTO",
    "IS",
    "ISNULL",
    "JOIN",
    "LATERAL",
    "LEADING",
    "LEFT",
    "LIKE",
    "LIMIT",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "NATURAL",
    "NOT",
    "NOTNULL",
    "NULL",
    "OFFSET",
    "ON",
    "ONLY",
    "OR",
    "ORDER",
    "OUTER",
    "OVERLAPS",
    "PLACING",
    "PRIMARY",
    "REFERENCES",
    "RETURNING",
    "RIGHT",
    "SELECT",
    "SESSION_USER",
    "SIMILAR",
    "SOME",
    "SYMMETRIC",
    "TABLE",
    "THEN",
    "TO",
    "TRAILING",
    "TRUE",
    "UNION",
];
/// More of them.
const RESERVED_TOO: [&str; 10] =
    ["UNIQUE", "USER", "USING", "VARIADIC", "VERBOSE", "WHEN", "WHERE", "WINDOW", "WITH", "TABLESAMPLE"];

/// How names are quoted, and for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) dialect: Dialect,
    /// `objectQuotingStrategy="QUOTE_ALL_OBJECTS"`: the case of every name counts.
    pub(super) all: bool,
}

impl Names {
    /// A name, quoted where the server would read another one without.
    pub(super) fn name(self, name: &str) -> String {
        let name = name.trim();
        match self.dialect {
            Dialect::MySql | Dialect::MariaDb => format!("`{}`", name.trim_matches('`').replace('`', "``")),
            Dialect::Sqlite => format!("\"{}\"", name.trim_matches('"').replace('"', "\"\"")),
            Dialect::Postgres => {
                let bare = name.trim_matches('"');
                let mixed =
                    bare.chars().any(|c| c.is_ascii_uppercase()) && bare.chars().any(|c| c.is_ascii_lowercase());
                let odd = bare.starts_with(|c: char| c.is_ascii_digit())
                    || !bare.chars().all(|c| c.is_alphanumeric() || c == '_');
                let upper = bare.to_ascii_uppercase();
                let reserved = RESERVED.contains(&upper.as_str()) || RESERVED_TOO.contains(&upper.as_str());
                if self.all || mixed || odd || reserved || bare.len() < name.len() {
                    format!("\"{}\"", bare.replace('"', "\"\""))
                } else {
                    bare.to_owned()
                }
            }
        }
    }

    /// A name in a schema.
    pub(super) fn of(self, schema: Option<&str>, name: &str) -> String {
        match schema.filter(|schema| !schema.is_empty()) {
            Some(schema) if self.dialect != Dialect::Sqlite => format!("{}.{}", self.name(schema), self.name(name)),
            _ => self.name(name),
        }
    }

    /// Names between commas.
    pub(super) fn list(self, names: &str) -> String {
        names.split(',').map(|name| self.name(name)).collect::<Vec<_>>().join(", ")
    }

    /// The value that a column is given: `value…`, `defaultValue…`.
    pub(super) fn value(self, column: &Element, prefix: &str) -> Option<String> {
        let of = |suffix: &str| column.attribute(&format!("{prefix}{suffix}"));
        let kind = column.said("type").or(column.said("columnDataType")).unwrap_or_default();
        if let Some(text) = of("Computed") {
            return Some(self.function(text));
        }
        if let Some(sequence) = of("SequenceNext") {
            return Some(self.next(sequence));
        }
        if let Some(text) = of("Numeric") {
            let text = number(text.trim());
            let function = text.contains('(');
            let quoted = !kind.is_empty()
                && !types::is_number(kind)
                && !types::is_boolean(kind)
                && !function
                && prefix == "defaultValue"
                && is_text(kind);
            return Some(if quoted { quote(text, self.dialect) } else { text.to_owned() });
        }
        if let Some(text) = of("Boolean") {
            return Some(self.truth(text.trim().eq_ignore_ascii_case("true") || text.trim() == "1"));
        }
        if let Some(text) = of("Date") {
            let text = text.trim();
            return Some(match text.starts_with(|c: char| c.is_ascii_digit()) {
                true => quote(&text.replacen('T', " ", 1), self.dialect),
                false => self.function(text),
            });
        }
        let text = of("")?;
        Some(match text.trim() {
            "NULL" | "null" => "NULL".to_owned(),
            bare if prefix == "defaultValue" && types::is_boolean(kind) => match bare.to_ascii_lowercase().as_str() {
                "true" | "1" | "t" | "b'1'" => self.truth(true),
                "false" | "0" | "f" | "b'0'" => self.truth(false),
                _ => quote(text, self.dialect),
            },
            bare if prefix == "defaultValue" && types::is_number(kind) && bare.parse::<f64>().is_ok() => {
                bare.to_owned()
            }
            bare if prefix == "defaultValue"
                && is_time(kind)
                && bare.to_ascii_lowercase().starts_with("current_timestamp") =>
            {
                self.function(bare)
            }
            _ => quote(text, self.dialect),
        })
    }

    /// A function of the database; the time of now is what Liquibase calls it on that server.
    fn function(self, text: &str) -> String {
        let now = matches!(
            text.trim().to_ascii_lowercase().as_str(),
            "current_timestamp" | "current_datetime" | "now()" | "now"
        );
        match self.dialect {
            Dialect::Sqlite if now => "CURRENT_TIMESTAMP".to_owned(),
            _ if now => "NOW()".to_owned(),
            _ => text.to_owned(),
        }
    }

    fn next(self, sequence: &str) -> String {
        match self.dialect {
            Dialect::Postgres => {
                let path: Vec<String> = sequence.split('.').map(|part| self.name(part)).collect();
                format!("nextval('{}')", path.join(".").replace('\'', "''"))
            }
            _ => format!("NEXT VALUE FOR {}", self.name(sequence)),
        }
    }

    fn truth(self, yes: bool) -> String {
        match (self.dialect, yes) {
            (Dialect::Postgres, true) => "TRUE",
            (Dialect::Postgres, false) => "FALSE",
            (_, true) => "1",
            (_, false) => "0",
        }
        .to_owned()
    }
}

/// A number as Liquibase reads it: `0.0` is `0`, `1.50` is `1.5`.
fn number(text: &str) -> &str {
    match text.split_once('.') {
        Some((_, fraction)) if !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.trim_end_matches('0').trim_end_matches('.')
        }
        _ => text,
    }
}

fn is_text(kind: &str) -> bool {
    let lower = kind.to_ascii_lowercase();
    ["char", "text", "clob", "string"].iter().any(|word| lower.contains(word))
}

fn is_time(kind: &str) -> bool {
    let lower = kind.to_ascii_lowercase();
    ["time", "date"].iter().any(|word| lower.contains(word))
}

/// A text as a literal.
pub(super) fn quote(text: &str, dialect: Dialect) -> String {
    let doubled = text.replace('\'', "''");
    match dialect {
        Dialect::MySql | Dialect::MariaDb => format!("'{}'", doubled.replace('\\', "\\\\")),
        _ => format!("'{doubled}'"),
    }
}
