/** Providers that give an address to anybody: it says nothing about where somebody works. */
const PROVIDERS = new Set(
  `gmail.com googlemail.com outlook.com hotmail.com hotmail.nl hotmail.de hotmail.be hotmail.fr hotmail.co.uk live.com
   live.nl live.be live.de msn.com outlook.de outlook.fr yahoo.com yahoo.de yahoo.nl yahoo.fr yahoo.co.uk ymail.com
   icloud.com me.com mac.com aol.com proton.me protonmail.com pm.me tutanota.com tutamail.com fastmail.com hey.com
   zoho.com mail.com gmx.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de arcor.de posteo.de mailbox.org
   kpnmail.nl planet.nl hetnet.nl ziggo.nl xs4all.nl home.nl telenet.be skynet.be proximus.be orange.fr wanadoo.fr
   free.fr laposte.net sfr.fr libero.it virgilio.it bluewin.ch btinternet.com sky.com yandex.com mail.ru qq.com 163.com`
    .trim()
    .split(/\s+/),
);

/** The known providers of free mail, as a list for the database. */
export const FREE_MAIL_DOMAINS: readonly string[] = [...PROVIDERS];

/** Whether the address says nothing about a company. `also` are further providers, of the programme. */
export function isFreeMail(email: string, also: readonly string[] = []): boolean {
  return accountDomain(email, also) === null;
}

/** The domain that colleagues share; null for a free-mail address. */
export function accountDomain(email: string, also: readonly string[] = []): string | null {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return PROVIDERS.has(domain) || also.includes(domain) ? null : domain;
}
