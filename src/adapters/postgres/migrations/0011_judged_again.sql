-- Up Migration

-- What a hit is taken for may change more than once: a scan that goes on may show that a click in its midst was its
-- reader's. So it is kept what the request showed by itself.
alter table events add column arrived_class text;
comment on column events.arrived_class is 'what the request showed by itself, where it was ever taken for something else';
update events e
   set arrived_class = (select c.from_class from event_class_changes c where c.event_id = e.id order by c.id limit 1)
 where exists (select from event_class_changes c where c.event_id = e.id);
