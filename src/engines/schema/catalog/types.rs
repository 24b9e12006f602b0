//! Types of columns, expressions, and types that a schema defines.
use super::Meta;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A type in canonical form: aliases resolved (`int4` is `integer`), display widths dropped, user types with their schema.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DataType {
    /// Schema of a type that the database defines; `None` for the server's own and, in MySQL, MariaDB and SQLite, always.
    pub schema: Option<String>,
    /// Canonical name: `character varying`, `timestamp with time zone`, `int unsigned`. `?` when it cannot be known.
    pub name: String,
    /// What stands in parentheses: length, precision and scale, labels of a MySQL enum (quoted).
    pub modifiers: Vec<String>,
    /// Whether it is an array of it (PostgreSQL keeps no dimensions).
    pub array: bool,
}

/// An expression or a query: as it was written (or as the server prints it), and in the form in which it is compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expression {
    /// For people and for DDL.
    pub text: String,
    /// Normal form: two that mean the same are equal here, as far as that can be known.
    pub normal: String,
}

/// A type that the schema defines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserType {
    /// Identity, places, comment.
    pub meta: Meta,
    /// What it is made of.
    pub kind: UserTypeKind,
}

/// What a type is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UserTypeKind {
    /// Labels in order.
    Enum(Vec<String>),
    /// A type with conditions.
    Domain {
        /// The type beneath.
        base: DataType,
        /// `NOT NULL`.
        not_null: bool,
        /// Its default.
        default: Option<Expression>,
        /// Collation, when it is not the type's own.
        collation: Option<String>,
        /// Checks: name and condition, sorted by name.
        checks: Vec<(String, Expression)>,
    },
    /// Attributes in order.
    Composite(Vec<(String, DataType)>),
    /// A range over a type; further options as they are printed (`subtype_diff`, `multirange_type_name` …), sorted by name.
    Range {
        /// Element type.
        subtype: DataType,
        /// Other options.
        options: Vec<(String, String)>,
    },
    /// A base type or a shell: by its text.
    Other(String),
}

impl Default for UserTypeKind {
    fn default() -> UserTypeKind {
        UserTypeKind::Enum(Vec::new())
    }
}

impl DataType {
    /// A type of the server without modifiers.
    pub fn plain(name: impl Into<String>) -> DataType {
        DataType { name: name.into(), ..DataType::default() }
    }

    /// A type of the server with modifiers.
    pub fn with(name: impl Into<String>, modifiers: impl IntoIterator<Item = impl ToString>) -> DataType {
        DataType {
            name: name.into(),
            modifiers: modifiers.into_iter().map(|one| one.to_string()).collect(),
            ..DataType::default()
        }
    }
}

/// `character varying(255)`, `app.mood[]`, `timestamp(3) with time zone`.
impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}.")?;
        }
        let modifiers = match self.modifiers.is_empty() {
            true => String::new(),
            false => format!("({})", self.modifiers.join(",")),
        };
        // PostgreSQL writes the precision of times in the middle, MySQL that of `int unsigned` before the word.
        match self.name.split_once(' ') {
            Some((head, tail)) if tail.ends_with("time zone") || matches!(tail, "unsigned" | "unsigned zerofill") => {
                write!(f, "{head}{modifiers} {tail}")?;
            }
            _ => write!(f, "{}{modifiers}", self.name)?,
        }
        if self.array { f.write_str("[]") } else { Ok(()) }
    }
}

impl Expression {
    /// An expression whose text is its normal form.
    pub fn plain(text: impl Into<String>) -> Expression {
        let text = text.into();
        Expression { normal: text.clone(), text }
    }
}
