/**
 * GMX, Web.de and Gmail on some phones drop <style>. Without it a heading is twice as large and the preheader stands open
 * at the top, so what every mail stands on is written into its elements too; what only makes it finer stays in <style>.
 */
const BASICS: readonly [RegExp, string][] = [
  [/<h1(?=[\s>])/g, 'margin:0;font-size:inherit;line-height:inherit;font-weight:750;'],
  [/<h[23](?=[\s>])/g, 'margin:0;font-size:inherit;line-height:inherit;font-weight:700;'],
  [/<p(?=[\s>])/g, 'margin:0;'],
  [
    /<div class="unseen"/g,
    'position:absolute;width:1px;height:1px;max-height:1px;overflow:hidden;font-size:1px;line-height:1px;opacity:0;mso-hide:all;',
  ],
];

/** HTML that still holds its Handlebars, with the basics in its elements; what an element says itself holds. */
export function inlineBasics(html: string): string {
  return BASICS.reduce(
    (text, [start, style]) =>
      text.replace(
        new RegExp(`(${start.source})((?:[^>"]|"[^"]*")*)>`, 'g'),
        (_, tag: string, rest: string) =>
          / style="/.test(rest)
            ? `${tag}${rest.replace(' style="', ` style="${style}`)}>`
            : `${tag}${rest} style="${style}">`,
      ),
    html,
  );
}
