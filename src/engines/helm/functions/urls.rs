//! `urlParse` and `urlJoin`.
use super::args::{map, panic, spend_text, text};
use super::fixed;
use super::urls_parse::{Part, Url, User, escape};
use crate::engines::gotemplate::{Bytes, Failure, Func, Map, Ty, Value, Vm, fmt};

/// The table.
pub(super) static FUNCS: &[Func] =
    &[fixed("urlParse", &[Ty::String], url_parse), fixed("urlJoin", &[Ty::Map], url_join)];

fn url_parse(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let text = text(args, 0);
    spend_text(vm, text.len() * 8)?;
    let url = Url::parse(text).map_err(|error| panic(format!("unable to parse url: {error}")))?;
    let hostname = url.hostname().to_vec();
    let user = url.user.as_ref().map(User::text).unwrap_or_default();
    let entries = [
        ("scheme", url.scheme),
        ("host", url.host),
        ("hostname", hostname),
        ("path", url.path),
        ("query", url.query),
        ("opaque", url.opaque),
        ("fragment", url.fragment),
        ("userinfo", user),
    ];
    Ok(Value::map(entries.map(|(key, value)| (Bytes::from(key), Value::text(value)))))
}

/// A key of the map, which must be a string when it is there.
fn get(map: &Map, key: &str) -> Result<Vec<u8>, Failure> {
    match map.get(key.as_bytes()) {
        None => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(text.to_vec()),
        Some(Value::Nil) => Err(super::args::nil_pointer()),
        Some(other) => {
            let kind = other.kind().word();
            Err(panic(format!("unable to parse {key} key, must be of type string, but {kind} found")))
        }
    }
}

fn url_join(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let map = map(args, 0).unwrap_or_default();
    let length: usize = map.borrow().values().filter_map(Value::as_string).map(|text| text.len()).sum();
    spend_text(vm, length * 4)?;
    let (scheme, host) = (get(&map, "scheme")?, get(&map, "host")?);
    let (path, query) = (get(&map, "path")?, get(&map, "query")?);
    let (opaque, fragment) = (get(&map, "opaque")?, get(&map, "fragment")?);
    let userinfo = get(&map, "userinfo")?;
    let user = if userinfo.is_empty() {
        None
    } else {
        let whole = [b"proto://", userinfo.as_slice(), b"@host"].concat();
        Url::parse(&whole).map_err(|error| panic(format!("unable to parse userinfo in dict: {error}")))?.user
    };
    Ok(Value::text(join(&scheme, &opaque, user.as_ref(), &host, &path, &query, &fragment)))
}

fn join(
    scheme: &[u8],
    opaque: &[u8],
    user: Option<&User>,
    host: &[u8],
    path: &[u8],
    query: &[u8],
    fragment: &[u8],
) -> Vec<u8> {
    let mut out = Vec::new();
    if !scheme.is_empty() {
        out.extend_from_slice(scheme);
        out.push(b':');
    }
    if opaque.is_empty() {
        authority(&mut out, scheme, user, host, path);
        let path = if path == b"*" { path.to_vec() } else { escape(path, Part::Path) };
        if !path.is_empty() && path[0] != b'/' && !host.is_empty() {
            out.push(b'/');
        }
        let first = path.split(|byte| *byte == b'/').next().unwrap_or_default();
        if out.is_empty() && first.contains(&b':') {
            // Otherwise it would be read as a scheme.
            out.extend_from_slice(b"./");
        }
        out.extend_from_slice(&path);
    } else {
        out.extend_from_slice(opaque);
    }
    if !query.is_empty() {
        out.push(b'?');
        out.extend_from_slice(query);
    }
    if !fragment.is_empty() {
        out.push(b'#');
        out.extend_from_slice(&escape(fragment, Part::Fragment));
    }
    out
}

fn authority(out: &mut Vec<u8>, scheme: &[u8], user: Option<&User>, host: &[u8], path: &[u8]) {
    if scheme.is_empty() && host.is_empty() && user.is_none() {
        return;
    }
    if !host.is_empty() || !path.is_empty() || user.is_some() {
        out.extend_from_slice(b"//");
    }
    if let Some(user) = user {
        out.extend_from_slice(&user.text());
        out.push(b'@');
    }
    out.extend_from_slice(&escape(host, Part::Host));
}

/// Go's text for an error about a URL.
pub(super) fn complaint(url: &[u8], problem: &str) -> String {
    format!("parse {}: {problem}", String::from_utf8_lossy(&fmt::quote(url)))
}
