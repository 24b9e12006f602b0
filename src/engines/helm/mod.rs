//! Helm without Helm: charts and values to Kubernetes manifests, byte for byte as Helm gives them.
//!
//! `chart::load` reads a chart out of a tree, `values::read` and `values::set` the user's values, and `render` makes manifests of both:
//!
//! ```ignore
//! let chart = chart::load(&tree, "charts/web", &LoadOptions::default())?;
//! let request = Request { values: values::read(text)?, ..Request::default() };
//! let rendered = render(&chart, &request, None)?;
//! print!("{}", stream(&rendered));
//! ```
//!
//! Nothing here reads the clock, the environment or the network, and no chart can make it panic, loop or take all memory. What is
//! random in Helm comes out of `Request::seed`; `render_twice` tells what depends on it.
mod capabilities;
pub mod chart;
mod codec;
mod error;
mod functions;
mod host;
mod release;
mod render;
mod semver;
pub mod values;

pub use capabilities::{Capabilities, KubeVersion};
pub use chart::{Chart, LoadOptions};
pub use error::{Error, ErrorKind};
pub use host::Compat;
pub use release::Release;
pub use render::{
    Crd, Files, Hook, Manifest, Origin, Rendered, Request, TemplateCache, release_manifest, render, render_files,
    render_twice, stream, yaml_text,
};
