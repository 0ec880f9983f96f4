import net from 'node:net';

export interface ScriptedServer {
  port: number;
  /** Every command and "(mail)" with its recipient, in the order they came, all connections together. */
  seen: string[];
  /** Whole mails that were answered with 2xx. */
  taken: string[];
  connections: () => number;
  /** How often the next envelope was there before the mail before it was answered. */
  overlaps: () => number;
  close(): Promise<void>;
}

export interface Script {
  ehlo?: string[];
  /** The reply to a command or, as "mail", to the whole mail; null: nothing is said. Undefined: all is well. */
  reply?: (command: string, recipient: string, nth: number) => string | null | 'close' | 'reset' | undefined;
  /** After a mail's end: wait so long with its answer. */
  delayMs?: number;
  /** Every byte of an answer comes in a packet of its own. */
  bytewise?: boolean;
}

/** A server that is told what to say, to the byte: what real ones rarely do, and must be survived. */
export async function startScriptedServer({
  ehlo = ['PIPELINING', 'SIZE 90000000'],
  reply,
  delayMs = 0,
  bytewise = false,
}: Script = {}): Promise<ScriptedServer> {
  const seen: string[] = [];
  const taken: string[] = [];
  const sockets = new Set<net.Socket>();
  let opened = 0;
  let overlaps = 0;
  const server = net.createServer((socket) => {
    opened += 1;
    const nth = opened;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    let received = '';
    let recipient = '';
    let isData = false;
    let busy: Promise<void> = Promise.resolve();
    let spoken: Promise<void> = Promise.resolve();
    const write = (text: string) => {
      if (!bytewise) return void socket.write(text);
      spoken = spoken.then(async () => {
        for (const byte of text) {
          socket.write(byte);
          await new Promise((resolve) => setImmediate(resolve));
        }
      });
    };
    /** False when the connection is over. */
    const say = (text: string | null) => {
      if (text === 'close') return void socket.end();
      if (text === 'reset') return void socket.resetAndDestroy();
      if (text !== null) write(`${text.replaceAll('\n', '\r\n')}\r\n`);
      if (text?.startsWith('421')) void spoken.then(() => socket.end());
    };
    const step = async () => {
      for (;;) {
        const at = received.indexOf(isData ? '\r\n.\r\n' : '\r\n');
        // An empty mail is a dot alone.
        const isEmpty = isData && received.startsWith('.\r\n');
        if (at < 0 && !isEmpty) return;
        if (isData) {
          const mail = isEmpty ? '' : received.slice(0, at);
          received = received.slice(isEmpty ? 3 : at + 5);
          isData = false;
          seen.push(`(mail) ${recipient}${isEmpty ? ' empty' : ''}`);
          if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
          if (/^(RSET\r\n)?MAIL FROM/.test(received)) overlaps += 1;
          const said = reply?.('mail', recipient, nth);
          const text = said === undefined ? '250 2.0.0 taken' : said;
          if (text?.startsWith('2') && !isEmpty) taken.push(mail);
          say(text);
          continue;
        }
        const command = received.slice(0, at);
        received = received.slice(at + 2);
        if (command.startsWith('RCPT')) recipient = /<(.*)>/.exec(command)![1]!;
        seen.push(command);
        const said = reply?.(command, recipient, nth);
        const usual = command.startsWith('EHLO')
          ? ['scripted', ...ehlo]
              .map((line, n, all) => `250${n === all.length - 1 ? ' ' : '-'}${line}`)
              .join('\n')
          : command === 'DATA'
            ? '354 go on'
            : command === 'QUIT'
              ? '221 bye'
              : '250 2.1.0 ok';
        const text = said === undefined ? usual : said;
        if (command === 'DATA' && text?.startsWith('354')) isData = true;
        say(text);
      }
    };
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      busy = busy.then(step);
    });
    write('220 scripted\r\n');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as net.AddressInfo).port,
    seen,
    taken,
    connections: () => opened,
    overlaps: () => overlaps,
    close: () =>
      new Promise((closed) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => closed());
      }),
  };
}
