//! Casts, operators, text search, servers, languages and the like: what their CREATE says, as attributes.
use super::other::{Attributes, OTHERS};
use super::run::{Done, Refusal};
use super::state::State;
use super::words::{Words, unquoted};
use crate::engines::schema::catalog::{Key, Kind, Name, Touches};
use squawk_syntax::SyntaxNode;

/// Token types of the default parser that are words of plain letters, other words, and everything else.
const ASCII: [&str; 3] = ["asciihword", "asciiword", "hword_asciipart"];
const LETTERS: [&str; 3] = ["hword", "hword_part", "word"];
const REST: [&str; 13] = [
    "email",
    "file",
    "float",
    "host",
    "hword_numpart",
    "int",
    "numhword",
    "numword",
    "sfloat",
    "uint",
    "url",
    "url_path",
    "version",
];

impl State {
    /// The name of one of these as its key holds it.
    pub(super) fn other_name(&self, kind: &str, words: &mut Words) -> Option<(Option<String>, String)> {
        match kind {
            "CAST" => {
                let inner = words.parens()?;
                let mut inner = Words::parse(&inner);
                let from = self.type_of(&inner.until(&["AS"]));
                inner.eat("AS");
                let to = self.type_of(&inner.rest());
                Some((None, format!("{from} AS {to}")))
            }
            "OPERATOR" => {
                let name = words.until(&["("]);
                let (schema, name) = match name.rsplit_once('.') {
                    Some((schema, name)) => (Some(schema.to_owned()), name.to_owned()),
                    None => (None, name),
                };
                let inner = words.parens()?;
                let sides: Vec<String> = inner
                    .split(',')
                    .map(|one| {
                        if one.trim().eq_ignore_ascii_case("none") {
                            "NONE".to_owned()
                        } else {
                            self.parameter_type(one).to_string()
                        }
                    })
                    .collect();
                Some((schema, format!("{} ({})", name.trim(), sides.join(", "))))
            }
            "OPERATOR CLASS" | "OPERATOR FAMILY" => {
                let (schema, name) = words.qualified()?;
                words.eat("USING");
                let method = words.name()?;
                Some((schema, format!("{name} USING {method}")))
            }
            "USER MAPPING" => {
                words.eat("IF NOT EXISTS");
                words.eat("FOR");
                let user = match words.name()?.as_str() {
                    "user" | "current_user" | "current_role" | "session_user" => "postgres".to_owned(),
                    other => other.to_owned(),
                };
                words.eat("SERVER");
                Some((None, format!("{user} SERVER {}", words.name()?)))
            }
            "TRANSFORM" => {
                words.eat("FOR");
                let data_type = self.type_of(&words.until(&["LANGUAGE"]));
                words.eat("LANGUAGE");
                Some((None, format!("{data_type} FOR {}", words.name()?)))
            }
            _ => words.string().map(|name| (None, name)).or_else(|| words.qualified()),
        }
    }

    /// `CREATE` of one of these.
    pub(super) fn create_other(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("CREATE");
        let replace = words.eat("OR REPLACE");
        words.eat("TRUSTED");
        words.eat("DEFAULT");
        let kind = words.kind_words();
        let conditional = words.eat("IF NOT EXISTS");
        self.now.flags.conditional |= conditional;
        let Some((_, word)) = OTHERS.iter().find(|(words, _)| *words == kind) else { return State::not_understood() };
        if kind == "OPERATOR" {
            return self.create_operator(&mut words);
        }
        let named = match kind.as_str() {
            "OPERATOR CLASS" => words.qualified(),
            _ => self.other_name(&kind, &mut words),
        };
        let Some((schema, name)) = named else { return State::not_understood() };
        let schema = match kind.as_str() {
            "CAST"
            | "FOREIGN DATA WRAPPER"
            | "SERVER"
            | "USER MAPPING"
            | "PROCEDURAL LANGUAGE"
            | "LANGUAGE"
            | "ACCESS METHOD"
            | "TRANSFORM" => String::new(),
            _ => self.new_name(schema.as_deref(), "").schema,
        };
        let mut key = Key::top(Kind::Other, &Name::new(schema, format!("{word} {name}")));
        let attributes = match kind.as_str() {
            "CAST" => self.cast(&mut words),
            "FOREIGN DATA WRAPPER" => self.wrapper(&mut words),
            "SERVER" => server(&mut words),
            "USER MAPPING" => Attributes::new(),
            "TEXT SEARCH CONFIGURATION" => self.configuration(&mut words),
            "TEXT SEARCH DICTIONARY" => self.dictionary(&mut words),
            "LANGUAGE" | "PROCEDURAL LANGUAGE" if matches!(name.as_str(), "plpgsql" | "c" | "sql" | "internal") => {
                return Ok(());
            }
            "OPERATOR CLASS" => {
                words.until(&["USING"]);
                words.eat("USING");
                key.name = format!("{word} {name} USING {}", words.name().unwrap_or_default());
                return Err(Refusal::unmodelled("operator classes are not modelled", Touches::Objects(vec![key])));
            }
            _ => return Err(Refusal::unmodelled(format!("{word}s are not modelled"), Touches::Objects(vec![key]))),
        };
        if conditional && self.catalog.others.contains_key(&key) {
            self.now.flags.skipped = true;
            return Ok(());
        }
        self.put_other(key, attributes, replace)
    }

    fn cast(&self, words: &mut Words) -> Attributes {
        let mut attributes = Attributes::new();
        if words.eat("WITHOUT FUNCTION") {
            attributes.insert("method".to_owned(), "without function".to_owned());
        } else if words.eat("WITH INOUT") {
            attributes.insert("method".to_owned(), "with inout".to_owned());
        } else if words.eat("WITH FUNCTION")
            && let Some((schema, name)) = words.qualified()
        {
            let types = self.signature_types(words).unwrap_or_default();
            let text = crate::engines::schema::postgres::normal::signature(&types).replace(", ", ",");
            let own =
                self.routines_named(schema.as_deref(), &name).into_iter().next().map(|(name, _)| State::printed(&name));
            attributes.insert("function".to_owned(), format!("{}({text})", own.unwrap_or(name)));
        }
        if words.eat("AS ASSIGNMENT") {
            attributes.insert("context".to_owned(), "assignment".to_owned());
        } else if words.eat("AS IMPLICIT") {
            attributes.insert("context".to_owned(), "implicit".to_owned());
        }
        attributes
    }

    fn create_operator(&mut self, words: &mut Words) -> Done {
        let name = words.until(&["("]);
        let (schema, name) = match name.rsplit_once('.') {
            Some((schema, name)) => (super::words::folded(schema.trim()), name.trim().to_owned()),
            None => (None, name.trim().to_owned()),
        };
        let options = super::routine::definition(&words.parens().unwrap_or_default());
        let side = |word: &str| {
            options.get(word).map_or_else(|| "NONE".to_owned(), |one| self.parameter_type(one).to_string())
        };
        let sides = format!("({}, {})", side("leftarg"), side("rightarg"));
        let schema = self.new_name(schema.as_deref(), "").schema;
        let key = Key::top(Kind::Other, &Name::new(schema, format!("operator {name} {sides}")));
        let mut attributes = Attributes::new();
        for (option, value) in &options {
            let (word, value) = match option.as_str() {
                "function" | "procedure" => ("function", self.function_text(value)),
                "restrict" | "join" => (option.as_str(), self.function_text(value)),
                "commutator" | "negator" => (
                    option.as_str(),
                    value
                        .trim_start_matches("OPERATOR(")
                        .trim_end_matches(')')
                        .rsplit('.')
                        .next()
                        .unwrap_or(value)
                        .to_owned(),
                ),
                "hashes" | "merges" => (option.as_str(), "yes".to_owned()),
                _ => continue,
            };
            attributes.insert(word.to_owned(), value);
        }
        self.put_other(key, attributes, false)
    }

    fn wrapper(&self, words: &mut Words) -> Attributes {
        let mut attributes = Attributes::new();
        while let Some(word) = words.next() {
            match word.to_uppercase().as_str() {
                word @ ("HANDLER" | "VALIDATOR") => {
                    if let Some((schema, name)) = words.qualified() {
                        let written = schema.map_or_else(|| name.clone(), |schema| format!("{schema}.{name}"));
                        attributes.insert(word.to_lowercase(), self.function_text(&written));
                    }
                }
                "NO" => {
                    words.next();
                }
                "OPTIONS" => options(words, &mut attributes),
                _ => {}
            }
        }
        attributes
    }

    /// A text search object as it is named in attributes: without a schema when it is the server's.
    fn search_name(&self, written: &str) -> String {
        let Some((schema, name)) = super::lookup::split_name(written) else { return written.to_owned() };
        match schema.as_deref() {
            Some("pg_catalog") => return name,
            Some(schema) => return format!("{schema}.{name}"),
            None => {}
        }
        for kind in ["dictionary", "configuration", "template", "parser"] {
            let key =
                |schema: &String| Key::top(Kind::Other, &Name::new(&**schema, format!("text search {kind} {name}")));
            if let Some(schema) = self.path.iter().find(|schema| self.catalog.others.contains_key(&key(schema))) {
                return format!("{schema}.{name}");
            }
        }
        match self.catalog.extensions.get(&name) {
            Some(extension) => format!("{}.{name}", extension.schema),
            None => name,
        }
    }

    fn configuration(&self, words: &mut Words) -> Attributes {
        let options = super::routine::definition(&words.parens().unwrap_or_default());
        let Some(copy) = options.get("copy") else {
            let parser = options.get("parser").map_or_else(|| "default".to_owned(), |one| self.search_name(one));
            return Attributes::from([("parser".to_owned(), parser)]);
        };
        let name = self.search_name(copy);
        let own = match name.split_once('.') {
            Some((schema, name)) => {
                Key::top(Kind::Other, &Name::new(schema, format!("text search configuration {name}")))
            }
            None => Key::top(Kind::Other, &Name::new("", &*name)),
        };
        if let Some(other) = self.catalog.others.get(&own) {
            return other.attributes.clone();
        }
        let mut mappings = Vec::new();
        let stem = if name == "simple" { "simple".to_owned() } else { format!("{name}_stem") };
        // Languages with letters of their own read plain letters as English.
        let ascii = match name.as_str() {
            "russian" | "arabic" | "armenian" | "greek" | "hindi" | "nepali" | "serbian" | "tamil" | "yiddish" => {
                "english_stem".to_owned()
            }
            _ => stem.clone(),
        };
        mappings.extend(ASCII.iter().map(|word| format!("{word}: {ascii}")));
        mappings.extend(LETTERS.iter().map(|word| format!("{word}: {stem}")));
        mappings.extend(REST.iter().map(|word| format!("{word}: simple")));
        mappings.sort();
        Attributes::from([("parser".to_owned(), "default".to_owned()), ("mappings".to_owned(), mappings.join("; "))])
    }

    fn dictionary(&self, words: &mut Words) -> Attributes {
        let options = super::routine::definition_in_order(&words.parens().unwrap_or_default());
        let mut attributes = Attributes::new();
        let mut rest = Vec::new();
        for (option, value) in options {
            if option == "template" {
                attributes.insert("template".to_owned(), self.search_name(&value));
            } else {
                let value = unquoted(&value).unwrap_or(value);
                rest.push(format!("{option} = '{}'", value.replace('\'', "''")));
            }
        }
        if !rest.is_empty() {
            attributes.insert("options".to_owned(), rest.join(", "));
        }
        attributes
    }

    /// `ALTER TEXT SEARCH CONFIGURATION`: mappings; names and schemas as of any other.
    pub(super) fn alter_text_search(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("ALTER TEXT SEARCH CONFIGURATION");
        let Some((schema, name)) = words.qualified() else { return State::not_understood() };
        let keys = self.schemas_of(schema.as_deref()).into_iter();
        let keys =
            keys.map(|schema| Key::top(Kind::Other, &Name::new(schema, format!("text search configuration {name}"))));
        let Some(key) = keys.into_iter().find(|key| self.catalog.others.contains_key(key)) else {
            return State::lost("the configuration that it names is not known");
        };
        if words.is("OWNER") {
            return Ok(());
        }
        if !words.is("ADD MAPPING") && !words.is("ALTER MAPPING") && !words.is("DROP MAPPING") {
            return Err(Refusal::unmodelled("this change is not modelled", Touches::Objects(vec![key])));
        }
        let before = self
            .catalog
            .others
            .get(&key)
            .and_then(|other| other.attributes.get("mappings").cloned())
            .unwrap_or_default();
        let mut mappings: Attributes = before
            .split("; ")
            .filter_map(|one| one.split_once(": "))
            .map(|(word, list)| (word.to_owned(), list.to_owned()))
            .collect();
        let drop = words.is("DROP");
        words.next();
        words.eat("MAPPING");
        words.eat("IF EXISTS");
        let tokens = if words.eat("FOR") { words.names() } else { mappings.keys().cloned().collect() };
        let replace = words.eat("REPLACE").then(|| words.until(&["WITH"])).map(|one| self.search_name(&one));
        words.eat("WITH");
        let list: Vec<String> =
            words.rest().split(',').map(|one| self.search_name(one.trim())).filter(|one| !one.is_empty()).collect();
        for token in tokens {
            match (&replace, drop) {
                (_, true) => {
                    mappings.remove(&token);
                }
                (Some(old), _) => {
                    let new = list.first().cloned().unwrap_or_default();
                    mappings.entry(token).and_modify(|value| {
                        *value = value
                            .split(", ")
                            .map(|one| if one == old { new.as_str() } else { one })
                            .collect::<Vec<_>>()
                            .join(", ");
                    });
                }
                (None, _) => {
                    mappings.insert(token, list.join(", "));
                }
            }
        }
        self.touch_other(&key);
        if let Some(other) = self.catalog.others.get_mut(&key) {
            let text = mappings.iter().map(|(word, list)| format!("{word}: {list}")).collect::<Vec<_>>().join("; ");
            other.attributes.insert("mappings".to_owned(), text);
        }
        Ok(())
    }
}

fn server(words: &mut Words) -> Attributes {
    let mut attributes = Attributes::new();
    while let Some(word) = words.next() {
        match word.to_uppercase().as_str() {
            word @ ("TYPE" | "VERSION") => {
                attributes.insert(word.to_lowercase(), words.string().unwrap_or_default());
            }
            "FOREIGN" => {
                words.eat("DATA WRAPPER");
                attributes.insert("wrapper".to_owned(), words.name().unwrap_or_default());
            }
            "OPTIONS" => options(words, &mut attributes),
            _ => {}
        }
    }
    attributes
}

/// `OPTIONS (host 'a', port '1')` as the server keeps it: `host=a, port=1`.
fn options(words: &mut Words, attributes: &mut Attributes) {
    let inner = words.parens().unwrap_or_default();
    let mut inner = Words::parse(&inner);
    let mut all = Vec::new();
    while let Some(name) = inner.name() {
        all.push(format!("{name}={}", inner.string().unwrap_or_default()));
        if !inner.eat(",") {
            break;
        }
    }
    if !all.is_empty() {
        attributes.insert("options".to_owned(), all.join(", "));
    }
}
