//! What needs no template; the rest is in `golden-sprig2.json`.
use super::*;

#[test]
fn base64_fails_where_go_says() {
    assert_eq!(decode(b"aGVs\nbG8="), Ok(b"hello".to_vec()));
    assert_eq!(decode(b"AB=="), Ok(vec![0]));
    for (text, place) in
        [("!", 0), ("YQ", 0), ("AAAA=", 4), ("A===", 1), ("AAA=AAAA", 4), ("AAAA===", 4), ("AAAAA", 4), ("AA=A", 2)]
    {
        assert_eq!(decode(text.as_bytes()), Err(format!("illegal base64 data at input byte {place}")), "{text}");
    }
}

#[test]
fn passwords_have_shapes() {
    for kind in ["maximum", "long", "medium", "short", "basic", "pin"] {
        let known = |letter: u8| b"VCvcanox".contains(&letter);
        assert!(shapes(kind.as_bytes()).iter().all(|shape| shape.bytes().all(known)), "{kind}");
    }
    assert!(shapes(b"nope").is_empty());
}
