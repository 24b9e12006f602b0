//! Statements that copy rows from one table into another: how a table is rebuilt.
use super::cursor::{Cursor, split};
use super::token::{Token, tokens};

/// A value that is copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    /// A column as it is: qualifier and name.
    Plain(Option<String>, String),
    /// A column whose value is kept but for its type or its NULLs: `CAST(x AS t)`, `coalesce(x, 0)`.
    Wrapped(Option<String>, String),
    /// `*`, `t.*`.
    Star(Option<String>),
    /// Anything else.
    Other,
}

/// A copy as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CopyText {
    /// Where the rows go.
    pub(super) target: String,
    /// Columns that are filled; `None` for all.
    pub(super) columns: Option<Vec<String>>,
    /// Tables that they come from, with the name that stands for each.
    pub(super) sources: Vec<(String, String)>,
    /// Values in the order of the columns; `None` where the query is more than one `SELECT`.
    pub(super) items: Option<Vec<Item>>,
}

/// Longer statements are no copies.
const LONGEST: usize = 100_000;

/// `INSERT INTO a … SELECT … FROM b`, `CREATE TABLE a AS SELECT … FROM b`.
pub(super) fn copy(text: &str) -> Option<CopyText> {
    if text.len() > LONGEST {
        return None;
    }
    let tokens = tokens(text);
    let mut cursor = Cursor::new(text, &tokens);
    let mut columns = None;
    let target;
    if cursor.take(&["CREATE"]) {
        let _ = cursor.take(&["TEMP"]) || cursor.take(&["TEMPORARY"]);
        if !cursor.take(&["TABLE"]) {
            return None;
        }
        cursor.take(&["IF", "NOT", "EXISTS"]);
        target = cursor.qualified()?.0;
        if !cursor.take(&["AS"]) {
            return None;
        }
    } else {
        if cursor.take(&["INSERT"]) {
            if cursor.take(&["OR"]) {
                cursor.next();
            }
        } else if !cursor.take(&["REPLACE"]) {
            return None;
        }
        if !cursor.take(&["INTO"]) {
            return None;
        }
        target = cursor.qualified()?.0;
        if cursor.take(&["AS"]) {
            cursor.name();
        }
        columns = cursor.parenthesised().map(|list| {
            split(list).into_iter().filter_map(|part| part.first()).map(|name| name.plain().into_owned()).collect()
        });
    }
    let query = cursor.rest_tokens();
    let (items, sources) = select(text, query)?;
    Some(CopyText { target, columns, sources, items })
}

/// `UPDATE t SET a = b`: the table, and the columns that get another's value.
pub(super) fn assignments(text: &str) -> Option<(String, Vec<(String, String)>)> {
    if text.len() > LONGEST {
        return None;
    }
    let tokens = tokens(text);
    let mut cursor = Cursor::new(text, &tokens);
    if !cursor.take(&["UPDATE"]) {
        return None;
    }
    if cursor.take(&["OR"]) {
        cursor.next();
    }
    let (table, _) = cursor.qualified()?;
    if !cursor.take(&["SET"]) {
        return None;
    }
    let rest = cursor.rest_tokens();
    let end = rest.iter().position(|one| one.is("WHERE") || one.is("FROM")).unwrap_or(rest.len());
    let mut pairs = Vec::new();
    for part in split(rest.get(..end)?) {
        if let [to, equals, value @ ..] = part
            && equals.symbol("=")
            && let Item::Plain(_, from) | Item::Wrapped(_, from) = item(value)
        {
            pairs.push((to.plain().into_owned(), from));
        }
    }
    Some((table, pairs))
}

type Query = (Option<Vec<Item>>, Vec<(String, String)>);

/// Values and tables of a query.
fn select(text: &str, query: &[Token<'_>]) -> Option<Query> {
    let mut depth = 0_i64;
    let mut top = Vec::new();
    for (at, token) in query.iter().enumerate() {
        depth += i64::from(token.symbol("(")) - i64::from(token.symbol(")"));
        if depth == 0 {
            top.push((at, token));
        }
    }
    let place = |word: &str| top.iter().find(|(_, token)| token.is(word)).map(|(at, _)| *at);
    let start = place("SELECT")?;
    let from = place("FROM")?;
    let single = start == 0 && !["UNION", "INTERSECT", "EXCEPT"].iter().any(|word| place(word).is_some());
    let mut values = query.get(start + 1..from)?;
    if let [first, rest @ ..] = values
        && (first.is("DISTINCT") || first.is("ALL"))
    {
        values = rest;
    }
    let items = single.then(|| split(values).into_iter().map(item).collect());
    let end = ["WHERE", "GROUP", "ORDER", "LIMIT", "UNION", "INTERSECT", "EXCEPT", "WINDOW"]
        .iter()
        .filter_map(|word| place(word))
        .filter(|at| *at > from)
        .min();
    let tables = query.get(from + 1..end.unwrap_or(query.len()))?;
    let mut sources = Vec::new();
    let mut cursor = Cursor::new(text, tables);
    let mut expected = true;
    while let Some(token) = cursor.peek() {
        if expected && token.names() {
            let (name, _) = cursor.qualified()?;
            cursor.take(&["AS"]);
            let alias = cursor.peek().filter(|one| one.names() && !JOIN_WORDS.iter().any(|word| one.is(word)));
            let alias = alias.map(|one| one.plain().into_owned());
            cursor.at += usize::from(alias.is_some());
            sources.push((name.clone(), alias.unwrap_or(name)));
            expected = false;
        } else if cursor.parenthesised().is_none() {
            expected = token.symbol(",") || token.is("JOIN");
            cursor.at += 1;
        }
    }
    Some((items, sources))
}

const JOIN_WORDS: &[&str] =
    &["JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "NATURAL", "ON", "USING", "INDEXED", "NOT", "OUTER"];

fn item(tokens: &[Token<'_>]) -> Item {
    let plain = |tokens: &[Token<'_>]| match tokens {
        [name] if name.names() => Some((None, name.plain().into_owned())),
        [table, dot, name] if dot.symbol(".") && name.names() => {
            Some((Some(table.plain().into_owned()), name.plain().into_owned()))
        }
        _ => None,
    };
    let tokens = match tokens {
        [value @ .., word, alias] if word.is("AS") && alias.names() && !value.is_empty() => value,
        [value @ .., end, alias] if alias.names() && (end.names() && value.is_empty() || end.symbol(")")) => {
            tokens.get(..tokens.len() - 1).unwrap_or(&[])
        }
        _ => tokens,
    };
    match tokens {
        [star] if star.symbol("*") => return Item::Star(None),
        [table, dot, star] if dot.symbol(".") && star.symbol("*") => {
            return Item::Star(Some(table.plain().into_owned()));
        }
        _ => {}
    }
    if let Some((table, name)) = plain(tokens) {
        return Item::Plain(table, name);
    }
    if let [function, open, inner @ .., close] = tokens
        && open.symbol("(")
        && close.symbol(")")
        && ["CAST", "COALESCE", "IFNULL"].iter().any(|name| function.is(name))
    {
        let end = inner.iter().position(|one| one.symbol(",") || one.is("AS")).unwrap_or(0);
        if let Some((table, name)) = inner.get(..end).and_then(plain) {
            return Item::Wrapped(table, name);
        }
    }
    Item::Other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies() {
        let found = copy(
            "INSERT OR IGNORE INTO main.\"new_a\" (id, [b], c, d, e) SELECT a.id, `x` AS b, CAST(y AS TEXT) c1, coalesce(z, (select 1)), 1 + 1 FROM a AS a LEFT JOIN q ON (q.id = a.id), r s WHERE 1",
        );
        let found = found.unwrap();
        assert_eq!(found.target, "new_a");
        assert_eq!(found.columns.unwrap(), ["id", "b", "c", "d", "e"]);
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(found.sources, [pair("a", "a"), pair("q", "q"), pair("r", "s")]);
        let plain = |name: &str| Item::Plain(None, name.to_owned());
        assert_eq!(
            found.items.unwrap(),
            [
                Item::Plain(Some("a".to_owned()), "id".to_owned()),
                plain("x"),
                Item::Wrapped(None, "y".to_owned()),
                Item::Wrapped(None, "z".to_owned()),
                Item::Other
            ]
        );
        let found = copy("create temp table b as select * from a").unwrap();
        assert_eq!((found.target.as_str(), found.columns, found.items), ("b", None, Some(vec![Item::Star(None)])));
        assert_eq!(copy("insert into a select x from b union select x from c").unwrap().items, None);
        assert_eq!(copy("insert into a values (1)"), None);
        assert_eq!(copy("create table a (b)"), None);
    }

    #[test]
    fn columns_filled_from_others() {
        let found = assignments("UPDATE main.t SET a = b, c = CAST(d AS TEXT), e = 1 + f WHERE g = h");
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(found, Some(("t".to_owned(), vec![pair("a", "b"), pair("c", "d")])));
    }
}
