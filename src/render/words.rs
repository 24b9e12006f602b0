//! Sentences that text and Markdown share: counts, ages, sums, places, groups of what was not checked.
use super::DriftView;
use crate::model::{Diagnostic, DriftReport, Evidence, Finding, Kind, Mode, PairReport, Severity, State, Unchecked};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// `1 module`, `2 modules`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// How long ago something was: `3 d`; nothing when a moment cannot be read or lies ahead.
pub(super) fn age(since: &str, now: &str) -> Option<String> {
    let seconds = moment(now)?.as_second().checked_sub(moment(since)?.as_second())?;
    Some(match seconds {
        ..0 => return None,
        0..60 => "now".to_owned(),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..172_800 => format!("{} h", seconds / 3_600),
        172_800..3_628_800 => format!("{} d", seconds / 86_400),
        3_628_800..63_072_000 => format!("{} wk", seconds / 604_800),
        _ => format!("{} y", seconds / 31_536_000),
    })
}

/// `3 d ago`, `just now`.
pub(super) fn ago(age: &str) -> String {
    if age == "now" { "just now".to_owned() } else { format!("{age} ago") }
}

/// A moment out of an RFC 3339 text or a date.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| format!("{text}T00:00:00Z").parse().ok())
}

/// The date some days after a moment.
pub(super) fn date_after(now: &str, days: i64) -> Option<String> {
    let later = moment(now)?.checked_add(jiff::SignedDuration::from_hours(days * 24)).ok()?;
    later.to_string().get(..10).map(str::to_owned)
}

/// Whether the view lists the finding.
pub(super) fn listed(finding: &Finding, view: &DriftView, min: Option<Severity>) -> bool {
    let state = match finding.state {
        State::Drift | State::Change => true,
        State::Pending => view.pending,
        State::Accepted => view.accepted,
        State::Expected => view.expected,
    };
    state && min.is_none_or(|min| finding.severity >= min)
}

/// The counts of some pairs.
#[derive(Default)]
pub(super) struct Sum {
    /// Drift and changes by severity.
    pub(super) open: BTreeMap<Severity, usize>,
    /// Pending findings.
    pub(super) pending: usize,
    accepted: usize,
    expected: usize,
    equal: usize,
    compared: usize,
    not_checked: usize,
    changes: bool,
}

impl Sum {
    /// Counts.
    pub(super) fn of(pairs: &[PairReport]) -> Sum {
        let mut sum = Sum { changes: !pairs.is_empty(), ..Sum::default() };
        for pair in pairs {
            sum.changes &= pair.pair.mode == Mode::Refs;
            sum.not_checked += pair.not_checked.len();
            for coverage in &pair.coverage {
                sum.equal = sum.equal.saturating_add(coverage.equal);
                sum.compared = sum.compared.saturating_add(coverage.compared);
            }
            for finding in &pair.findings {
                match finding.state {
                    State::Drift | State::Change => *sum.open.entry(finding.severity).or_default() += 1,
                    State::Pending => sum.pending += 1,
                    State::Accepted => sum.accepted += 1,
                    State::Expected => sum.expected += 1,
                }
            }
        }
        sum
    }

    /// How many findings count.
    pub(super) fn drift(&self) -> usize {
        self.open.values().sum()
    }

    /// `1 high, 2 medium`.
    pub(super) fn bands(&self) -> String {
        let parts: Vec<String> =
            self.open.iter().rev().map(|(severity, number)| format!("{number} {severity}")).collect();
        parts.join(", ")
    }

    /// What is to be said when nothing counts; never "no drift" where something was not looked at.
    pub(super) fn nothing(&self) -> String {
        let what = if self.changes { "changes" } else { "drift" };
        if self.not_checked > 0 {
            format!("no {what} found, {} not checked", self.not_checked)
        } else if self.compared == 0 && self.pending + self.accepted + self.expected == 0 {
            "nothing to compare".to_owned()
        } else {
            format!("no {what}")
        }
    }

    /// `7 pending`, `2 accepted`: what does not count now and may count later.
    pub(super) fn waiting(&self) -> Vec<String> {
        let parts = [(self.pending, "pending"), (self.accepted, "accepted")];
        parts.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}")).collect()
    }

    /// The whole sum in one line.
    pub(super) fn line(&self) -> String {
        self.parts().join(", ")
    }

    /// The parts of the sum.
    pub(super) fn parts(&self) -> Vec<String> {
        let number = self.drift();
        let mut parts = vec![match (number, self.changes) {
            (0, _) => self.nothing(),
            (_, true) => format!("{} ({})", count(number, "change", "changes"), self.bands()),
            (_, false) => format!("{number} drift ({})", self.bands()),
        }];
        parts.extend(self.waiting());
        if self.expected > 0 {
            parts.push(format!("{} expected", self.expected));
        }
        if self.equal > 0 {
            parts.push(format!("{} equal", self.equal));
        }
        if number > 0 && self.not_checked > 0 {
            parts.push(format!("{} not checked", self.not_checked));
        }
        parts
    }
}

/// Entries of one reason.
pub(super) struct Group<'a> {
    /// How many entries.
    pub(super) number: usize,
    /// `payments (code, env), search (env)`; at most six modules by name.
    pub(super) modules: String,
    /// The reason.
    pub(super) why: &'a Diagnostic,
    /// The one module, where the reason names it, with its kinds.
    single: Option<String>,
}

impl Group<'_> {
    /// What and why in one sentence: `payments (code): repository shop was not fetched`.
    pub(super) fn sentence(&self) -> String {
        match &self.single {
            Some(kinds) => format!("{} ({kinds})", self.why.message),
            None => format!("{}: {}", self.modules, self.why.message),
        }
    }
}

/// What was not checked by reason, in the order of codes and messages.
pub(super) fn groups<'a>(entries: impl Iterator<Item = &'a Unchecked>) -> Vec<Group<'a>> {
    type Modules<'a> = BTreeMap<&'a str, BTreeSet<Kind>>;
    let mut by_reason: BTreeMap<(&str, &str), (usize, Modules<'a>, &'a Diagnostic)> = BTreeMap::new();
    for entry in entries {
        let key = (entry.why.code.id, entry.why.message.as_str());
        let group = by_reason.entry(key).or_insert_with(|| (0, BTreeMap::new(), &entry.why));
        group.0 += 1;
        group.1.entry(&entry.module).or_default().insert(entry.kind);
    }
    let listed = |kinds: &BTreeSet<Kind>| kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(", ");
    let named = |modules: &Modules<'_>| {
        let mut names: Vec<String> =
            modules.iter().take(6).map(|(name, kinds)| format!("{name} ({})", listed(kinds))).collect();
        if modules.len() > 6 {
            names.push(format!("{} more", modules.len() - 6));
        }
        names.join(", ")
    };
    let single = |modules: &Modules<'_>, why: &Diagnostic| {
        let mut only = modules.iter().filter(|_| modules.len() == 1);
        only.find(|(name, _)| why.message.split(' ').any(|word| word == **name)).map(|(_, kinds)| listed(kinds))
    };
    by_reason
        .into_values()
        .map(|(number, modules, why)| Group { number, modules: named(&modules), single: single(&modules, why), why })
        .collect()
}

/// Where a piece of evidence is: `payments: compose.yaml:7 at v1.4.1`.
pub(super) fn place(evidence: &Evidence) -> String {
    let mut text = String::new();
    if !evidence.repository.is_empty() {
        text = format!("{}: ", evidence.repository);
    }
    text += &format!("{}:{}", evidence.place.file, evidence.place.line);
    if !evidence.at.is_empty() {
        text += &format!(" at {}", evidence.at);
    }
    text
}

/// The evidence that says most: of the side that is looked at, else the first.
pub(super) fn main_evidence(finding: &Finding) -> Option<&Evidence> {
    finding.evidence.iter().find(|evidence| evidence.side == finding.pair.to).or(finding.evidence.first())
}

/// `shop main@9f3c1b2`.
pub(super) fn source(project: &str, at: Option<&str>, commit: Option<&str>) -> String {
    let short = commit.map(|id| id.get(..7).unwrap_or(id));
    match (at, short) {
        (Some(at), Some(id)) if at != id => format!("{project} {at}@{id}"),
        (Some(one), _) | (None, Some(one)) => format!("{project} {one}"),
        (None, None) => project.to_owned(),
    }
}

/// What a failed run says: how many findings reached the threshold.
pub(super) fn reached<'a>(report: &'a DriftReport, view: &DriftView) -> Vec<&'a Finding> {
    let limit = report.fail_on.unwrap_or(Severity::Info);
    let at = |pending: bool| -> Vec<&Finding> {
        report.findings().filter(|f| f.severity >= limit && f.counts(pending)).collect()
    };
    // The report does not say whether pending ones count; when nothing else explains the code, they did.
    let found = at(view.pending);
    if found.is_empty() { at(true) } else { found }
}

#[cfg(test)]
mod tests {
    use super::{age, date_after, source};

    #[test]
    fn ages_are_short_and_never_from_the_future() {
        let now = "2026-11-25T12:00:00Z";
        for (since, text) in [
            ("2026-11-25T11:59:30Z", Some("now")),
            ("2026-11-25T11:58:00Z", Some("2 min")),
            ("2026-11-25T10:00:00Z", Some("2 h")),
            ("2026-11-22", Some("3 d")),
            ("2026-10-10T12:00:00+02:00", Some("6 wk")),
            ("2023-01-01", Some("3 y")),
            ("2027-01-01", None),
            ("soon", None),
        ] {
            assert_eq!(age(since, now).as_deref(), text, "{since}");
        }
        assert_eq!(date_after(now, 30).as_deref(), Some("2026-12-25"));
        assert_eq!(source("shop", Some("main"), Some("9f3c1b2aaaa")), "shop main@9f3c1b2");
    }
}
