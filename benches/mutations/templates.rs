//! Changes of template texts.
use super::Meaning::{self, Change, Nothing};

/// Kind, meaning, and the text after; nothing when the template has no such place.
pub(crate) type Row = (&'static str, Meaning, fn(&str) -> Option<String>);

/// The kinds.
pub(crate) const ROWS: &[Row] = &[
    ("container added", Change(&["container-added", "config-data", "custom-field", "immutable-field"]), |text| {
        item(text, "containers:", "- name: planted\n  image: planted:1.0.0")
    }),
    ("label added", Change(&[]), |text| below(text, "labels:", "planted: \"yes\"")),
    ("annotation added", Change(&[]), |text| below(text, "annotations:", "planted.io/note: \"yes\"")),
    ("volume mount added", Change(&["volume", "custom-field", "immutable-field"]), |text| {
        item(text, "volumeMounts:", "- name: planted\n  mountPath: /planted")
    }),
    ("argument added", Change(&["args", "custom-field", "immutable-field"]), |text| {
        item(text, "args:", "- --planted=1")
    }),
    ("variable added", Change(&["env-added", "custom-field", "immutable-field"]), |text| {
        item(text, "env:", "- name: PLANTED\n  value: \"1\"")
    }),
    ("rule added to a role", Change(&["rbac-"]), |text| {
        let rule = "- apiGroups: [planted.io]\n  resources: [plants]\n  verbs: [get, delete]";
        (text.contains("Role") && !text.contains('*')).then(|| item(text, "rules:", rule))?
    }),
    ("api version", Change(&["api-version"]), |text| {
        let old = [("apps/v1", "apps/v1beta2"), ("rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io/v1beta1")];
        let more = [("policy/v1", "policy/v1beta1"), ("batch/v1", "batch/v1beta1")];
        old.iter().chain(&more).find_map(|(one, two)| {
            let line = format!("apiVersion: {one}\n");
            text.contains(&line).then(|| text.replacen(&line, &format!("apiVersion: {two}\n"), 1))
        })
    }),
    ("template emptied", Change(&[]), |text| (text.contains("\nkind:") || text.starts_with("kind:")).then(String::new)),
    ("comment", Nothing, |text| below(text, "metadata:", "# planted")),
    ("empty lines", Nothing, |text| Some(text.replacen("\nmetadata:", "\n\n\nmetadata:", 1)).filter(|new| new != text)),
    ("action without output", Nothing, |text| {
        let at = text.find("\nmetadata:")?;
        Some(format!("{}\n{{{{- $planted := 1 }}}}{}", text.get(..at)?, text.get(at..)?))
    }),
];

/// The text with more lines below a key, further in.
fn below(text: &str, key: &str, new: &str) -> Option<String> {
    insert(text, key, new, |_| true)
}

/// The text with another element as the first of a list that is written in lines.
fn item(text: &str, key: &str, new: &str) -> Option<String> {
    insert(text, key, new, |next| next.trim_start().starts_with("- "))
}

fn insert(text: &str, key: &str, new: &str, fits: impl Fn(&str) -> bool) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let at = lines.windows(2).position(|pair| matches!(pair, [one, next] if one.trim() == key && fits(next)))?;
    let indent = |line: &str| line.len() - line.trim_start().len();
    let next = lines.get(at + 1)?;
    let plain = !next.trim_start().starts_with("{{") && !next.trim_start().starts_with('#');
    let width = if plain { indent(next) } else { indent(lines.get(at)?) + 2 };
    let mut out = lines.get(..=at)?.join("\n");
    for line in new.lines() {
        out.push('\n');
        out.push_str(&" ".repeat(width));
        out.push_str(line);
    }
    out.push('\n');
    out.push_str(&lines.get(at + 1..)?.join("\n"));
    out.push('\n');
    Some(out)
}
