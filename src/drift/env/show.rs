//! Drafts: what is shown of a difference, and what is not.
//!
//! The one rule about secrets: a value is never shown when its name or its form says that it is a secret, when it comes
//! out of a Secret or a digest, or when it contains a secret that is known to the comparison (`https://…?key=` filled from
//! `${API_KEY}`). With `show_secrets` such values are shown as `from` and `to`, and nowhere else: titles and reasons hold
//! names and words of environments only, and lines of evidence stay masked, because a line may hold the secret of another
//! variable. A line that holds more than the variable itself is cut down to it.
use super::compare::{Id, Pair, Purpose, Sides, text};
use super::points::points;
use super::rules::rule;
use super::values::{secret_name, shorten};
use crate::drift::{Draft, Side};
use crate::model::{Evidence, Mode, Place, Rule, Shown, State, Value, Variable};

impl Pair<'_, '_> {
    /// A difference with both values, and a line of each side that has one: left, then right.
    pub(super) fn draft(&self, wanted: &Rule, id: Id<'_>, title: String, sides: Sides<'_>) -> Draft {
        let lines = [(sides.0, &self.c.from), (sides.1, &self.c.to)];
        let mut draft = Draft::new(rule(wanted), id.0, State::Drift, title);
        draft.from = Some(self.shown(id.1, sides.0));
        draft.to = Some(self.shown(id.1, sides.1));
        draft.modifiers = points(wanted, id.1, sides);
        draft.evidence = lines.into_iter().filter_map(|(v, side)| Some(self.evidence(id.1, v?, side))).collect();
        draft
    }

    /// The text of a value that may be shown.
    fn public<'v>(&self, name: &str, value: &'v Value) -> Option<&'v str> {
        let text = text(value)?;
        let named = secret_name(name) && matches!(value, Value::Literal(_));
        (!named && !self.hidden.iter().any(|secret| text.contains(secret))).then_some(text)
    }

    fn shown(&self, name: &str, variable: Option<&Variable>) -> Shown {
        let Some(value) = variable.map(|variable| &variable.value) else { return Shown::absent("(not set)") };
        match (value, self.public(name, value)) {
            (Value::Secret(secret), _) if secret.expose().is_empty() => Shown::value("(empty)"),
            (Value::Secret(secret), _) if self.c.show_secrets => Shown::value(shorten(secret.expose())),
            (_, Some("")) => Shown::value("(empty)"),
            (_, Some(text)) => Shown::value(shorten(text)),
            (Value::Literal(text), None) if self.c.show_secrets => Shown::value(shorten(text)),
            (_, None) => Shown::value("(secret)"),
        }
    }

    fn evidence(&self, name: &str, variable: &Variable, side: &Side<'_>) -> Evidence {
        let place = match self.public(name, &variable.value) {
            Some(_) => cut(&variable.place, name),
            None => masked(&variable.place, name),
        };
        let leaks = self.hidden.iter().any(|secret| place.text.contains(secret));
        let place = if leaks { masked(&variable.place, name) } else { place };
        // Under Pending and Drift of a promotion both sides may be read at one version; the place tells the file.
        let at = match (variable.repository.is_empty(), self.purpose) {
            (true, _) => "",
            (false, Purpose::Drift) if self.c.pair.mode == Mode::Promote => self.c.from.version.unwrap_or_default(),
            (false, _) => side.version.unwrap_or_default(),
        };
        Evidence { side: side.name.to_owned(), repository: variable.repository.clone(), at: at.to_owned(), place }
    }
}

/// The name alone.
fn masked(place: &Place, name: &str) -> Place {
    let text = format!("{name} ***");
    Place { column: 1, width: name.chars().count().max(1), text, ..place.clone() }
}

/// The line, or the part of it that is the variable's, when there is more than its name and words of the form around it.
fn cut(place: &Place, name: &str) -> Place {
    let chars: Vec<char> = place.text.chars().collect();
    let start = place.column.saturating_sub(1).min(chars.len());
    let end = start.saturating_add(place.width).min(chars.len());
    let of = |part: Option<&[char]>| part.unwrap_or_default().iter().collect::<String>();
    let outside = format!("{} {}", of(chars.get(..start)), of(chars.get(end..)));
    let known = |word: &str| word == name || ["export", "name", "value", "env", "environment", "data"].contains(&word);
    let words = outside.split(|c: char| !c.is_alphanumeric() && !"_.-".contains(c));
    if words.filter(|word| word.contains(char::is_alphanumeric)).all(known) {
        return place.clone();
    }
    let text = format!("… {} …", of(chars.get(start..end)));
    Place { column: 3, text, ..place.clone() }
}

#[cfg(test)]
mod tests {
    use super::cut;
    use crate::model::Place;

    #[test]
    fn a_line_is_cut_to_its_variable_when_it_holds_more() {
        for (line, part, shown) in [
            ("export A=1", "A=1", "export A=1"),
            ("      - {name: A, value: x}", "x", "      - {name: A, value: x}"),
            ("env: {A: 1, PASS: hunter2}", "A: 1", "… A: 1 …"),
            ("A=1 # was hunter2", "A=1", "… A=1 …"),
            ("ä: {A: 1}", "A: 1", "… A: 1 …"),
        ] {
            let at = line.find(part).unwrap();
            let place = cut(&Place::of("f", line, at, at + part.len()), "A");
            assert_eq!(place.text, shown);
            let under: String = place.text.chars().skip(place.column - 1).take(place.width).collect();
            assert_eq!(under, part);
        }
    }
}
