/** Bad input that is not a scenario's: told without a stack of ours. */
export class InputError extends Error {
  /** 3: it is wrong; 6: nobody can say, because it does not answer; 130, 143: nobody wanted to wait for that. */
  readonly code: 3 | 6 | 130 | 143;

  constructor(message: string, code: InputError['code']) {
    super(message);
    this.code = code;
  }
}
