-- pilaster: 0002 conversations
-- follows: 0001 sha256:3ba61f9dc6c62749e6817a04d21361b414402c311424955660424c9a8025aced

CREATE EXTENSION vector SCHEMA extensions;
COMMENT ON EXTENSION vector IS 'Embeddings and their indexes.';

CREATE TYPE public.speaker AS ENUM ('traveller', 'assistant');

-- pilaster: no transaction
-- built while others write; the constraint then takes it over
CREATE UNIQUE INDEX CONCURRENTLY trips_id_user_id_key ON public.trips (id, user_id);

-- pilaster: transaction
ALTER TABLE public.trips ADD CONSTRAINT trips_id_user_id_key UNIQUE USING INDEX trips_id_user_id_key;

CREATE TABLE public.conversations (
  id         uuid                    DEFAULT gen_random_uuid() PRIMARY KEY,
  user_id    uuid                    NOT NULL DEFAULT auth.uid(),
  trip_id    uuid,
  said_by    public.speaker          NOT NULL DEFAULT 'traveller',
  message    text                    NOT NULL,
  embedding  extensions.vector(1536),
  created_at timestamptz             NOT NULL DEFAULT now(),
  CONSTRAINT conversations_id_user_id_key UNIQUE (id, user_id),
  CONSTRAINT conversations_trip_id_user_id_fkey FOREIGN KEY (trip_id, user_id) REFERENCES public.trips (id, user_id) ON DELETE SET NULL (trip_id),
  CONSTRAINT conversations_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.conversations IS 'What was said to the assistant or by it, found again by its meaning.';
COMMENT ON COLUMN public.conversations.embedding IS 'By the model that the application uses, 1536 numbers. Null until it is made.';
CREATE INDEX conversations_trip_id_user_id_idx ON public.conversations (trip_id, user_id);
CREATE INDEX conversations_user_id_created_at_idx ON public.conversations (user_id, created_at DESC);
CREATE INDEX conversations_by_meaning ON public.conversations USING hnsw (embedding extensions.vector_cosine_ops) WITH (ef_construction = 64, m = 16);
REVOKE ALL ON public.conversations FROM anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.conversations TO authenticated;
GRANT ALL ON public.conversations TO service_role;

CREATE POLICY own ON public.conversations
  TO authenticated
  USING (user_id = (select auth.uid()))
  WITH CHECK (user_id = (select auth.uid()));

ALTER TABLE public.conversations ENABLE ROW LEVEL SECURITY;
