//! `home.json`: what kind of home it is.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{
    ceremony::CeremonyError,
    codec::{self, JSON_CAP},
    ids::{Name, Time},
    paillier::PrimeSource,
    store::files,
};

/// What `home.json` holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct HomeFile {
    /// Format version, 1.
    pub version: u32,
    /// Made with committed test primes.
    pub test: bool,
    /// The servers it was made with, in the order of `init`; empty in a home without nodes.
    pub servers: Vec<Name>,
    /// When it was made.
    pub created_at: Time,
    /// Its nodes await a production genesis, or have one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub production: bool,
}

impl HomeFile {
    /// Reads the file of a home and refuses one of the other kind (TEST or not).
    pub fn read(home: &Path, primes: &PrimeSource) -> Result<Self, CeremonyError> {
        let path = home.join("home.json");
        let bytes = match files::read_capped(&path, JSON_CAP as u64) {
            Err(files::FileError::NotFound(_)) => {
                return Err(CeremonyError::NoWorkspace(home.display().to_string()));
            }
            other => other?,
        };
        let file = Self::parse(&bytes)?;
        if file.test == primes.is_test() {
            Ok(file)
        } else {
            Err(CeremonyError::TestMark { home: file.test })
        }
    }

    /// Reads the file's content, in canonical form only. A newer version is told apart from damage.
    pub fn parse(bytes: &[u8]) -> Result<Self, CeremonyError> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let damaged = |e: codec::CodecError| CeremonyError::Damaged(e.to_string());
        let Version { version } = codec::from_json("home.json", bytes, JSON_CAP).map_err(damaged)?;
        if version != 1 {
            return Err(CeremonyError::Newer { found: version });
        }
        codec::from_canonical("home.json", bytes, JSON_CAP).map_err(damaged)
    }
}
