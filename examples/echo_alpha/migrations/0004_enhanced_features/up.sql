-- pilaster: 0004 enhanced_features
-- follows: 0003 sha256:ac3a66470bd9e3fb9a226e13b144222d23ac4a4d4992a2a462c814fc43725e99

CREATE FUNCTION public.parking_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      (value ->> 'type' is null or jsonb_typeof(value -> 'type') = 'string')
      and (value ->> 'location' is null or jsonb_typeof(value -> 'location') = 'string')
      and (value ->> 'costMonthly' is null or public.json_double_is_valid(value -> 'costMonthly'))
      and (value ->> 'costPerDay' is null or public.json_double_is_valid(value -> 'costPerDay'))
      and (
        value ->> 'spotsAvailable' is null
        or (
          value -> 'spotsAvailable' between '-2147483648' and '2147483647'
          and value ->> 'spotsAvailable' ~ '^-?[0-9]+$'
        )
      )
      and (value ->> 'provider' is null or jsonb_typeof(value -> 'provider') = 'string')
      and (value ->> 'sharedSpots' is null or jsonb_typeof(value -> 'sharedSpots') = 'boolean')
      and (value ->> 'note' is null or jsonb_typeof(value -> 'note') = 'string')
      and value - array[
        'type', 'location', 'costMonthly', 'costPerDay', 'spotsAvailable', 'provider',
        'sharedSpots', 'note'
      ] = '{}'
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
      value ? 'allowed'
      and jsonb_typeof(value -> 'allowed') = 'boolean'
      and (value ->> 'reason' is null or jsonb_typeof(value -> 'reason') = 'string')
      and (value ->> 'flexibility' is null or jsonb_typeof(value -> 'flexibility') = 'string')
      and (value ->> 'alternative' is null or jsonb_typeof(value -> 'alternative') = 'string')
      and (value ->> 'sizeLimit' is null or jsonb_typeof(value -> 'sizeLimit') = 'string')
      and (value ->> 'deposit' is null or public.json_double_is_valid(value -> 'deposit'))
      and (value ->> 'note' is null or jsonb_typeof(value -> 'note') = 'string')
      and value - array[
        'allowed', 'reason', 'flexibility', 'alternative', 'sizeLimit', 'deposit', 'note'
      ] = '{}'
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
      (value ->> 'system' is null or jsonb_typeof(value -> 'system') = 'string')
      and (value ->> 'costPerCard' is null or public.json_double_is_valid(value -> 'costPerCard'))
      and (value ->> 'cost' is null or public.json_double_is_valid(value -> 'cost'))
      and (value ->> 'process' is null or jsonb_typeof(value -> 'process') = 'string')
      and (value ->> 'hours' is null or jsonb_typeof(value -> 'hours') = 'string')
      and (value ->> 'afterHours' is null or jsonb_typeof(value -> 'afterHours') = 'boolean')
      and (value ->> 'advanceNotice' is null or jsonb_typeof(value -> 'advanceNotice') = 'string')
      and (
        value ->> 'securityContact' is null or jsonb_typeof(value -> 'securityContact') = 'string'
      )
      and value - array[
        'system', 'costPerCard', 'cost', 'process', 'hours', 'afterHours', 'advanceNotice',
        'securityContact'
      ] = '{}'
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
      value ?& array['count', 'sizes']
      and value -> 'count' between '-2147483648' and '2147483647'
      and value ->> 'count' ~ '^-?[0-9]+$'
      and case
        when jsonb_typeof(value -> 'sizes') = 'array' then
          not exists (
            select from jsonb_array_elements(value -> 'sizes') as item (value)
            where not (
              item.value between '-2147483648' and '2147483647'
              and item.value #>> '{}' ~ '^-?[0-9]+$'
            )
          )
        else false
      end
      and (value ->> 'bookingSystem' is null or jsonb_typeof(value -> 'bookingSystem') = 'string')
      and (
        value ->> 'maxHoursPerBooking' is null
        or public.json_double_is_valid(value -> 'maxHoursPerBooking')
      )
      and (value ->> 'note' is null or jsonb_typeof(value -> 'note') = 'string')
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
      (value ->> 'utilities' is null or jsonb_typeof(value -> 'utilities') = 'boolean')
      and (value ->> 'internet' is null or jsonb_typeof(value -> 'internet') = 'string')
      and (value ->> 'janitorial' is null or jsonb_typeof(value -> 'janitorial') = 'string')
      and (value ->> 'hvac' is null or jsonb_typeof(value -> 'hvac') = 'boolean')
      and (value ->> 'kitchen' is null or jsonb_typeof(value -> 'kitchen') = 'string')
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
      (coalesce(value -> 'parking', 'null') = 'null' or public.parking_is_valid(value -> 'parking'))
      and (
        coalesce(value -> 'dogPolicy', 'null') = 'null'
        or public.dog_policy_is_valid(value -> 'dogPolicy')
      )
      and (
        coalesce(value -> 'access', 'null') = 'null' or public.access_is_valid(value -> 'access')
      )
      and (
        coalesce(value -> 'meetingRooms', 'null') = 'null'
        or public.meeting_rooms_is_valid(value -> 'meetingRooms')
      )
      and (
        coalesce(value -> 'rentInclusions', 'null') = 'null'
        or public.rent_inclusions_is_valid(value -> 'rentInclusions')
      )
      and (value ->> 'hostStatus' is null or jsonb_typeof(value -> 'hostStatus') = 'string')
      and (value ->> 'lastContact' is null or jsonb_typeof(value -> 'lastContact') = 'string')
      and value - array[
        'parking', 'dogPolicy', 'access', 'meetingRooms', 'rentInclusions', 'hostStatus',
        'lastContact'
      ] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.detailed_amenities_is_valid(jsonb) IS 'Whether a document has the shape DetailedAmenities.';

ALTER TABLE public.spaces ADD COLUMN detailed_amenities jsonb;

ALTER TABLE public.email_drafts ADD COLUMN last_regeneration_at timestamp;
COMMENT ON COLUMN public.email_drafts.last_regeneration_at IS 'The cool-down of 24 hours begins here.';

CREATE OR REPLACE FUNCTION public.email_drafts_status_frozen()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if old.status in ('sent')
    and row(new.id, new.deal_id, new.inbound_email_id, new.ai_generated_body, new.edited_body, new.final_body, new.confidence_score, new.reasoning, new.metadata, new.regeneration_count, new.last_regeneration_at, new.current_version, new.draft_versions, new.created_at, new.reviewed_at, new.reviewed_by, new.sent_at, new.sent_email_id, new.user_id)
      is distinct from row(old.id, old.deal_id, old.inbound_email_id, old.ai_generated_body, old.edited_body, old.final_body, old.confidence_score, old.reasoning, old.metadata, old.regeneration_count, old.last_regeneration_at, old.current_version, old.draft_versions, old.created_at, old.reviewed_at, old.reviewed_by, old.sent_at, old.sent_email_id, old.user_id)
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
    and row(new.id, new.deal_id, new.inbound_email_id, new.ai_generated_body, new.edited_body, new.final_body, new.confidence_score, new.status, new.reasoning, new.metadata, new.regeneration_count, new.last_regeneration_at, new.current_version, new.draft_versions, new.created_at, new.reviewed_at, new.reviewed_by, new.sent_at, new.sent_email_id, new.archived_at, new.archived_by, new.archive_reason, new.user_id)
      is distinct from row(old.id, old.deal_id, old.inbound_email_id, old.ai_generated_body, old.edited_body, old.final_body, old.confidence_score, old.status, old.reasoning, old.metadata, old.regeneration_count, old.last_regeneration_at, old.current_version, old.draft_versions, old.created_at, old.reviewed_at, old.reviewed_by, old.sent_at, old.sent_email_id, old.archived_at, old.archived_by, old.archive_reason, old.user_id)
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

-- holds for new rows at once; the old ones are read afterwards
ALTER TABLE public.spaces ADD CONSTRAINT spaces_detailed_amenities_shape CHECK (detailed_amenities is null or public.detailed_amenities_is_valid(detailed_amenities)) NOT VALID;

-- pilaster: transaction
ALTER TABLE public.spaces VALIDATE CONSTRAINT spaces_detailed_amenities_shape;

-- holds for new rows at once; the old ones are read afterwards
ALTER TABLE public.email_drafts ADD CONSTRAINT email_drafts_regeneration_is_dated CHECK (regeneration_count = 0 or last_regeneration_at is not null) NOT VALID;

-- pilaster: transaction
ALTER TABLE public.email_drafts VALIDATE CONSTRAINT email_drafts_regeneration_is_dated;
