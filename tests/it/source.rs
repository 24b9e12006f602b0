//! Reads Rust sources as far as the layer test needs: without comments, strings and tests; paths; functions.

/// The text with comments, strings and character literals turned into blanks. Line ends stay where they are.
pub(crate) fn masked(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = skipped(&chars, at);
        if end > at {
            out.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        } else {
            out.push(chars[at]);
            at += 1;
        }
    }
    out
}

/// Where the comment, string or character literal that begins at `at` ends; `at` when none begins there.
fn skipped(chars: &[char], at: usize) -> usize {
    let next = chars.get(at + 1).copied().unwrap_or(' ');
    let inside_word = at > 0 && is_word(chars[at - 1]);
    match chars[at] {
        '/' if next == '/' => find(chars, at, |c| c == '\n'),
        '/' if next == '*' => block_comment(chars, at),
        '"' => string_end(chars, at + 1),
        '\'' => char_end(chars, at),
        'r' | 'b' | 'c' if !inside_word => prefixed_string(chars, at),
        _ => at,
    }
}

fn find(chars: &[char], from: usize, stop: impl Fn(char) -> bool) -> usize {
    (from..chars.len()).find(|at| stop(chars[*at])).unwrap_or(chars.len())
}

fn block_comment(chars: &[char], at: usize) -> usize {
    let (mut depth, mut here) = (0, at);
    while here < chars.len() {
        match (chars[here], chars.get(here + 1)) {
            ('/', Some('*')) => (depth, here) = (depth + 1, here + 2),
            ('*', Some('/')) => (depth, here) = (depth - 1, here + 2),
            _ => here += 1,
        }
        if depth == 0 {
            return here;
        }
    }
    here
}

fn string_end(chars: &[char], from: usize) -> usize {
    let mut at = from;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// `r"…"`, `r#"…"#`, `b"…"`, `br"…"`, `b'x'`; `at` when it is an ordinary word.
fn prefixed_string(chars: &[char], at: usize) -> usize {
    let mut here = at;
    while here < chars.len() && here < at + 2 && matches!(chars[here], 'r' | 'b' | 'c') {
        here += 1;
    }
    let raw = chars[at..here].contains(&'r');
    let hashes = chars[here..].iter().take_while(|c| **c == '#').count();
    match chars.get(here + hashes) {
        Some('"') if raw => raw_end(chars, here + hashes + 1, hashes),
        Some('"') if hashes == 0 => string_end(chars, here + 1),
        Some('\'') if hashes == 0 && !raw => char_end(chars, here).max(at),
        _ => at,
    }
}

fn raw_end(chars: &[char], from: usize, hashes: usize) -> usize {
    (from..chars.len())
        .find(|at| chars[*at] == '"' && chars[at + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes)
        .map_or(chars.len(), |at| (at + 1 + hashes).min(chars.len()))
}

/// The end of a character literal; `at` for a lifetime.
fn char_end(chars: &[char], at: usize) -> usize {
    match (chars.get(at + 1), chars.get(at + 2)) {
        (Some('\\'), Some(_)) => (find(chars, at + 3, |c| c == '\'') + 1).min(chars.len()),
        (Some(_), Some('\'')) => at + 3,
        _ => at,
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Masked text with every item behind `#[cfg(test)]` blanked out.
pub(crate) fn without_tests(masked: &str) -> String {
    let mut out = masked.to_owned();
    while let Some(start) = out.find("#[cfg(test)]") {
        let from = start + "#[cfg(test)]".len();
        let end = item_end(&out, from);
        let blank: String = out[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        out.replace_range(start..end, &blank);
    }
    out
}

/// Behind the `;` or the closing brace of the item that begins at `from`.
fn item_end(text: &str, from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text[from..].char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && c == '}' {
                    return from + at + 1;
                }
            }
            ';' if depth == 0 => return from + at + 1,
            _ => (),
        }
    }
    text.len()
}

/// All paths below `root::` in masked text, with every `{group}` opened, however deep.
pub(crate) fn paths(masked: &str, root: &str) -> Vec<String> {
    let start = format!("{root}::");
    let mut found = Vec::new();
    for (at, _) in masked.match_indices(&start) {
        let before = masked[..at].chars().next_back().unwrap_or(' ');
        if !is_word(before) && before != ':' {
            open(&masked[at + start.len()..], "", &mut found);
        }
    }
    found
}

/// Opens one path or group at the head of `text`; gives how many bytes it took.
fn open(text: &str, prefix: &str, found: &mut Vec<String>) -> usize {
    let trimmed = text.trim_start();
    let skipped = text.len() - trimmed.len();
    if let Some(inside) = trimmed.strip_prefix('{') {
        return skipped + 1 + open_group(inside, prefix, found);
    }
    let name: String = trimmed.chars().take_while(|c| is_word(*c)).collect();
    let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}::{name}") };
    let rest = &trimmed[name.len()..];
    if let Some(below) = rest.strip_prefix("::")
        && (below.trim_start().starts_with('{') || below.trim_start().starts_with(is_word))
    {
        return skipped + name.len() + 2 + open(below, &path, found);
    }
    if !path.is_empty() {
        found.push(path);
    }
    skipped + name.len()
}

fn open_group(inside: &str, prefix: &str, found: &mut Vec<String>) -> usize {
    let mut at = 0;
    while at < inside.len() {
        let rest = &inside[at..];
        let first = rest.chars().next().unwrap_or('}');
        if first == '}' {
            return at + 1;
        }
        let took = if first == ',' || first.is_whitespace() { 0 } else { open(rest, prefix, found) };
        at += took.max(first.len_utf8());
    }
    at
}

/// Whether the word or path stands in masked text, not as a part of a longer word.
pub(crate) fn names(masked: &str, word: &str) -> bool {
    masked.match_indices(word).any(|(at, _)| {
        let before = masked[..at].chars().next_back().unwrap_or(' ');
        let after = masked[at + word.len()..].chars().next().unwrap_or(' ');
        let ends_in_word = word.chars().next_back().is_some_and(is_word);
        !(is_word(before) || ends_in_word && is_word(after))
    })
}

/// Name, first line and number of lines of every function with a body.
pub(crate) fn functions(masked: &str) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in masked.match_indices("fn ") {
        if masked[..at].chars().next_back().is_some_and(is_word) {
            continue;
        }
        let name: String = masked[at + 3..].trim_start().chars().take_while(|c| is_word(*c)).collect();
        let end = item_end(masked, at);
        if name.is_empty() || !masked[..end].ends_with('}') {
            continue;
        }
        let first = masked[..at].matches('\n').count() + 1;
        found.push((name, first, masked[at..end].matches('\n').count() + 1));
    }
    found
}
