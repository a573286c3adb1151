-- The roles that operators make, once for each server. The model refers to them as external: who may
-- log in as them, and with what, is nothing that a model should know.
do $$
declare
  wanted text;
begin
  -- Two databases may be set up at once.
  perform pg_advisory_xact_lock(hashtext('pilaster.platform'));
  foreach wanted in array array['sales_api', 'sales_sign_in', 'sales_jobs'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      execute format('create role %I', wanted);
    end if;
  end loop;
end
$$;
