import { type Provider, readProviderPost } from './provider-posts/read-provider-post.ts';
import { NOTHING_NAMED, type OriginalMail, type ReturnFinding } from './returned-mail/kinds.ts';
import { readReturnedMail } from './returned-mail/read.ts';

/** What came back as it came: a mail to the return port, or a post of a provider. */
export interface ReturnBytes {
  source: 'smtp' | Provider;
  /** The address a mail came to; null for posts. */
  returnPath: string | null;
  raw: Uint8Array;
}

export interface ReadReturn {
  finding: ReturnFinding;
  /** By which the mail is found that came back. */
  names: OriginalMail;
}

/** What it says, and by which names our mail goes in it. All of it is CPU time, on bytes that anybody may have made up. */
export function readReturn({ source, returnPath, raw }: ReturnBytes): ReadReturn {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  if (source === 'smtp') {
    const { original, ...finding } = readReturnedMail(bytes, returnPath);
    return { finding, names: original };
  }
  return readProviderPost(source, bytes.toString('utf8'))[0] ?? aboutNothing('a post about something else');
}

/** What nothing follows from. */
export function aboutNothing(evidence: string): ReadReturn {
  return {
    finding: {
      kind: 'not-a-bounce',
      reason: 'other',
      recipient: null,
      status: null,
      diagnostic: null,
      evidence,
    },
    names: NOTHING_NAMED,
  };
}
