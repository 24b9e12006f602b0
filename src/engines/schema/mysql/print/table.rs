//! Tables as DDL.
use super::parts;
use crate::engines::schema::catalog::{Name, Server, Table};
use crate::engines::schema::mysql::normal::{Charsets, quote};
use std::collections::BTreeMap;

/// `CREATE TABLE`, without foreign keys.
pub(super) fn create(name: &Name, table: &Table, server: Server) -> String {
    let mut lines: Vec<String> = table.columns.iter().map(|column| parts::column(table, column, server)).collect();
    lines.extend(parts::primary(table, server));
    lines.extend(table.indexes.iter().map(|index| parts::index(index, false, server)));
    lines.extend(table.constraints.iter().filter_map(|one| parts::check(table, one, server)));
    let mut text = format!("CREATE TABLE {} (\n  {}\n)", parts::name(name), lines.join(",\n  "));
    for option in options(table, &BTreeMap::new(), server) {
        text.push(' ');
        text.push_str(&option);
    }
    if let Some(comment) = &table.meta.comment {
        text.push_str(&format!(" COMMENT={}", quote(comment)));
    }
    if let Some(by) = &table.partitioning.by {
        text.push('\n');
        text.push_str(&partitions(&by.normal));
    }
    text
}

/// Options that are not those before, as DDL.
pub(super) fn options(table: &Table, before: &BTreeMap<String, String>, server: Server) -> Vec<String> {
    let mut all = Vec::new();
    for (name, value) in &table.options {
        if before.get(name) == Some(value) {
            continue;
        }
        all.push(match name.as_str() {
            "collation" => format!("DEFAULT CHARACTER SET={} COLLATE={value}", Charsets(server).of(value)),
            "system versioning" => {
                if before.is_empty() { "WITH SYSTEM VERSIONING" } else { "ADD SYSTEM VERSIONING" }.to_owned()
            }
            "connection" | "compression" | "encryption" => format!("{}={}", name.to_ascii_uppercase(), quote(value)),
            _ => format!("{}={value}", name.to_ascii_uppercase()),
        });
    }
    for name in before.keys().filter(|name| !table.options.contains_key(*name)) {
        all.push(match name.as_str() {
            "engine" => "ENGINE=InnoDB".to_owned(),
            "collation" => continue,
            "system versioning" => "DROP SYSTEM VERSIONING".to_owned(),
            "row_format" | "pack_keys" | "stats_persistent" | "stats_auto_recalc" => {
                format!("{}=DEFAULT", name.to_ascii_uppercase())
            }
            _ => format!("{}=0", name.to_ascii_uppercase()),
        });
    }
    all
}

/// `PARTITION BY` out of its normal form.
pub(super) fn partitions(normal: &str) -> String {
    // The list is the last pair of parentheses that follows a space.
    let Some((head, list)) = normal.rsplit_once(" (").filter(|(head, _)| head.contains(" (")) else {
        return format!("PARTITION BY {normal}");
    };
    // Values may hold such a pair too: then the list begins earlier.
    let (head, list) = match normal.find(") (") {
        Some(at) if !normal.contains(" subpartition by ") => {
            (normal.get(..=at).unwrap_or(head), normal.get(at + 3..).unwrap_or(list))
        }
        _ => (head, list),
    };
    let list = list.strip_suffix(')').unwrap_or(list);
    let one = |text: &str| {
        let (text, comment) = text
            .split_once(" comment ")
            .map_or((text, String::new()), |(text, comment)| (text, format!(" COMMENT = {comment}")));
        let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
        let values = match rest.split_once(' ') {
            Some(("<", "maxvalue")) => " VALUES LESS THAN MAXVALUE".to_owned(),
            Some(("<", bound)) => format!(" VALUES LESS THAN ({bound})"),
            Some(("in", "default" | "DEFAULT")) => " DEFAULT".to_owned(),
            Some(("in", values)) => format!(" VALUES IN ({values})"),
            _ => String::new(),
        };
        format!("PARTITION {}{values}{comment}", parts::quoted(name))
    };
    let list = list.split(", ").map(one).collect::<Vec<_>>().join(", ");
    let columns = head.starts_with("range columns") || head.starts_with("list columns");
    let list = if columns { list.replace("LESS THAN MAXVALUE", "LESS THAN (MAXVALUE)") } else { list };
    format!("PARTITION BY {head} ({list})")
}
