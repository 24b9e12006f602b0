//! Operators and functions whose values are known without data.
use super::eval::{At, Eval, is_query};
use super::value::{Known, Undecided, Value, join, undecided};
use crate::engines::schema::postgres::replay::words::quoted;
use squawk_syntax::ast::{self, AstNode};
use std::cmp::Ordering;

/// The value of an operator between two values.
pub(super) fn operator(op: &str, left: Value, right: Value) -> Known {
    match op {
        "IS" => return Ok(Value::Bool(left == right)),
        "IS NOT" => return Ok(Value::Bool(left != right)),
        "IS DISTINCT FROM" => return Ok(Value::Bool(!same(&left, &right)?)),
        "IS NOT DISTINCT FROM" => return Ok(Value::Bool(same(&left, &right)?)),
        _ => {}
    }
    if left == Value::Null || right == Value::Null {
        return Ok(Value::Null);
    }
    let order = |wanted: &dyn Fn(Ordering) -> bool| {
        Ok(left.compare(&right)?.map_or(Value::Null, |order| Value::Bool(wanted(order))))
    };
    match op {
        "=" => order(&|order| order == Ordering::Equal),
        "<>" | "!=" => order(&|order| order != Ordering::Equal),
        "<" => order(&|order| order == Ordering::Less),
        ">" => order(&|order| order == Ordering::Greater),
        "<=" => order(&|order| order != Ordering::Greater),
        ">=" => order(&|order| order != Ordering::Less),
        "||" => Ok(joined(left, right)),
        "LIKE" | "~~" => Ok(Value::Bool(like(&text(&left)?, &text(&right)?, false))),
        "NOT LIKE" | "!~~" => Ok(Value::Bool(!like(&text(&left)?, &text(&right)?, false))),
        "ILIKE" | "~~*" => Ok(Value::Bool(like(&text(&left)?, &text(&right)?, true))),
        "NOT ILIKE" | "!~~*" => Ok(Value::Bool(!like(&text(&left)?, &text(&right)?, true))),
        "~" | "~*" | "!~" | "!~*" => {
            let pattern = match op.ends_with('*') {
                true => format!("(?i){}", text(&right)?),
                false => text(&right)?,
            };
            let Ok(pattern) = regex::Regex::new(&pattern) else { return undecided("a regular expression") };
            Ok(Value::Bool(pattern.is_match(&text(&left)?) != op.starts_with('!')))
        }
        "+" | "-" | "*" | "/" | "%" => match (&left, &right) {
            (Value::Int(left), Value::Int(right)) => {
                let value = match op {
                    "+" => left.checked_add(*right),
                    "-" => left.checked_sub(*right),
                    "*" => left.checked_mul(*right),
                    "/" => left.checked_div(*right),
                    _ => left.checked_rem(*right),
                };
                value.map_or_else(|| undecided("a number that is too large"), |value| Ok(Value::Int(value)))
            }
            _ => undecided("a calculation"),
        },
        "@>" => match (left, right) {
            (Value::List(all), Value::List(some)) => Ok(Value::Bool(some.iter().all(|one| all.contains(one)))),
            _ => undecided("the operator @>"),
        },
        other => undecided(format!("the operator {other}")),
    }
}

fn same(left: &Value, right: &Value) -> Result<bool, Undecided> {
    Ok(match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::Null, _) | (_, Value::Null) => false,
        _ => left.compare(right)? == Some(Ordering::Equal),
    })
}

fn joined(left: Value, right: Value) -> Value {
    match (left, right) {
        (Value::List(mut all), Value::List(more)) => {
            all.extend(more);
            Value::List(all)
        }
        (Value::List(mut all), one) => {
            all.push(one);
            Value::List(all)
        }
        (left, right) => Value::Text(left.shown().unwrap_or_default() + &right.shown().unwrap_or_default()),
    }
}

fn text(value: &Value) -> Result<String, Undecided> {
    value.shown().map_or_else(|| undecided("null as text"), Ok)
}

/// `LIKE`: `%`, `_`, backslash.
fn like(text: &str, pattern: &str, fold: bool) -> bool {
    let mut regex = String::from(if fold { "(?is)^" } else { "(?s)^" });
    let mut chars = pattern.chars();
    while let Some(one) = chars.next() {
        match one {
            '%' => regex.push_str(".*"),
            '_' => regex.push('.'),
            '\\' => regex.push_str(&regex::escape(&chars.next().map(String::from).unwrap_or_default())),
            other => regex.push_str(&regex::escape(&other.to_string())),
        }
    }
    regex.push('$');
    regex::Regex::new(&regex).is_ok_and(|regex| regex.is_match(text))
}

/// Quoted as a string constant.
fn literal(text: &str) -> String {
    match text.contains('\\') {
        true => format!("E'{}'", text.replace('\'', "''").replace('\\', "\\\\")),
        false => format!("'{}'", text.replace('\'', "''")),
    }
}

impl Eval<'_> {
    /// The value of a call.
    pub(super) fn call(&self, call: &ast::CallExpr, at: At<'_>) -> Known {
        if let Some(exists) = call.exists_fn() {
            let Some(query) = exists.syntax().children().find(is_query) else { return undecided("EXISTS of nothing") };
            return Ok(Value::Bool(!self.query(&query, at.rows)?.is_empty()));
        }
        let Some(target) = call.expr() else { return undecided("a function with a grammar of its own") };
        let name = target.syntax().text().to_string().to_ascii_lowercase();
        let name = name.trim().trim_start_matches("pg_catalog.").to_owned();
        let arguments: Vec<ast::Expr> =
            call.arg_list().into_iter().flat_map(|list| list.args()).filter_map(|one| one.expr()).collect();
        if call.over_clause().is_some() {
            return undecided("a window function");
        }
        if let Some(group) = at.group
            && let Some(found) = self.aggregate(&name, call, &arguments, group, at)?
        {
            return Ok(found);
        }
        if name == "coalesce" {
            for one in &arguments {
                let value = self.expr(one, at)?;
                if value != Value::Null {
                    return Ok(value);
                }
            }
            return Ok(Value::Null);
        }
        let values: Vec<Value> = arguments.iter().map(|one| self.expr(one, at)).collect::<Result<_, _>>()?;
        self.function(&name, &values)
    }

    fn aggregate(
        &self,
        name: &str,
        call: &ast::CallExpr,
        arguments: &[ast::Expr],
        group: &[super::eval::Joined],
        at: At<'_>,
    ) -> Result<Option<Value>, Undecided> {
        if !AGGREGATES.contains(&name) {
            return Ok(None);
        }
        if call.filter_clause().is_some() {
            return undecided("an aggregate with a filter");
        }
        let Some(first) = arguments.first() else {
            return Ok(Some(Value::Int(i64::try_from(group.len()).unwrap_or(0))));
        };
        let mut values = Vec::new();
        for rows in group {
            values.push(self.expr(first, At { rows, group: None })?);
        }
        let distinct = call.arg_list().is_some_and(|list| list.all_or_distinct().is_some());
        if distinct
            || call.arg_list().is_some_and(|list| list.syntax().text().to_string().to_lowercase().contains("order by"))
        {
            values.sort();
        }
        if distinct {
            values.dedup();
        }
        let present: Vec<Value> = values.iter().filter(|one| **one != Value::Null).cloned().collect();
        Ok(Some(match name {
            "count" => Value::Int(i64::try_from(present.len()).unwrap_or(0)),
            "max" => present.into_iter().max().unwrap_or(Value::Null),
            "min" => present.into_iter().min().unwrap_or(Value::Null),
            "bool_or" => Value::Bool(present.contains(&Value::Bool(true))),
            "bool_and" | "every" => Value::Bool(present.iter().all(|one| *one == Value::Bool(true))),
            "array_agg" if values.is_empty() => Value::Null,
            "array_agg" => Value::List(values),
            "string_agg" => {
                let between = arguments.get(1).map(|one| self.expr(one, at)).transpose()?.and_then(|one| one.shown());
                let all: Vec<String> = present.iter().filter_map(Value::shown).collect();
                if all.is_empty() { Value::Null } else { join(&all, &between.unwrap_or_default())? }
            }
            _ => return undecided(format!("the aggregate {name}")),
        }))
    }

    fn function(&self, name: &str, values: &[Value]) -> Known {
        let first = values.first().cloned().unwrap_or(Value::Null);
        let second = values.get(1).cloned().unwrap_or(Value::Null);
        match (name, &first) {
            ("to_regclass", Value::Text(text)) => return Ok(self.relation_oid(text).unwrap_or(Value::Null)),
            ("to_regtype", Value::Text(text)) => {
                let found = super::eval::type_name(self.state, text);
                let there = found.schema != "pg_catalog"
                    || crate::engines::schema::postgres::replay::lookup::is_own_type(&found.name);
                return Ok(if there { Value::Oid("type", found) } else { Value::Null });
            }
            ("format", Value::Text(text)) => return format(text, values.get(1..).unwrap_or_default()),
            ("concat", _) => return join(&values.iter().filter_map(Value::shown).collect::<Vec<_>>(), ""),
            ("concat_ws", Value::Text(between)) => {
                let all: Vec<String> = values.iter().skip(1).filter_map(Value::shown).collect();
                return join(&all, between);
            }
            ("quote_nullable", Value::Null) => return Ok(Value::text("NULL")),
            ("current_schema", _) => return Ok(Value::maybe(self.state.path.first().cloned())),
            ("current_schemas", _) => return Ok(Value::texts(self.state.path.clone())),
            ("current_setting", Value::Text(setting)) => {
                let (major, minor) = self.state.catalog.server.version;
                return match setting.as_str() {
                    "server_version_num" => Ok(Value::Int(i64::from(major) * 10_000 + i64::from(minor))),
                    "server_version" => Ok(Value::Text(format!("{major}.{minor}"))),
                    "search_path" => Ok(Value::Text(self.state.path.join(", "))),
                    // Nobody has set it: with `missing_ok` it is null.
                    other if other.contains('.') && second == Value::Bool(true) => match self.state.settings.get(other)
                    {
                        Some(value) => Ok(Value::text(value.as_str())),
                        None => Ok(Value::Null),
                    },
                    other => undecided(format!("the setting {other}")),
                };
            }
            ("pg_table_is_visible" | "pg_type_is_visible" | "pg_function_is_visible", Value::Oid(_, name)) => {
                return Ok(Value::Bool(self.state.path.contains(&name.schema) || name.schema == "pg_catalog"));
            }
            (_, Value::Null) => return Ok(Value::Null),
            _ => {}
        }
        self.plain_function(name, &first, &second, values)
    }

    fn plain_function(&self, name: &str, first: &Value, second: &Value, values: &[Value]) -> Known {
        let string = || text(first);
        let number = |value: &Value| match value {
            Value::Int(one) => Ok(usize::try_from(*one).unwrap_or(0)),
            _ => undecided("a number"),
        };
        Ok(match name {
            "quote_ident" => Value::Text(quoted(&string()?)),
            "quote_literal" | "quote_nullable" => Value::Text(literal(&string()?)),
            "lower" => Value::Text(string()?.to_lowercase()),
            "upper" => Value::Text(string()?.to_uppercase()),
            "trim" | "btrim" => Value::Text(string()?.trim().to_owned()),
            "length" | "char_length" => Value::Int(i64::try_from(string()?.chars().count()).unwrap_or(0)),
            "replace" => {
                let (from, to) = (text(second)?, text(values.get(2).unwrap_or(&Value::Null))?);
                match from.is_empty() {
                    true => Value::Text(string()?),
                    false => join(&string()?.split(&from).map(str::to_owned).collect::<Vec<_>>(), &to)?,
                }
            }
            "left" => Value::Text(string()?.chars().take(number(second)?).collect()),
            "substring" | "substr" => {
                let skip = number(second)?.saturating_sub(1);
                let take = values.get(2).map(number).transpose()?.unwrap_or(usize::MAX);
                Value::Text(string()?.chars().skip(skip).take(take).collect())
            }
            "split_part" => {
                let nth = number(values.get(2).unwrap_or(&Value::Null))?.saturating_sub(1);
                Value::Text(string()?.split(&text(second)?).nth(nth).unwrap_or_default().to_owned())
            }
            "strpos" | "position" => {
                let at = string()?.find(&text(second)?);
                Value::Int(at.map_or(0, |at| i64::try_from(at + 1).unwrap_or(0)))
            }
            "starts_with" => Value::Bool(string()?.starts_with(&text(second)?)),
            "array_length" | "cardinality" => match first {
                Value::List(all) if all.is_empty() && name == "array_length" => Value::Null,
                Value::List(all) => Value::Int(i64::try_from(all.len()).unwrap_or(0)),
                _ => return undecided("the length of what is no array"),
            },
            "array_to_string" => match first {
                Value::List(all) => {
                    let all: Vec<String> = all.iter().filter_map(Value::shown).collect();
                    join(&all, &text(second)?)?
                }
                _ => return undecided("an array"),
            },
            "string_to_array" => Value::texts(string()?.split(&text(second)?).map(str::to_owned)),
            "array_append" => joined(first.clone(), Value::List(vec![second.clone()])),
            "nullif" if same(first, second)? => Value::Null,
            "nullif" => first.clone(),
            "format_type" | "regexp_replace" | "pg_get_constraintdef" | "pg_get_indexdef" | "pg_get_expr" | "now" => {
                return undecided(format!("the function {name}"));
            }
            other => return undecided(format!("the function {other}")),
        })
    }
}

/// Functions that run over a group of rows.
pub(super) const AGGREGATES: [&str; 9] =
    ["count", "max", "min", "bool_or", "bool_and", "every", "array_agg", "string_agg", "sum"];

/// `format('%I %L %s', …)`.
fn format(pattern: &str, values: &[Value]) -> Known {
    let mut out = String::new();
    let mut chars = pattern.chars().peekable();
    let mut next = 0_usize;
    while let Some(one) = chars.next() {
        if one != '%' {
            out.push(one);
            continue;
        }
        let mut digits = String::new();
        while let Some(digit) = chars.peek().filter(|one| one.is_ascii_digit()).copied() {
            digits.push(digit);
            chars.next();
        }
        if !digits.is_empty() && chars.next_if_eq(&'$').is_some() {
            next = digits.parse::<usize>().unwrap_or(1).saturating_sub(1);
        } else if !digits.is_empty() {
            return undecided("a width in format");
        }
        let kind = chars.next();
        if kind == Some('%') {
            out.push('%');
            continue;
        }
        let value = values.get(next).cloned().unwrap_or(Value::Null);
        next += 1;
        match (kind, value.shown()) {
            (Some('s'), text) => out.push_str(&text.unwrap_or_default()),
            // What is an object identifier is written as it must stand already.
            (Some('I'), Some(text)) => out.push_str(&quoted(&text)),
            (Some('L'), Some(text)) => out.push_str(&literal(&text)),
            (Some('L'), None) => out.push_str("NULL"),
            _ => return undecided("format"),
        }
    }
    Ok(Value::Text(out))
}
