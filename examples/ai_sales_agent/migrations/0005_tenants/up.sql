-- pilaster: 0005 tenants
-- follows: 0004 sha256:6006f82c5ca7755294d3c06d6edc46d6ebc325e851684516dd926b35ec7ad5e6

ALTER TABLE public.activities DROP CONSTRAINT "activities_prospectId_fkey";
ALTER TABLE public.activities DROP CONSTRAINT "activities_userId_fkey";

ALTER TABLE public.ai_insights DROP CONSTRAINT "ai_insights_prospectId_fkey";

ALTER TABLE public.campaigns DROP CONSTRAINT "campaigns_ownerId_fkey";
ALTER TABLE public.campaigns DROP CONSTRAINT "campaigns_sequenceId_fkey";

ALTER TABLE public.messages DROP CONSTRAINT "messages_campaignId_fkey";
ALTER TABLE public.messages DROP CONSTRAINT "messages_prospectId_fkey";

ALTER TABLE public.prospects DROP CONSTRAINT "prospects_icpId_fkey";
ALTER TABLE public.prospects DROP CONSTRAINT "prospects_ownerId_fkey";

ALTER TABLE public.sessions DROP CONSTRAINT "sessions_userId_fkey";

CREATE FUNCTION public.current_person()
RETURNS uuid
LANGUAGE sql
STABLE
SET search_path TO ''
AS $$ select nullif(current_setting('app.user_id', true), '')::uuid $$;
COMMENT ON FUNCTION public.current_person() IS 'The person that the API acts for.';

CREATE FUNCTION public.current_organisation()
RETURNS uuid
LANGUAGE sql
STABLE
SET search_path TO ''
AS $$ select nullif(current_setting('app.organisation_id', true), '')::uuid $$;
COMMENT ON FUNCTION public.current_organisation() IS 'The organisation that the API acts for.';

-- pilaster: no transaction
-- built while others write; the constraint then takes it over
CREATE UNIQUE INDEX CONCURRENTLY "icps_organisationId_id_key" ON public.icps ("organisationId", id);

-- pilaster: transaction
ALTER TABLE public.icps ADD CONSTRAINT "icps_organisationId_id_key" UNIQUE USING INDEX "icps_organisationId_id_key";

-- pilaster: no transaction
-- built while others write; the constraint then takes it over
CREATE UNIQUE INDEX CONCURRENTLY "prospects_organisationId_id_key" ON public.prospects ("organisationId", id);

-- pilaster: transaction
ALTER TABLE public.prospects ADD CONSTRAINT "prospects_organisationId_id_key" UNIQUE USING INDEX "prospects_organisationId_id_key";

-- pilaster: no transaction
-- built while others write; the constraint then takes it over
CREATE UNIQUE INDEX CONCURRENTLY "email_sequences_organisationId_id_key" ON public.email_sequences ("organisationId", id);

-- pilaster: transaction
ALTER TABLE public.email_sequences ADD CONSTRAINT "email_sequences_organisationId_id_key" UNIQUE USING INDEX "email_sequences_organisationId_id_key";

-- pilaster: no transaction
-- built while others write; the constraint then takes it over
CREATE UNIQUE INDEX CONCURRENTLY "campaigns_organisationId_id_key" ON public.campaigns ("organisationId", id);

-- pilaster: transaction
ALTER TABLE public.campaigns ADD CONSTRAINT "campaigns_organisationId_id_key" UNIQUE USING INDEX "campaigns_organisationId_id_key";

-- pilaster: no transaction
-- built while others write; the constraint then takes it over
CREATE UNIQUE INDEX CONCURRENTLY "users_organisationId_id_key" ON public.users ("organisationId", id);

-- pilaster: transaction
ALTER TABLE public.users ADD CONSTRAINT "users_organisationId_id_key" UNIQUE USING INDEX "users_organisationId_id_key";

-- holds for new rows at once; the old ones are read afterwards
ALTER TABLE public.ai_insights ADD CONSTRAINT ai_insights_prospect FOREIGN KEY ("organisationId", "prospectId") REFERENCES public.prospects ("organisationId", id) ON DELETE CASCADE NOT VALID;

-- pilaster: transaction
ALTER TABLE public.ai_insights VALIDATE CONSTRAINT ai_insights_prospect;

-- holds for new rows at once; the old ones are read afterwards
ALTER TABLE public.prospects ADD CONSTRAINT prospects_owner FOREIGN KEY ("organisationId", "ownerId") REFERENCES public.users ("organisationId", id) ON DELETE SET NULL ("ownerId") NOT VALID;

-- pilaster: transaction
ALTER TABLE public.prospects VALIDATE CONSTRAINT prospects_owner;
-- holds for new rows at once; the old ones are read afterwards
ALTER TABLE public.prospects ADD CONSTRAINT prospects_icp FOREIGN KEY ("organisationId", "icpId") REFERENCES public.icps ("organisationId", id) ON DELETE SET NULL ("icpId") NOT VALID;

-- pilaster: transaction
ALTER TABLE public.prospects VALIDATE CONSTRAINT prospects_icp;

-- holds for new rows at once; the old ones are read afterwards
ALTER TABLE public.campaigns ADD CONSTRAINT campaigns_sequence FOREIGN KEY ("organisationId", "sequenceId") REFERENCES public.email_sequences ("organisationId", id) NOT VALID;

-- pilaster: transaction
ALTER TABLE public.campaigns VALIDATE CONSTRAINT campaigns_sequence;
-- holds for new rows at once; the old ones are read afterwards
ALTER TABLE public.campaigns ADD CONSTRAINT campaigns_owner FOREIGN KEY ("organisationId", "ownerId") REFERENCES public.users ("organisationId", id) ON DELETE SET NULL ("ownerId") NOT VALID;

-- pilaster: transaction
ALTER TABLE public.campaigns VALIDATE CONSTRAINT campaigns_owner;

-- holds for new rows at once; the old ones are read afterwards
ALTER TABLE public.messages ADD CONSTRAINT messages_prospect FOREIGN KEY ("organisationId", "prospectId") REFERENCES public.prospects ("organisationId", id) ON DELETE CASCADE NOT VALID;

-- pilaster: transaction
ALTER TABLE public.messages VALIDATE CONSTRAINT messages_prospect;
-- holds for new rows at once; the old ones are read afterwards
ALTER TABLE public.messages ADD CONSTRAINT messages_campaign FOREIGN KEY ("organisationId", "campaignId") REFERENCES public.campaigns ("organisationId", id) ON DELETE SET NULL ("campaignId") NOT VALID;

-- pilaster: transaction
ALTER TABLE public.messages VALIDATE CONSTRAINT messages_campaign;

-- holds for new rows at once; the old ones are read afterwards
ALTER TABLE public.activities ADD CONSTRAINT activities_user FOREIGN KEY ("organisationId", "userId") REFERENCES public.users ("organisationId", id) ON DELETE SET NULL ("userId") NOT VALID;

-- pilaster: transaction
ALTER TABLE public.activities VALIDATE CONSTRAINT activities_user;
-- holds for new rows at once; the old ones are read afterwards
ALTER TABLE public.activities ADD CONSTRAINT activities_prospect FOREIGN KEY ("organisationId", "prospectId") REFERENCES public.prospects ("organisationId", id) ON DELETE CASCADE NOT VALID;

-- pilaster: transaction
ALTER TABLE public.activities VALIDATE CONSTRAINT activities_prospect;

-- holds for new rows at once; the old ones are read afterwards
ALTER TABLE public.sessions ADD CONSTRAINT sessions_user FOREIGN KEY ("organisationId", "userId") REFERENCES public.users ("organisationId", id) ON DELETE CASCADE NOT VALID;

-- pilaster: transaction
ALTER TABLE public.sessions VALIDATE CONSTRAINT sessions_user;

REVOKE EXECUTE ON FUNCTION public.current_person() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.current_person() TO sales_api;
GRANT EXECUTE ON FUNCTION public.current_person() TO sales_jobs;
GRANT EXECUTE ON FUNCTION public.current_person() TO sales_sign_in;

REVOKE EXECUTE ON FUNCTION public.current_organisation() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.current_organisation() TO sales_api;
GRANT EXECUTE ON FUNCTION public.current_organisation() TO sales_jobs;
GRANT EXECUTE ON FUNCTION public.current_organisation() TO sales_sign_in;

-- widened access: sales_api gains SELECT on public.ai_insights
GRANT SELECT ON public.ai_insights TO sales_api;
-- widened access: sales_jobs gains SELECT, INSERT, UPDATE, DELETE on public.ai_insights
GRANT SELECT, INSERT, UPDATE, DELETE ON public.ai_insights TO sales_jobs;

-- widened access: sales_api gains SELECT on public.subscriptions
GRANT SELECT ON public.subscriptions TO sales_api;
-- widened access: sales_jobs gains SELECT, INSERT, UPDATE, DELETE on public.subscriptions
GRANT SELECT, INSERT, UPDATE, DELETE ON public.subscriptions TO sales_jobs;

-- widened access: sales_api gains SELECT on public.audit_logs
GRANT SELECT ON public.audit_logs TO sales_api;
-- widened access: sales_jobs gains SELECT, DELETE on public.audit_logs
GRANT SELECT, DELETE ON public.audit_logs TO sales_jobs;

-- widened access: sales_api gains SELECT, INSERT, UPDATE on public.icps
GRANT SELECT, INSERT, UPDATE ON public.icps TO sales_api;
-- widened access: sales_jobs gains SELECT, INSERT, UPDATE, DELETE on public.icps
GRANT SELECT, INSERT, UPDATE, DELETE ON public.icps TO sales_jobs;

-- widened access: sales_api gains SELECT, INSERT, UPDATE on public.prospects
GRANT SELECT, INSERT, UPDATE ON public.prospects TO sales_api;
-- widened access: sales_jobs gains SELECT, INSERT, UPDATE, DELETE on public.prospects
GRANT SELECT, INSERT, UPDATE, DELETE ON public.prospects TO sales_jobs;

-- widened access: sales_api gains SELECT, INSERT, UPDATE on public.email_sequences
GRANT SELECT, INSERT, UPDATE ON public.email_sequences TO sales_api;
-- widened access: sales_jobs gains SELECT, INSERT, UPDATE, DELETE on public.email_sequences
GRANT SELECT, INSERT, UPDATE, DELETE ON public.email_sequences TO sales_jobs;

-- widened access: sales_api gains SELECT, INSERT, UPDATE on public.campaigns
GRANT SELECT, INSERT, UPDATE ON public.campaigns TO sales_api;
-- widened access: sales_jobs gains SELECT, INSERT, UPDATE, DELETE on public.campaigns
GRANT SELECT, INSERT, UPDATE, DELETE ON public.campaigns TO sales_jobs;

-- widened access: sales_api gains SELECT, INSERT, UPDATE on public.messages
GRANT SELECT, INSERT, UPDATE ON public.messages TO sales_api;
-- widened access: sales_jobs gains SELECT, INSERT, UPDATE, DELETE on public.messages
GRANT SELECT, INSERT, UPDATE, DELETE ON public.messages TO sales_jobs;

-- widened access: sales_api gains SELECT, INSERT, UPDATE, DELETE on public.activities
GRANT SELECT, INSERT, UPDATE, DELETE ON public.activities TO sales_api;
-- widened access: sales_jobs gains SELECT, INSERT, UPDATE, DELETE on public.activities
GRANT SELECT, INSERT, UPDATE, DELETE ON public.activities TO sales_jobs;

-- widened access: sales_api gains SELECT on public.organisations
GRANT SELECT ON public.organisations TO sales_api;
-- widened access: sales_jobs gains SELECT, INSERT, UPDATE, DELETE on public.organisations
GRANT SELECT, INSERT, UPDATE, DELETE ON public.organisations TO sales_jobs;

-- widened access: sales_jobs gains SELECT, INSERT, UPDATE, DELETE on public.users
GRANT SELECT, INSERT, UPDATE, DELETE ON public.users TO sales_jobs;

-- widened access: sales_jobs gains SELECT, INSERT, UPDATE, DELETE on public.sessions
GRANT SELECT, INSERT, UPDATE, DELETE ON public.sessions TO sales_jobs;
-- widened access: sales_sign_in gains SELECT, INSERT, UPDATE on public.sessions
GRANT SELECT, INSERT, UPDATE ON public.sessions TO sales_sign_in;

-- widened access: sales_api gains UPDATE ("dismissedAt") on public.ai_insights
GRANT UPDATE ("dismissedAt") ON public.ai_insights TO sales_api;

-- widened access: sales_api gains SELECT ("createdAt") on public.users
GRANT SELECT ("createdAt") ON public.users TO sales_api;
-- widened access: sales_api gains SELECT ("updatedAt") on public.users
GRANT SELECT ("updatedAt") ON public.users TO sales_api;
-- widened access: sales_api gains SELECT ("deletedAt") on public.users
GRANT SELECT ("deletedAt") ON public.users TO sales_api;
-- widened access: sales_sign_in gains SELECT ("deletedAt") on public.users
GRANT SELECT ("deletedAt") ON public.users TO sales_sign_in;

-- widened access: sales_api gains UPDATE (name) on public.organisations
GRANT UPDATE (name) ON public.organisations TO sales_api;
-- widened access: sales_api gains UPDATE (locale) on public.organisations
GRANT UPDATE (locale) ON public.organisations TO sales_api;
-- widened access: sales_api gains UPDATE (settings) on public.organisations
GRANT UPDATE (settings) ON public.organisations TO sales_api;
-- widened access: sales_api gains UPDATE ("retentionDays") on public.organisations
GRANT UPDATE ("retentionDays") ON public.organisations TO sales_api;

-- widened access: sales_api gains SELECT (id) on public.users
GRANT SELECT (id) ON public.users TO sales_api;
-- widened access: sales_sign_in gains SELECT (id) on public.users
GRANT SELECT (id) ON public.users TO sales_sign_in;
-- widened access: sales_api gains SELECT ("organisationId") on public.users
GRANT SELECT ("organisationId") ON public.users TO sales_api;
-- widened access: sales_sign_in gains SELECT ("organisationId") on public.users
GRANT SELECT ("organisationId") ON public.users TO sales_sign_in;
-- widened access: sales_api gains SELECT (email) on public.users
GRANT SELECT (email) ON public.users TO sales_api;
-- widened access: sales_sign_in gains SELECT (email) on public.users
GRANT SELECT (email) ON public.users TO sales_sign_in;
-- widened access: sales_sign_in gains SELECT ("passwordHash") on public.users
GRANT SELECT ("passwordHash") ON public.users TO sales_sign_in;
-- widened access: sales_api gains SELECT ("firstName"), UPDATE ("firstName") on public.users
GRANT SELECT ("firstName"), UPDATE ("firstName") ON public.users TO sales_api;
-- widened access: sales_api gains SELECT ("lastName"), UPDATE ("lastName") on public.users
GRANT SELECT ("lastName"), UPDATE ("lastName") ON public.users TO sales_api;
-- widened access: sales_api gains SELECT (role) on public.users
GRANT SELECT (role) ON public.users TO sales_api;
-- widened access: sales_sign_in gains SELECT (role) on public.users
GRANT SELECT (role) ON public.users TO sales_sign_in;
-- widened access: sales_api gains SELECT (locale), UPDATE (locale) on public.users
GRANT SELECT (locale), UPDATE (locale) ON public.users TO sales_api;
-- widened access: sales_api gains SELECT ("lastLoginAt") on public.users
GRANT SELECT ("lastLoginAt") ON public.users TO sales_api;

-- widened access: sales_api gains SELECT (id) on public.sessions
GRANT SELECT (id) ON public.sessions TO sales_api;
-- widened access: sales_api gains SELECT ("organisationId") on public.sessions
GRANT SELECT ("organisationId") ON public.sessions TO sales_api;
-- widened access: sales_api gains SELECT ("userId") on public.sessions
GRANT SELECT ("userId") ON public.sessions TO sales_api;
-- widened access: sales_api gains SELECT ("userAgent") on public.sessions
GRANT SELECT ("userAgent") ON public.sessions TO sales_api;
-- widened access: sales_api gains SELECT ("expiresAt") on public.sessions
GRANT SELECT ("expiresAt") ON public.sessions TO sales_api;
-- widened access: sales_api gains SELECT ("revokedAt") on public.sessions
GRANT SELECT ("revokedAt") ON public.sessions TO sales_api;
-- widened access: sales_api gains SELECT ("createdAt") on public.sessions
GRANT SELECT ("createdAt") ON public.sessions TO sales_api;

CREATE POLICY jobs ON public.ai_insights
  TO sales_jobs
  USING (true)
  WITH CHECK (true);

CREATE POLICY tenant ON public.ai_insights
  TO sales_api
  USING ("organisationId" = (select public.current_organisation()))
  WITH CHECK ("organisationId" = (select public.current_organisation()));

CREATE POLICY jobs ON public.subscriptions
  TO sales_jobs
  USING (true)
  WITH CHECK (true);

CREATE POLICY tenant ON public.subscriptions
  TO sales_api
  USING ("organisationId" = (select public.current_organisation()))
  WITH CHECK ("organisationId" = (select public.current_organisation()));

CREATE POLICY tenant ON public.audit_logs
  FOR SELECT
  TO sales_api
  USING ("organisationId" = (select public.current_organisation()));

CREATE POLICY jobs_read ON public.audit_logs
  FOR SELECT
  TO sales_jobs
  USING (true);

CREATE POLICY jobs_retention ON public.audit_logs
  FOR DELETE
  TO sales_jobs
  USING ("createdAt" < now() - interval '365 days');

CREATE POLICY jobs ON public.icps
  TO sales_jobs
  USING (true)
  WITH CHECK (true);

CREATE POLICY tenant ON public.icps
  TO sales_api
  USING ("organisationId" = (select public.current_organisation()))
  WITH CHECK ("organisationId" = (select public.current_organisation()));

CREATE POLICY jobs ON public.prospects
  TO sales_jobs
  USING (true)
  WITH CHECK (true);

CREATE POLICY tenant ON public.prospects
  TO sales_api
  USING ("organisationId" = (select public.current_organisation()))
  WITH CHECK ("organisationId" = (select public.current_organisation()));

CREATE POLICY jobs ON public.email_sequences
  TO sales_jobs
  USING (true)
  WITH CHECK (true);

CREATE POLICY tenant ON public.email_sequences
  TO sales_api
  USING ("organisationId" = (select public.current_organisation()))
  WITH CHECK ("organisationId" = (select public.current_organisation()));

CREATE POLICY jobs ON public.campaigns
  TO sales_jobs
  USING (true)
  WITH CHECK (true);

CREATE POLICY tenant ON public.campaigns
  TO sales_api
  USING ("organisationId" = (select public.current_organisation()))
  WITH CHECK ("organisationId" = (select public.current_organisation()));

CREATE POLICY jobs ON public.messages
  TO sales_jobs
  USING (true)
  WITH CHECK (true);

CREATE POLICY tenant ON public.messages
  TO sales_api
  USING ("organisationId" = (select public.current_organisation()))
  WITH CHECK ("organisationId" = (select public.current_organisation()));

CREATE POLICY jobs ON public.activities
  TO sales_jobs
  USING (true)
  WITH CHECK (true);

CREATE POLICY tenant ON public.activities
  TO sales_api
  USING ("organisationId" = (select public.current_organisation()))
  WITH CHECK ("organisationId" = (select public.current_organisation()));

CREATE POLICY tenant ON public.organisations
  FOR SELECT
  TO sales_api
  USING (id = (select public.current_organisation()));

CREATE POLICY admins_update ON public.organisations
  FOR UPDATE
  TO sales_api
  USING (id = (select public.current_organisation()) and exists (select 1 from public.users u where u.id = (select public.current_person()) and u.role in ('owner', 'admin') and u."deletedAt" is null))
  WITH CHECK (id = (select public.current_organisation()));

CREATE POLICY jobs ON public.organisations
  TO sales_jobs
  USING (true)
  WITH CHECK (true);

CREATE POLICY tenant ON public.users
  FOR SELECT
  TO sales_api
  USING ("organisationId" = (select public.current_organisation()));

CREATE POLICY own ON public.users
  FOR UPDATE
  TO sales_api
  USING (id = (select public.current_person()) and "organisationId" = (select public.current_organisation()))
  WITH CHECK (id = (select public.current_person()) and "organisationId" = (select public.current_organisation()));

CREATE POLICY sign_in ON public.users
  FOR SELECT
  TO sales_sign_in
  USING (true);

CREATE POLICY jobs ON public.users
  TO sales_jobs
  USING (true)
  WITH CHECK (true);

CREATE POLICY own ON public.sessions
  FOR SELECT
  TO sales_api
  USING ("userId" = (select public.current_person()) and "organisationId" = (select public.current_organisation()));

CREATE POLICY sign_in ON public.sessions
  TO sales_sign_in
  USING (true)
  WITH CHECK (true);

CREATE POLICY jobs ON public.sessions
  TO sales_jobs
  USING (true)
  WITH CHECK (true);

-- narrowed access: roles see only the rows of ai_insights that a policy shows them
ALTER TABLE public.ai_insights ENABLE ROW LEVEL SECURITY;

-- narrowed access: roles see only the rows of subscriptions that a policy shows them
ALTER TABLE public.subscriptions ENABLE ROW LEVEL SECURITY;

-- narrowed access: roles see only the rows of audit_logs that a policy shows them
ALTER TABLE public.audit_logs ENABLE ROW LEVEL SECURITY;

-- narrowed access: roles see only the rows of icps that a policy shows them
ALTER TABLE public.icps ENABLE ROW LEVEL SECURITY;

-- narrowed access: roles see only the rows of prospects that a policy shows them
ALTER TABLE public.prospects ENABLE ROW LEVEL SECURITY;

-- narrowed access: roles see only the rows of email_sequences that a policy shows them
ALTER TABLE public.email_sequences ENABLE ROW LEVEL SECURITY;

-- narrowed access: roles see only the rows of campaigns that a policy shows them
ALTER TABLE public.campaigns ENABLE ROW LEVEL SECURITY;

-- narrowed access: roles see only the rows of messages that a policy shows them
ALTER TABLE public.messages ENABLE ROW LEVEL SECURITY;

-- narrowed access: roles see only the rows of activities that a policy shows them
ALTER TABLE public.activities ENABLE ROW LEVEL SECURITY;

-- narrowed access: roles see only the rows of organisations that a policy shows them
ALTER TABLE public.organisations ENABLE ROW LEVEL SECURITY;

-- narrowed access: roles see only the rows of users that a policy shows them
ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;

-- narrowed access: roles see only the rows of sessions that a policy shows them
ALTER TABLE public.sessions ENABLE ROW LEVEL SECURITY;
