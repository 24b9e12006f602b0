//! Code that names a table or column: what runs on the side that receives, looked through for what a migration takes away.
use crate::drift::texts::line_of;
use crate::engines::schema::catalog::{Key, Kind};
use crate::model::{Evidence, Place};
use crate::tree::{self, Tree};
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// Larger files are no code, bytes.
const LARGE: u64 = 512 * 1024;
/// At most so many files of a module are read.
const FILES: usize = 20_000;
/// At most so many lines are told for one object.
const TOLD: usize = 6;
/// Folders in which nobody's own code lies.
const FOREIGN: [&str; 8] = ["node_modules", "vendor", "third_party", "dist", "build", "target", ".git", "testdata"];
/// Endings of files in which programs name tables and columns.
const CODE: [&str; 33] = [
    "rs", "go", "py", "js", "jsx", "ts", "tsx", "mjs", "cjs", "java", "kt", "kts", "scala", "groovy", "cs", "fs", "vb",
    "rb", "erb", "php", "ex", "exs", "erl", "c", "h", "cc", "cpp", "hpp", "swift", "dart", "clj", "lua", "graphql",
];

/// A module whose code may use the schema.
pub struct Reader<'a> {
    /// Its name.
    pub module: &'a str,
    /// The side it runs on.
    pub side: &'a str,
    /// Its version there.
    pub version: &'a str,
    /// Its repository.
    pub repository: &'a str,
    /// Its repository's files at that version.
    pub tree: Arc<dyn Tree>,
    /// Folders or globs of its code.
    pub paths: Vec<String>,
}

/// All modules that may use a schema, and their code, read once.
pub(super) struct Readers<'a> {
    readers: &'a [Reader<'a>],
    /// Where the migrations are; they name everything.
    migrations: BTreeSet<String>,
    files: OnceLock<Vec<(usize, String, String)>>,
}

/// A line of code that names it.
pub(super) struct Found {
    pub(super) module: String,
    side: String,
    version: String,
    repository: String,
    pub(super) place: Place,
}

impl Found {
    pub(super) fn evidence(self) -> Evidence {
        Evidence { side: self.side, repository: self.repository, at: self.version, place: self.place }
    }
}

impl<'a> Readers<'a> {
    pub(super) fn new(readers: &'a [Reader<'a>], migrations: BTreeSet<String>) -> Readers<'a> {
        Readers { readers, migrations, files: OnceLock::new() }
    }

    /// Whether there was any code to look through.
    pub(super) fn looked(&self) -> bool {
        !self.files().is_empty()
    }

    /// The modules that were looked through.
    pub(super) fn names(&self) -> String {
        self.readers.iter().map(|reader| reader.module).collect::<Vec<_>>().join(", ")
    }

    /// Lines that name a table, or a column in a file that names its table too.
    /// A file that several modules share is told for the one that says most exactly where its code is.
    pub(super) fn of(&self, key: &Key) -> Vec<Found> {
        let (table, column) = match key.kind {
            Kind::Column => (spellings(&key.table), Some(spellings(&key.name))),
            _ => (spellings(&key.name), None),
        };
        let mut found: Vec<Found> = Vec::new();
        let exact = |index: &usize| self.readers.get(*index).map_or(0, |reader| reader.paths.len());
        let mut files: Vec<&(usize, String, String)> = self.files().iter().collect();
        files.sort_by_key(|(index, _, _)| (exact(index) == 0, *index));
        for (index, file, text) in files {
            if found.len() >= TOLD {
                break;
            }
            let Some(in_table) = first(text, &table) else { continue };
            let Some(at) = column.as_ref().map_or(Some(in_table), |column| first(text, column)) else { continue };
            let Some(reader) = self.readers.get(*index) else { continue };
            let told = |one: &Found| {
                one.place.file == *file && one.repository == reader.repository && one.version == reader.version
            };
            if found.iter().any(told) {
                continue;
            }
            let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
            let place = line_of(file, text, u32::try_from(line).unwrap_or(u32::MAX));
            found.push(Found {
                module: reader.module.to_owned(),
                side: reader.side.to_owned(),
                version: reader.version.to_owned(),
                repository: reader.repository.to_owned(),
                place,
            });
        }
        found
    }

    /// Every file of code: index of the reader, path, text.
    fn files(&self) -> &[(usize, String, String)] {
        self.files.get_or_init(|| {
            let mut files = Vec::new();
            for (index, reader) in self.readers.iter().enumerate() {
                let mut paths = Vec::new();
                let patterns = if reader.paths.is_empty() { vec![String::new()] } else { reader.paths.clone() };
                for pattern in patterns.iter().filter(|pattern| !pattern.starts_with('!')) {
                    let some = if pattern.is_empty() {
                        tree::walk(&*reader.tree, "")
                    } else {
                        tree::glob(&*reader.tree, pattern)
                    };
                    paths.extend(some.unwrap_or_default());
                }
                paths.retain(|path| self.is_code(path));
                for path in paths.into_iter().take(FILES) {
                    let Ok(Some(bytes)) = reader.tree.read(&path, LARGE) else { continue };
                    let Ok(text) = String::from_utf8(bytes) else { continue };
                    files.push((index, path, text));
                }
            }
            files
        })
    }

    fn is_code(&self, path: &str) -> bool {
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        CODE.contains(&ending)
            && !self.migrations.contains(path)
            && !path.split('/').any(|part| FOREIGN.contains(&part) || part == "migrations")
    }
}

/// How programs spell a name of the database: as it is, `orderItem`, `OrderItem`, and for tables often in the singular.
fn spellings(name: &str) -> Vec<String> {
    let mut all = vec![name.to_owned()];
    let singular =
        name.strip_suffix("ies").map(|stem| format!("{stem}y")).or_else(|| name.strip_suffix('s').map(str::to_owned));
    for base in std::iter::once(name.to_owned()).chain(singular) {
        let mut pascal = String::new();
        for part in base.split('_') {
            let mut letters = part.chars();
            pascal.extend(letters.next().map(|first| first.to_ascii_uppercase()));
            pascal.push_str(letters.as_str());
        }
        let mut letters = pascal.chars();
        let camel = letters
            .next()
            .map(|first| format!("{}{}", first.to_ascii_lowercase(), letters.as_str()))
            .unwrap_or_default();
        all.extend([base, camel, pascal]);
    }
    all.retain(|spelling| spelling.len() > 2);
    all.sort();
    all.dedup();
    all
}

/// Where one of the words first stands as a whole word.
fn first(text: &str, words: &[String]) -> Option<usize> {
    words.iter().filter_map(|word| whole(text, word)).min()
}

fn whole(text: &str, word: &str) -> Option<usize> {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|head| head.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|tail| tail.chars().next());
        !part(before) && !part(after)
    })
}

#[cfg(test)]
mod tests {
    use super::{first, spellings};

    #[test]
    fn a_name_is_found_in_the_spellings_of_programs_and_only_as_a_whole_word() {
        assert_eq!(
            spellings("order_items"),
            ["OrderItem", "OrderItems", "orderItem", "orderItems", "order_item", "order_items"]
        );
        assert_eq!(first("let total = orderItems.len()", &spellings("order_items")), Some(12));
        assert_eq!(first("reorder_items()", &spellings("order_items")), None);
        assert!(spellings("id").is_empty(), "two letters say nothing");
    }
}
