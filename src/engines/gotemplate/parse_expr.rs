//! Reads what stands inside an action: pipelines, commands and operands.
use super::ast::{Command, Expr, ExprKind, Pipe, Special, deep};
use super::builtins;
use super::bytes::Bytes;
use super::fmt::quote_text;
use super::fmt::unquote;
use super::lex::{Kind, Token};
use super::literal::{character, number};
use super::parse::{Outcome, Parser};

/// How deep parentheses may nest, as in Go.
const MAX_PARENS: u32 = 10_000;

impl Parser<'_> {
    pub(super) fn pipeline(&mut self, context: &str, end: Kind) -> Outcome<Pipe> {
        let mut pipe = Pipe { pos: self.peek_solid().pos, assign: false, decl: Vec::new(), cmds: Vec::new() };
        self.declarations(context, &mut pipe)?;
        loop {
            let token = self.next_solid();
            match token.kind {
                kind if kind == end => break,
                Kind::Bool
                | Kind::CharConstant
                | Kind::Complex
                | Kind::Dot
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::Nil
                | Kind::RawString
                | Kind::Str
                | Kind::Variable
                | Kind::LeftParen => {
                    self.backup();
                    let command = self.command()?;
                    pipe.cmds.push(command);
                }
                _ => return self.unexpected(token, context),
            }
        }
        if pipe.cmds.is_empty() {
            return self.fail(format!("missing value for {context}"));
        }
        let constant = |kind: &ExprKind| {
            matches!(
                kind,
                ExprKind::Bool(_) | ExprKind::Dot | ExprKind::Nil | ExprKind::Number(..) | ExprKind::Text(..)
            )
        };
        match pipe.cmds.iter().skip(1).position(|cmd| constant(&cmd.args[0].kind)) {
            Some(index) => self.fail(format!("non executable command in pipeline stage {}", index + 2)),
            None => Ok(pipe),
        }
    }

    /// `$x :=`, `$x =`, `$k, $v :=`; leaves everything where it was when there is none.
    fn declarations(&mut self, context: &str, pipe: &mut Pipe) -> Outcome<()> {
        loop {
            let variable = self.peek_solid();
            if variable.kind != Kind::Variable {
                return Ok(());
            }
            self.next();
            // Space is a token, so in `$x foo` three of them must be read to see that `$x` is an argument.
            let after = self.peek();
            let next = self.peek_solid();
            match next.kind {
                Kind::Assign | Kind::Declare => {
                    pipe.assign = next.kind == Kind::Assign;
                    self.next_solid();
                    self.declare(variable, pipe);
                    return Ok(());
                }
                Kind::Char if self.value(next) == b"," => {
                    self.next_solid();
                    self.declare(variable, pipe);
                    if context != "range" || pipe.decl.len() >= 2 {
                        return self.fail(format!("too many declarations in {context}"));
                    }
                    if !matches!(self.peek_solid().kind, Kind::Variable | Kind::RightDelim | Kind::RightParen) {
                        return self.fail("range can only initialize variables");
                    }
                }
                _ if after.kind == Kind::Space => {
                    self.backup3(variable, after);
                    return Ok(());
                }
                _ => {
                    self.backup2(variable);
                    return Ok(());
                }
            }
        }
    }

    fn declare(&mut self, token: Token, pipe: &mut Pipe) {
        let variable = self.symbol(self.value(token));
        let index = variable as usize;
        if self.state.seen.len() <= index {
            self.state.seen.resize(index + 1, 0);
        }
        self.state.seen[index] += 1;
        self.state.vars.push(variable);
        pipe.decl.push(variable);
    }

    /// Takes variables out of sight, down to the first `mark` ones.
    pub(super) fn forget(&mut self, mark: usize) {
        while self.state.vars.len() > mark {
            if let Some(variable) = self.state.vars.pop() {
                self.state.seen[variable as usize] -= 1;
            }
        }
    }

    fn symbol(&mut self, name: &[u8]) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.symbols.len()).unwrap_or(u32::MAX);
        self.symbols.push(Bytes::from(name));
        self.numbers.insert(Bytes::from(name), number);
        number
    }

    fn command(&mut self) -> Outcome<Command> {
        let mut command = Command { pos: self.peek_solid().pos, args: Vec::new() };
        loop {
            self.peek_solid();
            if let Some(operand) = self.operand()? {
                command.args.push(operand);
            }
            let token = self.next();
            match token.kind {
                Kind::Space => continue,
                Kind::RightDelim | Kind::RightParen => self.backup(),
                Kind::Pipe => {}
                _ => return self.unexpected(token, "operand"),
            }
            break;
        }
        if command.args.is_empty() {
            return self.fail("empty command");
        }
        Ok(command)
    }

    fn operand(&mut self) -> Outcome<Option<Expr>> {
        let Some(mut expr) = self.term()? else {
            return Ok(None);
        };
        let first = self.peek();
        if first.kind != Kind::Field {
            return Ok(Some(expr));
        }
        let mut fields = Vec::new();
        while self.peek().kind == Kind::Field {
            let token = self.next();
            fields.push(Bytes::from(&self.value(token)[1..]));
        }
        match &mut expr.kind {
            ExprKind::Field(names) | ExprKind::Variable(_, names) => {
                names.append(&mut fields);
                expr.pos = first.pos;
                Ok(Some(expr))
            }
            ExprKind::Bool(_) | ExprKind::Text(..) | ExprKind::Number(..) | ExprKind::Nil | ExprKind::Dot => {
                let text = match &expr.kind {
                    ExprKind::Dot => &b"."[..],
                    ExprKind::Nil => b"nil",
                    ExprKind::Bool(true) => b"true",
                    ExprKind::Bool(false) => b"false",
                    ExprKind::Number(span, _) | ExprKind::Text(span, _) => &self.text[span.0..span.1],
                    _ => b"",
                };
                self.fail(format!("unexpected . after term {}", quote_text(text)))
            }
            _ => Ok(Some(Expr { pos: first.pos, kind: ExprKind::Chain(Box::new(expr), fields) })),
        }
    }

    fn term(&mut self) -> Outcome<Option<Expr>> {
        let token = self.next_solid();
        let (value, span) = (self.value(token), (token.pos, token.end));
        let kind = match token.kind {
            Kind::Identifier => {
                let name = String::from_utf8_lossy(value);
                match (self.functions)(&name) {
                    Some(func) => ExprKind::Function(func, Special::No),
                    None => match builtins::find(&name) {
                        Some((func, special)) => ExprKind::Function(func, special),
                        None => return self.fail(format!("function {} not defined", quote_text(value))),
                    },
                }
            }
            Kind::Dot => ExprKind::Dot,
            Kind::Nil => ExprKind::Nil,
            Kind::Variable => {
                let seen = self
                    .numbers
                    .get(value)
                    .filter(|number| self.state.seen.get(**number as usize).is_some_and(|count| *count > 0));
                match seen {
                    Some(number) => ExprKind::Variable(*number, Vec::new()),
                    None => return self.fail(format!("undefined variable {}", quote_text(value))),
                }
            }
            Kind::Field => ExprKind::Field(vec![Bytes::from(&value[1..])]),
            Kind::Bool => ExprKind::Bool(value == b"true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => {
                let parsed = if token.kind == Kind::CharConstant {
                    character(value)
                } else {
                    number(&String::from_utf8_lossy(value))
                };
                match parsed {
                    Ok(number) => ExprKind::Number(span, Box::new(number)),
                    Err(message) => return self.fail(message),
                }
            }
            Kind::LeftParen => {
                if self.state.parens >= MAX_PARENS {
                    return self.fail("max expression depth exceeded");
                }
                self.state.parens += 1;
                let pipe = deep(|| self.pipeline("parenthesized pipeline", Kind::RightParen))?;
                self.state.parens -= 1;
                return Ok(Some(Expr { pos: pipe.pos, kind: ExprKind::Pipe(Box::new(pipe)) }));
            }
            Kind::Str | Kind::RawString => match unquote(value) {
                Some(text) => ExprKind::Text(span, Bytes::from(text)),
                None => return self.fail("invalid syntax"),
            },
            _ => {
                self.backup();
                return Ok(None);
            }
        };
        Ok(Some(Expr { pos: token.pos, kind }))
    }
}
