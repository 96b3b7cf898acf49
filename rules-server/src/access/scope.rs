//! Which areas a division code reaches: itself and everything below it.
//!
//! In: two codes of GB/T 2260 as texts. Out: yes or no, and the same rule as a pattern for a database. Must not know: who asks, what is stored.

use rules_core::domain::division::covers;

/// A code as it is stored: six digits, a province's first two at least, or `000000` for the whole country.
pub(crate) fn is_area(code: &str) -> bool {
    code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()) && (code == "000000" || code >= "110000")
}

/// Does the area `own` contain `place`? What is no code contains nothing and is contained in nothing.
pub(crate) fn reaches(own: &str, place: &str) -> bool {
    match (is_area(own), is_area(place), own.parse(), place.parse()) {
        (true, true, Ok(own), Ok(place)) => covers(own, place),
        _ => false,
    }
}

/// The codes that `own` reaches, as a pattern of SQL's LIKE.
pub(crate) fn pattern(own: &str) -> String {
    // Codes are digits, so nothing in them is a wildcard; what is no code fits nothing that is stored.
    let kept = match own {
        "000000" => 0,
        code if !is_area(code) => return "none".to_owned(),
        code if code.ends_with("0000") => 2,
        code if code.ends_with("00") => 4,
        _ => 6,
    };
    let mut pattern: String = own.chars().take(kept).collect();
    if kept < 6 {
        pattern.push('%');
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Own code, place, reached?
    const CASES: &[(&str, &str, bool)] = &[
        ("000000", "000000", true),
        ("000000", "520000", true),
        ("000000", "520402", true),
        ("520000", "520000", true),
        ("520000", "520400", true),
        ("520000", "520402", true),
        ("520000", "530000", false),
        ("520000", "000000", false),
        ("520400", "520400", true),
        ("520400", "520402", true),
        ("520400", "520403", true),
        ("520400", "520500", false),
        ("520400", "520502", false),
        ("520400", "520000", false),
        ("520402", "520402", true),
        ("520402", "520403", false),
        ("520402", "520400", false),
        ("520402", "000000", false),
        // A municipality's counties stand below 1100 and 1101 alike.
        ("110000", "110101", true),
        ("110100", "110101", true),
        ("110100", "110228", false),
        // No codes: too short, too long, other characters, wildcards, a province that cannot be.
        ("52", "520402", false),
        ("520402", "52", false),
        ("5204020", "520402", false),
        ("52%", "520402", false),
        ("______", "520402", false),
        ("", "", false),
        ("010000", "010101", false),
        ("五二〇四〇二", "520402", false),
    ];

    #[test]
    fn the_table_holds() {
        for (own, place, reached) in CASES {
            assert_eq!(reaches(own, place), *reached, "{own} {place}");
        }
    }

    /// The pattern is a second witness of the rule, for whatever can be stored.
    #[test]
    fn the_pattern_says_the_same() {
        let like = |pattern: &str, text: &str| match pattern.strip_suffix('%') {
            Some(head) => text.starts_with(head),
            None => text == pattern,
        };
        for (own, place, reached) in CASES.iter().filter(|case| is_area(case.1)) {
            assert_eq!(like(&pattern(own), place), *reached, "{own} {place}");
        }
    }
}
