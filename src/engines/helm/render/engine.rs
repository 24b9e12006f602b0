//! Parsing all templates of a chart as one set, and running each.
use super::cache::TemplateCache;
use super::dot::{Renderable, Top};
use super::request::Request;
use super::trace::Lines;
use super::{errors, methods, without_no_value};
use crate::engines::gotemplate::{self, Options, Parsed, Set, Stage, Value, Vm};
use crate::engines::helm::chart::Chart;
use crate::engines::helm::error::{Error, ErrorKind};
use crate::engines::helm::functions;
use crate::engines::helm::host::{Compat, Host};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// What all templates gave.
pub(super) struct Output {
    /// Texts by path.
    pub(super) files: BTreeMap<String, String>,
    /// Lines of templates, if wanted.
    pub(super) lines: Option<BTreeMap<String, Lines>>,
    /// Whether the seed was used.
    pub(super) used_seed: bool,
    /// Whether anything was looked up.
    pub(super) looked_up: bool,
}

/// Renders all templates.
pub(super) fn run(top: &Top, chart: &Chart, request: &Request, cache: Option<&TemplateCache>) -> Result<Output, Error> {
    let templates = top.renderables(chart);
    let mut set = Set::named("gotpl");
    let mut parsed = Vec::with_capacity(templates.len());
    for template in &templates {
        let text = parse(template, request.compat, cache).map_err(|error| failed(&error, request.compat))?;
        set.add(&text);
        parsed.push(text);
    }
    let mut host = Host::new(request.compat, request.seed).with_objects(&request.objects);
    host.parsed = Rc::new(parsed);
    let (mut files, mut lines) = (BTreeMap::new(), BTreeMap::new());
    {
        let options = Options {
            trace: request.trace,
            old: request.compat == Compat::Helm3,
            map_methods: Some((methods::params, methods::call)),
            ..Options::default()
        };
        let find = functions::of(request.compat);
        let mut vm = Vm::new(set, &mut host, &find, request.limits, options);
        for template in &templates {
            if template.path.rsplit('/').next().is_some_and(|base| base.starts_with('_')) {
                continue;
            }
            let place = [("Name", &template.path), ("BasePath", &template.base)];
            let place = gotemplate::Map::from_iter(place.map(|(key, text)| (key.into(), Value::text(text.as_str()))));
            let values = Top::values_type(request.compat);
            template.dot.insert("Template", Value::Map(place.typed(values)));
            let dot = Value::Map(template.dot.typed(values));
            let output = vm.execute(&template.path, &dot).map_err(|error| failed(&error, request.compat))?;
            if request.trace {
                lines.insert(template.path.clone(), Lines::new(vm.take_trace(), &output));
            }
            let text = String::from_utf8_lossy(&without_no_value(output)).into_owned();
            files.insert(template.path.clone(), text);
        }
    }
    let lines = request.trace.then_some(lines);
    Ok(Output { files, lines, used_seed: host.used_seed(), looked_up: host.looked_up })
}

fn parse(
    template: &Renderable<'_>,
    compat: Compat,
    cache: Option<&TemplateCache>,
) -> Result<Arc<Parsed>, gotemplate::Error> {
    let parse = || {
        let old = compat == Compat::Helm3;
        gotemplate::parse_as(&template.path, template.text, &functions::of(compat), old)
    };
    match cache {
        Some(cache) => cache.get(&template.path, template.text, compat, parse),
        None => parse().map(Arc::new),
    }
}

/// The error as Helm shows it.
fn failed(error: &gotemplate::Error, compat: Compat) -> Error {
    let text = match compat {
        Compat::Helm3 => errors::reformat_3(error),
        Compat::Helm4 => errors::reformat_4(error),
    };
    let kind = match error.stage {
        Stage::Parse => ErrorKind::Parse,
        Stage::Exec => ErrorKind::Exec,
        Stage::Limit => ErrorKind::Limit,
    };
    let shown = Error::new(kind, text);
    if error.template.is_empty() || error.line == 0 {
        return shown;
    }
    shown.at(super::below_root(&error.template)).line(error.line)
}
