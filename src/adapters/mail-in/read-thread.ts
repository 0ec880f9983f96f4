import { readReturn } from '../../domain/returns/read-return.ts';
import { answerInThread } from '../answer-in-thread.ts';

answerInThread(readReturn);
