import { describe, expect, it } from 'vitest';
import { readCompanySize } from '../../src/domain/audience/company.ts';
import { columnNamed } from '../../src/domain/audience/people-file/people-columns.ts';
import { wishesToUnsubscribe } from '../../src/domain/returns/returned-mail/unsubscribe-wish.ts';
import { readJobTitle } from '../../src/domain/scoring/job-title.ts';

// What a programme with French readers meets: their titles, their answers, their lists.
describe('French', () => {
  it.each([
    ['Directrice générale', 'top', 'management'],
    ['P.-D.G.', 'top', 'management'],
    ['DG', 'top', 'management'],
    ['Cheffe d’entreprise', 'top', 'management'],
    ['DAF', 'top', 'finance'],
    ['DSI', 'top', 'it'],
    ['DRH', 'top', 'hr'],
    ['Responsable paie', 'manager', 'finance'],
    ['Chef de service', 'manager', 'unknown'],
    ['Magasinier', 'specialist', 'unknown'],
    ['Stagiaire', 'assistant', 'unknown'],
  ])('title: %s', (title, seniority, department) => {
    expect(readJobTitle(title)).toEqual({ seniority, department });
  });

  it.each([
    'STOP',
    'Merci de me désinscrire de votre liste.',
    'Veuillez me désabonner',
    'Retirez-moi de votre liste de diffusion svp',
    'Supprimez-moi de votre base',
    'Supprimez mon adresse de vos fichiers',
    'Je ne souhaite plus recevoir vos mails',
  ])('wish to get no more: %s', (text) => {
    expect(wishesToUnsubscribe('Re: News', text)).toBe(true);
  });

  it.each([
    'Merci pour cet article, très intéressant !',
    'Contactez-moi mardi, j’ai une question sur votre base de données.',
    'Appelez-nous au sujet de la liste de prix.',
    'Envoyez-moi la brochure svp',
  ])('no wish to get no more: %s', (text) => {
    expect(wishesToUnsubscribe('Re: News', text)).toBe(false);
  });

  it.each([
    ['Raison sociale', 'company'],
    ['Intitulé de poste', 'jobTitle'],
    ['Tranche d’effectif', 'companySize'],
    ['Nombre de salariés', 'companySize'],
    ['Désabonné', 'optedOut'],
    ['Courriel', 'email'],
  ])('column: %s', (name, column) => {
    expect(columnNamed(name)?.column).toBe(column);
  });

  it.each([
    ['50 à 249', 150],
    ['de 50 à 249 salariés', 150],
    ['1\u202f200 salariés', 1200],
    ['250', 250],
    ['salariés', null],
    ['à 50', null],
  ])('number of employees: %s', (text, size) => {
    expect(readCompanySize(text)).toBe(size);
  });
});
