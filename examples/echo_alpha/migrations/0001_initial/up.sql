-- pilaster: 0001 initial
-- follows: nothing

CREATE FUNCTION public.json_date_is_valid(value text)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when value ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' and left(value, 4) <> '0000'
      then right(value, 2)::integer <= extract(day from make_date(left(value, 4)::integer, substr(value, 6, 2)::integer, 1) + interval '1 month - 1 day')
    else false
  end
$$;

COMMENT ON FUNCTION public.json_date_is_valid(text) IS 'Whether a text is a day that exists, as YYYY-MM-DD.';

CREATE FUNCTION public.json_timestamp_is_valid(value text)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select value ~ '^.{10}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?$'
    and public.json_date_is_valid(left(value, 10))
$$;

COMMENT ON FUNCTION public.json_timestamp_is_valid(text) IS 'Whether a text is a date and time without an offset, as YYYY-MM-DDTHH:MM:SS.';

CREATE FUNCTION public.json_timestamptz_is_valid(value text)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select value ~ '(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$'
    and public.json_timestamp_is_valid(regexp_replace(value, '(Z|[+-][0-9]{2}:[0-9]{2})$', ''))
$$;

COMMENT ON FUNCTION public.json_timestamptz_is_valid(text) IS 'Whether a text is a time of RFC 3339 with its offset.';

CREATE FUNCTION public.requirements_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      ((value -> 'dogFriendly') is null or (value -> 'dogFriendly') = 'null' or jsonb_typeof((value -> 'dogFriendly')) = 'boolean')
      and ((value -> 'parking') is null or (value -> 'parking') = 'null' or jsonb_typeof((value -> 'parking')) = 'boolean')
      and ((value -> 'afterHours') is null or (value -> 'afterHours') = 'null' or jsonb_typeof((value -> 'afterHours')) = 'boolean')
      and ((value -> 'location') is null or (value -> 'location') = 'null' or jsonb_typeof((value -> 'location')) = 'string')
    else false
  end
$$;

COMMENT ON FUNCTION public.requirements_is_valid(jsonb) IS 'Whether a document has the shape Requirements.';

CREATE FUNCTION public.amenities_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      ((value -> 'parking') is null or (value -> 'parking') = 'null' or jsonb_typeof((value -> 'parking')) = 'boolean')
      and ((value -> 'dogFriendly') is null or (value -> 'dogFriendly') = 'null' or jsonb_typeof((value -> 'dogFriendly')) = 'boolean')
      and ((value -> 'afterHours') is null or (value -> 'afterHours') = 'null' or jsonb_typeof((value -> 'afterHours')) = 'boolean')
      and not exists (select from jsonb_each(value - array['parking', 'dogFriendly', 'afterHours']) as entry (key, value) where not (jsonb_typeof(entry.value) = 'boolean'))
    else false
  end
$$;

COMMENT ON FUNCTION public.amenities_is_valid(jsonb) IS 'Whether a document has the shape Amenities.';

CREATE FUNCTION public.availability_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case when jsonb_typeof(value) = 'object' then not exists (select from jsonb_each(value) as entry (key, value) where not (case when jsonb_typeof(entry.value) = 'array' then not exists (select from jsonb_array_elements(entry.value) as item2 (value) where not (jsonb_typeof(item2.value) = 'string')) else false end)) else false end
$$;

COMMENT ON FUNCTION public.availability_is_valid(jsonb) IS 'Whether a document has the shape Availability.';

CREATE FUNCTION public.parking_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      ((value -> 'type') is null or (value -> 'type') = 'null' or jsonb_typeof((value -> 'type')) = 'string')
      and ((value -> 'location') is null or (value -> 'location') = 'null' or jsonb_typeof((value -> 'location')) = 'string')
      and ((value -> 'costMonthly') is null or (value -> 'costMonthly') = 'null' or case when jsonb_typeof((value -> 'costMonthly')) = 'number' then abs((value -> 'costMonthly')::numeric) <= 1.7976931348623157e308 else false end)
      and ((value -> 'costPerDay') is null or (value -> 'costPerDay') = 'null' or case when jsonb_typeof((value -> 'costPerDay')) = 'number' then abs((value -> 'costPerDay')::numeric) <= 1.7976931348623157e308 else false end)
      and ((value -> 'spotsAvailable') is null or (value -> 'spotsAvailable') = 'null' or case when jsonb_typeof((value -> 'spotsAvailable')) = 'number' then (value -> 'spotsAvailable')::text ~ '^-?[0-9]+$' and (value -> 'spotsAvailable')::numeric between -2147483648 and 2147483647 else false end)
      and ((value -> 'provider') is null or (value -> 'provider') = 'null' or jsonb_typeof((value -> 'provider')) = 'string')
      and ((value -> 'sharedSpots') is null or (value -> 'sharedSpots') = 'null' or jsonb_typeof((value -> 'sharedSpots')) = 'boolean')
      and ((value -> 'note') is null or (value -> 'note') = 'null' or jsonb_typeof((value -> 'note')) = 'string')
      and value - array['type', 'location', 'costMonthly', 'costPerDay', 'spotsAvailable', 'provider', 'sharedSpots', 'note'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.parking_is_valid(jsonb) IS 'Whether a document has the shape Parking.';

CREATE FUNCTION public.dog_policy_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ? 'allowed' and jsonb_typeof((value -> 'allowed')) = 'boolean'
      and ((value -> 'reason') is null or (value -> 'reason') = 'null' or jsonb_typeof((value -> 'reason')) = 'string')
      and ((value -> 'flexibility') is null or (value -> 'flexibility') = 'null' or jsonb_typeof((value -> 'flexibility')) = 'string')
      and ((value -> 'alternative') is null or (value -> 'alternative') = 'null' or jsonb_typeof((value -> 'alternative')) = 'string')
      and ((value -> 'sizeLimit') is null or (value -> 'sizeLimit') = 'null' or jsonb_typeof((value -> 'sizeLimit')) = 'string')
      and ((value -> 'deposit') is null or (value -> 'deposit') = 'null' or case when jsonb_typeof((value -> 'deposit')) = 'number' then abs((value -> 'deposit')::numeric) <= 1.7976931348623157e308 else false end)
      and ((value -> 'note') is null or (value -> 'note') = 'null' or jsonb_typeof((value -> 'note')) = 'string')
      and value - array['allowed', 'reason', 'flexibility', 'alternative', 'sizeLimit', 'deposit', 'note'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.dog_policy_is_valid(jsonb) IS 'Whether a document has the shape DogPolicy.';

CREATE FUNCTION public.access_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      ((value -> 'system') is null or (value -> 'system') = 'null' or jsonb_typeof((value -> 'system')) = 'string')
      and ((value -> 'costPerCard') is null or (value -> 'costPerCard') = 'null' or case when jsonb_typeof((value -> 'costPerCard')) = 'number' then abs((value -> 'costPerCard')::numeric) <= 1.7976931348623157e308 else false end)
      and ((value -> 'cost') is null or (value -> 'cost') = 'null' or case when jsonb_typeof((value -> 'cost')) = 'number' then abs((value -> 'cost')::numeric) <= 1.7976931348623157e308 else false end)
      and ((value -> 'process') is null or (value -> 'process') = 'null' or jsonb_typeof((value -> 'process')) = 'string')
      and ((value -> 'hours') is null or (value -> 'hours') = 'null' or jsonb_typeof((value -> 'hours')) = 'string')
      and ((value -> 'afterHours') is null or (value -> 'afterHours') = 'null' or jsonb_typeof((value -> 'afterHours')) = 'boolean')
      and ((value -> 'advanceNotice') is null or (value -> 'advanceNotice') = 'null' or jsonb_typeof((value -> 'advanceNotice')) = 'string')
      and ((value -> 'securityContact') is null or (value -> 'securityContact') = 'null' or jsonb_typeof((value -> 'securityContact')) = 'string')
      and value - array['system', 'costPerCard', 'cost', 'process', 'hours', 'afterHours', 'advanceNotice', 'securityContact'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.access_is_valid(jsonb) IS 'Whether a document has the shape Access.';

CREATE FUNCTION public.meeting_rooms_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ? 'count' and case when jsonb_typeof((value -> 'count')) = 'number' then (value -> 'count')::text ~ '^-?[0-9]+$' and (value -> 'count')::numeric between -2147483648 and 2147483647 else false end
      and value ? 'sizes' and case when jsonb_typeof((value -> 'sizes')) = 'array' then not exists (select from jsonb_array_elements((value -> 'sizes')) as item (value) where not (case when jsonb_typeof(item.value) = 'number' then item.value::text ~ '^-?[0-9]+$' and item.value::numeric between -2147483648 and 2147483647 else false end)) else false end
      and ((value -> 'bookingSystem') is null or (value -> 'bookingSystem') = 'null' or jsonb_typeof((value -> 'bookingSystem')) = 'string')
      and ((value -> 'maxHoursPerBooking') is null or (value -> 'maxHoursPerBooking') = 'null' or case when jsonb_typeof((value -> 'maxHoursPerBooking')) = 'number' then abs((value -> 'maxHoursPerBooking')::numeric) <= 1.7976931348623157e308 else false end)
      and ((value -> 'note') is null or (value -> 'note') = 'null' or jsonb_typeof((value -> 'note')) = 'string')
      and value - array['count', 'sizes', 'bookingSystem', 'maxHoursPerBooking', 'note'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.meeting_rooms_is_valid(jsonb) IS 'Whether a document has the shape MeetingRooms.';

CREATE FUNCTION public.rent_inclusions_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      ((value -> 'utilities') is null or (value -> 'utilities') = 'null' or jsonb_typeof((value -> 'utilities')) = 'boolean')
      and ((value -> 'internet') is null or (value -> 'internet') = 'null' or jsonb_typeof((value -> 'internet')) = 'string')
      and ((value -> 'janitorial') is null or (value -> 'janitorial') = 'null' or jsonb_typeof((value -> 'janitorial')) = 'string')
      and ((value -> 'hvac') is null or (value -> 'hvac') = 'null' or jsonb_typeof((value -> 'hvac')) = 'boolean')
      and ((value -> 'kitchen') is null or (value -> 'kitchen') = 'null' or jsonb_typeof((value -> 'kitchen')) = 'string')
      and value - array['utilities', 'internet', 'janitorial', 'hvac', 'kitchen'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.rent_inclusions_is_valid(jsonb) IS 'Whether a document has the shape RentInclusions.';

CREATE FUNCTION public.detailed_amenities_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      ((value -> 'parking') is null or (value -> 'parking') = 'null' or public.parking_is_valid((value -> 'parking')))
      and ((value -> 'dogPolicy') is null or (value -> 'dogPolicy') = 'null' or public.dog_policy_is_valid((value -> 'dogPolicy')))
      and ((value -> 'access') is null or (value -> 'access') = 'null' or public.access_is_valid((value -> 'access')))
      and ((value -> 'meetingRooms') is null or (value -> 'meetingRooms') = 'null' or public.meeting_rooms_is_valid((value -> 'meetingRooms')))
      and ((value -> 'rentInclusions') is null or (value -> 'rentInclusions') = 'null' or public.rent_inclusions_is_valid((value -> 'rentInclusions')))
      and ((value -> 'hostStatus') is null or (value -> 'hostStatus') = 'null' or jsonb_typeof((value -> 'hostStatus')) = 'string')
      and ((value -> 'lastContact') is null or (value -> 'lastContact') = 'null' or jsonb_typeof((value -> 'lastContact')) = 'string')
      and value - array['parking', 'dogPolicy', 'access', 'meetingRooms', 'rentInclusions', 'hostStatus', 'lastContact'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.detailed_amenities_is_valid(jsonb) IS 'Whether a document has the shape DetailedAmenities.';

CREATE FUNCTION public.data_lookup_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ? 'question' and jsonb_typeof((value -> 'question')) = 'string'
      and value ? 'source' and jsonb_typeof((value -> 'source')) = 'string'
      and value ? 'answer' and jsonb_typeof((value -> 'answer')) = 'string'
      and value - array['question', 'source', 'answer'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.data_lookup_is_valid(jsonb) IS 'Whether a document has the shape DataLookup.';

CREATE FUNCTION public.mail_reasoning_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      ((value -> 'schedulingLogic') is null or (value -> 'schedulingLogic') = 'null' or case when jsonb_typeof((value -> 'schedulingLogic')) = 'array' then not exists (select from jsonb_array_elements((value -> 'schedulingLogic')) as item (value) where not (jsonb_typeof(item.value) = 'string')) else false end)
      and ((value -> 'dataLookups') is null or (value -> 'dataLookups') = 'null' or case when jsonb_typeof((value -> 'dataLookups')) = 'array' then not exists (select from jsonb_array_elements((value -> 'dataLookups')) as item (value) where not (public.data_lookup_is_valid(item.value))) else false end)
      and ((value -> 'needsHumanReview') is null or (value -> 'needsHumanReview') = 'null' or case when jsonb_typeof((value -> 'needsHumanReview')) = 'array' then not exists (select from jsonb_array_elements((value -> 'needsHumanReview')) as item (value) where not (jsonb_typeof(item.value) = 'string')) else false end)
      and value - array['schedulingLogic', 'dataLookups', 'needsHumanReview'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.mail_reasoning_is_valid(jsonb) IS 'Whether a document has the shape MailReasoning.';

CREATE FUNCTION public.time_saved_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ? 'traditional' and case when jsonb_typeof((value -> 'traditional')) = 'number' then abs((value -> 'traditional')::numeric) <= 1.7976931348623157e308 else false end
      and value ? 'withAI' and case when jsonb_typeof((value -> 'withAI')) = 'number' then abs((value -> 'withAI')::numeric) <= 1.7976931348623157e308 else false end
      and value - array['traditional', 'withAI'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.time_saved_is_valid(jsonb) IS 'Whether a document has the shape TimeSaved.';

CREATE FUNCTION public.mail_metadata_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      ((value -> 'confidence') is null or (value -> 'confidence') = 'null' or case when jsonb_typeof((value -> 'confidence')) = 'number' then abs((value -> 'confidence')::numeric) <= 1.7976931348623157e308 else false end)
      and ((value -> 'reasoning') is null or (value -> 'reasoning') = 'null' or public.mail_reasoning_is_valid((value -> 'reasoning')))
      and ((value -> 'suggestedActions') is null or (value -> 'suggestedActions') = 'null' or case when jsonb_typeof((value -> 'suggestedActions')) = 'array' then not exists (select from jsonb_array_elements((value -> 'suggestedActions')) as item (value) where not (jsonb_typeof(item.value) = 'string')) else false end)
      and ((value -> 'timeSaved') is null or (value -> 'timeSaved') = 'null' or public.time_saved_is_valid((value -> 'timeSaved')))
      and value - array['confidence', 'reasoning', 'suggestedActions', 'timeSaved'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.mail_metadata_is_valid(jsonb) IS 'Whether a document has the shape MailMetadata.';

CREATE FUNCTION public.question_addressed_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ? 'question' and jsonb_typeof((value -> 'question')) = 'string'
      and value ? 'answer' and jsonb_typeof((value -> 'answer')) = 'string'
      and ((value -> 'sourceEmailId') is null or (value -> 'sourceEmailId') = 'null' or case when jsonb_typeof((value -> 'sourceEmailId')) = 'number' then (value -> 'sourceEmailId')::text ~ '^-?[0-9]+$' and (value -> 'sourceEmailId')::numeric between -2147483648 and 2147483647 else false end)
      and ((value -> 'sourceText') is null or (value -> 'sourceText') = 'null' or jsonb_typeof((value -> 'sourceText')) = 'string')
      and value - array['question', 'answer', 'sourceEmailId', 'sourceText'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.question_addressed_is_valid(jsonb) IS 'Whether a document has the shape QuestionAddressed.';

CREATE FUNCTION public.data_point_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ? 'dataPoint' and jsonb_typeof((value -> 'dataPoint')) = 'string'
      and ((value -> 'sourceType') is null or (value -> 'sourceType') = 'null' or (value -> 'sourceType') in ('"space"', '"deal"', '"email"'))
      and ((value -> 'sourceId') is null or (value -> 'sourceId') = 'null' or case when jsonb_typeof((value -> 'sourceId')) = 'number' then (value -> 'sourceId')::text ~ '^-?[0-9]+$' and (value -> 'sourceId')::numeric between -2147483648 and 2147483647 else false end)
      and ((value -> 'fieldPath') is null or (value -> 'fieldPath') = 'null' or jsonb_typeof((value -> 'fieldPath')) = 'string')
      and value - array['dataPoint', 'sourceType', 'sourceId', 'fieldPath', 'value'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.data_point_is_valid(jsonb) IS 'Whether a document has the shape DataPoint.';

CREATE FUNCTION public.draft_reasoning_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ? 'questionsAddressed' and case when jsonb_typeof((value -> 'questionsAddressed')) = 'array' then not exists (select from jsonb_array_elements((value -> 'questionsAddressed')) as item (value) where not (public.question_addressed_is_valid(item.value))) else false end
      and value ? 'dataUsed' and case when jsonb_typeof((value -> 'dataUsed')) = 'array' then not exists (select from jsonb_array_elements((value -> 'dataUsed')) as item (value) where not (public.data_point_is_valid(item.value))) else false end
      and ((value -> 'schedulingLogic') is null or (value -> 'schedulingLogic') = 'null' or case when jsonb_typeof((value -> 'schedulingLogic')) = 'array' then not exists (select from jsonb_array_elements((value -> 'schedulingLogic')) as item (value) where not (jsonb_typeof(item.value) = 'string')) else false end)
      and value - array['questionsAddressed', 'dataUsed', 'schedulingLogic'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.draft_reasoning_is_valid(jsonb) IS 'Whether a document has the shape DraftReasoning.';

CREATE FUNCTION public.draft_metadata_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ? 'model' and jsonb_typeof((value -> 'model')) = 'string'
      and value ? 'tokensUsed' and case when jsonb_typeof((value -> 'tokensUsed')) = 'number' then (value -> 'tokensUsed')::text ~ '^-?[0-9]+$' and (value -> 'tokensUsed')::numeric between -2147483648 and 2147483647 else false end
      and value ? 'generatedAt' and (jsonb_typeof((value -> 'generatedAt')) = 'string' and public.json_timestamptz_is_valid((value -> 'generatedAt') #>> '{}'))
      and ((value -> 'validationTokensUsed') is null or (value -> 'validationTokensUsed') = 'null' or case when jsonb_typeof((value -> 'validationTokensUsed')) = 'number' then (value -> 'validationTokensUsed')::text ~ '^-?[0-9]+$' and (value -> 'validationTokensUsed')::numeric between -2147483648 and 2147483647 else false end)
      and value - array['model', 'tokensUsed', 'generatedAt', 'validationTokensUsed'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.draft_metadata_is_valid(jsonb) IS 'Whether a document has the shape DraftMetadata.';

CREATE FUNCTION public.draft_validation_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ? 'status' and (value -> 'status') in ('"passed"', '"warnings"', '"failed"')
      and value ? 'issues' and case when jsonb_typeof((value -> 'issues')) = 'array' then not exists (select from jsonb_array_elements((value -> 'issues')) as item (value) where not (jsonb_typeof(item.value) = 'string')) else false end
      and value ? 'checkedAt' and (jsonb_typeof((value -> 'checkedAt')) = 'string' and public.json_timestamptz_is_valid((value -> 'checkedAt') #>> '{}'))
      and value - array['status', 'issues', 'checkedAt'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.draft_validation_is_valid(jsonb) IS 'Whether a document has the shape DraftValidation.';

CREATE FUNCTION public.draft_version_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ? 'version' and case when jsonb_typeof((value -> 'version')) = 'number' then (value -> 'version')::text ~ '^-?[0-9]+$' and (value -> 'version')::numeric between 0 and 3 else false end
      and value ? 'body' and jsonb_typeof((value -> 'body')) = 'string'
      and value ? 'prompt' and ((value -> 'prompt') = 'null' or jsonb_typeof((value -> 'prompt')) = 'string')
      and value ? 'confidence' and case when jsonb_typeof((value -> 'confidence')) = 'number' then abs((value -> 'confidence')::numeric) <= 1.7976931348623157e308 else false end
      and value ? 'reasoning' and public.draft_reasoning_is_valid((value -> 'reasoning'))
      and value ? 'metadata' and public.draft_metadata_is_valid((value -> 'metadata'))
      and value ? 'createdAt' and (jsonb_typeof((value -> 'createdAt')) = 'string' and public.json_timestamptz_is_valid((value -> 'createdAt') #>> '{}'))
      and value - array['version', 'body', 'prompt', 'confidence', 'reasoning', 'metadata', 'createdAt'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.draft_version_is_valid(jsonb) IS 'Whether a document has the shape DraftVersion.';

CREATE FUNCTION public.email_drafts_draft_versions_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case when jsonb_typeof(value) = 'array' then jsonb_array_length(value) <= 4 and not exists (select from jsonb_array_elements(value) as item (value) where not (public.draft_version_is_valid(item.value))) else false end
$$;

COMMENT ON FUNCTION public.email_drafts_draft_versions_is_valid(jsonb) IS 'Whether a document is one of email_drafts.draft_versions.';

CREATE TABLE public.deals (
  id             serial                      PRIMARY KEY,
  seeker_name    character varying(255)      NOT NULL,
  seeker_email   character varying(255)      NOT NULL,
  company_name   character varying(255)      NOT NULL,
  team_size      integer                     NOT NULL,
  monthly_budget integer                     NOT NULL,
  requirements   jsonb                       NOT NULL,
  stage          character varying(50)       NOT NULL,
  created_at     timestamp without time zone NOT NULL DEFAULT now(),
  user_id        uuid                        NOT NULL DEFAULT auth.uid(),
  CONSTRAINT deals_monthly_budget_positive CHECK (monthly_budget > 0),
  CONSTRAINT deals_requirements_shape CHECK (public.requirements_is_valid(requirements)),
  CONSTRAINT deals_stage_check CHECK (stage in ('inquiry', 'touring', 'negotiating', 'closed')),
  CONSTRAINT deals_team_size_positive CHECK (team_size > 0)
);

COMMENT ON TABLE public.deals IS 'One client''s search for a space.';
COMMENT ON COLUMN public.deals.monthly_budget IS 'In dollars, not cents.';
COMMENT ON COLUMN public.deals.user_id IS 'Whose deal it is.';

CREATE TABLE public.spaces (
  id                 serial                      PRIMARY KEY,
  name               character varying(255)      NOT NULL,
  address            text                        NOT NULL,
  neighborhood       character varying(100),
  host_company       character varying(255)      NOT NULL,
  host_email         character varying(255)      NOT NULL,
  host_context       text,
  amenities          jsonb                       NOT NULL,
  availability       jsonb                       NOT NULL,
  monthly_rate       integer                     NOT NULL,
  detailed_amenities jsonb,
  created_at         timestamp without time zone NOT NULL DEFAULT now(),
  CONSTRAINT spaces_amenities_shape CHECK (public.amenities_is_valid(amenities)),
  CONSTRAINT spaces_availability_shape CHECK (public.availability_is_valid(availability)),
  CONSTRAINT spaces_detailed_amenities_shape CHECK (detailed_amenities is null or public.detailed_amenities_is_valid(detailed_amenities)),
  CONSTRAINT spaces_monthly_rate_not_negative CHECK (monthly_rate >= 0)
);

COMMENT ON TABLE public.spaces IS 'An office that can be rented.';
COMMENT ON COLUMN public.spaces.host_context IS 'Background for the assistant, such as "YC W21 startup, similar stage to client".';

CREATE TABLE public.emails (
  id           serial                      PRIMARY KEY,
  deal_id      integer                     NOT NULL,
  "from"       character varying(255)      NOT NULL,
  "to"         character varying(255)      NOT NULL,
  subject      text                        NOT NULL,
  body         text                        NOT NULL,
  sent_at      timestamp without time zone NOT NULL DEFAULT now(),
  ai_generated boolean                     DEFAULT false,
  ai_metadata  jsonb,
  CONSTRAINT emails_ai_metadata_shape CHECK (ai_metadata is null or public.mail_metadata_is_valid(ai_metadata)),
  CONSTRAINT emails_deal_id_deals_id_fk FOREIGN KEY (deal_id) REFERENCES public.deals (id)
);

COMMENT ON TABLE public.emails IS 'A mail of a deal''s thread, written by a person or by the assistant.
Threads repeat their subjects, so nothing here is unique.';

CREATE TABLE public.deal_spaces (
  id         serial                      PRIMARY KEY,
  deal_id    integer                     NOT NULL,
  space_id   integer                     NOT NULL,
  status     character varying(50)       NOT NULL,
  created_at timestamp without time zone NOT NULL DEFAULT now(),
  CONSTRAINT deal_spaces_status_check CHECK (status in ('shown', 'interested', 'touring', 'rejected', 'selected')),
  CONSTRAINT deal_spaces_deal_id_deals_id_fk FOREIGN KEY (deal_id) REFERENCES public.deals (id),
  CONSTRAINT deal_spaces_space_id_spaces_id_fk FOREIGN KEY (space_id) REFERENCES public.spaces (id)
);

COMMENT ON TABLE public.deal_spaces IS 'A space that was shown for a deal, and what became of it.';

CREATE TABLE public.email_drafts (
  id                   serial                      PRIMARY KEY,
  deal_id              integer                     NOT NULL,
  inbound_email_id     integer                     NOT NULL,
  ai_generated_body    text                        NOT NULL,
  edited_body          text,
  final_body           text,
  confidence_score     integer                     NOT NULL,
  status               character varying(50)       NOT NULL DEFAULT 'pending',
  reasoning            jsonb,
  metadata             jsonb,
  validation           jsonb,
  regeneration_count   integer                     NOT NULL DEFAULT 0,
  last_regeneration_at timestamp without time zone,
  current_version      integer                     NOT NULL DEFAULT 0,
  draft_versions       jsonb,
  created_at           timestamp without time zone NOT NULL DEFAULT now(),
  reviewed_at          timestamp without time zone,
  reviewed_by          character varying(255),
  sent_at              timestamp without time zone,
  sent_email_id        integer,
  archived_at          timestamp without time zone,
  archived_by          character varying(255),
  archive_reason       text,
  user_id              uuid                        NOT NULL DEFAULT auth.uid(),
  CONSTRAINT email_drafts_approval_names_the_reviewer CHECK (status not in ('approved', 'sent') or (reviewed_at is not null and reviewed_by is not null)),
  CONSTRAINT email_drafts_archive_is_dated CHECK (status <> 'archived' or archived_at is not null),
  CONSTRAINT email_drafts_at_most_three_regenerations CHECK (regeneration_count between 0 and 3),
  CONSTRAINT email_drafts_confidence_is_a_percentage CHECK (confidence_score between 0 and 100),
  CONSTRAINT email_drafts_current_version_exists CHECK (current_version = 0 or jsonb_path_exists(draft_versions, '$[*] ? (@.version == $current)', jsonb_build_object('current', current_version))),
  CONSTRAINT email_drafts_draft_versions_shape CHECK (draft_versions is null or public.email_drafts_draft_versions_is_valid(draft_versions)),
  CONSTRAINT email_drafts_metadata_shape CHECK (metadata is null or public.draft_metadata_is_valid(metadata)),
  CONSTRAINT email_drafts_reasoning_shape CHECK (reasoning is null or public.draft_reasoning_is_valid(reasoning)),
  CONSTRAINT email_drafts_regeneration_is_dated CHECK (regeneration_count = 0 or last_regeneration_at is not null),
  CONSTRAINT email_drafts_sent_has_its_email CHECK (status <> 'sent' or (sent_at is not null and sent_email_id is not null)),
  CONSTRAINT email_drafts_status_check CHECK (status in ('pending', 'approved', 'sent', 'archived')),
  CONSTRAINT email_drafts_validation_shape CHECK (validation is null or public.draft_validation_is_valid(validation)),
  CONSTRAINT email_drafts_deal_id_deals_id_fk FOREIGN KEY (deal_id) REFERENCES public.deals (id),
  CONSTRAINT email_drafts_inbound_email_id_emails_id_fk FOREIGN KEY (inbound_email_id) REFERENCES public.emails (id),
  CONSTRAINT email_drafts_sent_email_id_emails_id_fk FOREIGN KEY (sent_email_id) REFERENCES public.emails (id)
);

COMMENT ON TABLE public.email_drafts IS 'An answer the assistant proposes. People approve it; an archived one is kept for compliance.';
COMMENT ON COLUMN public.email_drafts.final_body IS 'The body of the active version.';
COMMENT ON COLUMN public.email_drafts.last_regeneration_at IS 'The cool-down of 24 hours begins here.';
COMMENT ON COLUMN public.email_drafts.regeneration_count IS 'The free tier ends at three.';
COMMENT ON COLUMN public.email_drafts.user_id IS 'Whose draft it is.';

CREATE FUNCTION public.email_drafts_status_frozen()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if old.status in ('sent')
    and row(new.id, new.deal_id, new.inbound_email_id, new.ai_generated_body, new.edited_body, new.final_body, new.confidence_score, new.reasoning, new.metadata, new.validation, new.regeneration_count, new.last_regeneration_at, new.current_version, new.draft_versions, new.created_at, new.reviewed_at, new.reviewed_by, new.sent_at, new.sent_email_id, new.user_id)
      is distinct from row(old.id, old.deal_id, old.inbound_email_id, old.ai_generated_body, old.edited_body, old.final_body, old.confidence_score, old.reasoning, old.metadata, old.validation, old.regeneration_count, old.last_regeneration_at, old.current_version, old.draft_versions, old.created_at, old.reviewed_at, old.reviewed_by, old.sent_at, old.sent_email_id, old.user_id)
  then
    raise exception using
      errcode = 'check_violation',
      message = format('email_drafts can''t be edited while status is %L', old.status),
      hint = 'only status, archived_at, archived_by, archive_reason may change',
      schema = 'public',
      table = 'email_drafts',
      column = 'status',
      constraint = 'email_drafts_status_frozen';
  end if;
  if old.status in ('archived')
    and row(new.id, new.deal_id, new.inbound_email_id, new.ai_generated_body, new.edited_body, new.final_body, new.confidence_score, new.status, new.reasoning, new.metadata, new.validation, new.regeneration_count, new.last_regeneration_at, new.current_version, new.draft_versions, new.created_at, new.reviewed_at, new.reviewed_by, new.sent_at, new.sent_email_id, new.archived_at, new.archived_by, new.archive_reason, new.user_id)
      is distinct from row(old.id, old.deal_id, old.inbound_email_id, old.ai_generated_body, old.edited_body, old.final_body, old.confidence_score, old.status, old.reasoning, old.metadata, old.validation, old.regeneration_count, old.last_regeneration_at, old.current_version, old.draft_versions, old.created_at, old.reviewed_at, old.reviewed_by, old.sent_at, old.sent_email_id, old.archived_at, old.archived_by, old.archive_reason, old.user_id)
  then
    raise exception using
      errcode = 'check_violation',
      message = format('email_drafts can''t be edited while status is %L', old.status),
      schema = 'public',
      table = 'email_drafts',
      column = 'status',
      constraint = 'email_drafts_status_frozen';
  end if;
  return new;
end
$$;

CREATE FUNCTION public.email_drafts_status_transition()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if tg_op = 'INSERT' then
    if new.status in ('pending') or new.status is null then
      return new;
    end if;
    raise exception using
      errcode = 'check_violation',
      message = format('email_drafts.status can''t begin as %L', new.status),
      hint = 'a new row may begin as ''pending''',
      schema = 'public',
      table = 'email_drafts',
      column = 'status',
      constraint = 'email_drafts_status_transition';
  elsif not coalesce(
    new.status is not distinct from old.status
    or old.status is null and new.status in ('pending')
    or old.status = 'pending' and new.status in ('approved', 'archived')
    or old.status = 'approved' and new.status in ('sent', 'archived')
    or old.status = 'sent' and new.status = 'archived',
    false
  ) then
    raise exception using
      errcode = 'check_violation',
      message = format('email_drafts.status can''t change from %L to %L', old.status, new.status),
      schema = 'public',
      table = 'email_drafts',
      column = 'status',
      constraint = 'email_drafts_status_transition';
  end if;
  return new;
end
$$;

CREATE INDEX idx_deals_requirements ON public.deals USING gin (requirements);
CREATE INDEX idx_deals_user_id ON public.deals (user_id);

CREATE INDEX idx_spaces_amenities ON public.spaces USING gin (amenities);

CREATE INDEX idx_emails_deal_id ON public.emails (deal_id);
CREATE INDEX idx_emails_sent_at ON public.emails (sent_at);
CREATE INDEX idx_emails_deal_sent ON public.emails (deal_id, sent_at);

CREATE INDEX idx_deal_spaces_deal_id ON public.deal_spaces (deal_id);
CREATE INDEX idx_deal_spaces_space_id ON public.deal_spaces (space_id);

CREATE INDEX idx_email_drafts_deal_id ON public.email_drafts (deal_id);
CREATE INDEX idx_email_drafts_inbound_email_id ON public.email_drafts (inbound_email_id);
CREATE INDEX idx_email_drafts_status ON public.email_drafts (status);
CREATE INDEX idx_email_drafts_reasoning ON public.email_drafts USING gin (reasoning);
CREATE INDEX idx_email_drafts_deal_status ON public.email_drafts (deal_id, status);
CREATE INDEX idx_email_drafts_user_id ON public.email_drafts (user_id);

CREATE TRIGGER email_drafts_status_frozen
  BEFORE UPDATE ON public.email_drafts
  FOR EACH ROW
  EXECUTE FUNCTION public.email_drafts_status_frozen();

CREATE TRIGGER email_drafts_status_transition
  BEFORE INSERT OR UPDATE ON public.email_drafts
  FOR EACH ROW
  EXECUTE FUNCTION public.email_drafts_status_transition();

REVOKE ALL ON SEQUENCE public.deals_id_seq FROM anon, authenticated, service_role;
GRANT USAGE ON SEQUENCE public.deals_id_seq TO authenticated;
GRANT USAGE ON SEQUENCE public.deals_id_seq TO service_role;

REVOKE ALL ON SEQUENCE public.spaces_id_seq FROM anon, authenticated, service_role;
GRANT USAGE ON SEQUENCE public.spaces_id_seq TO service_role;

REVOKE ALL ON SEQUENCE public.emails_id_seq FROM anon, authenticated, service_role;
GRANT USAGE ON SEQUENCE public.emails_id_seq TO authenticated;
GRANT USAGE ON SEQUENCE public.emails_id_seq TO service_role;

REVOKE ALL ON SEQUENCE public.deal_spaces_id_seq FROM anon, authenticated, service_role;
GRANT USAGE ON SEQUENCE public.deal_spaces_id_seq TO authenticated;
GRANT USAGE ON SEQUENCE public.deal_spaces_id_seq TO service_role;

REVOKE ALL ON SEQUENCE public.email_drafts_id_seq FROM anon, authenticated, service_role;
GRANT USAGE ON SEQUENCE public.email_drafts_id_seq TO authenticated;
GRANT USAGE ON SEQUENCE public.email_drafts_id_seq TO service_role;

REVOKE ALL ON public.deals FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.deals TO authenticated;
GRANT ALL ON public.deals TO service_role;

REVOKE ALL ON public.spaces FROM anon, authenticated;
GRANT SELECT ON public.spaces TO authenticated;
GRANT ALL ON public.spaces TO service_role;

REVOKE ALL ON public.emails FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.emails TO authenticated;
GRANT ALL ON public.emails TO service_role;

REVOKE ALL ON public.deal_spaces FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.deal_spaces TO authenticated;
GRANT ALL ON public.deal_spaces TO service_role;

REVOKE ALL ON public.email_drafts FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE ON public.email_drafts TO authenticated;
GRANT ALL ON public.email_drafts TO service_role;

CREATE POLICY user_deals ON public.deals
  TO authenticated
  USING (user_id = (select auth.uid()))
  WITH CHECK (user_id = (select auth.uid()));

CREATE POLICY read_spaces ON public.spaces
  FOR SELECT
  TO authenticated
  USING (true);

CREATE POLICY user_emails ON public.emails
  TO authenticated
  USING (deal_id in (select d.id from public.deals d where d.user_id = (select auth.uid())))
  WITH CHECK (deal_id in (select d.id from public.deals d where d.user_id = (select auth.uid())));

CREATE POLICY user_deal_spaces ON public.deal_spaces
  TO authenticated
  USING (deal_id in (select d.id from public.deals d where d.user_id = (select auth.uid())))
  WITH CHECK (deal_id in (select d.id from public.deals d where d.user_id = (select auth.uid())));

CREATE POLICY user_drafts ON public.email_drafts
  FOR SELECT
  TO authenticated
  USING (user_id = (select auth.uid()));

CREATE POLICY user_drafts_insert ON public.email_drafts
  FOR INSERT
  TO authenticated
  WITH CHECK (user_id = (select auth.uid()) and deal_id in (select d.id from public.deals d where d.user_id = (select auth.uid())));

CREATE POLICY user_drafts_update ON public.email_drafts
  FOR UPDATE
  TO authenticated
  USING (user_id = (select auth.uid()))
  WITH CHECK (user_id = (select auth.uid()) and deal_id in (select d.id from public.deals d where d.user_id = (select auth.uid())));

ALTER TABLE public.deals ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.spaces ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.emails ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.deal_spaces ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.email_drafts ENABLE ROW LEVEL SECURITY;
