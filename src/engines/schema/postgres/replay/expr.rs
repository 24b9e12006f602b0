//! Expressions of tables: their text, the columns they name, the names they give to index columns. Their normal form comes last, when the whole
//! catalog is known.
use super::parse::{self, Look};
use super::state::State;
use crate::engines::schema::catalog::Column;
use squawk_syntax::SyntaxKind;
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};
use std::collections::BTreeSet;

/// The text of an expression of a table: outer parentheses and the table's own name before columns are left out, as the server leaves them out.
pub(super) fn text_of(node: &SyntaxNode, table: &str) -> String {
    let mut out = String::new();
    let mut blank = false;
    let mut skip = 0_u32;
    let tokens: Vec<_> = node
        .descendants_with_tokens()
        .filter_map(|one| one.into_token())
        .filter(|token| !matches!(token.kind(), SyntaxKind::COMMENT))
        .collect();
    let significant: Vec<usize> =
        tokens.iter().enumerate().filter(|(_, token)| !token.kind().is_trivia()).map(|(at, _)| at).collect();
    for (nth, at) in significant.iter().enumerate() {
        let (Some(token), next) = (tokens.get(*at), significant.get(nth + 1).and_then(|at| tokens.get(*at))) else {
            continue;
        };
        if nth > 0 && significant.get(nth - 1).is_some_and(|before| before + 1 < *at) {
            blank = true;
        }
        if skip > 0 {
            skip -= 1;
            continue;
        }
        let qualifier = !table.is_empty()
            && next.is_some_and(|next| next.kind() == SyntaxKind::DOT)
            && nth
                .checked_sub(1)
                .and_then(|before| significant.get(before))
                .and_then(|before| tokens.get(*before))
                .is_none_or(|before| before.kind() != SyntaxKind::DOT)
            && unquote(token.text()) == table
            && token.parent().is_some_and(|parent| {
                // A schema before a function is none of ours.
                parent.parent().is_none_or(|above| {
                    above.parent().is_none_or(|call| {
                        call.kind() != SyntaxKind::CALL_EXPR
                            || above.kind() != SyntaxKind::FIELD_EXPR
                            || above.next_sibling().is_none_or(|next| next.kind() != SyntaxKind::ARG_LIST)
                    })
                })
            });
        if qualifier {
            skip = 1;
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

/// A name as it is written, folded or out of its quotes.
pub(super) fn unquote(text: &str) -> String {
    match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(quoted) => quoted.replace("\"\"", "\""),
        None => text.to_lowercase(),
    }
}

/// A name as it must be written: in quotes when it is no plain lower-case word or a reserved one.
pub(super) fn quote(name: &str) -> String {
    let plain = name
        .chars()
        .enumerate()
        .all(|(at, one)| one == '_' || one.is_ascii_lowercase() || (at > 0 && (one.is_ascii_digit() || one == '$')));
    match plain && !name.is_empty() && !RESERVED.contains(&name) {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

/// Words that cannot stand as names without quotes.
const RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "merge_action",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
];

/// The columns that an expression names, in order, each once.
pub(super) fn mentioned(node: &SyntaxNode, columns: &[Column]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for name in node.descendants().filter(|one| one.kind() == SyntaxKind::NAME_REF) {
        let called = name
            .parent()
            .is_some_and(|call| call.kind() == SyntaxKind::CALL_EXPR && call.first_child().as_ref() == Some(&name));
        let text = ast::normalize_name_node(&name);
        if !called && columns.iter().any(|one| one.name == text) && seen.insert(text.clone()) {
            out.push(text);
        }
    }
    out
}

/// An expression read from its text alone.
pub(super) fn parse(text: &str) -> Option<(squawk_syntax::SourceFile, SyntaxNode)> {
    let file = crate::engines::schema::postgres::source::parse(&format!("SELECT ({text})")).tree();
    let node = file.syntax().descendants().find_map(ast::ParenExpr::cast)?.syntax().children().next()?;
    Some((file, node))
}

/// The columns that an expression names, read from its text.
pub(super) fn mentioned_in(text: &str, columns: &[Column]) -> Vec<String> {
    parse(text).map(|(_file, node)| mentioned(&node, columns)).unwrap_or_default()
}

/// The column and the type of an expression that is but the cast of a column; with `calls`, also of one that calls a type as a function.
pub(super) fn cast(text: &str, calls: bool) -> Option<(String, String)> {
    let (_file, node) = parse(text)?;
    let plain = |one: &SyntaxNode| (one.kind() == SyntaxKind::NAME_REF).then(|| ast::normalize_name_node(one));
    match node.kind() {
        SyntaxKind::CAST_EXPR => {
            let mut inner = node.children().find(|one| ast::Expr::can_cast(one.kind()))?;
            while inner.kind() == SyntaxKind::PAREN_EXPR {
                inner = inner.first_child()?;
            }
            let kind = node.children().find(|one| ast::Type::can_cast(one.kind()))?;
            Some((plain(&inner)?, parse::text(&kind)))
        }
        SyntaxKind::CALL_EXPR if calls => {
            let name = plain(&node.first_child()?)?;
            let arguments = node.children().find(|one| one.kind() == SyntaxKind::ARG_LIST)?;
            let mut columns = arguments.descendants().filter(|one| one.kind() == SyntaxKind::NAME_REF);
            let column = plain(&columns.next()?)?;
            let whole = parse::text(&arguments);
            (whole.trim_start_matches('(').trim_end_matches(')').trim().trim_matches('"') == column)
                .then_some((column, name))
        }
        _ => None,
    }
}

/// Whether an expression may give another value for every row.
pub(super) fn volatile(node: &SyntaxNode) -> bool {
    node.descendants().filter(|one| one.kind() == SyntaxKind::CALL_EXPR).any(|call| {
        let name = call.first_child().map(|one| parse::text(&one).to_ascii_lowercase()).unwrap_or_default();
        let name = name.rsplit('.').next().unwrap_or_default().to_owned();
        VOLATILE.contains(&name.as_str())
    })
}

const VOLATILE: &[&str] = &[
    "random",
    "gen_random_uuid",
    "nextval",
    "clock_timestamp",
    "timeofday",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuidv7",
    "uuidv4",
    "setval",
    "gen_random_bytes",
    "gen_salt",
    "random_normal",
    "currval",
    "lastval",
];

/// The name that an expression gives to the column of an index (as to that of a query), if any.
pub(super) fn column_name(node: &SyntaxNode) -> Option<String> {
    figure(node, 0).map(|(_, name)| name)
}

/// The name, and how much it weighs: a name out of a cast (1) gives way to one from beneath.
fn figure(node: &SyntaxNode, depth: u32) -> Option<(u8, String)> {
    if depth > 64 {
        return None;
    }
    let inner = || node.children().find(|one| ast::Expr::can_cast(one.kind()));
    match node.kind() {
        SyntaxKind::NAME_REF => Some((2, ast::normalize_name_node(node))),
        SyntaxKind::FIELD_EXPR => {
            let last = node.children().filter(|one| one.kind() == SyntaxKind::NAME_REF).last()?;
            Some((2, ast::normalize_name_node(&last)))
        }
        SyntaxKind::PAREN_EXPR | SyntaxKind::COLLATE | SyntaxKind::INDEX_EXPR | SyntaxKind::SLICE_EXPR => {
            figure(&inner()?, depth + 1)
        }
        SyntaxKind::CAST_EXPR => {
            let beneath = inner().and_then(|one| figure(&one, depth + 1));
            match beneath {
                Some((2, name)) => Some((2, name)),
                other => type_word(node).map(|name| (1, name)).or(other),
            }
        }
        SyntaxKind::CASE_EXPR => {
            let last =
                node.children().find(|one| one.kind() == SyntaxKind::ELSE_CLAUSE).and_then(|one| one.first_child());
            match last.and_then(|one| figure(&one, depth + 1)) {
                Some((2, name)) => Some((2, name)),
                _ => Some((1, "case".to_owned())),
            }
        }
        SyntaxKind::ARRAY_EXPR => Some((2, "array".to_owned())),
        SyntaxKind::TUPLE_EXPR => Some((2, "row".to_owned())),
        SyntaxKind::CALL_EXPR => {
            let first = node.first_child()?;
            match first.kind() {
                SyntaxKind::NAME_REF | SyntaxKind::FIELD_EXPR => {
                    figure(&first, depth + 1).map(|(_, name)| (2, function_word(&name)))
                }
                SyntaxKind::TRIM_FN => Some((
                    2,
                    match parse::text(&first).to_ascii_lowercase() {
                        text if text.contains("(leading") || text.contains("( leading") => "ltrim",
                        text if text.contains("(trailing") || text.contains("( trailing") => "rtrim",
                        _ => "btrim",
                    }
                    .to_owned(),
                )),
                _ => {
                    let word: String = parse::text(&first)
                        .chars()
                        .take_while(|one| one.is_ascii_alphanumeric() || *one == '_')
                        .collect();
                    Some((2, word.to_ascii_lowercase()))
                }
            }
        }
        SyntaxKind::BIN_EXPR if node.children().any(|one| one.kind() == SyntaxKind::AT_TIME_ZONE) => {
            Some((2, "timezone".to_owned()))
        }
        SyntaxKind::POSTFIX_EXPR if parse::text(node).to_ascii_lowercase().ends_with("at local") => {
            Some((2, "timezone".to_owned()))
        }
        _ => None,
    }
}

fn function_word(name: &str) -> String {
    name.to_owned()
}

/// The last part of the name of the type that a cast goes to, as the grammar calls it.
fn type_word(cast: &SyntaxNode) -> Option<String> {
    let found = cast.children().find(|one| ast::Type::can_cast(one.kind()))?;
    let text = parse::text(&found).to_ascii_lowercase();
    let bare = text.split(['(', '[']).next().unwrap_or_default().trim().to_owned();
    let word = match bare.as_str() {
        "int" | "integer" => "int4",
        "smallint" => "int2",
        "bigint" => "int8",
        "boolean" => "bool",
        "real" => "float4",
        "float" | "double precision" => "float8",
        "decimal" | "dec" => "numeric",
        "character varying" | "char varying" => "varchar",
        "character" | "char" => "bpchar",
        "bit varying" => "varbit",
        _ if text.starts_with("timestamp") && text.contains("with time zone") => "timestamptz",
        _ if text.starts_with("timestamp") => "timestamp",
        _ if text.starts_with("time") && text.contains("with time zone") => "timetz",
        _ if text.starts_with("interval") => "interval",
        _ => return Some(unquote(bare.rsplit('.').next().unwrap_or_default())),
    };
    Some(word.to_owned())
}

impl State {
    /// The collation that a `COLLATE` names: a name of the server's own in quotes where needed, another with its schema; `None` for `"default"`.
    pub(super) fn collation(&self, node: &ast::Collate) -> Option<String> {
        let (schema, name) = parse::path(&node.one::<ast::CollationRef>()?)?;
        if name == "default" {
            return None;
        }
        let found = self.find(schema.as_deref(), &name, |catalog, name| {
            catalog.others.contains_key(&crate::engines::schema::catalog::Key::top(
                crate::engines::schema::catalog::Kind::Collation,
                name,
            ))
        });
        Some(match (found, schema.filter(|one| one != "pg_catalog")) {
            (Some(found), _) => format!("{}.{}", quote(&found.schema), quote(&found.name)),
            (None, Some(schema)) => format!("{}.{}", quote(&schema), quote(&name)),
            (None, None) => quote(&name),
        })
    }
}
