//! A home whose custodians are enrolled and hold all shards, so that its nodes are empty.

use std::{collections::BTreeMap, fs, path::PathBuf};

use quorate::{
    card::NodeSecrets,
    ceremony::{
        CeremonyError,
        custody::ShardFile,
        grants::Bearer,
        jit,
        sign::{Signed, Wanted},
        workspace::{PinnedNode, Workspace},
    },
    codec,
    curve::{self, Curve},
    genesis::{PersonEntry, SignedGenesis},
    identity::PersonIdentity,
    ids::{KeyId, Name, Time},
    node::{Call, Machine, Outcome, Reply, embedded::node_dir},
    policy::Role,
    protocol::session::Packet,
    receipt::{Receipt, ReceiptBody, ReceiptKind},
    request::{Action, Content, ExportParams, SignParams, SignedRequest},
    secret::Secret,
    shard::{Grant, Header, Parcel, Payload, Shard},
    statement::{Holding, Signed as Statement},
    store::{BlobKind, Table},
    wrap::recipient::Identity,
};
use rand_core::OsRng;

use crate::node_stage::{Plan, Stage, message, name};

pub struct JitStage {
    pub stage: Stage,
    /// The custodian of node 1, 2, ...
    pub people: Vec<PersonIdentity>,
    pub shards: BTreeMap<(KeyId, u16), PathBuf>,
}

impl JitStage {
    pub fn new(n: u16) -> Self {
        Self::on(Stage::new(n), n)
    }

    pub fn on(stage: Stage, n: u16) -> Self {
        let person = |i: u16| {
            let name = char::from(b'A' + u8::try_from(i).unwrap()).to_string();
            PersonIdentity::random(name.parse().unwrap(), &mut OsRng)
        };
        let people: Vec<PersonIdentity> = (0..n).map(person).collect();
        let staged = Self { stage, people, shards: BTreeMap::new() };
        staged.enrol(&staged.people);
        staged
    }

    /// Appends a genesis version in which these are the custodians of node 1, 2, ...
    pub fn enrol(&self, people: &[PersonIdentity]) {
        amend(&self.stage, |genesis| {
            let before = std::mem::take(&mut genesis.people);
            let kept =
                |person: &PersonIdentity| before.iter().find(|old| old.name == *person.name()).cloned();
            genesis.people = (1..)
                .zip(people)
                .map(|(i, person)| {
                    kept(person).unwrap_or_else(|| PersonEntry {
                        name: person.name().clone(),
                        roles: vec![Role::Custodian],
                        server: Some(name(i)),
                        card: person.card(Time::now(), None).unwrap(),
                    })
                })
                .collect();
        });
    }

    /// A new key whose shares have all left.
    pub fn key(&mut self, curve: Curve, threshold: u16) -> KeyId {
        let key = self.stage.key(curve, threshold);
        for i in 1..=u16::try_from(self.people.len()).unwrap() {
            let path = export(&self.stage, &key, i, &self.people[usize::from(i) - 1]);
            self.shards.insert((key, i), path);
        }
        key
    }

    pub fn person(&self, i: u16) -> PersonIdentity {
        again(&self.people[usize::from(i) - 1])
    }

    pub fn bearer(&self, workspace: &Workspace, key: &KeyId, i: u16) -> Bearer {
        let file = ShardFile::read(&self.shards[&(*key, i)], workspace.chain().unwrap()).unwrap();
        Bearer { file, identity: self.person(i) }
    }

    pub fn bearers(&self, workspace: &Workspace, key: &KeyId, who: &[u16]) -> Vec<Bearer> {
        who.iter().map(|i| self.bearer(workspace, key, *i)).collect()
    }

    /// Signs with these indices' shards.
    pub fn sign(&self, key: &KeyId, who: &[u16]) -> Result<Signed, CeremonyError> {
        self.sign_in(&mut self.stage.open(), key, who, "pay the supplier")
    }

    pub fn sign_with(&self, plan: Plan, key: &KeyId, who: &[u16]) -> Result<Signed, CeremonyError> {
        self.sign_in(&mut self.stage.open_with(plan), key, who, "pay the supplier")
    }

    pub fn sign_in(
        &self,
        workspace: &mut Workspace,
        key: &KeyId,
        who: &[u16],
        text: &str,
    ) -> Result<Signed, CeremonyError> {
        let bearers = self.bearers(workspace, key, who);
        jit::run(workspace, wanted(key, message(text)), &bearers)
    }

    /// Signs; signature and statements are good, and every node is empty.
    #[track_caller]
    pub fn signs(&self, key: &KeyId, who: &[u16]) -> Signed {
        let signed = self.sign(key, who).unwrap_or_else(|e| panic!("{who:?}: {e}"));
        self.check(&signed, who);
        signed
    }

    /// Signs where other nodes still hold their shares.
    #[track_caller]
    pub fn signs_only(&self, key: &KeyId, who: &[u16]) {
        let signed = self.sign(key, who).unwrap_or_else(|e| panic!("{who:?}: {e}"));
        assert!(signed.statements.iter().all(|s| s.statement.is_clear()));
    }

    #[track_caller]
    pub fn check(&self, signed: &Signed, who: &[u16]) {
        let body = signed.card.body();
        curve::verify(body.curve, &body.group_public_key, &signed.payload, &signed.signature.signature)
            .unwrap();
        let names: Vec<Name> = who.iter().copied().map(name).collect();
        assert_eq!(signed.servers, names);
        let said: Vec<Name> = signed.statements.iter().map(|s| s.statement.node.clone()).collect();
        assert_eq!(said, names);
        let workspace = self.stage.open();
        for statement in &signed.statements {
            let node = workspace.chain().unwrap().current().node(&statement.statement.node).unwrap();
            statement.verify(&node.card.signing_key).unwrap();
            assert!(statement.statement.is_clear(), "{statement:?}");
        }
        assert!(workspace.journal().all().unwrap().is_empty());
        drop(workspace);
        self.empty();
    }

    /// No node holds anything a share could be computed from.
    #[track_caller]
    pub fn empty(&self) {
        for i in 1..=u16::try_from(self.people.len()).unwrap() {
            let store = self.stage.store(i);
            for kind in [BlobKind::Share, BlobKind::Aux, BlobKind::Prime, BlobKind::Identity] {
                assert_eq!(store.blob_ids(kind).unwrap(), Vec::<Vec<u8>>::new(), "node {i}: {kind:?}");
            }
        }
    }

    /// The nodes of these indices, opened honestly.
    pub fn nodes(&self, workspace: &Workspace, who: &[u16]) -> Vec<PinnedNode> {
        workspace.nodes(&who.iter().copied().map(name).collect::<Vec<_>>()).unwrap()
    }
}

pub fn wanted(key: &KeyId, content: Content) -> Wanted {
    Wanted { key_id: *key, content, servers: Vec::new(), taproot: false }
}

/// The same person once more.
pub fn again(person: &PersonIdentity) -> PersonIdentity {
    let secret = Secret::from_slice(person.age().secret().expose()).unwrap();
    PersonIdentity::new(person.name().clone(), Identity::from_secret(secret))
}

pub fn node_secrets(stage: &Stage, i: u16) -> NodeSecrets {
    let bytes = stage.store(i).open_blob(BlobKind::Node, b"card").unwrap().unwrap();
    NodeSecrets::from_bytes(bytes.expose()).unwrap()
}

/// Appends a version to the genesis of a home, signed by all its nodes, past every ceremony.
pub fn amend(stage: &Stage, alter: impl FnOnce(&mut quorate::genesis::Genesis)) {
    let path = stage.home().join("genesis.json");
    let bytes = fs::read(&path).unwrap();
    let mut chain: Vec<SignedGenesis> = codec::from_canonical("genesis", &bytes, 1 << 24).unwrap();
    let last = &chain.last().unwrap().genesis;
    let mut genesis = last.clone();
    (genesis.sequence, genesis.previous_hash) = (last.sequence + 1, Some(last.hash().unwrap()));
    alter(&mut genesis);
    let count = u16::try_from(genesis.nodes.len()).unwrap();
    let sign = |i: u16| genesis.sign(name(i), node_secrets(stage, i).signing()).unwrap();
    let signed = SignedGenesis::new(genesis.clone(), (1..=count).map(sign).collect());
    for i in 1..=count {
        let bytes = codec::canonical("genesis", &signed).unwrap();
        stage.store(i).put(Table::Genesis, &genesis.sequence.to_be_bytes(), bytes).unwrap();
    }
    chain.push(signed);
    fs::write(&path, codec::canonical("genesis", &chain).unwrap()).unwrap();
}

/// Exports index i to its custodian, with delete, and writes the shard beside the home.
pub fn export(stage: &Stage, key: &KeyId, i: u16, person: &PersonIdentity) -> PathBuf {
    let workspace = stage.open();
    let chain = workspace.chain().unwrap();
    let card = workspace.inventory().card(key, chain).unwrap();
    let mut nodes = workspace.nodes(&[name(i)]).unwrap();
    let params = ExportParams {
        key_id: *key,
        server: name(i),
        custodian: person.name().clone(),
        recipient: person.recipient(),
        delete: true,
        aux_only: false,
    };
    let request = workspace.request(Action::Export(params), Some(card.hash()), &nodes).unwrap();
    let node = &mut nodes[0].node;
    let Reply::Exported(parcel, _) =
        node.handle(Call::Export { request: Box::new(request.clone()) }).unwrap()
    else {
        panic!("no parcel")
    };
    let parcel: Parcel = *parcel;
    let payload = Payload::open(person.age(), parcel.wrapped_key_share.as_ref().unwrap()).unwrap();
    let header = Header {
        custodian: person.name().clone(),
        server: name(i),
        index: i,
        recipient: person.recipient(),
        exported_at: payload.export().unwrap().made_at,
    };
    let body = ReceiptBody {
        version: 1,
        kind: ReceiptKind::Export,
        issuer: name(i),
        genesis_id: card.body().genesis_id,
        key_card_hash: card.hash(),
        index: i,
        epoch: card.body().epoch,
        op_id: request.request.op_id,
        share_blob_hash: parcel.share_hash(),
        aux_blob_hash: parcel.aux_hash(),
        core_hash: Some(payload.last().unwrap().core_hash),
        recipient: person.recipient(),
        verification_share: card.body().verification_share(i).cloned(),
        signer: person.name().clone(),
        made_at: Time::now(),
    };
    let shard = Shard::new(chain, card, None, header, parcel).unwrap();
    let path = stage.beside(&shard.file_name());
    fs::write(&path, shard.bytes()).unwrap();
    let receipt = Box::new(Receipt::sign(body, person.approval()).unwrap());
    let Reply::Holding(statement) = node.handle(Call::Release { key_id: *key, receipt }).unwrap() else {
        panic!("no statement")
    };
    let statement: Statement<Holding> = *statement;
    assert!(statement.statement.is_clear());
    path
}

/// Nodes on the caller's own thread, open until the end, without encoding between.
pub struct Rig {
    pub machines: BTreeMap<u16, Machine>,
}

impl Rig {
    pub fn open(stage: &Stage, who: &[u16]) -> Self {
        let seal = stage.seal();
        let open = |i: &u16| {
            let dir = node_dir(&stage.home(), &name(*i));
            let seal = seal.for_node(name(*i).as_str());
            (*i, Machine::open(&dir, name(*i), &seal, stage.primes.clone()).unwrap())
        };
        Self { machines: who.iter().map(open).collect() }
    }

    pub fn call(&mut self, i: u16, call: Call) -> Reply {
        self.machines.get_mut(&i).unwrap().handle(call).unwrap_or_else(|e| panic!("node {i}: {e}"))
    }

    /// A request of all of them by the operator.
    pub fn request(&mut self, workspace: &Workspace, key: &KeyId, text: &str) -> SignedRequest {
        let signers: Vec<u16> = self.machines.keys().copied().collect();
        let params = SignParams {
            key_id: *key,
            signers: signers.clone(),
            content: message(text),
            path: String::new(),
            taproot: false,
        };
        let card = workspace.inventory().card(key, workspace.chain().unwrap()).unwrap();
        let mut request = workspace.request(Action::Sign(params), Some(card.hash()), &[]).unwrap();
        for i in signers {
            let Reply::Hello(hello) = self.call(i, Call::Hello) else { panic!("no hello") };
            request.request.node_heads.push(hello.head);
        }
        request
    }

    pub fn prepare(&mut self, request: &SignedRequest) -> BTreeMap<u16, quorate::request::OneTimeRecipient> {
        let who: Vec<u16> = self.machines.keys().copied().collect();
        let one =
            |i: u16| match self.call(i, Call::Prepare { request: Box::new(request.clone()), attempt: 1 }) {
                Reply::Prepared(one) => (i, *one),
                other => panic!("{other:?}"),
            };
        who.into_iter().map(one).collect()
    }

    /// Begins the first attempt.
    pub fn begin(&mut self, request: &SignedRequest, mut grants: BTreeMap<u16, Grant>) -> Vec<Reply> {
        let who: Vec<u16> = self.machines.keys().copied().collect();
        let begin = |i: u16| {
            let grant = grants.remove(&i);
            self.call(i, Call::Begin { request: Box::new(request.clone()), attempt: 1, grant })
        };
        who.into_iter().map(begin).collect()
    }

    /// Runs the first attempt; every node gives the same signature.
    pub fn sign(&mut self, request: &SignedRequest, grants: BTreeMap<u16, Grant>) -> Vec<u8> {
        let op_id = request.request.op_id;
        let mut signatures = Vec::new();
        let mut queue: BTreeMap<u16, Vec<Packet>> = BTreeMap::new();
        let mut take = |reply: Reply, queue: &mut BTreeMap<u16, Vec<Packet>>| {
            let Reply::Step(step) = reply else { panic!("no step") };
            for packet in step.packets {
                queue.entry(packet.to).or_default().push(packet);
            }
            if let Some(Outcome::Signed(signature)) = step.outcome {
                signatures.push(signature.signature.0);
            }
        };
        for reply in self.begin(request, grants) {
            take(reply, &mut queue);
        }
        while let Some((to, packets)) = queue.pop_first() {
            take(self.call(to, Call::Relay { op_id, attempt: 1, packets }), &mut queue);
        }
        assert_eq!(signatures.len(), self.machines.len());
        assert!(signatures.windows(2).all(|pair| pair[0] == pair[1]));
        signatures.remove(0)
    }

    pub fn surrender(&mut self, request: &SignedRequest) {
        let (op_id, key_id) = (request.request.op_id, request.request.key_id().unwrap());
        for i in self.machines.keys().copied().collect::<Vec<_>>() {
            let Reply::Holding(said) = self.call(i, Call::Surrender { op_id, key_id }) else { panic!() };
            assert!(said.statement.is_clear());
        }
    }
}
