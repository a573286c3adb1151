-- pilaster: 0005 cruise_catalog, the way back

-- data loss: all rows of catalog.cruise_alternate_sailings are gone
DROP TABLE catalog.cruise_alternate_sailings;

-- data loss: all rows of catalog.cruise_cabin_images are gone
DROP TABLE catalog.cruise_cabin_images;

-- data loss: all rows of catalog.cruise_ftp_file_sync are gone
DROP TABLE catalog.cruise_ftp_file_sync;

-- data loss: all rows of catalog.cruise_sailing_cabin_prices are gone
DROP TABLE catalog.cruise_sailing_cabin_prices;

-- data loss: all rows of catalog.cruise_sailing_regions are gone
DROP TABLE catalog.cruise_sailing_regions;

-- data loss: all rows of catalog.cruise_regions are gone
DROP TABLE catalog.cruise_regions;

-- data loss: all rows of catalog.cruise_sailing_stops are gone
DROP TABLE catalog.cruise_sailing_stops;

-- data loss: all rows of catalog.cruise_sailings are gone
DROP TABLE catalog.cruise_sailings;

-- data loss: all rows of catalog.cruise_ports are gone
DROP TABLE catalog.cruise_ports;

-- data loss: all rows of catalog.cruise_ship_cabin_types are gone
DROP TABLE catalog.cruise_ship_cabin_types;

-- data loss: all rows of catalog.cruise_ship_decks are gone
DROP TABLE catalog.cruise_ship_decks;

-- data loss: all rows of catalog.cruise_ship_images are gone
DROP TABLE catalog.cruise_ship_images;

-- data loss: all rows of catalog.cruise_ships are gone
DROP TABLE catalog.cruise_ships;

-- data loss: all rows of catalog.cruise_lines are gone
DROP TABLE catalog.cruise_lines;

-- data loss: all rows of catalog.cruise_sync_history are gone
DROP TABLE catalog.cruise_sync_history;

-- data loss: all rows of catalog.cruise_sync_raw are gone
DROP TABLE catalog.cruise_sync_raw;

DROP FUNCTION catalog.touch_updated_at();

DROP SCHEMA catalog;
