//! Our own charts (`tests/charts`) against what Helm 4.2.3 and Helm 3.10.1 gave for them, byte for byte, errors included.
use pilab::engines::helm::{self, Capabilities, Compat, KubeVersion, Release, Request, values};
use pilab::tree::MemTree;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const FOLDER: &str = "tests/charts";

/// Cases that are known to differ, and why.
const DIFFERENT: &[(&str, &str, &str)] = &[
    ("library/alone", "4", "the library installs a library chart, the command line refuses it as pilab does"),
    ("bad/missing-dep", "4", "the words of the library, not of the command line"),
    ("bad/dep-no-name", "4", "the words of the library, not of the command line"),
    ("bad/no-folder", "4", "the words are about a file on disk"),
    ("bad/no-folder", "3", "the command line takes the path for a chart of a repository"),
    ("bad/values-list", "4", "the library reads values files in another way than the command line"),
    ("bad/values-text", "4", "the library reads values files in another way than the command line"),
    ("bad/values-broken", "4", "the library reads values files in another way than the command line"),
    ("bad/values-tab", "4", "the library reads values files in another way than the command line"),
    ("set/json-bad", "4", "the words of the library, not of the command line"),
    ("schema/several", "3", "Helm 3 looks at the properties in any order, ours is by name"),
];

#[test]
fn charts_render_as_in_helm_4() {
    check(Compat::Helm4, "helm4.json");
}

#[test]
fn charts_render_as_in_helm_3() {
    check(Compat::Helm3, "helm3.json");
}

fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, into) } else { into.push(path) }
    }
}

fn json(path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(Path::new(FOLDER).join(path)).unwrap()).unwrap()
}

fn check(compat: Compat, answers: &str) {
    let (cases, answers) = (json("cases.json"), json(&format!("answers/{answers}")));
    let mut tree = MemTree::default();
    let mut files = Vec::new();
    walk(Path::new(FOLDER), &mut files);
    for file in files {
        let name = file.strip_prefix(FOLDER).unwrap().display().to_string().replace('\\', "/");
        tree.insert(name, fs::read(&file).unwrap());
    }
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for case in cases.as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        let answer = &answers[id];
        if answer.is_null() {
            continue;
        }
        compared += 1;
        let difference = differs(case, answer, compat, &tree);
        let known = DIFFERENT.iter().find(|(known, helm, _)| *known == id && answers_of(compat) == *helm);
        match (difference, known) {
            (Some(why), None) => wrong.push(format!("{id}: {why}")),
            (None, Some((_, _, why))) => wrong.push(format!("{id}: agrees by now, though {why}")),
            _ => (),
        }
    }
    assert!(compared > 250, "{compared} cases");
    assert!(wrong.is_empty(), "{} of {compared} cases differ:\n{}", wrong.len(), wrong.join("\n"));
}

fn answers_of(compat: Compat) -> &'static str {
    if compat == Compat::Helm3 { "3" } else { "4" }
}

fn texts(case: &Value, key: &str) -> Vec<String> {
    let list = case[key].as_array().cloned().unwrap_or_default();
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What is not as Helm has it; nothing when all is.
fn differs(case: &Value, answer: &Value, compat: Compat, tree: &MemTree) -> Option<String> {
    let request = match request(case, compat) {
        Ok(request) => request,
        Err(error) => return refusal(answer, &error),
    };
    let options = helm::LoadOptions { compat, ..helm::LoadOptions::default() };
    let chart = match helm::chart::load(tree, case["chart"].as_str().unwrap(), &options) {
        Ok(chart) => chart,
        Err(error) => return refusal(answer, &error.text),
    };
    if compat == Compat::Helm4 {
        match helm::render_files(&chart, &request, None) {
            Err(error) => return refusal(answer, &error.text),
            Ok(files) => {
                if let Some(why) = files_differ(&files.files, answer) {
                    return Some(why);
                }
            }
        }
    }
    match (helm::render(&chart, &request, None), answer["stream"].as_str()) {
        (Err(error), _) if compat == Compat::Helm3 => refusal(answer, &error.text),
        (Ok(rendered), Some(stream)) => {
            let ours =
                if compat == Compat::Helm3 { helm::stream(&rendered) } else { helm::release_manifest(&rendered) };
            let unstable = numbers(&answer["unstable_stream_lines"]);
            if answer["unstable_stream"] == true { None } else { lines_differ("stream", stream, &ours, &unstable) }
        }
        (Err(error), None) => match answer["stream_error"].as_str() {
            Some(text) if plain(text) != plain(&error.text) => {
                Some(format!("refused with {:?}, not {text:?}", error.text))
            }
            _ => None,
        },
        (Err(error), Some(_)) => Some(format!("refused: {error}")),
        (Ok(_), None) => answer["stream_error"].as_str().map(|text| format!("not refused: {text}")),
    }
}

fn refusal(answer: &Value, error: &str) -> Option<String> {
    match answer["error"].as_str() {
        Some(text) if plain(text) == plain(error) => None,
        Some(text) => Some(format!("refused with\n      {error:?}, not\n      {text:?}")),
        None => Some(format!("refused: {error:?}")),
    }
}

/// Without what the command line puts around an error, which the library does not say.
fn plain(text: &str) -> &str {
    let text = text.trim_end().trim_end_matches("Use --debug flag to render out invalid YAML").trim_end();
    ["failed parsing --set data: ", "failed parsing --set-json data "]
        .iter()
        .find_map(|head| text.strip_prefix(head))
        .unwrap_or(text)
}

fn files_differ(ours: &std::collections::BTreeMap<String, String>, answer: &Value) -> Option<String> {
    let Some(theirs) = answer["ok"].as_object() else {
        return Some(format!("not refused: {}", answer["error"]));
    };
    let unstable: BTreeSet<String> = texts(answer, "unstable_files").into_iter().collect();
    let (a, b): (BTreeSet<&String>, BTreeSet<&String>) = (ours.keys().collect(), theirs.keys().collect());
    if a != b {
        return Some(format!("other files: {:?}", a.symmetric_difference(&b)));
    }
    theirs.iter().filter(|(name, _)| !unstable.contains(*name)).find_map(|(name, text)| {
        lines_differ(name, text.as_str()?, ours.get(name)?, &numbers(&answer["unstable_lines"][name]))
    })
}

fn numbers(list: &Value) -> BTreeSet<usize> {
    let list = list.as_array().cloned().unwrap_or_default();
    list.iter().filter_map(Value::as_u64).filter_map(|number| usize::try_from(number).ok()).collect()
}

fn lines_differ(name: &str, theirs: &str, ours: &str, unstable: &BTreeSet<usize>) -> Option<String> {
    let (a, b): (Vec<&str>, Vec<&str>) = (theirs.split('\n').collect(), ours.split('\n').collect());
    let first = a.iter().zip(&b).enumerate().find(|(at, (a, b))| a != b && !unstable.contains(at));
    match first {
        Some((at, (a, b))) => Some(format!("{name}:{}: want {a:?}, got {b:?}", at + 1)),
        None if a.len() != b.len() => Some(format!("{name}: {} lines, not {}", b.len(), a.len())),
        None => None,
    }
}

fn request(case: &Value, compat: Compat) -> Result<Request, String> {
    let mut files = Vec::new();
    for path in texts(case, "values") {
        let text =
            fs::read(Path::new(FOLDER).join(&path)).map_err(|_| format!("open {path}: no such file or directory"))?;
        let read = values::read_as(&text, compat);
        files.push(read.map_err(|error| match compat {
            // What the command line puts in front, which knows the file.
            Compat::Helm3 => format!("failed to parse {path}: {}", error.text),
            Compat::Helm4 => error.text,
        })?);
    }
    let mut given = values::merge_files(files);
    for (key, kind) in
        [("set_json", values::Set::Json), ("set", values::Set::Plain), ("set_string", values::Set::String)]
    {
        for text in texts(case, key) {
            values::set_as(&mut given, kind, &text, compat).map_err(|error| error.text)?;
        }
    }
    if compat == Compat::Helm4 {
        // The recording went through JSON, which makes floats of all numbers.
        given.values_mut().for_each(floats);
    }
    let mut capabilities = Capabilities::default_of(compat);
    if let Some(version) = case["kube_version"].as_str().filter(|version| !version.is_empty()) {
        capabilities.kube_version = KubeVersion::parse(version, compat)?;
    }
    capabilities.api_versions.extend(texts(case, "api_versions"));
    let text = |key: &str, other: &str| case[key].as_str().unwrap_or(other).to_owned();
    let is_upgrade = case["is_upgrade"].as_bool().unwrap_or(false);
    let revision = if is_upgrade && compat == Compat::Helm4 { 2 } else { 1 };
    let release = Release { name: text("release", "rel"), namespace: text("namespace", "ns"), revision, is_upgrade };
    Ok(Request { release, values: given, capabilities, ..Request::new(compat) })
}

fn floats(value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(float) = number.as_f64().and_then(serde_json::Number::from_f64) {
                *value = Value::Number(float);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(floats),
        Value::Object(map) => map.values_mut().for_each(floats),
        _ => (),
    }
}

#[test]
fn every_case_has_an_answer_of_one_helm_at_least() {
    let (cases, four, three) = (json("cases.json"), json("answers/helm4.json"), json("answers/helm3.json"));
    let empty = Map::new();
    let has = |answers: &Value, id: &str| answers.as_object().unwrap_or(&empty).contains_key(id);
    for case in cases.as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        assert!(has(&four, id) || has(&three, id), "{id} has no answer");
    }
}
