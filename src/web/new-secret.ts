import { randomBytes } from 'node:crypto';

/** A secret of 256 bits for a link that is mailed to one person; only its hash is kept. */
export const newSecret = (): string => randomBytes(32).toString('base64url');
