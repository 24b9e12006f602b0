//! PL/pgSQL as a tree of statements, as far as its structure goes; expressions and SQL are texts.
use crate::engines::schema::postgres::replay::words::Words;

/// A statement of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Code {
    /// SQL, as it is written, and the line of the block where it begins (from 0).
    Sql(String, u32),
    /// `SELECT … INTO a, b …`, `INSERT … RETURNING … INTO`: the statement without `INTO`, and the targets.
    Into(String, Vec<String>, u32),
    /// `EXECUTE expression [INTO …] [USING …]`.
    Execute(String, Vec<String>, Vec<String>, u32),
    /// `PERFORM …`, as a SELECT.
    Perform(String, u32),
    /// `IF`: conditions with what follows, then ELSE.
    If(Vec<(String, Vec<Code>)>, Vec<Code>),
    /// `CASE`: subject, whens, else.
    Case(String, Vec<(String, Vec<Code>)>, Option<Vec<Code>>),
    /// `FOR v IN query LOOP`: variables, query, whether it is an expression to execute.
    ForQuery(Vec<String>, String, bool, Vec<Code>),
    /// `FOR v IN a..b LOOP`.
    ForRange(String, String, String, bool, Vec<Code>),
    /// `FOREACH v IN ARRAY a LOOP`.
    ForEach(String, String, Vec<Code>),
    /// `LOOP`, `WHILE`: condition (empty for none).
    Loop(String, Vec<Code>),
    /// `v := e`.
    Assign(String, String),
    /// `RAISE`; true for an exception.
    Raise(bool),
    /// `RETURN`.
    Return,
    /// `EXIT`, true for `CONTINUE`, and its condition.
    Leave(bool, String),
    /// A block of its own.
    Block(Block),
    /// `NULL`, `ASSERT`, `GET DIAGNOSTICS`, cursors: nothing that matters; variables that it sets.
    Nothing(Vec<String>),
}

/// `DECLARE … BEGIN … EXCEPTION … END`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Block {
    /// Variables and what they are set to in the beginning.
    pub(super) declares: Vec<(String, Option<String>)>,
    /// Statements.
    pub(super) body: Vec<Code>,
    /// Conditions and what is done then.
    pub(super) handlers: Vec<(Vec<String>, Vec<Code>)>,
}

/// Before the name of a cursor among variables: its query is kept as text.
pub(super) const CURSOR: &str = "\u{1}cursor ";

/// Nesting beyond which a block is not read.
const DEPTH: u32 = 60;

struct Reader {
    words: Words,
    depth: u32,
}

/// The block that a body is; `None` when it is not understood.
pub(super) fn block(body: &str) -> Option<Block> {
    let mut reader = Reader { words: Words::parse(body), depth: 0 };
    let block = reader.block()?;
    reader.words.eat(";");
    reader.words.done().then_some(block)
}

impl Reader {
    fn block(&mut self) -> Option<Block> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let mut block = Block::default();
        self.label();
        if self.words.eat("DECLARE") {
            while !self.words.is("BEGIN") {
                if self.words.done() {
                    return None;
                }
                if self.words.eat("DECLARE") {
                    continue;
                }
                block.declares.extend(self.declare()?);
            }
        }
        if !self.words.eat("BEGIN") {
            return None;
        }
        block.body = self.body(&["END", "EXCEPTION"])?;
        if self.words.eat("EXCEPTION") {
            while self.words.eat("WHEN") {
                let mut conditions = Vec::new();
                loop {
                    if self.words.eat("SQLSTATE") {
                        conditions.push(self.words.string()?);
                    } else {
                        conditions.push(self.words.name()?);
                    }
                    if !self.words.eat("OR") {
                        break;
                    }
                }
                self.words.eat("THEN");
                block.handlers.push((conditions, self.body(&["END", "WHEN"])?));
            }
        }
        if !self.words.eat("END") {
            return None;
        }
        if self.words.peek(0) != ";" && !self.words.done() {
            self.words.name();
        }
        self.depth -= 1;
        Some(block)
    }

    fn label(&mut self) {
        if self.words.is("< <") || self.words.is("<<") {
            self.words.until(&[">>", "> >"]);
            if !self.words.eat(">>") {
                self.words.eat("> >");
            }
        }
    }

    /// `name [CONSTANT] type [NOT NULL] [:= | = | DEFAULT e];`
    fn declare(&mut self) -> Option<Option<(String, Option<String>)>> {
        let name = self.words.name()?;
        if self.words.is("CURSOR") || self.words.is("NO SCROLL CURSOR") || self.words.is("SCROLL CURSOR") {
            self.words.until(&["FOR", "IS", ";"]);
            self.words.eat_any(&["FOR", "IS"]);
            let query = self.words.until(&[";"]);
            self.words.eat(";");
            return Some(Some((format!("{CURSOR}{name}"), Some(query))));
        }
        self.words.until(&[";", ":=", ": =", "=", "DEFAULT"]);
        let init = match self.words.eat_any(&[":=", ": =", "=", "DEFAULT"]) {
            Some(_) => Some(self.words.until(&[";"])),
            None => None,
        };
        self.words.eat(";").then_some(Some((name, init)))
    }

    fn body(&mut self, ends: &[&str]) -> Option<Vec<Code>> {
        let mut all = Vec::new();
        loop {
            if self.words.done() {
                return None;
            }
            if ends.iter().any(|end| self.words.is(end)) {
                return Some(all);
            }
            if self.words.eat(";") {
                continue;
            }
            all.push(self.statement()?);
        }
    }

    fn statement(&mut self) -> Option<Code> {
        self.label();
        let line = self.words.line();
        if self.words.is("DECLARE") || self.words.is("BEGIN") {
            let block = self.block()?;
            self.words.eat(";");
            return Some(Code::Block(block));
        }
        if self.words.eat("IF") {
            return self.condition();
        }
        if self.words.eat("CASE") {
            return self.case();
        }
        if self.words.eat("FOR") {
            return self.for_loop();
        }
        if self.words.eat("FOREACH") {
            let variable = self.words.name()?;
            self.words.until(&["IN"]);
            self.words.eat("IN");
            self.words.eat("ARRAY");
            let array = self.words.until(&["LOOP"]);
            return Some(Code::ForEach(variable, array, self.loop_body()?));
        }
        if self.words.is("LOOP") {
            return Some(Code::Loop(String::new(), self.loop_body()?));
        }
        if self.words.eat("WHILE") {
            let condition = self.words.until(&["LOOP"]);
            return Some(Code::Loop(condition, self.loop_body()?));
        }
        self.simple(line)
    }

    fn loop_body(&mut self) -> Option<Vec<Code>> {
        self.depth += 1;
        if self.depth > DEPTH || !self.words.eat("LOOP") {
            return None;
        }
        let body = self.body(&["END LOOP"])?;
        self.words.eat("END LOOP");
        self.words.until(&[";"]);
        self.words.eat(";");
        self.depth -= 1;
        Some(body)
    }

    fn condition(&mut self) -> Option<Code> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let mut branches = Vec::new();
        let mut other = Vec::new();
        loop {
            let condition = self.words.until_outside_case("THEN");
            if !self.words.eat("THEN") {
                return None;
            }
            branches.push((condition, self.body(&["ELSIF", "ELSEIF", "ELSE", "END IF"])?));
            if self.words.eat_any(&["ELSIF", "ELSEIF"]).is_none() {
                break;
            }
        }
        if self.words.eat("ELSE") {
            other = self.body(&["END IF"])?;
        }
        self.words.eat("END IF");
        self.words.eat(";");
        self.depth -= 1;
        Some(Code::If(branches, other))
    }

    fn case(&mut self) -> Option<Code> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let subject = self.words.until(&["WHEN"]);
        let mut whens = Vec::new();
        while self.words.eat("WHEN") {
            let condition = self.words.until_outside_case("THEN");
            self.words.eat("THEN");
            whens.push((condition, self.body(&["WHEN", "ELSE", "END CASE"])?));
        }
        let other = match self.words.eat("ELSE") {
            true => Some(self.body(&["END CASE"])?),
            false => None,
        };
        self.words.eat("END CASE");
        self.words.eat(";");
        self.depth -= 1;
        Some(Code::Case(subject, whens, other))
    }

    fn for_loop(&mut self) -> Option<Code> {
        let mut variables = Vec::new();
        loop {
            variables.push(self.words.name()?);
            if !self.words.eat(",") {
                break;
            }
        }
        if !self.words.eat("IN") {
            return None;
        }
        let reverse = self.words.eat("REVERSE");
        if self.words.eat("EXECUTE") {
            let query = self.words.until(&["LOOP", "USING"]);
            self.words.until(&["LOOP"]);
            return Some(Code::ForQuery(variables, query, true, self.loop_body()?));
        }
        let text = self.words.until(&["LOOP"]);
        if let Some((from, to)) = text.split_once("..") {
            let variable = variables.into_iter().next()?;
            let (from, to) = (from.trim().to_owned(), to.trim().to_owned());
            return Some(Code::ForRange(variable, from, to, reverse, self.loop_body()?));
        }
        let text = match text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            Some(inner) => inner.to_owned(),
            None => text,
        };
        Some(Code::ForQuery(variables, text, false, self.loop_body()?))
    }

    /// Statements that end with a semicolon.
    fn simple(&mut self, line: u32) -> Option<Code> {
        if self.words.eat("EXECUTE") {
            let expression = self.words.until(&[";", "INTO", "USING"]);
            let (mut into, mut using) = (Vec::new(), Vec::new());
            while let Some(word) = self.words.eat_any(&["INTO STRICT", "INTO", "USING"]) {
                let list = self.words.until(&[";", "INTO", "USING"]);
                match word {
                    "USING" => using = super::split_commas(&list),
                    _ => into = names(&list),
                }
            }
            self.words.eat(";");
            return Some(Code::Execute(expression, into, using, line));
        }
        if self.words.eat("PERFORM") {
            let text = self.words.until(&[";"]);
            self.words.eat(";");
            return Some(Code::Perform(format!("SELECT {text}"), line));
        }
        if self.words.eat("RAISE") {
            let quiet = self.words.eat_any(&["NOTICE", "WARNING", "INFO", "LOG", "DEBUG"]).is_some();
            self.words.until(&[";"]);
            self.words.eat(";");
            return Some(Code::Raise(!quiet));
        }
        if self.words.is("RETURN") {
            self.words.until(&[";"]);
            self.words.eat(";");
            return Some(Code::Return);
        }
        if let Some(word) = self.words.eat_any(&["EXIT", "CONTINUE"]) {
            self.words.until(&[";", "WHEN"]);
            let condition = if self.words.eat("WHEN") { self.words.until(&[";"]) } else { String::new() };
            self.words.eat(";");
            return Some(Code::Leave(word == "CONTINUE", condition));
        }
        if self.words.is("NULL ;")
            || ["ASSERT", "OPEN", "CLOSE", "MOVE", "COMMIT", "ROLLBACK"].iter().any(|one| self.words.is(one))
        {
            self.words.until(&[";"]);
            self.words.eat(";");
            return Some(Code::Nothing(Vec::new()));
        }
        if self.words.is("GET") || self.words.is("FETCH") {
            let text = self.words.until(&[";"]);
            self.words.eat(";");
            return Some(Code::Nothing(crate::engines::schema::postgres::replay::routine::idents_of(&text)));
        }
        self.assignment_or_sql(line)
    }

    fn assignment_or_sql(&mut self, line: u32) -> Option<Code> {
        let here = self.words.here();
        if let Some(name) = self.words.name() {
            let mut target = name;
            while self.words.eat(".") {
                target = format!("{target}.{}", self.words.name()?);
            }
            if self.words.peek(0) == "[" {
                self.words.skip_group();
                target.push_str("[]");
            }
            if self.words.eat_any(&[":=", ": =", "="]).is_some() {
                let text = self.words.until(&[";"]);
                self.words.eat(";");
                return Some(Code::Assign(target, text));
            }
        }
        self.words.back(here);
        let creates =
            self.words.is("CREATE") || self.words.is("MERGE") || self.words.is("ALTER") || self.words.is("GRANT");
        let text = self.words.until_statement_end();
        if !self.words.eat(";") && !self.words.done() {
            return None;
        }
        if !creates && let Some((sql, targets)) = without_into(&text) {
            return Some(Code::Into(sql, targets, line));
        }
        Some(Code::Sql(text, line))
    }
}

/// Names separated by commas; `a.b` keeps its dot.
fn names(list: &str) -> Vec<String> {
    let mut words = Words::parse(list);
    let mut all = Vec::new();
    words.eat("STRICT");
    while let Some(parts) = words.dotted() {
        all.push(parts.join("."));
        if !words.eat(",") {
            break;
        }
    }
    all
}

/// A query without its `INTO targets`, and the targets. The INTO of INSERT is none.
fn without_into(text: &str) -> Option<(String, Vec<String>)> {
    let mut words = Words::parse(text);
    let insert = words.is("INSERT") || words.is("WITH");
    let mut head = words.until(&["INTO"]);
    if insert && head.trim_end().to_ascii_uppercase().ends_with("INSERT") {
        words.eat("INTO");
        let more = words.until(&["INTO"]);
        head = format!("{head} INTO {more}");
    }
    if !words.eat("INTO") {
        return None;
    }
    words.eat("STRICT");
    let mut targets = Vec::new();
    while let Some(parts) = words.dotted() {
        targets.push(parts.join("."));
        if !words.eat(",") {
            break;
        }
    }
    Some((format!("{head} {}", words.rest()), targets))
}
