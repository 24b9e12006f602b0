//! Functions that reach back into the rendering: `include`, `tpl`, `required`, `fail`, `lookup`.
use crate::engines::gotemplate::fmt;
use crate::engines::gotemplate::{Bytes, Failure, Func, Stage, Ty, Value, Vm};
use crate::engines::helm::host::{Compat, Host};
use crate::engines::helm::render;

/// How often a name may be included within itself.
const RECURSION_LIMIT: u32 = 1000;

/// Marks in the text of an error what Helm shows of it.
pub(in crate::engines::helm) const WARN_START: &str = "HELM_ERR_START";
/// The end of what Helm shows.
pub(in crate::engines::helm) const WARN_END: &str = "HELM_ERR_END";

pub(super) static FUNCS: &[Func] = &[
    Func { name: "include", params: &[Ty::String, Ty::Any], variadic: None, call: include },
    Func { name: "tpl", params: &[Ty::String, Ty::Any], variadic: None, call: tpl },
    Func { name: "required", params: &[Ty::String, Ty::Any], variadic: None, call: required },
    Func { name: "fail", params: &[Ty::String], variadic: None, call: fail },
    Func { name: "lookup", params: &[Ty::String, Ty::String, Ty::String, Ty::String], variadic: None, call: lookup },
];

fn host<'v>(vm: &'v mut Vm<'_>) -> Result<&'v mut Host, Failure> {
    vm.host::<Host>().ok_or_else(|| Failure::new("no rendering"))
}

fn text(args: &[Value], index: usize) -> Bytes {
    args.get(index).and_then(Value::as_string).cloned().unwrap_or_default()
}

fn include(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let (name, dot) = (text(args, 0), args.get(1).cloned().unwrap_or(Value::Nil));
    if host(vm)?.enter(&name) > RECURSION_LIMIT {
        let name = name.lossy();
        let problem = "unable to execute template";
        return Err(Failure::Error(format!("rendering template has a nested reference name: {name}: {problem}")));
    }
    let done = vm.execute(&name.lossy(), &dot);
    host(vm)?.leave(&name);
    done.map(Value::String).map_err(nest)
}

/// An error of a template that was run, as the failure of the function that ran it.
fn nest(error: crate::engines::gotemplate::Error) -> Failure {
    match error.stage {
        Stage::Limit => Failure::Limit(error.text),
        Stage::Parse | Stage::Exec => Failure::Nested(Box::new(error)),
    }
}

fn tpl(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let (source, dot) = (text(args, 0), args.get(1).cloned().unwrap_or(Value::Nil));
    let compat = host(vm)?.compat;
    // A template without actions is its own output, which spares most calls a parser.
    if compat == Compat::Helm4 && !source.windows(2).any(|pair| pair == b"{{") {
        return Ok(Value::String(render::without_no_value(source)));
    }
    let done = match compat {
        Compat::Helm4 => vm.evaluate("gotpl", &source.lossy(), &dot),
        Compat::Helm3 => {
            let name = template_name(&source, &dot)?;
            let set = host(vm)?.set_without(&name);
            vm.evaluate_under(&set, &name, &source.lossy(), &dot)
        }
    };
    match done {
        Ok(output) => Ok(Value::String(render::without_no_value(output))),
        Err(error) if error.stage == Stage::Limit => Err(Failure::Limit(error.text)),
        Err(mut error) => {
            vm.spend(source.len() as u64 / 16, source.len() as u64 * 2)?;
            let source = String::from_utf8_lossy(&fmt::quote(&source)).into_owned();
            let inner = match compat {
                Compat::Helm3 => render::reformat_3(&error),
                Compat::Helm4 => error.text.clone(),
            };
            error.text = match (error.stage, compat) {
                (Stage::Parse, Compat::Helm4) => format!("cannot parse template {source}: {inner}"),
                _ => format!("error during tpl function execution for {source}: {inner}"),
            };
            Err(Failure::Nested(Box::new(error)))
        }
    }
}

/// Helm 3 wants a whole dot for `tpl` and takes the template's name out of it.
fn template_name(source: &Bytes, dot: &Value) -> Result<String, Failure> {
    let missing = |place: &str, key: &str| {
        let source = source.lossy();
        let start = format!("cannot retrieve {place} from values inside tpl function: {source}");
        Failure::Error(format!("{start}: \"{key}\" is not a value"))
    };
    let template = dot.as_map().and_then(|map| map.get(b"Template"));
    let template = template.as_ref().and_then(Value::as_map);
    if !template.is_some_and(|template| template.contains(b"BasePath")) {
        return Err(missing("Template.Basepath", "BasePath"));
    }
    let name = template.and_then(|template| template.get(b"Name"));
    match name.as_ref().and_then(Value::as_string) {
        Some(name) => Ok(name.lossy().into_owned()),
        None => Err(missing("Template.Name", "Name")),
    }
}

fn warned(text: &Bytes) -> Failure {
    Failure::Error(format!("{WARN_START}{}{WARN_END}", text.lossy()))
}

fn required(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    match args.get(1) {
        None | Some(Value::Nil) => (),
        Some(Value::String(value)) if value.is_empty() => (),
        Some(value) => return Ok(value.clone()),
    }
    let message = text(args, 0);
    match host(vm)?.compat {
        // Helm 3 takes the message for a format without operands.
        Compat::Helm3 => Err(warned(&fmt::sprintf(&message, &[]).into())),
        Compat::Helm4 => Err(warned(&message)),
    }
}

fn fail(_vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    Err(warned(&text(args, 0)))
}

/// An object of the cluster, or a list of them when the name is empty. Without any objects everything is missing.
fn lookup(vm: &mut Vm<'_>, args: &[Value]) -> Result<Value, Failure> {
    let (version, kind, namespace, name) = (text(args, 0), text(args, 1), text(args, 2), text(args, 3));
    let host = host(vm)?;
    host.looked_up = true;
    let objects = std::rc::Rc::clone(&host.objects);
    if objects.is_empty() {
        return Ok(Value::map([]));
    }
    vm.spend(objects.len() as u64, 0)?;
    let is = |object: &serde_json::Value, path: &str, wanted: &Bytes| {
        object.pointer(path).and_then(serde_json::Value::as_str).unwrap_or_default().as_bytes() == &wanted[..]
    };
    let mut found = objects.iter().filter(|object| {
        let here = namespace.is_empty() || object.pointer("/metadata/namespace").is_none();
        is(object, "/apiVersion", &version)
            && is(object, "/kind", &kind)
            && (here || is(object, "/metadata/namespace", &namespace))
    });
    if !name.is_empty() {
        let object = found.find(|object| is(object, "/metadata/name", &name));
        return Ok(object.map_or_else(|| Value::map([]), render::from_json));
    }
    let items: Vec<Value> = found.map(render::from_json).collect();
    vm.spend(items.len() as u64 * 8, 0)?;
    Ok(Value::map([
        ("apiVersion".into(), Value::String(version)),
        ("kind".into(), Value::text([&kind[..], b"List"].concat())),
        ("metadata".into(), Value::map([("resourceVersion".into(), Value::text(""))])),
        ("items".into(), Value::list(items)),
    ]))
}
