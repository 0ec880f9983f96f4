/**
 * What people are called, in English, Dutch, German and French, and how much say
 * it gives. A table to add to: one word or
 * phrase a place, as it is spelt ("ü" and "ue" are the same). "-" at an end leaves the word open there: "-directeur" is in
 * "verkoopdirecteur" too. "*" stands for up to four words. Of several that a title has, the last counts, and of those that
 * end together the longest: a "sales partner manager" is a manager, a "product owner" owns nothing.
 */
export type Level = 'top' | 'head' | 'manager' | 'specialist' | 'assistant' | 'unknown';

const table = (text: string): string[] => text.split(/[\n,]/).flatMap((word) => word.trim() || []);

/** Words for a person. */
export const ROLES: Readonly<Record<Level, readonly string[]>> = {
  top: table(`
    ceo, cfo, cto, cio, coo, cmo, cro, cso, cco, cpo, cdo, cao, cbo, cgo, clo, cvo, cko, cqo, cxo, cno, cho, chro, ciso,
    cpto, ctpo, cdao, chief, chief * officer, chief executive, pdg, dg, dga, drh, dsi, daf
    owner, co owner, business owner, company owner, -eigenaar, -eigenares, -eigenaresse, -inhaber, -inhaberin, proprietor, proprietaire
    founder, cofounder, -oprichter, -oprichtster, -gründer, -gründerin, fondateur, fondatrice, cofondateur
    president, präsident, präsidentin, presidente, chairman, chairwoman, chairperson, chair, voorzitter, -vorsitzender, -vorsitzende
    -director, -directeur, -directrice, -direktor, -direktorin, managing director, executive director, intendant
    general manager, general managers, algemeen manager, hotelmanager
    bestuurder, -bestuurslid, bestuursvoorzitter, gedelegeerd bestuurder, zaakvoerder, zaakvoerster, vennoot, vennote, firmant
    partner, managing partner, senior partner, founding partner, equity partner, general partner, law partner, tax partner, audit partner
    ondernemer, onderneemster, entrepreneur, unternehmer, unternehmerin, dirigeant, dirigeante, gerant, gerante, cogerant
    associe, associee, administrateur delegue, administratrice deleguee
    -geschäftsführer, -geschäftsführerin, geschäftsführender, geschäftsführende, geschäftsleiter, geschäftsleiterin
    -vorstandsmitglied, -vorstandsvorsitzender, -vorstandsvorsitzende, vorständin, -gesellschafter, -gesellschafterin
    prokurist, prokuristin, generalsekretär, generalsekretärin, secretary general, general secretary, secretaire general
    secretaire generale, algemeen secretaris, secretaris generaal, gemeentesecretaris
    bürgermeister, bürgermeisterin, oberbürgermeister, burgemeester, directielid, directievoorzitter, board member, boss
  `),
  head: table(`
    head, -hoofd, -leiter, -leiterin, lead, chief accountant, chief engineer, chief architect, chief buyer, chief economist
    vice president, senior vice president, executive vice president, vp, svp, evp, avp, vizepräsident, vizepräsidentin
    vicevoorzitter, vice chairman, onderdirecteur, sous directeur, country manager, plant manager, site manager, managing editor
    controller, group controller, financial controller, finance controller, concerncontroller, company secretary, treasurer
    creative director, account director, client director, project director, programme director, -chef, -chefin
    hoofdredacteur, hoofdboekhouder, hoofduitvoerder, hoofdinspecteur, chefredakteur, chefbuchhalter, chefeinkäufer, chefarzt, chefärztin,
    dezernent, dezernentin, mt lid, leitender angestellter, leitende angestellte, principal
  `),
  manager: table(`
    raf
    -manager, -managerin, -managers, -supervisor, -coordinator, -coördinator, -koordinator, -koordinatorin, coordinateur
    coordinatrice, coordonnateur, -teamleider, -teamleidster, -leider, -leidster, teamlead, team lead, team leader, tech lead
    projectleider, projektleiter, projektleiterin, projectleidster, teamleiter, teamleiterin, teamleitung, projektleitung
    gruppenleiter, gruppenleiterin, gruppenleitung, schichtleiter, schichtleiterin, schichtleitung, filialleiter, filialleiterin
    filialleitung, marktleiter, marktleiterin, bauleiter, bauleiterin, büroleiter, büroleiterin, büroleitung, bezirksleiter
    chef, chefin, souschef, leidinggevende, foreman, voorman, -meister, -meisterin, contremaitre
    responsable, verantwoordelijke, area manager
  `),
  specialist: table(`
    controleur de gestion, controleuse de gestion, magasinier, magasiniere, preparateur de commandes, preparatrice de commandes
    product owner, proxy product owner, process owner, service owner, system owner, data owner, application owner, app owner
    platform owner, budget owner, risk owner, technical owner, solution owner, domain owner, content owner, project owner
    contract owner, release owner, control owner, chain owner, journey owner, value stream owner, epic owner, feature owner
    asset owner, it owner, technology owner, programme owner, account owner, proceseigenaar, producteigenaar, prozesseigner
    business partner, hrbp, hr partner, p&o partner, people partner, talent partner, finance partner, financial partner, it partner
    learning partner, procurement partner, sourcing partner, sales partner, channel partner, alliance partner, technology partner
    digital partner, marketing partner, product partner, commercial partner, service partner, customer partner, client partner
    communication partner, communications partner, recruitment partner, performance partner, quality partner, change partner
    innovation partner, data partner, risk partner, legal partner, strategic partner, success partner, implementation partner
    delivery partner, solution partner, project partner, supply chain partner, development partner, growth partner, hr businesspartner
    account manager, key account manager, accountmanagers, accountmanagerin, community manager, social media manager, content manager
    customer success manager, relationship manager, relatiemanager, case manager, casemanager, office manager, officemanager
    territory manager, event manager, eventmanager, campaign manager, newsletter manager, data manager, knowledge manager
    -beheerder, -beheerster, gestionnaire, charge, chargee
    art director, film director, casting director, business controller, project controller, cost controller, credit controller
    quality controller, stock controller, sales controller, it controller, management controller
    accountant, -boekhouder, -boekhoudster, -buchhalter, -buchhalterin, comptable, -adviseur, -adviseuse, -advisor, -adviser
    -berater, -beraterin, conseiller, conseillere, -consultant, -consultante, -engineer, -ingenieur, -ingenieurin, -developer
    -ontwikkelaar, -entwickler, -entwicklerin, developpeur, developpeuse, -programmeur, -programmierer, -analyst, -analystin, -analist
    -analiste, analyste, -specialist, -specialiste, -spezialist, -spezialistin, -expert, -expertin, -experte, -planner, -planer
    -planerin, buyer, -inkoper, -inkoopster, -einkäufer, -einkäuferin, acheteur, acheteuse, -architect, -architecte, -architekt
    -architektin, -officer, -referent, -referentin, jurist, juriste, juristin, -recruiter, -recruiterin, -administrator
    -administrateur, -administratrice, -fachkraft, -auditor, auditeur, -techniker, -technikerin, technicien, -technicus, technician
    -designer, -designerin, scientist, wetenschapper, researcher, onderzoeker, -verkoper, -verkäufer, -verkäuferin, vendeur
    sales representative, vertegenwoordiger, account executive, sales executive, marketing executive, executive, marketeer
    -redacteur, -redakteur, -redakteurin, editor, journalist, copywriter, -tekstschrijver, scrum master, agile coach, -coach, -trainer
    -trainerin, teacher, docent, docente, -leraar, -lehrer, -lehrerin, professor, -arzt, -ärztin, arts, -anwalt, -anwältin, advocaat
    lawyer, avocat, avocate, notaris, notar, associate, -makler, -makelaar, beleidsmedewerker, stafmedewerker, staflid
    wissenschaftlicher mitarbeiter, wissenschaftliche mitarbeiterin, bestuurssecretaris, ambtelijk secretaris, -secretaris, representative
    -verantwortlicher, -verantwortliche, -beauftragter, -beauftragte, funktionär, -functionaris, wirtschaftsprüfer
    wirtschaftsprüferin, betriebswirt, betriebswirtin, technico commercial, technico commerciale, freelancer, zzp, zzper, freiberufler
    -begeleider, -begeleidster, -begleiter, -begleiterin, -opleider, reisleider, reiseleiter, reiseleiterin, anleiter
  `),
  assistant: table(`
    -assist-, -secretaresse, -secretariaat, secretary, secretaire, -sekretär, -sekretärin, -sekretariat, pa, ea, clerk, typist
    -receptionist, -receptioniste, -empfang, -empfangsdame, -medewerker, -medewerkster, -mitarbeiter, -mitarbeiterin
    -sachbearbeiter, -sachbearbeiterin, -sachbearbeitung, helpdesk, aushilfe, -hilfskraft, -angestellter, -angestellte, -kauffrau
    -kaufmann, telefonist, telefoniste, standardiste, hotesse, employe, employee, adjoint administratif, adjointe administrative
    hausmeister, portier, concierge, operator, -bediende, bureau manager assistant
  `),
  unknown: table('head office, hoofdkantoor, sparringpartner, chef kok, lead generation'),
};

/** Words for those who lead together. They count where nobody is named beside them: "assistente directie". */
export const BODIES: Readonly<Partial<Record<Level, readonly string[]>>> = {
  top: table(`
    geschäftsführung, geschäftsleitung, vorstand, vorstands, vorstandes, -vorstand, directie, -direktion, direction, direction generale
    directoire, comite de direction, comite executif, raad van bestuur, rvb, college van bestuur, bestuur, raad van commissarissen
    raad van toezicht, rvc, rvt, aufsichtsrat, aufsichtsrats, board, executive board, supervisory board, board of directors
    executive committee, conseil d administration, c level, c suite, hoofddirectie
  `),
  head: table('-leitung, managementteam, management team, mt'),
  manager: table(
    'teamleitung, projektleitung, gruppenleitung, schichtleitung, filialleitung, büroleitung, marktleitung',
  ),
};

/** Words after which only says what is led: "hoofd boekhouding en accountants". */
export const LEADING_FIRST = table(`
  hoofd, leiter, leiterin, leitung, head, chef, responsable, manager, teamleider, teamleiter, teamleiterin, teamlead, teammanager
  afdelingshoofd, leidinggevende, vp, svp, evp
`);

/** The same, unless it is somebody's assistant: "geschäftsführer assistent". */
export const OWNING_FIRST = table(`
  directeur, directrice, direktor, direktorin, geschäftsführer, geschäftsführerin, inhaber, inhaberin, eigenaar, eigenaresse
  owner, founder, oprichter, gründer, gründerin, zaakvoerder, bestuurder, gerant, gerante, dga, ondernemer, unternehmer, pdg
`);

/** Words that make a beginner of anybody. */
export const BEGINNERS = table(`
  junior, jr, trainee, stagiair, stagiaire, praktikant, praktikantin, -werkstudent, -werkstudentin, student, studentin
  studente, étudiant, étudiante, azubi, auszubildender, auszubildende, apprenti, apprentie, apprentice, alternant, alternante
  lehrling, leerling, working student
`);

/** Words that say somebody stands in for the one named: one level less. */
export const DEPUTIES = table(`
  deputy, stellv, stellvertretender, stellvertretende, stellvertretend, stellvertreter, stellvertreterin, stv, vize, vice, adjunct
  adjoint, adjointe, plaatsvervangend, plv, sous
`);

/** Said of whoever was, or is not yet: no say at all. */
export const FORMER = table(`
  former, ex, oud, voormalig, ehemaliger, ehemalige, ehem, retired, gepensioneerd, pensioniert, ancien, ancienne, emeritus
`);

/** Words for what somebody does. They count when nothing says who it is. */
export const WORK: Readonly<Partial<Record<Level, readonly string[]>>> = {
  specialist: table(
    'senior, boekhouding, buchhaltung, accounting, engineering, consulting, consultancy, comptabilité, advies, beratung',
  ),
  assistant: table(
    'administratief, administratieve, administrative, administratif, administratie, administration, intern',
  ),
};
