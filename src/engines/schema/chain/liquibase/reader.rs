//! Follows a changelog through its includes, in the order of Liquibase.
use super::element::{self, Element};
use super::facts::Facts;
use super::formatted;
use crate::engines::schema::Step;
use crate::engines::schema::catalog::Dialect;
use crate::engines::schema::chain::files::{LARGEST, decoded, folder_of, name_of, problem};
use crate::engines::schema::chain::{Problem, ProblemKind};
use crate::tree::{self, Tree};
use std::collections::BTreeSet;

/// Includes that are nested deeper are refused.
const DEPTH: usize = 32;
/// More files are not read.
const FILES: usize = 20_000;

/// A file and what it is called in the history table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Context {
    /// Path in the tree.
    pub(super) path: String,
    /// Path from the folder in which Liquibase looks for files.
    pub(super) logical: String,
    /// `objectQuotingStrategy` of the changelog.
    pub(super) all_quoted: bool,
}

struct Property {
    name: String,
    value: String,
    /// The file that it is for alone.
    file: Option<String>,
}

/// The state of reading.
pub(super) struct Reader<'a> {
    pub(super) tree: &'a dyn Tree,
    pub(super) dialect: Dialect,
    /// All files of the tree.
    pub(super) paths: &'a BTreeSet<String>,
    /// Folders in which included files are looked for.
    pub(super) roots: Vec<String>,
    properties: Vec<Property>,
    pub(super) facts: Facts,
    pub(super) steps: Vec<Step>,
    pub(super) problems: Vec<Problem>,
    /// Whether a change is for some contexts only; all of them are taken.
    pub(super) contexts: bool,
    pub(super) read: BTreeSet<String>,
    open: Vec<String>,
    count: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        tree: &'a dyn Tree,
        dialect: Dialect,
        paths: &'a BTreeSet<String>,
        roots: Vec<String>,
    ) -> Reader<'a> {
        let mut reader = Reader {
            tree,
            dialect,
            paths,
            roots,
            properties: Vec::new(),
            facts: Facts::default(),
            steps: Vec::new(),
            problems: Vec::new(),
            contexts: false,
            read: BTreeSet::new(),
            open: Vec::new(),
            count: 0,
        };
        let now = if dialect == Dialect::Sqlite { "CURRENT_TIMESTAMP" } else { "NOW()" };
        let product = match dialect {
            Dialect::Postgres => "PostgreSQL",
            Dialect::MySql => "MySQL",
            Dialect::MariaDb => "MariaDB",
            Dialect::Sqlite => "SQLite",
        };
        for (name, value) in [("database.currentDateTimeFunction", now), ("database.databaseProductName", product)] {
            reader.properties.push(Property { name: name.to_owned(), value: value.to_owned(), file: None });
        }
        reader
    }

    pub(super) fn problem(&mut self, kind: ProblemKind, path: &str, line: u32, text: impl Into<String>) {
        self.problems.push(problem(kind, path, line, text));
    }

    /// Whether something is for this database: `postgresql, h2`, `!oracle`, `all`, `none`.
    pub(super) fn meant(&self, dbms: Option<&str>) -> bool {
        meant(self.dialect, dbms)
    }

    /// A text with its properties; `None` when nothing in it changes.
    pub(super) fn expanded(&self, text: &str, file: &str) -> Option<String> {
        self.expand(text, file, 0)
    }

    fn expand(&self, text: &str, file: &str, depth: usize) -> Option<String> {
        let (mut out, mut rest, mut changed) = (String::with_capacity(text.len()), text, false);
        while let Some(at) = rest.find("${") {
            let tail = rest.get(at..).unwrap_or_default();
            let Some(end) = tail.find('}') else { break };
            let name = tail.get(2..end).unwrap_or_default().trim();
            out.push_str(rest.get(..at).unwrap_or_default());
            let of = |local: bool| {
                self.properties.iter().find(|one| {
                    one.name == name
                        && one.file.is_some() == local
                        && one.file.as_deref().is_none_or(|known| known == file)
                })
            };
            if let Some(literal) = name.strip_prefix(':') {
                out.push_str(&format!("${{{literal}}}"));
                changed = true;
            } else if let Some(found) = of(true).or_else(|| of(false)) {
                let value = if depth < 5 { self.expand(&found.value, file, depth + 1) } else { None };
                out.push_str(value.as_deref().unwrap_or(&found.value));
                changed = true;
            } else {
                out.push_str(tail.get(..=end).unwrap_or_default());
            }
            rest = tail.get(end + 1..).unwrap_or_default();
        }
        out.push_str(rest);
        changed.then_some(out)
    }

    /// The text of a file; a problem when it cannot be had.
    pub(super) fn text(&mut self, path: &str, from: &str, line: u32) -> Option<String> {
        match self.tree.read(path, LARGEST) {
            Ok(Some(bytes)) => {
                self.read.insert(path.to_owned());
                return Some(decoded(&bytes));
            }
            Ok(None) => self.problem(ProblemKind::Missing, from, line, format!("{path} is not there")),
            Err(error) => self.problem(ProblemKind::Unreadable, path, 1, format!("{path} was not read: {error}")),
        }
        None
    }

    /// Where a file lies that is named in a changelog.
    pub(super) fn resolve(&self, named: &str, relative: bool, from: &Context) -> Option<Context> {
        let bare = named.trim().replace('\\', "/");
        let bare =
            bare.trim_start_matches("classpath*:").trim_start_matches("classpath:").trim_start_matches('/').to_owned();
        let found = |path: String, logical: String| Context { path, logical, all_quoted: false };
        if relative {
            let path = tree::join(folder_of(&from.path), &bare)?;
            return Some(found(path, tree::join(folder_of(&from.logical), &bare)?));
        }
        let logical = tree::join("", &bare)?;
        for root in &self.roots {
            let path = tree::join(root, &bare)?;
            let folder = if path.is_empty() { String::new() } else { format!("{path}/") };
            let is_folder = || self.paths.range(folder.clone()..).next().is_some_and(|next| next.starts_with(&folder));
            if self.paths.contains(&path) || is_folder() {
                return Some(found(path, logical));
            }
        }
        // Another module of the project may have it in its resources.
        let ending = format!("/{bare}");
        let path = self.paths.iter().find(|path| path.ends_with(&ending))?;
        Some(found(path.clone(), logical))
    }

    /// Reads a changelog.
    pub(super) fn file(&mut self, context: &Context, from: (&str, u32)) {
        self.count += 1;
        if self.open.len() >= DEPTH || self.count > FILES || self.open.contains(&context.path) {
            let text = format!("{} includes itself, or too many files are included", context.path);
            return self.problem(ProblemKind::Unresolved, from.0, from.1, text);
        }
        let Some(text) = self.text(&context.path, from.0, from.1) else { return };
        let Some(root) = self.parsed(&context.path, &text) else { return };
        self.open.push(context.path.clone());
        self.changelog(&root, context);
        self.open.pop();
    }

    fn parsed(&mut self, path: &str, text: &str) -> Option<Element> {
        let lower = path.to_ascii_lowercase();
        let parsed = if lower.ends_with(".xml") {
            element::xml(text)
        } else if lower.ends_with(".yaml") || lower.ends_with(".yml") || lower.ends_with(".json") {
            element::yaml(text)
        } else if lower.ends_with(".sql") && formatted::is(text) {
            let (root, wrong) = formatted::read(text);
            wrong.into_iter().for_each(|(line, text)| self.problem(ProblemKind::Unresolved, path, line, text));
            Ok(root)
        } else if lower.ends_with(".sql") {
            let sql = Element { text: text.to_owned(), ..Element::new("sql", 1) };
            let set = Element::new("changeSet", 1).set("id", "raw").set("author", "includeAll").with(sql);
            Ok(Element::new("databaseChangeLog", 1).with(set))
        } else {
            Err("its kind is not known".to_owned())
        };
        match parsed {
            Ok(root) => Some(root),
            Err(why) => {
                self.problem(
                    ProblemKind::Unresolved,
                    path,
                    1,
                    format!("{path} is no changelog that can be read: {why}"),
                );
                None
            }
        }
    }

    fn changelog(&mut self, root: &Element, context: &Context) {
        let mut context = context.clone();
        context.logical = root.said("logicalFilePath").map_or(context.logical, str::to_owned);
        context.all_quoted = root.said("objectQuotingStrategy") == Some("QUOTE_ALL_OBJECTS");
        for child in &root.children {
            let mut child = child.clone();
            child.map(&mut |text| self.expanded(text, &context.logical));
            match child.name.as_str() {
                "property" => self.property(&child, &context),
                "changeSet" => self.change_set(&child, &context),
                "include" => self.include(&child, &context),
                "includeAll" => self.include_all(&child, &context),
                "changeLogPropertyDefined" | "preConditions" | "comment" => {}
                other => {
                    let text = format!("the element {other} of a changelog is not known here");
                    self.problem(ProblemKind::Unresolved, &context.path, child.line, text);
                }
            }
        }
    }

    fn property(&mut self, property: &Element, context: &Context) {
        if !self.meant(property.said("dbms")) {
            return;
        }
        let local = property.said("global").is_some_and(|word| word.eq_ignore_ascii_case("false"));
        let file = local.then(|| context.logical.clone());
        let mut pairs = Vec::new();
        if let Some(name) = property.said("name") {
            pairs.push((name.to_owned(), property.attribute("value").unwrap_or_default().to_owned()));
        } else if let Some(named) = property.said("file") {
            let relative = property.is("relativeToChangelogFile");
            match self.resolve(named, relative, context) {
                Some(found) => {
                    let text = self.text(&found.path, &context.path, property.line).unwrap_or_default();
                    let lines = text.lines().filter(|line| !line.trim_start().starts_with(['#', '!']));
                    pairs.extend(
                        lines
                            .filter_map(|line| line.split_once('='))
                            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())),
                    );
                }
                None => {
                    self.problem(ProblemKind::Missing, &context.path, property.line, format!("{named} is not there"))
                }
            }
        }
        for (name, value) in pairs {
            // What was said first stays.
            if !self.properties.iter().any(|known| known.name == name && known.file == file) {
                self.properties.push(Property { name, value, file: file.clone() });
            }
        }
    }

    pub(super) fn knows(&self, property: &str) -> bool {
        self.properties.iter().any(|known| known.name == property)
    }

    fn note_contexts(&mut self, element: &Element) {
        self.contexts |= ["context", "contexts", "contextFilter"].iter().any(|name| element.said(name).is_some());
    }

    fn include(&mut self, include: &Element, context: &Context) {
        self.note_contexts(include);
        if include.is("ignore") {
            return;
        }
        let Some(named) = include.said("file") else { return };
        let found = self.resolve(named, include.is("relativeToChangelogFile"), context);
        match found.filter(|found| self.paths.contains(&found.path)) {
            Some(found) => self.file(&found, (&context.path, include.line)),
            None => {
                let needed = !include.said("errorIfMissing").is_some_and(|word| word.eq_ignore_ascii_case("false"));
                if needed {
                    self.problem(
                        ProblemKind::Missing,
                        &context.path,
                        include.line,
                        format!("{named}, which is included, is not there"),
                    );
                }
            }
        }
    }

    /// All changelogs of a folder, by their paths.
    fn include_all(&mut self, include: &Element, context: &Context) {
        self.note_contexts(include);
        let Some(named) = include.said("path") else { return };
        let found = self.resolve(named.trim_end_matches('/'), include.is("relativeToChangelogFile"), context);
        let Some(folder) = found else {
            return self.problem(
                ProblemKind::Missing,
                &context.path,
                include.line,
                format!("the folder {named} is not there"),
            );
        };
        if include.said("filter").or(include.said("resourceComparator")).is_some() {
            let text = format!("{named} is included with a filter or an order that is a program");
            self.problem(ProblemKind::Unresolved, &context.path, include.line, text);
        }
        let prefix = if folder.path.is_empty() { String::new() } else { format!("{}/", folder.path) };
        let below = self.paths.range(prefix.clone()..).take_while(|path| path.starts_with(&prefix));
        let ends = |path: &str| {
            [".sql", ".xml", ".yaml", ".yml", ".json"].iter().any(|ending| path.to_ascii_lowercase().ends_with(ending))
        };
        let wanted = include.said("endsWithFilter").unwrap_or_default().to_owned();
        let all: Vec<String> = below
            .filter(|path| ends(path) && path.ends_with(&wanted) && !name_of(path).starts_with('.'))
            .cloned()
            .collect();
        for path in all {
            let below = path.strip_prefix(&prefix).unwrap_or(&path);
            let logical =
                if folder.logical.is_empty() { below.to_owned() } else { format!("{}/{below}", folder.logical) };
            self.file(&Context { path, logical, all_quoted: false }, (&context.path, include.line));
        }
    }
}

/// Whether something with these databases is for a dialect.
pub(super) fn meant(dialect: Dialect, dbms: Option<&str>) -> bool {
    let own = match dialect {
        Dialect::Postgres => "postgresql",
        Dialect::MySql => "mysql",
        Dialect::MariaDb => "mariadb",
        Dialect::Sqlite => "sqlite",
    };
    let words: Vec<String> = dbms
        .unwrap_or_default()
        .split(',')
        .map(|word| word.trim().to_ascii_lowercase())
        .filter(|word| !word.is_empty())
        .collect();
    if words.iter().any(|word| word == "none") || words.iter().any(|word| word.strip_prefix('!') == Some(own)) {
        return false;
    }
    let mut positive = words.iter().filter(|word| !word.starts_with('!')).peekable();
    positive.peek().is_none() || positive.any(|word| word == own || word == "all")
}
