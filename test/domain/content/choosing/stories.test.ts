import { describe, expect, it } from 'vitest';
import { storiesOf } from '../../../../src/domain/content/choosing/stories.ts';

describe('storiesOf', () => {
  it('puts titles of one story together, whatever their spelling', () => {
    const stories = storiesOf([
      'The new e-invoicing duty starts in January',
      'Payroll in one page',
      'New E-Invoicing Duty starts in January!',
      'Was Einkäufer über die Prüfung wissen müssen',
      'WAS EINKAUFER UBER DIE PRUFUNG WISSEN MUSSEN',
    ]);
    expect([...stories]).toEqual([0, 1, 0, 3, 3]);
  });

  it('leaves short and half-alike titles apart', () => {
    expect([
      ...storiesOf([
        'Article 1',
        'Article 2',
        'Payroll update for March 2026',
        'Payroll update for April 2026',
        '',
        '',
      ]),
    ]).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
