//! `sign`.

use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use serde::Serialize;

use crate::ceremony::CeremonyError;
use crate::ceremony::custody::ShardFile;
use crate::ceremony::grants::Bearer;
use crate::ceremony::jit::{self, Statement};
use crate::ceremony::sign::{self, Signed, Wanted};
use crate::ceremony::workspace::Workspace;
use crate::cli::args::{AuthorityArgs, HashName, MessageArgs, NameList};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::files::{self, NewFile};
use crate::cli::output::Text;
use crate::cli::share::release;
use crate::codec::Hex;
use crate::curve::{Curve, Engine, Payload};
use crate::digest::Hash;
use crate::ids::{KeyId, Name};
use crate::keyshare::Purpose;
use crate::request::Content;

pub(crate) mod grant;
pub(crate) mod run;

const EXAMPLES: &str = "\
Examples:
  Sign a file with two chosen servers:
    quorate sign --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --message-file payment.json --servers OFFICIAL_1,OFFICIAL_3

  With shards that custodians brought, while the servers are empty:
    quorate sign --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --message-file payment.json \\
      --shard A.shard.json --identity A.identity.json --shard B.shard.json --identity B.identity.json

  An Ethereum message, hashed with Keccak-256:
    quorate sign --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --message-file tx.bin --hash keccak256

  A digest made elsewhere:
    quorate sign --key 3f0c9a52-6d0e-4f4c-9d1e-2f1f0a4b7c11 --digest 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/// Signs a message with any quorum of servers
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct SignCommand {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    sign: Args,
}

#[derive(Subcommand, Clone, Debug)]
enum Verb {
    Grant(grant::Args),
    Run(run::Args),
}

impl SignCommand {
    pub(crate) fn run(self, context: &mut Context) -> Result<(), CommandError> {
        match self.verb {
            Some(Verb::Grant(args)) => grant::run(args, context),
            Some(Verb::Run(args)) => run::run(args, context),
            None => run(self.sign, context),
        }
    }
}

/// What plain `sign` takes.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Args {
    /// The key's keyId
    // Absent only beside a verb.
    #[arg(long, value_name = "KEYID", required = true)]
    pub(crate) key: Option<KeyId>,
    #[command(flatten)]
    pub(crate) subject: SubjectArgs,
    /// A shard for this one signature; repeat, as many as the threshold
    #[arg(long, value_name = "FILE", requires = "identity")]
    pub(crate) shard: Vec<PathBuf>,
    /// The identity that opens the shard; one for each --shard, in the same order
    #[arg(long, value_name = "FILE", requires = "shard")]
    pub(crate) identity: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    #[command(flatten)]
    pub(crate) authority: AuthorityArgs,
}

/// What is signed, and by whom.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct SubjectArgs {
    #[command(flatten)]
    pub(crate) message: MessageArgs,
    /// How the message is hashed; default: what the curve's users expect
    #[arg(long, value_enum, value_name = "HASH", conflicts_with = "digest")]
    pub(crate) hash: Option<HashName>,
    /// The servers that sign, exactly as many as the threshold; default: chosen
    #[arg(long, value_name = "A,B,..")]
    pub(crate) servers: Option<NameList>,
    /// Sign under the BIP-341 output key (SECP256K1_SCHNORR only)
    #[arg(long)]
    pub(crate) taproot: bool,
}

impl SubjectArgs {
    /// The same, read and for a key.
    pub(crate) fn wanted(self, key_id: KeyId) -> Result<Wanted, CommandError> {
        Ok(Wanted {
            key_id,
            content: files::content(&self.message, self.hash)?,
            servers: self.servers.map(|list| list.names().to_vec()).unwrap_or_default(),
            taproot: self.taproot,
        })
    }
}

/// What becomes of the signature.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct OutputArgs {
    /// The signature's form; DER and r||s are for ECDSA, where DER is usual; json prints the whole result
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) format: Option<Format>,
    /// Write the signature's bytes to a new file; - is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// The form of a signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Format {
    /// ASN.1 DER (ECDSA)
    Der,
    /// r and s, each as long as a scalar; other signatures as they are
    Raw,
    /// One JSON object
    Json,
}

/// The signature and what it stands for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    signature: Hex,
    #[serde(skip_serializing_if = "Option::is_none")]
    r: Option<Hex>,
    #[serde(skip_serializing_if = "Option::is_none")]
    s: Option<Hex>,
    #[serde(skip_serializing_if = "Option::is_none")]
    v: Option<u8>,
    key_id: KeyId,
    curve: Curve,
    purpose: Purpose,
    root_public_key: Hex,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_key: Option<Hex>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<Hex>,
    servers: Vec<Name>,
    request_hash: Hash,
    blind: bool,
    verified: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    statements: Vec<Statement>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    let output = Output::plan(&args.output)?;
    let key_id = args.key.ok_or_else(|| CommandError::usage("--key is needed"))?;
    let wanted = args.subject.clone().wanted(key_id)?;
    let blind = matches!(wanted.content, Content::Digest { .. });
    let signed = if args.shard.is_empty() {
        let mut workspace = context.workspace_for(&args.authority)?;
        output.check(&workspace, &wanted.key_id)?;
        sign::run(&mut workspace, wanted)?
    } else {
        with_shards(&args, wanted, &output, context)?
    };
    output.show(signed, blind, context)
}

/// The identities are opened first: no other run waits while passphrases are typed.
fn with_shards(
    args: &Args,
    wanted: Wanted,
    output: &Output,
    context: &mut Context,
) -> Result<Signed, CommandError> {
    let (shards, identities) = (&args.shard, &args.identity);
    if shards.len() != identities.len() {
        return Err(CommandError::usage("each --shard needs its --identity, in the same order")
            .state("nothing was signed"));
    }
    let (mut workspace, identities) = context.workspace_for_with(&args.authority, identities)?;
    output.check(&workspace, &wanted.key_id)?;
    let mut bearers = Vec::with_capacity(shards.len());
    for (path, identity) in shards.iter().zip(identities) {
        bearers.push(Bearer { file: ShardFile::read(path, workspace.chain()?)?, identity });
    }
    Ok(jit::run(&mut workspace, wanted, &bearers)?)
}

/// Where a signature goes, planned before the work begins.
pub(crate) struct Output {
    format: Option<Format>,
    out: Option<Out>,
}

impl Output {
    pub(crate) fn plan(args: &OutputArgs) -> Result<Self, CommandError> {
        Ok(Self { format: args.format, out: args.out.as_deref().map(Out::plan).transpose()? })
    }

    /// Refuses a form that the key's signatures do not have, before one is made.
    pub(crate) fn check(&self, workspace: &Workspace, key_id: &KeyId) -> Result<(), CommandError> {
        if self.format != Some(Format::Der) {
            return Ok(());
        }
        let curve = workspace.inventory().card(key_id, workspace.chain()?)?.body().curve;
        match curve.engine() {
            Engine::Ecdsa => Ok(()),
            Engine::Frost => Err(CommandError::usage(format!("{curve} signatures have no DER form"))
                .state("nothing was signed")
                .hint("the same command without --format der")),
        }
    }

    /// Gives the signature out.
    pub(crate) fn show(self, signed: Signed, blind: bool, context: &mut Context) -> Result<(), CommandError> {
        if blind {
            context.note("UNDECODED: BLIND SIGNATURE over a bare digest; nobody saw what it stands for");
        }
        let mut report = Report::of(signed, blind)?;
        if let (Some(Format::Raw), Some(r), Some(s)) = (self.format, &report.r, &report.s) {
            report.signature = Hex([r.0.clone(), s.0.clone()].concat());
        }
        context.json |= self.format == Some(Format::Json);
        match self.out {
            None => context.show(&report, describe),
            Some(Out::Stdout) => context.write_stdout(&report.signature, true),
            Some(Out::File(file)) => {
                let made = format!("the signature was made and verified: {}", report.signature);
                file.write(&report.signature).map_err(|error| error.state(made))?;
                context.show(&report, describe)
            }
        }
    }
}

impl Report {
    fn of(signed: Signed, blind: bool) -> Result<Self, CommandError> {
        let body = signed.card.body();
        let digest = match &signed.payload {
            Payload::Digest(digest) => Some(Hex(digest.clone())),
            Payload::Message(_) => None,
        };
        Ok(Self {
            signature: signed.signature.signature,
            r: signed.signature.r,
            s: signed.signature.s,
            v: signed.signature.v,
            key_id: signed.key_id,
            curve: body.curve,
            purpose: body.purpose,
            root_public_key: body.root_public_key().map_err(CeremonyError::from)?,
            output_key: signed.output_key.map(Hex),
            digest,
            servers: signed.servers,
            request_hash: signed.request_hash,
            blind,
            // `ceremony::sign` gives out nothing that a second implementation did not verify.
            verified: true,
            statements: signed.statements,
        })
    }
}

fn describe(report: &Report, text: &mut Text) {
    let servers = report.servers.iter().map(Name::as_str).collect::<Vec<_>>().join(" ");
    let mut fields = vec![
        ("signature", report.signature.to_string()),
        ("key", report.key_id.to_string()),
        ("curve", report.curve.to_string()),
        ("purpose", report.purpose.to_string()),
        ("public key", report.root_public_key.to_string()),
    ];
    fields.extend(report.output_key.iter().map(|key| ("output key", key.to_string())));
    fields.extend(report.digest.iter().map(|digest| ("digest", digest.to_string())));
    fields.extend(report.v.iter().map(|v| ("recovery id", v.to_string())));
    fields.push(("signed by", servers));
    fields.push(("verified", "yes, by a second implementation under the key card".to_owned()));
    fields.extend(report.statements.iter().map(|signed| ("afterwards", release::stated(&signed.statement))));
    text.fields(fields);
}

enum Out {
    Stdout,
    File(NewFile),
}

impl Out {
    fn plan(path: &Path) -> Result<Self, CommandError> {
        if path.as_os_str() == "-" { Ok(Self::Stdout) } else { NewFile::plan(path).map(Self::File) }
    }
}
