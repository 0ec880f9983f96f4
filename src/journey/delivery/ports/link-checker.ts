/** What became of looking at a link. `why` is for the marketer. */
export type LinkAnswer =
  | { state: 'good' }
  /** Whoever clicks it comes to nothing. */
  | { state: 'broken'; why: string }
  /** It answers programs with a refusal; people may get through. */
  | { state: 'unsure'; why: string }
  /** Nothing answered: it, or the way to it, is down. */
  | { state: 'unreachable'; why: string };

/** Looks where a link leads, within limits. Never throws. */
export interface LinkChecker {
  /** `allowPrivateNetwork`: the programme says that this link may lead into the company's own network. */
  check(url: string, allowPrivateNetwork: boolean): Promise<LinkAnswer>;
}
