-- The roles that operators make, once for each server. The model refers to them as external: who may
-- log in as them, and with what, is nothing that a model should know.
do $$
declare
  wanted text;
begin
  foreach wanted in array array['sales_api', 'sales_sign_in', 'sales_jobs'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      begin
        execute format('create role %I', wanted);
      exception when duplicate_object or unique_violation then
        -- Another database of the server was set up at the same moment.
        null;
      end;
    end if;
  end loop;
end
$$;
