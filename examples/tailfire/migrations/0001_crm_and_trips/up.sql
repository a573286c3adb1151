-- pilaster: 0001 crm_and_trips
-- follows: nothing

CREATE TYPE public.user_role AS ENUM ('admin', 'user');

CREATE TYPE public.user_status AS ENUM ('pending', 'active', 'locked');

CREATE TYPE public.trip_status AS ENUM ('draft', 'quoted', 'booked', 'in_progress', 'completed', 'cancelled');

CREATE TYPE public.contact_status AS ENUM ('prospecting', 'quoted', 'booked', 'traveled', 'returned', 'inactive');

CREATE TYPE public.component_type AS ENUM ('flight', 'cruise', 'lodging', 'transportation', 'dining', 'entertainment', 'excursion', 'insurance', 'custom', 'port_info', 'package');

CREATE TYPE public.activity_status AS ENUM ('proposed', 'confirmed', 'cancelled');

CREATE TYPE public.media_type AS ENUM ('image', 'video', 'document');

CREATE TYPE public.email_status AS ENUM ('pending', 'sent', 'failed');

CREATE TYPE public.payment_status AS ENUM ('pending', 'partial', 'paid', 'overdue', 'waived');

CREATE TYPE public.fee_status AS ENUM ('draft', 'sent', 'paid', 'refunded', 'cancelled');

CREATE DOMAIN public.currency_code AS text NOT NULL
  CONSTRAINT three_capitals CHECK (VALUE ~ '^[A-Z]{3}$');

COMMENT ON DOMAIN public.currency_code IS 'ISO 4217.';

CREATE DOMAIN public.sealed AS text NOT NULL
  CONSTRAINT sealed_form CHECK (VALUE ~ '^v[0-9]{1,4}[.][A-Za-z0-9_-]{16}[.][A-Za-z0-9_-]{22,}$');

COMMENT ON DOMAIN public.sealed IS '`version.nonce.ciphertext`, as the application seals: what is plain does not fit.';

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

CREATE FUNCTION public.touch_updated_at()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  new.updated_at := now();
  return new;
end
$$;

COMMENT ON FUNCTION public.touch_updated_at() IS 'Sets updated_at to the time of the update.';

CREATE FUNCTION public.licensing_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      (
        value ->> 'registrationNumber' is null
        or jsonb_typeof(value -> 'registrationNumber') = 'string'
      )
      and (value ->> 'province' is null or jsonb_typeof(value -> 'province') = 'string')
      and (
        value ->> 'expiresOn' is null
        or (
          jsonb_typeof(value -> 'expiresOn') = 'string'
          and public.json_date_is_valid(value ->> 'expiresOn')
        )
      )
      and value - array['registrationNumber', 'province', 'expiresOn'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.licensing_is_valid(jsonb) IS 'Whether a document has the shape Licensing.';

CREATE FUNCTION public.commission_settings_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      (
        value ->> 'defaultPercentage' is null
        or jsonb_typeof(value -> 'defaultPercentage') = 'number'
      )
      and (
        value ->> 'payoutMethod' is null or value -> 'payoutMethod' in ('"cheque"', '"transfer"')
      )
      and value - array['defaultPercentage', 'payoutMethod'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.commission_settings_is_valid(jsonb) IS 'Whether a document has the shape CommissionSettings.';

CREATE FUNCTION public.preferences_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      (value ->> 'theme' is null or value -> 'theme' in ('"light"', '"dark"'))
      and (value ->> 'timezone' is null or jsonb_typeof(value -> 'timezone') = 'string')
    else false
  end
$$;

COMMENT ON FUNCTION public.preferences_is_valid(jsonb) IS 'Whether a document has the shape Preferences.';

CREATE FUNCTION public.refuse_change()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  raise exception '% is written once', tg_table_name using errcode = 'restrict_violation', table = tg_table_name, schema = tg_table_schema, constraint = tg_name;
end
$$;

COMMENT ON FUNCTION public.refuse_change() IS 'For rows that are written once.';

CREATE TABLE public.agencies (
  id         uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  name       varchar(255) NOT NULL,
  slug       varchar(100),
  is_active  boolean      DEFAULT true,
  created_at timestamptz  NOT NULL DEFAULT now(),
  updated_at timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT agencies_slug_key UNIQUE (slug)
);

COMMENT ON TABLE public.agencies IS 'A travel agency: the tenant that all other rows belong to.';

CREATE TABLE public.user_profiles (
  id                   uuid               PRIMARY KEY,
  agency_id            uuid               NOT NULL,
  role                 public.user_role   NOT NULL DEFAULT 'user',
  status               public.user_status NOT NULL DEFAULT 'pending',
  first_name           varchar(100),
  last_name            varchar(100),
  licensing_info       jsonb,
  commission_settings  jsonb,
  platform_preferences jsonb,
  created_at           timestamptz        NOT NULL DEFAULT now(),
  updated_at           timestamptz        NOT NULL DEFAULT now(),
  CONSTRAINT user_profiles_id_agency_id_key UNIQUE (id, agency_id),
  CONSTRAINT user_profiles_commission_settings_shape CHECK (commission_settings is null or public.commission_settings_is_valid(commission_settings)),
  CONSTRAINT user_profiles_licensing_info_shape CHECK (licensing_info is null or public.licensing_is_valid(licensing_info)),
  CONSTRAINT user_profiles_platform_preferences_shape CHECK (platform_preferences is null or public.preferences_is_valid(platform_preferences)),
  CONSTRAINT user_profiles_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agencies (id),
  CONSTRAINT user_profiles_id_fkey FOREIGN KEY (id) REFERENCES auth.users (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.user_profiles IS 'A person of an agency, beyond what sign-in knows.';

CREATE FUNCTION public.custom_access_token_hook(event jsonb)
RETURNS jsonb
LANGUAGE sql
STABLE SECURITY DEFINER
SET search_path TO ''
AS $$
  select case when p.id is null then event
    else jsonb_set(event, '{claims,app_metadata}', coalesce(event #> '{claims,app_metadata}', '{}') || jsonb_build_object('agency_id', p.agency_id, 'role', p.role))
    end
  from (select (event ->> 'user_id')::uuid as signed_in) e
  left join public.user_profiles p on p.id = e.signed_in and p.status = 'active'
$$;

COMMENT ON FUNCTION public.custom_access_token_hook(jsonb) IS 'What sign-in puts into a token: whose agency, and what role. Policies read nothing else.';

CREATE TABLE public.contacts (
  id            uuid                  DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id     uuid                  NOT NULL,
  first_name    varchar(100)          NOT NULL,
  last_name     varchar(100)          NOT NULL,
  email         text,
  phone         varchar(50),
  status        public.contact_status NOT NULL DEFAULT 'prospecting',
  date_of_birth date,
  deleted_at    timestamptz,
  created_at    timestamptz           NOT NULL DEFAULT now(),
  updated_at    timestamptz           NOT NULL DEFAULT now(),
  CONSTRAINT contacts_id_agency_id_key UNIQUE (id, agency_id),
  CONSTRAINT contacts_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agencies (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.contacts IS 'Customers, and those who may become one.';

CREATE FUNCTION public.contacts_status_transition()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if tg_op = 'INSERT' then
    if new.status in ('prospecting', 'quoted') or new.status is null then
      return new;
    end if;
    raise exception using
      errcode = 'check_violation',
      message = format('contacts.status can''t begin as %L', new.status),
      hint = 'a new row may begin as ''prospecting'' or ''quoted''',
      schema = 'public',
      table = 'contacts',
      column = 'status',
      constraint = 'contacts_status_transition';
  elsif not coalesce(
    new.status is not distinct from old.status
    or old.status is null and new.status in ('prospecting', 'quoted')
    or old.status = 'prospecting' and new.status in ('quoted', 'inactive')
    or old.status = 'quoted' and new.status in ('booked', 'inactive')
    or old.status = 'booked' and new.status in ('traveled', 'inactive')
    or old.status = 'traveled' and new.status in ('returned', 'inactive')
    or old.status = 'returned' and new.status in ('prospecting', 'inactive')
    or old.status = 'inactive' and new.status = 'prospecting',
    false
  ) then
    raise exception using
      errcode = 'check_violation',
      message = format('contacts.status can''t change from %L to %L', old.status, new.status),
      schema = 'public',
      table = 'contacts',
      column = 'status',
      constraint = 'contacts_status_transition';
  end if;
  return new;
end
$$;

CREATE TABLE public.contact_relationships (
  id           uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id    uuid        NOT NULL,
  contact_id   uuid        NOT NULL,
  related_id   uuid        NOT NULL,
  relationship text        NOT NULL DEFAULT 'family',
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT contact_relationships_are_of_two CHECK (contact_id <> related_id),
  CONSTRAINT contact_relationships_relationship_check CHECK (relationship in ('spouse', 'child', 'family', 'friend', 'assistant')),
  CONSTRAINT contact_relationships_contact_id_agency_id_fkey FOREIGN KEY (contact_id, agency_id) REFERENCES public.contacts (id, agency_id) ON DELETE CASCADE,
  CONSTRAINT contact_relationships_related_id_agency_id_fkey FOREIGN KEY (related_id, agency_id) REFERENCES public.contacts (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.contact_relationships IS 'Families and friends. What one is to the other is written once for both.';

CREATE TABLE public.contact_addresses (
  id           uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id    uuid         NOT NULL,
  contact_id   uuid         NOT NULL,
  kind         text         NOT NULL DEFAULT 'home',
  street       text         NOT NULL,
  city         varchar(100) NOT NULL,
  country_code varchar(2)   NOT NULL,
  postal_code  varchar(20),
  created_at   timestamptz  NOT NULL DEFAULT now(),
  updated_at   timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT contact_addresses_kind_check CHECK (kind in ('home', 'billing', 'work')),
  CONSTRAINT contact_addresses_contact_id_agency_id_fkey FOREIGN KEY (contact_id, agency_id) REFERENCES public.contacts (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.contact_addresses IS 'Where a customer lives and is billed.';

CREATE TABLE public.tags (
  id         uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id  uuid        NOT NULL,
  name       varchar(50) NOT NULL,
  color      varchar(7)  NOT NULL DEFAULT '#64748b',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT tags_agency_id_name_key UNIQUE (agency_id, name),
  CONSTRAINT tags_id_agency_id_key UNIQUE (id, agency_id),
  CONSTRAINT tags_color_is_hex CHECK (color ~ '^#[0-9a-f]{6}$'),
  CONSTRAINT tags_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agencies (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.tags IS 'Words that an agency sorts by.';

CREATE TABLE public.contact_tags (
  id         uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id  uuid        NOT NULL,
  contact_id uuid        NOT NULL,
  tag_id     uuid        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT contact_tags_contact_id_tag_id_key UNIQUE (contact_id, tag_id),
  CONSTRAINT contact_tags_contact_id_agency_id_fkey FOREIGN KEY (contact_id, agency_id) REFERENCES public.contacts (id, agency_id) ON DELETE CASCADE,
  CONSTRAINT contact_tags_tag_id_agency_id_fkey FOREIGN KEY (tag_id, agency_id) REFERENCES public.tags (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.contact_tags IS 'Words on contacts.';

CREATE TABLE public.trips (
  id                 uuid                 DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id          uuid                 NOT NULL,
  primary_contact_id uuid,
  owner_id           uuid                 NOT NULL DEFAULT auth.uid(),
  name               varchar(255)         NOT NULL,
  reference          varchar(50),
  status             public.trip_status   NOT NULL DEFAULT 'draft',
  trip_type          text                 NOT NULL DEFAULT 'leisure',
  start_date         date,
  end_date           date,
  currency           public.currency_code NOT NULL DEFAULT 'CAD',
  notes              text,
  created_at         timestamptz          NOT NULL DEFAULT now(),
  updated_at         timestamptz          NOT NULL DEFAULT now(),
  CONSTRAINT trips_agency_id_reference_key UNIQUE (agency_id, reference),
  CONSTRAINT trips_id_agency_id_key UNIQUE (id, agency_id),
  CONSTRAINT trips_end_after_start CHECK (end_date >= start_date),
  CONSTRAINT trips_trip_type_check CHECK (trip_type in ('leisure', 'business', 'group', 'honeymoon')),
  CONSTRAINT trips_owner_id_agency_id_fkey FOREIGN KEY (owner_id, agency_id) REFERENCES public.user_profiles (id, agency_id),
  CONSTRAINT trips_primary_contact_id_agency_id_fkey FOREIGN KEY (primary_contact_id, agency_id) REFERENCES public.contacts (id, agency_id)
);

COMMENT ON TABLE public.trips IS 'A journey that an agency sells.';

CREATE FUNCTION public.trips_status_transition()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if tg_op = 'INSERT' then
    if new.status in ('draft', 'quoted') or new.status is null then
      return new;
    end if;
    raise exception using
      errcode = 'check_violation',
      message = format('trips.status can''t begin as %L', new.status),
      hint = 'a new row may begin as ''draft'' or ''quoted''',
      schema = 'public',
      table = 'trips',
      column = 'status',
      constraint = 'trips_status_transition';
  elsif not coalesce(
    new.status is not distinct from old.status
    or old.status is null and new.status in ('draft', 'quoted')
    or old.status = 'draft' and new.status in ('quoted', 'cancelled')
    or old.status = 'quoted' and new.status in ('booked', 'draft', 'cancelled')
    or old.status = 'booked' and new.status in ('in_progress', 'cancelled')
    or old.status = 'in_progress' and new.status = 'completed',
    false
  ) then
    raise exception using
      errcode = 'check_violation',
      message = format('trips.status can''t change from %L to %L', old.status, new.status),
      schema = 'public',
      table = 'trips',
      column = 'status',
      constraint = 'trips_status_transition';
  end if;
  return new;
end
$$;

CREATE TABLE public.trip_tags (
  id         uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id  uuid        NOT NULL,
  trip_id    uuid        NOT NULL,
  tag_id     uuid        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT trip_tags_trip_id_tag_id_key UNIQUE (trip_id, tag_id),
  CONSTRAINT trip_tags_tag_id_agency_id_fkey FOREIGN KEY (tag_id, agency_id) REFERENCES public.tags (id, agency_id) ON DELETE CASCADE,
  CONSTRAINT trip_tags_trip_id_agency_id_fkey FOREIGN KEY (trip_id, agency_id) REFERENCES public.trips (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.trip_tags IS 'Words on trips.';

CREATE TABLE public.trip_travelers (
  id         uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id  uuid        NOT NULL,
  trip_id    uuid        NOT NULL,
  contact_id uuid        NOT NULL,
  role       text        NOT NULL DEFAULT 'traveler',
  sort_order integer     NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT trip_travelers_id_agency_id_key UNIQUE (id, agency_id),
  CONSTRAINT trip_travelers_trip_id_contact_id_key UNIQUE (trip_id, contact_id),
  CONSTRAINT trip_travelers_role_check CHECK (role in ('primary', 'traveler', 'infant')),
  CONSTRAINT trip_travelers_contact_id_agency_id_fkey FOREIGN KEY (contact_id, agency_id) REFERENCES public.contacts (id, agency_id),
  CONSTRAINT trip_travelers_trip_id_agency_id_fkey FOREIGN KEY (trip_id, agency_id) REFERENCES public.trips (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.trip_travelers IS 'Who goes along, and in what part.';

CREATE TABLE public.trip_notes (
  id         uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id  uuid        NOT NULL,
  trip_id    uuid        NOT NULL,
  author_id  uuid        NOT NULL DEFAULT auth.uid(),
  body       text        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT trip_notes_say_something CHECK (body <> ''),
  CONSTRAINT trip_notes_trip_id_agency_id_fkey FOREIGN KEY (trip_id, agency_id) REFERENCES public.trips (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.trip_notes IS 'What colleagues tell each other about a trip.';

CREATE TABLE public.itineraries (
  id          uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id   uuid         NOT NULL,
  trip_id     uuid         NOT NULL,
  name        varchar(255) NOT NULL,
  is_selected boolean      NOT NULL DEFAULT false,
  created_at  timestamptz  NOT NULL DEFAULT now(),
  updated_at  timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT itineraries_id_agency_id_key UNIQUE (id, agency_id),
  CONSTRAINT itineraries_trip_id_agency_id_fkey FOREIGN KEY (trip_id, agency_id) REFERENCES public.trips (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.itineraries IS 'One way a trip could go; a trip may have several proposals.';

CREATE TABLE public.itinerary_days (
  id           uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id    uuid         NOT NULL,
  itinerary_id uuid         NOT NULL,
  day_number   integer      NOT NULL,
  date         date,
  title        varchar(255),
  created_at   timestamptz  NOT NULL DEFAULT now(),
  updated_at   timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT itinerary_days_id_agency_id_key UNIQUE (id, agency_id),
  CONSTRAINT itinerary_days_itinerary_id_day_number_key UNIQUE (itinerary_id, day_number),
  CONSTRAINT itinerary_days_count_from_one CHECK (day_number > 0),
  CONSTRAINT itinerary_days_itinerary_id_agency_id_fkey FOREIGN KEY (itinerary_id, agency_id) REFERENCES public.itineraries (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.itinerary_days IS 'A day of an itinerary.';

CREATE INDEX user_profiles_agency_id_idx ON public.user_profiles (agency_id);

CREATE INDEX contacts_agency_id_idx ON public.contacts (agency_id);
CREATE UNIQUE INDEX contacts_one_address ON public.contacts (agency_id, (lower(email))) WHERE (email is not null);

CREATE INDEX contact_relationships_agency_id_contact_id_idx ON public.contact_relationships (agency_id, contact_id);
CREATE INDEX contact_relationships_agency_id_related_id_idx ON public.contact_relationships (agency_id, related_id);
CREATE UNIQUE INDEX contact_relationships_are_written_once ON public.contact_relationships ((least(contact_id, related_id)), (greatest(contact_id, related_id)));

CREATE INDEX contact_addresses_agency_id_contact_id_idx ON public.contact_addresses (agency_id, contact_id);

CREATE INDEX trip_tags_agency_id_trip_id_idx ON public.trip_tags (agency_id, trip_id);
CREATE INDEX trip_tags_agency_id_tag_id_idx ON public.trip_tags (agency_id, tag_id);

CREATE INDEX contact_tags_agency_id_contact_id_idx ON public.contact_tags (agency_id, contact_id);
CREATE INDEX contact_tags_agency_id_tag_id_idx ON public.contact_tags (agency_id, tag_id);

CREATE INDEX trips_agency_id_primary_contact_id_idx ON public.trips (agency_id, primary_contact_id);
CREATE INDEX trips_agency_id_owner_id_idx ON public.trips (agency_id, owner_id);

CREATE INDEX trip_travelers_agency_id_trip_id_idx ON public.trip_travelers (agency_id, trip_id);
CREATE INDEX trip_travelers_agency_id_contact_id_idx ON public.trip_travelers (agency_id, contact_id);

CREATE INDEX trip_notes_agency_id_trip_id_idx ON public.trip_notes (agency_id, trip_id);

CREATE INDEX itineraries_agency_id_trip_id_idx ON public.itineraries (agency_id, trip_id);
CREATE UNIQUE INDEX itineraries_one_is_selected ON public.itineraries (trip_id) WHERE (is_selected);

CREATE INDEX itinerary_days_agency_id_itinerary_id_idx ON public.itinerary_days (agency_id, itinerary_id);

CREATE TRIGGER contacts_status_transition
  BEFORE INSERT OR UPDATE ON public.contacts
  FOR EACH ROW
  EXECUTE FUNCTION public.contacts_status_transition();

CREATE TRIGGER agencies_updated_at_touch
  BEFORE UPDATE ON public.agencies
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER contact_addresses_updated_at_touch
  BEFORE UPDATE ON public.contact_addresses
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER contact_relationships_updated_at_touch
  BEFORE UPDATE ON public.contact_relationships
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER contacts_updated_at_touch
  BEFORE UPDATE ON public.contacts
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER itineraries_updated_at_touch
  BEFORE UPDATE ON public.itineraries
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER itinerary_days_updated_at_touch
  BEFORE UPDATE ON public.itinerary_days
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER tags_updated_at_touch
  BEFORE UPDATE ON public.tags
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER trip_notes_updated_at_touch
  BEFORE UPDATE ON public.trip_notes
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER trip_travelers_updated_at_touch
  BEFORE UPDATE ON public.trip_travelers
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER trips_updated_at_touch
  BEFORE UPDATE ON public.trips
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER user_profiles_updated_at_touch
  BEFORE UPDATE ON public.user_profiles
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER trips_status_transition
  BEFORE INSERT OR UPDATE ON public.trips
  FOR EACH ROW
  EXECUTE FUNCTION public.trips_status_transition();

REVOKE ALL ON FUNCTION public.custom_access_token_hook(jsonb) FROM anon, authenticated;
REVOKE EXECUTE ON FUNCTION public.custom_access_token_hook(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.custom_access_token_hook(jsonb) TO service_role;

REVOKE ALL ON FUNCTION public.refuse_change() FROM anon, authenticated, service_role;
REVOKE EXECUTE ON FUNCTION public.refuse_change() FROM PUBLIC;

REVOKE ALL ON public.agencies FROM anon, authenticated;
GRANT SELECT ON public.agencies TO authenticated;
GRANT ALL ON public.agencies TO service_role;

REVOKE ALL ON public.user_profiles FROM anon, authenticated;
GRANT ALL ON public.user_profiles TO service_role;

REVOKE ALL ON public.contacts FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.contacts TO authenticated;
GRANT ALL ON public.contacts TO service_role;

REVOKE ALL ON public.contact_relationships FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.contact_relationships TO authenticated;
GRANT ALL ON public.contact_relationships TO service_role;

REVOKE ALL ON public.contact_addresses FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.contact_addresses TO authenticated;
GRANT ALL ON public.contact_addresses TO service_role;

REVOKE ALL ON public.tags FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.tags TO authenticated;
GRANT ALL ON public.tags TO service_role;

REVOKE ALL ON public.trip_tags FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.trip_tags TO authenticated;
GRANT ALL ON public.trip_tags TO service_role;

REVOKE ALL ON public.contact_tags FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.contact_tags TO authenticated;
GRANT ALL ON public.contact_tags TO service_role;

REVOKE ALL ON public.trips FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.trips TO authenticated;
GRANT ALL ON public.trips TO service_role;

REVOKE ALL ON public.trip_travelers FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.trip_travelers TO authenticated;
GRANT ALL ON public.trip_travelers TO service_role;

REVOKE ALL ON public.trip_notes FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.trip_notes TO authenticated;
GRANT ALL ON public.trip_notes TO service_role;

REVOKE ALL ON public.itineraries FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.itineraries TO authenticated;
GRANT ALL ON public.itineraries TO service_role;

REVOKE ALL ON public.itinerary_days FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.itinerary_days TO authenticated;
GRANT ALL ON public.itinerary_days TO service_role;

GRANT SELECT (id) ON public.user_profiles TO authenticated;
GRANT SELECT (agency_id) ON public.user_profiles TO authenticated;
GRANT SELECT (role) ON public.user_profiles TO authenticated;
GRANT SELECT (status) ON public.user_profiles TO authenticated;
GRANT SELECT (first_name), UPDATE (first_name) ON public.user_profiles TO authenticated;
GRANT SELECT (last_name), UPDATE (last_name) ON public.user_profiles TO authenticated;
GRANT UPDATE (platform_preferences) ON public.user_profiles TO authenticated;

CREATE POLICY own_agency ON public.agencies
  FOR SELECT
  TO authenticated
  USING (id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.user_profiles
  FOR SELECT
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY self ON public.user_profiles
  FOR UPDATE
  TO authenticated
  USING (id = (select auth.uid()))
  WITH CHECK (id = (select auth.uid()));

CREATE POLICY agency ON public.contacts
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.contact_relationships
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.contact_addresses
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.tags
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.trip_tags
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.contact_tags
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.trips
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.trip_travelers
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.trip_notes
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.itineraries
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.itinerary_days
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

ALTER TABLE public.agencies ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_profiles ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.contacts ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.contact_relationships ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.contact_addresses ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tags ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.trip_tags ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.contact_tags ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.trips ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.trip_travelers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.trip_notes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.itineraries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.itinerary_days ENABLE ROW LEVEL SECURITY;
