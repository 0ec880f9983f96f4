import type { Source, Subscriber, Touch } from './subscriber.ts';

/**
 * What a further contact changes. Each is kept whole, the first and the last: fields of two of them beside each other would
 * name a campaign that never was. Only what somebody wanted to download is filled in, as it is no part of where they came from.
 */
export function touchedBy(
  { source: first, lastTouch }: Pick<Subscriber, 'source' | 'lastTouch'>,
  { source, at }: Touch,
): Partial<Pick<Subscriber, 'source' | 'lastTouch'>> {
  const { download: wanted, ...campaign } = source;
  const { download = wanted, ...known } = first;
  const downloads = download === undefined ? {} : { download };
  if (Object.keys(known).length === 0 && Object.keys(campaign).length > 0)
    return { source: { ...campaign, ...downloads } };
  const filled = download === first.download ? {} : { source: { ...first, ...downloads } };
  const isOld = lastTouch != null && at < lastTouch.at;
  const isNothingNew =
    Object.keys(campaign).length === 0 || isSame(campaign, lastTouch ? lastTouch.source : known);
  return isOld || isNothingNew ? filled : { ...filled, lastTouch: { source, at } };
}

/** What was to be downloaded does not count. */
function isSame(one: Source, other: Source): boolean {
  const keys = Object.keys({ ...one, ...other }) as (keyof Source)[];
  return keys.every((key) => key === 'download' || one[key] === other[key]);
}
