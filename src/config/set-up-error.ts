/** Something a person has to mend before Simmer can run; the message says what. It is shown without a stack. */
export class SetUpError extends Error {
  override name = 'SetUpError';
}
