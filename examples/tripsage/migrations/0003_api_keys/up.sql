-- pilaster: 0003 api_keys
-- follows: 0002 sha256:86fba402b404d48cf9d3030d1d4afe2637dfd601984cb2dacf55aba3a62a58f4

CREATE DOMAIN public.sealed AS text NOT NULL
  CONSTRAINT sealed_form CHECK (VALUE ~ '^[A-Za-z0-9_-]{16}[.][A-Za-z0-9_-]{22,}$');

COMMENT ON DOMAIN public.sealed IS '`nonce.ciphertext` in base64url, as the application''s vault seals: 12 bytes, and at least a tag.
A key in plain text does not fit.';

CREATE FUNCTION public.refuse_change()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  raise exception '% is written once', tg_table_name using errcode = 'restrict_violation', table = tg_table_name, schema = tg_table_schema, constraint = tg_name;
end
$$;

COMMENT ON FUNCTION public.refuse_change() IS 'For rows that are written once.';

CREATE TABLE public.conversation_members (
  conversation_id uuid NOT NULL,
  owner_id        uuid NOT NULL DEFAULT auth.uid(),
  user_id         uuid NOT NULL,
  CONSTRAINT conversation_members_pkey PRIMARY KEY (conversation_id, user_id),
  CONSTRAINT conversation_members_conversation_id_owner_id_fkey FOREIGN KEY (conversation_id, owner_id) REFERENCES public.conversations (id, user_id) ON DELETE CASCADE,
  CONSTRAINT conversation_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.conversation_members IS 'Whom a traveller lets read along.';
COMMENT ON COLUMN public.conversation_members.owner_id IS 'The conversation''s own `user_id`, which its key keeps right; policies read it here.';

CREATE TABLE public.encryption_keys (
  version    integer     PRIMARY KEY,
  usable     boolean     NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT encryption_keys_version_usable_key UNIQUE (version, usable),
  CONSTRAINT encryption_keys_count_from_one CHECK (version > 0)
);

COMMENT ON TABLE public.encryption_keys IS 'A version of the vault''s master key. The key itself is never here.';
COMMENT ON COLUMN public.encryption_keys.usable IS 'False retires the version; the foreign keys allow that only when nothing is sealed with it.';

CREATE TABLE public.user_api_keys (
  id            uuid          DEFAULT gen_random_uuid() PRIMARY KEY,
  user_id       uuid          NOT NULL DEFAULT auth.uid(),
  service       varchar(50)   NOT NULL,
  name          varchar(100)  NOT NULL,
  encrypted_key public.sealed NOT NULL,
  key_version   integer       NOT NULL,
  key_usable    boolean       NOT NULL DEFAULT true,
  is_valid      boolean       NOT NULL DEFAULT true,
  expires_at    timestamptz,
  created_at    timestamptz   NOT NULL DEFAULT now(),
  updated_at    timestamptz   NOT NULL DEFAULT now(),
  CONSTRAINT user_api_keys_user_id_service_name_key UNIQUE (user_id, service, name),
  CONSTRAINT user_api_keys_are_of_a_usable_version CHECK (key_usable),
  CONSTRAINT user_api_keys_service_check CHECK (service in ('openai', 'duffel', 'google_maps', 'openweathermap', 'crawl4ai')),
  CONSTRAINT user_api_keys_key_version_fkey FOREIGN KEY (key_version, key_usable) REFERENCES public.encryption_keys (version, usable),
  CONSTRAINT user_api_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE
);

COMMENT ON TABLE public.user_api_keys IS 'A traveller''s own key of another service, which only the vault can read.';

CREATE TABLE public.api_key_access_log (
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  api_key_id uuid        NOT NULL,
  user_id    uuid        NOT NULL,
  service    varchar(50) NOT NULL,
  action     text        NOT NULL,
  purpose    text,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT api_key_access_log_action_check CHECK (action in ('sealed', 'opened', 'rotated', 'revoked')),
  CONSTRAINT api_key_access_log_says_what_for CHECK (action <> 'opened' or purpose is not null)
);

COMMENT ON TABLE public.api_key_access_log IS 'Who used which key when. It outlives the key.';

CREATE FUNCTION public.log_api_key()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path TO ''
AS $$
begin
  if tg_op = 'DELETE' then
    insert into public.api_key_access_log (api_key_id, user_id, service, action)
    values (old.id, old.user_id, old.service, 'revoked');
  else
    insert into public.api_key_access_log (api_key_id, user_id, service, action)
    values (new.id, new.user_id, new.service, case tg_op when 'INSERT' then 'sealed' else 'rotated' end);
  end if;
  return null;
end
$$;

-- widened access: service_role gains execute as its owner on public.open_api_key(key_id uuid, for_what text)
CREATE FUNCTION public.open_api_key(key_id uuid, for_what text)
RETURNS TABLE(sealed_key text, version integer)
LANGUAGE sql
SECURITY DEFINER
SET search_path TO ''
AS $$
  insert into public.api_key_access_log (api_key_id, user_id, service, action, purpose)
  select k.id, k.user_id, k.service, 'opened', for_what
  from public.user_api_keys k where k.id = key_id and k.is_valid;
  select k.encrypted_key::text, k.key_version
  from public.user_api_keys k where k.id = key_id and k.is_valid
$$;

COMMENT ON FUNCTION public.open_api_key(uuid, text) IS 'The only way to a sealed key: it is read and the reading is logged, or neither.';

CREATE INDEX conversation_members_conversation_id_owner_id_idx ON public.conversation_members (conversation_id, owner_id);
CREATE INDEX conversation_members_user_id_idx ON public.conversation_members (user_id);
CREATE INDEX conversation_members_owner_id_idx ON public.conversation_members (owner_id);

CREATE INDEX user_api_keys_key_version_key_usable_idx ON public.user_api_keys (key_version, key_usable);

CREATE INDEX api_key_access_log_user_id_at_idx ON public.api_key_access_log (user_id, at DESC);
CREATE INDEX api_key_access_log_api_key_id_idx ON public.api_key_access_log (api_key_id);

CREATE TRIGGER user_api_keys_updated_at_touch
  BEFORE UPDATE ON public.user_api_keys
  FOR EACH ROW
  WHEN (old.* IS DISTINCT FROM new.*)
  EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER user_api_keys_log
  AFTER INSERT OR DELETE OR UPDATE OF encrypted_key ON public.user_api_keys
  FOR EACH ROW
  EXECUTE FUNCTION public.log_api_key();

CREATE TRIGGER api_key_access_log_is_kept
  BEFORE DELETE OR UPDATE ON public.api_key_access_log
  FOR EACH ROW
  EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER api_key_access_log_is_not_emptied
  BEFORE TRUNCATE ON public.api_key_access_log
  FOR EACH STATEMENT
  EXECUTE FUNCTION public.refuse_change();

REVOKE ALL ON FUNCTION public.refuse_change() FROM anon, authenticated, service_role;
REVOKE EXECUTE ON FUNCTION public.refuse_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.log_api_key() FROM anon, authenticated, service_role;
REVOKE EXECUTE ON FUNCTION public.log_api_key() FROM PUBLIC;

REVOKE ALL ON FUNCTION public.open_api_key(uuid, text) FROM anon, authenticated;
REVOKE EXECUTE ON FUNCTION public.open_api_key(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.open_api_key(uuid, text) TO service_role;

-- widened access: authenticated gains delete on public.cities
-- widened access: authenticated gains insert on public.cities
-- widened access: authenticated gains update on public.cities
GRANT INSERT, UPDATE, DELETE ON public.cities TO authenticated;

-- widened access: authenticated gains delete on public.airports
-- widened access: authenticated gains insert on public.airports
-- widened access: authenticated gains update on public.airports
GRANT INSERT, UPDATE, DELETE ON public.airports TO authenticated;

-- widened access: authenticated gains delete on public.aircraft
-- widened access: authenticated gains insert on public.aircraft
-- widened access: authenticated gains update on public.aircraft
GRANT INSERT, UPDATE, DELETE ON public.aircraft TO authenticated;

-- widened access: authenticated gains delete on public.hotel_types
-- widened access: authenticated gains insert on public.hotel_types
-- widened access: authenticated gains update on public.hotel_types
GRANT INSERT, UPDATE, DELETE ON public.hotel_types TO authenticated;

REVOKE ALL ON public.conversation_members FROM anon, authenticated;
GRANT SELECT, INSERT, DELETE ON public.conversation_members TO authenticated;
GRANT ALL ON public.conversation_members TO service_role;

REVOKE ALL ON public.encryption_keys FROM anon, authenticated;
GRANT ALL ON public.encryption_keys TO service_role;

REVOKE ALL ON public.user_api_keys FROM anon, authenticated, service_role;
GRANT DELETE ON public.user_api_keys TO authenticated;
GRANT INSERT, UPDATE, DELETE ON public.user_api_keys TO service_role;

REVOKE ALL ON public.api_key_access_log FROM anon, authenticated, service_role;
GRANT SELECT ON public.api_key_access_log TO authenticated;
GRANT SELECT ON public.api_key_access_log TO service_role;

REVOKE ALL ON SEQUENCE public.api_key_access_log_id_seq FROM anon, authenticated, service_role;

GRANT SELECT (created_at) ON public.user_api_keys TO authenticated;
GRANT SELECT (created_at) ON public.user_api_keys TO service_role;
GRANT SELECT (updated_at) ON public.user_api_keys TO authenticated;
GRANT SELECT (updated_at) ON public.user_api_keys TO service_role;
GRANT SELECT (id) ON public.user_api_keys TO authenticated;
GRANT SELECT (id) ON public.user_api_keys TO service_role;
GRANT SELECT (user_id) ON public.user_api_keys TO authenticated;
GRANT SELECT (user_id) ON public.user_api_keys TO service_role;
GRANT SELECT (service) ON public.user_api_keys TO authenticated;
GRANT SELECT (service) ON public.user_api_keys TO service_role;
GRANT SELECT (name), UPDATE (name) ON public.user_api_keys TO authenticated;
GRANT SELECT (name) ON public.user_api_keys TO service_role;
GRANT SELECT (key_version) ON public.user_api_keys TO authenticated;
GRANT SELECT (key_version) ON public.user_api_keys TO service_role;
GRANT SELECT (key_usable) ON public.user_api_keys TO service_role;
GRANT SELECT (is_valid) ON public.user_api_keys TO authenticated;
GRANT SELECT (is_valid) ON public.user_api_keys TO service_role;
GRANT SELECT (expires_at) ON public.user_api_keys TO authenticated;
GRANT SELECT (expires_at) ON public.user_api_keys TO service_role;

CREATE POLICY admins ON public.cities
  TO authenticated
  USING ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin')
  WITH CHECK ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

CREATE POLICY admins ON public.airports
  TO authenticated
  USING ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin')
  WITH CHECK ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

CREATE POLICY admins ON public.aircraft
  TO authenticated
  USING ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin')
  WITH CHECK ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

CREATE POLICY admins ON public.hotel_types
  TO authenticated
  USING ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin')
  WITH CHECK ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

CREATE POLICY admins_read ON public.users
  FOR SELECT
  TO authenticated
  USING ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

CREATE POLICY admins_read ON public.trips
  FOR SELECT
  TO authenticated
  USING ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

CREATE POLICY admins_read ON public.flights
  FOR SELECT
  TO authenticated
  USING ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

CREATE POLICY admins_read ON public.accommodations
  FOR SELECT
  TO authenticated
  USING ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

CREATE POLICY admins_read ON public.activities
  FOR SELECT
  TO authenticated
  USING ((select auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');

CREATE POLICY shared ON public.conversations
  FOR SELECT
  TO authenticated
  USING (id in (select m.conversation_id from public.conversation_members m where m.user_id = (select auth.uid())));

CREATE POLICY owner ON public.conversation_members
  TO authenticated
  USING (owner_id = (select auth.uid()))
  WITH CHECK (owner_id = (select auth.uid()));

CREATE POLICY self ON public.conversation_members
  FOR SELECT
  TO authenticated
  USING (user_id = (select auth.uid()));

CREATE POLICY own ON public.user_api_keys
  FOR SELECT
  TO authenticated
  USING (user_id = (select auth.uid()));

CREATE POLICY rename ON public.user_api_keys
  FOR UPDATE
  TO authenticated
  USING (user_id = (select auth.uid()))
  WITH CHECK (user_id = (select auth.uid()));

CREATE POLICY revoke ON public.user_api_keys
  FOR DELETE
  TO authenticated
  USING (user_id = (select auth.uid()));

CREATE POLICY own ON public.api_key_access_log
  FOR SELECT
  TO authenticated
  USING (user_id = (select auth.uid()));

ALTER TABLE public.conversation_members ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.encryption_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_api_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.api_key_access_log ENABLE ROW LEVEL SECURITY;
