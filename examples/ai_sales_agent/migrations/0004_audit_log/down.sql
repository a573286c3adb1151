-- pilaster: 0004 audit_log, the way back

DROP TRIGGER audit ON public.activities;

DROP TRIGGER audit ON public.campaigns;

DROP TRIGGER audit ON public.email_sequences;

DROP TRIGGER audit ON public.icps;

DROP TRIGGER audit ON public.messages;

DROP TRIGGER audit ON public.organisations;

DROP TRIGGER audit ON public.prospects;

DROP TRIGGER audit ON public.subscriptions;

DROP TRIGGER audit ON public.users;

-- data loss: the values of organisations.retentionDays are gone
ALTER TABLE public.organisations DROP COLUMN "retentionDays";

-- data loss: all rows of audit_logs are gone
DROP TABLE public.audit_logs;

DROP FUNCTION public.write_audit_log();

DROP TYPE public.audit_action;
