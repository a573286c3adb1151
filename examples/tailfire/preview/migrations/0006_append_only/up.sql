-- pilaster: 0006 append_only
-- follows: 0005 sha256:9449867c6c69f1c66b7f042354593b58f0bf08b22e2b9822f45ec88d5167cd12

DROP TRIGGER payment_schedule_audit_log_is_kept ON public.payment_schedule_audit_log;
DROP TRIGGER payment_schedule_audit_log_is_not_emptied ON public.payment_schedule_audit_log;

DROP TRIGGER payment_transactions_are_kept ON public.payment_transactions;

DROP TRIGGER trip_orders_are_kept ON public.trip_orders;

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

CREATE TRIGGER payment_schedule_audit_log_append_only
  BEFORE DELETE OR UPDATE ON public.payment_schedule_audit_log
  FOR EACH ROW
  EXECUTE FUNCTION public.append_only();

CREATE TRIGGER payment_schedule_audit_log_append_only_truncate
  BEFORE TRUNCATE ON public.payment_schedule_audit_log
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.append_only();

CREATE TRIGGER payment_transactions_append_only
  BEFORE DELETE OR UPDATE ON public.payment_transactions
  FOR EACH ROW
  EXECUTE FUNCTION public.append_only();

CREATE TRIGGER payment_transactions_append_only_truncate
  BEFORE TRUNCATE ON public.payment_transactions
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.append_only();

CREATE TRIGGER trip_orders_append_only
  BEFORE DELETE OR UPDATE ON public.trip_orders
  FOR EACH ROW
  EXECUTE FUNCTION public.append_only();

CREATE TRIGGER trip_orders_append_only_truncate
  BEFORE TRUNCATE ON public.trip_orders
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.append_only();
