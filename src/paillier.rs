//! Auxiliary data of threshold ECDSA: Paillier and ring-Pedersen moduli of all holders (public), and the
//! four safe primes behind one's own (secret).
//!
//! A node's Paillier key and a recorded transcript yield a share, so the primes are as secret as a share.
#![doc = include_str!("paillier/format.md")]

mod source;

use cggmp24::{
    backend::Integer,
    key_share::{AuxInfo, DirtyAuxInfo, PedersenParams, Validate as _},
    paillier_zk::fast_paillier::utils::CrtExp,
    security_level::SecurityLevel,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    codec::{CodecError, Hex},
    curve::Level,
    digest::Hash,
    ids::OpId,
    primes::{PrimeError, SafePrime},
    secret::SecretBytes,
    signing_key::{PublicKey, Signature, SigningKey},
};

pub use self::source::PrimeSource;

/// Why aux is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum AuxError {
    #[error("the aux {what} has version {given}; this program reads version 1")]
    Version { what: &'static str, given: u32 },
    #[error("the aux core is not well-formed: {0}")]
    Core(&'static str),
    #[error("the aux belongs to another key or table")]
    OtherTable,
    #[error("the aux table lacks a row for index {0}")]
    Row(u16),
    #[error("the aux table lists its rows out of order")]
    Order,
    #[error("the aux table lacks a valid signature of index {0}")]
    Signature(u16),
    #[error("the primes do not belong to the table's row of index {0}")]
    Primes(u16),
    #[error("the aux data is not valid: {0}")]
    Library(String),
    #[error(transparent)]
    Prime(#[from] PrimeError),
    #[error(transparent)]
    Codec(#[from] CodecError),
}

/// One holder's public values, big-endian.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AuxRow {
    /// The holder.
    pub index: u16,
    /// Paillier modulus N.
    pub paillier: Hex,
    /// Ring-Pedersen modulus.
    pub pedersen: Hex,
    /// Ring-Pedersen parameter s.
    pub s: Hex,
    /// Ring-Pedersen parameter t.
    pub t: Hex,
}

/// The public values of all holders.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AuxTableBody {
    /// Format version, 1.
    pub version: u32,
    /// The key.
    pub key_card_hash: Hash,
    /// Random id of this aux.
    pub aux_id: OpId,
    /// Bits of the group order: 256, 384 or 521.
    pub level: u16,
    /// By index, ascending.
    pub rows: Vec<AuxRow>,
}

impl AuxTableBody {
    /// What holders sign, and what execution ids bind.
    pub fn hash(&self) -> Result<Hash, CodecError> {
        Hash::of("aux-table", self)
    }

    /// The table of a fresh aux: `info` counts positions, `holders` gives their indices.
    pub fn of<L: SecurityLevel>(
        key_card_hash: Hash,
        aux_id: OpId,
        level: Level,
        holders: &[u16],
        info: &AuxInfo<L>,
    ) -> Self {
        let number = |n: &Integer| Hex(n.to_bytes_msf());
        let rows = holders.iter().zip(info.N.iter().zip(&info.pedersen_params));
        let row = |(index, (n, params)): (&u16, (&Integer, &PedersenParams))| AuxRow {
            index: *index,
            paillier: number(n),
            pedersen: number(&params.hat_N),
            s: number(&params.s),
            t: number(&params.t),
        };
        Self::of_rows(key_card_hash, aux_id, level, rows.map(row).collect())
    }

    /// The table of given rows.
    pub fn of_rows(key_card_hash: Hash, aux_id: OpId, level: Level, rows: Vec<AuxRow>) -> Self {
        Self { version: 1, key_card_hash, aux_id, level: bits(level), rows }
    }

    /// An index whose moduli are longer than two primes of the level make them. The library bounds them
    /// from below only.
    pub fn oversized(&self, level: Level) -> Option<u16> {
        let most = (2 * level.prime_bits() / 8) as usize;
        let long = |row: &&AuxRow| {
            [&row.paillier, &row.pedersen, &row.s, &row.t].iter().any(|number| number.len() > most)
        };
        self.rows.iter().find(long).map(|row| row.index)
    }

    /// The row of an index.
    pub fn row(&self, index: u16) -> Result<&AuxRow, AuxError> {
        self.rows.iter().find(|row| row.index == index).ok_or(AuxError::Row(index))
    }
}

/// A table with the holders' signatures; each signs what it verified.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AuxTable {
    /// The table.
    pub table: AuxTableBody,
    /// By the holders, in the order of the rows.
    pub signatures: Vec<Signature>,
}

impl AuxTable {
    /// Every holder signed exactly this table. `key_of` gives a holder's signing key.
    pub fn check(&self, key_of: impl Fn(u16) -> Option<PublicKey>) -> Result<Hash, AuxError> {
        let table = &self.table;
        if table.version != 1 {
            return Err(AuxError::Version { what: "table", given: table.version });
        }
        if !table.rows.windows(2).all(|pair| matches!(pair, [a, b] if a.index < b.index)) {
            return Err(AuxError::Order);
        }
        let hash = table.hash()?;
        if self.signatures.len() != table.rows.len() {
            return Err(AuxError::Signature(0));
        }
        for (row, signature) in table.rows.iter().zip(&self.signatures) {
            let key = key_of(row.index).ok_or(AuxError::Signature(row.index))?;
            key.verify(&hash, signature).map_err(|_| AuxError::Signature(row.index))?;
        }
        Ok(hash)
    }
}

/// The four safe primes of one holder: p, q of the Paillier modulus, then of the ring-Pedersen modulus.
#[derive(Debug)]
pub struct AuxPrimes([SafePrime; 4]);

impl AuxPrimes {
    /// Takes them; each may be used for one aux only.
    pub fn new(primes: [SafePrime; 4]) -> Self {
        Self(primes)
    }

    /// As the library takes them.
    pub fn integers(&self) -> [Integer; 4] {
        self.0.each_ref().map(|prime| Integer::from_bytes_msf(prime.expose()))
    }

    /// Own secret half of a fresh aux with its table, in the stored form, signed by the node.
    pub fn core(&self, table: &AuxTableBody, index: u16, key: &SigningKey) -> Result<SecretBytes, AuxError> {
        let len: usize = self.0.iter().map(|prime| prime.expose().len()).sum();
        let mut bytes = Zeroizing::new(Vec::with_capacity(8 + 2 + 32 + 2 + 2 + 16 + 32 + 2 + len + 64));
        let each = u16::try_from(len / 4).map_err(|_| AuxError::Core("its primes are too long"))?;
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_be_bytes());
        bytes.extend_from_slice(table.key_card_hash.as_bytes());
        bytes.extend_from_slice(&index.to_be_bytes());
        bytes.extend_from_slice(&table.level.to_be_bytes());
        bytes.extend_from_slice(&table.aux_id.0);
        bytes.extend_from_slice(table.hash()?.as_bytes());
        bytes.extend_from_slice(&each.to_be_bytes());
        for prime in &self.0 {
            bytes.extend_from_slice(prime.expose());
        }
        let signature = key.sign(&Hash::tagged("aux-core", &[&bytes]));
        bytes.extend_from_slice(&signature.0);
        Ok(bytes.into())
    }
}

const MAGIC: &[u8; 8] = b"QRTPAILL";
const VERSION: u16 = 1;

/// One holder's aux, checked against its table.
#[derive(Debug)]
pub struct AuxShare {
    table: AuxTableBody,
    table_hash: Hash,
    index: u16,
    primes: [SecretBytes; 4],
}

impl AuxShare {
    /// Reads a stored core: signature of the node that made it, key, table, and that the primes are those of
    /// the table's row. The table's own signatures are checked by [`AuxTable::check`].
    pub fn read(core: &SecretBytes, table: &AuxTableBody, node: &PublicKey) -> Result<Self, AuxError> {
        let bytes = core.expose();
        let cut = || AuxError::Core("it is cut off");
        let (signed, signature) = bytes.split_last_chunk::<64>().ok_or_else(cut)?;
        node.verify(&Hash::tagged("aux-core", &[signed]), &crate::codec::HexArray(*signature))
            .map_err(|_| AuxError::Core("its signature does not verify"))?;
        let table_hash = table.hash()?;
        let mut rest = signed;
        let mut take = |n: usize| -> Result<&[u8], AuxError> {
            let (head, tail) = rest.split_at_checked(n).ok_or_else(cut)?;
            rest = tail;
            Ok(head)
        };
        let number = |bytes: &[u8]| bytes.try_into().map(u16::from_be_bytes).map_err(|_| cut());
        if take(8)? != MAGIC {
            return Err(AuxError::Core("it is not an aux core"));
        }
        match number(take(2)?)? {
            VERSION => {}
            given => return Err(AuxError::Version { what: "core", given: given.into() }),
        }
        let same_key = take(32)? == table.key_card_hash.as_bytes();
        let index = number(take(2)?)?;
        let same_level = number(take(2)?)? == table.level;
        let same_aux = take(16)? == table.aux_id.0;
        let same_table = take(32)? == table_hash.as_bytes();
        if !(same_key && same_level && same_aux && same_table) {
            return Err(AuxError::OtherTable);
        }
        let len = number(take(2)?)?.into();
        let mut prime = || Ok::<_, AuxError>(SecretBytes::new(take(len)?.to_vec()));
        let primes = [prime()?, prime()?, prime()?, prime()?];
        if !rest.is_empty() {
            return Err(AuxError::Core("bytes follow its end"));
        }
        let share = Self { table: table.clone(), table_hash, index, primes };
        share.check_products()?;
        Ok(share)
    }

    /// Whose half it is.
    pub fn index(&self) -> u16 {
        self.index
    }

    /// Hash of the table; signers compare it and bind it.
    pub fn table_hash(&self) -> Hash {
        self.table_hash
    }

    /// The aux of a signer set, in the library's form: its rows, in the signers' order.
    pub fn info<L: SecurityLevel>(&self, signers: &[u16]) -> Result<AuxInfo<L>, AuxError> {
        let [p, q, hat_p, hat_q] = self.integers();
        let mut info = DirtyAuxInfo {
            p,
            q,
            N: Vec::new(),
            pedersen_params: Vec::new(),
            security_level: std::marker::PhantomData,
        };
        for index in signers {
            let row = self.table.row(*index)?;
            // Our own modulus factors, so arithmetic modulo it can be split.
            let own = *index == self.index;
            info.N.push(Integer::from_bytes_msf(&row.paillier));
            info.pedersen_params.push(PedersenParams {
                hat_N: Integer::from_bytes_msf(&row.pedersen),
                s: Integer::from_bytes_msf(&row.s),
                t: Integer::from_bytes_msf(&row.t),
                multiexp: None,
                crt: if own { CrtExp::build_n(&hat_p, &hat_q) } else { None },
            });
        }
        info.validate().map_err(|e| AuxError::Library(e.into_error().to_string()))
    }

    fn integers(&self) -> [Integer; 4] {
        self.primes.each_ref().map(|prime| Integer::from_bytes_msf(prime.expose()))
    }

    fn check_products(&self) -> Result<(), AuxError> {
        let [p, q, hat_p, hat_q] = self.integers();
        let row = self.table.row(self.index)?;
        let fits = Integer::from_bytes_msf(&row.paillier) == &p * &q
            && Integer::from_bytes_msf(&row.pedersen) == &hat_p * &hat_q;
        if fits { Ok(()) } else { Err(AuxError::Primes(self.index)) }
    }
}

/// Bits of the group order, as tables name a level.
pub fn bits(level: Level) -> u16 {
    match level {
        Level::Bits256 => 256,
        Level::Bits384 => 384,
        Level::Bits521 => 521,
    }
}
