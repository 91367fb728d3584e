//! `key`: threshold keys.

use clap::Subcommand;
use serde::Serialize;

use crate::ceremony::CeremonyError;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::output::Text;
use crate::codec::Hex;
use crate::curve::Curve;
use crate::digest::Hash;
use crate::ids::{KeyId, Label, Name};
use crate::keyshare::{KeyCard, Purpose};

pub(crate) mod abandon;
pub(crate) mod alias;
pub(crate) mod generate;
pub(crate) mod list;
pub(crate) mod locks;
pub(crate) mod mark_exposed;
pub(crate) mod rebuild_inventory;
pub(crate) mod resume;
pub(crate) mod show;
pub(crate) mod unlock;

/// Threshold keys
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum KeyCommand {
    Generate(generate::Args),
    List(list::Args),
    Show(show::Args),
    Resume(resume::Args),
    Abandon(abandon::Args),
    Alias(alias::Args),
    Locks(locks::Args),
    Unlock(unlock::Args),
    MarkExposed(mark_exposed::Args),
    RebuildInventory(rebuild_inventory::Args),
}

impl KeyCommand {
    pub(crate) fn run(self, context: &mut Context) -> Result<(), CommandError> {
        match self {
            Self::Generate(args) => generate::run(args, context),
            Self::List(args) => list::run(args, context),
            Self::Show(args) => show::run(args, context),
            Self::Resume(args) => resume::run(args, context),
            Self::Abandon(args) => abandon::run(args, context),
            Self::Locks(args) => locks::run(args, context),
            Self::Unlock(args) => unlock::run(args, context),
            Self::Alias(args) => alias::run(args, context),
            Self::MarkExposed(args) => mark_exposed::run(args, context),
            Self::RebuildInventory(args) => rebuild_inventory::run(args, context),
        }
    }
}

/// A key as JSON names it; the fields follow its card.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyReport {
    key_id: KeyId,
    #[serde(skip_serializing_if = "Option::is_none")]
    alias_of: Option<KeyId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<Label>,
    purpose: Purpose,
    curve: Curve,
    threshold: u16,
    participants: u16,
    servers: Vec<Name>,
    root_public_key: Hex,
    group_public_key: Hex,
    epoch: u32,
    key_card_hash: Hash,
    words: String,
}

impl KeyReport {
    pub(crate) fn of(card: &KeyCard) -> Result<Self, CommandError> {
        let body = card.body();
        Ok(Self {
            key_id: body.key_id,
            alias_of: None,
            label: body.label.clone(),
            purpose: body.purpose,
            curve: body.curve,
            threshold: body.threshold,
            participants: body.participants,
            servers: body.roster.clone(),
            root_public_key: body.root_public_key().map_err(CeremonyError::from)?,
            group_public_key: body.group_public_key.clone(),
            epoch: body.epoch,
            key_card_hash: card.hash(),
            words: card.hash().words(),
        })
    }

    /// The same key by the id it was asked for.
    pub(crate) fn under(mut self, key_id: KeyId, label: Option<Label>) -> Self {
        if key_id != self.key_id {
            self.alias_of = Some(std::mem::replace(&mut self.key_id, key_id));
            self.label = label.or(self.label);
        }
        self
    }

    /// With who holds its indices now, after nodes were replaced.
    pub(crate) fn held_by(self, servers: Vec<Name>) -> Self {
        Self { servers, ..self }
    }

    pub(crate) fn text(&self, text: &mut Text) {
        let label = self.label.as_ref().map(ToString::to_string).unwrap_or_else(|| "-".into());
        let servers = self.servers.iter().map(Name::as_str).collect::<Vec<_>>().join(" ");
        let alias = self.alias_of.map_or_else(String::new, |id| format!(" (alias of {id})"));
        text.fields([
            ("key", format!("{}{alias}", self.key_id)),
            ("label", label),
            ("purpose", self.purpose.to_string()),
            ("curve", self.curve.to_string()),
            ("quorum", format!("any {} of {}", self.threshold, self.participants)),
            ("servers", servers),
            ("public key", self.root_public_key.to_string()),
            ("key card", self.key_card_hash.to_string()),
            ("words", self.words.clone()),
        ]);
    }
}
