//! `pilab chart list` and `pilab chart fetch`: charts that the modules' charts depend on and that do not lie in them.
use super::range::Named;
use super::repositories::{Repositories, cache_folder};
use super::workspace::Workspace;
use super::{ChartFetch, ChartList, ChartState, Context, Drift};
use crate::adapters::charts::{ChartCache, Wanted};
use crate::drift::helm::{ChartStore, Renders};
use crate::engines::helm::Compat;
use crate::engines::helm::chart::{Dependency, fits};
use crate::model::config::VersionScheme;
use crate::model::{Diagnostic, Order, Result, codes, compare_versions};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Charts out of the cache.
pub(super) struct Cached {
    cache: Option<ChartCache>,
    /// Every chart that was asked for, and whether it was there.
    asked: Mutex<BTreeMap<Asked, bool>>,
}

/// Repository, name, the version that is wanted, and whether it is exact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Asked {
    repository: String,
    name: String,
    version: String,
    exact: bool,
}

impl Cached {
    pub(super) fn new(context: &Context<'_>) -> Cached {
        Cached {
            cache: cache_folder(context).map(|root| ChartCache::new(root.join("charts"))),
            asked: Mutex::default(),
        }
    }

    fn wanted(&self, asked: &Asked) -> Option<Wanted> {
        let cache = self.cache.as_ref()?;
        let version = if asked.exact {
            asked.version.clone()
        } else {
            best(cache.versions(&asked.repository, &asked.name), &asked.version)?
        };
        Some(Wanted { repository: asked.repository.clone(), name: asked.name.clone(), version })
    }
}

impl ChartStore for Cached {
    fn get(&self, dependency: &Dependency, locked: Option<&Dependency>) -> Option<Arc<[u8]>> {
        let source = locked.filter(|locked| !locked.version.is_empty()).unwrap_or(dependency);
        let repository = if source.repository.is_empty() { &dependency.repository } else { &source.repository };
        if !["https://", "http://", "oci://"].iter().any(|scheme| repository.starts_with(scheme)) {
            return None;
        }
        let asked = Asked {
            repository: repository.trim_end_matches('/').to_owned(),
            name: dependency.name.clone(),
            version: source.version.clone(),
            exact: locked.is_some(),
        };
        let found = self.wanted(&asked).and_then(|wanted| self.cache.as_ref()?.get(&wanted));
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(asked, found.is_some());
        found.map(Arc::from)
    }
}

/// The highest version that fits.
fn best(versions: Vec<String>, constraint: &str) -> Option<String> {
    let mut fitting: Vec<String> =
        versions.into_iter().filter(|version| fits(constraint, version, Compat::default())).collect();
    fitting.sort_by(|a, b| order(a, b));
    fitting.pop()
}

fn order(a: &str, b: &str) -> std::cmp::Ordering {
    match compare_versions(VersionScheme::Semver, a, b) {
        Order::Older => std::cmp::Ordering::Less,
        Order::Newer => std::cmp::Ordering::Greater,
        Order::Same | Order::Unknown => a.cmp(b),
    }
}

impl ChartList {
    /// Answers, offline.
    ///
    /// # Errors
    /// No config repository, a broken one, an unknown module.
    pub fn run(&self, context: &Context<'_>) -> Result<Vec<ChartState>> {
        Ok(states(&needed(context, &self.modules)?))
    }
}

impl ChartFetch {
    /// Brings what is not here, and tells the state after it.
    ///
    /// # Errors
    /// As `ChartList`; PL0207, PL0208, PL0209, PL0402.
    pub fn run(&self, context: &Context<'_>) -> Result<Vec<ChartState>> {
        // What was brought may need more; archives have their own charts in them, as a rule.
        for _ in 0..3 {
            let cached = needed(context, &self.modules)?;
            let missing: Vec<Asked> = {
                let asked = cached.asked.lock().unwrap_or_else(PoisonError::into_inner);
                asked.iter().filter(|(_, here)| !**here).map(|(asked, _)| asked.clone()).collect()
            };
            if missing.is_empty() {
                break;
            }
            for asked in missing {
                fetch(context, &cached, &asked)?;
            }
        }
        Ok(states(&needed(context, &self.modules)?))
    }
}

fn fetch(context: &Context<'_>, cached: &Cached, asked: &Asked) -> Result<()> {
    let name = &asked.name;
    if context.settings.offline {
        return Err(Box::new(
            Diagnostic::error(&codes::PL0207, format!("chart {name} was not fetched: pilab is set to offline"))
                .hint("set offline = false in the settings, or unset PILAB_OFFLINE"),
        ));
    }
    let cache = cached.cache.as_ref().ok_or_else(|| {
        Box::new(
            Diagnostic::error(&codes::PL0501, "no folder for charts is known: neither HOME nor XDG_CACHE_HOME is set")
                .hint("set `cache` in the settings, or PILAB_CACHE"),
        )
    })?;
    context.progress.step(&format!("fetching chart {name} {}", asked.version));
    let version = if asked.exact {
        asked.version.clone()
    } else {
        best(cache.offered(&asked.repository, name)?, &asked.version).ok_or_else(|| {
            let message = format!("{} has no version of {name} that fits {}", asked.repository, asked.version);
            Box::new(Diagnostic::error(&codes::PL0207, message))
        })?
    };
    cache.fetch(&Wanted { repository: asked.repository.clone(), name: name.clone(), version }).map(|_| ())
}

/// Reads the charts of all modules in all environments, and so learns what they need.
fn needed(context: &Context<'_>, modules: &[String]) -> Result<Arc<Cached>> {
    let workspace = Workspace::open(context)?;
    for name in modules {
        workspace.catalog.module(name)?;
    }
    let repositories = Repositories::new(context, &workspace);
    let mut comparer = super::drift::comparer(&Drift::default(), context, &workspace, &repositories)?;
    let cached = Arc::new(Cached::new(context));
    comparer.renders = Renders::new(Arc::clone(&cached) as Arc<dyn ChartStore>);
    let wanted = |name: &String| modules.is_empty() || modules.contains(name);
    for (_, module) in workspace.catalog.modules.iter().filter(|(name, _)| wanted(name)) {
        if module.value.spec.chart.is_none() {
            continue;
        }
        for environment in &workspace.catalog.environments {
            let name = environment.value.metadata.name.clone();
            // What else is wrong with a chart is for drift to say.
            drop(comparer.rendering(&module.value, &Named::Environment(name), Some(&environment.value)));
        }
    }
    drop(comparer);
    Ok(cached)
}

fn states(cached: &Arc<Cached>) -> Vec<ChartState> {
    let asked = cached.asked.lock().unwrap_or_else(PoisonError::into_inner);
    let all: BTreeSet<ChartState> = asked
        .iter()
        .map(|(asked, here)| ChartState {
            name: asked.name.clone(),
            version: cached.wanted(asked).map_or_else(|| asked.version.clone(), |wanted| wanted.version),
            repository: asked.repository.clone(),
            state: if *here { "cache" } else { "missing" },
        })
        .collect();
    all.into_iter().collect()
}
