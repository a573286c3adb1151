-- pilaster: 0001 initial, the way back

-- data loss: all rows of deal_spaces are gone
DROP TABLE public.deal_spaces;

-- data loss: all rows of email_drafts are gone
DROP TABLE public.email_drafts;

-- data loss: all rows of emails are gone
DROP TABLE public.emails;

-- data loss: all rows of deals are gone
DROP TABLE public.deals;

-- data loss: all rows of spaces are gone
DROP TABLE public.spaces;

DROP FUNCTION public.amenities_is_valid(jsonb);

DROP FUNCTION public.availability_is_valid(jsonb);

DROP FUNCTION public.detailed_amenities_is_valid(jsonb);

DROP FUNCTION public.access_is_valid(jsonb);

DROP FUNCTION public.dog_policy_is_valid(jsonb);

DROP FUNCTION public.draft_validation_is_valid(jsonb);

DROP FUNCTION public.email_drafts_draft_versions_is_valid(jsonb);

DROP FUNCTION public.draft_version_is_valid(jsonb);

DROP FUNCTION public.draft_metadata_is_valid(jsonb);

DROP FUNCTION public.draft_reasoning_is_valid(jsonb);

DROP FUNCTION public.data_point_is_valid(jsonb);

DROP FUNCTION public.email_drafts_status_frozen();

DROP FUNCTION public.email_drafts_status_transition();

DROP FUNCTION public.json_timestamptz_is_valid(text);

DROP FUNCTION public.json_timestamp_is_valid(text);

DROP FUNCTION public.json_date_is_valid(text);

DROP FUNCTION public.mail_metadata_is_valid(jsonb);

DROP FUNCTION public.mail_reasoning_is_valid(jsonb);

DROP FUNCTION public.data_lookup_is_valid(jsonb);

DROP FUNCTION public.meeting_rooms_is_valid(jsonb);

DROP FUNCTION public.parking_is_valid(jsonb);

DROP FUNCTION public.question_addressed_is_valid(jsonb);

DROP FUNCTION public.rent_inclusions_is_valid(jsonb);

DROP FUNCTION public.requirements_is_valid(jsonb);

DROP FUNCTION public.time_saved_is_valid(jsonb);
