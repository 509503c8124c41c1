/** Something the user can mend: shown as its message alone, with no stack trace. */
export class UserError extends Error {}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An error of an AWS client: an answer of the service, or none. */
export interface AwsError extends Error {
  $metadata: { attempts?: number; httpStatusCode?: number };
}

export function isAwsError(error: unknown): error is AwsError {
  return error instanceof Error && "$metadata" in error;
}

/** Whether AWS may have done what it was asked: it gave no answer, or it has trouble of its own. */
export function isUnheard({ $metadata: { httpStatusCode = 500 } }: AwsError): boolean {
  return httpStatusCode >= 500;
}

/** Whether the client repeated the request: the first answer may have been lost. */
export function isRepeated({ $metadata: { attempts = 1 } }: AwsError): boolean {
  return attempts > 1;
}

/** What the service said, and how often it was asked. */
export function awsMessage(error: AwsError): string {
  const { attempts = 1 } = error.$metadata;
  return `${error.name}: ${error.message} (asked ${attempts} times). Repeat the command.`;
}
