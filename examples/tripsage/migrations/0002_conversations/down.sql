-- pilaster: 0002 conversations, the way back

-- data loss: all rows of conversations are gone
DROP TABLE public.conversations;

ALTER TABLE public.trips DROP CONSTRAINT trips_id_user_id_key;

DROP TYPE public.speaker;

DROP EXTENSION vector;
