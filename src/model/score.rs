//! How much a finding matters: a score out of named, printed parts, and the band it falls into.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The band of a score, mildest first, so that `max` and `>=` mean what they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Score 0: to know, never to act on.
    Info,
    /// 0.1 to 3.9.
    Low,
    /// 4.0 to 6.9.
    Medium,
    /// 7.0 to 8.9.
    High,
    /// 9.0 and above.
    Critical,
}

impl Severity {
    /// All bands, worst first.
    pub const ALL: [Severity; 5] =
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

    /// The word for it, as in flags and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    /// The lowest score of the band, in tenths.
    pub fn floor(self) -> i32 {
        match self {
            Severity::Info => 0,
            Severity::Low => 1,
            Severity::Medium => 40,
            Severity::High => 70,
            Severity::Critical => 90,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// One named part of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Modifier {
    /// Short name: `tier prod`, `mirror`, or the id of a policy rule.
    pub name: String,
    /// What it adds, in tenths of a point; negative takes away.
    pub tenths: i32,
    /// Why, one line; the `reason` of a policy rule.
    pub reason: String,
}

/// Base of the rule plus modifiers, held between 0 and 10. Counted in tenths so that sums are exact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Score {
    /// What the rule starts from, in tenths.
    pub base: i32,
    /// Every part that was added, in the order of application.
    pub modifiers: Vec<Modifier>,
    /// A policy that fixed the severity, whatever the sum says: severity and reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<(Severity, String)>,
}

impl Score {
    /// The base alone.
    pub fn new(base: i32) -> Score {
        Score { base, modifiers: Vec::new(), set: None }
    }

    /// Adds a part.
    pub fn add(&mut self, name: impl Into<String>, tenths: i32, reason: impl Into<String>) {
        self.modifiers.push(Modifier { name: name.into(), tenths, reason: reason.into() });
    }

    /// The sum in tenths, 0 to 100.
    pub fn tenths(&self) -> i32 {
        match &self.set {
            Some((severity, _)) => severity.floor(),
            None => self.modifiers.iter().fold(self.base, |sum, part| sum.saturating_add(part.tenths)).clamp(0, 100),
        }
    }

    /// The band of the sum by the standard bounds (`Severity::floor`).
    pub fn severity(&self) -> Severity {
        let tenths = self.tenths();
        Severity::ALL.into_iter().find(|band| tenths >= band.floor()).unwrap_or(Severity::Info)
    }
}

#[cfg(test)]
mod tests {
    use super::{Score, Severity};

    #[test]
    fn bands_begin_where_they_should_and_sums_stay_inside() {
        for (tenths, band) in [
            (0, Severity::Info),
            (1, Severity::Low),
            (39, Severity::Low),
            (40, Severity::Medium),
            (69, Severity::Medium),
            (70, Severity::High),
            (89, Severity::High),
            (90, Severity::Critical),
            (150, Severity::Critical),
            (-5, Severity::Info),
        ] {
            assert_eq!(Score::new(tenths).severity(), band, "{tenths}");
        }
        let mut score = Score::new(95);
        score.add("tier prod", 10, "receiving environment");
        assert_eq!(score.tenths(), 100);
    }
}
