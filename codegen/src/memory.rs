//! How much memory a command takes beside what it holds.
//!
//! Never changes what a command does, nor fails it.

/// No huge pages from here on. Of those that the allocator asks for much stays empty where a catalog
/// becomes many small pieces on more than one thread: a third of what a pull took. A command that
/// waits for a server loses nothing by it; `generate`, which waits for nobody, would lose a tenth
/// of its time to the many small ones, and keeps them.
pub(crate) fn in_small_pages() {
    // Where the system refuses, it takes more memory and nothing else is different.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #[test]
    fn huge_pages_are_no_longer_asked_for() {
        super::in_small_pages();
        assert_eq!(
            rustix::thread::transparent_huge_pages_are_disabled(),
            Ok(true)
        );
    }
}
