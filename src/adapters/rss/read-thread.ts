import { answerInThread } from '../answer-in-thread.ts';
import { readFeed } from './read-feed.ts';

answerInThread(readFeed);
