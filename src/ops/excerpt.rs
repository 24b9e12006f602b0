//! Lines around a piece of evidence, with everything hidden that may be a secret. It hides too much rather than too little.
use regex::Regex;
use std::sync::LazyLock;

/// Lines shown above and below the evidence.
const AROUND: usize = 2;
/// How far up the owner of a nested line is looked for.
const ABOVE: usize = 200;
/// More of a line is not shown.
const WIDTH: usize = 300;

/// Number of the first line and the lines around line `at` (from 1), which itself is shown as `own`: its values are
/// hidden already. `None` when the text has no such line.
pub(super) fn around(text: &str, at: usize, own: &str) -> Option<(usize, Vec<String>)> {
    let lines: Vec<&str> = text.lines().collect();
    let at = at.checked_sub(1).filter(|at| *at < lines.len())?;
    let (start, end) = (at.saturating_sub(AROUND), at.saturating_add(AROUND + 1).min(lines.len()));
    // What stands around a secret is likely one too.
    let secret = in_secret(&lines, at) || own == "***";
    let shown = (start..end).map(|index| if index == at { own.to_owned() } else { neighbour(&lines, index, secret) });
    Some((start + 1, shown.collect()))
}

fn neighbour(lines: &[&str], index: usize, in_secret: bool) -> String {
    let line = lines.get(index).copied().unwrap_or_default();
    let hide = match key(line) {
        Some(key) if secret_name(key) => true,
        Some("value") => [index.checked_sub(1), index.checked_add(1)]
            .into_iter()
            .flatten()
            .filter_map(|beside| lines.get(beside))
            .any(|beside| key(beside) == Some("name") && secret_name(value(beside))),
        Some("name" | "namespace" | "kind" | "apiVersion" | "type" | "metadata") => false,
        Some(_) => in_secret,
        None => in_secret || opaque(line),
    };
    let hide = hide || inner(line);
    let shown = if hide || owner(lines, index).is_some_and(secret_name) { hidden(line) } else { without_login(line) };
    shown.chars().take(WIDTH).collect()
}

/// The key of `key: value`, `- key: value`, `"key": value`, `KEY=value` or `- KEY=value`.
fn key(line: &str) -> Option<&str> {
    let end = line.find([':', '='])?;
    let text = line.get(..end)?.trim().trim_start_matches("- ").trim_start_matches("export ");
    let text = text.trim().trim_matches(['"', '\'', '{', ' ']);
    (!text.is_empty()).then_some(text)
}

fn value(line: &str) -> &str {
    line.find([':', '=']).and_then(|at| line.get(at + 1..)).unwrap_or_default().trim()
}

/// Whether a key inside the line is that of a secret: `db: { password: x }`.
fn inner(line: &str) -> bool {
    line.match_indices([':', '=']).any(|(at, sign)| {
        let (head, tail) = (line.get(..at).unwrap_or_default(), line.get(at + 1..).unwrap_or_default());
        let name = head.trim_end_matches(['"', '\'', ' ']).rsplit(['{', ',', ' ', '"', '\'', '&', '?', ';']).next();
        let sets = sign == "=" || tail.starts_with([' ', '"', '\'']);
        head.contains(['{', ',', '&', '?', ';']) && sets && name.is_some_and(secret_name)
    })
}

/// The key that a line stands below, by indentation.
fn owner<'a>(lines: &[&'a str], index: usize) -> Option<&'a str> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(lines.get(index)?);
    let above = lines.get(..index)?.iter().rev().take(ABOVE);
    let parent = above.filter(|line| !line.trim().is_empty()).find(|line| indent(line) < own)?;
    key(parent)
}

/// Whether the YAML document around the line is a Secret.
fn in_secret(lines: &[&str], at: usize) -> bool {
    let border = |line: &&&str| line.starts_with("---");
    let above = lines.get(..=at).unwrap_or_default().iter().rev().take_while(|line| !border(line));
    let below = lines.get(at + 1..).unwrap_or_default().iter().take_while(|line| !border(line));
    above.chain(below).any(|line| {
        key(line) == Some("kind") && matches!(value(line).trim_matches(['"', '\'', ',']), "Secret" | "SealedSecret")
    })
}

fn secret_name(name: &str) -> bool {
    static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)passw|passphrase|pwd|secret|token|api_?-?key|(private|access|signing|encryption)_?-?key|credential|salt").ok()
    });
    NAME.as_ref().is_none_or(|pattern| pattern.is_match(name))
}

/// A line without a key that looks like a part of a key or a token.
fn opaque(line: &str) -> bool {
    let text = line.trim();
    text.contains("-----") && text.contains("KEY")
        || text
            .split_whitespace()
            .any(|word| word.len() >= 20 && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=_-.".contains(&b)))
}

/// The line with `***` in place of its value.
fn hidden(line: &str) -> String {
    match line.find([':', '=']) {
        Some(at) if value(line).is_empty() => line.get(..=at).unwrap_or_default().to_owned(),
        Some(at) => {
            let space = if line.get(at..).is_some_and(|rest| rest.starts_with(": ")) { " " } else { "" };
            format!("{}{space}***", line.get(..=at).unwrap_or_default())
        }
        None => {
            let indent = line.len() - line.trim_start().len();
            format!("{}***", line.get(..indent).unwrap_or_default())
        }
    }
}

/// A password in a URL is hidden wherever it stands.
fn without_login(line: &str) -> String {
    static URL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(://[^:/@\s]*:)[^/\s]+@").ok());
    URL.as_ref().map_or_else(|| hidden(line), |url| url.replace_all(line, "${1}***@").into_owned())
}

#[cfg(test)]
mod tests {
    use super::around;
    use proptest::prelude::*;

    /// The lines around the marked one, as shown.
    fn shown(text: &str) -> Vec<String> {
        let at = text.lines().position(|line| line.contains('@') && line.ends_with("HERE")).unwrap();
        around(text, at + 1, "own").unwrap().1
    }

    #[test]
    fn neighbours_show_no_secrets() {
        for (line, wanted) in [
            ("DB_PASSWORD=hunter2", "DB_PASSWORD=***"),
            ("export API_TOKEN=x", "export API_TOKEN=***"),
            ("  - DB_PASSWORD=hunter2", "  - DB_PASSWORD=***"),
            ("  api_key: abc # x", "  api_key: ***"),
            ("\"clientSecret\": \"x\",", "\"clientSecret\": ***"),
            ("db: { pool: 5, password: x }", "db: ***"),
            ("- { port: 80, tokens: 3 }", "- { port: ***"),
            ("image: shop/secrets:1.0", "image: shop/secrets:1.0"),
            ("URL=postgres://u:p@ss@h/db", "URL=postgres://u:***@h/db"),
            ("LOG_LEVEL=info", "LOG_LEVEL=info"),
            ("token:", "token:"),
            ("-----BEGIN PRIVATE KEY-----", "***"),
            ("  MIIEvgIBADANBgkqhkiG9w0BAQEFAASC", "  ***"),
            ("plain words of a comment", "plain words of a comment"),
        ] {
            assert_eq!(shown(&format!("{line}\n@HERE")), [wanted, "own"], "{line}");
        }
    }

    #[test]
    fn what_makes_it_a_secret_may_stand_on_another_line() {
        let container = "env:\n  - name: DB_PASSWORD\n    value: hunter2\n  - name: @HERE\n    value: a\n  - name: LEVEL\n    value: info\n";
        assert_eq!(
            shown(container),
            ["  - name: DB_PASSWORD", "    value: ***", "own", "    value: a", "  - name: LEVEL"]
        );
        let turned = "  - value: hunter2\n    name: DB_PASSWORD\n  - name: @HERE\n";
        assert_eq!(shown(turned), ["  - value: ***", "    name: DB_PASSWORD", "own"]);
        let block = "DB_PASSWORD: |\n  hunter2\nA: @HERE\nB: 1\n";
        assert_eq!(shown(block), ["DB_PASSWORD: ***", "  ***", "own", "B: 1"]);
        let secret = "kind: ConfigMap\n---\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  a: @HERE\n  user: admin\n  text\n---\nb: c\n";
        assert_eq!(shown(secret), ["  name: db", "stringData:", "own", "  user: ***", "  ***"]);
    }

    #[test]
    fn a_line_that_is_not_there_has_no_surroundings() {
        assert_eq!(around("a\nb", 3, ""), None);
        assert_eq!(around("", 1, ""), None);
        assert_eq!(around("a", 0, ""), None);
        assert_eq!(around("a", usize::MAX, ""), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(?s).{0,200}", at in 0_usize..9, key in "[-:= '\"é]{0,4}") {
            let _ = around(&text, at, "own");
            let _ = around(&format!("{key}\n{text}\n {key}"), at, "own");
        }
    }
}
