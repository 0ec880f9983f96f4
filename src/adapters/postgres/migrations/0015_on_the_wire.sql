-- Up Migration

-- That a claimed mail is on the wire is a mark of its own, no longer a status. A status stands in indexes, so each mail that
-- went on the wire got a new entry in every index of the table; the mark stands in none, and the row stays on its page, as
-- half of each page is left for that.
alter table deliveries add column is_on_wire boolean not null default false;
update deliveries set status = 'claimed', is_on_wire = true where status = 'sending';
alter table deliveries drop constraint deliveries_status_check;
alter table deliveries add constraint deliveries_status_check
  check (status in ('planned', 'claimed', 'sent', 'failed', 'uncertain', 'skipped', 'cancelled'));
-- Nobody takes a mail back that is on the wire: what forgets to ask is refused.
alter table deliveries add constraint deliveries_on_wire_is_claimed check (status = 'claimed' or not is_on_wire);
drop index deliveries_in_hand;
create index deliveries_in_hand on deliveries (batch_id) where status = 'claimed';
alter table deliveries set (fillfactor = 50);
