//! Edits of block sequences that leave every other byte of the text as it is.
use super::node::{Data, Node, Span};
use super::{Limits, parse};
use std::fmt;

/// Why a list cannot be edited in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditError {
    /// The node is no list, or does not stand in this text.
    NotAList,
    /// The list is written as `[a, b]`.
    FlowStyle,
    /// The item does not begin its line (`- - a`), or there is no item with this index.
    NoSuchLine,
    /// The edited text would not read as expected; nothing is written then.
    Unsafe,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            EditError::NotAList => "there is no list at that place",
            EditError::FlowStyle => "the list is written in brackets; write one item per line, each after '- '",
            EditError::NoSuchLine => "the item does not stand on lines of its own",
            EditError::Unsafe => "the list cannot be edited without changing something else; edit it by hand",
        })
    }
}

impl std::error::Error for EditError {}

/// The text with one more item at the end of `list`, a block sequence of `text` (or an empty `[]`).
/// `item` is YAML, of several lines if need be; it is indented as the list is.
///
/// # Errors
/// When the list is written in brackets, or the result would not be the old text plus the item.
pub fn append_item(text: &str, list: &Node, item: &str) -> Result<String, EditError> {
    let Data::List(items) = &list.data else { return Err(EditError::NotAList) };
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let edited = match items.last() {
        _ if is_flow(text, list) => append_to_empty(text, list, item, newline)?,
        None => return Err(EditError::NotAList),
        Some(last) => {
            let indent = column(text, list.span.start);
            insert(text, last.span.end, &entry(item, indent, newline), newline)
        }
    };
    let mut added = parse(item, &Limits::default()).0;
    let added = if added.len() == 1 { added.pop() } else { None };
    verify(text, &edited, list.span, |items| items.extend(added.clone()))?;
    Ok(edited)
}

/// The text without item `index` of `list`, a block sequence of `text`. Comments above and below the item stay;
/// a list that loses its last item becomes `[]`.
///
/// # Errors
/// When the list is written in brackets, or the result would not be the old text without the item.
pub fn remove_item(text: &str, list: &Node, index: usize) -> Result<String, EditError> {
    let Data::List(items) = &list.data else { return Err(EditError::NotAList) };
    if is_flow(text, list) {
        return Err(EditError::FlowStyle);
    }
    let item = items.get(index).ok_or(EditError::NoSuchLine)?;
    let indent = column(text, list.span.start);
    let start = dash_line(text, item.span.start, indent).ok_or(EditError::NoSuchLine)?;
    let end = line_end(text, item.span.end);
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let left = if items.len() == 1 { format!("{}[]{newline}", " ".repeat(indent + 2)) } else { String::new() };
    let edited = splice(text, start, end, &left)?;
    verify(text, &edited, list.span, |items| {
        items.remove(index);
    })?;
    Ok(edited)
}

fn is_flow(text: &str, list: &Node) -> bool {
    !text.get(list.span.start..).is_some_and(|rest| rest.starts_with('-'))
}

fn append_to_empty(text: &str, list: &Node, item: &str, newline: &str) -> Result<String, EditError> {
    if !list.as_list().is_empty() || text.get(list.span.start..list.span.end).is_none_or(|at| !at.starts_with('[')) {
        return Err(EditError::FlowStyle);
    }
    let line = text.get(line_start(text, list.span.start)..list.span.start).unwrap_or("");
    let blank = line.trim_start_matches(' ').is_empty();
    let key = line.find(|c| c != ' ' && c != '-').map_or(0, |at| line.get(..at).map_or(0, |head| head.chars().count()));
    let indent = if blank { line.len() } else { key + 2 };
    let rest = text.get(list.span.end..line_end(text, list.span.end)).unwrap_or("");
    if blank && rest.trim().is_empty() {
        let start = line_start(text, list.span.start);
        return splice(text, start, line_end(text, list.span.end), &entry(item, indent, newline));
    }
    let emptied = splice(text, list.span.start, list.span.end, "")?;
    Ok(insert(&emptied, list.span.start, &entry(item, indent, newline), newline))
}

/// The lines of a new item.
fn entry(item: &str, indent: usize, newline: &str) -> String {
    let mut out = String::new();
    for (number, line) in item.trim_end().lines().enumerate() {
        if number == 0 {
            out.push_str(&" ".repeat(indent));
            out.push_str("- ");
        } else if !line.is_empty() {
            out.push_str(&" ".repeat(indent + 2));
        }
        out.push_str(line);
        out.push_str(newline);
    }
    out
}

/// Puts lines below the line on which `at` stands; a block scalar ends at the beginning of a line already.
fn insert(text: &str, at: usize, lines: &str, newline: &str) -> String {
    let at = line_end(text, at);
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let gap = if before.is_empty() || before.ends_with('\n') { "" } else { newline };
    format!("{before}{gap}{lines}{after}")
}

fn splice(text: &str, start: usize, end: usize, with: &str) -> Result<String, EditError> {
    let before = text.get(..start).ok_or(EditError::NotAList)?;
    let after = text.get(end.max(start)..).ok_or(EditError::NotAList)?;
    Ok(format!("{before}{with}{after}"))
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

/// The byte after the end of the line on which the byte before `at` stands.
fn line_end(text: &str, at: usize) -> usize {
    if at > 0 && text.get(..at).is_some_and(|before| before.ends_with('\n')) {
        return at;
    }
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |newline| at + newline + 1)
}

fn column(text: &str, at: usize) -> usize {
    text.get(line_start(text, at)..at).map_or(0, |line| line.chars().filter(|c| *c != '\u{feff}').count())
}

/// The beginning of the line at or above `at` that begins with a dash in this column.
fn dash_line(text: &str, at: usize, indent: usize) -> Option<usize> {
    let mut start = line_start(text, at);
    loop {
        let line = text.get(start..)?;
        let spaces = line.len() - line.trim_start_matches(' ').len();
        if spaces == indent && line.get(spaces..)?.starts_with('-') {
            return Some(start);
        }
        start = line_start(text, start.checked_sub(1)?);
    }
}

/// Holds the edited text against the old one with the same change made in memory.
fn verify(old: &str, new: &str, list: Span, change: impl Fn(&mut Vec<Node>)) -> Result<(), EditError> {
    let (mut expected, _) = parse(old, &Limits::default());
    let (found, errors) = parse(new, &Limits::default());
    let mut changed = false;
    for node in &mut expected {
        apply(node, list, &change, &mut changed);
    }
    let same = expected.len() == found.len() && expected.iter().zip(&found).all(|(left, right)| alike(left, right));
    if !changed {
        Err(EditError::NotAList)
    } else if same && errors.is_empty() {
        Ok(())
    } else {
        Err(EditError::Unsafe)
    }
}

fn apply(node: &mut Node, span: Span, change: &impl Fn(&mut Vec<Node>), changed: &mut bool) {
    match &mut node.data {
        Data::List(items) if node.span == span => {
            change(items);
            *changed = true;
        }
        Data::List(items) => items.iter_mut().for_each(|item| apply(item, span, change, changed)),
        Data::Map(entries) => entries.iter_mut().for_each(|(_, value)| apply(value, span, change, changed)),
        _ => (),
    }
}

/// Whether two nodes are the same but for their places.
fn alike(left: &Node, right: &Node) -> bool {
    left.tag == right.tag
        && match (&left.data, &right.data) {
            (Data::List(a), Data::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b)),
            (Data::Map(a), Data::Map(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|((k, v), (l, w))| alike(k, l) && alike(v, w))
            }
            _ => left.scalar_str().is_some() && left.scalar_str() == right.scalar_str(),
        }
}
