//! `guardian scan`.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::ceremony::guardians;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files::NewFile;
use crate::cli::guardian::hand_out::Leftovers;
use crate::cli::guardian::read_shares;
use crate::ids::Name;

const EXAMPLES: &str = "\
Examples:
  quorate guardian scan Ann.jpg Bob.jpg --set guardian-set.json
  quorate guardian scan Ann.jpg --out /dev/shm/Ann.txt

check, combine and recreate read photos and scans themselves. This says what is on one, never its words.";

/// Reads sheets from photos or scans (PNG, JPEG, PDF) and says which shares they are
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The pictures
    #[arg(value_name = "IMAGE", required = true)]
    pub(crate) images: Vec<PathBuf>,
    /// The guardian set, to tell whose shares they are
    #[arg(long, value_name = "FILE")]
    pub(crate) set: Option<PathBuf>,
    /// Write the words of the one share found into this file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    file: String,
    identifier: u16,
    share: u8,
    threshold: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    guardian: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

#[derive(Serialize)]
struct Report {
    shares: Vec<Found>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let out = args.out.as_deref().map(NewFile::plan).transpose()?;
    let set = args.set.as_deref().map(guardians::read_set).transpose()?;
    let (mut shares, mut found_shares) = (Vec::new(), Vec::new());
    for path in &args.images {
        let file = path.display().to_string();
        for share in read_shares(path, set.as_ref(), &mut Vec::new(), context)? {
            let (guardian, problem) = match set.as_ref().map(|set| set.find(&share)) {
                Some(Ok(guardian)) => (Some(guardian.name.clone()), None),
                Some(Err(reason)) => (None, Some(reason.to_string())),
                None => (None, None),
            };
            shares.push(Found {
                file: file.clone(),
                identifier: share.parameters().identifier,
                share: share.member_index() + 1,
                threshold: share.member_threshold(),
                guardian,
                problem,
            });
            found_shares.push(share);
        }
    }
    if let Some(out) = out {
        let [share] = found_shares.as_slice() else {
            return Err(CommandError::usage("--out takes one share; these pictures show several"));
        };
        out.write(share.text().as_bytes())?;
        if let Some(path) = &args.out {
            let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let written = std::slice::from_ref(path);
            Leftovers { dir, made: false, written, set: None }.warn(context);
        }
    }
    context.show(&Report { shares }, |report, text| {
        let row = |found: &Found| {
            let whose = found.guardian.as_ref().map(ToString::to_string);
            vec![
                found.file.clone(),
                found.identifier.to_string(),
                found.share.to_string(),
                found.threshold.to_string(),
                whose.or_else(|| found.problem.clone()).unwrap_or_default(),
            ]
        };
        let rows: Vec<_> = report.shares.iter().map(row).collect();
        text.table(&["file", "SLIP-39 id", "share", "threshold", "guardian"], &rows);
    })
}
