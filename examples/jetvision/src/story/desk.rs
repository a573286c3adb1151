//! The assistant: a chat, a workflow, and its trace in the log.

use std::error::Error;
use std::io::Write;

use pilaster::chrono::TimeDelta;
use pilaster::postgres::Client;
use pilaster::{AsUser, Insert, Row};

use super::attempts::refused;
use super::{Cast, job, signed_in};
use crate::factories::morning;
use crate::schema::*;

type Told<T = ()> = Result<T, Box<dyn Error>>;

pub(super) fn the_assistant_works(client: &mut Client, out: &mut impl Write, cast: &Cast) -> Told {
    let vera = signed_in(&cast.vera);
    let chat = NewConversation {
        title: Some("To Palm Beach".into()),
        ..NewConversation::new(cast.vera.id)
    };
    let question = "Which light jets are free on Sunday?";
    let chat = client.as_user(vera.clone(), |t| {
        let chat = chat.insert(t)?;
        NewMessage::new(chat.id, MessageRole::User, question.into()).insert(t)?;
        Ok::<_, Box<dyn Error>>(chat)
    })?;
    let answer = NewMessage {
        metadata: Some(AiMetadata {
            model: "gpt-4o".into(),
            prompt_tokens: 812,
            completion_tokens: 24,
            confidence: Some(0.9),
        }),
        ..NewMessage::new(
            chat.id,
            MessageRole::Assistant,
            "N2JV, from Teterboro.".into(),
        )
    };
    refused(
        client,
        out,
        vera.clone(),
        "Answering in the assistant's name",
        |t| answer.insert(t),
    )?;

    let run = WorkflowRun::Succeeded(WorkflowRunSucceeded {
        workflow_id: "find-aircraft".into(),
        execution_id: "1042".into(),
        started_at: morning(),
        finished_at: morning() + TimeDelta::seconds(2),
    });
    let log = NewIntegrationLog {
        request: Some(IntegrationRequest {
            method: IntegrationRequestMethod::Post,
            endpoint: "/webhook/find-aircraft".into(),
            records: None,
        }),
        http_status: Some(200),
        workflow_data: Some(run.clone()),
        conversation_id: Some(chat.id),
        ..NewIntegrationLog::new(
            Integration::N8n,
            "find-aircraft".into(),
            IntegrationOutcome::Success,
            2_000,
        )
    };
    let silent = NewIntegrationLog {
        outcome: IntegrationOutcome::Failure,
        ..log.clone()
    };
    client.as_user(job("n8n"), |t| {
        let answer = NewMessage {
            workflow_data: Some(run),
            ..answer
        };
        answer.insert(t)?;
        log.insert(t)?;
        Ok::<_, Box<dyn Error>>(())
    })?;
    refused(
        client,
        out,
        job("n8n"),
        "A failure that does not say why",
        |t| silent.insert(t),
    )?;
    let secret =
        "UPDATE integration_logs SET request = request || '{\"authorization\": \"Bearer x\"}'";
    refused::<_, pilaster::Error>(client, out, job("n8n"), "A token in the log", |t| {
        Ok(t.batch_execute(secret)?)
    })?;
    let said = client.as_user(vera, |t| {
        let of_chat = Message::filter(Message::CONVERSATION_ID.eq(chat.id));
        of_chat.order_by(Message::ROLE.asc()).all(t)
    })?;
    for message in said {
        writeln!(out, "{}: {}", message.role, message.content)?;
    }
    Ok(())
}
