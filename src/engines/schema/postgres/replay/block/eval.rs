//! Expressions of a block of code, as far as the catalog and the block's own values decide them.
use super::value::{Fields, Known, Undecided, Value, undecided};
use crate::engines::schema::catalog::Name;
use crate::engines::schema::postgres::replay::state::State;
use crate::engines::schema::postgres::replay::{lookup, words};
use crate::engines::schema::postgres::source;
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};
use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Rows of relations under their aliases.
pub(super) type Joined = Vec<(String, Rc<Fields>)>;

/// What can be named at a place: rows, and the group that an aggregate runs over.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) rows: &'a [(String, Rc<Fields>)],
    pub(super) group: Option<&'a [Joined]>,
}

/// Evaluates against the catalog as it is.
pub(super) struct Eval<'a> {
    pub(super) state: &'a State,
    pub(super) variables: &'a BTreeMap<String, Value>,
    /// Relations that were made already.
    pub(super) made: RefCell<BTreeMap<String, Rc<Vec<Rc<Fields>>>>>,
    /// Steps that are left: a query over everything with everything is given up.
    pub(super) budget: Cell<u32>,
}

/// Steps for one expression or query.
const BUDGET: u32 = 3_000_000;

impl<'a> Eval<'a> {
    pub(super) fn new(state: &'a State, variables: &'a BTreeMap<String, Value>) -> Eval<'a> {
        Eval { state, variables, made: RefCell::new(BTreeMap::new()), budget: Cell::new(BUDGET) }
    }

    /// The value of an expression that is given as text.
    pub(super) fn text(&self, text: &str) -> Known {
        let file = source::parse(&format!("SELECT {text}"));
        let Some(select) = file.tree().syntax().children().find_map(ast::Select::cast) else {
            return undecided("an expression is not understood");
        };
        let rows = self.query(select.syntax(), &[])?;
        match rows.as_slice() {
            [] => Ok(Value::Null),
            [row, ..] => Ok(row.names.first().and_then(|name| row.values.get(name)).cloned().unwrap_or(Value::Null)),
        }
    }

    pub(super) fn step(&self) -> Result<(), Undecided> {
        match self.budget.get().checked_sub(1) {
            Some(left) if self.state.fuel.evaluation() => {
                self.budget.set(left);
                Ok(())
            }
            _ => undecided("a query over the catalog is too large"),
        }
    }

    /// The value of an expression.
    pub(super) fn expr(&self, expr: &ast::Expr, at: At<'_>) -> Known {
        self.step()?;
        let value = stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || self.expr_inner(expr, at))?;
        if value.is_large() {
            return undecided("a value that is too large");
        }
        Ok(value)
    }

    fn maybe(&self, expr: Option<ast::Expr>, at: At<'_>) -> Known {
        expr.map_or(Ok(Value::Null), |expr| self.expr(&expr, at))
    }

    fn expr_inner(&self, expr: &ast::Expr, at: At<'_>) -> Known {
        match expr {
            ast::Expr::Literal(literal) => {
                let text = literal.syntax().text().to_string();
                match self.variables.get(text.trim()) {
                    // A parameter: `$1`.
                    Some(found) if text.trim_start().starts_with('$') => known(found),
                    _ => constant(&text),
                }
            }
            ast::Expr::NameRef(name) => self.named(&[ast::normalize_name_node(name.syntax())], at),
            ast::Expr::FieldExpr(field) => {
                let mut words = words::Words::of(field.syntax());
                match words.dotted() {
                    Some(parts) if words.done() => self.named(&parts, at),
                    _ => undecided("an attribute of an expression"),
                }
            }
            ast::Expr::ParenExpr(paren) => match (paren.expr(), paren.syntax().children().find(is_query)) {
                (Some(inner), _) => self.expr(&inner, at),
                (None, Some(query)) => self.scalar(&query, at),
                (None, None) => undecided("empty parentheses"),
            },
            ast::Expr::CastExpr(cast) => {
                let value = match (cast.expr(), cast.literal()) {
                    (Some(inner), _) => self.expr(&inner, at)?,
                    (None, Some(literal)) => constant(&literal.syntax().text().to_string())?,
                    (None, None) => Value::Null,
                };
                let text = cast.ty().map(|one| one.syntax().text().to_string()).unwrap_or_default();
                self.cast(value, text.trim())
            }
            ast::Expr::Collate(collate) => self.maybe(collate.expr(), at),
            ast::Expr::CaseExpr(case) => self.case(case, at),
            ast::Expr::ArrayExpr(array) => self.array(array, at),
            ast::Expr::BetweenExpr(between) => self.between(between, at),
            ast::Expr::PostfixExpr(postfix) => {
                let value = self.maybe(postfix.expr(), at)?;
                let text = postfix.syntax().text().to_string().to_ascii_lowercase();
                match text.trim_end().ends_with("isnull") {
                    true => Ok(Value::Bool(value == Value::Null)),
                    false if text.trim_end().ends_with("notnull") => Ok(Value::Bool(value != Value::Null)),
                    false => undecided("an operator behind its operand"),
                }
            }
            ast::Expr::IndexExpr(index) => {
                let base = self.maybe(index.base(), at)?;
                let place = self.maybe(index.index(), at)?;
                match (base, place) {
                    (Value::List(all), Value::Int(place)) => {
                        let place = usize::try_from(place).ok().and_then(|place| place.checked_sub(1));
                        Ok(place.and_then(|place| all.get(place).cloned()).unwrap_or(Value::Null))
                    }
                    (Value::Null, _) => Ok(Value::Null),
                    _ => undecided("an element of what is no array"),
                }
            }
            ast::Expr::PrefixExpr(prefix) => self.prefix(prefix, at),
            ast::Expr::BinExpr(bin) => self.binary(bin, at),
            ast::Expr::CallExpr(call) => self.call(call, at),
            ast::Expr::TupleExpr(tuple) => {
                let all: Result<Vec<Value>, Undecided> = tuple.exprs().map(|one| self.expr(&one, at)).collect();
                Ok(Value::List(all?))
            }
            ast::Expr::SliceExpr(_) => undecided("a part of an array"),
        }
    }

    /// A column of a row, or a variable.
    fn named(&self, parts: &[String], at: At<'_>) -> Known {
        match parts {
            [name] => {
                let row = at.rows.iter().rev().find_map(|(_, row)| row.values.get(name));
                if let Some(found) = row.or_else(|| self.variables.get(name)) {
                    return known(found);
                }
                if let Some((_, row)) = at.rows.iter().rev().find(|(alias, _)| alias == name) {
                    return Ok(Value::Row(row.clone()));
                }
                match name.as_str() {
                    "current_schema" => Ok(Value::maybe(self.state.path.first().cloned())),
                    "tableoid" => undecided("a system column"),
                    _ => undecided(format!("{name} is not known")),
                }
            }
            [.., alias, name] => {
                if let Some((_, row)) = at.rows.iter().rev().find(|(one, _)| one == alias) {
                    return match row.values.get(name) {
                        Some(found) => known(found),
                        None => undecided(format!("{alias}.{name} is not known")),
                    };
                }
                match self.variables.get(alias) {
                    Some(Value::Row(row)) => match row.values.get(name) {
                        Some(found) => known(found),
                        None => undecided(format!("{alias}.{name} is not known")),
                    },
                    _ => undecided(format!("{alias}.{name} is not known")),
                }
            }
            [] => undecided("nothing is named"),
        }
    }

    /// The one value of a sub-query.
    pub(super) fn scalar(&self, query: &SyntaxNode, at: At<'_>) -> Known {
        let rows = self.query(query, at.rows)?;
        Ok(rows
            .first()
            .and_then(|row| row.names.first().and_then(|name| row.values.get(name)))
            .cloned()
            .unwrap_or(Value::Null))
    }

    /// First columns of a sub-query.
    pub(super) fn column(&self, query: &SyntaxNode, at: At<'_>) -> Result<Vec<Value>, Undecided> {
        let rows = self.query(query, at.rows)?;
        Ok(rows.iter().filter_map(|row| row.names.first().and_then(|name| row.values.get(name))).cloned().collect())
    }

    fn case(&self, case: &ast::CaseExpr, at: At<'_>) -> Known {
        let subject = case.expr().map(|one| self.expr(&one, at)).transpose()?;
        for when in case.when_clause_list().into_iter().flat_map(|list| list.when_clauses()) {
            let condition = self.maybe(when.condition(), at)?;
            let holds = match &subject {
                Some(subject) => subject.compare(&condition)? == Some(Ordering::Equal),
                None => condition.holds()?,
            };
            if holds {
                return self.maybe(when.then(), at);
            }
        }
        self.maybe(case.else_clause().and_then(|clause| clause.expr()), at)
    }

    fn array(&self, array: &ast::ArrayExpr, at: At<'_>) -> Known {
        if let Some(query) = array.syntax().children().find(is_query) {
            return Ok(Value::List(self.column(&query, at)?));
        }
        let all: Result<Vec<Value>, Undecided> = array.exprs().map(|one| self.expr(&one, at)).collect();
        Ok(Value::List(all?))
    }

    fn between(&self, between: &ast::BetweenExpr, at: At<'_>) -> Known {
        let mut parts = between.syntax().children().filter_map(ast::Expr::cast);
        let value = self.maybe(parts.next(), at)?;
        let low = self.maybe(parts.next(), at)?;
        let high = self.maybe(parts.next(), at)?;
        let (Some(low), Some(high)) = (value.compare(&low)?, value.compare(&high)?) else { return Ok(Value::Null) };
        let inside = low != Ordering::Less && high != Ordering::Greater;
        let not = words::tokens(between.syntax()).any(|one| one.text().eq_ignore_ascii_case("not"));
        Ok(Value::Bool(inside != not))
    }

    fn prefix(&self, prefix: &ast::PrefixExpr, at: At<'_>) -> Known {
        let value = self.maybe(prefix.expr(), at)?;
        match (operator(prefix.syntax()).as_str(), value) {
            (_, Value::Null) => Ok(Value::Null),
            ("NOT", value) => Ok(Value::Bool(!value.holds()?)),
            ("-", Value::Int(one)) => Ok(Value::Int(one.saturating_neg())),
            ("+", value) => Ok(value),
            (op, _) => undecided(format!("the operator {op}")),
        }
    }

    fn binary(&self, bin: &ast::BinExpr, at: At<'_>) -> Known {
        let op = operator(bin.syntax());
        match op.as_str() {
            "AND" | "OR" => return self.logic(bin, op == "AND", at),
            "IN" | "NOT IN" => {
                let found = self.member(bin, at)?;
                return Ok(match found {
                    Value::Bool(found) => Value::Bool(found == (op == "IN")),
                    other => other,
                });
            }
            _ => {}
        }
        let left = self.maybe(bin.lhs(), at)?;
        if let Some(ast::Expr::CallExpr(call)) = bin.rhs()
            && let Some(found) = self.quantified(&left, &op, &call, at)?
        {
            return Ok(found);
        }
        let right = self.maybe(bin.rhs(), at)?;
        super::functions::operator(&op, left, right)
    }

    /// One side may decide for both.
    fn logic(&self, bin: &ast::BinExpr, and: bool, at: At<'_>) -> Known {
        let left = self.maybe(bin.lhs(), at);
        let decides = |value: &Value| matches!(value, Value::Bool(one) if *one != and);
        if let Ok(value) = &left
            && decides(value)
        {
            return left;
        }
        let right = self.maybe(bin.rhs(), at)?;
        if decides(&right) {
            return Ok(right);
        }
        match (left?, right) {
            (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
            (left, right) => {
                Ok(Value::Bool(if and { left.holds()? && right.holds()? } else { left.holds()? || right.holds()? }))
            }
        }
    }

    /// Whether the left side is among the right.
    fn member(&self, bin: &ast::BinExpr, at: At<'_>) -> Known {
        let left = self.maybe(bin.lhs(), at)?;
        let all = match bin.rhs() {
            Some(ast::Expr::ParenExpr(paren)) => match (paren.syntax().children().find(is_query), paren.expr()) {
                (Some(query), _) => self.column(&query, at)?,
                (None, inner) => vec![self.maybe(inner, at)?],
            },
            Some(ast::Expr::TupleExpr(tuple)) => {
                tuple.exprs().map(|one| self.expr(&one, at)).collect::<Result<_, _>>()?
            }
            _ => return undecided("what stands behind IN"),
        };
        among(&left, &all, &|one, other| Ok(one.compare(other)?.map(|order| order == Ordering::Equal)))
    }

    /// `x = ANY (array)`, `x <> ALL (array)`.
    fn quantified(&self, left: &Value, op: &str, call: &ast::CallExpr, at: At<'_>) -> Result<Option<Value>, Undecided> {
        let (node, any) = match (call.any_fn(), call.some_fn(), call.all_fn()) {
            (Some(one), _, _) => (one.syntax().clone(), true),
            (_, Some(one), _) => (one.syntax().clone(), true),
            (_, _, Some(one)) => (one.syntax().clone(), false),
            _ => return Ok(None),
        };
        let all = match node.children().find(is_query) {
            Some(query) => self.column(&query, at)?,
            None => match self.maybe(node.children().find_map(ast::Expr::cast), at)? {
                Value::List(all) => all,
                Value::Text(text) => elements(&text),
                Value::Null => return Ok(Some(Value::Null)),
                _ => return undecided("ANY of what is no array"),
            },
        };
        let holds = |one: &Value, other: &Value| match super::functions::operator(op, one.clone(), other.clone())? {
            Value::Null => Ok(None),
            value => value.holds().map(|holds| Some(holds == any)),
        };
        let found = among(left, &all, &holds)?;
        Ok(Some(match (found, any) {
            (Value::Bool(found), false) => Value::Bool(!found),
            (found, _) => found,
        }))
    }

    fn cast(&self, value: Value, data_type: &str) -> Known {
        let lower = data_type.to_ascii_lowercase();
        let lower = lower.strip_prefix("pg_catalog.").unwrap_or(&lower);
        let is_list = lower.ends_with("[]");
        match (lower.split('(').next().unwrap_or(lower).trim(), value) {
            (_, Value::Null) => Ok(Value::Null),
            ("regclass", Value::Text(text)) => match self.relation_oid(&text) {
                Some(found) => Ok(found),
                None => undecided(format!("relation {text} does not exist")),
            },
            ("regtype", Value::Text(text)) => Ok(Value::Oid("type", type_name(self.state, &text))),
            ("regnamespace", Value::Text(text)) => Ok(Value::Oid("namespace", Name::new("", text))),
            ("regprocedure", value @ Value::Oid("proc", _)) => Ok(value),
            ("regproc", Value::Oid("proc", name)) => {
                let own = name.name.split('(').next().unwrap_or(&name.name).to_owned();
                Ok(Value::Oid("class", Name::new(name.schema, own)))
            }
            ("regproc" | "regprocedure", _) => undecided("a routine by its text"),
            (
                "text" | "varchar" | "character varying" | "name" | "bpchar" | "information_schema.sql_identifier",
                value,
            ) => Ok(Value::maybe(value.shown())),
            ("int" | "integer" | "bigint" | "smallint" | "int4" | "int8" | "int2", Value::Text(text)) => {
                text.trim().parse().map(Value::Int).or_else(|_| undecided("a number"))
            }
            ("boolean" | "bool", value) => value.holds().map(Value::Bool),
            (_, Value::Text(text)) if is_list && text.starts_with('{') => Ok(Value::List(elements(&text))),
            (_, value) => Ok(value),
        }
    }

    /// The object identifier of a relation that is named by text.
    pub(super) fn relation_oid(&self, text: &str) -> Option<Value> {
        let (schema, name) = lookup::split_name(text)?;
        let state = self.state;
        let found =
            state.schemas_of(schema.as_deref()).into_iter().map(|schema| Name::new(schema, &*name)).find(|name| {
                state.catalog.tables.contains_key(name)
                    || state.catalog.views.contains_key(name)
                    || state.catalog.sequences.contains_key(name)
                    || state.identities.contains_key(name)
                    || super::tables::index_exists(state, name)
            });
        found.map(|name| Value::Oid("class", name))
    }
}

/// A type as `pg_type` knows it.
pub(super) fn type_name(state: &State, text: &str) -> Name {
    let found = state.type_of(text);
    let name = if found.array { format!("_{}", found.name) } else { found.name.clone() };
    Name::new(found.schema.unwrap_or_else(|| "pg_catalog".to_owned()), name)
}

fn known(value: &Value) -> Known {
    match value {
        // What a variable holds that nobody could know.
        Value::Text(text) if text == UNKNOWN => undecided("a value that comes from data"),
        value => Ok(value.clone()),
    }
}

/// What stands in a variable whose value cannot be known.
pub(super) const UNKNOWN: &str = "\u{1}unknown";

/// Whether two values are the same; `None` when one is null.
type Same<'a> = &'a dyn Fn(&Value, &Value) -> Result<Option<bool>, Undecided>;

fn among(left: &Value, all: &[Value], same: Same<'_>) -> Known {
    let mut null = *left == Value::Null;
    for one in all {
        match same(left, one)? {
            Some(true) => return Ok(Value::Bool(true)),
            Some(false) => {}
            None => null = true,
        }
    }
    Ok(if null && !all.is_empty() { Value::Null } else { Value::Bool(false) })
}

/// Elements of an array that is written as text: `{a,b}`.
pub(super) fn elements(text: &str) -> Vec<Value> {
    let inner = text.trim().trim_start_matches('{').trim_end_matches('}');
    inner.split(',').filter(|one| !one.is_empty()).map(|one| Value::text(one.trim().trim_matches('"'))).collect()
}

fn constant(text: &str) -> Known {
    let text = text.trim();
    if let Some(value) = words::unquoted(text) {
        return Ok(Value::Text(value));
    }
    match text.to_ascii_lowercase().as_str() {
        "null" => Ok(Value::Null),
        "true" => Ok(Value::Bool(true)),
        "false" => Ok(Value::Bool(false)),
        lower => Ok(lower.parse().map_or_else(|_| Value::text(text), Value::Int)),
    }
}

/// The words and signs between operands, upper case.
pub(super) fn operator(node: &SyntaxNode) -> String {
    let mut parts: Vec<String> = Vec::new();
    for child in node.children_with_tokens() {
        match (child.as_node(), child.as_token()) {
            (Some(inner), _) if !ast::Expr::can_cast(inner.kind()) => {
                parts.extend(words::tokens(inner).map(|one| one.text().to_uppercase()));
            }
            (_, Some(token)) if !token.text().trim().is_empty() && !token.text().starts_with("--") => {
                parts.push(token.text().to_uppercase());
            }
            _ => {}
        }
    }
    let words = parts.iter().all(|one| one.starts_with(|first: char| first.is_ascii_alphabetic()));
    parts.join(if words { " " } else { "" })
}

/// Whether a node is a query.
pub(super) fn is_query(node: &SyntaxNode) -> bool {
    let kind = node.kind();
    ast::Select::can_cast(kind)
        || ast::CompoundSelect::can_cast(kind)
        || ast::ParenSelect::can_cast(kind)
        || ast::Values::can_cast(kind)
}
