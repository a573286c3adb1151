-- pilaster: 0007 row_level_security, the way back

-- narrowed access: rows of aircraft that only policy Signed-in people can search the fleet shows are hidden
DROP POLICY "Signed-in people can search the fleet" ON public.aircraft;

-- narrowed access: rows of bookings that only policy Company members can access company rows shows are hidden
DROP POLICY "Company members can access company rows" ON public.bookings;

-- narrowed access: rows of campaign_targets that only policy Company members can access campaign targets shows are hidden
DROP POLICY "Company members can access campaign targets" ON public.campaign_targets;

-- narrowed access: rows of campaigns that only policy Company members can access company rows shows are hidden
DROP POLICY "Company members can access company rows" ON public.campaigns;

-- narrowed access: rows of conversations that only policy Users can access own conversations shows are hidden
DROP POLICY "Users can access own conversations" ON public.conversations;

-- narrowed access: rows of executive_assistants that only policy Assistants see their executives shows are hidden
DROP POLICY "Assistants see their executives" ON public.executive_assistants;
-- narrowed access: rows of executive_assistants that only policy Executives manage their assistants shows are hidden
DROP POLICY "Executives manage their assistants" ON public.executive_assistants;

-- narrowed access: rows of feedback that only policy Users can access own feedback shows are hidden
DROP POLICY "Users can access own feedback" ON public.feedback;
-- narrowed access: rows of feedback that only policy Users can give feedback shows are hidden
DROP POLICY "Users can give feedback" ON public.feedback;

-- narrowed access: rows of leads that only policy Company members can access company rows shows are hidden
DROP POLICY "Company members can access company rows" ON public.leads;

-- narrowed access: rows of messages that only policy Users can read own messages shows are hidden
DROP POLICY "Users can read own messages" ON public.messages;
-- narrowed access: rows of messages that only policy Users can write own messages shows are hidden
DROP POLICY "Users can write own messages" ON public.messages;

DROP POLICY "Users can access company data" ON public.companies;

DROP POLICY "Users can access own data" ON public.users;

-- narrowed access: authenticated loses SELECT, INSERT, UPDATE on public.leads
REVOKE SELECT, INSERT, UPDATE ON public.leads FROM authenticated;
-- narrowed access: service_role loses ALL on public.leads
REVOKE ALL ON public.leads FROM service_role;

-- narrowed access: authenticated loses SELECT, INSERT, UPDATE on public.campaigns
REVOKE SELECT, INSERT, UPDATE ON public.campaigns FROM authenticated;
-- narrowed access: service_role loses ALL on public.campaigns
REVOKE ALL ON public.campaigns FROM service_role;

-- narrowed access: authenticated loses SELECT, INSERT, UPDATE, DELETE on public.campaign_targets
REVOKE SELECT, INSERT, UPDATE, DELETE ON public.campaign_targets FROM authenticated;
-- narrowed access: service_role loses ALL on public.campaign_targets
REVOKE ALL ON public.campaign_targets FROM service_role;

-- narrowed access: authenticated loses SELECT, INSERT, UPDATE on public.conversations
REVOKE SELECT, INSERT, UPDATE ON public.conversations FROM authenticated;
-- narrowed access: service_role loses ALL on public.conversations
REVOKE ALL ON public.conversations FROM service_role;

-- narrowed access: authenticated loses SELECT, INSERT on public.messages
REVOKE SELECT, INSERT ON public.messages FROM authenticated;
-- narrowed access: service_role loses ALL on public.messages
REVOKE ALL ON public.messages FROM service_role;

-- narrowed access: service_role loses ALL on public.integration_logs
REVOKE ALL ON public.integration_logs FROM service_role;

-- narrowed access: authenticated loses SELECT on public.aircraft
REVOKE SELECT ON public.aircraft FROM authenticated;
-- narrowed access: service_role loses ALL on public.aircraft
REVOKE ALL ON public.aircraft FROM service_role;

-- narrowed access: authenticated loses SELECT, INSERT, UPDATE on public.bookings
REVOKE SELECT, INSERT, UPDATE ON public.bookings FROM authenticated;
-- narrowed access: service_role loses ALL on public.bookings
REVOKE ALL ON public.bookings FROM service_role;

-- widened access: authenticated gains INSERT, UPDATE, DELETE on public.companies
GRANT INSERT, UPDATE, DELETE ON public.companies TO authenticated;

-- widened access: authenticated gains INSERT, UPDATE, DELETE on public.users
GRANT INSERT, UPDATE, DELETE ON public.users TO authenticated;

-- narrowed access: authenticated loses SELECT, INSERT, DELETE on public.executive_assistants
REVOKE SELECT, INSERT, DELETE ON public.executive_assistants FROM authenticated;
-- narrowed access: service_role loses ALL on public.executive_assistants
REVOKE ALL ON public.executive_assistants FROM service_role;

-- narrowed access: authenticated loses SELECT, INSERT on public.feedback
REVOKE SELECT, INSERT ON public.feedback FROM authenticated;
-- narrowed access: service_role loses ALL on public.feedback
REVOKE ALL ON public.feedback FROM service_role;

-- narrowed access: authenticated loses UPDATE (name) on public.companies
REVOKE UPDATE (name) ON public.companies FROM authenticated;
-- narrowed access: authenticated loses UPDATE (domain) on public.companies
REVOKE UPDATE (domain) ON public.companies FROM authenticated;
-- narrowed access: authenticated loses UPDATE (industry) on public.companies
REVOKE UPDATE (industry) ON public.companies FROM authenticated;

-- narrowed access: authenticated loses UPDATE ("firstName") on public.users
REVOKE UPDATE ("firstName") ON public.users FROM authenticated;
-- narrowed access: authenticated loses UPDATE ("lastName") on public.users
REVOKE UPDATE ("lastName") ON public.users FROM authenticated;
-- narrowed access: authenticated loses UPDATE ("jobTitle") on public.users
REVOKE UPDATE ("jobTitle") ON public.users FROM authenticated;
-- narrowed access: authenticated loses UPDATE ("phoneEncrypted") on public.users
REVOKE UPDATE ("phoneEncrypted") ON public.users FROM authenticated;
-- narrowed access: authenticated loses UPDATE (preferences) on public.users
REVOKE UPDATE (preferences) ON public.users FROM authenticated;
-- narrowed access: authenticated loses UPDATE ("lastSeenAt") on public.users
REVOKE UPDATE ("lastSeenAt") ON public.users FROM authenticated;

-- narrowed access: authenticated loses UPDATE (permissions) on public.executive_assistants
REVOKE UPDATE (permissions) ON public.executive_assistants FROM authenticated;
-- narrowed access: authenticated loses UPDATE (active) on public.executive_assistants
REVOKE UPDATE (active) ON public.executive_assistants FROM authenticated;

-- narrowed access: authenticated loses UPDATE ("deletedAt") on public.companies
REVOKE UPDATE ("deletedAt") ON public.companies FROM authenticated;

CREATE POLICY "Users can access company data" ON public.companies
  USING (exists (select 1 from public.users where users."companyId" = companies.id and users."clerkId" = auth.jwt() ->> 'sub'));

CREATE POLICY "Users can access own data" ON public.users
  USING (auth.jwt() ->> 'sub' = "clerkId");

-- widened access: whoever holds a grant on leads sees all its rows
ALTER TABLE public.leads DISABLE ROW LEVEL SECURITY;

-- widened access: whoever holds a grant on campaigns sees all its rows
ALTER TABLE public.campaigns DISABLE ROW LEVEL SECURITY;

-- widened access: whoever holds a grant on campaign_targets sees all its rows
ALTER TABLE public.campaign_targets DISABLE ROW LEVEL SECURITY;

-- widened access: whoever holds a grant on conversations sees all its rows
ALTER TABLE public.conversations DISABLE ROW LEVEL SECURITY;

-- widened access: whoever holds a grant on messages sees all its rows
ALTER TABLE public.messages DISABLE ROW LEVEL SECURITY;

-- widened access: whoever holds a grant on integration_logs sees all its rows
ALTER TABLE public.integration_logs DISABLE ROW LEVEL SECURITY;

-- widened access: whoever holds a grant on aircraft sees all its rows
ALTER TABLE public.aircraft DISABLE ROW LEVEL SECURITY;

-- widened access: whoever holds a grant on bookings sees all its rows
ALTER TABLE public.bookings DISABLE ROW LEVEL SECURITY;

-- widened access: whoever holds a grant on executive_assistants sees all its rows
ALTER TABLE public.executive_assistants DISABLE ROW LEVEL SECURITY;

-- widened access: whoever holds a grant on feedback sees all its rows
ALTER TABLE public.feedback DISABLE ROW LEVEL SECURITY;
