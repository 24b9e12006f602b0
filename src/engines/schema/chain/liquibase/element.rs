//! Changelogs in XML, YAML and JSON, brought into one form.
use crate::engines::yaml::{self, Data, Node};

/// Deeper nesting is refused: everything here is walked by recursion.
const DEPTH: usize = 64;
/// Keys whose items belong to what holds the list.
const FLAT: [&str; 4] = ["changes", "columns", "databaseChangeLog", "params"];

/// An element of a changelog.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Element>,
    pub(super) text: String,
    /// Line at which it begins, from 1.
    pub(super) line: u32,
    /// Line at which its text begins.
    pub(super) text_line: u32,
}

impl Element {
    pub(super) fn new(name: &str, line: u32) -> Element {
        Element { name: name.to_owned(), line, text_line: line, ..Element::default() }
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// An attribute that says something.
    pub(super) fn said(&self, name: &str) -> Option<&str> {
        self.attribute(name).map(str::trim).filter(|value| !value.is_empty())
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.said(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    pub(super) fn set(mut self, name: &str, value: impl Into<String>) -> Element {
        self.attributes.push((name.to_owned(), value.into()));
        self
    }

    pub(super) fn with(mut self, child: Element) -> Element {
        self.children.push(child);
        self
    }

    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// A text that XML has as an element and YAML as a key.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.attribute(name).or_else(|| self.child(name).map(|child| child.text.as_str()))
    }

    /// Applies a function to every text in it.
    pub(super) fn map(&mut self, each: &mut dyn FnMut(&str) -> Option<String>) {
        for text in self.attributes.iter_mut().map(|(_, value)| value).chain([&mut self.text]) {
            if text.contains("${")
                && let Some(new) = each(text)
            {
                *text = new;
            }
        }
        self.children.iter_mut().for_each(|child| child.map(each));
    }
}

/// A scalar of YAML as Java writes it: `0x10` is `16` and `1.10` is `1.1`, which counts in ids.
fn scalar(node: &Node) -> Option<String> {
    match &node.data {
        Data::Int(number) => Some(number.to_string()),
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e7 => Some(format!("{number:.1}")),
        Data::Float(number) if number.abs() < 1e7 => Some(number.to_string()),
        Data::Bool(value) => Some(value.to_string()),
        _ => node.scalar_str().map(str::to_owned),
    }
}

/// Where lines begin, so that a place in the text is a line without counting again.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Lines {
        Lines(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect())
    }

    fn at(&self, place: usize) -> u32 {
        u32::try_from(self.0.partition_point(|end| *end < place)).unwrap_or(u32::MAX).saturating_add(1)
    }
}

/// The root element of a changelog in XML. A document type is refused, so no entity is ever taken in from outside or blown up.
pub(super) fn xml(text: &str) -> Result<Element, String> {
    let options = roxmltree::ParsingOptions { allow_dtd: false, nodes_limit: 4_000_000, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(text, options).map_err(|error| error.to_string())?;
    from_xml(document.root_element(), &Lines::of(text), 0)
}

fn from_xml(node: roxmltree::Node<'_, '_>, lines: &Lines, depth: usize) -> Result<Element, String> {
    if depth > DEPTH {
        return Err(format!("elements are nested deeper than {DEPTH}"));
    }
    let mut element = Element::new(node.tag_name().name(), lines.at(node.range().start));
    element.attributes = node.attributes().map(|one| (one.name().to_owned(), one.value().to_owned())).collect();
    for child in node.children() {
        if child.is_element() {
            element.children.push(from_xml(child, lines, depth + 1)?);
        } else if let Some(text) = child.text().filter(|_| child.is_text()) {
            if element.text.is_empty() {
                let source = child.document().input_text().get(child.range()).unwrap_or_default();
                // A quoted section may begin behind white space; its mark is not part of the text.
                element.text_line = lines.at(child.range().start + usize::from(source.starts_with("<![CDATA[")));
            }
            element.text.push_str(text);
        }
    }
    Ok(element)
}

/// The root element of a changelog in YAML or JSON.
pub(super) fn yaml(text: &str) -> Result<Element, String> {
    let limits = yaml::Limits { bytes: 32 * 1024 * 1024, ..yaml::Limits::default() };
    let (documents, errors) = yaml::parse(text, &limits);
    let lines = Lines::of(text);
    let Some(list) = documents.first().and_then(|document| document.get("databaseChangeLog")) else {
        let why = errors.first().map_or("it has no databaseChangeLog".to_owned(), |error| error.message.clone());
        return Err(why);
    };
    if let Some(error) =
        errors.iter().find(|error| matches!(error.kind, yaml::ErrorKind::Syntax | yaml::ErrorKind::Limit))
    {
        return Err(format!("line {}: {}", lines.at(error.span.start), error.message));
    }
    let mut root = Element::new("databaseChangeLog", lines.at(list.span.start));
    items(list, &mut root, &lines, false, 0)?;
    Ok(root)
}

fn items(list: &Node, into: &mut Element, lines: &Lines, changes: bool, depth: usize) -> Result<(), String> {
    if depth > DEPTH {
        return Err(format!("values are nested deeper than {DEPTH}"));
    }
    for item in list.as_list() {
        match &item.data {
            Data::Map(entries) => {
                for (key, value) in entries {
                    entry(key, value, into, lines, changes, depth + 1)?;
                }
            }
            Data::List(_) => items(item, into, lines, changes, depth + 1)?,
            _ => into.text.push_str(item.scalar_str().unwrap_or_default()),
        }
    }
    // A single mapping where a list is expected is one item.
    for (key, value) in list.as_map() {
        entry(key, value, into, lines, changes, depth + 1)?;
    }
    Ok(())
}

fn entry(
    key: &Node,
    value: &Node,
    into: &mut Element,
    lines: &Lines,
    change: bool,
    depth: usize,
) -> Result<(), String> {
    let name = key.scalar_str().unwrap_or_default();
    let line = lines.at(key.span.start);
    if let Some(text) = scalar(value) {
        if !change {
            if !value.is_null() {
                into.attributes.push((name.to_owned(), text));
                if matches!(name, "sql" | "selectQuery" | "procedureText" | "procedureBody" | "rollback") {
                    // A block begins in the line behind its mark.
                    let block = lines.at(value.span.end) > lines.at(value.span.start).saturating_add(1);
                    into.text_line = lines.at(value.span.start).saturating_add(u32::from(block));
                }
            }
            return Ok(());
        }
        let mut child = Element::new(name, line);
        child.text = text;
        into.children.push(child);
        return Ok(());
    }
    if FLAT.contains(&name) {
        return items(value, into, lines, name == "changes", depth + 1);
    }
    let mut child = Element::new(name, line);
    items(value, &mut child, lines, name == "rollback", depth + 1)?;
    into.children.push(child);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{xml, yaml};

    #[test]
    fn the_same_changelog_in_two_forms_is_one() {
        let a = xml("<databaseChangeLog>\n<changeSet id=\"1\" author=\"a\"><createTable tableName=\"t\"><column name=\"c\"><constraints nullable=\"false\"/></column></createTable></changeSet></databaseChangeLog>").unwrap();
        let b = yaml("databaseChangeLog:\n- changeSet:\n    id: 1\n    author: a\n    changes:\n    - createTable:\n        tableName: t\n        columns:\n        - column:\n            name: c\n            constraints:\n              nullable: false\n").unwrap();
        let table =
            |root: &super::Element| root.child("changeSet").and_then(|set| set.child("createTable")).unwrap().clone();
        assert_eq!((table(&a).line, table(&b).line), (2, 6));
        for root in [&a, &b] {
            assert_eq!(root.child("changeSet").unwrap().attribute("id"), Some("1"));
            let column = table(root).child("column").unwrap().clone();
            assert_eq!(
                (column.attribute("name"), column.child("constraints").unwrap().attribute("nullable")),
                (Some("c"), Some("false"))
            );
        }
    }

    #[test]
    fn entities_from_outside_and_blown_up_ones_are_refused() {
        assert!(xml("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>").is_err());
        assert!(xml(&format!("{}{}", "<a>".repeat(200), "</a>".repeat(200))).is_err());
        assert!(yaml("a: 1").is_err());
    }
}
