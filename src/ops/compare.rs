//! Gathers what a pair is compared by (versions, trees, commits, histories) and lets the domain compare it.
use super::range::{Named, Range};
use super::repositories::Repositories;
use super::workspace::Workspace;
use crate::adapters::git::{PathSet, Want};
use crate::drift::helm::{Rendering, Renders};
use crate::drift::schema::{Reader, Schemas};
use crate::drift::{self, Acceptances, CellEvent, Comparison, Judge, Policies, Side};
use crate::manifest::{self, Histories};
use crate::model::config::{Deployment, Environment, Module};
use crate::model::{CodeRange, CommitId, Diagnostic, Kind, Mode, ObjectPatch, Pair, PairReport, Result, Secret, codes};
use crate::tree::{EntryKind, Tree};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything that stays the same for all pairs of one answer.
pub(super) struct Comparer<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) repositories: &'a Repositories<'a>,
    pub(super) histories: Result<Histories, Diagnostic>,
    pub(super) kinds: Vec<Kind>,
    pub(super) modules: Vec<String>,
    pub(super) policies: Policies,
    pub(super) acceptances: Acceptances,
    pub(super) hmac: Option<(String, Secret)>,
    pub(super) show_secrets: bool,
    pub(super) renders: Renders,
    pub(super) schemas: Schemas,
}

/// One side of one module, owned.
pub(super) struct Prepared<'a> {
    name: String,
    environment: Option<&'a Environment>,
    deployment: Option<&'a Deployment>,
    pub(super) version: Option<String>,
    pub(super) commit: Result<CommitId, Diagnostic>,
    pub(super) tree: Result<Arc<dyn Tree>, Diagnostic>,
    history: Option<Vec<CellEvent>>,
}

/// One module of a pair, ready to be compared.
pub(super) struct Ready<'a> {
    pub(super) module: &'a Module,
    pub(super) from: Prepared<'a>,
    pub(super) to: Prepared<'a>,
    pub(super) code: Option<Result<CodeRange, Diagnostic>>,
    /// Modules that use its database schema, itself first, as they run on the side that a change would reach.
    users: Vec<(&'a Module, Prepared<'a>)>,
}

/// A group of modules whose commits come out of one walk: repository, left commit, right commit.
type Group = (String, CommitId, CommitId);

impl<'a> Comparer<'a> {
    /// Compares one range.
    pub(super) fn report(&self, range: &Range) -> (PairReport, Vec<Diagnostic>) {
        let pair = range.pair();
        let ready = self.prepare(range, self.needs_code());
        self.compare(&pair, &ready, &self.kinds)
    }

    /// Runs the detectors of `kinds` over what was prepared.
    pub(super) fn compare(&self, pair: &Pair, ready: &[Ready<'a>], kinds: &[Kind]) -> (PairReport, Vec<Diagnostic>) {
        let readers: Vec<Vec<Reader<'_>>> = ready.iter().map(Ready::readers).collect();
        let comparisons: Vec<Comparison<'_>> =
            ready.iter().zip(&readers).map(|(module, readers)| self.comparison(pair, module, readers)).collect();
        let judge = Judge { policies: &self.policies, acceptances: &self.acceptances };
        let (mut report, warnings) = drift::compare(pair, &comparisons, kinds, &judge);
        if let Err(why) = &self.histories {
            for entry in report.not_checked.iter_mut().filter(|entry| entry.why.code.id == codes::PL0215.id) {
                because(&mut entry.why, why);
            }
        }
        (report, warnings)
    }

    /// Refuses a range with a name that no repository knows: a slip of the keyboard is no difference that could not be
    /// checked. A repository that is not at hand, or shallow, may know it.
    ///
    /// # Errors
    /// PL0111 with what was probably meant.
    pub(super) fn check_refs(&self, range: &Range) -> Result<()> {
        for named in [&range.from, &range.to] {
            let Named::Ref(text) = named else { continue };
            let modules = self.workspace.catalog.modules.values().map(|module| &module.value);
            let wanted = modules.filter(|module| module.spec.repo.is_some() && self.wants(&module.metadata.name));
            let answers: Vec<Result<CommitId, Diagnostic>> =
                wanted.map(|module| self.resolve(module, text, None, true)).collect();
            let unknown = |answer: &Result<CommitId, Diagnostic>| {
                answer.as_ref().is_err_and(|why| why.code.id == codes::PL0203.id)
            };
            if answers.is_empty() || !answers.iter().all(unknown) {
                continue;
            }
            let catalog = &self.workspace.catalog;
            let environments = catalog.environments.iter().map(|environment| environment.value.metadata.name.as_str());
            let known = environments.chain(catalog.snapshots.keys().map(String::as_str));
            let message = format!("'{text}' is no environment and no snapshot, and no repository has such a ref");
            let mut refused = Diagnostic::error(&codes::PL0111, message).did_you_mean(text, known);
            let hints = answers.into_iter().filter_map(Result::err).flat_map(|why| why.hints);
            for hint in hints.filter(|hint| !hint.starts_with("pilab repo fetch")).take(3) {
                if !refused.hints.contains(&hint) {
                    refused = refused.hint(hint);
                }
            }
            return Err(Box::new(refused.hint("pilab repo fetch brings refs that are newer than the last fetch")));
        }
        Ok(())
    }

    fn wants(&self, name: &str) -> bool {
        self.modules.is_empty() || self.modules.iter().any(|module| module == name)
    }

    fn comparison<'b>(&'b self, pair: &'b Pair, ready: &'b Ready<'a>, readers: &'b [Reader<'b>]) -> Comparison<'b> {
        Comparison {
            catalog: &self.workspace.catalog,
            module: ready.module,
            pair,
            from: ready.from.side(),
            to: ready.to.side(),
            config: &*self.workspace.config,
            code: ready.code.as_ref().map(Result::as_ref),
            now: self.workspace.now,
            hmac: self.hmac.as_ref().map(|(kid, key)| (kid.as_str(), key)),
            show_secrets: self.show_secrets,
            renders: &self.renders,
            schemas: &self.schemas,
            readers,
        }
    }

    /// What `look` makes of one module of a pair.
    pub(super) fn with<T>(&self, pair: &Pair, ready: &Ready<'a>, look: impl FnOnce(&Comparison<'_>) -> T) -> T {
        let readers = ready.readers();
        look(&self.comparison(pair, ready, &readers))
    }

    /// What a module renders to at what `named` means, with the values of `environment`, and the version that it means.
    ///
    /// # Errors
    /// Why it cannot be rendered.
    pub(super) fn rendering(
        &self,
        module: &'a Module,
        named: &Named,
        environment: Option<&Environment>,
    ) -> Result<(Rendering, String), Vec<Diagnostic>> {
        let side = self.side(module, named);
        let pair = Pair { from: side.name.clone(), to: side.name.clone(), mode: Mode::Refs };
        let ready = Ready { module, from: self.side(module, named), to: side, code: None, users: Vec::new() };
        let comparison = self.comparison(&pair, &ready, &[]);
        let rendering = self.renders.make(&comparison, &comparison.to, environment)?;
        Ok((rendering, comparison.to.version.unwrap_or_default().to_owned()))
    }

    /// What differs as texts, for every module of a range.
    pub(super) fn patches(&self, range: &Range) -> Vec<Result<Vec<ObjectPatch>, Vec<Diagnostic>>> {
        let pair = range.pair();
        let ready = self.prepare(range, false);
        let one = |module: &Ready<'_>| drift::helm::patches(&self.comparison(&pair, module, &[]));
        ready.par_iter().map(one).collect()
    }

    fn needs_code(&self) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|kind| matches!(kind, Kind::Code | Kind::Versions))
    }

    /// Resolves both sides of every module and, when asked, reads the commits between them.
    pub(super) fn prepare(&self, range: &Range, code: bool) -> Vec<Ready<'a>> {
        let catalog = &self.workspace.catalog;
        let mut ready: Vec<Ready<'a>> = catalog
            .modules
            .iter()
            .filter(|(name, _)| self.wants(name))
            .map(|(_, module)| Ready {
                module: &module.value,
                from: self.side(&module.value, &range.from),
                to: self.side(&module.value, &range.to),
                code: None,
                users: self.users(&module.value, range),
            })
            .collect();
        if code {
            self.read_code(&mut ready);
        }
        ready
    }

    /// Modules that may use the database schema of a module: itself, and those that depend on it.
    fn users(&self, module: &'a Module, range: &Range) -> Vec<(&'a Module, Prepared<'a>)> {
        let wanted = self.kinds.is_empty() || self.kinds.contains(&Kind::Schema);
        if module.spec.schema.is_none() || !wanted {
            return Vec::new();
        }
        // What runs where the change would arrive: of two refs that is the earlier.
        let receiving = if range.mode == Mode::Refs { &range.from } else { &range.to };
        let name = &module.metadata.name;
        let others = self.workspace.catalog.modules.values().map(|other| &other.value);
        let users = std::iter::once(module).chain(others.filter(|other| other.spec.depends_on.contains(name)));
        users.map(|user| (user, self.side(user, receiving))).collect()
    }

    fn read_code(&self, ready: &mut [Ready<'a>]) {
        let mut groups: BTreeMap<Group, Vec<usize>> = BTreeMap::new();
        for (index, module) in ready.iter_mut().enumerate() {
            match (&module.from.commit, &module.to.commit) {
                (Ok(from), Ok(to)) => {
                    let repository = module.module.spec.repo.clone().unwrap_or_default();
                    groups.entry((repository, from.clone(), to.clone())).or_default().push(index);
                }
                _ if module.from.version.is_none() || module.to.version.is_none() => (),
                (Err(why), _) | (_, Err(why)) => module.code = Some(Err(why.clone())),
            }
        }
        let groups: Vec<(Group, Vec<usize>)> = groups.into_iter().collect();
        let modules: Vec<&Module> = ready.iter().map(|module| module.module).collect();
        let walked: Vec<Vec<Result<CodeRange, Diagnostic>>> = groups
            .par_iter()
            .map(|(group, members)| {
                let members: Vec<&Module> = members.iter().filter_map(|index| modules.get(*index).copied()).collect();
                self.walk(group, &members)
            })
            .collect();
        for ((_, members), ranges) in groups.into_iter().zip(walked) {
            for (index, range) in members.into_iter().zip(ranges) {
                if let Some(module) = ready.get_mut(index) {
                    module.code = Some(in_submodule(module).map_or(range, Err));
                }
            }
        }
    }

    /// One walk for all modules of a group.
    fn walk(&self, group: &Group, modules: &[&Module]) -> Vec<Result<CodeRange, Diagnostic>> {
        let (name, from, to) = group;
        let all = |why: Diagnostic| modules.iter().map(|_| Err(why.clone())).collect();
        let repository = match self.repositories.open(name) {
            Ok(repository) => repository,
            Err(why) => return all(why),
        };
        let paths: Vec<PathSet> = match modules.iter().map(|module| path_set(module)).collect() {
            Ok(paths) => paths,
            Err(why) => return all(*(why as Box<Diagnostic>)),
        };
        match repository.ranges(
            from,
            to,
            &paths,
            Want { files: true, patch_ids: true, merges: true, ..Want::default() },
        ) {
            Ok(ranges) => ranges.into_iter().map(|range| range.map_err(|why| *why)).collect(),
            Err(why) => all(*why),
        }
    }

    fn side(&self, module: &'a Module, named: &Named) -> Prepared<'a> {
        let catalog = &self.workspace.catalog;
        let (environment, deployment, version) = match named {
            Named::Environment(name) => self.cell(module, name),
            Named::Snapshot(name) => {
                let snapshot = catalog.snapshots.get(name).map(|snapshot| &snapshot.value.spec);
                let environment = snapshot.and_then(|spec| catalog.environment(&spec.environment).ok());
                let version = snapshot.and_then(|spec| spec.modules.get(&module.metadata.name).cloned());
                (environment, None, version)
            }
            Named::Ref(text) => (None, None, Some(text.clone())),
        };
        let commit = match &version {
            Some(version) => self.resolve(module, version, deployment, matches!(named, Named::Ref(_))),
            None => Err(not_recorded(module, named)),
        };
        let repository = module.spec.repo.clone().unwrap_or_default();
        let tree = commit.clone().and_then(|commit| self.repositories.tree(&repository, &commit));
        let history = match (&self.histories, named) {
            (Ok(histories), Named::Environment(name)) => {
                let key = (module.metadata.name.clone(), name.clone());
                Some(histories.get(&key).cloned().unwrap_or_default())
            }
            _ => None,
        };
        Prepared { name: named.name().to_owned(), environment, deployment, version, commit, tree, history }
    }

    fn cell(&self, module: &Module, name: &str) -> (Option<&'a Environment>, Option<&'a Deployment>, Option<String>) {
        let catalog: &'a crate::catalog::Catalog = &self.workspace.catalog;
        let deployment = catalog.cells.get(&(module.metadata.name.clone(), name.to_owned())).map(|cell| &cell.value);
        (catalog.environment(name).ok(), deployment, deployment.map(|cell| cell.version.clone()))
    }

    /// The commit of a version: the ref that the template makes of it, else (for a plain ref) the ref as written, else the
    /// commit that the cell recorded.
    fn resolve(
        &self,
        module: &Module,
        version: &str,
        deployment: Option<&Deployment>,
        plain: bool,
    ) -> Result<CommitId, Diagnostic> {
        let Some(name) = &module.spec.repo else {
            return Err(Diagnostic::error(
                &codes::PL0202,
                format!("module {} names no repository", module.metadata.name),
            )
            .hint("set spec.repo of the module, or spec.defaults.module.repo of the project"));
        };
        let repository = self.repositories.open(name)?;
        let template = manifest::resolve_ref(&self.workspace.catalog, module, version).map_err(|why| *why)?;
        let first = match repository.resolve(&template) {
            Ok(commit) => return Ok(commit),
            Err(why) => why,
        };
        if plain && let Ok(commit) = repository.revision(version) {
            return Ok(commit);
        }
        if let Some(recorded) = deployment.and_then(|cell| cell.commit.as_deref())
            && let Ok(commit) = repository.resolve(recorded)
        {
            return Ok(commit);
        }
        let mut why = Diagnostic::error(
            if first.code.id == codes::PL0111.id { &codes::PL0203 } else { first.code },
            format!("version {version} of {}: no ref '{template}' in repository {name}", module.metadata.name),
        );
        why.notes = first.notes;
        why.hints = first.hints;
        if why.hints.is_empty() {
            why = why.hint(format!("pilab repo fetch {name}"));
        }
        Err(why)
    }
}

impl Ready<'_> {
    /// The code that may use its database schema, as far as it can be read.
    fn readers(&self) -> Vec<Reader<'_>> {
        let mut readers = Vec::new();
        for (module, side) in &self.users {
            let Ok(tree) = &side.tree else { continue };
            let paths = module.spec.path.iter().chain(&module.spec.paths).cloned().collect();
            readers.push(Reader {
                module: &module.metadata.name,
                side: &side.name,
                version: side.version.as_deref().unwrap_or_default(),
                repository: module.spec.repo.as_deref().unwrap_or_default(),
                tree: Arc::clone(tree),
                paths,
            });
        }
        readers
    }

    /// Whether its repository has neither of two plain refs.
    pub(super) fn is_elsewhere(&self) -> bool {
        let unknown = |side: &Prepared<'_>| {
            side.environment.is_none() && side.commit.as_ref().is_err_and(|why| why.code.id == codes::PL0203.id)
        };
        unknown(&self.from) && unknown(&self.to)
    }

    /// Name of the left side.
    pub(super) fn left_name(&self) -> &str {
        &self.from.name
    }
}

impl Prepared<'_> {
    fn side(&self) -> Side<'_> {
        Side {
            name: &self.name,
            environment: self.environment,
            deployment: self.deployment,
            version: self.version.as_deref(),
            commit: self.commit.as_ref().ok(),
            tree: self.tree.as_ref().map(|tree| &**tree),
            history: self.history.as_deref(),
        }
    }
}

fn not_recorded(module: &Module, named: &Named) -> Diagnostic {
    Diagnostic::error(
        &codes::PL0203,
        format!("no deployment of {} is recorded for {}", module.metadata.name, named.name()),
    )
    .hint(format!("write manifest/{}/{}.yaml", named.name(), module.metadata.name))
}

/// What needs the history of the config repository says why there is none.
fn because(entry: &mut Diagnostic, why: &Diagnostic) {
    entry.code = why.code;
    entry.notes = std::iter::once(&why.message).chain(&why.notes).cloned().collect();
    entry.hints.clone_from(&why.hints);
}

/// The paths of a module in its repository.
pub(super) fn path_set(module: &Module) -> Result<PathSet> {
    let mut paths: Vec<String> = module.spec.path.iter().cloned().collect();
    paths.extend(module.spec.paths.iter().cloned());
    PathSet::new(&paths)
}

/// Why the commits of a module that lies in a submodule are not known: they are commits of another repository.
fn in_submodule(ready: &Ready<'_>) -> Option<Diagnostic> {
    let spec = &ready.module.spec;
    let trees = [&ready.from.tree, &ready.to.tree];
    spec.path.iter().chain(&spec.paths).filter(|path| !path.starts_with('!')).find_map(|path| {
        let inside = |tree: &&Result<Arc<dyn Tree>, Diagnostic>| tree.as_ref().is_ok_and(|tree| crosses(&**tree, path));
        trees.iter().any(inside).then(|| {
            Diagnostic::error(&codes::PL0213, format!("{path} of {} is in a submodule", ready.module.metadata.name))
                .hint("name the submodule's repository as the module's `repo`")
        })
    })
}

/// Whether a submodule stands on the way to a path.
fn crosses(tree: &dyn Tree, path: &str) -> bool {
    let mut folder = String::new();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        let Ok(Some(entries)) = tree.list(&folder) else { return false };
        match entries.iter().find(|entry| entry.name == part).map(|entry| entry.kind) {
            Some(EntryKind::Submodule) => return true,
            Some(EntryKind::Folder) => (),
            _ => return false,
        }
        folder = if folder.is_empty() { part.to_owned() } else { format!("{folder}/{part}") };
    }
    false
}
