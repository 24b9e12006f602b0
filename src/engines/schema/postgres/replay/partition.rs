//! Partitions: keys, bounds, attaching and detaching.
use super::expr;
use super::parse::{self, Look};
use super::run::{Done, Refusal};
use super::state::State;
use crate::engines::schema::catalog::{ConstraintKind, Expression, Name, Table};
use squawk_syntax::ast::{self, AstNode};

impl State {
    /// `PARTITION BY` and the bound of a new table.
    pub(super) fn partition_clauses(
        &mut self,
        statement: &ast::CreateTableLike,
        name: &Name,
        table: &mut Table,
    ) -> Done {
        if let Some(by) = statement.one::<ast::PartitionBy>() {
            table.partitioning.by = Some(self.partition_key(&by, name));
        }
        if table.partitioning.parent.is_some() {
            table.partitioning.bound = statement.one::<ast::PartitionType>().map(|one| State::bound(&one));
        }
        Ok(())
    }

    /// The key as the server prints it: `RANGE (created_at)`.
    fn partition_key(&self, by: &ast::PartitionBy, name: &Name) -> Expression {
        let strategy = by.one::<ast::PartitionStrategy>().map(|one| one.words().to_uppercase()).unwrap_or_default();
        let mut texts = Vec::new();
        for item in by.one::<ast::PartitionItemList>().map(|one| one.all::<ast::PartitionItem>()).unwrap_or_default() {
            let Some(expression) = item.one::<ast::Expr>() else { continue };
            let (key, _) = super::index::expression_key(expression.syntax(), &name.name);
            let mut text = match key.column {
                true => expr::quote(&key.expression.text),
                false if is_call(&key.expression.text) => key.expression.text.clone(),
                false => format!("({})", key.expression.text),
            };
            if let Some(collate) = item.one::<ast::Collate>().and_then(|one| self.collation(&one)) {
                text.push_str(&format!(" COLLATE {collate}"));
            }
            if let Some((_, class)) = item.one::<ast::OpClassRef>().and_then(|one| parse::path(&one)) {
                text.push_str(&format!(" {class}"));
            }
            texts.push(text);
        }
        Expression::plain(format!("{strategy} ({})", texts.join(", ")))
    }

    /// The bound as the server prints it.
    fn bound(bound: &ast::PartitionType) -> Expression {
        Expression::plain(bound_text(bound))
    }

    /// `ATTACH PARTITION`.
    pub(super) fn attach(&mut self, table: &Name, attach: &ast::AttachPartition) -> Done {
        let Some((schema, bare)) = attach.one::<ast::TableNameRef>().and_then(|one| parse::path(&one)) else {
            return Ok(());
        };
        let child = self.must_find_table(schema.as_deref(), &bare)?;
        if self.must_be_table(&child)?.partitioning.parent.is_some() {
            let reason = format!("\"{}\" is already a partition", child.name);
            return Err(Refusal::new("wrong_object_type", reason, [State::table_key(&child)]));
        }
        self.must_not_be_circular(&child, table)?;
        self.touch_table(&child);
        let bound = attach.one::<ast::PartitionType>().map(|one| State::bound(&one));
        if let Some(one) = self.catalog.tables.get_mut(&child) {
            one.partitioning.parent = Some(table.clone());
            one.partitioning.bound = bound;
        }
        let parent = self.must_be_table(table)?.clone();
        for column in parent.columns.iter().filter(|one| one.not_null) {
            self.set_not_null(&child, &super::written::Written::default(), &column.name);
        }
        if self.catalog.server.version.0 >= 17 {
            for column in parent.columns.iter().filter(|one| one.identity.is_some()) {
                if let Some(own) = self.catalog.tables.get_mut(&child).and_then(|one| one.column_mut(&column.name)) {
                    own.identity = column.identity.clone();
                }
            }
        }
        self.inherit_indexes(table, &child)?;
        self.refer_to_partition(table, &child);
        self.partition_attached(table, &child);
        Ok(())
    }

    /// `DETACH PARTITION`.
    pub(super) fn detach(&mut self, table: &Name, detach: &ast::DetachPartition) -> Done {
        let Some((schema, bare)) = detach.one::<ast::TableNameRef>().and_then(|one| parse::path(&one)) else {
            return Ok(());
        };
        self.now.flags.online |= detach.syntax().text().to_string().to_lowercase().contains("concurrently");
        let child = self.must_find_table(schema.as_deref(), &bare)?;
        if self.must_be_table(&child)?.partitioning.parent.as_ref() != Some(table) {
            let reason = format!("relation \"{}\" is not a partition of relation \"{}\"", child.name, table.name);
            return Err(Refusal::new("undefined_table", reason, [State::table_key(&child)]));
        }
        self.touch_table(&child);
        // Foreign keys to the whole are no longer ones to this part.
        let to_child: Vec<(Name, String)> = self.foreign_to(&child, None);
        for (owner, name) in to_child {
            let is_copy = self
                .catalog
                .tables
                .get(&owner)
                .is_some_and(|one| one.constraints.iter().any(|one| one.name == name && one.inherited));
            if is_copy {
                self.touch_table(&owner);
                self.catalog.tables.entry(owner).and_modify(|one| one.constraints.retain(|one| one.name != name));
            }
        }
        self.partition_detached(&child);
        if let Some(one) = self.catalog.tables.get_mut(&child) {
            one.partitioning.parent = None;
            one.partitioning.bound = None;
            one.indexes.iter_mut().for_each(|one| one.implied = false);
            one.constraints.iter_mut().for_each(|one| one.inherited = false);
            // An identity that came from the parent goes with it.
            one.columns.iter_mut().for_each(|one| one.identity = None);
        }
        Ok(())
    }

    /// `INHERIT` and `NO INHERIT`.
    pub(super) fn inherit(&mut self, table: &Name, parent: &impl AstNode, on: bool) -> Done {
        let Some((schema, bare)) = parse::path(parent) else { return Ok(()) };
        let parent = self.must_find_table(schema.as_deref(), &bare)?;
        if on {
            self.must_not_be_circular(table, &parent)?;
        }
        self.touch_table(table);
        if let Some(one) = self.catalog.tables.get_mut(table) {
            one.inherits.retain(|one| *one != parent);
            if on {
                one.inherits.push(parent.clone());
            }
        }
        let checks: Vec<String> = self
            .must_be_table(&parent)?
            .constraints
            .iter()
            .filter(|one| matches!(one.kind, ConstraintKind::Check(_)))
            .map(|one| one.name.clone())
            .collect();
        if let Some(one) = self.catalog.tables.get_mut(table) {
            one.constraints.iter_mut().filter(|one| checks.contains(&one.name)).for_each(|one| one.inherited = on);
        }
        Ok(())
    }
}

/// Whether an expression is one call of a function, which needs no parentheses.
fn is_call(text: &str) -> bool {
    expr::parse(text).is_some_and(|(_file, node)| node.kind() == squawk_syntax::SyntaxKind::CALL_EXPR)
}

/// The bound with the words of the server.
fn bound_text(bound: &ast::PartitionType) -> String {
    let list = |node: &squawk_syntax::SyntaxNode| {
        node.children()
            .filter(|one| ast::Expr::can_cast(one.kind()))
            .map(|one| value(&parse::text(&one)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    match bound {
        ast::PartitionType::PartitionDefault(_) => "DEFAULT".to_owned(),
        ast::PartitionType::PartitionForValuesIn(one) => format!("FOR VALUES IN ({})", list(one.syntax())),
        ast::PartitionType::PartitionForValuesFrom(one) => {
            let from = one.one::<ast::PartitionFromValues>().map(|one| list(one.syntax())).unwrap_or_default();
            let to = one.one::<ast::PartitionToValues>().map(|one| list(one.syntax())).unwrap_or_default();
            format!("FOR VALUES FROM ({from}) TO ({to})")
        }
        ast::PartitionType::PartitionForValuesWith(one) => {
            let bounds: Vec<String> =
                one.all::<ast::HashPartitionBound>().iter().map(|one| one.words().to_lowercase()).collect();
            format!("FOR VALUES WITH ({})", bounds.join(", "))
        }
    }
}

fn value(text: &str) -> String {
    match text.to_ascii_lowercase().as_str() {
        word @ ("minvalue" | "maxvalue" | "null" | "true" | "false") => {
            if word == "true" || word == "false" {
                word.to_owned()
            } else {
                word.to_uppercase()
            }
        }
        _ => text.to_owned(),
    }
}
