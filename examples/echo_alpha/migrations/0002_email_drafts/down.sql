-- pilaster: 0002 email_drafts, the way back

-- data loss: all rows of email_drafts are gone
DROP TABLE public.email_drafts;

DROP FUNCTION public.draft_metadata_is_valid(jsonb);

DROP FUNCTION public.draft_reasoning_is_valid(jsonb);

DROP FUNCTION public.data_point_is_valid(jsonb);

DROP FUNCTION public.email_drafts_status_frozen();

DROP FUNCTION public.email_drafts_status_transition();

DROP FUNCTION public.json_timestamptz_is_valid(text);

DROP FUNCTION public.json_timestamp_is_valid(text);

DROP FUNCTION public.json_date_is_valid(text);

DROP FUNCTION public.question_addressed_is_valid(jsonb);
