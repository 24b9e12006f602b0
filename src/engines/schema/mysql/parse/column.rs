//! Definitions of columns.
use super::key::{check, references};
use super::types::data_type;
use super::{ColumnDef, Default_, Position};
use crate::engines::schema::catalog::{Expression, Server};
use crate::engines::schema::mysql::normal::{Expr, Parser, of_tokens};
use crate::engines::schema::mysql::text::{Cursor, Outcome};

/// `name type …`, also `FIRST` and `AFTER`.
pub(in crate::engines::schema::mysql) fn definition(cursor: &mut Cursor<'_, '_>, server: Server) -> Outcome<ColumnDef> {
    let name = cursor.name()?;
    let kind = data_type(cursor, server)?;
    let mut column = ColumnDef { name, kind, ..ColumnDef::default() };
    if column.kind.serial {
        (column.not_null, column.auto_increment, column.unique) = (Some(true), true, true);
    }
    while attribute(cursor, &mut column)? {}
    if cursor.word("FIRST") {
        column.position = Position::First;
    } else if cursor.word("AFTER") {
        column.position = Position::After(cursor.name()?);
    }
    Ok(column)
}

/// What stands behind `DEFAULT`.
pub(in crate::engines::schema::mysql) fn default_of(cursor: &mut Cursor<'_, '_>) -> Outcome<Default_> {
    let from = cursor.at;
    if cursor.words(&["NEXT", "VALUE", "FOR"]) {
        let (_, sequence) = cursor.qualified()?;
        let text = cursor.source_from(from).to_owned();
        return Ok(Default_ { expr: Expr::Call("nextval".to_owned(), vec![Expr::Name(vec![sequence])]), text });
    }
    let expr = Parser::new(cursor).value()?;
    Ok(Default_ { expr, text: cursor.source_from(from).to_owned() })
}

/// One attribute; false when there is none any more.
fn attribute(cursor: &mut Cursor<'_, '_>, column: &mut ColumnDef) -> Outcome<bool> {
    if cursor.words(&["NOT", "NULL"]) {
        column.not_null = Some(true);
    } else if cursor.word("NULL") {
        column.not_null = Some(false);
    } else if cursor.word("DEFAULT") {
        column.default = Some(default_of(cursor)?);
    } else if cursor.words(&["ON", "UPDATE"]) {
        let from = cursor.at;
        let expr = Parser::new(cursor).value()?;
        column.on_update = Some(Expression { text: cursor.source_from(from).to_owned(), normal: expr.to_string() });
    } else if cursor.word("AUTO_INCREMENT") {
        column.auto_increment = true;
    } else if cursor.words(&["SERIAL", "DEFAULT", "VALUE"]) {
        (column.not_null, column.auto_increment, column.unique) = (Some(true), true, true);
    } else if cursor.word("UNIQUE") {
        cursor.word("KEY");
        column.unique = true;
    } else if cursor.words(&["PRIMARY", "KEY"]) || cursor.word("KEY") {
        column.primary = true;
    } else if cursor.word("COMMENT") {
        column.comment = Some(cursor.text()?).filter(|text| !text.is_empty());
    } else if cursor.word("COLLATE") {
        cursor.equals();
        column.kind.collation = Some(cursor.name_or_text()?);
    } else if cursor.words(&["CHARACTER", "SET"]) || cursor.word("CHARSET") {
        column.kind.charset = Some(cursor.name_or_text()?);
    } else if cursor.word("INVISIBLE") {
        column.invisible = true;
    } else if cursor.word("SRID") || cursor.word("REF_SYSTEM_ID") {
        cursor.equals();
        column.srid = Some(cursor.number()?);
    } else if cursor.word("REFERENCES") {
        column.references = Some(references(cursor)?);
    } else if cursor.sees_any(&["CONSTRAINT", "CHECK"]) {
        constraint(cursor, column)?;
    } else if cursor.sees_any(&["GENERATED", "AS"]) {
        generated(cursor, column)?;
    } else {
        return storage(cursor);
    }
    Ok(true)
}

fn constraint(cursor: &mut Cursor<'_, '_>, column: &mut ColumnDef) -> Outcome<()> {
    let mut name = None;
    if cursor.word("CONSTRAINT") && !cursor.sees(0, "CHECK") {
        name = Some(cursor.name()?);
        if cursor.word("REFERENCES") {
            let mut foreign = references(cursor)?;
            foreign.name = name;
            column.references = Some(foreign);
            return Ok(());
        }
    }
    cursor.need("CHECK")?;
    column.checks.push(check(cursor, name)?);
    Ok(())
}

fn generated(cursor: &mut Cursor<'_, '_>, column: &mut ColumnDef) -> Outcome<()> {
    if cursor.word("GENERATED") {
        cursor.need("ALWAYS")?;
    }
    cursor.need("AS")?;
    if cursor.word("ROW") {
        cursor.one_of(&["START", "END"]).ok_or_else(|| cursor.unexpected())?;
        column.row = true;
        column.not_null = Some(true);
        return Ok(());
    }
    let from = cursor.at;
    let group = cursor.group()?;
    let text = cursor.source_from(from);
    let text = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text).to_owned();
    let expression = Expression { normal: of_tokens(group.tokens, group.source), text };
    let stored = matches!(cursor.one_of(&["VIRTUAL", "STORED", "PERSISTENT"]), Some("STORED" | "PERSISTENT"));
    column.generated = Some((expression, stored));
    Ok(())
}

/// What says how a column is kept, which no catalog shows.
fn storage(cursor: &mut Cursor<'_, '_>) -> Outcome<bool> {
    if cursor.words(&["WITH", "SYSTEM", "VERSIONING"])
        || cursor.words(&["WITHOUT", "SYSTEM", "VERSIONING"])
        || cursor.word("VISIBLE")
        || cursor.words(&["NOT", "SECONDARY"])
    {
        return Ok(true);
    }
    if cursor.one_of(&["COLUMN_FORMAT", "STORAGE", "ENGINE_ATTRIBUTE", "SECONDARY_ENGINE_ATTRIBUTE"]).is_some() {
        cursor.equals();
        cursor.name_or_text()?;
        return Ok(true);
    }
    if cursor.word("COMPRESSED") {
        if cursor.equals() {
            cursor.name_or_text()?;
        }
        return Ok(true);
    }
    Ok(false)
}
