//! Makes the golden files from fixed seeds. Every secret here is public: never use one.

use std::collections::BTreeMap;

use frost_core::SigningKey as GroupKey;
use quorate::{
    audit::{Event, Head, Note},
    card::{NodeSecrets, PersonCard},
    ceremony::{
        guardians::{self as ceremony, Delivery},
        inventory::Pending,
        workspace::HomeFile,
    },
    codec::{Hex, HexArray, canonical},
    curve::{self, Curve, HashAlgorithm, Level, Suite},
    digest::Hash,
    genesis::{Genesis, PersonEntry, Replacement, SignedGenesis},
    guardian::{
        set::{Appointment, GuardianSet},
        slip39,
    },
    identity::{PersonIdentity, Replaces},
    ids::{KeyId, Name, Time},
    keyshare::{Dealt, DirtyKeyCard, KeyCardBody, KeyShare, Purpose, ShareCore, proof_message, split},
    paillier::{AuxTable, AuxTableBody},
    policy::{Policy, Role},
    print::sheet::Paper,
    request::{
        Action, AliasParams, Approval, AuxParams, Content, DeleteParams, ExportParams, GenerateParams,
        GovernParams, ImportParams, KeyParams, NodeHead, RecoverParams, Request, SignParams, SignedRequest,
        UnlockParams,
    },
    secret::{Secret, SecretBytes},
    signing_key::PublicKey,
    with_suite,
    wrap::{
        passphrase::{KdfCost, NewPassphrase, Passphrase},
        recipient::Identity,
    },
};
use rand_core::{CryptoRng, RngCore};
use sha2::{Digest as _, Sha256};

use super::shards;
use crate::fixtures;

pub type Files = BTreeMap<String, Vec<u8>>;

/// Names the holder of the committed share cores.
pub const HOLDER: u16 = 2;

/// Opens Ann's identity file.
pub const PASSPHRASE: &str = "golden horse battery staple 7";

/// Every golden file, by its name.
pub fn all() -> Files {
    let mut files = Files::new();
    let nodes: Vec<_> = (1..=4).map(node).collect();
    let (ann, ann_again) = people();
    let first = first_genesis(&nodes);
    let cards: Vec<_> = Curve::ALL.into_iter().map(|curve| key(curve, &nodes, &first, &mut files)).collect();
    let chain = chain(&nodes, &first, &ann);
    let current = chain.last().unwrap().genesis.clone();

    put(&mut files, "node-card.json", &nodes[0].card(name(1), time()).unwrap());
    put(&mut files, "person-card.json", &ann);
    put(&mut files, "person-card-rotated.json", &ann_again);
    guardians(&mut files);
    put(&mut files, "genesis.json", &chain);
    put(&mut files, "production.json", &production(&nodes));
    requests(&current, &cards, &mut files);
    aux(&cards[0], &nodes, &mut files);
    files.insert("audit.jsonl".into(), audit(&nodes[0], &current, cards[0].hash().unwrap()));
    let servers: Vec<Name> = (1..=3).map(name).collect();
    let home =
        HomeFile { version: 1, test: false, servers: servers.clone(), created_at: time(), production: false };
    put(&mut files, "home.json", &home);
    let pending = Pending {
        version: 1,
        key_id: key_id("pending"),
        curve: Curve::Ed448,
        threshold: 2,
        servers,
        label: Some("Treasury – cold 2".parse().unwrap()),
        op_id: op_id("pending"),
        created_at: time(),
    };
    put(&mut files, "pending-key.json", &pending);
    shards::all(&chain, &mut files);
    files
}

/// The moment at which everything here happened.
pub fn time() -> Time {
    "2026-11-20T09:44:00Z".parse().unwrap()
}

pub fn name(index: u16) -> Name {
    format!("OFFICIAL_{index}").parse().unwrap()
}

pub fn put(files: &mut Files, name: &str, value: &impl serde::Serialize) {
    files.insert(name.into(), canonical("golden file", value).unwrap());
}

pub fn node(index: u16) -> NodeSecrets {
    let mut bytes = [0; 96];
    Seeded::new(&format!("node {index}")).fill_bytes(&mut bytes);
    NodeSecrets::from_bytes(&bytes).unwrap()
}

/// A person's card, and the one that replaced it.
fn people() -> (PersonCard, PersonCard) {
    let (old, new) = (person("Ann"), person("Ann again"));
    let first = old.card(time(), None).unwrap();
    let second = new.card(time(), Some(Replaces::new(&first, &old).unwrap())).unwrap();
    (first, second)
}

pub fn person(seed: &str) -> PersonIdentity {
    let secret = Secret::random(&mut Seeded::new(seed));
    PersonIdentity::new("Ann".parse().unwrap(), Identity::from_secret(secret))
}

/// Ann's identity under [`PASSPHRASE`], her guardians, and what one of them gets.
fn guardians(files: &mut Files) {
    let ann = person("Ann");
    let passphrase = Passphrase::from_bytes(PASSPHRASE.as_bytes().to_vec()).unwrap();
    let passphrase = NewPassphrase::chosen(passphrase, &[]).unwrap();
    let locked = ann.lock(&passphrase, KdfCost::FLOOR, &mut Seeded::new("lock")).unwrap();
    files.insert("identity.json".into(), locked.to_bytes().unwrap());

    let split = slip39::split(ann.age().secret(), 2, 3, &mut Seeded::new("split")).unwrap();
    let appointment = Appointment {
        custodian: ann.name().clone(),
        recipient: ann.recipient(),
        guardians: ["Bob", "Cyd", "Dan"].map(|name| name.parse().unwrap()).to_vec(),
        created_at: time(),
    };
    let mut set = GuardianSet::make(appointment, &split, ann.approval(), &mut Seeded::new("set")).unwrap();
    for share in &split.shares()[1..] {
        set.add_proof(share).unwrap();
    }
    put(files, "guardian-set.json", &set);
    let (bob, share) = (&set.guardians()[0], &split.shares()[0]);
    let handout = ceremony::handout(&set, bob, share, &Delivery::Sheet, Paper::A4).unwrap();
    for piece in handout.pieces {
        files.insert(format!("guardian-share-{}", piece.name), piece.bytes.expose().to_vec());
    }
}

fn first_genesis(nodes: &[NodeSecrets]) -> Genesis {
    let cards = (1..=3).zip(nodes).map(|(i, node)| node.card(name(i), time()).unwrap()).collect();
    Genesis::rehearsal(op_id("genesis"), cards, time())
}

/// Two versions of a production chain: everybody signed the first; two custodians agreed to the second, which lets
/// the third go.
fn production(nodes: &[NodeSecrets]) -> Vec<SignedGenesis> {
    let named = |seed: &str| {
        PersonIdentity::new(
            seed.parse().unwrap(),
            Identity::from_secret(Secret::random(&mut Seeded::new(seed))),
        )
    };
    let people = ["Eve", "Fay", "Gil", "Hal"].map(named);
    let entry = |(person, server): (&PersonIdentity, Option<Name>)| PersonEntry {
        name: person.name().clone(),
        roles: vec![if server.is_some() { Role::Custodian } else { Role::KeyGenerator }],
        server,
        card: person.card(time(), None).unwrap(),
    };
    let servers = [Some(name(1)), Some(name(2)), Some(name(3)), None];
    let cards = (1..=3).zip(nodes).map(|(i, node)| node.card(name(i), time()).unwrap()).collect();
    let enrolled = people.iter().zip(servers).map(entry).collect();
    let first = Genesis::production(op_id("production"), cards, enrolled, Policy::production(), time());
    let mut next = first.next(time().plus_seconds(3600)).unwrap();
    next.people.remove(2);
    let by_nodes = |genesis: &Genesis| -> Vec<_> {
        (1..=3).zip(nodes).map(|(i, node)| genesis.sign(name(i), node.signing()).unwrap()).collect()
    };
    let by_people = people.iter().map(|who| first.sign(who.name().clone(), who.approval()).unwrap());
    let request = Request {
        version: 1,
        action: Action::Govern(GovernParams { next_hash: next.hash().unwrap() }),
        genesis_hash: first.hash().unwrap(),
        policy_hash: first.policy.hash().unwrap(),
        key_card_hash: None,
        requester: "Hal".parse().unwrap(),
        op_id: op_id("govern"),
        max_attempts: 3,
        not_before: time(),
        expiry: time().plus_seconds(86_400),
        node_heads: Vec::new(),
    };
    let hash = request.hash().unwrap();
    let mut adoption = SignedRequest::signed(request, people[3].approval()).unwrap();
    let agree = |who: &PersonIdentity| Approval::sign(who.name().clone(), hash, who.approval());
    adoption.approvals.extend(people.iter().take(2).map(agree));
    let first_signatures = by_nodes(&first).into_iter().chain(by_people).collect();
    let second =
        SignedGenesis { signatures: by_nodes(&next), genesis: next, adoption: Some(Box::new(adoption)) };
    vec![SignedGenesis::new(first, first_signatures), second]
}

/// Three versions: three nodes; then a person; then a replaced node.
fn chain(nodes: &[NodeSecrets], first: &Genesis, ann: &PersonCard) -> Vec<SignedGenesis> {
    let follow = |before: &Genesis| Genesis {
        sequence: before.sequence + 1,
        previous_hash: Some(before.hash().unwrap()),
        created_at: before.created_at.plus_seconds(3600),
        ..before.clone()
    };
    let mut second = follow(first);
    second.people.push(PersonEntry {
        name: "Ann".parse().unwrap(),
        roles: vec![Role::Custodian, Role::Approver],
        server: Some(name(1)),
        card: ann.clone(),
    });
    let mut third = follow(&second);
    let card = nodes[3].card(name(4), time()).unwrap();
    third.nodes[2] = quorate::genesis::NodeEntry { name: name(4), card };
    third.replacements.push(Replacement { old_node: name(3), new_node: name(4) });
    let signed = |genesis: Genesis| {
        let by = |entry: &quorate::genesis::NodeEntry| {
            let key = nodes.iter().find(|node| node.signing().public() == entry.card.card.signing_key);
            genesis.sign(entry.name.clone(), key.unwrap().signing()).unwrap()
        };
        let signatures = genesis.nodes.iter().map(by).collect();
        SignedGenesis::new(genesis, signatures)
    };
    vec![signed(first.clone()), signed(second), signed(third)]
}

/// Adds the key card of a 2-of-3 key, and one of its share cores.
fn key(curve: Curve, nodes: &[NodeSecrets], genesis: &Genesis, files: &mut Files) -> KeyCardBody {
    let (secret, chain_code, dealt, mut rng) = deal(curve);
    let card = KeyCardBody {
        version: 1,
        key_id: key_id(curve.name()),
        label: Some(format!("Golden key – {curve}").parse().unwrap()),
        purpose: Purpose::Rehearsal,
        curve,
        threshold: 2,
        participants: 3,
        roster: (1..=3).map(name).collect(),
        genesis_id: genesis.genesis_id,
        genesis_hash: genesis.hash().unwrap(),
        group_public_key: dealt.group_public_key,
        chain_code_hash: dealt.chain_code_hash,
        verification_shares: dealt.verification_shares,
        epoch: 0,
        previous_card_hash: None,
    };
    let hash = card.hash().unwrap();
    let proof = with_suite!(curve, C => proof::<C>(&secret, &hash, &mut rng));
    let signatures = nodes[..3].iter().map(|node| node.signing().sign(&hash)).collect();
    put(files, &format!("key-card-{curve}.json"), &DirtyKeyCard { card: card.clone(), signatures, proof });
    let at = usize::from(HOLDER) - 1;
    let share = dealt.scalars[at].expose();
    let core = ShareCore::sign(&hash, HOLDER, share, &chain_code, nodes[at].signing()).unwrap();
    files.insert(format!("share-core-{curve}.bin"), core.bytes().expose().to_vec());
    card
}

/// The key of a curve and its shares.
fn deal(curve: Curve) -> (SecretBytes, Secret<32>, Dealt, Seeded) {
    let mut rng = Seeded::new(curve.name());
    let secret = scalar(curve, &mut rng);
    let chain_code = Secret::random(&mut rng);
    let dealt = split(curve, &secret, &chain_code, 2, 3, &mut rng).unwrap();
    (secret, chain_code, dealt, rng)
}

/// All shares of the key of a card.
pub fn shares(card: &KeyCardBody) -> Vec<KeyShare> {
    let (_, chain_code, dealt, _) = deal(card.curve);
    let share = |(index, scalar): (u16, SecretBytes)| {
        let chain_code = Secret::from_slice(chain_code.expose()).unwrap();
        KeyShare::new(card.clone(), index, scalar, chain_code).unwrap()
    };
    (1..).zip(dealt.scalars).map(share).collect()
}

/// The core of index 1 of the SECP256k1 key, and of its aux.
pub fn first_cores(card: &Hash, table: &AuxTableBody) -> (SecretBytes, SecretBytes) {
    let (_, chain_code, dealt, _) = deal(Curve::Secp256k1);
    let (node, scalar) = (node(1), dealt.scalars[0].expose());
    let core = ShareCore::sign(card, 1, scalar, &chain_code, node.signing()).unwrap();
    let aux = fixtures::primes(Level::Bits256, 0).core(table, 1, node.signing()).unwrap();
    (SecretBytes::new(core.bytes().expose().to_vec()), aux)
}

fn proof<C: Suite>(secret: &SecretBytes, hash: &Hash, rng: &mut Seeded) -> Hex {
    let key = GroupKey::<C>::from_scalar(curve::scalar_from::<C>(secret.expose()).unwrap()).unwrap();
    Hex(key.sign(rng, &proof_message(hash)).serialize().unwrap())
}

/// Below every group order: the most significant bytes are zero.
fn scalar(curve: Curve, rng: &mut Seeded) -> SecretBytes {
    let mut bytes = vec![0; curve.scalar_len()];
    rng.fill_bytes(&mut bytes);
    if matches!(curve, Curve::Ed25519 | Curve::Ed448) {
        bytes.iter_mut().rev().take(2).for_each(|byte| *byte = 0);
    } else {
        bytes.iter_mut().take(2).for_each(|byte| *byte = 0);
    }
    SecretBytes::new(bytes)
}

fn requests(genesis: &Genesis, cards: &[KeyCardBody], files: &mut Files) {
    let ecdsa = &cards[0];
    let (key_id, card_hash) = (ecdsa.key_id, Some(ecdsa.hash().unwrap()));
    let sign =
        |content| SignParams { key_id, signers: vec![1, 3], content, path: String::new(), taproot: false };
    let message = Content::Message { message: Hex(b"pay Bob 10".to_vec()), hash: None };
    let hashed =
        Content::Message { message: Hex(b"pay Bob 11".to_vec()), hash: Some(HashAlgorithm::Keccak256) };
    let digest = Content::Digest { digest: Hex(Hash::plain(b"pay Bob 12").as_bytes().to_vec()) };
    let fresh = self::key_id("generate");
    let generate = GenerateParams {
        key_id: fresh,
        curve: Curve::P521,
        threshold: 2,
        roster: [4, 1, 2].map(name).to_vec(),
        label: Some("Treasury – cold 1".parse().unwrap()),
        purpose: Purpose::Rehearsal,
        no_loss_tolerance: false,
    };
    let aux = AuxParams { key_id, aux_id: op_id("aux"), holders: vec![1, 2, 3] };
    let (ann, recipient) = ("Ann".parse::<Name>().unwrap(), person("Ann").recipient());
    let (server, reason) = (name(1), "the vendor is gone".to_owned());
    let export = ExportParams {
        key_id,
        server: server.clone(),
        custodian: ann.clone(),
        recipient,
        delete: true,
        aux_only: false,
    };
    let import = ImportParams {
        key_id,
        server: server.clone(),
        share_blob_hash: Hash::plain(b"share"),
        aux_blob_hash: Some(Hash::plain(b"aux")),
    };
    let alias = AliasParams { key_id, new_key_id: fresh, label: None };
    let recover = RecoverParams {
        key_id,
        servers: [1, 2].map(name).to_vec(),
        recipient,
        owner: ann,
        reason: reason.clone(),
        delete: false,
    };
    let unlock = UnlockParams { key_id, culprit: name(2), reason: reason.clone() };
    let delete = DeleteParams { key_id, server, export_op_id: op_id("export"), reason };
    let actions = [
        ("generate", Action::Generate(generate), None),
        ("sign-message", Action::Sign(sign(message)), card_hash),
        ("sign-message-keccak256", Action::Sign(sign(hashed)), card_hash),
        ("sign-digest", Action::Sign(sign(digest)), card_hash),
        ("aux", Action::Aux(aux), card_hash),
        ("activate", Action::Activate(KeyParams { key_id }), card_hash),
        ("abandon", Action::Abandon(KeyParams { key_id: fresh }), None),
        ("export", Action::Export(export), card_hash),
        ("import", Action::Import(import), card_hash),
        ("alias", Action::Alias(alias), card_hash),
        ("recover", Action::Recover(recover), card_hash),
        ("unlock", Action::Unlock(unlock), card_hash),
        ("delete", Action::DeleteWithoutReceipt(delete), card_hash),
        ("govern", Action::Govern(GovernParams { next_hash: Hash::plain(b"next") }), None),
    ];
    for (label, action, key_card_hash) in actions {
        let request = Request {
            version: 1,
            action,
            genesis_hash: genesis.hash().unwrap(),
            policy_hash: genesis.policy.hash().unwrap(),
            key_card_hash,
            requester: "operator".parse().unwrap(),
            op_id: op_id(label),
            max_attempts: 3,
            not_before: time(),
            expiry: time().plus_seconds(86_400),
            node_heads: vec![
                NodeHead { node: name(1), counter: 2, head: Hash::plain(b"head of OFFICIAL_1") },
                NodeHead { node: name(2), counter: 0, head: Hash::ZERO },
            ],
        };
        put(files, &format!("request-{label}.json"), &SignedRequest::unsigned(request));
    }
}

fn aux(card: &KeyCardBody, nodes: &[NodeSecrets], files: &mut Files) {
    let level = Level::Bits256;
    let rows = (1..=3).map(|index| fixtures::row(level, index)).collect();
    let table = AuxTableBody::of_rows(card.hash().unwrap(), op_id("aux"), level, rows);
    let hash = table.hash().unwrap();
    files.insert("aux-core.bin".into(), aux_core(&table));
    let signatures = nodes[..3].iter().map(|node| node.signing().sign(&hash)).collect();
    put(files, "aux-table.json", &AuxTable { table, signatures });
}

/// The log of OFFICIAL_1.
fn audit(node: &NodeSecrets, genesis: &Genesis, card: Hash) -> Vec<u8> {
    let mut signing = Note::new(Event::SigningInitiated).with("operation", "sign");
    signing.op_id = Some(op_id("sign-message"));
    signing.request_hash = Some(Hash::plain(b"a request"));
    signing.key_id = Some(key_id(Curve::Secp256k1.name()));
    signing.heads = vec![NodeHead { node: name(2), counter: 7, head: Hash::plain(b"head of OFFICIAL_2") }];
    let adopted = Note::new(Event::GenesisAdopted).with("genesis", genesis.hash().unwrap());
    let refused = Note::new(Event::RequestRefused).with("reason", "\"quoted\", \\ and – dashed\u{7f}");
    let notes = [
        Note::new(Event::Created),
        adopted.with("mode", "rehearsal"),
        Note { event: Event::KeyActivated, ..signing.clone() }.with("card", card),
        Note { event: Event::SessionStarted, ..signing.clone() }.with("attempt", 1),
        signing,
        refused,
    ];
    let (mut head, mut now, mut log) = (Head::EMPTY, time(), Vec::new());
    for note in notes {
        let (entry, next) = head.next(&name(1), now, note, node.signing()).unwrap();
        log.extend(entry.line().unwrap());
        log.push(b'\n');
        (head, now) = (next, now.plus_seconds(61));
    }
    log
}

/// The key that signs for a node of the set.
pub fn node_key(index: u16) -> PublicKey {
    node(index).signing().public()
}

/// A share core signed again after a change to the part before its signature.
pub fn resigned(core: &[u8], change: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let (before, _) = core.split_last_chunk::<64>().unwrap();
    let mut bytes = before.to_vec();
    change(&mut bytes);
    let signature = node(HOLDER).signing().sign(&Hash::tagged("share-core", &[&bytes]));
    bytes.extend(signature.0);
    bytes
}

/// The core of a share that was read.
pub fn share_core(share: &KeyShare) -> Vec<u8> {
    let (scalar, node) = (share.scalar().expose(), node(share.index()));
    let hash = share.card().hash().unwrap();
    let core = ShareCore::sign(&hash, share.index(), scalar, share.chain_code(), node.signing()).unwrap();
    core.bytes().expose().to_vec()
}

/// The aux core that belongs to the table.
pub fn aux_core(table: &AuxTableBody) -> Vec<u8> {
    let primes = fixtures::primes(Level::Bits256, usize::from(HOLDER) - 1);
    primes.core(table, HOLDER, node(HOLDER).signing()).unwrap().expose().to_vec()
}

pub fn key_id(seed: &str) -> KeyId {
    KeyId::random(&mut Seeded::new(seed))
}

pub fn op_id(seed: &str) -> HexArray<16> {
    HexArray::random(&mut Seeded::new(seed))
}

/// SHA-256 over a seed and a counter.
pub struct Seeded {
    seed: String,
    counter: u64,
    left: Vec<u8>,
}

impl Seeded {
    pub fn new(seed: &str) -> Self {
        Self { seed: format!("quorate golden v1: {seed}"), counter: 0, left: Vec::new() }
    }
}

impl RngCore for Seeded {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        for byte in out {
            if self.left.is_empty() {
                let block = Sha256::new().chain_update(self.counter.to_be_bytes()).chain_update(&self.seed);
                self.left = block.finalize().to_vec();
                self.counter += 1;
            }
            *byte = self.left.pop().unwrap();
        }
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(out);
        Ok(())
    }
}

impl CryptoRng for Seeded {}
