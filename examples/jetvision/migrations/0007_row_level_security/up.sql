-- pilaster: 0007 row_level_security
-- follows: 0006 sha256:c89413027e11e676290af2a92ce5cfd4cc9e05e386b959e91ed70037eadd9ed1

-- widened access: authenticated gains update on public.companies."deletedAt"
-- widened access: authenticated gains update on public.companies.name
-- widened access: authenticated gains update on public.companies.domain
-- widened access: authenticated gains update on public.companies.industry
-- narrowed access: authenticated loses delete on public.companies
-- narrowed access: authenticated with the claim sub 0c0ffee0-0000-4000-8000-00000000cafe loses deleting on public.companies: 1 row of the sample, where it was 1
-- narrowed access: authenticated loses insert on public.companies
-- narrowed access: authenticated with the claim sub 0c0ffee0-0000-4000-8000-00000000cafe loses inserting on public.companies: 1 row of the sample, where it was 1
-- narrowed access: authenticated with the claim sub 0c0ffee0-0000-4000-8000-00000000cafe loses reading on public.companies: 1 row of the sample, where it was 1
-- narrowed access: authenticated loses update on public.companies
-- narrowed access: authenticated with the claim sub 0c0ffee0-0000-4000-8000-00000000cafe loses updating on public.companies: 1 row of the sample, where it was 1
ALTER POLICY "Users can access company data" ON public.companies
  TO authenticated
  USING (exists (select 1 from public.users where users."companyId" = companies.id and users."clerkId" = (select auth.jwt() ->> 'sub') and users."deletedAt" is null))
  WITH CHECK (exists (select 1 from public.users where users."companyId" = companies.id and users."clerkId" = (select auth.jwt() ->> 'sub') and users."deletedAt" is null));

-- widened access: authenticated gains update on public.users.preferences
-- widened access: authenticated gains update on public.users."lastSeenAt"
-- widened access: authenticated gains update on public.users."firstName"
-- widened access: authenticated gains update on public.users."lastName"
-- widened access: authenticated gains update on public.users."jobTitle"
-- widened access: authenticated gains update on public.users."phoneEncrypted"
-- narrowed access: authenticated loses delete on public.users
-- narrowed access: authenticated with the claim sub 0c0ffee0-0000-4000-8000-00000000cafe loses deleting on public.users: 1 row of the sample, where it was 1
-- narrowed access: authenticated loses insert on public.users
-- narrowed access: authenticated with the claim sub 0c0ffee0-0000-4000-8000-00000000cafe loses inserting on public.users: 1 row of the sample, where it was 1
-- narrowed access: authenticated loses update on public.users
ALTER POLICY "Users can access own data" ON public.users
  TO authenticated
  USING ("clerkId" = (select auth.jwt() ->> 'sub'))
  WITH CHECK ("clerkId" = (select auth.jwt() ->> 'sub'));

-- widened access: authenticated gains insert on public.leads
-- widened access: authenticated gains select on public.leads
-- widened access: authenticated gains update on public.leads
-- widened access: service_role gains changing companyId on public.leads: 210 rows of the sample, where it was 0
-- widened access: service_role gains delete on public.leads
-- widened access: service_role gains deleting on public.leads: 15 rows of the sample, where it was 0
-- widened access: service_role gains insert on public.leads
-- widened access: service_role gains inserting on public.leads: 15 rows of the sample, where it was 0
-- widened access: service_role gains reading on public.leads: 15 rows of the sample, where it was 0
-- widened access: service_role gains references on public.leads
-- widened access: service_role gains select on public.leads
-- widened access: service_role gains trigger on public.leads
-- widened access: service_role gains truncate on public.leads
-- widened access: service_role gains update on public.leads
-- widened access: service_role gains updating on public.leads: 15 rows of the sample, where it was 0
GRANT SELECT, INSERT, UPDATE ON public.leads TO authenticated;
GRANT ALL ON public.leads TO service_role;

-- widened access: authenticated gains insert on public.campaigns
-- widened access: authenticated gains select on public.campaigns
-- widened access: authenticated gains update on public.campaigns
-- widened access: service_role gains changing companyId on public.campaigns: 90 rows of the sample, where it was 0
-- widened access: service_role gains delete on public.campaigns
-- widened access: service_role gains deleting on public.campaigns: 10 rows of the sample, where it was 0
-- widened access: service_role gains insert on public.campaigns
-- widened access: service_role gains inserting on public.campaigns: 10 rows of the sample, where it was 0
-- widened access: service_role gains reading on public.campaigns: 10 rows of the sample, where it was 0
-- widened access: service_role gains references on public.campaigns
-- widened access: service_role gains select on public.campaigns
-- widened access: service_role gains trigger on public.campaigns
-- widened access: service_role gains truncate on public.campaigns
-- widened access: service_role gains update on public.campaigns
-- widened access: service_role gains updating on public.campaigns: 10 rows of the sample, where it was 0
GRANT SELECT, INSERT, UPDATE ON public.campaigns TO authenticated;
GRANT ALL ON public.campaigns TO service_role;

-- widened access: authenticated gains delete on public.campaign_targets
-- widened access: authenticated gains insert on public.campaign_targets
-- widened access: authenticated gains select on public.campaign_targets
-- widened access: authenticated gains update on public.campaign_targets
-- widened access: service_role gains changing campaignId on public.campaign_targets: 6 rows of the sample, where it was 0
-- widened access: service_role gains changing leadId on public.campaign_targets: 6 rows of the sample, where it was 0
-- widened access: service_role gains delete on public.campaign_targets
-- widened access: service_role gains deleting on public.campaign_targets: 3 rows of the sample, where it was 0
-- widened access: service_role gains insert on public.campaign_targets
-- widened access: service_role gains inserting on public.campaign_targets: 3 rows of the sample, where it was 0
-- widened access: service_role gains reading on public.campaign_targets: 3 rows of the sample, where it was 0
-- widened access: service_role gains references on public.campaign_targets
-- widened access: service_role gains select on public.campaign_targets
-- widened access: service_role gains trigger on public.campaign_targets
-- widened access: service_role gains truncate on public.campaign_targets
-- widened access: service_role gains update on public.campaign_targets
-- widened access: service_role gains updating on public.campaign_targets: 3 rows of the sample, where it was 0
GRANT SELECT, INSERT, UPDATE, DELETE ON public.campaign_targets TO authenticated;
GRANT ALL ON public.campaign_targets TO service_role;

-- widened access: authenticated gains insert on public.conversations
-- widened access: authenticated gains select on public.conversations
-- widened access: authenticated gains update on public.conversations
-- widened access: service_role gains changing userId on public.conversations: 132 rows of the sample, where it was 0
-- widened access: service_role gains delete on public.conversations
-- widened access: service_role gains deleting on public.conversations: 12 rows of the sample, where it was 0
-- widened access: service_role gains insert on public.conversations
-- widened access: service_role gains inserting on public.conversations: 12 rows of the sample, where it was 0
-- widened access: service_role gains reading on public.conversations: 12 rows of the sample, where it was 0
-- widened access: service_role gains references on public.conversations
-- widened access: service_role gains select on public.conversations
-- widened access: service_role gains trigger on public.conversations
-- widened access: service_role gains truncate on public.conversations
-- widened access: service_role gains update on public.conversations
-- widened access: service_role gains updating on public.conversations: 12 rows of the sample, where it was 0
GRANT SELECT, INSERT, UPDATE ON public.conversations TO authenticated;
GRANT ALL ON public.conversations TO service_role;

-- widened access: authenticated gains insert on public.messages
-- widened access: authenticated gains select on public.messages
-- widened access: service_role gains changing conversationId on public.messages: 30 rows of the sample, where it was 0
-- widened access: service_role gains changing role on public.messages: 5 rows of the sample, where it was 0
-- widened access: service_role gains delete on public.messages
-- widened access: service_role gains deleting on public.messages: 6 rows of the sample, where it was 0
-- widened access: service_role gains insert on public.messages
-- widened access: service_role gains inserting on public.messages: 6 rows of the sample, where it was 0
-- widened access: service_role gains reading on public.messages: 6 rows of the sample, where it was 0
-- widened access: service_role gains references on public.messages
-- widened access: service_role gains select on public.messages
-- widened access: service_role gains trigger on public.messages
-- widened access: service_role gains truncate on public.messages
-- widened access: service_role gains update on public.messages
-- widened access: service_role gains updating on public.messages: 6 rows of the sample, where it was 0
GRANT SELECT, INSERT ON public.messages TO authenticated;
GRANT ALL ON public.messages TO service_role;

-- widened access: service_role gains delete on public.integration_logs
-- widened access: service_role gains deleting on public.integration_logs: 1 row of the sample, where it was 0
-- widened access: service_role gains insert on public.integration_logs
-- widened access: service_role gains inserting on public.integration_logs: 1 row of the sample, where it was 0
-- widened access: service_role gains reading on public.integration_logs: 1 row of the sample, where it was 0
-- widened access: service_role gains references on public.integration_logs
-- widened access: service_role gains select on public.integration_logs
-- widened access: service_role gains trigger on public.integration_logs
-- widened access: service_role gains truncate on public.integration_logs
-- widened access: service_role gains update on public.integration_logs
-- widened access: service_role gains updating on public.integration_logs: 1 row of the sample, where it was 0
GRANT ALL ON public.integration_logs TO service_role;

-- widened access: authenticated gains reading on public.aircraft: 6 rows of the sample, where it was 0
-- widened access: authenticated gains select on public.aircraft
-- widened access: service_role gains changing deletedAt on public.aircraft: 16 rows of the sample, where it was 0
-- widened access: service_role gains delete on public.aircraft
-- widened access: service_role gains deleting on public.aircraft: 8 rows of the sample, where it was 0
-- widened access: service_role gains insert on public.aircraft
-- widened access: service_role gains inserting on public.aircraft: 8 rows of the sample, where it was 0
-- widened access: service_role gains reading on public.aircraft: 8 rows of the sample, where it was 0
-- widened access: service_role gains references on public.aircraft
-- widened access: service_role gains select on public.aircraft
-- widened access: service_role gains trigger on public.aircraft
-- widened access: service_role gains truncate on public.aircraft
-- widened access: service_role gains update on public.aircraft
-- widened access: service_role gains updating on public.aircraft: 8 rows of the sample, where it was 0
GRANT SELECT ON public.aircraft TO authenticated;
GRANT ALL ON public.aircraft TO service_role;

-- widened access: authenticated gains insert on public.bookings
-- widened access: authenticated gains select on public.bookings
-- widened access: authenticated gains update on public.bookings
-- widened access: service_role gains changing companyId on public.bookings: 20 rows of the sample, where it was 0
-- widened access: service_role gains delete on public.bookings
-- widened access: service_role gains deleting on public.bookings: 5 rows of the sample, where it was 0
-- widened access: service_role gains insert on public.bookings
-- widened access: service_role gains inserting on public.bookings: 5 rows of the sample, where it was 0
-- widened access: service_role gains reading on public.bookings: 5 rows of the sample, where it was 0
-- widened access: service_role gains references on public.bookings
-- widened access: service_role gains select on public.bookings
-- widened access: service_role gains trigger on public.bookings
-- widened access: service_role gains truncate on public.bookings
-- widened access: service_role gains update on public.bookings
-- widened access: service_role gains updating on public.bookings: 5 rows of the sample, where it was 0
GRANT SELECT, INSERT, UPDATE ON public.bookings TO authenticated;
GRANT ALL ON public.bookings TO service_role;

REVOKE INSERT, UPDATE, DELETE ON public.companies FROM authenticated;

REVOKE INSERT, UPDATE, DELETE ON public.users FROM authenticated;

-- widened access: authenticated gains update on public.executive_assistants.permissions
-- widened access: authenticated gains update on public.executive_assistants.active
-- widened access: authenticated gains delete on public.executive_assistants
-- widened access: authenticated gains insert on public.executive_assistants
-- widened access: authenticated gains select on public.executive_assistants
-- widened access: service_role gains changing assistantId on public.executive_assistants: 12 rows of the sample, where it was 0
-- widened access: service_role gains changing executiveId on public.executive_assistants: 12 rows of the sample, where it was 0
-- widened access: service_role gains delete on public.executive_assistants
-- widened access: service_role gains deleting on public.executive_assistants: 4 rows of the sample, where it was 0
-- widened access: service_role gains insert on public.executive_assistants
-- widened access: service_role gains inserting on public.executive_assistants: 4 rows of the sample, where it was 0
-- widened access: service_role gains reading on public.executive_assistants: 4 rows of the sample, where it was 0
-- widened access: service_role gains references on public.executive_assistants
-- widened access: service_role gains select on public.executive_assistants
-- widened access: service_role gains trigger on public.executive_assistants
-- widened access: service_role gains truncate on public.executive_assistants
-- widened access: service_role gains update on public.executive_assistants
-- widened access: service_role gains updating on public.executive_assistants: 4 rows of the sample, where it was 0
GRANT SELECT, INSERT, DELETE ON public.executive_assistants TO authenticated;
GRANT ALL ON public.executive_assistants TO service_role;

-- widened access: authenticated gains insert on public.feedback
-- widened access: authenticated with the claim sub 0c0ffee0-0000-4000-8000-00000000cafe gains inserting on public.feedback: 3 rows of the sample, where it was 0
-- widened access: authenticated with the claim sub 0c0ffee0-0000-4000-8000-00000000cafe gains reading on public.feedback: 3 rows of the sample, where it was 0
-- widened access: authenticated gains select on public.feedback
-- widened access: service_role gains changing userId on public.feedback: 40 rows of the sample, where it was 0
-- widened access: service_role gains delete on public.feedback
-- widened access: service_role gains deleting on public.feedback: 8 rows of the sample, where it was 0
-- widened access: service_role gains insert on public.feedback
-- widened access: service_role gains inserting on public.feedback: 8 rows of the sample, where it was 0
-- widened access: service_role gains reading on public.feedback: 8 rows of the sample, where it was 0
-- widened access: service_role gains references on public.feedback
-- widened access: service_role gains select on public.feedback
-- widened access: service_role gains trigger on public.feedback
-- widened access: service_role gains truncate on public.feedback
-- widened access: service_role gains update on public.feedback
-- widened access: service_role gains updating on public.feedback: 8 rows of the sample, where it was 0
GRANT SELECT, INSERT ON public.feedback TO authenticated;
GRANT ALL ON public.feedback TO service_role;

GRANT UPDATE (name) ON public.companies TO authenticated;
GRANT UPDATE (domain) ON public.companies TO authenticated;
GRANT UPDATE (industry) ON public.companies TO authenticated;

GRANT UPDATE ("firstName") ON public.users TO authenticated;
GRANT UPDATE ("lastName") ON public.users TO authenticated;
GRANT UPDATE ("jobTitle") ON public.users TO authenticated;
GRANT UPDATE ("phoneEncrypted") ON public.users TO authenticated;
GRANT UPDATE (preferences) ON public.users TO authenticated;
GRANT UPDATE ("lastSeenAt") ON public.users TO authenticated;

GRANT UPDATE (permissions) ON public.executive_assistants TO authenticated;
GRANT UPDATE (active) ON public.executive_assistants TO authenticated;

GRANT UPDATE ("deletedAt") ON public.companies TO authenticated;

CREATE POLICY "Company members can access company rows" ON public.leads
  TO authenticated
  USING ("companyId" = (select u."companyId" from public.users u where u."clerkId" = (select auth.jwt() ->> 'sub') and u."deletedAt" is null))
  WITH CHECK ("companyId" = (select u."companyId" from public.users u where u."clerkId" = (select auth.jwt() ->> 'sub') and u."deletedAt" is null));

CREATE POLICY "Company members can access company rows" ON public.campaigns
  TO authenticated
  USING ("companyId" = (select u."companyId" from public.users u where u."clerkId" = (select auth.jwt() ->> 'sub') and u."deletedAt" is null))
  WITH CHECK ("companyId" = (select u."companyId" from public.users u where u."clerkId" = (select auth.jwt() ->> 'sub') and u."deletedAt" is null));

CREATE POLICY "Company members can access campaign targets" ON public.campaign_targets
  TO authenticated
  USING ("campaignId" in (select c.id from public.campaigns c) and "leadId" in (select l.id from public.leads l))
  WITH CHECK ("campaignId" in (select c.id from public.campaigns c) and "leadId" in (select l.id from public.leads l));

CREATE POLICY "Users can access own conversations" ON public.conversations
  TO authenticated
  USING ("userId" in (select u.id from public.users u where u."deletedAt" is null))
  WITH CHECK ("userId" in (select u.id from public.users u where u."deletedAt" is null));

CREATE POLICY "Users can read own messages" ON public.messages
  FOR SELECT
  TO authenticated
  USING ("conversationId" in (select c.id from public.conversations c));

CREATE POLICY "Users can write own messages" ON public.messages
  FOR INSERT
  TO authenticated
  WITH CHECK (role = 'user' and "conversationId" in (select c.id from public.conversations c));

CREATE POLICY "Signed-in people can search the fleet" ON public.aircraft
  FOR SELECT
  TO authenticated
  USING ("deletedAt" is null);

CREATE POLICY "Company members can access company rows" ON public.bookings
  TO authenticated
  USING ("companyId" = (select u."companyId" from public.users u where u."clerkId" = (select auth.jwt() ->> 'sub') and u."deletedAt" is null))
  WITH CHECK ("companyId" = (select u."companyId" from public.users u where u."clerkId" = (select auth.jwt() ->> 'sub') and u."deletedAt" is null));

CREATE POLICY "Executives manage their assistants" ON public.executive_assistants
  TO authenticated
  USING ("executiveId" in (select u.id from public.users u where u."deletedAt" is null))
  WITH CHECK ("executiveId" in (select u.id from public.users u where u."deletedAt" is null));

CREATE POLICY "Assistants see their executives" ON public.executive_assistants
  FOR SELECT
  TO authenticated
  USING ("assistantId" in (select u.id from public.users u where u."deletedAt" is null));

CREATE POLICY "Users can access own feedback" ON public.feedback
  FOR SELECT
  TO authenticated
  USING ("userId" = (select auth.jwt() ->> 'sub'));

CREATE POLICY "Users can give feedback" ON public.feedback
  FOR INSERT
  TO authenticated
  WITH CHECK ("userId" = (select auth.jwt() ->> 'sub'));

ALTER TABLE public.leads ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.campaigns ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.campaign_targets ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.conversations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.messages ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.integration_logs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.aircraft ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.bookings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.executive_assistants ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.feedback ENABLE ROW LEVEL SECURITY;
