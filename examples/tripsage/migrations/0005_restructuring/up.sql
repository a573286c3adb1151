-- pilaster: 0005 restructuring
-- follows: 0004 sha256:3ab684ca27c814282e603acdfa56c7cf4e404b2acc4098769f6c86bd1c9bda2b

-- narrowed access: rows of activities that only policy admins_read shows are hidden
DROP POLICY admins_read ON public.activities;
-- narrowed access: rows of activities that only policy trip_owner shows are hidden
DROP POLICY trip_owner ON public.activities;
DROP TRIGGER activities_are_planned ON public.activities;

-- pilaster: no transaction
DROP INDEX CONCURRENTLY public.trips_user_id_idx;

-- pilaster: transaction
DROP FUNCTION public.plan_activity();

-- widened access: policy everybody may let more rows through
-- narrowed access: policy everybody may let fewer rows through
ALTER POLICY everybody ON public.activities
  TO anon, authenticated
  USING (true);

-- data loss: the values of activities.trip_id are gone
ALTER TABLE public.activities DROP COLUMN trip_id;

CREATE TABLE public.memories (
  id         bigint                  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id    uuid                    NOT NULL,
  fact       text                    NOT NULL,
  embedding  extensions.vector(1536) NOT NULL,
  created_at timestamptz             NOT NULL DEFAULT now(),
  CONSTRAINT memories_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.memories IS 'What the assistant remembers of a traveller from one conversation to the next.';

ALTER TABLE public.activities ADD COLUMN embedding extensions.vector(1536);
COMMENT ON COLUMN public.activities.embedding IS 'What it is like, for recommendations: the nearer the inner product, the better the match.';

-- pilaster: no transaction
CREATE INDEX CONCURRENTLY trips_user_id_start_date_idx ON public.trips (user_id, start_date DESC);

CREATE INDEX CONCURRENTLY activities_by_likeness ON public.activities USING hnsw (embedding extensions.vector_ip_ops) WITH (ef_construction = 64, m = 16);

-- pilaster: transaction
CREATE INDEX memories_user_id_idx ON public.memories (user_id);
CREATE INDEX memories_by_distance ON public.memories USING ivfflat (embedding extensions.vector_l2_ops) WITH (lists = 10);

CREATE VIEW public.trip_costs WITH (security_invoker = true) AS
select b.trip_id, b.currency, sum(b.price) as total, count(*) as bookings from (select trip_id, currency, price, status from public.flights union all select trip_id, currency, price, status from public.accommodations union all select trip_id, currency, price, status from public.trip_activities) b where b.status <> 'cancelled' group by b.trip_id, b.currency;
COMMENT ON VIEW public.trip_costs IS 'What a trip costs, by currency; cancelled bookings cost nothing.';

-- widened access: anon gains SELECT on public.activities
GRANT SELECT ON public.activities TO anon;

REVOKE ALL ON public.memories FROM anon, authenticated;
GRANT SELECT, DELETE ON public.memories TO authenticated;
GRANT ALL ON public.memories TO service_role;

REVOKE ALL ON SEQUENCE public.memories_id_seq FROM anon, authenticated, service_role;

REVOKE ALL ON public.trip_costs FROM anon, authenticated, service_role;
GRANT SELECT ON public.trip_costs TO authenticated;
GRANT SELECT ON public.trip_costs TO service_role;

CREATE POLICY admins ON public.activities
  TO authenticated
  USING ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin')
  WITH CHECK ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

CREATE POLICY own ON public.memories
  FOR SELECT
  TO authenticated
  USING (user_id = (select auth.uid()));

CREATE POLICY erase ON public.memories
  FOR DELETE
  TO authenticated
  USING (user_id = (select auth.uid()));

ALTER TABLE public.memories ENABLE ROW LEVEL SECURITY;
