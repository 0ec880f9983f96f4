/**
 * A loader as lean as can be, in a process of its own: some connections, each asking again as soon as it was answered.
 * node --import tsx bench/track/load.ts PORT CONNECTIONS SECONDS, the paths on stdin, one a line. Prints JSON.
 */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

const [port, connections, seconds] = process.argv.slice(2).map(Number) as [number, number, number];
const paths = readFileSync(0, 'utf8').trim().split('\n');
const agent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0';
const requests = paths.map((path) =>
  Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: ${agent}\r\n\r\n`),
);
const END = Buffer.from('\r\n\r\n');

const latencies: number[] = [];
let failed = 0;
let next = 0;
const begun = performance.now();
const until = begun + seconds * 1000;

function run(): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    let askedAt = 0;
    const ask = () => {
      askedAt = performance.now();
      if (askedAt >= until) {
        socket.end();
        resolve();
        return;
      }
      socket.write(requests[next++ % requests.length]!);
    };
    socket.on('connect', ask);
    socket.on('data', (answer) => {
      // Redirects have no body, so that the end of the head is the end of the answer.
      if (!answer.subarray(-4).equals(END)) return;
      if (answer.toString('latin1', 9, 12) !== '302') failed += 1;
      latencies.push(performance.now() - askedAt);
      ask();
    });
    socket.on('error', () => {
      failed += 1;
      resolve();
    });
  });
}

await Promise.all(Array.from({ length: connections }, run));
const took = (performance.now() - begun) / 1000;
latencies.sort((a, b) => a - b);
const at = (part: number) => latencies[Math.floor(latencies.length * part)] ?? 0;
process.stdout.write(
  JSON.stringify({
    answered: latencies.length,
    failed,
    perSecond: latencies.length / took,
    p50: at(0.5),
    p99: at(0.99),
  }),
);
