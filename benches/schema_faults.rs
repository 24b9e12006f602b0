//! Holds the comparison of schemas against changes that were planted on a real server:
//! `cargo run --release --features full --example schema_faults -- [--show] FAULTS.jsonl.gz…`, files of `tests/oracle/schema/faults.py`.
//! Both sides are read from the server. Everything that is told beside the planted change, and beside what the server itself changes with it, is false.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a measurement is printed")]

#[path = "support/schema_records.rs"]
mod schema_records;

use pilab::engines::schema::Catalog;
use pilab::engines::schema::catalog::Dialect;
use pilab::engines::schema::change::{Change, CompareOptions, compare_with_logs, weigh};
use schema_records::{catalog, text, texts};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};

/// What is counted of a kind of change, or of a dialect.
#[derive(Default, Clone, Copy)]
struct Count {
    planted: usize,
    found: usize,
    right: usize,
    told: usize,
    wrong: usize,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.planted += other.planted;
        self.found += other.found;
        self.right += other.right;
        self.told += other.told;
        self.wrong += other.wrong;
    }
}

/// The hazards of a change, by their words.
fn hazards(change: &Change) -> Vec<String> {
    let word = |value: Value| value.as_str().unwrap_or_default().to_owned();
    change.effects.iter().filter_map(|one| serde_json::to_value(one.hazard).ok()).map(word).collect()
}

fn is_planted(case: &Value, change: &Change) -> bool {
    let (kind, name) = (text(case, "kind"), text(case, "name"));
    let own = change.key.to_string();
    // A name that ends in a parenthesis is that of a routine whose arguments the server writes in its own way.
    let named = own == name
        || (name.ends_with('(') && own.starts_with(name))
        || (name.ends_with('(') && own == name.trim_end_matches('('));
    named && (kind.is_empty() || kind == change.key.kind.word())
}

/// One planted change.
fn judge(case: &Value, before: &Catalog, after: &Catalog, show: bool) -> Count {
    let mut changes = compare_with_logs(before, after, &CompareOptions::default(), &[]);
    weigh(&mut changes, before, after, &[]);
    let (wanted, also) = (texts(case, "hazards"), texts(case, "also"));
    let (planted, others): (Vec<&Change>, Vec<&Change>) = changes.iter().partition(|one| is_planted(case, one));
    let right =
        planted.iter().any(|one| wanted.is_empty() || hazards(one).iter().any(|hazard| wanted.contains(hazard)));
    let with_it = |one: &&&Change| {
        let own = one.key.to_string();
        !also.iter().any(|name| own == *name || (name.ends_with('.') && own.starts_with(name.as_str())))
    };
    let wrong: Vec<&&Change> = others.iter().filter(with_it).collect();
    if show && (!right || !wrong.is_empty()) {
        eprintln!("{}: {} ({})", text(case, "what"), text(case, "sql"), if right { "found" } else { "MISSED" });
        for one in &changes {
            eprintln!("    {} {} {:?} {:?}", one.key.kind.word(), one.key, hazards(one), one.difference);
        }
    }
    Count {
        planted: 1,
        found: usize::from(!planted.is_empty()),
        right: usize::from(right),
        told: changes.len(),
        wrong: wrong.len(),
    }
}

fn file(
    path: &str,
    show: bool,
    kinds: &mut BTreeMap<(String, String), Count>,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut lines = BufReader::new(flate2::read::GzDecoder::new(std::fs::File::open(path)?)).lines();
    let first: Value = serde_json::from_str(&lines.next().ok_or("empty file")??)?;
    let word = text(&first, "dialect").to_owned();
    let dialect = Dialect::from_word(&word).ok_or("unknown dialect")?;
    let mut before = catalog(dialect, &first)?;
    for line in lines {
        let case: Value = serde_json::from_str(&line?)?;
        let after = catalog(dialect, &case)?;
        let count = judge(&case, &before, &after, show);
        kinds.entry((word.clone(), text(&case, "what").to_owned())).or_default().add(count);
        if first["rolled_back"].as_bool() != Some(true) {
            before = after;
        }
    }
    Ok(())
}

fn row(name: &str, kinds: &str, count: Count) {
    let percent = |part: usize, of: usize| 100.0 * part as f64 / of.max(1) as f64;
    let Count { planted, found, right, told, wrong } = count;
    println!(
        "| {name} | {kinds} | {planted} | {found} | {right} ({:.2} %) | {told} | {wrong} ({:.2} %) |",
        percent(right, planted),
        percent(wrong, told)
    );
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (flags, files): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|one| one.starts_with("--"));
    let mut kinds = BTreeMap::new();
    for path in &files {
        file(path, flags.iter().any(|one| one == "--show"), &mut kinds)?;
    }
    println!(
        "| dialect | change | planted | found | by the right hazard | told | false |\n| --- | --- | ---: | ---: | ---: | ---: | ---: |"
    );
    let mut all: BTreeMap<&str, (usize, Count)> = BTreeMap::new();
    for ((dialect, what), count) in &kinds {
        row(dialect, what, *count);
        let sum = all.entry(dialect).or_default();
        sum.0 += 1;
        sum.1.add(*count);
    }
    for (dialect, (number, count)) in all {
        row(dialect, &format!("all {number} kinds"), count);
    }
    Ok(())
}
