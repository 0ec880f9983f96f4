import type { Article } from '../../domain/content/article.ts';
import { reasonOfPick } from '../../domain/content/choosing/pick.ts';
import type { SkipCause } from '../../domain/content/choosing/select.ts';
import { troubleOf } from '../../domain/content/feed-health.ts';
import { linkTable } from '../../domain/delivery/issue-plan.ts';
import { type Findings, type Found, judge } from '../../domain/delivery/rehearsal.ts';
import type { Links } from '../../domain/links.ts';
import { issueMails } from '../../domain/mail/issue-mail.ts';
import { MOST_HTML_BYTES, NEAR_MOST_HTML_BYTES } from '../../domain/mail/mail-size.ts';
import type { Digest, Programme } from '../../domain/programme.ts';
import type { Reason } from '../../domain/reason.ts';
import type { Stores } from '../ports.ts';
import type { MailRenderer } from './ports/deliveries.ts';
import type { LinkChecker } from './ports/link-checker.ts';
import { checkLinks } from './preview/check-links.ts';
import { openPreview, type PreviewedPick, type PreviewedReader } from './preview/preview-issue.ts';

export interface RehearseDeps {
  stores: Pick<Stores, 'issues' | 'articles' | 'subscribers' | 'feeds'>;
  programme: Programme;
  links: Links;
  mails: MailRenderer;
  linkChecker: LinkChecker;
  /** "nl.json: mails.notice.subject: nothing", for the programme's languages. */
  textFaults: () => string[];
}

export interface RehearsedPick {
  title: string;
  url: string;
  interest: string;
  reason: Reason;
}

export type RehearsedReader = { email: string; picks: RehearsedPick[] } | { email: string; skip: Reason };

const CHUNK = 500;
const EXAMPLES = 3;

/** How many readers a rehearsal will go through. */
export async function sizeOfRehearsal(stores: Pick<Stores, 'issues'>): Promise<number> {
  return stores.issues.countActiveReaders();
}

/**
 * Goes through an issue as if it went out now: `readers` gives what each active reader would get and why, or why
 * nothing, one after the other, so that any number of them fits in memory; `findings`, asked for afterwards, gives
 * what that came to and looks at the links. Only reads: nothing is planned, sent or written.
 */
export async function openRehearsal(deps: RehearseDeps, digest: Digest, now: Date) {
  const preview = await openPreview(deps, digest, now);
  const sum = new Sum(deps, digest, preview.articles, now);
  return {
    async *readers(): AsyncGenerator<RehearsedReader> {
      for (let afterId = 0; ; ) {
        const page = await preview.page(afterId, CHUNK);
        for (const reader of page) {
          sum.add(reader);
          yield shown(reader);
        }
        const last = page.at(-1);
        if (!last || page.length < CHUNK) return;
        afterId = last.subscriber.id;
      }
    },
    /** `tell` hears of each link that was looked at: how many of how many. */
    findings: (tell: (done: number, of: number) => void = () => {}) => sum.findings(tell),
  };
}

function shown(reader: PreviewedReader): RehearsedReader {
  const { email } = reader.subscriber;
  if ('skip' in reader) return { email, skip: reader.skip };
  return {
    email,
    picks: reader.picks.map(({ article, pick }) => ({
      title: article.title,
      url: article.url,
      interest: pick.interest,
      reason: reasonOfPick(pick),
    })),
  };
}

/** Adds up what the readers get. What it keeps grows with articles, causes and languages, not with readers. */
class Sum {
  private readonly deps: RehearseDeps;
  private readonly digest: Digest;
  private readonly articles: readonly Article[];
  private readonly now: Date;
  private readonly write: ReturnType<typeof issueMails>;
  private readonly reach = new Map<number, { mails: number; asMain: number }>();
  private readonly skips = new Map<SkipCause, Findings['skips'][number]>();
  private readonly foreign = new Map<string, number>();
  private readers = 0;
  private mails = 0;
  private control = 0;
  private readonly sizes: Findings['sizes'] = { largest: null, tooLarge: 0, nearlyTooLarge: 0 };
  private readonly faults: Findings['faults'] = { count: 0, examples: [] };

  constructor(deps: RehearseDeps, digest: Digest, articles: readonly Article[], now: Date) {
    const { programme, links } = deps;
    this.deps = deps;
    this.digest = digest;
    this.articles = articles;
    this.now = now;
    const issueLinks = linkTable(programme, articles, links);
    this.write = issueMails({
      programme,
      links,
      digestId: digest.id,
      issueId: 0,
      articles,
      issueLinks,
      webVersion: false,
    });
  }

  add(reader: PreviewedReader): void {
    const { subscriber } = reader;
    this.readers += 1;
    if (!this.deps.programme.languages.includes(subscriber.language))
      this.foreign.set(subscriber.language, (this.foreign.get(subscriber.language) ?? 0) + 1);
    if ('skip' in reader) {
      const known = this.skips.get(reader.cause) ?? { cause: reader.cause, count: 0, examples: [] };
      known.count += 1;
      if (known.examples.length < EXAMPLES)
        known.examples.push({ email: subscriber.email, reason: reader.skip });
      this.skips.set(reader.cause, known);
      return;
    }
    this.mails += 1;
    if (reader.isControl) this.control += 1;
    for (const { pick } of reader.picks) {
      const before = this.reach.get(pick.articleId) ?? { mails: 0, asMain: 0 };
      before.mails += 1;
      if (pick.place === 'main') before.asMain += 1;
      this.reach.set(pick.articleId, before);
    }
    this.weigh(reader);
  }

  private weigh({ subscriber, picks }: PreviewedReader & { picks: PreviewedPick[] }): void {
    const { programme, mails } = this.deps;
    const language = programme.languages.includes(subscriber.language)
      ? subscriber.language
      : programme.defaultLanguage;
    try {
      const mail = this.write({
        // As long as the ids of real ones.
        deliveryId: 100_000_000 + subscriber.id,
        subscriber: { ...subscriber, language },
        picks: picks.map(({ pick }) => pick),
        now: this.now,
      });
      const bytes = Buffer.byteLength(mails.render('issue', language, mail.mail()).html);
      if (bytes > MOST_HTML_BYTES) this.sizes.tooLarge += 1;
      else if (bytes > NEAR_MOST_HTML_BYTES) this.sizes.nearlyTooLarge += 1;
      if (bytes > (this.sizes.largest?.bytes ?? 0)) this.sizes.largest = { email: subscriber.email, bytes };
    } catch (error) {
      this.faults.count += 1;
      if (this.faults.examples.length < EXAMPLES)
        this.faults.examples.push({ email: subscriber.email, fault: (error as Error).message });
    }
  }

  async findings(tell: (done: number, of: number) => void): Promise<Findings> {
    const byId = new Map(this.articles.map((article) => [article.id, article]));
    const picked = [...this.reach]
      .map(([id, reach]) => ({ article: byId.get(id)!, ...reach }))
      .sort((a, b) => b.mails - a.mails || a.article.id - b.article.id);
    const found: Found = {
      counts: {
        readers: this.readers,
        mails: this.mails,
        skipped: this.readers - this.mails,
        articles: this.articles.length,
      },
      control: this.control,
      skips: [...this.skips.values()].sort((a, b) => b.count - a.count),
      reach: picked.map(({ article, mails, asMain }) => ({
        title: article.title,
        url: article.url,
        language: article.language,
        mails,
        asMain,
      })),
      feeds: await this.troubledFeeds(),
      links: await checkLinks(this.deps, picked, this.mails, tell),
      sizes: this.sizes,
      faults: this.faults,
      textFaults: this.deps.textFaults(),
      foreign: [...this.foreign].map(([language, readers]) => ({ language, readers })),
    };
    return { ...found, ...judge(found, this.digest) };
  }

  private async troubledFeeds(): Promise<Findings['feeds']> {
    const { programme, stores } = this.deps;
    const states = new Map((await stores.feeds.list()).map((state) => [state.url, state]));
    return programme.feeds.flatMap(({ url }) => {
      const state = states.get(url) ?? null;
      const trouble = troubleOf(state, programme.feedWatch, this.now);
      return state && trouble ? [{ url, trouble, error: state.lastError, lastNewAt: state.lastNewAt }] : [];
    });
  }
}
