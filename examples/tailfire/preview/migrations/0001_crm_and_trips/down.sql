-- pilaster: 0001 crm_and_trips, the way back

-- data loss: all rows of contact_addresses are gone
DROP TABLE public.contact_addresses;

-- data loss: all rows of contact_relationships are gone
DROP TABLE public.contact_relationships;

-- data loss: all rows of contact_tags are gone
DROP TABLE public.contact_tags;

-- data loss: all rows of itinerary_days are gone
DROP TABLE public.itinerary_days;

-- data loss: all rows of itineraries are gone
DROP TABLE public.itineraries;

-- data loss: all rows of trip_notes are gone
DROP TABLE public.trip_notes;

-- data loss: all rows of trip_tags are gone
DROP TABLE public.trip_tags;

-- data loss: all rows of tags are gone
DROP TABLE public.tags;

-- data loss: all rows of trip_travelers are gone
DROP TABLE public.trip_travelers;

-- data loss: all rows of trips are gone
DROP TABLE public.trips;

-- data loss: all rows of contacts are gone
DROP TABLE public.contacts;

DROP FUNCTION public.contacts_status_transition();

DROP FUNCTION public.custom_access_token_hook(jsonb);

-- data loss: all rows of user_profiles are gone
DROP TABLE public.user_profiles;

-- data loss: all rows of agencies are gone
DROP TABLE public.agencies;

DROP FUNCTION public.commission_settings_is_valid(jsonb);

DROP FUNCTION public.licensing_is_valid(jsonb);

DROP FUNCTION public.json_date_is_valid(text);

DROP FUNCTION public.preferences_is_valid(jsonb);

DROP FUNCTION public.refuse_change();

DROP FUNCTION public.touch_updated_at();

DROP FUNCTION public.trips_status_transition();

DROP DOMAIN public.currency_code;

DROP DOMAIN public.sealed;

DROP TYPE public.activity_status;

DROP TYPE public.component_type;

DROP TYPE public.contact_status;

DROP TYPE public.email_status;

DROP TYPE public.fee_status;

DROP TYPE public.media_type;

DROP TYPE public.payment_status;

DROP TYPE public.trip_status;

DROP TYPE public.user_role;

DROP TYPE public.user_status;
