//! A production set in this process: custodians A, B, C of three nodes, the key generator K, the approver P, the auditor U.
//! Nodes are called directly, or through a workspace.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use quorate::{
    ceremony::{
        CeremonyError,
        authority::Authority,
        custody::{ShardFile, rewrap},
        export, generate, govern,
        grants::Bearer,
        import, requests,
        workspace::Workspace,
    },
    curve::Curve,
    digest::Hash,
    genesis::{Genesis, PersonEntry},
    identity::PersonIdentity,
    ids::{KeyId, Name, Time},
    keyshare::{KeyCard, Purpose},
    node::{Call, FailureKind, Machine, NodeError, Reply, embedded::node_dir},
    policy::{Policy, Role},
    request::{Action, Approval, ExportParams, RecoverParams, SignParams, SignedRequest, UnlockParams},
    secret::Secret,
    shard::DirtyImport,
    ui::Progress,
    wrap::recipient::Identity,
};

use serde_json::Value;

use crate::node_stage::{Stage, message, name, with_ui};

/// A person, always with the same keys.
pub fn person(who: &str) -> PersonIdentity {
    let secret = Secret::from_slice(Hash::plain(who.as_bytes()).as_bytes()).unwrap();
    let name = who.split(' ').next().unwrap().parse().unwrap();
    PersonIdentity::new(name, Identity::from_secret(secret))
}

pub fn entry(who: &str, role: Role, server: Option<u16>) -> PersonEntry {
    let card = person(who).card("2026-01-01T00:00:00Z".parse().unwrap(), None).unwrap();
    PersonEntry { name: card.card.name.clone(), roles: vec![role], server: server.map(name), card }
}

pub struct Governed {
    pub stage: Stage,
}

impl Governed {
    pub fn new() -> Self {
        let stage = Stage::production(3);
        let mut workspace = stage.open();
        let mut people: Vec<_> =
            [("A", 1), ("B", 2), ("C", 3)].map(|(who, i)| entry(who, Role::Custodian, Some(i))).into();
        people.push(entry("K", Role::KeyGenerator, None));
        people.push(entry("P", Role::Approver, None));
        people.push(entry("U", Role::Auditor, None));
        let genesis = govern::first(&workspace, people, Policy::production()).unwrap();
        let sign = |who: &str| govern::sign_first(&genesis, &person(who)).unwrap().signature;
        let signatures: Vec<_> = ["A", "B", "C", "K", "P", "U"].map(sign).into();
        for i in 1..=3 {
            govern::confirm(&mut workspace, &name(i), &genesis, &signatures).unwrap();
        }
        govern::adopt_first(&mut workspace, genesis, signatures).unwrap();
        drop(workspace);
        Self { stage }
    }

    /// The workspace, acting for K.
    pub fn open(&self) -> Workspace {
        let mut workspace = self.stage.open();
        workspace.act_with(Authority::new(Some(person("K")), Vec::new()));
        workspace
    }

    /// The workspace, acting with what was approved.
    pub fn open_for(&self, signed: &SignedRequest) -> Workspace {
        let mut workspace = self.stage.open();
        workspace.act_with(Authority::new(None, vec![signed.clone()]));
        workspace
    }

    /// A 2-of-3 key.
    pub fn key(&self, curve: Curve) -> KeyCard {
        self.key_of(curve, 2)
    }

    /// A key of all three nodes.
    pub fn key_of(&self, curve: Curve, threshold: u16) -> KeyCard {
        let wanted = generate::Wanted {
            curve,
            threshold,
            servers: Vec::new(),
            label: None,
            purpose: Purpose::Production,
            no_loss_tolerance: threshold == 3,
            backup: None,
        };
        let mut workspace = self.open();
        with_ui(|ui| generate::run(&mut workspace, wanted, ui, &Progress::hidden())).unwrap().card
    }

    /// A request by `who` of these nodes.
    pub fn ask_by(&self, who: &str, action: Action, card: &KeyCard, nodes: &[u16]) -> SignedRequest {
        let mut workspace = self.stage.open();
        workspace.act_with(Authority::new(Some(person(who)), Vec::new()));
        let names: Vec<Name> = nodes.iter().copied().map(name).collect();
        requests::make(&mut workspace, action, card, &names, None).unwrap()
    }

    pub fn ask(&self, action: Action, card: &KeyCard, nodes: &[u16]) -> SignedRequest {
        self.ask_by("K", action, card, nodes)
    }

    /// A node on this thread.
    pub fn machine(&self, i: u16) -> Machine {
        let seal = self.stage.seal().for_node(name(i).as_str());
        Machine::open(&node_dir(&self.stage.home(), &name(i)), name(i), &seal, self.stage.primes.clone())
            .unwrap()
    }

    /// A node whose clock goes wrong by so many seconds.
    pub fn machine_at(&self, i: u16, seconds: i64) -> Machine {
        let mut machine = self.machine(i);
        machine.set_clock(move || Time::now().plus_seconds(seconds));
        machine
    }

    /// One call to a node that is open for nothing else.
    pub fn call(&self, i: u16, call: Call) -> Result<Reply, NodeError> {
        self.machine(i).handle(call)
    }

    /// The chain with one more version, brought into force by these people's approval.
    pub fn govern(&self, alter: impl FnOnce(&mut Genesis), approvers: &[&str]) -> Result<(), CeremonyError> {
        let mut workspace = self.open();
        let mut next = workspace.chain().unwrap().current().next(Time::now()).unwrap();
        alter(&mut next);
        let mut signed = govern::propose(&mut workspace, next.clone())?;
        approve(&mut signed, approvers);
        govern::adopt_next(&mut workspace, signed, next).map(drop)
    }

    /// Every share leaves its node for its custodian, each by an approved request; shards by index.
    pub fn export_all(&self, card: &KeyCard) -> BTreeMap<u16, PathBuf> {
        let custodians = ["A", "B", "C"];
        (1..).zip(custodians).map(|(i, who)| (i, self.export_one(card, i, who))).collect()
    }

    /// One share leaves its node for its custodian; where the shard is.
    pub fn export_one(&self, card: &KeyCard, i: u16, who: &str) -> PathBuf {
        let mut signed = self.ask(export_of(card, i, who, true), card, &[i]);
        approve(&mut signed, &["A", "B"]);
        let mut workspace = self.open_for(&signed);
        let wanted = self.leaving(card, i);
        let identities = [person(who)];
        let done = export::run(&mut workspace, &wanted, |workspace, node, exported| {
            export::settle_here(workspace, node, exported, &identities, None)
        });
        done.unwrap()[0].export.file.clone().unwrap().path
    }

    /// An export, with deletion, of one share.
    pub fn leaving(&self, card: &KeyCard, i: u16) -> export::Wanted {
        export::Wanted {
            key_id: card.body().key_id,
            servers: vec![name(i)],
            delete: true,
            aux_only: false,
            out_dir: self.stage.beside("out"),
        }
    }

    pub fn shard(&self, path: &Path) -> ShardFile {
        ShardFile::read(path, self.stage.open().chain().unwrap()).unwrap()
    }

    /// What a custodian sends for their node, and the approved request for it.
    pub fn import(
        &self,
        card: &KeyCard,
        path: &Path,
        i: u16,
        alias: Option<&KeyId>,
    ) -> (DirtyImport, SignedRequest) {
        let who = person(["A", "B", "C"][usize::from(i) - 1]);
        let (file, end) = (self.shard(path), Time::now().plus_seconds(600));
        let mut workspace = self.stage.open();
        let mut import = rewrap::for_node(&file, &who, &name(i), end, &mut workspace).unwrap();
        if let Some(alias) = alias {
            import.alias_card = workspace.inventory().alias(alias, workspace.chain().unwrap()).unwrap();
        }
        let params = import::params_of(&import, &name(i)).unwrap();
        drop(workspace);
        let mut signed = self.ask(Action::Import(params), card, &[i]);
        approve(&mut signed, &["A", "C"]);
        (import, signed)
    }

    /// The share comes back to stay.
    pub fn import_again(&self, card: &KeyCard, path: &Path, i: u16, alias: Option<&KeyId>) {
        let (import, signed) = self.import(card, path, i, alias);
        let mut workspace = self.open_for(&signed);
        import::run(&mut workspace, import, Path::new("import"), &name(i), alias).unwrap();
    }

    /// Bearers of shards, by index.
    pub fn bearers(&self, shards: &BTreeMap<u16, PathBuf>, who: &[u16]) -> Vec<Bearer> {
        let bearer = |i: &u16| {
            let identity = person(["A", "B", "C"][usize::from(*i) - 1]);
            Bearer { file: self.shard(&shards[i]), identity }
        };
        who.iter().map(bearer).collect()
    }

    /// What must not change where nothing was approved: what each node holds, knows, and has done.
    pub fn state(&self, card: &KeyCard) -> Vec<String> {
        (1..=3).map(|i| self.state_of(i, card)).collect()
    }

    fn state_of(&self, i: u16, card: &KeyCard) -> String {
        self.state_at(i, &mut self.machine(i), &card.body().key_id)
    }

    /// The same of a node that is open.
    pub fn state_at(&self, i: u16, node: &mut Machine, key_id: &KeyId) -> String {
        let Ok(Reply::Key(entry, record, resident)) = node.handle(Call::Key { key_id: *key_id }) else {
            panic!("no key")
        };
        let Ok(Reply::Hello(hello)) = node.handle(Call::Hello) else { panic!("no hello") };
        let acts = [
            "SESSION_STARTED",
            "SIGNING_COMPLETED",
            "SHARE_EXPORTED",
            "SHARE_DELETED",
            "SHARE_IMPORTED",
            "SHARE_LEASED",
            "KEY_EXPOSED",
            "KEY_RENOUNCED",
            "ALIAS_SIGNED",
            "LOCK_LIFTED",
            "GENESIS_SIGNED",
            "GENESIS_ADOPTED",
            "PRIVATE_KEY_RECOVERY_COMPLETED",
        ];
        let acts: Vec<usize> = acts.iter().map(|event| self.stage.count(i, event)).collect();
        format!("{entry:?} {record:?} {resident:?} {} {acts:?}", hello.chain.len())
    }
}

/// Adds approvals.
pub fn approve(signed: &mut SignedRequest, people: &[&str]) {
    let hash = signed.request.hash().unwrap();
    for who in people {
        let identity = person(who);
        signed.approvals.push(Approval::sign(identity.name().clone(), hash, identity.approval()));
    }
}

/// Signs what was altered anew, as its requester would.
pub fn resigned(mut signed: SignedRequest) -> SignedRequest {
    let requester = person(signed.request.requester.as_str());
    signed.requester_signature = Some(requester.approval().sign(&signed.request.hash().unwrap()));
    signed
}

pub fn export_of(card: &KeyCard, i: u16, custodian: &str, delete: bool) -> Action {
    Action::Export(ExportParams {
        key_id: card.body().key_id,
        server: name(i),
        custodian: custodian.parse().unwrap(),
        recipient: person(custodian).recipient(),
        delete,
        aux_only: false,
    })
}

pub fn recovery_of(card: &KeyCard, owner: &str, nodes: &[u16]) -> Action {
    Action::Recover(RecoverParams {
        key_id: card.body().key_id,
        servers: nodes.iter().copied().map(name).collect(),
        recipient: person(owner).recipient(),
        owner: owner.parse().unwrap(),
        reason: "the vendor is gone".into(),
        delete: false,
    })
}

pub fn unlock_of(card: &KeyCard, culprit: u16) -> Action {
    let reason = "rebuilt from a clean image".into();
    Action::Unlock(UnlockParams { key_id: card.body().key_id, culprit: name(culprit), reason })
}

pub fn signature_of(card: &KeyCard, signers: &[u16], text: &str) -> Action {
    Action::Sign(SignParams {
        key_id: card.body().key_id,
        signers: signers.to_vec(),
        content: message(text),
        path: String::new(),
        taproot: false,
    })
}

/// The refusal of a node.
#[track_caller]
pub fn refusal(reply: Result<Reply, NodeError>) -> NodeError {
    match reply {
        Err(error) => {
            assert!(!matches!(error.kind, FailureKind::Bug | FailureKind::Misbehaved), "{error}");
            error
        }
        Ok(reply) => panic!("not refused: {reply:?}"),
    }
}

pub fn boxed(signed: &SignedRequest) -> Box<SignedRequest> {
    Box::new(signed.clone())
}

/// Every leaf of a request in JSON, each altered in turn: what parses again is given to `each`, with the leaf's path.
pub fn altered(signed: &SignedRequest, mut each: impl FnMut(&str, SignedRequest)) -> usize {
    let whole = serde_json::to_value(signed).unwrap();
    let mut paths = Vec::new();
    leaves(&whole, String::new(), &mut paths);
    let mut parsed = 0;
    for path in paths {
        for by in 0..2 {
            let mut bad = whole.clone();
            alter(bad.pointer_mut(&path).unwrap(), by);
            let Ok(bad) = serde_json::from_value::<SignedRequest>(bad) else { continue };
            if bad != *signed {
                parsed += 1;
                each(&path, bad);
            }
        }
    }
    parsed
}

fn leaves(value: &Value, path: String, paths: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, inner)| leaves(inner, format!("{path}/{name}"), paths))
        }
        Value::Array(list) if !list.is_empty() => {
            paths.push(path.clone());
            list.iter().enumerate().for_each(|(at, inner)| leaves(inner, format!("{path}/{at}"), paths));
        }
        _ => paths.push(path),
    }
}

/// A value of the same sort that is another one: two ways.
fn alter(value: &mut Value, by: usize) {
    match value {
        Value::Bool(flag) => *flag = !*flag,
        Value::Number(number) => *value = (number.as_u64().unwrap() + 1 + by as u64).into(),
        Value::Array(list) if by == 0 => drop(list.pop()),
        Value::Array(list) => list.extend(list.first().cloned()),
        Value::String(text) if text.is_empty() => text.push('x'),
        Value::String(text) => {
            let at = if by == 0 { 0 } else { text.len() - 1 };
            let other = match text.as_bytes()[at] {
                b'0'..=b'8' | b'a'..=b'e' | b'A'..=b'Y' => text.as_bytes()[at] + 1,
                b'9' => b'8',
                _ => b'a',
            };
            text.replace_range(at..=at, &char::from(other).to_string());
        }
        _ => {}
    }
}
