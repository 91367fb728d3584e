//! Exit codes of recoveries and exposure notices.

use super::{CommandError, ExitKind, NEWER};
use crate::keyshare::KeyShareError;
use crate::recovery::RecoveryError;

impl From<RecoveryError> for CommandError {
    fn from(error: RecoveryError) -> Self {
        let message = error.to_string();
        let integrity = |message| Self::new(ExitKind::Integrity, message);
        match error {
            RecoveryError::TooFew { .. } | RecoveryError::Twice { .. } | RecoveryError::NoShare { .. } => {
                Self::fixable(message).state(NO_KEY).hint("name t shards of different indices at once")
            }
            RecoveryError::OtherKey { .. } | RecoveryError::OtherEpoch { .. } => integrity(message)
                .state(NO_KEY)
                .hint("quorate share inspect FILE tells which key and epoch a shard is of"),
            RecoveryError::Format { .. } | RecoveryError::Network(_) => Self::usage(message).state(NO_KEY),
            RecoveryError::Version { .. } => Self::fixable(message).hint(NEWER),
            RecoveryError::Stranger(_) => {
                Self::new(ExitKind::Denied, message).state(NOT_MARKED).hint("quorate person list")
            }
            RecoveryError::Form { .. }
            | RecoveryError::Differs { .. }
            | RecoveryError::Signature(_)
            | RecoveryError::Proof => integrity(message).state(NOT_MARKED),
            RecoveryError::OtherCard { .. } | RecoveryError::Curve(_) => integrity(message).state(NO_KEY),
            RecoveryError::Key(KeyShareError::TooFew { .. } | KeyShareError::Twice(_)) => {
                Self::fixable(message).state(NO_KEY)
            }
            RecoveryError::Key(_) => integrity(message).state(NO_KEY),
            RecoveryError::Encode(_) => Self::bug(message).state(NO_KEY),
            RecoveryError::Codec(error) => error.into(),
        }
    }
}

const NO_KEY: &str = "nothing was put out";
const NOT_MARKED: &str = "no key was marked as exposed by it";
