//! Versions of charts and of Kubernetes: what is one, and what fits a constraint.
use crate::engines::helm::host::Compat;
use crate::engines::helm::semver::{Constraint, Version};

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
pub fn fits(constraint: &str, version: &str, compat: Compat) -> bool {
    let constraint = Constraint::parse_as(constraint, compat);
    constraint.ok().zip(Version::parse(version).ok()).is_some_and(|(constraint, version)| constraint.check(&version))
}
