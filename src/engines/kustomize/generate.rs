//! ConfigMaps and Secrets out of files and literals, and the hash that their names get.
use super::Error;
use super::load::Loader;
use super::resource::{Behavior, Resource, child, text};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

type Pairs = BTreeMap<String, Vec<u8>>;

/// The generated object of one entry.
pub(super) fn generate(
    loader: &mut Loader<'_>,
    folder: &str,
    file: &str,
    kind: &str,
    entry: &Value,
    global: &Value,
) -> Result<Resource, Error> {
    let invalid = |message: String| Error::invalid(file, message);
    let name = text(entry, &["name"]);
    if name.is_empty() {
        return Err(invalid(format!("an entry of the generator of {kind} has no name")));
    }
    let mut object = json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name}});
    if let (namespace @ [_, ..], Some(meta)) = (text(entry, &["namespace"]).as_bytes(), child(&mut object, "metadata"))
    {
        meta.insert("namespace".to_owned(), Value::from(String::from_utf8_lossy(namespace)));
    }
    let pairs = pairs(loader, folder, file, entry, name)?;
    if kind == "Secret" {
        let secret = match text(entry, &["type"]) {
            "" => "Opaque",
            other => other,
        };
        object["type"] = Value::from(secret);
        object["data"] =
            Value::Object(pairs.into_iter().map(|(key, value)| (key, Value::from(base64(&value)))).collect());
    } else {
        for (key, value) in pairs {
            let (field, value) = match String::from_utf8(value) {
                Ok(text) => ("data", text),
                Err(flaw) => ("binaryData", base64(flaw.as_bytes())),
            };
            if let Some(data) = child(&mut object, field) {
                data.insert(key, Value::from(value));
            }
        }
    }
    let local = entry.get("options").unwrap_or(&Value::Null);
    let switch =
        |key: &str| [local, global].iter().any(|options| options.get(key).and_then(Value::as_bool) == Some(true));
    for field in ["labels", "annotations"] {
        for options in [global, local] {
            for (key, value) in options.get(field).and_then(Value::as_object).into_iter().flatten() {
                if !value.is_string() {
                    return Err(invalid(format!("the value of {key} in {field} is not a string")));
                }
                if let Some(Value::Object(map)) =
                    child(&mut object, "metadata").map(|meta| meta.entry(field).or_insert_with(|| json!({})))
                {
                    map.insert(key.clone(), value.clone());
                }
            }
        }
    }
    if switch("immutable") {
        object["immutable"] = Value::Bool(true);
    }
    let mut resource = Resource::new(object, file);
    resource.hash = !switch("disableNameSuffixHash");
    resource.behavior = match text(entry, &["behavior"]) {
        "merge" => Behavior::Merge,
        "replace" => Behavior::Replace,
        _ => Behavior::Create,
    };
    Ok(resource)
}

fn strings(entry: &Value, key: &str) -> Vec<String> {
    let list = entry.get(key).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn pairs(loader: &mut Loader<'_>, folder: &str, file: &str, entry: &Value, name: &str) -> Result<Pairs, Error> {
    let invalid = |message: String| Error::invalid(file, message);
    let mut found = Vec::new();
    let mut envs = strings(entry, "envs");
    envs.extend(entry.get("env").and_then(Value::as_str).map(str::to_owned));
    for path in envs {
        let (whole, content) = loader.file(folder, &path, file)?;
        let text = String::from_utf8(content).map_err(|_| Error::invalid(&whole, "the text is not UTF-8"))?;
        for line in text.trim_start_matches('\u{feff}').split('\n') {
            let line = line.strip_suffix('\r').unwrap_or(line).trim_start();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (key, value) = line.split_once('=').unwrap_or((line, ""));
            found.push((key.to_owned(), value.as_bytes().to_vec()));
        }
    }
    for literal in strings(entry, "literals") {
        let (key, value) = literal
            .split_once('=')
            .filter(|(key, _)| !key.is_empty())
            .ok_or_else(|| invalid(format!("invalid literal source {literal}, expected key=value")))?;
        let quoted = value.len() > 1
            && (value.starts_with('"') && value.ends_with('"') || value.starts_with('\'') && value.ends_with('\''));
        let value = if quoted { value.get(1..value.len() - 1).unwrap_or_default() } else { value };
        found.push((key.to_owned(), value.as_bytes().to_vec()));
    }
    for source in strings(entry, "files") {
        let (key, path) = match source.split_once('=') {
            None => (source.rsplit('/').next().unwrap_or(&source), source.as_str()),
            Some((key, path)) if !key.is_empty() && !path.is_empty() && !path.contains('=') => (key, path),
            Some(_) => return Err(invalid(format!("the source \"{source}\" is not a path or key=path"))),
        };
        let (_, content) = loader.file(folder, path, file)?;
        found.push((key.to_owned(), content));
    }
    let mut out = Pairs::new();
    for (key, value) in found {
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if key.is_empty() || key.len() > 253 || !key.chars().all(fits) {
            return Err(invalid(format!("\"{key}\" is not a valid key name of {name}")));
        }
        if out.contains_key(&key) {
            return Err(invalid(format!("configmap {name} illegally repeats the key `{key}`")));
        }
        out.insert(key, value);
    }
    Ok(out)
}

/// Base64 in lines of 70, as kustomize writes it: with an end of line behind each, unless there is but one.
fn base64(bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    if text.len() < 70 {
        return text;
    }
    let mut out = String::with_capacity(text.len() + text.len() / 70 + 1);
    for (at, c) in text.chars().enumerate() {
        if at > 0 && at % 70 == 0 {
            out.push('\n');
        }
        out.push(c);
    }
    out.push('\n');
    out
}

/// Puts a generated object to the others: new, or in place of one of its name.
pub(super) fn absorb(all: &mut Vec<Resource>, mut new: Resource) -> Result<(), String> {
    let id = new.id();
    let places: Vec<usize> =
        (0..all.len()).filter(|at| all.get(*at).is_some_and(|old| old.any_id(|other| other.same(&id)))).collect();
    match (&places[..], new.behavior) {
        ([], Behavior::Create) => all.push(new),
        ([], _) => return Err(format!("{} does not exist; cannot merge or replace", id.show())),
        ([_], Behavior::Create) => return Err(format!("{} exists; behavior must be merge or replace", id.show())),
        ([at], behavior) => {
            if let Some(old) = all.get_mut(*at) {
                take_over(&mut new, old, behavior);
                *old = new;
            }
        }
        _ => return Err(format!("several objects could take {}", id.show())),
    }
    Ok(())
}

fn take_over(new: &mut Resource, old: &Resource, behavior: Behavior) {
    let merge = |new: &mut Resource, path: &[&str]| {
        let old = path.iter().try_fold(&old.object, |value, key| value.get(key)).and_then(Value::as_object);
        let Some(old) = old.filter(|old| !old.is_empty()) else { return };
        let mut merged: Map<String, Value> = old.clone();
        let mut slot = &mut new.object;
        for key in path {
            slot = &mut slot[*key];
        }
        merged.extend(slot.as_object().cloned().unwrap_or_default());
        *slot = Value::Object(merged);
    };
    merge(new, &["metadata", "labels"]);
    merge(new, &["metadata", "annotations"]);
    if behavior == Behavior::Merge {
        merge(new, &["data"]);
        merge(new, &["binaryData"]);
    }
    let (name, namespace) = (old.name().to_owned(), old.namespace().to_owned());
    new.set_meta("name", &name);
    new.set_meta("namespace", &namespace);
    new.hash = new.hash && old.hash;
    (new.previous, new.prefixes, new.suffixes) = (old.previous.clone(), old.prefixes.clone(), old.suffixes.clone());
    new.behavior = old.behavior;
}

/// The hash of what is in a ConfigMap or Secret.
pub(super) fn hash(resource: &Resource) -> String {
    let object = &resource.object;
    let word = |path: &[&str]| Value::from(text(object, path));
    let mut parts: BTreeMap<&str, Value> = BTreeMap::new();
    let kind = text(object, &["kind"]);
    parts.insert("kind", Value::from(kind));
    // kustomize means to put the name here and does not find it; so renaming changes no hash.
    parts.insert("name", Value::from(""));
    let sorted = |key: &str| object.get(key).map(|value| sort(value.clone()));
    parts.insert("data", sorted("data").unwrap_or_else(|| Value::from("")));
    let extra = if kind == "Secret" {
        parts.insert("type", word(&["type"]));
        "stringData"
    } else {
        "binaryData"
    };
    if let Some(value) = sorted(extra).filter(Value::is_object) {
        parts.insert(extra, value);
    }
    let encoded = serde_json::to_string(&parts).unwrap_or_default();
    let mut escaped = String::with_capacity(encoded.len());
    for c in encoded.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => escaped.push_str(&format!("\\u{:04x}", c as u32)),
            c => escaped.push(c),
        }
    }
    let hex: String = Sha256::digest(escaped.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let letter = |c: char| match c {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        c => c,
    };
    hex.chars().take(10).map(letter).collect()
}

fn sort(value: Value) -> Value {
    match value {
        Value::Object(entries) => Value::Object(entries.into_iter().collect::<BTreeMap<_, _>>().into_iter().collect()),
        other => other,
    }
}
