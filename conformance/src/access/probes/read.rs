//! What the answers say, as tries of each persona.

use model::schema::{Persona, Privilege};

use super::{Planned, Reading, Stock, Turn};
use crate::access::act::Answer;
use crate::access::kinds::Kind;
use crate::access::{Found, Got, Probe, Verb};

impl Turn<'_> {
    /// The answers, as tries of each persona.
    pub(super) fn read(
        &self,
        stock: &[Stock],
        plan: Vec<Planned>,
        answers: Vec<Answer>,
        found: &mut Found,
    ) {
        let mut shown: Option<Answer> = None;
        for (planned, answer) in plan.into_iter().zip(answers) {
            let got = match planned.reading {
                Reading::Plain => answer.got(),
                Reading::Done if answer.is_done() => Got::Allowed,
                Reading::Done => answer.got(),
                Reading::Before => {
                    shown = Some(answer);
                    continue;
                }
                Reading::Without { exact } => {
                    let before = shown.as_ref().filter(|a| a.is_done());
                    let got = match before {
                        // Who can't look sees nothing.
                        None => {
                            Got::Refused(shown.as_ref().map_or(String::new(), |a| a.words.clone()))
                        }
                        Some(_) if !answer.is_done() => Got::Unknown(answer.words.clone()),
                        Some(before) if before.words != answer.words => Got::Allowed,
                        Some(_) => Got::Refused("it does not show".into()),
                    };
                    if planned.meant && !exact {
                        continue;
                    }
                    got
                }
            };
            for persona in planned.personas {
                let probe = Probe {
                    persona,
                    verb: planned.verb.clone(),
                    row: planned.row.clone(),
                    meant: planned.meant,
                    got: got.clone(),
                };
                if !found.probes.contains(&probe) {
                    found.probes.push(probe);
                }
            }
        }
        for (kind, made) in stock {
            for persona in kind.personas(self.class, self.meant) {
                match made {
                    Ok(_) => self.columns(kind, persona, found),
                    Err(why) => unknown(kind, persona, why, found),
                }
            }
        }
    }

    /// Columns that the role may use and the persona is not meant to, and the other way round.
    fn columns(&self, kind: &Kind, persona: &Persona, found: &mut Found) {
        let Some(cell) = kind
            .cell(self.meant, persona)
            .filter(|_| kind.state.is_none())
        else {
            return;
        };
        let verbs = [
            (Privilege::Select, Verb::Select),
            (Privilege::Insert, Verb::Insert),
            (Privilege::Update, Verb::Update),
        ];
        for (command, verb) in verbs {
            let Some(meant) = cell.allowed.get(&command) else {
                continue;
            };
            let held = self.rights.of(command);
            for (node, column) in self.schema.columns(self.table) {
                let name = &node.id.part;
                let written = command != Privilege::Select;
                if written && column.generated.is_some() {
                    continue;
                }
                let (meant, has) = (meant.contain(name), held.contains(name));
                if meant == has {
                    continue;
                }
                found.probes.push(Probe {
                    persona: persona.name.clone(),
                    verb: verb.clone(),
                    row: format!("{}, column {name}", kind.label),
                    meant,
                    got: match has {
                        true => Got::Allowed,
                        false => Got::Refused("no privilege on the column".into()),
                    },
                });
            }
        }
    }
}

/// No row of the kind could be made.
fn unknown(kind: &Kind, persona: &Persona, why: &str, found: &mut Found) {
    for verb in [Verb::Select, Verb::Insert, Verb::Update, Verb::Delete] {
        found.probes.push(Probe {
            persona: persona.name.clone(),
            verb,
            row: kind.label.clone(),
            meant: false,
            got: Got::Unknown(why.to_owned()),
        });
    }
}
