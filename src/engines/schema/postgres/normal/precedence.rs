//! Operators and operands put together by the server's own precedence. The grammar nests some of them another way (`a || b || c`,
//! `x::int BETWEEN 1 AND 2`), so that the row of what is written is taken and put together anew.
use super::names::{last_part, quote};
use super::parse::{blank, expression, is_expression, is_type, membership, quantifier};
use super::tree::Tree;
use super::types::data_type;
use crate::engines::schema::catalog::DataType;
use squawk_syntax::{SyntaxKind, SyntaxNode};

/// What stands in the row.
#[derive(Debug, Clone)]
enum Item {
    /// An operand.
    Operand(SyntaxNode),
    /// A word or sign.
    Word(String),
    /// What follows `::`.
    Type(DataType),
    /// What follows `COLLATE`.
    Collation(String),
}

/// How tightly operators bind.
mod bind {
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const IS: u8 = 4;
    pub(super) const COMPARE: u8 = 5;
    pub(super) const MATCH: u8 = 6;
    pub(super) const OTHER: u8 = 7;
    pub(super) const ADD: u8 = 8;
    pub(super) const MULTIPLY: u8 = 9;
    pub(super) const POWER: u8 = 10;
    pub(super) const AT: u8 = 11;
    pub(super) const COLLATE: u8 = 12;
    pub(super) const SIGN: u8 = 13;
    pub(super) const CAST: u8 = 15;
}

/// Whether a node is one that this file takes apart.
pub(super) fn is_row(node: &SyntaxNode) -> bool {
    match node.kind() {
        SyntaxKind::BIN_EXPR | SyntaxKind::PREFIX_EXPR | SyntaxKind::POSTFIX_EXPR | SyntaxKind::BETWEEN_EXPR => true,
        SyntaxKind::COLLATE => node.children().any(|child| is_expression(child.kind())),
        SyntaxKind::CAST_EXPR => node.children().any(|child| child.kind() == SyntaxKind::COLON_COLON),
        _ => false,
    }
}

/// Whether a node is the rest of the expression before it: the grammar leaves `BETWEEN` behind a cast alone.
pub(super) fn continues(node: &SyntaxNode) -> bool {
    node.kind() == SyntaxKind::BETWEEN_EXPR && node.children().filter(|child| is_expression(child.kind())).count() < 3
}

/// The expression of a node and what continues it. `None` when it cannot be put together.
pub(super) fn together(nodes: &[SyntaxNode]) -> Option<Tree> {
    let mut items = Vec::new();
    nodes.iter().for_each(|node| flatten(node, &mut items));
    let mut row = Row { items, at: 0 };
    let tree = row.expression(0)?;
    (row.at == row.items.len()).then_some(tree)
}

fn flatten(node: &SyntaxNode, items: &mut Vec<Item>) {
    if !is_row(node) && !continues(node) {
        items.push(Item::Operand(node.clone()));
        return;
    }
    let is_cast = node.kind() == SyntaxKind::CAST_EXPR;
    for child in node.children_with_tokens() {
        if let Some(token) = child.as_token() {
            if !blank(token) {
                words(&[token.text().to_lowercase()], items);
            }
        } else if let Some(child) = child.as_node() {
            match child.kind() {
                kind if is_expression(kind) => {
                    stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || flatten(child, items));
                }
                SyntaxKind::COLON_COLON => items.push(Item::Word("::".to_owned())),
                kind if is_cast && is_type(kind) => items.push(Item::Type(data_type(&child.text().to_string()))),
                SyntaxKind::OPERATOR_CALL => items.push(Item::Word(signs(child))),
                SyntaxKind::CUSTOM_OP => items.push(Item::Word(child.text().to_string())),
                SyntaxKind::COLLATION_REF => {
                    items.push(Item::Collation(quote(&last_part(&child.text().to_string()))));
                }
                _ => words(&super::parse::words(child), items),
            }
        }
    }
}

fn words(words: &[String], items: &mut Vec<Item>) {
    items.extend(words.iter().map(|word| Item::Word(word.clone())));
}

/// The sign of `OPERATOR(schema.@>)`.
fn signs(node: &SyntaxNode) -> String {
    node.descendants_with_tokens()
        .filter_map(|one| one.into_token())
        .filter(|token| token.text().chars().all(|one| "+-*/<>=~!@#%^&|`?".contains(one)))
        .map(|token| token.text().to_owned())
        .collect()
}

/// The row, and how far it is read.
struct Row {
    items: Vec<Item>,
    at: usize,
}

impl Row {
    fn word(&self, ahead: usize) -> &str {
        match self.items.get(self.at + ahead) {
            Some(Item::Word(word)) => word,
            _ => "",
        }
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.word(0) == word;
        self.at += usize::from(found);
        found
    }

    /// An expression whose operators bind at least as tightly as this.
    fn expression(&mut self, least: u8) -> Option<Tree> {
        stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || {
            let mut left = self.first()?;
            loop {
                match self.next(left, least)? {
                    (tree, true) => left = tree,
                    (tree, false) => return Some(tree),
                }
            }
        })
    }

    fn first(&mut self) -> Option<Tree> {
        if let Some(Item::Operand(node)) = self.items.get(self.at).cloned() {
            self.at += 1;
            return Some(expression(&node));
        }
        let sign = self.word(0).to_owned();
        if sign.is_empty() {
            return None;
        }
        self.at += 1;
        Some(match sign.as_str() {
            "not" => Tree::Not(Box::new(self.expression(bind::NOT)?)),
            "-" => match self.expression(bind::SIGN)? {
                Tree::Number(digits) => Tree::Number(match digits.strip_prefix('-') {
                    Some(positive) => positive.to_owned(),
                    None => format!("-{digits}"),
                }),
                operand => Tree::Unary(sign, Box::new(operand)),
            },
            "+" => match self.expression(bind::SIGN)? {
                operand @ Tree::Number(_) => operand,
                operand => Tree::Unary(sign, Box::new(operand)),
            },
            _ => Tree::Unary(sign, Box::new(self.expression(bind::OTHER)?)),
        })
    }

    /// What follows an operand, when it binds tightly enough; whether there was something.
    fn next(&mut self, left: Tree, least: u8) -> Option<(Tree, bool)> {
        let sign = self.word(0).to_owned();
        let negated = sign == "not" && matches!(self.word(1), "like" | "ilike" | "in" | "between" | "similar");
        let tight = match sign.as_str() {
            "" => return Some((left, false)),
            "or" => bind::OR,
            "and" => bind::AND,
            "is" | "isnull" | "notnull" => bind::IS,
            "<" | ">" | "=" | "<=" | ">=" | "<>" | "!=" => bind::COMPARE,
            "like" | "ilike" | "in" | "between" | "similar" | "overlaps" => bind::MATCH,
            "not" if negated => bind::MATCH,
            "+" | "-" => bind::ADD,
            "*" | "/" | "%" => bind::MULTIPLY,
            "^" => bind::POWER,
            "at" => bind::AT,
            "collate" => bind::COLLATE,
            "::" => bind::CAST,
            "escape" | "not" => return Some((left, false)),
            other if other.chars().all(|one| !one.is_alphanumeric()) => bind::OTHER,
            _ => return Some((left, false)),
        };
        if tight < least {
            return Some((left, false));
        }
        self.at += 1;
        if negated {
            self.at += 1;
        }
        let word = if negated { self.items.get(self.at - 1).map(text_of).unwrap_or_default() } else { sign };
        let tree = match word.as_str() {
            "or" | "and" => {
                let right = self.expression(tight + 1)?;
                Tree::logic(word == "and", vec![left, right])
            }
            "is" => self.is(left)?,
            "isnull" => Tree::Is(Box::new(left), "null".to_owned()),
            "notnull" => Tree::Is(Box::new(left), "not null".to_owned()),
            "like" | "ilike" | "similar" => self.like(left, &word, negated)?,
            "in" => self.within(left, negated)?,
            "between" => self.between(left, negated)?,
            "overlaps" => overlaps(left, self.expression(bind::MATCH + 1)?),
            "at" => self.at_zone(left)?,
            "collate" => match self.items.get(self.at).cloned() {
                Some(Item::Collation(collation)) => {
                    self.at += 1;
                    Tree::Collate(Box::new(left), collation)
                }
                _ => return None,
            },
            "::" => match self.items.get(self.at).cloned() {
                Some(Item::Type(kind)) => {
                    self.at += 1;
                    Tree::Cast(Box::new(left), kind)
                }
                _ => return None,
            },
            _ => self.operator(left, &word, tight)?,
        };
        Some((tree, true))
    }

    fn operator(&mut self, left: Tree, sign: &str, tight: u8) -> Option<Tree> {
        let sign = if sign == "!=" { "<>" } else { sign };
        if let Some(any) = self.quantified(&left, sign) {
            return Some(any);
        }
        let right = self.expression(tight + 1)?;
        Some(Tree::binary(sign, left, right))
    }

    /// `ANY (…)`, `ALL (…)` behind an operator.
    fn quantified(&mut self, left: &Tree, sign: &str) -> Option<Tree> {
        let Some(Item::Operand(node)) = self.items.get(self.at) else { return None };
        let (all, inside) = quantifier(node)?;
        self.at += 1;
        Some(Tree::Any { operator: sign.to_owned(), all, left: Box::new(left.clone()), right: Box::new(inside) })
    }

    fn is(&mut self, left: Tree) -> Option<Tree> {
        let not = self.eat("not");
        if self.word(0) == "distinct" && self.word(1) == "from" {
            self.at += 2;
            let right = self.expression(bind::IS + 1)?;
            let test = Tree::binary("is distinct from", left, right);
            return Some(if not { Tree::Not(Box::new(test)) } else { test });
        }
        let mut words = Vec::new();
        if not {
            words.push("not".to_owned());
        }
        // `null` and `true` are operands of the grammar; `json with unique keys` are words.
        if let Some(Item::Operand(node)) = self.items.get(self.at) {
            words.extend(super::parse::words(node));
            self.at += 1;
        } else {
            while matches!(
                self.word(0),
                "null"
                    | "json"
                    | "value"
                    | "object"
                    | "array"
                    | "scalar"
                    | "with"
                    | "without"
                    | "unique"
                    | "keys"
                    | "normalized"
                    | "nfc"
                    | "nfd"
                    | "nfkc"
                    | "nfkd"
                    | "not"
                    | "document"
            ) {
                words.push(self.word(0).to_owned());
                self.at += 1;
            }
        }
        Some(Tree::Is(Box::new(left), words.join(" ")))
    }

    fn like(&mut self, left: Tree, word: &str, not: bool) -> Option<Tree> {
        if word == "similar" {
            self.eat("to");
        }
        let sign = match (word, not) {
            ("like", false) => "~~",
            ("like", true) => "!~~",
            ("ilike", false) => "~~*",
            ("ilike", true) => "!~~*",
            (_, false) => "~",
            (_, true) => "!~",
        };
        if let Some(any) = self.quantified(&left, sign) {
            return Some(any);
        }
        let mut pattern = vec![self.expression(bind::MATCH + 1)?];
        if self.eat("escape") {
            pattern.push(self.expression(bind::MATCH + 1)?);
        }
        let right = match (word, pattern.len()) {
            ("similar", _) => Tree::call("similar_to_escape", pattern),
            (_, 2) => Tree::call("like_escape", pattern),
            _ => pattern.pop()?,
        };
        Some(Tree::binary(sign, left, right))
    }

    fn within(&mut self, left: Tree, not: bool) -> Option<Tree> {
        let Some(Item::Operand(node)) = self.items.get(self.at).cloned() else { return None };
        self.at += 1;
        membership(not, left, &node)
    }

    fn between(&mut self, target: Tree, not: bool) -> Option<Tree> {
        let symmetric = self.eat("symmetric");
        self.eat("asymmetric");
        let low = self.expression(bind::MATCH + 1)?;
        if !self.eat("and") {
            return None;
        }
        let high = self.expression(bind::MATCH + 1)?;
        let within = |low: Tree, high: Tree| {
            let (from, to) = if not { ("<", ">") } else { (">=", "<=") };
            let tests = vec![Tree::binary(from, target.clone(), low), Tree::binary(to, target.clone(), high)];
            Tree::logic(!not, tests)
        };
        Some(match symmetric {
            true => Tree::logic(not, vec![within(low.clone(), high.clone()), within(high, low)]),
            false => within(low, high),
        })
    }

    fn at_zone(&mut self, left: Tree) -> Option<Tree> {
        if self.eat("local") {
            return Some(Tree::call("timezone", vec![left]));
        }
        if !(self.eat("time") && self.eat("zone")) {
            return None;
        }
        let zone = self.expression(bind::AT + 1)?;
        Some(Tree::call("timezone", vec![zone, left]))
    }
}

fn text_of(item: &Item) -> String {
    match item {
        Item::Word(word) => word.clone(),
        _ => String::new(),
    }
}

fn overlaps(left: Tree, right: Tree) -> Tree {
    match (left, right) {
        (Tree::Row(mut left), Tree::Row(right)) => {
            left.extend(right);
            Tree::call("overlaps", left)
        }
        (left, right) => Tree::binary("overlaps", left, right),
    }
}
