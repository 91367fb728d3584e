//! Where a recovered key goes: an age file, or a terminal. Judged before anything is opened.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::OutputArgs;
use crate::card::PersonCard;
use crate::ceremony::custodians;
use crate::ceremony::recover::{self, Recovery};
use crate::ceremony::workspace::Workspace;
use crate::cli::context::Context;
use crate::cli::custodian::Artifact;
use crate::cli::error::{CommandError, ExitKind};
use crate::cli::files::{self, NewFile};
use crate::cli::fingerprint;
use crate::cli::output::Text;
use crate::codec::Hex;
use crate::curve::Curve;
use crate::genesis::Chain;
use crate::identity::PersonIdentity;
use crate::ids::{KeyId, Name, OpId};
use crate::keyshare::{KeyCard, KeyCardBody, Purpose};
use crate::recovery::{ExposureNotice, KeyFormat, Network, RecoveredKey, RecoveryError, ethereum_address};
use crate::request::{Action, SignedRequest};
use crate::ui::UiError;
use crate::wrap::recipient::Recipient;

/// What was decided of the output.
pub(super) struct Output {
    target: Target,
    format: KeyFormat,
    network: Network,
    notice: PathBuf,
}

enum Target {
    File { recipient: Recipient, owner: Option<Name>, path: PathBuf },
    Terminal,
}

/// What is told of a recovery; never the key.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    key_id: KeyId,
    words: String,
    op_id: OpId,
    curve: Curve,
    purpose: Purpose,
    epoch: u32,
    indices: Vec<u16>,
    root_public_key: Hex,
    group_public_key: Hex,
    format: KeyFormat,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<Recipient>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_file: Option<Artifact>,
    shown: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<Artifact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caveat: Option<&'static str>,
}

impl Output {
    /// The key goes to a screen and nowhere else.
    pub(super) fn is_shown_only(&self) -> bool {
        matches!(self.target, Target::Terminal)
    }

    /// That the key goes to whom the request names, if it goes into a file; on the terminal it is in the hands of those who
    /// sit there.
    pub(super) fn check_approved(&self, signed: &SignedRequest) -> Result<(), CommandError> {
        let Action::Recover(params) = &signed.request.action else { return Ok(()) };
        match &self.target {
            Target::File { recipient, .. } if *recipient != params.recipient => {
                let (owner, approved) = (&params.owner, &params.recipient);
                let message = format!("the request is for {owner}, {approved}; --to names another recipient");
                Err(CommandError::new(ExitKind::Denied, message)
                    .state("nothing was opened")
                    .hint(format!("--to {approved}")))
            }
            _ => Ok(()),
        }
    }

    /// Everything that can be refused of it: format and curve, recipient, files in the way, no terminal.
    pub(super) fn plan(
        args: &OutputArgs,
        card: &KeyCard,
        chain: &Chain,
        context: &mut Context,
    ) -> Result<Self, CommandError> {
        let body = card.body();
        let format = KeyFormat::choose(args.format.map(Into::into), body.curve)?;
        if args.network.is_some() && format != KeyFormat::Wif {
            return Err(RecoveryError::Network(format).into());
        }
        let beside = args.out.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        let notice = match &args.notice {
            Some(path) => path.clone(),
            None => beside.join(ExposureNotice::file_name(&body.key_id)),
        };
        if recover::notice_there(&notice, card, chain)?.is_none() {
            NewFile::plan(&notice)?;
        }
        let target = match (&args.to, &args.out) {
            (Some(to), Some(out)) => {
                NewFile::plan(out)?;
                if std::path::absolute(out).ok() == std::path::absolute(&notice).ok() {
                    let message = "--out and --notice are the same file";
                    return Err(CommandError::usage(message).state("nothing was put out"));
                }
                let (recipient, owner) = recipient(to, args.confirm.as_deref(), chain, context)?;
                Target::File { recipient, owner, path: out.clone() }
            }
            _ if args.reveal => {
                context.ui().can_reveal()?;
                Target::Terminal
            }
            _ => {
                return Err(CommandError::usage(
                    "either --to with --out, or --reveal: the key is never printed",
                )
                .state("nothing was put out"));
            }
        };
        let network = args.network.map(Network::from).unwrap_or_default();
        Ok(Self { target, format, network, notice })
    }

    /// Notice first, then the key, then the end in the log.
    pub(super) fn put_out(
        &self,
        (recovery, key): (&Recovery, &RecoveredKey),
        (identities, indices): (&[PersonIdentity], Vec<u16>),
        workspace: &mut Workspace,
        context: &mut Context,
    ) -> Result<Report, CommandError> {
        let notice = recovery.expose(key, identities, &self.notice, workspace).map_err(|error| {
            CommandError::from(error)
                .state("no key was put out; it was whole on this machine, so it counts as exposed")
                .hint("the same command again, with --notice and --out where files can be written")
        })?;
        let notice = notice.map(|notice| notice.to_bytes()).transpose()?;
        let mut report = self.report(recovery, indices, key.card())?;
        report.notice = notice.map(|bytes| Artifact::new(&self.notice, &bytes));
        let handed = self.hand_over((recovery, key), &mut report, workspace, context);
        let notice = report.notice.as_ref().map(|notice| format!(" ({})", notice.file)).unwrap_or_default();
        handed
            .map_err(|error| error.state(format!("{}, so it counts as exposed{notice}", report.put_out())))?;
        Ok(report)
    }

    fn hand_over(
        &self,
        (recovery, key): (&Recovery, &RecoveredKey),
        report: &mut Report,
        workspace: &mut Workspace,
        context: &mut Context,
    ) -> Result<(), CommandError> {
        match &self.target {
            Target::File { recipient, path, .. } => {
                let bytes = recover::write_key(key, (self.format, self.network), recipient, path)?;
                report.key_file = Some(Artifact::new(path, &bytes));
                recovery.complete(workspace, &recipient.to_string())?;
            }
            Target::Terminal => {
                let text = key.write(self.format, self.network)?;
                let card = key.card();
                let title = format!("The private key of {} ({}, {})", card.key_id, card.curve, self.format);
                let revealed = context.ui().reveal(&title, &text, "Show");
                // Whatever ended it, whoever sits there may have read it.
                report.shown = matches!(revealed, Ok(()) | Err(UiError::Shown(_)));
                if report.shown {
                    recovery.complete(workspace, "terminal")?;
                }
                revealed?;
            }
        }
        Ok(())
    }

    fn report(
        &self,
        recovery: &Recovery,
        indices: Vec<u16>,
        card: &KeyCardBody,
    ) -> Result<Report, CommandError> {
        let address = match self.format {
            KeyFormat::Eth => Some(ethereum_address(&card.group_public_key)?),
            _ => None,
        };
        let (recipient, owner) = match &self.target {
            Target::File { recipient, owner, .. } => (Some(*recipient), owner.clone()),
            Target::Terminal => (None, None),
        };
        Ok(Report {
            key_id: card.key_id,
            words: recovery.card.hash().words(),
            op_id: recovery.op_id,
            curve: card.curve,
            purpose: card.purpose,
            epoch: card.epoch,
            indices,
            root_public_key: card.root_public_key().map_err(RecoveryError::from)?,
            group_public_key: card.group_public_key.clone(),
            format: self.format,
            address,
            recipient,
            owner,
            key_file: None,
            shown: false,
            notice: None,
            caveat: self.format.caveat(card.curve),
        })
    }
}

impl Report {
    /// Where the key is now, for what fails afterwards.
    pub(super) fn put_out(&self) -> String {
        match &self.key_file {
            Some(file) => format!("the key was written to {}", file.file),
            None if self.shown => "the key was shown on this terminal".into(),
            None => "no key was put out, or not whole; it was whole on this machine".into(),
        }
    }

    pub(super) fn text(&self, text: &mut Text) {
        let indices = self.indices.iter().map(u16::to_string).collect::<Vec<_>>().join(" ");
        text.line("recovered, and checked against the key card");
        let mut fields = vec![
            ("key", self.key_id.to_string()),
            ("words", self.words.clone()),
            (
                "curve",
                format!("{}, for {} (epoch {}, indices {indices})", self.curve, self.purpose, self.epoch),
            ),
            ("public key", self.root_public_key.to_string()),
            ("format", self.format.to_string()),
        ];
        fields.extend(self.address.clone().map(|address| ("address", address)));
        fields.extend(self.owner.as_ref().map(|owner| ("for", owner.to_string())));
        fields.extend(self.recipient.map(|recipient| ("recipient", recipient.to_string())));
        text.fields(fields);
        if let Some(file) = &self.key_file {
            file.text(text);
        }
        if let Some(caveat) = self.caveat {
            text.line(format!("Beware: {caveat}"));
        }
        text.line("this key is EXPOSED from now on");
        match &self.notice {
            Some(notice) => {
                text.line("notice for the operator:");
                notice.text(text);
            }
            None => text.line(
                "no notice was signed: none of the identities used is of a custodian enrolled for this key now",
            ),
        }
    }

    /// What the operator does with the notice.
    pub(super) fn next(&self) -> Option<String> {
        let notice = self.notice.as_ref()?;
        Some(format!("quorate key mark-exposed {}", files::quoted(Path::new(&notice.file))))
    }
}

/// `age1...`, or the recipient of a card that is enrolled or whose words were compared.
fn recipient(
    to: &str,
    confirm: Option<&str>,
    chain: &Chain,
    context: &mut Context,
) -> Result<(Recipient, Option<Name>), CommandError> {
    if to.starts_with("age1") {
        let recipient = to.parse().map_err(|e: crate::wrap::recipient::NotARecipient| {
            CommandError::usage(e.to_string()).state("nothing was put out")
        })?;
        return Ok((recipient, None));
    }
    let card = custodians::read_card(Path::new(to))
        .map_err(|e| CommandError::from(e).state("nothing was put out"))?;
    check_card(&card, confirm, chain, context)?;
    Ok((card.card.recipient, Some(card.card.name.clone())))
}

fn check_card(
    card: &PersonCard,
    confirm: Option<&str>,
    chain: &Chain,
    context: &mut Context,
) -> Result<(), CommandError> {
    if chain.current().people.iter().any(|person| person.card == *card) {
        return Ok(());
    }
    let (hash, name) = (card.hash()?, &card.card.name);
    let question = format!(
        "This card of {name} is not enrolled, and the private key would be encrypted to it. Its words, as {name} must read them to you:\n  {}\nIf you hear other ones, stop.",
        hash.words()
    );
    let refusal = || {
        let message = format!("the words given with --confirm are not those of this card of {name}");
        CommandError::new(ExitKind::Integrity, message).state("nothing was put out")
    };
    fingerprint::compare(confirm, &hash, (&question, "--confirm"), refusal, context)
}
