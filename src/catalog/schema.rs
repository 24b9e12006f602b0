//! The JSON Schema of every kind, made from the Rust types, and the same in a form that is quick to check against.
use crate::model::config::{
    API_VERSION, Baseline, Deployment, Environment, Integration, Module, Policy, Project, Release, Snapshot, Source,
    Tenant,
};
use regex::Regex;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

/// The kinds of documents, as they are written after `kind:`.
pub const KINDS: &[&str] = &[
    "Project",
    "Module",
    "Environment",
    "Deployment",
    "Policy",
    "Baseline",
    "Snapshot",
    "Source",
    "Release",
    "Integration",
    "Tenant",
];

/// What a value may be.
#[derive(Debug, Default)]
pub(super) struct Rule {
    /// JSON type names; empty: anything.
    pub(super) types: Vec<String>,
    pub(super) properties: BTreeMap<String, Rule>,
    pub(super) required: Vec<String>,
    /// What keys beside the properties hold; `None` when there may be none.
    pub(super) additional: Option<Box<Rule>>,
    pub(super) items: Option<Box<Rule>>,
    pub(super) choices: Vec<String>,
    pub(super) pattern: Option<Pattern>,
    pub(super) minimum: Option<f64>,
    pub(super) maximum: Option<f64>,
    /// Alternatives; the first that takes the type of the value is meant.
    pub(super) any: Vec<Rule>,
}

/// A regular expression that is made when it is needed first: most documents need few of all, and making one is dear.
#[derive(Debug)]
pub(super) struct Pattern {
    text: String,
    made: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// `None` for one that cannot be made.
    pub(super) fn regex(&self) -> Option<&Regex> {
        self.made.get_or_init(|| Regex::new(&self.text).ok()).as_ref()
    }
}

static SCHEMAS: LazyLock<BTreeMap<&'static str, Value>> =
    LazyLock::new(|| KINDS.iter().filter_map(|kind| Some((*kind, finish(kind, generate(kind)?)))).collect());

static RULES: LazyLock<BTreeMap<&'static str, Rule>> =
    LazyLock::new(|| SCHEMAS.iter().map(|(kind, schema)| (*kind, compile(schema, schema, 0))).collect());

/// The JSON Schema (draft 2020-12) of a kind, any case, or `config` for every document of a config repository.
pub fn schema(kind: &str) -> Option<Value> {
    if kind.eq_ignore_ascii_case("config") {
        return Some(combined());
    }
    SCHEMAS.iter().find(|(name, _)| name.eq_ignore_ascii_case(kind)).map(|(_, schema)| schema.clone())
}

/// What a document of this kind must be like.
pub(super) fn rule(kind: &str) -> Option<&'static Rule> {
    RULES.get(kind)
}

fn generate(kind: &str) -> Option<Value> {
    let schema = match kind {
        "Project" => schemars::schema_for!(Project),
        "Module" => schemars::schema_for!(Module),
        "Environment" => schemars::schema_for!(Environment),
        "Deployment" => schemars::schema_for!(Deployment),
        "Policy" => schemars::schema_for!(Policy),
        "Baseline" => schemars::schema_for!(Baseline),
        "Snapshot" => schemars::schema_for!(Snapshot),
        "Source" => schemars::schema_for!(Source),
        "Release" => schemars::schema_for!(Release),
        "Integration" => schemars::schema_for!(Integration),
        "Tenant" => schemars::schema_for!(Tenant),
        _ => return None,
    };
    Some(schema.to_value())
}

/// Adds what the types do not say: the id, and the two constants of the envelope.
fn finish(kind: &str, mut schema: Value) -> Value {
    let lower = kind.to_lowercase();
    if let Some(root) = schema.as_object_mut() {
        root.insert("$id".to_owned(), json!(format!("https://pilab.dev/schema/v1/{lower}.json")));
        root.insert("title".to_owned(), json!(kind));
        if let Some(properties) = root.get_mut("properties").and_then(Value::as_object_mut) {
            properties.insert("apiVersion".to_owned(), json!({ "const": API_VERSION }));
            properties.insert("kind".to_owned(), json!({ "const": kind }));
        }
    }
    schema
}

/// One schema for all kinds, with the definitions of all of them.
fn combined() -> Value {
    let (mut definitions, mut choices) = (Map::new(), Vec::new());
    for (kind, schema) in SCHEMAS.iter() {
        let mut schema = schema.clone();
        if let Some(root) = schema.as_object_mut() {
            root.remove("$schema");
            root.remove("$id");
            if let Some(Value::Object(more)) = root.remove("$defs") {
                definitions.extend(more);
            }
        }
        choices.push(json!({ "$ref": format!("#/$defs/{kind}") }));
        definitions.insert((*kind).to_owned(), schema);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://pilab.dev/schema/v1/config.json",
        "title": "A document of a pilab config repository",
        "oneOf": choices,
        "$defs": definitions,
    })
}

/// No type of ours refers to itself; the bound is for the case that one will.
const NESTING: usize = 32;

fn compile(schema: &Value, root: &Value, depth: usize) -> Rule {
    let Some(object) = schema.as_object().filter(|_| depth < NESTING) else { return Rule::default() };
    if let Some(target) = object.get("$ref").and_then(Value::as_str) {
        let found = target.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        return found.map_or_else(Rule::default, |found| compile(found, root, depth + 1));
    }
    let deeper = |value: &Value| compile(value, root, depth + 1);
    let list = |key: &str| object.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let words = |key: &str| list(key).iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>();
    let mut rule = Rule {
        types: object.get("type").and_then(Value::as_str).map_or_else(|| words("type"), |one| vec![one.to_owned()]),
        required: words("required"),
        choices: words("enum"),
        pattern: object
            .get("pattern")
            .and_then(Value::as_str)
            .map(|text| Pattern { text: text.to_owned(), made: OnceLock::new() }),
        minimum: object.get("minimum").and_then(Value::as_f64),
        maximum: object.get("maximum").and_then(Value::as_f64),
        items: object.get("items").map(|items| Box::new(deeper(items))),
        ..Rule::default()
    };
    rule.additional = match object.get("additionalProperties") {
        Some(Value::Bool(false)) => None,
        Some(other) => Some(Box::new(deeper(other))),
        None => Some(Box::default()),
    };
    if let Some(properties) = object.get("properties").and_then(Value::as_object) {
        rule.properties = properties.iter().map(|(name, value)| (name.clone(), deeper(value))).collect();
    }
    rule.choices.extend(object.get("const").and_then(Value::as_str).map(str::to_owned));
    alternatives(&mut rule, list("oneOf").iter().chain(list("anyOf")).map(deeper).collect());
    rule
}

/// A choice of words becomes a list of them; a choice of anything else stays one.
fn alternatives(rule: &mut Rule, any: Vec<Rule>) {
    if !any.is_empty() && any.iter().all(|one| !one.choices.is_empty()) {
        rule.types = vec!["string".to_owned()];
        rule.choices = any.into_iter().flat_map(|one| one.choices).collect();
    } else {
        rule.any = any;
    }
}
