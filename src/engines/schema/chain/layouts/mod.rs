//! Each layout: which files are steps, in which order, and what they hold.
mod drizzle;
mod flyway;
mod foldered;
mod paired;
mod single;
mod whole;

pub(super) use flyway::is_migration as is_flyway;
pub use flyway::placeholder;
pub(super) use paired::{dialects as pop_dialects, is_pop};

use super::files::{Files, problem};
use super::{Chain, Layout, Problem, ProblemKind, bookkeeping, checksum};
use crate::engines::schema::catalog::Dialect;
use crate::engines::schema::{Script, Step, StepKind};
use std::sync::Arc;

/// The chain of a layout out of the files below a root.
pub(super) fn assemble(mut files: Files<'_>, layout: Layout, because: String, dialect: Option<Dialect>) -> Chain {
    let mut chain = Chain {
        layout,
        because,
        root: if files.root.is_empty() { ".".to_owned() } else { files.root.clone() },
        dialect,
        steps: Vec::new(),
        problems: Vec::new(),
        bookkeeping: bookkeeping(layout).iter().map(|name| (*name).to_owned()).collect(),
    };
    match layout {
        Layout::Flyway => flyway::steps(&mut files, &mut chain),
        Layout::GolangMigrate | Layout::Pop => paired::steps(&mut files, &mut chain),
        Layout::Sqlx if files.paths.iter().any(|path| path.ends_with(".up.sql")) => {
            paired::steps(&mut files, &mut chain)
        }
        Layout::Atlas if files.paths.iter().any(|path| path.ends_with(".up.sql")) => {
            paired::steps(&mut files, &mut chain);
            single::sums(&mut files, &mut chain);
        }
        Layout::Atlas => {
            single::steps(&mut files, &mut chain);
            single::sums(&mut files, &mut chain);
        }
        Layout::Goose | Layout::Dbmate | Layout::Sqlx | Layout::Supabase => single::steps(&mut files, &mut chain),
        Layout::Numbered if files.paths.iter().any(|path| path.ends_with(".up.sql")) => {
            paired::steps(&mut files, &mut chain)
        }
        Layout::Numbered => single::steps(&mut files, &mut chain),
        Layout::Diesel | Layout::Prisma | Layout::Folders => foldered::steps(&mut files, &mut chain),
        Layout::Drizzle => drizzle::steps(&mut files, &mut chain),
        Layout::Rails | Layout::Schema => whole::steps(&mut files, &mut chain),
        Layout::Liquibase => {
            let text = "changelogs of Liquibase are read from their root file";
            chain.problems.push(problem(ProblemKind::Unresolved, &chain.root, 0, text));
        }
    }
    chain.problems.append(&mut files.problems);
    duplicates(&mut chain);
    chain
}

/// A step whose file is one script.
fn whole_file(
    files: &mut Files<'_>,
    path: &str,
    kind: StepKind,
    version: &str,
    name: &str,
    transaction: bool,
) -> Option<Step> {
    let text = files.text(path)?;
    let full: Arc<str> = Arc::from(files.full(path));
    let script = Script { path: full.clone(), line: 1, text, transaction };
    Some(Step {
        kind,
        version: version.to_owned(),
        name: name.to_owned(),
        path: full,
        up: vec![script],
        down: Vec::new(),
        checksum: None,
    })
}

/// A step that is a program.
fn code(files: &Files<'_>, path: &str, version: &str, name: &str, chain: &mut Chain) -> Step {
    let full = files.full(path);
    chain.problems.push(problem(ProblemKind::Code, &full, 1, format!("{full} is a program, which cannot be replayed")));
    Step {
        kind: StepKind::Code,
        version: version.to_owned(),
        name: name.to_owned(),
        path: Arc::from(full),
        up: Vec::new(),
        down: Vec::new(),
        checksum: None,
    }
}

/// Two steps with one version: the tool runs one of them, or none.
fn duplicates(chain: &mut Chain) {
    let (mut seen, mut found): (std::collections::BTreeMap<&str, &Step>, Vec<Problem>) =
        (std::collections::BTreeMap::new(), Vec::new());
    for step in chain.steps.iter().filter(|step| step.kind == StepKind::Versioned && !step.version.is_empty()) {
        if let Some(first) = seen.insert(&step.version, step) {
            let text = format!("{} has the version {}, as {} has", step.path, step.version, first.path);
            found.push(problem(ProblemKind::Duplicate, &step.path, 1, text));
        }
    }
    chain.problems.extend(found);
}

/// The checksum that the tool of a layout keeps for a file.
fn sum(layout: Layout, bytes: Option<Vec<u8>>) -> Option<String> {
    let bytes = bytes?;
    match layout {
        Layout::Sqlx => Some(checksum::sqlx(&bytes)),
        Layout::Prisma | Layout::Drizzle => Some(checksum::sha256(&bytes)),
        Layout::Flyway => Some(checksum::flyway(&super::files::decoded(&bytes))),
        _ => None,
    }
}
