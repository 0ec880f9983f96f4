import { describe } from 'vitest';
import { inProcessQueue } from '../../../src/adapters/in-process/queue.ts';
import { silentLog } from '../../../src/adapters/log.ts';
import { queueContract } from '../queue.contract.ts';

describe('the queue inside the process', () => {
  queueContract(async () => inProcessQueue(silentLog));
});
