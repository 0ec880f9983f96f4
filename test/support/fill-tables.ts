import type { Queryable } from '../../src/adapters/postgres/pool.ts';

interface Column {
  table: string;
  name: string;
  type: string;
  is_nullable: boolean;
  /** Postgres gives its value: not to be written. */
  is_given: boolean;
  is_key: boolean;
}

/** Texts that formats stumble over. */
const HARD = [
  'plain',
  'tab\there',
  'two\nlines\r\n',
  '\\.',
  '\\N',
  'back\\slash',
  'null',
  'it\'s "so"',
  'Müller 🧑‍💻',
  ' ',
  '',
];

/**
 * Rows for every table there is, as its columns, keys and checks allow them: what nobody thought of is among them, such as
 * tables that are added later. The same database gets the same rows.
 */
export async function fillTables(
  db: Queryable,
  rowsEach: number,
  leaveOut: readonly string[] = [],
): Promise<string[]> {
  const columns = await columnsOf(db);
  const keys = await foreignKeys(db);
  const choices = await choicesOf(db);
  const tables = inOrder(
    [...new Set(columns.map(({ table }) => table))].filter((table) => !leaveOut.includes(table)),
    keys,
  );
  for (const table of tables) {
    const own = columns.filter((column) => column.table === table && !column.is_given);
    for (let row = 0; row < rowsEach; row += 1) {
      const values: unknown[] = [];
      const names: string[] = [];
      for (const column of own) {
        const key = keys.find((one) => one.table === table && one.column === column.name);
        const value = key
          ? await idOf(db, key.refers, key.refersTo, row)
          : madeUp(column, row, choices.get(`${table}.${column.name}`));
        if (value === undefined) continue;
        names.push(`"${column.name}"`);
        values.push(value);
      }
      const places = values.map((_, at) => `$${at + 1}`);
      await db.query(
        names.length > 0
          ? `insert into "${table}" (${names.join(', ')}) overriding system value values (${places.join(', ')}) on conflict do nothing`
          : `insert into "${table}" default values`,
        values,
      );
    }
  }
  return tables;
}

async function columnsOf(db: Queryable): Promise<Column[]> {
  const { rows } = await db.query<Column>(
    `select c.relname as table, a.attname as name, format_type(a.atttypid, null) as type, not a.attnotnull as is_nullable,
            a.attgenerated <> '' or a.attidentity <> '' or coalesce(pg_get_expr(d.adbin, d.adrelid) like 'nextval(%', false) as is_given,
            exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p' and a.attnum = any(k.conkey)) as is_key
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'migrations'
      order by c.relname, a.attnum`,
  );
  return rows;
}

interface Key {
  table: string;
  column: string;
  refers: string;
  refersTo: string;
}

async function foreignKeys(db: Queryable): Promise<Key[]> {
  const { rows } = await db.query<Key>(
    `select t.relname as table, a.attname as column, r.relname as refers, b.attname as "refersTo"
       from pg_constraint k join pg_class t on t.oid = k.conrelid join pg_class r on r.oid = k.confrelid
       join pg_attribute a on a.attrelid = t.oid and a.attnum = k.conkey[1]
       join pg_attribute b on b.attrelid = r.oid and b.attnum = k.confkey[1]
      where k.contype = 'f' and k.connamespace = 'public'::regnamespace`,
  );
  return rows;
}

/** What a check allows by name: "table.column" → its words. */
async function choicesOf(db: Queryable): Promise<Map<string, string[]>> {
  const { rows } = await db.query<{ table: string; check: string }>(
    `select t.relname as table, pg_get_constraintdef(k.oid) as check
       from pg_constraint k join pg_class t on t.oid = k.conrelid
      where k.contype = 'c' and k.connamespace = 'public'::regnamespace`,
  );
  const choices = new Map<string, string[]>();
  for (const { table, check } of rows) {
    const found = /^CHECK \(\((\w+) = ANY \(ARRAY\[(.*)\]\)\)\)$/.exec(check);
    if (!found) continue;
    choices.set(
      `${table}.${found[1]}`,
      [...found[2]!.matchAll(/'([^']*)'/g)].map((word) => word[1]!),
    );
  }
  return choices;
}

/** Tables that others point to come first. */
function inOrder(tables: string[], keys: Key[]): string[] {
  const done: string[] = [];
  const visit = (table: string, trail: string[]) => {
    if (done.includes(table) || trail.includes(table)) return;
    for (const key of keys) if (key.table === table) visit(key.refers, [...trail, table]);
    if (tables.includes(table)) done.push(table);
  };
  for (const table of tables) visit(table, []);
  return done;
}

async function idOf(db: Queryable, table: string, column: string, row: number): Promise<unknown> {
  const { rows } = await db.query<{ id: unknown }>(
    `select "${column}" as id from "${table}" order by 1 offset $1 % greatest(1, (select count(*) from "${table}")) limit 1`,
    [row],
  );
  return rows[0]?.id ?? null;
}

function madeUp({ name, type, is_nullable, is_key }: Column, row: number, choices?: string[]): unknown {
  if (choices) return choices[row % choices.length];
  // Every third is empty where it may be; undefined leaves it to its default.
  if (is_nullable && row % 3 === 2) return null;
  const at = new Date(Date.UTC(2026, 0, 1 + row, 10, 11, 12, 345));
  switch (type) {
    case 'text':
    case 'character varying':
      return `${HARD[row % HARD.length]} ${name} ${row}`;
    case 'text[]':
      return [HARD[row % HARD.length], name, `"${row}"`, '{x,y}'];
    case 'bigint':
    case 'integer':
    case 'smallint':
      return row + 1;
    case 'real':
    case 'double precision':
    case 'numeric':
      return row + 0.5;
    case 'boolean':
      // Marks that belong to one status only, such as that of a mail on the wire, stay off. As a key it stands for the only row.
      return is_key;
    case 'jsonb':
      return JSON.stringify({ [HARD[row % HARD.length]!]: [row, null, name] });
    case 'timestamp with time zone':
      return at;
    case 'date':
      return `2026-${String((row % 12) + 1).padStart(2, '0')}-01`;
    case 'bytea':
      return Buffer.from([0, 1, 92, 46, 10, 255, row % 256]);
    case 'uuid':
      return `00000000-0000-4000-8000-${String(row).padStart(12, '0')}`;
    default:
      throw new Error(`fillTables has no values of the type ${type} (${name}): add them`);
  }
}
