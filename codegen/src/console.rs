//! What the command says: to whom, in which colours, with which progress.
//!
//! It never fails: a reader that has gone away (`| head`) is no reason to stop half-way.

use std::io::{self, BufRead, IsTerminal, Write};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressStyle};
use model::Color;

use crate::args::Format;
use crate::failure::Failure;

/// The streams of one run of the command.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    /// How to report.
    pub format: Format,
    /// Whether the standard output takes colours.
    pub colored: bool,
    /// Whether the standard error takes colours.
    pub colored_errors: bool,
    /// Whether somebody is there to be asked.
    pub interactive: bool,
}

impl Console {
    /// The streams as they are: colours on a terminal, unless `NO_COLOR` is set.
    pub fn new(format: Format) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Console {
            format,
            colored: wanted && io::stdout().is_terminal(),
            colored_errors: wanted && io::stderr().is_terminal(),
            interactive: io::stdin().is_terminal() && io::stderr().is_terminal(),
        }
    }

    /// Whether diagnostics on the standard output are coloured.
    pub fn color(&self) -> Color {
        if self.colored {
            Color::Always
        } else {
            Color::Never
        }
    }

    /// Whether diagnostics on the standard error are coloured.
    pub fn error_color(&self) -> Color {
        if self.colored_errors {
            Color::Always
        } else {
            Color::Never
        }
    }

    /// Refuses formats that the command does not have.
    ///
    /// # Errors
    ///
    /// [`Cause::Input`](crate::failure::Cause::Input) naming those it has.
    pub fn accepts(&self, command: &str, formats: &[Format]) -> Result<(), Failure> {
        if formats.contains(&self.format) {
            return Ok(());
        }
        let names: Vec<_> = formats.iter().map(|format| format.word()).collect();
        Err(Failure::input(
            format_args!("`{command}` has no format `{}`", self.format.word()),
            format_args!("it has {}", names.join(", ")),
        ))
    }

    /// Whether the answer is read by a program.
    pub fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// One line or more of the answer.
    pub fn say(&self, text: impl AsRef<str>) {
        line(io::stdout().lock(), text.as_ref());
    }

    /// The answer as one JSON document.
    pub fn json(&self, value: &impl serde::Serialize) {
        if let Ok(text) = serde_json::to_string_pretty(value) {
            self.say(text);
        }
    }

    /// Something about the run that is not its answer.
    pub fn note(&self, text: impl AsRef<str>) {
        line(io::stderr().lock(), text.as_ref());
    }

    /// A failure, its first word in the colour of errors.
    pub fn error(&self, failure: &Failure) {
        let text = failure.to_string();
        match text.strip_prefix("error:") {
            Some(rest) if self.colored_errors => {
                let red = AnsiColor::Red.on_default().bold();
                self.note(format!("{red}error{red:#}:{rest}"));
            }
            _ => self.note(text),
        }
    }

    /// A word in a style, where the standard output takes colours.
    pub fn paint(&self, style: Style, word: &str) -> String {
        if self.colored {
            format!("{style}{word}{style:#}")
        } else {
            word.to_owned()
        }
    }

    /// Asks on the terminal; only a clear yes is one.
    pub fn ask(&self, question: &str) -> bool {
        let mut error = io::stderr().lock();
        let _ = write!(error, "{question} [y/N] ");
        let _ = error.flush();
        let mut answer = String::new();
        let _ = io::stdin().lock().read_line(&mut answer);
        matches!(answer.trim(), "y" | "Y" | "yes" | "Yes")
    }

    /// A line for work of which nobody knows how long it takes; nothing is shown in a pipe.
    pub fn spinner(&self) -> ProgressBar {
        if !io::stderr().is_terminal() || self.is_json() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }

    /// A bar for work that takes long; nothing is shown in a pipe.
    pub fn progress(&self, total: usize, doing: &str) -> ProgressBar {
        if !io::stderr().is_terminal() || self.is_json() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(total as u64).with_message(doing.to_owned());
        if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len} {elapsed}") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}

impl Format {
    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Sql => "sql",
            Format::Json => "json",
            Format::Junit => "junit",
            Format::Html => "html",
        }
    }
}

fn line(mut stream: impl Write, text: &str) {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let _ = writeln!(stream, "{text}");
}
