//! Tests of the reader on records of a database that holds one of everything.
use super::*;
use crate::engines::schema::catalog::{ConstraintKind, Object};
use crate::engines::schema::postgres::introspection;
use std::collections::BTreeMap;

fn record(version: &str) -> Value {
    let text = match version {
        "15" => include_str!("../../../../../tests/sql/postgres/everything-15.json"),
        _ => include_str!("../../../../../tests/sql/postgres/everything-18.json"),
    };
    serde_json::from_str(text).unwrap()
}

fn objects(version: &str) -> BTreeMap<String, Object> {
    let all = read(&record(version)).unwrap().objects();
    all.into_iter().map(|one| (format!("{} {}", one.key.kind.word(), one.key), one)).collect()
}

/// The attributes of an object as one text.
fn attributes(all: &BTreeMap<String, Object>, name: &str) -> String {
    let one = all.get(name).unwrap_or_else(|| panic!("no {name}"));
    one.attributes.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
}

#[test]
fn every_query_has_rows_in_the_record() {
    for version in ["15", "18"] {
        let record = record(version);
        for (query, _) in introspection() {
            assert!(record[query].as_array().is_some_and(|rows| !rows.is_empty()), "{version}: {query}");
        }
    }
}

#[test]
fn queries_are_one_statement_that_only_reads() {
    for (name, sql) in introspection() {
        let code: Vec<&str> = sql.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
        let code = code.join("\n");
        assert!(code.trim_start().starts_with("SELECT") && !code.contains(';') || code.contains("'; '"), "{name}");
        for word in ["INSERT ", "UPDATE ", "DELETE ", "CREATE ", "nextval(", "set_config("] {
            assert!(!code.contains(word), "{name}: {word}");
        }
    }
}

#[test]
fn the_same_database_is_the_same_on_both_servers() {
    let (mut old, mut new) = (objects("15"), objects("18"));
    new.retain(|name, _| !name.contains("newer"));
    // One column is NOT NULL in what only the newer server runs.
    for all in [&mut old, &mut new] {
        all.retain(|name, _| !name.starts_with("extension") && name != "column app.posts.b");
    }
    let names = |all: &BTreeMap<String, Object>| all.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&old), names(&new));
    for (name, one) in &old {
        assert_eq!(one.attributes, new[name].attributes, "{name}");
    }
}

#[test]
fn everything_is_read() {
    let all = objects("18");
    for (name, wanted) in [
        ("schema app", "comment=The application's own"),
        ("schema public", ""),
        ("extension btree_gist", "comment=own words; schema=public; version=1.8"),
        ("enum app.mood", "comment=how it feels; labels='sad', 'ok', 'it's fine'"),
        ("column app.users.id", "default=nextval('users_id_seq'::regclass); not null=yes; type=bigint"),
        ("column app.users.number", "identity=always; increment=2; not null=yes; start=100; type=integer"),
        ("column app.users.code", "collation=\"C\"; type=character(3)"),
        ("column app.users.price", "default=1.50; n_distinct=-0.5; type=numeric(10,2)"),
        ("column app.users.made", "default=current_timestamp; not null=yes; type=timestamp(3) with time zone"),
        ("column app.users.tags", "compression=pglz; default=array['a', 'b']; type=text[]"),
        ("column app.newer.twice", "generated=id * 2; kept=virtual; type=integer"),
        ("constraint app.newer.c_positive", "condition=c > 0; kind=check; not enforced=yes"),
        ("constraint app.newer.newer_pkey", "keys=id, during; kind=primary key; method=gist; without overlaps=yes"),
        (
            "constraint app.users.users_during_excl",
            "keys=code WITH =, during WITH &&; kind=exclude; method=gist; where=flag",
        ),
        ("index app.posts.posts_trgm", "fillfactor=80; keys=title gist_trgm_ops(siglen=32); method=gist"),
        ("table app.events_2024", "bound=FOR VALUES FROM ('2024-01-01') TO ('2025-01-01'); partition of=app.events"),
        ("table app.child", "inherits=app.parent"),
        ("sequence public.down_seq", "increment=-1; type=bigint"),
        (
            "procedure app.work(integer, text)",
            "arguments=INOUT a integer, b text DEFAULT 'x'; body=BEGIN a := 1; END; language=plpgsql; returns=",
        ),
        ("function app.giving(integer)", "arguments=a integer; body=return a * 2; language=sql; returns=integer"),
        (
            "trigger app.users.users_touch",
            "action=app.touch('a', 'it''s', '1'); columns=name, code; comment=touch; events=insert, update; level=row; timing=before; when=new.name is not null",
        ),
        (
            "policy app.users.own",
            "check=exists(select 1 from app.posts t1 where t1.author = users.id); command=update; restrictive=yes; roles=pg_monitor, postgres; using=name = current_user",
        ),
        ("grant app.users.table to pg_monitor", "grantee=pg_monitor; on=table; privileges=INSERT*, SELECT*"),
        ("grant app.add(integer, integer).function to public", "grantee=public; on=function"),
        ("publication part", "publish=insert, update; publish_via_partition_root=yes; tables=app.posts (id, title)"),
        (
            "view app.names_view",
            "comment=names; query=select t1.id as id, t1.name as called, t2.title as title from (app.users t1 left join app.posts t2 on t2.author = t1.id) where t1.flag",
        ),
    ] {
        assert_eq!(attributes(&all, name), wanted, "{name}");
    }
}

#[test]
fn not_null_constraints_are_kept_but_not_compared() {
    let catalog = read(&record("18")).unwrap();
    let posts = &catalog.tables[&Name::new("app", "posts")];
    let named = posts.constraints.iter().find(|one| one.name == "posts_b_there").unwrap();
    assert_eq!(named.kind, ConstraintKind::NotNull("b".to_owned()));
    assert!(named.not_valid);
    assert!(catalog.objects().iter().all(|one| one.key.name != "posts_b_there"));
}

#[test]
fn a_bad_record_is_told_in_words() {
    for (record, wanted) in [
        ("[]", "the record is no JSON object"),
        ("{}", "the record does not say which server it is of"),
        (r#"{"server": {}}"#, "`server` is no list of rows"),
        (r#"{"server": [5]}"#, "a row of `server` is no object"),
        (r#"{"server": [{"version": "x"}]}"#, "a row of `server`: `version` is no whole number"),
        (r#"{"server": [{"version": 99999999999}]}"#, "the version of the server makes no sense"),
        (r#"{"server": [{"version": 180004}], "schemas": [{"name": 5}]}"#, "a row of `schemas`: `name` is no text"),
        (
            r#"{"server": [{"version": 180004}], "tables": [{"schema": "a", "name": "t", "kind": null}]}"#,
            "a row of `tables` (t): `kind` is no text",
        ),
    ] {
        assert_eq!(read(&serde_json::from_str(record).unwrap()).unwrap_err(), wanted);
    }
}

#[test]
fn every_field_may_be_missing_or_wrong_without_a_panic() {
    let mut whole = record("18");
    for rows in whole.as_object_mut().unwrap().values_mut() {
        rows.as_array_mut().unwrap().truncate(3);
    }
    for (query, rows) in whole.as_object().unwrap() {
        let Some(first) = rows.as_array().and_then(|rows| rows.first()).and_then(Value::as_object) else { continue };
        for field in first.keys() {
            for wrong in [Value::Null, Value::from(7), Value::from("x"), Value::from(vec![Value::from(1)])] {
                let mut record = whole.clone();
                record[query][0][field] = wrong;
                // An error or a catalog, whichever it is.
                let _ = read(&record);
            }
        }
    }
}
