import { foldWords } from './fold-words.ts';
import { WISH_WORDS } from './unsubscribe-words.ts';

/** Greetings and thanks of any of these languages: they change nothing. */
export const POLITE = words(
  'please pls plz kindly thanks thank thankyou thx ty tia you very much so many in advance hi hello hey dear sir sirs madam sirmadam team there all everyone good morning afternoon evening day regards cheers sorry ok okay ' +
    'bitte danke vielen dank besten schonen hallo guten tag morgen abend moin servus liebes liebe lieber team sehr geehrte geehrter geehrtes damen herren und im voraus vorab ' +
    'graag aub svp alstublieft alsjeblieft bedankt dank u je wel beste geachte heer mevrouw goedemorgen goedemiddag goedendag bij voorbaat alvast ' +
    'merci beaucoup davance avance d bonjour bonsoir madame monsieur messieurs mesdames sil vous plait te ' +
    'por favor gracias muchas hola buenos buenas dias tardes estimados estimado senores saludos de antemano obrigado obrigada ola bom dia boa tarde prezados grazie mille buongiorno buonasera salve per favore gentili signori ' +
    'prosze dziekuje dzien dobry szanowni panstwo witam prosim dekuji dakujem dobry den tak takk tack hej hei god dag kiitos hyvaa paivaa koszonom kerem udvozlom lutfen tesekkurler tesekkur ederim merhaba va rog multumesc buna ziua ' +
    'пожалуиста спасибо здравствуите добрыи день прошу будь ласка дякую добрии παρακαλω ευχαριστω καλημερα γεια σας xin chao cam on vui long terima kasih tolong',
);

/** What is said beside a wish, and is none. */
export const NO_INTEREST: ReadonlySet<string> = new Set(
  foldWords(
    'not interested|no longer interested|i am not interested|im not interested|no interest|kein interesse|nicht interessiert|kein interesse mehr|geen interesse|niet geïnteresseerd|geen interesse meer|pas intéressé|pas intéressée|plus intéressé|no me interesa|no estoy interesado|não tenho interesse|sem interesse|non mi interessa|non sono interessato|nie jestem zainteresowany',
  ).split('|'),
);

/** What scripts without spaces are put together from: wishes, and what may stand around them. Longest first. */
export const UNSPACED_WISHES = longestFirst(
  '退订 退訂 取消订阅 取消訂閱 取消订购 停止订阅 停止发送 停止發送 不要再发 不要再發 别再发 請勿再寄 请勿再发 不再接收 不想收到 移除我 删除我 從名單移除 解除订阅 配信停止 配信を停止 配信の停止 配信解除 購読解除 購読を解除 購読停止 購読中止 登録解除 登録を解除 登録削除 退会 解約 メール停止 送らないで 送信しないで 停止 解除 不要 수신거부 수신거절 수신을거부 구독취소 구독해지 구독을취소 구독중지 구독중단 해지 탈퇴 그만보내 보내지마 보내지말아 إلغاءالاشتراك الغاءالاشتراك إلغاءاشتراكي الغاءاشتراكي ألغاشتراكي הסרה הסר הסירו להסיר בטלמינוי ביטולמינוי הסרמרשימה ยกเลิกการรับข่าวสาร ยกเลิกการสมัคร ยกเลิกรับ ยกเลิก',
);
export const UNSPACED_AROUND = longestFirst(
  '请 請 帮我 幫我 给我 給我 我 谢谢 謝謝 吧 了 的 邮件 郵件 信 您 从 從 列表 名单 名單 中 您好 你好 を お願いします お願いいたします お願い致します お願い ください 下さい して してください 希望します 希望 したい です ます いたします します します メール メールマガジン メルマガ ニュースレター の は この もう 今後 これ以上 ありがとうございます 私 부탁드립니다 부탁합니다 부탁 해주세요 주세요 합니다 해요 하겠습니다 원합니다 이메일 메일 뉴스레터 을 를 이 더이상 감사합니다 안녕하세요 제발 세요 من فضلك منفضلك رجاء الرجاء شكرا أريد اريد البريد البريدية القائمة النشرة من في أود אותי את אנא בבקשה תודה מרשימת מהרשימה התפוצה הדיוור נא ด้วย ครับ ค่ะ กรุณา ขอ อีเมล ขอบคุณ',
);

/** The words of one language, each list as a set; of wishes of two words both. */
export interface WishLanguage {
  clear: ReadonlySet<string>;
  weak: ReadonlySet<string>;
  pairs: readonly { words: readonly [string, string]; isClear: boolean }[];
  reader: ReadonlySet<string>;
  mail: ReadonlySet<string>;
  no: ReadonlySet<string>;
  want: ReadonlySet<string>;
  send: ReadonlySet<string>;
  get: ReadonlySet<string>;
  /** Every word that may stand in a wish. */
  all: ReadonlySet<string>;
}

export const WISH_LANGUAGES: readonly WishLanguage[] = WISH_WORDS.map((language) => {
  const single = (text: string) => new Set([...words(text)].filter((word) => !word.includes('+')));
  const pairs = (text: string, isClear: boolean) =>
    [...words(text)]
      .filter((word) => word.includes('+'))
      .map((word) => ({ words: word.split('+') as [string, string], isClear }));
  return {
    clear: single(language.clear),
    weak: single(language.weak),
    pairs: [...pairs(language.clear, true), ...pairs(language.weak, false)],
    reader: words(language.reader),
    mail: words(language.mail),
    no: words(language.no),
    want: words(language.want),
    send: words(language.send),
    get: words(language.get),
    all: words(Object.values(language).join(' ').replaceAll('+', ' ')),
  };
});

function words(text: string): ReadonlySet<string> {
  return new Set(foldWords(text).split(' '));
}

function longestFirst(text: string): readonly string[] {
  return [...words(text)].sort((one, other) => other.length - one.length);
}
