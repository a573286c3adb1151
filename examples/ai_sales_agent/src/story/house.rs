//! Organisations, people, the record, and the clean-up.

use std::io::Write;

use pilaster::chrono::TimeDelta;
use pilaster::postgres::Client;
use pilaster::{AsUser, Insert, Patch, Row, Table};

use super::{Cast, Told, noon, refused};
use crate::acting::{api, jobs, sign_in};
use crate::health;
use crate::regions::Regions;
use crate::retention;
use crate::schema::*;
use crate::sign_in::{credentials, open, resume};

/// A hash in Argon2's notation that belongs to no password.
fn hash(letter: char) -> String {
    let of = |n: usize| letter.to_string().repeat(n);
    format!("$argon2id$v=19$m=19456,t=2,p=1${}${}", of(22), of(43))
}

pub(super) fn organisations_live_where_they_belong(
    regions: &mut Regions,
    out: &mut impl Write,
) -> Told<Cast> {
    let organisation =
        |name: &str, domain: &str, region| NewOrganisation::new(name.into(), domain.into(), region);
    let atelier = NewOrganisation {
        locale: Some(Locale::Fr),
        ..organisation("Atelier Nord", "atelier-nord.example", DataRegion::Eu)
    };
    let atelier = regions.found(&atelier)?;
    let other = regions.found(&organisation("Kiln Ltd", "kiln.example", DataRegion::Eu))?;
    let maple = organisation("Maple Parts", "maple.example", DataRegion::Ca);
    let maple = regions.found(&maple)?;
    for region in [DataRegion::Eu, DataRegion::Ca] {
        let database = regions.database(region)?;
        let here = health::check(database)?.region;
        let names = Organisation::query().order_by(Organisation::NAME.asc());
        let names: Vec<String> = names.all(database)?.into_iter().map(|o| o.name).collect();
        let here = here.map_or("nowhere".to_owned(), |region| region.to_string());
        writeln!(out, "In {here} live {}.", names.join(", "))?;
    }
    let client = regions.database(DataRegion::Eu)?;
    let astray = NewOrganisation {
        domain: "maple-2.example".into(),
        ..organisation(&maple.name, "", maple.region)
    };
    refused(
        client,
        out,
        jobs(),
        "A Canadian organisation in Europe",
        |t| astray.insert(t),
    )?;
    let moved = "UPDATE residency SET region = 'ca'";
    refused::<_, pilaster::Error>(client, out, jobs(), "Declaring Europe to be Canada", |t| {
        Ok(t.batch_execute(moved)?)
    })?;

    let person = |name: &str, letter, organisation: &Organisation| {
        let email = format!("{}@{}", name.to_lowercase(), organisation.domain);
        NewUser {
            locale: Some(organisation.locale),
            ..NewUser::new(
                organisation.id,
                email,
                hash(letter),
                name.into(),
                "Martin".into(),
            )
        }
    };
    let claire = NewUser {
        role: Some(UserRole::Admin),
        ..person("Claire", 'a', &atelier)
    };
    let plain = NewUser {
        password_hash: "Admin123!".into(),
        ..claire.clone()
    };
    refused(client, out, jobs(), "A password as it was typed", |t| {
        plain.insert(t)
    })?;
    let (claire, hugo, stranger) = client.as_user(jobs(), |t| {
        let people = (
            claire.insert(t)?,
            person("Hugo", 'b', &atelier).insert(t)?,
            person("Sam", 'c', &other).insert(t)?,
        );
        Ok::<_, Box<dyn std::error::Error>>(people)
    })?;
    Ok(Cast {
        atelier,
        claire,
        hugo,
        other,
        stranger,
    })
}

pub(super) fn people_sign_in(client: &mut Client, out: &mut impl Write, cast: &Cast) -> Told {
    let token = [7_u8; 32];
    let session = client.as_user(sign_in(), |t| {
        let who =
            credentials(t, "Claire@Atelier-Nord.example")?.ok_or("nobody has that address")?;
        open(t, &who, &token, noon() + TimeDelta::days(20_000))?;
        Ok::<_, Box<dyn std::error::Error>>(resume(t, &token, noon())?)
    })?;
    let session = session.ok_or("the session is over")?;
    writeln!(
        out,
        "Claire signs in: {}.",
        session.user_id == cast.claire.id
    )?;
    refused(client, out, sign_in(), "A token as it is", |t| {
        let who = credentials(t, &cast.claire.email)?;
        let who = who.ok_or(pilaster::Error::NotOne { rows: 0 })?;
        let until = noon() + TimeDelta::days(20_000);
        open(t, &who, b"a token", until).map_err(Into::<pilaster::Error>::into)
    })?;
    let claire = api(cast.claire.id, cast.atelier.id);
    refused(
        client,
        out,
        claire.clone(),
        "Reading hashes by the API",
        |t| User::query().all(t),
    )?;

    let rename = OrganisationPatch {
        name: Some("Atelier du Nord".into()),
        ..OrganisationPatch::default()
    };
    // Row security hides nothing from an update but its rows: there is none to change.
    let hugo = api(cast.hugo.id, cast.atelier.id);
    let by_hugo = client.as_user(hugo, |t| rename.update(t, &cast.atelier.id))?;
    let by_claire = client.as_user(claire, |t| rename.update(t, &cast.atelier.id))?;
    writeln!(
        out,
        "Hugo renames {} organisation, Claire, who may, {}.",
        u8::from(by_hugo.is_some()),
        u8::from(by_claire.is_some())
    )?;
    Ok(())
}

pub(super) fn everything_is_on_record(
    client: &mut Client,
    out: &mut impl Write,
    cast: &Cast,
) -> Told {
    let claire = api(cast.claire.id, cast.atelier.id);
    let lines = client.as_user(claire.clone(), |t| {
        let own = AuditLog::TABLE_NAME.is_in(["organisations", "prospects"]);
        AuditLog::filter(own).order_by(AuditLog::ID.asc()).all(t)
    })?;
    for line in lines {
        let who = match line.actor_id {
            Some(id) if id == cast.claire.id.0 => "Claire",
            Some(id) if id == cast.hugo.id.0 => "Hugo",
            Some(_) => "somebody",
            None => "a job",
        };
        let mut columns: Vec<&str> = Vec::new();
        if let (AuditAction::Update, Some(changes)) = (line.action, line.changes.as_object()) {
            columns.extend(changes.keys().map(String::as_str));
        }
        let columns = columns.join(", ");
        writeln!(
            out,
            "On record: {who}, {} {} {columns}",
            line.action, line.table_name
        )?;
    }
    refused(client, out, claire, "Rewriting the record", |t| {
        AuditLog::query().delete(t)
    })?;
    refused(client, out, jobs(), "Adding to it by hand", |t| {
        let forged = NewAuditLog::new(
            cast.atelier.id.0,
            AuditAction::Delete,
            "users".into(),
            cast.hugo.id.0,
            Default::default(),
        );
        forged.insert(t)
    })?;
    Ok(())
}

pub(super) fn what_is_old_goes(client: &mut Client, out: &mut impl Write, cast: &Cast) -> Told {
    let claire = api(cast.claire.id, cast.atelier.id);
    let prospects = client.as_user(claire.clone(), |t| Prospect::query().all(t))?;
    let prospect = prospects.first().ok_or("there is no prospect")?;
    client.as_user(claire.clone(), |t| Prospect::delete(t, &prospect.id))?;
    let restored = client.as_user(claire.clone(), |t| {
        Prospect::filter(Prospect::ID.eq(prospect.id)).restore(t)
    })?;
    writeln!(out, "{restored} prospect is deleted and restored.")?;
    client.as_user(claire, |t| Prospect::delete(t, &prospect.id))?;
    let long_ago = "UPDATE prospects SET \"deletedAt\" = now() - interval '31 days' \
                    WHERE \"deletedAt\" IS NOT NULL";
    client.batch_execute(long_ago)?;
    for (table, rows) in retention::clean_deleted(client, 30)? {
        writeln!(out, "A month later the clean-up takes {rows} of {table}.")?;
    }
    let later = noon() + TimeDelta::days(30_000);
    let sessions = retention::clean_sessions(client, later)?;
    writeln!(out, "When it is over, {sessions} session goes.")?;
    let _ = (&cast.other, &cast.stranger);
    Ok(())
}
