//! What differs between two renderings, found by plain comparison of parsed objects that knows no rule of the engine, and whether a
//! comparison of the engine tells exactly that.
use super::kube::objects::{Change, Comparison, Format, Manifest, Path, Step, What};
use super::yaml;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Kind, namespace as it is written, name.
pub(crate) type Id = (String, String, String);

/// The objects of one side, without nulls.
pub(crate) fn objects(manifests: &[Manifest]) -> BTreeMap<Id, Value> {
    let mut all = BTreeMap::new();
    for manifest in manifests {
        for node in yaml::parse_all_as_helm(&manifest.text, &limits()).0 {
            open(node.to_json(), &mut all);
        }
    }
    all
}

fn limits() -> yaml::Limits {
    yaml::Limits { bytes: 32 * 1024 * 1024, ..yaml::Limits::default() }
}

fn open(value: Value, all: &mut BTreeMap<Id, Value>) {
    let kind = value["kind"].as_str().unwrap_or_default().to_owned();
    if kind.ends_with("List") && value["items"].is_array() {
        for item in value["items"].as_array().cloned().unwrap_or_default() {
            open(item, all);
        }
        return;
    }
    let meta = |key: &str| value["metadata"][key].as_str().unwrap_or_default().to_owned();
    if !kind.is_empty() {
        let id = (kind, meta("namespace"), meta("name"));
        all.entry(id).or_insert_with(|| without_nulls(value));
    }
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(entries) => {
            let kept = entries.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(key, value)| (key, without_nulls(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

/// Pointers of one object whose values every rendering makes anew.
pub(crate) type Seeded = BTreeMap<Id, BTreeSet<String>>;

/// Compares two renderings with different seeds.
pub(crate) fn seeded(first: &[Manifest], again: Option<&[Manifest]>) -> Seeded {
    let mut found = Seeded::new();
    let Some(again) = again else { return found };
    let (one, two) = (objects(first), objects(again));
    for (id, value) in &one {
        let mut leaves = BTreeSet::new();
        match two.get(id) {
            Some(other) => leftovers(value, other, String::new(), &mut leaves),
            None => drop(leaves.insert(String::new())),
        }
        found.insert(id.clone(), leaves);
    }
    found
        .extend(two.keys().filter(|id| !one.contains_key(*id)).map(|id| (id.clone(), BTreeSet::from([String::new()]))));
    found
}

/// What a comparison was held against the truth for.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// Leaves and objects that really differ.
    pub(crate) real: usize,
    /// Of these, what the comparison does not tell.
    pub(crate) missed: Vec<String>,
    /// Changes that it tells.
    pub(crate) told: usize,
    /// Of these, what does not really differ.
    pub(crate) wrong: Vec<String>,
    /// Changes that tell a collection as a whole though most of it is equal.
    pub(crate) broad: Vec<String>,
    /// Changes of another class than their place asks for.
    pub(crate) class: Vec<String>,
}

/// Holds a comparison against the plain truth about the manifests that are not the same on both sides; `manifests` are all after.
/// Without `meaning` nothing may be told at all.
pub(crate) fn check(
    (from, to): (&[Manifest], &[Manifest]),
    manifests: &[Manifest],
    noise: &Seeded,
    found: &Comparison,
    meaning: bool,
) -> Verdict {
    let (before, after) = (objects(from), objects(to));
    let mut verdict = Verdict { told: found.changes.len(), ..Verdict::default() };
    if !meaning {
        verdict.wrong = found.changes.iter().map(line).collect();
        return verdict;
    }
    let mut renamed: BTreeMap<Id, Id> = BTreeMap::new();
    let mut by_object: BTreeMap<Id, Vec<&Change>> = BTreeMap::new();
    for change in &found.changes {
        let id = known(change, if matches!(change.what, What::Removed) { &before } else { &after });
        if let What::Renamed { from } = &change.what {
            let old = before.keys().find(|id| id.0 == from.kind && id.2 == from.name).cloned();
            renamed.insert(id.clone(), old.unwrap_or_default());
        }
        by_object.entry(id).or_default().push(change);
    }
    let names = names(found);
    rename_release(&names, (&before, &after), &mut renamed);
    let random = |id: &Id| noise.get(id).is_some_and(|leaves| leaves.contains(""));
    let none = Vec::new();
    for (id, value) in &after {
        let changes = by_object.get(id).unwrap_or(&none);
        let old = renamed.get(id).unwrap_or(id);
        let quiet = Quiet { noise: noise.get(id).or(noise.get(old)), names: &names, manifests };
        match before.get(old) {
            Some(old) => pair(id, (old, value), changes, &quiet, &mut verdict),
            None if random(id) => (),
            None => {
                verdict.real += 1;
                if !changes.iter().any(|change| change.what == What::Added) {
                    verdict.missed.push(format!("{id:?} is new"));
                }
            }
        }
        if old != id {
            verdict.real += 1;
        }
    }
    for id in before.keys().filter(|id| !after.contains_key(*id) && !random(id)) {
        if renamed.values().any(|old| old == id) {
            continue;
        }
        verdict.real += 1;
        if !by_object.get(id).unwrap_or(&none).iter().any(|change| change.what == What::Removed) {
            verdict.missed.push(format!("{id:?} is gone"));
        }
    }
    for (id, changes) in &by_object {
        for change in changes {
            let wrong = match change.what {
                What::Added => before.contains_key(id) || !after.contains_key(id),
                What::Removed => after.contains_key(id) || !before.contains_key(id),
                What::Renamed { .. } => before.contains_key(id),
                What::Field => false,
            };
            if wrong {
                verdict.wrong.push(line(change));
            }
        }
    }
    verdict
}

/// Names before and after that are told as renames: of objects, and of the beginning of all names of a release.
fn names(found: &Comparison) -> Vec<(String, String)> {
    let mut names = Vec::new();
    for change in &found.changes {
        if let What::Renamed { from } = &change.what {
            names.push((from.name.clone(), change.object.name.clone()));
            let (_, starts) = change.detail.split_once(" begin with ").unwrap_or_default();
            names.extend(starts.split_once(" instead of ").map(|(new, old)| (old.to_owned(), new.to_owned())));
        }
    }
    names
}

/// Objects that are renamed with their release, for which one change stands.
fn rename_release(
    names: &[(String, String)],
    (before, after): (&BTreeMap<Id, Value>, &BTreeMap<Id, Value>),
    renamed: &mut BTreeMap<Id, Id>,
) {
    for id in after.keys().filter(|id| !before.contains_key(*id)) {
        let old = |(old, new): &(String, String)| {
            let rest = id.2.strip_prefix(new.as_str())?;
            Some((id.0.clone(), id.1.clone(), format!("{old}{rest}")))
        };
        if let Some(old) = names.iter().filter_map(old).find(|old| before.contains_key(old) && !after.contains_key(old))
        {
            renamed.entry(id.clone()).or_insert(old);
        }
    }
}

/// What makes a difference no change, by simple definitions.
struct Quiet<'q> {
    noise: Option<&'q BTreeSet<String>>,
    names: &'q [(String, String)],
    manifests: &'q [Manifest],
}

/// What Kubernetes fills in.
const DEFAULTS: &[(&str, &str)] = &[
    ("replicas", "1"),
    ("externalTrafficPolicy", "\"Cluster\""),
    ("fsGroupChangePolicy", "\"Always\""),
    ("privileged", "false"),
    ("readOnlyRootFilesystem", "false"),
    ("protocol", "\"TCP\""),
];

impl Quiet<'_> {
    /// Whether a difference is none: made anew by every rendering, a digest, a label with a version, a default, what follows a
    /// rename, a port by its name.
    fn silent(&self, pointer: &str, old: &Value, new: &Value) -> bool {
        let steps: Vec<String> = pointer.split('\n').skip(1).map(str::to_owned).collect();
        let [.., holder, key] = steps.as_slice() else { return false };
        let (one, two) = (get(old, &steps), get(new, &steps));
        let both = one.is_some() && two.is_some();
        let seeded = |known: &String| !known.is_empty() && pointer.starts_with(known.as_str());
        if both && self.noise.is_some_and(|noise| noise.iter().any(seeded)) {
            return true;
        }
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let hex = |value: Option<&Value>| {
            let text = text(value);
            text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        let versions = ["helm.sh/chart", "chart", "app.kubernetes.io/version", "version"];
        let (before, after) = (text(one), text(two));
        let follows =
            |(old, new): &(String, String)| before.contains(old.as_str()) && before.replace(old, new) == after;
        holder == "annotations" && (key.starts_with("checksum") || hex(one) && hex(two))
            || both && holder == "labels" && versions.contains(&key.as_str())
            || !both && one.or(two).is_some_and(|lone| default(key, lone))
            || both && self.names.iter().any(follows)
            || both && inner(&before).is_some_and(|document| Some(document) == inner(&after))
            || both && key.to_lowercase().ends_with("port") && self.port(one, two)
    }

    /// Whether one is a number and the other the name that a container gives to that port.
    fn port(&self, one: Option<&Value>, two: Option<&Value>) -> bool {
        let named = |name: Option<&Value>, number: Option<&Value>| {
            let (Some(name), Some(number)) = (name.and_then(Value::as_str), number.and_then(Value::as_u64)) else {
                return false;
            };
            let lines = [format!("name: {name}\n"), format!("containerPort: {number}\n")];
            let all = |manifest: &Manifest| lines.iter().all(|line| manifest.text.contains(line.as_str()));
            self.manifests.iter().any(all)
        };
        named(one, two) || named(two, one)
    }
}

/// Whether a value says what an absent one says.
fn default(key: &str, value: &Value) -> bool {
    match value {
        Value::Object(entries) if !entries.is_empty() => entries.iter().all(|(key, value)| default(key, value)),
        value if empty(value) => !telling(key),
        value => DEFAULTS.contains(&(key, value.to_string().as_str())),
    }
}

fn known(change: &Change, all: &BTreeMap<Id, Value>) -> Id {
    let object = &change.object;
    let fits = |id: &&Id| {
        id.0 == object.kind
            && (id.1.is_empty() || object.namespace.is_empty() || id.1 == object.namespace)
            && (id.2 == object.name || id.2.is_empty() && object.name.ends_with('*'))
    };
    let exact = (object.kind.clone(), object.namespace.clone(), object.name.clone());
    if all.contains_key(&exact) { exact } else { all.keys().find(fits).cloned().unwrap_or(exact) }
}

/// A change for people.
pub(crate) fn line(change: &Change) -> String {
    let short = |value: &Option<Value>| {
        let text = value.as_ref().map(Value::to_string).unwrap_or_default();
        text.chars().take(80).collect::<String>()
    };
    let (before, after) = (short(&change.before), short(&change.after));
    format!("{} {} {} {before} -> {after}", change.object, change.human(), change.class.slug())
}

/// Keys and indexes of a path on one side; nothing when the path leads through an element that the side lacks.
fn steps(path: &Path, before: bool) -> Option<Vec<String>> {
    let step = |step: &Step| match step {
        Step::Key(key) => Some(key.clone()),
        Step::Item { from, to, .. } => (if before { *from } else { *to }).map(|index| format!("#{index}")),
    };
    path.0.iter().map(step).collect()
}

fn get<'v>(value: &'v Value, steps: &[String]) -> Option<&'v Value> {
    steps.iter().try_fold(value, |value, step| {
        match step.strip_prefix('#').and_then(|index| index.parse::<usize>().ok()) {
            Some(index) if value.is_array() => value.get(index),
            _ => value.get(step),
        }
    })
}

/// Takes a value out: what stood in a list leaves a mark, so that indexes stay.
fn cut(value: &mut Value, steps: &[String]) {
    let Some((first, rest)) = steps.split_first() else {
        *value = mark();
        return;
    };
    match (value, first.strip_prefix('#').and_then(|index| index.parse::<usize>().ok())) {
        (Value::Array(items), Some(index)) => {
            if let Some(item) = items.get_mut(index) {
                cut(item, rest);
            }
        }
        (Value::Object(entries), _) => {
            if let Some(entry) = entries.get_mut(first) {
                cut(entry, rest);
            }
        }
        _ => (),
    }
}

fn mark() -> Value {
    Value::Object(Map::from_iter([("\0cut".to_owned(), Value::Bool(true))]))
}

fn is_mark(value: &Value) -> bool {
    value.as_object().is_some_and(|entries| entries.len() == 1 && entries.contains_key("\0cut"))
}

/// Without marks, and without what is empty through them.
fn pruned(value: Value) -> Option<Value> {
    match value {
        value if is_mark(&value) => None,
        Value::Object(entries) if !entries.is_empty() => {
            let kept = entries.into_iter().filter_map(|(key, value)| Some((key, pruned(value)?)));
            let kept: Map<String, Value> = kept.collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        Value::Array(items) if !items.is_empty() => {
            let kept: Vec<Value> = items.into_iter().filter_map(pruned).collect();
            (!kept.is_empty()).then_some(Value::Array(kept))
        }
        other => Some(other),
    }
}

/// A document inside a text, read plainly.
fn inner(text: &str) -> Option<Value> {
    let (mut nodes, errors) = yaml::parse(text, &limits());
    let collection = |node: &yaml::Node| !node.as_map().is_empty() || !node.as_list().is_empty();
    if !errors.is_empty() || nodes.is_empty() || !nodes.iter().all(collection) {
        return None;
    }
    let value = if nodes.len() == 1 {
        nodes.pop()?.to_json()
    } else {
        Value::Array(nodes.iter().map(yaml::Node::to_json).collect())
    };
    Some(without_nulls(value))
}

/// Opens the texts on the way of an embedded path, in place, and gives the steps of the whole.
fn opened(value: &mut Value, outer: &[String], inside: &Path, before: bool) -> Option<Vec<String>> {
    let mut all = outer.to_vec();
    let rest = steps(inside, before);
    let mut open = |value: &mut Value, upto: &[String]| {
        let Some(text) = get(value, upto).and_then(Value::as_str).map(str::to_owned) else { return };
        if let Some(parsed) = inner(&text) {
            set(value, upto, parsed);
        }
    };
    open(value, &all);
    for step in rest? {
        all.push(step);
        open_deeper(value, &all, &mut open);
    }
    Some(all)
}

fn open_deeper(value: &mut Value, all: &[String], open: &mut impl FnMut(&mut Value, &[String])) {
    // A text that is only a value is left alone; one with lines may be a document of its own.
    if get(value, all).and_then(Value::as_str).is_some_and(|text| text.contains('\n')) {
        open(value, all);
    }
}

fn set(value: &mut Value, steps: &[String], new: Value) {
    let Some((first, rest)) = steps.split_first() else {
        *value = new;
        return;
    };
    let next = match first.strip_prefix('#').and_then(|index| index.parse::<usize>().ok()) {
        Some(index) if value.is_array() => value.get_mut(index),
        _ => value.get_mut(first),
    };
    if let Some(next) = next {
        set(next, rest, new);
    }
}

/// One object on both sides.
fn pair(id: &Id, (old, new): (&Value, &Value), changes: &[&Change], quiet: &Quiet<'_>, verdict: &mut Verdict) {
    let mut plain = BTreeSet::new();
    leftovers(old, new, String::new(), &mut plain);
    let quiet = |pointer: &str| quiet.silent(pointer, old, new);
    verdict.real += plain.iter().filter(|pointer| !quiet(pointer)).count();
    let (mut a, mut b) = (old.clone(), new.clone());
    for change in changes.iter().filter(|change| change.what == What::Field) {
        let (from, to) = (steps(&change.path, true), steps(&change.path, false));
        match &change.inside {
            Some(inside) if matches!(inside.format, Format::Yaml | Format::Json) && !inside.path.0.is_empty() => {
                let left = from.and_then(|from| opened(&mut a, &from, &inside.path, true));
                let right = to.and_then(|to| opened(&mut b, &to, &inside.path, false));
                tell(change, (&a, left), (&b, right), &quiet, verdict);
            }
            Some(inside) if inside.format == Format::Properties => {
                let text = |value: &Value, steps: &Option<Vec<String>>| {
                    let found = steps.as_ref().and_then(|steps| get(value, steps)).and_then(Value::as_str);
                    found.unwrap_or_default().to_owned()
                };
                let (one, two) = (text(old, &from), text(new, &to));
                let key = inside.path.names().next_back().unwrap_or_default();
                let lines = |text: &str| -> BTreeSet<String> {
                    text.lines().filter(|line| line.contains(key)).map(|line| line.trim().to_owned()).collect()
                };
                if lines(&one) == lines(&two) {
                    verdict.wrong.push(line(change));
                }
            }
            _ => tell(change, (old, from), (new, to), &quiet, verdict),
        }
    }
    // Everything that is told is taken out; nothing may differ then.
    for change in changes.iter().filter(|change| change.what != What::Added) {
        let (from, to) = (steps(&change.path, true), steps(&change.path, false));
        let structured = |inside: &super::kube::objects::Inside| {
            matches!(inside.format, Format::Yaml | Format::Json) && !inside.path.0.is_empty()
        };
        match change.inside.as_ref().filter(|inside| structured(inside)) {
            Some(inside) => {
                if let Some(all) = from.and_then(|from| opened(&mut a, &from, &inside.path, true)) {
                    cut(&mut a, &all);
                }
                if let Some(all) = to.and_then(|to| opened(&mut b, &to, &inside.path, false)) {
                    cut(&mut b, &all);
                }
            }
            None => {
                if let Some(from) = from {
                    cut(&mut a, &from);
                }
                if let Some(to) = to {
                    cut(&mut b, &to);
                }
            }
        }
    }
    let mut left = BTreeSet::new();
    leftovers(&pruned(a).unwrap_or_default(), &pruned(b).unwrap_or_default(), String::new(), &mut left);
    for pointer in left.iter().filter(|pointer| !quiet(pointer)) {
        let short = |value: &Value| {
            let steps: Vec<String> = pointer.split('\n').skip(1).map(str::to_owned).collect();
            get(value, &steps).map(Value::to_string).unwrap_or_default().chars().take(80).collect::<String>()
        };
        verdict.missed.push(format!("{id:?} {:?} {} -> {}", pointer.replace('\n', "/"), short(old), short(new)));
    }
}

/// Whether one told field really differs.
fn tell(
    change: &Change,
    (old, from): (&Value, Option<Vec<String>>),
    (new, to): (&Value, Option<Vec<String>>),
    quiet: &dyn Fn(&str) -> bool,
    verdict: &mut Verdict,
) {
    let one = from.as_ref().and_then(|from| get(old, from));
    let two = to.as_ref().and_then(|to| get(new, to));
    let moved = matches!(change.class.slug(), "container-moved");
    if one == two && !moved {
        verdict.wrong.push(line(change));
        return;
    }
    let pointer: String = to.or(from).unwrap_or_default().iter().map(|step| format!("\n{step}")).collect();
    if change.inside.is_none() && quiet(&pointer) {
        verdict.wrong.push(format!("noise: {}", line(change)));
    }
    if let (Some(one), Some(two)) = (one, two)
        && (one.is_object() && two.is_object() || one.is_array() && two.is_array())
        && !change.class.slug().ends_with("order")
    {
        let (mut mine, mut theirs) = (BTreeSet::new(), BTreeSet::new());
        leaves(one, String::new(), &mut mine);
        leaves(two, String::new(), &mut theirs);
        let common = mine.intersection(&theirs).count();
        if common * 2 > mine.len().max(theirs.len()) {
            verdict.broad.push(line(change));
        }
    }
    if let Some(wrong) = super::classes::wrong(change) {
        verdict.class.push(format!("{} wanted {wrong}", line(change)));
    }
}

fn leaves(value: &Value, at: String, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(entries) => entries.iter().for_each(|(key, value)| leaves(value, format!("{at}/{key}"), out)),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, format!("{at}/-"), out)),
        other => drop(out.insert(format!("{at}={other}"))),
    }
}

/// Pointers of all leaves that differ, list elements by index; a list that came or went or has another length is one.
fn leftovers(one: &Value, two: &Value, at: String, out: &mut BTreeSet<String>) {
    match (one, two) {
        (Value::Object(from), Value::Object(to)) => {
            for key in from.keys().chain(to.keys().filter(|key| !from.contains_key(*key))) {
                let at = format!("{at}\n{key}");
                match (from.get(key), to.get(key)) {
                    (Some(one), Some(two)) => leftovers(one, two, at, out),
                    (Some(lone), None) | (None, Some(lone)) if empty(lone) && !telling(key) => (),
                    (Some(lone), None) if opens(key, lone) => leftovers(lone, &nothing(), at, out),
                    (None, Some(lone)) if opens(key, lone) => leftovers(&nothing(), lone, at, out),
                    _ => drop(out.insert(at)),
                }
            }
        }
        (Value::Array(from), Value::Array(to)) if from.len() == to.len() => {
            for (index, (one, two)) in from.iter().zip(to).enumerate() {
                leftovers(one, two, format!("{at}\n#{index}"), out);
            }
        }
        (one, two) if one == two => (),
        _ => drop(out.insert(at)),
    }
}

/// Mappings whose entries count one by one, also when the whole came or went.
fn opens(key: &str, value: &Value) -> bool {
    value.is_object() && matches!(key, "labels" | "annotations" | "securityContext")
}

fn nothing() -> Value {
    Value::Object(Map::new())
}

fn empty(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty) || value.as_array().is_some_and(Vec::is_empty)
}

/// Keys whose empty value says something.
fn telling(key: &str) -> bool {
    key != "nodeSelector" && key.ends_with("elector")
        || matches!(key, "emptyDir" | "ingress" | "egress" | "from" | "to" | "status" | "command")
}
