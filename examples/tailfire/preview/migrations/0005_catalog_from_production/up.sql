-- pilaster: 0005 catalog_from_production
-- follows: 0004 sha256:f192fddc50aabd8d7fa97f80599d5190204d7dff052fb5474d80efe816bea354

CREATE SCHEMA catalog;

CREATE EXTENSION postgres_fdw SCHEMA extensions;

create server prod_catalog foreign data wrapper postgres_fdw options (host 'production', port '5432', dbname 'postgres');

create user mapping for postgres server prod_catalog options (user 'fdw_catalog_ro');

create user mapping for authenticated server prod_catalog options (user 'fdw_catalog_ro');

create user mapping for service_role server prod_catalog options (user 'fdw_catalog_ro');

CREATE FOREIGN TABLE catalog.cruise_lines (
  id                  uuid         NOT NULL,
  provider            varchar(100) NOT NULL,
  provider_identifier varchar(100) NOT NULL,
  name                varchar(255) NOT NULL,
  metadata            jsonb,
  created_at          timestamptz  NOT NULL,
  updated_at          timestamptz  NOT NULL
) SERVER prod_catalog OPTIONS (schema_name 'catalog', table_name 'cruise_lines');

COMMENT ON FOREIGN TABLE catalog.cruise_lines IS 'Companies that run ships.';

CREATE FOREIGN TABLE catalog.cruise_ships (
  id                  uuid         NOT NULL,
  provider            varchar(100) NOT NULL,
  provider_identifier varchar(100) NOT NULL,
  line_id             uuid         NOT NULL,
  name                varchar(255) NOT NULL,
  ship_class          varchar(100),
  year_built          integer,
  created_at          timestamptz  NOT NULL,
  updated_at          timestamptz  NOT NULL
) SERVER prod_catalog OPTIONS (schema_name 'catalog', table_name 'cruise_ships');

CREATE FOREIGN TABLE catalog.cruise_regions (
  id                  uuid         NOT NULL,
  provider            varchar(100) NOT NULL,
  provider_identifier varchar(100) NOT NULL,
  name                varchar(255) NOT NULL,
  created_at          timestamptz  NOT NULL,
  updated_at          timestamptz  NOT NULL
) SERVER prod_catalog OPTIONS (schema_name 'catalog', table_name 'cruise_regions');

CREATE FOREIGN TABLE catalog.cruise_ports (
  id                  uuid          NOT NULL,
  provider            varchar(100)  NOT NULL,
  provider_identifier varchar(100)  NOT NULL,
  name                varchar(255)  NOT NULL,
  latitude            numeric(9, 6),
  longitude           numeric(9, 6),
  created_at          timestamptz   NOT NULL,
  updated_at          timestamptz   NOT NULL
) SERVER prod_catalog OPTIONS (schema_name 'catalog', table_name 'cruise_ports');

COMMENT ON FOREIGN TABLE catalog.cruise_ports IS 'Where one embarks and disembarks.';

CREATE FOREIGN TABLE catalog.cruise_ship_images (
  id         uuid        NOT NULL,
  ship_id    uuid        NOT NULL,
  url        text        NOT NULL,
  is_hero    boolean     NOT NULL,
  created_at timestamptz NOT NULL
) SERVER prod_catalog OPTIONS (schema_name 'catalog', table_name 'cruise_ship_images');

CREATE FOREIGN TABLE catalog.cruise_ship_decks (
  id            uuid         NOT NULL,
  ship_id       uuid         NOT NULL,
  name          varchar(100) NOT NULL,
  deck_number   integer      NOT NULL,
  deck_plan_url text,
  created_at    timestamptz  NOT NULL
) SERVER prod_catalog OPTIONS (schema_name 'catalog', table_name 'cruise_ship_decks');

CREATE FOREIGN TABLE catalog.cruise_ship_cabin_types (
  id          uuid        NOT NULL,
  ship_id     uuid        NOT NULL,
  code        varchar(20) NOT NULL,
  category    text        NOT NULL,
  description text,
  created_at  timestamptz NOT NULL
) SERVER prod_catalog OPTIONS (schema_name 'catalog', table_name 'cruise_ship_cabin_types');

CREATE FOREIGN TABLE catalog.cruise_cabin_images (
  id            uuid        NOT NULL,
  cabin_type_id uuid        NOT NULL,
  url           text        NOT NULL,
  created_at    timestamptz NOT NULL
) SERVER prod_catalog OPTIONS (schema_name 'catalog', table_name 'cruise_cabin_images');

CREATE FOREIGN TABLE catalog.cruise_sailings (
  id                   uuid         NOT NULL,
  provider             varchar(100) NOT NULL,
  provider_identifier  varchar(100) NOT NULL,
  ship_id              uuid         NOT NULL,
  embark_port_id       uuid,
  disembark_port_id    uuid,
  name                 varchar(255) NOT NULL,
  sail_date            date         NOT NULL,
  nights               integer      NOT NULL,
  cheapest_price_cents bigint,
  created_at           timestamptz  NOT NULL,
  updated_at           timestamptz  NOT NULL
) SERVER prod_catalog OPTIONS (schema_name 'catalog', table_name 'cruise_sailings');

COMMENT ON FOREIGN TABLE catalog.cruise_sailings IS 'A ship that leaves on a day.';

CREATE FOREIGN TABLE catalog.cruise_sailing_cabin_prices (
  id            uuid        NOT NULL,
  sailing_id    uuid        NOT NULL,
  cabin_type_id uuid        NOT NULL,
  price_cents   bigint      NOT NULL,
  currency      text        NOT NULL,
  created_at    timestamptz NOT NULL,
  updated_at    timestamptz NOT NULL
) SERVER prod_catalog OPTIONS (schema_name 'catalog', table_name 'cruise_sailing_cabin_prices');

COMMENT ON FOREIGN TABLE catalog.cruise_sailing_cabin_prices IS 'In Canadian dollars.';

CREATE FOREIGN TABLE catalog.cruise_sailing_stops (
  id         uuid        NOT NULL,
  sailing_id uuid        NOT NULL,
  port_id    uuid,
  day_number integer     NOT NULL,
  is_sea_day boolean     NOT NULL,
  created_at timestamptz NOT NULL
) SERVER prod_catalog OPTIONS (schema_name 'catalog', table_name 'cruise_sailing_stops');

CREATE FOREIGN TABLE catalog.cruise_sailing_regions (
  sailing_id uuid NOT NULL,
  region_id  uuid NOT NULL
) SERVER prod_catalog OPTIONS (schema_name 'catalog', table_name 'cruise_sailing_regions');

CREATE FOREIGN TABLE catalog.cruise_alternate_sailings (
  id                   uuid        NOT NULL,
  sailing_id           uuid        NOT NULL,
  alternate_sailing_id uuid        NOT NULL,
  created_at           timestamptz NOT NULL
) SERVER prod_catalog OPTIONS (schema_name 'catalog', table_name 'cruise_alternate_sailings');

CREATE FOREIGN TABLE catalog.cruise_sync_raw (
  id                  uuid         NOT NULL,
  provider            varchar(100) NOT NULL,
  provider_identifier varchar(100) NOT NULL,
  payload             jsonb        NOT NULL,
  expires_at          timestamptz,
  created_at          timestamptz  NOT NULL
) SERVER prod_catalog OPTIONS (schema_name 'catalog', table_name 'cruise_sync_raw');

COMMENT ON FOREIGN TABLE catalog.cruise_sync_raw IS 'What Traveltek sent, as it was.';

CREATE FOREIGN TABLE catalog.cruise_sync_history (
  id              uuid        NOT NULL,
  started_at      timestamptz NOT NULL,
  finished_at     timestamptz,
  status          text        NOT NULL,
  files_processed integer     NOT NULL,
  metrics         jsonb
) SERVER prod_catalog OPTIONS (schema_name 'catalog', table_name 'cruise_sync_history');

CREATE FOREIGN TABLE catalog.cruise_ftp_file_sync (
  id           uuid        NOT NULL,
  file_path    text        NOT NULL,
  file_size    bigint,
  content_hash text,
  synced_at    timestamptz,
  created_at   timestamptz NOT NULL
) SERVER prod_catalog OPTIONS (schema_name 'catalog', table_name 'cruise_ftp_file_sync');

GRANT USAGE ON SCHEMA catalog TO authenticated;
GRANT USAGE ON SCHEMA catalog TO service_role;

GRANT SELECT ON catalog.cruise_lines TO authenticated;
GRANT SELECT ON catalog.cruise_lines TO service_role;

GRANT SELECT ON catalog.cruise_ships TO authenticated;
GRANT SELECT ON catalog.cruise_ships TO service_role;

GRANT SELECT ON catalog.cruise_regions TO authenticated;
GRANT SELECT ON catalog.cruise_regions TO service_role;

GRANT SELECT ON catalog.cruise_ports TO authenticated;
GRANT SELECT ON catalog.cruise_ports TO service_role;

GRANT SELECT ON catalog.cruise_ship_images TO authenticated;
GRANT SELECT ON catalog.cruise_ship_images TO service_role;

GRANT SELECT ON catalog.cruise_ship_decks TO authenticated;
GRANT SELECT ON catalog.cruise_ship_decks TO service_role;

GRANT SELECT ON catalog.cruise_ship_cabin_types TO authenticated;
GRANT SELECT ON catalog.cruise_ship_cabin_types TO service_role;

GRANT SELECT ON catalog.cruise_cabin_images TO authenticated;
GRANT SELECT ON catalog.cruise_cabin_images TO service_role;

GRANT SELECT ON catalog.cruise_sailings TO authenticated;
GRANT SELECT ON catalog.cruise_sailings TO service_role;

GRANT SELECT ON catalog.cruise_sailing_cabin_prices TO authenticated;
GRANT SELECT ON catalog.cruise_sailing_cabin_prices TO service_role;

GRANT SELECT ON catalog.cruise_sailing_stops TO authenticated;
GRANT SELECT ON catalog.cruise_sailing_stops TO service_role;

GRANT SELECT ON catalog.cruise_sailing_regions TO authenticated;
GRANT SELECT ON catalog.cruise_sailing_regions TO service_role;

GRANT SELECT ON catalog.cruise_alternate_sailings TO authenticated;
GRANT SELECT ON catalog.cruise_alternate_sailings TO service_role;

GRANT SELECT ON catalog.cruise_sync_raw TO service_role;

GRANT SELECT ON catalog.cruise_sync_history TO service_role;

GRANT SELECT ON catalog.cruise_ftp_file_sync TO service_role;
