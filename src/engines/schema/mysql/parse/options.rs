//! Options of tables.
use crate::engines::schema::mysql::text::{Cursor, Kind, Outcome};
use std::collections::BTreeMap;

/// Options of a table as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::engines::schema::mysql) struct Options {
    pub(in crate::engines::schema::mysql) engine: Option<String>,
    pub(in crate::engines::schema::mysql) charset: Option<String>,
    pub(in crate::engines::schema::mysql) collation: Option<String>,
    pub(in crate::engines::schema::mysql) comment: Option<String>,
    /// `WITH SYSTEM VERSIONING`.
    pub(in crate::engines::schema::mysql) versioned: bool,
    /// Others in lower case; an empty value stands for the default.
    pub(in crate::engines::schema::mysql) others: BTreeMap<String, String>,
}

/// Options that the server shows again, and that differ from their default by what they say.
const SHOWN: [&str; 24] = [
    "ROW_FORMAT",
    "KEY_BLOCK_SIZE",
    "MAX_ROWS",
    "MIN_ROWS",
    "AVG_ROW_LENGTH",
    "CHECKSUM",
    "TABLE_CHECKSUM",
    "DELAY_KEY_WRITE",
    "PACK_KEYS",
    "STATS_PERSISTENT",
    "STATS_AUTO_RECALC",
    "STATS_SAMPLE_PAGES",
    "TRANSACTIONAL",
    "PAGE_CHECKSUM",
    "COMPRESSION",
    "ENCRYPTION",
    "ENCRYPTED",
    "ENCRYPTION_KEY_ID",
    "PAGE_COMPRESSED",
    "PAGE_COMPRESSION_LEVEL",
    "ATOMIC_WRITES",
    "CONNECTION",
    "SEQUENCE",
    "INSERT_METHOD",
];
/// Options of which the catalog knows nothing.
const HIDDEN: [&str; 9] = [
    "AUTO_INCREMENT",
    "TABLESPACE",
    "PASSWORD",
    "NODEGROUP",
    "AUTOEXTEND_SIZE",
    "ENGINE_ATTRIBUTE",
    "SECONDARY_ENGINE_ATTRIBUTE",
    "SECONDARY_ENGINE",
    "STORAGE",
];

/// Options as far as they go.
pub(in crate::engines::schema::mysql) fn table_options(cursor: &mut Cursor<'_, '_>) -> Outcome<Options> {
    let mut options = Options::default();
    while one(cursor, &mut options)? {
        // A comma may stand between them, but it also parts the actions of ALTER.
        if cursor.sees_symbol(0, ",") {
            let mut ahead = *cursor;
            ahead.at += 1;
            if one(&mut ahead, &mut Options::default()).unwrap_or(false) {
                cursor.at += 1;
            }
        }
    }
    Ok(options)
}

fn one(cursor: &mut Cursor<'_, '_>, options: &mut Options) -> Outcome<bool> {
    let from = *cursor;
    let default = cursor.word("DEFAULT");
    if cursor.words(&["CHARACTER", "SET"]) || cursor.word("CHARSET") || cursor.words(&["CHAR", "SET"]) {
        cursor.equals();
        options.charset = Some(cursor.name_or_text()?);
    } else if cursor.word("COLLATE") {
        cursor.equals();
        options.collation = Some(cursor.name_or_text()?);
    } else if default {
        *cursor = from;
        return Ok(false);
    } else if cursor.word("ENGINE") || cursor.word("TYPE") {
        cursor.equals();
        options.engine = Some(cursor.name_or_text()?);
    } else if cursor.word("COMMENT") {
        cursor.equals();
        options.comment = Some(cursor.text()?);
    } else if cursor.words(&["WITH", "SYSTEM", "VERSIONING"]) {
        options.versioned = true;
    } else if cursor.words(&["DATA", "DIRECTORY"]) || cursor.words(&["INDEX", "DIRECTORY"]) {
        cursor.equals();
        cursor.text()?;
    } else if cursor.word("UNION") {
        cursor.equals();
        cursor.group()?;
    } else if let Some(name) = cursor.one_of(&SHOWN) {
        cursor.equals();
        let value = value(cursor)?;
        let name = if name == "TABLE_CHECKSUM" { "checksum".to_owned() } else { name.to_ascii_lowercase() };
        options.others.insert(name.clone(), default_is_empty(&name, value));
    } else if cursor.one_of(&HIDDEN).is_some() {
        cursor.equals();
        value(cursor)?;
    } else {
        return Ok(false);
    }
    Ok(true)
}

fn value(cursor: &mut Cursor<'_, '_>) -> Outcome<String> {
    match cursor.take() {
        Some(token) if token.kind != Kind::Symbol => Ok(token.text.to_ascii_lowercase()),
        _ => Err(cursor.unexpected()),
    }
}

/// Values that are the default are as good as not there.
pub(in crate::engines::schema::mysql) fn default_is_empty(name: &str, value: String) -> String {
    let value = value.to_ascii_lowercase();
    let default = match name {
        "row_format" => matches!(value.as_str(), "default" | "dynamic"),
        "stats_persistent" | "stats_auto_recalc" | "pack_keys" => value == "default",
        // Aria shows it or not, by what the table was before.
        "transactional" => true,
        "page_checksum" => matches!(value.as_str(), "1" | "default"),
        "encryption" | "encrypted" => matches!(value.as_str(), "n" | "no" | "off" | "default"),
        _ => matches!(value.as_str(), "0" | "default" | "off"),
    };
    if default { String::new() } else { value }
}
