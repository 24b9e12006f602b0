//! What the policies of a project do to findings: points, severities, what is expected, what is ignored.
use super::baseline::ended;
use super::side::{Comparison, Side};
use crate::catalog::{Catalog, Located};
use crate::model::config::{IgnoreRule, Levels, Policy, PolicyRule};
use crate::model::{Diagnostic, Finding, Kind, Mode, Place, Severity, State, codes};
use jiff::Timestamp;
use minijinja::value::Serde;
use minijinja::{Environment, Expression, UndefinedBehavior, Value, context};
use serde_json::json;
use std::collections::BTreeSet;

/// Names that an expression may use, and the keys of `finding`.
const NAMES: [&str; 6] = ["finding", "module", "env", "from", "to", "project"];
const FINDING: [&str; 11] =
    ["rule", "kind", "module", "key", "path", "title", "severity", "score", "state", "from", "to"];
/// Steps that one expression may take.
const FUEL: u64 = 20_000;

/// All policies of a catalog, checked.
pub struct Policies {
    engine: Environment<'static>,
    rules: Vec<(PolicyRule, Place)>,
    ignore: Vec<IgnoreRule>,
    levels: Option<Levels>,
}

impl Policies {
    /// Checks and joins the policies, in order of their names; bounds of the last one that has some are in force.
    /// A rule whose expression cannot be used is left out, with an error (PL0019).
    pub fn compile(catalog: &Catalog) -> (Policies, Vec<Diagnostic>) {
        let mut made = Policies { engine: engine(), rules: Vec::new(), ignore: Vec::new(), levels: None };
        let mut diagnostics = Vec::new();
        for policy in catalog.policies.values() {
            made.levels = policy.value.spec.levels.clone().or(made.levels);
            made.ignore.extend(policy.value.spec.ignore.iter().cloned());
            for rule in &policy.value.spec.rules {
                match check(&made.engine, rule, policy) {
                    Ok(()) => made.rules.push((rule.clone(), policy.place.clone())),
                    Err(diagnostic) => diagnostics.push(*diagnostic),
                }
            }
        }
        (made, diagnostics)
    }

    /// The bounds of the bands.
    pub(super) fn levels(&self) -> Option<&Levels> {
        self.levels.as_ref()
    }

    /// Makes the rules ready to be asked many times.
    pub(super) fn bind(&self) -> Bound<'_> {
        let rules = self.rules.iter().filter_map(|(rule, place)| {
            let expression = self.engine.compile_expression_owned(rule.when.clone()).ok()?;
            Some((rule, place, expression))
        });
        Bound { rules: rules.collect(), policies: self, failed: BTreeSet::new(), diagnostics: Vec::new() }
    }
}

/// Policies while they are applied to the findings of a pair.
pub(super) struct Bound<'p> {
    rules: Vec<(&'p PolicyRule, &'p Place, Expression<'p, 'static>)>,
    policies: &'p Policies,
    failed: BTreeSet<String>,
    /// Expressions that failed, each once.
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Bound<'_> {
    /// Applies every rule that fits, in order. Later rules see what earlier ones did.
    pub(super) fn apply(&mut self, finding: &mut Finding, comparison: &Comparison<'_>) {
        for (rule, place, expression) in &self.rules {
            if expired(rule.expires.as_deref(), comparison.now) {
                continue;
            }
            match expression.eval(scope(finding, comparison)) {
                Ok(answer) if answer.is_true() => effect(rule, finding),
                Ok(_) => (),
                Err(error) => {
                    if self.failed.insert(rule.id.clone()) {
                        self.diagnostics.push(refused(rule, place, &error.to_string()));
                    }
                }
            }
        }
        self.ignore(finding, comparison.now);
        if finding.state == State::Expected && finding.score.set.is_none() {
            let reason = finding.because.clone().unwrap_or_else(|| "it differs by design".to_owned());
            finding.score.set = Some((Severity::Info, reason));
        }
        finding.severity = super::score::band(&finding.score, self.policies.levels());
    }

    /// An ignored difference stays in the report as expected, so that nothing disappears without a word.
    fn ignore(&self, finding: &mut Finding, now: Timestamp) {
        let of = object(finding);
        let ours = |kinds: &[String]| {
            let fits = |kind: &String| {
                let object = of.is_some_and(|(of, _)| of.eq_ignore_ascii_case(kind) || of == "*");
                kind == "*" || kind.eq_ignore_ascii_case(finding.kind.word()) || object
            };
            kinds.is_empty() || kinds.iter().any(fits)
        };
        let at = |path: &str| {
            // Both ways of quoting a key are the same path.
            let plain = |text: &str| text.replace('\'', "\"");
            fits(path, &finding.key) || of.is_some_and(|(_, at)| fits(&plain(path), &plain(at)))
        };
        let rule = self
            .policies
            .ignore
            .iter()
            .find(|rule| !expired(rule.expires.as_deref(), now) && ours(&rule.kinds) && at(&rule.path));
        if let Some(rule) = rule {
            finding.state = State::Expected;
            finding.because = Some(format!("{} (ignored by policy)", rule.reason));
        }
    }
}

/// An end that cannot be read ends nothing earlier than it was meant to: the rule is not applied, and the catalog says why.
fn expired(expires: Option<&str>, now: Timestamp) -> bool {
    ended(expires, now).unwrap_or(true)
}

fn effect(rule: &PolicyRule, finding: &mut Finding) {
    if let Some(points) = rule.add {
        // A cast from float to integer saturates, and not-a-number gives 0; more than 10 points cannot matter.
        let tenths = ((points * 10.0).round() as i32).clamp(-100, 100);
        finding.score.add(rule.id.clone(), tenths, rule.reason.clone());
    }
    if let Some(severity) = rule.set {
        finding.score.set = Some((severity, format!("{} ({})", rule.reason, rule.id)));
    }
    if rule.expected {
        finding.state = State::Expected;
        finding.because = Some(format!("{} ({})", rule.reason, rule.id));
    }
    finding.severity = finding.score.severity();
}

/// An engine that cannot be made to use much time or memory: no functions, and only filters that do not multiply text.
fn engine() -> Environment<'static> {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Chainable);
    engine.set_fuel(Some(FUEL));
    for global in ["range", "dict", "namespace", "debug"] {
        engine.remove_global(global);
    }
    for filter in ["format", "indent", "replace", "join", "batch", "slice", "pprint", "tojson", "map", "urlencode"] {
        engine.remove_filter(filter);
    }
    engine
}

fn refused(rule: &PolicyRule, place: &Place, why: &str) -> Diagnostic {
    Diagnostic::error(&codes::PL0019, format!("the `when` of policy rule {} cannot be used: {why}", rule.id))
        .at(place.clone())
        .note(format!("the expression is `{}`; the rule was not applied", rule.when))
}

fn check(engine: &Environment<'static>, rule: &PolicyRule, policy: &Located<Policy>) -> Result<(), Box<Diagnostic>> {
    let refuse = |why: &str| refused(rule, &policy.place, why);
    let expression = engine.compile_expression(&rule.when).map_err(|error| refuse(&error.to_string()))?;
    let names: BTreeSet<String> = expression.undeclared_variables(true).into_iter().collect();
    for name in names {
        let mut parts = name.split('.');
        let first = parts.next().unwrap_or_default();
        if !NAMES.contains(&first) {
            return Err(Box::new(refuse(&format!("there is no '{first}' here")).did_you_mean(first, NAMES)));
        }
        if let ("finding", Some(key)) = (first, parts.next())
            && !FINDING.contains(&key)
        {
            return Err(Box::new(refuse(&format!("a finding has no '{key}'")).did_you_mean(key, FINDING)));
        }
    }
    // A first try finds filters and tests that do not exist.
    let empty = context! { finding => context! {}, module => context! {}, project => context! {} };
    match expression.eval(empty) {
        Err(error)
            if matches!(error.kind(), minijinja::ErrorKind::UnknownFilter | minijinja::ErrorKind::UnknownTest) =>
        {
            Err(Box::new(refuse(&error.to_string())))
        }
        _ => Ok(()),
    }
}

fn scope(finding: &Finding, comparison: &Comparison<'_>) -> Value {
    let text = |shown: &Option<crate::model::Shown>| shown.as_ref().map(|shown| shown.text.clone());
    let module = comparison.module;
    let env = (comparison.pair.mode != Mode::Refs).then(|| side(&comparison.to));
    Value::from(Serde(json!({
        "finding": {
            "rule": finding.rule,
            "kind": finding.kind,
            "module": finding.module,
            "key": finding.key,
            "path": path(finding),
            "title": finding.title,
            "severity": finding.severity,
            "score": f64::from(finding.score.tenths()) / 10.0,
            "state": finding.state,
            "from": text(&finding.from),
            "to": text(&finding.to),
        },
        "module": {
            "name": module.metadata.name,
            "owner": module.metadata.owner,
            "kind": module.spec.kind,
            "labels": module.metadata.labels,
            "path": module.spec.path,
        },
        "env": env,
        "from": side(&comparison.from),
        "to": side(&comparison.to),
        "project": { "name": comparison.catalog.project.value.metadata.name },
    })))
}

fn side(side: &Side<'_>) -> serde_json::Value {
    json!({
        "name": side.environment.map_or(side.name, |env| &env.metadata.name),
        "tier": side.environment.map(|env| env.spec.tier),
        "tokens": side.environment.map(|env| &env.spec.tokens),
        "labels": side.environment.map(|env| &env.metadata.labels),
        "version": side.version,
    })
}

/// The key with `/` between all its parts: `Deployment/web/spec/replicas`. For variables it is the key.
fn path(finding: &Finding) -> String {
    if finding.kind != Kind::Helm {
        return finding.key.clone();
    }
    let (mut path, mut within) = (String::new(), 0u32);
    for c in finding.key.chars() {
        match c {
            '[' => within += 1,
            ']' => within = within.saturating_sub(1),
            _ => (),
        }
        path.push(if c == '.' && within == 0 { '/' } else { c });
    }
    path
}

/// Kind of the object and path in it of a finding about Kubernetes objects: `Deployment`, `spec.replicas`.
fn object(finding: &Finding) -> Option<(&str, &str)> {
    let key = finding.key.strip_prefix("pending/").unwrap_or(&finding.key);
    let mut parts = key.splitn(3, '/').filter(|_| finding.kind == Kind::Helm);
    let (kind, _name) = (parts.next()?, parts.next()?);
    Some((kind, parts.next().unwrap_or_default()))
}

/// Whether a text fits a pattern in which `*` stands for any text. Every other character stands for itself.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}
