//! What is compared by its text: rules, event triggers, publications, statistics, collations, casts, operators, servers and the like.
use super::run::{Done, Refusal};
use super::state::State;
use super::words::{Words, joined, quoted, unquoted};
use crate::engines::schema::catalog::{Key, Kind, Name, Other, Touches};
use crate::engines::schema::postgres::normal;
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};
use std::collections::BTreeMap;

/// Attributes by their names.
pub(super) type Attributes = BTreeMap<String, String>;

impl State {
    /// Applies a statement about one of these. `None` when it is about something else.
    pub(super) fn other(&mut self, statement: &ast::Stmt) -> Option<Done> {
        use ast::Stmt;
        let node = statement.syntax();
        Some(match statement {
            Stmt::CreateRule(_) => self.create_rule(node),
            Stmt::CreateEventTrigger(_) => self.create_event_trigger(node),
            Stmt::CreatePublication(_) => self.create_publication(node),
            Stmt::AlterPublication(_) => self.alter_publication(node),
            Stmt::CreateStatistics(_) => self.create_statistics(node),
            Stmt::CreateCollation(_) => self.create_collation(node),
            Stmt::CreateCast(_)
            | Stmt::CreateOperator(_)
            | Stmt::CreateOperatorClass(_)
            | Stmt::CreateOperatorFamily(_)
            | Stmt::CreateTextSearchConfiguration(_)
            | Stmt::CreateTextSearchDictionary(_)
            | Stmt::CreateForeignDataWrapper(_)
            | Stmt::CreateServer(_)
            | Stmt::CreateUserMapping(_)
            | Stmt::CreateLanguage(_)
            | Stmt::CreateConversion(_)
            | Stmt::CreateAccessMethod(_)
            | Stmt::CreateTransform(_)
            | Stmt::CreateTextSearchParser(_)
            | Stmt::CreateTextSearchTemplate(_) => self.create_other(node),
            Stmt::AlterTextSearchConfiguration(_) => self.alter_text_search(node),
            Stmt::AlterRule(_)
            | Stmt::AlterEventTrigger(_)
            | Stmt::AlterStatistics(_)
            | Stmt::AlterCollation(_)
            | Stmt::AlterOperator(_)
            | Stmt::AlterOperatorClass(_)
            | Stmt::AlterOperatorFamily(_)
            | Stmt::AlterTextSearchDictionary(_)
            | Stmt::AlterTextSearchParser(_)
            | Stmt::AlterTextSearchTemplate(_)
            | Stmt::AlterForeignDataWrapper(_)
            | Stmt::AlterServer(_)
            | Stmt::AlterUserMapping(_)
            | Stmt::AlterLanguage(_)
            | Stmt::AlterConversion(_) => self.alter_other(node),
            Stmt::DropRule(_)
            | Stmt::DropEventTrigger(_)
            | Stmt::DropPublication(_)
            | Stmt::DropStatistics(_)
            | Stmt::DropCollation(_)
            | Stmt::DropCast(_)
            | Stmt::DropOperator(_)
            | Stmt::DropOperatorClass(_)
            | Stmt::DropOperatorFamily(_)
            | Stmt::DropTextSearchConfig(_)
            | Stmt::DropTextSearchDict(_)
            | Stmt::DropTextSearchParser(_)
            | Stmt::DropTextSearchTemplate(_)
            | Stmt::DropForeignDataWrapper(_)
            | Stmt::DropServer(_)
            | Stmt::DropUserMapping(_)
            | Stmt::DropLanguage(_)
            | Stmt::DropConversion(_)
            | Stmt::DropAccessMethod(_)
            | Stmt::DropTransform(_) => self.drop_other(node),
            _ => return None,
        })
    }

    /// Puts one in, in place of an earlier one when that is allowed.
    pub(super) fn put_other(&mut self, key: Key, attributes: Attributes, replace: bool) -> Done {
        self.touch_other(&key);
        let meta = match self.catalog.others.get(&key) {
            Some(other) if replace => other.meta.clone(),
            Some(_) => return State::fails("an object of this name exists already"),
            None => self.create(&key),
        };
        self.catalog.others.insert(key, Other { meta, attributes });
        Ok(())
    }

    fn create_rule(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("CREATE");
        let replace = words.eat("OR REPLACE");
        words.eat("RULE");
        let Some(name) = words.name() else { return State::not_understood() };
        words.eat("AS ON");
        words.next();
        words.eat("TO");
        let before = words.here();
        let Some((schema, table)) = words.qualified() else { return State::not_understood() };
        let Some(table) = self.relation(schema.as_deref(), &table) else {
            return State::lost("the table of the rule is not known");
        };
        // The table with its schema, as the server prints it.
        let behind = words.rest();
        words.back(0);
        let head = words.head(before);
        let text = format!("{head} {} {behind}", State::printed(&table))
            .replacen("OR REPLACE ", "", 1)
            .replace(" DO ALSO ", " DO ")
            .replace(" do also ", " do ");
        let attributes = Attributes::from([("definition".to_owned(), normal::statement(&text))]);
        self.put_other(Key::part(Kind::Rule, &table, name), attributes, replace)
    }

    fn create_event_trigger(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("CREATE EVENT TRIGGER");
        let Some(name) = words.name() else { return State::not_understood() };
        words.eat("ON");
        let mut attributes = Attributes::new();
        attributes.insert("event".to_owned(), words.name().unwrap_or_default());
        if words.eat("WHEN") {
            let mut tags = Vec::new();
            let condition = words.until(&["EXECUTE"]);
            let mut inner = Words::parse(&condition);
            while !inner.done() {
                match inner.string() {
                    Some(tag) => tags.push(tag.to_uppercase()),
                    None => {
                        inner.next();
                    }
                }
            }
            tags.sort();
            attributes.insert("tags".to_owned(), tags.join(", "));
        }
        words.eat("EXECUTE");
        words.next();
        let Some((schema, function)) = words.qualified() else { return State::not_understood() };
        let function = self.routine_text(schema.as_deref(), &function);
        attributes.insert("function".to_owned(), format!("{function}()"));
        self.put_other(Key::top(Kind::EventTrigger, &Name::new("", name)), attributes, false)
    }

    fn create_statistics(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("CREATE STATISTICS");
        let conditional = words.eat("IF NOT EXISTS");
        self.now.flags.conditional |= conditional;
        let named = if words.is("ON") || words.is("(") { None } else { words.qualified() };
        let kinds = words.parens().map(|list| format!(" ({list})")).unwrap_or_default();
        words.eat("ON");
        let on = words.until(&["FROM"]);
        let text = format!("CREATE STATISTICS s{kinds} ON {on} FROM t");
        words.eat("FROM");
        let table = words.qualified().and_then(|(schema, name)| self.table(schema.as_deref(), &name));
        let Some(table) = table else { return State::lost("the table of the statistics is not known") };
        let Some((schema, name)) = named else {
            return Err(Refusal::unmodelled(
                "statistics without a name are not modelled",
                Touches::Objects(vec![State::table_key(&table)]),
            ));
        };
        let name = self.new_name(schema.as_deref(), &name);
        let key = Key::top(Kind::Statistics, &name);
        if conditional && self.catalog.others.contains_key(&key) {
            self.now.flags.skipped = true;
            return Ok(());
        }
        let (kinds, mut on) = normal::statistics(&text);
        // Columns come in the order of the table, expressions behind them.
        let columns: Vec<String> = self.columns_of_table(&table).into_iter().map(|(name, _)| quoted(&name)).collect();
        on.sort_by_key(|one| columns.iter().position(|column| column == one).unwrap_or(usize::MAX));
        let mut attributes = Attributes::from([("table".to_owned(), table.to_string())]);
        for (word, list) in [("kinds", kinds), ("on", on)] {
            if !list.is_empty() {
                attributes.insert(word.to_owned(), list.join(", "));
            }
        }
        self.put_other(key, attributes, false)
    }

    fn create_collation(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("CREATE COLLATION");
        let conditional = words.eat("IF NOT EXISTS");
        self.now.flags.conditional |= conditional;
        let Some((schema, name)) = words.qualified() else { return State::not_understood() };
        let key = Key::top(Kind::Collation, &self.new_name(schema.as_deref(), &name));
        if conditional && self.catalog.others.contains_key(&key) {
            self.now.flags.skipped = true;
            return Ok(());
        }
        if words.eat("FROM") {
            let from = words.qualified().map(|(_, name)| name).unwrap_or_default();
            let mut attributes = Attributes::from([("locale".to_owned(), from.clone())]);
            if let Some(locale) = from.strip_suffix("-x-icu") {
                attributes = Attributes::from([
                    ("provider".to_owned(), "icu".to_owned()),
                    ("locale".to_owned(), locale.to_owned()),
                ]);
            }
            return self.put_other(key, attributes, false);
        }
        let options = super::routine::definition(&words.parens().unwrap_or_default());
        let mut attributes = Attributes::new();
        for (option, value) in options {
            let value = unquoted(&value).unwrap_or(value);
            match option.as_str() {
                "provider" if value.eq_ignore_ascii_case("libc") => {}
                "provider" => {
                    attributes.insert(option, value.to_lowercase());
                }
                "deterministic" => {
                    if matches!(value.to_lowercase().as_str(), "false" | "no" | "off" | "0") {
                        attributes.insert(option, "no".to_owned());
                    }
                }
                _ => {
                    attributes.insert(option, value);
                }
            }
        }
        if self.catalog.server.version.0 >= 16
            && attributes.get("provider").is_some_and(|one| one == "icu")
            && let Some(locale) = attributes.get_mut("locale")
        {
            *locale = language_tag(locale);
        }
        if attributes.contains_key("lc_collate") && attributes.get("lc_collate") == attributes.get("lc_ctype") {
            let locale = attributes.remove("lc_collate").unwrap_or_default();
            attributes.remove("lc_ctype");
            attributes.insert("locale".to_owned(), locale);
        }
        self.put_other(key, attributes, false)
    }

    /// Owners are not compared; names, options and everything else is.
    fn alter_other(&mut self, node: &SyntaxNode) -> Done {
        let text = joined(&node.text().to_string());
        let mut words = Words::of(node);
        words.eat("ALTER");
        let Some((key, _)) = self.named_other(&mut words) else {
            return match text.to_uppercase().contains(" OWNER TO ") {
                true => Ok(()),
                false => State::lost("the object that it names is not known"),
            };
        };
        if words.eat("OWNER TO") || words.eat("REFRESH VERSION") {
            return Ok(());
        }
        if words.eat("RENAME TO") || words.eat("SET SCHEMA") {
            words.back(words.here() - 2);
            let rename = words.eat("RENAME TO");
            words.eat("SET SCHEMA");
            let Some(word) = words.name() else { return State::not_understood() };
            let after = match (rename, key.kind) {
                (false, _) => Key { schema: word, ..key.clone() },
                (true, Kind::Other) => {
                    let kind = OTHERS
                        .iter()
                        .find(|(_, kind)| key.name.starts_with(&format!("{kind} ")))
                        .map_or("", |(_, kind)| kind);
                    let tail = key
                        .name
                        .split_once(" USING ")
                        .map(|(_, method)| format!(" USING {method}"))
                        .unwrap_or_default();
                    Key { name: format!("{kind} {word}{tail}"), ..key.clone() }
                }
                (true, _) => Key { name: word, ..key.clone() },
            };
            return self.move_other(&key, after);
        }
        if key.kind == Kind::EventTrigger {
            let state = match words.eat_any(&["ENABLE REPLICA", "ENABLE ALWAYS", "ENABLE", "DISABLE"]) {
                Some("ENABLE REPLICA") => Some("replica"),
                Some("ENABLE ALWAYS") => Some("always"),
                Some("DISABLE") => Some("disabled"),
                _ => None,
            };
            self.touch_other(&key);
            if let Some(other) = self.catalog.others.get_mut(&key) {
                match state {
                    Some(state) => other.attributes.insert("enabled".to_owned(), state.to_owned()),
                    None => other.attributes.remove("enabled"),
                };
            }
            return Ok(());
        }
        if key.kind == Kind::Statistics && words.eat("SET STATISTICS") {
            let target = words.rest().replace(' ', "");
            self.touch_other(&key);
            if let Some(other) = self.catalog.others.get_mut(&key) {
                match target.as_str() {
                    "-1" | "DEFAULT" => other.attributes.remove("target"),
                    _ => other.attributes.insert("target".to_owned(), target),
                };
            }
            return Ok(());
        }
        Err(Refusal::unmodelled("this change is not modelled", Touches::Objects(vec![key])))
    }

    fn move_other(&mut self, before: &Key, after: Key) -> Done {
        self.touch_other(before);
        self.touch_other(&after);
        if let Some(other) = self.catalog.others.remove(before) {
            self.catalog.others.insert(after, other);
        }
        Ok(())
    }

    fn drop_other(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("DROP");
        let start = words.here();
        loop {
            let Some((key, conditional)) = self.named_other(&mut words) else {
                let conditional = joined(&node.text().to_string()).to_uppercase().contains(" IF EXISTS ");
                self.now.flags.conditional |= conditional;
                self.now.flags.skipped |= conditional;
                return if conditional { Ok(()) } else { State::lost("the object that it names is not known") };
            };
            self.now.flags.conditional |= conditional;
            self.touch_other(&key);
            self.catalog.others.remove(&key);
            if !words.is(",") {
                break;
            }
            // The next name comes behind the same words of kind.
            let next = words.rest();
            words.back(start);
            let kind = words.kind_words();
            words = Words::parse(&format!("{kind} {}", next.trim_start_matches(',')));
        }
        self.now.flags.cascade |= words.eat("CASCADE");
        Ok(())
    }

    /// Reads kind and name of one of these, behind CREATE, ALTER or DROP, and finds it.
    fn named_other(&self, words: &mut Words) -> Option<(Key, bool)> {
        let kinds = [
            ("RULE", Kind::Rule),
            ("EVENT TRIGGER", Kind::EventTrigger),
            ("PUBLICATION", Kind::Publication),
            ("STATISTICS", Kind::Statistics),
            ("COLLATION", Kind::Collation),
        ];
        for (word, kind) in kinds {
            if !words.eat(word) {
                continue;
            }
            let conditional = words.eat("IF EXISTS");
            let (schema, name) = words.qualified()?;
            if kind == Kind::Rule {
                words.eat("ON");
                let (schema, table) = words.qualified()?;
                let table = self.relation(schema.as_deref(), &table)?;
                let key = Key::part(Kind::Rule, &table, name);
                return self.catalog.others.contains_key(&key).then_some((key, conditional));
            }
            let schemas = match kind {
                Kind::Statistics | Kind::Collation => self.schemas_of(schema.as_deref()),
                _ => vec![String::new()],
            };
            let keys = schemas.into_iter().map(|schema| Key::top(kind, &Name::new(schema, &*name)));
            let key = keys.into_iter().find(|key| self.catalog.others.contains_key(key))?;
            return Some((key, conditional));
        }
        let start = words.here();
        let kind = words.kind_words();
        let conditional = words.eat("IF EXISTS");
        let target = self.other_name(&kind, words);
        let found = target.and_then(|name| self.find_other(&kind, &name));
        if found.is_none() {
            words.back(start);
        }
        found.map(|key| (key, conditional))
    }

    /// The key of an object as `COMMENT ON` names it.
    pub(super) fn other_key(&self, target: &str) -> Option<Key> {
        self.named_other(&mut Words::parse(target)).map(|(key, _)| key)
    }

    fn find_other(&self, kind: &str, (schema, name): &(Option<String>, String)) -> Option<Key> {
        let word = OTHERS.iter().find(|(words, _)| *words == kind).map(|(_, word)| *word)?;
        let mut schemas = self.schemas_of(schema.as_deref());
        schemas.push(String::new());
        let keys =
            schemas.into_iter().map(|schema| Key::top(Kind::Other, &Name::new(schema, format!("{word} {name}"))));
        keys.into_iter().find(|key| self.catalog.others.contains_key(key))
    }

    /// A table or view has another name: rules stand under it, publications and statistics name it.
    pub(super) fn others_moved(&mut self, before: &Name, after: &Name) {
        let keys: Vec<Key> = self
            .catalog
            .others
            .keys()
            .filter(|key| {
                matches!(key.kind, Kind::Rule | Kind::Other) && key.table == before.name && key.schema == before.schema
            })
            .cloned()
            .collect();
        for key in keys {
            let moved = Key { schema: after.schema.clone(), table: after.name.clone(), ..key.clone() };
            let _ = self.move_other(&key, moved.clone());
            if let Some(other) = self.catalog.others.get_mut(&moved) {
                for value in other.attributes.values_mut() {
                    *value = super::words::renamed_path(value, before, after);
                }
            }
        }
        self.edit_others(&|attribute, value| {
            matches!(attribute, "table" | "tables").then(|| super::words::renamed_path(value, before, after))
        });
    }

    /// A table or view is gone.
    pub(super) fn others_dropped(&mut self, name: &Name) {
        let text = name.to_string();
        let keys: Vec<Key> = self
            .catalog
            .others
            .iter()
            .filter(|(key, other)| {
                (matches!(key.kind, Kind::Rule | Kind::Other) && key.table == name.name && key.schema == name.schema)
                    || (key.kind == Kind::Statistics && other.attributes.get("table") == Some(&text))
            })
            .map(|(key, _)| key.clone())
            .collect();
        for key in keys {
            self.touch_other(&key);
            self.catalog.others.remove(&key);
        }
        let path = format!("{}.{}", quoted(&name.schema), quoted(&name.name));
        self.edit_others(&|attribute, value| {
            let all = super::publication::entries(value);
            let rest: Vec<&str> = all
                .iter()
                .map(String::as_str)
                .filter(|one| {
                    one.split([' ', '(']).next() != Some(&text) && one.split([' ', '(']).next() != Some(&path)
                })
                .collect();
            (attribute == "tables").then(|| rest.join(", "))
        });
    }

    /// A column has another name: statistics and publications name it.
    pub(super) fn others_column_renamed(&mut self, table: &Name, before: &str, after: &str) {
        let (own, old, new) = (table.to_string(), quoted(before), quoted(after));
        let keys: Vec<Key> = self
            .catalog
            .others
            .iter()
            .filter(|(key, other)| key.kind == Kind::Statistics && other.attributes.get("table") == Some(&own))
            .map(|(key, _)| key.clone())
            .collect();
        for key in keys {
            self.touch_other(&key);
            let Some(on) = self.catalog.others.get_mut(&key).and_then(|other| other.attributes.get_mut("on")) else {
                continue;
            };
            let all = super::publication::entries(on);
            *on = all.iter().map(|one| if *one == old { new.as_str() } else { one }).collect::<Vec<_>>().join(", ");
        }
    }

    fn edit_others(&mut self, edit: &dyn Fn(&str, &str) -> Option<String>) {
        let mut changed = Vec::new();
        for (key, other) in &self.catalog.others {
            for (attribute, value) in &other.attributes {
                if let Some(new) = edit(attribute, value).filter(|new| new != value) {
                    changed.push((key.clone(), attribute.clone(), new));
                }
            }
        }
        for (key, attribute, value) in changed {
            self.touch_other(&key);
            if let Some(other) = self.catalog.others.get_mut(&key) {
                match value.is_empty() {
                    true => other.attributes.remove(&attribute),
                    false => other.attributes.insert(attribute, value),
                };
            }
        }
    }
}

/// A locale of ICU as a language tag: `en_US@colNumeric=yes` is `en-US-u-kn-true`.
fn language_tag(locale: &str) -> String {
    let (base, keywords) = locale.split_once('@').unwrap_or((locale, ""));
    let base = if base.is_empty() { "und".to_owned() } else { base.replace('_', "-") };
    let mut all: Vec<String> = Vec::new();
    for (name, value) in keywords.split(';').filter_map(|one| one.split_once('=')) {
        let key = match name {
            "colAlternate" => "ka",
            "colBackwards" => "kb",
            "colCaseLevel" => "kc",
            "colCaseFirst" => "kf",
            "colNormalization" => "kk",
            "colNumeric" => "kn",
            "colReorder" => "kr",
            "colStrength" => "ks",
            "collation" => "co",
            _ => return locale.to_owned(),
        };
        let value = match value {
            "yes" => "true",
            "no" => "false",
            "primary" => "level1",
            "secondary" => "level2",
            "tertiary" => "level3",
            "quaternary" => "level4",
            "identical" => "identic",
            "non-ignorable" => "noignore",
            "phonebook" => "phonebk",
            other => other,
        };
        all.push(format!("{key}-{value}"));
    }
    all.sort();
    match all.is_empty() {
        true => base,
        false => format!("{base}-u-{}", all.join("-")),
    }
}

/// Kinds by their words in statements and in keys.
pub(super) const OTHERS: [(&str, &str); 16] = [
    ("CAST", "cast"),
    ("OPERATOR CLASS", "operator class"),
    ("OPERATOR FAMILY", "operator family"),
    ("OPERATOR", "operator"),
    ("TEXT SEARCH CONFIGURATION", "text search configuration"),
    ("TEXT SEARCH DICTIONARY", "text search dictionary"),
    ("TEXT SEARCH PARSER", "text search parser"),
    ("TEXT SEARCH TEMPLATE", "text search template"),
    ("FOREIGN DATA WRAPPER", "foreign data wrapper"),
    ("SERVER", "server"),
    ("USER MAPPING", "user mapping"),
    ("PROCEDURAL LANGUAGE", "language"),
    ("LANGUAGE", "language"),
    ("CONVERSION", "conversion"),
    ("ACCESS METHOD", "access method"),
    ("TRANSFORM", "transform"),
];
