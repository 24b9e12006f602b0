//! Publications.
use super::other::Attributes;
use super::run::{Done, Refusal};
use super::state::State;
use super::words::{Words, quoted, unquoted};
use crate::engines::schema::catalog::{Key, Kind, Name, Touches};
use crate::engines::schema::postgres::normal;
use squawk_syntax::SyntaxNode;

impl State {
    /// `CREATE PUBLICATION`.
    pub(super) fn create_publication(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("CREATE PUBLICATION");
        let Some(name) = words.name() else { return State::not_understood() };
        let mut attributes = Attributes::new();
        if words.eat("FOR ALL TABLES") {
            attributes.insert("all tables".to_owned(), "yes".to_owned());
        } else if words.eat("FOR") {
            let (tables, schemas) = self.published(&mut words)?;
            put_list(&mut attributes, "tables", tables);
            put_list(&mut attributes, "schemas", schemas);
        }
        if words.eat("WITH") {
            publish_options(&words.parens().unwrap_or_default(), &mut attributes);
        }
        self.put_other(Key::top(Kind::Publication, &Name::new("", name)), attributes, false)
    }

    /// `TABLE a, b (x) WHERE (…), TABLES IN SCHEMA s`.
    fn published(&self, words: &mut Words) -> Result<(Vec<String>, Vec<String>), Refusal> {
        let (mut tables, mut schemas) = (Vec::new(), Vec::new());
        let mut in_schemas = false;
        loop {
            if words.eat("TABLES IN SCHEMA") {
                in_schemas = true;
            } else if words.eat("TABLE") {
                in_schemas = false;
            }
            if in_schemas {
                schemas.extend(words.name());
            } else {
                words.eat("ONLY");
                let Some((schema, name)) = words.qualified() else { break };
                words.eat("*");
                let Some(table) = self.table(schema.as_deref(), &name) else {
                    return Err(Refusal::new(
                        "undefined_table",
                        format!("relation \"{name}\" does not exist"),
                        Vec::<Key>::new(),
                    ));
                };
                let mut text = table.to_string();
                if let Some(list) = words.parens() {
                    let mut columns: Vec<String> = Words::parse(&list).names().iter().map(|one| quoted(one)).collect();
                    columns.sort();
                    text.push_str(&format!(" ({})", columns.join(", ")));
                }
                if words.eat("WHERE") {
                    let condition = words.parens().unwrap_or_default();
                    text.push_str(&format!(
                        " WHERE {}",
                        normal::expression(&condition, normal::Context::default()).normal
                    ));
                }
                tables.push(text);
            }
            if !words.eat(",") {
                break;
            }
        }
        tables.sort();
        schemas.sort();
        Ok((tables, schemas))
    }

    /// `ALTER PUBLICATION`.
    pub(super) fn alter_publication(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("ALTER PUBLICATION");
        let Some(name) = words.name() else { return State::not_understood() };
        let key = Key::top(Kind::Publication, &Name::new("", &*name));
        let Some(other) = self.catalog.others.get(&key) else {
            return State::lost("the publication that it names is not known");
        };
        let mut attributes = other.attributes.clone();
        if words.eat("OWNER TO") {
            return Ok(());
        }
        if words.eat("RENAME TO") {
            let after = Key::top(Kind::Publication, &Name::new("", words.name().unwrap_or_default()));
            self.touch_other(&key);
            self.touch_other(&after);
            if let Some(other) = self.catalog.others.remove(&key) {
                self.catalog.others.insert(after, other);
            }
            return Ok(());
        }
        let verb = words.eat_any(&["ADD", "DROP", "SET"]);
        if verb == Some("SET") && words.is("(") {
            publish_options(&words.parens().unwrap_or_default(), &mut attributes);
        } else if let Some(verb) = verb {
            let (tables, schemas) = self.published(&mut words)?;
            for (word, list) in [("tables", tables), ("schemas", schemas)] {
                let before = attributes.get(word).cloned().unwrap_or_default();
                let mut all: Vec<String> =
                    before.split(", ").filter(|one| !one.is_empty()).map(str::to_owned).collect();
                match verb {
                    "ADD" => all.extend(list),
                    "DROP" => all.retain(|one| !list.iter().any(|gone| one.split(' ').next() == Some(gone))),
                    _ => all = list,
                }
                all.sort();
                put_list(&mut attributes, word, all);
            }
        } else {
            return Err(Refusal::unmodelled(
                "this change of a publication is not modelled",
                Touches::Objects(vec![key]),
            ));
        }
        self.put_other(key, attributes, true)
    }
}

fn put_list(attributes: &mut Attributes, word: &str, list: Vec<String>) {
    match list.is_empty() {
        true => attributes.remove(word),
        false => attributes.insert(word.to_owned(), list.join(", ")),
    };
}

fn publish_options(text: &str, attributes: &mut Attributes) {
    for (name, value) in super::routine::definition(text) {
        let value = unquoted(&value).unwrap_or(value).to_lowercase();
        match name.as_str() {
            "publish" => {
                let all: Vec<&str> = value.split(',').map(str::trim).collect();
                let order = ["insert", "update", "delete", "truncate"];
                let kept: Vec<String> = order.into_iter().filter(|one| all.contains(one)).map(str::to_owned).collect();
                let whole = kept.len() == order.len();
                put_list(attributes, "publish", if whole { Vec::new() } else { kept });
            }
            "publish_via_partition_root" => {
                let on = matches!(value.as_str(), "yes" | "true" | "on" | "1");
                put_list(attributes, &name, if on { vec!["yes".to_owned()] } else { Vec::new() });
            }
            _ => {
                attributes.insert(name, value);
            }
        }
    }
}
