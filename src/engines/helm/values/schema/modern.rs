//! The schemas of Helm 4: all drafts, with the words of the library that Helm uses.
use crate::engines::gotemplate::fmt;
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
            _ => format!("no URLLoader registered for {}", fmt::quote_text(url)).into(),
        })
    }
}

/// The complaints about values, if there are any.
pub(super) fn validate(schema: Value, values: &Value) -> Option<String> {
    let mut schemas = Schemas::new();
    let index = match compile(schema.clone(), &mut schemas) {
        Ok(index) => index,
        Err(error) => return Some(uncompiled(&error)),
    };
    let mut error = schemas.validate(values, index).err()?;
    // Floats are not exact, and Helm counts in decimals.
    error.causes.retain(|cause| !matches!(&cause.kind, ErrorKind::MultipleOf { got, want } if multiple(got, want)));
    if error.causes.is_empty() {
        return None;
    }
    let text = whole(&error, Some(&schema));
    let text = text.strip_prefix(&format!("jsonschema validation failed with '{PLACE}#'\n")).unwrap_or(&text);
    Some(format!("{text}\n"))
}

/// Whether a number is a multiple of another, as both are written in decimals.
fn multiple(number: &Number, step: &Number) -> bool {
    let parts = |number: &Number| -> Option<(i128, u32)> {
        let text = number.as_f64()?.abs().to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        Some((format!("{whole}{fraction}").parse().ok()?, u32::try_from(fraction.len()).ok()?))
    };
    let exact = || {
        let ((number, digits), (step, more)) = (parts(number)?, parts(step)?);
        let scale = digits.max(more);
        let number = number.checked_mul(10i128.checked_pow(scale - digits)?)?;
        let step = step.checked_mul(10i128.checked_pow(scale - more)?)?;
        number.checked_rem(step)
    };
    exact() == Some(0)
}

fn compile(schema: Value, schemas: &mut Schemas) -> Result<SchemaIndex, CompileError> {
    let mut compiler = Compiler::new();
    compiler.set_default_draft(Draft::V2020_12);
    compiler.use_loader(Box::new(NoLoader));
    compiler.add_resource(PLACE, schema)?;
    compiler.compile(PLACE, schemas)
}

fn uncompiled(error: &CompileError) -> String {
    let quoted = |text: &str| fmt::quote_text(text);
    match error {
        CompileError::ParseUrlError { url, src } => format!("error in parsing {}: {src}", quoted(url)),
        CompileError::LoadUrlError { url, src } => format!("failing loading {}: {src}", quoted(url)),
        CompileError::UnsupportedUrlScheme { url } => format!("no URLLoader registered for {}", quoted(url)),
        CompileError::InvalidMetaSchemaUrl { url, src } => format!("invalid $schema in {}: {src}", quoted(url)),
        CompileError::UnsupportedDraft { url } => format!("draft {} is not supported", quoted(url)),
        CompileError::MetaSchemaCycle { url } => format!("cycle in resolving $schema in {}", quoted(url)),
        CompileError::ValidationError { url, src } => {
            let url = if url.contains('#') { url.clone() } else { format!("{url}#") };
            format!("{} is not valid against metaschema: {}", quoted(&url), whole(src, None))
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
fn whole(error: &ValidationError<'_, '_>, schema: Option<&Value>) -> String {
    let mut printer = Printer { schema, text: String::new() };
    printer.display(error, 0);
    printer.text
}

/// Writes a tree of complaints.
struct Printer<'a> {
    /// The schema as it is written, where patterns are looked up.
    schema: Option<&'a Value>,
    text: String,
}

impl Printer<'_> {
    fn line(&mut self, indent: usize, place: &str, said: &str) {
        self.text += &format!("\n{}- at {}: {said}", "  ".repeat(indent.saturating_sub(1)), quote(place));
    }

    fn display(&mut self, error: &ValidationError<'_, '_>, mut indent: usize) {
        let passed_over = error.causes.len() == 1 && matches!(error.kind, ErrorKind::Reference { .. });
        if !passed_over {
            match &error.kind {
                ErrorKind::Schema { .. } => self.text += &kind(&error.kind),
                ErrorKind::Pattern { got, want } => {
                    let want = self.pattern(error.schema_url).unwrap_or((*want).to_owned());
                    let said = format!("{} does not match pattern {}", quote(got), quote(&want));
                    self.line(indent, &error.instance_location.to_string(), &said);
                }
                other => self.line(indent, &error.instance_location.to_string(), &kind(other)),
            }
            indent += 1;
        }
        for cause in &error.causes {
            let mut indent = indent;
            for (place, said) in left_out(error, cause) {
                self.line(indent, &place, said);
                indent += 1;
            }
            stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.display(cause, indent));
        }
    }

    /// The pattern as it is written: the library at hand knows it only as it has translated it.
    fn pattern(&self, place: &str) -> Option<String> {
        let pointer = place.strip_prefix(PLACE)?.strip_prefix('#')?;
        let pointer = pointer.replace("%25", "%").replace("%20", " ").replace("%22", "\"").replace("%5E", "^");
        Some(self.schema?.pointer(&pointer)?.get("pattern")?.as_str()?.to_owned())
    }
}

/// The combining keywords between two complaints that the library at hand leaves out when a single one is below them, and Helm's
/// does not: where in the values each stands, and what is said of it.
fn left_out(above: &ValidationError<'_, '_>, below: &ValidationError<'_, '_>) -> Vec<(String, &'static str)> {
    let base = match above.kind {
        ErrorKind::Reference { url, .. } => url,
        _ => above.schema_url,
    };
    let Some(path) = below.schema_url.strip_prefix(base) else { return Vec::new() };
    let mut parts = path.trim_start_matches(['#', '/']).split('/').peekable();
    let mut depth = above.instance_location.tokens.len();
    // A combining keyword that is there itself comes first in the paths of what is below it.
    let mut known = matches!(above.kind, ErrorKind::AllOf | ErrorKind::AnyOf | ErrorKind::OneOf(_));
    let mut found = Vec::new();
    while let Some(part) = parts.next() {
        match part {
            "allOf" | "anyOf" | "oneOf" => {
                parts.next();
                if !std::mem::take(&mut known) {
                    let place: String =
                        below.instance_location.to_string().split_inclusive('/').take(depth + 1).collect();
                    let place = if place.len() == below.instance_location.to_string().len() {
                        place
                    } else {
                        place.trim_end_matches('/').to_owned()
                    };
                    let said = match part {
                        "allOf" => "'allOf' failed",
                        "anyOf" => "'anyOf' failed",
                        _ => "'oneOf' failed, none matched",
                    };
                    found.push((place, said));
                }
            }
            "properties" | "patternProperties" => {
                parts.next();
                depth += 1;
            }
            "items" | "prefixItems" => {
                parts.next_if(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
                depth += 1;
            }
            "additionalProperties" | "unevaluatedProperties" | "additionalItems" | "unevaluatedItems" | "contains" => {
                depth += 1;
            }
            "dependentSchemas" | "dependencies" => drop(parts.next()),
            _ => (),
        }
    }
    found
}

fn kind(kind: &ErrorKind<'_, '_>) -> String {
    let quoted = |list: &[&str]| list.iter().map(|text| quote(text)).collect::<Vec<_>>().join(", ");
    match kind {
        ErrorKind::Group | ErrorKind::Reference { .. } => "validation failed".into(),
        ErrorKind::Schema { url } => {
            let url = if url.contains('#') { (*url).to_owned() } else { format!("{url}#") };
            format!("jsonschema validation failed with {}", quote(&url))
        }
        ErrorKind::ContentSchema => "'contentSchema' failed".into(),
        ErrorKind::PropertyName { prop } => format!("invalid propertyName {}", quote(prop)),
        ErrorKind::RefCycle { url, kw_loc1, kw_loc2 } => {
            format!("both {kw_loc1} and {kw_loc2} resolve to {} causing reference cycle", fmt::quote_text(url))
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
            let got: Vec<&str> = got.iter().map(|name| name.as_ref()).collect();
            format!("additional properties {} not allowed", quoted(&got))
        }
        ErrorKind::Required { want } => match want.as_slice() {
            [one] => format!("missing property {}", quote(one)),
            list => format!("missing properties {}", quoted(list)),
        },
        ErrorKind::Dependency { prop, missing } | ErrorKind::DependentRequired { prop, missing } => {
            format!("properties {} required, if {} exists", quoted(missing), quote(prop))
        }
        ErrorKind::Not => "'not' failed".into(),
        ErrorKind::AllOf => "'allOf' failed".into(),
        ErrorKind::AnyOf => "'anyOf' failed".into(),
        ErrorKind::OneOf(None) => "'oneOf' failed, none matched".into(),
        ErrorKind::OneOf(Some((first, second))) => {
            format!("'oneOf' failed, subschemas {}, {} matched", grouped(*first), grouped(*second))
        }
        other => amount(other),
    }
}

/// What is said of counts and sizes.
fn amount(kind: &ErrorKind<'_, '_>) -> String {
    let at = |places: &[usize]| places.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
    match kind {
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
        other => other.to_string(),
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
    if value != 0.0 && !(-4..6).contains(&exponent) {
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
    let quoted = fmt::quote_text(text);
    let inner = quoted.get(1..quoted.len() - 1).unwrap_or_default();
    format!("'{}'", inner.replace("\\\"", "\"").replace('\'', "\\'"))
}
