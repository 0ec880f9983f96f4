/**
 * Deliveries that went to one person alone. Numbers are made of what issues sent to all their readers: `d.id not in` this.
 * By ids, which the indexes hold, and of few rows.
 */
export const TO_ONE_PERSON = `(select one.id from deliveries one join issues i on i.id = one.issue_id where i.to_one)`;
