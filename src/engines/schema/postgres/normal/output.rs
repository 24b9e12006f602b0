//! The name that the server gives an output without an alias.
use super::tree::Tree;
use crate::engines::schema::catalog::DataType;

/// The name of an output; `None` for `?column?`.
pub(super) fn output_name(tree: &Tree) -> Option<String> {
    figured(tree).map(|(name, _)| name)
}

/// A name, and whether it is a strong one: a cast has the name of what it casts, or else that of its type.
fn figured(tree: &Tree) -> Option<(String, bool)> {
    let strong = |name: &str| Some((name.to_owned(), true));
    match tree {
        Tree::Name(parts) => parts.iter().rev().find(|part| *part != "*").map(|name| (name.clone(), true)),
        Tree::Field(_, field) if field != "*" => strong(field),
        Tree::Element(base, _) | Tree::Collate(base, _) => figured(base),
        Tree::Call(call) => strong(&call.name),
        Tree::Cast(inner, kind) => {
            figured(inner).filter(|(_, strong)| *strong).or_else(|| Some((type_name(kind), false)))
        }
        Tree::Case { otherwise, .. } => otherwise
            .as_deref()
            .and_then(figured)
            .filter(|(_, strong)| *strong)
            .or_else(|| Some(("case".to_owned(), false))),
        Tree::Array(_) => strong("array"),
        Tree::Row(_) => strong("row"),
        Tree::Word(word) => match word.split('(').next().unwrap_or_default() {
            "true" | "false" => Some(("bool".to_owned(), false)),
            "null" | "default" => None,
            other => strong(other),
        },
        Tree::Exists(_) => strong("exists"),
        Tree::ArrayOf(_) => strong("array"),
        Tree::Query(node) => {
            let list = node.descendants().find(|node| node.kind() == squawk_syntax::SyntaxKind::TARGET)?;
            let alias = list.children().find(|child| child.kind() == squawk_syntax::SyntaxKind::AS_NAME);
            match alias.and_then(|alias| alias.first_child()) {
                Some(name) => strong(&super::names::fold(name.text().to_string().trim())),
                None => figured(super::parse::expressions_of(&list).first()?),
            }
        }
        _ => None,
    }
}

/// The server's own name of a type: `int4` for `integer`.
fn type_name(kind: &DataType) -> String {
    match kind.name.as_str() {
        "integer" => "int4",
        "bigint" => "int8",
        "smallint" => "int2",
        "real" => "float4",
        "double precision" => "float8",
        "boolean" => "bool",
        "character varying" => "varchar",
        "character" => "bpchar",
        "bit varying" => "varbit",
        "timestamp with time zone" => "timestamptz",
        "timestamp without time zone" => "timestamp",
        "time with time zone" => "timetz",
        "time without time zone" => "time",
        other => other,
    }
    .to_owned()
}
