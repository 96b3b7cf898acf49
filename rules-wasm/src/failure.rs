//! Why a call gave nothing: one text of three lines, which the TypeScript turns into a `RulesError`.

use alloc::string::String;
use wasm_bindgen::JsValue;

/// Code, place, and more for developers. Only the last may have line ends.
pub(crate) fn failure(code: &str, path: &str, detail: &str) -> JsValue {
    let mut text = String::with_capacity(code.len() + path.len() + detail.len() + 2);
    for part in [code, "\n", path, "\n", detail] {
        text.push_str(part);
    }
    JsValue::from_str(&text)
}
