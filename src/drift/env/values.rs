//! What a value is, and the form in which two ways of writing the same are equal.
use super::amounts;
use crate::model::{Secret, Value};

/// A text as a value: a secret when its name or itself says so.
pub(super) fn literal(name: &str, text: String) -> Value {
    if secret_name(name) || secret_value(&text) { Value::Secret(Secret::new(text)) } else { Value::Literal(text) }
}

/// The form of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Bool,
    Number,
    Url,
    Text,
}

impl Form {
    pub(super) fn word(self) -> &'static str {
        match self {
            Form::Bool => "a boolean",
            Form::Number => "a number",
            Form::Url => "a URL",
            Form::Text => "a text",
        }
    }
}

pub(super) fn form(text: &str) -> Form {
    let text = text.trim();
    if boolean(text).is_some() {
        Form::Bool
    } else if number(text).is_some() {
        Form::Number
    } else if text.contains("://") {
        Form::Url
    } else {
        Form::Text
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

fn number(text: &str) -> Option<f64> {
    let plain = text.len() <= 15 && text.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c));
    plain.then(|| text.parse().ok()).flatten()
}

/// Whether two texts mean the same to the programs that read them.
pub(super) fn same(left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    let (left, right) = (left.trim(), right.trim());
    if let (Some(a), Some(b)) = (boolean(left), boolean(right)) {
        return a == b;
    }
    if let (Some(a), Some(b)) = (number(left), number(right)) {
        return a.total_cmp(&b).is_eq();
    }
    if let (Some(a), Some(b)) = (url(left), url(right)) {
        return a == b;
    }
    if amounts::same(left, right) {
        return true;
    }
    if left.starts_with(['{', '[']) && right.starts_with(['{', '[']) {
        let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        return json(left).zip(json(right)).is_some_and(|(a, b)| a == b);
    }
    left == right
}

/// A URL without default port and trailing slash, scheme and host in lower case.
fn url(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let port = match scheme.as_str() {
        "http" => ":80",
        "https" => ":443",
        "redis" => ":6379",
        "postgres" | "postgresql" => ":5432",
        "mysql" => ":3306",
        "amqp" => ":5672",
        _ => "\0",
    };
    let (user, host) = host.rsplit_once('@').unwrap_or(("", host));
    let host = host.to_ascii_lowercase();
    let path = if path == "/" { "" } else { path };
    Some(format!("{scheme}://{user}@{}{path}", host.strip_suffix(port).unwrap_or(&host)))
}

/// Words at the end of a name that say: not the secret, but something about it.
const ABOUT: [&str; 24] = [
    "FILE",
    "PATH",
    "URL",
    "URI",
    "TTL",
    "NAME",
    "TIMEOUT",
    "HEADER",
    "ENABLED",
    "LENGTH",
    "SIZE",
    "EXPIRY",
    "LIFETIME",
    "ISSUER",
    "AUDIENCE",
    "ENDPOINT",
    "HOST",
    "PORT",
    "ALGORITHM",
    "VERSION",
    "ARN",
    "SECONDS",
    "MINUTES",
    "DAYS",
];

/// Whether the name says that the value is a secret.
pub(in crate::drift) fn secret_name(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let parts: Vec<&str> = name.split(['_', '-', '.']).collect();
    let ends = ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "APIKEY", "PASSPHRASE", "CREDENTIALS"];
    let word = parts.iter().any(|part| {
        ends.iter().any(|end| part.ends_with(end))
            || ["PWD", "PASS", "CREDENTIAL", "CREDS", "SECRETS", "PRIVATEKEY", "ACCESSKEY"].contains(part)
    });
    let pair = parts.windows(2).any(|two| {
        matches!(two, ["API" | "PRIVATE" | "ACCESS" | "SIGNING" | "ENCRYPTION" | "MASTER" | "AUTH" | "STRIPE", "KEY"])
    });
    let about = parts.last().is_some_and(|last| ABOUT.contains(last)) || name.ends_with("KEY_ID");
    (word || pair) && !about && name != "PWD"
}

/// Whether the value itself carries credentials: `scheme://user:password@host`, `Host=x;Password=y`, a private key.
pub(in crate::drift) fn secret_value(text: &str) -> bool {
    let pairs = text.split([';', ' ', '&', '?', ',']).filter_map(|pair| pair.split_once('='));
    let named = |name: &str| {
        let name = name.trim().to_ascii_lowercase();
        ["password", "passwd", "pwd", "secret", "accountkey", "sharedaccesskey", "token"].contains(&name.as_str())
    };
    if pairs.into_iter().any(|(name, value)| named(name) && !value.trim().is_empty()) {
        return true;
    }
    let login = text.split_once("://").map(|(_, rest)| rest.split(['/', '?']).next().unwrap_or_default());
    let password = login.and_then(|login| login.rsplit_once('@')).and_then(|(user, _)| user.split_once(':'));
    password.is_some_and(|(_, password)| !password.is_empty()) || text.contains("PRIVATE KEY-----")
}

/// What in the value does not belong into production.
pub(super) fn placeholder(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '.').collect();
    let known =
        ["changeme", "changeit", "dummy", "todo", "fixme", "localhost", "127.0.0.1", "placeholder", "xxx", "tbd"];
    known.into_iter().find(|word| words.contains(word))
}

/// At most 200 characters; the middle is cut.
pub(super) fn shorten(text: &str) -> String {
    let count = text.chars().count();
    if count <= 200 {
        return text.to_owned();
    }
    let head: String = text.chars().take(98).collect();
    let tail: String = text.chars().skip(count - 98).collect();
    format!("{head} … {tail}")
}

#[cfg(test)]
mod tests {
    use super::secret_value;

    #[test]
    fn credentials_within_a_value_make_it_a_secret() {
        for (text, secret) in [
            ("postgres://otelu:otelp@postgresql/otel", true),
            ("postgres://otelu@postgresql/otel", false),
            ("host=postgresql user=otelu password=otelp dbname=otel", true),
            ("Host=db;Username=u;Password=p;Database=d", true),
            ("AccountName=a;AccountKey=k==", true),
            ("https://x.example/cb?token=abc", true),
            ("Host=db;Username=u;Password=;Database=d", false),
            ("password policy = strict", false),
            ("service.namespace=shop,service.version=1", false),
        ] {
            assert_eq!(secret_value(text), secret, "{text}");
        }
    }
}
