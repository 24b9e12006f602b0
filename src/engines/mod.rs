//! Engines: pure functions over texts and trees. None of them knows a word of pilab; each could stand alone.
pub mod commits;
pub mod compose;
pub mod envfile;
pub mod gotemplate;
pub mod helm;
pub mod kube;
pub mod kustomize;
pub mod schema;
pub mod yaml;
