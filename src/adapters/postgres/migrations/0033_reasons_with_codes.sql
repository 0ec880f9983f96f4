-- Why an issue stands still is one reason now: what Simmer had said of it in words, and beside that as a code, becomes the
-- code with its values. All other reasons stay as they are: a text that is no JSON is a sentence of before.
update issues
   set pause_reason = case paused_because ->> 'code'
         when 'restored' then
           jsonb_build_object('code', 'issue.restored', 'values', jsonb_build_object('at', paused_because -> 'madeAt'))::text
         when 'failed' then
           jsonb_build_object('code', 'issue.failed', 'values', paused_because - array['code', 'uncertain'])::text
         else jsonb_build_object('code', 'issue.uncertain', 'values', paused_because - array['code', 'failed'])::text end
 where paused_because is not null;

alter table issues drop column paused_because;
