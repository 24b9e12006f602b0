//! What becomes of values when a type changes, and whether the table is written anew for it.
use super::cost::Rewriting;
use crate::engines::schema::catalog::{Catalog, DataType, Dialect, Name, UserTypeKind};

/// What becomes of the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// All fit, and programs see the same kind of value.
    Wider,
    /// All fit, as another kind of value.
    Other,
    /// Some may be refused because they are no value of the new type.
    Doubtful,
    /// The new type holds less.
    Narrower,
}

/// A type by what it holds.
#[derive(Debug, Clone, PartialEq)]
enum Holds {
    Integer { bits: u8, unsigned: bool },
    Decimal { digits: Option<u32>, scale: u32 },
    Float { bits: u8 },
    Boolean,
    Text { most: Option<u64> },
    Bytes { most: Option<u64> },
    Bits { most: Option<u64>, varying: bool },
    Date,
    Time { precision: u32 },
    Stamp { precision: u32, zone: bool },
    Json,
    Uuid,
    Network,
    Labels(Vec<String>),
    Unknown,
}

/// What becomes of the values of a column.
pub(super) fn fit(old: &DataType, new: &DataType, dialect: Dialect, before: &Catalog, after: &Catalog) -> Fit {
    let (old, new) = (base(old, before), base(new, after));
    if old.array != new.array {
        return Fit::Doubtful;
    }
    if dialect == Dialect::Sqlite {
        // Values keep their own type whatever the column says.
        return Fit::Other;
    }
    let (before, after) = (holds(&old, dialect), holds(&new, dialect));
    if before == after && old.name == new.name { Fit::Wider } else { between(&before, &after) }
}

/// The type beneath a domain.
fn base(one: &DataType, catalog: &Catalog) -> DataType {
    let mut one = one.clone();
    for _ in 0..8 {
        let Some(schema) = one.schema.clone() else { break };
        let kind = catalog.types.get(&Name::new(schema, &*one.name)).map(|found| &found.kind);
        match kind {
            Some(UserTypeKind::Domain { base, .. }) if !one.array => one = base.clone(),
            _ => break,
        }
    }
    one
}

fn number(one: &DataType, at: usize) -> Option<u32> {
    one.modifiers.get(at).and_then(|text| text.trim().parse().ok())
}

fn holds(one: &DataType, dialect: Dialect) -> Holds {
    let length = number(one, 0).map(u64::from);
    let unsigned = one.name.contains("unsigned");
    let integer = |bits| Holds::Integer { bits, unsigned };
    let name = one.name.trim_end_matches(" zerofill").trim_end_matches(" unsigned");
    match name {
        "tinyint" => integer(8),
        "smallint" => integer(16),
        "mediumint" => integer(24),
        "integer" | "int" => integer(32),
        "bigint" => integer(64),
        "numeric" | "decimal" => {
            let digits = number(one, 0).or((dialect != Dialect::Postgres).then_some(10));
            Holds::Decimal { digits, scale: number(one, 1).unwrap_or(0) }
        }
        "real" | "float" if dialect == Dialect::Postgres || name == "float" => Holds::Float { bits: 32 },
        "double precision" | "double" | "real" => Holds::Float { bits: 64 },
        "boolean" => Holds::Boolean,
        "bit" if dialect == Dialect::Postgres => Holds::Bits { most: length.or(Some(1)), varying: false },
        "bit varying" => Holds::Bits { most: length, varying: true },
        "character varying" | "varchar" => Holds::Text { most: length },
        "character" | "char" => Holds::Text { most: length.or(Some(1)) },
        "text" if dialect == Dialect::Postgres => Holds::Text { most: None },
        "citext" => Holds::Text { most: None },
        "tinytext" => Holds::Text { most: Some(255) },
        "text" => Holds::Text { most: Some(65_535) },
        "mediumtext" => Holds::Text { most: Some(16_777_215) },
        "longtext" => Holds::Text { most: None },
        "binary" => Holds::Bytes { most: length.or(Some(1)) },
        "varbinary" => Holds::Bytes { most: length },
        "tinyblob" => Holds::Bytes { most: Some(255) },
        "blob" => Holds::Bytes { most: Some(65_535) },
        "mediumblob" => Holds::Bytes { most: Some(16_777_215) },
        "longblob" | "bytea" => Holds::Bytes { most: None },
        "date" => Holds::Date,
        "time" | "time without time zone" | "time with time zone" => Holds::Time { precision: precision(one, dialect) },
        "timestamp with time zone" => Holds::Stamp { precision: precision(one, dialect), zone: true },
        "timestamp" | "timestamp without time zone" | "datetime" => Holds::Stamp {
            precision: precision(one, dialect),
            // MySQL's timestamp is a moment, its datetime is not.
            zone: dialect.is_mysql() && name == "timestamp",
        },
        "json" | "jsonb" => Holds::Json,
        "uuid" => Holds::Uuid,
        "cidr" | "inet" => Holds::Network,
        "enum" => Holds::Labels(one.modifiers.clone()),
        _ => Holds::Unknown,
    }
}

fn precision(one: &DataType, dialect: Dialect) -> u32 {
    number(one, 0).unwrap_or(if dialect == Dialect::Postgres { 6 } else { 0 })
}

/// Digits of the largest value.
fn digits(bits: u8) -> u32 {
    match bits {
        8 => 3,
        16 => 5,
        24 => 8,
        32 => 10,
        _ => 20,
    }
}

/// Whether a length holds another.
fn enough(old: Option<u64>, new: Option<u64>) -> bool {
    match (old, new) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(old), Some(new)) => new >= old,
    }
}

fn wider(fits: bool) -> Fit {
    if fits { Fit::Wider } else { Fit::Narrower }
}

fn other(fits: bool) -> Fit {
    if fits { Fit::Other } else { Fit::Narrower }
}

fn between(old: &Holds, new: &Holds) -> Fit {
    match (old, new) {
        (Holds::Integer { bits, unsigned }, Holds::Integer { bits: more, unsigned: without }) => {
            wider(more >= bits && (unsigned == without || (*unsigned && more > bits)))
        }
        (Holds::Integer { bits, .. }, Holds::Decimal { digits: most, scale }) => {
            other(most.is_none_or(|most| most.saturating_sub(*scale) >= digits(*bits)))
        }
        (Holds::Integer { bits, .. }, Holds::Float { bits: float }) => {
            other(*bits <= if *float == 64 { 32 } else { 16 })
        }
        (Holds::Integer { bits, .. }, Holds::Text { most }) => {
            other(most.is_none_or(|most| most > u64::from(digits(*bits))))
        }
        (Holds::Decimal { digits, scale }, Holds::Decimal { digits: most, scale: after }) => {
            let whole =
                |digits: &Option<u32>, scale: &u32| digits.map(|digits| u64::from(digits.saturating_sub(*scale)));
            let unlimited = most.is_none();
            wider(unlimited || (digits.is_some() && after >= scale && enough(whole(digits, scale), whole(most, after))))
        }
        (Holds::Decimal { digits: Some(most), scale: 0 }, Holds::Integer { bits, .. }) => other(*most < digits(*bits)),
        (Holds::Decimal { .. } | Holds::Float { .. }, Holds::Integer { .. })
        | (Holds::Stamp { .. }, Holds::Date | Holds::Time { .. }) => Fit::Narrower,
        (Holds::Float { bits }, Holds::Float { bits: more }) => wider(more >= bits),
        (Holds::Decimal { .. }, Holds::Float { .. }) => Fit::Narrower,
        (Holds::Text { most }, Holds::Text { most: after })
        | (Holds::Bytes { most }, Holds::Bytes { most: after })
        | (Holds::Bits { most, varying: true }, Holds::Bits { most: after, varying: true }) => {
            wider(enough(*most, *after))
        }
        (Holds::Time { precision }, Holds::Time { precision: after }) => wider(after >= precision),
        (Holds::Stamp { precision, zone }, Holds::Stamp { precision: after, zone: other_zone }) => {
            if after < precision {
                Fit::Narrower
            } else if zone == other_zone {
                Fit::Wider
            } else {
                Fit::Other
            }
        }
        (Holds::Labels(old), Holds::Labels(new)) => wider(old.iter().all(|label| new.contains(label))),
        (Holds::Boolean, Holds::Integer { .. })
        | (Holds::Date, Holds::Stamp { .. })
        | (Holds::Json, Holds::Json)
        | (Holds::Network, Holds::Network) => Fit::Other,
        (Holds::Unknown, Holds::Text { most: None }) => Fit::Other,
        (Holds::Unknown, _) | (_, Holds::Unknown) => Fit::Doubtful,
        (_, Holds::Text { most: None }) => Fit::Other,
        (Holds::Uuid, Holds::Text { most: Some(most) }) => other(*most >= 36),
        _ => Fit::Doubtful,
    }
}

/// Whether PostgreSQL writes the table anew, or its indexes.
pub(super) fn postgres(old: &DataType, new: &DataType, before: &Catalog, after: &Catalog) -> Rewriting {
    if has_checks(new, after) {
        return Rewriting::Table;
    }
    let (old, new) = (base(old, before), base(new, after));
    if old == new {
        return Rewriting::No;
    }
    let string = |one: &DataType| matches!(one.name.as_str(), "character varying" | "text") && one.schema.is_none();
    let length = |one: &DataType| number(one, 0).map(u64::from);
    if old.array || new.array {
        let free = string(&old) && string(&new) && old.array == new.array && new.modifiers.is_empty();
        return if free { Rewriting::No } else { Rewriting::Table };
    }
    let longer = enough(length(&old), length(&new));
    let same = old.name == new.name && old.schema == new.schema;
    let free = match new.name.as_str() {
        "character varying" | "text" => string(&old) && longer,
        "bit varying" | "interval" => same && longer,
        "numeric" => {
            let (scale, after) = (number(&old, 1).unwrap_or(0), number(&new, 1).unwrap_or(0));
            same && longer && (new.modifiers.is_empty() || scale == after)
        }
        "inet" => old.name == "cidr",
        name if name.starts_with("time") => {
            let most = |one: &DataType| number(one, 0).unwrap_or(6);
            same && most(&new) >= most(&old)
        }
        _ => false,
    };
    if free { Rewriting::No } else { Rewriting::Table }
}

/// Whether it is a domain that refuses values.
fn has_checks(one: &DataType, catalog: &Catalog) -> bool {
    let mut one = one.clone();
    for _ in 0..8 {
        let Some(schema) = one.schema.clone() else { return false };
        match catalog.types.get(&Name::new(schema, &*one.name)).map(|found| &found.kind) {
            Some(UserTypeKind::Domain { base, not_null, checks, .. }) => {
                if *not_null || !checks.is_empty() {
                    return true;
                }
                one = base.clone();
            }
            _ => return false,
        }
    }
    false
}

/// Whether a column of this type costs a rewrite when it is added, whatever fills it.
pub(super) fn fills_by_check(one: &DataType, catalog: &Catalog) -> bool {
    has_checks(one, catalog)
}

/// Whether MySQL or MariaDB write the table anew; `width` is how many bytes a character takes.
pub(super) fn mysql(old: &DataType, new: &DataType, dialect: Dialect, width: u64) -> Rewriting {
    if old == new {
        return Rewriting::No;
    }
    let free = match (old.name.as_str(), new.name.as_str()) {
        ("varchar" | "varbinary", _) if old.name == new.name => {
            let bytes = |one: &DataType| number(one, 0).map_or(0, |length| u64::from(length).saturating_mul(width));
            let (old, new) = (bytes(old), bytes(new));
            // The length takes one byte up to 255, two above; MariaDB needs the second only from 128 on.
            let same_length = new <= 255 || old >= 256 || (dialect == Dialect::MariaDb && old < 128);
            new >= old && same_length
        }
        ("enum" | "set", _) if old.name == new.name => {
            let (few, many) = (old.modifiers.len(), new.modifiers.len());
            // A set is kept in 1, 2, 3, 4 or 8 bytes, an enum in 1 or 2.
            let set = |labels: usize| if labels > 32 { 8 } else { labels.div_ceil(8) };
            let same_size = if old.name == "set" { set(few) == set(many) } else { (few > 255) == (many > 255) };
            new.modifiers.starts_with(&old.modifiers) && same_size
        }
        _ => false,
    };
    if free { Rewriting::No } else { Rewriting::Table }
}
