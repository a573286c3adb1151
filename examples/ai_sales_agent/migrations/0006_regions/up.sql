-- pilaster: 0006 regions
-- follows: 0005 sha256:ab1521607e4f1fa76fe2056b3e9fe121024151c6f095efeffc7cfa64da717afd

CREATE TYPE public.data_region AS ENUM ('eu', 'us', 'ca');

CREATE TABLE public.residency (
  region public.data_region PRIMARY KEY,
  "only" boolean            NOT NULL DEFAULT true,
  CONSTRAINT residency_only_key UNIQUE ("only"),
  CONSTRAINT residency_is_one_row CHECK ("only")
);

COMMENT ON TABLE public.residency IS 'Where this database is: exactly one row, put there when it is set up. Each region has a database
of its own, and what belongs to another region can''t be stored in it.';

ALTER TABLE public.organisations ADD COLUMN region public.data_region;
-- holds for new rows at once; the old ones are read afterwards
ALTER TABLE public.organisations ADD CONSTRAINT organisations_region_fkey FOREIGN KEY (region) REFERENCES public.residency (region) NOT VALID;

-- pilaster: transaction
ALTER TABLE public.organisations VALIDATE CONSTRAINT organisations_region_fkey;

-- pilaster: no transaction
CREATE INDEX CONCURRENTLY organisations_region_idx ON public.organisations (region);

-- pilaster: transaction
GRANT SELECT ON public.residency TO sales_api;
GRANT SELECT ON public.residency TO sales_jobs;
GRANT SELECT ON public.residency TO sales_sign_in;

CREATE POLICY everybody ON public.residency
  FOR SELECT
  TO sales_api, sales_jobs, sales_sign_in
  USING (true);

ALTER TABLE public.residency ENABLE ROW LEVEL SECURITY;
