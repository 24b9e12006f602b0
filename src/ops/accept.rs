//! `pilab drift accept` and `revoke`: acceptances in `baselines/` of the config repository's work tree.
use super::workspace::Workspace;
use super::{Accept, Acceptance, Context, Drift, Revoke};
use crate::catalog::{AcceptedEntry, baselines};
use crate::model::{Diagnostic, Finding, Mode, Result, State, codes};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

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
        let author = author(context, &workspace);
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        let mut done = Vec::new();
        for id in &self.ids {
            let finding = super::explain::find(&pairs, id)?;
            acceptable(finding)?;
            let file = format!("baselines/{}-{}.yaml", finding.pair.from, finding.pair.to);
            let old = match texts.get(&file) {
                Some(text) => Some(text.clone()),
                None => read(&workspace.root.join(&file))?,
            };
            let entry = crate::model::config::Accepted {
                fingerprint: finding.fingerprint.clone(),
                reason: self.reason.trim().to_owned(),
                by: author.clone(),
                until: self.until.clone(),
                ticket: self.ticket.clone(),
            };
            let new = baselines::accept(old.as_deref(), &file, &finding.pair, &entry)?;
            texts.insert(file.clone(), new);
            done.push(Acceptance {
                id: finding.id.clone(),
                fingerprint: finding.fingerprint.clone(),
                title: finding.title.clone(),
                file,
                until: self.until.clone(),
            });
        }
        if !self.dry_run {
            for (file, text) in &texts {
                write(&workspace.root.join(file), Some(text))?;
            }
        }
        Ok(done)
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
        let mut texts: BTreeMap<String, Option<String>> = BTreeMap::new();
        let mut done = Vec::new();
        for id in &self.ids {
            let entry = accepted(&workspace, id)?;
            let file = entry.place.file.clone();
            let text = match texts.get(&file) {
                Some(text) => text.clone(),
                None => read(&workspace.root.join(&file))?,
            };
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
        if !self.dry_run {
            for (file, text) in &texts {
                write(&workspace.root.join(file), text.as_deref())?;
            }
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
        [] => Err(Box::new(
            Diagnostic::error(&codes::PL0107, format!("no acceptance has the id '{id}'"))
                .did_you_mean(&wanted, ids.iter().map(String::as_str))
                .note("a finding may also be accepted by a group (a fingerprint with *); that is edited by hand")
                .hint("pilab drift --accepted lists accepted findings with their ids"),
        )),
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

fn read(path: &Path) -> Result<Option<String>> {
    match std::fs::read(path) {
        Ok(bytes) => String::from_utf8(bytes)
            .map(Some)
            .map_err(|_| Box::new(Diagnostic::error(&codes::PL0021, format!("{} is not UTF-8", path.display())))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Box::new(Diagnostic::error(&codes::PL0021, format!("{}: {error}", path.display())))),
    }
}

/// Writes a file in one step, or removes it: the old content or the new one is there, never half of it.
fn write(path: &Path, text: Option<&str>) -> Result<()> {
    let failed = |error: std::io::Error| {
        Box::new(
            Diagnostic::error(&codes::PL0402, format!("{}: {error}", path.display()))
                .note("what stood there before is untouched"),
        )
    };
    let Some(text) = text else { return std::fs::remove_file(path).map_err(failed) };
    let folder = path.parent().unwrap_or(Path::new("."));
    if folder.symlink_metadata().is_ok_and(|meta| meta.file_type().is_symlink()) {
        return Err(Box::new(Diagnostic::error(
            &codes::PL0402,
            format!("{} is a link; pilab writes into the repository only", folder.display()),
        )));
    }
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    let mode = std::fs::metadata(path).map(|meta| meta.permissions()).ok();
    let file = file.persist(path).map_err(|error| failed(error.error))?;
    set_mode(&file, mode);
    Ok(())
}

/// A temporary file is private; a file of the repository is as readable as the user's other files.
fn set_mode(file: &std::fs::File, old: Option<std::fs::Permissions>) {
    use std::os::unix::fs::PermissionsExt;
    let mode = old.unwrap_or_else(|| std::fs::Permissions::from_mode(0o644));
    // A file system without modes keeps the file as it is, which is no reason to fail.
    let _ = file.set_permissions(mode);
}
