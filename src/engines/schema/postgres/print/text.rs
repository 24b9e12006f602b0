//! Pieces of DDL: names, types, columns, constraints, indexes.
use crate::engines::schema::catalog::{
    Column, Constraint, ConstraintKind, DataType, ForeignKey, Index, IndexKey, Name,
};
use crate::engines::schema::postgres::normal::quote;
use std::collections::BTreeMap;

/// A name, quoted where it must be.
pub(super) fn ident(name: &str) -> String {
    quote(name)
}

/// A name with its schema.
pub(super) fn full(name: &Name) -> String {
    if name.schema.is_empty() { quote(&name.name) } else { format!("{}.{}", quote(&name.schema), quote(&name.name)) }
}

/// A constant.
pub(super) fn literal(text: &str) -> String {
    let quoted = format!("'{}'", text.replace('\'', "''"));
    if text.contains('\\') { format!("E{}", quoted.replace('\\', "\\\\")) } else { quoted }
}

/// A type; names that the database defines are quoted where they must be.
pub(super) fn data_type(one: &DataType) -> String {
    let Some(schema) = &one.schema else { return one.to_string() };
    let modifiers = if one.modifiers.is_empty() { String::new() } else { format!("({})", one.modifiers.join(",")) };
    format!("{}.{}{modifiers}{}", quote(schema), quote(&one.name), if one.array { "[]" } else { "" })
}

/// A collation: `C`, `pg_catalog.C`, `app.german`.
pub(super) fn collation(name: &str) -> String {
    match name.split_once('.') {
        _ if name.starts_with('"') => name.to_owned(),
        Some((schema, name)) if !schema.is_empty() && schema.chars().all(|c| c.is_ascii_lowercase() || c == '_') => {
            format!("{}.\"{}\"", quote(schema), name.trim_matches('"'))
        }
        _ => format!("\"{name}\""),
    }
}

pub(super) fn columns(names: &[String]) -> String {
    names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ")
}

/// Options as `name = value`.
pub(super) fn options(options: &BTreeMap<String, String>, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    options
        .iter()
        .filter(|(name, _)| wanted(name))
        .map(|(name, value)| format!("{name} = {}", option_value(value)))
        .collect()
}

/// A number or word as it is, anything else as a constant.
pub(super) fn option_value(value: &str) -> String {
    let plain = !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'));
    if plain { value.to_owned() } else { literal(value) }
}

/// What belongs into `WITH (…)` of a table or index.
pub(super) fn is_storage(name: &str) -> bool {
    !matches!(
        name,
        "replica identity"
            | "server"
            | "tablespace"
            | "access method"
            | "invalid"
            | "valid"
            | "options"
            | "of type"
            | "of"
    ) && !name.contains(' ')
}

/// Options of a sequence in the words of DDL.
pub(super) fn sequence_options(options: &BTreeMap<String, String>) -> Vec<String> {
    let word = |(name, value): (&String, &String)| match name.as_str() {
        "start" => format!("START WITH {value}"),
        "increment" => format!("INCREMENT BY {value}"),
        "minvalue" => format!("MINVALUE {value}"),
        "maxvalue" => format!("MAXVALUE {value}"),
        "cache" => format!("CACHE {value}"),
        "cycle" => "CYCLE".to_owned(),
        _ => String::new(),
    };
    options.iter().map(word).filter(|word| !word.is_empty()).collect()
}

pub(super) fn column(one: &Column) -> String {
    let mut text = format!("{} {}", quote(&one.name), data_type(&one.data_type));
    if let Some(name) = &one.collation {
        text.push_str(&format!(" COLLATE {}", collation(name)));
    }
    if let Some(generated) = &one.generated {
        let kept = if generated.stored { "STORED" } else { "VIRTUAL" };
        text.push_str(&format!(" GENERATED ALWAYS AS ({}) {kept}", generated.expression.text));
    }
    if let Some(identity) = &one.identity {
        text.push_str(&format!(" {}", self::identity(identity)));
    }
    if let Some(default) = &one.default {
        text.push_str(&format!(" DEFAULT {}", default.text));
    }
    if one.not_null {
        text.push_str(" NOT NULL");
    }
    text
}

pub(super) fn identity(one: &crate::engines::schema::catalog::Identity) -> String {
    let how = if one.always { "ALWAYS" } else { "BY DEFAULT" };
    let options = sequence_options(&one.options);
    let options = if options.is_empty() { String::new() } else { format!(" ({})", options.join(" ")) };
    format!("GENERATED {how} AS IDENTITY{options}")
}

/// What stands behind the name of a constraint.
pub(super) fn constraint(one: &Constraint) -> String {
    let mut text = match &one.kind {
        ConstraintKind::PrimaryKey(index) => format!("PRIMARY KEY {}", unique_keys(index)),
        ConstraintKind::Unique(index) => {
            format!(
                "UNIQUE {}{}",
                if index.nulls_not_distinct { "NULLS NOT DISTINCT " } else { "" },
                unique_keys(index)
            )
        }
        ConstraintKind::Exclude(index) => {
            let keys: Vec<String> = index
                .keys
                .iter()
                .map(|key| format!("{} WITH {}", self::key(key), key.operator.as_deref().unwrap_or("=")))
                .collect();
            format!("EXCLUDE USING {} ({}){}", index.method, keys.join(", "), behind(index))
        }
        ConstraintKind::Check(condition) => format!("CHECK ({})", condition.text),
        ConstraintKind::ForeignKey(key) => foreign_key(key),
        ConstraintKind::NotNull(column) => format!("NOT NULL {}", quote(column)),
    };
    let mut flag = |on: bool, word: &str| {
        if on {
            text.push(' ');
            text.push_str(word);
        }
    };
    flag(one.no_inherit, "NO INHERIT");
    flag(one.deferrable, "DEFERRABLE");
    flag(one.deferred, "INITIALLY DEFERRED");
    flag(one.not_enforced, "NOT ENFORCED");
    flag(one.not_valid && !one.not_enforced, "NOT VALID");
    text
}

fn unique_keys(index: &Index) -> String {
    let overlaps = index.keys.last().is_some_and(|key| key.operator.is_some());
    let mut keys: Vec<String> = index.keys.iter().map(|key| quote(&key.expression.normal)).collect();
    if let Some(last) = keys.last_mut().filter(|_| overlaps) {
        last.push_str(" WITHOUT OVERLAPS");
    }
    format!("({}){}", keys.join(", "), behind(index))
}

/// Everything of an index behind its keys.
fn behind(index: &Index) -> String {
    let mut text = String::new();
    if !index.include.is_empty() {
        text.push_str(&format!(" INCLUDE ({})", columns(&index.include)));
    }
    let options = options(&index.options, is_storage);
    if !options.is_empty() {
        text.push_str(&format!(" WITH ({})", options.join(", ")));
    }
    if let Some(predicate) = &index.predicate {
        text.push_str(&format!(" WHERE ({})", predicate.text));
    }
    text
}

fn foreign_key(one: &ForeignKey) -> String {
    let period = |names: &[String]| match names.split_last() {
        Some((last, rest)) if one.period => rest
            .iter()
            .map(|name| quote(name))
            .chain([format!("PERIOD {}", quote(last))])
            .collect::<Vec<_>>()
            .join(", "),
        _ => columns(names),
    };
    let mut text =
        format!("FOREIGN KEY ({}) REFERENCES {} ({})", period(&one.columns), full(&one.table), period(&one.references));
    if one.match_full {
        text.push_str(" MATCH FULL");
    }
    if let Some(word) = one.on_update.word() {
        text.push_str(&format!(" ON UPDATE {word}"));
    }
    if let Some(word) = one.on_delete.word() {
        text.push_str(&format!(" ON DELETE {word}"));
        if !one.on_delete_columns.is_empty() {
            text.push_str(&format!(" ({})", columns(&one.on_delete_columns)));
        }
    }
    text
}

fn key(one: &IndexKey) -> String {
    let mut text = if one.column { quote(&one.expression.normal) } else { format!("({})", one.expression.text) };
    if let Some(name) = &one.collation {
        text.push_str(&format!(" COLLATE {}", collation(name)));
    }
    if let Some(class) = &one.operator_class {
        text.push_str(&format!(" {class}"));
    }
    if one.descending {
        text.push_str(" DESC");
    }
    if one.nulls_first != one.descending {
        text.push_str(if one.nulls_first { " NULLS FIRST" } else { " NULLS LAST" });
    }
    text
}

pub(super) fn index(table: &Name, one: &Index) -> String {
    let unique = if one.unique { "UNIQUE " } else { "" };
    let keys: Vec<String> = one.keys.iter().map(key).collect();
    let distinct = if one.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    let mut rest = behind(one);
    if !distinct.is_empty() {
        // The words stand between the included columns and the options.
        let include =
            if one.include.is_empty() { String::new() } else { format!(" INCLUDE ({})", columns(&one.include)) };
        rest = format!("{include}{distinct}{}", rest.get(include.len()..).unwrap_or_default());
    }
    format!(
        "CREATE {unique}INDEX {} ON {} USING {} ({}){rest}",
        quote(&one.name),
        full(table),
        one.method,
        keys.join(", ")
    )
}

/// Whether a text names something as a whole word.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$');
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|tail| tail.chars().next());
        !part(before) && !part(after)
    })
}
