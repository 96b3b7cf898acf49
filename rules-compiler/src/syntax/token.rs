//! Cuts the text of an expression into tokens with their first and last bytes, and pairs its brackets.
//!
//! In: text. Out: tokens. Must not know: what the tokens mean together; the parser of the expression language decides that.
//!
//! The parser says where each node begins, in lines and characters, and nowhere where it ends. These tokens give the ends. They also
//! tell, before the parser is called, how deep the brackets nest, and which words and signs are none of this language.

/// The kinds of tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Name or keyword.
    Word,
    /// Number.
    Number,
    /// `"…"`, `` `…` ``, `#"…"#`. The pieces `${…}` of a template follow as tokens of their own.
    Text,
    /// `'…'`
    Char,
    /// `(`, `[`, `{`, `#{`, `${`
    Open,
    /// `)`, `]`, `}`
    Close,
    /// Any other sign.
    Sign,
}

/// A token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// First byte.
    pub(super) start: usize,
    /// Byte after the last.
    pub(super) end: usize,
    /// Of a bracket: the token that it pairs with.
    pub(super) partner: Option<usize>,
}

/// The tokens of a text.
#[derive(Clone, Debug)]
pub(super) struct Tokens<'a> {
    /// The text.
    pub(super) text: &'a str,
    /// In the order of their first bytes.
    pub(super) list: Vec<Token>,
    /// Where cutting ended: at the end, or at a `}` that closes nothing.
    pub(super) end: usize,
    /// The deepest nesting of brackets.
    pub(super) depth: usize,
}

/// Signs of more than one character, longest first.
const SIGNS: [&str; 33] = [
    "..=", "...", "**=", "<<=", ">>=", "===", "!==", "..", "?.", "?[", "??", "&&", "||", "==", "!=", "<=",
    ">=", "::", "=>", "->", "<-", ":=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "**", "<<", ">>",
];

impl<'a> Tokens<'a> {
    /// Cuts a text.
    pub(super) fn cut(text: &'a str) -> Tokens<'a> {
        let mut cutter = Cutter {
            tokens: Tokens {
                text,
                list: Vec::new(),
                end: 0,
                depth: 0,
            },
            open: Vec::new(),
        };
        cutter.run();
        cutter.tokens
    }

    /// The text of a token.
    pub(super) fn text_of(&self, token: Token) -> &'a str {
        self.text.get(token.start..token.end).unwrap_or("")
    }

    /// The token of this number.
    pub(super) fn get(&self, index: usize) -> Option<Token> {
        self.list.get(index).copied()
    }

    /// The number of the token that begins at this byte.
    pub(super) fn at(&self, start: usize) -> Option<usize> {
        self.list.binary_search_by_key(&start, |token| token.start).ok()
    }

    /// The number of the first token that begins at or behind this byte.
    pub(super) fn from(&self, start: usize) -> usize {
        self.list.partition_point(|token| token.start < start)
    }

    /// Is it this sign, bracket or word?
    pub(super) fn is(&self, index: usize, text: &str) -> bool {
        self.get(index).is_some_and(|token| self.text_of(token) == text)
    }

    /// The byte behind the bracket that closes the one with this number.
    pub(super) fn close(&self, open: usize) -> Option<usize> {
        self.get(self.get(open)?.partner?).map(|token| token.end)
    }
}

/// An open bracket and, for `${`, the template that it stands in.
struct Open {
    token: usize,
    template: Option<usize>,
}

struct Cutter<'a> {
    tokens: Tokens<'a>,
    open: Vec<Open>,
}

impl<'a> Cutter<'a> {
    fn rest(&self) -> &'a str {
        self.tokens.text.get(self.tokens.end..).unwrap_or("")
    }

    fn push(&mut self, kind: Kind, bytes: usize) -> usize {
        let start = self.tokens.end;
        self.tokens.end += bytes;
        self.tokens.list.push(Token {
            kind,
            start,
            end: start + bytes,
            partner: None,
        });
        self.tokens.list.len() - 1
    }

    fn run(&mut self) {
        loop {
            let rest = self.rest();
            let Some(c) = rest.chars().next() else {
                return;
            };
            if c.is_whitespace() {
                self.tokens.end += c.len_utf8();
            } else if let Some(bytes) = comment(rest) {
                self.tokens.end += bytes;
            } else if c.is_ascii_digit() {
                let bytes = number(rest);
                self.push(Kind::Number, bytes);
            } else if c.is_alphabetic() || c == '_' {
                let bytes = rest
                    .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                    .unwrap_or(rest.len());
                self.push(Kind::Word, bytes);
            } else if c == '"' || c == '\'' {
                let bytes = quoted(rest, c);
                self.push(if c == '"' { Kind::Text } else { Kind::Char }, bytes);
            } else if c == '`' {
                let token = self.push(Kind::Text, 1);
                self.template(token);
            } else if let Some(bytes) = raw(rest) {
                self.push(Kind::Text, bytes);
            } else if rest.starts_with("#{") {
                self.bracket(2, None);
            } else if matches!(c, '(' | '[' | '{') {
                self.bracket(1, None);
            } else if matches!(c, ')' | ']' | '}') {
                if !self.close(c) {
                    return;
                }
            } else {
                let bytes = SIGNS
                    .iter()
                    .find(|sign| rest.starts_with(**sign))
                    .map_or(c.len_utf8(), |sign| sign.len());
                self.push(Kind::Sign, bytes);
            }
        }
    }

    fn bracket(&mut self, bytes: usize, template: Option<usize>) {
        let token = self.push(Kind::Open, bytes);
        self.open.push(Open { token, template });
        self.tokens.depth = self.tokens.depth.max(self.open.len());
    }

    /// A closing bracket; false if it is a `}` that closes nothing.
    fn close(&mut self, c: char) -> bool {
        if c == '}' && self.open.is_empty() {
            return false;
        }
        let closing = self.push(Kind::Close, 1);
        let fits = self
            .open
            .last()
            .and_then(|open| self.tokens.get(open.token))
            .is_some_and(|token| {
                let bracket = self.tokens.text_of(token);
                matches!((bracket, c), ("(", ')') | ("[", ']') | ("{" | "#{" | "${", '}'))
            });
        // A bracket that does not fit is left for the parser to report.
        let Some(open) = (if fits { self.open.pop() } else { None }) else {
            return true;
        };
        for (index, partner) in [(open.token, closing), (closing, open.token)] {
            if let Some(token) = self.tokens.list.get_mut(index) {
                token.partner = Some(partner);
            }
        }
        if let Some(template) = open.template {
            self.template(template);
        }
        true
    }

    /// The literal part of a template up to its end or its next `${`.
    fn template(&mut self, template: usize) {
        loop {
            let rest = self.rest();
            let Some(at) = rest.find(['`', '$']) else {
                self.tokens.end = self.tokens.text.len();
                break;
            };
            let found = rest.get(at..).unwrap_or("");
            if found.starts_with("${") {
                self.tokens.end += at;
                self.bracket(2, Some(template));
                return;
            }
            if found.starts_with("``") {
                self.tokens.end += at + 2;
            } else {
                self.tokens.end += at + 1;
                if found.starts_with('`') {
                    break;
                }
            }
        }
        let end = self.tokens.end;
        if let Some(token) = self.tokens.list.get_mut(template) {
            token.end = end;
        }
    }
}

/// The bytes of a comment.
fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    let mut inside = rest.strip_prefix("/*")?;
    let mut depth = 1;
    while depth > 0 {
        let Some(at) = inside.find("*/") else {
            return Some(rest.len());
        };
        match inside.find("/*") {
            Some(again) if again < at => {
                depth += 1;
                inside = inside.get(again + 2..).unwrap_or("");
            }
            _ => {
                depth -= 1;
                inside = inside.get(at + 2..).unwrap_or("");
            }
        }
    }
    Some(rest.len() - inside.len())
}

/// The bytes of a number: `1_000`, `1.5e-3`, but of `1..5` only the `1`.
fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let mut at = 0;
    loop {
        let here = byte(at);
        let exponent = matches!(here, b'+' | b'-')
            && matches!(byte(at.wrapping_sub(1)), b'e' | b'E')
            && byte(at + 1).is_ascii_digit()
            && !rest.starts_with("0x");
        let point = here == b'.' && byte(at + 1).is_ascii_digit();
        if !(here.is_ascii_alphanumeric() || here == b'_' || exponent || point) {
            return at.max(1);
        }
        at += 1;
    }
}

/// The bytes of a text in these quotes; a doubled quote is a quote.
fn quoted(rest: &str, quote: char) -> usize {
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if c == quote {
            if chars.peek().is_some_and(|(_, next)| *next == quote) {
                chars.next();
            } else {
                return at + c.len_utf8();
            }
        }
    }
    rest.len()
}

/// The bytes of a raw text `#"…"#`.
fn raw(rest: &str) -> Option<usize> {
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    let inside = rest.get(hashes..)?.strip_prefix('"').filter(|_| hashes > 0)?;
    let close = format!("\"{}", "#".repeat(hashes));
    Some(
        inside
            .find(&close)
            .map_or(rest.len(), |at| hashes + 1 + at + close.len()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        let tokens = Tokens::cut(text);
        tokens.list.iter().map(|token| tokens.text_of(*token)).collect()
    }

    #[test]
    fn tokens_have_their_ends() {
        assert_eq!(cut("a.b>=1.5e-3&&x"), ["a", ".", "b", ">=", "1.5e-3", "&&", "x"]);
        assert_eq!(
            cut("1..5 // 甲\n + /* a /* b */ */ 2"),
            ["1", "..", "5", "+", "2"]
        );
        assert_eq!(
            cut(r#"f("a\"b", "c""d", 'x')"#),
            ["f", "(", r#""a\"b""#, ",", r#""c""d""#, ",", "'x'", ")"]
        );
        assert_eq!(
            cut("`甲``${f(`乙${x}`)}丙` + 1").first(),
            Some(&"`甲``${f(`乙${x}`)}丙`")
        );
        assert_eq!(cut("`甲${x}丙` + 1"), ["`甲${x}丙`", "${", "x", "}", "+", "1"]);
        assert_eq!(
            cut(r##"#"a"b"# + #{ a: 1 }"##),
            [r##"#"a"b"#"##, "+", "#{", "a", ":", "1", "}"]
        );
    }

    #[test]
    fn brackets_are_paired_and_an_unmatched_brace_ends_it() {
        let tokens = Tokens::cut("f(a[1], { b }) } rest");
        assert_eq!(tokens.text.get(..tokens.end), Some("f(a[1], { b }) "));
        assert_eq!(tokens.close(1), Some(14));
        assert_eq!(tokens.depth, 2);
        assert_eq!(Tokens::cut("(]").close(0), None);
    }

    #[test]
    fn whatever_is_open_ends_with_the_text() {
        for text in [
            "\"abc", "`abc", "`a${b", "/* a", "'", "#\"a", "1e", "\\", "``", "`", "$", "`$", "`${`",
        ] {
            let tokens = Tokens::cut(text);
            assert_eq!(tokens.end, text.len(), "{text}");
            assert!(tokens.list.iter().all(|token| token.end <= text.len()));
        }
    }
}
