//! The one module that knows Rhai: its parser, its tree, its errors.
//!
//! In: the text of an expression and its tokens. Out: an `ast::Expr`, whose nodes know all their bytes. Must not know: YAML, types,
//! what a name means.
//!
//! Rhai's tree is no stable API and is meant for running, not for reading: a closure becomes a function beside the tree (with the
//! names it captures as leading parameters, wrapped in a call of `curry`), `x in xs` becomes `contains(xs, x)`, `a.b.c` is nested to
//! the right, and every node has one position and no end. All of that is undone here. The version is exact, and
//! `rhai_tree.txt` holds the tree of every construct.

use super::expr::{DEPTH, Source, ascii, operator, refuse};
use super::token::Kind;
use crate::ast::{At, Expr, ExprKind};
use crate::diagnostic::{Code, Diagnostic, Sink};
use rhai::{
    ASTFlags, ASTNode, Engine, FnCallExpr, FnPtr, LexError, ParseError, ParseErrorType, Position, Stmt,
};

/// Rhai counts every operator of a chain as a level; the depth of the tree itself is limited to `DEPTH` when it is read.
const PARSER_DEPTH: usize = 250;
/// Closures of an expression: the longest of our rulesets has four. Finding a closure's body takes time with their number.
const CLOSURES: usize = 64;
/// Integers that a double holds exactly.
const SAFE: i64 = 9_007_199_254_740_991;

/// An engine that knows no function and runs nothing.
fn engine() -> Engine {
    let mut engine = Engine::new_raw();
    engine.set_max_expr_depths(PARSER_DEPTH, PARSER_DEPTH);
    engine
}

/// Is this word one that the parser keeps for itself?
pub(super) fn is_reserved(word: &str) -> bool {
    const KEYWORDS: [&str; 31] = [
        "true", "false", "let", "const", "if", "else", "switch", "do", "while", "until", "loop", "for", "in",
        "continue", "break", "return", "throw", "try", "catch", "import", "export", "as", "global",
        "private", "fn", "this", "Fn", "call", "curry", "eval", "type_of",
    ];
    let name = word
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !word.starts_with(|c: char| c.is_ascii_digit());
    name && (KEYWORDS.contains(&word) || engine().compile_expression(word).is_err())
}

/// Checks the body of a function.
pub(super) fn check_body(source: &Source<'_, '_>, sink: &mut Sink) {
    if let Err(error) = engine().compile(source.tokens.text) {
        sink.push(Diagnostic {
            code: Code::R0114,
            ..failure(source, &error)
        });
    }
}

/// Parses an expression. `None` if it was reported.
pub(super) fn parse(source: &Source<'_, '_>, sink: &mut Sink) -> Option<Expr> {
    let tree = match engine().compile_expression(source.tokens.text) {
        Ok(tree) => tree,
        Err(error) => {
            sink.push(failure(source, &error));
            return None;
        }
    };
    if tree.iter_fn_def().count() > CLOSURES {
        let message = format!("the expression has more than {CLOSURES} closures");
        let help = "name parts of it under `let:` of the file";
        sink.push(Diagnostic::new(Code::R0107, source.whole(), message).help(help));
        return None;
    }
    let mut lower = Lower {
        tree: &tree,
        source,
        sink,
        too_deep: false,
    };
    let [statement] = tree.statements() else {
        return None;
    };
    Some(lower.statement(statement).expr)
}

/// A parse error in our words.
fn failure(source: &Source<'_, '_>, error: &ParseError) -> Diagnostic {
    let at = offset(source, error.position());
    let (start, end) = source.word_at(at);
    let written = source.tokens.text.get(start..end).unwrap_or("");
    let (mut code, mut help) = (Code::R0101, None);
    let message = match error.err_type() {
        ParseErrorType::UnexpectedEOF => "the expression ends too early".to_owned(),
        ParseErrorType::BadInput(LexError::UnterminatedString) => "the text is not closed".to_owned(),
        ParseErrorType::BadInput(LexError::MalformedNumber(_)) => format!("`{written}` is not a number"),
        ParseErrorType::BadInput(LexError::MalformedEscapeSequence(escape)) => {
            format!("`{escape}` is not an escape")
        }
        ParseErrorType::BadInput(LexError::ImproperSymbol(..)) | ParseErrorType::UnknownOperator(_) => {
            format!("`{written}` is not an operator")
        }
        ParseErrorType::ExprTooDeep => {
            code = Code::R0106;
            help = Some("name parts of it under `let:` of the file".to_owned());
            "the expression is nested too deeply".to_owned()
        }
        ParseErrorType::Reserved(word) => {
            code = Code::R0113;
            format!("`{word}` is a reserved word")
        }
        ParseErrorType::FnDuplicatedParam(_, name) => {
            code = Code::R0110;
            format!("the closure has the parameter `{name}` twice")
        }
        ParseErrorType::BadInput(LexError::UnexpectedInput(_)) if is_reserved(written) => {
            code = Code::R0113;
            help = Some("choose another name for the field or value".to_owned());
            format!("`{written}` is a reserved word")
        }
        ParseErrorType::BadInput(LexError::UnexpectedInput(_)) => {
            help = ascii(written, source.word(start));
            format!("`{written}` cannot stand here")
        }
        ParseErrorType::MissingToken(token, why) if written.is_empty() => {
            format!("`{token}` is missing at the end, {}", plain(why))
        }
        ParseErrorType::MissingToken(token, why) => {
            format!("`{token}` is missing before `{written}`, {}", plain(why))
        }
        other => plain(&other.to_string()),
    };
    let mut diagnostic = Diagnostic::new(code, source.span(start, end), message);
    diagnostic.help.extend(help);
    diagnostic
}

/// A sentence of Rhai in our style.
fn plain(text: &str) -> String {
    let text = text.replace('\'', "`");
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// The byte of a position, which counts lines and characters from 1.
fn offset(source: &Source<'_, '_>, position: Position) -> usize {
    let text = source.tokens.text;
    let Some(line) = position.line() else {
        return text.len();
    };
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let column = position.position().unwrap_or(1) - 1;
    let rest = text.get(start..).unwrap_or("");
    start + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at)
}

/// An expression with its bytes in the text, and how high it is.
struct Piece {
    expr: Expr,
    start: usize,
    end: usize,
    height: u32,
}

struct Lower<'a, 's> {
    tree: &'a rhai::AST,
    source: &'a Source<'a, 'a>,
    sink: &'s mut Sink,
    too_deep: bool,
}

impl Lower<'_, '_> {
    fn make(&mut self, kind: ExprKind, start: usize, end: usize, height: u32) -> Piece {
        let span = self.source.span(start, end);
        let mut kind = kind;
        if height > DEPTH {
            if !self.too_deep {
                self.too_deep = true;
                self.sink.push(
                    Diagnostic::new(
                        Code::R0106,
                        span,
                        format!("the expression is nested more than {DEPTH} levels deep"),
                    )
                    .help("name parts of it under `let:` of the file"),
                );
            }
            kind = ExprKind::Error;
        }
        Piece {
            expr: Expr { kind, span },
            start,
            end,
            height,
        }
    }

    fn error(&mut self, code: Code, start: usize, end: usize, message: &str, help: &str) -> Piece {
        self.sink
            .push(Diagnostic::new(code, self.source.span(start, end), message).help(help));
        self.make(ExprKind::Error, start, end, 1)
    }

    fn unsupported(&mut self, position: Position) -> Piece {
        let (start, end) = self.leaf(position);
        let written = self.source.tokens.text.get(start..end).unwrap_or("");
        let (message, help) = refuse(written);
        self.error(Code::R0105, start, end, &message, help)
    }

    /// The bytes of the token at a position.
    fn leaf(&self, position: Position) -> (usize, usize) {
        self.source.word_at(offset(self.source, position))
    }

    fn wrapped(&self, piece: &Piece) -> (usize, usize) {
        self.source.wrapped(piece.start, piece.end)
    }

    fn statement(&mut self, statement: &Stmt) -> Piece {
        match statement {
            Stmt::Expr(expr) => self.expr(expr),
            Stmt::FnCall(call, position) => self.call(call, *position),
            Stmt::If(parts, position) => {
                let (start, _) = self.leaf(*position);
                let condition = self.expr(&parts.expr);
                let yes = self.braces(&parts.body, start);
                if parts.branch.is_empty() {
                    return self.error(
                        Code::R0115,
                        start,
                        yes.end,
                        "an `if` without `else` has no value where its condition is false",
                        "add `else { … }`",
                    );
                }
                let no = self.braces(&parts.branch, yes.end);
                let height = 1 + condition.height.max(yes.height).max(no.height);
                let kind = ExprKind::If(Box::new(condition.expr), Box::new(yes.expr), Box::new(no.expr));
                self.make(kind, start, no.end, height)
            }
            Stmt::Block(block) => self.braces(block, 0),
            other => self.unsupported(other.position()),
        }
    }

    fn braces(&mut self, block: &rhai::StmtBlock, default: usize) -> Piece {
        let none = block.position().is_none();
        let start = if none {
            default
        } else {
            offset(self.source, block.position())
        };
        self.block(block.statements(), start)
    }

    /// The one expression of a block that begins at `start`; its end is the end of the block.
    fn block(&mut self, statements: &[Stmt], start: usize) -> Piece {
        let braces = self
            .source
            .tokens
            .at(start)
            .filter(|index| self.source.tokens.is(*index, "{"));
        let end = braces.map(|_| self.source.behind(start));
        let mut piece = match statements {
            [statement] => self.statement(statement),
            [] => self.error(
                Code::R0109,
                start,
                end.unwrap_or(start + 1),
                "the block is empty",
                "write the value that it stands for",
            ),
            [_, second, ..] => {
                let (from, to) = self.leaf(second.position());
                let help = "a block is one expression: name parts of it under `let:` of the file";
                self.error(
                    Code::R0102,
                    from,
                    to,
                    "a second expression stands in the block",
                    help,
                )
            }
        };
        piece.end = end.unwrap_or(piece.end).max(piece.end);
        piece
    }

    fn expr(&mut self, expr: &rhai::Expr) -> Piece {
        match expr {
            rhai::Expr::BoolConstant(value, position) => {
                let (start, end) = self.leaf(*position);
                self.make(ExprKind::Bool(*value), start, end, 1)
            }
            rhai::Expr::IntegerConstant(value, position) => {
                let (start, end) = self.source.number(offset(self.source, *position));
                if value.unsigned_abs() > SAFE.unsigned_abs() {
                    return self.inexact(start, end);
                }
                self.make(ExprKind::Int(*value), start, end, 1)
            }
            rhai::Expr::FloatConstant(value, position) => {
                let (start, end) = self.source.number(offset(self.source, *position));
                let value: f64 = **value;
                // An integer that is too large for 64 bits comes as a float.
                let written = self.source.tokens.text.get(start..end).unwrap_or("");
                if !value.is_finite() || !written.contains(['.', 'e', 'E']) {
                    return self.inexact(start, end);
                }
                self.make(ExprKind::Num(value), start, end, 1)
            }
            rhai::Expr::StringConstant(value, position) => {
                let (start, end) = self.leaf(*position);
                self.make(ExprKind::Text(value.to_string()), start, end, 1)
            }
            rhai::Expr::InterpolatedString(parts, position) => {
                let first = parts.first().map_or(*position, rhai::Expr::start_position);
                let (start, end) = self.leaf(if position.is_none() { first } else { *position });
                let mut pieces = Vec::with_capacity(parts.len());
                let mut height = 1;
                for part in parts {
                    // The literal parts have no token of their own.
                    let piece = match part {
                        rhai::Expr::StringConstant(text, _) if text.is_empty() => continue,
                        rhai::Expr::StringConstant(text, _) => {
                            self.make(ExprKind::Text(text.to_string()), start, end, 1)
                        }
                        other => self.expr(other),
                    };
                    height = height.max(1 + piece.height);
                    pieces.push(piece.expr);
                }
                self.make(ExprKind::Interpolated(pieces), start, end, height)
            }
            rhai::Expr::Array(items, position) => {
                let (start, _) = self.leaf(*position);
                let (items, height) = self.list(items);
                let end = self.source.behind(start);
                self.make(ExprKind::Array(items), start, end, 1 + height)
            }
            rhai::Expr::Variable(parts, _, position) if parts.2.is_empty() => {
                let (start, end) = self.leaf(*position);
                self.make(ExprKind::Name(parts.1.to_string()), start, end, 1)
            }
            rhai::Expr::FnCall(call, position) => self.call(call, *position),
            rhai::Expr::Dot(sides, flags, position) => {
                let base = self.expr(&sides.lhs);
                self.link(base, true, &sides.rhs, *flags, *position)
            }
            rhai::Expr::Index(sides, flags, position) => {
                let base = self.expr(&sides.lhs);
                self.link(base, false, &sides.rhs, *flags, *position)
            }
            rhai::Expr::And(operands, _) => self.operands(operands, ExprKind::And),
            rhai::Expr::Or(operands, _) => self.operands(operands, ExprKind::Or),
            rhai::Expr::Coalesce(operands, _) => {
                let mut operands = operands.iter();
                let Some(first) = operands.next() else {
                    return self.unsupported(expr.position());
                };
                let mut left = self.expr(first);
                for operand in operands {
                    let right = self.expr(operand);
                    left = self.two(left, right, |a, b| ExprKind::Coalesce(Box::new(a), Box::new(b)));
                }
                left
            }
            rhai::Expr::Stmt(block) => match (self.closure_of(expr), block.statements()) {
                (Some(_), _) => self.stray_closure(expr),
                (None, [statement]) => self.statement(statement),
                (None, _) => self.braces(block, 0),
            },
            rhai::Expr::DynamicConstant(..) if self.closure_of(expr).is_some() => self.stray_closure(expr),
            other => self.unsupported(other.start_position()),
        }
    }

    fn list(&mut self, exprs: &[rhai::Expr]) -> (Vec<Expr>, u32) {
        let pieces: Vec<Piece> = exprs.iter().map(|item| self.expr(item)).collect();
        let height = pieces.iter().map(|piece| piece.height).max().unwrap_or(0);
        (pieces.into_iter().map(|piece| piece.expr).collect(), height)
    }

    fn inexact(&mut self, start: usize, end: usize) -> Piece {
        let help = "integers are exact up to 9007199254740991; a number that identifies is a text: put it in double quotes";
        self.error(Code::R0108, start, end, "this number is not exact", help)
    }

    fn two(&mut self, left: Piece, right: Piece, kind: impl FnOnce(Expr, Expr) -> ExprKind) -> Piece {
        let ((start, _), (_, end)) = (self.wrapped(&left), self.wrapped(&right));
        let height = 1 + left.height.max(right.height);
        self.make(kind(left.expr, right.expr), start, end, height)
    }

    fn operands(&mut self, operands: &[rhai::Expr], kind: fn(Vec<Expr>) -> ExprKind) -> Piece {
        let pieces: Vec<Piece> = operands.iter().map(|operand| self.expr(operand)).collect();
        let start = pieces.first().map_or(0, |piece| self.wrapped(piece).0);
        let end = pieces.last().map_or(start, |piece| self.wrapped(piece).1);
        let height = 1 + pieces.iter().map(|piece| piece.height).max().unwrap_or(0);
        self.make(
            kind(pieces.into_iter().map(|piece| piece.expr).collect()),
            start,
            end,
            height,
        )
    }

    /// A call or an operator: the token at its position tells which.
    fn call(&mut self, call: &FnCallExpr, position: Position) -> Piece {
        let (start, end) = self.leaf(position);
        let word = self
            .source
            .tokens
            .at(start)
            .and_then(|index| self.source.tokens.get(index));
        let written = word.map_or("", |token| self.source.tokens.text_of(token));
        if word.is_some_and(|token| token.kind == Kind::Word) && written != "in" {
            if call.capture_parent_scope || call.is_qualified() {
                return self.unsupported(position);
            }
            let name = At {
                value: written.to_owned(),
                span: self.source.span(start, end),
            };
            return self.arguments(name, None, call, start, end);
        }
        match (call.name.as_str(), call.args.as_slice()) {
            ("contains", [items, item]) => {
                let item = self.expr(item);
                let items = self.expr(items);
                self.two(item, items, |a, b| ExprKind::In(Box::new(a), Box::new(b)))
            }
            ("!", [rhai::Expr::FnCall(inner, at)]) if *at == position && inner.name == "contains" => {
                let inside = self.call(inner, position);
                let height = 1 + inside.height;
                let (start, end) = (inside.start, inside.end);
                self.make(ExprKind::Not(Box::new(inside.expr)), start, end, height)
            }
            ("!" | "-", [operand]) => {
                let operand = self.expr(operand);
                let (_, end) = self.wrapped(&operand);
                let height = 1 + operand.height;
                let kind = if call.name == "!" {
                    ExprKind::Not
                } else {
                    ExprKind::Neg
                };
                self.make(kind(Box::new(operand.expr)), start, end, height)
            }
            (name @ (".." | "..="), [low, high]) => {
                let inclusive = name == "..=";
                let (low, high) = (self.expr(low), self.expr(high));
                self.two(low, high, |low, high| ExprKind::Range {
                    low: Box::new(low),
                    high: Box::new(high),
                    inclusive,
                })
            }
            (name, [left, right]) => {
                let Some(operator) = operator(name) else {
                    return self.unsupported(position);
                };
                let (left, right) = (self.expr(left), self.expr(right));
                self.two(left, right, |a, b| {
                    ExprKind::Binary(operator, Box::new(a), Box::new(b))
                })
            }
            _ => self.unsupported(position),
        }
    }

    fn arguments(
        &mut self,
        name: At<String>,
        receiver: Option<Piece>,
        call: &FnCallExpr,
        from: usize,
        behind: usize,
    ) -> Piece {
        let mut height = receiver.as_ref().map_or(0, |piece| piece.height);
        let mut arguments: Vec<Expr> = receiver.into_iter().map(|piece| piece.expr).collect();
        for argument in &call.args {
            let piece = match self.closure_of(argument) {
                Some(closure) => self.closure(&closure),
                None => self.expr(argument),
            };
            height = height.max(piece.height);
            arguments.push(piece.expr);
        }
        let end = self.source.behind(behind);
        self.make(ExprKind::Call(name, arguments), from, end, 1 + height)
    }

    /// `base.rhs` or `base[rhs]`, where the right side may hold the rest of the chain.
    fn link(
        &mut self,
        base: Piece,
        dot: bool,
        rhs: &rhai::Expr,
        flags: ASTFlags,
        position: Position,
    ) -> Piece {
        if flags.contains(ASTFlags::NEGATED) {
            return self.unsupported(position);
        }
        let mut base = base;
        let (mut dot, mut rhs, mut flags) = (dot, rhs, flags);
        loop {
            // An index whose chain is broken has an expression in its brackets; else what follows it is the rest of the chain.
            let ends = !dot && flags.contains(ASTFlags::BREAK);
            let (first, rest) = match rhs {
                rhai::Expr::Dot(sides, flags, _) if !ends => (&sides.lhs, Some((true, &sides.rhs, *flags))),
                rhai::Expr::Index(sides, flags, _) if !ends => {
                    (&sides.lhs, Some((false, &sides.rhs, *flags)))
                }
                other => (other, None),
            };
            base = self.step(base, dot, first);
            match rest {
                Some((_, _, next)) if next.contains(ASTFlags::NEGATED) => {
                    return self.unsupported(first.position());
                }
                Some(next) => (dot, rhs, flags) = next,
                None => return base,
            }
        }
    }

    fn step(&mut self, base: Piece, dot: bool, link: &rhai::Expr) -> Piece {
        let (from, behind) = self.wrapped(&base);
        let height = 1 + base.height;
        match link {
            rhai::Expr::Property(names, position) if dot => {
                let (start, end) = self.leaf(*position);
                let name = At {
                    value: names.2.to_string(),
                    span: self.source.span(start, end),
                };
                self.make(ExprKind::Member(Box::new(base.expr), name), from, end, height)
            }
            rhai::Expr::MethodCall(call, position) if dot => {
                let (start, end) = self.leaf(*position);
                let name = At {
                    value: call.name.to_string(),
                    span: self.source.span(start, end),
                };
                self.arguments(name, Some(Piece { start: from, ..base }), call, from, end)
            }
            index if !dot => {
                let end = self.source.behind(behind);
                let index = self.expr(index);
                let height = height.max(1 + index.height);
                self.make(
                    ExprKind::Index(Box::new(base.expr), Box::new(index.expr)),
                    from,
                    end,
                    height,
                )
            }
            other => self.unsupported(other.position()),
        }
    }

    /// Is it a closure? Either a pointer to its function, or a block that shares what it captures and curries the pointer with it.
    fn closure_of(&self, expr: &rhai::Expr) -> Option<Closure> {
        match expr {
            rhai::Expr::DynamicConstant(value, position) => {
                let pointer = value.as_ref().clone().try_cast::<FnPtr>()?;
                Some(Closure {
                    function: pointer.fn_name().to_owned(),
                    captured: 0,
                    position: *position,
                })
            }
            rhai::Expr::Stmt(block) => {
                let [Stmt::Share(_), Stmt::Expr(curry)] = block.statements() else {
                    return None;
                };
                let rhai::Expr::FnCall(call, _) = curry.as_ref() else {
                    return None;
                };
                let (pointer, captured) = call.args.split_first()?;
                Some(Closure {
                    captured: captured.len(),
                    ..self.closure_of(pointer)?
                })
            }
            _ => None,
        }
    }

    fn closure(&mut self, closure: &Closure) -> Piece {
        let (start, bar) = self.leaf(closure.position);
        let tree = self.tree;
        let Some(function) = tree
            .iter_fn_def()
            .find(|function| function.name == closure.function)
        else {
            return self.unsupported(closure.position);
        };
        let names: Vec<&str> = function
            .params
            .iter()
            .skip(closure.captured)
            .map(|name| name.as_str())
            .collect();
        let [name] = names.as_slice() else {
            let help = "write `|x| …`, where `x` is the item";
            return self.error(
                Code::R0110,
                start,
                bar,
                "a closure of this language has one parameter",
                help,
            );
        };
        let tokens = &self.source.tokens;
        let parameter = tokens.from(bar);
        let span = tokens
            .get(parameter)
            .map_or(self.source.span(start, bar), |token| {
                self.source.span(token.start, token.end)
            });
        let name = At {
            value: (*name).to_owned(),
            span,
        };
        let brace = tokens
            .get(parameter + 2)
            .filter(|token| tokens.text_of(*token) == "{")
            .map(|token| token.start);
        let body = self.block(&self.body_of(&closure.function), brace.unwrap_or(bar));
        let end = brace.map_or_else(|| self.wrapped(&body).1, |brace| self.source.behind(brace));
        let height = 1 + body.height;
        self.make(ExprKind::Closure(name, Box::new(body.expr)), start, end, height)
    }

    /// The statements of a closure's function. Its body has no public name in Rhai; a walk over a tree of that function alone sees it.
    fn body_of(&self, function: &str) -> Vec<Stmt> {
        let mut alone = self.tree.clone_functions_only();
        alone.retain_functions(|_, _, name, _| name == function);
        let mut body = Vec::new();
        alone.walk(&mut |path| {
            if let [ASTNode::Stmt(statement)] = path {
                body.push((*statement).clone());
            }
            true
        });
        body
    }

    fn stray_closure(&mut self, expr: &rhai::Expr) -> Piece {
        let (start, end) = self.leaf(
            self.closure_of(expr)
                .map_or(expr.position(), |closure| closure.position),
        );
        let help = "use it in `all(xs, |x| …)`, `any`, `none`, `count`, `sum`, `min` or `max`";
        self.error(
            Code::R0110,
            start,
            end,
            "a closure can only be an argument of a function",
            help,
        )
    }
}

/// A closure that was found in the tree.
struct Closure {
    function: String,
    captured: usize,
    position: Position,
}

#[cfg(test)]
#[path = "rhai_tests.rs"]
mod tests;
