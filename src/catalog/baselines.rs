//! Baseline files as text: reading one that was given, adding an acceptance, taking one away. Comments stay where they are.
use crate::engines::yaml::{self, Node};
use crate::model::config::{API_VERSION, Accepted, Baseline};
use crate::model::{Diagnostic, Pair, Place, Result, codes};

/// The Baseline documents of a text.
///
/// # Errors
/// The first mistake, with its place in `file`.
pub fn read(text: &str, file: &str) -> Result<Vec<Baseline>> {
    let nodes = parse(text, file)?;
    let mut found = Vec::new();
    for node in nodes.iter().filter(|node| !node.is_null()) {
        let place = Place::of(file, text, node.span.start, node.span.start + 1);
        if node.get("kind").and_then(Node::text) != Some("Baseline") {
            return Err(Box::new(
                Diagnostic::error(&codes::PL0010, "a document of another kind than Baseline").at(place),
            ));
        }
        found.push(serde_json::from_value(node.to_json()).map_err(|error| {
            Box::new(Diagnostic::error(&codes::PL0013, format!("not a Baseline: {error}")).at(place))
        })?);
    }
    Ok(found)
}

/// The text of a baseline file with one more acceptance. `old` is the file as it stands; without one a new text is made.
///
/// # Errors
/// PL0402 when the file has no Baseline of this pair, or its list is not one that can be added to; YAML errors.
pub fn accept(old: Option<&str>, file: &str, pair: &Pair, entry: &Accepted) -> Result<String> {
    let Some(text) = old.filter(|text| !text.trim().is_empty()) else { return Ok(fresh(pair, entry)) };
    let nodes = parse(text, file)?;
    let baseline = nodes.iter().filter(|node| node.get("kind").and_then(Node::text) == Some("Baseline")).find(|node| {
        let side = |key: &str| {
            let spec_pair = node.get("spec").and_then(|spec| spec.get("pair"));
            spec_pair.and_then(|pair| pair.get(key)).and_then(Node::scalar_text)
        };
        match (side("from"), side("to")) {
            (None, None) => true,
            (from, to) => from.as_deref() == Some(&pair.from) && to.as_deref() == Some(&pair.to),
        }
    });
    let list = baseline.and_then(|node| node.get("spec")).and_then(|spec| spec.get("accepted"));
    let Some(list) = list else {
        return Err(by_hand(file, "it has no Baseline of this pair with a list `accepted`", entry));
    };
    yaml::append_item(text, list, &item(entry)).map_err(|error| by_hand(file, &error.to_string(), entry))
}

/// The text of a baseline file without the acceptance of this fingerprint; `None` when nothing worth a file is left.
///
/// # Errors
/// PL0107 when it is not there, PL0402 when the list cannot be edited.
pub fn revoke(text: &str, file: &str, fingerprint: &str) -> Result<Option<String>> {
    let nodes = parse(text, file)?;
    let lists = nodes.iter().filter_map(|node| node.get("spec")?.get("accepted"));
    for list in lists {
        let items = list.as_list();
        let at = items.iter().position(|item| item.get("fingerprint").and_then(Node::text) == Some(fingerprint));
        let Some(index) = at else { continue };
        if items.len() == 1 && nodes.iter().filter(|node| !node.is_null()).count() == 1 {
            return Ok(None);
        }
        return yaml::remove_item(text, list, index).map(Some).map_err(|error| {
            let place = items.get(index).map(|item| Place::of(file, text, item.span.start, item.span.end));
            let mut diagnostic = Diagnostic::error(&codes::PL0402, format!("{file} cannot be edited: {error}"))
                .hint("take the entry out by hand");
            diagnostic.place = place;
            Box::new(diagnostic)
        });
    }
    Err(Box::new(Diagnostic::error(&codes::PL0107, format!("{file} accepts no {fingerprint}"))))
}

fn parse(text: &str, file: &str) -> Result<Vec<Node>> {
    let (nodes, errors) = yaml::parse(text, &yaml::Limits::default());
    match errors.into_iter().next() {
        None => Ok(nodes),
        Some(error) => Err(Box::new(Diagnostic::error(&codes::PL0001, error.message).at(Place::of(
            file,
            text,
            error.span.start,
            error.span.end,
        )))),
    }
}

fn fresh(pair: &Pair, entry: &Accepted) -> String {
    let item = item(entry)
        .lines()
        .enumerate()
        .fold(String::new(), |out, (index, line)| out + if index == 0 { "    - " } else { "      " } + line + "\n");
    format!(
        "apiVersion: {API_VERSION}\nkind: Baseline\nmetadata: {{ name: {} }}\nspec:\n  pair: {{ from: {}, to: {} }}\n  accepted:\n{item}",
        yaml::quote(&format!("{}-{}", pair.from, pair.to)),
        yaml::quote(&pair.from),
        yaml::quote(&pair.to),
    )
}

fn item(entry: &Accepted) -> String {
    let mut lines = vec![("fingerprint", &entry.fingerprint), ("reason", &entry.reason), ("by", &entry.by)];
    lines.extend(entry.until.as_ref().map(|until| ("until", until)));
    lines.extend(entry.ticket.as_ref().map(|ticket| ("ticket", ticket)));
    let lines: Vec<String> = lines.iter().map(|(key, value)| format!("{key}: {}", yaml::quote(value))).collect();
    lines.join("\n")
}

fn by_hand(file: &str, why: &str, entry: &Accepted) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(&codes::PL0402, format!("{file} cannot be edited: {why}"))
            .note("nothing was written")
            .hint(format!("add it by hand: - {{ {} }}", item(entry).replace('\n', ", "))),
    )
}

#[cfg(test)]
mod tests {
    use super::{accept, read, revoke};
    use crate::model::config::Accepted;
    use crate::model::{Mode, Pair};

    fn entry(fingerprint: &str) -> Accepted {
        Accepted {
            fingerprint: fingerprint.to_owned(),
            reason: "ships with 2.2: \"later\"".to_owned(),
            by: "Mia <mia@shop.example>".to_owned(),
            until: Some("2026-12-31".to_owned()),
            ticket: None,
        }
    }

    #[test]
    fn what_is_accepted_is_read_back_and_can_be_revoked() {
        let pair = Pair { from: "staging".to_owned(), to: "prod".to_owned(), mode: Mode::Promote };
        let first = accept(None, "b.yaml", &pair, &entry("v1:ENV001:a:staging:prod:X")).unwrap();
        let second = accept(Some(&first), "b.yaml", &pair, &entry("v1:ENV001:a:staging:prod:Y")).unwrap();
        let found = read(&second, "b.yaml").unwrap();
        assert_eq!(found[0].spec.accepted.len(), 2);
        assert_eq!(found[0].spec.accepted[1], entry("v1:ENV001:a:staging:prod:Y"));
        let left = revoke(&second, "b.yaml", "v1:ENV001:a:staging:prod:X").unwrap().unwrap();
        assert_eq!(read(&left, "b.yaml").unwrap()[0].spec.accepted.len(), 1);
        assert_eq!(revoke(&left, "b.yaml", "v1:ENV001:a:staging:prod:Y").unwrap(), None);
        assert_eq!(revoke(&left, "b.yaml", "v1:none").unwrap_err().code.id, "PL0107");
    }

    #[test]
    fn a_file_of_another_pair_or_in_brackets_is_left_to_people() {
        let pair = Pair { from: "staging".to_owned(), to: "prod".to_owned(), mode: Mode::Promote };
        let other = "kind: Baseline\nspec:\n  pair: {from: qa, to: prod}\n  accepted: []\n";
        assert_eq!(accept(Some(other), "b.yaml", &pair, &entry("v1:x")).unwrap_err().code.id, "PL0402");
        let flow = "kind: Baseline\nspec: {accepted: [{fingerprint: 'v1:y'}]}\n";
        assert_eq!(accept(Some(flow), "b.yaml", &pair, &entry("v1:x")).unwrap_err().code.id, "PL0402");
    }
}
