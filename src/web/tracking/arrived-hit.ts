import { randomFillSync } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { classify, hitSigns } from '../../domain/tracking/classify.ts';
import { DATA_CENTRE_NETWORKS } from '../../domain/tracking/data-centres.ts';
import type { RecordedHit } from '../../domain/tracking/hit.ts';
import { networkList } from '../../domain/tracking/network.ts';
import { SCANNER_NETWORKS } from '../../domain/tracking/scanners.ts';
import type { WebContext } from '../context.ts';
import { readHit } from '../hit.ts';
import { isDeclaredBot } from './declared-bot.ts';

export type MakeHit = (
  request: FastifyRequest,
  what: { kind: 'open' | 'click'; deliveryId: number; linkNumber: number | null },
) => RecordedHit;

/** Makes the request into what is written down: what a request shows by itself is weighed here, without the database. */
export function makeHits({ programme, keepAddress, now }: WebContext): MakeHit {
  const isOf = {
    scanner: networkList([...SCANNER_NETWORKS, ...programme.machines.scannerNetworks]),
    dataCentre: networkList(DATA_CENTRE_NETWORKS),
  };
  return (request, { kind, deliveryId, linkNumber }) => {
    const hit = readHit(request);
    const at = now();
    return {
      key: newKey(at),
      kind,
      deliveryId,
      linkNumber,
      at,
      method: hit.method,
      network: keepAddress(hit.ip),
      userAgent: hit.userAgent,
      verdict: classify(hit, isDeclaredBot),
      signs: hitSigns(hit, isOf),
    };
  };
}

/** Random bytes are cheaper by the page. */
const pool = Buffer.alloc(4096);
let used = pool.length;

/** A UUID of version 7: it begins with the time, so that keys of one time lie together in the index. */
function newKey(at: Date): string {
  if (used + 10 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const time = at.getTime().toString(16).padStart(12, '0');
  const random = pool.toString('hex', used, used + 10);
  used += 10;
  const variant = ((Number.parseInt(random[3]!, 16) & 3) | 8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}
