//! What MariaDB 10.11 makes of expressions and defaults.
use super::{Expr, Parser, of_column, of_text};
use crate::engines::schema::catalog::{DataType, Dialect, Server};
use crate::engines::schema::mysql::text::{Cursor, Lexer};

const MARIA: Server = Server { dialect: Dialect::MariaDb, version: (10, 11) };

fn normal(text: &str) -> String {
    of_text(text, MARIA).normal
}

/// As written, and as `information_schema` shows it.
const PAIRS: [(&str, &str); 76] = [
    ("a = 1 and b like 'x%' or not c is null", "`a` = 1 and `b` like 'x%' or `c` is not null"),
    ("a between 1 and 5", "`a` between 1 and 5"),
    ("b not in ('x','y')", "`b` not in ('x','y')"),
    ("`a` != 3", "`a` <> 3"),
    ("length(b) > 2", "octet_length(`b`) > 2"),
    ("a mod 2 = 0", "`a` MOD 2 = 0"),
    ("a % 3 + 1 = 2", "`a` MOD 3 + 1 = 2"),
    ("- 1 < a", "-1 < `a`"),
    ("b rlike '^a'", "`b` regexp '^a'"),
    ("cast(a as char) = 'x'", "cast(`a` as char charset utf8mb4) = 'x'"),
    ("convert(a, unsigned) = 1", "cast(`a` as unsigned) = 1"),
    ("convert(b using latin1) = 'x'", "convert(`b` using latin1) = 'x'"),
    ("case a when 1 then 2 else 3 end = 2", "case `a` when 1 then 2 else 3 end = 2"),
    ("if(a,b,c) is null", "if(`a`,`b`,`c`) is null"),
    ("a+1*2-(3/4) > 0", "`a` + 1 * 2 - 3 / 4 > 0"),
    ("(a+1)*2 > 0", "(`a` + 1) * 2 > 0"),
    ("a-(1-2) > 0", "`a` - (1 - 2) > 0"),
    ("b = _utf8mb4'x'", "`b` = _utf8mb4'x'"),
    ("b = _latin1'x'", "`b` = 'x'"),
    ("b = N'x'", "`b` = 'x'"),
    ("a > 0 && a < 5 || a = 7", "`a` > 0 and `a` < 5 or `a` = 7"),
    ("a > 0 and (a < 5 or a = 7)", "`a` > 0 and (`a` < 5 or `a` = 7)"),
    ("a xor 1", "`a` xor 1"),
    ("!a", "`a` = 0"),
    ("not a", "`a` = 0"),
    ("a & 1 | 2 ^ 3 = 1", "`a` & 1 | 2 ^ 3 = 1"),
    ("a div 2 = 1", "`a` DIV 2 = 1"),
    ("b = \"dq\"", "`b` = 'dq'"),
    ("c > date '2020-01-01'", "`c` > DATE'2020-01-01'"),
    ("a is not false", "`a` is not false"),
    ("concat(b,'x') = lower(b)", "concat(`b`,'x') = lcase(`b`)"),
    ("substring(b from 1 for 2) = 'a'", "substr(`b`,1,2) = 'a'"),
    ("mid(b,1,2)='a'", "substr(`b`,1,2) = 'a'"),
    ("b = 'it''s'", "`b` = 'it\\'s'"),
    ("b = 'a\\nb\\\\c'", "`b` = 'a\\nb\\\\c'"),
    ("date_add(c, interval 1 day) > c", "`c` + interval 1 day > `c`"),
    ("date_sub(c, interval 1 day) > c", "`c` - interval 1 day > `c`"),
    ("b collate utf8mb4_bin = 'x'", "`b` collate utf8mb4_bin = 'x'"),
    ("binary b = 'x'", "cast(`b` as char charset binary) = 'x'"),
    ("a = x'41'", "`a` = X'41'"),
    ("a = b'1'", "`a` = 0x01"),
    ("a > 1.50", "`a` > 1.50"),
    ("a = 1e3", "`a` = 1e3"),
    ("character_length(b)>1", "char_length(`b`) > 1"),
    ("not (a = 1)", "`a` <> 1"),
    ("not (a = 1 or a = 2)", "`a` <> 1 and `a` <> 2"),
    ("a = true", "`a` = 1"),
    ("trim(both 'x' from b)='y'", "trim(both 'x' from `b`) = 'y'"),
    ("position('x' in b)=1", "locate('x',`b`) = 1"),
    ("b like 'a' escape '!'", "`b` like 'a' escape '!'"),
    ("b not like 'a'", "`b`  not like 'a'"),
    ("b not regexp 'a'", "!(`b` regexp 'a')"),
    ("(a,b) = (1,'x')", "(`a`,`b`) = (1,'x')"),
    ("a in (1)", "`a` = 1"),
    ("a = +1", "`a` = 1"),
    ("upper(b) = 'X'", "ucase(`b`) = 'X'"),
    ("extract(year from c) = 2020", "extract(year from `c`) = 2020"),
    ("power(a,2)=4", "pow(`a`,2) = 4"),
    ("(a is null) = (b is null)", "`a` is null = (`b` is null)"),
    ("a and (b and c)", "`a` <> 0 and `b` <> 0 and `c` <> 0"),
    ("a or (b or c)", "`a` <> 0 or `b` <> 0 or `c` <> 0"),
    ("date(c)='2020-01-01'", "cast(`c` as date) = '2020-01-01'"),
    ("ceil(a)=1", "ceiling(`a`) = 1"),
    ("datediff(c,c)=1", "to_days(`c`) - to_days(`c`) = 1"),
    ("isnull(a)", "`a` is null"),
    ("((a)) = 1", "`a` = 1"),
    ("timestampdiff(day,c,c)=1", "timestampdiff(DAY,`c`,`c`) = 1"),
    ("schema() = 'x'", "database() = 'x'"),
    ("day(c)=1", "dayofmonth(`c`) = 1"),
    ("-(a+3) = 1", "-(`a` + 3) = 1"),
    ("not not a", "`a` <> 0"),
    ("a = 007", "`a` = 7"),
    ("a = .5", "`a` = 0.5"),
    ("now() > c", "current_timestamp() > `c`"),
    ("current_date > c", "curdate() > `c`"),
    ("b sounds like 'x'", "soundex(`b`) = soundex('x')"),
];

#[test]
fn what_is_written_equals_what_is_shown() {
    for (written, shown) in PAIRS {
        assert_eq!(normal(written), normal(shown), "{written}");
    }
}

#[test]
fn normal_forms_are_stable() {
    for (written, _) in PAIRS {
        assert_eq!(normal(&normal(written)), normal(written), "{written}");
    }
}

#[test]
fn mysql_shows_json_arrows_and_introducers_from_its_manual() {
    assert_eq!(normal("j->>'$.x' = 'a'"), normal("(json_unquote(json_extract(`j`,_utf8mb4'$.x')) = _utf8mb4'a')"));
    assert_eq!(normal("a > 0 and b <> ''"), normal("((`a` > 0) and (`b` <> _utf8mb4''))"));
}

fn default(written: &str, data_type: &DataType) -> Option<String> {
    let tokens = Lexer::new(written, MARIA).all();
    let expr: Expr = Parser::new(&mut Cursor::new(&tokens, written)).value().ok()?;
    of_column(&expr, written, data_type).map(|one| one.normal)
}

#[test]
fn defaults_by_type() {
    let plain = DataType::plain;
    let with = |name: &str, modifiers: &[&str]| DataType::with(name, modifiers.iter().map(ToString::to_string));
    let cases = [
        (plain("int"), "'0'", "0"),
        (plain("int"), "1.6", "2"),
        (plain("int"), "- 5", "-5"),
        (plain("int unsigned"), "'00012'", "12"),
        (plain("int"), "true", "1"),
        (plain("int"), "0x10", "16"),
        (plain("bigint"), "1e3", "1000"),
        (with("decimal", &["8", "2"]), "1", "1.00"),
        (with("decimal", &["10", "3"]), "'1.5'", "1.500"),
        (with("decimal", &["10", "0"]), "1.5", "2"),
        (plain("double"), "1.50", "1.5"),
        (plain("float"), "1e3", "1000"),
        (plain("float"), "123456.789", "123457"),
        (plain("double"), "1e20", "1e20"),
        (plain("double"), "1e-5", "0.00001"),
        (plain("double"), "123456789012345678", "1.2345678901234568e17"),
        (with("bit", &["8"]), "b'101'", "b'101'"),
        (with("bit", &["3"]), "5", "b'101'"),
        (with("varchar", &["9"]), "5", "'5'"),
        (with("char", &["5"]), "1.50", "'1.50'"),
        (with("char", &["3"]), "'ab '", "'ab'"),
        (with("varbinary", &["8"]), "0x4142", "'AB'"),
        (with("binary", &["4"]), "'a'", "'a\\0\\0\\0'"),
        (plain("date"), "'2020-1-2'", "'2020-01-02'"),
        (plain("date"), "20200102", "'2020-01-02'"),
        (plain("datetime"), "'2020-1-1'", "'2020-01-01 00:00:00'"),
        (with("datetime", &["3"]), "'2020-01-01 10:00:00'", "'2020-01-01 10:00:00.000'"),
        (plain("time"), "'10:00'", "'10:00:00'"),
        (with("time", &["2"]), "'1:2:3'", "'01:02:03.00'"),
        (plain("timestamp"), "0", "'0000-00-00 00:00:00'"),
        (plain("year"), "99", "1999"),
        (with("enum", &["'a'", "'b'"]), "'B'", "'b'"),
        (with("enum", &["'1'", "'2'"]), "1", "'1'"),
        (with("set", &["'a'", "'b'"]), "'b,a'", "'a,b'"),
        (plain("datetime"), "localtime", "current_timestamp()"),
        (with("datetime", &["3"]), "now()", "current_timestamp(3)"),
        (plain("int"), "(a + 1)", "`a` + 1"),
        (with("varchar", &["3"]), "('x')", "'x'"),
    ];
    for (data_type, written, shown) in cases {
        assert_eq!(default(written, &data_type).as_deref(), Some(shown), "{data_type} {written}");
    }
    assert_eq!(default("null", &plain("int")), None);
}
