//! What Helm makes of an error of a template before it shows it.
use crate::engines::gotemplate::{Error, Stage};
use crate::engines::helm::functions::templates::{WARN_END, WARN_START};

/// What Helm 3 shows.
pub(in crate::engines::helm) fn reformat_3(error: &Error) -> String {
    match error.stage {
        Stage::Parse => parse_error(&error.text),
        Stage::Exec => warned(&error.text).unwrap_or_else(|| error.text.clone()),
        Stage::Limit => error.text.clone(),
    }
}

/// What Helm 4 shows: each place on lines of its own, unless a function failed.
pub(super) fn reformat_4(error: &Error) -> String {
    match error.stage {
        Stage::Parse => return parse_error(&error.text),
        Stage::Limit => return error.text.clone(),
        Stage::Exec => (),
    }
    if let Some(text) = warned(&error.text) {
        return text;
    }
    let mut places: Vec<Place<'_>> = Vec::new();
    let mut current = Some(error.text.as_str());
    while let Some(text) = current {
        let Some(place) = Place::read(text) else { return error.text.clone() };
        current = cause(text);
        if places.last() != Some(&place) {
            places.push(place);
        }
    }
    let texts: Vec<String> = places.iter().map(Place::show).collect();
    texts.concat().trim().to_owned()
}

/// The text without the path that led there.
fn parse_error(text: &str) -> String {
    let mut parts = text.split(": ");
    let (_, place) = (parts.next(), parts.next().unwrap_or_default());
    format!("parse error at ({place}): {}", text.rsplit(": ").next().unwrap_or_default())
}

/// The message of `fail` and `required`, with the place of the outermost template.
fn warned(text: &str) -> Option<String> {
    let mut parts = text.splitn(3, ": ");
    let (place, rest) = (parts.nth(1)?, parts.next()?);
    let start = rest.find(WARN_START)? + WARN_START.len();
    let end = rest.rfind(WARN_END).filter(|end| *end >= start)?;
    Some(format!("execution error at ({place}): {}", &rest[start..end]))
}

/// The error that this one wraps: only functions wrap errors.
fn cause(text: &str) -> Option<&str> {
    let (_, after) = text.split_once(">: error calling ")?;
    // The name of a function has no colon.
    after.split_once(": ").map(|(_, rest)| rest)
}

/// One step on the way to an error.
#[derive(PartialEq)]
struct Place<'a> {
    at: &'a str,
    /// Template and action.
    executed: Option<(&'a str, &'a str)>,
    message: &'a str,
}

impl<'a> Place<'a> {
    fn read(text: &'a str) -> Option<Place<'a>> {
        let rest = text.strip_prefix("template: ")?;
        if rest.starts_with("no template ") {
            return Some(Place { at: "", executed: None, message: text });
        }
        Place::executing(rest).or_else(|| {
            let (at, message) = rest.rsplit_once(": ")?;
            Some(Place { at, executed: None, message: before_next(message) })
        })
    }

    fn executing(rest: &'a str) -> Option<Place<'a>> {
        let (at, after) = rest.split_once(": executing ")?;
        let (name, after) = after.strip_prefix('"')?.split_once('"')?;
        let (action, message) = after.strip_prefix(" at <")?.split_once(">: ")?;
        Some(Place { at, executed: Some((name, action)), message: before_next(message) })
    }

    fn show(&self) -> String {
        let mut text = String::new();
        if !self.at.is_empty() {
            text.push_str(self.at);
            text.push_str("\n  ");
        }
        if let Some((name, action)) = self.executed {
            text.push_str(&format!("executing \"{name}\" at <{action}>:\n    "));
        }
        if !self.message.is_empty() {
            text.push_str(self.message);
            text.push('\n');
        }
        text
    }
}

/// A message ends where the one that it wraps begins.
fn before_next(message: &str) -> &str {
    message.find(" template:").map_or(message, |end| &message[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(stage: Stage, text: &str) -> (String, String) {
        let error = Error { stage, text: text.to_owned(), template: String::new(), line: 0, column: 0 };
        (reformat_3(&error), reformat_4(&error))
    }

    #[test]
    fn helm_4_shows_places_on_lines() {
        let text = "template: micro/templates/t.yaml:1:10: executing \"micro/templates/t.yaml\" at <.Values.missing.deep>: nil pointer evaluating interface {}.deep";
        let (three, four) = both(Stage::Exec, text);
        assert_eq!(three, text);
        assert_eq!(
            four,
            "micro/templates/t.yaml:1:10\n  executing \"micro/templates/t.yaml\" at <.Values.missing.deep>:\n    nil pointer evaluating interface {}.deep"
        );
    }

    #[test]
    fn an_include_of_nothing_has_two_places() {
        let text = "template: micro/templates/t.yaml:1:3: executing \"micro/templates/t.yaml\" at <include \"nope\" .>: error calling include: template: no template \"nope\" associated with template \"gotpl\"";
        assert_eq!(
            both(Stage::Exec, text).1,
            "micro/templates/t.yaml:1:3\n  executing \"micro/templates/t.yaml\" at <include \"nope\" .>:\n    error calling include:\ntemplate: no template \"nope\" associated with template \"gotpl\""
        );
    }

    #[test]
    fn errors_of_functions_stay_as_they_are() {
        let text =
            "template: a:1:3: executing \"a\" at <index .Values.l 9>: error calling index: index out of range: 9";
        assert_eq!(both(Stage::Exec, text), (text.to_owned(), text.to_owned()));
    }

    #[test]
    fn fail_keeps_only_its_message() {
        let text = "template: a/t.yaml:1:3: executing \"a/t.yaml\" at <fail \"x\">: error calling fail: HELM_ERR_STARTmsg: a\nbHELM_ERR_END";
        assert_eq!(both(Stage::Exec, text).0, "execution error at (a/t.yaml:1:3): msg: a\nb");
    }

    #[test]
    fn parse_errors_lose_their_path() {
        let text = "template: a/t.yaml:3: function \"nosuch\" not defined";
        assert_eq!(both(Stage::Parse, text).1, "parse error at (a/t.yaml:3): function \"nosuch\" not defined");
    }
}
