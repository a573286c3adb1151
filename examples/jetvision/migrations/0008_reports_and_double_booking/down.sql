-- pilaster: 0008 reports_and_double_booking, the way back

DROP VIEW public.campaign_performance;

DROP VIEW public.lead_funnel;

-- pilaster: no transaction
DROP INDEX CONCURRENTLY public.aircraft_amenities_idx;
DROP INDEX CONCURRENTLY public."aircraft_category_maxPassengers_idx";

DROP INDEX CONCURRENTLY public."companies_apolloData_idx";

DROP INDEX CONCURRENTLY public."leads_companyId_score_idx";
DROP INDEX CONCURRENTLY public."leads_nextFollowUpAt_idx";

-- pilaster: transaction
ALTER TABLE public.bookings DROP CONSTRAINT bookings_fly_one_at_a_time;

DROP EXTENSION btree_gist;
