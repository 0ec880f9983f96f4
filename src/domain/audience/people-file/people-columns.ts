import { foldedName } from '../country-names.ts';
import { readStatus } from './list-standing.ts';

/**
 * What a column of a file may hold, with the names that people and programs give it, the best first: where two columns
 * hold the same, the first that has something in it counts. In English, Dutch, German and French, and as HubSpot,
 * Salesforce, Mailchimp, listmonk, Mautic, Pipedrive, LinkedIn, Google and Outlook write them. Case, accents, spaces and
 * signs do not matter.
 */
// biome-ignore format: one line per column would say no more
const NAMES = {
  email: ['email', 'email address', 'mail', 'e-mailadres', 'mailadres', 'e-mail-adresse', 'mailadresse', 'adresse e-mail', 'adresse mail', 'adresse de messagerie', 'adresse électronique', 'courriel', 'e-mail 1 - value', 'person - email - work', 'person - email', 'persoon - e-mail', 'persoon - e-mail - werk', 'person - e-mail - arbeit', 'work email', 'business email', 'zakelijk e-mailadres', 'e-mail geschäftlich', 'geschäftliche e-mail', 'email professionnel', 'primary email', 'email primary', 'contact email', 'subscriber email', 'subscriber', 'user email', 'recipient', 'email id', 'emailaddress1', 'person email', 'correo electrónico', 'indirizzo email', 'person - email - home', 'person - email - other', 'e-mail 2 address', 'e-mail 2 - value', 'e-mail 2: adresse', 'e-mailadres 2', 'email 2', 'secondary email', 'personal email', 'privé e-mailadres', 'e-mail privat', 'email personnel', 'e-mail 3 address', 'e-mail 3: adresse'],
  name: ['name', 'full name', 'naam', 'volledige naam', 'vollständiger name', 'nom complet', 'nom et prénom', 'prénom et nom', 'contact name', 'contactpersoon', 'kontaktperson', 'ansprechpartner', 'person - name', 'persoon - naam', 'display name', 'name, vorname', 'nachname, vorname', 'achternaam, voornaam', 'subscriber name', 'lead name', 'nombre completo'],
  firstName: ['first name', 'given name', 'forename', 'fname', 'first', 'voornaam', 'roepnaam', 'vorname', 'prénom', 'person - first name', 'persoon - voornaam', 'person - vorname', 'contact first name', 'nombre', 'nome'],
  middleName: ['middle name', 'additional name', 'tussenvoegsel', 'tussenvoegsels', 'voorvoegsel', 'tweede voornaam', 'weitere vornamen', 'zweiter vorname', 'namensvorsatz', 'deuxième prénom', 'infix', 'surname prefix'],
  lastName: ['last name', 'family name', 'surname', 'lname', 'last', 'achternaam', 'familienaam', 'nachname', 'familienname', 'zuname', 'nom de famille', 'nom', 'person - last name', 'persoon - achternaam', 'person - nachname', 'contact last name', 'apellidos', 'apellido', 'cognome'],
  company: ['company', 'company name', 'bedrijf', 'bedrijfsnaam', 'firma', 'firmenname', 'unternehmen', 'unternehmensname', 'entreprise', 'société', 'nom de l’entreprise', 'raison sociale', 'organisation', 'organization', 'organisatie', 'organisatienaam', 'organization name', 'organisation name', 'organization - name', 'organisation - name', 'organisatie - naam', 'person - organization', 'persoon - organisatie', 'organization 1 - name', 'account name', 'accountnaam', 'accountname', 'account', 'associated company', 'primary company', 'current company', 'companies', 'employer', 'werkgever', 'arbeitgeber', 'employeur', 'business name', 'firm', 'default address company', 'billing company', 'shipping company', 'empresa', 'azienda'],
  jobTitle: ['job title', 'position', 'job', 'functie', 'functietitel', 'functienaam', 'funktion', 'berufsbezeichnung', 'stellenbezeichnung', 'beruf', 'jobtitel', 'fonction', 'poste', 'intitulé du poste', 'intitulé de poste', 'profession', 'role', 'rol', 'rolle', 'organization title', 'organization 1 - title', 'person - job title', 'persoon - functie', 'person - position', 'current position', 'occupation', 'cargo'],
  phone: ['phone', 'phone number', 'telephone', 'telephone number', 'tel', 'telefoon', 'telefoonnummer', 'telefon', 'telefonnummer', 'téléphone', 'numéro de téléphone', 'business phone', 'work phone', 'zakelijke telefoon', 'telefoon werk', 'telefoon op werk', 'telefon geschäftlich', 'téléphone professionnel', 'phone 1 - value', 'person - phone - work', 'person - phone', 'company phone', 'direct phone', 'primary phone', 'haupttelefon', 'mobile', 'mobile phone', 'mobile phone number', 'mobiel', 'mobiele telefoon', 'mobiel nummer', 'gsm', 'mobil', 'mobiltelefon', 'handy', 'handynummer', 'portable', 'téléphone portable', 'téléphone mobile', 'tél. mobile', 'cell phone', 'cell', 'person - phone - mobile', 'phone 2 - value', 'whatsapp phone number', 'home phone', 'person - phone - home', 'telefoon thuis', 'telefon privat', 'other phone'],
  industry: ['industry', 'sector', 'branche', 'bedrijfstak', 'bedrijfssector', 'brancheomschrijving', 'wirtschaftszweig', 'secteur', 'secteur d’activité', 'company industry', 'organization - industry', 'industrie', 'sektor'],
  companySize: ['company size', 'employees', 'number of employees', 'no. of employees', 'numberofemployees', 'num employees', 'employee count', 'organization - number of employees', 'medewerkers', 'aantal medewerkers', 'aantal werknemers', 'bedrijfsgrootte', 'mitarbeiter', 'mitarbeitende', 'mitarbeiterzahl', 'mitarbeiteranzahl', 'anzahl mitarbeiter', 'anzahl der mitarbeiter', 'unternehmensgröße', 'firmengröße', 'effectif', 'tranche d’effectif', 'tranche d’effectifs', 'nombre d’employés', 'nombre de salariés', 'taille de l’entreprise', 'headcount', 'size'],
  country: ['country', 'country/region', 'country code', 'land', 'landcode', 'land/regio', 'land/region', 'länderkennzeichen', 'pays', 'pays/région', 'code pays', 'business country', 'business country/region', 'land/region geschäftlich', 'land/regio werk', 'mailing country', 'billing country', 'company country', 'contact country', 'address 1 - country', 'organization - country', 'organization - country of address', 'person - country', 'mailingcountry', 'default address country code', 'billing country code', 'país', 'paese', 'home country/region', 'home country', 'land/region privat'],
  language: ['language', 'preferred language', 'preferred locale', 'locale', 'lang', 'taal', 'voorkeurstaal', 'sprache', 'bevorzugte sprache', 'langue', 'langue préférée', 'person - language', 'contact language', 'correspondence language'],
  timeZone: ['time zone', 'timezone', 'tijdzone', 'zeitzone', 'fuseau horaire', 'time zone id'],
  interests: ['interests', 'interest', 'topics', 'topic', 'subjects', 'onderwerpen', 'onderwerp', 'interesses', 'interessegebieden', 'themen', 'thema', 'interessen', 'centres d’intérêt', 'thèmes', 'sujets'],
  source: ['source', 'utm_source', 'lead source', 'original source', 'bron', 'herkomst', 'leadbron', 'quelle', 'leadquelle', 'herkunft', 'origine', 'origine du prospect', 'opt-in source', 'signup source', 'person - lead source', 'origin'],
  consentAt: ['consent_at', 'consent date', 'consent time', 'confirm_time', 'confirmed at', 'confirmation time', 'confirmation date', 'confirmed on', 'double opt-in date', 'double opt-in time', 'doi date', 'opt_in_at', 'opt-in date', 'opt-in time', 'optin_time', 'optin date', 'opted in at', 'date opted in', 'email opt-in date', 'activated at', 'aktiviert am', 'aktiviert', 'registriert am', 'geactiveerd op', 'timestamp_opt', 'subscribed at', 'subscribed on', 'subscription date', 'date subscribed', 'subscribe date', 'signup date', 'sign-up date', 'date of sign-up', 'toestemming_op', 'datum toestemming', 'toestemmingsdatum', 'bevestigd op', 'aangemeld op', 'aanmelddatum', 'datum aanmelding', 'ingeschreven op', 'inschrijfdatum', 'opt-in datum', 'einwilligung_am', 'einwilligungsdatum', 'datum der einwilligung', 'bestätigt am', 'bestätigungsdatum', 'angemeldet am', 'anmeldedatum', 'double-opt-in-datum', 'date de consentement', 'date du consentement', 'confirmé le', 'inscrit le', 'date d’inscription', 'date opt-in'],
  consentHow: ['consent_how', 'consent text', 'consent source', 'opt_in_how', 'opt-in method', 'toestemming_hoe', 'toestemming via', 'einwilligung_wie', 'art der einwilligung', 'mode de consentement'],
  consentIp: ['consent_ip', 'confirm_ip', 'confirmation ip', 'doi ip', 'double opt-in ip', 'opt_in_ip', 'optin_ip', 'opt-in ip', 'opt-in ip address', 'ip_opt', 'signup ip', 'sign-up ip', 'ip_signup', 'subscribe ip', 'ip', 'ip address', 'ip-adres', 'ip-adresse', 'adresse ip', 'einwilligung_ip', 'bestätigung ip', 'toestemming_ip'],
  status: ['status', 'subscription status', 'subscriber status', 'member status', 'marketing status', 'person - marketing status', 'persoon - marketingstatus', 'person - marketing-status', 'marketing contact status', 'email status', 'email marketing status', 'email subscription status', 'contact status', 'newsletter status', 'list status', 'mailing status', 'optin status', 'confirm status', 'confirmation status', 'marketing email confirmation status', 'email confirmation status', 'abo-status', 'abonnementstatus', 'abonnementsstatus', 'aanmeldstatus', 'inschrijfstatus', 'e-mailstatus', 'anmeldestatus', 'statut', 'statut d’abonnement', 'statut de l’abonnement', 'estado', 'stato'],
  optedOut: ['unsubscribed', 'unsubscribe', 'unsubscribed from all email', 'unsubscribed from all emails', 'portal unsubscribe', 'global unsubscribe', 'opt out', 'opted out', 'opt-out date', 'optout', 'email opt out', 'email optout', 'opt out of email', 'opted out of email', 'opted out of all email', 'hasoptedoutofemail', 'has opted out of email', 'do not email', 'do not mail', 'donotemail', 'donotbulkemail', 'do not bulk email', 'do not contact', 'do not contact email', 'dnc', 'no email', 'no mailing', 'no newsletter', 'no marketing', 'emailoptedout', 'email disabled', 'deactivated', 'deactivated at', 'deaktiviert', 'deaktiviert am', 'gedeactiveerd op', 'unsub_time', 'unsub time', 'unsub date', 'unsub_reason', 'unsub_campaign_title', 'unsubscribed at', 'unsubscribed on', 'unsubscribe date', 'date unsubscribed', 'unsubscribe reason', 'uitgeschreven', 'uitgeschreven op', 'uitschrijfdatum', 'afgemeld', 'afgemeld op', 'afmelddatum', 'niet mailen', 'niet e-mailen', 'niet contacteren', 'geen contact', 'geen e-mail', 'geen e-mails', 'geen mailing', 'geen nieuwsbrief', 'abgemeldet', 'abgemeldet am', 'abmeldedatum', 'abmeldung', 'e-mail-abmeldung', 'ausgetragen', 'widerruf', 'widerrufen am', 'werbewiderspruch', 'nicht kontaktieren', 'nicht anschreiben', 'keine e-mail', 'keine e-mails', 'keine werbung', 'kein newsletter', 'kein mailing', 'désabonné', 'désabonné le', 'désinscrit', 'désinscrit le', 'désinscription', 'date de désinscription', 'ne pas contacter', 'ne pas envoyer d’e-mail', 'refus e-mail', 'baja'],
  bounced: ['bounced', 'bounce', 'bounces', 'hard bounce', 'hard bounced', 'email bounced', 'is email bounced', 'isemailbounced', 'emailbounceddate', 'email bounced date', 'emailbouncedreason', 'email bounced reason', 'email hard bounce reason', 'hard bounce reason', 'hs email bad address', 'invalid email address', 'invalid email', 'email invalid', 'bounce reason', 'bounce date', 'bounce type', 'portal bounce', 'global bounce', 'clean_time', 'clean time', 'clean_campaign_title', 'cleaned', 'unzustellbar', 'ungültige e-mail', 'onbestelbaar', 'ongeldig e-mailadres', 'non délivrable', 'adresse invalide'],
  blocked: ['blocklisted', 'blacklisted', 'email blacklisted', 'email blocklisted', 'email suppressions', 'blacklist', 'blocklist', 'blocked', 'suppressed', 'spam', 'spam report', 'portal spam report', 'marked as spam', 'complained', 'complaint', 'abuse', 'gesperrt', 'sperre', 'mailsperre', 'werbesperre', 'gesperrt am', 'geblokkeerd', 'zwarte lijst', 'bloqué', 'liste noire', 'plainte'],
  optedIn: ['subscribed', 'opt in', 'opted in', 'optin', 'email opt in', 'email opted in', 'email optin', 'marketing consent', 'email consent', 'consent', 'consent status', 'email consent status', 'gdpr consent', 'marketing opt-in', 'accepts marketing', 'accepts email marketing', 'email marketing consent', 'newsletter', 'nieuwsbrief', 'newsletter subscription', 'newsletter opt-in', 'mailing', 'toestemming', 'toestemming e-mail', 'ingeschreven', 'aangemeld', 'einwilligung', 'werbeeinwilligung', 'angemeldet', 'abonniert', 'active', 'is active', 'aktiv', 'actief', 'actif', 'abonné', 'inscrit', 'consentement', 'infolettre'],
  confirmed: ['confirmed', 'email confirmed', 'is confirmed', 'verified', 'email verified', 'double opt-in', 'doi', 'person - double opt-in', 'bestätigt', 'e-mail bestätigt', 'verifiziert', 'bevestigd', 'e-mail bevestigd', 'geverifieerd', 'confirmé', 'e-mail confirmé', 'vérifié'],
  attributes: ['attributes', 'attribs'],
} as const;
export type FileColumn = keyof typeof NAMES;

export const FILE_COLUMNS = Object.keys(NAMES) as FileColumn[];

/**
 * Names that many programs vary: what says no to mail is found by its words, so that nobody is overlooked. Opt-outs by kind
 * of mail too ("Opted out of email: Marketing Information").
 */
const BY_WORDS: [RegExp, FileColumn][] = [
  [
    /unsubscri|opt(?:ed)?out|donot(?:contact|e?mail|bulk|send|allow)|abgemeld|abmeld|uitgeschreven|uitschrij|afgemeld|afmeld|desabonn|desinscri|nichtkontakt|nietmail/,
    'optedOut',
  ],
  [/subscribedto/, 'optedIn'],
  [/(?:consent|optin)(?:timestamp|time|date)$/, 'consentAt'],
  [/hardbounce|(?:is|email)bounced|bounce(?:d)?(?:reason|date|at|on)$/, 'bounced'],
  [/blacklist|blocklist|suppress|spamreport|mailsperre|werbesperre/, 'blocked'],
  [
    /(?:subscri(?:ption|ber)|optin|marketing|e?mail|newsletter|consent|abo|abonnements?)(?:status|state)$/,
    'status',
  ],
];
/** Of other ways than mail, and numbers of mails. */
const NOT_BY_WORDS =
  /fax|sms|phone|call|telefon|telefoon|letter(?!s)|post(?!ed)|whatsapp|number|count|anzahl|aantal|rate$/;

/** Case, accents, spaces and signs away; umlauts written out are the same name ("Bestaetigt am"). */
const keyOf = (name: string): string =>
  foldedName(name)
    .replaceAll(' ', '')
    .replace(/([aou])e/g, '$1');

const BY_KEY: ReadonlyMap<string, { column: FileColumn; rank: number }> = new Map(
  FILE_COLUMNS.flatMap((column) =>
    NAMES[column].map((name, rank): [string, { column: FileColumn; rank: number }] => [
      keyOf(name),
      { column, rank },
    ]),
  ),
);

/** What a column of this name holds, and how good a name it is for that (0 is the best); null when nobody knows. */
export function columnNamed(name: string): { column: FileColumn; rank: number } | null {
  const key = keyOf(name);
  const known = BY_KEY.get(key);
  if (known) return known;
  const found = NOT_BY_WORDS.test(key.replaceAll('newsletter', ''))
    ? undefined
    : BY_WORDS.find(([words]) => words.test(key));
  return found ? { column: found[1], rank: NAMES[found[1]].length } : null;
}

/** "Title" is a position at work in one program and "Dr." in another. */
const TITLES = new Set(['title', 'titel', 'titre', 'contacttitle', 'leadtitle']);
const SALUTATION =
  /^(?:mr|mrs|ms|miss|mx|sir|dr|prof|ing|ir|drs|mag|dipl|herr|frau|hr|fr|dhr|mevr|mw|de heer|mevrouw|meneer|m|mme|mlle|monsieur|madame)\b\.?(?: ?(?:dr|prof|ing|med|rer|nat|phil|h c|dipl)\b\.?)*$/i;

/**
 * What each column of a file was taken for, by its name and, where names leave it open, by what stands in it: `rows` are
 * the first ones.
 */
export function takenFor(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): (FileColumn | null)[] {
  const taken = head.map((name) => columnNamed(name)?.column ?? null);
  const cellsOf = (at: number) => rows.map((cells) => (cells[at] ?? '').trim()).filter((cell) => cell !== '');
  const mostly = (at: number, test: (cell: string) => boolean) => {
    const cells = cellsOf(at);
    return cells.length > 0 && cells.filter(test).length * 2 > cells.length;
  };
  if (!taken.includes('jobTitle')) {
    const at = head.findIndex((name) => TITLES.has(keyOf(name)));
    if (at !== -1 && !mostly(at, (cell) => SALUTATION.test(cell))) taken[at] = 'jobTitle';
  }
  // "Nom" alone is the whole name; beside "Prénom" it is the family's.
  const alone = head.findIndex((name) => keyOf(name) === 'nom');
  if (alone !== -1 && !taken.includes('firstName')) taken[alone] = 'name';
  // The state of an address in some programs, of a country in others.
  const state = head.findIndex((name) => keyOf(name) === 'state');
  if (state !== -1 && !taken.includes('status') && mostly(state, (cell) => readStatus(cell) !== null))
    taken[state] = 'status';
  if (!taken.includes('email')) {
    const at = head.findIndex((_, index) =>
      mostly(index, (cell) => /^[^\s@]+@[^\s@.]+\.[^\s@]+$/.test(cell)),
    );
    if (at !== -1) taken[at] = 'email';
  }
  return taken;
}
