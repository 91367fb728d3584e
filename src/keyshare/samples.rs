//! Keys, cards and chains for unit tests: a dealer stands in for the distributed generation.

use rand_core::OsRng;

use super::{DirtyKeyCard, KeyCardBody, KeyShare, Purpose, proof_message, split};
use crate::{
    card::NodeSecrets,
    codec::{Hex, HexArray},
    curve::{self, Curve},
    genesis::{Chain, Genesis, SignedGenesis},
    ids::{KeyId, Name, Time},
    secret::{Secret, SecretBytes},
    signing_key::PublicKey,
    with_suite,
};

/// A key with everything around it.
pub(super) struct Sample {
    pub(super) key: SecretBytes,
    pub(super) chain_code: Secret<32>,
    pub(super) nodes: Vec<NodeSecrets>,
    pub(super) chain: Chain,
    pub(super) card: KeyCardBody,
    pub(super) scalars: Vec<SecretBytes>,
}

impl Sample {
    pub(super) fn new(curve: Curve, threshold: u16, participants: u16) -> Self {
        let key = with_suite!(curve, C => {
            let key = frost_core::SigningKey::<C>::new(&mut OsRng);
            SecretBytes::from(curve::scalar_bytes::<C>(&key.to_scalar()))
        });
        let chain_code = Secret::random(&mut OsRng);
        let nodes: Vec<_> = (0..participants).map(|_| NodeSecrets::random(&mut OsRng)).collect();
        let roster: Vec<Name> =
            (1..=participants).map(|i| format!("OFFICIAL_{i}").parse().unwrap()).collect();
        let chain = chain(&nodes, &roster);
        let dealt = split(curve, &key, &chain_code, threshold, participants, &mut OsRng).unwrap();
        let card = KeyCardBody {
            version: 1,
            key_id: KeyId::random(&mut OsRng),
            label: None,
            purpose: Purpose::Rehearsal,
            curve,
            threshold,
            participants,
            roster,
            genesis_id: chain.current().genesis_id,
            genesis_hash: chain.current_hash(),
            group_public_key: dealt.group_public_key,
            chain_code_hash: dealt.chain_code_hash,
            verification_shares: dealt.verification_shares,
            epoch: 0,
            previous_card_hash: None,
        };
        Self { key, chain_code, nodes, chain, card, scalars: dealt.scalars }
    }

    /// A copy of the chain code.
    pub(super) fn chain_code(&self) -> Secret<32> {
        Secret::from_slice(self.chain_code.expose()).unwrap()
    }

    /// A copy of a scalar.
    pub(super) fn scalar(&self, index: u16) -> SecretBytes {
        SecretBytes::new(self.scalars[usize::from(index) - 1].expose().to_vec())
    }

    pub(super) fn share(&self, index: u16) -> KeyShare {
        KeyShare::new(self.card.clone(), index, self.scalar(index), self.chain_code()).unwrap()
    }

    pub(super) fn node(&self, index: u16) -> &NodeSecrets {
        &self.nodes[usize::from(index) - 1]
    }

    pub(super) fn node_key(&self, index: u16) -> PublicKey {
        self.node(index).signing().public()
    }

    /// A card signed by all nodes and by the key itself, whatever it says.
    pub(super) fn certify(&self, card: KeyCardBody) -> DirtyKeyCard {
        let hash = card.hash().unwrap();
        let signatures = self.nodes.iter().map(|node| node.signing().sign(&hash)).collect();
        DirtyKeyCard { proof: self.prove(&proof_message(&hash)), card, signatures }
    }

    /// A Schnorr signature under the key.
    pub(super) fn prove(&self, message: &[u8]) -> Hex {
        with_suite!(self.card.curve, C => {
            let scalar = curve::scalar_from::<C>(self.key.expose()).unwrap();
            let key = frost_core::SigningKey::<C>::from_scalar(scalar).unwrap();
            Hex(key.sign(OsRng, message).serialize().unwrap())
        })
    }
}

/// A rehearsal chain of one version.
pub(super) fn chain(nodes: &[NodeSecrets], names: &[Name]) -> Chain {
    let cards = names.iter().zip(nodes).map(|(name, node)| node.card(name.clone(), Time::now()).unwrap());
    let genesis = Genesis::rehearsal(HexArray::random(&mut OsRng), cards.collect(), Time::now());
    let sign = |(name, node): (&Name, &NodeSecrets)| genesis.sign(name.clone(), node.signing()).unwrap();
    let signatures = names.iter().zip(nodes).map(sign).collect();
    Chain::check(&[SignedGenesis::new(genesis, signatures)]).unwrap()
}
