import type { HitClass } from './hit.ts';

/** What is behind a user agent: a person, a person behind a proxy that hides them, or a program by itself. */
export type AgentClass = Extract<HitClass, 'human' | 'proxied' | 'machine'>;

/** One kind of user agent: what it is, its name for people, and how it is recognised. */
export type AgentKind = readonly [AgentClass, string, RegExp];

/**
 * Kinds of user agents that general lists of robots do not know or take for something else. The first that fits counts, so
 * what is special stands before what is general. One line a kind; a new one needs nothing else.
 */
export const AGENT_KINDS: readonly AgentKind[] = [
  // Programs that look like a person's and are none.
  ['machine', 'Slack', /\bslack(?:bot|-imgproxy)/i],
  ['machine', 'Startpage', /StartpagePrivateImageProxy/i],
  ['machine', 'Tweakers', /\bTweakers Image Proxy/i],
  ['machine', 'Office looking for a link', /\bMicrosoft Office (?:Existence|Protocol) Discovery/i],
  ['machine', 'Mail.ru', /\bMail\.RU_Bot/i],

  // They fetch images when a person opens the mail, and hide who and where.
  ['proxied', 'Gmail', /GoogleImageProxy|\bggpht\.com/i],
  ['proxied', 'Yahoo', /YahooMailProxy/i],
  ['proxied', 'Seznam', /SeznamEmailProxy/i],
  ['proxied', 'Rambler', /RamblerMail/i],
  ['proxied', 'Ukr.net', /\bmail\.ukr\.net proxy|\bfwdcdn\.com/i],
  ['proxied', 'Yandex', /YandexImageResizer|\bYandex\.?Mail.{0,20}Proxy/i],
  ['proxied', 'Mail.ru', /\bMail\.?RU.{0,20}Proxy|\bimgsmail\.ru/i],
  ['proxied', 'Zoom Mail', /\bZoomMail/i],
  ['proxied', 'Fastmail', /^FastmailUA\b/i],
  ['proxied', 'Shortwave', /^Shortwave Image Fetcher/i],
  ['proxied', 'a proxy for pictures', /\bCamo Asset Proxy|\bgo-camo\b/i],
  ['proxied', 'a mail proxy', /(?:image|mail|picture|content)[ _-]?proxy(?!\w)/i],
  [
    'proxied',
    'a mail proxy',
    /\b(?:outlook|hotmail|naver|qq|proton|hey|gmx|web\.de|zoho|fastmail|superhuman)[\w .]{0,20}proxy(?!\w)/i,
  ],

  // Robots by their own word, whatever browser or mail program they dress up as.
  [
    'machine',
    'a robot by its own word',
    /spider\b|crawler\b|[(+] ?https?:\/\/|\be-?mail ?(?:ex\w{0,4}ract|harvest|wolf|siphon)/i,
  ],

  // Security: what follows links before, or instead of, a person.
  [
    'machine',
    'a mail scanner',
    /barracuda|proofpoint|mimecast|ironport|fireeye|trellix|trend ?micro|symantec|messagelabs|sophos/i,
  ],
  ['machine', 'Microsoft Defender', /\bsafe-?links\b|\bDefender for Office\b|\bMicrosoft Defender\b/i],
  [
    'machine',
    'a mail scanner',
    /forcepoint|websense|forti(?:mail|gate|net|guard|sandbox)|zscaler|cloudmark|\bavanan|ironscales|abnormal ?security|cofense/i,
  ],
  [
    'machine',
    'a mail scanner',
    /hornetsecurity|\bvade ?(?:secure|retro)|\bcyren\b|spamhaus|rspamd|spamassassin|spamexperts|spamtitan|mailmarshal|trustwave|perception ?point|mailchannels|mailguard/i,
  ],
  [
    'machine',
    'a scanner of links',
    /urlscan|virustotal|phishtank|netcraft|\bphish|malware|\bsandbox\b|cuckoo ?sandbox|hybrid-?analysis|\bany\.run\b|assetnote|\bcensys|\bshodan/i,
  ],
  [
    'machine',
    'a scanner of links',
    /\b(?:url|link|threat)[ _-]?(?:defen[cs]e|scan\w*|check\w*|protect\w*|inspect\w*|analy[sz]\w*|follow\w*)/i,
  ],

  // Browsers without anybody in front of them.
  [
    'machine',
    'a browser without a person',
    /headless|phantomjs|slimerjs|casperjs|\bjsdom\b|puppeteer|playwright|selenium|webdriver|\bcypress\b|htmlunit|zombie\.?js|wkhtmlto|\bsplash Version\b|miniature\.io/i,
  ],
  // Browsers never write this inside "like Gecko"; assistants and crawlers with a browser's engine do.
  ['machine', 'a program that browses', /\blike Gecko; compatible;/i],
  [
    'machine',
    'an assistant',
    /\b(?:gptbot|chatgpt|oai-searchbot|claude|anthropic|perplexity|amzn|mistralai|duckassist|meta-external\w+|bytespider|ccbot|cohere|diffbot|manus|google-(?:read-aloud|extended|cloudvertexbot|agent|notebooklm|publisher-plugin|amphtml|inspectiontool)|duplexweb-google|googleother|adbeat|gemini-deep-research|novaact|devin)\b/i,
  ],
  // "-User" is how assistants call themselves that look at a page because somebody asked them to.
  ['machine', 'an assistant', /\b[A-Z][\w.]{1,60}-(?:User|SearchBot|Fetcher|Agent)\/\d/],
  [
    'machine',
    'a preview of a link',
    /facebookexternalhit|facebot|skypeuripreview|linkedinbot|discordbot|telegrambot|twitterbot|redditbot|pinterestbot|vkshare|kakaotalk-scrap|line-poker|embedly|iframely|bingpreview|^whatsapp\/|mattermost-bot|^viber\//i,
  ],

  // Libraries that programs fetch with.
  [
    'machine',
    'a library that programs fetch with',
    /^(?:dart|deno|bun|java|ruby|perl|lua|elixir|erlang|swift|rust|node|go|python|php)(?:[-/ ]|$)|\bpython-?(?:requests|urllib|httpx)?\/|aiohttp|\bhttpx\/|\bgo-http-client|\bcurl\/|libcurl|\bwget\//i,
  ],
  [
    'machine',
    'a library that programs fetch with',
    /\b(?:axios|node-fetch|undici|got|superagent|okhttp|reqwest|hyper|ureq|guzzle(?:http)?|faraday|httparty|typhoeus|rest-client|mechanize|scrapy|colly|httpie|aria2|(?:windows)?powershell|postmanruntime|insomnia|reactornetty|cpp-httplib|lwp-\w{1,20}|libwww-perl)(?:\/| v?\d| \(|-?\w{0,20}-ruby|$)/i,
  ],
  [
    'machine',
    'a library that programs fetch with',
    /\b(?:apache-)?httpclient\b|\bwinhttp\b|\bcontainerd\/|\bcri-o\/|\bartifactory\/|^mikrotik\/|matomotrackersdk|\bipinfoclient\//i,
  ],

  // Mail programs, of which general lists know few and take what is called "Name/1.0" for a robot.
  [
    'human',
    'Outlook',
    /\bms-?office\b|\bmsoffice\b|\bMicrosoft (?:Office|Outlook)\b|\bMacOutlook\b|\bOutlook(?:-|\b)/i,
  ],
  ['human', 'Gmail', /^(?:Android-)?Gmail\b|\bcom\.google\.android\.gm\b/i],
  ['human', 'Windows Mail', /\bWindows ?(?:Live ?)?Mail\b|\bwindowscommunicationsapps\b/i],
  [
    'human',
    'Thunderbird and its kin',
    /\b(?:thunderbird|icedove|betterbird|seamonkey|postbox|spicebird|lightning|eudora|interlink)\b/i,
  ],
  ['human', 'eM Client', /\beM ?Client\b/i],
  ['human', 'Evolution', /^Evolution\b|\bGNOME Evolution\b/i],
  ['human', 'Geary and its kin', /^(?:geary|balsa|sylpheed|trojita|mutt|neomutt|alpine|kontact|gnus)\b/i],
  ['human', 'Apple Mail', /\bMobileMail\b|^Mail\/|\bAppleMail\b|\bEmailCore\b/i],
  ['human', 'Notes', /\b(?:Lotus|IBM|HCL|Domino)[ -]?(?:i?Notes|Verse)\b/i],
  ['human', 'GroupWise', /\bGroup ?Wise\b/i],
  ['human', 'Zimbra', /\bZimbra\b/i],
  ['human', 'The Bat!', /^The Bat!/i],
  ['human', 'Spark', /^Spark(?:[/%]| (?:Mail|Desktop|\d))|\bSparkDesktop\b|\breaddle\b/i],
  [
    'human',
    'K-9 and its kin',
    /^(?:K-?9|FairEmail|Nine|AquaMail|TypeApp|Newton|Canary|Edison|Mimestream|Missive|Shortwave)\b/i,
  ],
  ['human', 'Superhuman', /^Superhuman\b/i],
  ['human', 'HEY', /^HEY\b(?!-)/],
  ['human', 'Spike', /^Spike\b/],
  [
    'human',
    'Barca and its kin',
    /^(?:Barca(?:Pro)?|Becky!?|Shuriken|IncrediMail|Pegasus|DavMail|DAVx5|DAVdroid)\b/i,
  ],
  [
    'human',
    'Proton and its kin',
    /^(?:Proton|Tutanota|Tuta|Fastmail|Zoho|Roundcube|SquirrelMail|RainLoop|SnappyMail|Horde|SOGo)\b/i,
  ],
  ['human', 'Yahoo Mail', /^Yahoo(?:%20| |)(?:Mobile)?Mail(?!Proxy)\b|\bjp\.co\.yahoo\.ymail\b/i],
  // What calls itself a mail, and nothing else: most mail programs, also those that nobody has listed.
  [
    'human',
    'a mail program',
    /^(?!.*(?:bot\b|crawl|spider|scan|check|test|verif|valid|monitor|fetch|track|grab|feed|gun\b|chimp|http|\+|@))[^/(]{0,60}(?:mail|inbox)/i,
  ],

  // Browsers that lists of robots take for the robot of the same house.
  ['human', 'a browser', /\bSogou(?:MSE|MobileBrowser|Search)\b|com\.sogou\./i],
];

/** The name of the telephone in a browser's user agent: anything, "XBot Senior" too, and no robot writes its own there. */
const DEVICE = /(\bAndroid [\d.]+; (?:[a-z]{2}[-_][a-z]{2}; )?)(?!compatible)[^;)]+/i;

/** The user agent without the name of the telephone, for lists that look for words anywhere. */
export const withoutDevice = (userAgent: string): string => userAgent.replace(DEVICE, '$1');

/** The kind of a user agent, or null when no line fits. */
export function agentKind(userAgent: string): AgentKind | null {
  const agent = withoutDevice(userAgent);
  return AGENT_KINDS.find(([, , pattern]) => pattern.test(agent)) ?? null;
}

/** The browser of a telephone or of an app on it, which adds names of its own. */
const ON_A_PHONE =
  /^Mozilla\/5\.0 \((?:iPhone|iPad|iPod|Linux; (?:U; )?Android|Linux; arm\w*; Android)\b[^)]{0,200}\).{0,120}\b(?:Mobile|Safari|wv)\b/i;

/** Whether words at the end of the user agent may be an app's around the browser. */
export const isOnAPhone = (userAgent: string): boolean => ON_A_PHONE.test(userAgent);
