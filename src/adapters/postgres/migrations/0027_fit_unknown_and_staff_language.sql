-- Up Migration

-- Fit may be unknown: null then means just that, and who is to be measured is told by what nobody has been measured by.
update subscribers set judged_by = null where fit is null and judged_by is not null;
create index subscribers_not_judged on subscribers (id) where judged_by is null;
drop index subscribers_to_judge;
create or replace function profile_changed() returns trigger language plpgsql as $$
begin
  new.fit := null;
  new.completeness := null;
  new.judged_by := null;
  return new;
end $$;

-- What somebody of the staff chose for themselves, by their address in the programme.
create table staff_choices (
  email    text primary key,                        -- lower case
  language text not null
);
