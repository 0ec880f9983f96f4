import pg from 'pg';
import { whole } from '../../domain/text.ts';
import { asJson } from './as-json.ts';

/** Looked up at each call: tests that count statements put themselves there. */
const ask = () => pg.Client.prototype.query as (...args: unknown[]) => unknown;

/**
 * A connection over which nothing goes that Postgres refuses for its letters: zero characters and halves of signs are left
 * out of every value, whoever typed them. Else a request about somebody who is known would fail where one about a stranger
 * is answered.
 */
export class CleanClient extends pg.Client {}

Object.defineProperty(CleanClient.prototype, 'query', {
  writable: true,
  configurable: true,
  value(this: CleanClient, statement: unknown, values?: unknown, ...rest: unknown[]): unknown {
    return ask().call(
      this,
      withCleanValues(statement),
      Array.isArray(values) ? values.map(clean) : values,
      ...rest,
    );
  },
});

function withCleanValues(statement: unknown): unknown {
  if (statement === null || typeof statement !== 'object' || !('values' in statement)) return statement;
  const { values } = statement;
  return isPlain(statement) && Array.isArray(values)
    ? { ...statement, values: values.map(clean) }
    : statement;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return whole(value);
  if (Array.isArray(value)) return value.map(clean);
  // pg writes these as JSON by itself.
  return value !== null && typeof value === 'object' && isPlain(value) ? asJson(value) : value;
}

const isPlain = (value: object): boolean => {
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
};
