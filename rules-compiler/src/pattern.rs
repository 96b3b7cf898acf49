//! Regular expressions become tables.
//!
//! In: what the author wrote. Out: a `plan::Pattern`, the smallest automaton that reads a whole text in one pass, its states numbered
//! in the order in which they are first reached; the same text gives the same table. Must not know: fields, expressions.

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::util::syntax;
use regex_automata::{Anchored, MatchKind};
use rules_core::limits::PATTERN_CELLS;
use rules_core::plan;
use std::collections::BTreeMap;

/// Bytes that building one automaton may take before it is made small.
const WORK_BYTES: usize = 4 << 20;

/// Cells that making one automaton small may look at: a tenth of a second.
const WORK_STEPS: usize = 5_000_000;

/// Compiles a regular expression that must match a whole text.
///
/// # Errors
/// What is wrong with it, for people.
pub fn compile(source: &str) -> Result<plan::Pattern, String> {
    // Two groups: one as it stands, so that a bracket of the author's cannot close ours.
    regex_syntax_check(source)?;
    let dfa = dense::Builder::new()
        .syntax(syntax::Config::new().unicode(true).utf8(true))
        .thompson(thompson::Config::new().nfa_size_limit(Some(WORK_BYTES)))
        .configure(
            dense::Config::new()
                .start_kind(StartKind::Anchored)
                .match_kind(MatchKind::All)
                .dfa_size_limit(Some(WORK_BYTES))
                .determinize_size_limit(Some(WORK_BYTES))
                .minimize(false),
        )
        .build(&format!("(?:{source})"))
        .map_err(|_| too_large())?;
    let begin = dfa
        .start_state(&start::Config::new().anchored(Anchored::Yes))
        .map_err(|_| "it looks at what stands before the text".to_owned())?;
    table(source, &dfa, begin)
}

fn regex_syntax_check(source: &str) -> Result<(), String> {
    syntax::parse(source).map(|_| ()).map_err(|error| {
        let text = error.to_string();
        // The last line says what is wrong; those above draw the place.
        let line = text.lines().last().unwrap_or("").trim();
        line.strip_prefix("error: ").unwrap_or(line).to_owned()
    })
}

fn too_large() -> String {
    "its automaton would be too large, or it uses `\\b`, which is not defined for Chinese text".to_owned()
}

fn table(source: &str, dfa: &dense::DFA<Vec<u32>>, begin: StateID) -> Result<plan::Pattern, String> {
    let classes: Vec<u8> = (0..=255u8).map(|byte| dfa.byte_classes().get(byte)).collect();
    let mut samples: Vec<u8> = Vec::new();
    for byte in 0..=255u8 {
        let class = dfa.byte_classes().get(byte);
        if usize::from(class) == samples.len() {
            samples.push(byte);
        }
    }
    // Breadth first from the start; dead and quitting states are state 0.
    let mut numbers: BTreeMap<StateID, usize> = BTreeMap::from([(begin, 1)]);
    let mut order = vec![begin];
    let mut rows: Vec<Vec<usize>> = vec![vec![0; samples.len()]];
    let mut accept = vec![false];
    let mut at = 0;
    while let Some(state) = order.get(at).copied() {
        at += 1;
        let mut row = Vec::with_capacity(samples.len());
        for byte in &samples {
            let next = dfa.next_state(state, *byte);
            if dfa.is_quit_state(next) {
                return Err(too_large());
            }
            if dfa.is_dead_state(next) {
                row.push(0);
                continue;
            }
            let fresh = order.len() + 1;
            let number = *numbers.entry(next).or_insert(fresh);
            if number == fresh {
                order.push(next);
            }
            row.push(number);
        }
        rows.push(row);
        accept.push(dfa.is_match_state(dfa.next_eoi_state(state)));
    }
    let (rows, classes, _) = merge_classes(&rows, &classes, samples.len());
    let (rows, accept) = merge_states(rows, accept);
    let count = rows.first().map_or(0, Vec::len);
    let (rows, classes, stride) = merge_classes(&rows, &classes, count);
    if rows.len().saturating_mul(stride) > PATTERN_CELLS || rows.len() > usize::from(u16::MAX) {
        return Err(too_large());
    }
    let next = rows
        .iter()
        .flatten()
        .map(|state| u16::try_from(*state).unwrap_or(0))
        .collect();
    Ok(plan::Pattern {
        source: source.to_owned(),
        classes,
        stride: u32::try_from(stride).unwrap_or(0),
        next,
        accept,
    })
}

/// Moore's refinement: states that accept the same rests become one. Keeps 0 dead and 1 the start, the rest in order of first use.
///
/// A table that would take too long is left as it is: it is right, only larger.
fn merge_states(rows: Vec<Vec<usize>>, accept: Vec<bool>) -> (Vec<Vec<usize>>, Vec<bool>) {
    // State 1 may be equal to the dead one (a pattern that matches nothing), and must still be number 1.
    let mut block: Vec<usize> = accept.iter().map(|yes| usize::from(*yes)).collect();
    let mut count = 0;
    let cells = rows.len() * rows.first().map_or(0, Vec::len);
    let mut steps = 0;
    loop {
        steps += cells;
        if steps > WORK_STEPS {
            return (rows, accept);
        }
        let mut seen: BTreeMap<(usize, Vec<usize>), usize> = BTreeMap::new();
        let next: Vec<usize> = rows
            .iter()
            .zip(&block)
            .map(|(row, own)| {
                let key = (
                    *own,
                    row.iter()
                        .map(|to| block.get(*to).copied().unwrap_or(0))
                        .collect(),
                );
                let fresh = seen.len();
                *seen.entry(key).or_insert(fresh)
            })
            .collect();
        block = next;
        if seen.len() == count {
            break;
        }
        count = seen.len();
    }
    let dead = block.first().copied().unwrap_or(0);
    let begin = block.get(1).copied().unwrap_or(0);
    // The order in which blocks are first reached from the start.
    let mut number: BTreeMap<usize, usize> = BTreeMap::from([(dead, 0)]);
    let mut order = vec![dead];
    let mut result = vec![vec![0; rows.first().map_or(0, Vec::len)]];
    let mut ends = vec![false];
    if begin == dead {
        return (
            vec![result.first().cloned().unwrap_or_default(); 2],
            vec![false; 2],
        );
    }
    number.insert(begin, 1);
    order.push(begin);
    let mut at = 1;
    while let Some(own) = order.get(at).copied() {
        at += 1;
        let Some(member) = block.iter().position(|other| *other == own) else {
            break;
        };
        let mut row = Vec::new();
        for to in rows.get(member).into_iter().flatten() {
            let target = block.get(*to).copied().unwrap_or(dead);
            let fresh = order.len();
            let found = *number.entry(target).or_insert(fresh);
            if found == fresh {
                order.push(target);
            }
            row.push(found);
        }
        result.push(row);
        ends.push(accept.get(member).copied().unwrap_or(false));
    }
    (result, ends)
}

/// Byte classes that every state treats alike become one.
fn merge_classes(rows: &[Vec<usize>], classes: &[u8], count: usize) -> (Vec<Vec<usize>>, Vec<u8>, usize) {
    let mut seen: BTreeMap<Vec<usize>, u8> = BTreeMap::new();
    let mut kept: Vec<usize> = Vec::new();
    let renamed: Vec<u8> = (0..count)
        .map(|class| {
            let column: Vec<usize> = rows
                .iter()
                .map(|row| row.get(class).copied().unwrap_or(0))
                .collect();
            let fresh = u8::try_from(seen.len()).unwrap_or(u8::MAX);
            *seen.entry(column).or_insert_with(|| {
                kept.push(class);
                fresh
            })
        })
        .collect();
    let narrow = rows
        .iter()
        .map(|row| {
            kept.iter()
                .map(|class| row.get(*class).copied().unwrap_or(0))
                .collect()
        })
        .collect();
    let classes = classes
        .iter()
        .map(|class| renamed.get(usize::from(*class)).copied().unwrap_or(0))
        .collect();
    (narrow, classes, kept.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &plan::Pattern, text: &str) -> bool {
        let mut state = 1usize;
        for byte in text.bytes() {
            let class = usize::from(pattern.classes[usize::from(byte)]);
            state = usize::from(pattern.next[state * pattern.stride as usize + class]);
        }
        pattern.accept[state]
    }

    #[test]
    fn the_whole_text_has_to_match() {
        for (source, yes, no) in [
            ("[0-9]{17}[0-9X]", "11010519491231002X", "11010519491231002x"),
            ("a|ab", "ab", "abc"),
            ("第[一二三]条", "第二条", "第四条"),
            (r"\p{Han}{2,4}", "王小明", "王"),
            ("^1[3-9]\\d{9}$", "13800138000", "23800138000"),
            ("", "", "x"),
            (".*", "什么都行", "a\nb"),
        ] {
            let pattern = compile(source).unwrap();
            assert!(matches(&pattern, yes), "{source} {yes}");
            assert!(!matches(&pattern, no), "{source} {no}");
        }
    }

    #[test]
    fn tables_are_small_and_faults_are_said() {
        let names = compile(r"\p{Han}{2,4}").unwrap().next.len();
        assert!(names < 8_000, "{names}");
        assert!(compile("(").unwrap_err().contains("unclosed"));
        assert!(compile(r"(\p{L}{1,50}){1,50}").is_err());
        assert_eq!(compile("a){2}(b").unwrap_err(), "unopened group");
    }
}
