//! The release that a chart is rendered for: `.Release`.
use super::error::{Error, ErrorKind};
use super::host::Compat;
use crate::engines::gotemplate::Value;

/// The longest name of a release.
const NAME_LIMIT: usize = 53;

/// What a chart is rendered for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// `.Release.Name`.
    pub name: String,
    /// `.Release.Namespace`.
    pub namespace: String,
    /// `.Release.Revision`.
    pub revision: i64,
    /// `.Release.IsUpgrade`; `.Release.IsInstall` is the opposite.
    pub is_upgrade: bool,
}

impl Default for Release {
    fn default() -> Release {
        let (name, namespace) = ("release-name".to_owned(), "default".to_owned());
        Release { name, namespace, revision: 1, is_upgrade: false }
    }
}

impl Release {
    /// Refuses names that Helm refuses.
    pub(super) fn check(&self, compat: Compat) -> Result<(), Error> {
        let wrong = if self.name.is_empty() {
            "no name provided"
        } else if self.name.len() > NAME_LIMIT || !is_name(&self.name) {
            "invalid release name, must match regex ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length must not be longer than 53"
        } else {
            return Ok(());
        };
        let start = match compat {
            Compat::Helm3 => "",
            Compat::Helm4 => "release name check failed: ",
        };
        Err(Error::new(ErrorKind::Invalid, format!("{start}release name {:?}: {wrong}", self.name)))
    }

    /// The value of `.Release`.
    pub(super) fn value(&self) -> Value {
        Value::map([
            ("Name".into(), Value::text(self.name.as_str())),
            ("Namespace".into(), Value::text(self.namespace.as_str())),
            ("IsUpgrade".into(), Value::Bool(self.is_upgrade)),
            ("IsInstall".into(), Value::Bool(!self.is_upgrade)),
            ("Revision".into(), Value::int(self.revision)),
            ("Service".into(), Value::text("Helm")),
        ])
    }
}

/// Parts between dots begin and end with a letter or digit and have dashes within.
fn is_name(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    name.split('.')
        .all(|part| !part.is_empty() && part.bytes().all(inner) && !part.starts_with('-') && !part.ends_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked_as_helm_checks_them() {
        let check = |name: &str| Release { name: name.to_owned(), ..Release::default() }.check(Compat::Helm4).is_ok();
        for name in ["a", "a-b", "a.b-c.0", &"a".repeat(53)] {
            assert!(check(name), "{name}");
        }
        for name in ["", "A", "-a", "a-", "a..b", "a_b", ".a", &"a".repeat(54)] {
            assert!(!check(name), "{name}");
        }
    }
}
