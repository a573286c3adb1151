//! Structs with fields: JSON objects.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{DeriveInput, FieldsNamed, Ident, LitStr, Type, Visibility};

use super::{BOUNDS, bounded, expand_type, places};
use crate::attr::{Attrs, Form};
use crate::context::Context;
use crate::row::inside_option;

struct Entry<'a> {
    ident: &'a Ident,
    ty: &'a Type,
    key: LitStr,
    presence: Presence,
    attrs: Attrs,
}

/// What a missing key means.
enum Presence {
    Required,
    /// `None`.
    Optional,
    /// This JSON text; so does null.
    Default(LitStr),
}

pub(super) fn derive(
    context: &Context,
    input: &DeriveInput,
    fields: &FieldsNamed,
) -> Option<TokenStream> {
    let attrs = Attrs::parse(context, &input.attrs, &[("deny_unknown", Form::Flag)]);
    let (entries, rest) = parse(context, fields);
    check(context, &entries, &attrs, rest);
    Some(expand(
        (&input.vis, &input.ident),
        &entries,
        attrs.has("deny_unknown"),
        rest,
    ))
}

/// The field that holds all other keys.
type Rest<'a> = (&'a Ident, &'a Type);

fn parse<'a>(context: &Context, fields: &'a FieldsNamed) -> (Vec<Entry<'a>>, Option<Rest<'a>>) {
    let allowed = [
        ("key", Form::Text),
        ("required", Form::Flag),
        ("default", Form::Text),
        ("rest", Form::Flag),
        BOUNDS[0],
        BOUNDS[1],
    ];
    let (mut entries, mut rest) = (Vec::new(), None);
    for field in &fields.named {
        let attrs = Attrs::parse(context, &field.attrs, &allowed);
        let Some(ident) = &field.ident else { continue };
        if attrs.has("rest") {
            if rest.replace((ident, &field.ty)).is_some() {
                context.error(ident, "one field holds all other keys");
            }
            continue;
        }
        let name = ident.to_string();
        let name = name.strip_prefix("r#").unwrap_or(&name);
        let key = attrs
            .text("key")
            .cloned()
            .unwrap_or_else(|| LitStr::new(name, ident.span()));
        let presence = match (attrs.text("default"), inside_option(&field.ty)) {
            (Some(default), _) => Presence::Default(default.clone()),
            (None, Some(_)) if !attrs.has("required") => Presence::Optional,
            _ => Presence::Required,
        };
        entries.push(Entry {
            ident,
            ty: &field.ty,
            key,
            presence,
            attrs,
        });
    }
    (entries, rest)
}

fn check(context: &Context, entries: &[Entry], attrs: &Attrs, rest: Option<Rest>) {
    let mut keys = std::collections::BTreeSet::new();
    for entry in entries {
        if !keys.insert(entry.key.value()) {
            let key = entry.key.value();
            context.error(
                entry.ident,
                format_args!("the key `{key}` has a field already"),
            );
        }
        if let (Some(word), true) = (entry.attrs.word("required"), entry.attrs.has("default")) {
            context.error(word, "a key with a default is not required");
        }
    }
    if let (Some(word), Some(_)) = (attrs.word("deny_unknown"), rest) {
        context.error(word, "other keys are either kept in `rest` or denied");
    }
}

fn expand(
    (visibility, ident): (&Visibility, &Ident),
    entries: &[Entry],
    deny: bool,
    rest: Option<Rest>,
) -> TokenStream {
    let keys = entries
        .iter()
        .map(|e| (e.ident, e.ty, &e.key))
        .collect::<Vec<_>>();
    let places = places::object((visibility, ident), &keys, rest);
    let rest = rest.map(|(field, _)| field);
    let expecting = format!("the object {ident}");
    let slots: Vec<Ident> = (0..entries.len())
        .map(|i| format_ident!("slot_{i}"))
        .collect();
    let numbers = 0..entries.len();
    let fields = entries.iter().map(|e| e.ident);
    let keys: Vec<&LitStr> = entries.iter().map(|e| &e.key).collect();
    let slot_types = entries.iter().map(|e| {
        let ty = e.ty;
        match e.presence {
            Presence::Default(_) => quote!(::core::option::Option<#ty>),
            _ => quote!(#ty),
        }
    });
    let values = entries
        .iter()
        .zip(&slots)
        .map(|(entry, slot)| finish(entry, slot));
    let keep = rest.map(|_| quote!(let mut rest = ::std::collections::BTreeMap::new();));
    let kept = rest.map(|field| quote!(#field: rest,));
    let other = match (rest, deny) {
        (Some(_), _) => quote!(::pilaster::__private::next_rest(&mut map, key, &mut rest)?),
        (None, true) => quote! {
            return ::core::result::Result::Err(::pilaster::__private::unknown(&key, KEYS))
        },
        (None, false) => quote! {{
            let _ = key;
            map.next_value::<::pilaster::serde::de::IgnoredAny>()?;
        }},
    };
    let writes = entries.iter().map(write);
    let write_rest = rest.map(|field| {
        quote! {
            for (key, value) in &self.#field {
                ::pilaster::__private::write_entry(map, key, value)?;
            }
        }
    });
    let read = quote! {
        const KEYS: &[&str] = &[#(#keys),*];

        struct Entries;

        impl<'de> ::pilaster::serde::de::Visitor<'de> for Entries {
            type Value = #ident;

            fn expecting(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(#expecting)
            }

            fn visit_map<A: ::pilaster::serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> ::core::result::Result<Self::Value, A::Error> {
                #(let mut #slots: ::core::option::Option<#slot_types> =
                    ::core::option::Option::None;)*
                #keep
                while let ::core::option::Option::Some(key) =
                    ::pilaster::__private::next_key(&mut map, KEYS)?
                {
                    match key {
                        #(::pilaster::__private::Key::Known(#numbers) => {
                            ::pilaster::__private::next_value(&mut map, #keys, &mut #slots)?
                        })*
                        ::pilaster::__private::Key::Known(_) => {}
                        ::pilaster::__private::Key::Other(key) => #other,
                    }
                }
                ::core::result::Result::Ok(#ident { #(#fields: #values,)* #kept })
            }
        }

        ::pilaster::__private::read_object(deserializer, Entries)
    };
    let ty = expand_type(
        ident,
        read,
        quote!(::pilaster::__private::write_object(self, serializer)),
    );
    quote! {
        #ty
        #places

        #[automatically_derived]
        impl ::pilaster::__private::JsonObject for #ident {
            fn write_entries<M: ::pilaster::serde::ser::SerializeMap>(
                &self,
                map: &mut M,
            ) -> ::core::result::Result<(), M::Error> {
                #(#writes)*
                #write_rest
                ::core::result::Result::Ok(())
            }
        }
    }
}

/// A field's value from what was read.
fn finish(entry: &Entry, slot: &Ident) -> TokenStream {
    let key = &entry.key;
    let value = match &entry.presence {
        Presence::Required => quote!(::pilaster::__private::required(#slot, #key)?),
        Presence::Optional => quote!(#slot.unwrap_or_default()),
        Presence::Default(default) => quote!(::pilaster::__private::or_default(#slot, #default)?),
    };
    bounded(value, &key.value(), &entry.attrs)
}

/// A field as an entry; an optional one that holds nothing is left out.
fn write(entry: &Entry) -> TokenStream {
    let (field, key) = (entry.ident, &entry.key);
    match entry.presence {
        Presence::Optional => quote! {
            if let ::core::option::Option::Some(value) = &self.#field {
                ::pilaster::__private::write_entry(map, #key, value)?;
            }
        },
        _ => quote!(::pilaster::__private::write_entry(map, #key, &self.#field)?;),
    }
}
