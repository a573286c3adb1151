-- pilaster: 0007 append_only
-- follows: 0006 sha256:668f1c3be110c2cb1dd6446aa4f90c827aa52557c2a99e303059c031e5c80182

DROP TRIGGER api_key_access_log_is_kept ON public.api_key_access_log;
DROP TRIGGER api_key_access_log_is_not_emptied ON public.api_key_access_log;

DROP TRIGGER booking_events_are_kept ON public.booking_events;
DROP TRIGGER booking_events_are_not_emptied ON public.booking_events;

DROP FUNCTION public.refuse_change();

CREATE FUNCTION public.append_only()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  raise exception using
    errcode = 'restrict_violation',
    message = format('%I.%I is append-only: its rows are never changed', tg_table_schema, tg_table_name),
    detail = format('%s was refused', tg_op),
    schema = tg_table_schema,
    table = tg_table_name,
    constraint = tg_name;
end
$$;

COMMENT ON FUNCTION public.append_only() IS 'Refuses to change what is only ever added to.';

CREATE TRIGGER api_key_access_log_append_only
  BEFORE DELETE OR UPDATE ON public.api_key_access_log
  FOR EACH ROW
  EXECUTE FUNCTION public.append_only();

CREATE TRIGGER api_key_access_log_append_only_truncate
  BEFORE TRUNCATE ON public.api_key_access_log
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.append_only();

CREATE TRIGGER booking_events_append_only
  BEFORE DELETE OR UPDATE ON public.booking_events
  FOR EACH ROW
  EXECUTE FUNCTION public.append_only();

CREATE TRIGGER booking_events_append_only_truncate
  BEFORE TRUNCATE ON public.booking_events
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.append_only();
