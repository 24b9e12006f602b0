//! Where a key stands in a values file.
use super::read::pieces;
use crate::engines::yaml::{self, Limits, Node};

/// Line and column, both from 1, of the key at `path`; of the nearest key above it that is there when it is not. A part that is
/// a number chooses an item of a list. `None` when not even the first part is there, or the text is no YAML.
pub fn place(text: &[u8], path: &[&str]) -> Option<(u32, u32)> {
    let mut best: Option<(usize, u32, u32)> = None;
    // Each document by itself, as values are read; later ones win, as they do there.
    for (above, piece) in pieces(text).ok()? {
        if let Some((depth, line, column)) = place_in(piece, path)
            && best.is_none_or(|(deepest, _, _)| depth >= deepest)
        {
            best = Some((depth, above.saturating_add(line), column));
        }
    }
    best.map(|(_, line, column)| (line, column))
}

/// How many parts of the path are in one document, and line and column of the last of them.
fn place_in(text: &[u8], path: &[&str]) -> Option<(usize, u32, u32)> {
    let text = std::str::from_utf8(text).ok()?;
    let (mut documents, errors) = yaml::parse_all_as_helm(text, &Limits::default());
    if documents.is_empty() && !errors.is_empty() {
        // One document is read with more patience.
        documents = yaml::parse_as_helm(text, &Limits::default()).0;
    }
    // Later documents win, as they do when values are read.
    let mut best: Option<(usize, usize)> = None;
    for document in &documents {
        let found = descend(document, path);
        if found.is_some_and(|(depth, _)| best.is_none_or(|(deepest, _)| depth >= deepest)) {
            best = found;
        }
    }
    let (depth, at) = best?;
    let before = text.get(..at)?;
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Some((depth, u32::try_from(line).ok()?, u32::try_from(column).ok()?))
}

/// How many parts of the path are there, and where the last of them stands.
fn descend(document: &Node, path: &[&str]) -> Option<(usize, usize)> {
    let (mut node, mut found) = (document, None);
    for (depth, part) in path.iter().enumerate() {
        let entry = node.as_map().iter().find(|(key, _)| super::key(key).as_deref() == Some(*part));
        let item = || part.parse::<usize>().ok().and_then(|index| node.as_list().get(index));
        let (next, at) = match entry {
            Some((key, value)) => (value, key.span.start),
            None => match item() {
                Some(item) => (item, item.span.start),
                None => break,
            },
        };
        found = Some((depth + 1, at));
        node = next;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn finds_keys_and_their_parents() {
        let text = b"# top\na:\n  b: 1\n  list:\n    - x: 1\n    - y: 2\n\"q\": {k: v}\nb: &x {c: 1}\nd: *x\n";
        for (path, answer) in [
            (&["a"][..], Some((2, 1))),
            (&["a", "b"], Some((3, 3))),
            (&["a", "zzz", "deeper"], Some((2, 1))),
            (&["a", "list", "1", "y"], Some((6, 7))),
            (&["a", "list", "7"], Some((4, 3))),
            (&["q", "k"], Some((7, 7))),
            (&["d", "c"], Some((8, 8))),
            (&["nothing"], None),
            (&[], None),
        ] {
            assert_eq!(place(text, path), answer, "{path:?}");
        }
        assert_eq!(place(b"a: 1\n---\na: 2\n", &["a"]), Some((3, 1)));
        assert_eq!(place(b"---\n# x\na: {b: 1}\n---\na: {c: 2}\n", &["a", "b"]), Some((3, 5)));
        assert_eq!(place(b"a: 1\na: 2\n", &["a"]), Some((2, 1)));
        assert_eq!(place(b"a: \"x\"#c\nb: [y,#c\n z]#c\nc: 1\n", &["c"]), Some((4, 1)));
        assert_eq!(place(b"\xff", &["a"]), None);
    }
}
