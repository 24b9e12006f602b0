//! Slices and maps of Go templates. Dropping them never recurses, however deep a template nested them.
use super::bytes::Bytes;
use super::value::Value;
use std::cell::{Ref, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Element types of slices that templates can tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    /// `[]interface {}`
    Any,
    /// `[]string`
    String,
    /// `[]int`
    Int,
    /// `[]uint8`: bytes. `%v` prints numbers, `%s` a string, JSON base64.
    Uint8,
    /// `[]map[string]interface {}`
    Map,
    /// `[][]interface {}`
    List,
}

impl Element {
    /// `%T` of the slice.
    pub fn slice_name(self) -> &'static str {
        match self {
            Element::Any => "[]interface {}",
            Element::String => "[]string",
            Element::Int => "[]int",
            Element::Uint8 => "[]uint8",
            Element::Map => "[]map[string]interface {}",
            Element::List => "[][]interface {}",
        }
    }
}

/// A slice. Immutable, shared.
#[derive(Clone)]
pub struct List {
    element: Element,
    nil: bool,
    items: Rc<Items>,
}

struct Items(Vec<Value>);

/// Map types that templates can tell apart. Keys are strings in all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapType {
    /// `map[string]interface {}`
    Any,
    /// `map[string]string`: a missing key is `""`.
    String,
    /// A named type over `map[string]interface {}`, with its full name: `chartutil.Values`, `common.Values`.
    Named(&'static str),
    /// `map[string]bool`.
    Bool,
}

impl MapType {
    /// `%T`.
    pub fn name(self) -> &'static str {
        match self {
            MapType::Any => "map[string]interface {}",
            MapType::String => "map[string]string",
            MapType::Named(name) => name,
            MapType::Bool => "map[string]bool",
        }
    }

    /// What a missing key gives: the zero value of the element type.
    pub fn zero(self) -> Value {
        match self {
            MapType::String => Value::text(""),
            MapType::Bool => Value::Bool(false),
            MapType::Any | MapType::Named(_) => Value::Nil,
        }
    }
}

/// A map: a reference, as in Go. Keys come in the order of their bytes.
#[derive(Clone)]
pub struct Map {
    map_type: MapType,
    entries: Rc<Entries>,
}

struct Entries(RefCell<BTreeMap<Bytes, Value>>);

impl List {
    /// A `[]interface {}`.
    pub fn new(items: Vec<Value>) -> List {
        List::of(Element::Any, items)
    }

    /// A slice of this element type. The caller answers for the types of the items.
    pub fn of(element: Element, items: Vec<Value>) -> List {
        List { element, nil: false, items: Rc::new(Items(items)) }
    }

    /// A `[]string`.
    pub fn strings<T: Into<Bytes>>(items: impl IntoIterator<Item = T>) -> List {
        List::of(Element::String, items.into_iter().map(|text| Value::String(text.into())).collect())
    }

    /// The nil slice of this element type: empty, but `null` in JSON, and not deeply equal to an empty slice.
    pub fn nil(element: Element) -> List {
        List { element, nil: true, items: Rc::new(Items(Vec::new())) }
    }

    /// Whether it is the nil slice.
    pub fn is_nil(&self) -> bool {
        self.nil
    }

    /// The element type.
    pub fn element(&self) -> Element {
        self.element
    }

    /// The items.
    pub fn items(&self) -> &[Value] {
        &self.items.0
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.items.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.0.is_empty()
    }
}

impl Map {
    /// An empty `map[string]interface {}`.
    pub fn new() -> Map {
        Map::of(MapType::Any, BTreeMap::new())
    }

    /// A map of this type. The caller answers for the types of the values.
    pub fn of(map_type: MapType, entries: BTreeMap<Bytes, Value>) -> Map {
        Map { map_type, entries: Rc::new(Entries(RefCell::new(entries))) }
    }

    /// The same entries (the same reference) under another map type.
    pub fn typed(&self, map_type: MapType) -> Map {
        Map { map_type, entries: Rc::clone(&self.entries) }
    }

    /// The map type.
    pub fn map_type(&self) -> MapType {
        self.map_type
    }

    /// The value of a key; `None` when it is not there.
    pub fn get(&self, key: &[u8]) -> Option<Value> {
        self.entries.0.borrow().get(key).cloned()
    }

    /// Sets a key.
    pub fn insert(&self, key: impl Into<Bytes>, value: Value) {
        let old = self.entries.0.borrow_mut().insert(key.into(), value);
        drop(old);
    }

    /// Takes a key away.
    pub fn remove(&self, key: &[u8]) -> Option<Value> {
        self.entries.0.borrow_mut().remove(key)
    }

    /// Whether the key is there.
    pub fn contains(&self, key: &[u8]) -> bool {
        self.entries.0.borrow().contains_key(key)
    }

    /// How many keys.
    pub fn len(&self) -> usize {
        self.entries.0.borrow().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.0.borrow().is_empty()
    }

    /// The entries, for reading only. While this is held, nothing may write to the map: no template function and no
    /// method is to be called before it is dropped. Use `snapshot` when in doubt.
    pub fn borrow(&self) -> Ref<'_, BTreeMap<Bytes, Value>> {
        self.entries.0.borrow()
    }

    /// The entries as they are now, in order of keys.
    pub fn snapshot(&self) -> Vec<(Bytes, Value)> {
        self.entries.0.borrow().iter().map(|(key, value)| (key.clone(), value.clone())).collect()
    }

    /// Whether both are the same map, not only equal.
    pub fn same(&self, other: &Map) -> bool {
        Rc::ptr_eq(&self.entries, &other.entries)
    }
}

impl Default for Map {
    fn default() -> Map {
        Map::new()
    }
}

impl FromIterator<(Bytes, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (Bytes, Value)>>(entries: I) -> Map {
        Map::of(MapType::Any, entries.into_iter().collect())
    }
}

thread_local! {
    /// Values whose containers are gone; a container that is dropped while another one is taken apart puts its values here.
    static GRAVES: RefCell<Option<Vec<Value>>> = const { RefCell::new(None) };
}

/// Drops values one after the other, so that a chain of a million maps needs no deep stack.
fn bury(values: impl Iterator<Item = Value>) {
    let values: Vec<Value> = values.filter(|value| matches!(value, Value::Map(_) | Value::List(_))).collect();
    if values.is_empty() {
        return;
    }
    let first = GRAVES.try_with(|graves| {
        let mut graves = graves.borrow_mut();
        match graves.as_mut() {
            Some(waiting) => {
                waiting.extend(values);
                false
            }
            None => {
                *graves = Some(values);
                true
            }
        }
    });
    if first != Ok(true) {
        return;
    }
    while let Some(value) = GRAVES.with(|graves| graves.borrow_mut().as_mut().and_then(Vec::pop)) {
        drop(value);
    }
    GRAVES.with(|graves| *graves.borrow_mut() = None);
}

impl Drop for Items {
    fn drop(&mut self) {
        bury(self.0.drain(..));
    }
}

impl Drop for Entries {
    fn drop(&mut self) {
        bury(std::mem::take(self.0.get_mut()).into_values());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_values_are_dropped_without_a_deep_stack() {
        let mut value = Value::Nil;
        for _ in 0..1_000_000 {
            value = Value::map([(Bytes::from("a"), Value::list(vec![value]))]);
        }
        drop(value);
    }

    #[test]
    fn a_map_is_a_reference() {
        let map = Map::new();
        let other = Value::Map(map.clone());
        map.insert("k", Value::int(1));
        assert_eq!(other.as_map().map(Map::len), Some(1));
    }
}
