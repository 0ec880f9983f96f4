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
  profile(subscriberId: number): string;
  signIn(token: string): string;
  /** A path that Simmer serves itself becomes absolute; anything else stays as it is. */
  absolute(urlOrPath: string): string;
}

export function makeLinks(publicUrl: string, secrets: readonly string[]): Links {
  const subscriber = (subscriberId: number) => makeToken(secrets, { kind: 'subscriber', subscriberId });
  const delivery = (issueId: number, deliveryId: number) =>
    makeToken(secrets, { kind: 'delivery', issueId, deliveryId });
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
    profile: (id) => `${publicUrl}/staff/leads/${id}`,
    signIn: (token) => `${publicUrl}/staff/sign-in/${token}`,
    absolute: (urlOrPath) => (urlOrPath.startsWith('/') ? publicUrl + urlOrPath : urlOrPath),
  };
}

/** Stands in a link table for the reader's own call-back page. */
export const CALL_BACK_TARGET = 'simmer:call-back';
