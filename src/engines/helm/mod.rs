//! Helm without Helm: charts and values to Kubernetes manifests, byte for byte as Helm gives them.
mod codec;
mod functions;
mod host;

pub use host::Compat;
