//! pilab: know what runs where, what differs, what changed, and whether you may promote.
//!
//! The order below is the reading order: ground first, faces last. Who may import whom is the table in
//! `docs/architecture.md`; `tests/it/layers.rs` holds the code to it.
//!
//! Files that pilab reads: the config repository (`pilab.yaml` or `project.yaml` and what stands beside it), the modules'
//! repositories (Git objects only), `.pilab.toml`, `$XDG_CONFIG_HOME/pilab/config.toml`, `/etc/pilab/config.toml`.
//! Files that pilab writes: what `-o FORMAT=FILE` names, `baselines/` of the config repository (`drift accept`), bare
//! clones and indexes under `$XDG_CACHE_HOME/pilab/`, and the folder that `pilab demo` is told.
pub mod model;
pub mod tree;

pub mod engines;

pub mod catalog;
pub mod demo;
pub mod drift;
pub mod manifest;
pub mod notes;
pub mod settings;

pub mod render;

pub mod adapters;
pub mod ops;

pub mod cli;
