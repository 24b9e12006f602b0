//! `pilab render MODULE`: the Kubernetes objects of a module, as drift compares them.
use super::range::Named;
use super::repositories::Repositories;
use super::workspace::Workspace;
use super::{Context, Drift, Render};
use crate::drift::helm::Rendering;
use crate::model::{Diagnostic, RenderReport, RenderedManifest, Result, codes};

impl Render {
    /// Answers.
    ///
    /// # Errors
    /// No config repository, an unknown name, a version that is not there, a module without manifests, and whatever Helm or
    /// kustomize would say.
    pub fn run(&self, context: &Context<'_>) -> Result<RenderReport> {
        let workspace = Workspace::open(context)?;
        let module = workspace.catalog.module(&self.module)?;
        let environment = self.environment.as_deref().map(|name| workspace.catalog.environment(name)).transpose()?;
        let repositories = Repositories::new(context, &workspace);
        let request = Drift { modules: vec![self.module.clone()], show_secrets: self.show_secrets, ..Drift::default() };
        let comparer = super::drift::comparer(&request, context, &workspace, &repositories)?;
        let named = match (&self.reference, &self.environment) {
            (Some(reference), _) => Named::Ref(reference.clone()),
            (None, Some(name)) => Named::Environment(name.clone()),
            (None, None) => {
                return Err(Box::new(
                    Diagnostic::error(&codes::PL0112, "neither an environment nor a ref was named")
                        .hint(format!("pilab render {} --env ENV, or --ref REF, or both", self.module)),
                ));
            }
        };
        let (rendering, version) = comparer.rendering(module, &named, environment).map_err(first)?;
        Ok(self.report(rendering, version))
    }

    fn report(&self, rendering: Rendering, version: String) -> RenderReport {
        let show = |text: &str| if self.show_secrets { text.to_owned() } else { rendering.shown(text) };
        let manifests = rendering.manifests.iter();
        let manifests = manifests.map(|m| RenderedManifest { source: m.source.clone(), text: show(&m.text) }).collect();
        RenderReport {
            schema: "pilab.render/v1",
            module: self.module.clone(),
            environment: self.environment.clone(),
            version,
            namespace: rendering.namespace,
            manifests,
            notes: rendering.notes,
            generated: rendering.again.is_some(),
        }
    }
}

/// The first obstacle; the others stand below it.
pub(super) fn first(all: Vec<Diagnostic>) -> Box<Diagnostic> {
    let mut all = all.into_iter();
    let Some(mut first) = all.next() else {
        return Box::new(Diagnostic::error(&codes::PL0900, "rendering failed without a reason"));
    };
    first.notes.extend(all.map(|other| other.message));
    Box::new(first)
}
