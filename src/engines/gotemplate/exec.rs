//! Runs the nodes of a template: texts, actions, branches, loops, calls of templates.
use super::ast::{At, Branch, List, Node, NodeKind, Parsed, Tree, deep};
use super::bytes::Bytes;
use super::collect::{Element, MapType};
use super::error::{Error, Stage};
use super::eval::Place;
use super::fmt;
use super::fmt::quote_text;
use super::func::Failure;
use super::parse::Outcome;
use super::set::Entry;
use super::value::{Kind, Value};
use super::vm::{Mark, Vm};
use std::io::Write;
use std::sync::Arc;

/// How long an error may get by errors around it.
const MAX_ERROR: usize = 1 << 20;

/// A template that runs.
pub(super) struct Frame<'t> {
    pub(super) parsed: &'t Parsed,
    pub(super) tree: &'t Tree,
    /// What errors point at.
    pub(super) at: At<'t>,
    /// Where its variables begin.
    pub(super) base: usize,
}

/// Whether to go on with the next node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Next,
    Break,
    Continue,
}

impl<'t> Frame<'t> {
    pub(super) fn error(&self, stage: Stage, message: &str) -> Box<Error> {
        let (line, column) = self.parsed.place(self.at.pos());
        let (file, name) = (self.parsed.name(), quote_text(self.tree.name.as_bytes()));
        let text =
            format!("template: {file}:{line}:{column}: executing {name} at <{}>: {message}", self.at.show(self.parsed));
        Box::new(Error { stage, text, template: file.to_owned(), line, column })
    }

    pub(super) fn fail<T>(&self, message: impl AsRef<str>) -> Outcome<T> {
        Err(self.error(Stage::Exec, message.as_ref()))
    }

    pub(super) fn limit(&self, failure: &Failure) -> Box<Error> {
        self.error(Stage::Limit, &failure.text())
    }

    /// The error of a function of this name, called here.
    pub(super) fn call_error(&self, name: &str, failure: Failure) -> Box<Error> {
        match failure {
            Failure::Error(text) | Failure::Panic(text) => {
                self.error(Stage::Exec, &format!("error calling {name}: {text}"))
            }
            Failure::Limit(_) => self.limit(&failure),
            Failure::Nested(inner) if inner.stage == Stage::Limit || inner.text.len() > MAX_ERROR => inner,
            Failure::Nested(mut inner) => {
                let outer = self.error(Stage::Exec, &format!("error calling {name}: {}", inner.text));
                inner.text = outer.text;
                if inner.line == 0 {
                    (inner.template, inner.line, inner.column) = (outer.template, outer.line, outer.column);
                }
                inner.stage = Stage::Exec;
                inner
            }
        }
    }
}

impl Vm<'_> {
    /// Runs a template as an execution of its own.
    pub(super) fn start(&mut self, entry: &Entry, dot: &Value) -> Outcome<Bytes> {
        let (start, vars, depth) = (self.out.len(), self.vars.len(), self.depth);
        if self.runs == 0 {
            self.trace.clear();
        }
        self.runs += 1;
        let result = deep(|| self.run(entry, dot, None));
        self.runs -= 1;
        self.depth = depth;
        self.vars.truncate(vars);
        let output = result.map(|()| Bytes::from(&self.out[start..]));
        self.out.truncate(start);
        output
    }

    /// Runs a template that writes into the present output. `caller` takes the blame when that is too deep.
    fn run(&mut self, entry: &Entry, dot: &Value, caller: Option<&Frame<'_>>) -> Outcome<()> {
        let tree = entry.tree();
        let Some(first) = tree.root.0.first() else {
            return Ok(());
        };
        let mut frame = Frame { parsed: &entry.parsed, tree, at: At::Node(first), base: self.vars.len() };
        if self.depth >= self.limits().depth {
            let message = format!("exceeded maximum template depth ({})", self.limits().depth);
            return Err(caller.unwrap_or(&frame).error(Stage::Limit, &message));
        }
        self.depth += 1;
        let outer = self.current.replace(Arc::clone(&entry.parsed));
        let dot = Place::solid(dot.clone());
        self.vars.push((0, dot.clone()));
        let result = self.walk(&mut frame, &dot, &tree.root);
        self.vars.truncate(frame.base);
        self.current = outer;
        self.depth -= 1;
        result.map(|_| ())
    }

    fn walk<'t>(&mut self, frame: &mut Frame<'t>, dot: &Place, list: &'t List) -> Outcome<Flow> {
        for node in &list.0 {
            frame.at = At::Node(node);
            self.spend(1, 0).map_err(|failure| frame.limit(&failure))?;
            let flow = match &node.kind {
                NodeKind::Text(span) => {
                    let text = &frame.parsed.text[span.0..span.1];
                    self.mark(frame, node, true);
                    self.write(frame, text)?;
                    Flow::Next
                }
                NodeKind::Action(pipe) => {
                    let value = self.pipeline(frame, dot, pipe)?;
                    if pipe.decl.is_empty() {
                        frame.at = At::Node(node);
                        self.mark(frame, node, false);
                        self.print(frame, &value)?;
                    }
                    Flow::Next
                }
                NodeKind::If(branch) => self.branch(frame, dot, branch, false)?,
                NodeKind::With(branch) => self.branch(frame, dot, branch, true)?,
                NodeKind::Range(branch) => self.range(frame, dot, branch)?,
                NodeKind::Template { name, pipe } => {
                    let Some(entry) = self.set.get(name).cloned() else {
                        return frame.fail(format!("template {} not defined", quote_text(name.as_bytes())));
                    };
                    let dot = match pipe {
                        Some(pipe) => self.pipeline(frame, dot, pipe)?,
                        None => Value::Nil,
                    };
                    frame.at = At::Node(node);
                    deep(|| self.run(&entry, &dot, Some(frame)))?;
                    Flow::Next
                }
                NodeKind::Break => Flow::Break,
                NodeKind::Continue => Flow::Continue,
            };
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn mark(&mut self, frame: &Frame<'_>, node: &Node, plain: bool) {
        if self.options.trace && self.runs == 1 {
            let line = frame.parsed.place(node.pos).0;
            self.trace.push(Mark { offset: self.out.len(), file: Arc::clone(&frame.parsed.name), line, plain });
        }
    }

    fn write(&mut self, frame: &Frame<'_>, text: &[u8]) -> Outcome<()> {
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        self.spend(0, length).map_err(|failure| frame.limit(&failure))?;
        self.out.extend_from_slice(text);
        Ok(())
    }

    fn print(&mut self, frame: &Frame<'_>, value: &Value) -> Outcome<()> {
        match value {
            Value::String(text) => self.write(frame, text),
            Value::Nil => self.write(frame, b"<no value>"),
            Value::Bool(value) => self.write(frame, if *value { b"true" } else { b"false" }),
            Value::Int(number, _) => {
                self.spend(0, 20).map_err(|failure| frame.limit(&failure))?;
                // Writing to a vector cannot fail.
                let _ = write!(self.out, "{number}");
                Ok(())
            }
            Value::Object(object) if object.kind() == Kind::Struct => {
                let text = object.printed();
                self.spend(0, u64::try_from(text.len()).unwrap_or(u64::MAX))
                    .map_err(|failure| frame.limit(&failure))?;
                self.out.extend_from_slice(text.as_bytes());
                Ok(())
            }
            value if value.kind() == Kind::Func => {
                frame.fail(format!("can't print {} of type {}", frame.at.show(frame.parsed), value.type_name()))
            }
            value => {
                let text = self.display(value).map_err(|failure| frame.limit(&failure))?;
                self.out.extend_from_slice(&text);
                Ok(())
            }
        }
    }

    fn branch<'t>(&mut self, frame: &mut Frame<'t>, dot: &Place, branch: &'t Branch, with: bool) -> Outcome<Flow> {
        let mark = self.vars.len();
        let value = self.pipeline(frame, dot, &branch.pipe)?;
        let flow = if value.is_true() {
            let inner = if with { &Place::solid(value) } else { dot };
            deep(|| self.walk(frame, inner, &branch.list))
        } else if let Some(other) = &branch.other {
            deep(|| self.walk(frame, dot, other))
        } else {
            Ok(Flow::Next)
        };
        self.vars.truncate(mark);
        flow
    }

    fn range<'t>(&mut self, frame: &mut Frame<'t>, dot: &Place, branch: &'t Branch) -> Outcome<Flow> {
        let mark = self.vars.len();
        let value = self.pipeline(frame, dot, &branch.pipe)?;
        let empty = deep(|| self.iterate(frame, branch, value))?;
        let flow = match &branch.other {
            Some(other) if empty => deep(|| self.walk(frame, dot, other))?,
            _ => Flow::Next,
        };
        self.vars.truncate(mark);
        Ok(flow)
    }

    /// Runs the body for each item; says whether there was none.
    fn iterate<'t>(&mut self, frame: &mut Frame<'t>, branch: &'t Branch, value: Value) -> Outcome<bool> {
        let value = match &value {
            Value::Object(object) => object.underlying().unwrap_or(value),
            _ => value,
        };
        match &value {
            Value::Nil => Ok(true),
            Value::Int(..) | Value::Uint(..) => {
                if branch.pipe.decl.len() > 1 {
                    let shown = String::from_utf8_lossy(&fmt::display(&value)).into_owned();
                    return frame.fail(format!("can't use {shown} to iterate over more than one variable"));
                }
                let end = match value {
                    Value::Int(end, _) => u64::try_from(end).unwrap_or(0),
                    Value::Uint(end, _) => end,
                    _ => 0,
                };
                for number in 0..end {
                    let item = match value {
                        Value::Uint(_, uint) => Value::Uint(number, uint),
                        Value::Int(_, int) => Value::Int(i64::try_from(number).unwrap_or(i64::MAX), int),
                        _ => Value::Nil,
                    };
                    if self.once(frame, branch, Value::Nil, Place::solid(item))? == Flow::Break {
                        break;
                    }
                }
                Ok(end == 0)
            }
            Value::List(list) => {
                let open = list.element() == Element::Any;
                for (index, item) in list.items().iter().enumerate() {
                    let index = Value::int(i64::try_from(index).unwrap_or(i64::MAX));
                    if self.once(frame, branch, index, Place { value: item.clone(), open })? == Flow::Break {
                        break;
                    }
                }
                Ok(list.is_empty())
            }
            Value::Map(map) => {
                let open = matches!(map.map_type(), MapType::Any | MapType::Named(_));
                let entries = map.snapshot();
                let empty = entries.is_empty();
                for (key, value) in entries {
                    if self.once(frame, branch, Value::String(key), Place { value, open })? == Flow::Break {
                        break;
                    }
                }
                Ok(empty)
            }
            value => {
                let text = self.display(value).map_err(|failure| frame.limit(&failure))?;
                frame.fail(format!("range can't iterate over {}", String::from_utf8_lossy(&text)))
            }
        }
    }

    fn once<'t>(&mut self, frame: &mut Frame<'t>, branch: &'t Branch, index: Value, item: Place) -> Outcome<Flow> {
        self.spend(1, 0).map_err(|failure| frame.limit(&failure))?;
        let pipe = &branch.pipe;
        if pipe.assign {
            match *pipe.decl {
                [key, value, ..] => {
                    self.set_variable(frame, key, Place::solid(index))?;
                    self.set_variable(frame, value, item.clone())?;
                }
                [value] => self.set_variable(frame, value, item.clone())?,
                [] => {}
            }
        } else {
            let top = self.vars.len();
            if let (true, Some(variable)) = (!pipe.decl.is_empty(), self.vars.last_mut()) {
                variable.1 = item.clone();
            }
            if pipe.decl.len() > 1 && top > 1 {
                self.vars[top - 2].1 = Place::solid(index);
            }
        }
        let mark = self.vars.len();
        let flow = self.walk(frame, &item, &branch.list)?;
        self.vars.truncate(mark);
        Ok(flow)
    }
}
