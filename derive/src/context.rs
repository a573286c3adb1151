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
        match Context::outcome(derive) {
            Ok(expanded) => expanded.into(),
            Err(errors) => errors.into(),
        }
    }

    /// Runs a macro that stands where an expression does; so do its errors.
    pub(crate) fn run_expression(
        expand: impl FnOnce(&Context) -> Option<TokenStream>,
    ) -> proc_macro::TokenStream {
        match Context::outcome(expand) {
            Ok(expanded) => expanded.into(),
            Err(errors) => quote::quote!({ #errors }).into(),
        }
    }

    fn outcome(
        work: impl FnOnce(&Context) -> Option<TokenStream>,
    ) -> Result<TokenStream, TokenStream> {
        let context = Context {
            errors: RefCell::new(Some(Vec::new())),
        };
        let expanded = work(&context);
        let errors = context.errors.borrow_mut().take().unwrap_or_default();
        match errors.is_empty() {
            true => Ok(expanded.unwrap_or_default()),
            false => Err(errors.iter().map(syn::Error::to_compile_error).collect()),
        }
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
