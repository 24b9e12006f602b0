//! Kubernetes objects compared by meaning: which belong together, what differs, and what of it is noise.
mod accounting;
mod class;
mod classify;
mod common;
mod compare;
mod crd;
mod defaults;
mod document;
mod embedded;
mod identity;
mod lists;
mod merge_keys;
mod model;
mod noise;
mod pem;
mod quantity;
mod rename;
mod scalar;
pub mod secret;
mod walk;
mod world;

pub use class::{Class, Effect, Severity};
pub use model::{
    Accounting, Change, Comparison, Format, Input, Inside, Manifest, Noise, NoiseKind, ObjectId, Options, ParseProblem,
    Path, Place, Side, Step, Unexplained, What,
};

/// Compares the objects of two sides. Manifests whose text stands on both sides are not parsed.
///
/// Nothing fails: what does not parse is in `errors`, and what was left out is in `noise` and `lines`.
pub fn compare(from: &Input<'_>, to: &Input<'_>, options: &Options) -> Comparison {
    compare::compare(from, to, options)
}

#[cfg(test)]
mod tests;
