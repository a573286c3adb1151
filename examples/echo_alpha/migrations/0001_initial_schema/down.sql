-- pilaster: 0001 initial_schema, the way back

-- data loss: all rows of deal_spaces are gone
DROP TABLE public.deal_spaces;

-- data loss: all rows of emails are gone
DROP TABLE public.emails;

-- data loss: all rows of deals are gone
DROP TABLE public.deals;

-- data loss: all rows of spaces are gone
DROP TABLE public.spaces;

DROP FUNCTION public.amenities_is_valid(jsonb);

DROP FUNCTION public.availability_is_valid(jsonb);

DROP FUNCTION public.mail_metadata_is_valid(jsonb);

DROP FUNCTION public.mail_reasoning_is_valid(jsonb);

DROP FUNCTION public.data_lookup_is_valid(jsonb);

DROP FUNCTION public.requirements_is_valid(jsonb);

DROP FUNCTION public.time_saved_is_valid(jsonb);

DROP FUNCTION public.json_double_is_valid(jsonb);
