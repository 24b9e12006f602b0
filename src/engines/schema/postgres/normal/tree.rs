//! An expression as a small tree, and its text in normal form.
use super::names::quote;
use crate::engines::schema::catalog::DataType;
use squawk_syntax::SyntaxNode;

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    /// A string whose type the context decides, or a text.
    Text(String),
    /// A number as digits, with a sign and a point where there are some.
    Number(String),
    /// `true`, `null`, `current_date`, `default` …
    Word(String),
    /// A column, with what it is qualified by; `*` for all.
    Name(Vec<String>),
    /// A function, without its schema.
    Call(Call),
    /// A cast.
    Cast(Box<Tree>, DataType),
    /// An operator before its operand.
    Unary(String, Box<Tree>),
    /// An operator between two operands.
    Binary(String, Box<Tree>, Box<Tree>),
    /// `IS NULL`, `IS NOT TRUE`: the operand and the words behind `IS`.
    Is(Box<Tree>, String),
    /// `AND` (true) or `OR` of all of these.
    Logic(bool, Vec<Tree>),
    /// `NOT`.
    Not(Box<Tree>),
    /// `x = ANY (…)`, or `ALL`.
    Any { operator: String, all: bool, left: Box<Tree>, right: Box<Tree> },
    /// `ARRAY[…]`.
    Array(Vec<Tree>),
    /// `ROW(…)`.
    Row(Vec<Tree>),
    /// `CASE`.
    Case { operand: Option<Box<Tree>>, whens: Vec<(Tree, Tree)>, otherwise: Option<Box<Tree>> },
    /// A field of a row.
    Field(Box<Tree>, String),
    /// An element or a slice of an array.
    Element(Box<Tree>, Vec<Option<Tree>>),
    /// `COLLATE`.
    Collate(Box<Tree>, String),
    /// A query as a value, or as what `IN` looks in.
    Query(SyntaxNode),
    /// `EXISTS (…)`.
    Exists(Box<Tree>),
    /// `ARRAY(…)` of a query.
    ArrayOf(Box<Tree>),
    /// Anything else, in its own words.
    Other(Vec<Piece>),
}

/// A call of a function.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Call {
    /// Its name.
    pub(super) name: String,
    /// What stands before the arguments: `distinct`.
    pub(super) before: String,
    /// Arguments; each with `variadic` or its name before it.
    pub(super) arguments: Vec<(String, Tree)>,
    /// What follows the arguments within the parentheses, or behind them.
    pub(super) inside: Vec<Piece>,
    /// `FILTER`, `OVER`, `WITHIN GROUP`.
    pub(super) behind: Vec<Piece>,
}

/// A piece of something that has no form of its own.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// A word, a sign.
    Word(String),
    /// An expression.
    Tree(Tree),
}

impl Tree {
    /// A plain call.
    pub(super) fn call(name: &str, arguments: Vec<Tree>) -> Tree {
        let arguments = arguments.into_iter().map(|one| (String::new(), one)).collect();
        Tree::Call(Call { name: name.to_owned(), arguments, ..Call::default() })
    }

    /// An operator between two operands.
    pub(super) fn binary(operator: &str, left: Tree, right: Tree) -> Tree {
        Tree::Binary(operator.to_owned(), Box::new(left), Box::new(right))
    }

    /// All of them, or any of them; those within one another are one.
    pub(super) fn logic(and: bool, parts: Vec<Tree>) -> Tree {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Tree::Logic(same, inner) if same == and => flat.extend(inner),
                other => flat.push(other),
            }
        }
        Tree::Logic(and, flat)
    }

    /// The normal text.
    pub(super) fn write(&self) -> String {
        let mut to = String::new();
        self.to(&mut to);
        to
    }

    fn to(&self, to: &mut String) {
        stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || self.to_within(to));
    }

    fn to_within(&self, to: &mut String) {
        match self {
            Tree::Text(text) => to.push_str(&literal(text)),
            Tree::Number(text) | Tree::Word(text) => to.push_str(text),
            Tree::Name(parts) => to.push_str(&parts.iter().map(|part| part_text(part)).collect::<Vec<_>>().join(".")),
            Tree::Call(call) => call.to(to),
            Tree::Cast(inner, data_type) => {
                inner.operand(to);
                to.push_str("::");
                to.push_str(&type_text(data_type));
            }
            Tree::Unary(operator, operand) => {
                to.push_str(operator);
                to.push(' ');
                operand.operand(to);
            }
            Tree::Binary(operator, left, right) => {
                left.operand(to);
                to.push_str(&format!(" {operator} "));
                right.operand(to);
            }
            Tree::Is(operand, words) => {
                operand.operand(to);
                to.push_str(" is ");
                to.push_str(words);
            }
            Tree::Logic(and, parts) => {
                for (at, part) in parts.iter().enumerate() {
                    if at > 0 {
                        to.push_str(if *and { " and " } else { " or " });
                    }
                    part.operand(to);
                }
            }
            Tree::Not(operand) => {
                to.push_str("not ");
                operand.operand(to);
            }
            Tree::Any { operator, all, left, right } => {
                let word = if *all { "all" } else { "any" };
                left.operand(to);
                to.push_str(&format!(" {operator} {word} ("));
                right.to(to);
                to.push(')');
            }
            Tree::Array(parts) => list("array[", parts, "]", to),
            Tree::Row(parts) => list("row(", parts, ")", to),
            Tree::Case { operand, whens, otherwise } => case(operand.as_deref(), whens, otherwise.as_deref(), to),
            Tree::Field(base, field) => {
                to.push('(');
                base.to(to);
                to.push_str(").");
                to.push_str(&part_text(field));
            }
            Tree::Element(base, bounds) => element(base, bounds, to),
            Tree::Collate(inner, collation) => {
                inner.operand(to);
                to.push_str(" collate ");
                to.push_str(collation);
            }
            Tree::Query(node) => to.push_str(&super::joined(&node.text().to_string())),
            Tree::Exists(query) | Tree::ArrayOf(query) => {
                to.push_str(if matches!(self, Tree::Exists(_)) { "exists(" } else { "array(" });
                query.to(to);
                to.push(')');
            }
            Tree::Other(parts) => pieces(parts, to),
        }
    }

    /// As part of a larger expression: in parentheses unless it is plainly one thing.
    fn operand(&self, to: &mut String) {
        let plain = match self {
            Tree::Number(text) => !text.starts_with('-'),
            Tree::Text(_) | Tree::Word(_) | Tree::Name(_) | Tree::Call(_) | Tree::Array(_) | Tree::Row(_) => true,
            Tree::Cast(..) | Tree::Element(..) | Tree::Field(..) | Tree::Exists(_) | Tree::ArrayOf(_) => true,
            _ => false,
        };
        if plain {
            self.to(to);
        } else {
            to.push('(');
            self.to(to);
            to.push(')');
        }
    }
}

fn list(before: &str, parts: &[Tree], behind: &str, to: &mut String) {
    to.push_str(before);
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            to.push_str(", ");
        }
        part.to(to);
    }
    to.push_str(behind);
}

/// A part of a name; the star is none.
fn part_text(part: &str) -> String {
    if part == "*" { part.to_owned() } else { quote(part) }
}

fn element(base: &Tree, bounds: &[Option<Tree>], to: &mut String) {
    base.operand(to);
    to.push('[');
    for (at, bound) in bounds.iter().enumerate() {
        if at > 0 {
            to.push(':');
        }
        if let Some(bound) = bound {
            bound.to(to);
        }
    }
    to.push(']');
}

fn case(operand: Option<&Tree>, whens: &[(Tree, Tree)], otherwise: Option<&Tree>, to: &mut String) {
    to.push_str("case");
    if let Some(operand) = operand {
        to.push(' ');
        operand.operand(to);
    }
    for (when, then) in whens {
        to.push_str(" when ");
        when.to(to);
        to.push_str(" then ");
        then.to(to);
    }
    if let Some(otherwise) = otherwise {
        to.push_str(" else ");
        otherwise.to(to);
    }
    to.push_str(" end");
}

/// Pieces in a row, without blanks where none is needed.
pub(super) fn pieces(parts: &[Piece], to: &mut String) {
    for part in parts {
        let mut text = String::new();
        match part {
            Piece::Word(word) => text.push_str(word),
            Piece::Tree(tree) => tree.to(&mut text),
        }
        let tight = to.is_empty()
            || to.ends_with(['(', '[', ' ', '.'])
            || matches!(text.as_str(), ")" | "," | "]" | "[" | "." | ";")
            || text.is_empty();
        if !tight {
            to.push(' ');
        }
        to.push_str(&text);
    }
}

impl Call {
    fn to(&self, to: &mut String) {
        let argument = |at: usize| self.arguments.get(at).map(|(_, tree)| tree);
        // These take no commas.
        match (self.name.as_str(), self.arguments.len()) {
            ("extract", 2) => {
                if let (Some(Tree::Text(field)), Some(from)) = (argument(0), argument(1)) {
                    to.push_str(&format!("extract({field} from "));
                    from.to(to);
                    to.push(')');
                    return;
                }
            }
            ("position", 2) => {
                if let (Some(string), Some(part)) = (argument(0), argument(1)) {
                    to.push_str("position(");
                    part.operand(to);
                    to.push_str(" in ");
                    string.operand(to);
                    to.push(')');
                    return;
                }
            }
            _ => {}
        }
        to.push_str(&quote(&self.name));
        to.push('(');
        if !self.before.is_empty() {
            to.push_str(&self.before);
            to.push(' ');
        }
        for (at, (before, argument)) in self.arguments.iter().enumerate() {
            if at > 0 {
                to.push_str(", ");
            }
            if !before.is_empty() {
                to.push_str(before);
                to.push(' ');
            }
            argument.to(to);
        }
        pieces(&self.inside, to);
        to.push(')');
        if !self.behind.is_empty() {
            pieces(&self.behind, to);
        }
    }
}

/// A text in quotes.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A type within an expression: types of the database go by their bare name.
pub(super) fn type_text(data_type: &DataType) -> String {
    let mut bare = DataType { schema: None, ..data_type.clone() };
    if data_type.schema.is_some() || !super::types::is_builtin(&data_type.name) {
        bare.name = quote(&data_type.name);
    }
    // Without quotes these would be one character, one bit.
    match bare.name.as_str() {
        "bit" | "character" if bare.modifiers.is_empty() => bare.name = format!("\"{}\"", bare.name),
        _ => {}
    }
    bare.to_string()
}
