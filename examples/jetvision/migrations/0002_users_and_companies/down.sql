-- pilaster: 0002 users_and_companies, the way back

ALTER TABLE public.users DROP CONSTRAINT "users_companyId_fkey";

-- data loss: all rows of companies are gone
DROP TABLE public.companies;

-- data loss: all rows of executive_assistants are gone
DROP TABLE public.executive_assistants;

-- data loss: all rows of users are gone
DROP TABLE public.users;

DROP FUNCTION public.apollo_organization_is_valid(jsonb);

DROP FUNCTION public.assistant_permissions_is_valid(jsonb);

DROP FUNCTION public.aviation_preferences_is_valid(jsonb);

DROP FUNCTION public.json_timestamptz_is_valid(text);

DROP FUNCTION public.json_timestamp_is_valid(text);

DROP FUNCTION public.json_date_is_valid(text);

DROP FUNCTION public."touch_updatedAt"();

DROP TYPE public.company_kind;

DROP TYPE public.user_role;
