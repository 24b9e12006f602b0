//! Real servers: what a replay makes, a server must have; what is printed, a server must take; what is changed by hand must be found.
//!
//! PostgreSQL and MariaDB are started here, each in a folder and on a port of its own, and stopped at the end. Where a server is not installed the test
//! says so and ends; in CI it fails.
use crate::support::World;
use pilab::adapters::database;
use pilab::engines::schema::catalog::{Catalog, Dialect, Kind, Server};
use pilab::engines::schema::change::{CompareOptions, compare};
use pilab::engines::schema::{self, Options, Step, chain};
use pilab::model::Secret;
use pilab::tree::MemTree;
use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A server of a test. Dropping it stops it.
struct Running {
    dialect: Dialect,
    port: u16,
    process: Child,
    _folder: tempfile::TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        // SIGINT asks PostgreSQL for a fast shutdown; MariaDB ends on SIGTERM. The folder goes anyway.
        let signal = if self.dialect == Dialect::Postgres { "-INT" } else { "-TERM" };
        let _ = Command::new("kill").args([signal, &self.process.id().to_string()]).status();
        let _ = self.process.wait();
    }
}

/// A port that nobody has just now.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Where a program is: on the path, or in one of the folders that Debian keeps PostgreSQL in.
fn program(name: &str) -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    let mut versions: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|one| one.path().join("bin")).collect();
    versions.sort();
    folders.splice(0..0, versions.into_iter().rev());
    folders.into_iter().map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Says that something is not installed; in CI that is an error.
fn without(name: &str) {
    assert!(std::env::var_os("CI").is_none(), "{name} is not installed, and CI must have it");
    // What a test prints is shown when it is asked for: `cargo test -- --nocapture`.
    let _ = writeln!(std::io::stderr(), "{name} is not installed: not tested");
}

/// User and group ids of a name; servers do not run as root.
fn ids(user: &str) -> Option<(u32, u32)> {
    let passwd = fs::read_to_string("/etc/passwd").ok()?;
    let line = passwd.lines().find(|line| line.starts_with(&format!("{user}:")))?.to_owned();
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

/// A command, run as this user where we are root.
fn as_user(user: &str, program: &Path) -> Command {
    use std::os::unix::process::CommandExt;
    let mut command = Command::new(program);
    let root = fs::metadata("/proc/self").is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0);
    if let Some((uid, gid)) = ids(user).filter(|_| root) {
        command.uid(uid).gid(gid);
    }
    command
}

fn folder_for(user: &str) -> tempfile::TempDir {
    let folder = tempfile::Builder::new().prefix("pilab-db").tempdir_in("/tmp").unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).unwrap();
    if let Some((uid, gid)) = ids(user) {
        // Not root: the folder is ours already, and so is the server.
        let _ = chown(&data, Some(uid), Some(gid));
    }
    folder
}

fn quiet(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().unwrap()
}

/// Starts PostgreSQL.
fn postgres() -> Option<Running> {
    let (Some(initdb), Some(server), Some(_)) = (program("initdb"), program("postgres"), program("psql")) else {
        without("PostgreSQL");
        return None;
    };
    let folder = folder_for("postgres");
    let data = folder.path().join("data");
    let made = quiet(
        as_user("postgres", &initdb)
            .arg("-D")
            .arg(&data)
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"])
            .current_dir(&folder),
    );
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let port = free_port();
    let settings = [
        format!("port={port}"),
        "listen_addresses=127.0.0.1".to_owned(),
        "unix_socket_directories=".to_owned(),
        "fsync=off".to_owned(),
        "timezone=UTC".to_owned(),
    ];
    let mut command = as_user("postgres", &server);
    command.arg("-D").arg(&data).current_dir(&folder);
    settings.iter().for_each(|setting| {
        command.args(["-c", setting]);
    });
    let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    Some(wait(Running { dialect: Dialect::Postgres, port, process, _folder: folder }))
}

/// Starts MariaDB.
fn mariadb() -> Option<Running> {
    let (Some(install), Some(server), Some(_)) = (
        program("mariadb-install-db"),
        program("mariadbd").or_else(|| Some(PathBuf::from("/usr/sbin/mariadbd")).filter(|file| file.is_file())),
        program("mariadb"),
    ) else {
        without("MariaDB");
        return None;
    };
    let folder = folder_for("mysql");
    let data = folder.path().join("data");
    let datadir = format!("--datadir={}", data.display());
    let made = quiet(
        as_user("mysql", &install)
            .args(["--no-defaults", &datadir, "--auth-root-authentication-method=normal", "--skip-test-db"])
            .current_dir(&folder),
    );
    assert!(
        made.status.success(),
        "{}{}",
        String::from_utf8_lossy(&made.stdout),
        String::from_utf8_lossy(&made.stderr)
    );
    let port = free_port();
    let socket = format!("--socket={}", data.join("s").display());
    let mut command = as_user("mysql", &server);
    command.args([
        "--no-defaults",
        &datadir,
        &socket,
        &format!("--port={port}"),
        "--bind-address=127.0.0.1",
        "--innodb-flush-log-at-trx-commit=0",
        "--skip-log-bin",
        "--character-set-server=utf8mb4",
    ]);
    let process =
        command.current_dir(&folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    Some(wait(Running { dialect: Dialect::MariaDb, port, process, _folder: folder }))
}

/// Waits until it answers.
fn wait(running: Running) -> Running {
    let start = Instant::now();
    while !running.client("", "SELECT 1").status.success() {
        assert!(start.elapsed() < Duration::from_secs(60), "the server does not answer");
        std::thread::sleep(Duration::from_millis(100));
    }
    running
}

impl Running {
    /// Gives SQL to the server's own client; an empty database is the server's own.
    fn client(&self, database: &str, sql: &str) -> Output {
        let port = self.port.to_string();
        let mut command = match self.dialect {
            Dialect::Postgres => {
                let mut command = Command::new(program("psql").unwrap());
                let database = if database.is_empty() { "postgres" } else { database };
                command.args([
                    "-X",
                    "-q",
                    "-h",
                    "127.0.0.1",
                    "-p",
                    &port,
                    "-U",
                    "postgres",
                    "-d",
                    database,
                    "-v",
                    "ON_ERROR_STOP=1",
                    "-f",
                    "-",
                ]);
                command
            }
            _ => {
                let mut command = Command::new(program("mariadb").unwrap());
                command
                    .args(["--no-defaults", "-h127.0.0.1", "-P", &port, "-uroot"])
                    .args((!database.is_empty()).then_some(database));
                command
            }
        };
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let text = sql.to_owned();
        let writer = std::thread::spawn(move || {
            // A client that ends early closes the pipe; its answer tells why.
            let _ = input.write_all(text.as_bytes());
        });
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        output
    }

    fn run(&self, database: &str, sql: &str) {
        let output = self.client(database, sql);
        assert!(output.status.success(), "{}\n{sql}", String::from_utf8_lossy(&output.stderr));
    }

    fn address(&self, database: &str) -> String {
        match self.dialect {
            Dialect::Postgres => format!("postgresql://postgres@127.0.0.1:{}/{database}", self.port),
            _ => format!("mysql://root@127.0.0.1:{}/{database}", self.port),
        }
    }

    fn look(&self, database: &str) -> Catalog {
        database::look(&Secret::new(self.address(database)), None).unwrap_or_else(|error| panic!("{error:?}")).catalog
    }
}

/// A folder of migrations as a tree below `m`.
fn tree(folder: &Path) -> MemTree {
    let mut tree = MemTree::default();
    for extension in ["sql", "toml"] {
        for file in crate::support::files_below(folder, extension) {
            let path = format!("m/{}", file.strip_prefix(folder).unwrap().display());
            tree.insert(path, fs::read(&file).unwrap());
        }
    }
    tree
}

/// What both must agree in: privileges, and queries that the server writes anew, left aside.
fn comparable(catalog: &Catalog) -> Vec<String> {
    let shown = |object: &schema::catalog::Object| {
        // Servers write queries anew, and say the version of an extension whether or not a migration does.
        let left_out = match object.key.kind {
            Kind::View | Kind::MaterializedView => "query",
            Kind::Extension => "version",
            _ => "",
        };
        let attributes: Vec<_> = object.attributes.iter().filter(|(name, _)| *name != left_out).collect();
        format!("{:?} {} {attributes:?}", object.key.kind, object.key)
    };
    catalog
        .objects()
        .iter()
        .filter(|object| !matches!(object.key.kind, Kind::Grant | Kind::DefaultPrivileges))
        .map(shown)
        .collect()
}

/// Replays a chain here and on the server, step by step; gives the last catalog.
fn side_by_side(server: &Running, folder: &Path) -> (String, Catalog) {
    let layout = folder.file_name().unwrap().to_string_lossy().into_owned();
    let database = format!("t_{layout}");
    server.run("", &format!("CREATE DATABASE {database}"));
    let chain = chain::open(&tree(folder), &["m".to_owned()], None, Some(server.dialect)).unwrap();
    assert!(chain.problems.is_empty() && chain.steps.len() > 1, "{layout}: {:?}", chain.problems);
    let real = server.look(&database).server;
    let mut replayer =
        schema::replayer(Server { dialect: server.dialect, version: real.version }, &Options::default()).unwrap();
    let mut last = None;
    for step in &chain.steps {
        server.run(&database, &text(step));
        replayer.apply(step);
        let (ours, theirs) = (replayer.replay().catalog, server.look(&database));
        let doubts: Vec<_> = replayer.unmodelled().iter().collect();
        assert!(doubts.is_empty(), "{layout} {}: {doubts:?}", step.path);
        let (a, b) = (comparable(&ours).join("\n"), comparable(&theirs).join("\n"));
        assert!(a == b, "{layout} {}\n{}", step.path, crate::support::difference(&b, &a));
        last = Some(ours);
    }
    (database, last.unwrap())
}

fn text(step: &Step) -> String {
    step.up.iter().map(|script| format!("{}\n", script.text)).collect()
}

fn chains(dialect: &str) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(Path::new("tests/sql/chains").join(dialect)).unwrap().map(|one| one.unwrap().path()).collect();
    folders.sort();
    folders
}

/// Everything that is said of one server.
fn all(server: &Running, word: &str) {
    for folder in chains(word) {
        let (database, catalog) = side_by_side(server, &folder);
        // What is printed makes the same in an empty database.
        let copy = format!("{database}_copy");
        server.run("", &format!("CREATE DATABASE {copy}"));
        let script: String = schema::create(&catalog).iter().map(|sql| format!("{sql};\n")).collect();
        let script = if server.dialect == Dialect::Postgres { script } else { delimited(&schema::create(&catalog)) };
        server.run(&copy, &script);
        let (a, b) = (comparable(&server.look(&database)).join("\n"), comparable(&server.look(&copy)).join("\n"));
        assert!(a == b, "{database}\n{}", crate::support::difference(&a, &b));
        // Two looks at one database show no difference.
        assert!(compare(&server.look(&database), &server.look(&copy), &CompareOptions::default()).is_empty());
    }
}

/// The client of MariaDB cuts at `;`, also inside of bodies.
fn delimited(statements: &[String]) -> String {
    statements.iter().map(|sql| format!("DELIMITER //\n{sql}//\nDELIMITER ;\n")).collect()
}

#[test]
fn postgresql_has_what_the_replay_says() {
    if let Some(server) = postgres() {
        all(&server, "postgres");
        by_hand(&server);
    }
}

#[test]
fn mariadb_has_what_the_replay_says() {
    if let Some(server) = mariadb() {
        all(&server, "mariadb");
    }
}

/// A change by hand is found, told with the DDL that undoes it, and kept in the config repository; nothing is written to the database, and no address is
/// shown.
fn by_hand(server: &Running) {
    server.run(
        "t_goose",
        "CREATE INDEX by_hand ON account (level); ALTER TABLE account ALTER COLUMN level DROP DEFAULT;",
    );
    let before = comparable(&server.look("t_goose"));
    let mut world = World::new("config");
    let chain = Path::new("tests/sql/chains/postgres/goose");
    let mut files = String::from(
        "-- project.yaml --\napiVersion: pilab.dev/v1\nkind: Project\nmetadata: { name: shop }\nspec:\n  repos: { app: { url: ../app } }\n  promotion: { order: [staging, prod] }\n\
         -- environments/all.yaml --\napiVersion: pilab.dev/v1\nkind: Environment\nmetadata: { name: staging }\nspec: { tier: staging }\n---\napiVersion: pilab.dev/v1\nkind: Environment\nmetadata: { name: prod }\n\
         spec: { tier: prod, databases: [{ module: app, dsnSecret: \"env://PROD_DB\", recorded: observed/prod.json }] }\n\
         -- modules/app.yaml --\napiVersion: pilab.dev/v1\nkind: Module\nmetadata: { name: app }\nspec: { kind: service, repo: app, refTemplate: \"v{{ version }}\", schema: { dialect: postgresql, files: [db] } }\n\
         -- cell app 1.0.0 staging prod --\n-- commit Describe the shop --\n-- repo app --\n",
    );
    for file in crate::support::files_below(chain, "sql") {
        files.push_str(&format!(
            "-- db/{} --\n{}",
            file.file_name().unwrap().to_string_lossy(),
            fs::read_to_string(&file).unwrap()
        ));
    }
    files.push_str("-- commit Make accounts --\n-- tag v1.0.0 --\n");
    crate::scenarios::Stage::new(&mut world).set_up(&files);
    let pilab = |words: &[&str]| {
        let mut command = world.command(env!("CARGO_BIN_EXE_pilab"));
        let output = command.args(words).env("PROD_DB", server.address("t_goose")).output().unwrap();
        let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert!(!out.contains("127.0.0.1") && !err.contains("127.0.0.1"), "the address is shown: {out}{err}");
        (output.status.code(), out, err)
    };
    let (code, out, err) = pilab(&["db", "diff", "--live", "prod"]);
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(out.contains("+ index account.by_hand") && out.contains("~ column account.level"), "{out}");
    assert!(err.contains("warning[PL0328]"), "{err}");
    let (_, sql, _) = pilab(&["db", "diff", "--live", "prod", "-o", "sql"]);
    assert!(sql.contains("DROP INDEX public.by_hand;") && sql.contains("SET DEFAULT 1;"), "{sql}");
    let (code, out, err) = pilab(&["db", "record", "app", "--env", "prod"]);
    assert_eq!(code, Some(0), "{out}{err}");
    let (code, out, err) = pilab(&["drift", "staging..prod", "--check", "schema", "--fail-on", "high"]);
    assert_eq!(code, Some(3), "{out}{err}");
    assert!(out.contains("DB080") && out.contains("by_hand"), "{out}");
    let (code, out, err) = pilab(&["db", "inspect", "--dsn", "env://PROD_DB", "-o", "sql"]);
    assert!(code == Some(0) && out.contains("CREATE TABLE public.account"), "{out}{err}");
    // A wrong password, a database that is not there, nobody who answers: told, without the address.
    let refused = |address: String| {
        let mut command = world.command(env!("CARGO_BIN_EXE_pilab"));
        let output =
            command.args(["db", "inspect", "--dsn", "env://PROD_DB"]).env("PROD_DB", address).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, err) = refused(format!("postgresql://nobody:hunter2@127.0.0.1:{}/t_goose", server.port));
    assert!(code == Some(4) && err.contains("PL0326") && !err.contains("hunter2"), "{code:?} {err}");
    let (code, err) = refused(format!("postgresql://postgres:hunter2@127.0.0.1:{}/none", server.port));
    assert!(code == Some(1) && err.contains("PL0325") && !err.contains("hunter2"), "{code:?} {err}");
    let (code, err) = refused(format!("postgresql://postgres:hunter2@127.0.0.1:{}/none", free_port()));
    assert!(code == Some(1) && err.contains("PL0325") && !err.contains("hunter2"), "{code:?} {err}");
    server.run("t_goose", "ALTER ROLE postgres SET default_transaction_read_only = off");
    assert_eq!(comparable(&server.look("t_goose")), before, "looking changes nothing");
}
