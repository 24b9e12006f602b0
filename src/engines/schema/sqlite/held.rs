//! Tables and views as a replay holds them: with their identities, and with the flat form by which changes are told.
use crate::engines::schema::catalog::{Catalog, Dialect, Id, Key, Kind, Meta, Name, Server, Table, View};
use std::collections::BTreeMap;

/// Attributes of an object, as catalogs compare them.
pub(super) type Attributes = BTreeMap<String, String>;

/// A table or a view.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) name: String,
    pub(super) body: Body,
    /// Keys and attributes of it and of its parts, in the order of `metas`.
    pub(super) parts: Vec<(Key, Attributes)>,
}

/// What it is.
#[derive(Debug, Clone)]
pub(super) enum Body {
    Table(Box<Table>),
    View(Box<View>),
}

impl Body {
    /// What holds identity and places: the object itself first, then its parts in a fixed order.
    pub(super) fn metas_mut(&mut self) -> Vec<&mut Meta> {
        match self {
            Body::Table(table) => {
                let mut all = vec![&mut table.meta];
                all.extend(table.columns.iter_mut().map(|one| &mut one.meta));
                all.extend(table.constraints.iter_mut().map(|one| &mut one.meta));
                all.extend(table.indexes.iter_mut().map(|one| &mut one.meta));
                all.extend(table.triggers.iter_mut().map(|one| &mut one.meta));
                all
            }
            Body::View(view) => {
                let mut all = vec![&mut view.meta];
                all.extend(view.triggers.iter_mut().map(|one| &mut one.meta));
                all
            }
        }
    }

    pub(super) fn metas(&self) -> Vec<&Meta> {
        match self {
            Body::Table(table) => {
                let mut all = vec![&table.meta];
                all.extend(table.columns.iter().map(|one| &one.meta));
                all.extend(table.constraints.iter().map(|one| &one.meta));
                all.extend(table.indexes.iter().map(|one| &one.meta));
                all.extend(table.triggers.iter().map(|one| &one.meta));
                all
            }
            Body::View(view) => {
                let mut all = vec![&view.meta];
                all.extend(view.triggers.iter().map(|one| &one.meta));
                all
            }
        }
    }
}

impl Held {
    /// Something that was read anew; its identities are still to be given.
    pub(super) fn new(name: &str, mut body: Body) -> Held {
        for (nth, meta) in body.metas_mut().into_iter().enumerate() {
            meta.id = Id(nth as u64 + 1);
        }
        let count = body.metas().len();
        let mut catalog = Catalog::new(Server::newest(Dialect::Sqlite));
        let top = Name::new("", name);
        let kind = match &body {
            Body::Table(table) => {
                catalog.tables.insert(top.clone(), (**table).clone());
                Kind::Table
            }
            Body::View(view) => {
                catalog.views.insert(top.clone(), (**view).clone());
                Kind::View
            }
        };
        let mut parts = vec![(Key::top(kind, &top), Attributes::new()); count];
        for object in catalog.objects() {
            let nth = usize::try_from(object.id.0).unwrap_or(0).wrapping_sub(1);
            if let Some(part) = parts.get_mut(nth).filter(|_| object.key.kind != Kind::ViewColumn) {
                *part = (object.key, object.attributes);
            }
        }
        Held { name: name.to_owned(), body, parts }
    }
}
