//! Plants changes into charts, one at a time, and checks that the comparison of objects finds exactly what was planted:
//! `cargo run --release --features full --example helm_mutations -- [--details] CHART...` for folders of charts, and
//! `... helm_mutations -- --upgrades PAIRS.jsonl` for pairs of real versions (`{"id", "from", "to", "values"}` each) and the account of lines.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a measurement is printed")]

#[path = "support/disk.rs"]
mod disk;

use disk::Disk;
use pilab::{engines::helm, engines::kube, engines::yaml};

mod mutations;
#[path = "mutations/upgrades.rs"]
mod upgrades;

use helm::{Chart, Release, Request, TemplateCache};
use kube::objects::{Comparison, Input, Manifest, Options, compare};
use mutations::Meaning;
use mutations::truth::{self, Seeded, Verdict};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;

/// Namespace of all releases.
const NAMESPACE: &str = "ns";

/// Changes that are planted of one kind into one chart, at most.
const MOST: usize = 2;

/// Places that are tried for them.
const TRIES: usize = 8;

/// A chart on disk.
fn load(path: &Path) -> Result<Chart, String> {
    let (folder, name) = (path.parent().unwrap_or(Path::new("/")), path.file_name().unwrap_or_default());
    let options = helm::LoadOptions::default();
    helm::chart::load(&Disk(folder.to_owned()), &name.to_string_lossy(), &options).map_err(|error| error.text)
}

/// What a chart renders to, and once more if it depends on chance.
#[derive(Clone)]
struct Side {
    manifests: Vec<Manifest>,
    again: Option<Vec<Manifest>>,
}

impl Side {
    fn input(&self) -> Input<'_> {
        Input { manifests: &self.manifests, again: self.again.as_deref(), namespace: NAMESPACE }
    }

    fn seeded(&self) -> Seeded {
        truth::seeded(&self.manifests, self.again.as_deref())
    }
}

fn render(chart: &Chart, values: Map<String, Value>, cache: &TemplateCache) -> Result<Side, String> {
    let release = Release { name: "rel".to_owned(), namespace: NAMESPACE.to_owned(), ..Release::default() };
    let request = Request { release, values, include_crds: true, ..Request::default() };
    let (first, again) = helm::render_twice(chart, &request, Some(cache)).map_err(|error| error.text)?;
    let manifests = |rendered: helm::Rendered| -> Vec<Manifest> {
        let crds = rendered.crds.into_iter().map(|crd| (crd.source, crd.text));
        let all = crds.chain(rendered.manifests.into_iter().map(|manifest| (manifest.source, manifest.text)));
        all.map(|(source, text)| Manifest { source, text: text.into(), first_line: 1 }).collect()
    };
    Ok(Side { manifests: manifests(first), again: again.map(manifests) })
}

/// What was counted for one kind of planted change.
#[derive(Default)]
struct Row {
    nothing: bool,
    planted: usize,
    found: usize,
    charts: BTreeSet<String>,
    real: usize,
    missed: usize,
    told: usize,
    wrong: usize,
    broad: usize,
    class: usize,
    withheld: usize,
    noticed: usize,
    unexplained: usize,
    details: Vec<String>,
}

type Table = BTreeMap<(usize, &'static str, &'static str), Row>;

/// Compares two sides and counts; `false` when the change changed nothing, so that it does not count.
fn count(row: &mut Row, chart: &str, from: &Side, to: &Side, noise: &Seeded, meaning: Meaning) -> bool {
    let texts = |side: &Side| -> BTreeSet<(String, std::sync::Arc<str>)> {
        side.manifests.iter().map(|one| (one.source.clone(), one.text.clone())).collect()
    };
    let (one, two) = (texts(from), texts(to));
    if one == two {
        return false;
    }
    let differ = |side: &Side, other: &BTreeSet<(String, std::sync::Arc<str>)>| -> Vec<Manifest> {
        let new = |one: &&Manifest| !other.contains(&(one.source.clone(), one.text.clone()));
        side.manifests.iter().filter(new).cloned().collect()
    };
    let found: Comparison = compare(&from.input(), &to.input(), &Options::default());
    let twice = found.errors.iter().any(|error| error.message.ends_with("stands twice"));
    let change = meaning != Meaning::Nothing;
    let (before, after) = (differ(from, &two), differ(to, &one));
    let verdict: Verdict = truth::check((&before, &after), &to.manifests, noise, &found, change);
    if change && verdict.real == 0 && verdict.told == 0 || twice {
        return false;
    }
    let classes: &[&str] = if let Meaning::Change(classes) = meaning { classes } else { &[] };
    let slugs: BTreeSet<&str> = found.changes.iter().map(|change| change.class.slug()).collect();
    let class = classes.is_empty() || slugs.iter().any(|slug| classes.iter().any(|class| slug.starts_with(class)));
    let right = verdict.missed.is_empty() && class && (found.changes.is_empty() != change);
    // The check is checked too: a change that is withheld must be missed.
    if change && !twice && !found.changes.is_empty() {
        let mut less = found.clone();
        let withheld = less.changes.remove(row.planted % less.changes.len());
        row.withheld += 1;
        let missed = truth::check((&before, &after), &to.manifests, noise, &less, change).missed;
        if missed.len() > verdict.missed.len() {
            row.noticed += 1;
        } else {
            row.details.push(format!("withheld: {chart}: {}", truth::line(&withheld)));
        }
    }
    row.nothing = !change;
    row.planted += 1;
    row.found += usize::from(right);
    row.charts.insert(chart.to_owned());
    row.real += verdict.real;
    row.missed += verdict.missed.len();
    row.told += verdict.told;
    row.wrong += verdict.wrong.len();
    row.broad += verdict.broad.len();
    row.class += verdict.class.len();
    row.unexplained += found.lines.unexplained.len();
    let lists =
        [("missed", verdict.missed), ("false", verdict.wrong), ("broad", verdict.broad), ("class", verdict.class)];
    for (word, list) in lists {
        row.details.extend(list.into_iter().take(6).map(|text| format!("{word}: {chart}: {text}")));
    }
    if !class {
        row.details.push(format!("class: {chart}: wanted one of {classes:?}, got {slugs:?}"));
    }
    for line in found.lines.unexplained.iter().take(3) {
        row.details.push(format!("unexplained: {chart}: {}: {}", line.source, line.text));
    }
    true
}

/// All kinds, planted into one chart.
fn plant(path: &Path, cache: &TemplateCache) -> Result<Table, String> {
    let chart = load(path)?;
    let name = path.components().rev().take(2).map(|part| part.as_os_str().to_string_lossy().into_owned());
    let name = name.collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("/");
    let base = render(&chart, Map::new(), cache)?;
    if base.manifests.is_empty() {
        return Err("nothing is rendered".to_owned());
    }
    let mut table = Table::new();
    let defaults = defaults(&chart);
    for row in mutations::values::ROWS {
        let counts = table.entry((0, "values", row.0)).or_default();
        let plants = mutations::values::plants(row, &defaults);
        // Places from all over the values, not the first ones alone.
        let step = (plants.len() / TRIES).max(1);
        let mut planted = 0;
        for (one, two) in plants.into_iter().step_by(step).take(TRIES) {
            let (Ok(from), Ok(to)) = (render(&chart, one, cache), render(&chart, two, cache)) else { continue };
            let noise = union(from.seeded(), to.seeded());
            planted += usize::from(count(counts, &name, &from, &to, &noise, Meaning::Change(&[])));
            if planted == MOST {
                break;
            }
        }
    }
    let noise = base.seeded();
    for (kind, meaning, edit) in mutations::templates::ROWS {
        let counts = table.entry((1, "template", kind)).or_default();
        let mut planted = 0;
        for at in 0..chart.templates.len() {
            let Some(text) = chart.templates.get(at).and_then(|file| std::str::from_utf8(&file.data).ok()) else {
                continue;
            };
            let Some(new) = edit(text) else { continue };
            let mut changed = chart.clone();
            changed.templates[at].data = new.into_bytes().into();
            let Ok(to) = render(&changed, Map::new(), cache) else { continue };
            let noise = union(noise.clone(), to.seeded());
            planted += usize::from(count(counts, &name, &base, &to, &noise, *meaning));
            if planted == MOST {
                break;
            }
        }
    }
    for (kind, meaning, edit) in mutations::rendered::ROWS {
        let counts = table.entry((2, "rendered", kind)).or_default();
        let mut planted = 0;
        for at in 0..base.manifests.len() {
            let Some(new) = edited(&base.manifests[at], edit) else { continue };
            let mut to = base.clone();
            to.manifests[at].text = new.as_str().into();
            if let Some(again) = to.again.as_mut() {
                match again.get(at).and_then(|manifest| edited(manifest, edit)) {
                    Some(new) => again[at].text = new.into(),
                    None => continue,
                }
            }
            planted += usize::from(count(counts, &name, &base, &to, &noise, *meaning));
            if planted == MOST {
                break;
            }
        }
    }
    Ok(table)
}

/// One object after an edit, written anew.
fn edited(manifest: &Manifest, edit: &fn(&mut Value) -> bool) -> Option<String> {
    let limits = yaml::Limits { bytes: 32 << 20, ..yaml::Limits::default() };
    let (nodes, errors) = yaml::parse_all_as_helm(&manifest.text, &limits);
    let [node] = nodes.as_slice() else { return None };
    let mut object = node.to_json();
    (errors.is_empty() && object["kind"].is_string() && edit(&mut object)).then(|| helm::yaml_text(&object).ok())?
}

fn union(mut one: Seeded, two: Seeded) -> Seeded {
    for (id, leaves) in two {
        one.entry(id).or_default().extend(leaves);
    }
    one
}

/// The values of a chart with those of the charts below it.
fn defaults(chart: &Chart) -> Value {
    let mut all = Value::Object((*chart.values).clone());
    for below in &chart.dependencies {
        let own = all.get(below.name()).cloned().unwrap_or_default();
        let mut values = Value::Object((*below.values).clone());
        lay(&mut values, own);
        all[below.name()] = values;
    }
    all
}

fn lay(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                lay(under.entry(key).or_insert(Value::Null), value);
            }
        }
        (_, Value::Null) => (),
        (under, over) => *under = over,
    }
}

fn print(table: &Table, details: bool) {
    println!("| through | planted change | charts | planted | found | leaves that differ | missed | told | false |");
    println!("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    let mut sum = Row::default();
    let mut quiet = (0, 0);
    for ((_, through, kind), row) in table {
        let Row { planted, found, real, missed, told, wrong, .. } = row;
        let name = if row.nothing { format!("{kind} (no change)") } else { (*kind).to_owned() };
        println!(
            "| {through} | {name} | {} | {planted} | {found} | {real} | {missed} | {told} | {wrong} |",
            row.charts.len()
        );
        if row.nothing {
            quiet = (quiet.0 + planted, quiet.1 + found);
        } else {
            sum.planted += planted;
            sum.found += found;
        }
        sum.real += real;
        sum.missed += missed;
        sum.told += told;
        sum.wrong += wrong;
        sum.broad += row.broad;
        sum.class += row.class;
        sum.withheld += row.withheld;
        sum.noticed += row.noticed;
        sum.unexplained += row.unexplained;
        sum.charts.extend(row.charts.iter().cloned());
    }
    let share = |part: usize, of: usize| {
        #[expect(clippy::cast_precision_loss, reason = "counts are small")]
        let share = if of == 0 { 0.0 } else { part as f64 * 100.0 / of as f64 };
        format!("{share:.3} %")
    };
    println!();
    println!("{} kinds, {} charts, {} changes planted.", table.len(), sum.charts.len(), sum.planted + quiet.0);
    println!(
        "Recall: {} of {} planted changes are found entirely: {}.",
        sum.found,
        sum.planted,
        share(sum.found, sum.planted)
    );
    println!("Leaves: {} of {} that differ are not told: {}.", sum.missed, sum.real, share(sum.missed, sum.real));
    println!("False: {} of {} told changes: {}.", sum.wrong, sum.told, share(sum.wrong, sum.told));
    println!("Without meaning: {} of {} stay silent.", quiet.1, quiet.0);
    println!(
        "Broad: {}. Other class than the place asks for: {}. Lines unexplained: {}.",
        sum.broad, sum.class, sum.unexplained
    );
    println!("Check of the check: of {} told changes that were withheld, {} are noticed.", sum.withheld, sum.noticed);
    if details {
        for ((_, through, kind), row) in table {
            row.details.iter().for_each(|text| println!("{through}/{kind}: {text}"));
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, pairs, rest @ ..] = arguments.as_slice()
        && word == "--upgrades"
    {
        return upgrades::measure(pairs, rest.first().is_some_and(|word| word == "--details"));
    }
    let details = arguments.iter().any(|word| word == "--details");
    let charts: Vec<&String> = arguments.iter().filter(|word| !word.starts_with("--")).collect();
    if charts.is_empty() {
        return Err("[--details] CHART... | --upgrades PAIRS.jsonl [--details]".into());
    }
    let (waiting, table) = (Mutex::new(charts.into_iter()), Mutex::new(Table::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let next = || waiting.lock().ok().and_then(|mut waiting| waiting.next());
                while let Some(path) = next() {
                    match plant(Path::new(path), &TemplateCache::new()) {
                        Ok(part) => table.lock().iter_mut().for_each(|table| merge(table, &part)),
                        Err(error) => eprintln!("left out: {path}: {}", error.lines().next().unwrap_or_default()),
                    }
                }
            });
        }
    });
    print(&table.into_inner().map_err(|_| "poisoned")?, details);
    Ok(())
}

fn merge(table: &mut Table, part: &Table) {
    for (key, row) in part {
        let sum = table.entry(*key).or_default();
        sum.nothing |= row.nothing;
        sum.planted += row.planted;
        sum.found += row.found;
        sum.charts.extend(row.charts.iter().cloned());
        sum.real += row.real;
        sum.missed += row.missed;
        sum.told += row.told;
        sum.wrong += row.wrong;
        sum.broad += row.broad;
        sum.class += row.class;
        sum.withheld += row.withheld;
        sum.noticed += row.noticed;
        sum.unexplained += row.unexplained;
        sum.details.extend(row.details.iter().cloned());
    }
}
