//! PostgreSQL 15 and 18.
use super::*;

/// What a statement of `locks.py` makes of the catalog; false when it is no change of structure.
fn apply(id: &str, c: &mut Catalog, flags: &mut Flags) -> bool {
    let text = |text: &str| Some(Expression::plain(text));
    if let Some(rest) = id.strip_prefix("type-") {
        return retype(rest, c, flags);
    }
    match id {
        "add-column" => t(c).columns.push(plain("y", "integer")),
        "add-column-default" => {
            t(c).columns.push(Column { not_null: true, default: text("5"), ..plain("y", "integer") })
        }
        "add-column-now" => {
            t(c).columns.push(Column { default: text("now()"), ..plain("y", "timestamp with time zone") })
        }
        "add-column-volatile" => {
            t(c).columns.push(Column { default: text("random()"), ..plain("y", "double precision") })
        }
        "add-column-identity" => {
            t(c).columns.push(Column { identity: Some(Identity::default()), ..plain("y", "integer") })
        }
        "add-column-serial" => {
            t(c).columns.push(Column { default: text("nextval('t_y_seq')"), ..plain("y", "integer") })
        }
        "add-column-stored" => {
            t(c).columns.push(Column { generated: generated("b * 3", true), ..plain("y", "integer") })
        }
        "add-column-virtual" => {
            t(c).columns.push(Column { generated: generated("b * 3", false), ..plain("y", "integer") })
        }
        "add-column-domain" => t(c).columns.push(column("y", own("plain"))),
        "add-column-domain-check" => t(c).columns.push(column("y", own("positive"))),
        "drop-column" => t(c).columns.retain(|one| one.name != "a"),
        "rename-column" => t(c).column_mut("b").unwrap().name = "y".to_owned(),
        "set-default" => t(c).column_mut("a").unwrap().default = text("5"),
        "drop-default" => t(c).column_mut("df").unwrap().default = None,
        "set-not-null" => t(c).column_mut("a").unwrap().not_null = true,
        "set-not-null-checked" => t(c).column_mut("nn").unwrap().not_null = true,
        "set-not-null-not-valid" => {
            t(c).column_mut("a").unwrap().not_null = true;
            flags.not_valid = true;
        }
        "drop-not-null" => t(c).column_mut("b").unwrap().not_null = false,
        "set-statistics" => option(c, "a", "statistics"),
        "set-storage" => option(c, "w", "storage"),
        "set-compression" => option(c, "w", "compression"),
        "add-identity" => t(c).column_mut("b").unwrap().identity = Some(Identity::default()),
        "drop-identity" => t(c).column_mut("idn").unwrap().identity = None,
        "drop-expression" => t(c).column_mut("g").unwrap().generated = None,
        "set-expression" => t(c).column_mut("g").unwrap().generated = generated("b * 3", true),
        "collation" => t(c).column_mut("w").unwrap().collation = Some("C".to_owned()),
        "collation-indexed" => t(c).column_mut("ix").unwrap().collation = Some("POSIX".to_owned()),
        _ => return parts(id, c, flags),
    }
    true
}

/// Statements about constraints, indexes and what else hangs on a table.
fn parts(id: &str, c: &mut Catalog, flags: &mut Flags) -> bool {
    let text = |text: &str| Some(Expression::plain(text));
    match id {
        "add-check" => t(c).constraints.push(check("y", "a > 0")),
        "add-check-not-valid" => t(c).constraints.push(Constraint { not_valid: true, ..check("y", "a > 0") }),
        "add-check-not-enforced" => t(c).constraints.push(Constraint { not_enforced: true, ..check("y", "a > 0") }),
        "validate-check" => find(t(c), "t_nv").not_valid = false,
        "drop-check" => t(c).constraints.retain(|one| one.name != "t_chk"),
        "add-unique" => t(c).constraints.push(unique("y", "a")),
        "add-unique-using" | "add-primary-key-using" => {
            flags.using_index = true;
            return apply(id.trim_end_matches("-using"), c, flags);
        }
        "add-primary-key" => get(c, "nokey").constraints.push(primary("y")),
        "add-exclude" => t(c).constraints.push(constraint("y", ConstraintKind::Exclude(index("y", "r")))),
        "drop-unique" => t(c).constraints.retain(|one| one.name != "t_uq"),
        "drop-primary-key" => t(c).constraints.retain(|one| one.name != "t_pkey"),
        "add-foreign-key" => t(c).constraints.push(foreign("y", "u_id", name("u"))),
        "add-foreign-key-not-valid" => {
            t(c).constraints.push(Constraint { not_valid: true, ..foreign("y", "u_id", name("u")) })
        }
        "validate-foreign-key" => find(get(c, "f"), "f_nv").not_valid = false,
        "drop-foreign-key" => get(c, "f").constraints.retain(|one| one.name != "f_fk"),
        "alter-foreign-key-deferrable" => find(get(c, "f"), "f_fk").deferrable = true,
        "rename-constraint" => find(t(c), "t_chk").name = "y".to_owned(),
        "create-index" => t(c).indexes.push(index("y", "a")),
        "create-unique-index" => t(c).indexes.push(Index { unique: true, ..index("y", "a") }),
        "drop-index" => t(c).indexes.retain(|one| one.name != "t_ix"),
        "create-index-concurrently" | "drop-index-concurrently" => {
            flags.online = true;
            return apply(id.trim_end_matches("-concurrently"), c, flags);
        }
        "rename-index" => t(c).indexes[0].name = "y".to_owned(),
        "set-unlogged" => t(c).unlogged = true,
        "set-fillfactor" => drop(t(c).options.insert("fillfactor".to_owned(), "70".to_owned())),
        "replica-identity" => drop(t(c).options.insert("replica identity".to_owned(), "full".to_owned())),
        "enable-row-security" => t(c).row_security = true,
        "force-row-security" => t(c).force_row_security = true,
        "create-policy" => t(c).policies.push(Policy { name: "y".to_owned(), permissive: true, ..Policy::default() }),
        "alter-policy" => t(c).policies[0].using = text("a > 0"),
        "drop-policy" => t(c).policies.clear(),
        "comment-table" => t(c).meta.comment = Some("x".to_owned()),
        "comment-column" => t(c).column_mut("a").unwrap().meta.comment = Some("x".to_owned()),
        "create-trigger" => {
            let other = Trigger { name: "y".to_owned(), ..t(c).triggers[0].clone() };
            t(c).triggers.push(other);
        }
        "replace-trigger" => t(c).triggers[0].events = vec!["update".to_owned()],
        "drop-trigger" => t(c).triggers.clear(),
        "disable-trigger" => drop(t(c).triggers[0].options.insert("enabled".to_owned(), "disabled".to_owned())),
        "rename-trigger" => t(c).triggers[0].name = "y".to_owned(),
        "create-statistics" => {
            c.others.insert(Key::part(Kind::Statistics, &name("t"), "y"), Other::default());
        }
        "create-rule" => drop(c.others.insert(Key::part(Kind::Rule, &name("t"), "y"), Other::default())),
        _ => return whole(id, c),
    }
    true
}

fn option(c: &mut Catalog, column: &str, option: &str) {
    t(c).column_mut(column).unwrap().options.insert(option.to_owned(), "x".to_owned());
}

fn find<'a>(table: &'a mut Table, name: &str) -> &'a mut Constraint {
    table.constraints.iter_mut().find(|one| one.name == name).unwrap()
}

/// Statements about whole tables, views, types.
fn whole(id: &str, c: &mut Catalog) -> bool {
    let moved = |c: &mut Catalog, to: Name| {
        let table = c.tables.remove(&name("t")).unwrap();
        c.tables.insert(to, table);
    };
    match id {
        "rename-table" => moved(c, name("y")),
        "set-schema" => moved(c, Name::new("other", "t")),
        "drop-table" => drop(c.tables.remove(&name("nokey"))),
        "drop-table-referencing" => drop(c.tables.remove(&name("f"))),
        "drop-table-referenced" => {
            c.tables.remove(&name("u"));
            get(c, "f").constraints.truncate(1);
        }
        "create-table-references" => drop(c.tables.insert(
            name("y"),
            table(vec![plain("id", "integer"), plain("u_id", "integer")], vec![foreign("y_fk", "u_id", name("u"))]),
        )),
        "attach-partition" => get(c, "q").partitioning.parent = Some(name("p")),
        "attach-partition-checked" => get(c, "q2").partitioning.parent = Some(name("p")),
        "detach-partition" => get(c, "p1").partitioning = Partitioning::default(),
        "create-partition" => {
            let other = get(c, "p1").clone();
            c.tables.insert(name("y"), other);
        }
        "drop-partition" => drop(c.tables.remove(&name("p1"))),
        "create-view" => drop(c.views.insert(name("y"), View::default())),
        "replace-view" => c.views.get_mut(&name("tv")).unwrap().query = Expression::plain("SELECT id, b FROM t"),
        "drop-view" => drop(c.views.remove(&name("tv"))),
        "enum-add-value" | "enum-rename-value" => {
            let last = if id == "enum-add-value" { &["sad", "glad", "new"][..] } else { &["blue", "glad"] };
            let labels = last.iter().map(|one| (*one).to_owned()).collect();
            c.types.get_mut(&name("mood")).unwrap().kind = UserTypeKind::Enum(labels);
        }
        "domain-add-check" | "domain-set-not-null" | "domain-set-default" => {
            let UserTypeKind::Domain { checks, not_null, default, .. } =
                &mut c.types.get_mut(&name("word")).unwrap().kind
            else {
                return false;
            };
            match id {
                "domain-add-check" => checks.push(("y".to_owned(), Expression::plain("VALUE <> ''"))),
                "domain-set-not-null" => *not_null = true,
                _ => *default = Some(Expression::plain("'x'")),
            }
        }
        "sequence-type" => c.sequences.get_mut(&name("s")).unwrap().data_type = DataType::plain("bigint"),
        "drop-sequence" => c.sequences.clear(),
        "grant" => drop(c.grants.insert(
            Key::top(Kind::Grant, &name("t")),
            Grant { grantee: "reader".to_owned(), privileges: vec!["SELECT".to_owned()], ..Grant::default() },
        )),
        _ => return false,
    }
    true
}

fn retype(id: &str, c: &mut Catalog, flags: &mut Flags) -> bool {
    let (varchar, stamp) = ("character varying", "timestamp without time zone");
    let (column, new) = match id {
        "varchar-wider" => ("v", DataType::with(varchar, [80])),
        "varchar-wider-indexed" => ("x", DataType::with(varchar, [80])),
        "varchar-unlimited" => ("v", DataType::plain(varchar)),
        "varchar-text" => ("v", DataType::plain("text")),
        "text-varchar" => ("w", DataType::plain(varchar)),
        "varchar-narrower" => ("v", DataType::with(varchar, [40])),
        "text-varchar-n" => ("w", DataType::with(varchar, [40])),
        "numeric-wider" => ("n", DataType::with("numeric", [12, 2])),
        "numeric-unlimited" => ("n", DataType::plain("numeric")),
        "numeric-scale" => ("n", DataType::with("numeric", [12, 3])),
        "numeric-narrower" => ("n", DataType::with("numeric", [8, 2])),
        "int-bigint" => ("a", DataType::plain("bigint")),
        "bigint-int" => ("big", DataType::plain("integer")),
        "int-smallint" => ("lim", DataType::plain("smallint")),
        "int-text" => ("lim", DataType::plain("text")),
        "int-numeric" => ("lim", DataType::plain("numeric")),
        "text-int-using" => ("w", DataType::plain("integer")),
        "json-jsonb" => ("j", DataType::plain("jsonb")),
        "timestamp-zone" => ("ts", DataType::plain("timestamp with time zone")),
        "timestamp-precision-up" => ("ts3", DataType::with(stamp, [6])),
        "timestamp-precision-down" => ("ts", DataType::with(stamp, [3])),
        "date-timestamp" => ("d", DataType::plain(stamp)),
        "char-wider" => ("c5", DataType::with("character", [10])),
        "char-varchar" => ("c5", DataType::with(varchar, [5])),
        "cidr-inet" => ("net", DataType::plain("inet")),
        "varbit-wider" => ("bits", DataType::with("bit varying", [16])),
        "text-domain" => ("w", own("plain")),
        "enum-text" => ("e", DataType::plain("text")),
        "fk-int-bigint" => {
            get(c, "u").column_mut("id").unwrap().data_type = DataType::plain("bigint");
            return true;
        }
        _ => return false,
    };
    flags.using = id.ends_with("-using");
    t(c).column_mut(column).unwrap().data_type = new;
    true
}

/// Statements that are no change of structure, or hang on what no catalog shows.
const LEFT_OUT: [&str; 12] = [
    "type-timestamp-zone-utc",
    "type-timestamp-zone-utc-indexed",
    "type-zone-timestamp-utc",
    "reindex",
    "refresh-matview",
    "refresh-matview-concurrently",
    "create-matview",
    "truncate",
    "cluster",
    "create-publication",
    "domain-add-check-not-valid",
    "detach-partition-concurrently",
];

fn words(lock: &str) -> (&'static str, Lock) {
    match lock {
        "AccessExclusive" => ("ACCESS EXCLUSIVE", Lock::All),
        "ShareRowExclusive" => ("SHARE ROW EXCLUSIVE", Lock::Writes),
        "Share" => ("SHARE", Lock::Writes),
        "ShareUpdateExclusive" => ("SHARE UPDATE EXCLUSIVE", Lock::Structure),
        "RowShare" => ("ROW SHARE", Lock::None),
        other => panic!("{other}"),
    }
}

fn measured(file: &str, version: (u16, u16)) -> usize {
    let mut checked = 0;
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split(" | ").collect();
        let [id, locks, work, _] = fields[..] else { panic!("{line}") };
        if LEFT_OUT.contains(&id) {
            continue;
        }
        let mut before = base();
        before.server.version = version;
        identify(&mut before);
        let (mut after, mut flags) = (before.clone(), Flags::default());
        assert!(apply(id, &mut after, &mut flags), "{id} is not known");
        let effect = heaviest(&before, &after, flags);
        let work = match work {
            "instant" => Work::Instant,
            "scan" => Work::Scan,
            "build" => Work::Build,
            _ => Work::Rewrite,
        };
        let locks: Vec<(&str, &str)> = locks.split(", ").filter_map(|one| one.split_once('=')).collect();
        let strongest = locks.iter().map(|(_, lock)| words(lock).1).max().unwrap_or(Lock::None);
        assert_eq!((effect.lock, effect.work), (strongest, work), "{line}\n{effect:?}");
        for (table, lock) in locks {
            let now = match (id, table) {
                ("rename-table", "t") => "y",
                ("set-schema", "t") => "other.t",
                _ => table,
            };
            let phrase = format!("{} on {now}", words(lock).0);
            let found = effect.because.split([',', ':']).any(|part| {
                let part = part.trim();
                part == phrase || part.strip_prefix(&phrase).is_some_and(|rest| rest.starts_with(' '))
            });
            assert!(found, "{line}\n{phrase} is not in {effect:?}");
        }
        checked += 1;
    }
    checked
}

#[test]
fn locks_are_those_that_postgresql_takes() {
    assert_eq!(measured(include_str!("../../../../../../tests/sql/locks/postgres18.txt"), (18, 0)), 119);
    assert_eq!(measured(include_str!("../../../../../../tests/sql/locks/postgres15.txt"), (15, 0)), 115);
}
