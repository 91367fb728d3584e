//! What this home gave to others: each transfer is written down before the new shard is, and only the receipt for
//! an open one lets the old file be destroyed (R21, R28). Everything in a receipt but the signature is public.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{
    ceremony::CeremonyError,
    codec::{self, JSON_CAP},
    digest::Hash,
    ids::{KeyId, Name, OpId, Time},
    receipt::{Receipt, ReceiptError, ReceiptKind},
    signing_key::PublicKey,
    store::{FileError, files},
    wrap::recipient::Recipient,
};

/// A shard that was wrapped for somebody's card.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Transfer {
    /// Format version, 1.
    pub version: u32,
    /// Who wrapped it, and has the old file.
    pub issuer: Name,
    /// SHA-256 of the old file.
    pub old_file: Hash,
    /// The id the key goes by.
    pub key_id: KeyId,
    /// The key's card.
    pub key_card_hash: Hash,
    /// The index.
    pub index: u16,
    /// The epoch.
    pub epoch: u32,
    /// The export of what was wrapped.
    pub export_op_id: OpId,
    /// Tagged hash of the core inside.
    pub core_hash: Hash,
    /// SHA-256 of the new encrypted share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_blob_hash: Option<Hash>,
    /// SHA-256 of the new encrypted aux.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aux_blob_hash: Option<Hash>,
    /// For whom.
    pub holder: Name,
    /// Their card, which was enrolled, vouched for or compared.
    pub card_hash: Hash,
    /// The approval key in that card: it signs the receipt.
    pub approval_key: PublicKey,
    /// The recipient in that card.
    pub recipient: Recipient,
    /// When it was written down.
    pub created_at: Time,
    /// It lets nothing be destroyed any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
}

/// Why a transfer is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Closed {
    /// The old file was destroyed, or its destruction has begun.
    Destroyed,
    /// A shard of the same index came back later, or was wrapped for the issuer again.
    Overtaken,
}

impl Transfer {
    /// Reads the canonical form, version 1 only.
    pub fn parse(bytes: &[u8]) -> Result<Self, CeremonyError> {
        let damaged = |e: codec::CodecError| CeremonyError::Damaged(e.to_string());
        let transfer: Self = codec::from_canonical("transfer", bytes, JSON_CAP).map_err(damaged)?;
        match transfer.version {
            1 => Ok(transfer),
            found => Err(CeremonyError::Newer { found }),
        }
    }

    /// Names it: the new encrypted part.
    fn blob(&self) -> Option<Hash> {
        self.share_blob_hash.or(self.aux_blob_hash)
    }

    /// That the new holder signed, with the card they had then, that they opened just this.
    fn check(&self, receipt: &Receipt) -> Result<(), ReceiptError> {
        let given = &receipt.receipt;
        let same = [
            ("person", given.signer == self.holder && given.recipient == self.recipient),
            ("holder's delivery", given.issuer == self.issuer),
            ("key", given.key_card_hash == self.key_card_hash && given.epoch == self.epoch),
            ("index", given.index == self.index),
            ("export", given.op_id == self.export_op_id),
            ("shard", given.share_blob_hash == self.share_blob_hash),
            ("aux", given.aux_blob_hash == self.aux_blob_hash),
            ("core", given.core_hash == Some(self.core_hash)),
        ];
        if let Some((what, _)) = same.iter().find(|(_, same)| !same) {
            return Err(ReceiptError::Differs(what));
        }
        receipt.verify(&self.approval_key)
    }
}

/// The directory of transfers: `transfers/<hash of the new encrypted part>.json`.
pub struct Transfers {
    dir: PathBuf,
}

impl Transfers {
    /// Those of a home.
    pub fn of_home(home: &Path) -> Self {
        Self { dir: home.join("transfers") }
    }

    /// Writes a transfer down, durably.
    pub fn begin(&self, transfer: &Transfer) -> Result<(), CeremonyError> {
        let bytes = codec::canonical("transfer", transfer)?;
        files::create_dir_private(&self.dir)?;
        Ok(files::write_new(&self.path(&transfer.blob().unwrap_or(Hash::ZERO)), &bytes)?)
    }

    /// The open transfers of a file for a recipient.
    pub fn open(&self, old_file: &Hash, recipient: &Recipient) -> Result<Vec<Transfer>, CeremonyError> {
        let same = |of: &Transfer| of.old_file == *old_file && of.recipient == *recipient;
        Ok(self.all()?.into_iter().filter(|of| of.closed.is_none() && same(of)).collect())
    }

    /// Those whose receipts are not here, oldest first.
    pub fn waiting(&self) -> Result<Vec<Transfer>, CeremonyError> {
        let mut open: Vec<Transfer> = self.all()?.into_iter().filter(|of| of.closed.is_none()).collect();
        open.sort_by_key(|of| (of.created_at, of.key_id, of.index));
        Ok(open)
    }

    /// That `receipt`, from `file`, is for an open transfer of `old_file`, and says all that it must.
    pub fn judge(&self, old_file: &Hash, receipt: &Receipt, file: &Path) -> Result<(), CeremonyError> {
        let given = &receipt.receipt;
        let blob = given.share_blob_hash.or(given.aux_blob_hash);
        let found = blob.map(|blob| self.read(&self.path(&blob))).transpose()?.flatten();
        judged(found, old_file, receipt)
            .map_err(|source| CeremonyError::ReceiptFile { file: file.display().to_string(), source })
    }

    /// Closes every transfer of a file that is being destroyed.
    pub fn destroyed(&self, old_file: &str) -> Result<(), CeremonyError> {
        self.close(Closed::Destroyed, |of| of.old_file.to_string() == old_file)
    }

    /// Closes what `issuer` gave away of an index that they hold again, but for the transfer of `blob` itself.
    pub fn overtaken(
        &self,
        issuer: &Name,
        (key_card_hash, index): (&Hash, u16),
        blob: Option<Hash>,
    ) -> Result<(), CeremonyError> {
        self.close(Closed::Overtaken, |of| {
            let same = of.issuer == *issuer && of.key_card_hash == *key_card_hash && of.index == index;
            same && (blob.is_none() || of.blob() != blob)
        })
    }

    fn close(&self, closed: Closed, which: impl Fn(&Transfer) -> bool) -> Result<(), CeremonyError> {
        for mut transfer in self.all()? {
            if transfer.closed.is_none() && which(&transfer) {
                transfer.closed = Some(closed);
                let bytes = codec::canonical("transfer", &transfer)?;
                files::replace(&self.path(&transfer.blob().unwrap_or(Hash::ZERO)), &bytes)?;
            }
        }
        Ok(())
    }

    fn all(&self) -> Result<Vec<Transfer>, CeremonyError> {
        let mut all = Vec::new();
        for name in files::file_names(&self.dir)? {
            if !name.starts_with('.') && name.ends_with(".json") {
                all.extend(self.read(&self.dir.join(name))?);
            }
        }
        Ok(all)
    }

    fn read(&self, path: &Path) -> Result<Option<Transfer>, CeremonyError> {
        match files::read_capped(path, JSON_CAP as u64) {
            Ok(bytes) => Transfer::parse(&bytes).map(Some),
            Err(FileError::NotFound(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn path(&self, blob: &Hash) -> PathBuf {
        self.dir.join(format!("{blob}.json"))
    }
}

fn judged(found: Option<Transfer>, old_file: &Hash, receipt: &Receipt) -> Result<(), ReceiptError> {
    if receipt.receipt.kind != ReceiptKind::Transfer {
        return Err(ReceiptError::Differs("kind of delivery"));
    }
    let transfer = found.ok_or(ReceiptError::NoTransfer)?;
    if transfer.old_file != *old_file {
        return Err(ReceiptError::Differs("file"));
    }
    transfer.check(receipt)?;
    match transfer.closed {
        None => Ok(()),
        Some(Closed::Destroyed) => Err(ReceiptError::Used),
        Some(Closed::Overtaken) => Err(ReceiptError::Overtaken),
    }
}

#[cfg(test)]
mod tests {
    use rand_core::OsRng;

    use super::*;
    use crate::{codec::HexArray, identity::PersonIdentity, receipt::ReceiptBody};

    fn hash(text: &str) -> Hash {
        Hash::plain(text.as_bytes())
    }

    fn transfer(to: &PersonIdentity) -> Transfer {
        Transfer {
            version: 1,
            issuer: "A".parse().unwrap(),
            old_file: hash("old"),
            key_id: KeyId::random(&mut OsRng),
            key_card_hash: hash("card"),
            index: 1,
            epoch: 0,
            export_op_id: HexArray([1; 16]),
            core_hash: hash("core"),
            share_blob_hash: Some(hash("share")),
            aux_blob_hash: None,
            holder: to.name().clone(),
            card_hash: hash("person"),
            approval_key: to.approval_key(),
            recipient: to.recipient(),
            created_at: Time::now(),
            closed: None,
        }
    }

    fn receipt(of: &Transfer, by: &PersonIdentity, change: impl Fn(&mut ReceiptBody)) -> Receipt {
        let mut body = ReceiptBody {
            version: 1,
            kind: ReceiptKind::Transfer,
            issuer: of.issuer.clone(),
            genesis_id: HexArray([2; 16]),
            key_card_hash: of.key_card_hash,
            index: of.index,
            epoch: of.epoch,
            op_id: of.export_op_id,
            share_blob_hash: of.share_blob_hash,
            aux_blob_hash: of.aux_blob_hash,
            core_hash: Some(of.core_hash),
            recipient: of.recipient,
            verification_share: None,
            signer: of.holder.clone(),
            made_at: Time::now(),
        };
        change(&mut body);
        Receipt::sign(body, by.approval()).unwrap()
    }

    fn judge(transfers: &Transfers, old: &Hash, receipt: &Receipt) -> Result<(), ReceiptError> {
        match transfers.judge(old, receipt, Path::new("r")) {
            Err(CeremonyError::ReceiptFile { source, .. }) => Err(source),
            other => {
                other.unwrap();
                Ok(())
            }
        }
    }

    #[test]
    fn r21_only_the_receipt_for_an_open_transfer_counts_and_once() {
        let dir = tempfile::tempdir().unwrap();
        let transfers = Transfers::of_home(dir.path());
        let b = PersonIdentity::random("B".parse().unwrap(), &mut OsRng);
        let c = PersonIdentity::random("C".parse().unwrap(), &mut OsRng);
        let (of, old) = (transfer(&b), hash("old"));
        let good = receipt(&of, &b, |_| ());
        assert!(matches!(judge(&transfers, &old, &good), Err(ReceiptError::NoTransfer)));
        transfers.begin(&of).unwrap();
        judge(&transfers, &old, &good).unwrap();
        assert_eq!(transfers.open(&old, &b.recipient()).unwrap(), std::slice::from_ref(&of));
        assert!(transfers.open(&old, &c.recipient()).unwrap().is_empty());
        assert!(matches!(judge(&transfers, &hash("other"), &good), Err(ReceiptError::Differs("file"))));
        let forged = receipt(&of, &c, |_| ());
        assert!(matches!(judge(&transfers, &old, &forged), Err(ReceiptError::Signature(_))));
        let changes: [fn(&mut ReceiptBody); 10] = [
            |body| body.kind = ReceiptKind::Export,
            |body| body.issuer = "X".parse().unwrap(),
            |body| body.signer = "C".parse().unwrap(),
            |body| body.key_card_hash = Hash::ZERO,
            |body| body.index = 2,
            |body| body.epoch = 1,
            |body| body.op_id = HexArray([9; 16]),
            |body| body.aux_blob_hash = Some(Hash::ZERO),
            |body| body.core_hash = Some(Hash::ZERO),
            |body| body.core_hash = None,
        ];
        for change in changes {
            let refused = judge(&transfers, &old, &receipt(&of, &b, change));
            assert!(matches!(refused, Err(ReceiptError::Differs(_))), "{refused:?}");
        }
        let other = receipt(&of, &b, |body| body.share_blob_hash = Some(Hash::ZERO));
        assert!(matches!(judge(&transfers, &old, &other), Err(ReceiptError::NoTransfer)));
        transfers.destroyed(&old.to_string()).unwrap();
        assert!(matches!(judge(&transfers, &old, &good), Err(ReceiptError::Used)));
        assert!(transfers.open(&old, &b.recipient()).unwrap().is_empty());
    }

    #[test]
    fn r21_a_share_that_came_back_voids_what_was_given_away() {
        let dir = tempfile::tempdir().unwrap();
        let transfers = Transfers::of_home(dir.path());
        let b = PersonIdentity::random("B".parse().unwrap(), &mut OsRng);
        let (of, old) = (transfer(&b), hash("old"));
        transfers.begin(&of).unwrap();
        let good = receipt(&of, &b, |_| ());
        let place = (&of.key_card_hash, 1);
        transfers.overtaken(b.name(), place, None).unwrap();
        transfers.overtaken(&of.issuer, (&of.key_card_hash, 2), None).unwrap();
        transfers.overtaken(&of.issuer, (&old, 1), None).unwrap();
        // The new holder of the very shard may have the issuer's name.
        transfers.overtaken(&of.issuer, place, of.share_blob_hash).unwrap();
        judge(&transfers, &old, &good).unwrap();
        transfers.overtaken(&of.issuer, place, Some(hash("another"))).unwrap();
        assert!(matches!(judge(&transfers, &old, &good), Err(ReceiptError::Overtaken)));
    }

    #[test]
    fn r51_unknown_fields_and_newer_versions_are_refused() {
        let b = PersonIdentity::random("B".parse().unwrap(), &mut OsRng);
        let bytes = codec::canonical("transfer", &transfer(&b)).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(Transfer::parse(&bytes).is_ok());
        let newer = text.replace("\"version\":1", "\"version\":2");
        assert!(matches!(Transfer::parse(newer.as_bytes()), Err(CeremonyError::Newer { found: 2 })));
        assert!(Transfer::parse(text.replace("\"version\":1", "\"version\":1,\"x\":1").as_bytes()).is_err());
        assert!(Transfer::parse(text.replace(',', ", ").as_bytes()).is_err());
    }
}
