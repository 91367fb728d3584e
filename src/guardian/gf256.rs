//! Shamir's scheme over GF(256), byte by byte, by Lagrange interpolation.
//!
//! x-coordinates, and the weights that follow from them, are public: the code branches on them. Share bytes
//! are secret: they are only shifted, masked and added, never branched on and never used as an index (R55).

use crate::secret::SecretBytes;

/// The field of SLIP-39 and AES: x^8 + x^4 + x^3 + x + 1 (FIPS 197, section 4.2).
pub const RIJNDAEL: Field = Field(0x1b);
/// The field of the `sharks` crate and its forks: x^8 + x^4 + x^3 + x^2 + 1.
pub const SHARKS: Field = Field(0x1d);

/// GF(256) modulo x^8 plus the polynomial of this byte.
#[derive(Clone, Copy, Debug)]
pub struct Field(u8);

impl Field {
    /// Values at `at` of the polynomials of lowest degree through the points: one polynomial for each byte.
    /// `None` without points, for a repeated x, or for values of different lengths.
    pub fn interpolate(self, at: u8, points: &[(u8, &[u8])]) -> Option<SecretBytes> {
        let (_, first) = points.first()?;
        let xs: Vec<u8> = points.iter().map(|(x, _)| *x).collect();
        let weights = self.weights(at, &xs)?;
        if points.iter().any(|(_, y)| y.len() != first.len()) {
            return None;
        }
        let mut sum = vec![0; first.len()];
        for (weight, (_, y)) in weights.iter().zip(points) {
            self.add_scaled(&mut sum, *weight, y);
        }
        Some(SecretBytes::new(sum))
    }

    /// The Lagrange weights of points at `xs`, for the value at `at`. `None` for a repeated x.
    pub fn weights(self, at: u8, xs: &[u8]) -> Option<Vec<u8>> {
        let weight = |(i, x): (usize, &u8)| {
            let others = xs.iter().enumerate().filter(|(j, _)| *j != i);
            let (above, below) = others.fold((1, 1), |(above, below), (_, other)| {
                (self.multiply(above, at ^ other), self.multiply(below, x ^ other))
            });
            if below == 0 { None } else { Some(self.multiply(above, self.invert(below))) }
        };
        xs.iter().enumerate().map(weight).collect()
    }

    /// `sum += weight * y`, for a public weight, as far as both reach.
    pub fn add_scaled(self, sum: &mut [u8], weight: u8, y: &[u8]) {
        for (sum, y) in sum.iter_mut().zip(y) {
            *sum ^= self.multiply(weight, *y);
        }
    }

    /// Branches on `public` alone.
    fn multiply(self, public: u8, secret: u8) -> u8 {
        let (mut product, mut power) = (0, secret);
        for bit in 0..8 {
            if public >> bit & 1 == 1 {
                product ^= power;
            }
            // All ones if the top bit is set.
            let carry = (power >> 7).wrapping_neg();
            power = power << 1 ^ carry & self.0;
        }
        product
    }

    /// x^254, for a public x other than 0.
    fn invert(self, x: u8) -> u8 {
        let square = |x| self.multiply(x, x);
        // 254 = 2 + 4 + ... + 128.
        let (mut power, mut product) = (x, 1);
        for _ in 0..7 {
            power = square(power);
            product = self.multiply(power, product);
        }
        product
    }
}

#[cfg(test)]
mod tests {
    use blahaj::{Share, Sharks};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn multiplies_as_in_fips_197() {
        assert_eq!(RIJNDAEL.multiply(0x57, 0x83), 0xc1);
        assert_eq!(RIJNDAEL.multiply(0x57, 0x13), 0xfe);
        for field in [RIJNDAEL, SHARKS] {
            for x in 1..=255 {
                assert_eq!(field.multiply(field.invert(x), x), 1);
            }
        }
    }

    /// Multiplication as the schoolbook has it: of polynomials, then the remainder.
    #[test]
    fn multiplies_as_long_division_does() {
        for (field, modulus) in [(RIJNDAEL, 0x11bu32), (SHARKS, 0x11d)] {
            for (a, b) in (0..=255u8).flat_map(|a| (0..=255u8).map(move |b| (a, b))) {
                let mut product = (0..8).filter(|i| b >> i & 1 == 1).fold(0, |p, i| p ^ u32::from(a) << i);
                for i in (8..16).rev() {
                    product ^= if product >> i & 1 == 1 { modulus << (i - 8) } else { 0 };
                }
                assert_eq!(u32::from(field.multiply(a, b)), product, "{a} {b}");
            }
        }
    }

    #[test]
    fn a_repeated_x_no_points_and_ragged_values_are_refused() {
        assert!(RIJNDAEL.interpolate(0, &[(1, &[1]), (1, &[1])]).is_none());
        assert!(RIJNDAEL.interpolate(0, &[]).is_none());
        assert!(RIJNDAEL.interpolate(0, &[(1, &[1]), (2, &[1, 2])]).is_none());
        assert_eq!(RIJNDAEL.interpolate(1, &[(1, &[7]), (2, &[9])]).unwrap().expose(), [7]);
    }

    proptest! {
        #[test]
        fn agrees_with_an_independent_implementation(
            secret in prop::collection::vec(any::<u8>(), 1..40), t in 1..20u8, more in 0..3usize, x in 1..=255u8,
        ) {
            let all: Vec<Vec<u8>> =
                Sharks(t).dealer(&secret).take(255).map(|share: Share| Vec::from(&share)).collect();
            let points: Vec<(u8, &[u8])> =
                all.iter().take(usize::from(t) + more).map(|s| (s[0], &s[1..])).collect();
            let out = SHARKS.interpolate(0, &points).unwrap();
            prop_assert_eq!(out.expose(), &secret);
            let theirs = &all[usize::from(x) - 1];
            let ours = SHARKS.interpolate(x, &points).unwrap();
            prop_assert_eq!(ours.expose(), &theirs[1..]);
        }
    }
}
