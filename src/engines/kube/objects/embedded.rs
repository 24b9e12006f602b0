//! Texts inside objects that are documents themselves: read as what they are, and compared by meaning.
use super::walk::{Kind, Raw, Spot, Walk};
use super::{Format, Inside, Path, pem};
use crate::engines::yaml::{self, Data, Limits, Node, Span};

/// Texts inside texts are opened this often.
const DEEPEST: u8 = 3;

/// Compares two texts that differ as documents. `false` when they are to be told as plain values.
pub(super) fn compare(walk: &mut Walk<'_>, a: Spot<'_>, b: Spot<'_>) -> bool {
    let (Some(one), Some(two)) = (a.node.text(), b.node.text()) else { return false };
    if let (Some(from), Some(to)) = (pem::certificates(one), pem::certificates(two)) {
        inside(walk, (a, b), Format::Pem, &from, &to);
        return true;
    }
    if walk.texts >= DEEPEST || walk.schema.starts_with("Secret:data") {
        return false;
    }
    let structured = |text: &str| text.contains('\n') || text.trim_start().starts_with(['{', '[']);
    let properties = walk.schema.starts_with("ConfigMap:data");
    if !structured(one) || !structured(two) {
        if properties && (one.contains('\n') || two.contains('\n')) {
            text(walk, a, b);
            return true;
        }
        return false;
    }
    let name = walk.path.last().map(|step| match step {
        super::Step::Key(key) => key.as_str(),
        super::Step::Item { label, .. } => label.as_deref().unwrap_or_default(),
    });
    let name = name.unwrap_or_default().to_ascii_lowercase();
    let read = read(&name, one).and_then(|(format, from)| {
        let (other, to) = read_as(format, two)?;
        Some((other, from, to))
    });
    match read {
        Some((format, from, to)) => inside(walk, (a, b), format, &from, &to),
        None if one.contains('\n') || two.contains('\n') => text(walk, a, b),
        None => return false,
    }
    true
}

fn inside(walk: &mut Walk<'_>, (a, b): (Spot<'_>, Spot<'_>), format: Format, from: &Node, to: &Node) {
    let mut inner = Walk::new(walk.world, "~text:".to_owned());
    inner.texts = walk.texts + 1;
    inner.both(Spot::item(from), Spot::item(to));
    if inner.out.is_empty() {
        walk.styled("embedded text", Some(a.span), Some(b.span));
    }
    for raw in inner.out {
        let mut path = raw.path;
        if let Some(deeper) = raw.inside {
            path.0.extend(deeper.path.0);
        }
        let line = |text: Option<&str>, span: Option<Span>| {
            let start = span.filter(|_| matches!(format, Format::Yaml | Format::Json))?.start;
            Some(text?.get(..start)?.matches('\n').count())
        };
        let inner = (line(a.node.text(), raw.from), line(b.node.text(), raw.to));
        walk.out.push(Raw {
            inner,
            path: Path(walk.path.clone()),
            schema: walk.schema.clone(),
            inside: Some(Inside { format, path }),
            from: Some(a.span),
            to: Some(b.span),
            ..raw
        });
    }
    for style in inner.style {
        walk.styled(style.kind, Some(a.span), Some(b.span));
    }
}

fn text(walk: &mut Walk<'_>, a: Spot<'_>, b: Spot<'_>) {
    walk.push(Some(a), Some(b), Kind::Value, "text");
    if let Some(raw) = walk.out.last_mut() {
        raw.inside = Some(Inside { format: Format::Text, path: Path::default() });
    }
}

/// A text as what its name or its look suggests.
fn read(name: &str, text: &str) -> Option<(Format, Node)> {
    let start = text.trim_start();
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if start.starts_with("-----BEGIN") {
        return None;
    }
    if ends(&[".toml"]) {
        return read_as(Format::Toml, text);
    }
    if ends(&[".properties", ".env", ".ini", ".cfg"]) {
        return read_as(Format::Properties, text);
    }
    if ends(&[".sh", ".py", ".js", ".lua", ".sql", ".tpl", ".tmpl", ".md", ".txt", ".conf", ".rego", ".html"]) {
        return read_as(Format::Properties, text).filter(|_| ends(&[".conf"]));
    }
    if start.starts_with('{') && !start.starts_with("{{") {
        return read_as(Format::Json, text).or_else(|| read_as(Format::Yaml, text));
    }
    read_as(Format::Yaml, text).or_else(|| read_as(Format::Toml, text)).or_else(|| read_as(Format::Properties, text))
}

fn read_as(format: Format, text: &str) -> Option<(Format, Node)> {
    let node = match format {
        Format::Yaml | Format::Json => yaml_node(text),
        Format::Toml => toml_node(text),
        Format::Properties => properties_node(text),
        Format::Pem | Format::Text => None,
    };
    node.map(|node| (format, node))
}

fn yaml_node(text: &str) -> Option<Node> {
    let limits = Limits { bytes: 8 * 1024 * 1024, ..Limits::default() };
    let (mut documents, errors) = yaml::parse_all_as_helm(text, &limits);
    if !errors.is_empty() || documents.iter().any(|node| !matches!(node.data, Data::Map(_) | Data::List(_))) {
        return None;
    }
    match documents.len() {
        0 => None,
        1 => documents.pop(),
        _ => Some(node(Data::List(documents))),
    }
}

fn node(data: Data) -> Node {
    Node { span: Span::default(), tag: None, data, written: None }
}

fn scalar(data: Data, written: &str) -> Node {
    Node { span: Span::default(), tag: None, data, written: Some(written.to_owned()) }
}

fn toml_node(text: &str) -> Option<Node> {
    if !text.contains('=') {
        return None;
    }
    Some(of_toml(toml::Value::Table(text.parse::<toml::Table>().ok()?)))
}

fn of_toml(value: toml::Value) -> Node {
    match value {
        toml::Value::String(text) => Node::from_text(text, Span::default()),
        toml::Value::Integer(value) => scalar(Data::Int(value), &value.to_string()),
        toml::Value::Float(value) => scalar(Data::Float(value), &value.to_string()),
        toml::Value::Boolean(value) => scalar(Data::Bool(value), &value.to_string()),
        toml::Value::Datetime(value) => Node::from_text(value.to_string(), Span::default()),
        toml::Value::Array(items) => node(Data::List(items.into_iter().map(of_toml).collect())),
        toml::Value::Table(entries) => {
            let pair = |(key, value)| (Node::from_text(key, Span::default()), of_toml(value));
            node(Data::Map(entries.into_iter().map(pair).collect()))
        }
    }
}

/// `key = value` lines, perhaps below `[section]` lines; nothing when a line is neither.
fn properties_node(text: &str) -> Option<Node> {
    let mut sections: Vec<(String, Vec<(Node, Node)>)> = vec![(String::new(), Vec::new())];
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with(['#', ';', '!']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            sections.push((name.to_owned(), Vec::new()));
            continue;
        }
        let (key, value) = line.split_once('=')?;
        let key = key.trim().trim_start_matches("export ").trim();
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | ':' | '*');
        if key.is_empty() || !key.chars().all(plain) {
            return None;
        }
        let entry = (Node::from_text(key, Span::default()), Node::from_text(value.trim(), Span::default()));
        let (_, entries) = sections.last_mut()?;
        match entries.iter().position(|(known, _)| known.text() == Some(key)) {
            Some(at) => entries.splice(at..=at, [entry]).for_each(drop),
            None => entries.push(entry),
        }
    }
    let mut all = Vec::new();
    for (name, entries) in sections {
        if name.is_empty() {
            all.extend(entries);
        } else {
            all.push((Node::from_text(format!("[{name}]"), Span::default()), node(Data::Map(entries))));
        }
    }
    (!all.is_empty()).then(|| node(Data::Map(all)))
}
