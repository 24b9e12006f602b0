//! How much work a schema makes of values, found out before it is done: schemas can be written so that it never ends.
use crate::engines::helm::error::{Error, ErrorKind};
use serde_json::Value;

/// How often a schema may meet a value, for all charts together.
pub(super) const STEPS: u64 = 1_000_000;

/// How deep schemas may lead into schemas.
const DEPTH: usize = 600;

/// Counts what checking takes at most.
pub(super) fn check(schema: &Value, values: &Value, steps: &mut u64) -> Result<(), Error> {
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
