//! `CREATE TABLE`.
use super::column::Defined;
use super::parse::{self, Look};
use super::run::{Done, Refusal};
use super::state::State;
use super::written::{self, Demand, KeyDemand, Written};
use crate::engines::schema::catalog::{Key, Kind, Name, Partitioning, Table};
use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{self, AstNode};
use std::collections::BTreeMap;

/// What a `CREATE TABLE` is made of.
#[derive(Default)]
pub(super) struct Parts {
    /// Columns in order.
    pub(super) columns: Vec<Defined>,
    /// Constraints of columns and table, in order.
    pub(super) constraints: Vec<Written>,
    /// `LIKE` clauses.
    pub(super) likes: Vec<(Name, super::like::Including)>,
}

/// Notes `OPTIONS (…)` of foreign tables and columns.
pub(super) fn foreign_options(list: &ast::AlterOptionList, options: &mut BTreeMap<String, String>) {
    for one in list.all::<ast::AlterOption>() {
        let name = one
            .syntax()
            .descendants()
            .find_map(ast::ForeignOptionName::cast)
            .map(|one| parse::own_name(&one))
            .unwrap_or_default();
        let key = format!("option {name}");
        match one {
            ast::AlterOption::DropForeignOption(_) => drop(options.remove(&key)),
            other => drop(options.insert(key, parse::string(&other).unwrap_or_default())),
        }
    }
}

/// Options of a table that say nothing.
pub(super) fn table_options(node: &impl AstNode) -> BTreeMap<String, String> {
    let mut options = written::options(node);
    options.remove("oids");
    options
}

impl State {
    /// Whether a table of the session has this name and hides others.
    pub(super) fn is_temporary_table(&self, schema: Option<&str>, name: &str) -> bool {
        match schema {
            Some(schema) => schema.starts_with("pg_temp"),
            None => self.temporary.contains(name),
        }
    }

    /// `CREATE TABLE`, `CREATE FOREIGN TABLE`.
    pub(super) fn create_table(&mut self, statement: &ast::CreateTableLike) -> Done {
        let Some((schema, bare)) = statement.one::<ast::TableName>().and_then(|one| parse::path(&one)) else {
            return Ok(());
        };
        if self.is_temporary(statement.one(), schema.as_deref()) {
            self.temporary.insert(bare);
            return Ok(());
        }
        let name = self.new_relation(schema.as_deref(), &bare)?;
        if self.conditional(statement.is::<ast::IfNotExists>(), self.relation_exists(&name)) {
            return Ok(());
        }
        self.must_be_free(&name)?;
        let unlogged =
            statement.one::<ast::Persistence>().is_some_and(|one| matches!(one, ast::Persistence::Unlogged(_)));
        let mut parts = Parts::default();
        let parent = match statement.one::<ast::PartitionOf>().and_then(|one| parse::path(&one)) {
            Some((schema, parent)) => Some(self.must_find_table(schema.as_deref(), &parent)?),
            None => None,
        };
        let mut inherits = Vec::new();
        for one in statement.one::<ast::Inherits>().map(|one| one.all::<ast::TableNameRef>()).unwrap_or_default() {
            let Some((schema, bare)) = parse::path(&one) else { continue };
            inherits.push(self.must_find_table(schema.as_deref(), &bare)?);
        }
        self.read_parts(statement, &name, &mut parts)?;
        let mut options = statement.one::<ast::TableParams>().map(|one| table_options(&one)).unwrap_or_default();
        self.more_options(statement, &name, &mut options, &mut parts)?;
        let meta = self.create(&Key::top(Kind::Table, &name));
        self.touch_table(&name);
        let mut table = Table { meta, unlogged, options, inherits: inherits.clone(), ..Table::default() };
        table.partitioning = Partitioning { parent: parent.clone(), ..Partitioning::default() };
        self.make_columns(&name, &mut table, &mut parts, unlogged)?;
        self.partition_clauses(statement, &name, &mut table)?;
        self.catalog.tables.insert(name.clone(), table);
        self.make_constraints(&name, &parts, parent.as_ref(), &inherits)?;
        if let Some(parent) = &parent {
            self.refer_to_partition(parent, &name);
            self.partition_attached(parent, &name);
        }
        Ok(())
    }

    fn more_options(
        &mut self,
        statement: &ast::CreateTableLike,
        name: &Name,
        options: &mut BTreeMap<String, String>,
        parts: &mut Parts,
    ) -> Done {
        if let Some(space) = statement.one::<ast::TablespaceClause>().and_then(|one| one.deep::<ast::TablespaceRef>()) {
            super::index::tablespace(options, &parse::own_name(&space));
        }
        if let Some(method) = statement
            .one::<ast::UsingMethod>()
            .and_then(|one| one.deep::<ast::AccessMethodRef>())
            .map(|one| parse::own_name(&one))
            && method != "heap"
        {
            options.insert("access method".to_owned(), method);
        }
        if let Some(server) = statement.one::<ast::ServerClause>().and_then(|one| one.one::<ast::ServerRef>()) {
            options.insert("server".to_owned(), parse::own_name(&server));
        }
        if let Some(list) = statement.one::<ast::AlterOptionList>() {
            foreign_options(&list, options);
        }
        if let Some(of) = statement.one::<ast::OfType>().and_then(|one| one.one::<ast::Type>()) {
            let found = self.resolve_type(&of.words())?;
            options.insert("of".to_owned(), found.to_string());
            self.typed_columns(name, &found, parts)?;
        }
        Ok(())
    }

    /// Reads columns, constraints and `LIKE` clauses in order.
    fn read_parts(&mut self, statement: &ast::CreateTableLike, name: &Name, parts: &mut Parts) -> Done {
        let Some(list) = statement.one::<ast::TableArgList>() else { return Ok(()) };
        for argument in list.all::<ast::TableArg>() {
            match argument {
                ast::TableArg::Column(column) => {
                    let defined = self.column(column.syntax(), name)?;
                    parts.constraints.extend(defined.constraints.clone());
                    if parts.columns.iter().any(|one| one.column.name == defined.column.name) {
                        let reason = format!("column \"{}\" specified more than once", defined.column.name);
                        return Err(Refusal::new("duplicate_column", reason, [State::table_key(name)]));
                    }
                    parts.columns.push(defined);
                }
                ast::TableArg::TableConstraint(constraint) => {
                    if let Some(one) = constraint_of(&constraint, &name.name) {
                        parts.constraints.push(one);
                    }
                }
                ast::TableArg::LikeClause(like) => self.read_like(&like, parts)?,
            }
        }
        Ok(())
    }

    /// Makes the columns: those of parents first, then the table's own.
    fn make_columns(&mut self, name: &Name, table: &mut Table, parts: &mut Parts, unlogged: bool) -> Done {
        let parent = table.partitioning.parent.clone();
        for from in parent.iter().chain(&table.inherits.clone()) {
            self.inherit_columns(name, from, table, parent.is_some())?;
        }
        for defined in &mut parts.columns {
            let mut defined = std::mem::take(defined);
            self.column_sequence(name, &mut defined, unlogged);
            let mut column = defined.column.clone();
            if column.data_type.name.is_empty()
                && let Some(one) = table.column(&column.name)
            {
                column.data_type = one.data_type.clone();
            }
            self.finish_column(&mut column, &defined);
            match table.column_mut(&column.name) {
                Some(merged) => merge_column(merged, column),
                None if column.data_type.name.is_empty() => {
                    let reason = format!("column \"{}\" does not exist", column.name);
                    return Err(Refusal::new("undefined_column", reason, [State::table_key(name)]));
                }
                None => {
                    self.new_column_meta(name, &mut column);
                    table.columns.push(column);
                }
            }
        }
        Ok(())
    }

    /// Gives the new table its constraints in the order in which the server does.
    fn make_constraints(&mut self, name: &Name, parts: &Parts, parent: Option<&Name>, inherits: &[Name]) -> Done {
        for from in parent.into_iter().chain(inherits) {
            self.inherit_constraints(from, name);
        }
        let checks = parts.constraints.iter().filter(|one| matches!(one.demand, Demand::Check { .. }));
        for one in checks {
            self.add_constraint(name, one, false)?;
        }
        for one in parts.constraints.iter().filter(|one| matches!(one.demand, Demand::NotNull(_))) {
            self.add_constraint(name, one, false)?;
        }
        for one in merged_keys(&parts.constraints) {
            self.add_constraint(name, &one, false)?;
        }
        for (from, including) in &parts.likes {
            self.finish_like(name, from, including)?;
        }
        if let Some(parent) = parent {
            self.inherit_indexes(parent, name)?;
        }
        for one in parts.constraints.iter().filter(|one| matches!(one.demand, Demand::Foreign(_))) {
            self.add_constraint(name, one, false)?;
        }
        Ok(())
    }
}

/// The constraint that a node of a table is.
pub(super) fn constraint_of(constraint: &impl AstNode, table: &str) -> Option<Written> {
    struct Any(squawk_syntax::SyntaxNode);
    impl AstNode for Any {
        fn can_cast(_: SyntaxKind) -> bool {
            true
        }
        fn cast(syntax: squawk_syntax::SyntaxNode) -> Option<Any> {
            Some(Any(syntax))
        }
        fn syntax(&self) -> &squawk_syntax::SyntaxNode {
            &self.0
        }
    }
    written::read(&Any(constraint.syntax().clone()), table, None)
}

/// The keys of a table: the primary one first; one that says the same as an earlier one is merged with it and may give it its name.
fn merged_keys(constraints: &[Written]) -> Vec<Written> {
    let mut out: Vec<Written> = Vec::new();
    let is_key = |one: &&Written| matches!(one.demand, Demand::Key(_) | Demand::Using(..) | Demand::Exclude(_));
    let primary =
        |one: &Written| matches!(&one.demand, Demand::Key(KeyDemand { primary: true, .. }) | Demand::Using(true, _));
    let sorted = constraints
        .iter()
        .filter(is_key)
        .filter(|one| primary(one))
        .chain(constraints.iter().filter(is_key).filter(|one| !primary(one)));
    for one in sorted {
        let same = match &one.demand {
            Demand::Key(key) => out.iter_mut().find(|other| match &other.demand {
                Demand::Key(earlier) => {
                    earlier.columns == key.columns
                        && earlier.include == key.include
                        && earlier.nulls_not_distinct == key.nulls_not_distinct
                        && (other.deferrable, other.deferred) == (one.deferrable, one.deferred)
                }
                _ => false,
            }),
            _ => None,
        };
        match same {
            Some(earlier) => {
                if earlier.name.is_none() {
                    earlier.name = one.name.clone();
                }
            }
            None => out.push(one.clone()),
        }
    }
    out
}

/// A column that a parent has too: what the child says goes before.
fn merge_column(merged: &mut crate::engines::schema::catalog::Column, own: crate::engines::schema::catalog::Column) {
    if own.default.is_some() {
        merged.default = own.default;
    }
    if own.generated.is_some() {
        merged.generated = own.generated;
    }
    if own.identity.is_some() {
        merged.identity = own.identity;
    }
    merged.not_null |= own.not_null;
    merged.options.extend(own.options);
    if own.collation.is_some() {
        merged.collation = own.collation;
    }
}
