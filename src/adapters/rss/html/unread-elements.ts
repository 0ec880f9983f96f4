/** Elements whose text is for machines, or for those that cannot show what is in them. */
export const NEVER_READ =
  /^(?:script|style|textarea|option|select|button|noscript|template|iframe|object|svg|math|head|xmp|noembed|noframes|audio|video|canvas)$/;

/** Elements of an article that are no part of its running text. */
const BESIDE = /^(?:figure|figcaption|caption|nav|aside|form|footer|pre|dialog|menu)$/;

/**
 * Classes of what stands in an item but is none of its words: captions and credits, tables of contents, "reading time",
 * buttons to share and to subscribe, related articles, and what CMS print around every text (Drupal's title, author and date).
 * One word of a class has to be one of these as a whole.
 */
const UNREAD_CLASSES = new Set(
  // Captions and credits.
  (
    'wp-caption wp-caption-text wp-element-caption wp-block-image gallery-caption tr-caption image-caption img-caption img_caption photo-caption ' +
    'picture-caption caption-text media-caption figure-caption captioned-image-container caption credit credits image-credit image-credits photo-credit ' +
    'photocredit img-credit media-credit picture-credit image-source photo-source bildnachweis bildunterschrift bildquelle fotocredit copyright medium-feed-image ' +
    // Links to the whole text.
    'more-link read-more readmore read_more readmorelink continue-reading continue-reading-link excerpt-more medium-feed-link jeg_readmore moretag ' +
    // Tables of contents.
    'toc ez-toc-container lwptoc toc_container table-of-contents wp-block-table-of-contents wp-block-yoast-seo-table-of-contents rank-math-toc kt-toc ' +
    // How long it takes, who wrote it and when.
    'span-reading-time rt-reading-time reading-time read-time readtime wp-block-post-time-to-read byline by-line entry-meta post-meta entry-date posted-on ' +
    'meta-info post-date author-box author-bio article-meta article-info ' +
    'field--name-title field--name-uid field--name-created field--name-node-link field-name-post-date field-name-author submitted node__meta links--node ' +
    // To share, to subscribe, to read on.
    'sharedaddy sd-sharing share-buttons social-share sharing addtoany_share_save_container a2a_kit jp-relatedposts yarpp yarpp-related yarpp-related-rss ' +
    'related-posts relatedposts related-articles crp_related feedflare feed-flare subscription-widget-wrap subscription-widget subscribe-widget button-wrapper ' +
    'wp-block-buttons wp-block-button wp-block-embed wp-block-table wp-block-gallery newsletter-signup mc_embed_signup hs-cta-wrapper post-views tags-links cat-links ' +
    'post-tags tag-list advertisement ads adsbygoogle ' +
    // For ears or for nobody.
    'screen-reader-text sr-only visually-hidden visuallyhidden hidden'
  ).split(' '),
);

const HIDDEN_STYLE =
  /display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?![.\d])/i;

/** Whether what is in the element belongs to no teaser. */
export function isBeside(name: string, attributes: Readonly<Record<string, string>>): boolean {
  if (BESIDE.test(name) || 'hidden' in attributes || attributes['aria-hidden'] === 'true') return true;
  if (attributes.style !== undefined && HIDDEN_STYLE.test(attributes.style.slice(0, 500))) return true;
  const named = `${attributes.class ?? ''} ${attributes.id ?? ''}`;
  return named !== ' ' && named.slice(0, 1000).toLowerCase().split(/\s+/).some(isUnread);
}

/** BEM and its like: "article__caption", "c-image-credit", "post-caption". */
function isUnread(word: string): boolean {
  return (
    UNREAD_CLASSES.has(word) ||
    /(?:__|[a-z]-)(?:fig)?(?:caption|credits?|byline|readmore|read-more|toc)$/.test(word)
  );
}
