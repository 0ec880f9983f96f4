import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { parseNetwork } from '../domain/tracking/network.ts';
import { duration, group, list, oneOf } from './schema-parts.ts';

const NETWORK_FORM = 'a network such as 192.0.2.0/24 or 2001:db8::/32';
const network = z
  .string({ error: NETWORK_FORM })
  .refine((written) => parseNetwork(written) !== null, { error: NETWORK_FORM });

const HOST_FORM =
  'the name of a host or domain, such as www.example.com, without https:// and without a path';
const host = z
  .string({ error: HOST_FORM })
  // Browsers and DNS know names in ASCII alone.
  .transform((written) =>
    /[^\p{L}\p{M}\p{N}.-]/u.test(written.trim()) ? written : domainToASCII(written.trim()),
  )
  .refine((name) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(name), {
    error: HOST_FORM,
  });

/** How machines are told from people. The windows are those of mail scanners as they were measured. */
export const machines = group({
  scannerWindow: duration('0 seconds').default(60_000),
  gatewayWindow: duration('0 seconds').default(300_000),
  scannerNetworks: list(network).default([]),
  gateways: list(host).default([]),
  /** 'shortened' keeps the network an address lies in, 'hashed' only a keyed hash of that. */
  keepAddresses: oneOf(['shortened', 'hashed']).default('shortened'),
}).prefault({});

/** The company's own site: what Simmer may learn there, and from which pages. */
export const site = group({
  /** Clicks on links to these hosts carry a short-lived token, so that /s.js can tell whose visit it is. */
  tracking: z.boolean({ error: 'true or false' }).default(false),
  /** Left out: the host of brand.siteUrl. */
  hosts: list(host).default([]),
  tokenLifetime: duration('1 minute').default(1_800_000),
}).prefault({});
