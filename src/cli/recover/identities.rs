//! Identities that open the shards: from files, or from guardians' shares, in memory only.

use std::path::PathBuf;

use crate::ceremony::custody::ShardFile;
use crate::ceremony::guardians::{self, Expected};
use crate::ceremony::{CeremonyError, custodians, recover};
use crate::cli::context::Context;
use crate::cli::error::{CommandError, ExitKind};
use crate::cli::guardian::{read_shares, refused};
use crate::cli::recover::Args;
use crate::guardian::collect::{Collection, Refusal};
use crate::guardian::set::GuardianSet;
use crate::guardian::slip39::Share;
use crate::identity::PersonIdentity;
use crate::wrap::recipient::{Identity, Recipient};

/// Which identities are opened once the log has the intent.
pub(super) struct Wanted {
    files: Vec<PathBuf>,
    shares: Vec<PathBuf>,
    guardians: Vec<PathBuf>,
    sets: Vec<GuardianSet>,
}

/// Judges identity files and guardian sets by their outsides: each opens one of the shards, and each shard is opened
/// by one of them, unless guardians' shares are to open the rest.
pub(super) fn plan(args: &Args, shards: &[ShardFile]) -> Result<Wanted, CommandError> {
    let mut open: Vec<Recipient> = Vec::new();
    for path in &args.identity {
        let locked = custodians::read_identity(path)?;
        let what = format!("{}'s identity ({})", locked.name(), path.display());
        open.push(check_used(*locked.recipient(), &what, shards)?);
    }
    let mut sets = Vec::new();
    for path in &args.guardian_set {
        let set = guardians::read_set(path)?;
        let what = format!("the guardian set of {}'s identity ({})", set.body().custodian, path.display());
        open.push(check_used(set.body().recipient, &what, shards)?);
        sets.push(set);
    }
    // Without a set, the shares themselves tell whose they are only when there are enough.
    let known = args.guardian_share.is_empty() || !sets.is_empty();
    let closed = shards.iter().find(|file| !open.contains(&file.shard.header().recipient));
    if let Some(file) = closed.filter(|_| known) {
        return Err(CommandError::from(recover::no_identity(file))
            .state("nothing was opened")
            .hint("name the identity with --identity, or guardians' shares of it with --guardian-share"));
    }
    Ok(Wanted {
        files: args.identity.clone(),
        shares: args.guardian_share.clone(),
        guardians: args.guardian_identity.clone(),
        sets,
    })
}

fn check_used(recipient: Recipient, what: &str, shards: &[ShardFile]) -> Result<Recipient, CommandError> {
    if shards.iter().any(|file| file.shard.header().recipient == recipient) {
        return Ok(recipient);
    }
    Err(CommandError::fixable(format!("{what} opens none of the shards given"))
        .state("nothing was opened")
        .hint("quorate share inspect FILE tells the recipient of a shard"))
}

impl Wanted {
    /// Opens the files, then restores what guardians bring.
    pub(super) fn open(
        &self,
        shards: &[ShardFile],
        context: &mut Context,
    ) -> Result<Vec<PersonIdentity>, CommandError> {
        let mut identities = Vec::new();
        for path in &self.files {
            identities.push(context.unlock(path)?);
        }
        for collection in self.collect(context)? {
            identities.push(rebuild(&collection, shards)?);
        }
        Ok(identities)
    }

    /// The shares, sorted by the identity they belong to.
    fn collect(&self, context: &mut Context) -> Result<Vec<Collection>, CommandError> {
        let mut collections: Vec<Collection> = self.sets.iter().cloned().map(Collection::of).collect();
        let only = match self.sets.as_slice() {
            [set] => Some(set),
            _ => None,
        };
        let mut guardians = self.guardians.clone();
        for path in &self.shares {
            let name = path.display().to_string();
            for share in read_shares(path, only, &mut guardians, context)? {
                take(&mut collections, share, self.sets.is_empty())
                    .map_err(|refusal| refused(&name, &refusal))?;
            }
        }
        Ok(collections)
    }
}

/// Puts a share to those of its identity. One that was given before counts once.
fn take(collections: &mut Vec<Collection>, share: Share, any: bool) -> Result<(), Refusal> {
    let mut reason = None;
    for collection in collections.iter_mut() {
        match collection.check(&share) {
            Ok(_) => return collection.add(share).map(|_| ()),
            Err(Refusal::AlreadyEntered { .. }) => return Ok(()),
            // Of the set that it claims to be of, it says more.
            Err(refusal) => {
                let stranger = matches!(refusal, Refusal::AnotherSet(_));
                if reason.is_none() || !stranger {
                    reason = Some((refusal, stranger));
                }
            }
        }
    }
    match reason {
        Some((refusal, stranger)) if !(any && stranger) => Err(refusal),
        _ => {
            let mut collection = Collection::of_any_set();
            collection.add(share)?;
            collections.push(collection);
            Ok(())
        }
    }
}

/// The identity that enough shares make, if it opens one of the shards; its owner's name is on the shard.
fn rebuild(collection: &Collection, shards: &[ShardFile]) -> Result<PersonIdentity, CommandError> {
    if let Some(set) = collection.set() {
        let more = collection.still_needed().unwrap_or_default();
        if more > 0 {
            let who = &set.body().custodian;
            return Err(CommandError::fixable(format!(
                "{more} more guardian share(s) of {who}'s are needed"
            )));
        }
        return Ok(guardians::rebuild(collection, &Expected::of_set(set))?);
    }
    let recipient = Identity::from_secret(collection.finish().map_err(CeremonyError::from)?).recipient();
    let file = shards.iter().find(|file| file.shard.header().recipient == recipient);
    let file = file.ok_or_else(|| {
        let message = "what the guardians' shares make is no identity that opens one of the shards";
        CommandError::new(ExitKind::Integrity, message)
            .hint("shares of another person or set, or an altered share, may be among them")
            .hint("with --guardian-set each share is checked alone, and a damaged one is named")
    })?;
    let name = file.shard.header().custodian.clone();
    Ok(guardians::rebuild(collection, &Expected { name, recipient, approval_key: None })?)
}
