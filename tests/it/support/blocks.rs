//! A text of commands and what they print: `$ command`, its output, `2| ` before lines of stderr, `[exit N]`.

/// A command and everything that it printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// The lines above it that are neither command nor output; each begins with `//`.
    pub(crate) comments: String,
    /// The command line, without `$ `.
    pub(crate) command: String,
    /// Output, errors and exit code, as written in the file.
    pub(crate) output: String,
}

/// The text before the first command, and the commands.
pub(crate) fn parse(text: &str) -> (String, Vec<Block>) {
    let mut head = String::new();
    let mut blocks: Vec<Block> = Vec::new();
    let mut comments = String::new();
    for line in text.split_inclusive('\n') {
        if let Some(command) = line.strip_prefix("$ ") {
            let comments = std::mem::take(&mut comments);
            blocks.push(Block { comments, command: command.trim_end().to_owned(), output: String::new() });
        } else if let Some(block) = blocks.last_mut() {
            if line.starts_with("//") || !comments.is_empty() {
                comments.push_str(line);
            } else {
                block.output.push_str(line);
            }
        } else {
            head.push_str(line);
        }
    }
    for block in &mut blocks {
        // One empty line stands between blocks and is not output.
        if block.output == "\n" || block.output.ends_with("\n\n") {
            block.output.pop();
        }
    }
    (head, blocks)
}

/// The text that `parse` reads as these values.
pub(crate) fn render(head: &str, blocks: &[Block]) -> String {
    let blocks: Vec<String> =
        blocks.iter().map(|block| format!("{}$ {}\n{}", block.comments, block.command, block.output)).collect();
    format!("{head}{}", blocks.join("\n"))
}

/// What a command printed, as it stands in a file. Lines that would read as something else get a `\` in front.
pub(crate) fn written(stdout: &str, stderr: &str, mark: &str, code: i32) -> String {
    let mut out = String::new();
    for line in stdout.split_inclusive('\n') {
        if ["$ ", "2| ", "-- ", "//", "[exit ", "[no newline", "\\", "```"].iter().any(|start| line.starts_with(start))
        {
            out.push('\\');
        }
        out.push_str(line);
    }
    if !stdout.is_empty() && !stdout.ends_with('\n') {
        out.push_str("\n[no newline at the end]\n");
    }
    for line in stderr.lines() {
        out.push_str(format!("{mark}{line}").trim_end());
        out.push('\n');
    }
    if !stderr.is_empty() && !stderr.ends_with('\n') {
        out.push_str(format!("{mark}[no newline at the end]\n").as_str());
    }
    if code != 0 {
        out.push_str(&format!("[exit {code}]\n"));
    }
    out
}

#[test]
fn what_is_rendered_is_parsed() {
    let outputs = ["", "one\n", "one\n\n", "\n", "\\$ no command\n2| an error\n[exit 3]\n"];
    let blocks: Vec<Block> = outputs
        .iter()
        .enumerate()
        .map(|(at, output)| Block {
            comments: if at == 1 { "// why\n".to_owned() } else { String::new() },
            command: format!("pilab x{at}"),
            output: (*output).to_owned(),
        })
        .collect();
    let text = render("What it shows.\n\n", &blocks);
    assert_eq!(parse(&format!("{text}\n")), ("What it shows.\n\n".to_owned(), blocks));
}

#[test]
fn everything_that_was_printed_is_seen() {
    assert_eq!(written("a\n$ b", "bad\n\n", "2| ", 3), "a\n\\$ b\n[no newline at the end]\n2| bad\n2|\n[exit 3]\n");
    assert_eq!(written("", "x", "2| ", 0), "2| x\n2| [no newline at the end]\n");
    assert_eq!(written("", "", "2| ", 0), "");
}
