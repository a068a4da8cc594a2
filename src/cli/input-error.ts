/** Bad input that is not a scenario's: told without a stack of ours. */
export class InputError extends Error {
  /** 3: it is wrong; 6: nobody can say, because it does not answer. */
  readonly code: 3 | 6;

  constructor(message: string, code: 3 | 6) {
    super(message);
    this.code = code;
  }
}
