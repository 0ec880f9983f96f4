-- Up Migration

-- How a file of people is read: what each column was taken for (in the file's order), and what is known of everybody in it.
alter table people_imports add column taken jsonb not null default '[]';
alter table people_imports add column standing text;
-- What of a good row was left out or guessed: [{key, values}], texts of the locales.
alter table people_import_rows add column notes jsonb not null default '[]';
alter table people_import_rows drop constraint people_import_rows_outcome_check;
alter table people_import_rows add constraint people_import_rows_outcome_check check (outcome in
  ('added', 'filled-in', 'unchanged', 'left-alone', 'opted-out'));

-- Who had left a list that was imported. No list brings them in, unless it proves a consent younger than this. Only a
-- fingerprint of the address is kept (SHA-256): enough to leave it alone, too little to write to.
create table list_opt_outs (
  fingerprint bytea primary key,
  at          timestamptz not null,
  why         text not null
);
