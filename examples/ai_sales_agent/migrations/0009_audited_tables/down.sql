-- pilaster: 0009 audited_tables, the way back

DROP TRIGGER activities_audited ON public.activities;
DROP TRIGGER activities_audited_truncate ON public.activities;

DROP TRIGGER campaigns_audited ON public.campaigns;
DROP TRIGGER campaigns_audited_truncate ON public.campaigns;

DROP TRIGGER email_sequences_audited ON public.email_sequences;
DROP TRIGGER email_sequences_audited_truncate ON public.email_sequences;

DROP TRIGGER icps_audited ON public.icps;
DROP TRIGGER icps_audited_truncate ON public.icps;

DROP TRIGGER messages_audited ON public.messages;
DROP TRIGGER messages_audited_truncate ON public.messages;

DROP TRIGGER organisations_audited ON public.organisations;
DROP TRIGGER organisations_audited_truncate ON public.organisations;

DROP TRIGGER prospects_audited ON public.prospects;
DROP TRIGGER prospects_audited_truncate ON public.prospects;

DROP TRIGGER subscriptions_audited ON public.subscriptions;
DROP TRIGGER subscriptions_audited_truncate ON public.subscriptions;

DROP TRIGGER users_audited ON public.users;
DROP TRIGGER users_audited_truncate ON public.users;

-- pilaster: no transaction
DROP INDEX CONCURRENTLY public."audit_logs_rowId_idx";

-- pilaster: transaction
ALTER TABLE public.audit_logs ALTER COLUMN "actorId" DROP DEFAULT;

DROP FUNCTION public.audit_logs_trail();

COMMENT ON TABLE public.audit_logs IS 'Who changed what. Written by triggers; nobody can write or edit it. It outlives what it tells of, so
it refers to nothing.';

CREATE FUNCTION public.write_audit_log()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO ''
AS $$
declare
  before jsonb := case when tg_op = 'INSERT' then '{}' else to_jsonb(old) end;
  after  jsonb := case when tg_op = 'DELETE' then '{}' else to_jsonb(new) end;
  one    jsonb := case when tg_op = 'DELETE' then before else after end;
  changed jsonb;
begin
  select coalesce(jsonb_object_agg(key, jsonb_build_object('before', before -> key, 'after', after -> key)), '{}')
  into changed
  from (select jsonb_object_keys(before || after) as key) as columns
  where before -> key is distinct from after -> key and key not in ('passwordHash', 'updatedAt');
  if tg_op = 'UPDATE' and changed = '{}' then
    return null;
  end if;
  insert into public.audit_logs ("organisationId", "actorId", action, "tableName", "rowId", changes)
  values (
    coalesce((one ->> 'organisationId')::uuid, (one ->> 'id')::uuid),
    nullif(current_setting('app.user_id', true), '')::uuid,
    lower(tg_op)::public.audit_action,
    tg_table_name,
    (one ->> 'id')::uuid,
    changed
  );
  return null;
end
$$;

COMMENT ON FUNCTION public.write_audit_log() IS 'Writes one line of the audit log. It runs as its owner, so that whoever changes a row needs no right
on the log.';

CREATE TRIGGER audit
  AFTER INSERT OR DELETE OR UPDATE ON public.activities
  FOR EACH ROW
  EXECUTE FUNCTION public.write_audit_log();

CREATE TRIGGER audit
  AFTER INSERT OR DELETE OR UPDATE ON public.campaigns
  FOR EACH ROW
  EXECUTE FUNCTION public.write_audit_log();

CREATE TRIGGER audit
  AFTER INSERT OR DELETE OR UPDATE ON public.email_sequences
  FOR EACH ROW
  EXECUTE FUNCTION public.write_audit_log();

CREATE TRIGGER audit
  AFTER INSERT OR DELETE OR UPDATE ON public.icps
  FOR EACH ROW
  EXECUTE FUNCTION public.write_audit_log();

CREATE TRIGGER audit
  AFTER INSERT OR DELETE OR UPDATE ON public.messages
  FOR EACH ROW
  EXECUTE FUNCTION public.write_audit_log();

CREATE TRIGGER audit
  AFTER INSERT OR DELETE OR UPDATE ON public.organisations
  FOR EACH ROW
  EXECUTE FUNCTION public.write_audit_log();

CREATE TRIGGER audit
  AFTER INSERT OR DELETE OR UPDATE ON public.prospects
  FOR EACH ROW
  EXECUTE FUNCTION public.write_audit_log();

CREATE TRIGGER audit
  AFTER INSERT OR DELETE OR UPDATE ON public.subscriptions
  FOR EACH ROW
  EXECUTE FUNCTION public.write_audit_log();

CREATE TRIGGER audit
  AFTER INSERT OR DELETE OR UPDATE ON public.users
  FOR EACH ROW
  EXECUTE FUNCTION public.write_audit_log();

REVOKE EXECUTE ON FUNCTION public.write_audit_log() FROM PUBLIC;
