//! `COMMENT ON`: each comment stands with its object.
use super::routine::routine_key;
use super::run::Done;
use super::state::State;
use super::words::Words;
use crate::engines::schema::catalog::{ConstraintKind, Key, Kind, Meta, Name, Other};
use squawk_syntax::SyntaxNode;

/// What a comment may stand on, besides the rare kinds.
const COMMENTED: &[&str] = &[
    "TABLE",
    "FOREIGN TABLE",
    "COLUMN",
    "MATERIALIZED VIEW",
    "VIEW",
    "INDEX",
    "SEQUENCE",
    "CONSTRAINT",
    "TRIGGER",
    "POLICY",
    "RULE",
    "FUNCTION",
    "PROCEDURE",
    "ROUTINE",
    "AGGREGATE",
    "SCHEMA",
    "EXTENSION",
    "TYPE",
    "DOMAIN",
    "DATABASE",
    "ROLE",
    "TABLESPACE",
    "EVENT TRIGGER",
    "PUBLICATION",
    "STATISTICS",
    "COLLATION",
    "LARGE OBJECT",
    "SUBSCRIPTION",
];

impl State {
    /// `COMMENT ON kind name IS 'text' | NULL`.
    pub(super) fn comment(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("COMMENT ON");
        let kind = words.eat_any(COMMENTED);
        let kind = kind.unwrap_or("");
        if matches!(kind, "DATABASE" | "ROLE" | "TABLESPACE" | "LARGE OBJECT" | "SUBSCRIPTION") {
            return self.of_the_server();
        }
        if kind.is_empty() {
            return self.comment_on_other(&mut words);
        }
        if matches!(kind, "FUNCTION" | "PROCEDURE" | "ROUTINE" | "AGGREGATE") {
            return self.comment_on_routine(&mut words);
        }
        if kind == "COLUMN" {
            let parts = words.dotted().unwrap_or_default();
            let text = comment_text(&mut words);
            return self.comment_on_column(&parts, text);
        }
        let Some((schema, name)) = words.qualified() else { return State::not_understood() };
        let mut table = None;
        let domain = matches!(kind, "CONSTRAINT" | "TRIGGER" | "POLICY" | "RULE") && words.eat("ON") && {
            let domain = words.eat("DOMAIN");
            table = words.qualified();
            domain
        };
        let text = comment_text(&mut words);
        match (kind, table) {
            ("CONSTRAINT", Some((schema, owner))) if domain => {
                let Some(owner) = self.type_name(schema.as_deref(), &owner) else {
                    return State::lost("the domain that it names is not known");
                };
                self.remark(&owner, format!("constraint {name}"), text);
                Ok(())
            }
            (kind, Some((schema, table))) => {
                let Some(table) = self.relation(schema.as_deref(), &table) else {
                    return State::lost("the table that it names is not known");
                };
                self.comment_on_part(kind, &table, &name, text)
            }
            (kind, None) => self.comment_on_top(kind, schema.as_deref(), &name, text),
        }
    }

    fn comment_on_routine(&mut self, words: &mut Words) -> Done {
        let Some(key) = self.routine_signature(words) else {
            return State::lost("the routine that it names is not known");
        };
        let text = comment_text(words);
        self.touch_routine(&key);
        let Some(routine) = self.catalog.routines.get_mut(&key) else { return Ok(()) };
        routine.meta.comment = text;
        let _ = routine_key(&key.0, &key.1, routine.kind);
        Ok(())
    }

    fn comment_on_column(&mut self, parts: &[String], text: Option<String>) -> Done {
        let (schema, table, column) = match parts {
            [table, column] => (None, table, column),
            [.., schema, table, column] => (Some(schema.as_str()), table, column),
            _ => return State::not_understood(),
        };
        let Some(name) = self.relation(schema, table) else {
            if let Some(name) = self.type_name(schema, table) {
                self.remark(&name, format!("column {column}"), text);
                return Ok(());
            }
            return match self.temporary.contains(table) {
                true => Ok(()),
                false => State::lost("the table that it names is not known"),
            };
        };
        self.touch_relation(&name);
        if let Some(found) = self.catalog.tables.get_mut(&name) {
            let Some(column) = found.column_mut(column) else {
                return State::lost("the column that it names is not known");
            };
            column.meta.comment = text;
            return Ok(());
        }
        self.remark(&name, format!("column {column}"), text);
        Ok(())
    }

    /// A comment on what has no place of its own in the catalog: an attribute of a type, a column of a view, a constraint of a domain.
    fn remark(&mut self, owner: &Name, what: String, comment: Option<String>) {
        let key = Key::part(Kind::Other, owner, what);
        self.touch_other(&key);
        match comment {
            Some(comment) => {
                let mut meta = match self.catalog.others.get(&key) {
                    Some(other) => other.meta.clone(),
                    None => self.create(&key),
                };
                meta.comment = Some(comment);
                self.catalog.others.insert(key, Other { meta, ..Other::default() });
            }
            None => {
                self.catalog.others.remove(&key);
            }
        }
    }

    /// A column of a view has another name.
    pub(super) fn remark_moved(&mut self, owner: &Name, before: &str, after: &str) {
        let key = |name: &str| Key::part(Kind::Other, owner, format!("column {name}"));
        self.touch_other(&key(before));
        self.touch_other(&key(after));
        if let Some(other) = self.catalog.others.remove(&key(before)) {
            self.catalog.others.insert(key(after), other);
        }
    }

    fn comment_on_part(&mut self, kind: &str, table: &Name, name: &str, text: Option<String>) -> Done {
        self.touch_relation(table);
        if kind == "RULE" {
            return self.set_other_comment(&Key::part(Kind::Rule, table, name), text);
        }
        let trigger = kind == "TRIGGER";
        if let (true, Some(triggers)) = (trigger, self.triggers_mut(table))
            && let Some(one) = triggers.iter_mut().find(|one| one.name == name)
        {
            one.meta.comment = text;
            return Ok(());
        }
        let Some(found) = self.catalog.tables.get_mut(table) else {
            return State::lost("the object that it names is not known");
        };
        let meta: Option<&mut Meta> = match kind {
            "CONSTRAINT" => found.constraints.iter_mut().find(|one| one.name == name).map(|one| &mut one.meta),
            "POLICY" => found.policies.iter_mut().find(|one| one.name == name).map(|one| &mut one.meta),
            _ => None,
        };
        match meta {
            Some(meta) => {
                meta.comment = text;
                Ok(())
            }
            None => State::lost("the object that it names is not known"),
        }
    }

    fn comment_on_top(&mut self, kind: &str, schema: Option<&str>, name: &str, text: Option<String>) -> Done {
        let meta = match kind {
            "TABLE" | "FOREIGN TABLE" | "VIEW" | "MATERIALIZED VIEW" => {
                let found = self.relation(schema, name);
                found.into_iter().for_each(|name| self.touch_relation(&name));
                let found = self.relation(schema, name);
                let Some(found) = found else {
                    return match self.temporary.contains(name) {
                        true => Ok(()),
                        false => State::lost("the relation that it names is not known"),
                    };
                };
                if let Some(table) = self.catalog.tables.get_mut(&found) {
                    Some(&mut table.meta)
                } else {
                    self.catalog.views.get_mut(&found).map(|view| &mut view.meta)
                }
            }
            "INDEX" => return self.comment_on_index(schema, name, text),
            "SEQUENCE" => {
                let found = self.find(schema, name, |catalog, name| catalog.sequences.contains_key(name));
                found.iter().for_each(|name| self.touch_sequence(name));
                found.and_then(|name| self.catalog.sequences.get_mut(&name)).map(|one| &mut one.meta)
            }
            "SCHEMA" if name == "public" && text.as_deref() == Some("standard public schema") => return Ok(()),
            "SCHEMA" => {
                self.touch_schema(name);
                self.catalog.schemas.get_mut(name).map(|one| &mut one.meta)
            }
            "EXTENSION" => {
                self.comment_on_extension(name, text);
                return Ok(());
            }
            "TYPE" | "DOMAIN" => {
                let found = self.find(schema, name, |catalog, name| catalog.types.contains_key(name));
                found.iter().for_each(|name| self.touch_type(name));
                found.and_then(|name| self.catalog.types.get_mut(&name)).map(|one| &mut one.meta)
            }
            kind => return self.comment_on_other_top(kind, schema, name, text),
        };
        match meta {
            Some(meta) => {
                meta.comment = text;
                Ok(())
            }
            None => State::lost("the object that it names is not known"),
        }
    }

    fn comment_on_extension(&mut self, name: &str, text: Option<String>) {
        // What the extension says of itself is no comment of the schema.
        let own = text.as_ref().is_some_and(|text| {
            include_str!("extensions.txt")
                .lines()
                .any(|line| line.strip_prefix(name).and_then(|rest| rest.strip_prefix(": ")) == Some(text))
        });
        let text = text.filter(|_| !own);
        self.touch_extension(name);
        if let Some(one) = self.catalog.extensions.get_mut(name) {
            one.meta.comment = text;
        }
    }

    fn comment_on_other_top(&mut self, kind: &str, schema: Option<&str>, name: &str, text: Option<String>) -> Done {
        let kind = match kind {
            "EVENT TRIGGER" => Kind::EventTrigger,
            "PUBLICATION" => Kind::Publication,
            "STATISTICS" => Kind::Statistics,
            _ => Kind::Collation,
        };
        let top = matches!(kind, Kind::EventTrigger | Kind::Publication);
        let there = |state: &State, name: &Name| state.catalog.others.contains_key(&Key::top(kind, name));
        let found = match top {
            true => Some(Name::new("", name)),
            false => {
                self.schemas_of(schema).into_iter().map(|schema| Name::new(schema, name)).find(|name| there(self, name))
            }
        };
        match found {
            Some(name) => self.set_other_comment(&Key::top(kind, &name), text),
            None => State::lost("the object that it names is not known"),
        }
    }

    fn comment_on_index(&mut self, schema: Option<&str>, name: &str, text: Option<String>) -> Done {
        let schemas = self.schemas_of(schema);
        for schema in schemas {
            let owner = self.catalog.tables.iter().find(|(table, one)| {
                table.schema == schema
                    && (one.indexes.iter().any(|index| index.name == name)
                        || one.constraints.iter().any(|one| one.name == name && backed(&one.kind)))
            });
            if let Some(owner) = owner.map(|(name, _)| name.clone()) {
                self.touch_table(&owner);
                let Some(table) = self.catalog.tables.get_mut(&owner) else { continue };
                if let Some(index) = table.indexes.iter_mut().find(|one| one.name == name) {
                    index.meta.comment = text;
                    return Ok(());
                }
                for constraint in table.constraints.iter_mut().filter(|one| one.name == name) {
                    if let ConstraintKind::PrimaryKey(index)
                    | ConstraintKind::Unique(index)
                    | ConstraintKind::Exclude(index) = &mut constraint.kind
                    {
                        index.meta.comment = text;
                        return Ok(());
                    }
                }
                return Ok(());
            }
            let view = self
                .catalog
                .views
                .iter()
                .find(|(view, one)| view.schema == schema && one.indexes.iter().any(|index| index.name == name));
            if let Some(view) = view.map(|(name, _)| name.clone()) {
                self.touch_view(&view);
                let found = self
                    .catalog
                    .views
                    .get_mut(&view)
                    .and_then(|view| view.indexes.iter_mut().find(|one| one.name == name));
                if let Some(index) = found {
                    index.meta.comment = text;
                }
                return Ok(());
            }
        }
        State::lost("the index that it names is not known")
    }

    /// The schema that is written, or those of the path.
    pub(super) fn schemas_of(&self, schema: Option<&str>) -> Vec<String> {
        match schema {
            Some(schema) => vec![schema.to_owned()],
            None => self.path.clone(),
        }
    }

    fn set_other_comment(&mut self, key: &Key, text: Option<String>) -> Done {
        self.touch_other(key);
        match self.catalog.others.get_mut(key) {
            Some(other) => {
                other.meta.comment = text;
                Ok(())
            }
            None => State::lost("the object that it names is not known"),
        }
    }

    /// Operators, casts, languages and so on, found by the end of their key.
    fn comment_on_other(&mut self, words: &mut Words) -> Done {
        let target = words.until(&["IS"]);
        let text = comment_text(words);
        let Some(key) = self.other_key(&target) else { return State::lost("the object that it names is not known") };
        self.set_other_comment(&key, text)
    }
}

fn backed(kind: &ConstraintKind) -> bool {
    matches!(kind, ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_) | ConstraintKind::Exclude(_))
}

/// `IS 'text'`, `IS NULL`; the empty text takes a comment away too.
fn comment_text(words: &mut Words) -> Option<String> {
    words.eat("IS");
    words.string().filter(|text| !text.is_empty())
}
