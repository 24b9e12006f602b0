//! Changes to plant into charts, and the truth about what they change.
pub(crate) mod classes;
pub(crate) mod rendered;
pub(crate) mod templates;
pub(crate) mod truth;
pub(crate) mod values;

use super::{kube, yaml};

/// Whether a planted change means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// It is a change, and one of these classes (their beginnings) must be told; any when there are none.
    Change(&'static [&'static str]),
    /// It is written differently and says the same.
    Nothing,
}
