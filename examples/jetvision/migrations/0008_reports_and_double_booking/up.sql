-- pilaster: 0008 reports_and_double_booking
-- follows: 0007 sha256:da4bea31c1f023523da53df02e08f1db62a9fb4538417bf5d076ae67f7debccd

CREATE EXTENSION btree_gist SCHEMA extensions;

-- long lock: writers wait while the rows of bookings are read
-- lock: access exclusive
ALTER TABLE public.bookings ADD CONSTRAINT bookings_fly_one_at_a_time EXCLUDE USING gist ("aircraftId" WITH =, (tstzrange("departureAt", "arrivalAt")) WITH &&) WHERE (status = 'confirmed' and "deletedAt" is null);

-- pilaster: no transaction
CREATE INDEX CONCURRENTLY "leads_companyId_score_idx" ON public.leads ("companyId", score DESC) WHERE ("deletedAt" is null);
CREATE INDEX CONCURRENTLY "leads_nextFollowUpAt_idx" ON public.leads ("nextFollowUpAt") WHERE ("nextFollowUpAt" is not null);

CREATE INDEX CONCURRENTLY "aircraft_category_maxPassengers_idx" ON public.aircraft (category, "maxPassengers") WHERE (status = 'available' and "deletedAt" is null);
CREATE INDEX CONCURRENTLY aircraft_amenities_idx ON public.aircraft USING gin (amenities);

CREATE INDEX CONCURRENTLY "companies_apolloData_idx" ON public.companies USING gin ("apolloData" jsonb_path_ops);

-- pilaster: transaction
-- widened access: authenticated gains select on public.campaign_performance
-- widened access: service_role gains reading on public.campaign_performance: 5 rows of the sample, where it was 0
-- widened access: service_role gains select on public.campaign_performance
CREATE VIEW public.campaign_performance WITH (security_invoker = true) AS
select c.id as "campaignId", c."companyId", c.name, count(t.id) filter (where t."sentAt" is not null) as sent, count(t.id) filter (where t."openedAt" is not null) as opened, count(t.id) filter (where t."clickedAt" is not null) as clicked, count(t.id) filter (where t."repliedAt" is not null) as replied from public.campaigns c left join public.campaign_targets t on t."campaignId" = c.id where c."deletedAt" is null group by c.id;
COMMENT ON VIEW public.campaign_performance IS 'How far the mails of each campaign got, as the person who asks may see it.';

-- widened access: authenticated gains select on public.lead_funnel
-- widened access: service_role gains reading on public.lead_funnel: 10 rows of the sample, where it was 0
-- widened access: service_role gains select on public.lead_funnel
CREATE VIEW public.lead_funnel WITH (security_invoker = true) AS
select l."companyId", l.status, count(*) as leads, round(avg(l.score), 1) as "averageScore" from public.leads l where l."deletedAt" is null group by l."companyId", l.status;
COMMENT ON VIEW public.lead_funnel IS 'Of a company''s leads: how many there are in each state, and their average score.';

REVOKE ALL ON public.campaign_performance FROM anon, authenticated, service_role;
GRANT SELECT ON public.campaign_performance TO authenticated;
GRANT SELECT ON public.campaign_performance TO service_role;

REVOKE ALL ON public.lead_funnel FROM anon, authenticated, service_role;
GRANT SELECT ON public.lead_funnel TO authenticated;
GRANT SELECT ON public.lead_funnel TO service_role;
