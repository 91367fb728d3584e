//! `guardian`: an identity's shares on paper, and the way back.

use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use serde::Serialize;

use crate::ceremony::guardians::Delivery;
use crate::ceremony::guardians::read::{self, Form, ShareFile};
use crate::ceremony::{CeremonyError, custodians};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::guardian::collect::{Added, Collection, Refusal};
use crate::guardian::set::GuardianSet;
use crate::guardian::slip39::Share;
use crate::guardian::wordlist;
use crate::ids::Name;
use crate::print::sheet::Paper;
use crate::secret::SecretBytes;
use crate::ui::{SecretSource, Verdict};
use crate::wrap::age_file::{self, AgeError, OpensWith};
use crate::wrap::passphrase::PassphraseError;
use crate::wrap::recipient::{self, Identity, Recipient};

pub(crate) mod check;
pub(crate) mod combine;
pub(crate) mod hand_out;
pub(crate) mod recreate;
pub(crate) mod replace;
pub(crate) mod scan;
pub(crate) mod split;

/// Words of a guardian share.
const WORDS: usize = 33;

/// Guardians hold an identity's shares on paper: some of them together restore it, fewer learn nothing
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum GuardianCommand {
    Split(split::Args),
    Check(check::Args),
    Scan(scan::Args),
    Combine(combine::Args),
    Recreate(recreate::Args),
    Replace(replace::Args),
}

impl GuardianCommand {
    pub(crate) fn run(self, context: &mut Context) -> Result<(), CommandError> {
        match self {
            Self::Split(args) => split::run(args, context),
            Self::Check(args) => check::run(args, context),
            Self::Scan(args) => scan::run(args, context),
            Self::Combine(args) => combine::run(args, context),
            Self::Recreate(args) => recreate::run(args, context),
            Self::Replace(args) => replace::run(args, context),
        }
    }
}

/// A paper size.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum PaperSize {
    A4,
    Letter,
}

impl From<PaperSize> for Paper {
    fn from(size: PaperSize) -> Self {
        match size {
            PaperSize::A4 => Self::A4,
            PaperSize::Letter => Self::Letter,
        }
    }
}

/// `NAME=age1...`: a guardian who gets an age file instead of paper.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct NamedRecipient(Name, Recipient);

impl std::str::FromStr for NamedRecipient {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, recipient) = text.split_once('=').ok_or("expected NAME=age1...")?;
        let name = name.parse().map_err(|e: crate::ids::IdError| e.to_string())?;
        Ok(Self(name, recipient.parse().map_err(|e: recipient::NotARecipient| e.to_string())?))
    }
}

/// Where shares come from. What is still missing is asked for at the terminal.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct ShareArgs {
    /// Files with shares: text, photos or scans (PNG, JPEG, PDF), or NAME.share.age
    #[arg(value_name = "SHARE")]
    pub(crate) shares: Vec<PathBuf>,
    /// Opens a NAME.share.age: the guardian's identity file, or an age key file
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: Vec<PathBuf>,
}

/// The shares in a file; secrets for encrypted ones are asked for.
pub(crate) fn read_shares(
    path: &Path,
    set: Option<&GuardianSet>,
    identities: &mut Vec<PathBuf>,
    context: &mut Context,
) -> Result<Vec<Share>, CommandError> {
    let file = ShareFile::read(path)?;
    if file.exposed() {
        context.note(&format!("{} can be read by others on this computer: chmod 600", path.display()));
    }
    // What went wrong while asking, which the closure cannot return as it is.
    let mut asked = Ok(());
    let shares = file.shares(set, |armored| {
        open(armored, file.form(), identities, context).map_err(|error| {
            let reason = CeremonyError::Refused(error.message.clone());
            asked = Err(error);
            reason
        })
    });
    asked?;
    Ok(shares?)
}

fn open(
    armored: &[u8],
    form: Form,
    identities: &mut Vec<PathBuf>,
    context: &mut Context,
) -> Result<SecretBytes, CommandError> {
    if form == Form::Age(OpensWith::Passphrase) {
        let opened = context.tries(|ui| {
            let passphrase = ui.passphrase("Passphrase of the share")?;
            match age_file::decrypt_with_passphrase(&passphrase, armored) {
                Err(AgeError::WrongKey) => Err(PassphraseError::WrongOrAltered.into()),
                other => Ok(other),
            }
        })?;
        return Ok(opened.map_err(CeremonyError::from)?);
    }
    if identities.is_empty() {
        return Err(CommandError::fixable("this share is encrypted to its guardian's identity")
            .hint("name the guardian's identity file, or age key file, with --identity (recover: --guardian-identity)"));
    }
    let path = identities.remove(0);
    let opened = match custodians::read_identity(&path) {
        Ok(_) => age_file::decrypt(context.unlock(&path)?.age(), armored),
        Err(_) => {
            let file = SecretSource::File(path.clone()).read_whole(recipient::KEY_FILE_CAP)?;
            let identity = Identity::from_key_file(file.expose())
                .map_err(|e| CommandError::fixable(format!("{} gives no identity: {e}", path.display())))?;
            age_file::decrypt(&identity, armored)
        }
    };
    Ok(opened.map_err(CeremonyError::from)?)
}

/// Takes the shares of the files, then asks at the terminal until there are enough.
fn collect(collection: &mut Collection, args: ShareArgs, context: &mut Context) -> Result<(), CommandError> {
    let ShareArgs { shares, mut identity } = args;
    for path in shares {
        let name = path.display().to_string();
        for share in read_shares(&path, collection.set(), &mut identity, context)? {
            match collection.add(share) {
                Ok(added) => context.note(&progress(&added, collection)),
                Err(Refusal::AlreadyEntered { .. }) => {
                    context.note(&format!("{name}: this share was already entered"));
                }
                Err(refusal) => return Err(refused(&name, &refusal)),
            }
        }
    }
    while collection.still_needed() != Some(0) && context.person_present() {
        if !ask(collection, context)? {
            break;
        }
    }
    match collection.still_needed() {
        Some(0) => Ok(()),
        Some(more) => Err(CommandError::fixable(format!("{} needed", more_shares(more)))
            .state("nothing was restored; no share was kept")
            .hint("run the same command with all of them at once")),
        None => Err(CommandError::fixable("no share was given").state("nothing was restored")),
    }
}

/// Lets one sheet be typed and takes it; leaving it ends the asking.
fn ask(collection: &mut Collection, context: &mut Context) -> Result<bool, CommandError> {
    let intro = match collection.still_needed() {
        Some(more) => format!("{} needed.", more_shares(more)),
        None => "The first sheet.".to_owned(),
    };
    let known = &*collection;
    let judge = |share: &Share| known.check(share).map(|_| ()).map_err(|refusal| refusal.to_string());
    let Some(share) = type_share(&intro, known.set(), &judge, context)? else { return Ok(false) };
    let added = collection.add(share).map_err(|refusal| refused("what was typed", &refusal))?;
    context.note(&progress(&added, collection));
    Ok(true)
}

/// Has a person type the words of one sheet until `judge` takes it, or the person gives it up.
fn type_share(
    intro: &str,
    set: Option<&GuardianSet>,
    judge: &dyn Fn(&Share) -> Result<(), String>,
    context: &mut Context,
) -> Result<Option<Share>, CommandError> {
    let intro = format!("{intro} Type the {WORDS} words of one sheet.");
    let mut taken = None;
    let check = &mut |words: &str| match Share::parse(words) {
        Err(error) => Verdict::Wrong(read::advice(words, &error, set)),
        Ok(share) => match judge(&share) {
            Ok(()) => {
                taken = Some(share);
                Verdict::Good
            }
            Err(reason) => Verdict::Wrong(reason),
        },
    };
    let typed = context.ui().words(&intro, wordlist::list(), WORDS, check)?;
    Ok(typed.and(taken))
}

fn progress(added: &Added, collection: &Collection) -> String {
    let owner = added.guardian.as_ref().map_or("a share".to_owned(), |name| format!("{name}'s share"));
    let more = match collection.still_needed() {
        Some(0) | None => "enough to restore".to_owned(),
        Some(more) => format!("{} needed", more_shares(more)),
    };
    format!("{owner} (number {}) is good; {more}", added.number)
}

fn more_shares(more: usize) -> String {
    if more == 1 { "1 more share is".into() } else { format!("{more} more shares are") }
}

pub(crate) fn refused(file: &str, refusal: &Refusal) -> CommandError {
    CommandError::from(CeremonyError::DamagedShare { file: file.to_owned(), reason: refusal.to_string() })
        .hint("leave it out if there are enough others")
}

/// The recipients and passphrases that replace paper for some guardians.
fn deliveries(
    names: &[Name],
    recipients: &[NamedRecipient],
    with_passphrase: &[Name],
    context: &mut Context,
) -> Result<Vec<(Name, Delivery)>, CommandError> {
    let mut deliveries = Vec::with_capacity(names.len());
    for name in names {
        let recipient = recipients.iter().find(|NamedRecipient(given, _)| given == name);
        let delivery = match recipient {
            Some(NamedRecipient(_, recipient)) => Delivery::Recipient(*recipient),
            None if with_passphrase.contains(name) => {
                let what = format!("{name}'s share");
                Delivery::Passphrase(context.new_passphrase(&what, &[name.as_str()], false)?)
            }
            None => Delivery::Sheet,
        };
        deliveries.push((name.clone(), delivery));
    }
    Ok(deliveries)
}

/// One guardian of a set, as reported.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GuardianReport {
    name: Name,
    share: u8,
    proven: bool,
}

/// A set, as reported.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SetReport {
    set_id: String,
    custodian: Name,
    recipient: Recipient,
    threshold: u8,
    guardians: Vec<GuardianReport>,
    proven: bool,
}

impl SetReport {
    pub(crate) fn of(set: &GuardianSet) -> Self {
        let body = set.body();
        let missing: Vec<&Name> = set.missing_proofs().map(|guardian| &guardian.name).collect();
        let guardians = set.guardians().iter().map(|guardian| GuardianReport {
            name: guardian.name.clone(),
            share: guardian.number(),
            proven: !missing.contains(&&guardian.name),
        });
        Self {
            set_id: body.set_id.to_string(),
            custodian: body.custodian.clone(),
            recipient: body.recipient,
            threshold: set.threshold(),
            guardians: guardians.collect(),
            proven: set.proven(),
        }
    }

    pub(crate) fn text(&self, text: &mut crate::cli::output::Text) {
        let names = |proven: bool| {
            let of_kind = self.guardians.iter().filter(|guardian| guardian.proven == proven);
            of_kind.map(|guardian| guardian.name.as_str()).collect::<Vec<_>>().join(" ")
        };
        text.fields([
            ("identity of", self.custodian.to_string()),
            ("recipient", self.recipient.to_string()),
            ("set", self.set_id.clone()),
            ("restored by", format!("any {} of {} guardians", self.threshold, self.guardians.len())),
            ("read back", names(true)),
            ("not read back", names(false)),
        ]);
    }
}

/// The default of `--threshold`: more than half.
fn majority(guardians: usize) -> u8 {
    u8::try_from(guardians / 2 + 1).unwrap_or(u8::MAX)
}
