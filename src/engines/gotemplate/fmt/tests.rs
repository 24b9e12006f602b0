//! Against answers of Go itself.
use super::*;

#[test]
fn floats_are_shown_as_go_shows_them() {
    for (value, text) in
        [(1e6, "1e+06"), (123456.0, "123456"), (0.0, "0"), (1e-5, "1e-05"), (12345678.0, "1.2345678e+07")]
    {
        assert_eq!(display(&Value::Float(value)), text.as_bytes());
    }
}
