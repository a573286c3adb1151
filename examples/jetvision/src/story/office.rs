//! People, companies, who sees whose rows, and what operators do.

use std::error::Error;
use std::io::Write;

use migrations::history::History;
use pilaster::postgres::Client;
use pilaster::{AsUser, Insert, Patch, Persona, Row, Table};

use super::attempts::refused;
use super::{Cast, job, signed_in};
use crate::factories::morning;
use crate::repositories::users;
use crate::schema::*;
use crate::service;

type Told<T = ()> = Result<T, Box<dyn Error>>;

pub(super) fn people_arrive(client: &mut Client, out: &mut impl Write) -> Told<Cast> {
    let cast = client.as_user(job("clerk"), |t| {
        let mut company = |name: &str, kind| {
            let company = NewCompany {
                kind: Some(kind),
                ..NewCompany::new(name.into())
            };
            company.insert(t)
        };
        let northwind = company("Northwind Charter", CompanyKind::Broker)?;
        let meridian = company("Meridian Air", CompanyKind::Operator)?;
        let mut person = |clerk: &str, email: &str, name, company: &Company| {
            let user = users::sync(t, clerk, email, name)?.ok_or("the account was deleted")?;
            let employed = UserPatch {
                company_id: Some(Some(company.id)),
                ..UserPatch::default()
            };
            let user = employed.update(t, &user.id)?.ok_or("the account is gone")?;
            Ok::<_, Box<dyn Error>>(user)
        };
        let vera = person(
            "user_vera",
            "Vera@northwind.example",
            ("Vera", "Lindqvist"),
            &northwind,
        )?;
        let mina = person(
            "user_mina",
            "mina@meridian.example",
            ("Mina", "Sato"),
            &meridian,
        )?;
        Ok::<_, Box<dyn Error>>(Cast {
            vera,
            northwind,
            mina,
            meridian,
        })
    })?;
    writeln!(
        out,
        "{} works for {}; {} says so.",
        cast.vera.email,
        cast.northwind.name,
        cast.vera.updated_by.as_deref().unwrap_or("nobody")
    )?;

    let vera = signed_in(&cast.vera);
    let title = UserPatch {
        job_title: Some(Some("Senior broker".into())),
        ..UserPatch::default()
    };
    client.as_user(vera.clone(), |t| title.update(t, &cast.vera.id))?;
    writeln!(out, "Vera changes her own title.")?;
    let defect = UserPatch {
        company_id: Some(Some(cast.meridian.id)),
        ..UserPatch::default()
    };
    refused(
        client,
        out,
        vera,
        "Moving herself to another company",
        |t| defect.update(t, &cast.vera.id),
    )?;
    Ok(cast)
}

/// The same questions, asked as different people.
pub(super) fn nobody_else_looks(client: &mut Client, out: &mut impl Write, cast: &Cast) -> Told {
    let people = [
        ("Vera", signed_in(&cast.vera)),
        ("Mina, of another company,", signed_in(&cast.mina)),
    ];
    for (name, who) in people {
        let seen = client.as_user(who, |t| {
            Ok::<_, pilaster::Error>((
                Company::query().count(t)?,
                Lead::query().count(t)?,
                Booking::query().count(t)?,
                Aircraft::query().count(t)?,
                Conversation::query().count(t)?,
            ))
        })?;
        let (companies, leads, bookings, aircraft, chats) = seen;
        writeln!(
            out,
            "{name} sees {companies} company, {leads} leads, {bookings} bookings, \
             {aircraft} aircraft and {chats} conversations."
        )?;
    }
    refused(
        client,
        out,
        Persona::new("anon"),
        "Looking without signing in",
        |t| Aircraft::query().count(t),
    )
}

pub(super) fn what_is_deleted_comes_back(
    client: &mut Client,
    out: &mut impl Write,
    cast: &Cast,
    leads: &[Lead],
) -> Told {
    let lost = leads.last().ok_or("there are no leads")?;
    let vera = signed_in(&cast.vera);
    client.as_user(vera.clone(), |t| Lead::delete(t, &lost.id))?;
    let one = Lead::filter(Lead::ID.eq(lost.id));
    let kept = client.as_user(vera.clone(), |t| one.clone().only_deleted().first(t))?;
    let kept = kept.ok_or("the lead is gone for good")?;
    writeln!(
        out,
        "{} is deleted by {} and found by no query.",
        kept.email,
        kept.deleted_by.as_deref().unwrap_or("nobody")
    )?;
    refused(client, out, vera.clone(), "Deleting it for good", |t| {
        one.purge(t, 0)
    })?;
    let restored = client.as_user(vera.clone(), |t| one.restore(t))?;
    writeln!(out, "It is restored: {restored} lead.")?;

    client.as_user(vera, |t| Lead::delete(t, &lost.id))?;
    let long_ago = "UPDATE leads SET \"deletedAt\" = now() - interval '31 days' WHERE \"deletedAt\" IS NOT NULL";
    client.batch_execute(long_ago)?;
    let cleaned = service::clean_up(client, 30, morning())?;
    for (table, rows) in cleaned.tables {
        writeln!(out, "A month later the clean-up purges {rows} of {table}.")?;
    }
    Ok(())
}

pub(super) fn the_operators_look(
    client: &mut Client,
    history: &History,
    out: &mut impl Write,
) -> Told {
    let (_, pending) = service::health(client, history)?;
    writeln!(
        out,
        "The database is well: {pending} migrations are pending."
    )?;
    let counts = service::stats(client)?;
    let counts = counts.iter().filter(|count| count.rows + count.deleted > 0);
    let counts: Vec<String> = counts.map(|c| format!("{} {}", c.rows, c.table)).collect();
    writeln!(out, "It holds {}.", counts.join(", "))?;
    Ok(())
}
