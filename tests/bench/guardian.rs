//! Splitting an identity 3 of 5: shares, rehearsal, set, five sheets with PDF, QR codes and text. All of it but
//! Argon2id, in memory; at most 100 ms. Beside it the bare libraries: PBKDF2 as SLIP-39 asks for it, and the QR
//! encoder.

#![allow(clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use qrcode::{EcLevel, QrCode};
use quorate::ceremony::guardians::{self, Delivery};
use quorate::guardian::collect::Collection;
use quorate::guardian::slip39;
use quorate::identity::PersonIdentity;
use quorate::ids::Name;
use quorate::print::sheet::Paper;
use rand_core::OsRng;

/// As in the shipped binary.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn names() -> Vec<Name> {
    ["Ann", "Bob", "Cyd", "Dan", "Eve"].iter().map(|name| name.parse().unwrap()).collect()
}

fn three_of_five(criterion: &mut Criterion) {
    let identity = PersonIdentity::random("A".parse().unwrap(), &mut OsRng);
    let mut group = criterion.benchmark_group("guardians 3 of 5");
    group.bench_function("all of a split, with five sheets", |bencher| {
        bencher.iter(|| {
            let deliveries = names().into_iter().map(|name| (name, Delivery::Sheet)).collect();
            guardians::prepare(black_box(&identity), deliveries, 3, Paper::A4).unwrap()
        });
    });
    group.bench_function("shares and rehearsal", |bencher| {
        bencher.iter(|| slip39::split(black_box(identity.age().secret()), 3, 5, &mut OsRng).unwrap());
    });
    let split = slip39::split(identity.age().secret(), 3, 5, &mut OsRng).unwrap();
    let texts: Vec<_> = split.shares().iter().map(|share| share.text().to_uppercase()).collect();
    group.bench_function("bare: PBKDF2 twice over", |bencher| {
        bencher.iter(|| {
            let mut out = [0; 16];
            // Four rounds to encrypt and four to decrypt.
            for _ in 0..8 {
                pbkdf2::pbkdf2_hmac::<sha2::Sha256>(black_box(&[7; 17]), &[7; 16], 2500, &mut out);
            }
            out
        });
    });
    group.bench_function("bare: five QR codes", |bencher| {
        bencher.iter(|| {
            for text in &texts {
                black_box(QrCode::with_error_correction_level(text.as_bytes(), EcLevel::Q).unwrap());
            }
        });
    });
    group.bench_function("restore from three shares", |bencher| {
        let shares: Vec<_> = texts.iter().take(3).collect();
        bencher.iter(|| {
            let mut collection = Collection::of_any_set();
            for text in &shares {
                collection.add(slip39::Share::parse(text).unwrap()).unwrap();
            }
            collection.finish().unwrap()
        });
    });
    group.finish();
}

criterion_group!(benches, three_of_five);
criterion_main!(benches);
