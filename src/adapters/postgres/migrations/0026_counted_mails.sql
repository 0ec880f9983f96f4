-- Up Migration

-- Sent to one person on request (`issue send --to`): a trial, which no rate, list or trend counts. Of the issues that are
-- there already, those sent by hand that had one reader at most.
alter table issues add column to_one boolean not null default false;
update issues i set to_one = true
 where slot like 'now-%' and (select count(*) from (select from deliveries d where d.issue_id = i.id limit 2) first) <= 1;
create index issues_to_one on issues (id) where to_one;

-- What a reader was wanted to do, and who left: looked up for everybody that an issue reached.
create index events_wanted on events (subscriber_id, at) where kind in ('form', 'download');
create index events_leaving on events (subscriber_id, at) where kind = 'unsubscribe';
drop index events_forms;

-- Kept numbers of before were counted otherwise.
delete from issue_numbers;
delete from kept_counts;
