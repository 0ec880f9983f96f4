/**
 * How people ask in their own words to get no more mails, by language. A sentence counts when all of its words are of one
 * language's list and one of them is a wish: "Please remove me from your list" is one, "Stop guessing" is not. Words are
 * compared as `foldWords` leaves them, without accents and hyphens; "a+b" is a wish of two words that stand apart.
 */
export interface WishWords {
  /** Say it by themselves. */
  clear: string;
  /** Say other things as well ("stop", "remove"): need the list or the reader beside them, or a mail that says nothing else. */
  weak: string;
  /** The reader: me, my address. */
  reader: string;
  /** What is not to come: list, newsletter, mails. */
  mail: string;
  /** "no more", "do not": with a word of `want`, or at the beginning. */
  no: string;
  /** I want, I wish. */
  want: string;
  /** What we are not to do: send, write. */
  send: string;
  /** What the reader does with it: receive. */
  get: string;
  /** Small words that may stand between. */
  between: string;
}

export const WISH_WORDS: readonly WishWords[] = [
  {
    // English.
    clear: 'unsubscribe unsubscribed unsubscribing unsubscription unsub desubscribe optout opt+out signoff',
    weak: 'stop remove removed removal cancel delete deleted terminate discontinue cease erase take+off off end+subscription end+newsletter end+mails end+emails quit+newsletter quit+list',
    reader: 'me us my our address addresses name myself data account subscription subscriptions details',
    mail: 'list lists newsletter newsletters mail mails email emails mailing mailings mailinglist maillist subscription messages distribution digest digests spam database',
    no: 'no not dont never longer nomore',
    want: 'want wish like care need',
    send: 'send sending mail email emailing mailing spamming contact contacting contacted write bother',
    get: 'receive receiving get getting',
    between:
      'please pls plz kindly from of the this these that those your to a all any future further more anymore again now immediately asap at once do can could would will you i we want wish like need how be being am is it here in and for with effect longer let just request requesting d ll m have has immediate about on off out marketing promotional commercial everything every',
  },
  {
    // German.
    clear:
      'abbestellen abbestellung abbestelle abbestellt newsletterabmeldung newsletterabbestellung bestellen+ab bestelle+ab deabonnieren unsubscribe',
    weak: 'abmelden abmeldung abmelde abgemeldet austragen austragung ausgetragen austrage kundigen kundigung kundige stop stopp stoppen loschen losche loscht loeschen loesche entfernen entferne entfernt streichen streiche streicht beenden widerrufe widerruf widerspreche widerspruch einstellen melden+ab melde+ab meldet+ab tragen+aus trage+aus tragt+aus nehmen+aus nehmen+raus nehmt+raus raus kuendigen kuendigung opt+out',
    reader:
      'mich uns mein meine meinen meiner meinem adresse mailadresse emailadresse daten name namen eintrag einwilligung',
    mail: 'newsletter newsletters newslettern liste verteiler verteilerliste mailverteiler emailverteiler mailingliste mailliste mail mails email emails abo abonnement newsletterabo rundschreiben rundbrief werbung werbemails zusendung zusendungen nachrichten infomails verteilern',
    no: 'kein keine keinen nicht nie',
    want: 'mochte moechte will wollen wunsche wuensche wunschen mochten brauche',
    send: 'senden sende sendet schicken schicke schickt zusenden zuschicken schreiben',
    get: 'erhalten bekommen empfangen beziehen',
    between:
      'bitte von vom aus ab dem der den das die des ihr ihrem ihren ihrer ihre euer eurem euren eurer eure diesem diesen dieser diese dieses fur fuer alle allen aller weiteren weitere weiterer ab sofort umgehend hiermit mochte moechte will wurde wuerde gern gerne kann konnen konnt koennen konnten konntet sie ihr du wie zu zum zur mir mit sofortiger wirkung und um mehr jetzt einfach doch mal werden endlich wieder per in ich bitten bitte darum wollen mochten ihnen euch an',
  },
  {
    // Dutch.
    clear:
      'uitschrijven uitschrijving uitgeschreven uitschrijf schrijf+uit unsubscribe desabonneren schrijven+uit',
    weak: 'afmelden afmelding afgemeld meld+af stop stoppen stopzetten opzeggen opzegging verwijderen verwijder verwijderd haal+af haal+uit schrap beeindigen zeg+op annuleren opt+out halen+lijst halen+af halen+uit haal+lijst',
    reader: 'mij me ons mijn onze adres emailadres mailadres naam gegevens inschrijving aanmelding',
    mail: 'nieuwsbrief nieuwsbrieven lijst maillijst mailinglijst mailinglist verzendlijst mail mails email emails mailtjes mailing mailings abonnement berichten reclame bestand adressenbestand',
    no: 'geen niet nooit',
    want: 'wil wens willen wensen hoef',
    send: 'sturen stuur zenden mailen toesturen schrijven',
    get: 'ontvangen krijgen',
    between:
      'graag aub svp a.u.b alstublieft alsjeblieft gelieve van voor uit af op de het deze dit die uw jullie je jouw alle verdere meer nu direct onmiddellijk per met ingang heden willen wilt wil kunt kan kun u ik mij me om te worden zou hierbij bij en aan toe zich wij wens dan nog tijd',
  },
  {
    // French.
    clear:
      'desabonner desabonnez desabonne desabonnement desabonnes desinscrire desinscrivez desinscription desinscris unsubscribe',
    weak: 'stop arreter arretez arret supprimer supprimez suppression retirer retirez enlever enlevez annuler annulation resilier resiliez resiliation radier radiez cesser cessez effacer effacez',
    reader: 'moi me nous mon ma mes notre nos adresse nom coordonnees donnees compte inscription abonnement',
    mail: 'liste listes base fichier fichiers newsletter newsletters lettre infolettre mail mails email emails courriel courriels mailing mailings diffusion information envoi envois messages abonnement publicite publicites',
    no: 'ne n plus pas aucun aucune jamais',
    want: 'veux souhaite voudrais desire souhaitons souhaiterais voulons',
    send: 'envoyer envoyez ecrire ecrivez contacter contactez',
    get: 'recevoir',
    between:
      'merci svp s.v.p sil vous plait te plaix de du des d la le les l a votre vos cette ce ces cet mon ma toute toutes tous je m me nous bien vouloir pouvez pourriez vous veuillez souhaite souhaiterais voudrais veux desire etre immediatement maintenant prie priere avance en par et comment desormais aimerais mettre fin par que soit soient',
  },
  {
    // Spanish.
    clear:
      'desuscribir desuscribirme desuscribanme desuscribirse desuscripcion unsubscribe baja+suscripcion dar+baja darme+baja darse+baja denme+baja deme+baja dame+baja desapuntar desapuntarme desapuntenme',
    weak: 'baja cancelar cancele cancelen cancelacion eliminar elimine eliminen borrar borre borren borrenme stop parar pare paren dejar dejen quitar quite quiten quitenme eliminenme retirar',
    reader: 'me mi mis nos nuestra nuestro direccion nombre datos cuenta correo suscripcion',
    mail: 'lista listas boletin boletines newsletter correo correos mail mails email emails mensajes suscripcion envio envios publicidad',
    no: 'no nunca mas ningun ninguna',
    want: 'quiero deseo quisiera queremos deseamos gustaria',
    send: 'enviar envien envie enviarme envienme enviando mandar manden mandarme mandando escribir escriban',
    get: 'recibir',
    between:
      'por favor porfavor de del la el las los su sus esta este estas estos vuestra vuestro tu a al todos todas me mi quiero deseo quisiera gustaria ruego solicito pueden puede podrian podria como dar darme den que sea inmediatamente ya gracias en y inmediata desde ahora estar se dejen recibir mas yo',
  },
  {
    // Portuguese.
    clear:
      'descadastrar descadastre descadastrem descadastramento desinscrever desinscricao dessubscrever desubscrever unsubscribe desinscreva cancelar+inscricao cancelar+subscricao cancelar+assinatura',
    weak: 'cancelar cancele cancelem cancelamento remover remova removam remocao excluir exclua excluam retirar retire retirem apagar parar pare parem sair stop eliminar',
    reader:
      'me mim meu minha meus minhas nos nosso nossa endereco nome dados conta cadastro inscricao subscricao assinatura',
    mail: 'lista listas boletim boletins newsletter newsletters mail mails email emails mensagens correio envio envios mailing publicidade',
    no: 'nao nunca mais nenhum nenhuma',
    want: 'quero desejo gostaria queremos pretendo',
    send: 'enviar enviem envie mandar mandem mande escrever',
    get: 'receber',
    between:
      'por favor favor de da do das dos sua seu suas seus esta este desta deste essa esse a o as os todos todas me meu quero desejo gostaria pretendo peco solicito podem pode poderiam como ser imediatamente ja obrigado obrigada em e da vossa vosso que seja agora para mais receber eu',
  },
  {
    // Italian.
    clear:
      'disiscrivere disiscrivermi disiscrivetemi disiscrivimi disiscriversi disiscrizione disdire unsubscribe annullare+iscrizione cancellare+iscrizione cancellazione+iscrizione',
    weak: 'cancellare cancellatemi cancellarmi cancellate cancellami cancellazione rimuovere rimuovetemi rimuovete rimuovimi rimozione togliere toglietemi togliermi eliminare eliminatemi stop basta fermare disattivare annullare annullamento',
    reader: 'mi me mio mia miei ci nostro nostra indirizzo nome dati iscrizione account',
    mail: 'lista liste newsletter mail mails email emails mailing messaggi posta elettronica distribuzione invio comunicazioni pubblicita iscrizione',
    no: 'non mai piu nessun nessuna',
    want: 'voglio desidero vorrei vogliamo',
    send: 'inviare inviatemi inviarmi mandare mandatemi mandarmi scrivere scrivetemi inviate mandate',
    get: 'ricevere',
    between:
      'per favore piacere prego cortesia di del della dei delle dal dalla dalle da la il le gli i l vostra vostro vostre vostri questa questo queste tutte tutti mi mio mia voglio desidero vorrei chiedo potete potreste come essere immediatamente subito grazie e a alla alle in vogliate si ora piu ricevere io',
  },
  {
    // Polish.
    clear:
      'wypisac wypisz wypiszcie wypisanie wypisuje wypisania odsubskrybowac odsubskrybuj unsubscribe rezygnuje+newslettera rezygnacja+newslettera',
    weak: 'rezygnuje rezygnacja rezygnacje usunac usuncie usun usuniecie usuniecia anulowac anulujcie stop skreslic wykreslic wykreslenie zrezygnowac skasowac',
    reader: 'mnie mi moj moje moja mojego adres adresu emaila dane nas subskrypcji subskrypcje',
    mail: 'lista listy liste newsletter newslettera newsletterow mail maili maile maila email emaili mailing mailingu mailingowej wiadomosci subskrypcji subskrypcje reklam',
    no: 'nie zadnych juz wiecej',
    want: 'chce zycze chcialbym chcialabym',
    send: 'wysylac wysylajcie wysylaj przysylac przysylajcie',
    get: 'otrzymywac dostawac',
    between:
      'prosze o z ze sie tej tego waszej waszego panstwa do na mnie moj natychmiast dziekuje bardzo sobie juz chce moge jak prosilbym prosilabym uprzejmie wszystkich',
  },
  {
    // Czech, Slovak.
    clear: 'odhlasit odhlaste odhlaseni odhlasenie odhlasuji odhlasujem unsubscribe',
    weak: 'zrusit zruste zruseni zrusenie odebrat odstranit odstrante vyradit vyradte vymazat vymazte smazat smazte stop',
    reader: 'me ma mne mi muj moji moje moju adresu adresa email udaje nas',
    mail: 'newsletter newsletteru newslettera newslettery odber odberu seznam seznamu zoznam zoznamu maily mailu mailov emaily zpravy spravy zpravodaj',
    no: 'ne nechci nechcem neprejem neposilejte neposielajte zadne ziadne uz dalsi',
    want: 'chci chcem prosim preji nechci nechcem neprejem',
    send: 'posilat posielat zasilat zasielat neposilejte neposielajte',
    get: 'dostavat',
    between:
      'prosim prosime o z ze sa se si tohoto vaseho vasich tento jiz uz mi me odber ihned hned chci chcem jak ako dekuji dakujem',
  },
  {
    // Danish, Norwegian, Swedish.
    clear:
      'afmeld avmeld avmelde avmelding avmeldt afmelde afmelding afmeldt afmeldes avmeldes frameldes frameld avregistrera avregistrering avprenumerera avsluta+prenumeration avanmal avanmala unsubscribe meld+av melde+av meld+fra',
    weak: 'stop stopp stoppa slet slette slett fjern fjerne fjernes ta+bort avsluta avslutt opsig opsige ophor sluta',
    reader: 'mig meg mej oss os min mit mitt mina mine adresse adress navn namn vi abonnement prenumeration',
    mail: 'nyhedsbrev nyhedsbreve nyhetsbrev nyhetsbrevet nyhedsbrevet liste listen listan lista mail mails mailene email emails mailliste mailingliste maillista epost eposten utskick abonnement prenumeration mejl',
    no: 'ikke inte inga ingen ikkje aldrig',
    want: 'onsker onskar vil vill',
    send: 'send sende skicka sendes',
    get: 'modtage motta fa mottage',
    between:
      'venligst vennligst var vanlig snalla tak takk tack fra fran av af for fra till til den det denne dette denna detta jeres dere deres er era ert alle alla mer mere nu na straks omedelbart jeg jag vil vill onsker onskar gerne gjerne kan i du och og mig meg mej a att at bli blive flere fler',
  },
  {
    // Finnish.
    clear: 'peruuta+tilaus perukaa+tilaus peruutan+tilauksen peru+tilaus unsubscribe irtisanoa irtisanon',
    weak: 'peruuta peruuttaa peru perukaa poista poistakaa lopeta lopettakaa stop seis',
    reader: 'minut minua minun osoitteeni osoite nimeni tilaus tilaukseni meidat',
    mail: 'uutiskirje uutiskirjeen uutiskirjeenne lista listalta listaltanne postituslista postituslistalta postituslistaltanne sahkopostilistalta viesteja viestit sahkoposteja tilaus tilauksen tilaukseni',
    no: 'en ala alkaa enaa ei',
    want: 'halua halua haluan',
    send: 'lahettako lahettaa laheta',
    get: 'vastaanottaa saada',
    between: 'kiitos ole hyva pyydan heti haluan enaa taman tama teidan ja minulle',
  },
  {
    // Hungarian, Turkish, Romanian.
    clear:
      'leiratkozas leiratkozom leiratkozni leiratkoznek iratkozom+le iratkozni+le leiratkozasi abonelikten aboneligimi+iptal aboneligi+iptal uyeligimi+iptal abonelikten+cikmak dezabonare dezabonati dezabonez unsubscribe',
    weak: 'torles torlest toroljenek toroljek stop iptal cikar cikarin cikarmak durdur durdurun silin sil stergeti sterge anulare anulati eliminati',
    reader:
      'engem cimem cimemet nevem beni bizi adresimi adresi hesabimi aboneligimi uyeligimi ma mine adresa mea datele',
    mail: 'hirlevel hirlevelrol hirlevelet hirlevelrol listarol levelezolistarol bulten bultenden bulteni listeden listenizden listesinden mail mailler eposta epostalari newsletter newsletterul lista listei mesaje emailuri abonamentul',
    no: 'nem ne tobbet istemiyorum gondermeyin nu',
    want: 'kerek szeretnek istiyorum istemiyorum vreau doresc',
    send: 'kuldjenek kuldeni gondermeyin trimiteti trimite',
    get: 'kapni almak primesc primi',
    between:
      'kerem kerek a az le fel szeretnek lutfen bu ve tum artik rica ederim va rog multumesc de pe la din mai sa se vreau doresc imi koszonom',
  },
  {
    // Russian, Ukrainian, Bulgarian. Written as folding leaves them: й is и, ё is е.
    clear:
      'отпишите отписаться отписка отписки отписку отпиши отписать відписатися відпишіть відпишить відписка отпишете отписване unsubscribe отпишитесь',
    weak: 'удалите удалить уберите убрать исключите исключить прекратите прекратить отмените отменить отказ отказываюсь стоп stop видалить видаліть спрете спри премахнете',
    reader: 'меня мене мои моя мое мою адрес адреса имя данные нас подписку подписка ме мен мій',
    mail: 'рассылки рассылку рассылка рассылок список списка списков письма писем письмами почту почта новости подписки подписку розсилки розсилку листи бюлетина бюлетин сообщения спам рекламу newsletter',
    no: 'не больше более никогда більше',
    want: 'хочу желаю хотел хотела прошу бажаю',
    send: 'присылаите присылать отправляите отправлять шлите слать писать пишите надсилаите',
    get: 'получать отримувати',
    between:
      'пожалуиста прошу от из вашеи вашу вашего вашеи ваших этои эту с со мне меня мою я мы больше спасибо как будьте добры срочно немедленно вашои вашу будь ласка від цієи з и все всех мои хочу',
  },
  {
    // Greek.
    clear: 'διαγραφη+newsletter απεγγραφη διαγραφη+λιστα unsubscribe',
    weak: 'διαγραφη διαγραψτε διαγραψετε σταματηστε stop ακυρωση αφαιρεστε',
    reader: 'με μου εμενα διευθυνση email',
    mail: 'newsletter λιστα λιστας λιστες ενημερωτικο δελτιο email emails μηνυματα',
    no: 'μην δεν οχι αλλα',
    want: 'θελω επιθυμω',
    send: 'στελνετε στειλετε',
    get: 'λαμβανω',
    between: 'παρακαλω απο τη την το του της σας να τα αυτη αυτο ευχαριστω θα ηθελα αμεσως πλεον',
  },
  {
    // Vietnamese, Indonesian.
    clear: 'huy+ky berhenti+langganan berhenti+berlangganan unsubscribe',
    weak: 'huy dung ngung hapus berhenti stop',
    reader: 'toi dia chi saya alamat kami',
    mail: 'email thu ban tin danh sach newsletter daftar milis buletin',
    no: 'khong jangan tidak',
    want: 'muon ingin mau',
    send: 'gui kirim',
    get: 'nhan menerima',
    between:
      'vui long xin hay dang ky nhan cho khoi cua cam on nua tolong mohon dari ini lagi langganan berlangganan terima kasih',
  },
];
