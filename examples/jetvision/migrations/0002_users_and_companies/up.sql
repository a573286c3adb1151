-- pilaster: 0002 users_and_companies
-- follows: 0001 sha256:a94c5d10641b8b3b0d28928dd92af058a33da5c7af45756ab300a8482298f8f8

CREATE TYPE public.user_role AS ENUM ('member', 'broker', 'executive_assistant', 'admin');

CREATE TYPE public.company_kind AS ENUM ('operator', 'broker', 'client');

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

CREATE FUNCTION public.aviation_preferences_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      (
        value ->> 'homeAirport' is null
        or (
          jsonb_typeof(value -> 'homeAirport') = 'string' and value ->> 'homeAirport' ~ '^[A-Z]{4}$'
        )
      )
      and (
        coalesce(value -> 'preferredCategories', 'null') = 'null'
        or case
          when jsonb_typeof(value -> 'preferredCategories') = 'array' then
            not exists (
              select from jsonb_array_elements(value -> 'preferredCategories') as item (value)
              where jsonb_typeof(item.value) <> 'string'
            )
          else false
        end
      )
      and (
        value ->> 'passengersUsual' is null
        or (
          value -> 'passengersUsual' between '1' and '19'
          and value ->> 'passengersUsual' ~ '^-?[0-9]+$'
        )
      )
      and (value ->> 'catering' is null or jsonb_typeof(value -> 'catering') = 'string')
      and (value ->> 'petFriendly' is null or jsonb_typeof(value -> 'petFriendly') = 'boolean')
    else false
  end
$$;

COMMENT ON FUNCTION public.aviation_preferences_is_valid(jsonb) IS 'Whether a document has the shape AviationPreferences.';

CREATE FUNCTION public.assistant_permissions_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['canBook', 'canQuote']
      and jsonb_typeof(value -> 'canBook') = 'boolean'
      and jsonb_typeof(value -> 'canQuote') = 'boolean'
      and (value ->> 'spendingLimit' is null or jsonb_typeof(value -> 'spendingLimit') = 'number')
      and value - array['canBook', 'canQuote', 'spendingLimit'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.assistant_permissions_is_valid(jsonb) IS 'Whether a document has the shape AssistantPermissions.';

CREATE FUNCTION public.apollo_organization_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['id', 'enrichedAt']
      and jsonb_typeof(value -> 'id') = 'string'
      and (value ->> 'industry' is null or jsonb_typeof(value -> 'industry') = 'string')
      and (
        value ->> 'employees' is null
        or (
          value -> 'employees' between '0' and '2147483647' and value ->> 'employees' ~ '^-?[0-9]+$'
        )
      )
      and (
        coalesce(value -> 'technologies', 'null') = 'null'
        or case
          when jsonb_typeof(value -> 'technologies') = 'array' then
            not exists (
              select from jsonb_array_elements(value -> 'technologies') as item (value)
              where jsonb_typeof(item.value) <> 'string'
            )
          else false
        end
      )
      and jsonb_typeof(value -> 'enrichedAt') = 'string'
      and public.json_timestamptz_is_valid(value ->> 'enrichedAt')
    else false
  end
$$;

COMMENT ON FUNCTION public.apollo_organization_is_valid(jsonb) IS 'Whether a document has the shape ApolloOrganization.';

CREATE TABLE public.companies (
  id                     uuid                DEFAULT gen_random_uuid() PRIMARY KEY,
  name                   varchar(200)        NOT NULL,
  domain                 varchar(253),
  kind                   public.company_kind NOT NULL DEFAULT 'client',
  industry               text,
  "apolloOrganizationId" text,
  "apolloData"           jsonb,
  "createdAt"            timestamptz         NOT NULL DEFAULT now(),
  "updatedAt"            timestamptz         NOT NULL DEFAULT now(),
  CONSTRAINT "companies_apolloOrganizationId_key" UNIQUE ("apolloOrganizationId"),
  CONSTRAINT companies_domain_key UNIQUE (domain),
  CONSTRAINT "companies_apolloData_shape" CHECK ("apolloData" is null or public.apollo_organization_is_valid("apolloData")),
  CONSTRAINT companies_domain_is_lower_case CHECK (domain = lower(domain))
);

COMMENT ON TABLE public.companies IS 'A business: one that flies, one that sells flights, or one that buys them.';
COMMENT ON COLUMN public.companies.domain IS 'Without `www.`: `netjets.com`.';

CREATE TABLE public.users (
  id               uuid             DEFAULT gen_random_uuid() PRIMARY KEY,
  "clerkId"        text             NOT NULL,
  email            varchar(320)     NOT NULL,
  "firstName"      varchar(100),
  "lastName"       varchar(100),
  "jobTitle"       text,
  role             public.user_role NOT NULL DEFAULT 'member',
  "companyId"      uuid,
  "phoneEncrypted" bytea,
  preferences      jsonb            NOT NULL DEFAULT '{}',
  "lastSeenAt"     timestamptz,
  "createdAt"      timestamptz      NOT NULL DEFAULT now(),
  "updatedAt"      timestamptz      NOT NULL DEFAULT now(),
  CONSTRAINT "users_clerkId_key" UNIQUE ("clerkId"),
  CONSTRAINT users_email_key UNIQUE (email),
  CONSTRAINT users_email_has_an_at CHECK (email ~ '^[^@ ]+@[^@ ]+$'),
  CONSTRAINT users_preferences_shape CHECK (public.aviation_preferences_is_valid(preferences)),
  CONSTRAINT "users_companyId_fkey" FOREIGN KEY ("companyId") REFERENCES public.companies (id) ON DELETE SET NULL
);

COMMENT ON TABLE public.users IS 'Somebody who signs in, by way of Clerk.';
COMMENT ON COLUMN public.users."clerkId" IS 'The `sub` of the token: `user_2b…`.';
COMMENT ON COLUMN public.users."phoneEncrypted" IS 'Encrypted by the application.';

CREATE TABLE public.executive_assistants (
  id            uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  "executiveId" uuid        NOT NULL,
  "assistantId" uuid        NOT NULL,
  permissions   jsonb       NOT NULL DEFAULT '{"canBook": false, "canQuote": true}',
  active        boolean     NOT NULL DEFAULT true,
  "createdAt"   timestamptz NOT NULL DEFAULT now(),
  "updatedAt"   timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT "executive_assistants_executiveId_assistantId_key" UNIQUE ("executiveId", "assistantId"),
  CONSTRAINT executive_assistants_are_two_people CHECK ("executiveId" <> "assistantId"),
  CONSTRAINT executive_assistants_permissions_shape CHECK (public.assistant_permissions_is_valid(permissions)),
  CONSTRAINT "executive_assistants_assistantId_fkey" FOREIGN KEY ("assistantId") REFERENCES public.users (id) ON DELETE CASCADE,
  CONSTRAINT "executive_assistants_executiveId_fkey" FOREIGN KEY ("executiveId") REFERENCES public.users (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.executive_assistants IS 'Whose assistant somebody is. Both are users.';

CREATE INDEX companies_name_idx ON public.companies (name);

CREATE INDEX "users_companyId_idx" ON public.users ("companyId");

CREATE INDEX "executive_assistants_assistantId_idx" ON public.executive_assistants ("assistantId");

CREATE TRIGGER "companies_updatedAt_touch"
  BEFORE UPDATE ON public.companies
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public."touch_updatedAt"();

CREATE TRIGGER "executive_assistants_updatedAt_touch"
  BEFORE UPDATE ON public.executive_assistants
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public."touch_updatedAt"();

CREATE TRIGGER "users_updatedAt_touch"
  BEFORE UPDATE ON public.users
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public."touch_updatedAt"();

REVOKE ALL ON public.companies FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.companies TO authenticated;
GRANT ALL ON public.companies TO service_role;

REVOKE ALL ON public.users FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.users TO authenticated;
GRANT ALL ON public.users TO service_role;

REVOKE ALL ON public.executive_assistants FROM anon, authenticated, service_role;

CREATE POLICY "Users can access company data" ON public.companies
  USING (exists (select 1 from public.users where users."companyId" = companies.id and users."clerkId" = auth.jwt() ->> 'sub'));

CREATE POLICY "Users can access own data" ON public.users
  USING (auth.jwt() ->> 'sub' = "clerkId");

ALTER TABLE public.companies ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;
