//! `pilab status`: the matrix of modules and environments.
use super::range::Range;
use super::repositories::Repositories;
use super::workspace::Workspace;
use super::{Context, Drift, Status};
use crate::manifest;
use crate::model::{MatrixReport, PairReport, Result};
use rayon::prelude::*;

impl Status {
    /// Answers.
    ///
    /// # Errors
    /// No config repository, a broken one, an unknown name.
    pub fn run(&self, context: &Context<'_>) -> Result<MatrixReport> {
        let workspace = Workspace::open(context)?;
        for name in &self.environments {
            workspace.catalog.environment(name)?;
        }
        for name in &self.modules {
            workspace.catalog.module(name)?;
        }
        let repositories = Repositories::new(context, &workspace);
        let request = Drift { modules: self.modules.clone(), ..Drift::default() };
        let comparer = super::drift::comparer(&request, context, &workspace, &repositories)?;
        let pairs: Vec<PairReport> =
            Range::all(&workspace.catalog).par_iter().map(|range| comparer.report(range).0).collect();
        let none = manifest::Histories::new();
        let histories = comparer.histories.as_ref().unwrap_or(&none);
        let (environments, rows) = manifest::matrix(&workspace.catalog, &pairs, histories);
        let mut report = MatrixReport {
            schema: "pilab.status/v1",
            project: workspace.catalog.project.value.metadata.name.clone(),
            commit: workspace.commit.as_ref().map(|commit| commit.0.clone()),
            at: workspace.at.clone(),
            commit_subject: None,
            commit_author: None,
            commit_time: None,
            uncommitted: workspace.uncommitted,
            now: workspace.now.to_string(),
            environments,
            pairs: pairs.iter().map(|pair| pair.pair.clone()).collect(),
            rows,
            not_checked: pairs.into_iter().flat_map(|pair| pair.not_checked).collect(),
            diagnostics: workspace.warnings.clone(),
        };
        if let (Some(repository), Some(commit)) = (&workspace.repository, &workspace.commit) {
            let commit = repository.commit(commit)?;
            report.commit_time = jiff::Timestamp::from_second(commit.time).ok().map(|time| time.to_string());
            report.commit_subject = Some(commit.subject);
            report.commit_author = Some(commit.author.name);
        }
        self.narrow(&mut report);
        Ok(report)
    }

    /// Leaves the asked environments and modules.
    fn narrow(&self, report: &mut MatrixReport) {
        if !self.modules.is_empty() {
            report.rows.retain(|row| self.modules.contains(&row.module));
        }
        if self.environments.is_empty() {
            return;
        }
        report.environments.retain(|name| self.environments.contains(name));
        for row in &mut report.rows {
            row.cells.retain(|cell| self.environments.contains(&cell.environment));
        }
        report
            .not_checked
            .retain(|entry| self.environments.contains(&entry.pair.from) || self.environments.contains(&entry.pair.to));
    }
}
