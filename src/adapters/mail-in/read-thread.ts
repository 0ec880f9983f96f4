import { readReturn } from '../../domain/delivery/read-return.ts';
import { answerInThread } from '../answer-in-thread.ts';

answerInThread(readReturn);
