//! The operator's commands killed, out of space, or with a disk that fails, at calls that change a file (R19, R21,
//! R25, R26, R52): no index is ever without a copy, a node keeps nothing of a signature, and a rerun converges.

use super::skipped;
use super::sweep::sweep as interrupt;
use crate::cli::Stage;
use crate::operations::{self, Operation};

const CALLS: &str = "write,pwrite64,fsync,fdatasync,ftruncate,renameat2,rename,unlink,unlinkat,mkdir,mkdirat";

#[test]
fn r19_r21_an_export_with_delete_never_loses_the_last_copy() {
    sweep(&operations::EXPORT);
}

#[test]
fn r20_r21_a_release_deletes_or_can_be_given_again() {
    sweep(&operations::RELEASE);
}

#[test]
fn r24_r26_an_import_is_taken_once_or_can_be_given_again() {
    sweep(&operations::IMPORT);
}

/// An import that was cut off and is not given again leaves no aux that stands in the way of signing (R25).
#[test]
fn r25_r26_what_a_cut_import_leaves_goes_with_the_next_signature() {
    sweep(&operations::IMPORT_LEFT);
}

#[test]
fn r25_r26_a_signature_with_shards_leaves_nothing_on_the_nodes() {
    sweep(&operations::SIGN);
}

#[test]
fn r25_r26_a_request_is_made_whole_or_can_be_made_again() {
    sweep(&operations::REQUEST);
}

#[test]
fn r25_r26_a_run_with_grants_signs_once_or_asks_for_new_ones() {
    sweep(&operations::RUN);
}

fn sweep(of: &Operation) {
    if skipped() {
        return;
    }
    interrupt(
        |custody| of.line(custody),
        || of.copy_to(Stage::empty()),
        |custody| &custody.stage,
        CALLS,
        |left, done| of.check(left, done),
    );
}
