//! `doctor`: what stopped half-way, which copies there are, and the one command that finishes or undoes each.

use serde::Serialize;

use super::{
    CeremonyError, auxiliary, copies,
    custody::{
        list::{self, KeyCopies},
        retire,
        transfers::{Transfer, Transfers},
    },
    export,
    exports::{Export, Progress as ExportProgress},
    import,
    inventory::Known,
    jit,
    journal::{Kind, Open},
    keys::{self, OnServer},
    people, recover,
    workspace::Workspace,
};
use crate::{
    ids::{KeyId, Name, OpId, Time},
    keyshare::KeyCard,
    ui::{Progress, Ui},
};

const FIX: &str = "quorate doctor --fix";

/// Something that is not as it should stay.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// `keygen`, `aux`, `export`, `import`, `sign`, `rewrap`, `transfer`, `destroy`, `node`, `genesis`, `exposed`.
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

impl Finding {
    fn new(kind: &'static str, what: impl Into<String>, command: impl Into<String>) -> Self {
        Self {
            kind,
            key_id: None,
            op_id: None,
            what: what.into(),
            command: command.into(),
            waits: false,
            fixed: false,
            error: None,
        }
    }

    fn of_key(mut self, key_id: &KeyId) -> Self {
        self.key_id = Some(*key_id);
        self
    }

    fn of_operation(mut self, op_id: OpId) -> Self {
        self.op_id = Some(op_id);
        self
    }

    fn waiting(mut self, waits: bool) -> Self {
        self.waits = waits;
        self
    }
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
    let mut open = begun(workspace)?;
    open.extend(transfers(workspace)?);
    for finding in open.iter_mut().filter(|finding| fix && !finding.waits) {
        settle(workspace, finding, ui, progress);
    }
    findings.extend(open);
    for key_id in workspace.inventory().ids()? {
        let mut found = match workspace.inventory().find(&key_id, workspace.chain()?)? {
            Known::Pending(pending) => vec![incomplete(&key_id, pending.op_id)],
            Known::Card(card) => {
                let servers = keys::reachable(workspace, &card, &key_id);
                let mut found = aux(&key_id, &card, &servers);
                found.extend(servers.iter().filter_map(|server| unknown(&key_id, server)));
                found.extend(exposed(workspace, &key_id, &card, &servers)?);
                found.extend(exports(workspace, &key_id, &servers)?);
                found
            }
        };
        for finding in found.iter_mut().filter(|finding| fix && !finding.waits) {
            settle(workspace, finding, ui, progress);
        }
        findings.extend(found);
    }
    let keys = list::by_key(copies::of_all(workspace)?, &workspace.inventory())?;
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
        let what = format!("{what}; what it holds is unknown, the other servers are as below");
        Some(Finding::new("node", what, command).waiting(true))
    };
    workspace.servers().iter().filter_map(closed).collect()
}

/// A version of the genesis that some nodes signed and not all. One that this home did not begin is settled by
/// nobody but who gives its words.
fn genesis(workspace: &mut Workspace, fix: bool) -> Result<Option<Finding>, CeremonyError> {
    if workspace.servers().is_empty() {
        return Ok(None);
    }
    let sequence = match people::begun(workspace) {
        Ok(None) => return Ok(None),
        Ok(Some(sequence)) => sequence,
        Err(CeremonyError::After { source, hint, .. }) if !(fix && workspace.gave_words()) => {
            return Ok(Some(Finding::new("genesis", source.to_string(), hint).waiting(true)));
        }
        Err(error) => return Err(error),
    };
    let what = format!(
        "version {sequence} of the genesis was begun and is not signed by all; the one before is in force"
    );
    let mut found = Finding::new("genesis", what, FIX);
    if fix {
        let settled = people::settle(workspace);
        (found.fixed, found.error) = (settled.is_ok(), settled.err().map(|error| error.to_string()));
    }
    Ok(Some(found))
}

/// A node that came in the place of another one and was not told of a key.
fn unknown(key_id: &KeyId, server: &OnServer) -> Option<Finding> {
    server.entry.is_none().then(|| {
        let what = format!("{} holds an index of this key now and does not know the key yet", server.name);
        Finding::new("node", what, format!("quorate key resume --key {key_id}")).of_key(key_id)
    })
}

/// Servers that would sign with a key that was whole somewhere: they could not be asked then, or came later.
fn exposed(
    workspace: &Workspace,
    key_id: &KeyId,
    card: &KeyCard,
    servers: &[OnServer],
) -> Result<Option<Finding>, CeremonyError> {
    let here = workspace.inventory().exposed(&card.body().group_public_key)?.is_some();
    let unaware: Vec<&str> =
        servers.iter().filter(|server| !server.exposed()).map(|server| server.name.as_str()).collect();
    if *key_id != card.body().key_id || unaware.is_empty() || !(here || unaware.len() < servers.len()) {
        return Ok(None);
    }
    let what = format!("the key is exposed, and {} does not know it", unaware.join(", "));
    let shown = recover::proof(workspace, card)?.is_some();
    let command = if shown { FIX } else { "quorate key mark-exposed NOTICE, which the recovery wrote" };
    Ok(Some(Finding::new("exposed", what, command).of_key(key_id).waiting(!shown)))
}

/// What stands in the journal: begun by a run that was killed, or a request that waits for grants.
fn begun(workspace: &Workspace) -> Result<Vec<Finding>, CeremonyError> {
    Ok(workspace.journal().all()?.into_iter().map(of_open).collect())
}

fn of_open(open: Open) -> Finding {
    let servers = open.servers.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
    let over = open.expiry.is_some_and(|expiry| Time::now() >= expiry);
    let again = open.again.unwrap_or_default();
    let finding = match open.kind {
        Kind::Sign => {
            let what = format!(
                "a signature stopped; {servers} may still have a one-time recipient for it, and no share"
            );
            Finding::new("sign", what, FIX)
        }
        Kind::Request if over => {
            Finding::new("sign", format!("a request expired; {servers} are still to forget it"), FIX)
        }
        Kind::Request => {
            let what = format!("a request waits for grants; {servers} have one-time recipients for it");
            let command = format!(
                "quorate sign run REQUEST --grant FILE...; or quorate request cancel --operation {}",
                open.op_id
            );
            Finding::new("sign", what, command).waiting(true)
        }
        Kind::Import => {
            let what = format!("an import into {servers} stopped, before or after {servers} took the share");
            Finding::new("import", what, again)
        }
        Kind::Rewrap => {
            let what = "a re-wrap stopped; the old shards stand, as FILE or FILE.old, and new ones open too";
            Finding::new("rewrap", what, again).waiting(true)
        }
        Kind::Destroy => {
            let what = "the destruction of a replaced shard stopped; the shard that replaced it stands";
            Finding::new("destroy", what, FIX)
        }
    };
    let finding = finding.of_operation(open.op_id);
    open.key_id.iter().fold(finding, Finding::of_key)
}

/// Shards that were wrapped for others, whose receipts are not here.
fn transfers(workspace: &Workspace) -> Result<Vec<Finding>, CeremonyError> {
    let waiting = Transfers::of_home(workspace.home()).waiting()?;
    let finding = |of: Transfer| {
        let (holder, index) = (&of.holder, of.index);
        let what =
            format!("index {index} was wrapped for {holder}, who has not signed for it; the old shard stays");
        let command = format!(
            "{holder}: quorate share receive SHARD --identity {holder}.identity.json --store DIR --out {holder}.receipt.json; then: quorate share destroy-old OLD --receipt {holder}.receipt.json"
        );
        Finding::new("transfer", what, command).of_key(&of.key_id).waiting(true)
    };
    Ok(waiting.into_iter().map(finding).collect())
}

fn incomplete(key_id: &KeyId, op_id: OpId) -> Finding {
    let command = format!(
        "quorate key resume --key {key_id}; if a server never got its share: quorate key abandon --key {key_id}"
    );
    Finding::new("keygen", "the generation of this key stopped; it signs nothing", command)
        .of_key(key_id)
        .of_operation(op_id)
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
        let what = format!(
            "{} hold(s) renewed aux of a key whose shares are away; until it is with the custodians, the key does not sign just in time",
            renewed.join(", ")
        );
        let command = format!(
            "quorate share export --key {key_id} --server {} --aux --delete --out-dir DIR",
            renewed.join(",")
        );
        return vec![Finding::new("aux", what, command).of_key(key_id).waiting(true)];
    }
    let lacking = resident.iter().any(|server| !server.resident.aux);
    let differ = resident.windows(2).any(|pair| matches!(pair, [a, b] if a.aux() != b.aux()));
    if !(servers.iter().any(|server| pending(&server)) || lacking || differ) {
        return Vec::new();
    }
    let what = "making aux stopped half-way, or was done for some servers only; shares are untouched";
    let too_few = resident.len() < card.body().threshold.into();
    vec![
        Finding::new("aux", what, format!("quorate aux renew --key {key_id}"))
            .of_key(key_id)
            .waiting(too_few),
    ]
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
            FIX.into(),
            false,
        ),
    };
    Some(Finding::new("export", what, command).of_key(key_id).of_operation(export.op_id).waiting(waits))
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
    let open = finding.op_id.map(|op_id| workspace.journal().find(&op_id)).transpose()?.flatten();
    match finding.kind {
        "keygen" => match keys::resume(workspace, &key_id) {
            Ok(_) => Ok(true),
            // Some server never got its share.
            Err(CeremonyError::Incomplete { .. }) => keys::abandon(workspace, &key_id).map(|()| true),
            Err(error) => Err(error),
        },
        "node" => keys::resume(workspace, &key_id).map(|_| true),
        "aux" => auxiliary::renew(workspace, &key_id, &[], ui, progress).map(|_| true),
        "sign" => match open {
            Some(open) => jit::surrender_open(workspace, &open).map(|_| true),
            None => Ok(true),
        },
        "destroy" => open.map_or(Ok(true), |open| retire::settle(workspace, &open)),
        "import" => open.map_or(Ok(true), |open| import::settle(workspace, &open)),
        "export" => mend_export(workspace, &key_id, finding.op_id),
        "exposed" => recover::tell_all(workspace, &key_id),
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
