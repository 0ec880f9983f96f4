#!/usr/bin/env node
// The program is TypeScript and is run as it is: tsx loads it, in a checkout and when installed alike.
import { register } from 'tsx/esm/api';

register();
await import('./cli.ts');
