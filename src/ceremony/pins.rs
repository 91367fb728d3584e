//! Knowing a node set for certain on a machine without it: its genesis chain in one file, pinned after one
//! comparison of words.

use crate::audit::{Event, Note};
use crate::ceremony::CeremonyError;
use crate::ceremony::workspace::Workspace;
use crate::codec::{self, JSON_CAP};
use crate::digest::Hash;
use crate::genesis::{Chain, SignedGenesis};
use crate::store::files;

/// Longest node set file, in bytes.
pub const FILE_CAP: usize = 16 * JSON_CAP;

/// A node set that was read and found consistent. Whose it is, its words tell.
pub struct NodeSet {
    chain: Chain,
    bytes: Vec<u8>,
}

impl NodeSet {
    /// The set of a workspace's own nodes, or the one it pinned.
    pub fn of(workspace: &Workspace) -> Result<Self, CeremonyError> {
        let path = workspace.home().join("genesis.json");
        match files::read_capped(&path, FILE_CAP as u64) {
            Err(files::FileError::NotFound(_)) => Err(CeremonyError::NoNodes),
            other => Self::parse(&other?),
        }
    }

    /// Reads a file: every version signed by all its nodes, each following the one before.
    pub fn parse(bytes: &[u8]) -> Result<Self, CeremonyError> {
        let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let signed: Vec<SignedGenesis> =
            codec::from_canonical("the node set", line, FILE_CAP).map_err(CeremonyError::NodeSet)?;
        Ok(Self { chain: Chain::check(&signed)?, bytes: line.to_vec() })
    }

    /// The chain.
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// What people compare: the hash of the version in force.
    pub fn fingerprint(&self) -> Hash {
        self.chain.current_hash()
    }

    /// The file's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Pins a node set in a home without nodes. What was pinned before must be the beginning of it: another set,
/// another key or an older version is refused, whatever anybody says (R22).
pub fn pin(workspace: &mut Workspace, set: &NodeSet) -> Result<(), CeremonyError> {
    if !workspace.servers().is_empty() {
        return Err(CeremonyError::Refused(
            "this home has nodes of its own; pins are for homes without".into(),
        ));
    }
    if let Ok(pinned) = workspace.chain() {
        check_follows(pinned, set.chain())?;
        if pinned.current_hash() == set.fingerprint() {
            return Ok(());
        }
    }
    let mode = set.chain.current().mode;
    let note = Note::new(Event::GenesisAdopted).with("genesis", set.fingerprint()).with("mode", mode.name());
    workspace.note(note)?;
    Ok(files::replace(&workspace.home().join("genesis.json"), set.bytes())?)
}

fn check_follows(pinned: &Chain, next: &Chain) -> Result<(), CeremonyError> {
    if next.version(&pinned.current_hash()).is_some() {
        return Ok(());
    }
    let same_set = pinned.current().genesis_id == next.current().genesis_id;
    let older = same_set && pinned.version(&next.current_hash()).is_some();
    Err(CeremonyError::Pinned(if older {
        "is an older version of the pinned one"
    } else if same_set {
        "has another history than the pinned one: one of the two was forged"
    } else {
        "is another one than the pinned one: its keys have changed, or somebody stands in between"
    }))
}

#[cfg(test)]
mod tests {
    use rand_core::OsRng;

    use super::*;
    use crate::card::NodeSecrets;
    use crate::codec::HexArray;
    use crate::genesis::Genesis;
    use crate::ids::{Name, Time};

    /// Versions of one chain; each is given what the one before was.
    fn chain(nodes: &[(Name, NodeSecrets)], versions: &[Genesis]) -> Chain {
        let sign = |genesis: &Genesis| {
            let by =
                |(name, node): &(_, _)| genesis.sign(Name::clone(name), NodeSecrets::signing(node)).unwrap();
            SignedGenesis::new(genesis.clone(), nodes.iter().map(by).collect())
        };
        Chain::check(&versions.iter().map(sign).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn r22_a_pinned_set_may_grow_and_never_go_back_or_fork() {
        let nodes: Vec<(Name, NodeSecrets)> =
            ["N1", "N2"].map(|name| (name.parse().unwrap(), NodeSecrets::random(&mut OsRng))).into();
        let cards = nodes.iter().map(|(name, node)| node.card(name.clone(), Time::now()).unwrap()).collect();
        let first = Genesis::rehearsal(HexArray::random(&mut OsRng), cards, Time::now());
        let follow = |seconds: i64| Genesis {
            sequence: 1,
            previous_hash: Some(first.hash().unwrap()),
            created_at: first.created_at.plus_seconds(seconds),
            ..first.clone()
        };
        let short = chain(&nodes, std::slice::from_ref(&first));
        let long = chain(&nodes, &[first.clone(), follow(1)]);
        let fork = chain(&nodes, &[first.clone(), follow(2)]);
        assert!(check_follows(&short, &long).is_ok() && check_follows(&long, &long).is_ok());
        let why = |pinned, next| check_follows(pinned, next).unwrap_err().to_string();
        assert!(why(&long, &short).contains("older"));
        assert!(why(&long, &fork).contains("another history"));
        let other = Genesis { genesis_id: HexArray::random(&mut OsRng), ..first.clone() };
        assert!(why(&short, &chain(&nodes, &[other])).contains("another one"));
    }
}
