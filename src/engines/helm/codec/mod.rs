//! JSON, YAML and TOML as Go's libraries write and read them, over values of templates.
mod json;
mod json_decode;
#[cfg(test)]
mod tests;
mod toml;
mod toml_decode;
mod yaml;
mod yaml_emit;
mod yaml_error;
mod yaml_order;
mod yaml_scalar;
mod yaml_word;

pub(in crate::engines::helm) use json::{encode, encode_pretty, encode_raw};
pub(in crate::engines::helm) use json_decode::{decode, decode_array, decode_map};
pub(in crate::engines::helm) use toml::to_toml;
pub(in crate::engines::helm) use toml_decode::from_toml;
pub(in crate::engines::helm) use yaml::{
    from_yaml, from_yaml_array, json_kind, read as read_yaml, to_yaml, to_yaml_pretty, yaml_text,
};
pub(in crate::engines::helm) use yaml_error::text as yaml_error;

/// Nesting that is still written or read. Go finds a map that holds itself by its address; here depth alone tells.
const MAX_DEPTH: usize = 1000;

/// Bytes that one call makes at most.
const MAX_BYTES: usize = 16 << 20;

/// Runs with enough stack for one more level of nesting.
fn deeper<T>(run: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(64 * 1024, 4 * 1024 * 1024, run)
}
