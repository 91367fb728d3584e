//! A request in words, as the person sees it who is to agree.

use crate::ceremony::{CeremonyError, govern};
use crate::cli::context::Context;
use crate::cli::error::{CommandError, ExitKind};
use crate::cli::fingerprint;
use crate::cli::output::escaped;
use crate::curve::{self, HashAlgorithm};
use crate::digest::Hash;
use crate::genesis::Chain;
use crate::ids::{KeyId, Label, Name, Time};
use crate::keyshare::KeyCardBody;
use crate::request::{
    Action, Content, ExportParams, GenerateParams, ImportParams, RecoverParams, RequestError, SignParams,
    SignedRequest,
};

/// A field's name and value.
pub(crate) type Field = (&'static str, String);

/// Everything that is agreed to. `card` is what this machine knows of the key; the request names its hash.
pub(crate) fn of_request(
    signed: &SignedRequest,
    chain: &Chain,
    card: Option<&KeyCardBody>,
) -> Result<Vec<Field>, CommandError> {
    let request = &signed.request;
    let mut fields = vec![("operation", title(&request.action).to_owned())];
    fields.extend(of_action(signed, chain, card)?);
    fields.extend(of_frame(signed));
    Ok(fields)
}

/// Who asks, when it may be done, and how often it may be tried.
pub(crate) fn of_frame(signed: &SignedRequest) -> Vec<Field> {
    let request = &signed.request;
    let late = request.not_before > Time::now().plus_seconds(3600);
    let warning = if late { "; it BEGINS LATER: it can be done then, without asking you again" } else { "" };
    vec![
        ("asked for by", request.requester.to_string()),
        ("valid", format!("from {} until {}{warning}", request.not_before, request.expiry)),
        ("attempts", format!("{} at most", request.max_attempts)),
    ]
}

fn title(action: &Action) -> &'static str {
    match action {
        Action::Generate(_) => "GENERATE a key",
        Action::Activate(_) => "finish the generation of a key",
        Action::Abandon(_) => "abandon a key that was never complete",
        Action::Aux(_) => "make aux for a key",
        Action::Sign(_) => "SIGN",
        Action::Export(params) if params.aux_only => "EXPORT aux",
        Action::Export(_) => "EXPORT a share",
        Action::Import(_) => "IMPORT a share, to stay on its server",
        Action::Alias(_) => "give a key a second id",
        Action::Recover(_) => "RECOVER THE PRIVATE KEY: it will be whole on one device",
        Action::Unlock(_) => "LIFT THE LOCK on a server that misbehaved",
        Action::Govern(_) => "CHANGE who decides: a next version of the genesis",
        Action::DeleteWithoutReceipt(_) => "DELETE a share WITHOUT its custodian's receipt",
    }
}

fn of_action(
    signed: &SignedRequest,
    chain: &Chain,
    card: Option<&KeyCardBody>,
) -> Result<Vec<Field>, CommandError> {
    let about_key = |more: Vec<Field>| match &signed.request.action.key_id() {
        Some(key_id) => [key_fields(key_id, signed.request.key_card_hash, card), more].concat(),
        None => more,
    };
    Ok(match &signed.request.action {
        Action::Generate(params) => of_generation(params),
        Action::Sign(params) => of_signature(params, signed.request.key_card_hash, chain, card)?,
        Action::Govern(_) => of_change(signed, chain)?,
        Action::Activate(_) | Action::Abandon(_) => about_key(Vec::new()),
        Action::Aux(params) => {
            let holders = params.holders.iter().map(u16::to_string).collect::<Vec<_>>().join(" ");
            about_key(vec![("aux", params.aux_id.to_string()), ("indices", holders)])
        }
        Action::Alias(params) => about_key(vec![
            ("second id", params.new_key_id.to_string()),
            ("its label", label_text(params.label.as_ref())),
        ]),
        Action::Export(params) => about_key(of_export(params)),
        Action::Import(params) => about_key(of_import(params)),
        Action::Recover(params) => about_key(of_recovery(params)),
        Action::Unlock(params) => {
            about_key(vec![("culprit", params.culprit.to_string()), ("reason", escaped(&params.reason))])
        }
        Action::DeleteWithoutReceipt(params) => about_key(vec![
            ("from", params.server.to_string()),
            ("export", params.export_op_id.to_string()),
            ("reason", escaped(&params.reason)),
        ]),
    })
}

fn of_generation(params: &GenerateParams) -> Vec<Field> {
    let GenerateParams { threshold, roster, .. } = params;
    let risk = if params.no_loss_tolerance { "; the loss of ONE server may lose the key" } else { "" };
    vec![
        ("key", params.key_id.to_string()),
        ("curve", format!("{}, for {}", params.curve, params.purpose)),
        ("threshold", format!("{threshold} of {}{risk}", roster.len())),
        ("servers", names(roster)),
        ("label", label_text(params.label.as_ref())),
    ]
}

fn of_signature(
    params: &SignParams,
    key_card_hash: Option<Hash>,
    chain: &Chain,
    card: Option<&KeyCardBody>,
) -> Result<Vec<Field>, CommandError> {
    let holders = card.map(|card| card.holders(chain)).transpose().ok().flatten();
    let server = |index: &u16| match &holders {
        Some(holders) => holders.get(usize::from(index.saturating_sub(1))).map(Name::to_string),
        None => Some(format!("index {index}")),
    };
    let servers: Vec<String> = params.signers.iter().filter_map(server).collect();
    let mut fields = fields(params, card, &servers)?;
    if card.is_none() {
        fields.push(("key words", words(key_card_hash)));
    }
    Ok(fields)
}

fn of_change(signed: &SignedRequest, chain: &Chain) -> Result<Vec<Field>, CommandError> {
    let next = signed.proposal.as_deref().ok_or(RequestError::Proposal).map_err(CeremonyError::from)?;
    let changes = govern::changes(chain.current(), next).into_iter();
    let mut fields: Vec<Field> = changes.map(|change| ("change", change)).collect();
    fields.push(("version", format!("{} of this set's genesis", next.sequence)));
    fields.push(("its words", next.hash().map_err(CeremonyError::from)?.words()));
    Ok(fields)
}

fn of_export(params: &ExportParams) -> Vec<Field> {
    let delete = match params.delete {
        true => "YES: the server deletes it against the custodian's receipt",
        false => "no: the server keeps it",
    };
    vec![
        ("from", params.server.to_string()),
        ("to", format!("{}, {}", params.custodian, params.recipient)),
        ("delete", delete.into()),
    ]
}

fn of_import(params: &ImportParams) -> Vec<Field> {
    let aux = params.aux_blob_hash.map(|hash| format!("the one with SHA-256 {hash}"));
    vec![
        ("to", params.server.to_string()),
        ("share", format!("the encrypted share with SHA-256 {}", params.share_blob_hash)),
        ("aux", aux.unwrap_or_else(|| "none".into())),
    ]
}

fn of_recovery(params: &RecoverParams) -> Vec<Field> {
    let delete = match params.delete {
        true => "YES: the servers delete their shares against its receipt",
        false => "no",
    };
    vec![
        ("shares from", shares_from(&params.servers)),
        ("to the device of", format!("{}, {}", params.owner, params.recipient)),
        (
            "beware",
            "whoever sits at the machine where it is put together can have it SHOWN there instead".into(),
        ),
        ("reason", escaped(&params.reason)),
        ("delete", delete.into()),
    ]
}

fn names(names: &[Name]) -> String {
    names.iter().map(Name::as_str).collect::<Vec<_>>().join(" ")
}

fn label_text(label: Option<&Label>) -> String {
    label.map_or_else(|| "none".into(), ToString::to_string)
}

fn shares_from(servers: &[Name]) -> String {
    match servers {
        [] => "shards that custodians bring; no server is asked".into(),
        _ => names(servers),
    }
}

fn key_fields(key_id: &KeyId, hash: Option<Hash>, card: Option<&KeyCardBody>) -> Vec<Field> {
    let label = match card {
        Some(card) => card.label.as_ref().map_or_else(|| "no label".into(), ToString::to_string),
        None => "its card is not on this machine: compare the words".into(),
    };
    let mut fields = vec![("key", format!("{key_id} ({label})")), ("key words", words(hash))];
    fields.extend(card.map(|card| ("curve", format!("{}, for {}", card.curve, card.purpose))));
    fields
}

fn words(hash: Option<Hash>) -> String {
    hash.map_or_else(|| "none".into(), |hash| hash.words())
}

/// A bare digest is agreed to in so many words only.
pub(crate) fn check_blind(
    signed: &SignedRequest,
    allowed: bool,
    nothing: &'static str,
) -> Result<(), CommandError> {
    match &signed.request.action {
        Action::Sign(SignParams { content: Content::Digest { .. }, .. }) if !allowed => Err(CommandError::new(
            ExitKind::Denied,
            "UNDECODED: BLIND SIGNATURE: the request is over a bare digest, and nobody sees what it stands for",
        )
        .state(nothing)
        .hint("if you know by other means what it is: the same command with --allow-blind")),
        _ => Ok(()),
    }
}

/// One question per field, each with No for an answer unless `Yes` is typed; a script gives the words instead. `whose`
/// reads the words aloud.
pub(crate) fn ask(
    fields: &[Field],
    given: Option<&str>,
    hash: &Hash,
    (nothing, whose): (&'static str, &str),
    context: &mut Context,
) -> Result<(), CommandError> {
    for (name, value) in fields {
        match given {
            Some(_) => context.note(&format!("{name}: {value}")),
            None => context
                .ui()
                .confirm(&format!("{name}: {value}\nIs this what you agree to?"), "Yes", "--confirm")
                .map_err(|error| CommandError::from(error).state(nothing))?,
        }
    }
    let refusal = || {
        CommandError::new(ExitKind::Integrity, "the words given are not those of this request")
            .state(nothing)
            .hint(format!("hear the words again; if they still differ, this is not {whose}'s request"))
    };
    let question = format!(
        "The words of this request, as {whose} reads them to you, must be:\n  {}\nIf you hear other ones, stop.",
        hash.words()
    );
    fingerprint::compare(given, hash, (&question, "--confirm"), refusal, context)
}

/// An error after which things are as they were.
pub(crate) fn nothing(error: CeremonyError, state: &'static str) -> CommandError {
    let error = CommandError::from(error);
    if error.state.is_none() { error.state(state) } else { error }
}

/// Name and value of everything that is signed for. `card` and `servers` are what the pinned chain says.
pub(crate) fn fields(
    params: &SignParams,
    card: Option<&KeyCardBody>,
    servers: &[String],
) -> Result<Vec<(&'static str, String)>, CommandError> {
    let mut fields = Vec::new();
    match &params.content {
        Content::Message { message, hash } => {
            fields.push(("message", message_text(message)));
            fields.push(("hashed with", hashed(card, *hash)));
        }
        Content::Digest { digest } => {
            fields.push((
                "digest",
                format!("UNDECODED: BLIND SIGNATURE over {digest}; nobody sees what it stands for"),
            ));
            fields.push(("hashed with", "unknown: the digest was made elsewhere".into()));
        }
    }
    let label =
        card.and_then(|card| card.label.as_ref()).map_or_else(|| "no label".into(), ToString::to_string);
    fields.push(("key", format!("{} ({label})", params.key_id)));
    if let Some(card) = card {
        let words = card.hash()?.words();
        fields.push(("key words", words));
        fields.push(("curve", format!("{}, for {}", card.curve, card.purpose)));
    }
    fields.push(("servers", servers.join(" ")));
    let path = if params.path.is_empty() { "none".to_owned() } else { escaped(&params.path) };
    fields.push(("path", path));
    let taproot = if params.taproot { "yes: under the BIP-341 output key" } else { "no" };
    fields.push(("taproot", taproot.into()));
    Ok(fields)
}

fn hashed(card: Option<&KeyCardBody>, hash: Option<HashAlgorithm>) -> String {
    match (hash, card.map(|card| curve::default_hash(card.curve))) {
        (Some(hash), _) => hash.name().to_owned(),
        (None, Some(Some(usual))) => format!("{} (the curve's usual one)", usual.name()),
        (None, Some(None)) => "nothing: the message is signed whole".into(),
        (None, None) => "the curve's usual hash".into(),
    }
}

/// The whole message: as text if it is text, else in hex.
fn message_text(message: &[u8]) -> String {
    let length = message.len();
    match std::str::from_utf8(message) {
        Ok("") => "empty (0 bytes)".into(),
        Ok(text) => format!("\"{}\" ({length} bytes)", escaped(text).replace('"', "\\\"")),
        Err(_) => format!("no text; {length} bytes in hex: {}", hex::encode(message)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r16_the_quotes_around_a_message_are_its_own() {
        assert_eq!(message_text(b"a\"b\\"), "\"a\\\"b\\\\\" (4 bytes)");
        assert_eq!(message_text("a\u{202e}\nb".as_bytes()), "\"a\\u{202e}\\nb\" (6 bytes)");
    }

    #[test]
    fn r16_bytes_that_are_no_text_are_shown_in_hex() {
        assert_eq!(message_text(b"pay"), "\"pay\" (3 bytes)");
        assert_eq!(message_text(&[0xff, 0]), "no text; 2 bytes in hex: ff00");
        assert_eq!(message_text(b""), "empty (0 bytes)");
    }
}
