-- pilaster: 0007 append_only, the way back

DROP TRIGGER api_key_access_log_append_only ON public.api_key_access_log;
DROP TRIGGER api_key_access_log_append_only_truncate ON public.api_key_access_log;

DROP TRIGGER booking_events_append_only ON public.booking_events;
DROP TRIGGER booking_events_append_only_truncate ON public.booking_events;

DROP FUNCTION public.append_only();

CREATE FUNCTION public.refuse_change()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  raise exception '% is written once', tg_table_name using errcode = 'restrict_violation', table = tg_table_name, schema = tg_table_schema, constraint = tg_name;
end
$$;

COMMENT ON FUNCTION public.refuse_change() IS 'For rows that are written once.';

CREATE TRIGGER booking_events_are_kept
  BEFORE DELETE OR UPDATE ON public.booking_events
  FOR EACH ROW
  EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER booking_events_are_not_emptied
  BEFORE TRUNCATE ON public.booking_events
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER api_key_access_log_is_kept
  BEFORE DELETE OR UPDATE ON public.api_key_access_log
  FOR EACH ROW
  EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER api_key_access_log_is_not_emptied
  BEFORE TRUNCATE ON public.api_key_access_log
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.refuse_change();

REVOKE ALL ON FUNCTION public.refuse_change() FROM anon, authenticated, service_role;
REVOKE EXECUTE ON FUNCTION public.refuse_change() FROM PUBLIC;
