//! Threshold ECDSA by CGGMP24 over the additive t-of-t view of the Shamir shares: signer i of the set S
//! holds lambda_i * x_i, so one share format serves both engines.

use cggmp24::{
    ExecutionId, PrehashedDataToSign,
    key_share::{DirtyKeyShare, Validate as _},
};
use generic_ec::{Curve as EcCurve, NonZero, Point, Scalar, SecretScalar};
use key_share::{DirtyCoreKeyShare, DirtyKeyInfo};
use rand_core::OsRng;
use round_based::state_machine;

use super::{
    Context, Fault, Inbox, Party, Step,
    driver::{Driver, Machine, digits, position},
    range_proofs,
};
use crate::{
    curve::{self, Curve, EcdsaSignature, Payload, Suite},
    digest::Hash,
    keyshare::{KeyShare, lagrange_at_zero},
    paillier::AuxShare,
    secret::SecretBytes,
    with_ecdsa, with_suite,
};

/// A signing party for an ECDSA key. `signers` are the session's participants.
pub fn party(
    share: &KeyShare,
    aux: &AuxShare,
    signers: &[u16],
    payload: Payload,
) -> Result<Box<dyn Party<EcdsaSignature>>, Fault> {
    let curve = share.card().curve;
    let additive = with_suite!(curve, C => Additive::of::<C>(share, signers))?;
    with_ecdsa!(curve, E, L => {
        let info = aux.info::<L>(signers).map_err(Fault::local)?;
        let core = additive.core::<E>()?;
        let key_share = DirtyKeyShare { core, aux: info.into_inner() }
            .validate()
            .map_err(|e| Fault::local(e.into_error()))?;
        let table_hash = aux.table_hash();
        let group = share.card().group_public_key.0.clone();
        Ok(Box::new(Start::<E, L> { key_share, curve, group, payload, table_hash }))
    }, else Err(Fault::local(format!("{curve} keys do not sign with ECDSA"))))
}

struct Start<E: EcCurve, L: cggmp24::security_level::SecurityLevel> {
    key_share: cggmp24::KeyShare<E, L>,
    curve: Curve,
    group: Vec<u8>,
    payload: Payload,
    table_hash: Hash,
}

impl<E, L> Party<EcdsaSignature> for Start<E, L>
where
    E: EcCurve,
    Point<E>: generic_ec::coords::HasAffineX<E>,
    L: cggmp24::security_level::SecurityLevel + 'static,
{
    fn step(self: Box<Self>, context: &mut Context<'_>, inbox: Inbox) -> Result<Step<EcdsaSignature>, Fault> {
        let Self { key_share, curve, group, payload, table_hash } = *self;
        let me = position(context, context.me)?;
        let positions = (0..).zip(context.participants).map(|(p, _)| p).collect::<Vec<u16>>();
        let execution =
            Hash::tagged("ecdsa-execution", &[context.session_id.as_bytes(), table_hash.as_bytes()]);
        let inspect = range_proofs::inspector::<E, L>(execution, me, &key_share.aux);
        let inspect = inspect.ok_or_else(|| Fault::local("the aux lacks this node's row"))?;
        // A digest is never longer than the group order in bits, so reducing it is what bits2int does.
        let scalar = Scalar::<E>::from_be_bytes_mod_order(payload.bytes());
        let machine: Machine<_, _> = Box::new(state_machine::wrap_protocol(move |party| async move {
            let id = ExecutionId::new(execution.as_bytes());
            let data = PrehashedDataToSign::from_scalar(scalar);
            cggmp24::signing(id, me, &positions, &key_share)
                .sign(&mut OsRng, party, &data)
                .await
                .map_err(|error| format!("{error:?}"))
        }));
        let finish = Box::new(move |signature: cggmp24::Signature<E>| {
            let (r, s) = (signature.r.to_be_bytes(), signature.s.to_be_bytes());
            EcdsaSignature::new(curve, r.as_bytes(), s.as_bytes())
                .and_then(|signature| signature.finish(curve, &group, &payload))
                .map_err(|error| match error {
                    curve::SignatureError::Retry => Fault::disturbed(error.to_string()),
                    other => Fault::local(other),
                })
        });
        Box::new(Driver::new(machine, finish, digits::<L>()).inspecting(inspect)).step(context, inbox)
    }
}

/// The t-of-t view of a signer set, encoded.
struct Additive {
    position: u16,
    secret: SecretBytes,
    publics: Vec<Vec<u8>>,
    group: Vec<u8>,
}

impl Additive {
    fn of<C: Suite>(share: &KeyShare, signers: &[u16]) -> Result<Self, Fault> {
        let position = signers.iter().position(|index| *index == share.index());
        let position = position.and_then(|p| u16::try_from(p).ok());
        let position = position.ok_or_else(|| Fault::local("this node is not among the signers"))?;
        let x = curve::nonzero_scalar_from::<C>(share.scalar().expose())?;
        let secret = lagrange_at_zero::<C>(signers, share.index())? * x;
        let mut publics = Vec::with_capacity(signers.len());
        for index in signers {
            let encoded = share.card().verification_share(*index);
            let encoded = encoded.ok_or_else(|| Fault::local("a signer is not in the roster"))?;
            let point = curve::point_from::<C>(encoded)? * lagrange_at_zero::<C>(signers, *index)?;
            publics.push(curve::point_bytes::<C>(&point)?);
        }
        let group = share.card().group_public_key.0.clone();
        Ok(Self { position, secret: curve::scalar_bytes::<C>(&secret).into(), publics, group })
    }

    fn core<E: EcCurve>(&self) -> Result<DirtyCoreKeyShare<E>, Fault> {
        let x = SecretScalar::from_be_bytes(self.secret.expose()).map_err(Fault::local)?;
        let point = |bytes: &Vec<u8>| {
            let point = Point::from_bytes(bytes).map_err(Fault::local)?;
            NonZero::from_point(point).ok_or_else(|| Fault::local("a point is the identity"))
        };
        Ok(DirtyCoreKeyShare {
            i: self.position,
            key_info: DirtyKeyInfo {
                curve: Default::default(),
                shared_public_key: point(&self.group)?,
                public_shares: self.publics.iter().map(point).collect::<Result<_, _>>()?,
                vss_setup: None,
            },
            x: NonZero::from_secret_scalar(x).ok_or_else(|| Fault::local("a share is zero"))?,
        })
    }
}
