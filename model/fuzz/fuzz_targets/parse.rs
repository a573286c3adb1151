//! `cargo +nightly fuzz run parse`: no text makes the parser panic, every place lies in the text,
//! and laying out what can be read is done once.

#![no_main]

use libfuzzer_sys::fuzz_target;
use model::FileId;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let (_, diagnostics) = model::syntax::parse(&text, FileId(0));
    for diagnostic in &diagnostics {
        let origin = diagnostic.origin;
        assert!(text.get(origin.start as usize..origin.end as usize).is_some());
    }
    if let Ok(laid_out) = model::fmt(&text) {
        assert_eq!(Ok(&laid_out), model::fmt(&laid_out).as_ref());
    }
});
