//! Calls: of the server's own functions, of extensions', of those that the schema defines.
use super::builtin;
use super::infer::bare;
use super::{Column, Scope, Walk, unknown};
use crate::engines::schema::catalog::{DataType, Name, Routine};
use squawk_syntax::ast::{self, AstNode};

impl Walk<'_> {
    /// The type of a call.
    pub(super) fn call(&mut self, call: &ast::CallExpr, scope: &Scope<'_>) -> DataType {
        let (name, columns) = self.call_columns(call, scope);
        match columns.as_slice() {
            [one] if one.name == name => one.data_type.clone(),
            [] => unknown(),
            _ => DataType::plain("record"),
        }
    }

    /// What a call gives as a relation: the name of the function, and its columns.
    pub(super) fn call_columns(&mut self, call: &ast::CallExpr, scope: &Scope<'_>) -> (String, Vec<Column>) {
        let one = |name: &str, data_type: DataType| {
            (name.to_owned(), vec![Column { name: name.to_owned(), data_type, origin: None }])
        };
        if let Some(over) = call.over_clause() {
            self.names_in(over.syntax(), scope, &[]);
        }
        if let Some(filter) = call.filter_clause() {
            self.names_in(filter.syntax(), scope, &[]);
        }
        let ordered = call.within_clause().map(|within| self.types_in(within.syntax(), scope)).unwrap_or_default();
        let Some(target) = call.expr() else { return self.special(call, scope) };
        let Some(mut parts) = super::expr::path(&target) else { return one("?", unknown()) };
        let name = parts.pop().unwrap_or_default();
        let schema = parts.pop();
        let mut given = call.arg_list().map(|list| self.types_in(list.syntax(), scope)).unwrap_or_default();
        given.extend(ordered);
        if schema.is_none()
            && let Some(data_type) = self.keyword(&name, call, &given)
        {
            return one(&name, data_type);
        }
        let range = self.range(target.syntax());
        let range = range
            .end
            .saturating_sub(target.syntax().text().to_string().rsplit('.').next().map_or(0, |one| one.trim().len()))
            ..range.end;
        if schema.as_deref() != Some("pg_catalog")
            && let Some((found, routine)) = self.routine(schema.as_deref(), &name, &given)
        {
            self.uses.routines.push((range, found));
            return (name.clone(), self.routine_columns(&name, &routine, &given));
        }
        let bare: Vec<DataType> = given.iter().map(bare).collect();
        let mut found = builtin::function(&name, &bare, self.state);
        if found.as_ref().is_some_and(|found| found.data_type.name == "?") {
            let beneath: Vec<DataType> = bare.iter().map(|one| super::infer::bare(&self.state.beneath(one))).collect();
            found = builtin::function(&name, &beneath, self.state);
        }
        match found {
            Some(found) if found.columns.is_empty() => one(&name, self.state.resolved(found.data_type)),
            Some(found) => {
                let column = |(name, data_type)| Column { name, data_type, origin: None };
                (name, found.columns.into_iter().map(column).collect())
            }
            // `typename(x)` is a cast.
            None if given.len() == 1
                && schema.is_none()
                && (crate::engines::schema::postgres::replay::lookup::is_own_type(&name)
                    || self.state.type_name(None, &name).is_some()) =>
            {
                one(&name, self.state.type_of(&name))
            }
            None => one(&name, unknown()),
        }
    }

    /// The type of a call that the grammar knows by its word.
    fn keyword(&mut self, name: &str, call: &ast::CallExpr, given: &[DataType]) -> Option<DataType> {
        Some(match name {
            "coalesce" | "greatest" | "least" => self.common_of(given),
            "nullif" => {
                let first = given.first().map(|one| {
                    if matches!(one.name.as_str(), "unknown" | "character varying") {
                        DataType::plain("text")
                    } else {
                        one.clone()
                    }
                });
                first.unwrap_or_else(unknown)
            }
            "grouping" => DataType::plain("integer"),
            "row" => DataType::plain("record"),
            "current_schema" => DataType::plain("name"),
            "current_timestamp" | "localtimestamp" | "current_time" | "localtime" => self.precise(name, call),
            _ => return None,
        })
    }

    /// Types of the expressions in an argument list or in `WITHIN GROUP`.
    fn types_in(&mut self, node: &squawk_syntax::SyntaxNode, scope: &Scope<'_>) -> Vec<DataType> {
        let mut types = Vec::new();
        for child in node.children() {
            if let Some(expr) = ast::Expr::cast(child.clone()) {
                types.push(self.expr(&expr, scope));
            } else if ast::OrderByClause::can_cast(child.kind()) && ast::ArgList::can_cast(node.kind())
                || ast::OrderByClause::can_cast(child.kind()) && ast::Arg::can_cast(node.kind())
            {
                self.names_in(&child, scope, &[]);
            } else if self.depth < super::DEPTH {
                self.depth += 1;
                types.extend(self.types_in(&child, scope));
                self.depth -= 1;
            }
        }
        types
    }

    /// `CURRENT_TIMESTAMP(3)`.
    fn precise(&self, name: &str, call: &ast::CallExpr) -> DataType {
        let data_type = match name {
            "current_timestamp" => "timestamp with time zone",
            "localtimestamp" => "timestamp without time zone",
            "current_time" => "time with time zone",
            _ => "time without time zone",
        };
        let digits = call.arg_list().map(|list| list.syntax().text().to_string()).unwrap_or_default();
        let digits = digits.trim_matches(['(', ')', ' ']).to_owned();
        DataType { modifiers: vec![digits], ..DataType::plain(data_type) }
    }

    /// Functions with a grammar of their own.
    fn special(&mut self, call: &ast::CallExpr, scope: &Scope<'_>) -> (String, Vec<Column>) {
        let word = super::words::tokens(call.syntax()).next().map(|one| one.text().to_lowercase()).unwrap_or_default();
        let mut first = None;
        if let Some(inner) = call.syntax().children().next() {
            if let Some(expr) = inner.descendants().find_map(ast::Expr::cast) {
                first = Some(self.expr(&expr, scope));
            }
            self.names_in(&inner, scope, &[]);
        }
        let returning = call.syntax().descendants().find_map(ast::JsonReturningClause::cast);
        let returning = returning.and_then(|clause| clause.syntax().descendants().find_map(ast::Type::cast));
        let data_type = match word.as_str() {
            "exists" | "any" | "some" | "all" | "json_exists" | "xmlexists" => DataType::plain("boolean"),
            "extract" => DataType::plain("numeric"),
            "position" => DataType::plain("integer"),
            "substring" | "overlay" | "trim" => match first {
                Some(first) if matches!(first.name.as_str(), "bytea" | "bit" | "bit varying") => bare(&first),
                _ => DataType::plain("text"),
            },
            "json_value" => returning
                .map_or_else(|| DataType::plain("text"), |one| self.state.type_of(&one.syntax().text().to_string())),
            "json_query" => returning
                .map_or_else(|| DataType::plain("jsonb"), |one| self.state.type_of(&one.syntax().text().to_string())),
            "json_serialize" => returning
                .map_or_else(|| DataType::plain("text"), |one| self.state.type_of(&one.syntax().text().to_string())),
            word if word.starts_with("json") => returning
                .map_or_else(|| DataType::plain("json"), |one| self.state.type_of(&one.syntax().text().to_string())),
            "xmlserialize" => {
                let written = call.syntax().descendants().find_map(ast::Type::cast);
                written.map_or_else(unknown, |one| self.state.type_of(&one.syntax().text().to_string()))
            }
            word if word.starts_with("xml") => DataType::plain("xml"),
            "collation" => DataType::plain("text"),
            _ => unknown(),
        };
        // The server's own names of these functions.
        let name = match word.as_str() {
            "trim" => "btrim".to_owned(),
            _ => word,
        };
        (name.clone(), vec![Column { name, data_type, origin: None }])
    }

    /// The routine of the schema that is called.
    fn routine(&self, schema: Option<&str>, name: &str, given: &[DataType]) -> Option<(Name, Routine)> {
        let schemas: Vec<&str> = match schema {
            Some(schema) => vec![schema],
            None => self.state.path.iter().map(String::as_str).collect(),
        };
        let mut found: Vec<(&Name, &Routine)> = Vec::new();
        for schema in schemas {
            let first = (Name::new(schema, name), String::new());
            for ((at, _), routine) in
                self.state.catalog.routines.range(first.clone()..).take_while(|((at, _), _)| *at == first.0)
            {
                let least = routine.signature.len().saturating_sub(routine.arguments.matches(" DEFAULT ").count());
                if given.len() >= least
                    && (given.len() <= routine.signature.len() || routine.arguments.contains("VARIADIC "))
                {
                    found.push((at, routine));
                }
            }
        }
        let exact = |routine: &Routine| {
            routine
                .signature
                .iter()
                .zip(given)
                .filter(|(one, given)| one.name == given.name && one.array == given.array)
                .count()
        };
        let best = found.iter().map(|(_, routine)| exact(routine)).max()?;
        found
            .into_iter()
            .find(|(_, routine)| exact(routine) == best)
            .map(|(name, routine)| (name.clone(), routine.clone()))
    }

    /// Columns of what a routine of the schema gives.
    fn routine_columns(&self, name: &str, routine: &Routine, given: &[DataType]) -> Vec<Column> {
        let column = |name: &str, data_type: DataType| Column { name: name.to_owned(), data_type, origin: None };
        let returns = routine.returns.strip_prefix("SETOF ").unwrap_or(&routine.returns);
        if let Some(list) = returns.strip_prefix("TABLE(").and_then(|rest| rest.strip_suffix(')')) {
            let columns = crate::engines::schema::postgres::replay::routine::parameters(list);
            return columns.iter().map(|one| column(&one.name, self.state.type_of(&one.data_type))).collect();
        }
        let outs: Vec<Column> = crate::engines::schema::postgres::replay::routine::parameters(&routine.arguments)
            .iter()
            .filter(|one| matches!(one.mode.as_str(), "OUT" | "INOUT"))
            .map(|one| column(&one.name, self.state.type_of(&one.data_type)))
            .collect();
        match outs.as_slice() {
            [one] => return vec![column(name, one.data_type.clone())],
            [] => {}
            _ => return outs,
        }
        let data_type = match returns {
            "anyelement" | "anycompatible" => given.first().map_or_else(unknown, bare),
            "anyarray" => given.iter().find(|one| one.array).cloned().unwrap_or_else(unknown),
            other => self.state.type_of(other),
        };
        let fields = self.composite(&data_type);
        match fields.is_empty() {
            true => vec![column(name, data_type)],
            false => fields,
        }
    }
}
