//! `ALTER COLUMN`.
use super::expr;
use super::parse::{self, Look};
use super::run::{Done, Refusal};
use super::sequence::given;
use super::state::State;
use super::written::{self, Written};
use crate::engines::schema::catalog::{
    Column, ConstraintKind, DataType, Expression, Generated, Identity, IndexKey, Key, Kind, Name,
};
use squawk_syntax::ast::{self, AstNode};

/// Notes a storage mode that is not that of the type.
pub(super) fn set_storage(column: &mut Column, mode: &str) {
    column.options.remove("storage");
    if mode != "default" && mode != usual_storage(&column.data_type) {
        column.options.insert("storage".to_owned(), mode.to_owned());
    }
}

/// How the server keeps values of a type.
fn usual_storage(data_type: &DataType) -> &'static str {
    if data_type.array {
        return "extended";
    }
    match data_type.name.as_str() {
        "integer" | "bigint" | "smallint" | "boolean" | "real" | "double precision" | "date" | "uuid" | "oid"
        | "\"char\"" | "name" | "point" | "box" | "circle" | "line" | "lseg" | "money" | "interval" | "macaddr"
        | "macaddr8" | "xid" | "tid" | "pg_lsn" => "plain",
        "timestamp with time zone"
        | "timestamp without time zone"
        | "time with time zone"
        | "time without time zone" => "plain",
        "numeric" | "inet" | "cidr" => "main",
        _ => "extended",
    }
}

/// A constant was stored with the type that the column had: that shows when the type changes.
fn keep_literal(column: &mut Column, to: &DataType) {
    let text = |kind: &DataType| matches!(kind.name.as_str(), "text" | "character varying" | "character" | "name");
    let before = &column.data_type;
    if (text(before) && text(to)) || (&before.schema, &before.name) == (&to.schema, &to.name) {
        return;
    }
    if let Some(default) = &mut column.default
        && let [super::rewrite::Token::Text(constant)] = super::rewrite::tokens(default.text.trim()).as_slice()
    {
        *default = Expression::plain(format!("{constant}::{before}"));
    }
}

impl State {
    /// One action on a column.
    pub(super) fn alter_column(&mut self, name: &Name, alter: &ast::AlterColumn, children: bool) -> Done {
        let column = alter.one::<ast::ColumnNameRef>().map(|one| parse::own_name(&one)).unwrap_or_default();
        self.must_have_column(name, &column)?;
        let Some(option) = alter.one::<ast::AlterColumnOption>() else {
            return Err(self.beyond(name, "this action on a column is not modelled"));
        };
        self.column_option(name, &column, &option, children)
    }

    fn drop_identity(&mut self, name: &Name, column: &str, drop: &ast::DropIdentity) -> Done {
        if self.must_have_column(name, column)?.identity.is_none() {
            if self.conditional(drop.is::<ast::IfExists>(), true) {
                return Ok(());
            }
            let reason = format!("column \"{column}\" of relation \"{}\" is not an identity column", name.name);
            return Err(Refusal::new(
                "object_not_in_prerequisite_state",
                reason,
                [Key::part(Kind::Column, name, column)],
            ));
        }
        self.identities.retain(|_, (table, of)| table != name || of != column);
        self.with_column(name, column, |one| one.identity = None);
        Ok(())
    }

    fn column_option(&mut self, name: &Name, column: &str, option: &ast::AlterColumnOption, children: bool) -> Done {
        use ast::AlterColumnOption as Of;
        match option {
            Of::SetType(set) => self.set_type(name, column, set, children),
            Of::SetDefault(set) => {
                let Some(value) = set.one::<ast::Expr>() else { return Ok(()) };
                self.now.flags.volatile_default |= expr::volatile(value.syntax());
                let text = expr::text_of(value.syntax(), "");
                self.set_default(name, column, Some(&text), children)
            }
            Of::DropDefault(_) => self.set_default(name, column, None, children),
            Of::SetNotNull(_) => self.add_not_null(name, &Written::default(), column, children),
            Of::DropNotNull(_) => self.drop_not_null(name, column, children),
            Of::AddGenerated(add) => self.add_identity(name, column, add),
            Of::SetGenerated(_) | Of::SetGeneratedOptions(_) | Of::SetSequenceOption(_) | Of::Restart(_) => {
                self.set_identity(name, column, option)
            }
            Of::DropIdentity(drop) => self.drop_identity(name, column, drop),
            Of::SetExpression(set) => {
                let Some(value) = set.one::<ast::Expr>() else { return Ok(()) };
                let text = expr::text_of(value.syntax(), &name.name);
                for table in self.family_if(name, children) {
                    self.with_column(&table, column, |one| {
                        let expression = Expression::plain(text.clone());
                        let stored = one.generated.as_ref().is_none_or(|one| one.stored);
                        one.generated = Some(Generated { expression, stored });
                    });
                }
                Ok(())
            }
            Of::DropExpression(drop) => {
                if self.must_have_column(name, column)?.generated.is_none() {
                    if self.conditional(drop.is::<ast::IfExists>(), true) {
                        return Ok(());
                    }
                    let reason = format!("column \"{column}\" of relation \"{}\" is not a generated column", name.name);
                    return Err(Refusal::new(
                        "object_not_in_prerequisite_state",
                        reason,
                        [Key::part(Kind::Column, name, column)],
                    ));
                }
                for table in self.family_if(name, children) {
                    self.with_column(&table, column, |one| one.generated = None);
                }
                Ok(())
            }
            Of::SetStatistics(_) | Of::SetStorage(_) | Of::SetCompression(_) => {
                for table in self.family_if(name, children) {
                    self.column_property(&table, column, option)?;
                }
                Ok(())
            }
            other => self.column_property(name, column, other),
        }
    }

    /// What says how a column is kept and looked at.
    fn column_property(&mut self, name: &Name, column: &str, option: &ast::AlterColumnOption) -> Done {
        use ast::AlterColumnOption as Of;
        match option {
            Of::SetStatistics(set) => {
                let text = set.words();
                let target = text.rsplit(' ').next().unwrap_or_default().trim_start_matches('+').to_owned();
                let target = if text.ends_with("- 1") { "-1".to_owned() } else { target };
                self.with_column(name, column, |one| {
                    one.options.remove("statistics");
                    if target != "-1" && !target.eq_ignore_ascii_case("default") {
                        one.options.insert("statistics".to_owned(), target);
                    }
                });
            }
            Of::SetStorage(set) => {
                let mode = set.one::<ast::StorageMode>().map(|one| one.words().to_lowercase()).unwrap_or_default();
                self.with_column(name, column, |one| set_storage(one, &mode));
            }
            Of::SetCompression(set) => {
                let method =
                    set.one::<ast::CompressionMethodName>().map(|one| one.words().to_lowercase()).unwrap_or_default();
                self.with_column(name, column, |one| {
                    one.options.remove("compression");
                    if method != "default" {
                        one.options.insert("compression".to_owned(), method);
                    }
                });
            }
            Of::SetOptions(set) => {
                let options = written::options(set);
                self.with_column(name, column, |one| one.options.extend(options));
            }
            Of::ResetOptions(reset) => {
                let options = written::options(reset);
                self.with_column(name, column, |one| one.options.retain(|word, _| !options.contains_key(word)));
            }
            Of::SetOptionsList(set) => {
                if let Some(list) = set.one::<ast::AlterOptionList>() {
                    self.with_column(name, column, |one| super::table::foreign_options(&list, &mut one.options));
                }
            }
            _ => return Err(self.beyond(name, "this action on a column is not modelled")),
        }
        Ok(())
    }

    /// The table, with everything beneath it unless `ONLY` is written.
    pub(super) fn family_if(&self, name: &Name, children: bool) -> Vec<Name> {
        if children { self.family(name) } else { vec![name.clone()] }
    }

    /// Changes a column.
    pub(super) fn with_column(&mut self, table: &Name, column: &str, change: impl FnOnce(&mut Column)) {
        self.touch_table(table);
        if let Some(column) = self.catalog.tables.get_mut(table).and_then(|one| one.column_mut(column)) {
            change(column);
        }
    }

    fn set_default(&mut self, name: &Name, column: &str, text: Option<&str>, children: bool) -> Done {
        for table in self.family_if(name, children) {
            let columns = self.must_be_table(&table)?.columns.clone();
            let Some(own) = columns.iter().find(|one| one.name == column) else { continue };
            let default = text.and_then(|text| self.default_of(text, &own.data_type));
            self.with_column(&table, column, |one| one.default = default);
        }
        Ok(())
    }

    fn drop_not_null(&mut self, name: &Name, column: &str, children: bool) -> Done {
        let table = self.must_be_table(name)?;
        let in_key = table
            .primary_key()
            .and_then(|one| super::foreign::index_of(&one.kind))
            .is_some_and(|index| super::foreign::key_columns(index).iter().any(|one| one == column));
        if in_key || table.column(column).is_some_and(|one| one.identity.is_some()) {
            let reason = if in_key {
                format!("column \"{column}\" is in a primary key")
            } else {
                format!("column \"{column}\" of relation \"{}\" is an identity column", name.name)
            };
            return Err(Refusal::new("invalid_table_definition", reason, [Key::part(Kind::Column, name, column)]));
        }
        for table in self.family_if(name, children) {
            self.touch_table(&table);
            if let Some(one) = self.catalog.tables.get_mut(&table) {
                one.constraints.retain(|one| !matches!(&one.kind, ConstraintKind::NotNull(of) if of == column));
                if let Some(column) = one.column_mut(column) {
                    column.not_null = false;
                }
            }
        }
        Ok(())
    }

    fn add_identity(&mut self, name: &Name, column: &str, add: &ast::AddGenerated) -> Done {
        let own = self.must_have_column(name, column)?.clone();
        if own.identity.is_some() || own.default.is_some() || !own.not_null {
            let what = if own.identity.is_some() {
                "is already an identity column"
            } else if own.default.is_some() {
                "already has a default value"
            } else {
                "must be declared NOT NULL before identity can be added"
            };
            let reason = format!("column \"{column}\" of relation \"{}\" {what}", name.name);
            return Err(Refusal::new(
                "object_not_in_prerequisite_state",
                reason,
                [Key::part(Kind::Column, name, column)],
            ));
        }
        let always =
            add.one::<ast::GeneratedWhen>().is_some_and(|one| matches!(one, ast::GeneratedWhen::GeneratedAlways(_)));
        let options =
            add.one::<ast::SequenceOptionList>().map(|one| one.all::<ast::SequenceOption>()).unwrap_or_default();
        let mut made = own;
        made.identity = Some(Identity { always, ..Identity::default() });
        self.make_identity_sequence(name, &mut made, &given(options));
        self.with_column(name, column, |one| one.identity = made.identity);
        Ok(())
    }

    fn set_identity(&mut self, name: &Name, column: &str, option: &ast::AlterColumnOption) -> Done {
        if self.must_have_column(name, column)?.identity.is_none() {
            let reason = format!("column \"{column}\" of relation \"{}\" is not an identity column", name.name);
            return Err(Refusal::new(
                "object_not_in_prerequisite_state",
                reason,
                [Key::part(Kind::Column, name, column)],
            ));
        }
        self.touch_table(name);
        let when = option.syntax().descendants().find_map(ast::GeneratedWhen::cast);
        if let Some(when) = when {
            let always = matches!(when, ast::GeneratedWhen::GeneratedAlways(_));
            self.with_column(name, column, |one| {
                if let Some(identity) = &mut one.identity {
                    identity.always = always;
                }
            });
        }
        let options = option.syntax().descendants().filter_map(ast::SequenceOption::cast);
        self.change_identity(name, column, &given(options));
        Ok(())
    }

    /// `TYPE`.
    fn set_type(&mut self, name: &Name, column: &str, set: &ast::SetType, children: bool) -> Done {
        self.now.flags.using |= set.is::<ast::UsingExpr>();
        let Some(found) = set.one::<ast::Type>() else { return Ok(()) };
        let data_type = self.resolve_type(&found.words())?;
        let collation = set.one::<ast::Collate>().and_then(|one| self.collation(&one));
        if let Some(by) = self.generated_from(name, column).first() {
            let reason = format!("cannot alter type of a column used by a generated column (\"{by}\")");
            return Err(Refusal::new("feature_not_supported", reason, [Key::part(Kind::Column, name, column)]));
        }
        for table in self.family_if(name, children) {
            self.with_column(&table, column, |one| {
                if let Some(identity) = &mut one.identity {
                    // The sequence of an identity column changes with it.
                    let before = identity.options.remove("type").map_or_else(|| one.data_type.clone(), DataType::plain);
                    let as_type =
                        super::sequence::Given { data_type: Some(data_type.to_string()), ..Default::default() };
                    identity.options = as_type.applied(&before, &data_type, &identity.options);
                }
                keep_literal(one, &data_type);
                one.data_type = data_type.clone();
                one.collation = collation.clone();
                one.options.remove("storage");
                one.options.remove("compression");
            });
            self.simplify_keys(&table, column);
            self.column_type_changed(&table, column);
        }
        Ok(())
    }

    /// The keys of indexes are read anew after a column has another type: a cast to the type that it now has is nothing any more.
    fn simplify_keys(&mut self, name: &Name, column: &str) {
        let Some(table) = self.catalog.tables.get(name) else { return };
        let columns = table.columns.clone();
        let mut indexes = table.indexes.clone();
        for key in indexes.iter_mut().flat_map(|one| &mut one.keys) {
            if expr::mentioned_in(&key.expression.text, &columns).iter().any(|one| one == column) {
                *key = self.without_cast(key, &columns, true);
            }
        }
        if let Some(table) = self.catalog.tables.get_mut(name) {
            table.indexes = indexes;
        }
    }

    /// A key that casts a column to the type that it has is the column; after a change of types also one that calls the type as a function.
    pub(super) fn without_cast(&self, key: &IndexKey, columns: &[Column], calls: bool) -> IndexKey {
        let found = (!key.column).then(|| expr::cast(&key.expression.text, calls)).flatten();
        let Some((column, to)) = found else { return key.clone() };
        let (Some(of), Ok(to)) = (columns.iter().find(|one| one.name == column), self.resolve_type(&to)) else {
            return key.clone();
        };
        let same = (&of.data_type.schema, &of.data_type.name, of.data_type.array) == (&to.schema, &to.name, to.array);
        match same && (to.modifiers.is_empty() || to.modifiers == of.data_type.modifiers) {
            true => IndexKey { expression: Expression::plain(column), column: true, ..key.clone() },
            false => key.clone(),
        }
    }

    /// Columns that are computed from this one.
    pub(super) fn generated_from(&self, table: &Name, column: &str) -> Vec<String> {
        let Some(table) = self.catalog.tables.get(table) else { return Vec::new() };
        table
            .columns
            .iter()
            .filter(|one| {
                one.name != column
                    && one.generated.as_ref().is_some_and(|one| {
                        expr::mentioned_in(&one.expression.text, &table.columns).iter().any(|one| one == column)
                    })
            })
            .map(|one| one.name.clone())
            .collect()
    }
}
