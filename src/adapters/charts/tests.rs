//! A registry and a repository on this machine, and what is refused.
