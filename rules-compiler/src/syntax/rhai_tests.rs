//! The tree that this version of the parser gives for every construct. A difference after an upgrade is to be understood, not recorded.
//! `BLESS=1` writes the file anew.

use super::engine;
use std::fmt::Write;

const TREES: &str = include_str!("rhai_tree.txt");

const CONSTRUCTS: [&str; 45] = [
    "true",
    "12",
    "-12",
    "1.5",
    "99999999999999999999",
    "\"a\"\"b\\n\"",
    "#\"raw\"#",
    "x",
    "x.y",
    "x.y.z",
    "x[0]",
    "x[0].y[1]",
    "x[y.z].w",
    "x.y[0].z",
    "x.f(1).y",
    "(x.y).z",
    "f(x, 1)",
    "x.f(1)",
    "[1, x]",
    "1..5",
    "1..=5",
    "!x",
    "-x",
    "+x",
    "x && y && z",
    "x || y || z",
    "x ?? y ?? z",
    "x + y - z",
    "x == y",
    "x in xs",
    "x !in xs",
    "!contains(xs, x)",
    "if a { b } else { c }",
    "if a { f(b) } else if c { d } else { e }",
    "if a { b }",
    "`a${x + 1}b${y}`",
    "`${x}`",
    "any(xs, |x| x > 1)",
    "any(xs, |x| x > y + z)",
    "any(xs, |x| { x > 1 })",
    "xs.any(|x| ys.all(|y| y == x && k))",
    "any(xs, |x, y| x)",
    "any(xs, || true)",
    "()",
    "x?.y",
];

/// The tree without hashes, which say nothing, and with anonymous functions numbered.
fn tree(text: &str) -> String {
    let tree = match engine().compile_expression(text) {
        Ok(tree) => tree,
        Err(error) => return format!("{error:?}"),
    };
    let mut functions: Vec<_> = tree.iter_fn_def().collect();
    functions.sort_by_key(|function| function.body.start_position());
    let mut out = format!("{:?}", tree.statements());
    for function in &functions {
        write!(
            out,
            "\n    {}({}) {:?}",
            function.name,
            function.params.join(", "),
            function.body
        )
        .unwrap();
    }
    for (number, function) in functions.iter().enumerate() {
        out = out.replace(function.name.as_str(), &format!("closure{number}"));
    }
    while let Some(at) = out.find("hash: ") {
        let end = at + out.get(at..).unwrap().find(", name").unwrap() + 2;
        out.replace_range(at..end, "");
    }
    out
}

#[test]
fn the_tree_of_every_construct_is_as_recorded() {
    let mut found = String::new();
    for construct in CONSTRUCTS {
        writeln!(found, "{construct}\n    {}", tree(construct)).unwrap();
    }
    if std::env::var_os("BLESS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/syntax/rhai_tree.txt");
        return std::fs::write(path, found).unwrap();
    }
    assert_eq!(found, TREES);
}
