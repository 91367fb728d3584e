//! An authenticated channel to one peer: Noise KK over the caller's relay, chunked frames.
//!
//! The caller relays sealed packets and can only drop them: a reordered, repeated or altered packet
//! fails to open. That is never the peer's fault.

use snow::{Builder, HandshakeState, TransportState};

use crate::{digest::Hash, secret::Secret};

/// Noise suite; the pattern authenticates both static keys.
pub const SUITE: &str = "Noise_KK_25519_ChaChaPoly_SHA256";

/// Largest frame, in bytes. Aux messages reach 1.7 MB.
pub const FRAME_CAP: usize = 4 << 20;

const NOISE_MESSAGE_CAP: usize = 65_535;
const TAG_LEN: usize = 16;
const HEADER_LEN: usize = 8;
const CHUNK_LEN: usize = NOISE_MESSAGE_CAP - TAG_LEN;

/// A packet did not open, or is not what comes next. The relay may have caused it.
#[derive(Debug, thiserror::Error)]
#[error("a packet could not be opened: {0}")]
pub struct ChannelError(pub(super) String);

impl From<snow::Error> for ChannelError {
    fn from(error: snow::Error) -> Self {
        Self(error.to_string())
    }
}

/// A channel whose handshake is under way.
pub struct Handshake(Box<HandshakeState>);

impl Handshake {
    /// Prepares one end. The initiator speaks first; both must give the same prologue.
    pub fn new(
        initiator: bool,
        own: &Secret<32>,
        peer: &[u8; 32],
        prologue: &Hash,
    ) -> Result<Self, ChannelError> {
        let params = SUITE.parse()?;
        let builder = Builder::new(params)
            .local_private_key(own.expose())?
            .remote_public_key(peer)?
            .prologue(prologue.as_bytes())?;
        let state = if initiator { builder.build_initiator() } else { builder.build_responder() };
        Ok(Self(Box::new(state?)))
    }

    /// Writes this end's one handshake message; its payload is empty.
    pub fn write(&mut self) -> Result<Vec<u8>, ChannelError> {
        let mut out = vec![0; 256];
        let len = self.0.write_message(&[], &mut out)?;
        out.truncate(len);
        Ok(out)
    }

    /// Reads the other end's one handshake message.
    pub fn read(&mut self, message: &[u8]) -> Result<(), ChannelError> {
        let mut payload = [0; 256];
        match self.0.read_message(message, &mut payload)? {
            0 => Ok(()),
            _ => Err(ChannelError("a handshake message carries a payload".into())),
        }
    }

    /// The open channel, once both messages went through.
    pub fn finish(self) -> Result<Channel, ChannelError> {
        let hash = self.0.get_handshake_hash().try_into();
        let hash = hash.map_err(|_| ChannelError("a handshake hash has another length".into()))?;
        Ok(Channel {
            handshake_hash: Hash(crate::codec::HexArray(hash)),
            state: self.0.into_transport_mode()?,
        })
    }
}

/// An open channel. Frames leave and arrive in order, each once.
pub struct Channel {
    state: TransportState,
    handshake_hash: Hash,
}

impl Channel {
    /// The hash both ends computed; it enters the session id.
    pub fn handshake_hash(&self) -> Hash {
        self.handshake_hash
    }

    /// Seals a frame: `count | total length` (u32, big-endian) and the frame, in Noise messages, each
    /// behind its length (u16).
    pub fn seal(&mut self, frame: &[u8]) -> Result<Vec<u8>, ChannelError> {
        if frame.len() > FRAME_CAP {
            return Err(ChannelError("a frame is too long".into()));
        }
        let plain_len = HEADER_LEN + frame.len();
        let count = plain_len.div_ceil(CHUNK_LEN);
        let mut plain = zeroize::Zeroizing::new(Vec::with_capacity(plain_len));
        for number in [count, frame.len()] {
            let number = u32::try_from(number).map_err(|_| ChannelError("a frame is too long".into()))?;
            plain.extend_from_slice(&number.to_be_bytes());
        }
        plain.extend_from_slice(frame);
        let mut packet = Vec::with_capacity(plain_len + count * (TAG_LEN + 2));
        let mut sealed = vec![0; NOISE_MESSAGE_CAP];
        for chunk in plain.chunks(CHUNK_LEN) {
            let len = self.state.write_message(chunk, &mut sealed)?;
            let prefix = u16::try_from(len).map_err(|_| ChannelError("a chunk is too long".into()))?;
            packet.extend_from_slice(&prefix.to_be_bytes());
            packet.extend_from_slice(sealed.get(..len).unwrap_or_default());
        }
        Ok(packet)
    }

    /// Opens a packet made by [`Channel::seal`] at the other end.
    pub fn open(&mut self, packet: &[u8]) -> Result<zeroize::Zeroizing<Vec<u8>>, ChannelError> {
        let malformed = || ChannelError("it is cut off or too long".into());
        if packet.len() > FRAME_CAP + FRAME_CAP / 1024 {
            return Err(malformed());
        }
        let mut plain = zeroize::Zeroizing::new(Vec::with_capacity(packet.len()));
        let mut opened = zeroize::Zeroizing::new(vec![0; NOISE_MESSAGE_CAP]);
        let (mut rest, mut count) = (packet, 0u32);
        while !rest.is_empty() {
            let (prefix, tail) = rest.split_first_chunk::<2>().ok_or_else(malformed)?;
            let (sealed, tail) =
                tail.split_at_checked(u16::from_be_bytes(*prefix).into()).ok_or_else(malformed)?;
            let len = self.state.read_message(sealed, &mut opened)?;
            plain.extend_from_slice(opened.get(..len).ok_or_else(malformed)?);
            (rest, count) = (tail, count + 1);
        }
        let (header, frame) = plain.split_at_checked(HEADER_LEN).ok_or_else(malformed)?;
        let expected = [count.to_be_bytes(), u32::try_from(frame.len()).unwrap_or(u32::MAX).to_be_bytes()];
        if header != expected.concat() {
            return Err(malformed());
        }
        Ok(zeroize::Zeroizing::new(frame.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use rand_core::OsRng;

    use super::*;
    use crate::signing_key::x25519_public;

    fn pair(prologues: [&Hash; 2]) -> Result<(Channel, Channel), ChannelError> {
        let (a, b) = (Secret::random(&mut OsRng), Secret::random(&mut OsRng));
        let mut left = Handshake::new(true, &a, &x25519_public(&b), prologues[0])?;
        let mut right = Handshake::new(false, &b, &x25519_public(&a), prologues[1])?;
        right.read(&left.write()?)?;
        left.read(&right.write()?)?;
        Ok((left.finish()?, right.finish()?))
    }

    #[test]
    fn r7_frames_of_all_sizes_arrive() {
        let (mut left, mut right) = pair([&Hash::ZERO; 2]).unwrap();
        assert_eq!(left.handshake_hash(), right.handshake_hash());
        for len in [0, 1, CHUNK_LEN - HEADER_LEN, CHUNK_LEN - HEADER_LEN + 1, 1_700_000] {
            let frame = vec![7; len];
            assert_eq!(*right.open(&left.seal(&frame).unwrap()).unwrap(), frame);
            assert_eq!(*left.open(&right.seal(&frame).unwrap()).unwrap(), frame);
        }
        assert!(left.seal(&vec![0; FRAME_CAP + 1]).is_err());
    }

    #[test]
    fn r7_altered_repeated_reordered_and_cut_packets_do_not_open() {
        let fresh = || pair([&Hash::ZERO; 2]).unwrap();
        let (mut left, mut right) = fresh();
        let mut packet = left.seal(b"hello").unwrap();
        packet[5] ^= 1;
        assert!(right.open(&packet).is_err());
        let (mut left, mut right) = fresh();
        let packet = left.seal(b"hello").unwrap();
        right.open(&packet).unwrap();
        assert!(right.open(&packet).is_err(), "repeated");
        let (mut left, mut right) = fresh();
        let (_, second) = (left.seal(b"1").unwrap(), left.seal(b"2").unwrap());
        assert!(right.open(&second).is_err(), "reordered");
        let (mut left, mut right) = fresh();
        let packet = left.seal(b"hello").unwrap();
        assert!(right.open(&packet[..packet.len() - 1]).is_err(), "cut");
        let (mut left, _) = fresh();
        let (_, mut stranger) = fresh();
        assert!(stranger.open(&left.seal(b"hello").unwrap()).is_err(), "another channel");
    }

    #[test]
    fn another_prologue_opens_no_channel() {
        assert!(pair([&Hash::ZERO, &Hash::plain(b"x")]).is_err());
    }
}
