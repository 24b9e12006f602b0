//! Indexes.
use super::expr;
use super::extension;
use super::names;
use super::parse::{self, Look};
use super::run::{Done, Refusal};
use super::state::State;
use super::written;
use crate::engines::schema::catalog::{Column, DataType, Expression, Index, IndexKey, Key, Kind, Name};
use squawk_syntax::SyntaxKind;
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};
use std::collections::BTreeMap;

/// A column or expression as a key, and the name that it gives to the column of the index.
pub(super) fn expression_key(node: &SyntaxNode, table: &str) -> (IndexKey, Option<String>) {
    let mut inner = node.clone();
    let mut collation = None;
    while inner.kind() == SyntaxKind::PAREN_EXPR || inner.kind() == SyntaxKind::COLLATE {
        if inner.kind() == SyntaxKind::COLLATE && collation.is_none() {
            collation = inner.children().find_map(ast::CollationRef::cast).and_then(|one| parse::path(&one));
        }
        match inner.children().find(|one| ast::Expr::can_cast(one.kind())) {
            Some(child) => inner = child,
            None => break,
        }
    }
    let name = expr::column_name(&inner);
    let collation = collation.map(|(schema, name)| match schema.filter(|one| one != "pg_catalog") {
        Some(schema) => format!("{}.{}", expr::quote(&schema), expr::quote(&name)),
        None => expr::quote(&name),
    });
    let column = inner.kind() == SyntaxKind::NAME_REF;
    let expression = match (column, &name) {
        (true, Some(name)) => Expression::plain(&**name),
        _ => {
            let text = expr::text_of(&inner, table);
            Expression::plain(text.clone())
        }
    };
    (IndexKey { expression, column, collation, ..IndexKey::default() }, name)
}

/// Notes a tablespace that is not the default.
pub(super) fn tablespace(options: &mut BTreeMap<String, String>, name: &str) {
    if name != "pg_default" {
        options.insert("tablespace".to_owned(), name.to_owned());
    }
}

/// An index as it is written, without a name.
pub(super) struct Made {
    /// The index.
    pub(super) index: Index,
    /// Names of its columns.
    pub(super) names: Vec<String>,
}

impl State {
    /// `CREATE INDEX`.
    pub(super) fn create_index(&mut self, statement: &ast::CreateIndex) -> Done {
        self.now.flags.online |= statement.has(SyntaxKind::CONCURRENTLY_KW);
        let relation = statement.one::<ast::TableRelationName>();
        let Some((schema, bare)) = relation.as_ref().and_then(parse::path) else { return Ok(()) };
        if self.is_temporary_table(schema.as_deref(), &bare) {
            return Ok(());
        }
        let table = self.find(schema.as_deref(), &bare, |catalog, name| {
            catalog.tables.contains_key(name) || catalog.views.get(name).is_some_and(|one| one.materialized)
        });
        let Some(table) = table else { return self.must_find_table(schema.as_deref(), &bare).map(|_| ()) };
        let written = statement.one::<ast::Index>().and_then(|one| parse::path(&one)).map(|(_, name)| name);
        if let Some(name) = &written {
            let full = Name::new(&*table.schema, &**name);
            if self.conditional(statement.is::<ast::IfNotExists>(), self.relation_exists(&full)) {
                return Ok(());
            }
            self.must_be_free(&full)?;
        }
        let made = self.index_of_statement(statement, &table)?;
        let only = relation.is_some_and(|one| one.has(SyntaxKind::ONLY_KW));
        self.add_index(&table, made, written, !only, false)
    }

    /// The columns that an index of a table or materialised view can name.
    fn indexable(&self, table: &Name) -> Vec<Column> {
        match (self.catalog.tables.get(table), self.catalog.views.get(table)) {
            (Some(table), _) => table.columns.clone(),
            (None, Some(view)) => view
                .columns
                .iter()
                .map(|(name, kind)| Column { name: name.clone(), data_type: kind.clone(), ..Column::default() })
                .collect(),
            (None, None) => Vec::new(),
        }
    }

    fn index_of_statement(&mut self, statement: &ast::CreateIndex, table: &Name) -> Result<Made, Refusal> {
        let columns = self.indexable(table);
        let method = statement
            .one::<ast::UsingMethod>()
            .and_then(|one| one.one::<ast::AccessMethodRef>())
            .map_or_else(|| "btree".to_owned(), |one| parse::own_name(&one));
        let mut keys = Vec::new();
        let mut called = Vec::new();
        for item in
            statement.one::<ast::PartitionItemList>().map(|one| one.all::<ast::PartitionItem>()).unwrap_or_default()
        {
            let Some(expression) = item.one::<ast::Expr>() else { continue };
            let (mut key, name) = expression_key(expression.syntax(), &table.name);
            if key.column && !columns.iter().any(|one| one.name == key.expression.text) && !self.loose(table) {
                let reason = format!("column \"{}\" does not exist", key.expression.text);
                return Err(Refusal::new("undefined_column", reason, [State::table_key(table)]));
            }
            if let Some(collate) = item.one::<ast::Collate>() {
                key.collation = self.collation(&collate);
            }
            if let Some((_, class)) = item.one::<ast::OpClassRef>().and_then(|one| parse::path(&one)) {
                key.operator_class = Some(class);
            }
            let parameters = item.one::<ast::AttributeList>().map(|_| written::attributes(&item)).unwrap_or_default();
            key.descending = item.one::<ast::SortOrder>().is_some_and(|one| matches!(one, ast::SortOrder::SortDesc(_)));
            key.nulls_first = match item.one::<ast::NullsOrder>() {
                Some(ast::NullsOrder::NullsFirst(_)) => true,
                Some(ast::NullsOrder::NullsLast(_)) => false,
                None => key.descending,
            };
            let mut key = self.settled_key(&key, &method, &columns);
            with_parameters(&mut key, &parameters, &columns);
            keys.push(key);
            called.push(name.unwrap_or_else(|| "expr".to_owned()));
        }
        let include = statement.one::<ast::IndexIncludeClause>().map(|one| {
            one.syntax()
                .descendants()
                .filter(|one| one.kind() == SyntaxKind::NAME_REF)
                .map(|one| ast::normalize_name_node(&one))
                .collect::<Vec<_>>()
        });
        let mut options = statement.one::<ast::WithParams>().map(|one| written::options(&one)).unwrap_or_default();
        if let Some(space) = statement.one::<ast::TablespaceClause>().and_then(|one| one.deep::<ast::TablespaceRef>()) {
            tablespace(&mut options, &parse::own_name(&space));
        }
        let predicate = statement.one::<ast::WhereClause>().and_then(|one| one.one::<ast::Expr>());
        let index = Index {
            unique: statement.has(SyntaxKind::UNIQUE_KW),
            method,
            keys,
            include: include.unwrap_or_default(),
            predicate: predicate.map(|one| Expression::plain(expr::text_of(one.syntax(), &table.name))),
            nulls_not_distinct: statement
                .one::<ast::NullsDistinctOption>()
                .is_some_and(|one| matches!(one, ast::NullsDistinctOption::NullsNotDistinct(_))),
            options,
            ..Index::default()
        };
        Ok(Made { index, names: called })
    }

    /// Whether columns of a relation are not all known.
    fn loose(&self, table: &Name) -> bool {
        self.catalog.views.get(table).is_some_and(|one| one.columns.is_empty() || !one.comparable)
    }

    /// Adds an index, to the partitions of the table as well.
    pub(super) fn add_index(
        &mut self,
        table: &Name,
        made: Made,
        name: Option<String>,
        children: bool,
        implied: bool,
    ) -> Done {
        let name = match name {
            Some(name) => name,
            None => {
                let all: Vec<String> = made.names.iter().chain(&made.index.include).cloned().collect();
                self.relation_name(
                    &table.schema,
                    &table.name,
                    Some(&names::joined(&names::distinct(all))),
                    "idx",
                    false,
                )
            }
        };
        let meta = self.create(&Key::part(Kind::Index, table, &*name));
        let partitioned = self.catalog.tables.get(table).is_some_and(|one| one.partitioning.by.is_some());
        let mut index = Index { meta, name, implied, ..made.index.clone() };
        if partitioned && !children && !self.partitions(table).is_empty() {
            index.options.insert("invalid".to_owned(), "yes".to_owned());
        }
        if self.catalog.tables.contains_key(table) {
            self.touch_table(table);
            self.catalog.tables.entry(table.clone()).and_modify(|one| one.indexes.push(index));
        } else {
            self.touch_view(table);
            self.catalog.views.entry(table.clone()).and_modify(|one| one.indexes.push(index));
        }
        if partitioned && children {
            for child in self.partitions(table) {
                self.inherit_index(&child, Made { index: made.index.clone(), names: made.names.clone() })?;
            }
        }
        Ok(())
    }

    /// A partition gets the index of its parent, unless it has one that is the same.
    pub(super) fn inherit_index(&mut self, child: &Name, made: Made) -> Done {
        self.touch_table(child);
        let wanted = shape(&made.index);
        if let Some(table) = self.catalog.tables.get_mut(child)
            && let Some(same) = table.indexes.iter_mut().find(|one| !one.implied && shape(one) == wanted)
        {
            same.implied = true;
            return Ok(());
        }
        self.add_index(child, made, None, true, true)
    }

    /// A key with what is the default left out.
    pub(super) fn settled_key(&self, key: &IndexKey, method: &str, columns: &[Column]) -> IndexKey {
        let mut key = self.without_cast(key, columns, false);
        let column = columns.iter().find(|one| key.column && one.name == key.expression.text);
        if key.collation.is_some() && column.is_some_and(|one| one.collation == key.collation) {
            key.collation = None;
        }
        if let Some(class) = &key.operator_class
            && self.is_default_class(class, method, column.map(|one| &one.data_type))
        {
            key.operator_class = None;
        }
        key
    }

    /// Whether an operator class is the one that is taken when none is written.
    fn is_default_class(&self, class: &str, method: &str, data_type: Option<&DataType>) -> bool {
        let of_extension = self.catalog.extensions.keys().find_map(|name| extension::class(name, class, method));
        if let Some(default) = of_extension {
            // An extension may bring a class for a type of the server of the same name.
            return default;
        }
        let Some(data_type) = data_type else { return DEFAULT.contains(&(method, class)) };
        let own = internal_name(&data_type.name);
        match (method, data_type.array) {
            ("btree" | "hash" | "gin", true) => class == "array_ops",
            ("btree" | "hash", false) => match data_type.schema {
                Some(_) => class == "enum_ops" || class == "record_ops" || class == "range_ops",
                None => class.strip_suffix("_ops").is_some_and(|class| {
                    class == own
                        || (class == "range" && own.ends_with("range") && !own.ends_with("multirange"))
                        || (class == "multirange" && own.ends_with("multirange"))
                        || (class == "inet" && own == "cidr")
                }),
            },
            ("brin", false) => {
                class.strip_suffix("_minmax_ops").is_some_and(|class| class == own && own != "inet")
                    || class == "box_inclusion_ops"
                    || class == "range_inclusion_ops"
                    || class == "inet_inclusion_ops"
            }
            _ => DEFAULT.contains(&(method, class)),
        }
    }

    /// `ALTER INDEX`.
    pub(super) fn alter_index(&mut self, statement: &ast::AlterIndex) -> Done {
        let Some((schema, bare)) = statement.one::<ast::IndexRef>().and_then(|one| parse::path(&one)) else {
            return Ok(());
        };
        let owner = self.find_index(schema.as_deref(), &bare);
        let Some((table, name)) = owner else {
            if self.conditional(statement.is::<ast::IfExists>(), true) {
                return Ok(());
            }
            return Err(Refusal::new("undefined_table", format!("relation \"{bare}\" does not exist"), []));
        };
        let Some(action) = statement.one::<ast::AlterIndexAction>() else { return Ok(()) };
        match action {
            ast::AlterIndexAction::IndexRenameTo(to) => {
                let to = parse::name(&to).unwrap_or_default();
                self.rename_index(&table, &name, &to)
            }
            ast::AlterIndexAction::SetOptions(set) => {
                let options = written::options(&set);
                self.change_index(&table, &name, |index| index.options.extend(options.clone()));
                Ok(())
            }
            ast::AlterIndexAction::ResetOptions(set) => {
                let options = written::options(&set);
                self.change_index(&table, &name, |index| index.options.retain(|name, _| !options.contains_key(name)));
                Ok(())
            }
            ast::AlterIndexAction::SetTablespace(to) => {
                let space = to.one::<ast::TablespaceRef>().map(|one| parse::own_name(&one)).unwrap_or_default();
                self.change_index(&table, &name, |index| {
                    index.options.remove("tablespace");
                    tablespace(&mut index.options, &space);
                });
                Ok(())
            }
            ast::AlterIndexAction::AttachIndexPartition(attach) => self.attach_index(&table, &name, &attach),
            // Statistics targets of index columns and dependencies on extensions are not part of the catalog.
            _ => Ok(()),
        }
    }

    fn attach_index(&mut self, table: &Name, name: &str, attach: &ast::AttachIndexPartition) -> Done {
        let Some((schema, child)) = attach.one::<ast::IndexRef>().and_then(|one| parse::path(&one)) else {
            return Ok(());
        };
        let Some((partition, child)) = self.find_index(schema.as_deref(), &child) else {
            return Err(Refusal::new("undefined_table", format!("index \"{child}\" does not exist"), []));
        };
        self.change_index(&partition, &child, |index| index.implied = true);
        self.touch_table(&partition);
        if let Some(one) = self
            .catalog
            .tables
            .get_mut(&partition)
            .and_then(|one| one.constraints.iter_mut().find(|one| one.name == child))
        {
            one.inherited = true;
        }
        // Once every partition has its own, the index of the parent is whole.
        let shape_of = |state: &State, table: &Name, name: &str| {
            let table = state.catalog.tables.get(table)?;
            table.indexes.iter().find(|one| one.name == name).map(shape)
        };
        let Some(wanted) = shape_of(self, table, name) else {
            self.change_index(table, name, |index| drop(index.options.remove("invalid")));
            return Ok(());
        };
        let whole = self.partitions(table).iter().all(|partition| {
            self.catalog.tables.get(partition).is_some_and(|one| {
                one.indexes
                    .iter()
                    .any(|one| one.implied && shape(one) == wanted && !one.options.contains_key("invalid"))
            })
        });
        if whole {
            self.change_index(table, name, |index| drop(index.options.remove("invalid")));
        }
        Ok(())
    }

    /// The relation that has an index of this name, also one behind a constraint.
    pub(super) fn find_index(&self, schema: Option<&str>, name: &str) -> Option<(Name, String)> {
        let schemas: Vec<String> = schema.map_or_else(|| self.path.clone(), |schema| vec![schema.to_owned()]);
        schemas
            .into_iter()
            .find_map(|schema| self.index_owner(&Name::new(schema, name)))
            .map(|table| (table, name.to_owned()))
    }

    /// Changes an index, also one behind a constraint.
    pub(super) fn change_index(&mut self, table: &Name, name: &str, mut change: impl FnMut(&mut Index)) {
        if let Some(view) = self.catalog.views.get(table).map(|_| table.clone()) {
            self.touch_view(&view);
            if let Some(index) =
                self.catalog.views.get_mut(&view).and_then(|one| one.indexes.iter_mut().find(|one| one.name == name))
            {
                change(index);
            }
            return;
        }
        self.touch_table(table);
        let Some(table) = self.catalog.tables.get_mut(table) else { return };
        if let Some(index) = table.indexes.iter_mut().find(|one| one.name == name) {
            change(index);
        } else if let Some(index) = table
            .constraints
            .iter_mut()
            .filter(|one| one.name == name)
            .find_map(|one| super::foreign::index_of_mut(&mut one.kind))
        {
            change(index);
        }
    }

    /// `DROP INDEX`.
    pub(super) fn drop_indexes(&mut self, statement: &ast::DropIndex) -> Done {
        self.now.flags.online |= statement.has(SyntaxKind::CONCURRENTLY_KW);
        let cascade = self.cascade(statement);
        for one in statement.all::<ast::IndexRef>() {
            let Some((schema, bare)) = parse::path(&one) else { continue };
            let Some((table, name)) = self.find_index(schema.as_deref(), &bare) else {
                if self.conditional(statement.is::<ast::IfExists>(), true) {
                    continue;
                }
                return Err(Refusal::new("undefined_object", format!("index \"{bare}\" does not exist"), []));
            };
            self.drop_index(&table, &name, cascade)?;
        }
        Ok(())
    }

    fn drop_index(&mut self, table: &Name, name: &str, cascade: bool) -> Done {
        if self.catalog.tables.get(table).is_some_and(|one| one.constraints.iter().any(|one| one.name == name)) {
            let reason =
                format!("cannot drop index {name} because constraint {name} on table {} requires it", table.name);
            return Err(Refusal::new(
                "dependent_objects_still_exist",
                reason,
                [Key::part(Kind::Constraint, table, name)],
            ));
        }
        let shape_before =
            self.catalog.tables.get(table).and_then(|one| one.indexes.iter().find(|one| one.name == name)).map(shape);
        if self.catalog.tables.contains_key(table) {
            self.touch_table(table);
            self.drop_foreign_on_index(table, name, cascade)?;
            self.catalog.tables.entry(table.clone()).and_modify(|one| {
                one.indexes.retain(|one| one.name != name);
                if one.options.get("replica identity").is_some_and(|value| *value == format!("using index {name}")) {
                    one.options.remove("replica identity");
                }
            });
        } else {
            self.touch_view(table);
            self.catalog.views.entry(table.clone()).and_modify(|one| one.indexes.retain(|one| one.name != name));
        }
        let Some(wanted) = shape_before else { return Ok(()) };
        for child in self.partitions(table) {
            let copy = self.catalog.tables.get(&child).and_then(|one| {
                one.indexes.iter().find(|one| one.implied && shape(one) == wanted).map(|one| one.name.clone())
            });
            if let Some(copy) = copy {
                self.drop_index(&child, &copy, cascade)?;
            }
        }
        Ok(())
    }

    /// Foreign keys may rest on a unique index.
    fn drop_foreign_on_index(&mut self, table: &Name, name: &str, cascade: bool) -> Done {
        let Some(found) = self.catalog.tables.get(table) else { return Ok(()) };
        let Some(index) = found.indexes.iter().find(|one| one.name == name && one.unique && one.predicate.is_none())
        else {
            return Ok(());
        };
        let columns: std::collections::BTreeSet<String> = super::foreign::key_columns(index).into_iter().collect();
        let others = found
            .constraints
            .iter()
            .filter_map(|one| super::foreign::index_of(&one.kind))
            .chain(found.indexes.iter().filter(|one| one.name != name));
        let still = others.into_iter().any(|one| {
            one.unique
                && one.predicate.is_none()
                && super::foreign::key_columns(one).into_iter().collect::<std::collections::BTreeSet<_>>() == columns
        });
        if still {
            return Ok(());
        }
        self.drop_foreign_to(table, &columns, cascade, name)
    }
}

/// What makes two indexes the same but for their names.
pub(super) fn shape(index: &Index) -> (bool, String, Vec<String>, Vec<String>, Option<String>, bool) {
    (
        index.unique,
        index.method.clone(),
        index.keys.iter().map(IndexKey::normal).collect(),
        index.include.clone(),
        index.predicate.as_ref().map(|one| one.normal.clone()),
        index.nulls_not_distinct,
    )
}

/// Parameters of an operator class stand with it, as `gist_trgm_ops(siglen=32)`.
fn with_parameters(key: &mut IndexKey, parameters: &[(String, Option<String>)], _columns: &[Column]) {
    if parameters.is_empty() {
        return;
    }
    let list: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{name}={}", value.as_deref().unwrap_or("true"))).collect();
    let class = key.operator_class.clone().unwrap_or_default();
    key.operator_class = Some(format!("{class}({})", list.join(", ")));
}

/// Default operator classes of the server that are not told by the name of the type.
const DEFAULT: &[(&str, &str)] = &[
    ("gin", "array_ops"),
    ("gin", "jsonb_ops"),
    ("gin", "tsvector_ops"),
    ("gist", "box_ops"),
    ("gist", "point_ops"),
    ("gist", "poly_ops"),
    ("gist", "circle_ops"),
    ("gist", "tsvector_ops"),
    ("gist", "tsquery_ops"),
    ("gist", "range_ops"),
    ("gist", "multirange_ops"),
    ("spgist", "range_ops"),
    ("spgist", "quad_point_ops"),
    ("spgist", "text_ops"),
    ("spgist", "inet_ops"),
    ("spgist", "box_ops"),
    ("spgist", "poly_ops"),
    ("btree", "text_ops"),
    ("btree", "int4_ops"),
    ("btree", "int8_ops"),
    ("btree", "timestamptz_ops"),
    ("btree", "timestamp_ops"),
    ("btree", "date_ops"),
    ("btree", "numeric_ops"),
    ("btree", "bool_ops"),
    ("hash", "text_ops"),
];

/// The name of a type's default operator class, without `_ops`.
fn internal_name(name: &str) -> &str {
    match name {
        "integer" => "int4",
        "smallint" => "int2",
        "bigint" => "int8",
        "boolean" => "bool",
        "real" => "float4",
        "double precision" => "float8",
        "character varying" => "text",
        "character" => "bpchar",
        "timestamp with time zone" => "timestamptz",
        "timestamp without time zone" => "timestamp",
        "time with time zone" => "timetz",
        "time without time zone" => "time",
        "bit varying" => "varbit",
        "\"char\"" => "char",
        other => other,
    }
}
