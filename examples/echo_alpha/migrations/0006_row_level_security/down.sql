-- pilaster: 0006 row_level_security, the way back

-- narrowed access: rows of deal_spaces that only policy user_deal_spaces shows are hidden
DROP POLICY user_deal_spaces ON public.deal_spaces;

-- narrowed access: rows of deals that only policy user_deals shows are hidden
DROP POLICY user_deals ON public.deals;

-- narrowed access: rows of email_drafts that only policy user_drafts shows are hidden
DROP POLICY user_drafts ON public.email_drafts;
-- narrowed access: rows of email_drafts that only policy user_drafts_insert shows are hidden
DROP POLICY user_drafts_insert ON public.email_drafts;
-- narrowed access: rows of email_drafts that only policy user_drafts_update shows are hidden
DROP POLICY user_drafts_update ON public.email_drafts;

-- narrowed access: rows of emails that only policy user_emails shows are hidden
DROP POLICY user_emails ON public.emails;

-- narrowed access: rows of spaces that only policy read_spaces shows are hidden
DROP POLICY read_spaces ON public.spaces;

-- pilaster: no transaction
DROP INDEX CONCURRENTLY public.idx_deal_spaces_deal_id;
DROP INDEX CONCURRENTLY public.idx_deal_spaces_space_id;

DROP INDEX CONCURRENTLY public.idx_deals_requirements;
DROP INDEX CONCURRENTLY public.idx_deals_user_id;

DROP INDEX CONCURRENTLY public.idx_email_drafts_deal_id;
DROP INDEX CONCURRENTLY public.idx_email_drafts_deal_status;
DROP INDEX CONCURRENTLY public.idx_email_drafts_inbound_email_id;
DROP INDEX CONCURRENTLY public.idx_email_drafts_reasoning;
DROP INDEX CONCURRENTLY public.idx_email_drafts_status;
DROP INDEX CONCURRENTLY public.idx_email_drafts_user_id;

DROP INDEX CONCURRENTLY public.idx_emails_deal_id;
DROP INDEX CONCURRENTLY public.idx_emails_deal_sent;
DROP INDEX CONCURRENTLY public.idx_emails_sent_at;

DROP INDEX CONCURRENTLY public.idx_spaces_amenities;

-- pilaster: transaction
-- narrowed access: authenticated loses USAGE on SEQUENCE public.deals_id_seq
REVOKE USAGE ON SEQUENCE public.deals_id_seq FROM authenticated;
-- narrowed access: service_role loses USAGE on SEQUENCE public.deals_id_seq
REVOKE USAGE ON SEQUENCE public.deals_id_seq FROM service_role;

-- narrowed access: service_role loses USAGE on SEQUENCE public.spaces_id_seq
REVOKE USAGE ON SEQUENCE public.spaces_id_seq FROM service_role;

-- narrowed access: authenticated loses USAGE on SEQUENCE public.emails_id_seq
REVOKE USAGE ON SEQUENCE public.emails_id_seq FROM authenticated;
-- narrowed access: service_role loses USAGE on SEQUENCE public.emails_id_seq
REVOKE USAGE ON SEQUENCE public.emails_id_seq FROM service_role;

-- narrowed access: authenticated loses USAGE on SEQUENCE public.deal_spaces_id_seq
REVOKE USAGE ON SEQUENCE public.deal_spaces_id_seq FROM authenticated;
-- narrowed access: service_role loses USAGE on SEQUENCE public.deal_spaces_id_seq
REVOKE USAGE ON SEQUENCE public.deal_spaces_id_seq FROM service_role;

-- narrowed access: authenticated loses USAGE on SEQUENCE public.email_drafts_id_seq
REVOKE USAGE ON SEQUENCE public.email_drafts_id_seq FROM authenticated;
-- narrowed access: service_role loses USAGE on SEQUENCE public.email_drafts_id_seq
REVOKE USAGE ON SEQUENCE public.email_drafts_id_seq FROM service_role;

-- narrowed access: authenticated loses SELECT, INSERT, UPDATE, DELETE on public.deals
REVOKE SELECT, INSERT, UPDATE, DELETE ON public.deals FROM authenticated;
-- narrowed access: service_role loses ALL on public.deals
REVOKE ALL ON public.deals FROM service_role;

-- narrowed access: authenticated loses SELECT on public.spaces
REVOKE SELECT ON public.spaces FROM authenticated;
-- narrowed access: service_role loses ALL on public.spaces
REVOKE ALL ON public.spaces FROM service_role;

-- narrowed access: authenticated loses SELECT, INSERT, UPDATE, DELETE on public.emails
REVOKE SELECT, INSERT, UPDATE, DELETE ON public.emails FROM authenticated;
-- narrowed access: service_role loses ALL on public.emails
REVOKE ALL ON public.emails FROM service_role;

-- narrowed access: authenticated loses SELECT, INSERT, UPDATE, DELETE on public.deal_spaces
REVOKE SELECT, INSERT, UPDATE, DELETE ON public.deal_spaces FROM authenticated;
-- narrowed access: service_role loses ALL on public.deal_spaces
REVOKE ALL ON public.deal_spaces FROM service_role;

-- narrowed access: authenticated loses SELECT, INSERT, UPDATE on public.email_drafts
REVOKE SELECT, INSERT, UPDATE ON public.email_drafts FROM authenticated;
-- narrowed access: service_role loses ALL on public.email_drafts
REVOKE ALL ON public.email_drafts FROM service_role;

-- widened access: whoever holds a grant on deals sees all its rows
ALTER TABLE public.deals DISABLE ROW LEVEL SECURITY;

-- widened access: whoever holds a grant on spaces sees all its rows
ALTER TABLE public.spaces DISABLE ROW LEVEL SECURITY;

-- widened access: whoever holds a grant on emails sees all its rows
ALTER TABLE public.emails DISABLE ROW LEVEL SECURITY;

-- widened access: whoever holds a grant on deal_spaces sees all its rows
ALTER TABLE public.deal_spaces DISABLE ROW LEVEL SECURITY;

-- widened access: whoever holds a grant on email_drafts sees all its rows
ALTER TABLE public.email_drafts DISABLE ROW LEVEL SECURITY;
