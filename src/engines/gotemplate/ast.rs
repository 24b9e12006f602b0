//! The tree of a template, and how Go prints each part of it (its errors show that).
use super::bytes::Bytes;
use super::fmt::quote;
use super::func::Func;
use super::literal::Number;
use std::sync::{Arc, OnceLock};

/// A part of the text: from, to.
pub(super) type Span = (usize, usize);

/// A parsed text: a template and what it defines. It does not know other texts, so it may be kept and shared.
#[derive(Debug)]
pub struct Parsed {
    pub(super) name: Arc<str>,
    pub(super) text: Bytes,
    /// Names of variables; a variable is its index. The first is `$`.
    pub(super) symbols: Vec<Bytes>,
    /// By name.
    pub(super) trees: Vec<Tree>,
    /// Where the lines begin, but for the first.
    pub(super) lines: OnceLock<Vec<usize>>,
}

/// One template.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) name: Arc<str>,
    pub(super) root: List,
}

/// Nodes one after the other.
#[derive(Debug, Default)]
pub(super) struct List(pub(super) Vec<Node>);

#[derive(Debug)]
pub(super) struct Node {
    pub(super) pos: usize,
    pub(super) kind: NodeKind,
}

#[derive(Debug)]
pub(super) enum NodeKind {
    Text(Span),
    Action(Pipe),
    If(Box<Branch>),
    With(Box<Branch>),
    Range(Box<Branch>),
    Template { name: Arc<str>, pipe: Option<Pipe> },
    Break,
    Continue,
}

#[derive(Debug)]
pub(super) struct Branch {
    pub(super) pipe: Pipe,
    pub(super) list: List,
    pub(super) other: Option<List>,
}

#[derive(Debug)]
pub(super) struct Pipe {
    pub(super) pos: usize,
    /// `=`, not `:=`.
    pub(super) assign: bool,
    pub(super) decl: Vec<u32>,
    pub(super) cmds: Vec<Command>,
}

#[derive(Debug)]
pub(super) struct Command {
    pub(super) pos: usize,
    pub(super) args: Vec<Expr>,
}

#[derive(Debug)]
pub(super) struct Expr {
    pub(super) pos: usize,
    pub(super) kind: ExprKind,
}

#[derive(Debug)]
pub(super) enum ExprKind {
    Dot,
    Nil,
    Bool(bool),
    Number(Span, Box<Number>),
    Text(Span, Bytes),
    Field(Vec<Bytes>),
    Variable(u32, Vec<Bytes>),
    Function(&'static Func, Special),
    Chain(Box<Expr>, Vec<Bytes>),
    Pipe(Box<Pipe>),
}

/// Builtins that are more than a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Special {
    No,
    And,
    Or,
    Len,
    Call,
}

const RED_ZONE: usize = 64 * 1024;
const GROW: usize = 4 * 1024 * 1024;

/// Runs something that recurses over the tree, on a fresh piece of stack when this one ends.
pub(super) fn deep<T>(run: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(RED_ZONE, GROW, run)
}

impl Drop for List {
    fn drop(&mut self) {
        if !self.0.is_empty() {
            deep(|| self.0.clear());
        }
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        deep(|| self.cmds.clear());
    }
}

impl Parsed {
    /// The name it was parsed under: the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The names of the templates in it, its own among them.
    pub fn templates(&self) -> impl Iterator<Item = &str> {
        self.trees.iter().map(|tree| &*tree.name)
    }

    /// The tree that has the name of the text itself.
    pub(super) fn main(&self) -> Option<usize> {
        self.trees.iter().position(|tree| tree.name == self.name)
    }

    /// Line (from 1) and column (from 0) of a byte of the text.
    pub fn place(&self, pos: usize) -> (u32, u32) {
        let lines = self.lines.get_or_init(|| {
            self.text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1).collect()
        });
        let line = lines.partition_point(|start| *start <= pos);
        let start = if line == 0 { 0 } else { lines[line - 1] };
        (u32::try_from(line + 1).unwrap_or(u32::MAX), u32::try_from(pos - start).unwrap_or(u32::MAX))
    }

    fn span(&self, span: Span) -> &[u8] {
        self.text.get(span.0..span.1).unwrap_or_default()
    }
}

impl List {
    /// Whether there is nothing but white space.
    pub(super) fn is_blank(&self, text: &[u8]) -> bool {
        self.0.iter().all(|node| match node.kind {
            NodeKind::Text((from, to)) => blank(&text[from..to]),
            _ => false,
        })
    }

    fn write(&self, parsed: &Parsed, out: &mut Vec<u8>) {
        deep(|| self.0.iter().for_each(|node| node.write(parsed, out)));
    }
}

/// Unicode white space only, as `bytes.TrimSpace` sees it.
fn blank(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| text.trim().is_empty())
}

impl Node {
    pub(super) fn write(&self, parsed: &Parsed, out: &mut Vec<u8>) {
        match &self.kind {
            NodeKind::Text(span) => return out.extend_from_slice(parsed.span(*span)),
            NodeKind::If(branch) => return branch.write("if", parsed, out),
            NodeKind::With(branch) => return branch.write("with", parsed, out),
            NodeKind::Range(branch) => return branch.write("range", parsed, out),
            _ => {}
        }
        out.extend_from_slice(b"{{");
        match &self.kind {
            NodeKind::Action(pipe) => pipe.write(parsed, out),
            NodeKind::Template { name, pipe } => {
                out.extend_from_slice(b"template ");
                out.extend_from_slice(&quote(name.as_bytes()));
                if let Some(pipe) = pipe {
                    out.push(b' ');
                    pipe.write(parsed, out);
                }
            }
            NodeKind::Break => out.extend_from_slice(b"break"),
            _ => out.extend_from_slice(b"continue"),
        }
        out.extend_from_slice(b"}}");
    }
}

impl Branch {
    fn write(&self, word: &str, parsed: &Parsed, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{{");
        out.extend_from_slice(word.as_bytes());
        out.push(b' ');
        self.pipe.write(parsed, out);
        out.extend_from_slice(b"}}");
        self.list.write(parsed, out);
        if let Some(other) = &self.other {
            out.extend_from_slice(b"{{else}}");
            other.write(parsed, out);
        }
        out.extend_from_slice(b"{{end}}");
    }
}

impl Pipe {
    pub(super) fn write(&self, parsed: &Parsed, out: &mut Vec<u8>) {
        for (index, variable) in self.decl.iter().enumerate() {
            if index > 0 {
                out.extend_from_slice(b", ");
            }
            write_variable(*variable, parsed, out);
        }
        if !self.decl.is_empty() {
            out.extend_from_slice(if self.assign { b" = " } else { b" := " });
        }
        for (index, cmd) in self.cmds.iter().enumerate() {
            if index > 0 {
                out.extend_from_slice(b" | ");
            }
            cmd.write(parsed, out);
        }
    }
}

impl Command {
    pub(super) fn write(&self, parsed: &Parsed, out: &mut Vec<u8>) {
        for (index, arg) in self.args.iter().enumerate() {
            if index > 0 {
                out.push(b' ');
            }
            arg.write_inside(parsed, out);
        }
    }
}

fn write_variable(variable: u32, parsed: &Parsed, out: &mut Vec<u8>) {
    if let Some(name) = parsed.symbols.get(variable as usize) {
        out.extend_from_slice(name);
    }
}

fn write_fields(fields: &[Bytes], out: &mut Vec<u8>) {
    for field in fields {
        out.push(b'.');
        out.extend_from_slice(field);
    }
}

impl Expr {
    /// As an argument: a pipeline stands in parentheses.
    fn write_inside(&self, parsed: &Parsed, out: &mut Vec<u8>) {
        if matches!(self.kind, ExprKind::Pipe(_)) {
            out.push(b'(');
            deep(|| self.write(parsed, out));
            out.push(b')');
        } else {
            self.write(parsed, out);
        }
    }

    pub(super) fn write(&self, parsed: &Parsed, out: &mut Vec<u8>) {
        match &self.kind {
            ExprKind::Dot => out.push(b'.'),
            ExprKind::Nil => out.extend_from_slice(b"nil"),
            ExprKind::Bool(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
            ExprKind::Number(span, _) | ExprKind::Text(span, _) => out.extend_from_slice(parsed.span(*span)),
            ExprKind::Field(fields) => write_fields(fields, out),
            ExprKind::Variable(variable, fields) => {
                write_variable(*variable, parsed, out);
                write_fields(fields, out);
            }
            ExprKind::Function(func, _) => out.extend_from_slice(func.name.as_bytes()),
            ExprKind::Chain(base, fields) => {
                base.write_inside(parsed, out);
                write_fields(fields, out);
            }
            ExprKind::Pipe(pipe) => pipe.write(parsed, out),
        }
    }
}

/// A node that errors can point at.
#[derive(Debug, Clone, Copy)]
pub(super) enum At<'t> {
    Node(&'t Node),
    Pipe(&'t Pipe),
    Command(&'t Command),
    Expr(&'t Expr),
}

impl At<'_> {
    pub(super) fn pos(self) -> usize {
        match self {
            At::Node(node) => node.pos,
            At::Pipe(pipe) => pipe.pos,
            At::Command(cmd) => cmd.pos,
            At::Expr(expr) => expr.pos,
        }
    }

    pub(super) fn show(self, parsed: &Parsed) -> String {
        let mut out = Vec::new();
        match self {
            At::Node(node) => node.write(parsed, &mut out),
            At::Pipe(pipe) => pipe.write(parsed, &mut out),
            At::Command(cmd) => cmd.write(parsed, &mut out),
            At::Expr(expr) => expr.write(parsed, &mut out),
        }
        String::from_utf8_lossy(&out).into_owned()
    }
}
