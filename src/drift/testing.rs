//! Builders of catalogs and comparisons for tests.
use super::{CellEvent, Comparison, Side};
use crate::catalog::{Catalog, Located};
use crate::model::config::{Deployment, Environment, Module};
use crate::model::{CodeRange, Commit, CommitId, Diagnostic, Mode, Pair, Person, Place, codes};
use crate::tree::MemTree;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub(crate) fn place() -> Place {
    Place { file: "pilab.yaml".to_owned(), line: 1, column: 1, width: 1, text: String::new() }
}

pub(crate) fn doc<T: DeserializeOwned>(kind: &str, name: &str, spec: Value) -> Located<T> {
    let value = json!({"apiVersion": "pilab.dev/v1", "kind": kind, "metadata": {"name": name}, "spec": spec});
    Located { value: serde_json::from_value(value).unwrap(), place: place() }
}

/// Project `shop`: dev, qa, staging, prod, and dr that mirrors prod; modules payments and search.
pub(crate) fn catalog() -> Catalog {
    let env = |name: &str, spec: Value| doc::<Environment>("Environment", name, spec);
    let order = ["dev", "qa", "staging", "prod", "dr"];
    let tickets = json!([{"system": "jira", "pattern": r"\b(?P<key>PAY-\d+)\b"}]);
    Catalog {
        accepted: Vec::new(),
        project: doc("Project", "shop", json!({"promotion": {"order": order}, "tickets": tickets})),
        modules: ["payments", "search"]
            .map(|name| (name.to_owned(), Located { value: module(name), place: place() }))
            .into(),
        environments: vec![
            env("dev", json!({"tier": "dev"})),
            env("qa", json!({"tier": "qa"})),
            env("staging", json!({"tier": "staging"})),
            env("prod", json!({"tier": "prod", "maxLag": "P10D"})),
            env("dr", json!({"tier": "dr", "mirrors": "prod"})),
        ],
        cells: Default::default(),
        policies: Default::default(),
        baselines: Default::default(),
        snapshots: Default::default(),
        sources: Default::default(),
        releases: Default::default(),
        integrations: Default::default(),
        tenants: Default::default(),
    }
}

pub(crate) fn module(name: &str) -> Module {
    let mut module: Located<Module> = doc("Module", name, json!({"kind": "service"}));
    module.value.metadata.owner = Some("team-pay".to_owned());
    module.value.metadata.labels.insert("criticality".to_owned(), "high".to_owned());
    module.value
}

pub(crate) fn cell(module: &str, environment: &str, version: &str) -> Deployment {
    serde_json::from_value(json!({
        "apiVersion": "pilab.dev/v1", "kind": "Deployment",
        "module": module, "environment": environment, "version": version,
    }))
    .unwrap()
}

pub(crate) fn put(catalog: &mut Catalog, cell: Deployment) {
    let key = (cell.module.clone(), cell.environment.clone());
    catalog.cells.insert(key, Located { value: cell, place: place() });
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Versions and days of November 2026 on which the cell got them.
pub(crate) fn history(events: &[(&str, u32)]) -> Vec<CellEvent> {
    let event = |(version, day): &(&str, u32)| CellEvent {
        version: Some((*version).to_owned()),
        commit: CommitId("c".repeat(40)),
        at: time(&format!("2026-11-{day:02}T10:00:00Z")),
        by: "Mia".to_owned(),
    };
    events.iter().map(event).collect()
}

pub(crate) fn commit(id: &str, subject: &str, day: i64) -> Commit {
    let person = Person { name: "Mia".to_owned(), email: "mia@shop.example".to_owned() };
    Commit {
        id: CommitId(format!("{id:0<40}")),
        parents: vec![CommitId("0".repeat(40))],
        author: person,
        co_authors: Vec::new(),
        author_time: 1_790_000_000 + day * 86_400,
        time: 1_790_000_000 + day * 86_400,
        subject: subject.to_owned(),
        body: String::new(),
        files: vec![format!("src/{id}.rs")],
        patch_id: Some([id.bytes().next().unwrap_or(0); 20]),
    }
}

pub(crate) fn range(only_from: Vec<Commit>, only_to: Vec<Commit>) -> CodeRange {
    CodeRange {
        from: CommitId("f".repeat(40)),
        to: CommitId("e".repeat(40)),
        merge_bases: vec![CommitId("b".repeat(40))],
        only_from,
        only_to,
        files: Vec::new(),
    }
}

/// One comparison of `payments`; change what the test is about and give it to `with`.
pub(crate) struct Case {
    pub(crate) catalog: Catalog,
    pub(crate) pair: Pair,
    pub(crate) module: Module,
    pub(crate) history: [Option<Vec<CellEvent>>; 2],
    pub(crate) code: Option<Result<CodeRange, Diagnostic>>,
    pub(crate) commits: [Option<CommitId>; 2],
}

impl Case {
    pub(crate) fn new(from: &str, to: &str, mode: Mode) -> Case {
        Case {
            catalog: catalog(),
            pair: Pair { from: from.to_owned(), to: to.to_owned(), mode },
            module: module("payments"),
            history: [Some(Vec::new()), Some(Vec::new())],
            code: None,
            commits: [None, None],
        }
    }

    /// Sets the version of `payments` in `from` and `to`; empty is none.
    pub(crate) fn versions(mut self, from: &str, to: &str) -> Case {
        for (env, version) in [(self.pair.from.clone(), from), (self.pair.to.clone(), to)] {
            if !version.is_empty() {
                put(&mut self.catalog, cell("payments", &env, version));
            }
        }
        self
    }

    pub(crate) fn with<T>(&self, run: impl FnOnce(&Comparison<'_>) -> T) -> T {
        let missing = Diagnostic::error(&codes::PL0203, "nothing is recorded");
        let config = MemTree::default();
        let side = |name: &'_ str, at: usize| Side {
            name: if at == 0 { &self.pair.from } else { &self.pair.to },
            environment: self.catalog.environment(name).ok(),
            deployment: self.catalog.cells.get(&("payments".to_owned(), name.to_owned())).map(|cell| &cell.value),
            version: self
                .catalog
                .cells
                .get(&("payments".to_owned(), name.to_owned()))
                .map(|cell| cell.value.version.as_str()),
            commit: self.commits[at].as_ref(),
            tree: Err(&missing),
            history: self.history[at].as_deref(),
        };
        run(&Comparison {
            catalog: &self.catalog,
            module: &self.module,
            pair: &self.pair,
            from: side(&self.pair.from, 0),
            to: side(&self.pair.to, 1),
            config: &config,
            code: self.code.as_ref().map(Result::as_ref),
            now: time("2026-11-25T12:00:00Z"),
            hmac: None,
            renders: &crate::drift::helm::Renders::new(std::sync::Arc::new(crate::drift::helm::NoCharts)),
            schemas: &crate::drift::schema::Schemas::default(),
            readers: &[],
            show_secrets: false,
        })
    }
}
