//! What the verbs call until the use cases of floor 4 are there. Each function below is replaced by the
//! use case it stands for; this file then goes.

use serde_json::Value;

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::request::Content;
use crate::store::SealSource;

pub(crate) fn init(
    _args: &crate::cli::init::Args,
    _seal: SealSource,
    _context: &mut Context,
) -> Result<Value, CommandError> {
    Err(missing("init"))
}

pub(crate) fn key_generate(
    _args: &crate::cli::key::generate::Args,
    _context: &mut Context,
) -> Result<Value, CommandError> {
    Err(missing("key generate"))
}

pub(crate) fn key_list(
    _args: &crate::cli::key::list::Args,
    _context: &mut Context,
) -> Result<Value, CommandError> {
    Err(missing("key list"))
}

pub(crate) fn key_show(
    _args: &crate::cli::key::show::Args,
    _context: &mut Context,
) -> Result<Value, CommandError> {
    Err(missing("key show"))
}

pub(crate) fn key_resume(
    _args: &crate::cli::key::resume::Args,
    _context: &mut Context,
) -> Result<Value, CommandError> {
    Err(missing("key resume"))
}

pub(crate) fn key_abandon(
    _args: &crate::cli::key::abandon::Args,
    _context: &mut Context,
) -> Result<Value, CommandError> {
    Err(missing("key abandon"))
}

pub(crate) fn aux_renew(
    _args: &crate::cli::auxiliary::renew::Args,
    _context: &mut Context,
) -> Result<Value, CommandError> {
    Err(missing("aux renew"))
}

pub(crate) fn node_list(
    _args: &crate::cli::node::list::Args,
    _context: &mut Context,
) -> Result<Value, CommandError> {
    Err(missing("node list"))
}

pub(crate) fn node_status(
    _args: &crate::cli::node::status::Args,
    _context: &mut Context,
) -> Result<Value, CommandError> {
    Err(missing("node status"))
}

pub(crate) fn node_card(
    _args: &crate::cli::node::card::Args,
    _context: &mut Context,
) -> Result<Value, CommandError> {
    Err(missing("node card"))
}

pub(crate) fn sign(
    _args: &crate::cli::sign::Args,
    _content: Content,
    _context: &mut Context,
) -> Result<Value, CommandError> {
    Err(missing("sign"))
}

pub(crate) fn audit_show(
    _args: &crate::cli::audit::show::Args,
    _context: &mut Context,
) -> Result<Value, CommandError> {
    Err(missing("audit show"))
}

pub(crate) fn selftest(
    _args: &crate::cli::selftest::Args,
    _context: &mut Context,
) -> Result<Value, CommandError> {
    Err(missing("selftest"))
}

fn missing(verb: &str) -> CommandError {
    CommandError::bug(format!("`{verb}` is not built into this binary yet"))
}
