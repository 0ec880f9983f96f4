-- Whom an entry is about, when it is about a lead: what names the person ends with an erasure.
alter table audit_entries add column subscriber_id bigint references subscribers;
create index audit_entries_by_subscriber on audit_entries (subscriber_id) where subscriber_id is not null;
