//! The detector on small trees.
