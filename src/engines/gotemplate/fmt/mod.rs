//! Go's `fmt` and `strconv`, as far as templates can see them.
