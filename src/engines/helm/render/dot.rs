//! The dots of all templates of a chart and the charts below it: who sees which values.
use crate::engines::gotemplate::{Bytes, List, Map, MapType, Object, Value};
use crate::engines::helm::chart::{Chart, Dependency, Metadata};
use crate::engines::helm::functions::files::Files;
use crate::engines::helm::host::Compat;
use std::any::Any;
use std::rc::Rc;
use std::sync::Arc;

/// A template and what it sees.
pub(super) struct Renderable<'c> {
    /// Its path: `web/charts/redis/templates/service.yaml`.
    pub(super) path: String,
    /// Its text.
    pub(super) text: &'c [u8],
    /// The dot, shared with all templates of its chart.
    pub(super) dot: Map,
    /// `.Template.BasePath`.
    pub(super) base: String,
}

/// What is the same for all charts of one rendering.
pub(super) struct Top {
    /// `.Release`, one map for all.
    pub(super) release: Value,
    /// `.Capabilities`.
    pub(super) capabilities: Value,
    /// `.Values` of the top chart.
    pub(super) values: Map,
    /// Whose rules.
    pub(super) compat: Compat,
}

impl Top {
    /// The named map type of values.
    pub(super) fn values_type(compat: Compat) -> MapType {
        match compat {
            Compat::Helm3 => MapType::Named("chartutil.Values"),
            Compat::Helm4 => MapType::Named("common.Values"),
        }
    }

    /// All templates, in the order in which Helm parses and renders them: deepest path first, and backwards by name.
    pub(super) fn renderables<'c>(&self, chart: &'c Chart) -> Vec<Renderable<'c>> {
        let mut found = Vec::new();
        self.collect(chart, None, &mut found);
        let depth = |path: &str| path.matches('/').count();
        found.sort_by(|a, b| depth(&b.path).cmp(&depth(&a.path)).then_with(|| b.path.cmp(&a.path)));
        // Of two files with one path the later one counts, as it overwrites the other in Helm's map.
        let mut unique: Vec<Renderable<'c>> = Vec::with_capacity(found.len());
        for renderable in found {
            match unique.last_mut() {
                Some(last) if last.path == renderable.path => *last = renderable,
                _ => unique.push(renderable),
            }
        }
        unique
    }

    /// Adds the templates of a chart and of those below, and gives its dot. The depth of charts is bounded when they are loaded.
    fn collect<'c>(&self, chart: &'c Chart, parent: Option<&Map>, found: &mut Vec<Renderable<'c>>) -> Map {
        let below = Map::new();
        let values = match parent {
            None => self.values.clone(),
            Some(parent) => below_values(parent, chart.name()).unwrap_or_default(),
        };
        let files =
            chart.files.iter().map(|file| (Bytes::from(file.name.as_str()), Bytes::from(Arc::clone(&file.data))));
        let dot = Map::from_iter([
            ("Chart".into(), self.metadata(&chart.metadata, parent.is_none())),
            ("Files".into(), Value::Object(Rc::new(Files::new(files)))),
            ("Release".into(), self.release.clone()),
            ("Capabilities".into(), self.capabilities.clone()),
            ("Values".into(), Value::Map(values.typed(Top::values_type(self.compat)))),
            ("Subcharts".into(), Value::Map(below.clone())),
        ]);
        for chart in &chart.dependencies {
            let dot = self.collect(chart, Some(&dot), found);
            below.insert(chart.name(), Value::Map(dot));
        }
        let library = chart.metadata.kind.eq_ignore_ascii_case("library");
        for file in &chart.templates {
            let base = file.name.rsplit('/').next().unwrap_or_default();
            if library && !base.starts_with('_') {
                continue;
            }
            found.push(Renderable {
                path: clean(&format!("{}/{}", chart.path, file.name)),
                text: &file.data,
                dot: dot.clone(),
                base: clean(&format!("{}/templates", chart.path)),
            });
        }
        dot
    }

    fn metadata(&self, metadata: &Metadata, root: bool) -> Value {
        match self.compat {
            Compat::Helm4 => {
                Value::Map(fields(metadata, root, true).into_iter().map(|(name, value)| (name.into(), value)).collect())
            }
            Compat::Helm3 => Value::Object(Rc::new(ChartStruct { metadata: metadata.clone(), root })),
        }
    }
}

/// A path as Go's `path.Join` gives it, for paths without `..`.
fn clean(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    parts.join("/")
}

/// The values of a chart within those of its parent. Dots in the chart's name lead further down, as Helm takes the name for a path.
fn below_values(parent: &Map, name: &str) -> Option<Map> {
    let mut values = parent.get(b"Values")?;
    for part in name.split('.') {
        values = values.as_map()?.get(part.as_bytes())?;
    }
    match values {
        Value::Map(map) if map.map_type() != MapType::String => Some(map),
        _ => None,
    }
}

fn strings(texts: &[String], any: bool) -> Value {
    match any {
        true => Value::list(texts.iter().map(|text| Value::text(text.as_str())).collect()),
        false => Value::List(List::strings(texts.iter().map(String::as_str))),
    }
}

fn structure(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::map(entries.into_iter().map(|(name, value)| (name.into(), value)))
}

fn dependency(dependency: &Dependency) -> Value {
    structure([
        ("Name", Value::text(dependency.name.as_str())),
        ("Version", Value::text(dependency.version.as_str())),
        ("Repository", Value::text(dependency.repository.as_str())),
        ("Condition", Value::text(dependency.condition.as_str())),
        ("Tags", strings(&dependency.tags, true)),
        ("Enabled", Value::Bool(dependency.enabled)),
        ("ImportValues", Value::list(dependency.import_values.iter().map(super::from_json).collect())),
        ("Alias", Value::text(dependency.alias.as_str())),
    ])
}

/// The fields of `.Chart` in the order of Go's struct. Helm 4 makes slices of anything out of slices of strings.
fn fields(metadata: &Metadata, root: bool, any: bool) -> Vec<(&'static str, Value)> {
    let text = |text: &str| Value::text(text);
    let maintainers = metadata.maintainers.iter().map(|maintainer| {
        structure([
            ("Name", text(&maintainer.name)),
            ("Email", text(&maintainer.email)),
            ("URL", text(&maintainer.url)),
        ])
    });
    let annotations = metadata.annotations.iter().map(|(key, value)| (Bytes::from(key.as_str()), text(value)));
    vec![
        ("Name", text(&metadata.name)),
        ("Home", text(&metadata.home)),
        ("Sources", strings(&metadata.sources, any)),
        ("Version", text(&metadata.version)),
        ("Description", text(&metadata.description)),
        ("Keywords", strings(&metadata.keywords, any)),
        ("Maintainers", Value::list(maintainers.collect())),
        ("Icon", text(&metadata.icon)),
        ("APIVersion", text(&metadata.api_version)),
        ("Condition", text(&metadata.condition)),
        ("Tags", text(&metadata.tags)),
        ("AppVersion", text(&metadata.app_version)),
        ("Deprecated", Value::Bool(metadata.deprecated)),
        ("Annotations", Value::Map(Map::of(MapType::String, annotations.collect()))),
        ("KubeVersion", text(&metadata.kube_version)),
        ("Dependencies", Value::list(metadata.dependencies.iter().flatten().map(dependency).collect())),
        ("Type", text(&metadata.kind)),
        ("IsRoot", Value::Bool(root)),
    ]
}

/// `.Chart` of Helm 3: a struct.
struct ChartStruct {
    metadata: Metadata,
    root: bool,
}

impl Object for ChartStruct {
    fn type_name(&self) -> &str {
        "struct { chart.Metadata; IsRoot bool }"
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn field(&self, name: &str) -> Option<Value> {
        if name == "Metadata" {
            return Some(Value::Object(Rc::new(ChartStruct { metadata: self.metadata.clone(), root: self.root })));
        }
        let fields = fields(&self.metadata, self.root, false);
        fields.into_iter().find(|field| field.0 == name).map(|field| field.1)
    }

    fn display(&self) -> String {
        let mut parts = Vec::new();
        for (name, value) in fields(&self.metadata, self.root, false) {
            if name != "IsRoot" {
                parts.push(String::from_utf8_lossy(&crate::engines::gotemplate::fmt::display(&value)).into_owned());
            }
        }
        format!("{{{{{}}} {}}}", parts.join(" "), self.root)
    }

    fn to_data(&self) -> Value {
        let json = |name: &str| match name {
            "APIVersion" => "apiVersion".to_owned(),
            "IsRoot" => "IsRoot".to_owned(),
            name => name.chars().take(1).flat_map(char::to_lowercase).chain(name.chars().skip(1)).collect(),
        };
        let fields = fields(&self.metadata, self.root, false).into_iter();
        Value::map(fields.filter(|(name, value)| *name == "IsRoot" || value.is_true()).map(|(name, value)| {
            let value = match (name, &value) {
                ("Maintainers" | "Dependencies", Value::List(list)) => {
                    Value::list(list.items().iter().map(|item| lower(item, &json)).collect())
                }
                _ => value,
            };
            (Bytes::from(json(name)), value)
        }))
    }
}

/// An entry of a list of structs under its names in JSON, without what is empty.
fn lower(item: &Value, json: &dyn Fn(&str) -> String) -> Value {
    let Value::Map(map) = item else { return item.clone() };
    Value::map(map.snapshot().into_iter().filter(|(_, value)| value.is_true()).map(|(name, value)| {
        let name = match &*name.lossy() {
            "URL" => "url".to_owned(),
            "ImportValues" => "import-values".to_owned(),
            name => json(name),
        };
        (Bytes::from(name), value)
    }))
}
