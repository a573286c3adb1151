-- pilaster: 0001 legacy_feedback, the way back

-- data loss: all rows of feedback are gone
DROP TABLE public.feedback;
