//! Tokens and statements.
use super::{Kind, Lexer, Splitter};
use crate::engines::schema::catalog::{Dialect, Server};

const MARIA: Server = Server { dialect: Dialect::MariaDb, version: (10, 11) };
const MYSQL: Server = Server { dialect: Dialect::MySql, version: (8, 4) };

fn tokens(text: &str, server: Server) -> Vec<String> {
    Lexer::new(text, server).all().into_iter().map(|token| token.text.into_owned()).collect()
}

fn pieces(text: &str) -> Vec<String> {
    let mut splitter = Splitter::new(text, MARIA, false);
    let mut all = Vec::new();
    while let Some(piece) = splitter.next_piece() {
        let start = piece.tokens.first().map_or(0, |token| token.start);
        all.push(text.get(start..piece.end).unwrap_or("").to_owned());
    }
    all
}

#[test]
fn versioned_comments_run_by_version() {
    assert_eq!(tokens("a /*!40101 b */ c", MARIA), ["a", "b", "c"]);
    // MariaDB leaves what is meant for MySQL 5.7 and later alone.
    assert_eq!(tokens("a /*!50701 b */ /*!80000 c */ d", MARIA), ["a", "d"]);
    assert_eq!(tokens("a /*!50701 b */ /*!80000 c */ /*!90000 e */ d", MYSQL), ["a", "b", "c", "d"]);
    assert_eq!(tokens("a /*M!100100 b */ /*M!110000 c */ d", MARIA), ["a", "b", "d"]);
    assert_eq!(tokens("a /*M! b */ d", MYSQL), ["a", "d"]);
    assert_eq!(tokens("a -- x\n#y\n--z\n/* /* */ b", MARIA), ["a", "-", "-", "z", "b"]);
}

#[test]
fn kinds_of_tokens() {
    let kinds = |text: &str| {
        Lexer::new(text, MARIA).all().into_iter().map(|token| (token.kind, token.text.into_owned())).collect::<Vec<_>>()
    };
    assert_eq!(
        kinds("`a``b` 'it''s\\n' \"q\" 0x4f x'41' b'01' 1st 1.5e3 @v @@global.x t.1a"),
        [
            (Kind::Quoted, "a`b".to_owned()),
            (Kind::Text, "it's\n".to_owned()),
            (Kind::Text, "q".to_owned()),
            (Kind::Hex, "4f".to_owned()),
            (Kind::Hex, "41".to_owned()),
            (Kind::Bit, "01".to_owned()),
            (Kind::Word, "1st".to_owned()),
            (Kind::Number, "1.5e3".to_owned()),
            (Kind::Variable, "v".to_owned()),
            (Kind::Variable, "@global.x".to_owned()),
            (Kind::Word, "t".to_owned()),
            (Kind::Symbol, ".".to_owned()),
            (Kind::Word, "1a".to_owned()),
        ]
    );
}

#[test]
fn bodies_hold_semicolons() {
    let text = "create trigger t before insert on x for each row begin if a then set b = case c when 1 then 2 end; end if; while 1 do begin end; end while; end;\nselect 1;\ncreate table begin_end(a int);";
    assert_eq!(pieces(text).len(), 3);
    let text = "DELIMITER //\ncreate procedure p() begin select 1; end//\ncreate procedure q() select 2//\ndelimiter ;\nselect 3";
    assert_eq!(pieces(text), ["create procedure p() begin select 1; end", "create procedure q() select 2", "select 3"]);
    assert_eq!(pieces("alter event e do begin select 1; end; select 2").len(), 2);
    assert_eq!(pieces("/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET a = 1 */;\nselect 1;").len(), 2);
    assert_eq!(pieces("insert into t values ('a;b'); begin; commit;").len(), 3);
}

#[test]
fn lines_are_counted() {
    let text = "a;\n\n/* x\n*/ b 'c\nd' e";
    assert_eq!(Lexer::new(text, MARIA).all().iter().map(|token| token.line).collect::<Vec<_>>(), [0, 0, 3, 3, 4]);
}
