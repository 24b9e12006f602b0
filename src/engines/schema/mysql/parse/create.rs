//! `CREATE TABLE`.
use super::key::element;
use super::options::table_options;
use super::partition::clause;
use super::{Element, Options};
use crate::engines::schema::catalog::{Expression, Server};
use crate::engines::schema::mysql::text::{Cursor, Outcome};

/// A table as written.
#[derive(Debug, Clone, Default)]
pub(in crate::engines::schema::mysql) struct Created {
    pub(in crate::engines::schema::mysql) replace: bool,
    pub(in crate::engines::schema::mysql) temporary: bool,
    pub(in crate::engines::schema::mysql) if_not_exists: bool,
    pub(in crate::engines::schema::mysql) name: (Option<String>, String),
    /// `LIKE`.
    pub(in crate::engines::schema::mysql) like: Option<(Option<String>, String)>,
    pub(in crate::engines::schema::mysql) elements: Vec<Element>,
    pub(in crate::engines::schema::mysql) options: Options,
    pub(in crate::engines::schema::mysql) partition: Option<Expression>,
    /// Where the query of `AS SELECT` begins, as the index of a token.
    pub(in crate::engines::schema::mysql) query: Option<usize>,
}

/// Everything behind `CREATE [OR REPLACE] [TEMPORARY] TABLE`.
pub(in crate::engines::schema::mysql) fn table(cursor: &mut Cursor<'_, '_>, server: Server) -> Outcome<Created> {
    let mut created = Created {
        if_not_exists: cursor.words(&["IF", "NOT", "EXISTS"]),
        name: cursor.qualified()?,
        ..Created::default()
    };
    if cursor.word("LIKE") {
        created.like = Some(cursor.qualified()?);
        cursor.end()?;
        return Ok(created);
    }
    if cursor.sees_symbol(0, "(") && !cursor.sees(1, "SELECT") && !cursor.sees(1, "WITH") {
        let mut group = cursor.group()?;
        if group.word("LIKE") {
            created.like = Some(group.qualified()?);
            return Ok(created);
        }
        while !group.done() {
            created.elements.push(element(&mut group, server)?);
            if !group.symbol(",") {
                group.end()?;
            }
        }
    }
    created.options = table_options(cursor)?;
    if cursor.sees(0, "PARTITION") {
        created.partition = Some(clause(cursor)?);
        // MySQL takes options behind the partitions too.
        let more = table_options(cursor)?;
        if more != Options::default() {
            return Err("options behind the partitions are not modelled".to_owned());
        }
    }
    let _duplicates = cursor.one_of(&["IGNORE", "REPLACE"]);
    cursor.word("AS");
    if cursor.sees_any(&["SELECT", "WITH", "VALUES", "TABLE"]) || cursor.sees_symbol(0, "(") {
        created.query = Some(cursor.at);
        return Ok(created);
    }
    cursor.end()?;
    Ok(created)
}
