/** RFC 5322 asks for 78 characters at most. */
const WIDTH = 76;

/**
 * Makes a rendered text part pleasant to read: long lines broken at blanks (addresses never), continued under their
 * own beginning ("- item" goes on under "item"), no trailing blanks, never more than one empty line.
 */
export function wrapText(text: string): string {
  const lines = text.split(/\r?\n/).flatMap((line) => wrapLine(line.trimEnd()));
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

function wrapLine(line: string): string[] {
  // Short, or a lone address: nothing to break at.
  if (line.length <= WIDTH || !line.trimStart().includes(' ')) return [line];
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
  return [...lines, current];
}
