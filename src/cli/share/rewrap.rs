//! `share rewrap`.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::card::PersonCard;
use crate::ceremony::custodians;
use crate::ceremony::custody::retire::retired;
use crate::ceremony::custody::rewrap::{self, Rewrapped, To};
use crate::ceremony::custody::{ShardFile, shard_files};
use crate::ceremony::journal::{Kind, Open};
use crate::ceremony::workspace::Workspace;
use crate::cli::context::Context;
use crate::cli::custodian::Artifact;
use crate::cli::error::{CommandError, ExitKind};
use crate::cli::files::{self, NewFile};
use crate::cli::fingerprint;
use crate::cli::share::{ShardReport, closed};
use crate::genesis::Chain;
use crate::identity::{FILE_CAP, LockedIdentity, PersonIdentity};
use crate::ids::{Name, Time};
use crate::wrap::recipient::Recipient;

const EXAMPLES: &str = "\
Examples:
  All your shards for your own new identity; each old file is kept as FILE.old:
    quorate share rewrap /media/a --identity old/A.identity.json --to A.identity.json --out-dir /media/a

  One shard for the person who takes over, whose card is enrolled or whose words you compared:
    quorate share rewrap A-3f0c..shard.json --identity A.identity.json --to D.card.json --out-dir for-D

  One share back to its node, to stay there:
    quorate share rewrap A-3f0c..shard.json --identity A.identity.json --to-node OFFICIAL_1 --out back.import.json

The import file, with the node's long-term keys, opens the share for good, also when it was recorded on its way. With two identities, the old one's --passphrase-file comes first. Nothing leaves this machine. Wrapping again revokes
nothing: the old file with the old identity opens the same share until the key is refreshed.";

/// What wrapping again does not do (R28).
const STILL: &str = "this revokes nothing: the old file and its copies, with the old identity, open the same share \
                     until the key's shares are refreshed; destroy them, and refresh if either was exposed";

/// Encrypts shards again on this machine: for your new identity, a successor, or a node
#[derive(clap::Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Shards, or a directory with them
    #[arg(value_name = "SHARD", required = true)]
    pub(crate) shards: Vec<PathBuf>,
    /// The identity that opens them now
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: PathBuf,
    /// A person's card, or your own new identity file
    #[arg(long, value_name = "FILE", requires = "out_dir", required_unless_present = "to_node")]
    pub(crate) to: Option<PathBuf>,
    /// Where the new shards go; made if it is missing
    #[arg(long, value_name = "DIR", conflicts_with = "to_node")]
    pub(crate) out_dir: Option<PathBuf>,
    /// Your own card that the new card replaces; default: the enrolled one, or that beside --identity
    #[arg(long, value_name = "CARD", requires = "to")]
    pub(crate) replaces: Option<PathBuf>,
    /// The words of a card that is not enrolled, or with --to-node of the pinned node set; else you are asked
    #[arg(long, value_name = "WORDS")]
    pub(crate) confirm: Option<String>,
    /// The node that holds the index, which is to keep the share
    #[arg(long, value_name = "SERVER", conflicts_with = "to", requires = "out")]
    pub(crate) to_node: Option<Name>,
    /// With --to-node: the import file to write
    #[arg(long, value_name = "FILE", requires = "to_node")]
    pub(crate) out: Option<PathBuf>,
    /// With --to-node: for how many hours the node takes it
    #[arg(long, value_name = "N", default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=168))]
    pub(crate) valid_hours: u16,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    holder: Name,
    recipient: Recipient,
    /// Where one file was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    rewrapped_key_share: Option<String>,
    shards: Vec<Line>,
    rewrapped: usize,
    skipped: usize,
    failed: usize,
}

impl Report {
    fn of(to: To<'_>, shards: Vec<Line>) -> Self {
        let count = |of: fn(&Line) -> bool| shards.iter().filter(|line| of(line)).count();
        let (skipped, failed) = (count(|line| line.skipped.is_some()), count(|line| line.error.is_some()));
        let rewrapped_key_share = match shards.as_slice() {
            [line] => line.rewrapped_key_share.clone(),
            _ => None,
        };
        let rewrapped = shards.len() - skipped - failed;
        let (holder, recipient) = (to.name().clone(), to.recipient());
        Self { holder, recipient, rewrapped_key_share, shards, rewrapped, skipped, failed }
    }
}

/// What became of one file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    from: String,
    #[serde(flatten)]
    new: Option<ShardReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rewrapped_key_share: Option<String>,
    already_there: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    retired: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<(), CommandError> {
    match (&args.to, &args.out_dir, &args.to_node, &args.out) {
        (Some(to), Some(dir), None, None) => to_person(&args, to, dir, context),
        (None, None, Some(node), Some(out)) => to_node(&args, node, out, context),
        _ => Err(CommandError::usage("either --to with --out-dir, or --to-node with --out")),
    }
}

/// Whose the shards are to be.
enum Target {
    Own(Box<PersonIdentity>),
    Card(Box<PersonCard>),
}

impl Target {
    fn as_to(&self) -> To<'_> {
        match self {
            Self::Own(identity) => To::Own(identity),
            Self::Card(card) => To::Card(card),
        }
    }
}

fn to_person(args: &Args, to: &Path, dir: &Path, context: &mut Context) -> Result<(), CommandError> {
    let closed = closed(context)?;
    let chain = closed.chain.clone();
    let paths = paths(&args.shards)?;
    let given = files::read(to, crate::codec::JSON_CAP as u64)?;
    let identity = context.unlock(&args.identity)?;
    let target = match LockedIdentity::parse(&given) {
        Ok(_) if given.len() <= FILE_CAP => Target::Own(Box::new(own(to, &identity, context)?)),
        _ => {
            let card = custodians::read_card(to).map_err(|e| no_target(e, to))?;
            check_card(args, &card, &identity, &chain, context)?;
            Target::Card(Box::new(card))
        }
    };
    let to = target.as_to();
    if to.recipient() == identity.recipient() {
        return Err(CommandError::usage("--to is the same identity as --identity").state("nothing was done"));
    }
    let mut workspace = closed.open(context)?;
    let open = begun(args);
    workspace.journal().begin(&open)?;
    let mut first_error = None;
    let mut lines = Vec::with_capacity(paths.len());
    for (path, named) in paths {
        let done = one(&path, named, &identity, to, dir, &mut workspace);
        lines.push(done.unwrap_or_else(|error| {
            let line = Line::failed(&path, &error);
            first_error.get_or_insert(error);
            line
        }));
    }
    workspace.journal().end(&open.op_id)?;
    if first_error.is_none() {
        let same = |of: &Open| of.paths.iter().all(|path| open.paths.contains(path));
        workspace.journal().done(Kind::Rewrap, same)?;
    }
    drop(workspace);
    let report = Report::of(to, lines);
    let own = matches!(target, Target::Own(_));
    context.show(&report, |report, text| {
        report.shards.iter().for_each(|line| text.line(line.text()));
        text.line(format!("for {} ({})", report.holder, report.recipient));
        if report.rewrapped > 0 && !own {
            text.line(
                "your own files stay until the new holder's receipt is there; with your identity they open still",
            );
        }
        if report.rewrapped > 0 {
            text.line(STILL);
        }
    })?;
    match first_error {
        Some(error) => Err(error
            .state(format!(
                "{} re-wrapped, {} not; of those the old files stand",
                report.rewrapped, report.failed
            ))
            .hint("run the same command again: what was done is kept")),
        None => {
            context.next(if own {
                "quorate share destroy-old FILE.old --replaced-by SHARD --identity NEW, when all copies are made"
            } else {
                "the new holder runs: quorate share receive SHARD --identity FILE --store DIR --out RECEIPT"
            });
            Ok(())
        }
    }
}

/// What the journal has of this run while it lasts: the places as they were given, and the same command.
fn begun(args: &Args) -> Open {
    let shown = |path: &PathBuf| files::quoted(path);
    let mut again = vec!["quorate share rewrap".to_owned()];
    again.extend(args.shards.iter().map(shown));
    let options = [("--identity", Some(&args.identity)), ("--to", args.to.as_ref())];
    let more = [("--replaces", args.replaces.as_ref()), ("--out-dir", args.out_dir.as_ref())];
    let given = options.into_iter().chain(more).filter_map(|(name, path)| Some((name, path?)));
    again.extend(given.map(|(name, path)| format!("{name} {}", shown(path))));
    Open {
        paths: args.shards.iter().filter_map(|path| std::path::absolute(path).ok()).collect(),
        again: Some(again.join(" ")),
        ..Open::of_run(Kind::Rewrap, None)
    }
}

/// Files, each with whether it was named itself. Where a run stopped when it had renamed all of a directory, those
/// are looked at again.
fn paths(places: &[PathBuf]) -> Result<Vec<(PathBuf, bool)>, CommandError> {
    let mut paths = Vec::new();
    for place in places {
        let named = !place.is_dir();
        let mut found = shard_files(place, false)?;
        if found.is_empty() {
            found = shard_files(place, true)?;
        }
        paths.extend(found.into_iter().map(|path| (path, named)));
    }
    if paths.is_empty() {
        return Err(
            CommandError::fixable("there is no shard in the directory given").state("nothing was done")
        );
    }
    Ok(paths)
}

fn one(
    path: &Path,
    named: bool,
    identity: &PersonIdentity,
    to: To,
    dir: &Path,
    workspace: &mut Workspace,
) -> Result<Line, CommandError> {
    // Another run may have come as far as the last step.
    let old = retired(path);
    let renamed = custodians::absent(path).is_ok() && custodians::absent(&old).is_err();
    let file = ShardFile::read(if renamed { &old } else { path }, workspace.chain()?)?;
    let header = file.shard.header();
    if !named && header.recipient != identity.recipient() {
        return Ok(Line::skipped(path, format!("it is wrapped for {}'s other recipient", header.custodian)));
    }
    let done = rewrap::rewrap(&file, identity, to, dir, workspace)?;
    Line::done(path, &done)
}

/// The custodian's own new identity.
fn own(to: &Path, old: &PersonIdentity, context: &mut Context) -> Result<PersonIdentity, CommandError> {
    let locked = custodians::read_identity(to)?;
    if locked.name() != old.name() {
        return Err(CommandError::usage(format!("{} is {}'s identity", to.display(), locked.name()))
            .state("nothing was done")
            .hint("of another person only the card is needed: --to CARD"));
    }
    context.unlock(to)
}

fn no_target(error: crate::ceremony::CeremonyError, to: &Path) -> CommandError {
    let error = CommandError::from(error);
    let message = format!("{} is no card that verifies, nor an identity: {}", to.display(), error.message);
    CommandError::new(ExitKind::Integrity, message)
        .state("nothing was wrapped for it")
        .hint("shares go to a person's card or to your own new identity, never to a bare recipient")
}

/// A card is enrolled, or replaces one's own, or a person compared its words.
fn check_card(
    args: &Args,
    card: &PersonCard,
    identity: &PersonIdentity,
    chain: &Chain,
    context: &mut Context,
) -> Result<(), CommandError> {
    let people = &chain.current().people;
    if people.iter().any(|person| person.card == *card) {
        return Ok(());
    }
    if card.card.name == *identity.name() {
        let beside = custodians::card_path(&args.identity, identity.name());
        let read = |path: &PathBuf| custodians::read_card(path);
        let given = args.replaces.as_ref().map(read).transpose()?.or_else(|| read(&beside).ok());
        let enrolled = people.iter().map(|person| person.card.clone());
        let mut known = given.into_iter().chain(enrolled);
        let vouched = known
            .any(|old| old.card.approval_key == identity.approval_key() && card.check_replaces(&old).is_ok());
        let name = &card.card.name;
        return if vouched {
            Ok(())
        } else {
            let message =
                format!("this card of {name} is not vouched for by the identity that opens the shards");
            Err(CommandError::new(ExitKind::Integrity, message)
                .state("nothing was wrapped for it")
                .hint("a new card is made with: quorate custodian keygen --replaces IDENTITY")
                .hint("or name the card it replaces: --replaces CARD"))
        };
    }
    let (hash, name) = (card.hash()?, &card.card.name);
    context
        .note(&format!("{name} is not enrolled with this card: nodes take nothing from them until they are"));
    let question = format!(
        "This card of {name} is not enrolled. Its words, as {name} must read them to you:\n  {}\nIf you hear other ones, stop.",
        hash.words()
    );
    let refusal = || {
        let message = format!("the words given with --confirm are not those of this card of {name}");
        CommandError::new(ExitKind::Integrity, message)
            .state("nothing was wrapped for it")
            .hint(format!("hear the words again; if they still differ, this is not {name}'s card"))
    };
    fingerprint::compare(args.confirm.as_deref(), &hash, (&question, "--confirm"), refusal, context)
}

impl Line {
    fn done(path: &Path, done: &Rewrapped) -> Result<Self, CommandError> {
        Ok(Self {
            new: Some(ShardReport::of(&done.path, &done.shard)?),
            rewrapped_key_share: done.shard.parcel().wrapped_key_share.clone(),
            already_there: done.already,
            retired: done.retired.as_ref().map(|path| path.display().to_string()),
            ..Self::empty(path)
        })
    }

    fn skipped(path: &Path, reason: String) -> Self {
        Self { skipped: Some(reason), ..Self::empty(path) }
    }

    fn failed(path: &Path, error: &CommandError) -> Self {
        Self { error: Some(error.message.clone()), ..Self::empty(path) }
    }

    fn empty(path: &Path) -> Self {
        let from = path.display().to_string();
        Self {
            from,
            new: None,
            rewrapped_key_share: None,
            already_there: false,
            retired: None,
            skipped: None,
            error: None,
        }
    }

    fn text(&self) -> String {
        let Self { from, new, retired, skipped, error, .. } = self;
        if let Some(why) = error {
            return format!("FAILED   {from}: {why}");
        }
        match (new, skipped) {
            (Some(new), _) => {
                let kept = retired.as_ref().map(|old| format!("; the old one is {old}")).unwrap_or_default();
                format!("wrapped  {} index {}: {}{kept}", new.key_id, new.index, new.file)
            }
            (None, why) => format!("skipped  {from}: {}", why.as_deref().unwrap_or_default()),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ImportReport {
    #[serde(flatten)]
    shard: ShardReport,
    rewrapped_key_share: Option<String>,
    node: Name,
    not_after: Time,
    import: Artifact,
}

/// A node that was replaced, because its keys were stolen perhaps, is the pinned one until somebody pins the next
/// version: a person sees which version this is.
fn check_set(args: &Args, node: &Name, chain: &Chain, context: &mut Context) -> Result<(), CommandError> {
    let (genesis, hash) = (chain.current(), chain.current_hash());
    let question = format!(
        "The share goes to {node} as of the node set that is pinned here: version {} of {}. Its words:\n  {}\n\
         The operator must read you these words as those of the set in force (quorate node card --out FILE). If you hear \
         other ones, stop:\nthe set has changed, and {node} may be in other hands.",
        genesis.sequence,
        genesis.created_at,
        hash.words()
    );
    let refusal = || {
        CommandError::new(
            ExitKind::Integrity,
            "the words given with --confirm are not those of the pinned node set",
        )
        .state("nothing was written")
        .hint("if the set has changed: quorate node pin FILE")
    };
    fingerprint::compare(args.confirm.as_deref(), &hash, (&question, "--confirm"), refusal, context)
}

fn to_node(args: &Args, node: &Name, out: &Path, context: &mut Context) -> Result<(), CommandError> {
    let closed = closed(context)?;
    let chain = closed.chain.clone();
    let [path] = args.shards.as_slice() else {
        return Err(CommandError::usage("an import is of one share: name one shard"));
    };
    let new = NewFile::plan(out)?;
    let file = ShardFile::read(path, &chain)?;
    let identity = context.unlock(&args.identity)?;
    rewrap::check_node(&file, &identity, node, &chain)
        .map_err(|e| CommandError::from(e).state("nothing was written"))?;
    check_set(args, node, &chain, context)?;
    let mut workspace = closed.open(context)?;
    let not_after = Time::now().plus_seconds(i64::from(args.valid_hours) * 3600);
    let import = rewrap::for_node(&file, &identity, node, not_after, &mut workspace)
        .map_err(|e| CommandError::from(e).state("nothing was written"))?;
    let bytes = import.to_bytes()?;
    new.write_only(&bytes)?;
    drop(workspace);
    let shard = ShardReport::of_file(&file)?;
    let report = ImportReport {
        shard,
        rewrapped_key_share: import.parcel.wrapped_key_share,
        node: node.clone(),
        not_after,
        import: Artifact::new(out, &bytes),
    };
    context.show(&report, |report, text| {
        report.shard.text(text);
        text.line(format!("import for {}, which takes it once and until {}:", report.node, report.not_after));
        report.import.text(text);
        text.line("your shard stays as it is: afterwards the share is in two places");
    })?;
    context.next(&format!(
        "give it to the operator: quorate share import {} --server {node}",
        files::quoted(out)
    ));
    Ok(())
}
