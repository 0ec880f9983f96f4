/** A value as JSON for Postgres. jsonb takes neither NUL nor half a surrogate pair; what people and programs send may hold both. */
export function asJson(value: unknown): string {
  return JSON.stringify(value, readable);
}

function readable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\0|[\uD800-\uDFFF]/gu, '') : value;
}
