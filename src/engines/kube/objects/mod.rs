//! Kubernetes objects compared by meaning: which belong together, what differs, and what of it is noise.
