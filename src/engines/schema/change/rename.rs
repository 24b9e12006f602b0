//! Guesses at renames that nobody saw: only between things that are alike in everything but the name, and only when no other comes close.
use super::side::Side;
use super::types::Evidence;
use crate::engines::schema::catalog::{Column, Key, Kind, Object};
use std::collections::BTreeMap;

/// Least score that is held for a rename.
const ENOUGH: u8 = 75;
/// By how much the best must be better than the next.
const CLEAR: u8 = 12;

/// An object with the catalog that it lies in.
pub(super) struct One<'a> {
    /// The object.
    pub(super) object: &'a Object,
    /// Its catalog.
    pub(super) side: &'a Side<'a>,
    /// Its key, names of what it belongs to as they are later.
    pub(super) expected: Key,
}

/// How much speaks for a rename.
#[derive(Debug, Clone)]
pub(super) struct Score {
    points: u8,
    reasons: Vec<&'static str>,
}

/// Whether a type, table, view or sequence may be another under a new name.
pub(super) fn top(before: &One<'_>, after: &One<'_>, kind: Kind) -> Option<Score> {
    if before.expected.schema != after.expected.schema {
        return None;
    }
    let alike = similarity(&before.expected.name, &after.expected.name);
    if kind != Kind::Table {
        // Small things look alike by chance: the name must speak for it too.
        let same = before.object.attributes == after.object.attributes && !before.object.attributes.is_empty();
        return (same && alike >= 0.5).then(|| Score::new(55, alike, vec!["same definition"]));
    }
    let table = |one: &One<'_>| one.object.key.table_name().unwrap_or_default();
    let (old, new) = (before.side.columns(&table(before)), after.side.columns(&table(after)));
    let shared =
        old.iter().filter(|one| new.iter().any(|other| other.name == one.name && other.data_type == one.data_type));
    let (shared, all) = (shared.count(), old.len().max(new.len()));
    if all < 2 || shared * 10 < all * 8 {
        return None;
    }
    let whole = shared == all;
    let enough = alike >= 0.5 || (whole && all >= 4 && alike >= 0.3);
    let reason = if whole { "same columns" } else { "most columns are the same" };
    enough.then(|| Score::new(if whole { 60 } else { 52 }, alike, vec![reason]))
}

/// Whether a part of a table may be another under a new name.
pub(super) fn part(before: &One<'_>, after: &One<'_>, kind: Kind) -> Option<Score> {
    let alike = similarity(&before.expected.name, &after.expected.name);
    if kind != Kind::Column {
        let same = before.object.attributes == after.object.attributes;
        return same.then(|| Score::new(80, alike, vec!["same definition"]));
    }
    if before.object.attributes.get("type") != after.object.attributes.get("type") || alike < 0.5 {
        return None;
    }
    let mut reasons = vec!["same type"];
    let mut points = 40;
    if before.object.attributes == after.object.attributes {
        points += 8;
    } else if !close(before.object, after.object) {
        return None;
    }
    match place(before, after)? {
        Place::Between => {
            points += 22;
            reasons.push("same neighbours");
        }
        Place::Last => {
            points += 8;
            reasons.push("same position");
        }
    }
    Some(Score::new(points, alike, reasons))
}

/// Whether two columns of one type differ in no more than their comment and default.
fn close(old: &Object, new: &Object) -> bool {
    let names = old.attributes.keys().chain(new.attributes.keys());
    names
        .filter(|name| !matches!(name.as_str(), "comment" | "default"))
        .all(|name| old.attributes.get(name) == new.attributes.get(name))
}

/// Where two columns stand alike.
enum Place {
    /// Between the same columns, or first before the same.
    Between,
    /// Both last after the same: so does every column that is added.
    Last,
}

fn place(before: &One<'_>, after: &One<'_>) -> Option<Place> {
    let (left, right) = neighbours(before)?;
    let (later_left, later_right) = neighbours(after)?;
    if left != later_left || right != later_right {
        return None;
    }
    Some(if right.is_some() { Place::Between } else { Place::Last })
}

/// Names of the columns on both sides.
fn neighbours<'a>(one: &One<'a>) -> Option<(Option<&'a str>, Option<&'a str>)> {
    let columns: &'a [Column] = one.side.columns(&one.object.key.table_name()?);
    let at = columns.iter().position(|column| column.name == one.object.key.name)?;
    let name = |at: Option<usize>| at.and_then(|at| columns.get(at)).map(|column| column.name.as_str());
    Some((name(at.checked_sub(1)), name(at.checked_add(1))))
}

impl Score {
    fn new(points: u8, alike: f64, mut reasons: Vec<&'static str>) -> Score {
        // 30 points for the name.
        let name = (0..=30_u8).rev().find(|points| f64::from(*points) <= alike * 30.0).unwrap_or(0);
        if alike >= 0.5 {
            reasons.push("similar name");
        }
        Score { points: points.saturating_add(name).min(99), reasons }
    }
}

/// How alike two names are, 0 to 1: letters, or words that both have.
pub(super) fn similarity(old: &str, new: &str) -> f64 {
    // Numbers tell things apart that are alike in everything else: `log_2024`, `log_2025`.
    let letters = |name: &str| name.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    if old != new && letters(old) == letters(new) {
        return 0.0;
    }
    let letters = strsim::normalized_damerau_levenshtein(old, new);
    let words = |name: &str| -> Vec<String> {
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let (old, new) = (words(old), words(new));
    let (few, many) = if old.len() <= new.len() { (&old, &new) } else { (&new, &old) };
    // All words of the shorter name are in the longer: `email`, `email_address`.
    let within = !few.is_empty() && few.iter().all(|word| many.contains(word));
    if within { letters.max(0.75) } else { letters }
}

/// The pairs that are the best of each other and clearly better than the next.
pub(super) fn unambiguous(scores: Vec<(usize, usize, Score)>, alone: bool) -> Vec<(usize, usize, Evidence)> {
    let mut best: BTreeMap<(bool, usize), (u8, u8)> = BTreeMap::new();
    for (old, new, score) in &scores {
        for side in [(false, *old), (true, *new)] {
            let (first, second) = best.entry(side).or_default();
            if score.points > *first {
                *second = *first;
                *first = score.points;
            } else {
                *second = score.points.max(*second);
            }
        }
    }
    let clear = |side, points: u8| {
        best.get(&side).is_some_and(|(first, second)| points == *first && first.saturating_sub(*second) >= CLEAR)
    };
    let mut pairs = Vec::new();
    for (old, new, mut score) in scores {
        if !clear((false, old), score.points) || !clear((true, new), score.points) {
            continue;
        }
        if alone {
            score.points = score.points.saturating_add(5).min(99);
            score.reasons.push("only one went and one came");
        }
        if score.points >= ENOUGH {
            pairs.push((old, new, Evidence::Alike { reason: score.reasons.join(", "), score: score.points }));
        }
    }
    pairs
}
