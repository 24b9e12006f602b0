//! Documents of a rendered file, cut as Helm cuts them, and the line of the file that each begins at.
use crate::engines::helm::host::Compat;

/// A document of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Document<'a> {
    /// Its text.
    pub(super) text: &'a str,
    /// Where it begins in the file, bytes.
    pub(super) start: usize,
}

/// White space within a line or between lines, as Go's `\s` has it.
fn blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

/// Cuts at `---` at the start of a line, together with all white space around it. Helm's pattern wants a line break that the cut
/// before has not swallowed, so that of two marks in a row the second one stays in the text.
pub(super) fn documents(file: &str, compat: Compat) -> Vec<Document<'_>> {
    let trimmed = match compat {
        Compat::Helm3 => file.trim(),
        Compat::Helm4 => file.trim_start(),
    };
    let offset = file.len() - file.trim_start().len();
    let bytes = trimmed.as_bytes();
    let mut found = Vec::new();
    let (mut from, mut search) = (0, 0);
    while let Some(next) = trimmed.get(search..).and_then(|rest| rest.find("---")) {
        let mark = search + next;
        let begins = mark == 0 || (mark > from && bytes[mark - 1] == b'\n');
        if !begins {
            // The next mark may begin within these three dashes, but not at the start of a line.
            search = mark + 1;
            continue;
        }
        let before = bytes[from..mark].iter().rposition(|&byte| !blank(byte)).map_or(from, |last| from + last + 1);
        push(&mut found, trimmed, from, before, offset, compat);
        let after = bytes[mark + 3..].iter().position(|&byte| !blank(byte)).unwrap_or(bytes.len() - mark - 3);
        from = mark + 3 + after;
        search = from;
    }
    push(&mut found, trimmed, from, trimmed.len(), offset, compat);
    found
}

fn push<'a>(found: &mut Vec<Document<'a>>, file: &'a str, from: usize, to: usize, offset: usize, compat: Compat) {
    let piece = file.get(from..to).unwrap_or_default();
    let text = match compat {
        Compat::Helm3 => piece.trim(),
        Compat::Helm4 => piece.trim_start(),
    };
    if !text.trim().is_empty() {
        let start = offset + from + (piece.len() - piece.trim_start().len());
        found.push(Document { text, start });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(file: &str, compat: Compat) -> Vec<&str> {
        documents(file, compat).into_iter().map(|document| document.text).collect()
    }

    #[test]
    fn documents_are_cut_as_in_helm_4() {
        for (file, want) in [
            ("a: b\n---a: c", vec!["a: b", "a: c"]),
            ("---\n---\na: b", vec!["---\na: b"]),
            ("a: b\n---\n\n---\nkind: Foo\n", vec!["a: b", "---\nkind: Foo\n"]),
            ("\n\n---\na\n\n", vec!["a\n\n"]),
            ("a --- b\n ---\nc\n  \n---  \nd", vec!["a --- b\n ---\nc", "d"]),
            ("a\n----b", vec!["a", "-b"]),
            ("  \n", vec![]),
            ("---", vec![]),
            ("a\n---", vec!["a"]),
        ] {
            assert_eq!(texts(file, Compat::Helm4), want, "{file:?}");
        }
    }

    #[test]
    fn helm_3_trims() {
        assert_eq!(texts("\n---\na: b\n\n---\nc\n\n", Compat::Helm3), ["a: b", "c"]);
    }

    #[test]
    fn starts_are_places_in_the_file() {
        let file = "\n---\na: b\n---\n\n  c: d\n";
        for document in documents(file, Compat::Helm4) {
            assert!(file[document.start..].starts_with(document.text));
        }
    }
}
