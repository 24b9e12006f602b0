//! Expressions: their types, and the columns, routines and types that they name.
use super::builtin;
use super::infer::{array_of, bare, common, element};
use super::{Column, Scope, Walk, is_query, unknown};
use crate::engines::schema::catalog::{DataType, Name};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode, BinOp};
use squawk_syntax::column_name::ColumnName;

/// Columns that a list may have.
const MOST_COLUMNS: usize = 1_664;

impl Walk<'_> {
    /// Columns of a select list.
    pub(super) fn targets(&mut self, list: Option<ast::TargetList>, scope: &Scope<'_>) -> Vec<Column> {
        let mut columns = Vec::new();
        for target in list.into_iter().flat_map(|list| list.targets()) {
            // The server takes no more, and a few queries of `WITH` that double them would fill any memory.
            if columns.len() > MOST_COLUMNS {
                break;
            }
            let Some(expr) = target.expr() else {
                if target.star_token().is_some() {
                    let range = self.range(target.syntax());
                    self.uses.stars.push((range, scope.source.star.clone()));
                    columns.extend(scope.source.star.iter().cloned());
                }
                continue;
            };
            if let Some(star) = self.qualified_star(&expr, scope) {
                columns.extend(star);
                continue;
            }
            let name = ColumnName::from_target(target.clone()).and_then(|(name, _)| name.to_string());
            let bare = target.as_name().is_none();
            let data_type = self.expr_in(&expr, scope, bare);
            let origin = self.origin(&expr, scope);
            columns.push(Column { name: name.unwrap_or_else(|| "?column?".to_owned()), data_type, origin });
        }
        columns.truncate(MOST_COLUMNS);
        columns
    }

    /// `a.*`, `(f(x)).*`.
    fn qualified_star(&mut self, expr: &ast::Expr, scope: &Scope<'_>) -> Option<Vec<Column>> {
        let ast::Expr::FieldExpr(field) = expr else { return None };
        field.star_token()?;
        let base = field.base()?;
        let range = self.range(field.syntax());
        let columns = match path(&base) {
            Some(parts) => {
                let found = find_item(scope, &parts).map(|item| (item.columns.clone(), item.relation.clone()));
                if let (Some((_, Some(relation))), Some(name)) = (&found, last_name(&base)) {
                    let range = self.range(&name);
                    self.uses.qualifiers.push((range, relation.clone()));
                }
                found.map(|(columns, _)| columns)
            }
            None => None,
        };
        let columns = match columns {
            Some(columns) => columns,
            None => {
                if let Some(call) = inner_call(&base) {
                    self.call_columns(&call, scope).1
                } else {
                    let data_type = self.expr(&base, scope);
                    self.composite(&data_type)
                }
            }
        };
        self.uses.stars.push((range, columns.clone()));
        Some(columns)
    }

    /// The column of a relation that an expression is, unchanged.
    fn origin(&self, expr: &ast::Expr, scope: &Scope<'_>) -> Option<(Name, String)> {
        let parts = path(expr)?;
        find_column(scope, &parts).and_then(|(column, _)| column.origin.clone())
    }

    /// The type of an expression.
    pub(super) fn expr(&mut self, expr: &ast::Expr, scope: &Scope<'_>) -> DataType {
        self.expr_in(expr, scope, false)
    }

    fn expr_in(&mut self, expr: &ast::Expr, scope: &Scope<'_>, output: bool) -> DataType {
        if self.depth > super::DEPTH {
            return unknown();
        }
        self.depth += 1;
        let found = stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || self.expr_inner(expr, scope, output));
        self.depth -= 1;
        found
    }

    fn expr_inner(&mut self, expr: &ast::Expr, scope: &Scope<'_>, output: bool) -> DataType {
        match expr {
            ast::Expr::Literal(literal) => literal_type(&literal.syntax().text().to_string()),
            ast::Expr::NameRef(_) | ast::Expr::FieldExpr(_) => self.named(expr, scope, output),
            ast::Expr::ParenExpr(paren) => match (paren.expr(), paren.syntax().children().find(is_query)) {
                (Some(inner), _) => self.expr(&inner, scope),
                (None, Some(query)) => self.scalar(&query, scope),
                (None, None) => unknown(),
            },
            ast::Expr::CastExpr(cast) => {
                cast.expr().into_iter().for_each(|inner| {
                    self.expr(&inner, scope);
                });
                cast.ty().map_or_else(unknown, |one| self.written_type(one.syntax()))
            }
            ast::Expr::Collate(collate) => collate.expr().map_or_else(unknown, |inner| self.expr(&inner, scope)),
            ast::Expr::CaseExpr(case) => self.case(case, scope),
            ast::Expr::ArrayExpr(array) => self.array(array, scope),
            ast::Expr::BetweenExpr(between) => {
                self.names_in(between.syntax(), scope, &[]);
                DataType::plain("boolean")
            }
            ast::Expr::PostfixExpr(postfix) => {
                let inner = postfix.expr().map(|inner| self.expr(&inner, scope));
                let text = postfix.syntax().text().to_string().to_lowercase();
                match inner {
                    Some(inner) if text.trim_end().ends_with("local") => zoned(&inner),
                    _ => DataType::plain("boolean"),
                }
            }
            ast::Expr::TupleExpr(tuple) => {
                self.names_in(tuple.syntax(), scope, &[]);
                DataType::plain("record")
            }
            ast::Expr::IndexExpr(index) => {
                index.index().map(|one| self.expr(&one, scope));
                index.base().map_or_else(unknown, |base| element(&self.expr(&base, scope)))
            }
            ast::Expr::SliceExpr(slice) => {
                slice.start().map(|one| self.expr(&one, scope));
                slice.end().map(|one| self.expr(&one, scope));
                slice.base().map_or_else(unknown, |base| self.expr(&base, scope))
            }
            ast::Expr::PrefixExpr(prefix) => self.prefix(prefix, scope),
            ast::Expr::BinExpr(bin) => self.binary(bin, scope),
            ast::Expr::CallExpr(call) => self.call(call, scope),
        }
    }

    /// A type as it is written, and the use of it.
    fn written_type(&mut self, node: &SyntaxNode) -> DataType {
        let data_type = self.state.type_of(&node.text().to_string());
        if let Some(schema) = &data_type.schema {
            let last = node.descendants().filter_map(ast::PathSegmentRef::cast).last();
            if let Some(last) = last {
                let range = self.range(last.syntax());
                self.uses.types.push((range, Name::new(schema, &data_type.name)));
            }
        }
        data_type
    }

    /// The one column of a sub-query.
    pub(super) fn scalar(&mut self, query: &SyntaxNode, scope: &Scope<'_>) -> DataType {
        let columns = self.query(query, scope.ctes, Some(scope));
        columns.into_iter().next().map_or_else(unknown, |one| super::settled(one).data_type)
    }

    fn case(&mut self, case: &ast::CaseExpr, scope: &Scope<'_>) -> DataType {
        let mut types = Vec::new();
        case.expr().map(|one| self.expr(&one, scope));
        for when in case.when_clause_list().into_iter().flat_map(|list| list.when_clauses()) {
            when.condition().map(|one| self.expr(&one, scope));
            types.extend(when.then().map(|one| self.expr(&one, scope)));
        }
        // The server looks at ELSE first.
        if let Some(other) = case.else_clause().and_then(|clause| clause.expr()) {
            types.insert(0, self.expr(&other, scope));
        } else {
            types.insert(0, DataType::plain("unknown"));
        }
        // A missing ELSE is a null without modifiers of its own: it takes those of the others only when there are no constants at all.
        self.common_of(&types)
    }

    fn array(&mut self, array: &ast::ArrayExpr, scope: &Scope<'_>) -> DataType {
        if let Some(query) = array.syntax().children().find(is_query) {
            return array_of(&self.scalar(&query, scope));
        }
        let types: Vec<DataType> = array.exprs().map(|one| self.expr(&one, scope)).collect();
        match types.is_empty() {
            true => unknown(),
            false => array_of(&self.common_of(&types)),
        }
    }

    /// The type that holds all; domains count as what is beneath unless all are the same.
    pub(super) fn common_of(&self, types: &[DataType]) -> DataType {
        let first = types.iter().find(|one| one.name != "unknown");
        if first.is_some_and(|first| types.iter().all(|one| one == first || one.name == "unknown")) {
            return common(types);
        }
        common(&types.iter().map(|one| self.state.beneath(one)).collect::<Vec<_>>())
    }

    fn prefix(&mut self, prefix: &ast::PrefixExpr, scope: &Scope<'_>) -> DataType {
        let inner = prefix.expr().map_or_else(unknown, |one| self.expr(&one, scope));
        let op = symbols(prefix.syntax());
        match op.as_str() {
            "NOT" => DataType::plain("boolean"),
            "-" | "+" => bare(&inner),
            op => self.operator(op, &[inner]),
        }
    }

    fn binary(&mut self, bin: &ast::BinExpr, scope: &Scope<'_>) -> DataType {
        if let Some(found) = self.chain(bin, scope) {
            return found;
        }
        let left = bin.lhs().map_or_else(unknown, |one| self.expr(&one, scope));
        let right = bin.rhs().map_or_else(unknown, |one| self.expr(&one, scope));
        let op = symbols(bin.syntax());
        match op.as_str() {
            "AT TIME ZONE" => zoned(&left),
            "ESCAPE" => left,
            // Named arguments in calls.
            "=>" | ":=" => right,
            "=" | "<>" | "!=" | "<" | ">" | "<=" | ">=" => DataType::plain("boolean"),
            word if word.starts_with(|one: char| one.is_ascii_alphabetic()) && !word.starts_with("OPERATOR") => {
                DataType::plain("boolean")
            }
            op => {
                let op = op.trim_start_matches("OPERATOR").trim_matches(['(', ')', ' ']);
                let op = op.rsplit('.').next().unwrap_or(op).trim();
                self.operator(op, &[left, right])
            }
        }
    }

    /// `a -> b -> c`: the grammar hangs such operators to the right, the server takes them from the left.
    fn chain(&mut self, bin: &ast::BinExpr, scope: &Scope<'_>) -> Option<DataType> {
        let custom = |bin: &ast::BinExpr| matches!(bin.op(), Some(BinOp::CustomOp(_)));
        let (mut operands, mut operators) = (vec![bin.lhs()?], vec![symbols(bin.syntax())]);
        let mut rest = bin.rhs()?;
        if !custom(bin) || !matches!(&rest, ast::Expr::BinExpr(inner) if custom(inner)) {
            return None;
        }
        while let ast::Expr::BinExpr(inner) = &rest
            && custom(inner)
        {
            operands.push(inner.lhs()?);
            operators.push(symbols(inner.syntax()));
            let next = inner.rhs()?;
            rest = next;
        }
        operands.push(rest);
        let types: Vec<DataType> = operands.iter().map(|one| self.expr(one, scope)).collect();
        let mut all = types.into_iter();
        let first = all.next()?;
        Some(operators.iter().zip(all).fold(first, |left, (op, right)| self.operator(op, &[left, right])))
    }

    fn operator(&self, op: &str, given: &[DataType]) -> DataType {
        if given.iter().any(|one| one.name == "?") && !matches!(op, "->>" | "#>>") {
            return unknown();
        }
        let plain: Vec<DataType> = given.iter().map(bare).collect();
        let found = builtin::operator(op, &plain, self.state);
        let found = match found.name.as_str() {
            "?" => {
                let beneath: Vec<DataType> = plain.iter().map(|one| bare(&self.state.beneath(one))).collect();
                builtin::operator(op, &beneath, self.state)
            }
            _ => found,
        };
        self.state.resolved(found)
    }

    /// Walks everything in a node that is no column of its own: conditions, orders, groups.
    pub(super) fn names_in(&mut self, node: &SyntaxNode, scope: &Scope<'_>, outputs: &[Column]) {
        let order = ast::OrderByClause::can_cast(node.kind());
        for child in node.children() {
            if is_query(&child) {
                self.query(&child, scope.ctes, Some(scope));
            } else if let Some(expr) = ast::Expr::cast(child.clone()) {
                let output = path(&expr).is_some_and(
                    |parts| matches!(parts.as_slice(), [name] if outputs.iter().any(|column| column.name == *name)),
                );
                // ORDER BY means the output column, GROUP BY that of the table.
                if !(output && (order || find_column(scope, &path(&expr).unwrap_or_default()).is_none())) {
                    self.expr(&expr, scope);
                }
            } else if self.depth < super::DEPTH {
                self.depth += 1;
                let outputs = if order || ast::GroupByClause::can_cast(node.kind()) || !outputs.is_empty() {
                    outputs
                } else {
                    &[]
                };
                stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || match order {
                    true => self.order_in(&child, scope, outputs),
                    false => self.names_in(&child, scope, outputs),
                });
                self.depth -= 1;
            }
        }
    }

    /// The parts of `ORDER BY`.
    fn order_in(&mut self, node: &SyntaxNode, scope: &Scope<'_>, outputs: &[Column]) {
        for child in node.children() {
            let named = ast::Expr::cast(child.clone()).and_then(|expr| path(&expr));
            let output = matches!(named.as_deref(), Some([name]) if outputs.iter().any(|column| column.name == *name));
            match ast::Expr::cast(child.clone()) {
                Some(_) if output => {}
                Some(expr) => {
                    self.expr(&expr, scope);
                }
                None => self.order_in(&child, scope, outputs),
            }
        }
    }

    /// `name`, `alias.name`, `schema.table.name`, `column.attribute`.
    fn named(&mut self, expr: &ast::Expr, scope: &Scope<'_>, output: bool) -> DataType {
        let Some(parts) = path(expr) else {
            let ast::Expr::FieldExpr(field) = expr else { return unknown() };
            let base = field.base().map_or_else(unknown, |base| self.expr(&base, scope));
            let name = field.field().map(|name| ast::normalize_name_node(name.syntax()));
            let found = self.composite(&base).into_iter().find(|one| Some(&one.name) == name.as_ref());
            return found.map_or_else(unknown, |one| one.data_type);
        };
        if let Some((column, relation)) = find_column(scope, &parts) {
            let (column, relation) = (column.clone(), relation.cloned());
            if let Some(node) = last_name(expr) {
                let range = self.range(&node);
                if let Some((table, name)) = &column.origin {
                    self.uses.columns.push((range, table.clone(), name.clone(), output));
                }
            }
            if let (Some(relation), ast::Expr::FieldExpr(field)) = (relation, expr)
                && let Some(qualifier) = field.base().and_then(|base| last_name(&base))
            {
                let range = self.range(&qualifier);
                self.uses.qualifiers.push((range, relation));
            }
            return column.data_type;
        }
        if let [name] = parts.as_slice() {
            if let Some(found) = value_function(name) {
                return found;
            }
            // The whole row of a relation.
            if let Some(item) = find_item(scope, &parts) {
                return item.rows.as_ref().map_or_else(
                    || DataType::plain("record"),
                    |relation| DataType { schema: Some(relation.schema.clone()), ..DataType::plain(&relation.name) },
                );
            }
        }
        // An attribute of a column.
        if let ast::Expr::FieldExpr(field) = expr
            && let Some(base) = field.base()
            && find_column(scope, &path(&base).unwrap_or_default()).is_some()
        {
            let base = self.expr(&base, scope);
            let name = parts.last();
            let found = self.composite(&base).into_iter().find(|one| Some(&one.name) == name);
            return found.map_or_else(unknown, |one| one.data_type);
        }
        unknown()
    }

    /// Attributes of a composite type or of the row of a relation.
    pub(super) fn composite(&self, data_type: &DataType) -> Vec<Column> {
        let Some(schema) = &data_type.schema else { return Vec::new() };
        let name = Name::new(schema, &data_type.name);
        if let Some(fields) = self.state.attributes_of(&name) {
            return fields.into_iter().map(|(name, data_type)| Column { name, data_type, origin: None }).collect();
        }
        self.relation_columns(&name)
    }
}

/// Parts of a dotted name.
pub(super) fn path(expr: &ast::Expr) -> Option<Vec<String>> {
    match expr {
        ast::Expr::NameRef(name) => Some(vec![ast::normalize_name_node(name.syntax())]),
        ast::Expr::FieldExpr(field) => {
            let mut parts = path(&field.base()?)?;
            // Deeper than database.schema.table.column is no name.
            if parts.len() > 4 {
                return None;
            }
            if field.star_token().is_none() {
                parts.push(ast::normalize_name_node(field.field()?.syntax()));
            }
            Some(parts)
        }
        _ => None,
    }
}

fn last_name(expr: &ast::Expr) -> Option<SyntaxNode> {
    match expr {
        ast::Expr::NameRef(name) => Some(name.syntax().clone()),
        ast::Expr::FieldExpr(field) => field.field().map(|name| name.syntax().clone()),
        _ => None,
    }
}

fn inner_call(expr: &ast::Expr) -> Option<ast::CallExpr> {
    match expr {
        ast::Expr::CallExpr(call) => Some(call.clone()),
        ast::Expr::ParenExpr(paren) => inner_call(&paren.expr()?),
        _ => None,
    }
}

/// The relation in `FROM` that a name (with its schema perhaps) means.
fn find_item<'a>(scope: &Scope<'a>, parts: &[String]) -> Option<&'a super::Item> {
    let (name, schema) = match parts {
        [name] => (name, None),
        [.., schema, name] => (name, Some(schema)),
        [] => return None,
    };
    let fits = |item: &&super::Item| match (schema, &item.relation) {
        (None, _) => item.alias == *name,
        (Some(schema), Some(relation)) => relation.name == *name && relation.schema == *schema,
        (Some(_), None) => false,
    };
    scope.source.items.iter().find(fits).or_else(|| find_item(scope.outer?, parts))
}

/// The column that a name means, and the relation when the relation's own name stands before it.
fn find_column<'a>(scope: &Scope<'a>, parts: &[String]) -> Option<(&'a Column, Option<&'a Name>)> {
    match parts {
        [] => None,
        [name] => {
            let found = scope
                .source
                .star
                .iter()
                .find(|one| one.name == *name)
                .or_else(|| scope.source.items.iter().flat_map(|item| &item.columns).find(|one| one.name == *name));
            match found {
                Some(found) => Some((found, None)),
                None => find_column(scope.outer?, parts),
            }
        }
        [qualifier @ .., name] => {
            let item = find_item(scope, qualifier)?;
            let column = item.columns.iter().find(|one| one.name == *name)?;
            Some((column, item.relation.as_ref()))
        }
    }
}

/// The words and signs of an operator: those tokens of a node that are none of its operands.
fn symbols(node: &SyntaxNode) -> String {
    let mut parts: Vec<String> = Vec::new();
    for child in node.children_with_tokens() {
        match (child.as_node(), child.as_token()) {
            (Some(inner), _) if !ast::Expr::can_cast(inner.kind()) => {
                parts.extend(super::words::tokens(inner).map(|one| one.text().to_uppercase()));
            }
            (_, Some(token))
                if !token.text().trim().is_empty()
                    && !token.text().starts_with("--")
                    && !token.text().starts_with("/*") =>
            {
                parts.push(token.text().to_uppercase());
            }
            _ => {}
        }
    }
    let words = parts.iter().all(|one| one.starts_with(|first: char| first.is_ascii_alphabetic()));
    parts.join(if words { " " } else { "" })
}

/// `AT TIME ZONE` turns times with a zone into such without, and the other way round.
fn zoned(data_type: &DataType) -> DataType {
    DataType::plain(match data_type.name.as_str() {
        "timestamp with time zone" => "timestamp without time zone",
        "timestamp without time zone" | "date" | "unknown" => "timestamp with time zone",
        "time with time zone" | "time without time zone" => "time with time zone",
        _ => "?",
    })
}

fn literal_type(text: &str) -> DataType {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    DataType::plain(match lower.as_str() {
        "true" | "false" => "boolean",
        "null" | "default" => "unknown",
        _ if lower.starts_with("b'") || lower.starts_with("x'") => "bit",
        _ if lower.starts_with(|one: char| one.is_ascii_digit() || one == '.') => return number_type(&lower),
        _ if lower.starts_with('$') && lower.get(1..).is_some_and(|rest| rest.parse::<u32>().is_ok()) => "?",
        _ => "unknown",
    })
}

fn number_type(text: &str) -> DataType {
    let digits = text.replace('_', "");
    let value = match digits.get(..2) {
        Some("0x") => i128::from_str_radix(digits.get(2..).unwrap_or_default(), 16),
        Some("0o") => i128::from_str_radix(digits.get(2..).unwrap_or_default(), 8),
        Some("0b") => i128::from_str_radix(digits.get(2..).unwrap_or_default(), 2),
        _ => digits.parse::<i128>(),
    };
    DataType::plain(match value {
        Ok(value) if value <= i128::from(i32::MAX) => "integer",
        Ok(value) if value <= i128::from(i64::MAX) => "bigint",
        _ => "numeric",
    })
}

/// Functions that are called without parentheses.
fn value_function(name: &str) -> Option<DataType> {
    Some(DataType::plain(match name {
        "current_date" => "date",
        "current_timestamp" => "timestamp with time zone",
        "localtimestamp" => "timestamp without time zone",
        "current_time" => "time with time zone",
        "localtime" => "time without time zone",
        "current_user" | "session_user" | "user" | "current_role" | "system_user" | "current_catalog"
        | "current_schema" => "name",
        _ => return None,
    }))
}
