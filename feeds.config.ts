import { defineProgramme } from 'simmer';

/**
 * The programme: who writes, about what, how often, and what a reader's acts are worth. Simmer reads this file when
 * it starts; "simmer check" reads it too and names every problem with its place.
 *
 * Nordwerk is made up, and so are its articles: Simmer serves them itself below /sample, so that everything here
 * works without anything outside. Replace it piece by piece with your own.
 */
export default defineProgramme({
  brand: {
    name: 'Nordwerk',
    from: { name: 'Nordwerk', address: 'news@nordwerk.example' },
    replyTo: 'hello@nordwerk.example',
    postalAddress: 'Nordwerk Software, Havenkade 12, 1013 AA Amsterdam, Netherlands',
    logo: '/sample/images/logo.png',
    siteUrl: '/sample/',
    colours: { primary: '#14524a', accent: '#b3261e', text: '#1d2b29', background: '#ffffff' },
  },

  languages: ['en', 'nl', 'de', 'fr'],
  defaultLanguage: 'en',
  /** Names the words that people agree to when they sign up. Change it when those words change. */
  consentVersion: '2026-11',

  interests: [
    {
      id: 'payroll',
      label: { en: 'Payroll', nl: 'Salarisadministratie', de: 'Lohnabrechnung', fr: 'Paie' },
      description: {
        en: 'Paying people right the first time, through every change of law and rota.',
        nl: 'Mensen in één keer goed betalen, bij elke wetswijziging en elk rooster.',
        de: 'Löhne gleich richtig abrechnen, bei jeder Gesetzesänderung und jedem Schichtplan.',
        fr: 'Payer chacun juste du premier coup, à chaque changement de loi et de planning.',
      },
    },
    {
      id: 'e-invoicing',
      label: { en: 'E-invoicing', nl: 'E-facturatie', de: 'E-Rechnung', fr: 'Facturation électronique' },
      description: {
        en: 'Structured invoices, new duties country by country, and being paid sooner.',
        nl: 'Gestructureerde facturen, nieuwe plichten per land en sneller betaald worden.',
        de: 'Strukturierte Rechnungen, neue Pflichten je Land und schnellere Zahlungseingänge.',
        fr: 'Factures structurées, nouvelles obligations pays par pays et paiements plus rapides.',
      },
    },
    {
      id: 'warehouse',
      label: { en: 'Warehouse', nl: 'Magazijn', de: 'Lager', fr: 'Entrepôt' },
      description: {
        en: 'Less searching, fewer picking mistakes, and stock that is where the screen says.',
        nl: 'Minder zoeken, minder pickfouten en voorraad die ligt waar het scherm zegt.',
        de: 'Weniger suchen, weniger Fehlgriffe und Bestand, der liegt, wo der Bildschirm es sagt.',
        fr: 'Moins de recherches, moins d’erreurs de préparation et un stock qui se trouve là où l’écran le dit.',
      },
    },
    {
      id: 'financial-planning',
      label: {
        en: 'Financial planning',
        nl: 'Financiële planning',
        de: 'Finanzplanung',
        fr: 'Planification financière',
      },
      description: {
        en: 'Budgets, cash flow and forecasts that survive the first month of the year.',
        nl: 'Budgetten, kasstroom en prognoses die de eerste maand van het jaar overleven.',
        de: 'Budgets, Liquidität und Prognosen, die den ersten Monat des Jahres überstehen.',
        fr: 'Des budgets, une trésorerie et des prévisions qui survivent au premier mois de l’année.',
      },
    },
    {
      id: 'crm',
      label: { en: 'CRM', nl: 'CRM', de: 'CRM', fr: 'CRM' },
      description: {
        en: 'Knowing your customers well enough to call at the right moment.',
        nl: 'Uw klanten zo goed kennen dat u op het juiste moment belt.',
        de: 'Kunden so gut kennen, dass Sie im richtigen Moment anrufen.',
        fr: 'Connaître vos clients assez bien pour appeler au bon moment.',
      },
    },
    {
      id: 'cyber-security',
      label: { en: 'Cyber security', nl: 'Cyberbeveiliging', de: 'IT-Sicherheit', fr: 'Cybersécurité' },
      description: {
        en: 'Keeping business data safe with the people and the budget you have.',
        nl: 'Bedrijfsgegevens veilig houden met de mensen en het budget dat u heeft.',
        de: 'Geschäftsdaten schützen, mit den Menschen und dem Budget, die Sie haben.',
        fr: 'Protéger les données de l’entreprise avec les personnes et le budget dont vous disposez.',
      },
    },
  ],

  /**
   * Where articles come from: RSS or Atom. A real feed looks like this:
   *
   *   {
   *     url: 'https://blog.example.com/payroll/feed.xml',
   *     interests: ['payroll'],
   *     language: 'en',
   *     pollEvery: '30 minutes',
   *     priority: 2, // wins from a feed with 1 when all else is equal
   *   },
   */
  feeds: ['en', 'nl', 'de', 'fr'].flatMap((language) => [
    { url: `/sample/feeds/${language}/payroll.rss`, interests: ['payroll'], language },
    { url: `/sample/feeds/${language}/e-invoicing.atom`, interests: ['e-invoicing'], language },
    { url: `/sample/feeds/${language}/warehouse.rss`, interests: ['warehouse'], language },
    { url: `/sample/feeds/${language}/financial-planning.atom`, interests: ['financial-planning'], language },
    { url: `/sample/feeds/${language}/crm.rss`, interests: ['crm'], language },
    { url: `/sample/feeds/${language}/cyber-security.atom`, interests: ['cyber-security'], language },
  ]),

  digests: [
    {
      id: 'news',
      name: {
        en: 'Nordwerk News',
        nl: 'Nordwerk Nieuws',
        de: 'Nordwerk Neuigkeiten',
        fr: 'Nordwerk Actualités',
      },
      schedule: 'every 2 weeks on tuesday at 09:00',
      /** Nine o'clock on each reader's own clock. Or one zone for all: 'Europe/Amsterdam'. */
      timeZone: 'reader',
      layout: { main: 1, others: 4 },
      /** With fewer new articles than this for a reader, that reader gets no mail; with fewer than the layout holds, a shorter one. */
      minimumArticles: 5,
      freshness: '28 days',
      /** With true, a mail due on a weekend or on one of `holidays` comes on the next office day. */
      officeDaysOnly: false,
    },
  ],

  /** How articles are chosen for each reader. All of this is the default and may be left out. */
  choosing: {
    /** This share of readers gets the same digest for all, so that "simmer report lift" can tell what choosing brings. */
    controlShare: 0.1,
    /** After this time a click counts half for what a reader likes. */
    learningHalfLife: '60 days',
    /** After this time an article is worth half. */
    freshnessHalfLife: '7 days',
  },

  callsToAction: [
    {
      id: 'brochure',
      kind: 'brochure',
      label: {
        en: 'Get the product brochure',
        nl: 'Download de productbrochure',
        de: 'Produktbroschüre holen',
        fr: 'Télécharger la brochure produit',
      },
      url: '/sample/brochure',
      points: 5,
    },
    {
      id: 'reference-story',
      kind: 'reference-story',
      label: {
        en: 'See how others work with it',
        nl: 'Lees hoe anderen ermee werken',
        de: 'Lesen, wie andere damit arbeiten',
        fr: 'Voir comment d’autres l’utilisent',
      },
      url: '/sample/reference-story',
      points: 5,
    },
    {
      id: 'call-back',
      kind: 'call-back',
      label: {
        en: 'Have us call you back',
        nl: 'Laat ons u terugbellen',
        de: 'Rückruf vereinbaren',
        fr: 'Être rappelé',
      },
      points: 8,
    },
  ],

  footerLinks: [
    {
      id: 'software',
      label: { en: 'Software', nl: 'Software', de: 'Software', fr: 'Logiciels' },
      url: '/sample/software',
      points: 5,
    },
    {
      id: 'service',
      label: { en: 'Service', nl: 'Service', de: 'Service', fr: 'Service' },
      url: '/sample/service',
      points: 5,
    },
    {
      id: 'events',
      label: { en: 'Events', nl: 'Evenementen', de: 'Termine', fr: 'Rendez-vous' },
      url: '/sample/events',
      points: 4,
    },
    {
      id: 'press',
      label: { en: 'Press', nl: 'Pers', de: 'Presse', fr: 'Presse' },
      url: '/sample/press',
      points: 3,
    },
    {
      id: 'webinars',
      label: { en: 'Webinars', nl: 'Webinars', de: 'Webinare', fr: 'Webinaires' },
      url: '/sample/webinars',
      points: 4,
    },
    {
      id: 'app-centre',
      label: { en: 'App centre', nl: 'Appcentrum', de: 'App-Center', fr: 'Centre d’applications' },
      url: '/sample/app-centre',
      points: 4,
    },
  ],

  /** What acts are worth, once per mail and link. All of this is the default and may be left out. */
  scoring: {
    threshold: 12,
    /** Existing customers are qualified sooner. */
    customerThreshold: 6,
    /** Nobody goes to sales on points before having had more than this many mails. */
    mailsBeforeSql: 2,
    floor: -12,
    /** Where a lead starts again after sales has sent it back. */
    scoreAfterReturn: 0,
    points: { furtherMail: -1, open: 1, article: 3, download: 5, sqlAtOnce: 12 },
    /** A click on an article whose address begins like this makes an SQL at once: 'https://example.com/pricing'. */
    sqlAtOnceUrls: [],
  },

  sales: {
    address: 'sales@nordwerk.example',
    /** An alert caused by clicks waits this long, in case they turn out to be a mail scanner's. */
    hold: '2 minutes',
    /**
     * Whom a warm lead goes to: the first rule that fits, else `to` (left out: the address above). Several addresses
     * take turns. A rule may ask for countries, languages and companies (part of the name, or the e-mail domain):
     *   handOut: {
     *     rules: [{ countries: ['DE', 'AT'], to: ['sofie@nordwerk.example', 'jan@nordwerk.example'] }],
     *     to: ['sales@nordwerk.example'],
     *   },
     */
    handOut: { rules: [] },
    officeHours: { timeZone: 'Europe/Amsterdam', from: '09:00', to: '17:30' },
    /** When nobody takes the lead or answers: counted in office hours; 'never' switches it off. */
    remindAfter: '4 hours',
    escalateAfter: '8 hours',
    escalateTo: 'ada@nordwerk.example',
    /** No newsletter to a lead while sales has it in progress. */
    pauseMailsInProgress: true,
    /** Colleagues who are warm together: an alert when the points of one company's leads reach this. */
    accountThreshold: 30,
  },

  /** How machines are told from people. All of this is the default and may be left out. */
  machines: {
    /** A hit so soon after the mail server took the mail is suspect; two signs of that kind make a machine. */
    scannerWindow: '60 seconds',
    /** Behind a mail gateway the first hits are suspect for this long. */
    gatewayWindow: '5 minutes',
    /** Beside the scanners' networks and gateways that Simmer knows: ['192.0.2.0/24'], ['mx.example.com']. */
    scannerNetworks: [],
    gateways: [],
    /** Of a network address is kept: 'shortened' its network, 'hashed' only a keyed hash of that. */
    keepAddresses: 'shortened',
  },

  /**
   * Your own site. With tracking, clicks on links to its hosts carry a short-lived token, and /s.js there tells which pages
   * a reader looks at, once the reader has agreed. Forms of these hosts may post to /forms/contact, /forms/webinar …
   */
  site: { tracking: false, hosts: [], tokenLifetime: '30 minutes' },

  /** Who may sign in to the staff pages: a link by mail, no passwords. */
  staff: [
    { email: 'ada@nordwerk.example', name: 'Ada Vermeer', role: 'admin' },
    { email: 'milan@nordwerk.example', name: 'Milan Hoekstra', role: 'marketer' },
    { email: 'sofie@nordwerk.example', name: 'Sofie Brandt', role: 'sales' },
  ],
});
