-- One object of each kind that the changes alter. It is made in a transaction that is rolled back.
CREATE ROLE catalog_reader;
CREATE ROLE catalog_writer;
CREATE SCHEMA app;
CREATE TYPE app.stage AS ENUM ('new', 'done');
CREATE DOMAIN app.positive AS integer CONSTRAINT above_zero CHECK (VALUE > 0);
CREATE TYPE app.place AS (city text, zip varchar(10));
CREATE TYPE app.span AS RANGE (subtype = numeric);
CREATE SEQUENCE app.numbers;
CREATE COLLATION app.bytes FROM "C";
CREATE TABLE app.users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email varchar(255) NOT NULL CONSTRAINT users_email_key UNIQUE,
  name text DEFAULT 'nobody',
  born date
);
CREATE TABLE app.deals (
  id serial PRIMARY KEY,
  owner_id bigint CONSTRAINT deals_owner_fk REFERENCES app.users ON DELETE CASCADE,
  stage app.stage NOT NULL DEFAULT 'new',
  size integer CONSTRAINT size_positive CHECK (size > 0),
  doubled integer GENERATED ALWAYS AS (size * 2) STORED,
  notes text,
  tags text[],
  at timestamptz(3) DEFAULT now(),
  during tstzrange,
  CONSTRAINT deals_during EXCLUDE USING gist (during WITH &&)
);
CREATE INDEX deals_stage ON app.deals (stage, at DESC) WHERE stage <> 'done';
CREATE INDEX deals_tags ON app.deals USING gin (tags);
CREATE INDEX deals_lower ON app.deals (lower(notes));
ALTER TABLE app.deals ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON app.deals FOR SELECT TO catalog_reader USING (owner_id = 1);
GRANT SELECT ON app.deals TO catalog_reader;
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION app.add(a integer, b integer DEFAULT 1) RETURNS integer LANGUAGE sql STABLE
  AS 'SELECT a + b';
CREATE PROCEDURE app.work(n integer) LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE AGGREGATE app.total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
CREATE TRIGGER touched BEFORE UPDATE ON app.deals FOR EACH ROW
  WHEN (OLD.notes IS DISTINCT FROM NEW.notes) EXECUTE FUNCTION app.touch();
CREATE VIEW app.open AS SELECT id, notes FROM app.deals WHERE stage <> 'done';
CREATE MATERIALIZED VIEW app.counts AS SELECT stage, count(*) AS n FROM app.deals GROUP BY stage;
CREATE RULE no_delete AS ON DELETE TO app.users DO INSTEAD NOTHING;
CREATE STATISTICS app.related (dependencies) ON owner_id, size FROM app.deals;
CREATE TABLE app.events (day date NOT NULL, n integer) PARTITION BY RANGE (day);
CREATE TABLE app.events_2024 PARTITION OF app.events
  FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX events_n ON app.events (n);
CREATE TABLE app.parent (a integer);
CREATE TABLE app.child (b integer) INHERITS (app.parent);
CREATE FOREIGN DATA WRAPPER files;
CREATE SERVER disk FOREIGN DATA WRAPPER files OPTIONS (a '1');
CREATE FOREIGN TABLE app.far (x integer OPTIONS (o 'v')) SERVER disk OPTIONS (f 'g');
CREATE USER MAPPING FOR catalog_reader SERVER disk OPTIONS (u 'v');
CREATE PUBLICATION everything FOR TABLE app.users;
CREATE TEXT SEARCH CONFIGURATION app.plain (COPY = simple);
CREATE TEXT SEARCH DICTIONARY app.short (TEMPLATE = simple, STOPWORDS = 'english');
CREATE FUNCTION app.watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE EVENT TRIGGER watcher ON ddl_command_end WHEN TAG IN ('CREATE TABLE')
  EXECUTE FUNCTION app.watch();
ALTER EVENT TRIGGER watcher DISABLE;
CREATE FUNCTION app.same(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE
  AS 'SELECT $1 = $2';
CREATE OPERATOR app.=== (FUNCTION = app.same, LEFTARG = integer, RIGHTARG = integer);
CREATE FUNCTION app.as_place(integer) RETURNS app.place LANGUAGE sql IMMUTABLE
  AS $$ SELECT ROW('x', $1::text)::app.place $$;
CREATE CAST (integer AS app.place) WITH FUNCTION app.as_place(integer);
-- What shows in others: names that texts elsewhere repeat.
CREATE TYPE app.temper AS ENUM ('sad', 'happy');
CREATE TYPE app.spot AS (x integer, y integer);
CREATE SEQUENCE app.ticks;
CREATE FUNCTION app.calc(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE TABLE app.rooms (
  id integer PRIMARY KEY,
  code text,
  temper app.temper DEFAULT 'sad',
  spot app.spot CHECK ((spot).x > 0),
  n integer DEFAULT app.calc(1),
  tick bigint DEFAULT nextval('app.ticks')
);
CREATE TABLE app.beds (room integer REFERENCES app.rooms);
CREATE POLICY of_room ON app.beds USING (room IN (SELECT id FROM app.rooms WHERE code = 'x'));
CREATE VIEW app.codes AS SELECT code, app.calc(n) AS n FROM app.rooms;
CREATE VIEW app.codes_again AS SELECT code FROM app.codes;
