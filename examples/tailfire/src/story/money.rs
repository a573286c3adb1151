//! What was agreed, what is due, what was paid: the parts that nobody may rewrite.

use std::io::Write;

use pilaster::postgres::Client;
use pilaster::{Insert, Patch, Row};

use super::Told;
use super::given::{attempt, attempt_sql, day, refused};
use crate::schema::*;

pub(super) fn it_is_sold_and_paid(client: &mut Client, out: &mut impl Write, trip: &Trip) -> Told {
    let agency = trip.agency_id;
    let order = |version, total| {
        let line = OrderLine {
            description: "Fjords by sea".into(),
            amount_cents: total,
        };
        let snapshot = OrderSnapshot {
            trip_name: trip.name.clone(),
            lines: vec![line],
            total_cents: total,
            currency: "CAD".into(),
        };
        NewTripOrder::new(agency, trip.id, version, snapshot)
    };
    order(1, 420_000).insert(client)?;
    order(2, 395_000).insert(client)?;
    let kept = TripOrder::query().count(client)?;
    writeln!(out, "What was agreed is kept in {kept} versions.")?;
    let outcome = attempt(client, |t| order(2, 1).insert(t));
    refused(out, "Another version 2", outcome)?;
    let sql = "UPDATE trip_orders SET version = 3 WHERE version = 2";
    refused(out, "Rewriting an agreement", attempt_sql(client, sql))?;

    let activities = ItineraryActivity::query().order_by(ItineraryActivity::NAME.asc());
    let activity = activities.first(client)?.ok_or("nothing is planned")?;
    let price = NewActivityPricing {
        total_cents: Some(395_000),
        ..NewActivityPricing::new(agency, activity.id)
    }
    .insert(client)?;
    let schedule = NewPaymentScheduleConfig::new(agency, price.id).insert(client)?;
    let due =
        NewExpectedPaymentItem::new(agency, schedule.id, "Deposit".into(), 100_000, day(5, 1));
    let due = due.insert(client)?;
    let paid = ExpectedPaymentItemPatch {
        status: Some(PaymentStatus::Paid),
        ..ExpectedPaymentItemPatch::default()
    };
    let outcome = attempt(client, |t| paid.update(t, &due.id));
    refused(out, "Paid without the money", outcome)?;
    NewPaymentTransaction::new(agency, due.id, 100_000, "CAD".into()).insert(client)?;
    let paid = ExpectedPaymentItemPatch {
        paid_cents: Some(100_000),
        ..paid
    };
    paid.update(client, &due.id)?;
    writeln!(out, "The deposit is paid.")?;
    let outcome = attempt_sql(client, "DELETE FROM payment_transactions");
    refused(out, "Taking a payment out of the books", outcome)?;
    let log = PaymentScheduleAuditLog::query().order_by(PaymentScheduleAuditLog::ID.asc());
    for entry in log.all(client)? {
        writeln!(
            out,
            "  logged: {} of what is due",
            entry.action.to_string().to_lowercase()
        )?;
    }
    let outcome = attempt_sql(client, "UPDATE payment_schedule_audit_log SET actor = null");
    refused(out, "Rewriting the log", outcome)
}
