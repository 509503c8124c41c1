/** Something the user can mend: shown as its message alone, with no stack trace. */
export class UserError extends Error {}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
