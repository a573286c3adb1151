-- pilaster: 0003 french_and_english, the way back

-- data loss: the values of ai_insights.locale are gone
ALTER TABLE public.ai_insights DROP COLUMN locale;

-- data loss: the values of messages.locale are gone
ALTER TABLE public.messages DROP COLUMN locale;

-- data loss: the values of organisations.locale are gone
ALTER TABLE public.organisations DROP COLUMN locale;

-- data loss: the values of prospects.locale are gone
ALTER TABLE public.prospects DROP COLUMN locale;

-- data loss: the values of users.locale are gone
ALTER TABLE public.users DROP COLUMN locale;

DROP TYPE public.locale;

CREATE OR REPLACE FUNCTION public.sequence_step_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['afterDays', 'en']
      and value -> 'afterDays' between '0' and '365'
      and value ->> 'afterDays' ~ '^-?[0-9]+$'
      and public.mail_text_is_valid(value -> 'en')
      and value - array['afterDays', 'en'] = '{}'
    else false
  end
$$;

COMMENT ON TABLE public.email_sequences IS 'Mails, one after the other.';
