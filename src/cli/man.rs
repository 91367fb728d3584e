//! `man`.

use std::fs;
use std::path::PathBuf;

use clap::Command;
use clap_mangen::Man;
use serde::Serialize;

use crate::cli::context::Context;
use crate::cli::error::CommandError;

const EXAMPLES: &str = "\
Examples:
  quorate man --out-dir ~/.local/share/man/man1";

/// Writes the manual pages
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// An existing directory; pages of the same name there are replaced
    #[arg(long, value_name = "DIR")]
    out_dir: PathBuf,
}

#[derive(Serialize)]
struct Report {
    pages: Vec<String>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let mut report = Report { pages: Vec::new() };
    for (name, page) in render()? {
        let path = args.out_dir.join(name);
        fs::write(&path, page)
            .map_err(|e| CommandError::fixable(format!("{} cannot be written: {e}", path.display())))?;
        report.pages.push(path.display().to_string());
    }
    context.show(&report, |report, text| report.pages.iter().for_each(|page| text.line(page)))
}

/// File names and contents of all pages, as committed under `man/`.
pub(crate) fn render() -> Result<Vec<(String, Vec<u8>)>, CommandError> {
    let mut root = crate::cli::command().disable_help_subcommand(true);
    root.build();
    let mut pages = Vec::new();
    render_tree(&root, &mut pages)?;
    Ok(pages)
}

fn render_tree(command: &Command, pages: &mut Vec<(String, Vec<u8>)>) -> Result<(), CommandError> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    let mut page = Vec::new();
    // The long version names the build; a page must not depend on it.
    let version = env!("CARGO_PKG_VERSION");
    Man::new(command.clone().version(version).long_version(version))
        .source(format!("quorate {version}"))
        .render(&mut page)
        .map_err(|e| CommandError::bug(format!("the page of {name} cannot be rendered: {e}")))?;
    pages.push((format!("{name}.1"), page));
    command.get_subcommands().filter(|sub| !sub.is_hide_set()).try_for_each(|sub| render_tree(sub, pages))
}
