import { describe, expect, it } from 'vitest';
import { describeProblem } from '../../src/config/problem.ts';
import { checkProgramme } from '../../src/config/programme.ts';
import { changed, type Loose } from '../support/programme-input.ts';

const problemsOf = (change: (p: Loose) => void) => {
  const checked = checkProgramme(changed(change));
  return 'problems' in checked ? checked.problems : [];
};
const warningsOf = (change: (p: Loose) => void) => {
  const checked = checkProgramme(changed(change));
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  return checked.warnings;
};

describe('one slip is told once', () => {
  it('a language taken off the list is one warning, and its feeds are left out', () => {
    const drop = (p: Loose) => {
      p.languages = ['en'];
      p.sales.handOut = { rules: [{ languages: ['nl'], to: ['a@tessel.example'] }] };
    };
    expect(warningsOf(drop)).toEqual([
      {
        path: 'languages',
        found: expect.stringMatching(/^"nl" at 10 places \(interests\[0\]\.label\.nl, .* …\)$/),
        allowed: expect.stringContaining('"nl" among the languages'),
      },
    ]);
    const checked = checkProgramme(changed(drop));
    expect('programme' in checked && checked.programme.feeds.map(({ language }) => language)).toEqual(['en']);
  });

  it('a default language taken off the list is named beside it', () => {
    expect(problemsOf((p) => (p.languages = ['nl']))).toMatchObject([
      { path: 'defaultLanguage', found: '"en"' },
    ]);
  });

  it('a language put on the list is one problem', () => {
    expect(problemsOf((p) => p.languages.push('de'))).toEqual([
      {
        path: 'languages',
        found: expect.stringMatching(
          /^"de", and no text in it at 8 places \(interests\[0\]\.label\.de, .* …\)$/,
        ),
        allowed: 'a text in every language of the programme',
      },
    ]);
  });

  it('a language put in the place of another is one problem and one warning', () => {
    const checked = checkProgramme(changed((p) => (p.languages = ['en', 'fr'])));
    expect('problems' in checked && checked.problems.map(({ path }) => path)).toEqual(['languages']);
    expect(checked.warnings.filter(({ path }) => path === 'languages')).toHaveLength(1);
  });

  it.each<[string, (p: Loose) => void, object[]]>([
    [
      'a name misspelt in all feeds',
      (p) => {
        for (const feed of p.feeds) feed.polEvery = '1 hour';
      },
      [{ path: 'feeds[0].polEvery', also: ['feeds[1].polEvery'], hint: 'did you mean "pollEvery"?' }],
    ],
    [
      'a field that has to be there, under a misspelt name',
      (p) => {
        for (const feed of p.feeds) {
          feed.langauge = feed.language;
          delete feed.language;
        }
      },
      [{ path: 'feeds[0].langauge', also: ['feeds[1].langauge'], hint: 'did you mean "language"?' }],
    ],
    [
      'an interest with another id',
      (p) => (p.interests[0].id = 'pay-roll'),
      [{ path: 'feeds[0].interests[0]', also: ['feeds[1].interests[0]'], hint: 'did you mean "pay-roll"?' }],
    ],
    ['no interests', (p) => delete p.interests, [{ path: 'interests', found: 'nothing' }]],
    [
      'no languages',
      (p) => (p.languages = []),
      [{ path: 'languages' }, { path: 'defaultLanguage' }].slice(0, 1),
    ],
  ])('%s', (_, change, expected) => {
    expect(problemsOf(change)).toMatchObject(expected);
    expect(problemsOf(change)).toHaveLength(expected.length);
  });

  it('says where else it is', () => {
    const [problem] = problemsOf((p) => (p.interests[0].id = 'pay-roll'));
    expect(describeProblem(problem!).split('\n')[0]).toBe(
      'feeds[0].interests[0], and the same at feeds[1].interests[0]',
    );
  });

  it('two things that are only alike stay two', () => {
    const paths = problemsOf((p) => {
      p.feeds[0].url = 'ftp://one';
      p.feeds[1].url = 'ftp://two';
      delete p.brand.name;
      delete p.brand.from.name;
    }).map(({ path }) => path);
    expect(paths).toEqual(['brand.name', 'brand.from.name', 'feeds[0].url', 'feeds[1].url']);
  });
});

describe('a name that is not known', () => {
  it.each<[(p: Loose) => void, string]>([
    [(p) => (p.digests[0].minArticles = 3), 'did you mean "minimumArticles"?'],
    [(p) => (p.brand.logoUrl = '/x.png'), 'did you mean "logo"?'],
    [(p) => (p.digests[0].timezone = 'reader'), 'did you mean "timeZone"?'],
    [(p) => (p.footerlinks = []), 'did you mean "footerLinks"?'],
    [(p) => (p.threshold = 3), '"threshold" belongs to scoring'],
    [(p) => (p.brand.officeHours = {}), '"officeHours" belongs to sales'],
    [(p) => (p.sales.seniority = {}), '"seniority" belongs to persona'],
  ])('is told with what was meant: %#', (change, hint) => {
    expect(problemsOf(change)).toMatchObject([{ hint }]);
  });

  it('is not told with a guess that is none', () => {
    expect(problemsOf((p) => (p.zzz = 1))[0]).not.toHaveProperty('hint');
  });
});

describe('what cannot be meant', () => {
  it.each<[string, (p: Loose) => void, string]>([
    [
      'the same feed in two spellings',
      (p) => (p.feeds[1].url = 'HTTPS://Tessel.example/en.xml'),
      'feeds[1].url',
    ],
    [
      'the same colleague in two spellings',
      (p) => p.staff.push({ ...p.staff[0], email: 'ada@TESSEL.example' }),
      'staff[1].email',
    ],
    [
      'companies from large to small',
      (p) => (p.persona = { companySize: { from: 500, to: 50 } }),
      'persona.companySize',
    ],
    [
      'a page that nobody can visit',
      (p) => (p.scoring = { rules: [{ id: 'x', on: { event: 'visit', page: 'pricing' }, points: 1 }] }),
      'scoring.rules[0].on.page',
    ],
  ])('%s is a problem', (_, change, path) => {
    expect(problemsOf(change).map((problem) => problem.path)).toEqual([path]);
  });

  it.each<[string, (p: Loose) => void, string]>([
    [
      'mail every two weeks with articles of one',
      (p) => (p.digests[0].freshness = '7 days'),
      'digests[0].freshness',
    ],
    [
      'more articles than the mail shows',
      (p) => (p.digests[0].minimumArticles = 8),
      'digests[0].minimumArticles',
    ],
    [
      'a sender at a free-mail provider',
      (p) => (p.brand.from.address = 'tessel@gmail.com'),
      'brand.from.address',
    ],
    ['answers that nobody reads', (p) => (p.brand.replyTo = 'no-reply@tessel.example'), 'brand.replyTo'],
    ['nobody who may do everything', (p) => (p.staff[0].role = 'sales'), 'staff'],
    [
      'a rule for everybody before others',
      (p) =>
        (p.sales.handOut = {
          rules: [{ to: ['a@tessel.example'] }, { countries: ['NL'], to: ['b@tessel.example'] }],
        }),
      'sales.handOut.rules[0]',
    ],
    [
      'a language without any feed, once',
      (p) => {
        p.feeds.pop();
      },
      'feeds',
    ],
    [
      'an interest without any feed, once',
      (p) => {
        for (const feed of p.feeds) feed.interests = ['payroll'];
      },
      'interests[1]',
    ],
  ])('%s is worth a look', (_, change, path) => {
    expect(warningsOf(change).map((warning) => warning.path)).toEqual([path]);
  });

  it.each([
    ['every day at 07:00', '1 day'],
    ['every 3 days at 07:30', '72 hours'],
    ['every week on monday, thursday at 10:00', '4 days'],
  ])('a rhythm that fits is none: %s and %s', (schedule, freshness) => {
    expect(warningsOf((p) => Object.assign(p.digests[0], { schedule, freshness }))).toEqual([]);
  });
});
