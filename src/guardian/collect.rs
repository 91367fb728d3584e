//! Collecting guardian shares one by one until there are enough.

use super::{
    set::{GuardianSet, NotInSet},
    slip39::{self, CombineError, Place, Share, difference},
};
use crate::{ids::Name, secret::Secret};

/// Why a share was not taken. The collection is as before.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{} was already entered", whose(.guardian, .place))]
    AlreadyEntered { place: Place, guardian: Option<Name> },
    #[error("another share {place} was already entered: one of the two was altered or is of another set")]
    Conflict { place: Place },
    #[error("this share belongs to another set than those entered before: the {0} differ")]
    AnotherSet(&'static str),
    #[error("this is a SLIP-39 share, but not of 32 bytes in a single group, as guardian shares are")]
    Shape,
    #[error(transparent)]
    NotInSet(#[from] NotInSet),
}

/// A share was taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Added {
    /// Whose it is, where the set is known.
    pub guardian: Option<Name>,
    /// Its number, from 1.
    pub number: u8,
    /// How many more are needed; 0 when there are enough.
    pub still_needed: usize,
}

/// Shares of one set, each at most once. With the guardian set at hand, each is checked against its commitment.
#[derive(Debug, Default)]
pub struct Collection {
    set: Option<GuardianSet>,
    shares: Vec<Share>,
}

impl Collection {
    /// For shares of a known set.
    pub fn of(set: GuardianSet) -> Self {
        Self { set: Some(set), shares: Vec::new() }
    }

    /// For shares of whatever set the first one belongs to.
    pub fn of_any_set() -> Self {
        Self::default()
    }

    /// Takes one more share. More than needed are welcome: they are checked against the others.
    pub fn add(&mut self, share: Share) -> Result<Added, Refusal> {
        let guardian = self.check(&share)?;
        let number = share.member_index() + 1;
        self.shares.push(share);
        Ok(Added { guardian, number, still_needed: self.still_needed().unwrap_or_default() })
    }

    /// Whether a share would be taken, and whose it is where the set is known.
    pub fn check(&self, share: &Share) -> Result<Option<Name>, Refusal> {
        let guardian = match &self.set {
            Some(set) => Some(set.find(share)?.name.clone()),
            None => None,
        };
        if share.secret_len() != 32 || share.parameters().group_count != 1 {
            return Err(Refusal::Shape);
        }
        if let Some(what) = self.shares.first().and_then(|first| difference(first, share)) {
            return Err(Refusal::AnotherSet(what));
        }
        let place = Place::of(share.parameters());
        match self.shares.iter().find(|taken| taken.member_index() == share.member_index()) {
            None => Ok(guardian),
            Some(taken) if taken.same_value(share) => Err(Refusal::AlreadyEntered { place, guardian }),
            Some(_) => Err(Refusal::Conflict { place }),
        }
    }

    /// How many more shares are needed; `None` while neither the set nor any share is known.
    pub fn still_needed(&self) -> Option<usize> {
        let threshold = match &self.set {
            Some(set) => set.threshold(),
            None => self.shares.first()?.member_threshold(),
        };
        Some(usize::from(threshold).saturating_sub(self.shares.len()))
    }

    /// The set, where it is known.
    pub fn set(&self) -> Option<&GuardianSet> {
        self.set.as_ref()
    }

    /// What was taken so far; [`slip39::recreate`] makes a lost share from enough of them.
    pub fn shares(&self) -> &[Share] {
        &self.shares
    }

    /// The secret. That it is the right one, its recipient tells (R33).
    pub fn finish(&self) -> Result<Secret<32>, CombineError> {
        if let (true, Some(more)) = (self.shares.is_empty(), self.still_needed()) {
            return Err(CombineError::TooFew { group: None, more });
        }
        let secret = slip39::combine(&self.shares, b"")?;
        // Of another length no share was taken.
        Secret::from_slice(secret.expose()).ok_or(CombineError::Mixed("lengths"))
    }
}

fn whose(guardian: &Option<Name>, place: &Place) -> String {
    match guardian {
        Some(name) => format!("{name}'s share"),
        None => place.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        guardian::samples::{Sample, sample},
        wrap::recipient::Identity,
    };

    fn copy(share: &Share) -> Share {
        Share::parse(&share.text()).unwrap()
    }

    const NAMES: [&str; 5] = ["Ann", "Bob", "Cyd", "Dan", "Eve"];

    #[test]
    fn r31_shares_are_collected_until_there_are_enough() {
        let Sample { set, shares } = sample(3, &NAMES).unwrap();
        for with_set in [true, false] {
            let mut collection =
                if with_set { Collection::of(set.clone()) } else { Collection::of_any_set() };
            assert_eq!(collection.still_needed(), with_set.then_some(3));
            assert!(collection.finish().is_err());
            for (given, (index, needed)) in [(4, 2), (1, 1), (0, 0), (2, 0)].into_iter().enumerate() {
                if given < 3 && given > 0 {
                    let error = collection.finish().unwrap_err();
                    assert_eq!(error, CombineError::TooFew { group: None, more: 3 - given });
                }
                let added = collection.add(copy(&shares[index])).unwrap();
                assert_eq!((added.number, added.still_needed), (index as u8 + 1, needed));
                assert_eq!(added.guardian, with_set.then(|| NAMES[index].parse().unwrap()));
            }
            let secret = collection.finish().unwrap();
            assert_eq!(Identity::from_secret(secret).recipient(), set.body().recipient);
            let lost = slip39::recreate(collection.shares(), 3).unwrap();
            assert_eq!(set.find(&lost).unwrap().name.as_str(), "Dan");
        }
    }

    #[test]
    fn r31_duplicates_and_strangers_are_refused_by_name() {
        let (ours, theirs) = (sample(2, &NAMES).unwrap(), sample(3, &NAMES).unwrap());
        let mut known = Collection::of(ours.set.clone());
        let mut any = Collection::of_any_set();
        known.add(copy(&ours.shares[1])).unwrap();
        any.add(copy(&ours.shares[1])).unwrap();
        let message = |refused: Result<Added, Refusal>| refused.unwrap_err().to_string();
        assert_eq!(message(known.add(copy(&ours.shares[1]))), "Bob's share was already entered");
        assert_eq!(message(any.add(copy(&ours.shares[1]))), "share 2 was already entered");
        let other = copy(&theirs.shares[0]);
        assert!(matches!(known.add(copy(&other)), Err(Refusal::NotInSet(NotInSet::AnotherSet(_)))));
        assert!(matches!(any.add(other), Err(Refusal::AnotherSet(_))));
        let short = "theory painting academic academic armed sweater year military elder discuss acne wildlife \
                     boring employer fused large satoshi bundle carbon diagnose anatomy hamster leaves tracks \
                     paces beyond phantom capital marvel lips brave detect luck";
        let mut any = Collection::of_any_set();
        any.add(Share::parse(short).unwrap()).unwrap();
        let short = "duckling enlarge academic academic agency result length solution fridge kidney coal piece \
                     deal husband erode duke ajar critical decision keyboard";
        assert_eq!(any.add(Share::parse(short).unwrap()), Err(Refusal::Shape));
        assert_eq!((known.shares().len(), any.shares().len()), (1, 1));
    }
}
