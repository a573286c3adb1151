-- pilaster: 0007 every_organisation_has_a_region
-- follows: 0006 sha256:c3f87927c4d490deabc121353aa55b4ad83453a3293ddfaf3d9c84ad3fcde022

-- a check, validated while others work, spares SET NOT NULL the reading of all rows
ALTER TABLE public.organisations ADD CONSTRAINT organisations_region_not_null CHECK (region IS NOT NULL) NOT VALID;

-- pilaster: transaction
ALTER TABLE public.organisations VALIDATE CONSTRAINT organisations_region_not_null;

-- pilaster: transaction
ALTER TABLE public.organisations ALTER COLUMN region SET NOT NULL;
ALTER TABLE public.organisations DROP CONSTRAINT organisations_region_not_null;
