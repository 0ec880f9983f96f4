/** Gmail clips HTML above 102 KB and hides the rest, with the unsubscribe link, behind "view entire message". */
export const MOST_HTML_BYTES = 100_000;
/** From here on a mail is near it. */
export const NEAR_MOST_HTML_BYTES = 75_000;
