//! `FROM`: relations, functions, sub-queries and joins.
use super::{Column, Item, Scope, Source, Walk, is_query, renamed, settled, unknown};
use crate::engines::schema::catalog::{DataType, Name};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

type Ctes<'a> = &'a [(String, Vec<Column>)];

impl Walk<'_> {
    /// Columns of a relation of the catalog.
    pub(super) fn relation_columns(&self, name: &Name) -> Vec<Column> {
        let column = |(column, data_type): (&String, &DataType)| Column {
            name: column.clone(),
            data_type: data_type.clone(),
            origin: Some((name.clone(), column.clone())),
        };
        if let Some(table) = self.state.catalog.tables.get(name) {
            return table.columns.iter().map(|one| column((&one.name, &one.data_type))).collect();
        }
        let view = self.state.catalog.views.get(name);
        view.map(|view| view.columns.iter().map(|(name, data_type)| column((name, data_type))).collect())
            .unwrap_or_default()
    }

    /// The relation that a path names: a query of `WITH`, a table, a view.
    pub(super) fn relation(&mut self, node: &SyntaxNode, ctes: Ctes<'_>) -> Item {
        let mut parts: Vec<String> = node
            .descendants()
            .filter_map(ast::PathSegmentRef::cast)
            .map(|one| ast::normalize_name_node(one.syntax()))
            .collect();
        let name = parts.pop().unwrap_or_default();
        let schema = parts.pop();
        if schema.is_none()
            && let Some((_, columns)) = ctes.iter().rev().find(|(cte, _)| *cte == name)
        {
            return Item { alias: name, relation: None, rows: None, columns: columns.clone() };
        }
        let found = self.state.find(schema.as_deref(), &name, |catalog, name| {
            catalog.tables.contains_key(name)
                || catalog.views.contains_key(name)
                || catalog.sequences.contains_key(name)
        });
        match found {
            Some(found) => {
                let range = self.range(node);
                self.uses.relations.push((range, found.clone()));
                Item {
                    alias: name,
                    columns: self.relation_columns(&found),
                    rows: Some(found.clone()),
                    relation: Some(found),
                }
            }
            None if let Some(columns) = super::system::columns(schema.as_deref(), &name) => {
                let columns = columns.into_iter().map(|(name, data_type)| Column { name, data_type, origin: None });
                Item { alias: name, relation: None, rows: None, columns: columns.collect() }
            }
            None => {
                self.uses.missing.push(match &schema {
                    Some(schema) => format!("{schema}.{name}"),
                    None => name.clone(),
                });
                Item { alias: name, relation: None, rows: None, columns: Vec::new() }
            }
        }
    }

    pub(super) fn listed(
        &mut self,
        item: &ast::FromListItem,
        before: &Source,
        ctes: Ctes<'_>,
        outer: Option<&Scope<'_>>,
    ) -> Source {
        match item {
            ast::FromListItem::JoinExpr(join) => self.join(join, before, ctes, outer),
            ast::FromListItem::FromItem(item) => self.item(item, before, ctes, outer),
        }
    }

    fn join(&mut self, join: &ast::JoinExpr, before: &Source, ctes: Ctes<'_>, outer: Option<&Scope<'_>>) -> Source {
        let left = join.from_list_item().map(|item| self.deeper(&item, before, ctes, outer)).unwrap_or_default();
        let Some(join) = join.join() else { return left };
        let mut seen = before.clone();
        seen.items.extend(left.items.iter().cloned());
        seen.star.extend(left.star.iter().cloned());
        let right = join.from_list_item().map(|item| self.deeper(&item, &seen, ctes, outer)).unwrap_or_default();
        let natural =
            super::words::tokens(join.syntax()).next().is_some_and(|one| one.text().eq_ignore_ascii_case("natural"));
        let mut using: Vec<String> = Vec::new();
        match join.join_condition() {
            Some(ast::JoinCondition::JoinUsingClause(clause)) => {
                let columns = clause.column_ref_list().map(|list| list.syntax().clone());
                using = columns
                    .iter()
                    .flat_map(|list| list.descendants())
                    .filter_map(ast::ColumnNameRef::cast)
                    .map(|one| ast::normalize_name_node(one.syntax()))
                    .collect();
            }
            Some(ast::JoinCondition::OnClause(clause)) => {
                seen.items.extend(right.items.iter().cloned());
                seen.star.extend(right.star.iter().cloned());
                let scope = Scope { source: &seen, ctes, outer };
                self.names_in(clause.syntax(), &scope, &[]);
            }
            None if natural => {
                using = left.star.iter().map(|one| one.name.clone()).collect();
                using.retain(|name| right.star.iter().any(|other| other.name == *name));
            }
            None => {}
        }
        joined(left, right, &using)
    }

    fn deeper(
        &mut self,
        item: &ast::FromListItem,
        before: &Source,
        ctes: Ctes<'_>,
        outer: Option<&Scope<'_>>,
    ) -> Source {
        if self.depth > super::DEPTH {
            return Source::default();
        }
        self.depth += 1;
        let found = stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || self.listed(item, before, ctes, outer));
        self.depth -= 1;
        found
    }

    fn item(&mut self, item: &ast::FromItem, before: &Source, ctes: Ctes<'_>, outer: Option<&Scope<'_>>) -> Source {
        let node = item.syntax();
        let alias = node.children().find_map(ast::FromAlias::cast);
        if let ast::FromItem::RelationFromItem(relation) = item {
            let found = relation.relation_name_ref().map(|name| self.relation(name.syntax(), ctes));
            return found.map(|found| aliased(vec![found], alias.as_ref(), None)).unwrap_or_default();
        }
        if let Some(inner) = ast::ParenFromItem::cast(node.clone()) {
            let paren = inner.paren_expr().map(|paren| paren.syntax().clone());
            let query = node.children().chain(paren.iter().cloned()).find(is_query);
            if let Some(query) = query {
                let scope = Scope { source: before, ctes, outer };
                let columns = self.query(&query, ctes, Some(&scope)).into_iter().map(settled).collect();
                let item = Item { alias: String::new(), relation: None, rows: None, columns };
                return aliased(vec![item], alias.as_ref(), None);
            }
            let list = paren.and_then(|paren| paren.children().find_map(ast::FromListItem::cast));
            let found = list.map(|list| self.deeper(&list, before, ctes, outer)).unwrap_or_default();
            return match alias {
                Some(_) => aliased(
                    vec![Item { alias: String::new(), relation: None, rows: None, columns: found.star }],
                    alias.as_ref(),
                    None,
                ),
                None => found,
            };
        }
        self.function_item(item, before, ctes, outer)
    }

    fn function_item(
        &mut self,
        item: &ast::FromItem,
        before: &Source,
        ctes: Ctes<'_>,
        outer: Option<&Scope<'_>>,
    ) -> Source {
        let node = item.syntax();
        let alias = node.children().find_map(ast::FromAlias::cast);
        let scope = Scope { source: before, ctes, outer };
        let calls: Vec<ast::CallExpr> = match item {
            ast::FromItem::RowsFromItem(_) => node.descendants().filter_map(ast::CallExpr::cast).collect(),
            _ => node.children().filter_map(ast::CallExpr::cast).collect(),
        };
        let mut columns = Vec::new();
        let mut names = Vec::new();
        for call in &calls {
            let (name, found) = self.call_columns(call, &scope);
            columns.extend(found);
            names.push(name);
        }
        if calls.is_empty() {
            self.names_in(node, &scope, &[]);
            let word = super::words::tokens(node).next().map(|one| one.text().to_lowercase());
            names.extend(word);
            columns = self.special_columns(node);
        }
        if let Some(list) = alias.as_ref().and_then(|alias| alias.columns()).and_then(|columns| match columns {
            ast::FromAliasColumns::ColumnDefList(list) => Some(list),
            ast::FromAliasColumns::ColumnList(_) => None,
        }) {
            columns = self.defined(list.syntax());
        }
        let ordinality = node.descendants().any(|one| ast::WithOrdinality::can_cast(one.kind()));
        if ordinality {
            columns.push(Column { name: "ordinality".to_owned(), data_type: DataType::plain("bigint"), origin: None });
        }
        let name = names.into_iter().next().unwrap_or_default();
        let single = columns.len() == 1 || (columns.len() == 2 && ordinality);
        aliased(vec![Item { alias: name, relation: None, rows: None, columns }], alias.as_ref(), Some(single))
    }

    /// `AS x(a integer, b text)`.
    fn defined(&self, list: &SyntaxNode) -> Vec<Column> {
        let column = |one: ast::ColumnDef| {
            let name = one.syntax().children().find_map(ast::ColumnName::cast)?;
            let data_type = one.syntax().children().find_map(ast::Type::cast)?;
            Some(Column {
                name: ast::normalize_name_node(name.syntax()),
                data_type: self.state.type_of(&data_type.syntax().text().to_string()),
                origin: None,
            })
        };
        list.children().filter_map(ast::ColumnDef::cast).filter_map(column).collect()
    }

    /// `JSON_TABLE`, `XMLTABLE`: the columns that are written.
    fn special_columns(&self, node: &SyntaxNode) -> Vec<Column> {
        let mut columns = Vec::new();
        for one in node.descendants() {
            let Some(name) = one.children().find_map(ast::ColumnName::cast) else { continue };
            let data_type = one.children().find_map(ast::Type::cast);
            let data_type = data_type.map(|one| self.state.type_of(&one.syntax().text().to_string()));
            let ordinality = one.text().to_string().to_lowercase().ends_with("for ordinality");
            let data_type = match ordinality {
                true => DataType::plain("integer"),
                false => data_type.unwrap_or_else(unknown),
            };
            columns.push(Column { name: ast::normalize_name_node(name.syntax()), data_type, origin: None });
        }
        columns
    }
}

/// Items under an alias. A function that gives one column names it like its alias.
fn aliased(mut items: Vec<Item>, alias: Option<&ast::FromAlias>, single: Option<bool>) -> Source {
    let name = alias.and_then(|alias| alias.name()).map(|name| ast::normalize_name_node(name.syntax()));
    let names: Vec<String> = match alias.and_then(|alias| alias.columns()) {
        Some(ast::FromAliasColumns::ColumnList(list)) => {
            list.column_names().map(|one| ast::normalize_name_node(one.syntax())).collect()
        }
        _ => Vec::new(),
    };
    if let Some(item) = items.first_mut() {
        if let Some(name) = name {
            if single == Some(true)
                && let Some(column) = item.columns.first_mut()
                && column.name == item.alias
            {
                column.name.clone_from(&name);
            }
            item.alias = name;
            item.relation = None;
        }
        item.columns = renamed(std::mem::take(&mut item.columns), &names);
    }
    let star = items.iter().flat_map(|item| item.columns.iter().cloned()).collect();
    Source { items, star }
}

/// Both sides of a join; `USING` columns come first and once.
fn joined(left: Source, right: Source, using: &[String]) -> Source {
    let mut star: Vec<Column> = using
        .iter()
        .filter_map(|name| {
            left.star.iter().find(|one| one.name == *name).or(right.star.iter().find(|one| one.name == *name))
        })
        .cloned()
        .collect();
    for column in left.star.iter().chain(&right.star) {
        if !using.contains(&column.name) {
            star.push(column.clone());
        }
    }
    let mut items = left.items;
    items.extend(right.items);
    Source { items, star }
}
