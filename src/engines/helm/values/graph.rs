//! Charts as Helm's objects while dependencies are worked out: who is whose parent, and which metadata two copies share.
use super::table::{Maker, Table};
use crate::engines::helm::chart::{Chart, Dependency};
use crate::engines::helm::error::Error;
use std::cell::RefCell;
use std::rc::{Rc, Weak};

pub(super) type NodeRef = Rc<RefCell<Node>>;
pub(super) type DependencyRef = Rc<RefCell<Dependency>>;

/// What of `Chart.yaml` changes on the way.
#[derive(Debug, Clone)]
pub(super) struct Meta {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) dependencies: Option<Vec<DependencyRef>>,
}

/// A chart.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// The chart that was read, by its place in `Graph::charts`.
    pub(super) chart: usize,
    pub(super) meta: Rc<RefCell<Meta>>,
    pub(super) values: Option<Table>,
    pub(super) children: Vec<NodeRef>,
    pub(super) parent: Option<Weak<RefCell<Node>>>,
}

impl Node {
    pub(super) fn name(&self) -> String {
        self.meta.borrow().name.clone()
    }

    pub(super) fn has_child(&self, name: &str) -> bool {
        self.children.iter().any(|child| child.borrow().meta.borrow().name == name)
    }
}

/// Makes a chart the parent of these, and of no others.
pub(super) fn set_children(node: &NodeRef, children: Vec<NodeRef>) {
    for child in &children {
        child.borrow_mut().parent = Some(Rc::downgrade(node));
    }
    node.borrow_mut().children = children;
}

/// All charts, those too that were left out or copied, so that no parent goes away.
pub(super) struct Graph<'a> {
    pub(super) charts: Vec<&'a Chart>,
    pub(super) nodes: RefCell<Vec<NodeRef>>,
}

impl<'a> Graph<'a> {
    /// The graph of a chart as it was read.
    pub(super) fn of(chart: &'a Chart, maker: &Maker) -> Result<(Graph<'a>, NodeRef), Error> {
        let mut graph = Graph { charts: Vec::new(), nodes: RefCell::default() };
        let root = graph.add(chart, maker)?;
        Ok((graph, root))
    }

    fn add(&mut self, chart: &'a Chart, maker: &Maker) -> Result<NodeRef, Error> {
        let values = chart.values_file.is_some() || !chart.values.is_empty();
        let values = if values { Some(maker.import(&chart.values, 0)?) } else { None };
        let own = |dependency: &Dependency| Rc::new(RefCell::new(dependency.clone()));
        let meta = Meta {
            name: chart.metadata.name.clone(),
            version: chart.metadata.version.clone(),
            dependencies: chart.metadata.dependencies.as_ref().map(|list| list.iter().map(own).collect()),
        };
        let meta = Rc::new(RefCell::new(meta));
        let place = self.charts.len();
        self.charts.push(chart);
        let node = self.keep(Node { chart: place, meta, values, children: Vec::new(), parent: None });
        let children = chart.dependencies.iter().map(|below| self.add(below, maker)).collect::<Result<_, _>>()?;
        set_children(&node, children);
        Ok(node)
    }

    /// A new object.
    pub(super) fn keep(&self, node: Node) -> NodeRef {
        let node = Rc::new(RefCell::new(node));
        self.nodes.borrow_mut().push(Rc::clone(&node));
        node
    }

    /// The chart as it is now, with all below it.
    pub(super) fn chart(&self, node: &NodeRef) -> Chart {
        let node_ref = node.borrow();
        let Some(read) = self.charts.get(node_ref.chart) else { return Chart::default() };
        let meta = node_ref.meta.borrow();
        let mut metadata = read.metadata.clone();
        metadata.name.clone_from(&meta.name);
        metadata.dependencies =
            meta.dependencies.as_ref().map(|list| list.iter().map(|one| one.borrow().clone()).collect());
        Chart {
            metadata,
            path: path(node),
            templates: read.templates.clone(),
            files: read.files.clone(),
            values: read.values.clone(),
            values_file: read.values_file.clone(),
            schema: read.schema.clone(),
            dependencies: node_ref.children.iter().map(|child| self.chart(child)).collect(),
            lock: read.lock.clone(),
            source: read.source,
            unread: read.unread.clone(),
        }
    }
}

/// The path that Helm computes from the names of the parents.
fn path(node: &NodeRef) -> String {
    let mut names = vec![node.borrow().name()];
    let mut parent = node.borrow().parent.clone();
    while let Some(above) = parent.and_then(|parent| parent.upgrade()) {
        names.push(above.borrow().name());
        parent = above.borrow().parent.clone();
    }
    names.reverse();
    names.join("/charts/")
}
