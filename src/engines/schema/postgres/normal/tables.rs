//! What the server brings along: categories of types, functions, operators and casts, as tables written by a program.
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A function or an operator.
#[derive(Debug, Clone)]
pub(super) struct Signature {
    /// Types that it takes.
    pub(super) takes: Vec<&'static str>,
    /// Type that it gives.
    pub(super) gives: &'static str,
    /// How many of the last arguments may be left out.
    pub(super) defaults: usize,
    /// Whether the last argument takes any number of values.
    pub(super) variadic: bool,
}

struct Tables {
    categories: BTreeMap<&'static str, (char, bool)>,
    functions: BTreeMap<&'static str, Vec<Signature>>,
    operators: BTreeMap<&'static str, Vec<Signature>>,
    casts: BTreeMap<(&'static str, &'static str), char>,
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with("# "))
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| Tables {
        categories: categories(),
        functions: functions(),
        operators: operators(),
        casts: casts(),
    })
}

fn categories() -> BTreeMap<&'static str, (char, bool)> {
    let mut all = BTreeMap::new();
    for line in lines(include_str!("types.txt")) {
        if let Some((name, class)) = line.rsplit_once('|') {
            all.insert(name, (class.chars().next().unwrap_or('U'), class.ends_with('+')));
        }
    }
    all.insert("bpchar", ('S', false));
    all
}

fn functions() -> BTreeMap<&'static str, Vec<Signature>> {
    let mut all: BTreeMap<&'static str, Vec<Signature>> = BTreeMap::new();
    for line in lines(include_str!("functions.txt")) {
        let mut fields = line.split('|');
        let (Some(name), Some(takes), Some(gives), Some(marks)) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        all.entry(name).or_default().push(Signature {
            takes: takes.split(',').filter(|one| !one.is_empty()).collect(),
            gives: gives.strip_prefix("setof ").unwrap_or(gives),
            defaults: marks.chars().filter_map(|one| one.to_digit(10)).next().unwrap_or(0) as usize,
            variadic: marks.contains('v'),
        });
    }
    all
}

fn operators() -> BTreeMap<&'static str, Vec<Signature>> {
    let mut all: BTreeMap<&'static str, Vec<Signature>> = BTreeMap::new();
    for line in lines(include_str!("operators.txt")) {
        let Some((name, types)) = line.split_once('\t') else { continue };
        let mut fields = types.split('|');
        let (Some(left), Some(right), Some(gives)) = (fields.next(), fields.next(), fields.next()) else { continue };
        let takes = [left, right].into_iter().filter(|one| !one.is_empty()).collect();
        all.entry(name).or_default().push(Signature { takes, gives, defaults: 0, variadic: false });
    }
    all
}

fn casts() -> BTreeMap<(&'static str, &'static str), char> {
    let mut all = BTreeMap::new();
    for line in lines(include_str!("casts.txt")) {
        let mut fields = line.split('|');
        if let (Some(from), Some(to), Some(how)) = (fields.next(), fields.next(), fields.next()) {
            all.insert((from, to), how.chars().next().unwrap_or('e'));
        }
    }
    all
}

/// The category of a type of the server, and whether it is the preferred one of it.
pub(super) fn category(name: &str) -> Option<(char, bool)> {
    tables().categories.get(name).copied()
}

/// Functions of this name.
pub(super) fn functions_of(name: &str) -> &'static [Signature] {
    tables().functions.get(name).map(Vec::as_slice).unwrap_or_default()
}

/// Operators of this name with this many operands.
pub(super) fn operators_of(name: &str, operands: usize) -> Vec<&'static Signature> {
    let all = tables().operators.get(name).map(Vec::as_slice).unwrap_or_default();
    all.iter().filter(|one| one.takes.len() == operands).collect()
}

/// Whether the server casts from one type to another by itself.
pub(super) fn casts_itself(from: &str, to: &str) -> bool {
    let casts = &tables().casts;
    from == to || casts.range((from, to)..=(from, to)).next().is_some_and(|(_, how)| *how == 'i')
}
