-- pilaster: 0004 templates_and_messages, the way back

-- data loss: all rows of agency_settings are gone
DROP TABLE public.agency_settings;

-- data loss: all rows of agency_stripe_accounts are gone
DROP TABLE public.agency_stripe_accounts;

-- data loss: all rows of api_credentials are gone
DROP TABLE public.api_credentials;

-- data loss: all rows of api_provider_configs are gone
DROP TABLE public.api_provider_configs;

-- data loss: all rows of contact_documents are gone
DROP TABLE public.contact_documents;

-- data loss: all rows of email_logs are gone
DROP TABLE public.email_logs;

-- data loss: all rows of email_templates are gone
DROP TABLE public.email_templates;

-- data loss: all rows of itinerary_templates are gone
DROP TABLE public.itinerary_templates;

-- data loss: all rows of notifications are gone
DROP TABLE public.notifications;

-- data loss: all rows of package_templates are gone
DROP TABLE public.package_templates;

-- data loss: all rows of stripe_webhook_events are gone
DROP TABLE public.stripe_webhook_events;

-- data loss: all rows of trip_collaborators are gone
DROP TABLE public.trip_collaborators;

-- data loss: all rows of trip_tasks are gone
DROP TABLE public.trip_tasks;

-- data loss: all rows of user_invitations are gone
DROP TABLE public.user_invitations;

DROP FUNCTION public.agency_options_is_valid(jsonb);

DROP FUNCTION public.email_logs_status_transition();

DROP FUNCTION public.itinerary_templates_days_is_valid(jsonb);

DROP FUNCTION public.package_templates_parts_is_valid(jsonb);

DROP FUNCTION public.template_day_is_valid(jsonb);

DROP FUNCTION public.template_part_is_valid(jsonb);
