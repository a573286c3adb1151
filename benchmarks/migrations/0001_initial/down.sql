-- pilaster: 0001 initial, the way back

-- data loss: all rows of emails are gone
DROP TABLE public.emails;

-- data loss: all rows of deals are gone
DROP TABLE public.deals;

-- data loss: all rows of imports are gone
DROP TABLE public.imports;
