-- pilaster: 0001 initial_release
-- follows: nothing

CREATE TYPE public.booking_status AS ENUM ('planned', 'held', 'booked', 'cancelled');

CREATE DOMAIN public.currency_code AS text NOT NULL
  CONSTRAINT three_capitals CHECK (VALUE ~ '^[A-Z]{3}$');

COMMENT ON DOMAIN public.currency_code IS 'ISO 4217.';

CREATE DOMAIN public.price AS numeric(10, 2) NOT NULL
  CONSTRAINT not_negative CHECK (VALUE >= 0);

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

CREATE FUNCTION public.preferences_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      (
        value ->> 'currency' is null
        or (jsonb_typeof(value -> 'currency') = 'string' and value ->> 'currency' ~ '^[A-Z]{3}$')
      )
      and (value ->> 'seat' is null or value -> 'seat' in ('"aisle"', '"window"', '"any"'))
      and (
        coalesce(value -> 'diet', 'null') = 'null'
        or case
          when jsonb_typeof(value -> 'diet') = 'array' then
            not exists (
              select from jsonb_array_elements(value -> 'diet') as item (value)
              where jsonb_typeof(item.value) <> 'string'
            )
          else false
        end
      )
      and (value ->> 'accessible' is null or jsonb_typeof(value -> 'accessible') = 'boolean')
      and (value ->> 'dailyBudget' is null or jsonb_typeof(value -> 'dailyBudget') = 'number')
      and value - array['currency', 'seat', 'diet', 'accessible', 'dailyBudget'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.preferences_is_valid(jsonb) IS 'Whether a document has the shape Preferences.';

CREATE FUNCTION public.trip_metadata_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      (
        value ->> 'travellers' is null
        or (value -> 'travellers' between '1' and '20' and value ->> 'travellers' ~ '^-?[0-9]+$')
      )
      and (
        value ->> 'purpose' is null or value -> 'purpose' in ('"leisure"', '"business"', '"family"')
      )
      and (value ->> 'notes' is null or jsonb_typeof(value -> 'notes') = 'string')
    else false
  end
$$;

COMMENT ON FUNCTION public.trip_metadata_is_valid(jsonb) IS 'Whether a document has the shape TripMetadata.';

CREATE TABLE public.cities (
  id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name         text    NOT NULL,
  country_code text    NOT NULL,
  timezone     text    NOT NULL,
  CONSTRAINT cities_name_country_code_key UNIQUE (name, country_code),
  CONSTRAINT cities_country_is_two_capitals CHECK (country_code ~ '^[A-Z]{2}$')
);

COMMENT ON TABLE public.cities IS 'A place to go to.';

CREATE TABLE public.airports (
  code    text    PRIMARY KEY,
  name    text    NOT NULL,
  city_id integer NOT NULL,
  CONSTRAINT airports_code_is_three_capitals CHECK (code ~ '^[A-Z]{3}$'),
  CONSTRAINT airports_city_id_fkey FOREIGN KEY (city_id) REFERENCES public.cities (id)
);

COMMENT ON TABLE public.airports IS 'By IATA code.';

CREATE TABLE public.aircraft (
  code         text    PRIMARY KEY,
  manufacturer text    NOT NULL,
  model        text    NOT NULL,
  seats        integer NOT NULL,
  CONSTRAINT aircraft_code_is_three_signs CHECK (code ~ '^[A-Z0-9]{3}$'),
  CONSTRAINT aircraft_has_seats CHECK (seats > 0)
);

COMMENT ON TABLE public.aircraft IS 'By IATA aircraft type.';

CREATE TABLE public.hotel_types (
  code        text PRIMARY KEY,
  description text NOT NULL
);

CREATE TABLE public.users (
  id           uuid        PRIMARY KEY,
  email        text        NOT NULL,
  display_name text        NOT NULL,
  home_airport text,
  preferences  jsonb       NOT NULL DEFAULT '{}',
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT users_email_key UNIQUE (email),
  CONSTRAINT users_preferences_shape CHECK (public.preferences_is_valid(preferences)),
  CONSTRAINT users_home_airport_fkey FOREIGN KEY (home_airport) REFERENCES public.airports (code),
  CONSTRAINT users_id_fkey FOREIGN KEY (id) REFERENCES auth.users (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.users IS 'A traveller, beyond what sign-in knows.';

CREATE TABLE public.trips (
  id           uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  user_id      uuid         NOT NULL DEFAULT auth.uid(),
  name         varchar(200) NOT NULL,
  destinations text[]       NOT NULL DEFAULT '{}',
  start_date   date         NOT NULL,
  end_date     date         NOT NULL,
  status       varchar(20)  NOT NULL DEFAULT 'draft',
  metadata     jsonb        NOT NULL DEFAULT '{}',
  created_at   timestamptz  NOT NULL DEFAULT now(),
  updated_at   timestamptz  NOT NULL DEFAULT now(),
  deleted_at   timestamptz,
  CONSTRAINT trips_end_after_start CHECK (end_date >= start_date),
  CONSTRAINT trips_metadata_shape CHECK (public.trip_metadata_is_valid(metadata)),
  CONSTRAINT trips_status_check CHECK (status in ('draft', 'planned', 'booked', 'completed', 'cancelled')),
  CONSTRAINT trips_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.trips IS 'A travel plan, which owns its bookings.';
COMMENT ON COLUMN public.trips.deleted_at IS 'Kept when deleted, so that a plan can be had back.';
COMMENT ON COLUMN public.trips.destinations IS 'In the traveller''s own words, in order.';

CREATE FUNCTION public.trips_status_transition()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if tg_op = 'INSERT' then
    if new.status in ('draft', 'planned') or new.status is null then
      return new;
    end if;
    raise exception using
      errcode = 'check_violation',
      message = format('trips.status can''t begin as %L', new.status),
      hint = 'a new row may begin as ''draft'' or ''planned''',
      schema = 'public',
      table = 'trips',
      column = 'status',
      constraint = 'trips_status_transition';
  elsif not coalesce(
    new.status is not distinct from old.status
    or old.status is null and new.status in ('draft', 'planned')
    or old.status = 'draft' and new.status in ('planned', 'cancelled')
    or old.status = 'planned' and new.status in ('booked', 'draft', 'cancelled')
    or old.status = 'booked' and new.status in ('completed', 'cancelled'),
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

CREATE TABLE public.flights (
  id                uuid                  DEFAULT gen_random_uuid() PRIMARY KEY,
  trip_id           uuid                  NOT NULL,
  flight_number     varchar(10)           NOT NULL,
  departure_airport text                  NOT NULL,
  arrival_airport   text                  NOT NULL,
  aircraft_code     text,
  departs_at        timestamptz           NOT NULL,
  arrives_at        timestamptz           NOT NULL,
  price             public.price          NOT NULL,
  currency          public.currency_code  NOT NULL DEFAULT 'USD',
  status            public.booking_status NOT NULL DEFAULT 'planned',
  confirmation      text,
  created_at        timestamptz           NOT NULL DEFAULT now(),
  updated_at        timestamptz           NOT NULL DEFAULT now(),
  CONSTRAINT flights_trip_id_flight_number_departs_at_key UNIQUE (trip_id, flight_number, departs_at),
  CONSTRAINT flights_arrive_after_departing CHECK (arrives_at > departs_at),
  CONSTRAINT flights_booked_are_confirmed CHECK (status <> 'booked' or confirmation is not null),
  CONSTRAINT flights_go_somewhere_else CHECK (departure_airport <> arrival_airport),
  CONSTRAINT flights_number_is_a_carrier_and_digits CHECK (flight_number ~ '^[A-Z0-9]{2}[0-9]{1,4}$'),
  CONSTRAINT flights_aircraft_code_fkey FOREIGN KEY (aircraft_code) REFERENCES public.aircraft (code),
  CONSTRAINT flights_arrival_airport_fkey FOREIGN KEY (arrival_airport) REFERENCES public.airports (code),
  CONSTRAINT flights_departure_airport_fkey FOREIGN KEY (departure_airport) REFERENCES public.airports (code),
  CONSTRAINT flights_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES public.trips (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.flights IS 'A seat from one airport to another.';
COMMENT ON COLUMN public.flights.confirmation IS 'What the carrier or the hotel calls it.';

CREATE FUNCTION public.flights_status_frozen()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if old.status in ('cancelled')
    and row(new.id, new.trip_id, new.flight_number, new.departure_airport, new.arrival_airport, new.aircraft_code, new.departs_at, new.arrives_at, new.price, new.currency, new.status, new.created_at)
      is distinct from row(old.id, old.trip_id, old.flight_number, old.departure_airport, old.arrival_airport, old.aircraft_code, old.departs_at, old.arrives_at, old.price, old.currency, old.status, old.created_at)
  then
    raise exception using
      errcode = 'check_violation',
      message = format('flights can''t be edited while status is %L', old.status),
      hint = 'only confirmation may change',
      schema = 'public',
      table = 'flights',
      column = 'status',
      constraint = 'flights_status_frozen';
  end if;
  return new;
end
$$;

CREATE FUNCTION public.flights_status_transition()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if tg_op = 'INSERT' then
    if new.status in ('planned', 'held') or new.status is null then
      return new;
    end if;
    raise exception using
      errcode = 'check_violation',
      message = format('flights.status can''t begin as %L', new.status),
      hint = 'a new row may begin as ''planned'' or ''held''',
      schema = 'public',
      table = 'flights',
      column = 'status',
      constraint = 'flights_status_transition';
  elsif not coalesce(
    new.status is not distinct from old.status
    or old.status is null and new.status in ('planned', 'held')
    or old.status = 'planned' and new.status in ('held', 'booked', 'cancelled')
    or old.status = 'held' and new.status in ('booked', 'cancelled')
    or old.status = 'booked' and new.status = 'cancelled',
    false
  ) then
    raise exception using
      errcode = 'check_violation',
      message = format('flights.status can''t change from %L to %L', old.status, new.status),
      schema = 'public',
      table = 'flights',
      column = 'status',
      constraint = 'flights_status_transition';
  end if;
  return new;
end
$$;

CREATE TABLE public.accommodations (
  id           uuid                  DEFAULT gen_random_uuid() PRIMARY KEY,
  trip_id      uuid                  NOT NULL,
  city_id      integer               NOT NULL,
  hotel_type   text                  NOT NULL,
  name         varchar(200)          NOT NULL,
  check_in     date                  NOT NULL,
  check_out    date                  NOT NULL,
  price        public.price          NOT NULL,
  currency     public.currency_code  NOT NULL DEFAULT 'USD',
  status       public.booking_status NOT NULL DEFAULT 'planned',
  confirmation text,
  created_at   timestamptz           NOT NULL DEFAULT now(),
  updated_at   timestamptz           NOT NULL DEFAULT now(),
  CONSTRAINT accommodations_booked_are_confirmed CHECK (status <> 'booked' or confirmation is not null),
  CONSTRAINT accommodations_last_a_night CHECK (check_out > check_in),
  CONSTRAINT accommodations_city_id_fkey FOREIGN KEY (city_id) REFERENCES public.cities (id),
  CONSTRAINT accommodations_hotel_type_fkey FOREIGN KEY (hotel_type) REFERENCES public.hotel_types (code),
  CONSTRAINT accommodations_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES public.trips (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.accommodations IS 'Nights in one place.';
COMMENT ON COLUMN public.accommodations.confirmation IS 'What the carrier or the hotel calls it.';

CREATE FUNCTION public.accommodations_status_frozen()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if old.status in ('cancelled')
    and row(new.id, new.trip_id, new.city_id, new.hotel_type, new.name, new.check_in, new.check_out, new.price, new.currency, new.status, new.created_at)
      is distinct from row(old.id, old.trip_id, old.city_id, old.hotel_type, old.name, old.check_in, old.check_out, old.price, old.currency, old.status, old.created_at)
  then
    raise exception using
      errcode = 'check_violation',
      message = format('accommodations can''t be edited while status is %L', old.status),
      hint = 'only confirmation may change',
      schema = 'public',
      table = 'accommodations',
      column = 'status',
      constraint = 'accommodations_status_frozen';
  end if;
  return new;
end
$$;

CREATE FUNCTION public.accommodations_status_transition()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if tg_op = 'INSERT' then
    if new.status in ('planned', 'held') or new.status is null then
      return new;
    end if;
    raise exception using
      errcode = 'check_violation',
      message = format('accommodations.status can''t begin as %L', new.status),
      hint = 'a new row may begin as ''planned'' or ''held''',
      schema = 'public',
      table = 'accommodations',
      column = 'status',
      constraint = 'accommodations_status_transition';
  elsif not coalesce(
    new.status is not distinct from old.status
    or old.status is null and new.status in ('planned', 'held')
    or old.status = 'planned' and new.status in ('held', 'booked', 'cancelled')
    or old.status = 'held' and new.status in ('booked', 'cancelled')
    or old.status = 'booked' and new.status = 'cancelled',
    false
  ) then
    raise exception using
      errcode = 'check_violation',
      message = format('accommodations.status can''t change from %L to %L', old.status, new.status),
      schema = 'public',
      table = 'accommodations',
      column = 'status',
      constraint = 'accommodations_status_transition';
  end if;
  return new;
end
$$;

CREATE TABLE public.activities (
  id          uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  trip_id     uuid         NOT NULL,
  city_id     integer      NOT NULL,
  name        varchar(200) NOT NULL,
  description text         NOT NULL DEFAULT '',
  minutes     integer      NOT NULL,
  created_at  timestamptz  NOT NULL DEFAULT now(),
  updated_at  timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT activities_take_time CHECK (minutes > 0),
  CONSTRAINT activities_city_id_fkey FOREIGN KEY (city_id) REFERENCES public.cities (id),
  CONSTRAINT activities_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES public.trips (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.activities IS 'Something to do in a city.';

CREATE INDEX airports_city_id_idx ON public.airports (city_id);

CREATE INDEX users_home_airport_idx ON public.users (home_airport);

CREATE INDEX trips_user_id_idx ON public.trips (user_id);

CREATE INDEX flights_departure_airport_idx ON public.flights (departure_airport);
CREATE INDEX flights_arrival_airport_idx ON public.flights (arrival_airport);
CREATE INDEX flights_aircraft_code_idx ON public.flights (aircraft_code);

CREATE INDEX accommodations_trip_id_check_in_idx ON public.accommodations (trip_id, check_in);
CREATE INDEX accommodations_city_id_idx ON public.accommodations (city_id);
CREATE INDEX accommodations_hotel_type_idx ON public.accommodations (hotel_type);

CREATE INDEX activities_city_id_idx ON public.activities (city_id);
CREATE INDEX activities_trip_id_idx ON public.activities (trip_id);

CREATE TRIGGER accommodations_updated_at_touch
  BEFORE UPDATE ON public.accommodations
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER activities_updated_at_touch
  BEFORE UPDATE ON public.activities
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER flights_updated_at_touch
  BEFORE UPDATE ON public.flights
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER trips_updated_at_touch
  BEFORE UPDATE ON public.trips
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER users_updated_at_touch
  BEFORE UPDATE ON public.users
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER trips_status_transition
  BEFORE INSERT OR UPDATE ON public.trips
  FOR EACH ROW
  EXECUTE FUNCTION public.trips_status_transition();

CREATE TRIGGER accommodations_status_frozen
  BEFORE UPDATE ON public.accommodations
  FOR EACH ROW
  EXECUTE FUNCTION public.accommodations_status_frozen();

CREATE TRIGGER accommodations_status_transition
  BEFORE INSERT OR UPDATE ON public.accommodations
  FOR EACH ROW
  EXECUTE FUNCTION public.accommodations_status_transition();

CREATE TRIGGER flights_status_frozen
  BEFORE UPDATE ON public.flights
  FOR EACH ROW
  EXECUTE FUNCTION public.flights_status_frozen();

CREATE TRIGGER flights_status_transition
  BEFORE INSERT OR UPDATE ON public.flights
  FOR EACH ROW
  EXECUTE FUNCTION public.flights_status_transition();

REVOKE ALL ON public.cities FROM anon, authenticated;
GRANT SELECT ON public.cities TO anon;
GRANT SELECT ON public.cities TO authenticated;
GRANT ALL ON public.cities TO service_role;

REVOKE ALL ON SEQUENCE public.cities_id_seq FROM anon, authenticated, service_role;

REVOKE ALL ON public.airports FROM anon, authenticated;
GRANT SELECT ON public.airports TO anon;
GRANT SELECT ON public.airports TO authenticated;
GRANT ALL ON public.airports TO service_role;

REVOKE ALL ON public.aircraft FROM anon, authenticated;
GRANT SELECT ON public.aircraft TO anon;
GRANT SELECT ON public.aircraft TO authenticated;
GRANT ALL ON public.aircraft TO service_role;

REVOKE ALL ON public.hotel_types FROM anon, authenticated;
GRANT SELECT ON public.hotel_types TO anon;
GRANT SELECT ON public.hotel_types TO authenticated;
GRANT ALL ON public.hotel_types TO service_role;

REVOKE ALL ON public.users FROM anon, authenticated;
GRANT SELECT ON public.users TO authenticated;
GRANT ALL ON public.users TO service_role;

REVOKE ALL ON public.trips FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.trips TO authenticated;
GRANT ALL ON public.trips TO service_role;

REVOKE ALL ON public.flights FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.flights TO authenticated;
GRANT ALL ON public.flights TO service_role;

REVOKE ALL ON public.accommodations FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.accommodations TO authenticated;
GRANT ALL ON public.accommodations TO service_role;

REVOKE ALL ON public.activities FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.activities TO authenticated;
GRANT ALL ON public.activities TO service_role;

GRANT UPDATE (display_name) ON public.users TO authenticated;
GRANT UPDATE (home_airport) ON public.users TO authenticated;
GRANT UPDATE (preferences) ON public.users TO authenticated;

CREATE POLICY everybody ON public.cities
  FOR SELECT
  TO anon, authenticated
  USING (true);

CREATE POLICY everybody ON public.airports
  FOR SELECT
  TO anon, authenticated
  USING (true);

CREATE POLICY everybody ON public.aircraft
  FOR SELECT
  TO anon, authenticated
  USING (true);

CREATE POLICY everybody ON public.hotel_types
  FOR SELECT
  TO anon, authenticated
  USING (true);

CREATE POLICY self ON public.users
  FOR SELECT
  TO authenticated
  USING (id = (select auth.uid()));

CREATE POLICY self_update ON public.users
  FOR UPDATE
  TO authenticated
  USING (id = (select auth.uid()))
  WITH CHECK (id = (select auth.uid()));

CREATE POLICY own ON public.trips
  TO authenticated
  USING (user_id = (select auth.uid()))
  WITH CHECK (user_id = (select auth.uid()));

CREATE POLICY trip_owner ON public.flights
  TO authenticated
  USING (trip_id in (select t.id from public.trips t where t.user_id = (select auth.uid())))
  WITH CHECK (trip_id in (select t.id from public.trips t where t.user_id = (select auth.uid())));

CREATE POLICY trip_owner ON public.accommodations
  TO authenticated
  USING (trip_id in (select t.id from public.trips t where t.user_id = (select auth.uid())))
  WITH CHECK (trip_id in (select t.id from public.trips t where t.user_id = (select auth.uid())));

CREATE POLICY trip_owner ON public.activities
  TO authenticated
  USING (trip_id in (select t.id from public.trips t where t.user_id = (select auth.uid())))
  WITH CHECK (trip_id in (select t.id from public.trips t where t.user_id = (select auth.uid())));

ALTER TABLE public.cities ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.airports ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.aircraft ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.hotel_types ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.trips ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.flights ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.accommodations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.activities ENABLE ROW LEVEL SECURITY;
