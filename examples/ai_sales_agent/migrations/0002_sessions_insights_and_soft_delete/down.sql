-- pilaster: 0002 sessions_insights_and_soft_delete, the way back

DROP TRIGGER campaigns_status_transition ON public.campaigns;

DROP TRIGGER prospects_status_transition ON public.prospects;

DROP TRIGGER subscriptions_status_transition ON public.subscriptions;

-- data loss: the values of campaigns.deletedAt are gone
ALTER TABLE public.campaigns DROP COLUMN "deletedAt";

-- data loss: the values of email_sequences.deletedAt are gone
ALTER TABLE public.email_sequences DROP COLUMN "deletedAt";

-- data loss: the values of icps.deletedAt are gone
ALTER TABLE public.icps DROP COLUMN "deletedAt";

-- data loss: the values of organisations.deletedAt are gone
ALTER TABLE public.organisations DROP COLUMN "deletedAt";

-- data loss: the values of prospects.deletedAt are gone
ALTER TABLE public.prospects DROP COLUMN "deletedAt";

-- data loss: the values of users.deletedAt are gone
ALTER TABLE public.users DROP COLUMN "deletedAt";

-- data loss: all rows of ai_insights are gone
DROP TABLE public.ai_insights;

-- data loss: all rows of sessions are gone
DROP TABLE public.sessions;

DROP FUNCTION public.campaigns_status_transition();

DROP FUNCTION public.insight_content_is_valid(jsonb);

DROP FUNCTION public.prospects_status_transition();

DROP FUNCTION public.subscriptions_status_transition();

DROP TYPE public.insight_type;
