-- pilaster: 0004 enhanced_features
-- follows: 0003 sha256:90dcb73492441ecf70a628db237edc80629e2eb2f9412799d1868c62a2b63d60

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
