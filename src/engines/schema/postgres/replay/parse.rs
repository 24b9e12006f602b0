//! From a statement's text to its tree, and what is read out of trees again and again: names, words, texts.
use super::run::Refusal;
use crate::engines::schema::catalog::Touches;
use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{SourceFile, SyntaxKind, SyntaxNode};

/// Short ways into trees.
pub(super) trait Look {
    /// The node.
    fn node(&self) -> &SyntaxNode;

    /// The first child of this type.
    fn one<N: AstNode>(&self) -> Option<N> {
        self.node().children().find_map(N::cast)
    }

    /// All children of this type.
    fn all<N: AstNode>(&self) -> Vec<N> {
        self.node().children().filter_map(N::cast).collect()
    }

    /// The first node of this type beneath, however deep.
    fn deep<N: AstNode>(&self) -> Option<N> {
        self.node().descendants().find_map(N::cast)
    }

    /// Whether a token of this kind stands directly in it.
    fn has(&self, kind: SyntaxKind) -> bool {
        self.node().children_with_tokens().any(|one| one.kind() == kind)
    }

    /// Whether there is a child of this type.
    fn is<N: AstNode>(&self) -> bool {
        self.one::<N>().is_some()
    }

    /// Its text, comments left out and white space joined.
    fn words(&self) -> String {
        text(self.node())
    }
}

impl<T: AstNode> Look for T {
    fn node(&self) -> &SyntaxNode {
        self.syntax()
    }
}

/// Parses one statement.
pub(super) fn statement(text: &str) -> Result<ast::Stmt, Refusal> {
    let parsed = SourceFile::parse(text);
    let file = parsed.tree();
    let mut statements = file.syntax().children().filter_map(ast::Stmt::cast);
    let first = statements.next();
    let errors = parsed.errors();
    // What is wrong within a quoted body is the body's own affair: the server looks at it when it runs.
    let error = errors.iter().find(|error| {
        let at = error.range();
        !file.syntax().token_at_offset(at.start()).any(|token| {
            matches!(token.kind(), SyntaxKind::STRING | SyntaxKind::DOLLAR_QUOTED_STRING | SyntaxKind::ESC_STRING)
                && token.text_range().contains_range(at)
                && token.text_range() != at
                && token.text_range().start() != at.start()
        })
    });
    if let Some(error) = error {
        let at = usize::from(error.range().start()).min(text.len());
        let lines = text.as_bytes().get(..at).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count();
        let near: String =
            text.get(at..).unwrap_or_default().split_whitespace().next().unwrap_or_default().chars().take(40).collect();
        let reason =
            // The parser calls its keywords `TABLE_KW`.
            format!("syntax error: {} (line {} of the statement, near \"{near}\")", error.message().replace("_KW", ""), lines + 1);
        return Err(Refusal::unmodelled(reason, Touches::Anything));
    }
    match (first, statements.next()) {
        (Some(first), None) => Ok(first),
        (Some(_), Some(_)) => {
            Err(Refusal::unmodelled("syntax error: more than one statement before the semicolon", Touches::Anything))
        }
        (None, _) => Err(Refusal::unmodelled("syntax error: no statement", Touches::Anything)),
    }
}

/// Words that stand between the verb and the kind of object, and say nothing about the latter.
const NOISE: [&str; 14] = [
    "OR",
    "REPLACE",
    "GLOBAL",
    "LOCAL",
    "TEMP",
    "TEMPORARY",
    "UNLOGGED",
    "UNIQUE",
    "RECURSIVE",
    "CONSTRAINT",
    "TRUSTED",
    "PROCEDURAL",
    "IF",
    "ONLY",
];

/// The first words of a statement that tell its kind: `CREATE INDEX`, `DROP MATERIALIZED VIEW`, `UPDATE`.
pub(super) fn verb(text: &str) -> String {
    let mut words = plain_words(text);
    let first = words.next().unwrap_or_default();
    if !matches!(first.as_str(), "CREATE" | "ALTER" | "DROP" | "COMMENT" | "REFRESH" | "SET" | "SECURITY" | "IMPORT") {
        return first;
    }
    let mut words = words.filter(|word| !NOISE.contains(&word.as_str()));
    let Some(second) = words.next() else { return first };
    let more = match second.as_str() {
        "TEXT" | "ACCESS" | "MATERIALIZED" | "EVENT" | "DEFAULT" | "LARGE" | "FOREIGN" | "OPERATOR" | "USER" => {
            words.next()
        }
        _ => None,
    };
    match (second.as_str(), more) {
        ("TEXT", Some(search)) => format!("{first} {second} {search} {}", words.next().unwrap_or_default()),
        ("FOREIGN", Some(data)) if data == "DATA" => format!("{first} FOREIGN DATA WRAPPER"),
        ("OPERATOR", Some(more)) if more != "CLASS" && more != "FAMILY" => format!("{first} {second}"),
        ("USER", Some(more)) if more != "MAPPING" => format!("{first} {second}"),
        (_, Some(more)) => format!("{first} {second} {more}"),
        (_, None) => format!("{first} {second}"),
    }
}

/// The words at the beginning of a text, upper case, comments left out; ends at the first that is no plain word.
fn plain_words(text: &str) -> impl Iterator<Item = String> + '_ {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start();
            if let Some(comment) = rest.strip_prefix("--") {
                rest = comment.split_once('\n').map_or("", |(_, after)| after);
            } else if let Some(comment) = rest.strip_prefix("/*") {
                rest = comment.split_once("*/").map_or("", |(_, after)| after);
            } else {
                break;
            }
        }
        let length = rest.bytes().take_while(|byte| byte.is_ascii_alphabetic() || *byte == b'_').count();
        let (word, after) = rest.split_at_checked(length)?;
        rest = after;
        (!word.is_empty()).then(|| word.to_ascii_uppercase())
    })
}

/// A node's text without comments, white space joined to single blanks.
pub(super) fn text(node: &SyntaxNode) -> String {
    let mut out = String::new();
    let mut blank = false;
    for token in node.descendants_with_tokens().filter_map(|one| one.into_token()) {
        if token.kind().is_trivia() {
            blank = true;
            continue;
        }
        if blank && !out.is_empty() {
            out.push(' ');
        }
        blank = false;
        out.push_str(token.text());
    }
    out
}

/// A name as the server keeps it: folded unless quoted, cut at 63 bytes.
pub(super) fn own_name(node: &impl AstNode) -> String {
    let name = ast::normalize_name_node(node.syntax());
    super::names::clip(&name, 63).to_owned()
}

/// The first plain name within a node: `parse::name(&stmt)` of `SAVEPOINT a` is `a`.
pub(super) fn name(node: &impl AstNode) -> Option<String> {
    path(node).map(|(_, name)| name).or_else(|| {
        let ident = node
            .syntax()
            .descendants_with_tokens()
            .filter_map(|one| one.into_token())
            .find(|token| token.kind() == SyntaxKind::IDENT)?;
        Some(ast::normalize_name_node(&ident.parent()?))
    })
}

/// Schema and name of the first (possibly qualified) name within a node; of three parts the last two.
pub(super) fn path(node: &impl AstNode) -> Option<(Option<String>, String)> {
    let first =
        node.syntax().descendants().find(|one| matches!(one.kind(), SyntaxKind::PATH | SyntaxKind::PATH_REF))?;
    let mut parts = parts(&first);
    let name = parts.pop()?;
    Some((parts.pop(), name))
}

/// The parts of a qualified name.
pub(super) fn parts(path: &SyntaxNode) -> Vec<String> {
    path.descendants()
        .filter(|one| matches!(one.kind(), SyntaxKind::PATH_SEGMENT | SyntaxKind::PATH_SEGMENT_REF))
        .map(|one| super::names::clip(&ast::normalize_name_node(&one), 63).to_owned())
        .filter(|one| !one.is_empty())
        .collect()
}

/// The value of a literal string.
pub(super) fn string(node: &impl AstNode) -> Option<String> {
    let literal = node.syntax().descendants().find_map(ast::Literal::cast)?;
    literal.string_value()
}
