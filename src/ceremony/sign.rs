//! `sign`: one signature by a t-subset of a key's servers.

use super::{
    CeremonyError, keys, locks, relay,
    workspace::{PinnedNode, Workspace},
};
use crate::{
    audit::Event,
    curve::{self, Curve, Engine, Payload},
    digest::Hash,
    ids::{KeyId, Name},
    keyshare::KeyCard,
    node::{Outcome, SignatureOutput},
    request::{Action, Content, SignParams, SignedRequest},
    statement::{self, Holding},
};

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// With which key.
    pub key_id: KeyId,
    /// What.
    pub content: Content,
    /// By whom; empty: the first servers that hold the key and are not locked.
    pub servers: Vec<Name>,
    /// Under the BIP-341 output key.
    pub taproot: bool,
}

/// A verified signature.
pub struct Signed {
    /// The key, by the id it was asked for.
    pub key_id: KeyId,
    /// The key's card.
    pub card: KeyCard,
    /// The signature.
    pub signature: SignatureOutput,
    /// What was signed, as the curve takes it.
    pub payload: Payload,
    /// Who signed.
    pub servers: Vec<Name>,
    /// The request.
    pub request_hash: Hash,
    /// What the signature verifies under, if it is not the card's key.
    pub output_key: Option<Vec<u8>>,
    /// With shares just in time: the nodes' signed word that nothing of the key is left on them.
    pub statements: Vec<statement::Signed<Holding>>,
}

/// Signs, and verifies with a second implementation before anything is given out (R11).
pub fn run(workspace: &mut Workspace, wanted: Wanted) -> Result<Signed, CeremonyError> {
    let card = workspace.inventory().card(&wanted.key_id, workspace.chain()?)?;
    payload(card.body().curve, &wanted.content, wanted.taproot)?;
    let (signers, names) = choose(workspace, &card, &wanted).map_err(|source| CeremonyError::After {
        source: Box::new(source),
        state: "nothing was signed".into(),
        hint: format!("quorate key show --key {}", wanted.key_id),
    })?;
    let mut nodes = workspace.nodes(&names)?;
    check_aux(&card, &mut nodes)?;
    let params = SignParams {
        key_id: wanted.key_id,
        signers: signers.clone(),
        content: wanted.content,
        path: String::new(),
        taproot: wanted.taproot,
    };
    let request = workspace.request(Action::Sign(params), Some(card.hash()), &nodes)?;
    workspace.intend(&request, Workspace::note_of(Event::SigningInitiated, &request)?)?;
    let mut participants: Vec<(u16, &mut PinnedNode)> = signers.into_iter().zip(&mut nodes).collect();
    let attempt = workspace.next_attempt(&request)?;
    let outcomes = relay::run(&mut participants, &request, attempt)
        .inspect_err(|error| locks::spread(workspace, &card, &mut nodes, error))?;
    conclude(workspace, card, &request, outcomes, names)
}

/// Verifies, with a second implementation, what the nodes signed together, and logs it.
pub(super) fn conclude(
    workspace: &mut Workspace,
    card: KeyCard,
    request: &SignedRequest,
    outcomes: Vec<Outcome>,
    servers: Vec<Name>,
) -> Result<Signed, CeremonyError> {
    let Action::Sign(params) = &request.request.action else { return Err(CeremonyError::Disagree) };
    let signature = agreed(outcomes)?;
    let payload = payload(card.body().curve, &params.content, params.taproot)?;
    let internal = card.body().root_public_key()?;
    let output_key = match params.taproot {
        true => {
            Some(curve::taproot_output_key(&internal).map_err(|e| CeremonyError::Refused(e.to_string()))?)
        }
        false => None,
    };
    let key = output_key.as_deref().unwrap_or(&card.body().group_public_key);
    curve::verify(card.body().curve, key, &payload, &signature.signature).map_err(|e| {
        CeremonyError::Damaged(format!("the servers' signature does not verify under the key card: {e}"))
    })?;
    let note = Workspace::note_of(Event::SigningCompleted, request)?;
    workspace.note(note.with("signature", Hash::plain(&signature.signature)))?;
    let request_hash = request.request.hash()?;
    Ok(Signed {
        key_id: request.request.key_id()?,
        card,
        signature,
        payload,
        servers,
        request_hash,
        output_key,
        statements: Vec::new(),
    })
}

/// What the curve signs of a message or digest; refuses what it does not take.
pub(super) fn payload(curve: Curve, content: &Content, taproot: bool) -> Result<Payload, CeremonyError> {
    if taproot && curve != Curve::Secp256k1Schnorr {
        return Err(CeremonyError::Usage(format!("{curve} keys have no Taproot output key")));
    }
    let payload = match content {
        Content::Message { message, hash } => curve::payload_of_message(curve, *hash, message),
        Content::Digest { digest } => curve::payload_of_digest(curve, digest),
    };
    payload.map_err(|e| CeremonyError::Usage(e.to_string()))
}

/// Exactly t servers of the roster, in its order.
fn choose(
    workspace: &Workspace,
    card: &KeyCard,
    wanted: &Wanted,
) -> Result<(Vec<u16>, Vec<Name>), CeremonyError> {
    let (body, key_id, wanted) = (card.body(), &wanted.key_id, &wanted.servers);
    let threshold = usize::from(body.threshold);
    let holders = body.holders(workspace.chain()?)?;
    let listed = || holders.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
    let mut indices = Vec::new();
    for name in wanted {
        let index = body.index_held(workspace.chain()?, name)?.ok_or_else(|| {
            CeremonyError::Refused(format!("{name} holds no share of this key; {} do", listed()))
        })?;
        indices.push(index);
    }
    if wanted.is_empty() {
        indices = unlocked(workspace, card, key_id)?;
    }
    indices.sort_unstable();
    indices.dedup();
    if indices.len() != threshold {
        let message =
            format!("exactly {threshold} of {} sign with this key; {} named", listed(), indices.len());
        return Err(CeremonyError::Refused(message));
    }
    let named = (1u16..).zip(holders).filter(|(index, _)| indices.contains(index));
    let names = named.map(|(_, name)| name).collect();
    Ok((indices, names))
}

/// The first t servers that hold the key and do not refuse to work with each other.
fn unlocked(workspace: &Workspace, card: &KeyCard, key_id: &KeyId) -> Result<Vec<u16>, CeremonyError> {
    let body = card.body();
    let chain = workspace.chain()?;
    let servers = keys::reachable(workspace, card, key_id);
    let works = |a: &keys::OnServer, b: &keys::OnServer| {
        a.aux() == b.aux() && !a.locks().iter().any(|lock| lock.culprit == b.name)
    };
    let mut chosen: Vec<(u16, &keys::OnServer)> = Vec::new();
    let rest: Vec<(u16, &keys::OnServer)> = servers
        .iter()
        .filter_map(|server| Some((body.index_held(chain, &server.name).ok()??, server)))
        .collect();
    if complete(&rest, usize::from(body.threshold), &works, &mut chosen) {
        return Ok(chosen.into_iter().map(|(index, _)| index).collect());
    }
    // A server that cannot be opened says why, and is a reason of another kind.
    keys::show(workspace, key_id)?;
    Err(CeremonyError::Denied(format!(
        "no {} servers of this key can be reached, hold it, and work with each other: see `quorate key show --key {}`",
        body.threshold, body.key_id
    )))
}

/// Extends `chosen` to `threshold` servers, backtracking over at most 16.
fn complete<'a>(
    rest: &[(u16, &'a keys::OnServer)],
    threshold: usize,
    works: &impl Fn(&keys::OnServer, &keys::OnServer) -> bool,
    chosen: &mut Vec<(u16, &'a keys::OnServer)>,
) -> bool {
    if chosen.len() == threshold {
        return true;
    }
    let Some((next, rest)) = rest.split_first() else { return false };
    let fits = next.1.state() == "active"
        && chosen.iter().all(|(_, other)| works(next.1, other) && works(other, next.1));
    if fits {
        chosen.push(*next);
        if complete(rest, threshold, works, chosen) {
            return true;
        }
        chosen.pop();
    }
    complete(rest, threshold, works, chosen)
}

/// Signers with different aux would never agree on a session; where one has none, it says so itself.
fn check_aux(card: &KeyCard, nodes: &mut [PinnedNode]) -> Result<(), CeremonyError> {
    let key_id = card.body().key_id;
    if card.body().curve.engine() == Engine::Frost {
        return Ok(());
    }
    let servers = keys::ask(nodes, &key_id)?;
    if servers.iter().all(|server| server.aux().is_some()) && keys::common_aux(&servers).is_none() {
        return Err(CeremonyError::Refused(format!(
            "the servers have different aux of key {key_id}: making it stopped half-way; run: quorate aux renew --key {key_id}"
        )));
    }
    Ok(())
}

fn agreed(outcomes: Vec<Outcome>) -> Result<SignatureOutput, CeremonyError> {
    let mut signatures = outcomes.into_iter().map(|outcome| match outcome {
        Outcome::Signed(signature) => Ok(signature),
        _ => Err(CeremonyError::Disagree),
    });
    let first = signatures.next().ok_or(CeremonyError::Disagree)??;
    for other in signatures {
        if other? != first {
            return Err(CeremonyError::Disagree);
        }
    }
    Ok(first)
}
