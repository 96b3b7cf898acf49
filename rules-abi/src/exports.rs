//! The names that a host finds in the module, as `docs/hosts.md` lists them. Numbers are u32, an address and a length where bytes are given; no
//! others, for old engines cannot pass an i64 and have one result.

use crate::engine::Engine;
use core::cell::UnsafeCell;

/// The protocol's version. It grows when a call changes its meaning; new calls do not change it.
const VERSION: usize = 1;

/// The instance's one engine.
struct Whole(UnsafeCell<Engine>);

#[expect(
    unsafe_code,
    reason = "a static asks for it; this target has no threads, so nothing is shared between any"
)]
unsafe impl Sync for Whole {}

static WHOLE: Whole = Whole(UnsafeCell::new(Engine::new()));

fn engine<T>(run: impl FnOnce(&mut Engine) -> T) -> T {
    #[expect(
        unsafe_code,
        reason = "the only borrow: one thread, and no import through which a call could come back while another is under way"
    )]
    let engine = unsafe { &mut *WHOLE.0.get() };
    run(engine)
}

/// Writes one exported function per line: its name, its numbers, and what the engine does.
macro_rules! exports {
    ($($(#[doc = $text:literal])+ fn $name:ident($($number:ident),*) = $run:expr;)+) => {
        $(
            $(#[doc = $text])+
            #[expect(unsafe_code, reason = "the linker keeps a name as it is; nobody else uses this prefix")]
            #[unsafe(no_mangle)]
            pub extern "C" fn $name($($number: usize),*) -> usize {
                engine($run)
            }
        )+
    };
}

exports! {
    /// Version of this protocol.
    fn rules_version() = |_| VERSION;
    /// Address of two words: where the last call's answer stands, and how many bytes it has. Always the same.
    fn rules_answer() = |engine| engine.answer.address();
    /// Address of fresh memory for the host to write into; 0 where there is none.
    fn rules_alloc(len) = |engine| engine.buffers.hand_out(len);
    /// Takes memory back.
    fn rules_free(at) = |engine| engine.call(|engine| engine.free(at));
    /// Ends the life of a ruleset, of tables, of a prepared check or of a session.
    fn rules_drop(handle) = |engine| engine.call(|engine| engine.forget(handle));
    /// Loads a bundle: its handle.
    fn rules_load(at, len) = |engine| engine.call(|engine| engine.load((at, len)));
    /// `sha256:…` of the bundle's content.
    fn rules_digest(ruleset) = |engine| engine.call(|engine| engine.digest(ruleset));
    /// The words of reasons and of faults in the order of their numbers.
    fn rules_words() = |engine| engine.call(Engine::words);
    /// Empty tables for a ruleset: their handle.
    fn rules_tables(ruleset) = |engine| engine.call(|engine| engine.tables(ruleset));
    /// Takes the data of a table as JSON text.
    fn rules_insert(tables, name, name_len, at, len) =
        |engine| engine.call(|engine| engine.insert(tables, (name, name_len), (at, len)));
    /// A ruleset with options as JSON text, and tables or 0: a handle for checks.
    fn rules_prepare(ruleset, tables, at, len) =
        |engine| engine.call(|engine| engine.prepare(ruleset, tables, (at, len)));
    /// Number of the layers that decide, from 1; 0 where the ruleset does not hold.
    fn rules_variant(prepared) = |engine| engine.call(|engine| engine.variant(prepared));
    /// Checks answers as JSON text: the canonical report.
    fn rules_check(prepared, at, len) = |engine| engine.call(|engine| engine.check(prepared, (at, len)));
    /// Checks answers as JSON text: outcomes as words.
    fn rules_outcomes(prepared, at, len) = |engine| engine.call(|engine| engine.outcomes(prepared, (at, len)));
    /// Distances between places given as JSON text: JSON text.
    fn rules_distances(at, len) = |engine| engine.call(|engine| engine.distances((at, len)));
    /// Begins a session with answers as JSON text: its handle.
    fn rules_session(prepared, at, len) = |engine| engine.call(|engine| engine.session(prepared, (at, len)));
    /// Sets a place (JSON Pointer) to a value as JSON text: words `[words, rule …]`, the rules that moved.
    fn rules_session_set(session, path, path_len, at, len) =
        |engine| engine.call(|engine| engine.set(session, (path, path_len), (at, len)));
    /// Removes an answer or an item: the rules that moved.
    fn rules_session_remove(session, path, path_len) =
        |engine| engine.call(|engine| engine.remove(session, (path, path_len)));
    /// 1 where the field or group is asked, otherwise 0.
    fn rules_session_relevant(session, path, path_len) =
        |engine| engine.call(|engine| engine.relevant(session, (path, path_len)));
    /// The canonical report; `explain` and `all` are 0 or 1.
    fn rules_session_report(session, explain, all) =
        |engine| engine.call(|engine| engine.report(session, explain != 0, all != 0));
    /// The answers as canonical JSON.
    fn rules_session_answers(session) = |engine| engine.call(|engine| engine.answers(session));
    /// Two words: failed findings, and findings that are open.
    fn rules_session_open(session) = |engine| engine.call(|engine| engine.open(session));
    /// What one rule says, as JSON text.
    fn rules_session_rule(session, rule) = |engine| engine.call(|engine| engine.rule(session, rule));
}
