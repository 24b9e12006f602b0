//! The Master Manifest: which version is in which cell, since when, and what stands out about it.
mod history;
mod matrix;

pub use history::{CellChange, Histories, cells_of, histories, version_of};
pub use matrix::matrix;

use crate::catalog::{Catalog, Located};
use crate::model::config::{API_VERSION, Deployment, Module, Snapshot};
use crate::model::{Place, Result};
use std::collections::BTreeMap;

/// The Git ref of a version, by the module's `refTemplate`.
///
/// # Errors
/// PL0019 when the template cannot be used.
pub fn resolve_ref(catalog: &Catalog, module: &Module, version: &str) -> Result<String> {
    crate::drift::resolve_ref(catalog, module, version)
}

/// The catalog with the cells of one environment as the snapshot froze them. A cell whose version is still the same
/// keeps what else is recorded of it; of the others only the version is known.
pub fn with_snapshot(catalog: &Catalog, snapshot: &Snapshot) -> Catalog {
    let environment = &snapshot.spec.environment;
    let mut frozen = catalog.clone();
    frozen.cells.retain(|(module, env), cell| {
        env != environment || snapshot.spec.modules.get(module) == Some(&cell.value.version)
    });
    for (module, version) in &snapshot.spec.modules {
        let key = (module.clone(), environment.clone());
        frozen.cells.entry(key).or_insert_with(|| Located {
            value: only_version(module, environment, version),
            place: catalog.snapshots.get(&snapshot.metadata.name).map_or_else(nowhere, |found| found.place.clone()),
        });
    }
    frozen
}

fn nowhere() -> Place {
    Place { file: String::new(), line: 1, column: 1, width: 1, text: String::new() }
}

fn only_version(module: &str, environment: &str, version: &str) -> Deployment {
    Deployment {
        api_version: API_VERSION.to_owned(),
        kind: "Deployment".to_owned(),
        module: module.to_owned(),
        environment: environment.to_owned(),
        version: version.to_owned(),
        commit: None,
        image: None,
        image_digest: None,
        chart: None,
        instances: BTreeMap::new(),
        deployed_at: None,
        by: None,
        run: None,
        tickets: Vec::new(),
        status: None,
        source: None,
    }
}

#[cfg(test)]
mod tests {
    use super::with_snapshot;
    use crate::drift::testing::{catalog, cell, doc, put};
    use crate::model::config::Snapshot;
    use serde_json::json;

    #[test]
    fn a_snapshot_replaces_the_cells_of_its_environment_only() {
        let mut catalog = catalog();
        let mut kept = cell("payments", "prod", "1.0.0");
        kept.by = Some("ci".to_owned());
        put(&mut catalog, kept);
        put(&mut catalog, cell("search", "prod", "2.0.0"));
        put(&mut catalog, cell("search", "dev", "9.9.9"));
        let spec =
            json!({"environment": "prod", "at": "2026-11-01T00:00:00Z", "modules": {"payments": "1.0.0", "cart": "3"}});
        let snapshot = doc::<Snapshot>("Snapshot", "r1", spec).value;
        let frozen = with_snapshot(&catalog, &snapshot);
        let cells: Vec<_> = frozen.cells.values().map(|cell| &cell.value).collect();
        let shown: Vec<_> =
            cells.iter().map(|c| (c.module.as_str(), c.environment.as_str(), c.version.as_str())).collect();
        assert_eq!(shown, [("cart", "prod", "3"), ("payments", "prod", "1.0.0"), ("search", "dev", "9.9.9")]);
        assert_eq!(cells[1].by.as_deref(), Some("ci"));
    }
}
