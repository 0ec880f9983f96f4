-- Downloads under a typed address are held for everybody, and counted soon after where the address is a reader's: what
-- happens while the form is answered is the same for all.
create index held_downloads on held_touchpoints (subscriber_id) where happening ->> 'kind' = 'download';
