//! Values against values.schema.json.
use crate::engines::helm::chart::Chart;
use crate::engines::helm::error::Error;
use crate::engines::helm::host::Compat;
use serde_json::{Map, Value};

/// Stub.
///
/// # Errors
/// Never.
pub fn validate(_chart: &Chart, _values: &Map<String, Value>, _compat: Compat) -> Result<(), Error> {
    Ok(())
}
