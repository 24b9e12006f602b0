//! Why a chart could not be rendered, in Helm's words and with the place.
use std::fmt;

/// What kind of obstacle it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorKind {
    /// The chart cannot be read: no Chart.yaml, broken YAML, a bad archive.
    Chart,
    /// Chart.yaml or what stands in the chart is not valid.
    Invalid,
    /// A dependency is not in the chart.
    Dependency,
    /// Values cannot be read or merged.
    Values,
    /// The values do not fit `values.schema.json`.
    Schema,
    /// The chart does not take this version of Kubernetes.
    KubeVersion,
    /// A template does not parse.
    Parse,
    /// A template fails.
    Exec,
    /// What the templates gave is no YAML, or not a manifest.
    Manifest,
    /// A bound against hostile charts was exceeded.
    Limit,
}

/// An error with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What kind.
    pub kind: ErrorKind,
    /// Helm's message, whole (may have several lines).
    pub text: String,
    /// The file, relative to the chart (`templates/deployment.yaml`, `charts/redis/Chart.yaml`), where one is to blame.
    pub file: Option<String>,
    /// Line from 1, where known.
    pub line: Option<u32>,
}

impl Error {
    /// An error without a place.
    pub(super) fn new(kind: ErrorKind, text: impl Into<String>) -> Error {
        Error { kind, text: text.into(), file: None, line: None }
    }

    /// Names the file.
    pub(super) fn at(mut self, file: impl Into<String>) -> Error {
        self.file = Some(file.into());
        self
    }

    /// Names the line.
    pub(super) fn line(mut self, line: u32) -> Error {
        self.line = Some(line);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Error {}
