-- pilaster: 0005 catalog_from_production, the way back

DROP FOREIGN TABLE catalog.cruise_alternate_sailings;

DROP FOREIGN TABLE catalog.cruise_cabin_images;

DROP FOREIGN TABLE catalog.cruise_ftp_file_sync;

DROP FOREIGN TABLE catalog.cruise_lines;

DROP FOREIGN TABLE catalog.cruise_ports;

DROP FOREIGN TABLE catalog.cruise_regions;

DROP FOREIGN TABLE catalog.cruise_sailing_cabin_prices;

DROP FOREIGN TABLE catalog.cruise_sailing_regions;

DROP FOREIGN TABLE catalog.cruise_sailing_stops;

DROP FOREIGN TABLE catalog.cruise_sailings;

DROP FOREIGN TABLE catalog.cruise_ship_cabin_types;

DROP FOREIGN TABLE catalog.cruise_ship_decks;

DROP FOREIGN TABLE catalog.cruise_ship_images;

DROP FOREIGN TABLE catalog.cruise_ships;

DROP FOREIGN TABLE catalog.cruise_sync_history;

DROP FOREIGN TABLE catalog.cruise_sync_raw;

DROP USER MAPPING FOR authenticated SERVER prod_catalog;

DROP USER MAPPING FOR postgres SERVER prod_catalog;

DROP USER MAPPING FOR service_role SERVER prod_catalog;

DROP SERVER prod_catalog;

DROP EXTENSION postgres_fdw;

DROP SCHEMA catalog;
