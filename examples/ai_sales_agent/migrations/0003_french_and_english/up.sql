-- pilaster: 0003 french_and_english
-- follows: 0002 sha256:bcb9aca289dce0405414dbc9a2e22db6add4ea0185663b8a0bd3ac348c02862f

CREATE OR REPLACE FUNCTION public.sequence_step_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ? 'afterDays'
      and value -> 'afterDays' between '0' and '365'
      and value ->> 'afterDays' ~ '^-?[0-9]+$'
      and (coalesce(value -> 'en', 'null') = 'null' or public.mail_text_is_valid(value -> 'en'))
      and (coalesce(value -> 'fr', 'null') = 'null' or public.mail_text_is_valid(value -> 'fr'))
      and value - array['afterDays', 'en', 'fr'] = '{}'
    else false
  end
$$;

COMMENT ON TABLE public.email_sequences IS 'Mails, one after the other, in the languages of those who get them.';

CREATE TYPE public.locale AS ENUM ('en', 'fr');

ALTER TABLE public.ai_insights ADD COLUMN locale public.locale NOT NULL DEFAULT 'en';

ALTER TABLE public.prospects ADD COLUMN locale public.locale NOT NULL DEFAULT 'en';

ALTER TABLE public.messages ADD COLUMN locale public.locale NOT NULL DEFAULT 'en';

ALTER TABLE public.organisations ADD COLUMN locale public.locale NOT NULL DEFAULT 'en';

ALTER TABLE public.users ADD COLUMN locale public.locale NOT NULL DEFAULT 'en';
