//! Rules of the replay, with what MariaDB 10.11 answers; what MySQL does is from its manual where a test says so.
use super::MySql;
use crate::engines::schema::catalog::{Catalog, Dialect, Kind, Server, Touches};
use crate::engines::schema::{Class, Options, Replay, Replayer, Script, Step, StepKind, What};
use std::sync::Arc;

const MARIA: Server = Server { dialect: Dialect::MariaDb, version: (10, 11) };
const MYSQL: Server = Server { dialect: Dialect::MySql, version: (8, 4) };

fn step(version: &str, sql: &str) -> Step {
    let script = Script { path: Arc::from("m.sql"), line: 1, text: Arc::from(sql), transaction: false };
    Step {
        kind: StepKind::Versioned,
        version: version.to_owned(),
        name: String::new(),
        path: Arc::from("m.sql"),
        up: vec![script],
        down: Vec::new(),
        checksum: None,
    }
}

fn replay(server: Server, sql: &str) -> Replay {
    let mut replay = MySql::new(server, &Options::default());
    replay.apply(&step("1", sql));
    replay.replay()
}

fn exact(server: Server, sql: &str) -> Catalog {
    let catalog = replay(server, sql).catalog;
    assert_eq!(catalog.unmodelled, Vec::new(), "{sql}");
    catalog
}

/// Objects of a kind as `name: attribute=value …`.
fn list(catalog: &Catalog, kind: Kind) -> Vec<String> {
    let text = |object: &crate::engines::schema::catalog::Object| {
        let attributes: Vec<String> = object.attributes.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{}: {}", object.key, attributes.join("; "))
    };
    catalog.objects().iter().filter(|object| object.key.kind == kind).map(text).collect()
}

fn names(catalog: &Catalog, kind: Kind) -> Vec<String> {
    catalog.objects().iter().filter(|object| object.key.kind == kind).map(|object| object.key.to_string()).collect()
}

#[test]
fn servers_name_what_has_no_name() {
    let catalog = exact(
        MARIA,
        "create table p(id int primary key);
         create table t(a int, b int, c int, key(a), key(a,b), unique(b), constraint fkx foreign key (c) references p(id),
           foreign key nm (b) references p(id), foreign key(a) references p(id), check (a>0), constraint cc check (b<>0),
           d int check (d>1), e json, f int unique comment 'x', g int references p(id));
         alter table t add index z(c,a);
         alter table t add check(c>5);
         alter table t drop constraint CONSTRAINT_1, add check (a in (1,2,3));",
    );
    // The index of `fkx` goes when `z` begins with its column.
    assert_eq!(names(&catalog, Kind::Index), ["t.a", "t.a_2", "t.b", "t.f", "t.g", "t.z"]);
    assert_eq!(
        names(&catalog, Kind::Constraint),
        [
            "p.PRIMARY",
            "t.CONSTRAINT_1",
            "t.CONSTRAINT_2",
            "t.cc",
            "t.d",
            "t.e",
            "t.fkx",
            "t.nm",
            "t.t_ibfk_1",
            "t.t_ibfk_2"
        ]
    );
    assert!(
        list(&catalog, Kind::Constraint).contains(&"t.CONSTRAINT_1: condition=`a` in (1,2,3); kind=check".to_owned())
    );
    assert!(list(&catalog, Kind::Constraint).contains(&"t.e: condition=json_valid(`e`); kind=check".to_owned()));
}

#[test]
fn names_made_of_the_table_follow_it() {
    let catalog = exact(
        MARIA,
        "create table p(id int primary key, k int, key(k)); create table t(a int, foreign key(a) references p(id));
         rename table t to t9; alter table t9 add foreign key(a) references p(k); alter table t9 drop foreign key t9_ibfk_1;
         alter table t9 add column b int, add foreign key(b) references p(id) on delete cascade; rename table p to q;",
    );
    assert_eq!(
        list(&catalog, Kind::Constraint),
        [
            "q.PRIMARY: keys=id; kind=primary key; method=btree",
            "t9.t9_ibfk_2: columns=a; kind=foreign key; references=k; table=q",
            "t9.t9_ibfk_3: columns=b; kind=foreign key; on delete=CASCADE; references=id; table=q",
        ]
    );
}

#[test]
fn new_names_of_columns_reach_everything() {
    let catalog = exact(
        MARIA,
        "create table t(a int, b int check (b > a), c int as (a+b) virtual, d int as (a * 2) stored, check (a <> b), key(a), key k2(b,a), e int default (a+1));
         alter table t change a aa int; alter table t rename column b to bb;",
    );
    assert_eq!(names(&catalog, Kind::Index), ["t.a", "t.k2"]);
    assert!(list(&catalog, Kind::Index).contains(&"t.k2: keys=bb, aa; method=btree".to_owned()));
    assert!(list(&catalog, Kind::Constraint).contains(&"t.bb: condition=`bb` > `aa`; kind=check".to_owned()));
    assert!(
        list(&catalog, Kind::Constraint).contains(&"t.CONSTRAINT_1: condition=`aa` <> `bb`; kind=check".to_owned())
    );
    assert!(list(&catalog, Kind::Column).contains(&"t.c: generated=`aa` + `bb`; kept=virtual; type=int".to_owned()));
    assert!(list(&catalog, Kind::Column).contains(&"t.e: default=`aa` + 1; type=int".to_owned()));
    // Two columns swap their names at once.
    let catalog = exact(
        MARIA,
        "create table t(a int, b varchar(5), key(a)); alter table t rename column a to b, rename column b to a;",
    );
    assert_eq!(list(&catalog, Kind::Index), ["t.a: keys=b; method=btree"]);
    assert!(list(&catalog, Kind::Column).contains(&"t.b: type=int".to_owned()));
}

#[test]
fn columns_take_their_part_of_indexes_and_checks_along() {
    let catalog = exact(
        MARIA,
        "create table t(a int, b int, c int, key k(a), key k2(b,a), check(a>0), check(b>c)); alter table t drop column a;",
    );
    assert_eq!(list(&catalog, Kind::Index), ["t.k2: keys=b; method=btree"]);
    assert_eq!(names(&catalog, Kind::Constraint), ["t.CONSTRAINT_2"]);
    // 1072 and 1054 of the server.
    for sql in [
        "create table t(a int, c int, unique k3(a,c)); alter table t drop column a",
        "create table t(a int, b int, check(a>b)); alter table t drop column a",
    ] {
        let replay = replay(MARIA, sql);
        assert_eq!(replay.catalog.unmodelled.len(), 1, "{sql}");
        assert!(matches!(replay.catalog.unmodelled[0].touches, Touches::Objects(_)));
        // A statement that fails does nothing.
        assert_eq!(names(&replay.catalog, Kind::Column).len(), 2);
    }
}

#[test]
fn collations_come_from_column_table_and_database() {
    let catalog = exact(
        MARIA,
        "create table t(a int primary key, b varchar(10), c char(3) character set latin1, d text collate latin1_bin, e enum('a') charset binary, f varchar(5) character set binary, g text charset binary) charset utf8mb4 collate utf8mb4_unicode_ci;
         alter table t modify c char(5); alter table t charset latin1; alter table t modify b varchar(20); alter table t collate latin1_bin;",
    );
    assert_eq!(list(&catalog, Kind::Table), ["t: collation=latin1_bin"]);
    assert_eq!(
        list(&catalog, Kind::Column),
        [
            "t.a: not null=yes; type=int",
            "t.b: collation=latin1_swedish_ci; type=varchar(20)",
            "t.c: charset=utf8mb4; collation=utf8mb4_unicode_ci; type=char(5)",
            "t.d: type=text",
            "t.e: charset=binary; collation=binary; type=enum('a')",
            "t.f: type=varbinary(5)",
            "t.g: type=blob",
        ]
    );
    let catalog = exact(
        MARIA,
        "create table t(a text, b mediumtext, c tinytext, d varchar(255), f blob) charset utf8mb3; alter table t convert to character set utf8mb4 collate utf8mb4_unicode_ci",
    );
    let types: Vec<String> = list(&catalog, Kind::Column);
    assert_eq!(
        types,
        ["t.a: type=mediumtext", "t.b: type=longtext", "t.c: type=text", "t.d: type=varchar(255)", "t.f: type=blob"]
    );
}

#[test]
fn timestamps_had_defaults_of_their_own() {
    let sql = "set explicit_defaults_for_timestamp=0;
        create table t(a timestamp, b timestamp, c timestamp null, d timestamp not null, e timestamp default 0, g timestamp default current_timestamp);
        create table t3(a timestamp on update current_timestamp);";
    let zero = "default='0000-00-00 00:00:00'; not null=yes";
    assert_eq!(
        list(&exact(MARIA, sql), Kind::Column),
        [
            "t.a: default=current_timestamp(); not null=yes; on update=current_timestamp(); type=timestamp".to_owned(),
            format!("t.b: {zero}; type=timestamp"),
            "t.c: type=timestamp".to_owned(),
            format!("t.d: {zero}; type=timestamp"),
            format!("t.e: {zero}; type=timestamp"),
            "t.g: default=current_timestamp(); not null=yes; type=timestamp".to_owned(),
            format!("t3.a: {zero}; on update=current_timestamp(); type=timestamp"),
        ]
    );
    // Since MariaDB 10.10 and MySQL 8.0 there is nothing implied.
    assert_eq!(list(&exact(MARIA, "create table t(a timestamp)"), Kind::Column), ["t.a: type=timestamp"]);
    let old = Server { dialect: Dialect::MySql, version: (5, 7) };
    assert!(list(&exact(old, "create table t(a timestamp)"), Kind::Column)[0].contains("not null=yes"));
}

#[test]
fn long_keys_are_cut_or_hashed() {
    let catalog = exact(
        MARIA,
        "create table t(a varchar(1000), b text, key(a), unique u1(a), unique u2(b), unique u3(b(20)), key k(a(1000)))",
    );
    let keys: Vec<String> = list(&catalog, Kind::Index);
    assert_eq!(
        keys,
        [
            "t.a: keys=a(768); method=btree",
            "t.k: keys=a(768); method=btree",
            "t.u1: keys=a; method=hash; unique=yes",
            "t.u2: keys=b; method=hash; unique=yes",
            "t.u3: keys=b(20); method=btree; unique=yes",
        ]
    );
    let catalog = exact(MARIA, "create table t(b varchar(10), key(b)); alter table t modify b text");
    assert_eq!(list(&catalog, Kind::Index), ["t.b: keys=b(768); method=btree"]);
}

#[test]
fn mariadb_forgets_to_drop_a_constraint_beside_a_new_one() {
    let base = "create table p(id int primary key); create table t(a int, constraint f1 foreign key(a) references p(id)); alter table t drop ";
    let both = exact(
        MARIA,
        &format!("{base}constraint f1, add constraint f2 foreign key(a) references p(id) on delete cascade"),
    );
    assert_eq!(names(&both, Kind::Constraint), ["p.PRIMARY", "t.f1", "t.f2"]);
    let one = exact(MARIA, &format!("{base}foreign key f1, add constraint f2 foreign key(a) references p(id)"));
    assert_eq!(names(&one, Kind::Constraint), ["p.PRIMARY", "t.f2"]);
}

#[test]
fn mysql_differs_as_its_manual_says() {
    // Inline references are read and forgotten before version 9; checks are named after the table; JSON is a type.
    let sql = "create table p(id int primary key); create table t(a int references p(id), j json, s varchar(5), check (a > 0), b int check (b > 1), key k((lower(s))), key i(a) invisible)";
    let catalog = exact(MYSQL, sql);
    assert_eq!(names(&catalog, Kind::Constraint), ["p.PRIMARY", "t.t_chk_1", "t.t_chk_2"]);
    assert_eq!(
        list(&catalog, Kind::Index),
        ["t.i: invisible=yes; keys=a; method=btree", "t.k: keys=(lcase(`s`)); method=btree"]
    );
    assert_eq!(list(&catalog, Kind::Table)[0], "p: collation=utf8mb4_0900_ai_ci");
    let nine = Server { dialect: Dialect::MySql, version: (9, 0) };
    assert_eq!(
        names(
            &exact(nine, "create table p(id int primary key); create table t(a int references p(id))"),
            Kind::Constraint
        ),
        ["p.PRIMARY", "t.t_ibfk_1"]
    );
    // The name of an index names no constraint any more.
    let sql = "create table p(id int primary key); create table t(a int, foreign key nm (a) references p(id)); alter table t rename u";
    assert_eq!(names(&exact(MYSQL, sql), Kind::Constraint), ["p.PRIMARY", "u.u_ibfk_1"]);
    assert_eq!(names(&exact(MYSQL, sql), Kind::Index), ["u.nm"]);
}

#[test]
fn conditions_on_the_catalog_are_decided() {
    let sql = "create table t(a int, key k(a));
        set @exist := (select count(*) from information_schema.statistics where table_name = 't' and index_name = 'k' and table_schema = database());
        set @sqlstmt := if(@exist > 0, 'alter table t drop index k', 'select ''there is none''');
        prepare stmt from @sqlstmt; execute stmt; execute stmt2;";
    let replay = replay(MARIA, sql);
    assert_eq!(names(&replay.catalog, Kind::Index), Vec::<String>::new());
    // What is not known is listed, and may have done anything.
    assert_eq!(replay.catalog.unmodelled.len(), 1);
    assert_eq!(replay.catalog.unmodelled[0].touches, Touches::Anything);
}

#[test]
fn small_procedures_are_run() {
    let sql = "create table t(a int, key k(a));
        create procedure drop_index(in tab varchar(64), in ind varchar(64))
        begin
            declare found int default 0;
            select count(1) into found from information_schema.statistics where table_name = tab and index_name = ind and table_schema = database();
            if found > 0 then
                set @stmt = concat('alter table ', tab, ' drop index ', ind);
                prepare st from @stmt; execute st; deallocate prepare st;
            else
                select 'nothing to do';
            end if;
        end;
        call drop_index('t', 'none'); call drop_index('t', 'k'); drop procedure drop_index;
        create procedure looping() begin declare i int default 0; while i < 3 do set i = i + 1; end while; end;
        call looping();";
    let replay = replay(MARIA, sql);
    assert_eq!(names(&replay.catalog, Kind::Index), Vec::<String>::new());
    assert_eq!(replay.catalog.unmodelled.iter().map(|one| one.verb.as_str()).collect::<Vec<_>>(), ["CALL"]);
    assert_eq!(names(&replay.catalog, Kind::Procedure), ["looping()"]);
}

#[test]
fn statements_say_what_they_did() {
    let mut replay = MySql::new(MARIA, &Options::default());
    replay.apply(&step("1", "create table t(a int);\nalter table t add b int, lock=none;\nrename table t to u;\ninsert into u values (1);\ncreate table if not exists u(x int);"));
    let log = replay.replay().log;
    assert_eq!(
        log.iter().map(|one| (one.place.line, one.verb.as_str())).collect::<Vec<_>>(),
        [(1, "CREATE TABLE"), (2, "ALTER TABLE"), (3, "RENAME TABLE"), (4, "INSERT"), (5, "CREATE TABLE")]
    );
    assert_eq!(log[0].acts.len(), 2);
    assert_eq!(
        log[1].acts.iter().map(|act| (act.key.to_string(), act.what.clone())).collect::<Vec<_>>(),
        [("t.b".to_owned(), What::Created)]
    );
    assert!(log[1].flags.online);
    assert!(
        matches!(&log[2].acts[..], [act] if matches!(&act.what, What::Renamed(old) if old.name == "t") && act.id == log[0].acts[0].id)
    );
    assert_eq!((log[3].class, log[3].tables.len()), (Class::Data, 1));
    assert!(log[4].flags.skipped && log[4].acts.is_empty());
    let catalog = replay.replay().catalog;
    let table = catalog
        .tables
        .values()
        .next()
        .map(|table| table.meta.places.iter().map(|place| place.line).collect::<Vec<_>>());
    assert_eq!(table, Some(vec![1, 3]));
}

#[test]
fn partitions_come_and_go() {
    let catalog = exact(
        MARIA,
        "create table t(id int, d date) partition by range(id)(partition p0 values less than (10), partition p1 values less than (20));
         alter table t add partition (partition p2 values less than maxvalue); alter table t drop partition p0;
         alter table t reorganize partition p2 into (partition p2 values less than (30), partition p3 values less than maxvalue);
         create table u(d date) partition by range(to_days(d)) (partition p0 values less than (to_days('2020-01-01')) comment 'x');
         create table v(a int) partition by hash(a) partitions 3;",
    );
    assert_eq!(
        list(&catalog, Kind::Table),
        [
            "t: collation=utf8mb4_general_ci; partition by=range (`id`) (p1 < 20, p2 < 30, p3 < maxvalue)",
            "u: collation=utf8mb4_general_ci; partition by=range (to_days(`d`)) (p0 < 737790 comment 'x')",
            "v: collation=utf8mb4_general_ci; partition by=hash (`a`) (p0, p1, p2)",
        ]
    );
}

#[test]
fn views_give_columns() {
    let catalog = exact(
        MARIA,
        "create table t(a int, b varchar(20)); create view v1 as select a, b from t;
         create or replace algorithm=merge sql security invoker view v2(x,y) as select a+1, upper(b) c from t where a > 3 with check option;
         create view v4 as select count(*) n, max(b) from t group by a; create view v7 as with q as (select 1 as x) select * from q; drop view v1;",
    );
    assert_eq!(names(&catalog, Kind::ViewColumn), ["v2.x", "v2.y", "v4.max(b)", "v4.n", "v7.x"]);
    assert!(list(&catalog, Kind::View)[0].starts_with("v2: algorithm=merge; check option=cascaded; query="));
}

#[test]
fn simple_queries_are_proved() {
    let sql = "create table t(a int, b varchar(20), c datetime, Dd int, h int invisible); create view v1 as select * from t;
        create view v2 as select a, b as bb, a+1, upper(b) u from t where a > 3 and (b like 'x%' or not c is null);
        create view v6 as select if(a > 1, 'x', b) z, DD as dd2 from t q where not a; create view v9 as select distinct a from t;";
    let catalog = exact(MARIA, sql);
    // As MariaDB stores them.
    let stored = [
        ("v1", "select `t`.`a` AS `a`,`t`.`b` AS `b`,`t`.`c` AS `c`,`t`.`Dd` AS `Dd` from `t`"),
        (
            "v2",
            "select `t`.`a` AS `a`,`t`.`b` AS `bb`,`t`.`a` + 1 AS `a+1`,ucase(`t`.`b`) AS `u` from `t` where `t`.`a` > 3 and (`t`.`b` like 'x%' or `t`.`c` is not null)",
        ),
        ("v6", "select if(`q`.`a` > 1,'x',`q`.`b`) AS `z`,`q`.`Dd` AS `dd2` from `t` `q` where `q`.`a` = 0"),
    ];
    for (name, text) in stored {
        let view = &catalog.views[&crate::engines::schema::catalog::Name::new("", name)];
        let columns: Vec<String> = view.columns.iter().map(|(name, _)| name.clone()).collect();
        let tokens = crate::engines::schema::mysql::text::Lexer::new(text, MARIA).all();
        let live = crate::engines::schema::mysql::normal::simple_form(&tokens, text, &columns, &[]);
        assert_eq!((view.comparable, Some(&view.query.normal)), (true, live.as_ref()), "{name}");
    }
    assert!(!catalog.views[&crate::engines::schema::catalog::Name::new("", "v9")].comparable);
}

#[test]
fn databases_are_told_apart() {
    let catalog = exact(
        MARIA,
        "create database shop default character set latin1; use shop; create table shop.a(x varchar(5)); create table b(y int);
         create table other.c(z int);",
    );
    assert_eq!(names(&catalog, Kind::Table), ["a", "b", "other.c"]);
    assert_eq!(list(&catalog, Kind::Table)[0], "a: collation=latin1_swedish_ci");
}

#[test]
fn nothing_is_dropped_in_silence() {
    let sql = "create server s foreign data wrapper mysql options (host 'x');
        create table t(a int);
        alter table t frobnicate;
        alter table missing add b int;
        grant select on t to u;
        install plugin x soname 'y.so';";
    let replay = replay(MARIA, sql);
    let reasons: Vec<(u32, &str)> =
        replay.catalog.unmodelled.iter().map(|one| (one.place.line, one.verb.as_str())).collect();
    assert_eq!(reasons, [(1, "CREATE SERVER"), (3, "ALTER TABLE"), (4, "ALTER TABLE"), (5, "GRANT"), (6, "INSTALL")]);
    assert_eq!(replay.catalog.unmodelled[3].touches, Touches::Nothing);
}

#[test]
fn triggers_routines_and_events_without_delimiters() {
    let catalog = exact(
        MARIA,
        "create table t(a int);
         create trigger tr before insert on t for each row begin if new.a is null then set new.a = case when 1 then 2 else 3 end; end if; end;
         create trigger tr2 before insert on t for each row set new.a = 1;
         create definer=`root`@`localhost` function f(x int, y varchar(10)) returns varchar(20) deterministic reads sql data begin return concat(x, y); end;
         delimiter $$\ncreate procedure p(out r decimal(10,2)) begin set r = 1; end$$\ndelimiter ;
         create event e on schedule every 1 day do delete from t;
         create table u(b int);",
    );
    assert_eq!(names(&catalog, Kind::Table), ["t", "u"]);
    assert_eq!(
        list(&catalog, Kind::Trigger)[1],
        "t.tr2: action=set new.a = 1; events=insert; level=row; order=2; timing=before"
    );
    assert_eq!(
        list(&catalog, Kind::Function),
        [
            "f(): arguments=x int, y varchar(10); body=begin return concat(x, y); end; deterministic=yes; language=sql; returns=varchar(20); sql data access=reads sql data"
        ]
    );
    assert_eq!(
        list(&catalog, Kind::Procedure),
        ["p(): arguments=OUT r decimal(10,2); body=begin set r = 1; end; language=sql; returns="]
    );
    assert_eq!(list(&catalog, Kind::Event), ["e: definition=delete from t; schedule=every 1 day"]);
}

#[test]
fn hostile_text_ends() {
    for sql in [
        "create table t(a int default ((((((((",
        "alter table",
        ")))",
        "create table `a(",
        "/*!50000",
        "'",
        "create procedure p() begin begin begin",
    ] {
        let _all = replay(MARIA, sql);
    }
    let deep = format!("create table t(a int default {}1{})", "(".repeat(20_000), ")".repeat(20_000));
    let _all = replay(MARIA, &deep);
    let long = format!("create table t(a int, check ({}a > 1))", "a + ".repeat(20_000));
    let _all = replay(MARIA, &long);
}

#[test]
fn texts_and_calls_that_grow_without_end_do_not() {
    let server = Server::newest(Dialect::MySql);
    let doubled = format!(
        "SET @a = 'x';\n{}PREPARE s FROM @a;\nCREATE TABLE t (a int);",
        "SET @a = CONCAT(@a, @a);\n".repeat(60)
    );
    assert_eq!(replay(server, &doubled).catalog.tables.len(), 1);
    let nested = format!("SET @a = {}1{};\nCREATE TABLE t (a int);", "(SELECT ".repeat(20_000), ")".repeat(20_000));
    assert_eq!(replay(server, &nested).catalog.tables.len(), 1);
    let mut calls =
        String::from("DELIMITER //\nCREATE PROCEDURE p0() BEGIN CREATE TABLE IF NOT EXISTS x (a int); END //\n");
    for nth in 1..4 {
        let body = format!("CALL p{}(); ", nth - 1).repeat(1_500);
        calls += &format!("CREATE PROCEDURE p{nth}() BEGIN {body}END //\n");
    }
    assert!(!replay(server, &(calls + "CALL p3() //\n")).catalog.unmodelled.is_empty());
}
