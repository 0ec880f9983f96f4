/** Answers and forwards of every language; "[EXTERN]" and the like are put in front by gateways. */
const ANSWER_MARK =
  /^(?:\s*(?:\[[^\]]{0,40}\]|(?:re|aw|antw|antwort|sv|odp|ynt|vs|r|rif|res|ref|απ|σχετ|fwd?|wg|tr|rv|enc|i|pd|doorst|ilt|vb|továbbítás|válasz|отв|на|hồi âm|trả lời|bls|回复|回覆|答复|答覆|转发|轉寄|返信|転送|회신|답장|전달|رد)\s{0,3}(?:\[\d{1,3}\]|\(\d{1,3}\))?\s{0,3}[:：]))+/i;

/** A subject without these, and whether it had one: then what is left of it is somebody else's. */
export function withoutAnswerMark(subject: string): { own: string; isAnswer: boolean } {
  const cut = subject.slice(0, 300);
  const mark = ANSWER_MARK.exec(cut)?.[0] ?? '';
  return { own: cut.slice(mark.length), isAnswer: /[:：]/.test(mark) };
}
