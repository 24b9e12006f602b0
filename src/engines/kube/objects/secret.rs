//! Which values must not be shown.
use super::walk::Raw;
use super::{Path, Step};
use serde_json::Value;

/// Words in names of values that are secret.
const WORDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "api_key",
    "api-key",
    "privatekey",
    "private_key",
    "private-key",
    "credential",
    "accesskey",
    "access_key",
    "access-key",
    "authkey",
    "auth_key",
    "encryptionkey",
    "encryption_key",
    "signingkey",
    "signing_key",
    "connectionstring",
    "connection_string",
    ".dockerconfigjson",
    "htpasswd",
];

/// Ends of names that only point to a secret, or tell about it.
const POINTERS: &[&str] = &[
    "name",
    "names",
    "ref",
    "refs",
    "file",
    "path",
    "key",
    "keys",
    "seconds",
    "namespace",
    "enabled",
    "type",
    "class",
    "volume",
    "mount",
    "url",
    "uri",
    "endpoint",
    "ttl",
    "expiry",
    "expiration",
    "length",
    "provider",
    "providers",
    "store",
    "id",
    "serviceaccounttoken",
    "imagepullsecrets",
    "secrets",
    "tokens",
    "secretref",
    "version",
    "policy",
    "audience",
    "dir",
];

/// Whether a name is that of a secret value: `dbPassword` is, `passwordFile` is not.
pub fn name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let word = WORDS.iter().any(|word| name.contains(word));
    let key = [
        "apikey",
        "api_key",
        "api-key",
        "privatekey",
        "private_key",
        "private-key",
        "accesskey",
        "access_key",
        "access-key",
        "authkey",
        "auth_key",
        "encryptionkey",
        "encryption_key",
        "signingkey",
        "signing_key",
    ];
    word && (key.iter().any(|word| name.ends_with(word)) || !POINTERS.iter().any(|end| name.ends_with(end)))
}

/// Whether a text gives itself away: credentials in a URL, a private key.
pub fn text(text: &str) -> bool {
    if text.contains("PRIVATE KEY-----") {
        return true;
    }
    text.match_indices("://").any(|(at, _)| {
        let rest = text.get(at + 3..).unwrap_or_default();
        let end = rest.find(['/', '?', '#', ' ', '"', '\'', '\n']).unwrap_or(rest.len());
        let host = rest.get(..end).unwrap_or_default();
        host.rsplit_once('@').is_some_and(|(user, _)| {
            user.split_once(':').is_some_and(|(_, word)| !word.is_empty() && !word.starts_with("$("))
        })
    })
}

/// Whether a value holds something secret, below a key of this name.
pub(super) fn value(key: &str, value: &Value) -> bool {
    match value {
        Value::String(one) => (name(key) && !one.is_empty()) || text(one) || one.lines().count() > 1 && lines(one),
        Value::Array(items) => items.iter().any(|item| self::value(key, item)),
        Value::Object(entries) => {
            let named = entries.get("name").or_else(|| entries.get("key")).and_then(Value::as_str).unwrap_or_default();
            let plain = entries.get("value").is_some_and(|value| self::value(named, value));
            plain || entries.iter().any(|(key, value)| self::value(key, value))
        }
        Value::Number(_) => name(key),
        Value::Null | Value::Bool(_) => false,
    }
}

/// Whether a text of several lines sets something secret.
fn lines(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim().trim_start_matches("- ");
        line.split_once([':', '=']).is_some_and(|(key, value)| {
            let key = key.trim().trim_matches('"');
            !value.trim().is_empty() && key.len() < 60 && name(key)
        })
    })
}

/// Whether a difference of an object of this kind is secret.
pub(super) fn raw(kind: &str, raw: &Raw) -> bool {
    if kind == "Secret" && matches!(raw.path.0.first(), Some(Step::Key(key)) if key == "data" || key == "stringData") {
        return true;
    }
    let last = |path: &Path| path.names().next_back().unwrap_or_default().to_owned();
    let mut names = vec![last(&raw.path)];
    // The variable that `value` belongs to.
    if names.first().is_some_and(|name| name == "value") {
        names.extend(raw.path.names().rev().nth(1).map(str::to_owned));
    }
    if let Some(inside) = &raw.inside {
        names.push(last(&inside.path));
    }
    let quiet = |value: &Value| !value.is_boolean() && !value.is_null();
    let values = || raw.before.iter().chain(&raw.after).filter(|one| quiet(one));
    names.iter().any(|name| values().any(|one| value(name, one)))
}

/// A value for people, masked when it is secret.
pub(super) fn mask(kind: &str, from: &Raw, value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(_) if raw(kind, from) => "***".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
