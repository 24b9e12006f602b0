//! Values of charts: defaults, files, `--set`, parents, globals, imports, and the schema they must fit.
