-- pilaster: 0006 append_only, the way back

DROP TRIGGER payment_schedule_audit_log_append_only ON public.payment_schedule_audit_log;
DROP TRIGGER payment_schedule_audit_log_append_only_truncate ON public.payment_schedule_audit_log;

DROP TRIGGER payment_transactions_append_only ON public.payment_transactions;
DROP TRIGGER payment_transactions_append_only_truncate ON public.payment_transactions;

DROP TRIGGER trip_orders_append_only ON public.trip_orders;
DROP TRIGGER trip_orders_append_only_truncate ON public.trip_orders;

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

CREATE TRIGGER payment_schedule_audit_log_is_kept
  BEFORE DELETE OR UPDATE ON public.payment_schedule_audit_log
  FOR EACH ROW
  EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER payment_schedule_audit_log_is_not_emptied
  BEFORE TRUNCATE ON public.payment_schedule_audit_log
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER payment_transactions_are_kept
  BEFORE DELETE OR UPDATE ON public.payment_transactions
  FOR EACH ROW
  EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER trip_orders_are_kept
  BEFORE DELETE OR UPDATE ON public.trip_orders
  FOR EACH ROW
  EXECUTE FUNCTION public.refuse_change();

REVOKE ALL ON FUNCTION public.refuse_change() FROM anon, authenticated, service_role;
REVOKE EXECUTE ON FUNCTION public.refuse_change() FROM PUBLIC;
