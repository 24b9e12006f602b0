//! How much work a block of code may take.
use super::unclear;
use crate::engines::schema::postgres::replay::run::Refusal;
use std::cell::Cell;

/// Runs of statements in one block and the routines that it calls, loops counted.
pub(super) const STEPS: u32 = 5_000;
/// The same for all blocks of a chain.
const ALL_STEPS: u32 = 200_000;
/// Evaluations of expressions and rows in one block and the routines that it calls.
const EVALUATIONS: u32 = 10_000_000;
/// The same for all blocks of a chain.
const ALL_EVALUATIONS: u32 = 200_000_000;

/// What blocks may still do, so that no chain runs for hours.
#[derive(Debug, Clone)]
pub(in crate::engines::schema::postgres::replay) struct Fuel {
    /// Blocks that run, one within the other.
    running: u32,
    steps: u32,
    all_steps: u32,
    evaluations: Cell<u32>,
    all_evaluations: Cell<u32>,
}

impl Default for Fuel {
    fn default() -> Fuel {
        Fuel {
            running: 0,
            steps: STEPS,
            all_steps: ALL_STEPS,
            evaluations: Cell::new(EVALUATIONS),
            all_evaluations: Cell::new(ALL_EVALUATIONS),
        }
    }
}

impl Fuel {
    /// A block begins; the outermost has a tank of its own.
    pub(super) fn begin(&mut self) {
        if self.running == 0 {
            self.steps = STEPS;
            self.evaluations.set(EVALUATIONS);
        }
        self.running += 1;
    }

    pub(super) fn end(&mut self) {
        self.running = self.running.saturating_sub(1);
    }

    pub(super) fn step(&mut self) -> Result<(), Refusal> {
        match (self.steps.checked_sub(1), self.all_steps.checked_sub(1)) {
            (Some(steps), Some(all)) => {
                (self.steps, self.all_steps) = (steps, all);
                Ok(())
            }
            _ => Err(unclear("the block runs too long")),
        }
    }

    /// One evaluation; false when there is no fuel left.
    pub(super) fn evaluation(&self) -> bool {
        match (self.evaluations.get().checked_sub(1), self.all_evaluations.get().checked_sub(1)) {
            (Some(left), Some(all)) => {
                self.evaluations.set(left);
                self.all_evaluations.set(all);
                true
            }
            _ => false,
        }
    }
}
