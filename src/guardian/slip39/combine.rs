//! From shares back to the secret, or to a share that was lost.

use std::{borrow::Borrow, collections::BTreeMap, fmt};

use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use super::{Parameters, Share, cipher};
use crate::{guardian::gf256::RIJNDAEL, secret::SecretBytes};

/// x-coordinate of the shared secret.
pub(super) const SECRET_X: u8 = 255;
/// x-coordinate of its digest.
pub(super) const DIGEST_X: u8 = 254;
/// Bytes of the digest; random bytes follow.
pub(super) const DIGEST_LEN: usize = 4;

/// Why shares do not make a secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CombineError {
    #[error("no share was given")]
    None,
    #[error("the shares are of different sets: their {0} differ")]
    Mixed(&'static str),
    #[error("{0} was given twice")]
    Twice(Place),
    #[error("two different shares both claim to be {0}: one of them was altered or is of another set")]
    Conflict(Place),
    #[error("shares of {more} more group(s) are needed")]
    TooFewGroups { more: usize },
    #[error("{more} more share(s) are needed{}", of_group(*.group))]
    TooFew {
        /// The group that lacks them, where there are several.
        group: Option<u8>,
        more: usize,
    },
    #[error("not all shares belong together; not fitting the others: {}", list(.0))]
    Stray(Vec<Place>),
    #[error("the shares do not belong together: the digest of what they make is wrong")]
    Digest,
    #[error("a share is recreated from shares of its own group, at an index below 16")]
    Recreate,
}

/// Where a share stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// From 0; `None` where the set has one group only.
    pub group: Option<u8>,
    /// From 0; `None` for a whole group.
    pub member: Option<u8>,
}

impl Place {
    /// Of a share.
    pub fn of(parameters: &Parameters) -> Self {
        let group = (parameters.group_count > 1).then_some(parameters.group_index);
        Self { group, member: Some(parameters.member_index) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.member, self.group) {
            (Some(member), None) => write!(f, "share {}", member + 1),
            (Some(member), Some(group)) => write!(f, "share {} of group {}", member + 1, group + 1),
            (None, Some(group)) => write!(f, "group {}", group + 1),
            (None, None) => f.write_str("the group"),
        }
    }
}

/// The secret that the shares make under a passphrase, empty for our own sets. SLIP-39 cannot tell a wrong
/// passphrase: it makes another secret.
///
/// Unlike the standard this takes more shares and groups than are needed; all of them must lie on the same
/// polynomials. Whenever any two shares contradict each other nothing is returned.
pub fn combine(shares: &[impl Borrow<Share>], passphrase: &[u8]) -> Result<SecretBytes, CombineError> {
    let shares: Vec<&Share> = shares.iter().map(Borrow::borrow).collect();
    let parameters = same_set(&shares)?;
    let encrypted = combine_encrypted(&shares)?;
    Ok(cipher::decrypt(encrypted.expose(), passphrase, parameters))
}

/// The share with another index of the same group, the very one that was made at first.
pub fn recreate(shares: &[impl Borrow<Share>], member_index: u8) -> Result<Share, CombineError> {
    let shares: Vec<&Share> = shares.iter().map(Borrow::borrow).collect();
    let parameters = *same_set(&shares)?;
    let one_group = shares.iter().all(|share| share.parameters.group_index == parameters.group_index);
    if !one_group || member_index >= super::MAX_SHARES {
        return Err(CombineError::Recreate);
    }
    group_secret(&shares)?;
    let value = points(&shares).interpolate(member_index)?;
    Ok(Share::new(Parameters { member_index, ..parameters }, value))
}

/// The encrypted master secret.
pub(super) fn combine_encrypted(shares: &[&Share]) -> Result<SecretBytes, CombineError> {
    let parameters = same_set(shares)?;
    let mut groups: BTreeMap<u8, Vec<&Share>> = BTreeMap::new();
    for share in shares {
        groups.entry(share.parameters.group_index).or_default().push(share);
    }
    groups.values().try_for_each(|members| distinct(members))?;
    let needed = usize::from(parameters.group_threshold);
    if groups.len() < needed {
        return Err(CombineError::TooFewGroups { more: needed - groups.len() });
    }
    let mut values = Vec::new();
    for (index, members) in &groups {
        let place = Place { group: Some(*index), member: None };
        values.push((*index, place, group_secret(members)?));
    }
    let points = values.iter().map(|(x, place, value)| (*x, *place, value.expose())).collect();
    Points(points).secret(parameters.group_threshold)
}

/// Whether what is given as digest and random bytes is the digest of the secret.
pub(super) fn digest_fits(digest_and_random: &[u8], secret: &[u8]) -> bool {
    let (digest, random) = digest_and_random.split_at(DIGEST_LEN.min(digest_and_random.len()));
    digest_of(random, secret).ct_eq(digest).into()
}

/// The first four bytes of HMAC-SHA256 of the secret under the random bytes.
pub(super) fn digest_of(random: &[u8], secret: &[u8]) -> [u8; DIGEST_LEN] {
    // HMAC takes keys of any length.
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(random) else { return [0; DIGEST_LEN] };
    let tag: [u8; 32] = mac.chain_update(secret).finalize().into_bytes().into();
    let [a, b, c, d, ..] = tag;
    [a, b, c, d]
}

/// One set: the parameters that must agree do.
fn same_set<'a>(shares: &[&'a Share]) -> Result<&'a Parameters, CombineError> {
    let (first, rest) = shares.split_first().ok_or(CombineError::None)?;
    for share in rest {
        if let Some(what) = difference(first, share) {
            return Err(CombineError::Mixed(what));
        }
    }
    Ok(&first.parameters)
}

/// What tells two shares apart that ought to be of one set.
pub(in crate::guardian) fn difference(one: &Share, other: &Share) -> Option<&'static str> {
    let (a, b) = (&one.parameters, &other.parameters);
    let same_group = a.group_index == b.group_index;
    let checks = [
        ("identifiers", a.identifier == b.identifier),
        ("extendable flags", a.extendable == b.extendable),
        ("iteration exponents", a.iteration_exponent == b.iteration_exponent),
        ("group thresholds", a.group_threshold == b.group_threshold),
        ("numbers of groups", a.group_count == b.group_count),
        ("lengths", one.secret_len() == other.secret_len()),
        ("thresholds", !same_group || a.member_threshold == b.member_threshold),
    ];
    checks.into_iter().find(|(_, same)| !same).map(|(what, _)| what)
}

fn distinct(members: &[&Share]) -> Result<(), CombineError> {
    let mut seen: BTreeMap<u8, &Share> = BTreeMap::new();
    for share in members {
        if let Some(before) = seen.insert(share.member_index(), share) {
            let place = Place::of(&share.parameters);
            return Err(match before.same_value(share) {
                true => CombineError::Twice(place),
                false => CombineError::Conflict(place),
            });
        }
    }
    Ok(())
}

/// What the members of one group share.
fn group_secret(members: &[&Share]) -> Result<SecretBytes, CombineError> {
    let first = members.first().ok_or(CombineError::None)?;
    distinct(members)?;
    let needed = usize::from(first.member_threshold());
    if members.len() < needed {
        let group = Place::of(&first.parameters).group;
        return Err(CombineError::TooFew { group, more: needed - members.len() });
    }
    points(members).secret(first.member_threshold())
}

fn points<'a>(members: &[&'a Share]) -> Points<'a> {
    Points(members.iter().map(|s| (s.member_index(), Place::of(&s.parameters), s.value())).collect())
}

/// x, place and value; the xs distinct, the values of one length.
struct Points<'a>(Vec<(u8, Place, &'a [u8])>);

impl Points<'_> {
    /// RecoverSecret of the standard, with any number of points from `threshold` on.
    fn secret(&self, threshold: u8) -> Result<SecretBytes, CombineError> {
        let needed = usize::from(threshold);
        if threshold == 1 {
            return self.constant();
        }
        if let Some(secret) = self.subset(|i| i < needed).digested() {
            let strays = self.strays(|i| i < needed)?;
            return if strays.is_empty() { Ok(secret) } else { Err(CombineError::Stray(strays)) };
        }
        // Some other points may agree; then those that do not can be named.
        for chosen in subsets(self.0.len(), needed) {
            let within = |i: usize| chosen >> i & 1 == 1;
            if self.subset(within).digested().is_some() {
                return Err(CombineError::Stray(self.strays(within)?));
            }
        }
        Err(CombineError::Digest)
    }

    /// With a threshold of 1 every point holds the secret, and there is no digest.
    fn constant(&self) -> Result<SecretBytes, CombineError> {
        let (_, place, first) = self.0.first().ok_or(CombineError::None)?;
        match self.0.iter().find(|(_, _, value)| !bool::from(value.ct_eq(first))) {
            Some((_, other, _)) => Err(CombineError::Stray(vec![*place, *other])),
            None => Ok(SecretBytes::new(first.to_vec())),
        }
    }

    /// The secret, if its digest fits.
    fn digested(&self) -> Option<SecretBytes> {
        let secret = self.interpolate(SECRET_X).ok()?;
        let digest = self.interpolate(DIGEST_X).ok()?;
        digest_fits(digest.expose(), secret.expose()).then_some(secret)
    }

    /// The points outside a subset that do not lie on its polynomial.
    fn strays(&self, within: impl Fn(usize) -> bool) -> Result<Vec<Place>, CombineError> {
        let (mut strays, base) = (Vec::new(), self.subset(&within));
        for (_, (x, place, value)) in self.0.iter().enumerate().filter(|(i, _)| !within(*i)) {
            if !bool::from(base.interpolate(*x)?.expose().ct_eq(value)) {
                strays.push(*place);
            }
        }
        Ok(strays)
    }

    fn subset(&self, within: impl Fn(usize) -> bool) -> Self {
        Self(self.0.iter().enumerate().filter(|(i, _)| within(*i)).map(|(_, point)| *point).collect())
    }

    fn interpolate(&self, at: u8) -> Result<SecretBytes, CombineError> {
        let points: Vec<(u8, &[u8])> = self.0.iter().map(|(x, _, value)| (*x, *value)).collect();
        RIJNDAEL.interpolate(at, &points).ok_or(CombineError::Digest)
    }
}

/// All subsets of `size` out of `count` <= 16, as bit masks.
pub(super) fn subsets(count: usize, size: usize) -> impl Iterator<Item = u32> {
    (0..1u32 << count.min(16)).filter(move |mask| mask.count_ones() as usize == size)
}

fn of_group(group: Option<u8>) -> String {
    group.map(|group| format!(" of group {}", group + 1)).unwrap_or_default()
}

fn list(places: &[Place]) -> String {
    places.iter().map(Place::to_string).collect::<Vec<_>>().join(", ")
}
