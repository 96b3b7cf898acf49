//! Expressions: what is checked before and after the parser.
//!
//! In: the text of an expression, and where each of its characters stands in the file. Out: an `ast::Expr`. Must not know: Rhai's
//! tree (`rhai` does), YAML, types.
//!
//! What the language does not have is refused by its first token, before the parser is asked: so the author reads what to write
//! instead, and not what a parser of another language expected. Length and nesting are bounded here too, because the parser recurses.

use super::rhai as rhai_tree;
use super::token::{Kind, Token, Tokens};
use crate::ast::{At, Binary, Expr, ExprKind, Span};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::map::OffsetMap;

/// Bytes of an expression. The longest of our rulesets has 2 kB, and what is longer nobody can check against its clause.
pub const BYTES: usize = 16 << 10;
/// Levels of an expression's tree; the evaluator has 64 (`rules_core::limits::EXPRESSION_DEPTH`), and lowering adds a few.
pub const DEPTH: u32 = 60;
/// Brackets inside one another: the parser recurses over them with large frames.
const BRACKETS: usize = 40;
/// Links of a chain `a.b.c…`, which the parser nests.
const LINKS: usize = 40;

/// The text of an expression, its tokens, and where it stands.
pub(super) struct Source<'a, 'm> {
    /// The tokens.
    pub(super) tokens: Tokens<'a>,
    map: &'m OffsetMap,
    /// Byte of the mapped text at which this text begins.
    base: usize,
}

impl<'a, 'm> Source<'a, 'm> {
    pub(super) fn new(text: &'a str, map: &'m OffsetMap, base: usize) -> Source<'a, 'm> {
        Source {
            tokens: Tokens::cut(text),
            map,
            base,
        }
    }

    /// Bytes of the text as bytes of the file.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        self.map.span(self.base + start, self.base + end)
    }

    /// The bytes of what stands at this byte: its token, or a character, or nothing at the end.
    pub(super) fn word_at(&self, at: usize) -> (usize, usize) {
        if let Some(token) = self.tokens.at(at).and_then(|index| self.tokens.get(index)) {
            return (token.start, token.end);
        }
        let rest = self.tokens.text.get(at..).unwrap_or("");
        let width = rest.chars().next().map_or(0, char::len_utf8);
        (
            at.min(self.tokens.text.len()),
            at.min(self.tokens.text.len()) + width,
        )
    }

    /// Does a word or a literal stand at this byte?
    pub(super) fn word(&self, at: usize) -> bool {
        let token = self.tokens.at(at).and_then(|index| self.tokens.get(index));
        token.is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Number | Kind::Text))
    }

    /// The bytes `start..end` with the parentheses around them, which are not those of a call.
    pub(super) fn wrapped(&self, start: usize, end: usize) -> (usize, usize) {
        let tokens = &self.tokens;
        let (mut start, mut end) = (start, end);
        loop {
            let Some(open) = tokens.from(start).checked_sub(1) else {
                return (start, end);
            };
            let close = tokens.from(end);
            let paired =
                tokens.is(open, "(") && tokens.get(open).is_some_and(|token| token.partner == Some(close));
            let call = open
                .checked_sub(1)
                .and_then(|before| tokens.get(before))
                .is_some_and(|token| match token.kind {
                    Kind::Word => !matches!(tokens.text_of(token), "if" | "in" | "else"),
                    Kind::Close => tokens.text_of(token) != "}",
                    Kind::Number | Kind::Text | Kind::Char | Kind::Open | Kind::Sign => false,
                });
            let (true, false, Some(first), Some(last)) = (paired, call, tokens.get(open), tokens.get(close))
            else {
                return (start, end);
            };
            (start, end) = (first.start, last.end);
        }
    }

    /// The byte behind the bracket that opens at or after `from`.
    pub(super) fn behind(&self, from: usize) -> usize {
        let open = self.tokens.from(from);
        let token = self.tokens.get(open).map(|token| token.end);
        self.tokens
            .close(open)
            .or(token)
            .unwrap_or(self.tokens.text.len())
    }

    /// The number at `start`, with the sign that the parser folds into it and whatever parentheses stand between.
    pub(super) fn number(&self, start: usize) -> (usize, usize) {
        let tokens = &self.tokens;
        let first = tokens.from(start);
        let mut index = first;
        while tokens
            .get(index)
            .is_some_and(|token| matches!(tokens.text_of(token), "-" | "+" | "("))
        {
            index += 1;
        }
        let end = tokens.get(index).map_or(start, |token| token.end);
        (
            start,
            (first..index)
                .filter_map(|outer| tokens.close(outer))
                .max()
                .unwrap_or(end),
        )
    }

    pub(super) fn whole(&self) -> Span {
        self.span(0, self.tokens.text.len())
    }

    fn at(&self, token: Token) -> Span {
        self.span(token.start, token.end)
    }
}

/// Parses an expression that stands at byte `base` of a mapped text. What is wrong goes to the sink.
pub(super) fn parse(text: &str, map: &OffsetMap, base: usize, sink: &mut Sink) -> Expr {
    let source = Source::new(text, map, base);
    let error = Expr {
        kind: ExprKind::Error,
        span: source.whole(),
    };
    match faulty(&source) {
        Some(fault) => {
            sink.push(fault);
            error
        }
        None => rhai_tree::parse(&source, sink).unwrap_or(error),
    }
}

/// `NAME in LIST`, of `each`.
pub(super) fn parse_each(text: &str, map: &OffsetMap, sink: &mut Sink) -> Option<(At<String>, Expr)> {
    let source = Source::new(text, map, 0);
    let (name, word, rest) = (source.tokens.get(0), source.tokens.get(1), source.tokens.get(2));
    let (Some(name), Some(word), Some(rest)) = (name, word, rest) else {
        sink.push(not_each(&source));
        return None;
    };
    if name.kind != Kind::Word || source.tokens.text_of(word) != "in" {
        sink.push(not_each(&source));
        return None;
    }
    let value = source.tokens.text_of(name).to_owned();
    if rhai_tree::is_reserved(&value) {
        sink.push(reserved(&value, source.at(name)));
        return None;
    }
    let list = parse(text.get(rest.start..).unwrap_or(""), map, rest.start, sink);
    Some((
        At {
            value,
            span: source.at(name),
        },
        list,
    ))
}

fn not_each(source: &Source<'_, '_>) -> Diagnostic {
    Diagnostic::new(
        Code::R0111,
        source.whole(),
        "`each` needs a name for the item and a list",
    )
    .help("write `each: guest in guests`")
}

/// A reserved word as a name.
pub(super) fn reserved(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::R0113,
        span,
        format!("`{name}` is a reserved word of the expression language"),
    )
    .help("choose another name, or no expression can read it")
}

/// Checks the body of a function.
pub(super) fn check_body(text: &str, map: &OffsetMap, sink: &mut Sink) {
    let source = Source::new(text, map, 0);
    let fault = bounds(&source, Code::R0114);
    match fault {
        Some(fault) => sink.push(fault),
        None => rhai_tree::check_body(&source, sink),
    }
}

/// May a name be read by an expression?
pub(super) fn is_reserved(name: &str) -> bool {
    rhai_tree::is_reserved(name)
}

/// Where the `}` stands that closes a `${` whose inside begins at `from`.
pub(super) fn piece_end(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let end = Tokens::cut(rest).end;
    rest.get(end..)
        .is_some_and(|rest| rest.starts_with('}'))
        .then_some(from + end)
}

/// The first thing in the tokens that is none of this language.
fn faulty(source: &Source<'_, '_>) -> Option<Diagnostic> {
    let tokens = &source.tokens;
    if tokens.text.trim().is_empty() || tokens.list.is_empty() && tokens.end == tokens.text.len() {
        return Some(
            Diagnostic::new(Code::R0109, source.whole(), "the expression is empty")
                .help("leave the key out, or write a value"),
        );
    }
    if let Some(fault) = bounds(source, Code::R0107) {
        return Some(fault);
    }
    for (index, token) in tokens.list.iter().enumerate() {
        let text = tokens.text_of(*token);
        let property = index.checked_sub(1).is_some_and(|before| tokens.is(before, "."));
        if property && token.kind == Kind::Word {
            continue;
        }
        let (code, message, help) = match (token.kind, text) {
            (Kind::Word, "let" | "const") => (
                Code::R0102,
                format!("`{text}` begins a statement"),
                "name the value under `let:` of the file and use its name here",
            ),
            (Kind::Word, "fn" | "private") => (
                Code::R0102,
                format!("`{text}` begins a statement"),
                "write the function under `functions:` of the file",
            ),
            (
                Kind::Word,
                "return" | "break" | "continue" | "throw" | "try" | "catch" | "import" | "export",
            ) => (
                Code::R0102,
                format!("`{text}` begins a statement"),
                "an expression is its own value: write the value alone",
            ),
            (Kind::Sign, ";") => (
                Code::R0102,
                "`;` ends a statement".to_owned(),
                "an expression has no `;`: join conditions with `&&`",
            ),
            (Kind::Word, "for" | "while" | "loop" | "do" | "until") => (
                Code::R0104,
                format!("`{text}` begins a loop"),
                "ask about a list with `all(xs, |x| …)`, `any`, `none`, `count` or `sum`",
            ),
            (Kind::Sign, "=") => (Code::R0103, "`=` assigns".to_owned(), "write `==` to compare"),
            (
                Kind::Sign,
                "+=" | "-=" | "*=" | "/=" | "%=" | "&=" | "|=" | "^=" | "**=" | "<<=" | ">>=" | ":=",
            ) => (
                Code::R0103,
                format!("`{text}` assigns"),
                "name the new value under `let:` of the file",
            ),
            (Kind::Word, "switch" | "this" | "and" | "or" | "not")
            | (Kind::Char, _)
            | (Kind::Open, "#{")
            | (
                Kind::Sign,
                "===" | "!==" | "**" | "?." | "?[" | "::" | "=>" | "->" | "?" | "&" | "^" | "<<" | ">>" | "@"
                | "#",
            ) => {
                let (message, help) = refuse(text);
                (Code::R0105, message, help)
            }
            _ => continue,
        };
        return Some(Diagnostic::new(code, source.at(*token), message).help(help));
    }
    None
}

/// Length and nesting, before anything recurses.
fn bounds(source: &Source<'_, '_>, length: Code) -> Option<Diagnostic> {
    let tokens = &source.tokens;
    if tokens.text.len() > BYTES {
        let message = format!(
            "the text has {} bytes; at most {BYTES} are read",
            tokens.text.len()
        );
        return Some(
            Diagnostic::new(length, source.whole(), message)
                .help("name parts of it under `let:` of the file"),
        );
    }
    let mut open = 0;
    let mut links = vec![0];
    for token in &tokens.list {
        match (token.kind, tokens.text_of(*token)) {
            (Kind::Open, text) => {
                if let Some(last) = links.last_mut().filter(|_| text == "[") {
                    *last += 1;
                }
                open += 1;
                links.push(0);
            }
            (Kind::Close, _) => {
                open = usize::saturating_sub(open, 1);
                if links.len() > 1 {
                    links.pop();
                }
            }
            (Kind::Sign, "." | "?.") => links.iter_mut().last().into_iter().for_each(|last| *last += 1),
            (Kind::Sign, _) => links.iter_mut().last().into_iter().for_each(|last| *last = 0),
            (Kind::Word | Kind::Number | Kind::Text | Kind::Char, _) => {}
        }
        if open > BRACKETS || links.last().is_some_and(|links| *links > LINKS) {
            return Some(
                Diagnostic::new(
                    Code::R0106,
                    source.at(*token),
                    "the expression is nested too deeply",
                )
                .help("name parts of it under `let:` of the file"),
            );
        }
    }
    None
}

/// What is wrong with a construct that Rhai has and this language has not, and what to write instead.
pub(super) fn refuse(written: &str) -> (String, &'static str) {
    let help = match written {
        "switch" => "write `if … { … } else { … }`",
        "?" => "write `if … { … } else { … }`",
        "this" => "name the field; inside `each`, the item's name",
        "and" => "write `&&`",
        "or" | "|" => "write `||`",
        "&" => "write `&&`",
        "not" => "write `!`",
        "===" => "write `==`",
        "!==" => "write `!=`",
        "?." | "?[" => "write `.` or `[`: what is missing makes the whole unknown by itself",
        "**" => "multiply",
        "(" => "leave the value out: what is missing is unknown by itself; `missing(x)` asks for it",
        "#{" => "a value is a field, a param or a `let:`",
        text if text.starts_with('\'') => "put a text into double quotes",
        _ => "see the reference of the language for what there is",
    };
    (format!("`{written}` is not in this language"), help)
}

/// What to write instead of something that cannot stand where it stands: often a sign of a Chinese keyboard.
pub(super) fn ascii(written: &str, word: bool) -> Option<String> {
    let sign = match written.chars().next()? {
        '≥' => ">=",
        '≤' => "<=",
        '≠' => "!=",
        '×' => "*",
        '÷' => "/",
        '（' => "(",
        '）' => ")",
        '，' => ",",
        '“' | '”' => "\"",
        '＞' => ">",
        '＜' => "<",
        '＝' => "==",
        '！' => "!",
        c if c.is_alphabetic() && !c.is_ascii() => {
            return Some("names are written with a–z, 0–9 and `_`; texts stand in double quotes".to_owned());
        }
        _ if word => return Some("an operator is missing before it, such as `&&`".to_owned()),
        _ => return None,
    };
    Some(format!("write `{sign}`"))
}

/// The operator of this sign.
pub(super) fn operator(name: &str) -> Option<Binary> {
    Some(match name {
        "+" => Binary::Add,
        "-" => Binary::Sub,
        "*" => Binary::Mul,
        "/" => Binary::Div,
        "%" => Binary::Rem,
        "<" => Binary::Lt,
        "<=" => Binary::Le,
        ">" => Binary::Gt,
        ">=" => Binary::Ge,
        "==" => Binary::Eq,
        "!=" => Binary::Ne,
        _ => return None,
    })
}

#[cfg(test)]
#[path = "expr_tests.rs"]
mod tests;
