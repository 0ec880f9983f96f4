-- Up Migration

-- Which kinds of mails there are, and who posts what came back, is said once, by the types of the program.
alter table outbox drop constraint outbox_kind_check;
alter table returned_mails drop constraint returned_mails_source_check;
