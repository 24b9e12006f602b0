//! Patterns as Go's `filepath.Match` reads them on Unix.

/// A pattern that does not parse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bad;

/// One step of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Any,
    One,
    Char(char),
    Class { negated: bool, ranges: Vec<(char, char)> },
}

/// A parsed pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Step>);

impl Pattern {
    /// Reads a pattern: `*` and `?` stay inside a name, `[a-c]` and `[^a]` choose, `\` takes the meaning away.
    pub(super) fn parse(text: &str) -> Result<Pattern, Bad> {
        let mut chars = text.chars().peekable();
        let mut steps = Vec::new();
        while let Some(next) = chars.next() {
            steps.push(match next {
                '*' => Step::Any,
                '?' => Step::One,
                '[' => class(&mut chars)?,
                '\\' => Step::Char(chars.next().ok_or(Bad)?),
                other => Step::Char(other),
            });
        }
        Ok(Pattern(steps))
    }

    /// Whether all of `name` fits.
    pub(super) fn fits(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        let (mut step, mut at) = (0, 0);
        // Where to go on when the last star has to take one more.
        let mut retry: Option<(usize, usize)> = None;
        loop {
            let fits = match (self.0.get(step), name.get(at)) {
                (None, None) => return true,
                (Some(Step::Any), _) => {
                    retry = Some((step + 1, at));
                    step += 1;
                    continue;
                }
                (Some(Step::One), Some(&char)) => char != '/',
                (Some(Step::Char(wanted)), Some(char)) => wanted == char,
                (Some(Step::Class { negated, ranges }), Some(char)) => {
                    ranges.iter().any(|(low, high)| low <= char && char <= high) != *negated
                }
                _ => false,
            };
            if fits {
                (step, at) = (step + 1, at + 1);
                continue;
            }
            match retry {
                Some((after, from)) if name.get(from).is_some_and(|&char| char != '/') => {
                    retry = Some((after, from + 1));
                    (step, at) = (after, from + 1);
                }
                _ => return false,
            }
        }
    }
}

fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Step, Bad> {
    let negated = chars.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        if !ranges.is_empty() && chars.next_if_eq(&']').is_some() {
            return Ok(Step::Class { negated, ranges });
        }
        let low = class_char(chars)?;
        let high = if chars.next_if_eq(&'-').is_some() { class_char(chars)? } else { low };
        ranges.push((low, high));
    }
}

fn class_char(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<char, Bad> {
    match chars.next() {
        None | Some('-' | ']') => Err(Bad),
        Some('\\') => chars.next().ok_or(Bad),
        Some(other) => Ok(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fits_as_in_go() {
        for (pattern, name, answer) in [
            ("*.md", "README.md", true),
            ("*.md", "a/README.md", false),
            ("a*b*c", "aXbYbZc", true),
            ("a/*/c", "a/b/c", true),
            ("a/*", "a/b/c", false),
            ("?", "/", false),
            ("[a-c]x", "bx", true),
            ("[^a-c]x", "bx", false),
            ("[^a]", "/", true),
            ("\\*", "*", true),
            ("\\*", "x", false),
            ("templates/.?*", "templates/.x", true),
            ("templates/.?*", "templates/.", false),
            ("", "", true),
            ("*", "", true),
        ] {
            assert_eq!(Pattern::parse(pattern).map(|pattern| pattern.fits(name)), Ok(answer), "{pattern} {name}");
        }
        for bad in ["[", "[]", "[]a]", "[a-]", "[-a]", "a\\", "[^]", "[a", "[x-"] {
            assert_eq!(Pattern::parse(bad), Err(Bad), "{bad}");
        }
    }
}
