//! `.Files`: what lies in a chart beside its templates.
use crate::engines::gotemplate::{Bytes, Element, Failure, Kind, List, Map, MapType, Object, Ty, Value, Vm};
use crate::engines::helm::codec;
use base64::Engine;
use regex::bytes::Regex;
use std::any::Any;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Files by path.
pub(in crate::engines::helm) struct Files(Rc<BTreeMap<Bytes, Bytes>>);

impl Files {
    /// The files of a chart.
    pub(in crate::engines::helm) fn new(files: impl IntoIterator<Item = (Bytes, Bytes)>) -> Files {
        Files(Rc::new(files.into_iter().collect()))
    }

    fn text(&self, name: &Bytes) -> Bytes {
        self.0.get(name).cloned().unwrap_or_default()
    }

    fn glob(&self, vm: &mut Vm<'_>, pattern: &str) -> Result<Files, Failure> {
        let names: u64 = self.0.keys().map(|name| name.len() as u64).sum();
        vm.spend(1 + names / 8 + pattern.len() as u64, 0)?;
        let matcher = match matcher(pattern) {
            Some(matcher) => matcher,
            // What is no pattern matches all there is.
            None => return Ok(Files(Rc::clone(&self.0))),
        };
        let found = self.0.iter().filter(|(name, _)| matcher.is_match(name));
        Ok(Files(Rc::new(found.map(|(name, data)| (name.clone(), data.clone())).collect())))
    }

    /// Base names to contents, as YAML. Of files with one name in several folders, the last by path is kept.
    fn flat(&self, vm: &mut Vm<'_>, content: fn(&Bytes) -> Bytes) -> Result<Value, Failure> {
        let size: u64 = self.0.values().map(|data| data.len() as u64).sum();
        vm.spend(self.0.len() as u64 + size / 64, size.saturating_mul(2))?;
        let mut entries = BTreeMap::new();
        for (path, data) in self.0.iter() {
            let base = path.rsplit(|&byte| byte == b'/').find(|part| !part.is_empty()).unwrap_or(b"/");
            entries.insert(Bytes::from(base), Value::String(content(data)));
        }
        let map = Value::Map(Map::of(MapType::String, entries));
        Ok(Value::text(codec::to_yaml(&map).unwrap_or_default()))
    }

    fn lines(&self, vm: &mut Vm<'_>, name: &Bytes) -> Result<Value, Failure> {
        let Some(data) = self.0.get(name) else {
            return Ok(Value::List(List::strings(Vec::<Bytes>::new())));
        };
        vm.spend(data.len() as u64 / 16, data.len() as u64)?;
        if data.is_empty() {
            return Err(Failure::Panic("runtime error: index out of range [-1]".to_owned()));
        }
        let text = data.strip_suffix(b"\n").unwrap_or(data);
        Ok(Value::List(List::strings(text.split(|&byte| byte == b'\n').map(Bytes::from))))
    }
}

/// A `[]byte`.
fn octets(vm: &mut Vm<'_>, data: &[u8]) -> Result<Value, Failure> {
    let size = data.len() as u64;
    vm.spend(size / 8, size.saturating_mul(std::mem::size_of::<Value>() as u64))?;
    Ok(plain_octets(data))
}

fn plain_octets(data: &[u8]) -> Value {
    use crate::engines::gotemplate::UintType::Uint8;
    Value::List(List::of(Element::Uint8, data.iter().map(|&byte| Value::Uint(byte.into(), Uint8)).collect()))
}

impl Object for Files {
    fn type_name(&self) -> &str {
        "engine.files"
    }

    fn kind(&self) -> Kind {
        Kind::Map
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn is_true(&self) -> bool {
        !self.0.is_empty()
    }

    fn field(&self, name: &str) -> Option<Value> {
        Some(plain_octets(&self.text(&Bytes::from(name))))
    }

    fn params(&self, name: &str) -> Option<&'static [Ty]> {
        match name {
            "Get" | "GetBytes" | "Lines" | "Glob" => Some(&[Ty::String]),
            "AsConfig" | "AsSecrets" => Some(&[]),
            _ => None,
        }
    }

    fn call(&self, vm: &mut Vm<'_>, name: &str, args: &[Value]) -> Option<Result<Value, Failure>> {
        let text = args.first().and_then(Value::as_string).cloned().unwrap_or_default();
        Some(match name {
            "Get" => Ok(Value::String(self.text(&text))),
            "GetBytes" => octets(vm, &self.text(&text)),
            "Lines" => self.lines(vm, &text),
            "Glob" => self.glob(vm, &text.lossy()).map(|files| Value::Object(Rc::new(files))),
            "AsConfig" => self.flat(vm, Bytes::clone),
            "AsSecrets" => self.flat(vm, |data| Bytes::from(base64::engine::general_purpose::STANDARD.encode(data))),
            _ => return None,
        })
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::map(self.0.iter().map(|(name, data)| (name.clone(), plain_octets(data)))))
    }

    fn display(&self) -> String {
        let octets = |data: &Bytes| data.iter().map(u8::to_string).collect::<Vec<_>>().join(" ");
        let files: Vec<String> =
            self.0.iter().map(|(name, data)| format!("{}:[{}]", name.lossy(), octets(data))).collect();
        format!("map[{}]", files.join(" "))
    }
}

/// A pattern as gobwas/glob reads it, with `/` between parts; `None` when it is none.
fn matcher(pattern: &str) -> Option<Regex> {
    let mut rest = pattern.chars().peekable();
    let mut source = String::from("(?s)^");
    let mut level = 0;
    while let Some(next) = rest.next() {
        match next {
            '*' if rest.next_if_eq(&'*').is_some() => source.push_str(".*"),
            '*' => source.push_str("[^/]*"),
            '?' => source.push_str("[^/]"),
            '[' => source.push_str(&class(&mut rest)?),
            '{' => {
                level += 1;
                source.push_str("(?:");
            }
            '}' if level > 0 => {
                level -= 1;
                source.push(')');
            }
            ',' if level > 0 => source.push('|'),
            '\\' => source.extend(rest.next().map(|next| regex::escape(next.encode_utf8(&mut [0; 4])))),
            other => source.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
    }
    // A brace that is never closed ends with the pattern.
    source.extend(std::iter::repeat_n(')', level));
    source.push('$');
    regex::bytes::RegexBuilder::new(&source).size_limit(1 << 20).build().ok()
}

/// What follows `[`: `a-z` alone or any characters, perhaps after `!`.
fn class(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    let not = if rest.next_if_eq(&'!').is_some() { "^" } else { "" };
    let mut ahead = rest.clone();
    if let (Some(low), Some('-')) = (ahead.next(), ahead.next()) {
        let high = ahead.next()?;
        if ahead.next() != Some(']') || low > high {
            return None;
        }
        *rest = ahead;
        return Some(format!("[{not}{}-{}]", escaped(low), escaped(high)));
    }
    let mut set = String::new();
    loop {
        match rest.next()? {
            ']' if set.is_empty() => return None,
            ']' => return Some(format!("[{not}{set}]")),
            '\\' => set.push_str(&escaped(rest.next()?)),
            other => set.push_str(&escaped(other)),
        }
    }
}

fn escaped(letter: char) -> String {
    format!("\\x{{{:x}}}", u32::from(letter))
}

#[cfg(test)]
mod tests {
    use super::matcher;

    /// Answers of Helm 4.2.3 (gobwas/glob 0.2.3) for these files.
    const FILES: &[&str] = &[
        "[q].txt",
        "a-b.md",
        "a.txt",
        "conf/a.conf",
        "conf/b.yaml",
        "conf/sub/c.txt",
        "conf/sub/deep/x.yaml",
        "d,e.txt",
        "z/-a",
        "{x}.txt",
    ];

    fn found(pattern: &str) -> String {
        let Some(matcher) = matcher(pattern) else { return "all".to_owned() };
        let found: Vec<&str> = FILES.iter().filter(|file| matcher.is_match(file.as_bytes())).copied().collect();
        if found.len() == FILES.len() { "all".to_owned() } else { found.join(";") }
    }

    #[test]
    fn patterns_match_as_in_helm() {
        for (pattern, want) in [
            ("*", "[q].txt;a-b.md;a.txt;d,e.txt;{x}.txt"),
            ("**", "all"),
            ("*.txt", "[q].txt;a.txt;d,e.txt;{x}.txt"),
            ("**.txt", "[q].txt;a.txt;conf/sub/c.txt;d,e.txt;{x}.txt"),
            ("conf/**.yaml", "conf/b.yaml;conf/sub/deep/x.yaml"),
            ("{a,d}*.txt", "a.txt;d,e.txt"),
            ("conf/{a,b}.*", "conf/a.conf;conf/b.yaml"),
            ("conf/{a", ""),
            ("a[", "all"),
            ("[]", "all"),
            ("[!a]*", "[q].txt;d,e.txt;{x}.txt"),
            ("[a-c].txt", "a.txt"),
            ("[c-a].txt", "all"),
            ("[ab-].txt", "a.txt"),
            ("?.txt", "a.txt"),
            ("conf?a.conf", ""),
            ("conf[/]a.conf", "conf/a.conf"),
            ("conf/**/c.txt", "conf/sub/c.txt"),
            ("**/c.txt", "conf/sub/c.txt"),
            ("\\{x\\}.txt", "{x}.txt"),
            ("{x}.txt", ""),
            ("a}", ""),
            ("{{a,b},c}.txt", "a.txt"),
            ("{,a}.txt", "a.txt"),
            ("", ""),
            ("[^a].txt", "a.txt"),
            ("***", "all"),
            ("*/*", "conf/a.conf;conf/b.yaml;z/-a"),
            ("z/[-]a", "z/-a"),
            ("{a.txt", "a.txt"),
            ("a.{txt,", "a.txt"),
            ("\\", ""),
        ] {
            assert_eq!(found(pattern), want, "{pattern}");
        }
    }
}
