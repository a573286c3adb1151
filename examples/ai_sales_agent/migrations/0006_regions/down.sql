-- pilaster: 0006 regions, the way back

-- data loss: the values of organisations.region are gone
ALTER TABLE public.organisations DROP COLUMN region;

-- data loss: all rows of residency are gone
DROP TABLE public.residency;

DROP TYPE public.data_region;
