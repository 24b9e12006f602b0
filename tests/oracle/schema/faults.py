#!/usr/bin/env python3
"""Plants one change at a time into the final schemas of chains, on the real server, and records the catalog after each: for `benches/schema_faults.rs`.

faults.py --chains CHAINS.jsonl --files CHAINS --out FAULTS --dialect postgres|mysql|sqlite [--queries FOLDER] [--port N] ID...

Writes FAULTS/ID.jsonl.gz: first the untouched catalog, then a line for each change with what has to be told: kind and name of the object and the hazards
of which one has to be among those of the change. `also` are names that the server itself changes with it (the parts of a table that is gone).
Changes are rolled back (PostgreSQL, SQLite); on MariaDB each starts from the state that the one before left. Before the first, a few objects of our own are made,
so that every kind of change finds something in every schema.
"""
import argparse
import gzip
import json
import pathlib
import re

import record

KIT = {
    "postgres": """
create schema kit;
create type kit.mood as enum ('sad', 'glad');
create sequence kit.numbers;
create table kit.parent (id integer primary key, code text not null);
create table kit.child (id integer primary key, parent integer, label varchar(50), size integer default 1, note text, twice integer generated always as (size * 2) stored,
  mood kit.mood, constraint child_parent foreign key (parent) references kit.parent, constraint child_size check (size > 0), constraint child_label unique (label));
create index child_note on kit.child (note);
create function kit.stamp() returns trigger language plpgsql as $$ begin return new; end $$;
create function kit.add(a integer, b integer) returns integer language sql as 'select a + b';
create trigger child_stamp before update on kit.child for each row execute function kit.stamp();
create table kit.secret (id integer, owner text);
alter table kit.secret enable row level security;
create policy own_rows on kit.secret using (owner = current_user);
create view kit.labels as select id, label from kit.child;
create table kit.days (day date not null, total integer) partition by range (day);
create table kit.days_1 partition of kit.days for values from ('2020-01-01') to ('2021-01-01');
create domain kit.short as text check (length(value) < 10);
""",
    "mysql": """
create table kit_parent (id int primary key, code varchar(20) not null);
create table kit_child (id int primary key, parent int, label varchar(50), size int default 1, note varchar(100), twice int generated always as (size * 2) stored,
  mood enum('sad', 'glad'), constraint child_parent foreign key (parent) references kit_parent (id), constraint child_size check (size > 0), constraint child_label unique (label));
create index child_note on kit_child (note);
create trigger child_stamp before update on kit_child for each row set new.note = old.note;
create function kit_add(a int, b int) returns int deterministic return a + b;
create view kit_labels as select id, label from kit_child;
""",
    "sqlite": """
create table kit_parent (id integer primary key, code text not null);
create table kit_child (id integer primary key, parent integer, label text, size integer default 1, note text);
create index child_note on kit_child (note);
create trigger child_stamp after update on kit_child begin select 1; end;
create view kit_labels as select id, label from kit_child;
""",
}
DROP_ADD = "alter table {t} drop constraint {c}; alter table {t} add constraint {c} "
# What, SQL, kind and name of the object, hazards of which one has to be told, names that change with it.
PLAIN = {
    "postgres": [
        ("column dropped", "alter table kit.child drop column note", "column", "kit.child.note", ["column-dropped"], ["kit.child.child_note"]),
        ("column renamed", "alter table kit.child rename column size to extent", "column", "kit.child.extent", ["column-renamed"], []),
        ("type narrower", "alter table kit.secret alter owner type varchar(20)", "column", "kit.secret.owner", ["type-narrowed"], []),
        ("type wider", "alter table kit.parent alter code type varchar(20)", "column", "kit.parent.code", ["type-narrowed", "type-changed"], []),
        ("type changed", "alter table kit.secret alter id type bigint", "column", "kit.secret.id", ["table-rewritten", "type-changed"], []),
        ("default changed", "alter table kit.child alter size set default 2", "column", "kit.child.size", ["default-changed"], []),
        ("default dropped", "alter table kit.child alter size drop default", "column", "kit.child.size", ["default-changed"], []),
        ("not null added", "alter table kit.child alter parent set not null", "column", "kit.child.parent", ["not-null-added"], []),
        ("not null dropped", "alter table kit.parent alter code drop not null", "column", "kit.parent.code", [], []),
        ("collation changed", 'alter table kit.child alter note type text collate "C"', "column", "kit.child.note", [], ["kit.child.child_note"]),
        ("generated changed", "alter table kit.child drop column twice; alter table kit.child add column twice integer generated always as (size * 3) stored", "column", "kit.child.twice", [], []),
        ("identity added", "alter table kit.parent alter id add generated always as identity", "column", "kit.parent.id", [], []),
        ("index dropped", "drop index kit.child_note", "index", "kit.child.child_note", ["index-dropped"], []),
        ("index on other columns", "drop index kit.child_note; create index child_note on kit.child (note, size)", "index", "kit.child.child_note", [], []),
        ("index made unique", "drop index kit.child_note; create unique index child_note on kit.child (note)", "index", "kit.child.child_note", ["unique-added"], []),
        ("index made partial", "drop index kit.child_note; create index child_note on kit.child (note) where size > 1", "index", "kit.child.child_note", [], []),
        ("index by another method", "drop index kit.child_note; create index child_note on kit.child using hash (note)", "index", "kit.child.child_note", [], []),
        ("index renamed", "alter index kit.child_note rename to child_words", "index", "kit.child.child_words", ["cosmetic"], []),
        ("check dropped", "alter table kit.child drop constraint child_size", "constraint", "kit.child.child_size", ["constraint-dropped"], []),
        ("check changed", DROP_ADD.format(t="kit.child", c="child_size") + "check (size > 1)", "constraint", "kit.child.child_size", ["check-added", "constraint-changed"], []),
        ("unique dropped", "alter table kit.child drop constraint child_label", "constraint", "kit.child.child_label", ["constraint-dropped"], []),
        ("unique on other columns", DROP_ADD.format(t="kit.child", c="child_label") + "unique (note)", "constraint", "kit.child.child_label", ["unique-added", "constraint-changed"], []),
        ("foreign key dropped", "alter table kit.child drop constraint child_parent", "constraint", "kit.child.child_parent", ["constraint-dropped"], []),
        ("foreign key action", DROP_ADD.format(t="kit.child", c="child_parent") + "foreign key (parent) references kit.parent on delete cascade", "constraint", "kit.child.child_parent", ["constraint-changed", "foreign-key-added"], []),
        ("foreign key not valid", DROP_ADD.format(t="kit.child", c="child_parent") + "foreign key (parent) references kit.parent not valid", "constraint", "kit.child.child_parent", ["constraint-not-valid", "constraint-changed"], []),
        ("foreign key deferrable", "alter table kit.child alter constraint child_parent deferrable", "constraint", "kit.child.child_parent", ["constraint-changed"], []),
        ("primary key dropped", "alter table kit.child drop constraint child_pkey", "constraint", "kit.child.child_pkey", ["primary-key-changed"], ["kit.child.id"]),
        ("view body", "create or replace view kit.labels as select id, label from kit.child where size > 1", "view", "kit.labels", ["view-changed"], []),
        ("view column", "create or replace view kit.labels as select id, label, size from kit.child", "view", "kit.labels", [], ["kit.labels."]),
        ("view dropped", "drop view kit.labels", "view", "kit.labels", ["view-changed"], ["kit.labels."]),
        ("function body", "create or replace function kit.add(a integer, b integer) returns integer language sql as 'select a - b'", "function", "kit.add(integer, integer)", [], []),
        ("function volatility", "alter function kit.add(integer, integer) immutable", "function", "kit.add(integer, integer)", [], []),
        ("function dropped", "drop function kit.add(integer, integer)", "function", "kit.add(integer, integer)", ["routine-changed"], []),
        ("trigger disabled", "alter table kit.child disable trigger child_stamp", "trigger", "kit.child.child_stamp", ["trigger-changed"], []),
        ("trigger dropped", "drop trigger child_stamp on kit.child", "trigger", "kit.child.child_stamp", ["trigger-changed"], []),
        ("trigger event", "create or replace trigger child_stamp before insert on kit.child for each row execute function kit.stamp()", "trigger", "kit.child.child_stamp", ["trigger-changed"], []),
        ("enum label added", "alter type kit.mood add value 'calm'", "enum", "kit.mood", ["user-type-changed"], []),
        ("enum label renamed", "alter type kit.mood rename value 'sad' to 'low'", "enum", "kit.mood", [], []),
        ("domain check", "alter domain kit.short add check (value <> '')", "domain", "kit.short", [], []),
        ("sequence increment", "alter sequence kit.numbers increment 5", "sequence", "kit.numbers", [], []),
        ("sequence dropped", "drop sequence kit.numbers", "sequence", "kit.numbers", ["sequence-dropped"], []),
        ("row security off", "alter table kit.secret disable row level security", "table", "kit.secret", ["row-security-weakened"], []),
        ("row security on", "alter table kit.parent enable row level security", "table", "kit.parent", ["row-security-changed"], []),
        ("policy dropped", "drop policy own_rows on kit.secret", "policy", "kit.secret.own_rows", ["row-security-weakened"], []),
        ("policy condition", "alter policy own_rows on kit.secret using (true)", "policy", "kit.secret.own_rows", ["row-security-weakened", "row-security-changed"], []),
        ("partition added", "create table kit.days_2 partition of kit.days for values from ('2021-01-01') to ('2022-01-01')", "table", "kit.days_2", [], ["kit.days_2."]),
        ("partition detached", "alter table kit.days detach partition kit.days_1", "table", "kit.days_1", ["partition-changed"], []),
        ("partition dropped", "drop table kit.days_1", "table", "kit.days_1", ["table-dropped"], ["kit.days_1."]),
        ("table dropped", "drop table kit.secret", "table", "kit.secret", ["table-dropped"], ["kit.secret."]),
        ("table renamed", "alter table kit.secret rename to hidden", "table", "kit.hidden", ["table-renamed"], []),
        ("table unlogged", "alter table kit.secret set unlogged", "table", "kit.secret", [], []),
        ("schema added", "create schema kit_two", "schema", "kit_two", ["added"], []),
        ("extension added", "create extension lo", "extension", "lo", [], []),
        ("statistics added", "create statistics kit.together on size, parent from kit.child", "statistics", "kit.together", [], []),
    ],
    "mysql": [
        ("type narrower", "alter table kit_child modify label varchar(20)", "column", "kit_child.label", ["type-narrowed"], ["kit_labels"]),
        ("type wider", "alter table kit_child modify label varchar(200)", "column", "kit_child.label", [], ["kit_labels"]),
        ("default changed", "alter table kit_child alter size set default 2", "column", "kit_child.size", ["default-changed"], []),
        ("default dropped", "alter table kit_child alter size drop default", "column", "kit_child.size", ["default-changed"], []),
        ("not null added", "alter table kit_child modify mood enum('sad', 'glad') not null", "column", "kit_child.mood", ["not-null-added"], []),
        ("enum label added", "alter table kit_child modify mood enum('sad', 'glad', 'calm') not null", "column", "kit_child.mood", [], []),
        ("enum label removed", "alter table kit_child modify mood enum('sad', 'calm') not null", "column", "kit_child.mood", ["enum-label-removed", "type-narrowed"], []),
        ("collation changed", "alter table kit_parent modify code varchar(20) collate utf8mb4_bin not null", "column", "kit_parent.code", [], []),
        ("charset changed", "alter table kit_parent modify code varchar(20) character set latin1 not null", "column", "kit_parent.code", [], []),
        ("column comment", "alter table kit_parent modify code varchar(20) character set latin1 not null comment 'c'", "column", "kit_parent.code", ["cosmetic"], []),
        ("table comment", "alter table kit_parent comment 'c'", "table", "kit_parent", ["cosmetic"], []),
        ("index on other columns", "alter table kit_child drop index child_note, add index child_note (note, size)", "index", "kit_child.child_note", [], []),
        ("index prefix", "alter table kit_child drop index child_note, add index child_note (note(5))", "index", "kit_child.child_note", [], []),
        ("index made unique", "alter table kit_child drop index child_note, add unique index child_note (note)", "", "kit_child.child_note", ["unique-added"], ["kit_child.child_note"]),
        ("index dropped", "alter table kit_child drop index child_note", "", "kit_child.child_note", [], []),
        ("check changed", DROP_ADD.format(t="kit_child", c="child_size") + "check (size > 1)", "constraint", "kit_child.child_size", ["check-added", "constraint-changed"], []),
        ("check dropped", "alter table kit_child drop constraint child_size", "constraint", "kit_child.child_size", ["constraint-dropped"], []),
        ("foreign key action", "alter table kit_child drop foreign key child_parent; alter table kit_child add constraint child_parent foreign key (parent) references kit_parent (id) on delete cascade", "constraint", "kit_child.child_parent", ["constraint-changed", "foreign-key-added"], []),
        ("foreign key dropped", "alter table kit_child drop foreign key child_parent", "constraint", "kit_child.child_parent", ["constraint-dropped"], []),
        ("unique dropped", "alter table kit_child drop index child_label", "", "kit_child.child_label", [], []),
        ("generated changed", "alter table kit_child modify twice int generated always as (size * 3) stored", "column", "kit_child.twice", [], []),
        ("generated dropped", "alter table kit_child drop column twice", "column", "kit_child.twice", ["column-dropped"], []),
        ("view body", "create or replace view kit_labels as select id, label from kit_child where size > 1", "view", "kit_labels", ["view-changed"], []),
        ("view column", "create or replace view kit_labels as select id, label, size from kit_child", "view", "kit_labels", [], ["kit_labels."]),
        ("view dropped", "drop view kit_labels", "view", "kit_labels", ["view-changed"], ["kit_labels."]),
        ("function body", "drop function kit_add; create function kit_add(a int, b int) returns int deterministic return a - b", "function", "kit_add(", [], []),
        ("function dropped", "drop function kit_add", "function", "kit_add(", ["routine-changed"], []),
        ("trigger body", "create or replace trigger child_stamp before update on kit_child for each row set new.note = 'x'", "trigger", "kit_child.child_stamp", ["trigger-changed"], []),
        ("trigger dropped", "drop trigger child_stamp", "trigger", "kit_child.child_stamp", ["trigger-changed"], []),
        ("column renamed", "alter table kit_child rename column note to remark", "column", "kit_child.remark", ["column-renamed"], []),
        ("column dropped", "alter table kit_child drop column remark", "column", "kit_child.remark", ["column-dropped"], []),
        ("table renamed", "rename table kit_parent to kit_elder", "table", "kit_elder", ["table-renamed"], []),
        ("auto increment added", "alter table kit_elder modify id int auto_increment", "column", "kit_elder.id", [], []),
        ("primary key changed", "alter table kit_child drop primary key, add primary key (id, size)", "constraint", "kit_child.PRIMARY", ["primary-key-changed"], ["kit_child.size"]),
        ("engine changed", "alter table kit_child engine=MyISAM", "table", "kit_child", [], []),
        ("table dropped", "drop table kit_child", "table", "kit_child", ["table-dropped"], ["kit_child."]),
    ],
    "sqlite": [
        ("column dropped", "alter table kit_child drop column parent", "column", "kit_child.parent", ["column-dropped"], []),
        ("column renamed", "alter table kit_child rename column size to extent", "column", "kit_child.extent", ["column-renamed"], []),
        ("index dropped", "drop index child_note", "index", "kit_child.child_note", ["index-dropped"], []),
        ("index on other columns", "drop index child_note; create index child_note on kit_child (note, size)", "index", "kit_child.child_note", [], []),
        ("index made unique", "drop index child_note; create unique index child_note on kit_child (note)", "index", "kit_child.child_note", ["unique-added"], []),
        ("index made partial", "drop index child_note; create index child_note on kit_child (note) where size > 1", "index", "kit_child.child_note", [], []),
        ("view body", "drop view kit_labels; create view kit_labels as select id, label from kit_child where size > 1", "view", "kit_labels", ["view-changed"], []),
        ("view dropped", "drop view kit_labels", "view", "kit_labels", ["view-changed"], ["kit_labels."]),
        ("trigger body", "drop trigger child_stamp; create trigger child_stamp after update on kit_child begin select 2; end", "trigger", "kit_child.child_stamp", ["trigger-changed"], []),
        ("trigger dropped", "drop trigger child_stamp", "trigger", "kit_child.child_stamp", ["trigger-changed"], []),
        ("table renamed", "alter table kit_parent rename to kit_elder", "table", "kit_elder", ["table-renamed"], []),
        ("table dropped", "drop table kit_parent", "table", "kit_parent", ["table-dropped"], ["kit_parent."]),
    ],
}


def of_table(dialect, name, first):
    """Changes of a table that the chain itself made; `name` as SQL and as the engine writes it."""
    sql, plain = name
    number = "int" if dialect == "mysql" else "integer"
    yield ("column added", f"alter table {sql} add column added_1 {number}", "column", plain + ".added_1", ["added"], [])
    yield ("column with default added", f"alter table {sql} add column added_2 {number} not null default 1", "column", plain + ".added_2", ["added"], [])
    yield ("index added", f"create index added_3 on {sql} ({first})", "index", plain + ".added_3", ["index-blocks-writes"] if dialect != "mysql" else ["added"], [])
    if dialect != "sqlite":
        yield ("required column added", f"alter table {sql} add column added_4 {number} not null", "column", plain + ".added_4", ["required-column-added"], [])
        yield ("check added", f"alter table {sql} add constraint added_5 check ({first} is not null or 1 = 1)", "constraint", plain + ".added_5", ["check-added"], [])
        yield ("unique added", f"alter table {sql} add constraint added_6 unique ({first})", "" if dialect == "mysql" else "constraint", plain + ".added_6", ["unique-added"], [])
    if dialect == "postgres":
        yield ("table comment", f"comment on table {sql} is 'planted'", "table", plain, ["cosmetic"], [])
        yield ("column comment", f"comment on column {sql}.{first} is 'planted'", "column", plain + "." + first.strip('"'), ["cosmetic"], [])
        yield ("foreign key added", f"alter table {sql} add column added_7 integer references kit.parent", "column", plain + ".added_7", ["added"], [plain + "."])
    schema = "kit." if dialect == "postgres" else "kit_"
    yield ("table added", f"create table {schema}added (id {number} primary key)", "table", schema + "added", ["added"], [schema + "added."])


def targets(server, dialect):
    """Up to three tables of the chain with a column that can be indexed."""
    if dialect == "postgres":
        with server.open(server.name) as connection:
            rows = connection.execute("""select quote_ident(n.nspname) || '.' || quote_ident(c.relname), n.nspname || '.' || c.relname, quote_ident(a.attname)
              from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
              where c.relkind = 'r' and not c.relispartition and n.nspname !~ '^pg_|^information_schema$|^kit$' and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
              and not exists (select 1 from pg_inherits i where c.oid in (i.inhrelid, i.inhparent))
              and a.atttypid in ('integer'::regtype, 'bigint'::regtype, 'uuid'::regtype, 'text'::regtype) and a.attgenerated = ''
              and exists (select 1 from pg_attribute b where b.attrelid = c.oid and b.attnum > 1) order by 2, a.attnum desc""").fetchall()
    elif dialect == "mysql":
        cursor = server.open(server.name).cursor()
        cursor.execute("""select concat('`', t.table_name, '`'), t.table_name, concat('`', c.column_name, '`') from information_schema.tables t join information_schema.columns c using (table_schema, table_name)
          where t.table_schema = %s and t.table_type = 'BASE TABLE' and t.table_name not like 'kit%%' and c.data_type in ('int', 'bigint', 'tinyint') order by 2, c.ordinal_position desc""", (server.name,))
        rows = cursor.fetchall()
    else:
        rows = [(f'"{row["name"]}"', row["name"], '"' + server.rows("select name from pragma_table_info(?)", row["name"])[0]["name"] + '"')
                for row in server.rows("select name from sqlite_master where type = 'table' and name not like 'kit%' and name not like 'sqlite%' and sql not like '%virtual%' order by name")]
    first = {}
    for sql, plain, column in rows:
        first.setdefault(plain, (sql, plain, column))
    some = list(first.values())
    return some[:: max(1, len(some) // 3)][:3]


def rolled_back(server, dialect, sql, queries):
    """The catalog with the change in it, which is gone afterwards."""
    if dialect == "sqlite":
        server.connection.execute("begin")
        try:
            for _ in server.connection.execute(sql):
                pass
            return server.catalog(queries)
        finally:
            server.connection.execute("rollback")
    with server.open(server.name) as connection:
        connection.execute("begin")
        try:
            connection.execute(sql)
            connection.execute("set local search_path = ''")
            answers = {}
            for name, query in queries.items():
                rows = connection.execute(query)
                names = [column.name for column in rows.description]
                answers[name] = [dict(zip(names, map(record.plain, row))) for row in rows.fetchall()]
            return answers
        finally:
            connection.execute("rollback")


def plant(told, case, queries):
    dialect = case["dialect"]
    server, refused, count = record.KINDS[dialect](told, case), 0, 0
    try:
        session, server.session = getattr(server, "session", []), []
        if case.get("prelude"):
            server.run((told.chains.parent / case["prelude"]).read_text())
        server.session = session
        for file in case["files"]:
            text = (told.files / case["id"] / case["root"] / file).read_text(encoding="utf-8-sig", errors="surrogateescape")
            for pattern, new in case.get("subst", {}).items():
                text = re.sub(pattern, lambda _, new=new: new, text)
            if file not in case.get("skip", {}):
                server.run(record.up(case["layout"], text))
        server.session = []
        server.run(KIT[dialect])
        changes = [change for sql, plain, column in targets(server, dialect) for change in of_table(dialect, (sql, plain), column)]
        told.out.mkdir(parents=True, exist_ok=True)
        with gzip.open(told.out / f"{case['id']}.jsonl.gz", "wt", compresslevel=3) as out:
            first = {"id": case["id"], "dialect": dialect, "rolled_back": dialect != "mysql", "catalog": server.catalog(queries)}
            out.write(json.dumps(first, sort_keys=True) + "\n")
            made = set()
            for what, sql, kind, name, hazards, also in PLAIN[dialect] + changes:
                if dialect == "mysql" and sql in made:
                    continue
                made.add(sql)
                try:
                    if dialect == "mysql":
                        server.run(sql)
                        answers = server.catalog(queries)
                    else:
                        answers = rolled_back(server, dialect, sql, queries)
                except Exception as error:  # The server refuses the change on this schema.
                    refused += 1
                    print(f"    {what}: {str(error).splitlines()[0][:150]}")
                    continue
                count += 1
                line = {"what": what, "sql": sql, "kind": kind, "name": name, "hazards": hazards, "also": also, "catalog": answers}
                out.write(json.dumps(line, sort_keys=True) + "\n")
    finally:
        server.close()
    print(f"{case['id']:20} {count} changes planted, {refused} refused by the server", flush=True)


def main():
    parser = argparse.ArgumentParser()
    for name in ["chains", "files", "out"]:
        parser.add_argument("--" + name, type=pathlib.Path, required=True)
    parser.add_argument("--dialect", choices=sorted(KIT), required=True)
    parser.add_argument("--queries", type=pathlib.Path)
    parser.add_argument("--port", type=int)
    parser.add_argument("ids", nargs="+")
    told = parser.parse_args()
    queries = {path.stem: path.read_text() for path in sorted(told.queries.glob("*.sql"))} if told.queries else {}
    for line in told.chains.read_text().splitlines():
        case = json.loads(line)
        if case["id"] in told.ids and case["dialect"] == told.dialect:
            plant(told, case, queries)


main()
