//! Evaluates pipelines, commands, variables and fields.
use super::ast::{At, Command, Expr, ExprKind, Pipe, deep};
use super::bytes::Bytes;
use super::collect::MapType;
use super::error::Stage;
use super::exec::Frame;
use super::fmt::quote_text;
use super::func::{Failure, Ty};
use super::literal::Number;
use super::object::Object;
use super::parse::Outcome;
use super::value::{Kind, Value};
use super::vm::{MissingKey, Vm};

/// A value and whether the place it was found in has the type `interface{}`: then nil is a nil interface, not "no value", and
/// errors name that type.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) value: Value,
    pub(super) open: bool,
}

impl Place {
    /// Of the type of the value itself.
    pub(super) fn solid(value: Value) -> Place {
        Place { value, open: false }
    }

    fn type_name(&self) -> String {
        if self.open { "interface {}".to_owned() } else { self.value.type_name() }
    }
}

impl Vm<'_> {
    pub(super) fn pipeline<'t>(&mut self, frame: &mut Frame<'t>, dot: &Place, pipe: &'t Pipe) -> Outcome<Value> {
        frame.at = At::Pipe(pipe);
        let mut last = None;
        for cmd in &pipe.cmds {
            last = Some(self.command(frame, dot, cmd, last)?.value);
        }
        let value = last.unwrap_or(Value::Nil);
        for variable in &pipe.decl {
            let place = Place::solid(value.clone());
            if pipe.assign {
                self.set_variable(frame, *variable, place)?;
            } else {
                self.vars.push((*variable, place));
            }
        }
        Ok(value)
    }

    fn variable(&mut self, frame: &Frame<'_>, variable: u32) -> Outcome<usize> {
        let found = self.vars[frame.base..].iter().rposition(|(name, _)| *name == variable);
        let Some(index) = found else {
            let name =
                frame.parsed.symbols.get(variable as usize).map(|name| name.lossy().into_owned()).unwrap_or_default();
            return frame.fail(format!("undefined variable: {name}"));
        };
        let index = frame.base + index;
        // Looking through many variables is work too.
        let far = self.vars.len() - index;
        if far > 64 {
            self.spend(u64::try_from(far / 16).unwrap_or(u64::MAX), 0).map_err(|failure| frame.limit(&failure))?;
        }
        Ok(index)
    }

    pub(super) fn set_variable(&mut self, frame: &Frame<'_>, variable: u32, place: Place) -> Outcome<()> {
        let index = self.variable(frame, variable)?;
        self.vars[index].1 = place;
        Ok(())
    }

    fn command<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        dot: &Place,
        cmd: &'t Command,
        last: Option<Value>,
    ) -> Outcome<Place> {
        let first = &cmd.args[0];
        match &first.kind {
            ExprKind::Field(names) => {
                frame.at = At::Expr(first);
                self.fields(frame, dot, None, names, first, &cmd.args, last)
            }
            ExprKind::Chain(..) => self.chain(frame, dot, first, &cmd.args, last),
            ExprKind::Function(func, special) => {
                frame.at = At::Expr(first);
                self.call(frame, dot, (*func, *special), At::Command(cmd), &cmd.args[1..], last)
            }
            ExprKind::Pipe(pipe) => {
                self.no_function(frame, &cmd.args, last.is_some())?;
                deep(|| self.pipeline(frame, dot, pipe)).map(Place::solid)
            }
            ExprKind::Variable(..) => self.variable_expr(frame, dot, first, &cmd.args, last),
            _ => {
                frame.at = At::Expr(first);
                self.no_function(frame, &cmd.args, last.is_some())?;
                match &first.kind {
                    ExprKind::Nil => frame.fail("nil is not a command"),
                    ExprKind::Dot => Ok(dot.clone()),
                    _ => self.constant(frame, first).map(Place::solid),
                }
            }
        }
    }

    fn no_function(&self, frame: &Frame<'_>, args: &[Expr], piped: bool) -> Outcome<()> {
        if args.len() <= 1 && !piped {
            return Ok(());
        }
        let what = args.first().map(|arg| At::Expr(arg).show(frame.parsed)).unwrap_or_default();
        frame.fail(format!("can't give argument to non-function {what}"))
    }

    /// A literal where nothing says which type is wanted.
    pub(super) fn constant<'t>(&mut self, frame: &mut Frame<'t>, expr: &'t Expr) -> Outcome<Value> {
        match &expr.kind {
            ExprKind::Bool(value) => Ok(Value::Bool(*value)),
            ExprKind::Text(_, text) => Ok(Value::String(text.clone())),
            ExprKind::Number(_, number) => {
                frame.at = At::Expr(expr);
                match **number {
                    Number { floats: true, float: Some(float), .. } => Ok(Value::Float(float)),
                    Number { int: Some(int), .. } => Ok(Value::int(int)),
                    _ => frame.fail(format!("{} overflows int", frame.at.show(frame.parsed))),
                }
            }
            _ => frame
                .fail(format!("can't evaluate command {}", quote_text(At::Expr(expr).show(frame.parsed).as_bytes()))),
        }
    }

    pub(super) fn chain<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        dot: &Place,
        expr: &'t Expr,
        args: &'t [Expr],
        last: Option<Value>,
    ) -> Outcome<Place> {
        frame.at = At::Expr(expr);
        let ExprKind::Chain(base, names) = &expr.kind else {
            return frame.fail("internal error: no chain");
        };
        let base = match &base.kind {
            ExprKind::Pipe(pipe) => {
                frame.at = At::Expr(base);
                Place::solid(deep(|| self.pipeline(frame, dot, pipe))?)
            }
            ExprKind::Function(func, special) => {
                frame.at = At::Expr(base);
                self.call(frame, dot, (*func, *special), At::Expr(base), &[], None)?
            }
            _ => return frame.fail("internal error: no chain"),
        };
        self.fields(frame, dot, Some(base), names, expr, args, last)
    }

    pub(super) fn variable_expr<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        dot: &Place,
        expr: &'t Expr,
        args: &'t [Expr],
        last: Option<Value>,
    ) -> Outcome<Place> {
        frame.at = At::Expr(expr);
        let ExprKind::Variable(variable, names) = &expr.kind else {
            return frame.fail("internal error: no variable");
        };
        let index = self.variable(frame, *variable)?;
        let place = self.vars[index].1.clone();
        if names.is_empty() {
            self.no_function(frame, args, last.is_some())?;
            return Ok(place);
        }
        self.fields(frame, dot, Some(place), names, expr, args, last)
    }

    /// `.a.b.c` from a receiver (or dot). Only the last one gets the arguments; the first of them is the expression itself.
    #[expect(
        clippy::too_many_arguments,
        reason = "what Go hands down there too; a struct would be built for every field"
    )]
    pub(super) fn fields<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        dot: &Place,
        receiver: Option<Place>,
        names: &'t [Bytes],
        expr: &'t Expr,
        args: &'t [Expr],
        last: Option<Value>,
    ) -> Outcome<Place> {
        let Some((final_name, names)) = names.split_last() else {
            return Ok(receiver.unwrap_or_else(|| dot.clone()));
        };
        let mut receiver = receiver;
        for name in names {
            let next = self.field(frame, dot, name, expr, &[], None, receiver.as_ref().unwrap_or(dot))?;
            receiver = Some(next);
        }
        self.field(frame, dot, final_name, expr, args, last, receiver.as_ref().unwrap_or(dot))
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "what Go hands down there too; a struct would be built for every field"
    )]
    fn field<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        dot: &Place,
        name: &Bytes,
        expr: &'t Expr,
        args: &'t [Expr],
        last: Option<Value>,
        receiver: &Place,
    ) -> Outcome<Place> {
        let has_args = args.len() > 1 || last.is_some();
        match &receiver.value {
            Value::Map(map) => {
                if let (MapType::Named(type_name), Some((params, method))) = (map.map_type(), self.options.map_methods)
                    && let Some(params) = params(&name.lossy())
                {
                    let values = self.method_args(frame, dot, name, Some(params), args, last.clone())?;
                    if let Some(result) = method(self, type_name, map, &name.lossy(), &values) {
                        return self.method_result(frame, name, expr, result);
                    }
                }
                if has_args {
                    frame.at = At::Expr(expr);
                    return frame.fail(format!("{} is not a method but has arguments", name.lossy()));
                }
                let open = matches!(map.map_type(), MapType::Any | MapType::Named(_));
                match (map.get(name), self.options.missing_key) {
                    (Some(value), _) => Ok(Place { value, open }),
                    (None, MissingKey::Zero) => Ok(Place { value: map.map_type().zero(), open }),
                    (None, MissingKey::Invalid) => Ok(Place::solid(Value::Nil)),
                    (None, MissingKey::Error) => frame.fail(format!("map has no entry for key {}", quote_text(name))),
                }
            }
            Value::Nil if receiver.open => {
                frame.fail(format!("nil pointer evaluating interface {{}}.{}", name.lossy()))
            }
            Value::Nil if self.options.missing_key == MissingKey::Error => {
                frame.fail(format!("nil data; no entry for key {}", quote_text(name)))
            }
            Value::Nil => Ok(Place::solid(Value::Nil)),
            Value::Object(object) => {
                let object = std::rc::Rc::clone(object);
                let before = frame.at;
                let params = object.params(&name.lossy());
                let values = self.method_args(frame, dot, name, params, args, last)?;
                if let Some(result) = object.call(self, &name.lossy(), &values) {
                    return self.method_result(frame, name, expr, result);
                }
                let there = object.kind() == Kind::Map || object.field(&name.lossy()).is_some();
                frame.at = if there && args.len() > 1 { At::Expr(expr) } else { before };
                self.member(frame, name, has_args, receiver, &*object)
            }
            _ => frame.fail(format!("can't evaluate field {} in type {}", name.lossy(), receiver.type_name())),
        }
    }

    /// A field, or a key of what is a map underneath.
    fn member(
        &mut self,
        frame: &Frame<'_>,
        name: &Bytes,
        has_args: bool,
        receiver: &Place,
        object: &dyn Object,
    ) -> Outcome<Place> {
        let found = object.field(&name.lossy());
        match (object.kind(), found) {
            (Kind::Map, _) if has_args => frame.fail(format!("{} is not a method but has arguments", name.lossy())),
            (_, Some(_)) if has_args => {
                frame.fail(format!("{} has arguments but cannot be invoked as function", name.lossy()))
            }
            (_, Some(value)) => Ok(Place::solid(value)),
            (Kind::Map, None) if self.options.missing_key == MissingKey::Error => {
                frame.fail(format!("map has no entry for key {}", quote_text(name)))
            }
            (Kind::Map, None) => Ok(Place::solid(Value::Nil)),
            _ => frame.fail(format!("can't evaluate field {} in type {}", name.lossy(), receiver.type_name())),
        }
    }

    /// Evaluates arguments of a method, checked where it is known what it takes.
    fn method_args<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        dot: &Place,
        name: &Bytes,
        params: Option<&[Ty]>,
        args: &'t [Expr],
        last: Option<Value>,
    ) -> Outcome<Vec<Value>> {
        let args = args.get(1..).unwrap_or_default();
        let count = args.len() + usize::from(last.is_some());
        if let Some(want) = params.map(<[Ty]>::len).filter(|want| *want != count) {
            return frame.fail(format!("wrong number of args for {}: want {want} got {count}", name.lossy()));
        }
        let ty = |at: usize| params.and_then(|params| params.get(at)).copied().unwrap_or(Ty::Any);
        let mut values = Vec::new();
        for (at, arg) in args.iter().enumerate() {
            values.push(self.arg(frame, dot, ty(at), arg)?.value);
        }
        if let Some(last) = last {
            values.push(self.validate(frame, Place::solid(last), ty(args.len()))?.value);
        }
        Ok(values)
    }

    fn method_result<'t>(
        &self,
        frame: &mut Frame<'t>,
        name: &Bytes,
        expr: &'t Expr,
        result: Result<Value, Failure>,
    ) -> Outcome<Place> {
        let failure = match result {
            Ok(value) => return Ok(Place { open: value.is_nil(), value }),
            Err(failure) => failure,
        };
        // Not every method is checked before it is called; such a one says itself what Go finds out before.
        if let Failure::Error(text) = &failure
            && text.starts_with("wrong type for value; ")
        {
            return Err(frame.error(Stage::Exec, text));
        }
        frame.at = At::Expr(expr);
        match failure {
            Failure::Error(text) if text.starts_with("wrong number of args for ") => {
                Err(frame.error(Stage::Exec, &text))
            }
            failure => Err(frame.call_error(&name.lossy(), failure)),
        }
    }
}
