//! Tells the linker that Node.js brings what the addon calls. In: nothing. Out: linker options. Must not know: rules.

fn main() {
    napi_build::setup();
}
