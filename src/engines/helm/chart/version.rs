//! Versions of charts and of Kubernetes: what is one, and what fits a constraint.
use super::Metadata;
use crate::engines::helm::error::{Error, ErrorKind};
use crate::engines::helm::host::Compat;

/// Whether this is a version as Helm takes it in `Chart.yaml`: `1.2.3`, `v1.2`, `1`.
pub(super) fn valid(text: &str) -> bool {
    let rest = text.strip_prefix('v').unwrap_or(text);
    let (rest, build) = rest.split_once('+').map_or((rest, None), |(rest, build)| (rest, Some(build)));
    let (numbers, pre) = rest.split_once('-').map_or((rest, None), |(rest, pre)| (rest, Some(pre)));
    let words = |text: &str| {
        text.split('.')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
    };
    let numbers: Vec<&str> = numbers.split('.').collect();
    numbers.len() <= 3
        && numbers.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        && pre.is_none_or(words)
        && build.is_none_or(words)
}

/// Whether a version fits a constraint; neither needs to be well formed, and then nothing fits.
pub fn fits(constraint: &str, version: &str) -> bool {
    // Stands in until constraints are there.
    let constraint = constraint.trim();
    constraint == "*"
        || constraint == version
        || constraint.starts_with(">=")
        || constraint.starts_with(['^', '~', '>'])
}

/// Refuses a chart that does not take this version of Kubernetes.
///
/// # Errors
/// When `kubeVersion` is written and the version does not fit it, in Helm's words.
pub fn check_kube_version(metadata: &Metadata, kubernetes: &str, _compat: Compat) -> Result<(), Error> {
    let wanted = &metadata.kube_version;
    if wanted.is_empty() || fits(wanted, kubernetes) {
        return Ok(());
    }
    let text = format!("chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {kubernetes}");
    Err(Error::new(ErrorKind::KubeVersion, text).at("Chart.yaml"))
}
