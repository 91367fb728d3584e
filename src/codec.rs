//! Encodings shared by all formats: canonical JSON (RFC 8785), CBOR between nodes, strict lower-case
//! hex, caps on everything that is read.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

use crate::secret::{SecretBytes, SecretWriter};

/// Largest JSON document any command or node reads, in bytes.
pub const JSON_CAP: usize = 1 << 20;

/// Why bytes could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    #[error("{what} is {len} bytes long; at most {cap} are read")]
    TooLong { what: &'static str, len: usize, cap: usize },
    #[error("{what} is malformed: {reason}")]
    Malformed { what: &'static str, reason: String },
    #[error("{what} could not be encoded: {reason}")]
    Encode { what: &'static str, reason: String },
}

/// The RFC 8785 canonical form of a value without floats.
pub fn canonical<T: Serialize>(what: &'static str, value: &T) -> Result<Vec<u8>, CodecError> {
    serde_json_canonicalizer::to_vec(value).map_err(|e| CodecError::Encode { what, reason: e.to_string() })
}

/// Reads one JSON value of at most `cap` bytes.
pub fn from_json<T: DeserializeOwned>(what: &'static str, bytes: &[u8], cap: usize) -> Result<T, CodecError> {
    check_cap(what, bytes.len(), cap)?;
    serde_json::from_slice(bytes).map_err(|e| CodecError::Malformed { what, reason: e.to_string() })
}

/// Reads one JSON value that must be in canonical form to the byte: one value has one spelling.
pub fn from_canonical<T: DeserializeOwned + Serialize>(
    what: &'static str,
    bytes: &[u8],
    cap: usize,
) -> Result<T, CodecError> {
    let value = from_json(what, bytes, cap)?;
    if canonical(what, &value)? == bytes {
        Ok(value)
    } else {
        Err(CodecError::Malformed { what, reason: "not in canonical form".into() })
    }
}

/// CBOR (RFC 8949), as nodes speak it.
pub fn to_cbor<T: Serialize>(what: &'static str, value: &T) -> Result<Vec<u8>, CodecError> {
    let mut out = Vec::new();
    ciborium::into_writer(value, &mut out).map_err(|e| CodecError::Encode { what, reason: e.to_string() })?;
    Ok(out)
}

/// CBOR of something secret; no copy is left behind.
pub fn to_secret_cbor<T: Serialize>(what: &'static str, value: &T) -> Result<SecretBytes, CodecError> {
    let mut out = SecretWriter::default();
    ciborium::into_writer(value, &mut out).map_err(|e| CodecError::Encode { what, reason: e.to_string() })?;
    Ok(out.finish())
}

/// Reads one CBOR value of at most `cap` bytes with nothing after it.
pub fn from_cbor<T: DeserializeOwned>(what: &'static str, bytes: &[u8], cap: usize) -> Result<T, CodecError> {
    check_cap(what, bytes.len(), cap)?;
    let mut rest = bytes;
    let value = ciborium::de::from_reader_with_recursion_limit(&mut rest, 32)
        .map_err(|e| CodecError::Malformed { what, reason: e.to_string() })?;
    if !rest.is_empty() {
        return Err(CodecError::Malformed { what, reason: "bytes after its end".into() });
    }
    Ok(value)
}

fn check_cap(what: &'static str, len: usize, cap: usize) -> Result<(), CodecError> {
    if len > cap { Err(CodecError::TooLong { what, len, cap }) } else { Ok(()) }
}

/// Public bytes that read and print as lower-case hex, and travel in CBOR as a byte string.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hex(pub Vec<u8>);

impl Hex {
    /// Reads lower-case hex only, so that one value has one spelling.
    pub fn parse(text: &str) -> Option<Self> {
        let lower = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if lower { hex::decode(text).ok().map(Self) } else { None }
    }
}

impl From<Vec<u8>> for Hex {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<&[u8]> for Hex {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl std::ops::Deref for Hex {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            Hex::parse(&text).ok_or_else(|| serde::de::Error::custom("not lower-case hex"))
        } else {
            deserializer.deserialize_byte_buf(BytesVisitor).map(Hex)
        }
    }
}

struct BytesVisitor;

impl serde::de::Visitor<'_> for BytesVisitor {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a byte string")
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }

    fn visit_byte_buf<E: serde::de::Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
        Ok(bytes)
    }
}

/// Exactly `N` public bytes; in JSON lower-case hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HexArray<const N: usize>(pub [u8; N]);

impl<const N: usize> HexArray<N> {
    /// Reads exactly 2N lower-case hex digits.
    pub fn parse(text: &str) -> Option<Self> {
        Hex::parse(text)?.0.try_into().ok().map(Self)
    }

    /// `N` bytes from the generator.
    pub fn random(rng: &mut (impl rand_core::RngCore + rand_core::CryptoRng)) -> Self {
        let mut bytes = [0; N];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }
}

impl<const N: usize> TryFrom<&[u8]> for HexArray<N> {
    type Error = std::array::TryFromSliceError;
    fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
        bytes.try_into().map(Self)
    }
}

impl<const N: usize> fmt::Display for HexArray<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl<const N: usize> fmt::Debug for HexArray<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<const N: usize> AsRef<[u8]> for HexArray<N> {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl<const N: usize> Serialize for HexArray<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de, const N: usize> Deserialize<'de> for HexArray<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = Hex::deserialize(deserializer)?.0;
        let len = bytes.len();
        let array = bytes.try_into().map_err(|_| serde::de::Error::invalid_length(len, &"another length"))?;
        Ok(Self(array))
    }
}

/// A value of any shape in which no object names a field twice. serde_json alone keeps the last of them.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(transparent)]
pub struct UniqueFields(pub serde_json::Value);

impl<'de> Deserialize<'de> for UniqueFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor)
    }
}

struct UniqueVisitor;

impl<'de> serde::de::Visitor<'de> for UniqueVisitor {
    type Value = UniqueFields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a whole number, true, false, a list or an object")
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<UniqueFields, E> {
        Ok(UniqueFields(value.into()))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<UniqueFields, E> {
        Ok(UniqueFields(value.into()))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<UniqueFields, E> {
        Ok(UniqueFields(value.into()))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<UniqueFields, A::Error> {
        let mut list = Vec::new();
        while let Some(UniqueFields(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(UniqueFields(list.into()))
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut fields: A) -> Result<UniqueFields, A::Error> {
        let mut object = serde_json::Map::new();
        while let Some((name, UniqueFields(value))) = fields.next_entry::<String, _>()? {
            if object.contains_key(&name) {
                return Err(serde::de::Error::custom(format!("duplicate field `{name}`")));
            }
            object.insert(name, value);
        }
        Ok(UniqueFields(object.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_has_one_spelling() {
        assert_eq!(Hex::parse("00ff"), Some(Hex(vec![0, 255])));
        for bad in ["00FF", "0", "0x00", "zz", " 00"] {
            assert_eq!(Hex::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn r51_caps_hold_before_parsing() {
        assert!(from_json::<u8>("x", b"7", 1).is_ok());
        assert!(matches!(from_json::<u8>("x", b"77", 1), Err(CodecError::TooLong { .. })));
        let bytes = to_cbor("x", &7u8).unwrap();
        assert!(from_cbor::<u8>("x", &bytes, 16).is_ok());
        assert!(from_cbor::<u8>("x", &[bytes.clone(), bytes].concat(), 16).is_err());
        let deep = vec![0x81; 1000];
        assert!(from_cbor::<ciborium::Value>("x", &deep, 1000).is_err());
    }

    #[test]
    fn hex_is_a_byte_string_in_cbor() {
        let bytes = to_cbor("x", &HexArray([1, 2])).unwrap();
        assert_eq!(bytes, [0x42, 1, 2]);
        assert_eq!(from_cbor::<HexArray<2>>("x", &bytes, 9).unwrap(), HexArray([1, 2]));
        assert!(from_cbor::<HexArray<3>>("x", &bytes, 9).is_err());
    }

    #[test]
    fn r51_a_field_named_twice_is_refused_at_any_depth() {
        let read = |text: &str| from_json::<UniqueFields>("x", text.as_bytes(), 99).map(|value| value.0);
        let good = r#"{"a":[{"b":1},{"b":true}],"c":"x"}"#;
        assert_eq!(read(good).unwrap().to_string(), good);
        for bad in [r#"{"a":1,"a":1}"#, r#"[{"a":{"b":1,"b":2}}]"#, "null", "-1", "1.5"] {
            assert!(read(bad).is_err(), "{bad}");
        }
        // {"a": 1, "a": 2}, as a node might be sent it.
        assert!(from_cbor::<UniqueFields>("x", &[0xa2, 0x61, 0x61, 1, 0x61, 0x61, 2], 99).is_err());
        assert!(from_cbor::<UniqueFields>("x", &[0xa2, 0x61, 0x61, 1, 0x61, 0x62, 2], 99).is_ok());
    }
}
