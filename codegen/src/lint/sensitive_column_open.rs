//! What is nobody's business is not in an open table.

use model::Schema;
use model::schema::Privilege;

use super::{Advice, look};

pub(super) const WHY: &str = "A password, a token or a card number in a table that outside roles may \
    read without row-level security is published.";

/// Names that such a column has, whole or at its end.
const NAMES: [&str; 38] = [
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "private_key",
    "api_key",
    "apikey",
    "token",
    "jwt",
    "auth_code",
    "session_id",
    "session_key",
    "recovery_code",
    "backup_code",
    "verification_code",
    "otp",
    "two_factor",
    "ssn",
    "social_security_number",
    "drivers_license",
    "license_number",
    "passport_number",
    "national_id",
    "tax_id",
    "credit_card",
    "card_number",
    "cvv",
    "cvc",
    "bank_account",
    "account_number",
    "routing_number",
    "iban",
    "medical_record",
    "patient_id",
    "insurance_number",
    "ssh_key",
    "certificate",
];

pub(super) fn check(schema: &Schema, advice: &mut Advice<'_>) {
    for (node, _) in look::columns(schema) {
        let Some(id) = node.id.relation() else {
            continue;
        };
        let Some(table) = schema.get(&id) else {
            continue;
        };
        let open = table.object.as_table().is_some_and(|own| !own.row_security);
        let role = look::open_to(table, &[Privilege::Select]);
        let role = role.or_else(|| look::open_to(node, &[Privilege::Select]));
        let name = node.id.part.to_lowercase();
        let sensitive = NAMES.iter().any(|word| {
            let rest = name.strip_suffix(word);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
        });
        if let Some(role) = role.filter(|_| open && sensitive) {
            let fact = format!("{role} may read {} of every row", node.id.part);
            advice.about(
                node,
                fact,
                "move it to a table of its own, or write policies",
            );
        }
    }
}

#[test]
fn a_token_in_an_open_table_is_named() {
    let model = "external role anon\ntable a {\n  id bigint primary key\n  access_token text\n  \
        broken text\n  grant select to anon\n}\n\
        table b {\n  id bigint primary key\n  password text\n}\n";
    let said = super::said("sensitive_column_open", model);
    assert_eq!(said, ["4: anon may read access_token of every row"]);
}
