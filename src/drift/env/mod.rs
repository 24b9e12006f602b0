//! Drift of environment variables: what a module gets in one environment and not, or otherwise, in the other.
mod amounts;
mod collect;
mod compare;
mod declared;
mod manifests;
mod material;
mod points;
mod read;
mod relation;
mod rules;
mod secrets;
mod show;
mod sources;
mod values;

pub use collect::variables;
pub use material::Material;
pub use secrets::digest;
pub(super) use values::{secret_name, secret_value};

use crate::drift::{Comparison, Detector, Outcome};
use crate::model::{Kind, Mode, Rule};
use compare::{Purpose, compare_materials};

/// The detector of `ENV` rules.
pub struct Env;

impl Detector for Env {
    fn kind(&self) -> Kind {
        Kind::Env
    }

    fn rules(&self) -> &'static [Rule] {
        rules::RULES
    }

    fn compare(&self, comparison: &Comparison<'_>) -> Outcome {
        let c = comparison;
        let mut outcome = Outcome::default();
        if let Some(because) = c.absent() {
            return Outcome::not_applicable(because);
        }
        let (a, b) = (c.from.environment, c.to.environment);
        match c.pair.mode {
            Mode::Promote => {
                let promoted = variables(c, &c.from, b);
                compare_materials(c, (&variables(c, &c.from, a), &promoted), Purpose::Drift, &mut outcome);
                // A module that the promotion brings is one difference, and `VER004` tells it.
                if c.to.version.is_some() {
                    compare_materials(c, (&promoted, &variables(c, &c.to, b)), Purpose::Pending, &mut outcome);
                }
            }
            Mode::Mirror => {
                let sides = (&variables(c, &c.from, a), &variables(c, &c.to, b));
                compare_materials(c, sides, Purpose::Drift, &mut outcome);
            }
            Mode::Refs => {
                let mut sources = c.module.spec.env.iter().flatten().peekable();
                let plain = a.is_none() || b.is_none();
                if plain && sources.peek().is_some() && sources.all(|source| collect::per_environment(c, source)) {
                    return Outcome::not_applicable("its variables are set per environment, and a ref has none");
                }
                // Of an environment and a plain ref only what depends on no environment can be compared.
                let (a, b) = a.zip(b).unzip();
                let sides = (&variables(c, &c.from, a), &variables(c, &c.to, b));
                compare_materials(c, sides, Purpose::Change, &mut outcome);
            }
        }
        let by_key = |draft: &crate::drift::Draft| (draft.key.clone(), draft.rule.id);
        outcome.drafts.sort_by_key(by_key);
        outcome.drafts.dedup_by_key(|draft| by_key(draft));
        if !collect::declared(c) {
            outcome.not_applicable = Some("no source of environment variables is declared".to_owned());
        }
        outcome
    }
}

#[cfg(test)]
mod tests;
