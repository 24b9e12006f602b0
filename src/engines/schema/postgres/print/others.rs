//! What is compared by its text: rules, event triggers, publications, statistics, collations, text search, operators, casts, servers.
use super::Writer;
use super::text::{self, full, ident, literal};
use crate::engines::schema::catalog::{Key, Kind, Name, Other};

/// When something is made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Before types and tables.
    Early,
    /// When routines and tables are there, before indexes and views.
    Middle,
    /// At the end.
    Late,
}

fn word(key: &Key) -> (&str, &str) {
    const WORDS: [&str; 14] = [
        "text search configuration",
        "text search dictionary",
        "operator class",
        "operator family",
        "operator",
        "cast",
        "foreign data wrapper",
        "user mapping",
        "server",
        "language",
        "conversion",
        "access method",
        "transform",
        "",
    ];
    let word = WORDS.iter().find(|word| key.name.strip_prefix(**word).is_some_and(|rest| rest.starts_with(' ')));
    let word = word.copied().unwrap_or_default();
    (word, key.name.get(word.len()..).unwrap_or_default().trim_start())
}

fn stage(key: &Key) -> Stage {
    match key.kind {
        Kind::Collation => Stage::Early,
        Kind::Other => match word(key).0 {
            "operator" | "cast" | "operator class" | "operator family" | "conversion" | "transform" => Stage::Middle,
            _ => Stage::Early,
        },
        _ => Stage::Late,
    }
}

/// What reads tables, and goes before they change.
fn code(key: &Key) -> bool {
    stage(key) == Stage::Late
}

impl Writer<'_> {
    /// Those that are gone or others now, first.
    pub(super) fn drop_others(&mut self) {
        let (before, after) = (self.before, self.after);
        for (key, old) in before.others.iter().filter(|(key, _)| key.kind != Kind::DefaultPrivileges) {
            let Some(new) = after.others.get(key) else {
                if code(key) && self.table_stays(key) {
                    self.drop_other(key);
                }
                continue;
            };
            if old.attributes != new.attributes || self.lost(key, old) {
                self.drop_other(key);
            }
        }
    }

    fn table_stays(&self, key: &Key) -> bool {
        key.table_name().is_none_or(|table| {
            let kept = self.after.views.contains_key(&table) && !self.again.contains(&table);
            self.after.tables.contains_key(&table) || kept
        })
    }

    /// A rule whose table or view changes under it, or goes and comes again.
    fn lost(&self, key: &Key, other: &Other) -> bool {
        let Some(table) = key.table_name().filter(|_| key.kind == Kind::Rule) else { return false };
        self.again.contains(&table)
            || self.touched.iter().any(|name| {
                let definition = other.attributes.get("definition").map(String::as_str).unwrap_or_default();
                *name == table || text::mentions(definition, &name.name)
            })
    }

    fn drop_other(&mut self, key: &Key) {
        if key.table_name().is_some_and(|table| self.again.contains(&table)) {
            return;
        }
        let sql = drop_other(key).unwrap_or_else(|| format!("-- not written: DROP {key}"));
        self.script.push(key, sql);
    }

    /// Those that are new or were dropped above: what tables are made of early, what reads tables late.
    pub(super) fn others(&mut self, stage: Stage) {
        let (before, after) = (self.before, self.after);
        for (key, new) in &after.others {
            let same =
                before.others.get(key).is_some_and(|old| old.attributes == new.attributes && !self.lost(key, old));
            if same || self::stage(key) != stage || key.kind == Kind::DefaultPrivileges {
                continue;
            }
            let sql = create_other(key, new);
            if sql.is_empty() {
                self.script.push(key, format!("-- not written: {} {key}", key.kind.word()));
            }
            sql.into_iter().for_each(|sql| self.script.push(key, sql));
        }
    }

    /// What is gone and stood in nobody's way.
    pub(super) fn drop_other_rest(&mut self) {
        let (before, after) = (self.before, self.after);
        for key in before.others.keys().filter(|key| !after.others.contains_key(*key) && !code(key)) {
            if key.kind != Kind::DefaultPrivileges {
                self.drop_other(key);
            }
        }
    }
}

fn drop_other(key: &Key) -> Option<String> {
    let own = Name::new(&*key.schema, &*key.name);
    Some(match key.kind {
        Kind::Rule => format!("DROP RULE {} ON {}", ident(&key.name), full(&key.table_name()?)),
        Kind::EventTrigger => format!("DROP EVENT TRIGGER {}", ident(&key.name)),
        Kind::Publication => format!("DROP PUBLICATION {}", ident(&key.name)),
        Kind::Statistics => format!("DROP STATISTICS {}", full(&own)),
        Kind::Collation => format!("DROP COLLATION {}", full(&own)),
        Kind::Other => match word(key) {
            ("text search configuration", name) => format!("DROP TEXT SEARCH CONFIGURATION {}", within(key, name)),
            ("text search dictionary", name) => format!("DROP TEXT SEARCH DICTIONARY {}", within(key, name)),
            ("operator", name) => format!("DROP OPERATOR {}.{name}", ident(&key.schema)),
            ("cast", name) => format!("DROP CAST ({name})"),
            ("server", name) => format!("DROP SERVER {}", ident(name)),
            ("foreign data wrapper", name) => format!("DROP FOREIGN DATA WRAPPER {}", ident(name)),
            _ => return None,
        },
        _ => return None,
    })
}

fn within(key: &Key, name: &str) -> String {
    full(&Name::new(&*key.schema, name))
}

/// Statements that make an object of kind `Other`; none when it is not written.
fn create_named(key: &Key, other: &Other) -> Vec<String> {
    let get = |name: &str| other.attributes.get(name).map(String::as_str);
    let (kind, name) = word(key);
    match kind {
        "text search configuration" => {
            let own = within(key, name);
            let parser = get("parser").unwrap_or("default");
            let parser = if parser.contains('.') { parser.to_owned() } else { format!("pg_catalog.{}", ident(parser)) };
            let mut all = vec![format!("CREATE TEXT SEARCH CONFIGURATION {own} (PARSER = {parser})")];
            for (token, dictionaries) in
                get("mappings").into_iter().flat_map(|all| all.split("; ")).filter_map(|one| one.split_once(": "))
            {
                all.push(format!(
                    "ALTER TEXT SEARCH CONFIGURATION {own} ADD MAPPING FOR {} WITH {dictionaries}",
                    ident(token)
                ));
            }
            all
        }
        "text search dictionary" => {
            let options = get("options").map(|options| format!(", {options}")).unwrap_or_default();
            let template = get("template").unwrap_or("simple");
            vec![format!("CREATE TEXT SEARCH DICTIONARY {} (TEMPLATE = {template}{options})", within(key, name))]
        }
        "operator" => operator(key, name, other).into_iter().collect(),
        "cast" => {
            let how = match (get("method"), get("function")) {
                (Some("with inout"), _) => "WITH INOUT".to_owned(),
                (_, Some(function)) => format!("WITH FUNCTION {function}"),
                _ => "WITHOUT FUNCTION".to_owned(),
            };
            let context = get("context").map(|context| format!(" AS {}", context.to_uppercase())).unwrap_or_default();
            vec![format!("CREATE CAST ({name}) {how}{context}")]
        }
        // Their options are kept in a form that is not that of the DDL.
        "foreign data wrapper" if get("options").is_none() => {
            let part =
                |word: &str| get(word).map(|name| format!(" {} {name}", word.to_uppercase())).unwrap_or_default();
            vec![format!("CREATE FOREIGN DATA WRAPPER {}{}{}", ident(name), part("handler"), part("validator"))]
        }
        "server" if get("options").is_none() => {
            let part = |word: &str| {
                get(word).map(|text| format!(" {} {}", word.to_uppercase(), literal(text))).unwrap_or_default()
            };
            let wrapper = get("wrapper").map(ident).unwrap_or_default();
            vec![format!(
                "CREATE SERVER {}{}{} FOREIGN DATA WRAPPER {wrapper}",
                ident(name),
                part("type"),
                part("version")
            )]
        }
        _ => Vec::new(),
    }
}

fn operator(key: &Key, name: &str, other: &Other) -> Option<String> {
    let get = |name: &str| other.attributes.get(name).map(String::as_str);
    let (sign, sides) = name.split_once(" (")?;
    let (left, right) = sides.strip_suffix(')')?.split_once(", ")?;
    let mut parts = vec![format!("FUNCTION = {}", get("function")?)];
    for (word, side) in [("LEFTARG", left), ("RIGHTARG", right)] {
        if side != "NONE" {
            parts.push(format!("{word} = {side}"));
        }
    }
    for word in ["commutator", "negator", "restrict", "join"] {
        parts.extend(get(word).map(|value| format!("{} = {value}", word.to_uppercase())));
    }
    for word in ["hashes", "merges"] {
        parts.extend(get(word).map(|_| word.to_uppercase()));
    }
    Some(format!("CREATE OPERATOR {}.{sign} ({})", ident(&key.schema), parts.join(", ")))
}

fn create_other(key: &Key, other: &Other) -> Vec<String> {
    if key.kind == Kind::Other { create_named(key, other) } else { create_kind(key, other).into_iter().collect() }
}

fn create_kind(key: &Key, other: &Other) -> Option<String> {
    let own = Name::new(&*key.schema, &*key.name);
    let get = |name: &str| other.attributes.get(name).map(String::as_str);
    match key.kind {
        Kind::Rule => get("definition").map(str::to_owned),
        Kind::EventTrigger => {
            let tags = get("tags")
                .map(|tags| format!(" WHEN TAG IN ({})", tags.split(", ").map(literal).collect::<Vec<_>>().join(", ")));
            Some(format!(
                "CREATE EVENT TRIGGER {} ON {}{} EXECUTE FUNCTION {}",
                ident(&key.name),
                get("event")?,
                tags.unwrap_or_default(),
                get("function")?
            ))
        }
        Kind::Publication => {
            let what = match (get("all tables"), get("tables"), get("schemas")) {
                (Some(_), ..) => " FOR ALL TABLES".to_owned(),
                (None, Some(tables), _) => format!(" FOR TABLE {tables}"),
                (None, None, Some(schemas)) => format!(" FOR TABLES IN SCHEMA {schemas}"),
                (None, None, None) => String::new(),
            };
            let publish =
                get("publish").map(|publish| format!(" WITH (publish = {})", literal(publish))).unwrap_or_default();
            Some(format!("CREATE PUBLICATION {}{what}{publish}", ident(&key.name)))
        }
        Kind::Statistics => {
            let kinds = get("kinds").map(|kinds| format!(" ({kinds})")).unwrap_or_default();
            Some(format!("CREATE STATISTICS {}{kinds} ON {} FROM {}", full(&own), get("on")?, get("table")?))
        }
        Kind::Collation => {
            let parts = ["provider", "locale", "lc_collate", "lc_ctype", "rules"]
                .into_iter()
                .filter_map(|name| Some(format!("{name} = {}", literal(get(name)?))));
            let deterministic = get("deterministic").map(|_| "deterministic = false".to_owned());
            Some(format!(
                "CREATE COLLATION {} ({})",
                full(&own),
                parts.chain(deterministic).collect::<Vec<_>>().join(", ")
            ))
        }
        _ => None,
    }
}
