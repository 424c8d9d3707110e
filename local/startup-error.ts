/** Something the person at the terminal can put right; `message` is one sentence for them, so no stack is printed. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}
