-- pilaster: 0001 prospects_and_campaigns
-- follows: nothing

CREATE TYPE public.plan AS ENUM ('free', 'starter', 'growth', 'enterprise');

CREATE TYPE public.subscription_status AS ENUM ('trialing', 'active', 'past_due', 'cancelled');

CREATE TYPE public.prospect_status AS ENUM ('new', 'qualified', 'contacted', 'replied', 'won', 'lost');

CREATE TYPE public.campaign_status AS ENUM ('draft', 'running', 'paused', 'completed', 'cancelled');

CREATE TYPE public.message_channel AS ENUM ('email', 'linkedin');

CREATE TYPE public.message_direction AS ENUM ('outbound', 'inbound');

CREATE TYPE public.message_status AS ENUM ('draft', 'queued', 'sent', 'opened', 'replied', 'bounced', 'failed');

CREATE TYPE public.activity_type AS ENUM ('call', 'email', 'meeting', 'task', 'note');

CREATE TYPE public.activity_status AS ENUM ('open', 'done', 'cancelled');

CREATE TYPE public.user_role AS ENUM ('owner', 'admin', 'member', 'viewer');

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

CREATE FUNCTION public."touch_updatedAt"()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  new."updatedAt" := now();
  return new;
end
$$;

COMMENT ON FUNCTION public."touch_updatedAt"() IS 'Sets updatedAt to the time of the update.';

CREATE FUNCTION public.icp_criteria_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      (
        coalesce(value -> 'industries', 'null') = 'null'
        or case
          when jsonb_typeof(value -> 'industries') = 'array' then
            not exists (
              select from jsonb_array_elements(value -> 'industries') as item (value)
              where jsonb_typeof(item.value) <> 'string'
            )
          else false
        end
      )
      and (
        coalesce(value -> 'countries', 'null') = 'null'
        or case
          when jsonb_typeof(value -> 'countries') = 'array' then
            not exists (
              select from jsonb_array_elements(value -> 'countries') as item (value)
              where not (jsonb_typeof(item.value) = 'string' and char_length(item.value #>> '{}') = 2)
            )
          else false
        end
      )
      and (
        coalesce(value -> 'jobTitles', 'null') = 'null'
        or case
          when jsonb_typeof(value -> 'jobTitles') = 'array' then
            not exists (
              select from jsonb_array_elements(value -> 'jobTitles') as item (value)
              where jsonb_typeof(item.value) <> 'string'
            )
          else false
        end
      )
      and (
        value ->> 'employeesMin' is null
        or (
          value -> 'employeesMin' between '1' and '2147483647'
          and value ->> 'employeesMin' ~ '^-?[0-9]+$'
        )
      )
      and (
        value ->> 'employeesMax' is null
        or (
          value -> 'employeesMax' between '1' and '2147483647'
          and value ->> 'employeesMax' ~ '^-?[0-9]+$'
        )
      )
      and value - array[
        'industries', 'countries', 'jobTitles', 'employeesMin', 'employeesMax'
      ] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.icp_criteria_is_valid(jsonb) IS 'Whether a document has the shape IcpCriteria.';

CREATE FUNCTION public.qualification_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['reasons', 'model', 'assessedAt']
      and case
        when jsonb_typeof(value -> 'reasons') = 'array' then
          not exists (
            select from jsonb_array_elements(value -> 'reasons') as item (value)
            where not (
              case
                when jsonb_typeof(item.value) = 'object' then
                  item.value ?& array['label', 'points']
                  and jsonb_typeof(item.value -> 'label') = 'string'
                  and item.value -> 'points' between '-100' and '100'
                  and item.value ->> 'points' ~ '^-?[0-9]+$'
                  and item.value - array['label', 'points'] = '{}'
                else false
              end
            )
          )
        else false
      end
      and jsonb_typeof(value -> 'model') = 'string'
      and jsonb_typeof(value -> 'assessedAt') = 'string'
      and public.json_timestamptz_is_valid(value ->> 'assessedAt')
      and value - array['reasons', 'model', 'assessedAt'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.qualification_is_valid(jsonb) IS 'Whether a document has the shape Qualification.';

CREATE FUNCTION public.mail_text_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['subject', 'body']
      and jsonb_typeof(value -> 'subject') = 'string'
      and char_length(value ->> 'subject') between 1 and 200
      and jsonb_typeof(value -> 'body') = 'string'
      and char_length(value ->> 'body') >= 1
      and value - array['subject', 'body'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.mail_text_is_valid(jsonb) IS 'Whether a document has the shape MailText.';

CREATE FUNCTION public.sequence_step_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['afterDays', 'en']
      and value -> 'afterDays' between '0' and '365'
      and value ->> 'afterDays' ~ '^-?[0-9]+$'
      and public.mail_text_is_valid(value -> 'en')
      and value - array['afterDays', 'en'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.sequence_step_is_valid(jsonb) IS 'Whether a document has the shape SequenceStep.';

CREATE FUNCTION public.email_sequences_steps_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'array' then
      jsonb_array_length(value) between 1 and 20
      and not exists (
        select from jsonb_array_elements(value) as item (value)
        where not public.sequence_step_is_valid(item.value)
      )
    else false
  end
$$;

COMMENT ON FUNCTION public.email_sequences_steps_is_valid(jsonb) IS 'Whether a document is one of email_sequences.steps.';

CREATE FUNCTION public.organisation_settings_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      (
        value ->> 'signature' is null
        or (
          jsonb_typeof(value -> 'signature') = 'string'
          and char_length(value ->> 'signature') <= 500
        )
      )
      and (value ->> 'timezone' is null or jsonb_typeof(value -> 'timezone') = 'string')
      and (
        value ->> 'dailyLimit' is null
        or (value -> 'dailyLimit' between '1' and '500' and value ->> 'dailyLimit' ~ '^-?[0-9]+$')
      )
      and value - array['signature', 'timezone', 'dailyLimit'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.organisation_settings_is_valid(jsonb) IS 'Whether a document has the shape OrganisationSettings.';

CREATE TABLE public.organisations (
  id          uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  name        varchar(200) NOT NULL,
  domain      varchar(253) NOT NULL,
  settings    jsonb        NOT NULL DEFAULT '{}',
  "createdAt" timestamptz  NOT NULL DEFAULT now(),
  "updatedAt" timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT organisations_domain_key UNIQUE (domain),
  CONSTRAINT organisations_domain_is_lower_case CHECK (domain = lower(domain)),
  CONSTRAINT organisations_settings_shape CHECK (public.organisation_settings_is_valid(settings))
);

COMMENT ON TABLE public.organisations IS 'A tenant. Everything else belongs to one.';

CREATE TABLE public.subscriptions (
  id                 uuid                       DEFAULT gen_random_uuid() PRIMARY KEY,
  "organisationId"   uuid                       NOT NULL,
  plan               public.plan                NOT NULL DEFAULT 'free',
  status             public.subscription_status NOT NULL DEFAULT 'trialing',
  seats              integer                    NOT NULL DEFAULT 1,
  "currentPeriodEnd" timestamptz                NOT NULL,
  "cancelledAt"      timestamptz,
  "createdAt"        timestamptz                NOT NULL DEFAULT now(),
  "updatedAt"        timestamptz                NOT NULL DEFAULT now(),
  CONSTRAINT "subscriptions_organisationId_key" UNIQUE ("organisationId"),
  CONSTRAINT subscriptions_cancellation_is_dated CHECK (status <> 'cancelled' or "cancelledAt" is not null),
  CONSTRAINT subscriptions_have_seats CHECK (seats > 0),
  CONSTRAINT "subscriptions_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES public.organisations (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.subscriptions IS 'What an organisation pays for.';

CREATE TABLE public.icps (
  id               uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  "organisationId" uuid         NOT NULL,
  name             varchar(200) NOT NULL,
  criteria         jsonb        NOT NULL,
  "createdAt"      timestamptz  NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT "icps_organisationId_name_key" UNIQUE ("organisationId", name),
  CONSTRAINT icps_criteria_shape CHECK (public.icp_criteria_is_valid(criteria)),
  CONSTRAINT "icps_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES public.organisations (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.icps IS 'An ideal customer''s profile.';

CREATE TABLE public.email_sequences (
  id               uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  "organisationId" uuid         NOT NULL,
  name             varchar(200) NOT NULL,
  steps            jsonb        NOT NULL,
  active           boolean      NOT NULL DEFAULT true,
  "createdAt"      timestamptz  NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT "email_sequences_organisationId_name_key" UNIQUE ("organisationId", name),
  CONSTRAINT email_sequences_steps_shape CHECK (public.email_sequences_steps_is_valid(steps)),
  CONSTRAINT "email_sequences_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES public.organisations (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.email_sequences IS 'Mails, one after the other.';

CREATE TABLE public.users (
  id               uuid             DEFAULT gen_random_uuid() PRIMARY KEY,
  "organisationId" uuid             NOT NULL,
  email            varchar(320)     NOT NULL,
  "passwordHash"   text             NOT NULL,
  "firstName"      varchar(100)     NOT NULL,
  "lastName"       varchar(100)     NOT NULL,
  role             public.user_role NOT NULL DEFAULT 'member',
  "lastLoginAt"    timestamptz,
  "createdAt"      timestamptz      NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz      NOT NULL DEFAULT now(),
  CONSTRAINT users_email_key UNIQUE (email),
  CONSTRAINT users_email_is_lower_case CHECK (email = lower(email)),
  CONSTRAINT users_password_is_hashed CHECK ("passwordHash" ~ '^\$argon2id\$v=19\$m=[0-9]{2,7},t=[0-9]{1,2},p=[0-9]{1,2}\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$'),
  CONSTRAINT "users_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES public.organisations (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.users IS 'Somebody who signs in.';
COMMENT ON COLUMN public.users."passwordHash" IS 'Argon2id in its own notation; whatever isn''t, and so any password as it was typed, is refused.';

CREATE TABLE public.prospects (
  id               uuid                   DEFAULT gen_random_uuid() PRIMARY KEY,
  "organisationId" uuid                   NOT NULL,
  "ownerId"        uuid,
  "icpId"          uuid,
  email            varchar(320)           NOT NULL,
  "firstName"      varchar(100),
  "lastName"       varchar(100),
  "jobTitle"       text,
  "companyName"    text,
  "companyDomain"  varchar(253),
  score            integer                NOT NULL DEFAULT 0,
  status           public.prospect_status NOT NULL DEFAULT 'new',
  qualification    jsonb,
  "createdAt"      timestamptz            NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz            NOT NULL DEFAULT now(),
  CONSTRAINT "prospects_organisationId_email_key" UNIQUE ("organisationId", email),
  CONSTRAINT prospects_email_is_lower_case CHECK (email = lower(email)),
  CONSTRAINT prospects_qualification_shape CHECK (qualification is null or public.qualification_is_valid(qualification)),
  CONSTRAINT prospects_qualified_have_reasons CHECK (status = 'new' or qualification is not null),
  CONSTRAINT prospects_score_is_a_percentage CHECK (score between 0 and 100),
  CONSTRAINT "prospects_icpId_fkey" FOREIGN KEY ("icpId") REFERENCES public.icps (id) ON DELETE SET NULL,
  CONSTRAINT "prospects_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES public.organisations (id) ON DELETE CASCADE,
  CONSTRAINT "prospects_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES public.users (id) ON DELETE SET NULL
);

COMMENT ON TABLE public.prospects IS 'Somebody who might buy.';

CREATE TABLE public.campaigns (
  id               uuid                   DEFAULT gen_random_uuid() PRIMARY KEY,
  "organisationId" uuid                   NOT NULL,
  "sequenceId"     uuid                   NOT NULL,
  "ownerId"        uuid,
  name             varchar(200)           NOT NULL,
  status           public.campaign_status NOT NULL DEFAULT 'draft',
  "startsAt"       timestamptz,
  "endedAt"        timestamptz,
  "createdAt"      timestamptz            NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz            NOT NULL DEFAULT now(),
  CONSTRAINT campaigns_end_is_dated CHECK (status not in ('completed', 'cancelled') or "endedAt" is not null),
  CONSTRAINT campaigns_running_have_begun CHECK (status in ('draft', 'cancelled') or "startsAt" is not null),
  CONSTRAINT "campaigns_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES public.organisations (id) ON DELETE CASCADE,
  CONSTRAINT "campaigns_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES public.users (id) ON DELETE SET NULL,
  CONSTRAINT "campaigns_sequenceId_fkey" FOREIGN KEY ("sequenceId") REFERENCES public.email_sequences (id)
);

COMMENT ON TABLE public.campaigns IS 'A sequence that is sent to prospects.';

CREATE TABLE public.messages (
  id               uuid                     DEFAULT gen_random_uuid() PRIMARY KEY,
  "organisationId" uuid                     NOT NULL,
  "prospectId"     uuid                     NOT NULL,
  "campaignId"     uuid,
  direction        public.message_direction NOT NULL DEFAULT 'outbound',
  channel          public.message_channel   NOT NULL DEFAULT 'email',
  status           public.message_status    NOT NULL DEFAULT 'draft',
  subject          varchar(200),
  body             text                     NOT NULL,
  "sentAt"         timestamptz,
  "createdAt"      timestamptz              NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz              NOT NULL DEFAULT now(),
  CONSTRAINT messages_mails_have_a_subject CHECK (channel <> 'email' or subject is not null),
  CONSTRAINT messages_sending_is_dated CHECK (status in ('draft', 'queued', 'failed') or "sentAt" is not null),
  CONSTRAINT "messages_campaignId_fkey" FOREIGN KEY ("campaignId") REFERENCES public.campaigns (id) ON DELETE SET NULL,
  CONSTRAINT "messages_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES public.organisations (id) ON DELETE CASCADE,
  CONSTRAINT "messages_prospectId_fkey" FOREIGN KEY ("prospectId") REFERENCES public.prospects (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.messages IS 'A mail or a message, sent or received.';

CREATE TABLE public.activities (
  id               uuid                   DEFAULT gen_random_uuid() PRIMARY KEY,
  "organisationId" uuid                   NOT NULL,
  "userId"         uuid,
  "prospectId"     uuid,
  type             public.activity_type   NOT NULL,
  status           public.activity_status NOT NULL DEFAULT 'open',
  title            varchar(200)           NOT NULL,
  "dueAt"          timestamptz,
  "completedAt"    timestamptz,
  "createdAt"      timestamptz            NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz            NOT NULL DEFAULT now(),
  CONSTRAINT activities_done_are_dated CHECK (status <> 'done' or "completedAt" is not null),
  CONSTRAINT "activities_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES public.organisations (id) ON DELETE CASCADE,
  CONSTRAINT "activities_prospectId_fkey" FOREIGN KEY ("prospectId") REFERENCES public.prospects (id) ON DELETE CASCADE,
  CONSTRAINT "activities_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users (id) ON DELETE SET NULL
);

COMMENT ON TABLE public.activities IS 'Something to do, or done.';

CREATE INDEX "prospects_organisationId_score_idx" ON public.prospects ("organisationId", score DESC);
CREATE INDEX "prospects_organisationId_companyDomain_idx" ON public.prospects ("organisationId", "companyDomain");
CREATE INDEX "prospects_organisationId_ownerId_idx" ON public.prospects ("organisationId", "ownerId");
CREATE INDEX "prospects_organisationId_icpId_idx" ON public.prospects ("organisationId", "icpId");

CREATE INDEX "campaigns_organisationId_sequenceId_idx" ON public.campaigns ("organisationId", "sequenceId");
CREATE INDEX "campaigns_organisationId_ownerId_idx" ON public.campaigns ("organisationId", "ownerId");

CREATE INDEX "messages_organisationId_prospectId_createdAt_idx" ON public.messages ("organisationId", "prospectId", "createdAt");
CREATE INDEX "messages_organisationId_campaignId_idx" ON public.messages ("organisationId", "campaignId");

CREATE INDEX "activities_organisationId_userId_dueAt_idx" ON public.activities ("organisationId", "userId", "dueAt");
CREATE INDEX "activities_organisationId_prospectId_idx" ON public.activities ("organisationId", "prospectId");

CREATE INDEX organisations_name_idx ON public.organisations (name);

CREATE TRIGGER "activities_updatedAt_touch"
  BEFORE UPDATE ON public.activities
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public."touch_updatedAt"();

CREATE TRIGGER "campaigns_updatedAt_touch"
  BEFORE UPDATE ON public.campaigns
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public."touch_updatedAt"();

CREATE TRIGGER "email_sequences_updatedAt_touch"
  BEFORE UPDATE ON public.email_sequences
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public."touch_updatedAt"();

CREATE TRIGGER "icps_updatedAt_touch"
  BEFORE UPDATE ON public.icps
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public."touch_updatedAt"();

CREATE TRIGGER "messages_updatedAt_touch"
  BEFORE UPDATE ON public.messages
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public."touch_updatedAt"();

CREATE TRIGGER "organisations_updatedAt_touch"
  BEFORE UPDATE ON public.organisations
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public."touch_updatedAt"();

CREATE TRIGGER "prospects_updatedAt_touch"
  BEFORE UPDATE ON public.prospects
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public."touch_updatedAt"();

CREATE TRIGGER "subscriptions_updatedAt_touch"
  BEFORE UPDATE ON public.subscriptions
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public."touch_updatedAt"();

CREATE TRIGGER "users_updatedAt_touch"
  BEFORE UPDATE ON public.users
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public."touch_updatedAt"();
