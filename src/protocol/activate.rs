//! Activation: every node signs the key card, and a t-subset proves the key over it (R8). It follows
//! generation in the same session, or finishes a key later whose shares are durable but whose card was
//! never completed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Context, Fault, Inbox, Outgoing, Party, Step,
    dkg::library,
    frost::{self, Committed, Signed, Signer},
};
use crate::{
    codec::{self, Hex},
    curve::Suite,
    digest::Hash,
    keyshare::{DirtyKeyCard, KeyCardBody, KeyShare, proof_message},
    signing_key::{PublicKey, Signature},
    with_suite,
};

const MESSAGE_CAP: usize = 1024;

/// The first party state. `signature` is this node's over the card: giving it says that the share is
/// durable. `keys` are the roster's signing keys, in its order.
pub fn party(
    share: &KeyShare,
    signature: Signature,
    keys: Vec<PublicKey>,
) -> Result<Box<dyn Party<DirtyKeyCard>>, Fault> {
    let card = share.card().clone();
    let hash = card.hash()?;
    let common = Common { card, hash, signature, keys };
    with_suite!(common.card.curve, C => {
        let public = share.card().public_package::<C>()?;
        // The first t indices of the roster prove the key.
        let signer = (share.index() <= common.card.threshold)
            .then(|| share.key_package::<C>().map(|key| Signer::new(key, public)))
            .transpose()?;
        let package = share.card().public_package::<C>()?;
        Ok(Box::new(Start::<C> { common, signer, package }))
    })
}

struct Common {
    card: KeyCardBody,
    hash: Hash,
    signature: Signature,
    keys: Vec<PublicKey>,
}

impl Common {
    fn proves(&self, index: u16) -> bool {
        index <= self.card.threshold
    }
}

struct Start<C: Suite> {
    common: Common,
    signer: Option<Signer<C>>,
    package: frost_core::keys::PublicKeyPackage<C>,
}

impl<C: Suite> Party<DirtyKeyCard> for Start<C> {
    fn step(self: Box<Self>, context: &mut Context<'_>, _: Inbox) -> Result<Step<DirtyKeyCard>, Fault> {
        let Self { common, signer, package } = *self;
        let (state, commitments) = match signer {
            Some(signer) => {
                let (state, commitments) = signer.commit(context)?;
                (Some(state), commitments)
            }
            None => (None, Vec::new()),
        };
        let message = First { card_hash: common.hash, commitments: Hex(commitments) };
        let broadcast = codec::to_cbor("activation message", &message)?;
        send(broadcast, Round1 { common, state, package })
    }
}

struct Round1<C: Suite> {
    common: Common,
    state: Option<Committed<C>>,
    package: frost_core::keys::PublicKeyPackage<C>,
}

impl<C: Suite> Party<DirtyKeyCard> for Round1<C> {
    fn step(self: Box<Self>, context: &mut Context<'_>, inbox: Inbox) -> Result<Step<DirtyKeyCard>, Fault> {
        let Self { common, state, package } = *self;
        let mut commitments = BTreeMap::new();
        for (index, bytes) in inbox.broadcasts {
            let first: First = read(index, &bytes)?;
            if first.card_hash != common.hash {
                // The echo showed everyone the same messages, and all of the card follows from them.
                return Err(Fault::by(index, "it computed another key card from the same messages"));
            }
            if common.proves(index) == first.commitments.is_empty() {
                return Err(Fault::by(index, "its nonce commitments are missing or not due"));
            }
            if common.proves(index) {
                commitments.insert(index, first.commitments.0);
            }
        }
        let message = proof_message(&common.hash);
        let (state, share) = match state {
            Some(state) => {
                let (state, share) = state.sign(context, &commitments, &message)?;
                (Proof::Signer(state), share)
            }
            None => {
                // As the signers do: nothing is sent on top of what cannot become a proof.
                frost::read_commitments::<C>(&commitments)?;
                (Proof::Witness(package), Vec::new())
            }
        };
        let second = Second { signature: common.signature, share: Hex(share) };
        let broadcast = codec::to_cbor("activation message", &second)?;
        send(broadcast, Round2 { common, state, commitments })
    }
}

enum Proof<C: Suite> {
    Signer(Signed<C>),
    Witness(frost_core::keys::PublicKeyPackage<C>),
}

struct Round2<C: Suite> {
    common: Common,
    state: Proof<C>,
    commitments: BTreeMap<u16, Vec<u8>>,
}

impl<C: Suite> Party<DirtyKeyCard> for Round2<C> {
    fn step(self: Box<Self>, context: &mut Context<'_>, inbox: Inbox) -> Result<Step<DirtyKeyCard>, Fault> {
        let Self { common, state, commitments } = *self;
        let mut signatures = BTreeMap::from([(context.me, common.signature)]);
        let mut shares = BTreeMap::new();
        for (index, bytes) in inbox.broadcasts {
            let second: Second = read(index, &bytes)?;
            let key = usize::from(index).checked_sub(1).and_then(|i| common.keys.get(i));
            let key = key.ok_or_else(|| Fault::local("a node's key is missing"))?;
            key.verify(&common.hash, &second.signature)
                .map_err(|_| Fault::by(index, "its signature on the key card does not verify"))?;
            signatures.insert(index, second.signature);
            if common.proves(index) {
                shares.insert(index, second.share.0);
            }
        }
        let proof = match state {
            Proof::Signer(state) => state.aggregate(context, &shares)?,
            Proof::Witness(package) => {
                frost::aggregate(context, &package, &commitments, &shares, &proof_message(&common.hash))?
            }
        };
        Ok(Step::Done(DirtyKeyCard {
            card: common.card,
            signatures: signatures.into_values().collect(),
            proof: Hex(proof.serialize().map_err(library)?),
        }))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct First {
    card_hash: Hash,
    commitments: Hex,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Second {
    signature: Signature,
    share: Hex,
}

fn read<T: serde::de::DeserializeOwned>(index: u16, bytes: &[u8]) -> Result<T, Fault> {
    codec::from_cbor("activation message", bytes, MESSAGE_CAP).map_err(|e| Fault::by(index, e.to_string()))
}

fn send(broadcast: Vec<u8>, party: impl Party<DirtyKeyCard> + 'static) -> Result<Step<DirtyKeyCard>, Fault> {
    Ok(Step::Send(Outgoing { broadcast: Some(broadcast), direct: BTreeMap::new() }, Box::new(party)))
}
