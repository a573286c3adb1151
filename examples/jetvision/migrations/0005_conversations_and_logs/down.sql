-- pilaster: 0005 conversations_and_logs, the way back

-- data loss: all rows of integration_logs are gone
DROP TABLE public.integration_logs;

-- data loss: all rows of messages are gone
DROP TABLE public.messages;

-- data loss: all rows of conversations are gone
DROP TABLE public.conversations;

DROP FUNCTION public.ai_metadata_is_valid(jsonb);

DROP FUNCTION public.conversation_context_is_valid(jsonb);

DROP FUNCTION public.integration_request_is_valid(jsonb);

DROP FUNCTION public.integration_response_is_valid(jsonb);

DROP FUNCTION public.json_double_is_valid(jsonb);

DROP FUNCTION public.workflow_run_is_valid(jsonb);

DROP TYPE public.integration;

DROP TYPE public.integration_outcome;

DROP TYPE public.message_role;
