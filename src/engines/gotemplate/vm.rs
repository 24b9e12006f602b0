//! The machine that runs templates: what its user and what functions and methods may ask of it.
use super::ast::Parsed;
use super::bytes::Bytes;
use super::collect::Map;
use super::error::{Error, Stage};
use super::eval::Place;
use super::fmt;
use super::fmt::quote_text;
use super::func::{Failure, Func, Ty};
use super::parse::parse_as;
use super::set::{Entry, Set};
use super::value::Value;
use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Bounds against hostile templates, for one whole run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Steps: nodes executed, items iterated, and the cost that functions declare with `Vm::spend`.
    pub steps: u64,
    /// Bytes of everything written and of every string that functions make.
    pub bytes: u64,
    /// Templates that call one another.
    pub depth: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { steps: 10_000_000, bytes: 256 << 20, depth: 1000 }
    }
}

/// What a map without the key gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MissingKey {
    /// `missingkey=default`: no value at all.
    Invalid,
    /// `missingkey=zero`: the zero value of the elements. What Helm sets.
    #[default]
    Zero,
    /// `missingkey=error`
    Error,
}

/// A method of a named map type: gets the name of the type, the map, the method and its arguments; `None` when there is no such method.
pub type MapMethod = fn(&mut Vm<'_>, &'static str, &Map, &str, &[Value]) -> Option<Result<Value, Failure>>;

/// What a method of a named map type takes; `None` when there is no such method.
pub type MapParams = fn(&str) -> Option<&'static [Ty]>;

/// How templates run.
#[derive(Clone, Copy, Default)]
pub struct Options {
    /// What a map without the key gives.
    pub missing_key: MissingKey,
    /// Whether to note which line of which text wrote what, see `Vm::take_trace`.
    pub trace: bool,
    /// Syntax and words of Go 1.18 where they were others.
    pub old: bool,
    /// Methods of `MapType::Named` maps: what they take, and the calls.
    pub map_methods: Option<(MapParams, MapMethod)>,
}

/// Where a piece of the output of the outermost template comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Where it begins in the output. It reaches to the next mark.
    pub offset: usize,
    /// The text (file) that wrote it.
    pub file: Arc<str>,
    /// The line there, from 1.
    pub line: u32,
    /// Plain text, in which lines go on as in the file; else all of it comes from an action on this line.
    pub plain: bool,
}

/// Finds functions by name, for texts that are parsed while templates run.
pub type Resolver<'a> = &'a dyn Fn(&str) -> Option<&'static Func>;

/// A run of templates.
pub struct Vm<'a> {
    host: &'a mut dyn Any,
    limits: Limits,
    pub(super) options: Options,
    pub(super) set: Set,
    functions: Resolver<'a>,
    /// Texts of `evaluate`, parsed.
    texts: BTreeMap<(Arc<str>, Bytes), Arc<Parsed>>,
    pub(super) vars: Vec<(u32, Place)>,
    /// Output of all templates that run, one behind the other.
    pub(super) out: Vec<u8>,
    /// Lists of arguments for use again.
    pub(super) spare: Vec<Vec<Value>>,
    pub(super) depth: u32,
    /// Executions within executions.
    pub(super) runs: u32,
    pub(super) current: Option<Arc<Parsed>>,
    pub(super) trace: Vec<Mark>,
}

impl<'a> Vm<'a> {
    /// A machine over these templates. `host` is what `Vm::host` gives to functions.
    pub fn new(set: Set, host: &'a mut dyn Any, functions: Resolver<'a>, limits: Limits, options: Options) -> Vm<'a> {
        Vm {
            host,
            limits,
            options,
            set,
            functions,
            texts: BTreeMap::new(),
            vars: Vec::new(),
            out: Vec::new(),
            spare: Vec::new(),
            depth: 0,
            runs: 0,
            current: None,
            trace: Vec::new(),
        }
    }
}

impl Vm<'_> {
    /// The state of the engine's user (seed, capabilities, notes of what was called), if it is of this type.
    pub fn host<T: Any>(&mut self) -> Option<&mut T> {
        self.host.downcast_mut::<T>()
    }

    /// Accounts for work that a function does in a loop: `steps` of it, and `bytes` that it builds. To be called *before* the
    /// memory is taken.
    ///
    /// # Errors
    /// `Failure::Limit` when that is more than what is left.
    pub fn spend(&mut self, steps: u64, bytes: u64) -> Result<(), Failure> {
        let left = |have: u64, want: u64| have.checked_sub(want);
        match (left(self.limits.steps, steps), left(self.limits.bytes, bytes)) {
            (Some(steps), Some(bytes)) => {
                (self.limits.steps, self.limits.bytes) = (steps, bytes);
                Ok(())
            }
            (None, _) => Err(Failure::Limit("the template takes more steps than allowed".to_owned())),
            (_, None) => Err(Failure::Limit("the template makes more text than allowed".to_owned())),
        }
    }

    /// What is left of the limits.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Bytes that may still be made.
    pub(super) fn room(&self) -> usize {
        usize::try_from(self.limits.bytes).unwrap_or(usize::MAX)
    }

    /// The text of `%v` of a value, paid for.
    ///
    /// # Errors
    /// A limit, also when the value is nested too deeply or holds itself.
    pub fn display(&mut self, value: &Value) -> Result<Vec<u8>, Failure> {
        let text = fmt::try_display(value, self.room())?;
        self.spend(1, u64::try_from(text.len()).unwrap_or(u64::MAX))?;
        Ok(text)
    }

    /// The text (file) in which the running template stands.
    pub fn file(&self) -> &str {
        self.current.as_ref().map_or("", |parsed| parsed.name())
    }

    /// Whether the set has a template of this name.
    pub fn has_template(&self, name: &str) -> bool {
        self.set.contains(name)
    }

    /// What was noted since the outermost execution began, if the options ask for it.
    pub fn take_trace(&mut self) -> Vec<Mark> {
        std::mem::take(&mut self.trace)
    }

    /// Runs a template of the set by name (`include`) and gives its output.
    ///
    /// # Errors
    /// What Go's `ExecuteTemplate` says, or a limit.
    pub fn execute(&mut self, name: &str, dot: &Value) -> Result<Bytes, Error> {
        let Some(entry) = self.set.get(name).cloned() else {
            let root = self.set.root();
            let text = format!(
                "template: no template {} associated with template {}",
                quote_text(name.as_bytes()),
                quote_text(root.as_bytes())
            );
            return Err(Error { stage: Stage::Exec, text, template: root.to_owned(), line: 0, column: 0 });
        };
        self.start(&entry, dot).map_err(|error| *error)
    }

    /// Parses a text as a template of this name in a copy of the set, so that what it defines is seen by it alone, and runs it (`tpl`).
    ///
    /// # Errors
    /// What Go says on parsing or running, or a limit.
    pub fn evaluate(&mut self, name: &str, text: &str, dot: &Value) -> Result<Bytes, Error> {
        let parsed = self.read(name, text)?;
        let lone =
            parsed.trees.len() == 1 && self.set.get(name).is_some() && parsed.trees[0].root.is_blank(&parsed.text);
        let mut layer = self.set.layer();
        if !lone {
            layer.add(&parsed);
        }
        self.run_in(layer, parsed, dot)
    }

    /// As `evaluate`, but in a set of its own, in which what the text defines gives way to what is there.
    ///
    /// # Errors
    /// As `evaluate`.
    pub fn evaluate_under(&mut self, set: &Set, name: &str, text: &str, dot: &Value) -> Result<Bytes, Error> {
        let parsed = self.read(name, text)?;
        let mut layer = set.layer();
        layer.add_under(&parsed);
        self.run_in(layer, parsed, dot)
    }

    /// A text, parsed once for each name.
    fn read(&mut self, name: &str, text: &str) -> Result<Arc<Parsed>, Error> {
        let cost = u64::try_from(text.len()).unwrap_or(u64::MAX);
        let key = (Arc::from(name), Bytes::from(text));
        if let Some(parsed) = self.texts.get(&key) {
            return Ok(Arc::clone(parsed));
        }
        // The tree of a text takes some ten times the room of the text, and reading it the time of some hundred nodes.
        self.spend(200 + cost.saturating_mul(2), cost.saturating_mul(10)).map_err(|failure| Error {
            stage: Stage::Limit,
            text: failure.text(),
            template: name.to_owned(),
            line: 0,
            column: 0,
        })?;
        let parsed = Arc::new(parse_as(name, text.as_bytes(), self.functions, self.options.old)?);
        self.texts.insert(key, Arc::clone(&parsed));
        Ok(parsed)
    }

    fn run_in(&mut self, set: Set, parsed: Arc<Parsed>, dot: &Value) -> Result<Bytes, Error> {
        let Some(main) = parsed.main() else {
            return Ok(Bytes::default());
        };
        let outer = std::mem::replace(&mut self.set, set);
        let result = self.start(&Entry::new(parsed, main), dot);
        self.set = outer;
        result.map_err(|error| *error)
    }
}
