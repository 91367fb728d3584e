//! Runs our parties without channels, session and echo: what one sends, the others get.

use std::collections::BTreeMap;

use quorate::{
    digest::Hash,
    protocol::{Context, Inbox, Party, Step},
};
use rand_core::OsRng;

/// The results by participant.
pub fn run<T>(participants: &[u16], mut parties: Vec<Box<dyn Party<T>>>) -> Vec<T> {
    let mut inboxes: BTreeMap<u16, Inbox> = BTreeMap::new();
    loop {
        let mut next = Vec::new();
        let mut done = Vec::new();
        let mut sent: BTreeMap<u16, Inbox> = BTreeMap::new();
        for (me, party) in participants.iter().zip(parties) {
            let rng = &mut OsRng;
            let mut context = Context { session_id: Hash::ZERO, me: *me, participants, rng };
            match party.step(&mut context, inboxes.remove(me).unwrap_or_default()).unwrap() {
                Step::Done(output) => done.push(output),
                Step::Send(mut outgoing, party) => {
                    next.push(party);
                    for peer in participants.iter().filter(|peer| *peer != me) {
                        let inbox = sent.entry(*peer).or_default();
                        if let Some(broadcast) = &outgoing.broadcast {
                            inbox.broadcasts.insert(*me, broadcast.clone());
                        }
                        inbox.direct.insert(*me, outgoing.direct.remove(peer).unwrap_or_default());
                    }
                }
            }
        }
        if next.is_empty() {
            return done;
        }
        assert!(done.is_empty(), "the parties end in the same step");
        (inboxes, parties) = (sent, next);
    }
}
