//! Against answers of Helm.
