-- pilaster: 0003 payments
-- follows: 0002 sha256:28d3deabcccc6e4befbf5345f1e8e2425f9de6f2d01dce99ad3d76c5f156e991

CREATE FUNCTION public.coverage_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      (
        value ->> 'medical' is null
        or (
          value -> 'medical' between '-9223372036854775808' and '9223372036854775807'
          and value ->> 'medical' ~ '^-?[0-9]+$'
        )
      )
      and (
        value ->> 'cancellation' is null
        or (
          value -> 'cancellation' between '-9223372036854775808' and '9223372036854775807'
          and value ->> 'cancellation' ~ '^-?[0-9]+$'
        )
      )
      and (
        value ->> 'baggage' is null
        or (
          value -> 'baggage' between '-9223372036854775808' and '9223372036854775807'
          and value ->> 'baggage' ~ '^-?[0-9]+$'
        )
      )
      and value - array['medical', 'cancellation', 'baggage'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.coverage_is_valid(jsonb) IS 'Whether a document has the shape Coverage.';

CREATE FUNCTION public.order_line_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['description', 'amountCents']
      and jsonb_typeof(value -> 'description') = 'string'
      and value -> 'amountCents' between '-9223372036854775808' and '9223372036854775807'
      and value ->> 'amountCents' ~ '^-?[0-9]+$'
      and value - array['description', 'amountCents'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.order_line_is_valid(jsonb) IS 'Whether a document has the shape OrderLine.';

CREATE FUNCTION public.order_snapshot_is_valid(value jsonb)
RETURNS boolean
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
AS $$
  select case
    when jsonb_typeof(value) = 'object' then
      value ?& array['tripName', 'lines', 'totalCents', 'currency']
      and jsonb_typeof(value -> 'tripName') = 'string'
      and case
        when jsonb_typeof(value -> 'lines') = 'array' then
          jsonb_array_length(value -> 'lines') >= 1
          and not exists (
            select from jsonb_array_elements(value -> 'lines') as item (value)
            where not public.order_line_is_valid(item.value)
          )
        else false
      end
      and value -> 'totalCents' between '-9223372036854775808' and '9223372036854775807'
      and value ->> 'totalCents' ~ '^-?[0-9]+$'
      and jsonb_typeof(value -> 'currency') = 'string'
      and value ->> 'currency' ~ '^[A-Z]{3}$'
      and value - array['tripName', 'lines', 'totalCents', 'currency'] = '{}'
    else false
  end
$$;

COMMENT ON FUNCTION public.order_snapshot_is_valid(jsonb) IS 'Whether a document has the shape OrderSnapshot.';

CREATE TABLE public.activity_traveller_splits (
  id           uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id    uuid        NOT NULL,
  activity_id  uuid        NOT NULL,
  traveler_id  uuid        NOT NULL,
  amount_cents bigint      NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT activity_traveller_splits_activity_id_traveler_id_key UNIQUE (activity_id, traveler_id),
  CONSTRAINT activity_traveller_splits_not_negative CHECK (amount_cents >= 0),
  CONSTRAINT activity_traveller_splits_activity_id_agency_id_fkey FOREIGN KEY (activity_id, agency_id) REFERENCES public.itinerary_activities (id, agency_id) ON DELETE CASCADE,
  CONSTRAINT activity_traveller_splits_traveler_id_agency_id_fkey FOREIGN KEY (traveler_id, agency_id) REFERENCES public.trip_travelers (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.activity_traveller_splits IS 'Who pays which part.';

CREATE TABLE public.contact_stripe_customers (
  id                 uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id          uuid         NOT NULL,
  contact_id         uuid         NOT NULL,
  stripe_customer_id varchar(100) NOT NULL,
  created_at         timestamptz  NOT NULL DEFAULT now(),
  updated_at         timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT contact_stripe_customers_stripe_customer_id_key UNIQUE (stripe_customer_id),
  CONSTRAINT contact_stripe_customers_contact_id_agency_id_fkey FOREIGN KEY (contact_id, agency_id) REFERENCES public.contacts (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.contact_stripe_customers IS 'Who a contact is at Stripe.';

CREATE TABLE public.trip_insurance_packages (
  id            uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id     uuid         NOT NULL,
  trip_id       uuid         NOT NULL,
  provider      varchar(100) NOT NULL,
  plan_name     varchar(100) NOT NULL,
  premium_cents bigint       NOT NULL,
  coverage      jsonb        NOT NULL,
  created_at    timestamptz  NOT NULL DEFAULT now(),
  updated_at    timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT trip_insurance_packages_id_agency_id_key UNIQUE (id, agency_id),
  CONSTRAINT trip_insurance_packages_coverage_shape CHECK (public.coverage_is_valid(coverage)),
  CONSTRAINT trip_insurance_packages_premium CHECK (premium_cents >= 0),
  CONSTRAINT trip_insurance_packages_trip_id_agency_id_fkey FOREIGN KEY (trip_id, agency_id) REFERENCES public.trips (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.trip_insurance_packages IS 'Insurance that is offered for a trip.';

CREATE TABLE public.trip_traveler_insurance (
  id          uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id   uuid        NOT NULL,
  traveler_id uuid        NOT NULL,
  package_id  uuid,
  status      text        NOT NULL DEFAULT 'pending',
  declined_at timestamptz,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT trip_traveler_insurance_traveler_id_key UNIQUE (traveler_id),
  CONSTRAINT trip_traveler_insurance_acceptance_names_the_package CHECK (status <> 'accepted' or package_id is not null),
  CONSTRAINT trip_traveler_insurance_refusal_is_dated CHECK (status <> 'declined' or declined_at is not null),
  CONSTRAINT trip_traveler_insurance_status_check CHECK (status in ('pending', 'accepted', 'declined', 'has_own')),
  CONSTRAINT trip_traveler_insurance_package_id_agency_id_fkey FOREIGN KEY (package_id, agency_id) REFERENCES public.trip_insurance_packages (id, agency_id),
  CONSTRAINT trip_traveler_insurance_traveler_id_agency_id_fkey FOREIGN KEY (traveler_id, agency_id) REFERENCES public.trip_travelers (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.trip_traveler_insurance IS 'Who is insured, and who said no.';

CREATE TABLE public.currency_exchange_rates (
  id            bigint               GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  from_currency public.currency_code NOT NULL,
  to_currency   public.currency_code NOT NULL,
  rate          numeric(18, 8)       NOT NULL,
  as_of         date                 NOT NULL,
  created_at    timestamptz          NOT NULL DEFAULT now(),
  CONSTRAINT currency_exchange_rates_from_currency_to_currency_as_of_key UNIQUE (from_currency, to_currency, as_of),
  CONSTRAINT currency_exchange_rates_differ CHECK (from_currency <> to_currency),
  CONSTRAINT currency_exchange_rates_positive CHECK (rate > 0)
);

COMMENT ON TABLE public.currency_exchange_rates IS 'What a currency was worth on a day, for everybody.';

CREATE TABLE public.payment_schedule_audit_log (
  id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  agency_id uuid        NOT NULL,
  item_id   uuid        NOT NULL,
  action    text        NOT NULL,
  actor     uuid,
  before    jsonb,
  after     jsonb,
  at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT payment_schedule_audit_log_action_check CHECK (action in ('INSERT', 'UPDATE', 'DELETE'))
);

COMMENT ON TABLE public.payment_schedule_audit_log IS 'Every change of what is due, by whom, for the regulator (TICO). Written by a trigger; nobody
changes it, the service neither.';

CREATE FUNCTION public.log_schedule()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO ''
AS $$
begin
  insert into public.payment_schedule_audit_log (agency_id, item_id, action, actor, before, after)
  values (coalesce(new.agency_id, old.agency_id), coalesce(new.id, old.id), tg_op, auth.uid(), to_jsonb(old), to_jsonb(new));
  return null;
end
$$;

CREATE TABLE public.payment_schedule_templates (
  id         uuid         DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id  uuid         NOT NULL,
  name       varchar(255) NOT NULL,
  is_default boolean      NOT NULL DEFAULT false,
  created_at timestamptz  NOT NULL DEFAULT now(),
  updated_at timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT payment_schedule_templates_agency_id_name_key UNIQUE (agency_id, name),
  CONSTRAINT payment_schedule_templates_id_agency_id_key UNIQUE (id, agency_id),
  CONSTRAINT payment_schedule_templates_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agencies (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.payment_schedule_templates IS 'How an agency is usually paid.';

CREATE TABLE public.payment_schedule_template_items (
  id          uuid          DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id   uuid          NOT NULL,
  template_id uuid          NOT NULL,
  name        varchar(100)  NOT NULL,
  percentage  numeric(5, 2) NOT NULL,
  days_before integer       NOT NULL,
  sort_order  integer       NOT NULL DEFAULT 0,
  created_at  timestamptz   NOT NULL DEFAULT now(),
  updated_at  timestamptz   NOT NULL DEFAULT now(),
  CONSTRAINT payment_schedule_template_items_percentage CHECK (percentage > 0 and percentage <= 100),
  CONSTRAINT payment_schedule_template_items_template_id_agency_id_fkey FOREIGN KEY (template_id, agency_id) REFERENCES public.payment_schedule_templates (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.payment_schedule_template_items IS 'A milestone of a template.';

CREATE TABLE public.payment_schedule_configs (
  id            uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id     uuid        NOT NULL,
  pricing_id    uuid        NOT NULL,
  template_id   uuid,
  schedule_type text        NOT NULL DEFAULT 'full',
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT payment_schedule_configs_id_agency_id_key UNIQUE (id, agency_id),
  CONSTRAINT payment_schedule_configs_pricing_id_key UNIQUE (pricing_id),
  CONSTRAINT payment_schedule_configs_schedule_type_check CHECK (schedule_type in ('full', 'deposit', 'installments')),
  CONSTRAINT payment_schedule_configs_pricing_id_agency_id_fkey FOREIGN KEY (pricing_id, agency_id) REFERENCES public.activity_pricing (id, agency_id) ON DELETE CASCADE,
  CONSTRAINT payment_schedule_configs_template_id_agency_id_fkey FOREIGN KEY (template_id, agency_id) REFERENCES public.payment_schedule_templates (id, agency_id)
);

COMMENT ON TABLE public.payment_schedule_configs IS 'How one activity is paid.';

CREATE TABLE public.expected_payment_items (
  id           uuid                  DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id    uuid                  NOT NULL,
  config_id    uuid                  NOT NULL,
  name         varchar(100)          NOT NULL,
  amount_cents bigint                NOT NULL,
  paid_cents   bigint                NOT NULL DEFAULT 0,
  due_on       date                  NOT NULL,
  status       public.payment_status NOT NULL DEFAULT 'pending',
  created_at   timestamptz           NOT NULL DEFAULT now(),
  updated_at   timestamptz           NOT NULL DEFAULT now(),
  CONSTRAINT expected_payment_items_id_agency_id_key UNIQUE (id, agency_id),
  CONSTRAINT expected_payment_items_amount CHECK (amount_cents > 0),
  CONSTRAINT expected_payment_items_paid_is_within CHECK (paid_cents between 0 and amount_cents),
  CONSTRAINT expected_payment_items_status_says_what_is_paid CHECK (status <> 'paid' or paid_cents = amount_cents),
  CONSTRAINT expected_payment_items_config_id_agency_id_fkey FOREIGN KEY (config_id, agency_id) REFERENCES public.payment_schedule_configs (id, agency_id) ON DELETE CASCADE
);

COMMENT ON TABLE public.expected_payment_items IS 'A payment that is due.';

CREATE FUNCTION public.expected_payment_items_status_transition()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if tg_op = 'INSERT' then
    if new.status in ('pending') or new.status is null then
      return new;
    end if;
    raise exception using
      errcode = 'check_violation',
      message = format('expected_payment_items.status can''t begin as %L', new.status),
      hint = 'a new row may begin as ''pending''',
      schema = 'public',
      table = 'expected_payment_items',
      column = 'status',
      constraint = 'expected_payment_items_status_transition';
  elsif not coalesce(
    new.status is not distinct from old.status
    or old.status is null and new.status in ('pending')
    or old.status = 'pending' and new.status in ('partial', 'paid', 'overdue', 'waived')
    or old.status = 'partial' and new.status in ('paid', 'overdue', 'waived')
    or old.status = 'overdue' and new.status in ('partial', 'paid', 'waived'),
    false
  ) then
    raise exception using
      errcode = 'check_violation',
      message = format('expected_payment_items.status can''t change from %L to %L', old.status, new.status),
      schema = 'public',
      table = 'expected_payment_items',
      column = 'status',
      constraint = 'expected_payment_items_status_transition';
  end if;
  return new;
end
$$;

CREATE TABLE public.payment_transactions (
  id           uuid                 DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id    uuid                 NOT NULL,
  item_id      uuid                 NOT NULL,
  amount_cents bigint               NOT NULL,
  kind         text                 NOT NULL DEFAULT 'payment',
  currency     public.currency_code NOT NULL,
  method       text,
  received_at  timestamptz          NOT NULL DEFAULT now(),
  created_at   timestamptz          NOT NULL DEFAULT now(),
  CONSTRAINT payment_transactions_amount CHECK (amount_cents > 0),
  CONSTRAINT payment_transactions_kind_check CHECK (kind in ('payment', 'refund', 'adjustment')),
  CONSTRAINT payment_transactions_item_id_agency_id_fkey FOREIGN KEY (item_id, agency_id) REFERENCES public.expected_payment_items (id, agency_id)
);

COMMENT ON TABLE public.payment_transactions IS 'Money that moved. Corrections are further rows.';

CREATE TABLE public.service_fees (
  id                uuid                 DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id         uuid                 NOT NULL,
  trip_id           uuid                 NOT NULL,
  name              varchar(100)         NOT NULL,
  amount_cents      bigint               NOT NULL,
  currency          public.currency_code NOT NULL DEFAULT 'CAD',
  status            public.fee_status    NOT NULL DEFAULT 'draft',
  stripe_payment_id varchar(100),
  created_at        timestamptz          NOT NULL DEFAULT now(),
  updated_at        timestamptz          NOT NULL DEFAULT now(),
  CONSTRAINT service_fees_stripe_payment_id_key UNIQUE (stripe_payment_id),
  CONSTRAINT service_fees_amount CHECK (amount_cents > 0),
  CONSTRAINT service_fees_paid_names_the_payment CHECK (status not in ('paid', 'refunded') or stripe_payment_id is not null),
  CONSTRAINT service_fees_trip_id_agency_id_fkey FOREIGN KEY (trip_id, agency_id) REFERENCES public.trips (id, agency_id)
);

COMMENT ON TABLE public.service_fees IS 'What the agency takes for its work, by Stripe Connect.';

CREATE FUNCTION public.service_fees_status_frozen()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if old.status in ('cancelled')
    and row(new.id, new.agency_id, new.trip_id, new.name, new.amount_cents, new.currency, new.status, new.stripe_payment_id, new.created_at)
      is distinct from row(old.id, old.agency_id, old.trip_id, old.name, old.amount_cents, old.currency, old.status, old.stripe_payment_id, old.created_at)
  then
    raise exception using
      errcode = 'check_violation',
      message = format('service_fees can''t be edited while status is %L', old.status),
      schema = 'public',
      table = 'service_fees',
      column = 'status',
      constraint = 'service_fees_status_frozen';
  end if;
  return new;
end
$$;

CREATE FUNCTION public.service_fees_status_transition()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if tg_op = 'INSERT' then
    if new.status in ('draft') or new.status is null then
      return new;
    end if;
    raise exception using
      errcode = 'check_violation',
      message = format('service_fees.status can''t begin as %L', new.status),
      hint = 'a new row may begin as ''draft''',
      schema = 'public',
      table = 'service_fees',
      column = 'status',
      constraint = 'service_fees_status_transition';
  elsif not coalesce(
    new.status is not distinct from old.status
    or old.status is null and new.status in ('draft')
    or old.status = 'draft' and new.status in ('sent', 'cancelled')
    or old.status = 'sent' and new.status in ('paid', 'cancelled')
    or old.status = 'paid' and new.status = 'refunded',
    false
  ) then
    raise exception using
      errcode = 'check_violation',
      message = format('service_fees.status can''t change from %L to %L', old.status, new.status),
      schema = 'public',
      table = 'service_fees',
      column = 'status',
      constraint = 'service_fees_status_transition';
  end if;
  return new;
end
$$;

CREATE TABLE public.commission_splits (
  id         uuid          DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id  uuid          NOT NULL,
  trip_id    uuid          NOT NULL,
  user_id    uuid          NOT NULL,
  percentage numeric(5, 2) NOT NULL,
  created_at timestamptz   NOT NULL DEFAULT now(),
  updated_at timestamptz   NOT NULL DEFAULT now(),
  CONSTRAINT commission_splits_trip_id_user_id_key UNIQUE (trip_id, user_id),
  CONSTRAINT commission_splits_percentage CHECK (percentage between 0 and 100),
  CONSTRAINT commission_splits_trip_id_agency_id_fkey FOREIGN KEY (trip_id, agency_id) REFERENCES public.trips (id, agency_id) ON DELETE CASCADE,
  CONSTRAINT commission_splits_user_id_agency_id_fkey FOREIGN KEY (user_id, agency_id) REFERENCES public.user_profiles (id, agency_id)
);

COMMENT ON TABLE public.commission_splits IS 'Who of the agency earns what part of a trip.';

CREATE TABLE public.trip_orders (
  id           uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  agency_id    uuid        NOT NULL,
  trip_id      uuid        NOT NULL,
  version      integer     NOT NULL,
  snapshot     jsonb       NOT NULL,
  created_by   uuid        DEFAULT auth.uid(),
  finalized_at timestamptz,
  created_at   timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT trip_orders_trip_id_version_key UNIQUE (trip_id, version),
  CONSTRAINT trip_orders_count_from_one CHECK (version > 0),
  CONSTRAINT trip_orders_snapshot_shape CHECK (public.order_snapshot_is_valid(snapshot)),
  CONSTRAINT trip_orders_trip_id_agency_id_fkey FOREIGN KEY (trip_id, agency_id) REFERENCES public.trips (id, agency_id)
);

COMMENT ON TABLE public.trip_orders IS 'What was agreed, as it was then: a new version for every change.';

CREATE INDEX activity_traveller_splits_agency_id_activity_id_idx ON public.activity_traveller_splits (agency_id, activity_id);
CREATE INDEX activity_traveller_splits_agency_id_traveler_id_idx ON public.activity_traveller_splits (agency_id, traveler_id);

CREATE INDEX contact_stripe_customers_agency_id_contact_id_idx ON public.contact_stripe_customers (agency_id, contact_id);

CREATE INDEX trip_insurance_packages_agency_id_trip_id_idx ON public.trip_insurance_packages (agency_id, trip_id);

CREATE INDEX trip_traveler_insurance_agency_id_traveler_id_idx ON public.trip_traveler_insurance (agency_id, traveler_id);
CREATE INDEX trip_traveler_insurance_agency_id_package_id_idx ON public.trip_traveler_insurance (agency_id, package_id);

CREATE INDEX payment_schedule_audit_log_agency_id_at_idx ON public.payment_schedule_audit_log (agency_id, at);
CREATE INDEX payment_schedule_audit_log_item_id_idx ON public.payment_schedule_audit_log (item_id);

CREATE UNIQUE INDEX payment_schedule_templates_one_default ON public.payment_schedule_templates (agency_id) WHERE (is_default);

CREATE INDEX payment_schedule_template_items_agency_id_template_id_idx ON public.payment_schedule_template_items (agency_id, template_id);

CREATE INDEX payment_schedule_configs_agency_id_pricing_id_idx ON public.payment_schedule_configs (agency_id, pricing_id);
CREATE INDEX payment_schedule_configs_agency_id_template_id_idx ON public.payment_schedule_configs (agency_id, template_id);

CREATE INDEX expected_payment_items_agency_id_config_id_idx ON public.expected_payment_items (agency_id, config_id);

CREATE INDEX payment_transactions_agency_id_item_id_idx ON public.payment_transactions (agency_id, item_id);

CREATE INDEX service_fees_agency_id_trip_id_idx ON public.service_fees (agency_id, trip_id);

CREATE INDEX commission_splits_agency_id_trip_id_idx ON public.commission_splits (agency_id, trip_id);
CREATE INDEX commission_splits_agency_id_user_id_idx ON public.commission_splits (agency_id, user_id);

CREATE INDEX trip_orders_agency_id_trip_id_idx ON public.trip_orders (agency_id, trip_id);

CREATE TRIGGER payment_schedule_audit_log_is_kept
  BEFORE DELETE OR UPDATE ON public.payment_schedule_audit_log
  FOR EACH ROW
  EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER payment_schedule_audit_log_is_not_emptied
  BEFORE TRUNCATE ON public.payment_schedule_audit_log
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER expected_payment_items_status_transition
  BEFORE INSERT OR UPDATE ON public.expected_payment_items
  FOR EACH ROW
  EXECUTE FUNCTION public.expected_payment_items_status_transition();

CREATE TRIGGER expected_payment_items_audit
  AFTER INSERT OR DELETE OR UPDATE ON public.expected_payment_items
  FOR EACH ROW
  EXECUTE FUNCTION public.log_schedule();

CREATE TRIGGER payment_transactions_are_kept
  BEFORE DELETE OR UPDATE ON public.payment_transactions
  FOR EACH ROW
  EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER service_fees_status_frozen
  BEFORE UPDATE ON public.service_fees
  FOR EACH ROW
  EXECUTE FUNCTION public.service_fees_status_frozen();

CREATE TRIGGER service_fees_status_transition
  BEFORE INSERT OR UPDATE ON public.service_fees
  FOR EACH ROW
  EXECUTE FUNCTION public.service_fees_status_transition();

CREATE TRIGGER activity_traveller_splits_updated_at_touch
  BEFORE UPDATE ON public.activity_traveller_splits
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER commission_splits_updated_at_touch
  BEFORE UPDATE ON public.commission_splits
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER contact_stripe_customers_updated_at_touch
  BEFORE UPDATE ON public.contact_stripe_customers
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER expected_payment_items_updated_at_touch
  BEFORE UPDATE ON public.expected_payment_items
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER payment_schedule_configs_updated_at_touch
  BEFORE UPDATE ON public.payment_schedule_configs
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER payment_schedule_template_items_updated_at_touch
  BEFORE UPDATE ON public.payment_schedule_template_items
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER payment_schedule_templates_updated_at_touch
  BEFORE UPDATE ON public.payment_schedule_templates
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER service_fees_updated_at_touch
  BEFORE UPDATE ON public.service_fees
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER trip_insurance_packages_updated_at_touch
  BEFORE UPDATE ON public.trip_insurance_packages
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER trip_traveler_insurance_updated_at_touch
  BEFORE UPDATE ON public.trip_traveler_insurance
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER trip_orders_are_kept
  BEFORE DELETE OR UPDATE ON public.trip_orders
  FOR EACH ROW
  EXECUTE FUNCTION public.refuse_change();

REVOKE ALL ON FUNCTION public.log_schedule() FROM anon, authenticated, service_role;
REVOKE EXECUTE ON FUNCTION public.log_schedule() FROM PUBLIC;

REVOKE ALL ON public.activity_traveller_splits FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.activity_traveller_splits TO authenticated;
GRANT ALL ON public.activity_traveller_splits TO service_role;

REVOKE ALL ON public.contact_stripe_customers FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.contact_stripe_customers TO authenticated;
GRANT ALL ON public.contact_stripe_customers TO service_role;

REVOKE ALL ON public.trip_insurance_packages FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.trip_insurance_packages TO authenticated;
GRANT ALL ON public.trip_insurance_packages TO service_role;

REVOKE ALL ON public.trip_traveler_insurance FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.trip_traveler_insurance TO authenticated;
GRANT ALL ON public.trip_traveler_insurance TO service_role;

REVOKE ALL ON public.currency_exchange_rates FROM anon, authenticated;
GRANT SELECT ON public.currency_exchange_rates TO authenticated;
GRANT ALL ON public.currency_exchange_rates TO service_role;

REVOKE ALL ON SEQUENCE public.currency_exchange_rates_id_seq FROM anon, authenticated, service_role;

REVOKE ALL ON public.payment_schedule_audit_log FROM anon, authenticated, service_role;
GRANT SELECT ON public.payment_schedule_audit_log TO authenticated;
GRANT SELECT ON public.payment_schedule_audit_log TO service_role;

REVOKE ALL ON SEQUENCE public.payment_schedule_audit_log_id_seq FROM anon, authenticated, service_role;

REVOKE ALL ON public.payment_schedule_templates FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.payment_schedule_templates TO authenticated;
GRANT ALL ON public.payment_schedule_templates TO service_role;

REVOKE ALL ON public.payment_schedule_template_items FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.payment_schedule_template_items TO authenticated;
GRANT ALL ON public.payment_schedule_template_items TO service_role;

REVOKE ALL ON public.payment_schedule_configs FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.payment_schedule_configs TO authenticated;
GRANT ALL ON public.payment_schedule_configs TO service_role;

REVOKE ALL ON public.expected_payment_items FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.expected_payment_items TO authenticated;
GRANT ALL ON public.expected_payment_items TO service_role;

REVOKE ALL ON public.payment_transactions FROM anon, authenticated, service_role;
GRANT SELECT, INSERT ON public.payment_transactions TO authenticated;
GRANT SELECT, INSERT ON public.payment_transactions TO service_role;

REVOKE ALL ON public.service_fees FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.service_fees TO authenticated;
GRANT ALL ON public.service_fees TO service_role;

REVOKE ALL ON public.commission_splits FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.commission_splits TO authenticated;
GRANT ALL ON public.commission_splits TO service_role;

REVOKE ALL ON public.trip_orders FROM anon, authenticated, service_role;
GRANT SELECT, INSERT ON public.trip_orders TO authenticated;
GRANT SELECT, INSERT ON public.trip_orders TO service_role;

CREATE POLICY agency ON public.activity_traveller_splits
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY admins ON public.contact_stripe_customers
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid and (select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin')
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid and (select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

CREATE POLICY agency ON public.contact_stripe_customers
  FOR SELECT
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.trip_insurance_packages
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.trip_traveler_insurance
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY everybody ON public.currency_exchange_rates
  FOR SELECT
  TO authenticated
  USING (true);

CREATE POLICY admins ON public.payment_schedule_audit_log
  FOR SELECT
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid and (select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

CREATE POLICY admins ON public.payment_schedule_templates
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid and (select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin')
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid and (select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

CREATE POLICY agency ON public.payment_schedule_templates
  FOR SELECT
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY admins ON public.payment_schedule_template_items
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid and (select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin')
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid and (select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

CREATE POLICY agency ON public.payment_schedule_template_items
  FOR SELECT
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.payment_schedule_configs
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.expected_payment_items
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY adds ON public.payment_transactions
  FOR INSERT
  TO authenticated
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.payment_transactions
  FOR SELECT
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.service_fees
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid)
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY admins ON public.commission_splits
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid and (select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin')
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid and (select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

CREATE POLICY agency ON public.commission_splits
  FOR SELECT
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY adds ON public.trip_orders
  FOR INSERT
  TO authenticated
  WITH CHECK (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

CREATE POLICY agency ON public.trip_orders
  FOR SELECT
  TO authenticated
  USING (agency_id = (select auth.jwt() -> 'app_metadata' ->> 'agency_id')::uuid);

ALTER TABLE public.activity_traveller_splits ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.contact_stripe_customers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.trip_insurance_packages ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.trip_traveler_insurance ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.currency_exchange_rates ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.payment_schedule_audit_log ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.payment_schedule_templates ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.payment_schedule_template_items ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.payment_schedule_configs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.expected_payment_items ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.payment_transactions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.service_fees ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.commission_splits ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.trip_orders ENABLE ROW LEVEL SECURITY;
