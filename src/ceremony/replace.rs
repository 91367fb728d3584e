//! `node replace`: a new node in the place of one, for every key. The old one need not answer, but for one of two.
//!
//! The new node is made first and is in no set; then one version of the genesis drops the old node, takes the new
//! one, moves the custodian and all indices; then the new node gets to know the keys. Running the same command
//! again goes on wherever it was stopped, and has the new node know keys that the inventory lacked then.

use super::{
    CeremonyError, govern,
    inventory::Known,
    keys, people, recover,
    workspace::{PinnedNode, Workspace, workspace_name},
};
use crate::{
    audit::{Event, Note},
    genesis::{Genesis, NodeEntry, Replacement},
    ids::{KeyId, Name, Time},
    keyshare::KeyCard,
    node::embedded::node_dir,
    request::SignedRequest,
};

/// How much longer a version may get by a replaced node: another card, and two names. In bytes.
const NEWCOMER_ROOM: usize = 1024;

/// What became of the old node and its keys.
#[derive(Debug)]
pub struct Replaced {
    /// The version of the genesis in force now.
    pub sequence: u32,
    /// Whether this run changed anything.
    pub changed: bool,
    /// Keys whose index the new node holds now.
    pub keys: Vec<Moved>,
    /// Keys that are not complete and were to be held by the old node: they cannot be finished.
    pub incomplete: Vec<KeyId>,
    /// Whether this run found the old node in the set and asked it.
    pub asked: bool,
    /// Why it could not be opened then.
    pub closed: Option<String>,
    /// Where the old node's files are.
    pub left_behind: std::path::PathBuf,
}

/// A key's index at the new node.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Moved {
    /// The key.
    pub key_id: KeyId,
    /// The index.
    pub index: u16,
}

/// Makes the node `with` and a request for the version that has it in the place of `old`: in production others
/// approve it first, and somebody confirms it at the new node's console.
pub fn propose(workspace: &mut Workspace, old: &Name, with: &Name) -> Result<SignedRequest, CeremonyError> {
    let Prepared { next, .. } = prepare(workspace, old, with)?;
    let next = next.ok_or_else(|| CeremonyError::Refused(format!("{old} was replaced already")))?;
    govern::propose(workspace, next)
}

/// Replaces `old` by the node `with`, which is made.
pub fn run(workspace: &mut Workspace, old: &Name, with: &Name) -> Result<Replaced, CeremonyError> {
    let before = workspace.chain()?.current_hash();
    let Prepared { next, asked, closed, incomplete } = prepare(workspace, old, with)?;
    if let Some(next) = next {
        people::append(workspace, next, None)?;
    }
    let taught = teach_all(workspace, with).map_err(|source| CeremonyError::After {
        source: Box::new(source),
        state: format!("{with} is in the place of {old}, and does not know all of its keys yet"),
        hint: format!("quorate node replace {old} --with {with}"),
    })?;
    let chain = workspace.chain()?;
    Ok(Replaced {
        sequence: chain.current().sequence,
        changed: taught.any_new || chain.current_hash() != before,
        keys: taught.keys,
        incomplete,
        asked,
        closed,
        left_behind: node_dir(workspace.home(), old),
    })
}

/// What a replacement starts from.
struct Prepared {
    /// The version that has the new node in place, unless that is in force.
    next: Option<Genesis>,
    asked: bool,
    closed: Option<String>,
    incomplete: Vec<KeyId>,
}

/// Everything but the version itself: what can be refused, and the new node.
fn prepare(workspace: &mut Workspace, old: &Name, with: &Name) -> Result<Prepared, CeremonyError> {
    check_names(workspace, old, with)?;
    let asked = is_in(workspace, old)?;
    let closed = if asked { probe(workspace, old)? } else { None };
    if let Some(reason) = &closed {
        check_goes_alone(workspace, old, reason)?;
    }
    let asked_first: Vec<Name> =
        workspace.servers().iter().filter(|name| closed.is_none() || *name != old).cloned().collect();
    people::settle_among(workspace, &asked_first, Some(old))?;
    // What was completed may be this very replacement, or another one.
    check_names(workspace, old, with)?;
    let incomplete = incomplete(workspace, old)?;
    if let (Some(key_id), true, None) = (incomplete.first(), is_in(workspace, old)?, &closed) {
        return Err(CeremonyError::After {
            source: Box::new(CeremonyError::Refused(format!(
                "the generation of key {key_id} with {old} stopped half-way"
            ))),
            state: "nothing was replaced".into(),
            hint: format!("quorate key resume --key {key_id}, or quorate key abandon --key {key_id}"),
        });
    }
    let mut next = None;
    if is_in(workspace, old)? {
        workspace.chain()?.check_room(NEWCOMER_ROOM).map_err(people::not_next)?;
        let note = Note::new(Event::ReplacementInitiated).with("node", old).with("with", with);
        workspace.note(note)?;
        let newcomer = newcomer(workspace, with)?;
        let mut version = workspace.chain()?.current().next(Time::now())?;
        put_in_place(&mut version, old, newcomer);
        next = Some(version);
    }
    Ok(Prepared { next, asked, closed, incomplete })
}

/// Names that can mean nothing else than this replacement, or one that was begun.
fn check_names(workspace: &Workspace, old: &Name, with: &Name) -> Result<(), CeremonyError> {
    let refused = |message: String| Err(CeremonyError::Refused(message));
    let chain = workspace.chain()?;
    if workspace.servers().is_empty() {
        return Err(CeremonyError::NoNodes);
    }
    if *with == workspace_name()? {
        return refused("no server may be called 'workspace': its log is".into());
    }
    if !chain.versions().any(|version| version.node(old).is_some()) {
        return workspace.check_servers(std::slice::from_ref(old));
    }
    if let Some(person) = chain.current().person(with) {
        return refused(format!("{} is a person's name", person.name));
    }
    let was_there = chain.versions().any(|version| version.node(with).is_some());
    if is_in(workspace, old)? {
        if was_there {
            return refused(format!("{with} is a node of this set, or was one; a new node gets a new name"));
        }
    } else if let Some(by) = chain.current().replacement(old).filter(|by| *by != with) {
        return refused(format!("{old} was replaced already, by {by}"));
    } else if chain.current().replacement(old).is_none() {
        return refused(format!("{old} left the set, and nothing took its place"));
    } else if !is_in(workspace, with)? {
        return refused(format!("{with} came in the place of {old} and was itself replaced since"));
    }
    Ok(())
}

fn is_in(workspace: &Workspace, name: &Name) -> Result<bool, CeremonyError> {
    Ok(workspace.chain()?.current().node(name).is_some())
}

/// The one that stays of two could be in strangers' hands: the one that goes signs as well.
fn check_goes_alone(workspace: &Workspace, old: &Name, reason: &str) -> Result<(), CeremonyError> {
    if workspace.servers().len() > 2 {
        return Ok(());
    }
    Err(CeremonyError::After {
        source: Box::new(CeremonyError::Refused(format!(
            "{old} cannot be opened ({reason}), and a node of two is only replaced with its own signature: one node \
             alone could bring in nodes that it made up"
        ))),
        state: "nothing was replaced; what the other node and the custodians hold is untouched".into(),
        hint: format!(
            "put the files of {old} back; if they are lost, make a set of three nodes or more for new keys"
        ),
    })
}

/// Whether the old node can be opened; why not, else. One that answers must have been emptied: what it holds
/// would stay in the world uncounted.
fn probe(workspace: &Workspace, old: &Name) -> Result<Option<String>, CeremonyError> {
    let mut nodes = match workspace.nodes(std::slice::from_ref(old)) {
        Ok(nodes) => nodes,
        Err(CeremonyError::Closed { source, .. }) => return Ok(Some(source.message)),
        Err(other) => return Err(other),
    };
    for node in &mut nodes {
        let status = super::nodes::status_of(node)?;
        if let Some(held) = status.statement.resident.iter().find(|held| held.share) {
            let source = format!(
                "{old} holds a share of key {} ({} keys in all), and can be asked to give it away first",
                held.key_id,
                status.statement.resident.len() as u64 + status.statement.more
            );
            return Err(CeremonyError::After {
                source: Box::new(CeremonyError::Refused(source)),
                state: "nothing was replaced".into(),
                hint: format!(
                    "quorate share export --key {} --server {old} --delete --out-dir DIR",
                    held.key_id
                ),
            });
        }
    }
    Ok(None)
}

/// The new node's entry; the node is made if it is not there. It is in no set, so that one which was left by a
/// stopped run holds nothing.
fn newcomer(workspace: &Workspace, with: &Name) -> Result<NodeEntry, CeremonyError> {
    let dir = node_dir(workspace.home(), with);
    let broken = |source: CeremonyError| CeremonyError::After {
        source: Box::new(source),
        state: format!("nothing was replaced; {with} is in no node set and holds nothing"),
        hint: format!("remove {}, and run the same command again", dir.display()),
    };
    if std::fs::symlink_metadata(&dir).is_err() {
        workspace.create_node(with).map_err(broken)?;
    }
    let node = workspace.node(with).map_err(broken)?;
    if !node.hello.chain.is_empty() {
        let message = format!("{} holds the node of another set", dir.display());
        return Err(CeremonyError::Damaged(message));
    }
    Ok(NodeEntry { name: with.clone(), card: node.hello.card })
}

fn put_in_place(next: &mut Genesis, old: &Name, newcomer: NodeEntry) {
    for person in next.people.iter_mut().filter(|person| person.server.as_ref() == Some(old)) {
        person.server = Some(newcomer.name.clone());
    }
    let new_node = newcomer.name.clone();
    for entry in next.nodes.iter_mut().filter(|entry| entry.name == *old) {
        *entry = newcomer.clone();
    }
    next.replacements.push(Replacement { old_node: old.clone(), new_node });
}

/// Complete keys of the inventory, aliases among them.
fn cards(workspace: &Workspace) -> Result<Vec<(KeyId, KeyCard)>, CeremonyError> {
    let mut cards = Vec::new();
    for key_id in workspace.inventory().ids()? {
        if let Known::Card(card) = workspace.inventory().find(&key_id, workspace.chain()?)? {
            cards.push((key_id, *card));
        }
    }
    Ok(cards)
}

fn incomplete(workspace: &Workspace, old: &Name) -> Result<Vec<KeyId>, CeremonyError> {
    let mut found = Vec::new();
    for key_id in workspace.inventory().ids()? {
        if let Known::Pending(pending) = workspace.inventory().find(&key_id, workspace.chain()?)?
            && pending.servers.contains(old)
        {
            found.push(key_id);
        }
    }
    Ok(found)
}

struct Taught {
    keys: Vec<Moved>,
    any_new: bool,
}

/// Has the new node know every key of which it holds an index now.
fn teach_all(workspace: &mut Workspace, with: &Name) -> Result<Taught, CeremonyError> {
    let mut nodes = workspace.nodes(std::slice::from_ref(with))?;
    let mut taught = Taught { keys: Vec::new(), any_new: false };
    for node in &mut nodes {
        for (key_id, card) in cards(workspace)? {
            let Some(index) = card.body().index_held(workspace.chain()?, with)? else { continue };
            taught.any_new |= teach(workspace, &key_id, &card, node)?;
            taught.keys.push(Moved { key_id, index });
        }
    }
    Ok(taught)
}

/// Has the new node know a key, and that it is exposed, if it is. Returns whether the node did not know the key.
fn teach(
    workspace: &Workspace,
    key_id: &KeyId,
    card: &KeyCard,
    node: &mut PinnedNode,
) -> Result<bool, CeremonyError> {
    let known = keys::ask(std::slice::from_mut(node), key_id)?;
    if known.iter().any(|server| server.entry.is_some()) {
        if !known.iter().any(|server| server.exposed()) {
            recover::tell(workspace, card, node)?;
        }
        return Ok(false);
    }
    keys::teach(workspace, key_id, card, node)?;
    Ok(true)
}
