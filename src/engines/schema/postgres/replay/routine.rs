//! Functions, procedures and aggregates: CREATE, with everything that stands in it.
use super::run::Done;
use super::state::State;
use super::words::{Words, folded, quoted, tokens, unquoted};
use crate::engines::schema::catalog::{DataType, Expression, Key, Kind, Name, Routine, RoutineKind};
use crate::engines::schema::postgres::normal;
use crate::engines::schema::postgres::source;
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};
use std::collections::BTreeMap;

/// A parameter as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Parameter {
    /// `IN`, `OUT`, `INOUT`, `VARIADIC`.
    pub(super) mode: String,
    /// Its name; empty when it has none.
    pub(super) name: String,
    /// Its type as it is written.
    pub(super) data_type: String,
    /// Its default as it is written.
    pub(super) default: Option<String>,
}

/// Parameters of a list as it stands in parentheses.
pub(super) fn parameters(list: &str) -> Vec<Parameter> {
    let text = format!("CREATE FUNCTION f({list}) RETURNS int LANGUAGE sql");
    let file = source::parse(&text).syntax_node();
    file.descendants().find_map(ast::ParamList::cast).map(|list| parameters_of(&list)).unwrap_or_default()
}

/// Parameters of a list in a tree.
pub(super) fn parameters_of(list: &ast::ParamList) -> Vec<Parameter> {
    list.syntax().descendants().filter_map(ast::Param::cast).map(|one| parameter(&one)).collect()
}

fn parameter(param: &ast::Param) -> Parameter {
    let mode = match param.mode() {
        Some(ast::ParamMode::ParamOut(_)) => "OUT",
        Some(ast::ParamMode::ParamInOut(_)) => "INOUT",
        Some(ast::ParamMode::ParamVariadic(_)) => "VARIADIC",
        _ => "IN",
    };
    let name = param.name().map(|name| ast::normalize_name_node(name.syntax())).unwrap_or_default();
    let data_type = param.func_type().map(|one| one.syntax().text().to_string()).unwrap_or_default();
    let default = param.param_default().and_then(|one| one.expr()).map(|one| one.syntax().text().to_string());
    Parameter { mode: mode.to_owned(), name, data_type, default }
}

impl State {
    /// A type of a parameter or result: without what stands in parentheses, `t.c%TYPE` looked up.
    pub(super) fn parameter_type(&self, text: &str) -> DataType {
        let text = text.trim();
        if let Some(column) = strip_suffix_ignoring_case(text, "%type") {
            return self.column_type(column);
        }
        let found = self.type_of(text);
        // Lengths are no part of it; a character without one is printed as such.
        let name = if found.name == "bpchar" { "character".to_owned() } else { found.name };
        DataType { modifiers: Vec::new(), name, ..found }
    }

    /// The type of `table.column`.
    fn column_type(&self, path: &str) -> DataType {
        let mut words = Words::parse(path);
        let parts = words.dotted().unwrap_or_default();
        let found = match parts.as_slice() {
            [table, column] => self.relation(None, table).map(|name| (name, column)),
            [.., schema, table, column] => self.relation(Some(schema), table).map(|name| (name, column)),
            _ => None,
        };
        let data_type = found.and_then(|(name, column)| {
            if let Some(table) = self.catalog.tables.get(&name) {
                return table.column(column).map(|one| one.data_type.clone());
            }
            let view = self.catalog.views.get(&name)?;
            view.columns.iter().find(|(one, _)| one == column).map(|(_, data_type)| data_type.clone())
        });
        data_type.map_or_else(|| DataType::plain("?"), |one| DataType { modifiers: Vec::new(), ..one })
    }

    /// Parameters in the form in which catalogs hold them, and the types that make the identity.
    fn arguments(&self, parameters: &[Parameter]) -> (String, Vec<DataType>) {
        let one = |one: &Parameter| normal::Parameter {
            mode: one.mode.clone(),
            name: one.name.clone(),
            data_type: self.parameter_type(&one.data_type),
            default: one.default.clone(),
        };
        let all: Vec<normal::Parameter> = parameters.iter().map(one).collect();
        let signature = all.iter().filter(|one| one.mode != "OUT").map(|one| one.data_type.clone()).collect();
        (normal::parameters(&all), signature)
    }

    /// What a function gives.
    fn returns(&self, ret: Option<&ast::RetType>, parameters: &[Parameter]) -> String {
        let outs: Vec<&Parameter> =
            parameters.iter().filter(|one| matches!(one.mode.as_str(), "OUT" | "INOUT")).collect();
        if let Some(list) = ret.and_then(|ret| ret.return_table_arg_list()) {
            let columns: Vec<String> = list
                .syntax()
                .children()
                .filter_map(|column| {
                    let name = column.children().find_map(ast::ColumnName::cast)?;
                    let data_type = column.children().find(|one| ast::FuncType::can_cast(one.kind()))?;
                    let data_type = self.parameter_type(&data_type.text().to_string());
                    Some(format!("{} {data_type}", quoted(&ast::normalize_name_node(name.syntax()))))
                })
                .collect();
            return format!("TABLE({})", columns.join(", "));
        }
        let written = ret.and_then(|ret| ret.func_type()).map(|one| one.syntax().text().to_string());
        let (set, written) = match &written {
            Some(text) => match text.trim().split_once(char::is_whitespace) {
                Some((first, rest)) if first.eq_ignore_ascii_case("setof") => (true, Some(rest.trim().to_owned())),
                _ => (false, Some(text.trim().to_owned())),
            },
            None => (false, None),
        };
        let data_type = match (outs.as_slice(), written) {
            ([], None) => return String::new(),
            (_, Some(written)) => self.parameter_type(&written).to_string(),
            ([one], None) => self.parameter_type(&one.data_type).to_string(),
            (_, None) => "record".to_owned(),
        };
        if set { format!("SETOF {data_type}") } else { data_type }
    }

    /// `CREATE FUNCTION`, `CREATE PROCEDURE`.
    pub(super) fn create_routine(&mut self, node: &SyntaxNode) -> Done {
        let procedure = ast::CreateProcedure::can_cast(node.kind());
        let kind = if procedure { RoutineKind::Procedure } else { RoutineKind::Function };
        let mut words = Words::of(node);
        words.eat("CREATE");
        let replace = words.eat("OR REPLACE");
        words.next();
        let Some((schema, name)) = words.qualified() else { return State::not_understood() };
        if schema.as_deref() == Some("pg_temp") {
            return Ok(());
        }
        let list = node.children().find_map(ast::ParamList::cast);
        let parameters = list.map(|list| parameters_of(&list)).unwrap_or_default();
        let (arguments, signature) = self.arguments(&parameters);
        let ret = node.children().find_map(ast::RetType::cast);
        let returns = if procedure { String::new() } else { self.returns(ret.as_ref(), &parameters) };
        let mut routine = Routine { kind, arguments, returns, signature, ..Routine::default() };
        if let Some(list) = node.children().find_map(ast::FuncOptionList::cast) {
            self.routine_options(list.syntax(), &mut routine);
        }
        let body = node.children().find(|one| ast::RoutineBody::can_cast(one.kind()));
        if let Some(body) = body {
            let text = body.text().to_string().trim().to_owned();
            routine.body = normal::body(&text);
            if routine.language.is_empty() {
                routine.language = "sql".to_owned();
            }
        }
        let name = self.new_name(schema.as_deref(), &name);
        self.put_routine(name, routine, replace)
    }

    /// Puts a routine into the catalog; a replaced one keeps its identity and comment.
    fn put_routine(&mut self, name: Name, mut routine: Routine, replace: bool) -> Done {
        let identity = normal::signature(&routine.signature);
        let key = routine_key(&name, &identity, routine.kind);
        self.touch_routine(&(name.clone(), identity.clone()));
        match self.catalog.routines.get(&(name.clone(), identity.clone())) {
            Some(before) if replace => routine.meta = before.meta.clone(),
            Some(_) => return State::fails("the routine exists already"),
            None => routine.meta = self.create(&key),
        }
        self.catalog.routines.insert((name, identity), routine);
        Ok(())
    }

    /// Options of a routine, in `CREATE` and in `ALTER`.
    pub(super) fn routine_options(&self, list: &SyntaxNode, routine: &mut Routine) {
        for option in list.children() {
            self.routine_option(&option, routine);
        }
        drop_defaults(routine);
    }

    fn routine_option(&self, option: &SyntaxNode, routine: &mut Routine) {
        let mut words = Words::of(option);
        let mut set = |name: &str, value: &str| {
            routine.options.insert(name.to_owned(), value.to_owned());
        };
        match words.next().unwrap_or_default().to_uppercase().as_str() {
            "LANGUAGE" => {
                let name = words.string().or_else(|| words.name());
                routine.language = name.unwrap_or_default().to_lowercase();
            }
            word @ ("IMMUTABLE" | "STABLE" | "VOLATILE") => set("volatility", &word.to_lowercase()),
            "STRICT" => set("strict", "yes"),
            "RETURNS" => set("strict", "yes"),
            "CALLED" => {
                routine.options.remove("strict");
            }
            "EXTERNAL" | "SECURITY" => {
                words.eat("SECURITY");
                match words.eat("DEFINER") {
                    true => set("security", "definer"),
                    false => {
                        routine.options.remove("security");
                    }
                }
            }
            "LEAKPROOF" => set("leakproof", "yes"),
            "NOT" => {
                routine.options.remove("leakproof");
            }
            "WINDOW" => set("window", "yes"),
            "PARALLEL" => set("parallel", &words.next().unwrap_or_default().to_lowercase()),
            "COST" => set("cost", &words.rest()),
            "ROWS" => set("rows", &words.rest()),
            "SUPPORT" => set("support", &words.rest()),
            "TRANSFORM" => set("transform", &super::words::joined(&words.rest().replace("FOR TYPE", ""))),
            "SET" => {
                let name = setting_name(&words.dotted().unwrap_or_default());
                if words.eat("FROM CURRENT") {
                    if name == "search_path" {
                        set("set search_path", &self.path.join(", "));
                    }
                    return;
                }
                words.eat_any(&["=", "TO"]);
                if words.is("DEFAULT") {
                    routine.options.remove(&format!("set {name}"));
                } else {
                    set(&format!("set {name}"), &setting(&name, &mut words));
                }
            }
            "RESET" => match words.eat("ALL") {
                true => routine.options.retain(|name, _| !name.starts_with("set ")),
                false => {
                    let name = setting_name(&words.dotted().unwrap_or_default());
                    routine.options.remove(&format!("set {name}"));
                }
            },
            "AS" => {
                let body = words.string().unwrap_or_default();
                let symbol = words.eat(",").then(|| words.string()).flatten();
                let text = match symbol {
                    Some(symbol) => format!("{body}, {symbol}"),
                    None => body,
                };
                routine.body = body_of(&text);
            }
            _ => {}
        }
    }

    /// `CREATE AGGREGATE`.
    pub(super) fn create_aggregate(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("CREATE");
        let replace = words.eat("OR REPLACE");
        words.eat("AGGREGATE");
        let Some((schema, name)) = words.qualified() else { return State::not_understood() };
        let list = node.children().find_map(ast::ParamList::cast);
        let parameters = list.as_ref().map(parameters_of).unwrap_or_default();
        let (mut arguments, signature) = self.arguments(&parameters);
        if let Some(order) = list.as_ref().and_then(|list| list.aggregate_order_by()) {
            let behind = order.syntax().descendants().filter_map(ast::Param::cast).count();
            let direct: Vec<&str> = arguments.split(", ").collect();
            let (direct, ordered) = direct.split_at(direct.len().saturating_sub(behind));
            let before = if direct.is_empty() { String::new() } else { format!("{} ", direct.join(", ")) };
            arguments = format!("{before}ORDER BY {}", ordered.join(", "));
        }
        if signature.is_empty() {
            arguments = "*".to_owned();
        }
        words.parens();
        let options = definition(&words.parens().unwrap_or_default());
        for part in ["sfunc", "finalfunc", "combinefunc"] {
            let Some((Some(schema), name)) = options.get(part).and_then(|written| super::lookup::split_name(written))
            else {
                continue;
            };
            if self.catalog.schemas.contains_key(&schema) && self.routines_named(Some(&schema), &name).is_empty() {
                let reason = format!("function {schema}.{name} does not exist");
                return Err(super::run::Refusal::new("undefined_function", reason, Vec::<Key>::new()));
            }
        }
        let mut routine = Routine { kind: RoutineKind::Aggregate, arguments, signature, ..Routine::default() };
        self.aggregate_options(&options, &mut routine);
        let name = self.new_name(schema.as_deref(), &name);
        self.put_routine(name, routine, replace)
    }

    fn aggregate_options(&self, options: &BTreeMap<String, String>, routine: &mut Routine) {
        for (name, value) in options {
            let name = match name.as_str() {
                "sfunc1" => "sfunc",
                "stype1" => "stype",
                other => other,
            };
            let value = match name {
                "stype" | "mstype" => self.parameter_type(value).to_string(),
                "initcond" | "minitcond" => unquoted(value).unwrap_or_else(|| value.clone()),
                "parallel" | "finalfunc_modify" | "mfinalfunc_modify" => value.to_lowercase(),
                "sfunc" | "finalfunc" | "combinefunc" | "serialfunc" | "deserialfunc" | "msfunc" | "minvfunc"
                | "mfinalfunc" => self.function_text(value),
                _ => value.clone(),
            };
            routine.options.insert(name.to_owned(), value);
        }
        let last = routine.options.get("finalfunc").map(|name| self.result_of(name));
        let state = routine.options.get("stype").cloned().unwrap_or_default();
        routine.returns = match last {
            Some(result) if result != "?" => result,
            Some(_) => "?".to_owned(),
            None => state,
        };
    }

    /// A function as it is named in a definition: with its schema unless it is the server's.
    pub(super) fn function_text(&self, written: &str) -> String {
        let Some((schema, name)) = super::lookup::split_name(written) else { return written.to_owned() };
        if schema.as_deref() == Some("pg_catalog") {
            return quoted(&name);
        }
        match self.routines_named(schema.as_deref(), &name).first() {
            Some((name, _)) => format!("{}.{}", quoted(&name.schema), quoted(&name.name)),
            None => schema.map_or_else(|| quoted(&name), |schema| format!("{}.{}", quoted(&schema), quoted(&name))),
        }
    }

    fn result_of(&self, function: &str) -> String {
        let Some((schema, name)) = super::lookup::split_name(function) else { return "?".to_owned() };
        match self.routines_named(schema.as_deref(), &name).first().and_then(|key| self.catalog.routines.get(key)) {
            Some(routine) => routine.returns.clone(),
            None => "?".to_owned(),
        }
    }
}

/// The key of a routine.
pub(super) fn routine_key(name: &Name, identity: &str, kind: RoutineKind) -> Key {
    let kind = match kind {
        RoutineKind::Function => Kind::Function,
        RoutineKind::Procedure => Kind::Procedure,
        RoutineKind::Aggregate => Kind::Aggregate,
    };
    Key { kind, schema: name.schema.clone(), table: String::new(), name: format!("{}({identity})", name.name) }
}

/// A body: white space at the ends and the kind of line ends do not count.
pub(super) fn body_of(text: &str) -> Expression {
    normal::body(text)
}

/// Leaves out what is the default anyway.
fn drop_defaults(routine: &mut Routine) {
    let cheap = matches!(routine.language.as_str(), "c" | "internal");
    let set = routine.returns.starts_with("SETOF ") || routine.returns.starts_with("TABLE(");
    routine.options.retain(|name, value| match name.as_str() {
        "volatility" => value != "volatile",
        "parallel" => value != "unsafe",
        "cost" => value.parse::<f64>().ok() != Some(if cheap { 1.0 } else { 100.0 }),
        "rows" => value.parse::<f64>().ok() != Some(1000.0) && set,
        _ => true,
    });
}

/// The value of a setting as the server keeps it: names in lists quoted where they must be.
pub(super) fn setting(name: &str, words: &mut Words) -> String {
    let list = matches!(
        name,
        "search_path"
            | "temp_tablespaces"
            | "session_preload_libraries"
            | "local_preload_libraries"
            | "shared_preload_libraries"
    );
    let mut values = Vec::new();
    while !words.done() {
        let sign = if words.eat("-") { "-" } else { "" };
        let value = words.string().or_else(|| words.name()).or_else(|| words.next()).unwrap_or_default();
        values.push(if list { quoted(&value) } else { format!("{sign}{value}") });
        if !words.eat(",") {
            break;
        }
    }
    values.join(", ")
}

/// The name of a setting as the server keeps it.
fn setting_name(parts: &[String]) -> String {
    match parts.join(".").as_str() {
        "timezone" => "TimeZone".to_owned(),
        "datestyle" => "DateStyle".to_owned(),
        "intervalstyle" => "IntervalStyle".to_owned(),
        other => other.to_owned(),
    }
}

/// `(name = value, …)`: names in lower case, values as they are written. A name without a value is `yes`.
pub(super) fn definition(text: &str) -> BTreeMap<String, String> {
    definition_in_order(text).into_iter().collect()
}

/// As `definition`, in the order in which they are written.
pub(super) fn definition_in_order(text: &str) -> Vec<(String, String)> {
    let mut words = Words::parse(text);
    let mut all = Vec::new();
    while let Some(name) = words.name() {
        let value = match words.eat("=") {
            true => words.until(&[","]),
            false => "yes".to_owned(),
        };
        all.push((name, value));
        if !words.eat(",") {
            break;
        }
    }
    all
}

fn strip_suffix_ignoring_case<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(suffix.len())?;
    let (head, tail) = (text.get(..at)?, text.get(at..)?);
    tail.eq_ignore_ascii_case(suffix).then(|| head.trim())
}

/// Names that stand in a node, folded.
pub(super) fn idents(node: &SyntaxNode) -> Vec<String> {
    tokens(node).filter_map(|token| folded(token.text())).collect()
}

/// Names that stand in a text, folded.
pub(super) fn idents_of(text: &str) -> Vec<String> {
    Words::parse(text).ahead().iter().filter_map(|word| folded(&word.text)).collect()
}
