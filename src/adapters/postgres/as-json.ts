import { whole } from '../../domain/text.ts';

/**
 * A value as JSON for Postgres, which takes neither zero characters nor halves of signs in it; what people and programs
 * send may hold both. All JSON that goes to the database is made here.
 */
export function asJson(value: unknown): string {
  const json = JSON.stringify(value);
  // As JSON writes them. Hardly anything has them, and looking for them is quicker than going through every text.
  return /\\u(?:0000|d[89a-f])/.test(json) ? JSON.stringify(value, readable) : json;
}

function readable(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return whole(value);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [whole(name), one]));
}
