-- Up Migration

-- Each mail of an issue is counted on its reader's row, some hundred neighbours in one transaction. A row whose indexed
-- columns stay as they are needs no new entry in any of the fifteen indexes, provided that its new version fits on the
-- same page: so half of each page is left for these. Rows that are there already come to such pages by themselves, as
-- each is written again with the next issue.
alter table subscribers set (fillfactor = 50);

-- Neither readers nor deliveries nor events are ever taken out: who asks to be forgotten keeps a row that names nobody. And
-- the ledger writes only while it holds the reader's row, of deliveries that it has just read and of events that it has just
-- written. Looking each up again took half of what an event costs, and more than half of an entry.
alter table events drop constraint events_subscriber_id_fkey;
alter table events drop constraint events_delivery_id_fkey;
alter table score_entries drop constraint score_entries_subscriber_id_fkey;
alter table score_entries drop constraint score_entries_event_id_fkey;
alter table score_entries drop constraint score_entries_delivery_id_fkey;
