-- pilaster: 0003 apollo_leads, the way back

-- data loss: all rows of campaign_targets are gone
DROP TABLE public.campaign_targets;

-- data loss: all rows of campaigns are gone
DROP TABLE public.campaigns;

-- data loss: all rows of leads are gone
DROP TABLE public.leads;

DROP FUNCTION public.apollo_contact_is_valid(jsonb);

DROP FUNCTION public.campaigns_status_transition();

DROP FUNCTION public.campaigns_steps_is_valid(jsonb);

DROP FUNCTION public.campaign_step_is_valid(jsonb);

DROP FUNCTION public.leads_status_transition();

DROP TYPE public.campaign_channel;

DROP TYPE public.campaign_status;

DROP TYPE public.lead_status;

DROP TYPE public.target_status;
