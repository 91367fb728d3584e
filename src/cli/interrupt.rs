//! Signals. Stopping any command is safe because every step on disk is; here is only what a stopped run
//! must still tidy up.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::cli::error::{CommandError, ExitKind};

/// Makes a write beyond the file size limit an error (EFBIG) instead of the death of the process (R52).
pub(crate) fn survive_file_size_limit() {
    #[cfg(unix)]
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::new(AtomicBool::new(false)));
}

/// Removes `directory` when the operator aborts, then exits as aborted.
pub(crate) fn remove_on_abort(directory: PathBuf) -> Result<(), CommandError> {
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP])
        .map_err(|e| CommandError::fixable(format!("signals cannot be watched: {e}")))?;
    crate::ui::signals_are_handled();
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            // The run may still be writing into it.
            for _ in 0..10 {
                if std::fs::remove_dir_all(&directory).is_ok() {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            std::process::exit(ExitKind::Aborted.code().into());
        }
    });
    Ok(())
}
