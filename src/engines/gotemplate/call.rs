//! Calls of functions: their arguments, checked against the types they declare.
use super::ast::{At, Expr, ExprKind, Special, deep};
use super::builtins;
use super::collect::{Element, MapType};
use super::eval::Place;
use super::exec::Frame;
use super::func::{Func, Ty};
use super::parse::Outcome;
use super::value::{IntType, Kind, Value};
use super::vm::Vm;

impl Ty {
    /// The Go name of the type.
    fn word(self) -> &'static str {
        match self {
            Ty::Any => "interface {}",
            Ty::Reflect => "reflect.Value",
            Ty::String => "string",
            Ty::Bool => "bool",
            Ty::Int => "int",
            Ty::Int64 => "int64",
            Ty::Float64 => "float64",
            Ty::List => "[]interface {}",
            Ty::Strings => "[]string",
            Ty::Bytes => "[]uint8",
            Ty::Map => "map[string]interface {}",
            Ty::StringMap => "map[string]string",
            Ty::Time => "time.Time",
        }
    }

    fn can_be_nil(self) -> bool {
        matches!(self, Ty::Any | Ty::Reflect | Ty::List | Ty::Strings | Ty::Bytes | Ty::Map | Ty::StringMap)
    }

    /// Whether a value may be assigned to a variable of the type.
    fn takes(self, value: &Value) -> bool {
        match (self, value) {
            (Ty::Any | Ty::Reflect, _)
            | (Ty::String, Value::String(_))
            | (Ty::Bool, Value::Bool(_))
            | (Ty::Float64, Value::Float(_)) => true,
            (Ty::Int, Value::Int(_, int)) => *int == IntType::Int,
            (Ty::Int64, Value::Int(_, int)) => *int == IntType::Int64,
            (Ty::List, Value::List(list)) => list.element() == Element::Any,
            (Ty::Strings, Value::List(list)) => list.element() == Element::String,
            (Ty::Bytes, Value::List(list)) => list.element() == Element::Uint8,
            (Ty::Map, Value::Map(map)) => matches!(map.map_type(), MapType::Any | MapType::Named(_)),
            (Ty::StringMap, Value::Map(map)) => map.map_type() == MapType::String,
            // A pointer is followed once.
            (Ty::Time, Value::Object(object)) => object.type_name().trim_start_matches('*') == "time.Time",
            _ => false,
        }
    }
}

impl Vm<'_> {
    pub(super) fn call<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        dot: &Place,
        (func, special): (&'static Func, Special),
        node: At<'t>,
        args: &'t [Expr],
        last: Option<Value>,
    ) -> Outcome<Place> {
        let count = args.len() + usize::from(last.is_some());
        let fixed = func.params.len();
        if func.variadic.is_some() && count < fixed {
            return frame.fail(format!(
                "wrong number of args for {}: want at least {fixed} got {}",
                func.name,
                args.len()
            ));
        }
        if func.variadic.is_none() && count != fixed {
            return frame.fail(format!("wrong number of args for {}: want {fixed} got {count}", func.name));
        }
        if matches!(special, Special::And | Special::Or) {
            return self.short_circuit(frame, dot, special == Special::Or, args, last);
        }
        self.spend(1, 0).map_err(|failure| frame.limit(&failure))?;
        let mut values = self.spare.pop().unwrap_or_default();
        let mut open = false;
        let ty = |index: usize| func.params.get(index).copied().or(func.variadic).unwrap_or(Ty::Any);
        for (index, arg) in args.iter().enumerate() {
            let place = self.arg(frame, dot, ty(index), arg)?;
            open = place.open;
            values.push(place.value);
        }
        let callee = match (special, args.first(), &last) {
            (Special::Call, Some(arg), _) => At::Expr(arg).show(frame.parsed),
            (Special::Call, None, Some(value)) => builtins::reflect_text(value),
            _ => String::new(),
        };
        if let Some(last) = last {
            open = false;
            let place = self.validate(frame, Place::solid(last), ty(count - 1))?;
            values.push(place.value);
        }
        let result = match special {
            Special::Len => builtins::length(&values[0], open),
            Special::Call => builtins::call(self, &callee, &values),
            _ => (func.call)(self, &values),
        };
        values.clear();
        self.spare.push(values);
        match result {
            Ok(value) => Ok(Place { open: value.is_nil(), value }),
            Err(failure) => {
                frame.at = node;
                Err(frame.call_error(func.name, failure))
            }
        }
    }

    /// `and` and `or` evaluate no more than they must, and give the value that decided.
    fn short_circuit<'t>(
        &mut self,
        frame: &mut Frame<'t>,
        dot: &Place,
        until: bool,
        args: &'t [Expr],
        last: Option<Value>,
    ) -> Outcome<Place> {
        self.spend(1, 0).map_err(|failure| frame.limit(&failure))?;
        let mut place = Place::solid(Value::Nil);
        for arg in args {
            place = self.arg(frame, dot, Ty::Reflect, arg)?;
            if place.value.is_true() == until {
                return Ok(place);
            }
        }
        match last {
            Some(last) => self.validate(frame, Place::solid(last), Ty::Reflect),
            None => Ok(place),
        }
    }

    /// An argument for a parameter of this type.
    pub(super) fn arg<'t>(&mut self, frame: &mut Frame<'t>, dot: &Place, ty: Ty, arg: &'t Expr) -> Outcome<Place> {
        frame.at = At::Expr(arg);
        let place = match &arg.kind {
            ExprKind::Dot => dot.clone(),
            ExprKind::Nil if ty.can_be_nil() => return Ok(Place { value: Value::Nil, open: ty == Ty::Any }),
            ExprKind::Nil => return frame.fail(format!("cannot assign nil to {}", ty.word())),
            ExprKind::Field(names) => self.fields(frame, dot, None, names, arg, &[], None)?,
            ExprKind::Variable(..) => self.variable_expr(frame, dot, arg, &[], None)?,
            ExprKind::Pipe(pipe) => Place::solid(deep(|| self.pipeline(frame, dot, pipe))?),
            ExprKind::Function(func, special) => self.call(frame, dot, (*func, *special), At::Expr(arg), &[], None)?,
            ExprKind::Chain(..) => self.chain(frame, dot, arg, &[], None)?,
            ExprKind::Bool(_) | ExprKind::Number(..) | ExprKind::Text(..) => {
                return self.literal(frame, ty, arg).map(Place::solid);
            }
        };
        self.validate(frame, place, ty)
    }

    /// A literal takes the type of its parameter.
    fn literal<'t>(&mut self, frame: &mut Frame<'t>, ty: Ty, arg: &'t Expr) -> Outcome<Value> {
        let wanted = match (ty, &arg.kind) {
            (Ty::Any | Ty::Reflect, _) => return self.constant(frame, arg),
            (Ty::Bool, ExprKind::Bool(value)) => return Ok(Value::Bool(*value)),
            (Ty::String, ExprKind::Text(_, text)) => return Ok(Value::String(text.clone())),
            (Ty::Int | Ty::Int64 | Ty::Float64, ExprKind::Number(_, number)) => match (ty, number.int, number.float) {
                (Ty::Int, Some(int), _) => return Ok(Value::int(int)),
                (Ty::Int64, Some(int), _) => return Ok(Value::int64(int)),
                (Ty::Float64, _, Some(float)) => return Ok(Value::Float(float)),
                (Ty::Float64, ..) => "float",
                _ => "integer",
            },
            (Ty::Bool, _) => "bool",
            (Ty::String, _) => "string",
            (Ty::Int | Ty::Int64, _) => "integer",
            (Ty::Float64, _) => "float",
            _ => {
                return frame.fail(format!(
                    "can't handle {} for arg of type {}",
                    frame.at.show(frame.parsed),
                    ty.word()
                ));
            }
        };
        frame.fail(format!("expected {wanted}; found {}", frame.at.show(frame.parsed)))
    }

    /// Makes sure that a value fits a parameter of this type.
    pub(super) fn validate(&mut self, frame: &Frame<'_>, place: Place, ty: Ty) -> Outcome<Place> {
        if ty.takes(&place.value) && !place.value.is_nil() {
            return Ok(place);
        }
        if place.value.is_nil() {
            return match ty {
                Ty::Any | Ty::Reflect => Ok(place),
                _ if place.open => {
                    frame.fail(format!("wrong type for value; expected {}; got interface {{}}", ty.word()))
                }
                _ if ty.can_be_nil() => Ok(place),
                _ => frame.fail(format!("invalid value; expected {}", ty.word())),
            };
        }
        if let Value::Object(object) = &place.value
            && matches!(object.kind(), Kind::Slice | Kind::Map)
            && let Some(inside) = object.underlying()
            && ty.takes(&inside)
        {
            return Ok(Place::solid(inside));
        }
        frame.fail(format!("wrong type for value; expected {}; got {}", ty.word(), place.value.type_name()))
    }
}
