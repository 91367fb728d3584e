//! A run without a person: secrets come from files and descriptors, and whatever else would need an
//! answer fails at once.

use std::io::Write;

use zeroize::Zeroizing;

use crate::secret::SecretBytes;
use crate::ui::{Secrets, Ui, UiError, Verdict};
use crate::wrap::passphrase::Passphrase;

/// See the module.
pub struct ScriptUi<'a> {
    secrets: &'a mut Secrets,
    notes: &'a mut dyn Write,
}

impl<'a> ScriptUi<'a> {
    /// Hands out `secrets` in order and writes notes to `notes`.
    pub fn new(secrets: &'a mut Secrets, notes: &'a mut dyn Write) -> Self {
        Self { secrets, notes }
    }
}

impl Ui for ScriptUi<'_> {
    fn passphrase(&mut self, prompt: &str) -> Result<Passphrase, UiError> {
        self.secrets.take().unwrap_or_else(|| {
            Err(UiError::NoTerminal { need: prompt.to_owned(), flag: "--passphrase-file" })
        })
    }

    fn new_passphrase(&mut self, prompt: &str) -> Result<Passphrase, UiError> {
        self.passphrase(prompt)
    }

    fn confirm(&mut self, question: &str, _word: &str, flag: &'static str) -> Result<(), UiError> {
        let need = format!("a person's answer to {question:?}");
        Err(UiError::NoTerminal { need, flag })
    }

    fn answer(&mut self, question: &str) -> Result<String, UiError> {
        let need = format!("a person's answer to {question:?}");
        Err(UiError::NoTerminal { need, flag: "a terminal" })
    }

    fn reveal(&mut self, title: &str, _secret: &SecretBytes, _word: &str) -> Result<(), UiError> {
        let need = format!("a person to read {title:?}");
        Err(UiError::NoTerminal { need, flag: "a terminal" })
    }

    fn can_reveal(&self) -> Result<(), UiError> {
        let need = "a person to read a secret".to_owned();
        Err(UiError::NoTerminal { need, flag: "a terminal" })
    }

    fn words(
        &mut self,
        intro: &str,
        _list: &[&'static str],
        _count: usize,
        _check: &mut dyn FnMut(&str) -> Verdict,
    ) -> Result<Option<Zeroizing<String>>, UiError> {
        let need = format!("a person to type words ({intro})");
        Err(UiError::NoTerminal { need, flag: "files or images of the shares" })
    }

    fn note(&mut self, text: &str) {
        // A note that cannot be shown changes nothing.
        let _ = writeln!(self.notes, "{text}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r36_without_a_source_nothing_is_asked() {
        let (mut secrets, mut notes) = (Secrets::default(), Vec::new());
        let mut ui = ScriptUi::new(&mut secrets, &mut notes);
        assert!(matches!(ui.passphrase("the passphrase"), Err(UiError::NoTerminal { .. })));
        let refused = ui.confirm("Go on?", "Yes", "--confirm");
        assert!(matches!(refused, Err(UiError::NoTerminal { flag: "--confirm", .. })));
        assert!(matches!(ui.answer("Who?"), Err(UiError::NoTerminal { .. })));
        let secret = SecretBytes::new(vec![7]);
        assert!(matches!(ui.reveal("It", &secret, "Show"), Err(UiError::NoTerminal { .. })));
        let words = ui.words("Type", &["acid"], 1, &mut |_| Verdict::Good);
        assert!(matches!(words, Err(UiError::NoTerminal { .. })));
        ui.note("hello");
        assert_eq!(notes, b"hello\n");
    }
}
