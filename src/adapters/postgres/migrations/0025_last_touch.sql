-- Up Migration

-- Where the latest contact came from, whole: { at, source }. `source` is the first one's.
alter table subscribers add column last_touch jsonb;

-- Until now a later sign-up filled the gaps of the first source. Where the entry of its consent tells what it brought, the
-- two are taken apart again: what only the later one can have given leaves the first.
with later as (
  select distinct on (c.subscriber_id) c.subscriber_id, c.at, c.details -> 'source' as source
    from consent_entries c join subscribers s on s.id = c.subscriber_id
   where c.act = 'signed-up' and s.erased_at is null
     and c.details -> 'source' ->> 'utm_source' <> s.source ->> 'utm_source'
   order by c.subscriber_id, c.at desc, c.id desc
)
update subscribers s
   set last_touch = jsonb_build_object('at', later.at, 'source', later.source),
       source = (select coalesce(jsonb_object_agg(field.key, field.value), '{}')
                   from jsonb_each(s.source) as field
                  where field.key in ('utm_source', 'download')
                     or later.source -> field.key is distinct from field.value
                     or exists (select from consent_entries e
                                 where e.subscriber_id = s.id and e.act = 'signed-up' and e.at < later.at
                                   and e.details -> 'source' -> field.key = field.value))
  from later
 where later.subscriber_id = s.id;
