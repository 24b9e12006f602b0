//! Result types of the server's own functions and operators, and of those of common extensions: tables taken from the catalogs of a real server.
use super::infer::{array_of, becomes, element, plain_name, preferred, range_element};
use super::unknown;
use crate::engines::schema::catalog::DataType;
use crate::engines::schema::postgres::normal;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What a function gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engines::schema::postgres::replay) struct Result {
    /// Its type; of one with several columns `record`.
    pub(in crate::engines::schema::postgres::replay) data_type: DataType,
    /// Columns, when it gives several.
    pub(in crate::engines::schema::postgres::replay) columns: Vec<(String, DataType)>,
}

/// A function or operator.
#[derive(Debug, Clone)]
struct Callable {
    /// Extension that it belongs to.
    extension: &'static str,
    /// Types of its arguments; `None` where every form gives the same.
    arguments: Option<Vec<&'static str>>,
    variadic: bool,
    defaults: usize,
    gives: &'static str,
}

type Table = BTreeMap<&'static str, Vec<Callable>>;

static FUNCTIONS: OnceLock<Table> = OnceLock::new();
static OPERATORS: OnceLock<Table> = OnceLock::new();

fn functions() -> &'static Table {
    FUNCTIONS.get_or_init(|| {
        let mut table = Table::new();
        for line in include_str!("functions.txt").lines() {
            let Some((head, gives)) = line.split_once('=') else { continue };
            let (extension, head) = head.split_once(':').unwrap_or(("", head));
            let (head, defaults) = head.split_once('~').unwrap_or((head, "0"));
            let (name, arguments) = match head.split_once('(') {
                Some((name, arguments)) => (name, Some(arguments.trim_end_matches(')'))),
                None => (head, None),
            };
            let variadic = arguments.is_some_and(|one| one.ends_with("..."));
            let arguments = arguments
                .map(|list| list.trim_end_matches("...").split(',').filter(|one| !one.is_empty()).collect::<Vec<_>>());
            let defaults = defaults.parse().unwrap_or(0);
            table.entry(name).or_default().push(Callable { extension, arguments, variadic, defaults, gives });
        }
        table
    })
}

fn operators() -> &'static Table {
    OPERATORS.get_or_init(|| {
        let mut table = Table::new();
        for line in include_str!("operators.txt").lines() {
            let Some((head, gives)) = line.rsplit_once('=') else { continue };
            let (extension, head) = match head.split_once(':') {
                Some((extension, head)) if extension.chars().all(|one| one.is_ascii_lowercase() || one == '_') => {
                    (extension, head)
                }
                _ => ("", head),
            };
            let parts: Vec<&'static str> = head.split(',').collect();
            let (name, arguments) = match parts.as_slice() {
                [left, name, right] => (*name, Some([*left, *right].into_iter().filter(|one| *one != "-").collect())),
                _ => (head, None),
            };
            table.entry(name).or_default().push(Callable { extension, arguments, variadic: false, defaults: 0, gives });
        }
        table
    })
}

/// What a function of the server or of one of these extensions gives; `None` when there is none of this name.
pub(super) fn function(name: &str, given: &[DataType], extensions: &dyn Fn(&str) -> bool) -> Option<Result> {
    let list: Vec<&Callable> =
        functions().get(name)?.iter().filter(|one| one.extension.is_empty() || extensions(one.extension)).collect();
    if list.is_empty() {
        return None;
    }
    Some(choose(&list, given).unwrap_or_else(|| Result { data_type: unknown(), columns: Vec::new() }))
}

/// What an operator gives.
pub(super) fn operator(name: &str, given: &[DataType], extensions: &dyn Fn(&str) -> bool) -> DataType {
    let Some(list) = operators().get(name) else { return unknown() };
    let list: Vec<&Callable> =
        list.iter().filter(|one| one.extension.is_empty() || extensions(one.extension)).collect();
    // A constant of unknown type next to another is first taken as the same type.
    if let [one, other] = given {
        let same = match (one.name.as_str(), other.name.as_str()) {
            ("unknown", _) => Some(other),
            (_, "unknown") => Some(one),
            _ => None,
        };
        if let Some(same) = same
            && let Some(found) = list.iter().find(|callable| exact(callable, &[same.clone(), same.clone()]))
        {
            return gives(found, &[same.clone(), same.clone()]).data_type;
        }
    }
    choose(&list, given).map_or_else(unknown, |result| result.data_type)
}

fn exact(callable: &Callable, given: &[DataType]) -> bool {
    match &callable.arguments {
        None => false,
        Some(arguments) => {
            arguments.len() == given.len() && arguments.iter().zip(given).all(|(one, given)| *one == plain_name(given))
        }
    }
}

/// The best form for these arguments, after the rules by which the server chooses; `None` when it cannot be told.
fn choose(list: &[&Callable], given: &[DataType]) -> Option<Result> {
    if let [only] = list
        && only.arguments.is_none()
    {
        return Some(gives(only, given));
    }
    let mut best: Option<(usize, usize, usize)> = None;
    let mut found: Vec<Result> = Vec::new();
    for callable in list {
        let Some(score) = score(callable, given) else { continue };
        match best {
            Some(before) if before > score => continue,
            Some(before) if before == score => {}
            _ => found.clear(),
        }
        best = Some(score);
        let result = gives(callable, given);
        if !found.contains(&result) {
            found.push(result);
        }
    }
    match found.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    }
}

/// How well a form fits: exact arguments, preferred types where one must be converted, text for constants.
fn score(callable: &Callable, given: &[DataType]) -> Option<(usize, usize, usize)> {
    let Some(arguments) = &callable.arguments else { return Some((0, 0, 0)) };
    let least = arguments.len() - callable.defaults.min(arguments.len());
    let fits = match callable.variadic {
        true => given.len() + 1 >= arguments.len(),
        false => (least..=arguments.len()).contains(&given.len()),
    };
    if !fits {
        return None;
    }
    let mut score = (0, 0, 0);
    for (nth, given) in given.iter().enumerate() {
        let wanted = match arguments.get(nth) {
            Some(one) if !(callable.variadic && nth + 1 == arguments.len()) => (*one).to_owned(),
            _ => arguments.last()?.trim_end_matches("[]").to_owned(),
        };
        if wanted == plain_name(given) {
            score.0 += 1;
            continue;
        }
        if given.name == "?" {
            continue;
        }
        if polymorphic(&wanted, given)? {
            continue;
        }
        let wanted = normal::data_type(&wanted);
        if given.name == "unknown" {
            score.2 += usize::from(wanted.name == "text" && !wanted.array);
            continue;
        }
        if !becomes(given, &wanted) {
            return None;
        }
        score.1 += usize::from(preferred(&wanted));
    }
    Some(score)
}

/// Whether a pseudo-type takes an argument; `None` when it cannot, false when it is no pseudo-type.
fn polymorphic(wanted: &str, given: &DataType) -> Option<bool> {
    let fits = match wanted {
        "anyarray" | "anycompatiblearray" => given.array || given.name == "unknown" || given.name.ends_with("vector"),
        "anynonarray" | "anycompatiblenonarray" => !given.array,
        "anyrange" | "anycompatiblerange" => given.schema.is_some() || given.name.ends_with("range"),
        "anymultirange" | "anycompatiblemultirange" => given.name.ends_with("multirange"),
        "anyenum" => given.schema.is_some() && !given.array,
        "anyelement" | "anycompatible" | "any" => true,
        _ => return Some(false),
    };
    fits.then_some(true)
}

fn gives(callable: &Callable, given: &[DataType]) -> Result {
    let text = callable.gives.trim_start_matches('*');
    if let Some(columns) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let columns = columns.split(", ").filter_map(|one| one.split_once(' '));
        let columns = columns.map(|(name, text)| (name.to_owned(), bound(text, callable, given))).collect();
        return Result { data_type: DataType::plain("record"), columns };
    }
    Result { data_type: bound(text, callable, given), columns: Vec::new() }
}

/// A result type, pseudo-types bound by the arguments.
fn bound(text: &str, callable: &Callable, given: &[DataType]) -> DataType {
    if !text.starts_with("any") {
        return match text {
            "character" => DataType::plain("bpchar"),
            "bit" => DataType::plain("bit"),
            _ => normal::data_type(text),
        };
    }
    let arguments = callable.arguments.as_deref().unwrap_or_default();
    let pairs = || arguments.iter().copied().chain(arguments.last().copied().into_iter().cycle()).zip(given);
    let elements: Vec<DataType> = pairs()
        .filter_map(|(wanted, given)| match wanted.trim_start_matches("anycompatible").trim_start_matches("any") {
            "array" => Some(element(given)),
            "range" | "multirange" => range_element(&given.name).map(DataType::plain),
            "element" | "nonarray" | "enum" | "" if wanted.starts_with("any") => Some(given.clone()),
            _ => None,
        })
        .map(|one| DataType { modifiers: Vec::new(), ..one })
        .collect();
    let first = match text.starts_with("anycompatible") {
        true => super::infer::common(&elements),
        false => elements.iter().find(|one| one.name != "unknown").cloned().unwrap_or_else(unknown),
    };
    let range = pairs().find(|(wanted, _)| wanted.ends_with("range")).map(|(_, given)| given.clone());
    if first.name == "?" {
        return match range {
            Some(range) if text.ends_with("range") => range,
            _ => unknown(),
        };
    }
    match text {
        "anyarray" | "anycompatiblearray" => array_of(&first),
        _ if text.ends_with("multirange") => range.map_or_else(unknown, |one| {
            DataType::plain(one.name.trim_end_matches("range").trim_end_matches("multi").to_owned() + "multirange")
        }),
        _ if text.ends_with("range") => {
            range.map_or_else(unknown, |one| DataType::plain(one.name.replace("multirange", "range")))
        }
        _ => first,
    }
}
