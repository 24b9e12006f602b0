//! The order of versions by the scheme that a project declares.
use super::config::VersionScheme;
use std::cmp::Ordering;

/// How two versions stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The left one is older.
    Older,
    /// They are the same version.
    Same,
    /// The left one is newer.
    Newer,
    /// The scheme cannot order them.
    Unknown,
}

/// Compares two versions. A leading `v` does not count. `Opaque` knows only same and unknown.
pub fn compare_versions(scheme: VersionScheme, left: &str, right: &str) -> Order {
    if left == right {
        return Order::Same;
    }
    let (left, right) = (bare(left), bare(right));
    let order = match scheme {
        VersionScheme::Semver => match (lenient_semver(left), lenient_semver(right)) {
            (Some(a), Some(b)) => Some(a.cmp_precedence(&b)),
            _ => None,
        },
        VersionScheme::Calver => numbers(left).zip(numbers(right)).map(|(a, b)| a.cmp(&b)),
        VersionScheme::Integer => {
            let (a, b) = (left.parse::<u64>().ok(), right.parse::<u64>().ok());
            a.zip(b).map(|(a, b)| a.cmp(&b))
        }
        VersionScheme::Opaque => (left == right).then_some(Ordering::Equal),
    };
    match order {
        Some(Ordering::Less) => Order::Older,
        Some(Ordering::Equal) => Order::Same,
        Some(Ordering::Greater) => Order::Newer,
        None => Order::Unknown,
    }
}

fn bare(version: &str) -> &str {
    match version.strip_prefix(['v', 'V']) {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest,
        _ => version,
    }
}

/// Semantic versioning 2.0.0; missing minor and patch numbers are 0, leading zeros are dropped.
fn lenient_semver(text: &str) -> Option<semver::Version> {
    if let Ok(version) = semver::Version::parse(text) {
        return Some(version);
    }
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (core, rest) = text.split_at(end);
    let mut parts = core.split('.').map(|part| part.parse::<u64>().ok());
    let (major, minor, patch) = (parts.next()??, parts.next().unwrap_or(Some(0))?, parts.next().unwrap_or(Some(0))?);
    if parts.next().is_some() {
        return None;
    }
    semver::Version::parse(&format!("{major}.{minor}.{patch}{rest}")).ok()
}

/// All numbers of a calendar version in order: `2026.08-2` is `[2026, 8, 2]`.
fn numbers(text: &str) -> Option<Vec<u64>> {
    text.split(['.', '-', '_']).map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Order, compare_versions};
    use crate::model::config::VersionScheme::{Calver, Integer, Opaque, Semver};

    #[test]
    fn every_scheme_orders_its_own() {
        for (scheme, left, right, order) in [
            (Semver, "1.2.3", "v1.2.3", Order::Same),
            (Semver, "1.2.3", "1.10.0", Order::Older),
            (Semver, "1.6.0", "1.6.0-rc.2", Order::Newer),
            (Semver, "1.2", "1.2.1", Order::Older),
            (Semver, "main", "1.2.1", Order::Unknown),
            (Semver, "1.2.3.4", "1.2.3", Order::Unknown),
            (Calver, "2026.08", "2026.11", Order::Older),
            (Calver, "2026.8-2", "2026.08-1", Order::Newer),
            (Integer, "v220", "221", Order::Older),
            (Integer, "9f3c1b2", "221", Order::Unknown),
            (Opaque, "a", "a", Order::Same),
            (Opaque, "a", "b", Order::Unknown),
        ] {
            assert_eq!(compare_versions(scheme, left, right), order, "{left} {right}");
        }
    }
}
