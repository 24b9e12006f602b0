//! MariaDB 10.11.
use super::*;

fn base() -> Catalog {
    let mut catalog = Catalog::new(Server { dialect: Dialect::MariaDb, version: (10, 11) });
    let label = |labels: &[&str]| DataType::with("enum", labels);
    let mut columns = vec![
        sized("n", "decimal", &[10, 2]),
        sized("v", "varchar", &[50]),
        sized("v300", "varchar", &[300]),
        sized("ix", "varchar", &[20]),
        sized("c", "char", &[5]),
        column("e", label(&["'a'", "'b'"])),
        Column { not_null: true, ..plain("b", "int") },
        Column { generated: generated("b * 2", false), ..plain("g", "int") },
        Column { default: Some(Expression::plain("1")), ..plain("df", "int") },
    ];
    let simple = [
        ("id", "int"),
        ("a", "int"),
        ("w", "text"),
        ("ts", "timestamp"),
        ("u_id", "int"),
        ("big", "bigint"),
        ("uq", "int"),
        ("chk", "int"),
    ];
    columns.extend(simple.map(|(one, data_type)| plain(one, data_type)));
    let mut t = table(columns, vec![primary("PRIMARY"), check("t_chk", "chk > 0"), unique("t_uq", "uq")]);
    t.indexes = vec![index("t_ix", "ix"), index("t_u", "u_id")];
    t.options.insert("charset".to_owned(), "utf8mb4".to_owned());
    let key = foreign("f_fk", "u_id", Name::new("", "u"));
    let f = table(vec![plain("id", "int"), plain("u_id", "int")], vec![primary("PRIMARY"), key]);
    let ft = table(vec![plain("id", "int"), plain("w", "text")], vec![primary("PRIMARY")]);
    let nokey = table(vec![plain("id", "int"), plain("a", "int")], vec![]);
    let u = table(vec![plain("id", "int")], vec![primary("PRIMARY")]);
    for (one, table) in [("t", t), ("f", f), ("ft", ft), ("nokey", nokey), ("u", u)] {
        catalog.tables.insert(Name::new("", one), table);
    }
    catalog
}

fn apply(id: &str, c: &mut Catalog, flags: &mut Flags) -> bool {
    let text = |text: &str| Some(Expression::plain(text));
    let retype = |c: &mut Catalog, column: &str, new: DataType| t(c).column_mut(column).unwrap().data_type = new;
    match id {
        "add-column" => t(c).columns.push(plain("y", "int")),
        "add-column-default" => t(c).columns.push(Column { not_null: true, default: text("5"), ..plain("y", "int") }),
        "add-column-auto-increment" => {
            get(c, "nokey").columns.push(Column { auto_increment: true, ..plain("y", "int") })
        }
        "add-column-volatile" => t(c).columns.push(Column { default: text("rand()"), ..plain("y", "double") }),
        "add-column-stored" => t(c).columns.push(Column { generated: generated("b * 3", true), ..plain("y", "int") }),
        "add-column-virtual" => t(c).columns.push(Column { generated: generated("b * 3", false), ..plain("y", "int") }),
        "drop-column" => t(c).columns.retain(|one| one.name != "a"),
        "rename-column" => t(c).column_mut("a").unwrap().name = "y".to_owned(),
        "set-default" => t(c).column_mut("a").unwrap().default = text("5"),
        "drop-default" => t(c).column_mut("df").unwrap().default = None,
        "set-not-null" => t(c).column_mut("a").unwrap().not_null = true,
        "drop-not-null" => t(c).column_mut("b").unwrap().not_null = false,
        "type-varchar-wider" => retype(c, "v", DataType::with("varchar", [60])),
        "type-varchar-wider-255" => retype(c, "v", DataType::with("varchar", [300])),
        "type-varchar-narrower" => retype(c, "v", DataType::with("varchar", [40])),
        "type-varchar-text" => retype(c, "v", DataType::plain("text")),
        "type-text-longtext" => retype(c, "w", DataType::plain("longtext")),
        "type-char-wider" => retype(c, "c", DataType::with("char", [10])),
        "type-decimal-wider" => retype(c, "n", DataType::with("decimal", [12, 2])),
        "type-int-bigint" => retype(c, "a", DataType::plain("bigint")),
        "type-bigint-int" => retype(c, "big", DataType::plain("int")),
        "type-int-unsigned" => retype(c, "a", DataType::plain("int unsigned")),
        "type-timestamp-datetime" => retype(c, "ts", DataType::plain("datetime")),
        "enum-append" => retype(c, "e", DataType::with("enum", ["'a'", "'b'", "'c'"])),
        "enum-insert" => retype(c, "e", DataType::with("enum", ["'a'", "'c'", "'b'"])),
        "enum-remove" => retype(c, "e", DataType::with("enum", ["'a'"])),
        _ => return others(id, c, flags),
    }
    true
}

fn others(id: &str, c: &mut Catalog, flags: &mut Flags) -> bool {
    match id {
        "charset-column" => t(c).column_mut("v").unwrap().charset = Some("latin1".to_owned()),
        "collation-column" => t(c).column_mut("v").unwrap().collation = Some("utf8mb4_bin".to_owned()),
        "charset-table-convert" => drop(t(c).options.insert("charset".to_owned(), "latin1".to_owned())),
        "charset-table-default" => {
            // The columns keep theirs, which they name from now on.
            t(c).columns.iter_mut().for_each(|one| one.charset = Some("utf8mb4".to_owned()));
            t(c).options.insert("charset".to_owned(), "latin1".to_owned());
            return false;
        }
        "comment-column" => t(c).column_mut("a").unwrap().meta.comment = Some("x".to_owned()),
        "comment-table" => t(c).meta.comment = Some("x".to_owned()),
        "generated-change" => t(c).column_mut("g").unwrap().generated = generated("b * 3", false),
        "add-index" => t(c).indexes.push(index("y", "a")),
        "add-unique" => t(c).constraints.push(unique("y", "a")),
        "add-fulltext" => get(c, "ft").indexes.push(Index { method: "fulltext".to_owned(), ..index("y", "w") }),
        "drop-index" => drop(t(c).indexes.remove(0)),
        "drop-unique" => t(c).constraints.retain(|one| one.name != "t_uq"),
        "rename-index" => t(c).indexes[0].name = "y".to_owned(),
        "index-ignored" => drop(t(c).indexes[0].options.insert("ignored".to_owned(), "yes".to_owned())),
        "add-primary-key" => get(c, "nokey").constraints.push(primary("PRIMARY")),
        "drop-primary-key" => t(c).constraints.retain(|one| one.name != "PRIMARY"),
        "change-primary-key" => t(c).constraints[0].kind = ConstraintKind::PrimaryKey(index("PRIMARY", "b")),
        "add-foreign-key" => t(c).constraints.push(foreign("y", "u_id", Name::new("", "u"))),
        "add-foreign-key-unchecked" => {
            flags.not_valid = true;
            return apply("add-foreign-key", c, flags);
        }
        "drop-foreign-key" => get(c, "f").constraints.retain(|one| one.name != "f_fk"),
        "add-check" => t(c).constraints.push(check("y", "a > 0")),
        "drop-check" => t(c).constraints.retain(|one| one.name != "t_chk"),
        "row-format" => drop(t(c).options.insert("row_format".to_owned(), "compressed".to_owned())),
        "rename-table" => {
            let table = c.tables.remove(&Name::new("", "t")).unwrap();
            c.tables.insert(Name::new("", "y"), table);
        }
        _ => return false,
    }
    true
}

#[test]
fn algorithms_are_those_that_mariadb_takes() {
    let mut checked = Vec::new();
    for line in
        include_str!("../../../../../../tests/sql/locks/mariadb1011.txt").lines().filter(|line| !line.starts_with('#'))
    {
        let fields: Vec<&str> = line.split(" | ").collect();
        let [id, algorithm, lock, _] = fields[..] else { panic!("{line}") };
        let mut before = base();
        identify(&mut before);
        let (mut after, mut flags) = (before.clone(), Flags::default());
        if !apply(id, &mut after, &mut flags) {
            continue;
        }
        let effect = heaviest(&before, &after, flags);
        let work = match algorithm {
            "INSTANT" => Work::Instant,
            "NOCOPY" if id.starts_with("drop-") => Work::Instant,
            "NOCOPY" => Work::Build,
            _ => Work::Rewrite,
        };
        let locked = match lock {
            "NONE" => Lock::Structure,
            "SHARED" => Lock::Writes,
            _ => Lock::All,
        };
        assert_eq!((effect.lock, effect.work), (locked, work), "{line}\n{effect:?}");
        if id != "rename-table" {
            assert!(effect.because.contains(&format!("ALGORITHM={algorithm}, LOCK={lock} on ")), "{line}\n{effect:?}");
        }
        checked.push(id);
    }
    assert_eq!(checked.len(), 49, "{checked:?}");
}
