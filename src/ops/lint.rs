//! `pilab lint`: every mistake of the config repository at once.
use super::compare::path_set;
use super::repositories::Repositories;
use super::workspace::{self, Workspace};
use super::{Context, Lint, LintReport};
use crate::catalog::{self, Catalog};
use crate::manifest;
use crate::model::{Diagnostic, Level, Result, codes};
use std::collections::BTreeSet;

impl Lint {
    /// Checks all documents, and that every version resolves as far as repositories are at hand.
    ///
    /// # Errors
    /// No config repository.
    pub fn run(&self, context: &Context<'_>) -> Result<LintReport> {
        let found = workspace::find(context)?
            .ok_or_else(|| Box::new(Diagnostic::error(&codes::PL0023, "no config repository here or above")))?;
        let state = found.state(context)?;
        let (files, documents) = catalog::count(&*state.config);
        let (catalog, mut diagnostics) = catalog::load(&*state.config);
        if let Some(catalog) = &catalog {
            diagnostics.extend(catalog.expired(state.now));
            let broken = diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error);
            if !broken {
                let workspace = Workspace::read(found, context)?;
                diagnostics.extend(unresolved(context, &workspace));
            }
        }
        diagnostics.sort_by(|a, b| (&a.place, a.code.id, &a.message).cmp(&(&b.place, b.code.id, &b.message)));
        diagnostics.dedup();
        Ok(LintReport { schema: "pilab.lint/v1", files, documents, diagnostics })
    }
}

/// Versions of cells that are no ref, and repositories that are not at hand (once each).
fn unresolved(context: &Context<'_>, workspace: &Workspace) -> Vec<Diagnostic> {
    let catalog: &Catalog = &workspace.catalog;
    let repositories = Repositories::new(context, workspace);
    let mut told = BTreeSet::new();
    let mut found: Vec<Diagnostic> = repositories
        .names()
        .filter_map(|name| repositories.open(name).err())
        .map(|why| Diagnostic { level: Level::Warning, ..why })
        .collect();
    for module in catalog.modules.values() {
        if let Err(why) = path_set(&module.value) {
            found.push(why.at(module.place.clone()));
        }
    }
    for cell in catalog.cells.values() {
        let Ok(module) = catalog.module(&cell.value.module) else { continue };
        let Some(name) = &module.spec.repo else { continue };
        let Ok(repository) = repositories.open(name) else { continue };
        let wanted = match manifest::resolve_ref(catalog, module, &cell.value.version) {
            Ok(wanted) => wanted,
            Err(why) => {
                if told.insert(module.metadata.name.clone()) {
                    found.push(*why);
                }
                continue;
            }
        };
        if let Err(why) = repository.resolve(&wanted) {
            let message = format!(
                "version {} of {}: no ref '{wanted}' in repository {name}",
                cell.value.version, cell.value.module
            );
            let mut diagnostic = Diagnostic::error(&codes::PL0203, message).at(cell.place.clone());
            diagnostic.hints = why.hints;
            if cell.value.commit.as_deref().is_some_and(|commit| repository.resolve(commit).is_ok()) {
                diagnostic.level = Level::Warning;
                diagnostic = diagnostic.note("the commit that the cell records is there, and is used instead");
            }
            found.push(diagnostic);
        }
    }
    found
}
