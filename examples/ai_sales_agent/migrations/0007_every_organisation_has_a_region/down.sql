-- pilaster: 0007 every_organisation_has_a_region, the way back

ALTER TABLE public.organisations ALTER COLUMN region DROP NOT NULL;
