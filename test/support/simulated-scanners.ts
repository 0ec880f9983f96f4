import type { Add, Dice } from './scanner-simulation.ts';
import { BROWSERS, HEADLESS } from './simulated-agents.ts';

/** Amazon, Google, Microsoft. */
const CLOUDS = ['54.171', '35.205', '20.82', '52.58', '34.90', '40.112'];

const MANNERS = ['at once', 'one after the other', 'until five minutes are over'] as const;
/** Slower ones, which take a person's time over each link. */
const SLOW = ['by the clock', 'in a person’s time'] as const;

/** Follows links as a scanner does. Returns in words how. */
export function scan(
  add: Add,
  dice: Dice,
  links: readonly number[],
  isMixed: boolean,
  office: string,
): string {
  const { random, between, pick, some } = dice;
  const owner = pick(['known', 'cloud', 'unknown', ...(isMixed ? ['office'] : [])] as const);
  // Who follows a link or two from nowhere known, minutes after delivery, cannot be told from a person by anybody.
  const isPartial = isMixed && (owner === 'known' || owner === 'cloud') && random() < 0.5;
  const followed = isPartial ? some(links, between(1, links.length)) : [...links];
  const newAddress = () => {
    if (owner === 'known') return `67.231.${between(144, 159)}.${between(1, 255)}`;
    if (owner === 'cloud') return `${pick(CLOUDS)}.${between(0, 255)}.${between(1, 255)}`;
    return owner === 'office' ? `${office}.9` : dice.address();
  };
  const roaming = random();
  const count = roaming < 0.6 ? 1 : roaming < 0.85 || !isMixed ? 4 : links.length;
  const addresses = Array.from({ length: count }, newAddress);
  const isHeadless = isMixed && random() < 0.1;
  const agents = isHeadless ? [HEADLESS] : random() < 0.5 ? [pick(BROWSERS)] : BROWSERS;
  const visitor = () => ({ isPerson: false, ip: pick(addresses), agent: pick(agents) });

  const manner = pick([...MANNERS, ...(isMixed ? SLOW : [])] as const);
  const start = random() < 0.66 ? 20 + random() * 40 : 60 + random() * 180;
  const step = between(3, 45);
  let slowly = start;
  const timeOf = (place: number): number => {
    if (manner === 'at once') return start + random() * 4;
    if (manner === 'one after the other') return Math.min(start + place * (1 + random() * 5), 300);
    if (manner === 'until five minutes are over') return start + random() * (300 - start);
    if (place > 0) slowly += manner === 'by the clock' ? step + random() * 0.3 : step * (0.5 + random());
    return slowly;
  };
  const image = random();
  if (image < 0.5) add(start - 1, null, visitor());
  else if (isMixed && image < 0.7) add(start - 5 - random() * 15, null, visitor());
  const asksFirst = isMixed && random() < 0.15;
  const isTwice = isMixed && random() < 0.15;
  for (const [place, link] of followed.entries()) {
    const seconds = timeOf(place);
    const who = visitor();
    if (asksFirst) add(seconds - 0.3, link, who, 'HEAD');
    add(seconds, link, who);
    if (isTwice) add(seconds + 1 + random() * 60, link, visitor());
  }
  const words = [
    owner,
    manner,
    isPartial ? 'some links' : 'every link',
    count > 1 ? 'from several networks' : '',
    agents.length > 1 ? 'under several names' : '',
    isHeadless ? 'headless' : '',
    image < 0.5 ? 'with images' : isMixed && image < 0.7 ? 'with images long before' : '',
    asksFirst ? 'HEAD first' : '',
    isTwice ? 'twice' : '',
  ];
  return words.filter(Boolean).join(', ');
}
