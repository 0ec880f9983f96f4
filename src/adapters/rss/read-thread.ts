import { parentPort } from 'node:worker_threads';
import { type FeedBytes, readFeed } from './read-feed.ts';

/** Takes one feed at a time from read-in-thread.ts and answers with what is in it, or with what is wrong, in words. */
parentPort?.on('message', (bytes: FeedBytes) => {
  readFeed(bytes).then(
    (read) => parentPort?.postMessage({ read }),
    (error: Error) => parentPort?.postMessage({ error: error.message }),
  );
});
parentPort?.postMessage('ready');
