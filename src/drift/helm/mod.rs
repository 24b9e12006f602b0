//! Drift of Kubernetes objects: charts, kustomizations and manifests rendered for every version and environment, and compared as objects.
mod cause;
mod changes;
mod chart;
mod draft;
mod files;
mod mask;
mod patch;
mod renders;
mod rules;
#[cfg(test)]
mod tests;
mod weigh;

pub use chart::{ChartStore, NoCharts};
pub use patch::patches;
pub use renders::{Rendering, Renders};

use crate::drift::{Comparison, Detector, Outcome};
use crate::model::{Kind, Mode, Rule};
use changes::{Purpose, compare};

/// The detector of `K8S` rules.
pub struct Helm;

impl Detector for Helm {
    fn kind(&self) -> Kind {
        Kind::Helm
    }

    fn rules(&self) -> &'static [Rule] {
        rules::RULES
    }

    fn compare(&self, c: &Comparison<'_>) -> Outcome {
        if let Some(because) = c.absent() {
            return Outcome::not_applicable(because);
        }
        if !renders::declared(c.module) {
            return Outcome::not_applicable("no chart, kustomization or manifests are declared");
        }
        let mut outcome = Outcome::default();
        let (a, b) = (c.from.environment, c.to.environment);
        match c.pair.mode {
            Mode::Promote => {
                // What A's version would be in B: beside A it shows what stays different, beside B what the promotion changes.
                let promoted = (&c.from, b);
                compare(c, (&c.from, a), promoted, Purpose::Drift, &mut outcome);
                if c.to.version.is_some() {
                    compare(c, (&c.to, b), promoted, Purpose::Pending, &mut outcome);
                }
            }
            Mode::Mirror => compare(c, (&c.from, a), (&c.to, b), Purpose::Drift, &mut outcome),
            Mode::Refs => {
                // Of an environment and a plain ref only what depends on no environment can be compared.
                let (a, b) = a.zip(b).unzip();
                if a.is_none() && renders::per_environment(c.module) {
                    return Outcome::not_applicable("it is rendered per environment, and a ref has none");
                }
                compare(c, (&c.from, a), (&c.to, b), Purpose::Change, &mut outcome);
            }
        }
        outcome
    }
}
