-- pilaster: 0008 campaign_results, the way back

DROP TRIGGER messages_status_transition ON public.messages;

DROP VIEW public.campaign_results;

DROP FUNCTION public.messages_status_transition();
