/**
 * A person with a browser, as far as the demo and the end-to-end tests need one: keeps cookies, reads forms as they
 * stand on the page and presses their buttons. Real HTTP, nothing else.
 */
export interface Page {
  url: string;
  status: number;
  html: string;
}

export interface Form {
  action: string;
  fields: [string, string][];
}

export class Visitor {
  readonly #cookies = new Map<string, string>();
  readonly #userAgent: string;

  constructor(userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0') {
    this.#userAgent = userAgent;
  }

  /** Follows redirects, like a browser. */
  async open(url: string): Promise<Page> {
    return this.#request(url, { method: 'GET' });
  }

  /** One request without following anything; for HEAD, pixels and redirect targets. */
  async hit(url: string, method = 'GET'): Promise<Response> {
    return fetch(url, { method, redirect: 'manual', headers: this.#headers() });
  }

  /** Presses the button of the form on the page, with some fields filled in (a list sets several of one name). */
  async submit(page: Page, filled: Record<string, string | string[]> = {}, pick?: RegExp): Promise<Page> {
    const target = ({ action }: Form) => new URL(action || page.url, page.url).href;
    const form = readForms(page.html).find((one) => !pick || pick.test(target(one)));
    if (!form) throw new Error(`there is no form${pick ? ` for ${pick}` : ''} on ${page.url}`);
    const fields = new URLSearchParams(form.fields.filter(([name]) => !(name in filled)));
    for (const [name, value] of Object.entries(filled)) {
      for (const one of [value].flat()) fields.append(name, one);
    }
    return this.#request(target(form), { method: 'POST', body: fields });
  }

  async #request(url: string, init: { method: string; body?: URLSearchParams }): Promise<Page> {
    let next = { url, ...init };
    for (let hops = 0; hops < 10; hops++) {
      const { url: here, ...rest } = next;
      const response = await fetch(here, { ...rest, redirect: 'manual', headers: this.#headers() });
      for (const cookie of response.headers.getSetCookie()) {
        const [pair = ''] = cookie.split(';');
        this.#cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
      }
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || !location) {
        return { url: here, status: response.status, html: await response.text() };
      }
      await response.body?.cancel();
      next = { url: new URL(location, here).href, method: 'GET' };
    }
    throw new Error(`${url} redirects in a circle`);
  }

  #headers(): Record<string, string> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return { 'user-agent': this.#userAgent, 'accept-language': 'en', ...(cookie ? { cookie } : {}) };
  }
}

/** The forms of a page with what their fields hold, as a browser would send them. */
export function readForms(html: string): Form[] {
  return [...html.matchAll(/<form\b([^<>]*)>((?:(?!<form\b)[\s\S])*?)<\/form>/gi)].map(
    ([, head = '', body = '']) => ({
      action: attribute(head, 'action') ?? '',
      fields: [...readInputs(body), ...readSelects(body), ...readTextAreas(body)],
    }),
  );
}

function readInputs(html: string): [string, string][] {
  return [...html.matchAll(/<input\b([^<>]*)>/gi)].flatMap(([, tag = '']): [string, string][] => {
    const name = attribute(tag, 'name');
    const type = attribute(tag, 'type') ?? 'text';
    const isChoice = type === 'checkbox' || type === 'radio';
    if (!name || (isChoice && !/\schecked\b/.test(tag))) return [];
    return [[name, attribute(tag, 'value') ?? (isChoice ? 'on' : '')]];
  });
}

function readSelects(html: string): [string, string][] {
  return [...html.matchAll(/<select\b([^<>]*)>((?:(?!<select\b)[\s\S])*?)<\/select>/gi)].flatMap(
    ([, tag = '', body = '']) => {
      const name = attribute(tag, 'name');
      const options = [...body.matchAll(/<option\b([^<>]*)>/gi)].map(([, option = '']) => option);
      const chosen = options.find((option) => /\sselected\b/.test(option)) ?? options[0];
      return name && chosen !== undefined
        ? [[name, attribute(chosen, 'value') ?? ''] as [string, string]]
        : [];
    },
  );
}

function readTextAreas(html: string): [string, string][] {
  return [...html.matchAll(/<textarea\b([^<>]*)>((?:(?!<textarea\b)[\s\S])*?)<\/textarea>/gi)].flatMap(
    ([, tag = '', text = '']) => {
      const name = attribute(tag, 'name');
      return name ? [[name, decodeEntities(text)] as [string, string]] : [];
    },
  );
}

/** Every address a page or mail links to. */
export function linksIn(html: string): string[] {
  return [...html.matchAll(/<a\b([^<>]*)>/gi)].flatMap(([, tag = '']) => attribute(tag, 'href') ?? []);
}

/** Where the link whose words (or picture's words) hold the text leads. */
export function linkWithText(html: string, text: string): string {
  for (const [, tag = '', body = ''] of html.matchAll(/<a\b([^<>]*)>((?:(?!<a\b)[\s\S])*?)<\/a>/gi)) {
    const alts = [...body.matchAll(/<img\b([^<>]*)>/gi)].map(([, img = '']) => attribute(img, 'alt') ?? '');
    const words = decodeEntities(`${body.replace(/<[^<>]+>/g, ' ')} ${alts.join(' ')}`).replace(/\s+/g, ' ');
    const href = attribute(tag, 'href');
    if (href && words.includes(text.replace(/\s+/g, ' '))) return href;
  }
  throw new Error(`there is no link that says "${text}"`);
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  const value = found?.[1] ?? found?.[2] ?? found?.[3];
  return value === undefined ? undefined : decodeEntities(value);
}

function decodeEntities(text: string): string {
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
