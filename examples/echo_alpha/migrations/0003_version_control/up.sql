-- pilaster: 0003 version_control
-- follows: 0002 sha256:b61cece42b088b66751977a39d6e730f6ac67f3061c248ccdb443ddeab558a3f

CREATE FUNCTION public.draft_version_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array[
        'version', 'body', 'prompt', 'confidence', 'reasoning', 'metadata', 'createdAt'
      ]
      and value -> 'version' between '0' and '3'
      and value ->> 'version' ~ '^-?[0-9]+$'
      and jsonb_typeof(value -> 'body') = 'string'
      and (value -> 'prompt' = 'null' or jsonb_typeof(value -> 'prompt') = 'string')
      and public.json_double_is_valid(value -> 'confidence')
      and public.draft_reasoning_is_valid(value -> 'reasoning')
      and public.draft_metadata_is_valid(value -> 'metadata')
      and jsonb_typeof(value -> 'createdAt') = 'string'
      and public.json_timestamptz_is_valid(value ->> 'createdAt')
      and value - array[
        'version', 'body', 'prompt', 'confidence', 'reasoning', 'metadata', 'createdAt'
      ] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.draft_version_is_valid(jsonb) IS 'Whether a document has the shape DraftVersion.';

CREATE FUNCTION public.email_drafts_draft_versions_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'array' then
      jsonb_array_length(value) <= 4
      and not exists (
        select from jsonb_array_elements(value) as item (value)
        where not public.draft_version_is_valid(item.value)
      )
    else false
  end
$$;

COMMENT ON FUNCTION public.email_drafts_draft_versions_is_valid(jsonb) IS 'Whether a document is one of email_drafts.draft_versions.';

ALTER TABLE public.email_drafts ADD COLUMN regeneration_count integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN public.email_drafts.regeneration_count IS 'The free tier ends at three.';
ALTER TABLE public.email_drafts ADD COLUMN current_version integer NOT NULL DEFAULT 0;
ALTER TABLE public.email_drafts ADD COLUMN draft_versions jsonb;

CREATE OR REPLACE FUNCTION public.email_drafts_status_frozen()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if old.status in ('sent')
    and row(new.id, new.deal_id, new.inbound_email_id, new.ai_generated_body, new.edited_body, new.final_body, new.confidence_score, new.reasoning, new.metadata, new.regeneration_count, new.current_version, new.draft_versions, new.created_at, new.reviewed_at, new.reviewed_by, new.sent_at, new.sent_email_id, new.user_id)
      is distinct from row(old.id, old.deal_id, old.inbound_email_id, old.ai_generated_body, old.edited_body, old.final_body, old.confidence_score, old.reasoning, old.metadata, old.regeneration_count, old.current_version, old.draft_versions, old.created_at, old.reviewed_at, old.reviewed_by, old.sent_at, old.sent_email_id, old.user_id)
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
    and row(new.id, new.deal_id, new.inbound_email_id, new.ai_generated_body, new.edited_body, new.final_body, new.confidence_score, new.status, new.reasoning, new.metadata, new.regeneration_count, new.current_version, new.draft_versions, new.created_at, new.reviewed_at, new.reviewed_by, new.sent_at, new.sent_email_id, new.archived_at, new.archived_by, new.archive_reason, new.user_id)
      is distinct from row(old.id, old.deal_id, old.inbound_email_id, old.ai_generated_body, old.edited_body, old.final_body, old.confidence_score, old.status, old.reasoning, old.metadata, old.regeneration_count, old.current_version, old.draft_versions, old.created_at, old.reviewed_at, old.reviewed_by, old.sent_at, old.sent_email_id, old.archived_at, old.archived_by, old.archive_reason, old.user_id)
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

-- holds for new rows at once; the old ones are read afterwards
ALTER TABLE public.email_drafts ADD CONSTRAINT email_drafts_at_most_three_regenerations CHECK (regeneration_count between 0 and 3) NOT VALID;

-- pilaster: transaction
ALTER TABLE public.email_drafts VALIDATE CONSTRAINT email_drafts_at_most_three_regenerations;
-- holds for new rows at once; the old ones are read afterwards
ALTER TABLE public.email_drafts ADD CONSTRAINT email_drafts_draft_versions_shape CHECK (draft_versions is null or public.email_drafts_draft_versions_is_valid(draft_versions)) NOT VALID;

-- pilaster: transaction
ALTER TABLE public.email_drafts VALIDATE CONSTRAINT email_drafts_draft_versions_shape;
-- holds for new rows at once; the old ones are read afterwards
ALTER TABLE public.email_drafts ADD CONSTRAINT email_drafts_current_version_exists CHECK (current_version = 0 or jsonb_path_exists(draft_versions, '$[*] ? (@.version == $current)', jsonb_build_object('current', current_version))) NOT VALID;

-- pilaster: transaction
ALTER TABLE public.email_drafts VALIDATE CONSTRAINT email_drafts_current_version_exists;
