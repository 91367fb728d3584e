//! A power cut (R19, R21, R52): the command runs on an ext4 image that is copied, not synchronised, the moment it
//! ends or is killed; what only the page cache knew is gone. SIGKILL alone is weaker. Needs root and loop devices.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::skipped;
use crate::cli::{Run, harness};
use crate::custody_stage::{Custody, shards};

/// An ext4 image, mounted while it lives.
struct Disk {
    image: PathBuf,
    device: String,
    mount: PathBuf,
}

impl Disk {
    /// Mounts an image; nothing is written back to it unless a program asks.
    fn mount(image: &Path, at: &Path) -> Option<Self> {
        std::fs::create_dir_all(at).ok()?;
        let output = Command::new("losetup").args(["-f", "--show"]).arg(image).output().ok()?;
        let device = String::from_utf8(output.stdout).ok()?.trim().to_owned();
        if device.is_empty() {
            return None;
        }
        let disk = Self { image: image.into(), device, mount: at.into() };
        run("mount", &["-o", "commit=300,noatime", &disk.device, at.to_str()?]).then_some(disk)
    }

    /// The disk as it is now, after the cut.
    fn cut(&self, name: &str) -> Option<Self> {
        let copy = self.image.with_file_name(format!("{name}.img"));
        let cp = ["--sparse=always", self.image.to_str()?, copy.to_str()?];
        if !run("cp", &cp) {
            return None;
        }
        run("e2fsck", &["-fy", copy.to_str()?]);
        Self::mount(&copy, &self.image.with_file_name(name))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        run("umount", &[self.mount.to_str().unwrap_or_default()]);
        run("losetup", &["-d", &self.device]);
    }
}

fn run(program: &str, args: &[&str]) -> bool {
    let status = Command::new(program).args(args).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

#[test]
fn r19_r21_a_power_cut_during_an_export_leaves_a_copy_of_every_share() {
    if skipped() {
        return;
    }
    let custody = Custody::new("ED25519", 2, 3);
    let place = tempfile::tempdir().unwrap();
    let image = place.path().join("disk.img");
    let made = std::fs::File::create(&image).and_then(|file| file.set_len(96 << 20)).is_ok()
        && run("mkfs.ext4", &["-q", "-F", image.to_str().unwrap()]);
    let disk = made.then(|| Disk::mount(&image, &place.path().join("disk"))).flatten();
    let Some(disk) = disk else {
        // Not with a macro: those are swallowed while a test passes.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED, LOUDLY: no loop device or no root here, so NO POWER WAS CUT"
        );
        return;
    };
    let line = format!(
        "share export --key {} --all --delete --out-dir out --identity A.id --identity B.id --identity C.id --passphrase-file pass --passphrase-file pass --passphrase-file pass",
        custody.key
    );
    let mut whole = Duration::from_secs(3);
    for cut in 0..12u32 {
        let work = disk.mount.join(format!("work{cut}"));
        assert!(run("cp", &["-a", custody.stage.path("").to_str().unwrap(), work.to_str().unwrap()]));
        assert!(run("sync", &["-f", disk.mount.to_str().unwrap()]));
        let started = Instant::now();
        let mut child = quorate(&work, &line).spawn().unwrap();
        if cut == 0 {
            assert!(child.wait().unwrap().success());
            whole = started.elapsed();
        } else {
            thread::sleep(whole * cut / 11);
            let _ = child.kill();
            child.wait().unwrap();
        }
        let after = disk.cut(&format!("cut{cut}")).expect("the image mounts after the cut");
        let left = after.mount.join(format!("work{cut}"));
        let said = |line: &str| Run::of(line, quorate(&left, line).output().unwrap());
        let status = said("node status").ok();
        for (i, who) in [(0, "A"), (1, "B"), (2, "C")] {
            let held = status["nodes"][i]["statement"]["resident"].as_array().unwrap().len();
            let files = shards(&left.join("out"), who);
            for file in &files {
                said(&format!("share inspect {} --identity {who}.id --passphrase-file pass", file.display()))
                    .ok();
            }
            assert!(held + files.len() > 0, "cut {cut}: the share of {who} is lost");
            assert!(cut > 0 || held == 0, "a statement was signed and the share is back");
        }
        said(&line).ok();
        assert_eq!(said("node status").ok()["empty"], true, "cut {cut}");
        assert!(run("rm", &["-rf", work.to_str().unwrap()]));
    }
}

fn quorate(dir: &Path, line: &str) -> Command {
    let mut command = Command::new(harness());
    command.current_dir(dir).env_clear().env("HOME", dir).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.args(["--home", "home", "--json"]).args(shlex::split(line).unwrap());
    command
}
