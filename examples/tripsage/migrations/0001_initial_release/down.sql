-- pilaster: 0001 initial_release, the way back

-- data loss: all rows of accommodations are gone
DROP TABLE public.accommodations;

-- data loss: all rows of activities are gone
DROP TABLE public.activities;

-- data loss: all rows of flights are gone
DROP TABLE public.flights;

-- data loss: all rows of aircraft are gone
DROP TABLE public.aircraft;

-- data loss: all rows of hotel_types are gone
DROP TABLE public.hotel_types;

-- data loss: all rows of trips are gone
DROP TABLE public.trips;

-- data loss: all rows of users are gone
DROP TABLE public.users;

-- data loss: all rows of airports are gone
DROP TABLE public.airports;

-- data loss: all rows of cities are gone
DROP TABLE public.cities;

DROP FUNCTION public.accommodations_status_frozen();

DROP FUNCTION public.accommodations_status_transition();

DROP FUNCTION public.flights_status_frozen();

DROP FUNCTION public.flights_status_transition();

DROP FUNCTION public.preferences_is_valid(jsonb);

DROP FUNCTION public.touch_updated_at();

DROP FUNCTION public.trip_metadata_is_valid(jsonb);

DROP FUNCTION public.trips_status_transition();

DROP DOMAIN public.currency_code;

DROP DOMAIN public.price;

DROP TYPE public.booking_status;
