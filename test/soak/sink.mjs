// The receiving server of the soak: node sink.mjs PORT FILE DELAY_MS. Every mail it has is in FILE, by Message-ID and recipient,
// before it says so: whatever is killed then, the count is right. A line such as "close 8" on its input makes it ill: it has the
// next 8 mails and closes the connection without a word ("close"), says nothing any more ("hang"), or refuses them for now
// ("421"). Of those that it leaves without an answer it keeps each second one, and the file says which it kept. Plain
// JavaScript, so that it is up at once.
import { openSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';

const [port, file, delay] = process.argv.slice(2);
const book = openSync(file, 'a');
let ill = { how: 'well', mails: 0 };
process.stdin.on('data', (line) => {
  const [how, mails] = String(line).trim().split(' ');
  ill = { how, mails: Number(mails) };
});
process.stdin.on('error', () => {});

/** How the next mail is treated. */
function howNext() {
  if (ill.mails <= 0) return 'well';
  ill.mails -= 1;
  return ill.how;
}

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => {});
  let received = '';
  let recipient = '';
  let isData = false;
  let isOver = false;
  let turn = Promise.resolve();
  const step = async () => {
    for (;;) {
      if (isOver) return;
      const end = received.indexOf(isData ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const text = received.slice(0, end);
      received = received.slice(end + (isData ? 5 : 2));
      if (isData) {
        isData = false;
        const how = howNext();
        isOver = how !== 'well';
        if (how === '421') return socket.end('421 4.3.2 shutting down\r\n');
        const id = /^Message-ID: (\S+)/im.exec(text)[1];
        const fate = how === 'well' ? 'answered' : ill.mails % 2 === 0 ? 'kept' : 'dropped';
        writeSync(book, `${id} ${recipient} ${fate}\n`);
        if (how === 'close') return socket.destroy();
        if (how === 'hang') return;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * Number(delay)));
        socket.write('250 taken\r\n');
      } else if (text.startsWith('RCPT')) {
        recipient = /<(.*)>/.exec(text)[1];
        socket.write('250 ok\r\n');
      } else if (text === 'DATA') {
        isData = true;
        socket.write('354 go\r\n');
      } else if (text.startsWith('EHLO')) socket.write('250-soak\r\n250 PIPELINING\r\n');
      else if (text === 'QUIT') socket.end('221 bye\r\n');
      else socket.write('250 ok\r\n');
    }
  };
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    turn = turn.then(step);
  });
  socket.write('220 soak\r\n');
});
const listen = () => server.listen(Number(port), '127.0.0.1', () => process.stdout.write('listening\n'));
server.on('error', () => setTimeout(listen, 50));
listen();
