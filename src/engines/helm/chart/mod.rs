//! Charts as they lie in a tree: folders and archives, read with everything that Helm checks on the way.
