//! The tables of `locks.py` as a catalog.
use super::*;

pub(super) fn name(name: &str) -> Name {
    Name::new("public", name)
}

pub(super) fn column(name: &str, data_type: DataType) -> Column {
    Column { name: name.to_owned(), data_type, ..Column::default() }
}

pub(super) fn plain(name: &str, data_type: &str) -> Column {
    column(name, DataType::plain(data_type))
}

pub(super) fn sized(name: &str, data_type: &str, size: &[u32]) -> Column {
    column(name, DataType::with(data_type, size))
}

pub(super) fn own(data_type: &str) -> DataType {
    DataType { schema: Some("public".to_owned()), name: data_type.to_owned(), ..DataType::default() }
}

pub(super) fn index(name: &str, column: &str) -> Index {
    let key = IndexKey { expression: Expression::plain(column), column: true, ..IndexKey::default() };
    Index { name: name.to_owned(), method: "btree".to_owned(), keys: vec![key], ..Index::default() }
}

pub(super) fn constraint(name: &str, kind: ConstraintKind) -> Constraint {
    Constraint { name: name.to_owned(), kind, ..Constraint::default() }
}

pub(super) fn check(name: &str, text: &str) -> Constraint {
    constraint(name, ConstraintKind::Check(Expression::plain(text)))
}

pub(super) fn primary(name: &str) -> Constraint {
    constraint(name, ConstraintKind::PrimaryKey(index(name, "id")))
}

pub(super) fn unique(name: &str, column: &str) -> Constraint {
    constraint(name, ConstraintKind::Unique(index(name, column)))
}

pub(super) fn foreign(name: &str, column: &str, table: Name) -> Constraint {
    let references = vec!["id".to_owned()];
    let key = ForeignKey { columns: vec![column.to_owned()], table, references, ..ForeignKey::default() };
    constraint(name, ConstraintKind::ForeignKey(key))
}

pub(super) fn table(columns: Vec<Column>, constraints: Vec<Constraint>) -> Table {
    Table { columns, constraints, ..Table::default() }
}

pub(super) fn generated(text: &str, stored: bool) -> Option<Generated> {
    Some(Generated { expression: Expression::plain(text), stored })
}

pub(super) fn base() -> Catalog {
    let mut catalog = Catalog::new(Server { dialect: Dialect::Postgres, version: (18, 0) });
    let mut t = table(t_columns(), vec![primary("t_pkey"), unique("t_uq", "uq"), check("t_chk", "chk > 0")]);
    t.constraints.push(Constraint { not_valid: true, ..check("t_nv", "chk > -1") });
    t.constraints.push(check("t_nn_check", "nn IS NOT NULL"));
    t.indexes = vec![index("t_ix", "ix"), index("t_ts_ix", "ts_ix"), index("t_x", "x")];
    let action = Expression::plain("public.trg()");
    t.triggers = vec![Trigger {
        name: "t_trg".to_owned(),
        timing: "before".to_owned(),
        events: vec!["insert".to_owned()],
        action,
        ..Trigger::default()
    }];
    let using = Some(Expression::plain("a > 1"));
    t.policies = vec![Policy { name: "t_pol".to_owned(), permissive: true, using, ..Policy::default() }];
    let mut f = table(
        vec![plain("id", "integer"), plain("u_id", "integer"), plain("o_id", "integer")],
        vec![primary("f_pkey")],
    );
    f.constraints.push(foreign("f_fk", "u_id", name("u")));
    f.constraints.push(Constraint { not_valid: true, ..foreign("f_nv", "o_id", name("u")) });
    let keyed = || vec![plain("id", "integer"), plain("k", "integer")];
    let mut p = table(keyed(), vec![]);
    p.partitioning.by = Some(Expression::plain("RANGE (k)"));
    let mut p1 = table(keyed(), vec![]);
    p1.partitioning = Partitioning {
        parent: Some(name("p")),
        bound: Some(Expression::plain("FOR VALUES FROM (0) TO (10000)")),
        by: None,
    };
    let q2 = table(keyed(), vec![check("q2_k", "k >= 40000")]);
    let u = table(vec![plain("id", "integer"), plain("code", "text")], vec![primary("u_pkey")]);
    let nokey = table(vec![plain("id", "integer"), plain("a", "integer")], vec![]);
    for (one, table) in [
        ("t", t),
        ("u", u),
        ("f", f),
        ("nokey", nokey),
        ("p", p),
        ("p1", p1),
        ("q", table(keyed(), vec![])),
        ("q2", q2),
    ] {
        catalog.tables.insert(name(one), table);
    }
    types(&mut catalog);
    for (one, materialized) in [("tv", false), ("mv", true)] {
        let columns = vec![("id".to_owned(), DataType::plain("integer"))];
        let query = Expression::plain("SELECT id FROM t");
        catalog.views.insert(name(one), View { materialized, query, columns, ..View::default() });
    }
    let data_type = DataType::plain("integer");
    catalog.sequences.insert(name("s"), Sequence { data_type, ..Sequence::default() });
    catalog
}

fn types(catalog: &mut Catalog) {
    let mood = UserTypeKind::Enum(vec!["sad".to_owned(), "glad".to_owned()]);
    let domain = |base: &str, checks: Vec<(String, Expression)>| UserTypeKind::Domain {
        base: DataType::plain(base),
        not_null: false,
        default: None,
        collation: None,
        checks,
    };
    let positive = domain("integer", vec![("positive_check".to_owned(), Expression::plain("VALUE > 0"))]);
    for (one, kind) in
        [("mood", mood), ("plain", domain("text", vec![])), ("word", domain("text", vec![])), ("positive", positive)]
    {
        catalog.types.insert(name(one), UserType { kind, ..UserType::default() });
    }
}

fn t_columns() -> Vec<Column> {
    let (varchar, stamp, zoned) = ("character varying", "timestamp without time zone", "timestamp with time zone");
    let mut columns = vec![
        sized("n", "numeric", &[10, 2]),
        sized("v", varchar, &[50]),
        sized("x", varchar, &[50]),
        sized("ts3", stamp, &[3]),
        sized("c5", "character", &[5]),
        sized("bits", "bit varying", &[8]),
        column("dom", own("word")),
        column("e", own("mood")),
    ];
    let simple = [
        ("id", "integer"),
        ("a", "integer"),
        ("b", "integer"),
        ("w", "text"),
        ("ts", stamp),
        ("tz", zoned),
        ("j", "json"),
        ("d", "date"),
        ("u_id", "integer"),
        ("big", "bigint"),
        ("net", "cidr"),
        ("uq", "integer"),
        ("ix", "text"),
        ("ts_ix", stamp),
        ("chk", "integer"),
        ("df", "integer"),
        ("lim", "integer"),
        ("nn", "integer"),
        ("g", "integer"),
        ("idn", "integer"),
        ("r", "int4range"),
    ];
    columns.extend(simple.map(|(one, data_type)| plain(one, data_type)));
    for column in &mut columns {
        match column.name.as_str() {
            "b" => column.not_null = true,
            "df" => column.default = Some(Expression::plain("1")),
            "g" => column.generated = generated("b * 2", true),
            "idn" => column.identity = Some(Identity::default()),
            _ => {}
        }
    }
    columns
}

pub(super) fn t(catalog: &mut Catalog) -> &mut Table {
    get(catalog, "t")
}

pub(super) fn get<'a>(catalog: &'a mut Catalog, one: &str) -> &'a mut Table {
    let key = if catalog.tables.contains_key(&name(one)) { name(one) } else { Name::new("", one) };
    catalog.tables.get_mut(&key).unwrap()
}

/// Gives every object an identity by its name, so that renames are seen.
pub(super) fn identify(catalog: &mut Catalog) {
    let id = |key: &str| Id::new(key, &Key::top(Kind::Table, &Name::default()), 0);
    for (name, table) in &mut catalog.tables {
        table.meta.id = id(&name.name);
        table.columns.iter_mut().for_each(|one| one.meta.id = id(&format!("{name}.{}", one.name)));
        table.constraints.iter_mut().for_each(|one| one.meta.id = id(&format!("{name} c {}", one.name)));
        table.indexes.iter_mut().for_each(|one| one.meta.id = id(&format!("{name} i {}", one.name)));
        table.triggers.iter_mut().for_each(|one| one.meta.id = id(&format!("{name} t {}", one.name)));
    }
}
