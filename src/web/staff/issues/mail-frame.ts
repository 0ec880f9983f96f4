/**
 * For a mail shown in a frame of a staff page: its own inline styles and pictures, nothing that runs, posts or frames,
 * and no origin, so that whatever a feed has smuggled into it reaches nothing of ours.
 */
export const MAIL_FRAME_HEADERS = mailFrameHeaders(true);

export function mailFrameHeaders(withImages: boolean): Record<string, string> {
  const images = withImages ? "'self' https: http: data:" : "'none'";
  return {
    'content-security-policy': `default-src 'none'; img-src ${images}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox`,
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex, nofollow',
  };
}

/** As a mail program in dark (or light) mode shows it, whatever the device of the onlooker is set to. */
export function inScheme(html: string, isDark: boolean): string {
  return html.replace(
    /@media[^{@]*\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/gi,
    (_, scheme: string) => ((scheme.toLowerCase() === 'dark') === isDark ? '@media all' : '@media not all'),
  );
}

/** A link pressed in the frame opens beside it. */
export function openLinksOutside(html: string): string {
  return html
    .replace(/(<a\s)(?![^<>]*\btarget=)/gi, '$1target="_blank" rel="noopener noreferrer" ')
    .replace(/target="_self"/gi, 'target="_blank"');
}
