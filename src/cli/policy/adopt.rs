//! `policy adopt`.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::PolicyReport;
use crate::ceremony::custodians;
use crate::ceremony::govern::{self, Adoption, Proposal};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files::NewFile;
use crate::cli::letters;
use crate::cli::request::decoded;
use crate::digest::Hash;
use crate::genesis::Genesis;
use crate::ids::Name;

const EXAMPLES: &str = "\
Examples:
  A person who is named in the first genesis of a production set, on their own machine:
    quorate policy adopt genesis.proposal.json --identity A.identity.json --out A.adoption.json

  The operator, once every node has confirmed it:
    quorate policy adopt genesis.proposal.json --adoption A.adoption.json --adoption B.adoption.json ..

  The operator, for an approved change:
    quorate policy adopt change.request.json --approval A.approval.json --approval B.approval.json";

/// Signs the first genesis of a production set, or brings a proposal into force
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// What `policy propose` (or `node replace`) wrote
    #[arg(value_name = "PROPOSAL")]
    pub(crate) proposal: PathBuf,
    /// Sign it, as the person of this identity
    #[arg(long, value_name = "FILE", requires = "out", conflicts_with_all = ["adoption", "approval"])]
    pub(crate) identity: Option<PathBuf>,
    /// With --identity: the signature's new file, by convention *.adoption.json
    #[arg(long, value_name = "FILE", requires = "identity")]
    pub(crate) out: Option<PathBuf>,
    /// With --identity: the words (or the hex digits) of the proposal; else you are asked
    #[arg(long, value_name = "WORDS", requires = "identity")]
    pub(crate) confirm: Option<String>,
    /// The signature of a person in it; repeat for each
    #[arg(long, value_name = "FILE", conflicts_with = "approval")]
    pub(crate) adoption: Vec<PathBuf>,
    /// An approval of the change; repeat for each
    #[arg(long, value_name = "FILE")]
    pub(crate) approval: Vec<PathBuf>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    file: String,
    person: Name,
    genesis_hash: Hash,
    words: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Adopted {
    #[serde(flatten)]
    policy: PolicyReport,
    changed: bool,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let proposal = Proposal::read(&args.proposal)?;
    match (proposal, &args.identity, &args.out) {
        (Proposal::First(genesis), Some(identity), Some(out)) => {
            sign(&args, *genesis, identity, out, context)
        }
        (Proposal::Next(..), Some(_), _) => {
            Err(CommandError::usage("this is a request for a change: quorate approve REQUEST"))
        }
        (Proposal::First(genesis), ..) => {
            let read = |path: &PathBuf| Adoption::read(path).map(|adoption| adoption.signature);
            let signatures = args.adoption.iter().map(read).collect::<Result<Vec<_>, _>>()?;
            let mut workspace = context.workspace()?;
            let changed = govern::adopt_first(&mut workspace, (*genesis).clone(), signatures)?;
            adopted(&genesis, changed, context)?;
            context.next(
                "quorate node card --out node-set.json; then everybody: quorate node pin node-set.json",
            );
            Ok(())
        }
        (Proposal::Next(mut request, next), ..) => {
            for path in &args.approval {
                request.approvals.push(letters::approval(path)?);
            }
            let mut workspace = context.workspace()?;
            let changed = govern::adopt_next(&mut workspace, *request, (*next).clone())?;
            adopted(&next, changed, context)
        }
    }
}

fn adopted(genesis: &Genesis, changed: bool, context: &mut Context) -> Result<(), CommandError> {
    let report = Adopted { policy: PolicyReport::of(genesis, Vec::new())?, changed };
    context.show(&report, |report, text| {
        text.line(if report.changed { "in force: all nodes signed this" } else { "it was in force before" });
        report.policy.text(text);
    })
}

fn sign(
    args: &Args,
    genesis: Genesis,
    identity: &Path,
    out: &Path,
    context: &mut Context,
) -> Result<(), CommandError> {
    let file = NewFile::plan(out)?;
    let locked = custodians::read_identity(identity)?;
    let report = PolicyReport::of(&genesis, Vec::new())?;
    let mut fields = vec![("mode", genesis.mode.name().to_owned())];
    fields.extend(report.fields());
    let hash = genesis.hash()?;
    let doing = ("nothing was signed", "the operator");
    decoded::ask(&fields, args.confirm.as_deref(), &hash, doing, context)?;
    let identity = context.unlock_read(&locked, identity)?;
    let adoption = govern::sign_first(&genesis, &identity)
        .map_err(|error| decoded::nothing(error, "nothing was signed"))?;
    file.write_only(&adoption.to_bytes()?)?;
    let signed = Signed {
        file: out.display().to_string(),
        person: adoption.signature.name,
        genesis_hash: hash,
        words: hash.words(),
    };
    context.show(&signed, |signed, text| {
        text.line(format!("signed as {}: {}", signed.person, signed.file));
        text.fields([("genesis", signed.genesis_hash.to_string()), ("words", signed.words.clone())]);
    })
}
