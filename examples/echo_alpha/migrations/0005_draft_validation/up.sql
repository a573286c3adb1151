-- pilaster: 0005 draft_validation
-- follows: 0004 sha256:6cd2161a7974d2b50c09e34b6e864eec71e1ff37f19d04ce4be5eef067750c1a

CREATE FUNCTION public.draft_validation_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['status', 'issues', 'checkedAt']
      and value -> 'status' in ('"passed"', '"warnings"', '"failed"')
      and case
        when jsonb_typeof(value -> 'issues') = 'array' then
          not exists (
            select from jsonb_array_elements(value -> 'issues') as item (value)
            where jsonb_typeof(item.value) <> 'string'
          )
        else false
      end
      and jsonb_typeof(value -> 'checkedAt') = 'string'
      and public.json_timestamptz_is_valid(value ->> 'checkedAt')
      and value - array['status', 'issues', 'checkedAt'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.draft_validation_is_valid(jsonb) IS 'Whether a document has the shape DraftValidation.';

ALTER TABLE public.email_drafts ADD COLUMN validation jsonb;

CREATE OR REPLACE FUNCTION public.email_drafts_status_frozen()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if old.status in ('sent')
    and row(new.id, new.deal_id, new.inbound_email_id, new.ai_generated_body, new.edited_body, new.final_body, new.confidence_score, new.reasoning, new.metadata, new.validation, new.regeneration_count, new.last_regeneration_at, new.current_version, new.draft_versions, new.created_at, new.reviewed_at, new.reviewed_by, new.sent_at, new.sent_email_id, new.user_id)
      is distinct from row(old.id, old.deal_id, old.inbound_email_id, old.ai_generated_body, old.edited_body, old.final_body, old.confidence_score, old.reasoning, old.metadata, old.validation, old.regeneration_count, old.last_regeneration_at, old.current_version, old.draft_versions, old.created_at, old.reviewed_at, old.reviewed_by, old.sent_at, old.sent_email_id, old.user_id)
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
    and row(new.id, new.deal_id, new.inbound_email_id, new.ai_generated_body, new.edited_body, new.final_body, new.confidence_score, new.status, new.reasoning, new.metadata, new.validation, new.regeneration_count, new.last_regeneration_at, new.current_version, new.draft_versions, new.created_at, new.reviewed_at, new.reviewed_by, new.sent_at, new.sent_email_id, new.archived_at, new.archived_by, new.archive_reason, new.user_id)
      is distinct from row(old.id, old.deal_id, old.inbound_email_id, old.ai_generated_body, old.edited_body, old.final_body, old.confidence_score, old.status, old.reasoning, old.metadata, old.validation, old.regeneration_count, old.last_regeneration_at, old.current_version, old.draft_versions, old.created_at, old.reviewed_at, old.reviewed_by, old.sent_at, old.sent_email_id, old.archived_at, old.archived_by, old.archive_reason, old.user_id)
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
ALTER TABLE public.email_drafts ADD CONSTRAINT email_drafts_validation_shape CHECK (validation is null or public.draft_validation_is_valid(validation)) NOT VALID;

-- pilaster: transaction
ALTER TABLE public.email_drafts VALIDATE CONSTRAINT email_drafts_validation_shape;
