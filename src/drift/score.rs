//! What the receiving environment adds to a score, and the band of a sum.
use crate::model::config::{Environment, Levels, Tier};
use crate::model::{Mode, Pair, Score, Severity};

/// Adds the parts that come from where the difference is, not from what it is. Plain refs have no receiving environment.
pub(super) fn add_receiving(score: &mut Score, pair: &Pair, to: Option<&Environment>) {
    if pair.mode == Mode::Refs {
        return;
    }
    if let Some(env) = to {
        let (tenths, reason) = match env.spec.tier {
            Tier::Dev | Tier::Sandbox => (-20, "few depend on the receiving environment"),
            Tier::Prod => (10, "customers depend on the receiving environment"),
            Tier::Dr => (10, "customers will depend on the receiving environment"),
            Tier::Test | Tier::Qa | Tier::Uat | Tier::Staging | Tier::Preprod => (0, ""),
        };
        if tenths != 0 {
            score.add(format!("tier {}", env.spec.tier.word()), tenths, reason);
        }
    }
    if pair.mode == Mode::Mirror {
        score.add("mirror", 20, format!("{} must equal {} at all times", pair.to, pair.from));
    }
}

/// The band of a score, by the bounds of a policy where there are some. A severity that a policy set stands as it is.
pub(super) fn band(score: &Score, levels: Option<&Levels>) -> Severity {
    let (None, Some(levels)) = (&score.set, levels) else {
        return score.set.as_ref().map_or_else(|| score.severity(), |(severity, _)| *severity);
    };
    let points = f64::from(score.tenths()) / 10.0;
    let bounds = [
        (levels.critical, Severity::Critical),
        (levels.high, Severity::High),
        (levels.medium, Severity::Medium),
        (levels.low, Severity::Low),
    ];
    bounds.into_iter().find(|(bound, _)| points >= *bound).map_or(Severity::Info, |(_, severity)| severity)
}
