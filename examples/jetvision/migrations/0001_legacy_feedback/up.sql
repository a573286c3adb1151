-- pilaster: 0001 legacy_feedback
-- follows: nothing

CREATE TABLE public.feedback (
  id          uuid        DEFAULT gen_random_uuid() PRIMARY KEY,
  "userId"    text        NOT NULL,
  feedback    text        NOT NULL,
  metadata    jsonb,
  "createdAt" timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE public.feedback IS 'What people wrote to us before there were conversations. It is kept as it was; nothing new depends on it.';
COMMENT ON COLUMN public.feedback."userId" IS 'Clerk''s name for the person: the table is older than `users`.';
CREATE INDEX "feedback_userId_createdAt_idx" ON public.feedback ("userId", "createdAt");
REVOKE ALL ON public.feedback FROM anon, authenticated, service_role;
