//! Changelogs in formatted SQL, brought into the form of the others.
use super::element::Element;

type Attributes = Vec<(String, String)>;

/// What is being gathered.
#[derive(PartialEq)]
enum Into {
    Sql,
    Rollback,
    Ignored,
    Text,
}

/// What stands behind `--` and a word, if the line is such a mark.
fn mark<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let rest = line.trim_start().strip_prefix("--")?.trim_start();
    let head = rest.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word))?;
    rest.get(head.len()..).filter(|tail| !tail.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-'))
}

/// Whether a text says that it is formatted SQL.
pub(super) fn is(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    mark(first, "liquibase").is_some_and(|rest| rest.trim_start().to_ascii_lowercase().starts_with("formatted"))
}

/// `name:value name:"two words"` as attributes.
fn attributes(text: &str) -> Attributes {
    let (mut found, mut rest) = (Vec::new(), text.trim_start());
    while let Some((name, tail)) = rest.split_once(':') {
        let name = name.trim();
        if name.is_empty() || name.contains(char::is_whitespace) {
            let Some((_, after)) = rest.split_once(char::is_whitespace) else { break };
            rest = after.trim_start();
            continue;
        }
        let (value, after) = match tail.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inside = tail.get(1..).unwrap_or_default();
                inside.split_once(quote).unwrap_or((inside, ""))
            }
            _ => tail.split_once(char::is_whitespace).unwrap_or((tail, "")),
        };
        found.push((name.to_owned(), value.trim().to_owned()));
        rest = after.trim_start();
    }
    found
}

/// Author, id and attributes of a `--changeset` line.
fn head(rest: &str) -> Option<(String, String, Attributes)> {
    let rest = rest.trim();
    let (author, tail) = match rest.strip_prefix('"') {
        Some(inside) => {
            inside.split_once('"').map(|(author, tail)| (author, tail.trim_start().trim_start_matches(':')))?
        }
        None => rest.split_once(':')?,
    };
    let tail = tail.trim_start();
    let (id, more) = match tail.strip_prefix('"') {
        Some(inside) => inside.split_once('"')?,
        None => tail.split_once(char::is_whitespace).unwrap_or((tail, "")),
    };
    Some((author.trim().to_owned(), id.to_owned(), attributes(more)))
}

/// The changesets of a text, and lines that look like marks and are none.
pub(super) fn read(text: &str) -> (Element, Vec<(u32, String)>) {
    let mut root = Element::new("databaseChangeLog", 1);
    let mut wrong = Vec::new();
    let (mut set, mut into, mut skip): (Option<Element>, Into, usize) = (None, Into::Text, 0);
    let mut sql = Element::new("sql", 1);
    for (number, line) in (1_u32..).zip(text.split_inclusive('\n')) {
        let blank = if line.ends_with('\n') { "\n" } else { "" };
        if let Some(rest) = mark(line, "liquibase") {
            root.attributes.extend(attributes(rest));
        } else if let Some(rest) = mark(line, "ignoreLines") {
            match rest.trim_start_matches(':').trim() {
                "end" => into = Into::Sql,
                "start" => into = Into::Ignored,
                count => skip = count.parse().unwrap_or(0),
            }
            sql.text.push_str(blank);
        } else if into == Into::Ignored || skip > 0 {
            skip = skip.saturating_sub(1);
            sql.text.push_str(blank);
        } else if let Some(rest) = mark(line, "changeset") {
            finish(&mut root, set.take(), std::mem::replace(&mut sql, Element::new("sql", number.saturating_add(1))));
            match head(rest) {
                Some((author, id, more)) => {
                    let mut new = Element::new("changeSet", number).set("id", id).set("author", author);
                    for (name, value) in more {
                        let own = matches!(name.as_str(), "splitStatements" | "endDelimiter" | "stripComments");
                        if own { &mut sql } else { &mut new }.attributes.push((name, value));
                    }
                    if sql.attribute("stripComments").is_none() {
                        sql.attributes.push(("stripComments".to_owned(), "true".to_owned()));
                    }
                    (set, into) = (Some(new), Into::Sql);
                }
                None => wrong.push((number, "the line names no author and id".to_owned())),
            }
        } else if let Some(rest) = mark(line, "property") {
            root.children.push(Element { attributes: attributes(rest), ..Element::new("property", number) });
        } else {
            into = line_of(line, number, &mut set, &mut sql, into);
        }
    }
    finish(&mut root, set, sql);
    (root, wrong)
}

/// A line inside a changeset.
fn line_of(line: &str, number: u32, set: &mut Option<Element>, sql: &mut Element, into: Into) -> Into {
    let Some(set) = set.as_mut() else { return into };
    let blank = if line.ends_with('\n') { "\n" } else { "" };
    if into == Into::Rollback {
        let (text, end) = line.split_once("*/").map_or((line, false), |(text, _)| (text, true));
        if let Some(last) = set.children.last_mut() {
            last.text.push_str(text);
        }
        sql.text.push_str(blank);
        return if end { Into::Sql } else { Into::Rollback };
    }
    let bare = line.trim();
    let opens = bare.strip_prefix("/*").map(|rest| rest.trim_start().to_ascii_lowercase());
    if opens.is_some_and(|words| {
        words.strip_prefix("liquibase").is_some_and(|rest| rest.trim_start().starts_with("rollback"))
    }) {
        let mut rollback = Element::new("rollback", number);
        rollback.text_line = number.saturating_add(1);
        set.children.push(rollback);
        sql.text.push_str(blank);
        return Into::Rollback;
    }
    if let Some(rest) = mark(line, "rollback") {
        match set.children.iter_mut().find(|child| child.name == "rollback" && !child.text.is_empty()) {
            Some(known) => known.text.push_str(&format!("\n{}", rest.trim())),
            None => set.children.push(Element { text: rest.trim().to_owned(), ..Element::new("rollback", number) }),
        }
    } else if let Some(rest) = mark(line, "comment") {
        set.children
            .push(Element { text: rest.trim_start_matches(':').trim().to_owned(), ..Element::new("comment", number) });
    } else if let Some(rest) = mark(line, "preconditions") {
        set.children.push(Element { attributes: attributes(rest), ..Element::new("preConditions", number) });
    } else if let Some(check) = precondition(line, number) {
        match set.children.iter_mut().find(|child| child.name == "preConditions") {
            Some(known) => known.children.push(check),
            None => set.children.push(Element::new("preConditions", number).with(check)),
        }
    } else {
        sql.text.push_str(line);
        return into;
    }
    sql.text.push_str(blank);
    into
}

fn precondition(line: &str, number: u32) -> Option<Element> {
    let rest = line.trim_start().strip_prefix("--")?.trim_start().strip_prefix("precondition-")?;
    let (kind, tail) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let given = attributes(tail);
    let value =
        |name: &str| given.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default();
    Some(match kind {
        "table-exists" => Element::new("tableExists", number).set("tableName", value("table")),
        "view-exists" => Element::new("viewExists", number).set("viewName", value("view")),
        _ => Element::new("sqlCheck", number),
    })
}

fn finish(root: &mut Element, set: Option<Element>, sql: Element) {
    let Some(mut set) = set else { return };
    if !sql.text.trim().is_empty() {
        set.children.push(sql);
    }
    root.children.push(set);
}

#[cfg(test)]
mod tests {
    use super::{head, is, read};

    #[test]
    fn changesets_have_attributes_rollbacks_and_lines() {
        let text = "-- liquibase formatted sql\n\n--changeset nvoxland:1 runOnChange:true splitStatements:false context:\"a and b\"\n--comment: first\n--preconditions onFail:MARK_RAN\n--precondition-table-exists table:x\ncreate table t (a int);\n--rollback drop table t;\n\n-- changeset \"A B\":2\ninsert;\n/* liquibase rollback\ndelete;\n*/\n";
        assert!(is(text) && !is("select 1;"));
        let (root, wrong) = read(text);
        assert!(wrong.is_empty());
        let sets: Vec<_> = root.all("changeSet").collect();
        assert_eq!(sets[0].attribute("context"), Some("a and b"));
        let sql = sets[0].child("sql").unwrap();
        assert_eq!(
            (sql.attribute("splitStatements"), sql.text_line, sql.text.trim()),
            (Some("false"), 4, "create table t (a int);")
        );
        assert_eq!(sql.text.lines().position(|line| line.starts_with("create")), Some(3), "lines stay where they are");
        assert_eq!(sets[0].child("rollback").unwrap().text, "drop table t;");
        assert_eq!(sets[0].child("preConditions").unwrap().children[0].attribute("tableName"), Some("x"));
        assert_eq!(
            (sets[1].attribute("author"), sets[1].child("rollback").unwrap().text.trim()),
            (Some("A B"), "delete;")
        );
        assert!(head("no colon").is_none());
    }
}
