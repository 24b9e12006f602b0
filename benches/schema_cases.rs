//! Replays chains of migrations that lie on disk and holds what comes out against catalogs that real servers recorded on the way:
//! `cargo run --release --features full --example schema_cases -- CHAINS.jsonl CHAINS RECORDS [--holdout|--insample] [--show] [ID…]`.
//! `CHAINS` has a folder for each chain, `RECORDS` one for each chain with `NNNN.json.gz`, NNNN files after the beginning, as
//! `tests/oracle/schema/record.py` makes them; its name is the server's. Preludes are looked for beside `CHAINS.jsonl`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a measurement is printed")]

#[path = "support/disk.rs"]
mod disk;
#[path = "support/schema_records.rs"]
mod schema_records;

use disk::Disk;
use pilab::engines::schema::catalog::{Catalog, Dialect, Key, Kind, Server, Unmodelled};
use pilab::engines::schema::chain::{self, Layout};
use pilab::engines::schema::change::{CompareOptions, Difference, compare_with_logs};
use pilab::engines::schema::{Options, Replay, Script, Statement, Step, StepKind, mysql, replayer};
use regex::Regex;
use schema_records::{Objects, catalog, covered, json, objects, text, texts};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What is counted of a chain, or of all.
#[derive(Default, Clone)]
struct Count {
    chains: usize,
    found: usize,
    files: usize,
    checkpoints: usize,
    objects: usize,
    exact: usize,
    unprovable: usize,
    covered: usize,
    silent: usize,
    last_objects: usize,
    last_silent: usize,
    time: Duration,
    both: usize,
    only_server: usize,
    only_replay: usize,
    renames: usize,
    missed: usize,
    invented: usize,
}

impl Count {
    fn add(&mut self, other: &Count) {
        for (own, more) in [
            (&mut self.chains, other.chains),
            (&mut self.found, other.found),
            (&mut self.files, other.files),
            (&mut self.checkpoints, other.checkpoints),
            (&mut self.objects, other.objects),
            (&mut self.exact, other.exact),
            (&mut self.unprovable, other.unprovable),
            (&mut self.covered, other.covered),
            (&mut self.silent, other.silent),
            (&mut self.last_objects, other.last_objects),
            (&mut self.last_silent, other.last_silent),
            (&mut self.both, other.both),
            (&mut self.only_server, other.only_server),
            (&mut self.only_replay, other.only_replay),
            (&mut self.renames, other.renames),
            (&mut self.missed, other.missed),
            (&mut self.invented, other.invented),
        ] {
            *own += more;
        }
        self.time += other.time;
    }
}

/// Where everything lies, and what is asked.
struct Setting {
    beside: PathBuf,
    chains: PathBuf,
    records: PathBuf,
    show: bool,
}

/// A chain ready to run.
struct Ready {
    dialect: Dialect,
    prelude: Option<Step>,
    steps: Vec<Step>,
    options: Options,
    server: Server,
    /// Whether discovery alone gave the order of the files.
    found: bool,
    /// Steps to the names of the tables of the tool, which no file makes.
    bookkeeping: Vec<String>,
    opening: Duration,
}

fn script(path: &str, text: &str) -> Script {
    Script { path: Arc::from(path), line: 1, text: Arc::from(text), transaction: true }
}

fn step(path: &str, up: Vec<Script>) -> Step {
    let name = path.to_owned();
    Step {
        kind: StepKind::Versioned,
        version: name.clone(),
        name,
        path: Arc::from(path),
        up,
        down: vec![],
        checksum: None,
    }
}

/// The recorded catalogs by the number of files.
fn records(folder: &Path) -> Result<BTreeMap<usize, Value>, String> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(|error| error.to_string())?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(number) = name.strip_suffix(".json.gz").and_then(|number| number.parse().ok()) {
            all.insert(number, json(&entry.path())?);
        }
    }
    Ok(all)
}

fn version(record: &Value) -> (u16, u16) {
    let mut numbers = text(record, "server_version").split(|one: char| !one.is_ascii_digit());
    let mut next = || numbers.next().and_then(|number| number.parse().ok()).unwrap_or(0);
    (next(), next())
}

/// The steps of a chain in the order in which the servers ran its files, and whether discovery gave that order.
fn steps(setting: &Setting, case: &Value, found: &chain::Chain) -> Result<(Vec<Step>, bool), String> {
    let id = text(case, "id");
    if found.layout == Layout::Liquibase {
        return Ok((found.steps.clone(), true));
    }
    let root = match text(case, "root") {
        "" | "." => id.to_owned(),
        root => format!("{id}/{root}"),
    };
    let wanted: Vec<String> = texts(case, "files").iter().map(|file| format!("{root}/{file}")).collect();
    let plain = |one: &&Step| one.kind != StepKind::Code;
    let same = found.steps.iter().filter(plain).map(|one| &*one.path).eq(wanted.iter().map(String::as_str));
    let known: BTreeMap<&str, &Step> = found.steps.iter().filter(plain).map(|one| (&*one.path, one)).collect();
    let mut all = Vec::new();
    for path in &wanted {
        match known.get(path.as_str()) {
            Some(one) => all.push((*one).clone()),
            None => {
                let bytes = std::fs::read(setting.chains.join(path)).map_err(|error| format!("{path}: {error}"))?;
                all.push(step(path, vec![script(path, &String::from_utf8_lossy(&bytes))]));
            }
        }
    }
    Ok((all, same))
}

/// What the corpus does to the texts before the servers run them is done here too.
fn prepare(case: &Value, dialect: Dialect, steps: &mut [Step]) -> Result<(), String> {
    let mut edits = Vec::new();
    for (pattern, with) in case["subst"].as_object().into_iter().flatten() {
        edits.push((Regex::new(pattern).map_err(|error| error.to_string())?, with.as_str().unwrap_or_default()));
    }
    let session = match (texts(case, "session").join(";\n"), dialect) {
        (session, Dialect::Postgres) if session.is_empty() => "reset search_path".to_owned(),
        (session, _) => session,
    };
    for one in steps {
        for script in &mut one.up {
            for (pattern, with) in &edits {
                script.text = Arc::from(pattern.replace_all(&script.text, *with).as_ref());
            }
        }
        if !session.is_empty() {
            one.up.insert(0, Script { transaction: false, ..script("session", &session) });
        }
    }
    Ok(())
}

fn ready(setting: &Setting, case: &Value, records: &BTreeMap<usize, Value>) -> Result<Ready, String> {
    let (id, record) = (text(case, "id"), records.values().next_back().ok_or("no records")?);
    let dialect = match Dialect::from_word(text(case, "dialect")).ok_or("unknown dialect")? {
        Dialect::MySql if text(record, "server_version").contains("MariaDB") => Dialect::MariaDb,
        other => other,
    };
    let mut options = Options::default();
    if matches!(dialect, Dialect::MySql | Dialect::MariaDb)
        && let Some(first) = records.values().next()
    {
        options.variables = mysql::variables(first.get("catalog").unwrap_or(first));
    }
    let root = format!("{id}/{}", text(case, "root")).trim_end_matches(['/', '.']).to_owned();
    let files: Vec<String> = texts(case, "files").iter().map(|file| format!("{root}/{file}")).collect();
    let named = match (case["liquibase"].as_object(), text(case, "layout")) {
        (Some(_), _) => {
            let first = texts(&case["liquibase"], "roots").first().cloned().unwrap_or_default();
            vec![format!("{id}/{first}/{}", text(&case["liquibase"], "changelog"))]
        }
        // Schemas in one file lie beside those of other databases: people name the file.
        (None, "plain") => files.clone(),
        (None, _) => vec![root],
    };
    let begin = Instant::now();
    let tree = Disk(setting.chains.clone());
    // Where a folder holds several chains discovery asks which is meant: then the files are named.
    let (found, asked) = match chain::open(&tree, &named, None, Some(dialect)) {
        Ok(found) => (found, false),
        Err(problem) => (chain::open(&tree, &files, None, Some(dialect)).map_err(|_| problem.text)?, true),
    };
    let opening = begin.elapsed();
    let (mut steps, same) = steps(setting, case, &found)?;
    prepare(case, dialect, &mut steps)?;
    let mut prelude = None;
    if !text(case, "prelude").is_empty() {
        let path = setting.beside.join(text(case, "prelude"));
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        prelude = Some(step("prelude", vec![script("prelude", &text)]));
    }
    let bookkeeping = if found.layout == Layout::Liquibase { found.bookkeeping } else { Vec::new() };
    let server = Server { dialect, version: version(record) };
    Ok(Ready { dialect, prelude, steps, options, server, found: same && !asked, bookkeeping, opening })
}

/// Attributes that the replay and the server do not agree on; `None` when only what cannot be proved is left.
fn deviation(
    key: &Key,
    ours: Option<&BTreeMap<String, String>>,
    theirs: Option<&BTreeMap<String, String>>,
    free: &BTreeSet<Key>,
) -> Result<(), Option<String>> {
    let (ours, theirs) = match (ours, theirs) {
        (Some(ours), Some(theirs)) => (ours, theirs),
        (Some(ours), None) => return Err(Some(format!("only the replay has it: {ours:?}"))),
        (None, Some(theirs)) => return Err(Some(format!("only the server has it: {theirs:?}"))),
        (None, None) => return Ok(()),
    };
    let mut unprovable = false;
    let mut words = Vec::new();
    let names: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    for name in names.into_iter().filter(|name| ours.get(*name) != theirs.get(*name)) {
        let unknown = match (key.kind, name.as_str()) {
            (Kind::View | Kind::MaterializedView, "query") => free.contains(key),
            // Which version an extension without VERSION gets, its control file on the server says.
            (Kind::Extension, "version") => true,
            (Kind::ViewColumn, "type") => ours.get(name).is_some_and(|kind| kind == "?"),
            _ => false,
        };
        unprovable |= unknown;
        if !unknown {
            words.push(format!("{name}: replay {:?}, server {:?}", ours.get(name), theirs.get(name)));
        }
    }
    match (words.is_empty(), unprovable) {
        (false, _) => Err(Some(words.join(" | "))),
        (true, true) => Err(None),
        (true, false) => Ok(()),
    }
}

/// Views whose query the replay itself says it cannot prove.
fn free(catalog: &Catalog) -> BTreeSet<Key> {
    let views = catalog.views.iter().filter(|(_, view)| !view.comparable);
    views
        .map(|(name, view)| Key::top(if view.materialized { Kind::MaterializedView } else { Kind::View }, name))
        .collect()
}

/// Whether an object is another one, or not there, between two states.
fn changed(before: &Objects, after: &Objects) -> BTreeSet<Key> {
    let keys: BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
    keys.into_iter().filter(|key| before.get(key) != after.get(key)).cloned().collect()
}

/// Old and new name of the renames that a text states, as far as they are names of objects.
fn stated(text: &str, pattern: &Regex) -> Vec<(String, String)> {
    let bare =
        |name: &str| name.rsplit('.').next().unwrap_or(name).trim_matches(['"', '`', '[', ']', '\'']).to_lowercase();
    let table = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let at = words.iter().position(|word| word.eq_ignore_ascii_case("rename"))?;
        let skip = |word: &&&str| {
            !["only", "if", "exists", "concurrently", "online", "ignore", "view"]
                .contains(&word.to_lowercase().as_str())
        };
        words.get(2..at)?.iter().find(skip).map(|word| (*word).to_owned())
    };
    let all = pattern.captures_iter(text).filter_map(|found| {
        let old = found.get(1).map(|one| one.as_str().to_owned()).or_else(|| table(text))?;
        Some((bare(&old), bare(found.get(2)?.as_str())))
    });
    all.collect()
}

fn has(objects: &Objects, name: &str) -> bool {
    objects
        .keys()
        .any(|key| key.name.to_lowercase() == name || key.name.to_lowercase().starts_with(&format!("{name}(")))
}

/// Holds the renames that the statements of one step state against those that the comparison tells.
fn renames(before: &Replay, after: &Replay, pattern: &Regex, count: &mut Count) -> Vec<String> {
    let log: Vec<Statement> = after.log.get(before.log.len()..).unwrap_or_default().to_vec();
    let said: Vec<(String, String)> = log.iter().flat_map(|one| stated(&one.text, pattern)).collect();
    let (old, new) = (objects(&before.catalog), objects(&after.catalog));
    let changes = compare_with_logs(&before.catalog, &after.catalog, &CompareOptions::default(), &log);
    let told: Vec<(String, String)> = changes
        .iter()
        .filter_map(|one| match &one.difference {
            Difference::Altered { renamed_from: Some((from, _)), .. } if from.name != one.key.name => {
                Some((from.name.to_lowercase(), one.key.name.to_lowercase()))
            }
            _ => None,
        })
        .collect();
    let mut words = Vec::new();
    for (from, to) in &said {
        // SQLite's way to change a table is to build it anew beside the old one: that is no rename of the scaffold.
        if ["tmp", "temp", "new_", "_new", "old_", "_old"].iter().any(|word| from.contains(word) || to.contains(word)) {
            continue;
        }
        // Scaffolds: made and renamed, or renamed and dropped, in one step.
        if !has(&old, from) || !has(&new, to) || has(&old, to) || has(&new, from) {
            continue;
        }
        count.renames += 1;
        if !told.iter().any(|(a, b)| a == from && b == to) {
            count.missed += 1;
            words.push(format!("rename not told: {from} to {to}"));
        }
    }
    let texts: String = log.iter().map(|one| one.text.to_lowercase()).collect::<Vec<_>>().join("\n");
    for (from, to) in &told {
        let bare = |name: &str| name.split('(').next().unwrap_or(name).to_owned();
        // MariaDB renames the constraints that it named itself with their table.
        if from.contains("_ibfk_") && to.contains("_ibfk_") {
            continue;
        }
        if !texts.contains("rename") && !texts.contains("change") || !texts.contains(&bare(to)) {
            count.invented += 1;
            words.push(format!("rename told that no statement states: {from} to {to}"));
        }
    }
    words
}

/// The tables that the tool keeps for itself are in no file.
fn without(objects: Objects, tables: &[String]) -> Objects {
    let own =
        |key: &Key| key.table_name().is_some_and(|name| tables.iter().any(|one| one.eq_ignore_ascii_case(&name.name)));
    objects.into_iter().filter(|(key, _)| !own(key)).collect()
}

/// Compares one checkpoint.
fn checkpoint(
    unmodelled: &[Unmodelled],
    free: &BTreeSet<Key>,
    ours: &Objects,
    theirs: &Objects,
    last: bool,
    count: &mut Count,
) -> Vec<String> {
    let mut words = Vec::new();
    count.checkpoints += 1;
    let keys: BTreeSet<&Key> = ours.keys().chain(theirs.keys()).collect();
    for key in keys {
        count.objects += 1;
        count.last_objects += usize::from(last);
        match deviation(key, ours.get(key), theirs.get(key), free) {
            Ok(()) => count.exact += 1,
            Err(None) => count.unprovable += 1,
            Err(Some(what)) => {
                let known = covered(unmodelled, key);
                count.covered += usize::from(known);
                count.silent += usize::from(!known);
                count.last_silent += usize::from(last && !known);
                words.push(format!("{} {} {key}: {what}", if known { "known " } else { "SILENT" }, key.kind.word()));
            }
        }
    }
    words
}

fn run(setting: &Setting, case: &Value) -> Result<Count, String> {
    let id = text(case, "id");
    let records = records(&setting.records.join(id))?;
    let ready = ready(setting, case, &records)?;
    let last_record = last_of(&records)?;
    let failed = failed(last_record);
    let files = texts(case, "files");
    let liquibase = case["liquibase"].is_object();
    let runs = |number: usize| liquibase || files.get(number).is_none_or(|file| !failed.contains(file));
    // The whole replay, cold.
    let begin = Instant::now();
    let mut whole = replayer(ready.server, &ready.options)?;
    ready
        .prelude
        .iter()
        .chain(ready.steps.iter().enumerate().filter(|(n, _)| runs(*n)).map(|(_, one)| one))
        .for_each(|one| whole.apply(one));
    let statements = whole.replay().log.len();
    let mut count = Count {
        chains: 1,
        found: usize::from(ready.found),
        files: ready.steps.len(),
        time: begin.elapsed() + ready.opening,
        ..Count::default()
    };
    // Again, with a look at every checkpoint and at every step that renames.
    let pattern = Regex::new(r#"(?is)\brename\s+(?:(?:column|constraint|attribute)\s+|(?:table|index|key)\s+)?(?:([^\s,;()]+)\s+)?to\s+([^\s,;()]+)"#).map_err(|error| error.to_string())?;
    let mut replay = replayer(ready.server, &ready.options)?;
    ready.prelude.iter().for_each(|one| replay.apply(one));
    let (last, mut previous, mut seen) = (records.keys().next_back().copied().unwrap_or(0), None, BTreeSet::new());
    for (number, one) in
        ready.steps.iter().enumerate().filter(|(number, _)| *number < last.max(if liquibase { usize::MAX } else { 0 }))
    {
        let does = runs(number) && one.up.iter().any(|script| pattern.is_match(&script.text));
        let before = does.then(|| replay.replay());
        if runs(number) {
            replay.apply(one);
        }
        if let Some(before) = before {
            for words in renames(&before, &replay.replay(), &pattern, &mut count) {
                show(setting, &mut seen, &format!("{}: {words}", one.path));
            }
        }
        let whole = number + 1 == ready.steps.len();
        let record = match liquibase {
            true => whole.then_some(last_record),
            false => records.get(&(number + 1)),
        };
        let Some(record) = record else { continue };
        let live = catalog(ready.dialect, record)?;
        let state = replay.replay();
        let ours = without(objects(&state.catalog), &ready.bookkeeping);
        let theirs = without(objects(&live), &ready.bookkeeping);
        let free = free(&state.catalog);
        for words in checkpoint(&state.catalog.unmodelled, &free, &ours, &theirs, whole, &mut count) {
            show(setting, &mut seen, &words);
        }
        if let Some((old_ours, old_theirs)) = previous.replace((ours, theirs))
            && let Some((ours, theirs)) = &previous
        {
            let (mine, truth) = (changed(&old_ours, ours), changed(&old_theirs, theirs));
            count.both += mine.intersection(&truth).count();
            count.only_server += truth.difference(&mine).count();
            count.only_replay += mine.difference(&truth).count();
        }
    }
    row(case, &ready, statements, &count);
    Ok(count)
}

/// The last record, unless a part of a failed file stayed on the server.
fn last_of(records: &BTreeMap<usize, Value>) -> Result<&Value, String> {
    let last = records.values().next_back().ok_or("no records")?;
    match last["tainted"].as_bool() {
        Some(true) => Err("a part of a failed file stayed on the server".to_owned()),
        _ => Ok(last),
    }
}

/// Files that the real server refused.
fn failed(record: &Value) -> BTreeSet<String> {
    let files = record["failed"].as_array().into_iter().flatten().map(|one| text(one, "file").to_owned());
    files.filter(|name| !name.is_empty()).collect()
}

/// A line of the table.
fn row(case: &Value, ready: &Ready, statements: usize, count: &Count) {
    let ms = count.time.as_secs_f64() * 1e3;
    println!(
        "| {} | {} | {} | {}{} | {} | {} | {} | {} | {} | {} | {} | {ms:.1} |",
        text(case, "id"),
        text(case, "repo"),
        text(case, "layout"),
        count.files,
        if ready.found { "" } else { " *" },
        statements,
        count.checkpoints,
        count.objects,
        count.exact,
        count.unprovable,
        count.covered,
        count.silent
    );
}

fn show(setting: &Setting, seen: &mut BTreeSet<String>, words: &str) {
    if setting.show && seen.insert(words.to_owned()) {
        eprintln!("    {}", words.chars().take(500).collect::<String>());
    }
}

fn percent(part: usize, of: usize) -> f64 {
    if of == 0 { 100.0 } else { 100.0 * part as f64 / of as f64 }
}

fn total(name: &str, all: &Count) {
    println!(
        "\n{name}: {} chains, {} in the order that discovery alone finds, {} files, {} checkpoints",
        all.chains, all.found, all.files, all.checkpoints
    );
    println!(
        "- objects at checkpoints: {}; exact {} ({:.3} %), not provable {}, deviating and said {}, silent {} ({:.4} %); at the end {} silent of {}",
        all.objects,
        all.exact,
        percent(all.exact, all.objects),
        all.unprovable,
        all.covered,
        all.silent,
        percent(all.silent, all.objects),
        all.last_silent,
        all.last_objects
    );
    println!(
        "- changed between checkpoints: recall {:.3} %, precision {:.3} % (both {}, server alone {}, replay alone {})",
        percent(all.both, all.both + all.only_server),
        percent(all.both, all.both + all.only_replay),
        all.both,
        all.only_server,
        all.only_replay
    );
    println!(
        "- renames stated {}: not told {}, invented {}; whole replays {:.2} s",
        all.renames,
        all.missed,
        all.invented,
        all.time.as_secs_f64()
    );
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (flags, plain): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|one| one.starts_with("--"));
    let [list, chains, records, ids @ ..] = plain.as_slice() else {
        return Err("CHAINS.jsonl CHAINS RECORDS [--holdout|--insample] [--show] [ID…]".into());
    };
    let flag = |name: &str| flags.iter().any(|one| one == name);
    let setting = Setting {
        beside: Path::new(list).parent().unwrap_or(Path::new("")).to_owned(),
        chains: chains.into(),
        records: records.into(),
        show: flag("--show"),
    };
    let (mut inside, mut outside) = (Count::default(), Count::default());
    println!(
        "| chain | repository | layout | files | statements | checkpoints | objects | exact | not provable | said | silent | ms |\n| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    );
    for line in std::fs::read_to_string(list)?.lines() {
        let case: Value = serde_json::from_str(line)?;
        let (id, held) = (text(&case, "id"), case["holdout"].as_bool() == Some(true));
        let wanted = ids.is_empty() || ids.iter().any(|one| one == id);
        if !wanted
            || (flag("--holdout") && !held)
            || (flag("--insample") && held)
            || case["unplayable"].is_string()
            || !setting.records.join(id).is_dir()
        {
            continue;
        }
        match run(&setting, &case) {
            Ok(count) => {
                if held {
                    outside.add(&count)
                } else {
                    inside.add(&count)
                }
            }
            Err(error) => println!(
                "| {id} | {} | {} | not measured: {} |",
                text(&case, "repo"),
                text(&case, "layout"),
                error.replace(['\n', '|'], " ")
            ),
        }
    }
    total("In sample", &inside);
    total("Held out", &outside);
    Ok(())
}
