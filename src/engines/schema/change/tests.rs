//! What comparing must hold to, on catalogs made by hand and by chance.
use super::*;
use crate::engines::schema::catalog::*;
use crate::engines::schema::{Act, Class, Flags, Statement, What};

mod laws;
mod migration;

fn place(line: u32) -> Place {
    Place { file: "1.sql".into(), line }
}

pub(super) fn meta(id: u64) -> Meta {
    Meta { id: Id(id), places: vec![place(1)], comment: None }
}

pub(super) fn column(id: u64, name: &str, data_type: &str) -> Column {
    Column { meta: meta(id), name: name.to_owned(), data_type: DataType::plain(data_type), ..Column::default() }
}

pub(super) fn index(id: u64, name: &str, columns: &[&str]) -> Index {
    let keys = columns.iter().map(|column| IndexKey {
        expression: Expression::plain(*column),
        column: true,
        ..IndexKey::default()
    });
    Index {
        meta: meta(id),
        name: name.to_owned(),
        method: "btree".to_owned(),
        keys: keys.collect(),
        ..Index::default()
    }
}

pub(super) fn check(id: u64, name: &str, text: &str) -> Constraint {
    Constraint {
        meta: meta(id),
        name: name.to_owned(),
        kind: ConstraintKind::Check(Expression::plain(text)),
        ..Constraint::default()
    }
}

pub(super) fn foreign(id: u64, name: &str, column: &str, table: &str) -> Constraint {
    let key = ForeignKey {
        columns: vec![column.to_owned()],
        table: Name::new("public", table),
        references: vec!["id".to_owned()],
        ..ForeignKey::default()
    };
    Constraint { meta: meta(id), name: name.to_owned(), kind: ConstraintKind::ForeignKey(key), ..Constraint::default() }
}

pub(super) fn name(name: &str) -> Name {
    Name::new("public", name)
}

/// users(id, email, mood), orders(id, user_id → users, total), a view, a sequence, a type.
pub(super) fn shop() -> Catalog {
    let mut catalog = Catalog::new(Server::newest(Dialect::Postgres));
    let mut mood = column(12, "mood", "mood");
    mood.data_type.schema = Some("public".to_owned());
    mood.default = Some(Expression::plain("'glad'"));
    let mut id = column(10, "id", "bigint");
    id.not_null = true;
    id.default = Some(Expression::plain("nextval('users_id_seq')"));
    let mut users = Table { meta: meta(1), columns: vec![id, column(11, "email", "text"), mood], ..Table::default() };
    users.constraints = vec![check(13, "users_email_check", "email <> ''")];
    users.indexes = vec![index(14, "users_email_idx", &["email"])];
    let mut orders = Table { meta: meta(2), ..Table::default() };
    orders.columns = vec![column(20, "id", "bigint"), column(21, "user_id", "bigint"), column(22, "total", "numeric")];
    orders.constraints = vec![foreign(23, "orders_user_id_fkey", "user_id", "users")];
    orders.indexes = vec![index(24, "orders_user_id_idx", &["user_id"])];
    catalog.tables.insert(name("users"), users);
    catalog.tables.insert(name("orders"), orders);
    let labels = UserTypeKind::Enum(vec!["sad".to_owned(), "glad".to_owned()]);
    catalog.types.insert(name("mood"), UserType { meta: meta(3), kind: labels });
    let owner = Some((name("users"), "id".to_owned()));
    catalog.sequences.insert(
        name("users_id_seq"),
        Sequence { meta: meta(4), data_type: DataType::plain("bigint"), owned_by: owner, ..Sequence::default() },
    );
    let mut view = View { meta: meta(5), query: Expression::plain("SELECT users.email FROM users"), ..View::default() };
    view.columns = vec![("email".to_owned(), DataType::plain("text"))];
    catalog.views.insert(name("mails"), view);
    catalog
}

/// The same without identities, as it is read from a server.
pub(super) fn live(mut catalog: Catalog) -> Catalog {
    let clear = |meta: &mut Meta| {
        meta.id = Id(0);
        meta.places.clear();
    };
    for table in catalog.tables.values_mut() {
        clear(&mut table.meta);
        table.columns.iter_mut().for_each(|one| clear(&mut one.meta));
        table.constraints.iter_mut().for_each(|one| clear(&mut one.meta));
        table.indexes.iter_mut().for_each(|one| clear(&mut one.meta));
    }
    catalog.types.values_mut().for_each(|one| clear(&mut one.meta));
    catalog.sequences.values_mut().for_each(|one| clear(&mut one.meta));
    catalog.views.values_mut().for_each(|one| clear(&mut one.meta));
    catalog
}

pub(super) fn users(catalog: &mut Catalog) -> &mut Table {
    catalog.tables.get_mut(&name("users")).unwrap()
}

/// One line for each change.
pub(super) fn lines(changes: &[Change]) -> Vec<String> {
    let attributes = |list: &[(String, Option<String>, Option<String>)]| -> String {
        let show = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        list.iter().map(|(name, old, new)| format!(" {name}: {} → {};", show(old), show(new))).collect()
    };
    let line = |change: &Change| {
        let what = format!("{} {}", change.key.kind.word(), change.key);
        match &change.difference {
            Difference::Created => format!("+ {what}"),
            Difference::Dropped => format!("- {what}"),
            Difference::Replaced { attributes: list } => format!("± {what}{}", attributes(list)),
            Difference::Altered { renamed_from: None, attributes: list } => format!("~ {what}{}", attributes(list)),
            Difference::Altered { renamed_from: Some((key, evidence)), attributes: list } => {
                let how = if matches!(evidence, Evidence::Seen(_)) { "→" } else { "⇢" };
                format!("{how} {what} from {key}{}", attributes(list))
            }
        }
    };
    changes.iter().map(line).collect()
}

fn diff(before: &Catalog, after: &Catalog) -> Vec<String> {
    lines(&compare(before, after, &CompareOptions::default()))
}

#[test]
fn a_renamed_table_is_one_change_and_explains_the_rest() {
    let before = shop();
    let mut after = shop();
    let table = after.tables.remove(&name("users")).unwrap();
    after.tables.insert(name("people"), table);
    let orders = after.tables.get_mut(&name("orders")).unwrap();
    if let ConstraintKind::ForeignKey(key) = &mut orders.constraints[0].kind {
        key.table = name("people");
    }
    after.sequences.get_mut(&name("users_id_seq")).unwrap().owned_by = Some((name("people"), "id".to_owned()));
    after.views.get_mut(&name("mails")).unwrap().query = Expression::plain("SELECT people.email FROM people");
    assert_eq!(diff(&before, &after), ["→ table public.people from public.users"]);
    assert_eq!(diff(&after, &before), ["→ table public.users from public.people"]);
}

#[test]
fn a_renamed_column_explains_what_names_it() {
    let before = shop();
    let mut after = shop();
    let table = users(&mut after);
    table.columns[1].name = "address".to_owned();
    table.constraints = vec![check(13, "users_email_check", "address <> ''")];
    table.indexes = vec![index(14, "users_email_idx", &["address"])];
    let view = after.views.get_mut(&name("mails")).unwrap();
    view.query = Expression::plain("SELECT users.address AS email FROM users");
    let found = diff(&before, &after);
    assert_eq!(found[0], "→ column public.users.address from public.users.email");
    // The server adds the old name to the query: that is more than a name.
    assert_eq!(found.len(), 2);
    after.views.get_mut(&name("mails")).unwrap().query = Expression::plain("SELECT users.address FROM users");
    after.views.get_mut(&name("mails")).unwrap().columns[0].0 = "address".to_owned();
    assert_eq!(diff(&before, &after), ["→ column public.users.address from public.users.email"]);
}

#[test]
fn a_column_of_a_renamed_table_that_really_differs_is_told() {
    let before = shop();
    let mut after = shop();
    let mut table = after.tables.remove(&name("users")).unwrap();
    table.columns[1].not_null = true;
    table.columns.push(column(19, "note", "text"));
    after.tables.insert(name("people"), table);
    after.sequences.get_mut(&name("users_id_seq")).unwrap().owned_by = Some((name("people"), "id".to_owned()));
    // It refers to another table now, which no rename explains.
    if let ConstraintKind::ForeignKey(key) = &mut after.tables.get_mut(&name("orders")).unwrap().constraints[0].kind {
        key.table = name("other");
    }
    let found = diff(&before, &after);
    assert_eq!(
        found,
        [
            "→ table public.people from public.users",
            "~ column public.people.email not null: - → yes;",
            "+ column public.people.note",
            "~ constraint public.orders.orders_user_id_fkey table: public.users → public.other;"
        ]
    );
}

#[test]
fn types_sequences_and_labels_are_renamed_too() {
    let before = shop();
    let mut after = shop();
    let mut kind = after.types.remove(&name("mood")).unwrap();
    kind.kind = UserTypeKind::Enum(vec!["sad".to_owned(), "happy".to_owned()]);
    after.types.insert(name("feeling"), kind);
    let sequence = after.sequences.remove(&name("users_id_seq")).unwrap();
    after.sequences.insert(name("people_seq"), sequence);
    let table = users(&mut after);
    table.columns[0].default = Some(Expression::plain("nextval('people_seq')"));
    table.columns[2].data_type.name = "feeling".to_owned();
    table.columns[2].default = Some(Expression::plain("'happy'"));
    assert_eq!(
        diff(&before, &after),
        [
            "→ enum public.feeling from public.mood labels: 'sad', 'glad' → 'sad', 'happy';",
            "→ sequence public.people_seq from public.users_id_seq"
        ]
    );
}

#[test]
fn a_schema_that_is_renamed_moves_what_is_in_it() {
    let mut before = shop();
    let mut after = shop();
    before.schemas.insert("app".to_owned(), Schema { meta: meta(90) });
    after.schemas.insert("core".to_owned(), Schema { meta: meta(90) });
    for (catalog, schema) in [(&mut before, "app"), (&mut after, "core")] {
        let table = Table { meta: meta(91), columns: vec![column(92, "id", "integer")], ..Table::default() };
        catalog.tables.insert(Name::new(schema, "jobs"), table);
    }
    assert_eq!(diff(&before, &after), ["→ schema core from app"]);
}

#[test]
fn dropped_and_made_anew_is_told_apart_from_altered() {
    let before = shop();
    let mut after = shop();
    let table = users(&mut after);
    table.meta = meta(100);
    table.columns = vec![column(101, "id", "bigint"), column(102, "email", "text")];
    table.constraints.clear();
    table.indexes.clear();
    let found = diff(&before, &after);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("± table public.users"), "{found:?}");
    assert!(found[0].contains("column mood: default 'glad', type public.mood → -;"), "{found:?}");
    let mut after = shop();
    users(&mut after).columns[1].meta = meta(111);
    assert_eq!(diff(&before, &after), ["± column public.users.email"]);
    // A view that looks as before is as good as before.
    let mut after = shop();
    after.views.get_mut(&name("mails")).unwrap().meta = meta(112);
    assert_eq!(diff(&before, &after), [""; 0]);
}

#[test]
fn identities_of_two_histories_mean_nothing() {
    // A squashed history: every object has another identity.
    let before = shop();
    let mut after = shop();
    let shift = |meta: &mut Meta| meta.id.0 += 1000;
    for table in after.tables.values_mut() {
        shift(&mut table.meta);
        table.columns.iter_mut().for_each(|one| shift(&mut one.meta));
        table.constraints.iter_mut().for_each(|one| shift(&mut one.meta));
        table.indexes.iter_mut().for_each(|one| shift(&mut one.meta));
    }
    after.types.values_mut().for_each(|one| shift(&mut one.meta));
    after.sequences.values_mut().for_each(|one| shift(&mut one.meta));
    after.views.values_mut().for_each(|one| shift(&mut one.meta));
    assert_eq!(diff(&before, &after), [""; 0]);
    // A log that says nothing of a drop speaks against one.
    let mut after = shop();
    users(&mut after).columns[1].meta = meta(111);
    let log = [statement(3, vec![])];
    assert!(compare_with_logs(&before, &after, &CompareOptions::default(), &log).is_empty());
}

fn statement(line: u32, acts: Vec<Act>) -> Statement {
    Statement {
        place: place(line),
        step: 0,
        class: Class::Structure,
        verb: "ALTER TABLE".to_owned(),
        text: String::new(),
        flags: Flags::default(),
        acts,
        tables: Vec::new(),
    }
}

#[test]
fn logs_give_the_places_of_drops_and_renames() {
    let before = shop();
    let mut after = shop();
    let table = users(&mut after);
    table.columns.remove(2);
    table.columns[1].name = "address".to_owned();
    table.columns[1].meta.places.extend([place(7), place(8)]);
    table.constraints.clear();
    table.indexes.clear();
    let key = |part: &str| Key::part(Kind::Column, &name("users"), part);
    let log = [
        statement(6, vec![Act { key: key("mood"), id: Id(12), what: What::Dropped }]),
        statement(7, vec![Act { key: key("address"), id: Id(11), what: What::Renamed(key("email")) }]),
        statement(8, vec![Act { key: key("address"), id: Id(11), what: What::Altered(vec![]) }]),
    ];
    let changes = compare_with_logs(&before, &after, &CompareOptions::default(), &log);
    let find = |part: &str| changes.iter().find(|one| one.key == key(part)).unwrap();
    assert_eq!(find("mood").places, [place(6)]);
    assert_eq!(find("address").places, [place(7), place(8)]);
    let Difference::Altered { renamed_from: Some((from, Evidence::Seen(seen))), .. } = &find("address").difference
    else {
        panic!("{changes:?}");
    };
    assert_eq!((from, seen), (&key("email"), &place(7)));
}

#[test]
fn against_a_live_database_a_rename_is_a_guess_or_none() {
    let before = shop();
    let mut after = live(shop());
    users(&mut after).columns[1].name = "email_address".to_owned();
    users(&mut after).constraints = vec![check(0, "users_email_check", "email_address <> ''")];
    users(&mut after).indexes = vec![index(0, "users_email_idx", &["email_address"])];
    after.views.get_mut(&name("mails")).unwrap().query = Expression::plain("SELECT users.email_address FROM users");
    let changes = compare(&before, &after, &CompareOptions::default());
    assert_eq!(lines(&changes), ["⇢ column public.users.email_address from public.users.email"]);
    assert_eq!(changes[0].certainty, Certainty::Guess);
    // Another name that says nothing: it may as well be another column.
    users(&mut after).columns[1].name = "telephone".to_owned();
    let found = diff(&before, &after);
    assert!(found.contains(&"- column public.users.email".to_owned()), "{found:?}");
    assert!(found.contains(&"+ column public.users.telephone".to_owned()), "{found:?}");
    // Two that are as likely.
    let mut after = live(shop());
    users(&mut after).columns[1].name = "email_1".to_owned();
    users(&mut after).columns.insert(2, column(0, "email_2", "text"));
    assert!(diff(&before, &after).iter().all(|line| !line.starts_with('⇢')), "{:?}", diff(&before, &after));
    // A table.
    let mut after = live(shop());
    let table = after.tables.remove(&name("orders")).unwrap();
    after.tables.insert(name("baskets"), table);
    assert_eq!(diff(&before, &after), ["- table public.orders", "+ table public.baskets"]);
    let table = after.tables.remove(&name("baskets")).unwrap();
    after.tables.insert(name("customer_orders"), table);
    assert_eq!(diff(&before, &after), ["⇢ table public.customer_orders from public.orders"]);
}

#[test]
fn what_is_switched_off_is_not_compared() {
    let before = shop();
    let mut after = shop();
    users(&mut after).meta.comment = Some("people".to_owned());
    users(&mut after).columns.swap(1, 2);
    after.tables.get_mut(&name("orders")).unwrap().columns.push(column(29, "tmp_x", "text"));
    let mut options = CompareOptions { ignore: vec!["orders.tmp_*".to_owned()], ..CompareOptions::default() };
    assert_eq!(lines(&compare(&before, &after, &options)), ["~ table public.users comment: - → people;"]);
    options.comments = false;
    options.column_order = true;
    let order = "~ table public.users column order: id, email, mood → id, mood, email;";
    assert_eq!(lines(&compare(&before, &after, &options)), [order]);
    options.column_order = false;
    for pattern in ["orders", "public.orders", "*.orders.tmp_x", "column:*tmp*", "public.*"] {
        options.ignore = vec![pattern.to_owned()];
        assert_eq!(lines(&compare(&before, &after, &options)), [""; 0], "{pattern}");
    }
    for pattern in ["index:*", "order", "tmp", "orders.tmp_"] {
        options.ignore = vec![pattern.to_owned()];
        assert_eq!(compare(&before, &after, &options).len(), 1, "{pattern}");
    }
}

#[test]
fn what_is_not_modelled_makes_changes_doubtful() {
    let before = shop();
    let mut after = shop();
    users(&mut after).columns.push(column(29, "note", "text"));
    after.tables.get_mut(&name("orders")).unwrap().columns.push(column(30, "note", "text"));
    let unmodelled = |touches| Unmodelled { place: place(9), verb: "DO".to_owned(), reason: String::new(), touches };
    after.unmodelled = vec![unmodelled(Touches::Objects(vec![Key::top(Kind::Table, &name("users"))]))];
    let certainty = |before: &Catalog, after: &Catalog| -> Vec<Certainty> {
        compare(before, after, &CompareOptions::default()).iter().map(|one| one.certainty).collect()
    };
    assert_eq!(certainty(&before, &after), [Certainty::Exact, Certainty::Partial]);
    after.unmodelled = vec![unmodelled(Touches::Anything)];
    assert_eq!(certainty(&before, &after), [Certainty::Partial, Certainty::Partial]);
    // What stands in both histories did the same to both.
    let mut before = before;
    before.unmodelled.clone_from(&after.unmodelled);
    assert_eq!(certainty(&before, &after), [Certainty::Exact, Certainty::Exact]);
}

#[test]
fn parts_are_told_with_their_table_and_sequences_with_their_column() {
    let mut before = shop();
    let after = shop();
    before.tables.remove(&name("users"));
    before.sequences.clear();
    before.tables.get_mut(&name("orders")).unwrap().constraints.clear();
    let created = diff(&before, &after);
    assert_eq!(created, ["+ table public.users", "+ constraint public.orders.orders_user_id_fkey"]);
    let dropped = diff(&after, &before);
    assert_eq!(dropped, ["- constraint public.orders.orders_user_id_fkey", "- table public.users"]);
}

#[test]
fn a_query_of_another_origin_is_not_proved_to_be_another() {
    let before = shop();
    let mut after = live(shop());
    after.views.get_mut(&name("mails")).unwrap().query = Expression::plain("SELECT u.email FROM users u");
    let changes = compare(&before, &after, &CompareOptions::default());
    assert_eq!((changes.len(), changes[0].certainty), (1, Certainty::Partial));
}
