//! Schemas and extensions.
use super::extension;
use super::parse::{self, Look};
use super::run::{Done, Refusal};
use super::state::State;
use crate::engines::schema::catalog::{Extension, Key, Kind, Name, Schema, Touches};
use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{self, AstNode};

impl State {
    fn schema_key(name: &str) -> Key {
        Key::top(Kind::Schema, &Name::new("", name))
    }

    /// `CREATE SCHEMA`, with what it brings.
    pub(super) fn create_schema(&mut self, statement: &ast::CreateSchema) -> Done {
        let target = statement.one::<ast::CreateSchemaTarget>();
        let name = target
            .as_ref()
            .and_then(|one| {
                one.deep::<ast::Schema>()
                    .map(|one| parse::own_name(&one))
                    .or_else(|| one.deep::<ast::Role>().map(|one| parse::own_name(&one)))
            })
            .unwrap_or_default();
        if self.conditional(statement.is::<ast::IfNotExists>(), self.catalog.schemas.contains_key(&name)) {
            return Ok(());
        }
        if self.catalog.schemas.contains_key(&name) {
            return Err(Refusal::new(
                "duplicate_schema",
                format!("schema \"{name}\" already exists"),
                [State::schema_key(&name)],
            ));
        }
        self.touch_schema(&name);
        let meta = self.create(&State::schema_key(&name));
        self.catalog.schemas.insert(name.clone(), Schema { meta });
        let elements: Vec<ast::Stmt> = statement
            .syntax()
            .children()
            .filter(|one| ast::SchemaElement::can_cast(one.kind()))
            .filter_map(ast::Stmt::cast)
            .collect();
        if elements.is_empty() {
            return Ok(());
        }
        let mut path = vec![name];
        path.extend(self.path.iter().cloned());
        let outer = std::mem::replace(&mut self.path, path);
        let mut done = Ok(());
        for element in &elements {
            done = self.dispatch(element);
            if done.is_err() {
                break;
            }
        }
        self.path = outer;
        done
    }

    /// `ALTER SCHEMA`.
    pub(super) fn alter_schema(&mut self, statement: &ast::AlterSchema) -> Done {
        let name = statement.one::<ast::SchemaRef>().map(|one| parse::own_name(&one)).unwrap_or_default();
        self.must_find_schema(&name)?;
        let Some(ast::AlterSchemaAction::SchemaRenameTo(to)) = statement.one::<ast::AlterSchemaAction>() else {
            return Ok(());
        };
        let to = to.deep::<ast::Schema>().map(|one| parse::own_name(&one)).unwrap_or_default();
        if self.catalog.schemas.contains_key(&to) {
            return Err(Refusal::new(
                "duplicate_schema",
                format!("schema \"{to}\" already exists"),
                [State::schema_key(&to)],
            ));
        }
        self.touch_schema(&name);
        self.touch_schema(&to);
        if let Some(schema) = self.catalog.schemas.remove(&name) {
            self.catalog.schemas.insert(to.clone(), schema);
        }
        for (_, one) in self.catalog.extensions.iter_mut().filter(|(_, one)| one.schema == name) {
            one.schema.clone_from(&to);
        }
        self.move_schema(&name, &to)
    }

    /// Everything of a schema lies in another one.
    fn move_schema(&mut self, from: &str, to: &str) -> Done {
        let here = |name: &&Name| name.schema == from;
        let moved = |name: &Name| Name::new(to, &*name.name);
        let types: Vec<Name> = self.catalog.types.keys().filter(here).cloned().collect();
        for name in types {
            self.rename_type(&name, &moved(&name))?;
        }
        let tables: Vec<Name> = self.catalog.tables.keys().filter(here).cloned().collect();
        for name in tables {
            self.rename_relation(&name, &moved(&name))?;
        }
        let rest: Vec<Name> =
            self.catalog.views.keys().filter(here).chain(self.catalog.sequences.keys().filter(here)).cloned().collect();
        for name in rest {
            self.rename_relation(&name, &moved(&name))?;
        }
        let routines: Vec<(Name, String)> =
            self.catalog.routines.keys().filter(|(name, _)| name.schema == from).cloned().collect();
        for (name, arguments) in routines {
            if let Some(routine) = self.catalog.routines.remove(&(name.clone(), arguments.clone())) {
                self.catalog.routines.insert((moved(&name), arguments), routine);
            }
            self.rewrite_function(&name, &moved(&name));
        }
        for (map_key, other) in self.catalog.others.clone().into_iter().filter(|(key, _)| key.schema == from) {
            self.catalog.others.remove(&map_key);
            self.catalog.others.insert(Key { schema: to.to_owned(), ..map_key }, other);
        }
        for one in self.path.iter_mut().filter(|one| *one == from) {
            to.clone_into(one);
        }
        Ok(())
    }

    /// `DROP SCHEMA`.
    pub(super) fn drop_schemas(&mut self, statement: &ast::DropSchema) -> Done {
        let cascade = self.cascade(statement);
        for one in statement.all::<ast::SchemaRef>() {
            let name = parse::own_name(&one);
            if !self.catalog.schemas.contains_key(&name) {
                if self.conditional(statement.is::<ast::IfExists>(), true) {
                    continue;
                }
                return Err(Refusal::new(
                    "invalid_schema_name",
                    format!("schema \"{name}\" does not exist"),
                    [State::schema_key(&name)],
                ));
            }
            if !cascade && !self.is_empty_schema(&name) {
                let reason = format!("cannot drop schema {name} because other objects depend on it");
                return Err(Refusal::new("dependent_objects_still_exist", reason, [State::schema_key(&name)]));
            }
            self.touch_schema(&name);
            self.empty_schema(&name);
            self.catalog.schemas.remove(&name);
            let keys: Vec<Key> = self.catalog.grants.keys().filter(|key| key.schema == name).cloned().collect();
            for key in keys {
                self.catalog.grants.remove(&key);
            }
        }
        Ok(())
    }

    fn is_empty_schema(&self, name: &str) -> bool {
        let catalog = &self.catalog;
        !(catalog.tables.keys().any(|one| one.schema == name)
            || catalog.views.keys().any(|one| one.schema == name)
            || catalog.sequences.keys().any(|one| one.schema == name)
            || catalog.types.keys().any(|one| one.schema == name)
            || catalog.routines.keys().any(|(one, _)| one.schema == name)
            || catalog.extensions.values().any(|one| one.schema == name))
    }

    /// Drops everything in a schema.
    fn empty_schema(&mut self, name: &str) {
        let here = |one: &&Name| one.schema == name;
        let extensions: Vec<String> = self
            .catalog
            .extensions
            .iter()
            .filter(|(_, one)| one.schema == name)
            .map(|(name, _)| name.clone())
            .collect();
        for extension in extensions {
            self.remove_extension(&extension);
        }
        let tables: Vec<Name> = self.catalog.tables.keys().filter(here).cloned().collect();
        tables.iter().for_each(|one| self.drop_table(one));
        let views: Vec<Name> = self.catalog.views.keys().filter(here).cloned().collect();
        for view in views {
            self.touch_view(&view);
            self.catalog.views.remove(&view);
            self.relation_dropped(&view);
        }
        let sequences: Vec<Name> = self.catalog.sequences.keys().filter(here).cloned().collect();
        sequences.iter().for_each(|one| self.drop_sequence(one));
        let types: Vec<Name> = self.catalog.types.keys().filter(here).cloned().collect();
        types.iter().for_each(|one| self.drop_type(one));
        let routines: Vec<(Name, String)> =
            self.catalog.routines.keys().filter(|(one, _)| one.schema == name).cloned().collect();
        for key in routines {
            self.catalog.routines.remove(&key);
        }
        let others: Vec<Key> = self.catalog.others.keys().filter(|key| key.schema == name).cloned().collect();
        for key in others {
            self.catalog.others.remove(&key);
        }
    }

    /// `CREATE EXTENSION`.
    pub(super) fn create_extension(&mut self, statement: &ast::CreateExtension) -> Done {
        let name = statement.one::<ast::Extension>().map(|one| parse::own_name(&one)).unwrap_or_default();
        // The one that is there from the beginning is not shown.
        let there = name == "plpgsql" || self.catalog.extensions.contains_key(&name);
        if self.conditional(statement.is::<ast::IfNotExists>(), there) {
            return Ok(());
        }
        let key = Key::top(Kind::Extension, &Name::new("", &*name));
        if there {
            return Err(Refusal::new("duplicate_object", format!("extension \"{name}\" already exists"), [key]));
        }
        let written = statement
            .one::<ast::ExtensionSchema>()
            .and_then(|one| one.one::<ast::SchemaRef>())
            .map(|one| parse::own_name(&one));
        if let Some(schema) = &written {
            self.must_find_schema(schema)?;
        }
        let version = statement.one::<ast::ExtensionVersionClause>().and_then(|one| {
            parse::string(&one).or_else(|| one.one::<ast::ExtensionVersion>().map(|one| parse::own_name(&one)))
        });
        let cascade = statement.has(SyntaxKind::CASCADE_KW);
        self.now.flags.cascade |= cascade;
        let schema =
            extension::schema(&name).map(str::to_owned).or(written).unwrap_or_else(|| self.new_name(None, "").schema);
        if cascade {
            for needed in extension::needs(&name) {
                if !self.catalog.extensions.contains_key(*needed) {
                    self.new_extension(needed, &schema, None);
                }
            }
        }
        self.new_extension(&name, &schema, version);
        Ok(())
    }

    fn new_extension(&mut self, name: &str, schema: &str, version: Option<String>) {
        self.touch_extension(name);
        let meta = self.create(&Key::top(Kind::Extension, &Name::new("", name)));
        self.catalog.extensions.insert(name.to_owned(), Extension { meta, schema: schema.to_owned(), version });
    }

    /// `ALTER EXTENSION`.
    pub(super) fn alter_extension(&mut self, statement: &ast::AlterExtension) -> Done {
        let name = statement.one::<ast::ExtensionRef>().map(|one| parse::own_name(&one)).unwrap_or_default();
        if name == "plpgsql" {
            return Ok(());
        }
        let key = Key::top(Kind::Extension, &Name::new("", &*name));
        if !self.catalog.extensions.contains_key(&name) {
            return Err(Refusal::new("undefined_object", format!("extension \"{name}\" does not exist"), [key]));
        }
        self.touch_extension(&name);
        match statement.one::<ast::AlterExtensionAction>() {
            Some(ast::AlterExtensionAction::SetSchema(to)) => {
                let to = self.must_find_schema(
                    &to.one::<ast::SchemaRef>().map(|one| parse::own_name(&one)).unwrap_or_default(),
                )?;
                let from = self.catalog.extensions.get(&name).map(|one| one.schema.clone()).unwrap_or_default();
                for bare in extension::types(&name) {
                    self.retype(&Name::new(&*from, *bare), &Name::new(&*to, *bare));
                }
                self.catalog.extensions.entry(name).and_modify(|one| one.schema = to);
                Ok(())
            }
            Some(ast::AlterExtensionAction::AlterExtensionUpdate(one)) => {
                let version = one.one::<ast::UpdateTo>().and_then(|one| {
                    parse::string(&one).or_else(|| one.one::<ast::ExtensionVersion>().map(|one| parse::own_name(&one)))
                });
                self.catalog.extensions.entry(name).and_modify(|one| one.version = version);
                Ok(())
            }
            _ => Err(Refusal::unmodelled("members of extensions are not modelled", Touches::Objects(vec![key]))),
        }
    }

    /// `DROP EXTENSION`.
    pub(super) fn drop_extensions(&mut self, statement: &ast::DropExtension) -> Done {
        let cascade = self.cascade(statement);
        for one in statement.all::<ast::ExtensionRef>() {
            let name = parse::own_name(&one);
            let Some(found) = self.catalog.extensions.get(&name) else {
                if name == "plpgsql" || self.conditional(statement.is::<ast::IfExists>(), true) {
                    continue;
                }
                let key = Key::top(Kind::Extension, &Name::new("", &*name));
                return Err(Refusal::new("undefined_object", format!("extension \"{name}\" does not exist"), [key]));
            };
            let schema = found.schema.clone();
            let used = extension::types(&name)
                .iter()
                .any(|bare| !self.columns_of_type(&Name::new(&*schema, *bare)).is_empty())
                || !self.indexes_of_extension(&name).is_empty();
            if used && !cascade {
                let reason = format!("cannot drop extension {name} because other objects depend on it");
                return Err(Refusal::new(
                    "dependent_objects_still_exist",
                    reason,
                    [Key::top(Kind::Extension, &Name::new("", &*name))],
                ));
            }
            self.remove_extension(&name);
        }
        Ok(())
    }

    /// Indexes whose keys have an operator class of an extension.
    fn indexes_of_extension(&self, name: &str) -> Vec<(Name, String)> {
        let mut out = Vec::new();
        for (table, one) in &self.catalog.tables {
            for index in &one.indexes {
                let uses = index.keys.iter().filter_map(|key| key.operator_class.as_deref()).any(|class| {
                    extension::class(name, class.split('(').next().unwrap_or_default(), &index.method).is_some()
                });
                if uses {
                    out.push((table.clone(), index.name.clone()));
                }
            }
        }
        out
    }

    fn remove_extension(&mut self, name: &str) {
        self.touch_extension(name);
        let Some(one) = self.catalog.extensions.remove(name) else { return };
        for bare in extension::types(name) {
            for (table, column) in self.columns_of_type(&Name::new(&*one.schema, *bare)) {
                self.remove_column(&table, &column);
            }
        }
        for (table, index) in self.indexes_of_extension(name) {
            self.change(&table, |one| one.indexes.retain(|one| one.name != index));
        }
    }
}
