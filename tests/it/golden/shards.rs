//! Golden shards and what goes with them: OFFICIAL_1's share of the SECP256k1 key, exported to Ann. Encryption draws
//! its own randomness, so an encrypted part that still opens to the same bytes is kept.

use std::fs;

use quorate::{
    ceremony::{
        custody::transfers::{Closed, Transfer},
        exports::{Export, ShardFile},
        inventory::Exposed,
        journal::{Kind, Open},
    },
    codec::canonical,
    curve::Curve,
    digest::Hash,
    genesis::{Chain, NamedSignature, SignedGenesis},
    identity::PersonIdentity,
    ids::{Name, Reason, Time},
    keyshare::{AliasBody, DirtyAlias, DirtyKeyCard, KeyCard},
    paillier::AuxTable,
    receipt::{Receipt, ReceiptBody, ReceiptKind},
    recovery::{ExposureNotice, RecoveredKey},
    request::{Approval, NodeHead},
    secret::Secret,
    shard::{
        DirtyGrant, DirtyImport, DirtyRecovery, DirtyShard, Header, Parcel, Payload, Shard, Wanted, Wrap,
        WrapKind,
    },
    statement::{Holding, Lease, Resident, Signed, Statement, Status},
    wrap::{age_file, recipient::Identity},
};
use serde_json::Value;

use super::{
    Hashes, Outcome, Read, folder, json_of,
    make::{Files, Seeded, first_cores, key_id, name, node, node_key, op_id, person, put, shares, time},
};

/// Adds the files.
pub fn all(versions: &[SignedGenesis], files: &mut Files) {
    let chain = Chain::check(versions).unwrap();
    let card = card_of(&chain, files);
    let table: AuxTable = json_of(&files["aux-table.json"]);
    let (ann, newer) = (person("Ann"), person("Ann again"));
    let (share, aux) = first_cores(&card.hash(), &table.table);
    let export = |core| Payload::exported(core, |hash| exported(hash, &ann), node(1).signing()).unwrap();
    let (share, aux) = (export(share), export(aux));
    let parcel = |file: &str, opens: &Identity, wrap: &dyn Fn(&Payload) -> Payload| Parcel {
        wrapped_key_share: Some(sealed(file, "wrappedKeyShare", opens, &wrap(&share))),
        aux_table: Some(table.clone()),
        wrapped_aux: Some(sealed(file, "wrappedAux", opens, &wrap(&aux))),
    };
    let header = |of: &PersonIdentity| Header {
        custodian: "Ann".parse().unwrap(),
        server: name(1),
        index: 1,
        recipient: of.recipient(),
        exported_at: time(),
    };
    let shard = |parcel, of| Shard::new(&chain, card.clone(), None, header(of), parcel).unwrap();
    let untouched = |file: &str| Parcel {
        wrapped_key_share: Some(sealed(file, "wrappedKeyShare", ann.age(), &share)),
        aux_table: Some(table.clone()),
        wrapped_aux: Some(sealed(file, "wrappedAux", ann.age(), &aux)),
    };
    let first = shard(untouched("shard.json"), &ann);
    files.insert("shard.json".into(), first.bytes().to_vec());
    let only_aux = Parcel { wrapped_key_share: None, ..untouched("shard-aux.json") };
    files.insert("shard-aux.json".into(), shard(only_aux, &ann).bytes().to_vec());
    let again = rewrap(&ann, |last| Wrap {
        kind: WrapKind::Rewrap,
        recipient: newer.recipient(),
        signer: ann.name().clone(),
        made_at: time().plus_seconds(3600),
        ..last.clone()
    });
    let again = parcel("shard-rewrapped.json", newer.age(), &again);
    files.insert("shard-rewrapped.json".into(), shard(again, &newer).bytes().to_vec());
    import(&chain, &card, &ann, &parcel, files);
    grant(&card, &ann, &parcel, files);
    let core_hash = share.last().unwrap().core_hash;
    receipt(&first, core_hash, &ann, files);
    records(&first, &Receipt::parse(&files["receipt.json"].clone()).unwrap(), files);
    recovery(&card, &ann, files);
    alias(&chain, &card, files);
    statements(&chain, &card, files);
}

fn card_of(chain: &Chain, files: &Files) -> KeyCard {
    json_of::<DirtyKeyCard>(&files["key-card-SECP256k1.json"]).check(chain).unwrap()
}

fn exported(core_hash: Hash, ann: &PersonIdentity) -> Wrap {
    Wrap {
        version: 1,
        core_hash,
        export_op_id: op_id("export"),
        kind: WrapKind::Export,
        holder: ann.name().clone(),
        recipient: ann.recipient(),
        signer: name(1),
        serial: 0,
        made_at: time(),
        op_id: None,
        request_hash: None,
        not_after: None,
        genesis_hash: None,
    }
}

fn rewrap<'a>(
    by: &'a PersonIdentity,
    wrap: impl Fn(&Wrap) -> Wrap + 'a,
) -> impl Fn(&Payload) -> Payload + 'a {
    move |payload| payload.rewrapped(&wrap, by.approval()).unwrap()
}

type MakeParcel<'a> = dyn Fn(&str, &Identity, &dyn Fn(&Payload) -> Payload) -> Parcel + 'a;

fn import(chain: &Chain, card: &KeyCard, ann: &PersonIdentity, parcel: &MakeParcel, files: &mut Files) {
    let wrap = rewrap(ann, |last| Wrap {
        kind: WrapKind::Import,
        holder: name(1),
        recipient: node_identity().recipient(),
        signer: ann.name().clone(),
        op_id: Some(op_id("import")),
        genesis_hash: Some(chain.current_hash()),
        not_after: Some(time().plus_seconds(86_400)),
        ..last.clone()
    });
    let import = DirtyImport {
        version: 1,
        custodian: ann.name().clone(),
        node: name(1),
        index: 1,
        key_card: card.dirty().clone(),
        alias_card: None,
        parcel: parcel("import.json", &node_identity(), &wrap),
    };
    files.insert("import.json".into(), import.to_bytes().unwrap());
}

fn grant(card: &KeyCard, ann: &PersonIdentity, parcel: &MakeParcel, files: &mut Files) {
    let wrap = rewrap(ann, |last| Wrap {
        kind: WrapKind::Grant,
        holder: name(1),
        recipient: one_time().recipient(),
        signer: ann.name().clone(),
        op_id: Some(op_id("sign-message")),
        request_hash: Some(request_hash()),
        not_after: Some(time().plus_seconds(86_400)),
        ..last.clone()
    });
    let grant = DirtyGrant {
        version: 1,
        custodian: ann.name().clone(),
        node: name(1),
        index: 1,
        key_card_hash: card.hash(),
        op_id: op_id("sign-message"),
        attempt: 1,
        approval: Approval::sign(ann.name().clone(), request_hash(), ann.approval()),
        parcel: parcel("grant.json", &one_time(), &wrap),
    };
    files.insert("grant.json".into(), grant.to_bytes().unwrap());
}

fn receipt(shard: &Shard, core_hash: Hash, ann: &PersonIdentity, files: &mut Files) {
    let body = shard.card().body();
    let receipt = ReceiptBody {
        version: 1,
        kind: ReceiptKind::Export,
        issuer: name(1),
        genesis_id: body.genesis_id,
        key_card_hash: shard.card().hash(),
        index: 1,
        epoch: 0,
        op_id: op_id("export"),
        share_blob_hash: shard.parcel().share_hash(),
        aux_blob_hash: shard.parcel().aux_hash(),
        core_hash: Some(core_hash),
        recipient: ann.recipient(),
        verification_share: body.verification_share(1).cloned(),
        signer: ann.name().clone(),
        made_at: time(),
    };
    let receipt = Receipt::sign(receipt, ann.approval()).unwrap();
    files.insert("receipt.json".into(), receipt.to_bytes().unwrap());
}

fn alias(chain: &Chain, card: &KeyCard, files: &mut Files) {
    let alias = AliasBody {
        version: 1,
        new_key_id: key_id("alias"),
        key_card_hash: card.hash(),
        label: Some("Treasury – cold 3".parse().unwrap()),
        op_id: op_id("alias"),
        genesis_hash: chain.versions().nth(1).unwrap().hash().unwrap(),
    };
    let hash = alias.hash().unwrap();
    let sign = |i| NamedSignature { name: name(i), signature: node(i).signing().sign(&hash) };
    put(files, "alias-card.json", &DirtyAlias { alias, signatures: (1..=3).map(sign).collect() });
}

fn statements(chain: &Chain, card: &KeyCard, files: &mut Files) {
    let head = || NodeHead { node: name(1), counter: 7, head: Hash::plain(b"head of OFFICIAL_1") };
    let holding = Holding {
        version: 1,
        node: name(1),
        genesis_id: chain.current().genesis_id,
        time: time(),
        op_id: Some(op_id("export")),
        key_id: card.body().key_id,
        key_card_hash: card.hash(),
        index: 1,
        shares: 0,
        aux: 0,
        leases: 0,
        empty: true,
        head: head(),
    };
    let status = Status {
        version: 1,
        node: name(1),
        nonce: quorate::codec::HexArray([7; 16]),
        genesis_id: chain.current().genesis_id,
        genesis_hash: chain.current_hash(),
        program: "0.1.0".into(),
        time: time(),
        resident: vec![Resident { key_id: key_id(Curve::Ed25519.name()), epoch: 0, share: true, aux: 0 }],
        more: 0,
        pool: vec![(256, 8)],
        leases: vec![Lease {
            op_id: op_id("sign-message"),
            key_id: card.body().key_id,
            until: time().plus_seconds(120),
        }],
        one_time: 1,
        locks: 0,
        empty: false,
        head: head(),
    };
    put(files, "statement-holding.json", &Signed::new(holding, node(1).signing()).unwrap());
    put(files, "statement-status.json", &Signed::new(status, node(1).signing()).unwrap());
}

/// What OFFICIAL_1 seals for Ann's device, what she says when the key was whole, and what her home remembers of it.
fn recovery(card: &KeyCard, ann: &PersonIdentity, files: &mut Files) {
    let (core, _) = first_cores(&card.hash(), &json_of::<AuxTable>(&files["aux-table.json"]).table);
    let wrap = |core_hash| Wrap {
        kind: WrapKind::Recovery,
        export_op_id: op_id("recovery"),
        op_id: Some(op_id("recovery")),
        request_hash: Some(request_hash()),
        ..exported(core_hash, ann)
    };
    let payload = Payload::exported(core, wrap, node(1).signing()).unwrap();
    let sealed = DirtyRecovery {
        version: 1,
        node: name(1),
        owner: ann.name().clone(),
        index: 1,
        op_id: op_id("recovery"),
        request_hash: request_hash(),
        key_card: card.dirty().clone(),
        wrapped_key_share: sealed("recovery-share.json", "wrappedKeyShare", ann.age(), &payload),
    };
    files.insert("recovery-share.json".into(), sealed.to_bytes().unwrap());
    let key = RecoveredKey::combine(shares(card.body())).unwrap();
    let reason: Reason = "Kälte – the drill".parse().unwrap();
    let of = (reason.clone(), op_id("recovery"), time());
    let by = (ann.name(), ann.approval());
    let notice = ExposureNotice::sign(&key, by, of, &mut Seeded::new("notice")).unwrap();
    files.insert("exposure-notice.json".into(), notice.to_bytes().unwrap());
    let exposed = Exposed {
        version: 1,
        group_public_key: card.body().group_public_key.clone(),
        key_id: card.body().key_id,
        op_id: op_id("recovery"),
        reason,
        exposed_at: time(),
        notice: None,
        entry: None,
    };
    put(files, "exposed-key.json", &exposed);
    put(files, "exposed-key-noticed.json", &Exposed { notice: Some(notice), ..exposed });
}

/// The workspace's own accounts of what is under way.
fn records(shard: &Shard, receipt: &Receipt, files: &mut Files) {
    let given = &receipt.receipt;
    let export = Export {
        version: 1,
        number: 1,
        op_id: given.op_id,
        key_id: shard.key_id(),
        key_card_hash: given.key_card_hash,
        index: 1,
        epoch: 0,
        server: name(1),
        custodian: "Ann".parse().unwrap(),
        recipient: given.recipient,
        delete: true,
        aux_only: false,
        file: Some(ShardFile {
            path: "out/shard.json".into(),
            file_hash: shard.file_hash(),
            share_blob_hash: given.share_blob_hash,
            aux_blob_hash: given.aux_blob_hash,
        }),
        receipt: Some(receipt.clone()),
        released: None,
    };
    put(files, "export.json", &export);
    let operation = Open {
        version: 1,
        op_id: op_id("import"),
        kind: Kind::Import,
        key_id: Some(shard.key_id()),
        servers: vec![name(1)],
        created_at: time(),
        expiry: Some(time().plus_seconds(120)),
        paths: vec!["import.json".into()],
        again: Some("quorate share import import.json --server OFFICIAL_1".into()),
    };
    put(files, "operation.json", &operation);
    let card = person("Ann again").card(time(), None).unwrap();
    let transfer = Transfer {
        version: 1,
        issuer: "Ann".parse().unwrap(),
        old_file: shard.file_hash(),
        key_id: shard.key_id(),
        key_card_hash: given.key_card_hash,
        index: 1,
        epoch: 0,
        export_op_id: given.op_id,
        core_hash: Hash::plain(b"core"),
        share_blob_hash: given.share_blob_hash,
        aux_blob_hash: given.aux_blob_hash,
        holder: card.card.name.clone(),
        card_hash: card.hash().unwrap(),
        approval_key: card.card.approval_key,
        recipient: card.card.recipient,
        created_at: time(),
        closed: Some(Closed::Overtaken),
    };
    put(files, "transfer.json", &transfer);
}

/// What is committed, if it opens to the same bytes; else sealed anew.
fn sealed(file: &str, field: &str, identity: &Identity, payload: &Payload) -> String {
    let fresh = payload.seal().unwrap();
    let open = |blob: &str| age_file::decrypt(identity, blob.as_bytes());
    let committed = fs::read(folder().join(file)).ok();
    let committed = committed.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let committed = committed.and_then(|file| {
        let blob = file.get(field).or_else(|| file.get("parcel")?.get(field))?;
        blob.as_str().map(str::to_owned)
    });
    let same = |blob: &String| open(blob).is_ok_and(|plain| plain.expose() == open(&fresh).unwrap().expose());
    committed.filter(same).unwrap_or(fresh)
}

fn node_identity() -> Identity {
    Identity::from_secret(Secret::from_slice(&node(1).to_bytes().expose()[64..]).unwrap())
}

fn one_time() -> Identity {
    Identity::from_secret(Secret::random(&mut Seeded::new("one-time")))
}

fn request_hash() -> Hash {
    Hash::plain(b"a golden request")
}

/// Reads bytes as whoever gets such a file does.
pub fn read(stem: &str, bytes: &[u8], chain: &Chain, files: &Files) -> Outcome<Read> {
    let card = card_of(chain, files);
    let (here, now): (Name, Time) = (name(1), time());
    let signed = |kind: &str, hash: Hash, again: Vec<u8>| {
        Ok(Read { again, hashes: Hashes::from([(kind.to_owned(), hash.to_string())]) })
    };
    match stem {
        "shard" | "shard-aux" | "shard-rewrapped" => {
            let shard = DirtyShard::parse(bytes)?.check(chain)?;
            let who = if stem == "shard-rewrapped" { "Ann again" } else { "Ann" };
            let open = shard.open(&person(who), chain)?;
            if open.share.is_none() != (stem == "shard-aux") {
                return Err("another kind of shard".into());
            }
            let core = open.payloads().next().ok_or("empty")?.last()?.core_hash;
            signed("wrapped-core", core, shard.bytes().to_vec())
        }
        "import" => {
            let import = DirtyImport::parse(bytes)?;
            let (card, open) = import.open(&node_identity(), chain, &here, now)?;
            open.share.ok_or("no share")?;
            signed("key-card", card.hash(), import.to_bytes()?)
        }
        "grant" => {
            let grant = DirtyGrant::parse(bytes)?;
            let op_id = op_id("sign-message");
            let wanted = Wanted { node: &here, op_id, request_hash: request_hash(), attempt: 1, now };
            grant.open(&one_time(), (chain, &card), &wanted)?;
            signed("key-card", grant.key_card_hash, grant.to_bytes()?)
        }
        "receipt" => {
            let receipt = Receipt::parse(bytes)?;
            receipt.verify(&person("Ann").approval_key())?;
            signed("receipt", Hash::of("receipt", &receipt.receipt)?, receipt.to_bytes()?)
        }
        "recovery-share" => {
            let share = DirtyRecovery::parse(bytes)?.check(chain)?;
            let core = share.open(&person("Ann"), chain)?.payload.last()?.core_hash;
            signed("wrapped-core", core, share.outside().to_bytes()?)
        }
        "exposure-notice" => {
            let notice = ExposureNotice::parse(bytes)?;
            notice.check(&card, chain)?;
            signed("exposure", notice.notice.hash()?, notice.to_bytes()?)
        }
        "exposed-key" | "exposed-key-noticed" => record(canonical("exposed key", &Exposed::parse(bytes)?)?),
        "alias-card" => super::signed::<DirtyAlias>(bytes, "alias-card", |alias| {
            alias.check(chain, &card)?;
            Ok(alias.alias.hash()?)
        }),
        "statement-holding" => super::signed::<Signed<Holding>>(bytes, Holding::TAG, said),
        "statement-status" => super::signed::<Signed<Status>>(bytes, Status::TAG, said),
        "export" => record(canonical("export", &Export::parse(bytes)?)?),
        "operation" => record(canonical("open operation", &Open::parse(bytes)?)?),
        "transfer" => record(canonical("transfer", &Transfer::parse(bytes)?)?),
        _ => Err(format!("no golden file {stem}").into()),
    }
}

fn record(again: Vec<u8>) -> Outcome<Read> {
    Ok(Read { again, hashes: Hashes::new() })
}

fn said<T: Statement>(signed: &Signed<T>) -> Outcome<Hash> {
    signed.verify(&node_key(1)).map_err(|e| e.to_string())?;
    Ok(Hash::of(T::TAG, &signed.statement)?)
}
