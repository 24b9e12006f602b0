//! PEM: base64 between two lines of dashes.
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The text of a block.
pub(super) fn encode(label: &str, content: &[u8]) -> String {
    let body = STANDARD.encode(content);
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}

/// The first block that is whole: its label and content.
pub(super) fn decode(text: &[u8]) -> Option<(String, Vec<u8>)> {
    let text = String::from_utf8_lossy(text);
    let mut open: Option<(&str, String, bool)> = None;
    for line in text.lines() {
        let line = line.trim_end();
        if let Some(label) = line.strip_prefix("-----BEGIN ").and_then(|line| line.strip_suffix("-----")) {
            open = Some((label, String::new(), true));
            continue;
        }
        let Some((label, body, head)) = open.as_mut() else { continue };
        if line.strip_prefix("-----END ").and_then(|line| line.strip_suffix("-----")) == Some(*label) {
            if let Ok(content) = STANDARD.decode(body.as_bytes()) {
                return Some(((*label).to_owned(), content));
            }
            open = None;
            continue;
        }
        if *head && line.contains(':') {
            continue;
        }
        *head = *head && line.is_empty() && body.is_empty();
        body.extend(line.chars().filter(|c| !c.is_ascii_whitespace()));
    }
    None
}
