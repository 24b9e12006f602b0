//! What is asked of a catalog: pairs, names, repositories, acceptances that have ended.
use super::Catalog;
use super::patterns::read_date;
use crate::model::config::{Deployment, Environment, RepoSpec, VersionScheme};
use crate::model::{Diagnostic, Mode, Pair, codes};
use jiff::Timestamp;

impl Catalog {
    /// The pairs to compare without a range: `promotion.compare`, else the neighbours of the promotion path;
    /// an environment that `mirrors` another makes its pair a mirror.
    pub fn pairs(&self) -> Vec<Pair> {
        let promotion = &self.project.value.spec.promotion;
        let mirrored = |name: &str| self.find(name).and_then(|env| env.spec.mirrors.clone());
        let mut pairs: Vec<Pair> = Vec::new();
        for pair in &promotion.compare {
            let mirror = mirrored(&pair.to).is_some_and(|from| from == pair.from);
            let mode = pair.mode.unwrap_or(if mirror { Mode::Mirror } else { Mode::Promote });
            pairs.push(Pair { from: pair.from.clone(), to: pair.to.clone(), mode });
        }
        if promotion.compare.is_empty() {
            let stages: Vec<&String> = promotion.order.iter().filter(|name| mirrored(name).is_none()).collect();
            for (from, to) in stages.iter().zip(stages.iter().skip(1)) {
                pairs.push(Pair { from: (*from).clone(), to: (*to).clone(), mode: Mode::Promote });
            }
            for env in self.environments.iter().map(|env| &env.value) {
                if let Some(from) = &env.spec.mirrors {
                    let to = env.metadata.name.clone();
                    pairs.push(Pair { from: from.clone(), to, mode: Mode::Mirror });
                }
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        pairs.retain(|pair| seen.insert((pair.from.clone(), pair.to.clone())));
        pairs
    }

    fn find(&self, name: &str) -> Option<&Environment> {
        self.environments.iter().map(|env| &env.value).find(|env| env.metadata.name == name)
    }

    /// Names of all environments, along the promotion path.
    pub fn environment_names(&self) -> Vec<&str> {
        self.environments.iter().map(|env| env.value.metadata.name.as_str()).collect()
    }

    /// Name and definition of the repository of a module.
    pub fn repo(&self, module: &str) -> Option<(&str, &RepoSpec)> {
        let name = self.modules.get(module)?.value.spec.repo.as_ref()?;
        self.project.value.spec.repos.get_key_value(name).map(|(name, repo)| (name.as_str(), repo))
    }

    /// The version scheme of a module; the project's when it names none.
    pub fn scheme(&self, module: &str) -> VersionScheme {
        let own = self.modules.get(module).and_then(|module| module.value.spec.versions.as_ref());
        own.map_or(self.project.value.spec.versions.scheme, |versions| versions.scheme)
    }

    /// The cell of a module in an environment.
    pub fn cell(&self, module: &str, environment: &str) -> Option<&Deployment> {
        self.cells.get(&(module.to_owned(), environment.to_owned())).map(|cell| &cell.value)
    }

    /// A warning for each accepted finding whose last day is over.
    pub fn expired(&self, now: Timestamp) -> Vec<Diagnostic> {
        let mut ended = Vec::new();
        for entry in &self.accepted {
            let Some(until) = &entry.value.until else { continue };
            if read_date(until).is_some_and(|end| end <= now) {
                let message = format!("the acceptance of {} ended on {until}", brief(&entry.value.fingerprint));
                ended.push(
                    Diagnostic::warning(&codes::PL0022, message)
                        .at(entry.place.clone())
                        .hint("accept it anew with a reason and a later date, or fix it and delete the entry"),
                );
            }
        }
        ended
    }
}

/// Rule and key of a fingerprint `v1:<rule>:<module>:<from>:<to>:<key>`; its line says the rest.
fn brief(fingerprint: &str) -> String {
    match fingerprint.splitn(6, ':').collect::<Vec<_>>().as_slice() {
        [_, rule, _, _, _, key] => format!("{rule} {key}"),
        _ => fingerprint.to_owned(),
    }
}
