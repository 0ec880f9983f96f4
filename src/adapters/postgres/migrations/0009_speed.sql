-- Up Migration

-- A delivery changes its status three times, and each time every index that knows its row gets a new entry. So there are
-- few, and each serves several questions.

-- What is due of an issue, in the order it goes out: a claim reads just what it takes.
drop index deliveries_due;
create index deliveries_due on deliveries (issue_id, due_at, id) where status = 'planned';

-- A reader's mails, and none of an issue twice. The other way round it would need a second index for a reader's mails.
alter table deliveries drop constraint deliveries_issue_id_subscriber_id_key;
drop index deliveries_by_subscriber;
alter table deliveries add constraint deliveries_one_a_reader unique (subscriber_id, issue_id);

-- Counts by status, lists of one status, and where an issue's deliveries begin and end.
drop index deliveries_by_status;
drop index deliveries_of_issue;
create index deliveries_by_status on deliveries (issue_id, status, id);

-- Batches are never taken out, and only the claim that made one puts its id here. Looking each up again took a sixth of
-- the claim.
alter table deliveries drop constraint deliveries_batch_id_fkey;
