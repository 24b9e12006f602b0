//! How large a document becomes when its aliases are replaced, counted before anything is replaced.
use super::{Error, ErrorKind, Limits, Spanned};
use granit_parser::Event;
use std::collections::BTreeMap;

/// What a subtree expands to.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    nodes: usize,
    bytes: usize,
    height: usize,
}

/// A collection that is open, and the anchor it has (0: none).
struct Open {
    size: Size,
    anchor: usize,
}

/// Refuses a document that would expand beyond the limits; gives what is left of them behind it.
pub(super) fn check(events: &[Spanned<'_>], limits: &Limits) -> Result<Limits, Error> {
    let mut whole = Size::default();
    let mut anchors: BTreeMap<usize, Size> = BTreeMap::new();
    let mut open: Vec<Open> = Vec::new();
    for (event, span) in events {
        let (size, anchor) = match event {
            Event::SequenceStart(_, anchor, _) | Event::MappingStart(_, anchor, _) => {
                open.push(Open { size: Size { nodes: 1, bytes: 0, height: 1 }, anchor: *anchor });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(closed) => (closed.size, closed.anchor),
                None => continue,
            },
            Event::Scalar(text, _, anchor, _) => (Size { nodes: 1, bytes: text.len(), height: 1 }, *anchor),
            Event::Alias(id) => match anchors.get(id) {
                Some(size) => (*size, 0),
                None => {
                    let message = "an alias inside of what it names would never end";
                    return Err(Error::new(ErrorKind::UnknownAnchor, message, *span));
                }
            },
            _ => (Size { nodes: 1, bytes: 0, height: 1 }, 0),
        };
        if anchor != 0 {
            anchors.insert(anchor, size);
        }
        let depth = open.len().saturating_add(size.height);
        let total = match open.last_mut() {
            Some(parent) => {
                parent.size.nodes = parent.size.nodes.saturating_add(size.nodes);
                parent.size.bytes = parent.size.bytes.saturating_add(size.bytes);
                parent.size.height = parent.size.height.max(size.height.saturating_add(1));
                parent.size
            }
            None => {
                whole = size;
                size
            }
        };
        refuse(total, depth, limits).map_err(|message| Error::new(ErrorKind::Limit, message, *span))?;
    }
    Ok(Limits {
        bytes: limits.bytes.saturating_sub(whole.bytes),
        nodes: limits.nodes.saturating_sub(whole.nodes),
        depth: limits.depth,
    })
}

fn refuse(total: Size, depth: usize, limits: &Limits) -> Result<(), String> {
    if total.nodes > limits.nodes {
        return Err(format!(
            "with its aliases replaced the text has more than the {} nodes that are left",
            limits.nodes
        ));
    }
    if total.bytes > limits.bytes {
        return Err(format!(
            "with its aliases replaced the text has more than the {} bytes that are left",
            limits.bytes
        ));
    }
    if depth > limits.depth {
        return Err(format!("the document is nested deeper than {}", limits.depth));
    }
    Ok(())
}
