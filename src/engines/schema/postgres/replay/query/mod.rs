//! What a query gives: names and types of its columns, and everything of the catalog that it names.
mod builtin;
mod call;
mod expr;
mod from;
mod infer;
mod system;

use super::state::State;
use super::words;
use crate::engines::schema::catalog::{DataType, Name};
use crate::engines::schema::postgres::source;
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};
use std::ops::Range;

/// A column that a query or a relation gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// Its name.
    pub(super) name: String,
    /// Its type.
    pub(super) data_type: DataType,
    /// The column of a table or view that it is, unchanged.
    pub(super) origin: Option<(Name, String)>,
}

/// Where a query names something of the catalog; ranges are bytes of its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Uses {
    /// Tables, views, sequences.
    pub(super) relations: Vec<(Range<usize>, Name)>,
    /// Qualifiers in front of columns that are the bare name of a relation.
    pub(super) qualifiers: Vec<(Range<usize>, Name)>,
    /// Columns: the range of the column's own name, the relation, the column, and whether an output column without an alias stands there.
    pub(super) columns: Vec<(Range<usize>, Name, String, bool)>,
    /// Routines, by name.
    pub(super) routines: Vec<(Range<usize>, Name)>,
    /// Types that the schema defines.
    pub(super) types: Vec<(Range<usize>, Name)>,
    /// Relations of which all columns are taken (`*`), where the star stands.
    pub(super) stars: Vec<(Range<usize>, Vec<Column>)>,
    /// Relations that nobody knows.
    pub(super) missing: Vec<String>,
}

/// What a query gives and names.
#[derive(Debug, Clone, Default)]
pub(super) struct Analysis {
    /// Output columns.
    pub(super) columns: Vec<Column>,
    /// What it names.
    pub(super) uses: Uses,
}

/// A relation in `FROM`.
#[derive(Debug, Clone)]
struct Item {
    /// How columns name it.
    alias: String,
    /// The relation that it is, when it goes by its own name.
    relation: Option<Name>,
    /// The relation whose rows these are, whatever it is called here.
    rows: Option<Name>,
    columns: Vec<Column>,
}

/// What `FROM` gives: the relations, and the columns that `*` means.
#[derive(Debug, Clone, Default)]
struct Source {
    items: Vec<Item>,
    star: Vec<Column>,
}

/// What can be named at a place.
#[derive(Clone, Copy)]
struct Scope<'a> {
    source: &'a Source,
    ctes: &'a [(String, Vec<Column>)],
    outer: Option<&'a Scope<'a>>,
}

/// Walks a query.
struct Walk<'a> {
    state: &'a State,
    uses: Uses,
    /// Where the text of the query begins in the tree.
    offset: usize,
    depth: usize,
}

/// Nesting of queries and expressions beyond which nothing is looked at.
const DEPTH: usize = 200;

impl State {
    /// What a query (a node of a tree) gives and names; ranges are relative to the node.
    pub(super) fn analyse(&self, query: &SyntaxNode) -> Analysis {
        let offset = usize::from(query.text_range().start());
        let mut walk = Walk { state: self, uses: Uses::default(), offset, depth: 0 };
        let columns = walk.query(query, &[], None);
        Analysis { columns: columns.into_iter().map(settled).collect(), uses: walk.uses }
    }

    /// What a query gives and names.
    pub(super) fn analyse_text(&self, text: &str) -> Analysis {
        let file = source::parse(text);
        let statement = file.tree().stmts().next();
        statement.map(|statement| self.analyse(statement.syntax())).unwrap_or_default()
    }

    /// What an expression names, and its type, when these columns can be named (as `name` or `alias.name`).
    pub(super) fn analyse_expression(&self, text: &str, relations: &[(&str, &Name)]) -> Analysis {
        let query = format!("SELECT {text}");
        let file = source::parse(&query);
        let Some(select) = file.tree().syntax().descendants().find_map(ast::Select::cast) else {
            return Analysis::default();
        };
        let mut walk = Walk { state: self, uses: Uses::default(), offset: "SELECT ".len(), depth: 0 };
        let mut source = Source::default();
        for (alias, name) in relations {
            let columns = walk.relation_columns(name);
            source.star.extend(columns.iter().cloned());
            source.items.push(Item {
                alias: (*alias).to_owned(),
                relation: Some((*name).clone()),
                rows: Some((*name).clone()),
                columns,
            });
        }
        let scope = Scope { source: &source, ctes: &[], outer: None };
        let columns = walk.targets(select.select_clause().and_then(|clause| clause.target_list()), &scope);
        Analysis { columns: columns.into_iter().map(settled).collect(), uses: walk.uses }
    }
}

/// A string constant of which nothing is known becomes text in the end.
fn settled(mut column: Column) -> Column {
    if column.data_type.name == "unknown" {
        column.data_type = DataType::plain("text");
    }
    column
}

/// The type that is not known.
fn unknown() -> DataType {
    DataType::plain("?")
}

impl Walk<'_> {
    fn range(&self, node: &SyntaxNode) -> Range<usize> {
        let range = trimmed(node);
        range.start.saturating_sub(self.offset)..range.end.saturating_sub(self.offset)
    }

    /// Columns of any node that is a query.
    fn query(&mut self, node: &SyntaxNode, ctes: &[(String, Vec<Column>)], outer: Option<&Scope<'_>>) -> Vec<Column> {
        if self.depth > DEPTH {
            return Vec::new();
        }
        self.depth += 1;
        let columns = stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || self.query_inner(node, ctes, outer));
        self.depth -= 1;
        columns
    }

    fn query_inner(
        &mut self,
        node: &SyntaxNode,
        ctes: &[(String, Vec<Column>)],
        outer: Option<&Scope<'_>>,
    ) -> Vec<Column> {
        // The grammar hangs the WITH of a union onto its first operand.
        let mut all = ctes.to_vec();
        if let Some(with) = node.children().find_map(ast::WithClause::cast).or_else(|| first_with(node)) {
            self.ctes(&with, &mut all, outer);
        }
        let ctes = all.as_slice();
        if let Some(select) = ast::CompoundSelect::cast(node.clone()) {
            return self.compound(&select, ctes, outer);
        }
        if let Some(values) = ast::Values::cast(node.clone()) {
            return self.values(&values, ctes, outer);
        }
        if let Some(table) = ast::Table::cast(node.clone()) {
            let name = table.relation_name().and_then(|name| name.relation_name_ref());
            return name.map(|name| self.relation(name.syntax(), ctes).columns).unwrap_or_default();
        }
        if let Some(inner) = ast::ParenSelect::cast(node.clone()) {
            return inner.select().map(|select| self.query(select.syntax(), ctes, outer)).unwrap_or_default();
        }
        if let Some(inner) = ast::ParenExpr::cast(node.clone()) {
            let query = inner.syntax().children().find(is_query);
            return query.map(|query| self.query(&query, ctes, outer)).unwrap_or_default();
        }
        if ast::Insert::can_cast(node.kind())
            || ast::Update::can_cast(node.kind())
            || ast::Delete::can_cast(node.kind())
        {
            return self.changing(node, ctes, outer);
        }
        self.select(node, ctes, outer)
    }

    fn select(&mut self, node: &SyntaxNode, ctes: &[(String, Vec<Column>)], outer: Option<&Scope<'_>>) -> Vec<Column> {
        let mut source = Source::default();
        if let Some(from) = node.children().find_map(ast::FromClause::cast) {
            for item in from.items() {
                let found = self.listed(&item, &source, ctes, outer);
                source.items.extend(found.items);
                source.star.extend(found.star);
            }
        }
        let scope = Scope { source: &source, ctes, outer };
        let clause = node.children().find_map(ast::SelectClause::cast);
        let list = clause.as_ref().and_then(|clause| clause.target_list());
        let columns = self.targets(list, &scope);
        for child in node.children() {
            let known = ast::FromClause::can_cast(child.kind())
                || ast::SelectClause::can_cast(child.kind())
                || ast::WithClause::can_cast(child.kind());
            if !known {
                self.names_in(&child, &scope, &columns);
            }
        }
        if let Some(quantifier) = clause.and_then(|clause| clause.select_quantifier()) {
            self.names_in(quantifier.syntax(), &scope, &columns);
        }
        columns
    }

    fn compound(
        &mut self,
        select: &ast::CompoundSelect,
        ctes: &[(String, Vec<Column>)],
        outer: Option<&Scope<'_>>,
    ) -> Vec<Column> {
        let mut sides = select.syntax().children().filter(is_query);
        let left = sides.next().map(|side| self.query(&side, ctes, outer)).unwrap_or_default();
        let right = sides.next().map(|side| self.query(&side, ctes, outer)).unwrap_or_default();
        self.merged(left, &right)
    }

    /// Columns of a union: names of the left side, types that hold both.
    fn merged(&self, left: Vec<Column>, right: &[Column]) -> Vec<Column> {
        let mut all = left;
        for (nth, column) in all.iter_mut().enumerate() {
            if let Some(other) = right.get(nth) {
                column.data_type = infer::common(&[column.data_type.clone(), other.data_type.clone()]);
                column.origin = None;
            }
        }
        all
    }

    fn values(
        &mut self,
        values: &ast::Values,
        ctes: &[(String, Vec<Column>)],
        outer: Option<&Scope<'_>>,
    ) -> Vec<Column> {
        let source = Source::default();
        let scope = Scope { source: &source, ctes, outer };
        let mut types: Vec<Vec<DataType>> = Vec::new();
        for row in values.row_list().into_iter().flat_map(|list| list.rows()) {
            for (nth, expr) in row.exprs().enumerate() {
                let one = self.expr(&expr, &scope);
                match types.get_mut(nth) {
                    Some(column) => column.push(one),
                    None => types.push(vec![one]),
                }
            }
        }
        let column = |(nth, types): (usize, &Vec<DataType>)| Column {
            name: format!("column{}", nth + 1),
            data_type: infer::common(types),
            origin: None,
        };
        types.iter().enumerate().map(column).collect()
    }

    /// `WITH`: each query sees those before it; a recursive one sees itself with the columns of its first half.
    fn ctes(&mut self, with: &ast::WithClause, all: &mut Vec<(String, Vec<Column>)>, outer: Option<&Scope<'_>>) {
        for table in with.with_tables() {
            let Some(name) = table.name().map(|name| ast::normalize_name_node(name.syntax())) else { continue };
            let Some(query) = table.query() else { continue };
            let names: Vec<String> = table
                .column_list()
                .into_iter()
                .flat_map(|list| list.column_names())
                .map(|one| ast::normalize_name_node(one.syntax()))
                .collect();
            if with.recursive_token().is_some() && ast::CompoundSelect::can_cast(query.syntax().kind()) {
                // Only to learn the columns: what is named is counted when the whole is walked.
                let before = self.uses.clone();
                let first = query.syntax().children().find(is_query);
                let columns = first.map(|first| self.query(&first, all, outer)).unwrap_or_default();
                self.uses = before;
                all.push((name.clone(), renamed(columns.into_iter().map(settled).collect(), &names)));
                let columns = self.query(query.syntax(), all, outer);
                all.pop();
                all.push((name, renamed(columns.into_iter().map(settled).collect(), &names)));
                continue;
            }
            let columns = self.query(query.syntax(), all, outer).into_iter().map(settled).collect();
            all.push((name, renamed(columns, &names)));
        }
    }

    /// Columns that `RETURNING` of a statement that changes data gives.
    fn changing(
        &mut self,
        node: &SyntaxNode,
        ctes: &[(String, Vec<Column>)],
        outer: Option<&Scope<'_>>,
    ) -> Vec<Column> {
        let Some(target) = node.descendants().find_map(ast::RelationNameRef::cast) else { return Vec::new() };
        let mut item = self.relation(target.syntax(), ctes);
        let alias = node.children().find_map(|child| {
            let name = child.descendants().find_map(ast::TableAlias::cast)?;
            (ast::OptionalAsAlias::can_cast(child.kind()) || ast::RequiredAsAlias::can_cast(child.kind()))
                .then(|| ast::normalize_name_node(name.syntax()))
        });
        if let Some(alias) = alias {
            item = Item { alias, relation: None, ..item };
        }
        let mut source = Source { star: item.columns.clone(), items: vec![item] };
        for from in node
            .children()
            .filter(|child| ast::FromClause::can_cast(child.kind()) || ast::UsingClause::can_cast(child.kind()))
        {
            for item in from.children().filter_map(ast::FromListItem::cast) {
                let found = self.listed(&item, &source.clone(), ctes, outer);
                source.items.extend(found.items);
                source.star.extend(found.star);
            }
        }
        if let Some(query) = node.children().find(is_query) {
            self.query(&query, ctes, outer);
        }
        let scope = Scope { source: &source, ctes, outer };
        let returning = node.children().find_map(ast::ReturningClause::cast);
        returning.map(|clause| self.targets(clause.target_list(), &scope)).unwrap_or_default()
    }
}

/// The WITH in front of the first operand of a union: it holds for the whole.
fn first_with(node: &SyntaxNode) -> Option<ast::WithClause> {
    if !ast::CompoundSelect::can_cast(node.kind()) {
        return None;
    }
    let first = node.children().find(is_query)?;
    if ast::CompoundSelect::can_cast(first.kind()) {
        return first_with(&first);
    }
    first.children().find_map(ast::WithClause::cast)
}

fn renamed(mut columns: Vec<Column>, names: &[String]) -> Vec<Column> {
    for (column, name) in columns.iter_mut().zip(names) {
        column.name.clone_from(name);
    }
    columns
}

/// Whether a node is a query.
fn is_query(node: &SyntaxNode) -> bool {
    let kind = node.kind();
    ast::Select::can_cast(kind)
        || ast::SelectInto::can_cast(kind)
        || ast::CompoundSelect::can_cast(kind)
        || ast::ParenSelect::can_cast(kind)
        || ast::Values::can_cast(kind)
        || ast::Table::can_cast(kind)
        || (ast::ParenExpr::can_cast(kind) && node.children().any(|child| is_query(&child)))
}

/// The range of a node without white space and comments at its ends.
fn trimmed(node: &SyntaxNode) -> Range<usize> {
    let mut words = super::words::tokens(node).map(|token| token.text_range());
    let first = words.next();
    let last = words.last().or(first);
    match (first, last) {
        (Some(first), Some(last)) => usize::from(first.start())..usize::from(last.end()),
        _ => usize::from(node.text_range().start())..usize::from(node.text_range().end()),
    }
}
