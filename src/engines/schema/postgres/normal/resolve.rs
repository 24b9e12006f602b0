//! The types of an expression's parts, and the casts that the server adds between them.
use super::Context;
use super::choose::{UNKNOWN, bare, is_text, key, same};
use super::literal;
use super::parse::{IN_LIST, is_null};
use super::tables::{Signature, functions_of, operators_of};
use super::tree::{Call, Piece, Tree};
use super::types::data_type;
use crate::engines::schema::catalog::DataType;

/// A type that may not be known.
type Known = Option<DataType>;

fn unknown() -> Known {
    Some(DataType::plain(UNKNOWN))
}

fn plain(name: &str) -> Known {
    Some(DataType::plain(name))
}

/// Range types and what they are ranges of.
const RANGES: [(&str, &str); 6] = [
    ("int4range", "integer"),
    ("int8range", "bigint"),
    ("numrange", "numeric"),
    ("daterange", "date"),
    ("tsrange", "timestamp without time zone"),
    ("tstzrange", "timestamp with time zone"),
];

impl Context<'_> {
    /// The expression with every cast that the server adds, and its type.
    pub(super) fn resolve(&self, tree: Tree) -> (Tree, Known) {
        stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, || self.resolve_within(tree))
    }

    fn resolve_within(&self, tree: Tree) -> (Tree, Known) {
        match tree {
            Tree::Text(_) => (tree, unknown()),
            Tree::Number(ref digits) => {
                let kind = literal::natural(digits);
                (tree, plain(kind))
            }
            Tree::Word(ref word) => {
                let kind = self.word(word);
                (tree, kind)
            }
            Tree::Name(parts) => self.column(parts),
            Tree::Cast(inner, to) => self.cast(*inner, to),
            Tree::Unary(sign, operand) => {
                let (operand, kind) = self.resolve(*operand);
                let (mut operands, gives) = self.operator(&sign, vec![(operand, kind)]);
                match operands.pop() {
                    Some(operand) => (Tree::Unary(sign, Box::new(operand)), gives),
                    None => (Tree::Row(Vec::new()), None),
                }
            }
            Tree::Binary(sign, left, right) => self.binary(sign, *left, *right),
            Tree::Is(operand, words) => (Tree::Is(Box::new(self.resolve(*operand).0), words), plain("boolean")),
            Tree::Logic(and, parts) => {
                let parts = parts.into_iter().map(|part| self.condition(part)).collect();
                (Tree::logic(and, parts), plain("boolean"))
            }
            Tree::Not(operand) => (Tree::Not(Box::new(self.condition(*operand))), plain("boolean")),
            Tree::Any { operator, all, left, right } => self.any(operator, all, *left, *right),
            Tree::Array(parts) => self.array(parts),
            Tree::Row(parts) => (Tree::Row(parts.into_iter().map(|part| self.resolve(part).0).collect()), None),
            Tree::Case { operand, whens, otherwise } => self.case(operand, whens, otherwise),
            Tree::Field(base, field) => (Tree::Field(Box::new(self.resolve(*base).0), field), None),
            Tree::Element(base, bounds) => self.element(*base, bounds),
            Tree::Collate(inner, collation) => {
                let (inner, kind) = self.resolve(*inner);
                (Tree::Collate(Box::new(inner), collation), kind)
            }
            Tree::Call(call) => self.call(call),
            Tree::Query(node) => {
                let (query, kind) = self.sub_query(&node);
                let around = vec![Piece::Word("(".to_owned()), Piece::Tree(query), Piece::Word(")".to_owned())];
                (Tree::Other(around), kind)
            }
            Tree::Exists(query) => (Tree::Exists(Box::new(self.query_alone(*query).0)), plain("boolean")),
            Tree::ArrayOf(query) => {
                let (query, kind) = self.query_alone(*query);
                (Tree::ArrayOf(Box::new(query)), kind.map(|kind| DataType { array: true, ..kind }))
            }
            Tree::Other(pieces) => (Tree::Other(self.pieces(pieces)), None),
        }
    }

    /// A query that stands in parentheses anyway.
    fn query_alone(&self, query: Tree) -> (Tree, Known) {
        match query {
            Tree::Query(node) => self.sub_query(&node),
            other => self.resolve(other),
        }
    }

    fn pieces(&self, pieces: Vec<Piece>) -> Vec<Piece> {
        let piece = |piece| match piece {
            Piece::Tree(tree) => Piece::Tree(self.resolve(tree).0),
            word => word,
        };
        pieces.into_iter().map(piece).collect()
    }

    fn word(&self, word: &str) -> Known {
        if let Some(kind) = self.type_of(word) {
            return Some(kind);
        }
        match word.split('(').next().unwrap_or_default() {
            "true" | "false" => plain("boolean"),
            "null" => unknown(),
            "current_date" => plain("date"),
            "current_timestamp" => plain("timestamp with time zone"),
            "localtimestamp" => plain("timestamp without time zone"),
            "current_time" => plain("time with time zone"),
            "localtime" => plain("time without time zone"),
            "current_user" | "session_user" | "user" | "current_role" | "current_catalog" | "current_schema" => {
                plain("name")
            }
            "value" => self.data_type.map(|kind| bare(&self.beneath(kind))),
            _ => None,
        }
    }

    fn type_of(&self, column: &str) -> Known {
        self.columns.iter().find(|(name, _)| *name == column).map(|(_, kind)| bare(kind))
    }

    /// A column; what it is qualified by goes, but for the rows of triggers.
    fn column(&self, mut parts: Vec<String>) -> (Tree, Known) {
        if let Some(scope) = self.scope {
            if let Some(found) = scope.column(&parts) {
                return found;
            }
            return (Tree::Name(parts), None);
        }
        let last = parts.last().cloned().unwrap_or_default();
        let row = parts.len() == 2 && matches!(parts.first().map(String::as_str), Some("new" | "old" | "excluded"));
        if parts.len() > 1 && !row && last != "*" && !self.qualified {
            parts = vec![last.clone()];
        }
        (Tree::Name(parts), self.type_of(&last))
    }

    /// Something that must be true or false.
    fn condition(&self, tree: Tree) -> Tree {
        let (tree, kind) = self.resolve(tree);
        match kind {
            Some(kind) => self.made(tree, &kind, &DataType::plain("boolean")),
            None => tree,
        }
    }

    /// An expression of one type where another is wanted, as the server writes it.
    pub(super) fn made(&self, tree: Tree, from: &DataType, to: &DataType) -> Tree {
        if from.name == UNKNOWN {
            return match tree {
                Tree::Text(text) => literal::typed(&text, &bare(&self.beneath(to))),
                other => other,
            };
        }
        let base = self.beneath(from);
        if same(from, to) || same(&base, to) || (is_text(&base) && is_text(to) && base.array == to.array) {
            return tree;
        }
        match tree {
            tree if is_null(&tree) => tree,
            Tree::Text(text) => literal::typed(&text, &bare(&self.beneath(to))),
            Tree::Array(parts) if to.array => {
                let (from, to) = (DataType { array: false, ..from.clone() }, DataType { array: false, ..to.clone() });
                Tree::Array(parts.into_iter().map(|part| self.made(part, &from, &to)).collect())
            }
            tree => Tree::Cast(Box::new(tree), bare(to)),
        }
    }

    fn cast(&self, inner: Tree, to: DataType) -> (Tree, Known) {
        let known = match to.name.starts_with("interval ") && !to.array {
            true => plain("interval"),
            false => Some(bare(&to)),
        };
        if let (Tree::Array(parts), true) = (&inner, to.array) {
            // The type of an array that is written out is that of its elements.
            let element = DataType { array: false, ..to.clone() };
            let parts: Vec<Tree> = parts.iter().map(|part| self.cast(part.clone(), element.clone()).0).collect();
            return match parts.is_empty() {
                true => (literal::typed("{}", &bare(&to)), known),
                false => (Tree::Array(parts), known),
            };
        }
        let (inner, from) = self.resolve(inner);
        if is_null(&inner) {
            return (inner, known);
        }
        if let Tree::Text(text) = &inner {
            let base = self.beneath(&to);
            return match base == to {
                true => (literal::typed(text, &to), known),
                // A constant of a domain is one of the type beneath first.
                false => (Tree::Cast(Box::new(literal::typed(text, &base)), to), known),
            };
        }
        if let (Tree::Cast(constant, bits), true) = (&inner, to.name == "bit")
            && bits.name == "bit"
            && bits.modifiers.is_empty()
        {
            return (Tree::Cast(constant.clone(), to), known);
        }
        let Some(from) = from else {
            return (Tree::Cast(Box::new(inner), to), known);
        };
        let base = self.beneath(&from);
        let relabelled = is_text(&base) && is_text(&to) && base.array == to.array;
        if to.modifiers.is_empty() && (same(&from, &to) || same(&base, &to) || relabelled) {
            return (inner, known);
        }
        (Tree::Cast(Box::new(inner), to), known)
    }

    fn binary(&self, sign: String, left: Tree, right: Tree) -> (Tree, Known) {
        if let (Tree::Row(a), Tree::Row(b)) = (&left, &right)
            && a.len() == b.len()
        {
            let mut lefts = Vec::new();
            let mut rights = Vec::new();
            for (a, b) in a.iter().zip(b) {
                let pair = self.binary(sign.clone(), a.clone(), b.clone()).0;
                if let Tree::Binary(_, a, b) = pair {
                    lefts.push(*a);
                    rights.push(*b);
                }
            }
            if matches!(sign.as_str(), "=" | "<>") {
                let pairs = lefts.into_iter().zip(rights).map(|(left, right)| Tree::binary(&sign, left, right));
                return (Tree::logic(sign == "=", pairs.collect()), plain("boolean"));
            }
            return (Tree::binary(&sign, Tree::Row(lefts), Tree::Row(rights)), plain("boolean"));
        }
        let (left, right) = (self.resolve(left), self.resolve(right));
        let name = if sign == "is distinct from" { "=" } else { &sign };
        let (operands, gives) = self.operator(name, vec![left, right]);
        let mut operands = operands.into_iter();
        match (operands.next(), operands.next()) {
            (Some(left), Some(right)) => (Tree::binary(&sign, left, right), gives),
            _ => (Tree::Row(Vec::new()), None),
        }
    }

    /// Operands of an operator, made what it takes.
    fn operator(&self, sign: &str, operands: Vec<(Tree, Known)>) -> (Vec<Tree>, Known) {
        let kinds: Option<Vec<DataType>> = operands.iter().map(|(_, kind)| kind.clone()).collect();
        if let Some(kind) = kinds.as_ref().and_then(|kinds| self.citext(sign, kinds)) {
            let made = operands.into_iter().map(|(tree, from)| match from {
                Some(from) if from.name == UNKNOWN => self.made(tree, &from, &kind),
                _ => tree,
            });
            return (made.collect(), plain("boolean"));
        }
        let found = kinds.as_ref().and_then(|kinds| self.find_operator(sign, kinds));
        match (found, kinds) {
            (Some(found), Some(kinds)) => {
                let actual = self.actual(found, &kinds);
                let gives = self.given(found, actual.as_ref());
                let made = operands.into_iter().enumerate();
                let made =
                    made.map(|(at, (tree, kind))| self.made_for(tree, kind, found, at, actual.as_ref())).collect();
                (made, gives)
            }
            (_, kinds) => self.foreign_operator(sign, operands, kinds.as_deref()),
        }
    }

    /// The type `citext` when both operands are of it, or become it; patterns may be texts. Its operators are those of an extension.
    fn citext(&self, sign: &str, kinds: &[DataType]) -> Known {
        let pattern = matches!(sign, "~" | "~*" | "!~" | "!~*" | "~~" | "~~*" | "!~~" | "!~~*");
        if !pattern && !matches!(sign, "=" | "<>" | "<" | ">" | "<=" | ">=") {
            return None;
        }
        let is = |kind: &DataType| kind.name == "citext" && !kind.array;
        let bases: Vec<DataType> = kinds.iter().map(|kind| self.beneath(kind)).collect();
        let found = bases.iter().find(|kind| is(kind)).cloned()?;
        let fits = |kind: &DataType| is(kind) || kind.name == UNKNOWN || (pattern && kind.name == "text");
        bases.iter().all(fits).then_some(found)
    }

    /// An operator of an extension, or one whose operands are not known: texts have the type that the other operand gives them.
    fn foreign_operator(
        &self,
        sign: &str,
        operands: Vec<(Tree, Known)>,
        kinds: Option<&[DataType]>,
    ) -> (Vec<Tree>, Known) {
        let is_test = sign.chars().all(|one| "<>=~!*@?".contains(one));
        let gives = if is_test { plain("boolean") } else { None };
        // Among types of the server there is none: no server takes it, so that it is left alone.
        if kinds.is_some_and(|kinds| kinds.iter().all(|kind| super::tables::category(&kind.name).is_some())) {
            return (operands.into_iter().map(|(tree, _)| tree).collect(), gives);
        }
        let to_text = operands.iter().any(|(_, kind)| kind.as_ref().is_some_and(|kind| kind.name == "citext"))
            && operands.iter().any(|(_, kind)| kind.as_ref().is_some_and(is_text));
        let made = operands.into_iter().map(|(tree, kind)| match kind {
            Some(kind) if to_text => self.made(tree, &kind, &DataType::plain("text")),
            _ => untyped(tree),
        });
        (made.collect(), gives)
    }

    fn find_operator(&self, sign: &str, kinds: &[DataType]) -> Option<&'static Signature> {
        let candidates = operators_of(sign, kinds.len());
        if let [left, right] = kinds {
            let kind = match (left.name.as_str(), right.name.as_str()) {
                (UNKNOWN, UNKNOWN) => None,
                (UNKNOWN, _) => Some(right),
                (_, UNKNOWN) => Some(left),
                _ => None,
            };
            if let Some(kind) = kind {
                let name = key(&self.beneath(kind));
                if let Some(found) = candidates.iter().find(|one| one.takes == [&*name, &*name]) {
                    return Some(found);
                }
            }
        }
        self.choose(kinds, &candidates)
    }

    /// What stands for `anyelement` in a call with arguments of these types.
    fn actual(&self, found: &Signature, kinds: &[DataType]) -> Known {
        let mut known = Vec::new();
        for (takes, kind) in found.takes.iter().zip(kinds).filter(|(_, kind)| kind.name != UNKNOWN) {
            let base = self.beneath(kind);
            match *takes {
                "anyarray" | "anycompatiblearray" if base.array => known.push(Some(DataType { array: false, ..base })),
                "anyelement" | "anynonarray" | "anycompatible" | "anycompatiblenonarray" | "anyenum" => {
                    known.push(Some(base))
                }
                "anyrange" | "anycompatiblerange" => {
                    known.extend(RANGES.iter().find(|(range, _)| *range == base.name).map(|(_, one)| plain(one)));
                }
                _ => {}
            }
        }
        if known.is_empty() { None } else { self.common(&known) }
    }

    /// The type that a signature names, with what stands for `anyelement` put in.
    fn named(&self, name: &str, actual: Option<&DataType>) -> Known {
        match name {
            "anyelement" | "anynonarray" | "anyenum" | "anycompatible" | "anycompatiblenonarray" => actual.cloned(),
            "anyrange" | "anycompatiblerange" => {
                let element = actual.filter(|kind| !kind.array)?;
                RANGES.iter().find(|(_, one)| *one == element.name).and_then(|(range, _)| plain(range))
            }
            "anyarray" | "anycompatiblearray" => actual.map(|kind| DataType { array: true, ..kind.clone() }),
            "\"any\"" | "any" | "record" | "anymultirange" => None,
            name => Some(bare(&data_type(name))),
        }
    }

    fn given(&self, found: &Signature, actual: Option<&DataType>) -> Known {
        self.named(found.gives, actual)
    }

    fn made_for(&self, tree: Tree, kind: Known, found: &Signature, at: usize, actual: Option<&DataType>) -> Tree {
        let Some(from) = kind else { return tree };
        let name = match (found.takes.get(at), found.takes.last()) {
            (Some(name), _) if !(found.variadic && at + 1 >= found.takes.len()) => *name,
            (_, Some(last)) => last.strip_suffix("[]").unwrap_or("any"),
            _ => return tree,
        };
        match self.named(name, actual) {
            Some(to) => self.made(tree, &from, &to),
            None => tree,
        }
    }

    /// `left = ANY (right)`.
    fn any(&self, operator: String, all: bool, left: Tree, right: Tree) -> (Tree, Known) {
        let (left, left_kind) = self.resolve(left);
        let (right, element) = match right {
            Tree::Call(list) if list.name == IN_LIST => {
                let parts: Vec<(Tree, Known)> = list.arguments.into_iter().map(|(_, one)| self.resolve(one)).collect();
                let mut kinds = vec![left_kind.clone()];
                kinds.extend(parts.iter().map(|(_, kind)| kind.clone()));
                let common = self.common(&kinds);
                let parts = parts.into_iter().map(|(tree, kind)| match (&common, kind) {
                    (Some(to), Some(from)) => self.made(tree, &from, to),
                    _ => untyped(tree),
                });
                (Tree::Array(parts.collect()), common)
            }
            Tree::Query(node) => {
                let query = self.sub_query(&node).0;
                let any = Tree::Any { operator, all, left: Box::new(left), right: Box::new(query) };
                return (any, plain("boolean"));
            }
            Tree::Text(text) => match &left_kind {
                Some(kind) if kind.name != UNKNOWN => {
                    let base = bare(&self.beneath(kind));
                    let base = if is_text(&base) { DataType::plain("text") } else { base };
                    let array = DataType { array: true, ..base };
                    (literal::typed(&text, &array), Some(DataType { array: false, ..array }))
                }
                _ => (Tree::Text(text), None),
            },
            other => {
                let (right, kind) = self.resolve(other);
                (right, kind.map(|kind| DataType { array: false, ..kind }))
            }
        };
        let kinds = match (&left_kind, &element) {
            (Some(left), Some(element)) => vec![left.clone(), element.clone()],
            _ => Vec::new(),
        };
        if kinds.len() == 2 && self.citext(&operator, &kinds).is_some() {
            return (Tree::Any { operator, all, left: Box::new(left), right: Box::new(right) }, plain("boolean"));
        }
        let found = self.find_operator(&operator, &kinds).filter(|_| kinds.len() == 2);
        let (left, right) = match (found, &left_kind, &element) {
            (Some(found), Some(left_kind), Some(element)) => {
                let actual = self.actual(found, &kinds);
                let left = self.made_for(left, Some(left_kind.clone()), found, 0, actual.as_ref());
                let wanted = found.takes.get(1).and_then(|name| self.named(name, actual.as_ref()));
                let right = match wanted {
                    Some(wanted) => {
                        let from = DataType { array: true, ..element.clone() };
                        self.made(right, &from, &DataType { array: true, ..wanted })
                    }
                    None => right,
                };
                (left, right)
            }
            _ => (left, untyped(right)),
        };
        (Tree::Any { operator, all, left: Box::new(left), right: Box::new(right) }, plain("boolean"))
    }

    fn array(&self, parts: Vec<Tree>) -> (Tree, Known) {
        let parts: Vec<(Tree, Known)> = parts.into_iter().map(|part| self.resolve(part)).collect();
        let (parts, common) = self.all_made(parts);
        (Tree::Array(parts), common.map(|kind| DataType { array: true, ..kind }))
    }

    /// Everything made of the type that is common to all.
    fn all_made(&self, parts: Vec<(Tree, Known)>) -> (Vec<Tree>, Known) {
        let kinds: Vec<Known> = parts.iter().map(|(_, kind)| kind.clone()).collect();
        let common = self.common(&kinds);
        let made = parts.into_iter().map(|(tree, kind)| match (&common, kind) {
            (Some(to), Some(from)) => self.made(tree, &from, to),
            _ => untyped(tree),
        });
        (made.collect(), common)
    }

    fn case(
        &self,
        operand: Option<Box<Tree>>,
        whens: Vec<(Tree, Tree)>,
        otherwise: Option<Box<Tree>>,
    ) -> (Tree, Known) {
        let operand = operand.map(|operand| self.resolve(*operand));
        let mut tests = Vec::new();
        let mut results = Vec::new();
        for (when, then) in whens {
            tests.push(match &operand {
                Some((_, kind)) => {
                    let when = self.resolve(when);
                    let pair = vec![(Tree::Word("null".to_owned()), kind.clone()), when];
                    self.operator("=", pair).0.pop().unwrap_or(Tree::Row(Vec::new()))
                }
                None => self.condition(when),
            });
            results.push(self.resolve(then));
        }
        let has_otherwise = otherwise.is_some();
        // The server looks at ELSE first.
        let mut all: Vec<(Tree, Known)> = otherwise.map(|other| self.resolve(*other)).into_iter().collect();
        all.extend(results);
        let (mut made, common) = self.all_made(all);
        let otherwise = has_otherwise.then(|| Box::new(made.remove(0)));
        let whens = tests.into_iter().zip(made).collect();
        (Tree::Case { operand: operand.map(|(operand, _)| Box::new(operand)), whens, otherwise }, common)
    }

    fn element(&self, base: Tree, bounds: Vec<Option<Tree>>) -> (Tree, Known) {
        let (base, kind) = self.resolve(base);
        let slice = bounds.len() > 1;
        let kind = match kind {
            Some(kind) if kind.array && !slice => Some(DataType { array: false, ..kind }),
            Some(kind) if kind.array || kind.name == "jsonb" => Some(kind),
            _ => None,
        };
        let bounds = bounds.into_iter().map(|bound| bound.map(|bound| self.resolve(bound).0)).collect();
        (Tree::Element(Box::new(base), bounds), kind)
    }

    fn call(&self, mut call: Call) -> (Tree, Known) {
        call.inside = self.pieces(call.inside);
        if let (Some(Piece::Word(word)), Some(scope)) = (call.behind.first(), self.scope)
            && word == "within"
        {
            // What the server makes of the arguments of an ordered-set aggregate is not followed.
            scope.doubt();
        }
        call.behind = self.pieces(call.behind);
        // Before 14 the one was the other.
        if call.name == "extract" && self.catalog.is_some_and(|catalog| catalog.server.version.0 < 14) {
            call.name = "date_part".to_owned();
        }
        let names: Vec<String> = call.arguments.iter().map(|(before, _)| before.clone()).collect();
        let arguments: Vec<(Tree, Known)> = call.arguments.into_iter().map(|(_, one)| self.resolve(one)).collect();
        let named = names.iter().any(|name| !name.is_empty());
        let (made, gives) = match call.name.as_str() {
            "coalesce" | "greatest" | "least" => self.all_made(arguments),
            "nullif" => {
                let kind = arguments.first().and_then(|(_, kind)| kind.clone());
                (self.operator("=", arguments).0, kind)
            }
            "count" => (arguments.into_iter().map(|(tree, _)| tree).collect(), plain("bigint")),
            "extract" => (arguments.into_iter().map(|(tree, _)| tree).collect(), plain("numeric")),
            name => match self.find_function(name, &arguments).filter(|_| !named) {
                Some(found) => {
                    let kinds: Vec<DataType> = arguments.iter().filter_map(|(_, kind)| kind.clone()).collect();
                    let actual = self.actual(&found, &kinds);
                    let gives = self.given(&found, actual.as_ref());
                    let made = arguments.into_iter().enumerate();
                    let made = made.map(|(at, (tree, kind))| self.made_for(tree, kind, &found, at, actual.as_ref()));
                    (made.collect(), gives)
                }
                None => {
                    let kind = self.user_function(name);
                    (arguments.into_iter().map(|(tree, _)| untyped(tree)).collect(), kind)
                }
            },
        };
        call.arguments = names.into_iter().zip(made).collect();
        (Tree::Call(call), gives)
    }

    fn find_function(&self, name: &str, arguments: &[(Tree, Known)]) -> Option<Signature> {
        let kinds: Option<Vec<DataType>> = arguments.iter().map(|(_, kind)| kind.clone()).collect();
        let candidates: Vec<&Signature> = functions_of(name).iter().collect();
        let hidden = self.catalog.is_some_and(|catalog| catalog.routines.keys().any(|(one, _)| one.name == name));
        match kinds {
            _ if hidden => None,
            Some(kinds) => self.choose(&kinds, &candidates).cloned(),
            // Something is not known: only what leaves no choice.
            None => match candidates.as_slice() {
                [only] if only.takes.len() == arguments.len() => Some((*only).clone()),
                _ => {
                    let gives = candidates.first()?.gives;
                    let same = candidates.iter().all(|one| one.gives == gives);
                    same.then(|| Signature { takes: Vec::new(), gives, defaults: 0, variadic: false })
                }
            },
        }
    }

    /// The type that a function of the database gives, when all of its name give the same.
    fn user_function(&self, name: &str) -> Known {
        let routines = &self.catalog?.routines;
        let mut kinds = routines.iter().filter(|((one, _), _)| one.name == name).map(|(_, one)| one.returns.as_str());
        let first = kinds.next()?;
        let simple = !first.starts_with("TABLE") && !first.starts_with("SETOF") && first != "record";
        (simple && kinds.all(|one| one == first)).then(|| bare(&data_type(first)))
    }
}

/// A text whose type cannot be known here loses the one that the server gave it.
fn untyped(tree: Tree) -> Tree {
    match tree {
        Tree::Cast(inner, _) if matches!(*inner, Tree::Text(_)) => *inner,
        other => other,
    }
}
