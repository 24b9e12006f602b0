//! GRANT, REVOKE and ALTER DEFAULT PRIVILEGES: what others than the owner may do.
use super::policy::roles;
use super::routine::routine_key;
use super::run::{Done, Refusal};
use super::state::State;
use super::words::Words;
use crate::engines::schema::catalog::{Grant, Key, Kind, Name, Other, Touches};
use squawk_syntax::SyntaxNode;
use std::collections::BTreeMap;

/// A privilege, and the columns that it is confined to.
type Privilege = (String, Vec<String>);

/// An object that privileges are given on: kind as in `Grant::on`, and its name (routines with their signature).
type Target = (&'static str, Name);

/// What stands in a GRANT or REVOKE.
#[derive(Default)]
struct Order {
    revoke: bool,
    /// `GRANT OPTION FOR`.
    only_option: bool,
    /// `WITH GRANT OPTION`.
    option: bool,
    privileges: Vec<Privilege>,
}

/// All privileges on a kind of object, for a version of the server.
fn all_privileges(on: &str, version: u16) -> Vec<&'static str> {
    let mut all = match on {
        "table" => vec!["DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"],
        "column" => vec!["INSERT", "REFERENCES", "SELECT", "UPDATE"],
        "sequence" => vec!["SELECT", "UPDATE", "USAGE"],
        "function" | "procedure" => vec!["EXECUTE"],
        "schema" => vec!["CREATE", "USAGE"],
        _ => vec!["USAGE"],
    };
    if on == "table" && version >= 17 {
        all.insert(2, "MAINTAIN");
    }
    all
}

/// What everybody may do without a statement.
fn usual(on: &str, object: &Name, grantee: &str, version: u16) -> Vec<&'static str> {
    match (on, grantee) {
        ("function" | "procedure", "public") => vec!["EXECUTE"],
        ("type" | "language", "public") => vec!["USAGE"],
        ("schema", "public") if object.name == "public" && version >= 15 => vec!["USAGE"],
        ("schema", "public") if object.name == "public" => vec!["CREATE", "USAGE"],
        _ => Vec::new(),
    }
}

impl State {
    /// `GRANT`, `REVOKE`.
    pub(super) fn grant(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        let mut order = Order { revoke: words.eat("REVOKE"), ..Order::default() };
        if !order.revoke {
            words.eat("GRANT");
        }
        order.only_option = words.eat("GRANT OPTION FOR");
        let Some(privileges) = privileges(&mut words) else {
            // Membership in roles belongs to the whole server.
            return self.of_the_server();
        };
        order.privileges = privileges;
        let targets = self.grant_targets(&mut words)?;
        words.eat_any(&["TO", "FROM"]);
        let grantees = roles(&mut words);
        order.option = words.eat("WITH GRANT OPTION");
        for (on, object) in targets {
            for grantee in &grantees {
                self.give(on, &object, grantee, &order);
            }
        }
        Ok(())
    }

    /// A statement about roles, databases, tablespaces: no part of a catalog.
    pub(super) fn of_the_server(&mut self) -> Done {
        self.now.class = crate::engines::schema::Class::Session;
        Ok(())
    }

    fn grant_targets(&mut self, words: &mut Words) -> Result<Vec<Target>, Refusal> {
        let mut all = Vec::new();
        if !words.eat("ON") {
            return Ok(all);
        }
        if let Some(kind) = words.eat_any(&[
            "ALL TABLES IN SCHEMA",
            "ALL SEQUENCES IN SCHEMA",
            "ALL FUNCTIONS IN SCHEMA",
            "ALL PROCEDURES IN SCHEMA",
            "ALL ROUTINES IN SCHEMA",
        ]) {
            words.names().iter().for_each(|schema| self.all_in_schema(kind, schema, &mut all));
            return Ok(all);
        }
        let kind = words.eat_any(&[
            "FOREIGN DATA WRAPPER",
            "FOREIGN SERVER",
            "LARGE OBJECT",
            "TABLE",
            "SEQUENCE",
            "FUNCTION",
            "PROCEDURE",
            "ROUTINE",
            "SCHEMA",
            "TYPE",
            "DOMAIN",
            "LANGUAGE",
            "DATABASE",
            "TABLESPACE",
            "PARAMETER",
        ]);
        loop {
            let found = match kind {
                Some("DATABASE" | "TABLESPACE" | "PARAMETER" | "LARGE OBJECT") => {
                    words.until(&[",", "TO", "FROM"]);
                    None
                }
                kind => self.grant_target(kind.unwrap_or("TABLE"), words)?,
            };
            all.extend(found);
            if !words.eat(",") {
                break;
            }
        }
        if all.is_empty() {
            self.of_the_server()?;
        }
        Ok(all)
    }

    fn grant_target(&mut self, kind: &str, words: &mut Words) -> Result<Option<Target>, Refusal> {
        let lost = |what: String| Refusal::new("undefined_object", format!("{what} does not exist"), Vec::<Key>::new());
        if matches!(kind, "FUNCTION" | "PROCEDURE" | "ROUTINE") {
            let before = words.here();
            let Some(key) = self.routine_signature(words) else {
                words.back(before);
                let name = words.until(&[",", "TO", "FROM"]);
                return match self.extension_member(&name) {
                    true => Ok(None),
                    false => Err(lost(format!("function {name}"))),
                };
            };
            return Ok(self.routine_target(&key));
        }
        let Some((schema, name)) = words.qualified() else { return Err(lost("nothing".to_owned())) };
        let top = Name::new("", &*name);
        Ok(Some(match kind {
            "SCHEMA" => ("schema", top),
            "LANGUAGE" => ("language", top),
            "FOREIGN SERVER" => ("server", top),
            "FOREIGN DATA WRAPPER" => ("foreign data wrapper", top),
            "TYPE" | "DOMAIN" => match self.type_name(schema.as_deref(), &name) {
                Some(found) => ("type", found),
                None => return Err(lost(format!("type \"{name}\""))),
            },
            _ => {
                let found = self.find(schema.as_deref(), &name, |catalog, name| {
                    catalog.tables.contains_key(name)
                        || catalog.views.contains_key(name)
                        || catalog.sequences.contains_key(name)
                });
                match found {
                    Some(found) if self.catalog.sequences.contains_key(&found) => ("sequence", found),
                    Some(found) => ("table", found),
                    None => match self.sequence_of_identity(schema.as_deref(), &name) {
                        Some(found) => ("sequence", found),
                        None if self.temporary.contains(&name) || schema.as_deref() == Some("pg_catalog") => {
                            return Ok(None);
                        }
                        None if schema.is_some() && self.foreign_schema(schema.as_deref()) => return Ok(None),
                        None => return Err(lost(format!("relation \"{name}\""))),
                    },
                }
            }
        }))
    }

    fn foreign_schema(&self, schema: Option<&str>) -> bool {
        schema.is_some_and(|schema| self.catalog.extensions.values().any(|one| one.schema == schema))
    }

    fn sequence_of_identity(&self, schema: Option<&str>, name: &str) -> Option<Name> {
        let schemas = match schema {
            Some(schema) => vec![schema.to_owned()],
            None => self.path.clone(),
        };
        schemas.into_iter().map(|schema| Name::new(schema, name)).find(|name| self.identities.contains_key(name))
    }

    /// Whether a function may belong to an extension: then its privileges are no part of the schema.
    fn extension_member(&self, name: &str) -> bool {
        let _ = name;
        !self.catalog.extensions.is_empty()
    }

    pub(super) fn routine_target(&self, key: &(Name, String)) -> Option<Target> {
        let kind = self.catalog.routines.get(key)?.kind;
        let on = match State::routine_kind(kind) {
            Kind::Procedure => "procedure",
            _ => "function",
        };
        Some((on, Name::new(&key.0.schema, routine_key(&key.0, &key.1, kind).name)))
    }

    fn all_in_schema(&self, kind: &str, schema: &str, all: &mut Vec<Target>) {
        let own = |name: &&Name| name.schema == schema;
        match kind {
            "ALL TABLES IN SCHEMA" => {
                let names = self.catalog.tables.keys().chain(self.catalog.views.keys());
                all.extend(names.filter(own).map(|name| ("table", name.clone())));
            }
            "ALL SEQUENCES IN SCHEMA" => {
                let names = self.catalog.sequences.keys().chain(self.identities.keys());
                all.extend(names.filter(own).map(|name| ("sequence", name.clone())));
            }
            kind => {
                for (key, _) in self.catalog.routines.iter().filter(|((name, _), _)| name.schema == schema) {
                    let target = self.routine_target(key);
                    all.extend(target.filter(|(on, _)| match kind {
                        "ALL FUNCTIONS IN SCHEMA" => *on == "function",
                        "ALL PROCEDURES IN SCHEMA" => *on == "procedure",
                        _ => true,
                    }));
                }
            }
        }
    }

    fn give(&mut self, on: &'static str, object: &Name, grantee: &str, order: &Order) {
        let grantee = match grantee {
            "public" | "PUBLIC" => "public",
            "current_user" | "current_role" => self.role.as_deref().unwrap_or("postgres"),
            "session_user" => "postgres",
            other => other,
        }
        .to_owned();
        let grantee = grantee.as_str();
        // What the owner may do is not told apart from what he has anyway.
        if self.owner_of(on, object) == grantee {
            return;
        }
        let version = self.catalog.server.version.0;
        for (privilege, columns) in &order.privileges {
            if columns.is_empty() {
                let all = match privilege.as_str() {
                    "ALL" => all_privileges(on, version).into_iter().map(str::to_owned).collect(),
                    one => vec![one.to_owned()],
                };
                self.change_grant(on, object, None, grantee, &all, order);
            }
            for column in columns {
                let all = match privilege.as_str() {
                    "ALL" => all_privileges("column", version).into_iter().map(str::to_owned).collect(),
                    one => vec![one.to_owned()],
                };
                self.change_grant("column", object, Some(column), grantee, &all, order);
            }
        }
        if order.revoke && on == "table" {
            self.revoke_from_columns(object, grantee, order);
        }
    }

    /// What is revoked on a table is revoked on its columns too.
    fn revoke_from_columns(&mut self, table: &Name, grantee: &str, order: &Order) {
        let columns: Vec<String> = self.columns_of_table(table).into_iter().map(|(name, _)| name).collect();
        let version = self.catalog.server.version.0;
        for column in columns {
            if !self.catalog.grants.contains_key(&Grant::key("column", table, Some(&column), grantee)) {
                continue;
            }
            for (privilege, _) in order.privileges.iter().filter(|(_, columns)| columns.is_empty()) {
                let all = match privilege.as_str() {
                    "ALL" => all_privileges("column", version).into_iter().map(str::to_owned).collect(),
                    one => vec![one.to_owned()],
                };
                self.change_grant("column", table, Some(&column), grantee, &all, order);
            }
        }
    }

    fn change_grant(
        &mut self,
        on: &str,
        object: &Name,
        column: Option<&str>,
        grantee: &str,
        privileges: &[String],
        order: &Order,
    ) {
        let key = Grant::key(on, object, column, grantee);
        let usual = usual(on, object, grantee, self.catalog.server.version.0);
        let before = self.catalog.grants.get(&key);
        let mut have: BTreeMap<String, bool> = match before {
            Some(grant) => {
                grant.privileges.iter().map(|one| (one.trim_end_matches('*').to_owned(), one.ends_with('*'))).collect()
            }
            None => usual.iter().map(|one| ((*one).to_owned(), false)).collect(),
        };
        for privilege in privileges {
            match (order.revoke, order.only_option) {
                (true, true) => {
                    have.entry(privilege.clone()).and_modify(|option| *option = false);
                }
                (true, false) => {
                    have.remove(privilege);
                }
                (false, _) => {
                    let option = have.entry(privilege.clone()).or_default();
                    *option |= order.option;
                }
            }
        }
        let have: Vec<String> =
            have.into_iter().map(|(one, option)| if option { format!("{one}*") } else { one }).collect();
        self.touch_grant(&key);
        if have == usual {
            self.catalog.grants.remove(&key);
            return;
        }
        let meta = match self.catalog.grants.get(&key) {
            Some(grant) => grant.meta.clone(),
            None => self.create(&key),
        };
        self.catalog
            .grants
            .insert(key, Grant { meta, on: on.to_owned(), grantee: grantee.to_owned(), privileges: have });
    }

    /// `ALTER DEFAULT PRIVILEGES`.
    pub(super) fn default_privileges(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("ALTER DEFAULT PRIVILEGES");
        let (mut creators, mut schemas) = (Vec::new(), Vec::new());
        loop {
            if words.eat_any(&["FOR ROLE", "FOR USER"]).is_some() {
                creators = roles(&mut words);
            } else if words.eat("IN SCHEMA") {
                schemas = words.names();
            } else {
                break;
            }
        }
        let mut order = Order { revoke: words.eat("REVOKE"), ..Order::default() };
        words.eat("GRANT");
        order.only_option = words.eat("OPTION FOR");
        order.privileges = privileges(&mut words).unwrap_or_default();
        words.eat("ON");
        let on = match words.next().unwrap_or_default().to_uppercase().as_str() {
            "TABLES" => "tables",
            "SEQUENCES" => "sequences",
            "FUNCTIONS" | "ROUTINES" => "functions",
            "TYPES" => "types",
            "SCHEMAS" => "schemas",
            "LARGE" => {
                words.eat("OBJECTS");
                "large objects"
            }
            other => return Err(Refusal::unmodelled(format!("default privileges on {other}"), Touches::Nothing)),
        };
        words.eat_any(&["TO", "FROM"]);
        let grantees = roles(&mut words);
        order.option = words.eat("WITH GRANT OPTION");
        let own = |role: &str| matches!(role, "current_user" | "session_user" | "current_role" | "postgres");
        if creators.is_empty() {
            creators.push(String::new());
        }
        if schemas.is_empty() {
            schemas.push(String::new());
        }
        for creator in &creators {
            let creator = if own(creator) { "" } else { creator };
            for schema in &schemas {
                for grantee in grantees.iter().filter(|one| *one != creator && !(creator.is_empty() && own(one))) {
                    self.change_default(creator, schema, on, grantee, &order);
                }
            }
        }
        Ok(())
    }

    fn change_default(&mut self, creator: &str, schema: &str, on: &str, grantee: &str, order: &Order) {
        let key = default_key(creator, schema, on, grantee);
        let one = singular(on);
        let usual: Vec<String> = match schema.is_empty() {
            true => usual(one, &Name::default(), grantee, self.catalog.server.version.0)
                .into_iter()
                .map(str::to_owned)
                .collect(),
            false => Vec::new(),
        };
        let mut have: Vec<String> =
            match self.catalog.others.get(&key).and_then(|other| other.attributes.get("privileges")) {
                Some(text) => text.split(", ").filter(|one| !one.is_empty()).map(str::to_owned).collect(),
                None => usual.clone(),
            };
        for (privilege, _) in &order.privileges {
            let all: Vec<String> = match privilege.as_str() {
                "ALL" => all_privileges(one, self.catalog.server.version.0).into_iter().map(str::to_owned).collect(),
                one => vec![one.to_owned()],
            };
            for privilege in all {
                let option = have.contains(&format!("{privilege}*"));
                have.retain(|one| one.trim_end_matches('*') != privilege);
                match (order.revoke, order.only_option) {
                    (true, true) => have.push(privilege),
                    (true, false) => {}
                    (false, _) if order.option || option => have.push(format!("{privilege}*")),
                    (false, _) => have.push(privilege),
                }
            }
        }
        have.sort();
        self.touch_other(&key);
        if have == usual {
            self.catalog.others.remove(&key);
            return;
        }
        let meta = match self.catalog.others.get(&key) {
            Some(other) => other.meta.clone(),
            None => self.create(&key),
        };
        let attributes = BTreeMap::from([("privileges".to_owned(), have.join(", "))]);
        self.catalog.others.insert(key, Other { meta, attributes });
    }

    /// What default privileges give on a new object of the role that runs the migrations.
    pub(super) fn default_grants(&mut self, key: &Key) {
        let (plural, on) = match key.kind {
            Kind::Table | Kind::View | Kind::MaterializedView => ("tables", "table"),
            Kind::Sequence => ("sequences", "sequence"),
            Kind::Function | Kind::Aggregate => ("functions", "function"),
            Kind::Procedure => ("functions", "procedure"),
            Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range => ("types", "type"),
            Kind::Schema => ("schemas", "schema"),
            _ => return,
        };
        if !self.catalog.others.keys().any(|one| one.kind == Kind::DefaultPrivileges) {
            return;
        }
        let object = Name::new(if on == "schema" { "" } else { &*key.schema }, &*key.name);
        let prefix = format!("{plural} to ");
        let rules: Vec<(bool, String, String)> = self
            .catalog
            .others
            .iter()
            .filter(|(one, _)| {
                one.kind == Kind::DefaultPrivileges && (one.schema.is_empty() || one.schema == key.schema)
            })
            .filter_map(|(one, other)| {
                let grantee = one.name.strip_prefix(&prefix)?;
                Some((
                    one.schema.is_empty(),
                    grantee.to_owned(),
                    other.attributes.get("privileges").cloned().unwrap_or_default(),
                ))
            })
            .collect();
        for (global, grantee, privileges) in rules {
            if global {
                // The general rule stands in place of what the server gives by itself.
                let all: Vec<String> = usual(on, &object, &grantee, 18).into_iter().map(str::to_owned).collect();
                let take = Order { revoke: true, ..Order::default() };
                self.change_grant(on, &object, None, &grantee, &all, &take);
            }
            for one in privileges.split(", ").filter(|one| !one.is_empty()) {
                let order = Order { option: one.ends_with('*'), ..Order::default() };
                self.change_grant(on, &object, None, &grantee, &[one.trim_end_matches('*').to_owned()], &order);
            }
        }
    }
}

/// Privileges before `ON`, each with the columns behind it; `None` when there is no `ON`.
fn privileges(words: &mut Words) -> Option<Vec<Privilege>> {
    if !words.ahead().iter().any(|word| word.text.eq_ignore_ascii_case("ON")) {
        return None;
    }
    let mut all = Vec::new();
    while !words.is("ON") && !words.done() {
        let mut name = words.next()?.to_uppercase();
        if name == "ALTER" {
            name = format!("ALTER {}", words.next()?.to_uppercase());
        }
        words.eat("PRIVILEGES");
        let columns = words.parens().map(|list| Words::parse(&list).names()).unwrap_or_default();
        all.push((name, columns));
        words.eat(",");
    }
    Some(all)
}

fn default_key(creator: &str, schema: &str, on: &str, grantee: &str) -> Key {
    let mut name = format!("{on} to {grantee}");
    if !creator.is_empty() {
        name = format!("{creator}: {name}");
    }
    Key::top(Kind::DefaultPrivileges, &Name::new(schema, name))
}

fn singular(on: &str) -> &'static str {
    match on {
        "tables" => "table",
        "sequences" => "sequence",
        "functions" => "function",
        "types" => "type",
        "schemas" => "schema",
        _ => "large object",
    }
}
