//! `doctor`: what stopped half-way, which copies there are, and the one command that finishes or undoes each.

use serde::Serialize;

use super::{
    CeremonyError, auxiliary, copies,
    custody::list::{self, KeyCopies},
    export,
    exports::{Export, Progress as ExportProgress},
    inventory::Known,
    jit,
    journal::{Kind, Open},
    keys::{self, OnServer},
    people,
    workspace::Workspace,
};
use crate::{
    ids::{KeyId, Name, OpId, Time},
    keyshare::KeyCard,
    ui::{Progress, Ui},
};

/// Something that is not as it should stay.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// `keygen`, `aux`, `export`, `sign`, `node`, `genesis`.
    pub kind: &'static str,
    /// The key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_id: Option<KeyId>,
    /// The operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub op_id: Option<OpId>,
    /// What happened, and what state things are in.
    pub what: String,
    /// What finishes or undoes it.
    pub command: String,
    /// Somebody outside of this machine has to act first.
    pub waits: bool,
    /// `--fix` has done it.
    pub fixed: bool,
    /// Why `--fix` could not; the other findings were gone through all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What was found.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Half-done operations.
    pub findings: Vec<Finding>,
    /// Copies of every key.
    pub keys: Vec<KeyCopies>,
}

/// Looks at everything this workspace knows. With `fix`, finishes or undoes what needs nobody else.
pub fn run(
    workspace: &mut Workspace,
    fix: bool,
    ui: &mut dyn Ui,
    progress: &Progress,
) -> Result<Report, CeremonyError> {
    let mut findings = unreachable(workspace);
    findings.extend(genesis(workspace, fix)?);
    let mut waiting = requests(workspace)?;
    for finding in waiting.iter_mut().filter(|finding| fix && !finding.waits) {
        settle(workspace, finding, ui, progress);
    }
    findings.extend(waiting);
    for key_id in workspace.inventory().ids()? {
        let mut found = match workspace.inventory().find(&key_id, workspace.chain()?)? {
            Known::Pending(pending) => vec![incomplete(&key_id, pending.op_id)],
            Known::Card(card) => {
                let servers = keys::reachable(workspace, &card, &key_id);
                let mut found = aux(&key_id, &card, &servers);
                found.extend(servers.iter().filter_map(|server| unknown(&key_id, server)));
                found.extend(exports(workspace, &key_id, &servers)?);
                found
            }
        };
        for finding in found.iter_mut().filter(|finding| fix && !finding.waits) {
            settle(workspace, finding, ui, progress);
        }
        findings.extend(found);
    }
    let keys = list::by_key(copies::of_all(workspace)?);
    Ok(Report { findings, keys })
}

/// Servers that cannot be opened. What they hold is unknown.
fn unreachable(workspace: &Workspace) -> Vec<Finding> {
    let two = workspace.servers().len() <= 2;
    let closed = |name: &Name| {
        let (what, command) = match workspace.nodes(std::slice::from_ref(name)).err()? {
            CeremonyError::After { source, hint, .. } => (source.to_string(), hint),
            // It would have to sign its own replacement.
            error if two => (error.to_string(), "put its files back".into()),
            error => (
                error.to_string(),
                format!("put its files back, or: quorate node replace {name} --with NEWNAME"),
            ),
        };
        Some(Finding {
            kind: "node",
            key_id: None,
            op_id: None,
            what: format!("{what}; what it holds is unknown, the other servers are as below"),
            command,
            waits: true,
            fixed: false,
            error: None,
        })
    };
    workspace.servers().iter().filter_map(closed).collect()
}

/// A version of the genesis that some nodes signed and not all. One that this home did not begin is settled by
/// nobody but who gives its words.
fn genesis(workspace: &mut Workspace, fix: bool) -> Result<Option<Finding>, CeremonyError> {
    if workspace.servers().is_empty() {
        return Ok(None);
    }
    let finding = |what, command: &str, waits| Finding {
        kind: "genesis",
        key_id: None,
        op_id: None,
        what,
        command: command.into(),
        waits,
        fixed: false,
        error: None,
    };
    let sequence = match people::begun(workspace) {
        Ok(None) => return Ok(None),
        Ok(Some(sequence)) => sequence,
        Err(CeremonyError::After { source, hint, .. }) if !(fix && workspace.gave_words()) => {
            return Ok(Some(finding(source.to_string(), &hint, true)));
        }
        Err(error) => return Err(error),
    };
    let what = format!(
        "version {sequence} of the genesis was begun and is not signed by all; the one before is in force"
    );
    let mut found = finding(what, "quorate doctor --fix", false);
    if fix {
        let settled = people::settle(workspace);
        (found.fixed, found.error) = (settled.is_ok(), settled.err().map(|error| error.to_string()));
    }
    Ok(Some(found))
}

/// A node that came in the place of another one and was not told of a key.
fn unknown(key_id: &KeyId, server: &OnServer) -> Option<Finding> {
    server.entry.is_none().then(|| Finding {
        kind: "node",
        key_id: Some(*key_id),
        op_id: None,
        what: format!("{} holds an index of this key now and does not know the key yet", server.name),
        command: format!("quorate key resume --key {key_id}"),
        waits: false,
        fixed: false,
        error: None,
    })
}

/// Signatures with shards that were begun: by a run that was killed, or as a request that waits for grants.
fn requests(workspace: &Workspace) -> Result<Vec<Finding>, CeremonyError> {
    let finding = |open: Open| {
        let servers = open.servers.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
        let over = open.expiry.is_some_and(|expiry| Time::now() >= expiry);
        let waits = open.kind == Kind::Request && !over;
        let what = match (open.kind, over) {
            (Kind::Sign, _) => format!(
                "a signature stopped; {servers} may still have a one-time recipient for it, and no share"
            ),
            (Kind::Request, true) => format!("a request expired; {servers} are still to forget it"),
            (Kind::Request, false) => {
                format!("a request waits for grants; {servers} have one-time recipients for it")
            }
        };
        let command = match waits {
            true => format!(
                "quorate sign run REQUEST --grant FILE...; or quorate request cancel --operation {}",
                open.op_id
            ),
            false => "quorate doctor --fix".to_owned(),
        };
        Finding {
            kind: "sign",
            key_id: Some(open.key_id),
            op_id: Some(open.op_id),
            what,
            command,
            waits,
            fixed: false,
            error: None,
        }
    };
    Ok(workspace.journal().all()?.into_iter().map(finding).collect())
}

fn incomplete(key_id: &KeyId, op_id: OpId) -> Finding {
    Finding {
        kind: "keygen",
        key_id: Some(*key_id),
        op_id: Some(op_id),
        what: "the generation of this key stopped; it signs nothing".into(),
        command: format!(
            "quorate key resume --key {key_id}; if a server never got its share: quorate key abandon --key {key_id}"
        ),
        waits: false,
        fixed: false,
        error: None,
    }
}

fn aux(key_id: &KeyId, card: &KeyCard, servers: &[OnServer]) -> Vec<Finding> {
    if card.body().curve.engine() == crate::curve::Engine::Frost {
        return Vec::new();
    }
    let pending =
        |server: &&OnServer| server.entry.as_ref().is_some_and(|entry| entry.pending_aux_id.is_some());
    let resident: Vec<&OnServer> = servers.iter().filter(|server| server.resident.share).collect();
    let renewed: Vec<&str> = servers
        .iter()
        .filter(|server| server.resident.aux && !server.resident.share)
        .map(|server| server.name.as_str())
        .collect();
    if !renewed.is_empty() {
        return vec![Finding {
            kind: "aux",
            key_id: Some(*key_id),
            op_id: None,
            what: format!(
                "{} hold(s) renewed aux of a key whose shares are away; until it is with the custodians, the key does not sign just in time",
                renewed.join(", ")
            ),
            command: format!(
                "quorate share export --key {key_id} --server {} --aux --delete --out-dir DIR",
                renewed.join(",")
            ),
            waits: true,
            fixed: false,
            error: None,
        }];
    }
    let lacking = resident.iter().any(|server| !server.resident.aux);
    let differ = resident.windows(2).any(|pair| matches!(pair, [a, b] if a.aux() != b.aux()));
    if !(servers.iter().any(|server| pending(&server)) || lacking || differ) {
        return Vec::new();
    }
    vec![Finding {
        kind: "aux",
        key_id: Some(*key_id),
        op_id: None,
        what: "making aux stopped half-way, or was done for some servers only; shares are untouched".into(),
        command: format!("quorate aux renew --key {key_id}"),
        waits: resident.len() < card.body().threshold.into(),
        fixed: false,
        error: None,
    }]
}

fn exports(
    workspace: &Workspace,
    key_id: &KeyId,
    servers: &[OnServer],
) -> Result<Vec<Finding>, CeremonyError> {
    let all = workspace.exports().of_key(key_id)?;
    let mut findings = Vec::new();
    for export in &all {
        // A later export of the same share took this one's place.
        let later = all.iter().any(|other| {
            other.index == export.index
                && other.aux_only == export.aux_only
                && other.file.is_some()
                && other.number > export.number
        });
        // A node that is no longer in the set is not asked for anything.
        if later || !workspace.servers().contains(&export.server) {
            continue;
        }
        let holds = servers.iter().find(|server| server.name == export.server);
        let holds =
            holds.is_some_and(|server| server.resident.share || export.aux_only && server.resident.aux);
        findings.extend(of_export(key_id, export, holds));
    }
    Ok(findings)
}

fn of_export(key_id: &KeyId, export: &Export, holds: bool) -> Option<Finding> {
    let Export { server, custodian, index, .. } = export;
    let mut again = format!("quorate share export --key {key_id} --server {server} --out-dir DIR");
    again.push_str(if export.delete { " --delete" } else { "" });
    again.push_str(if export.aux_only { " --aux" } else { "" });
    let (what, command, waits) = match export.progress() {
        ExportProgress::Released | ExportProgress::Copied => return None,
        ExportProgress::Begun => (
            format!(
                "the export of index {index} from {server} stopped before its file was there; {server} keeps its share"
            ),
            again,
            true,
        ),
        ExportProgress::Waiting if !holds => return None,
        ExportProgress::Waiting if !export.file_is_there() => (
            format!(
                "index {index} was exported from {server}, and the file is gone; {server} keeps its share. If {custodian} has it, their receipt still releases"
            ),
            again,
            true,
        ),
        ExportProgress::Waiting => {
            let file = export.file.as_ref().map(|file| file.path.display().to_string()).unwrap_or_default();
            (
                format!("index {index} waits for {custodian}'s receipt; {server} keeps its share until then"),
                format!(
                    "{custodian}: quorate share receive {file} --identity {custodian}.identity.json --store DIR --out {custodian}.receipt.json; then: quorate share release --key {key_id} --receipt {custodian}.receipt.json"
                ),
                true,
            )
        }
        ExportProgress::Receipted => (
            format!("{custodian} signed for index {index}; {server} has not been seen to delete its share"),
            "quorate doctor --fix".into(),
            false,
        ),
    };
    Some(Finding {
        kind: "export",
        key_id: Some(*key_id),
        op_id: Some(export.op_id),
        what,
        command,
        waits,
        fixed: false,
        error: None,
    })
}

/// Settles one finding; that it cannot be done keeps nobody from the next.
fn settle(workspace: &mut Workspace, finding: &mut Finding, ui: &mut dyn Ui, progress: &Progress) {
    match mend(workspace, finding, ui, progress) {
        Ok(fixed) => finding.fixed = fixed,
        Err(error) => finding.error = Some(error.to_string()),
    }
}

/// Whether a finding is settled now.
fn mend(
    workspace: &mut Workspace,
    finding: &Finding,
    ui: &mut dyn Ui,
    progress: &Progress,
) -> Result<bool, CeremonyError> {
    let Some(key_id) = finding.key_id else { return Ok(false) };
    match finding.kind {
        "keygen" => match keys::resume(workspace, &key_id) {
            Ok(_) => Ok(true),
            // Some server never got its share.
            Err(CeremonyError::Incomplete { .. }) => keys::abandon(workspace, &key_id).map(|()| true),
            Err(error) => Err(error),
        },
        "node" => keys::resume(workspace, &key_id).map(|_| true),
        "aux" => auxiliary::renew(workspace, &key_id, &[], ui, progress).map(|_| true),
        "sign" => match finding.op_id.map(|op_id| workspace.journal().find(&op_id)).transpose()?.flatten() {
            Some(open) => jit::surrender_open(workspace, &open).map(|_| true),
            None => Ok(true),
        },
        "export" => mend_export(workspace, &key_id, finding.op_id),
        _ => Ok(false),
    }
}

fn mend_export(
    workspace: &mut Workspace,
    key_id: &KeyId,
    op_id: Option<OpId>,
) -> Result<bool, CeremonyError> {
    let exports = workspace.exports().of_key(key_id)?;
    let Some(export) = exports.into_iter().find(|export| Some(export.op_id) == op_id) else {
        return Ok(false);
    };
    let Some(receipt) = export.receipt.clone() else { return Ok(false) };
    let mut nodes = workspace.nodes(std::slice::from_ref(&export.server))?;
    let Some(node) = nodes.first_mut() else { return Ok(false) };
    export::release_one(workspace, node, key_id, &receipt).map(|_| true)
}
