//! Records as servers give them: one of MariaDB 10.11, one of MySQL 8 written after its manual.
use super::{read, variables};
use crate::engines::schema::catalog::{Catalog, Dialect, Kind};
use crate::engines::schema::mysql::MySql;
use crate::engines::schema::{Options, Replayer, Script, Step, StepKind};
use serde_json::json;
use std::sync::Arc;

fn replayed(catalog: &Catalog, variables: std::collections::BTreeMap<String, String>, sql: &str) -> Catalog {
    let options = Options { variables, ..Options::default() };
    let mut replay = MySql::new(catalog.server, &options);
    let script = Script { path: Arc::from("m.sql"), line: 1, text: Arc::from(sql), transaction: false };
    let step = Step {
        kind: StepKind::Versioned,
        version: "1".to_owned(),
        name: String::new(),
        path: Arc::from("m.sql"),
        up: vec![script],
        down: Vec::new(),
        checksum: None,
    };
    replay.apply(&step);
    replay.replay().catalog
}

fn flat(catalog: &Catalog) -> Vec<(String, String)> {
    let text = |object: crate::engines::schema::catalog::Object| {
        let mut attributes = object.attributes;
        if object.key.kind == Kind::View {
            attributes.remove("query");
        }
        (format!("{:?} {}", object.key.kind, object.key), format!("{attributes:?}"))
    };
    catalog.objects().into_iter().map(text).collect()
}

#[test]
fn mariadb_and_the_migration_give_one_catalog() {
    let record = json!({
        "server": [{"version": "10.11.19-MariaDB-0+deb12u1", "name": "shop", "character_set_database": "latin1", "collation_database": "latin1_swedish_ci",
            "sql_mode": "STRICT_TRANS_TABLES", "explicit_defaults_for_timestamp": "1", "lower_case_table_names": "0", "default_storage_engine": "InnoDB"}],
        "tables": [
            {"name": "p", "type": "BASE TABLE", "engine": "InnoDB", "row_format": "Dynamic", "collation": "latin1_swedish_ci", "create_options": "", "comment": ""},
            {"name": "t", "type": "BASE TABLE", "engine": "MyISAM", "row_format": "Dynamic", "collation": "utf8mb4_bin", "create_options": "max_rows=10", "comment": "hi"}],
        "columns": [
            {"table_name": "p", "name": "id", "position": "1", "default_value": null, "nullable": "NO", "data_type": "int", "column_type": "int(11)", "charset": null, "collation": null, "extra": "auto_increment", "generation_expression": null, "comment": ""},
            {"table_name": "p", "name": "c", "position": "2", "default_value": "'x'", "nullable": "YES", "data_type": "varchar", "column_type": "varchar(10)", "charset": "utf8mb3", "collation": "utf8mb3_general_ci", "extra": "", "generation_expression": null, "comment": "n"},
            {"table_name": "p", "name": "e", "position": "3", "default_value": "current_timestamp()", "nullable": "YES", "data_type": "datetime", "column_type": "datetime", "charset": null, "collation": null, "extra": "on update current_timestamp()", "generation_expression": null, "comment": ""},
            {"table_name": "p", "name": "g", "position": "4", "default_value": null, "nullable": "YES", "data_type": "int", "column_type": "int(11)", "charset": null, "collation": null, "extra": "STORED GENERATED, INVISIBLE", "generation_expression": "`id` + 1", "comment": ""},
            {"table_name": "p", "name": "f", "position": "5", "default_value": "NULL", "nullable": "YES", "data_type": "decimal", "column_type": "decimal(10,2)", "charset": null, "collation": null, "extra": "", "generation_expression": null, "comment": ""},
            {"table_name": "v", "name": "id", "position": "1", "default_value": "0", "nullable": "NO", "data_type": "int", "column_type": "int(11)", "charset": null, "collation": null, "extra": "", "generation_expression": null, "comment": ""},
            {"table_name": "t", "name": "a", "position": "1", "default_value": "NULL", "nullable": "YES", "data_type": "varchar", "column_type": "varchar(5)", "charset": "utf8mb4", "collation": "utf8mb4_bin", "extra": "", "generation_expression": null, "comment": ""}],
        "indexes": [
            {"table_name": "p", "name": "PRIMARY", "non_unique": "0", "position": "1", "column_name": "id", "sort": "A", "prefix": null, "type": "BTREE", "comment": ""},
            {"table_name": "p", "name": "c", "non_unique": "0", "position": "1", "column_name": "c", "sort": "A", "prefix": "4", "type": "BTREE", "comment": ""},
            {"table_name": "p", "name": "c", "non_unique": "0", "position": "2", "column_name": "f", "sort": "D", "prefix": null, "type": "BTREE", "comment": ""},
            {"table_name": "p", "name": "g", "non_unique": "1", "position": "1", "column_name": "g", "sort": "A", "prefix": null, "type": "BTREE", "comment": ""}],
        "foreign_keys": [{"table_name": "p", "name": "p_ibfk_1", "referenced_schema": "shop", "referenced_table": "p", "on_update": "RESTRICT", "on_delete": "CASCADE"}],
        "foreign_key_columns": [{"table_name": "p", "name": "p_ibfk_1", "position": "1", "column_name": "g", "referenced_schema": "shop", "referenced_table": "p", "referenced_column": "id"}],
        "checks_mariadb_optional": [{"table_name": "p", "name": "CONSTRAINT_1", "level": "Table", "clause": "`f` > 0 and `c` <> ''"}, {"table_name": "p", "name": "f", "level": "Column", "clause": "`f` < 9"}],
        "views": [{"name": "v", "definition": "select `shop`.`p`.`id` AS `id` from `shop`.`p`", "check_option": "NONE", "security": "DEFINER", "charset": "utf8mb4", "collation": "utf8mb4_general_ci"}],
        "triggers": [{"table_name": "t", "name": "tr", "timing": "BEFORE", "event": "INSERT", "action_order": "1", "body": "set new.a = 'x'", "sql_mode": ""}],
        "routines": [{"name": "f", "type": "FUNCTION", "returns": "int(11)", "body_kind": "SQL", "body": "return 1", "language": null, "is_deterministic": "YES", "data_access": "CONTAINS SQL", "security": "DEFINER", "comment": "", "sql_mode": ""}],
        "parameters": [{"routine": "f", "type": "FUNCTION", "position": "0", "mode": null, "name": null, "data_type": "int(11)"}, {"routine": "f", "type": "FUNCTION", "position": "1", "mode": "IN", "name": "x", "data_type": "int(11)"}]
    });
    let live = read(&record).unwrap();
    assert_eq!((live.server.dialect, live.server.version), (Dialect::MariaDb, (10, 11)));
    let mut sql = "create table p(id integer auto_increment primary key, c varchar(10) charset utf8 default 'x' comment 'n', e datetime default now() on update now(),
            g int as (id+1) persistent invisible, f numeric(10,2) check (f < 9), unique c(c(4), f desc), foreign key (g) references p(id) on delete cascade, check (f > 0 and c <> ''));
        create table t(a varchar(5)) engine=myisam max_rows=10 comment='hi' collate utf8mb4_bin;
        create view v as select id from p; create trigger tr before insert on t for each row set new.a = 'x';
        create function f(x int) returns int deterministic return 1;".to_owned();
    let ours = replayed(&live, variables(&record), &sql);
    assert_eq!(flat(&live), flat(&ours));
    assert!(live.views.values().chain(ours.views.values()).all(|view| view.comparable));
    assert!(live.views.values().map(|view| &view.query.normal).eq(ours.views.values().map(|view| &view.query.normal)));
    // One difference is one difference.
    sql.push_str("alter table p modify f decimal(10,3) check (f < 9);");
    let ours = replayed(&live, variables(&record), &sql);
    let left: Vec<_> = flat(&live).into_iter().filter(|one| !flat(&ours).contains(one)).map(|(key, _)| key).collect();
    assert_eq!(left, ["Column p.f"]);
}

#[test]
fn mysql_as_its_manual_says() {
    let record = json!({
        "server": [{"version": "8.4.2", "name": "shop", "character_set_database": "utf8mb4", "collation_database": "utf8mb4_0900_ai_ci"}],
        "tables": [{"name": "t", "type": "BASE TABLE", "engine": "InnoDB", "collation": "utf8mb4_0900_ai_ci", "create_options": "", "comment": ""}],
        "columns": [
            {"table_name": "t", "name": "a", "default_value": null, "nullable": "NO", "column_type": "int unsigned", "collation": null, "extra": "auto_increment", "generation_expression": "", "comment": ""},
            {"table_name": "t", "name": "b", "default_value": "x", "nullable": "YES", "column_type": "varchar(10)", "collation": "utf8mb4_0900_ai_ci", "extra": "", "generation_expression": "", "comment": ""},
            {"table_name": "t", "name": "c", "default_value": "CURRENT_TIMESTAMP", "nullable": "YES", "column_type": "datetime", "collation": null, "extra": "DEFAULT_GENERATED on update CURRENT_TIMESTAMP", "generation_expression": "", "comment": ""},
            {"table_name": "t", "name": "d", "default_value": "uuid()", "nullable": "YES", "column_type": "varchar(36)", "collation": "utf8mb4_0900_ai_ci", "extra": "DEFAULT_GENERATED", "generation_expression": "", "comment": ""},
            {"table_name": "t", "name": "j", "default_value": null, "nullable": "YES", "column_type": "json", "collation": null, "extra": "", "generation_expression": "", "comment": ""},
            {"table_name": "t", "name": "g", "default_value": null, "nullable": "YES", "column_type": "varchar(9)", "collation": "utf8mb4_0900_ai_ci", "extra": "VIRTUAL GENERATED", "generation_expression": "json_unquote(json_extract(`j`,_utf8mb4\\'$.x\\'))", "comment": ""}],
        "indexes": [
            {"table_name": "t", "name": "PRIMARY", "non_unique": "0", "position": "1", "column_name": "a", "sort": "A", "prefix": null, "type": "BTREE", "comment": ""},
            {"table_name": "t", "name": "k", "non_unique": "1", "position": "1", "column_name": null, "sort": "A", "prefix": null, "type": "BTREE", "comment": ""}],
        "indexes_mysql_optional": [{"table_name": "t", "name": "k", "position": "1", "visible": "NO", "expression": "lower(`b`)"}],
        "checks_mysql_optional": [{"table_name": "t", "name": "t_chk_1", "enforced": "NO", "clause": "(`b` <> _utf8mb4\\'\\')"}]
    });
    let live = read(&record).unwrap();
    let sql = "create table t(a int(10) unsigned not null auto_increment primary key, b varchar(10) default 'x', c datetime default now() on update now(),
        d varchar(36) default (uuid()), j json, g varchar(9) as (j->>'$.x'), key k((lower(b))) invisible, check (b <> '') not enforced);";
    assert_eq!(flat(&live), flat(&replayed(&live, variables(&record), sql)));
}

#[test]
fn a_record_without_a_server_is_none() {
    assert!(read(&json!({"tables": []})).is_err());
    assert!(read(&json!(null)).is_err());
}
