//! Author's functions: what an expression cannot say, run in Rhai, sandboxed and limited.
//!
//! In: a plan's functions and known arguments. Out: a value of the declared type, or a fault. Must not know: answers, reports. A body sees its
//! arguments and nothing else: no files, no clock, no random numbers, no printing; floats have only what is equal on every platform.
//! A crate of its own because the interpreter is larger than the whole engine: a runtime links it only if its rulesets need it.
//!
//! ```
//! use rules_core::{Options, domain::date::Date};
//! let functions = rules_functions::RhaiFunctions::new();
//! let day = Date::from_ymd(2026, 3, 2).unwrap();
//! let options = Options { functions: Some(&functions), ..Options::on(day) };
//! # let _ = options;
//! ```

use rhai::packages::{ArithmeticPackage, BasicArrayPackage, LogicPackage, MoreStringPackage, Package};
use rhai::{AST, Dynamic, Engine, Scope};
use rules_core::eval::{Arg, Functions, Returned};
use rules_core::limits::MAX_SAFE_INTEGER;
use rules_core::plan::{Function, Plan, Scalar};
use rules_core::truth::Fault;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Operations of one call: a score over a thousand items is far below; a hostile loop ends in about a tenth of a second.
pub const OPERATIONS: u64 = 1_000_000;
/// Calls inside calls.
pub const CALL_LEVELS: usize = 16;
/// Depth of expressions in a body.
pub const EXPRESSION_DEPTH: usize = 32;
/// Bytes of a text that a body makes.
pub const STRING_BYTES: usize = 65_536;
/// Items of an array.
pub const ARRAY_ITEMS: usize = 10_000;
/// Members of a map.
pub const MAP_MEMBERS: usize = 1_000;

/// Runs functions of plans. Compiled bodies are kept.
pub struct RhaiFunctions {
    engine: Engine,
    compiled: RefCell<BTreeMap<String, Option<AST>>>,
}

impl Default for RhaiFunctions {
    fn default() -> RhaiFunctions {
        RhaiFunctions::new()
    }
}

/// The sandbox that every body runs in.
fn sandbox() -> Engine {
    let mut engine = Engine::new_raw();
    ArithmeticPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    MoreStringPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    rhai::packages::BasicIteratorPackage::new().register_into_engine(&mut engine);
    // Powers of floats differ by an ulp between platforms; the rest of the float functions are not registered at all.
    for symbol in ["**", "**=", "eval", "import", "export", "print", "debug", "sleep"] {
        engine.disable_symbol(symbol);
    }
    engine.register_fn("to_float", |x: i64| x as f64);
    engine.register_fn("to_float", |x: f64| x);
    engine.register_fn("to_int", |x: f64| libm::trunc(x) as i64);
    engine.register_fn("floor", libm::floor);
    engine.register_fn("ceiling", libm::ceil);
    engine.register_fn("round", libm::round);
    engine.register_fn("sqrt", libm::sqrt);
    engine.register_fn("min", |a: i64, b: i64| a.min(b));
    engine.register_fn("min", |a: f64, b: f64| libm::fmin(a, b));
    engine.register_fn("max", |a: i64, b: i64| a.max(b));
    engine.register_fn("max", |a: f64, b: f64| libm::fmax(a, b));
    engine.on_print(|_| {});
    engine.on_debug(|_, _, _| {});
    engine.set_max_operations(OPERATIONS);
    engine.set_max_call_levels(CALL_LEVELS);
    engine.set_max_expr_depths(EXPRESSION_DEPTH, EXPRESSION_DEPTH);
    engine.set_max_string_size(STRING_BYTES);
    engine.set_max_array_size(ARRAY_ITEMS);
    engine.set_max_map_size(MAP_MEMBERS);
    engine.set_max_variables(100);
    engine.set_strict_variables(true);
    engine
}

/// Checks that a body parses and uses no names but its arguments; the message is Rhai's own.
///
/// # Errors
/// The parser's message and the line and column (from 1) in the body.
pub fn check(function: &Function) -> Result<(), (String, usize, usize)> {
    let engine = sandbox();
    let scope = empty_scope(function);
    engine
        .compile_with_scope(&scope, &function.body)
        .map(|_| ())
        .map_err(|error| {
            let at = error.position();
            (
                error.err_type().to_string(),
                at.line().unwrap_or(1),
                at.position().unwrap_or(1),
            )
        })
}

fn empty_scope(function: &Function) -> Scope<'static> {
    let mut scope = Scope::new();
    for (name, kind) in &function.args {
        let value = match kind {
            Scalar::Boolean => Dynamic::from(false),
            Scalar::Integer => Dynamic::from(0i64),
            Scalar::Number => Dynamic::from(0f64),
            Scalar::Text => Dynamic::from(String::new()),
        };
        scope.push_dynamic(name.clone(), value);
    }
    scope
}

impl RhaiFunctions {
    /// A sandbox.
    pub fn new() -> RhaiFunctions {
        RhaiFunctions {
            engine: sandbox(),
            compiled: RefCell::new(BTreeMap::new()),
        }
    }

    fn run(&self, function: &Function, args: &[Arg<'_>]) -> Option<Dynamic> {
        let mut compiled = self.compiled.borrow_mut();
        let ast = compiled.entry(function.body.clone()).or_insert_with(|| {
            self.engine
                .compile_with_scope(&empty_scope(function), &function.body)
                .ok()
        });
        let mut scope = Scope::new();
        for ((name, kind), arg) in function.args.iter().zip(args) {
            let value = match (kind, arg) {
                (Scalar::Boolean, Arg::Bool(value)) => Dynamic::from(*value),
                (Scalar::Integer, Arg::Num(value)) => Dynamic::from(*value as i64),
                (Scalar::Number, Arg::Num(value)) => Dynamic::from(*value),
                (Scalar::Text, Arg::Text(text)) => Dynamic::from((*text).to_string()),
                _ => return None,
            };
            scope.push_dynamic(name.clone(), value);
        }
        self.engine
            .eval_ast_with_scope::<Dynamic>(&mut scope, ast.as_ref()?)
            .ok()
    }
}

impl Functions for RhaiFunctions {
    fn call(&self, plan: &Plan, function: u32, args: &[Arg<'_>]) -> Result<Returned, Fault> {
        let function = plan.functions.get(function as usize).ok_or(Fault::BadPlan)?;
        let value = self.run(function, args).ok_or(Fault::Function)?;
        match function.returns {
            Scalar::Boolean => value.as_bool().map(Returned::Bool).map_err(|_| Fault::Function),
            Scalar::Integer => match value.as_int() {
                Ok(value) if (value as f64).abs() <= MAX_SAFE_INTEGER => Ok(Returned::Num(value as f64)),
                Ok(_) => Err(Fault::Overflow),
                Err(_) => Err(Fault::Function),
            },
            Scalar::Number => match (value.as_float(), value.as_int()) {
                (Ok(value), _) => Ok(Returned::Num(value)),
                (Err(_), Ok(value)) => Ok(Returned::Num(value as f64)),
                (Err(_), Err(_)) => Err(Fault::Function),
            },
            Scalar::Text => value
                .into_string()
                .map(Returned::Text)
                .map_err(|_| Fault::Function),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(body: &str, returns: Scalar, args: &[Arg<'_>]) -> Result<Returned, Fault> {
        let names = [("a", args.first()), ("b", args.get(1))];
        let args_of = names.iter().filter_map(|(name, arg)| {
            arg.map(|arg| {
                let kind = match arg {
                    Arg::Bool(_) => Scalar::Boolean,
                    Arg::Num(_) => Scalar::Integer,
                    Arg::Text(_) => Scalar::Text,
                };
                ((*name).to_string(), kind)
            })
        });
        let function = Function {
            name: "f".into(),
            args: args_of.collect(),
            returns,
            body: body.into(),
        };
        let plan = Plan {
            functions: vec![function],
            ..Plan::default()
        };
        RhaiFunctions::new().call(&plan, 0, args)
    }

    #[test]
    fn a_body_computes_from_its_arguments() {
        let body = "let s = 0.0; for i in 0..b { s += 2.5; } s + a.to_float()";
        assert_eq!(
            call(body, Scalar::Number, &[Arg::Num(3.0), Arg::Num(2.0)]),
            Ok(Returned::Num(8.0))
        );
        assert_eq!(
            call("a + \"!\"", Scalar::Text, &[Arg::Text("x")]),
            Ok(Returned::Text("x!".into()))
        );
    }

    #[test]
    fn hostile_bodies_end_in_a_fault() {
        for body in [
            "loop { }",
            "let s = \"x\"; loop { s += s; }",
            "fn f(x) { f(x + 1) } f(0)",
            "let a = []; loop { a.push(1); }",
            "timestamp()",
            "open_file(\"x\")",
            "1 / 0",
            "missing_name",
            "9223372036854775807 + 1",
        ] {
            assert_eq!(call(body, Scalar::Integer, &[]), Err(Fault::Function), "{body}");
        }
        assert_eq!(
            call("9007199254740993", Scalar::Integer, &[]),
            Err(Fault::Overflow)
        );
        assert_eq!(call("\"text\"", Scalar::Integer, &[]), Err(Fault::Function));
    }
}
