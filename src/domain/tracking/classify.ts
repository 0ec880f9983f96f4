import type { Reason } from '../reason.ts';
import { cut } from '../text.ts';
import type { Hit, NetworkSign, Verdict } from './hit.ts';
import { agentKind } from './user-agents.ts';

/** Gmail fetches images while it delivers; no person has seen the mail yet. */
const GMAIL_PREFETCH = 'Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0';
/** Apple Mail Privacy loads every image of every mail, read or not. */
const APPLE_MAIL_PRIVACY = 'Mozilla/5.0';
/**
 * Tells machines from people by the signals that are certain on their own (mail-standards). What is left is taken
 * for human: a human click wrongly dropped costs more than a machine's wrongly counted.
 *
 * `isDeclaredBot` knows the agents that say they are robots. General lists of those also hold mail proxies, behind
 * which there is usually a person, and mail programs, so what is known better (user-agents.ts) has the first word.
 */
export function classify(hit: Hit, isDeclaredBot: (userAgent: string) => boolean): Verdict {
  const agent = hit.userAgent?.trim() ?? '';
  const machine = machineSigns(hit, agent);
  if (machine.length > 0) return { class: 'machine', reasons: machine };
  const [known, name] = agentKind(agent) ?? [];
  if (known === 'proxied')
    return { class: 'proxied', reasons: [{ code: 'machine.proxy', values: { what: name ?? '' } }] };
  if (known === 'machine' || (known !== 'human' && isDeclaredBot(agent)))
    return { class: 'machine', reasons: [{ code: 'machine.robot' }] };
  return { class: 'human', reasons: [] };
}

/**
 * Signs that a request carries by itself and that do not prove a machine: they are kept with the hit and weighed when
 * its mail is looked at as a whole (judge-mail.ts). They count for clicks only: images are also fetched from scanners'
 * networks for people.
 */
export function hitSigns(
  { ip }: Hit,
  isOf: Record<'scanner' | 'dataCentre', (address: string | null) => boolean>,
): NetworkSign[] {
  if (isOf.scanner(ip)) return ['scanner'];
  return isOf.dataCentre(ip) ? ['data-centre'] : [];
}

function machineSigns(hit: Hit, agent: string): Reason[] {
  const signs: Reason[] = [];
  if (hit.method === 'HEAD' || hit.method === 'OPTIONS')
    signs.push({ code: 'machine.asked-with', values: { what: hit.method } });
  if (hit.purpose && /prefetch|preview|prerender/i.test(hit.purpose))
    signs.push({ code: 'machine.ahead', values: { what: cut(hit.purpose, 60) } });
  if (agent === '') signs.push({ code: 'machine.no-agent' });
  if (agent === APPLE_MAIL_PRIVACY) signs.push({ code: 'machine.apple-mail' });
  if (agent.endsWith(GMAIL_PREFETCH)) signs.push({ code: 'machine.gmail' });
  return signs;
}
