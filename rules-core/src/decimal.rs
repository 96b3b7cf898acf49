//! Decimal text to the nearest double, correctly rounded, ties to even.
//!
//! In: a number in JSON's grammar. Out: a double, infinite where it is too large for one. Must not know: JSON's other values.
//! Why not `str::parse`: its table of powers of five is a tenth of what a form would download, and numbers that need it are rare.
//! Up to nineteen digits with a small exponent go through one division of 128 bits; anything else through integers of any size.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// Digits that are looked at one by one: two neighbouring doubles have their middle within 767. What follows only tells whether there is more.
const DIGITS: usize = 800;
/// A value below 10 to this power is zero, one above 10 to the other is infinite.
const LOWEST: i64 = -326;
const HIGHEST: i64 = 310;

/// The double nearest to the number that `text` writes.
pub fn nearest(text: &str) -> f64 {
    let bytes = text.as_bytes();
    let negative = bytes.first() == Some(&b'-');
    let magnitude = magnitude(bytes.get(usize::from(negative)..).unwrap_or_default());
    if negative { -magnitude } else { magnitude }
}

fn magnitude(bytes: &[u8]) -> f64 {
    let mut short: u64 = 0;
    let mut count = 0usize;
    // Power of ten of the last digit that counts.
    let mut power: i64 = 0;
    let mut more = false;
    let mut point = false;
    let mut rest = bytes.iter();
    for byte in rest.by_ref() {
        match byte {
            b'0'..=b'9' => {
                let digit = byte - b'0';
                power -= i64::from(point);
                if count < DIGITS {
                    count += usize::from(count > 0 || digit != 0);
                    if count <= 19 {
                        short = short * 10 + u64::from(digit);
                    }
                } else {
                    more |= digit != 0;
                    power += 1;
                }
            }
            b'.' => point = true,
            _ => break,
        }
    }
    power = power.saturating_add(exponent(rest.as_slice()));
    if count == 0 {
        return 0.0;
    }
    let top = power.saturating_add(count as i64);
    if top < LOWEST {
        return 0.0;
    }
    if top > HIGHEST {
        return f64::INFINITY;
    }
    if count <= 19 && power.unsigned_abs() <= 19 {
        return small(short, power);
    }
    let digits = bytes
        .iter()
        .filter(|byte| **byte != b'.')
        .take_while(|byte| byte.is_ascii_digit());
    let mut digits: Vec<u8> = digits
        .map(|byte| byte - b'0')
        .skip_while(|digit| *digit == 0)
        .take(count)
        .collect();
    if more {
        digits.push(1);
        power -= 1;
    }
    large(&digits, power)
}

/// The exponent after its letter; so large a one that it decides is cut.
fn exponent(bytes: &[u8]) -> i64 {
    let negative = bytes.first() == Some(&b'-');
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit());
    let value = digits.fold(0i64, |value, digit| {
        (value * 10 + i64::from(digit - b'0')).min(1 << 40)
    });
    if negative { -value } else { value }
}

/// `digits` × 10^`power`, both small: exact in 128 bits up to the last bit of a quotient, which says whether there is more.
fn small(digits: u64, power: i64) -> f64 {
    let ten = 10u128.pow(power.unsigned_abs() as u32);
    if power >= 0 {
        return (u128::from(digits) * ten) as f64;
    }
    let shift = digits.leading_zeros() + 64;
    let top = u128::from(digits) << shift;
    let whole = top / ten;
    let quotient = whole | u128::from(whole * ten != top);
    // An exact power of two: the result is far from the smallest doubles.
    quotient as f64 * f64::from_bits(u64::from(1023 - shift) << 52)
}

/// The same for any number of digits and any power.
fn large(digits: &[u8], power: i64) -> f64 {
    let ten = |of: i64| usize::try_from(of).unwrap_or(0);
    let mut above = Big::default();
    for digit in digits {
        above.grow(10, u32::from(*digit));
    }
    (0..ten(power)).for_each(|_| above.grow(10, 0));
    let mut below = Big(Vec::from([1]));
    (0..ten(-power)).for_each(|_| below.grow(10, 0));
    // A quotient of 66 or 67 bits.
    let shift = 66 - (above.bits() - below.bits());
    if shift > 0 {
        above.shift(shift as usize);
    } else {
        below.shift(-shift as usize);
    }
    below.shift(67);
    let mut quotient = 0u128;
    for _ in 0..=67 {
        quotient <<= 1;
        if above.compare(&below) != Ordering::Less {
            above.subtract(&below);
            quotient |= 1;
        }
        below.halve();
    }
    round(quotient, above.bits() > 0, shift)
}

/// `quotient` / 2^`shift`, a little more where `more` says so.
fn round(quotient: u128, more: bool, shift: i64) -> f64 {
    let bits = 128 - i64::from(quotient.leading_zeros());
    let exponent = bits - 1 - shift;
    // Doubles below 2^-1022 have fewer bits.
    let kept = if exponent >= -1022 {
        53
    } else {
        53 - (-1022 - exponent)
    };
    if kept < 0 {
        return 0.0;
    }
    let dropped = bits - kept;
    let lost = quotient & ((1u128 << dropped) - 1);
    let mut mantissa = (quotient >> dropped) as u64;
    let up = match lost.cmp(&(1u128 << (dropped - 1))) {
        Ordering::Less => false,
        Ordering::Equal => more || mantissa & 1 == 1,
        Ordering::Greater => true,
    };
    mantissa += u64::from(up);
    // A carry out of the mantissa counts the exponent up, which is just what it should do.
    let written = if kept == 53 {
        ((exponent + 1022).max(0) as u64) << 52
    } else {
        0
    } + mantissa;
    f64::from_bits(written.min(f64::INFINITY.to_bits()))
}

/// An integer of any size, 32 bits a limb, the lowest first, without zeros at the end.
#[derive(Default)]
struct Big(Vec<u32>);

impl Big {
    /// Times a small number, plus another.
    fn grow(&mut self, times: u32, plus: u32) {
        let mut carry = u64::from(plus);
        for limb in &mut self.0 {
            carry += u64::from(*limb) * u64::from(times);
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    fn bits(&self) -> i64 {
        let top = self
            .0
            .last()
            .map_or(0, |limb| 32 - i64::from(limb.leading_zeros()));
        self.0.len().saturating_sub(1) as i64 * 32 + top
    }

    fn shift(&mut self, by: usize) {
        self.grow(1 << (by % 32), 0);
        let zeros = core::iter::repeat_n(0, by / 32);
        self.0.splice(0..0, zeros);
    }

    fn halve(&mut self) {
        let mut carry = 0;
        for limb in self.0.iter_mut().rev() {
            let low = *limb & 1;
            *limb = *limb >> 1 | carry << 31;
            carry = low;
        }
        self.trim();
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    fn compare(&self, other: &Big) -> Ordering {
        let lengths = self.0.len().cmp(&other.0.len());
        lengths.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    /// Minus another that is not larger.
    fn subtract(&mut self, other: &Big) {
        let mut borrow = 0i64;
        let others = other.0.iter().chain(core::iter::repeat(&0));
        for (limb, minus) in self.0.iter_mut().zip(others) {
            borrow += i64::from(*limb) - i64::from(*minus);
            *limb = borrow as u32;
            borrow >>= 32;
        }
        self.trim();
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;
    use std::format;
    use std::string::{String, ToString};

    #[track_caller]
    fn same(text: &str) {
        let expected: f64 = text.parse().unwrap_or(f64::NAN);
        assert_eq!(
            nearest(text).to_bits(),
            expected.to_bits(),
            "{}",
            text.get(..80).unwrap_or(text)
        );
    }

    #[test]
    fn edges() {
        for text in [
            "0",
            "-0",
            "0.0",
            "-0.000e5",
            "1",
            "-1",
            "10",
            "0.1",
            "1e0",
            "1e22",
            "1e23",
            "1e308",
            "1e309",
            "1e400",
            "-1e999",
            "1e-400",
            "5e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "2.47032822920623272088e-324",
            "4.9406564584124654e-324",
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "1.797693134862315807e308",
            "2.2250738585072014e-308",
            "2.2250738585072011e-308",
            "2.2250738585072012e-308",
            "9007199254740992",
            "9007199254740993",
            "9007199254740994",
            "9007199254740993.0000000000000000000000000001",
            "18446744073709551615",
            "18446744073709551616",
            "123456789012345678901234567890",
            "0.000000000000000000000000000001",
            "116.39712345678901",
            "1e1000000000000000000000000",
            "1e-1000000000000000000000000",
            "0e1000000000000000000000000",
            "0.1e1",
            "1E+2",
            "1E-2",
            "100e-2",
            "6929495644600919.5",
            "3.7455744005952583e15",
            "17.5e-324",
            "7.5e-324",
            "8.5e-324",
        ] {
            same(text);
        }
    }

    #[test]
    fn many_digits() {
        let middle = "9007199254740993".to_string();
        for zeros in [0, 1, 700, 783, 784, 785, 2_000] {
            let zeros = "0".repeat(zeros);
            same(&format!("{middle}.{zeros}"));
            same(&format!("{middle}.{zeros}1"));
            same(&format!("{middle}{zeros}e-{}", zeros.len()));
            same(&format!("0.{zeros}{middle}1e{}", zeros.len()));
        }
        same(&"9".repeat(308));
        same(&"9".repeat(309));
        same(&"1".repeat(3_000));
        same(&format!("0.{}", "3".repeat(3_000)));
    }

    #[test]
    fn random() {
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        for _ in 0..100_000 {
            // As doubles are written, and with digits that no double has.
            let value = f64::from_bits(next());
            if value.is_finite() {
                same(&format!("{value:e}"));
            }
            let digits: String = (0..1 + next() % 25)
                .map(|_| char::from(b'0' + (next() % 10) as u8))
                .collect();
            same(
                &format!("{digits}e{}", next() % 80)
                    .replace("e", &format!("e{}", if next() % 2 == 0 { "-" } else { "" })),
            );
            let (whole, part) = (next() % 200, next() % 1_000_000_000_000_000);
            same(&format!("{whole}.{part:015}"));
            same(&format!("{whole}.{part:017}"));
        }
    }
}
