-- pilaster: 0003 version_control, the way back

-- data loss: the values of email_drafts.current_version are gone
ALTER TABLE public.email_drafts DROP COLUMN current_version;
-- data loss: the values of email_drafts.draft_versions are gone
ALTER TABLE public.email_drafts DROP COLUMN draft_versions;
-- data loss: the values of email_drafts.regeneration_count are gone
ALTER TABLE public.email_drafts DROP COLUMN regeneration_count;

DROP FUNCTION public.email_drafts_draft_versions_is_valid(jsonb);

DROP FUNCTION public.draft_version_is_valid(jsonb);

CREATE OR REPLACE FUNCTION public.email_drafts_status_frozen()
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
