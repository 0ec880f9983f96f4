import type pg from 'pg';
import { postgresDatabase } from './adapters/postgres/database.ts';
import type { Links } from './domain/links.ts';
import { mailDomain } from './domain/mail/headers.ts';
import type { Programme } from './domain/programme.ts';
import type { KeepAddress } from './domain/tracking/network.ts';
import type { Database } from './journey/ports.ts';
import { ledgerBy } from './journey/scoring/ledger.ts';

/** A programme's database: the stores, and the ledger that is kept by its rules. */
export function makeDatabase(
  pool: pg.Pool,
  { programme, links, keepAddress }: { programme: Programme; links: Links; keepAddress?: KeepAddress },
): Database {
  return postgresDatabase(pool, {
    mailDomain: mailDomain(programme.brand.from.address),
    ledger: ledgerBy({ programme, links }),
    ...(keepAddress ? { keepAddress } : {}),
  });
}
