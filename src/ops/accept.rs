//! `pilab drift accept` and `revoke`: acceptances in `baselines/` of the config repository's work tree.
use super::workspace::Workspace;
use super::{Accept, Acceptance, Context, Drift, Revoke, files};
use crate::catalog::{self, AcceptedEntry, Catalog, Located, baselines};
use crate::model::config::{Accepted, Baseline};
use crate::model::{Diagnostic, Finding, Level, Mode, Pair, Result, State, codes};
use crate::tree::{Entry, EntryKind, READ_LIMIT, Tree, TreeError};
use std::collections::{BTreeMap, BTreeSet};

impl Accept {
    /// Writes the acceptances into `baselines/` of the work tree. Nothing is committed.
    ///
    /// # Errors
    /// PL0107, PL0108, PL0112 for `--at`, an end that is no day or past, PL0402.
    pub fn run(&self, context: &Context<'_>) -> Result<Vec<Acceptance>> {
        refuse_past(context, "accept")?;
        if self.reason.trim().is_empty() {
            return Err(Box::new(
                Diagnostic::error(&codes::PL0112, "the reason is empty").hint("--reason \"why it may stay\""),
            ));
        }
        if let Some(until) = &self.until {
            day(until, context)?;
        }
        let super::drift::Answer { workspace, pairs, .. } = Drift::default().answer(context)?;
        refuse_bare(&workspace, "accept")?;
        let mut texts: Texts = BTreeMap::new();
        let author = author(context, &workspace);
        let mut done = Vec::new();
        for id in &self.ids {
            let finding = super::explain::find(&pairs, id)?;
            acceptable(finding)?;
            let file = file_for(&workspace.catalog, &finding.pair);
            let entry = Accepted {
                fingerprint: finding.fingerprint.clone(),
                reason: self.reason.trim().to_owned(),
                by: author.clone(),
                until: self.until.clone(),
                ticket: self.ticket.clone(),
            };
            let old = current(&workspace, &texts, &file)?;
            let new = baselines::accept(old.as_deref(), &file, &finding.pair, &entry)?;
            texts.insert(file.clone(), Some(new));
            done.push(Acceptance {
                id: finding.id.clone(),
                fingerprint: finding.fingerprint.clone(),
                title: finding.title.clone(),
                file,
                until: self.until.clone(),
            });
        }
        still_readable(&workspace, &texts)?;
        if !self.dry_run {
            write_all(&workspace, &texts)?;
        }
        Ok(done)
    }
}

/// New texts of files by path; `None` for one that goes away.
type Texts = BTreeMap<String, Option<String>>;

/// The file that gets the acceptances of a pair: the one that has its baseline, else one of our own.
fn file_for(catalog: &Catalog, pair: &Pair) -> String {
    let own = format!("baselines/{}-{}.yaml", pair.from, pair.to);
    let of_pair = |baseline: &&Located<Baseline>| {
        baseline.value.spec.pair.as_ref().is_some_and(|known| known.from == pair.from && known.to == pair.to)
    };
    let mut files: Vec<&str> =
        catalog.baselines.values().filter(of_pair).map(|baseline| baseline.place.file.as_str()).collect();
    files.sort_unstable();
    match files.first() {
        Some(first) if !files.contains(&own.as_str()) => (*first).to_owned(),
        _ => own,
    }
}

/// What a file holds now, after what this command did to it so far.
fn current(workspace: &Workspace, texts: &Texts, file: &str) -> Result<Option<String>> {
    if let Some(text) = texts.get(file) {
        return Ok(text.clone());
    }
    let unreadable = |why: String| Box::new(Diagnostic::error(&codes::PL0021, format!("{file} cannot be read: {why}")));
    let bytes = workspace.config.read(file, READ_LIMIT).map_err(|error| unreadable(error.to_string()))?;
    bytes.map(|bytes| String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8".to_owned()))).transpose()
}

/// Whether the config repository is as sound with the new texts as it was without them.
fn still_readable(workspace: &Workspace, texts: &Texts) -> Result<()> {
    let changed = Changed { tree: &*workspace.config, texts };
    let (_, diagnostics) = catalog::load(&changed);
    let Some(why) = diagnostics.into_iter().find(|diagnostic| diagnostic.level == Level::Error) else { return Ok(()) };
    let file = texts.keys().next().cloned().unwrap_or_default();
    Err(Box::new(
        Diagnostic::error(&codes::PL0402, format!("{file} would not be sound afterwards: {}", why.message))
            .note(format!("it would be {}: {}", why.code.id, why.code.title))
            .note("nothing was written")
            .hint("write the acceptance by hand into a Baseline of this pair"),
    ))
}

/// The config repository with other texts in some files.
struct Changed<'a> {
    tree: &'a dyn Tree,
    texts: &'a Texts,
}

impl Tree for Changed<'_> {
    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, TreeError> {
        match self.texts.get(path) {
            Some(text) => Ok(text.clone().map(String::into_bytes)),
            None => self.tree.read(path, limit),
        }
    }

    fn list(&self, path: &str) -> Result<Option<Vec<Entry>>, TreeError> {
        let mut entries: BTreeSet<Entry> = self.tree.list(path)?.unwrap_or_default().into_iter().collect();
        let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
        for below in self.texts.keys().filter_map(|file| file.strip_prefix(&prefix)) {
            let (name, kind) = match below.split_once('/') {
                Some((folder, _)) => (folder, EntryKind::Folder),
                None => (below, EntryKind::File),
            };
            if !entries.iter().any(|entry| entry.name == name) {
                entries.insert(Entry { name: name.to_owned(), kind, readable: true });
            }
        }
        Ok((!entries.is_empty() || path.is_empty()).then(|| entries.into_iter().collect()))
    }

    fn identity(&self) -> Option<String> {
        None
    }
}

impl Revoke {
    /// Takes acceptances out of `baselines/` of the work tree.
    ///
    /// # Errors
    /// PL0107, PL0108, PL0402.
    pub fn run(&self, context: &Context<'_>) -> Result<Vec<Acceptance>> {
        refuse_past(context, "revoke")?;
        let workspace = Workspace::open(context)?;
        refuse_bare(&workspace, "revoke")?;
        let mut texts: Texts = BTreeMap::new();
        let mut done = Vec::new();
        for id in &self.ids {
            let entry = accepted(&workspace, id)?;
            let file = entry.place.file.clone();
            let text = current(&workspace, &texts, &file)?;
            let new = baselines::revoke(text.as_deref().unwrap_or_default(), &file, &entry.value.fingerprint)?;
            texts.insert(file.clone(), new);
            done.push(Acceptance {
                id: Finding::hash_of(&entry.value.fingerprint).chars().take(7).collect(),
                fingerprint: entry.value.fingerprint.clone(),
                title: entry.value.reason.clone(),
                file,
                until: entry.value.until.clone(),
            });
        }
        still_readable(&workspace, &texts)?;
        if !self.dry_run {
            write_all(&workspace, &texts)?;
        }
        Ok(done)
    }
}

/// The accepted entry that an id names: by its hash, or by the fingerprint itself.
fn accepted(workspace: &Workspace, id: &str) -> Result<AcceptedEntry> {
    let entries = &workspace.catalog.accepted;
    let wanted = id.trim().to_ascii_lowercase();
    let hash = |entry: &AcceptedEntry| Finding::hash_of(&entry.value.fingerprint);
    let found: Vec<&AcceptedEntry> = entries
        .iter()
        .filter(|entry| entry.value.fingerprint == id || (wanted.len() >= 4 && hash(entry).starts_with(&wanted)))
        .collect();
    let ids: Vec<String> = entries.iter().map(|entry| hash(entry).chars().take(7).collect()).collect();
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] => {
            let none = Diagnostic::error(&codes::PL0107, format!("no acceptance has the id '{id}'"))
                .did_you_mean(&wanted, ids.iter().map(String::as_str))
                .hint("pilab drift --accepted lists accepted findings with their ids");
            let groups = entries.iter().map(|entry| &entry.value.fingerprint).filter(|print| print.contains('*'));
            Err(Box::new(groups.take(5).fold(none, |none, group| {
                none.hint(format!("if it was accepted with a group of findings: pilab drift revoke '{group}'"))
            })))
        }
        _ => {
            Err(Box::new(Diagnostic::error(&codes::PL0108, format!("'{id}' is the beginning of several acceptances"))))
        }
    }
}

/// Who accepts, as Git would name the author of the commit: variables, the configuration, else the login name.
fn author(context: &Context<'_>, workspace: &Workspace) -> String {
    let told = context.environment.get("GIT_AUTHOR_NAME").is_some_and(|name| !name.is_empty());
    let configured = workspace.repository.as_ref().filter(|_| !told).and_then(crate::adapters::git::Repository::user);
    configured.unwrap_or_else(|| context.user.clone())
}

fn refuse_past(context: &Context<'_>, verb: &str) -> Result<()> {
    match &context.at {
        None => Ok(()),
        Some(at) => Err(Box::new(
            Diagnostic::error(&codes::PL0112, format!("drift {verb} writes into the present, not into {at}"))
                .hint("leave --at out"),
        )),
    }
}

fn refuse_bare(workspace: &Workspace, verb: &str) -> Result<()> {
    match &workspace.repository {
        Some(repository) if repository.work_dir().is_none() => Err(Box::new(
            Diagnostic::error(
                &codes::PL0112,
                format!("drift {verb} writes into a work tree, and {} is a bare repository", workspace.root.display()),
            )
            .hint("clone it, accept there, commit and push"),
        )),
        _ => Ok(()),
    }
}

fn day(text: &str, context: &Context<'_>) -> Result<()> {
    let day = text.parse::<jiff::civil::Date>().map_err(|_| {
        Box::new(Diagnostic::error(&codes::PL0112, format!("'{text}' is not a day")).hint("--until 2026-12-31"))
    })?;
    let today = context.now.to_zoned(jiff::tz::TimeZone::UTC).date();
    if day < today {
        return Err(Box::new(
            Diagnostic::error(&codes::PL0112, format!("{day} is past: the acceptance would have ended already"))
                .hint(format!("today is {today}")),
        ));
    }
    Ok(())
}

fn acceptable(finding: &Finding) -> Result<()> {
    let refuse = |why: String| Err(Box::new(Diagnostic::error(&codes::PL0112, why)));
    if finding.pair.mode == Mode::Refs {
        return refuse(format!(
            "{} is a difference of two refs; only findings between environments are accepted",
            finding.id
        ));
    }
    match finding.state {
        State::Accepted => refuse(format!("{} is accepted already", finding.id)),
        State::Expected => refuse(format!("{} is expected and does not count; there is nothing to accept", finding.id)),
        _ => Ok(()),
    }
}

fn write_all(workspace: &Workspace, texts: &Texts) -> Result<()> {
    texts.iter().try_for_each(|(file, text)| files::write(&workspace.root.join(file), text.as_deref()))
}
