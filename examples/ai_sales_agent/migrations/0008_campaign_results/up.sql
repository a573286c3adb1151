-- pilaster: 0008 campaign_results
-- follows: 0007 sha256:a4f920a6024f12c64ba20795c47319362dd97a3ba4c37b6f7b91eea496ec3c61

CREATE FUNCTION public.messages_status_transition()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if not coalesce(
    new.status is not distinct from old.status
    or old.status is null
    or old.status = 'draft' and new.status in ('sent', 'queued')
    or old.status = 'queued' and new.status in ('sent', 'failed')
    or old.status = 'sent' and new.status in ('opened', 'replied', 'bounced')
    or old.status = 'opened' and new.status = 'replied'
    or old.status = 'failed' and new.status = 'queued',
    false
  ) then
    raise exception using
      errcode = 'check_violation',
      message = format('messages.status can''t change from %L to %L', old.status, new.status),
      schema = 'public',
      table = 'messages',
      column = 'status',
      constraint = 'messages_status_transition';
  end if;
  return new;
end
$$;

-- widened access: sales_api gains execute on public.messages_status_transition()
-- widened access: sales_api gains select on public.campaign_results
-- widened access: sales_jobs gains execute on public.messages_status_transition()
-- widened access: sales_jobs gains select on public.campaign_results
-- widened access: sales_sign_in gains execute on public.messages_status_transition()
CREATE VIEW public.campaign_results WITH (security_invoker = true) AS
select c.id as "campaignId", c."organisationId", c.name, count(m.id) filter (where m.status in ('sent', 'opened', 'replied', 'bounced')) as sent, count(m.id) filter (where m.status in ('opened', 'replied')) as opened, count(m.id) filter (where m.status = 'replied') as replied, count(m.id) filter (where m.status = 'bounced') as bounced from public.campaigns c left join public.messages m on m."campaignId" = c.id and m.direction = 'outbound' where c."deletedAt" is null group by c.id;
COMMENT ON VIEW public.campaign_results IS 'How far the mails of each campaign got, as the person who asks may see it.';

CREATE TRIGGER messages_status_transition
  BEFORE UPDATE ON public.messages
  FOR EACH ROW
  EXECUTE FUNCTION public.messages_status_transition();

GRANT SELECT ON public.campaign_results TO sales_api;
GRANT SELECT ON public.campaign_results TO sales_jobs;
