//! The events of a folder as they are kept: people and paths written once, the rest in numbers; and their file.
use super::kept;
use crate::model::{CommitId, Person};
use gix::ObjectId;
use std::collections::BTreeMap;
use std::fmt::Write;

/// First word of the file; its number grows with every change of the form or the meaning.
const TITLE: &str = "pilab-events-2";

/// An event before the mailmap, with its place in the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) at: i64,
    pub(super) commit: ObjectId,
    /// Its number in `Log::paths`.
    pub(super) path: u32,
    pub(super) blob: Option<ObjectId>,
    pub(super) merge: bool,
    pub(super) time: i64,
    /// Its number in `Log::people`.
    pub(super) author: u32,
}

/// All events of one folder up to one commit.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Log {
    pub(super) people: Table<Person>,
    pub(super) paths: Table<String>,
    /// Commits whose place in the order is not their time.
    pub(super) moved: BTreeMap<ObjectId, i64>,
    pub(super) events: Vec<Kept>,
}

/// Values by number.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table<T> {
    values: Vec<T>,
    numbers: BTreeMap<T, u32>,
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table { values: Vec::new(), numbers: BTreeMap::new() }
    }
}

impl<T: Ord + Clone> Table<T> {
    /// The number of a value, a new one if needed.
    pub(super) fn number(&mut self, value: &T) -> u32 {
        if let Some(number) = self.numbers.get(value) {
            return *number;
        }
        let number = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.values.push(value.clone());
        self.numbers.insert(value.clone(), number);
        number
    }

    pub(super) fn get(&self, number: u32) -> Option<&T> {
        self.values.get(number as usize)
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }
}

impl Log {
    /// Sorts the events: by place, then commit, then path.
    pub(super) fn sort(&mut self) {
        let paths = &self.paths;
        self.events.sort_by(|a, b| {
            (a.at, a.commit).cmp(&(b.at, b.commit)).then_with(|| paths.get(a.path).cmp(&paths.get(b.path)))
        });
    }

    /// Reads what was saved for a folder, and the commit it goes up to.
    pub(super) fn load(file: &std::path::Path, folder: &str) -> Option<(CommitId, Log)> {
        Log::parse(&kept::load(file, TITLE)?, folder)
    }

    fn parse(text: &str, folder: &str) -> Option<(CommitId, Log)> {
        let mut lines = text.lines();
        let (head, of): (String, String) = serde_json::from_str(lines.next()?).ok()?;
        if of != folder {
            return None;
        }
        let mut log = Log::default();
        for line in lines {
            let (kind, rest) = line.split_at_checked(1)?;
            match kind {
                "@" => {
                    let (name, email) = serde_json::from_str(rest).ok()?;
                    log.people.number(&Person { name, email });
                }
                "/" => {
                    log.paths.number(&serde_json::from_str(rest).ok()?);
                }
                ">" => {
                    let (id, at) = rest.split_once(' ')?;
                    log.moved.insert(ObjectId::from_hex(id.as_bytes()).ok()?, at.parse().ok()?);
                }
                "=" | "+" => {
                    let event = log.event(kind == "+", rest)?;
                    log.events.push(event);
                }
                _ => return None,
            }
        }
        Some((CommitId(head), log))
    }

    fn event(&self, merge: bool, text: &str) -> Option<Kept> {
        let mut fields = text.split(' ');
        let mut next = || fields.next();
        let (at, time, commit) = (next()?.parse().ok()?, next()?.parse().ok()?, next()?);
        let (blob, path, author): (_, u32, u32) = (next()?, next()?.parse().ok()?, next()?.parse().ok()?);
        let known = (path as usize) < self.paths.len() && (author as usize) < self.people.len();
        let id = |hex: &str| ObjectId::from_hex(hex.as_bytes()).ok();
        let blob = if blob == "-" { None } else { Some(id(blob)?) };
        (known && fields.next().is_none()).then_some(Kept { at, commit: id(commit)?, path, blob, merge, time, author })
    }

    /// Saves it for the next run.
    pub(super) fn save(&self, file: &std::path::Path, head: &CommitId, folder: &str) {
        if let Some(text) = self.text(head, folder) {
            kept::save(file, TITLE, &text);
        }
    }

    fn text(&self, head: &CommitId, folder: &str) -> Option<String> {
        let mut text = serde_json::to_string(&(&head.0, folder)).ok()?;
        text.push('\n');
        for person in &self.people.values {
            writeln!(text, "@{}", serde_json::to_string(&(&person.name, &person.email)).ok()?).ok()?;
        }
        for path in &self.paths.values {
            writeln!(text, "/{}", serde_json::to_string(path).ok()?).ok()?;
        }
        for (id, at) in &self.moved {
            writeln!(text, ">{id} {at}").ok()?;
        }
        for event in &self.events {
            let merge = if event.merge { '+' } else { '=' };
            write!(text, "{merge}{} {} {} ", event.at, event.time, event.commit).ok()?;
            match event.blob {
                Some(blob) => write!(text, "{blob}").ok()?,
                None => text.push('-'),
            }
            writeln!(text, " {} {}", event.path, event.author).ok()?;
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::{Kept, Log};
    use crate::model::{CommitId, Person};
    use gix::ObjectId;
    use proptest::prelude::*;

    #[test]
    fn what_is_saved_is_what_is_loaded() {
        let mut log = Log::default();
        let id = ObjectId::null(gix::hash::Kind::Sha1);
        log.moved.insert(id, 7);
        for (name, path, blob) in [("Ada \"A\"", "a b/ü\n.yaml", Some(id)), ("", "x", None)] {
            let author = log.people.number(&Person { name: name.to_owned(), email: "a@b".to_owned() });
            let path = log.paths.number(&path.to_owned());
            log.events.push(Kept { at: 1, commit: id, path, blob, merge: blob.is_none(), time: -1, author });
        }
        let head = CommitId(id.to_string());
        let text = log.text(&head, "m").unwrap();
        assert_eq!(Log::parse(&text, "m"), Some((head, log)));
        assert_eq!(Log::parse(&text, "n"), None);
        assert_eq!(Log::parse(&text.replace(" 0 0\n", " 9 0\n"), "m"), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(lines in proptest::collection::vec("[@/>=+ü]?[0-9a-f \"\\[,-]{0,60}", 0..6)) {
            let _ = Log::parse(&format!("[\"h\",\"m\"]\n{}", lines.join("\n")), "m");
        }
    }
}
