//! Writes whole repositories out of values: objects, refs and, if asked for, a work tree. The same values give the same ids.
use crate::model::codes::{PL0113, PL0402};
use crate::model::{CommitId, Diagnostic, Person, Result};
use gix::ObjectId;
use gix::objs::tree::EntryKind;
use gix::refs::transaction::{PreviousValue, RefEdit};
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

/// A commit to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The message. `{commit N}` in it becomes the id of commit `N` of the list, which must stand before this one.
    pub message: String,
    /// Author and committer.
    pub author: Person,
    /// Author and commit time, seconds since 1970 UTC.
    pub time: i64,
    /// Commits of the list that are its parents; all stand before this one. The first one's files are its start.
    pub parents: Vec<usize>,
    /// What it changes: path and new content, or `None` for a file that goes away.
    pub files: Vec<(String, Option<String>)>,
    /// Branches that point to it when all is written.
    pub branches: Vec<String>,
    /// Tags on it.
    pub tags: Vec<Tag>,
}

/// A tag to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its name, without `refs/tags/`.
    pub name: String,
    /// The message of an annotated tag; a lightweight tag has none.
    pub message: Option<String>,
}

/// Writes `commits` as a new repository at `dir`, HEAD on `main`. With a work tree, the files of `main` and an index
/// that fits them are written too. Gives the ids in the order of `commits`.
///
/// # Errors
/// PL0113 when something is at `dir`, PL0402 when it cannot be written or the values contradict themselves.
pub fn write_repository(dir: &Path, bare: bool, commits: &[Commit]) -> Result<Vec<CommitId>> {
    refuse_what_is_there(dir)?;
    let repository = create(dir, bare)?;
    let mut written: Vec<ObjectId> = Vec::with_capacity(commits.len());
    for commit in commits {
        let id = write_commit(&repository, commit, &written)?;
        written.push(id);
    }
    write_refs(&repository, commits, &written)?;
    if !bare {
        check_out(&repository, dir)?;
    }
    Ok(written.into_iter().map(|id| CommitId(id.to_string())).collect())
}

fn refuse_what_is_there(dir: &Path) -> Result<()> {
    let occupied = match fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => fs::symlink_metadata(dir).is_ok(),
    };
    if occupied {
        return Err(Box::new(
            Diagnostic::error(&PL0113, format!("{} has something in it", dir.display()))
                .hint("name a folder that does not exist, or an empty one"),
        ));
    }
    Ok(())
}

/// A new repository that takes nothing from the configuration of machine and user.
fn create(dir: &Path, bare: bool) -> Result<gix::Repository> {
    let kind = if bare { gix::create::Kind::Bare } else { gix::create::Kind::WithWorktree };
    let options = gix::open::Options::isolated().config_overrides(["core.logAllRefUpdates=false"]);
    let create = gix::create::Options { object_hash: Some(gix::hash::Kind::Sha1), ..Default::default() };
    gix::ThreadSafeRepository::init_opts(dir, kind, create, options)
        .map(|repository| repository.to_thread_local())
        .map_err(|error| failed(dir, error))
}

fn write_commit(repository: &gix::Repository, commit: &Commit, written: &[ObjectId]) -> Result<ObjectId> {
    let parents = commit.parents.iter().map(|at| earlier(repository, written, *at)).collect::<Result<Vec<_>>>()?;
    let start = match parents.first() {
        Some(parent) => repository.find_commit(*parent).and_then(|commit| Ok(commit.tree_id()?.detach())),
        None => Ok(repository.empty_tree().id),
    };
    let tree = start.and_then(|start| write_tree(repository, start, &commit.files));
    let signature = signature(&commit.author, commit.time);
    let object = gix::objs::Commit {
        tree: tree.map_err(|error| failed(repository.path(), error))?,
        parents: parents.into_iter().collect(),
        author: signature.clone(),
        committer: signature,
        encoding: None,
        message: fill_in(repository, &commit.message, written)?.into(),
        extra_headers: Vec::new(),
    };
    repository.write_object(&object).map(gix::Id::detach).map_err(|error| failed(repository.path(), error))
}

fn earlier(repository: &gix::Repository, written: &[ObjectId], at: usize) -> Result<ObjectId> {
    written.get(at).copied().ok_or_else(|| failed(repository.path(), format!("commit {at} is not written yet")))
}

fn write_tree(
    repository: &gix::Repository,
    start: ObjectId,
    files: &[(String, Option<String>)],
) -> std::result::Result<ObjectId, gix::Error> {
    let mut editor = repository.edit_tree(start)?;
    for (path, content) in files {
        match content {
            Some(content) => {
                let blob = repository.write_blob(content)?;
                editor.upsert(path.as_str(), EntryKind::Blob, blob)?;
            }
            None => {
                editor.remove(path.as_str())?;
            }
        }
    }
    Ok(editor.write()?.detach())
}

/// The message with ids in place of `{commit N}`, and one line end behind it.
fn fill_in(repository: &gix::Repository, message: &str, written: &[ObjectId]) -> Result<String> {
    let mut filled = String::with_capacity(message.len());
    let mut rest = message.trim_end();
    while let Some((before, after)) = rest.split_once("{commit ") {
        let (number, behind) =
            after.split_once('}').ok_or_else(|| failed(repository.path(), "`{commit ` without its `}`"))?;
        let at = number.parse::<usize>().map_err(|error| failed(repository.path(), error))?;
        filled.push_str(before);
        filled.push_str(&earlier(repository, written, at)?.to_string());
        rest = behind;
    }
    filled.push_str(rest);
    filled.push('\n');
    Ok(filled)
}

fn signature(person: &Person, seconds: i64) -> gix::actor::Signature {
    gix::actor::Signature {
        name: person.name.as_str().into(),
        email: person.email.as_str().into(),
        time: gix::date::Time { seconds, offset: 0 },
    }
}

fn write_refs(repository: &gix::Repository, commits: &[Commit], written: &[ObjectId]) -> Result<()> {
    let mut edits = Vec::new();
    for (commit, id) in commits.iter().zip(written) {
        for branch in &commit.branches {
            edits.push(edit(repository, &format!("refs/heads/{branch}"), *id)?);
        }
        for tag in &commit.tags {
            let target = match &tag.message {
                Some(message) => write_tag(repository, commit, tag, message, *id)?,
                None => *id,
            };
            edits.push(edit(repository, &format!("refs/tags/{}", tag.name), target)?);
        }
    }
    repository.edit_references_as(edits, None).map(|_| ()).map_err(|error| failed(repository.path(), error))
}

fn edit(repository: &gix::Repository, name: &str, target: ObjectId) -> Result<RefEdit> {
    let name = gix::refs::FullName::try_from(name).map_err(|error| failed(repository.path(), error))?;
    Ok(RefEdit::update(name, target, PreviousValue::MustNotExist, ""))
}

fn write_tag(
    repository: &gix::Repository,
    commit: &Commit,
    tag: &Tag,
    message: &str,
    target: ObjectId,
) -> Result<ObjectId> {
    let object = gix::objs::Tag {
        target,
        target_kind: gix::objs::Kind::Commit,
        name: tag.name.as_str().into(),
        tagger: Some(signature(&commit.author, commit.time)),
        message: format!("{}\n", message.trim_end()).into(),
        signature: None,
    };
    repository.write_object(&object).map(gix::Id::detach).map_err(|error| failed(repository.path(), error))
}

/// Writes the files of HEAD into the work tree, and the index with what the file system says of them.
fn check_out(repository: &gix::Repository, dir: &Path) -> Result<()> {
    let tree = repository.head_commit().and_then(|commit| Ok(commit.tree_id()?.detach()));
    let tree = tree.map_err(|error| failed(dir, error))?;
    let mut state = gix::index::State::from_tree(&tree, &repository.objects, Default::default())
        .map_err(|error| failed(dir, error))?;
    for (entry, path) in state.entries_mut_with_paths() {
        let file = dir.join(gix::path::from_bstr(path).map_err(|error| failed(dir, error))?);
        let blob = repository.find_blob(entry.id).map_err(|error| failed(&file, error))?;
        entry.stat = write_file(&file, &blob.data).map_err(|error| failed(&file, error))?;
    }
    let mut index = gix::index::File::from_state(state, repository.index_path());
    index.write(gix::index::write::Options::default()).map_err(|error| failed(dir, error))
}

fn write_file(file: &PathBuf, content: &[u8]) -> std::io::Result<gix::index::entry::Stat> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, content)?;
    let metadata = gix::index::fs::Metadata::from_path_no_follow(file)?;
    gix::index::entry::Stat::from_fs(&metadata).map_err(std::io::Error::other)
}

fn failed(place: &Path, cause: impl Display) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(&PL0402, format!("{} cannot be written", place.display())).note(cause.to_string()))
}

#[cfg(test)]
mod tests;
