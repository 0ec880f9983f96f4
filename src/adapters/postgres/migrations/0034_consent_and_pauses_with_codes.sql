-- How somebody gave or took back the permission, and why mails to a reader pause, are codes with values now. What was kept
-- until now is known exactly, so it is read here once; what is none of these stays as it is, and is shown as it stands.
update consent_entries
   set how = case how
         when 'sign-up form' then '{"code":"consent.sign-up-form"}'
         when 'preference page' then '{"code":"consent.preference-page"}'
         when 'unsubscribe page' then '{"code":"consent.unsubscribe-page"}'
         when 'one-click' then '{"code":"consent.one-click"}'
         when 'own data page' then '{"code":"consent.own-data-page"}'
         when 'complaint' then '{"code":"consent.complaint"}'
         when 'unsubscribe mail' then '{"code":"consent.unsubscribe-mail"}'
         when 'request to the mail provider' then '{"code":"consent.mail-provider"}'
         else case when how ~ '^import \d+$'
                   then jsonb_build_object('code', 'consent.import', 'values',
                                           jsonb_build_object('n', substring(how from 8)::bigint))::text
                   else jsonb_build_object('code', 'consent.import-how', 'values',
                                           jsonb_build_object('n', substring(how from '^import (\d+): ')::bigint,
                                                              'what', substring(how from '^import \d+: (.*)$')))::text end end
 where how in ('sign-up form', 'preference page', 'unsubscribe page', 'one-click', 'own data page', 'complaint',
               'unsubscribe mail', 'request to the mail provider')
    or how ~ '^import \d{1,15}$' or how ~ '^import \d{1,15}: ';

update subscribers
   set pause_reason = jsonb_build_object('code', 'pause.mails-came-back', 'values',
                                         jsonb_build_object('n', substring(pause_reason from '^the last (\d+) mails')::int))::text
 where pause_reason ~ '^the last \d{1,5} mails came back';
