/** RFC 5322 asks for 78 characters at most. */
const WIDTH = 76;

/**
 * Makes a rendered text part pleasant to read: long lines broken at blanks (addresses never), continued under their
 * own beginning ("- item" goes on under "item"), no trailing blanks, never more than one empty line.
 */
export function wrapText(text: string): string {
  return `${(wrapLines(text).lines ?? '').trimStart()}\n`;
}

export interface WrappedLines {
  /** Without a line break at their end. Null: there is nothing but empty lines. */
  lines: string | null;
  /** Empty lines stood before them, or after them. */
  emptyBefore: boolean;
  emptyAfter: boolean;
}

/** The same for lines that stand among others. */
export function wrapLines(text: string): WrappedLines {
  // One pass: this runs for lines of every mail of an issue.
  let lines: string | null = null;
  let emptyBefore = false;
  let isAfterEmpty = false;
  for (let from = 0; from <= text.length; ) {
    const at = text.indexOf('\n', from);
    const end = at < 0 ? text.length : at;
    const line = text.slice(from, end).trimEnd();
    from = end + 1;
    if (line === '') {
      isAfterEmpty = true;
      continue;
    }
    if (lines === null) {
      lines = wrapLine(line);
      emptyBefore = isAfterEmpty;
    } else lines += `${isAfterEmpty ? '\n\n' : '\n'}${wrapLine(line)}`;
    isAfterEmpty = false;
  }
  return { lines, emptyBefore: lines === null ? isAfterEmpty : emptyBefore, emptyAfter: isAfterEmpty };
}

/** Thousands of mails have the same articles: a summary is broken up once. Lines of one mail alone, addresses, are not kept. */
const known = new Map<string, string>();
const MOST_KNOWN = 2_000;

function wrapLine(line: string): string {
  // Short, or a lone address: nothing to break at.
  if (line.length <= WIDTH || !line.trimStart().includes(' ')) return line;
  let wrapped = known.get(line);
  if (wrapped === undefined) {
    wrapped = breakUp(line);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(line, wrapped);
  }
  return wrapped;
}

function breakUp(line: string): string {
  const lead = /^(\s*)([-*] )?/.exec(line)!;
  const indent = ' '.repeat(lead[0].length);
  const lines: string[] = [];
  let current = lead[0];
  let isEmpty = true;
  for (const word of line.slice(lead[0].length).split(/ +/)) {
    if (!isEmpty && current.length + 1 + word.length > WIDTH) {
      lines.push(current);
      current = indent;
      isEmpty = true;
    }
    current += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, current].join('\n');
}
