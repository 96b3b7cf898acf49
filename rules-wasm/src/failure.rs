//! Why a call gave nothing, as the object that the TypeScript turns into a `RulesError`.

use serde::Serialize;
use wasm_bindgen::JsValue;

/// Code, place, and more for developers.
#[derive(Serialize)]
pub(crate) struct Failure<'a> {
    code: &'a str,
    path: &'a str,
    detail: &'a str,
}

/// A failure as a JavaScript value.
pub(crate) fn failure(code: &str, path: &str, detail: &str) -> JsValue {
    serde_wasm_bindgen::to_value(&Failure { code, path, detail })
        .unwrap_or_else(|_| js_sys::Error::new(code).into())
}
