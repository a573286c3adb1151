-- pilaster: 0006 soft_delete_and_audit
-- follows: 0005 sha256:4b7eac3d16ddf421774b4ecd00ade0d30db57be29eecdd3080234f033fe1ea8a

CREATE FUNCTION public.acting_user()
RETURNS text
LANGUAGE sql
STABLE
SET search_path TO ''
AS $$ select coalesce(auth.jwt() ->> 'sub', nullif(current_setting('app.actor', true), '')) $$;
COMMENT ON FUNCTION public.acting_user() IS 'Who is acting: the person of the token, or what a job calls itself (`set app.actor`).';

ALTER TABLE public.aircraft ADD COLUMN "createdBy" text;
COMMENT ON COLUMN public.aircraft."createdBy" IS 'Clerk''s name for the person, or a job''s own; kept when the account is gone.';

ALTER TABLE public.bookings ADD COLUMN "createdBy" text;
COMMENT ON COLUMN public.bookings."createdBy" IS 'Clerk''s name for the person, or a job''s own; kept when the account is gone.';

ALTER TABLE public.campaign_targets ADD COLUMN "createdBy" text;
COMMENT ON COLUMN public.campaign_targets."createdBy" IS 'Clerk''s name for the person, or a job''s own; kept when the account is gone.';

ALTER TABLE public.campaigns ADD COLUMN "createdBy" text;
COMMENT ON COLUMN public.campaigns."createdBy" IS 'Clerk''s name for the person, or a job''s own; kept when the account is gone.';

ALTER TABLE public.companies ADD COLUMN "createdBy" text;
COMMENT ON COLUMN public.companies."createdBy" IS 'Clerk''s name for the person, or a job''s own; kept when the account is gone.';

ALTER TABLE public.conversations ADD COLUMN "createdBy" text;
COMMENT ON COLUMN public.conversations."createdBy" IS 'Clerk''s name for the person, or a job''s own; kept when the account is gone.';

ALTER TABLE public.executive_assistants ADD COLUMN "createdBy" text;
COMMENT ON COLUMN public.executive_assistants."createdBy" IS 'Clerk''s name for the person, or a job''s own; kept when the account is gone.';

ALTER TABLE public.leads ADD COLUMN "createdBy" text;
COMMENT ON COLUMN public.leads."createdBy" IS 'Clerk''s name for the person, or a job''s own; kept when the account is gone.';

ALTER TABLE public.users ADD COLUMN "createdBy" text;
COMMENT ON COLUMN public.users."createdBy" IS 'Clerk''s name for the person, or a job''s own; kept when the account is gone.';

ALTER TABLE public.aircraft ADD COLUMN "updatedBy" text;

ALTER TABLE public.bookings ADD COLUMN "updatedBy" text;

ALTER TABLE public.campaign_targets ADD COLUMN "updatedBy" text;

ALTER TABLE public.campaigns ADD COLUMN "updatedBy" text;

ALTER TABLE public.companies ADD COLUMN "updatedBy" text;

ALTER TABLE public.conversations ADD COLUMN "updatedBy" text;

ALTER TABLE public.executive_assistants ADD COLUMN "updatedBy" text;

ALTER TABLE public.leads ADD COLUMN "updatedBy" text;

ALTER TABLE public.users ADD COLUMN "updatedBy" text;

CREATE FUNCTION public.sign_row()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if tg_op = 'INSERT' then
    new."createdBy" := public.acting_user();
  else
    new."createdAt" := old."createdAt";
    new."createdBy" := old."createdBy";
  end if;
  new."updatedBy" := public.acting_user();
  return new;
end
$$;

COMMENT ON FUNCTION public.sign_row() IS 'Signs a row: whoever inserts or changes it can''t say that it was somebody else.';

ALTER TABLE public.aircraft ADD COLUMN "deletedAt" timestamptz;

ALTER TABLE public.bookings ADD COLUMN "deletedAt" timestamptz;

ALTER TABLE public.campaigns ADD COLUMN "deletedAt" timestamptz;

ALTER TABLE public.companies ADD COLUMN "deletedAt" timestamptz;

ALTER TABLE public.conversations ADD COLUMN "deletedAt" timestamptz;

ALTER TABLE public.leads ADD COLUMN "deletedAt" timestamptz;

ALTER TABLE public.users ADD COLUMN "deletedAt" timestamptz;

ALTER TABLE public.aircraft ADD COLUMN "deletedBy" text;

ALTER TABLE public.bookings ADD COLUMN "deletedBy" text;

ALTER TABLE public.campaigns ADD COLUMN "deletedBy" text;

ALTER TABLE public.companies ADD COLUMN "deletedBy" text;

ALTER TABLE public.conversations ADD COLUMN "deletedBy" text;

ALTER TABLE public.leads ADD COLUMN "deletedBy" text;

ALTER TABLE public.users ADD COLUMN "deletedBy" text;

CREATE OR REPLACE FUNCTION public.bookings_status_frozen()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if old.status in ('completed')
    and row(new.id, new."companyId", new."userId", new."leadId", new."aircraftId", new."avinodeRequestId", new."departureAirport", new."arrivalAirport", new."departureAt", new."arrivalAt", new.passengers, new.status, new."totalPrice", new.currency, new."avinodeData", new."cancelledAt", new."createdAt", new."createdBy")
      is distinct from row(old.id, old."companyId", old."userId", old."leadId", old."aircraftId", old."avinodeRequestId", old."departureAirport", old."arrivalAirport", old."departureAt", old."arrivalAt", old.passengers, old.status, old."totalPrice", old.currency, old."avinodeData", old."cancelledAt", old."createdAt", old."createdBy")
  then
    raise exception using
      errcode = 'check_violation',
      message = format('bookings can''t be edited while status is %L', old.status),
      hint = 'only deletedAt, deletedBy, updatedAt, updatedBy may change',
      schema = 'public',
      table = 'bookings',
      column = 'status',
      constraint = 'bookings_status_frozen';
  end if;
  return new;
end
$$;

CREATE FUNCTION public.sign_deletion()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if new."deletedAt" is null then
    new."deletedBy" := null;
  elsif tg_op = 'INSERT' or old."deletedAt" is null then
    new."deletedBy" := public.acting_user();
  else
    new."deletedBy" := old."deletedBy";
  end if;
  return new;
end
$$;

COMMENT ON FUNCTION public.sign_deletion() IS 'Signs a deletion, and unsigns it where the row comes back.';

CREATE TRIGGER sign_row
  BEFORE INSERT OR UPDATE ON public.aircraft
  FOR EACH ROW
  EXECUTE FUNCTION public.sign_row();

CREATE TRIGGER sign_row
  BEFORE INSERT OR UPDATE ON public.bookings
  FOR EACH ROW
  EXECUTE FUNCTION public.sign_row();

CREATE TRIGGER sign_row
  BEFORE INSERT OR UPDATE ON public.campaign_targets
  FOR EACH ROW
  EXECUTE FUNCTION public.sign_row();

CREATE TRIGGER sign_row
  BEFORE INSERT OR UPDATE ON public.campaigns
  FOR EACH ROW
  EXECUTE FUNCTION public.sign_row();

CREATE TRIGGER sign_row
  BEFORE INSERT OR UPDATE ON public.companies
  FOR EACH ROW
  EXECUTE FUNCTION public.sign_row();

CREATE TRIGGER sign_row
  BEFORE INSERT OR UPDATE ON public.conversations
  FOR EACH ROW
  EXECUTE FUNCTION public.sign_row();

CREATE TRIGGER sign_row
  BEFORE INSERT OR UPDATE ON public.executive_assistants
  FOR EACH ROW
  EXECUTE FUNCTION public.sign_row();

CREATE TRIGGER sign_row
  BEFORE INSERT OR UPDATE ON public.leads
  FOR EACH ROW
  EXECUTE FUNCTION public.sign_row();

CREATE TRIGGER sign_row
  BEFORE INSERT OR UPDATE ON public.users
  FOR EACH ROW
  EXECUTE FUNCTION public.sign_row();

CREATE TRIGGER sign_deletion
  BEFORE INSERT OR UPDATE ON public.aircraft
  FOR EACH ROW
  EXECUTE FUNCTION public.sign_deletion();

CREATE TRIGGER sign_deletion
  BEFORE INSERT OR UPDATE ON public.bookings
  FOR EACH ROW
  EXECUTE FUNCTION public.sign_deletion();

CREATE TRIGGER sign_deletion
  BEFORE INSERT OR UPDATE ON public.campaigns
  FOR EACH ROW
  EXECUTE FUNCTION public.sign_deletion();

CREATE TRIGGER sign_deletion
  BEFORE INSERT OR UPDATE ON public.companies
  FOR EACH ROW
  EXECUTE FUNCTION public.sign_deletion();

CREATE TRIGGER sign_deletion
  BEFORE INSERT OR UPDATE ON public.conversations
  FOR EACH ROW
  EXECUTE FUNCTION public.sign_deletion();

CREATE TRIGGER sign_deletion
  BEFORE INSERT OR UPDATE ON public.leads
  FOR EACH ROW
  EXECUTE FUNCTION public.sign_deletion();

CREATE TRIGGER sign_deletion
  BEFORE INSERT OR UPDATE ON public.users
  FOR EACH ROW
  EXECUTE FUNCTION public.sign_deletion();

-- widened access: anon gains execute on public.acting_user()
-- widened access: anon gains execute on public.sign_row()
-- widened access: anon gains execute on public.sign_deletion()
-- widened access: authenticated gains execute on public.acting_user()
-- widened access: authenticated gains execute on public.sign_row()
-- widened access: authenticated gains execute on public.sign_deletion()
-- widened access: service_role gains execute on public.acting_user()
-- widened access: service_role gains execute on public.sign_row()
-- widened access: service_role gains execute on public.sign_deletion()
GRANT EXECUTE ON FUNCTION public.acting_user() TO authenticated;
GRANT EXECUTE ON FUNCTION public.acting_user() TO service_role;
