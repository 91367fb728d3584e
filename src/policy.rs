//! Who must agree to what. The whole schema stands from version 1; a rehearsal policy asks nobody.

use serde::{Deserialize, Serialize};

use crate::{codec::CodecError, digest::Hash, keyshare::Purpose};

/// What a person may be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Starts key generation.
    KeyGenerator,
    /// Holds shards.
    Custodian,
    /// Holds a share of a custodian's identity.
    Guardian,
    /// Approves requests.
    Approver,
    /// Reads logs; never counts.
    Auditor,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::KeyGenerator, Self::Custodian, Self::Guardian, Self::Approver, Self::Auditor];

    /// As files and the command line spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::KeyGenerator => "keyGenerator",
            Self::Custodian => "custodian",
            Self::Guardian => "guardian",
            Self::Approver => "approver",
            Self::Auditor => "auditor",
        }
    }
}

/// So many distinct people of one role.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Quorum {
    /// Whose approvals count.
    pub role: Role,
    /// How many are needed; 0 asks nobody.
    pub count: u16,
}

/// The quorum of each operation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Quorums {
    /// Generating a key, finishing or abandoning one, renewing aux, other ids. In production a key generator asks.
    pub generate: Quorum,
    /// Signing. In production the custodians' grants carry their approvals.
    pub sign: Quorum,
    /// Export of shares without delete.
    pub export: Quorum,
    /// Export of shares with delete.
    pub export_delete: Quorum,
    /// Import of shares that are to stay.
    pub import: Quorum,
    /// Recovery of a private key.
    pub recover: Quorum,
    /// Replacing a node.
    pub node_replacement: Quorum,
    /// Changing people or this policy.
    pub policy_change: Quorum,
    /// Lifting the lock on a culprit.
    pub lock_lift: Quorum,
}

/// The policy a genesis carries.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Policy {
    /// Format version, 1.
    pub version: u32,
    /// Who must agree.
    pub quorums: Quorums,
    /// How long a request is valid, in seconds; at most 24 h (R40).
    pub validity_seconds: u32,
    /// Whether a bare digest may be signed.
    pub allow_blind: bool,
    /// Purposes a key may have.
    pub purposes: Vec<Purpose>,
}

impl Quorums {
    /// Every operation with its quorum, by the name it has in files and on the command line.
    pub fn named(&self) -> [(&'static str, Quorum); 9] {
        [
            ("generate", self.generate),
            ("sign", self.sign),
            ("export", self.export),
            ("exportDelete", self.export_delete),
            ("import", self.import),
            ("recover", self.recover),
            ("nodeReplacement", self.node_replacement),
            ("policyChange", self.policy_change),
            ("lockLift", self.lock_lift),
        ]
    }

    /// The quorum of that name.
    pub fn named_mut(&mut self, name: &str) -> Option<&mut Quorum> {
        Some(match name {
            "generate" => &mut self.generate,
            "sign" => &mut self.sign,
            "export" => &mut self.export,
            "exportDelete" => &mut self.export_delete,
            "import" => &mut self.import,
            "recover" => &mut self.recover,
            "nodeReplacement" => &mut self.node_replacement,
            "policyChange" => &mut self.policy_change,
            "lockLift" => &mut self.lock_lift,
            _ => return None,
        })
    }

    fn all(quorum: Quorum) -> Self {
        Self {
            generate: quorum,
            sign: quorum,
            export: quorum,
            export_delete: quorum,
            import: quorum,
            recover: quorum,
            node_replacement: quorum,
            policy_change: quorum,
            lock_lift: quorum,
        }
    }
}

impl Policy {
    /// A key generator makes keys; to everything that moves a share or changes who decides, two custodians beside the
    /// requester agree; a signature takes the grants of as many custodians as it takes shares, and no fewer than two.
    pub fn production() -> Self {
        Self {
            version: 1,
            quorums: Quorums {
                generate: Quorum { role: Role::KeyGenerator, count: 0 },
                ..Quorums::all(Quorum { role: Role::Custodian, count: 2 })
            },
            validity_seconds: 86_400,
            allow_blind: false,
            purposes: vec![Purpose::Production],
        }
    }

    /// Asks nobody; keys are for rehearsal only.
    pub fn rehearsal() -> Self {
        let nobody = |role| Quorum { role, count: 0 };
        Self {
            version: 1,
            quorums: Quorums {
                generate: nobody(Role::KeyGenerator),
                ..Quorums::all(nobody(Role::Custodian))
            },
            validity_seconds: 86_400,
            allow_blind: true,
            purposes: vec![Purpose::Rehearsal],
        }
    }

    /// The hash that requests bind.
    pub fn hash(&self) -> Result<Hash, CodecError> {
        Hash::of("policy", self)
    }
}
