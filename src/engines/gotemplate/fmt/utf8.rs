//! Characters of byte strings, counted as Go counts them: each byte that belongs to no character is one of its own.

/// The first character and its width in bytes; `None` when the first byte starts no character.
pub(super) fn decode(bytes: &[u8]) -> (Option<char>, usize) {
    let width = match bytes.first() {
        None => return (None, 0),
        Some(byte @ 0..=0x7f) => return (Some(char::from(*byte)), 1),
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        Some(_) => return (None, 1),
    };
    let text = bytes.get(..width).and_then(|part| std::str::from_utf8(part).ok());
    match text.and_then(|text| text.chars().next()) {
        Some(char) => (Some(char), width),
        None => (None, 1),
    }
}

/// How many characters.
pub(super) fn count(bytes: &[u8]) -> usize {
    if bytes.is_ascii() {
        return bytes.len();
    }
    let (mut at, mut count) = (0, 0);
    while at < bytes.len() {
        at += decode(bytes.get(at..).unwrap_or_default()).1.max(1);
        count += 1;
    }
    count
}

/// The part with the first `limit` characters.
pub(super) fn truncate(bytes: &[u8], limit: usize) -> &[u8] {
    if bytes.len() <= limit {
        return bytes;
    }
    let mut at = 0;
    for _ in 0..limit {
        if at >= bytes.len() {
            return bytes;
        }
        at += decode(bytes.get(at..).unwrap_or_default()).1.max(1);
    }
    bytes.get(..at).unwrap_or(bytes)
}

/// The character of this number; U+FFFD when there is none.
pub(super) fn character(number: u64) -> char {
    u32::try_from(number).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}
