// Runs before the tests: finds the programs that they start themselves and npm cannot bring. On Debian as root it
// installs what is missing; elsewhere it says how to get it and lets the other tests run. In CI nothing may be missing.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { register } from 'tsx/esm/api';

register();
const { findService, howToGet, SERVICE_NAMES, SERVICES } = await import('./services.ts');

const missing = () => SERVICE_NAMES.filter((name) => findService(name) === null);

const canInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version');
if (missing().length > 0 && canInstall) install(missing().map((name) => SERVICES[name].debian));

const left = missing();
for (const name of left) console.error(howToGet(name));
if (left.length > 0 && process.env.CI === 'true') {
  console.error('In CI every test runs, so this is a fault.');
  process.exit(1);
}
if (left.length > 0) console.error('The tests that need it are left out; all others run.');

function install(packages) {
  console.log(`Installing for the tests: ${packages.join(', ')} (apt-get, as root)`);
  // A machine without init, or one whose admin wants no server on: installing must start none. Exit 101 says "not allowed".
  const policy = '/usr/sbin/policy-rc.d';
  const setPolicy = !existsSync(policy);
  const sh = (script) => execFileSync('/bin/sh', ['-ec', script], { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    if (setPolicy) sh(`printf '#!/bin/sh\\nexit 101\\n' > ${policy}; chmod 755 ${policy}`);
    sh('apt-get update -qq');
    sh(`DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ${packages.join(' ')}`);
  } catch (error) {
    console.error(`apt-get did not succeed: ${error.message}`);
  } finally {
    if (setPolicy) sh(`rm -f ${policy}`);
  }
}
