/**
 * Names the wording a person agreed to: the programme's version of it, and the language it was read in, because a
 * translation is a text of its own. "2026-11 (nl)".
 */
export function textVersion(consentVersion: string, language: string): string {
  return `${consentVersion} (${language})`;
}
