import Bull from 'bull';
import { counted } from '../../domain/text.ts';
import { readRedisUrl } from './redis-url.ts';

export interface RedisExamination {
  /** "127.0.0.1:6379" */
  where: string;
  /** "7.0.15", or why it cannot be asked. */
  answer: { version: string; tookMs: number } | { problem: string };
}

/** Connects as the queue does, and asks; writes nothing. Never throws. */
export async function examineRedis(redisUrl: string, patienceMs: number): Promise<RedisExamination> {
  const address = readRedisUrl(redisUrl);
  const where = `${address.host}:${address.port}`;
  // One try: whoever asks wants to know how it is now.
  const bull = new Bull('doctor', { prefix: 'simmer', redis: { ...address, retryStrategy: () => null } });
  let timer: NodeJS.Timeout | undefined;
  const asked = new Promise<RedisExamination['answer']>((resolve) => {
    const fail = (error: Error) => resolve({ problem: inWords(error) });
    const late = `no answer within ${counted(patienceMs / 1000, 'second')}${'tls' in address ? '; does it speak TLS, as rediss: says?' : ''}`;
    timer = setTimeout(() => fail(new Error(late)), patienceMs);
    bull.on('error', fail);
    bull.client.on('error', fail);
    bull.client.on('end', () => fail(new Error('the connection was closed: is that a Redis?')));
    ask(bull).then(resolve, fail);
  });
  const answer = await asked;
  clearTimeout(timer);
  for (const client of bull.clients) client.disconnect();
  return { where, answer };
}

async function ask(bull: Bull.Queue): Promise<{ version: string; tookMs: number }> {
  await bull.client.ping();
  const since = performance.now();
  const server = await bull.client.info('server');
  return {
    version: /^redis_version:(\S+)/m.exec(server)?.[1] ?? 'of an unknown version',
    tookMs: performance.now() - since,
  };
}

function inWords(error: Error & { code?: string; errors?: Error[] }): string {
  // A name with several addresses fails with one error for each, and no words of its own.
  const words = error.message || error.errors?.map(({ message }) => message).join('; ') || String(error.code);
  if (/ECONNREFUSED/.test(words)) return `nothing answers there (${words})`;
  if (/Protocol error/.test(words)) return 'what answers there is no Redis';
  return words;
}
