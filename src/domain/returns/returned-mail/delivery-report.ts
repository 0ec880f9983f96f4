/** One recipient of a delivery report (RFC 3464), as far as the report says. */
export interface ReportedRecipient {
  /** The address without its type; null when it is withheld or missing. */
  recipient: string | null;
  /** In lower case: failed, delayed, delivered, relayed, expanded; null when missing or unknown. */
  action: Action | null;
  /** Class, subject, detail; null when missing or malformed. */
  status: string | null;
  /** Without its type. */
  diagnostic: string | null;
}

export type Action = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';

const FIELD =
  /^(final-recipient|original-recipient|x-actual-recipient|action|status|remote-mta|diagnostic-code|last-attempt-date|will-retry-until|final-log-id|x-[\w-]+|reporting-mta|received-from-mta|arrival-date|original-envelope-id|dsn-gateway)[ \t]*:([\s\S]*)$/i;
/** Of a line, and of a field over several: none has more to say. */
const LONGEST_LINE = 2_000;
const LONGEST_VALUE = 8_000;
const ONCE = new Set(['final-recipient', 'action', 'status']);

/**
 * Reads a message/delivery-status part, or text that holds its fields. Groups need not be separated as they should
 * be: a field that comes again begins the next recipient. Lines that are no field go on with the diagnostic.
 */
export function readDeliveryReport(text: string): ReportedRecipient[] {
  const groups: Map<string, string>[] = [];
  let group = new Map<string, string>();
  let last: string | null = null;
  const close = () => {
    if (
      group.has('final-recipient') ||
      group.has('original-recipient') ||
      group.has('action') ||
      group.has('status')
    )
      groups.push(group);
    group = new Map();
    last = null;
  };
  for (const whole of text.split('\n')) {
    const line = whole.slice(0, LONGEST_LINE);
    if (line.trim() === '') {
      // SurfControl and others put blank lines inside a group: only one that has its recipient and its fate is over.
      if (
        group.has('action') &&
        (group.has('final-recipient') || group.has('original-recipient')) &&
        group.has('status')
      )
        close();
      last = null;
      continue;
    }
    const match = FIELD.exec(line.trim() === line ? line : line.trimEnd());
    if (match) {
      const name = match[1]!.toLowerCase();
      if (ONCE.has(name) && group.has(name)) close();
      if (!group.has(name)) group.set(name, match[2]!.trim());
      last = name;
    } else if (last === 'diagnostic-code' || (last !== null && /^[ \t]/.test(line))) {
      const said = group.get(last)!;
      if (said.length < LONGEST_VALUE) group.set(last, `${said} ${line.trim()}`.trim());
    }
  }
  close();
  return groups.map(readGroup);
}

/** True when text holds the fields of a report outside a part of its own. */
export function holdsReport(text: string): boolean {
  return /^(?:final|original)-recipient[ \t]*:/im.test(text) && /^(?:action|status)[ \t]*:/im.test(text);
}

function readGroup(group: Map<string, string>): ReportedRecipient {
  const diagnostic = (group.get('diagnostic-code') ?? '').replace(/^\s*[\w-]{1,20}\s*;\s*/, '').trim();
  const status = /([245]\.\d{1,3}\.\d{1,3})/.exec(group.get('status') ?? '')?.[1] ?? null;
  return {
    recipient: addressIn(group.get('final-recipient')) ?? addressIn(group.get('original-recipient')),
    action: readAction(group.get('action')),
    status,
    diagnostic: diagnostic === '' ? null : diagnostic,
  };
}

function readAction(value: string | undefined): Action | null {
  const word = value?.toLowerCase() ?? '';
  if (/^(fail|expired|undeliver|bounce|reject)/.test(word)) return 'failed';
  return (
    (['delayed', 'delivered', 'relayed', 'expanded'] as const).find((action) => word.startsWith(action)) ??
    null
  );
}

/** "rfc822; anna@example.org", "<anna@example.org>" and what else is written there. */
export function addressIn(value: string | undefined): string | null {
  return /(?<![^\s<>;,"'])[^\s<>;,"']+@[^\s<>;,"']+/.exec(value ?? '')?.[0]?.toLowerCase() ?? null;
}
