-- pilaster: 0004 shared_activities
-- follows: 0003 sha256:e3c006dd604b62911b1a0af5ebc948104f8e836205e676cb1ee397242d43e2c8

ALTER TABLE public.activities ALTER COLUMN trip_id DROP NOT NULL;
COMMENT ON COLUMN public.activities.trip_id IS 'Deprecated: `trip_activities` says whose plan it is in. Goes with 2.0.0.';

CREATE TABLE public.trip_activities (
  trip_id      uuid                  NOT NULL,
  activity_id  uuid                  NOT NULL,
  scheduled_on date,
  price        public.price          NOT NULL,
  currency     public.currency_code  NOT NULL DEFAULT 'USD',
  status       public.booking_status NOT NULL DEFAULT 'planned',
  confirmation text,
  created_at   timestamptz           NOT NULL DEFAULT now(),
  updated_at   timestamptz           NOT NULL DEFAULT now(),
  CONSTRAINT trip_activities_pkey PRIMARY KEY (trip_id, activity_id),
  CONSTRAINT trip_activities_activity_id_fkey FOREIGN KEY (activity_id) REFERENCES public.activities (id),
  CONSTRAINT trip_activities_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES public.trips (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.trip_activities IS 'An activity in a trip''s plan: the same one may be in many plans.';
COMMENT ON COLUMN public.trip_activities.confirmation IS 'What the carrier or the hotel calls it.';

CREATE FUNCTION public.trip_activities_status_frozen()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if old.status in ('cancelled')
    and row(new.trip_id, new.activity_id, new.scheduled_on, new.price, new.currency, new.status, new.created_at)
      is distinct from row(old.trip_id, old.activity_id, old.scheduled_on, old.price, old.currency, old.status, old.created_at)
  then
    raise exception using
      errcode = 'check_violation',
      message = format('trip_activities can''t be edited while status is %L', old.status),
      hint = 'only confirmation may change',
      schema = 'public',
      table = 'trip_activities',
      column = 'status',
      constraint = 'trip_activities_status_frozen';
  end if;
  return new;
end
$$;

CREATE FUNCTION public.trip_activities_status_transition()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if tg_op = 'INSERT' then
    if new.status in ('planned', 'held') or new.status is null then
      return new;
    end if;
    raise exception using
      errcode = 'check_violation',
      message = format('trip_activities.status can''t begin as %L', new.status),
      hint = 'a new row may begin as ''planned'' or ''held''',
      schema = 'public',
      table = 'trip_activities',
      column = 'status',
      constraint = 'trip_activities_status_transition';
  elsif not coalesce(
    new.status is not distinct from old.status
    or old.status is null and new.status in ('planned', 'held')
    or old.status = 'planned' and new.status in ('held', 'booked', 'cancelled')
    or old.status = 'held' and new.status in ('booked', 'cancelled')
    or old.status = 'booked' and new.status = 'cancelled',
    false
  ) then
    raise exception using
      errcode = 'check_violation',
      message = format('trip_activities.status can''t change from %L to %L', old.status, new.status),
      schema = 'public',
      table = 'trip_activities',
      column = 'status',
      constraint = 'trip_activities_status_transition';
  end if;
  return new;
end
$$;

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

CREATE INDEX trip_activities_activity_id_idx ON public.trip_activities (activity_id);

CREATE TRIGGER trip_activities_updated_at_touch
  BEFORE UPDATE ON public.trip_activities
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER trip_activities_status_frozen
  BEFORE UPDATE ON public.trip_activities
  FOR EACH ROW
  EXECUTE FUNCTION public.trip_activities_status_frozen();

CREATE TRIGGER trip_activities_status_transition
  BEFORE INSERT OR UPDATE ON public.trip_activities
  FOR EACH ROW
  EXECUTE FUNCTION public.trip_activities_status_transition();

CREATE TRIGGER activities_are_planned
  AFTER INSERT OR UPDATE OF trip_id ON public.activities
  FOR EACH ROW
  WHEN (new.trip_id is not null)
  EXECUTE FUNCTION public.plan_activity();

REVOKE ALL ON FUNCTION public.plan_activity() FROM anon, authenticated, service_role;
REVOKE EXECUTE ON FUNCTION public.plan_activity() FROM PUBLIC;

-- written by hand: what each activity's column says is said by a row from now on
INSERT INTO public.trip_activities (trip_id, activity_id, price)
SELECT a.trip_id, a.id, 0 FROM public.activities a WHERE a.trip_id IS NOT NULL
ON CONFLICT DO NOTHING;

REVOKE ALL ON public.trip_activities FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.trip_activities TO authenticated;
GRANT ALL ON public.trip_activities TO service_role;

CREATE POLICY everybody ON public.activities
  FOR SELECT
  TO authenticated
  USING (trip_id is null);

CREATE POLICY trip_owner ON public.trip_activities
  TO authenticated
  USING (trip_id in (select t.id from public.trips t where t.user_id = (select auth.uid())))
  WITH CHECK (trip_id in (select t.id from public.trips t where t.user_id = (select auth.uid())));

CREATE POLICY admins_read ON public.trip_activities
  FOR SELECT
  TO authenticated
  USING ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

ALTER TABLE public.trip_activities ENABLE ROW LEVEL SECURITY;
