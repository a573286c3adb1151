//! The places in a document that filters may name: `Navigate`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericArgument, Ident, LitStr, PathArguments, Type, Visibility};

/// A type without places in it.
pub(crate) fn leaf(ident: &Ident) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::pilaster::Navigate for #ident {
            type Paths<R> = ::pilaster::Path<R, Self>;

            fn at<R>(path: ::pilaster::Path<R, Self>) -> Self::Paths<R> {
                path
            }
        }
    }
}

/// `struct X(T);`: the places of `T`.
pub(super) fn around(ident: &Ident, inner: &Type) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::pilaster::Navigate for #ident {
            type Paths<R> = <#inner as ::pilaster::Navigate>::Paths<R>;

            fn at<R>(path: ::pilaster::Path<R, Self>) -> Self::Paths<R> {
                ::pilaster::__private::inside::<R, Self, #inner>(&path)
            }
        }
    }
}

/// An object: a function for each key, and one for all others where they are kept.
pub(super) fn object(
    (visibility, ident): (&Visibility, &Ident),
    keys: &[(&Ident, &Type, &LitStr)],
    rest: Option<(&Ident, &Type)>,
) -> TokenStream {
    let functions = keys.iter().map(|(field, ty, key)| {
        quote! {
            pub fn #field(&self) -> <#ty as ::pilaster::Navigate>::Paths<R> {
                self.0.of_key::<#ty>(#key)
            }
        }
    });
    let rest = rest.and_then(|(field, ty)| Some((field, values_of(ty)?)));
    let rest = rest.map(|(field, ty)| {
        quote! {
            pub fn #field(&self, key: &str) -> <#ty as ::pilaster::Navigate>::Paths<R> {
                self.0.of_key::<#ty>(key)
            }
        }
    });
    quote! {
        #[allow(dead_code, missing_docs, unreachable_pub, missing_debug_implementations)]
        const _: () = {
            #visibility struct Paths<R>(::pilaster::Path<R, #ident>);

            impl<R> Paths<R> {
                #(#functions)*
                #rest
            }

            impl<R> ::core::ops::Deref for Paths<R> {
                type Target = ::pilaster::Path<R, #ident>;

                fn deref(&self) -> &Self::Target {
                    &self.0
                }
            }

            #[automatically_derived]
            impl ::pilaster::Navigate for #ident {
                type Paths<R> = Paths<R>;

                fn at<R>(path: ::pilaster::Path<R, Self>) -> Self::Paths<R> {
                    Paths(path)
                }
            }
        };
    }
}

/// `V` of a `BTreeMap<String, V>`, as it is written.
fn values_of(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    match &path.path.segments.last()?.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.last()? {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}
