//! The syntax tree of `squawk-syntax` turned into our own, with everything that is only another way to write the same made one.
use super::names::{fold, last_part, quote, unquote};
use super::precedence::{continues, is_row, together};
use super::query::is_query;
use super::tree::{Call, Piece, Tree};
use super::types::data_type;
use crate::engines::schema::catalog::DataType;
use crate::engines::schema::postgres::source;
use squawk_syntax::{SyntaxKind, SyntaxNode, SyntaxToken};

/// Stands for the list behind `IN` until its type is known; no function has such a name.
pub(super) const IN_LIST: &str = "in ()";

/// Words that are values.
const VALUES: &str = " current_catalog current_date current_role current_schema current_time current_timestamp current_user localtime localtimestamp \
    session_user system_user user default true false null unknown document value ";

/// The expression of a text; `None` when it is none.
pub(super) fn parse(text: &str) -> Option<Tree> {
    if too_deep(text) {
        return None;
    }
    let parsed = source::parse(&format!("SELECT {text}"));
    if !parsed.errors().is_empty() {
        return None;
    }
    let mut targets = parsed.syntax_node().descendants().filter(|node| node.kind() == SyntaxKind::TARGET_LIST);
    let list = targets.next()?;
    let mut targets = list.children();
    let target = targets.next()?;
    let whole = list.parent()?.parent()?;
    // Anything behind the expression (a FROM, an alias, a second one) means that it is none.
    let parts: Vec<SyntaxNode> = target.children().collect();
    if targets.next().is_some() || whole.children().count() != 1 || !parts.iter().all(|part| is_expression(part.kind()))
    {
        return None;
    }
    if target.kind() != SyntaxKind::TARGET || parsed.syntax_node().children().count() != 1 {
        return None;
    }
    let mut found = grouped(&parts);
    if found.len() == 1 { found.pop() } else { None }
}

/// Whether a text is nested deeper than what is parsed, or longer than any expression is.
pub(super) fn too_deep(text: &str) -> bool {
    text.len() > 200_000 || source::too_deep(text)
}

/// The tokens of a node itself that are not blank.
fn own_tokens(node: &SyntaxNode) -> impl Iterator<Item = SyntaxToken> {
    node.children_with_tokens().filter_map(|one| one.into_token()).filter(|token| !blank(token))
}

/// Whether a token is white space or a comment.
pub(super) fn blank(token: &SyntaxToken) -> bool {
    matches!(token.kind(), SyntaxKind::WHITESPACE | SyntaxKind::COMMENT)
}

/// All tokens of a node that are not blank, as words.
pub(super) fn words(node: &SyntaxNode) -> Vec<String> {
    node.descendants_with_tokens()
        .filter_map(|one| one.into_token())
        .filter(|token| !blank(token))
        .map(|token| token.text().to_lowercase())
        .collect()
}

/// Whether a node is an expression.
pub(super) fn is_expression(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(
        kind,
        K::CALL_EXPR
            | K::CAST_EXPR
            | K::COLLATE
            | K::ARRAY_EXPR
            | K::LITERAL
            | K::NAME_REF
            | K::BIN_EXPR
            | K::CASE_EXPR
            | K::FIELD_EXPR
            | K::INDEX_EXPR
            | K::SLICE_EXPR
            | K::BETWEEN_EXPR
            | K::PAREN_EXPR
            | K::TUPLE_EXPR
            | K::PREFIX_EXPR
            | K::POSTFIX_EXPR
    )
}

fn operands(node: &SyntaxNode) -> Vec<Tree> {
    let nodes: Vec<SyntaxNode> = node.children().filter(|child| is_expression(child.kind())).collect();
    grouped(&nodes)
}

/// The expressions of nodes in a row; some go on over several nodes.
fn grouped(nodes: &[SyntaxNode]) -> Vec<Tree> {
    let mut groups: Vec<Vec<SyntaxNode>> = Vec::new();
    for node in nodes {
        match groups.last_mut().filter(|_| continues(node)) {
            Some(group) => group.push(node.clone()),
            None => groups.push(vec![node.clone()]),
        }
    }
    groups.iter().map(|group| whole(group)).collect()
}

/// The expression of a node and of what continues it.
fn whole(group: &[SyntaxNode]) -> Tree {
    match group {
        [node] => expression(node),
        _ => stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || {
            together(group).unwrap_or_else(|| Tree::Other(group.iter().flat_map(pieces).collect()))
        }),
    }
}

/// Our tree of an expression.
pub(super) fn expression(node: &SyntaxNode) -> Tree {
    stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || expression_within(node))
}

fn expression_within(node: &SyntaxNode) -> Tree {
    if is_row(node) {
        return together(std::slice::from_ref(node)).unwrap_or_else(|| Tree::Other(pieces(node)));
    }
    let found = match node.kind() {
        SyntaxKind::LITERAL => own_tokens(node).next().map(|token| constant(&token)),
        SyntaxKind::NAME_REF => own_tokens(node).next().map(|token| name(&token)),
        SyntaxKind::FIELD_EXPR => field(node),
        SyntaxKind::PAREN_EXPR => operands(node).into_iter().next().or_else(|| query_in(node)),
        SyntaxKind::TUPLE_EXPR => Some(Tree::Row(operands(node))),
        SyntaxKind::ARRAY_EXPR if own_tokens(node).any(|token| token.kind() == SyntaxKind::L_BRACK) => {
            Some(Tree::Array(operands(node)))
        }
        SyntaxKind::CALL_EXPR => call(node),
        SyntaxKind::ARRAY_EXPR => query_in(node).map(|query| Tree::ArrayOf(Box::new(query))),
        SyntaxKind::CAST_EXPR => cast(node),
        SyntaxKind::CASE_EXPR => case(node),
        SyntaxKind::INDEX_EXPR => {
            let mut parts = operands(node).into_iter();
            match (parts.next(), parts.next()) {
                (Some(base), Some(index)) => Some(Tree::Element(Box::new(base), vec![Some(index)])),
                _ => None,
            }
        }
        SyntaxKind::SLICE_EXPR => slice(node),
        _ => None,
    };
    found.unwrap_or_else(|| Tree::Other(pieces(node)))
}

/// The query in a node, without the parentheses around it.
fn query_in(node: &SyntaxNode) -> Option<Tree> {
    node.children().find(|child| is_query(child.kind())).map(Tree::Query)
}

/// The expressions in a node.
pub(super) fn expressions_of(node: &SyntaxNode) -> Vec<Tree> {
    operands(node)
}

/// A node that has no form of its own: its words, and the expressions in it.
pub(super) fn pieces(node: &SyntaxNode) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for child in node.children_with_tokens() {
        if let Some(token) = child.as_token() {
            if !blank(token) && token.kind() != SyntaxKind::SEMICOLON {
                pieces.push(Piece::Word(word(token)));
            }
        } else if let Some(child) = child.as_node() {
            match child.kind() {
                _ if continues(child) && matches!(pieces.last(), Some(Piece::Tree(_))) => {}
                kind if is_expression(kind) => {
                    let mut group = vec![child.clone()];
                    group.extend(child.next_sibling().filter(continues));
                    pieces.push(Piece::Tree(whole(&group)));
                }
                kind if is_query(kind) && node.kind() != SyntaxKind::SOURCE_FILE => {
                    pieces.push(Piece::Tree(Tree::Query(child.clone())))
                }
                SyntaxKind::PATH | SyntaxKind::PATH_REF => {
                    pieces.push(Piece::Word(quote(&last_part(&child.text().to_string()))));
                }
                kind if is_type(kind) => {
                    pieces.push(Piece::Word(super::tree::type_text(&data_type(&child.text().to_string()))));
                }
                SyntaxKind::NO_INDENT => {}
                _ => pieces.extend(stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || self::pieces(child))),
            }
        }
    }
    pieces
}

fn word(token: &SyntaxToken) -> String {
    match token.text() {
        text if text.starts_with('"') => quote(&fold(text)),
        text if is_string(token.kind()) => super::tree::literal(&unquote(text)),
        text => text.to_lowercase(),
    }
}

fn is_string(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::STRING
            | SyntaxKind::ESC_STRING
            | SyntaxKind::DOLLAR_QUOTED_STRING
            | SyntaxKind::NATIONAL_STRING
            | SyntaxKind::UNICODE_ESC_STRING
    )
}

pub(super) fn is_type(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(
        kind,
        K::ARRAY_TYPE
            | K::PATH_TYPE
            | K::VARCHAR_TYPE
            | K::CHARACTER_TYPE
            | K::BIT_TYPE
            | K::BIT_VARYING_TYPE
            | K::DOUBLE_TYPE
            | K::TIME_TYPE
            | K::TIMESTAMP_TYPE
            | K::INTERVAL_TYPE
    )
}

fn constant(token: &SyntaxToken) -> Tree {
    let text = token.text();
    match token.kind() {
        kind if is_string(kind) => Tree::Text(unquote(text)),
        SyntaxKind::INT_NUMBER | SyntaxKind::NUMERIC_NUMBER => {
            let digits = super::literal::number(text);
            let whole = text.contains(['e', 'E']) && !text.starts_with("0x") && !digits.contains('.');
            // `1e6` is no integer.
            match whole && super::literal::natural(&digits) != "numeric" {
                true => Tree::Cast(Box::new(Tree::Number(digits)), DataType::plain("numeric")),
                false => Tree::Number(digits),
            }
        }
        SyntaxKind::BIT_STRING => Tree::Cast(Box::new(Tree::Text(unquote(text))), DataType::plain("bit")),
        SyntaxKind::BYTE_STRING => {
            let bits: String = unquote(text)
                .chars()
                .filter_map(|digit| digit.to_digit(16))
                .map(|digit| format!("{digit:04b}"))
                .collect();
            Tree::Cast(Box::new(Tree::Text(bits)), DataType::plain("bit"))
        }
        _ => Tree::Word(text.to_lowercase()),
    }
}

fn name(token: &SyntaxToken) -> Tree {
    let folded = fold(token.text());
    let is_value = !token.text().starts_with('"') && VALUES.contains(&format!(" {folded} "));
    match is_value {
        true => Tree::Word(folded),
        false => Tree::Name(vec![folded]),
    }
}

fn field(node: &SyntaxNode) -> Option<Tree> {
    let base = node.first_child()?;
    let last = node.children().nth(1);
    let field = match last {
        Some(field) => fold(own_tokens(&field).next()?.text()),
        None => "*".to_owned(),
    };
    let plain = matches!(base.kind(), SyntaxKind::NAME_REF | SyntaxKind::FIELD_EXPR);
    Some(match expression(&base) {
        Tree::Name(mut parts) if plain => {
            parts.push(field);
            Tree::Name(parts)
        }
        // `value.x`, `user.x`: a word that is a table here.
        Tree::Word(word) if plain => Tree::Name(vec![word, field]),
        other => Tree::Field(Box::new(other), field),
    })
}

/// `ANY (…)`, `SOME (…)`, `ALL (…)` of an array.
pub(super) fn quantifier(node: &SyntaxNode) -> Option<(bool, Tree)> {
    let inner = node.first_child().filter(|_| node.kind() == SyntaxKind::CALL_EXPR)?;
    let all = match inner.kind() {
        SyntaxKind::ANY_FN | SyntaxKind::SOME_FN => false,
        SyntaxKind::ALL_FN => true,
        _ => return None,
    };
    let inside = match inner.children().find(|child| is_expression(child.kind())) {
        Some(array) => expression(&array),
        None => query_in(&inner)?,
    };
    Some((all, inside))
}

/// `x IN (…)`.
pub(super) fn membership(not: bool, left: Tree, right: &SyntaxNode) -> Option<Tree> {
    let single = right.kind() == SyntaxKind::PAREN_EXPR;
    let parts = match right.kind() {
        SyntaxKind::PAREN_EXPR if operands(right).is_empty() => {
            let any = Tree::Any {
                operator: "=".to_owned(),
                all: false,
                left: Box::new(left),
                right: Box::new(query_in(right)?),
            };
            return Some(if not { Tree::Not(Box::new(any)) } else { any });
        }
        SyntaxKind::PAREN_EXPR | SyntaxKind::TUPLE_EXPR => operands(right),
        _ => return None,
    };
    let sign = if not { "<>" } else { "=" };
    let fixed = parts.iter().filter(|part| !has_columns(part)).count();
    let mut tests = Vec::new();
    let mut others = parts;
    if fixed > 1 && !single && !matches!(left, Tree::Row(_)) {
        let (fixed, columns): (Vec<Tree>, Vec<Tree>) = others.into_iter().partition(|part| !has_columns(part));
        tests.push(Tree::Any {
            operator: sign.to_owned(),
            all: not,
            left: Box::new(left.clone()),
            right: Box::new(Tree::call(IN_LIST, fixed)),
        });
        others = columns;
    }
    tests.extend(others.into_iter().map(|part| Tree::binary(sign, left.clone(), part)));
    if tests.len() == 1 { tests.pop() } else { Some(Tree::logic(not, tests)) }
}

/// Whether columns are named in it.
fn has_columns(tree: &Tree) -> bool {
    match tree {
        Tree::Name(_) => true,
        Tree::Text(_) | Tree::Number(_) | Tree::Word(_) => false,
        Tree::Cast(inner, _) | Tree::Collate(inner, _) | Tree::Unary(_, inner) | Tree::Not(inner) => has_columns(inner),
        Tree::Is(inner, _) | Tree::Field(inner, _) => has_columns(inner),
        Tree::Binary(_, left, right) | Tree::Any { left, right, .. } => has_columns(left) || has_columns(right),
        Tree::Logic(_, parts) | Tree::Array(parts) | Tree::Row(parts) => parts.iter().any(has_columns),
        Tree::Call(call) => call.arguments.iter().any(|(_, one)| has_columns(one)),
        _ => true,
    }
}

fn slice(node: &SyntaxNode) -> Option<Tree> {
    let mut base = None;
    let mut bounds = vec![None];
    for child in node.children_with_tokens() {
        if let Some(child) = child.as_node() {
            if base.is_none() {
                base = Some(expression(child));
            } else if let Some(last) = bounds.last_mut() {
                *last = Some(expression(child));
            }
        } else if child.kind() == SyntaxKind::COLON {
            bounds.push(None);
        }
    }
    Some(Tree::Element(Box::new(base?), bounds))
}

fn case(node: &SyntaxNode) -> Option<Tree> {
    let mut operand = None;
    let mut whens = Vec::new();
    let mut otherwise = None;
    for child in node.children() {
        match child.kind() {
            SyntaxKind::WHEN_CLAUSE_LIST => {
                for when in child.children() {
                    let mut parts = operands(&when).into_iter();
                    whens.push((parts.next()?, parts.next()?));
                }
            }
            SyntaxKind::ELSE_CLAUSE => otherwise = operands(&child).into_iter().next().map(Box::new),
            _ if continues(&child) => {}
            _ => {
                let mut group = vec![child.clone()];
                group.extend(child.next_sibling().filter(continues));
                operand = Some(Box::new(whole(&group)));
            }
        }
    }
    // No ELSE is ELSE NULL.
    let otherwise = otherwise.filter(|other| !is_null(other));
    Some(Tree::Case { operand, whens, otherwise })
}

/// Whether it is `NULL`, of whatever type.
pub(super) fn is_null(tree: &Tree) -> bool {
    match tree {
        Tree::Word(word) => word == "null",
        Tree::Cast(inner, _) => is_null(inner),
        _ => false,
    }
}

fn cast(node: &SyntaxNode) -> Option<Tree> {
    let kind = node.children().find(|child| is_type(child.kind()))?;
    let to = data_type(&kind.text().to_string());
    let inner = operands(node).into_iter().next()?;
    // interval '1' day
    let unit = node.children().find(|child| child != &kind && !is_expression(child.kind()));
    let (inner, to) = match (inner, unit) {
        (Tree::Text(text), Some(unit)) => (Tree::Text(super::literal::with_unit(&text, &words(&unit))), to),
        (inner, _) => (inner, to),
    };
    Some(Tree::Cast(Box::new(inner), to))
}

fn call(node: &SyntaxNode) -> Option<Tree> {
    let first = node.first_child()?;
    match first.kind() {
        SyntaxKind::EXTRACT_FN => {
            let token = words(&first).into_iter().nth(2)?;
            let field = if token.starts_with('\'') { unquote(&token) } else { fold(&token) };
            let from = operands(&first).into_iter().next_back()?;
            Some(Tree::call("extract", vec![Tree::Text(field), from]))
        }
        SyntaxKind::POSITION_FN => {
            let mut parts = operands(&first).into_iter();
            let (part, string) = (parts.next()?, parts.next()?);
            Some(Tree::call("position", vec![string, part]))
        }
        SyntaxKind::SUBSTRING_FN | SyntaxKind::OVERLAY_FN => rearranged(&first),
        SyntaxKind::TRIM_FN => trim(&first),
        SyntaxKind::EXISTS_FN => query_in(&first).map(|query| Tree::Exists(Box::new(query))),
        SyntaxKind::COLLATION_FOR_FN => Some(Tree::call("pg_collation_for", operands(&first))),
        kind if is_expression(kind) => named_call(node, &first),
        _ => None,
    }
}

/// `substring(x from 1 for 2)`, `overlay(x placing y from 1)` as plain calls.
fn rearranged(node: &SyntaxNode) -> Option<Tree> {
    let name = own_tokens(node).next()?.text().to_lowercase();
    let inside = node.children().next()?;
    let parts = operands(&inside);
    match inside.kind() {
        SyntaxKind::SUBSTRING_FOR_FROM => {
            let mut parts = parts.into_iter();
            let (string, length) = (parts.next()?, parts.next()?);
            Some(Tree::call("substring", vec![string, parts.next().unwrap_or(Tree::Number("1".to_owned())), length]))
        }
        SyntaxKind::SUBSTRING_SIMILAR_ESCAPE => None,
        _ => Some(Tree::call(&name, parts)),
    }
}

fn trim(node: &SyntaxNode) -> Option<Tree> {
    let side = node.children().find_map(|child| match child.kind() {
        SyntaxKind::TRIM_LEADING => Some("ltrim"),
        SyntaxKind::TRIM_TRAILING => Some("rtrim"),
        _ => None,
    });
    let inside = node.children().find(|child| {
        matches!(child.kind(), SyntaxKind::TRIM_FROM | SyntaxKind::TRIM_EXPR_FROM | SyntaxKind::TRIM_EXPRS)
    })?;
    let mut parts = operands(&inside);
    if inside.kind() == SyntaxKind::TRIM_EXPR_FROM && parts.len() > 1 {
        // What is cut off stands first.
        let cut = parts.remove(0);
        parts.push(cut);
    }
    Some(Tree::call(side.unwrap_or("btrim"), parts))
}

fn named_call(node: &SyntaxNode, callee: &SyntaxNode) -> Option<Tree> {
    let name = last_part(&callee.text().to_string());
    let mut call = Call { name, ..Call::default() };
    for child in node.children().skip(1) {
        if child.kind() == SyntaxKind::ARG_LIST {
            arguments(&child, &mut call);
        } else {
            call.behind.extend(pieces(&child));
        }
    }
    if matches!(call.name.as_str(), "current_timestamp" | "current_time" | "localtime" | "localtimestamp") {
        let digits: Vec<String> = call.arguments.iter().map(|(_, one)| one.write()).collect();
        return Some(Tree::Word(format!("{}({})", call.name, digits.join(","))));
    }
    if let Some((_, Tree::Array(_))) = call.arguments.last().filter(|(before, _)| before == "variadic")
        && let Some((_, Tree::Array(parts))) = call.arguments.pop()
    {
        call.arguments.extend(parts.into_iter().map(|part| (String::new(), part)));
    }
    if call.name == "row" {
        return Some(Tree::Row(call.arguments.into_iter().map(|(_, one)| one).collect()));
    }
    Some(Tree::Call(call))
}

fn arguments(list: &SyntaxNode, call: &mut Call) {
    for child in list.children_with_tokens() {
        if let Some(token) = child.as_token() {
            if token.kind() == SyntaxKind::STAR {
                call.inside.push(Piece::Word("*".to_owned()));
            }
            continue;
        }
        let Some(child) = child.as_node() else { continue };
        if child.kind() != SyntaxKind::ARG {
            let before = words(child).join(" ");
            call.before = if before == "all" { String::new() } else { before };
            continue;
        }
        let mut before = String::new();
        if own_tokens(child).any(|token| token.kind() == SyntaxKind::VARIADIC_KW) {
            before = "variadic".to_owned();
        }
        for part in child.children() {
            match part.kind() {
                _ if continues(&part) => {}
                kind if is_expression(kind) => {
                    let mut group = vec![part.clone()];
                    group.extend(part.next_sibling().filter(continues));
                    call.arguments.push((before.clone(), whole(&group)));
                }
                SyntaxKind::NAMED_ARG => {
                    let called = part.first_child().map(|name| fold(name.text().to_string().trim()));
                    if let Some(value) = operands(&part).into_iter().next_back() {
                        call.arguments.push((format!("{} =>", quote(&called.unwrap_or_default())), value));
                    }
                }
                _ => call.inside.extend(pieces(&part)),
            }
        }
    }
}
