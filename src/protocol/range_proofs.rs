//! The two range proofs of a signer's first messages (CGGMP24, presigning, psi-0 and psi-1), checked before
//! the library sees them.
//!
//! `cggmp24` 0.7.0-alpha.3 looks at the second proof only when the first is false, and lets a party pass
//! when either holds. Without the first, a signer may encrypt a K far out of range; the honest answer
//! x * K - beta, decrypted, then shows x.

use cggmp24::{
    ExecutionId,
    key_share::DirtyAuxInfo,
    paillier_zk::{
        fast_paillier::EncryptionKey,
        paillier_encryption_in_range_with_el_gamal::{Aux, Data, SecurityParams, non_interactive},
    },
    security_level::SecurityLevel,
    signing::msg::Msg,
};
use generic_ec::Curve as EcCurve;
use sha2::Sha256;

use super::driver::Inspect;
use crate::digest::Hash;

/// The statement's context, in the library's own form.
#[derive(udigest::Digestable)]
#[udigest(tag = "dfns.cggmp24.signing.proof_enc")]
struct ProofEnc<'a> {
    sid: ExecutionId<'a>,
    prover: u16,
    num: u8,
}

/// Checks one peer's messages of the first round: its ciphertexts to all and its proofs to us, with our
/// ring-Pedersen parameters. `me` and the positions it is asked about count from 0.
pub(super) fn inspector<E: EcCurve, L: SecurityLevel>(
    execution: Hash,
    me: u16,
    info: &DirtyAuxInfo<L>,
) -> Option<Inspect<Msg<E, Sha256>>> {
    let ours: Aux = info.pedersen_params.get(usize::from(me))?.into();
    let keys: Vec<_> = info.N.iter().cloned().map(EncryptionKey::from_n).collect();
    let security = SecurityParams { l: L::ELL, epsilon: L::EPSILON };
    Some(Box::new(move |prover, broadcasts, direct| {
        let ([Msg::Round1a(sent)], [Msg::Round1b(proofs)]) = (broadcasts, direct) else { return false };
        let Some(key) = keys.get(usize::from(prover)) else { return false };
        let holds = |num, ciphertext, b, x, proof| {
            let context = ProofEnc { sid: ExecutionId::new(execution.as_bytes()), prover, num };
            let data = Data { key, ciphertext, a: &sent.Y, b, x };
            non_interactive::verify::<E, Sha256>(&context, &ours, data, proof, &security).is_ok()
        };
        holds(0, &sent.K, &sent.A1, &sent.A2, &proofs.psi0)
            && holds(1, &sent.G, &sent.B1, &sent.B2, &proofs.psi1)
    }))
}
