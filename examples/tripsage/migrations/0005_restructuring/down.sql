-- pilaster: 0005 restructuring, the way back

-- lossy: the values of activities.trip_id do not come back

-- narrowed access: rows of activities that only policy admins shows are hidden
DROP POLICY admins ON public.activities;

DROP VIEW public.trip_costs;

-- pilaster: no transaction
DROP INDEX CONCURRENTLY public.trips_user_id_start_date_idx;

-- pilaster: transaction
-- data loss: the values of activities.embedding are gone
ALTER TABLE public.activities DROP COLUMN embedding;

-- data loss: all rows of memories are gone
DROP TABLE public.memories;

ALTER TABLE public.activities ADD COLUMN trip_id uuid;
COMMENT ON COLUMN public.activities.trip_id IS 'Deprecated: `trip_activities` says whose plan it is in. Goes with 2.0.0.';

-- widened access: policy everybody may let more rows through
-- narrowed access: policy everybody may let fewer rows through
ALTER POLICY everybody ON public.activities
  TO authenticated
  USING (trip_id is null);

CREATE FUNCTION public.plan_activity()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO ''
AS $$
begin
  insert into public.trip_activities (trip_id, activity_id, price) values (new.trip_id, new.id, 0)
  on conflict do nothing;
  return null;
end
$$;

COMMENT ON FUNCTION public.plan_activity() IS 'Goes with 2.0.0, as the column does.';

-- holds for new rows at once; the old ones are read afterwards
ALTER TABLE public.activities ADD CONSTRAINT activities_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES public.trips (id) ON DELETE CASCADE NOT VALID;

-- pilaster: transaction
ALTER TABLE public.activities VALIDATE CONSTRAINT activities_trip_id_fkey;

-- pilaster: no transaction
CREATE INDEX CONCURRENTLY trips_user_id_idx ON public.trips (user_id);

CREATE INDEX CONCURRENTLY activities_trip_id_idx ON public.activities (trip_id);

-- pilaster: transaction
CREATE TRIGGER activities_are_planned
  AFTER INSERT OR UPDATE OF trip_id ON public.activities
  FOR EACH ROW
  WHEN (new.trip_id is not null)
  EXECUTE FUNCTION public.plan_activity();

REVOKE ALL ON FUNCTION public.plan_activity() FROM anon, authenticated, service_role;
REVOKE EXECUTE ON FUNCTION public.plan_activity() FROM PUBLIC;

-- narrowed access: anon loses SELECT on public.activities
REVOKE SELECT ON public.activities FROM anon;

CREATE POLICY trip_owner ON public.activities
  TO authenticated
  USING (trip_id in (select t.id from public.trips t where t.user_id = (select auth.uid())))
  WITH CHECK (trip_id in (select t.id from public.trips t where t.user_id = (select auth.uid())));

CREATE POLICY admins_read ON public.activities
  FOR SELECT
  TO authenticated
  USING ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');
