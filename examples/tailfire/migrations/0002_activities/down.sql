-- pilaster: 0002 activities, the way back

ALTER TABLE public.itinerary_activities DROP CONSTRAINT itinerary_activities_are_parts_of_packages;
ALTER TABLE public.itinerary_activities DROP CONSTRAINT itinerary_activities_itinerary_day_id_agency_id_fkey;

ALTER TABLE public.package_details DROP CONSTRAINT package_details_activity_id_agency_id_component_type_fkey;

-- data loss: all rows of activity_documents are gone
DROP TABLE public.activity_documents;

-- data loss: all rows of activity_media are gone
DROP TABLE public.activity_media;

-- data loss: all rows of activity_pricing_items are gone
DROP TABLE public.activity_pricing_items;

-- data loss: all rows of activity_pricing are gone
DROP TABLE public.activity_pricing;

-- data loss: all rows of activity_suppliers are gone
DROP TABLE public.activity_suppliers;

-- data loss: all rows of activity_travelers are gone
DROP TABLE public.activity_travelers;

-- data loss: all rows of custom_cruise_details are gone
DROP TABLE public.custom_cruise_details;

-- data loss: all rows of dining_details are gone
DROP TABLE public.dining_details;

-- data loss: all rows of flight_segments are gone
DROP TABLE public.flight_segments;

-- data loss: all rows of flight_details are gone
DROP TABLE public.flight_details;

-- data loss: all rows of lodging_details are gone
DROP TABLE public.lodging_details;

-- data loss: all rows of options_details are gone
DROP TABLE public.options_details;

-- data loss: all rows of package_details are gone
DROP TABLE public.package_details;

-- data loss: all rows of port_info_details are gone
DROP TABLE public.port_info_details;

-- data loss: all rows of suppliers are gone
DROP TABLE public.suppliers;

-- data loss: all rows of transportation_details are gone
DROP TABLE public.transportation_details;

-- data loss: all rows of itinerary_activities are gone
DROP TABLE public.itinerary_activities;

-- data loss: all rows of trip_media are gone
DROP TABLE public.trip_media;
