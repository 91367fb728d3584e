//! Typing the words of a paper sheet: what each key does to the form, and how the form looks. It reads and
//! writes nothing itself.

use std::fmt::Write;

use zeroize::Zeroizing;

use crate::ui::screen::Key;

/// Letters of what may be typed for one word; longer than any word of a list.
const TOKEN_CAP: usize = 24;
/// Words shown as what could be meant.
const CANDIDATES: usize = 8;

/// Columns of the screen that a word's number and the space around it take.
const CELL: usize = 6;

const HELP: &str = "\
Space or Enter  takes the word; four letters do    Tab     completes it
-               takes the last word back           Ctrl-D  leaves this sheet
14 academic     corrects word 14                   Ctrl-C  aborts everything";

/// What a key did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// The form goes on.
    More,
    /// A word was refused; what was typed behind it must not be taken for it.
    Refused,
    /// All words are there.
    Complete,
    /// No more words.
    End,
}

/// The words so far and the one being typed.
pub(super) struct Form<'a> {
    intro: String,
    list: &'a [&'static str],
    count: usize,
    /// Places in the list. Reserved in full, so that it never moves.
    words: Zeroizing<Vec<usize>>,
    token: Zeroizing<String>,
    /// The word being corrected, from 1.
    at: Option<usize>,
    message: Zeroizing<String>,
    /// What is wrong with all the words together.
    wrong: Option<String>,
    /// Something was taken since the last Enter, which therefore only ends that line.
    line_used: bool,
    /// The last key was an Enter on nothing.
    leaving: bool,
    /// Words came since they were checked together.
    changed: bool,
}

impl<'a> Form<'a> {
    pub(super) fn new(intro: &str, list: &'a [&'static str], count: usize) -> Self {
        Self {
            intro: intro.to_owned(),
            list,
            count,
            words: Zeroizing::new(Vec::with_capacity(count)),
            token: Zeroizing::new(String::with_capacity(TOKEN_CAP)),
            at: None,
            message: Zeroizing::new(String::new()),
            wrong: None,
            line_used: false,
            leaving: false,
            changed: false,
        }
    }

    /// The words, separated by single spaces.
    pub(super) fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity((self.longest() + 1) * self.words.len()));
        for word in self.words.iter().filter_map(|place| self.list.get(*place)) {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
        text
    }

    /// Says that more was typed behind a refused word, and is gone.
    pub(super) fn dropped(&mut self) {
        self.message.push_str(" What stood behind it was left out.");
    }

    /// Asks for corrections, saying why.
    pub(super) fn wrong(&mut self, message: String) {
        self.wrong = Some(message);
    }

    pub(super) fn key(&mut self, key: Key) -> Step {
        if key == Key::Other {
            return Step::More;
        }
        self.message.clear();
        let leaving = std::mem::take(&mut self.leaving);
        match key {
            Key::End => Step::End,
            Key::Enter => self.enter(leaving),
            Key::Tab => self.lengthen(),
            Key::Backspace => {
                if self.token.pop().is_none() {
                    self.say("- takes the last word back");
                }
                Step::More
            }
            Key::EraseLine | Key::EraseWord => {
                self.token.clear();
                Step::More
            }
            Key::Other => Step::More,
            Key::Char('-') if self.token.is_empty() => self.take_back(),
            Key::Char(c) => self.character(c.to_ascii_lowercase()),
        }
    }

    fn character(&mut self, c: char) -> Step {
        match c {
            ' ' | ',' | ';' | '.' | ':' | ')' => {
                if self.token.is_empty() {
                    return Step::More;
                }
                self.line_used = true;
                self.take()
            }
            'a'..='z' if self.token_is_number() => match self.take() {
                Step::More => {
                    self.token.push(c);
                    Step::More
                }
                refused => refused,
            },
            'a'..='z' | '0'..='9' => {
                if c.is_ascii_digit() && !self.token.is_empty() && !self.token_is_number() {
                    self.say("a word has letters only; a number stands before its word");
                } else if self.token.len() < TOKEN_CAP {
                    self.token.push(c);
                }
                Step::More
            }
            _ => {
                self.say("only letters, and numbers before a word");
                Step::More
            }
        }
    }

    /// Two Enters in a row on nothing are needed to leave: one is pressed too much too easily.
    fn enter(&mut self, leaving: bool) -> Step {
        if !self.token.is_empty() {
            let step = self.take();
            self.line_used = false;
            let complete = step == Step::More && self.is_unchecked();
            return if complete { self.complete() } else { step };
        }
        let used = std::mem::take(&mut self.line_used);
        if self.is_unchecked() {
            return self.complete();
        }
        if used || self.at.take().is_some() {
            return Step::More;
        }
        match (self.words.is_empty(), self.is_full()) {
            (true, _) | (_, true) if leaving => return Step::End,
            (true, _) => self.say("Enter once more: there is no other sheet"),
            (_, true) => self.say("Enter once more: leave this sheet, its words are not used"),
            _ => self.say("Ctrl-D leaves this sheet"),
        }
        self.leaving = true;
        Step::More
    }

    fn complete(&mut self) -> Step {
        self.changed = false;
        Step::Complete
    }

    /// Takes what was typed as a number or a word.
    fn take(&mut self) -> Step {
        let token = std::mem::replace(&mut self.token, Zeroizing::new(String::with_capacity(TOKEN_CAP)));
        if let Ok(number) = token.parse::<usize>() {
            return self.take_number(number);
        }
        let Some(place) = self.meant(&token) else {
            self.message = self.refusal(&token);
            return Step::Refused;
        };
        match self.at.take() {
            Some(at) => {
                if let Some(word) = self.words.get_mut(at - 1) {
                    *word = place;
                }
            }
            None if self.is_full() => {
                self.say("which word? Begin with its number: 14 academic");
                return Step::Refused;
            }
            None => self.words.push(place),
        }
        self.changed = true;
        Step::More
    }

    fn take_number(&mut self, number: usize) -> Step {
        let next = self.words.len() + 1;
        match number {
            1.. if number < next => self.at = Some(number),
            _ if number == next && !self.is_full() => self.at = None,
            _ if self.is_full() => {
                self.say(&format!("the words are numbered 1 to {}", self.count));
                return Step::Refused;
            }
            _ => {
                self.say(&format!("word {next} comes next, not {number}"));
                return Step::Refused;
            }
        }
        Step::More
    }

    fn take_back(&mut self) -> Step {
        self.line_used = true;
        self.wrong = None;
        if self.at.take().is_none() && self.words.pop().is_none() {
            self.say("there is no word to take back");
        }
        Step::More
    }

    /// Tab: as much as all words that begin so have in common.
    fn lengthen(&mut self) -> Step {
        let mut begun = self.begun(&self.token);
        let Some((_, first)) = begun.next() else { return Step::More };
        let common = begun.fold(first.len(), |common, (_, word)| {
            let same = first.bytes().zip(word.bytes()).take_while(|(a, b)| a == b).count();
            common.min(same)
        });
        if !self.token.is_empty()
            && let Some(rest) = first.get(self.token.len()..common)
        {
            self.token.push_str(rest);
        }
        Step::More
    }

    /// The word itself, or the only one that begins so.
    fn meant(&self, token: &str) -> Option<usize> {
        if let Some(place) = self.list.iter().position(|word| *word == token) {
            return Some(place);
        }
        let mut begun = self.begun(token);
        begun.next().filter(|_| begun.next().is_none()).map(|(place, _)| place)
    }

    fn begun(&self, token: &str) -> impl Iterator<Item = (usize, &'static str)> {
        self.list.iter().copied().enumerate().filter(move |(_, word)| word.starts_with(token))
    }

    fn refusal(&self, token: &str) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(256));
        let (candidates, problem) = match self.candidates(token) {
            candidates if candidates.is_empty() => (self.nearest(token), "is not in the list; nearest"),
            candidates => (candidates, "could be"),
        };
        let _ = write!(text, "{token} {problem}: {}. Type this word again.", candidates.as_str());
        text
    }

    fn candidates(&self, token: &str) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(256));
        for (i, (_, word)) in self.begun(token).enumerate() {
            match i {
                0 => text.push_str(word),
                1..CANDIDATES => drop(write!(text, ", {word}")),
                CANDIDATES => text.push_str(", ..."),
                _ => break,
            }
        }
        text
    }

    /// The three words most like it.
    fn nearest(&self, token: &str) -> Zeroizing<String> {
        // The first four letters tell a word; of those as many mistakes away, first the ones that begin alike.
        let head = token.get(..4);
        let mistakes = |word: &str| match head {
            Some(head) if word.starts_with(head) => 0,
            _ => strsim::osa_distance(token, word),
        };
        let apart = |word: &str| (1.0 - strsim::jaro_winkler(token, word)) * 0.99;
        let rank = |word: &str| mistakes(word) as f64 + apart(word);
        let mut ranked: Vec<_> = self.list.iter().map(|word| (rank(word), *word)).collect();
        ranked.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut text = Zeroizing::new(String::with_capacity(64));
        for (i, (_, word)) in ranked.iter().take(3).enumerate() {
            let _ = write!(text, "{}{word}", if i == 0 { "" } else { ", " });
        }
        text
    }

    fn is_full(&self) -> bool {
        self.words.len() >= self.count
    }

    fn is_unchecked(&self) -> bool {
        self.is_full() && self.at.is_none() && self.changed
    }

    fn token_is_number(&self) -> bool {
        self.token.starts_with(|c: char| c.is_ascii_digit())
    }

    fn say(&mut self, message: &str) {
        self.message.clear();
        self.message.push_str(message);
    }
}

/// How it looks.
impl Form<'_> {
    /// The whole form as terminal output, for a screen of that size; the cursor ends where typing goes on.
    pub(super) fn frame(&self, columns: usize, rows: usize) -> Zeroizing<String> {
        let width = columns.clamp(20, 100);
        let mut page = Page { text: Zeroizing::new(String::with_capacity(16 << 10)), rows: 0 };
        page.text.push_str("\x1b[?25l\x1b[H");
        let news = self.news();
        let lines = |text: &str| wrap(text, width).count();
        // The last row stays free: a line end there would scroll. What does not fit is left out, help first.
        let mut room = rows.saturating_sub(2 + lines(&news));
        let mut fits = |lines: usize| room.checked_sub(lines + 1).inspect(|left| room = *left).is_some();
        let intro = fits(lines(&self.intro));
        let columns = self.columns(width).find(|columns| fits(self.count.div_ceil(*columns)));
        let help = fits(lines(HELP));
        if intro {
            page.paragraph(&self.intro, width, "\x1b[1m");
            page.line_of(&[]);
        }
        if let Some(columns) = columns {
            self.table(&mut page, columns);
        }
        let prompt = match (self.at, self.is_full()) {
            (None, true) if self.is_unchecked() => format!("{} words> ", self.count),
            (None, true) => "number and word> ".to_owned(),
            (at, _) => format!("word {:>2}> ", at.unwrap_or(self.words.len() + 1)),
        };
        let (row, column) = (page.rows + 1, prompt.len() + self.token.len() + 1);
        page.line_of(&[&prompt, &self.token, "\x1b[2m", &self.ghost(), "\x1b[0m"]);
        page.paragraph(
            &news,
            width,
            if self.message.is_empty() && self.wrong.is_none() { "" } else { "\x1b[1m" },
        );
        if help {
            page.line_of(&[]);
            page.paragraph(HELP, width, "\x1b[2m");
        }
        let _ = write!(page.text, "\x1b[J\x1b[{row};{column}H\x1b[?25h");
        page.text
    }

    /// In how many columns the words may stand, the best first.
    fn columns(&self, width: usize) -> impl Iterator<Item = usize> {
        let most = (width / (self.longest() + CELL)).max(1);
        (3.min(most)..=most).chain(1..3.min(most))
    }

    /// The words so far, numbered down the columns as on a sheet.
    fn table(&self, page: &mut Page, columns: usize) {
        let (longest, depth) = (self.longest(), self.count.div_ceil(columns));
        for row in 0..depth {
            let mut line = Zeroizing::new(String::with_capacity(columns * (longest + CELL + 8)));
            for place in (0..columns).map(|column| column * depth + row).take_while(|at| *at < self.count) {
                let word = self.words.get(place).and_then(|word| self.list.get(*word));
                let word = word.copied().unwrap_or("");
                let _ = write!(line, "\x1b[2m{:>3}\x1b[0m {word:<longest$}  ", place + 1);
            }
            page.line_of(&[line.trim_end()]);
        }
        page.line_of(&[]);
    }

    fn longest(&self) -> usize {
        self.list.iter().map(|word| word.len()).max().unwrap_or_default()
    }

    /// The rest of the only word that begins as typed.
    fn ghost(&self) -> Zeroizing<String> {
        let rest = match self.meant(&self.token).and_then(|place| self.list.get(place)) {
            Some(word) if !self.token.is_empty() => word.get(self.token.len()..).unwrap_or(""),
            _ => "",
        };
        Zeroizing::new(rest.to_owned())
    }

    /// What is to be said now: about the last key, else about what is being typed, else about the sheet.
    fn news(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(512));
        if !self.message.is_empty() {
            text.push_str(&self.message);
        } else if !self.token.is_empty() && !self.token_is_number() {
            let begun = self.begun(&self.token).take(2).count();
            if begun == 0 {
                let _ = write!(text, "no word begins with {}; nearest: ", self.token.as_str());
                text.push_str(&self.nearest(&self.token));
            } else if begun > 1 {
                text.push_str(&self.candidates(&self.token));
            }
        } else if self.is_unchecked() {
            text.push_str("All words are there: Enter checks them.");
        } else if let Some(wrong) = self.wrong.as_ref().filter(|_| self.is_full()) {
            let stop = if wrong.ends_with(['.', '?', '!']) { "" } else { "." };
            let _ = write!(
                text,
                "{wrong}{stop}\nType a number and the right word, or leave this sheet by Enter."
            );
        }
        text
    }
}

/// Lines for a screen, each wiping what stood there before.
struct Page {
    text: Zeroizing<String>,
    rows: usize,
}

impl Page {
    fn line_of(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.text.push_str(part));
        self.text.push_str("\x1b[K\r\n");
        self.rows += 1;
    }

    fn paragraph(&mut self, text: &str, width: usize, style: &str) {
        for line in wrap(text, width) {
            self.line_of(&[style, line, "\x1b[0m"]);
        }
    }
}

/// Lines of at most `width` characters, broken at spaces; at least one.
fn wrap(text: &str, width: usize) -> impl Iterator<Item = &str> {
    text.lines().flat_map(move |line| {
        let mut rest = Some(line);
        std::iter::from_fn(move || {
            let text = rest.take()?;
            let Some((end, _)) = text.char_indices().nth(width) else { return Some(text) };
            let (head, _) = text.split_at(end);
            let at = head.rfind(' ').filter(|at| *at > 0).unwrap_or(end);
            let (line, after) = text.split_at(at);
            rest = Some(after.trim_start());
            Some(line)
        })
    })
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
