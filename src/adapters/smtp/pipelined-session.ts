import type { Socket } from 'node:net';
import type { WireMail } from '../../journey/delivery/ports/wire.ts';
import { SmtpFault } from './connection.ts';

/** Our own side of an SMTP session that is connected, encrypted and logged in, with PIPELINING (RFC 2920). */
export interface PipelinedSession {
  /**
   * Sends a mail; the server's reply to it, or an SmtpFault. Its buffer is no longer used by then. A second mail may be given while the first is under way:
   * its envelope goes out right behind the end of the first, so that a mail costs one round trip. `mayGo` is asked right before
   * its text is written: when it says no, the connection is cut instead.
   */
  send(mail: WireMail, mayGo?: () => boolean): Promise<string>;
  isOpen(): boolean;
  /** Mails given so far. */
  mails(): number;
  /** Mails given and not answered. */
  underWay(): number;
  /** Says goodbye; to be called when nothing is under way. */
  quit(): void;
}

interface Sending {
  mail: WireMail;
  mayGo: (() => boolean) | undefined;
  resolve: (reply: string) => void;
  reject: (fault: SmtpFault) => void;
  /** waiting: nothing of it was written. envelope: written up to DATA. data: written whole. emptied: refused, but the server wanted data. */
  state: 'waiting' | 'envelope' | 'data' | 'emptied';
  /** The first refusal of its envelope. */
  refusal: { reply: string; command: string } | null;
  /** MAIL FROM was accepted: the session must be reset before the next one if this mail is given up. */
  isBegun: boolean;
  /** Every byte of its write is with the operating system. */
  isWritten: boolean;
  /** The envelope of the next mail is behind it in the same write. */
  isFollowed: boolean;
  /** What is to be told as soon as that is so. */
  afterWrite: (() => void) | null;
}

type OnReply = (reply: string) => void;

/** Why a mail did not go that `mayGo` said no to. */
export const WITHHELD = 'held back: this process was stopped for so long that others may have taken it over';

const MOST_REPLY = 64 * 1024;
const END_OF_DATA = '.\r\n';
/** With a blank or nothing behind the code the reply ends, with a hyphen it goes on. */
const REPLY_LINE = /^\d{3}(?:[ -]|$)/;
const ASCII = /^[\t\x20-\x7e]*$/;
/** What may stand between angle brackets here: nothing that could end them, or the line. */
const ADDRESS = /^[\x21-\x3b\x3d\x3f-\x7e]{1,320}$/;

/**
 * `socket` must have no other listeners. `silenceMs`: how long the server may say nothing while it owes a reply.
 * `sizeLimit`: the server's SIZE, 0 for none; `hasSize`: whether it knows the parameter.
 */
export function startPipelinedSession(
  socket: Socket,
  { silenceMs, hasSize }: { silenceMs: number; hasSize: boolean },
): PipelinedSession {
  const sendings: Sending[] = [];
  const unwritten = new Set<Sending>();
  const expected: OnReply[] = [];
  let open = true;
  let given = 0;
  let mustReset = false;
  let received = '';
  let reply = '';

  /** Tells how a mail ended, once nothing reads its buffer any more. */
  const finish = (sending: Sending, tell: () => void) => {
    const at = sendings.indexOf(sending);
    if (at < 0) return;
    sendings.splice(at, 1);
    if (sending.isWritten || !open) tell();
    else {
      sending.afterWrite = tell;
      unwritten.add(sending);
    }
  };
  const written = (sending: Sending) => {
    sending.isWritten = true;
    unwritten.delete(sending);
    sending.afterWrite?.();
  };
  const fail = (
    sending: Sending,
    message: string,
    details: { reply?: string; command: string; connectionLost?: boolean; isWithheld?: boolean },
  ) => {
    const handedOver =
      sending.state === 'data' && (sending.isWritten || sending.isFollowed) && details.reply === undefined;
    const code = details.reply === undefined ? undefined : Number(details.reply.slice(0, 3));
    const error = Object.assign(new Error(message), {
      command: details.command,
      ...(code === undefined ? {} : { responseCode: code, response: details.reply! }),
    });
    const fault = new SmtpFault(error, 'mail', {
      handedOver,
      connectionLost: details.connectionLost ?? false,
      isWithheld: details.isWithheld ?? false,
    });
    finish(sending, () => sending.reject(fault));
  };

  /** The session is over; what was under way and not answered gets to know how far it had come. */
  const end = (why: string) => {
    if (!open) return;
    open = false;
    expected.length = 0;
    socket.setTimeout(0);
    socket.destroy();
    for (const sending of [...unwritten]) written(sending);
    for (const sending of [...sendings]) {
      const { refusal } = sending;
      if (refusal) fail(sending, refusal.reply, { ...refusal, connectionLost: true });
      else fail(sending, why, { command: 'CONN', connectionLost: true });
    }
  };

  /** 421: the server closes. The mail it answers with that has its reply; the others just lost their connection. */
  const isClosing = (text: string, sending: Sending | null, command: string): boolean => {
    if (!text.startsWith('421')) return false;
    // To the first command after a pause it may be about the pause, not about this mail: another connection shall tell.
    const isStale = command === 'MAIL FROM' && given > 1 && sendings[0] === sending;
    if (sending && !isStale) fail(sending, text, { reply: text, command, connectionLost: true });
    end('the server closed the connection');
    return true;
  };

  const envelopeOf = (sending: Sending): string => {
    const { from, to, start, end: stop } = sending.mail;
    sending.state = 'envelope';
    const size = hasSize ? ` SIZE=${stop - start}` : '';
    const reset = mustReset;
    mustReset = false;
    if (reset) expected.push((text) => void isClosing(text, null, 'RSET'));
    expected.push((text) => {
      if (isClosing(text, sending, 'MAIL FROM')) return;
      if (text.startsWith('2')) sending.isBegun = true;
      else sending.refusal = { reply: text, command: 'MAIL FROM' };
    });
    expected.push((text) => {
      if (isClosing(text, sending, 'RCPT TO')) return;
      if (!text.startsWith('2')) sending.refusal ??= { reply: text, command: 'RCPT TO' };
    });
    expected.push((text) => onDataReply(sending, text));
    return `${reset ? 'RSET\r\n' : ''}MAIL FROM:<${from}>${size}\r\nRCPT TO:<${to}>\r\nDATA\r\n`;
  };

  const onDataReply = (sending: Sending, text: string) => {
    if (isClosing(text, sending, 'DATA')) return;
    const goesAhead = text.startsWith('354');
    const { refusal } = sending;
    if (!refusal && goesAhead) {
      if (sending.mayGo === undefined || sending.mayGo()) return writeData(sending);
      fail(sending, WITHHELD, { command: 'DATA', connectionLost: true, isWithheld: true });
      return end('a mail before this one was held back');
    }
    if (goesAhead && refusal?.command === 'MAIL FROM') {
      // Refused the sender and wants the mail: what it would make of an empty one nobody knows.
      return end('the server is out of step');
    }
    if (goesAhead && refusal) {
      // It refused the only recipient and wants the mail all the same (RFC 2920 3.1 allows it): an empty one, for nobody.
      sending.state = 'emptied';
      expected.push((last) => {
        if (!isClosing(last, null, 'DATA')) fail(sending, refusal.reply, refusal);
      });
      socket.write(END_OF_DATA + nextEnvelope(), 'latin1');
      return;
    }
    mustReset = sending.isBegun;
    if (refusal) fail(sending, refusal.reply, refusal);
    else if (/^[45]/.test(text)) fail(sending, text, { reply: text, command: 'DATA' });
    else return end('the server is out of step');
    const envelope = nextEnvelope();
    if (envelope !== '') socket.write(envelope, 'latin1');
  };

  const writeData = (sending: Sending) => {
    const { mail } = sending;
    sending.state = 'data';
    expected.push((text) => {
      if (isClosing(text, sending, 'DATA')) return;
      if (text.startsWith('2')) finish(sending, () => sending.resolve(text));
      else fail(sending, text, { reply: text, command: 'DATA' });
    });
    const envelope = nextEnvelope();
    sending.isFollowed = envelope !== '';
    const length = mail.buffer.write(END_OF_DATA + envelope, mail.end, 'latin1');
    sending.isWritten = false;
    socket.write(mail.buffer.subarray(mail.start, mail.end + length), (error) => {
      if (!error) written(sending);
    });
  };

  /** The envelope of the next mail that waits, or nothing. Only to be written where the server expects a command. */
  const nextEnvelope = (): string => {
    const next = sendings.find(({ state }) => state === 'waiting');
    return next ? envelopeOf(next) : '';
  };

  const onLine = (line: string) => {
    reply = reply === '' ? line : `${reply} ${line.slice(4)}`;
    const sign = REPLY_LINE.test(line) ? line.charAt(3) : null;
    if (sign === '-') return;
    const whole = reply;
    reply = '';
    if (sign === null) return end('the server is out of step');
    const take = expected.shift();
    if (take) take(whole);
    // Unasked it can only be a goodbye.
    else end(whole);
  };

  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
    let start = 0;
    for (let at = received.indexOf('\n'); at >= 0 && open; at = received.indexOf('\n', start)) {
      const line = received.slice(start, received.charAt(at - 1) === '\r' ? at - 1 : at);
      start = at + 1;
      onLine(ASCII.test(line) ? line : Buffer.from(line, 'latin1').toString());
    }
    received = received.slice(start);
    if (received.length + reply.length > MOST_REPLY) end('the server’s reply has no end');
  });
  socket.on('error', (error) => end(error.message));
  socket.on('end', () => end('the connection was closed'));
  socket.on('close', () => end('the connection was closed'));
  socket.setTimeout(silenceMs);
  socket.on('timeout', () =>
    end(expected.length > 0 ? 'the server says nothing' : 'the connection was idle'),
  );
  socket.resume();

  return {
    isOpen: () => open,
    mails: () => given,
    underWay: () => sendings.length,
    send: (mail, mayGo) =>
      new Promise((resolve, reject) => {
        given += 1;
        const sending: Sending = {
          mail,
          mayGo,
          resolve,
          reject,
          state: 'waiting',
          refusal: null,
          isBegun: false,
          isWritten: true,
          isFollowed: false,
          afterWrite: null,
        };
        sendings.push(sending);
        if (!open)
          return fail(sending, 'the connection was closed', { command: 'CONN', connectionLost: true });
        if (!ADDRESS.test(mail.to) || !ADDRESS.test(mail.from))
          return fail(sending, `the address cannot be written in SMTP: ${mail.to}`, { command: 'API' });
        // Before that the server reads data, or is about to: the envelope would become part of a mail.
        const isFree = sendings.every(
          ({ state }) => state === 'data' || state === 'emptied' || state === 'waiting',
        );
        if (isFree && sendings.find(({ state }) => state === 'waiting') === sending)
          socket.write(nextEnvelope(), 'latin1');
      }),
    quit() {
      if (!open) return;
      open = false;
      socket.removeAllListeners('timeout');
      socket.setTimeout(1_000, () => socket.destroy());
      socket.end('QUIT\r\n');
    },
  };
}
