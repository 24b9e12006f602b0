//! The functions of regular expressions, in Go's syntax and with Go's rules for matches that follow one another.
use super::args::{int, panic, roomy, spend_items, spend_text, text};
use super::fixed;
use super::regex_emit::pattern;
use super::regex_parse::{complaint, parse};
use super::runes::{decode, is_digit, is_letter};
use crate::engines::gotemplate::{Element, Failure, Func, List, Ty, Value, Vm, fmt};
use crate::engines::helm::host::Host;
use regex::{Regex, RegexBuilder};
use std::borrow::Cow;
use std::ops::Range;

/// The table.
pub(super) static FUNCS: &[Func] = &[
    fixed("regexMatch", &[Ty::String, Ty::String], |vm, args| match matches(vm, args, &error) {
        Err(Failure::Error(_)) => Ok(Value::Bool(false)),
        other => other,
    }),
    fixed("mustRegexMatch", &[Ty::String, Ty::String], |vm, args| matches(vm, args, &error)),
    fixed("regexFind", &[Ty::String, Ty::String], |vm, args| first(vm, args, &must)),
    fixed("mustRegexFind", &[Ty::String, Ty::String], |vm, args| first(vm, args, &error)),
    fixed("regexFindAll", &[Ty::String, Ty::String, Ty::Int], |vm, args| find_all(vm, args, &must)),
    fixed("mustRegexFindAll", &[Ty::String, Ty::String, Ty::Int], |vm, args| find_all(vm, args, &error)),
    fixed("regexReplaceAll", &[Ty::String, Ty::String, Ty::String], |vm, args| replace(vm, args, &must, true)),
    fixed("mustRegexReplaceAll", &[Ty::String, Ty::String, Ty::String], |vm, args| replace(vm, args, &error, true)),
    fixed("regexReplaceAllLiteral", &[Ty::String, Ty::String, Ty::String], |vm, args| replace(vm, args, &must, false)),
    fixed("mustRegexReplaceAllLiteral", &[Ty::String, Ty::String, Ty::String], |vm, args| {
        replace(vm, args, &error, false)
    }),
    fixed("regexSplit", &[Ty::String, Ty::String, Ty::Int], |vm, args| split(vm, args, &must)),
    fixed("mustRegexSplit", &[Ty::String, Ty::String, Ty::Int], |vm, args| split(vm, args, &error)),
    fixed("regexQuoteMeta", &[Ty::String], quote_meta),
];

/// Bytes that a compiled expression may take.
const SIZE: usize = 16 << 20;

/// An expression, ready for use.
struct Expression {
    regex: Regex,
    names: Vec<String>,
}

/// What to do about an expression that is none.
type Wrong = dyn Fn(&[u8], String) -> Failure;

/// The error itself.
fn error(_: &[u8], error: String) -> Failure {
    Failure::Error(error)
}

/// The panic of Go's `MustCompile`.
fn must(pattern: &[u8], error: String) -> Failure {
    let plain = std::str::from_utf8(pattern).is_ok_and(|text| {
        text.chars().all(|char| (char == '\t' || char >= ' ') && !matches!(char, '`' | '\u{7f}' | '\u{feff}'))
    });
    let quoted = if plain { [b"`", pattern, b"`"].concat() } else { fmt::quote(pattern) };
    panic(format!("regexp: Compile({}): {error}", String::from_utf8_lossy(&quoted)))
}

/// How many compiled patterns a rendering keeps, and how large those may be.
const KEPT: usize = 64;
const SMALL: u64 = 5_000;

/// The compiled pattern. Small ones are compiled once in a rendering.
fn compile(vm: &mut Vm<'_>, source: &[u8], wrong: &Wrong) -> Result<Expression, Failure> {
    if let Some((regex, names)) = vm.host::<Host>().and_then(|host| host.patterns.get(source).cloned()) {
        return Ok(Expression { regex, names });
    }
    let (made, size) = compile_anew(vm, source, wrong)?;
    if let Some(host) = vm.host::<Host>()
        && host.patterns.len() < KEPT
        && size < SMALL
    {
        host.patterns.insert(source.to_vec(), (made.regex.clone(), made.names.clone()));
    }
    Ok(made)
}

fn compile_anew(vm: &mut Vm<'_>, source: &[u8], wrong: &Wrong) -> Result<(Expression, u64), Failure> {
    spend_text(vm, source.len() * 16)?;
    let parsed = match std::str::from_utf8(source) {
        Ok(text) => parse(text),
        Err(error) => {
            let rest = String::from_utf8_lossy(&source[error.valid_up_to()..]);
            Err(complaint("invalid UTF-8", &rest))
        }
    };
    let parsed = parsed.map_err(|error| wrong(source, error))?;
    vm.spend(parsed.node.size / 8, parsed.node.size.saturating_mul(32))?;
    let pattern = pattern(&parsed.node);
    let mut builder = RegexBuilder::new(&pattern);
    builder.size_limit(SIZE).nest_limit(8000);
    let regex = roomy(|| builder.build()).map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => Failure::Limit("a regular expression is too big".to_owned()),
        other => Failure::Error(format!("regular expression not supported: {other}")),
    })?;
    Ok((Expression { regex, names: parsed.names }, parsed.node.size))
}

/// A text to search in. Where its bytes are no UTF-8, each of them counts as U+FFFD, as in Go.
struct Subject<'a> {
    bytes: &'a [u8],
    text: Cow<'a, str>,
    /// For each place in `text` its place in `bytes`, when they differ.
    places: Option<Vec<usize>>,
}

impl<'a> Subject<'a> {
    fn new(vm: &mut Vm<'_>, bytes: &'a [u8]) -> Result<Subject<'a>, Failure> {
        vm.spend(1 + bytes.len() as u64 / 8, 0)?;
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Ok(Subject { bytes, text: Cow::Borrowed(text), places: None });
        }
        spend_text(vm, bytes.len() * 28)?;
        let (mut text, mut places, mut at) = (String::new(), Vec::new(), 0);
        while at < bytes.len() {
            let (rune, width) = decode(&bytes[at..]);
            text.push(rune);
            places.resize(text.len(), at);
            at += width;
        }
        places.push(at);
        Ok(Subject { bytes, text: Cow::Owned(text), places: Some(places) })
    }

    fn cut(&self, range: Range<usize>) -> &'a [u8] {
        let place = |at: usize| self.places.as_ref().map_or(at, |places| places[at]);
        &self.bytes[place(range.start)..place(range.end)]
    }

    /// Accounts for a search from here on, which may look at everything that follows.
    fn search(&self, vm: &mut Vm<'_>, at: usize) -> Result<(), Failure> {
        vm.spend(1 + (self.text.len() - at) as u64 / 2048, 0)
    }

    /// The width of the character at this place; 0 at the end.
    fn width(&self, at: usize) -> usize {
        self.text[at..].chars().next().map_or(0, char::len_utf8)
    }
}

fn matches(vm: &mut Vm<'_>, args: &[Value], wrong: &Wrong) -> Result<Value, Failure> {
    let expression = compile(vm, text(args, 0), wrong)?;
    let subject = Subject::new(vm, text(args, 1))?;
    Ok(Value::Bool(expression.regex.is_match(&subject.text)))
}

fn first(vm: &mut Vm<'_>, args: &[Value], wrong: &Wrong) -> Result<Value, Failure> {
    let expression = compile(vm, text(args, 0), wrong)?;
    let subject = Subject::new(vm, text(args, 1))?;
    let found = expression.regex.find(&subject.text).map(|found| subject.cut(found.range())).unwrap_or_default();
    spend_text(vm, found.len())?;
    Ok(Value::text(found))
}

/// All matches, at most `limit` when that is not negative. No empty match right behind another one.
fn all(vm: &mut Vm<'_>, regex: &Regex, subject: &Subject<'_>, limit: i64) -> Result<Vec<Range<usize>>, Failure> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let (mut found, mut at, mut last) = (Vec::new(), 0, None);
    while found.len() < limit && at <= subject.text.len() {
        subject.search(vm, at)?;
        let Some(range) = regex.find_at(&subject.text, at).map(|found| found.range()) else { break };
        let mut accepted = true;
        if range.end == at {
            accepted = last != Some(range.start);
            at += subject.width(at).max(1);
        } else {
            at = range.end;
        }
        last = Some(range.end);
        if accepted {
            spend_items(vm, 2)?;
            found.push(range);
        }
    }
    Ok(found)
}

fn find_all(vm: &mut Vm<'_>, args: &[Value], wrong: &Wrong) -> Result<Value, Failure> {
    let expression = compile(vm, text(args, 0), wrong)?;
    let subject = Subject::new(vm, text(args, 1))?;
    let found = all(vm, &expression.regex, &subject, int(args, 2))?;
    if found.is_empty() {
        return Ok(Value::List(List::nil(Element::String)));
    }
    spend_text(vm, found.iter().map(Range::len).sum())?;
    Ok(Value::List(List::strings(found.into_iter().map(|range| subject.cut(range)))))
}

fn split(vm: &mut Vm<'_>, args: &[Value], wrong: &Wrong) -> Result<Value, Failure> {
    let (source, whole, limit) = (text(args, 0), text(args, 1), int(args, 2));
    let expression = compile(vm, source, wrong)?;
    if limit == 0 {
        return Ok(Value::List(List::nil(Element::String)));
    }
    if !source.is_empty() && whole.is_empty() {
        return Ok(Value::List(List::strings([""])));
    }
    let subject = Subject::new(vm, whole)?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let (mut parts, mut begin, mut end) = (Vec::new(), 0, 0);
    for found in all(vm, &expression.regex, &subject, limit)? {
        if parts.len() + 1 >= most {
            break;
        }
        end = found.start;
        if found.end != 0 {
            parts.push(subject.cut(begin..end));
        }
        begin = found.end;
    }
    if end != subject.text.len() {
        parts.push(subject.cut(begin..subject.text.len()));
    }
    spend_text(vm, whole.len())?;
    Ok(Value::List(List::strings(parts)))
}

fn replace(vm: &mut Vm<'_>, args: &[Value], wrong: &Wrong, expand: bool) -> Result<Value, Failure> {
    let expression = compile(vm, text(args, 0), wrong)?;
    let subject = Subject::new(vm, text(args, 1))?;
    let template = if expand { read_template(text(args, 2)) } else { vec![Piece::Text(text(args, 2))] };
    let groups = template.iter().any(|piece| !matches!(piece, Piece::Text(_)));
    spend_text(vm, subject.bytes.len())?;
    let (mut out, mut copied, mut at) = (Vec::new(), 0, 0);
    while at <= subject.text.len() {
        subject.search(vm, at)?;
        let captures = if groups { expression.regex.captures_at(&subject.text, at) } else { None };
        let whole = match &captures {
            Some(captures) => captures.get(0),
            None if groups => None,
            None => expression.regex.find_at(&subject.text, at),
        };
        let Some(range) = whole.map(|found| found.range()) else { break };
        out.extend_from_slice(subject.cut(copied..range.start));
        // An empty match right behind another one is passed over.
        if range.end > copied || range.start == 0 {
            for piece in &template {
                let part = piece.get(&expression, &subject, captures.as_ref(), &range);
                spend_text(vm, part.len())?;
                out.extend_from_slice(part);
            }
        }
        copied = range.end;
        let width = subject.width(at);
        at = if at + width > range.end {
            at + width
        } else if at + 1 > range.end {
            at + 1
        } else {
            range.end
        };
    }
    out.extend_from_slice(subject.cut(copied..subject.text.len()));
    Ok(Value::text(out))
}

/// A piece of a replacement.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a [u8]),
    Group(usize),
    Name(&'a [u8]),
}

impl<'a> Piece<'a> {
    fn get(
        &'a self,
        expression: &Expression,
        subject: &Subject<'a>,
        captures: Option<&regex::Captures<'_>>,
        whole: &Range<usize>,
    ) -> &'a [u8] {
        let group = |number: usize| captures.and_then(|captures| captures.get(number));
        let found = match self {
            Piece::Text(text) => return text,
            Piece::Group(0) => return subject.cut(whole.clone()),
            Piece::Group(number) => group(*number),
            // The first group of this name that took part.
            Piece::Name(name) => {
                let named = expression.names.iter().enumerate().filter(|(_, known)| known.as_bytes() == *name);
                named.map(|(at, _)| at + 1).find_map(group)
            }
        };
        found.map(|found| subject.cut(found.range())).unwrap_or_default()
    }
}

/// Reads `$1`, `$name`, `${name}` and `$$`; any other `$` stands for itself.
fn read_template(template: &[u8]) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), template);
    while let Some(dollar) = rest.iter().position(|byte| *byte == b'$') {
        let (before, after) = (&rest[..dollar], &rest[dollar + 1..]);
        if after.first() == Some(&b'$') {
            pieces.push(Piece::Text(&rest[..=dollar]));
            rest = &after[1..];
            continue;
        }
        pieces.push(Piece::Text(before));
        match reference(after) {
            Some((piece, length)) => {
                pieces.push(piece);
                rest = &after[length..];
            }
            None => {
                pieces.push(Piece::Text(&rest[dollar..=dollar]));
                rest = after;
            }
        }
    }
    pieces.push(Piece::Text(rest));
    pieces.retain(|piece| *piece != Piece::Text(b""));
    pieces
}

/// The name after a `$` and its length with braces.
fn reference(text: &[u8]) -> Option<(Piece<'_>, usize)> {
    let brace = usize::from(text.first() == Some(&b'{'));
    let mut end = brace;
    loop {
        let (rune, width) = decode(&text[end..]);
        if width == 0 || !(is_letter(rune) || is_digit(rune) || rune == '_') {
            break;
        }
        end += width;
    }
    let name = &text[brace..end];
    if name.is_empty() || (brace == 1 && text.get(end) != Some(&b'}')) {
        return None;
    }
    let number = name.iter().all(u8::is_ascii_digit) && !(name.len() > 1 && name[0] == b'0') && name.len() <= 9;
    let number = if number { std::str::from_utf8(name).ok().and_then(|digits| digits.parse().ok()) } else { None };
    Some((number.map_or(Piece::Name(name), Piece::Group), end + brace))
}

fn quote_meta(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let text = text(args, 0);
    spend_text(vm, text.len() * 2)?;
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        if br"\.+*?()|[]{}^$".contains(&byte) {
            out.push(b'\\');
        }
        out.push(byte);
    }
    Ok(Value::text(out))
}
