//! From a list of leads to a flight, and what is left when it is over, told through the generated
//! types. What the database refuses is tried on purpose.

mod attempts;
mod desk;
mod fleet;
mod office;
mod pipeline;

use std::error::Error;
use std::io::Write;

use migrations::history::History;
use pilaster::Persona;
use pilaster::postgres::Client;
use pilaster::serde_json::json;

use crate::schema::*;

/// Whom the story is about.
struct Cast {
    /// A broker of Northwind Charter.
    vera: User,
    /// Her company.
    northwind: Company,
    /// Somebody of Meridian Air, which flies what Northwind sells.
    mina: User,
    /// Her company.
    meridian: Company,
}

/// Tells the story on an empty database that the migrations have been applied to.
///
/// # Errors
///
/// What the database refused although the story says that it is allowed, or a failure to write.
pub fn tell(
    client: &mut Client,
    history: &History,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let cast = office::people_arrive(client, out)?;
    let leads = pipeline::apollo_sends_leads(client, out, &cast)?;
    pipeline::leads_move_on(client, out, &cast, &leads)?;
    let booking = fleet::a_jet_is_found(client, out, &cast, &leads)?;
    fleet::nobody_books_it_twice(client, out, &cast, &booking)?;
    desk::the_assistant_works(client, out, &cast)?;
    office::nobody_else_looks(client, out, &cast)?;
    office::what_is_deleted_comes_back(client, out, &cast, &leads)?;
    office::the_operators_look(client, history, out)?;
    Ok(())
}

/// Somebody who has signed in: what Clerk's token carries.
fn signed_in(user: &User) -> Persona {
    Persona::from(json!({ "sub": user.clerk_id, "role": "authenticated" }))
}

/// A job of ours, under its own name.
fn job(name: &str) -> Persona {
    Persona::new("service_role").setting("app.actor", name)
}
