//! A production set with one node that lies: it is named and locked out of the key, whatever way the share takes and whatever
//! id it goes by; the quorum alone lets it in again; and what it says of itself is not believed without its signature.

use std::sync::{Arc, Mutex};

use quorate::{
    card::NodeSecrets,
    ceremony::{CeremonyError, alias, export, jit, keys, locks, recover, sign, workspace::Workspace},
    cli::error::ExitKind,
    curve::Curve,
    digest::Hash,
    genesis::Chain,
    ids::{KeyId, Time},
    keyshare::{KeyCard, ShareCore},
    node::{Call, FailureKind, NodeError, Reply},
    protocol::{
        Evidence, Opening,
        session::{Body, Header},
    },
    request::{Action, SignParams},
    secret::{Secret, SecretBytes},
    shard::{DirtyRecovery, Payload, RecoveryShare, Wrap, WrapKind},
    statement::{Holding, Signed},
    wrap::age_file,
};
use zeroize::Zeroizing;

use crate::{
    node_stage::{Plan, exit, liar, message, name, node_error, relay},
    quorum_stage::{
        Governed, approve, boxed, export_of, person, recovery_of, refusal, signature_of, unlock_of,
    },
};

/// Cuts a round's broadcast for one peer only, and signs it anew: equivocation, which that peer alone cannot tell from a
/// broadcast that is wrong.
fn equivocate(to: u16, header: &mut Header, _: &mut Zeroizing<Vec<u8>>) -> bool {
    match &mut header.body {
        Body::Round(Some((payload, _))) if header.round == 1 && to == 1 => {
            payload.0.pop();
            true
        }
        _ => false,
    }
}

/// A signature share that does not verify.
pub fn bad_share(_: u16, header: &mut Header, _: &mut Zeroizing<Vec<u8>>) -> bool {
    match &mut header.body {
        Body::Round(Some((payload, _))) if header.round == 2 => {
            payload.0[0] ^= 1;
            true
        }
        _ => false,
    }
}

fn wanted(key_id: KeyId, signers: &[u16]) -> sign::Wanted {
    let servers = signers.iter().copied().map(name).collect();
    sign::Wanted { key_id, content: message("pay the supplier"), servers, taproot: false }
}

/// Signs with resident shares, on a request that A and B approved.
fn signs(
    governed: &Governed,
    card: &KeyCard,
    key_id: KeyId,
    signers: &[u16],
    plan: Option<Plan>,
) -> Result<(), CeremonyError> {
    let Action::Sign(params) = signature_of(card, signers, "pay the supplier") else { panic!() };
    let action = Action::Sign(SignParams { key_id, ..params });
    let mut signed = governed.ask(action, card, signers);
    approve(&mut signed, &["A", "B"]);
    let mut workspace = governed.open_for(&signed);
    if let Some(plan) = plan {
        workspace.connect_with(plan);
    }
    sign::run(&mut workspace, wanted(key_id, signers)).map(drop)
}

#[track_caller]
fn named(error: CeremonyError) -> Option<Box<Evidence>> {
    let (error, code) = node_error(error);
    assert_eq!((error.kind, code), (FailureKind::Misbehaved, ExitKind::Misbehaved), "{error}");
    assert_eq!(error.culprits, [name(2)], "{error}");
    error.evidence
}

#[test]
fn r13_a_liar_is_locked_out_under_every_id_and_only_the_quorum_lets_it_in() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let key_id = card.body().key_id;
    named(signs(&governed, &card, key_id, &[1, 2], Some(liar(2, bad_share))).err().unwrap());
    let locked = |key_id: KeyId, signers: &[u16]| {
        let error = signs(&governed, &card, key_id, signers, None).err().unwrap();
        assert!(error.to_string().contains("does not work with OFFICIAL_2"), "{error}");
        assert_eq!(exit(error), ExitKind::Denied);
    };
    locked(key_id, &[1, 2]);
    signs(&governed, &card, key_id, &[1, 3], None).unwrap();
    // The shares leave, sign just in time, and come back under another id: the lock is on the point.
    let shards = governed.export_all(&card);
    let (with, without) = (governed.bearers(&shards, &[1, 2]), governed.bearers(&shards, &[1, 3]));
    let error = jit::run(&mut governed.open(), wanted(key_id, &[1, 2]), &with);
    assert!(error.err().unwrap().to_string().contains("does not work with OFFICIAL_2"));
    jit::run(&mut governed.open(), wanted(key_id, &[1, 3]), &without).unwrap();
    let (_, twin) = alias::run(&mut governed.open(), &key_id, None).unwrap();
    let twin = twin.alias.new_key_id;
    for i in 1..=3 {
        governed.import_again(&card, &shards[&i], i, Some(&twin));
    }
    assert_eq!(keys::show(&governed.open(), &twin).unwrap().status(), "active");
    locked(twin, &[1, 2]);
    signs(&governed, &card, twin, &[1, 3], None).unwrap();
    // Lifting it takes the approval of two, and then a reason stands in the log of whoever kept it.
    let found = locks::list(&governed.open(), &twin).unwrap();
    assert_eq!((found.len(), &found[0].server, &found[0].lock.culprit), (1, &name(1), &name(2)));
    let mut asked = governed.ask(unlock_of(&card, 2), &card, &[1, 3]);
    for few in [&[][..], &["A"], &["A", "K"], &["A", "P"]] {
        let mut few_agreed = asked.clone();
        approve(&mut few_agreed, few);
        let error = refusal(governed.call(1, Call::Unlock { request: boxed(&few_agreed) }));
        assert!(error.message.contains("'lockLift' needs the approval of 2 people"), "{error}");
    }
    approve(&mut asked, &["B", "C"]);
    let lifted = locks::lift(&mut governed.open_for(&asked), &key_id, &name(2), None).unwrap();
    assert_eq!(lifted, [name(1)]);
    signs(&governed, &card, twin, &[1, 2], None).unwrap();
    // Who kept no lock used the request up as well.
    let error = refusal(governed.call(3, Call::Unlock { request: boxed(&asked) }));
    assert!(error.message.contains("was used before"), "{error}");
    // Found to lie again, it takes new approvals: these were used.
    named(signs(&governed, &card, twin, &[1, 2], Some(liar(2, bad_share))).err().unwrap());
    let error = refusal(governed.call(1, Call::Unlock { request: boxed(&asked) }));
    assert!(error.message.contains("was used before"), "{error}");
}

/// A key of all three nodes, and what node 2 signed twice in a session with it.
pub fn convicted(governed: &Governed) -> (KeyCard, Box<Evidence>) {
    let wide = governed.key_of(Curve::Ed25519, 3);
    let mut signed = governed.ask(signature_of(&wide, &[1, 2, 3], "pay the supplier"), &wide, &[1, 2, 3]);
    approve(&mut signed, &["A", "B", "C"]);
    let mut workspace = governed.open_for(&signed);
    workspace.connect_with(liar(2, equivocate));
    let error = sign::run(&mut workspace, wanted(wide.body().key_id, &[1, 2, 3])).err().unwrap();
    (wide, named(error).expect("two signatures of one place"))
}

/// What node 2 signs of a session like that one which nobody ever ran.
pub fn invented(governed: &Governed, like: &Evidence, alter: impl FnOnce(&mut Opening)) -> Evidence {
    let mut opening = like.opening.clone().unwrap();
    alter(&mut opening);
    let (secrets, session) = (governed.machine(2).secrets(), opening.session_id().unwrap());
    let sign = |text: &[u8]| {
        let hash = Hash::plain(text);
        let (round, sender) = (1u32.to_be_bytes(), 2u16.to_be_bytes());
        let signed = Hash::tagged("broadcast", &[session.as_bytes(), &round, &sender, hash.as_bytes()]);
        (hash, secrets.signing().sign(&signed))
    };
    let (first, second) = (sign(b"one"), sign(b"other"));
    Evidence { session, round: 1, sender: 2, first, second, opening: Some(opening) }
}

#[test]
fn r13_two_signatures_convict_a_liar_at_whoever_was_not_there_and_nothing_else_does() {
    let governed = Governed::new();
    let (card, other) = (governed.key(Curve::Ed25519), governed.key(Curve::Ed25519));
    let key_id = card.body().key_id;
    let evidence =
        named(signs(&governed, &card, key_id, &[1, 2, 3][..2], Some(liar(2, equivocate))).err().unwrap());
    // With two signers nobody compares: one peer sees one broadcast.
    assert!(evidence.is_none());
    let (wide, evidence) = convicted(&governed);
    assert!(evidence.terms().is_some());
    // It is about that key and that node, at every node, whoever brings it.
    let convict = |card: &KeyCard, evidence: Evidence| Call::Convict {
        card: Box::new(card.dirty().clone()),
        evidence: Box::new(evidence),
    };
    for i in [1, 3] {
        governed.call(i, convict(&wide, (*evidence).clone())).unwrap();
        let locks = locks::list(&governed.open(), &wide.body().key_id).unwrap();
        let own: Vec<_> = locks.iter().filter(|lock| lock.server == name(i)).collect();
        assert!(own.len() == 1 && own[0].proven && own[0].lock.culprit == name(2), "{i}");
    }
    let refused = |i: u16, card: &KeyCard, alter: fn(&mut Evidence), reason: &str| {
        let mut bad = (*evidence).clone();
        alter(&mut bad);
        let error = refusal(governed.call(i, convict(card, bad)));
        assert!(error.message.contains(reason), "{reason}: {error}");
    };
    refused(1, &other, |_| (), "is of no session with this key");
    refused(2, &wide, |_| (), "convicts nobody");
    refused(1, &wide, |e| e.opening = None, "does not tell of which session");
    refused(1, &wide, |e| e.session.0.0[0] ^= 1, "does not tell of which session");
    refused(1, &wide, |e| e.sender = 3, "convicts nobody");
    refused(1, &wide, |e| e.sender = 9, "is of no session with this key");
    refused(1, &wide, |e| e.second = e.first, "convicts nobody");
    refused(1, &wide, |e| e.round = 2, "convicts nobody");
    refused(1, &wide, |e| e.opening.as_mut().unwrap().terms.epoch = 1, "does not tell of which session");
    assert!(locks::list(&governed.open(), &other.body().key_id).unwrap().is_empty());
    // A liar can sign two things of a session that nobody ever ran. Of such, too, only what a session with this key is of is
    // kept: nothing that would fill a node's records.
    let invented = |alter: fn(&mut Opening)| invented(&governed, &evidence, alter);
    let alterations: [fn(&mut Opening); 10] = [
        |o| o.terms.operation = "x".repeat(1 << 20),
        |o| o.terms.epoch = 7,
        |o| o.terms.threshold = 2,
        |o| o.terms.curve = Curve::P256,
        |o| o.terms.roster = vec![name(1), name(2)],
        |o| o.terms.participants = vec![2],
        |o| o.terms.participants = vec![1, 3],
        |o| o.handshakes.extend(o.handshakes.clone()),
        |o| o.nonces.truncate(1),
        |o| o.terms.version = 2,
    ];
    for alter in alterations {
        let error = refusal(governed.call(3, convict(&wide, invented(alter))));
        assert!(error.message.contains("is of no session with this key"), "{error}");
    }
    // Unaltered it convicts, and what the quorum lifts stays lifted, whatever evidence is brought again.
    governed.call(3, convict(&wide, invented(|o| o.terms.attempt += 1))).unwrap();
    let mut asked = governed.ask(unlock_of(&wide, 2), &wide, &[1, 3]);
    approve(&mut asked, &["A", "B"]);
    locks::lift(&mut governed.open_for(&asked), &wide.body().key_id, &name(2), None).unwrap();
    for i in [1, 3] {
        governed.call(i, convict(&wide, (*evidence).clone())).unwrap();
        governed.call(i, convict(&wide, invented(|o| o.terms.attempt += 2))).unwrap();
    }
    let left = locks::list(&governed.open(), &wide.body().key_id).unwrap();
    // The liar's own word is left, about another one.
    assert!(left.iter().all(|locked| locked.server == name(2)));
    // The word of one node alone, about another: no evidence, no lock.
    assert!(locks::list(&governed.open(), &key_id).unwrap().iter().all(|lock| lock.lock.culprit == name(2)));
}

/// An export of node 1's share, settled by A where it runs.
fn given_out(
    governed: &Governed,
    workspace: &mut Workspace,
    card: &KeyCard,
) -> Result<Vec<export::Exported>, CeremonyError> {
    export::run(workspace, &governed.leaving(card, 1), |workspace, node, exported| {
        export::settle_here(workspace, node, exported, &[person("A")], None)
    })
}

/// What a node signs instead of the statement that it made.
type Lied = fn(&mut Holding);

#[test]
fn r20_r25_what_a_node_says_of_its_deletion_is_its_own_signed_word_about_this_very_one() {
    let governed = Governed::new();
    const OLD: &str = "is about something else, or old";
    let lies: [(&str, Lied); 9] = [
        ("still holds", |said| said.shares = 1),
        ("still holds", |said| said.aux = 1),
        (OLD, |said| said.op_id.as_mut().unwrap().0[0] ^= 1),
        (OLD, |said| said.key_card_hash = said.head.head),
        (OLD, |said| said.node = name(3)),
        (OLD, |said| said.index = 2),
        (OLD, |said| said.head.counter = 1),
        (OLD, |said| said.genesis_id.0[0] ^= 1),
        ("is not signed by it", |_| ()),
    ];
    for (what, lie) in lies {
        let card = governed.key(Curve::Ed25519);
        let mut signed = governed.ask(export_of(&card, 1, "A", true), &card, &[1]);
        approve(&mut signed, &["A", "B"]);
        let secrets = governed.machine(1).secrets();
        // Another node signs the last one.
        let secrets = if what.contains("signed") { governed.machine(2).secrets() } else { secrets };
        let mut workspace = governed.open_for(&signed);
        workspace.connect_with(relay(move |_, call, node| {
            let releases = matches!(call, Call::Release { .. });
            match node.handle(call)? {
                Reply::Holding(statement) if releases => {
                    let mut said = statement.statement;
                    lie(&mut said);
                    Ok(Reply::Holding(Box::new(Signed::new(said, secrets.signing()).unwrap())))
                }
                reply => Ok(reply),
            }
        }));
        let settled = given_out(&governed, &mut workspace, &card);
        let error = settled.err().unwrap_or_else(|| panic!("{what}: believed"));
        assert!(error.to_string().contains(what), "{what}: {error}");
        assert!(matches!(exit(error), ExitKind::Integrity | ExitKind::Misbehaved), "{what}");
        // The workspace writes down no deletion; asked again, the node tells the truth and it does.
        let waiting = export::unreleased(&workspace, &card.body().key_id, &name(1)).unwrap();
        assert!(waiting.released.is_none() && waiting.receipt.is_some(), "{what}");
        let log = std::fs::read_to_string(governed.stage.home().join("workspace/audit.jsonl")).unwrap();
        let deleted =
            |line: &&str| line.contains("SHARE_DELETED") && line.contains(&card.body().key_id.to_string());
        assert_eq!(log.lines().filter(deleted).count(), 0, "{what}");
        drop(workspace);
        let again = given_out(&governed, &mut governed.open_for(&signed), &card);
        assert!(again.unwrap()[0].export.released.is_some(), "{what}");
    }
}

#[test]
fn r20_r49_a_share_that_is_given_out_again_takes_a_new_receipt() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let mut signed = governed.ask(export_of(&card, 1, "A", true), &card, &[1]);
    approve(&mut signed, &["A", "B"]);
    let mut workspace = governed.open_for(&signed);
    // A has signed, and the node was asked in vain.
    workspace.connect_with(relay(|_, call, node| match call {
        Call::Release { .. } => Err(NodeError::new(FailureKind::Unreachable, "the connection was lost")),
        other => node.handle(other),
    }));
    assert!(given_out(&governed, &mut workspace, &card).is_err());
    let waiting = export::unreleased(&workspace, &card.body().key_id, &name(1)).unwrap();
    let first = waiting.receipt.unwrap().receipt.share_blob_hash;
    drop(workspace);
    let again = given_out(&governed, &mut governed.open_for(&signed), &card).unwrap().remove(0).export;
    assert!(again.released.is_some());
    let (file, receipt) = (again.file.unwrap(), again.receipt.unwrap().receipt);
    assert_eq!(file.share_blob_hash, receipt.share_blob_hash);
    assert_ne!(file.share_blob_hash, first);
    let bundle = quorate::ceremony::audit::collect(&governed.stage.home(), &governed.stage.primes).unwrap();
    let bundle = quorate::audit::bundle::Bundle::parse(&bundle.bytes).unwrap();
    assert_eq!(quorate::audit::verify::verify(&bundle, &Default::default()).faults, []);
}

#[test]
fn r22_a_node_that_encrypts_to_somebody_else_gets_no_receipt_and_keeps_its_share() {
    let governed = Governed::new();
    let card = governed.key(Curve::Ed25519);
    let mut signed = governed.ask(export_of(&card, 1, "A", true), &card, &[1]);
    approve(&mut signed, &["A", "B"]);
    let other = Mutex::new(Some(governed.ask(export_of(&card, 1, "A", false), &card, &[1])));
    let mut workspace = governed.open_for(&signed);
    // What comes is another export's parcel, or one for B.
    workspace.connect_with(relay(move |_, call, node| match node.handle(call)? {
        Reply::Exported(mut parcel, time) if other.lock().unwrap().take().is_some() => {
            let share = parcel.wrapped_key_share.as_mut().unwrap();
            *share = age_file::encrypt(&person("B").recipient(), share.as_bytes()).unwrap();
            Ok(Reply::Exported(parcel, time))
        }
        reply => Ok(reply),
    }));
    let settled = given_out(&governed, &mut workspace, &card);
    let error = settled.err().unwrap();
    assert!(error.to_string().contains("encrypted to another identity"), "{error}");
    assert_eq!(exit(error), ExitKind::Integrity);
    drop(workspace);
    let shown = keys::show(&governed.open(), &card.body().key_id).unwrap();
    assert!(shown.servers[0].resident.share);
    assert_eq!(governed.stage.count(1, "SHARE_DELETED"), 0);
}

/// What node 2 seals instead of its share.
type Sealed = Box<dyn Fn(&DirtyRecovery) -> DirtyRecovery + Send + Sync>;

/// What a liar has: its honest share, opened, and its own keys.
struct Forger {
    chain: Chain,
    secrets: Arc<NodeSecrets>,
}

impl Forger {
    /// A share that node 2 signed like its honest one, with another scalar and another wrap.
    fn forge(&self, at: &DirtyRecovery, scalar: Option<[u8; 32]>, alter: fn(&mut Wrap)) -> DirtyRecovery {
        let honest = at.clone().check(&self.chain).unwrap().open(&person("C"), &self.chain).unwrap();
        let code = Secret::from_slice(honest.share.chain_code().expose()).unwrap();
        let scalar = scalar.map_or_else(|| honest.share.scalar().expose().to_vec(), Vec::from);
        let signing = self.secrets.signing();
        let core = ShareCore::sign(&at.key_card.card.hash().unwrap(), at.index, &scalar, &code, signing);
        let wrap = |core_hash| {
            let mut wrap = Wrap {
                version: 1,
                core_hash,
                export_op_id: at.op_id,
                kind: WrapKind::Recovery,
                holder: at.owner.clone(),
                recipient: person("C").recipient(),
                signer: name(2),
                serial: 0,
                made_at: Time::now(),
                op_id: Some(at.op_id),
                request_hash: Some(at.request_hash),
                not_after: None,
                genesis_hash: None,
            };
            alter(&mut wrap);
            wrap
        };
        let bytes = SecretBytes::new(core.unwrap().bytes().expose().to_vec());
        let armored = Payload::exported(bytes, wrap, signing).unwrap().seal().unwrap();
        DirtyRecovery { wrapped_key_share: armored, ..at.clone() }
    }
}

/// `text` encrypted where the share should be.
fn encrypted_to(whose: &str, text: &'static [u8]) -> Sealed {
    let recipient = person(whose).recipient();
    Box::new(move |at| DirtyRecovery {
        wrapped_key_share: age_file::encrypt(&recipient, text).unwrap(),
        ..at.clone()
    })
}

/// A recovery of `card` by C, in which node 2 hands out `sealed`; why no key was made, and whether that shows before the
/// shares are opened.
fn lied_to(governed: &Governed, card: &KeyCard, sealed: Sealed) -> (CeremonyError, bool) {
    let mut signed = governed.ask(recovery_of(card, "C", &[1, 2]), card, &[1, 2]);
    approve(&mut signed, &["A", "B"]);
    let mut workspace = governed.open_for(&signed);
    workspace.connect_with(relay(move |who, call, node| match node.handle(call)? {
        Reply::Recovered { sealed: honest, entry } if *who == name(2) => {
            Ok(Reply::Recovered { sealed: Box::new(sealed(&honest)), entry })
        }
        reply => Ok(reply),
    }));
    let done = match recover::nodes::run(&mut workspace, &signed) {
        Err(error) => return (error, true),
        Ok(done) => done,
    };
    let file = |share: RecoveryShare| recover::nodes::ShareFile {
        path: share.outside().node.as_str().into(),
        share,
    };
    let files: Vec<_> = done.shares.into_iter().map(file).collect();
    let error = recover::nodes::open(&files, &person("C"), workspace.chain().unwrap()).err();
    (error.expect("a lie opened"), false)
}

#[test]
fn r43_a_node_that_seals_something_else_is_named_and_no_key_is_made() {
    let governed = Governed::new();
    let (card, other) = (governed.key(Curve::Ed25519), governed.key(Curve::Ed25519));
    // An honest share of the other key, sealed to C as well.
    let mut signed = governed.ask(recovery_of(&other, "C", &[1, 2]), &other, &[1, 2]);
    approve(&mut signed, &["A", "B"]);
    let call = Call::Recover { request: boxed(&signed), attempt: 1 };
    let Ok(Reply::Recovered { sealed: of_other, .. }) = governed.call(2, call) else { panic!() };
    let chain = governed.stage.open().chain().unwrap().clone();
    let forger = Arc::new(Forger { chain, secrets: governed.machine(2).secrets() });
    let with = |scalar: Option<[u8; 32]>, alter: fn(&mut Wrap)| -> Sealed {
        let forger = forger.clone();
        Box::new(move |at| forger.forge(at, scalar, alter))
    };
    let outside = |alter: fn(&mut DirtyRecovery)| -> Sealed {
        Box::new(move |at| {
            let mut bad = at.clone();
            alter(&mut bad);
            bad
        })
    };
    const OTHER: &str = "is for another recovery";
    let one = std::array::from_fn(|i| u8::from(i == 0));
    let cases: Vec<(&str, bool, Sealed)> = vec![
        (OTHER, true, Box::new(move |_| (*of_other).clone())),
        (OTHER, true, outside(|at| (at.node, at.index) = (name(3), 3))),
        (OTHER, true, outside(|at| at.owner = "B".parse().unwrap())),
        ("verification share", false, with(Some(one), |_| ())),
        ("scalar", false, with(Some([0; 32]), |_| ())),
        ("scalar", false, with(Some([0xff; 32]), |_| ())),
        ("another identity", false, with(None, |wrap| wrap.recipient = person("B").recipient())),
        ("request", false, with(None, |wrap| wrap.request_hash = Some(Hash::ZERO))),
        ("never held this index", false, with(None, |wrap| wrap.signer = name(3))),
        ("another identity", false, encrypted_to("B", b"nothing")),
        ("is not well-formed", false, encrypted_to("C", b"nothing")),
    ];
    for (reason, shows, sealed) in cases {
        let (error, shown) = lied_to(&governed, &card, sealed);
        let text = error.to_string();
        assert!(shown == shows && text.contains(reason), "{reason}: {text}");
        assert!(shown || text.contains("OFFICIAL_2"), "{text}");
        assert_eq!(exit(error), ExitKind::Integrity, "{reason}");
    }
}
