//! `custodian`: a person's identity, from making it to proving it.

use std::path::Path;

use clap::Subcommand;
use serde::Serialize;

use crate::card::PersonCard;
use crate::ceremony::custodians;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::output::Text;
use crate::digest::Hash;
use crate::identity::PersonIdentity;
use crate::ids::Name;
use crate::signing_key::PublicKey;
use crate::wrap::recipient::Recipient;

pub(crate) mod card;
pub(crate) mod challenge;
pub(crate) mod keygen;
pub(crate) mod passphrase;
pub(crate) mod prove;
pub(crate) mod show;
pub(crate) mod unlock_check;
pub(crate) mod verify;

/// A custodian's own identity: an age key and an approval key under one passphrase
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum CustodianCommand {
    Keygen(keygen::Args),
    Show(show::Args),
    Card(card::Args),
    Passphrase(passphrase::Args),
    UnlockCheck(unlock_check::Args),
    Challenge(challenge::Args),
    Prove(prove::Args),
    Verify(verify::Args),
}

impl CustodianCommand {
    pub(crate) fn run(self, context: &mut Context) -> Result<(), CommandError> {
        match self {
            Self::Keygen(args) => keygen::run(args, context),
            Self::Show(args) => show::run(args, context),
            Self::Card(args) => card::run(args, context),
            Self::Passphrase(args) => passphrase::run(args, context),
            Self::UnlockCheck(args) => unlock_check::run(args, context),
            Self::Challenge(args) => challenge::run(args, context),
            Self::Prove(args) => prove::run(args, context),
            Self::Verify(args) => verify::run(args, context),
        }
    }
}

/// Opens an identity and reads the card beside it.
pub(crate) fn with_card(
    path: &Path,
    context: &mut Context,
) -> Result<(PersonIdentity, PersonCard), CommandError> {
    let identity = context.unlock(path)?;
    let card = custodians::read_card(&custodians::card_path(path, identity.name()))?;
    Ok((identity, card))
}

/// A person's public keys, with the card's fingerprint where there is a card.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Person {
    name: Name,
    recipient: Recipient,
    approval_key: PublicKey,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<Hash>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
}

impl Person {
    pub(crate) fn of_card(card: &PersonCard) -> Result<Self, CommandError> {
        let hash = card.hash()?;
        let card = &card.card;
        Ok(Self {
            name: card.name.clone(),
            recipient: card.recipient,
            approval_key: card.approval_key,
            fingerprint: Some(hash),
            words: Some(hash.words()),
        })
    }

    pub(crate) fn without_card(name: &Name, recipient: &Recipient, approval_key: &PublicKey) -> Self {
        let (name, recipient, approval_key) = (name.clone(), *recipient, *approval_key);
        Self { name, recipient, approval_key, fingerprint: None, words: None }
    }

    /// Name and value of each line.
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![
            ("name", self.name.to_string()),
            ("recipient", self.recipient.to_string()),
            ("approval key", self.approval_key.0.to_string()),
        ];
        fields.extend(self.fingerprint.map(|hash| ("fingerprint", hash.to_string())));
        fields.extend(self.words.clone().map(|words| ("words", words)));
        fields
    }
}

/// A file this command wrote, with what people compare it by.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Artifact {
    pub(crate) file: String,
    pub(crate) sha256: Hash,
    pub(crate) words: String,
}

impl Artifact {
    pub(crate) fn new(path: &Path, bytes: &[u8]) -> Self {
        let sha256 = Hash::plain(bytes);
        Self { file: path.display().to_string(), sha256, words: sha256.words() }
    }

    pub(crate) fn text(&self, text: &mut Text) {
        text.fields([("file", &self.file), ("SHA-256", &self.sha256.to_string()), ("words", &self.words)]);
    }
}
