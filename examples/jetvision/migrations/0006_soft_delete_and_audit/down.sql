-- pilaster: 0006 soft_delete_and_audit, the way back

DROP TRIGGER sign_deletion ON public.aircraft;
DROP TRIGGER sign_row ON public.aircraft;

DROP TRIGGER sign_deletion ON public.bookings;
DROP TRIGGER sign_row ON public.bookings;

DROP TRIGGER sign_row ON public.campaign_targets;

DROP TRIGGER sign_deletion ON public.campaigns;
DROP TRIGGER sign_row ON public.campaigns;

DROP TRIGGER sign_deletion ON public.companies;
DROP TRIGGER sign_row ON public.companies;

DROP TRIGGER sign_deletion ON public.conversations;
DROP TRIGGER sign_row ON public.conversations;

DROP TRIGGER sign_row ON public.executive_assistants;

DROP TRIGGER sign_deletion ON public.leads;
DROP TRIGGER sign_row ON public.leads;

DROP TRIGGER sign_deletion ON public.users;
DROP TRIGGER sign_row ON public.users;

-- data loss: the values of aircraft.createdBy are gone
ALTER TABLE public.aircraft DROP COLUMN "createdBy";
-- data loss: the values of aircraft.deletedAt are gone
ALTER TABLE public.aircraft DROP COLUMN "deletedAt";
-- data loss: the values of aircraft.deletedBy are gone
ALTER TABLE public.aircraft DROP COLUMN "deletedBy";
-- data loss: the values of aircraft.updatedBy are gone
ALTER TABLE public.aircraft DROP COLUMN "updatedBy";

-- data loss: the values of bookings.createdBy are gone
ALTER TABLE public.bookings DROP COLUMN "createdBy";
-- data loss: the values of bookings.deletedAt are gone
ALTER TABLE public.bookings DROP COLUMN "deletedAt";
-- data loss: the values of bookings.deletedBy are gone
ALTER TABLE public.bookings DROP COLUMN "deletedBy";
-- data loss: the values of bookings.updatedBy are gone
ALTER TABLE public.bookings DROP COLUMN "updatedBy";

-- data loss: the values of campaign_targets.createdBy are gone
ALTER TABLE public.campaign_targets DROP COLUMN "createdBy";
-- data loss: the values of campaign_targets.updatedBy are gone
ALTER TABLE public.campaign_targets DROP COLUMN "updatedBy";

-- data loss: the values of campaigns.createdBy are gone
ALTER TABLE public.campaigns DROP COLUMN "createdBy";
-- data loss: the values of campaigns.deletedAt are gone
ALTER TABLE public.campaigns DROP COLUMN "deletedAt";
-- data loss: the values of campaigns.deletedBy are gone
ALTER TABLE public.campaigns DROP COLUMN "deletedBy";
-- data loss: the values of campaigns.updatedBy are gone
ALTER TABLE public.campaigns DROP COLUMN "updatedBy";

-- data loss: the values of companies.createdBy are gone
ALTER TABLE public.companies DROP COLUMN "createdBy";
-- data loss: the values of companies.deletedAt are gone
ALTER TABLE public.companies DROP COLUMN "deletedAt";
-- data loss: the values of companies.deletedBy are gone
ALTER TABLE public.companies DROP COLUMN "deletedBy";
-- data loss: the values of companies.updatedBy are gone
ALTER TABLE public.companies DROP COLUMN "updatedBy";

-- data loss: the values of conversations.createdBy are gone
ALTER TABLE public.conversations DROP COLUMN "createdBy";
-- data loss: the values of conversations.deletedAt are gone
ALTER TABLE public.conversations DROP COLUMN "deletedAt";
-- data loss: the values of conversations.deletedBy are gone
ALTER TABLE public.conversations DROP COLUMN "deletedBy";
-- data loss: the values of conversations.updatedBy are gone
ALTER TABLE public.conversations DROP COLUMN "updatedBy";

-- data loss: the values of executive_assistants.createdBy are gone
ALTER TABLE public.executive_assistants DROP COLUMN "createdBy";
-- data loss: the values of executive_assistants.updatedBy are gone
ALTER TABLE public.executive_assistants DROP COLUMN "updatedBy";

-- data loss: the values of leads.createdBy are gone
ALTER TABLE public.leads DROP COLUMN "createdBy";
-- data loss: the values of leads.deletedAt are gone
ALTER TABLE public.leads DROP COLUMN "deletedAt";
-- data loss: the values of leads.deletedBy are gone
ALTER TABLE public.leads DROP COLUMN "deletedBy";
-- data loss: the values of leads.updatedBy are gone
ALTER TABLE public.leads DROP COLUMN "updatedBy";

-- data loss: the values of users.createdBy are gone
ALTER TABLE public.users DROP COLUMN "createdBy";
-- data loss: the values of users.deletedAt are gone
ALTER TABLE public.users DROP COLUMN "deletedAt";
-- data loss: the values of users.deletedBy are gone
ALTER TABLE public.users DROP COLUMN "deletedBy";
-- data loss: the values of users.updatedBy are gone
ALTER TABLE public.users DROP COLUMN "updatedBy";

DROP FUNCTION public.acting_user();

DROP FUNCTION public.sign_deletion();

DROP FUNCTION public.sign_row();

CREATE OR REPLACE FUNCTION public.bookings_status_frozen()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $$
begin
  if old.status in ('completed')
    and row(new.id, new."companyId", new."userId", new."leadId", new."aircraftId", new."avinodeRequestId", new."departureAirport", new."arrivalAirport", new."departureAt", new."arrivalAt", new.passengers, new.status, new."totalPrice", new.currency, new."avinodeData", new."cancelledAt", new."createdAt")
      is distinct from row(old.id, old."companyId", old."userId", old."leadId", old."aircraftId", old."avinodeRequestId", old."departureAirport", old."arrivalAirport", old."departureAt", old."arrivalAt", old.passengers, old.status, old."totalPrice", old.currency, old."avinodeData", old."cancelledAt", old."createdAt")
  then
    raise exception using
      errcode = 'check_violation',
      message = format('bookings can''t be edited while status is %L', old.status),
      hint = 'only updatedAt may change',
      schema = 'public',
      table = 'bookings',
      column = 'status',
      constraint = 'bookings_status_frozen';
  end if;
  return new;
end
$$;
