-- pilaster: 0005 conversations_and_logs
-- follows: 0004 sha256:b4a0f1b200fa16b66bfb658a0a25e4da9435c6d4efb1db508bcd0d6569b4833c

CREATE TYPE public.message_role AS ENUM ('user', 'assistant', 'system', 'tool');

CREATE TYPE public.integration AS ENUM ('apollo', 'avinode', 'n8n', 'clerk');

CREATE TYPE public.integration_outcome AS ENUM ('success', 'failure', 'retrying');

CREATE FUNCTION public.json_double_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'number' then
      abs(value::numeric) < 2::numeric ^ 1024 - 2::numeric ^ 970
    else false
  end
$$;

COMMENT ON FUNCTION public.json_double_is_valid(jsonb) IS 'Whether a value is a number in the range of double precision.';

CREATE FUNCTION public.conversation_context_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      (value ->> 'goal' is null or jsonb_typeof(value -> 'goal') = 'string')
      and (
        coalesce(value -> 'leadIds', 'null') = 'null'
        or case
          when jsonb_typeof(value -> 'leadIds') = 'array' then
            not exists (
              select from jsonb_array_elements(value -> 'leadIds') as item (value)
              where not (
                jsonb_typeof(item.value) = 'string'
                and item.value #>> '{}' ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
              )
            )
          else false
        end
      )
      and (
        coalesce(value -> 'bookingIds', 'null') = 'null'
        or case
          when jsonb_typeof(value -> 'bookingIds') = 'array' then
            not exists (
              select from jsonb_array_elements(value -> 'bookingIds') as item (value)
              where not (
                jsonb_typeof(item.value) = 'string'
                and item.value #>> '{}' ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
              )
            )
          else false
        end
      )
      and (
        coalesce(value -> 'airports', 'null') = 'null'
        or case
          when jsonb_typeof(value -> 'airports') = 'array' then
            not exists (
              select from jsonb_array_elements(value -> 'airports') as item (value)
              where jsonb_typeof(item.value) <> 'string'
            )
          else false
        end
      )
    else false
  end
$$;

COMMENT ON FUNCTION public.conversation_context_is_valid(jsonb) IS 'Whether a document has the shape ConversationContext.';

CREATE FUNCTION public.workflow_run_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      case value -> 'state'
        when '"running"' then
          value ?& array['workflowId', 'executionId', 'startedAt']
          and jsonb_typeof(value -> 'workflowId') = 'string'
          and jsonb_typeof(value -> 'executionId') = 'string'
          and jsonb_typeof(value -> 'startedAt') = 'string'
          and public.json_timestamptz_is_valid(value ->> 'startedAt')
          and value - array['workflowId', 'executionId', 'startedAt', 'state'] = '{}'
        when '"succeeded"' then
          value ?& array['workflowId', 'executionId', 'startedAt', 'finishedAt']
          and jsonb_typeof(value -> 'workflowId') = 'string'
          and jsonb_typeof(value -> 'executionId') = 'string'
          and jsonb_typeof(value -> 'startedAt') = 'string'
          and public.json_timestamptz_is_valid(value ->> 'startedAt')
          and jsonb_typeof(value -> 'finishedAt') = 'string'
          and public.json_timestamptz_is_valid(value ->> 'finishedAt')
          and value - array['workflowId', 'executionId', 'startedAt', 'finishedAt', 'state'] = '{}'
        when '"failed"' then
          value ?& array['workflowId', 'executionId', 'startedAt', 'error', 'attempts']
          and jsonb_typeof(value -> 'workflowId') = 'string'
          and jsonb_typeof(value -> 'executionId') = 'string'
          and jsonb_typeof(value -> 'startedAt') = 'string'
          and public.json_timestamptz_is_valid(value ->> 'startedAt')
          and jsonb_typeof(value -> 'error') = 'string'
          and value -> 'attempts' between '1' and '2147483647'
          and value ->> 'attempts' ~ '^-?[0-9]+$'
          and value - array[
            'workflowId', 'executionId', 'startedAt', 'error', 'attempts', 'state'
          ] = '{}'
        else false
      end
    else false
  end
$$;

COMMENT ON FUNCTION public.workflow_run_is_valid(jsonb) IS 'Whether a document has the shape WorkflowRun.';

CREATE FUNCTION public.ai_metadata_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['model', 'promptTokens', 'completionTokens']
      and jsonb_typeof(value -> 'model') = 'string'
      and value -> 'promptTokens' between '0' and '2147483647'
      and value ->> 'promptTokens' ~ '^-?[0-9]+$'
      and value -> 'completionTokens' between '0' and '2147483647'
      and value ->> 'completionTokens' ~ '^-?[0-9]+$'
      and (value ->> 'confidence' is null or public.json_double_is_valid(value -> 'confidence'))
      and value - array['model', 'promptTokens', 'completionTokens', 'confidence'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.ai_metadata_is_valid(jsonb) IS 'Whether a document has the shape AiMetadata.';

CREATE FUNCTION public.integration_request_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['method', 'endpoint']
      and value -> 'method' in ('"GET"', '"POST"', '"PUT"', '"PATCH"', '"DELETE"')
      and jsonb_typeof(value -> 'endpoint') = 'string'
      and (
        value ->> 'records' is null
        or (value -> 'records' between '0' and '2147483647' and value ->> 'records' ~ '^-?[0-9]+$')
      )
      and value - array['method', 'endpoint', 'records'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.integration_request_is_valid(jsonb) IS 'Whether a document has the shape IntegrationRequest.';

CREATE FUNCTION public.integration_response_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      (
        value ->> 'records' is null
        or (value -> 'records' between '0' and '2147483647' and value ->> 'records' ~ '^-?[0-9]+$')
      )
      and (
        value ->> 'rateLimitRemaining' is null
        or (
          value -> 'rateLimitRemaining' between '0' and '2147483647'
          and value ->> 'rateLimitRemaining' ~ '^-?[0-9]+$'
        )
      )
      and value - array['records', 'rateLimitRemaining'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.integration_response_is_valid(jsonb) IS 'Whether a document has the shape IntegrationResponse.';

CREATE TABLE public.conversations (
  id             uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  "userId"       uuid         NOT NULL,
  title          varchar(200),
  archived       boolean      NOT NULL DEFAULT false,
  context        jsonb        NOT NULL DEFAULT '{}',
  "workflowData" jsonb,
  "createdAt"    timestamptz  NOT NULL DEFAULT now(),
  "updatedAt"    timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT conversations_context_shape CHECK (public.conversation_context_is_valid(context)),
  CONSTRAINT "conversations_workflowData_shape" CHECK ("workflowData" is null or public.workflow_run_is_valid("workflowData")),
  CONSTRAINT "conversations_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.conversations IS 'A chat of one person with the assistant.';

CREATE TABLE public.messages (
  id               uuid                DEFAULT gen_random_uuid() PRIMARY KEY,
  "conversationId" uuid                NOT NULL,
  role             public.message_role NOT NULL,
  content          text                NOT NULL,
  metadata         jsonb,
  "workflowData"   jsonb,
  "createdAt"      timestamptz         NOT NULL DEFAULT now(),
  CONSTRAINT messages_metadata_shape CHECK (metadata is null or public.ai_metadata_is_valid(metadata)),
  CONSTRAINT messages_of_people_have_no_model CHECK (role <> 'user' or metadata is null),
  CONSTRAINT "messages_workflowData_shape" CHECK ("workflowData" is null or public.workflow_run_is_valid("workflowData")),
  CONSTRAINT "messages_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES public.conversations (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.messages IS 'What was said. Nobody takes back a message; the whole conversation can be deleted.';

CREATE TABLE public.integration_logs (
  id               bigint                     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  service          public.integration         NOT NULL,
  operation        text                       NOT NULL,
  outcome          public.integration_outcome NOT NULL,
  "httpStatus"     integer,
  duration         integer                    NOT NULL,
  attempt          integer                    NOT NULL DEFAULT 1,
  request          jsonb,
  response         jsonb,
  "workflowData"   jsonb,
  error            text,
  "conversationId" uuid,
  "createdAt"      timestamptz                NOT NULL DEFAULT now(),
  CONSTRAINT integration_logs_attempts_count_from_one CHECK (attempt >= 1),
  CONSTRAINT integration_logs_duration_not_negative CHECK (duration >= 0),
  CONSTRAINT integration_logs_failures_say_why CHECK (outcome = 'success' or error is not null),
  CONSTRAINT integration_logs_request_shape CHECK (request is null or public.integration_request_is_valid(request)),
  CONSTRAINT integration_logs_response_shape CHECK (response is null or public.integration_response_is_valid(response)),
  CONSTRAINT integration_logs_status_is_http CHECK ("httpStatus" between 100 and 599),
  CONSTRAINT "integration_logs_workflowData_shape" CHECK ("workflowData" is null or public.workflow_run_is_valid("workflowData")),
  CONSTRAINT "integration_logs_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES public.conversations (id) ON DELETE SET NULL
);

COMMENT ON TABLE public.integration_logs IS 'Every call to another system, and every run of a workflow.';
COMMENT ON COLUMN public.integration_logs.duration IS 'In milliseconds.';

CREATE INDEX "conversations_userId_updatedAt_idx" ON public.conversations ("userId", "updatedAt" DESC);

CREATE INDEX "messages_conversationId_createdAt_idx" ON public.messages ("conversationId", "createdAt");

CREATE INDEX "integration_logs_service_createdAt_idx" ON public.integration_logs (service, "createdAt" DESC);
CREATE INDEX "integration_logs_conversationId_idx" ON public.integration_logs ("conversationId");

CREATE TRIGGER "conversations_updatedAt_touch"
  BEFORE UPDATE ON public.conversations
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public."touch_updatedAt"();

REVOKE ALL ON public.conversations FROM anon, authenticated, service_role;

REVOKE ALL ON public.messages FROM anon, authenticated, service_role;

REVOKE ALL ON public.integration_logs FROM anon, authenticated, service_role;

REVOKE ALL ON SEQUENCE public.integration_logs_id_seq FROM anon, authenticated, service_role;
