//! Whether two scalars mean the same where they stand.
use super::defaults::plain;
use super::quantity::{duration, quantity};
use super::walk::World;
use crate::engines::yaml::{Data, Node};

/// How two scalars relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Same {
    /// They are equal.
    Yes,
    /// They mean the same and are written in another way, which is this.
    Style(&'static str),
    /// One names what the other names, after a rename.
    Reference,
    /// They differ.
    No,
}

/// Compares two scalars at a schema path.
pub(super) fn same(schema: &str, a: &Node, b: &Node, world: &World) -> Same {
    let (one, two) = (plain(a), plain(b));
    if one == two {
        return typed(schema, a, b);
    }
    if quantities(schema) && quantity(&one).is_some_and(|one| Some(one) == quantity(&two)) {
        return Same::Style("quantity");
    }
    if durations(schema) && duration(&one).is_some_and(|one| Some(one) == duration(&two)) {
        return Same::Style("duration");
    }
    if let (Data::Int(_) | Data::Float(_), Data::Int(_) | Data::Float(_)) = (&a.data, &b.data)
        && one.parse::<f64>().ok() == two.parse::<f64>().ok()
    {
        return Same::Style("number");
    }
    if ports(schema) && (world.ports.get(&one) == Some(&two) || world.ports.get(&two) == Some(&one)) {
        return Same::Style("port by name");
    }
    if follows(&one, &two, world) {
        return Same::Reference;
    }
    if matches!(last(schema), "apiGroup" | "apiVersion") && !schema.ends_with(":apiVersion") && moved(&one, &two) {
        return Same::Style("api group");
    }
    Same::No
}

/// Two scalars that read the same: equal, unless the type has a meaning.
fn typed(schema: &str, a: &Node, b: &Node) -> Same {
    let kind = |node: &Node| match node.data {
        Data::Text(_) => 0,
        Data::Bool(_) => 1,
        Data::Null => 2,
        _ => 3,
    };
    match (kind(a), kind(b)) {
        (one, two) if one == two && a.written == b.written => Same::Yes,
        (one, two) if one == two => Same::Style("number"),
        _ if strings(schema) => Same::Style("quotes"),
        _ if ports(schema)
            || quantities(schema)
            || last(schema).starts_with("max")
            || last(schema).starts_with("min") =>
        {
            Same::Style("number or text")
        }
        _ => Same::No,
    }
}

fn last(schema: &str) -> &str {
    schema.rsplit(['.', ':']).next().unwrap_or(schema)
}

/// Places where the API holds texts only, so that a number or boolean is a text without quotes.
fn strings(schema: &str) -> bool {
    const TEXTS: &[&str] = &[
        "metadata.labels.",
        "metadata.annotations.",
        "matchLabels.",
        "nodeSelector.",
        "ConfigMap:data.",
        "Secret:stringData.",
        "container.args",
        "container.command",
        "container.env.value",
        "StorageClass:parameters.",
        "Service:spec.selector.",
    ];
    TEXTS.iter().any(|place| schema.contains(place))
}

fn quantities(schema: &str) -> bool {
    const PLACES: &[&str] = &[
        ".limits.",
        ".requests.",
        ".capacity.",
        ".hard.",
        ".default.",
        ".defaultRequest.",
        ".max.",
        ".min.",
        ".overhead.",
    ];
    PLACES.iter().any(|place| schema.contains(place))
        || matches!(last(schema), "sizeLimit" | "divisor" | "averageValue" | "storage" | "memory" | "cpu")
}

/// Custom resources alone write durations.
fn durations(schema: &str) -> bool {
    let last = last(schema).to_ascii_lowercase();
    const ENDS: &[&str] = &[
        "interval",
        "timeout",
        "duration",
        "period",
        "delay",
        "for",
        "window",
        "after",
        "before",
        "age",
        "ttl",
        "retention",
    ];
    schema.starts_with('~') && ENDS.iter().any(|end| last.ends_with(end))
}

fn ports(schema: &str) -> bool {
    matches!(
        last(schema),
        "port" | "targetPort" | "containerPort" | "number" | "maxSurge" | "maxUnavailable" | "minAvailable"
    )
}

fn moved(one: &str, two: &str) -> bool {
    let old = |text: &str| text == "extensions" || text.starts_with("extensions/");
    old(one) || old(two)
}

/// Whether the text after is the text before with renamed objects under their new names.
fn follows(one: &str, two: &str, world: &World) -> bool {
    !world.names.is_empty() && world.names.iter().any(|(old, new)| replaced(one, old, new).as_deref() == Some(two))
}

/// The text with a name replaced wherever it stands as a whole.
pub(super) fn replaced(text: &str, old: &str, new: &str) -> Option<String> {
    if old.is_empty() || !text.contains(old) {
        return None;
    }
    let word = |c: char| c.is_ascii_alphanumeric();
    let (mut out, mut rest, mut before) = (String::new(), text, ' ');
    while let Some(at) = rest.find(old) {
        let (head, tail) = rest.split_at(at);
        let tail = tail.get(old.len()..).unwrap_or_default();
        before = head.chars().next_back().unwrap_or(before);
        let whole = !word(before) && !tail.chars().next().is_some_and(word);
        out.push_str(head);
        out.push_str(if whole { new } else { old });
        before = old.chars().next_back().unwrap_or(before);
        rest = tail;
    }
    out.push_str(rest);
    Some(out)
}
