// A mail server that takes everything at once and keeps nothing: node sink.mjs PORT. Plain JavaScript, so that it starts
// at once. It counts what it took, and says so on standard output when it gets
// a line on standard input.
import { createServer } from 'node:net';

let taken = 0;
const END = Buffer.from('\r\n.\r\n');

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => {});
  let isData = false;
  /** The last bytes of the chunk before, in which the end of the data may have begun. */
  let tail = Buffer.alloc(0);
  let line = '';
  const commands = (text) => {
    let answer = '';
    const lines = (line + text).split('\r\n');
    line = lines.pop();
    for (const [at, command] of lines.entries()) {
      const verb = command.slice(0, 4).toUpperCase();
      if (verb === 'DATA') {
        answer += '354 go\r\n';
        isData = true;
        const rest = [...lines.slice(at + 1), line].join('\r\n');
        line = '';
        socket.write(answer);
        return rest;
      }
      if (verb === 'EHLO') answer += '250-sink\r\n250-PIPELINING\r\n250 SIZE 50000000\r\n';
      else if (verb === 'QUIT') {
        socket.end(`${answer}221 bye\r\n`);
        return '';
      } else answer += '250 ok\r\n';
    }
    if (answer !== '') socket.write(answer);
    return '';
  };
  socket.write('220 sink\r\n');
  socket.on('data', (chunk) => {
    let rest = chunk;
    while (rest.length > 0) {
      if (!isData) {
        const left = commands(rest.toString('latin1'));
        if (!isData) return;
        tail = Buffer.from('\r\n');
        rest = Buffer.from(left, 'latin1');
        continue;
      }
      const joined = tail.length > 0 ? Buffer.concat([tail, rest]) : rest;
      const end = joined.indexOf(END);
      if (end < 0) {
        tail = Buffer.from(joined.subarray(-4));
        return;
      }
      taken += 1;
      isData = false;
      tail = Buffer.alloc(0);
      socket.write('250 ok\r\n');
      rest = joined.subarray(end + END.length);
    }
  });
});
process.stdin.on('data', () => process.stdout.write(`taken ${taken}\n`));
process.stdin.on('end', () => process.exit());
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () =>
  process.stdout.write(`listening ${server.address().port}\n`),
);
