//! The schemas of Helm 3: drafts 4 to 7, in the order and with the words of the library that it uses.
use super::formats;
use crate::engines::helm::values::go_float;
use crate::engines::helm::values::text::go_float_v;
use regex::Regex;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How deep schemas may lead into schemas.
const DEPTH: usize = 600;

/// The complaints about values, if there are any.
pub(super) fn validate(schema: &Value, values: &Value) -> Option<String> {
    if let Some(text) = formats::unsound(schema) {
        return Some(text);
    }
    let mut checker = Checker { root: schema, patterns: BTreeMap::new(), broken: None };
    let found = checker.check(schema, values, "(root)", 0);
    if let Some(text) = checker.broken {
        return Some(text);
    }
    let lines: String = found.complaints.iter().map(|line| format!("- {line}\n")).collect();
    (!lines.is_empty()).then_some(lines)
}

/// What was found, and how well the value fitted: of several alternatives the best is quoted.
#[derive(Debug, Default)]
struct Found {
    complaints: Vec<String>,
    score: i64,
}

impl Found {
    fn wrong(&mut self, place: &str, text: impl AsRef<str>) {
        let place = place.strip_prefix("(root).").unwrap_or(place);
        self.complaints.push(format!("{place}: {}", text.as_ref()));
        self.score -= 2;
    }

    fn add(&mut self, other: Found) {
        self.complaints.extend(other.complaints);
        self.score += other.score;
    }

    fn fits(&self) -> bool {
        self.complaints.is_empty()
    }
}

struct Checker<'a> {
    root: &'a Value,
    patterns: BTreeMap<&'a str, Option<Regex>>,
    /// Why the schema cannot be used at all.
    broken: Option<String>,
}

impl<'a> Checker<'a> {
    fn check(&mut self, schema: &'a Value, value: &Value, place: &str, depth: usize) -> Found {
        let mut found = Found::default();
        let map = match schema {
            Value::Object(map) if depth < DEPTH => map,
            Value::Bool(false) => {
                found.wrong(place, "False always fails validation");
                return found;
            }
            _ => return found,
        };
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
            if let Some(Value::String(reference)) = map.get("$ref") {
                return match self.target(reference) {
                    Some(target) => self.check(target, value, place, depth + 1),
                    None => found,
                };
            }
            if let Some(text) = mistyped(map, value) {
                found.wrong(place, text);
                return found;
            }
            self.combined(map, value, place, depth, &mut found);
            match value {
                Value::Null => common(map, value, place, &mut found),
                Value::Array(items) => {
                    self.array(map, items, place, depth, &mut found);
                    common(map, value, place, &mut found);
                }
                Value::Object(object) => {
                    self.object(map, object, place, depth, &mut found);
                    common(map, value, place, &mut found);
                    for (name, part) in sorted(map.get("properties")) {
                        if let Some(value) = object.get(name) {
                            let inner = self.check(part, value, &format!("{place}.{name}"), depth + 1);
                            found.add(inner);
                        }
                    }
                }
                Value::Number(number) => {
                    measured(map, number.as_f64().unwrap_or_default(), place, &mut found);
                    common(map, value, place, &mut found);
                }
                Value::Bool(_) => common(map, value, place, &mut found),
                Value::String(text) => {
                    common(map, value, place, &mut found);
                    self.text(map, text, place, &mut found);
                }
            }
            found.score += 1;
            found
        })
    }

    fn target(&mut self, reference: &str) -> Option<&'a Value> {
        let Some(pointer) = reference.strip_prefix('#') else {
            self.broken.get_or_insert_with(|| format!("the schema refers to {reference}, and such are not loaded"));
            return None;
        };
        let found = self.root.pointer(pointer);
        if found.is_none() {
            let key = pointer.rsplit('/').next().unwrap_or_default();
            self.broken.get_or_insert_with(|| format!("Object has no key '{key}'"));
        }
        found
    }

    /// Keywords that put schemas together.
    fn combined(&mut self, map: &'a Map<String, Value>, value: &Value, place: &str, depth: usize, found: &mut Found) {
        let list = |key: &str| map.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut best: Option<Found> = None;
        let mut any = false;
        for part in list("anyOf") {
            let tried = self.check(part, value, place, depth + 1);
            if tried.fits() {
                any = true;
                break;
            }
            if best.as_ref().is_none_or(|best| tried.score > best.score) {
                best = Some(tried);
            }
        }
        if !any && !list("anyOf").is_empty() {
            found.wrong(place, "Must validate at least one schema (anyOf)");
            found.add(best.unwrap_or_default());
        }
        let (mut best, mut fitting) = (None::<Found>, 0);
        for part in list("oneOf") {
            let tried = self.check(part, value, place, depth + 1);
            if tried.fits() {
                fitting += 1;
            } else if fitting == 0 && best.as_ref().is_none_or(|best| tried.score > best.score) {
                best = Some(tried);
            }
        }
        if fitting != 1 && !list("oneOf").is_empty() {
            found.wrong(place, "Must validate one and only one schema (oneOf)");
            if fitting == 0 {
                found.add(best.unwrap_or_default());
            }
        }
        let mut all = true;
        for part in list("allOf") {
            let tried = self.check(part, value, place, depth + 1);
            all &= tried.fits();
            found.add(tried);
        }
        if !all {
            found.wrong(place, "Must validate all the schemas (allOf)");
        }
        if let Some(not) = map.get("not")
            && self.check(not, value, place, depth + 1).fits()
        {
            found.wrong(place, "Must not validate the schema (not)");
        }
        self.depending(map, value, place, depth, found);
        found.score += 1;
    }

    /// `dependencies` and `if`.
    fn depending(&mut self, map: &'a Map<String, Value>, value: &Value, place: &str, depth: usize, found: &mut Found) {
        if let Value::Object(object) = value {
            for (_, needs) in sorted(map.get("dependencies")).into_iter().filter(|(name, _)| object.contains_key(*name))
            {
                match needs {
                    Value::Array(needs) => {
                        for need in needs.iter().filter_map(Value::as_str).filter(|need| !object.contains_key(*need)) {
                            found.wrong(place, format!("Has a dependency on {need}"));
                        }
                    }
                    needs => {
                        let tried = self.check(needs, value, place, depth + 1);
                        found.add(tried);
                    }
                }
            }
        }
        let Some(condition) = map.get("if") else { return };
        let holds = self.check(condition, value, place, depth + 1).fits();
        let (branch, text) = match holds {
            true => (map.get("then"), "Must validate \"then\" as \"if\" was valid"),
            false => (map.get("else"), "Must validate \"else\" as \"if\" was not valid"),
        };
        if let Some(branch) = branch {
            let tried = self.check(branch, value, place, depth + 1);
            if !tried.fits() {
                found.wrong(place, text);
                found.add(tried);
            }
        }
    }

    fn array(&mut self, map: &'a Map<String, Value>, items: &[Value], place: &str, depth: usize, found: &mut Found) {
        match map.get("items") {
            Some(Value::Array(parts)) if !parts.is_empty() => {
                for (at, (part, item)) in parts.iter().zip(items).enumerate() {
                    let tried = self.check(part, item, &format!("{place}.{at}"), depth + 1);
                    found.add(tried);
                }
                if parts.len() < items.len() {
                    match map.get("additionalItems") {
                        Some(Value::Bool(false)) => found.wrong(place, "No additional items allowed on array"),
                        Some(part @ Value::Object(_)) => {
                            for (at, item) in items.iter().enumerate().skip(parts.len()) {
                                let tried = self.check(part, item, &format!("{place}.{at}"), depth + 1);
                                found.add(tried);
                            }
                        }
                        _ => (),
                    }
                }
            }
            Some(part @ (Value::Object(_) | Value::Bool(_))) => {
                for (at, item) in items.iter().enumerate() {
                    let tried = self.check(part, item, &format!("{place}.{at}"), depth + 1);
                    found.add(tried);
                }
            }
            _ => (),
        }
        if let Some(least) = bound(map, "minItems").filter(|least| items.len() < *least) {
            found.wrong(place, format!("Array must have at least {least} items"));
        }
        if let Some(most) = bound(map, "maxItems").filter(|most| items.len() > *most) {
            found.wrong(place, format!("Array must have at most {most} items"));
        }
        if map.get("uniqueItems") == Some(&Value::Bool(true)) {
            let mut known: BTreeMap<String, usize> = BTreeMap::new();
            for (second, item) in items.iter().enumerate() {
                if let Some(first) = known.insert(canonical(item), second) {
                    found.wrong(place, format!("array items[{first},{second}] must be unique"));
                }
            }
        }
        if let Some(part) = map.get("contains") {
            let mut best: Option<Found> = None;
            for (at, item) in items.iter().enumerate() {
                let tried = self.check(part, item, &format!("{place}.{at}"), depth + 1);
                if tried.fits() {
                    found.score += 1;
                    return;
                }
                if best.as_ref().is_none_or(|best| tried.score > best.score) {
                    best = Some(tried);
                }
            }
            found.wrong(place, "At least one of the items must match");
            found.add(best.unwrap_or_default());
        }
        found.score += 1;
    }

    fn object(
        &mut self,
        map: &'a Map<String, Value>,
        object: &Map<String, Value>,
        place: &str,
        depth: usize,
        found: &mut Found,
    ) {
        if let Some(least) = bound(map, "minProperties").filter(|least| object.len() < *least) {
            found.wrong(place, format!("Must have at least {least} properties"));
        }
        if let Some(most) = bound(map, "maxProperties").filter(|most| object.len() > *most) {
            found.wrong(place, format!("Must have at most {most} properties"));
        }
        for name in map.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if object.contains_key(name) {
                found.score += 1;
            } else {
                found.wrong(place, format!("{name} is required"));
            }
        }
        let properties = map.get("properties").and_then(Value::as_object);
        let mut names: Vec<(&String, &Value)> = object.iter().collect();
        names.sort_by_key(|(name, _)| *name);
        for &(name, value) in &names {
            let mut known = properties.is_some_and(|properties| properties.contains_key(name));
            let mut matched = false;
            for (pattern, part) in sorted(map.get("patternProperties")) {
                if self.matches(pattern, name) {
                    matched = true;
                    let tried = self.check(part, value, &format!("{place}.{name}"), depth + 1);
                    found.add(tried);
                }
            }
            found.score += i64::from(matched);
            known |= matched;
            match map.get("additionalProperties") {
                Some(Value::Bool(false)) if !known => {
                    found.wrong(place, format!("Additional property {name} is not allowed"));
                }
                Some(part @ Value::Object(_)) if !known => {
                    let tried = self.check(part, value, &format!("{place}.{name}"), depth + 1);
                    found.add(tried);
                }
                _ => (),
            }
        }
        if let Some(part) = map.get("propertyNames") {
            for (name, _) in names {
                let tried = self.check(part, &Value::String(name.clone()), place, depth + 1);
                if !tried.fits() {
                    found.wrong(place, format!("Property name of \"{name}\" does not match"));
                    found.add(tried);
                }
            }
        }
        found.score += 1;
    }

    fn text(&mut self, map: &'a Map<String, Value>, text: &str, place: &str, found: &mut Found) {
        let length = text.chars().count();
        if let Some(least) = bound(map, "minLength").filter(|least| length < *least) {
            found.wrong(place, format!("String length must be greater than or equal to {least}"));
        }
        if let Some(most) = bound(map, "maxLength").filter(|most| length > *most) {
            found.wrong(place, format!("String length must be less than or equal to {most}"));
        }
        if let Some(Value::String(pattern)) = map.get("pattern")
            && !self.matches(pattern, text)
        {
            found.wrong(place, format!("Does not match pattern '{pattern}'"));
        }
        found.score += 1;
    }

    fn matches(&mut self, pattern: &'a str, text: &str) -> bool {
        let regex = self.patterns.entry(pattern).or_insert_with(|| Regex::new(pattern).ok());
        match regex {
            Some(regex) => regex.is_match(text),
            None => {
                self.broken.get_or_insert_with(|| "pattern must be a valid regex".into());
                true
            }
        }
    }
}

/// The parts of a mapping of schemas, by name.
fn sorted(value: Option<&Value>) -> Vec<(&str, &Value)> {
    let mut parts: Vec<(&str, &Value)> =
        value.and_then(Value::as_object).into_iter().flatten().map(|(name, part)| (name.as_str(), part)).collect();
    parts.sort_by_key(|(name, _)| *name);
    parts
}

fn bound(map: &Map<String, Value>, key: &str) -> Option<usize> {
    map.get(key).and_then(Value::as_u64).and_then(|bound| usize::try_from(bound).ok())
}

/// What is said when the type is another one.
fn mistyped(map: &Map<String, Value>, value: &Value) -> Option<String> {
    let wanted: Vec<&str> = match map.get("type")? {
        Value::String(one) => vec![one],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let given = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.as_f64().is_some_and(|value| value.fract() == 0.0) => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if wanted.is_empty() || wanted.contains(&given) || (given == "integer" && wanted.contains(&"number")) {
        return None;
    }
    let expected = if wanted.len() == 1 { wanted.concat() } else { format!("[{}]", wanted.join(",")) };
    Some(format!("Invalid type. Expected: {expected}, given: {given}"))
}

/// `const`, `enum`, `format`.
fn common(map: &Map<String, Value>, value: &Value, place: &str, found: &mut Found) {
    let name = place.strip_prefix("(root).").unwrap_or(place).to_owned();
    if let Some(wanted) = map.get("const")
        && canonical(wanted) != canonical(value)
    {
        found.wrong(place, format!("{name} does not match: {}", canonical(wanted)));
    }
    if let Some(Value::Array(list)) = map.get("enum") {
        let list: Vec<String> = list.iter().map(canonical).collect();
        if !list.is_empty() && !list.contains(&canonical(value)) {
            found.wrong(place, format!("{name} must be one of the following: {}", list.join(", ")));
        }
    }
    if let (Some(Value::String(format)), Value::String(text)) = (map.get("format"), value)
        && !formats::fits(format, text)
    {
        found.wrong(place, format!("Does not match format '{format}'"));
    }
    found.score += 1;
}

fn measured(map: &Map<String, Value>, value: f64, place: &str, found: &mut Found) {
    let limit = |key: &str| map.get(key).and_then(Value::as_f64);
    // Draft 4 turns bounds into exclusive ones by a boolean.
    let flagged = |key: &str| map.get(key) == Some(&Value::Bool(true));
    if let Some(step) = limit("multipleOf").filter(|step| ((value / step) - (value / step).round()).abs() > 1e-9) {
        found.wrong(place, format!("Must be a multiple of {}", go_float(step)));
    }
    if let Some(most) = limit("maximum") {
        if flagged("exclusiveMaximum") && value >= most {
            found.wrong(place, format!("Must be less than {}", go_float(most)));
        } else if value > most {
            found.wrong(place, format!("Must be less than or equal to {}", go_float(most)));
        }
    }
    if let Some(most) = limit("exclusiveMaximum").filter(|most| value >= *most) {
        found.wrong(place, format!("Must be less than {}", go_float(most)));
    }
    if let Some(least) = limit("minimum") {
        if flagged("exclusiveMinimum") && value <= least {
            found.wrong(place, format!("Must be greater than {}", go_float(least)));
        } else if value < least {
            found.wrong(place, format!("Must be greater than or equal to {}", go_float(least)));
        }
    }
    if let Some(least) = limit("exclusiveMinimum").filter(|least| value <= *least) {
        found.wrong(place, format!("Must be greater than {}", go_float(least)));
    }
    found.score += 1;
}

/// A value as JSON with sorted keys and numbers without needless zeros.
fn canonical(value: &Value) -> String {
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || match value {
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), go_float_v),
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::Object(_) => {
            let entry = |(key, value): (&str, &Value)| format!("{}:{}", Value::from(key), canonical(value));
            format!("{{{}}}", sorted(Some(value)).into_iter().map(entry).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    })
}
