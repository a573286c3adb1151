//! The labels of an enum as types, and which may become which.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, LitStr, Visibility};

use crate::context::Context;
use crate::pg_enum::Label;

/// The module of states; nothing where none is named.
pub(crate) fn expand(
    context: &Context,
    visibility: &Visibility,
    ident: &Ident,
    labels: &[Label],
    module: Option<&LitStr>,
) -> Option<TokenStream> {
    let Some(module) = module else {
        for label in labels {
            if let Some(word) = label.attrs.word("to") {
                let message = "name the module of states on the enum: `states = \"deal_states\"`";
                context.error(word, message);
            }
        }
        return None;
    };
    let name = Ident::new(&module.value(), module.span());
    let states = labels.iter().map(|label| {
        let (state, docs) = (label.ident, format!("`{}`.", label.label.value()));
        quote! {
            #[doc = #docs]
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub enum #state {}

            #[automatically_derived]
            impl ::pilaster::State for #state {
                type Of = super::#ident;
                const VALUE: Self::Of = super::#ident::#state;
            }
        }
    });
    let mut changes = Vec::new();
    for label in labels {
        let from = label.ident;
        for to in label.attrs.lists("to").iter().flatten() {
            if labels.iter().any(|label| label.ident == to) {
                changes.push(quote! {
                    #[automatically_derived]
                    impl ::pilaster::LeadsTo<#to> for #from {}
                });
            } else {
                context.error(to, format_args!("`{ident}` has no variant `{to}`"));
            }
        }
    }
    let docs = format!("The states of [`{ident}`] as types.");
    Some(quote! {
        #[doc = #docs]
        #visibility mod #name {
            #(#states)*
            #(#changes)*
        }
    })
}
