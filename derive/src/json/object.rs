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
    let on_struct = [("deny_unknown", Form::Flag), ("reads", Form::List)];
    let attrs = Attrs::parse(context, &input.attrs, &on_struct);
    let (entries, rest) = parse(context, fields);
    check(context, &entries, &attrs, rest);
    Some(expand((&input.vis, &input.ident), &entries, &attrs, rest))
}

/// The field that holds all other keys.
type Rest<'a> = (&'a Ident, &'a Type);

fn parse<'a>(context: &Context, fields: &'a FieldsNamed) -> (Vec<Entry<'a>>, Option<Rest<'a>>) {
    let allowed = [
        ("key", Form::Text),
        ("required", Form::Flag),
        ("default", Form::Text),
        ("rest", Form::Flag),
        ("was", Form::Text),
        ("filled", Form::Text),
        ("wrapped", Form::Flag),
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
    attrs: &Attrs,
    rest: Option<Rest>,
) -> TokenStream {
    let deny = attrs.has("deny_unknown");
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
    let versions: Vec<&Ident> = attrs.lists("reads").iter().flatten().collect();
    let read = match versions.is_empty() {
        true => read,
        false => read_versions(ident, entries, deny, &versions, &read),
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

/// Reads the object itself, or else an older version, which becomes it.
fn read_versions(
    ident: &Ident,
    entries: &[Entry],
    deny: bool,
    versions: &[&Ident],
    read: &TokenStream,
) -> TokenStream {
    let keys: Vec<String> = entries.iter().map(|entry| entry.key.value()).collect();
    let text = |text: Option<&LitStr>| match text {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    };
    let lifts = entries.iter().map(|entry| {
        let key = &entry.key;
        // What another field is called now is that field's.
        let was = entry.attrs.text("was");
        let was = text(was.filter(|was| !keys.contains(&was.value())));
        let filled = text(entry.attrs.text("filled"));
        let wrapped = entry.attrs.has("wrapped");
        quote! {
            ::pilaster::__private::Lift {
                key: #key,
                was: #was,
                filled: #filled,
                wrapped: #wrapped,
            }
        }
    });
    quote! {
        struct Newest(#ident);

        impl ::pilaster::JsonType for Newest {
            fn read<'de, D: ::pilaster::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let read: ::core::result::Result<#ident, D::Error> = { #read };
                read.map(Newest)
            }

            fn write<S: ::pilaster::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                ::pilaster::JsonType::write(&self.0, serializer)
            }
        }

        const LIFTS: &[::pilaster::__private::Lift] = &[#(#lifts),*];
        let raw = ::pilaster::__private::raw(deserializer)?;
        let newest = match ::pilaster::__private::newest::<Newest>(&raw) {
            ::core::result::Result::Ok(value) => return ::core::result::Result::Ok(value.0),
            ::core::result::Result::Err(error) => error,
        };
        #(if let ::core::option::Option::Some(value) =
            ::pilaster::__private::upcast::<#versions, Newest>(&raw, LIFTS, #deny)
        {
            return value
                .map(|value| value.0)
                .map_err(<D::Error as ::pilaster::serde::de::Error>::custom);
        })*
        ::core::result::Result::Err(<D::Error as ::pilaster::serde::de::Error>::custom(newest))
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
