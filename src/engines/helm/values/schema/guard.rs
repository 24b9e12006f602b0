//! How much work a schema makes of values, found out before it is done: schemas can be written so that it never ends.
use crate::engines::helm::error::{Error, ErrorKind};
use regex::RegexBuilder;
use serde_json::Value;

/// How often a schema may meet a value, for all charts together.
pub(super) const STEPS: u64 = 1_000_000;

/// How deep schemas may lead into schemas.
const DEPTH: usize = 600;

/// Bytes that the patterns of a schema may take when they are compiled, about.
const PATTERNS: usize = 64 << 20;

/// Bytes of one pattern, the smaller ones tried first. The last is what the libraries take at most.
const PATTERN: [usize; 4] = [1 << 14, 1 << 18, 1 << 21, 10 << 20];

/// Refuses schemas whose patterns take too much: a count within a count is a short text. The libraries bound each alone, and one of
/// them takes a pattern that exceeds its bound for a mistake of its own.
fn patterns(schema: &Value) -> Result<(), String> {
    let (mut waiting, mut left) = (vec![schema], PATTERNS);
    while let Some(value) = waiting.pop() {
        match value {
            Value::Array(items) => waiting.extend(items),
            Value::Object(map) => {
                waiting.extend(map.values());
                let one = map.get("pattern").and_then(Value::as_str);
                let more = map.get("patternProperties").and_then(Value::as_object);
                for pattern in one.into_iter().chain(more.into_iter().flat_map(|map| map.keys().map(String::as_str))) {
                    left = left.checked_sub(size(pattern)).ok_or("the patterns of the schema are too large")?;
                }
            }
            _ => (),
        }
    }
    Ok(())
}

/// What a pattern takes, in steps; nothing when it is none, which others complain about.
fn size(pattern: &str) -> usize {
    // These are classes of ASCII in schemas, and far larger ones elsewhere.
    let pattern = pattern.replace(r"\w", "[0-9A-Za-z_]").replace(r"\d", "[0-9]");
    for size in PATTERN {
        match RegexBuilder::new(&pattern).size_limit(size).build() {
            Err(regex::Error::CompiledTooBig(_)) => (),
            Ok(_) => return size,
            Err(_) => return 0,
        }
    }
    usize::MAX
}

/// Counts what checking takes at most.
pub(super) fn check(schema: &Value, values: &Value, steps: &mut u64) -> Result<(), Error> {
    patterns(schema).map_err(|text| Error::new(ErrorKind::Limit, text).at("values.schema.json"))?;
    let mut walk = Walk { root: schema, steps };
    walk.meet(schema, values, 0).map_err(|text| Error::new(ErrorKind::Limit, text).at("values.schema.json"))
}

struct Walk<'a> {
    root: &'a Value,
    steps: &'a mut u64,
}

impl<'a> Walk<'a> {
    fn meet(&mut self, schema: &'a Value, value: &Value, depth: usize) -> Result<(), String> {
        *self.steps =
            self.steps.checked_sub(1).ok_or("checking the values against their schema takes too many steps")?;
        // A schema that leads to itself is found by who checks it.
        let Some(schema) = schema.as_object().filter(|_| depth < DEPTH) else { return Ok(()) };
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
            for (keyword, part) in schema {
                match keyword.as_str() {
                    "$ref" | "$dynamicRef" | "$recursiveRef" => {
                        if let Some(target) = self.target(part) {
                            self.meet(target, value, depth + 1)?;
                        }
                    }
                    "allOf" | "anyOf" | "oneOf" => {
                        for part in part.as_array().into_iter().flatten() {
                            self.meet(part, value, depth + 1)?;
                        }
                    }
                    "not" | "if" | "then" | "else" => self.meet(part, value, depth + 1)?,
                    "dependentSchemas" | "dependencies" => {
                        for part in part.as_object().into_iter().flat_map(|map| map.values()) {
                            self.meet(part, value, depth + 1)?;
                        }
                    }
                    _ => self.inside(keyword, part, value, depth)?,
                }
            }
            Ok(())
        })
    }

    /// Keywords that lead to parts of the value.
    fn inside(&mut self, keyword: &str, part: &'a Value, value: &Value, depth: usize) -> Result<(), String> {
        match (keyword, value) {
            ("properties", Value::Object(map)) => {
                for (name, part) in part.as_object().into_iter().flatten() {
                    if let Some(value) = map.get(name) {
                        self.meet(part, value, depth + 1)?;
                    }
                }
            }
            ("patternProperties", Value::Object(map)) => {
                for part in part.as_object().into_iter().flat_map(|map| map.values()) {
                    for value in map.values() {
                        self.meet(part, value, depth + 1)?;
                    }
                }
            }
            ("additionalProperties" | "unevaluatedProperties" | "propertyNames", Value::Object(map)) => {
                for value in map.values() {
                    self.meet(part, value, depth + 1)?;
                }
            }
            ("items" | "prefixItems" | "additionalItems" | "unevaluatedItems" | "contains", Value::Array(items)) => {
                match part {
                    Value::Array(parts) => {
                        for (part, value) in parts.iter().zip(items) {
                            self.meet(part, value, depth + 1)?;
                        }
                    }
                    part => {
                        for value in items {
                            self.meet(part, value, depth + 1)?;
                        }
                    }
                }
            }
            // Each item is compared with each.
            ("uniqueItems", Value::Array(items)) => {
                let pairs = (items.len() as u64).saturating_mul(items.len() as u64);
                *self.steps = self.steps.saturating_sub(pairs / 64);
            }
            ("enum", _) => {
                *self.steps = self.steps.saturating_sub(part.as_array().map_or(0, |list| list.len() as u64 / 16));
            }
            _ => (),
        }
        Ok(())
    }

    fn target(&self, reference: &Value) -> Option<&'a Value> {
        let pointer = reference.as_str()?.strip_prefix('#')?;
        let pointer = pointer.replace("%25", "%").replace("%7E", "~").replace("%7e", "~").replace("%24", "$");
        // An anchor leads somewhere into the schema: all of it is taken for where.
        self.root.pointer(&pointer).or(Some(self.root))
    }
}
