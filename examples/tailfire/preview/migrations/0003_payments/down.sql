-- pilaster: 0003 payments, the way back

-- data loss: all rows of activity_traveller_splits are gone
DROP TABLE public.activity_traveller_splits;

-- data loss: all rows of commission_splits are gone
DROP TABLE public.commission_splits;

-- data loss: all rows of contact_stripe_customers are gone
DROP TABLE public.contact_stripe_customers;

-- data loss: all rows of currency_exchange_rates are gone
DROP TABLE public.currency_exchange_rates;

-- data loss: all rows of payment_schedule_audit_log are gone
DROP TABLE public.payment_schedule_audit_log;

-- data loss: all rows of payment_schedule_template_items are gone
DROP TABLE public.payment_schedule_template_items;

-- data loss: all rows of payment_transactions are gone
DROP TABLE public.payment_transactions;

-- data loss: all rows of expected_payment_items are gone
DROP TABLE public.expected_payment_items;

-- data loss: all rows of payment_schedule_configs are gone
DROP TABLE public.payment_schedule_configs;

-- data loss: all rows of payment_schedule_templates are gone
DROP TABLE public.payment_schedule_templates;

-- data loss: all rows of service_fees are gone
DROP TABLE public.service_fees;

-- data loss: all rows of trip_orders are gone
DROP TABLE public.trip_orders;

-- data loss: all rows of trip_traveler_insurance are gone
DROP TABLE public.trip_traveler_insurance;

-- data loss: all rows of trip_insurance_packages are gone
DROP TABLE public.trip_insurance_packages;

DROP FUNCTION public.coverage_is_valid(jsonb);

DROP FUNCTION public.expected_payment_items_status_transition();

DROP FUNCTION public.log_schedule();

DROP FUNCTION public.order_snapshot_is_valid(jsonb);

DROP FUNCTION public.order_line_is_valid(jsonb);

DROP FUNCTION public.service_fees_status_frozen();

DROP FUNCTION public.service_fees_status_transition();
