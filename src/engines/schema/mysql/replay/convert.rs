//! `CONVERT TO CHARACTER SET`.
use super::keys;
use super::names::same;
use super::state::State;
use crate::engines::schema::catalog::Table;

/// Texts in the order of their size.
const TEXTS: [&str; 4] = ["tinytext", "text", "mediumtext", "longtext"];

/// Gives the table and all its texts another character set; where characters may become longer, texts become larger.
/// Columns that the statement itself gives a collation (`fixed`) keep it.
pub(super) fn table(state: &State, table: &mut Table, charset: Option<&str>, collation: Option<&str>, fixed: &[&str]) {
    let charsets = state.charsets();
    let target = match (collation, charset) {
        (Some(collation), _) => charsets.canonical(collation),
        (None, Some(charset)) => charsets.collation(charset),
        (None, None) => state.session.collations.get("").cloned().unwrap_or_default(),
    };
    let width = charsets.width(&target);
    for column in table.columns.iter_mut().filter(|column| !fixed.iter().any(|name| same(name, &column.name))) {
        let Some(old) = column.collation.replace(target.clone()) else {
            column.collation = None;
            continue;
        };
        if let Some(at) = TEXTS.iter().position(|name| *name == column.data_type.name)
            && charsets.width(&old) < width
        {
            column.data_type.name = TEXTS.get(at + 1).unwrap_or(&"longtext").to_string();
        }
    }
    table.options.insert("collation".to_owned(), target);
    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    names.iter().for_each(|name| keys::retype(table, name, state.catalog.server));
}
