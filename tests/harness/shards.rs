//! Keys, custodians and shards without nodes: a dealer stands in for the distributed generation, and signs what
//! nodes would sign. Keys made so are known whole: never use them.

use quorate::{
    card::NodeSecrets,
    codec::{self, Hex, HexArray},
    curve::{self, Curve},
    genesis::{Chain, Genesis, NodeEntry, PersonEntry, Replacement, SignedGenesis},
    identity::PersonIdentity,
    ids::{KeyId, Name, OpId, Time},
    keyshare::{AliasBody, DirtyAlias, DirtyKeyCard, KeyCard, KeyCardBody, Purpose, ShareCore},
    keyshare::{proof_message, split},
    paillier::{AuxTable, AuxTableBody},
    policy::Role,
    secret::{Secret, SecretBytes},
    shard::{DirtyImport, Header, Parcel, Payload, Shard, Wrap, WrapKind},
    with_suite,
};
use rand_core::OsRng;

use crate::fixtures;

/// `OFFICIAL_<i>`.
pub fn official(i: u16) -> Name {
    format!("OFFICIAL_{i}").parse().unwrap()
}

/// The moment at which everything here happened.
pub fn then() -> Time {
    "2026-11-20T09:44:00Z".parse().unwrap()
}

/// Nodes OFFICIAL_1 .. and their custodians A, B, .., with the chain that enrols them.
pub struct Set {
    pub nodes: Vec<(Name, NodeSecrets)>,
    pub people: Vec<PersonIdentity>,
    pub versions: Vec<SignedGenesis>,
    pub chain: Chain,
}

impl Set {
    pub fn new(n: u16) -> Self {
        let nodes: Vec<_> = (1..=n).map(|i| (official(i), NodeSecrets::random(&mut OsRng))).collect();
        let people = ('A'..).take(n.into()).map(|c| person(&c.to_string())).collect();
        let cards = nodes.iter().map(|(name, node)| node.card(name.clone(), then()).unwrap());
        let made = then().plus_seconds(-86_400);
        let first = Genesis::rehearsal(HexArray::random(&mut OsRng), cards.collect(), made);
        let versions = vec![signed(first, &nodes)];
        let chain = Chain::check(&versions).unwrap();
        let mut set = Self { nodes, people, versions, chain };
        set.adopt(|_, _| ());
        set
    }

    /// Appends a version in which the custodians are those in `people`, then whatever else is changed.
    pub fn adopt(&mut self, change: impl FnOnce(&[PersonIdentity], &mut Genesis)) {
        let before = self.chain.current();
        let mut next = Genesis {
            sequence: before.sequence + 1,
            previous_hash: Some(self.chain.current_hash()),
            created_at: before.created_at.plus_seconds(60),
            people: (1..).zip(&self.people).map(|(i, person)| custodian(person, official(i))).collect(),
            ..before.clone()
        };
        change(&self.people, &mut next);
        self.versions.push(signed(next, &self.nodes));
        self.chain = Chain::check(&self.versions).unwrap();
    }

    /// Another person holds the shares of OFFICIAL_i from now on; the one before is given back.
    pub fn succeed(&mut self, i: usize, new: PersonIdentity) -> PersonIdentity {
        let old = std::mem::replace(&mut self.people[i - 1], new);
        self.adopt(|_, _| ());
        old
    }

    /// A new node OFFICIAL_<with> takes the place of OFFICIAL_<i>; its custodian stays.
    pub fn replace_node(&mut self, i: u16, with: u16) {
        let secrets = NodeSecrets::random(&mut OsRng);
        let card = secrets.card(official(with), then()).unwrap();
        self.nodes.push((official(with), secrets));
        self.adopt(|_, genesis| {
            let at = usize::from(i) - 1;
            genesis.nodes[at] = NodeEntry { name: official(with), card };
            genesis.people[at].server = Some(official(with));
            let (old_node, new_node) = (official(i), official(with));
            genesis.replacements.push(Replacement { old_node, new_node });
        });
    }

    pub fn node(&self, i: u16) -> &NodeSecrets {
        &self.nodes.iter().find(|(name, _)| *name == official(i)).unwrap().1
    }

    pub fn person(&self, i: u16) -> &PersonIdentity {
        &self.people[usize::from(i) - 1]
    }

    /// As `node card --out` writes it.
    pub fn file(&self) -> Vec<u8> {
        let mut bytes = codec::canonical("the node set", &self.versions).unwrap();
        bytes.push(b'\n');
        bytes
    }

    /// A key over the first `n` nodes.
    pub fn key(&self, curve: Curve, threshold: u16, n: u16) -> Key {
        let secret = with_suite!(curve, C => {
            let key = frost_core::SigningKey::<C>::new(&mut OsRng);
            SecretBytes::from(curve::scalar_bytes::<C>(&key.to_scalar()))
        });
        self.deal(curve, secret, (threshold, n), None)
    }

    /// The same key dealt anew, as a refresh does: the point stays, the epoch rises, no share fits the old ones.
    pub fn refreshed(&self, key: &Key) -> Key {
        let secret = SecretBytes::new(key.secret.expose().to_vec());
        let body = key.card.body();
        self.deal(body.curve, secret, (body.threshold, body.participants), Some(&key.card))
    }

    fn deal(
        &self,
        curve: Curve,
        secret: SecretBytes,
        (threshold, n): (u16, u16),
        before: Option<&KeyCard>,
    ) -> Key {
        let chain_code = Secret::random(&mut OsRng);
        let dealt = split(curve, &secret, &chain_code, threshold, n, &mut OsRng).unwrap();
        let body = KeyCardBody {
            version: 1,
            key_id: before.map_or_else(|| KeyId::random(&mut OsRng), |card| card.body().key_id),
            label: None,
            purpose: Purpose::Rehearsal,
            curve,
            threshold,
            participants: n,
            roster: (1..=n).map(official).collect(),
            genesis_id: self.chain.current().genesis_id,
            genesis_hash: self.chain.current_hash(),
            group_public_key: dealt.group_public_key,
            chain_code_hash: dealt.chain_code_hash,
            verification_shares: dealt.verification_shares,
            epoch: before.map_or(0, |card| card.body().epoch + 1),
            previous_card_hash: before.map(KeyCard::hash),
        };
        let hash = body.hash().unwrap();
        let signatures = (1..=n).map(|i| self.node(i).signing().sign(&hash)).collect();
        let proof = with_suite!(curve, C => {
            let scalar = curve::scalar_from::<C>(secret.expose()).unwrap();
            let key = frost_core::SigningKey::<C>::from_scalar(scalar).unwrap();
            Hex(key.sign(OsRng, &proof_message(&hash)).serialize().unwrap())
        });
        let card = DirtyKeyCard { card: body, signatures, proof }.check(&self.chain).unwrap();
        let export = HexArray::random(&mut OsRng);
        Key { secret, chain_code, scalars: dealt.scalars, card, export }
    }

    /// The signed public aux of all holders of an ECDSA key.
    pub fn table(&self, key: &Key) -> Option<AuxTable> {
        let body = key.card.body();
        let level = body.curve.level()?;
        let rows = (1..=body.participants).map(|i| fixtures::row(level, i)).collect();
        let aux_id = HexArray::random(&mut OsRng);
        let table = AuxTableBody::of_rows(key.card.hash(), aux_id, level, rows);
        let hash = table.hash().unwrap();
        let holders = key.card.body().holders(&self.chain).unwrap();
        let key_of = |name: &Name| &self.nodes.iter().find(|(node, _)| node == name).unwrap().1;
        let signatures = holders.iter().map(|name| key_of(name).signing().sign(&hash)).collect();
        Some(AuxTable { table, signatures })
    }

    /// The core of a node's aux.
    pub fn aux_core(&self, table: &AuxTableBody, i: u16) -> SecretBytes {
        let level = [curve::Level::Bits256, curve::Level::Bits384, curve::Level::Bits521];
        let level = level.into_iter().find(|l| quorate::paillier::bits(*l) == table.level).unwrap();
        fixtures::primes(level, usize::from(i) - 1).core(table, i, self.node(i).signing()).unwrap()
    }

    /// The core of a node's share.
    pub fn share_core(&self, key: &Key, i: u16) -> SecretBytes {
        let scalar = key.scalars[usize::from(i) - 1].expose();
        let core =
            ShareCore::sign(&key.card.hash(), i, scalar, &key.chain_code, self.node(i).signing()).unwrap();
        SecretBytes::new(core.bytes().expose().to_vec())
    }

    /// What OFFICIAL_i signs when it exports a core.
    pub fn exported(&self, core: SecretBytes, key: &Key, i: u16) -> Payload {
        let person = self.person(i);
        let wrap = |core_hash| Wrap {
            version: 1,
            core_hash,
            export_op_id: key.export,
            kind: WrapKind::Export,
            holder: person.name().clone(),
            recipient: person.recipient(),
            signer: official(i),
            serial: 0,
            made_at: then(),
            op_id: None,
            request_hash: None,
            not_after: None,
            genesis_hash: None,
        };
        Payload::exported(core, wrap, self.node(i).signing()).unwrap()
    }

    /// The shard of an index, with aux where the curve has any.
    pub fn export(&self, key: &Key, i: u16) -> Shard {
        let table = self.table(key);
        let parcel = Parcel {
            wrapped_key_share: Some(self.exported(self.share_core(key, i), key, i).seal().unwrap()),
            wrapped_aux: table.as_ref().map(|table| self.aux_blob(table, key, i)),
            aux_table: table,
        };
        self.shard(key, i, parcel, None)
    }

    /// Renewed aux of an index.
    pub fn export_aux(&self, key: &Key, i: u16) -> Shard {
        let table = self.table(key).unwrap();
        let wrapped_aux = Some(self.aux_blob(&table, key, i));
        self.shard(key, i, Parcel { wrapped_key_share: None, aux_table: Some(table), wrapped_aux }, None)
    }

    pub fn shard(&self, key: &Key, i: u16, parcel: Parcel, alias: Option<DirtyAlias>) -> Shard {
        Shard::new(&self.chain, key.card.clone(), alias, self.header(i), parcel).unwrap()
    }

    /// What stands on the outside of an exported shard.
    pub fn header(&self, i: u16) -> Header {
        let person = self.person(i);
        Header {
            custodian: person.name().clone(),
            server: official(i),
            index: i,
            recipient: person.recipient(),
            exported_at: then(),
        }
    }

    fn aux_blob(&self, table: &AuxTable, key: &Key, i: u16) -> String {
        self.exported(self.aux_core(&table.table, i), key, i).seal().unwrap()
    }

    /// A second id for a key, agreed by all its holders.
    pub fn alias(&self, key: &Key) -> DirtyAlias {
        let alias = AliasBody {
            version: 1,
            new_key_id: KeyId::random(&mut OsRng),
            key_card_hash: key.card.hash(),
            label: None,
            op_id: HexArray::random(&mut OsRng),
            genesis_hash: self.chain.current_hash(),
        };
        let hash = alias.hash().unwrap();
        let holders = key.card.body().holders(&self.chain).unwrap();
        let sign = |name: Name| quorate::genesis::NamedSignature {
            signature: self.nodes.iter().find(|(node, _)| *node == name).unwrap().1.signing().sign(&hash),
            name,
        };
        DirtyAlias { signatures: holders.into_iter().map(sign).collect(), alias }
    }

    /// What the custodian of OFFICIAL_i sends to it, to stay there.
    pub fn import(&self, shard: &Shard, i: u16, not_after: Time) -> DirtyImport {
        self.import_under(shard, i, not_after, self.chain.current_hash())
    }

    /// The same by somebody who knew the chain up to some version.
    pub fn import_under(
        &self,
        shard: &Shard,
        i: u16,
        not_after: Time,
        version: quorate::digest::Hash,
    ) -> DirtyImport {
        let (person, node) = (self.person(i), official(i));
        let op_id = HexArray::random(&mut OsRng);
        let recipient = self.chain.current().node(&node).unwrap().card.recipient;
        let parcel = resealed(shard, &self.chain, person, |last| Wrap {
            kind: WrapKind::Import,
            holder: node.clone(),
            recipient,
            signer: person.name().clone(),
            made_at: then(),
            op_id: Some(op_id),
            not_after: Some(not_after),
            genesis_hash: Some(version),
            ..last.clone()
        });
        DirtyImport {
            version: 1,
            custodian: person.name().clone(),
            node,
            index: i,
            key_card: shard.card().dirty().clone(),
            alias_card: shard.alias().cloned(),
            parcel,
        }
    }
}

/// A dealt key.
pub struct Key {
    pub secret: SecretBytes,
    pub chain_code: Secret<32>,
    pub scalars: Vec<SecretBytes>,
    pub card: KeyCard,
    /// The id of its export.
    pub export: OpId,
}

pub fn person(name: &str) -> PersonIdentity {
    PersonIdentity::random(name.parse().unwrap(), &mut OsRng)
}

/// An entry of the genesis.
pub fn custodian(person: &PersonIdentity, server: Name) -> PersonEntry {
    PersonEntry {
        name: person.name().clone(),
        roles: vec![Role::Custodian],
        server: Some(server),
        card: person.card(then(), None).unwrap(),
    }
}

/// What is in a shard, wrapped again by whoever can open it.
pub fn resealed(shard: &Shard, chain: &Chain, by: &PersonIdentity, wrap: impl Fn(&Wrap) -> Wrap) -> Parcel {
    let open = shard.open(by, chain).unwrap();
    let seal = |payload: &Payload| payload.rewrapped(&wrap, by.approval()).unwrap().seal().unwrap();
    Parcel {
        wrapped_key_share: open.share.as_ref().map(|open| seal(&open.payload)),
        aux_table: shard.parcel().aux_table.clone(),
        wrapped_aux: open.aux.as_ref().map(|open| seal(&open.payload)),
    }
}

/// The same shard, wrapped by its holder for somebody else.
pub fn rewrapped(shard: &Shard, chain: &Chain, by: &PersonIdentity, to: &PersonIdentity) -> Shard {
    let parcel = resealed(shard, chain, by, |last| Wrap {
        kind: WrapKind::Rewrap,
        holder: to.name().clone(),
        recipient: to.recipient(),
        signer: by.name().clone(),
        made_at: then().plus_seconds(3600),
        ..last.clone()
    });
    let header = Header { custodian: to.name().clone(), recipient: to.recipient(), ..shard.header().clone() };
    Shard::new(chain, shard.card().clone(), shard.alias().cloned(), header, parcel).unwrap()
}

fn signed(genesis: Genesis, nodes: &[(Name, NodeSecrets)]) -> SignedGenesis {
    let key = |name: &Name| &nodes.iter().find(|(node, _)| node == name).unwrap().1;
    let sign = |entry: &NodeEntry| genesis.sign(entry.name.clone(), key(&entry.name).signing()).unwrap();
    let signatures = genesis.nodes.iter().map(sign).collect();
    SignedGenesis::new(genesis, signatures)
}
