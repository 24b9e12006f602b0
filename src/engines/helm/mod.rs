//! Helm without Helm: charts and values to Kubernetes manifests, byte for byte as Helm gives them.
mod chart;
mod codec;
mod error;
mod functions;
mod host;
mod semver;
mod values;

pub use error::{Error, ErrorKind};
pub use host::Compat;
