//! What a failed command tells: what happened, what state things are in, what to do next, and the exit
//! code. Only this file knows exit codes.

mod recovery;
mod shard;

use std::fmt;

use serde::Serialize;

use crate::card::CardError;
use crate::ceremony::CeremonyError;
use crate::codec::CodecError;
use crate::curve::PayloadError;
use crate::guardian::set::SetError;
use crate::guardian::slip39::{CombineError, SplitError};
use crate::identity::IdentityError;
use crate::identity::challenge::ChallengeError;
use crate::keyshare::KeyShareError;
use crate::node::{FailureKind, NodeError};
use crate::store::log::LogError;
use crate::store::{FileError, SealError, StoreError};
use crate::ui::UiError;
use crate::wrap::age_file::AgeError;
use crate::wrap::passphrase::PassphraseError;

/// How a run ended, by who has to act next. The numbers are a promise to scripts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExitKind {
    /// The command did what it was asked.
    Done = 0,
    /// The operator can put it right.
    Fixable = 1,
    /// The command line itself was wrong; nothing was done.
    Usage = 2,
    /// A quorum or the policy says no.
    Denied = 3,
    /// Something is tampered with, or the key or passphrase is the wrong one.
    Integrity = 4,
    /// A peer could not be reached; safe to retry.
    Unreachable = 5,
    /// A peer misbehaved; it is named; do not retry.
    Misbehaved = 6,
    /// A defect of this program.
    Bug = 70,
    /// Another run holds the lock.
    Locked = 75,
    /// The operator aborted.
    Aborted = 130,
}

impl ExitKind {
    /// The process exit code.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The kind of an exit code, if it is one of ours.
    pub fn from_code(code: u8) -> Option<Self> {
        let all = [
            Self::Done,
            Self::Fixable,
            Self::Usage,
            Self::Denied,
            Self::Integrity,
            Self::Unreachable,
            Self::Misbehaved,
            Self::Bug,
            Self::Locked,
            Self::Aborted,
        ];
        all.into_iter().find(|kind| kind.code() == code)
    }

    /// The name in JSON errors.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Fixable => "fixable",
            Self::Usage => "usage",
            Self::Denied => "denied",
            Self::Integrity => "integrity",
            Self::Unreachable => "unreachable",
            Self::Misbehaved => "misbehaved",
            Self::Bug => "bug",
            Self::Locked => "locked",
            Self::Aborted => "aborted",
        }
    }
}

/// A command that did not succeed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CommandError {
    /// Decides the exit code.
    pub code: ExitKind,
    /// What happened, in one sentence without a final stop.
    pub message: String,
    /// What state things are in now, if that is not obvious.
    pub state: Option<String>,
    /// What to do next; whole command lines where there is one.
    pub hints: Vec<String>,
}

impl CommandError {
    /// An error with nothing but its message.
    pub fn new(code: ExitKind, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), state: None, hints: Vec::new() }
    }

    /// Something the operator can put right.
    pub fn fixable(message: impl Into<String>) -> Self {
        Self::new(ExitKind::Fixable, message)
    }

    /// A command line that cannot be meant.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ExitKind::Usage, message)
    }

    /// A defect of this program.
    pub fn bug(message: impl Into<String>) -> Self {
        Self::new(ExitKind::Bug, message)
    }

    /// Says what state things are in.
    pub fn state(mut self, state: impl Into<String>) -> Self {
        self.state = Some(state.into());
        self
    }

    /// Adds what to do next.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// `{"error":{"code","kind","message","state"?,"hints"}}`, one line.
    pub fn to_json(&self) -> String {
        let report = Report {
            error: Fields {
                code: self.code.code(),
                kind: self.code.name(),
                message: &self.message,
                state: self.state.as_deref(),
                hints: &self.hints,
            },
        };
        serde_json::to_string(&report).unwrap_or_default()
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CommandError {}

#[derive(Serialize)]
struct Report<'a> {
    error: Fields<'a>,
}

#[derive(Serialize)]
struct Fields<'a> {
    code: u8,
    kind: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
    hints: &'a [String],
}

impl From<UiError> for CommandError {
    fn from(error: UiError) -> Self {
        let message = error.to_string();
        match error {
            UiError::NoTerminal { flag, .. } => Self::fixable(message).hint(format!("give it with {flag}")),
            UiError::Declined { .. } | UiError::Interrupted => Self::new(ExitKind::Aborted, message),
            UiError::CannotClear => {
                Self::fixable(message).hint("use a terminal of its own, with TERM set right")
            }
            UiError::Exposed { path, .. } => Self::fixable(message).hint(format!("chmod 600 {path}")),
            UiError::Passphrase(error) => error.into(),
            UiError::Shown(inner) => Self { message, ..Self::from(*inner) },
            UiError::Mismatch | UiError::Source { .. } | UiError::Terminal(_) => Self::fixable(message),
        }
    }
}

impl From<CodecError> for CommandError {
    fn from(error: CodecError) -> Self {
        let message = error.to_string();
        match error {
            CodecError::TooLong { .. } | CodecError::Malformed { .. } => Self::fixable(message),
            CodecError::Encode { .. } => Self::bug(message),
        }
    }
}

impl From<PassphraseError> for CommandError {
    fn from(error: PassphraseError) -> Self {
        let code = match error {
            PassphraseError::WrongOrAltered => ExitKind::Integrity,
            _ => ExitKind::Fixable,
        };
        let refused = Self::new(code, error.to_string());
        match error {
            PassphraseError::Short | PassphraseError::Weak => refused
                .state("nothing was written")
                .hint("take a longer one; seven random words are good: --generate-passphrase draws them"),
            _ => refused,
        }
    }
}

impl From<IdentityError> for CommandError {
    fn from(error: IdentityError) -> Self {
        let message = error.to_string();
        match error {
            IdentityError::Newer { .. } => Self::fixable(message).hint(NEWER),
            IdentityError::Damaged(_) => Self::new(ExitKind::Integrity, message)
                .hint("use another copy of the file, or restore it with quorate guardian combine"),
            IdentityError::Passphrase(error) => error.into(),
            IdentityError::Codec(error) => error.into(),
        }
    }
}

impl From<CardError> for CommandError {
    fn from(error: CardError) -> Self {
        let message = error.to_string();
        match error {
            CardError::Version(_) => Self::fixable(message).hint(NEWER),
            CardError::Codec(error) => error.into(),
            CardError::OfAnother(_) => Self::new(ExitKind::Integrity, message)
                .state("nothing was made")
                .hint("put the card that belongs to that identity beside it"),
            CardError::Signature { .. } | CardError::HalfReplacing(_) | CardError::ReplacesAnother(_) => {
                Self::new(ExitKind::Integrity, message).state("no key of this card was used")
            }
        }
    }
}

impl From<ChallengeError> for CommandError {
    fn from(error: ChallengeError) -> Self {
        let message = error.to_string();
        match error {
            ChallengeError::Newer { .. } => Self::fixable(message).hint(NEWER),
            ChallengeError::Card(error) => error.into(),
            ChallengeError::Codec(error) => error.into(),
            ChallengeError::Seal(_) => Self::bug(message),
            _ => Self::new(ExitKind::Integrity, message),
        }
    }
}

impl From<PayloadError> for CommandError {
    fn from(error: PayloadError) -> Self {
        Self::usage(error.to_string()).state("nothing was signed or verified")
    }
}

impl From<FileError> for CommandError {
    fn from(error: FileError) -> Self {
        let message = error.to_string();
        match error {
            FileError::Busy(_) => Self::new(ExitKind::Locked, message)
                .state("nothing was done")
                .hint("run this again when the other run has ended; a run that died holds no lock"),
            FileError::TornLine(_) => Self::new(ExitKind::Integrity, message),
            FileError::WorldWritable(_) => {
                Self::fixable(message).hint("take another directory, or take that right away: chmod o-w DIR")
            }
            _ => Self::fixable(message),
        }
    }
}

impl From<SealError> for CommandError {
    fn from(error: SealError) -> Self {
        let message = error.to_string();
        match error {
            SealError::Missing(_) => Self::fixable(message).state("nothing was changed").hint(RESTORE),
            SealError::PassphraseNeeded => Self::fixable(message).hint("give it with --passphrase-file"),
            SealError::NoPassphraseTaken => Self::usage(message),
            SealError::Newer { .. } => Self::fixable(message).hint(NEWER),
            SealError::WrongKeyFile | SealError::Damaged(_) => Self::new(ExitKind::Integrity, message),
            SealError::Passphrase(error) => error.into(),
            SealError::File(error) => error.into(),
        }
    }
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        let message = error.to_string();
        match error {
            StoreError::Missing(_) => Self::fixable(message).state("nothing was changed").hint(RESTORE),
            StoreError::Locked(_) => Self::new(ExitKind::Locked, message).state("nothing was done"),
            StoreError::Newer { .. } => Self::fixable(message).state("nothing was changed").hint(NEWER),
            StoreError::WrongSeal | StoreError::Damaged { .. } => Self::new(ExitKind::Integrity, message),
            StoreError::File(error) => error.into(),
            StoreError::Exists(_)
            | StoreError::BlobExists(_)
            | StoreError::TooLarge { .. }
            | StoreError::Poisoned
            | StoreError::Io { .. } => Self::fixable(message),
        }
    }
}

impl From<NodeError> for CommandError {
    fn from(error: NodeError) -> Self {
        let code = match error.kind {
            FailureKind::Fixable => ExitKind::Fixable,
            FailureKind::Denied => ExitKind::Denied,
            FailureKind::Integrity => ExitKind::Integrity,
            FailureKind::Unreachable => ExitKind::Unreachable,
            FailureKind::Misbehaved => ExitKind::Misbehaved,
            FailureKind::Bug => ExitKind::Bug,
        };
        let refused = Self::new(code, error.message);
        match error.kind {
            FailureKind::Unreachable => refused.hint("run the same command again: a new session is safe"),
            FailureKind::Misbehaved => refused
                .state("the operation was aborted on all servers")
                .hint("do not retry with the named server; choose others with --servers"),
            _ => refused,
        }
    }
}

impl From<CeremonyError> for CommandError {
    fn from(error: CeremonyError) -> Self {
        let message = error.to_string();
        match error {
            CeremonyError::Node(error) => error.into(),
            CeremonyError::Store(error) => error.into(),
            CeremonyError::File(error) => error.into(),
            CeremonyError::Seal(error) => error.into(),
            CeremonyError::Codec(error) => error.into(),
            CeremonyError::NoWorkspace(_) => Self::fixable(message).hint("quorate init"),
            CeremonyError::Newer { .. } => Self::fixable(message).state("nothing was changed").hint(NEWER),
            CeremonyError::TestMark { .. } => {
                Self::new(ExitKind::Denied, message).state("nothing was changed").hint("name another --home")
            }
            CeremonyError::Denied(_) => Self::new(ExitKind::Denied, message),
            CeremonyError::Usage(_) => Self::usage(message).state("nothing was signed"),
            CeremonyError::UnknownKey(_) => Self::fixable(message).hint("quorate key list"),
            CeremonyError::Incomplete { key_id, .. } => {
                Self::fixable(message).hint(format!("quorate key show --key {key_id}"))
            }
            CeremonyError::NotEmpty(_) => {
                Self::fixable(message).state("nothing was changed").hint("name an empty or a new --home")
            }
            CeremonyError::AlreadyThere(_) => Self::fixable(message)
                .state("nothing was changed")
                .hint("quorate key list")
                .hint("or name another --home"),
            CeremonyError::Unfinished(_) => Self::fixable(message)
                .state("nothing was changed")
                .hint("remove that directory, then quorate init"),
            CeremonyError::UnknownServer { .. } => Self::fixable(message).hint("quorate node list"),
            CeremonyError::NotAdopted => Self::fixable(message)
                .state("its nodes hold no key and do nothing")
                .hint("quorate policy propose --person CARD .. --out FILE"),
            CeremonyError::NoNodes => {
                Self::fixable(message).hint("name another --home; quorate init makes one with nodes")
            }
            CeremonyError::Refused(_) => Self::fixable(message),
            CeremonyError::Closed { source, .. } => Self { message, ..source.into() }
                .hint("put that server's files back, or sign with others: --servers"),
            CeremonyError::After { state, source, hint } => {
                let mut error = Self::from(*source);
                error.hints.retain(|other| *other != hint);
                error.hints.insert(0, hint);
                error.state(state)
            }
            CeremonyError::Key(KeyShareError::Threshold { .. }) => Self::fixable(message),
            CeremonyError::Damaged(_) => Self::new(ExitKind::Integrity, message).hint(RESTORE),
            CeremonyError::Disagree | CeremonyError::Key(_) | CeremonyError::Genesis(_) => {
                Self::new(ExitKind::Integrity, message)
            }
            CeremonyError::Recovery(error) => error.into(),
            CeremonyError::RecoveryFile { source, .. } => Self { message, ..source.into() },
            CeremonyError::Shard(error) => error.into(),
            CeremonyError::Receipt(error) => error.into(),
            CeremonyError::Identity(error) => error.into(),
            CeremonyError::Card(error) => error.into(),
            CeremonyError::Challenge(error) => error.into(),
            CeremonyError::Age(AgeError::Encrypt(_)) | CeremonyError::Split(SplitError::Rehearsal(_)) => {
                Self::bug(message).state("no share was handed out")
            }
            CeremonyError::NodeSet(_) => {
                Self::new(ExitKind::Integrity, message).state("nothing was pinned").hint("get the file again")
            }
            CeremonyError::ReadBack(_) => Self::new(ExitKind::Integrity, message)
                .state("that file was not put in place; what was there before stands")
                .hint("do not trust this medium: use another one"),
            CeremonyError::Pinned(_) => Self::new(ExitKind::Integrity, message)
                .state("the pin is as it was; nothing was exported or deleted")
                .hint("ask the operator, over another channel, what happened to the nodes")
                .hint("a new node set gets a new home: quorate --home NEW init --no-nodes"),
            CeremonyError::Forked(_) => Self::new(ExitKind::Integrity, message)
                .state("no version was appended; the genesis in force stays, and keys can be used under it")
                .hint("put the stores of the nodes back that were put back from older copies, or make a new set"),
            CeremonyError::OtherCard(_) => {
                Self::new(ExitKind::Integrity, message).state("nothing was changed")
            }
            CeremonyError::Changed(_) => Self::fixable(message)
                .state("it was left as it is now")
                .hint("look at the file, then run the same command again"),
            CeremonyError::ShardFile { source, .. } => Self { message, ..(*source).into() },
            CeremonyError::ReceiptFile { source, .. } => Self { message, ..source.into() },
            CeremonyError::OtherKeyCard(_) => Self::new(ExitKind::Integrity, message)
                .state("the card in the workspace stays as it is")
                .hint("one of the two is not of this chain's nodes: compare them with quorate key show"),
            CeremonyError::Forged(_) => Self::new(ExitKind::Integrity, message),
            CeremonyError::Split(SplitError::Threshold { .. }) => Self::usage(message),
            CeremonyError::Combine(CombineError::TooFew { .. } | CombineError::None) => {
                Self::fixable(message).state("nothing was restored")
            }
            CeremonyError::GuardianSet(SetError::Version(_)) => Self::fixable(message).hint(NEWER),
            CeremonyError::Print(_) => Self::bug(message),
            CeremonyError::Legacy(_) | CeremonyError::ShareFile { .. } => {
                Self::fixable(message).state("nothing was restored")
            }
            CeremonyError::AnotherIdentity(_) => Self::new(ExitKind::Integrity, message)
                .state("it was not used and not kept; nothing was written")
                .hint("shares of another person or set, or an altered share, may be among them"),
            CeremonyError::Age(_)
            | CeremonyError::Combine(_)
            | CeremonyError::GuardianSet(_)
            | CeremonyError::NotInSet(_)
            | CeremonyError::DamagedShare { .. } => {
                Self::new(ExitKind::Integrity, message).state("nothing was restored, nothing was written")
            }
            CeremonyError::Log(LogError::Store(error)) => error.into(),
            CeremonyError::Log(LogError::Clock { .. }) => {
                Self::fixable(message).hint("set the clock of this computer right")
            }
            CeremonyError::Log(LogError::TooLong { .. }) => Self::bug(message),
            CeremonyError::Log(LogError::Damaged { .. } | LogError::Apart { .. } | LogError::Audit(_)) => {
                Self::new(ExitKind::Integrity, message)
            }
        }
    }
}

const RESTORE: &str = "put that file back from a copy; the other files were not touched";
const NEWER: &str = "this was made by a newer version, it is not a wrong key: run that version";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_the_promised_ones() {
        let table = [
            (ExitKind::Done, 0),
            (ExitKind::Fixable, 1),
            (ExitKind::Usage, 2),
            (ExitKind::Denied, 3),
            (ExitKind::Integrity, 4),
            (ExitKind::Unreachable, 5),
            (ExitKind::Misbehaved, 6),
            (ExitKind::Bug, 70),
            (ExitKind::Locked, 75),
            (ExitKind::Aborted, 130),
        ];
        for (kind, code) in table {
            assert_eq!(kind.code(), code, "{}", kind.name());
            assert_eq!(ExitKind::from_code(code), Some(kind));
        }
    }

    #[test]
    fn json_errors_have_stable_fields() {
        let error =
            CommandError::fixable("no such key").state("nothing was changed").hint("quorate key list");
        assert_eq!(
            error.to_json(),
            r#"{"error":{"code":1,"kind":"fixable","message":"no such key","state":"nothing was changed","hints":["quorate key list"]}}"#
        );
    }
}
