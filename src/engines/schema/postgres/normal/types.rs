//! Types in canonical form.
use crate::engines::schema::catalog::DataType;

/// Other names of the server's types.
const ALIASES: &[(&str, &str)] = &[
    ("int", "integer"),
    ("int4", "integer"),
    ("int2", "smallint"),
    ("int8", "bigint"),
    ("float4", "real"),
    ("float8", "double precision"),
    ("bool", "boolean"),
    ("varchar", "character varying"),
    ("char varying", "character varying"),
    ("nchar varying", "character varying"),
    ("national character varying", "character varying"),
    ("national char varying", "character varying"),
    ("char", "character"),
    ("nchar", "character"),
    ("national character", "character"),
    ("national char", "character"),
    ("dec", "numeric"),
    ("decimal", "numeric"),
    ("varbit", "bit varying"),
    ("timestamp", "timestamp without time zone"),
    ("timestamptz", "timestamp with time zone"),
    ("time", "time without time zone"),
    ("timetz", "time with time zone"),
];

/// What the lexer of types knows.
enum Piece {
    Word(String),
    Quoted(String),
    Modifiers(Vec<String>),
    Dot,
    Bracket,
}

/// A type as the server or a migration writes it, in canonical form: `int4` is `integer`, `varchar(5)[]` an array of `character varying(5)`. A name
/// that is no type of the server keeps the schema that is written; without one, `schema` is `None` and the caller looks it up.
pub fn data_type(text: &str) -> DataType {
    let mut schema = None;
    let mut words: Vec<String> = Vec::new();
    let mut quoted = false;
    let mut modifiers = Vec::new();
    let mut array = false;
    for piece in pieces(text) {
        match piece {
            Piece::Word(word) if word == "setof" && words.is_empty() => {}
            Piece::Word(word) if word == "array" && !words.is_empty() => array = true,
            Piece::Word(word) => words.push(word),
            Piece::Quoted(word) => {
                quoted = true;
                words.push(word);
            }
            Piece::Modifiers(list) => modifiers = list,
            Piece::Dot => schema = words.pop(),
            Piece::Bracket => array = true,
        }
    }
    let schema = schema.filter(|one| one != "pg_catalog");
    let mut name = words.join(" ");
    if quoted && name == "char" && schema.is_none() {
        name = "\"char\"".to_owned();
        quoted = true;
    } else if let (false, None, Some(element)) = (quoted, &schema, name.strip_prefix('_').map(canonical)) {
        // The server's own name of an array type: `_text`.
        if is_builtin(&element) {
            name = element;
            array = true;
        }
    }
    if schema.is_none() && !quoted {
        (name, modifiers) = with_modifiers(canonical(&name), modifiers);
    } else if matches!(name.as_str(), "geometry" | "geography") {
        modifiers = modifiers.into_iter().map(|one| one.to_lowercase()).collect();
    }
    DataType { schema, name, modifiers, array }
}

/// The canonical name of a type without modifiers.
fn canonical(name: &str) -> String {
    ALIASES.iter().find(|(alias, _)| *alias == name).map_or_else(|| name.to_owned(), |(_, name)| (*name).to_owned())
}

/// Whether the server has a type of this canonical name.
pub(super) fn is_builtin(name: &str) -> bool {
    super::tables::category(name).is_some()
}

/// What modifiers say that are left out, and those that choose another type.
fn with_modifiers(name: String, mut modifiers: Vec<String>) -> (String, Vec<String>) {
    match name.as_str() {
        "character" | "bit" if modifiers.is_empty() => modifiers = vec!["1".to_owned()],
        "numeric" if modifiers.len() == 1 => modifiers.push("0".to_owned()),
        "float" => {
            let bits = modifiers.first().and_then(|bits| bits.parse::<u32>().ok()).unwrap_or(53);
            return (if bits <= 24 { "real" } else { "double precision" }.to_owned(), Vec::new());
        }
        "geometry" | "geography" => modifiers = modifiers.into_iter().map(|one| one.to_lowercase()).collect(),
        _ => {}
    }
    (name, modifiers)
}

/// The pieces of a type's text.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(&next) = rest.peek() {
        match next {
            '"' => {
                rest.next();
                let mut word = String::new();
                while let Some(next) = rest.next() {
                    match next {
                        '"' if rest.peek() == Some(&'"') => {
                            rest.next();
                            word.push('"');
                        }
                        '"' => break,
                        other => word.push(other),
                    }
                }
                pieces.push(Piece::Quoted(word));
            }
            '(' => {
                rest.next();
                let inside: String = rest.by_ref().take_while(|next| *next != ')').collect();
                pieces.push(Piece::Modifiers(inside.split(',').map(|one| one.trim().to_owned()).collect()));
            }
            '[' => {
                rest.by_ref().take_while(|next| *next != ']').for_each(drop);
                pieces.push(Piece::Bracket);
            }
            '.' => {
                rest.next();
                pieces.push(Piece::Dot);
            }
            next if next.is_alphanumeric() || matches!(next, '_' | '$') => {
                let mut word = String::new();
                while let Some(&next) = rest.peek() {
                    if !(next.is_alphanumeric() || matches!(next, '_' | '$')) {
                        break;
                    }
                    word.push(next);
                    rest.next();
                }
                pieces.push(Piece::Word(word.to_lowercase()));
            }
            _ => {
                rest.next();
            }
        }
    }
    pieces
}
