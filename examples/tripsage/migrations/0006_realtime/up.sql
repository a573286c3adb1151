-- pilaster: 0006 realtime
-- follows: 0005 sha256:84818d361277c0ec919222c04679a9a7bd396b2f9d535308b5dc280b84d17841

CREATE TABLE public.booking_events (
  id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  trip_id uuid        NOT NULL,
  user_id uuid        NOT NULL,
  kind    text        NOT NULL,
  action  text        NOT NULL,
  actor   uuid,
  before  jsonb,
  after   jsonb,
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT booking_events_action_check CHECK (action in ('INSERT', 'UPDATE', 'DELETE'))
);

COMMENT ON TABLE public.booking_events IS 'What became of a booking, and by whom. Written by triggers, read by the trip''s owner, changed by
nobody.';
COMMENT ON COLUMN public.booking_events.trip_id IS 'A trip that may be gone by now.';
COMMENT ON COLUMN public.booking_events.user_id IS 'Whose trip it was.';

CREATE FUNCTION public.log_booking()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO ''
AS $$
declare
  of_trip uuid := coalesce(new.trip_id, old.trip_id);
begin
  insert into public.booking_events (trip_id, user_id, kind, action, actor, before, after)
  select t.id, t.user_id, tg_table_name, tg_op, auth.uid(), to_jsonb(old), to_jsonb(new)
  from public.trips t where t.id = of_trip;
  return null;
end
$$;

CREATE INDEX booking_events_trip_id_at_idx ON public.booking_events (trip_id, at);
CREATE INDEX booking_events_user_id_idx ON public.booking_events (user_id);

CREATE TRIGGER flights_audit
  AFTER INSERT OR DELETE OR UPDATE ON public.flights
  FOR EACH ROW
  EXECUTE FUNCTION public.log_booking();

CREATE TRIGGER accommodations_audit
  AFTER INSERT OR DELETE OR UPDATE ON public.accommodations
  FOR EACH ROW
  EXECUTE FUNCTION public.log_booking();

CREATE TRIGGER trip_activities_audit
  AFTER INSERT OR DELETE OR UPDATE ON public.trip_activities
  FOR EACH ROW
  EXECUTE FUNCTION public.log_booking();

CREATE TRIGGER booking_events_are_kept
  BEFORE DELETE OR UPDATE ON public.booking_events
  FOR EACH ROW
  EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER booking_events_are_not_emptied
  BEFORE TRUNCATE ON public.booking_events
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.refuse_change();

create publication tripsage_realtime for table public.trips, public.flights, public.accommodations, public.trip_activities, public.conversations;
COMMENT ON PUBLICATION tripsage_realtime IS 'What a client may follow live; row-level security holds for what it is told.';

REVOKE ALL ON FUNCTION public.log_booking() FROM anon, authenticated, service_role;
REVOKE EXECUTE ON FUNCTION public.log_booking() FROM PUBLIC;

REVOKE ALL ON public.booking_events FROM anon, authenticated, service_role;
GRANT SELECT ON public.booking_events TO authenticated;
GRANT SELECT ON public.booking_events TO service_role;

REVOKE ALL ON SEQUENCE public.booking_events_id_seq FROM anon, authenticated, service_role;

CREATE POLICY own ON public.booking_events
  FOR SELECT
  TO authenticated
  USING (user_id = (select auth.uid()));

CREATE POLICY admins_read ON public.booking_events
  FOR SELECT
  TO authenticated
  USING ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

ALTER TABLE public.booking_events ENABLE ROW LEVEL SECURITY;
