//! A commit as people see it: decoded by its own encoding, authors and co-authors named by the mailmap.
use super::object_tree::blob;
use super::open::{Repository, damaged, missing, object_id};
use crate::model::{Commit, CommitId, Person, Result};
use gix::bstr::{BStr, ByteSlice};
use std::collections::BTreeSet;

/// The largest mailmap that is read.
const MAILMAP: u64 = 8 * 1024 * 1024;

/// Names as the mailmap wants them.
pub(super) struct Mailmap(gix::mailmap::Snapshot);

impl Mailmap {
    /// `.mailmap` at HEAD, then `mailmap.file` of the user's configuration. What cannot be read is left out, as Git does.
    pub(super) fn of(repo: &gix::Repository) -> Mailmap {
        let mut map = gix::mailmap::Snapshot::default();
        let root = repo.head_commit().ok().and_then(|commit| commit.tree().ok());
        let entry = root.as_ref().and_then(|tree| tree.find_entry(".mailmap"));
        if let Some(entry) = entry.filter(|entry| entry.mode().is_blob())
            && let Ok(text) = blob(repo, entry.object_id(), MAILMAP)
        {
            map.merge(gix::mailmap::parse_ignore_errors(&text));
        }
        let user = gix::config::File::from_globals()
            .ok()
            .and_then(|config| config.string("mailmap.file").map(|path| path.to_string()));
        if let Some(path) = user.filter(|path| path.starts_with('/'))
            && std::fs::metadata(&path).is_ok_and(|meta| meta.is_file() && meta.len() <= MAILMAP)
            && let Ok(text) = std::fs::read(&path)
        {
            map.merge(gix::mailmap::parse_ignore_errors(&text));
        }
        Mailmap(map)
    }

    /// Changes no name.
    pub(super) fn none() -> Mailmap {
        Mailmap(gix::mailmap::Snapshot::default())
    }

    /// The person behind a name and a mail address.
    pub(super) fn person(&self, name: &str, email: &str) -> Person {
        let (name, email) = (name.trim(), email.trim());
        let signature = gix::actor::SignatureRef { name: name.into(), email: email.into(), time: "" };
        let found = self.0.try_resolve_ref(signature);
        let pick =
            |new: Option<&BStr>, old: &str| new.map_or_else(|| old.to_owned(), |new| new.to_str_lossy().into_owned());
        Person {
            name: pick(found.as_ref().and_then(|found| found.name), name),
            email: pick(found.as_ref().and_then(|found| found.email), email).to_lowercase(),
        }
    }
}

impl Repository {
    /// One commit, without files and patch id.
    ///
    /// # Errors
    /// PL0204 when it is not here or damaged.
    pub fn commit(&self, id: &CommitId) -> Result<Commit> {
        let id = object_id(id)?;
        self.with(|repo| read(repo, id, &Mailmap::of(repo)))
    }
}

/// Reads and decodes a commit.
///
/// # Errors
/// PL0204.
pub(super) fn read(repo: &gix::Repository, id: gix::ObjectId, mailmap: &Mailmap) -> Result<Commit> {
    let object = repo.try_find_object(id).map_err(|error| damaged(&id, "commit", error))?;
    let object = object.ok_or_else(|| missing(&id, "commit"))?;
    let commit = object.try_into_commit().map_err(|error| damaged(&id, "commit", error))?;
    let commit = commit.decode().map_err(|error| damaged(&id, "commit", error))?;
    let encoding = commit.encoding.map(|label| label.trim());
    let text = |bytes: &[u8]| decode(bytes, encoding);
    let author = commit.author().map_err(|error| damaged(&id, "commit", error))?;
    let time = commit.committer().map_err(|error| damaged(&id, "commit", error))?;
    let message = text(commit.message);
    let (subject, body) = split(&message);
    let person = mailmap.person(&text(author.name), &text(author.email));
    let seconds = |signature: &gix::actor::SignatureRef<'_>| signature.time().unwrap_or_default().seconds;
    Ok(Commit {
        id: CommitId(id.to_string()),
        parents: commit.parents().map(|parent| CommitId(parent.to_string())).collect(),
        co_authors: co_authors(&body, &person, mailmap),
        author: person,
        author_time: seconds(&author),
        time: seconds(&time),
        subject,
        body,
        files: Vec::new(),
        patch_id: None,
    })
}

/// The author of a commit as it is written there, before the mailmap.
///
/// # Errors
/// PL0204.
pub(super) fn author(repo: &gix::Repository, id: gix::ObjectId) -> Result<Person> {
    let object = repo.try_find_object(id).map_err(|error| damaged(&id, "commit", error))?;
    let object = object.ok_or_else(|| missing(&id, "commit"))?;
    let commit = object.try_into_commit().map_err(|error| damaged(&id, "commit", error))?;
    let commit = commit.decode().map_err(|error| damaged(&id, "commit", error))?;
    let author = commit.author().map_err(|error| damaged(&id, "commit", error))?;
    let encoding = commit.encoding.map(|label| label.trim());
    Ok(Mailmap::none().person(&decode(author.name, encoding), &decode(author.email, encoding)))
}

/// Bytes of a commit as text: by its `encoding` header, else UTF-8, else UTF-8 with replacement characters.
fn decode(bytes: &[u8], encoding: Option<&[u8]>) -> String {
    let encoding = encoding.and_then(encoding_rs::Encoding::for_label).unwrap_or(encoding_rs::UTF_8);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// The first paragraph as one line, and the rest.
fn split(message: &str) -> (String, String) {
    let message = message.replace("\r\n", "\n");
    let mut lines = message.lines().skip_while(|line| line.trim().is_empty());
    let subject: Vec<&str> = lines.by_ref().take_while(|line| !line.trim().is_empty()).map(str::trim).collect();
    let body: Vec<&str> = lines.collect();
    (subject.join(" "), body.join("\n").trim_matches('\n').trim_end().to_owned())
}

/// People of the `Co-authored-by` lines, wherever they stand (squashed commits have them in the middle); no one twice.
fn co_authors(body: &str, author: &Person, mailmap: &Mailmap) -> Vec<Person> {
    let mut seen = BTreeSet::from([author.clone()]);
    body.lines()
        .filter_map(|line| {
            let (key, value) = line.trim().split_once(':')?;
            let (name, email) = value.trim().strip_suffix('>')?.rsplit_once('<')?;
            key.eq_ignore_ascii_case("co-authored-by").then(|| mailmap.person(name, email))
        })
        .filter(|person| seen.insert(person.clone()))
        .collect()
}
