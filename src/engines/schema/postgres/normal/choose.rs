//! Which function or operator the server takes, by its own rules: exact types first, then what it casts by itself, preferred types, and what the
//! texts of unknown type may be.
use super::Context;
use super::tables::{Signature, casts_itself, category};
use super::types::data_type;
use crate::engines::schema::catalog::{DataType, UserTypeKind};

/// The type of a text or null whose type nobody said.
pub(super) const UNKNOWN: &str = "unknown";

/// The name of a type as the tables have it: `text[]`, `character`.
pub(super) fn key(kind: &DataType) -> String {
    let name = if kind.name == "bpchar" { "character" } else { &kind.name };
    if kind.array { format!("{name}[]") } else { name.to_owned() }
}

/// A type without length and precision.
pub(super) fn bare(kind: &DataType) -> DataType {
    let name = if kind.name == "character" { "bpchar".to_owned() } else { kind.name.clone() };
    DataType { modifiers: Vec::new(), name, ..kind.clone() }
}

/// Whether two types are the same but for length and precision. Schemas do not count: migrations leave them out.
pub(super) fn same(a: &DataType, b: &DataType) -> bool {
    key(a) == key(b)
}

/// `text` or `character varying`: the server takes one for the other as it is.
pub(super) fn is_text(kind: &DataType) -> bool {
    kind.schema.is_none() && matches!(kind.name.as_str(), "text" | "character varying")
}

impl Context<'_> {
    /// What a type of the database is made of.
    pub(super) fn made_of(&self, kind: &DataType) -> Option<&UserTypeKind> {
        let catalog = self.catalog.filter(|_| super::tables::category(&kind.name).is_none())?;
        let fits = |schema: &String| kind.schema.as_ref().is_none_or(|wanted| wanted == schema);
        catalog.types.iter().find(|(name, _)| name.name == kind.name && fits(&name.schema)).map(|(_, one)| &one.kind)
    }

    /// The type beneath a domain; any other as it is.
    pub(super) fn beneath(&self, kind: &DataType) -> DataType {
        let mut kind = kind.clone();
        for _ in 0..10 {
            match self.made_of(&kind) {
                Some(UserTypeKind::Domain { base, .. }) if !kind.array => kind = base.clone(),
                _ => break,
            }
        }
        kind
    }

    /// Category of a type, and whether it is the preferred one.
    fn class(&self, kind: &DataType) -> (char, bool) {
        if kind.array {
            return ('A', false);
        }
        if let Some(found) = category(&kind.name) {
            return found;
        }
        match self.made_of(kind) {
            Some(UserTypeKind::Enum(_)) => ('E', false),
            Some(UserTypeKind::Composite(_)) => ('C', false),
            Some(UserTypeKind::Range { .. }) => ('R', false),
            Some(UserTypeKind::Domain { .. }) => match self.beneath(kind) {
                // A circle, or longer than anybody writes.
                base if matches!(self.made_of(&base), Some(UserTypeKind::Domain { .. })) => ('U', false),
                base => self.class(&base),
            },
            _ if kind.name == "citext" => ('S', false),
            _ => ('U', false),
        }
    }

    /// Whether the server makes one type of another without being told.
    pub(super) fn becomes(&self, from: &DataType, to: &str) -> bool {
        let from_key = key(from);
        if from_key == UNKNOWN || from_key == to || casts_itself(&from_key, to) {
            return true;
        }
        let base = self.beneath(from);
        match to {
            "any" | "\"any\"" | "anyelement" | "anycompatible" => return true,
            "anyarray" | "anycompatiblearray" => {
                return base.array || matches!(base.name.as_str(), "int2vector" | "oidvector");
            }
            "anynonarray" | "anycompatiblenonarray" => return !base.array,
            "anyenum" => return self.class(&base).0 == 'E',
            "anyrange" | "anycompatiblerange" => {
                return self.class(&base).0 == 'R' && !base.name.ends_with("multirange");
            }
            "anymultirange" | "anycompatiblemultirange" => return base.name.ends_with("multirange"),
            "record" => return self.class(&base).0 == 'C',
            _ => {}
        }
        if base != *from {
            return self.becomes(&base, to);
        }
        if from.name == "citext" && !from.array {
            return matches!(to, "text" | "character varying" | "character");
        }
        match (from.array, to.strip_suffix("[]")) {
            (true, Some(element)) => self.becomes(&DataType { array: false, ..from.clone() }, element),
            _ => false,
        }
    }

    /// The candidate that the server takes for arguments of these types.
    pub(super) fn choose<'s>(&self, given: &[DataType], candidates: &[&'s Signature]) -> Option<&'s Signature> {
        let takes = |one: &Signature, at: usize| -> Option<&'static str> {
            let last = one.takes.len().checked_sub(1)?;
            match one.variadic && at >= last {
                // VARIADIC "any" and VARIADIC anyarray take anything; VARIADIC text[] takes texts.
                true => Some(match one.takes.get(last).copied()? {
                    "anyarray" | "anycompatiblearray" | "\"any\"" | "any" => "any",
                    array => array.strip_suffix("[]").unwrap_or(array),
                }),
                false => one.takes.get(at).copied(),
            }
        };
        let fits = |one: &Signature| {
            let (most, least) = (one.takes.len(), one.takes.len() - one.defaults.min(one.takes.len()));
            match one.variadic {
                true => given.len() + 1 >= most,
                false => (least..=most).contains(&given.len()),
            }
        };
        let mut left: Vec<&Signature> = candidates.iter().copied().filter(|one| fits(one)).collect();
        let exact = |one: &&&Signature| given.iter().enumerate().all(|(at, kind)| takes(one, at) == Some(&*key(kind)));
        if let Some(found) = left.iter().find(exact) {
            return Some(found);
        }
        left.retain(|one| {
            given.iter().enumerate().all(|(at, kind)| takes(one, at).is_some_and(|to| self.becomes(kind, to)))
        });
        let bases: Vec<DataType> = given.iter().map(|kind| self.beneath(kind)).collect();
        let known = |at: usize| bases.get(at).is_some_and(|kind| kind.name != UNKNOWN);
        let score = |one: &Signature, preferred: bool| {
            let hits = |(at, kind): (usize, &DataType)| {
                let to = takes(one, at).unwrap_or_default();
                let exact = known(at) && to == key(kind);
                exact
                    || (preferred && known(at) && category(to).is_some_and(|found| found == (self.class(kind).0, true)))
            };
            bases.iter().enumerate().filter(|one| hits(*one)).count()
        };
        for preferred in [false, true] {
            let best = left.iter().map(|one| score(one, preferred)).max().unwrap_or(0);
            left.retain(|one| score(one, preferred) == best);
        }
        if left.len() > 1 {
            self.by_category(&bases, &mut left, &takes);
        }
        if left.len() > 1 {
            // All the known ones are of one type: the unknown ones are taken to be too.
            let mut kinds: Vec<String> = bases.iter().map(key).filter(|name| name != UNKNOWN).collect();
            kinds.dedup();
            if let [only] = kinds.as_slice() {
                let of_type = data_type(only);
                left.retain(|one| {
                    (0..given.len()).all(|at| takes(one, at).is_some_and(|to| self.becomes(&of_type, to)))
                });
            }
        }
        if left.len() == 1 { left.pop() } else { None }
    }

    /// Drops candidates by the category that the arguments of unknown type may have.
    fn by_category(
        &self,
        bases: &[DataType],
        left: &mut Vec<&Signature>,
        takes: &dyn Fn(&Signature, usize) -> Option<&'static str>,
    ) {
        let class = |one: &Signature, at: usize| takes(one, at).and_then(category).unwrap_or(('P', false));
        for at in (0..bases.len()).filter(|at| bases.get(*at).is_some_and(|kind| kind.name == UNKNOWN)) {
            let classes: Vec<char> = left.iter().map(|one| class(one, at).0).collect();
            let chosen = match classes.iter().find(|one| **one == 'S') {
                Some(text) => *text,
                None => match classes.first() {
                    Some(first) if classes.iter().all(|one| one == first) => *first,
                    _ => return,
                },
            };
            let preferred = left.iter().any(|one| class(one, at) == (chosen, true));
            left.retain(|one| class(one, at).0 == chosen && (!preferred || class(one, at).1));
        }
    }

    /// The type that all of these are made to be (`COALESCE`, `CASE`, `ARRAY[…]`).
    pub(super) fn common(&self, kinds: &[Option<DataType>]) -> Option<DataType> {
        let mut found: Option<DataType> = None;
        for kind in kinds {
            let kind = bare(kind.as_ref()?);
            if kind.name == UNKNOWN {
                continue;
            }
            let Some(so_far) = &found else {
                found = Some(kind);
                continue;
            };
            if same(so_far, &kind) {
                continue;
            }
            let (class, preferred) = self.class(so_far);
            if class != self.class(&kind).0 {
                return None;
            }
            if !preferred && self.becomes(so_far, &key(&kind)) && !self.becomes(&kind, &key(so_far)) {
                found = Some(kind);
            }
        }
        Some(found.unwrap_or_else(|| DataType::plain("text")))
    }
}
