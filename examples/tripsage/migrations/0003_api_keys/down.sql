-- pilaster: 0003 api_keys, the way back

-- narrowed access: rows of accommodations that only policy admins_read shows are hidden
DROP POLICY admins_read ON public.accommodations;

-- narrowed access: rows of activities that only policy admins_read shows are hidden
DROP POLICY admins_read ON public.activities;

-- narrowed access: rows of aircraft that only policy admins shows are hidden
DROP POLICY admins ON public.aircraft;

-- narrowed access: rows of airports that only policy admins shows are hidden
DROP POLICY admins ON public.airports;

-- narrowed access: rows of cities that only policy admins shows are hidden
DROP POLICY admins ON public.cities;

-- narrowed access: rows of conversations that only policy shared shows are hidden
DROP POLICY shared ON public.conversations;

-- narrowed access: rows of flights that only policy admins_read shows are hidden
DROP POLICY admins_read ON public.flights;

-- narrowed access: rows of hotel_types that only policy admins shows are hidden
DROP POLICY admins ON public.hotel_types;

-- narrowed access: rows of trips that only policy admins_read shows are hidden
DROP POLICY admins_read ON public.trips;

-- narrowed access: rows of users that only policy admins_read shows are hidden
DROP POLICY admins_read ON public.users;

-- data loss: all rows of conversation_members are gone
DROP TABLE public.conversation_members;

DROP FUNCTION public.open_api_key(uuid, text);

-- data loss: all rows of api_key_access_log are gone
DROP TABLE public.api_key_access_log;

-- data loss: all rows of user_api_keys are gone
DROP TABLE public.user_api_keys;

-- data loss: all rows of encryption_keys are gone
DROP TABLE public.encryption_keys;

DROP FUNCTION public.log_api_key();

DROP FUNCTION public.refuse_change();

DROP DOMAIN public.sealed;

-- narrowed access: authenticated loses INSERT, UPDATE, DELETE on public.cities
REVOKE INSERT, UPDATE, DELETE ON public.cities FROM authenticated;

-- narrowed access: authenticated loses INSERT, UPDATE, DELETE on public.airports
REVOKE INSERT, UPDATE, DELETE ON public.airports FROM authenticated;

-- narrowed access: authenticated loses INSERT, UPDATE, DELETE on public.aircraft
REVOKE INSERT, UPDATE, DELETE ON public.aircraft FROM authenticated;

-- narrowed access: authenticated loses INSERT, UPDATE, DELETE on public.hotel_types
REVOKE INSERT, UPDATE, DELETE ON public.hotel_types FROM authenticated;
