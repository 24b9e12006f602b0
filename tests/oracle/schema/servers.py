#!/usr/bin/env python3
"""Starts and stops throw-away servers: servers.py start|stop postgres|mariadb FOLDER PORT [BIN].

FOLDER holds the data, the socket, the log and the pid file; it is made by the first start. Only the server of this folder is ever stopped, by
the pid in it. BIN is the folder of `postgres` and `initdb` (Debian keeps them in /usr/lib/postgresql/VERSION/bin). PostgreSQL does not run as
root: started by root, both servers run as the user that Debian made for them.
"""
import argparse
import os
import pathlib
import shutil
import signal
import subprocess
import time

POSTGRES = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
wal_level = minimal
max_wal_senders = 0
max_locks_per_transaction = 1024
timezone = 'UTC'
"""


def as_user(user):
    return ["runuser", "-u", user, "--"] if os.geteuid() == 0 else []


def own(folder, user):
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, user, user)


def start_postgres(folder, port, programs):
    data, user = folder / "data", as_user("postgres")
    own(folder, "postgres")
    if not (data / "PG_VERSION").exists():
        subprocess.run([*user, f"{programs}/initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
                       check=True, stdout=subprocess.DEVNULL)
        with open(data / "postgresql.conf", "a") as out:
            out.write(POSTGRES.format(port=port, folder=folder))
    subprocess.run([*user, f"{programs}/pg_ctl", "-D", data, "-l", folder / "log", "-w", "start"], check=True, stdout=subprocess.DEVNULL)


def start_mariadb(folder, port):
    data, pid = folder / "data", folder / "pid"
    own(folder, "mysql")
    user = ["--user=mysql"] if os.geteuid() == 0 else []
    if not (data / "mysql").exists():
        subprocess.run(["mariadb-install-db", "--no-defaults", *user, f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db"],
                       check=True, stdout=subprocess.DEVNULL)
    with open(folder / "log", "ab") as log:
        subprocess.Popen(["mariadbd", "--no-defaults", *user, f"--datadir={data}", f"--socket={folder}/socket", f"--port={port}",
                          "--bind-address=127.0.0.1", f"--pid-file={pid}", "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin",
                          "--character-set-server=utf8mb4", "--collation-server=utf8mb4_general_ci", "--event-scheduler=ON"],
                         stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
    for _ in range(150):
        if pid.exists():
            return
        time.sleep(0.2)
    raise SystemExit(f"MariaDB did not start: see {folder}/log")


def stop(file):
    if not file.exists():
        return
    number = int(file.read_text().split()[0])
    os.kill(number, signal.SIGINT if file.name == "postmaster.pid" else signal.SIGTERM)
    while file.exists():
        time.sleep(0.2)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["start", "stop"])
    parser.add_argument("kind", choices=["postgres", "mariadb"])
    parser.add_argument("folder", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("port", type=int)
    parser.add_argument("programs", nargs="?", default="")
    told = parser.parse_args()
    if told.what == "stop":
        stop(told.folder / ("data/postmaster.pid" if told.kind == "postgres" else "pid"))
    elif told.kind == "postgres":
        start_postgres(told.folder, told.port, told.programs or os.path.dirname(shutil.which("initdb") or ""))
    else:
        start_mariadb(told.folder, told.port)


main()
