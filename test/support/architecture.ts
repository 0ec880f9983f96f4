import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';

/** The sources below src/: path (with slashes, "journey/audience/sign-up.ts") → text. */
export type Tree = Map<string, string>;

export function readTree(root: string): Tree {
  const tree: Tree = new Map();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const path = join(entry.parentPath, entry.name);
    tree.set(relative(root, path).split(sep).join('/'), readFileSync(path, 'utf8'));
  }
  return tree;
}

export interface Import {
  /** The path below src/ for one of ours, else the name of a package. */
  target: string;
  isOurs: boolean;
  isTypeOnly: boolean;
}

const STATEMENT =
  /^\s*(?:import|export)\s+(type\s)?[^'";]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm;

/** Every import of a file, dynamic ones and re-exports too. */
export function importsOf(path: string, source: string): Import[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  return [...code.matchAll(STATEMENT)].map(([, type, from, bare, dynamic]) => {
    const specifier = from ?? bare ?? dynamic ?? '';
    const isOurs = specifier.startsWith('.');
    const target = isOurs ? posix.normalize(posix.join(posix.dirname(path), specifier)) : specifier;
    return { target, isOurs, isTypeOnly: type !== undefined };
  });
}

/** The files right below src/. */
const TOP = './';

/** Where each layer may import from, by the beginning of the path. main.ts and what stands beside it compose: anything. */
const LAYERS: Record<string, string[]> = {
  domain: ['domain/'],
  journey: ['journey/', 'domain/'],
  adapters: ['adapters/', 'journey/', 'domain/'],
  web: ['web/', 'journey/', 'domain/'],
  jobs: ['jobs/', 'journey/', 'domain/'],
  config: ['config/', 'domain/'],
  // Each command is a small main of its own; the pages and the schedule reach it only through the program it opens.
  commands: ['commands/', 'journey/', 'domain/', 'config/', 'adapters/', 'demo/', 'start/', TOP],
};

/** Packages that a layer may use, where that is few. */
const PACKAGES: Record<string, string[]> = {
  domain: ['node:crypto', 'node:url'],
  journey: ['node:crypto'],
};

/** A package that stays inside one folder, so that it can be replaced there. */
const HOMES: Record<string, string[]> = {
  bull: ['adapters/bull/'],
  pg: ['adapters/postgres/'],
  'node-pg-migrate': ['adapters/postgres/'],
  nodemailer: ['adapters/smtp/'],
  mjml: ['adapters/mail-templates/'],
  'rss-parser': ['adapters/rss/'],
  'smtp-server': ['adapters/inbox/', 'adapters/mail-in/'],
  // The web process makes its listening sockets itself.
  fastify: ['web/', 'start/'],
};

/** An adapter may use another one's tools where it says so here. */
const ADAPTER_PAIRS = ['mail-templates templates', 'webhooks rss'];

/** Every breach of the layers, as "file: what is wrong". */
export function breaches(tree: Tree): string[] {
  return [...tree].flatMap(([path, source]) => {
    const layer = path.includes('/') ? (path.split('/')[0] ?? '') : '';
    const said = importsOf(path, source).flatMap((one) =>
      one.isOurs ? breachOfOurs(tree, path, layer, one) : breachOfPackage(path, layer, one),
    );
    if (layer === 'domain' || layer === 'journey') said.push(...impurities(source));
    return said.map((words) => `${path}: ${words}`);
  });
}

function breachOfOurs(tree: Tree, path: string, layer: string, { target, isTypeOnly }: Import): string[] {
  const allowed = LAYERS[layer];
  const isIn = (start: string) => (start === TOP ? !target.includes('/') : target.startsWith(start));
  if (allowed && !allowed.some(isIn)) {
    return [`${layer} may not import ${target}`];
  }
  const intoJourney = target.startsWith('journey/');
  if (layer === 'adapters' && intoJourney && !isTypeOnly) return [`adapters take types only from ${target}`];
  if (layer === 'adapters' && intoJourney && isStage(tree, target)) {
    return [`adapters know ports, not the stage ${target}`];
  }
  if (layer === 'adapters' && target.startsWith('adapters/')) {
    const [own, other] = [folderOf(path), folderOf(target)];
    if (own !== other && other !== '' && !ADAPTER_PAIRS.includes(`${own} ${other}`)) {
      return [`the adapter ${own} may not import the adapter ${other}`];
    }
  }
  if (layer === 'journey' && isStage(tree, target)) return [`a stage may not import the stage ${target}`];
  return [];
}

function breachOfPackage(path: string, layer: string, { target }: Import): string[] {
  const allowed = PACKAGES[layer];
  if (allowed && !allowed.includes(target)) return [`${layer} may not import ${target}`];
  const name = target.startsWith('@') ? target : (target.split('/')[0] ?? '');
  const homes = HOMES[name];
  if (homes && layer !== '' && !homes.some((home) => path.startsWith(home))) {
    return [`${name} stays inside ${homes.join(', ')}`];
  }
  return [];
}

/** "bull" for adapters/bull/queue.ts; "" for a file right below adapters/, which all may use. */
function folderOf(path: string): string {
  const parts = path.split('/');
  return parts.length > 2 ? (parts[1] ?? '') : '';
}

/** A file of a room that has something to run: one that gives types only is a port, one in a folder below is a helper. */
function isStage(tree: Tree, path: string): boolean {
  if (!/^journey\/[^/]+\/[^/]+$/.test(path)) return false;
  return /^export (async )?(function|const|let|class)\b/m.test(tree.get(path) ?? '');
}

/** Time, randomness and settings are arguments. */
function impurities(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  const found =
    code.match(/\bnew Date\(\)|\bDate\.now\b|\bMath\.random\b|\bprocess\.(env|cwd|hrtime)\b/g) ?? [];
  return found.map((words) => `${words} belongs to an entry point; take it as an argument`);
}

/** Every import cycle, type imports included, as "a.ts → b.ts → a.ts". */
export function cycles(tree: Tree): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string) => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      found.push([...trail.slice(at), path].join(' → '));
      return;
    }
    if (done.has(path)) return;
    trail.push(path);
    for (const { target, isOurs } of importsOf(path, tree.get(path) ?? '')) {
      if (isOurs && tree.has(target)) visit(target);
    }
    trail.pop();
    done.add(path);
  };
  for (const path of tree.keys()) visit(path);
  return found;
}

/**
 * Where a text is cut without `cut` of domain/text.ts, which leaves no half of an emoji: lengths of texts are called LONGEST…
 * or are numbers from 30 on, numbers of things are called otherwise. What is cut only to be looked through by patterns
 * (feeds, returned mail) is not kept as it is.
 */
export function bareCuts(tree: Tree): string[] {
  const cuts = /\.slice\(\s*0,\s*(?:[3-9]\d|\d{3,}|\d+_\d{3}|[\w.]*longest[\w.]*)\s*\)|\.substr(?:ing)?\(/gi;
  const looks = /^(?:adapters\/rss|domain\/returns\/returned-mail)\/|^adapters\/smtp\/dkim\.ts$/;
  return linesWith(tree, cuts, (path) => !looks.test(path));
}

/** Sentences that a statement writes where a reason belongs: types cannot see into SQL. */
export function sentencesForReasons(tree: Tree): string[] {
  const written = /\b(?:reason|cause|how|effect)\s*=\s*(?:case\b[^']*)?'(?!\$\{)[a-z][^']* [^']*'/g;
  return linesWith(tree, written, (path) => /^adapters\/postgres\//.test(path));
}

/** Where JSON for the database is made without `asJson`, which leaves out what Postgres refuses. Files and cursors are none. */
export function looseJson(tree: Tree): string[] {
  const isStore = (path: string) =>
    /^adapters\/postgres\//.test(path) && !/\/(?:as-json|embedded\/[\w-]*)\.ts$/.test(path);
  return linesWith(tree, /\bJSON\.stringify\(/g, isStore);
}

function linesWith(tree: Tree, pattern: RegExp, isLookedAt: (path: string) => boolean): string[] {
  return [...tree].flatMap(([path, source]) =>
    isLookedAt(path)
      ? [...source.matchAll(pattern)].map(
          ({ index }) => `${path}:${source.slice(0, index).split('\n').length}`,
        )
      : [],
  );
}

/** The rooms of the house: one name in every layer. */
const ROOMS = [
  'audience',
  'content',
  'deliverability',
  'delivery',
  'returns',
  'sales',
  'scoring',
  'staff',
  'tracking',
];

/** Where the rooms are. What mails are made of has no stages and no tables, and the doctor keeps nothing. */
const ROOMED: Record<string, { without: string[]; beside: string[] }> = {
  domain: { without: [], beside: ['mail'] },
  journey: { without: [], beside: [] },
  'adapters/postgres': { without: ['deliverability'], beside: ['backup', 'embedded', 'migrations'] },
};

/** Folders of domain, journey and stores that are called otherwise than the rooms, and rooms that a layer lacks. */
export function strayRooms(tree: Tree): string[] {
  return Object.entries(ROOMED).flatMap(([layer, { without, beside }]) => {
    const below = [...tree.keys()].filter((path) => path.startsWith(`${layer}/`));
    const folders = new Set(below.map((path) => path.slice(layer.length + 1).split('/')).map(topFolder));
    const strays = [...folders].filter((one) => one !== '' && ![...ROOMS, ...beside].includes(one));
    const missing = ROOMS.filter((room) => !without.includes(room) && !folders.has(room));
    return [
      ...strays.map((folder) => `${layer}/${folder} is no room`),
      ...missing.map((room) => `${layer} has no ${room}`),
    ];
  });
}

const topFolder = (parts: string[]): string => (parts.length > 1 ? (parts[0] ?? '') : '');

/** With more files at its top nobody finds one by guessing: helpers lie in a folder of their owner. */
const MOST_FILES = 25;

/** Rooms and adapters with too many files at their top, with their number. */
export function fullRooms(tree: Tree): string[] {
  const counts = new Map<string, number>();
  for (const path of tree.keys()) {
    const room = /^(?:domain|journey|web|adapters(?:\/postgres)?)\/[^/]+(?=\/[^/]+$)/.exec(path)?.[0];
    if (room) counts.set(room, (counts.get(room) ?? 0) + 1);
  }
  return [...counts].filter(([, n]) => n > MOST_FILES).map(([room, n]) => `${room}: ${n} files`);
}

/** Files that take more than one sitting to read, longest first. A warning: what belongs together stays together. */
export function longFiles(tree: Tree): string[] {
  return [...tree]
    .map(([path, source]) => ({ path, lines: source.split('\n').length }))
    .filter(({ lines }) => lines > 280)
    .sort((a, b) => b.lines - a.lines)
    .map(({ path, lines }) => `${path}: ${lines} lines`);
}

/** What a method that changes a store is called by: its first word. */
const CHANGES =
  /^(?:add|announce|begin|cancel|choose|claim|close|delete|discard|end|erase|forget|hold|keep|leave|lift|lock|mark|note|pause|plan|put|read(?=Again)|record|release|remove|resend|resolve|resume|retry|revoke|save|set|settle|skip|suppress|use|write)(?:[A-Z]|$)/;
/** An API key is looked up and its answer kept around whatever stage is called. */
const AROUND_STAGES = ['web/api/key.ts'];

/** Where a page, a command or the API changes a store, or writes the audit log, by itself: a stage does, whichever door it was. */
export function changesOutsideStages(tree: Tree): string[] {
  const ports = tree.get('journey/ports.ts') ?? '';
  const stores = /interface Stores \{([^}]*)\}/.exec(ports)?.[1]?.match(/^\s+\w+(?=:)/gm) ?? [];
  const call = new RegExp(`\\b(?:${stores.map((store) => store.trim()).join('|')})\\.(\\w+)\\(`, 'g');
  return [...tree].flatMap(([path, source]) =>
    /^(?:web|commands)\//.test(path) && !AROUND_STAGES.includes(path)
      ? [...source.matchAll(call)]
          .filter(([, method]) => CHANGES.test(method ?? ''))
          .map(([words]) => `${path}: ${words.slice(0, -1)}`)
      : [],
  );
}

/**
 * What stores may run of the domain, with what for: codecs, which bring a value into a column or out of it, and constants that
 * statements are told. What is to be done with rows is decided in the journey; a store reads, holds and writes them.
 */
const STORE_TOOLS: Record<string, Record<string, string>> = {
  'domain/audience/mailbox.ts': { mailboxOf: 'an address as the column of its mailbox has it' },
  'domain/audience/subscriber.ts': {
    rowsOfStage: 'the columns that make a stage as people see it',
    shownStage: 'and the stage that columns make',
  },
  'domain/content/reading/identity.ts': { isTitleKey: 'which kind a stored key is of' },
  'domain/mail/mails.ts': {
    NEVER_TWICE: 'a constant',
    IN_STAFF_LANGUAGE: 'a constant',
    TO_SUBSCRIBERS: 'a constant',
    ABOUT_LEADS: 'a constant',
  },
  'domain/content/choosing/pick.ts': { reasonOfPick: 'why an article was picked, out of what is kept of it' },
  'domain/reason.ts': { asText: 'an old text as a reason', readReason: 'a reason out of its column' },
  'domain/scoring/ledger-balance.ts': { causeOfKey: 'the cause that a stored key begins with' },
  'domain/scoring/lead-event.ts': {
    EVENT_KINDS: 'what the database calls each kind',
    RECORDED_NO_ACTS: 'a constant',
    RECORDED_NOT_BY_LEAD: 'a constant',
  },
  'domain/scoring/qualify.ts': { NOT_BY_LEAD: 'a constant', NO_ACT_RULES: 'a constant' },
  'domain/scoring/replay.ts': { pastLeadEvent: 'a row of events as what happened' },
  'domain/scoring/score-rules.ts': {
    BALANCING_RULES: 'a constant',
    DECIDED_RULE: 'a constant',
    FADED_RULE: 'a constant',
    FLOOR_RULE: 'a constant',
  },
  'domain/store-away.ts': { StoreAway: 'the error of a database that is away' },
  'domain/text.ts': {
    counted: 'numbers in what a restore and the embedded server say',
    cut: 'what a column holds at most',
    whole: 'a text that Postgres takes',
  },
  'domain/tracking/network.ts': { shortenAddress: 'a network address as it is kept' },
  'domain/tracking/written-hit.ts': {
    readHit: 'a hit out of its row',
    readSigns: 'signs out of their column',
  },
};

const VALUES_FROM = /^\s*(?:import|export)\s+(?!type\s)([^'";]*?)\s*from\s*['"]([^'"]+)['"]/gm;

/** Where a store runs something of the domain that is no tool of stores, as "file: what"; and tools that none runs. */
export function decidingStores(tree: Tree): string[] {
  const used = new Set<string>();
  const breaches = [...tree].flatMap(([path, source]) => {
    if (!path.startsWith('adapters/postgres/')) return [];
    return [...source.matchAll(VALUES_FROM)].flatMap(([, names = '', specifier = '']) => {
      const target = posix.normalize(posix.join(posix.dirname(path), specifier));
      if (!target.startsWith('domain/')) return [];
      return valuesOf(names).flatMap((name) => {
        used.add(`${target} ${name}`);
        const isTool = Object.hasOwn(STORE_TOOLS[target] ?? {}, name);
        return isTool ? [] : [`${path}: a store may not run ${name} of ${target}`];
      });
    });
  });
  return [...breaches, ...toolsBut(used, tree)];
}

/** Without the types; of a whole module, "* as x". */
function valuesOf(names: string): string[] {
  return names
    .replace(/^\{|\}$/g, '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))
    .map((name) => (name.startsWith('*') ? name : (name.split(' as ')[0] ?? name)));
}

/** Tools of a module that is there and that no store runs (any more). */
function toolsBut(used: ReadonlySet<string>, tree: Tree): string[] {
  return Object.entries(STORE_TOOLS).flatMap(([module, tools]) =>
    tree.has(module)
      ? Object.keys(tools).flatMap((name) =>
          used.has(`${module} ${name}`) ? [] : [`no store runs ${name} of ${module}`],
        )
      : [],
  );
}
