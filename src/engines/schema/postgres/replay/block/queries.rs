//! Queries of a block of code over the server's own catalogs.
use super::eval::{At, Eval, Joined, is_query, operator};
use super::functions::AGGREGATES;
use super::value::{Fields, Undecided, Value, undecided};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::column_name::ColumnName;
use std::cmp::Ordering;
use std::rc::Rc;

type Rows = Vec<Rc<Fields>>;

impl Eval<'_> {
    /// Rows of a query; `outer` are the rows around it.
    pub(super) fn query(&self, node: &SyntaxNode, outer: &[(String, Rc<Fields>)]) -> Result<Rows, Undecided> {
        self.step()?;
        stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || self.query_inner(node, outer))
    }

    fn query_inner(&self, node: &SyntaxNode, outer: &[(String, Rc<Fields>)]) -> Result<Rows, Undecided> {
        if node.children().any(|one| ast::WithClause::can_cast(one.kind())) {
            return undecided("WITH in a query over the catalog");
        }
        if ast::ParenSelect::can_cast(node.kind()) {
            let inner = node.children().find(is_query);
            return inner.map_or_else(|| undecided("an empty query"), |inner| self.query(&inner, outer));
        }
        if ast::CompoundSelect::can_cast(node.kind()) {
            return self.union(node, outer);
        }
        if let Some(values) = ast::Values::cast(node.clone()) {
            let mut rows = Rows::new();
            for row in values.row_list().into_iter().flat_map(|list| list.rows()) {
                let mut fields = Vec::new();
                for (nth, expr) in row.exprs().enumerate() {
                    fields.push((format!("column{}", nth + 1), self.expr(&expr, At { rows: outer, group: None })?));
                }
                rows.push(Rc::new(Fields::of(fields)));
            }
            return Ok(rows);
        }
        self.plain(node, outer)
    }

    fn union(&self, node: &SyntaxNode, outer: &[(String, Rc<Fields>)]) -> Result<Rows, Undecided> {
        let op = operator(node).to_uppercase();
        if !op.contains("UNION")
            || ast::OrderByClause::can_cast(node.last_child().map_or(node.kind(), |one| one.kind()))
        {
            return undecided("INTERSECT or EXCEPT");
        }
        let mut rows = Rows::new();
        for side in node.children().filter(is_query) {
            rows.extend(self.query(&side, outer)?);
        }
        if !op.contains("ALL") {
            rows.sort();
            rows.dedup();
        }
        Ok(rows)
    }

    fn plain(&self, node: &SyntaxNode, outer: &[(String, Rc<Fields>)]) -> Result<Rows, Undecided> {
        let mut joined: Vec<Joined> = vec![outer.to_vec()];
        let condition = node.children().find_map(ast::WhereClause::cast).and_then(|clause| clause.expr());
        let mut conditions = Vec::new();
        condition.iter().for_each(|one| conjuncts(one, &mut conditions));
        if let Some(from) = node.children().find_map(ast::FromClause::cast) {
            for item in from.items() {
                joined = self.item(&item, joined)?;
                joined = self.prefiltered(joined, &conditions)?;
            }
        }
        let mut kept = Vec::new();
        for rows in joined {
            let holds = match &condition {
                Some(condition) => self.expr(condition, At { rows: &rows, group: None })?.holds()?,
                None => true,
            };
            if holds {
                kept.push(rows);
            }
        }
        // A role that the chain does not make may be there all the same.
        let roles = kept.is_empty()
            && node.descendants().filter_map(ast::RelationNameRef::cast).any(|one| {
                let name = one.syntax().text().to_string().to_lowercase();
                ["pg_roles", "pg_user", "pg_authid"]
                    .iter()
                    .any(|roles| name.trim().trim_start_matches("pg_catalog.") == *roles)
            });
        if roles {
            return undecided("whether there is a role is not known");
        }
        self.selected(node, kept, outer)
    }

    /// Leaves out early what a part of the condition excludes already.
    fn prefiltered(&self, joined: Vec<Joined>, conditions: &[ast::Expr]) -> Result<Vec<Joined>, Undecided> {
        let mut kept = Vec::new();
        'rows: for rows in joined {
            for one in conditions {
                self.step()?;
                // What cannot be decided yet is decided in the end.
                if let Ok(false) = self.expr(one, At { rows: &rows, group: None }).and_then(|value| value.holds()) {
                    continue 'rows;
                }
            }
            kept.push(rows);
        }
        Ok(kept)
    }

    fn item(&self, item: &ast::FromListItem, before: Vec<Joined>) -> Result<Vec<Joined>, Undecided> {
        match item {
            ast::FromListItem::JoinExpr(join) => self.join(join, before),
            ast::FromListItem::FromItem(item) => {
                let mut out = Vec::new();
                for rows in before {
                    for (alias, row) in self.rows_of(item, &rows)? {
                        self.step()?;
                        let mut more = rows.clone();
                        more.push((alias, row));
                        out.push(more);
                    }
                }
                Ok(out)
            }
        }
    }

    fn join(&self, join: &ast::JoinExpr, before: Vec<Joined>) -> Result<Vec<Joined>, Undecided> {
        let Some(left) = join.from_list_item() else { return undecided("a join of nothing") };
        let left = self.item(&left, before)?;
        let Some(join) = join.join() else { return Ok(left) };
        let Some(ast::FromListItem::FromItem(right)) = join.from_list_item() else { return undecided("a nested join") };
        let outer = matches!(join.join_type(), Some(ast::JoinType::JoinLeft(_)));
        if matches!(join.join_type(), Some(ast::JoinType::JoinFull(_) | ast::JoinType::JoinRight(_))) {
            return undecided("a full or right join");
        }
        let mut out = Vec::new();
        for rows in left {
            let mut any = false;
            let mut shape = None;
            for (alias, row) in self.rows_of(&right, &rows)? {
                self.step()?;
                shape = Some((alias.clone(), row.clone()));
                let mut more = rows.clone();
                more.push((alias, row));
                if self.joins(&join, &rows, &more)? {
                    any = true;
                    out.push(more);
                }
            }
            if outer && !any {
                let (alias, row) = match shape {
                    Some(shape) => shape,
                    None => return undecided("an outer join with nothing"),
                };
                let nulls = row.names.iter().map(|name| (name.clone(), Value::Null));
                let mut more = rows.clone();
                more.push((alias, Rc::new(Fields::of(nulls))));
                out.push(more);
            }
        }
        Ok(out)
    }

    fn joins(&self, join: &ast::Join, left: &Joined, all: &Joined) -> Result<bool, Undecided> {
        match join.join_condition() {
            None => Ok(true),
            Some(ast::JoinCondition::OnClause(on)) => match on.syntax().children().find_map(ast::Expr::cast) {
                Some(expr) => self.expr(&expr, At { rows: all, group: None })?.holds(),
                None => Ok(true),
            },
            Some(ast::JoinCondition::JoinUsingClause(using)) => {
                let Some((_, right)) = all.last() else { return Ok(false) };
                for name in using.syntax().descendants().filter_map(ast::ColumnNameRef::cast) {
                    let name = ast::normalize_name_node(name.syntax());
                    let one = left.iter().rev().find_map(|(_, row)| row.values.get(&name));
                    match (one, right.values.get(&name)) {
                        (Some(one), Some(other)) if one.compare(other)? == Some(Ordering::Equal) => {}
                        _ => return Ok(false),
                    }
                }
                Ok(true)
            }
        }
    }

    /// Rows of one item in `FROM`, under its alias.
    fn rows_of(&self, item: &ast::FromItem, rows: &Joined) -> Result<Vec<(String, Rc<Fields>)>, Undecided> {
        let node = item.syntax();
        let alias = node.children().find_map(ast::FromAlias::cast);
        let name = alias.as_ref().and_then(|alias| alias.name()).map(|name| ast::normalize_name_node(name.syntax()));
        let columns: Vec<String> = match alias.and_then(|alias| alias.columns()) {
            Some(ast::FromAliasColumns::ColumnList(list)) => {
                list.column_names().map(|one| ast::normalize_name_node(one.syntax())).collect()
            }
            _ => Vec::new(),
        };
        let (own, found) = match item {
            ast::FromItem::RelationFromItem(relation) => {
                let path = relation.relation_name_ref().map(|one| one.syntax().text().to_string()).unwrap_or_default();
                let Some((schema, own)) = crate::engines::schema::postgres::replay::lookup::split_name(path.trim())
                else {
                    return undecided("a relation");
                };
                // Members of extensions are not in the catalog: that nothing depends on one is all that is known of dependencies.
                let members = own == "pg_depend" && {
                    let text =
                        node.ancestors().find(is_query).map(|query| query.text().to_string()).unwrap_or_default();
                    text.replace(' ', "").contains("deptype='e'") || text.contains("pg_extension")
                };
                if own == "pg_available_extensions" {
                    let text =
                        node.ancestors().find(is_query).map(|query| query.text().to_string()).unwrap_or_default();
                    if !text.contains("installed_version") || text.contains("default_version") {
                        return undecided("which extensions a server could have is not known");
                    }
                }
                let found = if members { Rc::new(Rows::new()) } else { self.relation(schema.as_deref(), &own)? };
                (own, found)
            }
            ast::FromItem::ParenFromItem(_) => {
                let Some(query) = node.descendants().find(is_query) else { return undecided("a join in parentheses") };
                (String::new(), Rc::new(self.query(&query, rows)?))
            }
            _ => self.function_rows(node, rows)?,
        };
        let alias = name.clone().unwrap_or(own);
        let rename = |row: &Rc<Fields>| -> Rc<Fields> {
            if columns.is_empty()
                && (name.is_none() || row.names.len() != 1 || !matches!(item, ast::FromItem::FunctionFromItem(_)))
            {
                return row.clone();
            }
            let pairs = row.names.iter().enumerate().map(|(nth, own)| {
                let new = columns.get(nth).cloned().or_else(|| name.clone()).unwrap_or_else(|| own.clone());
                (new, row.values.get(own).cloned().unwrap_or(Value::Null))
            });
            Rc::new(Fields::of(pairs))
        };
        Ok(found.iter().map(|row| (alias.clone(), rename(row))).collect())
    }

    /// `unnest(array)`, `generate_series(a, b)` in `FROM`.
    fn function_rows(&self, node: &SyntaxNode, rows: &Joined) -> Result<(String, Rc<Rows>), Undecided> {
        let Some(call) = node.children().find_map(ast::CallExpr::cast) else { return undecided("a function in FROM") };
        let name = call.expr().map(|one| one.syntax().text().to_string().trim().to_lowercase()).unwrap_or_default();
        let at = At { rows, group: None };
        let arguments: Vec<Value> = call
            .arg_list()
            .into_iter()
            .flat_map(|list| list.args())
            .filter_map(|one| one.expr())
            .map(|one| self.expr(&one, at))
            .collect::<Result<_, _>>()?;
        let values = match (name.as_str(), arguments.as_slice()) {
            ("unnest", [Value::List(all)]) => all.clone(),
            ("unnest", [Value::Text(text)]) => super::eval::elements(text),
            ("unnest", [Value::Null]) => Vec::new(),
            ("generate_series", [Value::Int(from), Value::Int(to)]) if to.saturating_sub(*from) < 10_000 => {
                (*from..=*to).map(Value::Int).collect()
            }
            _ => return undecided(format!("the function {name} in FROM")),
        };
        let rows = values.into_iter().map(|one| Rc::new(Fields::of([(name.clone(), one)]))).collect();
        Ok((name.clone(), Rc::new(rows)))
    }

    /// Groups, select list, order, limit.
    fn selected(
        &self,
        node: &SyntaxNode,
        kept: Vec<Joined>,
        outer: &[(String, Rc<Fields>)],
    ) -> Result<Rows, Undecided> {
        let clause = node.children().find_map(ast::SelectClause::cast);
        let targets: Vec<ast::Target> = clause
            .as_ref()
            .and_then(|clause| clause.target_list())
            .into_iter()
            .flat_map(|list| list.targets())
            .collect();
        let groups = node.children().find_map(ast::GroupByClause::cast);
        if node.children().any(|one| ast::HavingClause::can_cast(one.kind())) {
            return undecided("HAVING");
        }
        let aggregates = clause.iter().any(|clause| has_aggregate(clause.syntax()));
        let grouped: Vec<Vec<Joined>> = match (&groups, aggregates) {
            (None, false) => kept.into_iter().map(|rows| vec![rows]).collect(),
            (None, true) => vec![kept],
            (Some(by), _) => self.grouped(by.syntax(), kept)?,
        };
        let with_groups = groups.is_some() || aggregates;
        let order = node.children().find_map(ast::OrderByClause::cast);
        let mut out: Vec<(Vec<Value>, Rc<Fields>)> = Vec::new();
        for group in &grouped {
            let first = group.first().map_or(outer, Vec::as_slice);
            let at = At { rows: first, group: with_groups.then_some(group.as_slice()) };
            let row = Rc::new(Fields::of(self.row(&targets, at)?));
            let mut sort = Vec::new();
            if let Some(order) = &order {
                let mut rows = first.to_vec();
                rows.push((String::new(), row.clone()));
                for expr in order_keys(order.syntax()) {
                    sort.push(self.expr(&expr, At { rows: &rows, group: at.group })?);
                }
            }
            out.push((sort, row));
        }
        if let Some(order) = &order {
            out.sort_by(|(one, _), (other, _)| one.cmp(other));
            let text = order.syntax().text().to_string().to_lowercase();
            if text.trim_end().ends_with(" desc") && !text.contains(',') {
                out.reverse();
            }
        }
        let mut rows: Rows = out.into_iter().map(|(_, row)| row).collect();
        if clause
            .and_then(|clause| clause.select_quantifier())
            .is_some_and(|one| matches!(one, ast::SelectQuantifier::DistinctClause(_)))
        {
            let mut seen = std::collections::BTreeSet::new();
            rows.retain(|row| seen.insert(row.clone()));
        }
        if let Some(limit) = node.children().find_map(ast::LimitClause::cast) {
            let text = limit.syntax().text().to_string();
            let number = text.split_whitespace().nth(1).and_then(|one| one.parse::<usize>().ok());
            match number {
                Some(number) => rows.truncate(number),
                None => return undecided("LIMIT"),
            }
        }
        Ok(rows)
    }

    fn grouped(&self, by: &SyntaxNode, kept: Vec<Joined>) -> Result<Vec<Vec<Joined>>, Undecided> {
        let keys: Vec<ast::Expr> = by
            .descendants()
            .filter_map(ast::Expr::cast)
            .filter(|one| one.syntax().parent().is_none_or(|parent| !ast::Expr::can_cast(parent.kind())))
            .collect();
        let mut groups: std::collections::BTreeMap<Vec<Value>, Vec<Joined>> = std::collections::BTreeMap::new();
        for rows in kept {
            let key: Vec<Value> =
                keys.iter().map(|one| self.expr(one, At { rows: &rows, group: None })).collect::<Result<_, _>>()?;
            groups.entry(key).or_default().push(rows);
        }
        Ok(groups.into_values().collect())
    }

    fn row(&self, targets: &[ast::Target], at: At<'_>) -> Result<Vec<(String, Value)>, Undecided> {
        let mut fields = Vec::new();
        for target in targets {
            let Some(expr) = target.expr() else {
                for (_, row) in at.rows {
                    fields.extend(
                        row.names
                            .iter()
                            .map(|name| (name.clone(), row.values.get(name).cloned().unwrap_or(Value::Null))),
                    );
                }
                continue;
            };
            if let ast::Expr::FieldExpr(field) = &expr
                && field.star_token().is_some()
            {
                let alias = field.base().map(|base| base.syntax().text().to_string()).unwrap_or_default();
                let row = at.rows.iter().rev().find(|(one, _)| *one == alias.trim());
                let Some((_, row)) = row else { return undecided("a star") };
                fields.extend(
                    row.names.iter().map(|name| (name.clone(), row.values.get(name).cloned().unwrap_or(Value::Null))),
                );
                continue;
            }
            let name = ColumnName::from_target(target.clone()).and_then(|(name, _)| name.to_string());
            fields.push((name.unwrap_or_else(|| "?column?".to_owned()), self.expr(&expr, at)?));
        }
        Ok(fields)
    }
}

/// The parts of a condition that must all hold.
fn conjuncts(expr: &ast::Expr, all: &mut Vec<ast::Expr>) {
    if all.len() < 200
        && let ast::Expr::BinExpr(bin) = expr
        && operator(bin.syntax()) == "AND"
    {
        bin.lhs().iter().for_each(|one| conjuncts(one, all));
        bin.rhs().iter().for_each(|one| conjuncts(one, all));
        return;
    }
    all.push(expr.clone());
}

fn has_aggregate(node: &SyntaxNode) -> bool {
    node.descendants().filter_map(ast::CallExpr::cast).any(|call| {
        let nested = call.syntax().ancestors().skip(1).take_while(|one| one != node).any(|one| is_query(&one));
        !nested
            && call
                .expr()
                .is_some_and(|one| AGGREGATES.contains(&one.syntax().text().to_string().trim().to_lowercase().as_str()))
    })
}

fn order_keys(node: &SyntaxNode) -> Vec<ast::Expr> {
    node.descendants()
        .filter_map(ast::Expr::cast)
        .filter(|one| {
            one.syntax()
                .ancestors()
                .skip(1)
                .take_while(|above| above != node)
                .all(|above| !ast::Expr::can_cast(above.kind()))
        })
        .collect()
}
