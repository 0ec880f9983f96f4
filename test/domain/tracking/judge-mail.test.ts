import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeMail, type MailFacts, type MailHit } from '../../../src/domain/tracking/judge-mail.ts';

const sentAt = new Date('2026-11-24T09:00:00Z');
const settings = { scannerWindowMs: 60_000, gatewayWindowMs: 300_000 };
const mail = (fields: Partial<MailFacts> = {}): MailFacts => ({
  sentAt,
  isOnTheWire: false,
  gateway: null,
  ...fields,
});
/** A click so many seconds after the mail was delivered. */
const click = (seconds: number, linkNumber = 0, fields: Partial<MailHit> = {}): MailHit => ({
  kind: 'click',
  linkNumber,
  at: new Date(sentAt.getTime() + seconds * 1000),
  class: 'human',
  method: 'GET',
  signs: [],
  network: '192.0.2.0/24',
  agent: 'Firefox',
  ...fields,
});
const open = (seconds: number, fields: Partial<MailHit> = {}): MailHit => ({
  ...click(seconds),
  kind: 'open',
  linkNumber: null,
  ...fields,
});
const known = { signs: ['scanner' as const] };
const dataCentre = { signs: ['data-centre' as const] };
const elsewhere = { network: '198.51.100.0/24' };
const hour = 3600;
/** The places of those that are a machine's. */
const machines = (facts: MailFacts, hits: MailHit[]) => [...judgeMail(facts, hits, settings).keys()].sort();

describe('one sign is not enough', () => {
  it.each<[string, MailFacts, MailHit[]]>([
    ['soon', mail(), [click(20)]],
    ['three links at once', mail(), [click(hour), click(hour + 1, 1), click(hour + 2, 2)]],
    ['the network of a scanner', mail(), [click(hour, 0, known)]],
    ['behind a gateway, and not so soon', mail({ gateway: 'Mimecast' }), [click(200)]],
    ['a second network', mail(), [click(hour), click(hour + 20, 0, elsewhere)]],
    ['a data centre', mail(), [click(hour, 0, dataCentre)]],
    ['three links in the minutes after delivery', mail(), [click(70), click(100, 1), click(130, 2)]],
    ['nothing is known of the sending', mail({ sentAt: null }), [click(0)]],
    ['an open from a known network, soon', mail(), [open(20, known)]],
  ])('%s', (_, facts, hits) => {
    expect(machines(facts, hits)).toEqual([]);
  });
});

it('does not take a person for the scanner that asks for every link with HEAD from the same network', () => {
  const scan = Array.from({ length: 20 }, (_, link) =>
    click(20 + link / 10, link, { method: 'HEAD', class: 'machine' }),
  );
  expect(machines(mail(), [...scan, click(23, 3)])).toEqual([]);
  expect(machines(mail(), [...scan, open(23)])).toEqual([]);
  expect(machines(mail(), [...scan.map((hit) => ({ ...hit, method: 'GET' })), click(23, 3)])).toEqual([20]);
});

describe('two signs are', () => {
  it.each<[string, MailFacts, MailHit[], number[]]>([
    ['soon, from a known network', mail(), [click(20, 0, known)], [0]],
    ['while the mail is on the wire', mail({ sentAt: null, isOnTheWire: true }), [click(0, 0, known)], [0]],
    ['soon, behind a gateway', mail({ gateway: 'Mimecast' }), [open(20), click(25)], [0, 1]],
    ['three links at once, soon', mail(), [click(20), click(21, 1), click(22, 2)], [0, 1, 2]],
    [
      'three links at once, behind a gateway',
      mail({ gateway: 'Mimecast' }),
      [click(200), click(202, 1), click(204, 2)],
      [0, 1, 2],
    ],
    [
      'from a known network, and again from another',
      mail(),
      [click(hour), click(hour + 5, 0, { ...elsewhere, ...known })],
      [1],
    ],
    [
      'a burst from several networks',
      mail(),
      [click(hour), click(hour + 1, 1, elsewhere), click(hour + 2, 2)],
      [0, 1, 2],
    ],
    [
      'six links in a minute, three of them at once',
      mail(),
      [0, 2, 4, 10, 20, 30].map((second, link) => click(hour + second, link)),
      [0, 1, 2],
    ],
    [
      'four links at once, whenever',
      mail(),
      [0, 1, 2, 3].map((link) => click(hour + link, link)),
      [0, 1, 2, 3],
    ],
    [
      'four links of a small mail, one a minute, in the minutes after delivery',
      mail(),
      [0, 1, 2, 3].map((link) => click(70 + 60 * link, link)),
      [0, 1, 2, 3],
    ],
    [
      '… from three networks',
      mail(),
      [0, 1, 2, 3].map((link) => click(70 + 60 * link, link, { network: `10.0.${link % 3}.0/24` })),
      [0, 1, 2, 3],
    ],
    ['from a data centre, minutes after delivery', mail(), [click(200, 0, dataCentre)], [0]],
    [
      'a link that was asked for with HEAD in the same moment',
      mail(),
      [click(hour, 0, { method: 'HEAD', class: 'machine' }), click(hour + 1)],
      [1],
    ],
    [
      'every link, and soon after every link again',
      mail(),
      Array.from({ length: 16 }, (_, n) => click(100 + 10 * n, n % 8)),
      Array.from({ length: 16 }, (_, n) => n).sort(),
    ],
    [
      'every link of the mail, one every twenty seconds',
      mail(),
      Array.from({ length: 12 }, (_, link) => click(100 + 20 * link, link)),
      [0, 1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9],
    ],
    [
      'every link of the mail, each from another network',
      mail(),
      Array.from({ length: 9 }, (_, link) => click(100 + 20 * link, link, { network: `10.0.${link}.0/24` })),
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
    ],
  ])('%s', (_, facts, hits, expected) => {
    expect(machines(facts, hits)).toEqual(expected);
  });
});

describe('what a person does stays a person’s', () => {
  it('when the scanner has been there before, on the same links', () => {
    const scan = Array.from({ length: 8 }, (_, link) => click(120 + link / 2, link, elsewhere));
    const hits = [...scan, open(hour), click(hour + 60, 0), click(hour + 75, 3)];
    expect(machines(mail({ gateway: 'Proofpoint' }), hits)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('when the scan of every link is still going on', () => {
    const scan = Array.from({ length: 9 }, (_, link) => click(100 + 20 * link, link, elsewhere));
    expect(machines(mail(), [...scan, click(190, 3), click(215, 5)])).toHaveLength(9);
  });

  it('… by a program on the same network', () => {
    const scan = Array.from({ length: 9 }, (_, link) => click(100 + 2 * link, link, { agent: 'Chrome' }));
    expect(machines(mail(), [...scan, open(150), click(190, 3), click(215, 5)])).toHaveLength(9);
  });

  it('… and comes from many networks', () => {
    const scan = Array.from({ length: 9 }, (_, link) =>
      click(100 + 20 * link, link, { network: `10.0.${link % 4}.0/24` }),
    );
    expect(machines(mail(), [...scan, click(190, 3), click(215, 5)])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('when a scan of some of the links is going on, and follows theirs or not', () => {
    const scan = Array.from({ length: 6 }, (_, link) => click(100 + 20 * link, link, elsewhere));
    expect(machines(mail(), [...scan, click(150, 3)])).toEqual([0, 1, 2, 3, 4, 5]);
    expect(machines(mail(), [...scan, click(150, 9)])).toEqual([0, 1, 2, 3, 4, 5]);
    expect(machines(mail(), [...scan, click(220, 9), click(240, 10)])).toEqual([0, 1, 2, 3, 4, 5]);
    const known = scan.map((hit) => ({ ...hit, ...dataCentre }));
    expect(machines(mail(), [...known, click(150, 9), click(170, 10)])).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('when it comes from the scanner’s network and looks like it, a minute after', () => {
    const scan = Array.from({ length: 9 }, (_, link) => click(100 + link, link));
    expect(machines(mail(), [...scan, click(190, 3), click(215, 5)])).toHaveLength(9);
  });

  it('behind a gateway whose scan is over', () => {
    const scan = Array.from({ length: 9 }, (_, link) => click(20 + link, link, elsewhere));
    expect(machines(mail({ gateway: 'Mimecast' }), [...scan, click(55, 3)])).toHaveLength(9);
  });

  it('when every click is checked from elsewhere in the same moment', () => {
    const hits = [click(hour), click(hour + 1, 0, { ...elsewhere, ...known })];
    expect(machines(mail(), hits)).toEqual([1]);
  });

  it('when a first act had come: behind a gateway only the first are suspect', () => {
    expect(machines(mail({ gateway: 'Mimecast' }), [open(100), click(110)])).toEqual([]);
  });
});

it('a machine’s open is known by its clicks, a person’s by theirs', () => {
  const scan = Array.from({ length: 8 }, (_, link) => click(120 + link / 2, link, elsewhere));
  const hits = [...scan, open(118, elsewhere), open(145), open(hour, elsewhere)];
  expect(machines(mail(), hits)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(machines(mail(), [click(hour), open(hour - 5)])).toEqual([]);
});

it('an open in the midst of a scan is the scan’s, unless a person’s click goes with it', () => {
  const scan = Array.from({ length: 8 }, (_, link) => click(120 + 5 * link, link, elsewhere));
  expect(machines(mail(), [...scan, open(130)])).toContain(8);
  expect(machines(mail(), [...scan, open(130), click(150, 3)])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(machines(mail(), [...scan, open(400)])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

it('a flood of clicks on one link is nobody’s', () => {
  expect(
    machines(
      mail(),
      Array.from({ length: 101 }, (_, n) => click(hour + n)),
    ).length,
  ).toBe(101);
});

it('a proxy’s open behind a gateway at once is a machine’s', () => {
  expect(machines(mail({ gateway: 'Mimecast' }), [open(5, { class: 'proxied' })])).toEqual([0]);
});

it('says why', () => {
  const verdict = judgeMail(mail(), [click(20, 0, known)], settings).get(0);
  expect(verdict).toEqual({
    class: 'machine',
    reasons: [{ code: 'machine.soon', values: { seconds: 20 } }, { code: 'machine.scanner-network' }],
  });
});

it('does not depend on the order in which hits become known, and is the same when asked again', () => {
  const hit = fc.record({
    second: fc.integer({ min: 0, max: 400 }),
    link: fc.integer({ min: 0, max: 9 }),
    isOpen: fc.boolean(),
    isElsewhere: fc.boolean(),
    isKnown: fc.boolean(),
  });
  const made = (h: {
    second: number;
    link: number;
    isOpen: boolean;
    isElsewhere: boolean;
    isKnown: boolean;
  }) => {
    const fields = { ...(h.isElsewhere ? elsewhere : {}), ...(h.isKnown ? known : {}) };
    return h.isOpen ? open(h.second, fields) : click(h.second, h.link, fields);
  };
  fc.assert(
    fc.property(
      fc.uniqueArray(hit, { maxLength: 25, selector: ({ second }) => second }),
      fc.option(fc.constant('Mimecast'), { nil: null }),
      (all, gateway) => {
        const hits = all.map(made);
        const found = new Set([...judgeMail(mail({ gateway }), hits, settings).keys()].map((at) => hits[at]));
        const backwards = hits.toReversed();
        const again = [...judgeMail(mail({ gateway }), backwards, settings).keys()].map(
          (at) => backwards[at]!,
        );
        expect(new Set(again)).toEqual(found);
      },
    ),
  );
});

/** The places of those that make an SQL by themselves. */
const persons = (facts: MailFacts, hits: MailHit[]) => {
  const found = judgeMail(facts, hits, settings);
  return hits.flatMap((hit, place) =>
    hit.kind === 'click' && (found.get(place)?.class ?? hit.class) === 'human' ? [place] : [],
  );
};
const at = (n: number) => ({ network: `10.0.${n}.0/24` });
const HEAD = { method: 'HEAD', class: 'machine' as const };

describe('no click of a scan makes an SQL', () => {
  it.each<[string, MailFacts, MailHit[]]>([
    [
      'a second round on the heels of the first',
      mail(),
      [...[0, 1, 2, 3, 4, 5].map((n) => click(100 + n / 2, n)), click(128, 1), click(140, 2), click(163, 4)],
    ],
    [
      '… under several names',
      mail(),
      [0, 1, 2, 3, 4, 5, 6, 7]
        .map((n) => click(165 + n / 2, n, { agent: ['Chrome', 'Edge'][n % 2]! }))
        .concat(
          [195, 207, 211, 221, 227].map((second, n) =>
            click(second, n, { agent: ['Chrome', 'Edge'][n % 2]! }),
          ),
        ),
    ],
    [
      '… that rests longer than a minute at its very end, as it did all the time',
      mail(),
      [0, 44, 88, 132, 176, 220, 264].map((second, n) => click(100 + second, n)).concat(click(426, 6)),
    ],
    [
      '… link by link from many networks, few from each',
      mail(),
      [
        [192.4, 0, 1],
        [201.7, 1, 2],
        [210.8, 2, 2],
        [219.8, 3, 2],
        [223.8, 1, 3],
        [229.1, 4, 2],
        [229.9, 2, 4],
        [233.8, 4, 4],
        [238.4, 5, 4],
        [244.5, 0, 3],
        [247.6, 6, 4],
        [250.5, 3, 1],
        [256.7, 7, 2],
        [271.6, 6, 2],
        [273.9, 5, 1],
        [297.1, 7, 4],
      ].map(([second, link, from]) => click(second!, link, at(from!))),
    ],
    [
      '… from many networks, that asked with HEAD first',
      mail({ gateway: 'Mimecast' }),
      [
        ...[
          [34.2, 0, 1],
          [37.4, 1, 1],
          [41.3, 3, 2],
          [41.9, 6, 1],
          [44.6, 2, 3],
          [49.1, 4, 3],
          [64, 5, 4],
          [64.7, 7, 1],
        ].flatMap(([second, link, from]) => [
          click(second! - 0.3, link, { ...at(from!), ...HEAD }),
          click(second!, link, at(from!)),
        ]),
        ...[
          [44.5, 0, 2],
          [58.5, 3, 4],
          [61, 1, 2],
          [71, 5, 1],
          [85.9, 2, 2],
          [88.2, 4, 3],
          [89.2, 6, 3],
          [114.5, 7, 2],
        ].map(([second, link, from]) => click(second!, link, at(from!))),
      ],
    ],
    [
      'a slow one from many networks, the third of which shows late',
      mail(),
      [1, 2, 1, 2, 3, 2, 3, 3].map((from, n) =>
        click([235, 295, 351, 401, 442, 492, 533, 578][n]!, n, at(from)),
      ),
    ],
    [
      'a slow one of a data centre, of which little comes late',
      mail(),
      [
        click(250, 0, { ...at(1), ...dataCentre }),
        click(314, 1, { ...at(2), ...dataCentre }),
        click(386, 2, { ...at(3), ...dataCentre }),
        click(449, 3, { ...at(3), ...dataCentre }),
      ],
    ],
    [
      'a slow one of a scanner',
      mail(),
      [
        click(350, 0, { ...at(1), ...known }),
        click(402, 1, { ...at(2), ...known }),
        click(450, 2, { ...at(1), ...known }),
      ],
    ],
  ])('%s', (_, facts, hits) => {
    expect(persons(facts, hits)).toEqual([]);
  });

  it('and people beside it still do', () => {
    const scan = (n: number) =>
      Array.from({ length: n }, (_, link) => click(100 + 20 * link, link, at(link % 3)));
    expect(persons(mail(), [...scan(9), click(190, 3), click(215, 5)])).toEqual([9, 10]);
    // Phone and desk are two networks, and the scanner's is a third.
    const onTheWay = [
      click(110, 1, { ...at(8), agent: 'iPhone' }),
      click(150, 2, { ...at(9), agent: 'Edge' }),
    ];
    const one = Array.from({ length: 8 }, (_, link) => click(100 + 20 * link, link, at(1)));
    expect(persons(mail(), [...one, ...onTheWay])).toEqual([8, 9]);
    // A virtual desk in a data centre, an hour later; and one after the scan of another was over.
    expect(
      persons(mail(), [
        click(250, 0, { ...at(1), ...dataCentre }),
        click(hour, 1, { ...at(2), ...dataCentre }),
      ]),
    ).toEqual([1]);
    expect(
      persons(mail(), [
        click(250, 0, { ...at(1), ...dataCentre }),
        click(500, 1, { ...at(2), ...dataCentre }),
      ]),
    ).toEqual([1]);
  });
});

it('who looked at the mail and chose among its links, none of them at the foot, is a person', () => {
  const tabs = [open(70), click(100), click(109, 1), click(115, 2), click(128, 3)];
  const chosen = judgeMail(mail({ footer: [5, 6] }), tabs, settings).get(1);
  expect(chosen).toMatchObject({ class: 'human' });
  expect(chosen!.reasons).toContainEqual({ code: 'person.left-foot' });
  // A mail without links at its foot tells nothing; nor does who went to one of them.
  expect(judgeMail(mail({ footer: [] }), tabs, settings).get(1)).toMatchObject({ class: 'doubtful' });
  expect(judgeMail(mail({ footer: [3, 6] }), tabs, settings).get(1)).toMatchObject({ class: 'doubtful' });
});
