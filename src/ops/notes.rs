//! `pilab notes A..B`: resolve, read the commits, build the value.
use super::compare::{Comparer, Ready, path_set};
use super::range::{self, Named, Range};
use super::repositories::Repositories;
use super::workspace::{self, Workspace};
use super::{Context, Drift, Notes};
use crate::adapters::git::{PathSet, Repository, Want};
use crate::catalog::Catalog;
use crate::drift as domain;
use crate::engines::commits::TicketPattern;
use crate::model::{
    CodeRange, Commit, CommitId, Diagnostic, EnvChange, Finding, Kind, Mode, ModuleCommit, ModuleRange, Pair,
    ReleaseNotes, Result, Shown, codes,
};
use crate::notes::{self, Input, RepoLinks};
use std::collections::{BTreeMap, BTreeSet};

impl Notes {
    /// Answers. Without a config repository the Git repository at hand is the one module.
    ///
    /// # Errors
    /// PL0201 for a shallow clone (no list is given that would be too short), unknown names and refs.
    pub fn run(&self, context: &Context<'_>) -> Result<ReleaseNotes> {
        match workspace::find(context)? {
            Some(found) => self.of_project(context, &Workspace::read(found, context)?),
            None => self.of_repository(context),
        }
    }

    fn of_project(&self, context: &Context<'_>, workspace: &Workspace) -> Result<ReleaseNotes> {
        let catalog = &workspace.catalog;
        for module in &self.modules {
            catalog.module(module)?;
        }
        let text = self.range.as_deref().ok_or_else(|| range_needed(catalog))?;
        let repositories = Repositories::new(context, workspace);
        let (start, text) = match text.strip_prefix("..").filter(|to| range::split(&format!("A..{to}")).is_ok()) {
            // From the first commit on: there is no left side, so each module is prepared with the right one twice.
            Some(to) => (true, format!("{to}..{to}")),
            None => (false, text.to_owned()),
        };
        let range = range::parse(catalog, &text, false)?;
        let request = Drift { modules: self.modules.clone(), kinds: vec![Kind::Code, Kind::Env], ..Drift::default() };
        let comparer = super::drift::comparer(&request, context, workspace, &repositories)?;
        comparer.check_refs(&range)?;
        let ready = comparer.prepare(&range, !start);
        let from = if start { "" } else { range.from.name() };
        let mut input = Gathered::new(from, range.to.name(), &catalog.project.value.metadata.name);
        for module in &ready {
            if start {
                input.add_history(&repositories, module)?;
            } else {
                input.add_module(module)?;
            }
        }
        if input.modules.is_empty()
            && let Some(why) = input.not_checked.first()
        {
            return Err(Box::new(why.clone()));
        }
        input.add_rest(&repositories)?;
        // Between environments each module has a range of its own; what else its repository holds is not deployed with it.
        let refs = matches!((&range.from, &range.to), (Named::Ref(_), Named::Ref(_)));
        input.some_modules = !self.modules.is_empty() || !refs;
        if !start {
            input.env_changes = env_changes(&comparer, &range, &ready);
            (input.title, input.environment) = heading(catalog, &range);
        }
        input.links = links(catalog);
        input.tickets = tickets(catalog)?;
        Ok(input.build())
    }

    fn of_repository(&self, context: &Context<'_>) -> Result<ReleaseNotes> {
        let repository =
            Repository::discover(&context.dir, &super::repositories::reading(context))?.ok_or_else(|| {
                Box::new(
                    Diagnostic::error(
                        &codes::PL0023,
                        format!("no config repository and no Git repository in {}", context.dir.display()),
                    )
                    .hint("-C DIR names another folder"),
                )
            })?;
        if let Some(at) = &context.at {
            return Err(Box::new(
                Diagnostic::error(
                    &codes::PL0112,
                    format!("--at {at} speaks of a config repository, and there is none here"),
                )
                .hint("name the state in the range: pilab notes A..B"),
            ));
        }
        if let Some(module) = self.modules.first() {
            return Err(Box::new(
                Diagnostic::error(
                    &codes::PL0102,
                    format!("there is no module '{module}': this is no config repository"),
                )
                .hint("leave --module out"),
            ));
        }
        let (from, to) = match &self.range {
            Some(text) => match text.strip_prefix("..").filter(|to| range::split(&format!("A..{to}")).is_ok()) {
                Some(to) => (String::new(), to.to_owned()),
                None => range::split(text).map(|(from, to)| (from.to_owned(), to.to_owned()))?,
            },
            None => (newest_tag(&repository)?, "HEAD".to_owned()),
        };
        let left = if from.is_empty() { None } else { Some(repository.revision(&from)?) };
        let right = repository.revision(&to)?;
        context.progress.step("reading commits");
        let range = walk(&repository, left.as_ref(), &right, &PathSet::new(&[])?)?;
        let name = repository_name(&repository);
        let mut input = Gathered::new(&from, &to, &name);
        input.add(&name, &name, (&from, &to), &range);
        if let Some(url) = repository.remote_url() {
            input.links.insert(name, notes::repo_links(&url, None));
        }
        Ok(input.build())
    }
}

/// Commits and files between two commits, or from the first commit on.
fn walk(repository: &Repository, from: Option<&CommitId>, to: &CommitId, paths: &PathSet) -> Result<CodeRange> {
    let (paths, want) = (std::slice::from_ref(paths), Want { files: true, patch_ids: true, merges: true, empty: true });
    let ranges = match from {
        Some(from) => repository.ranges(from, to, paths, want)?,
        None => repository.history(to, paths, want)?,
    };
    let none = || Err(Box::new(Diagnostic::error(&codes::PL0900, "a walk gave no answer")));
    ranges.into_iter().next().unwrap_or_else(none)
}

/// What notes of two environments are called, and which environment receives. Versions have a name of their own.
fn heading(catalog: &Catalog, range: &Range) -> (String, Option<String>) {
    let project = &catalog.project.value.metadata.name;
    let (Named::Environment(from), to) = (&range.from, range.to.name()) else { return (String::new(), None) };
    if matches!(range.to, Named::Ref(_)) {
        return (String::new(), None);
    }
    let promotes = catalog.pairs().iter().any(|pair| pair.promotes() && &pair.to == from && pair.from == to);
    let title = match promotes {
        true => format!("{project}: promotion of {to} to {from}"),
        false => format!("{project}: what {to} has over {from}"),
    };
    (title, Some(from.clone()))
}

fn range_needed(catalog: &Catalog) -> Box<Diagnostic> {
    let pair = catalog.pairs().into_iter().find(Pair::promotes);
    let example = pair.map_or("v1.2..v1.3".to_owned(), |pair| format!("{}..{}", pair.to, pair.from));
    Box::new(
        Diagnostic::error(&codes::PL0106, "notes of a project need a range")
            .hint(format!("two environments (pilab notes {example}) or two versions (pilab notes v1.2..v1.3)")),
    )
}

/// The newest tag that is an ancestor of HEAD and looks like a release.
fn newest_tag(repository: &Repository) -> Result<String> {
    let none = || {
        Box::new(
            Diagnostic::error(&codes::PL0106, "no range was given and no release tag stands before HEAD")
                .hint("pilab notes A..B names two refs, ..B begins at the first commit"),
        )
    };
    let head = repository.head()?.ok_or_else(none)?;
    let scheme = crate::model::config::VersionScheme::Semver;
    let mut best: Option<String> = None;
    for (tag, commit) in repository.tags()? {
        let release = tag.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit());
        let newer = best
            .as_ref()
            .is_none_or(|best| crate::model::compare_versions(scheme, best, &tag) == crate::model::Order::Older);
        if release && newer && commit != head.commit && repository.is_ancestor(&commit, &head.commit)? {
            best = Some(tag);
        }
    }
    best.ok_or_else(none)
}

/// What the remote is called, since people call a clone's folder as they like; else the folder.
fn repository_name(repository: &Repository) -> String {
    let url = repository.remote_url().unwrap_or_default();
    let name = url.trim_end_matches('/').rsplit(['/', ':', '\\']).next().unwrap_or_default().trim_end_matches(".git");
    if !name.is_empty() && !name.starts_with('.') {
        return name.to_owned();
    }
    let folder = repository.work_dir().unwrap_or_else(|| repository.git_dir());
    let absolute = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let name = absolute.file_name().map_or_else(|| "repository".to_owned(), |name| name.to_string_lossy().into_owned());
    name.trim_end_matches(".git").to_owned()
}

/// What the notes are built from, while it is gathered module by module.
struct Gathered {
    project: String,
    /// Empty for notes of versions.
    title: String,
    environment: Option<String>,
    from: String,
    to: String,
    modules: Vec<ModuleRange>,
    /// By repository and commit: the commit, and the modules it touches.
    commits: BTreeMap<(String, String), ModuleCommit>,
    /// Position in the walk, newest first, so that the order of the history is kept.
    order: Vec<(String, String)>,
    shipped: BTreeMap<CommitId, String>,
    env_changes: Vec<EnvChange>,
    links: BTreeMap<String, RepoLinks>,
    tickets: Vec<TicketPattern>,
    not_checked: Vec<Diagnostic>,
    some_modules: bool,
}

impl Gathered {
    fn new(from: &str, to: &str, project: &str) -> Gathered {
        Gathered {
            project: project.to_owned(),
            title: String::new(),
            environment: None,
            from: from.to_owned(),
            to: to.to_owned(),
            modules: Vec::new(),
            commits: BTreeMap::new(),
            order: Vec::new(),
            shipped: BTreeMap::new(),
            env_changes: Vec::new(),
            links: BTreeMap::new(),
            tickets: Vec::new(),
            not_checked: Vec::new(),
            some_modules: false,
        }
    }

    fn add_module(&mut self, ready: &Ready<'_>) -> Result<()> {
        let name = &ready.module.metadata.name;
        match &ready.code {
            Some(Ok(range)) => {
                let repository = ready.module.spec.repo.clone().unwrap_or_default();
                let versions = (ready.from.version.as_deref().unwrap_or(""), ready.to.version.as_deref().unwrap_or(""));
                self.add(name, &repository, versions, range);
            }
            // A list that is silently too short is worse than none.
            Some(Err(why)) if why.code.id == codes::PL0201.id => return Err(Box::new(why.clone())),
            // A range of refs that the repository has neither of speaks of another one.
            Some(Err(_)) if ready.is_elsewhere() => (),
            Some(Err(why)) => self.not_checked.push(why.clone()),
            None => (),
        }
        Ok(())
    }

    /// A module's whole history up to its right side.
    fn add_history(&mut self, repositories: &Repositories<'_>, ready: &Ready<'_>) -> Result<()> {
        let name = ready.module.spec.repo.clone().unwrap_or_default();
        let Some(version) = &ready.to.version else { return Ok(()) };
        let found = ready.to.commit.clone().and_then(|commit| {
            let paths = path_set(ready.module).map_err(|why| *why)?;
            let repository = repositories.open(&name)?;
            walk(&repository, None, &commit, &paths).map_err(|why| *why)
        });
        match found {
            Ok(range) => self.add(&ready.module.metadata.name, &name, ("", version), &range),
            Err(why) if why.code.id == codes::PL0201.id => return Err(Box::new(why)),
            Err(why) => self.not_checked.push(why),
        }
        Ok(())
    }

    fn add(&mut self, module: &str, repository: &str, versions: (&str, &str), range: &CodeRange) {
        self.modules.push(ModuleRange {
            module: module.to_owned(),
            repository: repository.to_owned(),
            from: versions.0.to_owned(),
            to: versions.1.to_owned(),
            from_commit: range.from.clone(),
            to_commit: range.to.clone(),
            commits: range.only_to.len(),
            files: range.files.clone(),
        });
        self.ship(range);
        for commit in &range.only_to {
            self.add_commit(repository, commit, Some(module));
        }
    }

    /// Remembers which commits the other side has already, as other commits.
    fn ship(&mut self, range: &CodeRange) {
        let twins = domain::shipped(range).into_keys();
        self.shipped.extend(twins.map(|id| (CommitId(id), "already shipped".to_owned())));
    }

    fn add_commit(&mut self, repository: &str, commit: &Commit, module: Option<&str>) {
        let key = (repository.to_owned(), commit.id.0.clone());
        let known = self.commits.entry(key.clone()).or_insert_with(|| {
            self.order.push(key);
            ModuleCommit { commit: commit.clone(), modules: Vec::new(), repository: repository.to_owned() }
        });
        if let Some(module) = module
            && !known.modules.iter().any(|name| name == module)
        {
            known.modules.push(module.to_owned());
            known.modules.sort();
        }
        if known.commit.files != commit.files {
            let all: BTreeSet<String> = known.commit.files.drain(..).chain(commit.files.iter().cloned()).collect();
            known.commit.files = all.into_iter().collect();
        }
    }

    /// Commits of the same ranges that touch no module, so that the sum is whole.
    fn add_rest(&mut self, repositories: &Repositories<'_>) -> Result<()> {
        let mut walks: Vec<(String, CommitId, CommitId)> = self
            .modules
            .iter()
            .map(|module| (module.repository.clone(), module.from_commit.clone(), module.to_commit.clone()))
            .collect();
        walks.sort();
        walks.dedup();
        for (name, from, to) in walks {
            let repository = repositories.open(&name).map_err(Box::new)?;
            let from = (!self.from.is_empty()).then_some(&from);
            let range = walk(&repository, from, &to, &PathSet::new(&[])?)?;
            self.ship(&range);
            for commit in &range.only_to {
                self.add_commit(&name, commit, None);
            }
        }
        Ok(())
    }

    fn build(mut self) -> ReleaseNotes {
        // Newest first over all repositories; the walk's own order decides between equal times.
        self.order.sort_by_key(|key| std::cmp::Reverse(self.commits.get(key).map(|known| known.commit.time)));
        let mut commits = self.commits;
        let commits = self.order.iter().filter_map(|key| commits.remove(key)).collect();
        self.modules.sort_by(|a, b| a.module.cmp(&b.module));
        self.not_checked.sort_by(|a, b| (a.code.id, &a.message).cmp(&(b.code.id, &b.message)));
        self.not_checked.dedup();
        if self.title.is_empty() && self.to == "HEAD" {
            self.title = match self.from.as_str() {
                "" => format!("{}: all changes", self.project),
                from => format!("{}: changes since {from}", self.project),
            };
        }
        notes::build(Input {
            title: self.title,
            environment: self.environment,
            project: self.project,
            from: self.from,
            to: self.to,
            modules: self.modules,
            commits,
            shipped: self.shipped,
            env_changes: self.env_changes,
            tickets: self.tickets,
            repositories: self.links,
            not_checked: self.not_checked,
            some_modules: self.some_modules,
        })
    }
}

/// What changes in the variables of the side that receives: for environments what the promotion of `to`'s version into
/// `from` brings, for refs the difference of the two.
fn env_changes(comparer: &Comparer<'_>, range: &Range, ready: &[Ready<'_>]) -> Vec<EnvChange> {
    let report = if range.mode == Mode::Refs {
        comparer.compare(&range.pair(), ready, &[Kind::Env]).0
    } else {
        let turned = Range { from: range.to.clone(), to: range.from.clone(), mode: Mode::Promote };
        let ready = comparer.prepare(&turned, false);
        comparer.compare(&turned.pair(), &ready, &[Kind::Env]).0
    };
    let mut changes: Vec<EnvChange> = report.findings.iter().filter_map(|f| env_change(f, range.mode)).collect();
    changes.sort_by(|a, b| (&a.module, &a.key).cmp(&(&b.module, &b.key)));
    changes
}

fn env_change(finding: &Finding, mode: Mode) -> Option<EnvChange> {
    let what = match finding.rule {
        "ENV021" => "added",
        "ENV022" => "removed",
        "ENV023" => "changed",
        _ => return None,
    };
    let absent = || Shown::absent("(not set)");
    // In a promotion `from` brings the new value and `to` has the old one; for refs it is the other way round.
    let (was, is) = if mode == Mode::Refs { (&finding.from, &finding.to) } else { (&finding.to, &finding.from) };
    Some(EnvChange {
        module: finding.module.clone(),
        key: finding.key.clone(),
        what,
        was: was.clone().unwrap_or_else(absent),
        is: is.clone().unwrap_or_else(absent),
    })
}

fn links(catalog: &Catalog) -> BTreeMap<String, RepoLinks> {
    let repos = catalog.project.value.spec.repos.iter();
    repos.map(|(name, spec)| (name.clone(), notes::repo_links(&spec.url, spec.provider))).collect()
}

fn tickets(catalog: &Catalog) -> Result<Vec<TicketPattern>> {
    let patterns = catalog.project.value.spec.tickets.iter();
    patterns
        .map(|ticket| {
            let repo = ticket.repo.as_ref().and_then(|name| catalog.project.value.spec.repos.get(name));
            let url = ticket.url.clone().or_else(|| repo.and_then(|repo| notes::issue_url(&repo.url, repo.provider)));
            TicketPattern::new(&ticket.system, &ticket.pattern, url.as_deref()).map_err(|error| {
                Box::new(Diagnostic::error(&codes::PL0020, format!("ticket pattern of {}: {error}", ticket.system)))
            })
        })
        .collect()
}
