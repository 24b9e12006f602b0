//! The matrix of `pilab status`: a row for each module, a cell for each environment, and signs out of the drift reports.
use super::Histories;
use crate::catalog::Catalog;
use crate::drift::{ALL_MODULES, CellEvent};
use crate::model::config::{Deployment, Environment, Module};
use crate::model::{Cell, CellSign, MatrixRow, Mode, Order, PairReport, State, compare_versions};

/// Environment names along the promotion path, and a row for each module by name; a last row for what is about
/// environments as a whole, where something is. A cell without a deployment counts as
/// not deployed, unless an environment that mirrors it has the module: then the deployment is only not recorded.
pub fn matrix(catalog: &Catalog, reports: &[PairReport], histories: &Histories) -> (Vec<String>, Vec<MatrixRow>) {
    let environments: Vec<String> = catalog.environments.iter().map(|env| env.value.metadata.name.clone()).collect();
    let rows = catalog.modules.values().map(|module| {
        let module = &module.value;
        let cell = |env: &Environment| View { catalog, reports, module, env }.cell(histories);
        MatrixRow {
            module: module.metadata.name.clone(),
            owner: module.metadata.owner.clone(),
            cells: catalog.environments.iter().map(|env| cell(&env.value)).collect(),
        }
    });
    (environments, rows.chain(for_all(catalog, reports)).collect())
}

fn for_all(catalog: &Catalog, reports: &[PairReport]) -> Option<MatrixRow> {
    let open = |env: &str| {
        let findings = reports.iter().flat_map(|report| &report.findings);
        let ours = findings.filter(|f| f.module == ALL_MODULES && f.state == State::Drift && f.pair.to == env);
        ours.map(|finding| finding.severity).collect::<Vec<_>>()
    };
    let cell = |env: &Environment| {
        let found = open(&env.metadata.name);
        let worst = found.iter().max().copied();
        Cell {
            environment: env.metadata.name.clone(),
            version: None,
            not_deployed: true,
            signs: worst.map(|worst| CellSign::Drift { count: found.len(), worst }).into_iter().collect(),
            deployed_at: None,
            by: None,
        }
    };
    let cells: Vec<Cell> = catalog.environments.iter().map(|env| cell(&env.value)).collect();
    let any = cells.iter().any(|cell| !cell.signs.is_empty());
    any.then(|| MatrixRow { module: ALL_MODULES.to_owned(), owner: None, cells })
}

/// What a cell is made of.
struct View<'a> {
    catalog: &'a Catalog,
    reports: &'a [PairReport],
    module: &'a Module,
    env: &'a Environment,
}

impl<'a> View<'a> {
    fn cell(&self, histories: &Histories) -> Cell {
        let (module, env) = (self.module.metadata.name.clone(), self.env.metadata.name.clone());
        let deployment = self.deployment(&env);
        let unrecorded = deployment.is_none() && self.mirrored();
        let event = deployment.and_then(|cell| got(histories.get(&(module, env.clone()))?, &cell.version));
        Cell {
            environment: env,
            version: deployment.map(|cell| cell.version.clone()),
            not_deployed: deployment.is_none() && !unrecorded,
            signs: self.signs(unrecorded),
            deployed_at: deployment
                .and_then(|cell| cell.deployed_at.clone())
                .or_else(|| event.map(|event| event.at.to_string())),
            by: deployment.and_then(|cell| cell.by.clone()).or_else(|| event.map(|event| event.by.clone())),
        }
    }

    fn deployment(&self, env: &str) -> Option<&'a Deployment> {
        let key = (self.module.metadata.name.clone(), env.to_owned());
        self.catalog.cells.get(&key).map(|cell| &cell.value)
    }

    /// Whether an environment that mirrors this one has the module.
    fn mirrored(&self) -> bool {
        let here = Some(self.env.metadata.name.as_str());
        let mut mirrors = self.catalog.environments.iter().filter(|env| env.value.spec.mirrors.as_deref() == here);
        mirrors.any(|env| self.deployment(&env.value.metadata.name).is_some())
    }

    /// Most important first.
    fn signs(&self, unrecorded: bool) -> Vec<CellSign> {
        let (here, module) = (&self.env.metadata.name, &self.module.metadata.name);
        let pairs = || self.reports.iter().filter(|report| report.pair.mode != Mode::Refs);
        let findings = || pairs().flat_map(|report| &report.findings).filter(|finding| finding.module == *module);
        let drift = || findings().filter(|finding| finding.pair.to == *here && finding.state == State::Drift);
        let mut signs = Vec::new();
        if let Some(worst) = drift().map(|finding| finding.severity).max() {
            signs.push(CellSign::Drift { count: drift().count(), worst });
        }
        if self.behind() {
            signs.push(CellSign::Behind);
        }
        let waits = |rule: &str| matches!(rule, "VER001" | "VER004");
        if findings().any(|f| f.pair.from == *here && f.state == State::Pending && waits(f.rule)) {
            signs.push(CellSign::Pending);
        }
        let unchecked = pairs().flat_map(|report| &report.not_checked).any(|entry| {
            // What is missing on the left side only is a gap of that cell.
            let left = self.deployment(&entry.pair.from).is_none() && self.deployment(&entry.pair.to).is_some();
            let cell = if left { &entry.pair.from } else { &entry.pair.to };
            entry.module == *module && cell == here
        });
        if unrecorded || unchecked {
            signs.push(CellSign::NotChecked);
        }
        signs
    }

    /// Whether it mirrors an environment and has another version; which of the two is older does not matter for a mirror.
    fn behind(&self) -> bool {
        let original = self.env.spec.mirrors.as_deref().and_then(|name| self.deployment(name));
        let (Some(original), Some(mirror)) = (original, self.deployment(&self.env.metadata.name)) else { return false };
        let rules = self.module.spec.versions.as_ref().unwrap_or(&self.catalog.project.value.spec.versions);
        compare_versions(rules.scheme, &original.version, &mirror.version) != Order::Same
    }
}

/// The event by which a cell got the version that it has.
fn got<'h>(events: &'h [CellEvent], version: &str) -> Option<&'h CellEvent> {
    events.iter().rev().take_while(|event| event.version.as_deref() == Some(version)).last()
}

#[cfg(test)]
mod tests {
    use super::matrix;
    use crate::drift::testing::{Case, history};
    use crate::drift::{Acceptances, Judge, Policies, compare};
    use crate::model::{Cell, CellSign, Mode, Severity};
    use std::collections::BTreeMap;

    fn row(case: &Case) -> Vec<Cell> {
        let (policies, _) = Policies::compile(&case.catalog);
        let judge = Judge { policies: &policies, acceptances: &Acceptances::default() };
        let (report, _) = case.with(|c| compare(&case.pair, std::slice::from_ref(c), &[], &judge));
        let key = ("payments".to_owned(), case.pair.to.clone());
        let histories = BTreeMap::from([(key, history(&[("1.4.1", 3)]))]);
        let (environments, rows) = matrix(&case.catalog, &[report], &histories);
        assert_eq!(environments, ["dev", "qa", "staging", "prod", "dr"]);
        assert_eq!(rows.iter().map(|row| row.module.as_str()).collect::<Vec<_>>(), ["payments", "search"]);
        assert!(rows[1].cells.iter().all(|cell| cell.not_deployed && cell.signs.is_empty()));
        rows[0].cells.clone()
    }

    #[test]
    fn a_waiting_version_and_its_target() {
        let cells = row(&Case::new("staging", "prod", Mode::Promote).versions("1.5.0", "1.4.1"));
        assert_eq!(cells[2].signs, [CellSign::Pending]);
        assert_eq!(cells[3].by.as_deref(), Some("Mia"));
        assert_eq!(cells[3].deployed_at.as_deref(), Some("2026-11-03T10:00:00Z"));
        assert!(cells[0].not_deployed && cells[0].version.is_none());
    }

    #[test]
    fn a_mirror_behind_and_a_cell_that_nobody_recorded() {
        let cells = row(&Case::new("prod", "dr", Mode::Mirror).versions("1.5.0", "1.4.1"));
        assert_eq!(cells[4].signs, [CellSign::Drift { count: 1, worst: Severity::Critical }, CellSign::Behind]);
        let cells = row(&Case::new("prod", "dr", Mode::Mirror).versions("", "1.4.1"));
        assert!(!cells[3].not_deployed && cells[3].version.is_none());
        assert_eq!(cells[3].signs, [CellSign::NotChecked]);
        assert_eq!(cells[4].signs, []);
    }
}
