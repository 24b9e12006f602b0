//! Command lines as a shell splits them: words, quotes, assignments in front. No pipes, no variables, no globs.

/// The words of a command line. `'…'` keeps everything, `"…"` knows `\"` and `\\`, `\x` is `x`.
pub(crate) fn split(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' => words.extend(word.take()),
            '\'' => quoted(&mut chars, '\'', word.get_or_insert_default())?,
            '"' => quoted(&mut chars, '"', word.get_or_insert_default())?,
            '\\' => word.get_or_insert_default().extend(chars.next()),
            '|' | ';' | '&' | '$' | '`' | '*' => return Err(format!("`{c}` is not understood here; quote it")),
            '#' if word.is_none() => break,
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

fn quoted(chars: &mut std::str::Chars<'_>, quote: char, word: &mut String) -> Result<(), String> {
    while let Some(c) = chars.next() {
        match c {
            c if c == quote => return Ok(()),
            '\\' if quote == '"' => word.extend(chars.next()),
            c => word.push(c),
        }
    }
    Err(format!("a {quote} is not closed"))
}

#[test]
fn words_are_split_as_a_shell_does() {
    let words = |line: &str| split(line).unwrap();
    assert_eq!(words("pilab  drift a..b"), ["pilab", "drift", "a..b"]);
    assert_eq!(
        words(r#"--reason "two \"words\"" '' 'a | b' x\ y # not this"#),
        ["--reason", "two \"words\"", "", "a | b", "x y"]
    );
    assert!(split("pilab status | head").is_err());
    assert!(split("pilab 'status").is_err());
}
