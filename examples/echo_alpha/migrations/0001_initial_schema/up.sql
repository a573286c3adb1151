-- pilaster: 0001 initial_schema
-- follows: nothing

CREATE FUNCTION public.json_double_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'number' then
      abs(value::numeric) < 2::numeric ^ 1024 - 2::numeric ^ 970
    else false
  end
$$;

COMMENT ON FUNCTION public.json_double_is_valid(jsonb) IS 'Whether a value is a number in the range of double precision.';

CREATE FUNCTION public.requirements_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      (value ->> 'dogFriendly' is null or jsonb_typeof(value -> 'dogFriendly') = 'boolean')
      and (value ->> 'parking' is null or jsonb_typeof(value -> 'parking') = 'boolean')
      and (value ->> 'afterHours' is null or jsonb_typeof(value -> 'afterHours') = 'boolean')
      and (value ->> 'location' is null or jsonb_typeof(value -> 'location') = 'string')
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
      (value ->> 'parking' is null or jsonb_typeof(value -> 'parking') = 'boolean')
      and (value ->> 'dogFriendly' is null or jsonb_typeof(value -> 'dogFriendly') = 'boolean')
      and (value ->> 'afterHours' is null or jsonb_typeof(value -> 'afterHours') = 'boolean')
      and not exists (
        select from jsonb_each(value - array['parking', 'dogFriendly', 'afterHours']) as entry (key, value)
        where jsonb_typeof(entry.value) <> 'boolean'
      )
    else false
  end
$$;

COMMENT ON FUNCTION public.amenities_is_valid(jsonb) IS 'Whether a document has the shape Amenities.';

CREATE FUNCTION public.availability_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      not exists (
        select from jsonb_each(value) as entry (key, value)
        where not (
          case
            when jsonb_typeof(entry.value) = 'array' then
              not exists (
                select from jsonb_array_elements(entry.value) as item2 (value)
                where jsonb_typeof(item2.value) <> 'string'
              )
            else false
          end
        )
      )
    else false
  end
$$;

COMMENT ON FUNCTION public.availability_is_valid(jsonb) IS 'Whether a document has the shape Availability.';

CREATE FUNCTION public.data_lookup_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['question', 'source', 'answer']
      and jsonb_typeof(value -> 'question') = 'string'
      and jsonb_typeof(value -> 'source') = 'string'
      and jsonb_typeof(value -> 'answer') = 'string'
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
      (
        coalesce(value -> 'schedulingLogic', 'null') = 'null'
        or case
          when jsonb_typeof(value -> 'schedulingLogic') = 'array' then
            not exists (
              select from jsonb_array_elements(value -> 'schedulingLogic') as item (value)
              where jsonb_typeof(item.value) <> 'string'
            )
          else false
        end
      )
      and (
        coalesce(value -> 'dataLookups', 'null') = 'null'
        or case
          when jsonb_typeof(value -> 'dataLookups') = 'array' then
            not exists (
              select from jsonb_array_elements(value -> 'dataLookups') as item (value)
              where not public.data_lookup_is_valid(item.value)
            )
          else false
        end
      )
      and (
        coalesce(value -> 'needsHumanReview', 'null') = 'null'
        or case
          when jsonb_typeof(value -> 'needsHumanReview') = 'array' then
            not exists (
              select from jsonb_array_elements(value -> 'needsHumanReview') as item (value)
              where jsonb_typeof(item.value) <> 'string'
            )
          else false
        end
      )
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
      value ?& array['traditional', 'withAI']
      and public.json_double_is_valid(value -> 'traditional')
      and public.json_double_is_valid(value -> 'withAI')
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
      (value ->> 'confidence' is null or public.json_double_is_valid(value -> 'confidence'))
      and (
        coalesce(value -> 'reasoning', 'null') = 'null'
        or public.mail_reasoning_is_valid(value -> 'reasoning')
      )
      and (
        coalesce(value -> 'suggestedActions', 'null') = 'null'
        or case
          when jsonb_typeof(value -> 'suggestedActions') = 'array' then
            not exists (
              select from jsonb_array_elements(value -> 'suggestedActions') as item (value)
              where jsonb_typeof(item.value) <> 'string'
            )
          else false
        end
      )
      and (
        coalesce(value -> 'timeSaved', 'null') = 'null'
        or public.time_saved_is_valid(value -> 'timeSaved')
      )
      and value - array['confidence', 'reasoning', 'suggestedActions', 'timeSaved'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.mail_metadata_is_valid(jsonb) IS 'Whether a document has the shape MailMetadata.';

CREATE TABLE public.deals (
  id             serial       PRIMARY KEY,
  seeker_name    varchar(255) NOT NULL,
  seeker_email   varchar(255) NOT NULL,
  company_name   varchar(255) NOT NULL,
  team_size      integer      NOT NULL,
  monthly_budget integer      NOT NULL,
  requirements   jsonb        NOT NULL,
  stage          varchar(50)  NOT NULL,
  created_at     timestamp    NOT NULL DEFAULT now(),
  user_id        uuid         NOT NULL DEFAULT auth.uid(),
  CONSTRAINT deals_monthly_budget_positive CHECK (monthly_budget > 0),
  CONSTRAINT deals_requirements_shape CHECK (public.requirements_is_valid(requirements)),
  CONSTRAINT deals_stage_check CHECK (stage in ('inquiry', 'touring', 'negotiating', 'closed')),
  CONSTRAINT deals_team_size_positive CHECK (team_size > 0)
);

COMMENT ON TABLE public.deals IS 'One client''s search for a space.';
COMMENT ON COLUMN public.deals.monthly_budget IS 'In dollars, not cents.';
COMMENT ON COLUMN public.deals.user_id IS 'Whose deal it is.';

CREATE TABLE public.spaces (
  id           serial       PRIMARY KEY,
  name         varchar(255) NOT NULL,
  address      text         NOT NULL,
  neighborhood varchar(100),
  host_company varchar(255) NOT NULL,
  host_email   varchar(255) NOT NULL,
  host_context text,
  amenities    jsonb        NOT NULL,
  availability jsonb        NOT NULL,
  monthly_rate integer      NOT NULL,
  created_at   timestamp    NOT NULL DEFAULT now(),
  CONSTRAINT spaces_amenities_shape CHECK (public.amenities_is_valid(amenities)),
  CONSTRAINT spaces_availability_shape CHECK (public.availability_is_valid(availability)),
  CONSTRAINT spaces_monthly_rate_not_negative CHECK (monthly_rate >= 0)
);

COMMENT ON TABLE public.spaces IS 'An office that can be rented.';
COMMENT ON COLUMN public.spaces.host_context IS 'Background for the assistant, such as "YC W21 startup, similar stage to client".';

CREATE TABLE public.emails (
  id           serial       PRIMARY KEY,
  deal_id      integer      NOT NULL,
  "from"       varchar(255) NOT NULL,
  "to"         varchar(255) NOT NULL,
  subject      text         NOT NULL,
  body         text         NOT NULL,
  sent_at      timestamp    NOT NULL DEFAULT now(),
  ai_generated boolean      DEFAULT false,
  ai_metadata  jsonb,
  CONSTRAINT emails_ai_metadata_shape CHECK (ai_metadata is null or public.mail_metadata_is_valid(ai_metadata)),
  CONSTRAINT emails_deal_id_deals_id_fk FOREIGN KEY (deal_id) REFERENCES public.deals (id)
);

COMMENT ON TABLE public.emails IS 'A mail of a deal''s thread, written by a person or by the assistant.
Threads repeat their subjects, so nothing here is unique.';

CREATE TABLE public.deal_spaces (
  id         serial      PRIMARY KEY,
  deal_id    integer     NOT NULL,
  space_id   integer     NOT NULL,
  status     varchar(50) NOT NULL,
  created_at timestamp   NOT NULL DEFAULT now(),
  CONSTRAINT deal_spaces_status_check CHECK (status in ('shown', 'interested', 'touring', 'rejected', 'selected')),
  CONSTRAINT deal_spaces_deal_id_deals_id_fk FOREIGN KEY (deal_id) REFERENCES public.deals (id),
  CONSTRAINT deal_spaces_space_id_spaces_id_fk FOREIGN KEY (space_id) REFERENCES public.spaces (id)
);

COMMENT ON TABLE public.deal_spaces IS 'A space that was shown for a deal, and what became of it.';

REVOKE ALL ON SEQUENCE public.deals_id_seq FROM anon, authenticated, service_role;

REVOKE ALL ON SEQUENCE public.spaces_id_seq FROM anon, authenticated, service_role;

REVOKE ALL ON SEQUENCE public.emails_id_seq FROM anon, authenticated, service_role;

REVOKE ALL ON SEQUENCE public.deal_spaces_id_seq FROM anon, authenticated, service_role;

REVOKE ALL ON public.deals FROM anon, authenticated, service_role;

REVOKE ALL ON public.spaces FROM anon, authenticated, service_role;

REVOKE ALL ON public.emails FROM anon, authenticated, service_role;

REVOKE ALL ON public.deal_spaces FROM anon, authenticated, service_role;
