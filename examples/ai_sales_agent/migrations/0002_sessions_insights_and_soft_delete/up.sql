-- pilaster: 0002 sessions_insights_and_soft_delete
-- follows: 0001 sha256:57dc9debf5d28dcc26da5f1fc63a11f4c565b471cb073f881d3e429d8b8ac46c

CREATE TYPE public.insight_type AS ENUM ('qualification', 'next_step', 'risk', 'summary');

CREATE FUNCTION public.campaigns_status_transition()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if tg_op = 'INSERT' then
    if new.status in ('draft') or new.status is null then
      return new;
    end if;
    raise exception using
      errcode = 'check_violation',
      message = format('campaigns.status can''t begin as %L', new.status),
      hint = 'a new row may begin as ''draft''',
      schema = 'public',
      table = 'campaigns',
      column = 'status',
      constraint = 'campaigns_status_transition';
  elsif not coalesce(
    new.status is not distinct from old.status
    or old.status is null and new.status in ('draft')
    or old.status = 'draft' and new.status in ('running', 'cancelled')
    or old.status = 'running' and new.status in ('completed', 'paused', 'cancelled')
    or old.status = 'paused' and new.status in ('running', 'cancelled'),
    false
  ) then
    raise exception using
      errcode = 'check_violation',
      message = format('campaigns.status can''t change from %L to %L', old.status, new.status),
      schema = 'public',
      table = 'campaigns',
      column = 'status',
      constraint = 'campaigns_status_transition';
  end if;
  return new;
end
$$;

CREATE FUNCTION public.prospects_status_transition()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if tg_op = 'INSERT' then
    if new.status in ('new') or new.status is null then
      return new;
    end if;
    raise exception using
      errcode = 'check_violation',
      message = format('prospects.status can''t begin as %L', new.status),
      hint = 'a new row may begin as ''new''',
      schema = 'public',
      table = 'prospects',
      column = 'status',
      constraint = 'prospects_status_transition';
  elsif not coalesce(
    new.status is not distinct from old.status
    or old.status is null and new.status in ('new')
    or old.status = 'new' and new.status in ('qualified', 'lost')
    or old.status = 'qualified' and new.status in ('contacted', 'lost')
    or old.status = 'contacted' and new.status in ('replied', 'lost')
    or old.status = 'replied' and new.status in ('won', 'lost'),
    false
  ) then
    raise exception using
      errcode = 'check_violation',
      message = format('prospects.status can''t change from %L to %L', old.status, new.status),
      schema = 'public',
      table = 'prospects',
      column = 'status',
      constraint = 'prospects_status_transition';
  end if;
  return new;
end
$$;

CREATE FUNCTION public.subscriptions_status_transition()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if not coalesce(
    new.status is not distinct from old.status
    or old.status is null
    or old.status = 'trialing' and new.status in ('active', 'cancelled')
    or old.status = 'active' and new.status in ('past_due', 'cancelled')
    or old.status = 'past_due' and new.status in ('active', 'cancelled'),
    false
  ) then
    raise exception using
      errcode = 'check_violation',
      message = format('subscriptions.status can''t change from %L to %L', old.status, new.status),
      schema = 'public',
      table = 'subscriptions',
      column = 'status',
      constraint = 'subscriptions_status_transition';
  end if;
  return new;
end
$$;

CREATE FUNCTION public.insight_content_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ? 'text'
      and jsonb_typeof(value -> 'text') = 'string'
      and char_length(value ->> 'text') >= 1
      and (
        coalesce(value -> 'sources', 'null') = 'null'
        or case
          when jsonb_typeof(value -> 'sources') = 'array' then
            not exists (
              select from jsonb_array_elements(value -> 'sources') as item (value)
              where jsonb_typeof(item.value) <> 'string'
            )
          else false
        end
      )
      and (
        value ->> 'suggestedAction' is null or jsonb_typeof(value -> 'suggestedAction') = 'string'
      )
      and value - array['text', 'sources', 'suggestedAction'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.insight_content_is_valid(jsonb) IS 'Whether a document has the shape InsightContent.';

CREATE TABLE public.ai_insights (
  id               uuid                DEFAULT gen_random_uuid() PRIMARY KEY,
  "organisationId" uuid                NOT NULL,
  "prospectId"     uuid                NOT NULL,
  type             public.insight_type NOT NULL,
  confidence       numeric(3, 2)       NOT NULL,
  content          jsonb               NOT NULL,
  "dismissedAt"    timestamptz,
  "createdAt"      timestamptz         NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz         NOT NULL DEFAULT now(),
  CONSTRAINT ai_insights_confidence_is_a_share CHECK (confidence between 0 and 1),
  CONSTRAINT ai_insights_content_shape CHECK (public.insight_content_is_valid(content)),
  CONSTRAINT "ai_insights_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES public.organisations (id) ON DELETE CASCADE,
  CONSTRAINT "ai_insights_prospectId_fkey" FOREIGN KEY ("prospectId") REFERENCES public.prospects (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.ai_insights IS 'A thought of the assistant''s about a prospect.';

CREATE TABLE public.sessions (
  id               uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  "organisationId" uuid        NOT NULL,
  "userId"         uuid        NOT NULL,
  "tokenHash"      bytea       NOT NULL,
  "userAgent"      text,
  "expiresAt"      timestamptz NOT NULL,
  "revokedAt"      timestamptz,
  "createdAt"      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT "sessions_tokenHash_key" UNIQUE ("tokenHash"),
  CONSTRAINT sessions_expire_later CHECK ("expiresAt" > "createdAt"),
  CONSTRAINT sessions_token_is_hashed CHECK (octet_length("tokenHash") = 32),
  CONSTRAINT "sessions_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.sessions IS 'Who has signed in. The token itself is nowhere: this is its SHA-256.';

ALTER TABLE public.campaigns ADD COLUMN "deletedAt" timestamptz;

ALTER TABLE public.email_sequences ADD COLUMN "deletedAt" timestamptz;

ALTER TABLE public.icps ADD COLUMN "deletedAt" timestamptz;

ALTER TABLE public.organisations ADD COLUMN "deletedAt" timestamptz;

ALTER TABLE public.prospects ADD COLUMN "deletedAt" timestamptz;

ALTER TABLE public.users ADD COLUMN "deletedAt" timestamptz;

CREATE INDEX "ai_insights_organisationId_prospectId_idx" ON public.ai_insights ("organisationId", "prospectId");

CREATE INDEX "sessions_organisationId_userId_idx" ON public.sessions ("organisationId", "userId");
CREATE INDEX "sessions_expiresAt_idx" ON public.sessions ("expiresAt");

CREATE TRIGGER subscriptions_status_transition
  BEFORE UPDATE ON public.subscriptions
  FOR EACH ROW
  EXECUTE FUNCTION public.subscriptions_status_transition();

CREATE TRIGGER prospects_status_transition
  BEFORE INSERT OR UPDATE ON public.prospects
  FOR EACH ROW
  EXECUTE FUNCTION public.prospects_status_transition();

CREATE TRIGGER campaigns_status_transition
  BEFORE INSERT OR UPDATE ON public.campaigns
  FOR EACH ROW
  EXECUTE FUNCTION public.campaigns_status_transition();

CREATE TRIGGER "ai_insights_updatedAt_touch"
  BEFORE UPDATE ON public.ai_insights
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public."touch_updatedAt"();
