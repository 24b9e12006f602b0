//! The migrations of a module at a version: found, put in order, and what they are replayed with.
use crate::drift::texts::tree_error;
use crate::drift::{Comparison, Side};
use crate::engines::schema::catalog::{Dialect, Server};
use crate::engines::schema::chain::{self, Chain, Layout, Problem, ProblemKind};
use crate::engines::schema::{Options, Script};
use crate::model::codes::{PL0320, PL0321, PL0322, PL0323};
use crate::model::config::{SchemaSource, SchemaSpec};
use crate::model::{Code, Diagnostic, Place};
use crate::tree::{READ_LIMIT, Tree};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The migrations of a module at a version.
#[derive(Debug, Clone)]
pub struct Source {
    /// The chain.
    pub chain: Chain,
    /// Whose rules hold.
    pub server: Server,
    /// What the replay is told.
    pub options: Options,
    /// Name of the repository that the files lie in.
    pub repository: String,
}

/// Finds the migrations of the module at the version of `side`.
///
/// # Errors
/// Why there are none, or why they cannot be replayed.
pub(super) fn find(c: &Comparison<'_>, side: &Side<'_>, spec: &SchemaSpec) -> Result<Source, Vec<Diagnostic>> {
    let tree = side.tree.map_err(|why| vec![why.clone()])?;
    let paths: Vec<&str> = c.module.spec.path.iter().chain(&c.module.spec.paths).map(String::as_str).collect();
    let repository = c.module.spec.repo.as_deref().unwrap_or_default();
    open(tree, &paths, repository, spec).map_err(|why| vec![why])
}

/// Finds the migrations that `spec` speaks of in a tree; where it names no files, below `paths`.
///
/// # Errors
/// See `find`.
pub fn open(tree: &dyn Tree, paths: &[&str], repository: &str, spec: &SchemaSpec) -> Result<Source, Diagnostic> {
    let named = spec.dialect.and_then(|dialect| Dialect::from_word(dialect.word()));
    let mut chain = match spec.files.is_empty() {
        true => discovered(tree, paths, named)?,
        false => {
            chain::open(tree, &spec.files, spec.source.and_then(layout), named).map_err(|problem| refused(&problem))?
        }
    };
    fill(&mut chain, &spec.placeholders);
    let dialect = named.or(chain.dialect).or_else(|| chain::guess_dialect(&chain));
    let dialect = dialect.ok_or_else(|| {
        let message = format!("the dialect of {} is not known", chain.root);
        Diagnostic::error(&PL0323, message).hint("set schema.dialect of the module")
    })?;
    let mut options = Options {
        search_path: spec.search_path.clone(),
        prelude: Vec::new(),
        assume: spec.assume.iter().map(|one| (one.at.clone(), one.sql.clone())).collect(),
        ignore: spec.ignore.iter().chain(&chain.bookkeeping).cloned().collect(),
        variables: spec.variables.clone(),
    };
    for file in &spec.prelude {
        options.prelude.push(prelude(tree, file)?);
    }
    Ok(Source { server: server(dialect, spec.version.as_deref()), chain, options, repository: repository.to_owned() })
}

/// Puts values for placeholders.
fn fill(chain: &mut Chain, placeholders: &BTreeMap<String, String>) {
    if placeholders.is_empty() {
        return;
    }
    let named = |problem: &Problem| {
        problem.kind == ProblemKind::Unresolved
            && placeholders.keys().any(|name| problem.text.contains(&format!(" the placeholder {name},")))
    };
    let filled: Vec<Problem> = chain.problems.iter().filter(|problem| named(problem)).cloned().collect();
    chain.problems.retain(|problem| !named(problem));
    for script in chain.steps.iter_mut().flat_map(|step| step.up.iter_mut().chain(&mut step.down)) {
        let text = placeholders
            .iter()
            .fold(script.text.to_string(), |text, (name, value)| text.replace(&format!("${{{name}}}"), value));
        script.text = Arc::from(text);
    }
    // Only the first of a file was told.
    for problem in filled {
        let steps = chain.steps.iter().filter(|step| step.path == problem.place.file);
        let rest = steps.flat_map(|step| &step.up).find_map(|script| chain::placeholder(&script.text));
        if let Some(name) = rest {
            let text = format!("{} has the placeholder {name}, which is not known here", problem.place.file);
            chain.problems.push(Problem { text, ..problem });
        }
    }
}

fn prelude(tree: &dyn Tree, file: &str) -> Result<Script, Diagnostic> {
    let bytes = tree.read(file, READ_LIMIT).map_err(|error| tree_error(file, &error))?;
    let none = || Diagnostic::error(&PL0320, format!("{file}, which the schema's `prelude` names, is not there"));
    let text = String::from_utf8_lossy(&bytes.ok_or_else(none)?).into_owned();
    Ok(Script { path: Arc::from(file), line: 1, text: Arc::from(text), transaction: false })
}

/// The one chain below the module's paths.
fn discovered(tree: &dyn Tree, below: &[&str], dialect: Option<Dialect>) -> Result<Chain, Diagnostic> {
    let folders: Vec<&str> = below.iter().filter(|path| !path.starts_with('!')).map(|path| fixed(path)).collect();
    let inside = |root: &str| folders.is_empty() || folders.iter().any(|folder| within(root, folder));
    let mut found: Vec<Chain> =
        chain::discover(tree, dialect).into_iter().filter(|chain| inside(&chain.root)).collect();
    // Where migrations are, the file that declares the whole schema beside them is their product.
    if found.iter().any(|chain| chain.layout != Layout::Schema) {
        found.retain(|chain| chain.layout != Layout::Schema);
    }
    let several = found.len() > 1;
    match found.pop() {
        Some(chain) if !several => Ok(chain),
        Some(chain) => {
            let mut roots: Vec<String> = found.iter().map(|chain| chain.root.clone()).collect();
            roots.push(chain.root);
            let message = format!("there are several chains of migrations: {}", roots.join(", "));
            Err(Diagnostic::error(&PL0321, message).hint("name one as schema.files of the module"))
        }
        None => {
            let place = if folders.is_empty() { "the repository".to_owned() } else { folders.join(", ") };
            let message = format!("nothing in {place} looks like migrations of a tool that is known");
            Err(Diagnostic::error(&PL0320, message).hint("name the files as schema.files of the module"))
        }
    }
}

/// The part of a glob before its first choice.
fn fixed(pattern: &str) -> &str {
    let pattern = pattern.trim_start_matches("./").trim_matches('/');
    match pattern.find(['*', '?', '[', '{']) {
        Some(at) => pattern.get(..at).unwrap_or_default().rsplit_once('/').map_or("", |(folder, _)| folder),
        None => pattern,
    }
}

fn within(path: &str, folder: &str) -> bool {
    matches!(folder, "" | ".") || path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

fn layout(source: SchemaSource) -> Option<Layout> {
    Some(match source {
        SchemaSource::Migrations => return None,
        SchemaSource::InitSql | SchemaSource::Dump => Layout::Schema,
        SchemaSource::Flyway => Layout::Flyway,
        SchemaSource::GolangMigrate => Layout::GolangMigrate,
        SchemaSource::Goose => Layout::Goose,
        SchemaSource::Dbmate => Layout::Dbmate,
        SchemaSource::Sqlx => Layout::Sqlx,
        SchemaSource::Diesel => Layout::Diesel,
        SchemaSource::Prisma => Layout::Prisma,
        SchemaSource::Drizzle => Layout::Drizzle,
        SchemaSource::Rails => Layout::Rails,
        SchemaSource::Supabase => Layout::Supabase,
        SchemaSource::Liquibase => Layout::Liquibase,
        SchemaSource::Atlas => Layout::Atlas,
        SchemaSource::Pop => Layout::Pop,
        SchemaSource::Folders => Layout::Folders,
        SchemaSource::Numbered => Layout::Numbered,
    })
}

/// The server of a dialect: the version that is named, or the newest that is known.
pub(super) fn server(dialect: Dialect, version: Option<&str>) -> Server {
    let Some(version) = version else { return Server::newest(dialect) };
    let mut numbers = version.split('.').map(|part| part.parse::<u16>().unwrap_or_default());
    let (major, minor) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
    Server { dialect, version: (major, minor) }
}

/// A chain that cannot be had at all.
fn refused(problem: &Problem) -> Diagnostic {
    let code: &'static Code = match problem.kind {
        ProblemKind::Missing | ProblemKind::Stray => &PL0320,
        _ => &PL0321,
    };
    at(Diagnostic::error(code, problem.text.clone()), problem)
}

/// What a problem of a chain keeps from being known; `None` for those that are findings.
pub(super) fn doubt(problem: &Problem) -> Option<Diagnostic> {
    let code: &'static Code = match problem.kind {
        ProblemKind::Duplicate | ProblemKind::Checksum | ProblemKind::Stray => return None,
        ProblemKind::Missing | ProblemKind::Unresolved | ProblemKind::Unreadable => &PL0321,
        ProblemKind::Code => &PL0322,
    };
    Some(at(Diagnostic::error(code, problem.text.clone()), problem))
}

fn at(diagnostic: Diagnostic, problem: &Problem) -> Diagnostic {
    let place = Place {
        file: problem.place.file.to_string(),
        line: usize::try_from(problem.place.line).unwrap_or_default(),
        column: 1,
        width: 0,
        text: String::new(),
    };
    if problem.place.file.is_empty() { diagnostic } else { diagnostic.at(place) }
}
