import type { Source } from '../audience/subscriber.ts';

/** Where a lead came from, in one line for sales: "campaign spring-fair (google, cpc), landing page /payroll". */
export function sourceInWords(source: Source): string | null {
  const medium = [source.utm_source, source.utm_medium].filter(Boolean).join(', ');
  const campaign = source.utm_campaign ?? (medium || undefined);
  const parts = [
    campaign && `campaign ${campaign}${source.utm_campaign && medium ? ` (${medium})` : ''}`,
    source.download && `download "${source.download}"`,
    source.landing_page && `landing page ${source.landing_page}`,
    source.referrer && `from ${source.referrer}`,
    source.form && `form "${source.form}"`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : null;
}
