//! The terminal: where reports and diagnostics go, which of them take colours, how long work is shown.
//!
//! In: text. Out: text on standard output or standard error. Must not know: what it says.

use crate::fault::{Fault, Result};
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::time::Duration;

/// Names, headings.
pub(crate) const BOLD: Style = Style::new().bold();
/// What is of less weight.
pub(crate) const DIM: Style = Style::new().dimmed();
/// Good.
pub(crate) const GREEN: Style = AnsiColor::Green.on_default();
/// Bad.
pub(crate) const RED: Style = AnsiColor::Red.on_default().bold();
/// Open.
pub(crate) const YELLOW: Style = AnsiColor::Yellow.on_default();

/// Words in a style. The stream takes the style out again where it has no colours.
pub(crate) fn styled(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Standard output, with colours if it takes them.
pub(crate) fn stdout() -> BufWriter<AutoStream<StdoutLock<'static>>> {
    BufWriter::with_capacity(64 << 10, AutoStream::auto(io::stdout().lock()))
}

/// Standard output for bytes that are data: nothing is taken out of them.
pub(crate) fn raw_stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(64 << 10, io::stdout().lock())
}

/// Writes a whole text to standard output.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut out = stdout();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Writes a whole text to standard output as it is.
pub(crate) fn print_raw(text: &str) -> Result<()> {
    let mut out = raw_stdout();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Writes to standard error. Where that is closed there is nobody left to tell.
pub(crate) fn say(text: &str) {
    let mut out = AutoStream::auto(io::stderr().lock());
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

/// Says what stopped a command.
pub(crate) fn say_fault(fault: &Fault) {
    let text = fault.to_string();
    if !text.is_empty() {
        say(&format!("{}: {text}\n", styled(RED, "error")));
    }
}

/// Does standard error take colours?
pub(crate) fn colours_on_stderr() -> bool {
    AutoStream::choice(&io::stderr()) != ColorChoice::Never
}

/// A bar for work of known length. It is seen only on a terminal, and only if the work takes a while.
pub(crate) fn bar(length: usize, what: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(length as u64), target());
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(what.to_owned());
    bar
}

/// A counter for work of unknown length. Not where lines of output would run through it.
pub(crate) fn counter() -> ProgressBar {
    if io::stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    let counter = ProgressBar::with_draw_target(None, target());
    let style = ProgressStyle::with_template("{spinner} {human_pos} lines, {per_sec}");
    counter.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    counter.enable_steady_tick(Duration::from_millis(200));
    counter
}

fn target() -> ProgressDrawTarget {
    if io::stderr().is_terminal() {
        ProgressDrawTarget::stderr_with_hz(5)
    } else {
        ProgressDrawTarget::hidden()
    }
}
