import { inLanguage, type Programme } from '../domain/programme.ts';
import type { ShownSubscriber } from '../journey/audience/show-subscriber.ts';
import { issueMail, mailTo, type Road, type SeenMail, until } from './road.ts';
import { linksIn, linkWithText, Visitor } from './visitor.ts';

export interface Step {
  title: string;
  seen: string;
}

/** Where the lead lives: in this zone no scheduled issue may come due while she walks. */
export const LEAD_ZONE = 'Europe/Amsterdam';

export interface WalkResult {
  steps: Step[];
  lead: ShownSubscriber;
}

/**
 * Walks one lead down the whole road, as its people would: through the pages, the mails and the sales desk. Each step
 * checks what the score must be by the programme's table, and throws when it is anything else.
 */
export async function walkTheRoad(
  road: Road,
  programme: Programme,
  email: string,
  tell: (step: Step) => void,
): Promise<WalkResult> {
  const steps: Step[] = [];
  const step = (title: string, seen: string) => {
    steps.push({ title, seen });
    tell({ title, seen });
  };
  const lead = new Visitor();
  const seller = programme.staff.find(({ role }) => role === 'sales') ?? programme.staff[0];
  if (!seller) throw new Error('the programme has no staff to answer the call');
  const { points, threshold, scoreAfterReturn } = programme.scoring;
  const worth = (kind: string) => programme.callsToAction.find((call) => call.kind === kind)?.points ?? 0;
  let score = 0;
  /** Adds to the score by hand and waits until the ledger says the same. */
  const scored = async (added: number): Promise<string> => {
    score += added;
    const seen = await until(`score ${score}`, async () => {
      const shown = await road.show(email);
      return shown?.score === score && shown;
    });
    const sum = seen.ledger.reduce((total, entry) => total + entry.points, 0);
    if (sum !== seen.score) throw new Error(`the ledger adds up to ${sum}, the score says ${seen.score}`);
    return `score ${seen.score} (${seen.stage.toUpperCase()})`;
  };

  // 1. Sign up
  const form = await lead.open(`${road.base}/?utm_source=trade-fair&utm_campaign=demo`);
  const asked = await lead.submit(
    form,
    {
      email,
      name: 'Anna Visser',
      company: 'Kade Logistics',
      job_title: 'Head of Finance',
      language: 'en',
      time_zone: LEAD_ZONE,
    },
    /sign-up/,
  );
  if (asked.status !== 200) throw new Error(`signing up answered ${asked.status} on ${asked.url}`);
  step('Anna signs up on the hosted page', `"${titleOf(asked.html)}"`);

  // 2. Confirmation mail, and a scanner that opens everything in it
  const confirmation = await mailTo(road, email, /preferences\//);
  step(
    'The confirmation mail arrives',
    `"${confirmation.subject}", ${interestLinks(confirmation).length} preference links`,
  );
  await scan(confirmation, road.base);
  const still = await road.show(email);
  if (still?.status !== 'pending') throw new Error(`a scanner made the subscriber ${still?.status}`);
  step('A scanner opens every link with GET and HEAD', `still ${still.status}: a GET changes nothing`);

  // 3. Confirm and choose
  const choice = await lead.open(interestLinks(confirmation)[0] ?? '');
  const interests = programme.interests.slice(0, 2).map(({ id }) => id);
  await lead.submit(choice, { interest: interests }, /preferences/);
  const active = await until('an active subscriber', async () => {
    const shown = await road.show(email);
    return shown?.status === 'active' && shown;
  });
  step('Anna presses the button', `${active.status}, interests: ${active.interests.join(', ')}`);

  // 4. First issue: open and read
  await road.collectFeeds();
  const first = await nextIssue(road, email);
  step('The first issue arrives', `"${first.mail.subject}"`);
  await scan(first.mail, road.base, 'HEAD');
  step('A scanner asks for every link with HEAD', await scored(0));
  await lead.hit(pixelOf(first.mail));
  step('Anna opens the mail', await scored(points.open));
  const [article] = first.picks;
  if (!article) throw new Error(`issue ${first.issue} holds no article`);
  const landed = await lead.open(linkWithText(first.mail.html, article.title));
  if (landed.url !== article.url) throw new Error(`the click landed on ${landed.url}, not on ${article.url}`);
  step(`Anna reads "${article.title}"`, await scored(points.article));

  // 5. Second issue: warm, but too early to call
  const { mail: second } = await nextIssue(road, email);
  step('The second issue arrives', await scored(points.furtherMail));
  await lead.open(callLink(second, programme, 'brochure'));
  step('Anna takes the brochure', await scored(worth('brochure')));
  await lead.open(callLink(second, programme, 'reference-story'));
  const early = await scored(worth('reference-story'));
  if ((await road.show(email))?.stage !== 'mql')
    throw new Error('an SQL before the third mail: the gate does not hold');
  step('Anna reads the reference story', `${early}: over ${threshold}, but too early, only 2 mails sent`);

  // 6. Third issue: handed to sales
  await nextIssue(road, email);
  step('The third issue arrives, and she is warm', await scored(points.furtherMail));
  const about = new RegExp(email.replaceAll('.', '\\.'));
  const alert = await mailTo(road, programme.sales.address, about);
  step('Sales gets one alert', `"${alert.subject}"`);
  const desk = new Visitor();
  await answerCall(road, desk, seller.email, alert, 'rejected', 1);
  score = scoreAfterReturn;
  step('Sales calls: rejected, so she is warmed again', await scored(0));

  // 7. Back to sales, by her own wish
  const { mail: fourth } = await nextIssue(road, email);
  step('The fourth issue arrives', await scored(points.furtherMail));
  const callBack = await lead.open(callLink(fourth, programme, 'call-back'));
  step('Anna follows "call me back"', await scored(worth('call-back')));
  await lead.submit(callBack, { phone: '+31 20 555 01 23' }, /call-back/);
  step('Anna leaves her number and presses the button', await scored(points.sqlAtOnce));
  const secondAlert = await mailTo(road, programme.sales.address, about, 2);
  step('Sales gets exactly one new alert', `"${secondAlert.subject}"`);
  await answerCall(road, desk, seller.email, secondAlert, 'won', 2);
  score = scoreAfterReturn;
  step('Sales calls: won', await scored(0));

  // 8. One click and it is over
  await oneClick(fourth);
  const gone = await until('an unsubscribed reader', async () => {
    const shown = await road.show(email);
    return shown?.status === 'unsubscribed' && shown;
  });
  step('Anna unsubscribes with one click in her mail program', gone.status);
  return { steps, lead: gone };
}

type SeenIssue = ShownSubscriber['deliveries'][number] & { mail: SeenMail };

/** Sends an issue and finds its delivery and mail by its number: the schedule may have planned one of its own. */
async function nextIssue(road: Road, email: string): Promise<SeenIssue> {
  const issueId = await road.sendIssue(email);
  const mail = await issueMail(road, email, issueId);
  const delivery = (await road.show(email))?.deliveries.find(({ issue }) => issue === issueId);
  if (!delivery) throw new Error(`issue ${issueId} has no delivery for ${email}`);
  return { ...delivery, mail };
}

/** Opens everything a mail links to, as security scanners do. */
async function scan(mail: SeenMail, base: string, ...methods: string[]): Promise<void> {
  const scanner = new Visitor(
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36',
  );
  for (const method of methods.length > 0 ? methods : ['GET', 'HEAD']) {
    for (const link of linksIn(mail.html).filter((url) => url.startsWith(base))) {
      await (await scanner.hit(link, method)).body?.cancel();
    }
  }
}

/** Signs in by the mailed link, opens the profile the alert leads to, and fills in the form after the call. */
async function answerCall(
  road: Road,
  desk: Visitor,
  email: string,
  alert: SeenMail,
  status: string,
  visit: number,
) {
  const profileUrl = linksIn(alert.html).find((url) => url.includes('/staff/leads/')) ?? '';
  let page = await desk.open(profileUrl);
  if (page.url.includes('/staff/sign-in')) {
    await desk.submit(page, { email }, /sign-in/);
    const mail = await mailTo(road, email, /staff\/sign-in\//, visit);
    const button = await desk.open(linksIn(mail.html).find((url) => url.includes('/staff/sign-in/')) ?? '');
    page = await desk.submit(button, {}, /sign-in/);
  }
  const saved = await desk.submit(page, { status, note: 'By the demo.' }, /outcome/);
  if (saved.status !== 200) throw new Error(`saving the outcome answered ${saved.status}`);
}

async function oneClick(mail: SeenMail): Promise<void> {
  const header = (name: string) => mail.headers.find((one) => one.name.toLowerCase() === name)?.value ?? '';
  const url = /<(https?:[^<>]+)>/.exec(header('list-unsubscribe'))?.[1];
  if (!url) throw new Error('the mail has no List-Unsubscribe address');
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams(header('list-unsubscribe-post')),
    redirect: 'error',
  });
  if (response.status !== 200) throw new Error(`one-click unsubscribe answered ${response.status}`);
}

function interestLinks(mail: SeenMail): string[] {
  return linksIn(mail.html).filter((url) => url.includes('/preferences/'));
}

function pixelOf(mail: SeenMail): string {
  const found = /https?:\/\/(?:(?!https?:)[^"'\s])+\/o\/[\w-]+/.exec(mail.html);
  if (!found) throw new Error('the mail has no pixel');
  return found[0];
}

function callLink(mail: SeenMail, programme: Programme, kind: string): string {
  const call = programme.callsToAction.find((one) => one.kind === kind);
  return linkWithText(mail.html, call ? inLanguage(call.label, 'en') : kind);
}

function titleOf(html: string): string {
  return (
    /<h1[^<>]*>((?:(?!<h1\b)[\s\S])*?)<\/h1>/i
      .exec(html)?.[1]
      ?.replace(/<[^<>]+>/g, '')
      .trim() ?? ''
  );
}
