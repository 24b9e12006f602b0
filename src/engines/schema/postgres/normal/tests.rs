//! Tests of the normal form: what is written, and what PostgreSQL 15 and 18 print of it, have the same.
use super::*;
use crate::engines::schema::catalog::{Name, Routine, UserType, UserTypeKind};

/// Columns of the table that the cases are about.
const COLUMNS: &str = "i integer, s smallint, b bigint, n numeric, p numeric(10;2), r real, d double precision, t text, v varchar(50), vv varchar, \
    c character(3), e public.citext, m public.mood, ms public.mood[], em public.email, f boolean, u uuid, j jsonb, js json, ta text[], \
    va varchar[], ia integer[], dt date, ts timestamp, tz timestamptz, tm time, iv interval, by bytea, ip inet, xm xml, tr tstzrange, \
    tv tsvector, Odd integer, pt point, bt bit(3)";

/// What the database of the cases defines.
fn database() -> Catalog {
    let mut catalog = Catalog::default();
    let mut add = |name: &str, kind: UserTypeKind| {
        catalog.types.insert(Name::new("public", name), UserType { kind, ..UserType::default() });
    };
    add("mood", UserTypeKind::Enum(vec!["sad".to_owned(), "ok".to_owned()]));
    for (name, base) in [("email", "public.citext"), ("posint", "integer")] {
        let base = data_type(base);
        add(name, UserTypeKind::Domain { base, not_null: false, default: None, collation: None, checks: Vec::new() });
    }
    let mut function = |name: &str, takes: &str, returns: &str| {
        let signature = takes.split(',').map(data_type).collect();
        let routine = Routine { returns: returns.to_owned(), signature, ..Routine::default() };
        catalog.routines.insert((Name::new("public", name), takes.to_owned()), routine);
    };
    function("twice", "integer", "integer");
    function("myconcat", "text, text", "text");
    function("digest_like", "text, text", "bytea");
    function("exists_like", "text[], text[]", "boolean");
    function("bool_like", "boolean, character varying", "boolean");
    catalog
}

/// The normal form of a case.
fn normal(kind: &str, text: &str, columns: &[(&str, &DataType)], catalog: &Catalog) -> String {
    let context = Context { columns, catalog: Some(catalog), ..Context::default() };
    match kind.split_once(' ') {
        Some((_, column)) => default(text, Context { data_type: Some(&data_type(column)), ..context }).normal,
        None => expression(text, context).normal,
    }
}

#[test]
fn what_the_server_prints_is_what_was_written() {
    let catalog = database();
    let types: Vec<(&str, DataType)> = COLUMNS
        .split(", ")
        .filter_map(|column| column.trim().split_once(' '))
        .map(|(name, kind)| (name, data_type(&kind.replace(';', ","))))
        .collect();
    let columns: Vec<(&str, &DataType)> = types.iter().map(|(name, kind)| (*name, kind)).collect();
    let mut wrong = Vec::new();
    let mut total = 0;
    for line in include_str!("cases.tsv").lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (kind, written) = (fields[0], normal(fields[0], fields[1], &columns, &catalog));
        for printed in fields[2..].iter().filter(|one| **one != "-") {
            total += 1;
            let printed_text = printed.replace("\\n", "\n");
            let printed = normal(kind, &printed_text, &columns, &catalog);
            if printed != written {
                wrong.push(format!(
                    "{kind}: {}\n  server {printed_text}\n  ours   {written}\n  its    {printed}",
                    fields[1]
                ));
            }
            let again = normal(kind, &printed, &columns, &catalog);
            if again != printed {
                wrong.push(format!("{kind}: {}\n  once   {printed}\n  twice  {again}", fields[1]));
            }
        }
        let again = normal(kind, &written, &columns, &catalog);
        if again != written {
            wrong.push(format!("{kind}: {}\n  once   {written}\n  twice  {again}", fields[1]));
        }
    }
    assert!(wrong.is_empty(), "{} of {total} are not the same:\n{}", wrong.len(), wrong.join("\n"));
}
