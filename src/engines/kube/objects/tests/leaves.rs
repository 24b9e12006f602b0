//! Every scalar of every set of manifests changed, one at a time: exactly that place is told, or known noise is.
use super::sets::SETS;
use super::{diff, told};
use crate::engines::kube::objects::{Comparison, NoiseKind};
use crate::engines::yaml::{self, Data, Node, Span};

/// Scalars with their pointers.
fn scalars(node: &Node, at: &str, out: &mut Vec<(String, Span)>) {
    match &node.data {
        Data::Map(entries) => {
            for (key, value) in entries {
                let key = key.scalar_text().unwrap_or_default().replace('~', "~0").replace('/', "~1");
                scalars(value, &format!("{at}/{key}"), out);
            }
        }
        Data::List(items) => {
            items.iter().enumerate().for_each(|(index, item)| scalars(item, &format!("{at}/{index}"), out));
        }
        Data::Null => (),
        _ => out.push((at.to_owned(), node.span)),
    }
}

/// Another value of the same kind, written at the same place.
fn other(written: &str) -> Option<String> {
    if written.starts_with(['|', '>', '-']) || written.contains('\n') {
        return None;
    }
    Some(match written {
        "true" => "false".to_owned(),
        "false" => "true".to_owned(),
        _ if written.ends_with('"') => format!("{}7\"", &written[..written.len() - 1]),
        _ if written.parse::<i64>().is_ok() => format!("{}", written.parse::<i64>().unwrap() + 7),
        _ if written.ends_with(['i', 'm']) && written.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("7{written}")
        }
        _ => format!("{written}7"),
    })
}

/// The list that the innermost element on the way stands in.
fn element(pointer: &str) -> Option<&str> {
    let index = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut at = pointer;
    while let Some((list, last)) = at.rsplit_once('/') {
        if index(last) {
            return Some(list);
        }
        at = list;
    }
    None
}

fn hidden(found: &Comparison) -> bool {
    found.noise.iter().any(|noise| {
        matches!(
            noise.kind,
            NoiseKind::ChartVersion | NoiseKind::Checksum | NoiseKind::ChecksumAlone | NoiseKind::Documentation
        )
    })
}

#[test]
fn every_leaf_is_told() {
    let (mut planted, mut wrong) = (0, Vec::new());
    for (name, text) in SETS {
        let (nodes, errors) = yaml::parse(text, &yaml::Limits::default());
        assert!(errors.is_empty(), "{name}");
        for node in &nodes {
            let mut all = Vec::new();
            scalars(node, "", &mut all);
            for (pointer, span) in all {
                let Some(new) = other(text[span.start..span.end].trim_end()) else { continue };
                let end = span.start + text[span.start..span.end].trim_end().len();
                let changed = format!("{}{new}{}", &text[..span.start], &text[end..]);
                let found = diff(text, &changed);
                planted += 1;
                let identity =
                    matches!(pointer.as_str(), "/kind" | "/metadata/name" | "/metadata/namespace" | "/apiVersion");
                let on = |told: &String| {
                    told == &pointer
                        || pointer.starts_with(&format!("{told}/"))
                        || told.starts_with(&format!("{pointer}/"))
                };
                // An element whose key changes goes and comes, perhaps at another index; so its list counts.
                let list = element(&pointer).unwrap_or("none");
                let near = |told: &String| on(told) || told.starts_with(list);
                let places: Vec<String> = found.changes.iter().map(|change| change.path.pointer()).collect();
                let right = if places.is_empty() {
                    hidden(&found)
                } else {
                    identity || places.iter().any(on) && places.iter().all(near)
                };
                if !right || !found.lines.unexplained.is_empty() {
                    wrong.push(format!("{name} {pointer} {new}: {:?} {:?}", told(&found), found.lines.unexplained));
                }
            }
        }
    }
    assert!(planted > 250, "{planted}");
    assert_eq!(wrong, Vec::<String>::new(), "of {planted}");
}

#[test]
fn of_two_equal_keys_the_last_counts() {
    let text = |first: &str, last: &str| {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec:\n  type: {first}\n  ports:\n  - port: 80\n  type: {last}\n"
        )
    };
    let found = diff(&text("NodePort", "ClusterIP"), &text("LoadBalancer", "ClusterIP"));
    assert_eq!((found.changes.len(), found.errors.len(), found.lines.unexplained.len()), (0, 0, 0), "{found:?}");
    assert_eq!(found.noise[0].subject, "written over");
    let found = diff(&text("NodePort", "ClusterIP"), &text("NodePort", "LoadBalancer"));
    assert_eq!(told(&found), ["spec.type service-type"]);
}

#[test]
fn a_dash_on_a_line_of_its_own_is_accounted_for() {
    let pod = |list: &str| format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n{list}");
    let found = diff(&pod("  -\n    name: a\n    image: a:1\n"), &pod("  - name: a\n    image: a:2\n"));
    assert_eq!(told(&found), ["spec.containers[a].image image-major"]);
    assert_eq!(found.lines.unexplained, []);
}

#[test]
fn the_head_of_a_block_in_a_list_is_accounted_for() {
    let pod = |argument: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n  - name: a\n    args:\n    - -c\n{argument}"
        )
    };
    let found = diff(&pod("    - |\n      run one\n      run two\n"), &pod("    - run all\n"));
    assert_eq!(found.changes.len(), 1, "{found:?}");
    assert_eq!(found.lines.unexplained, []);
}

#[test]
fn merged_mappings_are_compared_where_they_end_up() {
    let text = |merge: &str| {
        format!(
            "apiVersion: a.io/v1\nkind: Plant\nmetadata: {{name: web}}\nspec:\n  one: &one {{size: 1}}\n  two:\n    {merge}<<: *one\n    more: 1\n"
        )
    };
    let found = diff(&text(""), &text("!!merge "));
    assert_eq!((found.changes.len(), found.lines.unexplained.len()), (0, 0), "{found:?}");
}

#[test]
fn a_resource_name_in_a_role_follows_its_rename() {
    let text = |name: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{a: \"1\", b: \"2\", c: \"3\", d: \"4\"}}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {{name: web}}\nrules:\n- apiGroups: [\"\"]\n  resources: [configmaps]\n  resourceNames: [other, {name}]\n  verbs: [get]\n"
        )
    };
    assert_eq!(told(&diff(&text("old-settings"), &text("new-settings"))), ["metadata.name renamed"]);
}
