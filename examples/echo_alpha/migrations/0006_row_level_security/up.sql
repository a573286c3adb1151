-- pilaster: 0006 row_level_security
-- follows: 0005 sha256:a85d8fb7b2ad838b4e871d7dc36f88e152ec41ff5e3c733e42bff190e0fd9ed1

-- pilaster: no transaction
CREATE INDEX CONCURRENTLY idx_deals_requirements ON public.deals USING gin (requirements);
CREATE INDEX CONCURRENTLY idx_deals_user_id ON public.deals (user_id);

CREATE INDEX CONCURRENTLY idx_spaces_amenities ON public.spaces USING gin (amenities);

CREATE INDEX CONCURRENTLY idx_emails_deal_id ON public.emails (deal_id);
CREATE INDEX CONCURRENTLY idx_emails_sent_at ON public.emails (sent_at);
CREATE INDEX CONCURRENTLY idx_emails_deal_sent ON public.emails (deal_id, sent_at);

CREATE INDEX CONCURRENTLY idx_deal_spaces_deal_id ON public.deal_spaces (deal_id);
CREATE INDEX CONCURRENTLY idx_deal_spaces_space_id ON public.deal_spaces (space_id);

CREATE INDEX CONCURRENTLY idx_email_drafts_deal_id ON public.email_drafts (deal_id);
CREATE INDEX CONCURRENTLY idx_email_drafts_inbound_email_id ON public.email_drafts (inbound_email_id);
CREATE INDEX CONCURRENTLY idx_email_drafts_status ON public.email_drafts (status);
CREATE INDEX CONCURRENTLY idx_email_drafts_reasoning ON public.email_drafts USING gin (reasoning);
CREATE INDEX CONCURRENTLY idx_email_drafts_deal_status ON public.email_drafts (deal_id, status);
CREATE INDEX CONCURRENTLY idx_email_drafts_user_id ON public.email_drafts (user_id);

-- pilaster: transaction
-- widened access: authenticated gains USAGE on SEQUENCE public.deals_id_seq
GRANT USAGE ON SEQUENCE public.deals_id_seq TO authenticated;
-- widened access: service_role gains USAGE on SEQUENCE public.deals_id_seq
GRANT USAGE ON SEQUENCE public.deals_id_seq TO service_role;

-- widened access: service_role gains USAGE on SEQUENCE public.spaces_id_seq
GRANT USAGE ON SEQUENCE public.spaces_id_seq TO service_role;

-- widened access: authenticated gains USAGE on SEQUENCE public.emails_id_seq
GRANT USAGE ON SEQUENCE public.emails_id_seq TO authenticated;
-- widened access: service_role gains USAGE on SEQUENCE public.emails_id_seq
GRANT USAGE ON SEQUENCE public.emails_id_seq TO service_role;

-- widened access: authenticated gains USAGE on SEQUENCE public.deal_spaces_id_seq
GRANT USAGE ON SEQUENCE public.deal_spaces_id_seq TO authenticated;
-- widened access: service_role gains USAGE on SEQUENCE public.deal_spaces_id_seq
GRANT USAGE ON SEQUENCE public.deal_spaces_id_seq TO service_role;

-- widened access: authenticated gains USAGE on SEQUENCE public.email_drafts_id_seq
GRANT USAGE ON SEQUENCE public.email_drafts_id_seq TO authenticated;
-- widened access: service_role gains USAGE on SEQUENCE public.email_drafts_id_seq
GRANT USAGE ON SEQUENCE public.email_drafts_id_seq TO service_role;

-- widened access: authenticated gains SELECT, INSERT, UPDATE, DELETE on public.deals
GRANT SELECT, INSERT, UPDATE, DELETE ON public.deals TO authenticated;
-- widened access: service_role gains ALL on public.deals
GRANT ALL ON public.deals TO service_role;

-- widened access: authenticated gains SELECT on public.spaces
GRANT SELECT ON public.spaces TO authenticated;
-- widened access: service_role gains ALL on public.spaces
GRANT ALL ON public.spaces TO service_role;

-- widened access: authenticated gains SELECT, INSERT, UPDATE, DELETE on public.emails
GRANT SELECT, INSERT, UPDATE, DELETE ON public.emails TO authenticated;
-- widened access: service_role gains ALL on public.emails
GRANT ALL ON public.emails TO service_role;

-- widened access: authenticated gains SELECT, INSERT, UPDATE, DELETE on public.deal_spaces
GRANT SELECT, INSERT, UPDATE, DELETE ON public.deal_spaces TO authenticated;
-- widened access: service_role gains ALL on public.deal_spaces
GRANT ALL ON public.deal_spaces TO service_role;

-- widened access: authenticated gains SELECT, INSERT, UPDATE on public.email_drafts
GRANT SELECT, INSERT, UPDATE ON public.email_drafts TO authenticated;
-- widened access: service_role gains ALL on public.email_drafts
GRANT ALL ON public.email_drafts TO service_role;

CREATE POLICY user_deals ON public.deals
  TO authenticated
  USING (user_id = (select auth.uid()))
  WITH CHECK (user_id = (select auth.uid()));

CREATE POLICY read_spaces ON public.spaces
  FOR SELECT
  TO authenticated
  USING (true);

CREATE POLICY user_emails ON public.emails
  TO authenticated
  USING (deal_id in (select d.id from public.deals d where d.user_id = (select auth.uid())))
  WITH CHECK (deal_id in (select d.id from public.deals d where d.user_id = (select auth.uid())));

CREATE POLICY user_deal_spaces ON public.deal_spaces
  TO authenticated
  USING (deal_id in (select d.id from public.deals d where d.user_id = (select auth.uid())))
  WITH CHECK (deal_id in (select d.id from public.deals d where d.user_id = (select auth.uid())));

CREATE POLICY user_drafts ON public.email_drafts
  FOR SELECT
  TO authenticated
  USING (user_id = (select auth.uid()));

CREATE POLICY user_drafts_insert ON public.email_drafts
  FOR INSERT
  TO authenticated
  WITH CHECK (user_id = (select auth.uid()) and deal_id in (select d.id from public.deals d where d.user_id = (select auth.uid())));

CREATE POLICY user_drafts_update ON public.email_drafts
  FOR UPDATE
  TO authenticated
  USING (user_id = (select auth.uid()))
  WITH CHECK (user_id = (select auth.uid()) and deal_id in (select d.id from public.deals d where d.user_id = (select auth.uid())));

-- narrowed access: roles see only the rows of deals that a policy shows them
ALTER TABLE public.deals ENABLE ROW LEVEL SECURITY;

-- narrowed access: roles see only the rows of spaces that a policy shows them
ALTER TABLE public.spaces ENABLE ROW LEVEL SECURITY;

-- narrowed access: roles see only the rows of emails that a policy shows them
ALTER TABLE public.emails ENABLE ROW LEVEL SECURITY;

-- narrowed access: roles see only the rows of deal_spaces that a policy shows them
ALTER TABLE public.deal_spaces ENABLE ROW LEVEL SECURITY;

-- narrowed access: roles see only the rows of email_drafts that a policy shows them
ALTER TABLE public.email_drafts ENABLE ROW LEVEL SECURITY;
