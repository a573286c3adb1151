-- pilaster: 0002 email_drafts
-- follows: 0001 sha256:20194a51b2e258651e34ce246f9ca13042d6700a350f3c6d3ef3b967ca51ffcf

CREATE FUNCTION public.json_date_is_valid(value text)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when value ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
      and left(value, 4) <> '0000' then
      right(value, 2)::integer <= extract(day from
        make_date(left(value, 4)::integer, substr(value, 6, 2)::integer, 1)
        + interval '1 month - 1 day')
    else false
  end
$$;

COMMENT ON FUNCTION public.json_date_is_valid(text) IS 'Whether a text is a day that exists, as YYYY-MM-DD.';

CREATE FUNCTION public.json_timestamp_is_valid(value text)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select value ~ '^.{10}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?$'
    and public.json_date_is_valid(left(value, 10))
$$;

COMMENT ON FUNCTION public.json_timestamp_is_valid(text) IS 'Whether a text is a date and time without an offset, as YYYY-MM-DDTHH:MM:SS.';

CREATE FUNCTION public.json_timestamptz_is_valid(value text)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select value ~ '(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$'
    and public.json_timestamp_is_valid(regexp_replace(value, '(Z|[+-][0-9]{2}:[0-9]{2})$', ''))
$$;

COMMENT ON FUNCTION public.json_timestamptz_is_valid(text) IS 'Whether a text is a time of RFC 3339 with its offset.';

CREATE FUNCTION public.question_addressed_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['question', 'answer']
      and jsonb_typeof(value -> 'question') = 'string'
      and jsonb_typeof(value -> 'answer') = 'string'
      and (
        value ->> 'sourceEmailId' is null
        or (
          value -> 'sourceEmailId' between '-2147483648' and '2147483647'
          and value ->> 'sourceEmailId' ~ '^-?[0-9]+$'
        )
      )
      and (value ->> 'sourceText' is null or jsonb_typeof(value -> 'sourceText') = 'string')
      and value - array['question', 'answer', 'sourceEmailId', 'sourceText'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.question_addressed_is_valid(jsonb) IS 'Whether a document has the shape QuestionAddressed.';

CREATE FUNCTION public.data_point_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ? 'dataPoint'
      and jsonb_typeof(value -> 'dataPoint') = 'string'
      and (
        value ->> 'sourceType' is null or value -> 'sourceType' in ('"space"', '"deal"', '"email"')
      )
      and (
        value ->> 'sourceId' is null
        or (
          value -> 'sourceId' between '-2147483648' and '2147483647'
          and value ->> 'sourceId' ~ '^-?[0-9]+$'
        )
      )
      and (value ->> 'fieldPath' is null or jsonb_typeof(value -> 'fieldPath') = 'string')
      and value - array['dataPoint', 'sourceType', 'sourceId', 'fieldPath', 'value'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.data_point_is_valid(jsonb) IS 'Whether a document has the shape DataPoint.';

CREATE FUNCTION public.draft_reasoning_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['questionsAddressed', 'dataUsed']
      and case
        when jsonb_typeof(value -> 'questionsAddressed') = 'array' then
          not exists (
            select from jsonb_array_elements(value -> 'questionsAddressed') as item (value)
            where not public.question_addressed_is_valid(item.value)
          )
        else false
      end
      and case
        when jsonb_typeof(value -> 'dataUsed') = 'array' then
          not exists (
            select from jsonb_array_elements(value -> 'dataUsed') as item (value)
            where not public.data_point_is_valid(item.value)
          )
        else false
      end
      and (
        coalesce(value -> 'schedulingLogic', 'null') = 'null'
        or case
          when jsonb_typeof(value -> 'schedulingLogic') = 'array' then
            not exists (
              select from jsonb_array_elements(value -> 'schedulingLogic') as item (value)
              where jsonb_typeof(item.value) <> 'string'
            )
          else false
        end
      )
      and value - array['questionsAddressed', 'dataUsed', 'schedulingLogic'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.draft_reasoning_is_valid(jsonb) IS 'Whether a document has the shape DraftReasoning.';

CREATE FUNCTION public.draft_metadata_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['model', 'tokensUsed', 'generatedAt']
      and jsonb_typeof(value -> 'model') = 'string'
      and value -> 'tokensUsed' between '-2147483648' and '2147483647'
      and value ->> 'tokensUsed' ~ '^-?[0-9]+$'
      and jsonb_typeof(value -> 'generatedAt') = 'string'
      and public.json_timestamptz_is_valid(value ->> 'generatedAt')
      and (
        value ->> 'validationTokensUsed' is null
        or (
          value -> 'validationTokensUsed' between '-2147483648' and '2147483647'
          and value ->> 'validationTokensUsed' ~ '^-?[0-9]+$'
        )
      )
      and value - array['model', 'tokensUsed', 'generatedAt', 'validationTokensUsed'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.draft_metadata_is_valid(jsonb) IS 'Whether a document has the shape DraftMetadata.';

CREATE TABLE public.email_drafts (
  id                serial       PRIMARY KEY,
  deal_id           integer      NOT NULL,
  inbound_email_id  integer      NOT NULL,
  ai_generated_body text         NOT NULL,
  edited_body       text,
  final_body        text,
  confidence_score  integer      NOT NULL,
  status            varchar(50)  NOT NULL DEFAULT 'pending',
  reasoning         jsonb,
  metadata          jsonb,
  created_at        timestamp    NOT NULL DEFAULT now(),
  reviewed_at       timestamp,
  reviewed_by       varchar(255),
  sent_at           timestamp,
  sent_email_id     integer,
  archived_at       timestamp,
  archived_by       varchar(255),
  archive_reason    text,
  user_id           uuid         NOT NULL DEFAULT auth.uid(),
  CONSTRAINT email_drafts_approval_names_the_reviewer CHECK (status not in ('approved', 'sent') or (reviewed_at is not null and reviewed_by is not null)),
  CONSTRAINT email_drafts_archive_is_dated CHECK (status <> 'archived' or archived_at is not null),
  CONSTRAINT email_drafts_confidence_is_a_percentage CHECK (confidence_score between 0 and 100),
  CONSTRAINT email_drafts_metadata_shape CHECK (metadata is null or public.draft_metadata_is_valid(metadata)),
  CONSTRAINT email_drafts_reasoning_shape CHECK (reasoning is null or public.draft_reasoning_is_valid(reasoning)),
  CONSTRAINT email_drafts_sent_has_its_email CHECK (status <> 'sent' or (sent_at is not null and sent_email_id is not null)),
  CONSTRAINT email_drafts_status_check CHECK (status in ('pending', 'approved', 'sent', 'archived')),
  CONSTRAINT email_drafts_deal_id_deals_id_fk FOREIGN KEY (deal_id) REFERENCES public.deals (id),
  CONSTRAINT email_drafts_inbound_email_id_emails_id_fk FOREIGN KEY (inbound_email_id) REFERENCES public.emails (id),
  CONSTRAINT email_drafts_sent_email_id_emails_id_fk FOREIGN KEY (sent_email_id) REFERENCES public.emails (id)
);

COMMENT ON TABLE public.email_drafts IS 'An answer the assistant proposes. People approve it; an archived one is kept for compliance.';
COMMENT ON COLUMN public.email_drafts.final_body IS 'The body of the active version.';
COMMENT ON COLUMN public.email_drafts.user_id IS 'Whose draft it is.';

CREATE FUNCTION public.email_drafts_status_frozen()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if old.status in ('sent')
    and row(new.id, new.deal_id, new.inbound_email_id, new.ai_generated_body, new.edited_body, new.final_body, new.confidence_score, new.reasoning, new.metadata, new.created_at, new.reviewed_at, new.reviewed_by, new.sent_at, new.sent_email_id, new.user_id)
      is distinct from row(old.id, old.deal_id, old.inbound_email_id, old.ai_generated_body, old.edited_body, old.final_body, old.confidence_score, old.reasoning, old.metadata, old.created_at, old.reviewed_at, old.reviewed_by, old.sent_at, old.sent_email_id, old.user_id)
  then
    raise exception using
      errcode = 'check_violation',
      message = format('email_drafts can''t be edited while status is %L', old.status),
      hint = 'only status, archived_at, archived_by, archive_reason may change',
      schema = 'public',
      table = 'email_drafts',
      column = 'status',
      constraint = 'email_drafts_status_frozen';
  end if;
  if old.status in ('archived')
    and row(new.id, new.deal_id, new.inbound_email_id, new.ai_generated_body, new.edited_body, new.final_body, new.confidence_score, new.status, new.reasoning, new.metadata, new.created_at, new.reviewed_at, new.reviewed_by, new.sent_at, new.sent_email_id, new.archived_at, new.archived_by, new.archive_reason, new.user_id)
      is distinct from row(old.id, old.deal_id, old.inbound_email_id, old.ai_generated_body, old.edited_body, old.final_body, old.confidence_score, old.status, old.reasoning, old.metadata, old.created_at, old.reviewed_at, old.reviewed_by, old.sent_at, old.sent_email_id, old.archived_at, old.archived_by, old.archive_reason, old.user_id)
  then
    raise exception using
      errcode = 'check_violation',
      message = format('email_drafts can''t be edited while status is %L', old.status),
      schema = 'public',
      table = 'email_drafts',
      column = 'status',
      constraint = 'email_drafts_status_frozen';
  end if;
  return new;
end
$$;

CREATE FUNCTION public.email_drafts_status_transition()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if tg_op = 'INSERT' then
    if new.status in ('pending') or new.status is null then
      return new;
    end if;
    raise exception using
      errcode = 'check_violation',
      message = format('email_drafts.status can''t begin as %L', new.status),
      hint = 'a new row may begin as ''pending''',
      schema = 'public',
      table = 'email_drafts',
      column = 'status',
      constraint = 'email_drafts_status_transition';
  elsif not coalesce(
    new.status is not distinct from old.status
    or old.status is null and new.status in ('pending')
    or old.status = 'pending' and new.status in ('approved', 'archived')
    or old.status = 'approved' and new.status in ('sent', 'archived')
    or old.status = 'sent' and new.status = 'archived',
    false
  ) then
    raise exception using
      errcode = 'check_violation',
      message = format('email_drafts.status can''t change from %L to %L', old.status, new.status),
      schema = 'public',
      table = 'email_drafts',
      column = 'status',
      constraint = 'email_drafts_status_transition';
  end if;
  return new;
end
$$;

CREATE TRIGGER email_drafts_status_frozen
  BEFORE UPDATE ON public.email_drafts
  FOR EACH ROW
  EXECUTE FUNCTION public.email_drafts_status_frozen();

CREATE TRIGGER email_drafts_status_transition
  BEFORE INSERT OR UPDATE ON public.email_drafts
  FOR EACH ROW
  EXECUTE FUNCTION public.email_drafts_status_transition();

REVOKE ALL ON SEQUENCE public.email_drafts_id_seq FROM anon, authenticated, service_role;

REVOKE ALL ON public.email_drafts FROM anon, authenticated, service_role;
