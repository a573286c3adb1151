-- pilaster: 0005 cruise_catalog
-- follows: 0004 sha256:f192fddc50aabd8d7fa97f80599d5190204d7dff052fb5474d80efe816bea354

CREATE SCHEMA catalog;

CREATE FUNCTION catalog.touch_updated_at()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  new.updated_at := now();
  return new;
end
$$;

COMMENT ON FUNCTION catalog.touch_updated_at() IS 'Sets updated_at to the time of the update.';

CREATE TABLE catalog.cruise_lines (
  id                  uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  provider            varchar(100) NOT NULL DEFAULT 'traveltek',
  provider_identifier varchar(100) NOT NULL,
  name                varchar(255) NOT NULL,
  metadata            jsonb,
  created_at          timestamptz  NOT NULL DEFAULT now(),
  updated_at          timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT cruise_lines_provider_provider_identifier_key UNIQUE (provider, provider_identifier)
);

COMMENT ON TABLE catalog.cruise_lines IS 'Companies that run ships.';

CREATE TABLE catalog.cruise_ships (
  id                  uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  provider            varchar(100) NOT NULL DEFAULT 'traveltek',
  provider_identifier varchar(100) NOT NULL,
  line_id             uuid         NOT NULL,
  name                varchar(255) NOT NULL,
  ship_class          varchar(100),
  year_built          integer,
  created_at          timestamptz  NOT NULL DEFAULT now(),
  updated_at          timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT cruise_ships_provider_provider_identifier_key UNIQUE (provider, provider_identifier),
  CONSTRAINT cruise_ships_year CHECK (year_built between 1900 and 2100),
  CONSTRAINT cruise_ships_line_id_fkey FOREIGN KEY (line_id) REFERENCES catalog.cruise_lines (id)
);

CREATE TABLE catalog.cruise_regions (
  id                  uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  provider            varchar(100) NOT NULL DEFAULT 'traveltek',
  provider_identifier varchar(100) NOT NULL,
  name                varchar(255) NOT NULL,
  created_at          timestamptz  NOT NULL DEFAULT now(),
  updated_at          timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT cruise_regions_provider_provider_identifier_key UNIQUE (provider, provider_identifier)
);

CREATE TABLE catalog.cruise_ports (
  id                  uuid          DEFAULT gen_random_uuid() PRIMARY KEY,
  provider            varchar(100)  NOT NULL DEFAULT 'traveltek',
  provider_identifier varchar(100)  NOT NULL,
  name                varchar(255)  NOT NULL,
  latitude            numeric(9, 6),
  longitude           numeric(9, 6),
  created_at          timestamptz   NOT NULL DEFAULT now(),
  updated_at          timestamptz   NOT NULL DEFAULT now(),
  CONSTRAINT cruise_ports_provider_provider_identifier_key UNIQUE (provider, provider_identifier),
  CONSTRAINT cruise_ports_latitude CHECK (latitude between -90 and 90),
  CONSTRAINT cruise_ports_longitude CHECK (longitude between -180 and 180)
);

COMMENT ON TABLE catalog.cruise_ports IS 'Where one embarks and disembarks.';

CREATE TABLE catalog.cruise_ship_images (
  id         uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  ship_id    uuid        NOT NULL,
  url        text        NOT NULL,
  is_hero    boolean     NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT cruise_ship_images_ship_id_fkey FOREIGN KEY (ship_id) REFERENCES catalog.cruise_ships (id) ON DELETE CASCADE
);

CREATE TABLE catalog.cruise_ship_decks (
  id            uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  ship_id       uuid         NOT NULL,
  name          varchar(100) NOT NULL,
  deck_number   integer      NOT NULL,
  deck_plan_url text,
  created_at    timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT cruise_ship_decks_ship_id_deck_number_key UNIQUE (ship_id, deck_number),
  CONSTRAINT cruise_ship_decks_ship_id_fkey FOREIGN KEY (ship_id) REFERENCES catalog.cruise_ships (id) ON DELETE CASCADE
);

CREATE TABLE catalog.cruise_ship_cabin_types (
  id          uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  ship_id     uuid        NOT NULL,
  code        varchar(20) NOT NULL,
  category    text        NOT NULL,
  description text,
  created_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT cruise_ship_cabin_types_ship_id_code_key UNIQUE (ship_id, code),
  CONSTRAINT cruise_ship_cabin_types_category_check CHECK (category in ('inside', 'outside', 'balcony', 'suite')),
  CONSTRAINT cruise_ship_cabin_types_ship_id_fkey FOREIGN KEY (ship_id) REFERENCES catalog.cruise_ships (id) ON DELETE CASCADE
);

CREATE TABLE catalog.cruise_cabin_images (
  id            uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  cabin_type_id uuid        NOT NULL,
  url           text        NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT cruise_cabin_images_cabin_type_id_fkey FOREIGN KEY (cabin_type_id) REFERENCES catalog.cruise_ship_cabin_types (id) ON DELETE CASCADE
);

CREATE TABLE catalog.cruise_sailings (
  id                   uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  provider             varchar(100) NOT NULL DEFAULT 'traveltek',
  provider_identifier  varchar(100) NOT NULL,
  ship_id              uuid         NOT NULL,
  embark_port_id       uuid,
  disembark_port_id    uuid,
  name                 varchar(255) NOT NULL,
  sail_date            date         NOT NULL,
  nights               integer      NOT NULL,
  cheapest_price_cents bigint,
  created_at           timestamptz  NOT NULL DEFAULT now(),
  updated_at           timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT cruise_sailings_provider_provider_identifier_key UNIQUE (provider, provider_identifier),
  CONSTRAINT cruise_sailings_last_a_night CHECK (nights > 0),
  CONSTRAINT cruise_sailings_disembark_port_id_fkey FOREIGN KEY (disembark_port_id) REFERENCES catalog.cruise_ports (id),
  CONSTRAINT cruise_sailings_embark_port_id_fkey FOREIGN KEY (embark_port_id) REFERENCES catalog.cruise_ports (id),
  CONSTRAINT cruise_sailings_ship_id_fkey FOREIGN KEY (ship_id) REFERENCES catalog.cruise_ships (id) ON DELETE CASCADE
);

COMMENT ON TABLE catalog.cruise_sailings IS 'A ship that leaves on a day.';

CREATE TABLE catalog.cruise_sailing_cabin_prices (
  id            uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  sailing_id    uuid        NOT NULL,
  cabin_type_id uuid        NOT NULL,
  price_cents   bigint      NOT NULL,
  currency      text        NOT NULL DEFAULT 'CAD',
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT cruise_sailing_cabin_prices_sailing_id_cabin_type_id_key UNIQUE (sailing_id, cabin_type_id),
  CONSTRAINT cruise_sailing_cabin_prices_currency_check CHECK (currency in ('CAD')),
  CONSTRAINT cruise_sailing_cabin_prices_positive CHECK (price_cents > 0),
  CONSTRAINT cruise_sailing_cabin_prices_cabin_type_id_fkey FOREIGN KEY (cabin_type_id) REFERENCES catalog.cruise_ship_cabin_types (id),
  CONSTRAINT cruise_sailing_cabin_prices_sailing_id_fkey FOREIGN KEY (sailing_id) REFERENCES catalog.cruise_sailings (id) ON DELETE CASCADE
);

COMMENT ON TABLE catalog.cruise_sailing_cabin_prices IS 'In Canadian dollars.';

CREATE TABLE catalog.cruise_sailing_stops (
  id         uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  sailing_id uuid        NOT NULL,
  port_id    uuid,
  day_number integer     NOT NULL,
  is_sea_day boolean     NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT cruise_sailing_stops_sailing_id_day_number_key UNIQUE (sailing_id, day_number),
  CONSTRAINT cruise_sailing_stops_are_at_sea_or_in_a_port CHECK (is_sea_day = (port_id is null)),
  CONSTRAINT cruise_sailing_stops_count_from_one CHECK (day_number > 0),
  CONSTRAINT cruise_sailing_stops_port_id_fkey FOREIGN KEY (port_id) REFERENCES catalog.cruise_ports (id),
  CONSTRAINT cruise_sailing_stops_sailing_id_fkey FOREIGN KEY (sailing_id) REFERENCES catalog.cruise_sailings (id) ON DELETE CASCADE
);

CREATE TABLE catalog.cruise_sailing_regions (
  sailing_id uuid NOT NULL,
  region_id  uuid NOT NULL,
  CONSTRAINT cruise_sailing_regions_pkey PRIMARY KEY (sailing_id, region_id),
  CONSTRAINT cruise_sailing_regions_region_id_fkey FOREIGN KEY (region_id) REFERENCES catalog.cruise_regions (id) ON DELETE CASCADE,
  CONSTRAINT cruise_sailing_regions_sailing_id_fkey FOREIGN KEY (sailing_id) REFERENCES catalog.cruise_sailings (id) ON DELETE CASCADE
);

CREATE TABLE catalog.cruise_alternate_sailings (
  id                   uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  sailing_id           uuid        NOT NULL,
  alternate_sailing_id uuid        NOT NULL,
  created_at           timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT cruise_alternate_sailings_sailing_id_alternate_sailing_id_key UNIQUE (sailing_id, alternate_sailing_id),
  CONSTRAINT cruise_alternate_sailings_are_others CHECK (sailing_id <> alternate_sailing_id),
  CONSTRAINT cruise_alternate_sailings_alternate_sailing_id_fkey FOREIGN KEY (alternate_sailing_id) REFERENCES catalog.cruise_sailings (id) ON DELETE CASCADE,
  CONSTRAINT cruise_alternate_sailings_sailing_id_fkey FOREIGN KEY (sailing_id) REFERENCES catalog.cruise_sailings (id) ON DELETE CASCADE
);

CREATE TABLE catalog.cruise_sync_raw (
  id                  uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  provider            varchar(100) NOT NULL DEFAULT 'traveltek',
  provider_identifier varchar(100) NOT NULL,
  payload             jsonb        NOT NULL,
  expires_at          timestamptz,
  created_at          timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT cruise_sync_raw_provider_provider_identifier_key UNIQUE (provider, provider_identifier)
);

COMMENT ON TABLE catalog.cruise_sync_raw IS 'What Traveltek sent, as it was.';

CREATE TABLE catalog.cruise_sync_history (
  id              uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  started_at      timestamptz NOT NULL DEFAULT now(),
  finished_at     timestamptz,
  status          text        NOT NULL DEFAULT 'running',
  files_processed integer     NOT NULL DEFAULT 0,
  metrics         jsonb,
  CONSTRAINT cruise_sync_history_ends_after_it_began CHECK (finished_at >= started_at),
  CONSTRAINT cruise_sync_history_status_check CHECK (status in ('running', 'completed', 'failed', 'cancelled'))
);

CREATE TABLE catalog.cruise_ftp_file_sync (
  id           uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  file_path    text        NOT NULL,
  file_size    bigint,
  content_hash text,
  synced_at    timestamptz,
  created_at   timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT cruise_ftp_file_sync_file_path_key UNIQUE (file_path)
);

CREATE INDEX cruise_ships_line_id_idx ON catalog.cruise_ships (line_id);

CREATE UNIQUE INDEX cruise_ship_images_one_hero ON catalog.cruise_ship_images (ship_id) WHERE (is_hero);
CREATE INDEX cruise_ship_images_ship_id_idx ON catalog.cruise_ship_images (ship_id);

CREATE INDEX cruise_cabin_images_cabin_type_id_idx ON catalog.cruise_cabin_images (cabin_type_id);

CREATE INDEX cruise_sailings_ship_id_sail_date_idx ON catalog.cruise_sailings (ship_id, sail_date);
CREATE INDEX cruise_sailings_sail_date_idx ON catalog.cruise_sailings (sail_date);
CREATE INDEX cruise_sailings_embark_port_id_idx ON catalog.cruise_sailings (embark_port_id);
CREATE INDEX cruise_sailings_disembark_port_id_idx ON catalog.cruise_sailings (disembark_port_id);

CREATE INDEX cruise_sailing_cabin_prices_cabin_type_id_idx ON catalog.cruise_sailing_cabin_prices (cabin_type_id);

CREATE INDEX cruise_sailing_stops_port_id_idx ON catalog.cruise_sailing_stops (port_id);

CREATE INDEX cruise_sailing_regions_region_id_idx ON catalog.cruise_sailing_regions (region_id);

CREATE INDEX cruise_alternate_sailings_alternate_sailing_id_idx ON catalog.cruise_alternate_sailings (alternate_sailing_id);

CREATE TRIGGER cruise_lines_updated_at_touch
  BEFORE UPDATE ON catalog.cruise_lines
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION catalog.touch_updated_at();

CREATE TRIGGER cruise_ports_updated_at_touch
  BEFORE UPDATE ON catalog.cruise_ports
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION catalog.touch_updated_at();

CREATE TRIGGER cruise_regions_updated_at_touch
  BEFORE UPDATE ON catalog.cruise_regions
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION catalog.touch_updated_at();

CREATE TRIGGER cruise_sailing_cabin_prices_updated_at_touch
  BEFORE UPDATE ON catalog.cruise_sailing_cabin_prices
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION catalog.touch_updated_at();

CREATE TRIGGER cruise_sailings_updated_at_touch
  BEFORE UPDATE ON catalog.cruise_sailings
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION catalog.touch_updated_at();

CREATE TRIGGER cruise_ships_updated_at_touch
  BEFORE UPDATE ON catalog.cruise_ships
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION catalog.touch_updated_at();

GRANT USAGE ON SCHEMA catalog TO authenticated;
GRANT USAGE ON SCHEMA catalog TO fdw_catalog_ro;
GRANT USAGE ON SCHEMA catalog TO service_role;

GRANT SELECT ON catalog.cruise_lines TO authenticated;
GRANT SELECT ON catalog.cruise_lines TO fdw_catalog_ro;
GRANT ALL ON catalog.cruise_lines TO service_role;

GRANT SELECT ON catalog.cruise_ships TO authenticated;
GRANT SELECT ON catalog.cruise_ships TO fdw_catalog_ro;
GRANT ALL ON catalog.cruise_ships TO service_role;

GRANT SELECT ON catalog.cruise_regions TO authenticated;
GRANT SELECT ON catalog.cruise_regions TO fdw_catalog_ro;
GRANT ALL ON catalog.cruise_regions TO service_role;

GRANT SELECT ON catalog.cruise_ports TO authenticated;
GRANT SELECT ON catalog.cruise_ports TO fdw_catalog_ro;
GRANT ALL ON catalog.cruise_ports TO service_role;

GRANT SELECT ON catalog.cruise_ship_images TO authenticated;
GRANT SELECT ON catalog.cruise_ship_images TO fdw_catalog_ro;
GRANT ALL ON catalog.cruise_ship_images TO service_role;

GRANT SELECT ON catalog.cruise_ship_decks TO authenticated;
GRANT SELECT ON catalog.cruise_ship_decks TO fdw_catalog_ro;
GRANT ALL ON catalog.cruise_ship_decks TO service_role;

GRANT SELECT ON catalog.cruise_ship_cabin_types TO authenticated;
GRANT SELECT ON catalog.cruise_ship_cabin_types TO fdw_catalog_ro;
GRANT ALL ON catalog.cruise_ship_cabin_types TO service_role;

GRANT SELECT ON catalog.cruise_cabin_images TO authenticated;
GRANT SELECT ON catalog.cruise_cabin_images TO fdw_catalog_ro;
GRANT ALL ON catalog.cruise_cabin_images TO service_role;

GRANT SELECT ON catalog.cruise_sailings TO authenticated;
GRANT SELECT ON catalog.cruise_sailings TO fdw_catalog_ro;
GRANT ALL ON catalog.cruise_sailings TO service_role;

GRANT SELECT ON catalog.cruise_sailing_cabin_prices TO authenticated;
GRANT SELECT ON catalog.cruise_sailing_cabin_prices TO fdw_catalog_ro;
GRANT ALL ON catalog.cruise_sailing_cabin_prices TO service_role;

GRANT SELECT ON catalog.cruise_sailing_stops TO authenticated;
GRANT SELECT ON catalog.cruise_sailing_stops TO fdw_catalog_ro;
GRANT ALL ON catalog.cruise_sailing_stops TO service_role;

GRANT SELECT ON catalog.cruise_sailing_regions TO authenticated;
GRANT SELECT ON catalog.cruise_sailing_regions TO fdw_catalog_ro;
GRANT ALL ON catalog.cruise_sailing_regions TO service_role;

GRANT SELECT ON catalog.cruise_alternate_sailings TO authenticated;
GRANT SELECT ON catalog.cruise_alternate_sailings TO fdw_catalog_ro;
GRANT ALL ON catalog.cruise_alternate_sailings TO service_role;

GRANT SELECT ON catalog.cruise_sync_raw TO fdw_catalog_ro;
GRANT ALL ON catalog.cruise_sync_raw TO service_role;

GRANT SELECT ON catalog.cruise_sync_history TO fdw_catalog_ro;
GRANT ALL ON catalog.cruise_sync_history TO service_role;

GRANT SELECT ON catalog.cruise_ftp_file_sync TO fdw_catalog_ro;
GRANT ALL ON catalog.cruise_ftp_file_sync TO service_role;

CREATE POLICY copies ON catalog.cruise_lines
  FOR SELECT
  TO fdw_catalog_ro
  USING (true);

CREATE POLICY everybody ON catalog.cruise_lines
  FOR SELECT
  TO authenticated
  USING (true);

CREATE POLICY copies ON catalog.cruise_ships
  FOR SELECT
  TO fdw_catalog_ro
  USING (true);

CREATE POLICY everybody ON catalog.cruise_ships
  FOR SELECT
  TO authenticated
  USING (true);

CREATE POLICY copies ON catalog.cruise_regions
  FOR SELECT
  TO fdw_catalog_ro
  USING (true);

CREATE POLICY everybody ON catalog.cruise_regions
  FOR SELECT
  TO authenticated
  USING (true);

CREATE POLICY copies ON catalog.cruise_ports
  FOR SELECT
  TO fdw_catalog_ro
  USING (true);

CREATE POLICY everybody ON catalog.cruise_ports
  FOR SELECT
  TO authenticated
  USING (true);

CREATE POLICY copies ON catalog.cruise_ship_images
  FOR SELECT
  TO fdw_catalog_ro
  USING (true);

CREATE POLICY everybody ON catalog.cruise_ship_images
  FOR SELECT
  TO authenticated
  USING (true);

CREATE POLICY copies ON catalog.cruise_ship_decks
  FOR SELECT
  TO fdw_catalog_ro
  USING (true);

CREATE POLICY everybody ON catalog.cruise_ship_decks
  FOR SELECT
  TO authenticated
  USING (true);

CREATE POLICY copies ON catalog.cruise_ship_cabin_types
  FOR SELECT
  TO fdw_catalog_ro
  USING (true);

CREATE POLICY everybody ON catalog.cruise_ship_cabin_types
  FOR SELECT
  TO authenticated
  USING (true);

CREATE POLICY copies ON catalog.cruise_cabin_images
  FOR SELECT
  TO fdw_catalog_ro
  USING (true);

CREATE POLICY everybody ON catalog.cruise_cabin_images
  FOR SELECT
  TO authenticated
  USING (true);

CREATE POLICY copies ON catalog.cruise_sailings
  FOR SELECT
  TO fdw_catalog_ro
  USING (true);

CREATE POLICY everybody ON catalog.cruise_sailings
  FOR SELECT
  TO authenticated
  USING (true);

CREATE POLICY copies ON catalog.cruise_sailing_cabin_prices
  FOR SELECT
  TO fdw_catalog_ro
  USING (true);

CREATE POLICY everybody ON catalog.cruise_sailing_cabin_prices
  FOR SELECT
  TO authenticated
  USING (true);

CREATE POLICY copies ON catalog.cruise_sailing_stops
  FOR SELECT
  TO fdw_catalog_ro
  USING (true);

CREATE POLICY everybody ON catalog.cruise_sailing_stops
  FOR SELECT
  TO authenticated
  USING (true);

CREATE POLICY copies ON catalog.cruise_sailing_regions
  FOR SELECT
  TO fdw_catalog_ro
  USING (true);

CREATE POLICY everybody ON catalog.cruise_sailing_regions
  FOR SELECT
  TO authenticated
  USING (true);

CREATE POLICY copies ON catalog.cruise_alternate_sailings
  FOR SELECT
  TO fdw_catalog_ro
  USING (true);

CREATE POLICY everybody ON catalog.cruise_alternate_sailings
  FOR SELECT
  TO authenticated
  USING (true);

CREATE POLICY copies ON catalog.cruise_sync_raw
  FOR SELECT
  TO fdw_catalog_ro
  USING (true);

CREATE POLICY copies ON catalog.cruise_sync_history
  FOR SELECT
  TO fdw_catalog_ro
  USING (true);

CREATE POLICY copies ON catalog.cruise_ftp_file_sync
  FOR SELECT
  TO fdw_catalog_ro
  USING (true);

ALTER TABLE catalog.cruise_lines ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.cruise_ships ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.cruise_regions ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.cruise_ports ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.cruise_ship_images ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.cruise_ship_decks ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.cruise_ship_cabin_types ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.cruise_cabin_images ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.cruise_sailings ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.cruise_sailing_cabin_prices ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.cruise_sailing_stops ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.cruise_sailing_regions ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.cruise_alternate_sailings ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.cruise_sync_raw ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.cruise_sync_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.cruise_ftp_file_sync ENABLE ROW LEVEL SECURITY;
