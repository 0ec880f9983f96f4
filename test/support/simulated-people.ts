import type { Add, Dice } from './scanner-simulation.ts';
import { BROWSERS } from './simulated-agents.ts';

const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Mobile/15E148 Safari/604.1';
const OUTLOOK = 'Mozilla/4.0 (compatible; ms-office; MSOffice 16)';
const GMAIL_PROXY =
  'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)';

/** Opens the mail a minute to a day after delivery, most in the first hours, and clicks one to three links. */
export function read(
  add: Add,
  { random, between, pick, some, address }: Dice,
  links: readonly number[],
  office: string,
): void {
  const ip = random() < 0.5 ? `${office}.5` : address();
  const who = { isPerson: true, ip, agent: pick(BROWSERS) };
  let seconds = 40 * (86_400 / 40) ** random();
  if (random() < 0.7) add(seconds, null, who);
  const isFast = random() < 0.3;
  for (const link of some(links, between(1, Math.min(3, links.length)))) {
    seconds += isFast ? 1 + random() * 4 : 4 + random() * 86;
    add(seconds, link, who);
    // Once in a while a person clicks again.
    if (random() < 0.1) add(seconds + 2, link, who);
  }
}

/** How the keenest readers read. Each has read all it wants within ten minutes of delivery. */
export const KEEN_STYLES = [
  'skims: a tab every 5 to 15 s',
  'reads one page after the other',
  'opens in Outlook, reads in a browser',
  'begins on the phone, goes on at the desk',
  'Gmail shows the pictures',
  'Apple Mail hides the opening',
  'shows no pictures',
  'passes it on to colleagues at the next desks',
] as const;

/** A reader who follows four links or all of them. Returns in words how. */
export function readKeenly(add: Add, dice: Dice, links: readonly number[], office: string): string {
  const { random, between, pick, some, address } = dice;
  const style = pick(KEEN_STYLES);
  const wanted = random() < 0.3 ? [...links] : some(links, between(Math.min(4, links.length), links.length));
  const isAtWork = style === KEEN_STYLES[7] || random() < 0.6;
  const ip = isAtWork ? `${office}.5` : address();
  const desk = { isPerson: true, ip, agent: pick(BROWSERS) };
  const phone = { isPerson: true, ip: random() < 0.5 ? ip : address(), agent: PHONE };
  const colleagues = BROWSERS.map((agent) => ({ isPerson: true, ip, agent }));
  const isSkimming = style === KEEN_STYLES[0] || (style !== KEEN_STYLES[1] && random() < 0.4);

  let seconds = 15 + random() * 150;
  if (style === KEEN_STYLES[4])
    add(seconds, null, { isPerson: true, ip: '66.249.84.12', agent: GMAIL_PROXY });
  else if (style === KEEN_STYLES[2]) add(seconds, null, { ...desk, agent: OUTLOOK });
  else if (style === KEEN_STYLES[3]) add(seconds, null, phone);
  else if (style !== KEEN_STYLES[5] && style !== KEEN_STYLES[6]) add(seconds, null, desk);
  seconds += 4 + random() * 40;
  const change = between(1, wanted.length - 1);
  for (const [place, link] of wanted.entries()) {
    if (seconds > 600) break;
    const who =
      style === KEEN_STYLES[3]
        ? place < change
          ? phone
          : desk
        : style === KEEN_STYLES[7]
          ? colleagues[Math.min(2, Math.floor((3 * place) / wanted.length))]!
          : desk;
    add(seconds, link, who);
    // Pages take as long as they please: most are left soon, a few are read.
    seconds += isSkimming ? 5 + random() * 10 : 15 + 75 * random() ** 1.5;
  }
  return style;
}
