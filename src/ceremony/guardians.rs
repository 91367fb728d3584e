//! Splitting an identity among guardians: shares, sheets, the guardian set, and the way back.

use std::path::{Path, PathBuf};

use rand_core::OsRng;

use crate::card::PersonCard;
use crate::ceremony::{CeremonyError, custodians};
use crate::guardian::collect::Collection;
use crate::guardian::set::{Appointment, Guardian, GuardianSet};
use crate::guardian::slip39::{self, Share};
use crate::identity::PersonIdentity;
use crate::ids::{Name, Time};
use crate::print::qr;
use crate::print::sheet::{self, Paper, Sheet};
use crate::secret::{Secret, SecretBytes};
use crate::signing_key::PublicKey;
use crate::store::files;
use crate::wrap::age_file;
use crate::wrap::passphrase::NewPassphrase;
use crate::wrap::recipient::{Identity, Recipient};

pub mod read;

/// The set file's name in a directory of sheets.
pub const SET_FILE: &str = "guardian-set.json";
const SET_CAP: u64 = 256 << 10;

/// How a guardian gets a share.
pub enum Delivery {
    /// A sheet of paper: PDF, QR and text.
    Sheet,
    /// An age file to the guardian's own recipient.
    Recipient(Recipient),
    /// An age file under a passphrase that the guardian knows.
    Passphrase(NewPassphrase),
}

/// A file of a guardian.
pub struct Piece {
    /// Its name, without a directory.
    pub name: String,
    /// What it holds: a whole share.
    pub bytes: SecretBytes,
}

/// What one guardian gets.
pub struct Handout {
    /// Who.
    pub guardian: Name,
    /// The sheet, the QR and the text; or one age file.
    pub pieces: Vec<Piece>,
}

impl Handout {
    /// The sheet to print; `None` for an age file.
    pub fn sheet(&self) -> Option<&Piece> {
        self.pieces.iter().find(|piece| piece.name.ends_with(".pdf"))
    }
}

/// A split that was rehearsed and is ready to be handed out.
pub struct Prepared {
    /// Public; says who holds what.
    pub set: GuardianSet,
    /// One per guardian, in order.
    pub handouts: Vec<Handout>,
    /// How many t-subsets were rehearsed (R34).
    pub subsets: usize,
}

/// Splits an identity in memory. Every t-subset has been combined again when this returns.
pub fn prepare(
    identity: &PersonIdentity,
    guardians: Vec<(Name, Delivery)>,
    threshold: u8,
    paper: Paper,
) -> Result<Prepared, CeremonyError> {
    let count = u8::try_from(guardians.len()).unwrap_or(u8::MAX);
    let split = slip39::split(identity.age().secret(), threshold, count, &mut OsRng)?;
    let (names, deliveries): (Vec<Name>, Vec<Delivery>) = guardians.into_iter().unzip();
    let appointment = Appointment {
        custodian: identity.name().clone(),
        recipient: identity.recipient(),
        guardians: names,
        created_at: Time::now(),
    };
    let set = GuardianSet::make(appointment, &split, identity.approval(), &mut OsRng)?;
    let mut handouts = Vec::with_capacity(split.shares().len());
    for ((guardian, share), delivery) in set.guardians().iter().zip(split.shares()).zip(&deliveries) {
        handouts.push(handout(&set, guardian, share, delivery, paper)?);
    }
    let subsets = split.subsets();
    Ok(Prepared { set, handouts, subsets })
}

/// What a guardian of a set gets for a share; the same share gives the same sheet.
pub fn handout(
    set: &GuardianSet,
    guardian: &Guardian,
    share: &Share,
    delivery: &Delivery,
    paper: Paper,
) -> Result<Handout, CeremonyError> {
    let words = share.words();
    let sheet = sheet_of(set, guardian, &words);
    let text = sheet::text(&sheet)?;
    let name = &guardian.name;
    let age = |armored: String| {
        vec![Piece { name: format!("{name}.share.age"), bytes: SecretBytes::new(armored.into_bytes()) }]
    };
    let pieces = match delivery {
        Delivery::Sheet => vec![
            Piece { name: format!("{name}.pdf"), bytes: sheet::pdf(&sheet, paper)? },
            Piece { name: format!("{name}.svg"), bytes: qr::svg(&sheet.phrase())? },
            Piece { name: format!("{name}.png"), bytes: qr::png(&sheet.phrase())? },
            Piece { name: format!("{name}.txt"), bytes: text },
        ],
        Delivery::Recipient(recipient) => age(age_file::encrypt(recipient, text.expose())?),
        Delivery::Passphrase(passphrase) => {
            age(age_file::encrypt_with_passphrase(passphrase, text.expose())?)
        }
    };
    Ok(Handout { guardian: name.clone(), pieces })
}

fn sheet_of<'a>(set: &GuardianSet, guardian: &Guardian, words: &'a [&'static str]) -> Sheet<'a> {
    let body = set.body();
    Sheet {
        custodian: body.custodian.clone(),
        guardian: guardian.name.clone(),
        member: guardian.number(),
        count: u8::try_from(body.guardians.len()).unwrap_or(u8::MAX),
        threshold: body.threshold,
        set_id: body.set_id,
        identifier: body.identifier,
        created_at: body.created_at,
        recipient: body.recipient,
        approval_key: body.approval_key,
        words,
    }
}

/// Writes the files of these guardians into a directory (which is made if it is not there), and the set last:
/// without it the split was not finished. Nothing is ever replaced; if something fails, what was written is
/// removed again.
pub fn write<'a>(
    handouts: impl Iterator<Item = &'a Handout>,
    dir: Option<&Path>,
    set: &GuardianSet,
    set_path: &Path,
) -> Result<Vec<PathBuf>, CeremonyError> {
    custodians::absent(set_path)?;
    let written = match dir {
        Some(dir) => write_handouts(handouts, dir)?,
        None => Vec::new(),
    };
    match write_set(set, set_path) {
        Ok(()) => Ok(written),
        Err(error) => {
            if !matches!(error, CeremonyError::File(files::FileError::Exists(_))) {
                // It may have its name already: what failed can be the last flush.
                let _ = std::fs::remove_file(set_path);
            }
            Err(taken_back(&written, error))
        }
    }
}

/// Writes the files of some guardians into a directory, which is made if it is not there.
pub fn write_handouts<'a>(
    handouts: impl Iterator<Item = &'a Handout>,
    dir: &Path,
) -> Result<Vec<PathBuf>, CeremonyError> {
    files::create_dir_private(dir)?;
    let pieces: Vec<&Piece> = handouts.flat_map(|handout| &handout.pieces).collect();
    let there = files::file_names(dir)?;
    for piece in &pieces {
        let begun = format!(".{}.", piece.name);
        let half = |name: &&String| name.starts_with(&begun) && name.ends_with(".tmp");
        let in_the_way = there.iter().find(|name| **name == piece.name || half(name));
        if let Some(name) = in_the_way {
            return Err(CeremonyError::After {
                source: Box::new(files::FileError::Exists(dir.join(name)).into()),
                state: "nothing was handed out. If an interrupted split left that file, it is a live share"
                    .into(),
                hint: "name another directory; destroy that file if nobody needs its share".into(),
            });
        }
    }
    let mut written = Vec::new();
    for piece in &pieces {
        // Named before it is written: a write that fails late leaves it behind.
        written.push(dir.join(&piece.name));
        let done = written.last().map_or(Ok(()), |path| files::write_new(path, piece.bytes.expose()));
        if let Err(error) = done {
            if matches!(error, files::FileError::Exists(_)) {
                // Somebody else's, made since it was looked for.
                written.pop();
            }
            return Err(taken_back(&written, error.into()));
        }
    }
    Ok(written)
}

/// Removes what was written, also after a flush failed, when nothing else is written any more.
fn taken_back(written: &[PathBuf], source: CeremonyError) -> CeremonyError {
    let gone = |path: &PathBuf| match std::fs::remove_file(path) {
        Ok(()) => true,
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    };
    let left: Vec<String> =
        written.iter().filter(|path| !gone(path)).map(|path| path.display().to_string()).collect();
    let state = if left.is_empty() {
        "no share was handed out; the files of this split were removed again".to_owned()
    } else {
        format!("no share was handed out, but these files hold shares: {}", left.join(" "))
    };
    let hint = "make room or name another directory, then run the same command again".to_owned();
    CeremonyError::After { source: Box::new(source), state, hint }
}

/// Writes a new set file.
pub fn write_set(set: &GuardianSet, path: &Path) -> Result<(), CeremonyError> {
    let mut bytes = set.to_json()?;
    bytes.push(b'\n');
    Ok(files::write_new(path, &bytes)?)
}

/// Notes in the set file that a share was read back, and gives the set with all notes. The file is read
/// again for it: another run may have added some since, or put another set there.
pub fn record(path: &Path, known: &GuardianSet, share: &Share) -> Result<GuardianSet, CeremonyError> {
    let mut set = read_set(path)?;
    if set.hash() != known.hash() {
        return Err(CeremonyError::Changed(path.to_owned()));
    }
    let before = set.clone();
    set.add_proof(share)?;
    if set != before {
        let mut bytes = set.to_json()?;
        bytes.push(b'\n');
        files::replace(path, &bytes)?;
    }
    Ok(set)
}

/// Reads and checks a set file.
pub fn read_set(path: &Path) -> Result<GuardianSet, CeremonyError> {
    let bytes = files::read_capped(path, SET_CAP)?;
    Ok(GuardianSet::from_json(bytes.strip_suffix(b"\n").unwrap_or(&bytes))?)
}

/// Whom a rebuilt identity must belong to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expected {
    /// The person.
    pub name: Name,
    /// Their age recipient.
    pub recipient: Recipient,
    /// Their approval key, where it is known besides the recipient.
    pub approval_key: Option<PublicKey>,
}

impl Expected {
    /// What a guardian set says.
    pub fn of_set(set: &GuardianSet) -> Self {
        let body = set.body();
        let (name, recipient) = (body.custodian.clone(), body.recipient);
        Self { name, recipient, approval_key: Some(body.approval_key) }
    }

    /// What a person's card says.
    pub fn of_card(card: PersonCard) -> Self {
        let card = card.card;
        Self { name: card.name, recipient: card.recipient, approval_key: Some(card.approval_key) }
    }

    /// The identity of a secret, if it is the expected one (R33).
    pub fn identity(&self, secret: Secret<32>) -> Result<PersonIdentity, CeremonyError> {
        let identity = PersonIdentity::new(self.name.clone(), Identity::from_secret(secret));
        let same = identity.recipient() == self.recipient
            && self.approval_key.is_none_or(|key| key == identity.approval_key());
        if same { Ok(identity) } else { Err(CeremonyError::AnotherIdentity(self.name.clone())) }
    }
}

/// Rebuilds an identity from enough shares, in memory, and checks it against its public keys.
pub fn rebuild(collection: &Collection, expected: &Expected) -> Result<PersonIdentity, CeremonyError> {
    expected.identity(collection.finish()?)
}

/// The very share of one guardian again, from enough others of the set; checked against its commitment.
pub fn recreate(
    set: &GuardianSet,
    collection: &Collection,
    guardian: &Guardian,
) -> Result<Share, CeremonyError> {
    let share = slip39::recreate(collection.shares(), guardian.member_index)?;
    set.find(&share)?;
    Ok(share)
}

/// Where files of a directory lie.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Medium {
    /// In memory, and the system does not move memory to a disk.
    Memory,
    /// In memory, which the system may move to a disk.
    Swappable,
    /// On a disk, or where this program cannot tell.
    Disk,
}

impl Medium {
    /// Where the files of a directory lie, as far as the system says.
    pub fn of(dir: &Path) -> Self {
        #[cfg(target_os = "linux")]
        {
            const TMPFS: rustix::fs::FsWord = 0x0102_1994;
            const RAMFS: rustix::fs::FsWord = 0x8584_58f6;
            match rustix::fs::statfs(dir).map(|found| found.f_type) {
                Ok(RAMFS) => return Self::Memory,
                // The first line of the list of swap areas is its heading.
                Ok(TMPFS) => match std::fs::read_to_string("/proc/swaps") {
                    Ok(list) if list.lines().nth(1).is_none() => return Self::Memory,
                    _ => return Self::Swappable,
                },
                _ => (),
            }
        }
        let _ = dir;
        Self::Disk
    }
}
