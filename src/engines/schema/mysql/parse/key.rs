//! Indexes, foreign keys and checks.
use super::{CheckDef, Element, ForeignDef, IndexDef, IndexKind};
use crate::engines::schema::catalog::{Action, Expression, IndexKey, Server};
use crate::engines::schema::mysql::normal::of_tokens;
use crate::engines::schema::mysql::text::{Cursor, Kind, Outcome};

/// One element of a table's definition.
pub(in crate::engines::schema::mysql) fn element(cursor: &mut Cursor<'_, '_>, server: Server) -> Outcome<Element> {
    let from = cursor.at;
    if cursor.words(&["PERIOD", "FOR"]) {
        cursor.name()?;
        cursor.group()?;
        return Ok(Element::Period(cursor.source_from(from).to_owned()));
    }
    let mut name = None;
    if cursor.word("CONSTRAINT") {
        let bare = cursor.sees_any(&["PRIMARY", "UNIQUE", "FOREIGN", "CHECK"])
            && !cursor.peek(0).is_some_and(|token| token.kind == Kind::Quoted);
        cursor.words(&["IF", "NOT", "EXISTS"]);
        if !bare {
            name = Some(cursor.name()?);
        }
    }
    if cursor.words(&["FOREIGN", "KEY"]) {
        return foreign(cursor, name).map(Element::Foreign);
    }
    if cursor.sees(0, "CHECK") && cursor.sees_symbol(1, "(") {
        cursor.at += 1;
        return check(cursor, name).map(Element::Check);
    }
    let kind = if cursor.words(&["PRIMARY", "KEY"]) {
        IndexKind::Primary
    } else if cursor.sees(0, "UNIQUE") {
        cursor.at += 1;
        keyword(cursor);
        IndexKind::Unique
    } else if cursor.sees(0, "FULLTEXT") && !type_follows(cursor) {
        cursor.at += 1;
        keyword(cursor);
        IndexKind::Fulltext
    } else if cursor.sees(0, "SPATIAL") && !type_follows(cursor) {
        cursor.at += 1;
        keyword(cursor);
        IndexKind::Spatial
    } else if cursor.sees_any(&["KEY", "INDEX"]) {
        cursor.at += 1;
        IndexKind::Plain
    } else if name.is_some() {
        return Err(cursor.unexpected());
    } else {
        return super::column::definition(cursor, server).map(|column| Element::Column(Box::new(column)));
    };
    let mut index = IndexDef { kind, ..IndexDef::default() };
    index.if_not_exists = cursor.words(&["IF", "NOT", "EXISTS"]);
    // The name of the constraint names the index when that has none.
    if !cursor.sees_symbol(0, "(") && !cursor.sees_any(&["USING", "TYPE"]) {
        name = Some(cursor.name()?);
    }
    index.name = name;
    body(cursor, &mut index)?;
    Ok(Element::Index(index))
}

/// A column may be called `fulltext`.
fn type_follows(cursor: &Cursor<'_, '_>) -> bool {
    ["INT", "VARCHAR", "TEXT", "TINYINT"].iter().any(|word| cursor.sees(1, word))
}

fn keyword(cursor: &mut Cursor<'_, '_>) {
    let _key = cursor.word("KEY") || cursor.word("INDEX");
}

/// `CREATE [kind] INDEX name … ON table (…)`, from the kind on: the index and its table.
pub(in crate::engines::schema::mysql) fn index_statement(
    cursor: &mut Cursor<'_, '_>,
) -> Outcome<(IndexDef, (Option<String>, String))> {
    let kind = match cursor.one_of(&["UNIQUE", "FULLTEXT", "SPATIAL"]) {
        Some("UNIQUE") => IndexKind::Unique,
        Some("FULLTEXT") => IndexKind::Fulltext,
        Some(_) => IndexKind::Spatial,
        None => IndexKind::Plain,
    };
    cursor.need("INDEX")?;
    let mut index = IndexDef { kind, ..IndexDef::default() };
    index.if_not_exists = cursor.words(&["IF", "NOT", "EXISTS"]);
    index.name = Some(cursor.name()?);
    method(cursor, &mut index)?;
    cursor.need("ON")?;
    let table = cursor.qualified()?;
    body(cursor, &mut index)?;
    Ok((index, table))
}

fn method(cursor: &mut Cursor<'_, '_>, index: &mut IndexDef) -> Outcome<()> {
    while cursor.word("USING") || cursor.word("TYPE") {
        index.hash = cursor.name()?.eq_ignore_ascii_case("hash");
    }
    Ok(())
}

fn body(cursor: &mut Cursor<'_, '_>, index: &mut IndexDef) -> Outcome<()> {
    method(cursor, index)?;
    let mut group = cursor.group()?;
    while !group.done() {
        let key = key(&mut group)?;
        index.keys.push(key);
        if !group.symbol(",") {
            group.end()?;
        }
    }
    loop {
        method(cursor, index)?;
        if cursor.word("COMMENT") {
            cursor.equals();
            index.comment = Some(cursor.text()?).filter(|text| !text.is_empty());
        } else if cursor.words(&["WITH", "PARSER"]) {
            cursor.name()?;
        } else if cursor
            .one_of(&["KEY_BLOCK_SIZE", "CLUSTERING", "ENGINE_ATTRIBUTE", "SECONDARY_ENGINE_ATTRIBUTE"])
            .is_some()
        {
            cursor.equals();
            cursor.take();
        } else if cursor.words(&["NOT", "IGNORED"]) || cursor.word("VISIBLE") {
            index.invisible = false;
        } else if cursor.word("IGNORED") || cursor.word("INVISIBLE") {
            index.invisible = true;
        } else {
            return Ok(());
        }
    }
}

fn key(cursor: &mut Cursor<'_, '_>) -> Outcome<IndexKey> {
    let mut key = IndexKey::default();
    if cursor.sees_symbol(0, "(") {
        let from = cursor.at;
        let group = cursor.group()?;
        key.expression = Expression {
            text: cursor.source_from(from).to_owned(),
            normal: format!("({})", of_tokens(group.tokens, group.source)),
        };
    } else {
        key.column = true;
        key.expression = Expression::plain(cursor.name()?);
        if cursor.sees_symbol(0, "(") {
            let mut group = cursor.group()?;
            key.prefix = group.number()?.parse().ok();
        }
    }
    if cursor.words(&["WITHOUT", "OVERLAPS"]) {
        return Err("`WITHOUT OVERLAPS` is not modelled".to_owned());
    }
    key.descending = matches!(cursor.one_of(&["ASC", "DESC"]), Some("DESC"));
    key.nulls_first = key.descending;
    Ok(key)
}

/// What follows `CHECK`.
pub(super) fn check(cursor: &mut Cursor<'_, '_>, name: Option<String>) -> Outcome<CheckDef> {
    let from = cursor.at;
    let group = cursor.group()?;
    let text = cursor.source_from(from);
    let text = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text).trim().to_owned();
    let condition = Expression { normal: of_tokens(group.tokens, group.source), text };
    let enforced = !cursor.words(&["NOT", "ENFORCED"]);
    cursor.word("ENFORCED");
    Ok(CheckDef { name, condition, enforced })
}

fn foreign(cursor: &mut Cursor<'_, '_>, name: Option<String>) -> Outcome<ForeignDef> {
    let if_not_exists = cursor.words(&["IF", "NOT", "EXISTS"]);
    let index = if cursor.sees_symbol(0, "(") { None } else { Some(cursor.name()?) };
    let mut group = cursor.group()?;
    let columns = names(&mut group)?;
    cursor.need("REFERENCES")?;
    let target = references(cursor)?;
    Ok(ForeignDef { name, index, columns, if_not_exists, ..target })
}

fn names(group: &mut Cursor<'_, '_>) -> Outcome<Vec<String>> {
    let mut names = Vec::new();
    while !group.done() {
        names.push(group.name()?);
        if group.sees_symbol(0, "(") {
            group.group()?;
        }
        let _order = group.one_of(&["ASC", "DESC"]);
        if !group.symbol(",") {
            group.end()?;
        }
    }
    Ok(names)
}

/// What follows `REFERENCES`.
pub(super) fn references(cursor: &mut Cursor<'_, '_>) -> Outcome<ForeignDef> {
    let mut foreign = ForeignDef { table: cursor.qualified()?, ..ForeignDef::default() };
    if cursor.sees_symbol(0, "(") {
        let mut group = cursor.group()?;
        foreign.references = names(&mut group)?;
    }
    loop {
        if cursor.word("MATCH") {
            foreign.match_full = matches!(cursor.one_of(&["FULL", "PARTIAL", "SIMPLE"]), Some("FULL"));
        } else if cursor.words(&["ON", "DELETE"]) {
            foreign.on_delete = action(cursor)?;
        } else if cursor.sees(0, "ON")
            && cursor.sees(1, "UPDATE")
            && !cursor.sees(2, "CURRENT_TIMESTAMP")
            && !cursor.sees(2, "NOW")
        {
            cursor.at += 2;
            foreign.on_update = action(cursor)?;
        } else {
            return Ok(foreign);
        }
    }
}

/// `RESTRICT` is the same as `NO ACTION` here.
fn action(cursor: &mut Cursor<'_, '_>) -> Outcome<Action> {
    if cursor.word("CASCADE") {
        Ok(Action::Cascade)
    } else if cursor.words(&["SET", "NULL"]) {
        Ok(Action::SetNull)
    } else if cursor.words(&["SET", "DEFAULT"]) {
        Ok(Action::SetDefault)
    } else if cursor.words(&["NO", "ACTION"]) || cursor.word("RESTRICT") {
        Ok(Action::NoAction)
    } else {
        Err(cursor.unexpected())
    }
}
