-- pilaster: 0004 audit_log
-- follows: 0003 sha256:acd8e21fbc227e0e15994aae0dcdde83c6d4b56bc7cda48bec071545e67a9729

CREATE TYPE public.audit_action AS ENUM ('insert', 'update', 'delete');

CREATE TABLE public.audit_logs (
  id               bigint              GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "organisationId" uuid                NOT NULL,
  "actorId"        uuid,
  action           public.audit_action NOT NULL,
  "tableName"      text                NOT NULL,
  "rowId"          uuid                NOT NULL,
  changes          jsonb               NOT NULL,
  "createdAt"      timestamptz         NOT NULL DEFAULT now()
);

COMMENT ON TABLE public.audit_logs IS 'Who changed what. Written by triggers; nobody can write or edit it. It outlives what it tells of, so
it refers to nothing.';
COMMENT ON COLUMN public.audit_logs.changes IS 'The columns that changed, each with what it held before and holds now. Hashes are left out.';

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

ALTER TABLE public.organisations ADD COLUMN "retentionDays" integer NOT NULL DEFAULT 730;
COMMENT ON COLUMN public.organisations."retentionDays" IS 'How many days messages and prospects are kept.';
-- holds for new rows at once; the old ones are read afterwards
ALTER TABLE public.organisations ADD CONSTRAINT organisations_retention_is_reasonable CHECK ("retentionDays" between 30 and 3650) NOT VALID;

-- pilaster: transaction
ALTER TABLE public.organisations VALIDATE CONSTRAINT organisations_retention_is_reasonable;

CREATE INDEX "audit_logs_organisationId_createdAt_idx" ON public.audit_logs ("organisationId", "createdAt");
CREATE INDEX "audit_logs_createdAt_idx" ON public.audit_logs ("createdAt");

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
