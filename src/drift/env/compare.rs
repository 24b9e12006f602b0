//! Two sets of variables beside each other: which differ, which are explained, which nobody can tell.
use super::collect::Material;
use super::rules::{self, *};
use super::secrets::{digest, parts};
use super::sources::masked;
use super::tokens::{abstracted, carried, own};
use super::values::{Form, form, placeholder, same, secret_name, shorten};
use crate::drift::{Comparison, Draft, Outcome, Side};
use crate::model::codes::PL0305;
use crate::model::config::{Environment, Tier};
use crate::model::{Diagnostic, Evidence, Mode, Modifier, Rule, Shown, State, Value, Variable};
use std::collections::{BTreeMap, BTreeSet};

/// What a difference means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Drift,
    Pending,
    Change,
}

/// Adds the differences of the two materials to the outcome.
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
    // A side that could not be read whole would make everything on the other one look missing.
    if !left.unchecked.is_empty() || !right.unchecked.is_empty() {
        return;
    }
    let several = containers(left).len() > 1 || containers(right).len() > 1;
    let keyed = |material: &Material, other: &Material| -> BTreeMap<String, (String, Variable)> {
        let called = other.set.vars.keys().filter_map(|id| Some((id, material.spare.get(&id.1)?)));
        let all = called.chain(material.set.vars.iter());
        all.map(|((container, name), variable)| {
            let key = if several && !container.is_empty() { format!("{container}/{name}") } else { name.clone() };
            (key, (name.clone(), variable.clone()))
        })
        .collect()
    };
    let pair = Pair { c, purpose, tokens: (own(c.from.environment), own(c.to.environment)) };
    if purpose == Purpose::Drift {
        spare(&pair, (left, right), outcome);
    }
    let (left, right) = (keyed(left, right), keyed(right, left));
    let keys: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    for key in keys {
        let (l, r) = (left.get(key), right.get(key));
        let Some(name) = l.or(r).map(|(name, _)| name.as_str()) else { continue };
        pair.variable((key, name), l.map(|(_, v)| v), r.map(|(_, v)| v), outcome);
    }
}

/// What the environments declare for all modules and this module does not name: every module tells the same about it.
fn spare(pair: &Pair<'_, '_>, (left, right): (&Material, &Material), outcome: &mut Outcome) {
    let named: BTreeSet<&String> = left.set.vars.keys().chain(right.set.vars.keys()).map(|id| &id.1).collect();
    let names: BTreeSet<&String> = left.spare.keys().chain(right.spare.keys()).collect();
    let mut found = Outcome::default();
    for name in names.difference(&named) {
        pair.variable((name, name), left.spare.get(*name), right.spare.get(*name), &mut found);
    }
    outcome.unchecked.extend(found.unchecked);
    outcome.drafts.extend(found.drafts.into_iter().map(|draft| Draft { for_all: true, ..draft }));
}

fn containers(material: &Material) -> BTreeSet<&str> {
    material.set.vars.keys().map(|key| key.0.as_str()).collect()
}

/// How two values stand to each other.
enum Relation {
    Same,
    Differs,
    Unknown(String),
}

struct Pair<'a, 'b> {
    c: &'a Comparison<'b>,
    purpose: Purpose,
    tokens: (Vec<String>, Vec<String>),
}

impl Pair<'_, '_> {
    fn variable(&self, id: (&str, &str), l: Option<&Variable>, r: Option<&Variable>, outcome: &mut Outcome) {
        if self.purpose != Purpose::Pending {
            outcome.compared += 1;
        }
        let before = outcome.drafts.len();
        let relation = match (l, r) {
            (Some(l), Some(r)) => self.relation(id.1, &l.value, &r.value),
            _ => Relation::Differs,
        };
        match relation {
            Relation::Unknown(why) => outcome.unchecked.push(Diagnostic::error(&PL0305, format!("{}: {why}", id.0))),
            Relation::Same => {
                if self.purpose == Purpose::Drift && self.must_differ(id.1, l, r) {
                    let title = format!("Variable {} is equal in {} and {}", id.0, self.c.from.name, self.c.to.name);
                    outcome.drafts.push(self.draft(&ENV010, id, title, (l, r)));
                } else if self.purpose != Purpose::Pending {
                    outcome.equal += 1;
                }
            }
            Relation::Differs if self.purpose == Purpose::Drift => outcome.drafts.push(self.drift(id, l, r)),
            Relation::Differs => outcome.drafts.push(self.change(id, l, r)),
        }
        if self.purpose == Purpose::Drift {
            let reported = outcome.drafts.get(before).map(|draft| draft.rule.id);
            self.alone(id, (l, r), reported, outcome);
            let alone = outcome.drafts.get(before + 1).is_some_and(|draft| draft.rule.id == ENV017.id);
            if let Some(draft) = outcome.drafts.get_mut(before).filter(|draft| alone && draft.rule.id == ENV012.id) {
                let reason = "that the literal is a placeholder is told by itself".to_owned();
                draft.modifiers.push(Modifier { name: "told by ENV017".to_owned(), tenths: -20, reason });
            }
        }
    }

    fn relation(&self, name: &str, l: &Value, r: &Value) -> Relation {
        let same = |yes: bool| if yes { Relation::Same } else { Relation::Differs };
        match (l, r) {
            (Value::Literal(l), Value::Literal(r)) => same(same_texts(l, r)),
            (Value::Secret(l), Value::Secret(r)) => same(l == r),
            (Value::SecretRef(l), Value::SecretRef(r)) | (Value::Reference(l), Value::Reference(r)) => same(l == r),
            (Value::Digest(l), Value::Digest(r)) => match (parts(l), parts(r)) {
                (Some((a, left)), Some((b, right))) if a == b => same(left == right),
                _ => Relation::Unknown("the digests were made with different keys".to_owned()),
            },
            (Value::Digest(found), Value::Secret(secret)) | (Value::Secret(secret), Value::Digest(found)) => {
                self.against_digest(name, secret.expose(), found)
            }
            (Value::Digest(_), Value::SecretRef(_)) | (Value::SecretRef(_), Value::Digest(_)) => {
                Relation::Unknown("one side has a digest, the other a reference only".to_owned())
            }
            _ => Relation::Differs,
        }
    }

    fn against_digest(&self, name: &str, value: &str, found: &str) -> Relation {
        match (self.c.hmac, parts(found)) {
            (Some((kid, key)), Some((theirs, hash))) if kid == theirs => {
                let project = &self.c.catalog.project.value.metadata.name;
                let ours = digest(key.expose(), kid, project, name, value);
                let equal = parts(&ours).is_some_and(|(_, ours)| ours == hash);
                if equal { Relation::Same } else { Relation::Differs }
            }
            _ => Relation::Unknown("the key of the digest is not here".to_owned()),
        }
    }

    fn listed(&self, name: &str, list: fn(&crate::model::config::ExpectedVars) -> &Vec<String>) -> bool {
        let mut policies = self.c.catalog.policies.values();
        policies.any(|policy| list(&policy.value.spec.expected).iter().any(|pattern| fits(pattern, name)))
    }

    fn must_differ(&self, name: &str, l: Option<&Variable>, r: Option<&Variable>) -> bool {
        if self.c.pair.mode == Mode::Mirror {
            return false;
        }
        let prod = |env: Option<&Environment>| env.is_some_and(|env| matches!(env.spec.tier, Tier::Prod | Tier::Dr));
        let hidden = |v: Option<&Variable>| v.is_some_and(|v| matches!(v.value, Value::Secret(_) | Value::Digest(_)));
        // The same file line on both sides is one definition for all environments, and no secret kept per environment.
        let shared = l.zip(r).is_some_and(|(l, r)| l.repository == r.repository && l.place == r.place);
        let tiers = prod(self.c.from.environment) != prod(self.c.to.environment);
        self.listed(name, |vars| &vars.must_differ) || (tiers && hidden(l) && hidden(r) && !shared)
    }

    fn drift(&self, id: (&str, &str), l: Option<&Variable>, r: Option<&Variable>) -> Draft {
        let (from, to) = (self.c.from.name, self.c.to.name);
        let key = id.0;
        let (Some(lv), Some(rv)) = (l, r) else {
            let empty = l.or(r).is_some_and(|v| matches!(&v.value, Value::Literal(text) if text.is_empty()));
            let (here, there) = if l.is_some() { (from, to) } else { (to, from) };
            let (rule, title) = match (empty, l.is_some()) {
                (true, _) => (&ENV009, format!("Variable {key} is empty in {here} and not set in {there}")),
                (false, true) => (&ENV001, format!("Variable {key} is missing in {to}")),
                (false, false) => (&ENV004, format!("Variable {key} is set in {to} only")),
            };
            let mut draft = self.draft(rule, id, title, (l, r));
            self.by_policy(&mut draft, id.1);
            return draft;
        };
        if let Some((side, word)) = self.foreign(lv, rv).filter(|_| !run_modes(id.1, (lv, rv))) {
            let title = format!("Variable {key} in {side} carries '{word}' of another environment");
            return self.draft(&ENV007, id, title, (l, r));
        }
        // A secret that stands in a plain file is hidden in our output only.
        let both_secret = matches!((&lv.value, &rv.value), (Value::Secret(_), Value::Secret(_) | Value::Digest(_)))
            || matches!((&lv.value, &rv.value), (Value::Digest(_), Value::Secret(_)));
        let hidden = |v: &Variable| match &v.value {
            Value::Literal(_) | Value::Reference(_) => false,
            Value::Secret(_) => both_secret || self.in_secret(v),
            Value::SecretRef(_) | Value::Digest(_) => true,
        };
        let words = self.explained(lv, rv).or_else(|| self.follows_version(lv, rv));
        let typed = types(&lv.value, &rv.value);
        let differs = format!("Variable {key} differs between {from} and {to}");
        let (rule, title) = match (&lv.value, &rv.value) {
            (Value::SecretRef(_), Value::SecretRef(_)) => {
                (&ENV011, format!("Secret reference of {key} differs between {from} and {to}"))
            }
            _ if hidden(lv) != hidden(rv) => {
                let (plain, secret) = if hidden(rv) { (from, to) } else { (to, from) };
                (&ENV012, format!("Variable {key} is a literal in {plain} and a secret in {secret}"))
            }
            _ => match typed {
                Some((a, b)) => (&ENV008, format!("Variable {key} is {} in {from} and {} in {to}", a.word(), b.word())),
                None => (&ENV005, differs.clone()),
            },
        };
        let mut draft = self.draft(rule, id, title, (l, r));
        if rule.id == ENV012.id && hidden(rv) {
            draft = draft.modifier("kept", -20, format!("{to} is the side that keeps it secret"));
        }
        if let Some(because) = words.filter(|_| !self.listed(id.1, |vars| &vars.must_equal)) {
            draft = self.draft(&ENV006, id, differs, (l, r));
            draft.state = State::Expected;
            draft.because = Some(because);
        } else {
            self.by_policy(&mut draft, id.1);
        }
        draft
    }

    fn by_policy(&self, draft: &mut Draft, name: &str) {
        if self.listed(name, |vars| &vars.may_differ) && !self.listed(name, |vars| &vars.must_equal) {
            draft.rule = rules::rule(&ENV006);
            draft.state = State::Expected;
            draft.because = Some("a policy says that it may differ (mayDiffer)".to_owned());
        }
    }

    /// Which side holds a word that belongs to another environment only.
    fn foreign(&self, l: &Variable, r: &Variable) -> Option<(&str, String)> {
        let check = |v: &Variable, side: &Side<'_>| {
            let words = self.others(side.environment?);
            carried(text(&v.value)?, &words).map(str::to_owned)
        };
        check(r, &self.c.to)
            .map(|word| (self.c.to.name, word))
            .or_else(|| check(l, &self.c.from).map(|word| (self.c.from.name, word)))
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
        if std::mem::discriminant(&l.value) != std::mem::discriminant(&r.value) {
            return None;
        }
        let (mine, theirs) = (carried(a, &self.tokens.0), carried(b, &self.tokens.1));
        let equal = [false, true]
            .into_iter()
            .any(|labels| abstracted(a, &self.tokens.0, labels) == abstracted(b, &self.tokens.1, labels));
        let words: Vec<String> = [mine, theirs].into_iter().flatten().map(|word| format!("'{word}'")).collect();
        (equal && !words.is_empty()).then(|| format!("explained by the environment's own {}", words.join(" and ")))
    }

    /// Each side holds its own version in the same place.
    fn follows_version(&self, l: &Variable, r: &Variable) -> Option<String> {
        let (Value::Literal(a), Value::Literal(b)) = (&l.value, &r.value) else { return None };
        let (from, to) = (self.c.from.version?, self.c.to.version?);
        let told = |version: &str| version.contains('.') || version.len() > 4;
        if from == to || !told(from) || !told(to) {
            return None;
        }
        let (from, to) = ([from.to_lowercase()], [to.to_lowercase()]);
        let held = carried(a, &from).is_some() && carried(b, &to).is_some();
        (held && abstracted(a, &from, false) == abstracted(b, &to, false)).then(|| "it follows the version".to_owned())
    }

    /// What is wrong with the right value by itself.
    fn alone(
        &self,
        id: (&str, &str),
        (l, r): (Option<&Variable>, Option<&Variable>),
        reported: Option<&str>,
        outcome: &mut Outcome,
    ) {
        let (Some(r), Some(env)) = (r, self.c.to.environment) else { return };
        // One line for all environments: a choice of the code, not of the one who set the environment up.
        let shared = l.is_some_and(|l| l.repository == r.repository && l.place == r.place);
        let add = |rule: &Rule, title: String, outcome: &mut Outcome| {
            let draft = self.draft(rule, id, title, (l, Some(r)));
            let tenths = if rule.id == ENV017.id { -50 } else { -30 };
            let reason = format!("{} takes it from the same line", self.c.from.name);
            outcome.drafts.push(if shared { draft.modifier("shared", tenths, reason) } else { draft });
        };
        let (key, to) = (id.0, self.c.to.name);
        let plain = match &r.value {
            Value::Literal(text) => text.as_str(),
            Value::Secret(secret) => secret.expose(),
            _ => return,
        };
        let word = text(&r.value).and_then(|text| carried(text, &self.others(env)).map(str::to_owned));
        // In a line for all environments, `dev` of `--disable-dev-shm-usage` is no environment; in an address it is.
        let chance = run_mode(id.1, plain) || (shared && !plain.contains(['.', '/', ':', '@']));
        if let Some(word) = word.filter(|_| !chance && reported != Some(ENV007.id)) {
            let title = format!("Variable {key} in {to} carries '{word}' of another environment");
            add(&ENV007, title, outcome);
        }
        let found = placeholder(plain);
        if let Some(found) = found.filter(|_| env.spec.tier == Tier::Prod) {
            let title = format!("Variable {key} holds '{found}' in {to}");
            add(&ENV017, title, outcome);
        }
        let open = secret_name(id.1) && !self.in_secret(r);
        if open && !plain.is_empty() && found.is_none() && reported != Some(ENV012.id) {
            let title = format!("Secret {key} stands in plain text for {to}");
            add(&ENV013, title, outcome);
        }
    }

    /// Whether it comes out of a Kubernetes Secret: a line of such a file is no `NAME=value` of the variable itself.
    fn in_secret(&self, variable: &Variable) -> bool {
        let manifest = variable.place.file.ends_with(".yaml") || variable.place.file.ends_with(".yml");
        manifest
            && matches!(variable.value, Value::Secret(_))
            && !variable.place.text.contains("value:")
            && self.c.module.spec.env.iter().flatten().any(|source| {
                use crate::model::config::EnvSourceType::{Configmap, Manifests, RenderedManifests};
                matches!(source.source_type, Manifests | RenderedManifests | Configmap)
            })
    }

    fn change(&self, id: (&str, &str), l: Option<&Variable>, r: Option<&Variable>) -> Draft {
        if let Some(because) = l.zip(r).and_then(|(l, r)| self.follows_version(l, r)) {
            let title = format!("Variable {} follows the version", id.0);
            let mut draft = self.draft(&ENV006, id, title, (l, r)).because(because);
            draft.state = State::Expected;
            return draft;
        }
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
        let mut draft = self.draft(rule, id, title, (l, r));
        draft.state = if pending { State::Pending } else { State::Change };
        draft.because = pending.then(|| format!("comes with {}", self.c.from.version.unwrap_or("the version")));
        draft
    }

    fn draft(
        &self,
        wanted: &Rule,
        id: (&str, &str),
        title: String,
        sides: (Option<&Variable>, Option<&Variable>),
    ) -> Draft {
        let secret = [sides.0, sides.1].into_iter().flatten().any(|v| !shows(&v.value) || secret_name(id.1));
        let point = Modifier { name: "secret".to_owned(), tenths: 5, reason: "the value is a secret".to_owned() };
        let evidence = [(sides.0, &self.c.from), (sides.1, &self.c.to)];
        Draft {
            rule: rules::rule(wanted),
            key: id.0.to_owned(),
            title,
            from: Some(self.shown(sides.0)),
            to: Some(self.shown(sides.1)),
            state: State::Drift,
            because: None,
            modifiers: if secret { vec![point] } else { Vec::new() },
            since: None,
            details: Vec::new(),
            tickets: Vec::new(),
            for_all: false,
            evidence: evidence.into_iter().filter_map(|(v, side)| Some(self.evidence(v?, side))).collect(),
        }
    }

    fn shown(&self, variable: Option<&Variable>) -> Shown {
        match variable.map(|variable| &variable.value) {
            None => Shown::absent("(not set)"),
            Some(Value::Literal(text)) if text.is_empty() => Shown::value("(empty)"),
            Some(Value::Literal(text) | Value::SecretRef(text) | Value::Reference(text)) => Shown::value(shorten(text)),
            Some(Value::Secret(secret)) if self.c.show_secrets => Shown::value(shorten(secret.expose())),
            Some(Value::Secret(_) | Value::Digest(_)) => Shown::value("(secret)"),
        }
    }

    fn evidence(&self, variable: &Variable, side: &Side<'_>) -> Evidence {
        let mut place = variable.place.clone();
        // Another variable on the same line may be the secret, so the whole line counts.
        if !shows(&variable.value) || secret_name(&place.text) {
            place.text = masked(&place.text);
        }
        // Under Pending and Drift of a promotion both sides may be read at one version; the place tells the file.
        let at = match (variable.repository.is_empty(), self.purpose) {
            (true, _) => "",
            (false, Purpose::Drift) if self.c.pair.mode == Mode::Promote => self.c.from.version.unwrap_or_default(),
            (false, _) => side.version.unwrap_or_default(),
        };
        Evidence { side: side.name.to_owned(), repository: variable.repository.clone(), at: at.to_owned(), place }
    }
}

/// Names by which frameworks ask for their way of running. `production` is the word of no environment there: a staging
/// that is like production says it as well.
fn run_mode(name: &str, text: &str) -> bool {
    let name = name.strip_suffix("_ENV").or_else(|| name.strip_suffix("_ENVIRONMENT")).unwrap_or_default();
    let known =
        ["NODE", "APP", "RAILS", "RACK", "MIX", "GO", "FLASK", "DJANGO", "PHP", "SYMFONY", "ASPNETCORE", "DOTNET"];
    let mode = |word: &str| ["production", "development", "test"].iter().any(|mode| word.eq_ignore_ascii_case(mode));
    known.contains(&name) && mode(text.trim())
}

fn run_modes(name: &str, (l, r): (&Variable, &Variable)) -> bool {
    [l, r].into_iter().all(|v| matches!(&v.value, Value::Literal(text) if run_mode(name, text)))
}

fn shows(value: &Value) -> bool {
    !matches!(value, Value::Secret(_) | Value::Digest(_))
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Literal(text) | Value::SecretRef(text) | Value::Reference(text) => Some(text),
        Value::Secret(_) | Value::Digest(_) => None,
    }
}

fn same_texts(l: &str, r: &str) -> bool {
    same(l, r)
}

fn types(l: &Value, r: &Value) -> Option<(Form, Form)> {
    let (Value::Literal(l), Value::Literal(r)) = (l, r) else { return None };
    let (a, b) = (form(l), form(r));
    (a != b && !l.is_empty() && !r.is_empty()).then_some((a, b))
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
