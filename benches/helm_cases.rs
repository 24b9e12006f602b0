//! Renders charts that lie on disk, one case for each line of a JSONL file, for holding the engine against answers of real Helm:
//! `cargo run --release --features full --example helm_cases -- CASES.jsonl OUT.jsonl [THREADS [cold]]`.
//! With `cold` no case finds templates that an earlier one parsed.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a measurement is printed")]

#[path = "support/disk.rs"]
mod disk;

use disk::Disk;
use pilab::engines::helm;

use helm::values::Set;
use helm::{Capabilities, Compat, KubeVersion, Release, Rendered, Request, TemplateCache};
use serde_json::{Map, Value, json};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

fn texts(case: &Value, key: &str) -> Vec<String> {
    let list = case[key].as_array().cloned().unwrap_or_default();
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The user's values. Those of Helm 4 went through JSON before the SDK took them, which makes floats of all numbers.
fn user_values(case: &Value, compat: Compat) -> Result<Map<String, Value>, String> {
    let mut files = Vec::new();
    for path in texts(case, "values") {
        let text = std::fs::read(&path).map_err(|error| format!("{path}: {error}"))?;
        files.push(helm::values::read_as(&text, compat).map_err(|error| error.text)?);
    }
    let mut values = helm::values::merge_files(files);
    for (key, kind) in [("set_json", Set::Json), ("set", Set::Plain), ("set_string", Set::String)] {
        for text in texts(case, key) {
            helm::values::set_as(&mut values, kind, &text, compat).map_err(|error| error.text)?;
        }
    }
    if compat == Compat::Helm4 {
        values.values_mut().for_each(floats);
    }
    Ok(values)
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

fn request(case: &Value, compat: Compat) -> Result<Request, String> {
    let mut capabilities = Capabilities::default_of(compat);
    if let Some(version) = case["kube_version"].as_str().filter(|version| !version.is_empty()) {
        capabilities.kube_version = KubeVersion::parse(version, compat)?;
    }
    capabilities.api_versions.extend(texts(case, "api_versions"));
    let text = |key: &str, other: &str| case[key].as_str().unwrap_or(other).to_owned();
    let is_upgrade = case["is_upgrade"].as_bool().unwrap_or(false);
    let revision = if is_upgrade && compat == Compat::Helm4 { 2 } else { 1 };
    let release = Release { name: text("release", "rel"), namespace: text("namespace", "ns"), revision, is_upgrade };
    let values = user_values(case, compat)?;
    let include_crds = case["include_crds"].as_bool().unwrap_or(false);
    Ok(Request { release, values, capabilities, include_crds, ..Request::new(compat) })
}

/// One case: what the SDK's `helm_render` gives, and the stream or why there is none.
fn answer(case: &Value, cache: &TemplateCache) -> Result<(Value, f64), String> {
    let compat = if case["compat"].as_str() == Some("3") { Compat::Helm3 } else { Compat::Helm4 };
    let path = Path::new(case["chart"].as_str().unwrap_or_default());
    let (folder, name) = (path.parent().unwrap_or(Path::new("/")), path.file_name().unwrap_or_default());
    let request = request(case, compat)?;
    let begin = Instant::now();
    let options = helm::LoadOptions { compat, ..helm::LoadOptions::default() };
    let chart =
        helm::chart::load(&Disk(folder.to_owned()), &name.to_string_lossy(), &options).map_err(|error| error.text)?;
    let loaded = begin.elapsed().as_secs_f64() * 1e3;
    let files = helm::render_files(&chart, &request, Some(cache));
    let spent = begin.elapsed().as_secs_f64() * 1e3;
    let begin = Instant::now();
    let rendered = helm::render(&chart, &request, Some(cache));
    let mut out = Map::new();
    // Reading the chart, running its templates the first time, and all of it again with everything parsed.
    out.insert("ms_load".to_owned(), json!(loaded));
    out.insert("ms_again".to_owned(), json!(begin.elapsed().as_secs_f64() * 1e3));
    match files {
        Ok(files) => {
            out.insert("ok".to_owned(), json!(files.files));
            out.insert("used_seed".to_owned(), json!(files.used_seed));
        }
        Err(error) => {
            out.insert("error".to_owned(), json!(error.text));
            out.insert("kind".to_owned(), json!(format!("{:?}", error.kind)));
        }
    }
    match rendered {
        Ok(rendered) => out.insert("stream".to_owned(), json!(stream(&rendered))),
        Err(error) => out.insert("stream_error".to_owned(), json!(error.text)),
    };
    Ok((Value::Object(out), spent))
}

fn stream(rendered: &Rendered) -> String {
    match rendered.compat {
        Compat::Helm3 => helm::stream(rendered),
        Compat::Helm4 => helm::release_manifest(rendered),
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [cases, out, rest @ ..] = arguments.as_slice() else {
        return Err("CASES.jsonl OUT.jsonl [THREADS [cold]]".into());
    };
    let threads: usize = rest.first().and_then(|text| text.parse().ok()).unwrap_or(1);
    let cold = rest.get(1).is_some_and(|word| word == "cold");
    let lines: Vec<String> = BufReader::new(std::fs::File::open(cases)?).lines().collect::<Result<_, _>>()?;
    let lines = Mutex::new(lines.into_iter());
    let out = Mutex::new(BufWriter::new(std::fs::File::create(out)?));
    let cache = TemplateCache::new();
    let (begin, panics) = (Instant::now(), Mutex::new(0));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let line = lines.lock().ok().and_then(|mut lines| lines.next());
                    let Some(case) = line.and_then(|line| serde_json::from_str::<Value>(&line).ok()) else { break };
                    let own = cold.then(TemplateCache::new);
                    let run = std::panic::AssertUnwindSafe(|| answer(&case, own.as_ref().unwrap_or(&cache)));
                    let mut result = match std::panic::catch_unwind(run) {
                        Ok(Ok((mut result, ms))) => {
                            result["ms"] = json!(ms);
                            result
                        }
                        Ok(Err(error)) => json!({"error": error, "stream_error": error}),
                        Err(_) => {
                            panics.lock().iter_mut().for_each(|panics| **panics += 1);
                            json!({"panic": true})
                        }
                    };
                    result["id"] = case["id"].clone();
                    if let Ok(mut out) = out.lock() {
                        let _ = writeln!(out, "{result}");
                    }
                }
            });
        }
    });
    out.into_inner().map_err(|_| "poisoned")?.flush()?;
    let panics = panics.into_inner().unwrap_or_default();
    println!("{:.1} s, {panics} panics, {} templates parsed", begin.elapsed().as_secs_f64(), cache.len());
    Ok(())
}
