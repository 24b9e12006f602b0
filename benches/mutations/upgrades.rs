//! Upgrades of real charts: what a line diff shows, and what of it is left.
use super::{Options, TemplateCache, compare, kube, load, render};
use kube::objects::NoiseKind;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::Path;
use std::sync::Mutex;

#[derive(Default)]
struct Sum {
    upgrades: usize,
    failed: usize,
    quiet: usize,
    objects: usize,
    shown_objects: usize,
    changed: usize,
    alone: usize,
    changes: usize,
    lines: (usize, usize, usize),
    unexplained: Vec<String>,
    noise: BTreeMap<NoiseKind, (usize, usize)>,
    classes: BTreeMap<&'static str, usize>,
}

/// Measures all pairs of a list.
pub(crate) fn measure(list: &str, details: bool) -> Result<(), Box<dyn std::error::Error>> {
    let lines: Vec<String> = std::io::BufReader::new(std::fs::File::open(list)?).lines().collect::<Result<_, _>>()?;
    let (waiting, sum) = (Mutex::new(lines.into_iter()), Mutex::new(Sum::default()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let line = waiting.lock().ok().and_then(|mut waiting| waiting.next());
                    let Some(pair) = line.and_then(|line| serde_json::from_str::<Value>(&line).ok()) else { break };
                    let done = one(&pair, &sum);
                    if done.is_none() {
                        sum.lock().iter_mut().for_each(|sum| sum.failed += 1);
                    }
                }
            });
        }
    });
    print(&sum.into_inner().map_err(|_| "poisoned")?, details);
    Ok(())
}

fn values(pair: &Value) -> Option<Map<String, Value>> {
    let mut files = Vec::new();
    for path in pair["values"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        files.push(super::helm::values::read(&std::fs::read(path).ok()?).ok()?);
    }
    Some(super::helm::values::merge_files(files))
}

fn one(pair: &Value, sum: &Mutex<Sum>) -> Option<()> {
    let cache = TemplateCache::new();
    let side = |key: &str| {
        let chart = load(Path::new(pair[key].as_str()?)).ok()?;
        render(&chart, values(pair)?, &cache).ok()
    };
    let (from, to) = (side("from")?, side("to")?);
    let found = compare(&from.input(), &to.input(), &Options::default());
    let mut sum = sum.lock().ok()?;
    let fields: std::collections::BTreeSet<_> = found
        .changes
        .iter()
        .filter(|change| matches!(change.what, kube::objects::What::Field | kube::objects::What::Renamed { .. }))
        .map(|change| &change.object)
        .collect();
    sum.upgrades += 1;
    sum.quiet += usize::from(found.changes.is_empty());
    sum.objects += found.compared;
    sum.shown_objects += found.lines.objects;
    sum.changed += fields.len();
    sum.alone += found.changes.len();
    sum.alone -= found.changes.iter().filter(|change| change.what == kube::objects::What::Field).count();
    sum.changes += found.changes.len();
    sum.lines.0 += found.lines.shown;
    sum.lines.1 += found.lines.changes;
    sum.lines.2 += found.lines.noise;
    for noise in &found.noise {
        let (count, lines) = sum.noise.entry(noise.kind).or_default();
        *count += noise.count;
        *lines += noise.lines;
    }
    for change in &found.changes {
        *sum.classes.entry(change.class.slug()).or_default() += 1;
    }
    let id = pair["id"].as_str().unwrap_or_default();
    sum.unexplained.extend(
        found.lines.unexplained.iter().map(|line| format!("{id}: {}:{}: {}", line.source, line.line, line.text)),
    );
    Some(())
}

fn print(sum: &Sum, details: bool) {
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let share = |part: usize, of: usize| format!("{:.1} %", part as f64 * 100.0 / (of.max(1)) as f64);
    println!(
        "{} upgrades ({} left out: a side does not render), {} without any change.",
        sum.upgrades, sum.failed, sum.quiet
    );
    println!(
        "Objects on both sides: {}; a line diff shows {} ({}); left: {} ({}).",
        sum.objects,
        sum.shown_objects,
        share(sum.shown_objects, sum.objects),
        sum.changed,
        share(sum.changed, sum.objects)
    );
    println!("Objects added, removed, renamed: {}. Changes in all: {}.", sum.alone, sum.changes);
    println!(
        "Lines that a line diff shows: {}; of changes: {} ({}); of noise: {}; unexplained: {}.",
        sum.lines.0,
        sum.lines.1,
        share(sum.lines.1, sum.lines.0),
        sum.lines.2,
        sum.unexplained.len()
    );
    println!("| noise | differences | lines |\n| --- | ---: | ---: |");
    for (kind, (count, lines)) in &sum.noise {
        println!("| {kind:?} | {count} | {lines} |");
    }
    if details {
        sum.classes.iter().for_each(|(slug, count)| println!("{slug}: {count}"));
        sum.unexplained.iter().for_each(|line| println!("unexplained: {line}"));
    }
}
