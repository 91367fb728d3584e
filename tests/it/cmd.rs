//! `tests/cmd/*.toml`: help and usage errors, word for word. `TRYCMD=overwrite` renews them.

#[test]
fn help_and_usage_errors_read_as_recorded() {
    trycmd::TestCases::new().case("tests/cmd/*.toml");
}
