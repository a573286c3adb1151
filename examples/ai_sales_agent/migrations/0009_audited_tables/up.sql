-- pilaster: 0009 audited_tables
-- follows: 0008 sha256:f3e1e2a1777604b5a9bfb5ec86d6b84868e7f1096989370ef22d0ab8167f3e62

DROP TRIGGER audit ON public.activities;

DROP TRIGGER audit ON public.campaigns;

DROP TRIGGER audit ON public.email_sequences;

DROP TRIGGER audit ON public.icps;

DROP TRIGGER audit ON public.messages;

DROP TRIGGER audit ON public.organisations;

DROP TRIGGER audit ON public.prospects;

DROP TRIGGER audit ON public.subscriptions;

DROP TRIGGER audit ON public.users;

DROP FUNCTION public.write_audit_log();

COMMENT ON TABLE public.audit_logs IS 'Who changed what. Written by the database itself; nobody can write or edit it. It outlives what it
tells of, so it refers to nothing.';
ALTER TABLE public.audit_logs ALTER COLUMN "actorId" SET DEFAULT public.current_person();

CREATE FUNCTION public.audit_logs_trail()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO ''
AS $$
declare
  before jsonb := to_jsonb(old) - tg_argv[2]::text[];
  after jsonb := to_jsonb(new) - tg_argv[2]::text[];
  held jsonb := coalesce(to_jsonb(new), to_jsonb(old));
begin
  -- No line can tell of rows that nobody sees go.
  if tg_op = 'TRUNCATE' then
    raise exception using
      errcode = 'restrict_violation',
      message = format('%I.%I is audited: its rows are deleted one by one', tg_table_schema, tg_table_name),
      schema = tg_table_schema,
      table = tg_table_name,
      constraint = tg_name;
  end if;
  -- Nothing changed that would be written down.
  if before = after then
    return null;
  end if;
  insert into public.audit_logs (action, "tableName", "rowId", changes, "organisationId")
  values (
    lower(tg_op)::public.audit_action,
    tg_argv[0],
    (held ->> tg_argv[1])::uuid,
    (
      select coalesce(jsonb_object_agg(key, jsonb_build_object('before', before -> key, 'after', after -> key)), '{}')
      from jsonb_object_keys(coalesce(before, '{}') || coalesce(after, '{}')) as key
      where before -> key is distinct from after -> key
    ),
    (held ->> tg_argv[3])::uuid
  );
  return null;
end
$$;

COMMENT ON FUNCTION public.audit_logs_trail() IS 'Writes a line of audit_logs for each change of a row.';

-- pilaster: no transaction
CREATE INDEX CONCURRENTLY "audit_logs_rowId_idx" ON public.audit_logs ("rowId");

-- pilaster: transaction
CREATE TRIGGER subscriptions_audited
  AFTER INSERT OR DELETE OR UPDATE ON public.subscriptions
  FOR EACH ROW
  EXECUTE FUNCTION public.audit_logs_trail('subscriptions', 'id', '{updatedAt}', 'organisationId');

CREATE TRIGGER subscriptions_audited_truncate
  BEFORE TRUNCATE ON public.subscriptions
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.audit_logs_trail();

CREATE TRIGGER icps_audited
  AFTER INSERT OR DELETE OR UPDATE ON public.icps
  FOR EACH ROW
  EXECUTE FUNCTION public.audit_logs_trail('icps', 'id', '{updatedAt}', 'organisationId');

CREATE TRIGGER icps_audited_truncate
  BEFORE TRUNCATE ON public.icps
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.audit_logs_trail();

CREATE TRIGGER prospects_audited
  AFTER INSERT OR DELETE OR UPDATE ON public.prospects
  FOR EACH ROW
  EXECUTE FUNCTION public.audit_logs_trail('prospects', 'id', '{updatedAt}', 'organisationId');

CREATE TRIGGER prospects_audited_truncate
  BEFORE TRUNCATE ON public.prospects
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.audit_logs_trail();

CREATE TRIGGER email_sequences_audited
  AFTER INSERT OR DELETE OR UPDATE ON public.email_sequences
  FOR EACH ROW
  EXECUTE FUNCTION public.audit_logs_trail('email_sequences', 'id', '{updatedAt}', 'organisationId');

CREATE TRIGGER email_sequences_audited_truncate
  BEFORE TRUNCATE ON public.email_sequences
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.audit_logs_trail();

CREATE TRIGGER campaigns_audited
  AFTER INSERT OR DELETE OR UPDATE ON public.campaigns
  FOR EACH ROW
  EXECUTE FUNCTION public.audit_logs_trail('campaigns', 'id', '{updatedAt}', 'organisationId');

CREATE TRIGGER campaigns_audited_truncate
  BEFORE TRUNCATE ON public.campaigns
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.audit_logs_trail();

CREATE TRIGGER messages_audited
  AFTER INSERT OR DELETE OR UPDATE ON public.messages
  FOR EACH ROW
  EXECUTE FUNCTION public.audit_logs_trail('messages', 'id', '{updatedAt}', 'organisationId');

CREATE TRIGGER messages_audited_truncate
  BEFORE TRUNCATE ON public.messages
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.audit_logs_trail();

CREATE TRIGGER activities_audited
  AFTER INSERT OR DELETE OR UPDATE ON public.activities
  FOR EACH ROW
  EXECUTE FUNCTION public.audit_logs_trail('activities', 'id', '{updatedAt}', 'organisationId');

CREATE TRIGGER activities_audited_truncate
  BEFORE TRUNCATE ON public.activities
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.audit_logs_trail();

CREATE TRIGGER organisations_audited
  AFTER INSERT OR DELETE OR UPDATE ON public.organisations
  FOR EACH ROW
  EXECUTE FUNCTION public.audit_logs_trail('organisations', 'id', '{updatedAt}', 'id');

CREATE TRIGGER organisations_audited_truncate
  BEFORE TRUNCATE ON public.organisations
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.audit_logs_trail();

CREATE TRIGGER users_audited
  AFTER INSERT OR DELETE OR UPDATE ON public.users
  FOR EACH ROW
  EXECUTE FUNCTION public.audit_logs_trail('users', 'id', '{passwordHash,updatedAt}', 'organisationId');

CREATE TRIGGER users_audited_truncate
  BEFORE TRUNCATE ON public.users
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.audit_logs_trail();

REVOKE EXECUTE ON FUNCTION public.audit_logs_trail() FROM PUBLIC;
