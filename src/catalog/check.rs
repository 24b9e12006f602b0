//! Holds a document against the rule of its kind: every problem with its place, and the value for serde.
use super::file::File;
use super::schema::{Pattern, Rule};
use crate::engines::yaml::{Data, Node, Span};
use crate::model::{Code, Diagnostic, closest, codes};
use serde_json::{Map, Value};

/// The check of one document.
pub(super) struct Check<'a> {
    pub(super) file: &'a File,
    /// The rule of the whole document, for keys that stand one level too high or too low.
    pub(super) root: &'a Rule,
    pub(super) problems: &'a mut Vec<Diagnostic>,
}

impl Check<'_> {
    /// The value as serde needs it: texts as written where the rule asks for text, empty optional keys left out.
    pub(super) fn value(&mut self, rule: &Rule, node: &Node, key: &str, parent: Span) -> Value {
        if let Some(value) = self.alternative(rule, node, key, parent) {
            return value;
        }
        if rule.types.is_empty() && rule.choices.is_empty() {
            return node.to_json();
        }
        let takes = |word: &str| rule.types.iter().any(|found| found == word);
        match &node.data {
            Data::Null if takes("null") => Value::Null,
            Data::Map(entries) if takes("object") => self.object(rule, node, entries, parent),
            Data::List(items) if takes("array") => {
                let any = Rule::default();
                let rule = rule.items.as_deref().unwrap_or(&any);
                Value::Array(items.iter().map(|item| self.value(rule, item, key, item.span)).collect())
            }
            Data::Int(_) if takes("integer") || takes("number") => self.number(rule, node),
            Data::Float(value) if takes("number") || (takes("integer") && value.fract() == 0.0) => {
                self.number(rule, node)
            }
            Data::Bool(value) if takes("boolean") => Value::Bool(*value),
            Data::Null | Data::Map(_) | Data::List(_) => self.wrong(&rule.types, node, key),
            _ if takes("string") || !rule.choices.is_empty() => self.text(rule, node, key),
            _ => self.wrong(&rule.types, node, key),
        }
    }

    /// The alternative whose type the node has; `None` when the rule has none.
    fn alternative(&mut self, rule: &Rule, node: &Node, key: &str, parent: Span) -> Option<Value> {
        if rule.any.is_empty() {
            return None;
        }
        let scalars = rule.any.iter().all(|one| one.any.is_empty() && one.properties.is_empty() && one.items.is_none());
        if scalars && rule.any.len() > 3 {
            return Some(self.scalar(node, key));
        }
        let real: Vec<&Rule> = rule.any.iter().filter(|one| one.types != ["null"]).collect();
        if node.is_null() && real.len() < rule.any.len() {
            return Some(Value::Null);
        }
        let word = match &node.data {
            Data::Map(_) => "object",
            Data::List(_) => "array",
            _ => "string",
        };
        let fits = |one: &&&Rule| one.types.iter().any(|found| found == word);
        match real.iter().find(fits).or(if real.len() == 1 { real.first() } else { None }) {
            Some(one) => Some(self.value(one, node, key, parent)),
            None => {
                let types: Vec<String> = real.iter().flat_map(|one| one.types.clone()).collect();
                Some(self.wrong(&types, node, key))
            }
        }
    }

    /// A value that people write with or without quotes: as written when its plain form would lose something.
    fn scalar(&mut self, node: &Node, key: &str) -> Value {
        let Some(written) = node.scalar_str() else { return self.wrong(&["string".to_owned()], node, key) };
        let value = node.to_json();
        let plain = if matches!(value, Value::Bool(_) | Value::Number(_)) { Some(value.to_string()) } else { None };
        if plain.is_some_and(|plain| plain != written) { Value::String(written.to_owned()) } else { value }
    }

    fn number(&mut self, rule: &Rule, node: &Node) -> Value {
        let value = node.to_json();
        let number = value.as_f64().unwrap_or(0.0);
        let low = rule.minimum.filter(|low| number < *low).map(|low| format!("at least {low}"));
        let high = rule.maximum.filter(|high| number > *high).map(|high| format!("at most {high}"));
        if let Some(bound) = low.or(high) {
            self.report(&codes::PL0013, format!("'{}' is not {bound}", self.file.shown(node)), node.span);
        }
        value
    }

    fn text(&mut self, rule: &Rule, node: &Node, key: &str) -> Value {
        let written = node.scalar_str().unwrap_or("");
        let shown = self.file.shown(node);
        if !rule.choices.is_empty() && !rule.choices.iter().any(|choice| choice == written) {
            let problem = Diagnostic::error(&codes::PL0013, format!("'{shown}' is not a choice of '{key}'"))
                .at(self.file.place(node.span))
                .did_you_mean(written, rule.choices.iter().map(String::as_str))
                .hint(format!("choices: {}", rule.choices.join(" ")));
            self.problems.push(problem);
        }
        if rule.pattern.as_ref().and_then(Pattern::regex).is_some_and(|pattern| !pattern.is_match(written)) {
            self.mismatch(rule, node, key, &shown);
        }
        Value::String(written.to_owned())
    }

    fn mismatch(&mut self, rule: &Rule, node: &Node, key: &str, shown: &str) {
        let pattern = rule.pattern.as_ref().and_then(Pattern::regex).map_or("", |pattern| pattern.as_str());
        let problem = if key == "name" {
            let fixed: String = node.scalar_str().unwrap_or("").trim().to_lowercase().replace([' ', '/'], "-");
            let problem = Diagnostic::error(&codes::PL0014, format!("'{shown}' is not a name"))
                .label("lower case letters, digits, '.', '_', '-'");
            if rule.pattern.as_ref().and_then(Pattern::regex).is_some_and(|pattern| pattern.is_match(&fixed)) {
                problem.hint(format!("did you mean '{fixed}'?"))
            } else {
                problem
            }
        } else {
            Diagnostic::error(&codes::PL0013, format!("'{shown}' does not fit '{key}'"))
                .hint(format!("it must match {pattern}"))
        };
        self.problems.push(problem.at(self.file.place(node.span)));
    }

    fn object(&mut self, rule: &Rule, node: &Node, entries: &[(Node, Node)], parent: Span) -> Value {
        let mut out = Map::with_capacity(entries.len());
        for (key, value) in entries {
            let name = key.scalar_str().unwrap_or("");
            match rule.properties.get(name) {
                Some(_) if value.is_null() && !rule.required.iter().any(|required| required == name) => (),
                Some(inner) => {
                    out.insert(name.to_owned(), self.value(inner, value, name, key.span));
                }
                None => match rule.additional.as_deref() {
                    Some(inner) => {
                        out.insert(name.to_owned(), self.value(inner, value, name, key.span));
                    }
                    None if self.file.is_hidden(value) => (),
                    None => self.unknown(rule, key, name),
                },
            }
        }
        for name in rule.required.iter().filter(|name| node.get(name).is_none()) {
            let place = if parent.end > parent.start { parent } else { node.span };
            let mut problem =
                Diagnostic::error(&codes::PL0011, format!("the key '{name}' is missing")).at(self.file.place(place));
            if let Some(choices) = rule.properties.get(name).map(|rule| &rule.choices).filter(|list| !list.is_empty()) {
                problem = problem.hint(match choices.as_slice() {
                    [only] => format!("write {name}: {only}"),
                    many => format!("choices: {}", many.join(" ")),
                });
            }
            self.problems.push(problem);
        }
        Value::Object(out)
    }

    fn unknown(&mut self, rule: &Rule, key: &Node, name: &str) {
        let known = || rule.properties.keys().map(String::as_str);
        let bare = |word: &str| word.replace(['_', '-'], "").to_lowercase();
        let near = known().find(|word| bare(word) == bare(name)).or_else(|| closest(name, known()));
        let problem = Diagnostic::error(&codes::PL0012, format!("unknown key '{name}'")).at(self.file.place(key.span));
        let parts =
            || ["metadata", "spec"].into_iter().filter_map(|part| Some((part, self.root.properties.get(part)?)));
        let outer = std::ptr::eq(rule, self.root) || parts().any(|(_, inner)| std::ptr::eq(rule, inner));
        let elsewhere = parts().find(|(_, inner)| outer && inner.properties.contains_key(name)).map(|(part, _)| part);
        let problem = match (near, elsewhere) {
            (_, Some(part)) => problem.hint(format!("'{name}' belongs under '{part}:'")),
            (Some(near), None) => problem.hint(format!("did you mean '{near}'?")),
            (None, None) => problem.hint(format!("known keys: {}", known().collect::<Vec<_>>().join(" "))),
        };
        self.problems.push(problem);
    }

    fn wrong(&mut self, types: &[String], node: &Node, key: &str) -> Value {
        let wanted: Vec<&str> = types.iter().filter(|word| *word != "null").map(|word| in_words(word)).collect();
        let found = match &node.data {
            Data::Null => "nothing".to_owned(),
            Data::List(_) => "a list".to_owned(),
            Data::Map(_) => "a mapping".to_owned(),
            _ => format!("'{}'", self.file.shown(node)),
        };
        let place =
            if node.span.end > node.span.start { node.span } else { Span { end: node.span.start, ..node.span } };
        let mut problem = Diagnostic::error(
            &codes::PL0013,
            format!("'{key}' takes {}, and {found} stands there", wanted.join(" or ")),
        )
        .at(self.file.place(place));
        let hidden = self.file.is_hidden(node);
        if let Some(text) = node.scalar_str().filter(|text| !text.is_empty() && !hidden) {
            if types.iter().any(|word| word == "array") {
                problem = problem.hint(format!("write it as a list: {key}: [{text}]"));
            } else if text.contains("://") && types.iter().any(|word| word == "object") {
                problem = problem.hint(format!("write it as a reference: {key}: {{ ref: \"{text}\" }}"));
            }
        }
        if !hidden {
            self.problems.push(problem);
        }
        Value::Null
    }

    fn report(&mut self, code: &'static Code, message: String, span: Span) {
        self.problems.push(Diagnostic::error(code, message).at(self.file.place(span)));
    }
}

fn in_words(json_type: &str) -> &str {
    match json_type {
        "object" => "a mapping",
        "array" => "a list",
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        other => other,
    }
}
