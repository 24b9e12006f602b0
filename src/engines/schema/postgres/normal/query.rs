//! Queries in normal form: every column with the table that it comes from, stars written out, every output with its name, tables by numbers instead
//! of aliases. Two queries with one normal form are the same; whether two with different ones may still be the same is said by `proven`.
use super::Context;
use super::from::Item;
use super::names::{fold, quote};
use super::output::output_name;
use super::parse::{expressions_of, is_expression, pieces, too_deep, words};
use super::tree::{self, Piece, Tree};
use crate::engines::schema::catalog::{Catalog, DataType};
use crate::engines::schema::postgres::source;
use squawk_syntax::{SyntaxKind, SyntaxNode};
use std::cell::Cell;

/// A type that may not be known.
pub(super) type Known = Option<DataType>;

/// An output of a query: its name and type.
pub(super) type Output = (String, Known);

/// What the parts of one query share.
#[derive(Debug, Default)]
pub struct Shared {
    /// Whether everything could be looked up.
    pub(super) proven: Cell<bool>,
    /// Tables numbered so far.
    pub(super) tables: Cell<usize>,
}

/// Where the columns of a query come from.
#[derive(Debug)]
pub struct Scope<'a> {
    /// The query around it.
    pub(super) parent: Option<&'a Scope<'a>>,
    /// What stands in `FROM`.
    pub(super) items: Vec<Item>,
    /// The table of a policy or rule, whose columns go without a qualifier outside of queries.
    pub(super) outermost: bool,
    /// Queries of `WITH`: name and outputs.
    pub(super) with: Vec<(String, Vec<Output>)>,
    /// What the parts share.
    pub(super) shared: &'a Shared,
}

/// A query with its outputs.
pub(super) struct Normal {
    pub(super) text: String,
    pub(super) outputs: Vec<Output>,
}

impl<'a> Scope<'a> {
    /// An empty scope within another.
    pub(super) fn within(parent: Option<&'a Scope<'a>>, shared: &'a Shared) -> Scope<'a> {
        Scope { parent, items: Vec::new(), outermost: false, with: Vec::new(), shared }
    }

    /// Something could not be looked up.
    pub(super) fn doubt(&self) {
        self.shared.proven.set(false);
    }

    /// The outputs of a query of `WITH`.
    pub(super) fn with_query(&self, name: &str) -> Option<&[Output]> {
        let mut scope = Some(self);
        while let Some(here) = scope {
            if let Some((_, outputs)) = here.with.iter().find(|(one, _)| one == name) {
                return Some(outputs);
            }
            scope = here.parent;
        }
        None
    }
}

/// The normal form of a query as the definition of a view; its outputs have these names when there are as many. True when everything in it could be
/// looked up, so that a different normal form means a different query.
pub(super) fn view(text: &str, names: &[String], catalog: &Catalog) -> (String, bool) {
    let shared = Shared::default();
    shared.proven.set(true);
    let found = stacker::maybe_grow(256 * 1024, 16 * 1024 * 1024, || {
        if too_deep(text) {
            return None;
        }
        let parsed = source::parse(text);
        let node = parsed.syntax_node().children().find(|node| is_query(node.kind()))?;
        let scope = Scope::within(None, &shared);
        let context = Context { catalog: Some(catalog), ..Context::default() };
        parsed.errors().is_empty().then_some(())?;
        query(&node, context, &scope, Some(names))
    });
    match found {
        Some(normal) => (normal.text, shared.proven.get()),
        None => (super::statement(text), false),
    }
}

/// Whether a node is a query.
pub(super) fn is_query(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::SELECT
            | SyntaxKind::COMPOUND_SELECT
            | SyntaxKind::PAREN_SELECT
            | SyntaxKind::VALUES
            | SyntaxKind::TABLE
    )
}

fn child(node: &SyntaxNode, kind: SyntaxKind) -> Option<SyntaxNode> {
    node.children().find(|child| child.kind() == kind)
}

/// A query within others.
pub(super) fn query(
    node: &SyntaxNode,
    context: Context<'_>,
    parent: &Scope<'_>,
    names: Option<&[String]>,
) -> Option<Normal> {
    stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || query_within(node, context, parent, names))
}

fn query_within(
    node: &SyntaxNode,
    context: Context<'_>,
    parent: &Scope<'_>,
    names: Option<&[String]>,
) -> Option<Normal> {
    let mut scope = Scope::within(Some(parent), parent.shared);
    let mut text = String::new();
    if let Some(with) = child(node, SyntaxKind::WITH_CLAUSE) {
        text = self::with(&with, context, &mut scope)?;
    }
    let body = match node.kind() {
        SyntaxKind::SELECT => return select(node, context, scope, text, names),
        SyntaxKind::PAREN_SELECT => {
            let inner = node.children().find(|child| is_query(child.kind()))?;
            query(&inner, context, &scope, names)?
        }
        SyntaxKind::VALUES => values(node, context, &scope)?,
        SyntaxKind::COMPOUND_SELECT => compound(node, context, &scope, names)?,
        _ => return None,
    };
    text.push_str(&body.text);
    let whole = Normal { text, outputs: body.outputs };
    tail(node, context, &scope, whole, &[])
}

fn with(node: &SyntaxNode, context: Context<'_>, scope: &mut Scope<'_>) -> Option<String> {
    let recursive = words(node).get(1).is_some_and(|word| word == "recursive");
    let mut parts = Vec::new();
    for table in node.children().filter(|child| child.kind() == SyntaxKind::WITH_TABLE) {
        let name = fold(child(&table, SyntaxKind::CTE_NAME)?.text().to_string().trim());
        let columns: Vec<String> =
            child(&table, SyntaxKind::COLUMN_LIST).map(|list| column_names(&list)).unwrap_or_default();
        let inner = table.children().find(|child| is_query(child.kind()))?;
        if table.children().any(|child| matches!(child.kind(), SyntaxKind::SEARCH_CLAUSE | SyntaxKind::CYCLE_CLAUSE)) {
            return None;
        }
        if recursive && inner.kind() == SyntaxKind::COMPOUND_SELECT {
            // What it gives is what its first part gives, which does not read it.
            let first = inner.children().find(|child| is_query(child.kind()))?;
            let counted = scope.shared.tables.get();
            let outputs = query(&first, context, scope, None)?.outputs;
            scope.shared.tables.set(counted);
            scope.with.push((name.clone(), named(outputs, &columns)));
        }
        let normal = query(&inner, context, scope, Some(&columns))?;
        let kept = table.children().find_map(|child| match child.kind() {
            SyntaxKind::MATERIALIZED => Some("materialized "),
            SyntaxKind::NOT_MATERIALIZED => Some("not materialized "),
            _ => None,
        });
        parts.push(format!("{} as {}({})", quote(&name), kept.unwrap_or_default(), normal.text));
        scope.with.retain(|(one, _)| *one != name);
        scope.with.push((name, named(normal.outputs, &columns)));
    }
    Some(format!("with {}{} ", if recursive { "recursive " } else { "" }, parts.join(", ")))
}

/// The names in a list of columns.
pub(super) fn column_names(list: &SyntaxNode) -> Vec<String> {
    list.children()
        .filter(|child| matches!(child.kind(), SyntaxKind::COLUMN_NAME | SyntaxKind::COLUMN_NAME_REF))
        .map(|child| fold(child.text().to_string().trim()))
        .collect()
}

/// Outputs with other names, as many as there are.
pub(super) fn named(outputs: Vec<Output>, names: &[String]) -> Vec<Output> {
    let mut names = names.iter();
    outputs.into_iter().map(|(name, kind)| (names.next().cloned().unwrap_or(name), kind)).collect()
}

fn values(node: &SyntaxNode, context: Context<'_>, scope: &Scope<'_>) -> Option<Normal> {
    let context = Context { scope: Some(scope), ..context };
    let mut outputs = Vec::new();
    let mut rows = Vec::new();
    for row in node.descendants().filter(|child| child.kind() == SyntaxKind::ROW) {
        let cells: Vec<(Tree, Known)> = expressions_of(&row).into_iter().map(|cell| context.resolve(cell)).collect();
        if outputs.is_empty() {
            outputs = (1..).zip(&cells).map(|(at, (_, kind))| (format!("column{at}"), kind.clone())).collect();
        }
        let texts: Vec<String> = cells.iter().map(|(cell, _)| cell.write()).collect();
        rows.push(format!("({})", texts.join(", ")));
    }
    Some(Normal { text: format!("values {}", rows.join(", ")), outputs })
}

fn compound(node: &SyntaxNode, context: Context<'_>, scope: &Scope<'_>, names: Option<&[String]>) -> Option<Normal> {
    let mut sides = node.children().filter(|child| is_query(child.kind()) || is_expression(child.kind()));
    let (left, right) = (sides.next()?, sides.next()?);
    let sign = node
        .children()
        .find(|child| matches!(child.kind(), SyntaxKind::UNION | SyntaxKind::INTERSECT | SyntaxKind::EXCEPT))?;
    let sign: Vec<String> = words(&sign).into_iter().filter(|word| word != "distinct").collect();
    let left = query(&unwrapped(&left)?, context, scope, names)?;
    // The outputs of the second have the names of the first.
    let first: Vec<String> = left.outputs.iter().map(|(name, _)| name.clone()).collect();
    let right = query(&unwrapped(&right)?, context, scope, Some(&first))?;
    let text = format!("({}) {} ({})", left.text, sign.join(" "), right.text);
    Some(Normal { text, outputs: left.outputs })
}

/// A query without the parentheses around it.
fn unwrapped(node: &SyntaxNode) -> Option<SyntaxNode> {
    match node.kind() {
        SyntaxKind::PAREN_EXPR => node.children().find(|child| is_query(child.kind())),
        _ => Some(node.clone()),
    }
}

/// The server takes no longer list; a few queries of `WITH` that double it each would fill any memory.
const MOST_COLUMNS: usize = 1_664;

/// An output as it is written.
struct Target {
    tree: Tree,
    name: Option<String>,
    text: String,
}

fn select(
    node: &SyntaxNode,
    context: Context<'_>,
    mut scope: Scope<'_>,
    mut text: String,
    names: Option<&[String]>,
) -> Option<Normal> {
    let from = match child(node, SyntaxKind::FROM_CLAUSE) {
        Some(from) => Some(super::from::from(&from, context, &mut scope)?),
        None => None,
    };
    let context = Context { scope: Some(&scope), ..context };
    let clause = child(node, SyntaxKind::SELECT_CLAUSE)?;
    let (targets, outputs) = targets(&clause, context, &scope, names)?;
    text.push_str("select ");
    if let Some(distinct) = child(&clause, SyntaxKind::DISTINCT_CLAUSE) {
        text.push_str("distinct ");
        if let Some(on) = child(&distinct, SyntaxKind::DISTINCT_ON) {
            let keys: Vec<String> =
                expressions_of(&on).into_iter().map(|key| sort_key(key, context, &targets, false)).collect();
            text.push_str(&format!("on ({}) ", keys.join(", ")));
        }
    }
    let written: Vec<String> = targets
        .iter()
        .map(|target| match &target.name {
            Some(name) => format!("{} as {}", target.text, quote(name)),
            None => target.text.clone(),
        })
        .collect();
    text.push_str(&written.join(", "));
    if let Some(from) = from {
        text.push_str(&format!(" from {from}"));
    }
    for clause in node.children() {
        match clause.kind() {
            SyntaxKind::WHERE_CLAUSE | SyntaxKind::HAVING_CLAUSE => {
                let word = if clause.kind() == SyntaxKind::WHERE_CLAUSE { "where" } else { "having" };
                let condition = expressions_of(&clause).into_iter().next()?;
                text.push_str(&format!(" {word} {}", context.resolve(condition).0.write()));
            }
            SyntaxKind::GROUP_BY_CLAUSE => text.push_str(&group_by(&clause, context, &targets)?),
            SyntaxKind::WINDOW_CLAUSE => {
                let (tree, _) = context.resolve(Tree::Other(pieces(&clause)));
                text.push_str(&format!(" {}", tree.write()));
            }
            SyntaxKind::INTO_CLAUSE => return None,
            _ => {}
        }
    }
    tail(node, context, &scope, Normal { text, outputs }, &targets)
}

fn targets(
    clause: &SyntaxNode,
    context: Context<'_>,
    scope: &Scope<'_>,
    names: Option<&[String]>,
) -> Option<(Vec<Target>, Vec<Output>)> {
    let mut trees: Vec<(Tree, Option<String>)> = Vec::new();
    let list = child(clause, SyntaxKind::TARGET_LIST);
    for target in list.into_iter().flat_map(|list| list.children()) {
        let alias = child(&target, SyntaxKind::AS_NAME).and_then(|name| child(&name, SyntaxKind::COLUMN_NAME));
        let alias = alias.map(|name| fold(name.text().to_string().trim()));
        match expressions_of(&target).into_iter().next() {
            Some(Tree::Name(parts)) if parts.last().is_some_and(|last| last == "*") => {
                trees.extend(scope.star(parts.first().filter(|_| parts.len() > 1).map(String::as_str)));
            }
            Some(tree) => {
                if matches!(&tree, Tree::Field(_, field) if field == "*") {
                    scope.doubt();
                }
                trees.push((tree, alias));
            }
            None => trees.extend(scope.star(None)),
        }
    }
    if trees.len() > MOST_COLUMNS {
        return None;
    }
    let names = names.unwrap_or_default();
    let renamed = names.len() == trees.len();
    let mut targets = Vec::new();
    let mut outputs = Vec::new();
    for (at, (tree, alias)) in trees.into_iter().enumerate() {
        let name = match (names.get(at).filter(|_| renamed), alias) {
            (Some(name), _) => Some(name.clone()),
            (None, Some(alias)) => Some(alias),
            (None, None) => output_name(&tree),
        };
        let name = name.filter(|name| name != "?column?");
        let (resolved, kind) = context.resolve(tree.clone());
        outputs.push((name.clone().unwrap_or_else(|| "?column?".to_owned()), kind.map(decided)));
        targets.push(Target { tree, name, text: resolved.write() });
    }
    Some((targets, outputs))
}

/// An output without a type is a text.
fn decided(kind: DataType) -> DataType {
    if kind.name == super::choose::UNKNOWN { DataType::plain("text") } else { kind }
}

/// What is sorted or grouped by: a number is an output, a name perhaps one.
fn sort_key(key: Tree, context: Context<'_>, targets: &[Target], inputs_first: bool) -> String {
    if let Tree::Number(digits) = &key
        && let Some(target) = digits.parse::<usize>().ok().and_then(|at| targets.get(at.checked_sub(1)?))
    {
        return target.text.clone();
    }
    if let Tree::Name(parts) = &key
        && let [name] = parts.as_slice()
    {
        let input = context.scope.is_some_and(|scope| scope.has(name));
        let output = targets.iter().find(|target| match (&target.name, &target.tree) {
            (Some(one), _) => one == name,
            (None, Tree::Name(parts)) => parts.last() == Some(name),
            _ => false,
        });
        if let Some(target) = output.filter(|_| !(inputs_first && input)) {
            return target.text.clone();
        }
    }
    let written = key.write();
    match targets.iter().find(|target| target.tree.write() == written) {
        Some(target) => target.text.clone(),
        None => context.resolve(key).0.write(),
    }
}

fn group_by(clause: &SyntaxNode, context: Context<'_>, targets: &[Target]) -> Option<String> {
    let list = child(clause, SyntaxKind::GROUP_BY_LIST)?;
    let mut keys = Vec::new();
    for item in list.children() {
        if item.kind() == SyntaxKind::GROUPING_EXPR {
            let key = expressions_of(&item).into_iter().next()?;
            keys.push(sort_key(key, context, targets, true));
        } else {
            keys.push(context.resolve(Tree::Other(pieces(&item))).0.write());
        }
    }
    Some(format!(" group by {}", keys.join(", ")))
}

/// `ORDER BY`, `LIMIT`, `OFFSET`, `FOR UPDATE`.
fn tail(
    node: &SyntaxNode,
    context: Context<'_>,
    scope: &Scope<'_>,
    mut whole: Normal,
    targets: &[Target],
) -> Option<Normal> {
    let context = Context { scope: Some(scope), ..context };
    let (mut limit, mut offset, mut locks) = (None, None, String::new());
    for clause in node.children() {
        match clause.kind() {
            SyntaxKind::ORDER_BY_CLAUSE => {
                let mut keys = Vec::new();
                for item in clause.descendants().filter(|item| {
                    item.kind() == SyntaxKind::SORT_BY
                        && item.parent().and_then(|list| list.parent()).as_ref() == Some(&clause)
                }) {
                    let key = expressions_of(&item).into_iter().next()?;
                    let key = match (targets.is_empty(), &key) {
                        (true, Tree::Name(parts)) => {
                            let at = whole.outputs.iter().position(|(name, _)| Some(name) == parts.last())?;
                            (at + 1).to_string()
                        }
                        (true, Tree::Number(digits)) => digits.clone(),
                        _ => sort_key(key, context, targets, false),
                    };
                    keys.push(format!("{key}{}", direction(&item)));
                }
                whole.text.push_str(&format!(" order by {}", keys.join(", ")));
            }
            SyntaxKind::LIMIT_CLAUSE => limit = count(&clause, context),
            SyntaxKind::OFFSET_CLAUSE => offset = count(&clause, context),
            SyntaxKind::FETCH_CLAUSE => return None,
            SyntaxKind::LOCKING_CLAUSE => {
                scope.doubt();
                let mut text = String::new();
                tree::pieces(&pieces(&clause), &mut text);
                locks.push_str(&format!(" {text}"));
            }
            _ => {}
        }
    }
    for (word, count) in [("offset", offset), ("limit", limit)] {
        if let Some(count) = count {
            whole.text.push_str(&format!(" {word} {count}"));
        }
    }
    whole.text.push_str(&locks);
    Some(whole)
}

/// How many rows; none for `LIMIT ALL`.
fn count(clause: &SyntaxNode, context: Context<'_>) -> Option<String> {
    let (count, _) = context.resolve(expressions_of(clause).into_iter().next()?);
    match count {
        Tree::Cast(inner, kind) if kind.name == "bigint" => Some(inner.write()),
        Tree::Word(word) if word == "null" => None,
        other => Some(other.write()),
    }
}

/// `DESC`, `NULLS FIRST`, where they are not what is done anyway.
fn direction(item: &SyntaxNode) -> String {
    let mut all = String::new();
    for child in item.children().filter(|child| !is_expression(child.kind())) {
        all.push_str(&words(&child).join(" "));
        all.push(' ');
    }
    let descending = all.contains("desc");
    let nulls_first = if all.contains("nulls") { all.contains("first") } else { descending };
    let mut text = String::new();
    if descending {
        text.push_str(" desc");
    }
    if nulls_first != descending {
        text.push_str(if nulls_first { " nulls first" } else { " nulls last" });
    }
    if all.contains("using") {
        text.push_str(&format!(" {}", all.trim()));
    }
    text
}

impl Context<'_> {
    /// A query within an expression, with the type of its first output.
    pub(super) fn sub_query(&self, node: &SyntaxNode) -> (Tree, Known) {
        let shared = Shared::default();
        shared.proven.set(true);
        let top;
        let scope = match self.scope {
            Some(scope) => scope,
            None => {
                top = Scope::within(None, &shared);
                &top
            }
        };
        match query(node, *self, scope, None) {
            Some(normal) => {
                let kind = normal.outputs.into_iter().next().and_then(|(_, kind)| kind);
                (Tree::Other(vec![Piece::Word(normal.text)]), kind)
            }
            None => {
                scope.doubt();
                let context = Context { qualified: true, ..*self };
                (context.resolve(Tree::Other(pieces(node))).0, None)
            }
        }
    }
}
