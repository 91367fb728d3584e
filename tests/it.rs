//! Integration tests, one binary so that they link once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, unreachable_pub)]

#[path = "it/ceremony.rs"]
mod ceremony;
#[path = "it/cli.rs"]
mod cli;
#[path = "it/cli_approve.rs"]
mod cli_approve;
#[path = "it/cli_audit.rs"]
mod cli_audit;
#[path = "it/cli_audit_honest.rs"]
mod cli_audit_honest;
#[path = "it/cli_custodian.rs"]
mod cli_custodian;
#[path = "it/cli_destroy.rs"]
mod cli_destroy;
#[path = "it/cli_durable.rs"]
mod cli_durable;
#[path = "it/cli_export.rs"]
mod cli_export;
#[path = "it/cli_exposed.rs"]
mod cli_exposed;
#[path = "it/cli_guardian.rs"]
mod cli_guardian;
#[path = "it/cli_home.rs"]
mod cli_home;
#[path = "it/cli_init.rs"]
mod cli_init;
#[path = "it/cli_jit.rs"]
mod cli_jit;
#[path = "it/cli_keys.rs"]
mod cli_keys;
#[path = "it/cli_letters.rs"]
mod cli_letters;
#[path = "it/cli_people.rs"]
mod cli_people;
#[path = "it/cli_pin.rs"]
mod cli_pin;
#[path = "it/cli_production.rs"]
mod cli_production;
#[path = "it/cli_recover.rs"]
mod cli_recover;
#[path = "it/cli_recover_approved.rs"]
mod cli_recover_approved;
#[path = "it/cli_recover_nodes.rs"]
mod cli_recover_nodes;
#[path = "it/cli_replace.rs"]
mod cli_replace;
#[path = "it/cli_run.rs"]
mod cli_run;
#[path = "it/cli_share.rs"]
mod cli_share;
#[path = "it/cli_sign.rs"]
mod cli_sign;
#[path = "it/cmd.rs"]
mod cmd;
#[path = "it/custody_leak.rs"]
mod custody_leak;
#[path = "it/custody_stage.rs"]
mod custody_stage;
#[path = "it/docs.rs"]
mod docs;
#[path = "it/faulty.rs"]
mod faulty;
#[path = "it/faulty_ecdsa.rs"]
mod faulty_ecdsa;
#[path = "it/faulty_session.rs"]
mod faulty_session;
#[allow(dead_code)]
#[path = "harness/fixtures.rs"]
mod fixtures;
#[path = "it/frost_vectors.rs"]
mod frost_vectors;
#[path = "it/golden.rs"]
mod golden;
#[path = "it/hostile_relay.rs"]
mod hostile_relay;
#[path = "it/interop.rs"]
mod interop;
#[path = "it/jit.rs"]
mod jit;
#[path = "it/jit_faults.rs"]
mod jit_faults;
#[path = "it/jit_refused.rs"]
mod jit_refused;
#[path = "it/jit_stage.rs"]
mod jit_stage;
#[path = "it/layering.rs"]
mod layering;
#[path = "it/log_full.rs"]
mod log_full;
#[path = "it/misbehaviour.rs"]
mod misbehaviour;
#[path = "it/mutated.rs"]
mod mutated;
#[path = "it/node_export.rs"]
mod node_export;
#[path = "it/node_keys.rs"]
mod node_keys;
#[path = "it/node_kill.rs"]
mod node_kill;
#[path = "it/node_leak.rs"]
mod node_leak;
#[path = "it/node_mischief.rs"]
mod node_mischief;
#[path = "it/node_old_copies.rs"]
mod node_old_copies;
#[path = "it/node_relay.rs"]
mod node_relay;
#[path = "it/node_stage.rs"]
mod node_stage;
#[path = "it/operations.rs"]
mod operations;
#[path = "it/production_stage.rs"]
mod production_stage;
#[path = "it/protocol.rs"]
mod protocol;
#[cfg(unix)]
#[path = "it/pty.rs"]
mod pty;
#[cfg(unix)]
#[path = "it/pty_custody.rs"]
mod pty_custody;
#[path = "it/pty_init.rs"]
mod pty_init;
#[cfg(unix)]
#[path = "it/pty_jit.rs"]
mod pty_jit;
#[cfg(unix)]
#[path = "it/pty_recover.rs"]
mod pty_recover;
#[cfg(unix)]
#[path = "it/pty_share.rs"]
mod pty_share;
#[cfg(unix)]
#[path = "it/pty_words.rs"]
mod pty_words;
#[path = "it/quorum_faulty.rs"]
mod quorum_faulty;
#[path = "it/quorum_hostile.rs"]
mod quorum_hostile;
#[path = "it/quorum_lasting.rs"]
mod quorum_lasting;
#[path = "it/quorum_refused.rs"]
mod quorum_refused;
#[path = "it/quorum_stage.rs"]
mod quorum_stage;
#[path = "it/relay.rs"]
mod relay;
#[allow(dead_code)]
#[path = "harness/shards.rs"]
mod shards;
#[path = "it/share_stage.rs"]
mod share_stage;
#[path = "it/sheet_commands.rs"]
mod sheet_commands;
#[path = "it/streams.rs"]
mod streams;
#[path = "it/verify.rs"]
mod verify;
#[path = "it/verify_vectors.rs"]
mod verify_vectors;
