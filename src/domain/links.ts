import { makeToken } from './tokens.ts';

/** Every address that mails and pages of Simmer lead to, in one place. `publicUrl` has no slash at its end. */
export interface Links {
  signUp(): string;
  /** With an interest (an id, or 'all') the page opens with that interest ticked. */
  preferences(subscriberId: number, interest?: string): string;
  unsubscribe(subscriberId: number): string;
  /** The same page, knowing which mail it was reached from. */
  unsubscribeFrom(issueId: number, deliveryId: number): string;
  preferencesFrom(issueId: number, deliveryId: number): string;
  webVersion(issueId: number, deliveryId: number): string;
  callBack(issueId: number, deliveryId: number): string;
  pixel(issueId: number, deliveryId: number): string;
  click(issueId: number, deliveryId: number, linkNumber: number): string;
  /** Pages on which the reader asks for more, or less, like the article of this link. */
  more(issueId: number, deliveryId: number, linkNumber: number): string;
  less(issueId: number, deliveryId: number, linkNumber: number): string;
  profile(subscriberId: number): string;
  /** A page with one button that gives this answer about this qualification. */
  answer(subscriberId: number, qualificationId: number, status: string): string;
  signIn(token: string): string;
  /** All that is known about somebody, to read, take along or have erased. The secret was mailed to that person alone. */
  ownData(secret: string): string;
  /** A change of a person, to be confirmed. The secret was mailed to that person alone. */
  confirmChange(secret: string): string;
  /** A path that Simmer serves itself becomes absolute; anything else stays as it is. */
  absolute(urlOrPath: string): string;
}

export function makeLinks(publicUrl: string, secrets: readonly string[]): Links {
  return linksWith(publicUrl, {
    subscriber: (subscriberId) => makeToken(secrets, { kind: 'subscriber', subscriberId }),
    delivery: lastOne((issueId, deliveryId) => makeToken(secrets, { kind: 'delivery', issueId, deliveryId })),
  });
}

/** Who a link is for, as it stands in the link. */
export interface TokenMakers {
  subscriber(subscriberId: number): string;
  delivery(issueId: number, deliveryId: number): string;
}

/** Some twenty-five links of a mail follow each other and share their token, which costs a MAC. */
function lastOne(make: TokenMakers['delivery']): TokenMakers['delivery'] {
  let last = { issueId: Number.NaN, deliveryId: Number.NaN, token: '' };
  return (issueId, deliveryId) => {
    if (last.deliveryId !== deliveryId || last.issueId !== issueId)
      last = { issueId, deliveryId, token: make(issueId, deliveryId) };
    return last.token;
  };
}

/** The links with other tokens in them than those that are signed: how mails are made in which only these differ. */
export function linksWith(publicUrl: string, { subscriber, delivery }: TokenMakers): Links {
  return {
    signUp: () => `${publicUrl}/`,
    preferences: (id, interest) =>
      `${publicUrl}/preferences/${subscriber(id)}${interest === undefined ? '' : `?interest=${encodeURIComponent(interest)}`}`,
    unsubscribe: (id) => `${publicUrl}/unsubscribe/${subscriber(id)}`,
    unsubscribeFrom: (issueId, id) => `${publicUrl}/unsubscribe/${delivery(issueId, id)}`,
    preferencesFrom: (issueId, id) => `${publicUrl}/preferences/${delivery(issueId, id)}`,
    webVersion: (issueId, id) => `${publicUrl}/web/${delivery(issueId, id)}`,
    callBack: (issueId, id) => `${publicUrl}/call-back/${delivery(issueId, id)}`,
    pixel: (issueId, id) => `${publicUrl}/o/${delivery(issueId, id)}`,
    click: (issueId, id, number) => `${publicUrl}/c/${delivery(issueId, id)}/${number}`,
    more: (issueId, id, number) => `${publicUrl}/more/${delivery(issueId, id)}/${number}`,
    less: (issueId, id, number) => `${publicUrl}/less/${delivery(issueId, id)}/${number}`,
    profile: (id) => `${publicUrl}/staff/leads/${id}`,
    answer: (id, qualificationId, status) =>
      `${publicUrl}/staff/leads/${id}/answer?status=${status}&qualification=${qualificationId}`,
    confirmChange: (secret) => `${publicUrl}/confirm-change/${secret}`,
    ownData: (secret) => `${publicUrl}/your-data/${secret}`,
    signIn: (token) => `${publicUrl}/staff/sign-in/${token}`,
    absolute: (urlOrPath) => (urlOrPath.startsWith('/') ? publicUrl + urlOrPath : urlOrPath),
  };
}

/** Stands in a link table for the reader's own call-back page. */
export const CALL_BACK_TARGET = 'simmer:call-back';
