//! A power cut (R19, R21, R24-R28, R52): the command runs on an ext4 image that is copied, not synchronised, when it
//! ends or is killed at one of its flushes; what only the page cache knew is gone. SIGKILL alone is weaker, and
//! between two flushes nothing more becomes durable. Needs root, loop devices and strace.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use super::{skipped, sweep};
use crate::cli::Stage;
use crate::operations::{self, Operation};

/// Of each kind of flush, so many cuts.
const CUTS: usize = 7;

/// An ext4 image, mounted while it lives.
struct Disk {
    device: String,
    mount: PathBuf,
}

impl Disk {
    /// Mounts an image; nothing is written back to it unless a program asks.
    fn mount(image: &Path, at: &Path) -> Option<Self> {
        let output = Command::new("losetup").args(["-f", "--show"]).arg(image).output().ok()?;
        let device = String::from_utf8(output.stdout).ok()?.trim().to_owned();
        if device.is_empty() {
            return None;
        }
        if run("mount", &["-o", "commit=300,noatime", &device, at.to_str()?]) {
            return Some(Self { device, mount: at.into() });
        }
        run("losetup", &["-d", &device]);
        None
    }

    /// Where the command runs.
    fn stage(&self) -> Stage {
        Stage::at(self.mount.join("work"))
    }
}

impl Drop for Disk {
    /// A program that another thread has just forked holds this one's files for a moment.
    fn drop(&mut self) {
        let mount = self.mount.to_str().unwrap_or_default();
        let ended = (0..200).any(|_| {
            run("umount", &[mount]) || {
                thread::sleep(Duration::from_millis(25));
                false
            }
        });
        run("losetup", &["-d", &self.device]);
        assert!(ended || thread::panicking(), "{mount} is still mounted");
    }
}

/// A directory with `base.img`, and the place where disks are mounted: the same before the cut and after it.
struct Place(tempfile::TempDir);

impl Place {
    /// Where no disk can be mounted, none.
    fn new(of: &Operation) -> Option<Self> {
        let place = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir(place.path("disk")).unwrap();
        let image = place.path("base.img");
        std::fs::File::create(&image).and_then(|file| file.set_len(96 << 20)).unwrap();
        let disk = run("mkfs.ext4", &["-q", "-F", image.to_str()?]).then(|| place.mount("base.img"))??;
        std::fs::create_dir(disk.mount.join("work")).unwrap();
        of.copy_to(disk.stage());
        drop(disk);
        Some(place)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn mount(&self, image: &str) -> Option<Disk> {
        Disk::mount(&self.path(image), &self.path("disk"))
    }

    /// A copy of an image as it is on its medium now.
    fn copy(&self, image: &str, to: &str) {
        let (image, to) = (self.path(image), self.path(to));
        assert!(run("cp", &["--sparse=always", image.to_str().unwrap(), to.to_str().unwrap()]));
    }
}

fn run(program: &str, args: &[&str]) -> bool {
    let status = Command::new(program).args(args).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

#[test]
fn r19_r21_a_power_cut_during_an_export_leaves_a_copy_of_every_share() {
    cut(&operations::EXPORT_ALL);
}

#[test]
fn r20_r21_a_power_cut_during_a_release_leaves_a_receipt_that_serves() {
    cut(&operations::RELEASE);
}

#[test]
fn r24_r26_a_power_cut_during_an_import_leaves_it_taken_once() {
    cut(&operations::IMPORT);
}

#[test]
fn r25_r26_a_power_cut_during_a_signature_leaves_no_share_on_a_node() {
    cut(&operations::SIGN);
}

#[test]
fn r25_r26_a_power_cut_during_a_run_with_grants_opens_none_twice() {
    cut(&operations::RUN);
}

#[test]
fn r28_a_power_cut_during_a_rewrap_leaves_a_shard_that_opens() {
    cut(&operations::REWRAP);
}

#[test]
fn r21_r28_a_power_cut_while_the_old_shard_is_destroyed_leaves_the_new_one() {
    cut(&operations::DESTROY);
}

/// Cuts the power at some of the flushes of a command (all with `QUORATE_SWEEP=full`), and after its end.
fn cut(of: &Operation) {
    if skipped() {
        return;
    }
    let Some(place) = Place::new(of) else {
        return told("no loop device or no root here, so NO POWER WAS CUT");
    };
    let (ended, flushes) = cut_at(of, &place, "trace=fsync,fdatasync");
    if !ended {
        return told("strace cannot trace here, so NO POWER WAS CUT");
    }
    assert!(flushes.iter().any(|(call, _)| call == "fsync"), "{flushes:?}");
    let (mut fired, mut tried) = (0, 0);
    for (call, count) in flushes {
        let step = if sweep::full() { 1 } else { count.div_ceil(CUTS) };
        for at in (1..=count).step_by(step) {
            let (ended, _) = cut_at(of, &place, &format!("inject={call}:signal=KILL:when={at}"));
            (fired, tried) = (fired + usize::from(!ended), tried + 1);
        }
    }
    assert!(fired * 10 >= tried * 8, "only {fired} of {tried} points were hit");
    println!("the power was cut at {fired} of {tried} flushes, and after the end");
}

/// Runs the command and cuts the power when it is over. Whether it came to its end, and the flushes it made.
fn cut_at(of: &Operation, place: &Place, what: &str) -> (bool, Vec<(String, usize)>) {
    place.copy("base.img", "work.img");
    let disk = place.mount("work.img").expect("the image mounts");
    let line = of.line(&of.at(disk.stage()));
    let ended = sweep::run(&disk.stage(), &line, what);
    if what.starts_with("trace") && !ended.done {
        assert!(ended.trace.is_empty(), "it fails without a cut: {line}");
        return (false, Vec::new());
    }
    place.copy("work.img", "cut.img");
    drop(disk);
    run("e2fsck", &["-fy", place.path("cut.img").to_str().unwrap()]);
    let disk = place.mount("cut.img").expect("the image mounts after the cut");
    println!("cut at {what}: done {}, killed {}", ended.done, ended.killed);
    of.check(&of.at(disk.stage()), ended.done);
    (ended.done, sweep::counted(&ended.trace).into_iter().collect())
}

/// Not with a macro: those are swallowed while a test passes.
fn told(what: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED, LOUDLY: {what}");
}
