import { standardAddress } from '../domain/address.ts';
import { languageChecks } from './language-checks.ts';
import { nearMiss, type Problem, show } from './problem.ts';
import { programmeWarnings } from './programme-warnings.ts';
import { type Fields, list, record, words } from './untyped.ts';

/**
 * Checks that span several places of the programme. They look at the programme as it was written, however broken,
 * so that one run names these problems beside those of the shape. Nothing here throws.
 */
export function crossCheck(written: unknown): { problems: Problem[]; warnings: Problem[] } {
  const programme = record(written);
  const languages = languageChecks(programme);
  const problems: Problem[] = [
    ...uniqueIds(programme),
    ...languages.problems,
    ...references(programme),
    ...timeZones(programme),
    ...callsToAction(programme),
    ...scores(programme),
    ...siteHosts(programme),
  ];
  return { problems, warnings: [...languages.warnings, ...programmeWarnings(programme)] };
}

function uniqueIds(programme: Fields): Problem[] {
  return ['interests', 'digests', 'callsToAction', 'footerLinks', 'staff', 'feeds', 'languages'].flatMap(
    (name) => {
      const key = name === 'staff' ? 'email' : name === 'feeds' ? 'url' : 'id';
      const spelled = (value: unknown) => {
        if (typeof value !== 'string') return value;
        return name === 'feeds'
          ? (standardAddress(value) ?? value)
          : name === 'staff'
            ? value.toLowerCase()
            : value;
      };
      const seen = new Map<unknown, number>();
      return list(programme[name]).flatMap((entry, index) => {
        const value = name === 'languages' ? entry : record(entry)[key];
        const first = seen.get(spelled(value));
        if (first === undefined) seen.set(spelled(value), index);
        if (first === undefined || value === undefined) return [];
        const path = name === 'languages' ? `${name}[${index}]` : `${name}[${index}].${key}`;
        return [{ path, found: show(value), allowed: `each once; ${name}[${first}] has it already` }];
      });
    },
  );
}

function references(programme: Fields): Problem[] {
  const interests = list(programme.interests).flatMap((interest) => words([record(interest).id]));
  // That there are none is said already.
  if (interests.length === 0) return [];
  return list(programme.feeds).flatMap((feed, index) =>
    words(record(feed).interests).flatMap((interest, place) =>
      interests.includes(interest)
        ? []
        : [
            unknown(
              `feeds[${index}].interests[${place}]`,
              interest,
              interests,
              'an interest of the programme',
            ),
          ],
    ),
  );
}

function timeZones(programme: Fields): Problem[] {
  return list(programme.digests).flatMap((entry, index) => {
    const zone = record(entry).timeZone;
    if (typeof zone !== 'string' || zone === 'reader' || isTimeZone(zone)) return [];
    const hint = nearMiss(zone, ['reader', ...Intl.supportedValuesOf('timeZone')]);
    const allowed = `'reader' (each reader's own) or an IANA time zone such as 'Europe/Amsterdam'`;
    return [{ path: `digests[${index}].timeZone`, found: show(zone), allowed, ...(hint ? { hint } : {}) }];
  });
}

function callsToAction(programme: Fields): Problem[] {
  return list(programme.callsToAction).flatMap((entry, index) => {
    const { kind, url } = record(entry);
    const path = `callsToAction[${index}].url`;
    if (kind === 'call-back' && url !== undefined && url !== null) {
      return [{ path, found: show(url), allowed: 'nothing: the call-back page is Simmer’s own' }];
    }
    if ((kind === 'brochure' || kind === 'reference-story') && url === undefined) {
      return [{ path, found: 'nothing', allowed: `the address that the ${kind} leads to` }];
    }
    return [];
  });
}

/** The defaults are those of programme-schema.ts: a rule left out still has to agree with the others. */
function scores(programme: Fields): Problem[] {
  const scoring = record(programme.scoring);
  const value = (name: string, standard: number) =>
    typeof scoring[name] === 'number' ? scoring[name] : standard;
  const threshold = value('threshold', 12);
  const customerThreshold = value('customerThreshold', Math.min(6, threshold));
  const floor = value('floor', -12);
  const afterReturn = value('scoreAfterReturn', 0);
  const problems: Problem[] = [];
  const demand = (holds: boolean, name: string, found: number, allowed: string) => {
    if (!holds) problems.push({ path: `scoring.${name}`, found: show(found), allowed });
  };
  const lowest = Math.min(threshold, customerThreshold);
  demand(
    customerThreshold <= threshold,
    'customerThreshold',
    customerThreshold,
    `at most the threshold (${threshold})`,
  );
  demand(floor < lowest, 'floor', floor, `below both thresholds (${lowest})`);
  demand(
    afterReturn < lowest,
    'scoreAfterReturn',
    afterReturn,
    `below both thresholds (${lowest}): the lead must warm again`,
  );
  demand(afterReturn >= floor, 'scoreAfterReturn', afterReturn, `at least the floor (${floor})`);
  return problems;
}

/** Without a host nobody's visit could ever be told. */
function siteHosts(programme: Fields): Problem[] {
  const { tracking, hosts } = record(programme.site);
  if (tracking !== true || list(hosts).length > 0) return [];
  const { siteUrl } = record(programme.brand);
  if (typeof siteUrl === 'string' && URL.canParse(siteUrl)) return [];
  return [
    {
      path: 'site.hosts',
      found: 'nothing, and brand.siteUrl is no address of its own',
      allowed: 'the hosts of the company’s site, such as ["www.example.com"]',
    },
  ];
}

function unknown(path: string, found: unknown, choices: string[], what: string): Problem {
  const hint = nearMiss(found, choices);
  const allowed = choices.length === 0 ? what : `${what}: ${choices.join(', ')}`;
  return { path, found: show(found), allowed, ...(hint ? { hint } : {}) };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
