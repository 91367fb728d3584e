//! What a custodian does alone with an identity: make it, change its passphrase, prove it. No node, no
//! network, no workspace.

use std::path::{Path, PathBuf};

use rand_core::OsRng;

use crate::card::PersonCard;
use crate::ceremony::CeremonyError;
use crate::codec::{self, JSON_CAP};
use crate::identity::{self, LockedIdentity, PersonIdentity, Replaces};
use crate::ids::{Name, Time};
use crate::store::files;
use crate::wrap::passphrase::{KdfCost, NewPassphrase};

/// What keygen left behind.
pub struct Made {
    /// The identity, at rest.
    pub locked: LockedIdentity,
    /// Its card.
    pub card: PersonCard,
    /// Where the card is.
    pub card_path: PathBuf,
}

/// Reads an identity file; asks for nothing.
pub fn read_identity(path: &Path) -> Result<LockedIdentity, CeremonyError> {
    let bytes = files::read_capped(path, identity::FILE_CAP as u64)?;
    Ok(LockedIdentity::parse(&bytes)?)
}

/// Reads a person's card and checks its signature and proof of possession.
pub fn read_card(path: &Path) -> Result<PersonCard, CeremonyError> {
    let bytes = files::read_capped(path, JSON_CAP as u64)?;
    let card: PersonCard = codec::from_json("the card", &bytes, JSON_CAP)?;
    card.check()?;
    Ok(card)
}

/// `<name>.card.json` beside an identity file.
pub fn card_path(identity: &Path, name: &Name) -> PathBuf {
    identity.with_file_name(format!("{name}.card.json"))
}

/// Writes a new identity file, opens it again from the medium, then writes its card beside it. Neither
/// ever replaces anything.
pub fn keygen(
    out: &Path,
    identity: &PersonIdentity,
    passphrase: &NewPassphrase,
    cost: KdfCost,
    replaces: Option<Replaces>,
) -> Result<Made, CeremonyError> {
    let card_path = card_path(out, identity.name());
    absent(out)?;
    absent(&card_path)?;
    if let Some(parent) = out.parent().filter(|parent| !parent.as_os_str().is_empty() && !parent.exists()) {
        files::create_dir_private(parent)?;
    }
    let card = identity.card(Time::now(), replaces)?;
    let locked = save(out, identity, passphrase, cost)?;
    write_card(&card_path, &card).map_err(|source| CeremonyError::After {
        source: Box::new(source),
        state: format!("the identity in {} is complete; only its card is missing", out.display()),
        hint: {
            let file = out.display().to_string();
            let file = shlex::try_quote(&file).unwrap_or("FILE".into());
            let vouched = if replaces.is_some() { " --replaces OLD_IDENTITY" } else { "" };
            format!("quorate custodian card {file}{vouched}")
        },
    })?;
    Ok(Made { locked, card, card_path })
}

/// Puts an identity in a new file (0600), and opens it again from the medium before success is told.
pub fn save(
    out: &Path,
    identity: &PersonIdentity,
    passphrase: &NewPassphrase,
    cost: KdfCost,
) -> Result<LockedIdentity, CeremonyError> {
    let locked = identity.lock(passphrase, cost, &mut OsRng)?;
    let bytes = locked.to_bytes()?;
    let check = |read: &[u8]| opens_to(out, read, identity, passphrase);
    files::write_new_checked(out, &bytes, check)?;
    Ok(locked)
}

/// Writes a card; the same card already there counts as success.
pub fn write_card(path: &Path, card: &PersonCard) -> Result<(), CeremonyError> {
    let mut bytes = codec::canonical("the card", card)?;
    bytes.push(b'\n');
    Ok(files::write_new(path, &bytes)?)
}

/// Puts an identity under another passphrase. The old file stays until the new one, on the same medium,
/// was opened again; a cut at any point leaves one of the two, whole.
pub fn change_passphrase(
    path: &Path,
    old: &LockedIdentity,
    identity: &PersonIdentity,
    passphrase: &NewPassphrase,
    cost: KdfCost,
) -> Result<LockedIdentity, CeremonyError> {
    let locked = identity.lock(passphrase, cost, &mut OsRng)?;
    let check = |read: &[u8]| {
        opens_to(path, read, identity, passphrase)?;
        // Prompts take minutes; nothing else may have been put there meanwhile.
        if read_identity(path)? == *old { Ok(()) } else { Err(CeremonyError::Changed(path.to_owned())) }
    };
    files::replace_checked(path, &locked.to_bytes()?, check)?;
    Ok(locked)
}

/// Refuses a symbolic link, before anybody types anything: the link would be replaced, not the file.
pub fn check_replaceable(path: &Path) -> Result<(), CeremonyError> {
    match std::fs::symlink_metadata(path) {
        Ok(meta) if !meta.is_file() => Err(files::FileError::NotAFile(path.to_owned()).into()),
        _ => Ok(()),
    }
}

/// Refuses a path at which something is.
pub fn absent(path: &Path) -> Result<(), CeremonyError> {
    match std::fs::symlink_metadata(path) {
        Ok(_) => Err(files::FileError::Exists(path.to_owned()).into()),
        Err(_) => Ok(()),
    }
}

fn opens_to(
    path: &Path,
    bytes: &[u8],
    identity: &PersonIdentity,
    passphrase: &NewPassphrase,
) -> Result<(), CeremonyError> {
    let opened = LockedIdentity::parse(bytes)?.unlock(passphrase.passphrase())?;
    let same = opened.name() == identity.name() && opened.recipient() == identity.recipient();
    if same { Ok(()) } else { Err(CeremonyError::ReadBack(path.to_owned())) }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::wrap::passphrase::{Passphrase, danger_allow_small_costs, danger_small_cost};

    fn phrase(text: &str) -> NewPassphrase {
        let passphrase = Passphrase::from_bytes(text.as_bytes().to_vec()).unwrap();
        NewPassphrase::chosen(passphrase, &[]).unwrap()
    }

    fn person() -> PersonIdentity {
        danger_allow_small_costs();
        PersonIdentity::random("A".parse().unwrap(), &mut OsRng)
    }

    #[test]
    fn r46_an_identity_and_its_card_are_written_once() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("A.identity.json");
        let (identity, old) = (person(), phrase("correct horse battery staple 7"));
        let made = keygen(&out, &identity, &old, danger_small_cost(), None).unwrap();
        assert_eq!(read_card(&made.card_path).unwrap(), made.card);
        assert_eq!(read_identity(&out).unwrap(), made.locked);
        let before = fs::read(&out).unwrap();
        assert!(keygen(&out, &person(), &old, danger_small_cost(), None).is_err());
        fs::remove_file(&out).unwrap();
        assert!(keygen(&out, &person(), &old, danger_small_cost(), None).is_err(), "the card is there");
        assert!(!out.exists());
        fs::write(&out, before).unwrap();
    }

    #[test]
    fn a_changed_passphrase_opens_and_the_old_one_no_longer_does() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("A.identity.json");
        let (identity, old) = (person(), phrase("correct horse battery staple 7"));
        let new = phrase("another horse battery staple 8");
        let first = save(&out, &identity, &old, danger_small_cost()).unwrap();
        change_passphrase(&out, &first, &identity, &new, danger_small_cost()).unwrap();
        let meanwhile = change_passphrase(&out, &first, &identity, &old, danger_small_cost());
        assert!(matches!(meanwhile, Err(CeremonyError::Changed(_))));
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&out, &link).unwrap();
        let locked = read_identity(&out).unwrap();
        assert!(change_passphrase(&link, &locked, &identity, &old, danger_small_cost()).is_err());
        fs::remove_file(link).unwrap();
        assert_eq!(locked.unlock(new.passphrase()).unwrap().recipient(), identity.recipient());
        assert!(locked.unlock(old.passphrase()).is_err());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing else stays");
    }
}
