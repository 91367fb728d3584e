//! Three nodes, a custodian and a workspace that write honest logs, in memory.

use rand_core::OsRng;

use super::{Fault, Kind, Outside, Report, verify};
use crate::{
    audit::{
        Event, Head, Note, SignedEntry, WORKSPACE,
        bundle::{Bundle, ExportRecord, Lines, LogLines},
    },
    card::NodeSecrets,
    codec::{self, HexArray},
    digest::Hash,
    genesis::{Genesis, Mode, PersonEntry, SignedGenesis},
    identity::PersonIdentity,
    ids::{KeyId, Name, OpId, Time},
    policy::{Policy, Role},
    receipt::{Receipt, ReceiptBody, ReceiptKind},
    request::{Action, Approval, Content, NodeHead, Request, SignParams, SignedRequest},
    secret::Secret,
    signing_key::SigningKey,
    statement::{Holding, Signed},
};

/// One log and its key.
pub(super) struct Writer {
    pub(super) name: Name,
    pub(super) key: SigningKey,
    pub(super) head: Head,
    pub(super) lines: Vec<Vec<u8>>,
    pub(super) clock: Time,
}

impl Writer {
    fn new(name: &str, key: SigningKey, clock: Time) -> Self {
        Self { name: name.parse().unwrap(), key, head: Head::EMPTY, lines: Vec::new(), clock }
    }

    pub(super) fn write(&mut self, note: Note) -> u64 {
        self.clock = self.clock.plus_seconds(1);
        let (entry, head) = self.head.next(&self.name, self.clock, note, &self.key).unwrap();
        self.lines.push(entry.line().unwrap());
        self.head = head;
        head.counter
    }

    pub(super) fn node_head(&self) -> NodeHead {
        NodeHead { node: self.name.clone(), counter: self.head.counter, head: self.head.hash }
    }

    /// The log as it stands in a file.
    fn text(&self) -> Vec<u8> {
        text(&self.lines)
    }

    pub(super) fn entry(&self, counter: u64) -> SignedEntry {
        SignedEntry::parse(&self.lines[counter as usize - 1]).unwrap()
    }

    /// Writes the log anew from an entry on, with its own key, as if `change` had been so.
    pub(super) fn rewrite(&mut self, counter: u64, change: impl FnOnce(&mut SignedEntry)) {
        let at = counter as usize - 1;
        let mut entries: Vec<SignedEntry> =
            self.lines[at..].iter().map(|line| SignedEntry::parse(line).unwrap()).collect();
        change(&mut entries[0]);
        for (number, signed) in (at..).zip(&mut entries) {
            if number > at {
                signed.entry.previous = self.head.hash;
            }
            let hash = Hash::of("audit-entry", &signed.entry).unwrap();
            signed.signature = self.key.sign(&hash);
            self.lines[number] = signed.line().unwrap();
            self.head = Head { counter: signed.entry.counter, hash };
        }
    }
}

/// All of it.
pub(super) struct Stage {
    pub(super) nodes: Vec<Writer>,
    pub(super) workspace: Writer,
    /// Of N1.
    pub(super) custodian: PersonIdentity,
    /// In production: the custodians of N2 and N3, and the key generator.
    pub(super) others: Vec<PersonIdentity>,
    pub(super) genesis: Vec<SignedGenesis>,
    pub(super) exports: Vec<ExportRecord>,
    pub(super) requests: Vec<SignedRequest>,
    pub(super) receipts: Vec<Receipt>,
    pub(super) key_id: KeyId,
}

/// Lines as they stand in a file.
pub(super) fn text(lines: &[Vec<u8>]) -> Vec<u8> {
    lines.iter().flat_map(|line| [line.as_slice(), b"\n"]).flatten().copied().collect()
}

fn canonical<T: serde::Serialize>(documents: &[T]) -> Vec<u8> {
    let lines: Vec<_> = documents.iter().map(|it| codec::canonical("document", it).unwrap()).collect();
    text(&lines)
}

pub(super) fn op_id() -> OpId {
    OpId::random(&mut OsRng)
}

pub(super) fn note(event: Event, op_id: OpId) -> Note {
    Note { op_id: Some(op_id), ..Note::new(event) }
}

/// With the request that it is of.
pub(super) fn asked(event: Event, request: &Request) -> Note {
    let (hash, key_id) = (request.hash().unwrap(), request.action.key_id());
    Note { request_hash: Some(hash), key_id, ..note(event, request.op_id) }
}

impl Stage {
    pub(super) fn new() -> Self {
        Self::made(Mode::Rehearsal)
    }

    /// A, B and C are the custodians of N1, N2 and N3; K generates keys.
    pub(super) fn production() -> Self {
        Self::made(Mode::Production)
    }

    fn made(mode: Mode) -> Self {
        let now: Time = "2026-11-20T09:00:00Z".parse().unwrap();
        let names = ["N1", "N2", "N3"];
        let secrets: Vec<NodeSecrets> = names.iter().map(|_| NodeSecrets::random(&mut OsRng)).collect();
        let cards: Vec<_> =
            names.iter().zip(&secrets).map(|(name, s)| s.card(name.parse().unwrap(), now).unwrap()).collect();
        let custodian = PersonIdentity::random("A".parse().unwrap(), &mut OsRng);
        let others: Vec<PersonIdentity> = match mode {
            Mode::Rehearsal => Vec::new(),
            Mode::Production => {
                ["B", "C", "K"].map(|who| PersonIdentity::random(who.parse().unwrap(), &mut OsRng)).into()
            }
        };
        let id = HexArray::random(&mut OsRng);
        let mut genesis = match mode {
            Mode::Rehearsal => Genesis::rehearsal(id, cards.clone(), now),
            Mode::Production => Genesis::production(id, cards.clone(), Vec::new(), Policy::production(), now),
        };
        let people = std::iter::once(&custodian).chain(&others);
        let servers = names.map(Some).into_iter().chain([None]);
        genesis.people = people
            .clone()
            .zip(servers)
            .map(|(person, server)| PersonEntry {
                name: person.name().clone(),
                roles: vec![if server.is_some() { Role::Custodian } else { Role::KeyGenerator }],
                server: server.map(|server| server.parse().unwrap()),
                card: person.card(now, None).unwrap(),
            })
            .collect();
        let hash = genesis.hash().unwrap();
        let sign =
            |(name, s): (&&str, &NodeSecrets)| genesis.sign(name.parse().unwrap(), s.signing()).unwrap();
        let mut signatures: Vec<_> = names.iter().zip(&secrets).map(sign).collect();
        if mode == Mode::Production {
            let adopt = |person: &PersonIdentity| genesis.sign(person.name().clone(), person.approval());
            signatures.extend(people.map(|person| adopt(person).unwrap()));
        }
        let mut nodes = Vec::new();
        for ((name, secrets), card) in names.iter().zip(&secrets).zip(&cards) {
            let seed = Secret::from_slice(&secrets.to_bytes().expose()[..32]).unwrap();
            let mut node = Writer::new(name, SigningKey::from_seed(&seed), now);
            node.write(Note::new(Event::Created).with("card", card.hash().unwrap()));
            if mode == Mode::Production {
                node.write(Note::new(Event::GenesisConfirmed).with("genesis", hash).with("sequence", 0));
            }
            node.write(Note::new(Event::GenesisAdopted).with("genesis", hash).with("sequence", 0));
            nodes.push(node);
        }
        let mut workspace = Writer::new(WORKSPACE, SigningKey::random(&mut OsRng), now);
        let key = workspace.key.public().0;
        match mode {
            Mode::Rehearsal => {
                workspace.write(Note::new(Event::Created).with("genesis", hash).with("key", key));
            }
            Mode::Production => {
                workspace.write(Note::new(Event::Created).with("key", key));
                workspace.write(Note::new(Event::GenesisAdopted).with("genesis", hash).with("sequence", 0));
            }
        }
        let genesis = vec![SignedGenesis::new(genesis, signatures)];
        let key_id = KeyId::random(&mut OsRng);
        let (exports, requests, receipts) = (Vec::new(), Vec::new(), Vec::new());
        Self { nodes, workspace, custodian, others, genesis, exports, requests, receipts, key_id }
    }

    /// Nodes 1 and `with` sign something; each sees where the others' logs stood.
    pub(super) fn sign(&mut self, with: usize) -> OpId {
        let (op_id, request) = (op_id(), Hash::plain(&op_id().0));
        let heads: Vec<NodeHead> =
            [&self.nodes[0], &self.nodes[with], &self.workspace].map(Writer::node_head).into();
        let key_id = Some(self.key_id);
        let asked = |event| Note { request_hash: Some(request), key_id, ..note(event, op_id) };
        self.workspace.write(asked(Event::SigningInitiated));
        for at in [0, with] {
            let node = &mut self.nodes[at];
            let heads = heads.iter().filter(|head| head.node != node.name).cloned().collect();
            node.write(Note { heads, ..asked(Event::SessionStarted) });
            node.write(note(Event::SigningCompleted, op_id));
        }
        self.workspace.write(asked(Event::SigningCompleted));
        op_id
    }

    /// A request for a signature, valid for an hour from now on.
    pub(super) fn request(&self) -> SignedRequest {
        let params = SignParams {
            key_id: self.key_id,
            signers: vec![1, 2],
            content: Content::Message { message: b"pay".to_vec().into(), hash: None },
            path: String::new(),
            taproot: false,
        };
        SignedRequest::unsigned(self.request_of(Action::Sign(params)))
    }

    pub(super) fn request_of(&self, action: Action) -> Request {
        let genesis = &self.genesis.last().unwrap().genesis;
        Request {
            version: 1,
            action,
            genesis_hash: genesis.hash().unwrap(),
            policy_hash: genesis.policy.hash().unwrap(),
            key_card_hash: Some(Hash::plain(b"card")),
            requester: "operator".parse().unwrap(),
            op_id: op_id(),
            max_attempts: 3,
            not_before: self.nodes[0].clock,
            expiry: self.nodes[0].clock.plus_seconds(3600),
            node_heads: vec![self.nodes[0].node_head()],
        }
    }

    /// A request of K that A and B approved.
    pub(super) fn approved(&self, request: Request) -> SignedRequest {
        let mut signed = SignedRequest::unsigned(Request { requester: "K".parse().unwrap(), ..request });
        let hash = signed.request.hash().unwrap();
        signed.requester_signature = Some(self.others[2].approval().sign(&hash));
        let people = [&self.custodian, &self.others[0]];
        signed.approvals = people.map(|who| Approval::sign(who.name().clone(), hash, who.approval())).into();
        signed
    }

    /// N1 begins what a request asks for, so many seconds after what it wrote last.
    pub(super) fn carry_out(&mut self, signed: &SignedRequest, after: i64) -> u64 {
        self.workspace.write(asked(Event::SigningInitiated, &signed.request));
        let node = &mut self.nodes[0];
        node.clock = node.clock.plus_seconds(after - 1);
        node.write(asked(Event::SessionStarted, &signed.request))
    }

    /// N1 gives its share out and deletes it.
    pub(super) fn export(&mut self) -> OpId {
        self.export_on(None)
    }

    /// The same on a request.
    pub(super) fn export_on(&mut self, signed: Option<&SignedRequest>) -> OpId {
        let (op_id, share) =
            (signed.map_or_else(op_id, |signed| signed.request.op_id), Hash::plain(b"share"));
        let hash = signed.map_or_else(|| Hash::plain(&op_id.0), |signed| signed.request.hash().unwrap());
        let key_id = Some(self.key_id);
        let note = |event, op_id| Note { request_hash: Some(hash), key_id, ..note(event, op_id) };
        let (node, workspace) = (&mut self.nodes[0], &mut self.workspace);
        let said = |event| note(event, op_id).with("server", "N1");
        workspace.write(said(Event::ShareExportInitiated));
        let (name, recipient) = (self.custodian.name(), self.custodian.recipient());
        let to = note(Event::ShareExportInitiated, op_id).with("custodian", name);
        node.write(to.with("recipient", recipient));
        node.write(note(Event::ShareExported, op_id).with("share", share));
        workspace.write(said(Event::ShareExported));
        workspace.write(said(Event::ShareDeletionInitiated));
        node.write(note(Event::ShareDeletionInitiated, op_id).with("share", share));
        node.write(note(Event::ShareDeleted, op_id).with("share", share));
        let key_card_hash = Hash::plain(b"card");
        let released = Holding {
            version: 1,
            node: node.name.clone(),
            genesis_id: self.genesis[0].genesis.genesis_id,
            time: node.clock,
            op_id: Some(op_id),
            key_id: self.key_id,
            key_card_hash,
            index: 1,
            shares: 0,
            aux: 0,
            leases: 0,
            empty: true,
            head: node.node_head(),
        };
        let receipt = ReceiptBody {
            version: 1,
            kind: ReceiptKind::Export,
            issuer: node.name.clone(),
            genesis_id: released.genesis_id,
            key_card_hash,
            index: 1,
            epoch: 0,
            op_id,
            share_blob_hash: Some(share),
            aux_blob_hash: None,
            core_hash: None,
            recipient: self.custodian.recipient(),
            verification_share: None,
            signer: self.custodian.name().clone(),
            made_at: node.clock,
        };
        self.exports.push(ExportRecord {
            version: 1,
            op_id,
            key_id: self.key_id,
            key_card_hash,
            index: 1,
            epoch: 0,
            server: node.name.clone(),
            custodian: self.custodian.name().clone(),
            recipient: self.custodian.recipient(),
            delete: true,
            aux_only: false,
            file_hash: Some(Hash::plain(b"file")),
            share_blob_hash: Some(share),
            aux_blob_hash: None,
            receipt: Some(Receipt::sign(receipt, self.custodian.approval()).unwrap()),
            released: Some(Signed::new(released, &node.key).unwrap()),
        });
        workspace.write(said(Event::ShareDeleted));
        op_id
    }

    /// The number of the first entry of an event in a node's log.
    pub(super) fn entry_of(&self, node: usize, event: Event) -> u64 {
        let at = self.nodes[node]
            .lines
            .iter()
            .position(|line| SignedEntry::parse(line).unwrap().entry.event == event);
        at.unwrap() as u64 + 1
    }

    /// Has a node write its log anew from an entry on, with other particulars in that one.
    pub(super) fn rewrite(
        &mut self,
        node: usize,
        at: u64,
        alter: impl FnOnce(&mut std::collections::BTreeMap<String, String>),
    ) {
        let log = &mut self.nodes[node];
        let before = (at > 1).then(|| {
            let signed = log.entry(at - 1);
            Head { counter: at - 1, hash: Hash::of("audit-entry", &signed.entry).unwrap() }
        });
        log.head = before.unwrap_or(Head::EMPTY);
        log.rewrite(at, |signed| alter(&mut signed.entry.detail));
    }

    /// A node's log as it is, empty lines in its place.
    pub(super) fn take_node(&mut self, node: usize) -> Writer {
        let stranger = Writer::new("N0", SigningKey::random(&mut OsRng), self.nodes[node].clock);
        std::mem::replace(&mut self.nodes[node], stranger)
    }

    pub(super) fn logs(&self) -> impl Iterator<Item = &Writer> {
        std::iter::once(&self.workspace).chain(&self.nodes)
    }

    /// The bundle's bytes.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let (genesis, exports) = (canonical(&self.genesis), canonical(&self.exports));
        let (requests, receipts) = (canonical(&self.requests), canonical(&self.receipts));
        let logs: Vec<_> = self.logs().map(|log| (log.name.clone(), log.text())).collect();
        let bundle = Bundle {
            genesis: Lines::of(&genesis),
            exports: Lines::of(&exports),
            requests: Lines::of(&requests),
            receipts: Lines::of(&receipts),
            logs: logs
                .iter()
                .map(|(name, text)| LogLines { name: name.clone(), lines: Lines::of(text) })
                .collect(),
            ..Bundle::default()
        };
        bundle.to_bytes(Time::now()).unwrap()
    }

    pub(super) fn report(&self) -> Report {
        verify(&Bundle::parse(&self.bytes()).unwrap(), &Outside::default())
    }

    /// The first fault there is.
    pub(super) fn fault(&self) -> Fault {
        self.report().faults.into_iter().next().expect("nothing was found wrong")
    }

    /// The first fault: its sort, log and entry.
    pub(super) fn first(&self) -> (Kind, String, u64) {
        let fault = self.fault();
        let place = fault.place.unwrap_or_else(|| panic!("{}", fault.what));
        (fault.kind, place.log.as_str().to_owned(), place.entry)
    }
}
