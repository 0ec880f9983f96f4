import { isMacOf, newMac } from '../use-key.ts';

/**
 * Says on the company's site whose browser it is, for a short time. It is made when a click leads to that site and is
 * good for telling about visits and forms there, for nothing else: it opens no page of Simmer.
 */
export interface SiteVisitor {
  deliveryId: number;
  /** The key of the click: what that is taken for, visits under the token are too. */
  click: string;
  expiresAt: Date;
}

const MAC_BYTES = 12;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** About 60 characters of [A-Za-z0-9_-.]. The first secret signs. */
export function makeSiteToken(secrets: readonly string[], visitor: SiteVisitor): string {
  const click = Buffer.from(visitor.click.replaceAll('-', ''), 'hex').toString('base64url');
  const seconds = Math.floor(visitor.expiresAt.getTime() / 1000);
  const said = `${visitor.deliveryId.toString(36)}.${seconds.toString(36)}.${click}`;
  return `${said}.${newMac('site', secrets, said, MAC_BYTES).toString('base64url')}`;
}

/** Null for what was not made by us, and for what is over. Every secret verifies. */
export function readSiteToken(secrets: readonly string[], token: string, now: Date): SiteVisitor | null {
  const parts = /^(([0-9a-z]{1,11})\.([0-9a-z]{1,8})\.([\w-]{22}))\.([\w-]{16})$/.exec(token);
  if (!parts) return null;
  const [, said = '', delivery = '', seconds = '', click = '', given = ''] = parts;
  const sent = Buffer.from(given, 'base64url');
  if (!isMacOf('site', secrets, said, sent)) return null;
  const expiresAt = new Date(Number.parseInt(seconds, 36) * 1000);
  if (expiresAt <= now) return null;
  const hex = Buffer.from(click, 'base64url').toString('hex');
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  return UUID.test(uuid) ? { deliveryId: Number.parseInt(delivery, 36), click: uuid, expiresAt } : null;
}

/** The name of the token in an address. */
export const SITE_TOKEN = 'simmer';

/** Whether an address stands on one of the company's own hosts, or below one. */
export function isOnSite(url: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, protocol } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return false;
  const name = hostname.replace(/\.$/, '');
  return hosts.some((host) => name === host || name.endsWith(`.${host}`));
}

/**
 * The address with the token behind its query, and not a byte of it changed: sites sign, split and read theirs in ways of
 * their own. A token that stands there already makes place.
 */
export function withSiteToken(url: string, token: string): string {
  const [, page = '', query = '', fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(url) ?? [];
  const given = `${SITE_TOKEN}=${token}`;
  const parts = query === '' ? [] : query.replace(/&$/, '').split('&');
  const old = parts.findIndex((part) => part === SITE_TOKEN || part.startsWith(`${SITE_TOKEN}=`));
  const all = old < 0 ? [...parts, given] : parts.with(old, given);
  return `${page}?${all.join('&')}${fragment}`;
}
