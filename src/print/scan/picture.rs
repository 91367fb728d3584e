//! A gray picture and the few things done to it before a QR code is looked for.

use image::{DynamicImage, GrayImage, imageops};
use zeroize::Zeroize as _;

/// 8-bit gray pixels, wiped when dropped.
pub(super) struct Picture(GrayImage);

impl Picture {
    /// `pixels` row by row; `None` if they are not `width * height`.
    pub(super) fn new(width: u32, height: u32, pixels: Vec<u8>) -> Option<Self> {
        GrayImage::from_raw(width, height, pixels).map(Self)
    }

    /// Gray of any picture; what is transparent lies on white.
    pub(super) fn from_image(image: DynamicImage) -> Self {
        if !image.color().has_alpha() {
            return Self(image.into_luma8());
        }
        let image = image.into_luma_alpha8();
        let mut pixels = Vec::with_capacity(image.pixels().len());
        for pixel in image.pixels() {
            let [gray, alpha] = pixel.0.map(u16::from);
            let mixed = (gray * alpha + 255 * (255 - alpha)) / 255;
            pixels.push(u8::try_from(mixed).unwrap_or(255));
        }
        let (width, height) = image.dimensions();
        Self(GrayImage::from_raw(width, height, pixels).unwrap_or_default())
    }

    pub(super) fn width(&self) -> u32 {
        self.0.width()
    }

    pub(super) fn height(&self) -> u32 {
        self.0.height()
    }

    /// The pixel, white outside of the picture.
    pub(super) fn pixel(&self, x: usize, y: usize) -> u8 {
        let (width, height) = (self.width() as usize, self.height() as usize);
        if x >= width || y >= height {
            return 255;
        }
        self.0.as_raw().get(y * width + x).copied().unwrap_or(255)
    }

    /// The same picture with its longer side `side` pixels long.
    pub(super) fn resized(&self, side: u32) -> Self {
        let longer = self.width().max(self.height()).max(1);
        let scale = |length: u32| {
            let scaled = u64::from(length) * u64::from(side) / u64::from(longer);
            u32::try_from(scaled).unwrap_or(side).max(1)
        };
        let (width, height) = (scale(self.width()), scale(self.height()));
        Self(imageops::resize(&self.0, width, height, imageops::FilterType::Triangle))
    }

    pub(super) fn blurred(&self, sigma: f32) -> Self {
        Self(imageops::fast_blur(&self.0, sigma))
    }

    /// Edges made harder by the difference to a blurred copy.
    pub(super) fn sharpened(&self, sigma: f32) -> Self {
        let soft = self.blurred(sigma);
        let mut sharp = self.0.clone();
        for (pixel, soft) in sharp.iter_mut().zip(soft.0.iter()) {
            let value = 2 * i32::from(*pixel) - i32::from(*soft);
            *pixel = value.clamp(0, 255) as u8;
        }
        Self(sharp)
    }

    /// Turned by an angle around its middle, on a canvas that holds all of it.
    pub(super) fn turned(&self, degrees: f32) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (width, height) = (self.width() as f32, self.height() as f32);
        let turned_width = (width * cos.abs() + height * sin.abs()).ceil().max(1.0);
        let turned_height = (width * sin.abs() + height * cos.abs()).ceil().max(1.0);
        let mut turned = GrayImage::new(turned_width as u32, turned_height as u32);
        for (x, y, pixel) in turned.enumerate_pixels_mut() {
            let (dx, dy) = (x as f32 - turned_width / 2.0, y as f32 - turned_height / 2.0);
            pixel.0 = [self.between(dx * cos + dy * sin + width / 2.0, dy * cos - dx * sin + height / 2.0)];
        }
        Self(turned)
    }

    /// Black where a pixel is darker than the `window` around it, by more than `bias` of 256 parts of the
    /// mean; white elsewhere.
    pub(super) fn thresholded(&self, window: u32, bias: u64) -> Self {
        let sums = Sums::of(&self.0);
        let half = (window / 2).max(1);
        let mut out = self.0.clone();
        for (x, y, pixel) in out.enumerate_pixels_mut() {
            let (sum, count) = sums.around(x, y, half);
            let dark = u64::from(pixel.0[0]) * count * 256 < sum * (256 - bias);
            pixel.0 = [if dark { 0 } else { 255 }];
        }
        Self(out)
    }

    /// Bilinear; white outside.
    fn between(&self, x: f32, y: f32) -> u8 {
        if x < 0.0 || y < 0.0 {
            return 255;
        }
        let (left, top) = (x.floor(), y.floor());
        let (dx, dy) = (x - left, y - top);
        let (left, top) = (left as usize, top as usize);
        let row =
            |y: usize| f32::from(self.pixel(left, y)) * (1.0 - dx) + f32::from(self.pixel(left + 1, y)) * dx;
        (row(top) * (1.0 - dy) + row(top + 1) * dy) as u8
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        self.0.as_flat_samples_mut().samples.zeroize();
    }
}

/// Sums of all pixels above and left of each (a summed-area table).
struct Sums {
    width: usize,
    height: usize,
    sums: Vec<u64>,
}

impl Sums {
    fn of(image: &GrayImage) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let mut sums = vec![0u64; (width + 1) * (height + 1)];
        for (y, row) in image.as_raw().chunks_exact(width.max(1)).enumerate() {
            let (above, below) = sums.split_at_mut((y + 1) * (width + 1));
            let above = above.iter().skip(y * (width + 1) + 1);
            let mut line = 0u64;
            for ((sum, above), pixel) in below.iter_mut().skip(1).zip(above).zip(row) {
                line += u64::from(*pixel);
                *sum = above + line;
            }
        }
        Self { width, height, sums }
    }

    /// Sum and number of the pixels up to `half` away.
    fn around(&self, x: u32, y: u32, half: u32) -> (u64, u64) {
        let left = x.saturating_sub(half) as usize;
        let top = y.saturating_sub(half) as usize;
        let right = ((x + half + 1) as usize).min(self.width);
        let bottom = ((y + half + 1) as usize).min(self.height);
        let at = |x: usize, y: usize| self.sums.get(y * (self.width + 1) + x).copied().unwrap_or(0);
        let sum = at(right, bottom) + at(left, top) - at(left, bottom) - at(right, top);
        (sum, ((right - left) * (bottom - top)) as u64)
    }
}
