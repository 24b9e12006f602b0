//! What stands in `FROM`: tables, queries, functions, joins.
use super::Context;
use super::names::{fold, last_part, quote};
use super::parse::{expression, expressions_of, is_expression, words};
use super::query::{Known, Output, Scope, column_names, is_query, named, query};
use super::tree::Tree;
use crate::engines::schema::catalog::{Catalog, Name};
use squawk_syntax::{SyntaxKind, SyntaxNode};

/// Functions of the server whose results have names of their own.
const OUTPUTS: [(&str, &str); 12] = [
    ("json_array_elements", "value"),
    ("json_array_elements_text", "value"),
    ("json_each", "key value"),
    ("json_each_text", "key value"),
    ("jsonb_array_elements", "value"),
    ("jsonb_array_elements_text", "value"),
    ("jsonb_each", "key value"),
    ("jsonb_each_text", "key value"),
    ("ts_debug", "alias description token dictionaries dictionary lexemes"),
    ("ts_parse", "tokid token"),
    ("ts_stat", "word ndoc nentry"),
    ("ts_token_type", "tokid alias description"),
];

/// A table, query or function that columns come from.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// What the query calls it.
    pub(super) alias: String,
    /// What the normal form calls it.
    pub(super) called: String,
    /// Its columns; `None` when they are not known.
    pub(super) columns: Option<Vec<Output>>,
    /// Columns that a join merged with those of another table: only that one's are meant.
    pub(super) merged: Vec<String>,
}

impl Scope<'_> {
    /// Everything, or everything of one table: names and columns.
    pub(super) fn star(&self, of: Option<&str>) -> Vec<(Tree, Option<String>)> {
        let mut all = Vec::new();
        let mut found = false;
        for item in self.items.iter().filter(|item| of.is_none_or(|of| of == item.alias)) {
            found = true;
            match &item.columns {
                Some(columns) => {
                    for (column, _) in columns.iter().filter(|(name, _)| of.is_some() || !item.merged.contains(name)) {
                        let tree = Tree::Name(vec![item.alias.clone(), column.clone()]);
                        all.push((tree, Some(column.clone())));
                    }
                }
                None => {
                    self.doubt();
                    all.push((Tree::Name(vec![item.alias.clone(), "*".to_owned()]), None));
                }
            }
        }
        if !found {
            self.doubt();
        }
        all
    }

    /// Whether a table here has such a column.
    pub(super) fn has(&self, column: &str) -> bool {
        let has = |item: &Item| item.columns.as_ref().is_some_and(|all| all.iter().any(|(name, _)| name == column));
        self.items.iter().any(has)
    }

    /// A column by its name, with the table that it comes from.
    pub(super) fn column(&self, parts: &[String]) -> Option<(Tree, Known)> {
        let (qualifier, name) = match parts {
            [name] => (None, name),
            [.., qualifier, name] => (Some(qualifier), name),
            [] => return None,
        };
        let mut scope = self;
        loop {
            if let Some((item, kind)) = scope.find(qualifier, name) {
                let bare = scope.outermost && std::ptr::eq(scope, self);
                let parts = if bare { vec![name.clone()] } else { vec![item.called.clone(), name.clone()] };
                return Some((Tree::Name(parts), kind));
            }
            // A whole row.
            if qualifier.is_none()
                && let Some(item) = scope.items.iter().find(|item| item.alias == *name)
            {
                return Some((Tree::Name(vec![item.called.clone(), "*".to_owned()]), None));
            }
            match scope.parent {
                Some(parent) => scope = parent,
                None => break,
            }
        }
        self.doubt();
        None
    }

    fn find(&self, qualifier: Option<&String>, name: &str) -> Option<(&Item, Known)> {
        let fits = |item: &&Item| qualifier.is_none_or(|alias| *alias == item.alias);
        let items: Vec<&Item> = self.items.iter().filter(fits).collect();
        for item in &items {
            let columns = item.columns.as_deref().unwrap_or_default();
            if qualifier.is_none() && item.merged.iter().any(|one| one == name) {
                continue;
            }
            if let Some((_, kind)) = columns.iter().find(|(one, _)| one == name) {
                return Some((item, kind.clone()));
            }
        }
        if name == "*" && qualifier.is_some() {
            return items.first().map(|item| (*item, None));
        }
        // Only one whose columns are not known: it is its column.
        let mut unknown = items.into_iter().filter(|item| item.columns.is_none());
        let only = unknown.next()?;
        if unknown.next().is_some() && qualifier.is_none() {
            return None;
        }
        Some((only, None))
    }
}

/// The items of `FROM`, as text; they are added to the scope.
pub(super) fn from(node: &SyntaxNode, context: Context<'_>, scope: &mut Scope<'_>) -> Option<String> {
    let mut parts = Vec::new();
    for item in node.children() {
        parts.push(list_item(&item, context, scope)?);
    }
    Some(parts.join(", "))
}

fn list_item(node: &SyntaxNode, context: Context<'_>, scope: &mut Scope<'_>) -> Option<String> {
    match node.kind() {
        SyntaxKind::JOIN_EXPR => stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || join(node, context, scope)),
        SyntaxKind::RELATION_FROM_ITEM => relation(node, context, scope),
        SyntaxKind::PAREN_FROM_ITEM => in_parentheses(node, context, scope),
        SyntaxKind::FUNCTION_FROM_ITEM | SyntaxKind::EXPR_FROM_ITEM => function(node, context, scope),
        _ => None,
    }
}

fn join(node: &SyntaxNode, context: Context<'_>, scope: &mut Scope<'_>) -> Option<String> {
    let mut children = node.children();
    let (left, join) = (children.next()?, children.next()?);
    let first = scope.items.len();
    let left = list_item(&left, context, scope)?;
    let mut kind = "join";
    let mut right = None;
    let mut condition = String::new();
    let middle = scope.items.len();
    if words(&join).first().is_some_and(|word| word == "natural") {
        return None;
    }
    for part in join.children() {
        match part.kind() {
            SyntaxKind::JOIN_LEFT => kind = "left join",
            SyntaxKind::JOIN_RIGHT => kind = "right join",
            SyntaxKind::JOIN_FULL => kind = "full join",
            SyntaxKind::JOIN_CROSS => kind = "cross join",
            SyntaxKind::JOIN_INNER => {}
            SyntaxKind::ON_CLAUSE => {
                let tree = expressions_of(&part).into_iter().next()?;
                let context = Context { scope: Some(scope), ..context };
                condition = format!(" on {}", context.resolve(tree).0.write());
            }
            SyntaxKind::JOIN_USING_CLAUSE => {
                let list = part.children().find(|child| child.kind() == SyntaxKind::COLUMN_REF_LIST)?;
                let columns = column_names(&list);
                if kind == "full join" || part.children().count() > 1 {
                    return None;
                }
                let hidden = if kind == "right join" { first..middle } else { middle..scope.items.len() };
                for item in scope.items.get_mut(hidden)? {
                    item.merged.extend(columns.iter().cloned());
                }
                let columns: Vec<String> = columns.iter().map(|column| quote(column)).collect();
                condition = format!(" using ({})", columns.join(", "));
            }
            _ => right = Some(list_item(&part, context, scope)?),
        }
    }
    Some(format!("({left} {kind} {}{condition})", right?))
}

/// The alias of an item, and the names that it gives its columns.
fn alias(node: &SyntaxNode) -> (Option<String>, Vec<String>, bool) {
    let Some(alias) = node.children().find(|child| child.kind() == SyntaxKind::FROM_ALIAS) else {
        return (None, Vec::new(), true);
    };
    let name = alias.children().find(|child| child.kind() == SyntaxKind::TABLE_ALIAS);
    let name = name.map(|name| fold(name.text().to_string().trim()));
    let columns = alias.children().find(|child| child.kind() == SyntaxKind::COLUMN_LIST);
    let plain = alias.children().all(|child| matches!(child.kind(), SyntaxKind::TABLE_ALIAS | SyntaxKind::COLUMN_LIST));
    (name, columns.map(|list| column_names(&list)).unwrap_or_default(), plain)
}

fn add(scope: &mut Scope<'_>, alias: &str, columns: Option<Vec<Output>>) -> String {
    let number = scope.shared.tables.get() + 1;
    scope.shared.tables.set(number);
    let called = format!("t{number}");
    scope.items.push(Item { alias: alias.to_owned(), called: called.clone(), columns, merged: Vec::new() });
    called
}

fn relation(node: &SyntaxNode, context: Context<'_>, scope: &mut Scope<'_>) -> Option<String> {
    let path = node.children().find(|child| child.kind() == SyntaxKind::RELATION_NAME_REF)?.text().to_string();
    let only = words(node).first().is_some_and(|word| word == "only");
    if node.children().any(|child| child.kind() == SyntaxKind::TABLESAMPLE_CLAUSE) {
        return None;
    }
    let name = last_part(&path);
    let schema = path.trim().rsplit_once('.').map(|(schema, _)| last_part(schema));
    let (alias, names, _) = alias(node);
    let (text, columns) = match (&schema, scope.with_query(&name)) {
        (None, Some(outputs)) => (quote(&name), Some(outputs.to_vec())),
        _ => match context.catalog.and_then(|catalog| known_relation(catalog, schema.as_deref(), &name)) {
            Some((name, columns)) => (name.to_string(), Some(columns)),
            None => {
                // Without the types of its columns the casts that the server adds cannot be known.
                scope.doubt();
                (quote(&name), None)
            }
        },
    };
    let columns = columns.map(|columns| named(columns, &names));
    let called = add(scope, alias.as_deref().unwrap_or(&name), columns);
    Some(format!("{}{text} {called}", if only { "only " } else { "" }))
}

/// A table or view of the catalog with its columns.
fn known_relation(catalog: &Catalog, schema: Option<&str>, name: &str) -> Option<(Name, Vec<Output>)> {
    let fits = |one: &&Name| one.name == name && schema.is_none_or(|schema| schema == one.schema);
    let mut all: Vec<&Name> = catalog.tables.keys().chain(catalog.views.keys()).filter(fits).collect();
    if all.len() > 1 {
        all.retain(|one| one.schema == "public");
    }
    let found = all.first().copied()?.clone();
    let columns = match (catalog.tables.get(&found), catalog.views.get(&found)) {
        (Some(table), _) => table
            .columns
            .iter()
            .map(|column| (column.name.clone(), Some(super::choose::bare(&column.data_type))))
            .collect(),
        (None, Some(view)) => view
            .columns
            .iter()
            .map(|(name, kind)| (name.clone(), (kind.name != "?").then(|| super::choose::bare(kind))))
            .collect(),
        _ => Vec::new(),
    };
    Some((found, columns))
}

fn in_parentheses(node: &SyntaxNode, context: Context<'_>, scope: &mut Scope<'_>) -> Option<String> {
    let (alias, names, _) = alias(node);
    let inner = node.children().find(|child| child.kind() != SyntaxKind::FROM_ALIAS)?;
    let inner = match inner.kind() {
        SyntaxKind::PAREN_SELECT | SyntaxKind::PAREN_EXPR => inner.children().next()?,
        _ => inner,
    };
    if !is_query(inner.kind()) {
        // A join in parentheses.
        return if alias.is_none() { list_item(&inner, context, scope) } else { None };
    }
    let lateral = words(node).first().is_some_and(|word| word == "lateral");
    let normal = query(&inner, context, scope, None)?;
    let columns = named(normal.outputs, &names);
    let called = add(scope, alias.as_deref().unwrap_or_default(), Some(columns));
    let names: Vec<String> = names.iter().map(|name| quote(name)).collect();
    let names = if names.is_empty() { String::new() } else { format!("({})", names.join(", ")) };
    Some(format!("{}({}) {called}{names}", if lateral { "lateral " } else { "" }, normal.text))
}

fn function(node: &SyntaxNode, context: Context<'_>, scope: &mut Scope<'_>) -> Option<String> {
    let (alias, names, plain) = alias(node);
    if !plain {
        return None;
    }
    let call = node.children().find(|child| is_expression(child.kind()))?;
    let tree = expression(&call);
    let own_name = match &tree {
        Tree::Call(call) => call.name.clone(),
        _ => String::new(),
    };
    let (tree, kind) = {
        let context = Context { scope: Some(scope), ..context };
        context.resolve(tree)
    };
    let ordinality = node.children().any(|child| child.kind() == SyntaxKind::WITH_ORDINALITY);
    let fixed = OUTPUTS.iter().find(|(function, _)| *function == own_name).map(|(_, columns)| *columns);
    let names = match fixed.filter(|_| names.is_empty()) {
        Some(columns) => columns.split(' ').map(str::to_owned).collect(),
        None => names,
    };
    let kind = if fixed.is_some_and(|columns| columns.contains(' ')) { None } else { kind };
    let name = alias.unwrap_or(own_name);
    // A function of one value has one column, called as the function; one of rows has more.
    let mut columns = match (&kind, names.is_empty()) {
        (Some(kind), true) => Some(vec![(name.clone(), Some(kind.clone()))]),
        (kind, false) => Some(names.iter().map(|name| (name.clone(), kind.clone())).collect()),
        (None, true) => None,
    };
    if ordinality
        && names.is_empty()
        && let Some(columns) = &mut columns
    {
        columns.push(("ordinality".to_owned(), None));
    }
    let called = add(scope, &name, columns);
    let ordinality = if ordinality { " with ordinality" } else { "" };
    let names: Vec<String> = match (names.is_empty(), &kind) {
        // The server writes the name of the only column.
        (true, Some(_)) => vec![quote(&name)],
        _ => names.iter().map(|name| quote(name)).collect(),
    };
    Some(format!("{}{ordinality} {called}({})", tree.write(), names.join(", ")))
}
