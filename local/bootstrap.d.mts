export function environmentWithoutAws(environment?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
export function whyNotOn(version: string, least: string[]): string | undefined;
