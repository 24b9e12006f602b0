#!/usr/bin/env python3
"""Runs chains of migrations on a real server and records its catalog on the way, for `benches/schema_cases.rs`.

record.py --chains CHAINS.jsonl --files CHAINS --out RECORDS --dialect postgres|mysql|sqlite [--queries FOLDER] [--port N] [--every 10] [ID...]

`--queries` is the engine's own introspection (src/engines/schema/postgres/introspect, .../mysql/introspect). Writes RECORDS/ID/NNNN.json.gz, NNNN
files after the beginning. A file is run in a session of its own: as one simple query (PostgreSQL), as one call of several statements (MariaDB), in
one transaction (SQLite). One that the server refuses is listed in `failed` and the next one runs. Every chain gets a database of its own, named
oracle_ID, which is dropped again; use servers.py for a server that nobody else needs, as chains make roles. README.md tells the fields.
"""
import argparse
import decimal
import gzip
import json
import pathlib
import re

UP = {"goose": (r"(?im)^--\s*\+goose\s+up\b.*$", r"(?im)^--\s*\+goose\s+down\b"), "dbmate": (r"(?m)^--\s*migrate:up.*$", r"(?m)^--\s*migrate:down")}
ALONE = re.compile(r"(?i)\bconcurrently\b|\+goose no transaction|transaction:false|^-- no-transaction|^-- atlas:txmode none")
LATER = re.compile(r"unsafe use of new value|cannot run inside a transaction block|cannot be executed from a function")


def plain(value):
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode(errors="replace")
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)


def up(layout, text):
    """What the tool runs upwards."""
    if layout in UP and (begin := re.search(UP[layout][0], text)):
        rest = text[begin.end():]
        end = re.search(UP[layout][1], rest)
        return rest[:end.start()] if end else rest
    return text


def statements(text):
    """Single statements of PostgreSQL's SQL."""
    token = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"[^\"]*\"|(\$\w*\$).*?\1|;|.", re.S)
    parts = [""]
    for found in token.finditer(text):
        if found.group() == ";":
            parts.append("")
        else:
            parts[-1] += found.group()
    return [part for part in parts if re.sub(r"--[^\n]*|/\*.*?\*/", "", part, flags=re.S).strip()]


class Postgres:
    def __init__(self, told, case):
        import psycopg
        self.driver, self.port, self.name, self.session = psycopg, told.port or 5432, "oracle_" + case["id"], case.get("session", [])
        with self.open("postgres") as admin:
            admin.execute(f'drop database if exists "{self.name}" with (force)')
            admin.execute(f'create database "{self.name}" template template0')
            self.version = admin.execute("show server_version").fetchone()[0]

    def open(self, database):
        return self.driver.connect(f"host=127.0.0.1 port={self.port} user=postgres dbname={database}", autocommit=True)

    def send(self, texts):
        with self.open(self.name) as connection:
            for text in [*self.session, *texts]:
                answer = connection.pgconn.exec_(text.encode())
                if answer.status not in (0, 1, 2, 5, 9):
                    raise ValueError((answer.error_message or b"refused").decode(errors="replace"))

    def run(self, text):
        if not ALONE.search(text):
            try:
                return self.send([text])
            except ValueError as error:
                if not LATER.search(str(error)):
                    raise
        return self.send(statements(text))

    def catalog(self, queries):
        answers = {}
        with self.open(self.name) as connection:
            connection.execute("begin isolation level repeatable read read only")
            connection.execute("set local search_path = ''")
            for name, query in queries.items():
                connection.execute("savepoint one")
                try:
                    rows = connection.execute(query)
                    names = [column.name for column in rows.description]
                    answers[name] = [dict(zip(names, map(plain, row))) for row in rows.fetchall()]
                except self.driver.Error:
                    # Queries of other versions of the server end in _optional.
                    if not name.endswith("_optional"):
                        raise
                    connection.execute("rollback to savepoint one")
        return answers

    def close(self):
        with self.open("postgres") as admin:
            admin.execute(f'drop database if exists "{self.name}" with (force)')


class MariaDb:
    def __init__(self, told, case):
        import pymysql
        import pymysql.constants.CLIENT as client
        self.driver, self.many, self.port, self.name = pymysql, client.MULTI_STATEMENTS, told.port or 3306, "oracle_" + case["id"]
        self.session = case.get("session", [])
        admin = self.open(None).cursor()
        admin.execute(f"drop database if exists `{self.name}`")
        admin.execute(f"create database `{self.name}`")
        admin.execute("select version()")
        self.version = admin.fetchone()[0]

    def open(self, database, **more):
        return self.driver.connect(host="127.0.0.1", port=self.port, user="root", database=database, charset="utf8mb4", autocommit=True, **more)

    def run(self, text):
        connection = self.open(self.name, client_flag=self.many)
        try:
            cursor = connection.cursor()
            for one in [*self.session, *delimited(text)]:
                if re.sub(r"--[^\n]*|/\*.*?\*/|[\s;]", "", one, flags=re.S):
                    cursor.execute(one)
                    while cursor.nextset():
                        pass
        except self.driver.Error as error:
            raise ValueError(str(error)) from error
        finally:
            connection.close()

    def catalog(self, queries):
        cursor, answers = self.open(self.name, cursorclass=self.driver.cursors.DictCursor).cursor(), {}
        for name, query in queries.items():
            try:
                cursor.execute(query.strip().rstrip(";").replace("?", f"'{self.name}'"))
                answers[name] = [plain(row) for row in cursor.fetchall()]
            except self.driver.Error:
                if not name.endswith("_optional"):
                    raise
        return answers

    def close(self):
        self.open(None).cursor().execute(f"drop database if exists `{self.name}`")


def delimited(text):
    """Parts between DELIMITER lines, which only the client program knows."""
    text = re.sub(r"(?m)^-->.*$|-->\s*statement-breakpoint", "", text)
    end, part = ";", []
    for line in text.splitlines():
        word = re.match(r"(?i)\s*delimiter\s+(\S+)\s*$", line)
        if word:
            yield "\n".join(part)
            part, end = [], word.group(1)
        elif end != ";" and line.rstrip().endswith(end):
            yield "\n".join([*part, line.rstrip()[:-len(end)]])
            part = []
        else:
            part.append(line)
    yield "\n".join(part)


class Sqlite:
    def __init__(self, told, case):
        import apsw
        self.driver, self.connection, self.version = apsw, apsw.Connection(":memory:"), apsw.sqlite_lib_version()
        for name, count in case.get("functions", []):
            self.connection.create_scalar_function(name, lambda *values: values[0] if values else None, count)

    def run(self, text):
        def send(sql):
            for _ in self.connection.execute(sql):
                pass
        try:
            send("begin")
            send(text)
        except self.driver.Error as error:
            if not self.connection.getautocommit():
                send("rollback")
            if "within a transaction" not in str(error) and "cannot VACUUM" not in str(error):
                raise ValueError(str(error)) from error
            send(text)
        if not self.connection.getautocommit():
            send("commit")

    def rows(self, query, *values):
        cursor, names = self.connection.cursor(), []

        def named(of, row):
            names[:] = [column[0] for column in of.get_description()]
            return row
        cursor.setrowtrace(named)
        return [dict(zip(names, map(plain, row))) for row in cursor.execute(query, values)]

    def catalog(self, _):
        master = self.rows("select type, name, tbl_name, sql from sqlite_master order by type, name")
        answers = {"sqlite_master": master, "table_list": self.rows("select * from pragma_table_list where schema = 'main' order by name")}
        for pragma, kinds in [("table_xinfo", "table view"), ("foreign_key_list", "table"), ("index_list", "table"), ("index_xinfo", "index")]:
            answers[pragma] = {}
            for row in master:
                if row["type"] in kinds.split():
                    try:
                        answers[pragma][row["name"]] = self.rows(f"select * from pragma_{pragma}(?)", row["name"])
                    except self.driver.Error:
                        answers[pragma][row["name"]] = []
        return answers

    def close(self):
        self.connection.close()


KINDS = {"postgres": Postgres, "mysql": MariaDb, "sqlite": Sqlite}


def record(told, case, queries):
    server, failed, tainted = KINDS[case["dialect"]](told, case), [], False
    folder = told.out / case["id"]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if case.get("prelude"):
            session, server.session = getattr(server, "session", []), []
            server.run((told.chains.parent / case["prelude"]).read_text())
            server.session = session
        for number, file in enumerate(case["files"], 1):
            text = (told.files / case["id"] / case["root"] / file).read_text(encoding="utf-8-sig", errors="surrogateescape")
            for pattern, new in case.get("subst", {}).items():
                text = re.sub(pattern, lambda _, new=new: new, text)
            try:
                if file in case.get("skip", {}):
                    raise ValueError("left out: " + case["skip"][file])
                server.run(up(case["layout"], text))
            except ValueError as error:
                left_out = str(error).startswith("left out")
                failed.append({"file": file, "error": str(error)[:400]})
                tainted |= not left_out and (case["dialect"] == "mysql" or ALONE.search(text) is not None)
            if number % told.every == 0 or number == len(case["files"]):
                answer = {"server_version": server.version, "id": case["id"], "applied": number, "upto": file, "failed": failed, "tainted": tainted,
                          "catalog": server.catalog(queries)}
                with gzip.open(folder / f"{number:04}.json.gz", "wt") as out:
                    json.dump(answer, out, ensure_ascii=False, sort_keys=True)
    finally:
        server.close()
    print(f"{case['id']:20} {len(case['files']) - len(failed)} of {len(case['files'])} files", flush=True)


def main():
    parser = argparse.ArgumentParser()
    for name in ["chains", "files", "out"]:
        parser.add_argument("--" + name, type=pathlib.Path, required=True)
    parser.add_argument("--dialect", choices=sorted(KINDS), required=True)
    parser.add_argument("--queries", type=pathlib.Path)
    parser.add_argument("--port", type=int)
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("ids", nargs="*")
    told = parser.parse_args()
    queries = {path.stem: path.read_text() for path in sorted(told.queries.glob("*.sql"))} if told.queries else {}
    for line in told.chains.read_text().splitlines():
        case = json.loads(line)
        if case["dialect"] == told.dialect and not case.get("unplayable") and "liquibase" not in case and (not told.ids or case["id"] in told.ids):
            record(told, case, queries)


if __name__ == "__main__":
    main()
