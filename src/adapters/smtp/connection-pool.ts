import { tidyReply } from '../../domain/returns/smtp-reply.ts';
import type { SendResult } from '../../journey/delivery/ports/deliveries.ts';
import type { WireMail } from '../../journey/delivery/ports/wire.ts';
import { type OpenConnection, SmtpFault } from './connection.ts';
import { outcomeOf } from './outcome.ts';
import { type PipelinedSession, startPipelinedSession, WITHHELD } from './pipelined-session.ts';
import type { Slots } from './slots.ts';

export interface ConnectionPoolOptions {
  slots: Slots;
  /** Rejects with an SmtpFault. */
  open: () => Promise<OpenConnection>;
  silenceMs: number;
  mailsPerConnection: number;
}

/** One under way and one behind it: more would wait for nothing, and be in doubt when the connection breaks. */
const MOST_UNDER_WAY = 2;
/** A connection that got no mail for so long, or up to twice that, is closed. */
const IDLE_MS = 1_000;

interface Job {
  mail: WireMail;
  mayGo: (() => boolean) | undefined;
  done: (result: SendResult) => void;
  /** It was given to a connection that turned out to be closed. */
  wasStale: boolean;
}

interface Lane {
  talk: PipelinedSession | null;
  /** Jobs that wait for the connection to open, and those under way. */
  jobs: number;
  isClosing: boolean;
  /** It got a mail since it was last looked at. */
  wasUsed: boolean;
  /** Looks whether it is still needed: a timer for each mail would cost more than the look. */
  watch: NodeJS.Timeout;
  give(job: Job): void;
}

/**
 * Sends written mails over connections that stay open, two under way on each. When somebody waits for a connection (a
 * one-off mail), one lane comes to its end and gives its place away.
 */
export function connectionPool({ slots, open, silenceMs, mailsPerConnection }: ConnectionPoolOptions) {
  const lanes = new Set<Lane>();
  const queue: Job[] = [];
  let isClosed = false;

  const pump = () => {
    leaveForOthers();
    while (queue.length > 0) {
      const lane = laneWithRoom();
      if (!lane) return;
      const job = queue.shift()!;
      lane.give(job);
    }
  };

  /** An idle lane, else a new one, else one with room for a second mail. */
  const laneWithRoom = (): Lane | undefined => {
    let best: Lane | undefined;
    for (const lane of lanes) {
      if (lane.isClosing || lane.jobs >= MOST_UNDER_WAY) continue;
      if (lane.jobs === 0) return lane;
      best ??= lane;
    }
    return slots.tryTake() ? newLane() : best;
  };

  const leaveForOthers = () => {
    if (slots.waiting() === 0) return;
    let leaving = [...lanes].filter(({ isClosing }) => isClosing).length;
    for (const lane of lanes) {
      if (leaving >= slots.waiting()) return;
      if (lane.isClosing) continue;
      leaving += 1;
      retire(lane);
    }
  };

  const retire = (lane: Lane) => {
    lane.isClosing = true;
    if (lane.jobs > 0 || !lanes.delete(lane)) return;
    clearInterval(lane.watch);
    lane.talk?.quit();
    slots.free();
  };

  const retireIdle = () => {
    for (const lane of lanes) if (lane.jobs === 0) retire(lane);
  };

  const newLane = (): Lane => {
    const opening = connect(open, silenceMs);
    const lane: Lane = {
      talk: null,
      jobs: 0,
      isClosing: false,
      wasUsed: true,
      watch: setInterval(() => {
        if (lane.jobs === 0 && !lane.wasUsed) retire(lane);
        lane.wasUsed = false;
      }, IDLE_MS).unref(),
      give(job) {
        lane.jobs += 1;
        lane.wasUsed = true;
        void run(job);
      },
    };
    opening.then(
      (talk) => {
        lane.talk = talk;
      },
      () => {
        lane.isClosing = true;
      },
    );
    const run = async (job: Job) => {
      let result: SendResult | null = null;
      try {
        const talk = lane.talk ?? (await opening);
        const isUsed = talk.mails() > 0;
        try {
          result = { status: 'sent', reply: tidyReply(await talk.send(job.mail, job.mayGo)) };
        } catch (error) {
          if (!(error instanceof SmtpFault)) throw error;
          const isStale =
            error.connectionLost && !error.handedOver && error.reply === null && !error.isWithheld;
          if (!isStale || !isUsed || job.wasStale) result = outcomeOf(error);
        }
        if (!talk.isOpen() || talk.mails() >= mailsPerConnection) lane.isClosing = true;
      } catch (error) {
        lane.isClosing = true;
        result =
          error instanceof SmtpFault
            ? outcomeOf(error)
            : { status: 'retry', reply: tidyReply(String(error)), unreachable: true };
      }
      lane.jobs -= 1;
      if (lane.isClosing) retire(lane);
      if (result) {
        job.mail.release();
        job.done(result);
      }
      // Servers close connections that were used or idle for long; it never got onto this one, so a new one may have it.
      else queue.unshift({ ...job, wasStale: true });
      pump();
      if (isClosed) retireIdle();
    };
    lanes.add(lane);
    return lane;
  };

  return {
    send: (mail: WireMail, mayGo?: () => boolean): Promise<SendResult> =>
      new Promise((done) => {
        queue.push({ mail, mayGo, done, wasStale: false });
        pump();
      }),
    /** To be called when somebody waits for a slot. */
    makeWay: leaveForOthers,
    /** To be called when somebody gave a slot back: mails may wait for it, with no lane of theirs left to notice. */
    goOn: pump,
    async close() {
      isClosed = true;
      for (const lane of lanes) retire(lane);
      while (lanes.size > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    },
  };
}

async function connect(open: () => Promise<OpenConnection>, silenceMs: number): Promise<PipelinedSession> {
  const connection = await open();
  const taken = connection.takeOver();
  if (taken) return startPipelinedSession(taken.socket, { silenceMs, hasSize: taken.hasSize });
  return oneByOne(connection);
}

/** The same face for a server without PIPELINING: nodemailer talks, one mail after the other. */
function oneByOne(connection: OpenConnection): PipelinedSession {
  let last: Promise<unknown> = Promise.resolve();
  let underWay = 0;
  return {
    isOpen: () => connection.isOpen(),
    mails: () => connection.mails(),
    underWay: () => underWay,
    quit: () => connection.quit(),
    send(mail, mayGo) {
      underWay += 1;
      let isWithheld = false;
      const turn = last.then(async () => {
        try {
          if (!connection.isOpen())
            throw new SmtpFault(new Error('the connection was closed'), 'mail', {
              handedOver: false,
              connectionLost: true,
            });
          return await connection.send(
            mail.from,
            mail.to,
            mail.buffer.subarray(mail.start, mail.end),
            async () => {
              isWithheld = mayGo?.() === false;
              if (isWithheld) throw new Error(WITHHELD);
            },
          );
        } catch (error) {
          if (!isWithheld) throw error;
          throw new SmtpFault(new Error(WITHHELD), 'mail', {
            handedOver: false,
            connectionLost: true,
            isWithheld,
          });
        } finally {
          underWay -= 1;
        }
      });
      last = turn.catch(() => {});
      return turn;
    },
  };
}
