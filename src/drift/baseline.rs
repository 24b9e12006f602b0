//! Findings that people accepted: which ones, why, until when.
use super::policy::fits;
use crate::catalog::Catalog;
use crate::model::config::{Accepted, BaselinePair};
use crate::model::{Diagnostic, Finding, State, codes};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// Every acceptance that is in force.
#[derive(Debug, Clone, Default)]
pub struct Acceptances {
    entries: Vec<(Option<BaselinePair>, Accepted)>,
    extra: BTreeSet<String>,
}

impl Acceptances {
    /// Reads the baselines of the catalog. Those that have ended by `now` are left out, each with a warning (PL0022);
    /// an end that is no date is an error (PL0025), and its acceptance is left out as well.
    pub fn compile(catalog: &Catalog, now: Timestamp) -> (Acceptances, Vec<Diagnostic>) {
        let (mut entries, mut diagnostics) = (Vec::new(), Vec::new());
        for (name, baseline) in &catalog.baselines {
            for accepted in &baseline.value.spec.accepted {
                match ended(accepted.until.as_deref(), now) {
                    Ok(false) => entries.push((baseline.value.spec.pair.clone(), accepted.clone())),
                    Ok(true) => diagnostics.push(
                        Diagnostic::warning(
                            &codes::PL0022,
                            format!(
                                "the acceptance of {} ended on {}",
                                accepted.fingerprint,
                                accepted.until.as_deref().unwrap_or_default()
                            ),
                        )
                        .at(baseline.place.clone())
                        .note(format!("it stands in baseline {name}; the finding counts again")),
                    ),
                    Err(text) => diagnostics.push(
                        Diagnostic::error(
                            &codes::PL0025,
                            format!("'{text}' is no date, so nothing is accepted until then"),
                        )
                        .at(baseline.place.clone())
                        .note(format!("it is the end of {} in baseline {name}", accepted.fingerprint)),
                    ),
                }
            }
        }
        (Acceptances { entries, extra: BTreeSet::new() }, diagnostics)
    }

    /// Accepts these fingerprints too, as `--baseline FILE` asks.
    pub fn with(mut self, fingerprints: impl IntoIterator<Item = String>) -> Acceptances {
        self.extra.extend(fingerprints);
        self
    }

    /// Marks the finding as accepted when it is. What is expected already stays so.
    pub(super) fn apply(&self, finding: &mut Finding) {
        if !matches!(finding.state, State::Drift | State::Change | State::Pending) {
            return;
        }
        let entry = self.entries.iter().find(|(pair, accepted)| {
            pair.as_ref().is_none_or(|pair| pair.from == finding.pair.from && pair.to == finding.pair.to)
                && fits(&accepted.fingerprint, &finding.fingerprint)
        });
        if let Some((_, accepted)) = entry {
            finding.state = State::Accepted;
            finding.because = Some(accepted.reason.clone());
            finding.until = accepted.until.clone();
        } else if self.extra.contains(&finding.fingerprint) {
            finding.state = State::Accepted;
            finding.because = Some("it is in the baseline given for this run".to_owned());
        }
    }
}

/// Whether the last day has passed. The day itself still counts, in UTC.
///
/// # Errors
/// The text, when it is neither a date nor a moment.
pub(super) fn ended(until: Option<&str>, now: Timestamp) -> Result<bool, &str> {
    let Some(text) = until else { return Ok(false) };
    let day = |moment: Timestamp| moment.to_zoned(TimeZone::UTC).date();
    let last = match text.parse::<Timestamp>() {
        Ok(moment) => day(moment),
        Err(_) => text.parse::<Date>().map_err(|_| text)?,
    };
    Ok(day(now) > last)
}
