//! A spinner on stderr for work that takes longer than 300 ms; without a terminal not one byte.
use crate::ops::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_millis(300);

/// Shows the present step until it is dropped.
pub(super) struct Spinner {
    bar: ProgressBar,
    waiting: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Spinner {
    pub(super) fn new(shown: bool) -> Spinner {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
            bar.set_style(style.tick_chars(r"|/-\ "));
        }
        let waiting = shown.then(|| {
            let (stop, stopped) = mpsc::channel();
            let bar = bar.clone();
            let thread = std::thread::spawn(move || {
                if stopped.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                    bar.enable_steady_tick(Duration::from_millis(100));
                }
            });
            (stop, thread)
        });
        Spinner { bar, waiting }
    }
}

impl Progress for Spinner {
    fn step(&self, text: &str) {
        self.bar.set_message(text.replace(char::is_control, " "));
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.waiting.take() {
            drop(stop);
            // The thread sleeps or draws; it cannot fail in a way that matters here.
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::Spinner;
    use crate::ops::Progress;

    #[test]
    fn nothing_is_drawn_where_nobody_looks() {
        let spinner = Spinner::new(false);
        spinner.step("reading\x1b[31m demo");
        assert!(spinner.bar.is_hidden());
        assert_eq!(spinner.bar.message(), "reading [31m demo");
    }
}
