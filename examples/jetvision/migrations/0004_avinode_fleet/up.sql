-- pilaster: 0004 avinode_fleet
-- follows: 0003 sha256:3da1eaeeca3f0674ddda1ecf34cf032d5cf0b70aece0f60daae55a2b58094197

CREATE TYPE public.aircraft_category AS ENUM ('turboprop', 'light_jet', 'midsize_jet', 'heavy_jet', 'ultra_long_range');

CREATE TYPE public.aircraft_status AS ENUM ('available', 'in_flight', 'maintenance', 'retired');

CREATE TYPE public.booking_status AS ENUM ('inquiry', 'quoted', 'confirmed', 'completed', 'cancelled');

CREATE DOMAIN public.icao_airport AS text
  CONSTRAINT icao_airport_is_four_letters CHECK (VALUE ~ '^[A-Z]{4}$');

CREATE FUNCTION public.avinode_aircraft_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['aircraftId', 'syncedAt']
      and jsonb_typeof(value -> 'aircraftId') = 'string'
      and (
        value ->> 'yearRefurbished' is null
        or (
          value -> 'yearRefurbished' between '-2147483648' and '2147483647'
          and value ->> 'yearRefurbished' ~ '^-?[0-9]+$'
        )
      )
      and (value ->> 'wifi' is null or jsonb_typeof(value -> 'wifi') = 'boolean')
      and (
        value ->> 'safetyRating' is null
        or value -> 'safetyRating' in ('"argus-gold"', '"argus-platinum"', '"wyvern-wingman"')
      )
      and jsonb_typeof(value -> 'syncedAt') = 'string'
      and public.json_timestamptz_is_valid(value ->> 'syncedAt')
    else false
  end
$$;

COMMENT ON FUNCTION public.avinode_aircraft_is_valid(jsonb) IS 'Whether a document has the shape AvinodeAircraft.';

CREATE FUNCTION public.avinode_quote_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['requestId', 'quotedAt', 'lines']
      and jsonb_typeof(value -> 'requestId') = 'string'
      and jsonb_typeof(value -> 'quotedAt') = 'string'
      and public.json_timestamptz_is_valid(value ->> 'quotedAt')
      and (
        value ->> 'validUntil' is null
        or (
          jsonb_typeof(value -> 'validUntil') = 'string'
          and public.json_timestamptz_is_valid(value ->> 'validUntil')
        )
      )
      and case
        when jsonb_typeof(value -> 'lines') = 'array' then
          jsonb_array_length(value -> 'lines') >= 1
          and not exists (
            select from jsonb_array_elements(value -> 'lines') as item (value)
            where not (
              case
                when jsonb_typeof(item.value) = 'object' then
                  item.value ?& array['label', 'amount']
                  and jsonb_typeof(item.value -> 'label') = 'string'
                  and jsonb_typeof(item.value -> 'amount') = 'number'
                  and item.value - array['label', 'amount'] = '{}'
                else false
              end
            )
          )
        else false
      end
      and value - array['requestId', 'quotedAt', 'validUntil', 'lines'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.avinode_quote_is_valid(jsonb) IS 'Whether a document has the shape AvinodeQuote.';

CREATE TABLE public.aircraft (
  id                  uuid                     DEFAULT gen_random_uuid() PRIMARY KEY,
  "operatorId"        uuid,
  "avinodeId"         text,
  "tailNumber"        varchar(10)              NOT NULL,
  manufacturer        text                     NOT NULL,
  model               text                     NOT NULL,
  category            public.aircraft_category NOT NULL,
  status              public.aircraft_status   NOT NULL DEFAULT 'available',
  "yearOfManufacture" integer,
  "maxPassengers"     integer                  NOT NULL,
  range               integer                  NOT NULL,
  "cruiseSpeed"       integer,
  "hourlyRate"        numeric(10, 2),
  "baseAirport"       public.icao_airport      NOT NULL,
  amenities           text[]                   NOT NULL DEFAULT '{}',
  "avinodeData"       jsonb,
  "createdAt"         timestamptz              NOT NULL DEFAULT now(),
  "updatedAt"         timestamptz              NOT NULL DEFAULT now(),
  CONSTRAINT "aircraft_avinodeId_key" UNIQUE ("avinodeId"),
  CONSTRAINT "aircraft_tailNumber_key" UNIQUE ("tailNumber"),
  CONSTRAINT "aircraft_avinodeData_shape" CHECK ("avinodeData" is null or public.avinode_aircraft_is_valid("avinodeData")),
  CONSTRAINT aircraft_has_seats CHECK ("maxPassengers" between 1 and 400),
  CONSTRAINT aircraft_range_is_positive CHECK (range > 0),
  CONSTRAINT aircraft_rate_is_not_negative CHECK ("hourlyRate" >= 0),
  CONSTRAINT aircraft_speed_is_positive CHECK ("cruiseSpeed" > 0),
  CONSTRAINT aircraft_tail_number_is_upper_case CHECK ("tailNumber" = upper("tailNumber")),
  CONSTRAINT aircraft_year_is_possible CHECK ("yearOfManufacture" between 1945 and 2100),
  CONSTRAINT "aircraft_operatorId_fkey" FOREIGN KEY ("operatorId") REFERENCES public.companies (id) ON DELETE SET NULL
);

COMMENT ON TABLE public.aircraft IS 'An aircraft that can be chartered.';
COMMENT ON COLUMN public.aircraft."cruiseSpeed" IS 'In knots.';
COMMENT ON COLUMN public.aircraft."hourlyRate" IS 'In US dollars.';
COMMENT ON COLUMN public.aircraft.range IS 'In nautical miles.';

CREATE TABLE public.bookings (
  id                 uuid                  DEFAULT gen_random_uuid() PRIMARY KEY,
  "companyId"        uuid                  NOT NULL,
  "userId"           uuid,
  "leadId"           uuid,
  "aircraftId"       uuid                  NOT NULL,
  "avinodeRequestId" text,
  "departureAirport" public.icao_airport   NOT NULL,
  "arrivalAirport"   public.icao_airport   NOT NULL,
  "departureAt"      timestamptz           NOT NULL,
  "arrivalAt"        timestamptz           NOT NULL,
  passengers         integer               NOT NULL,
  status             public.booking_status NOT NULL DEFAULT 'inquiry',
  "totalPrice"       numeric(12, 2),
  currency           varchar(3)            NOT NULL DEFAULT 'USD',
  "avinodeData"      jsonb,
  "cancelledAt"      timestamptz,
  "createdAt"        timestamptz           NOT NULL DEFAULT now(),
  "updatedAt"        timestamptz           NOT NULL DEFAULT now(),
  CONSTRAINT "bookings_avinodeRequestId_key" UNIQUE ("avinodeRequestId"),
  CONSTRAINT "bookings_avinodeData_shape" CHECK ("avinodeData" is null or public.avinode_quote_is_valid("avinodeData")),
  CONSTRAINT bookings_cancellation_is_dated CHECK (status <> 'cancelled' or "cancelledAt" is not null),
  CONSTRAINT bookings_carry_somebody CHECK (passengers > 0),
  CONSTRAINT bookings_currency_check CHECK (currency in ('USD', 'EUR', 'GBP', 'CHF')),
  CONSTRAINT bookings_go_somewhere CHECK ("departureAirport" <> "arrivalAirport"),
  CONSTRAINT bookings_have_a_price_when_quoted CHECK (status in ('inquiry', 'cancelled') or "totalPrice" is not null),
  CONSTRAINT bookings_land_after_they_depart CHECK ("arrivalAt" > "departureAt"),
  CONSTRAINT bookings_price_is_not_negative CHECK ("totalPrice" >= 0),
  CONSTRAINT "bookings_aircraftId_fkey" FOREIGN KEY ("aircraftId") REFERENCES public.aircraft (id),
  CONSTRAINT "bookings_companyId_fkey" FOREIGN KEY ("companyId") REFERENCES public.companies (id),
  CONSTRAINT bookings_lead_is_of_the_company FOREIGN KEY ("companyId", "leadId") REFERENCES public.leads ("companyId", id) ON DELETE SET NULL ("leadId"),
  CONSTRAINT "bookings_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users (id) ON DELETE SET NULL
);

COMMENT ON TABLE public.bookings IS 'A flight that somebody asked for, from the first question to the landing.';
COMMENT ON COLUMN public.bookings."leadId" IS 'A lead of the same company.';

CREATE FUNCTION public.bookings_status_frozen()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if old.status in ('completed')
    and row(new.id, new."companyId", new."userId", new."leadId", new."aircraftId", new."avinodeRequestId", new."departureAirport", new."arrivalAirport", new."departureAt", new."arrivalAt", new.passengers, new.status, new."totalPrice", new.currency, new."avinodeData", new."cancelledAt", new."createdAt")
      is distinct from row(old.id, old."companyId", old."userId", old."leadId", old."aircraftId", old."avinodeRequestId", old."departureAirport", old."arrivalAirport", old."departureAt", old."arrivalAt", old.passengers, old.status, old."totalPrice", old.currency, old."avinodeData", old."cancelledAt", old."createdAt")
  then
    raise exception using
      errcode = 'check_violation',
      message = format('bookings can''t be edited while status is %L', old.status),
      hint = 'only updatedAt may change',
      schema = 'public',
      table = 'bookings',
      column = 'status',
      constraint = 'bookings_status_frozen';
  end if;
  return new;
end
$$;

CREATE FUNCTION public.bookings_status_transition()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if tg_op = 'INSERT' then
    if new.status in ('inquiry', 'confirmed') or new.status is null then
      return new;
    end if;
    raise exception using
      errcode = 'check_violation',
      message = format('bookings.status can''t begin as %L', new.status),
      hint = 'a new row may begin as ''inquiry'' or ''confirmed''',
      schema = 'public',
      table = 'bookings',
      column = 'status',
      constraint = 'bookings_status_transition';
  elsif not coalesce(
    new.status is not distinct from old.status
    or old.status is null and new.status in ('inquiry', 'confirmed')
    or old.status = 'inquiry' and new.status in ('quoted', 'cancelled')
    or old.status = 'quoted' and new.status in ('confirmed', 'cancelled')
    or old.status = 'confirmed' and new.status in ('completed', 'cancelled'),
    false
  ) then
    raise exception using
      errcode = 'check_violation',
      message = format('bookings.status can''t change from %L to %L', old.status, new.status),
      schema = 'public',
      table = 'bookings',
      column = 'status',
      constraint = 'bookings_status_transition';
  end if;
  return new;
end
$$;

CREATE INDEX "aircraft_operatorId_idx" ON public.aircraft ("operatorId");
CREATE INDEX "aircraft_baseAirport_category_idx" ON public.aircraft ("baseAirport", category);

CREATE INDEX "bookings_companyId_departureAt_idx" ON public.bookings ("companyId", "departureAt");
CREATE INDEX "bookings_userId_idx" ON public.bookings ("userId");
CREATE INDEX "bookings_companyId_leadId_idx" ON public.bookings ("companyId", "leadId");
CREATE INDEX "bookings_aircraftId_idx" ON public.bookings ("aircraftId");

CREATE TRIGGER bookings_status_frozen
  BEFORE UPDATE ON public.bookings
  FOR EACH ROW
  EXECUTE FUNCTION public.bookings_status_frozen();

CREATE TRIGGER bookings_status_transition
  BEFORE INSERT OR UPDATE ON public.bookings
  FOR EACH ROW
  EXECUTE FUNCTION public.bookings_status_transition();

CREATE TRIGGER "aircraft_updatedAt_touch"
  BEFORE UPDATE ON public.aircraft
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public."touch_updatedAt"();

CREATE TRIGGER "bookings_updatedAt_touch"
  BEFORE UPDATE ON public.bookings
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public."touch_updatedAt"();

REVOKE ALL ON public.aircraft FROM anon, authenticated, service_role;

REVOKE ALL ON public.bookings FROM anon, authenticated, service_role;
