//! The actions of `ALTER TABLE`.
use super::column::{default_of, definition};
use super::key::element;
use super::options::table_options;
use super::partition::clause;
use super::{Alteration, Element};
use crate::engines::schema::catalog::Server;
use crate::engines::schema::mysql::text::{Cursor, Outcome};

/// All actions behind the name of the table.
pub(in crate::engines::schema::mysql) fn actions(
    cursor: &mut Cursor<'_, '_>,
    server: Server,
) -> Outcome<Vec<Alteration>> {
    let mut all = Vec::new();
    let _wait = cursor.word("NOWAIT") || (cursor.word("WAIT") && cursor.take().is_some());
    while !cursor.done() {
        action(cursor, server, &mut all)?;
        if cursor.symbol(",") {
            continue;
        }
        // Partitioning follows the other actions without a comma.
        if !cursor.done() && !cursor.sees_any(&["PARTITION", "REMOVE"]) {
            return Err(cursor.unexpected());
        }
    }
    Ok(all)
}

fn action(cursor: &mut Cursor<'_, '_>, server: Server, all: &mut Vec<Alteration>) -> Outcome<()> {
    if cursor.word("ADD") {
        return add(cursor, server, all);
    }
    let one = if cursor.word("DROP") {
        drop(cursor)?
    } else if cursor.word("CHANGE") {
        cursor.word("COLUMN");
        let optional = cursor.words(&["IF", "EXISTS"]);
        let old = cursor.name()?;
        Alteration::Change(old, Box::new(definition(cursor, server)?), optional)
    } else if cursor.word("MODIFY") {
        cursor.word("COLUMN");
        let optional = cursor.words(&["IF", "EXISTS"]);
        let column = definition(cursor, server)?;
        Alteration::Change(column.name.clone(), Box::new(column), optional)
    } else if cursor.word("RENAME") {
        rename(cursor)?
    } else if cursor.word("ALTER") {
        alter(cursor)?
    } else if cursor.words(&["CONVERT", "TO"]) {
        convert(cursor)?
    } else if cursor.words(&["ORDER", "BY"]) {
        order(cursor)?
    } else if cursor.word("ALGORITHM") || cursor.word("LOCK") {
        cursor.equals();
        let how = cursor.name()?.to_ascii_uppercase();
        Alteration::Nothing(matches!(how.as_str(), "NONE" | "INPLACE" | "INSTANT" | "NOCOPY"))
    } else if cursor.word("FORCE")
        || cursor.words(&["DISABLE", "KEYS"])
        || cursor.words(&["ENABLE", "KEYS"])
        || cursor.words(&["DISCARD", "TABLESPACE"])
        || cursor.words(&["IMPORT", "TABLESPACE"])
        || cursor.words(&["WITH", "VALIDATION"])
        || cursor.words(&["WITHOUT", "VALIDATION"])
    {
        Alteration::Nothing(false)
    } else if cursor.sees(0, "PARTITION") && cursor.sees(1, "BY") {
        Alteration::Partition(clause(cursor)?)
    } else if cursor.words(&["REMOVE", "PARTITIONING"]) {
        Alteration::RemovePartitioning
    } else if let Some(verb) = cursor.one_of(&[
        "REORGANIZE",
        "COALESCE",
        "TRUNCATE",
        "EXCHANGE",
        "ANALYZE",
        "CHECK",
        "OPTIMIZE",
        "REBUILD",
        "REPAIR",
    ]) {
        rest(cursor, verb)
    } else {
        let from = cursor.at;
        let options = table_options(cursor)?;
        if cursor.at == from {
            return Err(cursor.unexpected());
        }
        Alteration::Options(options)
    };
    all.push(one);
    Ok(())
}

/// Partition maintenance takes the rest of the statement.
fn rest(cursor: &mut Cursor<'_, '_>, verb: &str) -> Alteration {
    let text = cursor.source_rest().to_owned();
    cursor.at = cursor.tokens.len();
    Alteration::Partitions(verb.to_owned(), text)
}

fn add(cursor: &mut Cursor<'_, '_>, server: Server, all: &mut Vec<Alteration>) -> Outcome<()> {
    if cursor.words(&["SYSTEM", "VERSIONING"]) {
        all.push(Alteration::Versioning(true));
        return Ok(());
    }
    if cursor.sees(0, "PARTITION") {
        all.push(rest(cursor, "ADD"));
        return Ok(());
    }
    let column = cursor.word("COLUMN");
    let optional = cursor.words(&["IF", "NOT", "EXISTS"]);
    if cursor.sees_symbol(0, "(") {
        let mut group = cursor.group()?;
        while !group.done() {
            all.push(Alteration::Add(element(&mut group, server)?, optional));
            if !group.symbol(",") {
                group.end()?;
            }
        }
        return Ok(());
    }
    let one = match column {
        true => Element::Column(Box::new(definition(cursor, server)?)),
        false => element(cursor, server)?,
    };
    let optional = optional
        || match &one {
            Element::Index(index) => index.if_not_exists,
            Element::Foreign(foreign) => foreign.if_not_exists,
            _ => false,
        };
    all.push(Alteration::Add(one, optional));
    Ok(())
}

fn drop(cursor: &mut Cursor<'_, '_>) -> Outcome<Alteration> {
    let optional = |cursor: &mut Cursor<'_, '_>| cursor.words(&["IF", "EXISTS"]);
    if cursor.words(&["PRIMARY", "KEY"]) {
        return Ok(Alteration::DropPrimary(false));
    }
    if cursor.words(&["SYSTEM", "VERSIONING"]) {
        return Ok(Alteration::Versioning(false));
    }
    if cursor.sees(0, "PARTITION") {
        return Ok(rest(cursor, "DROP"));
    }
    if cursor.words(&["FOREIGN", "KEY"]) {
        let optional = optional(cursor);
        return Ok(Alteration::DropForeign(cursor.name()?, optional));
    }
    if cursor.one_of(&["INDEX", "KEY"]).is_some() {
        let optional = optional(cursor);
        return Ok(Alteration::DropIndex(cursor.name()?, optional));
    }
    if cursor.word("CONSTRAINT") {
        let optional = optional(cursor);
        return Ok(Alteration::DropConstraint(cursor.name()?, optional));
    }
    if cursor.word("CHECK") {
        let optional = optional(cursor);
        return Ok(Alteration::DropCheck(cursor.name()?, optional));
    }
    cursor.word("COLUMN");
    let optional = optional(cursor);
    let name = cursor.name()?;
    let _behaviour = cursor.one_of(&["RESTRICT", "CASCADE"]);
    Ok(Alteration::DropColumn(name, optional))
}

fn rename(cursor: &mut Cursor<'_, '_>) -> Outcome<Alteration> {
    if cursor.word("COLUMN") {
        let optional = cursor.words(&["IF", "EXISTS"]);
        let old = cursor.name()?;
        cursor.need("TO")?;
        return Ok(Alteration::RenameColumn(old, cursor.name()?, optional));
    }
    if cursor.one_of(&["INDEX", "KEY"]).is_some() {
        let optional = cursor.words(&["IF", "EXISTS"]);
        let old = cursor.name()?;
        cursor.need("TO")?;
        return Ok(Alteration::RenameIndex(old, cursor.name()?, optional));
    }
    let _to = cursor.word("TO") || cursor.word("AS") || cursor.equals();
    let (database, name) = cursor.qualified()?;
    Ok(Alteration::RenameTable(database, name))
}

fn alter(cursor: &mut Cursor<'_, '_>) -> Outcome<Alteration> {
    if cursor.one_of(&["INDEX", "KEY"]).is_some() {
        let optional = cursor.words(&["IF", "EXISTS"]);
        let name = cursor.name()?;
        let visible = cursor.words(&["NOT", "IGNORED"]) || cursor.word("VISIBLE");
        if !visible && cursor.one_of(&["INVISIBLE", "IGNORED"]).is_none() {
            return Err(cursor.unexpected());
        }
        return Ok(Alteration::IndexVisible(name, visible, optional));
    }
    if cursor.one_of(&["CHECK", "CONSTRAINT"]).is_some() {
        let name = cursor.name()?;
        let enforced = !cursor.word("NOT");
        cursor.need("ENFORCED")?;
        return Ok(Alteration::Enforce(name, enforced));
    }
    cursor.word("COLUMN");
    cursor.words(&["IF", "EXISTS"]);
    let name = cursor.name()?;
    if cursor.words(&["DROP", "DEFAULT"]) {
        return Ok(Alteration::Default(name, None));
    }
    cursor.need("SET")?;
    if cursor.word("INVISIBLE") {
        return Ok(Alteration::ColumnVisible(name, false));
    }
    if cursor.word("VISIBLE") {
        return Ok(Alteration::ColumnVisible(name, true));
    }
    cursor.need("DEFAULT")?;
    Ok(Alteration::Default(name, Some(default_of(cursor)?)))
}

fn convert(cursor: &mut Cursor<'_, '_>) -> Outcome<Alteration> {
    if !cursor.words(&["CHARACTER", "SET"]) && !cursor.word("CHARSET") {
        return Err(cursor.unexpected());
    }
    cursor.equals();
    let charset = if cursor.word("DEFAULT") { None } else { Some(cursor.name_or_text()?) };
    let collation = if cursor.word("COLLATE") {
        cursor.equals();
        Some(cursor.name_or_text()?)
    } else {
        None
    };
    Ok(Alteration::Convert(charset, collation))
}

/// The order of rows, which is nothing of the structure.
fn order(cursor: &mut Cursor<'_, '_>) -> Outcome<Alteration> {
    loop {
        cursor.qualified()?;
        let _direction = cursor.one_of(&["ASC", "DESC"]);
        let mut ahead = *cursor;
        // A comma may also begin the next action.
        let more = ahead.symbol(",")
            && ahead.name().is_ok()
            && (ahead.done() || ahead.sees_symbol(0, ",") || ahead.sees_any(&["ASC", "DESC"]));
        if !more {
            return Ok(Alteration::Nothing(false));
        }
        cursor.at += 1;
    }
}
