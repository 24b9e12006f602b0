//! Which line of a template made which line of its output.
use super::{NO_VALUE, places_of};
use crate::engines::gotemplate::Mark;
use std::sync::Arc;

/// Where a line of a manifest comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The template: `web/templates/service.yaml`. It is another one than the manifest's where `{{ template }}` or a `define` wrote
    /// the line.
    pub file: Arc<str>,
    /// Its line, from 1.
    pub line: u32,
}

/// The marks of one rendered file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lines(Vec<Mark>);

impl Lines {
    /// The marks that the machine wrote while it made `output`, moved to where they are once `<no value>` is taken out of it.
    pub(super) fn new(mut marks: Vec<Mark>, output: &[u8]) -> Lines {
        let removed = places_of(output, NO_VALUE);
        let mut before = 0;
        for mark in &mut marks {
            while removed.get(before).is_some_and(|place| *place < mark.offset) {
                before += 1;
            }
            let last = before.checked_sub(1).and_then(|last| removed.get(last));
            // A mark may stand within what is taken out, if text and value made it together.
            let inside = last.map_or(0, |place| (place + NO_VALUE.len()).saturating_sub(mark.offset));
            mark.offset = (mark.offset + inside).saturating_sub(before * NO_VALUE.len());
        }
        Lines(marks)
    }

    /// The origin of each line of `text`, which stands at `start` of the file `content`. What counts is the first letter of the line
    /// that is no white space.
    pub(super) fn of(&self, content: &str, start: usize, text: &str) -> Vec<Origin> {
        let mut lines = Vec::new();
        let mut offset = start;
        for line in text.split_inclusive('\n') {
            let indent = line.len() - line.trim_start().len();
            let place = if indent >= line.len() { offset } else { offset + indent };
            lines.push(self.at(content, place.min(content.len())));
            offset += line.len();
        }
        lines
    }

    /// The origin of a line of the output, counted from 0.
    pub(super) fn at_line(&self, content: &str, line: usize) -> Origin {
        let start: usize = content.split_inclusive('\n').take(line).map(str::len).sum();
        let text = content.get(start..).and_then(|rest| rest.split('\n').next()).unwrap_or_default();
        self.at(content, start + (text.len() - text.trim_start().len()))
    }

    fn at(&self, content: &str, offset: usize) -> Origin {
        let after = self.0.partition_point(|mark| mark.offset <= offset);
        let Some(mark) = after.checked_sub(1).and_then(|last| self.0.get(last)) else {
            return Origin { file: Arc::from(""), line: 1 };
        };
        let passed = match mark.plain {
            true => content
                .as_bytes()
                .get(mark.offset..offset)
                .map_or(0, |text| text.iter().filter(|&&byte| byte == b'\n').count()),
            false => 0,
        };
        let line = mark.line.saturating_add(u32::try_from(passed).unwrap_or(u32::MAX));
        Origin { file: Arc::clone(&mark.file), line }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_move_when_no_value_is_taken_out() {
        let mark = |offset, line, plain| Mark { offset, file: Arc::from("t"), line, plain };
        let marks = vec![mark(0, 1, true), mark(3, 1, false), mark(13, 1, true)];
        let lines = Lines::new(marks, b"a: <no value>\nb: 1\nc: 2");
        let content = "a: \nb: 1\nc: 2";
        let found: Vec<u32> = lines.of(content, 0, content).iter().map(|origin| origin.line).collect();
        assert_eq!(found, [1, 2, 3]);
        assert_eq!(lines.at_line(content, 2).line, 3);
    }
}
