import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadProgramme } from '../../src/config/load-programme.ts';
import { checkProgramme, type ProgrammeInput } from '../../src/config/programme.ts';
import type { Programme } from '../../src/domain/programme.ts';
import { compileRules } from '../../src/domain/scoring/score-rules.ts';
import { changed, input, type Loose, text } from '../support/programme-input.ts';
import { realFile } from '../support/real-use.ts';

function accepted(value: unknown): Programme {
  const checked = checkProgramme(value);
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems, null, 2));
  return checked.programme;
}

function problemsOf(value: unknown) {
  const checked = checkProgramme(value);
  return 'problems' in checked ? checked.problems : [];
}

describe('a programme', () => {
  it('is read from friendly texts, with the table of the programme as default', () => {
    const programme = accepted(input());
    expect(programme.feeds[0]).toEqual({
      url: 'https://tessel.example/en.xml',
      interests: ['payroll', 'crm'],
      language: 'en',
      pollEveryMs: 600_000,
      priority: 1,
      allowPrivateNetwork: false,
    });
    expect(programme.digests[0]).toMatchObject({
      schedule: { every: 2, unit: 'weeks', weekdays: [2], hour: 9, minute: 0 },
      timeZone: 'reader',
      layout: { main: 1, others: 4 },
      freshnessMs: 28 * 86_400_000,
    });
    expect(programme.scoring).toMatchObject({
      threshold: 12,
      customerThreshold: 6,
      mailsBeforeSql: 2,
      floor: -12,
      scoreAfterReturn: 0,
      points: { furtherMail: -1, open: 1, article: 3, download: 5, sqlAtOnce: 12 },
    });
    expect(programme.callsToAction.map(({ url, points }) => [url, points])).toEqual([
      ['/brochure', 5],
      [null, 8],
    ]);
    expect(programme.sales).toMatchObject({ address: 'sales@tessel.example', holdMs: 120_000 });
    expect(programme.brand.from.address).toBe('news@tessel.example');
    expect(programme.staff[0]?.email).toBe('ada@tessel.example');
  });

  it('has a sales desk with habits of its own, where it says nothing else', () => {
    expect(accepted(input()).sales).toEqual({
      address: 'sales@tessel.example',
      holdMs: 120_000,
      handOut: { rules: [], to: ['sales@tessel.example'] },
      officeHours: { timeZone: 'UTC', weekdays: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1020 },
      remindAfterMs: 14_400_000,
      escalateAfterMs: 28_800_000,
      escalateTo: 'sales@tessel.example',
      pauseMailsInProgress: true,
      accountThreshold: null,
      freeMailDomains: [],
    });
    const { sales } = accepted(
      changed((p) => {
        Object.assign(p.sales, {
          handOut: { rules: [{ languages: ['nl'], to: ['Nl@tessel.example'] }], to: ['a@tessel.example'] },
          officeHours: { timeZone: 'Europe/Amsterdam', days: ['friday', 'monday'], to: '12:30' },
          remindAfter: 'never',
          escalateAfter: '1 day',
          accountThreshold: 25,
        });
      }),
    );
    expect(sales).toMatchObject({
      handOut: {
        rules: [{ countries: [], languages: ['nl'], companies: [], to: ['nl@tessel.example'] }],
        to: ['a@tessel.example'],
      },
      officeHours: { weekdays: [1, 5], fromMinute: 540, toMinute: 750 },
      remindAfterMs: null,
      accountThreshold: 25,
    });
  });

  it('names what is wrong at the sales desk', () => {
    const problems = problemsOf(
      changed((p) => {
        Object.assign(p.sales, {
          handOut: { rules: [{ languages: ['fr'], countries: ['nl'], to: [] }] },
          officeHours: { timeZone: 'Amsterdam', days: ['someday'], from: '9', to: '08:00' },
          remindAfter: 'soon',
        });
      }),
    );
    expect(problems.map(({ path }) => path).toSorted()).toEqual([
      'sales.handOut.rules[0].countries[0]',
      'sales.handOut.rules[0].languages[0]',
      'sales.handOut.rules[0].to',
      'sales.officeHours.days[0]',
      'sales.officeHours.from',
      'sales.officeHours.timeZone',
      'sales.remindAfter',
    ]);
    const reversed = problemsOf(changed((p) => (p.sales.officeHours = { from: '18:00', to: '08:00' })));
    expect(reversed).toMatchObject([{ path: 'sales.officeHours.to' }]);
  });

  it('counts its weeks from a day of its own choice', () => {
    const programme = accepted(changed((p) => (p.digests[0].startingOn = '2026-01-06')));
    expect(programme.digests[0]?.schedule.startingOn).toBe('2026-01-06');
  });

  it('names its rules by a version that changes with every rule, and with nothing else', () => {
    const version = (change: (programme: Loose) => void) => accepted(changed(change)).scoring.version;
    const before = version(() => {});
    expect(before).toMatch(/^[0-9a-f]{8}$/);
    expect(version((p) => (p.scoring = { points: { open: 1 }, threshold: 12 }))).toBe(before);
    expect(version((p) => (p.footerLinks[0].label.en = 'All software'))).toBe(before);
    const others = [
      version((p) => (p.scoring = { threshold: 13 })),
      version((p) => (p.scoring = { points: { open: 2 } })),
      version((p) => (p.scoring = { sqlAtOnceUrls: ['https://tessel.example/pricing'] })),
      version((p) => (p.callsToAction[0].points = 6)),
      version((p) => (p.footerLinks[0].points = 4)),
    ];
    expect(new Set([before, ...others]).size).toBe(6);
  });

  it('lowers the customers’ threshold with a low threshold instead of contradicting itself', () => {
    expect(accepted(changed((p) => (p.scoring = { threshold: 4 }))).scoring.customerThreshold).toBe(4);
  });
});

describe('a wrong programme', () => {
  const wrong: [string, (p: Loose) => void, object][] = [
    [
      'an unknown name',
      (p) => (p.scoring = { treshold: 3 }),
      { path: 'scoring.treshold', hint: 'did you mean "threshold"?' },
    ],
    [
      'a missing part',
      (p) => delete p.brand.postalAddress,
      { path: 'brand.postalAddress', found: 'nothing', allowed: 'a text' },
    ],
    [
      'an unknown interest',
      (p) => (p.feeds[1].interests = ['payrol']),
      { path: 'feeds[1].interests[0]', found: '"payrol"', hint: 'did you mean "payroll"?' },
    ],
    [
      'a feed in another language',
      (p) => (p.feeds[0].language = 'de'),
      { path: 'feeds[0].language', allowed: 'a language of the programme: en, nl' },
    ],
    [
      'a feed that is no address',
      (p) => (p.feeds[0].url = 'ftp://x'),
      { path: 'feeds[0].url', found: '"ftp://x"' },
    ],
    [
      'a text that lacks a language',
      (p) => delete p.interests[0].label.nl,
      { path: 'interests[0].label.nl', found: 'nothing' },
    ],
    [
      'a text in a language that is misspelt',
      (p) => (p.digests[0].name = { en: 'News', ln: 'Nieuws' }),
      { path: 'digests[0].name.nl', hint: 'there is one in "ln": did you mean "nl"?' },
    ],
    [
      'an id that is there twice',
      (p) => (p.interests[1].id = 'payroll'),
      { path: 'interests[1].id', allowed: 'each once; interests[0] has it already' },
    ],
    ['an id that is no word', (p) => (p.digests[0].id = 'My News'), { path: 'digests[0].id' }],
    [
      'an unknown time zone',
      (p) => (p.digests[0].timeZone = 'Europe/Amsterdan'),
      { path: 'digests[0].timeZone', hint: 'did you mean "Europe/Amsterdam"?' },
    ],
    [
      'a schedule nobody can read',
      (p) => (p.digests[0].schedule = 'every 2 weeks on tuesdy at 09:00'),
      { path: 'digests[0].schedule', found: '"every 2 weeks on tuesdy at 09:00"' },
    ],
    [
      'a starting day that does not exist',
      (p) => (p.digests[0].startingOn = '2026-02-30'),
      { path: 'digests[0].startingOn' },
    ],
    [
      'a length of time without a unit',
      (p) => (p.digests[0].freshness = '28'),
      { path: 'digests[0].freshness' },
    ],
    [
      'feeds fetched all the time',
      (p) => (p.feeds[0].pollEvery = '1 second'),
      { path: 'feeds[0].pollEvery', found: '"1 second"' },
    ],
    [
      'a sender that is no address',
      (p) => (p.brand.from.address = 'news'),
      { path: 'brand.from.address', found: '"news"' },
    ],
    [
      'a rule about nothing',
      (p) => (p.scoring = { rules: [{ id: 'click-artikle', points: 2 }] }),
      { path: 'scoring.rules[0].id', hint: 'did you mean "click-article"?' },
    ],
    [
      'a new rule without points',
      (p) => (p.scoring = { rules: [{ id: 'pricing', on: { event: 'visit', page: '/pricing' } }] }),
      { path: 'scoring.rules[0].points', found: 'nothing' },
    ],
    [
      'a rule about the page of a click',
      (p) => (p.scoring = { rules: [{ id: 'x', on: { event: 'click', page: '/' }, points: 1 }] }),
      { path: 'scoring.rules[0].on.page', allowed: 'nothing with the event "click"; it goes with: visit' },
    ],
    [
      'a rule about an interest there is none of',
      (p) => (p.scoring = { rules: [{ id: 'x', on: { event: 'click', interest: 'crn' }, points: 1 }] }),
      { path: 'scoring.rules[0].on.interest', hint: 'did you mean "crm"?' },
    ],
    [
      'a rule about a link there is none of',
      (p) => (p.scoring = { rules: [{ id: 'x', on: { event: 'click', target: 'softwar' }, points: 1 }] }),
      { path: 'scoring.rules[0].on.target', hint: 'did you mean "software"?' },
    ],
    [
      'a visit once per mail',
      (p) =>
        (p.scoring = { rules: [{ id: 'x', on: { event: 'visit' }, points: 1, often: 'once per mail' }] }),
      { path: 'scoring.rules[0].often' },
    ],
    [
      'a rule that is there twice',
      (p) =>
        (p.scoring = {
          rules: [
            { id: 'open', points: 2 },
            { id: 'open', points: 3 },
          ],
        }),
      { path: 'scoring.rules[1].id', allowed: 'each once; scoring.rules[0] has it already' },
    ],
    [
      'a rule that counts as often as nobody knows',
      (p) => (p.scoring = { rules: [{ id: 'open', often: 'sometimes' }] }),
      { path: 'scoring.rules[0].often' },
    ],
    [
      'a persona that nothing weighs',
      (p) => (p.persona = { weights: { engagement: 0, fit: 0, completeness: 0 } }),
      { path: 'persona.weights' },
    ],
    [
      'a department nobody works in',
      (p) => (p.persona = { departments: ['finanz'] }),
      { path: 'persona.departments[0]' },
    ],
    [
      'a colour by name',
      (p) => (p.brand.colours.accent = 'red'),
      { path: 'brand.colours.accent', allowed: 'a colour as #rrggbb' },
    ],
    [
      'an unknown role',
      (p) => (p.staff[0].role = 'admn'),
      { path: 'staff[0].role', hint: 'did you mean "admin"?' },
    ],
    [
      'nobody on the staff',
      (p) => (p.staff = []),
      { path: 'staff', allowed: 'a list with at least one entry' },
    ],
    [
      'a brochure that leads nowhere',
      (p) => delete p.callsToAction[0].url,
      { path: 'callsToAction[0].url', found: 'nothing' },
    ],
    ['a call-back with an address', (p) => (p.callsToAction[1].url = '/x'), { path: 'callsToAction[1].url' }],
    [
      'points in halves',
      (p) => (p.footerLinks[0].points = 1.5),
      { path: 'footerLinks[0].points', found: '1.5' },
    ],
    [
      'a floor above the threshold',
      (p) => (p.scoring = { threshold: 3, customerThreshold: 3, floor: 3 }),
      { path: 'scoring.floor' },
    ],
    [
      'a return that is warm already',
      (p) => (p.scoring = { scoreAfterReturn: 7 }),
      { path: 'scoring.scoreAfterReturn' },
    ],
    [
      'a return below the floor',
      (p) => (p.scoring = { floor: -1, scoreAfterReturn: -2 }),
      { path: 'scoring.scoreAfterReturn', allowed: 'at least the floor (-1)' },
    ],
    [
      'customers who are harder to reach',
      (p) => (p.scoring = { customerThreshold: 20 }),
      { path: 'scoring.customerThreshold' },
    ],
    ['a default language that is not there', (p) => (p.defaultLanguage = 'de'), { path: 'defaultLanguage' }],
  ];

  it.each(wrong)('is refused for %s', (_what, change, expected) => {
    expect(problemsOf(changed(change))).toContainEqual(expect.objectContaining(expected));
  });

  it('has every problem named at once', () => {
    const all = changed((p) => {
      for (const [what, change] of wrong)
        if (!/nobody|return|floor|customers|unknown name/.test(what)) change(p);
    });
    const paths = problemsOf(all).map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['brand.postalAddress', 'feeds[0].url', 'digests[0].timeZone', 'staff[0].role']),
    );
    expect(paths.length).toBeGreaterThan(15);
  });

  it.each([undefined, null, 'text', 7, [], { feeds: 'x', interests: [null], digests: [7] }])(
    'is refused when it is %j',
    (value) => {
      expect(problemsOf(value).length).toBeGreaterThan(0);
    },
  );

  it('is used with a warning where readers would miss something', () => {
    const checked = checkProgramme(
      changed((p) => {
        p.feeds[1].interests = ['payroll'];
        p.brand.colours.primary = '#9acd32';
        p.digests[0].minimumArticles = 2;
      }),
    );
    expect('programme' in checked && checked.warnings.map(({ path }) => path)).toEqual([
      'interests[1]',
      'brand.colours.primary',
      'digests[0].minimumArticles',
    ]);
  });
});

describe('addresses', () => {
  const links = (file: string): Loose[] =>
    new Function(`return [${realFile(file)}]`)() as ProgrammeInput['footerLinks'];

  it('are kept in the spelling that travels, and where it differs that can be told', () => {
    const written = links('02-programme-url-not-ascii/footer-links.ts.txt').map((link) => ({
      ...link,
      label: text(link.label.en),
    }));
    const checked = checkProgramme(
      changed((p) => {
        p.footerLinks = written;
        p.callsToAction[0].url = '/übersicht';
        p.feeds[0].url = 'https://bücher.example/en.xml';
        p.brand.logo = 'HTTPS://Tessel.example/logo ä.png';
        p.site = { hosts: ['Bücher.example', 'www.Tessel.example'] };
        p.scoring = {
          sqlAtOnceUrls: ['https://bücher.example/preise', 'https://www.tes*'],
          rules: [{ id: 'x', on: { event: 'click', url: 'https://tessel.example/ö' }, points: 1 }],
        };
      }),
    );
    if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
    const { programme } = checked;
    expect(programme.footerLinks.map(({ url }) => url)).toEqual([
      'https://www.other.example/%C5%82%C3%B3d%C5%BA',
      'https://www.other.example/%C3%BCber-uns?x=1&y=2#kontakt',
      'https://xn--bcher-kva.example/a%20b',
    ]);
    expect(programme.site.hosts).toEqual(['xn--bcher-kva.example', 'www.tessel.example']);
    expect(programme.scoring.sqlAtOnceUrls).toEqual([
      'https://xn--bcher-kva.example/preise',
      'https://www.tes*',
    ]);
    expect(checked.respelled.map(({ path, used }) => [path, used])).toEqual([
      ['brand.logo', 'https://tessel.example/logo%20%C3%A4.png'],
      ['brand.siteUrl', 'https://tessel.example/'],
      ['feeds[0].url', 'https://xn--bcher-kva.example/en.xml'],
      ['callsToAction[0].url', '/%C3%BCbersicht'],
      ['footerLinks[0].url', programme.footerLinks[0]!.url],
      ['footerLinks[1].url', programme.footerLinks[1]!.url],
      ['footerLinks[2].url', programme.footerLinks[2]!.url],
      ['scoring.sqlAtOnceUrls[0]', 'https://xn--bcher-kva.example/preise'],
      ['scoring.rules[0].on.url', 'https://tessel.example/%C3%B6'],
    ]);
  });

  it('that make an SQL at once do so, however they are written', () => {
    const { scoring } = new Function(
      `return { ${realFile('17-score-addresses-not-ascii/programme.txt')} }`,
    )();
    const book = compileRules(accepted(changed((p) => (p.scoring = scoring))), (url) => url);
    const click = (url: string) =>
      book.ruleOf({
        event: 'click',
        class: 'human',
        link: { role: 'article', targetId: '1', url, label: 'x' },
        name: null,
        page: null,
      })?.id;
    expect(
      [
        'https://www.example.com/l%C3%B6sungen',
        'https://www.example.com/pricing',
        'https://xn--bcher-kva.example/preise',
        'https://www.example.com/other',
      ].map(click),
    ).toEqual(['sql-at-once-content', 'sql-at-once-content', 'sql-at-once-content', 'click-article']);
  });

  it.each([
    'www.tessel.example',
    '//tessel.example/x',
    'https://tes sel.example/',
    '/a\\b',
    'mailto:a@b.example',
  ])('that are none are named: %s', (url) => {
    expect(problemsOf(changed((p) => (p.footerLinks[0].url = url)))).toMatchObject([
      { path: 'footerLinks[0].url', found: JSON.stringify(url) },
    ]);
  });
});

describe('machines and the site', () => {
  const found = (change: (programme: Loose) => void) => {
    const checked = checkProgramme(changed(change));
    return 'problems' in checked ? checked.problems.map(({ path }) => path) : checked.programme;
  };

  it('have defaults: scanners as they were measured, the brand’s own host, no tracking', () => {
    expect(found(() => {})).toMatchObject({
      machines: {
        scannerWindowMs: 60_000,
        gatewayWindowMs: 300_000,
        scannerNetworks: [],
        gateways: [],
        keepAddresses: 'shortened',
      },
      site: { tracking: false, hosts: ['tessel.example'], tokenLifetimeMs: 1_800_000 },
    });
  });

  it.each<[(programme: Loose) => void, string]>([
    [
      (programme) => (programme.machines = { scannerNetworks: ['192.0.2.0/40'] }),
      'machines.scannerNetworks[0]',
    ],
    [(programme) => (programme.machines = { gateways: ['https://mx.example.com'] }), 'machines.gateways[0]'],
    [(programme) => (programme.machines = { scannerWindow: 'a minute' }), 'machines.scannerWindow'],
    [(programme) => (programme.machines = { keepAddresses: 'whole' }), 'machines.keepAddresses'],
    [(programme) => (programme.site = { hosts: ['www.example.com/path'] }), 'site.hosts[0]'],
    [(programme) => (programme.site = { tokenLifetime: '5 seconds' }), 'site.tokenLifetime'],
    [
      (programme) => {
        programme.site = { tracking: true };
        programme.brand.siteUrl = '/sample/';
      },
      'site.hosts',
    ],
  ])('what cannot be is named (%#)', (change, path) => {
    expect(found(change)).toEqual([path]);
  });
});

describe('the file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'simmer-programme-'));
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('that Simmer ships is right, without a warning', async () => {
    const { programme, warnings } = await loadProgramme(undefined, false);
    expect(warnings).toEqual([]);
    expect(programme.interests).toHaveLength(6);
    expect(programme.feeds).toHaveLength(24);
  });

  it('is found missing in words', async () => {
    await expect(loadProgramme(join(folder, 'none.ts'), true)).rejects.toThrow(
      /there is no programme at .*none\.ts/,
    );
  });

  it('is told where its syntax breaks', async () => {
    await expect(loadProgramme(file('broken.ts', 'export default {\n  brand: {{\n};'), true)).rejects.toThrow(
      /broken\.ts:2:\d+/,
    );
  });

  it('is told where it throws', async () => {
    const path = file('throws.ts', '\nconst nothing: any = null;\nexport default nothing.brand;\n');
    await expect(loadProgramme(path, true)).rejects.toThrow(/line \d+: Cannot read properties of null/);
  });

  it('is told that it exports nothing', async () => {
    await expect(loadProgramme(file('empty.ts', 'export const x = 1;\n'), true)).rejects.toThrow(
      /found no default export/,
    );
  });
});

describe('choosing and office days', () => {
  const checked = (change: (programme: Loose) => void) => checkProgramme(changed(change));

  it('has sensible defaults, and reads what is written', () => {
    const DAY = 86_400_000;
    const plain = checked(() => {}) as { programme: Programme };
    expect(plain.programme.choosing).toEqual({
      controlShare: 0.1,
      learningHalfLifeMs: 60 * DAY,
      freshnessHalfLifeMs: 7 * DAY,
    });
    expect(plain.programme.digests[0]!.schedule).not.toHaveProperty('officeDays');
    const written = checked((programme) => {
      programme.choosing = { controlShare: 0, learningHalfLife: '30 days' };
      Object.assign(programme.digests[0], { officeDaysOnly: true, holidays: ['2026-12-25'] });
    }) as { programme: Programme };
    expect(written.programme.choosing).toMatchObject({ controlShare: 0, learningHalfLifeMs: 30 * DAY });
    expect(written.programme.digests[0]!.schedule.officeDays).toEqual({ holidays: ['2026-12-25'] });
    expect(written.programme.digests[0]).not.toHaveProperty('holidays');
  });

  it('names what cannot be', () => {
    const { problems } = checked((programme) => {
      programme.choosing = { controlShare: 0.9, freshnessHalfLife: 'long' };
      programme.digests[0].holidays = ['2026-02-30'];
    }) as { problems: { path: string }[] };
    expect(problems.map(({ path }) => path).sort()).toEqual([
      'choosing.controlShare',
      'choosing.freshnessHalfLife',
      'digests[0].holidays[0]',
    ]);
    const { warnings } = checked((programme) => {
      programme.digests[0].holidays = ['2026-12-25'];
    });
    expect(warnings.map(({ path }) => path)).toContain('digests[0].holidays');
  });
});
