//! Complaints of our YAML parser in the words of go-yaml.
use crate::engines::yaml::{Error, ErrorKind};

/// Go's text: `yaml: line 2: mapping values are not allowed in this context`.
pub(super) fn text(error: &Error, source: &str) -> String {
    let before = source.get(..error.span.start).unwrap_or(source);
    let line = before.matches('\n').count();
    let at = |line: usize| if line == 0 { String::new() } else { format!("line {line}: ") };
    match error.kind {
        ErrorKind::BadMerge => "yaml: map merge requires map or sequence of maps as the value".to_owned(),
        ErrorKind::UnknownAnchor => {
            let name = error.message.split('\'').nth(1).unwrap_or_default().trim_start_matches('&');
            format!("yaml: unknown anchor '{name}' referenced")
        }
        _ => format!("yaml: {}{}", at(line + 1), error.message),
    }
}
