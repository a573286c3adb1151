-- pilaster: 0004 templates_and_messages
-- follows: 0003 sha256:c8fd1b84bfb8331e587f29baf3f5f0bcbccd5c8a5b4c7e114c3eb61c02103688

CREATE FUNCTION public.agency_options_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      (
        value ->> 'defaultCurrency' is null
        or (
          jsonb_typeof(value -> 'defaultCurrency') = 'string'
          and value ->> 'defaultCurrency' ~ '^[A-Z]{3}$'
        )
      )
      and (
        value ->> 'brandColor' is null
        or (
          jsonb_typeof(value -> 'brandColor') = 'string'
          and value ->> 'brandColor' ~ '^#[0-9a-f]{6}$'
        )
      )
      and (
        value ->> 'invoicePrefix' is null
        or (
          jsonb_typeof(value -> 'invoicePrefix') = 'string'
          and char_length(value ->> 'invoicePrefix') between 1 and 10
        )
      )
      and value - array['defaultCurrency', 'brandColor', 'invoicePrefix'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.agency_options_is_valid(jsonb) IS 'Whether a document has the shape AgencyOptions.';

CREATE FUNCTION public.template_part_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['componentType', 'name']
      and value -> 'componentType' in (
        '"flight"', '"cruise"', '"lodging"', '"transportation"', '"dining"', '"entertainment"',
        '"excursion"', '"insurance"', '"custom"', '"port_info"', '"package"'
      )
      and jsonb_typeof(value -> 'name') = 'string'
      and value - array['componentType', 'name'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.template_part_is_valid(jsonb) IS 'Whether a document has the shape TemplatePart.';

CREATE FUNCTION public.template_day_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['dayNumber', 'activities']
      and value -> 'dayNumber' between '1' and '2147483647'
      and value ->> 'dayNumber' ~ '^-?[0-9]+$'
      and case
        when jsonb_typeof(value -> 'activities') = 'array' then
          not exists (
            select from jsonb_array_elements(value -> 'activities') as item (value)
            where not public.template_part_is_valid(item.value)
          )
        else false
      end
      and value - array['dayNumber', 'activities'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.template_day_is_valid(jsonb) IS 'Whether a document has the shape TemplateDay.';

CREATE FUNCTION public.itinerary_templates_days_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'array' then
      not exists (
        select from jsonb_array_elements(value) as item (value)
        where not public.template_day_is_valid(item.value)
      )
    else false
  end
$$;

COMMENT ON FUNCTION public.itinerary_templates_days_is_valid(jsonb) IS 'Whether a document is one of itinerary_templates.days.';

CREATE FUNCTION public.package_templates_parts_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'array' then
      not exists (
        select from jsonb_array_elements(value) as item (value)
        where not public.template_part_is_valid(item.value)
      )
    else false
  end
$$;

COMMENT ON FUNCTION public.package_templates_parts_is_valid(jsonb) IS 'Whether a document is one of package_templates.parts.';

CREATE TABLE public.contact_documents (
  id            uuid          DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id     uuid          NOT NULL,
  contact_id    uuid          NOT NULL,
  document_type text          NOT NULL,
  sealed_number public.sealed NOT NULL,
  issued_by     varchar(2)    NOT NULL,
  expires_on    date,
  created_at    timestamptz   NOT NULL DEFAULT now(),
  updated_at    timestamptz   NOT NULL DEFAULT now(),
  CONSTRAINT contact_documents_document_type_check CHECK (document_type in ('passport', 'visa', 'id_card', 'nexus')),
  CONSTRAINT contact_documents_contact_id_agency_id_fkey FOREIGN KEY (contact_id, agency_id) REFERENCES public.contacts (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.contact_documents IS 'Passports and visas. Numbers are sealed before they come here.';

CREATE TABLE public.api_provider_configs (
  provider   varchar(50) PRIMARY KEY,
  base_url   text        NOT NULL,
  is_active  boolean     NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE public.api_provider_configs IS 'How a service is spoken to, for all agencies.';

CREATE TABLE public.stripe_webhook_events (
  id           varchar(100) PRIMARY KEY,
  event_type   varchar(100) NOT NULL,
  payload      jsonb        NOT NULL,
  processed_at timestamptz,
  created_at   timestamptz  NOT NULL DEFAULT now()
);

COMMENT ON TABLE public.stripe_webhook_events IS 'What Stripe told us, once each.';

CREATE TABLE public.api_credentials (
  id            uuid          DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id     uuid          NOT NULL,
  provider      varchar(50)   NOT NULL,
  version       integer       NOT NULL DEFAULT 1,
  sealed_secret public.sealed NOT NULL,
  status        text          NOT NULL DEFAULT 'active',
  expires_at    timestamptz,
  created_at    timestamptz   NOT NULL DEFAULT now(),
  updated_at    timestamptz   NOT NULL DEFAULT now(),
  CONSTRAINT api_credentials_agency_id_provider_version_key UNIQUE (agency_id, provider, version),
  CONSTRAINT api_credentials_count_from_one CHECK (version > 0),
  CONSTRAINT api_credentials_status_check CHECK (status in ('active', 'expired', 'revoked')),
  CONSTRAINT api_credentials_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agencies (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.api_credentials IS 'Keys of other services, sealed. Nobody but the service comes near them.';

CREATE TABLE public.agency_stripe_accounts (
  id                uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id         uuid         NOT NULL,
  stripe_account_id varchar(100) NOT NULL,
  charges_enabled   boolean      NOT NULL DEFAULT false,
  created_at        timestamptz  NOT NULL DEFAULT now(),
  updated_at        timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT agency_stripe_accounts_agency_id_key UNIQUE (agency_id),
  CONSTRAINT agency_stripe_accounts_stripe_account_id_key UNIQUE (stripe_account_id),
  CONSTRAINT agency_stripe_accounts_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agencies (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.agency_stripe_accounts IS 'An agency at Stripe Connect.';

CREATE TABLE public.agency_settings (
  id         uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id  uuid        NOT NULL,
  settings   jsonb       NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT agency_settings_agency_id_key UNIQUE (agency_id),
  CONSTRAINT agency_settings_settings_shape CHECK (public.agency_options_is_valid(settings)),
  CONSTRAINT agency_settings_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agencies (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.agency_settings IS 'What an agency chose.';

CREATE TABLE public.user_invitations (
  id          uuid             DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id   uuid             NOT NULL,
  email       text             NOT NULL,
  role        public.user_role NOT NULL DEFAULT 'user',
  expires_at  timestamptz      NOT NULL,
  accepted_at timestamptz,
  created_at  timestamptz      NOT NULL DEFAULT now(),
  updated_at  timestamptz      NOT NULL DEFAULT now(),
  CONSTRAINT user_invitations_agency_id_email_key UNIQUE (agency_id, email),
  CONSTRAINT user_invitations_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agencies (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.user_invitations IS 'Colleagues who were asked to join.';

CREATE TABLE public.email_templates (
  id         uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id  uuid         NOT NULL,
  slug       varchar(100) NOT NULL,
  subject    text         NOT NULL,
  body       text         NOT NULL,
  is_active  boolean      NOT NULL DEFAULT true,
  created_at timestamptz  NOT NULL DEFAULT now(),
  updated_at timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT email_templates_agency_id_slug_key UNIQUE (agency_id, slug),
  CONSTRAINT email_templates_id_agency_id_key UNIQUE (id, agency_id),
  CONSTRAINT email_templates_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agencies (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.email_templates IS 'Mails to write again.';

CREATE TABLE public.email_logs (
  id          uuid                DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id   uuid                NOT NULL,
  trip_id     uuid,
  contact_id  uuid,
  template_id uuid,
  to_email    text                NOT NULL,
  subject     text                NOT NULL,
  status      public.email_status NOT NULL DEFAULT 'pending',
  sent_at     timestamptz,
  error       text,
  created_at  timestamptz         NOT NULL DEFAULT now(),
  updated_at  timestamptz         NOT NULL DEFAULT now(),
  CONSTRAINT email_logs_sent_is_dated CHECK (status <> 'sent' or sent_at is not null),
  CONSTRAINT email_logs_contact_id_agency_id_fkey FOREIGN KEY (contact_id, agency_id) REFERENCES public.contacts (id, agency_id) ON DELETE CASCADE,
  CONSTRAINT email_logs_template_id_agency_id_fkey FOREIGN KEY (template_id, agency_id) REFERENCES public.email_templates (id, agency_id) ON DELETE CASCADE,
  CONSTRAINT email_logs_trip_id_agency_id_fkey FOREIGN KEY (trip_id, agency_id) REFERENCES public.trips (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.email_logs IS 'Mails that went out, and what became of them.';

CREATE FUNCTION public.email_logs_status_transition()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if tg_op = 'INSERT' then
    if new.status in ('pending') or new.status is null then
      return new;
    end if;
    raise exception using
      errcode = 'check_violation',
      message = format('email_logs.status can''t begin as %L', new.status),
      hint = 'a new row may begin as ''pending''',
      schema = 'public',
      table = 'email_logs',
      column = 'status',
      constraint = 'email_logs_status_transition';
  elsif not coalesce(
    new.status is not distinct from old.status
    or old.status is null and new.status in ('pending')
    or old.status = 'pending' and new.status in ('sent', 'failed')
    or old.status = 'failed' and new.status = 'pending',
    false
  ) then
    raise exception using
      errcode = 'check_violation',
      message = format('email_logs.status can''t change from %L to %L', old.status, new.status),
      schema = 'public',
      table = 'email_logs',
      column = 'status',
      constraint = 'email_logs_status_transition';
  end if;
  return new;
end
$$;

CREATE TABLE public.notifications (
  id         uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id  uuid        NOT NULL,
  user_id    uuid        NOT NULL,
  message    text        NOT NULL,
  read_at    timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT notifications_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agencies (id) ON DELETE CASCADE,
  CONSTRAINT notifications_user_id_agency_id_fkey FOREIGN KEY (user_id, agency_id) REFERENCES public.user_profiles (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.notifications IS 'What a colleague should know.';

CREATE TABLE public.itinerary_templates (
  id         uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id  uuid         NOT NULL,
  name       varchar(255) NOT NULL,
  days       jsonb        NOT NULL DEFAULT '[]',
  is_active  boolean      NOT NULL DEFAULT true,
  created_at timestamptz  NOT NULL DEFAULT now(),
  updated_at timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT itinerary_templates_agency_id_name_key UNIQUE (agency_id, name),
  CONSTRAINT itinerary_templates_days_shape CHECK (public.itinerary_templates_days_is_valid(days)),
  CONSTRAINT itinerary_templates_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agencies (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.itinerary_templates IS 'Itineraries to begin with.';

CREATE TABLE public.package_templates (
  id         uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id  uuid         NOT NULL,
  name       varchar(255) NOT NULL,
  parts      jsonb        NOT NULL DEFAULT '[]',
  is_active  boolean      NOT NULL DEFAULT true,
  created_at timestamptz  NOT NULL DEFAULT now(),
  updated_at timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT package_templates_agency_id_name_key UNIQUE (agency_id, name),
  CONSTRAINT package_templates_parts_shape CHECK (public.package_templates_parts_is_valid(parts)),
  CONSTRAINT package_templates_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agencies (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.package_templates IS 'Packages to begin with.';

CREATE TABLE public.trip_collaborators (
  id         uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id  uuid        NOT NULL,
  trip_id    uuid        NOT NULL,
  user_id    uuid        NOT NULL,
  can_edit   boolean     NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT trip_collaborators_trip_id_user_id_key UNIQUE (trip_id, user_id),
  CONSTRAINT trip_collaborators_trip_id_agency_id_fkey FOREIGN KEY (trip_id, agency_id) REFERENCES public.trips (id, agency_id) ON DELETE CASCADE,
  CONSTRAINT trip_collaborators_user_id_agency_id_fkey FOREIGN KEY (user_id, agency_id) REFERENCES public.user_profiles (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.trip_collaborators IS 'Colleagues who work on a trip with its owner.';

CREATE TABLE public.trip_tasks (
  id         uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id  uuid         NOT NULL,
  trip_id    uuid         NOT NULL,
  title      varchar(255) NOT NULL,
  due_on     date,
  done_at    timestamptz,
  created_at timestamptz  NOT NULL DEFAULT now(),
  updated_at timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT trip_tasks_trip_id_agency_id_fkey FOREIGN KEY (trip_id, agency_id) REFERENCES public.trips (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.trip_tasks IS 'What is left to do.';

CREATE INDEX contact_documents_agency_id_contact_id_idx ON public.contact_documents (agency_id, contact_id);

CREATE UNIQUE INDEX api_credentials_one_is_active ON public.api_credentials (agency_id, provider) WHERE (status = 'active');

CREATE INDEX email_logs_agency_id_trip_id_idx ON public.email_logs (agency_id, trip_id);
CREATE INDEX email_logs_agency_id_contact_id_idx ON public.email_logs (agency_id, contact_id);
CREATE INDEX email_logs_agency_id_template_id_idx ON public.email_logs (agency_id, template_id);

CREATE INDEX notifications_agency_id_idx ON public.notifications (agency_id);
CREATE INDEX notifications_user_id_idx ON public.notifications (user_id);

CREATE INDEX trip_collaborators_agency_id_trip_id_idx ON public.trip_collaborators (agency_id, trip_id);
CREATE INDEX trip_collaborators_agency_id_user_id_idx ON public.trip_collaborators (agency_id, user_id);

CREATE INDEX trip_tasks_agency_id_trip_id_idx ON public.trip_tasks (agency_id, trip_id);

CREATE TRIGGER email_logs_status_transition
  BEFORE INSERT OR UPDATE ON public.email_logs
  FOR EACH ROW
  EXECUTE FUNCTION public.email_logs_status_transition();

CREATE TRIGGER agency_settings_updated_at_touch
  BEFORE UPDATE ON public.agency_settings
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER agency_stripe_accounts_updated_at_touch
  BEFORE UPDATE ON public.agency_stripe_accounts
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER api_credentials_updated_at_touch
  BEFORE UPDATE ON public.api_credentials
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER api_provider_configs_updated_at_touch
  BEFORE UPDATE ON public.api_provider_configs
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER contact_documents_updated_at_touch
  BEFORE UPDATE ON public.contact_documents
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER email_logs_updated_at_touch
  BEFORE UPDATE ON public.email_logs
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER email_templates_updated_at_touch
  BEFORE UPDATE ON public.email_templates
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER itinerary_templates_updated_at_touch
  BEFORE UPDATE ON public.itinerary_templates
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER notifications_updated_at_touch
  BEFORE UPDATE ON public.notifications
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER package_templates_updated_at_touch
  BEFORE UPDATE ON public.package_templates
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER trip_collaborators_updated_at_touch
  BEFORE UPDATE ON public.trip_collaborators
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER trip_tasks_updated_at_touch
  BEFORE UPDATE ON public.trip_tasks
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER user_invitations_updated_at_touch
  BEFORE UPDATE ON public.user_invitations
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

REVOKE ALL ON public.contact_documents FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.contact_documents TO authenticated;
GRANT ALL ON public.contact_documents TO service_role;

REVOKE ALL ON public.api_provider_configs FROM anon, authenticated;
GRANT ALL ON public.api_provider_configs TO service_role;

REVOKE ALL ON public.stripe_webhook_events FROM anon, authenticated;
GRANT ALL ON public.stripe_webhook_events TO service_role;

REVOKE ALL ON public.api_credentials FROM anon, authenticated;
GRANT ALL ON public.api_credentials TO service_role;

REVOKE ALL ON public.agency_stripe_accounts FROM anon, authenticated;
GRANT ALL ON public.agency_stripe_accounts TO service_role;

REVOKE ALL ON public.agency_settings FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.agency_settings TO authenticated;
GRANT ALL ON public.agency_settings TO service_role;

REVOKE ALL ON public.user_invitations FROM anon, authenticated;
GRANT ALL ON public.user_invitations TO service_role;

REVOKE ALL ON public.email_templates FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.email_templates TO authenticated;
GRANT ALL ON public.email_templates TO service_role;

REVOKE ALL ON public.email_logs FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.email_logs TO authenticated;
GRANT ALL ON public.email_logs TO service_role;

REVOKE ALL ON public.notifications FROM anon, authenticated;
GRANT SELECT ON public.notifications TO authenticated;
GRANT ALL ON public.notifications TO service_role;

REVOKE ALL ON public.itinerary_templates FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.itinerary_templates TO authenticated;
GRANT ALL ON public.itinerary_templates TO service_role;

REVOKE ALL ON public.package_templates FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.package_templates TO authenticated;
GRANT ALL ON public.package_templates TO service_role;

REVOKE ALL ON public.trip_collaborators FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.trip_collaborators TO authenticated;
GRANT ALL ON public.trip_collaborators TO service_role;

REVOKE ALL ON public.trip_tasks FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.trip_tasks TO authenticated;
GRANT ALL ON public.trip_tasks TO service_role;

GRANT UPDATE (read_at) ON public.notifications TO authenticated;

CREATE POLICY agency ON public.contact_documents
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY admins ON public.agency_settings
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid and (select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin')
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid and (select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

CREATE POLICY agency ON public.agency_settings
  FOR SELECT
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY admins ON public.email_templates
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid and (select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin')
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid and (select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

CREATE POLICY agency ON public.email_templates
  FOR SELECT
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.email_logs
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY own ON public.notifications
  FOR SELECT
  TO authenticated
  USING (user_id = (select auth.uid()));

CREATE POLICY own_update ON public.notifications
  FOR UPDATE
  TO authenticated
  USING (user_id = (select auth.uid()))
  WITH CHECK (user_id = (select auth.uid()));

CREATE POLICY admins ON public.itinerary_templates
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid and (select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin')
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid and (select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

CREATE POLICY agency ON public.itinerary_templates
  FOR SELECT
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY admins ON public.package_templates
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid and (select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin')
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid and (select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

CREATE POLICY agency ON public.package_templates
  FOR SELECT
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.trip_collaborators
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.trip_tasks
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

ALTER TABLE public.contact_documents ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.api_provider_configs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.stripe_webhook_events ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.api_credentials ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.agency_stripe_accounts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.agency_settings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_invitations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.email_templates ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.email_logs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.notifications ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.itinerary_templates ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.package_templates ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.trip_collaborators ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.trip_tasks ENABLE ROW LEVEL SECURITY;
