//! Holds a wasm module against what old and odd hosts take: the first version of WebAssembly and nothing after it, no imports, functions and one
//! memory as exports, u32 for every number that crosses.
//!
//! `cargo run --release -p rules-tests --bin mvp -- FILE`. In: a module. Out: what it exports, or everything that such a host would refuse.

use wasmparser::{ExternalKind, Parser, Payload, ValType, Validator, WasmFeatures};

fn main() {
    let Some(file) = std::env::args().nth(1) else {
        eprintln!("mvp FILE");
        std::process::exit(2);
    };
    let bytes = match std::fs::read(&file) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("{file}: {error}");
            std::process::exit(2);
        }
    };
    match refused(&bytes) {
        Ok(exports) => println!("{file}: {} bytes, the first WebAssembly; {exports}", bytes.len()),
        Err(why) => {
            eprintln!("{file}: {why}");
            std::process::exit(1);
        }
    }
}

/// The exports' names, or why a host would refuse the module.
fn refused(bytes: &[u8]) -> Result<String, String> {
    let told = |error: wasmparser::BinaryReaderError| error.to_string();
    // Numbers with a point were there from the start. Everything that came later is off, mutable globals across the boundary too.
    let types = Validator::new_with_features(WasmFeatures::FLOATS)
        .validate_all(bytes)
        .map_err(told)?;
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(told)? {
            Payload::ImportSection(imports) if imports.count() > 0 => {
                return Err("it has imports".to_owned());
            }
            Payload::StartSection { .. } => {
                return Err(
                    "it has a start function, which would run before anybody can ask for its failure"
                        .to_owned(),
                );
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export.map_err(told)?;
                    match export.kind {
                        ExternalKind::Func => {
                            let id = types.as_ref().core_function_at(export.index);
                            let shape = types.as_ref().get(id).map(|ty| ty.unwrap_func().clone());
                            let plain = shape.is_some_and(|shape| {
                                shape.results().len() <= 1
                                    && shape
                                        .params()
                                        .iter()
                                        .chain(shape.results())
                                        .all(|ty| *ty == ValType::I32)
                            });
                            if !plain {
                                return Err(format!(
                                    "`{}` passes something else than 32-bit numbers",
                                    export.name
                                ));
                            }
                        }
                        ExternalKind::Memory => {}
                        _ => return Err(format!("`{}` is neither a function nor the memory", export.name)),
                    }
                    names.push(export.name.to_owned());
                }
            }
            _ => {}
        }
    }
    if !names.iter().any(|name| name == "memory") {
        return Err("it does not export its memory".to_owned());
    }
    Ok(names.join(" "))
}

#[cfg(test)]
mod tests {
    use super::refused;

    /// `\0asm`, version 1, then sections.
    fn module(sections: &[u8]) -> Vec<u8> {
        [b"\0asm\x01\0\0\0", sections].concat()
    }

    /// One memory, exported.
    const MEMORY: &[u8] = &[5, 3, 1, 0, 1];
    const EXPORT: &[u8] = &[7, 10, 1, 6, b'm', b'e', b'm', b'o', b'r', b'y', 2, 0];

    #[test]
    fn a_plain_module_passes() {
        assert_eq!(
            refused(&module(&[MEMORY, EXPORT].concat())).as_deref(),
            Ok("memory")
        );
        assert!(refused(&module(MEMORY)).is_err(), "nothing to reach it by");
    }

    #[test]
    fn what_came_later_is_refused() {
        // A function () -> i64, exported.
        let wide = [
            &[1, 5, 1, 0x60, 0, 1, 0x7e, 3, 2, 1, 0][..],
            MEMORY,
            &[
                7, 14, 2, 6, b'm', b'e', b'm', b'o', b'r', b'y', 2, 0, 1, b'f', 0, 0,
            ],
            &[10, 6, 1, 4, 0, 0x42, 0, 0x0b],
        ];
        assert!(refused(&module(&wide.concat())).is_err_and(|why| why.contains("32-bit")));
        // A function whose body extends a sign, which is not in the first version.
        let sign = [
            &[1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 3, 2, 1, 0][..],
            MEMORY,
            EXPORT,
            &[10, 7, 1, 5, 0, 0x20, 0, 0xc0, 0x0b],
        ];
        assert!(refused(&module(&sign.concat())).is_err_and(|why| why.contains("sign")));
        // An exported global.
        let global = [
            MEMORY,
            &[6, 6, 1, 0x7f, 0, 0x41, 0, 0x0b][..],
            &[7, 5, 1, 1, b'g', 3, 0],
        ];
        assert!(refused(&module(&global.concat())).is_err_and(|why| why.contains("neither")));
    }
}
