import { anyOf } from './phrases.ts';

/**
 * Subjects of automatic answers: of Outlook and Exchange, Gmail, Notes, vacation(1) and Sieve, webmailers and ticket
 * systems, by language. Looked for only where a mail is no report of a mail server.
 */
export const AWAY_SUBJECT = anyOf(
  // English.
  "out of (?:the )?(?:office|town)|\\bOOO\\b|auto(?:matic|mated)?[ -]?(?:reply|response|responder|answer)|\\bauto(?:matic)?(?: re)?:|autoresp|vacation|\\bon (?:annual |maternity |paternity |parental |sick )?leave\\b|on holidays?|away (?:from|until|on)|i am (?:currently )?(?:away|out|on)|no longer (?:works?|employed|with)|has left the company|thank you for (?:your|contacting)|we(?:'| ha)ve received your|received your (?:request|enquiry|inquiry|message|e-?mail)|ticket (?:received|created)|your (?:request|message|mail) (?:has been|was) received",
  // German, Dutch.
  'abwesen|nicht im (?:b[uü]ro|hause)|au(?:ß|ss)er haus|urlaub|automatische (?:antwort|r[uü]ckantwort|nachricht)|eingangsbest|afwezig|niet (?:aanwezig|op kantoor)|vakantie|automatisch (?:antwoord|bericht)|ontvangstbevestiging',
  // French, Spanish, Portuguese, Italian, Romanian.
  'absen(?:ce|t|ta|te|za|ță|ta din)|r[eé]ponse automatique|en (?:cong[eé]s?|vacances)|accus[eé] de r[eé]ception|auto-?respuesta|respuesta autom|fuera de (?:la )?oficina|ausen(?:te|cia)|de vacaciones|acuse de recibo|resposta autom|fora do escrit|aus[eê]ncia|de f[eé]rias|aviso de recebimento|risposta automatica|risponditore|fuori (?:sede|ufficio)|assen(?:te|za)|in ferie|ferie\\b|r[aă]spuns automat|absent de la birou',
  // Danish, Norwegian, Swedish, Finnish.
  'automatisk|autosvar|frav[aæ]r|fr[aå]nvaro|ikke p[aå] kontoret|p[aå] ferie|semester|poissa|autom\\w{0,15} vastaus|lomalla',
  // Polish, Czech, Slovak, Hungarian, Turkish, Greek.
  'auto-?odpowied|automatyczn\\w{1,15} odpowied|nieobecno|poza biurem|na urlopie|automatick[aá] odpov|nep[rř][ií]tomn|mimo kancel|dovolen|automatikus v[aá]lasz|h[aá]zon k[ií]v[uü]l|otomatik (?:yan[iı]t|cevap)|ofis d[iı][sş][iı]|αυτόματη απάντηση|εκτός γραφείου',
  // Russian, Ukrainian, Bulgarian.
  'отсутств|автоответ|автоматическ\\S{0,5} (?:ответ|уведомлени)|в отпуске|отпуск|автоматичн|відпуст|автоматичен отговор|вне офиса',
  // The Baltic, the Balkans, Iceland, Catalonia.
  'automatini[su] atsakym|autom[aā]tisk[aā] atbild|automaatvastus|kontorist [aä]ra|samodejni odgovor|automatski odgovor|odsut|na odmoru|аутоматски одговор|sj[aá]lfvirkt svar|resposta autom[aà]tica',
  // Arabic, Persian, Hebrew.
  '(?:ال)?رد (?:ال)?تلقائي|(?:ال)?رد (?:ال)?آلي|(?:ال)?رد (?:ال)?الي|خارج المكتب|(?:في|ب)?[إا]جازة|غائب|خارج العمل|پاسخ خودکار|מענה אוטומטי|תשובה אוטומטית|מחוץ למשרד|בחופשה',
  // Vietnamese (with its accents or without), Indonesian, Thai, Hindi.
  'tr[aả] l[oờ]i t[uự] đ?d?[oộ]ng|t[uự] đ?d?[oộ]ng tr[aả] l[oờ]i|ph[aả]n h[oồ]i t[uự] đ?d?[oộ]ng|v[aắ]ng m[aặ]t|ngh[iỉ] (?:ph[eé]p|l[eễ])|ngo[aà]i v[aă]n ph[oò]ng|đi công tác|balasan otomatis|jawab otomatis|balasan automatik|di luar kantor|sedang cuti|ตอบกลับอัตโนมัติ|ตอบอัตโนมัติ|ไม่อยู่ที่สำนักงาน|ลาพักร้อน|स्वचालित (?:उत्तर|जवाब)|कार्यालय से बाहर',
  // Japanese, Chinese, Korean.
  '自動返信|自動応答|自動送信|不在|外出|休暇|休業|自动回复|自動回覆|自动答复|外出通知|休假|不在办公室|자동 ?(?:응답|회신|답장)|부재|휴가',
);
