-- pilaster: 0004 avinode_fleet, the way back

-- data loss: all rows of bookings are gone
DROP TABLE public.bookings;

-- data loss: all rows of aircraft are gone
DROP TABLE public.aircraft;

DROP FUNCTION public.avinode_aircraft_is_valid(jsonb);

DROP FUNCTION public.avinode_quote_is_valid(jsonb);

DROP FUNCTION public.bookings_status_frozen();

DROP FUNCTION public.bookings_status_transition();

DROP DOMAIN public.icao_airport;

DROP TYPE public.aircraft_category;

DROP TYPE public.aircraft_status;

DROP TYPE public.booking_status;
