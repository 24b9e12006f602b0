//! `DO` blocks: run as far as the catalog decides them. A block that cannot be decided is taken back as a whole and listed.
mod code;
mod effects;
mod eval;
mod fuel;
mod functions;
mod information;
mod queries;
mod tables;
mod value;

use super::run::{Done, Refusal};
use super::state::State;
use super::words::Words;
use crate::engines::schema::Class;
use crate::engines::schema::catalog::{Key, Routine, Touches};
use crate::engines::schema::postgres::source;
use code::{Block, Code};
use effects::{only_data, unset, uses_field};
use eval::{Eval, UNKNOWN};
pub(super) use fuel::Fuel;
use fuel::STEPS;
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};
use std::collections::BTreeMap;
use value::{Undecided, Value};

/// What a block has while it runs.
struct Run {
    variables: BTreeMap<String, Value>,
    /// The line of the file on which the body begins.
    line: u32,
    /// Whether it changes or reads data.
    data: bool,
}

/// How a statement ends.
enum End {
    On,
    Leave,
    Continue,
    Return,
}

type Flow = Result<End, Refusal>;

/// The branches of a `CASE` as those of an `IF`.
fn branches_of(subject: &str, whens: &[(String, Vec<Code>)]) -> Vec<(String, Vec<Code>)> {
    let test = |when: &String| match subject {
        "" => when.clone(),
        subject => format!("({subject}) IN ({when})"),
    };
    whens.iter().map(|(when, body)| (test(when), body.clone())).collect()
}

/// Parts of a list that are separated by commas outside of parentheses.
fn split_commas(text: &str) -> Vec<String> {
    let mut words = Words::parse(text);
    let mut all = Vec::new();
    while !words.done() {
        all.push(words.until(&[","]));
        words.eat(",");
    }
    all
}

impl State {
    /// `DO`.
    pub(super) fn block(&mut self, node: &SyntaxNode) -> Done {
        let mut words = Words::of(node);
        words.eat("DO");
        let mut language = None;
        if words.eat("LANGUAGE") {
            language = words.string().or_else(|| words.name());
        }
        let start = words.line();
        let Some(body) = words.string() else { return State::not_understood() };
        if words.eat("LANGUAGE") {
            language = words.string().or_else(|| words.name());
        }
        if language.is_some_and(|one| !one.eq_ignore_ascii_case("plpgsql")) {
            return Err(Refusal::unmodelled("a block in a language that is not read", Touches::Anything));
        }
        let line = self.now.place.line.saturating_add(start);
        self.run_body(&body, BTreeMap::new(), line)
    }

    /// Runs the body of a block or of a routine.
    fn run_body(&mut self, body: &str, variables: BTreeMap<String, Value>, line: u32) -> Done {
        let Some(block) = code::block(body) else {
            return Err(Refusal::unmodelled("the block is not understood", self.touched_by(body)));
        };
        let acts = self.now.acts.len();
        let undo = self.undo.len();
        let mut run = Run { variables, line, data: false };
        self.fuel.begin();
        let done = self.run_block(&block, &mut run).map(|_| ());
        self.fuel.end();
        if let Err(refusal) = &done
            && refusal.code.is_empty()
        {
            return Err(Refusal::unmodelled(refusal.reason.clone(), self.touched_by(body)));
        }
        done?;
        // What a statement within said of itself does not hold for the block.
        let structure = self.now.acts.len() > acts || self.undo.len() > undo;
        self.now.class = match (structure, run.data) {
            (true, _) => Class::Structure,
            (false, true) => Class::Data,
            (false, false) => Class::Query,
        };
        Ok(())
    }

    /// Runs a routine of the schema with arguments that are known. False when it is not one that can be run.
    pub(super) fn run_routine(
        &mut self,
        schema: Option<&str>,
        name: &str,
        call: &ast::CallExpr,
    ) -> Result<bool, Refusal> {
        let values = self.values_of(call, &BTreeMap::new());
        self.run_with(schema, name, &values)
    }

    /// Values of the arguments of a call.
    fn values_of(&self, call: &ast::CallExpr, variables: &BTreeMap<String, Value>) -> Vec<Value> {
        let eval = Eval::new(self, variables);
        let list = call.arg_list().into_iter().flat_map(|list| list.args()).filter_map(|one| one.expr());
        list.map(|one| eval.text(&one.syntax().text().to_string()).unwrap_or_else(|_| Value::text(UNKNOWN))).collect()
    }

    /// `PERFORM routine(…)` of one that changes the structure. False when it is something else.
    fn perform_routine(&mut self, text: &str, run: &Run) -> Result<bool, Refusal> {
        let file = source::parse(text).syntax_node();
        let targets: Vec<ast::Target> = file.descendants().filter_map(ast::Target::cast).collect();
        let [target] = targets.as_slice() else { return Ok(false) };
        let Some(ast::Expr::CallExpr(call)) = target.expr() else { return Ok(false) };
        let Some(name) = call.expr().map(|one| one.syntax().text().to_string()) else { return Ok(false) };
        let Some((schema, name)) = super::lookup::split_name(name.trim()) else { return Ok(false) };
        if !self.may_change(schema.as_deref(), &name) {
            return Ok(false);
        }
        let values = self.values_of(&call, &run.variables);
        self.run_with(schema.as_deref(), &name, &values)
    }

    fn run_with(&mut self, schema: Option<&str>, name: &str, values: &[Value]) -> Result<bool, Refusal> {
        let fits = |routine: &Routine| routine.signature.len() == values.len() && routine.language == "plpgsql";
        let keys = self.routines_named(schema, name);
        let found = keys.iter().filter_map(|key| self.catalog.routines.get(key)).find(|one| fits(one)).cloned();
        let Some(routine) = found else { return Ok(false) };
        if self.depth > 8 {
            return Ok(false);
        }
        let mut variables = BTreeMap::new();
        let names = super::routine::parameters(&routine.arguments);
        for (nth, (value, parameter)) in values.iter().zip(names.iter().filter(|one| one.mode != "OUT")).enumerate() {
            let value = value.clone();
            let value = match self.parameter_type(&parameter.data_type).name.as_str() {
                "regclass" if value != Value::text(UNKNOWN) => {
                    let Some(found) =
                        Eval::new(self, &BTreeMap::new()).relation_oid(&value.shown().unwrap_or_default())
                    else {
                        return Ok(false);
                    };
                    found
                }
                _ => value,
            };
            if !parameter.name.is_empty() {
                variables.insert(parameter.name.clone(), value.clone());
            }
            variables.insert(format!("${}", nth + 1), value);
        }
        self.depth += 1;
        let path = self.path.clone();
        let line = self.now.place.line;
        let done = self.run_body(&routine.body.text, variables, line);
        self.path = path;
        self.depth -= 1;
        done.map(|()| true)
    }

    fn run_block(&mut self, block: &Block, run: &mut Run) -> Flow {
        for (name, init) in &block.declares {
            let value = match init {
                Some(text) if name.starts_with(code::CURSOR) => Value::text(text.as_str()),
                Some(text) => Eval::new(self, &run.variables).text(text).unwrap_or_else(|_| Value::text(UNKNOWN)),
                None => Value::Null,
            };
            run.variables.insert(name.clone(), value);
        }
        if block.handlers.is_empty() {
            return self.run_all(&block.body, run);
        }
        let (part, path, dependencies) = (self.begin_part(), self.path.clone(), self.dependencies.clone());
        let refusal = match self.run_all(&block.body, run) {
            Ok(end) => {
                self.keep_part(part);
                return Ok(end);
            }
            Err(refusal) => refusal,
        };
        self.undo_part(part);
        self.path = path;
        self.dependencies = dependencies;
        if refusal.code.is_empty() {
            return Err(refusal);
        }
        for (conditions, body) in &block.handlers {
            if conditions.iter().any(|one| handles(one, refusal.code)) {
                run.variables.insert("sqlerrm".to_owned(), Value::text(UNKNOWN));
                run.variables.insert("sqlstate".to_owned(), Value::text(UNKNOWN));
                return self.run_all(body, run);
            }
        }
        Err(refusal)
    }

    fn run_all(&mut self, all: &[Code], run: &mut Run) -> Flow {
        for one in all {
            self.fuel.step()?;
            match self.run_one(one, run)? {
                End::On => {}
                end => return Ok(end),
            }
        }
        Ok(End::On)
    }

    fn run_one(&mut self, code: &Code, run: &mut Run) -> Flow {
        match code {
            Code::Sql(text, line) => self.run_sql(text, *line, run)?,
            Code::Into(text, targets, line) => self.run_into(text, targets, *line, run)?,
            Code::Perform(text, line) => {
                if !self.perform_routine(text, run)? {
                    self.run_sql(text, *line, run)?;
                }
            }
            Code::Execute(text, into, using, line) => self.run_execute(text, into, using, *line, run)?,
            Code::If(branches, other) => return self.run_if(branches, other, run),
            Code::Case(subject, whens, other) => {
                return self.run_if(&branches_of(subject, whens), other.as_deref().unwrap_or_default(), run);
            }
            Code::ForQuery(variables, query, dynamic, body) => {
                return self.run_for(variables, query, *dynamic, body, run);
            }
            Code::ForRange(variable, from, to, reverse, body) => {
                let (from, to) = (self.value(from, run), self.value(to, run));
                let (Ok(Value::Int(from)), Ok(Value::Int(to))) = (from, to) else {
                    return self.skip(&[body], true, "a loop whose ends are not known", run);
                };
                let (low, high) = if *reverse { (to, from) } else { (from, to) };
                let mut all: Vec<Value> =
                    (low..=high.min(low.saturating_add(i64::from(STEPS)))).map(Value::Int).collect();
                if *reverse {
                    all.reverse();
                }
                return self.run_loop(variable, all, body, run);
            }
            Code::ForEach(variable, array, body) => match self.value(array, run) {
                Ok(Value::List(all)) => return self.run_loop(variable, all, body, run),
                Ok(Value::Text(text)) if text.starts_with('{') => {
                    return self.run_loop(variable, eval::elements(&text), body, run);
                }
                _ => return self.skip(&[body], true, "a loop over an array that is not known", run),
            },
            Code::Loop(condition, body) => return self.run_while(condition, body, run),
            Code::Assign(name, text) => {
                let value = self.value(text, run).unwrap_or_else(|_| Value::text(UNKNOWN));
                assign(run, name, value);
            }
            Code::Raise(true) => {
                return Err(Refusal::new("raise_exception", "the block raises an exception", Vec::<Key>::new()));
            }
            Code::Raise(false) => {}
            Code::Return => return Ok(End::Return),
            Code::Leave(again, condition) => {
                let holds = match condition.as_str() {
                    "" => true,
                    text => self.value(text, run).and_then(|value| value.holds()).map_err(|why| unclear(&why.0))?,
                };
                return Ok(match (holds, again) {
                    (false, _) => End::On,
                    (true, true) => End::Continue,
                    (true, false) => End::Leave,
                });
            }
            Code::Block(block) => return self.run_block(block, run),
            Code::Nothing(names) => names.iter().for_each(|name| assign(run, name, Value::text(UNKNOWN))),
        }
        Ok(End::On)
    }

    fn value(&self, text: &str, run: &Run) -> Result<Value, Undecided> {
        Eval::new(self, &run.variables).text(text)
    }

    /// A statement as it is written.
    fn run_sql(&mut self, text: &str, line: u32, run: &mut Run) -> Done {
        let class = self.now.class;
        let done = self.nested(text, run.line.saturating_add(line));
        run.data |= self.now.class == Class::Data;
        self.now.class = class;
        done
    }

    /// A query whose first row goes into variables.
    fn run_into(&mut self, text: &str, targets: &[String], line: u32, run: &mut Run) -> Done {
        let file = source::parse(text).syntax_node();
        let query = file.children().find(eval::is_query);
        let rows = query.map(|query| Eval::new(self, &run.variables).query(&query, &[]));
        let values: Vec<Value> = match rows {
            Some(Ok(rows)) => match rows.first() {
                Some(row) if targets.len() == 1 && row.names.len() > 1 => vec![Value::Row(row.clone())],
                Some(row) => row.names.iter().filter_map(|name| row.values.get(name)).cloned().collect(),
                None => Vec::new(),
            },
            _ => {
                targets.iter().for_each(|name| assign(run, name, Value::text(UNKNOWN)));
                assign(run, "found", Value::text(UNKNOWN));
                return self.run_sql(text, line, run);
            }
        };
        assign(run, "found", Value::Bool(!values.is_empty()));
        for (nth, name) in targets.iter().enumerate() {
            assign(run, name, values.get(nth).cloned().unwrap_or(Value::Null));
        }
        Ok(())
    }

    fn run_execute(&mut self, text: &str, into: &[String], using: &[String], line: u32, run: &mut Run) -> Done {
        let sql = match self.value(text, run) {
            Ok(Value::Null) => {
                return Err(Refusal::new("null_value_not_allowed", "EXECUTE of null", Vec::<Key>::new()));
            }
            Ok(value) => value.shown().unwrap_or_default(),
            Err(why) => {
                // Only what is executed for its rows, or changes rows, can be let go.
                let start = text
                    .trim_start()
                    .trim_start_matches("format")
                    .trim_start_matches(['(', ' ', '\n'])
                    .to_ascii_lowercase();
                let data = ["'insert ", "'update ", "'delete ", "'select ", "'truncate "]
                    .iter()
                    .any(|word| start.starts_with(word));
                if !data {
                    return Err(unclear(&format!("EXECUTE of a text that is not known: {}", why.0)));
                }
                run.data = true;
                into.iter().for_each(|name| assign(run, name, Value::text(UNKNOWN)));
                return Ok(());
            }
        };
        if into.is_empty() {
            let _ = using;
            return self.run_sql(&sql, line, run);
        }
        self.run_into(&sql, into, line, run)
    }

    fn run_if(&mut self, branches: &[(String, Vec<Code>)], other: &[Code], run: &mut Run) -> Flow {
        for (nth, (condition, body)) in branches.iter().enumerate() {
            match self.value(condition, run).and_then(|value| value.holds()) {
                Ok(true) => return self.run_all(body, run),
                Ok(false) => {}
                Err(why) => {
                    let rest: Vec<&[Code]> =
                        branches.iter().skip(nth).map(|(_, body)| body.as_slice()).chain([other]).collect();
                    return self.skip(&rest, false, &format!("a condition that is not known: {}", why.0), run);
                }
            }
        }
        self.run_all(other, run)
    }

    /// Steps over statements that may or may not run, when they touch only data.
    fn skip(&mut self, bodies: &[&[Code]], in_loop: bool, why: &str, run: &mut Run) -> Flow {
        for body in bodies {
            if !harmless(body, in_loop) {
                return Err(unclear(why));
            }
            unset(body, run);
        }
        run.data = true;
        Ok(End::On)
    }

    fn run_for(&mut self, variables: &[String], query: &str, dynamic: bool, body: &[Code], run: &mut Run) -> Flow {
        let text = match dynamic {
            true => match self.value(query, run).map(|value| value.shown()) {
                Ok(Some(text)) => text,
                _ => return self.skip(&[body], true, "a loop over a query that is not known", run),
            },
            false => match run.variables.get(&format!("{}{}", code::CURSOR, query.trim().to_lowercase())) {
                Some(Value::Text(text)) => text.clone(),
                _ => query.to_owned(),
            },
        };
        let file = source::parse(&text).syntax_node();
        let found =
            file.children().find(eval::is_query).map(|query| Eval::new(self, &run.variables).query(&query, &[]));
        let rows = match found {
            Some(Ok(rows)) => rows,
            Some(Err(why)) => {
                return self.skip(&[body], true, &format!("a loop over rows that are not known: {}", why.0), run);
            }
            None => return self.skip(&[body], true, "a loop over a query that is not understood", run),
        };
        for row in rows {
            match variables {
                [one] if row.names.len() == 1 && !uses_field(body, one) => {
                    let value = row.names.first().and_then(|name| row.values.get(name)).cloned().unwrap_or(Value::Null);
                    run.variables.insert(one.clone(), value);
                }
                [one] => {
                    run.variables.insert(one.clone(), Value::Row(row.clone()));
                }
                many => {
                    for (variable, name) in many.iter().zip(&row.names) {
                        run.variables.insert(variable.clone(), row.values.get(name).cloned().unwrap_or(Value::Null));
                    }
                }
            }
            match self.run_all(body, run)? {
                End::On | End::Continue => {}
                End::Leave => break,
                End::Return => return Ok(End::Return),
            }
        }
        Ok(End::On)
    }

    fn run_loop(&mut self, variable: &str, all: Vec<Value>, body: &[Code], run: &mut Run) -> Flow {
        for value in all {
            run.variables.insert(variable.to_owned(), value);
            match self.run_all(body, run)? {
                End::On | End::Continue => {}
                End::Leave => break,
                End::Return => return Ok(End::Return),
            }
        }
        Ok(End::On)
    }

    fn run_while(&mut self, condition: &str, body: &[Code], run: &mut Run) -> Flow {
        if harmless(body, true) {
            // Loops that only move data end when the data does.
            return self.skip(&[body], true, "a loop that is not known", run);
        }
        loop {
            self.fuel.step()?;
            if !condition.is_empty()
                && !self.value(condition, run).and_then(|value| value.holds()).map_err(|why| unclear(&why.0))?
            {
                return Ok(End::On);
            }
            match self.run_all(body, run)? {
                End::On | End::Continue => {}
                End::Leave => return Ok(End::On),
                End::Return => return Ok(End::Return),
            }
        }
    }

    /// Tables that a body names by words or in strings: what it may have changed. Anything, when it names none or makes names up.
    fn touched_by(&self, body: &str) -> Touches {
        let mut keys: Vec<Key> = Vec::new();
        let words = Words::parse(body);
        for word in words.ahead() {
            let inner = super::words::unquoted(&word.text).map(|text| Words::parse(&text));
            let texts: Vec<String> = match inner {
                Some(inner) => inner.ahead().iter().map(|one| one.text.clone()).collect(),
                None => vec![word.text.clone()],
            };
            for name in texts.iter().filter_map(|one| super::words::folded(one)) {
                let named = self.catalog.tables.keys().chain(self.catalog.views.keys()).filter(|one| one.name == name);
                for found in named {
                    let key = self.view_key(found).unwrap_or_else(|| State::table_key(found));
                    if !keys.contains(&key) {
                        keys.push(key);
                    }
                }
            }
        }
        let lower = body.to_ascii_lowercase();
        // Names out of a catalog query, and new objects, are not among the tables that there are.
        let wide = keys.is_empty()
            || lower.contains("create ")
            || lower.contains("drop ")
            || ["pg_class", "pg_tables", "information_schema.tables", "pg_constraint", "information_schema.columns"]
                .iter()
                .any(|one| lower.contains(one));
        if wide { Touches::Anything } else { Touches::Objects(keys) }
    }
}

fn unclear(why: &str) -> Refusal {
    Refusal::unmodelled(why, Touches::Anything)
}

fn assign(run: &mut Run, name: &str, value: Value) {
    if let Some((row, field)) = name.split_once('.') {
        if let Some(Value::Row(fields)) = run.variables.get(row) {
            let mut fields = (**fields).clone();
            fields.values.insert(field.to_owned(), value);
            run.variables.insert(row.to_owned(), Value::Row(std::rc::Rc::new(fields)));
        }
        return;
    }
    let (name, value) = match name.strip_suffix("[]") {
        Some(name) => (name, Value::text(UNKNOWN)),
        None => (name, value),
    };
    run.variables.insert(name.to_owned(), value);
}

/// Whether a condition of EXCEPTION names an error.
fn handles(condition: &str, code: &str) -> bool {
    let state = match code {
        "duplicate_object" => "42710",
        "duplicate_table" => "42P07",
        "duplicate_column" => "42701",
        "duplicate_function" => "42723",
        "duplicate_schema" => "42P06",
        "undefined_table" => "42P01",
        "undefined_column" => "42703",
        "undefined_object" => "42704",
        "undefined_function" => "42883",
        "raise_exception" => "P0001",
        "invalid_table_definition" => "42P16",
        _ => "",
    };
    condition == "others" || condition == code || (!state.is_empty() && condition.eq_ignore_ascii_case(state))
        // The server tells some of these apart more finely than the code here does.
        || (code == "duplicate_object" && matches!(condition, "duplicate_table" | "duplicate_function" | "duplicate_column" | "duplicate_alias" | "42P07" | "42p07" | "42701"))
        || (code == "undefined_object" && matches!(condition, "undefined_table" | "undefined_function" | "undefined_column"))
}

/// Whether statements touch nothing but data, variables and messages.
fn harmless(all: &[Code], in_loop: bool) -> bool {
    all.iter().all(|one| match one {
        Code::Sql(text, _) | Code::Into(text, _, _) | Code::Perform(text, _) => only_data(text),
        Code::Execute(text, ..) => {
            let start = text
                .trim_start()
                .trim_start_matches("format")
                .trim_start_matches(['(', ' ', '\n'])
                .to_ascii_lowercase();
            ["'insert ", "'update ", "'delete ", "'select ", "'truncate "].iter().any(|word| start.starts_with(word))
        }
        Code::If(branches, other) => {
            branches.iter().all(|(_, body)| harmless(body, in_loop)) && harmless(other, in_loop)
        }
        Code::Case(_, whens, other) => {
            whens.iter().all(|(_, body)| harmless(body, in_loop))
                && other.as_ref().is_none_or(|other| harmless(other, in_loop))
        }
        Code::ForQuery(_, _, _, body)
        | Code::ForRange(_, _, _, _, body)
        | Code::ForEach(_, _, body)
        | Code::Loop(_, body) => harmless(body, true),
        Code::Block(block) => {
            harmless(&block.body, in_loop) && block.handlers.iter().all(|(_, body)| harmless(body, in_loop))
        }
        // A return that may or may not happen leaves open what follows.
        Code::Return => false,
        // To leave a loop that goes on matters, unless the loop is stepped over as a whole.
        Code::Leave(..) => in_loop,
        Code::Assign(..) | Code::Raise(_) | Code::Nothing(_) => true,
    })
}
