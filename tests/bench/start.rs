//! The whole process `quorate --help`, from spawn to exit: under 10 ms. `true` shows what a process costs that
//! does nothing.

use std::{process::Command, time::Duration};

use criterion::Criterion;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(50)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    let quorate = env!("CARGO_BIN_EXE_quorate");
    for (name, program, argument) in [
        ("quorate --help", quorate, "--help"),
        ("quorate --version", quorate, "--version"),
        ("true", "true", ""),
    ] {
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| {
                let output = Command::new(program).arg(argument).output();
                assert!(output.is_ok_and(|output| output.status.success()));
            });
        });
    }
    criterion.final_summary();
}
