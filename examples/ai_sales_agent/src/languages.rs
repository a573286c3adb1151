//! Mails in the language of those who get them.

use crate::schema::{Locale, MailText, Prospect, SequenceStep};

/// The step's text in that language, or in the other where there is none; with its language.
pub fn text_in(step: &SequenceStep, wanted: Locale) -> Option<(Locale, &MailText)> {
    let of = |locale| match locale {
        Locale::En => step.en.as_ref(),
        Locale::Fr => step.fr.as_ref(),
    };
    let other = match wanted {
        Locale::En => Locale::Fr,
        Locale::Fr => Locale::En,
    };
    let mut found = [wanted, other]
        .into_iter()
        .filter_map(|locale| Some((locale, of(locale)?)));
    found.next()
}

/// The text with what is known of the prospect in place of `{{firstName}}` and `{{companyName}}`.
pub fn filled(text: &MailText, prospect: &Prospect) -> MailText {
    let known = |value: &Option<String>| value.clone().unwrap_or_default();
    let fill = |text: &str| {
        text.replace("{{firstName}}", &known(&prospect.first_name))
            .replace("{{companyName}}", &known(&prospect.company_name))
    };
    MailText {
        subject: fill(&text.subject),
        body: fill(&text.body),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_language_is_better_than_none() {
        let text = |subject: &str| MailText {
            subject: subject.into(),
            body: "…".into(),
        };
        let step = |en: Option<&str>, fr: Option<&str>| SequenceStep {
            after_days: 0,
            en: en.map(text),
            fr: fr.map(text),
        };
        let both = step(Some("Hello"), Some("Bonjour"));
        let found = |step: &SequenceStep, wanted| {
            text_in(step, wanted).map(|(locale, text)| (locale, text.subject.clone()))
        };
        assert_eq!(
            found(&both, Locale::Fr),
            Some((Locale::Fr, "Bonjour".into()))
        );
        let english = step(Some("Hello"), None);
        assert_eq!(
            found(&english, Locale::Fr),
            Some((Locale::En, "Hello".into()))
        );
        assert_eq!(found(&step(None, None), Locale::Fr), None);
    }
}
