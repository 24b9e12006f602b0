//! Who owns what: not part of a catalog, but what an owner is granted is no privilege of its own.
use super::state::State;
use super::words::Words;
use crate::engines::schema::catalog::{Key, Kind, Name};
use squawk_syntax::SyntaxNode;

/// Kinds of objects in privileges, by the kind of a key.
pub(super) fn granted_on(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Table | Kind::View | Kind::MaterializedView => "table",
        Kind::Sequence => "sequence",
        Kind::Function | Kind::Aggregate => "function",
        Kind::Procedure => "procedure",
        Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range => "type",
        Kind::Schema => "schema",
        _ => return None,
    })
}

impl State {
    /// The owner of an object; without a word about it the role that runs the migrations, taken to be `postgres`.
    pub(super) fn owner_of(&self, on: &str, object: &Name) -> &str {
        let on = if on == "column" { "table" } else { on };
        match self.owners.get(&(on.to_owned(), object.clone())) {
            Some(owner) => owner,
            None if on == "schema" && object.name == "public" && self.catalog.server.version.0 >= 15 => {
                "pg_database_owner"
            }
            None => "postgres",
        }
    }

    /// Something new belongs to the role that makes it.
    pub(super) fn note_creator(&mut self, key: &Key) {
        let Some(on) = granted_on(key.kind) else { return };
        let name = Name::new(if on == "schema" { "" } else { &*key.schema }, &*key.name);
        match self.role.clone() {
            Some(role) => self.owners.insert((on.to_owned(), name), role),
            None => self.owners.remove(&(on.to_owned(), name)),
        };
    }

    /// `ALTER … OWNER TO role`, `CREATE SCHEMA … AUTHORIZATION role`.
    pub(super) fn note_owner(&mut self, node: &SyntaxNode) {
        let mut words = Words::of(node);
        if words.eat("CREATE SCHEMA") {
            words.eat("IF NOT EXISTS");
            let name = if words.is("AUTHORIZATION") { None } else { words.name() };
            if words.eat("AUTHORIZATION")
                && let Some(role) = words.name()
            {
                let name = name.unwrap_or_else(|| role.clone());
                self.set_owner("schema", Name::new("", name), role);
            }
            return;
        }
        if !words.eat("ALTER") {
            return;
        }
        let kinds = [
            "FOREIGN TABLE",
            "MATERIALIZED VIEW",
            "TABLE",
            "VIEW",
            "SEQUENCE",
            "SCHEMA",
            "FUNCTION",
            "PROCEDURE",
            "ROUTINE",
            "AGGREGATE",
            "TYPE",
            "DOMAIN",
        ];
        let Some(kind) = words.eat_any(&kinds) else { return };
        words.eat("IF EXISTS");
        words.eat("ONLY");
        let target = match kind {
            "FUNCTION" | "PROCEDURE" | "ROUTINE" | "AGGREGATE" => {
                self.routine_signature(&mut words).and_then(|key| self.routine_target(&key))
            }
            "SCHEMA" => words.name().map(|name| ("schema", Name::new("", name))),
            "TYPE" | "DOMAIN" => words
                .qualified()
                .and_then(|(schema, name)| self.type_name(schema.as_deref(), &name))
                .map(|name| ("type", name)),
            _ => words.qualified().and_then(|(schema, name)| {
                let sequence =
                    self.find(schema.as_deref(), &name, |catalog, name| catalog.sequences.contains_key(name));
                match sequence {
                    Some(sequence) => Some(("sequence", sequence)),
                    None => self.relation(schema.as_deref(), &name).map(|name| ("table", name)),
                }
            }),
        };
        words.until(&["OWNER TO"]);
        if words.eat("OWNER TO")
            && let (Some((on, name)), Some(role)) = (target, words.name())
        {
            self.set_owner(on, name, role);
        }
    }

    fn set_owner(&mut self, on: &str, name: Name, role: String) {
        let role = match role.as_str() {
            "current_user" | "current_role" => self.role.clone().unwrap_or_else(|| "postgres".to_owned()),
            "session_user" => "postgres".to_owned(),
            _ => role,
        };
        self.forget_grants_to(on, &name, &role);
        self.owners.insert((on.to_owned(), name), role);
    }
}
