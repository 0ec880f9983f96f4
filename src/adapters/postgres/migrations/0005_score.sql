-- Up Migration

-- Every set of rules that ever scored. Entries of the ledger name one of them.
create table rule_versions (
  version    text primary key,
  rules      jsonb not null,                        -- the whole table, limits included, as it was
  adopted_at timestamptz not null,
  adopted_by text not null                          -- 'programme' when it was found there, else who applied it
);

-- A change of rules that is carried through the ledger. The latest one that was not undone holds from the moment it is
-- written: its flags lie over what the programme says.
create table rescorings (
  id          bigint generated always as identity primary key,
  at          timestamptz not null,
  by          text not null,
  version     text not null references rule_versions,
  previous_version text,                            -- the rules before it, to go back to
  change      jsonb not null default '{}',          -- {threshold, points: {rule: points} …}: the flags it was given
  finished_at timestamptz,                          -- null: it was broken off; applying again goes on
  undone_at   timestamptz
);

-- The entries that a change of rules wrote.
alter table score_entries add column rescoring_id bigint references rescorings;
create index score_entries_moves on score_entries (subscriber_id) where points = 0;
create index score_entries_by_rescoring on score_entries (rescoring_id, subscriber_id) where rescoring_id is not null;

-- The days for which fading was written.
create table fade_days (
  day         date primary key,
  finished_at timestamptz not null
);

alter table subscribers
  add column scored_until        timestamptz,       -- the time of the latest act in the ledger
  add column order_matters_until timestamptz,       -- … and of the latest entry that depends on those before it
  add column company_size        integer,           -- employees
  add column industry            text,
  add column country             text,              -- ISO 3166, when somebody said so
  add column fit                 smallint,          -- 0 to 100, by the programme's persona; null: to be looked at
  add column completeness        smallint,
  add column judged_by           text,              -- names the persona that fit was measured against
  add column priority            real not null default 0;  -- 0 to 100: engagement, fit and completeness together
create index subscribers_by_priority on subscribers (priority, id);
create index subscribers_to_judge on subscribers (id) where fit is null;
update subscribers s
   set scored_until = (select max(at) from score_entries e where e.subscriber_id = s.id),
       order_matters_until = (select max(at) from score_entries e where e.subscriber_id = s.id and e.rule = 'returned');

-- Whoever writes to a profile: how well it fits is looked at again.
create function profile_changed() returns trigger language plpgsql as $$
begin
  new.fit := null;
  new.completeness := null;
  return new;
end $$;
create trigger profile_changed before update of email, name, company, job_title, phone, time_zone, company_size, industry, country, interests
  on subscribers for each row
  when ((old.email, old.name, old.company, old.job_title, old.phone, old.time_zone, old.company_size, old.industry, old.country, old.interests)
        is distinct from
        (new.email, new.name, new.company, new.job_title, new.phone, new.time_zone, new.company_size, new.industry, new.country, new.interests))
  execute function profile_changed();

-- How the three are combined; one row, written from the programme. domain/sales/fit.ts states the formula too.
create table priority_formula (
  only_row           boolean primary key default true check (only_row),
  engagement         real not null,
  fit                real not null,
  completeness       real not null,
  threshold          integer not null,
  customer_threshold integer not null,
  floor              integer not null
);
insert into priority_formula values (true, 50, 35, 15, 12, 6, -12);

create function priority_changed() returns trigger language plpgsql as $$
declare f priority_formula;
begin
  select * into f from priority_formula;
  new.priority :=
    (f.engagement * 100 * (1 - power(2, - greatest(new.score - f.floor, 0)::float8
                                        / (case when new.is_customer then f.customer_threshold else f.threshold end - f.floor)))
     + f.fit * coalesce(new.fit, 40) + f.completeness * coalesce(new.completeness, 20))
    / (f.engagement + f.fit + f.completeness);
  return new;
end $$;
create trigger priority_changed before update of score, is_customer, fit, completeness on subscribers for each row
  when ((old.score, old.is_customer, old.fit, old.completeness)
        is distinct from (new.score, new.is_customer, new.fit, new.completeness))
  execute function priority_changed();
create trigger priority_begun before insert on subscribers for each row execute function priority_changed();

-- What a mail found when it was sent is part of what happened: a replay of history needs it.
update events e
   set details = e.details || jsonb_build_object('stage', case when p.id is null and n.number > 1 then 'sql' else 'mql' end,
                                                 'number', n.number)
  from (select id, row_number() over (partition by subscriber_id order by at, id) as number
          from events where kind = 'mail-sent') n
  left join score_entries p on p.event_id = n.id and p.rule = 'further-mail'
 where e.id = n.id;
update events e
   set details = e.details || jsonb_build_object('round', coalesce(
         (select split_part(s.once_key, ':r', 2)::bigint from score_entries s
           where s.event_id = e.id and s.once_key ~ '^form:.*:r[0-9]+$' limit 1), 0))
 where e.kind = 'form';

-- Replays read all of history, lead by lead.
create index events_of_lead on events (subscriber_id, at, id);
drop index events_by_subscriber;
