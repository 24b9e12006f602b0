//! Just enough of DER to write keys and certificates and to find the parts of given ones.

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BITS: u8 = 0x03;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const OID: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// One value: tag, length, content.
pub(super) fn wrap(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len();
    if length < 128 {
        out.push(length as u8);
    } else {
        let bytes: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        out.push(0x80 | bytes.len() as u8);
        out.extend_from_slice(&bytes);
    }
    out.extend_from_slice(content);
    out
}

/// Values in a row under one tag.
pub(super) fn group(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    wrap(tag, &parts.concat())
}

/// A number from its bytes, never negative.
pub(super) fn integer(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    let mut content = bytes.get(start..).unwrap_or_default().to_vec();
    if content.first().is_none_or(|first| *first >= 0x80) {
        content.insert(0, 0);
    }
    wrap(INTEGER, &content)
}

/// Whole bytes as a bit string.
pub(super) fn bits(content: &[u8]) -> Vec<u8> {
    wrap(BITS, &[&[0], content].concat())
}

/// A value that was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
    /// With tag and length.
    pub(super) whole: &'a [u8],
}

/// The first value, and what follows it.
pub(super) fn read(input: &[u8]) -> Option<(Item<'_>, &[u8])> {
    let [tag, first, ..] = input else { return None };
    let (length, start) = match first {
        0..=0x7f => (usize::from(*first), 2),
        0x81..=0x84 => {
            let count = usize::from(first & 0x7f);
            let bytes = input.get(2..2 + count)?;
            (bytes.iter().fold(0usize, |length, byte| length << 8 | usize::from(*byte)), 2 + count)
        }
        _ => return None,
    };
    let end = start.checked_add(length)?;
    let item = Item { tag: *tag, content: input.get(start..end)?, whole: input.get(..end)? };
    Some((item, input.get(end..)?))
}

/// All values of a content, up to 64.
pub(super) fn items(input: &[u8]) -> Option<Vec<Item<'_>>> {
    let (mut items, mut rest) = (Vec::new(), input);
    while !rest.is_empty() {
        let (item, after) = read(rest)?;
        items.push(item);
        rest = after;
        if items.len() > 64 {
            return None;
        }
    }
    Some(items)
}

/// The items of the one sequence that the input is.
pub(super) fn sequence(input: &[u8]) -> Option<Vec<Item<'_>>> {
    let (item, rest) = read(input)?;
    if item.tag != SEQUENCE || !rest.is_empty() {
        return None;
    }
    items(item.content)
}
