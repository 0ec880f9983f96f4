import type { OthersText, TextPlace } from '../../../journey/audience/ports/own-data.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';

/** Where texts of others stand. `$1` is the person, so that own rows of another kind can be told. */
const PLACES: Record<
  TextPlace,
  { from: string; key: string; value: string; another: string; write: string }
> = {
  audit: {
    from: 'audit_entries t where subscriber_id is distinct from $1::bigint',
    key: 't.id',
    value: 'jsonb_build_array(subject, details)',
    another: 'subscriber_id is not null',
    write: 'update audit_entries t set subject = n.value ->> 0, details = n.value -> 1',
  },
  'saved-view': {
    from: 'saved_views t where $1::bigint is not null',
    key: 't.id',
    value: 'jsonb_build_array(name, query)',
    another: 'false',
    write: '',
  },
  'import-row': {
    from: `people_import_rows t where subscriber_id is distinct from $1::bigint and fields <> '[]'`,
    key: `t.import_id || ' ' || t.number`,
    value: 'jsonb_build_array(fields, person)',
    another: 'true',
    write: `update people_import_rows t set fields = n.value -> 0, person = nullif(n.value -> 1, 'null'::jsonb)`,
  },
  'webhook-message': {
    from: 'webhook_messages t where $1::bigint is not null',
    key: 't.id',
    value: 'data',
    another: 'true',
    write: 'update webhook_messages t set data = n.value',
  },
  'webhook-attempt': {
    from: 'webhook_attempts t where $1::bigint is not null and error is not null',
    key: 't.id',
    value: 'to_jsonb(error)',
    another: 'true',
    write: `update webhook_attempts t set error = n.value #>> '{}'`,
  },
  'api-answer': {
    from: 'api_answers t where $1::bigint is not null',
    key: `t.api_key_id || ' ' || md5(t.key)`,
    value: 'jsonb_build_array(t.key, body)',
    another: 'true',
    // The call's own key may be an address: it is kept in a form that no longer says which.
    write: `update api_answers t set body = n.value -> 1,
              key = case when t.key = n.value ->> 0 then t.key else 'erased ' || md5(t.key) end`,
  },
  'mail-to-staff': {
    from: `outbox t where data <> '{}' and $1::bigint is not null`,
    key: 't.id',
    value: 'data',
    another: 'subscriber_id is not null',
    write: 'update outbox t set data = n.value',
  },
  'inbox-mail': {
    from: 'inbox_mails t where $1::bigint is not null',
    key: 't.id',
    // Without soft line breaks (RFC 2045, 6.7), so that an address is found that one of them cuts.
    value: `to_jsonb(replace(encode(raw, 'escape'), E'=\\r\\n', ''))`,
    another: 'true',
    write: '',
  },
  'mail-server-reply': {
    from: 'slow_domains t where $1::bigint is not null',
    key: 't.domain',
    value: 'to_jsonb(reply)',
    another: 'true',
    write: `update slow_domains t set reply = n.value #>> '{}'`,
  },
  'returned-mail': {
    from: 'returned_mails t where subscriber_id is distinct from $1::bigint',
    key: 't.id',
    value: 'jsonb_build_array(diagnostic, evidence, effect)',
    another: 'true',
    write:
      'update returned_mails t set diagnostic = n.value ->> 0, evidence = n.value ->> 1, effect = n.value ->> 2',
  },
  'own-event': {
    from: 'events t where subscriber_id = $1::bigint',
    key: 't.id',
    value: 'details',
    another: 'false',
    write: 'update events t set details = n.value',
  },
};

/** What is not worth keeping without the person it names. */
const DELETED: Partial<Record<TextPlace, string>> = {
  'saved-view': 'saved_views',
  'inbox-mail': 'inbox_mails',
};

/** See `OwnDataStore.textsThatMayName`. */
export async function textsThatMayName(
  db: Queryable,
  subscriberId: number,
  traces: readonly string[],
): Promise<OthersText[]> {
  const found: OthersText[] = [];
  for (const [place, { from, key, value, another }] of Object.entries(PLACES)) {
    const { rows } = await db.query<Omit<OthersText, 'place'>>(
      `select * from (select (${key})::text as key, ${value} as value, ${another} as "isOfAnother" from ${from}) text
        where exists (select from unnest($2::text[]) trace where position(trace in lower(text.value::text)) > 0)`,
      [subscriberId, traces],
    );
    found.push(...rows.map((row) => ({ ...row, place: place as TextPlace })));
  }
  return found;
}

/** See `OwnDataStore.replaceTexts`. */
export async function replaceTexts(db: Queryable, texts: readonly OthersText[]): Promise<void> {
  for (const [place, { key, write }] of Object.entries(PLACES)) {
    const rows = texts
      .filter((text) => text.place === place)
      .map((text) => ({ key: text.key, value: text.value }));
    if (rows.length === 0) continue;
    const table = DELETED[place as TextPlace];
    const given = `jsonb_to_recordset($1::jsonb) as n (key text, value jsonb)`;
    const change = table ? `delete from ${table} t using ${given}` : `${write} from ${given}`;
    await db.query(`${change} where n.key = (${key})::text`, [asJson(rows)]);
  }
}
