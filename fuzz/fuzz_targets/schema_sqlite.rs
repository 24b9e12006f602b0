//! Any text as SQLite migrations: what is printed of the outcome makes the same again, and never a panic.
#![no_main]
use libfuzzer_sys::fuzz_target;
use pilab::engines::schema::sqlite::trial;

fuzz_target!(|text: &str| {
    if let Err(reason) = trial(text) {
        panic!("{reason}");
    }
});
