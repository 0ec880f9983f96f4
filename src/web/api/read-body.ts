import type { z } from 'zod';
import { ApiProblem } from './key.ts';

/** The body as its schema says. Throws 422 with everything that is wrong, each with its place. */
export function readBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const errors = read.error.issues.map(({ path, code, message }) => ({
    path: path.join('.'),
    code,
    message,
  }));
  throw new ApiProblem(422, 'The body cannot be taken', 'Mend the fields that are named.', errors);
}
