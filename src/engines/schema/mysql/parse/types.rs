//! Types of columns in canonical form.
use super::TypeDef;
use crate::engines::schema::catalog::{DataType, Dialect, Server};
use crate::engines::schema::mysql::normal::quote;
use crate::engines::schema::mysql::text::{Cursor, Kind, Lexer, Outcome};

/// Spatial types; other types that take nothing in parentheses.
const PLAIN: [&str; 16] = [
    "geometry",
    "point",
    "linestring",
    "polygon",
    "multipoint",
    "multilinestring",
    "multipolygon",
    "geometrycollection",
    "geomcollection",
    "inet6",
    "inet4",
    "uuid",
    "date",
    "tinyblob",
    "mediumblob",
    "longblob",
];

/// A type that a server prints.
pub(in crate::engines::schema::mysql) fn of_text(text: &str, server: Server) -> Outcome<TypeDef> {
    let tokens = Lexer::new(text, server).all();
    let mut cursor = Cursor::new(&tokens, text);
    data_type(&mut cursor, server)
}

/// A type, with its character set.
pub(in crate::engines::schema::mysql) fn data_type(cursor: &mut Cursor<'_, '_>, server: Server) -> Outcome<TypeDef> {
    let word = cursor.name()?.to_ascii_lowercase();
    let mut kind = base(cursor, &word, server)?;
    attributes(cursor, &mut kind);
    if kind.character {
        while charset(cursor, &mut kind)? {}
        if kind.charset.as_deref().is_some_and(|charset| charset.eq_ignore_ascii_case("binary")) {
            to_bytes(&mut kind);
        }
    }
    Ok(kind)
}

/// `UNSIGNED`, `ZEROFILL` behind numbers.
fn attributes(cursor: &mut Cursor<'_, '_>, kind: &mut TypeDef) {
    let number = matches!(
        kind.data_type.name.as_str(),
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "decimal" | "float" | "double"
    );
    let (mut unsigned, mut zerofill) = (false, false);
    loop {
        if !number {
            break;
        }
        match cursor.one_of(&["UNSIGNED", "SIGNED", "ZEROFILL"]) {
            Some("UNSIGNED") => unsigned = true,
            Some("ZEROFILL") => zerofill = true,
            Some(_) => {}
            None => break,
        }
    }
    let integer = number && !matches!(kind.data_type.name.as_str(), "decimal" | "float" | "double");
    // Servers differ in showing how wide an integer is printed: it is kept only where it does something.
    let boolean =
        kind.data_type.name == "tinyint" && kind.data_type.modifiers.first().is_some_and(|width| width == "1");
    if integer && !zerofill && (unsigned || !boolean) {
        kind.data_type.modifiers.clear();
    }
    if integer && zerofill && kind.data_type.modifiers.is_empty() {
        let width = match kind.data_type.name.as_str() {
            "tinyint" => "3",
            "smallint" => "5",
            "mediumint" => "8",
            "int" => "10",
            _ => "20",
        };
        kind.data_type.modifiers.push(width.to_owned());
    }
    match (unsigned, zerofill) {
        (_, true) => kind.data_type.name.push_str(" unsigned zerofill"),
        (true, false) => kind.data_type.name.push_str(" unsigned"),
        _ => {}
    }
}

/// One part of what says the character set.
fn charset(cursor: &mut Cursor<'_, '_>, kind: &mut TypeDef) -> Outcome<bool> {
    if cursor.words(&["CHARACTER", "SET"]) || cursor.words(&["CHAR", "SET"]) || cursor.word("CHARSET") {
        cursor.equals();
        kind.charset = Some(cursor.name_or_text()?);
    } else if cursor.word("ASCII") {
        kind.charset = Some("latin1".to_owned());
    } else if cursor.word("UNICODE") {
        kind.charset = Some("ucs2".to_owned());
    } else if cursor.word("BINARY") {
        kind.binary = true;
    } else if cursor.word("COLLATE") {
        cursor.equals();
        kind.collation = Some(cursor.name_or_text()?);
    } else {
        return Ok(false);
    }
    Ok(true)
}

/// `CHARACTER SET binary` makes bytes of characters.
fn to_bytes(kind: &mut TypeDef) {
    let name = match kind.data_type.name.as_str() {
        "char" => "binary",
        "varchar" => "varbinary",
        "tinytext" => "tinyblob",
        "text" => "blob",
        "mediumtext" => "mediumblob",
        "longtext" => "longblob",
        _ => return,
    };
    kind.data_type.name = name.to_owned();
    kind.character = false;
    kind.charset = None;
}

fn numbers(cursor: &mut Cursor<'_, '_>) -> Outcome<Vec<String>> {
    if !cursor.sees_symbol(0, "(") {
        return Ok(Vec::new());
    }
    let group = cursor.group()?;
    Ok(group.tokens.iter().filter(|token| token.kind == Kind::Number).map(|token| token.text.to_string()).collect())
}

fn labels(cursor: &mut Cursor<'_, '_>) -> Outcome<Vec<String>> {
    let mut group = cursor.group()?;
    let mut labels = Vec::new();
    while !group.done() {
        let label = match group.peek(0) {
            Some(token) if token.kind == Kind::Hex => {
                group.at += 1;
                format!("0x{}", token.text)
            }
            _ => {
                if group.peek(1).is_some_and(|token| token.kind == Kind::Text) {
                    group.at += 1;
                }
                // Spaces at the end of a label are not kept.
                quote(group.text()?.trim_end_matches(' '))
            }
        };
        labels.push(label);
        if !group.symbol(",") {
            group.end()?;
        }
    }
    Ok(labels)
}

fn base(cursor: &mut Cursor<'_, '_>, word: &str, server: Server) -> Outcome<TypeDef> {
    let plain = |name: &str, modifiers: Vec<String>| TypeDef {
        data_type: DataType { name: name.to_owned(), modifiers, ..DataType::default() },
        ..TypeDef::default()
    };
    let character = |name: &str, modifiers: Vec<String>| TypeDef { character: true, ..plain(name, modifiers) };
    let or_one = |modifiers: Vec<String>| if modifiers.is_empty() { vec!["1".to_owned()] } else { modifiers };
    Ok(match word {
        "tinyint" | "int1" => plain("tinyint", numbers(cursor)?),
        "bool" | "boolean" => plain("tinyint", vec!["1".to_owned()]),
        "smallint" | "int2" => plain("smallint", numbers(cursor)?),
        "mediumint" | "int3" | "middleint" => plain("mediumint", numbers(cursor)?),
        "int" | "integer" | "int4" => plain("int", numbers(cursor)?),
        "bigint" | "int8" => plain("bigint", numbers(cursor)?),
        "serial" => TypeDef { serial: true, ..plain("bigint unsigned", Vec::new()) },
        "decimal" | "dec" | "numeric" | "fixed" | "number" => {
            let mut modifiers = numbers(cursor)?;
            let defaults = ["10", "0"];
            for default in defaults.iter().skip(modifiers.len()) {
                modifiers.push((*default).to_owned());
            }
            if modifiers.first().is_some_and(|digits| digits == "0") {
                modifiers = vec!["10".to_owned(), modifiers.pop().unwrap_or_default()];
            }
            plain("decimal", modifiers)
        }
        "float" | "float4" => {
            let modifiers = numbers(cursor)?;
            match modifiers.as_slice() {
                [digits] => plain(if digits.parse::<u32>().unwrap_or(0) > 24 { "double" } else { "float" }, Vec::new()),
                _ => plain("float", modifiers),
            }
        }
        "double" | "real" | "float8" => {
            cursor.word("PRECISION");
            plain("double", numbers(cursor)?)
        }
        "bit" => plain("bit", or_one(numbers(cursor)?)),
        "year" => {
            numbers(cursor)?;
            plain("year", Vec::new())
        }
        "datetime" | "timestamp" | "time" => {
            let modifiers = numbers(cursor)?.into_iter().filter(|digits| digits != "0").collect();
            plain(word, modifiers)
        }
        "enum" | "set" => character(word, labels(cursor)?),
        "blob" | "text" => {
            let characters = numbers(cursor)?.first().and_then(|length| length.parse().ok());
            TypeDef { characters, character: word == "text", ..plain(word, Vec::new()) }
        }
        "tinytext" | "mediumtext" | "longtext" => character(word, Vec::new()),
        "long" => match cursor.one_of(&["VARBINARY", "VARCHAR", "VARCHARACTER"]) {
            Some("VARBINARY") => plain("mediumblob", Vec::new()),
            _ => {
                let _varying = cursor.words(&["CHAR", "VARYING"]);
                character("mediumtext", Vec::new())
            }
        },
        "binary" | "varbinary" => {
            plain(word, if word == "binary" { or_one(numbers(cursor)?) } else { numbers(cursor)? })
        }
        "json" if server.dialect == Dialect::MariaDb => TypeDef { json: true, ..character("longtext", Vec::new()) },
        "json" => plain("json", Vec::new()),
        "geomcollection" => plain("geometrycollection", Vec::new()),
        "vector" => plain("vector", numbers(cursor)?),
        _ if PLAIN.contains(&word) => plain(word, Vec::new()),
        _ => return strings(cursor, word),
    })
}

/// `CHAR` and `VARCHAR` in all their spellings.
fn strings(cursor: &mut Cursor<'_, '_>, word: &str) -> Outcome<TypeDef> {
    let mut national = false;
    let varying;
    match word {
        "national" => {
            national = true;
            varying = match cursor.one_of(&["CHAR", "CHARACTER", "VARCHAR", "VARCHARACTER"]) {
                Some("CHAR" | "CHARACTER") => cursor.word("VARYING"),
                Some(_) => true,
                None => return Err(cursor.unexpected()),
            };
        }
        "nchar" => (national, varying) = (true, cursor.word("VARCHAR") || cursor.word("VARYING")),
        "nvarchar" => (national, varying) = (true, true),
        "char" | "character" => varying = cursor.word("VARYING"),
        "varchar" | "varcharacter" | "varchar2" => varying = true,
        other => return Err(format!("the type `{other}` is not known")),
    }
    let mut modifiers = Vec::new();
    if cursor.sees_symbol(0, "(") {
        let group = cursor.group()?;
        modifiers
            .extend(group.tokens.iter().filter(|token| token.kind == Kind::Number).map(|token| token.text.to_string()));
    }
    if !varying && modifiers.is_empty() {
        modifiers.push("1".to_owned());
    }
    if cursor.word("BYTE") {
        let name = if varying { "varbinary" } else { "binary" };
        return Ok(TypeDef {
            data_type: DataType { name: name.to_owned(), modifiers, ..DataType::default() },
            ..TypeDef::default()
        });
    }
    let name = if varying { "varchar" } else { "char" };
    Ok(TypeDef {
        data_type: DataType { name: name.to_owned(), modifiers, ..DataType::default() },
        character: true,
        charset: national.then(|| "utf8mb3".to_owned()),
        ..TypeDef::default()
    })
}
