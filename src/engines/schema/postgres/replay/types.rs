//! `CREATE TYPE`, `ALTER TYPE`, `DROP TYPE`.
use super::parse::{self, Look};
use super::rewrite;
use super::run::{Done, Refusal};
use super::state::State;
use super::written;
use crate::engines::schema::catalog::{DataType, Key, Kind, Name, Touches, UserType, UserTypeKind};
use squawk_syntax::ast::{self, AstNode};

impl State {
    /// A type of this name must not be there, nor a relation, whose row type would have it.
    pub(super) fn must_be_free_type(&self, name: &Name) -> Done {
        let taken = self.catalog.types.contains_key(name)
            || self.catalog.tables.contains_key(name)
            || self.catalog.views.contains_key(name);
        match taken {
            false => Ok(()),
            true => Err(Refusal::new(
                "duplicate_object",
                format!("type \"{}\" already exists", name.name),
                [self.type_key(name)],
            )),
        }
    }

    /// `CREATE TYPE`.
    pub(super) fn create_type(&mut self, statement: &ast::CreateType) -> Done {
        let Some((schema, bare)) = statement.one::<ast::TypeName>().and_then(|one| parse::path(&one)) else {
            return Ok(());
        };
        if schema.as_deref() == Some("pg_temp") {
            return Ok(());
        }
        let name = self.new_relation(schema.as_deref(), &bare)?;
        let shell = matches!(self.catalog.types.get(&name).map(|one| &one.kind), Some(UserTypeKind::Other(text)) if text == "shell");
        if !shell {
            self.must_be_free_type(&name)?;
        }
        let (kind, of) = match statement.one::<ast::CreateTypeKind>() {
            Some(ast::CreateTypeKind::EnumType(one)) => {
                let labels = one.one::<ast::VariantList>().map(|list| list.all::<ast::Variant>()).unwrap_or_default();
                (UserTypeKind::Enum(labels.iter().filter_map(parse::string).collect()), Kind::Enum)
            }
            Some(ast::CreateTypeKind::CompositeType(one)) => {
                (UserTypeKind::Composite(self.fields(&one)?), Kind::Composite)
            }
            Some(ast::CreateTypeKind::RangeType(one)) => (self.range(&one, &name)?, Kind::Range),
            Some(ast::CreateTypeKind::BaseType(one)) => {
                let parts: Vec<String> = written::attributes(&one)
                    .into_iter()
                    .map(|(word, value)| format!("{word} = {}", value.unwrap_or_default()))
                    .collect();
                (UserTypeKind::Other(parts.join(", ")), Kind::Other)
            }
            None => (UserTypeKind::Other("shell".to_owned()), Kind::Other),
        };
        self.touch_type(&name);
        let meta = self.create(&Key::top(of, &name));
        self.catalog.types.insert(name, UserType { meta, kind });
        Ok(())
    }

    fn fields(&self, one: &ast::CompositeType) -> Result<Vec<(String, DataType)>, Refusal> {
        let mut fields = Vec::new();
        for field in
            one.one::<ast::CompositeFieldList>().map(|one| one.all::<ast::CompositeFieldDef>()).unwrap_or_default()
        {
            let name = field.one::<ast::CompositeField>().map(|one| parse::own_name(&one)).unwrap_or_default();
            let data_type = self.resolve_type(&field.one::<ast::Type>().map(|one| one.words()).unwrap_or_default())?;
            fields.push((name, data_type));
        }
        Ok(fields)
    }

    fn range(&self, one: &ast::RangeType, name: &Name) -> Result<UserTypeKind, Refusal> {
        let mut subtype = DataType::default();
        let mut options = Vec::new();
        for (word, value) in written::attributes(one) {
            let value = value.unwrap_or_default();
            match word.as_str() {
                "subtype" => subtype = self.resolve_type(&value)?,
                "multirange_type_name" if value == multirange(&name.name) => {}
                _ => options.push((word, value)),
            }
        }
        options.sort();
        Ok(UserTypeKind::Range { subtype, options })
    }

    /// The type that a statement names.
    pub(super) fn must_find_type(&self, path: Option<(Option<String>, String)>) -> Result<Name, Refusal> {
        let (schema, bare) = path.unwrap_or_default();
        self.find(schema.as_deref(), &bare, |catalog, name| catalog.types.contains_key(name)).ok_or_else(|| {
            let key = Key::top(Kind::Enum, &self.new_name(schema.as_deref(), &bare));
            Refusal::new("undefined_object", format!("type \"{bare}\" does not exist"), [key])
        })
    }

    /// `ALTER TYPE`.
    pub(super) fn alter_type(&mut self, statement: &ast::AlterType) -> Done {
        let name = self.must_find_type(statement.one::<ast::TypeNameRef>().and_then(|one| parse::path(&one)))?;
        self.touch_type(&name);
        match statement.one::<ast::AlterTypeAction>() {
            Some(ast::AlterTypeAction::AddValue(one)) => self.add_label(&name, &one),
            Some(ast::AlterTypeAction::RenameValue(one)) => self.rename_label(&name, &one),
            Some(ast::AlterTypeAction::TypeRenameTo(to)) => {
                let to = parse::name(&to).unwrap_or_default();
                self.rename_type(&name, &Name::new(&*name.schema, to))
            }
            Some(ast::AlterTypeAction::SetSchema(to)) => {
                let to = self.must_find_schema(
                    &to.one::<ast::SchemaRef>().map(|one| parse::own_name(&one)).unwrap_or_default(),
                )?;
                self.rename_type(&name, &Name::new(to, &*name.name))
            }
            Some(ast::AlterTypeAction::RenameAttribute(one)) => {
                let from = one.one::<ast::CompositeFieldRef>().map(|one| parse::own_name(&one)).unwrap_or_default();
                let to = one.one::<ast::CompositeField>().map(|one| parse::own_name(&one)).unwrap_or_default();
                let rename = |fields: &mut Vec<(String, DataType)>| {
                    fields.iter_mut().find(|(field, _)| *field == from)?.0.clone_from(&to);
                    Some(())
                };
                self.fields_of(&name, rename, &from)?;
                for table in self.tables_of(&name) {
                    self.rename_column(&table, &from, &to)?;
                }
                Ok(())
            }
            Some(ast::AlterTypeAction::AlterTypeAttributeActionList(list)) => self.alter_fields(&name, &list),
            Some(ast::AlterTypeAction::OwnerTo(_)) => Ok(()),
            _ => Err(Refusal::unmodelled(
                "this change of a type is not modelled",
                Touches::Objects(vec![self.type_key(&name)]),
            )),
        }
    }

    fn fields_of(
        &mut self,
        name: &Name,
        change: impl FnOnce(&mut Vec<(String, DataType)>) -> Option<()>,
        field: &str,
    ) -> Done {
        let done = match self.catalog.types.get_mut(name).map(|one| &mut one.kind) {
            Some(UserTypeKind::Composite(fields)) => change(fields),
            _ => None,
        };
        done.ok_or_else(|| {
            Refusal::new(
                "undefined_column",
                format!("column \"{field}\" of type \"{}\" does not exist", name.name),
                [self.type_key(name)],
            )
        })
    }

    /// Tables that are made of a composite type.
    fn tables_of(&self, name: &Name) -> Vec<Name> {
        let of = DataType { schema: Some(name.schema.clone()), ..DataType::plain(&*name.name) }.to_string();
        let is = |table: &crate::engines::schema::catalog::Table| table.options.get("of").is_some_and(|one| *one == of);
        self.catalog.tables.iter().filter(|(_, table)| is(table)).map(|(name, _)| name.clone()).collect()
    }

    fn alter_fields(&mut self, name: &Name, list: &ast::AlterTypeAttributeActionList) -> Done {
        let tables = self.tables_of(name);
        for action in list.all::<ast::AlterTypeAttributeAction>() {
            match action {
                ast::AlterTypeAttributeAction::AddAttribute(one) => {
                    let field = one.one::<ast::CompositeField>().map(|one| parse::own_name(&one)).unwrap_or_default();
                    let data_type = self.attribute_type(&one)?;
                    let made = data_type.clone();
                    let add = |fields: &mut Vec<(String, DataType)>| {
                        fields.push((field.clone(), made));
                        Some(())
                    };
                    self.fields_of(name, add, &field)?;
                    for table in &tables {
                        let mut column = crate::engines::schema::catalog::Column {
                            name: field.clone(),
                            data_type: data_type.clone(),
                            ..Default::default()
                        };
                        self.new_column_meta(table, &mut column);
                        self.change(table, |one| one.columns.push(column));
                    }
                }
                ast::AlterTypeAttributeAction::DropAttribute(one) => {
                    let field =
                        one.one::<ast::CompositeFieldRef>().map(|one| parse::own_name(&one)).unwrap_or_default();
                    let there = matches!(self.catalog.types.get(name).map(|one| &one.kind),
                        Some(UserTypeKind::Composite(fields)) if fields.iter().any(|(one, _)| *one == field));
                    if !there && self.conditional(one.is::<ast::IfExists>(), true) {
                        continue;
                    }
                    let remove = |fields: &mut Vec<(String, DataType)>| {
                        let before = fields.len();
                        fields.retain(|(one, _)| *one != field);
                        (fields.len() < before).then_some(())
                    };
                    self.fields_of(name, remove, &field)?;
                    tables.iter().for_each(|table| self.remove_column(table, &field));
                }
                ast::AlterTypeAttributeAction::AlterAttribute(one) => {
                    let field =
                        one.one::<ast::CompositeFieldRef>().map(|one| parse::own_name(&one)).unwrap_or_default();
                    let data_type = self.attribute_type(&one)?;
                    let set = |fields: &mut Vec<(String, DataType)>| {
                        fields.iter_mut().find(|(one, _)| *one == field)?.1 = data_type.clone();
                        Some(())
                    };
                    self.fields_of(name, set, &field)?;
                    for table in &tables {
                        self.with_column(table, &field, |one| one.data_type = data_type.clone());
                    }
                }
            }
        }
        Ok(())
    }

    fn attribute_type(&self, node: &impl AstNode) -> Result<DataType, Refusal> {
        self.resolve_type(&node.one::<ast::Type>().map(|one| one.words()).unwrap_or_default())
    }

    /// `ADD VALUE`.
    fn add_label(&mut self, name: &Name, add: &ast::AddValue) -> Done {
        let label = add.one::<ast::Literal>().and_then(|one| one.string_value()).unwrap_or_default();
        let key = self.type_key(name);
        let Some(UserTypeKind::Enum(labels)) = self.catalog.types.get(name).map(|one| one.kind.clone()) else {
            return Err(Refusal::new("wrong_object_type", format!("{} is not an enum", name.name), [key]));
        };
        if labels.contains(&label) {
            if self.conditional(add.is::<ast::IfNotExists>(), true) {
                return Ok(());
            }
            return Err(Refusal::new("duplicate_object", format!("enum label \"{label}\" already exists"), [key]));
        }
        self.now.flags.conditional |= add.is::<ast::IfNotExists>();
        let mut labels = labels;
        let (neighbour, after) = match add.one::<ast::ValuePosition>() {
            Some(ast::ValuePosition::BeforeValue(one)) => (parse::string(&one), 0),
            Some(ast::ValuePosition::AfterValue(one)) => (parse::string(&one), 1),
            None => (None, 0),
        };
        match neighbour {
            None => labels.push(label),
            Some(neighbour) => match labels.iter().position(|one| *one == neighbour) {
                Some(at) => labels.insert((at + after).min(labels.len()), label),
                None => {
                    return Err(Refusal::new(
                        "invalid_parameter_value",
                        format!("\"{neighbour}\" is not an existing enum label"),
                        [key],
                    ));
                }
            },
        }
        self.catalog.types.entry(name.clone()).and_modify(|one| one.kind = UserTypeKind::Enum(labels));
        Ok(())
    }

    /// `RENAME VALUE`: constants of the type follow.
    fn rename_label(&mut self, name: &Name, rename: &ast::RenameValue) -> Done {
        let literals: Vec<String> = rename.all::<ast::Literal>().iter().filter_map(|one| one.string_value()).collect();
        let [from, to] = literals.as_slice() else { return Ok(()) };
        let key = self.type_key(name);
        let Some(UserTypeKind::Enum(labels)) = self.catalog.types.get_mut(name).map(|one| &mut one.kind) else {
            return Err(Refusal::new("wrong_object_type", format!("{} is not an enum", name.name), [key]));
        };
        if labels.contains(to) {
            return Err(Refusal::new("duplicate_object", format!("enum label \"{to}\" already exists"), [key]));
        }
        let Some(label) = labels.iter_mut().find(|one| *one == from) else {
            return Err(Refusal::new(
                "invalid_parameter_value",
                format!("\"{from}\" is not an existing enum label"),
                [key],
            ));
        };
        label.clone_from(to);
        let tables: Vec<Name> = self.columns_of_type(name).into_iter().map(|(table, _)| table).collect();
        for table in tables {
            self.rewrite_table(&table, &|text| rewrite::label(text, from, to));
        }
        Ok(())
    }

    /// Another name or schema for a type.
    pub(super) fn rename_type(&mut self, before: &Name, after: &Name) -> Done {
        if before == after {
            return Ok(());
        }
        self.must_be_free_type(after)?;
        self.touch_type(before);
        self.touch_type(after);
        if let Some(one) = self.catalog.types.remove(before) {
            self.catalog.types.insert(after.clone(), one);
        }
        self.retype(before, after);
        self.type_renamed(before, after);
        Ok(())
    }

    /// `DROP TYPE`, `DROP DOMAIN`.
    pub(super) fn drop_types(&mut self, statement: &impl AstNode, names: Vec<(Option<String>, String)>) -> Done {
        let cascade = self.cascade(statement);
        for (schema, bare) in names {
            let Some(name) = self.find(schema.as_deref(), &bare, |catalog, name| catalog.types.contains_key(name))
            else {
                if self.conditional(statement.is::<ast::IfExists>(), true) {
                    continue;
                }
                return self.must_find_type(Some((schema, bare))).map(|_| ());
            };
            let used = !self.columns_of_type(&name).is_empty() || !self.types_over(&name).is_empty();
            if used && !cascade {
                let reason = format!("cannot drop type {} because other objects depend on it", name.name);
                return Err(Refusal::new("dependent_objects_still_exist", reason, [self.type_key(&name)]));
            }
            self.drop_type(&name);
        }
        Ok(())
    }

    /// Domains and ranges over a type, composite types with an attribute of it.
    fn types_over(&self, name: &Name) -> Vec<Name> {
        let is = |data_type: &DataType| State::user_type(data_type).as_ref() == Some(name);
        self.catalog
            .types
            .iter()
            .filter(|(_, one)| match &one.kind {
                UserTypeKind::Domain { base, .. } => is(base),
                UserTypeKind::Range { subtype, .. } => is(subtype),
                UserTypeKind::Composite(fields) => fields.iter().any(|(_, data_type)| is(data_type)),
                _ => false,
            })
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// Removes a type with what hangs on it.
    pub(super) fn drop_type(&mut self, name: &Name) {
        self.touch_type(name);
        for over in self.types_over(name) {
            if let Some(UserTypeKind::Composite(fields)) = self.catalog.types.get(&over).map(|one| one.kind.clone()) {
                self.touch_type(&over);
                let fields = fields
                    .into_iter()
                    .filter(|(_, data_type)| State::user_type(data_type).as_ref() != Some(name))
                    .collect();
                self.catalog.types.entry(over).and_modify(|one| one.kind = UserTypeKind::Composite(fields));
            } else {
                stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || self.drop_type(&over));
            }
        }
        for (table, column) in self.columns_of_type(name) {
            self.remove_column(&table, &column);
        }
        self.catalog.types.remove(name);
        self.type_dropped(name);
    }
}

/// The name that the server makes up for the multirange type of a range type.
fn multirange(range: &str) -> String {
    match range.contains("range") {
        true => range.replacen("range", "multirange", 1),
        false => format!("{range}_multirange"),
    }
}
