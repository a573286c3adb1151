-- pilaster: 0003 apollo_leads
-- follows: 0002 sha256:25f91961685815aa013757477934ffb164368621d4bca47d97c5874ba74f621c

CREATE TYPE public.lead_status AS ENUM ('new', 'contacted', 'engaged', 'qualified', 'converted', 'lost', 'unsubscribed');

CREATE TYPE public.campaign_channel AS ENUM ('email', 'linkedin', 'mixed');

CREATE TYPE public.campaign_status AS ENUM ('draft', 'active', 'paused', 'completed');

CREATE TYPE public.target_status AS ENUM ('pending', 'sent', 'opened', 'clicked', 'replied', 'bounced');

CREATE FUNCTION public.apollo_contact_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['id', 'enrichedAt']
      and jsonb_typeof(value -> 'id') = 'string'
      and (
        value ->> 'emailStatus' is null
        or value -> 'emailStatus' in ('"verified"', '"guessed"', '"unavailable"')
      )
      and (value ->> 'seniority' is null or jsonb_typeof(value -> 'seniority') = 'string')
      and (
        coalesce(value -> 'departments', 'null') = 'null'
        or case
          when jsonb_typeof(value -> 'departments') = 'array' then
            not exists (
              select from jsonb_array_elements(value -> 'departments') as item (value)
              where jsonb_typeof(item.value) <> 'string'
            )
          else false
        end
      )
      and (value ->> 'employer' is null or jsonb_typeof(value -> 'employer') = 'string')
      and jsonb_typeof(value -> 'enrichedAt') = 'string'
      and public.json_timestamptz_is_valid(value ->> 'enrichedAt')
    else false
  end
$$;

COMMENT ON FUNCTION public.apollo_contact_is_valid(jsonb) IS 'Whether a document has the shape ApolloContact.';

CREATE FUNCTION public.campaign_step_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      case value -> 'channel'
        when '"email"' then
          value ?& array['day', 'subject', 'body']
          and value -> 'day' between '0' and '2147483647'
          and value ->> 'day' ~ '^-?[0-9]+$'
          and jsonb_typeof(value -> 'subject') = 'string'
          and char_length(value ->> 'subject') between 1 and 200
          and jsonb_typeof(value -> 'body') = 'string'
          and value - array['day', 'subject', 'body', 'channel'] = '{}'
        when '"linkedin"' then
          value ?& array['day', 'action']
          and value -> 'day' between '0' and '2147483647'
          and value ->> 'day' ~ '^-?[0-9]+$'
          and value -> 'action' in ('"view"', '"connect"', '"message"')
          and (
            value ->> 'note' is null
            or (jsonb_typeof(value -> 'note') = 'string' and char_length(value ->> 'note') <= 300)
          )
          and value - array['day', 'action', 'note', 'channel'] = '{}'
        else false
      end
    else false
  end
$$;

COMMENT ON FUNCTION public.campaign_step_is_valid(jsonb) IS 'Whether a document has the shape CampaignStep.';

CREATE FUNCTION public.campaigns_steps_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'array' then
      not exists (
        select from jsonb_array_elements(value) as item (value)
        where not public.campaign_step_is_valid(item.value)
      )
    else false
  end
$$;

COMMENT ON FUNCTION public.campaigns_steps_is_valid(jsonb) IS 'Whether a document is one of campaigns.steps.';

CREATE TABLE public.leads (
  id                uuid               DEFAULT gen_random_uuid() PRIMARY KEY,
  "companyId"       uuid               NOT NULL,
  "assignedTo"      uuid,
  "apolloContactId" text,
  email             varchar(320)       NOT NULL,
  "firstName"       varchar(100),
  "lastName"        varchar(100),
  title             text,
  "linkedinUrl"     text,
  score             integer            NOT NULL DEFAULT 0,
  status            public.lead_status NOT NULL DEFAULT 'new',
  source            text               NOT NULL DEFAULT 'apollo',
  tags              text[]             NOT NULL DEFAULT '{}',
  "lastContactedAt" timestamptz,
  "nextFollowUpAt"  timestamptz,
  "convertedAt"     timestamptz,
  "apolloData"      jsonb,
  "createdAt"       timestamptz        NOT NULL DEFAULT now(),
  "updatedAt"       timestamptz        NOT NULL DEFAULT now(),
  CONSTRAINT "leads_companyId_apolloContactId_key" UNIQUE ("companyId", "apolloContactId"),
  CONSTRAINT "leads_companyId_id_key" UNIQUE ("companyId", id),
  CONSTRAINT "leads_apolloData_shape" CHECK ("apolloData" is null or public.apollo_contact_is_valid("apolloData")),
  CONSTRAINT leads_contact_is_dated CHECK (status in ('new', 'lost', 'unsubscribed') or "lastContactedAt" is not null),
  CONSTRAINT leads_conversion_is_dated CHECK ((status = 'converted') = ("convertedAt" is not null)),
  CONSTRAINT leads_email_has_an_at CHECK (email ~ '^[^@ ]+@[^@ ]+$'),
  CONSTRAINT leads_score_is_a_percentage CHECK (score between 0 and 100),
  CONSTRAINT "leads_assignedTo_fkey" FOREIGN KEY ("assignedTo") REFERENCES public.users (id) ON DELETE SET NULL,
  CONSTRAINT "leads_companyId_fkey" FOREIGN KEY ("companyId") REFERENCES public.companies (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.leads IS 'Somebody who may fly with us one day.';
COMMENT ON COLUMN public.leads."companyId" IS 'Who sells to them, not where they work.';
COMMENT ON COLUMN public.leads.score IS 'From 0 to 100; from 80 on somebody calls.';

CREATE FUNCTION public.leads_status_transition()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if not coalesce(
    new.status is not distinct from old.status
    or old.status is null
    or old.status = 'new' and new.status in ('contacted', 'lost', 'unsubscribed')
    or old.status = 'contacted' and new.status in ('engaged', 'qualified', 'lost', 'unsubscribed')
    or old.status = 'engaged' and new.status in ('qualified', 'lost', 'unsubscribed')
    or old.status = 'qualified' and new.status in ('converted', 'lost', 'unsubscribed')
    or old.status = 'converted' and new.status = 'unsubscribed'
    or old.status = 'lost' and new.status in ('contacted', 'unsubscribed'),
    false
  ) then
    raise exception using
      errcode = 'check_violation',
      message = format('leads.status can''t change from %L to %L', old.status, new.status),
      schema = 'public',
      table = 'leads',
      column = 'status',
      constraint = 'leads_status_transition';
  end if;
  return new;
end
$$;

CREATE TABLE public.campaigns (
  id                 uuid                    DEFAULT gen_random_uuid() PRIMARY KEY,
  "companyId"        uuid                    NOT NULL,
  "ownerId"          uuid,
  name               varchar(200)            NOT NULL,
  channel            public.campaign_channel NOT NULL,
  status             public.campaign_status  NOT NULL DEFAULT 'draft',
  "apolloSequenceId" text,
  steps              jsonb                   NOT NULL DEFAULT '[]',
  "startsAt"         timestamptz,
  "endsAt"           timestamptz,
  "createdAt"        timestamptz             NOT NULL DEFAULT now(),
  "updatedAt"        timestamptz             NOT NULL DEFAULT now(),
  CONSTRAINT "campaigns_apolloSequenceId_key" UNIQUE ("apolloSequenceId"),
  CONSTRAINT campaigns_active_have_steps CHECK (status in ('draft', 'paused') or jsonb_array_length(steps) > 0),
  CONSTRAINT campaigns_end_after_they_begin CHECK ("endsAt" > "startsAt"),
  CONSTRAINT campaigns_steps_shape CHECK (public.campaigns_steps_is_valid(steps)),
  CONSTRAINT "campaigns_companyId_fkey" FOREIGN KEY ("companyId") REFERENCES public.companies (id) ON DELETE CASCADE,
  CONSTRAINT "campaigns_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES public.users (id) ON DELETE SET NULL
);

COMMENT ON TABLE public.campaigns IS 'A sequence of mails, LinkedIn messages or both.';

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
    or old.status = 'draft' and new.status = 'active'
    or old.status = 'active' and new.status in ('completed', 'paused')
    or old.status = 'paused' and new.status in ('active', 'completed'),
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

CREATE TABLE public.campaign_targets (
  id           uuid                 DEFAULT gen_random_uuid() PRIMARY KEY,
  "campaignId" uuid                 NOT NULL,
  "leadId"     uuid                 NOT NULL,
  status       public.target_status NOT NULL DEFAULT 'pending',
  "sentAt"     timestamptz,
  "openedAt"   timestamptz,
  "clickedAt"  timestamptz,
  "repliedAt"  timestamptz,
  opens        integer              NOT NULL DEFAULT 0,
  clicks       integer              NOT NULL DEFAULT 0,
  "createdAt"  timestamptz          NOT NULL DEFAULT now(),
  "updatedAt"  timestamptz          NOT NULL DEFAULT now(),
  CONSTRAINT "campaign_targets_campaignId_leadId_key" UNIQUE ("campaignId", "leadId"),
  CONSTRAINT campaign_targets_clicks_not_negative CHECK (clicks >= 0),
  CONSTRAINT campaign_targets_opens_not_negative CHECK (opens >= 0),
  CONSTRAINT campaign_targets_reply_follows_sending CHECK ("repliedAt" >= "sentAt"),
  CONSTRAINT campaign_targets_sending_is_dated CHECK (status = 'pending' or "sentAt" is not null),
  CONSTRAINT "campaign_targets_campaignId_fkey" FOREIGN KEY ("campaignId") REFERENCES public.campaigns (id) ON DELETE CASCADE,
  CONSTRAINT "campaign_targets_leadId_fkey" FOREIGN KEY ("leadId") REFERENCES public.leads (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.campaign_targets IS 'One lead in one campaign, and how far the mails got.';

CREATE INDEX "leads_assignedTo_idx" ON public.leads ("assignedTo");
CREATE INDEX leads_status_idx ON public.leads (status);

CREATE INDEX "campaigns_companyId_idx" ON public.campaigns ("companyId");
CREATE INDEX "campaigns_ownerId_idx" ON public.campaigns ("ownerId");

CREATE INDEX "campaign_targets_leadId_idx" ON public.campaign_targets ("leadId");

CREATE TRIGGER leads_status_transition
  BEFORE UPDATE ON public.leads
  FOR EACH ROW
  EXECUTE FUNCTION public.leads_status_transition();

CREATE TRIGGER campaigns_status_transition
  BEFORE INSERT OR UPDATE ON public.campaigns
  FOR EACH ROW
  EXECUTE FUNCTION public.campaigns_status_transition();

CREATE TRIGGER "campaign_targets_updatedAt_touch"
  BEFORE UPDATE ON public.campaign_targets
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public."touch_updatedAt"();

CREATE TRIGGER "campaigns_updatedAt_touch"
  BEFORE UPDATE ON public.campaigns
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public."touch_updatedAt"();

CREATE TRIGGER "leads_updatedAt_touch"
  BEFORE UPDATE ON public.leads
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public."touch_updatedAt"();

REVOKE ALL ON public.leads FROM anon, authenticated, service_role;

REVOKE ALL ON public.campaigns FROM anon, authenticated, service_role;

REVOKE ALL ON public.campaign_targets FROM anon, authenticated, service_role;
