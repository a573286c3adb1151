-- What the schema of the emitter's test is in PostgreSQL.
CREATE TYPE mood AS ENUM ('calm', 'in-a-hurry', '2nd thoughts');
CREATE DOMAIN email AS text;
CREATE TYPE price_range AS RANGE (subtype = numeric, multirange_type_name = price_multirange);

CREATE TABLE deals (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  seeker_email email NOT NULL,
  "from" varchar(255) NOT NULL,
  type text,
  "dealSize" integer NOT NULL DEFAULT 1,
  ai_generated boolean DEFAULT false,
  stage varchar(50) NOT NULL DEFAULT 'inquiry' CHECK (stage IN ('inquiry', 'touring', 'closed')),
  mood mood NOT NULL,
  requirements jsonb NOT NULL,
  versions jsonb,
  events jsonb NOT NULL,
  validation jsonb,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE deal_tags (
  deal_id bigint NOT NULL REFERENCES deals (id),
  tag text NOT NULL,
  PRIMARY KEY (deal_id, tag)
);

CREATE TABLE log (
  at date NOT NULL DEFAULT current_date,
  one integer GENERATED ALWAYS AS (1) STORED
);

CREATE TABLE "values" (
  boolean boolean,
  small smallint,
  normal integer,
  big bigint,
  single real,
  double double precision,
  exact numeric,
  priced numeric(10,2),
  words text,
  letters character(3),
  bytes bytea,
  unique_id uuid,
  day date,
  local timestamp without time zone,
  instant timestamp with time zone,
  clock time without time zone,
  zoned_clock time with time zone,
  span interval,
  document jsonb,
  document_text json,
  host inet,
  network cidr,
  mac macaddr,
  mac8 macaddr8,
  flags bit(5),
  more_flags bit varying,
  place point,
  days daterange,
  moments tstzrange,
  counts int4range,
  many_counts int4multirange,
  amounts nummultirange,
  prices public.price_range,
  many_prices public.price_multirange,
  tags text[],
  exacts numeric[],
  moods public.mood[],
  emails public.email[],
  search tsvector,
  searches tsvector[],
  position pg_lsn,
  key uuid PRIMARY KEY DEFAULT gen_random_uuid()
);
