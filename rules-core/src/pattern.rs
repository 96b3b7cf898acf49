//! Running a regular expression that the compiler made into an automaton: linear in the text, whatever the pattern.

use crate::plan::Pattern;

impl Pattern {
    /// Does the whole text match?
    pub fn matches(&self, text: &str) -> bool {
        let mut state = 1usize;
        for byte in text.bytes() {
            let class = self.classes.get(usize::from(byte)).copied().unwrap_or(0);
            let cell = state * self.stride as usize + usize::from(class);
            state = self.next.get(cell).copied().map_or(0, usize::from);
            if state == 0 {
                return false;
            }
        }
        self.accept.get(state).copied().unwrap_or(false)
    }
}
