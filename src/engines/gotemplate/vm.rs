//! The machine that runs templates: what functions and methods may ask of it.
use super::bytes::Bytes;
use super::error::Error;
use super::func::Failure;
use super::value::Value;
use std::any::Any;

/// Bounds against hostile templates, for one whole run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Steps: nodes executed, items iterated, and the cost that functions declare with `Vm::spend`.
    pub steps: u64,
    /// Bytes of everything written and of every string that functions make.
    pub bytes: u64,
    /// Templates that call one another.
    pub depth: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { steps: 20_000_000, bytes: 256 << 20, depth: 1000 }
    }
}

/// A run of templates.
pub struct Vm<'a> {
    host: &'a mut dyn Any,
    limits: Limits,
}

impl Vm<'_> {
    /// The state of the engine's user (seed, capabilities, notes of what was called), if it is of this type.
    pub fn host<T: Any>(&mut self) -> Option<&mut T> {
        self.host.downcast_mut::<T>()
    }

    /// Accounts for work that a function does in a loop: `steps` of it, and `bytes` that it builds. To be called *before* the
    /// memory is taken.
    ///
    /// # Errors
    /// `Failure::Limit` when that is more than what is left.
    pub fn spend(&mut self, steps: u64, bytes: u64) -> Result<(), Failure> {
        let left = |have: u64, want: u64| have.checked_sub(want);
        match (left(self.limits.steps, steps), left(self.limits.bytes, bytes)) {
            (Some(steps), Some(bytes)) => {
                (self.limits.steps, self.limits.bytes) = (steps, bytes);
                Ok(())
            }
            (None, _) => Err(Failure::Limit("the template takes more steps than allowed".to_owned())),
            (_, None) => Err(Failure::Limit("the template makes more text than allowed".to_owned())),
        }
    }

    /// Runs a template of the set by name (`include`) and gives its output.
    ///
    /// # Errors
    /// What Go's `ExecuteTemplate` says, or a limit.
    pub fn execute(&mut self, _name: &str, _dot: &Value) -> Result<Bytes, Error> {
        Ok(Bytes::default())
    }

    /// Parses a text as a template of this name in a copy of the set, so that what it defines is seen by it alone, and runs it (`tpl`).
    ///
    /// # Errors
    /// What Go says on parsing or running, or a limit.
    pub fn evaluate(&mut self, _name: &str, _text: &str, _dot: &Value) -> Result<Bytes, Error> {
        Ok(Bytes::default())
    }
}
