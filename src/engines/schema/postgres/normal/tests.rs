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

/// The columns with their types.
fn types() -> Vec<(&'static str, DataType)> {
    COLUMNS
        .split(", ")
        .filter_map(|column| column.trim().split_once(' '))
        .map(|(name, kind)| (name, data_type(&kind.replace(';', ","))))
        .collect()
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
    let types = types();
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

#[test]
fn what_means_something_else_stays_apart() {
    let catalog = database();
    let types = types();
    let columns: Vec<(&str, &DataType)> = types.iter().map(|(name, kind)| (*name, kind)).collect();
    let mut wrong = Vec::new();
    for line in include_str!("different.tsv").lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (one, other) =
            (normal(fields[0], fields[1], &columns, &catalog), normal(fields[0], fields[2], &columns, &catalog));
        if one == other {
            wrong.push(format!("{line}: {one}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The tables that the views read.
fn tables() -> Catalog {
    let mut catalog = Catalog::default();
    for (name, columns) in [
        ("users", "id bigint, name text, email varchar(50), flag boolean, made timestamptz, org integer"),
        ("posts", "id bigint, author bigint, title text, price numeric(10;2), data jsonb, tags text[], at date"),
        ("orgs", "id integer, name text"),
    ] {
        let mut table = crate::engines::schema::catalog::Table::default();
        for (column, kind) in columns.split(", ").filter_map(|column| column.split_once(' ')) {
            table.columns.push(crate::engines::schema::catalog::Column {
                name: column.to_owned(),
                data_type: data_type(&kind.replace(';', ",")),
                ..Default::default()
            });
        }
        catalog.tables.insert(Name::new("public", name), table);
    }
    let columns = vec![("id".to_owned(), data_type("bigint"))];
    let view = crate::engines::schema::catalog::View { columns, ..Default::default() };
    catalog.views.insert(Name::new("public", "vv"), view);
    catalog
}

#[test]
fn views_are_what_the_server_prints() {
    let catalog = tables();
    let (mut wrong, mut unproven, mut total) = (Vec::new(), Vec::new(), 0);
    for line in include_str!("views.tsv").lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let names: Vec<String> = fields[1].split(',').map(str::to_owned).collect();
        let (written, proven) = query::view(fields[0], &names, &catalog);
        for printed in fields[2..].iter().filter(|one| **one != "-") {
            total += 1;
            let text = printed.replace("\\n", "\n");
            let (printed, also) = query::view(&text, &names, &catalog);
            if !proven || !also {
                unproven.push(format!("{} ({proven} {also})", fields[0]));
            } else if printed != written {
                wrong.push(format!("{}\n  server {text}\n  ours   {written}\n  its    {printed}", fields[0]));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {total} are not the same:\n{}", wrong.len(), wrong.join("\n"));
    assert!(unproven.len() <= 4, "{} of {total} cannot be looked up:\n{}", unproven.len(), unproven.join("\n"));
}

#[test]
fn other_queries_stay_apart() {
    let catalog = tables();
    for (one, other) in [
        ("select id from users", "select id from posts"),
        ("select id from users where flag", "select id from users where not flag"),
        ("select id from users", "select id as x from users"),
        ("select id from users", "select distinct id from users"),
        (
            "select u.id from users u join posts p on p.author = u.id",
            "select p.id from users u join posts p on p.author = u.id",
        ),
        (
            "select u.id from users u join posts p on p.author = u.id",
            "select u.id from users u left join posts p on p.author = u.id",
        ),
        (
            "select a.id from users a, users b where a.id < b.org",
            "select a.id from users a, users b where b.id < a.org",
        ),
        ("select id from users union select id from posts", "select id from users union all select id from posts"),
        ("select id from users order by id", "select id from users order by id desc"),
        ("select id from users limit 5", "select id from users limit 6"),
        (
            "select id from users where exists (select 1 from posts where author = users.id)",
            "select id from users where exists (select 1 from posts where author = posts.id)",
        ),
        ("select count(*) as n from users", "select count(id) as n from users"),
        ("select count(*) filter (where flag) as n from users", "select count(*) as n from users"),
        ("select name from users group by name, id", "select name from users group by name"),
        (
            "select row_number() over (order by id) as n from users",
            "select row_number() over (order by name) as n from users",
        ),
        ("select price::int as p from posts", "select price as p from posts"),
        ("with x as (select id from users) select id from x", "with x as (select id from posts) select id from x"),
        (
            "select id from users where id in (select author from posts)",
            "select id from users where id not in (select author from posts)",
        ),
    ] {
        assert_ne!(query::view(one, &[], &catalog).0, query::view(other, &[], &catalog).0, "{one}");
    }
}

#[test]
fn types_have_one_name() {
    for (written, canonical) in [
        ("int4", "integer"),
        ("INT", "integer"),
        ("int8[]", "bigint[]"),
        ("_text", "text[]"),
        ("varchar(255)", "character varying(255)"),
        ("character varying", "character varying"),
        ("char", "character(1)"),
        ("bpchar", "bpchar"),
        ("\"char\"", "\"char\""),
        ("pg_catalog.varchar(5)", "character varying(5)"),
        ("numeric(5)", "numeric(5,0)"),
        ("decimal(10, 2)", "numeric(10,2)"),
        ("float", "double precision"),
        ("float(24)", "real"),
        ("bit", "bit(1)"),
        ("timestamptz(3)", "timestamp(3) with time zone"),
        ("timestamp (3) without time zone", "timestamp(3) without time zone"),
        ("time", "time without time zone"),
        ("interval day to second(3)", "interval day to second(3)"),
        ("text ARRAY[3]", "text[]"),
        ("text[][]", "text[]"),
        ("public.citext", "public.citext"),
        ("\"Odd Schema\".\"Type\"[]", "Odd Schema.Type[]"),
        ("geometry(POINT, 4326)", "geometry(point,4326)"),
        ("vector(1536)", "vector(1536)"),
    ] {
        assert_eq!(data_type(written).to_string(), canonical, "{written}");
    }
}

#[test]
fn hostile_texts_do_no_harm() {
    let context = Context::default();
    for text in [
        String::new(),
        "(".repeat(100_000),
        "((((((".to_owned(),
        "a".repeat(100_000),
        format!("1{}", " + 1".repeat(20_000)),
        format!("a{}", " or b".repeat(20_000)),
        format!("{}1", "- ".repeat(3_000)),
        format!("{}a", "not ".repeat(3_000)),
        format!("{}1{}", "(".repeat(400), ")".repeat(400)),
        format!("{}{}", "array[".repeat(300), "]".repeat(300)),
        "'unclosed".to_owned(),
        "a b c d".to_owned(),
        "select".to_owned(),
        "1; drop table x".to_owned(),
        "E'\\x' || U&'\\d83d' || $$ $$ || B'12' || X'zz'".to_owned(),
        "'\u{1f600}' || \"\u{1f600}\"".to_owned(),
        "x::int between".to_owned(),
        "a in ()".to_owned(),
        "case end".to_owned(),
        "'99999999999 years 99999999999 days'::interval > '9999-99-99'::date".to_owned(),
        "'{{{{'::int[] = '[,'::int4range".to_owned(),
    ] {
        let _ = expression(&text, context);
        let _ = default(&text, Context { data_type: Some(&data_type("interval")), ..context });
        let _ = statement(&text);
        let _ = trigger(&text);
        let _ = statistics(&text);
        let _ = query::view(&text, &[], &Catalog::default());
        let _ = bounds::bound(&text);
        let _ = bounds::key(&text, context);
        let _ = data_type(&text);
    }
}

proptest::proptest! {
    #[test]
    fn the_normal_form_is_its_own(text in "[a-c0-9() +*=<>|,.-]{0,24}|(a|b|1|'x') (=|<|and|or|\\|\\||\\+|-) (a|b|2|not c|-a) (and|or|\\*|is not null and) (c|d|1\\.5|'2024-01-05'::date)") {
        let context = Context::default();
        let once = expression(&text, context).normal;
        proptest::prop_assert_eq!(&expression(&once, context).normal, &once);
    }
}

#[test]
fn before_14_extract_was_another_function() {
    let old = Catalog {
        server: crate::engines::schema::catalog::Server { version: (13, 0), ..Default::default() },
        ..Catalog::default()
    };
    let kind = data_type("timestamp");
    let context = Context { catalog: Some(&old), columns: &[("ts", &kind)], ..Context::default() };
    let written = expression("extract(year from ts) > 5", context).normal;
    assert_eq!(written, expression("(date_part('year'::text, ts) > (5)::double precision)", context).normal);
}
