//! A guardian set for tests.

use rand_core::OsRng;

use super::{
    set::{Appointment, GuardianSet, SetError},
    slip39::{Share, split},
};
use crate::{ids::Time, secret::Secret, signing_key::SigningKey, wrap::recipient::Identity};

pub(super) struct Sample {
    pub(super) set: GuardianSet,
    pub(super) shares: Vec<Share>,
}

pub(super) fn sample(threshold: u8, names: &[&str]) -> Result<Sample, SetError> {
    let secret = Secret::random(&mut OsRng);
    let split = split(&secret, threshold, names.len() as u8, &mut OsRng).unwrap();
    let appointment = Appointment {
        custodian: "Alice".parse().unwrap(),
        recipient: Identity::from_secret(secret).recipient(),
        guardians: names.iter().map(|name| name.parse().unwrap()).collect(),
        created_at: Time::now(),
    };
    let set = GuardianSet::make(appointment, &split, &SigningKey::random(&mut OsRng), &mut OsRng)?;
    Ok(Sample { set, shares: split.into_shares() })
}
