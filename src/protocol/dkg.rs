//! Distributed key generation (Pedersen DKG of FROST, RFC 9591 appendix C and frost-core), one file for
//! every curve: commit, reveal, deal.
//!
//! The library has neither commit-reveal nor echo nor session. Round 1 packages and contributions to
//! the chain code are committed first, so that no party chooses its own after it saw the others'.

use std::{collections::BTreeMap, marker::PhantomData};

use frost_core::{
    Identifier, Signature,
    keys::{
        CoefficientCommitment, SigningShare, VerifiableSecretSharingCommitment,
        dkg::{self, round1, round2},
    },
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Context, Fault, Inbox, Outgoing, Party, Step};
use crate::{
    codec::{self, Hex, HexArray},
    curve::{self, Curve, Suite},
    digest::Hash,
    keyshare::{self, KeyCardBody},
    secret::{Secret, SecretBytes},
    with_suite,
};

/// Largest round message, in bytes: 16 points of 67 bytes, a proof, a chain code contribution.
const MESSAGE_CAP: usize = 4096;

/// One party's result. Nothing in it is believed by others until the key is activated.
pub struct Generated {
    /// Full group public key.
    pub group_public_key: Hex,
    /// x_i * G for index 1, 2, ...
    pub verification_shares: Vec<Hex>,
    /// This party's scalar x_i.
    pub scalar: SecretBytes,
    /// The same for all parties.
    pub chain_code: Secret<32>,
}

impl Generated {
    /// Fills in the card of the new key.
    pub fn complete(&self, mut card: KeyCardBody) -> KeyCardBody {
        card.group_public_key = self.group_public_key.clone();
        card.verification_shares = self.verification_shares.clone();
        card.chain_code_hash = keyshare::chain_code_hash(&self.chain_code);
        card
    }
}

/// The first party state for a curve; indices are 1 to `participants`.
pub fn party(curve: Curve, threshold: u16, participants: u16) -> Box<dyn Party<Generated>> {
    with_suite!(curve, C => Box::new(Start::<C> { threshold, participants, suite: PhantomData }))
}

struct Start<C: Suite> {
    threshold: u16,
    participants: u16,
    suite: PhantomData<C>,
}

impl<C: Suite> Party<Generated> for Start<C> {
    fn step(self: Box<Self>, context: &mut Context<'_>, _: Inbox) -> Result<Step<Generated>, Fault> {
        let me = identifier::<C>(context.me)?;
        let rng = Rng(context.rng);
        let (secret, package) =
            dkg::part1::<C, _>(me, self.participants, self.threshold, rng).map_err(library)?;
        let chain_code = HexArray::random(&mut context.rng);
        let reveal = Reveal::of(&package, chain_code)?.encode()?;
        let commitment = commitment(context, context.me, &reveal);
        let next = Committed {
            threshold: self.threshold,
            participants: self.participants,
            secret,
            reveal,
            chain_code,
        };
        send(Some(commitment.as_bytes().to_vec()), BTreeMap::new(), next)
    }
}

struct Committed<C: Suite> {
    threshold: u16,
    participants: u16,
    secret: round1::SecretPackage<C>,
    reveal: Vec<u8>,
    chain_code: HexArray<32>,
}

impl<C: Suite> Party<Generated> for Committed<C> {
    fn step(self: Box<Self>, _: &mut Context<'_>, inbox: Inbox) -> Result<Step<Generated>, Fault> {
        let mut commitments = BTreeMap::new();
        for (index, bytes) in inbox.broadcasts {
            let hash: [u8; 32] =
                bytes.try_into().map_err(|_| Fault::by(index, "its commitment has another length"))?;
            commitments.insert(index, Hash(HexArray(hash)));
        }
        let me = *self;
        let broadcast = me.reveal.clone();
        send(Some(broadcast), BTreeMap::new(), Revealed { start: me, commitments })
    }
}

struct Revealed<C: Suite> {
    start: Committed<C>,
    commitments: BTreeMap<u16, Hash>,
}

impl<C: Suite> Party<Generated> for Revealed<C> {
    fn step(self: Box<Self>, context: &mut Context<'_>, inbox: Inbox) -> Result<Step<Generated>, Fault> {
        let Self { start, commitments } = *self;
        let mut packages = BTreeMap::new();
        let mut chain_codes = BTreeMap::from([(context.me, start.chain_code)]);
        for (index, bytes) in inbox.broadcasts {
            if commitments.get(&index) != Some(&commitment(context, index, &bytes)) {
                return Err(Fault::by(index, "its first message is not the one it committed to"));
            }
            let reveal = Reveal::decode(&bytes).map_err(|reason| Fault::by(index, reason))?;
            // The commitments were echoed before anyone revealed, so nobody can have copied ours. (The
            // whole message would differ even then: its proof is for one index.)
            if reveal.chain_code == start.chain_code {
                return Err(Fault::local("randomness repeated itself (R10)"));
            }
            let package = reveal.package::<C>(start.threshold).map_err(|r| Fault::by(index, r))?;
            chain_codes.insert(index, reveal.chain_code);
            packages.insert(identifier::<C>(index)?, package);
        }
        let (secret, shares) = dkg::part2(start.secret, &packages).map_err(|e| blame(context, e))?;
        let mut direct = BTreeMap::new();
        for index in context.peers() {
            let share = shares.get(&identifier(index)?).ok_or_else(|| Fault::local("no share for a peer"))?;
            direct.insert(index, curve::scalar_bytes::<C>(&share.signing_share().to_scalar()));
        }
        let chain_code = combine(context, &chain_codes);
        let next = Dealt { participants: start.participants, secret, packages, chain_code };
        send(None, direct, next)
    }
}

struct Dealt<C: Suite> {
    participants: u16,
    secret: round2::SecretPackage<C>,
    packages: BTreeMap<Identifier<C>, round1::Package<C>>,
    chain_code: Secret<32>,
}

impl<C: Suite> Party<Generated> for Dealt<C> {
    fn step(self: Box<Self>, context: &mut Context<'_>, inbox: Inbox) -> Result<Step<Generated>, Fault> {
        let mut shares = BTreeMap::new();
        for (index, bytes) in inbox.direct {
            let scalar = curve::scalar_from::<C>(&bytes)
                .map_err(|_| Fault::by(index, "the share it dealt is not a canonical scalar"))?;
            shares.insert(identifier::<C>(index)?, round2::Package::new(SigningShare::new(scalar)));
        }
        let (key, public) =
            dkg::part3(&self.secret, &self.packages, &shares).map_err(|e| blame(context, e))?;
        let mut verification_shares = Vec::new();
        for index in 1..=self.participants {
            let share = public
                .verifying_shares()
                .get(&identifier(index)?)
                .ok_or_else(|| Fault::local("a verification share is missing"))?;
            verification_shares.push(Hex(curve::point_bytes::<C>(&share.to_element())?));
        }
        Ok(Step::Done(Generated {
            group_public_key: Hex(curve::point_bytes::<C>(&public.verifying_key().to_element())?),
            verification_shares,
            scalar: curve::scalar_bytes::<C>(&key.signing_share().to_scalar()).into(),
            chain_code: self.chain_code,
        }))
    }
}

/// What a party reveals after it committed to it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reveal {
    commitment: Vec<Hex>,
    proof: Hex,
    chain_code: HexArray<32>,
}

impl Reveal {
    fn of<C: Suite>(package: &round1::Package<C>, chain_code: HexArray<32>) -> Result<Self, Fault> {
        let mut commitment = Vec::new();
        for coefficient in package.commitment().coefficients() {
            commitment.push(Hex(curve::point_bytes::<C>(&coefficient.value())?));
        }
        let proof = Hex(package.proof_of_knowledge().serialize().map_err(library)?);
        Ok(Self { commitment, proof, chain_code })
    }

    fn encode(&self) -> Result<Vec<u8>, Fault> {
        Ok(codec::to_cbor("round 1 message", self)?)
    }

    fn decode(bytes: &[u8]) -> Result<Self, String> {
        codec::from_cbor("round 1 message", bytes, MESSAGE_CAP).map_err(|e| e.to_string())
    }

    /// Exactly t coefficients, each of prime order and not the identity (R5, R6).
    fn package<C: Suite>(&self, threshold: u16) -> Result<round1::Package<C>, String> {
        if self.commitment.len() != usize::from(threshold) {
            let len = self.commitment.len();
            return Err(format!("its commitment has {len} coefficients, not {threshold}"));
        }
        let mut coefficients = Vec::with_capacity(self.commitment.len());
        for coefficient in &self.commitment {
            let point = curve::point_from::<C>(coefficient).map_err(|e| e.to_string())?;
            coefficients.push(CoefficientCommitment::new(point));
        }
        let commitment = VerifiableSecretSharingCommitment::new(coefficients);
        let proof = Signature::deserialize(&self.proof)
            .map_err(|_| "its proof of knowledge is malformed".to_owned())?;
        Ok(round1::Package::new(commitment, proof))
    }
}

fn commitment(context: &Context<'_>, index: u16, reveal: &[u8]) -> Hash {
    Hash::tagged("dkg-commitment", &[context.session_id.as_bytes(), &index.to_be_bytes(), reveal])
}

/// The chain code: hash of all contributions in the order of their indices.
fn combine(context: &Context<'_>, contributions: &BTreeMap<u16, HexArray<32>>) -> Secret<32> {
    let mut parts: Vec<&[u8]> = vec![context.session_id.as_bytes()];
    parts.extend(contributions.values().map(|c| c.0.as_slice()));
    Secret::fill(|bytes| *bytes = *Hash::tagged("chain-code-contributions", &parts).as_bytes())
}

fn send<C: Party<Generated> + 'static>(
    broadcast: Option<Vec<u8>>,
    direct: BTreeMap<u16, Zeroizing<Vec<u8>>>,
    next: C,
) -> Result<Step<Generated>, Fault> {
    Ok(Step::Send(Outgoing { broadcast, direct }, Box::new(next)))
}

pub(super) fn identifier<C: Suite>(index: u16) -> Result<Identifier<C>, Fault> {
    Identifier::try_from(index).map_err(library)
}

pub(super) fn library<C: Suite>(error: frost_core::Error<C>) -> Fault {
    Fault::local(error)
}

/// The library's culprits by index; an error without one is our own.
pub(super) fn blame<C: Suite>(context: &Context<'_>, error: frost_core::Error<C>) -> Fault {
    let named = error.culprits();
    let is_named = |index: &u16| identifier::<C>(*index).is_ok_and(|id| named.contains(&id));
    let culprits: Vec<u16> = context.peers().filter(is_named).collect();
    if culprits.is_empty() {
        return library(error);
    }
    Fault::Misbehaviour { culprits, certain: true, reason: error.to_string(), evidence: None }
}

/// Lends a `dyn` generator to functions that take one by value.
pub(super) struct Rng<'a>(pub &'a mut dyn rand_core::CryptoRngCore);

impl rand_core::RngCore for Rng<'_> {
    fn next_u32(&mut self) -> u32 {
        self.0.next_u32()
    }
    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }
    fn fill_bytes(&mut self, dest: &mut [u8]) {
        self.0.fill_bytes(dest);
    }
    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), rand_core::Error> {
        self.0.try_fill_bytes(dest)
    }
}

impl rand_core::CryptoRng for Rng<'_> {}
