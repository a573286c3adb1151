-- pilaster: 0001 initial
-- follows: nothing

CREATE TABLE public.deals (
  id         bigint           GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner_id   uuid             NOT NULL,
  title      text             NOT NULL,
  team_size  integer          NOT NULL,
  stage      text             NOT NULL,
  notes      text,
  score      double precision NOT NULL,
  created_at timestamptz      NOT NULL DEFAULT now(),
  CONSTRAINT deals_team_size_positive CHECK (team_size > 0)
);

COMMENT ON TABLE public.deals IS 'One client''s search for a space.';

CREATE TABLE public.emails (
  id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  deal_id bigint      NOT NULL,
  subject text        NOT NULL,
  body    text        NOT NULL,
  sent_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT emails_deal_id_fkey FOREIGN KEY (deal_id) REFERENCES public.deals (id) ON DELETE CASCADE
);

CREATE TABLE public.imports (
  id         bigint           GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner_id   uuid             NOT NULL,
  title      text             NOT NULL,
  team_size  integer          NOT NULL,
  stage      text             NOT NULL,
  notes      text,
  score      double precision NOT NULL,
  created_at timestamptz      NOT NULL DEFAULT now(),
  CONSTRAINT imports_team_size_positive CHECK (team_size > 0)
);

COMMENT ON TABLE public.imports IS 'The same again, for what is inserted and cleared away.';

CREATE INDEX emails_deal_id_idx ON public.emails (deal_id);
