//! Two sets of variables beside each other: which differ, which are explained, which nobody can tell.
use super::material::{Keyed, Material, keyed};
use super::relation::{Relation, relation, types};
use super::rules::{self, *};
use super::values::{placeholder, secret_name, secret_value};
use crate::drift::tokens::{explained, foreign, own, own_version};
use crate::drift::{Comparison, Draft, Outcome, Side};
use crate::model::config::{Environment, ExpectedVars, Tier};
use crate::model::{Diagnostic, Mode, Modifier, State, Value, Variable};
use std::collections::BTreeSet;

/// What a difference means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Drift,
    Pending,
    Change,
}

/// A variable: the key of a finding, and its name.
pub(super) type Id<'a> = (&'a str, &'a str);
/// Both sides of a variable.
pub(super) type Sides<'a> = (Option<&'a Variable>, Option<&'a Variable>);

/// Adds the differences of the two materials to the outcome. What may be set by something that could not be read is left
/// out: neither missing nor extra nor different can be said of it.
pub(super) fn compare_materials(
    c: &Comparison<'_>,
    (left, right): (&Material, &Material),
    purpose: Purpose,
    outcome: &mut Outcome,
) {
    for diagnostic in left.unchecked.iter().chain(&right.unchecked) {
        if !outcome.unchecked.contains(diagnostic) {
            outcome.unchecked.push(diagnostic.clone());
        }
    }
    let (left, right) = (&left.beside(right), &right.beside(left));
    let (l, r) = keyed(left, right);
    let hidden = left.secrets.iter().chain(&right.secrets).map(|secret| secret.expose()).collect();
    let pair = Pair { c, purpose, tokens: (own(c.from.environment), own(c.to.environment)), hidden };
    if purpose == Purpose::Drift {
        spare(&pair, (left, right), outcome);
    }
    let keys: BTreeSet<&String> = l.keys().chain(r.keys()).collect();
    for key in keys {
        let get = |side: &Keyed<'_>| {
            side.get(key.as_str()).map(|(container, name, _)| ((*container).to_owned(), (*name).to_owned()))
        };
        let Some((container, name)) = get(&l).or_else(|| get(&r)) else { continue };
        let (lv, rv) = (l.get(key).map(|found| found.2), r.get(key).map(|found| found.2));
        let unsure = |v: Option<&Variable>, side: &Material| v.is_none() && side.may_set(&container, &name);
        let id = (key.as_str(), name.as_str());
        if unsure(lv, left) || unsure(rv, right) {
            if purpose == Purpose::Drift {
                pair.alone(id, (lv, rv), None, outcome);
            }
        } else {
            pair.variable(id, (lv, rv), outcome);
        }
    }
}

/// What the environments declare for all modules and this module does not name: every module tells the same about it.
fn spare(pair: &Pair<'_, '_>, (left, right): (&Material, &Material), outcome: &mut Outcome) {
    let names: BTreeSet<&String> = left.spare.keys().chain(right.spare.keys()).collect();
    let mut found = Outcome::default();
    for name in names.into_iter().filter(|name| !left.names(name) && !right.names(name)) {
        let sides = (left.spare.get(name), right.spare.get(name));
        let unsure = |v: Option<&Variable>, side: &Material| v.is_none() && side.may_set("", name);
        if !unsure(sides.0, left) && !unsure(sides.1, right) {
            pair.variable((name, name), sides, &mut found);
        }
    }
    outcome.unchecked.extend(found.unchecked);
    outcome.drafts.extend(found.drafts.into_iter().map(|draft| Draft { for_all: true, ..draft }));
}

/// Two sides, and what a difference between them means.
pub(super) struct Pair<'a, 'b> {
    pub(super) c: &'a Comparison<'b>,
    pub(super) purpose: Purpose,
    tokens: (Vec<String>, Vec<String>),
    /// Secrets of both sides.
    pub(super) hidden: Vec<&'a str>,
}

impl Pair<'_, '_> {
    fn variable(&self, id: Id<'_>, sides: Sides<'_>, outcome: &mut Outcome) {
        if self.purpose != Purpose::Pending {
            outcome.compared += 1;
        }
        let relation = match sides {
            // A secret that stands open is not the one that the other side keeps in a store, or should not be.
            (Some(l), Some(r)) if kept(l) != kept(r) && (open(l) || open(r)) => Relation::Differs,
            (Some(l), Some(r)) => relation(self.c, id.1, &l.value, &r.value),
            _ => Relation::Differs,
        };
        let before = outcome.drafts.len();
        match relation {
            Relation::Unknown(code, why) => {
                let diagnostic = Diagnostic::error(code, format!("{}: {why}", id.0));
                if !outcome.unchecked.contains(&diagnostic) {
                    outcome.unchecked.push(diagnostic);
                }
            }
            Relation::Same => {
                if self.purpose == Purpose::Drift && self.must_differ(id.1, sides) {
                    let title = format!("Variable {} is equal in {} and {}", id.0, self.c.from.name, self.c.to.name);
                    outcome.drafts.push(self.draft(&ENV010, id, title, sides));
                } else if self.purpose != Purpose::Pending {
                    outcome.equal += 1;
                }
            }
            Relation::Differs if self.purpose == Purpose::Drift => outcome.drafts.push(self.drift(id, sides)),
            Relation::Differs => outcome.drafts.push(self.change(id, sides)),
        }
        let reported = outcome.drafts.get(before).map(|draft| draft.rule.id);
        if self.purpose == Purpose::Drift {
            if reported != Some(ENV007.id) {
                self.foreign_alone(id, sides, outcome);
            }
            self.alone(id, sides, reported, outcome);
            let alone = outcome.drafts.get(before + 1).is_some_and(|draft| draft.rule.id == ENV017.id);
            if let Some(draft) = outcome.drafts.get_mut(before).filter(|draft| alone && draft.rule.id == ENV012.id) {
                let reason = "that the literal is a placeholder is told by itself".to_owned();
                draft.modifiers.push(Modifier { name: "told by ENV017".to_owned(), tenths: -20, reason });
            }
        }
    }

    fn listed(&self, name: &str, list: fn(&ExpectedVars) -> &Vec<String>) -> bool {
        let mut policies = self.c.catalog.policies.values();
        policies.any(|policy| list(&policy.value.spec.expected).iter().any(|pattern| fits(pattern, name)))
    }

    fn must_differ(&self, name: &str, (l, r): Sides<'_>) -> bool {
        if self.c.pair.mode == Mode::Mirror {
            return false;
        }
        let prod = |env: Option<&Environment>| env.is_some_and(|env| matches!(env.spec.tier, Tier::Prod | Tier::Dr));
        let hidden = |v: Option<&Variable>| match v.map(|v| &v.value) {
            Some(Value::Secret(secret)) => !secret.expose().is_empty(),
            Some(Value::Digest(_)) => true,
            _ => false,
        };
        // The same file line on both sides is one definition for all environments, and no secret kept per environment.
        let shared = l.zip(r).is_some_and(|(l, r)| l.repository == r.repository && l.place == r.place);
        let tiers = prod(self.c.from.environment) != prod(self.c.to.environment);
        self.listed(name, |vars| &vars.must_differ) || (tiers && hidden(l) && hidden(r) && !shared)
    }

    fn drift(&self, id: Id<'_>, sides: Sides<'_>) -> Draft {
        let (Some(l), Some(r)) = sides else { return self.absent(id, sides) };
        if let Some((side, word)) = self.foreign(id.1, l, r) {
            return self.foreign_draft(id, side, &word, sides);
        }
        let (from, to, key) = (self.c.from.name, self.c.to.name, id.0);
        let differs = format!("Variable {key} differs between {from} and {to}");
        let secrets = [l, r].iter().all(|v| matches!(v.value, Value::Secret(_) | Value::Digest(_)));
        let own =
            (secrets && self.c.pair.mode != Mode::Mirror).then(|| "each environment has its own secret".to_owned());
        if let Some(because) = self.explained(l, r).or(own).filter(|_| !self.listed(id.1, |vars| &vars.must_equal)) {
            let mut draft = self.draft(&ENV006, id, differs, sides);
            draft.state = State::Expected;
            draft.because = Some(because);
            return draft;
        }
        let hidden = |v: &Variable| match &v.value {
            Value::Literal(_) | Value::Reference(_) => false,
            Value::Secret(_) => !(open(v) && (kept(l) || kept(r))),
            Value::SecretRef(_) | Value::Digest(_) => true,
        };
        let (rule, title) = match (&l.value, &r.value) {
            (Value::SecretRef(_), Value::SecretRef(_)) => {
                (&ENV011, format!("Secret reference of {key} differs between {from} and {to}"))
            }
            _ if hidden(l) != hidden(r) => {
                let (plain, secret) = if hidden(r) { (from, to) } else { (to, from) };
                (&ENV012, format!("Variable {key} is a literal in {plain} and a secret in {secret}"))
            }
            (a, b) => match types(a, b) {
                Some((a, b)) => (&ENV008, format!("Variable {key} is {} in {from} and {} in {to}", a.word(), b.word())),
                None => (&ENV005, differs),
            },
        };
        let mut draft = self.draft(rule, id, title, sides);
        if rule.id == ENV012.id && hidden(r) {
            draft = draft.modifier("kept", -20, format!("{to} is the side that keeps it secret"));
        }
        self.by_policy(draft, id.1)
    }

    fn absent(&self, id: Id<'_>, sides: Sides<'_>) -> Draft {
        let (from, to, key) = (self.c.from.name, self.c.to.name, id.0);
        let there = sides.0.or(sides.1);
        let empty = there.is_some_and(|v| match &v.value {
            Value::Literal(text) => text.is_empty(),
            Value::Secret(secret) => secret.expose().is_empty(),
            _ => false,
        });
        let (rule, title) = match (empty, sides.0.is_some()) {
            (true, true) => (&ENV009, format!("Variable {key} is empty in {from} and not set in {to}")),
            (true, false) => (&ENV009, format!("Variable {key} is empty in {to} and not set in {from}")),
            (false, true) => (&ENV001, format!("Variable {key} is missing in {to}")),
            (false, false) => (&ENV004, format!("Variable {key} is set in {to} only")),
        };
        self.by_policy(self.draft(rule, id, title, sides), id.1)
    }

    fn by_policy(&self, mut draft: Draft, name: &str) -> Draft {
        if self.listed(name, |vars| &vars.may_differ) && !self.listed(name, |vars| &vars.must_equal) {
            draft.rule = rules::rule(&ENV006);
            draft.state = State::Expected;
            draft.because = Some("a policy says that it may differ (mayDiffer)".to_owned());
        }
        draft
    }

    /// Which side holds a word that belongs to another environment only; whether that is the right one.
    fn foreign(&self, name: &str, l: &Variable, r: &Variable) -> Option<(bool, String)> {
        let check = |v: &Variable, side: &Side<'_>| {
            let words = self.others(side.environment?);
            foreign(name, text(&v.value)?, &words).map(str::to_owned)
        };
        let right = check(r, &self.c.to).map(|word| (true, word));
        right.or_else(|| check(l, &self.c.from).map(|word| (false, word)))
    }

    fn foreign_draft(&self, id: Id<'_>, right: bool, word: &str, sides: Sides<'_>) -> Draft {
        let side = if right { self.c.to.name } else { self.c.from.name };
        let title = format!("Variable {} in {side} carries '{word}' of another environment", id.0);
        let mut draft = self.draft(&ENV007, id, title, sides);
        if right {
            draft.evidence.reverse();
        }
        draft
    }

    /// The words of all environments but `env` and the one that it mirrors, without its own.
    fn others(&self, env: &Environment) -> Vec<String> {
        let mut mine = own(Some(env));
        let mirrored = env.spec.mirrors.as_deref().and_then(|name| self.c.catalog.environment(name).ok());
        mine.extend(own(mirrored));
        let all = self.c.catalog.environments.iter().filter(|other| other.value.metadata.name != env.metadata.name);
        all.flat_map(|other| own(Some(&other.value))).filter(|word| !mine.contains(word)).collect()
    }

    fn explained(&self, l: &Variable, r: &Variable) -> Option<String> {
        let (a, b) = (text(&l.value)?, text(&r.value)?);
        let alike = std::mem::discriminant(&l.value) == std::mem::discriminant(&r.value);
        alike.then(|| explained((a, b), (&self.tokens.0, &self.tokens.1), self.versions())).flatten()
    }

    fn versions(&self) -> Option<(&str, &str)> {
        self.c.from.version.zip(self.c.to.version)
    }

    fn foreign_alone(&self, id: Id<'_>, sides: Sides<'_>, outcome: &mut Outcome) {
        let (Some(r), Some(env)) = (sides.1, self.c.to.environment) else { return };
        let words = self.others(env);
        let Some(plain) = text(&r.value) else { return };
        let Some(word) = foreign(id.1, plain, &words) else { return };
        // In a line for all environments, `dev` of `--disable-dev-shm-usage` is no environment; in an address it is.
        if shared(sides) && !plain.contains(['.', '/', ':', '@']) {
            return;
        }
        let draft = self.foreign_draft(id, true, word, sides);
        outcome.drafts.push(self.weighed(draft, sides, -30));
    }

    /// One line for all environments is a choice of the code, not of the one who set the environment up.
    fn weighed(&self, draft: Draft, sides: Sides<'_>, tenths: i32) -> Draft {
        let reason = format!("{} takes it from the same line", self.c.from.name);
        if shared(sides) { draft.modifier("shared", tenths, reason) } else { draft }
    }

    /// What is wrong with the right value by itself.
    fn alone(&self, id: Id<'_>, sides: Sides<'_>, reported: Option<&str>, outcome: &mut Outcome) {
        let (Some(r), Some(env)) = (sides.1, self.c.to.environment) else { return };
        let (key, to) = (id.0, self.c.to.name);
        let plain = match &r.value {
            Value::Literal(text) => text.as_str(),
            Value::Secret(secret) => secret.expose(),
            _ => return,
        };
        let found = placeholder(plain);
        let mut push = |rule, title: String| {
            let mut draft = self.draft(rule, id, title, sides);
            draft.evidence.reverse();
            if !shared(sides) && found.is_some_and(|word| ["localhost", "127.0.0.1"].contains(&word)) {
                draft = draft.modifier("own host", -30, "with a sidecar it may be right");
            }
            outcome.drafts.push(self.weighed(draft, sides, if found.is_some() { -50 } else { -30 }));
        };
        if let Some(found) = found.filter(|_| env.spec.tier == Tier::Prod) {
            push(&ENV017, format!("Variable {key} holds '{found}' in {to}"));
        }
        let secret = secret_name(id.1) || secret_value(plain);
        if secret && r.open && !plain.is_empty() && found.is_none() && reported != Some(ENV012.id) {
            push(&ENV013, format!("Secret {key} stands in plain text for {to}"));
        }
    }

    fn change(&self, id: Id<'_>, (l, r): Sides<'_>) -> Draft {
        // Pending: the left side is what the promotion brings. Change: the right side is the newer one.
        let (new, old) = if self.purpose == Purpose::Pending { (l, r) } else { (r, l) };
        let (rule, what) = match (new, old) {
            (Some(_), None) => (&ENV021, "adds"),
            (None, _) => (&ENV022, "removes"),
            (Some(_), Some(_)) => (&ENV023, "changes"),
        };
        let pending = self.purpose == Purpose::Pending;
        let title = match pending {
            true => format!("Promotion to {} {what} variable {}", self.c.to.name, id.0),
            false => format!("{} {what} variable {}", self.c.to.name, id.0),
        };
        let texts = l.zip(r).and_then(|(l, r)| text(&l.value).zip(text(&r.value)));
        if texts.and_then(|texts| own_version(texts, self.versions())).is_some_and(|(a, b)| a == b) {
            let title = format!("Variable {} follows the version", id.0);
            let mut draft = self.draft(&ENV006, id, title, (l, r)).because("it follows the module's own version");
            draft.state = State::Expected;
            return draft;
        }
        let mut draft = self.draft(rule, id, title, (l, r));
        draft.state = if pending { State::Pending } else { State::Change };
        draft.because = pending.then(|| format!("comes with {}", self.c.from.version.unwrap_or("the version")));
        draft
    }
}

/// Whether both sides take the value from one line.
fn shared(sides: Sides<'_>) -> bool {
    sides.0.zip(sides.1).is_some_and(|(l, r)| l.repository == r.repository && l.place == r.place)
}

/// Whether it is a secret in a file that everyone with the repository can read.
fn open(v: &Variable) -> bool {
    v.open && matches!(v.value, Value::Secret(_))
}

/// Whether it is kept in a store.
fn kept(v: &Variable) -> bool {
    matches!(v.value, Value::SecretRef(_))
}

/// What may be searched and shown.
pub(super) fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Literal(text) | Value::SecretRef(text) | Value::Reference(text) => Some(text),
        Value::Secret(_) | Value::Digest(_) => None,
    }
}

/// Whether a name fits a pattern with `*`; each part is taken where it stands first, so the time is bounded.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == name };
    let (middle, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(mut body) = name.strip_prefix(head).and_then(|name| name.strip_suffix(tail)) else { return false };
    middle.split('*').all(|part| match body.split_once(part) {
        Some((_, after)) => {
            body = after;
            true
        }
        None => part.is_empty(),
    })
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, name, yes) in [
            ("A", "A", true),
            ("*", "A", true),
            ("*_REPLICAS", "N_REPLICAS", true),
            ("A*B*C", "AxxBxxC", true),
            ("A*B*C", "AxxC", false),
            ("AB*BA", "ABA", false),
        ] {
            assert_eq!(fits(pattern, name), yes, "{pattern} {name}");
        }
    }
}
