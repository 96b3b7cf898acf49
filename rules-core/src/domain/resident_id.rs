//! A citizen identity number comes in; the division, birth date and sex that it states go out, or where it is wrong. Not
//! known here: whether the number was ever issued, which divisions exist (see `division`), and whether the birth lies in the
//! future.
//!
//! GB 11643-1999: six digits of division, eight of birth date, three of sequence (odd for men), one check character after ISO 7064
//! MOD 11-2. Residence permits of residents from Hong Kong, Macao and Taiwan have the same form with the divisions 810000,
//! 820000 and 830000. Numbers of before 1999 have 15 digits: the year without its century (19) and no check character; their few
//! sequence numbers once kept for people born before 1900 are not told apart. A right check character shows a careful copy,
//! not a true number.

use super::date::Date;
use core::fmt;

/// What a number states. Its `Debug` shows nothing, so that a log cannot leak it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ResidentId {
    /// GB/T 2260 code of the county at registration; it may be one of the past.
    pub division: u32,
    /// Date of birth.
    pub birth: Date,
    /// Sex.
    pub sex: Sex,
    /// True for a number of the old form, which has no check character.
    pub length15: bool,
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentId({MASK})")
    }
}

/// Sex as the sequence number states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// An even sequence number.
    Female,
    /// An odd sequence number.
    Male,
}

/// Why a text is no identity number. It never holds a part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResidentIdError {
    /// Neither 18 nor 15 characters.
    Length {
        /// The number of characters.
        found: usize,
    },
    /// Not a digit (or, in the last of 18 places, not a digit, `X` or `x`).
    Character {
        /// The place, counted in characters from 0.
        at: usize,
    },
    /// The calendar has no such birth date.
    Date,
    /// The check character does not fit the 17 digits before it.
    Checksum,
}

/// Reads an identity number of 18 or 15 characters. The check character may be `X` or `x`: it is the same number.
///
/// ```
/// use rules_core::domain::resident_id::{ResidentIdError, Sex, parse};
/// let id = parse("11010519491231002X").unwrap();
/// assert_eq!((id.division, id.sex), (110105, Sex::Female));
/// assert_eq!(id.birth.to_string(), "1949-12-31");
/// assert_eq!(parse("110105194912310021"), Err(ResidentIdError::Checksum));
/// ```
pub fn parse(text: &str) -> Result<ResidentId, ResidentIdError> {
    let length15 = match text.chars().count() {
        18 => false,
        15 => true,
        found => return Err(ResidentIdError::Length { found }),
    };
    // Values of the characters in their places; `X` is ten.
    let mut values = [0_u32; 18];
    for ((at, character), value) in text.chars().enumerate().zip(&mut values) {
        *value = match character {
            '0'..='9' => u32::from(character) - u32::from('0'),
            'X' | 'x' if at == 17 => 10,
            _ => return Err(ResidentIdError::Character { at }),
        };
    }
    let [division @ .., _, _, _, _, _, _, _, _, _, _, _, _] = values;
    let (century, born, order) = if length15 {
        let [_, _, _, _, _, _, born @ .., _, _, order, _, _, _] = values;
        (19, born, order)
    } else {
        let [_, _, _, _, _, _, century, decade, born @ .., _, _, order, _] = values;
        (century * 10 + decade, born, order)
    };
    let [y1, y2, m1, m2, d1, d2] = born;
    let year = i32::try_from(century * 100 + y1 * 10 + y2).map_err(|_| ResidentIdError::Date)?;
    let birth = Date::from_ymd(year, m1 * 10 + m2, d1 * 10 + d2).ok_or(ResidentIdError::Date)?;
    if !length15 && !is_checked(&values) {
        return Err(ResidentIdError::Checksum);
    }
    Ok(ResidentId {
        division: division.iter().fold(0, |code, digit| code * 10 + digit),
        birth,
        sex: if order % 2 == 1 { Sex::Male } else { Sex::Female },
        length15,
    })
}

/// What is shown in place of any identity number.
pub const MASK: &str = "***";

/// The text to show in place of a number: always [`MASK`].
///
/// Six leading digits and a birth date known from elsewhere leave a thousand candidates, one in eleven of which has the last
/// character; so no part of the number is shown. Nor is its length: that would tell a wrong entry from a right one.
pub fn mask(_number: &str) -> &'static str {
    MASK
}

/// ISO 7064 MOD 11-2 in its recursive form: the weights are the powers of 2, the whole leaves 1.
fn is_checked(values: &[u32; 18]) -> bool {
    values.iter().fold(0, |sum, value| (sum * 2 + value) % 11) == 1
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        reason = "a test that cannot build its input should stop"
    )]

    use super::{ResidentIdError, Sex, mask, parse};
    use std::format;
    use std::string::ToString;

    #[test]
    fn published_examples() {
        for (number, division, birth, sex) in [
            ("11010519491231002X", 110_105, "1949-12-31", Sex::Female),
            ("11010519491231002x", 110_105, "1949-12-31", Sex::Female),
            ("440524188001010014", 440_524, "1880-01-01", Sex::Male),
            ("34052419800101001X", 340_524, "1980-01-01", Sex::Male),
            ("340524800101001", 340_524, "1980-01-01", Sex::Male),
            ("340524800101002", 340_524, "1980-01-01", Sex::Female),
            ("830000199001010020", 830_000, "1990-01-01", Sex::Female),
        ] {
            let id = parse(number).unwrap();
            assert_eq!(
                (id.division, id.birth.to_string().as_str(), id.sex),
                (division, birth, sex)
            );
            assert_eq!(id.length15, number.len() == 15);
        }
    }

    #[test]
    fn each_fault_has_its_place() {
        for (number, error) in [
            ("", ResidentIdError::Length { found: 0 }),
            ("1101051949123100", ResidentIdError::Length { found: 16 }),
            (" 11010519491231002X", ResidentIdError::Length { found: 19 }),
            ("11010519491231002Y", ResidentIdError::Character { at: 17 }),
            ("1101051949123100X2", ResidentIdError::Character { at: 16 }),
            ("34052480010100X", ResidentIdError::Character { at: 14 }),
            ("１1010519491231002X", ResidentIdError::Character { at: 0 }),
            ("110105194902290026", ResidentIdError::Date),
            ("110105000001010026", ResidentIdError::Date),
            ("340524800230001", ResidentIdError::Date),
            ("110105194912310020", ResidentIdError::Checksum),
        ] {
            assert_eq!(parse(number), Err(error), "{number}");
        }
    }

    #[test]
    fn every_single_slip_and_swap_is_found() {
        let right = "11010519491231002X";
        for at in 0..17 {
            for digit in "0123456789".chars() {
                let typed: std::string::String = right
                    .chars()
                    .enumerate()
                    .map(|(i, c)| if i == at { digit } else { c })
                    .collect();
                assert_eq!(parse(&typed).is_ok(), typed == right, "{typed}");
            }
            let mut swapped: std::vec::Vec<char> = right.chars().collect();
            swapped.swap(at, at + 1);
            let swapped: std::string::String = swapped.into_iter().collect();
            assert_eq!(parse(&swapped).is_ok(), swapped == right, "{swapped}");
        }
    }

    #[test]
    fn nothing_of_a_number_is_shown() {
        let id = parse("11010519491231002X").unwrap();
        assert_eq!(format!("{id:?}"), "ResidentId(***)");
        assert_eq!(mask("11010519491231002X"), mask("1"));
    }
}
