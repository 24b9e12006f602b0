//! The schemas of Helm 4: all drafts, with the words of the library that Helm uses.
use crate::engines::helm::values::go_quote;
use crate::engines::helm::values::text::go_number;
use boon::{CompileError, Compiler, Draft, ErrorKind, SchemaIndex, Schemas, Type, UrlLoader, ValidationError};
use serde_json::{Number, Value};
use std::error::Error;

const PLACE: &str = "file:///values.schema.json";

/// Gives no schema but those that Helm takes to be there.
struct NoLoader;

impl UrlLoader for NoLoader {
    fn load(&self, url: &str) -> Result<Value, Box<dyn Error>> {
        if url.starts_with("urn:") {
            // Helm warns and lets everything pass.
            return Ok(Value::Bool(true));
        }
        Err(match url.split_once(':').map_or("", |(scheme, _)| scheme) {
            "http" | "https" => {
                format!("HTTP request failed for {url}: schemas are not loaded from the network").into()
            }
            "file" => format!("open {}: no such file or directory", url.trim_start_matches("file://")).into(),
            _ => format!("no URLLoader registered for {}", go_quote(url)).into(),
        })
    }
}

/// The complaints about values, if there are any.
pub(super) fn validate(schema: Value, values: &Value) -> Option<String> {
    let mut schemas = Schemas::new();
    let index = match compile(schema, &mut schemas) {
        Ok(index) => index,
        Err(error) => return Some(uncompiled(&error)),
    };
    let error = schemas.validate(values, index).err()?;
    let text = whole(&error);
    let text = text.strip_prefix(&format!("jsonschema validation failed with '{PLACE}#'\n")).unwrap_or(&text);
    Some(format!("{text}\n"))
}

fn compile(schema: Value, schemas: &mut Schemas) -> Result<SchemaIndex, CompileError> {
    let mut compiler = Compiler::new();
    compiler.set_default_draft(Draft::V2020_12);
    compiler.use_loader(Box::new(NoLoader));
    compiler.add_resource(PLACE, schema)?;
    compiler.compile(PLACE, schemas)
}

fn uncompiled(error: &CompileError) -> String {
    let quoted = |text: &str| go_quote(text);
    match error {
        CompileError::ParseUrlError { url, src } => format!("error in parsing {}: {src}", quoted(url)),
        CompileError::LoadUrlError { url, src } => format!("failing loading {}: {src}", quoted(url)),
        CompileError::UnsupportedUrlScheme { url } => format!("no URLLoader registered for {}", quoted(url)),
        CompileError::InvalidMetaSchemaUrl { url, src } => format!("invalid $schema in {}: {src}", quoted(url)),
        CompileError::UnsupportedDraft { url } => format!("draft {} is not supported", quoted(url)),
        CompileError::MetaSchemaCycle { url } => format!("cycle in resolving $schema in {}", quoted(url)),
        CompileError::ValidationError { url, src } => {
            let url = if url.contains('#') { url.clone() } else { format!("{url}#") };
            format!("{} is not valid against metaschema: {}", quoted(&url), whole(src))
        }
        CompileError::ParseIdError { loc } => format!("error in parsing id at {}", quoted(loc)),
        CompileError::ParseAnchorError { loc } => format!("error in parsing anchor at {}", quoted(loc)),
        CompileError::DuplicateId { url, id, ptr1, ptr2 } => {
            format!("duplicate id {} in {} at {} and {}", quoted(id), quoted(url), quoted(ptr1), quoted(ptr2))
        }
        CompileError::DuplicateAnchor { anchor, url, ptr1, ptr2 } => {
            format!("duplicate anchor {} in {} at {} and {}", quoted(anchor), quoted(url), quoted(ptr1), quoted(ptr2))
        }
        CompileError::InvalidJsonPointer(place) => format!("invalid json-pointer {}", quoted(place)),
        CompileError::JsonPointerNotFound(place) => format!("json-pointer in {} not found", quoted(place)),
        CompileError::AnchorNotFound { url, reference } => {
            format!("anchor in {} not found in schema {}", quoted(reference), quoted(url))
        }
        CompileError::UnsupportedVocabulary { url, vocabulary } => {
            format!("unsupported vocabulary {} in {}", quoted(vocabulary), quoted(url))
        }
        CompileError::InvalidRegex { url, regex, src } => {
            format!("invalid regex {} at {}: {src}", quoted(regex), quoted(url))
        }
        CompileError::Bug(source) => format!("unable to validate schema: {source}"),
    }
}

/// The complaint with all that is below it.
fn whole(error: &ValidationError<'_, '_>) -> String {
    let mut text = String::new();
    display(error, 0, &mut text);
    text
}

fn display(error: &ValidationError<'_, '_>, mut indent: usize, text: &mut String) {
    let passed_over = error.causes.len() == 1 && matches!(error.kind, ErrorKind::Reference { .. });
    if !passed_over {
        if indent > 0 {
            text.push('\n');
            text.push_str(&"  ".repeat(indent - 1));
            text.push_str("- ");
        }
        indent += 1;
        let said = kind(&error.kind);
        match &error.kind {
            ErrorKind::Schema { .. } => text.push_str(&said),
            _ => *text += &format!("at {}: {said}", quote(&error.instance_location.to_string())),
        }
    }
    let mut causes: Vec<&ValidationError<'_, '_>> = error.causes.iter().collect();
    // Helm goes through properties in an order that changes from run to run; here they are sorted.
    if !matches!(error.kind, ErrorKind::AllOf | ErrorKind::AnyOf | ErrorKind::OneOf(_)) {
        causes.sort_by_cached_key(|cause| place(cause));
    }
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || causes.into_iter().for_each(|cause| display(cause, indent, text)));
}

/// A key to sort complaints by, in which numbers of items count as numbers.
fn place(error: &ValidationError<'_, '_>) -> Vec<(u64, String)> {
    let place = error.instance_location.to_string();
    place.split('/').map(|part| (part.parse::<u64>().map_or(u64::MAX, |number| number), part.to_owned())).collect()
}

fn kind(kind: &ErrorKind<'_, '_>) -> String {
    let quoted = |list: &[&str]| list.iter().map(|text| quote(text)).collect::<Vec<_>>().join(", ");
    let at = |places: &[usize]| places.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
    match kind {
        ErrorKind::Group | ErrorKind::Reference { .. } => "validation failed".into(),
        ErrorKind::Schema { url } => {
            let url = if url.contains('#') { (*url).to_owned() } else { format!("{url}#") };
            format!("jsonschema validation failed with {}", quote(&url))
        }
        ErrorKind::ContentSchema => "'contentSchema' failed".into(),
        ErrorKind::PropertyName { prop } => format!("invalid propertyName {}", quote(prop)),
        ErrorKind::RefCycle { url, kw_loc1, kw_loc2 } => {
            format!("both {kw_loc1} and {kw_loc2} resolve to {} causing reference cycle", go_quote(url))
        }
        ErrorKind::FalseSchema => "false schema".into(),
        ErrorKind::Type { got, want } => {
            let want: Vec<String> = want.iter().map(|one: Type| one.to_string()).collect();
            format!("got {got}, want {}", want.join(" or "))
        }
        ErrorKind::Enum { want } => match want.as_slice() {
            list if list.iter().any(|value| value.is_array() || value.is_object()) => "'enum' failed".into(),
            [one] => format!("value must be {}", show(one)),
            list => format!("value must be one of {}", list.iter().map(show).collect::<Vec<_>>().join(", ")),
        },
        ErrorKind::Const { want } if want.is_array() || want.is_object() => "'const' failed".into(),
        ErrorKind::Const { want } => format!("value must be {}", show(want)),
        ErrorKind::Format { got, want, err } => format!("{} is not valid {want}: {err}", show(got)),
        ErrorKind::MinProperties { got, want } => counted("minProperties", *got, *want),
        ErrorKind::MaxProperties { got, want } => counted("maxProperties", *got, *want),
        ErrorKind::AdditionalProperties { got } => {
            let mut got: Vec<&str> = got.iter().map(|name| name.as_ref()).collect();
            got.sort_unstable();
            format!("additional properties {} not allowed", quoted(&got))
        }
        ErrorKind::Required { want } => match want.as_slice() {
            [one] => format!("missing property {}", quote(one)),
            list => format!("missing properties {}", quoted(list)),
        },
        ErrorKind::Dependency { prop, missing } | ErrorKind::DependentRequired { prop, missing } => {
            format!("properties {} required, if {} exists", quoted(missing), quote(prop))
        }
        ErrorKind::MinItems { got, want } => counted("minItems", *got, *want),
        ErrorKind::MaxItems { got, want } => counted("maxItems", *got, *want),
        ErrorKind::Contains => "no items match contains schema".into(),
        ErrorKind::MinContains { got, want } if got.is_empty() => {
            format!("min {} items required to match contains schema, but none matched", grouped(*want))
        }
        ErrorKind::MinContains { got, want } => {
            let (want, count, at) = (grouped(*want), grouped(got.len()), at(got));
            format!("min {want} items required to match contains schema, but matched {count} items at {at}")
        }
        ErrorKind::MaxContains { got, want } => {
            let (want, count, at) = (grouped(*want), grouped(got.len()), at(got));
            format!("max {want} items required to match contains schema, but matched {count} items at {at}")
        }
        ErrorKind::UniqueItems { got: [first, second] } => {
            format!("items at {} and {} are equal", grouped(*first), grouped(*second))
        }
        ErrorKind::AdditionalItems { got } => format!("last {} additionalItem(s) not allowed", grouped(*got)),
        ErrorKind::MinLength { got, want } => counted("minLength", *got, *want),
        ErrorKind::MaxLength { got, want } => counted("maxLength", *got, *want),
        ErrorKind::Pattern { got, want } => format!("{} does not match pattern {}", quote(got), quote(want)),
        ErrorKind::ContentEncoding { want, err } => format!("value is not {} encoded: {err}", quote(want)),
        ErrorKind::ContentMediaType { want, err, .. } => format!("value if not of mediatype {}: {err}", quote(want)),
        ErrorKind::Minimum { got, want } => measured("minimum", got, want),
        ErrorKind::Maximum { got, want } => measured("maximum", got, want),
        ErrorKind::ExclusiveMinimum { got, want } => measured("exclusiveMinimum", got, want),
        ErrorKind::ExclusiveMaximum { got, want } => measured("exclusiveMaximum", got, want),
        ErrorKind::MultipleOf { got, want } => measured("multipleOf", got, want),
        ErrorKind::Not => "'not' failed".into(),
        ErrorKind::AllOf => "'allOf' failed".into(),
        ErrorKind::AnyOf => "'anyOf' failed".into(),
        ErrorKind::OneOf(None) => "'oneOf' failed, none matched".into(),
        ErrorKind::OneOf(Some((first, second))) => {
            format!("'oneOf' failed, subschemas {}, {} matched", grouped(*first), grouped(*second))
        }
    }
}

fn counted(keyword: &str, got: usize, want: usize) -> String {
    format!("{keyword}: got {}, want {}", grouped(got), grouped(want))
}

fn measured(keyword: &str, got: &Number, want: &Number) -> String {
    format!("{keyword}: got {}, want {}", english(got), english(want))
}

/// A whole number as English has it: `1,000`.
fn grouped(number: usize) -> String {
    group(&number.to_string())
}

fn group(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number as English has it: `1,000.5`, `1.5×10⁰⁷`.
fn english(number: &Number) -> String {
    let value = number.as_f64().unwrap_or_default();
    let scientific = format!("{:e}", value.abs());
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let sign = if value < 0.0 { "-" } else { "" };
    // Six digits at least, and as many as the number has when it is whole.
    if value != 0.0 && !(-4..21).contains(&exponent) || (exponent >= 6 && !digits.is_empty()) || exponent < -4 {
        let raised =
            |char: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(char.to_digit(10).unwrap_or_default() as usize).unwrap_or(char);
        let power: String = format!("{:02}", exponent.abs()).chars().map(raised).collect();
        let minus = if exponent < 0 { "⁻" } else { "" };
        return format!("{sign}{digits}×10{minus}{power}");
    }
    let plain = value.abs().to_string();
    let (whole, fraction) =
        plain.split_once('.').map_or((plain.as_str(), String::new()), |(w, f)| (w, format!(".{f}")));
    format!("{sign}{}{fraction}", group(whole))
}

/// A scalar of the schema, whose numbers are as they are written.
fn show(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".into(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => go_number(number),
        Value::String(text) => quote(text),
        Value::Array(_) | Value::Object(_) => "value".into(),
    }
}

/// A text between single quotes.
fn quote(text: &str) -> String {
    let quoted = go_quote(text);
    let inner = quoted.get(1..quoted.len() - 1).unwrap_or_default();
    format!("'{}'", inner.replace("\\\"", "\"").replace('\'', "\\'"))
}
