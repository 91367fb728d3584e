//! Exit codes of shards, grants and receipts.

use super::{CommandError, ExitKind, NEWER};
use crate::keyshare::KeyShareError;
use crate::receipt::ReceiptError;
use crate::shard::ShardError;
use crate::wrap::age_file::AgeError;

impl From<ShardError> for CommandError {
    fn from(error: ShardError) -> Self {
        let message = error.to_string();
        match error {
            ShardError::Version { .. } | ShardError::Share(KeyShareError::Version { .. }) => {
                Self::fixable(message).hint(NEWER)
            }
            ShardError::Share(KeyShareError::Genesis) => Self::new(ExitKind::Integrity, message)
                .hint("if the node set has grown since it was pinned: quorate node pin FILE"),
            ShardError::Codec(error) => error.into(),
            ShardError::Age(AgeError::Encrypt(_)) => Self::bug(message),
            ShardError::NotCustodian { .. } => Self::new(ExitKind::Denied, message)
                .hint("quorate person list; after a rotation: quorate person update CARD"),
            ShardError::NoCustodian(server) => Self::fixable(message)
                .hint(format!("quorate person add CARD --role custodian --server {server}")),
            ShardError::Misplaced { .. } => Self::new(ExitKind::Denied, message),
            ShardError::OtherSet { .. } => Self::new(ExitKind::Denied, message)
                .hint("the custodian pins the newest set (quorate node pin FILE) and makes the import again"),
            ShardError::Expired(_) => {
                Self::new(ExitKind::Denied, message).hint("have the custodian make it again")
            }
            ShardError::Holder { .. } | ShardError::Kind { .. } | ShardError::Empty => {
                Self::new(ExitKind::Integrity, message).hint("give the file that is meant for this")
            }
            _ => Self::new(ExitKind::Integrity, message).hint("use another copy of the file"),
        }
    }
}

impl From<ReceiptError> for CommandError {
    fn from(error: ReceiptError) -> Self {
        let message = error.to_string();
        match error {
            ReceiptError::Version(_) => Self::fixable(message).hint(NEWER),
            ReceiptError::Codec(error) => error.into(),
            ReceiptError::NoTransfer => Self::new(ExitKind::Integrity, message)
                .state("nothing was destroyed")
                .hint("use the home in which the shard was wrapped for them, or wrap it again: quorate share rewrap"),
            ReceiptError::Used | ReceiptError::Overtaken => Self::new(ExitKind::Denied, message)
                .state("nothing was destroyed")
                .hint("wrap the shard again for who is to hold it: quorate share rewrap SHARD --to CARD"),
            ReceiptError::Form(_) | ReceiptError::Signature(_) | ReceiptError::Differs(_) => {
                Self::new(ExitKind::Integrity, message).state("nothing was deleted")
            }
        }
    }
}
