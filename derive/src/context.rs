//! Gathers every error of one derive. It never stops at the first.

use proc_macro2::TokenStream;
use quote::ToTokens;
use std::cell::RefCell;
use std::fmt::Display;

/// The errors found so far.
///
/// It panics when dropped unread: an error that nobody reports would let wrong code pass.
pub(crate) struct Context {
    errors: RefCell<Option<Vec<syn::Error>>>,
}

impl Context {
    /// Runs a derive; errors take the place of what it expands to.
    pub(crate) fn run(
        derive: impl FnOnce(&Context) -> Option<TokenStream>,
    ) -> proc_macro::TokenStream {
        let context = Context {
            errors: RefCell::new(Some(Vec::new())),
        };
        let expanded = derive(&context);
        let errors = context.errors.borrow_mut().take().unwrap_or_default();
        if errors.is_empty() {
            return expanded.unwrap_or_default().into();
        }
        errors
            .iter()
            .map(syn::Error::to_compile_error)
            .collect::<TokenStream>()
            .into()
    }

    /// Adds an error at a place in the input.
    pub(crate) fn error(&self, at: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(at, message));
    }

    /// Adds an error of the parser.
    pub(crate) fn push(&self, error: syn::Error) {
        if let Some(errors) = self.errors.borrow_mut().as_mut() {
            errors.push(error);
        }
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert!(
                self.errors.borrow().is_none(),
                "the errors of a derive were not reported"
            );
        }
    }
}
