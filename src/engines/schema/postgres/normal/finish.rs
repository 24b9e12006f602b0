//! The normal forms of a whole catalog, once all its types, columns and routines are known.
use super::from::Item;
use super::query::{Scope, Shared};
use super::{Context, body, default, expression};
use crate::engines::schema::catalog::{
    Catalog, Column, Constraint, ConstraintKind, DataType, Expression, Index, Name, Routine, Table, Trigger, UserType,
    UserTypeKind, View,
};

/// Sets the normal form of every expression of a catalog from its text. Reader and replay both end with it, so that both compare the same.
pub fn catalog(catalog: &mut Catalog) {
    // Looked up in a copy without the expressions, while these are set.
    let known = Catalog {
        server: catalog.server,
        types: catalog.types.clone(),
        tables: catalog.tables.iter().map(|(name, table)| (name.clone(), known_table(table))).collect(),
        views: catalog.views.iter().map(|(name, view)| (name.clone(), known_view(view))).collect(),
        routines: catalog.routines.iter().map(|(key, one)| (key.clone(), known_routine(one))).collect(),
        ..Catalog::default()
    };
    let tables: Vec<(Name, Vec<(String, DataType)>)> =
        catalog.tables.iter().map(|(name, table)| (name.clone(), columns_of(table))).collect();
    usual_comments(catalog);
    usual_options(catalog);
    // The superuser may do everything anyway.
    catalog.grants.retain(|_, grant| grant.grantee != "postgres");
    for one in catalog.types.values_mut() {
        user_type(one, &known);
    }
    for (name, columns) in &tables {
        if let Some(table) = catalog.tables.get_mut(name) {
            let columns: Vec<(&str, &DataType)> = columns.iter().map(|(name, kind)| (name.as_str(), kind)).collect();
            let context = Context { columns: &columns, catalog: Some(&known), ..Context::default() };
            self::table(table, context);
            policies(name, table, &known);
        }
    }
    for one in catalog.views.values_mut() {
        view(one, &known);
    }
    for one in catalog.routines.values_mut() {
        one.body = match one.language.as_str() {
            "sql" => super::routine::standard_body(&one.body.text, &known).unwrap_or_else(|| body(&one.body.text)),
            _ => body(&one.body.text),
        };
    }
}

/// Comments that are there without anybody having written them are none, also when a dump writes them.
fn usual_comments(catalog: &mut Catalog) {
    if let Some(schema) = catalog.schemas.get_mut("public") {
        schema.meta.comment = schema.meta.comment.take().filter(|text| text != "standard public schema");
    }
    let usual = include_str!("extensions.txt");
    for (name, extension) in &mut catalog.extensions {
        let is_usual = |text: &String| usual.lines().any(|line| line.strip_prefix(name) == Some(&format!("|{text}")));
        extension.meta.comment = extension.meta.comment.take().filter(|text| !is_usual(text));
    }
}

/// Options of servers have no order, and the name that the server makes up for a multirange type need not be said.
fn usual_options(catalog: &mut Catalog) {
    for (key, other) in &mut catalog.others {
        let sorted = key.name.starts_with("server ") || key.name.starts_with("foreign data wrapper ");
        if let Some(options) = other.attributes.get_mut("options").filter(|_| sorted) {
            let mut all: Vec<&str> = options.split(", ").collect();
            all.sort_unstable();
            *options = all.join(", ");
        }
    }
    for (name, one) in &mut catalog.types {
        if let UserTypeKind::Range { options, .. } = &mut one.kind {
            let made_up = match name.name.contains("range") {
                true => name.name.replacen("range", "multirange", 1),
                false => format!("{}_multirange", name.name),
            };
            options.retain(|(word, value)| word != "multirange_type_name" || super::names::last_part(value) != made_up);
        }
    }
}

fn known_routine(one: &Routine) -> Routine {
    Routine { returns: one.returns.clone(), signature: one.signature.clone(), ..Routine::default() }
}

fn known_table(one: &Table) -> Table {
    let column = |column: &Column| Column {
        name: column.name.clone(),
        data_type: column.data_type.clone(),
        ..Column::default()
    };
    Table { columns: one.columns.iter().map(column).collect(), ..Table::default() }
}

fn known_view(one: &View) -> View {
    View { columns: one.columns.clone(), ..View::default() }
}

fn columns_of(table: &Table) -> Vec<(String, DataType)> {
    table.columns.iter().map(|column| (column.name.clone(), column.data_type.clone())).collect()
}

fn again(one: &mut Expression, context: Context<'_>) {
    one.normal = expression(&one.text, context).normal;
}

fn maybe(one: Option<&mut Expression>, context: Context<'_>) {
    if let Some(one) = one {
        again(one, context);
    }
}

/// A default; `NULL` is none.
fn again_default(one: &mut Option<Expression>, context: Context<'_>) {
    if let Some(found) = one {
        found.normal = default(&found.text, context).normal;
        if found.normal == "null" {
            *one = None;
        }
    }
}

fn user_type(one: &mut UserType, known: &Catalog) {
    if let UserTypeKind::Domain { base, default, checks, .. } = &mut one.kind {
        let context = Context { data_type: Some(base), catalog: Some(known), ..Context::default() };
        again_default(default, context);
        for (_, check) in checks {
            again(check, context);
        }
    }
}

fn table(table: &mut Table, context: Context<'_>) {
    for column in &mut table.columns {
        self::column(column, context);
    }
    for constraint in &mut table.constraints {
        self::constraint(constraint, context);
    }
    for index in &mut table.indexes {
        self::index(index, context);
    }
    for trigger in &mut table.triggers {
        self::trigger(trigger, context);
    }
    if let Some(by) = &mut table.partitioning.by {
        by.normal = partition_key(&by.text, context);
    }
    if let Some(bound) = &mut table.partitioning.bound {
        bound.normal = super::bounds::bound(&bound.text);
    }
}

/// Conditions of policies may hold queries, in which the table's columns go by its name.
fn policies(name: &Name, table: &mut Table, known: &Catalog) {
    let shared = Shared::default();
    let columns =
        table.columns.iter().map(|column| (column.name.clone(), Some(super::choose::bare(&column.data_type))));
    let mut scope = Scope::within(None, &shared);
    scope.outermost = true;
    scope.items.push(Item {
        alias: name.name.clone(),
        called: name.name.clone(),
        columns: Some(columns.collect()),
        merged: Vec::new(),
    });
    for policy in &mut table.policies {
        let context = Context { catalog: Some(known), scope: Some(&scope), ..Context::default() };
        shared.tables.set(0);
        maybe(policy.using.as_mut(), context);
        shared.tables.set(0);
        maybe(policy.check.as_mut(), context);
    }
}

fn column(column: &mut Column, context: Context<'_>) {
    let kind = column.data_type.clone();
    again_default(&mut column.default, Context { data_type: Some(&kind), ..context });
    if let Some(generated) = &mut column.generated {
        let context = Context { data_type: Some(&kind), ..context };
        generated.expression.normal = default(&generated.expression.text, context).normal;
    }
}

fn constraint(constraint: &mut Constraint, context: Context<'_>) {
    match &mut constraint.kind {
        ConstraintKind::Check(condition) => again(condition, context),
        ConstraintKind::PrimaryKey(index) | ConstraintKind::Unique(index) | ConstraintKind::Exclude(index) => {
            self::index(index, context);
        }
        ConstraintKind::ForeignKey(_) | ConstraintKind::NotNull(_) => {}
    }
}

fn index(index: &mut Index, context: Context<'_>) {
    for key in &mut index.keys {
        if let (false, Some(column)) = (key.column, super::plain_column(&key.expression.text, context)) {
            key.column = true;
            key.expression.text = column;
        }
        if key.column {
            key.expression.normal = key.expression.text.clone();
        } else {
            again(&mut key.expression, context);
            // An expression that is but a column with a cast is not the column.
            if key.expression.normal.chars().all(|one| one.is_alphanumeric() || one == '_') {
                key.expression.normal = format!("({})", key.expression.normal);
            }
        }
    }
    maybe(index.predicate.as_mut(), context);
}

fn trigger(trigger: &mut Trigger, context: Context<'_>) {
    maybe(trigger.condition.as_mut(), context);
}

fn view(view: &mut View, known: &Catalog) {
    let columns: Vec<(String, DataType)> = view.columns.clone();
    let columns: Vec<(&str, &DataType)> = columns.iter().map(|(name, kind)| (name.as_str(), kind)).collect();
    let context = Context { columns: &columns, catalog: Some(known), ..Context::default() };
    for one in &mut view.indexes {
        index(one, context);
    }
    for one in &mut view.triggers {
        trigger(one, context);
    }
    let names: Vec<String> = view.columns.iter().map(|(name, _)| name.clone()).collect();
    let (normal, proven) = super::query::view(&view.query.text, &names, known);
    view.query.normal = normal;
    view.comparable = proven;
}

/// `RANGE (created_at, lower(name))`.
fn partition_key(text: &str, context: Context<'_>) -> String {
    super::bounds::key(text, context)
}
