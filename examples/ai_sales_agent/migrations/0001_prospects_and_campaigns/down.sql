-- pilaster: 0001 prospects_and_campaigns, the way back

-- data loss: all rows of activities are gone
DROP TABLE public.activities;

-- data loss: all rows of messages are gone
DROP TABLE public.messages;

-- data loss: all rows of campaigns are gone
DROP TABLE public.campaigns;

-- data loss: all rows of email_sequences are gone
DROP TABLE public.email_sequences;

-- data loss: all rows of prospects are gone
DROP TABLE public.prospects;

-- data loss: all rows of icps are gone
DROP TABLE public.icps;

-- data loss: all rows of subscriptions are gone
DROP TABLE public.subscriptions;

-- data loss: all rows of users are gone
DROP TABLE public.users;

-- data loss: all rows of organisations are gone
DROP TABLE public.organisations;

DROP FUNCTION public.email_sequences_steps_is_valid(jsonb);

DROP FUNCTION public.icp_criteria_is_valid(jsonb);

DROP FUNCTION public.organisation_settings_is_valid(jsonb);

DROP FUNCTION public.qualification_is_valid(jsonb);

DROP FUNCTION public.json_timestamptz_is_valid(text);

DROP FUNCTION public.json_timestamp_is_valid(text);

DROP FUNCTION public.json_date_is_valid(text);

DROP FUNCTION public.sequence_step_is_valid(jsonb);

DROP FUNCTION public.mail_text_is_valid(jsonb);

DROP FUNCTION public."touch_updatedAt"();

DROP TYPE public.activity_status;

DROP TYPE public.activity_type;

DROP TYPE public.campaign_status;

DROP TYPE public.message_channel;

DROP TYPE public.message_direction;

DROP TYPE public.message_status;

DROP TYPE public.plan;

DROP TYPE public.prospect_status;

DROP TYPE public.subscription_status;

DROP TYPE public.user_role;
