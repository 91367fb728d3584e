//! `share`: shares outside of nodes.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde::Serialize;

use crate::ceremony::CeremonyError;
use crate::ceremony::custody::ShardFile;
use crate::ceremony::workspace::Workspace;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::output::Text;
use crate::codec::Hex;
use crate::curve::Curve;
use crate::digest::Hash;
use crate::genesis::Chain;
use crate::ids::{KeyId, Name, Time};
use crate::shard::Shard;
use crate::store::seal::SealKey;
use crate::wrap::recipient::Recipient;

pub(crate) mod destroy_old;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod inspect;
pub(crate) mod list;
pub(crate) mod receive;
pub(crate) mod release;
pub(crate) mod rewrap;

/// Shares outside of nodes: shards that custodians hold, and their way from one to the next
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum ShareCommand {
    Export(export::Args),
    Receive(receive::Args),
    Release(release::Args),
    Import(import::Args),
    Inspect(inspect::Args),
    Rewrap(rewrap::Args),
    DestroyOld(destroy_old::Args),
    List(list::Args),
}

impl ShareCommand {
    pub(crate) fn run(self, context: &mut Context) -> Result<(), CommandError> {
        match self {
            Self::Export(args) => export::run(args, context),
            Self::Receive(args) => receive::run(args, context),
            Self::Release(args) => release::run(args, context),
            Self::Import(args) => import::run(args, context),
            Self::Inspect(args) => inspect::run(args, context),
            Self::Rewrap(args) => rewrap::run(args, context),
            Self::DestroyOld(args) => destroy_old::run(args, context),
            Self::List(args) => list::run(args, context),
        }
    }
}

/// The workspace, if it knows a node set: shards are judged by it.
pub(crate) fn pinned(context: &mut Context) -> Result<Workspace, CommandError> {
    let workspace = context.workspace()?;
    if workspace.chain().is_err() {
        return Err(no_set());
    }
    Ok(workspace)
}

/// The pinned chain of a workspace that is not open yet: no other run waits while a person is asked.
pub(crate) struct Closed {
    home: PathBuf,
    seal: SealKey,
    pub(crate) chain: Chain,
}

/// Unseals the workspace, if it knows a node set, and leaves it closed.
pub(crate) fn closed(context: &mut Context) -> Result<Closed, CommandError> {
    let home = context.home()?;
    let chain = Workspace::peek(&home, context.primes).map_err(|error| match error {
        CeremonyError::NoNodes => no_set(),
        error => error.into(),
    })?;
    Ok(Closed { seal: context.open_seal(&home)?, home, chain })
}

impl Closed {
    /// Where the workspace is.
    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    /// Opens it, when all questions are answered.
    pub(crate) fn open(self, context: &Context) -> Result<Workspace, CommandError> {
        let workspace = Workspace::open(&self.home, self.seal, context.primes)?;
        if workspace.chain()?.current_hash() != self.chain.current_hash() {
            return Err(CommandError::fixable("another run pinned a newer node set meanwhile")
                .state("nothing was done")
                .hint("run the same command again"));
        }
        Ok(workspace)
    }
}

fn no_set() -> CommandError {
    CommandError::fixable("this home knows no node set yet, and a shard is judged by one")
        .state("nothing was done")
        .hint("quorate node pin FILE, with the file of `quorate node card --out` at the operator's")
}

/// What stands on the outside of a shard, and its file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShardReport {
    pub(crate) file: String,
    sha256: Hash,
    words: String,
    pub(crate) key_id: KeyId,
    key_words: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    alias_of: Option<KeyId>,
    curve: Curve,
    threshold: u16,
    participants: u16,
    pub(crate) index: u16,
    epoch: u32,
    root_public_key: Hex,
    custodian: Name,
    recipient: Recipient,
    server: Name,
    exported_at: Time,
    share: bool,
    aux: bool,
}

impl ShardReport {
    pub(crate) fn of(path: &Path, shard: &Shard) -> Result<Self, CommandError> {
        let (header, body) = (shard.header(), shard.card().body());
        let sha256 = shard.file_hash();
        let key_id = shard.key_id();
        Ok(Self {
            file: path.display().to_string(),
            sha256,
            words: sha256.words(),
            key_id,
            key_words: shard.card().hash().words(),
            alias_of: Some(body.key_id).filter(|own| *own != key_id),
            curve: body.curve,
            threshold: body.threshold,
            participants: body.participants,
            index: header.index,
            epoch: body.epoch,
            root_public_key: body.root_public_key().map_err(crate::ceremony::CeremonyError::from)?,
            custodian: header.custodian.clone(),
            recipient: header.recipient,
            server: header.server.clone(),
            exported_at: header.exported_at,
            share: shard.parcel().wrapped_key_share.is_some(),
            aux: shard.parcel().wrapped_aux.is_some(),
        })
    }

    pub(crate) fn of_file(file: &ShardFile) -> Result<Self, CommandError> {
        Self::of(&file.path, &file.shard)
    }

    pub(crate) fn text(&self, text: &mut Text) {
        let alias = self.alias_of.map(|own| format!(" (another id of {own})")).unwrap_or_default();
        let holds = match (self.share, self.aux) {
            (true, true) => "a share and aux",
            (true, false) => "a share",
            _ => "renewed aux, no share",
        };
        text.fields([
            ("key", format!("{}{alias}", self.key_id)),
            ("key words", self.key_words.clone()),
            ("curve", format!("{}, any {} of {}", self.curve, self.threshold, self.participants)),
            ("public key", self.root_public_key.to_string()),
            ("index", format!("{} (epoch {})", self.index, self.epoch)),
            ("holds", holds.to_owned()),
            ("custodian", self.custodian.to_string()),
            ("recipient", self.recipient.to_string()),
            ("exported", format!("by {} at {}", self.server, self.exported_at)),
            ("file", self.file.clone()),
            ("SHA-256", self.sha256.to_string()),
            ("words", self.words.clone()),
        ]);
    }
}
