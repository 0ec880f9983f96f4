-- Up Migration

-- What may be a keen reader's or a machine's: it counts, and makes no SQL until it is known.
alter table events drop constraint events_class_check;
alter table events add constraint events_class_check check (class in ('human', 'machine', 'proxied', 'doubtful'));
comment on column events.class_reasons is
  'why it is taken for that; with a person''s: what speaks against it, and for it, so that sales is told of the doubt';

-- Who of the staff said what it is. No rule says otherwise after that.
alter table events add column decided_by text;

-- Few, and looked for whenever sales looks at its leads.
create index events_in_doubt on events (subscriber_id, at)
  where class = 'doubtful' or (class = 'human' and class_reasons <> '{}');
