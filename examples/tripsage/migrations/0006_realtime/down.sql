-- pilaster: 0006 realtime, the way back

DROP PUBLICATION tripsage_realtime;

DROP TRIGGER accommodations_audit ON public.accommodations;

DROP TRIGGER flights_audit ON public.flights;

DROP TRIGGER trip_activities_audit ON public.trip_activities;

-- data loss: all rows of booking_events are gone
DROP TABLE public.booking_events;

DROP FUNCTION public.log_booking();
