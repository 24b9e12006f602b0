//! Queries so simple that what a migration says and what a server makes of it can be proved to be one: one table, no groups, no order.
use super::{Parser, token_form};
use crate::engines::schema::mysql::text::{Cursor, Kind, Token};

/// The normal form of a query that gives these columns; `None` for one that is not simple. `table` has the columns of the table for `*`.
pub(in crate::engines::schema::mysql) fn simple_form(
    tokens: &[Token<'_>],
    source: &str,
    columns: &[String],
    table: &[String],
) -> Option<String> {
    let mut cursor = Cursor::new(tokens, source);
    cursor.need("SELECT").ok()?;
    let modified = ["ALL", "DISTINCT", "DISTINCTROW", "HIGH_PRIORITY", "STRAIGHT_JOIN"];
    if cursor.sees_any(&modified) || cursor.peek(0).is_some_and(|token| token.text.starts_with("SQL_")) {
        return None;
    }
    let mut items = Vec::new();
    loop {
        let star = cursor.sees_symbol(0, "*") || (cursor.sees_symbol(1, ".") && cursor.sees_symbol(2, "*"));
        if star {
            cursor.at += if cursor.sees_symbol(0, "*") { 1 } else { 3 };
            items.extend(table.iter().map(|column| format!("`{}`", column.to_lowercase())));
        } else {
            items.push(Parser::new(&mut cursor).part().ok()?.to_string());
            if cursor.word("AS")
                || cursor.peek(0).is_some_and(|token| token.kind == Kind::Quoted)
                || !(cursor.sees_symbol(0, ",") || cursor.sees(0, "FROM"))
            {
                cursor.name_or_text().ok()?;
            }
        }
        if !cursor.symbol(",") {
            break;
        }
    }
    cursor.need("FROM").ok()?;
    let from = cursor.at;
    let name = cursor.qualified().ok()?;
    let named = token_form(tokens.get(from..cursor.at)?);
    if name.0.is_some() {
        return None;
    }
    if cursor.word("AS") || !(cursor.done() || cursor.sees(0, "WHERE")) {
        cursor.name().ok()?;
    }
    let mut text =
        items.iter().zip(columns).map(|(item, column)| format!("{item} as {column}")).collect::<Vec<_>>().join(", ");
    text = format!("select {text} from {named}");
    if cursor.word("WHERE") {
        text.push_str(&format!(" where {}", Parser::new(&mut cursor).part().ok()?));
    }
    let nested = text.contains("(select ") || text.contains(" over ");
    (cursor.done() && items.len() == columns.len() && !nested).then_some(text)
}
