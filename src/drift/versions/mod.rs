//! Kind `versions`: which of two environments is ahead, by how long, and whether it came there by the path.
mod order;
mod rules;
#[cfg(test)]
mod tests;

use super::{CellEvent, Comparison, Detector, Draft, Outcome, Side, code, resolve_ref};
use crate::model::config::{Tier, VersionScheme};
use crate::model::{Diagnostic, Kind, Mode, Order, Rule, Shown, State, codes, compare_versions};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
pub(super) use order::not_at;
use rules::{RULES, VER001, VER002, VER003, VER004, VER005, VER009, VER010, VER011};

/// The detector.
pub(super) struct Versions;

/// The key of findings about the version itself.
const KEY: &str = "version";

impl Detector for Versions {
    fn kind(&self) -> Kind {
        Kind::Versions
    }

    fn rules(&self) -> &'static [Rule] {
        RULES
    }

    fn compare(&self, c: &Comparison<'_>) -> Outcome {
        if c.pair.mode == Mode::Refs {
            return Outcome::not_applicable("two refs have no environments");
        }
        match (c.from.version, c.to.version) {
            (None, None) => Outcome::not_applicable("it is deployed in neither environment"),
            (Some(from), Some(to)) => both(c, from, to),
            (from, _) => absent(c, from.is_some()),
        }
    }
}

/// Whether the version of the target is the newer one of a promotion.
pub(super) fn turned_round(c: &Comparison<'_>) -> bool {
    let versions = c.from.version.zip(c.to.version);
    c.pair.mode == Mode::Promote && versions.is_some_and(|(from, to)| order::of_target(c, from, to) == Order::Newer)
}

fn both(c: &Comparison<'_>, from: &str, to: &str) -> Outcome {
    let mut out = Outcome { compared: 1, ..Outcome::default() };
    let order = order::of_target(c, from, to);
    not_a_release(c, from, to, &mut out);
    if order == Order::Same {
        same(c, to, &mut out);
        out.equal = usize::from(out.drafts.is_empty());
        return out;
    }
    if c.pair.mode == Mode::Mirror {
        let title = format!("{} runs {to} and mirrors {}, which runs {from}", c.pair.to, c.pair.from);
        let draft = versions(c, Draft::new(VER011, KEY, State::Drift, title));
        out.drafts.push(with_since(draft, got(&c.to, to)));
        return out;
    }
    match order {
        Order::Older => behind(c, (from, to), &mut out),
        Order::Newer => ahead(c, to, &mut out),
        _ => out.unchecked.push(
            Diagnostic::error(&codes::PL0230, format!("neither {from} nor {to} can be called the newer one"))
                .note("the version scheme does not order them, and neither commit is known to contain the other")
                .hint("set `versions.scheme` of the project or module, or fetch the repository: pilab repo fetch"),
        ),
    }
    if order != Order::Newer {
        skipped(c, to, &mut out);
    }
    out
}

fn behind(c: &Comparison<'_>, (from, to): (&str, &str), out: &mut Outcome) {
    let since = got(&c.from, from);
    let (overdue, max_lag) = match overdue(c, since) {
        Ok(answer) => answer,
        Err(diagnostic) => {
            out.unchecked.push(*diagnostic);
            (0, String::new())
        }
    };
    let title = format!("{} runs {to}, {} has {from}", c.pair.to, c.pair.from);
    let mut draft = versions(c, Draft::new(VER001, KEY, State::Pending, title)).because("the next promotion brings it");
    if overdue > 0 {
        draft = draft.modifier("age", 10, format!("it waits longer than {max_lag}"));
    }
    out.drafts.push(with_since(draft, since));
    if overdue > 0 {
        let title = format!("{from} waits for {}, longer than {max_lag}", c.pair.to);
        let mut draft = versions(c, Draft::new(VER009, KEY, State::Drift, title));
        if overdue > 1 {
            draft = draft.modifier("age", (overdue - 1) * 10, format!("{overdue} times {max_lag} or more"));
        }
        out.drafts.push(with_since(draft, since));
    }
}

fn ahead(c: &Comparison<'_>, to: &str, out: &mut Outcome) {
    let from = c.from.version.unwrap_or_default();
    let title = format!("{} runs {to}, newer than {from} in {}", c.pair.to, c.pair.from);
    let mut draft = versions(c, Draft::new(VER002, KEY, State::Drift, title));
    draft.details.push(format!("the next promotion would take {to} back"));
    if ever(c, to) == Some(false) {
        draft = draft.modifier("never tested", 10, format!("{to} was never in {}", c.pair.from));
        draft.details.push(format!("{to} was never in {}", c.pair.from));
    }
    out.drafts.push(with_since(draft, got(&c.to, to)));
}

fn skipped(c: &Comparison<'_>, to: &str, out: &mut Outcome) {
    if c.from.history.is_none() {
        out.unchecked.push(
            Diagnostic::error(&codes::PL0215, format!("whether {to} was ever in {} is not known", c.pair.from))
                .note("the history of the config repository tells which versions an environment had")
                .hint("keep the config repository in Git and commit it"),
        );
    } else if ever(c, to) == Some(false) {
        let title = format!("{} runs {to}, which {} never had", c.pair.to, c.pair.from);
        let mut draft = versions(c, Draft::new(VER005, KEY, State::Drift, title));
        if let Some(lost) = code::first_lost(c) {
            draft =
                draft.modifier("told by CODE002", -20, format!("what {to} has of its own is told by itself: {lost}"));
        }
        out.drafts.push(with_since(draft, got(&c.to, to)));
    }
}

/// Whether `from` ever had the version; unknown when its history does not reach back to when `to` got it.
fn ever(c: &Comparison<'_>, version: &str) -> Option<bool> {
    let history = c.from.history?;
    let scheme = order::rules_of(c).scheme;
    let same = |event: &CellEvent| {
        event.version.as_deref().is_some_and(|was| compare_versions(scheme, was, version) == Order::Same)
    };
    if history.iter().any(same) {
        return Some(true);
    }
    let first = history.iter().map(|event| event.at).min()?;
    (first < got(&c.to, version)?).then_some(false)
}

/// When the side got the version that it has: by its history or as its deployment says, whichever is earlier. The one
/// begins when the config repository began, the other is the last deployment of the same version.
fn got(side: &Side<'_>, version: &str) -> Option<Timestamp> {
    let history = side.history.unwrap_or_default();
    let run = history.iter().rev().take_while(|event| event.version.as_deref() == Some(version)).last();
    let said = side.deployment.and_then(|cell| cell.deployed_at.as_deref()?.parse().ok());
    run.map(|event| event.at).into_iter().chain(said).min()
}

/// How often `maxLag` of the target has passed since then, 3 at most, and `maxLag` itself.
fn overdue(c: &Comparison<'_>, since: Option<Timestamp>) -> Result<(i32, String), Box<Diagnostic>> {
    let text = c.to.environment.and_then(|env| env.spec.max_lag.as_deref()).unwrap_or("P30D");
    let span: Span = text.parse().map_err(|_| {
        Box::new(
            Diagnostic::error(&codes::PL0025, format!("maxLag of {} is no duration: '{text}'", c.pair.to))
                .hint("write it as ISO 8601: `P30D`, `PT12H`"),
        )
    })?;
    let Some(since) = since else { return Ok((0, text.to_owned())) };
    let begin = since.to_zoned(TimeZone::UTC);
    let passed = |times: &i32| {
        let span = span.checked_mul(i64::from(*times)).ok();
        let limit = span.and_then(|span| begin.checked_add(span).ok());
        limit.is_some_and(|limit| c.now > limit.timestamp())
    };
    Ok(((1..=3).take_while(passed).count() as i32, text.to_owned()))
}

fn not_a_release(c: &Comparison<'_>, from: &str, to: &str, out: &mut Outcome) {
    let exempt = c.to.environment.is_none_or(|env| matches!(env.spec.tier, Tier::Dev | Tier::Sandbox));
    // What a mirror copies is reported where it came from.
    if exempt || (c.pair.mode == Mode::Mirror && from == to) {
        return;
    }
    match is_release(c, to) {
        Ok(true) => (),
        Ok(false) => {
            let title = format!("{} runs {to}, which is not a release", c.pair.to);
            out.drafts.push(with_since(versions(c, Draft::new(VER003, KEY, State::Drift, title)), got(&c.to, to)));
        }
        Err(diagnostic) => out.unchecked.push(*diagnostic),
    }
}

/// Whether the version, or the ref that it stands for, is written as a release.
fn is_release(c: &Comparison<'_>, version: &str) -> Result<bool, Box<Diagnostic>> {
    let rules = order::rules_of(c);
    if let Some(pattern) = &rules.tag_pattern {
        let regex = regex::Regex::new(pattern).map_err(|error| {
            Box::new(Diagnostic::error(&codes::PL0020, format!("tagPattern '{pattern}' cannot be used: {error}")))
        })?;
        return Ok(regex.is_match(version) || regex.is_match(&resolve_ref(c.catalog, c.module, version)?));
    }
    let understood = compare_versions(rules.scheme, version, "0") != Order::Unknown;
    let pre_release = version.split('+').next().unwrap_or_default().contains('-');
    Ok(match rules.scheme {
        VersionScheme::Opaque => true,
        VersionScheme::Semver => understood && !pre_release,
        VersionScheme::Calver | VersionScheme::Integer => understood,
    })
}

/// Equal versions: built from equal commits, and from what their ref stands for?
fn same(c: &Comparison<'_>, version: &str, out: &mut Outcome) {
    let recorded = |side: &Side<'_>| side.deployment.and_then(|cell| cell.commit.clone());
    let (from, to) = (recorded(&c.from), recorded(&c.to));
    if let (Some(from), Some(to)) = (&from, &to)
        && !alike(from, to)
    {
        let title = format!("{version} was built from different commits");
        let draft = Draft::new(VER010, "commit", State::Drift, title);
        out.drafts.push(draft.shown(Shown::value(short(from)), Shown::value(short(to))));
    }
    let Ok(true) = is_release(c, version) else { return };
    if let (Some(recorded), Some(now)) = (&to, c.to.commit)
        && !alike(recorded, &now.0)
    {
        let title = format!("{version} in {} was built from another commit than its ref stands for now", c.pair.to);
        let mut draft = Draft::new(VER010, "ref", State::Drift, title);
        draft.details.push(format!("built from {}, the ref is now at {}", short(recorded), now.short()));
        out.drafts.push(versions(c, draft));
    }
}

fn alike(a: &str, b: &str) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}

/// A module that has a deployment on one side only.
fn absent(c: &Comparison<'_>, in_from: bool) -> Outcome {
    let (here, there) = if in_from { (&c.from, &c.to) } else { (&c.to, &c.from) };
    let name = |side: &Side<'_>| side.environment.map_or_else(|| side.name.to_owned(), |env| env.metadata.name.clone());
    let missing = name(there);
    if let Some(reason) = order::outside(c, &missing) {
        return Outcome::not_applicable(reason);
    }
    let mut out = Outcome { compared: 1, ..Outcome::default() };
    if let Some(mirror) = order::mirrored_with(c, &missing) {
        let module = &c.module.metadata.name;
        out.unchecked.push(
            Diagnostic::error(&codes::PL0203, format!("no deployment of {module} is recorded for {missing}"))
                .note(format!("{mirror} mirrors {missing} and has it, so it must be there"))
                .hint(format!("write manifest/{missing}/{module}.yaml")),
        );
        return out;
    }
    let draft = if c.pair.mode == Mode::Mirror {
        let title = format!("It is in {} and not in {}", name(here), name(there));
        Draft::new(VER011, KEY, State::Drift, title)
    } else if in_from {
        let title = format!("It is not in {} yet", c.pair.to);
        Draft::new(VER004, KEY, State::Pending, title).because("the promotion brings it")
    } else {
        let title = format!("It is in {} and not in {}, which promotes into it", c.pair.to, c.pair.from);
        Draft::new(VER004, KEY, State::Drift, title)
    };
    let since = here.version.and_then(|version| got(here, version));
    out.drafts.push(with_since(versions(c, draft), since));
    out
}

fn versions(c: &Comparison<'_>, draft: Draft) -> Draft {
    let shown = |side: &Side<'_>| side.version.map_or_else(|| Shown::absent("(not deployed)"), Shown::value);
    draft.shown(shown(&c.from), shown(&c.to))
}

fn with_since(draft: Draft, since: Option<Timestamp>) -> Draft {
    Draft { since, ..draft }
}
