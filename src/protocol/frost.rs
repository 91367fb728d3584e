//! FROST (RFC 9591): one Schnorr signature by the parties of the session. Nonces are made inside the
//! session, consumed by value, and never written.

use std::collections::BTreeMap;

use frost_core::{
    Identifier, Signature, SigningPackage,
    keys::{KeyPackage, PublicKeyPackage},
    round1::{self, NonceCommitment, SigningCommitments, SigningNonces},
    round2::{self, SignatureShare},
};
use frost_secp256k1_tr::{Secp256K1Sha256TR, keys::Tweak};
use serde::{Deserialize, Serialize};

use super::{
    Context, Fault, Inbox, Outgoing, Party, Step,
    dkg::{Rng, blame, identifier, library},
};
use crate::{
    codec::{self, Hex},
    curve::{self, Curve, Payload, Suite},
    keyshare::{KeyShare, PROOF_PREFIX},
};

const MESSAGE_CAP: usize = 1024;

/// A signing party for a Schnorr key: EdDSA over the whole message, or BIP-340 over 32 bytes. What only a
/// key card may ask to be signed is refused.
pub fn party(share: &KeyShare, payload: &Payload, taproot: bool) -> Result<Box<dyn Party<Vec<u8>>>, Fault> {
    let curve = share.card().curve;
    let message = match payload {
        Payload::Message(message) if message.starts_with(PROOF_PREFIX) => {
            return Err(Fault::local("the message begins like a proof of a key card and is never signed"));
        }
        Payload::Message(message) if curve != Curve::Secp256k1Schnorr => message.clone(),
        Payload::Digest(digest) if curve == Curve::Secp256k1Schnorr && digest.len() == 32 => digest.clone(),
        _ => return Err(Fault::local(format!("this is not what {curve} keys sign"))),
    };
    if taproot && curve != Curve::Secp256k1Schnorr {
        return Err(Fault::local(format!("{curve} keys have no Taproot output key")));
    }
    match curve {
        Curve::Ed25519 => sign_with::<frost_ed25519::Ed25519Sha512>(share, message),
        Curve::Ed448 => sign_with::<curve::suite::Ed448Shake256>(share, message),
        Curve::Secp256k1Schnorr => bip340(share, message, taproot),
        _ => Err(Fault::local(format!("{curve} keys do not sign with FROST"))),
    }
}

fn sign_with<C: Suite>(share: &KeyShare, message: Vec<u8>) -> Result<Box<dyn Party<Vec<u8>>>, Fault> {
    let (key, public) = (share.key_package::<C>()?, share.card().public_package::<C>()?);
    Ok(Box::new(Start { signer: Signer::new(key, public), message }))
}

/// The key was generated in the plain secp256k1 suite (the taproot suite's own DKG tweaks the key and
/// loses the internal one); it is re-typed for signing. The suite handles odd Y.
fn bip340(share: &KeyShare, message: Vec<u8>, taproot: bool) -> Result<Box<dyn Party<Vec<u8>>>, Fault> {
    type Tr = Secp256K1Sha256TR;
    let (key, public) = (share.key_package::<Tr>()?, share.card().public_package::<Tr>()?);
    let (key, public) =
        if taproot { (key.tweak::<&[u8]>(None), public.tweak::<&[u8]>(None)) } else { (key, public) };
    Ok(Box::new(Start { signer: Signer::new(key, public), message }))
}

/// A share and what all shares' signatures are checked with.
pub(super) struct Signer<C: Suite> {
    key: KeyPackage<C>,
    public: PublicKeyPackage<C>,
}

impl<C: Suite> Signer<C> {
    pub(super) fn new(key: KeyPackage<C>, public: PublicKeyPackage<C>) -> Self {
        Self { key, public }
    }

    /// Fresh nonces and their commitments, encoded for broadcast.
    pub(super) fn commit(self, context: &mut Context<'_>) -> Result<(Committed<C>, Vec<u8>), Fault> {
        let mut rng = Rng(context.rng);
        let (nonces, commitments) = round1::commit(self.key.signing_share(), &mut rng);
        let point = |c: &NonceCommitment<C>| curve::point_bytes::<C>(&c.value()).map(Hex);
        let message =
            Commitments { hiding: point(commitments.hiding())?, binding: point(commitments.binding())? };
        let encoded = codec::to_cbor("nonce commitments", &message)?;
        Ok((Committed { signer: self, nonces, commitments }, encoded))
    }
}

/// After round 1: nonces wait for the others' commitments.
pub(super) struct Committed<C: Suite> {
    signer: Signer<C>,
    nonces: SigningNonces<C>,
    commitments: SigningCommitments<C>,
}

impl<C: Suite> Committed<C> {
    /// This party's signature share. The nonces are gone afterwards.
    pub(super) fn sign(
        self,
        context: &Context<'_>,
        received: &BTreeMap<u16, Vec<u8>>,
        message: &[u8],
    ) -> Result<(Signed<C>, Vec<u8>), Fault> {
        let mut commitments = read_commitments(received)?;
        commitments.insert(identifier(context.me)?, self.commitments);
        let package = SigningPackage::new(commitments, message);
        let share = round2::sign(&package, &self.nonces, &self.signer.key).map_err(library)?;
        let encoded = share.serialize();
        Ok((Signed { signer: self.signer, package, share }, encoded))
    }
}

/// After round 2: waits for the others' signature shares.
pub(super) struct Signed<C: Suite> {
    signer: Signer<C>,
    package: SigningPackage<C>,
    share: SignatureShare<C>,
}

impl<C: Suite> Signed<C> {
    /// The signature; bad shares name their senders.
    pub(super) fn aggregate(
        self,
        context: &Context<'_>,
        received: &BTreeMap<u16, Vec<u8>>,
    ) -> Result<Signature<C>, Fault> {
        let mut shares = read_shares(received)?;
        shares.insert(identifier(context.me)?, self.share);
        combine(context, &self.package, shares, &self.signer.public)
    }
}

/// The signature, put together by a party that did not sign: all commitments and shares are received.
pub(super) fn aggregate<C: Suite>(
    context: &Context<'_>,
    public: &PublicKeyPackage<C>,
    commitments: &BTreeMap<u16, Vec<u8>>,
    shares: &BTreeMap<u16, Vec<u8>>,
    message: &[u8],
) -> Result<Signature<C>, Fault> {
    let package = SigningPackage::new(read_commitments(commitments)?, message);
    combine(context, &package, read_shares(shares)?, public)
}

fn combine<C: Suite>(
    context: &Context<'_>,
    package: &SigningPackage<C>,
    shares: BTreeMap<Identifier<C>, SignatureShare<C>>,
    public: &PublicKeyPackage<C>,
) -> Result<Signature<C>, Fault> {
    let all = frost_core::CheaterDetection::AllCheaters;
    frost_core::aggregate_custom(package, &shares, public, all).map_err(|e| blame(context, e))
}

pub(super) fn read_commitments<C: Suite>(
    received: &BTreeMap<u16, Vec<u8>>,
) -> Result<BTreeMap<Identifier<C>, SigningCommitments<C>>, Fault> {
    let read = |(index, bytes): (&u16, &Vec<u8>)| {
        let commitments = Commitments::decode::<C>(bytes).map_err(|reason| Fault::by(*index, reason))?;
        Ok((identifier(*index)?, commitments))
    };
    received.iter().map(read).collect()
}

fn read_shares<C: Suite>(
    received: &BTreeMap<u16, Vec<u8>>,
) -> Result<BTreeMap<Identifier<C>, SignatureShare<C>>, Fault> {
    let read = |(index, bytes): (&u16, &Vec<u8>)| {
        let share = curve::scalar_from::<C>(bytes)
            .ok()
            .and_then(|_| SignatureShare::deserialize(bytes).ok())
            .ok_or_else(|| Fault::by(*index, "its signature share is not a canonical scalar"))?;
        Ok((identifier(*index)?, share))
    };
    received.iter().map(read).collect()
}

struct Start<C: Suite> {
    signer: Signer<C>,
    message: Vec<u8>,
}

impl<C: Suite> Party<Vec<u8>> for Start<C> {
    fn step(self: Box<Self>, context: &mut Context<'_>, _: Inbox) -> Result<Step<Vec<u8>>, Fault> {
        let (state, broadcast) = self.signer.commit(context)?;
        next(broadcast, Round1 { state, message: self.message })
    }
}

struct Round1<C: Suite> {
    state: Committed<C>,
    message: Vec<u8>,
}

impl<C: Suite> Party<Vec<u8>> for Round1<C> {
    fn step(self: Box<Self>, context: &mut Context<'_>, inbox: Inbox) -> Result<Step<Vec<u8>>, Fault> {
        let (state, broadcast) = self.state.sign(context, &inbox.broadcasts, &self.message)?;
        next(broadcast, Round2 { state })
    }
}

struct Round2<C: Suite> {
    state: Signed<C>,
}

impl<C: Suite> Party<Vec<u8>> for Round2<C> {
    fn step(self: Box<Self>, context: &mut Context<'_>, inbox: Inbox) -> Result<Step<Vec<u8>>, Fault> {
        let signature = self.state.aggregate(context, &inbox.broadcasts)?;
        Ok(Step::Done(signature.serialize().map_err(library)?))
    }
}

fn next(broadcast: Vec<u8>, party: impl Party<Vec<u8>> + 'static) -> Result<Step<Vec<u8>>, Fault> {
    Ok(Step::Send(Outgoing { broadcast: Some(broadcast), direct: BTreeMap::new() }, Box::new(party)))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Commitments {
    hiding: Hex,
    binding: Hex,
}

impl Commitments {
    fn decode<C: Suite>(bytes: &[u8]) -> Result<SigningCommitments<C>, String> {
        let read: Self =
            codec::from_cbor("nonce commitments", bytes, MESSAGE_CAP).map_err(|e| e.to_string())?;
        let point = |bytes: &Hex| -> Result<NonceCommitment<C>, String> {
            let point = curve::point_from::<C>(bytes).map_err(|e| e.to_string())?;
            Ok(NonceCommitment::new(point))
        };
        Ok(SigningCommitments::new(point(&read.hiding)?, point(&read.binding)?))
    }
}
