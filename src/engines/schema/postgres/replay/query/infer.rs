//! Types that meet: what holds both, what becomes what by itself.
use super::unknown;
use crate::engines::schema::catalog::DataType;

/// Types without modifiers and the way they become others, lowest first within a family.
const NUMBERS: [&str; 6] = ["smallint", "integer", "bigint", "numeric", "real", "double precision"];
const TIMES: [&str; 3] = ["date", "timestamp without time zone", "timestamp with time zone"];
/// What becomes text by itself.
const TEXTS: [&str; 4] = ["text", "character varying", "character", "name"];
/// What is an object identifier.
const OIDS: [&str; 9] =
    ["oid", "regclass", "regtype", "regproc", "regprocedure", "regnamespace", "regrole", "regconfig", "regoper"];

/// A type without what stands in parentheses.
pub(super) fn bare(data_type: &DataType) -> DataType {
    DataType { modifiers: Vec::new(), ..data_type.clone() }
}

/// The name under which tables of functions and operators know a type.
pub(super) fn plain_name(data_type: &DataType) -> String {
    let name = match data_type.name.as_str() {
        "character varying" => "text",
        other => other,
    };
    match data_type.array {
        true => format!("{name}[]"),
        false => name.to_owned(),
    }
}

/// The element of an array.
pub(super) fn element(data_type: &DataType) -> DataType {
    match data_type {
        one if one.array => DataType { array: false, modifiers: Vec::new(), ..one.clone() },
        one if one.name == "int2vector" => DataType::plain("smallint"),
        one if one.name == "oidvector" => DataType::plain("oid"),
        one if one.name == "jsonb" => one.clone(),
        _ => unknown(),
    }
}

/// The array of an element.
pub(super) fn array_of(data_type: &DataType) -> DataType {
    DataType { array: true, modifiers: Vec::new(), ..data_type.clone() }
}

/// The type that holds all of these, as `UNION`, `CASE` and `COALESCE` choose it.
pub(super) fn common(types: &[DataType]) -> DataType {
    let known: Vec<&DataType> = types.iter().filter(|one| one.name != "unknown").collect();
    let Some((first, rest)) = known.split_first() else {
        return DataType::plain(if types.is_empty() { "?" } else { "text" });
    };
    let all_known = known.len() == types.len();
    if rest.iter().all(|one| one == first) {
        // A constant among them has no modifiers of its own: those of the others are lost.
        return if all_known { (*first).clone() } else { bare(first) };
    }
    rest.iter().fold(bare(first), |one, other| wider(&one, &bare(other)))
}

/// The wider of two types.
fn wider(one: &DataType, other: &DataType) -> DataType {
    if one == other {
        return one.clone();
    }
    if one.name == "?" || other.name == "?" {
        return unknown();
    }
    match (becomes(one, other) && !preferred(one), becomes(other, one)) {
        (true, false) => other.clone(),
        // Both ways: the first stays.
        (_, true) => one.clone(),
        (false, false) => unknown(),
    }
}

/// Whether a type is the preferred one of its family.
pub(super) fn preferred(data_type: &DataType) -> bool {
    let names =
        ["double precision", "text", "timestamp with time zone", "interval", "boolean", "oid", "inet", "bit varying"];
    !data_type.array && data_type.schema.is_none() && names.contains(&data_type.name.as_str())
}

/// Whether a type becomes the other by itself.
pub(super) fn becomes(from: &DataType, to: &DataType) -> bool {
    if from.schema.is_some() || to.schema.is_some() || from.array != to.array {
        return from == to;
    }
    becomes_name(&from.name, &to.name) && (!from.array || plain_name(from) == plain_name(to))
}

fn becomes_name(from: &str, to: &str) -> bool {
    if from == to || from == "unknown" {
        return true;
    }
    let place = |list: &[&str], name: &str| list.iter().position(|one| *one == name);
    for list in [&NUMBERS[..], &TIMES[..]] {
        if let (Some(from), Some(to)) = (place(list, from), place(list, to)) {
            return from <= to;
        }
    }
    if TEXTS.contains(&from) && TEXTS.contains(&to) {
        return from != "name" || to == "text";
    }
    if OIDS.contains(&to) {
        return OIDS.contains(&from) || matches!(from, "smallint" | "integer" | "bigint");
    }
    matches!(
        (from, to),
        ("time without time zone", "interval" | "time with time zone")
            | ("cidr", "inet")
            | ("bit", "bit varying")
            | ("bit varying", "bit")
            | ("\"char\"", "text")
            | ("xid", "xid8")
            | ("oid", "bigint")
    )
}

/// Element type of a range type of the server, and its multirange.
pub(super) fn range_element(name: &str) -> Option<&'static str> {
    Some(match name {
        "int4range" | "int4multirange" => "integer",
        "int8range" | "int8multirange" => "bigint",
        "numrange" | "nummultirange" => "numeric",
        "tsrange" | "tsmultirange" => "timestamp without time zone",
        "tstzrange" | "tstzmultirange" => "timestamp with time zone",
        "daterange" | "datemultirange" => "date",
        _ => return None,
    })
}
