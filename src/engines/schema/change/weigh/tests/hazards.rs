//! Hazards, loss and reach, one line for each.
use super::*;

fn hazards(before: &Catalog, after: &Catalog, flags: Flags) -> Vec<(Hazard, Loss, Reach)> {
    let all = weighed(before, after, flags);
    all.into_iter().flat_map(|(_, effects)| effects).map(|one| (one.hazard, one.loss, one.reach)).collect()
}

/// The hazards of one edit, the worst first.
fn of(edit: impl FnOnce(&mut Catalog)) -> Vec<(Hazard, Loss, Reach)> {
    let mut before = base();
    identify(&mut before);
    let mut after = before.clone();
    edit(&mut after);
    hazards(&before, &after, Flags::default())
}

#[test]
fn what_loses_data_comes_first() {
    use Hazard::*;
    let data = |hazard| (hazard, Loss::Data, Reach::Break);
    assert_eq!(of(|c| drop(c.tables.remove(&name("nokey")))), [data(TableDropped)]);
    assert_eq!(of(|c| t(c).columns.retain(|one| one.name != "a")), [data(ColumnDropped)]);
    assert_eq!(of(|c| drop(c.sequences.remove(&name("s")))), [data(SequenceDropped)]);
    let narrow = |c: &mut Catalog| t(c).column_mut("v").unwrap().data_type = DataType::with("character varying", [40]);
    assert_eq!(of(narrow), [data(TypeNarrowed), (TableRewritten, Loss::None, Reach::Compatible)]);
    let anew = of(|c| get(c, "nokey").meta.id = Id(77));
    assert_eq!(anew, [data(Recreated)]);
    let labels =
        |c: &mut Catalog| c.types.get_mut(&name("mood")).unwrap().kind = UserTypeKind::Enum(vec!["sad".to_owned()]);
    assert_eq!(of(labels), [data(EnumLabelRemoved)]);
    assert_eq!(of(|c| drop(c.schemas.remove("public"))), [data(SchemaDropped)]);
}

#[test]
fn what_breaks_programs_is_told() {
    use Hazard::*;
    let breaks = |hazard| (hazard, Loss::None, Reach::Break);
    assert_eq!(of(|c| t(c).column_mut("b").unwrap().name = "y".to_owned()), [breaks(ColumnRenamed)]);
    assert_eq!(of(|c| t(c).column_mut("a").unwrap().not_null = true), [breaks(NotNullAdded)]);
    let required = |c: &mut Catalog| t(c).columns.push(Column { not_null: true, ..plain("y", "integer") });
    assert_eq!(of(required), [breaks(RequiredColumnAdded)]);
    let convert = |c: &mut Catalog| t(c).column_mut("w").unwrap().data_type = DataType::plain("integer");
    assert_eq!(of(convert), [breaks(TypeConverted), (TableRewritten, Loss::None, Reach::Compatible)]);
    assert_eq!(of(|c| c.views.clear())[0], (ViewChanged, Loss::Recoverable, Reach::Break));
    let weaker = |c: &mut Catalog| t(c).policies.clear();
    assert_eq!(of(weaker), [(RowSecurityWeakened, Loss::Recoverable, Reach::Break)]);
    let grant = Grant { grantee: "public".to_owned(), privileges: vec!["SELECT".to_owned()], ..Grant::default() };
    let granted = of(|c| drop(c.grants.insert(Key::top(Kind::Grant, &name("t")), grant)));
    assert_eq!(granted, [(PrivilegesChanged, Loss::None, Reach::Compatible)]);
}

#[test]
fn what_is_safe_is_said_to_be() {
    use Hazard::*;
    let expand = (Added, Loss::None, Reach::Expand);
    assert_eq!(of(|c| t(c).columns.push(plain("y", "integer"))), [expand]);
    assert_eq!(
        of(|c| drop(c.tables.insert(name("y"), table(vec![plain("id", "integer")], vec![primary("y_pkey")])))),
        [expand]
    );
    assert_eq!(of(|c| t(c).indexes[0].name = "y".to_owned()), [(Cosmetic, Loss::None, Reach::Compatible)]);
    assert_eq!(of(|c| t(c).meta.comment = Some("x".to_owned())), [(Cosmetic, Loss::None, Reach::Compatible)]);
    let wider = |c: &mut Catalog| t(c).column_mut("v").unwrap().data_type = DataType::with("character varying", [80]);
    assert_eq!(of(wider), [(TypeChanged, Loss::None, Reach::Expand)]);
}

#[test]
fn a_foreign_key_without_an_index_is_advised_of() {
    let mut before = base();
    identify(&mut before);
    let mut after = before.clone();
    t(&mut after).constraints.push(foreign("y", "u_id", name("u")));
    let advice = |after: &Catalog| weighed(&before, after, Flags::default()).remove(0).1.remove(0).advice;
    assert!(advice(&after).contains("index t(u_id)"), "{}", advice(&after));
    t(&mut after).indexes.push(index("y_ix", "u_id"));
    let all = weighed(&before, &after, Flags::default());
    assert!(all.iter().flat_map(|(_, effects)| effects).all(|one| !one.advice.contains("index t(u_id)")));
}

#[test]
fn concurrently_inside_a_transaction_fails() {
    let mut before = base();
    identify(&mut before);
    let mut after = before.clone();
    t(&mut after).indexes.push(index("y", "a"));
    let flags = Flags { online: true, transaction: true, ..Flags::default() };
    assert_eq!(hazards(&before, &after, flags)[0].0, Hazard::ConcurrentlyInTransaction);
}

#[test]
fn not_null_by_way_of_a_check_that_is_dropped_again_reads_no_rows() {
    let mut before = base();
    before.server.version = (15, 0);
    identify(&mut before);
    let mut after = before.clone();
    t(&mut after).column_mut("a").unwrap().not_null = true;
    let mut changes = compare(&before, &after, &CompareOptions::default());
    let statement = |line: u32, text: &str, flags: Flags, kind: Kind, part: &str| Statement {
        place: Place { file: "2.sql".into(), line },
        step: 0,
        class: Class::Structure,
        verb: "ALTER TABLE".to_owned(),
        text: text.to_owned(),
        flags,
        acts: vec![Act {
            key: Key::part(kind, &name("t"), part),
            id: Id(0),
            what: crate::engines::schema::What::Created,
        }],
        tables: Vec::new(),
    };
    let (not_valid, validate) =
        (Flags { not_valid: true, ..Flags::default() }, Flags { validate: true, ..Flags::default() });
    let log = [
        statement(
            1,
            "ALTER TABLE t ADD CONSTRAINT y CHECK (a IS NOT NULL) NOT VALID",
            not_valid,
            Kind::Constraint,
            "y",
        ),
        statement(2, "ALTER TABLE t VALIDATE CONSTRAINT y", validate, Kind::Constraint, "y"),
        statement(3, "ALTER TABLE t ALTER a SET NOT NULL", Flags::default(), Kind::Column, "a"),
    ];
    weigh(&mut changes, &before, &after, &log);
    assert_eq!(changes[0].effects[0].work, Work::Instant);
    weigh(&mut changes, &before, &after, &[]);
    assert_eq!(changes[0].effects[0].work, Work::Scan);
    assert_eq!(
        changes[0].effects[0].because,
        "t.a must not be null: rows with a null make it fail, programs that write one break: ACCESS EXCLUSIVE on t while all rows are read"
    );
}

#[test]
fn sqlite_makes_the_table_anew_for_most_changes() {
    let mut before = base();
    before.server = Server::newest(Dialect::Sqlite);
    identify(&mut before);
    let mut after = before.clone();
    t(&mut after).column_mut("a").unwrap().not_null = true;
    let effect = heaviest(&before, &after, Flags::default());
    assert_eq!((effect.lock, effect.work), (Lock::Writes, Work::Rewrite));
    let mut after = before.clone();
    t(&mut after).columns.push(plain("y", "integer"));
    let effect = heaviest(&before, &after, Flags::default());
    assert_eq!((effect.lock, effect.work), (Lock::Writes, Work::Instant));
}
