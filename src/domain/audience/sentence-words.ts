/**
 * Words that advertisements and warnings are made of. One of them may be a name ("Win" is a Burmese one, "Free" an English
 * one), so only two of them in one name say that it is none.
 */
export const SENTENCE_WORDS: ReadonlySet<string> = new Set(
  `about access account action activate alert attention available bet bets bitcoin bonus browse buy casino
   cheap check claim click com congratulations coupon credit crypto customer days deal deals deposit
   discount dollar dollars dot download earn euro euros exclusive expired expires explore for free from
   giveaway guaranteed have here hours http https immediately income instant investment invoice is jackpot
   join link loan loans login lottery make miss money now offer offers online order our overdue package
   password pay payment payout pending please poker porn prize prizes profit promo promotion read receive
   register reward rewards risk sales security sex shop sign slots special spin spins subscribe suspended
   telegram the their this ticket today tomorrow unlock update urgent verify viagra visit voucher waiting
   want warning was watch web website week whatsapp win winner winners winning with won www you your yours
   aanbieding bekijk bericht besteld bestel bestellen betaal betaling bezoek dit een gewonnen geld
   geblokkeerd gratis hier het jouw kado klik koop korting krijg lees lening meld nieuwe ontvang pakket
   prijs prijzen rekening uitbetaling uw verdien verloopt voor wacht wachtwoord winnaar winnen angebot
   auszahlung bestellung bezahlen dein deine dich dringend einlösen für geschenk gesperrt gewinn gewinne
   gewinnen gewinner guthaben ihr ihre ihren ist jetzt kaufen klick klicke klicken konto kostenlos
   kostenlose kredit paket passwort prämie rabatt rechnung sichern sofort verdienen wartet wurde zahlung
   achetez argent cadeau cliquez compte est facture gagnant gagner gagnez gratuit gratuite gratuits ici
   maintenant offre paiement prix pour profitez votre vos vous ahora aquí aqui clic cuenta dinero ganador
   ganar gana haga haz oferta pago premio urgente adesso clicca conto denaro offerta qui soldi subito tuo
   vinci vincere agora clique dinheiro ganhe grátis call confirm congrats eur hacked it limited newsletter
   not transfer unsubscribe usd virus wire
   site gewinnspiel haben heeft iphone hot girls singles meet dating parcel`
    .trim()
    .split(/\s+/),
);
