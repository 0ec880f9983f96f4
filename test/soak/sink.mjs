// The receiving server of the soak: node sink.mjs PORT FILE DELAY_MS. Every mail it accepts is in FILE, by Message-ID and
// recipient, before it says so: whatever is killed then, the count is right. Plain JavaScript, so that it is up at once.
import { openSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';

const [port, file, delay] = process.argv.slice(2);
const book = openSync(file, 'a');

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => {});
  let received = '';
  let recipient = '';
  let isData = false;
  let turn = Promise.resolve();
  const step = async () => {
    for (;;) {
      const end = received.indexOf(isData ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const text = received.slice(0, end);
      received = received.slice(end + (isData ? 5 : 2));
      if (isData) {
        isData = false;
        writeSync(book, `${/^Message-ID: (\S+)/im.exec(text)[1]} ${recipient}\n`);
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
