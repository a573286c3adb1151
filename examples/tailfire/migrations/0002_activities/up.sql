-- pilaster: 0002 activities
-- follows: 0001 sha256:f56cde90a32b13efdbfde150ad7cb9008f646ed40655ab12b6e7b4fc6fc7cc53

CREATE TABLE public.itinerary_activities (
  id                 uuid                   DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id          uuid                   NOT NULL,
  itinerary_day_id   uuid                   NOT NULL,
  component_type     public.component_type  NOT NULL,
  parent_activity_id uuid,
  name               varchar(255)           NOT NULL,
  status             public.activity_status NOT NULL DEFAULT 'proposed',
  starts_at          timestamptz,
  ends_at            timestamptz,
  sequence_order     integer                NOT NULL DEFAULT 0,
  created_at         timestamptz            NOT NULL DEFAULT now(),
  updated_at         timestamptz            NOT NULL DEFAULT now(),
  CONSTRAINT itinerary_activities_id_agency_id_component_type_key UNIQUE (id, agency_id, component_type),
  CONSTRAINT itinerary_activities_id_agency_id_key UNIQUE (id, agency_id),
  CONSTRAINT itinerary_activities_end_after_start CHECK (ends_at >= starts_at),
  CONSTRAINT itinerary_activities_packages_are_not_nested CHECK (component_type <> 'package' or parent_activity_id is null)
);

COMMENT ON TABLE public.itinerary_activities IS 'Whatever is in a day: flights, nights, meals. What is particular to a type is in its detail table.';
COMMENT ON COLUMN public.itinerary_activities.parent_activity_id IS 'The package that it is sold in. Its key is that of the package''s details, so it is one.';

CREATE TABLE public.activity_media (
  id          uuid              DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id   uuid              NOT NULL,
  activity_id uuid              NOT NULL,
  url         text              NOT NULL,
  media_type  public.media_type NOT NULL,
  caption     text,
  sort_order  integer           NOT NULL DEFAULT 0,
  created_at  timestamptz       NOT NULL DEFAULT now(),
  updated_at  timestamptz       NOT NULL DEFAULT now(),
  CONSTRAINT activity_media_activity_id_agency_id_fkey FOREIGN KEY (activity_id, agency_id) REFERENCES public.itinerary_activities (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.activity_media IS 'Pictures and films of an activity.';

CREATE TABLE public.activity_documents (
  id            uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id     uuid         NOT NULL,
  activity_id   uuid         NOT NULL,
  file_url      text         NOT NULL,
  file_name     varchar(255) NOT NULL,
  document_type varchar(50),
  created_at    timestamptz  NOT NULL DEFAULT now(),
  updated_at    timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT activity_documents_activity_id_agency_id_fkey FOREIGN KEY (activity_id, agency_id) REFERENCES public.itinerary_activities (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.activity_documents IS 'Papers that belong to an activity.';

CREATE TABLE public.activity_pricing (
  id               uuid                 DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id        uuid                 NOT NULL,
  activity_id      uuid                 NOT NULL,
  currency         public.currency_code NOT NULL DEFAULT 'CAD',
  total_cents      bigint               NOT NULL DEFAULT 0,
  taxes_cents      bigint               NOT NULL DEFAULT 0,
  commission_cents bigint,
  pricing_type     text                 NOT NULL DEFAULT 'flat_rate',
  created_at       timestamptz          NOT NULL DEFAULT now(),
  updated_at       timestamptz          NOT NULL DEFAULT now(),
  CONSTRAINT activity_pricing_activity_id_key UNIQUE (activity_id),
  CONSTRAINT activity_pricing_id_agency_id_key UNIQUE (id, agency_id),
  CONSTRAINT activity_pricing_pricing_type_check CHECK (pricing_type in ('flat_rate', 'per_person', 'per_night')),
  CONSTRAINT activity_pricing_taxes_not_negative CHECK (taxes_cents >= 0),
  CONSTRAINT activity_pricing_total_not_negative CHECK (total_cents >= 0),
  CONSTRAINT activity_pricing_activity_id_agency_id_fkey FOREIGN KEY (activity_id, agency_id) REFERENCES public.itinerary_activities (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.activity_pricing IS 'What an activity costs, and what the agency earns.';

CREATE TABLE public.activity_pricing_items (
  id         uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id  uuid         NOT NULL,
  pricing_id uuid         NOT NULL,
  name       varchar(255) NOT NULL,
  quantity   integer      NOT NULL DEFAULT 1,
  unit_cents bigint       NOT NULL,
  sort_order integer      NOT NULL DEFAULT 0,
  created_at timestamptz  NOT NULL DEFAULT now(),
  updated_at timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT activity_pricing_items_count CHECK (quantity > 0),
  CONSTRAINT activity_pricing_items_pricing_id_agency_id_fkey FOREIGN KEY (pricing_id, agency_id) REFERENCES public.activity_pricing (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.activity_pricing_items IS 'A line of an activity''s price.';

CREATE TABLE public.activity_travelers (
  id          uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id   uuid        NOT NULL,
  activity_id uuid        NOT NULL,
  traveler_id uuid        NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT activity_travelers_activity_id_traveler_id_key UNIQUE (activity_id, traveler_id),
  CONSTRAINT activity_travelers_activity_id_agency_id_fkey FOREIGN KEY (activity_id, agency_id) REFERENCES public.itinerary_activities (id, agency_id) ON DELETE CASCADE,
  CONSTRAINT activity_travelers_traveler_id_agency_id_fkey FOREIGN KEY (traveler_id, agency_id) REFERENCES public.trip_travelers (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.activity_travelers IS 'Who of the trip takes part.';

CREATE TABLE public.suppliers (
  id            uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id     uuid         NOT NULL,
  name          varchar(255) NOT NULL,
  supplier_type varchar(50),
  contact_email text,
  created_at    timestamptz  NOT NULL DEFAULT now(),
  updated_at    timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT suppliers_agency_id_name_key UNIQUE (agency_id, name),
  CONSTRAINT suppliers_id_agency_id_key UNIQUE (id, agency_id),
  CONSTRAINT suppliers_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agencies (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.suppliers IS 'Hotels, airlines and others that an agency books with.';

CREATE TABLE public.activity_suppliers (
  id                  uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id           uuid         NOT NULL,
  activity_id         uuid         NOT NULL,
  supplier_id         uuid         NOT NULL,
  confirmation_number varchar(100),
  is_primary          boolean      NOT NULL DEFAULT false,
  created_at          timestamptz  NOT NULL DEFAULT now(),
  updated_at          timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT activity_suppliers_activity_id_supplier_id_key UNIQUE (activity_id, supplier_id),
  CONSTRAINT activity_suppliers_activity_id_agency_id_fkey FOREIGN KEY (activity_id, agency_id) REFERENCES public.itinerary_activities (id, agency_id) ON DELETE CASCADE,
  CONSTRAINT activity_suppliers_supplier_id_agency_id_fkey FOREIGN KEY (supplier_id, agency_id) REFERENCES public.suppliers (id, agency_id)
);

COMMENT ON TABLE public.activity_suppliers IS 'Which supplier does it, and under what number.';

CREATE TABLE public.flight_details (
  activity_id       uuid                  PRIMARY KEY,
  agency_id         uuid                  NOT NULL,
  component_type    public.component_type NOT NULL GENERATED ALWAYS AS ('flight'::public.component_type) STORED,
  airline           varchar(100),
  booking_reference varchar(20),
  cabin_class       text                  NOT NULL DEFAULT 'economy',
  created_at        timestamptz           NOT NULL DEFAULT now(),
  updated_at        timestamptz           NOT NULL DEFAULT now(),
  CONSTRAINT flight_details_activity_id_agency_id_key UNIQUE (activity_id, agency_id),
  CONSTRAINT flight_details_cabin_class_check CHECK (cabin_class in ('economy', 'premium_economy', 'business', 'first')),
  CONSTRAINT flight_details_activity_id_agency_id_component_type_fkey FOREIGN KEY (activity_id, agency_id, component_type) REFERENCES public.itinerary_activities (id, agency_id, component_type) ON DELETE CASCADE
);

COMMENT ON TABLE public.flight_details IS 'How one flies.';

CREATE TABLE public.lodging_details (
  activity_id    uuid                  PRIMARY KEY,
  agency_id      uuid                  NOT NULL,
  component_type public.component_type NOT NULL GENERATED ALWAYS AS ('lodging'::public.component_type) STORED,
  property_name  varchar(255)          NOT NULL,
  room_type      varchar(100),
  check_in       timestamptz,
  check_out      timestamptz,
  created_at     timestamptz           NOT NULL DEFAULT now(),
  updated_at     timestamptz           NOT NULL DEFAULT now(),
  CONSTRAINT lodging_details_leave_after_arriving CHECK (check_out > check_in),
  CONSTRAINT lodging_details_activity_id_agency_id_component_type_fkey FOREIGN KEY (activity_id, agency_id, component_type) REFERENCES public.itinerary_activities (id, agency_id, component_type) ON DELETE CASCADE
);

COMMENT ON TABLE public.lodging_details IS 'Where one sleeps.';

CREATE TABLE public.dining_details (
  activity_id     uuid                  PRIMARY KEY,
  agency_id       uuid                  NOT NULL,
  component_type  public.component_type NOT NULL GENERATED ALWAYS AS ('dining'::public.component_type) STORED,
  restaurant_name varchar(255)          NOT NULL,
  reserved_at     timestamptz,
  party_size      integer,
  created_at      timestamptz           NOT NULL DEFAULT now(),
  updated_at      timestamptz           NOT NULL DEFAULT now(),
  CONSTRAINT dining_details_party CHECK (party_size > 0),
  CONSTRAINT dining_details_activity_id_agency_id_component_type_fkey FOREIGN KEY (activity_id, agency_id, component_type) REFERENCES public.itinerary_activities (id, agency_id, component_type) ON DELETE CASCADE
);

COMMENT ON TABLE public.dining_details IS 'Where one eats.';

CREATE TABLE public.transportation_details (
  activity_id     uuid                  PRIMARY KEY,
  agency_id       uuid                  NOT NULL,
  component_type  public.component_type NOT NULL GENERATED ALWAYS AS ('transportation'::public.component_type) STORED,
  mode            text                  NOT NULL DEFAULT 'transfer',
  pickup_address  text,
  dropoff_address text,
  created_at      timestamptz           NOT NULL DEFAULT now(),
  updated_at      timestamptz           NOT NULL DEFAULT now(),
  CONSTRAINT transportation_details_mode_check CHECK (mode in ('transfer', 'rental_car', 'train', 'ferry', 'bus')),
  CONSTRAINT transportation_details_activity_id_agency_id_component_typ_fkey FOREIGN KEY (activity_id, agency_id, component_type) REFERENCES public.itinerary_activities (id, agency_id, component_type) ON DELETE CASCADE
);

COMMENT ON TABLE public.transportation_details IS 'Rental cars, transfers, trains.';

CREATE TABLE public.custom_cruise_details (
  activity_id        uuid                  PRIMARY KEY,
  agency_id          uuid                  NOT NULL,
  component_type     public.component_type NOT NULL GENERATED ALWAYS AS ('cruise'::public.component_type) STORED,
  cruise_line        varchar(255)          NOT NULL,
  ship_name          varchar(255),
  catalog_sailing_id uuid,
  cabin_number       varchar(20),
  created_at         timestamptz           NOT NULL DEFAULT now(),
  updated_at         timestamptz           NOT NULL DEFAULT now(),
  CONSTRAINT custom_cruise_details_activity_id_agency_id_component_type_fkey FOREIGN KEY (activity_id, agency_id, component_type) REFERENCES public.itinerary_activities (id, agency_id, component_type) ON DELETE CASCADE
);

COMMENT ON TABLE public.custom_cruise_details IS 'A cruise; its sailing may be one of the catalog.';
COMMENT ON COLUMN public.custom_cruise_details.catalog_sailing_id IS 'A sailing of the catalog, which may be another server''s: no key can hold it.';

CREATE TABLE public.port_info_details (
  activity_id     uuid                  PRIMARY KEY,
  agency_id       uuid                  NOT NULL,
  component_type  public.component_type NOT NULL GENERATED ALWAYS AS ('port_info'::public.component_type) STORED,
  port_name       varchar(255)          NOT NULL,
  arrival         timestamptz,
  departure       timestamptz,
  tender_required boolean               NOT NULL DEFAULT false,
  created_at      timestamptz           NOT NULL DEFAULT now(),
  updated_at      timestamptz           NOT NULL DEFAULT now(),
  CONSTRAINT port_info_details_activity_id_agency_id_component_type_fkey FOREIGN KEY (activity_id, agency_id, component_type) REFERENCES public.itinerary_activities (id, agency_id, component_type) ON DELETE CASCADE
);

COMMENT ON TABLE public.port_info_details IS 'A day in a port.';

CREATE TABLE public.options_details (
  activity_id    uuid                  PRIMARY KEY,
  agency_id      uuid                  NOT NULL,
  component_type public.component_type NOT NULL GENERATED ALWAYS AS ('excursion'::public.component_type) STORED,
  option_name    varchar(255)          NOT NULL,
  is_selected    boolean               NOT NULL DEFAULT false,
  created_at     timestamptz           NOT NULL DEFAULT now(),
  updated_at     timestamptz           NOT NULL DEFAULT now(),
  CONSTRAINT options_details_activity_id_agency_id_component_type_fkey FOREIGN KEY (activity_id, agency_id, component_type) REFERENCES public.itinerary_activities (id, agency_id, component_type) ON DELETE CASCADE
);

COMMENT ON TABLE public.options_details IS 'What may be added: excursions and other extras.';

CREATE TABLE public.package_details (
  activity_id    uuid                  PRIMARY KEY,
  agency_id      uuid                  NOT NULL,
  component_type public.component_type NOT NULL GENERATED ALWAYS AS ('package'::public.component_type) STORED,
  package_name   varchar(255)          NOT NULL,
  provider       varchar(255),
  created_at     timestamptz           NOT NULL DEFAULT now(),
  updated_at     timestamptz           NOT NULL DEFAULT now(),
  CONSTRAINT package_details_activity_id_agency_id_key UNIQUE (activity_id, agency_id)
);

COMMENT ON TABLE public.package_details IS 'What is sold as one; its parts are activities under it.';

CREATE TABLE public.flight_segments (
  id                uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id         uuid        NOT NULL,
  flight_id         uuid        NOT NULL,
  segment_number    integer     NOT NULL,
  flight_number     varchar(10) NOT NULL,
  departure_airport varchar(3)  NOT NULL,
  arrival_airport   varchar(3)  NOT NULL,
  departs_at        timestamptz NOT NULL,
  arrives_at        timestamptz NOT NULL,
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT flight_segments_flight_id_segment_number_key UNIQUE (flight_id, segment_number),
  CONSTRAINT flight_segments_count_from_one CHECK (segment_number > 0),
  CONSTRAINT flight_segments_go_forward CHECK (arrives_at > departs_at),
  CONSTRAINT flight_segments_flight_id_agency_id_fkey FOREIGN KEY (flight_id, agency_id) REFERENCES public.flight_details (activity_id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.flight_segments IS 'One leg of a flight.';

CREATE TABLE public.trip_media (
  id         uuid              DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id  uuid              NOT NULL,
  trip_id    uuid              NOT NULL,
  url        text              NOT NULL,
  media_type public.media_type NOT NULL,
  caption    text,
  sort_order integer           NOT NULL DEFAULT 0,
  created_at timestamptz       NOT NULL DEFAULT now(),
  updated_at timestamptz       NOT NULL DEFAULT now(),
  CONSTRAINT trip_media_trip_id_agency_id_fkey FOREIGN KEY (trip_id, agency_id) REFERENCES public.trips (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.trip_media IS 'Pictures, films and papers of a whole trip.';

ALTER TABLE public.itinerary_activities ADD CONSTRAINT itinerary_activities_itinerary_day_id_agency_id_fkey FOREIGN KEY (itinerary_day_id, agency_id) REFERENCES public.itinerary_days (id, agency_id) ON DELETE CASCADE;
ALTER TABLE public.itinerary_activities ADD CONSTRAINT itinerary_activities_are_parts_of_packages FOREIGN KEY (parent_activity_id, agency_id) REFERENCES public.package_details (activity_id, agency_id) ON DELETE CASCADE;

ALTER TABLE public.package_details ADD CONSTRAINT package_details_activity_id_agency_id_component_type_fkey FOREIGN KEY (activity_id, agency_id, component_type) REFERENCES public.itinerary_activities (id, agency_id, component_type) ON DELETE CASCADE;

CREATE INDEX itinerary_activities_agency_id_itinerary_day_id_idx ON public.itinerary_activities (agency_id, itinerary_day_id);
CREATE INDEX itinerary_activities_agency_id_parent_activity_id_idx ON public.itinerary_activities (agency_id, parent_activity_id);

CREATE INDEX activity_suppliers_agency_id_activity_id_idx ON public.activity_suppliers (agency_id, activity_id);
CREATE INDEX activity_suppliers_agency_id_supplier_id_idx ON public.activity_suppliers (agency_id, supplier_id);

CREATE INDEX activity_media_agency_id_activity_id_idx ON public.activity_media (agency_id, activity_id);

CREATE INDEX activity_documents_agency_id_activity_id_idx ON public.activity_documents (agency_id, activity_id);

CREATE INDEX activity_pricing_agency_id_activity_id_idx ON public.activity_pricing (agency_id, activity_id);

CREATE INDEX activity_pricing_items_agency_id_pricing_id_idx ON public.activity_pricing_items (agency_id, pricing_id);

CREATE INDEX activity_travelers_agency_id_activity_id_idx ON public.activity_travelers (agency_id, activity_id);
CREATE INDEX activity_travelers_agency_id_traveler_id_idx ON public.activity_travelers (agency_id, traveler_id);

CREATE INDEX flight_details_agency_id_idx ON public.flight_details (agency_id);

CREATE INDEX lodging_details_agency_id_idx ON public.lodging_details (agency_id);

CREATE INDEX dining_details_agency_id_idx ON public.dining_details (agency_id);

CREATE INDEX transportation_details_agency_id_idx ON public.transportation_details (agency_id);

CREATE INDEX custom_cruise_details_agency_id_idx ON public.custom_cruise_details (agency_id);

CREATE INDEX port_info_details_agency_id_idx ON public.port_info_details (agency_id);

CREATE INDEX options_details_agency_id_idx ON public.options_details (agency_id);

CREATE INDEX package_details_agency_id_idx ON public.package_details (agency_id);

CREATE INDEX flight_segments_agency_id_flight_id_idx ON public.flight_segments (agency_id, flight_id);

CREATE INDEX trip_media_agency_id_trip_id_idx ON public.trip_media (agency_id, trip_id);

CREATE TRIGGER activity_documents_updated_at_touch
  BEFORE UPDATE ON public.activity_documents
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER activity_media_updated_at_touch
  BEFORE UPDATE ON public.activity_media
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER activity_pricing_updated_at_touch
  BEFORE UPDATE ON public.activity_pricing
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER activity_pricing_items_updated_at_touch
  BEFORE UPDATE ON public.activity_pricing_items
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER activity_suppliers_updated_at_touch
  BEFORE UPDATE ON public.activity_suppliers
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER activity_travelers_updated_at_touch
  BEFORE UPDATE ON public.activity_travelers
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER custom_cruise_details_updated_at_touch
  BEFORE UPDATE ON public.custom_cruise_details
  FOR EACH ROW
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER dining_details_updated_at_touch
  BEFORE UPDATE ON public.dining_details
  FOR EACH ROW
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER flight_details_updated_at_touch
  BEFORE UPDATE ON public.flight_details
  FOR EACH ROW
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER flight_segments_updated_at_touch
  BEFORE UPDATE ON public.flight_segments
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER itinerary_activities_updated_at_touch
  BEFORE UPDATE ON public.itinerary_activities
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER lodging_details_updated_at_touch
  BEFORE UPDATE ON public.lodging_details
  FOR EACH ROW
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER options_details_updated_at_touch
  BEFORE UPDATE ON public.options_details
  FOR EACH ROW
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER package_details_updated_at_touch
  BEFORE UPDATE ON public.package_details
  FOR EACH ROW
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER port_info_details_updated_at_touch
  BEFORE UPDATE ON public.port_info_details
  FOR EACH ROW
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER suppliers_updated_at_touch
  BEFORE UPDATE ON public.suppliers
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER transportation_details_updated_at_touch
  BEFORE UPDATE ON public.transportation_details
  FOR EACH ROW
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER trip_media_updated_at_touch
  BEFORE UPDATE ON public.trip_media
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

REVOKE ALL ON public.itinerary_activities FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.itinerary_activities TO authenticated;
GRANT ALL ON public.itinerary_activities TO service_role;

REVOKE ALL ON public.activity_suppliers FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.activity_suppliers TO authenticated;
GRANT ALL ON public.activity_suppliers TO service_role;

REVOKE ALL ON public.activity_media FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.activity_media TO authenticated;
GRANT ALL ON public.activity_media TO service_role;

REVOKE ALL ON public.activity_documents FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.activity_documents TO authenticated;
GRANT ALL ON public.activity_documents TO service_role;

REVOKE ALL ON public.activity_pricing FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.activity_pricing TO authenticated;
GRANT ALL ON public.activity_pricing TO service_role;

REVOKE ALL ON public.activity_pricing_items FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.activity_pricing_items TO authenticated;
GRANT ALL ON public.activity_pricing_items TO service_role;

REVOKE ALL ON public.activity_travelers FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.activity_travelers TO authenticated;
GRANT ALL ON public.activity_travelers TO service_role;

REVOKE ALL ON public.suppliers FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.suppliers TO authenticated;
GRANT ALL ON public.suppliers TO service_role;

REVOKE ALL ON public.flight_details FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.flight_details TO authenticated;
GRANT ALL ON public.flight_details TO service_role;

REVOKE ALL ON public.lodging_details FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.lodging_details TO authenticated;
GRANT ALL ON public.lodging_details TO service_role;

REVOKE ALL ON public.dining_details FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.dining_details TO authenticated;
GRANT ALL ON public.dining_details TO service_role;

REVOKE ALL ON public.transportation_details FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.transportation_details TO authenticated;
GRANT ALL ON public.transportation_details TO service_role;

REVOKE ALL ON public.custom_cruise_details FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.custom_cruise_details TO authenticated;
GRANT ALL ON public.custom_cruise_details TO service_role;

REVOKE ALL ON public.port_info_details FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.port_info_details TO authenticated;
GRANT ALL ON public.port_info_details TO service_role;

REVOKE ALL ON public.options_details FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.options_details TO authenticated;
GRANT ALL ON public.options_details TO service_role;

REVOKE ALL ON public.package_details FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.package_details TO authenticated;
GRANT ALL ON public.package_details TO service_role;

REVOKE ALL ON public.flight_segments FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.flight_segments TO authenticated;
GRANT ALL ON public.flight_segments TO service_role;

REVOKE ALL ON public.trip_media FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.trip_media TO authenticated;
GRANT ALL ON public.trip_media TO service_role;

CREATE POLICY agency ON public.itinerary_activities
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.activity_suppliers
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.activity_media
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.activity_documents
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.activity_pricing
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.activity_pricing_items
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.activity_travelers
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.suppliers
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.flight_details
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.lodging_details
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.dining_details
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.transportation_details
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.custom_cruise_details
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.port_info_details
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.options_details
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.package_details
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.flight_segments
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.trip_media
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

ALTER TABLE public.itinerary_activities ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.activity_suppliers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.activity_media ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.activity_documents ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.activity_pricing ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.activity_pricing_items ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.activity_travelers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.suppliers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.flight_details ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lodging_details ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.dining_details ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.transportation_details ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.custom_cruise_details ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.port_info_details ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.options_details ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.package_details ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.flight_segments ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.trip_media ENABLE ROW LEVEL SECURITY;
