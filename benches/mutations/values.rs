//! Changes of values: keys of a chart's defaults that look right get another value.
use serde_json::{Map, Value, json};

/// Kind, and what it does with a value at a path: the value before and after, or nothing when the place does not look right.
pub(crate) type Row = (&'static str, fn(&[&str], &Value) -> Option<(Value, Value)>);

/// The kinds.
pub(crate) const ROWS: &[Row] = &[
    ("image tag", |path, value| {
        let [.., parent, "tag"] = path else { return None };
        (parent.to_lowercase().contains("image") && !value.is_object()).then(|| (json!("1.2.3"), json!("1.4.0")))
    }),
    ("image repository", |path, value| match path {
        [.., parent, "repository" | "name"] if parent.to_lowercase().contains("image") => text(value, "-fork"),
        _ => None,
    }),
    ("image pull policy", |path, _| (last(path) == "pullPolicy").then(|| (json!("IfNotPresent"), json!("Always")))),
    ("replicas", |path, value| {
        let count = value.as_f64()?;
        matches!(last(path), "replicaCount" | "replicas").then(|| (value.clone(), json!(count + 2.0)))
    }),
    ("memory limit lowered", |path, value| resources(path, value, "512Mi", Some("256Mi"), "100m")),
    ("memory limit raised", |path, value| resources(path, value, "512Mi", Some("1Gi"), "100m")),
    ("memory limit removed", |path, value| resources(path, value, "512Mi", None, "100m")),
    ("cpu request", |path, value| resources(path, value, "512Mi", Some("512Mi"), "200m")),
    ("variable added", |path, value| env(path, value, None, Some("a"))),
    ("variable changed", |path, value| env(path, value, Some("a"), Some("b"))),
    ("variable removed", |path, value| env(path, value, Some("a"), None)),
    ("service type", |path, _| match path {
        [.., "service", "type"] => Some((json!("ClusterIP"), json!("NodePort"))),
        _ => None,
    }),
    ("service port", |path, value| {
        let port = value.as_f64()?;
        let service = path.iter().any(|key| key.to_lowercase().contains("service"));
        (service && (last(path).to_lowercase().ends_with("port") || path.contains(&"ports")) && port > 1.0)
            .then(|| (value.clone(), json!(port + 1.0)))
    }),
    ("ingress host", |path, value| match path {
        [.., "ingress", "hosts"] => {
            let mut hosts = value.as_array()?.clone();
            let (one, two) = (json!("one.planted.io"), json!("two.planted.io"));
            match hosts.first()? {
                Value::String(_) => Some((json!([one]), json!([two]))),
                Value::Object(host) => {
                    let key = if host.contains_key("host") { "host" } else { "name" };
                    hosts[0][key] = one;
                    let before = Value::Array(hosts.clone());
                    hosts[0][key] = two;
                    Some((before, Value::Array(hosts)))
                }
                _ => None,
            }
        }
        [.., "ingress", "hostname" | "host"] => Some((json!("one.planted.io"), json!("two.planted.io"))),
        _ => None,
    }),
    ("feature switched", |path, value| {
        let on = value.as_bool()?;
        (last(path).to_lowercase().ends_with("enabled") || last(path) == "create").then(|| (json!(on), json!(!on)))
    }),
    ("another switch", |path, value| {
        let on = value.as_bool()?;
        (!last(path).to_lowercase().ends_with("enabled") && last(path) != "create").then(|| (json!(on), json!(!on)))
    }),
    ("annotation", |path, value| {
        let key = last(path).to_lowercase();
        (key.ends_with("annotations") && !key.contains("pod")).then(|| entry(value, "planted.io/note"))?
    }),
    ("annotation of pods", |path, value| {
        (last(path).to_lowercase() == "podannotations").then(|| entry(value, "planted.io/note"))?
    }),
    ("label of pods", |path, value| {
        matches!(last(path), "podLabels" | "commonLabels" | "labels" | "extraLabels")
            .then(|| entry(value, "planted"))?
    }),
    ("node selector", |path, value| (last(path) == "nodeSelector").then(|| entry(value, "disk"))?),
    ("toleration", |path, value| {
        let items = value.as_array()?;
        let new = json!({"key": "planted", "operator": "Exists", "effect": "NoSchedule"});
        let all = items.iter().cloned().chain([new]).collect();
        (last(path) == "tolerations").then(|| (value.clone(), Value::Array(all)))
    }),
    ("security weakened", |path, value| {
        let mut before = value.as_object()?.clone();
        before.remove("enabled").is_none().then_some(())?;
        before.insert("runAsNonRoot".to_owned(), json!(true));
        let mut after = before.clone();
        after.insert("runAsNonRoot".to_owned(), json!(false));
        last(path).to_lowercase().ends_with("securitycontext").then(|| (before.into(), after.into()))
    }),
    ("storage size", |path, value| {
        let size = value.as_str()?;
        let sized = matches!(last(path), "size" | "storage" | "storageSize") && size.ends_with('i');
        sized.then(|| (json!("8Gi"), json!("12Gi")))
    }),
    ("probe timing", |path, value| {
        let seconds = value.as_f64()?;
        let probe = path.iter().rev().nth(1).is_some_and(|key| key.to_lowercase().ends_with("probe"));
        (probe && last(path) != "successThreshold").then(|| (value.clone(), json!(seconds + 7.0)))
    }),
    ("configuration text", |path, value| {
        let written = value.as_str().filter(|text| text.contains('\n'))?;
        let line = written.lines().find(|line| {
            let (key, value) = line.split_once([':', '=']).unwrap_or_default();
            !line.trim_start().starts_with('#')
                && !key.is_empty()
                && value.trim().chars().all(char::is_alphanumeric)
                && !value.trim().is_empty()
        })?;
        let _ = path;
        Some((value.clone(), json!(written.replacen(line, &format!("{line}9"), 1))))
    }),
    ("configuration value", |path, value| {
        let inside = path.iter().rev().skip(1).any(|key| key.to_lowercase().contains("config"));
        inside.then(|| scalar(value))?
    }),
    ("log level", |path, value| {
        let key = last(path).to_lowercase();
        let level = matches!(key.as_str(), "loglevel" | "level" | "log_level" | "verbosity" | "logverbosity");
        let new = if value.is_number() { json!(value.as_f64()? + 3.0) } else { json!("debug") };
        (level && (value.is_number() || value.is_string())).then(|| (value.clone(), new))
    }),
    ("priority class", |path, _| (last(path) == "priorityClassName").then(|| (json!("slow"), json!("fast")))),
    ("argument", |path, value| {
        let items = value.as_array()?;
        let all = items.iter().cloned().chain([json!("--planted=1")]).collect();
        matches!(last(path), "extraArgs" | "args" | "additionalArgs").then(|| (value.clone(), Value::Array(all)))
    }),
    ("any scalar", |_, value| scalar(value)),
];

fn last<'a>(path: &[&'a str]) -> &'a str {
    path.last().copied().unwrap_or_default()
}

fn text(value: &Value, end: &str) -> Option<(Value, Value)> {
    let old = value.as_str().filter(|text| !text.is_empty())?;
    Some((value.clone(), json!(format!("{old}{end}"))))
}

fn scalar(value: &Value) -> Option<(Value, Value)> {
    match value {
        Value::Number(number) => Some((value.clone(), json!(number.as_f64()? + 1.0))),
        Value::String(_) => text(value, "x"),
        Value::Bool(on) => Some((value.clone(), json!(!on))),
        _ => None,
    }
}

fn entry(value: &Value, key: &str) -> Option<(Value, Value)> {
    let before = value.as_object()?.clone();
    let mut after = before.clone();
    after.insert(key.to_owned(), json!("planted"));
    Some((before.into(), after.into()))
}

fn resources(path: &[&str], value: &Value, memory: &str, then: Option<&str>, cpu: &str) -> Option<(Value, Value)> {
    value.as_object().filter(|_| last(path) == "resources")?;
    let of = |memory: Value, cpu: &str| json!({"limits": {"cpu": "500m", "memory": memory}, "requests": {"cpu": cpu, "memory": "128Mi"}});
    Some((of(json!(memory), "100m"), of(json!(then), cpu)))
}

fn env(path: &[&str], value: &Value, before: Option<&str>, after: Option<&str>) -> Option<(Value, Value)> {
    let key = last(path).to_lowercase();
    if !matches!(key.as_str(), "env" | "extraenv" | "extraenvs" | "extraenvvars" | "envvars" | "environment") {
        return None;
    }
    let with = |new: Option<&str>| match value {
        Value::Array(items) => {
            let new = new.map(|new| json!({"name": "PLANTED", "value": new}));
            Some(Value::Array(items.iter().cloned().chain(new).collect()))
        }
        Value::Object(entries) => {
            let mut entries = entries.clone();
            entries.extend(new.map(|new| ("PLANTED".to_owned(), json!(new))));
            Some(Value::Object(entries))
        }
        _ => None,
    };
    // What only the side before has is taken away by a null, as Helm lays values over one another.
    let mut then = with(after)?;
    if after.is_none() && then.is_object() {
        then["PLANTED"] = Value::Null;
    }
    Some((with(before)?, then))
}

/// The user's values before and after.
pub(crate) type Planted = (Map<String, Value>, Map<String, Value>);

/// All places of a kind in defaults, the places that are switched off switched on.
pub(crate) fn plants(row: &Row, defaults: &Value) -> Vec<Planted> {
    let mut found = Vec::new();
    walk(row, defaults, defaults, &mut Vec::new(), &mut found);
    found
}

fn walk<'v>(row: &Row, root: &Value, value: &'v Value, path: &mut Vec<&'v str>, found: &mut Vec<Planted>) {
    let Some(entries) = value.as_object().filter(|_| path.len() < 9) else { return };
    for (key, value) in entries {
        path.push(key);
        if let Some((before, after)) = row.1(path, value) {
            let mut base = Value::Object(Map::new());
            for length in 1..path.len() {
                let pointer: Vec<&str> = path[..length].iter().copied().chain(["enabled"]).collect();
                if get(root, &pointer) == Some(&Value::Bool(false)) && pointer != *path {
                    set(&mut base, &pointer, Value::Bool(true));
                }
            }
            let mut changed = base.clone();
            set(&mut base, path, before);
            set(&mut changed, path, after);
            if let (Value::Object(base), Value::Object(changed)) = (base, changed) {
                found.push((base, changed));
            }
        }
        walk(row, root, value, path, found);
        path.pop();
    }
}

fn get<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

fn set(value: &mut Value, path: &[&str], new: Value) {
    match path {
        [] => *value = new,
        [first, rest @ ..] => {
            if !value.is_object() {
                *value = Value::Object(Map::new());
            }
            set(&mut value[*first], rest, new);
        }
    }
}
