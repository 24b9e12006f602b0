//! Reads a text into trees: tokens looked ahead at, errors, texts, definitions and control structures.
use super::ast::{Branch, List, Node, NodeKind, Parsed, Pipe, Tree, deep};
use super::bytes::Bytes;
use super::error::{Error, Stage};
use super::fmt::quote_text;
use super::fmt::unquote;
use super::func::Func;
use super::lex::{Kind, Lexer, Token, Words};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

pub(super) type Outcome<T> = Result<T, Box<Error>>;

/// How deep control structures may nest. Go has no such limit; it grows its stack.
const MAX_NESTING: u32 = 10_000;

/// What Go keeps for each template of the text apart.
pub(super) struct State {
    tokens: [Token; 3],
    peeked: usize,
    /// Variables in sight, the newest last.
    pub(super) vars: Vec<u32>,
    /// How often each variable is in sight.
    pub(super) seen: Vec<u32>,
    action_line: u32,
    ranges: u32,
    pub(super) parens: u32,
}

pub(super) struct Parser<'t> {
    pub(super) name: &'t str,
    pub(super) text: &'t [u8],
    pub(super) functions: &'t dyn Fn(&str) -> Option<&'static Func>,
    lexer: Lexer<'t>,
    pub(super) state: State,
    pub(super) symbols: Vec<Bytes>,
    pub(super) numbers: BTreeMap<Bytes, u32>,
    trees: BTreeMap<Arc<str>, List>,
    nesting: u32,
    old: bool,
}

/// What a list ended with.
enum Stop {
    End,
    Else,
}

/// One thing in a list.
enum Item {
    Node(Node),
    Stop(Stop),
}

/// Parses a text as a template of this name. `functions` finds the functions that the text may call, besides those of Go itself.
///
/// # Errors
/// What Go says: `template: NAME:LINE: ...`.
pub fn parse<T: AsRef<[u8]> + ?Sized>(
    name: &str,
    text: &T,
    functions: &dyn Fn(&str) -> Option<&'static Func>,
) -> Result<Parsed, Error> {
    parse_as(name, text.as_ref(), functions, false)
}

/// As `parse`, with the syntax of Go 1.18 if `old`: `{{ else with }}` was not known then.
///
/// # Errors
/// As `parse`.
pub fn parse_as(
    name: &str,
    text: &[u8],
    functions: &dyn Fn(&str) -> Option<&'static Func>,
    old: bool,
) -> Result<Parsed, Error> {
    let words = Words { break_: functions("break").is_none(), continue_: functions("continue").is_none() };
    let mut parser = Parser {
        name,
        text,
        functions,
        lexer: Lexer::new(text, words),
        state: State::new(),
        symbols: vec![Bytes::from("$")],
        numbers: BTreeMap::from([(Bytes::from("$"), 0)]),
        trees: BTreeMap::new(),
        nesting: 0,
        old,
    };
    let root = parser.all().map_err(|error| *error)?;
    parser.add(Arc::from(name), root).map_err(|error| *error)?;
    let trees = parser.trees.into_iter().map(|(name, root)| Tree { name, root }).collect();
    Ok(Parsed {
        name: Arc::from(name),
        text: Bytes::from(text),
        symbols: parser.symbols,
        trees,
        lines: OnceLock::new(),
    })
}

impl State {
    fn new() -> State {
        let none = Token { kind: Kind::Eof, pos: 0, end: 0, line: 0 };
        State { tokens: [none; 3], peeked: 0, vars: vec![0], seen: vec![1], action_line: 0, ranges: 0, parens: 0 }
    }
}

impl<'t> Parser<'t> {
    pub(super) fn next(&mut self) -> Token {
        if self.state.peeked > 0 {
            self.state.peeked -= 1;
        } else {
            self.state.tokens[0] = self.lexer.next();
        }
        self.state.tokens[self.state.peeked]
    }

    pub(super) fn backup(&mut self) {
        self.state.peeked += 1;
    }

    /// Puts a token back before the one that was looked at.
    pub(super) fn backup2(&mut self, first: Token) {
        self.state.tokens[1] = first;
        self.state.peeked = 2;
    }

    /// Puts two tokens back before the one that was looked at.
    pub(super) fn backup3(&mut self, first: Token, second: Token) {
        self.state.tokens[1] = second;
        self.state.tokens[2] = first;
        self.state.peeked = 3;
    }

    pub(super) fn peek(&mut self) -> Token {
        let token = self.next();
        self.backup();
        token
    }

    pub(super) fn next_solid(&mut self) -> Token {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    pub(super) fn peek_solid(&mut self) -> Token {
        let token = self.next_solid();
        self.backup();
        token
    }

    pub(super) fn value(&self, token: Token) -> &'t [u8] {
        self.text.get(token.pos..token.end).unwrap_or_default()
    }

    pub(super) fn fail<T>(&self, message: impl AsRef<str>) -> Outcome<T> {
        let line = self.state.tokens[0].line;
        let text = format!("template: {}:{line}: {}", self.name, message.as_ref());
        Err(Box::new(Error { stage: Stage::Parse, text, template: self.name.to_owned(), line, column: 0 }))
    }

    pub(super) fn unexpected<T>(&self, token: Token, context: &str) -> Outcome<T> {
        if token.kind != Kind::Error {
            return self.fail(format!("unexpected {} in {context}", self.show(token)));
        }
        let (line, message) = (self.state.action_line, &self.lexer.message);
        if line == 0 || line == token.line {
            return self.fail(message);
        }
        let link = if message.ends_with(" action") { "" } else { " in action" };
        self.fail(format!("{message}{link} started at {}:{line}", self.name))
    }

    /// A token as errors show it.
    fn show(&self, token: Token) -> String {
        let value = String::from_utf8_lossy(self.value(token));
        match token.kind {
            Kind::Eof => "EOF".to_owned(),
            Kind::Error => self.lexer.message.clone(),
            kind if kind >= Kind::Block => format!("<{value}>"),
            _ if self.value(token).len() > 10 => {
                let head: String = value.chars().take(10).collect();
                format!("{}...", quote_text(head.as_bytes()))
            }
            _ => quote_text(self.value(token)),
        }
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Outcome<Token> {
        let token = self.next_solid();
        if token.kind == kind { Ok(token) } else { self.unexpected(token, context) }
    }

    fn add(&mut self, name: Arc<str>, root: List) -> Outcome<()> {
        let fresh = self.trees.get(&name).is_none_or(|old| old.is_blank(self.text));
        if !fresh {
            if root.is_blank(self.text) {
                return Ok(());
            }
            return self.fail(format!("template: multiple definition of template {}", quote_text(name.as_bytes())));
        }
        self.trees.insert(name, root);
        Ok(())
    }

    fn all(&mut self) -> Outcome<List> {
        let mut nodes = Vec::new();
        while self.peek().kind != Kind::Eof {
            if self.peek().kind == Kind::LeftDelim {
                let delimiter = self.next();
                if self.next_solid().kind == Kind::Define {
                    let outer = std::mem::replace(&mut self.state, State::new());
                    self.definition()?;
                    self.state = outer;
                    continue;
                }
                self.backup2(delimiter);
            }
            match self.item()? {
                Item::Node(node) => nodes.push(node),
                Item::Stop(stop) => return self.fail(format!("unexpected {}", stop.show())),
            }
        }
        Ok(List(nodes))
    }

    fn definition(&mut self) -> Outcome<()> {
        const CONTEXT: &str = "define clause";
        let token = self.next_solid();
        let name = self.template_name(token, CONTEXT)?;
        self.expect(Kind::RightDelim, CONTEXT)?;
        let (list, stop) = self.list()?;
        if !matches!(stop, Stop::End) {
            return self.fail(format!("unexpected {} in {CONTEXT}", stop.show()));
        }
        self.add(name, list)
    }

    fn template_name(&mut self, token: Token, context: &str) -> Outcome<Arc<str>> {
        if !matches!(token.kind, Kind::Str | Kind::RawString) {
            return self.unexpected(token, context);
        }
        match unquote(self.value(token)) {
            Some(name) => Ok(Arc::from(&*String::from_utf8_lossy(&name))),
            None => self.fail("invalid syntax"),
        }
    }

    fn list(&mut self) -> Outcome<(List, Stop)> {
        let mut nodes = Vec::new();
        while self.peek_solid().kind != Kind::Eof {
            match self.item()? {
                Item::Node(node) => nodes.push(node),
                Item::Stop(stop) => return Ok((List(nodes), stop)),
            }
        }
        self.fail("unexpected EOF")
    }

    fn item(&mut self) -> Outcome<Item> {
        let token = self.next_solid();
        match token.kind {
            Kind::Text => Ok(Item::Node(Node { pos: token.pos, kind: NodeKind::Text((token.pos, token.end)) })),
            Kind::LeftDelim => {
                self.state.action_line = token.line;
                let item = self.action();
                self.state.action_line = 0;
                item
            }
            _ => self.unexpected(token, "input"),
        }
    }

    fn action(&mut self) -> Outcome<Item> {
        let token = self.next_solid();
        let node = match token.kind {
            Kind::Block => self.block()?,
            Kind::Break => self.jump(token, "{{break}}", NodeKind::Break)?,
            Kind::Continue => self.jump(token, "{{continue}}", NodeKind::Continue)?,
            Kind::Else => {
                let next = self.peek_solid().kind;
                if next != Kind::If && (next != Kind::With || self.old) {
                    self.expect(Kind::RightDelim, "else")?;
                }
                return Ok(Item::Stop(Stop::Else));
            }
            Kind::End => {
                self.expect(Kind::RightDelim, "end")?;
                return Ok(Item::Stop(Stop::End));
            }
            Kind::If | Kind::Range | Kind::With => self.control(token.kind)?,
            Kind::Template => self.template()?,
            _ => {
                self.backup();
                let pos = self.peek().pos;
                Node { pos, kind: NodeKind::Action(self.pipeline("command", Kind::RightDelim)?) }
            }
        };
        Ok(Item::Node(node))
    }

    fn jump(&mut self, token: Token, word: &str, kind: NodeKind) -> Outcome<Node> {
        let after = self.next_solid();
        if after.kind != Kind::RightDelim {
            return self.unexpected(after, word);
        }
        if self.state.ranges == 0 {
            return self.fail(format!("{word} outside {{{{range}}}}"));
        }
        Ok(Node { pos: token.pos, kind })
    }

    fn control(&mut self, kind: Kind) -> Outcome<Node> {
        if self.nesting >= MAX_NESTING {
            return self.fail("control structures are nested too deeply");
        }
        self.nesting += 1;
        let node = deep(|| self.branch(kind));
        self.nesting -= 1;
        node
    }

    fn branch(&mut self, kind: Kind) -> Outcome<Node> {
        let context = match kind {
            Kind::If => "if",
            Kind::Range => "range",
            _ => "with",
        };
        let mark = self.state.vars.len();
        let pipe = self.pipeline(context, Kind::RightDelim)?;
        let range = u32::from(kind == Kind::Range);
        self.state.ranges += range;
        let (list, stop) = self.list()?;
        self.state.ranges -= range;
        let mut other = None;
        if matches!(stop, Stop::Else) {
            if kind != Kind::Range && self.peek().kind == kind {
                self.next();
                other = Some(List(vec![self.control(kind)?]));
            } else {
                let (list, stop) = self.list()?;
                if !matches!(stop, Stop::End) {
                    return self.fail(format!("expected end; found {}", stop.show()));
                }
                other = Some(list);
            }
        }
        self.forget(mark);
        let (pos, branch) = (pipe.pos, Box::new(Branch { pipe, list, other }));
        let kind = match kind {
            Kind::If => NodeKind::If(branch),
            Kind::Range => NodeKind::Range(branch),
            _ => NodeKind::With(branch),
        };
        Ok(Node { pos, kind })
    }

    fn block(&mut self) -> Outcome<Node> {
        const CONTEXT: &str = "block clause";
        if self.nesting >= MAX_NESTING {
            return self.fail("control structures are nested too deeply");
        }
        let token = self.next_solid();
        let name = self.template_name(token, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, Kind::RightDelim)?;
        let outer = std::mem::replace(&mut self.state, State::new());
        self.nesting += 1;
        let (list, stop) = deep(|| self.list())?;
        self.nesting -= 1;
        if !matches!(stop, Stop::End) {
            self.state = outer;
            return self.fail(format!("unexpected {} in {CONTEXT}", stop.show()));
        }
        self.add(Arc::clone(&name), list)?;
        self.state = outer;
        Ok(Node { pos: token.pos, kind: NodeKind::Template { name, pipe: Some(pipe) } })
    }

    fn template(&mut self) -> Outcome<Node> {
        const CONTEXT: &str = "template clause";
        let token = self.next_solid();
        let name = self.template_name(token, CONTEXT)?;
        let mut pipe: Option<Pipe> = None;
        if self.next_solid().kind != Kind::RightDelim {
            self.backup();
            pipe = Some(self.pipeline(CONTEXT, Kind::RightDelim)?);
        }
        Ok(Node { pos: token.pos, kind: NodeKind::Template { name, pipe } })
    }
}

impl Stop {
    fn show(&self) -> &'static str {
        match self {
            Stop::End => "{{end}}",
            Stop::Else => "{{else}}",
        }
    }
}
